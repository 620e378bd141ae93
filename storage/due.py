"""What time makes due: reminders and expiry of cases and drafts, handing over. Natural keys make it safe twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select
from sqlmodel import col

from storage import cases, drafts, officers, outbox, people, reviews, telling
from storage.approval.codes import Kind
from storage.approval.deadlines import due
from storage.approval.deadlines import next_due as next_look
from storage.approval.status import Status
from storage.approval.verdicts import Fulfil, Verdict
from storage.cases import Case, OpenCase
from storage.drafts import DRAFT_KEPT, REMINDED_AFTER, DraftRow
from storage.letters import Letter
from storage.outbox import Notice, OutboxRow, Priority

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlmodel import Session

    from storage.approval.deadlines import Due
    from storage.world import World

_LIVE = tuple(
    status.value for status in Status if status not in (Status.CLOSED, Status.WITHDRAWN, Status.EXPIRED)
)
AT_ONCE = 200
"""Cases looked at in one pass: a long backlog is worked off pass by pass."""


def look_at_cases(session: Session, world: World) -> int:
    """Say what the clock has to say on each case that is due; returns how many were looked at."""
    ripe = session.scalars(
        select(col(Case.id))
        .where(col(Case.look_at) <= world.now, col(Case.status).in_(_LIVE))
        .order_by(col(Case.look_at))
        .limit(AT_ONCE)
    ).all()
    for case_id in ripe:
        if case_id is not None:
            _look_at(session, world, case_id)
    return len(ripe)


def hand_over(session: Session, world: World) -> int:
    """Approved cases are fulfilled once their letter reached the applicant, or at once where there is none."""
    approved = session.scalars(
        select(Case).where(col(Case.status) == Status.APPROVED.value).limit(AT_ONCE)
    ).all()
    done = 0
    for row in approved:
        case = cases.opened(session, world, row)
        if case.form.letter is None or _letter_arrived(session, case.id):
            reviews.by_clock(session, world, case.id, lambda one: Fulfil(one.state.version))
            done += 1
    return done


def look_at_drafts(session: Session, world: World) -> int:
    """Remind of drafts on their 7th and 27th day, and forget them after the 30th (services.md (c), draft)."""
    open_rows = select(DraftRow).where(col(DraftRow.submitted_at).is_(None))
    told = 0
    for number, after in enumerate(REMINDED_AFTER):
        ripe = open_rows.where(
            col(DraftRow.touched_at) <= world.now - after, col(DraftRow.reminders) == number
        )
        for row in session.scalars(ripe.limit(AT_ONCE)).all():
            _remind_of_draft(session, world, row, number)
            told += 1
    old = world.now - DRAFT_KEPT
    session.execute(
        delete(DraftRow).where(col(DraftRow.submitted_at).is_(None), col(DraftRow.touched_at) <= old)
    )
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


def _letter_arrived(session: Session, case_id: int) -> bool:
    sent: Iterable[object] = session.scalars(
        select(col(OutboxRow.id)).where(
            col(OutboxRow.case) == case_id,
            col(OutboxRow.event) == telling.LETTER,
            col(OutboxRow.state) == outbox.State.SENT,
        )
    )
    return any(True for _ in sent)
