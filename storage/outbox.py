"""The outbox: calls to Telegram that nobody waits for, kept until delivered; afterwards, their ledger.

A row is posted in the transaction of the effect that it tells of. What delivery does with rows stands in
`storage/dispatch.py`. A chat's rows go out in order, and replies queue behind them while any is due.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Connection, Index, LargeBinary, bindparam, delete, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, SQLModel, col

from storage import secrets
from storage.columns import EnumText, Json, UtcDateTime

if TYPE_CHECKING:
    from sqlmodel import Session


class Call(StrEnum):
    """What a row asks of Telegram."""

    SEND = "send"
    EDIT = "edit"
    DELETE = "delete"
    COPY = "copy"
    TOPIC = "topic"


class Priority(IntEnum):
    """Lower goes first: between chats, and within one. Replies that have to wait are as urgent as notices."""

    URGENT = 0
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


class OutboxRow(SQLModel, table=True):
    """A call to Telegram and what became of it. The body is sealed, and dropped once it is sent."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_turn", "state", "priority", "id"),
        Index("ix_outbox_chat", "chat", "state", "priority", "id"),
        Index("ix_outbox_card", "case", "reader", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    chat: int = Field(sa_type=BigInteger)
    thread: int | None = None
    call: Call = Field(sa_type=EnumText(Call))
    event: str | None = None
    body: bytes | None = Field(default=None, sa_type=LargeBinary)
    message_id: int | None = None
    case: int | None = None
    reader: int | None = None
    version: int | None = None
    priority: int = Priority.NOTICE
    posted_at: datetime = Field(sa_type=UtcDateTime)
    due_at: datetime = Field(sa_type=UtcDateTime)
    retry_at: datetime = Field(sa_type=UtcDateTime)
    """Not before this time after a failed attempt; unlike `due_at` it keeps later rows of the chat waiting."""
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    state: State = Field(default=State.WAITING, sa_type=EnumText(State))
    attempts: int = 0
    claimed_by: str | None = None
    claimed_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    messages: tuple[int, ...] | None = Field(default=None, sa_type=Json(tuple[int, ...]))
    """The ids of the messages that it made; the last one is the one to edit."""
    error: str | None = None
    """The name of the last refusal or fault; never a text."""
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    def __repr_args__(self) -> Any:
        """The key alone."""
        yield "key", self.key


@dataclass(frozen=True, slots=True)
class Shown:
    """A message that shows a case to a reader, at the version that it was drawn for."""

    chat: int
    message_id: int
    version: int | None


@dataclass(frozen=True, slots=True)
class Standing:
    """What a chat's rows mean for a reply: `waits`, it queues behind them; `held`, they are to be released."""

    waits: bool
    held: bool


def post(database: Session | Connection, notice: Notice, now: datetime) -> bool:
    """Put a notice into the outbox, in the caller's transaction. False if its key is there already."""
    due_at = notice.due_at or now
    row = {
        **_columns(notice),
        "posted_at": now,
        "due_at": due_at,
        "retry_at": due_at,
        "state": State.WAITING,
        "attempts": 0,
    }
    return _insert(database, row)


def post_reply(session: Session, notice: Notice, now: datetime) -> bool:
    """Put a reply that has to wait into the outbox; an edit takes the place of one of the same message.

    So who taps on while Telegram is slow gets the last screen, not each one before it, a second apart.
    """
    if notice.call is Call.EDIT and notice.message_id is not None:
        session.execute(
            delete(OutboxRow).where(
                col(OutboxRow.chat) == notice.chat,
                col(OutboxRow.state) == State.WAITING,
                col(OutboxRow.call) == Call.EDIT,
                col(OutboxRow.message_id) == notice.message_id,
                col(OutboxRow.event).is_(None),
            )
        )
    return post(session, notice, now)


def remember(session: Session, event: str, case: int, reader: int, shown: Shown, now: datetime) -> None:
    """Note a card that a reply showed, so that it is redrawn like those that delivery made from `event`."""
    notice = Notice(
        f"shown:{shown.chat}:{shown.message_id}:{case}:{shown.version}",
        shown.chat,
        event=event,
        case=case,
        reader=reader,
        version=shown.version,
    )
    row = {
        **_columns(notice),
        "body": None,
        "posted_at": now,
        "due_at": now,
        "retry_at": now,
        "done_at": now,
        "state": State.SENT,
        "attempts": 1,
        "messages": (shown.message_id,),
    }
    _insert(session, row)


def shown_to(session: Session, case: int, reader: int) -> Shown | None:
    """The newest message that shows a case to a reader, if any was made and not deleted since."""
    row = session.scalars(
        select(OutboxRow)
        .where(
            col(OutboxRow.case) == case,
            col(OutboxRow.reader) == reader,
            col(OutboxRow.state) == State.SENT,
            col(OutboxRow.call).in_([Call.SEND, Call.EDIT, Call.DELETE]),
            col(OutboxRow.messages).is_not(None),
        )
        .order_by(col(OutboxRow.id).desc())
        .limit(1)
    ).first()
    if row is None or not row.messages or row.call is Call.DELETE:
        return None
    return Shown(row.chat, row.messages[-1], row.version)


def is_posted_since(session: Session, event: str, case: int, reader: int, version: int) -> bool:
    """Whether the reader is told the same of a case at a later version."""
    later = select(col(OutboxRow.id)).where(
        col(OutboxRow.case) == case,
        col(OutboxRow.reader) == reader,
        col(OutboxRow.event) == event,
        col(OutboxRow.version) > version,
    )
    return session.scalars(later.limit(1)).first() is not None


def standing(connection: Connection, chat: int, now: datetime) -> Standing:
    """How a chat's undone rows stand at this moment; reminders, announcements and deletions keep no reply waiting."""
    states = set(connection.execute(_STANDING, {"chat": chat, "now": now}).scalars())
    return Standing(waits=bool(states - {State.HELD.value}), held=State.HELD.value in states)


def release(connection: Connection, chat: int, now: datetime) -> None:
    """Let what was held for a chat go out: the person is back."""
    connection.execute(_RELEASE, {"chat": chat, "now": now})


def posted(database: Session | Connection) -> bool:
    """Whether rows were posted since this was asked last, so that the caller wakes delivery after the commit."""
    return bool(database.info.pop(_POSTED, False))


def is_posted(connection: Connection, key: str) -> bool:
    """Whether a row of this key was ever posted."""
    return connection.execute(_BY_KEY, {"key": key}).first() is not None


def seal(key: str, body: Mapping[str, Any]) -> bytes:
    """A row's values and screen as they are stored; bound to its key."""
    return secrets.keys().seal(json.dumps(body, ensure_ascii=False).encode(), _context(key))


def unseal(key: str, body: bytes | None) -> Mapping[str, Any]:
    """What `seal` sealed. Raises storage.secrets.SecretsError."""
    if body is None:
        return {}
    opened: Mapping[str, Any] = json.loads(secrets.keys().unseal(body, _context(key)))
    return opened


def _columns(notice: Notice) -> dict[str, Any]:
    same = ("key", "chat", "event", "call", "thread", "message_id", "case", "reader", "version", "expires_at")
    body: dict[str, Any] = {"values": dict(notice.values)}
    if notice.screen is not None:
        body["screen"] = notice.screen
    return {
        **{name: getattr(notice, name) for name in same},
        "priority": int(notice.priority),
        "body": seal(notice.key, body),
    }


def _insert(database: Session | Connection, row: Mapping[str, Any]) -> bool:
    connection = database if isinstance(database, Connection) else database.connection()
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(OutboxRow).values(**row).on_conflict_do_nothing(index_elements=["key"])
    is_new = connection.execute(statement.returning(col(OutboxRow.id))).first() is not None
    if is_new:
        database.info[_POSTED] = True
    return is_new


def _context(key: str) -> bytes:
    return b"outbox:" + key.encode()


_POSTED = "outbox_posted"
_NOW = bindparam("now", type_=UtcDateTime())
_BY_KEY = text("SELECT 1 FROM outbox WHERE key = :key")
_STANDING = text(
    "SELECT DISTINCT state FROM outbox WHERE chat = :chat AND (state = 'held' OR priority <= 20 AND call <> 'delete'"
    " AND (state = 'claimed' OR (state = 'waiting' AND due_at <= :now)))"
).bindparams(_NOW)
_RELEASE = text(
    "UPDATE outbox SET state = 'waiting', retry_at = :now WHERE chat = :chat AND state = 'held'"
).bindparams(_NOW)
