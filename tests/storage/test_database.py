"""How storage functions are run: group commit on SQLite, a pool on PostgreSQL, and the traps of both."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
import threading
import time
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from pathlib import Path

import pytest
from sqlalchemy import Connection, ForeignKey, MetaData, String, event, func, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlmodel import Session

from storage.database import (
    CommitsItself,
    Database,
    DatabaseClosed,
    EnumText,
    Json,
    NaiveTime,
    NotCommitted,
    UnknownDatabase,
    UtcDateTime,
    serialise,
)


class Base(DeclarativeBase):
    """Tables of this file alone."""

    metadata = MetaData()


class Mood(StrEnum):
    CALM = "calm"
    BUSY = "busy"


class Note(Base):
    __tablename__ = "notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    words: Mapped[str] = mapped_column(String, unique=True)
    at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    mood: Mapped[Mood | None] = mapped_column(EnumText(Mood))
    tags: Mapped[tuple[str, ...] | None] = mapped_column(Json(tuple[str, ...]))


class Reply(Base):
    __tablename__ = "replies"

    id: Mapped[int] = mapped_column(primary_key=True)
    # Deferred: checked by COMMIT alone, which is how a COMMIT is made to fail here.
    note: Mapped[int] = mapped_column(ForeignKey("notes.id", deferrable=True, initially="DEFERRED"))


@pytest.fixture
def database(empty_database: Database) -> Database:
    with empty_database.reshaping() as connection:
        Base.metadata.create_all(connection)
    return empty_database


ON_SQLITE = pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)
ON_POSTGRESQL = pytest.mark.parametrize("empty_url", ["postgresql"], indirect=True)


def write(session: Session, words: str) -> Note:
    note = Note(words=words)
    session.add(note)
    return note


def write_hot(connection: Connection, words: str) -> int:
    return connection.execute(insert(Note).values(words=words).returning(Note.id)).scalar_one()


def notes(session: Session) -> list[str]:
    return list(session.scalars(select(Note.words).order_by(Note.words)))


def count_hot(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(Note)).scalar_one()


def write_and_fail(session: Session, words: str) -> None:
    session.add(Note(words=words))
    session.flush()
    raise ZeroDivisionError


def write_and_fail_hot(connection: Connection, words: str) -> None:
    write_hot(connection, words)
    raise ZeroDivisionError


def refer_to_nothing(session: Session) -> None:
    session.add(Reply(note=4711))


class TestWork:
    async def test_is_kept_and_what_it_returns_stays_readable(self, database: Database) -> None:
        note = await database.work(write, "one")
        assert (note.words, note.id) == ("one", 1)
        assert await database.read(notes) == ["one"]

    async def test_by_connection_is_kept_too(self, database: Database) -> None:
        assert await database.hot(write_hot, "one") == 1
        assert await database.hot_read(count_hot) == 1

    async def test_gives_back_what_the_function_raised_and_keeps_nothing(self, database: Database) -> None:
        for call in (database.work(write_and_fail, "a"), database.hot(write_and_fail_hot, "b")):
            with pytest.raises(ZeroDivisionError):
                await call
        assert await database.read(notes) == []

    async def test_a_double_is_refused_by_the_table(self, database: Database) -> None:
        await database.work(write, "one")
        with pytest.raises(IntegrityError):
            await database.work(write, "one")
        with pytest.raises(IntegrityError):
            await database.hot(write_hot, "one")
        await database.work(write, "two")
        assert await database.read(notes) == ["one", "two"]

    async def test_a_failing_piece_leaves_its_neighbours_whole(self, database: Database) -> None:
        outcomes = await asyncio.gather(
            *(database.work(write, f"session {n}") for n in range(20)),
            *(database.hot(write_hot, f"hot {n}") for n in range(20)),
            *(database.work(write_and_fail, f"failed {n}") for n in range(20)),
            *(database.hot(write_and_fail_hot, f"failed hot {n}") for n in range(20)),
            return_exceptions=True,
        )
        assert sum(isinstance(outcome, ZeroDivisionError) for outcome in outcomes) == 40
        words = await database.read(notes)
        assert len(words) == 40
        assert not [one for one in words if "failed" in one]

    async def test_a_function_may_nest_a_savepoint(self, database: Database) -> None:
        def tries_twice(session: Session) -> str:
            try:
                with session.begin_nested():
                    session.add(Note(words="taken"))
            except IntegrityError:
                session.add(Note(words="taken, so this"))
                return "second"
            return "first"

        assert await database.work(tries_twice) == "first"
        assert await database.work(tries_twice) == "second"
        assert await database.read(notes) == ["taken", "taken, so this"]

    async def test_functions_never_commit_nor_roll_back(self, database: Database) -> None:
        def commits(session: Session) -> None:
            session.commit()

        def rolls_back(session: Session) -> None:
            session.rollback()

        for function in (commits, rolls_back):
            with pytest.raises(CommitsItself):
                await database.work(function)

    async def test_a_caller_who_left_loses_nobody_elses_work(self, database: Database) -> None:
        leaving = asyncio.ensure_future(database.work(write, "leaving"))
        await asyncio.sleep(0)
        leaving.cancel()
        await database.work(write, "staying")
        assert "staying" in await database.read(notes)

    async def test_errors_show_no_values(self, database: Database) -> None:
        """PostgreSQL's DETAIL would name the key, or print the row."""

        def breaks_a_rule(connection: Connection, statement: str) -> None:
            connection.execute(text(statement), {"words": "E12345678"})

        await database.work(write, "E12345678")
        for statement in (
            "INSERT INTO notes (words) VALUES (:words)",
            "INSERT INTO notes (words, mood) VALUES (NULL, :words)",
            "INSERT INTO nothing (words) VALUES (:words)",
        ):
            with pytest.raises(DBAPIError) as caught:
                await database.hot(breaks_a_rule, statement)
            assert "E12345678" not in f"{caught.value} {caught.value!r} {caught.value.orig}"

    async def test_even_a_stop_iteration_comes_back(self, database: Database) -> None:
        with pytest.raises(RuntimeError):
            await asyncio.wait_for(database.work(lambda _: next(iter(()))), 10)


