"""Answers as people read them: shown, masked, shortened; in summaries, on cards and in letters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup, escape

from handlers.screens import plain
from locales import N_, plural, translate
from storage.kinds.kind import Control
from storage.questions import Question, RowsKind
from storage.secrets import mask

NONE = N_("none")
SKIPPED = N_("left out")
AT_THE_DESK = N_("bring it to the desk")
LEAST = 16
"""Characters that a cut answer keeps at least."""


def show_answer(question: Question, value: Any, language: str, *, reveal: bool = False) -> str:
    """An answer in words; a secret one masked unless `reveal`. None reads as left out."""
    if value is None:
        return translate(SKIPPED, language)
    if isinstance(question.kind, RowsKind):
        return _rows(question.kind, value, language)
    if question.secret and not reveal and question.kind.control is Control.FILE:
        return plural("{n} file", "{n} files", len(value), language)  # a file's name may tell a number
    shown = question.kind.show(value, language)
    return masked(shown) if question.secret and not reveal else shown


def masked(shown: str) -> str:
    """The end of a number, by which people tell one from another; of words nothing, for they tell too much."""
    end = shown[-4:]
    numbered = end.isascii() and end.isalnum() and any(sign.isdigit() for sign in end)
    return mask(shown) if numbered else mask(shown, keep=0)


def stated(label: str, answer: str, language: str) -> str:
    """What an answer is and what it says, on one line."""
    return translate(N_("{label}: {answer}"), language, label=label, answer=answer)


def shorten(text: str, most: int) -> str:
    """A text on one line, cut at `most` characters."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def fit(texts: Sequence[str], room: int) -> list[str]:
    """Texts on one line each; the longest are cut, so that all together take about `room` characters."""
    left, most = room, room
    for count, length in enumerate(sorted(len(" ".join(text.split())) for text in texts)):
        most = left // (len(texts) - count)
        if length > most:
            break
        left -= length
    return [shorten(text, max(LEAST, most)) for text in texts]


def keep_within(told: Sequence[Markup], room: int, language: str) -> list[Markup]:
    """The first lines that fit into so many characters, and a last one that says how many more there are."""
    kept: list[Markup] = []
    left = room
    for line in told:
        left -= len(plain(line)) + 1
        if left < 0:
            more = plural("({n} more line)", "({n} more lines)", len(told) - len(kept), language)
            return [*kept, escape(more)]
        kept.append(line)
    return kept


def row_name(kind: RowsKind, row: Mapping[str, Any], number: int, language: str) -> str:
    """What a row is called in a list: its naming fields, else its number."""
    return kind.show_row(row, language) or f"{number}"


def _rows(kind: RowsKind, rows: Any, language: str) -> str:
    if not rows:
        return translate(NONE, language)
    names = [row_name(kind, row, number, language) for number, row in enumerate(rows, 1)]
    if len(names) == 1:
        return names[0]
    mark = "；" if language.startswith("zh") else "; "
    return mark.join(f"{number}. {name}" for number, name in enumerate(names, 1))
