"""A small office for the tests of the approval engine: its officers, a route, and a case to play."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from locales import N_
from storage.approval import (
    Actor,
    Assessment,
    CaseState,
    Division,
    Event,
    Kind,
    Outside,
    Published,
    Role,
    Route,
    Stage,
    Verdict,
    WorkingDays,
    allowed,
    decide,
    file,
)
from storage.conditions import Answers, Facts, condition
from storage.office_days import calendar_of, days_of_year

SHENYANG = ZoneInfo("Asia/Shanghai")
CALENDAR = calendar_of(day for year in range(2026, 2029) for day in days_of_year(year))
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=SHENYANG)

APPLICANT = Actor(1)
STRANGER = Actor(2)


def officer(person: int, role: Role, division: Division | None = None) -> Actor:
    return Actor(person, frozenset({(role, division)}))


DESK, DESK_2 = officer(11, Role.DESK), officer(12, Role.DESK)
CHIEF, CHIEF_2 = (officer(n, Role.SECTION_CHIEF, Division.CON) for n in (21, 22))
HMT_CHIEF, HMT_CHIEF_2 = (officer(n, Role.SECTION_CHIEF, Division.HMT) for n in (23, 24))
DEPUTY, DEPUTY_2 = officer(31, Role.DEPUTY_DIRECTOR, Division.CON), officer(32, Role.DEPUTY_DIRECTOR)
OTHER_DEPUTY = officer(33, Role.DEPUTY_DIRECTOR, Division.TAL)
DIRECTOR, DIRECTOR_2 = officer(41, Role.DIRECTOR), officer(42, Role.DIRECTOR)
ADMINISTRATOR = officer(51, Role.ADMINISTRATOR)
OFFICERS = (
    *(DESK, DESK_2, CHIEF, CHIEF_2, HMT_CHIEF, HMT_CHIEF_2),
    *(DEPUTY, DEPUTY_2, OTHER_DEPUTY, DIRECTOR, DIRECTOR_2, ADMINISTRATOR),
)


@condition(N_("More than ten guests."))
def many_guests(_answers: Answers, _facts: Facts) -> bool:
    raise AssertionError("the engine takes outcomes; it evaluates nothing")


@condition(N_("A sensitive field."))
def sensitive(_answers: Answers, _facts: Facts) -> bool:
    raise AssertionError


@condition(N_("The province decides."))
def abroad(_answers: Answers, _facts: Facts) -> bool:
    raise AssertionError


CONDITIONS = ("many_guests", "sensitive", "abroad")

ROUTE = Route(
    Stage(Role.DESK, within=WorkingDays(1), may_edit=("guests.name",)),
    Stage(Role.SECTION_CHIEF, Division.CON, within=WorkingDays(2)),
    Stage(Role.DEPUTY_DIRECTOR, within=WorkingDays(1), when=many_guests),
    Published(within=WorkingDays(5), when=sensitive),
    Stage(Role.DIRECTOR, within=WorkingDays(2)),
    Outside("province", within=WorkingDays(10), when=abroad),
)


def opened(route: Route = ROUTE, at: datetime = MONDAY, **what: object) -> CaseState:
    """A case just filed; by keyword: conditions that hold, `appearing`, `urgent`, `registered_by`, `district`."""
    outcomes = {name: bool(what.get(name)) for name in CONDITIONS}
    return file(
        route,
        id=42,
        number="SYFAO-2026-00042",
        service="invitation_letter",
        applicant=APPLICANT.person,
        at=at,
        assessment=Assessment(outcomes, what.get("appearing", ()), what.get("district")),  # type: ignore[arg-type]
        urgent=bool(what.get("urgent")),
        registered_by=what.get("registered_by"),  # type: ignore[arg-type]
    )


@dataclass
class Play:
    """A case, played step by step; each verdict comes an hour after the last and has seen the present version."""

    case: CaseState = field(default_factory=opened)
    now: datetime = MONDAY
    record: list[Event] = field(default_factory=list)
    filed: CaseState = field(init=False)

    def __post_init__(self) -> None:
        self.filed = self.case

    def say(self, by: Actor, verdict: type, *values: object, **named: object) -> Play:
        """One verdict; values follow the version seen."""
        said: Verdict = verdict(self.case.version, *values, **named)
        decision = decide(self.case, said, by, self.now, CALENDAR)
        self.case = decision.case
        self.record += decision.events
        return self.later(hours=1)

    def later(self, **by: float) -> Play:
        self.now += timedelta(**by)
        return self

    def until(self, text: str) -> Play:
        self.now = datetime.fromisoformat(text).replace(tzinfo=SHENYANG)
        return self

    def may(self, by: Actor) -> frozenset[Kind]:
        return allowed(self.case, by, self.now, CALENDAR)
