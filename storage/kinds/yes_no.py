"""Yes or no, in whatever language it is said."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

import regex
from rapidfuzz import fuzz, process

from locales import N_, translate
from storage.kinds.kind import (
    AskedBack,
    Context,
    Control,
    Kept,
    Kind,
    Offer,
    Problem,
    Reading,
    Refused,
    Taken,
)
from storage.kinds.treatment import folded
from storage.kinds.words import meanings, table

_TRIM = " .,;:!?。，、！？；：~…\"'«»“”()（）「」"
_PARTS = regex.compile(r"\s*[,.;:!。，、；：！]+\s*")
_SPACED = regex.compile(r"[\p{Latin}\p{Cyrillic}]")
_MISTYPED = 80
"""RapidFuzz's ratio (0 to 100) from which a word of four letters or more is a mistyped one."""


@dataclass(frozen=True)
class YesNoKind(Kind):
    """Two buttons, the safer first, no default (services.md (b))."""

    name: ClassVar[str] = "yes_no"
    kept: ClassVar[Kept] = Kept.YES_NO
    control: ClassVar[Control] = Control.BUTTONS
    python: ClassVar[Any] = bool

    safer: bool = True
    """Which answer a hasty tap should give: it stands first."""

    def read(self, text: str, context: Context) -> Reading:
        return said(text, both=(self.safer, not self.safer)) or Refused(_NEITHER)

    def check(self, value: Any, context: Context) -> Problem | None:
        return None if isinstance(value, bool) else _NEITHER

    def show(self, value: Any, language: str) -> str:
        return translate(N_("Yes") if value else N_("No"), language)

    def options(self, context: Context) -> tuple[Offer, ...]:
        both = (self.safer, not self.safer)
        return tuple(Offer(value, self.show(value, context.language)) for value in both)


_NEITHER = Problem(N_("This is neither yes nor no. Write yes or no, or tap a button."))


def said(text: str, both: tuple[bool, bool] = (True, False)) -> Taken | AskedBack | None:
    """Yes or no as it was said; asked back where both were; None where neither was."""
    words = folded(text).strip(_TRIM) or folded(text)
    known = _known()
    if words in known:
        return Taken(known[words])
    if not words or any(hedge in words for hedge in _hedges()):
        return None
    parts = [part for part in _PARTS.split(words) if part]
    values = {known[part] for part in parts if part in known}
    if len(values) > 1:
        return AskedBack(both)
    if parts and parts[0] in known:
        return Taken(known[parts[0]])
    return _begun(words, both) or _mistyped(words)


def _begun(words: str, both: tuple[bool, bool]) -> Taken | AskedBack | None:
    """A sentence that begins with the word ("yes we do have one", 没有护照); "да нет" says both."""
    known = _known()
    opening = next((word for word in _openings() if _opens(word, words)), None)
    if opening is None:
        return None
    following = words.removeprefix(opening).split()
    near = following[:1] if len(following) > 2 else following
    if any(known.get(word, known[opening]) != known[opening] for word in near):
        return AskedBack(both)
    return Taken(known[opening])


def _opens(word: str, words: str) -> bool:
    """Where the script has no spaces, one sign alone begins too much (对不起, 会议)."""
    if _SPACED.search(word):
        return words.startswith(f"{word} ")
    return len(word) > 1 and words.startswith(word)


def _mistyped(words: str) -> Taken | None:
    if not 4 <= len(words) <= 16:
        return None
    near = process.extract(words, _long_words(), scorer=fuzz.ratio, score_cutoff=_MISTYPED, limit=3)
    meant = {_known()[word] for word, _score, _index in near}
    return Taken(meant.pop(), repaired=True) if len(meant) == 1 else None


@cache
def _known() -> dict[str, bool]:
    return {word: meaning == "yes" for word, meaning in _meanings().items() if meaning != "neither"}


@cache
def _hedges() -> tuple[str, ...]:
    return tuple(word for word, meaning in _meanings().items() if meaning == "neither")


@cache
def _openings() -> tuple[str, ...]:
    return tuple(sorted(_known(), key=len, reverse=True))


@cache
def _long_words() -> list[str]:
    return [word for word in _known() if len(word) > 2]


@cache
def _meanings() -> dict[str, str]:
    return meanings(table("yes_no"))
