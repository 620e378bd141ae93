"""Every screen fits Telegram at the longest allowed answers: one message of 4,096 characters, 64 bytes a button."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from handlers.cards import Shown, card, case_list, desk, history
from handlers.case_screens import case_screen, filed_screen, list_screen
from handlers.form_screens import Reader, form_screen
from handlers.menu import Kept
from handlers.review_screens import returnable
from handlers.screens import Screen
from locales import N_, Message
from storage import flow
from storage.approval import Approve, Assessment, Division, Remark, Return, decide, file
from storage.approval.case import Actor
from storage.cases import OpenCase
from storage.conditions import Facts
from storage.conversation import Asked, Draft, Entry, Fault, Group
from storage.drafts import OpenDraft
from storage.filing import Filed
from storage.forms import Matter, Service
from storage.kinds import Body, FileRef
from storage.kinds.kind import AskedBack, Control, Problem, Refused
from storage.kinds.numbers import CountKind
from storage.kinds.texts import TextKind
from storage.officers import Officer
from storage.offices import read_office
from storage.outline import Path, Spot, name_of, value_at, walk, with_value
from storage.questions import RowsKind
from storage.rulings import context
from storage.services import services
from storage.standing import closed_of, spot_at
from storage.world import World
from tests import plausible
from tests.answering import right_answers
from tests.storage.playing import CALENDAR

MOST = 4096
"""Characters of a message after entities are parsed (Bot API, sendMessage)."""
NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
BIG = 2**31 - 1
SERVICES = tuple(services().values())
LANGUAGES = ("en", "zh_Hans")
WORLD = World(NOW, CALENDAR, read_office(), services())
each_service = pytest.mark.parametrize("service", SERVICES, ids=lambda one: one.form_id())
each_language = pytest.mark.parametrize("language", LANGUAGES)
OPEN = N_("This question is still open.")
LONG = Message("What is wrong with this answer, and what a right one looks like: {example}. " * 4)
LETTER = "W&<龍"
"""Characters that are wide, escaped in HTML, or Han: a mix of them fills each text."""


def fits(screen: Screen) -> None:
    """Telegram's own limits; those of buttons are checked when a Screen is made."""
    length = len(screen.plain.encode("utf-16-le")) // 2
    assert 0 < length <= MOST, f"{length} characters:\n{screen.plain[:600]}"
    for row in screen.buttons:
        for button in row:
            assert len((button.data or "").encode()) <= 64


def filled(service: type[Service], known: Facts, turn: int) -> Mapping[str, Any]:
    """Every question that may stand answered at its longest; `turn` chooses among choices."""
    answers: Mapping[str, Any] = {}
    for _ in range(60):
        before = answers
        for spot in tuple(walk(service, answers, known)):
            if value_at(answers, spot.path) is None:
                answers = with_value(answers, spot.path, _longest(spot, known, turn))
        if answers == before:
            return answers
    return answers


def _longest(spot: Spot, known: Facts, turn: int) -> Any:
    kind = spot.question.kind
    if isinstance(kind, RowsKind):
        return tuple({} for _ in range(kind.at_most or 20))
    if kind.control is Control.FILE:
        most = getattr(kind, "most", 1)
        return tuple(
            FileRef(digest=f"{n}", name="N" * 200 + ".pdf", media_type="application/pdf", size=1)
            for n in range(most)
        )
    if isinstance(kind, TextKind):
        return (LETTER * 2000)[: kind.at_most or 2000]
    if isinstance(kind, CountKind):
        return kind.at_most if kind.at_most is not None else 10**9
    if options := kind.options(context(spot, known)):
        values = [option.value for option in options]
        return tuple(values) if kind.name == "choices" else values[turn % len(values)]
    text = right_answers(kind, known.today)[-1]
    reading = kind.read(text, context(spot, known))
    value = reading.readings[0] if isinstance(reading, AskedBack) else getattr(reading, "value", None)
    if isinstance(reading, Refused):
        reading = kind.read(right_answers(kind, known.today)[0], context(spot, known))
        value = getattr(reading, "value", None)
    return Body(name=(LETTER * 40)[:100], uscc=value.uscc) if isinstance(value, Body) else value


