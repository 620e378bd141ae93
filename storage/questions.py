"""Questions: how one field is asked, and the repeating groups made of them. Registers and events use them too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, TypeVar, get_args

from annotated_types import Ge, Le, MaxLen, MinLen
from pydantic import BaseModel, ConfigDict
from pydantic.fields import FieldInfo
from sqlalchemy.types import TypeEngine

from locales import N_, Message, plural
from storage.conditions import Condition, Test
from storage.kinds.columns import column_of
from storage.kinds.kind import Context, Control, Kept, Kind, Problem, Unfit
from storage.kinds.numbers import CountKind
from storage.kinds.sealed import SealedAnswer
from storage.kinds.texts import TextKind
from storage.kinds.yes_no import YesNoKind


class ServiceFault(TypeError):  # a fault of a service file, told to who writes it
    """A service file says something that can't be: raised when the file is imported."""


@dataclass(frozen=True)
class Ask:
    """How one field is asked."""

    text: Message
    hint: Message | None = None
    """An example of a good answer; stands with the question, not only in the error."""
    secret: bool = False
    """The answer is sealed, masked on cards, and found by its exact value only."""
    when: Condition | None = None
    """Asked only while this holds; when it turns false the answer is dropped."""
    optional: bool = False
    """A conditional question that may be skipped nevertheless."""
    at_least: int | None = None
    at_most: int | None = None
    accepts: tuple[str, ...] = ()
    """What a file may be, by extension: pdf, jpeg, png, docx."""
    label: Message | None = None
    """The field's short name on cards, in summaries and letters; else the question itself."""
    profile: str | None = None
    """The field's name in the person's profile, from which the answer is offered with one tap."""
    section: Message | None = None
    """The heading under which the summary groups it and what follows it."""
    was: str | None = None
    """The name that the field had in an earlier version of the form."""
    find: bool = False
    """The answer is indexed in `finds`, so that officers find the case by it."""


@dataclass(frozen=True)
class Question:
    """One field of a form with its kind and how it is asked."""

    field: str
    attribute: str
    """The field's name in Python: with a trailing underscore where Python or the form owns the word."""
    kind: Kind
    ask: Ask
    nullable: bool

    @cached_property
    def skippable(self) -> bool:
        return self.ask.optional or (self.nullable and self.ask.when is None)

    @property
    def secret(self) -> bool:
        return self.ask.secret

    @property
    def label(self) -> Message:
        return self.ask.label or self.ask.text

    @cached_property
    def row(self) -> type[Row] | None:
        """The row of a repeating group, None for a plain question."""
        return self.kind.row if isinstance(self.kind, RowsKind) else None

    def column(self) -> TypeEngine[Any]:
        return SealedAnswer(self.kind) if self.holds_secret else column_of(self.kind)

    @cached_property
    def holds_secret(self) -> bool:
        """Whether the answer, or any part of it, is secret: a group with one secret is sealed whole."""
        return self.secret or (
            self.row is not None and any(one.holds_secret for one in questions_of(self.row))
        )


@dataclass(frozen=True)
class Rule:
    """A named condition over answers and facts that refuses or warns, and names the field to mend.

    Runs when all its fields are answered, and again at submission. `again` is the field asked again; else the one
    just answered, at submission the last. `needs` are look-ups that storage makes before the pure call.
    """

    fields: tuple[str, ...]
    test: Test
    sentence: Message
    warn: bool = False
    again: str | None = None
    needs: tuple[str, ...] = ()


class Row(BaseModel):
    """One entry of a repeating group. Frozen: a change inside a list would not be written, and say nothing."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True, arbitrary_types_allowed=True)

    rules: ClassVar[tuple[Rule, ...]] = ()
    key: ClassVar[tuple[str, ...]] = ()
    """Fields that together may stand only once in the group."""
    kind: ClassVar[str] = "rows"
    """The group's type in services.md (b): rows, members or itinerary."""
    names: ClassVar[tuple[str, ...]] = ()
    """Fields by which a row is named in lists; else its first."""
    called: ClassVar[Message | None] = None
    """What one row is: "Guest", so that people read "Guest 2"; else the group's label stands."""

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """Nothing: an answer may be secret."""
        yield from ()


R = TypeVar("R", bound=Row)


@dataclass(frozen=True)
class RowsKind(Kind):
    """A repeating group. Its answer is a tuple of mappings, field to value, one a row."""

    name: ClassVar[str] = "rows"
    kept: ClassVar[Kept] = Kept.PARTS
    control: ClassVar[Control] = Control.ROWS
    row: type[Row] = Row

    @property
    def type_name(self) -> str:
        return self.row.kind

    def check(self, value: Any, context: Context) -> Problem | None:
        if self.at_least is not None and len(value) < self.at_least:
            return Problem(N_("At least {n} are needed here."), {"n": self.at_least})
        if self.at_most is not None and len(value) > self.at_most:
            return Problem(N_("At most {n} fit here."), {"n": self.at_most})
        return None

    def show(self, value: Any, language: str) -> str:
        return plural("{n} entry", "{n} entries", len(value), language)

    def show_row(self, values: Mapping[str, Any], language: str) -> str:
        """One row on one line: its naming fields, without secrets."""
        named = [question_of(self.row, name) for name in self.row.names or (questions_of(self.row)[0].field,)]
        parts = [
            question.kind.show(values[question.field], language)
            for question in named
            if question and not question.secret and values.get(question.field) is not None
        ]
        return " · ".join(parts)

    def dump(self, value: Any) -> Any:
        return [dump_answers(self.row, _values(row)) for row in value]

    def load(self, stored: Any) -> Any:
        if not isinstance(stored, list):
            raise Unfit(self.type_name)
        return tuple(load_answers(self.row, row) for row in stored if isinstance(row, dict))

    def restore(self, stored: Any) -> Any:
        rows = super().restore(stored)
        return rows and tuple(self.row.model_construct(**_attributes(self.row, row)) for row in rows)


