"""Districts of Shenyang, postal addresses, and places on a map."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

from locales import N_, Message, translate
from storage.kinds.kind import (
    AskedBack,
    Context,
    Control,
    Kept,
    Kind,
    Offer,
    Problem,
    Reading,
    Refused,
    Taken,
)
from storage.kinds.name_index import NameIndex
from storage.kinds.treatment import original, treated

DISTRICTS: dict[str, Message] = {
    "heping": N_("Heping District"),
    "shenhe": N_("Shenhe District"),
    "dadong": N_("Dadong District"),
    "huanggu": N_("Huanggu District"),
    "tiexi": N_("Tiexi District"),
    "sujiatun": N_("Sujiatun District"),
    "hunnan": N_("Hunnan District"),
    "shenbei": N_("Shenbei New District"),
    "yuhong": N_("Yuhong District"),
    "liaozhong": N_("Liaozhong District"),
    "xinmin": N_("Xinmin City"),
    "kangping": N_("Kangping County"),
    "faku": N_("Faku County"),
}
"""Ten districts, one city of county rank and two counties (services.md (a), districts)."""
_SPOKEN = {
    "heping": "和平|和平区|和平區|Хэпин|ホーピン|허핑|和平区外办",
    "shenhe": "沈河|沈河区|瀋河|瀋河區|沈河區|Шэньхэ|선허",
    "dadong": "大东|大东区|大東|大東區|Дадун|다둥",
    "huanggu": "皇姑|皇姑区|皇姑區|Хуангу|황구",
    "tiexi": "铁西|铁西区|鐵西|鐵西區|鉄西|鉄西区|Тэси|Тесюй|톄시|开发区|经开区|沈阳经济技术开发区",
    "sujiatun": "苏家屯|苏家屯区|蘇家屯|蘇家屯區|蘇家屯区|Суцзятунь|쑤자툰",
    "hunnan": "浑南|浑南区|浑南新区|渾南|渾南區|渾南区|东陵|东陵区|東陵|Dongling|Хуньнань|훈난|Hunnan New District",
    "shenbei": "沈北|沈北新区|沈北新區|瀋北|瀋北新區|新城子|Shenbei New Area|Xinchengzi|Шэньбэй|선베이",
    "yuhong": "于洪|于洪区|於洪|於洪區|于洪區|Юйхун|위훙",
    "liaozhong": "辽中|辽中区|辽中县|遼中|遼中區|遼中区|Liaozhong County|Ляочжун|랴오중",
    "xinmin": "新民|新民市|Xinmin|Синьминь|신민|Xinmin County-level City",
    "kangping": "康平|康平县|康平縣|康平県|Канпин|캉핑",
    "faku": "法库|法库县|法庫|法庫縣|法庫県|Факу|파쿠",
}


@dataclass(frozen=True)
class DistrictKind(Kind):
    """One of the thirteen districts and counties of Shenyang, by its name in any script, stored by its pinyin."""

    name: ClassVar[str] = "district"
    control: ClassVar[Control] = Control.LIST

    def read(self, text: str, context: Context) -> Reading:
        found = _districts().find(text)
        if found is None:
            return Refused(_NO_DISTRICT)
        return Taken(found.codes[0], found.nearly) if len(found.codes) == 1 else AskedBack(found.codes)

    def check(self, value: str, context: Context) -> Problem | None:
        return None if value in DISTRICTS else _NO_DISTRICT

    def show(self, value: str, language: str) -> str:
        return translate(DISTRICTS[value], language) if value in DISTRICTS else value

    def options(self, context: Context) -> tuple[Offer, ...]:
        return tuple(Offer(code, translate(name, context.language)) for code, name in DISTRICTS.items())


_NO_DISTRICT = Problem(
    N_("Shenyang has no district of this name. Please choose one of the thirteen, for example 和平区.")
)


@cache
def _districts() -> NameIndex:
    return NameIndex(_district_names, lambda: ())


def _district_names() -> Iterator[tuple[str, str]]:
    for code, name in DISTRICTS.items():
        yield code, code
        yield str(name), code
        yield str(name).replace("District", "qu").replace("County", "xian").replace("City", "shi"), code
        yield from ((spoken, code) for spoken in _SPOKEN[code].split("|"))


@dataclass(frozen=True)
class AddressKind(Kind):
    """A postal address as the person writes it, in one line; 5 to 200 characters unless the question says otherwise."""

    name: ClassVar[str] = "address"

    def read(self, text: str, context: Context) -> Reading:
        address = ", ".join(line.strip().rstrip(",，") for line in original(text).split("\n") if line.strip())
        problem = self.check(address, context)
        return Refused(problem) if problem else Taken(address)

    def check(self, value: str, context: Context) -> Problem | None:
        least, most = self.at_least or 5, self.at_most or 200
        if not re.search(r"[^\W\d_]", value):
            return Problem(
                N_("Please type the address with street and place, for example {example}."), _ADDRESS
            )
        if len(value) < least:
            return Problem(
                N_("This is too short for an address. Please add street and number, as in {example}."),
                _ADDRESS,
            )
        if len(value) > most:
            return Problem(
                N_("An address has at most {most} characters; yours has {count}."),
                {"most": most, "count": len(value)},
            )
        return None


_ADDRESS = {"example": "沈阳市和平区十一纬路24号"}


class Location(BaseModel):
    """A place: degrees north and east (WGS 84, as Telegram sends them), or words, or both."""

    model_config = ConfigDict(frozen=True)
    lat: float | None = None
    lon: float | None = None
    label: str | None = None


@dataclass(frozen=True)
class LocationKind(Kind):
    """A place shared from the telephone, typed as degrees or a map's link, or described in words."""

    name: ClassVar[str] = "location"
    kept: ClassVar[Kept] = Kept.PARTS
    control: ClassVar[Control] = Control.LOCATION
    python: ClassVar[Any] = Location

    def read(self, text: str, context: Context) -> Reading:
        degrees = _degrees(treated(text))
        if degrees is None:
            return self._described(original(text).replace("\n", ", "), context)
        lat, lon = degrees
        if abs(lat) > 90 >= abs(lon) and abs(lat) <= 180:
            return AskedBack((Location(lat=lon, lon=lat),))
        place = Location(lat=lat, lon=lon)
        problem = self.check(place, context)
        return Refused(problem) if problem else Taken(place)

    def check(self, value: Location, context: Context) -> Problem | None:
        if value.lat is None or value.lon is None:
            named = re.search(r"[^\W\d_]", value.label or "") and 2 <= len(value.label or "") <= 200
            return None if named else _NO_PLACE
        if abs(value.lat) > 90 or abs(value.lon) > 180:
            return Problem(
                N_("Latitude goes to 90 and longitude to 180 degrees, for example {example}."), _PLACE
            )
        return None

    def show(self, value: Location, language: str) -> str:
        degrees = (
            f"{value.lat:.5f}, {value.lon:.5f}" if value.lat is not None and value.lon is not None else ""
        )
        return " · ".join(part for part in (value.label or "", degrees) if part)

    def _described(self, words: str, context: Context) -> Reading:
        place = Location(label=words or None)
        problem = self.check(place, context)
        return Refused(problem) if problem else Taken(place)


