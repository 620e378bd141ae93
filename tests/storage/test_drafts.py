"""Drafts in both databases: sealed, one person's alone, and each step kept against the state that was shown."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import Session

from storage import corrections, drafts, flow, people, turns
from storage.approval import Remark, Return, Withdraw
from storage.conversation import Asked, Draft, Summary, Typed
from storage.drafts import DraftGone, DraftRow, OpenDraft
from storage.reviews import by_applicant
from tests.storage.office import CANARY, MORNING, Bureau, visit
from tests.storage.playing import again, pdf
from tests.storage.sample import SampleVisit


def loaded(bureau: Bureau, draft_id: int, name: str = "anna") -> OpenDraft:
    def load(session: Session) -> OpenDraft:
        return drafts.load(session.connection(), bureau.services, draft_id, bureau.persons[name])

    return bureau.run(load)


def saved(bureau: Bureau, opened: OpenDraft, draft: Draft) -> OpenDraft:
    return bureau.run(lambda s: drafts.save(s.connection(), SampleVisit, opened, draft, bureau.now))


class TestKeeping:
    def test_what_is_kept_is_read_back_equal(self, bureau: Bureau) -> None:
        opened = bureau.draft()
        assert loaded(bureau, opened.id) == opened
        place = replace(opened.draft, place=("guests", 0, "passport"), offered=("A", "B"))
        assert saved(bureau, opened, place) == loaded(bureau, opened.id)

    def test_nobody_elses(self, bureau: Bureau) -> None:
        opened = bureau.draft()
        with pytest.raises(DraftGone):
            loaded(bureau, opened.id, "bo")
        with pytest.raises(DraftGone):
            bureau.run(drafts.delete, opened.id, bureau.persons["bo"])
        assert bureau.run(drafts.of_person, bureau.services, bureau.persons["bo"]) == []

    def test_two_steps_against_one_state_keep_one(self, bureau: Bureau) -> None:
        opened = bureau.draft()

        def step(note: str) -> bool:
            try:
                saved(bureau, opened, replace(opened.draft, answers={**opened.draft.answers, "note": note}))
            except DraftGone:
                return False
            return True

        with ThreadPoolExecutor(3) as threads:
            assert sorted(threads.map(step, "abc")) == [False, False, True]
        assert loaded(bureau, opened.id).revision == 1

    def test_a_submitted_or_deleted_one_is_gone(self, bureau: Bureau) -> None:
        sent, dropped = bureau.draft(), bureau.draft()
        bureau.submit(sent)
        bureau.run(drafts.delete, dropped.id, bureau.persons["anna"])
        for opened in (sent, dropped):
            with pytest.raises(DraftGone):
                loaded(bureau, opened.id)
            with pytest.raises(DraftGone):
                saved(bureau, opened, opened.draft)

    def test_a_draft_of_a_service_that_is_gone(self, bureau: Bureau) -> None:
        opened = bureau.draft()
        bureau.services = {"sample_help": bureau.services["sample_help"]}
        with pytest.raises(DraftGone):
            loaded(bureau, opened.id)
        assert bureau.run(drafts.of_person, bureau.services, bureau.persons["anna"]) == []

    def test_the_one_touched_last_comes_first(self, bureau: Bureau) -> None:
        first, second = bureau.draft(), bureau.draft()
        bureau.later(minutes=1)
        saved(bureau, first, first.draft)
        found = bureau.run(drafts.of_person, bureau.services, bureau.persons["anna"])
        assert [one.id for one in found] == [first.id, second.id]
        assert found[0].touched_at == MORNING + timedelta(minutes=1)

    def test_the_body_is_sealed(self, bureau: Bureau) -> None:
        bureau.draft()
        body = bureau.run(lambda s: s.execute(text("SELECT body FROM drafts")).scalar_one())
        assert CANARY.encode() not in bytes(body) and b"Anna" not in bytes(body)

    def test_it_names_its_files(self, bureau: Bureau) -> None:
        opened = bureau.draft(visit(proof=(pdf("x.pdf"), pdf("y.pdf"))))
        body = bureau.run(lambda s: s.get_one(DraftRow, opened.id).body)
        assert drafts.files_within(body) == ["digest-of-x.pdf", "digest-of-y.pdf"]


class TestVersions:
    """A new version of the form: valid answers stay, the rest are asked again by name."""

    def test_answers_that_fit_stay_and_the_others_are_asked(self) -> None:
        stored = drafts.dump(SampleVisit, Draft("sample_visit", 1, visit()))
        stored["answers"] |= {"arrives": "not a day", "remark": "hello", "fax": "1"}
        stored["answers"].pop("note")
        draft = drafts.read(SampleVisit, stored)
        assert "arrives" not in draft.answers and draft.answers["note"] == "hello"
        assert draft.version == 3 and draft.answers["fax"] == "1"
        assert again(SampleVisit, draft) == draft

    def test_a_place_or_readings_that_are_gone_are_forgotten(self) -> None:
        stored = drafts.dump(SampleVisit, Draft("sample_visit", 1))
        draft = drafts.read(SampleVisit, {**stored, "place": ["fax"], "offered": ["1", "2"]})
        assert draft.place is None and draft.offered == ()
        draft = drafts.read(SampleVisit, {**stored, "place": ["arrives"], "offered": ["x"], "gathered": [1]})
        assert draft.offered == () and draft.place == ("arrives",)

    def test_what_an_earlier_program_wrote_lacks_what_is_new(self) -> None:
        assert drafts.read(SampleVisit, {"version": 1, "answers": {}}) == flow.begin(SampleVisit)


class TestTurns:
    """One update is one turn: read who speaks and their draft, keep what they did."""

    def take(self, bureau: Bureau, words: str, name: str = "anna", **more: object) -> turns.Turn:
        telegram_id = bureau.me(name).telegram_id
        return bureau.run(
            lambda s: turns.take(s.connection(), bureau.world, telegram_id, lambda _: Typed(words), **more)  # type: ignore[arg-type]
        )

    def test_a_text_answers_the_present_question(self, bureau: Bureau) -> None:
        opened = bureau.draft({name: value for name, value in visit().items() if name != "account"})
        turn = self.take(bureau, "6222 0000 1111")
        assert isinstance(turn.before, Asked) and isinstance(turn.view, Summary)
        assert loaded(bureau, opened.id).draft.answers["account"] == "6222 0000 1111"

    def test_a_stale_button_or_anothers_changes_nothing(self, bureau: Bureau) -> None:
        opened = bureau.draft({name: value for name, value in visit().items() if name != "account"})
        for drawn_for in ((opened.id, 7), (opened.id + 1, 0)):
            turn = self.take(bureau, "6222 0000 1111", drawn_for=drawn_for)
            assert turn.step is None and isinstance(turn.view, Asked)
        assert self.take(bureau, "anything", "bo").opened is None
        assert loaded(bureau, opened.id) == opened

    def test_a_wrong_answer_raises_no_revision(self, bureau: Bureau) -> None:
        opened = bureau.draft({name: value for name, value in visit().items() if name != "arrives"})
        self.take(bureau, "never")
        assert loaded(bureau, opened.id).revision == opened.revision

    def test_who_has_no_draft_or_a_lapsed_one_has_no_view(self, bureau: Bureau) -> None:
        assert self.take(bureau, "hello").view is None
        opened = bureau.draft()
        bureau.run(drafts.delete, opened.id, bureau.persons["anna"])
        assert self.take(bureau, "hello").view is None


class TestCorrections:
    def returned(self, bureau: Bureau) -> int:
        case = bureau.file()
        bureau.later(days=40)
        bureau.say("desk1", case.id, Return, (Remark("account", "which bank?"),))
        return case.id

    def test_limits_of_date_count_from_the_first_submission(self, bureau: Bureau) -> None:
        case_id = self.returned(bureau)
        opened = bureau.run(corrections.begin, bureau.world, bureau.me("anna"), bureau.case(case_id))
        kept = loaded(bureau, opened.id)
        assert kept.filed_at == MORNING and kept.case == case_id
        assert bureau.world.facts_of_draft(bureau.me("anna"), kept).first_submitted == MORNING.date()

    def test_begun_twice_it_is_one_draft(self, bureau: Bureau) -> None:
        case = bureau.case(self.returned(bureau))
        first, second = (
            bureau.run(corrections.begin, bureau.world, bureau.me("anna"), case) for _ in range(2)
        )
        assert first.id == second.id and bureau.me("anna").present_draft == first.id

    def test_a_case_taken_back_meanwhile_has_no_correction(self, bureau: Bureau) -> None:
        case = bureau.case(self.returned(bureau))
        opened = bureau.run(corrections.begin, bureau.world, bureau.me("anna"), case)
        bureau.run(by_applicant, bureau.world, case.id, Withdraw(case.state.version), case.person)
        with pytest.raises(DraftGone):
            loaded(bureau, opened.id)
        with pytest.raises(DraftGone):
            bureau.run(corrections.begin, bureau.world, bureau.me("anna"), bureau.case(case.id))
        assert people.CONSENT_VERSION
