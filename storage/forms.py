"""The words a service is written in: a service file is an SQLModel table whose fields carry their questions.

`docs/adding-a-service.md` tells how; `storage/flow.py` says what is asked next; `storage/approval.py` where it goes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar, cast

from pydantic import ConfigDict
from sqlalchemy.orm import declared_attr
from sqlmodel import Field, SQLModel
from sqlmodel.main import FieldInfoMetadata, SQLModelMetaclass

from locales import Message
from storage.approval import Route
from storage.conditions import Condition
from storage.form_names import refuse_unknown_names
from storage.kinds import Attachment
from storage.kinds.choices import Choice, Option, Pick, Picks
from storage.questions import Ask, Question, Row, Rows, Rule, ServiceFault, questions_of

__all__ = [
    "Ask",
    "Attachment",
    "Audience",
    "Choice",
    "Duplicate",
    "Letter",
    "Matter",
    "Option",
    "Pick",
    "Picks",
    "Question",
    "Row",
    "Rows",
    "Rule",
    "Service",
    "ServiceFault",
    "questions_of",
]


class Audience(StrEnum):
    """For whom a service is; orders the menu and never blocks a draft (services.md (a), in that table's order)."""

    PUBLIC = "public"
    OVERSEAS = "overseas"
    TALENT = "talent"
    HOST = "host"
    BUREAU = "bureau"
    NGO = "ngo"
    JOURNALIST = "journalist"
    ABROAD = "abroad"
    CADRE = "cadre"
    CONSULATE = "consulate"
    ANONYMOUS = "anonymous"


@dataclass(frozen=True)
class Letter:
    """The document that an approved case produces: its mark and what stands on it."""

    mark: str
    template: str = "plain.typ"
    title: Message | None = None
    shows: tuple[str, ...] = ()
    """Fields in the letter's order; else all that are neither secret nor files. A secret named here stands in full."""
    closing: tuple[Message, ...] = ()
    opening: tuple[Message, ...] = ()
    """Sentences before what it states; `{host}` stands for that field's answer, of an organisation for its name."""
    to: Message | None = None
    """Whom it addresses; else the organisation or person that applies."""


@dataclass(frozen=True)
class Duplicate:
    """What makes two open cases the same: equal fields, and days that overlap."""

    fields: tuple[str, ...]
    """Names of fields, `guests.passport_no` for one inside a group; `unit` for the applicant's bureau."""
    overlap: str | None = None
    """A date range whose days must overlap as well."""
    everyone: bool = False
    """Compared with all cases (shown to officers only), not just the applicant's own."""


def snake_case(name: str) -> str:
    """InvitationLetter -> invitation_letter."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _refuse_taken_names(form: type[Form]) -> None:
    """A question named like something that the form, pydantic or SQLModel owns. Raises ServiceFault."""
    for question in questions_of(form):
        if any(
            question.attribute in vars(base) or question.attribute in vars(base).get("__annotations__", {})
            for base in form.__mro__[1:]
            if not _asks(base, question.attribute)
        ):
            raise ServiceFault(
                f"{form.__name__}.{question.attribute}: the form owns this name; give it a trailing underscore"
            )


def _asks(base: type, attribute: str) -> bool:
    """Whether a class above asks this question itself, and only hands it down."""
    return attribute in getattr(base, "model_fields", {})


class Form(SQLModel):
    """A table whose fields carry questions. Puts the column of its kind on each, before SQLModel looks.

    A question must not have the name of a class variable of its form (`title`, `route`, …): it would lose its
    place. It takes a trailing underscore then, which its id has not.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True, hide_input_in_errors=True)  # type: ignore[assignment]

    rules: ClassVar[tuple[Rule, ...]] = ()
    route: ClassVar[Route]
    letter: ClassVar[Letter | None] = None
    same_case: ClassVar[Duplicate | None] = None
    district_field: ClassVar[str | None] = None
    """The field that names the applicant's district, where the route begins at a district's office."""
    kept_years: ClassVar[int] = 10
    refusal_reasons: ClassVar[tuple[Message, ...]] = ()
    """Reasons of a refusal that officers are offered beside the common ones."""
    urgent_when: ClassVar[Condition | None] = None
    """On the urgent path no stage is left out, and none takes longer than the route's `urgent`."""

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        _refuse_taken_names(cls)
        for question in questions_of(cls):
            extra: dict[str, Any] = {"name": question.field}
            if question.ask.was:
                extra["info"] = {"was": question.ask.was}
            cls.model_fields[question.attribute].metadata.insert(
                0, FieldInfoMetadata(sa_type=question.column(), nullable=True, sa_column_kwargs=extra)
            )

    @declared_attr.directive
    def __tablename__(cls) -> str:  # noqa: N805  # SQLAlchemy calls it with the class
        return snake_case(cls.__name__)

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:  # type: ignore[override]
        """The table's key alone: an answer may be secret."""
        yield "case_id", getattr(self, "case_id", None)

    @classmethod
    def form_id(cls) -> str:
        """The form's name everywhere: its file, its table, its links."""
        return snake_case(cls.__name__)


