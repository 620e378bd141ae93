"""`bot read`: how a kind of question reads a text; one text, or line by line for another program."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.commands import WrongCommandLine
from bot.commands.speech import say_json, tell
from bot.stopping import in_hand
from bot.timepiece import Clock
from locales.formats import OFFICE_ZONE
from storage.kinds.reading import UnknownKind, read

REFUSED: Mapping[str, Any] = {"outcome": "refused", "value": None, "alternatives": [], "problem": None}


class UnreadableLine(ValueError):
    """A line is not what `interfaces.md` asks for: its text says why, and quotes nothing."""


def run(options: Namespace) -> int:
    """Print one reading, or with `--jsonl` one for each line. Raises WrongCommandLine."""
    today = _day(options.today) if options.today else Clock().now().astimezone(OFFICE_ZONE).date()
    if options.jsonl:
        if options.kind is not None:
            raise WrongCommandLine("read: KIND and TEXT come in the lines with --jsonl")
        return _lines(options, today)
    if options.kind is None or options.text is None:
        raise WrongCommandLine('read: write KIND and "TEXT", or --jsonl')
    try:
        say_json(read(options.kind, options.text, options.language, today=today, country=options.country))
    except UnknownKind as error:
        raise WrongCommandLine(
            f"read: there is no such kind; write one of {', '.join(error.known)}"
        ) from None
    return 0


def _lines(options: Namespace, today: date) -> int:
    """One object out for each line in, so that the two stay side by side; 1 if a line could not be read."""
    status = 0
    for number, line in enumerate(sys.stdin, 1):
        if not line.strip():
            continue
        with in_hand():
            try:
                answer = _answer(line, options, today)
            except UnreadableLine as error:
                answer, status = {**REFUSED, "problem": str(error)}, 1
                tell(f"bot read: line {number}: {error}")
            except Exception as error:  # one odd text must not end a stream that another program reads
                answer, status = {**REFUSED, "problem": "it could not be read"}, 1
                tell(f"bot read: line {number}: this should not happen: {type(error).__name__}")
            say_json(answer)
            sys.stdout.flush()
    return status


def _answer(line: str, options: Namespace, today: date) -> Mapping[str, Any]:
    asked = _object(line)
    day = asked.get("today")
    try:
        return read(
            _text(asked, "kind"),
            _text(asked, "text"),
            _text(asked, "language", options.language),
            today=today if day is None else date.fromisoformat(str(day)),
            country=_text(asked, "country", options.country or "") or None,
        )
    except UnknownKind as error:
        raise UnreadableLine(f"there is no such kind; the kinds are {', '.join(error.known)}") from None
    except UnreadableLine:
        raise
    except ValueError:
        raise UnreadableLine("its today is no date, such as 2027-03-03") from None


def _object(line: str) -> dict[str, Any]:
    try:
        asked = json.loads(line)
    except ValueError:
        raise UnreadableLine("it is no JSON") from None
    if not isinstance(asked, dict):
        raise UnreadableLine("it is no JSON object")
    return asked


def _text(asked: Mapping[str, Any], name: str, default: str | None = None) -> str:
    value = asked.get(name)
    if value is None and default is not None:
        return default
    if not isinstance(value, str):
        raise UnreadableLine(f"its {name} is missing, or no text")
    return value


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WrongCommandLine("--today: write a date, such as 2027-03-03") from None
