"""A case as the office's records keep it: JSON, with secret answers masked: they stand in clear in no export."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel
from sqlalchemy import or_, select
from sqlmodel import col

from storage import audit, cases, letters, people
from storage.approval.case import Event, dump_event
from storage.cases import Case, OpenCase
from storage.implied import Implied
from storage.questions import Question, question_of
from storage.secrets import mask

if TYPE_CHECKING:
    from sqlmodel import Session

    from storage.letters import Letter
    from storage.world import World

HIDDEN = "••••"
"""A secret that is no plain text, and what an earlier version of the form asked: it may have been secret."""
_OURS = {"seen", "kind", "assessment"}
"""Parts of a verdict that only the rules need."""


def export_case(session: Session, world: World, number: str) -> dict[str, Any]:
    """A case by its number, with events and letters; the trail says that it was exported. Raises NoSuchCase."""
    case = cases.by_number(session, world, number)
    row = session.get_one(Case, case.id)
    exported = {
        "number": case.number,
        "number_zh": cases.chinese_number(case.number, world.office.case_prefix_zh),
        "service": case.service,
        "matter": case.matter,
        "title": str(case.form.title),
        "form_version": row.form_version,
        "status": case.state.status.value,
        "version": case.state.version,
        "applicant": case.person,
        "unit": case.unit,
        "language": case.language,
        "filed_at": row.filed_at.isoformat(),
        "changed_at": row.changed_at.isoformat(),
        "due_at": row.due_at and row.due_at.isoformat(),
        "linked": _linked(session, row),
        "answers": _answers(case, world),
        "answers_version": case.answers_version,
        "events": [_event(session, event) for event in cases.events(session, case.id)],
        "letters": [_letter(one) for one in letters.letters_of(session, case.id)],
    }
    cases.record(session, row, "exported", by=audit.COMMAND_LINE, at=world.now)
    return exported


def is_wiped(session: Session, number: str) -> bool:
    """Whether there was a case of this number whose key was destroyed."""
    row = session.scalars(select(Case).where(col(Case.number) == number)).first()
    return row is not None and row.key is None


def _linked(session: Session, row: Case) -> list[str]:
    """The numbers of the other cases that the same draft filed."""
    first = row.linked or row.id
    found = select(col(Case.number)).where(or_(col(Case.linked) == first, col(Case.id) == first))
    return sorted(set(session.scalars(found)) - {row.number})


def _answers(case: OpenCase, world: World) -> dict[str, Any]:
    service = world.services[case.service]
    own = {matter.form_id(): matter for matter in service.matter_forms}
    plain = {name: value for name, value in case.answers.items() if name not in own}
    chosen = own.get(case.matter or "")
    answers = {name: _answer(question_of(service, name) or question_of(Implied, name), value)
               for name, value in plain.items()}  # fmt: skip
    if chosen is not None:
        answers |= masked(chosen, case.answers.get(chosen.form_id()) or {})
    return answers


def masked(form: type[BaseModel], answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers of a form, matter or row as JSON by field, without one secret."""
    return {name: _answer(question_of(form, name), value) for name, value in answers.items()}


def _answer(question: Question | None, value: Any) -> Any:
    if value is None:
        return None
    if question is None:
        return HIDDEN
    if question.secret:
        return mask(value) if isinstance(value, str) else HIDDEN
    if question.row is not None:
        return [masked(question.row, row) for row in value]
    return question.kind.dump(value)


def _event(session: Session, event: Event) -> dict[str, Any]:
    verdict = json.loads(dump_event(event))["verdict"]
    said = {name: value for name, value in verdict.items() if name not in _OURS and value}
    return {
        "seq": event.seq,
        "kind": event.kind.value,
        "at": event.at.isoformat(),
        "by": _who(session, event.by),
        "acting_for": None if event.acting_for is None else _who(session, event.acting_for),
        "stage": event.stage,
        "status": [status.value for status in event.path],
        "version": event.version,
        "said": said,
    }


def _who(session: Session, person: int) -> dict[str, Any]:
    """An officer by name; applicants are in the answers, and 0 is the clock."""
    return {"id": person, "name": people.get(session, person).name if person > 0 else None}


def _letter(letter: Letter) -> dict[str, Any]:
    return {
        "number": letter.number,
        "code": letters.show_code(letter.code),
        "signed": letter.signed.isoformat(),
        "state": letter.state.value,
        "issued_at": letter.issued_at.isoformat(),
        "file": letter.file_digest,
    }
