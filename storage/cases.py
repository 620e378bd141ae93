"""Cases: what is kept of each, and how it is read. A case is its events; the state stored is derived from them.

`filing.py` makes and mends cases, `reviews.py` decides on them; who may read is `rights.py`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import LargeBinary, UniqueConstraint, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, SQLModel, col

from storage import audit, secrets
from storage.answers import digests_within, dump_form, load_form
from storage.approval.case import CaseState, Event, dump_case, dump_event, load_case, load_event
from storage.approval.deadlines import next_due
from storage.approval.effects import rebuild
from storage.approval.limits import stage_due
from storage.approval.rights import open_acts
from storage.approval.status import AT_A_STAGE
from storage.columns import UtcDateTime
from storage.implied import Implied
from storage.questions import questions_of
from storage.secrets import CaseKey, WrappedKey
from storage.services import form_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlmodel import Session

    from storage.forms import Matter, Service
    from storage.world import World

FILED = 0
"""The number of the record's first line: how the case was filed."""


class Case(Implied, table=True):
    """A submitted request, from receipt to close. Its own questions lie in the table of its service or matter."""

    __tablename__ = "cases"
    __table_args__ = (UniqueConstraint("year", "serial"),)

    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(unique=True)
    year: int
    serial: int
    origin: str = Field(unique=True)
    """The draft and matter it came from: a draft submits once."""
    service: str = Field(index=True)
    matter: str | None = None
    form_version: int = 1
    person: int = Field(foreign_key="people.id", index=True)
    unit: str | None = None
    language: str = "zh_Hans"
    """The applicant's language when they filed."""
    linked: int | None = Field(default=None, index=True)
    """The first case that the same draft filed."""
    status: str = Field(index=True)
    version: int = 1
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    look_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    """When the clock has something to say next; None: never, unless somebody acts."""
    filed_at: datetime = Field(sa_type=UtcDateTime)
    changed_at: datetime = Field(sa_type=UtcDateTime)
    answers_version: int = 1
    state: bytes = Field(sa_type=LargeBinary)
    """`CaseState`, sealed under the case's key: remarks and reasons stand in it."""
    key: bytes | None = Field(default=None, sa_type=LargeBinary)
    salt: bytes | None = Field(default=None, sa_type=LargeBinary)


class CaseAnswers(SQLModel, table=True):
    """One version of a case's answers, sealed under the case's key; events refer to it."""

    __tablename__ = "case_answers"

    case: int = Field(foreign_key="cases.id", primary_key=True)
    version: int = Field(primary_key=True)
    body: bytes = Field(sa_type=LargeBinary)
    at: datetime = Field(sa_type=UtcDateTime)


class CaseEvent(SQLModel, table=True):
    """One event of a case; the body, sealed, is the engine's own event, of the first (FILED) the state as filed."""

    __tablename__ = "case_events"

    case: int = Field(foreign_key="cases.id", primary_key=True)
    seq: int = Field(primary_key=True)
    kind: str
    by: int
    acting_for: int | None = None
    at: datetime = Field(sa_type=UtcDateTime)
    answers_version: int
    body: bytes = Field(sa_type=LargeBinary)


class CaseSeries(SQLModel, table=True):
    """The last case number given in a year."""

    __tablename__ = "case_series"

    year: int = Field(primary_key=True)
    last: int


class Awaited(SQLModel, table=True):
    """For which officers an open case waits now; rewritten with each event. What `/desk` reads."""

    __tablename__ = "awaited"

    id: int | None = Field(default=None, primary_key=True)
    case: int = Field(foreign_key="cases.id", index=True)
    role: str = Field(index=True)
    division: str | None = None
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)


@dataclass(frozen=True)
class OpenCase:
    """A case at work: the row's facts, the state and the answers as they stand."""

    id: int
    number: str
    service: str
    matter: str | None
    person: int
    unit: str | None
    filed_at: datetime
    answers_version: int
    state: CaseState
    answers: Mapping[str, Any] = field(repr=False)
    language: str = "zh_Hans"

    @property
    def form(self) -> type[Service] | type[Matter]:
        """The form whose route and letter the case has."""
        return form_of(self.service, self.matter)


class NoSuchCase(LookupError):
    """There is no such case, or not for who asks: nobody learns which."""


def read(session: Session, world: World, case_id: int) -> OpenCase:
    """A case by key, for code that has asked `rights` already. Raises NoSuchCase."""
    row = session.get(Case, case_id)
    if row is None:
        raise NoSuchCase
    return opened(session, world, row)


