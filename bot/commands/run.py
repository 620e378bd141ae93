"""`bot run`: the bot on Telegram, or on another Bot API server."""

from __future__ import annotations

import asyncio
from argparse import Namespace

from bot import logs
from bot.commands import CommandFailed, ground
from bot.settings import Settings
from storage import migrations
from storage.database import Database


def run(_options: Namespace) -> int:
    """Run until SIGINT or SIGTERM. Raises SettingsError, CommandFailed."""
    settings = Settings.load().for_running()
    logs.configure(settings.log_level)
    ground.office(settings)
    with ground.opened(settings) as database:
        _all_have_tables(database)
        asyncio.run(_running(settings, database))
    return 0


async def _running(settings: Settings, database: Database) -> None:
    from bot.app import App  # noqa: PLC0415  # aiogram takes seconds: a wrong setting is told before
    from bot.furnish import furnish  # noqa: PLC0415

    try:
        await App(settings, furnish, database=database).run()
    except OSError as error:
        raise CommandFailed(
            f"BOT_LISTEN: can't be listened on ({error.strerror}); name another port"
        ) from error


def _all_have_tables(database: Database) -> None:
    """A service file that was dropped in must have its migration before anybody answers it."""
    missing = migrations.differences(database)
    if missing:
        raise CommandFailed(f"{missing[0]}: write the migration with `bot migrate --write`, then start again")
