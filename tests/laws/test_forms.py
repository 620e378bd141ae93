"""What must hold for every service: it is finished by answering as asked, and says all that a service has to say."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import LargeBinary

from storage import flow, implied, tables
from storage.conversation import Asked, Draft, Kept, Step, Typed, Wrong
from storage.forms import Matter, Service
from storage.kinds.kind import Control
from storage.kinds.sealed import SealedAnswer
from storage.outline import Path
from storage.questions import Question, questions_of, row_questions
from storage.services import services
from tests import plausible
from tests.answering import Answerer, right_answers
from tests.laws import versions
from tests.storage.playing import again

tables.metadata()
SERVICES = tuple(services().values())
FORMS: tuple[type[Service] | type[Matter], ...] = (
    *SERVICES,
    *(matter for service in SERVICES for matter in service.matter_forms),
)
WRONG = ("", "   ", "\u200f", "<b>", "🙂🙂🙂", "?" * 4096, "绝密", "/nothing", "\x00", "０", "a\nb")
each_service = pytest.mark.parametrize("service", SERVICES, ids=lambda one: one.form_id())
each_form = pytest.mark.parametrize("form", FORMS, ids=lambda one: one.form_id())
few = settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def facts(service: type[Service], **more: Any) -> Any:
    return plausible.facts(audiences=frozenset(one.value for one in service.audiences), **more)


def all_questions(form: type[Any]) -> Iterator[Question]:
    """A form's questions, and those of its rows at any depth."""
    for question in questions_of(form):
        yield question
        yield from _within(question)


def _within(group: Question) -> Iterator[Question]:
    for question in row_questions(group):
        yield question
        yield from _within(question)


class TestAnswering:
    @each_service
    @few
    @given(seed=st.integers(0, 10_000))
    def test_it_is_finished_by_answering_as_asked(self, service: type[Service], seed: int) -> None:
        """Chance answers; where a rule refuses, what stands earlier can be changed: no dead end."""
        chance = Random(seed)
        draft = Answerer(service, facts(service), chance.randrange).finish()
        assert again(service, draft) == draft

    @each_service
    def test_every_wrong_answer_keeps_the_right_ones(self, service: type[Service]) -> None:
        """At each question of a plausible form: whatever is refused, all before it is still there."""
        known = facts(service)
        asked: set[Path] = set()

        def watch(draft: Draft) -> None:
            view = flow.screen(service, draft, known)
            if not isinstance(view, Asked) or view.offered or view.path in asked:
                return
            asked.add(view.path)
            for text in WRONG:
                step: Step = flow.answer(service, draft, Typed(text), known)
                if isinstance(step, Wrong):
                    assert step.draft.answers == draft.answers, (view.path, text)
                    assert step.problem.message, (view.path, text)
                assert again(service, step.draft) == step.draft, (view.path, text)

        for draft in drafts_on_the_way(service, known):
            watch(draft)
        assert len(asked) > 10

    @each_service
    def test_no_hostile_text_is_taken_for_a_choice_a_date_or_a_file(self, service: type[Service]) -> None:
        known = facts(service)
        texts = {"text", "texts", "name_zh", "organisation", "address", "city"}
        for draft in drafts_on_the_way(service, known):
            view = flow.screen(service, draft, known)
            if isinstance(view, Asked) and view.question.kind.name not in texts:
                for text in ("", "   ", "🙂🙂🙂", "?" * 4096, "绝密"):
                    assert not isinstance(flow.answer(service, draft, Typed(text), known), Kept), (
                        view.path,
                        text,
                    )


def drafts_on_the_way(service: type[Service], known: Any) -> list[Draft]:
    """Each state of a plausible form, from the first question to the summary."""
    found: list[Draft] = []
    answer = flow.answer

    def noted(form: type[Service], draft: Draft, act: Any, facts: Any) -> Any:
        found.append(draft)
        return answer(form, draft, act, facts)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flow, "answer", noted)
        plausible.fill(service, known)
    return found


