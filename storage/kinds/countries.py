"""Countries and regions (ISO 3166-1 alpha-2): their names in many languages, and the kinds that ask for one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import ClassVar, cast

from locales import LANGUAGES, N_, show_country
from locales.formats import FIXED_PLACES
from storage.kinds.kind import AskedBack, Context, Control, Kind, Offer, Problem, Reading, Refused, Taken
from storage.kinds.name_index import Found, NameIndex, key
from storage.kinds.treatment import treated

NOT_STATES = frozenset({"HK", "MO", "TW"})
"""Regions of China that a question about states never offers (services.md (b), `country`; (g) law 12)."""
MOST_USED = ("US", "JP", "KR", "RU", "DE", "GB", "FR", "CA", "AU", "SG")
"""Offered first: whom an office in the north-east of China hears of most."""
_NOT_COUNTRIES = frozenset(
    {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ"}
)
"""Territories of CLDR without a code in ISO 3166-1."""
_NEAR = ("zh", "zh_Hant", "zh_Hant_HK", "en", "ja", "ko", "ru", "fr", "de")
# fmt: off
_FAR = (
    "es", "pt", "it", "nl", "pl", "uk", "tr", "ar", "fa", "he", "hi", "bn", "id", "ms", "vi", "th", "cs", "sk", "sv",
    "da", "nb", "fi", "el", "hu", "ro", "bg", "sr", "hr", "sl", "lt", "lv", "et", "ka", "hy", "az", "kk", "uz", "mn",
    "my", "km", "lo", "ne", "si", "ta", "ur", "sw", "af", "ca", "sq", "mk", "bs", "is", "ga", "am",
    "ky", "tg", "tk", "be", "ps", "ku", "so", "ha", "yo", "zu", "mt", "lb", "eu", "gl", "cy", "mi", "ug", "pa", "te",
)
# fmt: on
# fmt: off
_STATE_WORDS = frozenset({
    "the", "of", "de", "du", "des", "la", "le", "and", "der", "von", "federal", "federative", "democratic",
    "people", "s", "peoples", "islamic", "socialist", "republic", "kingdom", "state", "union", "principality",
    "grand", "duchy", "sultanate", "commonwealth", "republique", "royaume", "federation", "republik", "konigreich",
    "bundesrepublik", "staat", "республика", "королевство", "королевства", "федерация",
})
# fmt: on
_STATE_SUFFIXES = (
    "民主共和国",
    "人民共和国",
    "联邦共和国",
    "伊斯兰共和国",
    "共和国",
    "共和國",
    "王国",
    "王國",
    "联邦",
    "公民",
    "国籍",
    "國籍",
    "人",
    "籍",
)


@dataclass(frozen=True)
class CountryKind(Kind):
    """A country or region in any language; a nationality is the same value (`Germany`, `German`, 德国人: DE)."""

    name: ClassVar[str] = "country"
    control: ClassVar[Control] = Control.LIST
    states_only: bool = False
    """Only states are meant (visits, friendship cities): Hong Kong, Macao and Taiwan are neither offered nor
    taken.
    """

    def read(self, text: str, context: Context) -> Reading:
        found = find_country(text)
        if found is None:
            return Refused(_UNKNOWN)
        codes = tuple(code for code in found.codes if not (self.states_only and code in NOT_STATES))
        if not codes:
            return Refused(_A_REGION)
        return Taken(codes[0], repaired=found.nearly) if len(codes) == 1 else AskedBack(codes[:8])

    def check(self, value: str, context: Context) -> Problem | None:
        if value not in countries():
            return _UNKNOWN
        return _A_REGION if self.states_only and value in NOT_STATES else None

    def show(self, value: str, language: str) -> str:
        return show_country(value, language)

    def options(self, context: Context) -> tuple[Offer, ...]:
        """The ten most used, then all, each in the order of the reader's language."""
        return tuple(
            offer
            for offer in _offers(context.language)
            if not (self.states_only and offer.value in NOT_STATES)
        )


@dataclass(frozen=True)
class NationalityKind(CountryKind):
    """A nationality: the country's code; a second one is not offered to Chinese citizens (Nationality Law
    Art. 3).
    """

    name: ClassVar[str] = "nationality"


_UNKNOWN = Problem(
    N_("No country or region has this name. Please type one as in {example}."),
    {"example": "Germany, 德国, DE"},
)
_A_REGION = Problem(
    N_("This question is about states. Please choose a state, or go back to change the matter.")
)


