"""Which updates were handled, and which could not be: an effect once, nobody held up by a poisonous one."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, Column, bindparam, delete, text
from sqlmodel import Field, SQLModel, col

from storage.columns import UtcDateTime

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlmodel import Session

KEPT = timedelta(hours=24)
"""How long Telegram repeats an update (Bot API, Getting updates). Ids may jump, so no maximum is kept."""


class Redelivered(Exception):  # not an error: the effect is there already
    """This update's effect is committed already. `update_id` is Telegram's."""

    def __init__(self, update_id: int) -> None:
        super().__init__(update_id)
        self.update_id = update_id


class HandledUpdate(SQLModel, table=True):
    """The mark of an update whose effect is committed, written in the transaction of that effect."""

    __tablename__ = "handled_updates"

    update_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    at: datetime = Field(sa_type=UtcDateTime, index=True)


class PoisonUpdate(SQLModel, table=True):
    """An update that failed each time, without its content: its kind, and the type of the error."""

    __tablename__ = "poison_updates"

    update_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    kind: str
    error: str
    at: datetime = Field(sa_type=UtcDateTime)


def mark(connection: Connection, update_id: int, at: datetime) -> None:
    """Mark an update as handled, in the transaction of its effect. Raises Redelivered if it was."""
    if connection.execute(_MARK, {"update_id": update_id, "at": at}).rowcount == 0:
        raise Redelivered(update_id)


def handled(connection: Connection, update_id: int) -> bool:
    """Whether an update's effect is committed."""
    return connection.execute(_FIND, {"update_id": update_id}).first() is not None


def record_poison(session: Session, update_id: int, kind: str, error: str, at: datetime) -> None:
    """Record an update that failed each time. `kind` is its type, `error` the error's class; no content."""
    session.merge(PoisonUpdate(update_id=update_id, kind=kind, error=error, at=at))


def forget(session: Session, now: datetime) -> int:
    """Drop marks that no redelivery can ask for; returns how many."""
    old = delete(HandledUpdate).where(col(HandledUpdate.at) < now - KEPT)
    return session.connection().execute(old).rowcount


_MARK = text(
    "INSERT INTO handled_updates (update_id, at) VALUES (:update_id, :at) ON CONFLICT DO NOTHING"
).bindparams(bindparam("at", type_=UtcDateTime()))
_FIND = text("SELECT 1 FROM handled_updates WHERE update_id = :update_id")
