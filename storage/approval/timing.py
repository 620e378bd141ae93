"""PURE: which verdicts have a time of their own: not before, not after, not twice."""

from __future__ import annotations

from datetime import datetime

from storage.approval.case import CaseState, Terms
from storage.approval.codes import Kind
from storage.approval.limits import day_begins, stage_due, stage_half
from storage.approval.refusals import AlreadySaid, NotNow, NotTaken, NotYet, TooLate
from storage.calendar import Calendar


def too_early_or_late(
    case: CaseState, kind: Kind, at: datetime, calendar: Calendar, terms: Terms, *, by_clock: bool
) -> NotTaken | None:
    """Why it is not the time for this kind of verdict; None if it is."""
    if said_already(case, kind):
        return AlreadySaid(kind)
    if lacks_ground(case, kind):
        return NotNow(kind, case.status)
    after = _opens(case, kind, calendar, terms, by_clock=by_clock)
    if after is not None and at < after:
        return NotYet(kind, after)
    if kind is Kind.OBJECT and at > (until := objection_until(case, calendar, terms)):
        return TooLate(kind, until)
    return None


def said_already(case: CaseState, kind: Kind) -> bool:
    """Whether once is enough, and was."""
    return (kind is Kind.OBJECT and case.objected_at is not None) or (
        kind is Kind.DISPUTE and case.dispute is not None
    )


def lacks_ground(case: CaseState, kind: Kind) -> bool:
    """Whether what it answers to was never said: an objection to decide on, or none left open."""
    return (
        (kind is Kind.REOPEN and case.objected_at is None)
        or (kind is Kind.SETTLE and case.dispute is None)
        or (kind is Kind.END_NOTICE and case.dispute is not None)
    )


def mend_until(case: CaseState, calendar: Calendar, terms: Terms) -> datetime:
    """Until when a returned case can be mended."""
    return calendar.due(case.paused_since or case.began, terms.mend)


def objection_until(case: CaseState, calendar: Calendar, terms: Terms) -> datetime:
    """Until when the applicant may object to a refusal."""
    return calendar.due(case.began, terms.objection)


def closes_at(case: CaseState, calendar: Calendar, terms: Terms) -> datetime:
    """When the window for feedback on a fulfilled case ends."""
    return calendar.due(case.began, terms.feedback)


def urge_after(case: CaseState, calendar: Calendar, terms: Terms) -> datetime:
    """From when the applicant may urge: half of the limit has run, and some days since the last time."""
    half = stage_half(case, calendar)
    return half if case.urged_at is None else max(half, calendar.due(case.urged_at, terms.urge))


def _opens(
    case: CaseState, kind: Kind, calendar: Calendar, terms: Terms, *, by_clock: bool
) -> datetime | None:
    if kind is Kind.URGE:
        return urge_after(case, calendar, terms)
    if kind is Kind.EXPIRE:
        return mend_until(case, calendar, terms)
    if kind is Kind.CLOSE:
        return closes_at(case, calendar, terms)
    if kind is Kind.END_NOTICE:
        return stage_due(case, calendar)
    if kind is Kind.RESUME and by_clock and case.wait is not None:
        return day_begins(case.wait.until, calendar)
    return None
