"""Choices: the lists that a service file writes, one of them or several, and what an older list has left behind."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, TypeVar

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from locales import N_, Message, show_list, translate
from storage.kinds.choosing import Named, choose, choose_several
from storage.kinds.kind import Context, Control, Kept, Kind, Offer, Problem, Reading, Refused, Taken, Unfit
from storage.kinds.yes_no import YesNoKind

__all__ = ["Choice", "ChoiceKind", "ChoicesKind", "Option", "Pick", "Picks", "Relic", "YesNoKind"]


@dataclass(frozen=True)
class Option:
    """A member of a `Choice` that needs more than its label."""

    label: Message
    retired: bool = False
    """Still shown where it was chosen; no longer offered or taken."""


@dataclass(frozen=True)
class Relic:
    """A stored choice that the list no longer has: shown as it is, written back unchanged, never offered or taken."""

    code: str
    retired: ClassVar[bool] = True

    @property
    def label(self) -> Message:
        return Message(self.code.replace("_", " "))


class Choice(Enum):
    """One list of answers. Members are labels (`STUDY = N_("Study")`) or an `Option`; stored by `code`.

    Raises TypeError at import where two members have one label: Python would make them one.
    """

    def __new__(cls, label: Message | Option) -> Choice:
        member = object.__new__(cls)
        member._value_ = label.label if isinstance(label, Option) else label
        return member

    def __init__(self, label: Message | Option) -> None:
        self.retired = isinstance(label, Option) and label.retired

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for name, member in cls.__members__.items():
            if member.name != name:
                raise TypeError(
                    f"{cls.__name__}.{name} and .{member.name} have one label, {str(member.label)!r}: Python makes "
                    'one member of them. Word one of them otherwise, or give it a context: N_("Single", "entries").'
                )

    @property
    def code(self) -> str:
        """What is stored and what other programs read: the name in lower case, without Python's underscore."""
        return self.name.lower().rstrip("_")

    @property
    def label(self) -> Message:
        label: Message = self.value
        return label

    @classmethod
    def of(cls, code: str) -> Choice | None:
        """The member by its code."""
        return next((member for member in cls if member.code == code), None)

    @classmethod
    def relic(cls, raw: Any) -> Relic | None:
        """How storage reads a code that this list does not know."""
        return Relic(raw) if isinstance(raw, str) else None

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls._validated,
            serialization=core_schema.plain_serializer_function_ser_schema(lambda one: one.code),
        )

    @classmethod
    def _validated(cls, value: Any) -> Choice | Relic:
        """A member by itself or its code. A relic passes as one; a bare unknown code does not become one."""
        member = cls.of(value) if isinstance(value, str) else value
        if isinstance(member, cls | Relic):
            return member
        raise PydanticCustomError("choice", "not one of the choices")


@dataclass(frozen=True)
class ChoiceKind(Kind):
    """One of a list: buttons up to eight, else a list with search; typed by name in any language, or by number."""

    name: ClassVar[str] = "choice"
    kept: ClassVar[Kept] = Kept.CODE
    python: ClassVar[Any] = property(lambda kind: kind.enum)

    enum: type[Choice] = Choice

    if TYPE_CHECKING:
        control: ClassVar[Control]
    else:
        control = property(lambda kind: _control(kind.enum))

    def read(self, text: str, context: Context) -> Reading:
        return choose(text, _named(self.enum)) or Refused(_none_of(self.enum))

    def check(self, value: Any, context: Context) -> Problem | None:
        return None if isinstance(value, self.enum) and not value.retired else _none_of(self.enum)

    def show(self, value: Any, language: str) -> str:
        return translate(value.label, language)

    def options(self, context: Context) -> tuple[Offer, ...]:
        return _offers(self.enum, context.language)

    def load(self, stored: Any) -> Any:
        return _stored(self.enum, stored)


