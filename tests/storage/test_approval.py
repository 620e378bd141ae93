"""The approval engine, told as the office works: who acts when, what each verdict does, and what is refused by name."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from storage.approval import (
    CLOCK,
    LEGAL,
    Actor,
    All,
    AlreadySaid,
    Amend,
    AnyOf,
    Approve,
    AskRevocation,
    Assessment,
    Close,
    Confirm,
    DayPassed,
    Dispute,
    DistrictUnknown,
    Division,
    EndNotice,
    Expire,
    FieldLocked,
    FourEyes,
    Fulfil,
    Hold,
    Hours,
    InTurn,
    Kind,
    Lift,
    Limit,
    Minutes,
    NeedsReason,
    NothingNamed,
    NotMended,
    NotNow,
    NotQualified,
    NotTaken,
    NotYet,
    Object,
    OnlyNotOurs,
    Outside,
    Published,
    Reason,
    Recused,
    RefusalPending,
    Refuse,
    Remark,
    Remind,
    Reminder,
    Reopen,
    Reply,
    Resubmit,
    Resume,
    Return,
    ReturnsExhausted,
    Revoke,
    Role,
    Route,
    SendOut,
    Settle,
    Stage,
    StaleReview,
    Status,
    TakeBack,
    TextTooLong,
    TooLate,
    Unit,
    UnreadableRoute,
    Urge,
    Withdraw,
    WorkingDays,
    covers,
    decide,
    due,
    due_at,
    dump_case,
    dump_event,
    expected_by,
    load_case,
    load_event,
    next_due,
    open_acts,
    rebuild,
    why_not,
)
from tests.storage.approval_world import (
    ADMINISTRATOR,
    APPLICANT,
    CALENDAR,
    CHIEF,
    CHIEF_2,
    DEPUTY,
    DEPUTY_2,
    DESK,
    DESK_2,
    DIRECTOR,
    DIRECTOR_2,
    HMT_CHIEF,
    MONDAY,
    OFFICERS,
    OTHER_DEPUTY,
    SHENYANG,
    STRANGER,
    Play,
    officer,
    opened,
)

PASSPORT = (Remark("guests.0.passport", "The last digit can't be read."),)


def approved() -> Play:
    return Play().say(DESK, Approve).say(CHIEF, Approve).say(DIRECTOR, Approve)


def refused() -> Play:
    play = Play().say(DESK, Approve).say(CHIEF, Refuse, Reason.NOT_ELIGIBLE)
    return play.say(DIRECTOR, Confirm)


class TestTheOrdinaryWay:
    def test_desk_chief_and_director_approve_in_order(self) -> None:
        play = Play()
        assert play.case.status is Status.RECEIVED
        assert play.case.position == (1, 3)
        play.say(DESK, Approve)
        assert (play.case.status, play.case.position) == (Status.UNDER_REVIEW, (2, 3))
        play.say(CHIEF, Approve).say(DIRECTOR, Approve)
        assert play.case.status is Status.APPROVED
        assert [event.by for event in play.record] == [DESK.person, CHIEF.person, DIRECTOR.person]
        assert play.record[-1].path == (Status.UNDER_REVIEW, Status.APPROVED)

    def test_a_letter_handed_over_is_fulfilled_and_closed_by_the_clock(self) -> None:
        play = approved().say(DESK, Fulfil)
        with pytest.raises(NotYet):
            play.say(CLOCK, Close)
        play.later(days=20).say(CLOCK, Close)
        assert play.case.status is Status.CLOSED

    def test_a_conditional_stage_is_passed_over_unless_its_condition_holds(self) -> None:
        many = Play(opened(many_guests=True)).say(DESK, Approve).say(CHIEF, Approve)
        assert open_acts(many.case)[0].role is Role.DEPUTY_DIRECTOR
        few = Play().say(DESK, Approve).say(CHIEF, Approve)
        assert open_acts(few.case)[0].role is Role.DIRECTOR

    def test_a_route_of_one_stage_is_received_and_approved_by_one_verdict(self) -> None:
        route = Route(Stage(Role.SECTION_CHIEF, Division.TRN, within=WorkingDays(2)))
        play = Play(opened(route)).say(officer(61, Role.SECTION_CHIEF, Division.TRN), Approve)
        assert play.record[0].path == (Status.RECEIVED, Status.UNDER_REVIEW, Status.APPROVED)

    def test_the_director_may_revoke_and_the_applicant_may_only_ask_for_it(self) -> None:
        play = approved()
        with pytest.raises(NotNow):
            play.say(APPLICANT, Withdraw)
        play.say(APPLICANT, AskRevocation, "The guest is ill.")
        assert play.case.status is Status.APPROVED
        with pytest.raises(NotQualified):
            play.say(CHIEF, Revoke, "False data.")
        with pytest.raises(NeedsReason):
            play.say(DIRECTOR, Revoke, " ")
        assert play.say(DIRECTOR, Revoke, "False data.").case.status is Status.REVOKED


class TestWhoMay:
    @pytest.mark.parametrize("by", [STRANGER, APPLICANT, CHIEF, DIRECTOR, ADMINISTRATOR])
    def test_another_role_does_not_act_at_the_desk(self, by: Actor) -> None:
        with pytest.raises(NotQualified) as refusal:
            Play().say(by, Approve)
        assert [act.role for act in refusal.value.acts] == [Role.DESK]

    def test_a_chief_of_another_division_does_not_act(self) -> None:
        with pytest.raises(NotQualified):
            Play().say(DESK, Approve).say(HMT_CHIEF, Approve)

    def test_a_deputy_acts_for_the_divisions_in_charge_of(self) -> None:
        play = Play(opened(many_guests=True)).say(DESK, Approve).say(CHIEF, Approve)
        assert Kind.APPROVE in play.may(DEPUTY)
        assert Kind.APPROVE in play.may(DEPUTY_2), "in charge of every division"
        assert Kind.APPROVE not in play.may(OTHER_DEPUTY)

    def test_who_appears_in_the_case_does_not_act_on_it(self) -> None:
        play = Play(opened(appearing=(CHIEF.person,))).say(DESK, Approve)
        with pytest.raises(Recused):
            play.say(CHIEF, Approve)
        assert play.say(CHIEF_2, Approve)

    def test_an_officer_does_not_decide_their_own_request(self) -> None:
        own_desk = Actor(APPLICANT.person, DESK.roles)
        play = Play()
        with pytest.raises(Recused):
            play.say(own_desk, Approve)
        assert Kind.WITHDRAW in play.may(own_desk)

    def test_nobody_acts_at_two_stages(self) -> None:
        both = Actor(71, DESK.roles | CHIEF.roles)
        play = Play().say(both, Approve)
        with pytest.raises(FourEyes) as refusal:
            play.say(both, Approve)
        assert refusal.value.stage == 0

    def test_nobody_acts_at_two_stages_through_a_delegation(self) -> None:
        play = Play().say(Actor(71, DESK.roles), Approve)
        with pytest.raises(FourEyes):
            play.say(Actor(72, CHIEF.roles, acting_for=71), Approve)

    def test_both_names_stand_in_the_record_of_a_delegation(self) -> None:
        play = Play().say(DESK, Approve).say(Actor(72, CHIEF.roles, acting_for=CHIEF.person), Approve)
        assert (play.record[-1].by, play.record[-1].acting_for) == (72, CHIEF.person)

    def test_who_registered_the_case_does_not_approve_it(self) -> None:
        play = Play(opened(registered_by=DESK.person))
        with pytest.raises(FourEyes):
            play.say(DESK, Approve)
        assert play.say(DESK_2, Approve)

    def test_nobody_left_at_a_stage_lifts_it_to_the_next_level(self) -> None:
        play = Play(opened(appearing=(CHIEF.person, CHIEF_2.person))).say(DESK, Approve).say(CLOCK, Lift)
        assert [(act.role, act.division) for act in open_acts(play.case)] == [
            (Role.DEPUTY_DIRECTOR, Division.CON)
        ]
        assert play.say(DEPUTY, Approve).case.place == 4

    def test_the_director_is_the_highest_level(self) -> None:
        play = Play().say(DESK, Approve).say(CHIEF, Approve)
        with pytest.raises(AlreadySaid):
            play.say(CLOCK, Lift)


class TestVersions:
    def test_a_verdict_on_an_old_version_is_not_taken(self) -> None:
        play = Play()
        old = Approve(play.case.version)
        play.say(DESK, Approve)
        with pytest.raises(StaleReview) as refusal:
            decide(play.case, old, CHIEF, play.now, CALENDAR)
        assert refusal.value.by == DESK.person

    def test_two_desk_officers_at_once_one_counts(self) -> None:
        case = opened()
        first = decide(case, Approve(1), DESK, MONDAY, CALENDAR)
        with pytest.raises(StaleReview):
            decide(first.case, Approve(1), DESK_2, MONDAY, CALENDAR)

    def test_a_reminder_makes_no_card_stale(self) -> None:
        play = Play()
        version = play.case.version
        play.say(CLOCK, Remind, Reminder.HALF)
        assert play.case.version == version
        assert play.case.events == 1
        with pytest.raises(AlreadySaid):
            play.say(CLOCK, Remind, Reminder.HALF)


class TestReturn:
    def test_a_return_names_fields_and_comes_back_to_the_same_stage(self) -> None:
        play = Play().say(DESK, Approve).say(CHIEF, Return, PASSPORT)
        assert play.case.status is Status.RETURNED
        assert play.case.to_mend == PASSPORT
        play.say(APPLICANT, Resubmit, ("guests.0.passport",))
        assert (play.case.status, play.case.place, play.case.to_mend) == (Status.UNDER_REVIEW, 1, ())
        assert Kind.APPROVE in play.may(CHIEF), "the same stage, so also the same officer"

    def test_a_return_by_the_desk_comes_back_under_review(self) -> None:
        play = Play().say(DESK, Return, PASSPORT).say(APPLICANT, Resubmit, ("guests.0.passport",))
        assert (play.case.status, play.case.place) == (Status.UNDER_REVIEW, 0)
        assert play.say(DESK_2, Approve).case.place == 1

    def test_a_return_needs_a_field_and_a_remark_for_each(self) -> None:
        with pytest.raises(NothingNamed):
            Play().say(DESK, Return, ())
        with pytest.raises(NeedsReason):
            Play().say(DESK, Return, (Remark("stay", " "),))
        with pytest.raises(TextTooLong):
            Play().say(DESK, Return, (Remark("stay", "x" * 501),))

    def test_every_named_field_is_changed_or_explained(self) -> None:
        play = Play().say(DESK, Return, (Remark("stay", "Too long."), Remark("purpose", "Unclear.")))
        with pytest.raises(NotMended) as refusal:
            play.say(APPLICANT, Resubmit, ("stay",))
        assert refusal.value.names == ("purpose",)
        play.say(APPLICANT, Resubmit, ("stay",), explained=(Remark("purpose", "It is the fair."),))

    def test_other_fields_are_locked_except_those_that_depend_on_the_named(self) -> None:
        play = Play().say(DESK, Return, (Remark("purpose", "Unclear."),))
        with pytest.raises(FieldLocked) as refusal:
            play.say(APPLICANT, Resubmit, ("purpose", "stay"))
        assert refusal.value.names == ("stay",)
        play.say(APPLICANT, Resubmit, ("purpose", "project_ref"), depending=("project_ref",))

    def test_only_the_applicant_sends_corrections(self) -> None:
        play = Play().say(DESK, Return, PASSPORT)
        with pytest.raises(NotQualified):
            play.say(STRANGER, Resubmit, ("guests.0.passport",))

    def test_the_third_return_of_a_stage_needs_the_section_chief(self) -> None:
        play = Play()
        for _ in range(2):
            play.say(DESK, Return, PASSPORT).say(APPLICANT, Resubmit, ("guests.0.passport",))
            assert Kind.RETURN not in play.may(CHIEF) or play.case.returns_at(0) == 2
        with pytest.raises(ReturnsExhausted) as refusal:
            play.say(DESK, Return, PASSPORT)
        assert refusal.value.times == 2
        play.say(CHIEF, Return, PASSPORT).say(APPLICANT, Resubmit, ("guests.0.passport",))
        play.say(DESK, Approve)
        assert Kind.APPROVE in play.may(CHIEF), "he returned it as the desk's chief, not at a stage of his"

    def test_a_chief_returns_a_third_time_at_the_own_stage(self) -> None:
        play = Play().say(DESK, Approve)
        for _ in range(3):
            play.say(CHIEF, Return, PASSPORT).say(APPLICANT, Resubmit, ("guests.0.passport",))
        assert play.case.returns_at(1) == 3

    def test_what_is_not_mended_expires_by_the_clock_alone(self) -> None:
        play = Play().say(DESK, Return, PASSPORT)
        with pytest.raises(NotYet):
            play.say(CLOCK, Expire)
        play.until("2026-12-14 17:00")
        with pytest.raises(NotQualified):
            play.say(DESK, Expire)
        assert play.say(CLOCK, Expire).case.status is Status.EXPIRED

    def test_reminders_to_mend_come_at_5_10_and_14_working_days_then_it_expires(self) -> None:
        play = Play().say(DESK, Return, PASSPORT)
        times = []
        while play.case.status is Status.RETURNED:
            play.now = next_due(play.case, CALENDAR)
            (item,) = due(play.case, play.now, CALENDAR)
            assert item.applicant
            times.append(f"{play.now.astimezone(SHENYANG):%m-%d %H:%M}")
            play.case = decide(play.case, item.verdict, CLOCK, play.now, CALENDAR).case
        assert times == ["11-30 08:30", "12-07 08:30", "12-11 08:30", "12-14 17:00"]

    def test_a_condition_is_judged_anew_for_the_stages_not_yet_passed(self) -> None:
        play = Play(opened(many_guests=True)).say(DESK, Approve)
        play.say(CHIEF, Return, (Remark("guests", "Eleven are too many."),))
        play.say(APPLICANT, Resubmit, ("guests",), assessment=Assessment({"many_guests": False}))
        assert play.say(CHIEF, Approve).case.stage.acts[0].role is Role.DIRECTOR

    def test_a_stage_that_was_passed_over_is_not_escaped_by_a_late_correction(self) -> None:
        play = Play().say(DESK, Approve).say(CHIEF, Approve)
        play.say(DIRECTOR, Return, (Remark("guests", "Is that all?"),))
        play.say(APPLICANT, Resubmit, ("guests",), assessment=Assessment({"many_guests": True}))
        assert play.case.place == 4, "it comes back to the same stage"
        play.say(DIRECTOR, Approve)
        assert open_acts(play.case)[0].role is Role.DEPUTY_DIRECTOR
        assert play.say(DEPUTY, Approve).case.status is Status.APPROVED

    def test_a_condition_that_no_longer_exists_keeps_its_last_outcome(self) -> None:
        play = Play(opened(many_guests=True)).say(DESK, Return, (Remark("guests", "?"),))
        play.say(APPLICANT, Resubmit, ("guests",), assessment=Assessment({"renamed": False}))
        assert play.case.route[2].needed

    def test_who_newly_appears_in_the_answers_is_recused(self) -> None:
        play = Play().say(DESK, Return, (Remark("host_contact_name", "Who is it?"),))
        found = Assessment(appearing=(CHIEF.person,))
        play.say(APPLICANT, Resubmit, ("host_contact_name",), assessment=found).say(DESK, Approve)
        with pytest.raises(Recused):
            play.say(CHIEF, Approve)


class TestRefuse:
    def test_a_refusal_waits_for_the_next_on_the_route(self) -> None:
        play = Play().say(DESK, Approve).say(CHIEF, Refuse, Reason.NOT_ELIGIBLE, "No link to the host.")
        assert play.case.status is Status.UNDER_REVIEW
        assert [act.role for act in open_acts(play.case)] == [Role.DIRECTOR]
        play.say(DIRECTOR, Confirm)
        assert play.case.status is Status.REFUSED
        assert play.case.refusal is not None
        assert play.case.refusal.text == "No link to the host."

    def test_at_the_end_of_the_route_the_deputy_director_confirms(self) -> None:
        play = Play().say(DESK, Approve).say(CHIEF, Approve).say(DIRECTOR, Refuse, Reason.UNTRUE)
        with pytest.raises(NotQualified):
            play.say(CHIEF_2, Confirm)
        assert play.say(DEPUTY, Confirm).case.status is Status.REFUSED

    def test_nobody_confirms_the_own_refusal(self) -> None:
        both = Actor(71, CHIEF.roles | DIRECTOR.roles)
        play = Play().say(DESK, Approve).say(both, Refuse, Reason.UNTRUE)
        with pytest.raises(FourEyes):
            play.say(both, Confirm)

    def test_until_confirmed_it_can_be_taken_back_by_who_refused_alone(self) -> None:
        play = Play().say(DESK, Approve).say(CHIEF, Refuse, Reason.UNTRUE)
        with pytest.raises(NotQualified):
            play.say(CHIEF_2, TakeBack)
        play.say(CHIEF, TakeBack).say(CHIEF, Approve)
        assert play.case.place == 4

    def test_while_it_waits_nothing_else_is_decided(self) -> None:
        play = Play().say(DESK, Approve).say(CHIEF, Refuse, Reason.UNTRUE)
        for verdict, values in ((Approve, ()), (Return, (PASSPORT,)), (Refuse, (Reason.UNTRUE,))):
            with pytest.raises(RefusalPending):
                play.say(CHIEF_2, verdict, *values)
        assert play.say(APPLICANT, Withdraw).case.status is Status.WITHDRAWN

    def test_the_desk_may_refuse_only_what_is_not_ours(self) -> None:
        with pytest.raises(OnlyNotOurs):
            Play().say(DESK, Refuse, Reason.NOT_ELIGIBLE)
        play = Play().say(DESK, Refuse, Reason.NOT_OURS)
        assert play.record[0].path == (Status.RECEIVED, Status.UNDER_REVIEW)
        assert play.say(CHIEF, Confirm).case.status is Status.REFUSED

    def test_a_refusal_needs_a_reason_chosen_or_typed(self) -> None:
        play = Play().say(DESK, Approve)
        with pytest.raises(NeedsReason):
            play.say(CHIEF, Refuse, "")
        with pytest.raises(NeedsReason):
            play.say(CHIEF, Refuse, Reason.OTHER, " ")
        play.say(CHIEF, Refuse, Reason.OTHER, "The guest is on a list.")

    def test_nobody_left_to_confirm_lifts_the_confirmation(self) -> None:
        play = Play(opened(appearing=(CHIEF.person, CHIEF_2.person))).say(DESK, Refuse, Reason.NOT_OURS)
        assert play.say(CLOCK, Lift).say(DEPUTY, Confirm).case.status is Status.REFUSED

    def test_the_applicant_objects_once_and_in_time_and_the_director_lets_review_again(self) -> None:
        play = refused()
        with pytest.raises(NotNow):
            play.say(DIRECTOR_2, Reopen)
        play.say(APPLICANT, Object, "The link is in the contract.")
        with pytest.raises(AlreadySaid):
            play.say(APPLICANT, Object, "Again.")
        play.say(DIRECTOR_2, Reopen)
        assert (play.case.status, play.case.place, play.case.refusal) == (Status.UNDER_REVIEW, 1, None)

    def test_an_objection_after_ten_working_days_is_too_late(self) -> None:
        play = refused().until("2026-12-07 17:00")
        assert Kind.OBJECT in play.may(APPLICANT)
        with pytest.raises(TooLate):
            play.later(minutes=1).say(APPLICANT, Object, "The link is in the contract.")


class TestAmend:
    def test_the_desk_amends_only_what_the_stage_lets_it(self) -> None:
        play = Play().say(DESK, Amend, ("guests.2.name",))
        assert (play.case.status, play.case.version) == (Status.RECEIVED, 2)
        with pytest.raises(FieldLocked):
            play.say(DESK, Amend, ("guests.2.passport",))
        with pytest.raises(NothingNamed):
            play.say(DESK, Amend, ())

    def test_a_stage_without_editable_fields_amends_nothing(self) -> None:
        with pytest.raises(NotQualified):
            Play().say(DESK, Approve).say(CHIEF, Amend, ("guests.2.name",))

    @pytest.mark.parametrize(
        ("named", "field", "inside"),
        [
            ("guests.name", "guests.2.name", True),
            ("guests", "guests.2.name", True),
            ("guests.2.name", "guests.2.name", True),
            ("guests.2.name", "guests.1.name", False),
            ("guests.name", "guests.2.passport", False),
            ("guests", "guests_number", False),
        ],
    )
    def test_a_field_lies_in_the_named_one(self, named: str, field: str, inside: bool) -> None:
        assert covers(named, field) is inside


class TestOutside:
    def test_a_chief_refers_the_case_and_it_comes_back_to_the_stage(self) -> None:
        play = Play().say(DESK, Approve).say(CHIEF, SendOut, "police", date(2026, 12, 4))
        assert play.case.status is Status.OUTSIDE
        with pytest.raises(NeedsReason):
            play.say(CHIEF_2, Reply)
        play.say(CHIEF_2, Reply, "No objection.")
        assert (play.case.status, play.case.place) == (Status.UNDER_REVIEW, 1)
        assert Kind.APPROVE in play.may(CHIEF_2), "recording an answer is no verdict"

    def test_the_desk_does_not_refer_and_a_day_passed_is_refused(self) -> None:
        with pytest.raises(NotQualified):
            Play().say(DESK, SendOut, "police", date(2026, 12, 4))
        with pytest.raises(DayPassed):
            Play().say(DESK, Approve).say(CHIEF, SendOut, "police", date(2026, 11, 23))

    def test_a_stage_outside_follows_the_verdict_before_and_ends_the_route_by_the_reply(self) -> None:
        play = Play(opened(abroad=True)).say(DESK, Approve).say(CHIEF, Approve).say(DIRECTOR, Approve)
        assert (play.case.status, play.case.stage.body) == (Status.OUTSIDE, "province")
        with pytest.raises(NotQualified):
            play.say(HMT_CHIEF, Reply, "Agreed.")
        play.say(CHIEF, Reply, "Agreed.")
        assert play.record[-1].path == (Status.OUTSIDE, Status.UNDER_REVIEW, Status.APPROVED)

    def test_a_reply_that_says_no_lets_the_stage_before_decide_anew(self) -> None:
        play = Play(opened(abroad=True)).say(DESK, Approve).say(CHIEF, Approve).say(DIRECTOR, Approve)
        play.say(CHIEF, Reply, "The province does not agree.", agreed=False)
        assert (play.case.status, play.case.place) == (Status.UNDER_REVIEW, 4)
        play.say(DIRECTOR, Refuse, Reason.NOT_ELIGIBLE).say(DEPUTY, Confirm)
        assert play.case.status is Status.REFUSED


class TestPublicNotice:
    def published(self) -> Play:
        return Play(opened(sensitive=True)).say(DESK, Approve).say(CHIEF, Approve)

    def test_it_runs_its_days_and_ends_by_the_clock(self) -> None:
        play = self.published()
        assert play.case.status is Status.PUBLISHED
        with pytest.raises(NotYet) as refusal:
            play.say(CLOCK, EndNotice)
        play.now = refusal.value.after
        assert f"{play.now.astimezone(SHENYANG):%m-%d %H:%M}" == "11-30 17:00"
        play.say(CLOCK, EndNotice)
        assert (play.case.status, play.case.place) == (Status.UNDER_REVIEW, 4)

    def test_an_objection_stops_it_until_it_is_settled_with_a_note(self) -> None:
        play = self.published().say(DESK_2, Dispute, "The member is retired.").later(days=9)
        with pytest.raises(NotNow):
            play.say(CLOCK, EndNotice)
        assert due(play.case, play.now, CALENDAR)[0].officers
        with pytest.raises(NeedsReason):
            play.say(CHIEF_2, Settle, "")
        play.say(CHIEF_2, Settle, "He retires next year.").say(CLOCK, EndNotice)
        assert play.case.status is Status.UNDER_REVIEW


class TestHold:
    def test_it_rests_until_the_day_and_the_clock_takes_it_up(self) -> None:
        play = Play().say(DESK, Approve).say(CHIEF, Hold, date(2026, 12, 5), "The host moves.")
        assert play.case.status is Status.ON_HOLD
        with pytest.raises(NotYet):
            play.say(CLOCK, Resume)
        with pytest.raises(NotQualified):
            play.say(CHIEF_2, Resume)
        play.now = next_due(play.case, CALENDAR)
        assert f"{play.now.astimezone(SHENYANG):%m-%d %H:%M}" == "12-07 08:30", "the 5th is a Saturday"
        play.case = decide(
            play.case, due(play.case, play.now, CALENDAR)[0].verdict, CLOCK, play.now, CALENDAR
        ).case
        assert (play.case.status, play.case.place) == (Status.UNDER_REVIEW, 1)

    def test_who_put_it_on_hold_may_take_it_up_before(self) -> None:
        play = Play().say(DESK, Approve).say(CHIEF, Hold, date(2026, 12, 5), "The host moves.")
        assert play.say(CHIEF, Resume).case.status is Status.UNDER_REVIEW


class TestSeveralActs:
    EXC, CON, HMT = (
        officer(n, Role.SECTION_CHIEF, d)
        for n, d in ((81, Division.EXC), (82, Division.CON), (83, Division.HMT))
    )

    def at(self, stage: Stage) -> Play:
        return Play(opened(Route(Stage(Role.DESK, within=WorkingDays(1)), stage))).say(DESK, Approve)

    def test_countersign_needs_all_in_any_order(self) -> None:
        chiefs = ((Role.SECTION_CHIEF, division) for division in (Division.EXC, Division.CON))
        play = self.at(All(*chiefs, within=WorkingDays(3))).say(self.CON, Approve)
        assert play.case.status is Status.UNDER_REVIEW
        assert [act.division for act in open_acts(play.case)] == [Division.EXC]
        assert play.say(self.EXC, Approve).case.status is Status.APPROVED

    def test_one_officer_does_not_sign_for_two(self) -> None:
        both = Actor(84, self.EXC.roles | self.CON.roles)
        chiefs = ((Role.SECTION_CHIEF, division) for division in (Division.EXC, Division.CON))
        play = self.at(All(*chiefs, within=WorkingDays(3))).say(both, Approve)
        with pytest.raises(FourEyes):
            play.say(both, Approve)

    def test_either_sign_needs_one(self) -> None:
        stage = AnyOf(
            Stage(Role.SECTION_CHIEF, Division.EXC),
            Stage(Role.SECTION_CHIEF, Division.CON),
            within=WorkingDays(2),
        )
        assert self.at(stage).say(self.CON, Approve).case.status is Status.APPROVED

    def test_in_turn_waits_for_the_one_before(self) -> None:
        turns = InTurn(
            (Role.SECTION_CHIEF, Division.EXC), (Role.SECTION_CHIEF, Division.CON), within=WorkingDays(2)
        )
        play = self.at(turns)
        with pytest.raises(NotQualified):
            play.say(self.CON, Approve)
        assert play.say(self.EXC, Approve).say(self.CON, Approve).case.status is Status.APPROVED

    def test_after_a_correction_all_sign_anew(self) -> None:
        chiefs = ((Role.SECTION_CHIEF, division) for division in (Division.EXC, Division.CON))
        play = self.at(All(*chiefs, within=WorkingDays(3))).say(self.CON, Approve)
        play.say(self.EXC, Return, PASSPORT).say(APPLICANT, Resubmit, ("guests.0.passport",))
        assert len(open_acts(play.case)) == 2
        assert play.say(self.CON, Approve).say(self.EXC, Approve).case.status is Status.APPROVED

    def test_a_district_stage_is_that_of_the_applicant(self) -> None:
        route = Route(
            Stage(Role.SECTION_CHIEF, Division.DIS, within=WorkingDays(3)),
            Stage(Role.SECTION_CHIEF, Division.OCA, within=WorkingDays(3)),
        )
        heping = Division.of_district("heping")
        play = Play(opened(route, district=heping))
        assert route.owner is Division.OCA
        with pytest.raises(NotQualified):
            play.say(officer(91, Role.SECTION_CHIEF, Division.DIS_SHENHE), Approve)
        assert play.say(officer(92, Role.SECTION_CHIEF, heping), Approve).case.place == 1
        with pytest.raises(DistrictUnknown):
            opened(route)


class TestTime:
    def test_each_stage_is_due_at_closing_time_of_its_last_day(self) -> None:
        play = Play()
        assert f"{due_at(play.case, CALENDAR).astimezone(SHENYANG):%m-%d %H:%M}" == "11-24 17:00"
        play.say(DESK, Approve)
        assert f"{due_at(play.case, CALENDAR).astimezone(SHENYANG):%m-%d %H:%M}" == "11-25 17:00"

    @pytest.mark.parametrize("days", [0, 1, 5, 12])
    def test_a_pause_of_k_working_days_moves_the_due_date_by_k(self, days: int) -> None:
        play = Play().say(DESK, Approve)
        before = CALENDAR.day_of(due_at(play.case, CALENDAR))
        play.say(CHIEF, Return, PASSPORT)
        back = CALENDAR.add_working_days(CALENDAR.day_of(play.now), days)
        play.now = CALENDAR.opening(back) + timedelta(hours=5)
        play.say(APPLICANT, Resubmit, ("guests.0.passport",))
        after = due_at(play.case, CALENDAR)
        assert CALENDAR.working_days_between(before, CALENDAR.day_of(after)) == days
        assert after == CALENDAR.closing(CALENDAR.day_of(after))

    def test_half_days_and_hours_stand_still_too(self) -> None:
        half = Play(opened(Route(Stage(Role.DESK, within=WorkingDays(0.5)))))
        assert due_at(half.case, CALENDAR) == MONDAY.replace(hour=14)
        half.say(DESK, Hold, date(2026, 11, 24), "The line is busy.").say(DESK, Resume)
        assert due_at(half.case, CALENDAR) == MONDAY.replace(hour=15)
        emergency = Play(opened(Route(Stage(Role.SECTION_CHIEF, Division.CON, within=Minutes(15)))))
        assert due_at(emergency.case, CALENDAR) == MONDAY + timedelta(minutes=15)

    def test_the_urgent_path_shortens_stages_and_skips_none(self) -> None:
        urgent = opened(urgent=True, many_guests=True)
        assert [stage.limit for stage in urgent.route if stage.acts] == [Limit(1, Unit.WORKING_DAYS)] * 4
        assert urgent.position == (1, 4)

    def test_the_applicants_date_adds_up_what_is_left_of_the_route(self) -> None:
        assert expected_by(opened(), MONDAY, CALENDAR) == date(2026, 11, 30), "1 + 2 + 2 working days"
        assert expected_by(opened(many_guests=True), MONDAY, CALENDAR) == date(2026, 12, 1)
        assert expected_by(approved().case, MONDAY, CALENDAR) is None

    def test_the_applicants_date_slips_with_what_is_late_and_with_what_rests(self) -> None:
        late = Play().until("2026-12-02 10:00")
        assert expected_by(late.case, late.now, CALENDAR) == date(2026, 12, 8)
        back = Play().say(DESK, Return, PASSPORT).until("2026-11-26 10:00")
        assert expected_by(back.case, back.now, CALENDAR) == date(2026, 12, 3)
        resting = Play().say(DESK, Approve).say(CHIEF, Hold, date(2026, 12, 7), "The host moves.")
        assert expected_by(resting.case, resting.now, CALENDAR) == date(2026, 12, 11)

    def test_overdue_grows_louder_and_decides_nothing(self) -> None:
        play = Play().say(DESK, Approve)
        said = []
        while (wakes := next_due(play.case, CALENDAR)) is not None:
            (item,) = due(play.case, wakes, CALENDAR)
            said.append(
                (f"{wakes.astimezone(SHENYANG):%m-%d %H:%M}", item.verdict.what, item.officers[0].role)
            )
            play.case = decide(play.case, item.verdict, CLOCK, wakes, CALENDAR).case
        assert said == [
            ("11-24 13:45", Reminder.HALF, Role.SECTION_CHIEF),
            ("11-25 17:00", Reminder.LIMIT, Role.SECTION_CHIEF),
            ("11-26 17:00", Reminder.NEXT_LEVEL, Role.DEPUTY_DIRECTOR),
            ("11-27 17:00", Reminder.DIRECTOR, Role.DIRECTOR),
        ]
        assert (play.case.status, play.case.place) == (Status.UNDER_REVIEW, 1)

    def test_after_a_silence_only_the_loudest_is_said(self) -> None:
        play = Play().until("2027-02-01 10:00")
        (item,) = due(play.case, play.now, CALENDAR)
        assert item.verdict == Remind(1, Reminder.DIRECTOR)
        play.say(CLOCK, Remind, Reminder.DIRECTOR)
        assert due(play.case, play.now, CALENDAR) == ()

    def test_urging_waits_for_half_the_limit_and_two_working_days_between(self) -> None:
        play = Play().say(DESK, Approve)
        with pytest.raises(NotYet) as refusal:
            play.say(APPLICANT, Urge)
        assert refusal.value.after == MONDAY.replace(day=24, hour=13, minute=45)
        play.until("2026-11-24 14:00").say(APPLICANT, Urge).later(hours=20)
        with pytest.raises(NotYet) as refusal:
            play.say(APPLICANT, Urge)
        assert refusal.value.after == MONDAY.replace(day=26, hour=17)
        play.until("2026-11-26 17:00").say(APPLICANT, Urge)
        play.say(CHIEF, Return, PASSPORT).later(days=9)
        with pytest.raises(NotNow):
            play.say(APPLICANT, Urge)

    @pytest.mark.parametrize("status", ["returned", "outside", "published"])
    def test_the_applicant_takes_it_back_wherever_it_lies_before_the_approval(self, status: str) -> None:
        play = {
            "returned": lambda: Play().say(DESK, Return, PASSPORT),
            "outside": lambda: Play().say(DESK, Approve).say(CHIEF, SendOut, "police", date(2026, 12, 4)),
            "published": lambda: Play(opened(sensitive=True)).say(DESK, Approve).say(CHIEF, Approve),
        }[status]()
        assert play.case.status == status
        assert play.say(APPLICANT, Withdraw).case.status is Status.WITHDRAWN


class TestRecord:
    def test_the_case_rebuilt_from_its_record_is_the_case(self) -> None:
        play = Play(opened(many_guests=True)).say(DESK, Return, PASSPORT)
        play.say(APPLICANT, Resubmit, ("guests.0.passport",), assessment=Assessment({"many_guests": False}))
        play.say(DESK, Approve).say(CHIEF, SendOut, "police", date(2026, 12, 4)).say(CHIEF, Reply, "Fine.")
        play.say(CHIEF, Refuse, Reason.OTHER, "Hm.").say(CHIEF, TakeBack).say(CHIEF, Approve)
        record = [load_event(dump_event(event)) for event in play.record]
        assert record == play.record
        assert rebuild(load_case(dump_case(play.filed)), record) == play.case
        assert load_case(dump_case(play.case)) == play.case

    def test_events_are_numbered_without_gaps(self) -> None:
        play = approved().say(APPLICANT, AskRevocation)
        assert [event.seq for event in play.record] == [1, 2, 3, 4]
        assert play.case.events == 4


class TestEveryCell:
    def test_what_is_shown_is_what_is_allowed(self) -> None:
        """In every status, for every person and kind: either it is offered, or refused by a name."""
        plays = [Play(), Play().say(DESK, Approve), refused(), approved(), approved().say(DESK, Fulfil)]
        plays.append(Play().say(DESK, Return, PASSPORT))
        plays.append(Play().say(DESK, Approve).say(CHIEF, Refuse, Reason.UNTRUE))
        plays.append(Play().say(DESK, Approve).say(CHIEF, Hold, date(2026, 12, 5), "Rest."))
        for play in plays:
            for by in (*OFFICERS, APPLICANT, STRANGER, CLOCK):
                for kind in Kind:
                    problem = why_not(play.case, kind, by, play.now, CALENDAR)
                    assert (problem is None) is (kind in play.may(by))
                    assert problem is None or (isinstance(problem, NotTaken) and problem.sentence)

    def test_an_administrator_and_a_stranger_may_nothing_anywhere(self) -> None:
        for play in (Play(), refused(), approved(), Play().say(DESK, Return, PASSPORT)):
            assert play.may(ADMINISTRATOR) == play.may(STRANGER) == frozenset()

    def test_the_legal_transitions_are_those_of_the_office(self) -> None:
        table = """
            received: under_review returned withdrawn
            under_review: under_review returned outside published on_hold approved refused withdrawn
            returned: under_review expired withdrawn
            outside: under_review withdrawn
            published: under_review withdrawn
            on_hold: under_review
            approved: fulfilled revoked replaced under_review
            fulfilled: closed revoked replaced
            refused: under_review
        """
        wanted = {
            (Status(start), Status(end))
            for line in table.split("\n")
            if ":" in line
            for start, ends in [line.strip().split(": ")]
            for end in ends.split()
        }
        assert wanted == LEGAL


class TestRoutes:
    def test_the_published_shape(self) -> None:
        route = Route(
            Stage(Role.DESK, within=WorkingDays(0.5)),
            Stage(
                AnyOf((Role.SECTION_CHIEF, Division.CON), (Role.SECTION_CHIEF, Division.HMT)), within=Hours(2)
            ),
            Outside("province"),
            Published(),
            Stage(Role.DIRECTOR, within=WorkingDays(1)),
        )
        assert route.shape("visit")[:4] == [
            {
                "kind": "review",
                "mode": "all",
                "acts": [{"role": "desk", "division": None}],
                "within": {"unit": "working_days", "n": 0.5},
                "conditional": False,
                "matter": "visit",
            },
            {
                "kind": "review",
                "mode": "any",
                "acts": [
                    {"role": "section_chief", "division": "CON"},
                    {"role": "section_chief", "division": "HMT"},
                ],
                "within": {"unit": "hours", "n": 2},
                "conditional": False,
                "matter": "visit",
            },
            {
                "kind": "outside",
                "mode": "all",
                "acts": [],
                "within": {"unit": "working_days", "n": 20},
                "conditional": False,
                "matter": "visit",
            },
            {
                "kind": "published",
                "mode": "all",
                "acts": [],
                "within": {"unit": "working_days", "n": 5},
                "conditional": False,
                "matter": "visit",
            },
        ]

    @pytest.mark.parametrize(
        "stages",
        [
            (Published(),),
            (Outside("province"), Stage(Role.DESK, within=WorkingDays(1))),
            (Stage(Role.DESK),),
            (Stage(Role.DESK, within=WorkingDays(1)), Outside("province")),
            (Stage(Role.DIRECTOR, within=WorkingDays(1)), Published()),
        ],
        ids=["no officer", "outside first", "no limit", "the desk sends outside", "the clock approves"],
    )
    def test_a_route_that_no_case_could_pass_is_refused_at_import(self, stages: tuple[Stage, ...]) -> None:
        with pytest.raises(UnreadableRoute):
            Route(*stages)