class TestReading:
    async def test_cannot_write(self, database: Database) -> None:
        with pytest.raises(Exception, match=r"read-?only"):
            await database.read(write, "sneaked in")
        with pytest.raises(Exception, match=r"read-?only"):
            await database.hot_read(write_hot, "sneaked in")
        assert await database.read(notes) == []

    async def test_waits_for_no_writer_and_sees_one_moment(self, database: Database) -> None:
        await database.work(write, "before")
        seen, go_on = threading.Event(), threading.Event()

        def look_twice(session: Session) -> tuple[list[str], list[str]]:
            first = notes(session)
            seen.set()
            assert go_on.wait(10)
            return first, notes(session)

        reading = asyncio.ensure_future(database.read(look_twice))
        await asyncio.to_thread(seen.wait, 10)
        await database.work(write, "while reading")
        go_on.set()
        assert await reading == (["before"], ["before"])
        assert await database.read(notes) == ["before", "while reading"]

    async def test_rows_stay_readable(self, database: Database) -> None:
        await database.work(write, "one")
        note = await database.read(lambda session: session.scalars(select(Note)).one())
        assert note.words == "one"


class TestClosing:
    async def test_ends_the_work_in_hand(self, database: Database) -> None:
        pieces = [asyncio.ensure_future(database.work(write, f"{n:02}")) for n in range(30)]
        await asyncio.sleep(0)
        await database.close()
        await asyncio.gather(*pieces)
        for call in (database.work(write, "late"), database.read(notes), database.hot(write_hot, "late")):
            with pytest.raises(DatabaseClosed):
                await call
        with pytest.raises(DatabaseClosed):
            database.run(write, "late")

    async def test_twice_is_harmless(self, database: Database) -> None:
        await database.close()
        await database.close()


