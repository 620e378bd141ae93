"""PURE: who may do what when. The one place: what is shown as possible is what `decide` takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from storage.approval.case import CLOCK, TERMS, Actor, CaseState, Given, Terms
from storage.approval.codes import Kind, Reason
from storage.approval.refusals import (
    FourEyes,
    NotNow,
    NotQualified,
    NotTaken,
    Recused,
    RefusalPending,
    ReturnsExhausted,
)
from storage.approval.route import FiledAct
from storage.approval.status import AT_A_STAGE, Status
from storage.approval.timing import too_early_or_late
from storage.approval.words import Mode, Role
from storage.calendar import Calendar


class Party(StrEnum):
    """As what somebody may act on a case."""

    APPLICANT = "applicant"
    STAGE = "stage"
    """An officer of an act that the present stage still waits for."""
    CHIEF_AT_STAGE = "chief_at_stage"
    """The same, section chief and up."""
    EDITOR = "editor"
    """The same, desk or section chief, where the stage lets fields be edited."""
    CHIEF = "chief"
    """A section chief of the stage's division, or of the division in charge."""
    SECOND = "second"
    """Who may confirm a refusal: the next on the route, else the deputy director."""
    REFUSER = "refuser"
    HOLDER = "holder"
    """Who put the case on hold."""
    IN_CHARGE = "in_charge"
    """Section chief or deputy of the division in charge, or of the one that sent the case outside."""
    DESK = "desk"
    DIRECTOR = "director"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Rule:
    """When and by whom a kind of verdict may be said."""

    states: frozenset[Status]
    parties: tuple[Party, ...]
    judges: bool = False
    """It counts as acting at a stage: four eyes look on it."""


_APPROVED: Final = frozenset({Status.APPROVED})
_ISSUED: Final = frozenset({Status.APPROVED, Status.FULFILLED})
_OUTSIDE: Final = frozenset({Status.OUTSIDE})
_PUBLISHED: Final = frozenset({Status.PUBLISHED})
_RETURNED: Final = frozenset({Status.RETURNED})
_REFUSED: Final = frozenset({Status.REFUSED})
_UNDER_REVIEW: Final = frozenset({Status.UNDER_REVIEW})
_WITHDRAWABLE: Final = AT_A_STAGE | {Status.RETURNED, Status.OUTSIDE, Status.PUBLISHED}

RULES: Final[Mapping[Kind, Rule]] = {
    Kind.APPROVE: Rule(AT_A_STAGE, (Party.STAGE,), judges=True),
    Kind.REFUSE: Rule(AT_A_STAGE, (Party.STAGE,), judges=True),
    Kind.CONFIRM: Rule(_UNDER_REVIEW, (Party.SECOND,), judges=True),
    Kind.TAKE_BACK: Rule(_UNDER_REVIEW, (Party.REFUSER,)),
    Kind.RETURN: Rule(AT_A_STAGE, (Party.STAGE, Party.CHIEF), judges=True),
    Kind.RESUBMIT: Rule(_RETURNED, (Party.APPLICANT,)),
    Kind.AMEND: Rule(AT_A_STAGE, (Party.EDITOR,), judges=True),
    Kind.SEND_OUT: Rule(AT_A_STAGE, (Party.CHIEF_AT_STAGE,), judges=True),
    Kind.REPLY: Rule(_OUTSIDE, (Party.IN_CHARGE,)),
    Kind.DISPUTE: Rule(_PUBLISHED, (Party.IN_CHARGE, Party.DESK)),
    Kind.SETTLE: Rule(_PUBLISHED, (Party.IN_CHARGE,)),
    Kind.END_NOTICE: Rule(_PUBLISHED, (Party.CLOCK, Party.IN_CHARGE)),
    Kind.HOLD: Rule(AT_A_STAGE, (Party.STAGE,), judges=True),
    Kind.RESUME: Rule(frozenset({Status.ON_HOLD}), (Party.HOLDER, Party.CLOCK)),
    Kind.WITHDRAW: Rule(_WITHDRAWABLE, (Party.APPLICANT,)),
    Kind.EXPIRE: Rule(_RETURNED, (Party.CLOCK,)),
    Kind.FULFIL: Rule(_APPROVED, (Party.DESK, Party.CLOCK)),
    Kind.CLOSE: Rule(frozenset({Status.FULFILLED}), (Party.CLOCK,)),
    Kind.REVOKE: Rule(_ISSUED, (Party.DIRECTOR,)),
    Kind.ASK_REVOCATION: Rule(_ISSUED, (Party.APPLICANT,)),
    Kind.REPLACE: Rule(_ISSUED, (Party.DIRECTOR,)),
    Kind.OBJECT: Rule(_REFUSED, (Party.APPLICANT,)),
    Kind.REOPEN: Rule(_REFUSED, (Party.DIRECTOR,)),
    Kind.URGE: Rule(AT_A_STAGE, (Party.APPLICANT,)),
    Kind.REMIND: Rule(AT_A_STAGE | _RETURNED | _OUTSIDE | _PUBLISHED | _APPROVED, (Party.CLOCK,)),
    Kind.LIFT: Rule(AT_A_STAGE, (Party.CLOCK,)),
}
_DECISIVE: Final = frozenset({Kind.APPROVE, Kind.REFUSE, Kind.CONFIRM})


