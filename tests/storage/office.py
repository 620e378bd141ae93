"""A small office in a database: its officers, two applicants, and the sample services, at a moment that tests move."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any, Concatenate, ParamSpec, TypeVar

import pytest
from sqlalchemy import URL, text
from sqlmodel import Session, SQLModel

from storage import cases, corrections, desk, drafts, filing, officers, people, reviews, tables
from storage.approval import Division, Role, Verdict
from storage.cases import OpenCase
from storage.conversation import Draft
from storage.database import Database
from storage.filing import Filed
from storage.forms import Audience, Service
from storage.kinds import Body
from storage.officers import Officer
from storage.offices import read_office
from storage.people import Me
from storage.world import World
from tests.storage.playing import CALENDAR, pdf
from tests.storage.sample import Purpose, SampleHelp, SampleVisit

tables.metadata()
MORNING = datetime(2027, 3, 1, 1, 0, tzinfo=UTC)
"""A Monday, nine o'clock in Shenyang."""
SERVICES: Mapping[str, type[Service]] = MappingProxyType(
    {"sample_visit": SampleVisit, "sample_help": SampleHelp}
)
CANARY = "CANARY-7f3a91"
P = ParamSpec("P")
T = TypeVar("T")
ROLES: dict[str, tuple[Role, Division | None]] = {
    "desk": (Role.DESK, None),
    "chief": (Role.SECTION_CHIEF, Division.CON),
    "deputy": (Role.DEPUTY_DIRECTOR, None),
    "director": (Role.DIRECTOR, None),
    "oca": (Role.SECTION_CHIEF, Division.OCA),
    "tal": (Role.SECTION_CHIEF, Division.TAL),
    "administrator": (Role.ADMINISTRATOR, None),
    "discipline": (Role.DISCIPLINE, None),
}


def guest(
    name: str = "SCHMIDT, Anna", country: str = "DE", passport: str = "C01X00T47", **more: Any
) -> dict[str, Any]:
    return {
        "name": name,
        "nationality": country,
        "passport": passport,
        "comes_from": None,
        "works": False,
        "stays": (),
        **more,
    }


def visit(**more: Any) -> dict[str, Any]:
    """All answers of a sample visit that can be sent."""
    day = MORNING.date()
    return {
        "not_secret": True,
        "applicant_name": "Anna Host",
        "applicant_phone": "+493090182000",
        "applicant_email": None,
        "applicant_organisation": Body(name="沈阳机械", uscc="91110000600037341L"),
        "applicant_post": None,
        "purpose": Purpose.TRADE,
        "helps": None,
        "guests": (guest(),),
        "arrives": day + timedelta(days=60),
        "leaves": day + timedelta(days=63),
        "host_phone": "+493090182000",
        "account": CANARY,
        "pin": None,
        "proof": (pdf(),),
        "note": None,
        "truth": True,
        **more,
    }


CLOSED = frozenset({("guests",), ("guests", 0, "stays"), ("guests", 1, "stays"), ("guests", 2, "stays")})


