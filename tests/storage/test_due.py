"""What time makes due: reminders and expiry of cases and drafts, and handing over; said twice it is done once."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from storage import audit, cases, corrections, drafts, due, letters, reviews, telling
from storage.approval import Approve, Hold, Refuse, Remark, Return, Status
from storage.cases import Case
from storage.drafts import DraftGone, DraftRow
from storage.outbox import Call, Notice, OutboxRow, Priority, State, post
from tests.storage.office import MORNING, Bureau, guest, visit
from tests.storage.playing import pdf
from tests.storage.sample import SampleVisit


def said(bureau: Bureau) -> Counter[str]:
    def read(session: Session) -> Counter[str]:
        return Counter(row.event or "" for row in session.scalars(select(OutboxRow)))

    return bureau.run(read)


def look(bureau: Bureau) -> int:
    """The clock, until it has nothing more to say."""
    looked = 0
    while found := bureau.run(due.look_at_cases, bureau.world):
        looked += found
        assert looked < 50, "the clock does not come to an end"
    return looked


class TestDrafts:
    def test_reminded_on_the_seventh_and_the_twenty_seventh_day(self, bureau: Bureau) -> None:
        bureau.draft()
        told = []
        for day in range(30):
            bureau.now = MORNING + timedelta(days=day, minutes=1)
            told += [day] * bureau.run(due.look_at_drafts, bureau.world)
            assert bureau.run(due.look_at_drafts, bureau.world) == 0
        assert told == [7, 27] and said(bureau)["draft"] == 2

    def test_after_a_long_silence_of_the_clock_one_reminder_comes(self, bureau: Bureau) -> None:
        bureau.draft()
        bureau.later(days=28)
        assert bureau.run(due.look_at_drafts, bureau.world) == 1
        assert bureau.run(due.look_at_drafts, bureau.world) == 0

    def test_each_answer_begins_the_days_anew(self, bureau: Bureau) -> None:
        opened = bureau.draft()
        bureau.later(days=8)
        bureau.run(due.look_at_drafts, bureau.world)
        bureau.run(lambda s: drafts.save(s.connection(), SampleVisit, opened, opened.draft, bureau.now))
        bureau.later(days=6)
        assert bureau.run(due.look_at_drafts, bureau.world) == 0
        bureau.later(days=2)
        assert bureau.run(due.look_at_drafts, bureau.world) == 1

    def test_after_thirty_days_it_is_forgotten(self, bureau: Bureau) -> None:
        opened = bureau.draft()
        bureau.later(days=30, minutes=-1)
        bureau.run(due.look_at_drafts, bureau.world)
        assert bureau.run(drafts.row_of, opened.id, bureau.persons["anna"])
        bureau.later(minutes=1)
        bureau.run(due.look_at_drafts, bureau.world)
        with pytest.raises(DraftGone):
            bureau.run(drafts.row_of, opened.id, bureau.persons["anna"])

    def test_a_submitted_draft_is_no_draft(self, bureau: Bureau) -> None:
        bureau.submit(bureau.draft())
        bureau.later(days=40)
        assert bureau.run(due.look_at_drafts, bureau.world) == 0
        assert bureau.run(lambda s: len(list(s.scalars(select(DraftRow))))) == 1, (
            "it answers a late second tap"
        )


class TestReturned:
    def returned(self, bureau: Bureau) -> int:
        case = bureau.file()
        bureau.say("desk1", case.id, Return, (Remark("account", "?"),))
        return case.id

    def test_reminders_and_expiry(self, bureau: Bureau) -> None:
        case_id = self.returned(bureau)
        for _ in range(40):
            bureau.later(days=1)
            look(bureau)
        assert said(bureau)["mend"] == 3
        case = bureau.case(case_id)
        assert case.state.status is Status.EXPIRED
        assert bureau.run(cases.rebuilt, case_id) == case.state, "the clock's word is an event like any other"
        assert bureau.run(audit.first_broken) is None

    def test_a_correction_ends_with_its_case(self, bureau: Bureau) -> None:
        case_id = self.returned(bureau)
        opened = bureau.run(corrections.begin, bureau.world, bureau.me("anna"), bureau.case(case_id))
        bureau.later(days=8)
        assert bureau.run(due.look_at_drafts, bureau.world) == 0, "the case's own reminders say so"
        bureau.later(days=40)
        look(bureau)
        with pytest.raises(DraftGone):
            bureau.run(drafts.row_of, opened.id, bureau.persons["anna"])


class TestOverdue:
    def test_overdue_never_decides(self, bureau: Bureau) -> None:
        case = bureau.file()
        for _ in range(60):
            bureau.later(days=1)
            look(bureau)
        after = bureau.case(case.id)
        assert after.state.status is Status.RECEIVED and after.state.given == ()
        assert said(bureau)["reminder"] > 1, "only louder"
        assert bureau.run(cases.rebuilt, case.id) == after.state

    def test_nothing_is_said_before_its_time(self, bureau: Bureau) -> None:
        bureau.file()
        assert look(bureau) == 0

    def test_a_hold_ends_on_its_day(self, bureau: Bureau) -> None:
        case = bureau.file()
        bureau.say("desk1", case.id, Hold, (bureau.now + timedelta(days=3)).date(), "Waits for the fair.")
        assert bureau.case(case.id).state.status is Status.ON_HOLD
        bureau.later(days=4)
        look(bureau)
        assert bureau.case(case.id).state.status is not Status.ON_HOLD

    def test_one_odd_case_holds_up_no_other(self, bureau: Bureau) -> None:
        odd, other = bureau.file(), bureau.file(guests=(guest(passport="K1234567"),))
        bureau.run(lambda s: setattr(s.get_one(Case, odd.id), "key", None))
        bureau.later(days=10)
        look(bureau)
        assert said(bureau)["reminder"] > 0 and bureau.case(other.id).state.events > 0

    def test_two_clocks_at_once_do_it_once(self, bureau: Bureau) -> None:
        for number in range(4):
            bureau.file(guests=(guest(passport=f"C01X00T{number}0"),))
        bureau.later(days=10)
        world = bureau.world
        with ThreadPoolExecutor(3) as threads:
            list(threads.map(lambda _: bureau.run(due.look_at_cases, world), range(3)))
        keys = bureau.run(lambda s: [row.key for row in s.scalars(select(OutboxRow))])
        assert len(keys) == len(set(keys)) and bureau.run(audit.first_broken) is None


class TestHandingOver:
    def approved(self, bureau: Bureau) -> int:
        case = bureau.file()
        for name in ("desk1", "chief1", "director1"):
            bureau.say(name, case.id, Approve)
        return case.id

    def test_once_the_letter_reached_the_applicant(self, bureau: Bureau) -> None:
        case_id = self.approved(bureau)
        assert bureau.run(due.hand_over, bureau.world) == 0

        def arrive(session: Session) -> None:
            notice = Notice(
                f"letter:{case_id}",
                1,
                event=telling.LETTER,
                call=Call.SEND,
                case=case_id,
                priority=Priority.NOTICE,
            )
            post(session, notice, bureau.now)
            row = session.scalars(select(OutboxRow).where(col(OutboxRow.event) == telling.LETTER)).one()
            row.state = State.SENT

        bureau.run(arrive)
        assert bureau.run(due.hand_over, bureau.world) == 1
        assert bureau.case(case_id).state.status is Status.FULFILLED
        assert bureau.run(due.hand_over, bureau.world) == 0

    def test_at_once_where_there_is_none(self, bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(SampleVisit, "letter", None)
        case_id = self.approved(bureau)
        assert bureau.run(due.hand_over, bureau.world) == 1
        assert bureau.case(case_id).state.status is Status.FULFILLED
        assert bureau.run(letters.letters_of, case_id) == []

    def test_then_it_is_closed_after_the_time_for_feedback(
        self, bureau: Bureau, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(SampleVisit, "letter", None)
        case_id = self.approved(bureau)
        bureau.run(due.hand_over, bureau.world)
        for _ in range(20):
            bureau.later(days=1)
            look(bureau)
        assert bureau.case(case_id).state.status is Status.CLOSED

    def test_an_unconfirmed_refusal_is_lifted_and_not_decided(self, bureau: Bureau) -> None:
        case = bureau.file()
        bureau.say("desk1", case.id, Refuse, "not_ours")
        for _ in range(30):
            bureau.later(days=1)
            look(bureau)
        state = bureau.case(case.id).state
        assert state.refusal is not None and state.status is not Status.REFUSED
        assert reviews.SECRETS_SHOWN_FOR


def test_files_that_are_named_are_known(bureau: Bureau) -> None:
    bureau.draft(visit(proof=(pdf("draft.pdf"),)))
    bureau.file(proof=(pdf("case.pdf"),))
    known = bureau.run(due.known_files, bureau.world)
    assert known == {"digest-of-draft.pdf", "digest-of-case.pdf"}