def allowed(
    case: CaseState, by: Actor, at: datetime, calendar: Calendar, *, terms: Terms = TERMS
) -> frozenset[Kind]:
    """The kinds of verdict that this person may say on the case at that instant."""
    return frozenset(kind for kind in Kind if why_not(case, kind, by, at, calendar, terms=terms) is None)


def why_not(
    case: CaseState, kind: Kind, by: Actor, at: datetime, calendar: Calendar, *, terms: Terms = TERMS
) -> NotTaken | None:
    """Why the person may not say that now; None if they may."""
    return (
        _status_forbids(case, kind)
        or _party_forbids(case, kind, by, terms)
        or _person_forbids(case, kind, by)
        or too_early_or_late(case, kind, at, calendar, terms, by_clock=by.person == CLOCK.person)
    )


def reasons_open_to(case: CaseState, by: Actor) -> frozenset[Reason]:
    """The common reasons with which the person may refuse here: the desk has but one."""
    act = act_of(case, by)
    if act is None:
        return frozenset()
    return frozenset(Reason) if case.stage.acts[act].role.decides else frozenset({Reason.NOT_OURS})


def open_acts(case: CaseState) -> tuple[FiledAct, ...]:
    """Which officers the case waits for: at its stage, to confirm a refusal, or to record an answer."""
    if case.status in AT_A_STAGE:
        if case.refusal is not None:
            return seconds(case)
        return tuple(case.stage.acts[act] for act in _waiting(case))
    if case.status in _OUTSIDE | _PUBLISHED:
        return _in_charge(case)
    if case.status in _REFUSED and case.objected_at is not None:
        return (FiledAct(Role.DIRECTOR),)
    return (FiledAct(Role.DESK),) if case.status in _APPROVED else ()


def act_of(case: CaseState, by: Actor) -> int | None:
    """The act of the present stage that this person would do, of those it still waits for."""
    if case.status not in AT_A_STAGE:
        return None
    return next((act for act in _waiting(case) if by.may_act_as(case.stage.acts[act])), None)


def second_stage(case: CaseState) -> int | None:
    """The next stage of officers on the route, which confirms a refusal; None: the deputy director does."""
    return next((place for place in case.ahead if case.route[place].acts), None)


def seconds(case: CaseState) -> tuple[FiledAct, ...]:
    """The acts that may confirm a refusal."""
    place = second_stage(case)
    acts = (
        (FiledAct(Role.DEPUTY_DIRECTOR, case.owner),)
        if place is None
        else tuple(act for act in case.route[place].acts if act.needed)
    )
    for _ in range(case.refusal.lifted if case.refusal else 0):
        acts = tuple(lifted(act, case) for act in acts)
    return acts


def lifted(act: FiledAct, case: CaseState) -> FiledAct:
    """The act one level up; the levels above the desk are those of the division in charge."""
    role = act.role.above
    division = None if role is Role.DIRECTOR else act.division or case.owner
    return replace(act, role=role, division=division)


def _waiting(case: CaseState) -> tuple[int, ...]:
    stage = case.stage
    left = tuple(n for n, act in enumerate(stage.acts) if act.needed and n not in case.done)
    return left[:1] if stage.mode is Mode.TURN else left


def _in_charge(case: CaseState) -> tuple[FiledAct, ...]:
    divisions = {act.division for act in case.stage.acts} - {None} or {case.owner}
    chiefs = [FiledAct(Role.SECTION_CHIEF, d) for d in sorted(divisions | {case.owner}, key=str) if d]
    return tuple(chiefs) or (FiledAct(Role.DIRECTOR),)


