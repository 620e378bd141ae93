"""What a kind makes of a text, as other programs read it: the shape of `bot read` (interfaces.md)."""

from __future__ import annotations

from datetime import date
from typing import Any

from locales import LANGUAGES, N_
from locales.wording import word
from storage.kinds import KINDS
from storage.kinds.kind import AskedBack, Context, Kind, Problem, Refused


class UnknownKind(LookupError):
    """There is no kind of this name. `name` is what was asked for, `known` the names that there are."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name
        self.known = tuple(sorted({*KINDS, *OF_A_SERVICE}))


OF_A_SERVICE = frozenset({"choice", "choices", "rows", "members", "itinerary"})
"""Kinds whose answers a service file lists: there is nothing to read them by without their question."""


def read(
    kind_name: str, text: str, language: str = "en", *, today: date, country: str | None = None
) -> dict[str, Any]:
    """How the kind takes the text: outcome, value, alternatives, problem.

    `language` may be any tag of BCP 47; one that we do not speak reads as English. Raises UnknownKind.
    """
    reader = known_language(language)
    kind = KINDS.get(kind_name)
    if kind is None:
        if kind_name not in OF_A_SERVICE:
            raise UnknownKind(kind_name)
        return _outcome("refused", problem=word(_NEEDS_ITS_QUESTION.message, {"kind": kind_name}, reader))
    context = Context(reader, today, country.upper() if country else None)
    reading = kind.read(text, context)
    if isinstance(reading, Refused):
        problem = reading.problem
        return _outcome("refused", problem=word(problem.message, problem.values, reader))
    if isinstance(reading, AskedBack):
        return _outcome(
            "asked back", alternatives=[_alternative(kind, value, reader) for value in reading.readings]
        )
    return _outcome("taken", value=kind.dump(reading.value))


_NEEDS_ITS_QUESTION = Problem(N_("“{kind}” can be read only together with its question in a service."))


def _outcome(
    outcome: str,
    value: Any = None,
    alternatives: list[dict[str, Any]] | None = None,
    problem: str | None = None,
) -> dict[str, Any]:
    return {"outcome": outcome, "value": value, "alternatives": alternatives or [], "problem": problem}


def _alternative(kind: Kind, value: Any, language: str) -> dict[str, Any]:
    return {"value": kind.dump(value), "shown": kind.show(value, language)}


def known_language(tag: str) -> str:
    """The language of ours that a tag means: zh-TW, zh_HK, zh-Hant are zh_Hant; de-AT is de; others are English."""
    parts = tag.replace("-", "_").split("_")
    if parts[0].lower() == "zh":
        rest = {part.lower() for part in parts[1:]}
        return "zh_Hant" if rest & {"hant", "tw", "hk", "mo"} and "hans" not in rest else "zh_Hans"
    return next((language for language in LANGUAGES if language == parts[0].lower()), "en")
