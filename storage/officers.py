"""Officers: people who act for the office, their roles by division, and the invitations that bind them."""

from __future__ import annotations

import hashlib
import secrets as tokens
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import Field, SQLModel, UniqueConstraint, col

from storage import people
from storage.approval import Division, Role
from storage.columns import UtcDateTime
from storage.forms import Audience
from storage.people import Person

if TYPE_CHECKING:
    from sqlmodel import Session

INVITATION_LASTS = timedelta(days=7)


class OfficerRole(SQLModel, table=True):
    """One role of an officer; division None where the role spans the office."""

    __tablename__ = "officer_roles"
    __table_args__ = (UniqueConstraint("person", "role", "division"),)

    id: int | None = Field(default=None, primary_key=True)
    person: int = Field(foreign_key="people.id", index=True)
    role: str
    division: str | None = None


class Invitation(SQLModel, table=True):
    """A one-time link that binds a Telegram account to a role, or to an audience and its unit."""

    __tablename__ = "invitations"

    code_hash: str = Field(primary_key=True)
    """SHA-256 of the code: who reads the table can't use it."""
    role: str | None = None
    division: str | None = None
    audience: str | None = None
    unit: str | None = None
    name: str | None = None
    expires_at: datetime = Field(sa_type=UtcDateTime)
    used_by: int | None = Field(default=None, foreign_key="people.id")


@dataclass(frozen=True)
class Officer:
    """An officer as the rules see them: who, and in which roles."""

    person: int
    name: str
    language: str
    telegram_id: int
    roles: frozenset[tuple[Role, Division | None]]


class UnusableCode(Exception):  # what happened, in the glossary's words
    """The invitation does not exist, was used, or has lapsed."""


def invite_officer(session: Session, role: Role, division: Division | None, name: str, at: datetime) -> str:
    """A one-time code for `?start=staff_<code>`; only its hash is stored."""
    code = tokens.token_hex(12)
    session.add(
        Invitation(
            code_hash=_hash(code),
            role=role.value,
            division=division.value if division else None,
            name=name,
            expires_at=at + INVITATION_LASTS,
        )
    )
    return code


def invite_unit(session: Session, audience: Audience, unit: str, at: datetime) -> str:
    """A one-time code for `?start=unit_<code>`."""
    code = tokens.token_hex(12)
    session.add(
        Invitation(
            code_hash=_hash(code), audience=audience.value, unit=unit, expires_at=at + INVITATION_LASTS
        )
    )
    return code


def redeem(session: Session, code: str, person_id: int, at: datetime) -> Invitation:
    """Bind the person to what the code was made for. The same person may tap twice. Raises UnusableCode."""
    invitation = session.get(Invitation, _hash(code), with_for_update=True)
    if invitation is None or invitation.expires_at < at or invitation.used_by not in (None, person_id):
        raise UnusableCode
    if invitation.used_by is None:
        invitation.used_by = person_id
        session.add(invitation)
        _bind(session, invitation, person_id)
    return invitation


def appoint(
    session: Session, person_id: int, role: Role, division: Division | None, name: str | None = None
) -> None:
    """Give a person a role; once, whatever is done twice."""
    person = people.get(session, person_id)
    person.name = name or person.name
    person.suspended_at = None
    session.add(person)
    known = session.scalars(select(OfficerRole).where(col(OfficerRole.person) == person_id))
    wanted = (role.value, division.value if division else None)
    if all((row.role, row.division) != wanted for row in known):
        session.add(OfficerRole(person=person_id, role=wanted[0], division=wanted[1]))
        session.flush()


def suspend(session: Session, person_id: int, at: datetime) -> None:
    """Take every right from an officer from this moment on; what they did stays theirs."""
    person = people.get(session, person_id)
    person.suspended_at = at
    session.add(person)


def officer(session: Session, person_id: int) -> Officer | None:
    """The officer that a person is, None if they are none or suspended."""
    person = session.get(Person, person_id)
    if person is None or person.suspended_at is not None:
        return None
    roles = session.scalars(select(OfficerRole).where(col(OfficerRole.person) == person_id)).all()
    return _officer(person, list(roles)) if roles else None


def officers(session: Session, role: Role, division: Division | None = None) -> list[Officer]:
    """All who now hold a role; in the division, or over the whole office where they have none."""
    wanted = select(col(OfficerRole.person)).where(col(OfficerRole.role) == role.value)
    if division is not None:
        wanted = wanted.where(
            (col(OfficerRole.division) == division.value) | col(OfficerRole.division).is_(None)
        )
    found = (officer(session, person_id) for person_id in sorted(set(session.scalars(wanted))))
    return [one for one in found if one is not None]


def everyone(session: Session) -> list[tuple[Person, list[OfficerRole]]]:
    """All officers with their roles, suspended ones too; for the administrator's list."""
    rows = session.scalars(select(OfficerRole).order_by(col(OfficerRole.person))).all()
    by_person: dict[int, list[OfficerRole]] = {}
    for row in rows:
        by_person.setdefault(row.person, []).append(row)
    return [(people.get(session, person_id), roles) for person_id, roles in by_person.items()]


def _bind(session: Session, invitation: Invitation, person_id: int) -> None:
    if invitation.role is not None:
        division = Division(invitation.division) if invitation.division else None
        appoint(session, person_id, Role(invitation.role), division, invitation.name)
    if invitation.audience is not None:
        people.join(session, person_id, Audience(invitation.audience), invitation.unit)


def _officer(person: Person, roles: list[OfficerRole]) -> Officer:
    return Officer(
        person=person.id or 0,
        name=person.name or "",
        language=person.language,
        telegram_id=person.telegram_id,
        roles=frozenset((Role(row.role), Division(row.division) if row.division else None) for row in roles),
    )


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