def _status_forbids(case: CaseState, kind: Kind) -> NotTaken | None:
    if case.status not in RULES[kind].states:
        return NotNow(kind, case.status)
    settles = kind in (Kind.CONFIRM, Kind.TAKE_BACK)
    if settles and case.refusal is None:
        return NotNow(kind, case.status)
    if case.refusal is not None and RULES[kind].judges and not settles:
        return RefusalPending(kind, case.refusal.by)
    return None


def _party_forbids(case: CaseState, kind: Kind, by: Actor, terms: Terms) -> NotTaken | None:
    parties = [party for party in RULES[kind].parties if _IS[party](case, by)]
    if not parties:
        return NotQualified(kind, open_acts(case))
    if kind is Kind.RETURN:
        times = case.returns_at(case.place)
        if times >= terms.returns and Party.CHIEF not in parties and not _IS[Party.CHIEF_AT_STAGE](case, by):
            return ReturnsExhausted(times)
        if times < terms.returns and Party.STAGE not in parties:
            return NotQualified(kind, open_acts(case))
    return None


def _person_forbids(case: CaseState, kind: Kind, by: Actor) -> NotTaken | None:
    """Recusal 回避 and four eyes; neither concerns what the applicant or the clock may do."""
    rule = RULES[kind]
    if by.person == CLOCK.person or rule.parties == (Party.APPLICANT,):
        return None
    if by.person == case.applicant or by.person in case.appearing:
        return Recused(kind, by.person)
    if not rule.judges:
        return None
    if kind in _DECISIVE and by.person == case.registered_by:
        return FourEyes(kind, by.person, None)
    return _four_eyes(case, kind, by)


def _four_eyes(case: CaseState, kind: Kind, by: Actor) -> NotTaken | None:
    stage = stage_of(case, kind, by)
    if stage is None:
        return None
    persons = {by.person, by.acting_for} - {None}
    elsewhere = (
        given.stage for given in case.given if given.stage not in (None, stage) and persons & _who(given)
    )
    if (other := next(elsewhere, None)) is not None:
        return FourEyes(kind, by.person, other)
    signed = {given.act: given for given in case.given if given.stage == stage and given.kind is Kind.APPROVE}
    countersigned = kind is Kind.APPROVE and any(persons & _who(signed[act]) for act in case.done)
    refused = kind is Kind.CONFIRM and case.refusal is not None and case.refusal.by in persons
    return FourEyes(kind, by.person, case.place) if countersigned or refused else None


def _who(given: Given) -> set[int | None]:
    return {given.by, given.acting_for} - {None}


def stage_of(case: CaseState, kind: Kind, by: Actor) -> int | None:
    """At which stage the person acts by this; None: not as the officer of one."""
    if kind is Kind.CONFIRM:
        place = second_stage(case)
        return case.place if place is None else place
    return case.place if RULES[kind].judges and act_of(case, by) is not None else None


def _is_chief(case: CaseState, by: Actor) -> bool:
    divisions = {act.division for act in case.stage.acts} | {case.owner}
    return any(by.may_act_as(FiledAct(Role.SECTION_CHIEF, division)) for division in divisions if division)


def _is_chief_at_stage(case: CaseState, by: Actor) -> bool:
    act = act_of(case, by)
    return act is not None and case.stage.acts[act].role.decides


def _is_editor(case: CaseState, by: Actor) -> bool:
    act = act_of(case, by)
    edits = (Role.DESK, Role.SECTION_CHIEF)
    return act is not None and bool(case.stage.may_edit) and case.stage.acts[act].role in edits


def _is_in_charge(case: CaseState, by: Actor) -> bool:
    acts = _in_charge(case)
    above = tuple(lifted(act, case) for act in acts)
    return any(by.may_act_as(act) for act in acts + above)


_IS: Final[Mapping[Party, Callable[[CaseState, Actor], bool]]] = {
    Party.APPLICANT: lambda case, by: by.person == case.applicant,
    Party.STAGE: lambda case, by: act_of(case, by) is not None,
    Party.CHIEF_AT_STAGE: _is_chief_at_stage,
    Party.EDITOR: _is_editor,
    Party.CHIEF: _is_chief,
    Party.SECOND: lambda case, by: any(by.may_act_as(act) for act in seconds(case)),
    Party.REFUSER: lambda case, by: case.refusal is not None and case.refusal.by == by.person,
    Party.HOLDER: lambda case, by: case.wait is not None and case.wait.by == by.person,
    Party.IN_CHARGE: _is_in_charge,
    Party.DESK: lambda _case, by: by.has(Role.DESK),
    Party.DIRECTOR: lambda _case, by: by.has(Role.DIRECTOR),
    Party.CLOCK: lambda _case, by: by.person == CLOCK.person,
}
