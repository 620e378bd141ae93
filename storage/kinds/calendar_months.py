"""From a text to the month, or the year, that it names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import regex

from storage.kinds.calendar_reading import days_in, regex_any
from storage.kinds.calendar_tokens import Token, tokens
from storage.kinds.calendar_years import FIRST, LAST
from storage.kinds.days_said import Saying, add_months

_PATTERNS = tuple(
    regex.compile(pattern)
    for pattern in (
        r"(?P<e>e)?(?P<y>[Nn])[Yy][-,/.]?(?P<m>n)O?",
        r"(?P<e>e)(?P<y>[Nn])[-/.](?P<m>n)",
        r"(?P<m>n)O[-,/.]?(?P<y>[Nn])[Yy]?",
        r"(?P<y>Z)(?P<m>n)O",
        r"(?P<m>[mn])O?(?P<y>Z)",
        r"(?P<y>Z)(?P<m>m)",
        r"(?P<m>m)[.]?[-,/]?(?P<y>[Nn])[Yy]?",
        r"(?P<y>N)[Yy]?[-,/.]?(?P<m>m)",
        r"(?P<y>N)[-/.,](?P<m>n)[.]?",
        r"(?P<m>n)[-/.,](?P<y>N)[.]?",
        r"(?P<y>N)(?P<m>n)",
        r"(?P<m>n)(?P<y>N)",
        r"(?P<m>n)[-/.](?P<y>n)",
        r"(?P<m>m)|(?P<m>n)O",
    )
)


@dataclass(frozen=True)
class Found:
    """What a text may mean, as canonical values in order; why there are none."""

    values: tuple[str, ...] = ()
    guess: bool = False
    repaired: bool = False
    fault: str = "none"


def months_in(text: str, language: str, today: date) -> Found:
    """The months (yyyy-mm) that a text names; a full date names its month."""
    row = tokens(text)
    days = days_in(text, language, today)
    if days.dates and regex.search(
        r"m.*n|n.*m|[DOtW]|[nN][-/.][nN][-/.][nN]|C", "".join(token.code for token in row)
    ):
        full = regex.search(r"[nN].*[nN].*[nN]|D|n[.]?m.*N|mn.*N|C|t|W", "".join(token.code for token in row))
        if full is not None:
            months = tuple(sorted({f"{day:%Y-%m}" for day in days.dates}))
            return Found(months, guess=days.guess, repaired=True)
    saying = Saying(row, language, today)
    if "l" in saying.codes:
        return Found(fault="lunar")
    for token in row:
        if token.code == "X":
            return Found((_written(*add_months(today, token.value)),), repaired=True)
        if token.code == "C" and len(token.text) == 6 and FIRST <= int(token.text[:4]) <= LAST:
            return _found([(int(token.text[:4]), int(token.text[4:]))])
    for pattern in _PATTERNS:
        match = pattern.search(saying.codes)
        if match is not None:
            left = saying.codes[: match.start()] + saying.codes[match.end() :]
            found = _found(list(_readings(saying, match)))
            unsure = regex_any(left, "nNCxhpm")
            loose = any(token.mistyped for token in row) or not match.groupdict().get("y")
            return Found(found.values, unsure, loose, found.fault)
    return Found()


def _readings(saying: Saying, match: regex.Match[str]) -> Iterator[tuple[int, int]]:
    def token(name: str) -> Token | None:
        return saying.row[match.start(name)] if match.groupdict().get(name) else None

    month, year, era = token("m"), token("y"), token("e")
    assert month is not None  # noqa: S101  # every pattern has it
    if year is None:
        yield _next_month(saying.today, month.value)
        return
    marked = "Y" in match[0] or era is not None
    for one in saying.years_of(year, era, marked=marked):
        yield one, month.value
    if year.code == "n" and month.code == "n" and not marked and month.digits == 2 and year.value <= 12:
        for one in saying.years_of(month):
            yield one, year.value


def _next_month(today: date, month: int) -> tuple[int, int]:
    """This month still counts."""
    return (today.year if month >= today.month else today.year + 1), month


def _found(pairs: list[tuple[int, int]]) -> Found:
    months = tuple(sorted({_written(year, month) for year, month in pairs if 1 <= month <= 12}))
    return Found(months, fault="impossible" if not months else "none")


def _written(year: int, month: int) -> str:
    return f"{year:04d}-{month:02d}"


def years_in(text: str, language: str, today: date) -> Found:
    """The years that a text names, as their four digits; two digits are only a guess."""
    row = [token for token in tokens(text) if token.code in "eNnZYyCtmwOD"]
    codes = "".join(token.code for token in row)
    saying = Saying(row, language, today, past=True)
    if match := regex.fullmatch(r"(?P<e>e)?(?P<y>[Nn])[Yy]?|(?P<y>Z)", codes):
        era = row[0] if match["e"] else None
        token = row[match.start("y")]
        marked = codes.endswith(("Y", "y")) or era is not None
        values = tuple(str(year) for year in saying.years_of(token, era, marked=marked))
        return Found(
            values, guess=token.code == "n" and era is None, repaired=token.code == "Z", fault="impossible"
        )
    days = days_in(text, language, today, past=True)
    years = tuple(sorted({str(day.year) for day in days.dates}))
    if years and regex.search("N|C", codes):
        return Found(years, guess=len(years) > 1, repaired=True)
    months = months_in(text, language, today)
    if months.values and "N" in codes:
        return Found(tuple(sorted({month[:4] for month in months.values})), repaired=True)
    several = tuple(
        sorted({str(token.value) for token in row if token.code == "N" and FIRST <= token.value <= LAST})
    )
    return Found(several, guess=True)
