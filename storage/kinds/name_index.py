"""Names of places and languages in many languages, looked up as people type them: exactly, in a phrase, or
nearly.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from rapidfuzz import process
from rapidfuzz.distance import OSA

from storage.kinds.treatment import folded, treated

Pairs = Iterable[tuple[str, str]]
"""Names, each with the code of what it names."""

_NOT_LETTERS = re.compile(r"[\W_]+")
_ARTICLES = re.compile(r"^(?:(?:the|la|le|les|die|der|das|el|los|las) |l['’])(?=[^\W\d_]{3})")
_WORD = re.compile(r"[^\W\d_](?:['’.\-&]?[^\W\d_])*\.?")
_ELISION = re.compile(r"^[dl]['’]", re.I)
_CYRILLIC = re.compile(r"[\u0430-\u044f]{3,}")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]+")
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_NO_CODES = frozenset(
    {"no", "is", "it", "so", "me", "my", "by", "as", "at", "be", "to", "in", "do", "ai", "la", "am"}
)
"""Two letters that are a code in capitals and a word in small ones."""
_LONGEST_PHRASE = 6
_LONGEST_NAME = 80


@dataclass(frozen=True)
class Found:
    """What a text names: one code, or several between which the person chooses."""

    codes: tuple[str, ...]
    nearly: bool = False
    """The text is not the name but near it."""


@dataclass
class NameIndex:
    """`base` is searched first, also for near names; `wider` (slower to make) only when nothing there is
    exact.
    """

    base: Callable[[], Pairs]
    wider: Callable[[], Pairs]
    codes: frozenset[str] = frozenset()
    """Short codes that stand for themselves, upper-case (DE, DEU)."""
    short_words: frozenset[str] = frozenset()
    """Words of two or three letters, folded, that are names in any phrase (usa)."""
    _wide: dict[str, tuple[str, ...]] | None = field(default=None, init=False)

    def find(self, text: str) -> Found | None:
        """What the text names; None where nothing is near."""
        line = treated(text)[: _LONGEST_NAME * 3]
        name = key(line)
        if not name or (name in _NO_CODES and line.islower()):
            return None
        return self._exactly(name) or self._in_phrase(line) or self._inflected(line) or self._nearly(name)

    def warm(self) -> None:
        """Make all tables now."""
        self._nearly("warm")
        _ = self._far_names, self._stems

    def _exactly(self, name: str) -> Found | None:
        """A name as it is; one of a further language that is a slip of another name too ("Nigera") is asked
        back.
        """
        if name in self._near_names:
            return Found(self._near_names[name])
        if name not in self._far_names:
            return None
        slips = [code for near, codes in self._one_edit_away(name) for code in codes]
        return Found(tuple(dict.fromkeys((*self._far_names[name], *slips))))

    def _one_edit_away(self, name: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        if len(name) < 4:
            return
        spelt = _spelt(name)
        for near, _, _ in process.extract(
            spelt, self._spellings, scorer=OSA.distance, score_cutoff=1, limit=None
        ):
            yield near, self._spellings_of[near]

    def _in_phrase(self, line: str) -> Found | None:
        """Every name that stands in a phrase, the longest at each place."""
        codes = dict.fromkeys(code for found in self._named_in(line) for code in found)
        return Found(tuple(codes)) if codes else None

    def _named_in(self, line: str) -> Iterator[tuple[str, ...]]:
        words = list(_WORD.finditer(line))
        first = 0
        while first < len(words):
            for size in range(min(_LONGEST_PHRASE, len(words) - first), 0, -1):
                spoken = line[words[first].start() : words[first + size - 1].end()]
                found = self._as_words(spoken, line.isupper())
                if found:
                    yield found
                    first += size - 1
                    break
            first += 1
        for run in _UNSPACED.finditer(line):
            yield from self._in_run(run[0])

    def _as_words(self, spoken: str, shouted: bool) -> tuple[str, ...] | None:
        name = key(_ELISION.sub("", spoken))
        if (
            len(name) < 4
            and name not in self.short_words
            and (shouted or not spoken.isupper() or len(name) < 2)
        ):
            return None
        if _UNSPACED.search(spoken):
            return None
        return self._near_names.get(name) or (self._far_names.get(name) if len(name) > 4 else None)

    def _inflected(self, line: str) -> Found | None:
        """Russian cases: "из Германии", "гражданин Китая"."""
        stems = (_stem(word) for word in _CYRILLIC.findall(folded(line)))
        codes = dict.fromkeys(code for stem in stems for code in self._stems.get(stem, ()))
        return Found(tuple(codes)) if codes else None

    def _in_run(self, run: str) -> Iterator[tuple[str, ...]]:
        start = 0
        while start < len(run):
            for end in range(min(len(run), start + 20), start + 1, -1):
                found = self._near_names.get(key(run[start:end]))
                if found:
                    yield found
                    start = end - 1
                    break
            start += 1

    def _nearly(self, name: str) -> Found | None:
        """The one name clearly nearest; two that are as near are asked back."""
        allowed = _edits_allowed(name)
        if not allowed or len(name) > _LONGEST_NAME:
            return None
        spelt = _spelt(name)
        best: dict[str, int] = {}
        for near, distance, _ in process.extract(
            spelt, self._spellings, scorer=OSA.distance, score_cutoff=allowed + 1, limit=None
        ):
            for code in self._spellings_of[near]:
                best[code] = min(distance, best.get(code, 99))
        least = min(best.values(), default=99)
        if least > allowed:
            return None
        margin = 1 if least > 1 else 0
        return Found(
            tuple(code for code, distance in best.items() if distance <= least + margin), nearly=True
        )

    @cached_property
    def _near_names(self) -> dict[str, tuple[str, ...]]:
        names = _gathered(self.base())
        return names | {code.lower(): (code,) for code in self.codes if code.lower() not in names}

    @property
    def _far_names(self) -> dict[str, tuple[str, ...]]:
        if self._wide is None:
            self._wide = _gathered(self.wider())
        return self._wide

    @cached_property
    def _stems(self) -> dict[str, tuple[str, ...]]:
        cyrillic = {name: codes for name, codes in self._near_names.items() if _CYRILLIC.fullmatch(name)}
        return {stem: codes for name, codes in cyrillic.items() if len(stem := _stem(name)) > 2}

    @cached_property
    def _spellings_of(self) -> dict[str, tuple[str, ...]]:
        """Names long enough to be mistyped and still known; never the short codes."""
        return {
            _spelt(name): codes
            for name, codes in self._near_names.items()
            if _edits_allowed(name) and name.upper() not in self.codes
        }

    @cached_property
    def _spellings(self) -> list[str]:
        return list(self._spellings_of)


def key(text: str) -> str:
    """A name without case, accents, articles, spaces and marks."""
    if text.isascii():  # most of 700,000 names of cities
        return _NOT_LETTERS.sub("", _ARTICLES.sub("", text.lower().strip()))
    return _NOT_LETTERS.sub("", _ARTICLES.sub("", folded(text)))


def _stem(word: str) -> str:
    return word.rstrip("аеиоуыэюяйь")


def _gathered(pairs: Pairs) -> dict[str, tuple[str, ...]]:
    names: dict[str, dict[str, None]] = defaultdict(dict)
    for name, code in pairs:
        names[key(name)][code] = None
    names.pop("", None)
    return {name: tuple(codes) for name, codes in names.items()}


def _spelt(name: str) -> str:
    """Hangul by its letters, so that one wrong letter is one edit."""
    return unicodedata.normalize("NFD", name) if _HANGUL.search(name) else name


def _edits_allowed(name: str) -> int:
    """How many slips of the finger a name of this length and script may have."""
    length = len(_spelt(name))
    if _HANGUL.search(name):
        return (length > 4) + (length > 9)
    if _UNSPACED.search(name):
        return (length > 2) + (length > 6)
    return (length > 3) + (length > 6) + (length > 10)
