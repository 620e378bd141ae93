"""Identity documents and permits of the mainland, Hong Kong, Macao and Taiwan, and codes of organisations.

A check digit proves only that nothing was mistyped: no text here or above calls a number "verified".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from locales import N_
from storage.kinds.codes import (
    NumberKind,
    beside,
    differs_from_birth_date,
    likeliest,
    real_date,
)
from storage.kinds.issuers import is_issuer
from storage.kinds.kind import Context, Problem

PROVINCES = frozenset(
    [
        *range(11, 16),
        *range(21, 24),
        *range(31, 38),
        *range(41, 47),
        *range(50, 55),
        *range(61, 66),
        71,
        81,
        82,
        83,
    ]
)
"""First two digits of GB/T 2260 codes."""

_WRONG_CHARACTER = Problem(
    N_("A digit or the last character is mistyped: they do not fit each other. Please compare with the card.")
)
_OFFICIAL_BOOK = frozenset("DSP")


@dataclass(frozen=True)
class ResidentIdKind(NumberKind):
    """PRC resident identity number (GB 11643-1999): 17 digits and a check character (ISO 7064 MOD 11-2).

    `stdnum.cn.ric` is not used: it refuses counties younger than the holder, and takes births in the future.
    """

    name = "resident_id"
    pattern = re.compile(r"[1-8]\d{16}[\dX]")
    example = "11010519491231002X"
    lengths = (18,)
    own_pattern = Problem(
        N_("An identity number is 17 digits and a digit or X, for example {example}."), {"example": example}
    )

    def misfit(self, line: str) -> Problem:
        if re.fullmatch(r"\d{15}", likeliest(line)):
            return Problem(
                N_("This is the old number of 15 digits. Please type the one of 18 from the present card.")
            )
        return super().misfit(line)

    def check(self, value: str, context: Context) -> Problem | None:
        if int(value[:2]) not in PROVINCES:
            return Problem(
                N_("No province has the first two digits of this number. Please compare with the card.")
            )
        return check_born(value, context) or _check_sex(value, context)


@dataclass(frozen=True)
class HmtResidenceKind(ResidentIdKind):
    """Residence permit for residents of Hong Kong, Macao (81, 82) and Taiwan (83); numbered as identity
    cards are.
    """

    name = "hmt_residence"
    pattern = re.compile(r"8[123]0000\d{11}[\dX]")
    example = "810000199003070015"
    own_pattern = Problem(
        N_("A residence permit's number begins with 810000, 820000 or 830000, for example {example}."),
        {"example": example},
    )


@dataclass(frozen=True)
class UsccKind(NumberKind):
    """Unified social credit code (GB 32100-2015): authority, class, region, organisation, check character."""

    name = "uscc"
    pattern = re.compile(r"[1-9ANY][0-9A-HJ-NPQRTUWXY]\d{6}[0-9A-HJ-NPQRTUWXY]{10}")
    example = "91110000600037341L"
    lengths = (18,)
    own_pattern = Problem(
        N_(
            "A unified social credit code begins with eight digits for authority, class and region, "
            "for example {example}."
        ),
        {"example": example},
    )

    def misfit(self, line: str) -> Problem:
        number = likeliest(line)
        if len(number) == 18 and (letters := sorted(set(number) & set("IOSVZ"))):
            return Problem(
                N_("This code never has the letters I, O, S, V, Z. Is {letter} perhaps a digit?"),
                {"letter": letters[0]},
            )
        return super().misfit(line)

    def check(self, value: str, context: Context) -> Problem | None:
        from stdnum.cn import uscc  # noqa: PLC0415  # heavy, and needed by few

        if uscc.calc_check_digit(value[:17]) != value[17]:
            return Problem(
                N_(
                    "A character of this code is mistyped: the last one does not fit. Please compare "
                    "with the certificate."
                )
            )
        return None


@dataclass(frozen=True)
class PrcPassportKind(NumberKind):
    """Ordinary passport of the PRC: E and 8 digits, or E, a letter other than I and O, 7 digits; G-series
    are older.
    """

    name = "prc_passport"
    pattern = re.compile(r"E\d{8}|E[A-HJ-NP-Z]\d{7}|G\d{8}")
    example = "E12345678"
    lengths = (9,)
    own_pattern = Problem(
        N_(
            "A Chinese passport's number is E and 8 digits, or E, a letter and 7 digits, for example "
            "{example}."
        ),
        {"example": example},
    )

    def misfit(self, line: str) -> Problem:
        number = likeliest(line)
        if re.fullmatch(r"E[IO]\d{7}", number):
            return Problem(
                N_(
                    "The second character of a passport number is never I or O. Is it 1 or 0, as in "
                    "{example}?"
                ),
                {"example": self.example},
            )
        if re.fullmatch(OfficialPassportKind.pattern, number) and number[:1] in _OFFICIAL_BOOK:
            return Problem(
                N_("This looks like an official passport. An ordinary one has a number like {example}."),
                {"example": self.example},
            )
        return super().misfit(line)

    def check(self, value: str, context: Context) -> Problem | None:
        """Books of the G-series ran out for adults: one is right only while its expiry date is not past."""
        expires = beside(context, "passport_expiry", "document_expiry", "doc_expiry", "expiry", "expires")
        if value.startswith("G") and isinstance(expires, date) and expires < context.today:
            return Problem(N_(
                "This passport has expired. Please give the number of a valid one, for "
                "example {example}."
            ),
                           {"example": self.example})  # fmt: skip
        return None


@dataclass(frozen=True)
class OfficialPassportKind(NumberKind):
    """Diplomatic (D), service (S) and public-affairs (P) passports; electronic ones have an E after the
    letter.
    """

    name = "official_passport_no"
    pattern = re.compile(r"[DSP]E?\d{7,8}")
    example = "PE1234567"
    lengths = (8, 9, 10)
    own_pattern = Problem(
        N_(
            "An official passport's number begins with DE, SE or PE (older books: D, S, P), for "
            "example {example}."
        ),
        {"example": example},
    )


@dataclass(frozen=True)
class HkMacaoPassKind(NumberKind):
    """Exit-entry permit of a mainland resident for Hong Kong and Macao: C and 8 digits, or C, a letter, 7
    digits.
    """

    name = "hk_macao_pass"
    pattern = re.compile(r"C\d{8}|C[A-HJ-NP-Z]\d{7}")
    example = "C12345678"
    lengths = (9,)
    own_pattern = Problem(
        N_("This permit's number is C and 8 digits, or C, a letter and 7 digits, for example {example}."),
        {"example": example},
    )


@dataclass(frozen=True)
class HkMacaoOfficialPassKind(NumberKind):
    """Official permit for Hong Kong and Macao; services.md marks its format as the office's to confirm."""

    name = "hk_macao_official_pass"
    pattern = re.compile(r"[A-Z]{0,2}\d{7,9}")
    example = "W12345678"
    lengths = (7, 8, 9, 10, 11)
    own_pattern = Problem(
        N_("This permit's number is at most two letters and 7 to 9 digits, for example {example}."),
        {"example": example},
    )