@dataclass(frozen=True)
class ChoicesKind(Kind):
    """Several of a list, between `at_least` and `at_most`; a tuple in the list's order."""

    name: ClassVar[str] = "choices"
    kept: ClassVar[Kept] = Kept.PARTS
    python: ClassVar[Any] = property(lambda kind: _tuple_of(kind.enum))

    enum: type[Choice] = Choice

    if TYPE_CHECKING:
        control: ClassVar[Control]
    else:
        control = property(lambda kind: _control(kind.enum))

    def read(self, text: str, context: Context) -> Reading:
        reading = choose_several(text, _named(self.enum)) or Refused(_none_of(self.enum))
        problem = self.check(reading.value, context) if isinstance(reading, Taken) else None
        return Refused(problem) if problem else reading

    def check(self, value: Any, context: Context) -> Problem | None:
        if not isinstance(value, tuple) or any(
            not isinstance(one, self.enum) or one.retired for one in value
        ):
            return _none_of(self.enum)
        least = 1 if self.at_least is None else self.at_least
        if len(value) < least:
            return Problem(N_("Choose at least {n} of these."), {"n": least})
        if self.at_most is not None and len(value) > self.at_most:
            return Problem(
                N_("Choose at most {n} of these; these are {given}."),
                {"n": self.at_most, "given": len(value)},
            )
        return None

    def show(self, value: Any, language: str) -> str:
        return show_list([translate(one.label, language) for one in value], language)

    def options(self, context: Context) -> tuple[Offer, ...]:
        return _offers(self.enum, context.language)

    def dump(self, value: Any) -> Any:
        return [one.code for one in value]

    def load(self, stored: Any) -> Any:
        if not isinstance(stored, list | tuple):
            raise Unfit(self.name)
        return tuple(_stored(self.enum, one) for one in stored)


E = TypeVar("E", bound=Choice)

if TYPE_CHECKING:
    Pick = Annotated[E, "choice"]
    Picks = Annotated[tuple[E, ...], "choices"]
else:

    class Pick:
        """`Pick[Purpose]`: one of a service's own choices."""

        def __class_getitem__(cls, enum: type[Choice]) -> Any:
            return Annotated[enum, ChoiceKind(enum=enum)]

    class Picks:
        """`Picks[Purpose]`: several of a service's own choices."""

        def __class_getitem__(cls, enum: type[Choice]) -> Any:
            return Annotated[tuple[enum, ...], ChoicesKind(enum=enum)]


def _tuple_of(enum: Any) -> Any:
    return tuple[enum, ...]


BUTTONS_AT_MOST = 8
"""More than these are asked by a list with search (services.md (b), `choice`)."""


def _offered(enum: type[Choice]) -> tuple[Choice, ...]:
    return tuple(member for member in enum if not member.retired)


def _control(enum: type[Choice]) -> Control:
    return Control.BUTTONS if len(_offered(enum)) <= BUTTONS_AT_MOST else Control.LIST


def _named(enum: type[Choice]) -> tuple[Named, ...]:
    return tuple(Named(member, member.code, member.label) for member in _offered(enum))


def _offers(enum: type[Choice], language: str) -> tuple[Offer, ...]:
    return tuple(Offer(member, translate(member.label, language)) for member in _offered(enum))


def _stored(enum: type[Choice], stored: Any) -> Choice | Relic:
    """A member by its code, else a relic. Raises Unfit where it is no code at all."""
    if isinstance(stored, enum | Relic):
        return stored
    if not isinstance(stored, str):
        raise Unfit(enum.__name__)
    return enum.of(stored) or Relic(stored)


def _none_of(enum: type[Choice]) -> Problem:
    offered = _offered(enum)
    if len(offered) <= BUTTONS_AT_MOST:
        labels = tuple(member.label for member in offered)
        return Problem(
            N_("This is not among the answers. Choose one of these: {choices}."), {"choices": labels}
        )
    return Problem(
        N_("This is not among the answers. Choose one from the list, or write its name or number.")
    )
