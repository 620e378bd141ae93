"""Reviews through both databases: a verdict counts once, against what was seen, with its notices and its letter."""

from __future__ import annotations

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlmodel import Session, col, select

from storage import (
    audit,
    cases,
    corrections,
    desk,
    finds,
    letters,
    officers,
    outbox,
    pending,
    reviews,
    rights,
    saying,
)
from storage.approval import (
    Approve,
    Confirm,
    Division,
    FieldLocked,
    FourEyes,
    Kind,
    NotNow,
    NotQualified,
    NotTaken,
    Reason,
    Refuse,
    Remark,
    Return,
    Revoke,
    Role,
    StaleReview,
    Status,
    TakeBack,
    Withdraw,
)
from storage.cases import NoSuchCase, OpenCase
from storage.letters import Letter
from storage.outbox import Call, OutboxRow, unseal
from storage.pending import Saying
from tests.storage.office import CANARY, Bureau, guest
from tests.storage.sample import Purpose


def notices(bureau: Bureau, event: str) -> list[OutboxRow]:
    def read(session: Session) -> list[OutboxRow]:
        return list(
            session.scalars(select(OutboxRow).where(OutboxRow.event == event).order_by(col(OutboxRow.id)))
        )

    return bureau.run(read)


def values_of(row: OutboxRow) -> dict[str, Any]:
    values: dict[str, Any] = unseal(row.key, row.body).get("values", {}) if row.body else {}
    return values


def approved(bureau: Bureau, case_id: int) -> OpenCase:
    for name in ("desk1", "chief1", "director1"):
        case = bureau.say(name, case_id, Approve)
    return case


def letters_of(bureau: Bureau, case_id: int) -> list[Letter]:
    return list(bureau.run(letters.letters_of, case_id))


class TestVerdicts:
    def test_a_case_goes_from_stage_to_stage(self, bureau: Bureau) -> None:
        case = bureau.file()
        for name, waits in (("desk1", "chief2"), ("chief1", "director2")):
            case = bureau.say(name, case.id, Approve)
            assert bureau.waiting(waits) == [case.id] and bureau.waiting(name) == []
        assert bureau.say("director1", case.id, Approve).state.status is Status.APPROVED
        assert bureau.waiting("director2") == []

    def test_what_is_stored_is_what_the_record_tells(self, bureau: Bureau) -> None:
        case = bureau.file(guests=tuple(guest(passport=f"C01X00T{n}0") for n in range(3)))
        bureau.say("desk1", case.id, Return, (Remark("account", "?"),))
        bureau.later(days=1)
        bureau.correct(case.id, {"account": "another 1234"})
        bureau.say("desk2", case.id, Approve)
        bureau.later(hours=1)
        bureau.say("chief1", case.id, Refuse, Reason.OTHER, "Too many.")
        bureau.say("chief1", case.id, TakeBack)
        for name in ("chief1", "deputy1", "director1"):
            case = bureau.say(name, case.id, Approve)
        assert bureau.run(cases.rebuilt, case.id) == bureau.case(case.id).state == case.state
        assert [event.seq for event in bureau.run(cases.events, case.id)] == list(range(1, 9))

    def test_an_old_card_never_decides_on_what_was_not_seen(self, bureau: Bureau) -> None:
        case = bureau.file()
        bureau.say("desk1", case.id, Approve)
        with pytest.raises(StaleReview):
            bureau.run(reviews.decide, bureau.world, case.id, Approve(1), bureau.officer("chief1"))

    def test_of_two_at_once_one_counts(self, bureau: Bureau) -> None:
        case = bureau.file()
        world = bureau.world

        def tap(name: str) -> bool:
            try:
                bureau.run(reviews.decide, world, case.id, Approve(1), both[name])
            except StaleReview:
                return False
            return True

        both = {name: bureau.officer(name) for name in ("desk1", "desk2")}
        with ThreadPoolExecutor(2) as threads:
            assert sorted(threads.map(tap, both)) == [False, True]
        assert len(bureau.case(case.id).state.given) == 1

    def test_a_verdict_that_is_refused_leaves_nothing(self, bureau: Bureau) -> None:
        case = bureau.file()
        before = len(notices(bureau, "card"))
        for name in ("chief1", "director1"):
            with pytest.raises(NotTaken):
                bureau.say(name, case.id, Approve)
        assert bureau.case(case.id).state == case.state and len(notices(bureau, "card")) == before
        assert bureau.run(audit.first_broken) is None

    def test_nobody_decides_at_two_stages(self, bureau: Bureau) -> None:
        case = bureau.file()
        bureau.run(officers.appoint, bureau.persons["desk1"], Role.SECTION_CHIEF, Division.CON)
        bureau.say("desk1", case.id, Approve)
        with pytest.raises(FourEyes):
            bureau.say("desk1", case.id, Approve)

    def test_the_other_cards_are_redrawn_for_the_same_version(self, bureau: Bureau) -> None:
        case = bureau.file()
        bureau.say("desk1", case.id, Approve)
        cards = [(row.reader, row.call, row.version) for row in notices(bureau, "card")]
        persons = bureau.persons
        assert (persons["desk2"], Call.EDIT, 2) in cards, "the other desk officer learns who decided"
        assert {(persons["chief1"], Call.SEND, 2), (persons["chief2"], Call.SEND, 2)} <= set(cards)
        assert (persons["desk1"], Call.EDIT, 2) not in cards, "their own card is the answer to their tap"

    def test_the_applicant_hears_of_each_change(self, bureau: Bureau) -> None:
        case = bureau.file()
        approved(bureau, case.id)
        heard = [values_of(row)["kind"] for row in notices(bureau, "status")]
        assert heard == ["approve", "approve", "approve"]
        assert {row.reader for row in notices(bureau, "status")} == {case.person}

    def test_no_notice_holds_an_answer(self, bureau: Bureau) -> None:
        case = bureau.file()
        bureau.say("desk1", case.id, Return, (Remark("account", CANARY),))
        for row in bureau.run(lambda s: list(s.scalars(select(OutboxRow)))):
            assert CANARY not in str(values_of(row)) and "Anna" not in str(values_of(row))


