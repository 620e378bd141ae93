"""The vocabulary of dates: what each word for a day, a month or a span of time stands for, in all the languages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from babel import Locale

from locales import LANGUAGES
from storage.kinds.treatment import folded
from storage.kinds.words import meanings, table

_SECTIONS = {
    "offset": "t",
    "months": "m",
    "weekdays": "w",
    "week": "V",
    "month": "X",
    "year": "Z",
    "shift": "s",
    "numbers": "n",
    "ordinals": "n",
}
"""What a token of each table is called in the patterns of `days_said`."""
_UNITS = {"days": "d", "weeks": "k", "months": "o", "years": "y"}
_MARKS = {
    "year_mark": "Y",
    "month_mark": "O",
    "day_mark": "D",
    "coming": "c",
    "after": "a",
    "within": "i",
    "ago": "g",
    "since": "b",
    "to": "r",
    "and": "&",
    "between": "B",
    "article": "A",
    "lunar": "l",
    "unsure": "h",
    "within_limit": "L",
    "lasting": "F",
    "part": "p",
    "filler": "f",
}
ERAS = {"meiji": 1867, "taisho": 1911, "showa": 1925, "heisei": 1988, "reiwa": 2018, "minguo": 1911}
"""The year before the first of each era."""
_WEEK_ENDINGS = ("周", "週", "星期", "礼拜", "禮拜")
_WEEKDAY_SIGNS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "日": 7, "天": 7} | {
    str(day): day for day in range(1, 8)
}


@dataclass(frozen=True)
class Word:
    """What one word says: its class by a letter (`_SECTIONS`, `_MARKS`) and its number where it has one."""

    code: str
    value: int = 0
    shift: int = 0
    """Weeks from the present one, where a weekday brings them along (下周五)."""
    ordinal: bool = False
    era: str = ""
    brief: bool = False
    """An abbreviation that is an ordinary word elsewhere (mon, sun, sat): counts only beside a date."""


@cache
def vocabulary() -> dict[str, tuple[tuple[str, Word], ...]]:
    """Every word by its first letter, the longest first."""
    words: dict[str, Word] = {}
    for name, word in _all():
        words.setdefault(name, word)
    by_letter: dict[str, list[tuple[str, Word]]] = {}
    for name in sorted(words, key=len, reverse=True):
        by_letter.setdefault(name[0], []).append((name, words[name]))
    return {letter: tuple(entries) for letter, entries in by_letter.items()}


@cache
def likely_mistyped() -> dict[str, Word]:
    """Words that are worth recognising when mistyped: months, weekdays, tomorrow and its like."""
    return {
        name: word
        for entries in vocabulary().values()
        for name, word in entries
        if word.code in "mwt" and len(name) > 3 and name.isalpha() and ord(name[0]) < 0x500
    }


def _all() -> Iterator[tuple[str, Word]]:
    """More telling words first: the first meaning of a word stays."""
    tables = table("days")
    yield from _week_with_day(tables["week"])
    yield from _from_cldr()
    for section, code in _SECTIONS.items():
        for name, value in meanings(tables[section]).items():
            yield name, Word(code, int(value), ordinal=section == "ordinals")
    for name, era in meanings(tables["eras"]).items():
        yield name, Word("e", ERAS[era], era=era)
    for name, unit in meanings(tables["units"]).items():
        yield name, Word(_UNITS[unit])
    for name, mark in meanings(tables["words"]).items():
        yield name, Word(_MARKS[mark])


def _week_with_day(weeks: dict[str, str]) -> Iterator[tuple[str, Word]]:
    """下周五, 上星期日: the week's word already ends with the sign that makes a weekday of a number."""
    for name, shift in meanings(weeks).items():
        if name.endswith(_WEEK_ENDINGS):
            for sign, day in _WEEKDAY_SIGNS.items():
                yield name + sign, Word("W", day, shift=int(shift))


def _from_cldr() -> Iterator[tuple[str, Word]]:
    for language in LANGUAGES:
        locale = Locale.parse(language)
        for widths in locale.months.values():
            for width in ("wide", "abbreviated"):
                for month, name in widths[width].items():
                    word = folded(name).rstrip(".")
                    if word.isalpha() and not word.endswith(("月", "월")):
                        yield word, Word("m", month)
        for widths in locale.days.values():
            for width in ("wide", "abbreviated"):
                for day, name in widths[width].items():
                    word = folded(name).rstrip(".")
                    if len(word) > 1 and word != "mar" and (len(word) > 2 or not word.isascii()):
                        yield word, Word("w", day + 1, brief=len(word) == 3 and word.isascii())
