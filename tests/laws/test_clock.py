"""One clock serves the process, so that demo and tests can move it: nothing else asks what time it is."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FLOORS = ("bot", "handlers", "locales", "storage")
ASKS = {
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
    "time": {"time", "time_ns", "localtime", "gmtime", "ctime"},
}
"""Names of modules and classes, and what of theirs tells the time of day. Measuring durations (monotonic) is free."""
MAY_ASK = {"bot/timepiece.py"}
"""The one clock."""


def asking(source: str) -> Iterator[int]:
    """The lines on which a program asks for the time of day."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute):
            owner = (
                node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
            )
            if node.attr in ASKS.get(owner, ()):
                yield node.lineno
        if isinstance(node, ast.ImportFrom) and node.module == "time":
            yield from (node.lineno for alias in node.names if alias.name in ASKS["time"])
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and "CURRENT_TIMESTAMP" in node.value.upper()
        ):
            yield node.lineno


@pytest.mark.parametrize("floor", FLOORS)
def test_nobody_else_asks(floor: str) -> None:
    files = {str(path.relative_to(ROOT)): path for path in sorted((ROOT / floor).rglob("*.py"))}
    assert files
    found = [
        f"{name}:{line}" for name, path in files.items() for line in asking(path.read_text(encoding="utf-8"))
    ]
    assert [where for where in found if where.partition(":")[0] not in MAY_ASK] == []


@pytest.mark.parametrize(
    "source",
    [
        "import datetime\ndatetime.datetime.now()",
        "from datetime import datetime as d, date\ndate.today()",
        "from datetime import datetime\nx = datetime.now",
        "import time\ntime.time()",
        "from time import time_ns",
        "text('SELECT CURRENT_TIMESTAMP')",
    ],
)
def test_the_law_sees_each_way_to_ask(source: str) -> None:
    assert list(asking(source))


def test_durations_are_free() -> None:
    assert not list(asking("import time\ntime.monotonic()\nloop.time()\nclock.now()"))
