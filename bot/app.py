"""The composition root: builds the running bot from settings, runs it, and ends it cleanly."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import structlog
from aiogram import Bot, Dispatcher, Router
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import PRODUCTION, TelegramAPIServer
from sqlalchemy import text

from bot.calling import Worder
from bot.clock import Clock, Errand, Job, Ticker
from bot.courier import Courier, Told
from bot.delivery import Line
from bot.intake import Hooks, Intake
from bot.metrics import Metrics
from bot.opening import Greeting, Opening
from bot.polling import Polling
from bot.settings import Settings, SettingsError
from bot.web import Verify, Web, pages
from handlers.pause import Pause
from storage import account, dispatch, secrets, updates
from storage.database import Database
from storage.files import Files

WINDOW = 10.0
"""Seconds within which work in hand ends after SIGINT or SIGTERM (interfaces.md)."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What the floors below stand on: the parts that the composition root made."""

    settings: Settings
    database: Database
    clock: Clock
    files: Files
    bot: Bot
    opening: Opening
    """Knows the bot's user name once Telegram told it."""

    async def download(self, file_id: str) -> bytes:
        """Fetch a file from Telegram, at most 20 MB (Bot API, getFile)."""
        found = await self.bot.download(file_id)
        return b"" if found is None else found.read()


@dataclass(frozen=True)
class House:
    """What the floors below give to the process: how it talks, what it words, what time makes due."""

    routers: Sequence[Router]
    hooks: Hooks
    word: Worder
    told: Told = field(default_factory=Told)
    due: Sequence[Job | Errand] = ()
    context: Mapping[str, Any] = field(default_factory=dict)
    """Keyword arguments of every handler, beside work, speaker, show and clock."""
    greeting: Greeting = field(default_factory=Greeting)
    verify: Verify | None = None


