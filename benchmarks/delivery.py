"""How even the pace is: notices to many people, against a simulator that counts as Telegram does.

    python -m benchmarks.delivery [NOTICES] [RATE]

Prints calls a second, the spread of the gaps between calls, and how often Telegram said 429.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from sqlmodel import Session, SQLModel, select

from bot.courier import Courier
from bot.delivery import Line
from bot.pacing import OVERALL, Pace
from bot.simulator.limits import Limits
from bot.simulator.server import Simulator
from handlers.pause import Pause
from handlers.screens import Screen
from storage import outbox, secrets
from storage.database import Database
from storage.dispatch import Due
from storage.outbox import Notice, Priority

TOKEN = "4242:TEST-token_of-the-simulator"  # noqa: S105  # the simulator's


async def main(notices: int, rate: float) -> None:
    """Deliver so many notices, one a person, at a rate."""
    secrets.use(secrets.Keys(secrets.generate()))
    simulator = Simulator(token=TOKEN, now=now, limits=Limits())
    await simulator.start()
    times: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        async with Database(f"sqlite:///{Path(folder) / 'benchmark.db'}") as database:
            with database.reshaping() as connection:
                SQLModel.metadata.create_all(connection)
            people = [simulator.phones.add_person(first_name=f"P{n}").id for n in range(notices)]
            for person in people:
                await simulator.phones.press_start(person)
            await database.work(post, people)
            pause = Pause()
            line = TimedLine(times, pause=pause, pace=Pace(pause, rate), url=simulator.url)
            courier = Courier(database, line, word, now, pause)
            await courier.drain()
            await courier.stop()
            rows = await database.read(attempts)
    await simulator.stop()
    gaps = [(later - earlier) * 1000 for earlier, later in pairwise(times)]
    print(f"{len(times)} calls, {(len(times) - 1) / (times[-1] - times[0]):.1f} a second (asked: {rate})")
    print(f"gap: median {statistics.median(gaps):.1f} ms, deviation {statistics.pstdev(gaps):.1f} ms, "
          f"least {min(gaps):.1f} ms, most {max(gaps):.1f} ms")  # fmt: skip
    print(f"most calls in any second: {busiest(times)}")
    print(f"told to wait (429): {sum(rows) - len(rows)}")


class TimedLine(Line):
    """The line, with the moment of each call that got its turn and its answer."""

    def __init__(self, times: list[float], *, pause: Pause, pace: Pace, url: str) -> None:
        super().__init__(TOKEN, pause=pause, load=_no_files, api_url=url, pace=Timed(pace, times))


class Timed(Pace):
    """A pace that notes when it gave each turn."""

    def __init__(self, pace: Pace, times: list[float]) -> None:
        self._pace, self._times = pace, times

    async def turn(self, chat: int, urgency: int = 0) -> None:
        """The turn, noted."""
        await self._pace.turn(chat, urgency)
        self._times.append(time.monotonic())

    async def close(self) -> None:
        """Give no more turns."""
        await self._pace.close()


def busiest(times: list[float]) -> int:
    """Most calls within any second."""
    return max(sum(1 for each in times if start <= each < start + 1) for start in times)


def post(session: Session, people: list[int]) -> None:
    """One announcement for each person."""
    for person in people:
        notice = Notice(f"a:{person}", person, event="hello", priority=Priority.ANNOUNCEMENT)
        outbox.post(session, notice, now())


def attempts(session: Session) -> list[int]:
    """Attempts of each row."""
    return list(session.exec(select(outbox.OutboxRow.attempts)))


def word(_: Session, due: Due) -> Screen:
    """A notice in words."""
    return Screen(f"Notice {due.key}")


def now() -> datetime:
    """The machine's time: this is no part of the bot."""
    return datetime.now(UTC)


async def _no_files(digest: str) -> Any:
    raise LookupError(digest)


if __name__ == "__main__":
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("notices", type=int, nargs="?", default=300)
    wanted.add_argument("rate", type=float, nargs="?", default=OVERALL)
    given = wanted.parse_args()
    asyncio.run(main(given.notices, given.rate))
