"""The vocabulary of a service file: what its words make, and what is refused while the file is imported."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, ClassVar

import pytest
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateTable
from sqlmodel import Field

from locales import N_
from storage import tables
from storage.approval import Division, Role, Route, Stage, WorkingDays
from storage.conditions import Answers, Facts, when
from storage.forms import (
    Ask,
    Audience,
    Choice,
    Duplicate,
    Letter,
    Matter,
    Option,
    Pick,
    Row,
    Rows,
    Rule,
    Service,
)
from storage.kinds import Country, Date, ForeignPassport, Relic
from storage.kinds.kind import Control
from storage.kinds.sealed import SealedAnswer
from storage.questions import ServiceFault, questions_of
from tests.storage.sample import Guest, Purpose, SampleHelp, SampleSettling, SampleVisit

ROOT = Path(__file__).parents[2]
VERBATIM = ROOT / "tests" / "sample_services"
tables.metadata()
DESK = Route(
    Stage(Role.DESK, within=WorkingDays(1)), Stage(Role.SECTION_CHIEF, Division.CON, within=WorkingDays(1))
)


def fine(_answers: Answers, _facts: Facts) -> bool:
    return True


def service(
    fields: dict[str, Any], base: type = Service, name: str = "Drawn", **values: Any
) -> type[Service]:
    """A service file's class, without a table."""
    body = {
        "__module__": __name__,
        "__annotations__": fields,
        "title": N_("Drawn"),
        "duty": 1,
        "audiences": {Audience.PUBLIC},
        "route": DESK,
        **values,
    }
    body = {key: value for key, value in body.items() if key not in fields or key in values}
    for known in ("title", "duty", "audiences", "route", *values):
        body["__annotations__"].setdefault(known, ClassVar)
    return type(base)(name, (base,), body)  # type: ignore[return-value]


class TestIdentity:
    def test_a_form_is_called_as_its_class_in_snake_case(self) -> None:
        assert SampleVisit.form_id() == SampleVisit.__tablename__ == "sample_visit"
        assert SampleSettling.form_id() == "sample_settling"

    def test_an_id_has_no_trailing_underscore_nor_has_its_column(self) -> None:
        question = next(one for one in questions_of(SampleVisit) if one.attribute == "when_")
        assert question.field == "when"
        assert "when" in SampleVisit.__table__.c and "when_" not in SampleVisit.__table__.c  # type: ignore[attr-defined]

    def test_answers_are_read_by_either_name(self) -> None:
        answers = Answers({"from": 3, "name": "Anna"})
        assert answers.from_ == 3 and answers.name == "Anna" and answers.nothing is None
        assert "from" in answers and "nothing" not in answers

    def test_a_row_looks_in_itself_and_then_in_the_form(self) -> None:
        answers = Answers({"day": 1, "guests": ({"name": "Anna"}, {"name": "Bo", "day": 2})})
        assert [(guest.name, guest.day) for guest in answers.guests] == [("Anna", 1), ("Bo", 2)]

    @pytest.mark.parametrize("owned", ["title", "route", "metadata", "copy", "version"])
    def test_a_name_that_the_form_owns_is_refused(self, owned: str) -> None:
        with pytest.raises((ServiceFault, NameError, TypeError)):
            service({owned: Annotated[str, Ask(N_("?"))]})


class TestQuestions:
    def test_limits_come_from_field_and_ask(self) -> None:
        drawn = service(
            {
                "a": Annotated[str, Field(max_length=120), Ask(N_("?"))],
                "b": Annotated[int, Field(ge=1, le=9), Ask(N_("?"))],
                "c": Annotated[str | None, Ask(N_("?"), at_least=2, at_most=4)],
            },
            c=None,
        )
        limits = [(one.kind.at_least, one.kind.at_most) for one in questions_of(drawn)]
        assert limits == [(None, 120), (1, 9), (2, 4)]

    def test_plain_types_are_kinds_too(self) -> None:
        drawn = service(
            {name: Annotated[kind, Ask(N_("?"))] for name, kind in (("a", str), ("b", int), ("c", bool))}
        )
        assert [one.kind.name for one in questions_of(drawn)] == ["text", "count", "yes_no"]

    def test_what_is_no_kind_is_refused(self) -> None:
        with pytest.raises(ServiceFault, match="no kind"):
            service({"a": Annotated[complex, Ask(N_("?"))]})

    def test_optional_is_skippable_and_conditional_is_not(self) -> None:
        by_name = {one.field: one for one in questions_of(SampleVisit)}
        assert by_name["note"].skippable and not by_name["purpose"].skippable
        assert not by_name["university"].skippable and by_name["when"].skippable

    def test_a_secret_in_a_row_seals_the_group(self) -> None:
        by_name = {one.field: one for one in questions_of(SampleVisit)}
        assert by_name["guests"].holds_secret and not by_name["guests"].secret
        assert isinstance(SampleVisit.__table__.c.guests.type, SealedAnswer)  # type: ignore[attr-defined]

    def test_every_kind_names_one_control(self) -> None:
        assert {one.kind.control for one in questions_of(SampleVisit)} <= set(Control)