class TestShape:
    def test_there_are_services(self) -> None:
        assert set(services()) >= {
            "official_visit",
            "invitation_letter",
            "overseas_chinese_service",
            "talent_registration",
        }

    @each_service
    def test_it_says_whom_it_serves_and_which_duty(self, service: type[Service]) -> None:
        assert service.title and 1 <= service.duty <= 12 and service.audiences and service.version >= 1

    @each_form
    def test_its_route_ends_in_a_verdict_by_a_day(self, form: type[Service]) -> None:
        assert form.route.stages and form.route.stages[0].acts
        assert all(stage.within.n > 0 for stage in form.route.stages)
        assert form.route.owner is not None, "a division is in charge"

    @each_form
    def test_the_conditions_of_a_route_have_names_of_their_own(self, form: type[Service]) -> None:
        """A filed case knows them by name alone."""
        conditions = [c for s in form.route.stages for c in (s.when, *(act.when for act in s.acts)) if c]
        assert len({one.name for one in conditions}) == len({id(one.test) for one in conditions})

    @each_form
    def test_each_condition_and_rule_says_itself_in_words(self, form: type[Service]) -> None:
        for question in all_questions(form):
            assert question.ask.when is None or question.ask.when.sentence
            for rule in question.row.rules if question.row else ():
                assert rule.sentence and rule.fields
        assert all(rule.sentence and rule.fields for rule in form.rules)

    @each_form
    def test_a_conditional_question_is_nullable(self, form: type[Service]) -> None:
        assert not [q.field for q in all_questions(form) if q.ask.when is not None and not q.nullable]

    @each_form
    def test_rows_are_two_levels_deep_at_most(self, form: type[Service]) -> None:
        deep = [
            q for one in questions_of(form) for two in row_questions(one) for q in row_questions(two) if q.row
        ]
        assert not deep

    @each_form
    def test_a_letters_mark_is_its_own(self, form: type[Service]) -> None:
        assert form.letter is None or form.letter.mark.startswith("沈")

    @each_service
    def test_each_matter_chosen_has_a_form(self, service: type[Service]) -> None:
        if not service.matter_forms:
            return
        kind: Any = next(question.kind for question in questions_of(service) if question.field == "matters")
        offered = {choice.code for choice in kind.enum if not choice.retired}
        assert offered == {matter.form_id() for matter in service.matter_forms}

    @each_form
    def test_every_kind_is_answered_by_somebody(self, form: type[Service]) -> None:
        """The strategies of these laws know each kind that a service asks."""
        for question in all_questions(form):
            if question.kind.control not in (Control.FILE, Control.ROWS) and question.kind.name not in (
                "choice",
                "choices",
            ):
                assert right_answers(question.kind, plausible.TODAY), question.field


class TestColumns:
    @each_form
    def test_each_column_has_its_kinds_type(self, form: type[Service]) -> None:
        columns = form.__table__.c  # type: ignore[attr-defined]
        for question in questions_of(form):
            assert type(columns[question.field].type) is type(question.column()), question.field
            assert columns[question.field].nullable, question.field

    @each_form
    def test_whatever_is_secret_is_sealed(self, form: type[Service]) -> None:
        columns = form.__table__.c  # type: ignore[attr-defined]
        for question in questions_of(form):
            secret = question.secret or any(inner.secret for inner in _within(question))
            assert isinstance(columns[question.field].type, SealedAnswer) is secret, question.field
            if secret:
                assert isinstance(columns[question.field].type.impl, LargeBinary), question.field

    def test_implied_questions_lie_in_the_table_of_cases(self) -> None:
        columns = tables.metadata().tables["cases"].c
        for question in questions_of(implied.Implied):
            assert columns[question.field].nullable
            assert type(columns[question.field].type) is type(question.column())

    @each_form
    def test_a_column_reads_what_it_wrote(self, form: type[Service]) -> None:
        service = form.of if issubclass(form, Matter) else form
        answers: Any = plausible.fill(service, facts(service)).answers
        if issubclass(form, Matter):
            answers = answers.get(form.form_id()) or {}
        for question in questions_of(form):
            value = answers.get(question.field)
            if value is None or question.row is not None or question.secret:
                continue
            kind = question.kind
            assert kind.restore(kind.dump(value)) == value, question.field


class TestVersions:
    """`version` is raised by hand when the questions change: the digest of each version is kept."""

    @each_service
    def test_a_version_means_its_questions(self, service: type[Service]) -> None:
        kept = versions.kept().get(service.form_id(), {})
        assert kept.get(str(service.version)) == versions.digest(service), (
            f"the questions of {service.form_id()} differ from version {service.version}: "
            "raise its version, then `python -m tests.laws.versions`"
        )

    def test_the_digest_sees_what_matters_and_not_words(self) -> None:
        service = services()["invitation_letter"]
        shape = versions.shape(service)
        assert shape and "?" not in str(shape)
        changed = [{**shape[0], "secret": not shape[0]["secret"]}, *shape[1:]]
        assert versions.digest_of(changed) != versions.digest_of(shape)
