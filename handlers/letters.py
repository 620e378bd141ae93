"""What a letter says, as a plain value in two languages; `handlers.press` makes the page of it.

No storage and no typesetting here: whoever builds a letter from a case builds one `LetterContent`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from locales import N_, show_date


@dataclass(frozen=True, slots=True)
class Words:
    """One text in Chinese and in English; English may be empty: then it stands in Chinese alone.

    A line break begins a new paragraph, or a new line within a table.
    """

    zh: str
    en: str = ""

    @classmethod
    def same(cls, text: str) -> Words:
        """A text that needs no translation: a passport number, an address for mail."""
        return cls(text, text)

    @classmethod
    def day(cls, day: date) -> Words:
        return cls(show_date(day, "zh_Hans"), show_date(day, "en"))


NOTHING = Words("")
ELECTRONIC_NOTE = Words("电子件，以加盖公章原件为准。", "Electronic copy; the sealed original prevails.")
"""services.md (c): on every letter unless the office has a lawful electronic seal."""
UNPRINTABLE = N_(
    "Our fonts do not have {signs}. You can go on; it will be written into the letter by hand. "
    "Or give another form of the name."
)
"""Told when a name is typed, of what `Press.missing_glyphs` found."""
TRIAL = Words("试运行", "TRIAL · NOT VALID")
REVOKED = Words("已撤销", "REVOKED")


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that the letter states: its label and its value."""

    label: Words
    value: Words


@dataclass(frozen=True, slots=True)
class Table:
    """Guests, members, an itinerary: each row has as many cells as the header."""

    title: Words
    header: tuple[Words, ...]
    rows: tuple[tuple[Words, ...], ...]

    def __post_init__(self) -> None:
        if any(len(row) != len(self.header) for row in self.rows):
            raise UnevenTable(len(self.header), tuple(len(row) for row in self.rows))


class UnevenTable(ValueError):
    """A row of a table has more or fewer cells than its header."""

    def __init__(self, columns: int, cells: tuple[int, ...]) -> None:
        super().__init__(f"{columns} columns, rows of {cells}")
        self.columns = columns
        self.cells = cells


@dataclass(frozen=True, slots=True)
class LetterContent:
    """Everything that stands on one letter; the same content makes the same bytes."""

    number: str
    """沈外邀〔2027〕0001号"""
    code: str
    """The verification code as it is stored, ungrouped."""
    signed: date
    """The day of signing in office time."""
    office: Words
    title: Words
    """Without an English title the whole letter stands in Chinese alone."""
    verify_url: str
    """What the QR code holds; see `verify_url`."""
    recipient: Words = NOTHING
    paragraphs: tuple[Words, ...] = ()
    fields: tuple[Line, ...] = ()
    tables: tuple[Table, ...] = ()
    """Lists inside the letter: the members of a delegation."""
    closing: tuple[Words, ...] = ()
    annexes: tuple[Table, ...] = ()
    """Lists on pages of their own behind the letter: the guests, when they are many."""
    note: Words = ELECTRONIC_NOTE
    watermark: Words | None = None
    """Across every page: `TRIAL` or `REVOKED`."""
    template: str = "plain.typ"


def verify_url(code: str, *, public_url: str | None, bot: str) -> str:
    """The address in the QR code: the office's own page, or else the chat with the bot (`PUBLIC_URL`)."""
    return f"{public_url.rstrip('/')}/v/{code}" if public_url else f"https://t.me/{bot}?start=v_{code}"


def inside_or_annexed(
    table: Table, *, inside_up_to: int = 1
) -> tuple[tuple[Line, ...], tuple[Table, ...], tuple[Table, ...]]:
    """Where a list of people goes: (fields, tables, annexes) of a `LetterContent`.

    One row becomes fields of the letter, so that it needs no second page; up to `inside_up_to` rows a table
    inside it, and more an annex.
    """
    if len(table.rows) == 1:
        return tuple(map(Line, table.header, table.rows[0])), (), ()
    if len(table.rows) <= inside_up_to:
        return (), (table,), ()
    return (), (), (table,)


def words_of(content: LetterContent) -> Iterable[Words]:
    """Every text on the letter, to look for signs that no font has."""
    yield from (content.office, content.title, content.recipient, content.note)
    yield from content.paragraphs
    yield from content.closing
    for line in content.fields:
        yield from (line.label, line.value)
    for table in (*content.tables, *content.annexes):
        yield table.title
        yield from table.header
        for row in table.rows:
            yield from row


def joined(items: Sequence[Words]) -> Words:
    """Several names in one cell, each language with its own comma."""
    return Words("、".join(item.zh for item in items), ", ".join(item.en or item.zh for item in items))
