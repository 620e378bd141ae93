"""The conversation of a form, as a person leads it: every sentence of the vocabulary's meaning, without a database."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, ClassVar

import pytest

from locales import N_
from storage import flow, rulings
from storage.conditions import when
from storage.conversation import (
    AddRow,
    Back,
    Done,
    Draft,
    Entry,
    Gave,
    Marked,
    Open,
    RemoveRow,
    Same,
    Sent,
    Skip,
    Stands,
    Took,
)
from storage.forms import Ask, Audience, Row, Rows, Service
from tests.storage.playing import FACTS, Play, pdf
from tests.storage.sample import Help, Purpose, SampleHelp, SampleVisit, Wanted


class Stop(Row):
    place: Annotated[str, Ask(N_("Where?"))]


class Trip(Service):
    title: ClassVar = N_("Trip")
    duty: ClassVar = 1
    audiences: ClassVar = {Audience.PUBLIC}
    asks_contact: ClassVar = False
    route: ClassVar = SampleHelp.route
    by_train: Annotated[bool, Ask(N_("By train?"))]
    stops: Annotated[Rows[Stop] | None, Ask(N_("Stops?"), when=when("by_train"), optional=True)] = None


CONTACT = ("yes", "Anna Schmidt", "+49 30 901820", "anna@example.org", "Siemens AG", "engineer")


def begun() -> Play:
    """Who applies is said; the purpose is asked."""
    play = Play(SampleVisit)
    play.do(Gave(True))
    play.say("Anna Schmidt", "+49 30 901820").do(Skip())
    while play.place in (("applicant_organisation",), ("applicant_post",)):
        play.do(Skip()) if play.asked.may_skip else play.say("沈阳浑南精密机械有限公司 91110000600037341L")
    assert play.place == ("purpose",)
    return play


def one_guest(
    play: Play, name: str = "SCHMIDT, Anna", country: str = "Germany", number: str = "C01X00T47"
) -> Play:
    return play.say(name, country, number).do(Skip()).say("no")


def at_dates() -> Play:
    play = begun().do(Gave(Purpose.TRADE), Skip())
    one_guest(play).do(Done(), Done())
    assert play.place == ("arrives",)
    return play


def finished() -> Play:
    play = at_dates().say("2027-05-03", "2027-05-07").do(Same()).say("6222 0000 1111")
    play.do(Skip()).send(pdf("a.pdf")).do(Done()).do(Skip())
    assert play.place == ("truth",)
    play.do(Gave(True))
    assert play.place is None and not play.faults
    return play


class TestOneQuestionAtATime:
    def test_asked_as_asked_the_form_is_finished(self) -> None:
        play = finished()
        assert play.value("guests", 0, "name") and play.value("purpose") is Purpose.TRADE
        assert play.value("helps") is None and "helps" in play.answers, "None is skipped"
        assert "university" not in play.answers, "absent is unasked"

    def test_implied_questions_stand_around_the_services_own(self) -> None:
        lines = [path[0] for path in finished().lines]
        assert lines[:4] == ["not_secret", "applicant_name", "applicant_phone", "applicant_email"]
        assert lines[lines.index("applicant_post") + 1] == "purpose" and lines[-1] == "truth"

    def test_the_mark_tells_the_place_among_the_questions(self) -> None:
        play = begun()
        assert (play.asked.number, play.asked.total) == (7, 17)
        play.do(Gave(Purpose.STUDY))
        assert (play.asked.number, play.asked.total) == (8, 19), "two more hang on the purpose"

    def test_a_wrong_answer_keeps_the_right_ones(self) -> None:
        play = at_dates()
        before = play.draft.answers
        assert "working days" in play.wrong("2027-03-02")
        assert play.draft.answers == before and play.place == ("arrives",)
        assert play.wrong("next to never") and play.draft.answers == before
        assert play.wrong("") and play.draft.answers == before

    def test_a_rule_names_the_values_that_its_sentence_needs(self) -> None:
        play = at_dates()
        play.wrong("2027-03-02")
        assert play.step is not None
        assert play.step.problem.values["days"] == 5  # type: ignore[union-attr]
        assert str(play.step.problem.values["earliest"]) == "2027-03-08"  # type: ignore[union-attr]

    def test_back_goes_to_the_question_before_and_on_again(self) -> None:
        play = at_dates().say("2027-05-03")
        assert play.place == ("leaves",)
        play.do(Back())
        assert play.place == ("arrives",) and play.asked.present is not None
        play.say("2027-05-04")
        assert play.place == ("leaves",), "on to the first question still open"

    def test_back_from_the_first_question_stays_there(self) -> None:
        play = Play(SampleVisit).do(Back())
        assert play.place == ("not_secret",) and not play.asked.may_go_back

    def test_back_from_the_summary_goes_to_the_last_question(self) -> None:
        assert finished().do(Back()).place == ("truth",)

    def test_a_line_of_the_summary_is_changed_and_the_summary_comes_back(self) -> None:
        play = finished().open("account").say("9999 1111")
        assert play.place is None and play.value("account") == "9999 1111"

    def test_what_is_required_cannot_be_left_out(self) -> None:
        assert "left out" in at_dates().wrong(Skip())

    def test_a_file_where_text_is_asked_and_text_where_a_file_is_asked(self) -> None:
        play = at_dates()
        assert "written answer" in play.wrong(Sent((pdf(),)))
        play.say("2027-05-03", "2027-05-07").do(Same()).say("6222 0000").do(Skip())
        assert play.place == ("proof",)
        assert "file" in play.wrong("here it is").lower()

    def test_a_text_marked_secret_is_refused_before_it_is_kept(self) -> None:
        play = begun().do(Gave(Purpose.STUDY))
        assert "mark of secrecy" in play.wrong("绝密 plan of the visit")
        assert play.value("university") is None

    @pytest.mark.parametrize(
        "act", [Took(0), Took(-1), Same(), Marked(99), Marked(-1), Stands(), AddRow(), RemoveRow(0)]
    )
    def test_a_button_of_another_question_changes_nothing(self, act: object) -> None:
        play = at_dates()
        before = play.draft
        play.wrong(act)  # type: ignore[arg-type]
        assert play.draft == before

    def test_at_the_summary_only_a_line_can_be_tapped(self) -> None:
        assert "Tap a line" in finished().wrong("and now?")


class TestConditions:
    def test_a_conditional_question_must_be_answered_while_its_condition_holds(self) -> None:
        play = begun().do(Gave(Purpose.STUDY))
        assert play.place == ("university",) and not play.asked.may_skip
        play.wrong(Skip())
        play.say("Dongbei", "S-77")
        assert play.place == ("helps",)

    def test_unless_it_is_optional(self) -> None:
        play = begun().do(Gave(Purpose.TRADE), Marked(0), Done()).say("A12345")
        assert play.place == ("when",) and play.asked.may_skip

    def test_the_answer_is_dropped_when_the_condition_turns_false(self) -> None:
        play = begun().do(Gave(Purpose.STUDY)).say("Dongbei", "S-77")
        play.open("purpose").do(Gave(Purpose.TRADE))
        assert "university" not in play.answers and "student_no" not in play.answers
        play.open("purpose").do(Gave(Purpose.STUDY))
        assert play.place == ("university",), "asked anew: what was dropped is gone"

    def test_inside_rows_a_condition_sees_the_row(self) -> None:
        play = begun().do(Gave(Purpose.TRADE), Skip()).say("SCHMIDT, Anna", "Germany", "C01X00T47").do(Skip())
        play.say("yes")
        assert play.place == ("guests", 0, "employer")
        play.say("Siemens").open("guests", 0, "works").say("no")
        assert "employer" not in play.value("guests", 0)

    def test_inside_rows_a_condition_sees_the_form_around(self) -> None:
        play = begun().do(Gave(Purpose.TRADE), Marked(0), Done()).say("A12345").do(Skip())
        one_guest(play)
        assert play.place == ("guests", 0, "car_seat")
        play.say("yes").do(Done(), Done())
        assert play.value("guests", 0, "car_seat") is True
        play.open("helps").do(Skip())
        assert "car_seat" not in play.value("guests", 0) and "car_plate" not in play.answers

    def test_a_condition_may_hang_on_what_the_office_decided(self) -> None:
        play = finished()
        play.knowing(settings={"sample_deposit": True})
        assert play.place == ("deposit",) and play.faults == {("deposit",): "This question is still open."}
        play.say("500 yuan").knowing(settings={})
        play.open("note").do(Skip())
        assert "deposit" not in play.answers

    def test_a_group_that_is_gone_with_its_row_counts_as_complete_no_more(self) -> None:
        play = begun().do(Gave(Purpose.TRADE), Skip())
        play.say("SCHMIDT, Anna", "Germany", "C01X00T47").do(Skip()).say("no").do(Done(), Done())
        assert ("guests",) in play.draft.closed and ("guests", 0, "stays") in play.draft.closed
        play.open("guests").do(RemoveRow(0))
        assert play.draft.closed == frozenset()

    def test_a_group_that_was_dropped_is_asked_anew(self) -> None:
        play = Play(Trip).say("yes")
        assert play.place == ("stops",)
        play.do(Done()).open("by_train").say("no")
        assert play.place is None and "stops" not in play.answers
        play.open("by_train").say("yes")
        assert play.place == ("stops",), "what was said of the group is gone with it"


class TestChoices:
    def test_several_are_ticked_and_unticked_and_kept_in_the_lists_order(self) -> None:
        play = begun().do(Gave(Purpose.TRADE)).do(Marked(2), Marked(1), Marked(0), Marked(2))
        assert play.asked.gathered == (Help.CAR, Help.INTERPRETER)
        play.do(Done())
        assert play.value("helps") == (Help.CAR, Help.INTERPRETER)

    def test_too_many_are_refused_and_the_ticks_stay(self) -> None:
        play = begun().do(Gave(Purpose.TRADE)).do(Marked(0), Marked(1), Marked(2))
        assert "at most" in play.wrong(Done()).lower()
        assert len(play.asked.gathered) == 3

    def test_who_comes_back_finds_the_ticks_as_they_were(self) -> None:
        play = begun().do(Gave(Purpose.TRADE)).do(Marked(1), Done()).open("helps")
        assert play.asked.gathered == (Help.INTERPRETER,)
        play.do(Marked(2), Done())
        assert play.value("helps") == (Help.INTERPRETER, Help.HOTEL)
        play.open("helps").do(Marked(1), Marked(2))
        assert play.asked.gathered == ()

    def test_typed_choices_are_read(self) -> None:
        play = begun().say("Trade talks", "car, hotel")
        assert play.value("helps") == (Help.CAR, Help.HOTEL)

    def test_a_retired_choice_is_shown_and_no_longer_offered_or_taken(self) -> None:
        play = begun()
        assert Purpose.CRUISE not in [option.value for option in play.asked.options]
        assert "not among" in play.wrong("Cruise")
        assert "not among" in play.wrong(Gave(Purpose.CRUISE))
        kept = flow.copy(SampleVisit, {"purpose": Purpose.CRUISE}, FACTS)
        assert rulings.faults(SampleVisit, kept, FACTS)[0].path == ("not_secret",)
        assert ("purpose",) in {fault.path for fault in rulings.faults(SampleVisit, kept, FACTS)}


class TestRows:
    def test_the_first_row_begins_by_itself_and_others_on_a_tap(self) -> None:
        play = begun().do(Gave(Purpose.TRADE), Skip())
        assert play.place == ("guests", 0, "name")
        assert [(group.field, index) for group, index in play.asked.rows] == [("guests", 0)]
        one_guest(play)
        assert play.place == ("guests", 0, "stays") and play.group.may_close
        play.do(Done())
        assert play.place == ("guests",) and len(play.group.rows) == 1
        play.do(AddRow())
        assert play.place == ("guests", 1, "name")
        one_guest(play, "LEE, Bo", "Singapore", "K1234567").do(Done(), Done())
        assert [row["nationality"] for row in play.value("guests")] == ["DE", "SG"]

    def test_a_second_level_of_rows(self) -> None:
        play = begun().do(Gave(Purpose.TRADE), Skip())
        one_guest(play).do(AddRow())
        assert play.place == ("guests", 0, "stays", 0, "country")
        assert [(group.field, index) for group, index in play.asked.rows] == [("guests", 0), ("stays", 0)]
        play.say("France").do(Skip()).do(AddRow()).say("Japan", "V-1").do(Done())
        assert play.place == ("guests",)
        assert play.value("guests", 0, "stays", 1, "visa_no") == "V-1"

    def test_back_from_a_new_row_leaves_no_trace_of_it(self) -> None:
        play = begun().do(Gave(Purpose.TRADE), Skip())
        one_guest(play).do(Done(), AddRow(), Back())
        assert play.place == ("guests",) and len(play.value("guests")) == 1

    def test_a_row_is_looked_at_changed_and_removed(self) -> None:
        play = finished().open("guests", 0)
        assert isinstance(play.view, Entry)
        assert [line.path[-1] for line in play.view.lines][:3] == ["name", "nationality", "passport"]
        play.open("guests", 0, "name").say("SCHMIDT, Anna Maria")
        assert play.place == ("guests", 0), "back to the row"
        play.do(Done())
        assert play.place == ("guests",)
        play.do(AddRow())
        one_guest(play, "LEE, Bo", "Singapore", "K1234567").do(Done()).open("guests", 0).do(RemoveRow(0))
        assert [row["nationality"] for row in play.value("guests")] == ["SG"]

    def test_rows_that_move_up_take_their_closed_groups_along(self) -> None:
        play = begun().do(Gave(Purpose.TRADE), Skip())
        one_guest(play).do(Done(), AddRow())
        one_guest(play, "LEE, Bo", "Singapore", "K1234567")
        assert play.place == ("guests", 1, "stays")
        play.open("guests").do(RemoveRow(0))
        play.do(Back())
        play.draft = replace(play.draft, place=None)
        assert play.place == ("guests", 0, "stays"), "the second guest's stays are still open"

    def test_no_more_and_no_fewer_than_fit(self) -> None:
        play = begun().do(Gave(Purpose.TRADE), Skip())
        for number in range(3):
            one_guest(play, number=f"C01X00T4{number}").do(Done())
            if number < 2:
                play.do(AddRow())
        assert not play.group.may_add and "At most" in play.wrong(AddRow())
        for _ in range(3):
            play.do(RemoveRow(0))
        play.draft = replace(play.draft, place=("guests",))
        assert not play.group.may_close
        play.wrong(Done())

    def test_one_key_stands_once(self) -> None:
        play = begun().do(Gave(Purpose.TRADE), Skip())
        one_guest(play).do(Done(), AddRow()).say("SCHMIDT, Anna", "Germany")
        assert "already in the list" in play.wrong("C01X00T47")
        play.say("C01X00T48")
        play.open("guests", 1, "passport")
        assert "already in the list" in play.wrong("C01X00T47")


class TestRules:
    def test_the_field_just_answered_is_asked_again(self) -> None:
        play = at_dates().say("2027-05-03")
        assert "before the arrival" in play.wrong("2027-05-01")
        assert play.place == ("leaves",) and play.value("leaves") is None

    def test_whichever_of_its_fields_is_answered_last(self) -> None:
        play = at_dates().say("2027-05-03", "2027-05-07").open("arrives")
        assert "before the arrival" in play.wrong("2027-05-09")
        assert str(play.value("arrives")) == "2027-05-03", "the answer that was right stays"

    def test_a_warning_is_told_and_forbids_nothing(self) -> None:
        play = at_dates().say("2027-05-03", "2027-07-03")
        assert [str(problem.message) for problem in play.told] == ["{days} days are many."]
        assert play.told[0].values == {"days": 61}
        assert not any("many" in one for one in play.faults.values())
        assert [p.values for p in rulings.warnings(SampleVisit, play.draft, FACTS)] == [{"days": 61}]

    def test_again_names_another_field(self) -> None:
        play = begun().do(Gave(Purpose.TRADE), Marked(0), Done()).say("BLUE")
        assert "Blue" in play.wrong("BLUE")
        assert play.place == ("car_plate",) and "car_plate" not in play.answers
        assert play.value("when") == "BLUE", "the answer just given is kept"

    def test_a_rule_over_a_group_runs_when_its_rows_are_all(self) -> None:
        play = begun().do(Gave(Purpose.TRADE), Skip())
        one_guest(play, country="France").do(Done())
        assert "Germany" in play.wrong(Done())
        assert play.place == ("purpose",), "the field that it names is asked again"

    def test_in_a_row_names_are_sought_in_the_row_and_then_in_the_form(self) -> None:
        play = finished().open("guests", 0, "comes_from")
        assert "begins on" in play.wrong("2027-05-01")
        play.say("2027-05-04")
        play.open("arrives")
        assert "begins on" in play.wrong("2027-05-06"), "a rule of the row runs for the form's field too"

    def test_all_rules_run_at_submission(self) -> None:
        play = finished()
        late = replace(FACTS, today=play.value("arrives"))
        assert [fault.path for fault in rulings.faults(SampleVisit, play.draft, late)] == [("arrives",)]

    def test_a_rule_of_rows_names_its_row_at_submission(self) -> None:
        play = finished().open("guests", 0, "comes_from").say("2027-05-04")
        changed = {**play.answers, "arrives": play.value("leaves")}
        play.draft = replace(play.draft, answers=changed, place=None)
        assert set(play.faults) == {("arrives",)}, "the last field that it names, wherever that stands"

    def test_limits_count_from_the_first_submission(self) -> None:
        play = at_dates()
        filed = replace(FACTS, first_submitted=FACTS.today.replace(month=2))
        play.facts = filed
        play.say("2027-03-02")


class TestFiles:
    def at_proof(self) -> Play:
        play = at_dates().say("2027-05-03", "2027-05-07").do(Same()).say("6222 0000").do(Skip())
        assert play.place == ("proof",)
        return play

    def test_files_are_gathered_until_they_are_all(self) -> None:
        play = self.at_proof().send(pdf("a.pdf"))
        assert play.place == ("proof",) and [file.name for file in play.asked.gathered] == ["a.pdf"]
        play.do(Done())
        assert [file.name for file in play.value("proof")] == ["a.pdf"]

    def test_the_last_that_fits_answers_by_itself(self) -> None:
        play = self.at_proof().send(pdf("a.pdf")).send(pdf("b.pdf"))
        assert play.place == ("note",) and len(play.value("proof")) == 2

    def test_the_same_file_twice_is_one_and_one_is_taken_out(self) -> None:
        play = self.at_proof().send(pdf("a.pdf")).send(pdf("a.pdf"))
        assert len(play.asked.gathered) == 1
        play.do(Marked(0))
        assert play.asked.gathered == ()
        assert "at least one" in play.wrong(Done())

    def test_a_wrong_file_is_refused_and_the_right_ones_stay(self) -> None:
        play = self.at_proof().send(pdf("a.pdf"))
        assert "type" in play.wrong(Sent((pdf("b.exe", media_type="application/x-msdownload"),)))
        assert [file.name for file in play.asked.gathered] == ["a.pdf"]

    def test_where_one_fits_a_new_one_replaces_it(self) -> None:
        play = Play(SampleHelp).say("王芳").do(Marked(0), Done()).say("Berlin").send(pdf("a.pdf"))
        assert play.place is None
        play.open("sample_settling", "papers").send(pdf("b.pdf"))
        assert [file.name for file in play.value("sample_settling", "papers")] == ["b.pdf"]


class TestMatters:
    def test_each_matter_chosen_asks_its_own(self) -> None:
        play = Play(SampleHelp).say("王芳").do(Marked(1), Marked(0), Done())
        assert play.place == ("sample_settling", "home")
        play.say("Berlin").do(Skip())
        assert play.place == ("sample_search", "story")
        play.say("She left in 1949")
        assert play.lines == (
            ("subject",),
            ("matters",),
            ("sample_settling", "home"),
            ("sample_settling", "papers"),
            ("sample_search", "story"),
        )
        assert not play.faults

    def test_a_matter_no_longer_chosen_loses_its_answers(self) -> None:
        play = Play(SampleHelp).say("王芳").do(Marked(1), Marked(0), Done()).say("Berlin").do(Skip())
        play.open("matters").do(Gave((Wanted.SAMPLE_SEARCH,)))
        assert "sample_settling" not in play.answers

    def test_rules_of_a_matter_look_at_the_service_too(self) -> None:
        play = Play(SampleHelp).say("王芳").do(Marked(0), Done())
        assert "not a person" in play.wrong("王芳")
        play.say("Berlin").do(Skip())
        play.draft = replace(play.draft, answers={**play.answers, "subject": "Berlin"})
        assert set(play.faults) == {("subject",), ("sample_settling", "home")} or play.faults


class TestSuggestions:
    def test_an_answer_given_before_in_this_form_is_offered(self) -> None:
        play = at_dates().say("2027-05-03", "2027-05-07")
        assert play.place == ("host_phone",) and play.asked.suggestion == play.value("applicant_phone")
        play.do(Same())
        assert play.value("host_phone") == play.value("applicant_phone")

    def test_the_profile_is_offered_and_never_taken_silently(self) -> None:
        play = Play(SampleVisit).knowing(
            profile={"applicant_name": "Anna", "applicant_phone": {"no": "phone"}}
        )
        play.do(Gave(True))
        assert play.asked.suggestion == "Anna" and play.value("applicant_name") is None
        play.do(Same())
        assert play.asked.suggestion is None, "what no longer fits its kind is not offered"


class TestSecretsAtTheDesk:
    """`collect_secret_in_chat` off: a secret question is replaced by "bring it to the desk"."""

    def test_no_secret_is_asked_and_the_form_is_finished(self) -> None:
        play = Play(SampleVisit).knowing(secrets_in_chat=False)
        play.do(Gave(True)).say("Anna Schmidt", "+49 30 901820").do(Skip())
        play.say("沈阳浑南精密机械有限公司 91110000600037341L").do(Skip())
        play.do(Gave(Purpose.STUDY)).say("Dongbei").do(Skip()).say("SCHMIDT, Anna", "Germany").do(Skip())
        play.say("no")
        assert play.place == ("guests", 0, "stays")
        play.do(Done())
        assert play.place == ("guests",), "a group with a secret in it is asked for the rest"
        play.do(AddRow()).say("LEE, Bo", "Singapore").do(Skip()).say("no").do(Done(), Done())
        play.say("2027-05-03", "2027-05-07").do(Same())
        assert play.place == ("proof",)
        play.send(pdf("a.pdf"), pdf("b.pdf")).do(Skip(), Gave(True))
        assert play.place is None and not play.faults
        assert ("account",) in play.lines, "the summary says what to bring"

    def test_nor_can_it_be_opened_or_come_to_by_going_back(self) -> None:
        play = finished().knowing(secrets_in_chat=False)
        assert "bring it to the desk" in play.wrong(Open(("account",)))
        play.open("proof").do(Back())
        assert play.place == ("host_phone",)


class TestCopies:
    def test_a_copy_begins_with_the_old_answers_and_checks_them_again(self) -> None:
        old = finished()
        copied = flow.copy(SampleVisit, old.answers, FACTS)
        assert copied.answers == old.answers and not rulings.faults(SampleVisit, copied, FACTS)
        later = replace(FACTS, today=old.value("arrives"))
        assert [one.path for one in rulings.faults(SampleVisit, copied, later)] == [("arrives",)]

    def test_what_no_longer_stands_is_not_copied(self) -> None:
        copied = flow.copy(SampleVisit, {"purpose": Purpose.TRADE, "university": "Dongbei"}, FACTS)
        assert "university" not in copied.answers


class TestCorrections:
    """A returned case changes only in the named fields and in questions whose condition depends on them."""

    def returned(self, *named: tuple[str | int, ...]) -> Play:
        answers = finished().answers
        return Play(SampleVisit, flow.correction(SampleVisit, answers, named, FACTS))

    def test_only_the_named_fields_are_asked(self) -> None:
        play = self.returned(("arrives",), ("guests", 0, "name"))
        assert play.place == ("guests", 0, "name") and play.asked.may_stand
        play.say("SCHMIDT, Anna Maria")
        play.draft = replace(play.draft, place=None)
        assert play.place == ("arrives",)
        play.say("2027-05-04")
        assert play.lines == (("guests", 0, "name"), ("arrives",)) and not play.faults

    def test_the_others_are_locked_and_byte_equal(self) -> None:
        play = self.returned(("arrives",))
        before = dict(play.answers)
        assert "the office named" in play.wrong(Open(("account",)))
        play.say("2027-05-04")
        assert {**dict(play.answers), "arrives": None} == {**before, "arrives": None}
        play.do(Back())
        assert play.place == ("arrives",)

    def test_a_field_may_stand_as_it_is(self) -> None:
        play = self.returned(("account",)).do(Stands())
        assert play.place is None and play.draft.touched == {("account",)} and not play.faults

    def test_what_a_named_field_makes_necessary_is_asked_and_what_it_ends_is_dropped(self) -> None:
        play = self.returned(("purpose",)).do(Gave(Purpose.STUDY))
        assert play.place == ("university",)
        play.say("Dongbei", "S-77")
        assert play.lines == (("purpose",), ("university",), ("student_no",))
        play.open("purpose").do(Gave(Purpose.TRADE))
        assert "university" not in play.answers

    def test_only_the_named_fields_are_tested_anew(self) -> None:
        play = self.returned(("account",))
        play.facts = replace(FACTS, today=play.value("leaves"))
        play.say("9999 1111")
        assert not play.faults, "the arrival is too near by now, but nobody named it"
        assert self.returned(("arrives",)).faults == {("arrives",): "This question is still open."}

    def test_a_rule_never_reopens_what_is_locked(self) -> None:
        answers = {**finished().answers, "helps": (Help.CAR,), "car_plate": "BLUE", "when": "noon"}
        row = {**answers["guests"][0], "car_seat": True}
        draft = flow.correction(SampleVisit, {**answers, "guests": (row,)}, (("when",),), FACTS)
        play = Play(SampleVisit, draft)
        assert "Blue" in play.wrong("BLUE")
        assert play.place == ("when",) and play.value("car_plate") == "BLUE"

    def test_a_whole_group_may_be_named(self) -> None:
        play = self.returned(("guests",))
        assert play.place == ("guests",)
        play.do(AddRow())
        one_guest(play, "LEE, Bo", "Singapore", "K1234567").do(Done(), Done())
        assert play.place is None and len(play.value("guests")) == 2 and not play.faults

    def test_what_a_newer_form_asks_is_not_asked_now(self) -> None:
        answers = {name: value for name, value in finished().answers.items() if name != "host_phone"}
        play = Play(SampleVisit, flow.correction(SampleVisit, answers, (("account",),), FACTS))
        play.say("9999 1111")
        assert play.place is None and not play.faults and "host_phone" not in play.answers


def test_a_draft_whose_place_is_gone_shows_the_first_open_question() -> None:
    play = Play(SampleVisit, Draft("sample_visit", 3, place=("guests", 4, "name")))
    assert play.place == ("not_secret",)


def test_who_goes_back_inside_an_unfinished_row_goes_on_with_it() -> None:
    play = begun().do(Gave(Purpose.TRADE), Skip()).say("SCHMIDT, Anna")
    next_question = play.place
    play.do(Back()).say("SCHMIDT, Anna Maria")
    assert play.place == next_question and play.value("guests")[0]["name"] == "SCHMIDT, Anna Maria"
