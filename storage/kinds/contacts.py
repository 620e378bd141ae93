"""Telephone numbers and e-mail addresses."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from locales import N_
from storage.kinds.addresses import read_address
from storage.kinds.kind import AskedBack, Context, Control, Kind, Problem, Reading, Refused, Taken
from storage.kinds.treatment import treated

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

_HOME = "CN"
_EXTENSION = re.compile(
    r"(?<=\d)[,;() ]{0,3}(?:;?ext(?:ension)?\.?|extn?\.?|x|转|轉|分机|分機|内线|內線|内線|내선|교환|"
    r"доб(?:\.|авочный)?|poste|durchwahl|dw|app\.?|nebenstelle|#) ?[=:：.]? ?(?=\d{1,7}\D*$)",
    re.IGNORECASE,
)
_NORTH_AMERICAN = re.compile(r"1[-. ]?\(?[2-9]\d{2}\)?[-. ]\d{3}[-. ]\d{4}")
"""1-650-253-0000: its grouping says the United States where its digits could be a Chinese mobile number."""
_SPELT = re.compile(r"[（）\[\]]|(?<=\d)[·•_](?=\d)")
_HAN_DIGITS = re.compile(r"[〇零一二三四五六七八九幺]{7,}")
_LABEL = re.compile(
    r"^(?:tel|phone|mobile|fax|电话|電話|手机|手機|tél|telefon|тел|전화|携帯)?\.? ?[:：.]? ?", re.IGNORECASE
)
_EXAMPLE = {"example": "+86 24 2272 8035"}
_MOBILE_EXAMPLE = {"example": "+86 138 0013 8000"}


@dataclass(frozen=True)
class PhoneKind(Kind):
    """A telephone number, E.164 with the extension of RFC 3966 (`+862422728035;ext=7`).

    Without a country code it is read as one of the person's country, else of China.
    """

    name: ClassVar[str] = "phone"
    control: ClassVar[Control] = Control.CONTACT
    sms: bool = field(default=False)
    """A mobile number is needed: the office may send a text message."""

    def read(self, text: str, context: Context) -> Reading:
        line = _EXTENSION.sub(" ext. ", _SPELT.sub(" ", _HAN_DIGITS.sub(_as_digits, treated(text))))
        region = (context.country or _HOME).upper()
        found = _whole(line, region) or _in_phrase(line, region)
        if _NORTH_AMERICAN.fullmatch(line) and region != "US":
            found = (*_whole(f"+{line}", region), *found)
        if not found:
            return self._guess(line, region, context)
        fit = tuple(number for number in found if self.check(number, context) is None)
        if not fit:
            return Refused(self.check(found[0], context) or _NO_NUMBER)
        return Taken(fit[0]) if len(fit) == 1 else AskedBack(fit)

    def check(self, value: str, context: Context) -> Problem | None:
        import phonenumbers  # noqa: PLC0415  # 70 ms to import

        try:
            number = phonenumbers.parse(value)
        except phonenumbers.NumberParseException:
            return _NO_NUMBER
        if not phonenumbers.is_valid_number(number):
            return _why_invalid(number)
        mobile = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)
        if self.sms and phonenumbers.number_type(number) not in mobile:
            return Problem(
                N_("A mobile number is needed here, as we may send a message: {example}."), _MOBILE_EXAMPLE
            )
        return None

    def show(self, value: str, language: str) -> str:
        """The international form, as it is dialled from anywhere."""
        import phonenumbers  # noqa: PLC0415  # 70 ms to import

        try:
            number = phonenumbers.parse(value)
        except phonenumbers.NumberParseException:
            return value
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)

    def _guess(self, line: str, region: str, context: Context) -> Reading:
        """A number that lacks its plus is only a guess; else what is wrong with it."""
        digits = re.sub(r"\D", "", line.partition(" ext. ")[0])
        international = _whole(f"+{digits}", region) if len(digits) > 9 and not digits.startswith("0") else ()
        if international and self.check(international[0], context) is None:
            return AskedBack(international)
        if len(digits) < 3:
            return Refused(_NO_NUMBER)
        return Refused(_parsed_problem(line, region))


def _as_digits(found: re.Match[str]) -> str:
    return found[0].translate(str.maketrans("〇零一二三四五六七八九幺", "001234567891"))


def _whole(line: str, region: str) -> tuple[str, ...]:
    """The line as one number, if it holds nothing else and is valid."""
    import phonenumbers  # noqa: PLC0415  # 70 ms to import

    bare = re.sub(
        r"^\s*(?:tel|phone|mobile|fax|电话|電話|手机|手機|tél|telefon|тел|전화|携帯)?\.? ?[:：.]? ?",
        "",
        line,
        flags=re.IGNORECASE,
    )
    if re.search(r"[^\W\d_]", bare.replace(" ext. ", "").removeprefix("tel")):
        return ()
    try:
        number = phonenumbers.parse(bare, region)
    except phonenumbers.NumberParseException:
        return ()
    return (_canonical(number),) if phonenumbers.is_valid_number(number) else ()


def _in_phrase(line: str, region: str) -> tuple[str, ...]:
    import phonenumbers  # noqa: PLC0415  # 70 ms to import

    spaced = re.sub(r"(?<=[^\W\d_A-Za-z])(?=[+\d(])|(?<=\d)(?=[^\W\d_A-Za-z])", " ", line)
    matches = phonenumbers.PhoneNumberMatcher(spaced, region, leniency=phonenumbers.Leniency.VALID)
    return tuple(dict.fromkeys(_canonical(match.number) for match in matches))


def _canonical(number: PhoneNumber) -> str:
    import phonenumbers  # noqa: PLC0415  # 70 ms to import

    plain = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"{plain};ext={number.extension}" if number.extension else plain


_NO_NUMBER = Problem(
    N_("Please type a telephone number with its country code, for example {example}."), _EXAMPLE
)


def _parsed_problem(line: str, region: str) -> Problem:
    import phonenumbers  # noqa: PLC0415  # 70 ms to import

    try:
        return _why_invalid(phonenumbers.parse(line, region))
    except phonenumbers.NumberParseException:
        return _NO_NUMBER


def _why_invalid(number: PhoneNumber) -> Problem:
    import phonenumbers  # noqa: PLC0415  # 70 ms to import

    reason = phonenumbers.is_possible_number_with_reason(number)
    national = str(number.national_number)
    if number.country_code == 86 and len(national) in (7, 8):
        return Problem(N_("The area code is missing. In Shenyang it is 024, as in {example}."), _EXAMPLE)
    if reason in (
        phonenumbers.ValidationResult.TOO_SHORT,
        phonenumbers.ValidationResult.IS_POSSIBLE_LOCAL_ONLY,
    ):
        return Problem(
            N_("This number is too short. Please add the area or country code, for example {example}."),
            _EXAMPLE,
        )
    if reason == phonenumbers.ValidationResult.TOO_LONG:
        return Problem(N_("This number has too many digits. A right one looks like {example}."), _EXAMPLE)
    return Problem(N_(
        "No such number is given out in that country. A number from abroad begins with + and the country "
        "code: {example}."
    ), {"example": "+49 30 901820"})  # fmt: skip


@dataclass(frozen=True)
class EmailKind(Kind):
    """An e-mail address: its syntax only, nothing is sent; a repaired one is always asked back."""

    name: ClassVar[str] = "email"

    def read(self, text: str, context: Context) -> Reading:
        return read_address(text)

    def check(self, value: str, context: Context) -> Problem | None:
        reading = read_address(value)
        return reading.problem if isinstance(reading, Refused) else None
