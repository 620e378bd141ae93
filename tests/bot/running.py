"""The bot's real way of messages in a test: simulator over HTTP, aiogram, python-telegram-bot, a database file."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from aiogram import F, Router
from aiogram.types import CallbackQuery, Message
from sqlalchemy import BigInteger, MetaData
from sqlmodel import Field, Session, SQLModel, select

from bot.app import App, Ground, House
from bot.clock import Clock, Errand, Job
from bot.courier import Told
from bot.intake import Hooks
from bot.settings import Settings
from bot.simulator.client import SimClient
from bot.simulator.limits import Limits
from bot.simulator.server import Simulator
from handlers.screens import Button, Screen
from handlers.speaker import Incoming, Speaker
from handlers.work import Work
from storage import outbox, secrets
from storage.database import Database
from storage.dispatch import Due
from storage.outbox import Notice, OutboxRow, State

TOKEN = "4242:TEST-token_of-the-simulator"
T = TypeVar("T")


TABLES = MetaData()
"""Tables of the bot under test, apart from the project's, which migrations are compared with."""


class Said(SQLModel, table=True):
    """An effect: what the bot under test kept of what a person said."""

    metadata = TABLES
    __tablename__ = "test_said"

    id: int | None = Field(default=None, primary_key=True)
    chat: int = Field(sa_type=BigInteger)
    text: str


def make_tables(database: Database) -> None:
    """All tables of the project that are imported, and those of the bot under test."""
    with database.reshaping() as connection:
        SQLModel.metadata.create_all(connection)
        TABLES.create_all(connection)


def keep(session: Session, chat: int, text: str) -> int:
    """Keep one more saying; how many of this chat there are now."""
    session.add(Said(chat=chat, text=text))
    session.flush()
    return len(session.exec(select(Said).where(Said.chat == chat)).all())


def said(session: Session, chat: int) -> list[str]:
    return [each.text for each in session.exec(select(Said).where(Said.chat == chat).order_by(Said.id))]  # type: ignore[arg-type]


def word(_: Session, due: Due) -> Screen | None:
    """The Worder of these tests: the event's text, with its number."""
    if due.event == "silent":
        return None
    if due.event == "broken":
        raise KeyError(due.event)
    return Screen(str(due.values.get("text", due.event)), buttons=_rows(due.values.get("data")))


def _rows(data: Any) -> tuple[tuple[Button, ...], ...]:
    return ((Button("Look", str(data)),),) if data else ()


def echo() -> Router:
    """Keeps what is said and answers with its count; "fail" fails, "slow" takes a while."""
    router = Router()

    @router.message(F.text)
    async def hear(message: Message, work: Work, speaker: Speaker) -> None:
        text = message.text or ""
        if text == "fail":
            raise ZeroDivisionError
        if text == "slow":
            await asyncio.sleep(0.5)
        count = await work(keep, message.chat.id, text)
        buttons = ((Button("Again", f"again:{count}"),),)
        await speaker.show(message, Screen(f"{count}: {text}", buttons=buttons))

    @router.callback_query()
    async def tap(query: CallbackQuery, work: Work, show: Callable[..., Any]) -> None:
        if query.data == "fail":
            raise ZeroDivisionError
        count = await work(keep, query.from_user.id, query.data or "")
        await show(query, Screen(f"tapped {query.data}, {count}", buttons=((Button("Again", "again"),),)))

    return router


class Running:
    """One simulator and one bot on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = Clock()
        self.presented: list[Incoming] = []
        self.blocked: list[tuple[int, datetime | None]] = []
        self.due: Sequence[Job | Errand] = ()
        self.router: Callable[[], Router] = echo
        self.sim = Simulator(token=TOKEN, now=self.clock.now, limits=Limits.generous())
        self.key = secrets.generate()
        self.app: App
        self.phones: SimClient
        self._running: asyncio.Task[None] | None = None

    def build(self, **settings: Any) -> App:
        given = {
            "token": TOKEN,
            "api_url": self.sim.url,
            "data_dir": self.folder,
            "data_key": self.key,
            **settings,
        }
        self.app = App(Settings.load(**given), self.furnish, clock=self.clock)
        make_tables(self.app.database)
        return self.app

    def furnish(self, ground: Ground) -> House:
        hooks = Hooks(present=self.present, blocked=self.mark_blocked)
        return House(
            routers=[self.router()],
            hooks=hooks,
            word=word,
            told=Told(blocked=self.mark_blocked),
            due=self.due,
        )

    async def present(self, incoming: Incoming, speaker: Speaker, work: Work) -> None:
        self.presented.append(incoming)
        await speaker.show(incoming, Screen("You are here."))

    def mark_blocked(self, _: Session, chat: int, at: datetime | None) -> None:
        self.blocked.append((chat, at))

    def start(self) -> None:
        self._running = asyncio.create_task(self.app.run(signals=False))

    async def stop(self) -> None:
        self.app.stop()
        if self._running is not None:
            await self._running

    async def post(self, *notices: Notice) -> None:
        """Post notices as a command or another replica would, and wake delivery."""

        def post_all(session: Session) -> None:
            for notice in notices:
                outbox.post(session, notice, self.clock.now())

        await self.app.database.work(post_all)
        self.app.courier.wake()

    async def rows(self, *states: State) -> list[OutboxRow]:
        def find(session: Session) -> list[OutboxRow]:
            found = session.exec(select(OutboxRow).order_by(OutboxRow.id))  # type: ignore[arg-type]
            return [row for row in found if not states or row.state in states]

        return await self.app.database.read(find)

    async def kept(self, chat: int) -> list[str]:
        return await self.app.database.read(said, chat)

    def texts(self, chat: int) -> list[str]:
        """What the bot said in a chat, in order, as it stands there now."""
        messages = self.phones.chats.get(chat, {}).values()
        return [each.get("text") or each.get("caption", "") for each in messages if each["outgoing_by"] == 0]

    async def until(self, condition: Callable[[], Any], seconds: float = 5.0) -> None:
        """Wait for what phones or parts of the bot come to. Fails with what the bot said meanwhile."""
        for _ in range(int(seconds / 0.02)):
            if condition():
                return
            await asyncio.sleep(0.02)
        spoken = {chat: self.texts(chat) for chat in self.phones.chats}
        raise AssertionError(f"did not come; the bot said {spoken}")


@asynccontextmanager
async def running(folder: Path, *, start: bool = True, **settings: Any) -> AsyncIterator[Running]:
    """A bot on a simulator, started unless a test wants to begin otherwise."""
    bot = Running(folder)
    await bot.sim.start()
    bot.build(**settings)
    async with SimClient(bot.sim.url) as bot.phones:
        if start:
            bot.start()
        try:
            yield bot
        finally:
            await bot.stop()
            await bot.sim.stop()
            secrets.use(None)


async def main(folder: str, url: str, key: str) -> None:
    """The bot under test as a process of its own: `python -m tests.bot.running FOLDER URL KEY`."""
    bot = Running(Path(folder))
    given = {"token": TOKEN, "api_url": url, "data_dir": bot.folder, "data_key": key}
    bot.app = App(Settings.load(**given), bot.furnish, clock=bot.clock)
    make_tables(bot.app.database)
    await bot.app.run()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
