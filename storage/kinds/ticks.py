"""Ticks: a statement that the person agrees to, shown in full beside the tick."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

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
from storage.kinds.yes_no import said

_TRIM = " .,;:!?。，、！？；：…\"'«»“”()（）"
_MISTYPED = 82
PLAIN = 16
"""Characters of a plain yes; a longer one may say "but"."""


@dataclass(frozen=True)
class TickKind(Kind):
    """Agreed to, or not answered: a tick is never False. Subclasses differ in name and in what is agreed to.

    Which version of the text was shown, when and to whom is kept with the event, not in the answer. Not an
    electronic signature in the sense of the Electronic Signature Law (services.md (b), `signature`).
    """

    control: ClassVar[Control] = Control.TICK
    python: ClassVar[Any] = bool
    kept: ClassVar[Kept] = Kept.YES_NO

    def read(self, text: str, context: Context) -> Reading:
        return Taken(True) if agreed(text) else Refused(self._needed)

    def check(self, value: Any, context: Context) -> Problem | None:
        return None if value is True else self._needed

    def show(self, value: Any, language: str) -> str:
        return translate(N_("Agreed") if value else N_("Not agreed"), language)

    def options(self, context: Context) -> tuple[Offer, ...]:
        return (Offer(True, translate(N_("I agree"), context.language)),)

    @property
    def _needed(self) -> Problem:
        return Problem(
            N_("It can't go on without your agreement. If you agree, tap the button or write: I agree.")
        )


@dataclass(frozen=True)
class SignatureKind(TickKind):
    """The person stands for the shown text with their name."""

    name: ClassVar[str] = "signature"


@dataclass(frozen=True)
class ConsentKind(TickKind):
    """The person allows the processing of their data as the shown text says."""

    name: ClassVar[str] = "consent"


@dataclass(frozen=True)
class NotSecretKind(TickKind):
    """Nothing in this form is a state secret or a work secret (services.md (a), limit 1)."""

    name: ClassVar[str] = "not_secret"

    @property
    def _needed(self) -> Problem:
        return Problem(
            N_(
                "No state or work secret may be sent here: use the sealed channel. If there is none, write: I confirm."
            )
        )


@dataclass(frozen=True)
class TruthKind(TickKind):
    """All that was said is true and complete."""

    name: ClassVar[str] = "truth"

    @property
    def _needed(self) -> Problem:
        return Problem(
            N_(
                "The form can be sent only when you confirm that all is true and complete. If so, write: I confirm."
            )
        )


def agreed(text: str) -> bool:
    """Whether the words agree, in any of the languages; anything but plain agreement does not."""
    words = folded(text).strip(_TRIM)
    known = _known()
    if words in known:
        return known[words]
    yes = said(text)
    if isinstance(yes, AskedBack):
        return False
    if yes is not None and not yes.repaired:
        return bool(yes.value) and len(words) <= PLAIN and not any(word in words for word in _unlike())
    if len(words) < 4:
        return False
    near = process.extractOne(words, list(known), scorer=fuzz.ratio, score_cutoff=_MISTYPED)
    return near is not None and known[near[0]]


def _unlike() -> list[str]:
    return [word for word, agrees in _known().items() if not agrees]


@cache
def _known() -> dict[str, bool]:
    return {word: meaning == "agreed" for word, meaning in meanings(table("agreement")).items()}
