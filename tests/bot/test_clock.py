"""One clock, and what time makes due: each thing once, whoever looks and however often."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, SQLModel

from bot.clock import Clock, Errand, Job, Ticker
from storage import outbox, secrets
from storage.database import Database
from storage.outbox import Notice
from tests.bot.running import running

AT = datetime(2027, 3, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
async def database(tmp_path: Path) -> object:
    with secrets.using(secrets.Keys(secrets.generate())):
        async with Database(f"sqlite:///{tmp_path / 'clock.db'}") as database:
            with database.reshaping() as connection:
                SQLModel.metadata.create_all(connection)
            yield database


def test_it_goes_on_from_where_it_is_moved_to_and_is_kept() -> None:
    kept: list[timedelta] = []
    clock = Clock(keep=kept.append)
    clock.move(AT)
    assert timedelta() <= clock.now() - AT < timedelta(seconds=1)
    again = Clock(kept[-1])
    assert abs(again.now() - clock.now()) < timedelta(seconds=1)
    assert clock.now().tzinfo is UTC


async def test_a_job_runs_once_an_interval_and_again_when_the_clock_is_moved(database: Database) -> None:
    ran: list[datetime] = []
    clock, woken = Clock(), []
    ticker = Ticker(
        database, clock, [Job("remind", lambda _, now: ran.append(now), DAY)], wake=lambda: woken.append(1)
    )
    await ticker.run_due()
    await ticker.run_due()
    assert len(ran) == 1
    clock.move(clock.now() + 21 * DAY)
    await ticker.run_due()
    assert len(ran) == 2
    assert woken


async def test_of_two_replicas_one_runs_a_job(database: Database) -> None:
    ran: list[str] = []
    clock = Clock()
    one = Ticker(database, clock, [Job("remind", lambda *_: ran.append("one"), DAY)])
    two = Ticker(database, clock, [Job("remind", lambda *_: ran.append("two"), DAY)])
    await asyncio.gather(one.run_due(), two.run_due())
    assert len(ran) == 1


async def test_a_job_that_fails_is_undone_and_others_run(database: Database) -> None:
    ran: list[str] = []

    def fails(session: Session, now: datetime) -> None:
        outbox.post(session, Notice("half", chat=1), now)
        raise ZeroDivisionError

    def runs(session: Session, now: datetime) -> None:
        ran.append("second" if outbox.post(session, Notice("half", chat=1), now) else "kept the half")

    ticker = Ticker(database, Clock(), [Job("fails", fails, DAY), Job("runs", runs, DAY)])
    assert await ticker.run_once(AT) == {"fails": "ZeroDivisionError", "runs": "done"}
    assert ran == ["second"]


async def test_an_errand_is_awaited_outside_of_a_transaction(database: Database) -> None:
    times: list[datetime] = []

    async def typeset(now: datetime) -> None:
        await database.work(lambda session: outbox.post(session, Notice("letter", chat=1), now))
        times.append(now)

    ticker = Ticker(database, Clock(), [Errand("letters", typeset, DAY)])
    assert await ticker.run_once(AT) == {"letters": "done"}
    assert await ticker.run_once(AT + DAY) == {"letters": "done"}
    assert times == [AT, AT + DAY]


async def test_what_a_job_posts_is_delivered_at_once(tmp_path: Path) -> None:
    async with running(tmp_path, start=False) as bot:
        ann = await bot.phones.add_person("Ann")
        await ann.press_start()

        def remind(session: Session, now: datetime) -> None:
            if now >= AT:
                outbox.post(session, Notice("r", ann.id, event="told", values={"text": "21 days later"}), now)

        bot.due = [Job("remind", remind, timedelta(hours=1))]
        bot.build()
        bot.start()
        await bot.until(lambda: bot.texts(ann.id) == ["1: /start"])
        bot.clock.move(AT)
        await bot.until(lambda: bot.texts(ann.id) == ["1: /start", "21 days later"])
