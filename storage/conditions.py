"""What a rule may look at and how it is named: answers, facts, conditions. Knows neither forms nor approval."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from locales import N_, Message

if TYPE_CHECKING:
    from storage.calendar import Calendar

if TYPE_CHECKING:

    class Answered(Any):  # type: ignore[misc]  # of any type, so that a service file needs no casts
        """An answer as a rule sees it; compared with another it says yes or no, and `x or ()` is of one type."""

        def __iter__(self) -> Iterator[Any]: ...
        def __bool__(self) -> Literal[True]: ...
        def __lt__(self, other: object) -> bool: ...
        def __le__(self, other: object) -> bool: ...
        def __gt__(self, other: object) -> bool: ...
        def __ge__(self, other: object) -> bool: ...

else:
    Answered = Any

_NOTHING: Mapping[str, Any] = MappingProxyType({})


class Answers:
    """The answers of a form by field; what is not answered reads as None.

    A row, or a matter, looks in itself first and then in the form around it. A repeating group reads as a
    tuple of `Answers`. `answers.from_` is the field whose id is "from": Python owns the bare word.
    """

    __slots__ = ("_outer", "_values")

    def __init__(self, values: Mapping[str, Any], outer: Answers | None = None) -> None:
        self._values = values
        self._outer = outer

    def __getattr__(self, name: str) -> Answered:
        if name.startswith("__"):
            raise AttributeError(name)
        found: Answered = self[name.removesuffix("_")]
        return found

    def __getitem__(self, field_id: str) -> Any:
        if field_id in self._values:
            return self._within(self._values[field_id])
        return self._outer[field_id] if self._outer is not None else None

    def __contains__(self, field_id: object) -> bool:
        """Whether the field has an answer here (a skipped one has none)."""
        return self._values.get(str(field_id)) is not None

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Answers) and dict(self._values) == dict(other._values)

    def __hash__(self) -> int:
        return hash(frozenset(self._values))

    def __repr__(self) -> str:
        """Field names only: an answer may be secret."""
        return f"Answers({', '.join(self._values)})"

    def row(self, values: Mapping[str, Any]) -> Answers:
        """One row, or one matter, of this form."""
        return Answers(values, outer=self)

    def _within(self, value: Any) -> Any:
        if isinstance(value, tuple) and value and all(isinstance(item, Mapping) for item in value):
            return tuple(self.row(item) for item in value)
        return value


@dataclass(frozen=True)
class Facts:
    """What a rule may know beside the answers. Fetched before the pure call; nothing here reaches out."""

    today: date
    calendar: Calendar
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Decisions of the office by name (`office.toml`); a rule gives the default."""
    language: str = "en"
    person: int | None = None
    """Who asks, by the person's id."""
    audiences: frozenset[str] = frozenset()
    unit: str | None = None
    """The bureau or host for which the person asks."""
    profile: Mapping[str, Any] = field(default_factory=dict)
    """Answers that the person gave before and may take again with one tap."""
    looked_up: Mapping[str, Any] = field(default_factory=dict)
    """Results of the look-ups that rules declare in `needs`."""
    secrets_in_chat: bool = True
    """Whether the office lets secret answers travel through the chat (`collect_secret_in_chat`)."""
    first_submitted: date | None = None
    """Limits of date count from here once a case was filed (a returned case is not late by being returned)."""

    def setting(self, name: str, default: Any) -> Any:
        """What the office decided under `name`, else the default that the rule names."""
        return self.settings.get(name, default)

    @property
    def counted_from(self) -> date:
        """The day from which limits of date count."""
        return self.first_submitted or self.today


@dataclass(frozen=True)
class Fails:
    """A test's verdict "no" with the values that its sentence names."""

    values: Mapping[str, object]

    def __init__(self, **values: object) -> None:
        object.__setattr__(self, "values", MappingProxyType(values))

    def __bool__(self) -> bool:
        return False


Test = Callable[[Answers, Facts], "bool | Fails"]
"""A named function that says whether answers and facts are as they should be."""


@dataclass(frozen=True)
class Condition:
    """A named yes or no over answers and facts, with the sentence that explains it to a person."""

    name: str
    sentence: Message
    test: Callable[[Answers, Facts], bool] = field(compare=False, repr=False)
    fields: tuple[str, ...] = ()
    """The fields it looks at, where known: only `when` can tell."""

    def __call__(self, answers: Answers, facts: Facts) -> bool:
        return bool(self.test(answers, facts))

    def __and__(self, other: Condition) -> Condition:
        return Condition(
            f"{self.name}&{other.name}",
            self.sentence,
            lambda answers, facts: self(answers, facts) and other(answers, facts),
            self.fields + other.fields,
        )

    def __or__(self, other: Condition) -> Condition:
        return Condition(
            f"{self.name}|{other.name}",
            self.sentence,
            lambda answers, facts: self(answers, facts) or other(answers, facts),
            self.fields + other.fields,
        )

    def __invert__(self) -> Condition:
        return Condition(
            f"!{self.name}", self.sentence, lambda answers, facts: not self(answers, facts), self.fields
        )


def condition(sentence: Message) -> Callable[[Callable[[Answers, Facts], bool]], Condition]:
    """Name a function as a condition; `sentence` says it in words, for the chat and `bot explain`."""

    def name(test: Callable[[Answers, Facts], bool]) -> Condition:
        return Condition(test.__name__, sentence, test)

    return name


def when(field_id: str, *values: Any) -> Condition:
    """The field's answer is one of `values` (of several choices: contains one of them); without values: is yes."""
    wanted = values or (True,)

    def test(answers: Answers, _facts: Facts) -> bool:
        given = answers[field_id]
        chosen = given if isinstance(given, tuple) else (given,)
        return any(one in wanted for one in chosen)

    names = ",".join(_name(value) for value in wanted)
    return Condition(f"{field_id}={names}", N_("Depends on an earlier answer."), test, (field_id,))


def _name(value: object) -> str:
    return str(getattr(value, "name", value)).lower()


def working_days_ahead(field_id: str, setting: str, default: int) -> Test:
    """The date lies at least so many working days ahead; fails with {days} and {earliest}."""

    def test(answers: Answers, facts: Facts) -> bool | Fails:
        given = answers[field_id]
        start = getattr(given, "start", given)
        days = int(facts.setting(setting, default))
        earliest = facts.calendar.add_working_days(facts.counted_from, days)
        return start is None or start >= earliest or Fails(days=days, earliest=earliest)

    test.__name__ = f"working_days_ahead({field_id})"
    return test


def stands_alone(field_id: str, choice: Any) -> Test:
    """Of several choices, `choice` ("none of these") is not taken together with others."""

    def test(answers: Answers, _facts: Facts) -> bool:
        chosen = answers[field_id] or ()
        return choice not in chosen or len(chosen) == 1

    test.__name__ = f"stands_alone({field_id})"
    return test
