"""Migrations: written from the tables, alike on both databases, and never at the cost of what is kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from storage import migrations
from storage.columns import EnumText, Json, UtcDateTime
from storage.database import BrokenReferences, Database
from storage.migrations import NeedsDefault, NewerDatabase, SealedChange, rules
from storage.secrets import Sealed
from tests.storage.test_database import Mood


def tables(*columns: sa.Column[Any], more: Callable[[sa.MetaData], object] = lambda _: None) -> sa.MetaData:
    """Two tables as a version of the program has them; guests refer to visits."""
    metadata = sa.MetaData()
    sa.Table("visits", metadata, sa.Column("id", sa.Integer, primary_key=True), *columns)
    sa.Table(
        "guests",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("visit", sa.ForeignKey("visits.id", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("name", sa.String(80), unique=True),
    )
    more(metadata)
    return metadata


def place(**info: str) -> sa.Column[str]:
    return sa.Column("place", sa.String(40), index=True, info=info)


@pytest.fixture
def versions(tmp_path: Path) -> Path:
    folder = tmp_path / "versions"
    folder.mkdir()
    return folder


@pytest.fixture
def database(empty_database: Database) -> Database:
    return empty_database


def written(message: str, metadata: sa.MetaData, versions: Path) -> str:
    path = migrations.write(message, metadata, versions)
    assert path is not None
    return path.read_text()


def keep_a_visit(database: Database, words: str = "Berlin") -> None:
    def keep(session: Session) -> None:
        session.execute(sa.text("INSERT INTO visits (id, place) VALUES (1, :words)"), {"words": words})
        session.execute(sa.text("INSERT INTO guests (id, visit, name) VALUES (1, 1, 'Anna')"))

    database.run(keep)


def rows(database: Database, query: str) -> list[tuple[Any, ...]]:
    return database.look(lambda session: [tuple(row) for row in session.execute(sa.text(query))])


class TestWriting:
    def test_what_is_written_makes_the_tables_on_both(self, database: Database, versions: Path) -> None:
        metadata = tables(place())
        assert migrations.unwritten(metadata, versions) == (
            "table guests is missing",
            "table visits is missing",
        )
        written("first", metadata, versions)
        assert migrations.unwritten(metadata, versions) == ()
        assert [step.split(" ", 1)[1] for step in migrations.pending(database, versions)] == ["first"]
        migrations.upgrade(database, versions)
        assert migrations.pending(database, versions) == ()
        assert migrations.differences(database, metadata) == ()
        keep_a_visit(database)

    def test_nothing_new_writes_nothing(self, versions: Path) -> None:
        written("first", tables(place()), versions)
        assert migrations.write("again", tables(place()), versions) is None
        assert len(list(versions.glob("*.py"))) == 1

    def test_a_new_table_and_a_new_column(self, database: Database, versions: Path) -> None:
        written("first", tables(place()), versions)
        migrations.upgrade(database, versions)
        keep_a_visit(database)
        later = tables(
            place(),
            sa.Column("days", sa.Integer),
            more=lambda metadata: sa.Table("rooms", metadata, sa.Column("id", sa.Integer, primary_key=True)),
        )
        assert set(migrations.differences(database, later)) == {
            "table rooms is missing",
            "column visits.days is missing",
        }
        written("second", later, versions)
        migrations.upgrade(database, versions)
        assert migrations.differences(database, later) == ()
        assert rows(database, "SELECT place, days FROM visits") == [("Berlin", None)]

    def test_our_column_types_are_written_as_plain_ones(self, database: Database, versions: Path) -> None:
        """A migration must not import what changes or goes."""
        metadata = tables(
            place(),
            sa.Column("at", UtcDateTime),
            sa.Column("mood", EnumText(Mood)),
            sa.Column("tags", Json(tuple[str, ...])),
            sa.Column("passport", Sealed(str)),
        )
        text = written("first", metadata, versions)
        assert "storage" not in text and "sqlmodel" not in text
        for name, plain in [
            ("at", "sa.DateTime(timezone=True)"), ("mood", "sa.String()"), ("tags", "sa.JSON(none_as_null=True)"),
            ("passport", "sa.LargeBinary()"),
        ]:  # fmt: skip
            assert f"sa.Column('{name}', {plain}, nullable=True)" in text
        migrations.upgrade(database, versions)
        assert migrations.differences(database, metadata) == ()

    def test_constraints_have_names_by_which_they_can_be_found(
        self, database: Database, versions: Path
    ) -> None:
        text = written("first", tables(place()), versions)
        assert {"pk_visits", "uq_guests_name", "fk_guests_visit", "ix_guests_visit"} <= set(
            re.findall(r"'(\w+)'", text)
        )
        migrations.upgrade(database, versions)
        dropped = tables(place())
        name = dropped.tables["guests"].columns["name"]
        name.unique = None
        dropped.tables["guests"].constraints = {
            one for one in dropped.tables["guests"].constraints if not isinstance(one, sa.UniqueConstraint)
        }
        written("names may repeat", dropped, versions)
        migrations.upgrade(database, versions)
        assert migrations.differences(database, dropped) == ()

    def test_long_names_fit_postgresql(self) -> None:
        metadata = sa.MetaData()
        for last in "ab":
            sa.Table(
                "t" * 40,
                metadata,
                sa.Column(f"{'c' * 40}{last}", sa.Integer, unique=True),
                extend_existing=True,
            )
        rules.name_constraints(metadata)
        names = [str(one.name) for one in metadata.tables["t" * 40].constraints]
        assert len(set(names)) == 3 and max(map(len, names)) <= 63


class TestWhatIsNeverLost:
    def test_a_column_and_a_table_that_the_program_forgot_stay(
        self, database: Database, versions: Path
    ) -> None:
        written("first", tables(place()), versions)
        migrations.upgrade(database, versions)
        keep_a_visit(database)
        less = sa.MetaData()
        sa.Table("visits", less, sa.Column("id", sa.Integer, primary_key=True))
        assert migrations.write("less", less, versions) is None
        assert migrations.differences(database, less) == ()
        assert rows(database, "SELECT place FROM visits") == [("Berlin",)]

    def test_a_forgotten_column_may_be_empty_from_then_on(self, database: Database, versions: Path) -> None:
        strict = tables(place(), sa.Column("days", sa.Integer, nullable=False))
        written("first", strict, versions)
        migrations.upgrade(database, versions)
        written("days are not asked any more", tables(place()), versions)
        migrations.upgrade(database, versions)
        keep_a_visit(database)
        assert rows(database, "SELECT days FROM visits") == [(None,)]

    def test_a_question_that_was_called_otherwise_keeps_its_answers(
        self, database: Database, versions: Path
    ) -> None:
        written("first", tables(place()), versions)
        migrations.upgrade(database, versions)
        keep_a_visit(database)
        renamed = tables(sa.Column("city", sa.String(60), index=True, info={"was": "place"}))
        text = written("place is city", renamed, versions)
        assert "RENAME COLUMN place TO city" in text and "drop_column" not in text
        migrations.upgrade(database, versions)
        assert rows(database, "SELECT city FROM visits") == [("Berlin",)]
        assert rows(database, "SELECT name FROM guests") == [("Anna",)]
        assert migrations.differences(database, renamed) == ()
        assert migrations.write("again", renamed, versions) is None

    def test_a_question_that_never_was_is_simply_new(self, versions: Path) -> None:
        written("first", tables(place()), versions)
        text = written(
            "second", tables(place(), sa.Column("city", sa.String, info={"was": "town"})), versions
        )
        assert "add_column" in text and "RENAME" not in text

    def test_changing_a_table_keeps_the_rows_that_refer_to_it(
        self, database: Database, versions: Path
    ) -> None:
        """SQLite makes the table anew; with foreign keys enforced, dropping the old would delete the guests."""
        written("first", tables(place()), versions)
        migrations.upgrade(database, versions)
        keep_a_visit(database)
        wider = tables(sa.Column("place", sa.String(400), index=True))
        written("wider", wider, versions)
        migrations.upgrade(database, versions)
        assert migrations.differences(database, wider) == ()
        assert rows(database, "SELECT name FROM guests") == [("Anna",)]

        def enforced(session: Session) -> None:
            session.execute(sa.text("DELETE FROM visits"))

        database.run(enforced)
        assert rows(database, "SELECT name FROM guests") == []

    def test_a_type_changes_with_its_values(self, database: Database, versions: Path) -> None:
        written("first", tables(place()), versions)
        migrations.upgrade(database, versions)
        keep_a_visit(database, "42")
        number = tables(sa.Column("place", sa.Integer))
        written("places are numbers", number, versions)
        migrations.upgrade(database, versions)
        assert rows(database, "SELECT place FROM visits") == [(42,)]
        assert migrations.differences(database, number) == ()


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("before", "after"),
        [
            (sa.Column("place", sa.String), sa.Column("place", Sealed(str))),
            (sa.Column("place", Sealed(str)), sa.Column("place", sa.String)),
            (sa.Column("place", sa.String), sa.Column("city", Sealed(str), info={"was": "place"})),
            (sa.Column("place", Sealed(str)), sa.Column("city", sa.Date, info={"was": "place"})),
        ],
    )
    def test_a_change_between_clear_and_sealed(
        self, database: Database, versions: Path, before: sa.Column[Any], after: sa.Column[Any]
    ) -> None:
        earlier, later = tables(before._copy()), tables(after._copy())
        written("first", earlier, versions)
        migrations.upgrade(database, versions)
        for attempt in (
            lambda: migrations.write("bare", later, versions),
            lambda: migrations.unwritten(later, versions),
            lambda: migrations.apply_autogenerated(database, later, versions),
        ):
            with pytest.raises(SealedChange) as caught:
                attempt()
            assert (caught.value.table, caught.value.column) == ("visits", after.name)
        assert len(list(versions.glob("*.py"))) == 1

    def test_a_new_column_that_old_rows_can_not_fill(self, versions: Path) -> None:
        written("first", tables(place()), versions)
        with pytest.raises(NeedsDefault):
            migrations.write(
                "second", tables(place(), sa.Column("days", sa.Integer, nullable=False)), versions
            )
        default = sa.Column("days", sa.Integer, nullable=False, server_default="1")
        assert migrations.write("second", tables(place(), default), versions)

    def test_a_database_from_a_newer_program(
        self, database: Database, versions: Path, tmp_path: Path
    ) -> None:
        written("first", tables(place()), versions)
        migrations.upgrade(database, versions)
        older = tmp_path / "older"
        older.mkdir()
        with pytest.raises(NewerDatabase):
            migrations.pending(database, older)
        with pytest.raises(NewerDatabase):
            migrations.upgrade(database, older)

    def test_a_migration_that_fails_leaves_everything_as_it_was(
        self, database: Database, versions: Path
    ) -> None:
        written("first", tables(place()), versions)
        migrations.upgrade(database, versions)
        path = migrations.write("second", tables(place(), sa.Column("days", sa.Integer)), versions)
        assert path is not None
        path.write_text(path.read_text() + "    raise ZeroDivisionError\n")
        with pytest.raises(ZeroDivisionError):
            migrations.upgrade(database, versions)
        assert len(migrations.pending(database, versions)) == 1
        assert migrations.differences(database, tables(place())) == ()
        keep_a_visit(database)

    @pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)
    def test_a_migration_that_leaves_rows_without_what_they_refer_to(
        self, database: Database, versions: Path
    ) -> None:
        """PostgreSQL refuses the statement itself; SQLite is asked at the end."""
        written("first", tables(place()), versions)
        migrations.upgrade(database, versions)
        keep_a_visit(database)
        path = migrations.write("second", tables(place(), sa.Column("days", sa.Integer)), versions)
        assert path is not None
        path.write_text(path.read_text() + "    op.execute('DELETE FROM visits')\n")  # noqa: S608
        with pytest.raises(BrokenReferences) as caught:
            migrations.upgrade(database, versions)
        assert caught.value.references == (("guests", "visits"),)
        assert rows(database, "SELECT place FROM visits") == [("Berlin",)]


class TestDemoAndTests:
    def test_tables_are_there_before_their_migration_is_written(
        self, database: Database, versions: Path
    ) -> None:
        metadata = tables(place())
        migrations.apply_autogenerated(database, metadata, versions)
        assert migrations.differences(database, metadata) == ()
        assert migrations.unwritten(metadata, versions)
        keep_a_visit(database)

    def test_and_the_migration_written_later_does_no_harm(self, database: Database, versions: Path) -> None:
        metadata = tables(place())
        migrations.apply_autogenerated(database, metadata, versions)
        keep_a_visit(database)
        written("first", metadata, versions)
        migrations.apply_autogenerated(database, metadata, versions)
        assert migrations.pending(database, versions) == ()
        assert rows(database, "SELECT place FROM visits") == [("Berlin",)]

    def test_a_renamed_question_keeps_its_answers_there_too(self, database: Database, versions: Path) -> None:
        migrations.apply_autogenerated(database, tables(place()), versions)
        keep_a_visit(database)
        renamed = tables(sa.Column("city", sa.String(40), info={"was": "place"}))
        migrations.apply_autogenerated(database, renamed, versions)
        assert rows(database, "SELECT city FROM visits") == [("Berlin",)]
        assert rows(database, "SELECT name FROM guests") == [("Anna",)]
        assert migrations.differences(database, renamed) == ()

    def test_nothing_is_printed(
        self, database: Database, versions: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """Standard output belongs to the commands."""
        written("first", tables(place()), versions)
        migrations.apply_autogenerated(database, tables(place()), versions)
        assert capsys.readouterr().out == ""
