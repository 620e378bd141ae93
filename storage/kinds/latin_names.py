"""Names in Latin letters as passports have them: the family name in capitals, a comma, the given names."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import ClassVar

import regex

from locales import N_
from storage.kinds.codes import beside
from storage.kinds.kind import AskedBack, Context, Kind, Problem, Reading, Refused, Taken
from storage.kinds.latin_name_words import (
    APOSTROPHES,
    BEGIN_FAMILY_NAMES,
    GIVEN_AFTER_PARTICLE,
    LABELLED,
    LEAD,
    NO_NAMES,
    PARTICLES,
    SUFFIXES,
    TITLES,
    TRAILING,
)
from storage.kinds.treatment import original

_READ = 200
"""Characters that a name may take with all its phrases."""
_LONGEST = 39
"""Places of the machine readable zone for a name (ICAO Doc 9303-4)."""
_SURNAME_FIRST = frozenset({"CN", "HK", "MO", "TW", "JP", "KR", "KP", "VN", "HU", "KH"})
"""Where the family name comes first: it decides which reading is offered first, never which is taken."""
_LATIN = regex.compile(r"[\p{Latin}\p{M}' -]+")
_OTHER_SCRIPT = regex.compile(
    r"[\p{Greek}\p{Arabic}\p{Hebrew}\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Devanagari}\p{Armenian}\p{Georgian}]"
)
_CYRILLIC = regex.compile(r"\p{Cyrillic}")
_EXAMPLE = {"example": "SCHMIDT, Anna Maria"}


@dataclass(frozen=True)
class NameLatinKind(Kind):
    """Family name and given names, as one value `SCHMIDT, Anna Maria`; a single name stands alone: `SUKARNO`.

    Taken where a comma, capitals, a label or a particle tells the family name; otherwise each reading is asked back.
    """

    name: ClassVar[str] = "name_latin"

    def read(self, text: str, context: Context) -> Reading:
        line = " ".join(original(text[:_READ]).translate(APOSTROPHES).replace("，", ",").split())
        labelled = next(filter(None, (pattern.search(line) for pattern in LABELLED)), None)
        if labelled:
            line = f"{labelled['surname']}, {labelled['given']}"
        line = TITLES.sub("", LEAD.sub("", TRAILING.sub("", line)).strip(' .;:!?。"“”'))
        if _CYRILLIC.search(line):
            return self._from_cyrillic(line, context)
        problem = _wrong_letters(line)
        if problem is not None:
            return Refused(problem)
        readings = _readings(line, context)
        problems = [self.check(name, context) for name in readings]
        right = tuple(name for name, problem in zip(readings, problems, strict=True) if problem is None)
        if not right:
            return Refused(next((problem for problem in problems if problem), _NO_NAME))
        single = "," not in right[0]
        return Taken(right[0], repaired=single) if len(right) == 1 else AskedBack(right)

    def check(self, value: str, context: Context) -> Problem | None:
        surname, _, given = value.partition(", ")
        if not re.search(r"[^\W\d_]", surname) or value.casefold() in NO_NAMES:
            return _NO_NAME
        if any(len(in_zone(part)) > _LONGEST for part in (surname, given)):
            return Problem(
                N_(
                    "Family name and given names have at most 39 letters each. Please write them as in the "
                    "passport."
                )
            )
        if len(in_zone(surname + given)) < 2:
            return _NO_NAME
        return None

    def _from_cyrillic(self, line: str, context: Context) -> Reading:
        """The passport's own spelling decides: the transliteration of Doc 9303-3 is only offered."""
        latin = _transliterated(line)
        if latin is None:
            return Refused(_OTHER_LETTERS)
        words = latin.replace(",", " ").split()
        told = "," in latin or len(words) == 1
        readings = _readings(latin, context) if told else _slavic(words)
        right = tuple(name for name in readings if self.check(name, context) is None)
        return AskedBack(right) if right else Refused(_OTHER_LETTERS)


_NO_NAME = Problem(
    N_("Please type the name as in the passport, family name first: {example}."),
    _EXAMPLE,
)
_OTHER_LETTERS = Problem(
    N_("Please write the name in Latin letters, as in the passport: {example}."),
    _EXAMPLE,
)


def in_zone(name: str) -> str:
    """The name as the machine readable zone spells it: MÜLLER is MUELLER, spaces and hyphens are fillers."""
    from mrz.base.functions import transliterate  # noqa: PLC0415  # heavy, and needed by few
    from mrz.generator.dictionaries.latin_based import transliteration  # noqa: PLC0415

    spelt = transliterate(name.replace(",", ""), transliteration)
    return re.sub(r"[^A-Z<]", "", unicodedata.normalize("NFD", str(spelt)).upper())


def parts(value: str) -> tuple[str, str]:
    """Family name and given names of a value."""
    surname, _, given = value.partition(", ")
    return surname, given


def _wrong_letters(line: str) -> Problem | None:
    if _OTHER_SCRIPT.search(line):
        return _OTHER_LETTERS
    if not regex.search(r"\p{Latin}", line):
        return _NO_NAME
    if regex.search(r"\d", line):
        return Problem(
            N_("A name has no digits. Please type it as in the passport: {example}."),
            _EXAMPLE,
        )
    if not _LATIN.fullmatch(re.sub(r"[,.<:;=/]", "", line)):
        return Problem(
            N_("A name has letters, spaces, hyphens and apostrophes only, for example {example}."),
            {"example": "O'NEIL, Mary-Ann"},
        )
    return None


