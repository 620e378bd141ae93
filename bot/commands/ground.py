"""What commands stand on: settings, an open database, the office; their faults told in one line each."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError, OperationalError

from bot.commands import CommandFailed
from bot.settings import Settings, SettingsError
from bot.timepiece import Clock
from storage import migrations, secrets, tables
from storage.database import BrokenReferences, Database, NotCommitted, UnknownDatabase
from storage.migrations import NewerDatabase
from storage.office_days import read_calendar
from storage.offices import Office, read_office
from storage.services import services
from storage.world import World

OLDER = "the database is older than this program: run `bot migrate`"


def clock() -> Clock:
    """The one clock of this process."""
    return Clock()


@contextmanager
def opened(settings: Settings, *, current: bool = True) -> Iterator[Database]:
    """The database, brought to this version unless `current` is False. Raises CommandFailed, SettingsError."""
    if settings.data_key is not None:
        secrets.use(secrets.Keys(settings.data_key.get_secret_value()))
    with _faults(settings), Database(settings.database) as database:
        if current:
            bring_up(database)
        yield database


def bring_up(database: Database) -> None:
    """Migrate SQLite; PostgreSQL, where other replicas may still run, must have been. Raises CommandFailed."""
    tables.metadata()
    if not migrations.pending(database):
        return
    if database.dialect == "postgresql":
        raise CommandFailed(OLDER)
    migrations.upgrade(database)


def office(settings: Settings) -> Office:
    """The office of the settings. Raises SettingsError."""
    try:
        return read_office(settings.office)
    except OSError as error:
        raise SettingsError("BOT_OFFICE", f"can't be read ({error.strerror})") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError("BOT_OFFICE", f"is no TOML: {error}") from error
    except ValidationError as error:
        fault = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(map(str, fault["loc"]))
        raise SettingsError("BOT_OFFICE", f"`{place}` in the file: {fault['msg']}") from error


def world(settings: Settings, database: Database, now: datetime) -> World:
    """The office at a time, for the rules. Raises SettingsError."""
    return World(now, database.look(read_calendar), office(settings), services())


@contextmanager
def _faults(settings: Settings) -> Iterator[None]:
    try:
        yield
    except UnknownDatabase as error:
        raise SettingsError(
            "BOT_DATABASE_URL", "write sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME"
        ) from error
    except NewerDatabase as error:
        raise CommandFailed(
            "the database belongs to a newer version of this program: install that one"
        ) from error
    except BrokenReferences as error:
        raise CommandFailed(f"the migration would lose rows that others refer to: {error}") from error
    except (OperationalError, NotCommitted) as error:
        raise _named(settings, f"the database does not answer: {_first_line(error)}") from error
    except OSError as error:
        raise _named(
            settings, f"{error.filename or settings.data_dir} can't be used ({error.strerror})"
        ) from error
    except secrets.NoKeys as error:
        raise SettingsError("BOT_DATA_KEY", "is missing: write the key that the bot runs with") from error
    except (secrets.WrongKey, secrets.Tampered) as error:
        raise SettingsError("BOT_DATA_KEY", "is not the key under which this database is sealed") from error


def _named(settings: Settings, advice: str) -> SettingsError:
    return SettingsError("BOT_DATA_DIR" if settings.database_url is None else "BOT_DATABASE_URL", advice)


def _first_line(error: BaseException) -> str:
    """What the driver said of the connection; the statement and its values are not in it."""
    cause = error if isinstance(error, DBAPIError) else error.__cause__
    lines = str(cause.orig).strip().splitlines() if isinstance(cause, DBAPIError) else []
    return lines[0] if lines else type(cause or error).__name__
