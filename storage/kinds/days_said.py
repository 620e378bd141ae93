"""Which days a row of tokens names: full dates, dates without a year, days seen from today.

Reading is strict: what can be understood in two ways gives both, what no calendar has gives nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import regex

from storage.kinds.calendar_tokens import Token
from storage.kinds.calendar_years import Years, in_era

YEAR_FIRST = ("zh_Hans", "zh_Hant", "ja", "ko")
"""Languages that write a date from the year down."""
DAY_FIRST = ("de", "fr", "ru")
_OWN_SEPARATORS = {"de": ".", "fr": "/.", "ru": "."}
"""By which a language parts its own dates: there it also settles the order of three short numbers."""


@dataclass(frozen=True)
class Part:
    """One reading: a day, with as much of month and year as was said."""

    day: int
    month: int | None = None
    year: int | None = None
    order: str = ""
    """How three or two numbers were understood (dmy, mdy, ymd), so that both ends of a span are read alike."""
    era: str = ""

    @property
    def date(self) -> date | None:
        """The day in the calendar; None where it has none such, or its year is not said."""
        if self.year is None or self.month is None:
            return None
        try:
            found = date(self.year, self.month, self.day)
        except ValueError:
            return None
        return found if not self.era or in_era(found, self.era) else None

    @property
    def possible(self) -> bool:
        """Whether some year has such a day."""
        if not 1 <= self.day <= 31 or (self.month is not None and not 1 <= self.month <= 12):
            return False
        return (
            self.date is not None if self.year is not None else self.day <= _LONGEST.get(self.month or 1, 31)
        )


_LONGEST = {2: 29, 4: 30, 6: 30, 9: 30, 11: 30}


@dataclass(frozen=True)
class Said:
    """What one stretch of tokens says: its readings, all of them where there are several."""

    parts: tuple[Part, ...]
    plain: bool = True
    """Whether the date stood there in full, rather than seen from today."""
    guess: bool = False


Found = tuple[Said, "regex.Match[str]"]
Maker = Callable[["Saying", Sequence[Token], "regex.Match[str]"], "Said | None"]


class Saying:
    """One row of tokens being read, for one language and one day."""

    def __init__(self, row: Sequence[Token], language: str, today: date, *, past: bool = False) -> None:
        self.row = row
        self.language = language
        self.today = today
        self.years = Years(language, today, past=past)
        self.codes = "".join(token.code for token in row)

    def all(self) -> tuple[list[Said], str]:
        """Everything said, in order, and the codes of what is left of the row."""
        left = self.codes
        found: list[tuple[int, Said]] = []
        for pattern, make in _PATTERNS:
            for match in pattern.finditer(left):
                said = make(self, self.row, match)
                if said is not None:
                    found.append((match.start(), said))
                    left = left[: match.start()] + "#" * len(match[0]) + left[match.end() :]
        return [said for _, said in sorted(found, key=lambda pair: pair[0])], left

    def years_of(
        self, token: Token | None, era: Token | None = None, *, marked: bool = False
    ) -> tuple[int, ...]:
        """The years that a number can mean."""
        if token is None:
            return ()
        if token.code == "Z":
            return (self.today.year + token.value,)
        return self.years.of(token.value, token.digits, era=era.value if era else None, marked=marked)


def _token(row: Sequence[Token], match: regex.Match[str], name: str) -> Token | None:
    return row[match.start(name)] if match[name] else None


def _dated(saying: Saying, row: Sequence[Token], match: regex.Match[str]) -> Said | None:
    """Year, month and day, each in its known place; the year may be missing."""
    groups = match.groupdict()
    day, month = row[match.start("d")], row[match.start("m")]
    year = _token(row, match, "y") if groups.get("y") else None
    era = _token(row, match, "e") if groups.get("e") else None
    if year is None:
        return Said((Part(day.value, month.value),))
    marked = row[min(match.end("y"), len(row) - 1)].code == "Y" or era is not None
    years = saying.years_of(year, era, marked=marked)
    name = era.word.era if era and era.word else ""
    parts = tuple(Part(day.value, month.value, one, "ymd", era=name) for one in years)
    return Said(parts or (Part(day.value, month.value, 0),), plain=year.code != "Z")


def _three(saying: Saying, row: Sequence[Token], match: regex.Match[str]) -> Said | None:
    """Three short numbers, or a long one behind two: the language settles the order, else all are asked back."""
    first, second, third = (row[match.start(name)] for name in "abc")
    sign = match["s"] if "s" in match.groupdict() else " "
    readings = list(_orders(saying, first, second, third, sign))
    possible = tuple(part for part in readings if part.possible)
    return Said(possible or tuple(readings)[:1] or (Part(0),))


def _orders(saying: Saying, a: Token, b: Token, c: Token, sign: str) -> Iterator[Part]:
    """Three numbers in every order that people of this language write."""
    language = saying.language
    own = sign in _OWN_SEPARATORS.get(language, "") and sign != ""
    year_first = tuple(Part(c.value, b.value, year, "ymd") for year in saying.years_of(a) if a.digits == 2)
    possible = any(part.possible for part in year_first)
    if c.code == "n" and not own and (language in YEAR_FIRST or sign in {"-", ""} or c.digits == 1):
        yield from year_first
    if language in YEAR_FIRST and possible and c.code == "n":
        return
    for year in saying.years_of(c):
        yield Part(a.value, b.value, year, "dmy")
        if language not in DAY_FIRST:
            yield Part(b.value, a.value, year, "mdy")


def _two(saying: Saying, row: Sequence[Token], match: regex.Match[str]) -> Said | None:
    """Two numbers are day and month, as the language has them; in English both ways."""
    first, second = row[match.start("a")], row[match.start("b")]
    day_first = Part(first.value, second.value, order="dmy")
    month_first = Part(second.value, first.value, order="mdy")
    if saying.language in DAY_FIRST:
        readings = [day_first]
    elif saying.language in YEAR_FIRST:
        readings = [month_first]
    else:
        readings = [day_first, month_first]
    possible = tuple(part for part in readings if part.possible)
    return Said(possible or (readings[0],))


def _compact(saying: Saying, row: Sequence[Token], match: regex.Match[str]) -> Said | None:
    """20270303; six digits, or the year at the end, are only a guess."""
    text = row[match.start()].text
    if len(text) == 8:
        parts = [Part(int(text[6:]), int(text[4:6]), int(text[:4]), "ymd")]
        if parts[0].possible and 1900 <= int(text[:4]) <= 2100:
            return Said(tuple(parts))
        parts = [
            Part(int(text[:2]), int(text[2:4]), int(text[4:])),
            Part(int(text[2:4]), int(text[:2]), int(text[4:])),
        ]
        parts = parts[:1] if saying.language in DAY_FIRST else parts
        usable = [part for part in parts if part.possible and 1900 <= (part.year or 0) <= 2100]
        return Said(tuple(usable) or (Part(int(text[6:]), int(text[4:6]), int(text[:4])),))
    first, second, third = (Token("n", int(pair), pair, 2) for pair in (text[:2], text[2:4], text[4:]))
    usable = [part for part in _orders(saying, first, second, third, "") if part.possible]
    return Said(tuple(usable), guess=True) if usable else None


def _day_only(saying: Saying, row: Sequence[Token], match: regex.Match[str]) -> Said | None:
    return Said((Part(row[match.start("d")].value),), plain=False)


def _ordinal(saying: Saying, row: Sequence[Token], match: regex.Match[str]) -> Said | None:
    """ "the 3rd", German "3."."""
    token = row[match.start("d")]
    dotted = match.end() > match.end("d") and saying.language == "de"
    return Said((Part(token.value),), plain=False) if token.ordinal or dotted else None


def _in_month(saying: Saying, row: Sequence[Token], match: regex.Match[str]) -> Said | None:
    """ "the 3rd of next month"."""
    year, month = add_months(saying.today, row[match.start("x")].value)
    return Said((Part(row[match.start("d")].value, month, year),), plain=False)


def _offset(saying: Saying, row: Sequence[Token], match: regex.Match[str]) -> Said | None:
    return _fixed(saying.today + timedelta(days=row[match.start()].value))


def _distance(saying: Saying, row: Sequence[Token], match: regex.Match[str]) -> Said | None:
    """ "in 3 days", "a week from tomorrow", 两周后, "il y a 3 jours"."""
    if "L" in saying.codes:
        return None
    amount = row[match.start("n")].value if match["n"] not in {None, "A", ""} else 1
    back = match["back"] is not None if "back" in match.groupdict() else False
    unit = {"Y": "y", "D": "d"}.get(match["u"], match["u"])
    start = saying.today
    if match.groupdict().get("t"):
        token = row[match.start("t")]
        start += timedelta(days=token.value if token.code == "t" else (token.value - 1 - start.weekday()) % 7)
    return _fixed(moved(start, -amount if back else amount, unit))


def _weekday(saying: Saying, row: Sequence[Token], match: regex.Match[str]) -> Said | None:
    """A weekday of this, the next or another calendar week; weeks begin on Monday."""
    token = row[match.start("w")]
    weeks = (
        row[match.start("v")].value if match.groupdict().get("v") else token.word.shift if token.word else 0
    )
    monday = saying.today - timedelta(days=saying.today.weekday())
    day = monday + timedelta(weeks=weeks, days=token.value - 1)
    if weeks == 0 and day < saying.today:
        return Said((_exact(day), _exact(day + timedelta(weeks=1))), plain=False)
    if weeks == -1 and " " in token.text:
        latest = saying.today - timedelta(days=(saying.today.weekday() - token.value) % 7 + 1)
        return Said(tuple(_exact(one) for one in sorted({day, latest})), plain=False)
    return _fixed(day)


def _next_weekday(saying: Saying, row: Sequence[Token], match: regex.Match[str]) -> Said | None:
    """A bare weekday is the next one; on that very day it may be today."""
    token = row[match.start("w")]
    if token.word is not None and token.word.brief and len(row) > 1:
        return None
    day = saying.today + timedelta(days=(token.value - 1 - saying.today.weekday()) % 7)
    if day == saying.today:
        return Said((_exact(day), _exact(day + timedelta(weeks=1))), plain=False)
    return _fixed(day)


def _fixed(day: date | None) -> Said | None:
    return None if day is None else Said((_exact(day),), plain=False)


def _exact(day: date) -> Part:
    return Part(day.day, day.month, day.year)


def moved(start: date, amount: int, unit: str) -> date | None:
    """So many days, weeks, months or years on; the last of a shorter month. None beyond the calendar."""
    if abs(amount) > 1500:
        return None
    if unit in "dk":
        return start + timedelta(days=amount * (7 if unit == "k" else 1))
    year, month = add_months(start, amount * (12 if unit == "y" else 1))
    for day in range(start.day, 27, -1):
        if (found := Part(day, month, year).date) is not None:
            return found
    return date(year, month, min(start.day, 27))


def add_months(start: date, months: int) -> tuple[int, int]:
    """The year and month so many months on."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return year, month + 1


