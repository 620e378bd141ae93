"""Drafts: answers not yet submitted, as sealed rows; they survive restart, deploy and a new version of the form."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, LargeBinary, bindparam, select, text, update
from sqlalchemy import delete as sql_delete
from sqlmodel import Field, SQLModel, col

from storage import secrets
from storage.answers import digests_within, dump_form, load_form, question_at
from storage.columns import UtcDateTime
from storage.conversation import Draft
from storage.kinds.kind import Unfit

if TYPE_CHECKING:
    from sqlmodel import Session

    from storage.forms import Service

DRAFT_KEPT = timedelta(days=30)
"""How long a draft is kept after the last touch (services.md (c), draft)."""
REMINDED_AFTER = (timedelta(days=7), timedelta(days=27))

_CONTEXT = b"draft"


class DraftRow(SQLModel, table=True):
    """One person's draft of one service. The body is sealed: it holds what may become secret."""

    __tablename__ = "drafts"

    id: int | None = Field(default=None, primary_key=True)
    person: int = Field(foreign_key="people.id", index=True)
    service: str
    body: bytes = Field(sa_type=LargeBinary)
    revision: int = 0
    """Raised with each answer: a button drawn for another revision redraws the present question."""
    begun_at: datetime = Field(sa_type=UtcDateTime)
    touched_at: datetime = Field(sa_type=UtcDateTime, index=True)
    reminders: int = 0
    """How many of the reminders of REMINDED_AFTER were posted since the last touch."""
    submitted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    case: int | None = Field(default=None, index=True)
    """The returned case that this draft corrects."""

    def __repr_args__(self) -> Any:
        """The key alone."""
        yield "id", self.id


@dataclass(frozen=True)
class OpenDraft:
    """A draft at work: the row's key and revision with the value."""

    id: int
    person: int
    revision: int
    draft: Draft
    case: int | None = None
    touched_at: datetime | None = None
    filed_at: datetime | None = None
    """When the returned case was filed that the draft corrects."""


class DraftGone(Exception):  # what happened, in the glossary's words
    """The draft does not exist any more, was submitted, or is not this person's."""


def create(
    session: Session, service: type[Service], person: int, draft: Draft, at: datetime, case: int | None = None
) -> OpenDraft:
    """Keep a new draft."""
    row = DraftRow(
        person=person,
        service=service.form_id(),
        body=_seal(service, draft),
        begun_at=at,
        touched_at=at,
        case=case,
    )
    session.add(row)
    session.flush()
    return OpenDraft(row.id or 0, person, row.revision, draft, case)


def load(connection: Connection, services: Any, draft_id: int, person: int) -> OpenDraft:
    """A draft by key, if it is this person's and not yet submitted. Raises DraftGone. Hot path: no ORM."""
    row = connection.execute(_LOAD, {"id": draft_id, "person": person}).first()
    if row is None or row.service not in services:
        raise DraftGone
    draft = _unseal(services[row.service], row.body)
    return OpenDraft(draft_id, person, row.revision, draft, row.case, filed_at=row.filed_at)


def save(
    connection: Connection, service: type[Service], opened: OpenDraft, draft: Draft, at: datetime
) -> OpenDraft:
    """Keep the next state of a draft, if nobody kept another meanwhile. Raises DraftGone. Hot path: no ORM."""
    done = connection.execute(
        _SAVE,
        {"id": opened.id, "revision": opened.revision, "body": _seal(service, draft), "at": at},
    )
    if done.rowcount == 0:
        raise DraftGone
    return replace(opened, revision=opened.revision + 1, draft=draft)


def of_person(session: Session, services: Any, person: int) -> list[OpenDraft]:
    """The person's open drafts, the one touched last first."""
    rows = session.scalars(
        select(DraftRow)
        .where(col(DraftRow.person) == person, col(DraftRow.submitted_at).is_(None))
        .order_by(col(DraftRow.touched_at).desc())
    )
    return [
        OpenDraft(
            row.id or 0,
            person,
            row.revision,
            _unseal(services[row.service], row.body),
            row.case,
            row.touched_at,
        )
        for row in rows
        if row.service in services
    ]


def row_of(session: Session, draft_id: int, person: int) -> DraftRow:
    """The row itself. Raises DraftGone."""
    row = session.get(DraftRow, draft_id)
    if row is None or row.person != person or row.submitted_at is not None:
        raise DraftGone
    return row