class TestCommands:
    def test_run_and_look_need_no_event_loop(self, empty_url: str) -> None:
        with Database(empty_url) as database:
            with database.reshaping() as connection:
                Base.metadata.create_all(connection)
            assert database.run(write, "by command").words == "by command"
            assert database.look(notes) == ["by command"]

    async def test_run_works_while_the_bot_writes(self, database: Database, empty_url: str) -> None:
        """A command in another process gets its turn although 32 callers never stop writing."""
        stop = asyncio.Event()

        async def never_stop(caller: int) -> None:
            for n in range(10**6):
                if stop.is_set():
                    return
                await database.work(write, f"{caller} {n}")

        callers = [asyncio.ensure_future(never_stop(caller)) for caller in range(32)]
        code = (
            "import sys; from storage.database import Database; from sqlalchemy import text\n"
            "with Database(sys.argv[1]) as database:\n"
            "    for n in range(5): database.run(lambda s: s.execute(text("
            "\"INSERT INTO notes (words) VALUES ('command %d')\" % n)))\n"
        )
        command = await asyncio.create_subprocess_exec(sys.executable, "-c", code, empty_url)
        async with asyncio.timeout(60):
            assert await command.wait() == 0
        stop.set()
        await asyncio.gather(*callers)
        assert len([one for one in await database.read(notes) if one.startswith("command")]) == 5


@ON_SQLITE
class TestGroupCommit:
    """The one writer of SQLite."""

    async def test_nothing_of_a_batch_shows_before_the_shared_commit(
        self, database: Database, empty_url: str
    ) -> None:
        released, ended = threading.Event(), threading.Event()

        def hold(session: Session) -> None:
            session.add(Note(words="held"))
            session.flush()
            released.set()
            assert ended.wait(10)

        first = asyncio.ensure_future(database.hot(write_hot, "first"))
        second = asyncio.ensure_future(database.work(write, "second"))
        third = asyncio.ensure_future(database.work(hold))
        await asyncio.to_thread(released.wait, 10)
        other = sqlite3.connect(empty_url.removeprefix("sqlite:///"))
        seen = other.execute("SELECT words FROM notes").fetchall()
        assert (seen, first.done(), second.done()) == ([], False, False)
        ended.set()
        await asyncio.gather(first, second, third)
        assert len(other.execute("SELECT words FROM notes").fetchall()) == 3
        other.close()

    async def test_one_commit_holds_many(self, database: Database, empty_url: str) -> None:
        commits = 0

        def count(_: object) -> None:
            nonlocal commits
            commits += 1

        event.listen(database._writers, "commit", count)
        await asyncio.gather(*(database.hot(write_hot, f"{n}") for n in range(200)))
        assert commits < 50

    async def test_a_failed_commit_fails_every_waiting_caller_and_the_writer_lives_on(
        self, database: Database
    ) -> None:
        go_on = threading.Event()

        def wait(session: Session) -> None:
            go_on.wait(10)

        batch = [
            asyncio.ensure_future(call)
            for call in (
                database.work(wait),
                database.work(write, "lost"),
                database.hot(write_hot, "lost too"),
                database.work(write_and_fail, "failed anyway"),
                database.work(refer_to_nothing),
            )
        ]
        await asyncio.sleep(0.05)
        go_on.set()
        outcomes = await asyncio.gather(*batch, return_exceptions=True)
        assert [type(outcome) for outcome in outcomes] == [
            NotCommitted, NotCommitted, NotCommitted, ZeroDivisionError, NotCommitted,
        ]  # fmt: skip
        assert isinstance(outcomes[1].__cause__, IntegrityError)  # type: ignore[union-attr]
        assert await database.read(notes) == []
        await database.work(write, "after")
        assert await database.read(notes) == ["after"]

    async def test_a_piece_that_ends_the_transaction_inside_sqlite_is_noticed(
        self, database: Database
    ) -> None:
        """ON CONFLICT ROLLBACK stands here for a full disk: the work of the whole batch is gone."""
        await database.work(write, "one")

        def rolls_all_back(connection: Connection) -> None:
            connection.execute(text("INSERT OR ROLLBACK INTO notes (words) VALUES ('one')"))

        def rolls_all_back_by_session(session: Session) -> None:
            session.connection().execute(text("INSERT OR ROLLBACK INTO notes (words) VALUES ('one')"))

        for culprit in (database.hot(rolls_all_back), database.work(rolls_all_back_by_session)):
            outcomes = await asyncio.gather(database.work(write, "lost"), culprit, return_exceptions=True)
            assert [type(outcome) for outcome in outcomes] == [NotCommitted, NotCommitted]
        await database.work(write, "after")
        assert await database.read(notes) == ["after", "one"]

    async def test_a_hot_piece_that_commits_is_refused_and_the_writer_lives_on(
        self, database: Database
    ) -> None:
        def commits(connection: Connection) -> None:
            connection.commit()

        with pytest.raises(NotCommitted):
            await database.hot(commits)
        await database.work(write, "after")
        assert await database.read(notes) == ["after"]

    async def test_a_lock_held_too_long_is_named(self, database: Database, empty_url: str) -> None:
        blocker = sqlite3.connect(empty_url.removeprefix("sqlite:///"), isolation_level=None)
        blocker.execute("BEGIN IMMEDIATE")

        event.listen(database._writers, "connect", lambda driver, _: driver.execute("PRAGMA busy_timeout=50"))
        database._writers.dispose()
        outcomes = await asyncio.gather(
            *(database.work(write, f"{n}") for n in range(20)), return_exceptions=True
        )
        assert {type(outcome) for outcome in outcomes} == {NotCommitted}
        blocker.execute("ROLLBACK")
        blocker.close()
        await database.work(write, "after")
        assert await database.read(notes) == ["after"]

    def test_the_file_is_its_owners_and_as_durable_as_we_say(
        self, database: Database, empty_url: str
    ) -> None:
        database.run(write, "one")
        assert Path(empty_url.removeprefix("sqlite:///")).stat().st_mode & 0o777 == 0o600

        def pragmas(session: Session) -> list[object]:
            names = ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
            return [session.connection().exec_driver_sql(f"PRAGMA {name}").scalar() for name in names]

        assert database.run(pragmas) == ["wal", 2, 1, 1]


