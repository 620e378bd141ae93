"""Every storage test that asks for a database runs on SQLite and on a real PostgreSQL, each in a fresh one."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL, make_url
from sqlmodel import SQLModel

from storage import secrets, tables
from storage.database import Database
from tests import postgres
from tests.storage.office import bureau, one_postgresql

__all__ = ["bureau", "one_postgresql"]

DIALECTS = ("sqlite", "postgresql")


@pytest.fixture(autouse=True)
def keys() -> Iterator[secrets.Keys]:
    """A data key for this test."""
    with secrets.using(secrets.Keys(secrets.generate())) as ring:
        yield ring


@pytest.fixture(params=DIALECTS)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without tables."""
    yield from _address(request, tmp_path, lambda _: None)


@pytest.fixture
async def empty_database(empty_url: str) -> AsyncIterator[Database]:
    """A database without tables."""
    async with Database(empty_url) as database:
        yield database


@pytest.fixture(params=DIALECTS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path, templates: Templates) -> Iterator[str]:
    """The address of a database with every table that the imported modules declare."""
    yield from _address(request, tmp_path, templates.of)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A database with every table that the imported modules declare, and no rows."""
    async with Database(database_url) as database:
        yield database


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """A running PostgreSQL; started for the first test that wants it."""
    with postgres.running() as server:
        yield server


class Templates:
    """Databases with all tables, made once for a set of tables; copying one is cheaper than making tables."""

    def __init__(self, folder: Path, postgres_server: Callable[[], postgres.Server]) -> None:
        self._folder = folder
        self._postgres_server = postgres_server
        self._made: dict[tuple[str, frozenset[str]], URL] = {}

    def of(self, dialect: str) -> URL:
        """The template of a dialect for the tables known now."""
        tables.metadata()
        declared = frozenset(SQLModel.metadata.tables)
        if (dialect, declared) not in self._made:
            self._made[dialect, declared] = self._make(dialect)
        return self._made[dialect, declared]

    def _make(self, dialect: str) -> URL:
        if dialect == "sqlite":
            address = make_url(f"sqlite:///{self._folder / f'{len(self._made)}.db'}")
        else:
            address = self._postgres_server().create()
        url = address.render_as_string(hide_password=False)
        with Database(url) as database, database.reshaping() as connection:
            SQLModel.metadata.create_all(connection)
        return address


@pytest.fixture(scope="session")
def templates(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Templates:
    """Made when first asked for."""
    return Templates(tmp_path_factory.mktemp("templates"), lambda: request.getfixturevalue("postgres_server"))


def _address(
    request: pytest.FixtureRequest, folder: Path, template: Callable[[str], URL | None]
) -> Iterator[str]:
    original = template(request.param)
    if request.param == "sqlite":
        file = folder / "shenqiao.db"
        if original is not None:
            shutil.copyfile(str(original.database), file)
        yield f"sqlite:///{file}"
        return
    server: postgres.Server = request.getfixturevalue("postgres_server")
    address = server.create("template1" if original is None else str(original.database))
    yield address.render_as_string(hide_password=False)
    server.drop(address)
