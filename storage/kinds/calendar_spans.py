"""From a text to the span of days that it names: two dates that complete one another, or one and how long."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import regex

from storage.kinds.calendar_reading import regex_any, resolved, week_of
from storage.kinds.calendar_tokens import Token, tokens
from storage.kinds.days_said import Part, Said, Saying, add_months, moved
from storage.kinds.spans import DateRange

_BARE = regex.compile(r"n[.D]?")
_DAY_AND_YEAR = regex.compile(r"n[.]?,?N[Yy]?")
_TOLD = regex.compile(r"[,]?F?(?P<n>n)d(?![ag])[,.]?")
_LONGEST = timedelta(days=200)
"""A span whose ends lie farther apart only because a year had to be supplied was typed the wrong way round."""
_LASTING = regex.compile(r"(?P<n>[nA])(?P<u>[dkoD])")
_IGNORED = regex.compile(r"[?wFBi,.c]")


@dataclass(frozen=True)
class Spans:
    """The spans that a text may mean."""

    spans: tuple[DateRange, ...] = ()
    guess: bool = False
    repaired: bool = False
    fault: str = "none"
    """Why there are none: none, impossible, lunar, reversed."""


@dataclass(frozen=True)
class _End:
    """One end of a span: a date in parts, or a weekday to be counted from the other end."""

    said: Said
    weekday: int = 0


def spans_in(text: str, language: str, today: date) -> Spans:
    """The spans that a text names. A number of days told beside both ends (共7天) has to agree with them."""
    row = tokens(text)
    told = _TOLD.search("".join(token.code for token in row))
    if told is not None:
        rest = row[: told.start()] + row[told.end() :]
        spans = _spans(Saying(rest, language, today))
        if spans.spans and not spans.guess:
            days = row[told.start("n")].value
            agreeing = tuple(span for span in spans.spans if span.days == days)
            return replace(spans, spans=agreeing or spans.spans, guess=not agreeing)
    return _spans(Saying(row, language, today))


def _spans(saying: Saying) -> Spans:
    if "l" in saying.codes:
        return Spans(fault="lunar")
    pairs = list(_pairs(saying))
    if pairs:
        return _between(pairs, saying)
    said, left = saying.all()
    if len(said) == 2 and not regex_any(left, "nNCxmV"):
        return _between([(_End(said[0]), _End(said[1]))], saying)
    if len(said) == 1 and (lasting := _LASTING.search(left)):
        return _lasting(saying, said[0], lasting)
    return _one(saying, said)


def _pairs(saying: Saying) -> list[tuple[_End, _End]]:
    """Every way to cut the row in two ends; a word for "to" goes before a dash."""
    signs = "rA&" if "B" in saying.codes else "r"
    for wanted in (signs, "-/A&"):
        found = [
            pair for place, code in enumerate(saying.codes) if code in wanted for pair in _cut(saying, place)
        ]
        if found:
            return found
    return []


def _cut(saying: Saying, place: int) -> Iterator[tuple[_End, _End]]:
    first = _end(saying, saying.row[:place])
    last = _end(saying, saying.row[place + 1 :]) if first is not None else None
    if first is not None and last is not None:
        yield first, last


def _end(saying: Saying, row: Sequence[Token]) -> _End | None:
    """What stands on one side of the cut, if it is one date and nothing else that counts."""
    codes = "".join(token.code for token in row)
    bare = _IGNORED.sub("", codes.rstrip(".,"))
    numbers = [token for token in row if token.code in "nN"]
    if _BARE.fullmatch(bare):
        return _End(Said((Part(numbers[0].value),), plain=False))
    if _DAY_AND_YEAR.fullmatch(codes.strip("?wF")):
        years = saying.years_of(numbers[1])
        return _End(Said(tuple(Part(numbers[0].value, None, year) for year in years))) if years else None
    side = Saying(row, saying.language, saying.today)
    said, left = side.all()
    if len(said) == 1 and not regex_any(left, "nNCxmOVXZ"):
        return _End(said[0])
    weekdays = [token.value for token in row if token.code == "w"]
    if not said and len(weekdays) == 1 and not regex_any(left, "nNCxmOVXZ"):
        return _End(Said((), plain=False), weekdays[0])
    return None


def _between(pairs: list[tuple[_End, _End]], saying: Saying) -> Spans:
    found: set[DateRange] = set()
    turned = False
    for first, last in pairs:
        for start, end in _dates(first, last, saying.today):
            if start <= end:
                found.add(DateRange(start=start, end=end))
            else:
                turned = True
    if not found:
        return Spans(fault="reversed" if turned else "impossible")
    ordered = tuple(sorted(found, key=lambda span: (span.start, span.end)))
    said = [one.said for pair in pairs for one in pair]
    years = any(part.year is not None for one in said for part in one.parts)
    loose = not years or any(token.mistyped or token.code in "twWVXZ" for token in saying.row)
    return Spans(ordered, guess=regex_any(saying.codes, "hL"), repaired=loose)


def _dates(first: _End, last: _End, today: date) -> Iterator[tuple[date, date]]:
    for left in first.said.parts or (None,):
        for right in last.said.parts or (None,):
            start, end = _completed(left, right, today)
            if left is None:
                start = resolved_weekday(today, first.weekday)
            if right is None and start is not None:
                end = resolved_weekday(start, last.weekday)
            if start is not None and end is not None:
                yield start, end


def resolved_weekday(day: date, weekday: int) -> date:
    """The first such weekday from a day on."""
    return day + timedelta(days=(weekday - day.isoweekday()) % 7)


def _completed(left: Part | None, right: Part | None, today: date) -> tuple[date | None, date | None]:
    """Each end takes month and year from the other where it has none; years may turn between them."""
    if left is None or right is None:
        return (
            resolved(left, today) if left is not None else None,
            resolved(right, today) if right is not None else None,
        )
    if {left.order, right.order} == {"dmy", "mdy"} and left.year is None == right.year is None:
        return None, None
    left = replace(left, month=left.month or right.month)
    months_given = right.month is not None
    right = replace(right, month=right.month or left.month)
    if left.year is None and right.year is None:
        start = resolved(left, today)
        end = replace(right, year=start.year, month=right.month or start.month).date if start else None
        if start and end and end < start and months_given and right.month != left.month:
            late = replace(right, year=start.year + 1).date
            end = late if late and late - start < _LONGEST else end
        return start, end
    start_year, end_year = left.year or right.year, right.year or left.year
    start, end = replace(left, year=start_year).date, replace(right, year=end_year).date
    if start and end and end < start and right.month != left.month:
        turned = replace(left, year=end.year - 1).date if left.year is None else start
        late = (
            replace(right, year=start.year + 1).date if left.year is not None and right.year is None else end
        )
        if turned and late and late - turned < _LONGEST:
            return turned, late
    return start, end


def _lasting(saying: Saying, said: Said, lasting: regex.Match[str]) -> Spans:
    """ "3 March 2027 for 7 days": the first day is one of them."""
    amount = 1 if lasting["n"] == "A" else saying.row[lasting.start("n")].value
    found = []
    for part in said.parts:
        start = resolved(part, saying.today)
        after = (
            moved(start, amount, "d" if lasting["u"] == "D" else lasting["u"]) if start is not None else None
        )
        if start is not None and after is not None and after > start:
            found.append(DateRange(start=start, end=after - timedelta(days=1)))
    return Spans(tuple(found), repaired=True, fault="impossible")


def _one(saying: Saying, said: list[Said]) -> Spans:
    """Only one day, or a week or month as a whole: possible, but to be asked back."""
    days = [resolved(part, saying.today) for one in said for part in one.parts]
    spans = [DateRange(start=day, end=day) for day in days if day is not None]
    if said:
        return Spans(tuple(spans), guess=True, fault="impossible")
    week = next((token for token in saying.row if token.code == "V"), None)
    if week is not None:
        monday, sunday = week_of(saying.today, week.value)
        return Spans((DateRange(start=monday, end=sunday),), guess=True)
    months = [month_span(*add_months(saying.today, token.value)) for token in saying.row if token.code == "X"]
    return Spans(tuple(months), guess=True)


def month_span(year: int, month: int) -> DateRange:
    """The first and last day of a month."""
    return DateRange(start=date(year, month, 1), end=date(year, month, calendar.monthrange(year, month)[1]))
