"""People: who is known to the bot, their language and consent, and for whom they may apply."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Column, Connection, select, text
from sqlmodel import Field, SQLModel, UniqueConstraint, col

from storage.columns import UtcDateTime
from storage.forms import Audience
from storage.secrets import Sealed

if TYPE_CHECKING:
    from sqlmodel import Session

CONSENT_VERSION = 1
"""Raised when the privacy notice changes in a way that people must agree to anew."""


class Person(SQLModel, table=True):
    """Anyone known to the bot. Bound to one Telegram account; officers are people with roles."""

    __tablename__ = "people"

    id: int | None = Field(default=None, primary_key=True)
    telegram_id: int = Field(sa_column=Column(BigInteger, unique=True, nullable=False))
    language: str
    """One of `locales.LANGUAGES`."""
    name: str | None = None
    """An officer's name as the office wrote it on the invitation; applicants give theirs in a case."""
    met_at: datetime = Field(sa_type=UtcDateTime)
    consent_version: int | None = None
    consent_language: str | None = None
    consent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    blocked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When Telegram said that the person blocked the bot; cleared by their next message."""
    suspended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When an officer left or was stopped: no right from this moment on."""
    present_draft: int | None = None
    """The draft whose question the person's next message answers."""
    profile: dict[str, Any] | None = Field(default=None, sa_type=Sealed(dict[str, Any]))
    """JSON answers that the person may take again, by the profile's field names."""

    def __repr_args__(self) -> Any:
        """The key alone: everything else is personal."""
        yield "id", self.id

    @property
    def agreed(self) -> bool:
        """Whether the person agreed to the present privacy notice."""
        return self.consent_version is not None and self.consent_version >= CONSENT_VERSION


class PersonAudience(SQLModel, table=True):
    """For whom a person may apply; grants visibility, never approval power."""

    __tablename__ = "person_audiences"
    __table_args__ = (UniqueConstraint("person", "audience"),)

    id: int | None = Field(default=None, primary_key=True)
    person: int = Field(foreign_key="people.id", index=True)
    audience: str
    unit: str | None = None
    """The bureau or host that the office bound to the invite code."""


@dataclass(frozen=True)
class Me:
    """Who speaks, as the hot path reads it in one query."""

    id: int
    telegram_id: int
    language: str
    agreed: bool
    present_draft: int | None = None
    audiences: frozenset[str] = frozenset()
    unit: str | None = None
    blocked: bool = False
    suspended: bool = False
    is_officer: bool = False
    is_saying: bool = False
    """A verdict of theirs waits for words."""
    sealed_profile: bytes | None = field(default=None, repr=False)

    @property
    def profile(self) -> Mapping[str, Any]:
        """Earlier answers by the profile's field names, as JSON values."""
        return _PROFILE.process_result_value(self.sealed_profile, _ANY_DIALECT) or {}


def who(connection: Connection, telegram_id: int) -> Me | None:
    """The person behind a Telegram account, with their audiences, in one round trip; None: never met."""
    rows = connection.execute(_WHO, {"telegram_id": telegram_id}).all()
    if not rows:
        return None
    first = rows[0]
    return Me(
        id=first.id,
        telegram_id=telegram_id,
        language=first.language,
        agreed=(first.consent_version or 0) >= CONSENT_VERSION,
        present_draft=first.present_draft,
        audiences=frozenset(row.audience for row in rows if row.audience),
        unit=next((row.unit for row in rows if row.unit), None),
        blocked=first.blocked_at is not None,
        suspended=first.suspended_at is not None,
        is_officer=bool(first.is_officer),
        is_saying=bool(first.is_saying),
        sealed_profile=first.profile,
    )


_WHO = text(
    "SELECT p.id, p.language, p.consent_version, p.present_draft, p.blocked_at, p.suspended_at, p.profile,"
    " a.audience, a.unit, EXISTS (SELECT 1 FROM officer_roles r WHERE r.person = p.id) AS is_officer,"
    " EXISTS (SELECT 1 FROM pending_reviews w WHERE w.person = p.id) AS is_saying"
    " FROM people p LEFT JOIN person_audiences a ON a.person = p.id WHERE p.telegram_id = :telegram_id"
)
_PROFILE = Sealed(dict[str, Any])
_ANY_DIALECT: Any = None


def meet(session: Session, telegram_id: int, language: str, at: datetime) -> Person:
    """The person behind a Telegram account; made on their first message, unblocked by any message."""
    person = by_telegram(session, telegram_id)
    if person is None:
        person = Person(telegram_id=telegram_id, language=language, met_at=at)
        session.add(person)
        session.flush()
    if person.blocked_at is not None:
        person.blocked_at = None
        session.add(person)
    return person


def by_telegram(session: Session, telegram_id: int) -> Person | None:
    return session.scalars(select(Person).where(col(Person.telegram_id) == telegram_id)).first()


def get(session: Session, person_id: int) -> Person:
    """A person by id, who must exist."""
    return session.get_one(Person, person_id)


def choose_language(session: Session, person_id: int, language: str) -> Person:
    person = get(session, person_id)
    person.language = language
    session.add(person)
    return person


def agree(session: Session, person_id: int, at: datetime) -> Person:
    """Record the person's consent to the present privacy notice, in the language in which they read it."""
    person = get(session, person_id)
    person.consent_version, person.consent_language, person.consent_at = CONSENT_VERSION, person.language, at
    session.add(person)
    return person


def mark_blocked(session: Session, telegram_id: int, at: datetime | None) -> None:
    """Note that the person blocked the bot, or (None) that they no longer do."""
    person = by_telegram(session, telegram_id)
    if person is not None:
        person.blocked_at = at
        session.add(person)


def go_to_draft(session: Session, person_id: int, draft: int | None) -> None:
    """Say which draft the person's next message answers; None: none."""
    person = get(session, person_id)
    person.present_draft = draft
    session.add(person)


def remember(session: Session, person_id: int, answers: Mapping[str, Any]) -> None:
    """Keep JSON answers in the person's profile, beside what is there. Only with consent."""
    person = get(session, person_id)
    if person.agreed:
        person.profile = {**(person.profile or {}), **answers}
        session.add(person)


def audiences_of(session: Session, person_id: int) -> frozenset[Audience]:
    rows = session.scalars(select(PersonAudience).where(col(PersonAudience.person) == person_id))
    return frozenset(Audience(row.audience) for row in rows)


def unit_of(session: Session, person_id: int) -> str | None:
    """The bureau or host for which the person applies, as the office wrote it on the invite code."""
    rows = session.scalars(select(PersonAudience).where(col(PersonAudience.person) == person_id))
    return next((row.unit for row in rows if row.unit), None)


def join(session: Session, person_id: int, audience: Audience, unit: str | None) -> None:
    """Let a person apply for an audience; once, whatever is tapped twice."""
    existing = session.scalars(
        select(PersonAudience).where(
            col(PersonAudience.person) == person_id, col(PersonAudience.audience) == audience.value
        )
    ).first()
    row = existing or PersonAudience(person=person_id, audience=audience.value)
    row.unit = unit or row.unit
    session.add(row)
