"""The general treatment of what people type, before any kind reads it (services.md (b), first paragraph)."""

from __future__ import annotations

import unicodedata

import regex

_UNSEEN = regex.compile(
    r"[\p{Cf}\p{Cc}--[\n\t\r]]|\p{Variation_Selector}|[\u2028\u2029\u115f\u1160\u3164\uffa0]", regex.V1
)
"""Zero-width, joining, direction-changing and control characters, and fillers that show nothing."""
_DASHES = str.maketrans(
    dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043\ufe58\ufe63\uff0d", "-")
)
_SPACES = regex.compile(r"\s+")
_INNER_SPACES = regex.compile(r"[^\S\n]+")
_LINE_ENDS = regex.compile(r" ?\n ?")
_EMPTY_LINES = regex.compile(r"\n{3,}")
_WIDE = regex.compile(r"[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]+|[\uff61-\uff9f]+|\u3000")
"""Digits and letters of full width, Katakana of half width, the wide space."""
_LATIN_MARKS = regex.compile(r"(?<=[a-z][\u0300-\u036f]*)[\u0300-\u036f]")


def treated(text: str) -> str:
    """One line as a reader of codes, dates and numbers wants it.

    NFKC (full width to half width), nothing invisible, every dash a hyphen, digits of any script in ASCII, single
    spaces, none at the ends.
    """
    text = _UNSEEN.sub("", unicodedata.normalize("NFKC", text)).translate(_DASHES)
    return str(_SPACES.sub(" ", ascii_digits(text))).strip()


def original(text: str) -> str:
    """Names and free text as the person wrote them: lines kept, Chinese punctuation kept.

    Only what nobody can see is dropped, composed forms are used (NFC), letters and digits of full width become
    ordinary ones (NFKC where it is safe: it would turn ， into a comma), and runs of spaces are collapsed.
    """
    text = _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n"))
    text = _WIDE.sub(lambda wide: unicodedata.normalize("NFKC", wide[0]), unicodedata.normalize("NFC", text))
    return str(_EMPTY_LINES.sub("\n\n", _LINE_ENDS.sub("\n", _INNER_SPACES.sub(" ", text)))).strip()


def folded(text: str) -> str:
    """For comparing only: treated, without case, Latin letters without their accents, ß as ss."""
    return _fold(treated(text))


def ascii_digits(text: str) -> str:
    """Decimal digits of any script (Arabic, Devanagari, full width) as 0 to 9; all else stays."""
    if text.isascii():
        return text
    return "".join(
        char if char.isascii() or not char.isdecimal() else str(unicodedata.decimal(char)) for char in text
    )


def _fold(text: str) -> str:
    text = text.casefold()
    if text.isascii():
        return text
    bare = _LATIN_MARKS.sub("", unicodedata.normalize("NFD", text))
    return (
        unicodedata.normalize("NFC", bare).replace("\u0451", "\u0435").replace("œ", "oe").replace("æ", "ae")
    )