@ON_POSTGRESQL
class TestPostgresql:
    async def test_a_piece_undone_for_another_is_run_again(self, database: Database) -> None:
        """Two pieces take two rows in opposite order: PostgreSQL ends one with a deadlock, and it is tried again."""
        for words in ("a", "b"):
            await database.work(write, words)
        both = threading.Barrier(2, timeout=10)
        runs: list[str] = []

        def update(session: Session, first: str, second: str) -> None:
            runs.append(first)
            lock(session, first)
            if len(runs) <= 2:
                both.wait()
            lock(session, second)

        def lock(session: Session, words: str) -> None:
            session.scalars(select(Note).where(Note.words == words).with_for_update()).one()

        await asyncio.gather(database.work(update, "a", "b"), database.work(update, "b", "a"))
        assert len(runs) == 3

    async def test_work_for_one_chat_is_serialised_and_for_another_is_not(self, database: Database) -> None:
        inside, most = 0, 0
        gate = threading.Lock()

        def stay(session: Session) -> None:
            nonlocal inside, most
            with gate:
                inside += 1
                most = max(most, inside)
            time.sleep(0.05)
            with gate:
                inside -= 1

        chat = -(2**52)
        await asyncio.gather(*(database.for_chat(chat).work(stay) for _ in range(4)))
        assert most == 1
        await asyncio.gather(*(database.for_chat(n).work(stay) for n in range(4)))
        assert most > 1

    async def test_a_failed_commit_is_the_callers_alone(self, database: Database) -> None:
        with pytest.raises(IntegrityError):
            await database.work(refer_to_nothing)

    async def test_a_lost_connection_is_made_anew(self, database: Database) -> None:
        await database.work(write, "one")

        def end_others(session: Session) -> None:
            session.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )

        await asyncio.gather(*(database.work(write, f"{n}") for n in range(8)), database.read(notes))
        await database.work(end_others)
        await asyncio.gather(*(database.work(write, f"again {n}") for n in range(8)))
        assert len(await database.read(notes)) == 17

    async def test_serialise_lets_one_in_at_a_time(self, database: Database) -> None:
        order: list[str] = []

        def chain(session: Session, name: str) -> None:
            serialise(session, "audit")
            order.append(f"{name} in")
            time.sleep(0.02)
            order.append(f"{name} out")

        await asyncio.gather(*(database.work(chain, name) for name in "abc"))
        assert [entry[0] for entry in order[::2]] == [entry[0] for entry in order[1::2]]

    async def test_a_server_that_is_away_is_named(self, tmp_path: Path, database: Database) -> None:
        async with Database(f"postgresql://nobody@/nothing?host={tmp_path}") as away:
            with pytest.raises(NotCommitted):
                await away.work(write, "one")


