"""Each table beside this file, line by line: what people write, and what a kind makes of it."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from locales import translate
from storage.conditions import Answers
from storage.kinds import KINDS, AskedBack, Context, Kind, Reading, Refused, Taken

HERE = Path(__file__).parent
TODAY = date(2026, 11, 24)
OUTCOMES = {Taken: "taken", AskedBack: "asked back", Refused: "refused"}


def lines() -> list[Any]:
    """Every line of every table, under a name that says where it stands."""
    found = []
    for table in sorted(HERE.glob("*.tsv")):
        with table.open(encoding="utf-8", newline="") as file:
            for number, row in enumerate(
                csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE), start=2
            ):
                found.append(pytest.param(table.stem, row, id=f"{table.stem}:{number}"))
    return found


@pytest.mark.parametrize(("name", "row"), lines())
def test_a_line(name: str, row: dict[str, str | None]) -> None:
    cells = {column: (cell or "").strip() for column, cell in row.items() if column}
    kind, context = KINDS[name], context_of(cells)
    reading = kind.read((row["text"] or "").replace("\\n", "\n"), context)

    assert OUTCOMES[type(reading)] == cells["outcome"], described(kind, reading, context)
    assert canonical(kind, reading) == cells["value"], described(kind, reading, context)
    if cells["shown"]:
        assert described(kind, reading, context).startswith(cells["shown"])
    for value in values(reading):
        assert kind.check(value, context) is None
        assert kind.load(kind.dump(value)) == value


def context_of(cells: dict[str, str]) -> Context:
    known = dict(pair.split("=", 1) for pair in (cells.get("context") or "").split())
    today = date.fromisoformat(known.pop("today", TODAY.isoformat()))
    country = known.pop("country", None)
    beside = {field: as_answer(field, text) for field, text in known.items()}
    return Context(cells["language"] or "en", today, country, Answers(beside) if beside else None)


def as_answer(field: str, text: str) -> Any:
    return date.fromisoformat(text) if field.endswith(("_date", "_expiry")) else text


def values(reading: Reading) -> tuple[Any, ...]:
    if isinstance(reading, Refused):
        return ()
    return reading.readings if isinstance(reading, AskedBack) else (reading.value,)


def canonical(kind: Kind, reading: Reading) -> str:
    dumped = (kind.dump(value) for value in values(reading))
    return " / ".join(
        value if isinstance(value, str) else json.dumps(value, ensure_ascii=False) for value in dumped
    )


def described(kind: Kind, reading: Reading, context: Context) -> str:
    """What is shown: the values in the reader's language, or the sentence of a refusal in English."""
    if isinstance(reading, Refused):
        return translate(reading.problem.message, "en", **reading.problem.values)
    return " / ".join(kind.show(value, context.language) for value in values(reading))
