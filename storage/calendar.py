"""PURE: the office's working time. Days and hours as a value; who keeps the days is `storage.office_days`.

Periods in working days follow the Administrative Permission Law, Art. 82. Instants are aware and UTC; days
are days of the office's own zone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

_DAY: Final = timedelta(days=1)
_SATURDAY: Final = 5


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """The hours of a working day, as sittings that do not overlap; the noon break between them does not run.

    Office to confirm; these are the usual hours of city organs.
    """

    sittings: tuple[tuple[time, time], ...] = ((time(8, 30), time(11, 30)), (time(13), time(17)))
    zone: str = "Asia/Shanghai"

    def __post_init__(self) -> None:
        bounds = [bound for sitting in self.sittings for bound in sitting]
        if not bounds or bounds != sorted(set(bounds)):
            raise UnreadableHours(self.sittings)

    @property
    def opens(self) -> time:
        """When the office's day begins."""
        return self.sittings[0][0]

    @property
    def closes(self) -> time:
        """When the office's day, and a period that falls due on it, ends."""
        return self.sittings[-1][1]

    @property
    def length(self) -> timedelta:
        """How much working time a whole day holds."""
        return sum((_minutes(end) - _minutes(start) for start, end in self.sittings), timedelta())


class UnreadableHours(ValueError):
    """The office's hours are not a row of sittings, each ending after it begins and before the next."""

    def __init__(self, sittings: object) -> None:
        super().__init__(sittings)
        self.sittings = sittings


@dataclass(frozen=True, slots=True)
class Calendar:
    """On which days and hours the office works. A day that it does not name works from Monday to Friday.

    `off` are days on which the office rests: public holidays, and days for which the director stopped the
    clock. `worked` are make-up days on a weekend. `announced` are the years whose holiday notice is entered;
    any other year is provisional, and what is reckoned in it may still move.
    """

    off: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()
    announced: frozenset[int] = frozenset()
    hours: WorkingTime = field(default_factory=WorkingTime)

    def is_working_day(self, day: date) -> bool:
        """Whether the office works on that day."""
        return day in self.worked or (day.weekday() < _SATURDAY and day not in self.off)

    def is_provisional(self, year: int) -> bool:
        """Whether the holidays of the year are not yet announced."""
        return year not in self.announced

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and with `end`; negative when `end` lies before."""
        if end < start:
            return -self.working_days_between(end, start)
        return sum(self.is_working_day(start + n * _DAY) for n in range(1, (end - start).days + 1))

    def add_working_days(self, day: date, days: int) -> date:
        """The n-th working day after (or, when negative, before) `day`, which itself is not counted.

        None at all: the day itself when the office works, else the next day on which it does.
        """
        if days == 0:
            return day if self.is_working_day(day) else self.add_working_days(day, 1)
        step = _DAY if days > 0 else -_DAY
        left = abs(days)
        while left:
            day += step
            left -= self.is_working_day(day)
        return day

    def day_of(self, at: datetime) -> date:
        """The office's day at that instant."""
        return self._local(at).date()

    def opening(self, day: date) -> datetime:
        """When the office opens on that day."""
        return self._instant(day, self.hours.opens)

    def closing(self, day: date) -> datetime:
        """When the office closes on that day."""
        return self._instant(day, self.hours.closes)

    def counted_from(self, received: datetime) -> datetime:
        """From when a receipt counts: after closing time or on a day off, from the next working morning."""
        local = self._local(received)
        day = local.date()
        if not self.is_working_day(day) or local.time() > self.hours.closes:
            return self.opening(self.add_working_days(day, 1))
        return max(received.astimezone(UTC), self.opening(day))

    def due(self, received: datetime, days: float) -> datetime:
        """Closing time of the n-th working day; the day of receipt is not counted.

        A part of a day (0.5) is that part of the hours of a day, run in working time after the whole days.
        """
        start = self.counted_from(received)
        whole, part = divmod(days, 1)
        if whole:
            start = self.closing(self.add_working_days(self.day_of(start), int(whole)))
        return self.add_working_time(start, self.hours.length * part) if part else start

    def add_working_time(self, start: datetime, duration: timedelta) -> datetime:
        """The earliest instant by which so much working time has run since `start`."""
        if duration <= timedelta():
            return start.astimezone(UTC)
        left = duration
        for begin, end in self._sittings_from(start):
            if left <= end - begin:
                return begin + left
            left -= end - begin
        raise AssertionError("sittings never end")

    def working_time(self, start: datetime, end: datetime) -> timedelta:
        """How much working time lies between two instants."""
        total = timedelta()
        for begin, finish in self._sittings_from(start):
            if begin >= end:
                break
            total += min(finish, end) - begin
        return total

    def _sittings_from(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """What is left of each sitting from `start` on, without end."""
        day = self.day_of(start)
        while True:
            if self.is_working_day(day):
                for opens, closes in self.hours.sittings:
                    begin = max(self._instant(day, opens), start.astimezone(UTC))
                    end = self._instant(day, closes)
                    if begin < end:
                        yield begin, end
            day += _DAY

    def _local(self, at: datetime) -> datetime:
        return at.astimezone(ZoneInfo(self.hours.zone))

    def _instant(self, day: date, hour: time) -> datetime:
        return datetime.combine(day, hour, ZoneInfo(self.hours.zone)).astimezone(UTC)


def _minutes(of: time) -> timedelta:
    return timedelta(hours=of.hour, minutes=of.minute)
