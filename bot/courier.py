"""Delivery as a status machine: rows of the outbox are claimed, worded, sent, and what came of each is written.

No transaction is open during a network call. A row whose outcome nobody knows is repeated: at least once.
"""

from __future__ import annotations

import asyncio
import os
import random
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import structlog

from bot.calling import Caller, Worder
from bot.delivery import Line, Moved, Refused, ToldToWait, Unanswered
from bot.metrics import Metrics
from bot.settings import TokenRefused
from handlers.pause import Pause
from handlers.refusals import Refusal
from storage import dispatch
from storage.database import DatabaseError

if TYPE_CHECKING:
    from sqlmodel import Session

    from storage.database import Database
    from storage.dispatch import Due

WINDOW = 30
"""Rows in hand at once, most of them waiting for their turn in the pace."""
GLANCE = 1.0
"""Seconds after which delivery looks for rows of other processes, which can't wake it."""
OUR_TRIES = 3
"""Tries of a row that fails by a fault of ours."""
LONGEST = 60.0
"""Seconds between tries while Telegram does not answer."""


@dataclass(frozen=True, slots=True)
class Told:
    """Whom delivery tells what it learned, each in the transaction of the row's outcome."""

    blocked: Callable[[Session, int, datetime], object] = lambda *_: None
    """A private chat whose person blocked the bot or deleted the account."""
    removed: Callable[[Session, int, datetime], object] = lambda *_: None
    """A group that the bot is not in any more."""
    topic: Callable[[Session, Due], str | None] = lambda *_: None
    """The name of the topic to open where a row's topic was deleted; None: it goes to General."""


