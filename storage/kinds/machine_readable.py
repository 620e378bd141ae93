"""The machine readable zone of a passport (ICAO Doc 9303-4, TD3: two lines of 44 characters)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, model_serializer, model_validator

from locales import N_, show_country, show_date
from storage.kinds.codes import beside, upper
from storage.kinds.issuers import alpha2, is_issuer
from storage.kinds.kind import Context, Kept, Kind, Problem, Reading, Refused, Taken

LINE = 44
_BRACKETS = {0xAB: "<<", 0x300A: "<<", 0x2039: "<", 0x3008: "<"}
"""What telephones make of < and << (guillemets and angle brackets)."""
_ZONE = re.compile(r"(P[A-Z<][A-Z<]{3}[A-Z0-9<]{5,39})\s+([A-Z0-9<]{6,46}\d)(?![A-Z0-9<])")
_CHECKED = (  # in line 2: what stands there, its check digit, what is said when they do not fit
    (
        slice(0, 9),
        9,
        Problem(
            N_(
                "The passport number in the second line does not fit its check digit. Please compare "
                "characters 1 to 10."
            )
        ),
    ),
    (
        slice(13, 19),
        19,
        Problem(
            N_(
                "The birth date in the second line does not fit its check digit. Please compare "
                "characters 14 to 20."
            )
        ),
    ),
    (
        slice(21, 27),
        27,
        Problem(
            N_(
                "The expiry date in the second line does not fit its check digit. Please compare "
                "characters 22 to 28."
            )
        ),
    ),
)
_SHAPE = Problem(
    N_("Please type both lines at the foot of the data page, 44 characters each; the first begins with P<.")
)


class MachineReadable(BaseModel):
    """Both lines as printed, and what they say. Names carry no check digit: a person confirms them."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)
    first: str
    second: str

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: Any) -> Any:
        return {"first": value[:LINE], "second": value[LINE:]} if isinstance(value, str) else value

    @model_serializer
    def _as_text(self) -> str:
        return str(self)

    def __str__(self) -> str:
        return self.first + self.second

    @property
    def surname(self) -> str:
        return self._names()[0]

    @property
    def given_names(self) -> str:
        return self._names()[1]

    @property
    def name(self) -> str:
        """As the kind `name_latin` keeps it: SURNAME, Given."""
        surname, given = self._names()
        return f"{surname}, {given.title()}" if given else surname

    @property
    def issuer(self) -> str:
        """Three-letter code of the state that issued the book."""
        return self.first[2:5].rstrip("<")

    @property
    def number(self) -> str:
        return self.second[:9].rstrip("<")

    @property
    def nationality(self) -> str:
        """As printed, three letters (D for Germany)."""
        return self.second[10:13].rstrip("<")

    @property
    def country(self) -> str | None:
        """The nationality as ISO 3166-1 alpha-2; None for stateless people, organisations and specimens."""
        return alpha2(self.nationality)

    @property
    def sex(self) -> str:
        """M, F or X; the zone prints X as `<`."""
        return self.second[20] if self.second[20] in "MF" else "X"

    @property
    def expiry(self) -> date:
        return _day(self.second[21:27], "20")

    def birth(self, today: date) -> date:
        """The zone has no century: the last one in which the birth is not after `today`."""
        born = _day(self.second[13:19], "20") if _possible(self.second[13:19], "20") else None
        return born if born is not None and born <= today else _day(self.second[13:19], "19")

    def _names(self) -> tuple[str, str]:
        surname, _, given = self.first[5:].rstrip("<").partition("<<")
        return surname.replace("<", " ").strip(), given.replace("<", " ").strip()


@dataclass(frozen=True)
class MrzKind(Kind):
    """Both lines typed or pasted, in one message; all check digits are compared."""

    name = "mrz_td3"
    kept = Kept.PARTS
    python = MachineReadable

    def read(self, text: str, context: Context) -> Reading:
        zone = find_zone(text)
        if zone is None:
            return Refused(_SHAPE)
        problem = self.check(zone, context)
        return Refused(problem) if problem else Taken(zone, repaired=True)

    def check(self, value: MachineReadable, context: Context) -> Problem | None:
        return _check_digits(value) or _check_fields(value, context) or differs_from_answers(value, context)

    def show(self, value: MachineReadable, language: str) -> str:
        country = show_country(value.country, language) if value.country else value.nationality
        days = (show_date(value.birth(value.expiry), language), value.sex, show_date(value.expiry, language))
        return " · ".join((value.name, value.number, country, *days))


