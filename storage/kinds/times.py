"""Times of day as a kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import regex

from locales import N_
from storage.kinds.kind import AskedBack, Context, Kind, Problem, Reading, Refused, Taken
from storage.kinds.times_said import times_in


@dataclass(frozen=True)
class TimeKind(Kind):
    """A time of day as HH:MM on the clock of 24 hours, in the time of the place that the question names."""

    name: ClassVar[str] = "time"

    def read(self, text: str, context: Context) -> Reading:
        found = times_in(text, context.language)
        if not found.times:
            return Refused(_NO_SUCH_TIME if found.impossible else _NO_TIME)
        if len(found.times) > 1 or found.guess:
            return AskedBack(found.times)
        return Taken(found.times[0])

    def check(self, value: Any, context: Context) -> Problem | None:
        return None if isinstance(value, str) and _TIME.fullmatch(value) else _NO_TIME


_TIME = regex.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")
_NO_TIME = Problem(N_("There is no time of day in this. Write it like this: 14:30."))
_NO_SUCH_TIME = Problem(N_("No clock shows this time. Write it from 00:00 to 23:59, such as 14:30."))