def by_number(session: Session, world: World, number: str) -> OpenCase:
    """A case by its canonical number. Raises NoSuchCase."""
    row = session.scalars(select(Case).where(col(Case.number) == number)).first()
    if row is None:
        raise NoSuchCase
    return opened(session, world, row)


def own_by_number(session: Session, number: str, person: int) -> int | None:
    """The key of a person's own case by its number; None where it is not theirs, or does not exist."""
    return session.scalars(
        select(col(Case.id)).where(col(Case.number) == number, col(Case.person) == person)
    ).first()


def opened(session: Session, world: World, row: Case) -> OpenCase:
    """The case of a row, its state and present answers unsealed."""
    key = key_of(row)
    kept = session.get_one(CaseAnswers, (row.id, row.answers_version))
    service = world.services[row.service]
    return OpenCase(
        id=row.id or 0,
        number=row.number,
        service=row.service,
        matter=row.matter,
        person=row.person,
        unit=row.unit,
        filed_at=row.filed_at,
        answers_version=row.answers_version,
        state=load_case(key.unseal(row.state, b"state")),
        answers=load_form(service, json.loads(key.unseal(kept.body, b"answers"))),
        language=row.language,
    )


def answers_at(session: Session, world: World, case_id: int, version: int) -> Mapping[str, Any]:
    """The answers as they stood at an earlier version."""
    row = session.get_one(Case, case_id)
    kept = session.get_one(CaseAnswers, (case_id, version))
    return load_form(world.services[row.service], json.loads(key_of(row).unseal(kept.body, b"answers")))


def events(session: Session, case_id: int) -> list[Event]:
    """The events of a case, in order."""
    key = key_of(session.get_one(Case, case_id))
    rows = session.scalars(
        select(CaseEvent)
        .where(col(CaseEvent.case) == case_id, col(CaseEvent.seq) > FILED)
        .order_by(col(CaseEvent.seq))
    )
    return [load_event(key.unseal(row.body, b"event")) for row in rows]


def rebuilt(session: Session, case_id: int) -> CaseState:
    """The state as the record tells it: as it was filed, and each event since. Equals the one stored."""
    filed = session.get_one(CaseEvent, (case_id, FILED))
    key = key_of(session.get_one(Case, case_id))
    return rebuild(load_case(key.unseal(filed.body, b"event")), events(session, case_id))


def last_touched(session: Session, person: int) -> tuple[int, str] | None:
    """The case in which a person did something last, and the kind of that event; None: in none."""
    newest = (
        select(col(CaseEvent.case), col(CaseEvent.kind))
        .where(col(CaseEvent.by) == person)
        .order_by(col(CaseEvent.at).desc(), col(CaseEvent.seq).desc())
        .limit(1)
    )
    found = session.execute(newest).first()
    return (found[0], found[1]) if found is not None else None


def of_person(session: Session, world: World, person: int) -> list[OpenCase]:
    """The person's own cases, the newest first."""
    rows = session.scalars(select(Case).where(col(Case.person) == person).order_by(col(Case.id).desc()))
    return [opened(session, world, row) for row in rows if row.service in world.services]


def waiting_for(session: Session, roles: Any, limit: int = 50) -> list[int]:
    """Cases that wait for an officer with these (role, division) pairs, soonest due first."""
    found: dict[int, datetime | None] = {}
    for role, division in roles:
        wanted = select(col(Awaited.case), col(Awaited.due_at)).where(col(Awaited.role) == role.value)
        if division is not None:
            wanted = wanted.where((col(Awaited.division) == division.value) | col(Awaited.division).is_(None))
        for case, due_at in session.execute(wanted.order_by(col(Awaited.due_at)).limit(limit)):
            found.setdefault(case, due_at)
    return sorted(found, key=lambda case: (found[case] is None, found[case], case))[:limit]


def next_number(session: Session, year: int, prefix: str) -> tuple[int, str]:
    """The next serial of the year and the number people read aloud: SYFAO-2026-00042."""
    series = session.get(CaseSeries, year, with_for_update=True)
    if series is None:
        series = _begun(session, year)
    series.last += 1
    session.add(series)
    session.flush()
    return series.last, f"{prefix}-{year}-{series.last:05d}"


