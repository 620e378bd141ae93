"""Which of several named things a typed answer means: by its name in any language, its number, or nearly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import regex
from rapidfuzz import fuzz, process

from locales import LANGUAGES, Message, translate
from storage.kinds.kind import AskedBack, Taken
from storage.kinds.treatment import folded
from storage.kinds.words import meanings, table

_TRIM = " .,;:!?。，、！？；：()（）[]【】\"'«»“”「」"
_NUMBER = regex.compile(
    r"(?:no|nr|n°|№|#|option|第|选项?|選項?|номер|numero|nummer)?\.? ?"
    r"(?P<n>\d{1,3}|[一二三四五六七八九十])[.)、号號]?(?:个|個|项|項|番|번)?"
)
_SEPARATORS = regex.compile(
    r"\s*[,;、，；/|\n]\s*|\s*[和与及與跟]\s*|\s+(?:and|und|et|и|oder|sowie)\s+"
    r"|\s*(?:と|및|그리고)\s*|\s+(?:와|과)\s+|\s*[+&]\s*"
)
TAKEN_FROM = 78
"""A score (RapidFuzz, 0 to 100) from which the nearest name is taken, if the next is `CLEARLY` farther."""
ASKED_FROM = 62
CLEARLY = 8


@dataclass(frozen=True)
class Named:
    """Something that can be chosen, with its code and its English label (translated to compare)."""

    value: Any
    code: str
    label: Message


def choose(text: str, named: Sequence[Named]) -> Taken | AskedBack | None:
    """The one meant. Several that are as near are asked back; None where nothing is near."""
    words = folded(text).strip(_TRIM)
    if not words or not named:
        return None
    return (
        _one_of(_exact(words, named))
        or _numbered(words, named)
        or _one_of(_within(words, named))
        or _nearest(words, named)
    )


def choose_several(text: str, named: Sequence[Named]) -> Taken | AskedBack | None:
    """All that are meant, in the order of the list; the whole text may also be one name with a comma in it."""
    if folded(text).strip(_TRIM) in _all_words():
        return Taken(tuple(one.value for one in named))
    whole = (
        choose(text, named) if not _SEPARATORS.search(folded(text)) else _one_of(_exact(folded(text), named))
    )
    if whole is not None:
        return _in_tuples(whole)
    parts = [choose(part, named) for part in _SEPARATORS.split(folded(text)) if part.strip(_TRIM)]
    if not parts or None in parts:
        return None
    taken = [
        part.value if isinstance(part, Taken) else part.readings[0] for part in parts if part is not None
    ]
    chosen = tuple(one.value for one in named if one.value in taken)
    if any(isinstance(part, AskedBack) for part in parts):
        return AskedBack((chosen,))
    return Taken(chosen, repaired=any(isinstance(part, Taken) and part.repaired for part in parts))


@cache
def _all_words() -> frozenset[str]:
    return frozenset(meanings(table("choices")))


def _in_tuples(reading: Taken | AskedBack) -> Taken | AskedBack:
    if isinstance(reading, Taken):
        return Taken((reading.value,), reading.repaired)
    return AskedBack(tuple((value,) for value in reading.readings))


def _one_of(found: Sequence[Any]) -> Taken | AskedBack | None:
    if not found:
        return None
    return Taken(found[0]) if len(found) == 1 else AskedBack(tuple(found))


def _exact(words: str, named: Sequence[Named]) -> list[Any]:
    words = words.strip(_TRIM)
    return [one.value for one in named if words in _names(one)]


def _numbered(words: str, named: Sequence[Named]) -> Taken | None:
    found = _NUMBER.fullmatch(words)
    if found is None:
        return None
    number = int(found["n"]) if found["n"].isdigit() else "一二三四五六七八九十".index(found["n"]) + 1
    return Taken(named[number - 1].value) if 0 < number <= len(named) else None


def _within(words: str, named: Sequence[Named]) -> list[Any]:
    """The one name that stands whole in a phrase ("it is for study"), or whose beginning was typed ("trade")."""
    told = [one.value for one in named if any(_stands_in(name, words) for name in _names(one))]
    if told:
        return told
    if len(words) < (2 if regex.search(r"\p{Han}|\p{Hangul}|\p{Hiragana}|\p{Katakana}", words) else 4):
        return []
    return [one.value for one in named if any(_stands_in(words, name) for name in _names(one))]


def _stands_in(name: str, words: str) -> bool:
    """As whole words where the script parts them, else as it stands."""
    if len(name) < 2 or name not in words:
        return False
    if regex.search(r"\p{Han}|\p{Hangul}|\p{Hiragana}|\p{Katakana}", name):
        return True
    return regex.search(rf"(?<!\p{{L}}){regex.escape(name)}(?!\p{{L}})", words) is not None


def _nearest(words: str, named: Sequence[Named]) -> Taken | AskedBack | None:
    best: dict[int, float] = {}
    names = [(index, name) for index, one in enumerate(named) for name in _names(one)]
    for _name, score, place in process.extract(
        words, [name for _index, name in names], scorer=fuzz.ratio, score_cutoff=ASKED_FROM, limit=None
    ):
        index = names[place][0]
        best[index] = max(score, best.get(index, 0))
    if not best:
        return None
    ranked = sorted(best, key=lambda index: (-best[index], index))
    near = [index for index in ranked if best[ranked[0]] - best[index] < CLEARLY]
    if len(near) == 1 and best[near[0]] >= TAKEN_FROM:
        return Taken(named[near[0]].value, repaired=True)
    return AskedBack(tuple(named[index].value for index in near))


@lru_cache(maxsize=4096)
def _names(one: Named) -> frozenset[str]:
    """Every name of it, folded: in each language, its English message id, its code."""
    return frozenset(name for name in _spelt(one) if name)


def _spelt(one: Named) -> Iterator[str]:
    yield folded(one.code.replace("_", " "))
    yield folded(one.code)
    yield folded(one.label).strip(_TRIM)
    for language in LANGUAGES:
        yield folded(translate(one.label, language)).strip(_TRIM)
