"""`bot people`: invitations for officers and units, the list of officers, and their suspension."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from bot.commands import CommandFailed, WrongCommandLine, ground
from bot.commands.speech import say, say_json, tell
from bot.settings import Settings
from bot.stopping import in_hand
from storage import account, officers
from storage.approval import Division, Role
from storage.database import Database
from storage.forms import Audience
from storage.officers import OfficerRole
from storage.people import Person

UNKNOWN_BOT = "<bot>"


def run(options: Namespace) -> int:
    """Invite, list or suspend. Raises WrongCommandLine, CommandFailed, SettingsError."""
    return {"invite": _invite, "list": _list, "suspend": _suspend}[options.action](options)


def _invite(options: Namespace) -> int:
    officer = _officer(options) if options.role is not None else None
    unit = _unit(options) if officer is None else None
    with ground.opened(Settings.load()) as database, in_hand():
        now = ground.clock().now()
        if officer is not None:
            say_invitation(database, "staff_" + database.run(officers.invite_officer, *officer, now))
        elif unit is not None:
            say_invitation(database, "unit_" + database.run(officers.invite_unit, *unit, now))
    return 0


def say_invitation(database: Database, start: str) -> None:
    """The link, and what follows `?start=` alone on the last line."""
    bot = database.look(account.username)
    say(f"https://t.me/{bot or UNKNOWN_BOT}?start={start}")
    say(start)
    if bot is None:
        tell(f"write the bot's user name for {UNKNOWN_BOT}; it is known here once `bot run` has met Telegram")


def _officer(options: Namespace) -> tuple[Role, Division | None, str]:
    role = _one_of(Role, "--role", options.role.lower())
    division = _one_of(Division, "--division", options.division.upper()) if options.division else None
    if options.unit is not None:
        raise WrongCommandLine("--unit goes with --audience; an officer has a --division")
    if not (options.name or "").strip():
        raise WrongCommandLine("--name is missing: write the officer's name as colleagues read it")
    if division is Division.DIS:
        raise WrongCommandLine("--division DIS is any district: write the one, such as DIS-HEPING")
    if division is None and role is Role.SECTION_CHIEF:
        raise WrongCommandLine("--division is missing: a section chief has one, such as CON")
    return role, division, options.name.strip()


def _unit(options: Namespace) -> tuple[Audience, str]:
    audience = _one_of(Audience, "--audience", options.audience.lower())
    if options.division is not None or options.name is not None:
        raise WrongCommandLine("--division and --name go with --role; a unit has a --unit")
    if not (options.unit or "").strip():
        raise WrongCommandLine("--unit is missing: write the unit's name, such as 沈阳市商务局")
    return audience, options.unit.strip()


def _one_of(words: Any, option: str, given: str) -> Any:
    try:
        return words(given)
    except ValueError:
        raise WrongCommandLine(f"{option}: write one of {', '.join(words)}") from None


def _list(options: Namespace) -> int:
    with ground.opened(Settings.load()) as database:
        found = database.look(officers.everyone)
    if options.json:
        say_json([_shape(person, roles) for person, roles in found], indent=1)
        return 0
    for person, roles in found:
        named = ", ".join(f"{one.role} {one.division or ''}".strip() for one in roles)
        state = "suspended" if person.suspended_at else ""
        say("\t".join((str(person.id), person.name or "", named, state)).rstrip())
    if not found:
        tell("nobody yet: `bot people invite --role desk --name NAME`")
    return 0


def _shape(person: Person, roles: list[OfficerRole]) -> dict[str, Any]:
    return {
        "id": person.id,
        "name": person.name,
        "language": person.language,
        "roles": [{"role": one.role, "division": one.division} for one in roles],
        "suspended_at": person.suspended_at and person.suspended_at.isoformat(),
    }


def _suspend(options: Namespace) -> int:
    with ground.opened(Settings.load()) as database, in_hand():
        if options.person not in {person.id for person, _ in database.look(officers.everyone)}:
            raise CommandFailed(f"{options.person} is no officer: `bot people list` shows their ids")
        database.run(officers.suspend, options.person, ground.clock().now())
        tell(f"{options.person} has no right any more; a new invitation gives rights back")
    return 0
