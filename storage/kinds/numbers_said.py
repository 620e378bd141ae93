"""Which numbers a text names: digits with any separators, multiples (1.5万), and words in any of the languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

import regex
from rapidfuzz import fuzz, process

from storage.kinds.numerals import HAN, han_number, korean_number
from storage.kinds.treatment import folded
from storage.kinds.words import meanings, table

LONGEST = 400
"""Characters beyond which a text is no answer to a question for a number."""
_GROUPS = {"de": ".", "fr": " ", "ru": " "}
"""What parts thousands where it is not a comma; the decimal sign is a comma there."""
_SIGNS = str.maketrans({"\u066b": ".", "\u066c": ","})
_DIGITS = regex.compile(
    r"(?P<minus>(?<![\w)] ?)- ?|(?<!\w)minus )?(?P<number>\d{1,3}(?:[ '’]\d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)*)"
)
_LOOSE = regex.compile(r"\d ?\+|\d ?m(?!\p{L})")
"""Five or more; millions, if not metres."""
_LETTER_DIGITS = regex.compile(r"(?<![\p{L}\d])(?=[\dol]*\d)[\dol]*[ol][\dol]*(?![\p{L}\d])")
_HAN = regex.compile(rf"[{HAN}]+")
_WORDS = regex.compile(r"[\p{Latin}\p{Cyrillic}]{2,}(?:-[\p{Latin}\p{Cyrillic}]+)*")
_COUNTER = (
    r"(?= ?(?:명|개|분|사람|인|가지|번|차례|장|곳|일|주|달|시|년|원|달러|유로|위안|엔|루블|만|억)|[^가-힣]|$)"
)
_KOREAN = regex.compile(rf"(?<![가-힣])[영일이삼사오육칠팔구십백천만억]+{_COUNTER}")
_LETTER = r"[\p{Latin}\p{Cyrillic}]"


@dataclass(frozen=True)
class Number:
    """One number in a text, with all that it can mean."""

    values: tuple[Decimal, ...]
    start: int
    end: int
    unit: Decimal = Decimal(1)
    """The multiple that was named with it: ten thousand for 万."""


@dataclass(frozen=True)
class Numbers:
    """All numbers of a text."""

    line: str
    """The text as it was read: folded."""
    found: tuple[Number, ...] = ()
    unsure: bool = False
    """Something in the text says that the number is not meant exactly."""
    vague: bool = False
    """The text names no number, but something like "several"."""
    mistyped: bool = False


def numbers_in(text: str, language: str) -> Numbers:
    """The numbers of a text, in order; in a long text none is looked for."""
    line = folded(text.translate(_SIGNS))
    if len(line) > LONGEST:
        return Numbers(line)
    mended = _LETTER_DIGITS.sub(lambda found: found[0].replace("o", "0").replace("l", "1"), line)
    found = _numbers(mended, language)
    if not found and (spelt := _spelt_right(mended)) != mended:
        mended, found = spelt, _numbers(spelt, language)
    return Numbers(
        mended,
        found,
        unsure=_note("unsure").search(mended) is not None or _LOOSE.search(mended) is not None,
        vague=_note("vague").search(mended) is not None,
        mistyped=mended != line,
    )


def in_digits(text: str, language: str) -> str:
    """The text, folded, with numbers that stand in words written in digits: "half past ten" as "half past 10"."""
    line = folded(text.translate(_SIGNS))
    if len(line) > LONGEST:
        return line
    for number in reversed(_numbers(line, language)):
        if len(number.values) == 1 and not regex.search(r"\d", line[number.start : number.end]):
            line = f"{line[: number.start]}{number.values[0]}{line[number.end :]}"
    return line


def _numbers(line: str, language: str) -> tuple[Number, ...]:
    line = _note("no_number").sub(lambda found: "#" * len(found[0]), line)
    numbers: list[Number] = []
    for reader in (_in_digits, _in_signs, _from_table, _spelt_out):
        numbers += [_multiplied(number, line) for number in reader(_without(line, numbers), language)]
    return tuple(_joined(sorted(numbers, key=lambda number: number.start), line))


def _without(line: str, numbers: list[Number]) -> str:
    for number in numbers:
        line = line[: number.start] + "#" * (number.end - number.start) + line[number.end :]
    return line


def _in_digits(line: str, language: str) -> Iterator[Number]:
    for found in _DIGITS.finditer(line):
        values = readings(found["number"], language)
        yield Number(
            tuple(-value for value in values) if found["minus"] else values, found.start(), found.end()
        )


def readings(digits: str, language: str) -> tuple[Decimal, ...]:
    """What digits with separators can mean; the language says which sign parts thousands. None where ill-formed."""
    bare = regex.sub("[ '’]", "", digits)
    signs = [sign for sign in bare if sign in ".,"]
    if not signs:
        return (Decimal(bare),)
    whole, _, part = bare.rpartition(signs[-1])
    if len(set(signs)) == 2 or bare != digits:
        sound = signs.count(signs[-1]) == 1 and (bare != digits or _grouped(whole))
        return (_decimal(whole, part),) if sound else ()
    if len(signs) > 1:
        return (Decimal(regex.sub("[.,]", "", bare)),) if _grouped(bare) else ()
    if len(part) != 3 or len(whole) > 3 or whole.startswith("0"):
        return (_decimal(whole, part),)
    thousands = Decimal(whole + part)
    return (thousands,) if signs[0] == _GROUPS.get(language, ",") else (thousands, _decimal(whole, part))


def _grouped(digits: str) -> bool:
    """In thousands (1,234,567), or the Indian way (12,34,567)."""
    return (
        regex.fullmatch(r"\d{1,3}(?:,\d{3})+|\d{1,3}(?:\.\d{3})+|\d{1,2}(?:,\d\d)+,\d{3}", digits) is not None
    )


def _decimal(whole: str, part: str) -> Decimal:
    return Decimal(f"{regex.sub('[.,]', '', whole)}.{part}")


def _in_signs(line: str, language: str) -> Iterator[Number]:
    """Han and Sino-Korean numerals; a bare multiple belongs to what stands before it."""
    for pattern, read in ((_HAN, han_number), (_KOREAN, korean_number)):
        for found in pattern.finditer(line):
            belongs = found[0] in _multiples() and line[found.start() - 1 : found.start()] == "#"
            value = None if belongs else read(found[0])
            if value is not None:
                yield Number((Decimal(value),), found.start(), found.end())


def _from_table(line: str, language: str) -> Iterator[Number]:
    """Words that no library reads: Russian, Korean and Japanese ones, dozens, none."""
    for found in _table_pattern().finditer(line):
        value = Decimal(_table_words()[found[0]])
        yield Number(
            (value,), found.start(), found.end(), unit=max(value, Decimal(1)) if value >= 1000 else Decimal(1)
        )


@cache
def _table_words() -> dict[str, str]:
    return meanings(table("numbers")["words"])


@cache
def _table_pattern() -> regex.Pattern[str]:
    return regex.compile("|".join(_whole(word) for word in sorted(_table_words(), key=len, reverse=True)))


def _whole(word: str) -> str:
    """A word that stands alone: between spaces, and in Korean before what it counts."""
    if regex.match(_LETTER, word):
        return _alone(word)
    if regex.match(r"\p{Hangul}", word):
        return rf"(?<![가-힣]){word}{_COUNTER}"
    return str(regex.escape(word))


def _spelt_out(line: str, language: str) -> Iterator[Number]:
    """English, French, German: the longest run of words that makes a number."""
    from text_to_num import text2num  # noqa: PLC0415  # only who spells numbers needs it

    words = list(_WORDS.finditer(line))
    languages = sorted(("en", "fr", "de"), key=lambda one: one != language)
    place = 0
    while place < len(words):
        for end in range(min(len(words), place + 8), place, -1):
            value = _as_number(text2num, line[words[place].start() : words[end - 1].end()], languages)
            if value is not None:
                yield Number((Decimal(value),), words[place].start(), words[end - 1].end())
                place = end - 1
                break
        place += 1


def _as_number(text2num: Callable[[str, str], int], run: str, languages: list[str]) -> int | None:
    run = _A_HUNDRED.sub("", run)
    for language in languages:
        try:
            return int(text2num(_UMLAUTS.sub(_umlaut, run) if language == "de" else run, language))
        except ValueError:
            continue
    return None


_UMLAUTS = regex.compile("fue?nf|zwoe?lf")


def _umlaut(found: regex.Match[str]) -> str:
    return "fünf" if str(found[0]).startswith("f") else "zwölf"


_A_HUNDRED = regex.compile(r"^(?:an?|ein|eine) (?=hundred|thousand|hundert|tausend)")


def _joined(numbers: list[Number], line: str) -> Iterator[Number]:
    """Numbers with the multiple that follows them, and sums of such: 3万5千, "две тысячи двести", "2 Mio."."""
    whole: Number | None = None
    for number in numbers:
        if whole is not None and _continues(whole, number, line):
            values = tuple(one + other for one in whole.values for other in number.values)
            whole = Number(values, whole.start, number.end, number.unit)
            continue
        if whole is not None:
            yield whole
        whole = number
    if whole is not None:
        yield whole


def _multiplied(number: Number, line: str) -> Number:
    found = _multiple_pattern().match(line, number.end)
    if found is None:
        return number
    unit = Decimal(_multiples()[found["word"]])
    values = tuple(value * unit for value in number.values)
    return _multiplied(replace(number, values=values, end=found.end(), unit=number.unit * unit), line)


def _continues(first: Number, second: Number, line: str) -> bool:
    """Whether the second goes on where the first left off: smaller, and next to it."""
    gap = line[first.end : second.start]
    small = len(first.values) == len(second.values) == 1 and 0 < second.values[0] < first.unit
    if first.unit > 1:
        return gap in {"", " ", "零", " and ", " und ", " et "} and small
    spoken = not regex.search(r"\d", line[first.start : first.end] + line[second.start : second.end])
    tail = Decimal(10) if first.values[:1] and first.values[0] % 100 else Decimal(100)
    fits = bool(first.values and second.values) and first.values[0] >= 20 and second.values[0] < tail
    return gap == " " and spoken and fits and first.values[0] % tail == 0


@cache
def _multiples() -> dict[str, str]:
    return meanings(table("numbers")["multipliers"])


@cache
def _multiple_pattern() -> regex.Pattern[str]:
    words = "|".join(
        rf"{regex.escape(word)}(?!{_LETTER})" if regex.match(_LETTER, word) else regex.escape(word)
        for word in sorted(_multiples(), key=len, reverse=True)
    )
    return regex.compile(rf" ?(?P<word>{words})\.?")


@cache
def _note(name: str) -> regex.Pattern[str]:
    words = meanings({name: table("numbers")["notes"][name]})
    return regex.compile("|".join(_note_word(word) for word in sorted(words, key=len, reverse=True)))


def _note_word(word: str) -> str:
    return _alone(word) if regex.match(_LETTER, word) else str(regex.escape(word))


def _alone(word: str) -> str:
    return rf"(?<!{_LETTER}){regex.escape(word)}(?!{_LETTER})"


def _spelt_right(line: str) -> str:
    """The line with mistyped number words mended, where it is clear which were meant."""
    known = [
        word
        for language in table("numbers")["often_mistyped"].values()
        for word in map(str.strip, language.split(","))
    ]

    def mend(found: regex.Match[str]) -> str:
        near = (
            process.extract(found[0], known, scorer=fuzz.ratio, score_cutoff=80, limit=2)
            if len(found[0]) > 3
            else []
        )
        clear = near and (len(near) == 1 or near[0][1] - near[1][1] >= 5)
        return str(near[0][0]) if clear else str(found[0])

    return str(_WORDS.sub(mend, line))
