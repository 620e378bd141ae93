"""`bot clock --at TIME`: one pass of everything that is due then, without Telegram; what it posts, the bot delivers."""

from __future__ import annotations

import asyncio
from argparse import Namespace
from datetime import datetime
from zoneinfo import ZoneInfo

from pydantic import SecretStr

from bot import logs
from bot.commands import WrongCommandLine, ground
from bot.commands.speech import say
from bot.settings import Settings, SettingsError
from bot.stopping import in_hand
from locales.formats import OFFICE_ZONE
from storage.database import Database

NO_TOKEN = SecretStr("1:none")
"""The pass speaks to nobody, so it needs no token."""


def run(options: Namespace) -> int:
    """Run the pass; 1 where a part of it failed. Raises WrongCommandLine, SettingsError."""
    at = moment(options.at)
    settings = Settings.load()
    if settings.data_key is None:
        raise SettingsError("BOT_DATA_KEY", "is missing: write the key that the bot runs with")
    logs.configure(settings.log_level)
    ground.office(settings)
    settings = settings.model_copy(update={"token": settings.token or NO_TOKEN, "listen": None})
    with ground.opened(settings) as database, in_hand():
        outcomes = asyncio.run(_pass(settings, database, at))
    for name, outcome in outcomes.items():
        say(f"{name}: {outcome}")
    return 0 if all(outcome.startswith("done") for outcome in outcomes.values()) else 1


def moment(text: str, zone: ZoneInfo = OFFICE_ZONE) -> datetime:
    """An instant in ISO 8601; without an offset, office time. Raises WrongCommandLine."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise WrongCommandLine("--at: write a time, such as 2027-03-01T09:00") from None
    return at if at.tzinfo is not None else at.replace(tzinfo=zone)


async def _pass(settings: Settings, database: Database, at: datetime) -> dict[str, str]:
    from bot.app import App  # noqa: PLC0415  # aiogram takes seconds: a wrong setting is told before
    from bot.furnish import furnish  # noqa: PLC0415

    clock = ground.clock()
    clock.move(at)
    app = App(settings, furnish, clock=clock, database=database)
    try:
        return await app.ticker.run_once(at)
    finally:
        await app.bot.session.close()
