"""What delivery does with outbox rows: claims them in order, and writes what became of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, exists, func, or_, select, update
from sqlalchemy.orm import aliased
from sqlmodel import col

from storage.outbox import Call, OutboxRow, State, unseal
from storage.secrets import SecretsError

if TYPE_CHECKING:
    from sqlmodel import Session

LEASE = timedelta(seconds=30)
"""How long a worker may hold a row without renewing; afterwards, as it may have died, anybody repeats it."""
LEDGER_KEPT = timedelta(days=400)
"""How long sent rows are kept: they say which message shows which case."""


@dataclass(frozen=True, slots=True)
class Due:
    """A claimed row, ready to be worded and sent. `screen` is there for a finished reply."""

    id: int
    key: str
    chat: int
    call: Call
    event: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict, repr=False)
    screen: Mapping[str, Any] | None = field(default=None, repr=False)
    thread: int | None = None
    message_id: int | None = None
    case: int | None = None
    reader: int | None = None
    version: int | None = None
    priority: int = 0
    attempts: int = 1
    posted_at: datetime | None = None


def claim(session: Session, n: int, now: datetime, worker: str) -> tuple[Due, ...]:
    """Take up to `n` rows that are due, most urgent first, the oldest undone one of each chat only.

    Other replicas skip them until the lease ends (FOR UPDATE SKIP LOCKED on PostgreSQL).
    """
    _claimed(session, col(OutboxRow.claimed_until) < now, _UNCLAIMED)  # their worker died: outcome unknown
    rows = session.scalars(
        select(OutboxRow)
        .where(_is_due(OutboxRow, now), col(OutboxRow.retry_at) <= now, ~_waits_for_another(now))
        .order_by(col(OutboxRow.priority), col(OutboxRow.id))
        .limit(n)
        .with_for_update(skip_locked=True)
    ).all()
    claimed = []
    for row in rows:
        row.attempts += 1
        if row.expires_at is not None and row.expires_at <= now:
            _end(row, State.FAILED, now, error="expired")
        elif (due := _due(row)) is None:
            _end(row, State.FAILED, now, error="sealed_under_another_key")
        else:
            row.state, row.claimed_by, row.claimed_until = State.CLAIMED, worker, now + LEASE
            claimed.append(due)
    session.flush()
    return tuple(claimed)


def renew(session: Session, now: datetime, worker: str) -> None:
    """This worker lives, and is still at the rows that it claimed."""
    _claimed(session, col(OutboxRow.claimed_by) == worker, {"claimed_until": now + LEASE})


def take_back(session: Session, worker: str) -> None:
    """Rows claimed by any other worker wait again: for a database that only one process delivers from."""
    _claimed(session, col(OutboxRow.claimed_by) != worker, _UNCLAIMED)


def sent(
    session: Session, row_id: int, messages: Sequence[int], now: datetime, *, thread: int | None = None
) -> None:
    """The call was made; `messages` are the ids that it made, `thread` the topic that it opened or fell into."""
    row = session.get_one(OutboxRow, row_id)
    row.messages = tuple(messages) or None
    row.thread = thread or row.thread
    _end(row, State.SENT, now)


def retry(session: Session, row_id: int, at: datetime, error: str) -> None:
    """The call was not made, or nobody knows: again at this time; later rows of the chat wait."""
    row = session.get_one(OutboxRow, row_id)
    row.state, row.retry_at, row.error = State.WAITING, at, error
    row.claimed_by = row.claimed_until = None


def failed(session: Session, row_id: int, error: str, now: datetime) -> None:
    """The call can never be made."""
    _end(session.get_one(OutboxRow, row_id), State.FAILED, now, error=error)


def hold(session: Session, row_id: int, error: str, now: datetime) -> None:
    """Nothing reaches this person now: keep the row, and those due behind it, until they come back."""
    row = session.get_one(OutboxRow, row_id)
    row.claimed_by = row.claimed_until = None
    row.state, row.error = State.HELD, error
    session.flush()
    session.execute(
        update(OutboxRow)
        .where(col(OutboxRow.chat) == row.chat, _is_due(OutboxRow, now))
        .values(state=State.HELD, error=error)
    )


def move(session: Session, chat: int, to: int) -> None:
    """A group became a supergroup with another id: what is undone goes there."""
    undone = [State.WAITING, State.CLAIMED, State.HELD]
    session.execute(
        update(OutboxRow).where(col(OutboxRow.chat) == chat, col(OutboxRow.state).in_(undone)).values(chat=to)
    )


def rethread(session: Session, chat: int, thread: int, to: int | None) -> None:
    """A topic was deleted and another opened in its place (None: General)."""
    undone = [State.WAITING, State.CLAIMED, State.HELD]
    session.execute(
        update(OutboxRow)
        .where(
            col(OutboxRow.chat) == chat,
            col(OutboxRow.thread) == thread,
            col(OutboxRow.state).in_(undone),
        )
        .values(thread=to)
    )


def topic_of(session: Session, chat: int, case: int) -> int | None:
    """The topic that a TOPIC row opened for a case in a group."""
    return session.scalars(
        select(col(OutboxRow.thread))
        .where(
            col(OutboxRow.chat) == chat,
            col(OutboxRow.case) == case,
            col(OutboxRow.call) == Call.TOPIC,
            col(OutboxRow.state) == State.SENT,
        )
        .order_by(col(OutboxRow.id).desc())
        .limit(1)
    ).first()


def counts(session: Session) -> dict[State, int]:
    """How many rows stand in each state."""
    rows = session.execute(select(col(OutboxRow.state), func.count()).group_by(col(OutboxRow.state)))
    return {state: int(number) for state, number in rows}


def forget(session: Session, now: datetime) -> int:
    """Drop old rows of the ledger; returns how many."""
    old = delete(OutboxRow).where(
        col(OutboxRow.state).in_([State.SENT, State.FAILED]), col(OutboxRow.done_at) < now - LEDGER_KEPT
    )
    return session.connection().execute(old).rowcount


def _claimed(session: Session, which: Any, values: dict[str, Any]) -> None:
    claimed = col(OutboxRow.state) == State.CLAIMED
    session.execute(update(OutboxRow).where(claimed, which).values(**values))


def _is_due(row: Any, now: datetime) -> Any:
    return and_(col(row.state) == State.WAITING, col(row.due_at) <= now)


def _waits_for_another(now: datetime) -> Any:
    """Whether an earlier row of the same chat is due, or another is being sent."""
    other = aliased(OutboxRow)
    earlier = or_(
        col(other.priority) < col(OutboxRow.priority),
        and_(col(other.priority) == col(OutboxRow.priority), col(other.id) < col(OutboxRow.id)),
    )
    return exists().where(
        col(other.chat) == col(OutboxRow.chat),
        or_(col(other.state) == State.CLAIMED, and_(_is_due(other, now), earlier)),
    )


def _due(row: OutboxRow) -> Due | None:
    try:
        body = unseal(row.key, row.body)
    except SecretsError:
        return None
    return Due(
        id=row.id or 0,
        key=row.key,
        chat=row.chat,
        call=row.call,
        event=row.event,
        values=body.get("values", {}),
        screen=body.get("screen"),
        thread=row.thread,
        message_id=row.message_id,
        case=row.case,
        reader=row.reader,
        version=row.version,
        priority=row.priority,
        attempts=row.attempts,
        posted_at=row.posted_at,
    )


def _end(row: OutboxRow, state: State, now: datetime, error: str | None = None) -> None:
    row.state, row.done_at, row.error = state, now, error
    row.body = row.claimed_by = row.claimed_until = None


_UNCLAIMED = {"state": State.WAITING, "claimed_by": None, "claimed_until": None}
