"""What documents say of a person beside the name: sex and birth date."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from locales import N_, Message, translate
from storage.kinds.codes import beside, real_date
from storage.kinds.dates import DateKind, read_date
from storage.kinds.kind import AskedBack, Context, Control, Kind, Offer, Problem, Reading, Refused, Taken
from storage.kinds.machine_readable import MachineReadable
from storage.kinds.treatment import folded

_LABELS: dict[str, Message] = {
    "F": N_("Female"),
    "M": N_("Male"),
    "X": N_("X (as printed in the document)"),
}
_WORDS = {
    "F": "f|♀|female|woman|girl|lady|mrs|ms|she|女|女性|女士|女的|女生|女子|女人|夫人|雌|w|weiblich|frau|weib|mädchen|"
    "féminin|feminin|"
    "femme|fille|madame|ж|жен|женский|женщина|женского|девочка|여|여자|여성|여자입니다|女です|おんな|femenino|"
    "mujer|nü|nv|nu",
    "M": "m|♂|male|man|boy|gentleman|mr|he|男|男性|男士|男的|男生|男子|男人|männlich|mann|herr|junge|masculin|homme|"
    "garçon|monsieur|"
    "h|м|муж|мужской|мужчина|мужского|мальчик|남|남자|남성|남자입니다|男です|おとこ|masculino|hombre|nan",
    "X": "x|other|another|unspecified|diverse|divers|d|nonbinary|non-binary|non binary|neutral|indeterminate|"
    "未指定|未说明|"
    "未說明|其他|其它|非二元|non spécifié|indéterminé|autre|другое|другой|не указан|неопределенный|기타|その他|"
    "不詳|anderes|"
    "unbestimmt|keine angabe",
}
_SEX_LABEL = re.compile(
    r"^(?:my |the )?(?:sex|gender|性别|性別|geschlecht|sexe|пол|성별)\s*(?:is|ist|est|是|为|為|は|은)?\s*[:：]?\s*",
    re.IGNORECASE,
)
_EDGES = " .,;:!?。，、！？()（）/-"


@dataclass(frozen=True)
class SexKind(Kind):
    """M, F or X, as the travel document prints it."""

    name: ClassVar[str] = "sex"
    control: ClassVar[Control] = Control.BUTTONS

    def read(self, text: str, context: Context) -> Reading:
        line = folded(text).strip(_EDGES)
        found = (
            _sexes(line)
            or _sexes(_SEX_LABEL.sub("", line).strip(_EDGES))
            or _each(line)
            or _spoken(line)
            or _nearly(line)
        )
        fit = tuple(code for code in found if self.check(code, context) is None)
        if len(fit) > 1:
            return AskedBack(fit)
        if fit:
            return Taken(fit[0])
        return Refused((self.check(found[0], context) if found else None) or _NO_SEX)

    def check(self, value: str, context: Context) -> Problem | None:
        if value not in _LABELS:
            return _NO_SEX
        printed = _printed_sex(context)
        if printed is not None and value != printed:
            return Problem(
                N_("The document's number or lines given beside it say another sex. Please check both.")
            )
        return None

    def show(self, value: str, language: str) -> str:
        return translate(_LABELS[value], language) if value in _LABELS else value

    def options(self, context: Context) -> tuple[Offer, ...]:
        return tuple(Offer(code, translate(label, context.language)) for code, label in _LABELS.items())


_NO_SEX = Problem(N_("Please answer as the document says: {example}."), {"example": "F, M, X"})


def _sexes(line: str) -> tuple[str, ...]:
    return tuple(code for code, words in _folded_words().items() if line in words)


def _each(line: str) -> tuple[str, ...]:
    """ "M/F": all of what is named, to be asked back."""
    parts = [_sexes(part.strip()) for part in re.split(r"[/|,、]|\bor\b|\band\b", line)]
    return (
        tuple(dict.fromkeys(code for part in parts for code in part)) if len(parts) > 1 and all(parts) else ()
    )


def _spoken(line: str) -> tuple[str, ...]:
    """ "I am a woman", 我是女的: a word of more than a letter inside a phrase; Chinese and Japanese need no spaces."""
    spoken = set(re.findall(r"[^\W\d_]{3,}", line))
    return tuple(
        code
        for code, words in _folded_words().items()
        if not words.isdisjoint(spoken) or any(word in line for word in words if word[0] > "\u3000")
    )


def _nearly(line: str) -> tuple[str, ...]:
    from rapidfuzz.distance import OSA  # noqa: PLC0415  # only for mistyped words

    if len(line) < 4:
        return ()
    return tuple(
        code
        for code, names in _folded_words().items()
        if any(len(name) > 3 and OSA.distance(line, name) < 2 for name in names)
    )


def _folded_words() -> dict[str, frozenset[str]]:
    if not _FOLDED:
        _FOLDED.update(
            {code: frozenset(folded(word) for word in words.split("|")) for code, words in _WORDS.items()}
        )
    return _FOLDED


_FOLDED: dict[str, frozenset[str]] = {}


def _printed_sex(context: Context) -> str | None:
    """What an identity number (17th digit) or machine readable lines beside it say."""
    number = beside(context, "resident_id")
    if isinstance(number, str) and re.fullmatch(r"\d{17}[\dX]", number):
        return "M" if int(number[16]) % 2 else "F"
    zone = beside(context, "mrz", "passport_mrz")
    return zone.sex if isinstance(zone, MachineReadable) else None


@dataclass(frozen=True)
class BirthDateKind(DateKind):
    """A birth date: past, of a person of 0 to 120 years, and the one that a document's number beside it holds."""

    name: ClassVar[str] = "birth_date"

    def read(self, text: str, context: Context) -> Reading:
        reading = read_date(text, context, past=True)
        if isinstance(reading, Refused):
            return reading
        days = reading.readings if isinstance(reading, AskedBack) else (reading.value,)
        fit = tuple(day for day in days if self.check(day, context) is None)
        if not fit:
            return Refused(self.check(days[0], context) or _NO_BIRTH)
        if len(fit) == 1 and (isinstance(reading, Taken) or len(days) > 1):
            return Taken(fit[0], repaired=isinstance(reading, AskedBack) or reading.repaired)
        return AskedBack(fit)

    def check(self, value: Any, context: Context) -> Problem | None:
        if not isinstance(value, date):
            return _NO_BIRTH
        if value > context.today:
            return Problem(
                N_("A birth date lies in the past. Please write it with the year, such as {example}."), _BORN
            )
        if _age(value, context.today) > 120:
            return Problem(
                N_("That is more than 120 years ago. Please look at the year again, such as {example}."),
                _BORN,
            )
        printed = _printed_birth(context)
        if printed is not None and printed != value:
            return Problem(N_("The document given beside it holds another birth date. Please check both."))
        return None


_BORN = {"example": date(1985, 4, 12)}
_NO_BIRTH = Problem(N_("Please write the birth date with day, month and year, such as {example}."), _BORN)


def _age(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _printed_birth(context: Context) -> date | None:
    number = beside(context, "resident_id")
    if isinstance(number, str) and re.fullmatch(r"\d{17}[\dX]", number):
        return real_date(number[6:14])
    zone = beside(context, "mrz", "passport_mrz")
    return zone.birth(context.today) if isinstance(zone, MachineReadable) else None
