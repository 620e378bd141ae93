"""Languages (ISO 639-1): their names in many languages, and the kinds that ask for one or several."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

from locales import N_, show_language, show_list
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
from storage.kinds.name_index import Found, NameIndex
from storage.kinds.treatment import treated

MOST_USED = ("zh", "en", "ja", "ko", "ru", "de", "fr", "es", "ar", "pt")
_NEAR = ("zh", "zh_Hant", "en", "ja", "ko", "ru", "fr", "de")
_SPOKEN = {
    "zh": "Mandarin|Putonghua|普通话|普通話|国语|國語|华语|華語|汉语|漢語|中国话|中國話|中文|Cantonese|"
    "Kantonesisch|cantonais|кантонский|粤语|粵語|"
    "广东话|廣東話|Simplified Chinese|Traditional Chinese|简体中文|繁體中文|官话|北京語|広東語|만다린|광둥어|"
    "мандарин|по-китайски|"
    "mandarin|Hochchinesisch|Mandarin-Chinesisch|Hanyu",
    "en": "British English|American English|英文|по-английски",
    "ja": "日文|日本语|日本語|にほんご|Nihongo|по-японски",
    "ko": "韩文|韓文|韩国语|韓國語|韩语|朝鲜语|朝鮮語|朝鲜文|Hangul|한국말|조선말|조선어|по-корейски",
    "ru": "俄文|俄国话|по-русски|русский язык",
    "fr": "法文|по-французски|langue française",
    "de": "德文|Hochdeutsch|по-немецки|Deutsch|немецкий язык",
    "es": "Castilian|西文|西语|Castellano|西班牙文|по-испански",
    "fa": "Farsi|Dari",
    "nl": "Flemish|vlaams|flamand|Flämisch",
    "pt": "葡文|葡语|Brazilian Portuguese",
    "it": "意文|意大利文|意语",
    "ar": "阿文|阿语",
    "vi": "越文|越语",
    "th": "泰文",
    "mn": "蒙文|蒙语",
    "no": "Norwegian",
    "el": "Modern Greek",
    "he": "Hebrew",
    "ug": "维语|维文|Uyghur",
    "bo": "藏文",
    "ms": "Malay|Bahasa Melayu|马来文",
    "id": "Bahasa Indonesia|Bahasa|印尼文|印尼语",
    "tl": "Tagalog|Filipino|Pilipino|他加禄语|菲律宾语|タガログ語|타갈로그어|тагальский",
    "hr": "Serbo-Croatian",
    "sr": "Serbo-Croatian",
}
"""What people call languages beside CLDR's names; a name in two rows is asked back."""
_PARTS = re.compile(r"[,，、;；/|+&\n]|\b(?:and|und|et|и|oder|or)\b|[和与與及]|\s(?:와|과|및)\s")
_WORD_FOR_LANGUAGE = re.compile(
    r"\b(?:language|langue|sprache|язык|speak|je parle|spreche|говорю)\b|언어|(?<=[\u30a0-\u30ff])語$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class LanguageKind(Kind):
    """One language; stored by its two letters."""

    name: ClassVar[str] = "language"
    control: ClassVar[Control] = Control.LIST

    def read(self, text: str, context: Context) -> Reading:
        found = _find(treated(text[:240]))
        if found is None:
            return Refused(_UNKNOWN)
        return Taken(found.codes[0], found.nearly) if len(found.codes) == 1 else AskedBack(found.codes[:8])

    def check(self, value: str, context: Context) -> Problem | None:
        return None if value in languages() else _UNKNOWN

    def show(self, value: str, language: str) -> str:
        return _name(value, language)

    def options(self, context: Context) -> tuple[Offer, ...]:
        return _offers(context.language)


@dataclass(frozen=True)
class LanguagesKind(LanguageKind):
    """Several languages, in the order that they were named."""

    python: ClassVar[Any] = tuple[str, ...]
    kept: ClassVar[Kept] = Kept.PARTS

    def read(self, text: str, context: Context) -> Reading:
        """Each part names one; a part that names several, or nearly one, is asked back with the rest."""
        parts = [_find(part) for part in _PARTS.split(treated(text[:400])) if part.strip()]
        if not parts or None in parts:
            return Refused(_UNKNOWN)
        named = [part.codes for part in parts if part is not None]
        sure = [codes[0] for codes in named]
        unsure = next((place for place, codes in enumerate(named) if len(codes) > 1), None)
        if unsure is not None:
            return AskedBack(tuple((*sure[:unsure], code, *sure[unsure + 1 :]) for code in named[unsure]))
        value = tuple(dict.fromkeys(sure))
        problem = self.check(value, context)
        return (
            Refused(problem)
            if problem
            else Taken(value, any(part.nearly for part in parts if part is not None))
        )

    def check(self, value: tuple[str, ...], context: Context) -> Problem | None:  # type: ignore[override]  # of several
        if any(code not in languages() for code in value) or not value:
            return _UNKNOWN
        if self.at_most is not None and len(value) > self.at_most:
            return Problem(N_("Please name at most {most} languages."), {"most": self.at_most})
        return None

    def show(self, value: tuple[str, ...], language: str) -> str:  # type: ignore[override]  # of several
        return show_list([_name(code, language) for code in value], language)


_UNKNOWN = Problem(
    N_("No language has this name. Please type one as in {example}."), {"example": "German, 德语, de"}
)


@cache
def languages() -> frozenset[str]:
    """Every two-letter code of ISO 639 that has a name."""
    return frozenset(code for code in _of_locale("en") if len(code) == 2) | {"tl"}


def _name(code: str, language: str) -> str:
    """CLDR knows Tagalog as Filipino, by its three letters."""
    return show_language("fil" if code == "tl" else code, language)


def _find(line: str) -> Found | None:
    tag = re.fullmatch(r"([a-z]{2})[-_][a-z]{2,4}", line, re.IGNORECASE)
    if tag and tag[1].lower() in languages():
        return Found((tag[1].lower(),))
    bare = " ".join(_WORD_FOR_LANGUAGE.sub(" ", line).split())
    return _names().find(line) or (_names().find(bare) if bare != line else None)


@cache
def _names() -> NameIndex:
    return NameIndex(_near, _far, languages())


def _near() -> Iterator[tuple[str, str]]:
    for code, names in _SPOKEN.items():
        yield from ((name, code) for name in names.split("|"))
    for locale in _NEAR:
        for code, name in _of_locale(locale).items():
            if code in languages():
                yield name, code
    for code in languages():
        yield from ((name, code) for name in _own_names(code))
    yield from _THREE_LETTERS.items()


_THREE_LETTERS = {
    "ZHO": "zh",
    "CHI": "zh",
    "ENG": "en",
    "JPN": "ja",
    "KOR": "ko",
    "RUS": "ru",
    "FRA": "fr",
    "FRE": "fr",
    "DEU": "de",
    "GER": "de",
    "SPA": "es",
    "POR": "pt",
    "ITA": "it",
    "ARA": "ar",
    "VIE": "vi",
    "THA": "th",
}


def _far() -> Iterator[tuple[str, str]]:
    """Names in further languages, mainland names in traditional characters, and by pinyin without tones."""
    from opencc import OpenCC  # noqa: PLC0415  # 100 ms to import, and needed by few
    from pypinyin import lazy_pinyin  # noqa: PLC0415  # 230 ms to import, and needed by few

    traditional = OpenCC("s2t")
    for code, name in _of_locale("zh").items():
        if code in languages():
            yield "".join(lazy_pinyin(name)), code
            yield traditional.convert(name), code
    for locale in ("es", "pt", "it", "nl", "pl", "uk", "tr", "ar", "vi", "th", "id", "mn"):
        for code, name in _of_locale(locale).items():
            if code in languages():
                yield name, code


def _own_names(code: str) -> list[str]:
    """The language's name in itself."""
    from babel import localedata  # noqa: PLC0415  # heavy, and needed late

    if not localedata.exists(code):
        return []
    name = localedata.load(code)["languages"].get(code)
    return [str(name)] if name else []


def _of_locale(locale: str) -> dict[str, str]:
    from babel import localedata  # noqa: PLC0415  # heavy, and needed late

    return {code: str(name) for code, name in localedata.load(locale)["languages"].items()}


@cache
def _offers(language: str) -> tuple[Offer, ...]:
    labels = {code: _name(code, language) for code in languages()}
    rest = sorted(labels.keys() - set(MOST_USED), key=lambda code: labels[code].casefold())
    return tuple(Offer(code, labels[code]) for code in (*MOST_USED, *rest))