@dataclass(frozen=True)
class HmHomePermitKind(NumberKind):
    """Mainland travel permit of residents of Hong Kong (H) and Macao (M); since July 2024 also of non-
    Chinese ones.
    """

    name = "hm_home_permit"
    pattern = re.compile(r"[HM]\d{8}(?:\d{2})?|[HM]A\d{7}")
    example = "H12345678"
    lengths = (9, 11)
    own_pattern = Problem(
        N_("A home-return permit's number is H or M and 8 digits, for example {example}."),
        {"example": example},
    )

    def _found(self, line: str) -> list[str]:
        """With the count of renewals, which some print in brackets: H12345678(01)."""
        return super()._found(re.sub(r"\((\d{2})\)", r"\1", line))


@dataclass(frozen=True)
class TwPermitKind(NumberKind):
    """Mainland travel permit of residents of Taiwan: 8 digits; older ones 10 digits and a letter in
    brackets.
    """

    name = "tw_permit"
    pattern = re.compile(r"\d{8}|\d{10}")
    example = "12345678"
    lengths = (8, 10)
    own_pattern = Problem(
        N_("A Taiwan compatriot permit's number is 8 digits (older ones 10), for example {example}."),
        {"example": example},
    )

    def _found(self, line: str) -> list[str]:
        """Without the letter in brackets behind the number of older books."""
        return super()._found(re.sub(r"(?<=\d) ?\(?[A-Z]\)?(?![A-Z0-9])", "", line))


@dataclass(frozen=True)
class PermResidentIdKind(NumberKind):
    """Foreign permanent resident's card: 9 and 17 more (issued since 2023-12-01), or 3 letters and 12
    digits.
    """

    name = "perm_resident_id"
    pattern = re.compile(r"9\d{16}[\dX]|[A-Z]{3}\d{12}")
    example = "921840198504120013"
    lengths = (15, 18)
    own_pattern = Problem(
        N_(
            "A permanent residence card's number is 18 characters that begin with 9, or 3 letters and"
            " 12 digits ({example})."
        ),
        {"example": example},
    )

    def check(self, value: str, context: Context) -> Problem | None:
        """The old card's last digit is not checked: its rule is not confirmed (services.md (b))."""
        if value[0] == "9":
            return check_born(value, context)
        if not is_issuer(value[:3]):
            return Problem(
                N_("No country has the code of the first three letters. Please compare with the card.")
            )
        return None


def check_born(value: str, context: Context) -> Problem | None:
    """MOD 11-2, and a birth date (characters 7 to 14) between 1900 and today that is the one given
    elsewhere.
    """
    from stdnum.iso7064 import mod_11_2  # noqa: PLC0415  # heavy, and needed by few

    born = real_date(value[6:14])
    if born is None:
        return Problem(
            N_(
                "Characters 7 to 14 are the birth date, and yours name no real day. Please compare "
                "with the card."
            )
        )
    if not date(1900, 1, 1) <= born <= context.today:
        return Problem(
            N_(
                "Characters 7 to 14 are the birth date; it lies before 1900 or in the future. Please "
                "compare with the card."
            )
        )
    if mod_11_2.checksum(value) != 1:
        return _WRONG_CHARACTER
    return differs_from_birth_date(context, born)


def _check_sex(value: str, context: Context) -> Problem | None:
    """The 17th digit is odd for men and even for women (GB 11643)."""
    given = beside(context, "sex")
    if given in ("M", "F") and given != ("M" if int(value[16]) % 2 else "F"):
        return Problem(
            N_(
                "The 17th digit of this number (odd for men, even for women) does not fit the sex "
                "given beside it."
            )
        )
    return None
