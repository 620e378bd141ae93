"""Passports of other countries, and any document that a person of a given nationality travels with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, model_serializer, model_validator

from locales import N_, Message, translate
from storage.kinds.codes import NumberKind, beside, likeliest, upper
from storage.kinds.documents import (
    HmHomePermitKind,
    PermResidentIdKind,
    PrcPassportKind,
    ResidentIdKind,
    TwPermitKind,
)
from storage.kinds.kind import AskedBack, Context, Kept, Kind, Offer, Problem, Reading, Refused, Taken
from storage.kinds.machine_readable import MrzKind, find_zone

# fmt: off
_NINE_PLACES = frozenset({
    "AT", "AU", "BE", "BG", "BR", "CA", "CH", "CN", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR",
    "GB", "GR", "HK", "HR", "HU", "IE", "IN", "IS", "IT", "JP", "KP", "KR", "KZ", "LI", "LT", "LU",
    "LV", "MN", "MO", "MT", "MY", "NL", "NO", "NZ", "PH", "PL", "PT", "RO", "RU", "SE", "SG", "SI",
    "SK", "TH", "TR", "TW", "UA", "US", "VN",
})
# fmt: on
"""Issuers whose numbers fit the nine places of the machine readable zone; others' may have up to 14
characters.
"""
_GUEST_PASSPORT = re.compile(r"[A-Z0-9]{5,9}")
_LONG_PASSPORT = re.compile(r"[A-Z0-9]{5,14}")
_INVITED_ELSEWHERE = frozenset({"HK", "MO", "TW"})


@dataclass(frozen=True)
class ForeignPassportKind(NumberKind):
    """A foreign passport's number, or the two machine readable lines it is taken from once their checks fit."""

    name = "foreign_passport"
    pattern = _GUEST_PASSPORT
    example = "L898902C3"
    lengths = (5, 6, 7, 8, 9)
    own_pattern = Problem(
        N_("A passport number is 5 to 9 letters and digits, for example {example}."), {"example": example}
    )

    def read(self, text: str, context: Context) -> Reading:
        zone = find_zone(text)
        if zone is not None:
            problem = MrzKind().check(zone, context)
            return Refused(problem) if problem else Taken(zone.number, repaired=True)
        reading = super().read(text, context)
        return self._otherwise(upper(text), context) or reading if isinstance(reading, Refused) else reading

    def misfit(self, line: str) -> Problem:
        number = likeliest(line)
        if len(number) >= 5 and not any(char.isdigit() for char in number):
            return self.own_pattern
        return super().misfit(line)

    def _otherwise(self, line: str, context: Context) -> Reading | None:
        """A number of 10 to 14 characters: with the check digit behind it, or of an issuer that has such
        numbers.
        """
        from mrz.base.functions import hash_is_ok  # noqa: PLC0415  # heavy, and needed by few

        number, issuer = likeliest(line), _nationality(context)
        if re.fullmatch(r"[A-Z0-9]{9}\d", number) and hash_is_ok(number[:9], number[9]):
            return AskedBack((number[:9],))
        if issuer is not None and issuer not in _NINE_PLACES and _LONG_PASSPORT.fullmatch(number):
            return Taken(number, repaired=True)
        return None


