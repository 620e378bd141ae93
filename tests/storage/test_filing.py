"""Filing through both databases: a draft files once, numbers have no gaps and no doubles, and who is told."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from storage import cases, duplicates, filing, flow, reviews, rulings
from storage.approval import Remark, Return, Role, Status, Withdraw
from storage.cases import Awaited, Case, CaseSeries
from storage.drafts import DraftGone, DraftRow
from storage.filing import FiledBefore, NotFinished
from storage.kinds import Relic
from storage.outbox import OutboxRow
from storage.questions import questions_of
from tests.storage.office import MORNING, Bureau, guest, visit
from tests.storage.playing import pdf
from tests.storage.sample import Purpose, Wanted


def series(bureau: Bureau) -> list[int]:
    def read(session: Session) -> list[int]:
        return sorted(session.scalars(select(Case.serial)).all())

    return bureau.run(read)


def posted(bureau: Bureau) -> list[tuple[str, int | None]]:
    def read(session: Session) -> list[tuple[str, int | None]]:
        rows = session.scalars(select(OutboxRow).order_by(col(OutboxRow.id)))
        return [(row.event or "", row.reader) for row in rows]

    return bureau.run(read)


class TestOnce:
    def test_a_draft_becomes_a_case_with_a_number(self, bureau: Bureau) -> None:
        filed = bureau.submit(bureau.draft())
        (case,) = filed.cases
        assert case.number == "SYFAO-2027-00001" and not filed.already
        assert case.state.status is Status.RECEIVED and case.answers == visit()
        assert cases.chinese_number(case.number, "沈外办受") == "沈外办受〔2027〕00001号"

    def test_a_double_tap_answers_with_the_same_case(self, bureau: Bureau) -> None:
        opened = bureau.draft()
        first, second = bureau.submit(opened), bureau.submit(opened)
        assert second.already and [case.id for case in second.cases] == [case.id for case in first.cases]
        assert series(bureau) == [1]

    def test_two_taps_at_once_file_one_case(self, bureau: Bureau) -> None:
        opened, world, me = bureau.draft(), bureau.world, bureau.me("anna")

        def tap(_: int) -> Any:
            return bureau.run(filing.submit, world, me, opened.id, opened.revision)

        with ThreadPoolExecutor(4) as threads:
            done = list(threads.map(tap, range(4)))
        assert sorted(filed.already for filed in done) == [False, True, True, True]
        assert len({filed.cases[0].id for filed in done}) == 1 and series(bureau) == [1]

    def test_many_people_at_once_leave_no_gap_and_no_double(self, bureau: Bureau) -> None:
        drafts = [bureau.draft(visit(guests=(guest(passport=f"C01X00T{n:02}"),))) for n in range(10)]
        world, me = bureau.world, bureau.me("anna")
        with ThreadPoolExecutor(5) as threads:
            list(threads.map(lambda one: bureau.run(filing.submit, world, me, one.id, one.revision), drafts))
        assert series(bureau) == list(range(1, 11))

    def test_a_filing_that_fails_leaves_no_gap(self, bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
        opened = bureau.draft()
        with monkeypatch.context() as broken:
            broken.setattr("storage.audit.record", lambda *_, **__: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                bureau.submit(opened)
        assert bureau.submit(opened).cases[0].number.endswith("00001")

    def test_each_year_begins_anew(self, bureau: Bureau) -> None:
        bureau.file()
        bureau.later(days=320)
        arrives = bureau.now.date() + timedelta(days=30)
        case = bureau.file(arrives=arrives, leaves=arrives)
        assert case.number == "SYFAO-2028-00001"
        assert bureau.run(lambda s: {one.year: one.last for one in s.scalars(select(CaseSeries))}) == {
            2027: 1,
            2028: 1,
        }

    def test_the_year_is_the_offices_own(self, bureau: Bureau) -> None:
        bureau.now = MORNING.replace(year=2027, month=12, day=31, hour=20)
        arrives = bureau.now.date() + timedelta(days=30)
        assert bureau.file(arrives=arrives, leaves=arrives).number == "SYFAO-2028-00001"


class TestRefusals:
    def test_an_unfinished_draft_is_not_sent(self, bureau: Bureau) -> None:
        with pytest.raises(NotFinished) as caught:
            bureau.submit(bureau.draft({**visit(), "account": None}))
        assert [fault.path for fault in caught.value.faults] == [("account",)]
        assert series(bureau) == []

    def test_a_draft_that_changed_since_it_was_shown(self, bureau: Bureau) -> None:
        opened = bureau.draft()
        with pytest.raises(DraftGone):
            bureau.submit(replace(opened, revision=opened.revision + 1))

    def test_another_persons_draft_does_not_exist(self, bureau: Bureau) -> None:
        opened = bureau.draft()
        with pytest.raises(DraftGone):
            bureau.submit(opened, "bo")
        bureau.submit(opened)
        with pytest.raises(DraftGone):
            bureau.submit(opened, "bo")

    def test_the_same_request_twice_is_said_and_may_be_meant(self, bureau: Bureau) -> None:
        first = bureau.file(again=False)
        with pytest.raises(FiledBefore) as caught:
            bureau.file(again=False)
        assert (caught.value.number, caught.value.case) == (first.number, first.id)
        bureau.file(again=True)
        assert series(bureau) == [1, 2]

    @pytest.mark.parametrize(
        "guests",
        [
            (guest(passport="K1234567"),),
            (guest(country="FR"), guest(passport="K1234567")),
        ],
    )
    def test_another_guest_is_another_request(self, bureau: Bureau, guests: tuple[Any, ...]) -> None:
        """The key is looked at row by row: one guest's nationality does not go with another's number."""
        bureau.file(again=False)
        bureau.file(again=False, guests=guests)

    def test_anothers_request_is_no_duplicate_and_an_ended_one_neither(self, bureau: Bureau) -> None:
        first = bureau.file(again=False)
        bureau.file("bo", again=False)
        bureau.run(lambda s: _withdraw(s, bureau, first.id))
        bureau.file(again=False)

    def test_secrets_at_the_desk_make_no_duplicate(self, bureau: Bureau) -> None:
        nobody = (guest(passport=None),)
        opened = bureau.draft(visit(guests=nobody))
        world = replace(
            bureau.world,
            office=bureau.world.office.model_copy(update={"collect_secret_in_chat": {"default": False}}),
        )
        bureau.run(filing.submit, world, bureau.me("anna"), opened.id, opened.revision)


def _withdraw(session: Session, bureau: Bureau, case_id: int) -> None:
    case = cases.read(session, bureau.world, case_id)
    reviews.by_applicant(session, bureau.world, case_id, Withdraw(case.state.version), case.person)


class TestWhatIsKept:
    def test_answers_lie_in_their_columns(self, bureau: Bureau) -> None:
        case = bureau.file(note="Ünïcode 王芳")

        def read(session: Session) -> tuple[Any, ...]:
            row = session.get_one(bureau.services["sample_visit"], case.id)
            return row.purpose, row.note, row.guests[0].passport, row.account, row.proof  # type: ignore[attr-defined]

        purpose, note, passport, account, proof = bureau.run(read)
        assert (purpose, note, passport) == (Purpose.TRADE, "Ünïcode 王芳", "C01X00T47")
        assert account == visit()["account"] and proof == (pdf(),)

    def test_officers_are_told_and_the_applicant_is_not_told_what_they_see(self, bureau: Bureau) -> None:
        bureau.file()
        desks = {bureau.persons["desk1"], bureau.persons["desk2"]}
        assert {reader for event, reader in posted(bureau) if event == "card"} == desks
        assert not [event for event, _ in posted(bureau) if event == "status"]

    def test_the_case_waits_for_the_desk(self, bureau: Bureau) -> None:
        case = bureau.file()
        rows = bureau.run(lambda s: [(one.role, one.division) for one in s.scalars(select(Awaited))])
        assert rows == [(Role.DESK.value, None)]
        assert bureau.waiting("desk1") == [case.id] and bureau.waiting("chief1") == []

    def test_the_draft_is_emptied_and_left(self, bureau: Bureau) -> None:
        opened = bureau.draft()
        bureau.submit(opened)
        row = bureau.run(lambda s: s.get_one(DraftRow, opened.id))
        assert row.submitted_at == bureau.now and row.body == b""
        assert bureau.me("anna").present_draft is None

    def test_the_profile_remembers_what_is_no_secret(self, bureau: Bureau) -> None:
        bureau.file(applicant_phone="+4930901820", host_phone="+8613800138000")
        profile = bureau.me("anna").profile
        assert profile["applicant_name"] == "Anna Host"
        assert profile["applicant_phone"] == "+4930901820", "the applicant's own, not the host's"
        assert visit()["account"] not in str(profile)

    def test_the_case_keeps_the_version_it_was_filed_with(self, bureau: Bureau) -> None:
        case = bureau.file()
        assert bureau.run(lambda s: s.get_one(Case, case.id).form_version) == 3

    def test_the_record_begins_with_the_filing(self, bureau: Bureau) -> None:
        case = bureau.file()
        assert bureau.run(cases.rebuilt, case.id) == case.state
        assert bureau.run(cases.events, case.id) == []

    def test_conditional_stages_are_settled_by_the_answers(self, bureau: Bureau) -> None:
        few = bureau.file()
        many = bureau.file(guests=tuple(guest(passport=f"C01X00T{n}0") for n in range(3)))
        assert len(few.state.ahead) == 2 and len(many.state.ahead) == 3

    def test_an_officer_who_appears_in_the_case_does_not_act_on_it(self, bureau: Bureau) -> None:
        case = bureau.file(guests=(guest(name="Desk 1"),))
        assert case.state.appearing == (bureau.persons["desk1"],)
        assert bureau.waiting("desk1") == [] and bureau.waiting("desk2") == [case.id]
        assert bureau.persons["desk1"] not in {reader for _, reader in posted(bureau)}

    def test_no_table_shows_an_answer_when_its_row_is_printed(self, bureau: Bureau) -> None:
        case = bureau.file()
        shown = bureau.run(lambda s: repr(s.get_one(Case, case.id)) + str(s.get_one(Case, case.id)))
        assert "Anna Host" not in shown

    def test_similar_cases_of_others_are_for_officers_eyes(
        self, bureau: Bureau, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        form = bureau.services["sample_visit"]
        monkeypatch.setattr(form, "same_case", replace(form.same_case, everyone=True))  # type: ignore[type-var]
        first, second = bureau.file(), bureau.file("bo")
        assert bureau.run(duplicates.elsewhere, second) == (first.number,)
        assert bureau.run(duplicates.elsewhere, first) == (second.number,)


class TestMatters:
    def answers(self, *wanted: Wanted) -> dict[str, Any]:
        return {
            "subject": "王芳",
            "matters": wanted,
            "sample_settling": {"home": "Berlin", "papers": (pdf("papers.pdf"),)},
            "sample_search": {"story": "She left in 1949"},
        }

    def test_each_matter_files_its_own_case_linked(self, bureau: Bureau) -> None:
        both = self.answers(Wanted.SAMPLE_SETTLING, Wanted.SAMPLE_SEARCH)
        settling, search = bureau.submit(bureau.draft(both, service="sample_help")).cases
        assert (settling.matter, search.matter) == ("sample_settling", "sample_search")
        assert bureau.run(lambda s: s.get_one(Case, search.id).linked) == settling.id
        assert series(bureau) == [1, 2]

    def test_a_case_holds_its_own_matter_and_not_the_others(self, bureau: Bureau) -> None:
        both = self.answers(Wanted.SAMPLE_SETTLING, Wanted.SAMPLE_SEARCH)
        settling, search = bureau.submit(bureau.draft(both, service="sample_help")).cases
        assert "sample_search" not in settling.answers and "sample_settling" not in search.answers
        assert settling.answers["matters"] == (Wanted.SAMPLE_SETTLING,)
        assert bureau.run(cases.files_within, search.id) == [], "nor its files"
        assert bureau.run(cases.files_within, settling.id) == ["digest-of-papers.pdf"]
        facts = bureau.world.facts(bureau.me("anna"), "sample_help")
        for case in (settling, search):
            copied = rulings.faults(bureau.services["sample_help"], _copied(bureau, case, facts), facts)
            assert not copied, "a case of one matter is whole by itself"


def _copied(bureau: Bureau, case: Any, facts: Any) -> Any:
    return flow.copy(bureau.services["sample_help"], case.answers, facts)


class TestVersions:
    """A case of version 1 under version 3: what fits as its type, the unknown kept, choices gone as relics."""

    OLD = {  # noqa: RUF012  # what version 1 of the form wrote
        "remark": "of version 1",
        "purpose": "pilgrimage",
        "fax": "+49 30 1",
        "arrives": "not a day",
    }

    @pytest.fixture
    def case_id(self, bureau: Bureau) -> int:
        case = bureau.file()

        def make_old(session: Session) -> None:
            row = session.get_one(Case, case.id)
            kept = session.get_one(cases.CaseAnswers, (case.id, 1))
            key = cases.key_of(row)
            stored = json.loads(key.unseal(kept.body, b"answers"))
            stored.pop("note")
            stored["guests"][0]["nickname"] = "Ännchen"
            del stored["guests"][0]["works"]
            kept.body = key.seal(json.dumps({**stored, **self.OLD}).encode(), b"answers")
            row.form_version = 1
            session.add(kept)

        bureau.run(make_old)
        return case.id

    def test_it_opens(self, bureau: Bureau, case_id: int) -> None:
        answers = bureau.case(case_id).answers
        assert answers["note"] == "of version 1", "a renamed question says was="
        assert answers["purpose"] == Relic("pilgrimage")
        assert "arrives" not in answers, "what no longer fits is missing"
        assert answers["fax"] == "+49 30 1" and answers["guests"][0]["nickname"] == "Ännchen"

    def test_what_is_unknown_is_written_back(self, bureau: Bureau, case_id: int) -> None:
        bureau.say("desk1", case_id, Return, (Remark("account", "which bank?"),))
        bureau.correct(case_id, {"account": "another 1234"})
        answers = bureau.case(case_id).answers
        assert answers["fax"] == "+49 30 1" and answers["guests"][0]["nickname"] == "Ännchen"
        assert answers["purpose"] == Relic("pilgrimage"), "a relic is not overwritten"
        assert answers["account"] == "another 1234"

    def test_a_field_named_under_its_old_name_is_mended_under_the_new(
        self, bureau: Bureau, case_id: int
    ) -> None:
        bureau.say("desk1", case_id, Return, (Remark("remark", "say more"),))
        filed = bureau.correct(case_id, {"note": "more"})
        assert filed.cases[0].state.status is Status.UNDER_REVIEW or filed.cases[0].state.to_mend == ()
        assert filed.cases[0].answers["note"] == "more"

    def test_one_odd_sealed_row_does_not_fail_a_query(self, bureau: Bureau, case_id: int) -> None:
        form = bureau.services["sample_visit"]
        kind = next(one.kind for one in questions_of(form) if one.field == "guests")
        stored = [{"name": 3, "passport": "C01X00T47", "gone": True}, "no row", {"nationality": "DE"}]
        rows = kind.restore(stored)
        assert [row.passport for row in rows] == ["C01X00T47", None] and rows[0].name is None


def form_questions(form: Any) -> Any:
    return questions_of(form)
