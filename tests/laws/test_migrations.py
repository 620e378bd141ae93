"""The migrations make the tables of this version, on an empty database and over whatever came before."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from sqlmodel import SQLModel

from storage import migrations, tables


def ours() -> sa.MetaData:
    """The tables that `storage` declares, without those of tests that run in the same process."""
    tables.metadata()
    alone = sa.MetaData()
    mappers = SQLModel._sa_registry.mappers
    for mapper in mappers:
        if mapper.class_.__module__.split(".")[0] == "storage":
            mapper.local_table.to_metadata(alone)  # type: ignore[attr-defined]
    return alone


def test_they_are_current() -> None:
    """Red? `bot migrate --write` writes what is missing."""
    assert migrations.unwritten(ours()) == ()


def test_the_law_sees_a_missing_column(tmp_path: Path) -> None:
    versions = tmp_path / "versions"
    versions.mkdir()
    metadata = ours()
    assert any("table cases is missing" in line for line in migrations.unwritten(metadata, versions))
    migrations.write("all", metadata, versions)
    assert migrations.unwritten(metadata, versions) == ()
    metadata.tables["cases"].append_column(sa.Column("colour", sa.String()))
    assert migrations.unwritten(metadata, versions) == ("column cases.colour is missing",)