def facts(service: type[Service], language: str) -> Facts:
    audiences = frozenset(one.value for one in service.audiences)
    return plausible.facts(language=language, audiences=audiences)


def opened(draft: Draft, case: int | None = None) -> OpenDraft:
    return OpenDraft(BIG, 1, BIG, draft, case)


def full_drafts(service: type[Service], language: str) -> Iterator[tuple[Draft, Facts]]:
    known = facts(service, language)
    for turn in range(2):
        answers = filled(service, known, turn)
        closed = closed_of(walk(service, answers, known))
        yield Draft(service.form_id(), service.version, answers, closed=closed), known


@each_service
@each_language
class TestForms:
    def test_the_summary(self, service: type[Service], language: str) -> None:
        for draft, known in full_drafts(service, language):
            view = flow.screen(service, draft, known)
            reader = Reader(language)
            fits(form_screen(opened(draft), view, reader, service=service))
            fits(form_screen(opened(draft), view, Reader(language, secrets_in_chat=False), service=service))

    def test_the_summary_with_all_that_is_wrong_with_it(self, service: type[Service], language: str) -> None:
        draft, known = next(full_drafts(service, language))
        view = flow.screen(service, draft, known)
        rules = [rule for one in (service, *service.matter_forms) for rule in one.rules]
        wrong = [Fault((rule.fields[0],), Problem(rule.sentence, _Anything())) for rule in rules]
        wrong += [Fault(spot.path, Problem(OPEN)) for spot in walk(service, draft.answers, known)]
        fits(form_screen(opened(draft), view, Reader(language), service=service, faults=wrong))

    def test_each_question_with_its_answer_and_a_problem(self, service: type[Service], language: str) -> None:
        draft, known = next(full_drafts(service, language))
        problem = Problem(LONG, _Anything())
        for path in _some_paths(service, draft, known):
            view = flow.screen(service, replace(draft, place=path), known)
            assert isinstance(view, Asked | Group | Entry), path
            for page in (0, 1):
                fits(form_screen(opened(draft), view, Reader(language), problems=(problem,), page=page))

    def test_a_question_whose_text_was_read_in_many_ways(self, service: type[Service], language: str) -> None:
        draft, known = next(full_drafts(service, language))
        for path in _some_paths(service, draft, known):
            spot = spot_at(service, draft, path, known)
            value = value_at(draft.answers, path)
            if spot.is_group or value is None:
                continue
            many = replace(draft, place=path, offered=(value,) * 12, gathered=())
            fits(form_screen(opened(many), flow.screen(service, many, known), Reader(language)))

    def test_a_correction_of_every_field(self, service: type[Service], language: str) -> None:
        draft, known = next(full_drafts(service, language))
        named = tuple(spot.path for spot in walk(service, draft.answers, known))[:200]
        correction = flow.correction(service, draft.answers, named, known)
        done = replace(correction, touched=frozenset(named), place=None)
        fits(form_screen(opened(done, case=BIG), flow.screen(service, done, known), Reader(language)))


class _Anything(dict[str, object]):
    """Values for whatever a sentence names."""

    def __missing__(self, name: str) -> object:
        return "9" * 60


def _some_paths(service: type[Service], draft: Draft, known: Facts) -> list[Path]:
    """Every question of the form, and of the first and the last row of each group."""
    found: dict[Path, Path] = {}
    for spot in walk(service, draft.answers, known):
        kind = tuple("#" if isinstance(step, int) else step for step in spot.path)
        found[kind] = spot.path
    return list(found.values())