class TravelDocument(BaseModel):
    """A document of a named kind: as one string `prc_passport:E12345678`."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)
    kind: str
    number: str

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: Any) -> Any:
        kind, colon, number = value.partition(":") if isinstance(value, str) else ("", "", "")
        return {"kind": kind, "number": number} if colon else value

    @model_serializer
    def _as_text(self) -> str:
        return str(self)

    def __str__(self) -> str:
        return f"{self.kind}:{self.number}"


_KINDS: dict[str, NumberKind] = {
    kind.name: kind
    for kind in (
        ResidentIdKind(),
        PrcPassportKind(),
        HmHomePermitKind(),
        TwPermitKind(),
        PermResidentIdKind(),
        ForeignPassportKind(),
    )
}
_NAMES: dict[str, Message] = {
    "resident_id": N_("Identity card"),
    "prc_passport": N_("Chinese passport"),
    "hm_home_permit": N_("Home-return permit"),
    "tw_permit": N_("Taiwan compatriot permit"),
    "perm_resident_id": N_("Permanent residence card"),
    "foreign_passport": N_("Foreign passport"),
}
_SAID = {
    "resident_id": re.compile(
        r"身份[证證]|identity card|id card|ausweis|carte d.identité|удостоверени|身分証|신분증", re.I
    ),
    "hm_home_permit": re.compile(r"回[乡鄉]|港澳居民|home.?return|回郷", re.I),
    "tw_permit": re.compile(r"台胞|臺胞|台[湾灣]居民|taiwan compatriot", re.I),
    "perm_resident_id": re.compile(r"永久居留|五星卡|permanent resid|green card|永住|영주", re.I),
    "prc_passport": re.compile(r"(中[国國]|因私|普通)(普通)?[护護]照|chinese passport|prc passport", re.I),
    "foreign_passport": re.compile(r"(外[国國])[护護]照|foreign passport", re.I),
}
_ANY_PASSPORT = re.compile(r"[护護]照|passport|reisepass|passeport|паспорт|パスポート|旅券|여권", re.I)


@dataclass(frozen=True)
class AnyTravelDocKind(Kind):
    """The kind of document is told by nationality, by the words around the number, or asked back."""

    name = "any_travel_doc"
    kept = Kept.PARTS
    python = TravelDocument

    def read(self, text: str, context: Context) -> Reading:
        offered = _offered(text, context)
        readings = [(kind, _KINDS[kind].read(text, context)) for kind in offered]
        found = tuple(
            TravelDocument(kind=kind, number=number)
            for kind, reading in readings
            for number in _numbers(reading)
        )
        if len(found) == 1 and any(isinstance(reading, Taken) for _, reading in readings):
            return Taken(found[0])
        return AskedBack(found) if found else Refused(_likeliest_problem(text, offered, readings))

    def check(self, value: TravelDocument, context: Context) -> Problem | None:
        if value.kind not in _KINDS:
            return _UNKNOWN
        return _KINDS[value.kind].check(value.number, context)

    def show(self, value: TravelDocument, language: str) -> str:
        return f"{document_name(value.kind, language)} {value.number}"


_UNKNOWN = Problem(
    N_("Please type the document and its number, for example {example}."), {"example": "passport E12345678"}
)


def document_name(kind: str, language: str) -> str:
    """What a kind of travel document is called."""
    return translate(_NAMES.get(kind, N_("Document")), language)


def offered_documents(nationality: str | None, language: str) -> tuple[Offer, ...]:
    """The kinds of document that people of a nationality hold, to be tapped first."""
    return tuple(Offer(kind, document_name(kind, language)) for kind in _held_by(nationality))


def _offered(text: str, context: Context) -> tuple[str, ...]:
    held = _held_by(_nationality(context))
    said = tuple(kind for kind in held if kind in _SAID and _SAID[kind].search(text))
    if said:
        return said
    passports = tuple(kind for kind in held if kind.endswith("_passport"))
    return passports if passports and _ANY_PASSPORT.search(text) else held


def _held_by(nationality: str | None) -> tuple[str, ...]:
    """By services.md (b), `any_travel_doc`; all kinds where the nationality is not known."""
    if nationality is None:
        return tuple(_KINDS)
    if nationality == "CN":
        return ("resident_id", "prc_passport")
    if nationality in _INVITED_ELSEWHERE:
        return ("tw_permit",) if nationality == "TW" else ("hm_home_permit",)
    return ("perm_resident_id", "foreign_passport")


def _nationality(context: Context) -> str | None:
    given = beside(context, "nationality", "issued_by", "issuing_country")
    return given if isinstance(given, str) else context.country


def _numbers(reading: Reading) -> tuple[str, ...]:
    if isinstance(reading, Taken):
        return (reading.value,)
    return reading.readings if isinstance(reading, AskedBack) else ()


def _likeliest_problem(text: str, offered: tuple[str, ...], readings: list[tuple[str, Reading]]) -> Problem:
    """The problem of the one kind whose numbers have that length; else what a right answer looks like."""
    length = len(likeliest(upper(text)))
    fitting = [
        reading.problem
        for kind, reading in readings
        if isinstance(reading, Refused)
        and (len(offered) == 1 or any(abs(length - right) <= 1 for right in _KINDS[kind].lengths))
    ]
    return fitting[0] if fitting else _UNKNOWN
