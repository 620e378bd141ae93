"""Polling whose offset advances only past updates that are finished: what is lost on the way comes again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import structlog
from aiogram import Bot
from aiogram.exceptions import (
    TelegramConflictError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.methods import TelegramMethod

from bot.intake import ALLOWED, Intake
from bot.settings import TokenRefused

LONG = 25
"""Seconds that Telegram holds an empty getUpdates; it clamps to 50."""
BATCH = 100
LOOK = 0.2
"""Seconds after which new updates are looked for although older ones are still in hand."""
GRACE = 20.0
"""Seconds beyond LONG before a getUpdates counts as unanswered."""


class GetRawUpdates(TelegramMethod[list[dict[str, Any]]]):
    """getUpdates as JSON: one update that the library can't read must not cost its whole batch."""

    __returning__ = list[dict[str, Any]]
    __api_method__ = "getUpdates"

    offset: int | None = None
    limit: int = BATCH
    timeout: int = LONG
    allowed_updates: tuple[str, ...] = ALLOWED


class Polling:
    """Fetches updates and hands them to the intake, until it is stopped."""

    def __init__(self, bot: Bot, intake: Intake, sleep: Callable[[float], Any] = asyncio.sleep) -> None:
        self._bot = bot
        self._intake = intake
        self._sleep = sleep
        self._offset: int | None = None
        self._in_hand: dict[int, asyncio.Task[None]] = {}
        self._stopping = asyncio.Event()
        self.running = False

    async def run(self) -> None:
        """Poll until `stop`. Raises TokenRefused."""
        self.running = True
        pause = 1.0
        try:
            while not self._stopping.is_set():
                try:
                    raws = await self._until_stopped(self._fetch())
                except (TelegramUnauthorizedError, TelegramNotFound) as error:
                    raise TokenRefused from error
                except Exception as error:
                    self._say(error, pause)
                    told = error.retry_after if isinstance(error, TelegramRetryAfter) else 0
                    await self._until_stopped(self._sleep(max(pause, told)))
                    pause = min(pause * 2, 30.0)
                    continue
                pause = 1.0
                self._begin(raws or [])
                await self._progress()
        finally:
            self.running = False

    def stop(self) -> None:
        """Fetch no more."""
        self._stopping.set()

    async def confirm(self) -> None:
        """Tell Telegram what is finished, after the last update in hand has ended."""
        self._advance()
        if self._offset is not None:
            with suppress(Exception):  # it would only come again
                await self._bot(GetRawUpdates(offset=self._offset, limit=1, timeout=0), request_timeout=3)

    async def _fetch(self) -> list[dict[str, Any]]:
        method = GetRawUpdates(offset=self._offset)
        return await self._bot(method, request_timeout=int(LONG + GRACE))

    def _begin(self, raws: list[dict[str, Any]]) -> None:
        for raw in raws:
            update_id = int(raw["update_id"])
            if update_id not in self._in_hand:
                self._in_hand[update_id] = self._intake.begin(raw)

    async def _progress(self) -> None:
        """Wait for the updates in hand, though not long: others may have come meanwhile."""
        if self._in_hand:
            await self._until_stopped(asyncio.wait(self._in_hand.values(), timeout=LOOK))
        self._advance()

    def _advance(self) -> None:
        """Move the offset past every update that is finished, up to the first that is not."""
        for update_id in sorted(self._in_hand):
            task = self._in_hand[update_id]
            if not task.done():
                break
            del self._in_hand[update_id]
            if task.cancelled() or task.exception() is not None:
                break  # not acknowledged: the next getUpdates brings it again
            self._offset = update_id + 1

    async def _until_stopped(self, waited: Any) -> Any:
        """What is waited for, or None as soon as `stop` is called."""
        task = asyncio.ensure_future(waited)
        stopping = asyncio.ensure_future(self._stopping.wait())
        try:
            await asyncio.wait([task, stopping], return_when=asyncio.FIRST_COMPLETED)
            return task.result() if task.done() else None
        finally:
            for each in (task, stopping):
                each.cancel()
            await asyncio.gather(task, stopping, return_exceptions=True)

    def _say(self, error: Exception, pause: float) -> None:
        if isinstance(error, TelegramConflictError):
            _log.warning("another_poller", hint="only one process may poll with this token", again_in=pause)
        else:
            _log.warning("polling_unanswered", error=type(error).__name__, again_in=pause)


_log = structlog.get_logger()
