"""Engines as this project wants them: one to write, one to read, on SQLite or PostgreSQL, from an address."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, ExceptionContext, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError

from storage.pieces import DatabaseError

BUSY_TIMEOUT = 30
"""Seconds that a writer waits for another process (the bot, a command) to end its transaction."""

NAMED_LOCKS = 0x5359
"""The space of PostgreSQL's advisory locks for all but those of chats (64 bits); 0: migrations."""

_WRITING = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",
)
"""secure_delete: what is deleted, a destroyed key above all, is overwritten in the file."""
_READING = ("PRAGMA query_only=ON",)
_BOTH = ("PRAGMA temp_store=MEMORY", "PRAGMA cache_size=-16000", "PRAGMA trusted_schema=OFF")


class UnknownDatabase(DatabaseError):
    """The address is none of `sqlite:///file` and `postgresql://…`. `address` shows no password."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


class BrokenReferences(DatabaseError):
    """Rows would refer to rows that are not there. `references` are pairs of (table, table referred to)."""

    def __init__(self, references: tuple[tuple[str, str], ...]) -> None:
        super().__init__(", ".join(f"{table} -> {parent}" for table, parent in references))
        self.references = references


def address_of(url: str) -> URL:
    """Read an address; `postgresql://` means psycopg 3. Raises UnknownDatabase."""
    try:
        address = make_url(url)
    except ArgumentError:
        raise UnknownDatabase("?") from None
    if address.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        return address.set(drivername="postgresql+psycopg")
    if address.drivername in ("sqlite", "sqlite+pysqlite") and address.database not in (None, "", ":memory:"):
        return address.set(drivername="sqlite+pysqlite")
    raise UnknownDatabase(address.render_as_string(hide_password=True))


def engines(address: URL, threads: int) -> tuple[Engine, Engine]:
    """The engine that writes and the engine that reads. Neither connects yet."""
    if address.get_backend_name() == "sqlite":
        return _sqlite(address, threads, "BEGIN IMMEDIATE", _WRITING), _sqlite(
            address, threads, "BEGIN", _READING
        )
    reading: dict[str, Any] = {
        "isolation_level": "REPEATABLE READ",
        "execution_options": {"postgresql_readonly": True},
    }
    return _postgresql(address, threads, {}), _postgresql(address, threads, reading)


def _sqlite(address: URL, threads: int, begin: str, pragmas: tuple[str, ...]) -> Engine:
    # isolation_level None: sqlite3's own transaction handling would commit at the first released savepoint.
    engine = create_engine(
        address,
        hide_parameters=True,
        pool_size=threads,
        connect_args={"isolation_level": None, "timeout": BUSY_TIMEOUT, "cached_statements": 512},
    )

    @event.listens_for(engine, "do_connect")
    def own_only(*_: object) -> None:
        file = Path(str(address.database))
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600, exist_ok=True)

    @event.listens_for(engine, "connect")
    def prepare(driver: sqlite3.Connection, _: object) -> None:
        for pragma in (*pragmas, *_BOTH):
            driver.execute(pragma).close()

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _postgresql(address: URL, threads: int, options: dict[str, Any]) -> Engine:
    connect_args: dict[str, Any] = {"connect_timeout": 10, "application_name": "shenqiao"}
    if "options" not in address.query:
        connect_args["options"] = (
            "-c timezone=UTC -c lock_timeout=30s -c idle_in_transaction_session_timeout=60s"
        )
    engine = create_engine(
        address, hide_parameters=True, pool_size=threads, connect_args=connect_args, **options
    )
    event.listen(engine, "handle_error", _hide_values)
    return engine


def _hide_values(context: ExceptionContext) -> None:
    """Keep only the first line of PostgreSQL's message: its DETAIL names keys, or shows a whole row."""
    cause, error = context.original_exception, context.sqlalchemy_exception
    first = str(cause).partition("\n")[0]
    cause.args = (first,)
    if error is not None:
        error.args = (f"({type(cause).__module__}.{type(cause).__name__}) {first}", *error.args[1:])


@contextmanager
def reshaping(writers: Engine) -> Iterator[Connection]:
    """A transaction in which tables may be changed: one at a time, all or nothing.

    SQLite changes a table by making a new one and dropping the old, which would take along the rows that
    refer to it: there foreign keys are not enforced until the end, and then checked. Raises BrokenReferences.
    """
    with writers.connect() as connection:
        if connection.dialect.name != "sqlite":
            with connection.begin():
                connection.execute(text("SELECT pg_advisory_xact_lock(:a, :b)"), {"a": NAMED_LOCKS, "b": 0})
                yield connection
            return
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                yield connection
                _check_references(connection)
        finally:
            driver.execute("PRAGMA foreign_keys=ON")


def _check_references(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        raise BrokenReferences(tuple(sorted({(row[0], row[2]) for row in broken})))
