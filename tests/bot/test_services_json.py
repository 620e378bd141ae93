"""`bot services --json`: the shape that web sites, front ends and acceptance tests read, for every service there is."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar

import pytest

from bot import __main__ as command_line
from bot.commands import services as command
from locales import N_
from storage import implied
from storage.approval import Hours, Mode, Role, StageKind, Unit
from storage.forms import Ask, Audience, Choice, Option, Pick, Picks, Row, Rows
from storage.kinds import KINDS, Attachment, Date, ForeignPassport, NameLatin
from storage.kinds.reading import OF_A_SERVICE
from storage.questions import questions_of
from storage.services import services

QUESTION = {"field", "kind", "text", "hint", "required", "conditional", "secret", "choices", "limits", "rows"}
STAGE = {"kind", "mode", "acts", "within", "conditional", "matter"}


@pytest.fixture(scope="module")
def published() -> list[dict[str, Any]]:
    return [command.shape(service, "zh_Hans") for service in services().values()]


def every_question(form: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """A form's questions, those of its rows and rows within, and those of its matters."""
    for question in form["questions"]:
        yield question
        yield from every_question({"questions": question["rows"]})
    for matter in form.get("matters", ()):
        yield from every_question(matter)


def test_the_command_prints_that_alone(
    capsys: pytest.CaptureFixture[str], published: list[dict[str, Any]]
) -> None:
    assert command_line.main(("services", "--json", "--language", "zh_Hans")) == 0
    said = capsys.readouterr()
    assert json.loads(said.out) == published
    assert said.err == ""


def test_without_json_it_is_a_list_to_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert command_line.main(("services",)) == 0
    assert [line.split("\t")[0] for line in capsys.readouterr().out.splitlines()] == list(services())


def test_every_object_has_the_members_of_the_shape(published: list[dict[str, Any]]) -> None:
    for service in published:
        assert list(service) == [
            "id", "title", "duty", "audience", "questions", "route", "letter", "matters",
        ]  # fmt: skip
        assert all(set(question) == QUESTION for question in every_question(service))
        assert all(set(stage) == STAGE for stage in service["route"])
        for matter in service["matters"]:
            assert list(matter) == ["id", "title", "questions", "route", "letter"]


def test_audiences_stand_in_the_order_of_their_table(published: list[dict[str, Any]]) -> None:
    order = [one.value for one in Audience]
    for service in published:
        assert service["audience"] == sorted(service["audience"], key=order.index)
        assert set(service["audience"]) == set(services()[service["id"]].audiences)


def test_implied_questions_stand_around_a_services_own(published: list[dict[str, Any]]) -> None:
    for one in published:
        service = services()[one["id"]]
        fields = [question["field"] for question in one["questions"]]
        own = [question.field for question in questions_of(service)]
        assert fields == [
            *(question.field for question in implied.before(service)),
            *own,
            *(question.field for question in implied.after(service)),
        ]
        if service.asks_not_secret():
            assert fields[0] == "not_secret"
        if service.asks_contact:
            assert fields[-1] == "truth"


def test_every_kind_is_a_name_that_bot_read_knows(published: list[dict[str, Any]]) -> None:
    known = {*KINDS, *OF_A_SERVICE}
    for service in published:
        assert {question["kind"] for question in every_question(service)} <= known


def test_choices_are_listed_with_codes_and_labels_and_rows_with_their_questions(
    published: list[dict[str, Any]],
) -> None:
    for service in published:
        for question in every_question(service):
            listed = question["kind"] in {"choice", "choices"}
            assert bool(question["choices"]) or not listed
            assert all(one["label"] and set(one) == {"value", "label"} for one in question["choices"])
            assert bool(question["rows"]) == (question["kind"] in {"rows", "members", "itinerary"})


def test_a_stage_tells_kind_mode_acts_and_limit_in_the_words_of_the_shape(
    published: list[dict[str, Any]],
) -> None:
    for stage in (stage for service in published for stage in service["route"]):
        assert stage["kind"] in {one.value for one in StageKind} == {"review", "outside", "published"}
        assert stage["mode"] in {one.value for one in Mode} == {"all", "any", "turn"}
        assert stage["within"]["unit"] in {one.value for one in Unit} == {"working_days", "hours", "minutes"}
        assert stage["within"]["n"] > 0
        assert all(act["role"] in {one.value for one in Role} for act in stage["acts"])


