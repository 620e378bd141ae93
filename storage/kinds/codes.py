"""Numbers printed on documents: how one is found in what a person typed, however it is spaced."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, ClassVar

from locales import N_
from storage.kinds.kind import AskedBack, Context, Kind, Problem, Reading, Refused, Taken
from storage.kinds.treatment import treated

_LOOKALIKES = str.maketrans(
    "АВЕКМНОРСТХУІЅЈΑΒΕΗΙΚΜΝΟΡΤΥΧΖ×",  # noqa: RUF001  # look-alikes are the matter
    "ABEKMHOPCTXYISJABEHIKMNOPTYXZX",
)
"""Cyrillic and Greek capitals that a foreign keyboard gives for the Latin ones they look like."""
_CODE_LIKE = re.compile(r"\b(?:\w*\d\w*|[^\W\d_]{1,2})\b")
"""Words that may be part of a number: with a digit in them, or of one or two letters."""
_GAP = r"[ .<·_/'\"-]*"
_PIECE = re.compile(r"(?<![A-Z0-9\u00c0-\u04ff])[A-Z0-9]++(?![\u00c0-\u04ff])")
"""A run of characters that codes have, not part of a word in another alphabet."""
_SEPARATED = re.compile(rf"{_GAP}\Z")
_FILLERS = frozenset(
    {
        "NO",
        "NR",
        "N",
        "IS",
        "ID",
        "MY",
        "NUM",
        "IST",
        "EST",
        "NUMMER",
        "THE",
        "OR",
        "TO",
        "ON",
        "IN",
        "AT",
        "BY",
        "BIS",
        "AND",
        "ODER",
        "UND",
        "OU",
        "ET",
        "OF",
    }
)
"""Short words that stand before a number and are no part of it."""
_MOST_PIECES = 8
_READ = 600
"""Characters in which a number is sought; what stands behind is no answer to a question for a number."""


@dataclass(frozen=True)
class NumberKind(Kind):
    """A document's number: upper-cased, without separators, of one pattern, then the checks of its type.

    A number alone, or one well-formed number inside a phrase, is taken; two of them are asked back.
    """

    pattern: ClassVar[re.Pattern[str]]
    example: ClassVar[str]
    lengths: ClassVar[tuple[int, ...]]
    """Right lengths, to tell a person who typed one digit too few or too many."""
    own_pattern: ClassVar[Problem]
    """What is said when the length is right and the characters are not."""

    def read(self, text: str, context: Context) -> Reading:
        line = upper(text)
        found = self._found(line)
        if not found:
            return Refused(self.misfit(line))
        problems = [(number, self.check(number, context)) for number in found]
        right = tuple(number for number, problem in problems if problem is None)
        if len(right) > 1:
            return AskedBack(right)
        if right:
            return Taken(right[0])
        return Refused(next(problem for _, problem in problems if problem is not None))

    def misfit(self, line: str) -> Problem:
        """Why nothing in the line has the pattern."""
        number = likeliest(line)
        if not any(char.isdigit() for char in number):
            return Problem(
                N_("Please type the number as it is printed, for example {example}."),
                {"example": self.example},
            )
        if len(number) not in self.lengths:
            return self._wrong_length(len(number))
        return self.own_pattern

    def _found(self, line: str) -> list[str]:
        whole = compact(line)
        if self.pattern.fullmatch(whole) and any(char.isdigit() for char in whole):
            return [whole]
        return list(dict.fromkeys(lone_numbers(line, self.pattern)))

    def _wrong_length(self, length: int) -> Problem:
        return Problem(
            N_("This number has {lengths} characters; yours has {count}. A right one looks like {example}."),
            {"lengths": self._right_lengths(), "count": length, "example": self.example},
        )

    def _right_lengths(self) -> str:
        first, last = self.lengths[0], self.lengths[-1]
        run = len(self.lengths) > 2 and last - first == len(self.lengths) - 1
        return f"{first}–{last}" if run else "/".join(map(str, self.lengths))


def upper(text: str) -> str:
    """The text as codes are compared: treated, upper-case, look-alikes of other scripts as Latin letters."""
    line = treated(text[:_READ].replace("№", " ")).upper()
    return line if line.isascii() else _CODE_LIKE.sub(lambda word: word[0].translate(_LOOKALIKES), line)


def compact(line: str) -> str:
    """The line without the separators that people put into numbers."""
    return re.sub(r"[ .<·_/'\"-]", "", line)


def lone_numbers(line: str, pattern: re.Pattern[str]) -> Iterator[str]:
    """Every number of the pattern in the line; pieces are joined over separators, longest runs first."""
    pieces = list(_PIECE.finditer(line))
    used: set[int] = set()
    found: list[tuple[int, str]] = []
    for size in range(min(_MOST_PIECES, len(pieces)), 0, -1):
        for first in range(len(pieces) - size + 1):
            taken = range(first, first + size)
            number = _joined(line, pieces[first : first + size]) if used.isdisjoint(taken) else ""
            if pattern.fullmatch(number):
                used.update(taken)
                found.append((first, number))
    yield from (number for _, number in sorted(found))


def likeliest(line: str) -> str:
    """What was most probably meant as the number: the longest run of pieces with digits in it."""
    runs: list[str] = [""]
    end: int | None = None
    for piece in _PIECE.finditer(line):
        if end is None or not _SEPARATED.match(line[end : piece.start()]) or piece[0] in _FILLERS:
            runs.append("")
        if piece[0] not in _FILLERS and (len(piece[0]) <= 3 or any(char.isdigit() for char in piece[0])):
            runs[-1] += piece[0]
        end = piece.end()
    return max((run for run in runs if any(char.isdigit() for char in run)), key=len, default=compact(line))


def _joined(line: str, pieces: list[re.Match[str]]) -> str:
    """The pieces as one number, or nothing: words are not joined, and only separators lie between."""
    texts = [piece[0] for piece in pieces]
    if len(texts) == 1:
        return texts[0] if any(char.isdigit() for char in texts[0]) else ""
    letters = [text for text in texts if text.isalpha()]
    if any(text in _FILLERS or len(text) > 2 for text in letters) or (
        texts[-1].isalpha() and len(texts[-1]) > 1
    ):
        return ""
    gaps = (line[left.end() : right.start()] for left, right in pairwise(pieces))
    return "".join(texts) if len(letters) < len(texts) and all(_SEPARATED.match(gap) for gap in gaps) else ""


def beside(context: Context, *fields: str) -> Any:
    """The first answer given among the fields, or None."""
    if context.answers is None:
        return None
    return next((value for name in fields if (value := context.answers[name]) is not None), None)


def differs_from_birth_date(context: Context, born: date) -> Problem | None:
    given = beside(context, "birth_date")
    if isinstance(given, date) and given != born:
        return Problem(N_("The birth date in this number is not the one given beside it. Please check both."))
    return None


def real_date(digits: str) -> date | None:
    """yyyymmdd as a date, or None where the calendar has no such day."""
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None