def find_country(text: str) -> Found | None:
    """What country a text names, by any name in any of our languages and many others; None where none is
    near.
    """
    return _names().find(text) or _official(treated(text)) or _by_sound(text)


def warm() -> None:
    """Make the tables of names, which takes half a second once: at start, before the first person waits."""
    _names().warm()


@cache
def countries() -> frozenset[str]:
    """Every alpha-2 code of ISO 3166-1."""
    return frozenset(
        code for code in _of_locale("en") if len(code) == 2 and code.isalpha() and code not in _NOT_COUNTRIES
    )


def iso_of_three(code: str) -> str | None:
    """The alpha-2 of an alpha-3, or None."""
    return _alpha3().get(code.upper())


@cache
def _names() -> NameIndex:
    return NameIndex(
        _near,
        _far,
        countries() | frozenset(_alpha3()),
        frozenset({"usa", "uk", "uae", "prc", "drc", "rok", "сша"}),
    )


def _near() -> Iterator[tuple[str, str]]:
    yield from _spoken()
    yield from _of_locales(_NEAR)
    for language in LANGUAGES:
        for code, name in FIXED_PLACES[language].items():
            yield name, code
    yield from _alpha3().items()


def _far() -> Iterator[tuple[str, str]]:
    """Names in further languages, mainland names in traditional characters, and by pinyin without tones."""
    from opencc import OpenCC  # noqa: PLC0415  # 100 ms to import, and needed by few
    from pypinyin import lazy_pinyin  # noqa: PLC0415  # 230 ms to import, and needed by few

    yield from _of_locales(_FAR)
    traditional = OpenCC("s2t")
    for code, name in _of_locale("zh").items():
        if code in countries():
            pinyin = "".join(lazy_pinyin(FIXED_PLACES["zh_Hans"].get(code, name)))
            yield pinyin, code
            yield pinyin.replace("zhongguo", ""), code
            yield traditional.convert(name), code


def _of_locales(locales: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for locale in locales:
        for code, name in _of_locale(locale).items():
            if code in countries():
                yield name, code


def _of_locale(locale: str) -> dict[str, str]:
    from babel import localedata  # noqa: PLC0415  # heavy, and needed late

    return {code: str(name) for code, name in localedata.load(locale)["territories"].items()}


def _spoken() -> Iterator[tuple[str, str]]:
    """The table of what people say: colloquial and official names, demonyms."""
    table = files("storage.kinds").joinpath("country_names.tsv").read_text(encoding="utf-8")
    for line in table.splitlines():
        if line and not line.startswith("#"):
            code, names = line.split("\t")
            yield from ((name, code) for name in names.split("|"))


@cache
def _alpha3() -> dict[str, str]:
    from babel.core import get_global  # noqa: PLC0415  # heavy, and needed late

    aliases = cast("dict[str, list[str]]", get_global("territory_aliases"))
    return {
        code: found[0]
        for code, found in aliases.items()
        if len(code) == 3 and code.isalpha() and len(found) == 1 and found[0] in countries()
    }


def _official(line: str) -> Found | None:
    """ "Kingdom of Norway", 挪威王国: the name without the words for the form of state."""
    words = [
        word for word in line.replace("'", " ").replace("-", " ").split() if key(word) not in _STATE_WORDS
    ]
    bare = " ".join(words)
    for suffix in _STATE_SUFFIXES:
        bare = bare.removesuffix(suffix)
    return _names().find(bare) if bare and bare != line else None


def _by_sound(text: str) -> Found | None:
    """得国 for 德国: another character of the same pinyin."""
    name = key(text)
    if len(name) < 2 or not all("\u3400" <= char <= "\u9fff" for char in name):
        return None
    from pypinyin import lazy_pinyin  # noqa: PLC0415  # 230 ms to import, and needed by few

    found = _names().find("".join(lazy_pinyin(name)))
    return Found(found.codes, nearly=True) if found and not found.nearly else None


@cache
def _offers(language: str) -> tuple[Offer, ...]:
    labels = {code: show_country(code, language) for code in countries()}
    order = (
        _pinyin_of(labels)
        if language.startswith("zh")
        else {code: key(label) for code, label in labels.items()}
    )
    rest = sorted(labels.keys() - set(MOST_USED), key=lambda code: (order[code], code))
    return tuple(Offer(code, labels[code]) for code in (*MOST_USED, *rest))


def _pinyin_of(labels: dict[str, str]) -> dict[str, str]:
    from pypinyin import lazy_pinyin  # noqa: PLC0415  # 230 ms to import, and needed by few

    return {code: " ".join(lazy_pinyin(label)) for code, label in labels.items()}
