"""From what people write about dates to a row of tokens, each of a class that the patterns of `days_said` name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import regex
from rapidfuzz import fuzz, process

from storage.kinds.calendar_words import Word, likely_mistyped, vocabulary
from storage.kinds.numerals import HAN, KOREAN, han_number, korean_number
from storage.kinds.treatment import folded

LONGEST, MOST = 400, 64
"""Characters and tokens beyond which a text is no answer to a question for a date, and not worth its time."""
_CLOCK = regex.compile(
    r"(?:(?<=\d)t|(?<!\d)) ?(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d)?(?:\.\d+)? ?(?:[ap]\.?m\b\.?|uhr|z|[+-]\d\d:?\d\d)?"
)
_CLOCK_WORDS = regex.compile(
    r"(?<![\d./-])(?:"
    r"(?:\d{1,2}|[一二三四五六七八九十]{1,3}) ?[点點時时시](?:钟|鐘|整)?"
    r"(?: ?(?:\d{1,2}|[一二三四五六七八九十]{1,3}) ?[分분]|半|반)?"
    r"|\d{1,2}(?:[.:]\d\d)? ?(?:[ap]\.?m\b\.?|uhr(?: \d\d)?|o'clock|hrs)"
    r"|\d{1,2} ?h(?: ?\d\d)?(?![\p{L}\d]))"
)
"""Times of day in words: 下午三点半 beside a date is no part of it."""
_WEEK_DATE = regex.compile(r"(?<!\d)(?P<year>\d{4})-?w(?P<week>\d\d)-?(?P<day>[1-7])(?!\d)")
_FRENCH_DAY = regex.compile(r"(?<!\p{L})le (?P<day>\d{1,2})(?=$|[ .,](?!\d|\p{L}))")
_KOREAN_SPANS = {
    "일주일": "1주",
    "이주일": "2주",
    "한 달": "1달",
    "두 달": "2달",
    "세 달": "3달",
    "한달": "1달",
    "두달": "2달",
}
_KANJI_DAY = regex.compile(r"[(\[](?P<day>[月火水木金土日])(?:曜日?)?(?:[・,/]?祝)?[)\]]")
_HANGUL_DAY = regex.compile(r"[(\[](?P<day>[월화수목금토일])(?:요일)?[)\]]")
_GERMAN_DAY = regex.compile(
    r"(?:^|(?<=[\s(]))(?P<day>mo|di|mi|do|fr|sa|so)(?:[.,]+ ?|\) ?)(?:den |dem |der )?(?=\d)"
)
_GERMAN_DAYS = dict(
    zip(
        ["mo", "di", "mi", "do", "fr", "sa", "so"],
        ["montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag"],
        strict=True,
    )
)
_FRENCH_TUESDAY = regex.compile(r"(?:^|(?<=[\s(]))mar[.,]? (?=\d{1,2}(?:er)? \p{L})")
_ERA_LETTER = regex.compile(r"(?<![\p{L}\d])(?P<era>[rhst])\.? ?(?=\d{1,2} ?[./年-])")
_ERA_LETTERS = {"r": "reiwa", "h": "heisei", "s": "showa", "t": "taisho"}
_LETTER_DIGITS = regex.compile(
    r"(?<![\p{L}\d])(?=[\doil]*\d)[\doil]*[oil][\doil]*(?=[./-]|年|月|日|$)|(?<=\d[./-])[oil][\doil]*(?![\p{L}])"
)
_KOREAN_DAYS = {
    "하루": 1,
    "이틀": 2,
    "사흘": 3,
    "나흘": 4,
    "닷새": 5,
    "엿새": 6,
    "이레": 7,
    "여드레": 8,
    "아흐레": 9,
    "열흘": 10,
    "보름": 15,
}
_NUMBER = regex.compile(
    r"(?P<n>\d+)(?P<ordinal>(?:st|nd|rd|th|er|ere|re|eme|e|ter|ten|te|-?\p{Cyrillic}{1,3})(?![\p{L}])|[ºª°])?"
)
_HAN_RUN = regex.compile(rf"[{HAN}]+|元(?=年)")
_KOREAN_RUN = regex.compile(rf"[{KOREAN}]+(?= ?[년월일])")
_LETTERS = regex.compile(r"[\p{Latin}\p{Cyrillic}]+(?:['-][\p{Latin}\p{Cyrillic}]+)*")
_OTHER = regex.compile(r"\p{L}")
_SIGNS = {
    "-": "-",
    "/": "/",
    ".": ".",
    ",": ",",
    ";": ",",
    "、": ".",
    "·": ".",
    "・": ".",
    "\\": "/",
    "_": "-",
    ":": ":",
    "。": ".",
}


@dataclass(frozen=True)
class Token:
    """One word, number or sign."""

    code: str
    value: int = 0
    text: str = ""
    digits: int = 0
    """How many digits a number was written with; 0 for one in words."""
    spaced: bool = False
    """Whether a space stands before it."""
    mistyped: bool = False
    word: Word | None = None

    @property
    def ordinal(self) -> bool:
        return self.word is not None and self.word.ordinal


def tokens(text: str) -> tuple[Token, ...]:
    """The tokens of a text; fillers ("of", の) are left out, since nothing depends on them. None of a long text."""
    if len(text) > LONGEST:
        return ()
    line, mended = _prepared(folded(text))
    found = [
        replace(token, mistyped=token.mistyped or (mended and token.code in "nNC")) for token in _scan(line)
    ]
    row = tuple(_joined([token for token in found if token.code != "f"]))
    return row if len(row) <= MOST else ()


def _prepared(line: str) -> tuple[str, bool]:
    """The line without a time of day, abbreviated weekdays and eras spelt out; whether letters stood for digits."""
    line = regex.sub(r"(?<=\d{4}):(?=\d\d:\d\d(?!\d))|(?<=\d{4}:\d\d):(?=\d\d(?![\d:]))", "-", line)
    line = _CLOCK_WORDS.sub(" ", _CLOCK.sub(" ", line))
    line = _FRENCH_DAY.sub(lambda found: f"{found['day']}e", _WEEK_DATE.sub(_iso_week, line))
    line = regex.sub(r"(?<!\p{L})(?:a |one )?fortnight(?!\p{L})", "2 weeks", line)
    line = _KANJI_DAY.sub(lambda found: f" {found['day']}曜日", line)
    line = _HANGUL_DAY.sub(lambda found: f" {found['day']}요일", line)
    line = _GERMAN_DAY.sub(lambda found: f"{_GERMAN_DAYS[found['day']]} ", line)
    line = _FRENCH_TUESDAY.sub("mardi ", line)
    line = _ERA_LETTER.sub(lambda found: f"{_ERA_LETTERS[found['era']]} ", line)
    for word, span in _KOREAN_SPANS.items():
        line = line.replace(word, span)
    for word, number in _KOREAN_DAYS.items():
        line = line.replace(word, f"{number}일")
    mended = _LETTER_DIGITS.sub(
        lambda found: found[0].replace("o", "0").replace("i", "1").replace("l", "1"), line
    )
    return mended, mended != line


def _iso_week(found: regex.Match[str]) -> str:
    """2027-W10-3 as its date; left as it is where the year has no such week."""
    try:
        return date.fromisocalendar(int(found["year"]), int(found["week"]), int(found["day"])).isoformat()
    except ValueError:
        return " "


def _scan(line: str) -> Iterator[Token]:
    place = 0
    spaced = False
    while place < len(line):
        if line[place] == " ":
            place, spaced = place + 1, True
            continue
        token, place = _next(line, place)
        if token is not None:
            yield replace(token, spaced=spaced)
        spaced = False


def _next(line: str, place: int) -> tuple[Token | None, int]:
    if line[place] in _SIGNS:
        sign = _SIGNS[line[place]]
        return Token(sign, text=sign), place + 1
    if found := _NUMBER.match(line, place):
        return _number(found["n"], ordinal=bool(found["ordinal"])), found.end()
    if (named := _named(line, place)) is not None:
        return named
    if found := _HAN_RUN.match(line, place):
        return _han(found[0]), found.end()
    if found := _KOREAN_RUN.match(line, place):
        value = korean_number(found[0])
        return (Token("?", text=found[0]) if value is None else _spoken(value, found[0])), found.end()
    if found := _LETTERS.match(line, place):
        return _unknown(found[0]), found.end()
    return (Token("?", text=line[place]) if _OTHER.match(line[place]) else None), place + 1


def _named(line: str, place: int) -> tuple[Token, int] | None:
    """The longest known word here; where the script parts words, a whole one."""
    for name, word in vocabulary().get(line[place], ()):
        end = place + len(name)
        if line.startswith(name, place) and _whole(line, place, end):
            return Token(word.code, word.value, name, word=word), end
    return None


def _whole(line: str, place: int, end: int) -> bool:
    def letter(index: int) -> bool:
        return 0 <= index < len(line) and regex.match(r"[\p{Latin}\p{Cyrillic}]", line[index]) is not None

    return not (letter(place) and letter(place - 1)) and not (letter(end - 1) and letter(end))


def _number(digits: str, *, ordinal: bool = False) -> Token:
    word = Word("n", ordinal=True) if ordinal else None
    if len(digits) <= 2:
        code = "n"
    elif len(digits) <= 5:
        code = "N"
    else:
        code = "C" if len(digits) in {6, 8} else "x"
    return Token(code, int(digits[:9]), digits, len(digits), word=word)


def _han(text: str) -> Token:
    value = 1 if text == "元" else han_number(text)
    if value is None:
        return Token("?", text=text)
    positional = len(text) > 2 and not any(sign in "十百千廿卅拾佰仟" for sign in text)
    return Token("N", value, text, len(text)) if positional else _spoken(value, text)


def _spoken(value: int, text: str) -> Token:
    return Token("n" if value < 100 else "N", value, text, 2 if value < 100 else len(str(value)))


def _unknown(word: str) -> Token:
    """A word that no table has; perhaps a mistyped month or weekday."""
    if len(word) >= 4:
        near = process.extract(word, list(likely_mistyped()), scorer=fuzz.ratio, score_cutoff=78, limit=4)
        best = [name for name, score, _ in near if score > near[0][1] - 6]
        if not best or (len(word) == 4 and near[0][1] < 86):
            best = [name for name in likely_mistyped() if name[0] == word[0] and sorted(name) == sorted(word)]
        meant = {(likely_mistyped()[name].code, likely_mistyped()[name].value) for name in best}
        if len(meant) == 1:
            code, value = meant.pop()
            return Token(code, value, word, mistyped=True)
    return Token("?", text=word)


def _joined(row: list[Token]) -> Iterator[Token]:
    """Pairs that are one thing: "next week", "semaine prochaine", "next Friday", "vendredi prochain"."""
    place = 0
    while place < len(row):
        pair = "".join(token.code for token in row[place : place + 2])
        whole = _JOINS.get(pair)
        if whole is None:
            yield row[place]
            place += 1
            continue
        shift = next(token for token in row[place : place + 2] if token.code in "sc")
        other = next(token for token in row[place : place + 2] if token.code not in "sc")
        weeks = shift.value if shift.code == "s" else 0
        word = Word(whole, other.value, shift=weeks)
        code = "w" if whole == "W" and shift.code == "c" else whole
        value = other.value if whole == "W" else weeks
        yield Token(code, value, f"{shift.text} {other.text}", spaced=row[place].spaced, word=word)
        place += 2


_JOINS = {
    "sk": "V",
    "ks": "V",
    "so": "X",
    "os": "X",
    "sO": "X",
    "sy": "Z",
    "ys": "Z",
    "sY": "Z",
    "sw": "W",
    "ws": "W",
    "cw": "W",
    "wc": "W",
}