class Courier:
    """Delivers the outbox until it is stopped."""

    def __init__(
        self,
        database: Database,
        line: Line,
        word: Worder,
        now: Callable[[], datetime],
        pause: Pause,
        *,
        told: Told | None = None,
        metrics: Metrics | None = None,
    ) -> None:
        self._database = database
        self._line = line
        self._caller = Caller(database, line, word)
        self._now = now
        self._pause = pause
        self._told = told or Told()
        self._metrics = metrics or Metrics()
        self._worker = f"{os.getpid()}-{secrets.token_hex(4)}"
        self._awake = asyncio.Event()
        self._in_hand: dict[int, asyncio.Task[None]] = {}
        self._rest = Pause()
        self._renewed = now()
        self._silences = 0
        """Calls without an answer since the last answer; while there are any, one row at a time probes the line."""
        self._token_refused = False
        self._stopping = False
        self.running = False

    def wake(self) -> None:
        """Look for rows now: a commit brought some."""
        self._awake.set()

    async def run(self) -> None:
        """Deliver until `stop`. Raises TokenRefused."""
        self.running = True
        if self._database.dialect == "sqlite":
            await self._database.work(dispatch.take_back, self._worker)
        try:
            while not self._stopping:
                self._awake.clear()
                await self._renew()
                if await self._take() and not self._is_full():
                    continue  # there may be more
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._awake.wait(), GLANCE)
                if self._token_refused:
                    raise TokenRefused
        finally:
            self.running = False

    async def stop(self, within: float = 5.0) -> None:
        """Take no more rows and let those in hand end; what does not is repeated after the next start."""
        self._stopping = True
        self.wake()
        tasks = list(self._in_hand.values())
        if tasks:
            await asyncio.wait(tasks, timeout=within)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._line.close()

    async def drain(self) -> None:
        """Deliver what is due now and wait until it is done: for commands and tests."""
        while await self._take() or self._in_hand:
            if self._in_hand:
                await asyncio.wait(self._in_hand.values(), return_when=asyncio.FIRST_COMPLETED)

    async def _take(self) -> bool:
        """Claim as many rows as the window allows and start on them; whether there were any."""
        room = (1 if self._silences else WINDOW) - len(self._in_hand)
        if room <= 0 or self._pause.left or self._rest.left:
            return False
        try:
            rows = await self._database.work(dispatch.claim, room, self._now(), self._worker)
        except DatabaseError as error:
            _log.warning("outbox_unreachable", error=type(error).__name__)
            return False
        for due in rows:
            if due.id not in self._in_hand:  # else its lease ended because the clock was moved
                task = asyncio.create_task(self._deliver(due))
                self._in_hand[due.id] = task
                task.add_done_callback(partial(self._done, due.id))
        return bool(rows)

    async def _renew(self) -> None:
        """Keep the rows in hand, whose turn may come late."""
        now = self._now()
        if self._in_hand and abs(now - self._renewed) > dispatch.LEASE / 3:
            self._renewed = now
            with suppress(DatabaseError):
                await self._database.work(dispatch.renew, now, self._worker)

    def _is_full(self) -> bool:
        return len(self._in_hand) >= (1 if self._silences else WINDOW)

    def _done(self, row_id: int, task: asyncio.Task[None]) -> None:
        self._in_hand.pop(row_id, None)
        if not task.cancelled() and (error := task.exception()):
            # The outcome could not be written: the lease ends, and the row is repeated.
            _log.error("delivery_unwritten", error=type(error).__name__)
        self.wake()

    async def _deliver(self, due: Due) -> None:
        try:
            messages, thread = await self._caller.make(due)
        except ToldToWait as told:
            await self._retry(due, told.seconds, "told_to_wait")
        except Unanswered as unanswered:
            self._silences += 1
            self._rest.take(_growing(self._silences))
            await self._retry(due, _growing(due.attempts), unanswered.error)
        except Moved as moved:
            await self._moved(due, moved.chat)
        except Refused as refused:
            self._silences = 0
            await self._refused(due, refused.meaning)
        except DatabaseError as error:
            await self._retry(due, _growing(due.attempts), type(error).__name__)
        except Exception as error:
            await self._our_fault(due, type(error).__name__)
        else:
            self._silences = 0
            self._count("sent")
            await self._database.work(dispatch.sent, due.id, messages, self._now(), thread=thread)

    async def _refused(self, due: Due, meaning: Refusal) -> None:
        """Telegram said no: every named meaning has its own consequence; all others are faults of ours."""
        match meaning:
            case Refusal.NOT_MODIFIED | Refusal.NOTHING_TO_DELETE:
                self._count("sent")
                messages = (due.message_id,) if due.message_id else ()
                await self._database.work(dispatch.sent, due.id, messages, self._now())
            case Refusal.BLOCKED | Refusal.NOT_STARTED:
                self._count("held")
                await self._database.work(self._hold, due, meaning, self._now())
            case Refusal.DEACTIVATED | Refusal.REMOVED:
                self._count("failed")
                await self._database.work(self._gone, due, meaning, self._now())
            case Refusal.THREAD_GONE | Refusal.TOPIC_CLOSED if due.thread and due.attempts <= OUR_TRIES:
                await self._mend_topic(due, due.thread, meaning)
            case Refusal.UNAUTHORIZED:
                self._token_refused = True
                await self._retry(due, LONGEST, meaning.value)
            case _:
                await self._fail(due, meaning.value)

    def _hold(self, session: Session, due: Due, meaning: Refusal, now: datetime) -> None:
        dispatch.hold(session, due.id, meaning.value, now)
        if meaning is Refusal.BLOCKED:
            self._told.blocked(session, due.chat, now)

    def _gone(self, session: Session, due: Due, meaning: Refusal, now: datetime) -> None:
        dispatch.failed(session, due.id, meaning.value, now)
        tell = self._told.blocked if meaning is Refusal.DEACTIVATED else self._told.removed
        tell(session, due.chat, now)

    async def _mend_topic(self, due: Due, thread: int, meaning: Refusal) -> None:
        try:
            if meaning is Refusal.TOPIC_CLOSED:
                await self._caller.call(
                    "reopenForumTopic", {"chat_id": due.chat, "message_thread_id": thread}, due
                )
            else:
                name = await self._database.read(self._told.topic, due)
                opened = (
                    await self._caller.call(
                        "createForumTopic", {"chat_id": due.chat, "name": name[:128]}, due
                    )
                    if name
                    else None
                )
                to = opened.message_thread_id if opened else None
                await self._database.work(dispatch.rethread, due.chat, thread, to)
        except (ToldToWait, Unanswered, Moved, Refused) as error:
            await self._retry(due, _growing(due.attempts), type(error).__name__)
        else:
            await self._retry(due, 0, meaning.value)

    async def _moved(self, due: Due, to: int) -> None:
        self._count("moved")
        await self._database.work(dispatch.move, due.chat, to)
        await self._retry(due, 0, "moved")

    async def _our_fault(self, due: Due, error: str) -> None:
        if due.attempts >= OUR_TRIES:
            await self._fail(due, error)
        else:
            await self._retry(due, _growing(due.attempts), error)

    async def _fail(self, due: Due, error: str) -> None:
        self._count("failed")
        _log.error("delivery_failed", call=due.call.value, notice=due.event, error=error)
        await self._database.work(dispatch.failed, due.id, error, self._now())

    async def _retry(self, due: Due, seconds: float, error: str) -> None:
        self._count("retried")
        _log.info("delivery_again", call=due.call.value, notice=due.event, error=error, attempts=due.attempts)
        await self._database.work(dispatch.retry, due.id, self._now() + timedelta(seconds=seconds), error)

    def _count(self, outcome: str) -> None:
        self._metrics.deliveries.labels(outcome).inc()


def _growing(attempts: int) -> float:
    """Seconds to the next try: 1, 2, 4 … 60, spread a little."""
    return min(LONGEST, 2.0 ** min(attempts - 1, 10)) * random.uniform(0.8, 1.2)  # noqa: S311  # no secret


_log = structlog.get_logger()
