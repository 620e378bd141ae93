"""How each command is written. Light: `bot --help` imports no library. `docs/commands.md` tells what they are for."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

DEMO_PORT: Final = 8765
MESSAGE: Final = "tables as they stand"


def parser() -> ArgumentParser:
    """Every command with its options; `command` names the module of `bot.commands` that does it."""
    whole = ArgumentParser(prog="bot", description="A city's foreign affairs office in a chat.")
    commands = whole.add_subparsers(metavar="COMMAND", required=True)
    _running(commands)
    _administrating(commands)
    _publishing(commands)
    return whole


def parse(arguments: Sequence[str]) -> Namespace:
    """The options of one command. Raises SystemExit: 0 after --help, 2 where the line is wrong."""
    return parser().parse_args(arguments)


def _running(commands: Any) -> None:
    demo = _command(commands, "demo", "run the bot against our own simulator, on one address of this machine")
    demo.add_argument("--port", type=_port, default=DEMO_PORT, help=f"of the page (default {DEMO_PORT})")
    demo.add_argument("--data", type=Path, metavar="DIR", help="where the demo keeps its files")
    demo.add_argument("--fresh", action="store_true", help="forget what an earlier demo kept")
    demo.add_argument("--play", type=Path, metavar="FILE", help="play a transcript on the page")
    _command(commands, "run", "run the bot on Telegram, or on the server that BOT_API_URL names")


def _administrating(commands: Any) -> None:
    migrate = _command(commands, "migrate", "bring the database to this version's tables")
    what = migrate.add_mutually_exclusive_group()
    what.add_argument(
        "--write",
        nargs="?",
        const=MESSAGE,
        metavar="MESSAGE",
        help="write the migration of a new or changed service file instead",
    )
    what.add_argument("--check", action="store_true", help="only say whether every table has its migration")
    _people(_command(commands, "people", "invite, list and suspend officers; invite units"))
    export = _command(commands, "export", "print a case as JSON for the office's records, secrets masked")
    export.add_argument("case", metavar="CASE", help="its number, such as SYFAO-2026-00042")
    _command(commands, "doctor", "check everything that the bot needs, and say what to do")
    clock = _command(commands, "clock", "do once what is due at a time: reminders, expiry, letters")
    clock.add_argument(
        "--at", required=True, metavar="TIME", help="2027-03-01T09:00, office time where no zone stands"
    )
    audit = _command(commands, "audit", "prove that the audit trail is whole")
    audit.add_argument("action", choices=["verify"])


def _people(people: ArgumentParser) -> None:
    actions = people.add_subparsers(dest="action", metavar="ACTION", required=True)
    invite = actions.add_parser("invite", help="print a one-time link, valid for 7 days")
    whom = invite.add_mutually_exclusive_group(required=True)
    whom.add_argument(
        "--role", help="desk, section_chief, deputy_director, director, discipline, administrator"
    )
    whom.add_argument("--audience", help="bureau, host, ngo, cadre, consulate, …: for a unit's contacts")
    invite.add_argument("--division", help="GEN, OUT, CON, …, DIS-HEPING: where the role holds")
    invite.add_argument("--name", help="the officer's name, with --role")
    invite.add_argument("--unit", help="the unit's name, with --audience")
    listing = actions.add_parser("list", help="all officers with their roles")
    listing.add_argument("--json", action="store_true", help="as JSON")
    suspend = actions.add_parser("suspend", help="take every right from an officer, from now on")
    suspend.add_argument("person", metavar="ID", type=int, help="as `bot people list` shows it")


def _publishing(commands: Any) -> None:
    services = _command(commands, "services", "what the office offers, for web sites and other front ends")
    services.add_argument("--json", action="store_true", help="in full, as JSON")
    _language(services)
    read = _command(commands, "read", "how a kind of question reads a text")
    read.add_argument("kind", nargs="?", metavar="KIND", help="date, phone, country, resident_id, …")
    read.add_argument("text", nargs="?", metavar="TEXT")
    read.add_argument("--jsonl", action="store_true", help="read lines of JSON, and answer each with one")
    read.add_argument("--today", metavar="DATE", help="the day on which it is read (default: this one)")
    read.add_argument("--country", metavar="CC", help="of the person or of the document's issuer")
    _language(read)
    _command(commands, "key", "print a new BOT_DATA_KEY")


def _command(commands: Any, name: str, help_: str) -> ArgumentParser:
    made: ArgumentParser = commands.add_parser(
        name, help=help_, description=help_[0].upper() + help_[1:] + "."
    )
    made.set_defaults(command=name)
    return made


def _language(command: ArgumentParser) -> None:
    command.add_argument(
        "--language", default="en", metavar="L", help="zh_Hans, zh_Hant, en, ja, ko, ru, fr, de (default en)"
    )


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise ArgumentTypeError("write a port's number, 0 to 65535")
    return int(text)