def _readings(line: str, context: Context) -> tuple[str, ...]:
    """Every way to part the line into family name and given names; one where something tells."""
    line = re.sub(
        r"\s*[/;]\s*", ", ", re.sub(r"(?<=[A-Z]) (?:MR|MRS|MS|MISS|MSTR)$", "", line) if "/" in line else line
    )
    if "<<" in line:
        surname, _, given = re.sub(r"^P<[A-Z<]{3}", "", line.upper()).partition("<<")
        return (_name(surname.replace("<", " "), given.replace("<", " ").title()),)
    if line.count(",") > 1:
        return ()
    if "," in line:
        surname, given = line.split(",")
        return (_name(surname, given),)
    words = [word for word in re.sub(r"(?<=\w)\.|\.(?=\s|$)", " ", line).split() if word.strip("-'")]
    if len(words) > 8 or not words:
        return ()
    words = _with_suffixes(words)
    if len(words) == 1:
        return (_name(words[0], ""),)
    told = _by_capitals(words) or _by_particle(words)
    return (told,) if told else _each_split(words, context)


def _with_suffixes(words: list[str]) -> list[str]:
    """ "Schmidt Jr" and "Elizabeth II" stay together."""
    joined: list[str] = []
    for word in words:
        if joined and word.lower() in SUFFIXES:
            joined[-1] += f" {word}"
        else:
            joined.append(word)
    return joined


def _name(surname: str, given: str) -> str:
    """SURNAME, Given: given names as typed, but not in small letters only."""
    surname, given = (
        " ".join(re.sub(r"[.<:;=]", " ", part).split()).strip(" -'") for part in (surname, given)
    )
    if not surname:
        surname, given = given, ""
    surname = surname.upper()
    given = _capitalised(given) if given.islower() else given
    return f"{surname}, {given}" if given else surname


def _capitalised(given: str) -> str:
    return re.sub(r"(?:(?<=[ '-])|^)[^\W\d_]", lambda first: first[0].upper(), given)


def _by_capitals(words: list[str]) -> str | None:
    """ "Anna SCHMIDT", "VAN DER BERG Jan": the run in capitals at one end is the family name, with particles
    before it.
    """
    capital = [len(word.strip("'-")) > 1 and word == word.upper() and word != word.lower() for word in words]
    if all(capital) or not any(capital):
        return None
    first = capital.index(True)
    last = len(capital) - 1 - capital[::-1].index(True)
    if not all(capital[first : last + 1]):
        return None
    while first > 0 and words[first - 1].lower() in PARTICLES and words[first - 1].islower():
        first -= 1
    if first == 0:
        return _name(" ".join(words[: last + 1]), " ".join(words[last + 1 :]))
    if last == len(words) - 1:
        return _name(" ".join(words[first:]), " ".join(words[:first]))
    return None


def _by_particle(words: list[str]) -> str | None:
    """ "Jan van der Berg": a particle in small letters with one word behind it tells the family name."""
    first = next((place for place, word in enumerate(words) if word in BEGIN_FAMILY_NAMES), None)
    if not first:
        return None
    rest = words[first:]
    while len(rest) > 1 and rest[0] in PARTICLES:
        rest = rest[1:]
    if len(rest) != 1 or rest[0] in PARTICLES or rest[0].casefold() in GIVEN_AFTER_PARTICLE:
        return None
    return _name(" ".join(words[first:]), " ".join(words[:first]))


def _each_split(words: list[str], context: Context) -> tuple[str, ...]:
    """Splits with the family name last (one word, then two), and with it first; the likelier order first."""
    sizes = range(1, min(3, len(words)))
    last = [_name(" ".join(words[-size:]), " ".join(words[:-size])) for size in sizes]
    first = [_name(" ".join(words[:size]), " ".join(words[size:])) for size in sizes]
    given = beside(context, "nationality")
    turned = (given if isinstance(given, str) else context.country) in _SURNAME_FIRST
    return tuple(dict.fromkeys([*first, *last] if turned else [*last, *first]))


def _transliterated(line: str) -> str | None:
    """Cyrillic by Doc 9303-3, section 6; None where a letter is left over."""
    from mrz.base.functions import transliterate  # noqa: PLC0415  # heavy, and needed by few
    from mrz.generator.dictionaries import cyrillic, cyrillic_ukrainian  # noqa: PLC0415

    ukrainian = regex.search(r"[іїєґ]", line, regex.IGNORECASE)
    table = dict((cyrillic_ukrainian if ukrainian else cyrillic).transliteration)
    table |= {"ь": "", "\u042c": "", "ъ": "ie", "Ъ": "IE", "'": ""}
    words = [str(transliterate(word, table)).capitalize() for word in re.sub(r",", " , ", line).split()]
    latin = " ".join(words).replace(" ,", ",")
    return latin if _LATIN.fullmatch(latin.replace(",", "")) else None


def _slavic(words: list[str]) -> tuple[str, ...]:
    """Name and family name in both orders; a patronymic stands between or at the end, and passports leave it out."""
    patronymic = next(
        (word for word in words[1:] if re.search(r"(?:ovich|evich|ich|ovna|evna|ichna)$", word)), None
    )
    if patronymic and len(words) == 3:
        rest = [word for word in words if word != patronymic]
        surname, given = (rest[0], rest[1]) if words[2] == patronymic else (rest[1], rest[0])
        return (_name(surname, given), _name(surname, f"{given} {patronymic}"))
    splits = _each_split(words, Context())
    if len(words) == 2 and _FAMILY_ENDING.search(words[0]) and not _FAMILY_ENDING.search(words[1]):
        return splits[::-1]
    return splits


_FAMILY_ENDING = re.compile(r"(?:ov|ev|in|yn|skii|skaia|ko|uk|iuk|ova|eva|ina|ian|dze|shvili)$")
"""How Russian, Ukrainian and Caucasian family names mostly end, transliterated."""
