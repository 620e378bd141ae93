"""Reviews: one verdict in one transaction, whoever says it: officer, applicant or clock."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from locales import N_
from storage import (
    cases,
    drafts,
    indexing,
    letter_names,
    letters,
    lifting,
    outbox,
    rights,
    rulings,
    telling,
)
from storage.approval.case import CLOCK, Actor
from storage.approval.decide import decide as taken
from storage.approval.status import Status
from storage.approval.verdicts import Amend
from storage.assessing import assessment
from storage.cases import Case, NoSuchCase, OpenCase
from storage.kinds.kind import AskedBack, Problem, Refused, Taken
from storage.outbox import Call, Notice
from storage.outline import path_of, pruned, walk, with_value
from storage.people import Me

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlmodel import Session

    from storage.approval.verdicts import Verdict
    from storage.officers import Officer
    from storage.pending import Saying
    from storage.world import World

SECRETS_SHOWN_FOR = timedelta(minutes=1)


def decide(session: Session, world: World, case_id: int, verdict: Verdict, officer: Officer) -> OpenCase:
    """Take an officer's verdict, against the version that they saw.

    Raises NoSuchCase where they may not see it, and what the engine refuses (StaleReview, NotQualified, …).
    """
    row = _locked(session, case_id)
    rights.see(cases.opened(session, world, row), person=0, officer=officer)
    return _take(session, world, row, verdict, Actor(officer.person, officer.roles))


def by_applicant(session: Session, world: World, case_id: int, verdict: Verdict, person: int) -> OpenCase:
    """Take what the applicant says of their own case: withdraw, urge, object. Raises NoSuchCase."""
    row = _locked(session, case_id)
    if row.person != person:
        raise NoSuchCase
    return _take(session, world, row, verdict, Actor(person))


def by_clock(
    session: Session, world: World, case_id: int, say: Callable[[OpenCase], Verdict | None]
) -> OpenCase:
    """Take what time says; `say` looks at the case under lock and names the verdict, if it is still due."""
    row = _locked(session, case_id)
    case = cases.opened(session, world, row)
    verdict = say(case)
    return case if verdict is None else _take(session, world, row, verdict, CLOCK)


def amend(session: Session, world: World, case_id: int, saying: Saying, officer: Officer) -> OpenCase:
    """Correct one answer that the stage lets officers edit: the old value is kept, and the applicant is told.

    Raises NotRead where the text is no right answer, NoSuchCase, and what the engine refuses.
    """
    row = _locked(session, case_id)
    case = rights.see(cases.opened(session, world, row), person=0, officer=officer)
    path = path_of(saying.fields[0])
    service = world.services[case.service]
    applicant = Me(case.person, 0, case.language, agreed=True, unit=case.unit)
    facts = world.facts_of_case(applicant, case.service, world.calendar.day_of(case.filed_at))
    spot = next((one for one in walk(service, case.answers, facts) if one.path == path), None)
    if spot is None:
        raise NoSuchCase
    match spot.question.kind.read(saying.text, rulings.context(spot, facts)):
        case Taken(value=value):
            answers = pruned(service, with_value(case.answers, path, value), facts)
        case Refused(problem=problem):
            raise NotRead(problem)
        case AskedBack():
            raise NotRead(Problem(N_("That can be read in several ways. Please write it in full.")))
    row.answers_version += 1
    cases.keep_answers(session, row, answers, world, world.now)
    indexing.index(session, case_id, service, case.form, answers, facts, applicant)
    found = assessment(session, case.form, answers, facts)
    verdict = Amend(saying.seen, saying.fields, assessment=found)
    return _take(session, world, row, verdict, Actor(officer.person, officer.roles))


class NotRead(Exception):
    """The text is no right answer for the field; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def show_secrets(session: Session, world: World, case_id: int, officer: Officer, message_id: int) -> OpenCase:
    """Let an officer see secret answers for a minute: the trail says so, and the card is masked again by itself."""
    case = rights.see(cases.read(session, world, case_id), person=0, officer=officer)
    row = session.get_one(Case, case_id)
    outbox.post(
        session,
        Notice(
            key=f"mask:{case_id}:{officer.person}:{message_id}:{world.now.timestamp():.0f}",
            chat=officer.telegram_id,
            event=telling.CARD,
            values={"case": case_id},
            call=Call.EDIT,
            message_id=message_id,
            case=case_id,
            reader=officer.person,
            version=case.state.version,
            due_at=world.now + SECRETS_SHOWN_FOR,
        ),
        world.now,
    )
    cases.record(session, row, "secret_shown", by=officer.person, at=world.now)
    return case


def open_files(session: Session, world: World, case_id: int, officer: Officer) -> OpenCase:
    """The case whose files an officer opens; into the audit trail, for scans of documents are secrets too.

    Raises NoSuchCase.
    """
    case = rights.see(cases.read(session, world, case_id), person=0, officer=officer)
    row = session.get_one(Case, case_id)
    cases.record(session, row, "files_opened", by=officer.person, at=world.now)
    return case


def _take(session: Session, world: World, row: Case, verdict: Verdict, actor: Actor) -> OpenCase:
    case = cases.opened(session, world, row)
    decision = taken(case.state, verdict, actor, world.now, world.calendar)
    state, lifts = lifting.lifted(session, decision.case, world)
    cases.keep_state(session, row, state, (*decision.events, *lifts), world)
    decided = cases.opened(session, world, row)
    event = decision.events[-1]
    if case.state.status is Status.RETURNED and state.status is not Status.RETURNED:
        drafts.drop_corrections(session, decided.id)
    reached = event.path[1:]  # the path begins where the case stood before
    if Status.APPROVED in reached:
        _issue_letter(session, world, decided)
    if Status.REVOKED in reached:
        letters.revoke(session, decided.id)
    telling.tell(session, decided, event, by=actor.person, now=world.now)
    cases.record(session, row, event.kind.value, by=actor.person, at=world.now, acting_for=actor.acting_for)
    return decided


def _issue_letter(session: Session, world: World, case: OpenCase) -> None:
    form = case.form
    if form.letter is None:
        return
    letters.issue(
        session,
        case_id=case.id,
        holder_id=case.person,
        kind=case.matter or case.service,
        mark=form.letter.mark,
        names=letter_names.of(case),
        at=world.now,
    )


def _locked(session: Session, case_id: int) -> Case:
    row = session.get(Case, case_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NoSuchCase
    return row
