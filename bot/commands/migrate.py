"""`bot migrate`: the database to this version's tables; with `--write`, the migration of a changed service file."""

from __future__ import annotations

from argparse import Namespace

from bot.commands import CommandFailed, ground
from bot.commands.speech import say, tell
from bot.settings import Settings
from bot.stopping import in_hand
from storage import migrations, tables
from storage.migrations import MigrationRefused, SealedChange


def run(options: Namespace) -> int:
    """Migrate, write or check. Raises CommandFailed, SettingsError."""
    metadata = tables.metadata()
    try:
        if options.check:
            return _check(migrations.unwritten(metadata))
        if options.write is not None:
            return _write(options.write)
    except MigrationRefused as error:
        raise CommandFailed(_told(error)) from error
    return _upgrade()


def _upgrade() -> int:
    with ground.opened(Settings.load(), current=False) as database, in_hand():
        steps = migrations.pending(database)
        migrations.upgrade(database)
        for step in steps:
            say(step)
    tell(f"{len(steps)} migrations run" if steps else "nothing to do: the database is current")
    return 0


def _write(message: str) -> int:
    with in_hand():
        path = migrations.write(message)
        if path is None:
            tell("nothing to write: every table has its migration")
        else:
            say(str(path))
    return 0


def _check(unwritten: tuple[str, ...]) -> int:
    for line in unwritten:
        say(line)
    if unwritten:
        tell("run `bot migrate --write`, and keep what it writes with the service file")
    return 1 if unwritten else 0


def _told(error: MigrationRefused) -> str:
    place = f"{error.table}.{error.column}"
    if isinstance(error, SealedChange):
        return f"{place} would change between clear and sealed: write that migration by hand, with its data"
    return f"{place} is new and may not be empty: give it a server_default, for the rows that are there"