class TestColumns:
    """The first trap: a kind's column is lost inside `| None`."""

    @pytest.mark.parametrize(
        "dialect", [sqlite.dialect(), postgresql.dialect()], ids=["sqlite", "postgresql"]
    )
    def test_each_has_its_kinds_type(self, dialect: Any) -> None:
        made = str(CreateTable(SampleVisit.__table__).compile(dialect=dialect))  # type: ignore[attr-defined]
        columns = dict(
            line.strip().rstrip(",").split(" ", 1) for line in made.splitlines() if line.startswith("\t")
        )
        sealed, json = ("BLOB", "JSON") if dialect.name == "sqlite" else ("BYTEA", "JSON")
        assert {columns[name] for name in ("student_no", "account", "pin", "guests")} == {sealed}
        assert {columns[name] for name in ("helps", "proof")} == {json}
        assert columns["purpose"].startswith("VARCHAR") and columns["arrives"] == "DATE"
        assert '"when"' in columns

    def test_all_are_nullable(self) -> None:
        table = SampleVisit.__table__  # type: ignore[attr-defined]
        assert all(column.nullable for column in table.c if not column.primary_key)

    def test_a_choice_is_no_enum_of_the_database(self) -> None:
        assert SampleVisit.__table__.c.purpose.type.process_bind_param(Purpose.STUDY, None) == "study"  # type: ignore[attr-defined]

    def test_what_a_column_writes_it_reads_back_leniently(self) -> None:
        column = SampleVisit.__table__.c.purpose.type  # type: ignore[attr-defined]
        relic = column.process_result_value("pilgrimage", None)
        assert relic == Relic("pilgrimage") and column.process_bind_param(relic, None) == "pilgrimage"

    def test_a_form_and_its_row_show_no_answer_when_printed(self) -> None:
        form = SampleVisit(case_id=7, account="CANARY")
        guest = Guest.model_construct(name="CANARY")
        assert "CANARY" not in repr(form) + str(form) + repr(guest) + str(guest)

    def test_a_row_is_frozen(self) -> None:
        guest = Guest.model_construct(name="Anna")
        with pytest.raises(Exception, match="frozen"):
            guest.name = "Bo"


class TestChoices:
    def test_two_with_one_label_are_refused(self) -> None:
        with pytest.raises(TypeError, match="one label"):

            class Twice(Choice):
                A = N_("Single")
                B = N_("Single")

    def test_one_english_word_with_two_translations(self) -> None:
        class Entries(Choice):
            A = N_("Single", "entries")
            B = N_("Single", "family")

        assert [one.code for one in Entries] == ["a", "b"]

    def test_stored_by_the_name_in_lower_case(self) -> None:
        assert Purpose.STUDY.code == "study" and Purpose.of("trade") is Purpose.TRADE
        assert Purpose.CRUISE.retired and Purpose.of("pilgrimage") is None

    def test_a_relic_is_no_answer(self) -> None:
        with pytest.raises(ValueError, match="choices"):
            SampleVisit.model_validate({"purpose": "pilgrimage"})


class Inside(Row):
    place: Annotated[str, Ask(N_("?"))]


def wrong_names() -> Iterator[Any]:
    text = Annotated[str, Ask(N_("?"))]
    rows = Annotated[Rows[Inside], Ask(N_("?"))]
    conditional = Annotated[str | None, Ask(N_("?"), when=when("b", True))]
    sentence = N_("?")
    yield pytest.param({"a": text}, {"rules": (Rule(("a", "b"), fine, sentence),)}, id="a rule's field")
    yield pytest.param(
        {"a": text}, {"rules": (Rule(("a",), fine, sentence, again="b"),)}, id="a rule's again"
    )
    yield pytest.param({"r": rows}, {"rules": (Rule(("r.b",), fine, sentence),)}, id="a field of a row")
    yield pytest.param({"a": conditional}, {"a": None}, id="a condition")
    yield pytest.param({"a": text}, {"letter": Letter("沈", shows=("b",))}, id="the letter")
    yield pytest.param({"a": text}, {"same_case": Duplicate(("b",))}, id="the duplicate")
    yield pytest.param({"a": text}, {"same_case": Duplicate(("a",), overlap="b")}, id="the overlap")
    yield pytest.param({"a": text}, {"district_field": "b"}, id="the district")
    edit = Stage(Role.DESK, within=WorkingDays(1), may_edit=("b",))
    yield pytest.param({"a": text}, {"route": Route(edit)}, id="may_edit")
    if_b = Stage(Role.DIRECTOR, within=WorkingDays(1), when=when("b", True))
    yield pytest.param({"a": text}, {"route": Route(*DESK.stages, if_b)}, id="a stage's condition")


