"""What autogeneration may do: it adds, renames and widens; it never drops a table or a column, nor bares a secret."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa
from alembic.autogenerate import produce_migrations, renderers
from alembic.operations import ops
from alembic.runtime.migration import MigrationContext
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine.default import DefaultDialect


class MigrationRefused(Exception):
    """A change of the tables that nobody but a person can migrate. `table` and `column` name the place."""

    def __init__(self, table: str, column: str) -> None:
        super().__init__(f"{table}.{column}")
        self.table = table
        self.column = column


class SealedChange(MigrationRefused):
    """A column would change between clear and sealed: its values must be moved by a migration written by hand."""


class NeedsDefault(MigrationRefused):
    """A new column of an existing table may not be empty and says no server_default: the old rows have no value."""


def options(metadata: sa.MetaData) -> dict[str, Any]:
    """How Alembic is configured, for `EnvironmentContext.configure` and `MigrationContext.configure`."""
    name_constraints(metadata)

    def is_ours(thing: Any, name: str | None, kind: str, reflected: bool, match: Any) -> bool:
        return not reflected or match is not None or _may_go(thing, kind, metadata)

    def revise(context: MigrationContext, _: Any, directives: list[ops.MigrationScript]) -> None:
        for script in directives:
            assert script.upgrade_ops is not None  # noqa: S101 - command.revision makes one
            abide(context, script.upgrade_ops, metadata)
            if script.upgrade_ops.is_empty():
                directives.clear()

    return {
        "target_metadata": metadata,
        "compare_type": True,
        "include_object": is_ours,
        "process_revision_directives": revise,
        "render_as_batch": True,
        "render_item": render_plain_type,
        "transactional_ddl": True,
    }


def changes(connection: sa.Connection, metadata: sa.MetaData) -> ops.UpgradeOps:
    """What brings a database to the tables, by these rules. Raises MigrationRefused."""
    context = MigrationContext.configure(connection, opts=options(metadata))
    upgrade = produce_migrations(context, metadata).upgrade_ops
    assert upgrade is not None  # noqa: S101 - produce_migrations makes one
    abide(context, upgrade, metadata)
    return upgrade


def abide(context: MigrationContext, upgrade: ops.UpgradeOps, metadata: sa.MetaData) -> None:
    """Bring what Alembic found under the rules. Raises MigrationRefused."""
    assert context.connection is not None  # noqa: S101 - we never work offline
    inspector = sa.inspect(context.connection)
    there = set(inspector.get_table_names())
    by_table = {op.table_name: op for op in upgrade.ops if isinstance(op, ops.ModifyTableOps)}
    renames: list[ops.MigrateOperation] = []
    for table in metadata.sorted_tables:
        if table.name not in there:
            continue
        columns = {column["name"]: column for column in inspector.get_columns(table.name)}
        found = by_table.get(table.name, ops.ModifyTableOps(table.name, []))
        changed, renamed = _abiding(found.ops, table, columns, context)
        renames.extend(ops.ExecuteSQLOp(_rename(table.name, *names)) for names in renamed)
        changed.extend(_relaxed(table, columns, renamed_from={was for was, _ in renamed}))
        if changed and table.name not in by_table:
            upgrade.ops.append(found)
        found.ops[:] = changed
    modifies_nothing = [op for op in by_table.values() if not op.ops]
    upgrade.ops[:] = renames + [op for op in upgrade.ops if op not in modifies_nothing]


def _abiding(
    found: Iterable[ops.MigrateOperation], table: sa.Table, columns: dict[str, Any], context: MigrationContext
) -> tuple[list[ops.MigrateOperation], list[tuple[str, str]]]:
    """What may be done to one table, and which columns are renamed before that: from, to."""
    changed: list[ops.MigrateOperation] = []
    renamed: list[tuple[str, str]] = []
    for op in found:
        if isinstance(op, ops.AddColumnOp):
            was = columns.get(op.column.info.get("was", ""))
            if was is not None and was["name"] not in table.columns:
                renamed.append((was["name"], op.column.name))
                changed.extend(_retyped(table.name, op.column, was["type"], context))
                continue
            if not op.column.nullable and op.column.server_default is None:
                raise NeedsDefault(table.name, op.column.name)
        elif isinstance(op, ops.AlterColumnOp) and op.modify_type is not None:
            op = _Cast(op)  # noqa: PLW2901 - the same change, said so that PostgreSQL takes it
        changed.append(op)
    return changed, renamed


def _rename(table: str, was: str, now: str) -> str:
    """The one way to rename that both databases have, without making the table anew."""
    quote = DefaultDialect().identifier_preparer.quote
    return f"ALTER TABLE {quote(table)} RENAME COLUMN {quote(was)} TO {quote(now)}"


def _retyped(
    table: str, column: sa.Column[Any], was: Any, context: MigrationContext
) -> Iterator[ops.MigrateOperation]:
    """What a renamed column needs beside its name."""
    _refuse_between_clear_and_sealed(table, column.name, was, column.type)
    if context.impl.compare_type(sa.Column(column.name, was), column):
        yield _Cast(ops.AlterColumnOp(table, column.name, existing_type=was, modify_type=column.type))


class _Cast(ops.AlterColumnOp):
    """A change of type that brings the values along; PostgreSQL must be told how, SQLite does so by itself."""

    def __init__(self, op: ops.AlterColumnOp) -> None:
        _refuse_between_clear_and_sealed(op.table_name, op.column_name, op.existing_type, op.modify_type)
        self.__dict__.update(op.__dict__)
        dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
        assert op.modify_type is not None  # noqa: S101 - made only for a change of type
        kind = op.modify_type.compile(dialect=dialect)
        self.using = f"{dialect.identifier_preparer.quote(op.column_name)}::{kind}"
        self.kw = {**op.kw, "postgresql_using": self.using}


@renderers.dispatch_for(_Cast)
def _render_cast(autogen_context: Any, op: _Cast) -> str:
    plain = ops.AlterColumnOp.__new__(ops.AlterColumnOp)
    plain.__dict__.update(op.__dict__)
    text: str = renderers.dispatch(plain)(autogen_context, plain)
    return f"{text.removesuffix(')')},\n           postgresql_using={op.using!r})"


def _relaxed(table: sa.Table, columns: dict[str, Any], renamed_from: set[str]) -> Iterator[ops.AlterColumnOp]:
    """A column that the tables no longer know stays, and may be empty from now on: new rows say nothing of it."""
    for name, column in columns.items():
        unknown = name not in table.columns and name not in renamed_from
        if unknown and not column["nullable"] and column.get("default") is None:
            yield ops.AlterColumnOp(
                table.name, name, existing_type=column["type"], existing_nullable=False, modify_nullable=True
            )


def _refuse_between_clear_and_sealed(table: str, column: str, before: Any, after: Any) -> None:
    if isinstance(plain_type(before), sa.LargeBinary) != isinstance(plain_type(after), sa.LargeBinary):
        raise SealedChange(table, column)


def _may_go(thing: Any, kind: str, metadata: sa.MetaData) -> bool:
    """Whether what only the database has may be dropped: a rule over known columns, never what holds values."""
    if kind in ("table", "column"):
        return False
    table = metadata.tables.get(thing.table.name)
    if table is None:
        return False
    known = {*table.columns.keys(), *(column.info.get("was") for column in table.columns)}
    return all(column.name in known for column in thing.columns)


def plain_type(kind: Any) -> Any:
    """The database's own type under our column types."""
    while isinstance(kind, sa.TypeDecorator):
        kind = kind.impl_instance
    return kind


