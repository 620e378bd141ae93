"""PURE: whether what a verdict says is whole: its reason, its fields, its day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Final

from storage.approval.case import Actor, CaseState, Terms
from storage.approval.codes import Kind, Reason
from storage.approval.refusals import (
    AlreadySaid,
    DayPassed,
    FieldLocked,
    NeedsReason,
    NothingNamed,
    NotMended,
    NotTaken,
    OnlyNotOurs,
    TextTooLong,
)
from storage.approval.rights import reasons_open_to
from storage.approval.verdicts import (
    Amend,
    Hold,
    Lift,
    Refuse,
    Remark,
    Remind,
    Reply,
    Resubmit,
    Return,
    SendOut,
    Verdict,
)


def incomplete(case: CaseState, verdict: Verdict, by: Actor, today: date, terms: Terms) -> NotTaken | None:
    """What the verdict lacks; None if it is whole. `today` is the office's day."""
    long = next((text for text in _texts(verdict) if len(text) > terms.text), None)
    if long is not None:
        return TextTooLong(len(long), terms.text)
    check = _CHECKS.get(verdict.kind)
    return check(case, verdict, by, today) if check else None


def covers(named: str, field: str) -> bool:
    """Whether a field lies in the named one: "guests" and "guests.name" cover "guests.2.name".

    The number of a row, counted from 0, may be left out to mean every row.
    """
    wanted, given = named.split("."), field.split(".")
    if not any(part.isdecimal() for part in wanted):
        given = [part for part in given if not part.isdecimal()]
    return given[: len(wanted)] == wanted


def _refuse(case: CaseState, verdict: Refuse, by: Actor, _today: date) -> NotTaken | None:
    if not verdict.reason or (verdict.reason == Reason.OTHER and not verdict.text.strip()):
        return NeedsReason(verdict.kind)
    if verdict.reason != Reason.NOT_OURS and Reason.OTHER not in reasons_open_to(case, by):
        return OnlyNotOurs(verdict.reason)
    return None


def _return(_case: CaseState, verdict: Return, _by: Actor, _today: date) -> NotTaken | None:
    if not verdict.remarks:
        return NothingNamed(verdict.kind)
    return None if all(_said(remark) for remark in verdict.remarks) else NeedsReason(verdict.kind)


def _resubmit(case: CaseState, verdict: Resubmit, _by: Actor, _today: date) -> NotTaken | None:
    touched = (*verdict.changed, *(remark.field for remark in verdict.explained if _said(remark)))
    named = [remark.field for remark in case.to_mend]
    open_ = tuple(n for n in named if not any(covers(n, f) or covers(f, n) for f in touched))
    if open_:
        return NotMended(open_)
    return _locked(verdict.changed, (*named, *verdict.depending))


def _amend(case: CaseState, verdict: Amend, _by: Actor, _today: date) -> NotTaken | None:
    return _locked(verdict.fields, case.stage.may_edit) if verdict.fields else NothingNamed(verdict.kind)


def _locked(changed: Iterable[str], free: Iterable[str]) -> NotTaken | None:
    free = tuple(free)
    locked = tuple(field for field in changed if not any(covers(named, field) for named in free))
    return FieldLocked(locked) if locked else None


def _until(_case: CaseState, verdict: SendOut | Hold, _by: Actor, today: date) -> NotTaken | None:
    why = verdict.text if isinstance(verdict, Hold) else verdict.body
    if not why.strip():
        return NeedsReason(verdict.kind)
    return None if verdict.until > today else DayPassed(verdict.kind)


def _reply(_case: CaseState, verdict: Reply, _by: Actor, _today: date) -> NotTaken | None:
    return None if verdict.not_needed or verdict.text.strip() else NeedsReason(verdict.kind)


def _text(_case: CaseState, verdict: Any, _by: Actor, _today: date) -> NotTaken | None:
    return None if verdict.text.strip() else NeedsReason(verdict.kind)


def _remind(case: CaseState, verdict: Remind, _by: Actor, _today: date) -> NotTaken | None:
    return AlreadySaid(verdict.kind) if verdict.what in case.reminded else None


def _lift(case: CaseState, verdict: Lift, _by: Actor, _today: date) -> NotTaken | None:
    waits = case.refusal is not None or (
        verdict.act < len(case.stage.acts)
        and verdict.act not in case.done
        and case.stage.acts[verdict.act].role.above is not case.stage.acts[verdict.act].role
    )
    return None if waits else AlreadySaid(verdict.kind)


def _said(remark: Remark) -> bool:
    return bool(remark.field and remark.text.strip())


def _texts(verdict: Verdict) -> tuple[str, ...]:
    own = tuple(getattr(verdict, name, "") for name in ("text", "remark", "note", "body"))
    remarks = (*getattr(verdict, "remarks", ()), *getattr(verdict, "explained", ()))
    return (*own, *(remark.text for remark in remarks))


_CHECKS: Final[Mapping[Kind, Callable[[CaseState, Any, Actor, date], NotTaken | None]]] = {
    Kind.REFUSE: _refuse,
    Kind.RETURN: _return,
    Kind.RESUBMIT: _resubmit,
    Kind.AMEND: _amend,
    Kind.SEND_OUT: _until,
    Kind.HOLD: _until,
    Kind.REPLY: _reply,
    Kind.DISPUTE: _text,
    Kind.SETTLE: _text,
    Kind.REVOKE: _text,
    Kind.OBJECT: _text,
    Kind.REMIND: _remind,
    Kind.LIFT: _lift,
}
