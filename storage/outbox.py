"""The outbox: calls to Telegram that nobody waits for, kept until delivered; afterwards, their ledger.

A row is posted in the transaction of the effect that it tells of. Delivery claims rows, makes the call outside
of any transaction, and writes the outcome. A chat's rows go out in order: only its first undone row is claimed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Column, Index, LargeBinary
from sqlmodel import Field, SQLModel

from storage.columns import EnumText, Json, UtcDateTime

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlmodel import Session

_NOTHING: Mapping[str, Any] = {}


class Call(StrEnum):
    """What a row asks of Telegram."""

    SEND = "send"
    EDIT = "edit"
    DELETE = "delete"
    COPY = "copy"
    TOPIC = "topic"


class Priority(IntEnum):
    """Lower goes first: between chats, and within one."""

    URGENT = 0
    REPLY = 10
    NOTICE = 20
    REMINDER = 30
    ANNOUNCEMENT = 40


class State(StrEnum):
    """Where a row stands. HELD ones wait for a person who blocked the bot or never pressed Start."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Notice:
    """A row to be posted.

    `key` names the row for ever: posting it twice does nothing ("case:42:7:submitted:9"). Either `event` with
    `values` (JSON), worded when it is sent, in the language that `reader` (a person's id) then has; or a
    finished `screen` (`Screen.pack()`). COPY takes `values` from_chat_id and message_id, TOPIC takes name.
    EDIT changes `message_id`, or else the newest message for (`case`, `reader`), or else sends a new one;
    DELETE takes either too. `due_at` None is at once; what is not sent by `expires_at` never is.
    """

    key: str
    chat: int
    event: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    call: Call = Call.SEND
    screen: Mapping[str, Any] | None = None
    thread: int | None = None
    message_id: int | None = None
    case: int | None = None
    reader: int | None = None
    version: int | None = None
    priority: Priority = Priority.NOTICE
    due_at: datetime | None = None
    expires_at: datetime | None = None


def post(session: Session, notice: Notice, now: datetime) -> bool:
    """Put a notice into the outbox, in the caller's transaction. False if its key is there already."""
    raise NotImplementedError


def waits(connection: Connection, chat: int, now: datetime) -> bool:
    """Whether rows of this chat are due and undone, so that a reply must queue behind them."""
    raise NotImplementedError


def posted(session: Session) -> bool:
    """Whether this session posted rows, so that its caller wakes delivery after the commit."""
    return bool(session.info.get(_POSTED))


_POSTED = "outbox_posted"