class TestAddresses:
    @pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://u:geheim@h/d", "a file", ""])
    def test_others_are_refused_without_showing_a_password(self, url: str) -> None:
        with pytest.raises(UnknownDatabase) as caught:
            Database(url)
        assert "geheim" not in str(caught.value)

    @pytest.mark.parametrize("url", ["postgresql://u@h/d", "postgres://u@h/d", "postgresql+psycopg://u@h/d"])
    def test_postgresql_means_psycopg_3(self, url: str) -> None:
        with Database(url) as database:
            assert database._writers.url.drivername == "postgresql+psycopg"

    def test_a_folder_is_made(self, tmp_path: Path) -> None:
        with Database(f"sqlite:///{tmp_path}/a/b/c.db") as database:
            database.look(lambda session: session.execute(text("SELECT 1")))
        assert (tmp_path / "a/b/c.db").exists()


class TestColumns:
    async def test_times_come_back_in_utc(self, database: Database) -> None:
        shenyang = datetime(2027, 3, 4, 8, 0, 0, 123456, tzinfo=timezone(timedelta(hours=8)))

        def keep(session: Session) -> None:
            session.add(Note(words="now", at=shenyang))

        await database.work(keep)
        note = await database.read(lambda session: session.scalars(select(Note)).one())
        assert note.at == shenyang
        assert note.at is not None and note.at.tzinfo is UTC

    async def test_times_are_compared_as_times(self, database: Database) -> None:
        start = datetime(2027, 3, 4, tzinfo=UTC)
        zones = [timezone(timedelta(hours=hours)) for hours in (-11, 0, 8, 13)]

        def keep(session: Session) -> None:
            for n, zone in enumerate(zones):
                session.add(Note(words=str(n), at=(start + timedelta(minutes=n)).astimezone(zone)))

        await database.work(keep)

        def until(session: Session, at: datetime) -> list[str]:
            return list(session.scalars(select(Note.words).where(Note.at <= at).order_by(Note.at)))

        assert await database.read(until, start + timedelta(minutes=2)) == ["0", "1", "2"]

    async def test_naive_times_are_refused(self, database: Database) -> None:
        def keep(session: Session) -> None:
            session.add(Note(words="naive", at=datetime(2027, 3, 4)))

        with pytest.raises(StatementError) as caught:
            await database.work(keep)
        assert isinstance(caught.value.orig, NaiveTime)

    async def test_enums_are_plain_text_and_json_keeps_its_type(self, database: Database) -> None:
        def keep(session: Session) -> None:
            session.add(Note(words="one", mood=Mood.BUSY, tags=("a", "b")))

        await database.work(keep)
        note = await database.read(
            lambda session: session.scalars(select(Note).where(Note.mood == Mood.BUSY)).one()
        )
        assert (note.mood, note.tags) == (Mood.BUSY, ("a", "b"))
        plain = await database.read(
            lambda session: session.execute(text("SELECT mood FROM notes")).scalar_one()
        )
        assert plain == "busy"