class TestRefusing:
    def test_a_second_officer_confirms(self, bureau: Bureau) -> None:
        case = bureau.file()
        bureau.say("desk1", case.id, Approve)
        case = bureau.say("chief1", case.id, Refuse, Reason.OTHER, "Not now.")
        assert case.state.status is Status.UNDER_REVIEW and case.state.refusal is not None
        with pytest.raises(NotTaken):
            bureau.say("chief1", case.id, Confirm)
        assert bureau.say("director1", case.id, Confirm).state.status is Status.REFUSED

    def test_until_then_it_is_taken_back(self, bureau: Bureau) -> None:
        case = bureau.file()
        bureau.say("desk1", case.id, Approve)
        bureau.say("chief1", case.id, Refuse, Reason.OTHER, "Not now.")
        assert bureau.say("chief1", case.id, TakeBack).state.refusal is None

    def test_the_answers_begin_a_new_case(self, bureau: Bureau) -> None:
        case = bureau.file()
        bureau.say("desk1", case.id, Refuse, Reason.NOT_OURS)
        bureau.say("chief1", case.id, Confirm)
        again = bureau.file(again=False)
        assert again.number != case.number


class TestReturning:
    def test_returned_corrected_and_sent_again_with_what_differs(self, bureau: Bureau) -> None:
        case = bureau.file(purpose=Purpose.TRADE)
        bureau.say("desk1", case.id, Approve)
        bureau.later(hours=1)
        returned = bureau.say(
            "chief1", case.id, Return, (Remark("purpose", "study?"), Remark("guests.0.name", "full"))
        )
        assert returned.state.status is Status.RETURNED
        more = {"university": "Dongbei", "student_no": "S-1"}
        changed = {"purpose": Purpose.STUDY, **more, "guests": (guest(name="SCHMIDT, Anna Maria"),)}
        (corrected,) = bureau.correct(case.id, changed).cases
        assert corrected.state.status is Status.UNDER_REVIEW and corrected.state.place == 1, "the same stage"
        event = bureau.run(cases.events, case.id)[-1]
        assert event.verdict.changed == ("guests.0.name", "purpose")  # type: ignore[union-attr]
        assert event.verdict.depending == ("student_no", "university")  # type: ignore[union-attr]
        before = bureau.run(cases.answers_at, bureau.world, case.id, 1)
        assert before["purpose"] is Purpose.TRADE and corrected.answers["purpose"] is Purpose.STUDY
        kept = {name: value for name, value in before.items() if name not in changed}
        assert kept.items() <= corrected.answers.items(), "all others as they were"
        assert set(bureau.waiting("chief1")) == {case.id} and bureau.case(case.id).answers_version == 2

    def test_nothing_but_what_was_named_is_taken(self, bureau: Bureau) -> None:
        case = bureau.file()
        bureau.say("desk1", case.id, Return, (Remark("note", "say more"),))
        bureau.correct(case.id, {"note": "more"})
        with pytest.raises(NotTaken):
            bureau.say("desk1", case.id, Return, ())
        assert bureau.case(case.id).answers["note"] == "more"

    def test_what_stands_as_it_is_counts_as_looked_at(self, bureau: Bureau) -> None:
        case = bureau.file()
        bureau.say("desk1", case.id, Return, (Remark("account", "sure?"),))
        (corrected,) = bureau.correct(case.id, {}).cases
        assert corrected.state.status is not Status.RETURNED
        event = bureau.run(cases.events, case.id)[-1]
        assert event.verdict.explained == (Remark("account", "stands"),)  # type: ignore[union-attr]

    def test_conditions_of_stages_ahead_follow_the_answers(self, bureau: Bureau) -> None:
        case = bureau.file()
        assert len(case.state.ahead) == 2
        bureau.say("desk1", case.id, Return, (Remark("guests", "who else?"),))
        many = tuple(guest(passport=f"C01X00T{n}0") for n in range(3))
        (corrected,) = bureau.correct(case.id, {"guests": many}).cases
        assert len(corrected.state.ahead) == 3

    def test_somebody_elses_case_is_not_corrected(self, bureau: Bureau) -> None:
        case = bureau.file()
        bureau.say("desk1", case.id, Return, (Remark("account", "?"),))
        with pytest.raises(NoSuchCase):
            bureau.run(corrections.begin, bureau.world, bureau.me("bo"), bureau.case(case.id))

    def test_officers_correct_a_detail_that_their_stage_lets_them(self, bureau: Bureau) -> None:
        case = bureau.file()
        said = Saying(case=case.id, seen=1, kind="amend", fields=("guests.0.name",), text="SCHMITT, Anna")
        amended = bureau.run(reviews.amend, bureau.world, case.id, said, bureau.officer("desk1"))
        assert amended.answers["guests"][0]["name"] == "SCHMITT, Anna"
        assert bureau.run(finds.cases_named, "Schmitt") == [case.id], "found by the new name"
        locked = said.model_copy(
            update={"fields": ("account",), "seen": amended.state.version, "text": "9999"}
        )
        with pytest.raises(FieldLocked):
            bureau.run(reviews.amend, bureau.world, case.id, locked, bureau.officer("desk1"))
        assert bureau.case(case.id).answers["account"] == CANARY


