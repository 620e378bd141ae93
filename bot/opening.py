"""What the bot tells Telegram at its start: webhook or none, and the decoration, which never stops it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

import structlog
from aiogram import Bot
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.types import BotCommand

from bot.intake import ALLOWED
from bot.settings import SettingsError, TokenRefused, Webhook


@dataclass(frozen=True, slots=True)
class Words:
    """What Telegram shows about the bot in one language; commands by name. Empty: left as it is."""

    commands: Mapping[str, str] = field(default_factory=dict)
    description: str = ""
    """At most 512 characters, shown in an empty chat (Bot API, setMyDescription)."""
    short_description: str = ""
    """At most 120 characters, shown on the profile (Bot API, setMyShortDescription)."""


@dataclass(frozen=True, slots=True)
class Greeting:
    """Words by two-letter language code; the empty code is for everybody else."""

    words: Mapping[str, Words] = field(default_factory=dict)


class Opening:
    """The calls of the start. What must succeed is tried until it does; what only decorates is tried a few times."""

    def __init__(self, bot: Bot, keep_name: Callable[[str], Awaitable[object]] | None = None) -> None:
        """`keep_name` stores the bot's user name, so that commands can print links without asking Telegram."""
        self._bot = bot
        self._keep_name = keep_name
        self.name = ""
        """The bot's user name, once Telegram told it."""
        self.hooked = False

    async def hook(self, webhook: Webhook) -> None:
        """Ask for updates by webhook. Raises TokenRefused; SettingsError for an address that is refused."""
        try:
            await self._until_done(
                lambda: self._bot.set_webhook(
                    webhook.url,
                    secret_token=webhook.secret,
                    allowed_updates=list(ALLOWED),
                    max_connections=40,
                )
            )
        except TelegramBadRequest as error:
            raise SettingsError("BOT_WEBHOOK_URL", f"Telegram refuses it: {error.message}") from error
        self.hooked = True

    async def unhook(self) -> None:
        """End a webhook that an earlier run left, or getUpdates meets 409. Raises TokenRefused."""
        await self._until_done(lambda: self._bot.delete_webhook(drop_pending_updates=False))

    async def greet(self, greeting: Greeting) -> None:
        """Learn the bot's name and set its commands and descriptions; a failure is logged and let be."""
        await self._decorate(self._learn_name)
        for code, words in greeting.words.items():
            await self._decorate(lambda code=code, words=words: self._dress(code, words))  # type: ignore[misc]

    async def _learn_name(self) -> object:
        self.name = (await self._bot.me()).username or ""
        if self._keep_name is not None:
            await self._keep_name(self.name)
        return self.name

    async def _dress(self, code: str, words: Words) -> object:
        if words.commands:
            commands = [
                BotCommand(command=name, description=text[:256]) for name, text in words.commands.items()
            ]
            await self._bot.set_my_commands(commands, language_code=code or None)
        if words.description:
            await self._bot.set_my_description(words.description[:512], language_code=code or None)
        if words.short_description:
            await self._bot.set_my_short_description(
                words.short_description[:120], language_code=code or None
            )
        return None

    async def _until_done(self, call: Callable[[], Awaitable[object]]) -> None:
        pause = 1.0
        while True:
            try:
                await call()
                return
            except (TelegramUnauthorizedError, TelegramNotFound) as error:
                raise TokenRefused from error
            except TelegramBadRequest:
                raise
            except Exception as error:
                _log.warning("start_unanswered", error=type(error).__name__, again_in=pause)
                await asyncio.sleep(max(pause, _told(error)))
            pause = min(pause * 2, 30.0)

    async def _decorate(self, call: Callable[[], Awaitable[object]]) -> None:
        for attempt in range(1, 4):
            try:
                await call()
                return
            except Exception as error:
                _log.info("decoration_failed", error=type(error).__name__, attempt=attempt)
                await asyncio.sleep(max(attempt, _told(error)))


def _told(error: Exception) -> float:
    return float(error.retry_after) if isinstance(error, TelegramRetryAfter) else 0.0


_log = structlog.get_logger()
