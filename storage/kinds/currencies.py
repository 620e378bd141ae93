"""Which currency a text names: by ISO 4217 code, sign, or name in any of the languages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import regex
from babel import Locale
from babel.core import get_global
from babel.numbers import get_currency_precision
from rapidfuzz import fuzz, process

from locales import LANGUAGES
from storage.kinds.treatment import folded
from storage.kinds.words import meanings, table

_LETTER = r"[\p{Latin}\p{Cyrillic}]"
_TWO_LETTERS = regex.compile(rf"{_LETTER}{{2}}")
_OWN = {"zh_Hans": "CNY", "ja": "JPY", "ko": "KRW", "ru": "RUB", "fr": "EUR", "de": "EUR"}
USUAL = ("CNY", "USD", "EUR")
"""Offered where an amount came without a currency."""


@dataclass(frozen=True)
class Named:
    """A currency as it stands in a text; several where the name is shared."""

    codes: tuple[str, ...]
    start: int
    end: int
    mistyped: bool = False


def currencies_in(line: str, language: str) -> list[Named]:
    """The currencies that a folded line names, in order."""
    return list(_named(line, language)) or list(_mistyped(line))


def _named(line: str, language: str) -> Iterator[Named]:
    """The longest name at each place; one in letters stands apart from other letters, digits may touch it (20eur)."""
    place = 0
    while place < len(line):
        for name in _by_first_sign().get(line[place], ()):
            end = place + len(name)
            if line.startswith(name, place) and _stands_alone(line, place, end):
                yield Named(_meant(name, language), place, end)
                place = end - 1
                break
        place += 1


def _stands_alone(line: str, start: int, end: int) -> bool:
    def joined(left: int) -> bool:
        return left >= 0 and bool(_TWO_LETTERS.match(line, left))

    return not joined(start - 1) and not joined(end - 1)


def usual(language: str) -> tuple[str, ...]:
    """What an amount without a currency is asked back as: the reader's own first."""
    own = _OWN.get(language)
    return tuple(dict.fromkeys(((own,) if own else ()) + USUAL))


def precision(code: str) -> int:
    """How many decimals the currency has (CLDR): 2 of a euro, none of a yen."""
    return int(get_currency_precision(code))


def _meant(word: str, language: str) -> tuple[str, ...]:
    codes = _names()[word]
    own = _OWN.get(language, "")
    return (own,) if own in codes and language in {"zh_Hans", "ja"} else codes


@cache
def _by_first_sign() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for name in sorted(_names(), key=len, reverse=True):
        found.setdefault(name[0], []).append(name)
    return {sign: tuple(names) for sign, names in found.items()}


@cache
def _names() -> dict[str, tuple[str, ...]]:
    names: dict[str, tuple[str, ...]] = {}
    tables = table("money")
    for entries in (tables["ambiguous"], tables["currencies"]):
        for name, codes in meanings(entries).items():
            names[name] = tuple(codes.split())
    for name, code in _from_cldr():
        names.setdefault(name, (code,))
    for code in _in_use():
        names[code.casefold()] = (code,)
    return {name: codes for name, codes in names.items() if name not in _ORDINARY}


_ORDINARY = {
    "all",
    "top",
    "try",
    "mop",
    "cup",
    "ang",
    "bam",
    "gel",
    "lek",
    "som",
    "don",
    "real",
    "sol",
    "mad",
    "won't",
}
"""Codes and names that are ordinary words; their currencies are read by another name."""


def _from_cldr() -> Iterator[tuple[str, str]]:
    """Names in all the languages, in their plural forms too."""
    for language in LANGUAGES:
        locale = Locale.parse(language)
        for code in _in_use():
            for name in (locale.currencies.get(code), *_plurals(locale, code)):
                if name and len(name) > 1:
                    yield folded(name), code


def _plurals(locale: Locale, code: str) -> tuple[str, ...]:
    forms = locale._data.get("currency_names_plural", {}).get(code, {})
    return tuple(forms.values())


@cache
def _in_use() -> tuple[str, ...]:
    """Currencies that are tender somewhere today (CLDR)."""
    codes = {
        code
        for entries in get_global("territory_currencies").values()
        for code, _start, end, tender in entries
        if end is None and tender
    }
    return tuple(sorted(codes))


def _mistyped(line: str) -> Iterator[Named]:
    """A currency that somebody mistyped (dolars, euors); only where no other is named."""
    for word in regex.finditer(rf"{_LETTER}{{4,}}", line):
        near = process.extract(word[0], _well_known(), scorer=fuzz.ratio, score_cutoff=80, limit=3)
        codes = {_names()[name] for name, score, _ in near if score > near[0][1] - 3}
        if len(codes) == 1:
            yield Named(codes.pop(), word.start(), word.end(), mistyped=True)


@cache
def _well_known() -> list[str]:
    words = meanings(table("money")["currencies"])
    return [word for word in words if word.isalpha() and len(word) > 3 and word in _names()]
