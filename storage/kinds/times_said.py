"""Which times of day a text names, on the clock of 24 hours or of 12, in any of the languages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import regex

from storage.kinds.numbers_said import in_digits
from storage.kinds.words import meanings, table

LONGEST = 200
_LETTER = r"[\p{Latin}\p{Cyrillic}]"
_H, _M = r"(?<![\d.:])(?P<h>\d{1,2})", r"(?P<m>[0-5]?\d)"
_CLOCK = (
    rf"{_H} ?[:：] ?(?P<m>\d{{2}})(?: ?: ?\d{{2}}(?:\.\d+)?)?(?!\d)(?: ?uhr| ?h(?!{_LETTER}))?",
    rf"{_H} ?(?:uhr|h|heures?|hrs?)(?!{_LETTER}) ?(?:et )?"
    r"(?:(?P<m>[0-5]\d)(?!\d)(?: ?(?:min\w*|minuten))?|(?P<f>demie?|quart))?",
    rf"{_H}h(?P<m>[0-5]\d)(?!\d)",
    rf"{_H}\.(?P<m>[0-5]\d)(?!\d)(?: ?uhr| ?h(?!{_LETTER}))?",
    r"^(?P<h>[01]\d|2[0-3])(?P<m>[0-5]\d)(?: ?(?:hrs?|hours|uhr|h))?$",
)
"""24 hours are meant as they stand."""
_SPOKEN = (
    rf"{_H} ?[点點時时](?:钟|鐘|整|ちょうど)? ?(?:{_M} ?分|(?P<f>半|[1一] ?刻|3 ?刻)|{_M}(?!\d))?",
    rf"{_H} ?시(?: ?정각)? ?(?:{_M} ?분|(?P<f>반))?",
    rf"{_H} ?(?:час\p{{Cyrillic}}*|ч)(?!{_LETTER})\.? ?(?:{_M} ?мин\w*\.?)?",
    rf"{_H} ?o'? ?clock",
    r"(?P<f>half|quarter|viertel|halb)(?: (?P<way>past|after|to|nach|vor))? (?P<h>\d{1,2})(?!\d)",
    r"(?P<m>[0-5]?\d)(?: ?min\w*)? (?P<way>past|to|nach|vor) (?P<h>\d{1,2})(?!\d)",
    r"(?P<f>dreiviertel) (?P<h>\d{1,2})(?!\d)",
)
"""An hour up to 12 may be meant twice a day."""
_FRACTIONS = {"半": 30, "반": 30, "half": 30, "halb": 30, "demi": 30, "demie": 30, "dreiviertel": 45}


@dataclass(frozen=True)
class Times:
    """The times that a text may mean, as HH:MM."""

    times: tuple[str, ...] = ()
    guess: bool = False
    impossible: bool = False


@dataclass(frozen=True)
class _Time:
    hour: int
    minute: int
    twice: bool


def times_in(text: str, language: str) -> Times:
    """The times of day that a text names."""
    line = _AM_PM.sub(_in_24, in_digits(text, language))
    if len(line) > LONGEST:
        return Times()
    part, bare = _part(line)
    found: list[_Time] = []
    left = bare
    for pattern, twice in _patterns():
        for match in pattern.finditer(left):
            found += _time(match, twice, language)
            left = left[: match.start()] + "#" * len(match[0]) + left[match.end() :]
    guess = _pattern("unsure").search(left) is not None or regex.search(r"\d", left) is not None
    if not found and (lone := regex.fullmatch(r"\D*?(?P<h>\d{1,2})\D*", bare)) and not _moment(line):
        found = [_Time(int(lone["h"]), 0, twice=not part)]
        guess = not part
    moment = _moment(line)
    if not found and moment:
        return Times((moment,), guess=regex.search(r"\d", line) is not None)
    times = tuple(dict.fromkeys(time for one in found for time in _on_the_clock(one, part)))
    return Times(times, guess, impossible=bool(found) and not times)


_AM_PM = regex.compile(
    r"(?<!(?:\d|quarter|half|min|minutes) (?:past|to|after) )(?<![\d.:])"
    r"(?P<h>0?[1-9]|1[0-2])(?:[:.](?P<m>[0-5]\d))? ?(?P<half>[ap])\.?m(?!\p{L})\.?"
)


def _in_24(match: regex.Match[str]) -> str:
    """3:30 p.m. as 15:30; 12 am is midnight."""
    hour = int(match["h"]) % 12 + (12 if match["half"] == "p" else 0)
    return f"{hour:02d}:{match['m'] or '00'}"


def _time(match: regex.Match[str], twice: bool, language: str) -> Iterator[_Time]:
    groups = match.groupdict()
    hour, way, fraction = int(match["h"]), groups.get("way"), groups.get("f")
    minute = int(groups.get("m") or 0)
    if fraction:
        minute = _FRACTIONS.get(fraction, 45 if fraction.startswith("3") else 15)
    if minute > 59:
        yield _Time(hour, minute, twice)
        return
    if fraction == "half" and way is None:
        yield _Time(hour, 30, twice)
    if way in {"to", "vor"} or (fraction in {"halb", "dreiviertel", "half"} and way is None):
        to = minute if fraction in {"halb", "dreiviertel", "half"} and way is None else 60 - minute
        yield _Time(hour - 1 if hour > 1 else 12, to, twice)
    elif fraction != "half" or way is not None:
        yield _Time(hour, minute, twice)


def _on_the_clock(time: _Time, part: str) -> Iterator[str]:
    """The time in 24 hours, once or twice a day; nothing where no clock shows it."""
    hour, minute = time.hour, time.minute
    if minute > 59 or hour > 24 or (hour == 24 and minute):
        return
    if part == "am" and hour > 12:
        return
    hour %= 24
    if part in {"pm", "night", "midday"} and hour < 12 and not (part == "midday" and hour > 10):
        hour += 12
    if (part in {"am", "night"}) and hour == 12:
        hour = 0
    yield f"{hour:02d}:{minute:02d}"
    if time.twice and not part and 1 <= hour <= 6:
        yield f"{hour + 12:02d}:{minute:02d}"


def _part(line: str) -> tuple[str, str]:
    """The part of the day that is named, and the line without it."""
    named = {_words("parts")[match[0]] for match in _pattern("parts").finditer(line)}
    bare = _pattern("parts").sub(" ", line).strip()
    return (named.pop() if len(named) == 1 else ""), bare


def _moment(line: str) -> str | None:
    match = _pattern("moments").search(line)
    return _words("moments")[match[0]] if match else None


@cache
def _words(section: str) -> dict[str, str]:
    return meanings(table("times")[section])


@cache
def _pattern(section: str) -> regex.Pattern[str]:
    words = sorted(_words(section), key=len, reverse=True)
    return regex.compile(
        "|".join(
            rf"(?<!{_LETTER}){regex.escape(word)}(?!{_LETTER})"
            if regex.match(_LETTER, word)
            else regex.escape(word)
            for word in words
        )
    )


@cache
def _patterns() -> tuple[tuple[regex.Pattern[str], bool], ...]:
    spoken = tuple((regex.compile(pattern), True) for pattern in _SPOKEN)
    return (*((regex.compile(pattern), False) for pattern in _CLOCK), *spoken)