def test_a_service_with_matters_has_all_their_stages_with_the_matter_named(
    published: list[dict[str, Any]],
) -> None:
    several = [service for service in published if service["matters"]]
    assert several, "overseas_chinese_service has matters"
    for service in several:
        named = [stage for stage in service["route"] if stage["matter"] is not None]
        assert named == [stage for matter in service["matters"] for stage in matter["route"]]
        assert {stage["matter"] for stage in named} == {matter["id"] for matter in service["matters"]}


def test_the_invitation_is_as_its_file_says(published: list[dict[str, Any]]) -> None:
    [invitation] = [service for service in published if service["id"] == "invitation_letter"]
    assert invitation["duty"] == 4
    assert invitation["audience"] == ["host", "bureau"]
    assert invitation["letter"] == {"mark": "沈外邀"}
    chief = next(s for s in invitation["route"] if {"role": "section_chief", "division": "CON"} in s["acts"])
    assert chief["within"]["unit"] == "working_days"
    guests = next(one for one in invitation["questions"] if one["field"] == "guests")
    assert (guests["kind"], guests["limits"]["min"], guests["limits"]["max"]) == ("rows", 1, 20)
    passport = next(one for one in guests["rows"] if one["field"] == "passport_no")
    assert (passport["kind"], passport["secret"]) == ("foreign_passport", True)


def test_a_limit_may_be_half_a_day_and_whole_numbers_have_no_point() -> None:
    from storage.approval import Stage, WorkingDays  # noqa: PLC0415

    half = Stage(Role.DESK, within=WorkingDays(0.5)).shape()["within"]
    assert json.dumps(half) == '{"unit": "working_days", "n": 0.5}'
    assert json.dumps(Stage(Role.DESK, within=Hours(2)).shape()["within"]) == '{"unit": "hours", "n": 2}'


# --- questions of every sort, in a form of the test's own ---


class Colour(Choice):
    RED = N_("Red")
    FROM_ = N_("From")
    GREY = Option(N_("Grey"), retired=True)


class Companion(Row):
    name: Annotated[NameLatin, Ask(N_("Name?"))]
    passport: Annotated[ForeignPassport | None, Ask(N_("Passport?"), secret=True)] = None


class Everything(Row):
    """A row is a form without a table: its fields carry questions alike."""

    kind: ClassVar[str] = "rows"
    colour: Annotated[Pick[Colour], Ask(N_("Colour?"), hint=N_("One of two."))]
    colours: Annotated[Picks[Colour] | None, Ask(N_("Others?"), at_most=2)] = None
    scan: Annotated[Attachment, Ask(N_("Scan?"), at_most=3, accepts=("pdf",))]
    day: Annotated[Date | None, Ask(N_("Day?"))] = None
    sure: Annotated[bool, Ask(N_("Sure?"))]
    from_: Annotated[str, Ask(N_("From where?"), at_least=2, at_most=60)]
    companions: Annotated[Rows[Companion], Ask(N_("Who comes along?"), at_least=1, at_most=5)]


def shown(field: str, language: str = "en") -> dict[str, Any]:
    found = command._questions(questions_of(Everything), language)
    return next(one for one in found if one["field"] == field)


def test_retired_choices_are_not_offered_and_codes_lose_pythons_underscore() -> None:
    assert shown("colour")["choices"] == [
        {"value": "red", "label": "Red"},
        {"value": "from", "label": "From"},
    ]
    assert shown("colours")["choices"] == shown("colour")["choices"]


def test_limits_hold_what_counts_also_where_the_kind_says_it() -> None:
    assert shown("scan")["limits"] == {"min": 1, "max": 3, "accepts": ["pdf"]}
    assert shown("from")["limits"] == {"min": 2, "max": 60, "accepts": []}
    assert shown("day")["limits"] == {"min": None, "max": None, "accepts": []}
    assert shown("companions")["limits"] == {"min": 1, "max": 5, "accepts": []}


def test_required_conditional_and_secret_are_told_in_rows_too() -> None:
    assert (shown("colour")["required"], shown("day")["required"]) == (True, False)
    name, passport = shown("companions")["rows"]
    assert (name["required"], name["secret"]) == (True, False)
    assert (passport["required"], passport["secret"]) == (False, True)
    assert (shown("colour")["hint"], shown("day")["hint"]) == ("One of two.", None)


def test_yes_and_no_are_values_with_labels_in_the_readers_language() -> None:
    assert [one["value"] for one in shown("sure")["choices"]] == [True, False]
    assert [one["label"] for one in shown("sure", "zh_Hans")["choices"]] == ["是", "否"]
