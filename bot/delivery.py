"""The line by which the bot speaks unasked: python-telegram-bot behind our own even pace. Its only importer."""

from __future__ import annotations

import asyncio
import math
import re
import warnings
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from telegram import InputFile, InputMediaDocument, InputMediaPhoto
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)
from telegram.ext import BaseRateLimiter, ExtBot
from telegram.request import HTTPXRequest
from telegram.warnings import PTBDeprecationWarning

from bot.pacing import Pace
from handlers.calls import Call, Upload
from handlers.pause import Pause
from handlers.refusals import Refusal, refusal
from handlers.speaker import Loader

CONNECTIONS = 32
SHORT = 5.0
"""Seconds of a pause that a call waits out in the pacer; for a longer one its row goes back into the outbox."""


class ToldToWait(Exception):  # outcomes, not faults
    """429: nothing may be sent for `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Unanswered(Exception):
    """A server error or no answer: it may have been heard. `error` names what happened."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


class Moved(Exception):
    """The group became a supergroup with the id `chat`."""

    def __init__(self, chat: int) -> None:
        super().__init__(chat)
        self.chat = chat


class Refused(Exception):
    """Telegram refused the call; `meaning` says what is to be done."""

    def __init__(self, meaning: Refusal) -> None:
        super().__init__(meaning.value)
        self.meaning = meaning


@dataclass(frozen=True, slots=True)
class Urgency:
    """What `rate_limit_args` carries: lower goes first. An object, for ExtBot drops what is falsy."""

    level: int


class Limiter(BaseRateLimiter[Urgency]):
    """Our pace behind python-telegram-bot's interface; a 429 silences everything of this bot."""

    __slots__ = ("_pace", "_pause")

    def __init__(self, pace: Pace, pause: Pause) -> None:
        self._pace = pace
        self._pause = pause

    async def initialize(self) -> None:
        """Nothing to do: the pace starts with the first call."""

    async def shutdown(self) -> None:
        """Give no more turns."""
        await self._pace.close()

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Urgency | None,
    ) -> Any:
        """Wait for this call's turn and make it, once. Raises RetryAfter, also for a long pause in force."""
        if self._pause.left > SHORT:
            raise RetryAfter(math.ceil(self._pause.left))
        if "chat_id" in data:
            await self._pace.turn(int(data["chat_id"]), rate_limit_args.level if rate_limit_args else 0)
        try:
            return await callback(*args, **kwargs)
        except RetryAfter as told:
            self._pause.take(_seconds(told))
            raise


class Line:
    """Makes neutral calls through python-telegram-bot and says what came of them."""

    def __init__(
        self,
        token: str,
        *,
        pause: Pause,
        load: Loader,
        api_url: str | None = None,
        proxy: str | None = None,
        pace: Pace | None = None,
    ) -> None:
        """`api_url` without a slash at the end; `load` fetches a stored file by its digest."""
        server = api_url or "https://api.telegram.org"
        self._load = load
        self._bot: ExtBot[Urgency] = ExtBot(
            token,
            base_url=f"{server}/bot",
            base_file_url=f"{server}/file/bot",
            request=HTTPXRequest(
                connection_pool_size=CONNECTIONS,
                connect_timeout=10,
                read_timeout=20,
                write_timeout=20,
                media_write_timeout=60,
                pool_timeout=30,
                proxy=proxy,
                httpx_kwargs={"trust_env": False},  # the way out is BOT_PROXY alone, as it is for aiogram
            ),
            rate_limiter=Limiter(pace or Pace(pause), pause),
        )
        self._opening = asyncio.Lock()
        self._is_open = False

    async def call(self, call: Call, urgency: int = 0) -> Any:
        """Make a call; returns Telegram's result as JSON values, ids of messages made by `message_ids`.

        Raises ToldToWait, Unanswered, Moved, Refused.
        """
        try:
            await self._open()
            params = {name: await self._value(value) for name, value in call.params.items()}
            return await self._post(call.method, params, Urgency(urgency))
        except TelegramError as error:
            raise _outcome(error) from error

    async def close(self) -> None:
        """End the connections."""
        await self._bot.shutdown()

    async def _open(self) -> None:
        async with self._opening:
            if not self._is_open:
                await self._bot.initialize()
                self._is_open = True

    async def _post(self, method: str, params: dict[str, Any], urgency: Urgency) -> Any:
        name, wanted = _METHODS[method]
        required = {each: params.pop(each) for each in wanted}
        return await getattr(self._bot, name)(**required, api_kwargs=params, rate_limit_args=urgency)

    async def _value(self, value: Any) -> Any:
        if isinstance(value, Upload):
            return InputFile(await self._content(value), filename=value.name)
        if isinstance(value, tuple):
            return [await self._medium(dict(each)) for each in value]
        return value

    async def _medium(self, medium: dict[str, Any]) -> InputMediaDocument | InputMediaPhoto:
        upload, kind = medium.pop("media"), medium.pop("type")
        file = InputFile(await self._content(upload), filename=upload.name, attach=True)
        if kind == "photo":
            return InputMediaPhoto(file, **medium)
        return InputMediaDocument(file, **medium)

    async def _content(self, upload: Upload) -> bytes:
        return upload.content or b"" if upload.digest is None else await self._load(upload.digest)


def message_ids(result: Any) -> tuple[int, ...]:
    """The ids of the messages that a call made."""
    made = result if isinstance(result, (list, tuple)) else (result,)
    return tuple(each.message_id for each in made if hasattr(each, "message_id"))


_METHODS = {
    "sendMessage": ("send_message", ("chat_id", "text")),
    "sendDocument": ("send_document", ("chat_id", "document")),
    "sendPhoto": ("send_photo", ("chat_id", "photo")),
    "sendMediaGroup": ("send_media_group", ("chat_id", "media")),
    "editMessageText": ("edit_message_text", ("text",)),
    "deleteMessages": ("delete_messages", ("chat_id", "message_ids")),
    "copyMessage": ("copy_message", ("chat_id", "from_chat_id", "message_id")),
    "createForumTopic": ("create_forum_topic", ("chat_id", "name")),
    "reopenForumTopic": ("reopen_forum_topic", ("chat_id", "message_thread_id")),
}
"""Method -> its name in the library and the parameters that the library insists on; the rest are passed on as
they are (api_kwargs)."""


def _outcome(error: TelegramError) -> Exception:
    """A named outcome for an error of the library; BadRequest is a NetworkError there, so it comes first."""
    if isinstance(error, RetryAfter):
        return ToldToWait(_seconds(error))
    if isinstance(error, ChatMigrated):
        return Moved(error.new_chat_id)
    for kind, status in _STATUS.items():
        if isinstance(error, kind):
            return Refused(refusal(status, error.message))
    if _TOO_LARGE.search(error.message):
        return Refused(Refusal.TOO_LARGE)
    return Unanswered(type(error).__name__)


_STATUS: dict[type[TelegramError], int] = {
    BadRequest: 400,
    Forbidden: 403,
    InvalidToken: 401,
    EndPointNotFound: 404,
    Conflict: 409,
}
_TOO_LARGE = re.compile("request entity too large", re.IGNORECASE)


def _seconds(told: RetryAfter) -> float:
    with warnings.catch_warnings(action="ignore", category=PTBDeprecationWarning):
        wait = told.retry_after  # an int, or a timedelta under PTB_TIMEDELTA
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
