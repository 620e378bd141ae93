"""`bot export`: a case for the office's records."""

from __future__ import annotations

from argparse import Namespace

from bot.commands import CommandFailed, ground
from bot.commands.speech import say_json
from bot.settings import Settings, SettingsError
from bot.stopping import in_hand
from storage.cases import NoSuchCase
from storage.exports import export_case, is_wiped
from storage.kinds import Context
from storage.kinds.kind import Taken
from storage.kinds.references import CaseRefKind


def run(options: Namespace) -> int:
    """Print one case as JSON. Raises WrongCommandLine, CommandFailed, SettingsError."""
    settings = Settings.load()
    if settings.data_key is None:
        raise SettingsError("BOT_DATA_KEY", "is missing: write the key that the bot runs with")
    now = ground.clock().now()
    read = CaseRefKind().read(options.case, Context(today=now.date()))
    number = read.value if isinstance(read, Taken) else options.case
    with ground.opened(settings) as database, in_hand():
        world = ground.world(settings, database, now)
        try:
            say_json(database.run(export_case, world, number), indent=1)
        except NoSuchCase as error:
            raise CommandFailed(_missing(options.case, database.look(is_wiped, number))) from error
    return 0


def _missing(given: str, wiped: bool) -> str:
    if wiped:
        return f"{given} was wiped: nothing is left to export"
    return f"there is no case {given}; a number looks like SYFAO-2026-00042"
