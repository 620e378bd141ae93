"""The one clock of the process: the only place that asks the machine for the time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class Clock:
    """Says what time it is. The demo and tests move it; everything else asks it."""

    def __init__(
        self, offset: timedelta = timedelta(), keep: Callable[[timedelta], object] = lambda _: None
    ) -> None:
        """`offset` is how far it stands from the machine's clock; `keep` stores it when it is moved."""
        self._offset = offset
        self._keep = keep
        self._followers: list[Callable[[], object]] = []

    def now(self) -> datetime:
        """The time, aware and in UTC."""
        return datetime.now(UTC) + self._offset

    def move(self, at: datetime) -> None:
        """Set the clock; it goes on from there, and whoever follows it is told."""
        self._offset = at - datetime.now(UTC)
        self._keep(self._offset)
        for told in self._followers:
            told()

    def on_move(self, told: Callable[[], object]) -> None:
        """Call this each time the clock is moved."""
        self._followers.append(told)