def find_zone(text: str) -> MachineReadable | None:
    """The two lines in a text, in one or two lines of it; fillers that were left out at the ends are put
    back.
    """
    lines = upper(text.translate(_BRACKETS).replace("\n", " | "))
    one_run = re.sub(r"[\s|]", "", lines)
    whole = re.search(
        rf"(P[A-Z<][A-Z<]{{3}}[A-Z0-9<]{{{LINE - 5}}})([A-Z0-9<]{{{LINE}}})(?![A-Z0-9<])", one_run
    )
    if whole:
        return MachineReadable(first=whole[1], second=whole[2])
    split = _ZONE.search(re.sub(r"(?<=<) +(?=<)", "", lines).replace(" | ", "\n")) or _ZONE.search(
        lines.replace("|", " ")
    )
    if split is None:
        return None
    first, second = split[1].rstrip("<").ljust(LINE, "<"), _refill(split[2])
    return MachineReadable(first=first, second=second) if len(first) == len(second) == LINE else None


def _refill(line: str) -> str:
    """Line 2 with as many fillers as it lacks (or has too many) in its optional field, characters 29 to 42."""
    lacking = LINE - len(line)
    fillers = re.search(r"<{2,}(?=[0-9<]\d$)", line)
    if lacking == 0 or fillers is None or len(fillers[0]) + lacking < 1:
        return line
    return line[: fillers.start()] + "<" * (len(fillers[0]) + lacking) + line[fillers.end() :]


def _check_digits(zone: MachineReadable) -> Problem | None:
    from mrz.base.functions import hash_is_ok  # noqa: PLC0415  # heavy, and needed by few

    line = zone.second
    for where, check, problem in _CHECKED:
        if not hash_is_ok(line[where], line[check]):
            return problem
    optional_fits = hash_is_ok(line[28:42], line[42]) or (line[28:42].strip("<") == "" and line[42] == "<")
    if not optional_fits or not hash_is_ok(line[:10] + line[13:20] + line[21:43], line[43]):
        return Problem(
            N_(
                "The last two characters of the second line do not fit the rest. Please compare the "
                "whole line."
            )
        )
    return None


def _check_fields(zone: MachineReadable, context: Context) -> Problem | None:
    if not is_issuer(zone.nationality) or not is_issuer(zone.issuer):
        return Problem(
            N_(
                "No country has the three letters of the code in these lines. Please compare with the"
                " passport."
            )
        )
    born_real = any(_possible(zone.second[13:19], century) for century in ("19", "20"))
    if not born_real or not _possible(zone.second[21:27], "20"):
        return Problem(N_("A date in the second line names no real day. Please compare with the passport."))
    if not zone.surname or any(char.isdigit() for char in zone.first[5:]):
        return Problem(N_("The first line has no readable name. Please compare with the passport."))
    return None


def differs_from_answers(zone: MachineReadable, context: Context) -> Problem | None:
    """Which of the typed answers beside this one the zone contradicts, if any."""
    typed = (
        (
            beside(context, "passport_no", "passport"),
            zone.number,
            N_("The passport number in these lines is not the one given before. Please check both."),
        ),
        (
            beside(context, "birth_date"),
            zone.birth(context.today),
            N_("The birth date in these lines is not the one given before. Please check both."),
        ),
        (
            beside(context, "passport_expiry"),
            zone.expiry,
            N_("The expiry date in these lines is not the one given before. Please check both."),
        ),
        (
            beside(context, "nationality"),
            zone.country,
            N_("The nationality in these lines is not the one given before. Please check both."),
        ),
    )
    for answer, printed, sentence in typed:
        if answer is not None and type(answer) is type(printed) and answer != printed:
            return Problem(sentence)
    return None


def _possible(digits: str, century: str) -> bool:
    try:
        _day(digits, century)
    except ValueError:
        return False
    return True


def _day(digits: str, century: str) -> date:
    return date(int(century + digits[:2]), int(digits[2:4]), int(digits[4:6]))