class TestWithdrawing:
    def test_the_applicant_takes_it_back(self, bureau: Bureau) -> None:
        case = bureau.file()
        bureau.run(reviews.by_applicant, bureau.world, case.id, Withdraw(1), case.person)
        assert bureau.case(case.id).state.status is Status.WITHDRAWN and bureau.waiting("desk1") == []
        assert {row.reader for row in notices(bureau, "card") if row.call is Call.EDIT} >= {
            bureau.persons["desk1"]
        }

    def test_nobody_else_does(self, bureau: Bureau) -> None:
        case = bureau.file()
        with pytest.raises(NoSuchCase):
            bureau.run(reviews.by_applicant, bureau.world, case.id, Withdraw(1), bureau.persons["bo"])

    def test_after_approval_it_is_too_late(self, bureau: Bureau) -> None:
        case = approved(bureau, bureau.file().id)
        with pytest.raises(NotNow):
            bureau.run(reviews.by_applicant, bureau.world, case.id, Withdraw(case.state.version), case.person)


class TestLetters:
    def test_approval_takes_the_next_number_in_the_same_transaction(self, bureau: Bureau) -> None:
        case = approved(bureau, bureau.file().id)
        (letter,) = letters_of(bureau, case.id)
        assert letter.number == "沈外试〔2027〕0001号" and letter.holder_id == case.person

    def test_it_names_whom_it_is_for(self, bureau: Bureau) -> None:
        case = approved(bureau, bureau.file(guests=(guest(), guest("LEE, Bo", "SG", "K1234567"))).id)
        (letter,) = letters_of(bureau, case.id)
        found = bureau.run(letters.verify, letter.code)
        assert found is not None and found.masked_name == letters.mask_names(["SCHMIDT, Anna", "LEE, Bo"])

    def test_an_approval_that_fails_takes_none(self, bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
        case = bureau.file()
        for name in ("desk1", "chief1"):
            bureau.say(name, case.id, Approve)
        with monkeypatch.context() as broken:
            broken.setattr(audit, "record", lambda *_, **__: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                bureau.say("director1", case.id, Approve)
        assert letters_of(bureau, case.id) == []
        bureau.say("director1", case.id, Approve)
        assert letters_of(bureau, case.id)[0].number.endswith("0001号")

    def test_many_at_once_leave_no_gap(self, bureau: Bureau) -> None:
        filed = [bureau.file(guests=(guest(passport=f"C01X00T{n}0"),)).id for n in range(6)]
        for case_id in filed:
            for name in ("desk1", "chief1"):
                bureau.say(name, case_id, Approve)
        world, director = bureau.world, bureau.officer("director1")
        seen = bureau.case(filed[0]).state.version
        with ThreadPoolExecutor(6) as threads:
            list(
                threads.map(
                    lambda one: bureau.run(reviews.decide, world, one, Approve(seen), director), filed
                )
            )
        numbers = sorted(letter.number for case_id in filed for letter in letters_of(bureau, case_id))
        assert numbers == [f"沈外试〔2027〕{n:04}号" for n in range(1, 7)]
        assert bureau.run(audit.first_broken) is None

    def test_a_revoked_one_is_revoked_for_ever(self, bureau: Bureau) -> None:
        case = approved(bureau, bureau.file().id)
        bureau.say("director1", case.id, Revoke, "False data.")
        (letter,) = letters_of(bureau, case.id)
        found = bureau.run(letters.verify, letter.code)
        assert found is not None and found.state is letters.LetterState.REVOKED


class TestRights:
    """Nobody sees what is not theirs: computed in one place."""

    SEES = (
        ("desk1", True),
        ("chief1", True),
        ("oca1", False),
        ("tal1", False),
        ("deputy1", True),
        ("director1", True),
        ("administrator1", False),
        ("discipline1", False),
    )

    @pytest.mark.parametrize(("name", "sees"), SEES)
    def test_who_sees_a_case(self, bureau: Bureau, name: str, sees: bool) -> None:
        case = bureau.file()
        officer = bureau.officer(name)
        assert rights.may_see(case, person=0, officer=officer) is sees
        assert bool(bureau.run(desk.search, bureau.world, "Schmidt", officer)) is sees
        assert bool(bureau.run(desk.search, bureau.world, case.number, officer)) is sees
        if not sees:
            for read in (desk.case_for, reviews.decide):
                rest: tuple[Any, ...] = (Approve(1),) if read is reviews.decide else ()
                with pytest.raises(NoSuchCase):
                    bureau.run(read, bureau.world, case.id, *rest, officer)  # type: ignore[arg-type]
            with pytest.raises(NoSuchCase):
                bureau.run(reviews.show_secrets, bureau.world, case.id, officer, 5)

    def test_an_applicant_sees_their_own_alone(self, bureau: Bureau) -> None:
        case = bureau.file()
        assert rights.may_see(case, person=case.person)
        assert not rights.may_see(case, person=bureau.persons["bo"])
        with pytest.raises(NoSuchCase):
            rights.see(case, person=bureau.persons["bo"])
        assert bureau.run(cases.of_person, bureau.world, bureau.persons["bo"]) == []

    def test_a_search_is_not_starved_by_what_one_may_not_see(
        self, bureau: Bureau, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        case = bureau.file()
        for number in range(3):
            bureau.file("bo", guests=(guest(passport=f"C01X00T{number}9"),))
        officer = dataclasses.replace(bureau.officer("oca1"))
        monkeypatch.setattr(rights, "may_see", lambda one, **_: one.id == case.id)
        found = bureau.run(desk.search, bureau.world, "Schmidt", officer, 2)
        assert [one.id for one in found] == [case.id]


class TestSecretsShown:
    def test_a_look_is_an_event_and_the_card_is_masked_again_after_a_minute(self, bureau: Bureau) -> None:
        case = bureau.file()
        officer = bureau.officer("desk1")
        bureau.run(reviews.show_secrets, bureau.world, case.id, officer, 77)
        entry = bureau.run(
            lambda s: s.scalars(select(audit.AuditEntry).order_by(col(audit.AuditEntry.id))).all()[-1]
        )
        assert (entry.what, entry.by, entry.case, entry.version) == (
            "secret_shown",
            officer.person,
            case.id,
            1,
        )
        (row,) = [row for row in notices(bureau, "card") if row.message_id == 77]
        assert row.call is Call.EDIT and row.due_at == bureau.now + reviews.SECRETS_SHOWN_FOR
        assert row.state != outbox.State.SENT


class TestPending:
    """What an officer is about to say: sealed, one at a time."""

    def test_it_is_kept_replaced_and_dropped(self, bureau: Bureau) -> None:
        person = bureau.persons["desk1"]
        first = Saying(case=1, seen=1, kind="refuse", reason="other", text=CANARY)
        bureau.run(pending.keep, person, first, bureau.now)
        assert bureau.run(pending.of, person) == first
        second = Saying(case=1, seen=1, kind="return", fields=("a", "b"), remarks=("x",))
        bureau.run(pending.keep, person, second, bureau.now)
        assert bureau.run(pending.of, person) == second
        bureau.run(pending.drop, person)
        bureau.run(pending.drop, person)
        assert bureau.run(pending.of, person) is None

    @pytest.mark.parametrize(
        ("said", "parts"),
        [
            (Saying(case=1, seen=1, kind="refuse"), ["reason", "text", "sure"]),
            (Saying(case=1, seen=1, kind="return"), ["fields", "remark", "sure"]),
            (Saying(case=1, seen=1, kind="hold"), ["until", "text"]),
            (Saying(case=1, seen=1, kind="send_out"), ["body", "until"]),
            (Saying(case=1, seen=1, kind="confirm"), ["sure"]),
        ],
    )
    def test_a_verdict_is_said_part_by_part(self, bureau: Bureau, said: Saying, parts: list[str]) -> None:
        state = bureau.file().state
        given = {"reason": "other", "text": "Too late.", "until": "2027-05-01", "body": "province"}
        asked = []
        done = saying.Said()
        while (part := saying.missing(said, state, done)) is not None:
            asked.append(part)
            match part:
                case "sure":
                    done = dataclasses.replace(done, sure=True)
                case "fields":
                    said = said.model_copy(update={"fields": ("account",)})
                    done = dataclasses.replace(done, fields_done=True)
                case "remark":
                    said = said.model_copy(update={"remarks": ("?",)})
                case _:
                    said = said.model_copy(update={part: given[part]})
        assert asked == parts
        assert saying.verdict_of(said, done).kind == Kind(said.kind)


def test_who_may_not_act_is_told_so(bureau: Bureau) -> None:
    case = bureau.file()
    with pytest.raises(NotQualified):
        bureau.say("chief1", case.id, Approve)
