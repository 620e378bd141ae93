"""What an officer is about to say and has not finished: a reason to type, fields to name. One at a time."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict
from sqlmodel import Field, SQLModel

from storage.columns import UtcDateTime
from storage.secrets import Sealed

if TYPE_CHECKING:
    from sqlmodel import Session


class Saying(BaseModel):
    """The parts of a verdict said so far, against the version that was seen."""

    model_config = ConfigDict(frozen=True)

    case: int
    seen: int
    kind: str
    wants: str = ""
    """The part that is asked now: reason, text, until, body, remark; empty: nothing to type."""
    reason: str = ""
    text: str = ""
    until: str = ""
    body: str = ""
    fields: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    """One for each of `fields`, in their order, as far as they were given."""


class PendingReview(SQLModel, table=True):
    """An officer's unfinished verdict; sealed, for reasons and remarks name people."""

    __tablename__ = "pending_reviews"

    person: int = Field(primary_key=True, foreign_key="people.id")
    saying: Saying = Field(sa_type=Sealed(Saying))
    at: datetime = Field(sa_type=UtcDateTime)

    def __repr_args__(self) -> Any:
        """The key alone."""
        yield "person", self.person


def keep(session: Session, person: int, saying: Saying, at: datetime) -> None:
    """Keep what an officer has said so far; it replaces an earlier one."""
    row = session.get(PendingReview, person) or PendingReview(person=person, saying=saying, at=at)
    row.saying, row.at = saying, at
    session.add(row)


def of(session: Session, person: int) -> Saying | None:
    """What the officer is in the middle of saying."""
    row = session.get(PendingReview, person)
    return row.saying if row is not None else None


def drop(session: Session, person: int) -> None:
    """The officer said it, or thought better of it."""
    row = session.get(PendingReview, person)
    if row is not None:
        session.delete(row)
