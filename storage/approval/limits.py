"""PURE: what a limit means on the calendar, and what a pause does to it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from storage.approval.case import CaseState, Pause
from storage.approval.words import Limit, Unit
from storage.calendar import Calendar


def due_after(limit: Limit, start: datetime, calendar: Calendar) -> datetime:
    """When the limit ends that begins with a receipt at `start`."""
    if limit.unit is Unit.WORKING_DAYS:
        return calendar.due(start, limit.n)
    return start.astimezone(UTC) + _real(limit)


def half_of(limit: Limit, start: datetime, calendar: Calendar) -> datetime:
    """When half of the time that the limit gives has run."""
    if limit.unit is not Unit.WORKING_DAYS:
        return start.astimezone(UTC) + _real(limit) / 2
    counted = calendar.counted_from(start)
    given = calendar.working_time(counted, calendar.due(start, limit.n))
    return calendar.add_working_time(counted, given / 2)


def shifted(moment: datetime, limit: Limit, pauses: Iterable[Pause], calendar: Calendar) -> datetime:
    """The moment moved by the pauses: in whole working days, for parts of a day and real time to the minute.

    Not counted is the time of correction and of another authority (Administrative Permission Law, Art. 45).
    """
    pauses = tuple(pauses)
    if not pauses:
        return moment
    if limit.unit is not Unit.WORKING_DAYS:
        return moment + sum((pause.end - pause.start for pause in pauses), timedelta())
    if limit.n % 1:
        rested = (calendar.working_time(pause.start, pause.end) for pause in pauses)
        return calendar.add_working_time(moment, sum(rested, timedelta()))
    days = sum(paused_days(pause, calendar) for pause in pauses)
    day = calendar.day_of(moment)
    return (
        moment + (calendar.opening(calendar.add_working_days(day, days)) - calendar.opening(day))
        if days
        else moment
    )


def paused_days(pause: Pause, calendar: Calendar) -> int:
    """For how many working days the clock stood still."""
    start, end = (calendar.day_of(calendar.counted_from(at)) for at in (pause.start, pause.end))
    return calendar.working_days_between(start, end)


def stage_due(case: CaseState, calendar: Calendar, *, resumed: datetime | None = None) -> datetime:
    """When the present stage's limit ends, a running pause taken to end at `resumed`."""
    limit = case.stage.limit
    return shifted(due_after(limit, case.began, calendar), limit, pauses_of(case, resumed), calendar)


def stage_half(case: CaseState, calendar: Calendar) -> datetime:
    """When half of the present stage's limit has run."""
    limit = case.stage.limit
    return shifted(half_of(limit, case.began, calendar), limit, pauses_of(case, None), calendar)


def pauses_of(case: CaseState, resumed: datetime | None) -> tuple[Pause, ...]:
    """The stage's pauses; one that still runs counts up to `resumed`."""
    if resumed is None or case.paused_since is None:
        return case.pauses
    return (*case.pauses, Pause(case.paused_since, max(resumed, case.paused_since)))


def day_begins(day: date, calendar: Calendar) -> datetime:
    """The opening of that day, or of the next on which the office works."""
    return calendar.opening(calendar.add_working_days(day, 0))


def _real(limit: Limit) -> timedelta:
    return timedelta(hours=limit.n) if limit.unit is Unit.HOURS else timedelta(minutes=limit.n)
