"""PURE: what time makes due on a case, and when its applicant may expect an answer. Overdue never decides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from storage.approval.case import TERMS, CaseState, Terms
from storage.approval.codes import Reminder
from storage.approval.limits import day_begins, due_after, stage_due, stage_half
from storage.approval.rights import lifted, open_acts
from storage.approval.route import FiledAct
from storage.approval.status import AT_A_STAGE, Status
from storage.approval.timing import closes_at, mend_until, objection_until
from storage.approval.verdicts import Close, EndNotice, Expire, Remind, Resume, Verdict
from storage.approval.words import Role, Unit, WorkingDays
from storage.calendar import Calendar


@dataclass(frozen=True, slots=True)
class Due:
    """Something that time makes due: the verdict that the clock then says, and whom it concerns."""

    at: datetime
    verdict: Verdict
    officers: tuple[FiledAct, ...] = ()
    applicant: bool = False


def due(case: CaseState, at: datetime, calendar: Calendar, *, terms: Terms = TERMS) -> tuple[Due, ...]:
    """What is due by now and not yet said: of several reminders the loudest alone, so that nobody gets two."""
    ripe = [item for item in _unsaid(case, calendar, terms) if item.at <= at]
    return (max(ripe, key=lambda item: item.at),) if ripe else ()


def next_due(case: CaseState, calendar: Calendar, *, terms: Terms = TERMS) -> datetime | None:
    """When the clock has to look at the case next; None: never, unless somebody acts."""
    return min((item.at for item in _unsaid(case, calendar, terms)), default=None)


def due_at(case: CaseState, calendar: Calendar, *, terms: Terms = TERMS) -> datetime | None:
    """By when somebody has to act: the officers at the stage, the applicant, or the body outside.

    None when nothing more is awaited.
    """
    if case.status in (Status.OUTSIDE, Status.ON_HOLD) and case.wait is not None:
        return calendar.closing(case.wait.until)
    if case.status in AT_A_STAGE or case.status in (Status.OUTSIDE, Status.PUBLISHED):
        return stage_due(case, calendar)
    if case.status is Status.RETURNED:
        return mend_until(case, calendar, terms)
    if case.status is Status.APPROVED:
        return calendar.due(case.began, terms.letter)
    if case.status is Status.FULFILLED:
        return closes_at(case, calendar, terms)
    return objection_until(case, calendar, terms) if case.status is Status.REFUSED else None


def is_overdue(case: CaseState, at: datetime, calendar: Calendar) -> bool:
    """Whether the officers at the stage are late."""
    return case.status in AT_A_STAGE and at > stage_due(case, calendar)


def expected_by(case: CaseState, at: datetime, calendar: Calendar) -> date | None:
    """The day on which the applicant may expect the answer, as things stand at `at`; None once it was given.

    Takes each remaining stage at its full limit; what is late is expected by the end of the present or next
    working day, what rests goes on when it is said to, and a correction as if it came now.
    """
    if not case.status.is_open:
        return None
    end = max(_stage_ends(case, at, calendar), calendar.closing(_working_day(at, calendar)))
    for place in case.ahead:
        end = due_after(case.route[place].limit, end, calendar)
    return calendar.day_of(end)


def _stage_ends(case: CaseState, at: datetime, calendar: Calendar) -> datetime:
    resumed = at
    if case.wait is not None:
        resumed = max(at, day_begins(case.wait.until, calendar))
    return stage_due(case, calendar, resumed=resumed)


def _working_day(at: datetime, calendar: Calendar) -> date:
    return calendar.day_of(calendar.counted_from(at))


def _unsaid(case: CaseState, calendar: Calendar, terms: Terms) -> Iterator[Due]:
    """The rungs of the present status's ladder that stand above the loudest one said."""
    rungs = sorted(_ladder(case, calendar, terms), key=lambda item: item.at)
    said = [n for n, item in enumerate(rungs) if _what(item) in case.reminded]
    yield from rungs[said[-1] + 1 if said else 0 :]


def _what(item: Due) -> Reminder | None:
    return item.verdict.what if isinstance(item.verdict, Remind) else None


def _ladder(case: CaseState, calendar: Calendar, terms: Terms) -> Iterator[Due]:
    seen = case.version
    if case.status in AT_A_STAGE:
        yield Due(stage_half(case, calendar), Remind(seen, Reminder.HALF), open_acts(case))
        yield from _escalation(case, stage_due(case, calendar), calendar)
    elif case.status is Status.OUTSIDE or (case.status is Status.PUBLISHED and case.dispute is not None):
        late = stage_due(case, calendar) if case.wait is None else calendar.closing(case.wait.until)
        yield from _escalation(case, late, calendar)
    elif case.status is Status.PUBLISHED:
        yield Due(stage_due(case, calendar), EndNotice(seen))
    elif case.status is Status.RETURNED:
        yield from _mending(case, calendar, terms)
    elif case.status is Status.ON_HOLD and case.wait is not None:
        yield Due(day_begins(case.wait.until, calendar), Resume(seen))
    elif case.status is Status.APPROVED:
        late = calendar.due(case.began, terms.letter)
        yield Due(late, Remind(seen, Reminder.LIMIT), (FiledAct(Role.DESK),))
    elif case.status is Status.FULFILLED:
        yield Due(closes_at(case, calendar, terms), Close(seen))


def _escalation(case: CaseState, limit: datetime, calendar: Calendar) -> Iterator[Due]:
    """At the limit those who wait, a step later the next level, at twice the length (or later) the director."""
    acts = open_acts(case)
    above = tuple(dict.fromkeys(lifted(act, case) for act in acts))
    own = case.stage.limit
    step = WorkingDays(1) if own.unit is Unit.WORKING_DAYS else own
    next_level = due_after(step, limit, calendar)
    director = max(due_after(own, limit, calendar), next_level + timedelta(minutes=1))
    yield Due(limit, Remind(case.version, Reminder.LIMIT), acts)
    yield Due(next_level, Remind(case.version, Reminder.NEXT_LEVEL), above)
    yield Due(director, Remind(case.version, Reminder.DIRECTOR), (FiledAct(Role.DIRECTOR),))


def _mending(case: CaseState, calendar: Calendar, terms: Terms) -> Iterator[Due]:
    start = calendar.day_of(calendar.counted_from(case.paused_since or case.began))
    mending = (Reminder.MEND_FIRST, Reminder.MEND_SECOND, Reminder.MEND_LAST)
    for days, what in zip(terms.mend_reminders, mending, strict=True):
        at = calendar.opening(calendar.add_working_days(start, days))
        yield Due(at, Remind(case.version, what), applicant=True)
    yield Due(mend_until(case, calendar, terms), Expire(case.version), applicant=True)
