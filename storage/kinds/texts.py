"""Free text of one or many lines: how long it may be, and what never enters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from locales import N_
from storage.kinds.kind import Context, Kind, Problem, Reading, Refused, Taken
from storage.kinds.treatment import original
from storage.marks import bears_secret_mark

LONGEST = 4096
"""Characters of one Telegram message (Bot API, sendMessage); no typed answer is longer."""


@dataclass(frozen=True)
class TextKind(Kind):
    """Text as the person wrote it, between `at_least` and `at_most` characters after trimming."""

    name: ClassVar[str] = "text"

    def read(self, text: str, context: Context) -> Reading:
        value = original(text)
        problem = self.check(value, context)
        return Refused(problem) if problem else Taken(value)

    def check(self, value: Any, context: Context) -> Problem | None:
        if not isinstance(value, str) or not value.strip():
            return Problem(N_("There is no text in this. Write your answer in words."))
        if bears_secret_mark(value):
            return Problem(
                N_(
                    "This bears a secrecy mark, so it was not kept. Hand it to the office through the sealed channel."
                )
            )
        least, most = self.at_least or 1, self.at_most or LONGEST
        given = {"given": len(value), "least": least, "most": most}
        if len(value) < least:
            return Problem(N_("This is too short: {given} characters, at least {least} are needed."), given)
        if len(value) > most:
            return Problem(
                N_("This is too long: {given} characters, at most {most} fit. Please shorten it."), given
            )
        return None
