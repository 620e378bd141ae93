"""Three-letter codes of states on travel documents (ISO 3166-1 and ICAO Doc 9303-3, section 5)."""

from __future__ import annotations

from storage.kinds.countries import iso_of_three

_ICAO_ALONE = {"D": "DE", "GBD": "GB", "GBN": "GB", "GBO": "GB", "GBP": "GB", "GBS": "GB", "RKS": "XK"}
"""Codes that passports print and ISO 3166 does not have, with the country."""


def is_issuer(code: str) -> bool:
    """Whether passports or cards may bear the code: ISO 3166-1 alpha-3, and ICAO's own (D, GBO, UNO, UTO,
    XXA …).
    """
    from mrz.base.countries_ops import is_code  # noqa: PLC0415  # heavy, and needed by few

    return bool(is_code(code)) or alpha2(code) is not None


def alpha2(code: str) -> str | None:
    """The ISO 3166-1 alpha-2 of a three-letter code; None for organisations and stateless people."""
    if code in _ICAO_ALONE:
        return _ICAO_ALONE[code]
    return iso_of_three(code)
