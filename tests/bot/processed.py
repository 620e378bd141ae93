"""The bot in processes of its own on a simulator that outlives them, with the people who speak to it."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from bot.simulator.client import Phone, SimClient
from bot.simulator.limits import Limits
from bot.simulator.server import Simulator
from storage import secrets
from tests.bot.processes import Child, Death, Processes

KEY = secrets.generate()
TOKEN = "4242:TEST-token_of-the-simulator"
DESK, SECOND_DESK, CHIEF, DIRECTOR, SECOND_DIRECTOR = 501, 502, 511, 521, 522
APPLICANT = 401
PEOPLE = (APPLICANT, DESK, SECOND_DESK, CHIEF, DIRECTOR, SECOND_DIRECTOR)


@dataclass
class Office:
    """One folder, one simulator, and whichever process of the bot lives now."""

    folder: Path
    sim: Simulator
    processes: Processes
    environment: dict[str, str]
    phones: SimClient
    child: Child | None = None
    lives: int = 0
    people: dict[int, Phone] = field(default_factory=dict)

    @property
    def log(self) -> Path:
        """Everything that the processes wrote on standard output and standard error."""
        return self.folder / "log.jsonl"

    async def start(self, death: Death | None = None) -> Child:
        self.lives += 1
        self.child = await self.processes.start(["run"], self.environment, self.log, death)
        return self.child

    async def delivered(self, within: float = 60.0) -> None:
        """Until every update is answered and every row of the outbox that is due is sent. Raises TimeoutError."""
        async with asyncio.timeout(within):
            while await asyncio.to_thread(self._unsent) or not self.sim.core.idle():  # noqa: ASYNC110  # another process's
                await asyncio.sleep(0.2)
        await self.phones.settle()

    def _unsent(self) -> int:
        now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
        waiting = "SELECT count(*) FROM outbox WHERE state IN ('waiting', 'claimed') AND due_at <= ?"
        return int(self.look(waiting, now)[0][0])

    def look(self, query: str, *values: str) -> list[tuple[Any, ...]]:
        """What lies in the database as it is, sealed where it is sealed."""
        with closing(sqlite3.connect(self.folder / "data" / "shenqiao.db")) as database:
            return database.execute(query, values).fetchall()

    async def report(self) -> Any:
        """What the database holds; for when no bot runs."""
        told = self.folder / "report.json"
        await asyncio.to_thread(told.unlink, missing_ok=True)
        return json.loads(await self.processes.run(["report"], self.environment, told))

    async def person(self, telegram_id: int, name: str = "Ann", *, started: bool = True) -> Phone:
        """The phone of a person; officers pressed Start long ago."""
        self.sim.phones.add_person(id=telegram_id, first_name=name, language_code="en", started=started)
        self.people[telegram_id] = await self.phones.phone(telegram_id)
        return self.people[telegram_id]


@asynccontextmanager
async def office(folder: Path, processes: Processes, **environment: str) -> AsyncIterator[Office]:
    """An office whose bot is not running yet."""
    await asyncio.to_thread(partial((folder / "data").mkdir, parents=True, exist_ok=True))
    sim = Simulator(token=TOKEN, now=lambda: datetime.now(UTC), limits=Limits.generous())
    await sim.start()
    given = {
        "BOT_TOKEN": TOKEN,
        "BOT_API_URL": sim.url,
        "BOT_DATA_DIR": str(folder / "data"),
        "BOT_DATA_KEY": KEY,
        "BOT_LOG_LEVEL": "INFO",
        **environment,
    }
    async with SimClient(sim.url) as phones:
        made = Office(folder, sim, processes, given, phones)
        await processes.run(["prepare"], given, folder / "prepare.log")
        try:
            yield made
        finally:
            if made.child is not None:
                made.child.kill()
                await made.child.wait()
            await sim.stop()
