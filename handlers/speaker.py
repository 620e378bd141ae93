"""The one place that sends a Screen to the person who just spoke, through aiogram."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any

from aiogram import Bot
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.methods import (
    AnswerCallbackQuery,
    EditMessageText,
    SendDocument,
    SendMediaGroup,
    SendMessage,
    SendPhoto,
    TelegramMethod,
)
from aiogram.types import BufferedInputFile, CallbackQuery, Message

from handlers.calls import Call, Upload, is_editable, to_calls
from handlers.pause import Pause
from handlers.refusals import Refusal, refusal
from handlers.screens import Screen
from handlers.work import Work
from storage import outbox

Incoming = Message | CallbackQuery
"""What a person did: wrote a message, or tapped a button."""

Loader = Callable[[str], Awaitable[bytes]]
"""Loads a stored file by its digest."""

PATIENCE = 0.5
"""Seconds after which a tap is answered although its work goes on, so that the app stops its spinner."""

TEXT_WAIT, FILE_WAIT = 15, 60
"""Seconds to wait for Telegram's answer to a text, and to an upload, before the outbox takes over."""

_METHODS: Mapping[str, type[TelegramMethod[Any]]] = {
    "sendMessage": SendMessage,
    "editMessageText": EditMessageText,
    "sendDocument": SendDocument,
    "sendPhoto": SendPhoto,
    "sendMediaGroup": SendMediaGroup,
}


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an incoming thing came from: chat, forum topic, and the message that a tap stands on."""

    chat: int
    thread: int | None = None
    message: int | None = None

    @classmethod
    def of(cls, incoming: Incoming) -> Spot:
        """The place to answer in."""
        message = incoming.message if isinstance(incoming, CallbackQuery) else incoming
        if message is None:
            return cls(incoming.from_user.id if incoming.from_user else 0)
        tapped = message.message_id if isinstance(incoming, CallbackQuery) else None
        if not isinstance(message, Message):
            return cls(message.chat.id, message=tapped)
        has_text = message.text is not None
        thread = message.message_thread_id if message.is_topic_message else None
        return cls(message.chat.id, thread, tapped if has_text else None)


class Speaker:
    """Answers one update. Given to every handler, and its `show` as well.

    A reply that meets 429, a server error or no answer becomes an outbox row, and while rows of its chat wait
    there, replies queue behind them: order per chat is one.
    """

    def __init__(self, bot: Bot, work: Work, load: Loader, pause: Pause | None = None) -> None:
        """`load` fetches a stored file; `pause` is shared with delivery, for a 429 silences both."""
        self._pause = pause
        self._bot = bot
        self._work = work
        self._load = load
        self._answered: set[str] = set()

    async def show(self, incoming: Incoming, screen: Screen) -> tuple[int, ...]:
        """Show a screen: a tap edits its message in place, a text gets a new one. Returns the messages' ids.

        Empty if it waits in the outbox or the person blocked the bot. Raises TelegramBadRequest for a screen
        that Telegram refuses: a fault of ours.
        """
        spot = Spot.of(incoming)
        shown = self._show(spot, screen)
        if not isinstance(incoming, CallbackQuery):
            return await shown
        ids, _ = await asyncio.gather(shown, self.answer(incoming))
        return ids

    async def say(self, incoming: Incoming, screen: Screen) -> tuple[int, ...]:
        """Send a screen as a new message; the one that was tapped stays as it is."""
        return await self._show(replace(Spot.of(incoming), message=None), screen)

    async def answer(self, query: CallbackQuery, text: str = "", *, alert: bool = False) -> None:
        """Answer a tap, once: later calls do nothing, and a tap too old to be answered is let be."""
        if query.id in self._answered:
            return
        self._answered.add(query.id)
        with suppress(Exception):  # it only ends a spinner: whatever fails, the effect stands
            await self._bot(
                AnswerCallbackQuery(
                    callback_query_id=query.id, text=text[:200] or None, show_alert=alert or None
                )
            )

    @asynccontextmanager
    async def attending(self, incoming: object) -> AsyncIterator[None]:
        """While a tap is worked on, see that it is answered: after half a second, or at the end."""
        if not isinstance(incoming, CallbackQuery):
            yield
            return
        impatient = asyncio.create_task(self._answer_later(incoming))
        try:
            yield
        finally:
            impatient.cancel()
            await self.answer(incoming)

    async def _answer_later(self, query: CallbackQuery) -> None:
        await asyncio.sleep(PATIENCE)
        await self.answer(query)

    async def _show(self, spot: Spot, screen: Screen) -> tuple[int, ...]:
        if (self._pause and self._pause.left) or await self._work.behind():
            await self._queue(spot, screen)
            return ()
        try:
            return await self._send(spot, screen)
        except TelegramForbiddenError:
            return ()  # blocked in this very moment: my_chat_member tells of it
        except TelegramMigrateToChat as moved:
            spot = Spot(moved.migrate_to_chat_id)
        except _Unanswered:
            pass
        await self._queue(spot, screen)
        return ()

    async def _send(self, spot: Spot, screen: Screen) -> tuple[int, ...]:
        """Send all calls of a screen; mended where Telegram says how (see `Refusal`)."""
        made: list[int] = []
        for call in to_calls(screen, spot.chat, thread=spot.thread, edit=spot.message):
            try:
                made += _ids(await self._call(call))
            except TelegramBadRequest as error:
                match refusal(400, error.message):
                    case Refusal.NOT_MODIFIED if spot.message:
                        made.append(spot.message)
                    case Refusal.MESSAGE_GONE if spot.message:
                        return await self._send(replace(spot, message=None), screen)
                    case Refusal.THREAD_GONE | Refusal.TOPIC_CLOSED if spot.thread:
                        return await self._send(Spot(spot.chat), screen)
                    case Refusal.UNFIT_PICTURE if any(each.picture for each in screen.attachments):
                        return await self._send(spot, screen.as_documents())
                    case _:
                        raise
        return tuple(made)

    async def _call(self, call: Call) -> Any:
        values = {name: await self._value(value) for name, value in call.params.items()}
        method = _METHODS[call.method].model_validate(values)
        try:
            return await self._bot(method, request_timeout=FILE_WAIT if call.uploads else TEXT_WAIT)
        except _REFUSED:
            raise
        except TelegramRetryAfter as told:
            if self._pause is not None:
                self._pause.take(told.retry_after)
            raise _Unanswered from told
        except Exception as error:  # aiogram lets errors of aiohttp, of proxies and of its decoder through
            raise _Unanswered from error

    async def _value(self, value: Any) -> Any:
        if isinstance(value, Upload):
            content = value.content if value.digest is None else await self._load(value.digest)
            return BufferedInputFile(content or b"", value.name)
        if isinstance(value, tuple):
            return [{name: await self._value(part) for name, part in each.items()} for each in value]
        return value

    async def _queue(self, spot: Spot, screen: Screen) -> None:
        edits = spot.message is not None and is_editable(screen)
        await self._work.later(
            chat=spot.chat,
            thread=spot.thread,
            call=outbox.Call.EDIT if edits else outbox.Call.SEND,
            message_id=spot.message if edits else None,
            screen=screen.pack(),
        )


class _Unanswered(Exception):  # an outcome, not a fault
    """429, a server error, or no answer: the call waits, and may have been heard."""


_REFUSED = (
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNotFound,
    TelegramUnauthorizedError,
    TelegramEntityTooLarge,
)


def _ids(result: Any) -> list[int]:
    if isinstance(result, Message):
        return [result.message_id]
    return [message.message_id for message in result] if isinstance(result, list) else []
