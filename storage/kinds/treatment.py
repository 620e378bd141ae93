"""The general treatment of what people type, before any kind reads it (services.md (b), first paragraph)."""

from __future__ import annotations

import unicodedata
from functools import cache

import regex

_UNSEEN = regex.compile(
    r"[\p{Cf}\p{Cc}--[\n\t\r]]|\p{Variation_Selector}|[\u2028\u2029\u115f\u1160\u3164\uffa0]", regex.V1
)
"""Zero-width, joining, direction-changing and control characters, and fillers that show nothing."""
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹘﹣－⁃", "-"))
_SPACES = regex.compile(r"\s+")
_INNER_SPACES = regex.compile(r"[^\S\n]+")
_EMPTY_LINES = regex.compile(r" ?\n(?: ?\n){2,}")
_WIDE = regex.compile(r"[０-９Ａ-Ｚａ-ｚ]+|[｡-ﾟ]+|\u3000")
_LATIN_MARKS = regex.compile(r"(?<=[a-z][\u0300-\u036f]*)[\u0300-\u036f]")


def treated(text: str) -> str:
    """One line as a reader of codes, dates and numbers wants it.

    NFKC (full width to half width), nothing invisible, every dash a hyphen, digits of any script in ASCII, single
    spaces, none at the ends.
    """
    text = _UNSEEN.sub("", unicodedata.normalize("NFKC", text)).translate(_DASHES)
    return _SPACES.sub(" ", ascii_digits(text)).strip()


def original(text: str) -> str:
    """Names and free text as the person wrote them: lines kept, Chinese punctuation kept.

    Only what nobody can see is dropped, composed forms are used (NFC), letters and digits of full width become
    ordinary ones (NFKC where it is safe: it would turn ， into a comma), and runs of spaces are collapsed.
    """
    text = _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n"))
    text = _WIDE.sub(lambda wide: unicodedata.normalize("NFKC", wide[0]), unicodedata.normalize("NFC", text))
    return _EMPTY_LINES.sub("\n\n", _INNER_SPACES.sub(" ", text)).strip()


def folded(text: str) -> str:
    """For comparing only: treated, without case, Latin letters without their accents (ё as е, ß as ss)."""
    return _fold(treated(text))


@cache
def folded_word(word: str) -> str:
    """`folded` for the fixed words of a table, remembered."""
    return folded(word)


def ascii_digits(text: str) -> str:
    """Decimal digits of any script (٣, ३, ３) as 0 to 9; all else stays."""
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
    return unicodedata.normalize("NFC", bare).replace("ё", "е").replace("œ", "oe").replace("æ", "ae")
