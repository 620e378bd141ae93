"""SQLite's one writer: a thread that runs what waits, each piece in a savepoint, and commits once for all."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from sqlalchemy.exc import DBAPIError

from storage.pieces import DatabaseClosed, NotCommitted, Piece, unavailable

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

T = TypeVar("T")

AT_MOST = 256
"""Pieces in one commit: bounds what a failed commit takes with it."""
LONGEST = 0.02
"""Seconds that a commit may be put off while more pieces keep coming."""


class Writer:
    """Group commit: a caller goes on only after the commit that holds its work."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._queue: SimpleQueue[_Waiting[Any] | None] = SimpleQueue()
        self._gate = threading.Lock()
        self._closed = False
        self._connection: Connection | None = None
        self._thread = threading.Thread(target=self._serve, name="sqlite-writer", daemon=True)
        self._thread.start()

    async def do(self, piece: Piece[T]) -> T:
        """Run a piece in the next commit. Raises what the piece raised, NotCommitted or DatabaseClosed."""
        loop = asyncio.get_running_loop()
        waiting: _Waiting[T] = _Waiting(piece, loop, loop.create_future())
        with self._gate:
            if self._closed:
                raise DatabaseClosed
            self._queue.put(waiting)
        return await waiting.future

    def close(self) -> None:
        """Finish what waits, take nothing new, end the thread."""
        with self._gate:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        self._thread.join()

    def _serve(self) -> None:
        while (first := self._queue.get()) is not None:
            batch = [first]
            try:
                self._commit_together(batch)
            except (
                BaseException
            ) as error:  # a thread that died here would leave every caller waiting for ever
                self._discard()
                _fail(batch, error)
            _release(batch)
        self._discard()

    def _commit_together(self, batch: list[_Waiting[Any]]) -> None:
        try:
            connection = self._begin()
        except BaseException:
            batch.extend(self._more(0))  # they would each wait out the same busy timeout
            raise
        batch[0].run(connection)
        for waiting in self._more(LONGEST):
            batch.append(waiting)
            waiting.run(connection)
        connection.commit()

    def _begin(self) -> Connection:
        if self._connection is None:
            self._connection = self._engine.connect()
        self._connection.begin()
        return self._connection

    def _discard(self) -> None:
        """Drop the connection: after a failed COMMIT SQLite may still be inside the transaction."""
        if self._connection is not None:
            with suppress(Exception):
                self._connection.invalidate()
                self._connection.close()
            self._connection = None

    def _more(self, seconds: float) -> Iterator[_Waiting[Any]]:
        until = time.monotonic() + seconds
        for _ in range(AT_MOST - 1):
            try:
                waiting = self._queue.get_nowait()
            except Empty:
                return
            if waiting is None:
                self._queue.put(None)
                return
            yield waiting
            if seconds and time.monotonic() > until:
                return


class _Undone(Exception):
    """The shared transaction is gone, with the work of every piece in it."""


@dataclass(slots=True, eq=False)
class _Waiting(Generic[T]):
    """A piece, who waits for it, and how it went."""

    piece: Piece[T]
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[T]
    result: T | None = None
    error: BaseException | None = None

    def run(self, connection: Connection) -> None:
        """Run the piece unless nobody waits any more. Raises _Undone if it took the transaction with it."""
        if self.future.cancelled():
            return
        try:
            self.result = self.piece.inside(connection)
        except BaseException as error:  # whatever it is, it is the caller's
            if not _in_transaction(connection):
                raise _Undone from error
            self.error = error
            if isinstance(error, DBAPIError) and unavailable(error):
                self.error = NotCommitted()
                self.error.__cause__ = error

    def settle(self) -> None:
        """Let the caller go on. In the caller's loop."""
        if self.future.done():
            return
        if self.error is None:
            self.future.set_result(cast(T, self.result))
        else:
            self.future.set_exception(self.error)


def _in_transaction(connection: Connection) -> bool:
    """Whether the transaction still stands; some errors end it inside SQLite (disk full, OR ROLLBACK)."""
    if connection.invalidated or not connection.in_transaction():
        return False
    return bool(getattr(connection.connection.driver_connection, "in_transaction", False))


def _fail(batch: list[_Waiting[Any]], cause: BaseException) -> None:
    for waiting in batch:
        if waiting.error is None:
            waiting.error = NotCommitted()
            waiting.error.__cause__ = cause


def _release(batch: list[_Waiting[Any]]) -> None:
    by_loop: defaultdict[asyncio.AbstractEventLoop, list[_Waiting[Any]]] = defaultdict(list)
    for waiting in batch:
        by_loop[waiting.loop].append(waiting)
    for loop, group in by_loop.items():
        with suppress(RuntimeError):  # a loop that is closed has nobody waiting
            loop.call_soon_threadsafe(_settle, group)


def _settle(group: list[_Waiting[Any]]) -> None:
    for waiting in group:
        waiting.settle()
