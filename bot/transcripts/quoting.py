"""How a line of a transcript quotes what the bot said: whole lines of the message, `…` for what is left out."""

from __future__ import annotations

import difflib
import re

_SPACE = re.compile(r"\s+")


def quotes(quote: str, message: str) -> bool:
    """Whether the quote is one or several whole lines of the message, in its order, with `…` for anything.

    Spaces and line breaks count alike, so that a message of several lines is quoted in one.
    """
    return _pattern(quote, whole_lines=True).search(_lines(message)) is not None


def holds(message: str, part: str) -> bool:
    """Whether the part stands anywhere in the message, spaces and line breaks alike."""
    return _pattern(part, whole_lines=False).search(_lines(message)) is not None


def same_label(label: str, shown: str) -> bool:
    """Whether a button is meant: its whole label, with `…` for what is left out."""
    return _pattern(label, whole_lines=True).fullmatch(f"\n{shown.strip()}\n") is not None


def difference(quote: str, message: str) -> str:
    """Expected and shown, line by line, for a person who mends the transcript or the bot."""
    wanted = [part.strip() for part in quote.replace("…", "\n…\n").split("\n") if part.strip()]
    shown = [line for line in _lines(message).split("\n") if line]
    compared = difflib.ndiff(wanted, shown)
    return "\n".join(f"    {line.rstrip()}" for line in compared if not line.startswith("?"))


def _pattern(quote: str, *, whole_lines: bool) -> re.Pattern[str]:
    pieces = [
        r"\s*".join(re.escape(word) for word in _SPACE.split(piece.strip()) if word)
        for piece in quote.split("…")
    ]
    middle = r"[\s\S]*?".join(pieces)
    if not whole_lines:
        return re.compile(middle)
    return re.compile(rf"\n\s*{middle}\s*\n")


def _lines(message: str) -> str:
    kept = [line.strip() for line in message.split("\n")]
    return "\n" + "\n".join(line for line in kept if line) + "\n"