_SHORT_YEAR = r"(?:(?P<y>[NZ])|(?P<y>n)(?![.]?[-/]?[mnO]|[rsD]))"
_PATTERNS: tuple[tuple[regex.Pattern[str], Maker], ...] = tuple(
    (regex.compile(pattern), make)
    for pattern, make in (
        (r"(?P<e>e)?(?P<y>[Nn])[Yy][-,/.]?(?P<m>n)O[-,/.]?(?P<d>n)D?", _dated),
        (r"(?P<y>Z)(?P<m>n)O(?P<d>n)D?", _dated),
        (r"(?P<m>n)O(?P<d>n)D?(?P<y>Z)", _dated),
        (r"(?P<d>n)nO/?(?P<m>m)/?(?:(?P<y>N)|(?P<y>n))", _dated),
        (r"(?P<e>e)(?P<y>[Nn])[-/.](?P<m>n)[-/.](?P<d>n)", _dated),
        (r"(?P<y>N)Y?[-/.,]?(?P<m>m)[-/.,]?(?P<d>n)", _dated),
        (r"(?P<y>Z)(?P<d>n)[.]?(?P<m>m)", _dated),
        (r"(?P<y>Z)(?P<m>m)(?P<d>n)", _dated),
        (rf"(?P<d>n)[.]?[-/,]?(?P<m>m)[.]?[-/,]?{_SHORT_YEAR}[Yy]?", _dated),
        (rf"(?P<m>m)[.]?[-/]?(?P<d>n)[.]?[-/,]?{_SHORT_YEAR}[Yy]?", _dated),
        (r"(?P<y>N)(?P<s>[-/.,])[-/.,]?(?P<m>n)[-/.,]{1,2}(?P<d>n)[.]?", _dated),
        (r"(?P<y>[Nn])[Yy](?P<m>n)[-/.](?P<d>n)", _dated),
        (r"(?P<y>N)[-/.](?P<m>n)O[-/.]?(?P<d>n)D?", _dated),
        (r"(?P<y>N)(?P<m>n)(?P<d>n)(?![nN])", _dated),
        (r"(?P<a>n)(?P<s>[-/.,])[-/.,]?(?P<b>n)[-/.,]{1,2}(?P<c>N)[Yy]?", _three),
        (r"(?P<a>n)(?P<s>[-/.])[-/.]?(?P<b>n)[-/.]{1,2}(?P<c>n)[.]?[Yy]?", _three),
        (r"(?<![nN])(?P<a>n)(?P<b>n)(?P<c>N)(?![nN])", _three),
        (r"C", _compact),
        (r"(?P<m>n)O(?P<d>n)D?", _dated),
        (r"(?P<d>n)[.]?[-/,]?(?P<m>m)", _dated),
        (r"(?P<m>m)[.]?[-/]?(?P<d>n)", _dated),
        (r"(?P<x>X)(?P<d>n)D?", _in_month),
        (r"(?P<d>n)[.D]?(?P<x>X)", _in_month),
        (r"(?<![nN][-/.])(?<![nN])(?P<a>n)[/.](?P<b>n)[.]?(?![-/.]?[nN])", _two),
        (r"(?<![nN][-/.])(?<![nN])(?P<a>n)-(?P<b>n)(?![-/.]?[nNmO])", _two),
        (r"(?P<n>[nA])(?P<u>[dko])(?P<t>[tw])", _distance),
        (r"(?P<t>[tw])i(?P<n>[nA])?(?P<u>[dkoy])", _distance),
        (r"b(?P<back>)(?P<n>[nA])(?P<u>[dkoy])", _distance),
        (r"(?P<n>[nA])(?P<u>[dkoyDY])(?P<back>g)", _distance),
        (r"i?(?P<n>[nA])(?P<u>[dkoyDY])a", _distance),
        (r"i(?P<n>[nA])?(?P<u>[dkoy])", _distance),
        (r"t", _offset),
        (r"(?P<w>W)", _weekday),
        (r"(?P<v>V),?(?P<w>w)", _weekday),
        (r"(?P<w>w),?(?P<v>V)", _weekday),
        (r"(?P<d>n)D", _day_only),
        (r"(?P<d>n)[.]?", _ordinal),
    )
)
NEXT_WEEKDAY = (regex.compile(r"(?P<w>w)"), _next_weekday)
"""Read only where nothing else is said: beside a date, a weekday is there to be checked."""
