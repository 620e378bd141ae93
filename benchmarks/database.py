"""Answers a second: a sealed draft read, changed and kept, by group commit and by one ORM session for each commit.

Run `uv run python -m benchmarks.database`. Every way runs in this one run, on the same disk, with synchronous=FULL.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import tempfile
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Connection, LargeBinary, bindparam, select, update
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlmodel import Session

from storage import secrets
from storage.database import Database
from storage.pieces import Piece

CALLERS = 64


class Base(DeclarativeBase):
    """Tables of this benchmark alone."""


class Draft(Base):
    """A draft, as the bot keeps one for each conversation."""

    __tablename__ = "drafts"

    id: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)


READ = select(Draft.body).where(Draft.id == bindparam("key"))
KEEP = update(Draft).where(Draft.id == bindparam("key")).values(body=bindparam("sealed"))


def answer_hot(connection: Connection, key: int, words: str) -> None:
    """One answer by Connection: two statements, no ORM."""
    body = connection.execute(READ, {"key": key}).scalar_one()
    connection.execute(KEEP, {"key": key, "sealed": _answered(body, words)})


def answer(session: Session, key: int, words: str) -> None:
    """One answer by Session."""
    draft = session.get_one(Draft, key)
    draft.body = _answered(draft.body, words)


def _answered(body: bytes, words: str) -> bytes:
    answers = json.loads(secrets.keys().unseal(body))
    answers["purpose"] = words
    return secrets.keys().seal(json.dumps(answers).encode())


async def measure(database: Database, seconds: float) -> dict[str, float]:
    """Answers a second by each way, 64 callers at once, each with a draft of its own."""
    database.run(_begin)

    in_turn = ThreadPoolExecutor(1)  # SQLite has one writer: more threads would only wait for its lock

    async def one_session_a_commit(key: int, words: str) -> None:
        piece = Piece(answer, (key, words))
        await asyncio.get_running_loop().run_in_executor(in_turn, piece.alone, database._writers)

    async def alone(key: int, words: str) -> None:
        await database.hot(answer_hot, key, words)

    return {
        "one ORM session a commit": await _rate(one_session_a_commit, seconds),
        "work(): Session, group commit": await _rate(
            lambda key, words: database.work(answer, key, words), seconds
        ),
        "hot(): Connection, group commit": await _rate(
            lambda key, words: database.hot(answer_hot, key, words), seconds
        ),
        "hot(), one caller alone": await _rate(alone, seconds, callers=1),
    }


def _begin(session: Session) -> None:
    Base.metadata.create_all(session.connection())
    empty = secrets.keys().seal(
        json.dumps({f"field_{n}": "an answer of usual length" for n in range(12)}).encode()
    )
    session.add_all(Draft(id=key, body=empty) for key in range(CALLERS))


async def _rate(one: Callable[[int, str], Awaitable[None]], seconds: float, callers: int = CALLERS) -> float:
    started = time.perf_counter()
    until = started + seconds

    async def caller(key: int) -> int:
        answers = 0
        while time.perf_counter() < until:
            await one(key, f"answer {answers}")
            answers += 1
        return answers

    answers = sum(await asyncio.gather(*(caller(key) for key in range(callers))))
    return round(answers / (time.perf_counter() - started), 1)


async def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=3.0, help="for each way")
    parser.add_argument("--database", help="an empty one; SQLite in a temporary folder by default")
    arguments = parser.parse_args()
    secrets.use(secrets.Keys(secrets.generate()))
    with tempfile.TemporaryDirectory() as folder:
        url = arguments.database or f"sqlite:///{folder}/benchmark.db"
        async with Database(url) as database:
            rates = await measure(database, arguments.seconds)
    print(f"{database.dialect}, {os.cpu_count()} cores")
    for way, rate in rates.items():
        print(f"{rate:>10,.0f} answers/s  {way}")


if __name__ == "__main__":
    asyncio.run(main())
