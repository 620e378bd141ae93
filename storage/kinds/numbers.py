"""Whole numbers, in digits or words of any of the languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import regex

from locales import N_, show_number
from storage.kinds.kind import AskedBack, Context, Kept, Kind, Problem, Reading, Refused, Taken
from storage.kinds.numbers_said import numbers_in

LARGEST = 2_147_483_647
"""What an INTEGER of PostgreSQL holds."""


@dataclass(frozen=True)
class CountKind(Kind):
    """A whole number between `at_least` (0 where the question does not say) and `at_most`."""

    name: ClassVar[str] = "count"
    kept: ClassVar[Kept] = Kept.INTEGER
    python: ClassVar[Any] = int

    def read(self, text: str, context: Context) -> Reading:
        numbers = numbers_in(text, context.language)
        values = tuple(value for number in numbers.found for value in number.values)
        if not values or "%" in numbers.line or _INEXACT.search(numbers.line):
            return Refused(_VAGUE if numbers.vague else _NO_NUMBER)
        if _FRACTION.search(numbers.line):
            return Refused(_NOT_WHOLE)
        counts = tuple(dict.fromkeys(int(value) for value in values if value == value.to_integral_value()))
        if not counts:
            return Refused(_NOT_WHOLE)
        problems = {count: self.check(count, context) for count in counts}
        fitting = tuple(count for count in counts if problems[count] is None)
        if not fitting:
            return Refused(problems[counts[0]] or _NO_NUMBER)
        guess = numbers.unsure or numbers.vague or len(counts) < len(set(values))
        if len(fitting) > 1 or guess or len(numbers.found) > 1:
            return AskedBack(fitting)
        return Taken(fitting[0], repaired=numbers.mistyped)

    def check(self, value: Any, context: Context) -> Problem | None:
        if not isinstance(value, int) or isinstance(value, bool):
            return _NOT_WHOLE
        least = 0 if self.at_least is None else self.at_least
        most = LARGEST if self.at_most is None else self.at_most
        if value < least:
            return Problem(
                N_("At least {least} is needed here; this says {given}."), {"least": least, "given": value}
            )
        if value > most:
            return Problem(
                N_("At most {most} is possible here; this says {given}."), {"most": most, "given": value}
            )
        return None

    def show(self, value: Any, language: str) -> str:
        return show_number(value, language)


_FRACTION = regex.compile(r"\d ?[/\u2044] ?\d")
_INEXACT = regex.compile("[几幾数數몇半]")
_NO_NUMBER = Problem(N_("There is no number in this. Write a whole number, such as 3."))
_NOT_WHOLE = Problem(N_("This is not a whole number. Write one such as 3."))
_VAGUE = Problem(N_("How many exactly? Write a whole number, such as 3."))
