"""`python -m locales.check`: every text that the code marks stands in the catalogue of zh_Hans, with its fields.

`python -m locales.check --write` adds what is missing to `bot.po`, untranslated, and drops what nobody says any more.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
FLOORS = ("bot", "handlers", "locales", "storage")
KEYWORDS: Any = {"N_": {1: (1,), 2: (1, (2, "c"))}, "plural": {None: (1, 2)}}
"""`N_(text)`, `N_(text, context)` and `plural(one, many, …)`, as babel's extractor wants them."""
WRITTEN = ("zh_Hans",)
"""Languages whose catalogue must be complete; English is the message ids themselves."""

_FIELD = re.compile(r"\{(\w+)\}")


def main(arguments: list[str]) -> int:
    """Print each fault on a line; 1 if there are any."""
    said = tuple(spoken())
    faults = [fault for language in WRITTEN for fault in faults_of(language, said)]
    if "--write" in arguments:
        for language in WRITTEN:
            _write(language, said)
    for fault in faults:
        sys.stdout.write(f"{fault}\n")
    return 1 if faults else 0


def spoken() -> Iterator[tuple[str | tuple[str, ...], str | None, str]]:
    """Every marked text: its id (one and many for a counted one), its context, and where it stands."""
    for floor in FLOORS:
        found = extract_from_dir(ROOT / floor, method_map=[("**.py", "python")], keywords=KEYWORDS)
        for name, line, text, _comments, context in found:
            yield text, context, f"{floor}/{name}:{line}"


def faults_of(
    language: str, said: tuple[tuple[str | tuple[str, ...], str | None, str], ...]
) -> Iterator[str]:
    """What is missing, or has other {fields} than its English."""
    known = {(_first(entry.id), entry.context): entry for entry in _entries(language)}
    for text, context, where in said:
        entry = known.get((_first(text), context))
        if entry is None or not entry.string or not all(_all(entry.string)):
            yield f"{where}: no {language} for {_first(text)!r}"
        elif any(_fields(string) != _fields(_first(text)) for string in _all(entry.string)):
            yield f"{where}: other fields in {language} for {_first(text)!r}"


def _entries(language: str) -> Iterator[Message]:
    for path in sorted((ROOT / "locales" / language / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as file:
            yield from (entry for entry in read_po(file, locale=language) if entry.id)


def _write(language: str, said: tuple[tuple[str | tuple[str, ...], str | None, str], ...]) -> None:
    """One catalogue with all that is said, in the order of the alphabet, so that changes read well."""
    known = {(_first(entry.id), entry.context): entry for entry in _entries(language)}
    whole = Catalog(
        locale=language, project="Shenqiao", fuzzy=False, creation_date=datetime(2026, 1, 1, tzinfo=UTC)
    )
    for text, context, _ in sorted(said, key=lambda one: (str(_first(one[0])), one[1] or "")):
        entry = known.get((_first(text), context))
        whole.add(text, entry.string if entry else "", context=context)
    folder = ROOT / "locales" / language / "LC_MESSAGES"
    made = BytesIO()  # complete before anything on the disk is touched
    write_po(made, whole, width=100, omit_header=False)
    for old in folder.glob("*.po"):
        if old.name != "bot.po":
            old.unlink()
    (folder / "bot.po").write_bytes(made.getvalue())


def _first(text: object) -> str:
    return str(text[0]) if isinstance(text, (tuple, list)) else str(text)


def _all(string: object) -> tuple[str, ...]:
    return tuple(str(one) for one in string) if isinstance(string, (tuple, list)) else (str(string),)


def _fields(text: str) -> set[str]:
    return set(_FIELD.findall(text))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
