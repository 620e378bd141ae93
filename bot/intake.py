"""How updates come in, by polling and by webhook: order kept per chat, acknowledged after the effect is committed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import structlog
from aiogram import Bot, Dispatcher
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message, Update, User
from aiogram.types.update import UpdateTypeLookupError
from pydantic import ValidationError

from bot.lanes import Lanes
from bot.metrics import Metrics
from handlers.pause import Pause
from handlers.screens import Screen
from handlers.speaker import Incoming, Loader, Speaker
from handlers.work import Work
from locales import N_, translate
from storage import outbox, updates
from storage.database import DatabaseError

if TYPE_CHECKING:
    from sqlmodel import Session

    from storage.database import Database

ALLOWED = ("message", "edited_message", "callback_query", "my_chat_member", "chat_member")
"""The kinds of update that are asked for (Bot API, getUpdates, allowed_updates)."""
TRIES = 3
"""Tries of an update before it is recorded as poisonous."""
LONGEST = 150.0
"""Seconds that one try may take."""
PARALLEL = 32
"""Chats worked on side by side."""
CROWD = 1000
"""Updates in hand beyond which a webhook is told to come again."""

SORRY = N_("Something went wrong here with what you just sent. All before it is kept. Please send it again.")
SORRY_FOR_A_TAP = N_("Something went wrong here with that button. Nothing is lost. Please tap it again.")

Present = Callable[[Incoming, Speaker, Work], Awaitable[object]]
"""Shows a person the screen they are at: what a redelivered update gets."""


class Unavailable(Exception):
    """The update can't be kept now; it must come again. The database is away, or too much is in hand."""


@dataclass(frozen=True, slots=True)
class Hooks:
    """What intake asks of the office's rules.

    `blocked` is told, in a transaction, that the person of a private chat blocked the bot (when), or came back
    (None). `language` says in which language a person reads.
    """

    present: Present
    blocked: Callable[[Session, int, datetime | None], object] = lambda *_: None
    language: Callable[[Session, int, str | None], str] = lambda *_: "en"


class Intake:
    """Takes raw updates, one path for polling and webhook."""

    def __init__(
        self,
        bot: Bot,
        dispatcher: Dispatcher,
        database: Database,
        now: Callable[[], datetime],
        hooks: Hooks,
        *,
        load: Loader,
        pause: Pause | None = None,
        wake: Callable[[], None] = lambda: None,
        metrics: Metrics | None = None,
        parallel: int = PARALLEL,
    ) -> None:
        """`wake` tells delivery that a commit brought rows."""
        self._bot = bot
        self._dispatcher = dispatcher
        self._database = database
        self._now = now
        self._hooks = hooks
        self._load = load
        self._pause = pause
        self._wake = wake
        self._metrics = metrics or Metrics()
        self._lanes = Lanes(parallel)

    def begin(self, raw: Mapping[str, Any]) -> asyncio.Task[None]:
        """Start on an update from polling, after those of its chat; ends when it may be acknowledged.

        While the database is away it is tried again and again, for it can't be given back.
        """
        return self._lanes.start(lane(raw), self._patiently(raw))

    async def take(self, raw: Mapping[str, Any]) -> None:
        """Take an update from the webhook; returns when it may be acknowledged. Raises Unavailable."""
        if len(self._lanes) >= CROWD:
            raise Unavailable
        try:
            await asyncio.shield(self._lanes.start(lane(raw), self._handle(raw)))
        except DatabaseError as error:
            raise Unavailable from error

    async def stop(self, within: float) -> None:
        """Let the updates in hand end, for so many seconds; the rest is delivered again by Telegram."""
        await self._lanes.empty(within)

    async def _patiently(self, raw: Mapping[str, Any]) -> None:
        pause = 0.2
        while True:
            try:
                return await self._handle(raw)
            except DatabaseError as error:
                _log.warning("update_waits_for_database", error=type(error).__name__)
            await asyncio.sleep(pause)
            pause = min(pause * 2, 10.0)

    async def _handle(self, raw: Mapping[str, Any]) -> None:
        """Work on an update until it is handled, or is recorded as poisonous. Raises DatabaseError."""
        try:
            update = Update.model_validate(raw, context={"bot": self._bot})
            kind = update.event_type
        except (ValidationError, UpdateTypeLookupError) as error:
            return await self._record(int(raw.get("update_id", 0)), "unreadable", error)
        for attempt in range(1, TRIES + 1):
            try:
                return await asyncio.wait_for(self._once(update, lane(raw)), LONGEST)
            except DatabaseError:
                raise
            except Exception as error:
                _log.warning("update_failed", kind=kind, error=type(error).__name__, attempt=attempt)
                if attempt == TRIES:
                    await self._record(update.update_id, kind, error)
                    await self._apologise(update, lane(raw))
                else:
                    await asyncio.sleep(0.1 * 2**attempt)
        return None

    async def _once(self, update: Update, chat: int) -> None:
        event = update.event
        await self._note_membership(event)
        work, speaker = self._voices(update, chat)
        async with speaker.attending(event):
            try:
                await self._dispatcher.feed_update(
                    self._bot, update, work=work, speaker=speaker, show=speaker.show
                )
                outcome = "handled"
            except updates.Redelivered:
                outcome = "redelivered"
                if isinstance(event, (Message, CallbackQuery)):
                    await self._hooks.present(event, speaker, work)
        self._metrics.updates.labels(outcome).inc()

    def _voices(self, update: Update, chat: int) -> tuple[Work, Speaker]:
        work = Work(self._database, update.update_id, chat, self._now(), self._wake)
        return work, Speaker(self._bot, work, self._load, self._pause)

    async def _note_membership(self, event: object) -> None:
        """A person blocked the bot, or came back (Update, my_chat_member)."""
        if not isinstance(event, ChatMemberUpdated) or event.chat.type != "private":
            return
        if event.new_chat_member.user.id != self._bot.id:
            return
        at = self._now() if event.new_chat_member.status == "kicked" else None
        await self._database.work(self._membership, event.chat.id, at)
        self._wake()

    def _membership(self, session: Session, chat: int, blocked_at: datetime | None) -> None:
        self._hooks.blocked(session, chat, blocked_at)
        if blocked_at is None:
            outbox.release(session.connection(), chat, self._now())

    async def _apologise(self, update: Update, chat: int) -> None:
        event = update.event
        if isinstance(event, (Message, CallbackQuery)):
            _, speaker = self._voices(update, chat)
            with suppress(Exception):  # it failed three times already; nobody is held up for this sentence
                told = SORRY if isinstance(event, Message) else SORRY_FOR_A_TAP
                await speaker.say(event, Screen(translate(told, await self._language(event.from_user))))

    async def _record(self, update_id: int, kind: str, error: Exception) -> None:
        self._metrics.updates.labels("poisonous").inc()
        _log.error("update_poisonous", kind=kind, error=type(error).__name__)
        await self._database.work(updates.record_poison, update_id, kind, type(error).__name__, self._now())

    async def _language(self, user: User | None) -> str:
        if user is None:
            return "en"
        return await self._database.read(self._hooks.language, user.id, user.language_code)


def lane(raw: Mapping[str, Any]) -> int:
    """The chat of a raw update, within which order is kept; the person's id, where it names no chat."""
    for value in raw.values():
        if isinstance(value, Mapping):
            message = value.get("message")
            chat = (message if isinstance(message, Mapping) else value).get("chat")
            found = chat if isinstance(chat, Mapping) else value.get("from")
            if isinstance(found, Mapping) and "id" in found:
                return int(found["id"])
    return int(raw.get("update_id", 0))


_log = structlog.get_logger()
