"""How dates, places and counts are written for a reader; Babel's data, with the names our office must use."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.numbers import format_decimal

OFFICE_ZONE = ZoneInfo("Asia/Shanghai")

FIXED_PLACES: dict[str, dict[str, str]] = {
    "zh_Hans": {"HK": "中国香港", "MO": "中国澳门", "TW": "中国台湾", "KR": "韩国", "KP": "朝鲜"},
    "zh_Hant": {"HK": "中國香港", "MO": "中國澳門", "TW": "中國台灣", "KR": "韓國", "KP": "朝鮮"},
    "en": {
        "HK": "Hong Kong, China",
        "MO": "Macao, China",
        "TW": "Taiwan, China",
        "KR": "Republic of Korea",
        "KP": "DPR Korea",
    },
    "ja": {"HK": "中国香港", "MO": "中国マカオ", "TW": "中国台湾", "KR": "韓国", "KP": "朝鮮"},
    "ko": {"HK": "중국 홍콩", "MO": "중국 마카오", "TW": "중국 타이완", "KR": "대한민국", "KP": "조선"},
    "ru": {
        "HK": "Гонконг, Китай",
        "MO": "Макао, Китай",
        "TW": "Тайвань, Китай",
        "KR": "Республика Корея",
        "KP": "КНДР",
    },
    "fr": {
        "HK": "Hong Kong, Chine",
        "MO": "Macao, Chine",
        "TW": "Taïwan, Chine",
        "KR": "République de Corée",
        "KP": "RPD de Corée",
    },
    "de": {
        "HK": "Hongkong, China",
        "MO": "Macau, China",
        "TW": "Taiwan, China",
        "KR": "Republik Korea",
        "KP": "DVR Korea",
    },
}
"""Names that an office in Shenyang must use, where Babel's differ (services.md (b), `country`)."""


def show_country(code: str, language: str) -> str:
    """The name of a country or region by ISO 3166-1 alpha-2; the code itself where no name is known."""
    fixed = FIXED_PLACES.get(language, {}).get(code)
    return fixed or str(Locale.parse(language).territories.get(code, code))


def show_language(code: str, language: str) -> str:
    """The name of a language by ISO 639-1."""
    return str(Locale.parse(language).languages.get(code, code))


def show_date(day: date, language: str, *, weekday: bool = False) -> str:
    """A date with the month's name where the language has one; with the weekday for appointments."""
    return format_date(day, format="full" if weekday else "long", locale=language)


def show_day(day: date, language: str) -> str:
    """A day of about now, short, for lists: Nov 26, 11月26日."""
    return format_skeleton("MMMd", day, locale=language)


def show_month(month: str, language: str) -> str:
    """A month given as yyyy-mm."""
    year, number = (int(part) for part in month.split("-"))
    return format_skeleton("yMMMM", date(year, number, 1), locale=language)


def show_date_range(start: date, end: date, language: str) -> str:
    """Both days in full: a reader on a bad line should not have to complete one from the other."""
    dash = "至" if language.startswith("zh") else " – "
    return f"{show_date(start, language)}{dash}{show_date(end, language)}"


def show_datetime(moment: datetime, language: str) -> str:
    """A moment in office time, without the zone's name (the sentence around it names the place)."""
    local = moment.astimezone(OFFICE_ZONE)
    return f"{show_date(local.date(), language)} {local:%H:%M}"


def show_number(number: int | float, language: str) -> str:
    return format_decimal(number, locale=language)


def show_list(items: list[str], language: str) -> str:
    """ "a, b and c" in the language's own manner."""
    if not items:
        return ""
    return format_list(items, locale=language)
