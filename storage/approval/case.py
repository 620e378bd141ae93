"""PURE: a case as the rules see it, the events that made it so, and who acts. Kept as JSON with the case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from pydantic import TypeAdapter

from storage.approval.codes import Kind, Reminder
from storage.approval.route import FiledAct, FiledStage
from storage.approval.status import Status
from storage.approval.verdicts import Remark, Verdict
from storage.approval.words import Division, Role


@dataclass(frozen=True, slots=True)
class Terms:
    """Periods and numbers that the office may set (all [C]); in working days where nothing else is said."""

    mend: int = 15
    mend_reminders: tuple[int, int, int] = (5, 10, 14)
    returns: int = 2
    """Returns that a stage may make by itself."""
    urge: int = 2
    objection: int = 10
    feedback: int = 10
    letter: int = 1
    text: int = 500
    """Characters of a reason or remark."""


TERMS: Final = Terms()
"""What holds where the office set nothing else."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who speaks: a person with their (role, division) pairs, perhaps under a delegation for another officer.

    An applicant has no roles. A role without a division acts for every division (section chiefs have one).
    """

    person: int
    roles: frozenset[tuple[Role, Division | None]] = frozenset()
    acting_for: int | None = None

    def may_act_as(self, act: FiledAct) -> bool:
        """Whether one of the roles is the one that the act asks for."""
        return any(
            role is act.role
            and (act.division in (None, division) or (division is None and role is not Role.SECTION_CHIEF))
            for role, division in self.roles
        )

    def has(self, role: Role) -> bool:
        """Whether the person holds the role in any division."""
        return any(held is role for held, _ in self.roles)


CLOCK: Final = Actor(0)
"""Time itself: what falls due without anybody's word."""


@dataclass(frozen=True, slots=True)
class Given:
    """A verdict in short: who (and for whom) said what at which stage. No stage: not as its officer."""

    kind: Kind
    by: int
    acting_for: int | None
    stage: int | None
    act: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refusal that waits for a second officer."""

    by: int
    reason: str
    text: str
    at: datetime
    lifted: int = 0
    """By how many levels its confirmation passed up."""


@dataclass(frozen=True, slots=True)
class Pause:
    """A time in which the stage's clock stood still."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Wait:
    """For what a case at rest waits: a body outside (or, on hold, nobody) until a day; who let it rest."""

    body: str
    until: date
    by: int


@dataclass(frozen=True, slots=True)
class CaseState:
    """A case as the rules see it: its route, its place there, what was said so far, and its clock."""

    id: int
    number: str
    service: str
    applicant: int
    filed_at: datetime
    route: tuple[FiledStage, ...]
    owner: Division | None
    """The division in charge."""
    matter: str | None = None
    urgent: bool = False
    registered_by: int | None = None
    """The officer who entered the case for the applicant."""
    appearing: tuple[int, ...] = ()
    """Officers who appear in the case, and so don't act on it."""
    status: Status = Status.RECEIVED
    version: int = 1
    """Raised by each event that changes what an officer decides on."""
    events: int = 0
    """How many events made it so."""
    place: int = 0
    passed: tuple[int, ...] = ()
    """Stages that the case went through."""
    done: tuple[int, ...] = ()
    """Acts of the present stage that agreed."""
    given: tuple[Given, ...] = ()
    refusal: Refusal | None = None
    to_mend: tuple[Remark, ...] = ()
    wait: Wait | None = None
    dispute: str | None = None
    started_at: datetime | None = None
    """When the present stage, or a status after the verdict, began."""
    pauses: tuple[Pause, ...] = ()
    paused_since: datetime | None = None
    urged_at: datetime | None = None
    objected_at: datetime | None = None
    reminded: tuple[Reminder, ...] = ()

    @property
    def stage(self) -> FiledStage:
        """The stage at which it lies, or lay last."""
        return self.route[self.place]

    @property
    def began(self) -> datetime:
        """Since when it has been at its stage or status."""
        return self.started_at or self.filed_at

    @property
    def ahead(self) -> tuple[int, ...]:
        """The stages still to pass after the present one, in order."""
        return tuple(
            place
            for place, stage in enumerate(self.route)
            if stage.applies and place not in self.passed and place != self.place
        )

    @property
    def position(self) -> tuple[int, int]:
        """ "Stage k of n", of the stages that apply."""
        applying = [p for p, stage in enumerate(self.route) if stage.applies or p == self.place]
        return applying.index(self.place) + 1, len(applying)

    def returns_at(self, place: int) -> int:
        """How often the stage has returned the case."""
        return sum(given.kind is Kind.RETURN and given.stage == place for given in self.given)


@dataclass(frozen=True, slots=True)
class Event:
    """One verdict taken: who (for whom), when, at which stage and act, and the statuses it led through.

    Verdicts may hold texts of people (remarks, reasons): keep them sealed.
    """

    seq: int
    by: int
    acting_for: int | None
    at: datetime
    stage: int | None
    act: int | None
    verdict: Verdict
    version: int = 0
    """The case's version afterwards."""
    path: tuple[Status, ...] = ()
    place: int = 0
    """The stage at which it lies afterwards."""

    @property
    def kind(self) -> Kind:
        """What was said."""
        return self.verdict.kind


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict taken: the case as it stands now, and the events to keep."""

    case: CaseState
    events: tuple[Event, ...]


_CASE: Final = TypeAdapter(CaseState)
_EVENT: Final = TypeAdapter(Event)


def dump_case(case: CaseState) -> str:
    """The case as JSON."""
    return _CASE.dump_json(case).decode()


def load_case(text: str | bytes) -> CaseState:
    """The case that was kept as JSON."""
    return _CASE.validate_json(text)


def dump_event(event: Event) -> str:
    """The event as JSON."""
    return _EVENT.dump_json(event).decode()


def load_event(text: str | bytes) -> Event:
    """The event that was kept as JSON."""
    return _EVENT.validate_json(text)
