"""Filing: a draft becomes one or several cases. Each draft files once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlmodel import col

from storage import (
    cases,
    corrections,
    drafts,
    flow,
    implied,
    indexing,
    lifting,
    people,
    rulings,
    secrets,
    telling,
)
from storage.answers import dump_form
from storage.approval import DistrictUnknown, Division
from storage.approval.case import CaseState
from storage.approval.decide import file
from storage.assessing import assessment, scope_of
from storage.cases import Case, OpenCase
from storage.conditions import Facts
from storage.conversation import Draft, Fault
from storage.drafts import DraftGone, OpenDraft
from storage.duplicates import FiledBefore, refuse
from storage.forms import Matter, Service
from storage.lookups import with_look_ups
from storage.outline import MATTERS, chosen_matters
from storage.questions import questions_of

if TYPE_CHECKING:
    from sqlmodel import Session

    from storage.people import Me
    from storage.world import World

__all__ = ["DraftGone", "Filed", "FiledBefore", "NotFinished", "submit"]

Form = type[Service] | type[Matter]


class NotFinished(Exception):  # what happened, in the glossary's words
    """The draft can't be sent yet."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(len(faults))
        self.faults = faults


@dataclass(frozen=True)
class Filed:
    """What a draft became."""

    cases: tuple[OpenCase, ...]
    already: bool = False
    """The same draft was sent before: nothing new was done."""


def submit(
    session: Session, world: World, me: Me, draft_id: int, revision: int, *, again: bool = False
) -> Filed:
    """Send a draft to the office.

    Raises DraftGone when it changed since it was shown, NotFinished, and FiledBefore unless `again` says that the
    person means a second one. A draft that was sent before answers with its cases.
    """
    if (before := sent(session, world, draft_id, me.id)) is not None:
        return before
    opened = drafts.load(session.connection(), world.services, draft_id, me.id)
    if opened.revision != revision:
        raise DraftGone
    service = world.services[opened.draft.service]
    facts = world.facts_of_draft(me, opened)
    view = flow.screen(service, opened.draft, facts)
    facts = with_look_ups(session.connection(), facts, service, opened, view)
    if faults := rulings.faults(service, opened.draft, facts):
        raise NotFinished(faults)
    if opened.case is not None:
        return Filed((corrections.send(session, world, me, opened, facts),))
    forms: tuple[Form, ...] = chosen_matters(service, opened.draft.answers) or (service,)
    if not again:
        refuse(session, forms, me, opened.draft.answers)
    if not drafts.mark_submitted(session, draft_id, revision, world.now):
        return _sent_meanwhile(session, world, draft_id, me.id)
    filed: list[OpenCase] = []
    for form in forms:
        filed.append(_file(session, world, me, opened, form, facts, linked=filed[0].id if filed else None))
    _remember(session, world, me, opened.draft)
    people.go_to_draft(session, me.id, None)
    return Filed(tuple(filed))


def sent(session: Session, world: World, draft_id: int, person: int) -> Filed | None:
    """What the person's draft became; None while it was not sent."""
    rows = session.scalars(
        select(Case).where(col(Case.origin).startswith(f"{draft_id}:")).order_by(col(Case.id))
    )
    filed = tuple(cases.opened(session, world, row) for row in rows if row.person == person)
    if not filed and (corrected := drafts.corrected(session, draft_id, person)) is not None:
        filed = (cases.read(session, world, corrected),)
    return Filed(filed, already=True) if filed else None


def receipt(session: Session, world: World, case_id: int) -> Filed:
    """What the draft became that filed this case; after a correction, the case alone. Raises NoSuchCase."""
    case = cases.read(session, world, case_id)
    draft = session.get_one(Case, case_id).origin.partition(":")[0]
    filed = sent(session, world, int(draft), case.person) if case.answers_version == 1 else None
    return filed or Filed((case,), already=True)


def _file(
    session: Session,
    world: World,
    me: Me,
    opened: OpenDraft,
    form: Form,
    facts: Facts,
    *,
    linked: int | None,
) -> OpenCase:
    year = world.calendar.day_of(world.now).year
    serial, number = cases.next_number(session, year, world.office.case_prefix)
    matter = form.form_id() if issubclass(form, Matter) else None
    key = secrets.keys().new_case_key()
    row = Case(
        number=number,
        year=year,
        serial=serial,
        origin=_origin(opened.id, matter),
        service=opened.draft.service,
        matter=matter,
        form_version=opened.draft.version,
        person=me.id,
        unit=me.unit,
        language=me.language,
        linked=linked,
        status="received",
        filed_at=world.now,
        changed_at=world.now,
        state=b"",
        key=key.wrapped,
        salt=key.salt,
    )
    session.add(row)
    session.flush()
    answers = _answers_of(form, opened.draft.answers)
    state = _filed_state(session, row, form, answers, facts, me)
    cases.keep_answers(session, row, answers, world, world.now)
    cases.keep_filing(session, row, state)
    state, lifts = lifting.lifted(session, state, world)
    cases.keep_state(session, row, state, lifts, world)
    indexing.index(session, row.id or 0, world.services[row.service], form, answers, facts, me)
    filed = cases.opened(session, world, row)
    telling.tell(session, filed, None, by=me.id, now=world.now)
    cases.record(session, row, "filed", by=me.id, at=world.now)
    return filed


def _filed_state(
    session: Session,
    row: Case,
    form: Form,
    answers: Mapping[str, Any],
    facts: Facts,
    me: Me,
) -> CaseState:
    found = assessment(session, form, answers, facts)
    urgent = form.urgent_when is not None and form.urgent_when(scope_of(form, answers), facts)
    values: dict[str, Any] = {
        "urgent": urgent,
        "id": row.id or 0,
        "number": row.number,
        "service": row.service,
        "matter": row.matter,
        "applicant": me.id,
        "at": row.filed_at,
    }
    try:
        return file(form.route, assessment=found, **values)
    except DistrictUnknown:
        # No district is named: the general office of the city stands in, so that the case lies with somebody.
        return file(form.route, assessment=replace(found, district=Division.GEN), **values)


def _answers_of(form: Form, answers: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a case keeps of a form that files several: the shared answers and its own matter's, not the others'."""
    if not issubclass(form, Matter):
        return answers
    others = {one.form_id() for one in form.of.matter_forms if one is not form}
    own = tuple(choice for choice in answers[MATTERS] if choice.code == form.form_id())
    return {**{name: value for name, value in answers.items() if name not in others}, MATTERS: own}


def _origin(draft: int, matter: str | None) -> str:
    return f"{draft}:{matter or ''}"


def _sent_meanwhile(session: Session, world: World, draft_id: int, person: int) -> Filed:
    """The draft was closed by another tap, or changed since it was shown. Raises DraftGone."""
    if (before := sent(session, world, draft_id, person)) is None:
        raise DraftGone
    return before


def _remember(session: Session, world: World, me: Me, draft: Draft) -> None:
    """Keep in the profile what the person may take again next time; secrets are not kept there."""
    service = world.services[draft.service]
    stored = dump_form(service, draft.answers)
    asked = (*implied.before(service), *questions_of(service))
    told: dict[str, Any] = {}
    for question in asked:
        if question.ask.profile and not question.secret and stored.get(question.field) is not None:
            told.setdefault(question.ask.profile, stored[question.field])
    people.remember(session, me.id, told)
