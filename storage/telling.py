"""Who is told of what happened to a case: rows for the outbox, worded when they are sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlmodel import col

from storage import officers, outbox, people
from storage.approval.codes import Kind
from storage.approval.rights import open_acts
from storage.outbox import Call, Notice, OutboxRow, Priority

if TYPE_CHECKING:
    from datetime import datetime

    from sqlmodel import Session

    from storage.approval.case import Event
    from storage.cases import OpenCase
    from storage.officers import Officer

CARD = "card"
STATUS = "status"
LETTER = "letter"

_SILENT = frozenset({Kind.REMIND, Kind.LIFT, Kind.CLOSE, Kind.REFUSE})
"""Verdicts of which the applicant needs no message: a refusal is none before a second officer confirms it."""
_TOLD = frozenset({Kind.APPROVE, Kind.CONFIRM, Kind.AMEND})
"""Verdicts of which they are told even where the status stays."""


def tell(session: Session, case: OpenCase, event: Event | None, *, by: int, now: datetime) -> None:
    """Tell the officers for whom the case now waits, those who hold an older card, and the applicant."""
    waited_for = officers_awaited(session, case)
    holders = _holders(session, case.id)
    for officer in waited_for:
        if officer.person != by or officer.person not in holders:
            _card(session, case, officer.person, officer.telegram_id, Call.SEND, now)
    for person_id in holders - {officer.person for officer in waited_for} - {by}:
        person = people.get(session, person_id)
        _card(session, case, person_id, person.telegram_id, Call.EDIT, now)
    if event is not None and by != case.person and _concerns_applicant(event):
        _applicant(session, case, event, now)


def officers_awaited(session: Session, case: OpenCase) -> list[Officer]:
    """Officers who hold a role for which the case waits, except those who appear in it."""
    found: dict[int, Officer] = {}
    for act in open_acts(case.state):
        for officer in officers.officers(session, act.role, act.division):
            if officer.person not in case.state.appearing and officer.person != case.person:
                found[officer.person] = officer
    return list(found.values())


def _concerns_applicant(event: Event) -> bool:
    return event.kind not in _SILENT and (len(event.path) > 1 or event.kind in _TOLD)


def _card(session: Session, case: OpenCase, person: int, chat: int, call: Call, now: datetime) -> None:
    outbox.post(
        session,
        Notice(
            key=f"card:{case.id}:{case.state.version}:{person}",
            chat=chat,
            event=CARD,
            values={"case": case.id},
            call=call,
            case=case.id,
            reader=person,
            version=case.state.version,
        ),
        now,
    )


def _applicant(session: Session, case: OpenCase, event: Event, now: datetime) -> None:
    person = people.get(session, case.person)
    outbox.post(
        session,
        Notice(
            key=f"status:{case.id}:{event.seq}",
            chat=person.telegram_id,
            event=STATUS,
            values={
                "case": case.id,
                "kind": event.kind.value,
                "fields": list(getattr(event.verdict, "fields", ())),
            },
            case=case.id,
            reader=case.person,
            version=case.state.version,
            priority=Priority.NOTICE,
        ),
        now,
    )


def _holders(session: Session, case: int) -> set[int]:
    """People to whom a card of the case was sent, or is on its way."""
    rows: Any = session.scalars(
        select(col(OutboxRow.reader)).where(col(OutboxRow.case) == case, col(OutboxRow.event) == CARD)
    )
    return {reader for reader in rows if reader is not None}