@dataclass
class Bureau:
    """The office at work; every call is a transaction of its own."""

    database: Database
    now: datetime = MORNING
    services: Mapping[str, type[Service]] = field(default_factory=lambda: SERVICES)
    decisions: Mapping[str, Any] = field(default_factory=dict)
    persons: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.run(self._seat)

    def _seat(self, session: Session) -> None:
        for nth, name in enumerate(("anna", "bo"), 1):
            person = people.meet(session, nth, "en", self.now)
            self.persons[name] = person.id or 0
            people.agree(session, person.id or 0, self.now)
            people.join(session, person.id or 0, Audience.HOST, "沈阳机械" if name == "anna" else None)
        for nth, (name, (role, division)) in enumerate(ROLES.items()):
            for number in (1, 2):
                person = people.meet(session, 100 + 10 * nth + number, "en", self.now)
                self.persons[f"{name}{number}"] = person.id or 0
                officers.appoint(session, person.id or 0, role, division, f"{name.title()} {number}")

    @property
    def world(self) -> World:
        office = read_office().model_copy(update={"decisions": dict(self.decisions)})
        return World(self.now, CALENDAR, office, self.services)

    def run(self, function: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        return self.database.run(function, *args, **kwargs)

    def later(self, **by: float) -> Bureau:
        self.now += timedelta(**by)
        return self

    def me(self, name: str) -> Me:
        def find(session: Session) -> Me:
            person = people.get(session, self.persons[name])
            found = people.who(session.connection(), person.telegram_id)
            assert found is not None
            return found

        return self.run(find)

    def officer(self, name: str) -> Officer:
        found = self.run(officers.officer, self.persons[name])
        assert found is not None
        return found

    def draft(
        self, answers: Mapping[str, Any] | None = None, name: str = "anna", service: str = "sample_visit"
    ) -> drafts.OpenDraft:
        """A finished draft, not yet sent."""
        form = self.services[service]
        given = visit() if answers is None else answers
        draft = Draft(service, form.version, given, closed=CLOSED)
        opened = self.run(drafts.create, form, self.persons[name], draft, self.now)
        self.run(people.go_to_draft, self.persons[name], opened.id)
        return opened

    def submit(self, opened: drafts.OpenDraft, name: str = "anna", *, again: bool = False) -> Filed:
        return self.run(filing.submit, self.world, self.me(name), opened.id, opened.revision, again=again)

    def file(
        self, name: str = "anna", service: str = "sample_visit", *, again: bool = True, **more: Any
    ) -> OpenCase:
        """A visit, filed."""
        return self.submit(self.draft(visit(**more), name, service), name, again=again).cases[0]

    def case(self, case_id: int) -> OpenCase:
        return self.run(cases.read, self.world, case_id)

    def say(
        self, name: str, case_id: int, verdict: Callable[..., Verdict], *values: Any, **named: Any
    ) -> OpenCase:
        """An officer's verdict on the case as it stands."""
        seen = self.case(case_id).state.version
        return self.run(
            reviews.decide, self.world, case_id, verdict(seen, *values, **named), self.officer(name)
        )

    def correct(
        self, case_id: int, changes: Mapping[str, Any], name: str = "anna", touched: Any = None
    ) -> Filed:
        """The applicant's corrections of a returned case."""
        me = self.me(name)
        opened = self.run(corrections.begin, self.world, me, self.case(case_id))
        answers = {**opened.draft.answers, **changes}
        named = frozenset(touched or opened.draft.named)
        draft = replace(opened.draft, answers=answers, touched=named, closed=CLOSED | opened.draft.closed)
        service = self.services[draft.service]
        opened = self.run(lambda session: drafts.save(session.connection(), service, opened, draft, self.now))
        return self.submit(opened, name)

    def waiting(self, name: str) -> list[int]:
        return [case.id for case in self.run(desk.waiting, self.world, self.officer(name))]


@pytest.fixture(scope="session")
def one_postgresql(request: pytest.FixtureRequest, templates: Any) -> Callable[[], str]:
    """The address of one PostgreSQL database for all these tests, emptied each time: making one takes a second."""
    made: list[URL] = []

    def empty() -> str:
        if not made:
            template = templates.of("postgresql")
            made.append(request.getfixturevalue("postgres_server").create(str(template.database)))
        url = made[0].render_as_string(hide_password=False)
        with Database(url) as database, database.reshaping() as connection:
            deletions = [f'DELETE FROM "{table.name}"' for table in reversed(SQLModel.metadata.sorted_tables)]  # noqa: S608
            connection.execute(text("; ".join(deletions)))
        return url

    return empty


@pytest.fixture(params=("sqlite", "postgresql"))
def bureau(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    templates: Any,
    one_postgresql: Callable[[], str],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Bureau]:
    """The office, in an empty database of either kind."""
    monkeypatch.setattr("storage.services.services", lambda: SERVICES)
    if request.param == "postgresql":
        url = one_postgresql()
    else:
        url = f"sqlite:///{tmp_path / 'shenqiao.db'}"
        shutil.copyfile(str(templates.of("sqlite").database), tmp_path / "shenqiao.db")
    with Database(url) as database:
        yield Bureau(database)