def render_plain_type(what: str, thing: Any, _: Any) -> str | bool:
    """Write plain types: a migration must not import what changes or goes. False leaves it to Alembic."""
    if what != "type" or not isinstance(thing, sa.TypeDecorator):
        return False
    plain = plain_type(thing)
    return f"sa.{plain!r}" if type(plain).__module__ == "sqlalchemy.sql.sqltypes" else False


def name_constraints(metadata: sa.MetaData) -> None:
    """Give every constraint the name by which a later migration can find it, alike on both databases."""
    for table in metadata.tables.values():
        for constraint in table.constraints:
            if constraint.name is None and isinstance(constraint, tuple(_PREFIXES)):
                constraint.name = _named(constraint, table)


def _named(constraint: sa.Constraint, table: sa.Table) -> str:
    prefix = next(prefix for kind, prefix in _PREFIXES.items() if isinstance(constraint, kind))
    columns: Iterable[Any] = () if prefix == "pk" else getattr(constraint, "columns", ())
    name = "_".join((prefix, table.name, *(column.name for column in columns)))
    # PostgreSQL's names have 63 characters.
    return name if len(name) <= 63 else f"{name[:54]}_{zlib.crc32(name.encode()):08x}"


_PREFIXES: dict[type[sa.Constraint], str] = {
    sa.PrimaryKeyConstraint: "pk",
    sa.UniqueConstraint: "uq",
    sa.ForeignKeyConstraint: "fk",
}
