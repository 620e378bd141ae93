"""From a text to the days it names: what `days_said` finds, resolved against today and weighed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from storage.kinds.calendar_tokens import Token, tokens
from storage.kinds.days_said import NEXT_WEEKDAY, Part, Said, Saying, add_months


@dataclass(frozen=True)
class Days:
    """The days that a text may mean, in order of the calendar."""

    dates: tuple[date, ...] = ()
    guess: bool = False
    """Even a single one is only a guess: something else was said beside it."""
    repaired: bool = False
    """Typed otherwise than read: mistyped, without a year, or seen from today."""
    fault: str = "none"
    """Why there are none: none, impossible, lunar, incomplete."""


def days_in(text: str, language: str, today: date, *, past: bool = False) -> Days:
    """The days that a text names; several where it can be understood so."""
    row = tokens(text)
    saying = Saying(row, language, today, past=past)
    said, left = saying.all()
    if "l" in saying.codes:
        return Days(fault="lunar")
    if not said:
        said = _weekdays(saying)
        if not said:
            return Days(fault="incomplete" if regex_any(saying.codes, "mOXZVNw") else "none")
    dates: list[date] = []
    for one in said:
        dates += [day for day in (resolved(part, today, past=past) for part in one.parts) if day is not None]
    if not dates:
        return Days(fault="impossible")
    return _weighed(row, said, sorted(set(dates)), left)


def _weighed(row: tuple[Token, ...], said: list[Said], dates: list[date], left: str) -> Days:
    weekdays = {
        token.value for token, code in zip(row, left, strict=True) if code == "w" and not _stray(token)
    }
    if weekdays:
        fitting = [day for day in dates if day.isoweekday() in weekdays]
        if not fitting:
            return Days(tuple(dates), guess=True)
        dates = fitting
    unsure = regex_any(left, "nNCxhapgL&V") or "r#" in left or any(one.guess for one in said)
    plain = all(one.plain and one.parts[0].year is not None for one in said)
    mistyped = any(token.mistyped for token in row)
    return Days(tuple(dates), guess=unsure, repaired=mistyped or not plain)


def _stray(token: Token) -> bool:
    return token.word is not None and token.word.brief


def _weekdays(saying: Saying) -> list[Said]:
    pattern, make = NEXT_WEEKDAY
    found = (make(saying, saying.row, match) for match in pattern.finditer(saying.codes))
    return [said for said in found if said is not None]


def regex_any(codes: str, wanted: str) -> bool:
    return any(code in wanted for code in codes)


def resolved(part: Part, today: date, *, past: bool = False) -> date | None:
    """The day meant: without a year the next such day (or the latest, if it lies behind us)."""
    if part.year is not None or not part.possible:
        return part.date
    step = -1 if past else 1
    for months in range(0, 60 * 12, 1):
        year, month = add_months(today, step * months)
        if part.month is not None and month != part.month:
            continue
        day = Part(part.day, month, year).date
        if day is not None and (day <= today if past else day >= today):
            return day
    return None


def week_of(day: date, weeks: int) -> tuple[date, date]:
    """Monday and Sunday of the calendar week so many weeks on."""
    monday = day - timedelta(days=day.weekday()) + timedelta(weeks=weeks)
    return monday, monday + timedelta(days=6)
