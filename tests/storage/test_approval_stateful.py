"""Any order of any verdicts by anybody, with clock ticks between: what must hold of every case at every moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from storage.approval import (
    CLOCK,
    LEGAL,
    RULES,
    Actor,
    All,
    Amend,
    Approve,
    AskRevocation,
    Assessment,
    CaseState,
    Close,
    Confirm,
    Dispute,
    Division,
    EndNotice,
    Event,
    Expire,
    Fulfil,
    Hold,
    InTurn,
    Kind,
    Lift,
    NotTaken,
    Object,
    Outside,
    Published,
    Reason,
    Refuse,
    Remark,
    Remind,
    Reminder,
    Reopen,
    Replace,
    Reply,
    Resubmit,
    Resume,
    Return,
    Revoke,
    Role,
    Route,
    SendOut,
    Settle,
    Stage,
    StaleReview,
    Status,
    TakeBack,
    Urge,
    Verdict,
    Withdraw,
    WorkingDays,
    allowed,
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
)
from tests.storage.approval_world import (
    APPLICANT,
    CALENDAR,
    CONDITIONS,
    MONDAY,
    OFFICERS,
    ROUTE,
    STRANGER,
    abroad,
    many_guests,
    opened,
)

ROUTES = (
    ROUTE,
    Route(
        Stage(Role.SECTION_CHIEF, Division.CON, within=WorkingDays(0.5), may_edit=("guests.name",)),
        Published(),
        All((Role.SECTION_CHIEF, Division.CON), (Role.SECTION_CHIEF, Division.HMT), within=WorkingDays(3)),
        InTurn(Role.DEPUTY_DIRECTOR, Role.DIRECTOR, within=WorkingDays(2), when=many_guests),
        Outside("province", when=abroad),
    ),
    Route(Stage(Role.DIRECTOR, within=WorkingDays(1))),
)
FIELDS = ("guests", "guests.0.name", "stay", "purpose")
BOTH_CHIEFS = Actor(25, frozenset({(Role.SECTION_CHIEF, Division.CON), (Role.SECTION_CHIEF, Division.HMT)}))
DELEGATE = Actor(34, frozenset({(Role.DEPUTY_DIRECTOR, None)}), acting_for=32)
ENDED = {Status.WITHDRAWN, Status.EXPIRED, Status.CLOSED, Status.REVOKED, Status.REPLACED}

ENDING = {Kind.WITHDRAW, Kind.REVOKE, Kind.REPLACE, Kind.HOLD, Kind.REMIND, Kind.ASK_REVOCATION}
"""Left to the rule that says anything, lest they end or stop most runs."""

EVERYBODY = (*OFFICERS, BOTH_CHIEFS, DELEGATE, APPLICANT, STRANGER)
people = st.sampled_from((*EVERYBODY, CLOCK))
fields = st.lists(st.sampled_from(FIELDS), max_size=3).map(tuple)
texts = st.sampled_from(("", " ", "Why.", "x" * 501))
remarks = st.lists(st.builds(Remark, st.sampled_from(FIELDS), texts), max_size=2).map(tuple)
days = st.dates(date(2026, 11, 20), date(2027, 3, 1))
assessments = st.builds(
    Assessment,
    st.dictionaries(st.sampled_from(CONDITIONS), st.booleans()),
    st.none() | st.lists(st.sampled_from([11, 21, 41]), max_size=1).map(tuple),
)


PLAIN = (
    Approve,
    Confirm,
    TakeBack,
    EndNotice,
    Resume,
    Withdraw,
    Expire,
    Fulfil,
    Close,
    AskRevocation,
    Reopen,
    Urge,
)
UNSEEN = st.just(0)
verdicts = st.one_of(
    *(st.builds(kind, UNSEEN) for kind in PLAIN),
    st.builds(Refuse, UNSEEN, st.sampled_from((*Reason, "")), texts),
    st.builds(Return, UNSEEN, remarks),
    st.builds(Resubmit, UNSEEN, fields, remarks, fields, assessments),
    st.builds(Amend, UNSEEN, fields, texts, assessments),
    st.builds(SendOut, UNSEEN, st.sampled_from(("police", "")), days),
    st.builds(Reply, UNSEEN, texts, st.booleans(), st.booleans()),
    st.builds(Hold, UNSEEN, days, texts),
    st.builds(Dispute, UNSEEN, texts),
    st.builds(Settle, UNSEEN, texts),
    st.builds(Revoke, UNSEEN, texts),
    st.builds(Replace, UNSEEN, st.just("沈外邀〔2027〕0002号")),
    st.builds(Object, UNSEEN, texts),
    st.builds(Remind, UNSEEN, st.sampled_from(Reminder)),
    st.builds(Lift, UNSEEN, st.integers(0, 1)),
)
"""Any verdict, whole or not; the version seen is put in when it is said."""


class Office(RuleBasedStateMachine):
    """One case, and everybody at once."""

    case: CaseState
    filed: CaseState
    now: datetime
    record: list[Event]

    @initialize(
        route=st.sampled_from(ROUTES), outcomes=st.sets(st.sampled_from(CONDITIONS)), urgent=st.booleans()
    )
    def files(self, route: Route, outcomes: set[str], urgent: bool) -> None:
        self.case = self.filed = opened(route, urgent=urgent, **dict.fromkeys(outcomes, True))
        self.now = MONDAY
        self.record = []

    @rule(verdict=verdicts, by=people)
    def anybody_says_anything(self, verdict: Verdict, by: Actor) -> None:
        verdict = replace(verdict, seen=self.case.version)
        may = verdict.kind in allowed(self.case, by, self.now, CALENDAR)
        before = self.case
        try:
            decision = decide(self.case, verdict, by, self.now, CALENDAR)
        except NotTaken as refusal:
            assert refusal.sentence
            assert self.case == before
        else:
            assert may, "what is not offered is not taken"
            self._take(decision.case, decision.events)

    @rule(data=st.data())
    def somebody_does_what_is_offered(self, data: st.DataObject) -> None:
        """Drawn from what leads on, so that runs get deep into the route."""
        offered: dict[Kind, list[Actor]] = {}
        for by in (*EVERYBODY, CLOCK):
            for kind in allowed(self.case, by, self.now, CALENDAR) - ENDING:
                offered.setdefault(kind, []).append(by)
        if not offered:
            return
        kind = data.draw(st.sampled_from(sorted(offered)))
        by = data.draw(st.sampled_from(offered[kind]))
        try:
            decision = decide(self.case, _whole(self.case, kind), by, self.now, CALENDAR)
        except NotTaken as refusal:
            assert type(refusal).__name__ == "AlreadySaid", refusal
        else:
            self._take(decision.case, decision.events)

    @rule(data=st.data())
    def somebody_approves(self, data: st.DataObject) -> None:
        able = [by for by in OFFICERS if Kind.APPROVE in allowed(self.case, by, self.now, CALENDAR)]
        if able:
            by = data.draw(st.sampled_from(able))
            decision = decide(self.case, Approve(self.case.version), by, self.now, CALENDAR)
            self._take(decision.case, decision.events)

    @precondition(lambda self: self.case.version > 1)
    @rule(by=people)
    def somebody_taps_an_old_card(self, by: Actor) -> None:
        try:
            decide(self.case, Approve(self.case.version - 1), by, self.now, CALENDAR)
        except StaleReview:
            return
        raise AssertionError("a verdict on an old version was taken")

    @rule(hours=st.integers(1, 200))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule()
    def the_clock_does_its_round(self) -> None:
        """Each round ends; time alone never approves or refuses."""
        for _ in range(10):
            items = due(self.case, self.now, CALENDAR)
            if not items:
                break
            before = self.case.status
            decision = decide(self.case, items[0].verdict, CLOCK, self.now, CALENDAR)
            self._take(decision.case, decision.events)
            assert self.case.status not in {Status.APPROVED, Status.REFUSED} - {before}
        else:
            raise AssertionError("the clock finds no end")

    @invariant()
    def the_case_rebuilt_from_its_record_is_the_case(self) -> None:
        record = [load_event(dump_event(event)) for event in self.record]
        assert rebuild(load_case(dump_case(self.filed)), record) == self.case
        assert load_case(dump_case(self.case)) == self.case

    @invariant()
    def only_legal_transitions_happened(self) -> None:
        path = [Status.RECEIVED]
        for event in self.record:
            assert event.path[0] is path[-1]
            path += event.path[1:]
        assert all(step in LEGAL for step in pairwise(path))
        assert path[-1] is self.case.status

    @invariant()
    def nobody_acted_at_two_stages(self) -> None:
        stages: dict[int, set[int]] = {}
        for given in self.case.given:
            for person in {given.by, given.acting_for} - {None}:
                stages.setdefault(person, set()).add(given.stage)
        assert all(len(at - {None}) <= 1 for at in stages.values())

    @invariant()
    def an_approved_case_passed_every_stage_that_applies(self) -> None:
        if self.case.status is Status.APPROVED:
            assert all(n in self.case.passed for n, stage in enumerate(self.case.route) if stage.applies)

    @invariant()
    def it_ended_or_waits_for_somebody_with_a_date(self) -> None:
        case = self.case
        if case.status in ENDED:
            assert not allowed(case, APPLICANT, self.now, CALENDAR)
            assert next_due(case, CALENDAR) is None
            return
        assert due_at(case, CALENDAR) is not None
        if case.status.is_open:
            assert expected_by(case, self.now, CALENDAR) >= CALENDAR.day_of(self.now)
        if case.status in (Status.RECEIVED, Status.UNDER_REVIEW, Status.OUTSIDE, Status.PUBLISHED):
            assert open_acts(case)

    @invariant()
    def a_refusal_was_confirmed_by_a_second_officer(self) -> None:
        if self.case.status is Status.REFUSED:
            confirmed = next(event for event in reversed(self.record) if event.kind is Kind.CONFIRM)
            assert confirmed.by != self.case.refusal.by

    def _take(self, case: CaseState, events: tuple[Event, ...]) -> None:
        locked = self.case.passed
        self.record += events
        assert [event.seq for event in self.record] == list(range(1, case.events + 1))
        if events[-1].kind in (Kind.RESUBMIT, Kind.AMEND):
            assert all(case.route[place] == self.case.route[place] for place in locked), (
                "what is passed is settled"
            )
        if not RULES[events[-1].kind].judges:
            assert case.given == self.case.given
        self.case = case


def _whole(case: CaseState, kind: Kind) -> Verdict:
    """A verdict of that kind that says all it has to."""
    seen, soon = case.version, date(2028, 1, 4)
    named = tuple(remark.field for remark in case.to_mend)
    special = {
        Kind.REFUSE: lambda: Refuse(seen, Reason.NOT_OURS),
        Kind.RETURN: lambda: Return(seen, (Remark("stay", "Too long."),)),
        Kind.RESUBMIT: lambda: Resubmit(seen, named),
        Kind.AMEND: lambda: Amend(seen, ("guests.0.name",)),
        Kind.LIFT: lambda: Lift(seen),
        Kind.SEND_OUT: lambda: SendOut(seen, "police", soon),
        Kind.HOLD: lambda: Hold(seen, soon, "Rest."),
        Kind.REPLY: lambda: Reply(seen, "Fine."),
        Kind.DISPUTE: lambda: Dispute(seen, "No."),
        Kind.SETTLE: lambda: Settle(seen, "Yes."),
        Kind.OBJECT: lambda: Object(seen, "No."),
        Kind.TAKE_BACK: lambda: TakeBack(seen),
        Kind.END_NOTICE: lambda: EndNotice(seen),
    }
    plain = {
        Kind.APPROVE: Approve,
        Kind.CONFIRM: Confirm,
        Kind.RESUME: Resume,
        Kind.EXPIRE: Expire,
        Kind.FULFIL: Fulfil,
        Kind.CLOSE: Close,
        Kind.REOPEN: Reopen,
        Kind.URGE: Urge,
    }
    return special[kind]() if kind in special else plain[kind](seen)


TestOffice = Office.TestCase
TestOffice.settings = settings(
    max_examples=250,
    stateful_step_count=50,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
