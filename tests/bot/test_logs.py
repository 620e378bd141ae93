"""Logs go to standard error as it is when a line is written, ours and those of libraries."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Iterator

import pytest
import structlog

from bot import logs


@pytest.fixture
def configured() -> Iterator[None]:
    """Logging as `bot run` sets it up, while standard error was another file, closed since."""
    root = logging.getLogger()
    kept, level, ours = root.handlers, root.level, structlog.get_config()
    with pytest.MonkeyPatch.context() as patched:
        earlier = io.StringIO()
        patched.setattr(sys, "stderr", earlier)
        logs.configure()
        earlier.close()
    yield
    root.handlers, root.level = kept, level
    structlog.configure(**ours)


@pytest.mark.usefixtures("configured")
def test_a_line_goes_to_the_standard_error_of_the_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    present = io.StringIO()
    monkeypatch.setattr(sys, "stderr", present)
    structlog.get_logger().info("running", chat=42)
    logging.getLogger("some.library").warning("went wrong")
    ours, theirs = map(json.loads, present.getvalue().splitlines())
    assert ours["event"] == "running" and ours["chat"] != 42
    assert theirs["event"] == "went wrong" and theirs["logger"] == "some.library"
