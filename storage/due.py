"""What time makes due: reminders and expiry of cases and drafts, handing over. Natural keys make it safe twice."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Select, and_, delete, or_, select
from sqlmodel import col

from storage import cases, drafts, officers, outbox, people, reviews, telling
from storage.approval.codes import Kind
from storage.approval.deadlines import due
from storage.approval.deadlines import next_due as next_look
from storage.approval.refusals import NotTaken
from storage.approval.status import Status
from storage.approval.verdicts import Fulfil, Verdict
from storage.cases import Case, NoSuchCase, OpenCase
from storage.drafts import DRAFT_KEPT, REMINDED_AFTER, DraftRow
from storage.forms import Matter, Service
from storage.letters import Letter
from storage.outbox import Notice, OutboxRow, Priority

if TYPE_CHECKING:
    from sqlmodel import Session

    from storage.approval.deadlines import Due
    from storage.world import World

_LIVE = tuple(
    status.value for status in Status if status not in (Status.CLOSED, Status.WITHDRAWN, Status.EXPIRED)
)
LOOKED_AT_AGAIN = timedelta(hours=1)
"""When a case is looked at again that could not be dealt with."""
AT_ONCE = 200
"""Cases looked at in one pass: a long backlog is worked off pass by pass."""


def look_at_cases(session: Session, world: World) -> int:
    """Say what the clock has to say on each case that is due; returns how many were looked at."""
    ripe = _locked(
        session,
        select(Case)
        .where(col(Case.look_at) <= world.now, col(Case.status).in_(_LIVE))
        .order_by(col(Case.look_at)),
    )
    for row in ripe:
        try:
            with session.begin_nested():
                _look_at(session, world, row.id or 0)
        except (NotTaken, NoSuchCase):  # one odd case must not hold up the others
            row.look_at = world.now + LOOKED_AT_AGAIN
            session.add(row)
    return len(ripe)


def hand_over(session: Session, world: World) -> int:
    """Approved cases are fulfilled once their letter reached the applicant, or at once where there is none."""
    arrived = select(col(OutboxRow.case)).where(
        col(OutboxRow.event) == telling.LETTER, col(OutboxRow.state) == outbox.State.SENT
    )
    ready = or_(col(Case.id).in_(arrived), *(_is_of(form) for form in _without_letter(world)))
    approved = _locked(
        session,
        select(Case).where(col(Case.status) == Status.APPROVED.value, ready).order_by(col(Case.id)),
    )
    for row in approved:
        reviews.by_clock(session, world, row.id or 0, lambda one: Fulfil(one.state.version))
    return len(approved)


def look_at_drafts(session: Session, world: World) -> int:
    """Remind of drafts on their 7th and 27th day, and forget them after the 30th (services.md (c), draft)."""
    waiting = (col(DraftRow.submitted_at).is_(None), col(DraftRow.case).is_(None))
    """A correction is reminded of, and ends, with its case."""
    session.execute(delete(DraftRow).where(*waiting, col(DraftRow.touched_at) <= world.now - DRAFT_KEPT))
    told = 0
    for number, after in reversed(tuple(enumerate(REMINDED_AFTER))):
        ripe = select(DraftRow).where(
            *waiting, col(DraftRow.touched_at) <= world.now - after, col(DraftRow.reminders) <= number
        )
        for row in session.scalars(ripe.limit(AT_ONCE)).all():
            _remind_of_draft(session, world, row, number)
            told += 1
        session.flush()
    return told


def known_files(session: Session, world: World) -> set[str]:
    """Digests that drafts, cases and letters name: whatever else lies among the files is swept."""
    known = {digest for digest in session.scalars(select(col(Letter.file_digest))) if digest}
    for row in session.scalars(select(DraftRow).where(col(DraftRow.submitted_at).is_(None))):
        known |= set(drafts.files_within(row.body))
    for case_id in session.scalars(select(col(Case.id)).where(col(Case.key).is_not(None))):
        if case_id is not None:
            known |= set(cases.files_within(session, case_id))
    return known


def _look_at(session: Session, world: World, case_id: int) -> None:
    """One case: the clock's verdict, and those whom it concerns are told."""
    found: list[Due] = []

    def say(case: OpenCase) -> Verdict | None:
        found[:] = due(case.state, world.now, world.calendar)
        return found[0].verdict if found else None

    case = reviews.by_clock(session, world, case_id, say)
    for item in found:
        if item.verdict.kind is Kind.REMIND:
            _remind(session, world, case, item)
    row = session.get_one(Case, case_id)
    row.look_at = next_look(case.state, world.calendar)
    session.add(row)


def _remind(session: Session, world: World, case: OpenCase, item: Due) -> None:
    what = getattr(item.verdict, "what", "")
    if item.applicant:
        person = people.get(session, case.person)
        _post(session, world, case, person.id or 0, person.telegram_id, "mend", what)
    for act in item.officers:
        for officer in officers.officers(session, act.role, act.division):
            if officer.person not in case.state.appearing:
                _post(session, world, case, officer.person, officer.telegram_id, "reminder", what)


def _post(
    session: Session, world: World, case: OpenCase, person: int, chat: int, event: str, what: str
) -> None:
    outbox.post(
        session,
        Notice(
            key=f"due:{case.id}:{case.state.place}:{case.state.version}:{what}:{person}",
            chat=chat,
            event=event,
            values={"case": case.id, "what": what},
            case=case.id,
            reader=person,
            version=case.state.version,
            priority=Priority.REMINDER,
        ),
        world.now,
    )


def _remind_of_draft(session: Session, world: World, row: DraftRow, number: int) -> None:
    person = people.get(session, row.person)
    until = world.calendar.day_of(row.touched_at + DRAFT_KEPT)
    outbox.post(
        session,
        Notice(
            key=f"draft:{row.id}:{row.touched_at.timestamp():.0f}:{number}",
            chat=person.telegram_id,
            event="draft",
            values={"draft": row.id, "service": row.service, "until": until.isoformat()},
            reader=person.id,
            priority=Priority.REMINDER,
        ),
        world.now,
    )
    row.reminders = number + 1
    session.add(row)


def _locked(session: Session, wanted: Select[Case]) -> list[Case]:
    """Cases for one pass, locked before the chain of the audit trail is: who waits for that holds a case already.

    What another replica or an officer holds just now is left for the next pass.
    """
    return list(session.scalars(wanted.limit(AT_ONCE).with_for_update(skip_locked=True)))


def _without_letter(world: World) -> list[type[Service] | type[Matter]]:
    services = world.services.values()
    forms: tuple[type[Service] | type[Matter], ...] = (
        *services,
        *(matter for service in services for matter in service.matter_forms),
    )
    return [form for form in forms if form.letter is None]


def _is_of(form: type[Service] | type[Matter]) -> ColumnElement[bool]:
    if issubclass(form, Matter):
        return and_(col(Case.service) == form.of.form_id(), col(Case.matter) == form.form_id())
    return and_(col(Case.service) == form.form_id(), col(Case.matter).is_(None))
