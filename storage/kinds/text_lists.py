"""Several short texts in one answer: keywords, wishes in their order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

import regex

from locales import N_, show_list
from storage.kinds.kind import Context, Kept, Kind, Problem, Reading, Refused, Taken
from storage.kinds.treatment import original

_BETWEEN = regex.compile(r"[,，、;；\n]")
_BULLET = regex.compile(r"^\s*(?:[-•·*]|\d{1,2}[.)、])\s*")


@dataclass(frozen=True)
class TextsKind(Kind):
    """Texts between commas or on lines of their own; `at_least` and `at_most` count them. One twice is one."""

    name: ClassVar[str] = "texts"
    kept: ClassVar[Kept] = Kept.PARTS
    python: ClassVar[Any] = tuple[str, ...]

    shortest: int = field(default=2)
    longest: int = field(default=40)
    """Characters of each text."""

    def read(self, text: str, context: Context) -> Reading:
        parts = (_BULLET.sub("", part).strip() for part in _BETWEEN.split(original(text)))
        value = tuple({part.casefold(): part for part in parts if part}.values())
        problem = self.check(value, context)
        return Refused(problem) if problem else Taken(value)

    def check(self, value: Any, context: Context) -> Problem | None:
        if not isinstance(value, tuple) or not all(isinstance(one, str) for one in value):
            return Problem(N_("Write them in one message with commas between, such as robots, sensors."))
        least = 1 if self.at_least is None else self.at_least
        if len(value) < least:
            return Problem(
                N_("At least {least} are needed, with commas between; here are {given}."),
                {"least": least, "given": len(value)},
            )
        if self.at_most is not None and len(value) > self.at_most:
            return Problem(
                N_("At most {most} fit here; these are {given}. Please keep the most important ones."),
                {"most": self.at_most, "given": len(value)},
            )
        wrong = next((one for one in value if not self.shortest <= len(one) <= self.longest), None)
        if wrong is not None:
            limits = {"text": wrong[: self.longest], "least": self.shortest, "most": self.longest}
            return Problem(N_("“{text}” does not fit: each has {least} to {most} characters."), limits)
        return None

    def show(self, value: Any, language: str) -> str:
        return show_list(list(value), language)