@each_language
@pytest.mark.parametrize(
    "form",
    [form for service in SERVICES for form in (service.matter_forms or (service,))],
    ids=lambda one: one.form_id(),
)
class TestCases:
    def case(self, form: type[Service] | type[Matter], language: str) -> OpenCase:
        service = form.of if issubclass(form, Matter) else form
        known = facts(service, language)
        answers = dict(filled(service, known, 0))
        if issubclass(form, Matter):
            others = {one.form_id() for one in service.matter_forms if one is not form}
            chosen = tuple(one for one in answers["matters"] if one.code == form.form_id())
            answers = {name: value for name, value in answers.items() if name not in others} | {
                "matters": chosen
            }
        conditions = dict.fromkeys(form.route.conditions, True)
        state = file(
            form.route,
            id=BIG,
            number="SYFAO-2026-99999",
            service=service.form_id(),
            applicant=1,
            at=NOW,
            matter=form.form_id() if issubclass(form, Matter) else None,
            assessment=Assessment(
                conditions, (), Division.of_district("heping") if _district(form) else None
            ),
        )
        return OpenCase(
            id=BIG,
            number="SYFAO-2026-99999",
            service=service.form_id(),
            matter=state.matter,
            person=1,
            unit=None,
            filed_at=NOW,
            answers_version=1,
            state=state,
            answers=answers,
            language=language,
        )

    def officer(self, case: OpenCase, language: str) -> Officer:
        act = case.state.stage.acts[0]
        return Officer(7, "欧阳" * 10, language, 7, frozenset({(act.role, act.division)}))

    def test_the_card(self, form: type[Service], language: str) -> None:
        case = self.case(form, language)
        officer = self.officer(case, language)
        shown = Shown(
            names=((7, officer.name),),
            earlier=("SYFAO-2026-00001",) * 5,
            verified=False,
            changed=tuple((name, LETTER * 100, LETTER * 100) for name in returnable(case, WORLD)[:40]),
        )
        for reveal in (False, True):
            fits(card(case, officer, WORLD, Shown(), reveal=reveal))
            fits(card(case, officer, WORLD, shown, reveal=reveal, told="x" * 200))

    def test_the_history(self, form: type[Service], language: str) -> None:
        case = self.case(form, language)
        officer = self.officer(case, language)
        actor = Actor(officer.person, officer.roles)
        fields = returnable(case, WORLD)
        remarks = tuple(Remark(field, LETTER * 100) for field in fields)
        returned = decide(case.state, Return(1, remarks), actor, NOW, CALENDAR)
        many = returned.events * 12
        fits(history(case, officer, WORLD, Shown(events=many, names=((7, officer.name),))))
        after = replace(case, state=returned.case)
        fits(case_screen(after, many, WORLD, language))

    def test_what_the_applicant_sees(self, form: type[Service], language: str) -> None:
        case = self.case(form, language)
        agreed = decide(case.state, Approve(1), Actor(7, self.officer(case, language).roles), NOW, CALENDAR)
        fits(filed_screen(Filed((case,) * 7), WORLD, language))
        fits(case_screen(case, agreed.events * 20, WORLD, language, letter="沈外邀〔2026〕0001号"))

    def test_the_lists(self, form: type[Service], language: str) -> None:
        case = self.case(form, language)
        drafts = tuple(Kept(BIG, form.title, NOW.date()) for _ in range(30))
        fits(list_screen(drafts, (case,) * 60, WORLD, language))
        fits(list_screen((), (case,) * 60, WORLD, language, page=2))
        fits(desk((case,) * 50, language, WORLD))
        fits(case_list((case,) * 50, "x" * 100, language, WORLD))


def _district(form: type[Service] | type[Matter]) -> bool:
    return any(act.division is Division.DIS for stage in form.route.stages for act in stage.acts)


def test_names_of_fields_fit_the_office() -> None:
    assert name_of(("guests", 0, "name")) == "guests.0.name"