class App:
    """The running bot: intake, delivery, clock and web on one database, one clock, one event loop."""

    def __init__(
        self,
        settings: Settings,
        furnish: Callable[[Ground], House],
        *,
        clock: Clock | None = None,
        database: Database | None = None,
    ) -> None:
        """Build everything; nothing runs yet. Raises SettingsError, UnknownDatabase."""
        settings = settings.for_running()
        assert settings.token and settings.data_key  # noqa: S101  # for_running saw to it
        token = settings.token.get_secret_value()
        proxy = settings.proxy.get_secret_value() if settings.proxy else None
        secrets.use(secrets.Keys(settings.data_key.get_secret_value()))
        self.clock = clock or Clock()
        self.database = database or Database(settings.database)
        self.metrics = Metrics()
        self.files = Files(settings.data_dir / "files")
        self.bot = _bot(token, settings.api_url, proxy)
        self._webhook = settings.webhook
        self._pause = Pause()
        self.opening = Opening(self.bot, lambda name: self.database.work(account.keep_username, name))
        self.house = furnish(Ground(settings, self.database, self.clock, self.files, self.bot, self.opening))
        line = Line(token, pause=self._pause, load=self._load, api_url=settings.api_url, proxy=proxy)
        self.courier = Courier(
            self.database,
            line,
            self.house.word,
            self.clock.now,
            self._pause,
            told=self.house.told,
            metrics=self.metrics,
        )
        self.intake = Intake(
            self.bot,
            self._dispatcher(),
            self.database,
            self.clock.now,
            self.house.hooks,
            load=self._load,
            pause=self._pause,
            wake=self.courier.wake,
            metrics=self.metrics,
        )
        self.polling = Polling(self.bot, self.intake)
        due = (*self.house.due, *_UPKEEP)
        self.ticker = Ticker(self.database, self.clock, due, wake=self.courier.wake, metrics=self.metrics)
        self.clock.on_move(self.courier.wake)
        self.web = self._web(settings)
        self._stopping = asyncio.Event()
        self._greeting: list[asyncio.Task[None]] = []

    def stop(self) -> None:
        """End the run, cleanly."""
        self._stopping.set()

    async def run(self, *, signals: bool = True) -> None:
        """Run until `stop`, or SIGINT or SIGTERM with `signals`.

        Raises SettingsError where Telegram refuses token or webhook, OSError where the address is taken.
        """
        with _signals(self.stop, take=signals):
            parts: list[asyncio.Task[None]] = []
            try:
                if self.web is not None:
                    await self.web.start()
                parts = self._start()
                _log.info("running", webhook=self._webhook is not None)
                await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
            finally:
                done = [each for each in parts if each.done()]
                await self._end(parts)
        for each in done:
            each.result()

    def _start(self) -> list[asyncio.Task[None]]:
        self._greeting = [asyncio.create_task(self.opening.greet(self.house.greeting))]
        return [
            asyncio.create_task(self._kept("delivery", self.courier.run)),
            asyncio.create_task(self._kept("clock", self.ticker.run)),
            asyncio.create_task(self._kept("intake", self._listen)),
            asyncio.create_task(self._stopped()),
        ]

    async def _stopped(self) -> None:
        await self._stopping.wait()

    async def ready(self) -> Mapping[str, bool]:
        """Whether each part works that the bot needs."""
        listening = self.polling.running if self._webhook is None else self.opening.hooked
        return {
            "database": await self._database_answers(),
            "intake": listening,
            "delivery": self.courier.running,
        }

    async def _listen(self) -> None:
        if self._webhook is None:
            await self.opening.unhook()
            await self.polling.run()
        else:
            await self.opening.hook(self._webhook)
            await self._stopped()

    async def _kept(self, name: str, run: Callable[[], Awaitable[None]]) -> None:
        """Run a part again when it breaks; only a refused token or webhook ends the bot."""
        while not self._stopping.is_set():
            try:
                await run()
                break
            except SettingsError:
                raise
            except Exception:
                _log.exception("part_broke", part=name)
                await asyncio.sleep(1)

    async def _end(self, parts: Sequence[asyncio.Task[None]]) -> None:
        """Take nothing more, let what is in hand end, then tell Telegram what is done."""
        self._stopping.set()
        self.polling.stop()
        self.ticker.stop()
        if self.web is not None:
            await _within(3, self.web.stop())
        await self.intake.stop(WINDOW / 2)
        await _within(2, self.polling.confirm())
        await self.courier.stop(WINDOW / 5)
        for each in (*parts, *self._greeting):
            each.cancel()
        await asyncio.gather(*parts, *self._greeting, return_exceptions=True)
        await self.bot.session.close()
        await self.database.close()
        _log.info("stopped")

    async def _load(self, digest: str) -> bytes:
        return await asyncio.to_thread(self.files.get, digest)

    async def _database_answers(self) -> bool:
        try:
            await asyncio.wait_for(self.database.hot_read(lambda each: each.execute(text("SELECT 1"))), 2)
        except Exception:
            return False
        return True

    def _dispatcher(self) -> Dispatcher:
        dispatcher = Dispatcher(disable_fsm=True, clock=self.clock, **self.house.context)
        dispatcher.include_routers(*self.house.routers)
        return dispatcher

    def _web(self, settings: Settings) -> Web | None:
        if settings.listen is None:
            return None
        application = pages(
            ready=self.ready,
            metrics=self.metrics.text,
            verify=self.house.verify,
            webhook=self._webhook,
            take=self.intake.take,
        )
        return Web(application, settings.listen)


def _bot(token: str, api_url: str | None, proxy: str | None) -> Bot:
    server = TelegramAPIServer.from_base(api_url) if api_url else PRODUCTION
    return Bot(token, session=AiohttpSession(proxy=proxy, api=server))


@contextmanager
def _signals(stop: Callable[[], None], *, take: bool) -> Iterator[None]:
    """Stop on SIGINT and SIGTERM, also where a shell started us with `&` and has SIGINT ignored."""
    loop = asyncio.get_running_loop()
    before = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM) if take}
    for each in before:
        loop.add_signal_handler(each, stop)
    try:
        yield
    finally:
        for each, handler in before.items():
            loop.remove_signal_handler(each)
            signal.signal(each, handler)


async def _within(seconds: float, ending: Awaitable[None]) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(ending, seconds)


_UPKEEP = (
    Job("forget_updates", updates.forget, updates.KEPT / 24),
    Job("forget_deliveries", dispatch.forget, updates.KEPT),
)
_log = structlog.get_logger()
