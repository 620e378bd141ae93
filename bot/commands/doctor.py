"""`bot doctor`: looks at everything that the bot needs, and says for each fault what to do."""

from __future__ import annotations

import asyncio
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from bot.checks import Finding, Level, fault, kept, machine, ok, telegram
from bot.commands import CommandFailed, ground
from bot.commands.speech import say
from bot.settings import Settings, SettingsError
from locales.formats import OFFICE_ZONE
from storage.migrations import MigrationRefused


def run(_options: Namespace) -> int:
    """Print each finding as it is found; 1 where one is a fault."""
    failed = False
    for finding in _findings():
        say(finding.line)
        failed |= finding.level is Level.FAULT
    return 1 if failed else 0


def _findings() -> Iterator[Finding]:
    try:
        settings = Settings.load()
        ground.office(settings)
    except SettingsError as error:
        yield fault("settings", error.variable, error.advice)
        return
    yield from _settings(settings)
    now = ground.clock().now
    yield from _careful("folder", lambda: machine.folder(settings))
    yield from _careful("clock", lambda: machine.clock(now()))
    yield from _careful("letters", machine.letters)
    yield from _careful("database", lambda: _database(settings))
    if settings.token is not None:
        yield from asyncio.run(telegram.telegram(settings, now))


def _settings(settings: Settings) -> Iterator[Finding]:
    """What `bot run` needs beside what is wrong in itself."""
    if settings.token is None:
        yield fault("settings", "BOT_TOKEN is missing", "write the token that BotFather gave, 123456:ABC…")
    if settings.data_key is None:
        yield fault(
            "settings", "BOT_DATA_KEY is missing", "write a key that `bot key` prints, and keep it safe"
        )
    if settings.token is not None and settings.data_key is not None:
        yield ok("settings", "complete")


def _database(settings: Settings) -> Iterator[Finding]:
    if not kept.is_there(settings):
        yield ok("database", "none yet: `bot run` makes it")
        return
    with ground.opened(settings, current=False) as database:
        schema = list(kept.schema(database))
        yield from schema
        if schema[0].level is not Level.OK:
            return
        if settings.data_key is not None:
            yield from kept.key(database)
        yield from kept.files(database, settings)
        yield from kept.staff(database)
        yield from kept.calendar(database, ground.clock().now().astimezone(OFFICE_ZONE).date())


def _careful(check: str, look: Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
    """One check that fails must not hide the others."""
    try:
        yield from look()
    except SettingsError as error:
        yield fault(check, error.variable, error.advice)
    except MigrationRefused as error:
        yield fault(check, str(error), "write that migration by hand")
    except CommandFailed as error:
        yield fault(check, "it can't be used", str(error))
    except Exception as error:
        step = error.__traceback__
        while step is not None and step.tb_next is not None:
            step = step.tb_next
        place = f" at {Path(step.tb_frame.f_code.co_filename).name}:{step.tb_lineno}" if step else ""
        yield fault(check, f"{type(error).__name__}{place}", "tell who maintains the bot")
