"""What a kind of question is: how it reads, checks, shows, stores and exports an answer.

Kinds serve services, registers, events and imports alike: they know neither drafts nor cases nor Telegram.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any, ClassVar

from pydantic import TypeAdapter
from pydantic import ValidationError as PydanticError

from locales import Message
from storage.conditions import Answers


class Control(StrEnum):
    """By what a kind is asked; a closed set, drawn by `handlers/` and shared with pages and imports."""

    TEXT = "text"
    BUTTONS = "buttons"
    LIST = "list"
    CALENDAR = "calendar"
    CONTACT = "contact"
    LOCATION = "location"
    FILE = "file"
    ROWS = "rows"
    TICK = "tick"


class Kept(StrEnum):
    """How a value is kept in clear; `storage.kinds.columns` makes the column, so that reading needs no database."""

    TEXT = "text"
    INTEGER = "integer"
    DATE = "date"
    YES_NO = "yes_no"
    CODE = "code"
    """A string that `dump` makes and `restore` reads."""
    PARTS = "parts"
    """JSON that `dump` makes and `restore` reads."""


@dataclass(frozen=True)
class Problem:
    """Why an answer is not taken: one sentence that names this fault and shows a right answer."""

    message: Message
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Taken:
    """The text has one reading."""

    value: Any
    repaired: bool = False
    """What was typed differs so much from what was read that the reading is shown back to the person."""


@dataclass(frozen=True)
class AskedBack:
    """The text has several readings, or one that is only a guess: the person chooses. Each stands once."""

    readings: tuple[Any, ...]

    def __post_init__(self) -> None:
        once = tuple(one for nth, one in enumerate(self.readings) if one not in self.readings[:nth])
        object.__setattr__(self, "readings", once)


@dataclass(frozen=True)
class Refused:
    """The text has no reading."""

    problem: Problem


Reading = Taken | AskedBack | Refused


@dataclass(frozen=True)
class Context:
    """What may help to read one answer, and what may be missing (`bot read` knows little)."""

    language: str = "en"
    today: date = date(1970, 1, 1)
    country: str | None = None
    """ISO 3166-1 alpha-2 of the person, or of the document's issuer."""
    answers: Answers | None = None
    """The answers beside this one, for cross-checks (birth date, sex, issuing country)."""


@dataclass(frozen=True)
class Offer:
    """One answer that can be tapped: the canonical value and what the button says (already worded).

    Not to be taken for `choices.Option`, a member of a `Choice` as a service file writes it.
    """

    value: Any
    label: str


class Unfit(ValueError):  # a stored value that is not of its kind; names no value
    """A stored value does not fit its kind."""


@dataclass(frozen=True)
class Kind:
    """One kind of question. Subclasses say how; `limited` gives one with a question's own limits."""

    name: ClassVar[str]
    """The type's name in services.md (b); what `bot read` and `bot services --json` call it."""
    control: ClassVar[Control] = Control.TEXT
    kept: ClassVar[Kept] = Kept.TEXT
    """How a table keeps an answer in clear; a secret one is sealed, whatever its kind."""
    python: ClassVar[Any] = str
    """The type of an answer in Python; pydantic reads and writes it as JSON."""

    at_least: int | None = None
    """Characters of a text, size of a number, entries of a list, by the kind."""
    at_most: int | None = None
    accepts: tuple[str, ...] = ()
    """What a file may be: pdf, jpeg, png, docx."""

    def limited(
        self, at_least: int | None = None, at_most: int | None = None, accepts: tuple[str, ...] = ()
    ) -> Kind:
        """The same kind within a question's own limits."""
        return replace(
            self,
            at_least=self.at_least if at_least is None else at_least,
            at_most=self.at_most if at_most is None else at_most,
            accepts=accepts or self.accepts,
        )

    def read(self, text: str, context: Context) -> Reading:
        """What a person's text means. Raw text comes in; the general treatment is the kind's to apply."""
        raise NotImplementedError

    def check(self, value: Any, context: Context) -> Problem | None:
        """Whether a value, however it came, is a right answer; `read` calls it on what it takes."""
        return None

    def show(self, value: Any, language: str) -> str:
        """The value as a person reads it; plain text, never markup."""
        return str(value)

    def options(self, context: Context) -> tuple[Offer, ...]:
        """What can be tapped, in order; empty where one can only type."""
        return ()

    def dump(self, value: Any) -> Any:
        """The value as JSON: canonical, what `bot read` prints and drafts and exports hold."""
        return self._adapter.dump_python(value, mode="json")

    def load(self, stored: Any) -> Any:
        """The value from its JSON. Raises Unfit."""
        try:
            return self._adapter.validate_python(stored)
        except PydanticError:
            raise Unfit(self.name) from None

    def restore(self, stored: Any) -> Any:
        """The value from a stored row, read leniently: None where it no longer fits its kind."""
        try:
            return self.load(stored)
        except Unfit:
            return None

    @cached_property
    def _adapter(self) -> TypeAdapter[Any]:
        return _adapter_for(self.python)


def _adapter_for(python: Any) -> TypeAdapter[Any]:
    adapter = _ADAPTERS.get(python)
    if adapter is None:
        adapter = _ADAPTERS[python] = TypeAdapter(python)
    return adapter


_ADAPTERS: dict[Any, TypeAdapter[Any]] = {}
"""A TypeAdapter takes 400 µs to make and 10 µs to use: one for each type."""
