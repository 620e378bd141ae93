"""A piece of work: a storage function with its arguments, and how it is run within a transaction."""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, NoReturn, TypeVar

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

T = TypeVar("T")

ATTEMPTS = 5
"""How often a piece is run when PostgreSQL undoes it for another's sake (SQLSTATE 40001, 40P01)."""


class DatabaseError(Exception):
    """The database, not the work, is at fault."""


class NotCommitted(DatabaseError):
    """Nothing of this work is known to be kept; the cause says why. The same work may be tried again."""


class DatabaseClosed(DatabaseError):
    """Work was brought after close()."""


class CommitsItself(TypeError):
    """A storage function tried to commit or roll back: its caller's transaction is not its own."""


@dataclass(frozen=True, slots=True)
class Piece(Generic[T]):
    """A storage function and its arguments. `hot` ones take a Connection, the others a Session.

    `lock` is the chat whose work must not run at the same time in another replica. On PostgreSQL a piece may
    be run more than once, so it must change nothing but the database.
    """

    function: Callable[..., T]
    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    hot: bool = False
    lock: int | None = None

    def inside(self, connection: Connection) -> T:
        """Run in a savepoint of a transaction that others share (SQLite)."""
        if not self.hot:
            with PieceSession(
                connection, join_transaction_mode="create_savepoint", expire_on_commit=False
            ) as session:
                return session.finish(self._call(session))
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)  # noqa: S101 - a savepoint of the driver's costs a third of SQLAlchemy's
        driver.execute("SAVEPOINT piece")
        try:
            result = self._call(connection)
        except BaseException:
            driver.execute("ROLLBACK TO piece")
            driver.execute("RELEASE piece")
            raise
        driver.execute("RELEASE piece")
        return result

    def alone(self, engine: Engine) -> T:
        """Run as a transaction of its own; again, a few times, where PostgreSQL asks for that."""
        for attempt in range(1, ATTEMPTS):
            try:
                return self._once(engine)
            except DBAPIError as error:
                if not _undone_for_another(error):
                    raise _named(error) from error
            time.sleep(random.uniform(0, 0.02) * 2**attempt)  # noqa: S311 - spreads those who collided
        try:
            return self._once(engine)
        except DBAPIError as error:
            raise _named(error) from error

    def _once(self, engine: Engine) -> T:
        with engine.connect() as connection, connection.begin():
            self._take_lock(connection)
            if self.hot:
                return self._call(connection)
            with PieceSession(
                connection, join_transaction_mode="rollback_only", expire_on_commit=False
            ) as session:
                return session.finish(self._call(session))

    def _take_lock(self, connection: Connection) -> None:
        if self.lock is not None and connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:chat)"), {"chat": self.lock})

    def _call(self, database: Session | Connection) -> T:
        try:
            return self.function(database, *self.args, **self.kwargs)
        except StopIteration as error:  # a future takes none: its caller would wait for ever
            raise RuntimeError("a storage function raised StopIteration") from error


class PieceSession(Session):
    """The Session that a storage function is given: it can flush and nest, but not end the transaction."""

    def finish(self, result: T) -> T:
        """Commit what the function did. For whoever runs pieces."""
        super().commit()
        return result

    def commit(self) -> NoReturn:
        """Refused: storage functions never commit."""
        raise CommitsItself

    def rollback(self) -> NoReturn:
        """Refused: storage functions never roll back; they raise."""
        raise CommitsItself


def _named(error: DBAPIError) -> Exception:
    return NotCommitted() if unavailable(error) else error


def unavailable(error: DBAPIError) -> bool:
    """Whether an error says that the database could not, rather than that the statement should not."""
    cause = error.orig
    if isinstance(cause, sqlite3.Error):
        # The primary result code is the low byte: https://www.sqlite.org/rescode.html
        return getattr(cause, "sqlite_errorcode", 0) & 0xFF in _SQLITE_COULD_NOT
    state = _sqlstate(error)
    return error.connection_invalidated or state is None or state[:2] in _POSTGRESQL_COULD_NOT


def _undone_for_another(error: DBAPIError) -> bool:
    return error.connection_invalidated or _sqlstate(error) in {"40001", "40P01"}


def _sqlstate(error: DBAPIError) -> str | None:
    state = getattr(error.orig, "sqlstate", None)
    return state if isinstance(state, str) else None


_SQLITE_COULD_NOT = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_INTERRUPT,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
}
_POSTGRESQL_COULD_NOT = {"08", "40", "53", "55", "57", "58"}
"""Classes of SQLSTATE: connection, rollback, resources, object in use, operator's intervention, system
(PostgreSQL, Appendix A)."""