_PLACE = {"example": "41.8057, 123.4315"}
_NO_PLACE = Problem(
    N_("Please share your location, or type where you are: a street and a city, or {example}."), _PLACE
)

_NUMBER = r"([-+]?\d{1,3}(?:[.,]\d+)?)"
_PAIR = re.compile(
    rf"(?<![\d.]){_NUMBER} ?°? ?([NSEW北南东西東])? ?[,;/ ] ?{_NUMBER} ?°? ?([NSEW北南东西東])?(?![\d.])",
    re.IGNORECASE,
)
_LED = re.compile(
    rf"([NS北南])[緯纬]? ?{_NUMBER} ?[°度]? ?[,; ]* ?([EW东東西])[經经]? ?{_NUMBER}", re.IGNORECASE
)
_SIXTIETHS = re.compile(
    r"(\d{1,3}) ?[°度] ?(\d{1,2}) ?['\u2032分] ?(?:(\d{1,2}(?:\.\d+)?) ?(?:[\"″秒]|''|\u2032\u2032))? ?"
    r"([NSEW北南东西東])",
    re.IGNORECASE,
)
_SIDE_FIRST = re.compile(r"([NSEW]) ?(\d{1,3} ?° ?\d{1,2} ?['\u2032](?: ?[\d.]+ ?[\"″])?)", re.IGNORECASE)
_WORDS_FOR_DEGREES = re.compile(
    r"\b(?:lat|lon|lng|long)(?:itude)?\b\.? ?[:=]?|[纬緯经經]度 ?[:=]?", re.IGNORECASE
)
_SIDES = frozenset("NSEW")
_WEST_SOUTH = frozenset("SW南西")


def _degrees(line: str) -> tuple[float, float] | None:
    """Latitude and longitude in a line: "41.8, 123.4", 41°48'N 123°24'E, 北纬41.8 东经123.4, a map's link."""
    line = " ".join(_WORDS_FOR_DEGREES.sub(" ", line).split())
    if line[:1].upper() in _SIDES:
        line = _SIDE_FIRST.sub(r"\2\1", line)
    parts = _SIXTIETHS.findall(line)
    if len(parts) == 2:
        values = [(int(d) + int(m) / 60 + float(s or 0) / 3600) * _sign(side) for d, m, s, side in parts]
        return _in_order(round(values[0], 6), parts[0][3], round(values[1], 6))
    led = _LED.search(line)
    if led:
        return _float(led[2]) * _sign(led[1]), _float(led[4]) * _sign(led[3])
    pair = _PAIR.search(re.sub(r"%2C", ",", line))
    if pair is None or not _alone(line, pair):
        return None
    return _in_order(_float(pair[1]) * _sign(pair[2]), pair[2], _float(pair[3]) * _sign(pair[4]))


def _alone(line: str, pair: re.Match[str]) -> bool:
    """Whether two numbers are degrees: with fractions or a side, or with nothing else in the line (no house number)."""
    exact = all(re.search(r"[.,]\d", number) for number in (pair[1], pair[3])) or bool(pair[2] and pair[4])
    return exact or not re.search(r"[^\W\d_]", line[: pair.start()] + line[pair.end() :])


def _in_order(first: float, side: str | None, second: float) -> tuple[float, float]:
    return (second, first) if side and side.upper() in "EW东西東" else (first, second)


def _sign(side: str | None) -> int:
    return -1 if side and side.upper() in _WEST_SOUTH else 1


def _float(number: str) -> float:
    return float(number.replace(",", "."))
