"""The database: how storage functions run, on SQLite (one writer, group commit) and PostgreSQL (a pool)."""

from __future__ import annotations

import asyncio
import copy
import threading
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Concatenate, Literal, ParamSpec, Protocol, Self, TypeVar

from sqlalchemy import Connection, Engine, text
from sqlmodel import Session

from storage.columns import EnumText, Json, NaiveTime, UtcDateTime
from storage.engines import NAMED_LOCKS, BrokenReferences, UnknownDatabase, address_of, engines, reshaping
from storage.pieces import CommitsItself, DatabaseClosed, DatabaseError, NotCommitted, Piece
from storage.writer import Writer

__all__ = [
    "BrokenReferences",
    "CommitsItself",
    "Database",
    "DatabaseClosed",
    "DatabaseError",
    "EnumText",
    "Json",
    "NaiveTime",
    "NotCommitted",
    "UnknownDatabase",
    "UtcDateTime",
    "Work",
    "serialise",
]

P = ParamSpec("P")
T = TypeVar("T")


class Work(Protocol):
    """What a handler is given to reach storage: `await work(cases.decide, …)`. `Database.work` is one."""

    async def __call__(
        self, function: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a storage function in a transaction and return what it returned, once that is kept."""


class Database:
    """Runs storage functions in transactions; these take a Session, hot ones a Connection, and never commit.

    Asynchronous: `work` and `hot` write, `read` and `hot_read` only read. For commands: `run` and `look`.
    Reading sees one moment throughout. What comes back stays readable after the transaction.
    """

    def __init__(self, url: str, *, threads: int = 8) -> None:
        """Open by address; connections are made when needed. Raises UnknownDatabase.

        `threads` is the number of connections that read, and that write to PostgreSQL.
        """
        address = address_of(url)
        self.dialect: Literal["sqlite", "postgresql"] = (
            "sqlite" if address.get_backend_name() == "sqlite" else "postgresql"
        )
        self._writers, self._readers = engines(address, threads)
        self._reading = ThreadPoolExecutor(threads, thread_name_prefix="database-reader")
        self._writing = ThreadPoolExecutor(threads, thread_name_prefix="database-writer")
        self._state = _State()
        self._lock: int | None = None

    def for_chat(self, chat: int) -> Database:
        """The same database, whose writing is serialised with all other writing for this chat.

        On PostgreSQL by an advisory lock until the commit, across replicas; SQLite has one writer anyway.
        """
        view = copy.copy(self)
        view._lock = chat
        return view

    async def work(
        self, function: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a function that takes a Session, and return once its work is kept.

        Raises what the function raised, and NotCommitted or DatabaseClosed.
        """
        return await self._write(Piece(function, args, kwargs, lock=self._lock))

    async def hot(
        self, function: Callable[Concatenate[Connection, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """The same for a function that takes a Connection: twice as fast, no ORM."""
        return await self._write(Piece(function, args, kwargs, hot=True, lock=self._lock))

    async def read(
        self, function: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a function that only reads; waits for no writer."""
        return await self._see(Piece(function, args, kwargs))

    async def hot_read(
        self, function: Callable[Concatenate[Connection, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """The same for a function that takes a Connection."""
        return await self._see(Piece(function, args, kwargs, hot=True))

    def run(self, function: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """`work` for commands: in this thread, in its own transaction; works while the bot runs elsewhere."""
        self._check_open()
        return Piece(function, args, kwargs, lock=self._lock).alone(self._writers)

    def look(self, function: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """`read` for commands."""
        self._check_open()
        return Piece(function, args, kwargs).alone(self._readers)

    def reshaping(self) -> AbstractContextManager[Connection]:
        """A transaction for migrations; see `storage.engines.reshaping`."""
        self._check_open()
        return reshaping(self._writers)

    async def close(self) -> None:
        """End the work in hand, then close every connection. What is brought later meets DatabaseClosed."""
        await asyncio.to_thread(self.shut)

    def shut(self) -> None:
        """`close` for commands."""
        with self._state.gate:
            self._state.closed = True
        if self._state.writer is not None:
            self._state.writer.close()
        self._writing.shutdown()
        self._reading.shutdown()
        self._writers.dispose()
        self._readers.dispose()

    def __enter__(self) -> Self:
        """For commands: `with Database(url) as database`."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.shut()

    async def __aenter__(self) -> Self:
        """For tests and the bot: `async with Database(url) as database`."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close."""
        await self.close()

    async def _write(self, piece: Piece[T]) -> T:
        if self.dialect == "sqlite":
            return await self._writer().do(piece)
        return await self._in(self._writing, piece, self._writers)

    async def _see(self, piece: Piece[T]) -> T:
        return await self._in(self._reading, piece, self._readers)

    async def _in(self, threads: ThreadPoolExecutor, piece: Piece[T], engine: Engine) -> T:
        with self._state.gate:
            self._check_open()
            running = threads.submit(piece.alone, engine)
        return await asyncio.wrap_future(running)

    def _writer(self) -> Writer:
        with self._state.gate:
            self._check_open()
            if self._state.writer is None:
                self._state.writer = Writer(self._writers)
            return self._state.writer

    def _check_open(self) -> None:
        if self._state.closed:
            raise DatabaseClosed


@dataclass(slots=True)
class _State:
    """What changes while a database is open; shared by its views for one chat."""

    gate: threading.Lock = field(default_factory=threading.Lock)
    closed: bool = False
    writer: Writer | None = None


def serialise(database: Session | Connection, name: str) -> None:
    """Let nobody else do what goes by this name until the transaction ends. (SQLite has one writer anyway.)

    For what must be strictly one after another, such as the chain of the audit trail: taken last.
    """
    connection = database if isinstance(database, Connection) else database.connection()
    if connection.dialect.name == "postgresql":
        key = zlib.crc32(name.encode()) - 2**31
        connection.execute(
            text("SELECT pg_advisory_xact_lock(:space, :key)"), {"space": NAMED_LOCKS, "key": key}
        )
