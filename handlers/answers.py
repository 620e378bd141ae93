"""Answers as people read them: shown, masked, shortened; in summaries, on cards and in letters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from locales import N_, show_list, translate
from storage.questions import Question, RowsKind
from storage.secrets import mask

NONE = N_("none")
SKIPPED = N_("left out")
AT_THE_DESK = N_("bring it to the desk")
FILES_SHOWN = 3


def show_answer(question: Question, value: Any, language: str, *, reveal: bool = False) -> str:
    """An answer in words; a secret one masked unless `reveal`. None reads as left out."""
    if value is None:
        return translate(SKIPPED, language)
    if isinstance(question.kind, RowsKind):
        return _rows(question.kind, value, language)
    shown = question.kind.show(value, language)
    return mask(shown) if question.secret and not reveal else shown


def shorten(text: str, most: int) -> str:
    """A text on one line, cut at `most` characters."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def row_name(kind: RowsKind, row: Mapping[str, Any], number: int, language: str) -> str:
    """What a row is called in a list: its naming fields, else its number."""
    return kind.show_row(row, language) or f"{number}"


def _rows(kind: RowsKind, rows: Any, language: str) -> str:
    if not rows:
        return translate(NONE, language)
    names = [row_name(kind, row, number, language) for number, row in enumerate(rows, 1)]
    return f"{len(rows)}: {show_list(names, language)}"