class TestNames:
    """An unknown field name raises at import."""

    @pytest.mark.parametrize(("fields", "values"), tuple(wrong_names()))
    def test_an_unknown_one_is_refused(self, fields: dict[str, Any], values: dict[str, Any]) -> None:
        with pytest.raises(ServiceFault, match="no question is called so"):
            service(dict(fields), **values)
        service(
            {**fields, "b": Annotated[str, Ask(N_("?"))], "r": Annotated[Rows[Known], Ask(N_("?"))]}, **values
        )

    def test_in_a_row_they_are_sought_in_the_row_and_then_in_the_form(self) -> None:
        class Odd(Row):
            place: Annotated[str, Ask(N_("?"))]
            rules: ClassVar = (Rule(("place", "day"), fine, N_("?")),)

        with pytest.raises(ServiceFault, match="'day'"):
            service({"r": Annotated[Rows[Odd], Ask(N_("?"))]})
        service({"r": Annotated[Rows[Odd], Ask(N_("?"))], "day": Annotated[Date, Ask(N_("?"))]})

    def test_a_rule_of_a_row_looks_at_the_row(self) -> None:
        class Idle(Row):
            place: Annotated[str, Ask(N_("?"))]
            rules: ClassVar = (Rule(("day",), fine, N_("?")),)

        with pytest.raises(ServiceFault, match="no question of the row"):
            service({"r": Annotated[Rows[Idle], Ask(N_("?"))], "day": Annotated[Date, Ask(N_("?"))]})

    def test_the_key_of_a_row_names_its_questions(self) -> None:
        class Keyless(Row):
            place: Annotated[str, Ask(N_("?"))]
            key: ClassVar = ("number",)

        with pytest.raises(ServiceFault, match="'number'"):
            service({"r": Annotated[Rows[Keyless], Ask(N_("?"))]})

    def test_implied_questions_may_be_named(self) -> None:
        service({"a": Annotated[str, Ask(N_("?"))]}, rules=(Rule(("applicant_name", "a"), fine, N_("?")),))

    def test_a_matter_may_name_its_services_fields_and_no_others(self) -> None:
        def matter(name: str) -> type[Matter]:
            class Odd(Matter, of=SampleHelp):
                title: ClassVar = N_("Odd")
                route: ClassVar = DESK
                rules: ClassVar = (Rule((name, "home"), fine, N_("?")),)

                home: Annotated[str, Ask(N_("?"))]

            return Odd

        before = SampleHelp.matter_forms
        try:
            assert matter("subject").of is SampleHelp
            with pytest.raises(ServiceFault, match="'object'"):
                matter("object")
        finally:
            SampleHelp.matter_forms = before


class Known(Row):
    b: Annotated[str, Ask(N_("?"))]


def test_a_retired_option_is_an_option() -> None:
    class Way(Choice):
        SHIP = Option(N_("Ship"), retired=True)

    assert Way.SHIP.retired and Way.SHIP.label == "Ship"


def test_kinds_within_a_union_are_found() -> None:
    drawn = service(
        {
            "a": Annotated[Country | None, Ask(N_("?"))],
            "b": Annotated[ForeignPassport | None, Ask(N_("?"), secret=True)],
            "c": Annotated[Pick[Purpose] | None, Ask(N_("?"))],
            "d": Annotated[Rows[Inside] | None, Ask(N_("?"))],
        },
        a=None,
        b=None,
        c=None,
        d=None,
    )
    assert [one.kind.name for one in questions_of(drawn)] == ["country", "foreign_passport", "choice", "rows"]
    assert [type(one.column()).__name__ for one in questions_of(drawn)] == [
        "String",
        "SealedAnswer",
        "AnswerText",
        "AnswerColumn",
    ]


class TestTheFileOfTheManual:
    """The service file that the manual shows, word for word: it is what unseen files look like."""

    def test_it_imports_and_makes_its_table_on_both_databases(self, empty_url: str) -> None:
        program = f"""
import storage.services
storage.services.__path__ = [{str(VERBATIM)!r}]
from storage.database import Database
from storage.services import services
from storage import migrations, tables
from sqlmodel import SQLModel
tables.metadata()
assert list(services()) == ["invitation_letter"], services()
with Database({empty_url!r}) as database:
    migrations.apply_autogenerated(database)
    print(*migrations.differences(database))
    columns = {{c.name: type(c.type).__name__ for c in SQLModel.metadata.tables["invitation_letter"].c}}
    assert columns["guests"] == "SealedAnswer" and columns["university"] == "String", columns
"""
        done = subprocess.run(
            [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stdout.strip()) == (0, ""), done.stderr

    def test_mypy_finds_nothing_in_it(self) -> None:
        command = [sys.executable, "-m", "mypy", "--strict", str(VERBATIM / "invitation_letter.py")]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
