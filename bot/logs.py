"""Structured logs on standard error: one JSON object a line, without personal data.

Events have fixed names and carry kinds, numbers and error types. A chat's or person's id is hashed with a salt of
this process; an exception shows where it was raised, never its text, for that may quote what somebody wrote.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, WrappedLogger

HASHED = frozenset({"chat", "person", "user", "reader"})
"""Names under which an id may be logged; it is hashed."""
_SALT = secrets.token_bytes(16)
_QUIET = ("httpx", "httpcore", "telegram", "aiogram", "aiohttp", "uvicorn.access")
"""Libraries whose own lines name addresses with the token, or quote what was sent."""


def configure(level: str = "INFO") -> None:
    """Log from now on, our events and the warnings of libraries.

    Each line goes to what standard error is when it is written: a process that replaces it, as whoever calls
    a command from within may, would else write into a closed file.
    """
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        hash_ids,
        place_exceptions,
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer(ensure_ascii=False)],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = _PresentStderr()
    handler.setFormatter(_LibraryLines(shared))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.CRITICAL)


def hash_ids(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Replace ids by a hash: equal within one process, and nothing to find anybody by."""
    for name in HASHED & event.keys():
        event[name] = hashlib.blake2s(str(event[name]).encode(), key=_SALT, digest_size=6).hexdigest()
    return event


def place_exceptions(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Replace an exception by its types and places, without its text."""
    raised = event.pop("exc_info", None)
    if raised is True:
        raised = sys.exc_info()
    error = raised[1] if isinstance(raised, tuple) else raised
    if isinstance(error, BaseException):
        event["exception"] = _types(error)
        event["at"] = _places(error.__traceback__)
    return event


class _PresentStderr(logging.StreamHandler[TextIO]):
    """Writes to the standard error of the moment."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]  # the library keeps it as an attribute
        return sys.stderr


class _LibraryLines(logging.Formatter):
    """Lines of libraries in our form: their message's template, without the values put into it."""

    def __init__(self, processors: list[Any]) -> None:
        super().__init__()
        self._render = structlog.processors.JSONRenderer(ensure_ascii=False)
        self._processors = [each for each in processors if each is not structlog.processors.add_log_level]

    def format(self, record: logging.LogRecord) -> str:
        event: EventDict = {
            "event": str(record.msg) if isinstance(record.msg, str) else type(record.msg).__name__,
            "logger": record.name,
            "level": record.levelname.lower(),
            "exc_info": record.exc_info,
        }
        for each in self._processors:
            event = each(None, record.levelname, event)
        return str(self._render(None, record.levelname, event))


def _types(error: BaseException) -> list[str]:
    chain = [type(error).__qualname__]
    cause = error.__cause__ or error.__context__
    return chain + (_types(cause) if cause is not None and len(chain) < 8 else [])


def _places(traceback: TracebackType | None) -> list[str]:
    places = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        places.append(f"{Path(code.co_filename).name}:{traceback.tb_lineno} {code.co_name}")
        traceback = traceback.tb_next
    return places[-12:]