def corrected(session: Session, draft_id: int, person: int) -> int | None:
    """The case to which a draft of this person brought its corrections; None: it was not sent, or was no correction."""
    row = session.get(DraftRow, draft_id)
    return row.case if row is not None and row.person == person and row.submitted_at is not None else None


def mark_submitted(session: Session, draft_id: int, revision: int, at: datetime) -> bool:
    """Close the draft by its natural key; False when it was submitted already, or changed since it was shown."""
    done = session.connection().execute(
        update(DraftRow)
        .where(
            col(DraftRow.id) == draft_id,
            col(DraftRow.submitted_at).is_(None),
            col(DraftRow.revision) == revision,
        )
        .values(submitted_at=at, body=b"")
    )
    return done.rowcount == 1


def delete(session: Session, draft_id: int, person: int) -> None:
    """Forget a draft for good. Raises DraftGone."""
    session.delete(row_of(session, draft_id, person))


def drop_corrections(session: Session, case: int) -> None:
    """Forget the corrections of a case that is no longer returned: it was taken back, or lapsed."""
    session.execute(
        sql_delete(DraftRow).where(col(DraftRow.case) == case, col(DraftRow.submitted_at).is_(None))
    )


def dump(service: type[Service], draft: Draft) -> dict[str, Any]:
    """The draft as JSON."""
    question = question_at(service, draft.place) if draft.place else None
    return {
        "version": draft.version,
        "answers": dump_form(service, draft.answers),
        "closed": sorted((list(path) for path in draft.closed), key=str),
        "place": None if draft.place is None else list(draft.place),
        "offered": [question.kind.dump(value) for value in draft.offered] if question else [],
        "gathered": question.kind.dump(draft.gathered) if question and draft.gathered else [],
        "named": [list(path) for path in draft.named],
        "remarks": list(draft.remarks),
        "touched": sorted((list(path) for path in draft.touched), key=str),
        "waived": sorted((list(path) for path in draft.waived), key=str),
    }


def read(service: type[Service], stored: dict[str, Any]) -> Draft:
    """The draft from JSON, also of an earlier version of the form: valid answers stay, the rest are asked again."""
    place = stored.get("place")
    question = question_at(service, tuple(place)) if place else None
    try:
        offered = tuple(question.kind.load(value) for value in stored.get("offered", ())) if question else ()
        gathered = question.kind.load(stored["gathered"]) if question and stored.get("gathered") else ()
    except Unfit:
        offered, gathered = (), ()
    return Draft(
        service=service.form_id(),
        version=service.version,
        answers=load_form(service, stored["answers"]),
        closed=frozenset(tuple(path) for path in stored.get("closed", ())),
        place=tuple(place) if place and question else None,
        offered=offered,
        gathered=tuple(gathered),
        named=tuple(tuple(path) for path in stored.get("named", ())),
        remarks=tuple(stored.get("remarks", ())),
        touched=frozenset(tuple(path) for path in stored.get("touched", ())),
        waived=frozenset(tuple(path) for path in stored.get("waived", ())),
    )


def files_within(body: bytes) -> list[str]:
    """Digests of the files that a draft names."""
    return list(digests_within(json.loads(secrets.keys().unseal(body, _CONTEXT))))


def _seal(service: type[Service], draft: Draft) -> bytes:
    return secrets.keys().seal(json.dumps(dump(service, draft), ensure_ascii=False).encode(), _CONTEXT)


def _unseal(service: type[Service], body: bytes) -> Draft:
    return read(service, json.loads(secrets.keys().unseal(body, _CONTEXT)))


_LOAD = text(
    'SELECT d.service, d.body, d.revision, d."case", c.filed_at FROM drafts d LEFT JOIN cases c ON c.id = d."case"'
    " WHERE d.id = :id AND d.person = :person AND d.submitted_at IS NULL"
).columns(filed_at=UtcDateTime())
_SAVE = text(
    "UPDATE drafts SET body = :body, revision = revision + 1, touched_at = :at, reminders = 0"
    " WHERE id = :id AND revision = :revision AND submitted_at IS NULL"
).bindparams(bindparam("at", type_=UtcDateTime()))