def chinese_number(number: str, prefix: str) -> str:
    """沈外办受〔2026〕00042号 for SYFAO-2026-00042."""
    _, year, serial = number.rsplit("-", 2)
    return f"{prefix}〔{year}〕{serial}号"


def keep_answers(session: Session, row: Case, answers: Mapping[str, Any], world: World, at: datetime) -> None:
    """Keep a new version of a case's answers: sealed whole, and spread over the tables of its form."""
    service = world.services[row.service]
    body = json.dumps(dump_form(service, answers), ensure_ascii=False).encode()
    session.add(
        CaseAnswers(
            case=row.id or 0, version=row.answers_version, body=key_of(row).seal(body, b"answers"), at=at
        )
    )
    _spread(session, row, answers)


def keep_filing(session: Session, row: Case, state: CaseState) -> None:
    """Keep how a case was filed, as the first line of its record."""
    session.add(
        CaseEvent(
            case=row.id or 0,
            seq=FILED,
            kind="filed",
            by=row.person,
            at=row.filed_at,
            answers_version=row.answers_version,
            body=key_of(row).seal(dump_case(state).encode(), b"event"),
        )
    )


def keep_state(
    session: Session, row: Case, state: CaseState, happened: tuple[Event, ...], world: World
) -> None:
    """Keep a case's state after events, with what waits for whom."""
    key = key_of(row)
    row.state = key.seal(dump_case(state).encode(), b"state")
    row.status, row.version = state.status.value, state.version
    row.changed_at = world.now
    row.due_at = stage_due(state, world.calendar) if state.status in AT_A_STAGE else None
    row.look_at = next_due(state, world.calendar)
    session.add(row)
    for event in happened:
        session.add(
            CaseEvent(
                case=row.id or 0,
                seq=event.seq,
                kind=event.kind.value,
                by=event.by,
                acting_for=event.acting_for,
                at=event.at,
                answers_version=row.answers_version,
                body=key.seal(dump_event(event).encode(), b"event"),
            )
        )
    session.execute(delete(Awaited).where(col(Awaited.case) == row.id))
    for act in open_acts(state):
        session.add(
            Awaited(
                case=row.id or 0,
                role=act.role.value,
                division=act.division.value if act.division else None,
                due_at=row.due_at,
            )
        )
    session.flush()


def record(
    session: Session, row: Case, what: str, *, by: int, at: datetime, acting_for: int | None = None
) -> None:
    """Enter what was done to a case, or looked at in it, into the audit trail, with the state as it stands.

    Call it last, after `keep_state`: see `audit.record`.
    """
    audit.record(
        session,
        what,
        at=at,
        by=by,
        acting_for=acting_for,
        case=row.id,
        version=row.version,
        digest=key_of(row).digest(row.state),
    )


def key_of(row: Case) -> CaseKey:
    """The case's key. Raises NoSuchCase where it was wiped."""
    if row.key is None or row.salt is None:
        raise NoSuchCase
    return secrets.keys().case_key(WrappedKey(row.key, row.salt))


def files_within(session: Session, case_id: int) -> list[str]:
    """Digests of the files that any version of a case's answers names."""
    key = key_of(session.get_one(Case, case_id))
    kept = session.scalars(select(CaseAnswers).where(col(CaseAnswers.case) == case_id))
    return [digest for one in kept for digest in digests_within(json.loads(key.unseal(one.body, b"answers")))]


def _spread(session: Session, row: Case, answers: Mapping[str, Any]) -> None:
    """Answers into the columns of the case and of its service's or matter's table."""
    for question_field in Implied.model_fields:
        setattr(row, question_field, answers.get(question_field))
    tables: list[tuple[type[Any], Mapping[str, Any]]] = [(form_of(row.service), answers)]
    if row.matter is not None:
        tables.append((form_of(row.service, row.matter), answers.get(row.matter) or {}))
    for table, values in tables:
        kept = session.get(table, row.id) or table(case_id=row.id)
        for question in questions_of(table):
            setattr(kept, question.attribute, values.get(question.field))
        session.add(kept)
    session.add(row)
    session.flush()


def _begun(session: Session, year: int) -> CaseSeries:
    """The year's series, begun by whoever comes first; two at once wait for each other on the primary key."""
    insert = postgresql.insert if session.connection().dialect.name == "postgresql" else sqlite.insert
    session.execute(insert(CaseSeries).values(year=year, last=0).on_conflict_do_nothing())
    return session.get_one(CaseSeries, year, with_for_update=True, populate_existing=True)