if TYPE_CHECKING:
    Rows = tuple[R, ...]
else:

    class Rows:
        """`Rows[Guest]`: a repeating group of guests."""

        def __class_getitem__(cls, row: type[Row]) -> Any:
            return Annotated[tuple[row, ...], RowsKind(row=row)]


def dump_answers(form: type[BaseModel], answers: Mapping[str, Any]) -> dict[str, Any]:
    """Answers as JSON by field. What the form does not know is written back as it was read."""
    known = _by_field(form)
    return {
        name: known[name].kind.dump(value) if name in known and value is not None else value
        for name, value in answers.items()
    }


def load_answers(form: type[BaseModel], stored: Mapping[str, Any]) -> dict[str, Any]:
    """Answers from JSON, read leniently: what no longer fits its kind is left out and so asked again."""
    answers = dict(stored)
    for question in questions_of(form):
        raw = answers.pop(
            question.field, answers.pop(question.ask.was, _ABSENT) if question.ask.was else _ABSENT
        )
        if raw is _ABSENT:
            continue
        try:
            answers[question.field] = None if raw is None else question.kind.load(raw)
        except Unfit:
            continue
    return answers


_ABSENT: Any = object()


def questions_of(form: type[BaseModel]) -> tuple[Question, ...]:
    """The questions that a form's own fields carry, in order. Raises ServiceFault."""
    return _questions(form)


@cache
def _questions(form: type[BaseModel]) -> tuple[Question, ...]:
    found = (_question(name, info) for name, info in form.model_fields.items())
    return tuple(question for question in found if question is not None)


def plain_name(name: str) -> str:
    """The field that a name in a rule means: `guests.passport` looks at the group, `from_` at the field "from"."""
    return name.split(".", maxsplit=1)[0].removesuffix("_")


@cache
def row_questions(group: Question) -> tuple[Question, ...]:
    """The questions of each row of a repeating group; in a secret group all of them are secret."""
    questions = questions_of(group.row) if group.row is not None else ()
    if not group.secret:
        return questions
    return tuple(replace(one, ask=replace(one.ask, secret=True)) for one in questions)


def question_of(form: type[BaseModel], field_id: str) -> Question | None:
    """One question by its field's id."""
    return _by_field(form).get(field_id)


@cache
def _by_field(form: type[BaseModel]) -> Mapping[str, Question]:
    return {question.field: question for question in questions_of(form)}


def _question(name: str, info: FieldInfo) -> Question | None:
    ask = next((item for item in info.metadata if isinstance(item, Ask)), None)
    if ask is None:
        return None
    return Question(
        field=name.removesuffix("_"),
        attribute=name,
        kind=_kind(name, info).limited(*_limits(ask, info), ask.accepts),
        ask=ask,
        nullable=type(None) in get_args(info.annotation),
    )


def _kind(name: str, info: FieldInfo) -> Kind:
    kinds = [item for item in (*info.metadata, *_metadata_within(info.annotation)) if isinstance(item, Kind)]
    if kinds:
        return kinds[0]
    plain = next((part for part in (info.annotation, *get_args(info.annotation)) if part in _PLAIN), None)
    if plain is None:
        raise ServiceFault(f"{name}: {info.annotation!r} is no kind of question")
    return _PLAIN[plain]


_PLAIN: dict[Any, Kind] = {str: TextKind(), int: CountKind(), bool: YesNoKind()}


def _metadata_within(annotation: Any) -> Iterator[Any]:
    """Metadata of `Annotated` parts inside a union: pydantic keeps them there, out of `FieldInfo.metadata`."""
    for part in get_args(annotation):
        yield from getattr(part, "__metadata__", ())


def _limits(ask: Ask, info: FieldInfo) -> tuple[int | None, int | None]:
    at_least, at_most = ask.at_least, ask.at_most
    for item in info.metadata:
        match item:
            case MinLen(min_length=bound) | Ge(ge=bound):
                at_least = int(bound)  # type: ignore[call-overload]  # bounds of text and count are whole
            case MaxLen(max_length=bound) | Le(le=bound):
                at_most = int(bound)  # type: ignore[call-overload]
    return at_least, at_most


def _values(row: Any) -> Mapping[str, Any]:
    if isinstance(row, Mapping):
        return row
    return {question.field: getattr(row, question.attribute) for question in questions_of(type(row))}


def _attributes(row: type[Row], values: Mapping[str, Any]) -> dict[str, Any]:
    return {question.attribute: values.get(question.field) for question in questions_of(row)}
