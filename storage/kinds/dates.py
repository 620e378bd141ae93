"""Dates, spans of dates, months and years as kinds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

import regex

from locales import N_, show_date, show_date_range, show_month
from storage.kinds.calendar_months import months_in, years_in
from storage.kinds.calendar_reading import days_in
from storage.kinds.calendar_spans import spans_in
from storage.kinds.kind import AskedBack, Context, Control, Kept, Kind, Problem, Reading, Refused, Taken
from storage.kinds.spans import DateRange

_DAY = {"example": date(2027, 3, 3)}
_SPAN = {"first": date(2027, 3, 3), "last": date(2027, 3, 9)}
_LUNAR = Problem(
    N_(
        "Dates of the lunar calendar are not read here. Write the date of the common calendar, such as {example}."
    ),
    _DAY,
)


@dataclass(frozen=True)
class DateKind(Kind):
    """One day. Read in any of the languages, also seen from today; never guessed where two readings fit."""

    name: ClassVar[str] = "date"
    kept: ClassVar[Kept] = Kept.DATE
    control: ClassVar[Control] = Control.CALENDAR
    python: ClassVar[Any] = date

    def read(self, text: str, context: Context) -> Reading:
        return read_date(text, context)

    def check(self, value: Any, context: Context) -> Problem | None:
        return None if isinstance(value, date) else _NO_DAY["none"]

    def show(self, value: Any, language: str) -> str:
        return show_date(value, language)


def read_date(text: str, context: Context, *, past: bool = False) -> Reading:
    """The day that a text names. `past`: the day asked for lies behind us, as births do."""
    days = days_in(text, context.language, context.today, past=past)
    if not days.dates:
        return Refused(_NO_DAY[days.fault])
    if days.guess:
        return AskedBack(_with_other_end(text, context) or days.dates)
    if len(days.dates) > 1:
        return AskedBack(days.dates)
    return Taken(days.dates[0], repaired=days.repaired)


def _with_other_end(text: str, context: Context) -> tuple[date, ...]:
    """Both days of "3 or 4 March", "3 to 9 March", of which one does not stand there in full."""
    found = spans_in(text, context.language, context.today)
    return (
        () if found.guess else tuple(sorted({day for span in found.spans for day in (span.start, span.end)}))
    )


_NO_DAY = {
    "none": Problem(N_("There is no date in this. Write it like this: {example}."), _DAY),
    "impossible": Problem(
        N_("The calendar has no such day. Look at day, month and year again, and write it like {example}."),
        _DAY,
    ),
    "incomplete": Problem(N_("Which day is it? Write day, month and year, such as {example}."), _DAY),
    "lunar": _LUNAR,
}


@dataclass(frozen=True)
class DateRangeKind(Kind):
    """From one day to another, both counted; `at_least` and `at_most` are days."""

    name: ClassVar[str] = "date_range"
    kept: ClassVar[Kept] = Kept.CODE
    control: ClassVar[Control] = Control.CALENDAR
    python: ClassVar[Any] = DateRange

    def read(self, text: str, context: Context) -> Reading:
        found = spans_in(text, context.language, context.today)
        if not found.spans:
            return Refused(_NO_SPAN[found.fault])
        problems = [self.check(span, context) for span in found.spans]
        fitting = tuple(span for span, problem in zip(found.spans, problems, strict=True) if problem is None)
        if not fitting:
            return Refused(problems[0] or _NO_SPAN["none"])
        if len(fitting) > 1 or found.guess:
            return AskedBack(fitting)
        return Taken(fitting[0], repaired=found.repaired)

    def check(self, value: Any, context: Context) -> Problem | None:
        if not isinstance(value, DateRange):
            return _NO_SPAN["none"]
        if self.at_most is not None and value.days > self.at_most:
            given = {"days": value.days, "most": self.at_most}
            return Problem(
                N_("These are {days} days, both ends counted; at most {most} are possible here."), given
            )
        if self.at_least is not None and value.days < self.at_least:
            given = {"days": value.days, "least": self.at_least}
            return Problem(
                N_("These are {days} days, both ends counted; at least {least} are needed here."), given
            )
        return None

    def show(self, value: Any, language: str) -> str:
        return show_date_range(value.start, value.end, language)


_NO_SPAN = {
    "none": Problem(
        N_("A first and a last day are needed here. Write them like this: {first} to {last}."), _SPAN
    ),
    "impossible": Problem(
        N_("The calendar has no such day. Look at both days again, and write them like {first} to {last}."),
        _SPAN,
    ),
    "reversed": Problem(
        N_("The last day lies before the first. Write the earlier day first: {first} to {last}."), _SPAN
    ),
    "lunar": _LUNAR,
}


@dataclass(frozen=True)
class MonthKind(Kind):
    """A month of a year, as 2027-03."""

    name: ClassVar[str] = "month"

    def read(self, text: str, context: Context) -> Reading:
        found = months_in(text, context.language, context.today)
        if not found.values:
            return Refused(_LUNAR if found.fault == "lunar" else _NO_MONTH)
        if len(found.values) > 1 or found.guess:
            return AskedBack(found.values)
        return Taken(found.values[0], repaired=found.repaired)

    def check(self, value: Any, context: Context) -> Problem | None:
        return None if isinstance(value, str) and _MONTH.fullmatch(value) else _NO_MONTH

    def show(self, value: Any, language: str) -> str:
        return show_month(value, language)


_MONTH = regex.compile(r"(?:1[89]|2[01])\d\d-(?:0[1-9]|1[0-2])")
_NO_MONTH = Problem(N_("Which month is it? Write year and month, such as 2027-03."))


@dataclass(frozen=True)
class YearKind(Kind):
    """A year from 1900 to this one, unless the question sets other limits (services.md (b), `year`)."""

    name: ClassVar[str] = "year"
    kept: ClassVar[Kept] = Kept.INTEGER
    python: ClassVar[Any] = int

    def read(self, text: str, context: Context) -> Reading:
        found = years_in(text, context.language, context.today)
        years = tuple(int(value) for value in found.values)
        fitting = tuple(year for year in years if self.check(year, context) is None)
        if not fitting:
            return Refused(self._needed(context))
        if len(fitting) > 1 or found.guess:
            return AskedBack(fitting)
        return Taken(fitting[0], repaired=found.repaired)

    def check(self, value: Any, context: Context) -> Problem | None:
        first, last = self._limits(context)
        fits = isinstance(value, int) and not isinstance(value, bool) and first <= value <= last
        return None if fits else self._needed(context)

    def _limits(self, context: Context) -> tuple[int, int]:
        return self.at_least or 1900, self.at_most or context.today.year

    def _needed(self, context: Context) -> Problem:
        first, last = self._limits(context)
        return Problem(
            N_("A year from {first} to {last} is needed here, in four digits."),
            {"first": first, "last": last},
        )