_IMPLIED = frozenset(
    {
        "not_secret",
        "applicant_name",
        "applicant_phone",
        "applicant_email",
        "applicant_organisation",
        "applicant_post",
        "truth",
    }
)
"""The questions that every service has around its own (`storage.implied`), which its rules may name."""


class Service(Form):
    """One thing the office does for people: title, questions, rules and the route its cases take."""

    title: ClassVar[Message]
    duty: ClassVar[int]
    audiences: ClassVar[set[Audience]]
    version: ClassVar[int] = 1
    about: ClassVar[Message | None] = None
    """What it is for and who may use it; the first lines of the service's first screen."""
    have_ready: ClassVar[tuple[Message, ...]] = ()
    """What to have at hand before the first question."""
    filling_minutes: ClassVar[int | None] = None
    """About how long filling it in takes."""
    search_words: ClassVar[tuple[Message, ...]] = ()
    """Other words by which people look for it."""
    asks_contact: ClassVar[bool] = True
    """Whether the applicant's name and ways to reach them are asked."""
    matter_forms: ClassVar[tuple[type[Matter], ...]] = ()
    opens_next: ClassVar[tuple[str, ...]] = ()
    """Services that an approved case opens next, prefilled; those that do not exist are not offered."""

    case_id: int | None = Field(default=None, primary_key=True, foreign_key="cases.id")

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        refuse_unknown_names(cls, _IMPLIED)

    @classmethod
    def asks_not_secret(cls) -> bool:
        """Bureau and cadre forms begin with the tick that nothing in them is a secret (services.md (a), limit 1)."""
        return bool({Audience.BUREAU, Audience.CADRE} & set(cls.audiences))


class _MatterMeta(SQLModelMetaclass):
    """Keeps the keyword `of`, by which a matter names its service: SQLModel's own metaclass swallows it."""

    def __init__(
        cls,  # noqa: N805  # of a metaclass the first argument is the class
        name: str,
        bases: tuple[type, ...],
        body: dict[str, Any],
        *,
        of: type[Service] | None = None,
        **kw: Any,
    ) -> None:
        super().__init__(name, bases, body, **kw)
        if of is not None:
            cls.of = of
            of.matter_forms = (*of.matter_forms, cast("type[Matter]", cls))
            refuse_unknown_names(cls, _IMPLIED | {question.field for question in questions_of(of)})


class Matter(Form, metaclass=_MatterMeta):
    """One of several things a service can be asked for; each chosen matter files its own case, linked.

    Chosen in the service's field `matters`, by the choice whose code is the matter's id.
    """

    of: ClassVar[type[Service]]
    title: ClassVar[Message]

    case_id: int | None = Field(default=None, primary_key=True, foreign_key="cases.id")
