"""SIGINT and SIGTERM for commands: at once where nothing is in hand, else after it; exit status 0 either way.

`bot run` and `bot demo` have an event loop, which takes the signals over while it runs (`bot.app`).
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

AT_LAST = 9.0
"""Seconds after which a command ends though its work does not (a database that waits for another's lock)."""


class Stopped(KeyboardInterrupt):
    """The command was asked to end. A KeyboardInterrupt, because asyncio lets only that through."""


class _Asked:
    """Whether a signal came, and how much work must not be cut in two."""

    def __init__(self) -> None:
        self.came = False
        self.in_hand = 0


_asked = _Asked()


def take_signals() -> None:
    """Handle both signals from now on, also where a shell started us with `&` and had SIGINT ignored."""
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, _ask)


@contextmanager
def in_hand() -> Iterator[None]:
    """Work that is finished before a signal counts: a commit and the line that tells of it. Raises Stopped after it."""
    _asked.in_hand += 1
    try:
        yield
    finally:
        _asked.in_hand -= 1
    if _asked.came and not _asked.in_hand:
        raise Stopped


def _ask(_number: int, _frame: FrameType | None) -> None:
    if not _asked.came:
        _asked.came = True
        end = threading.Timer(AT_LAST, os._exit, (0,))
        end.daemon = True
        end.start()
    if not _asked.in_hand:
        raise Stopped
