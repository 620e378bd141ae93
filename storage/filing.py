"""Filing: a draft becomes one or several cases, and a returned case comes back corrected. Each draft files once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlmodel import col

from storage import audit, cases, drafts, finds, flow, implied, lifting, officers, people, secrets, telling
from storage.answers import dump_form
from storage.approval import Assessment, DistrictUnknown, Division
from storage.approval.case import Actor, CaseState
from storage.approval.decide import decide, file
from storage.approval.status import OPEN
from storage.approval.verdicts import Remark, Resubmit
from storage.cases import Case, NoSuchCase, OpenCase
from storage.conditions import Answers, Facts
from storage.conversation import Draft, Fault
from storage.drafts import DraftGone, OpenDraft
from storage.finds import Find
from storage.forms import Matter, Service
from storage.outline import chosen_matters, value_at, walk
from storage.questions import questions_of
from storage.services import form_of

if TYPE_CHECKING:
    from sqlmodel import Session

    from storage.people import Me
    from storage.world import World

DUPLICATE = "duplicate"


class NotFinished(Exception):  # what happened, in the glossary's words
    """The draft can't be sent yet."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(len(faults))
        self.faults = faults


class FiledBefore(Exception):
    """The same request by the same applicant is open already."""

    def __init__(self, number: str, case: int) -> None:
        super().__init__(number)
        self.number = number
        self.case = case


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
    if sent := _sent_before(session, world, draft_id, me.id):
        return Filed(sent, already=True)
    opened = drafts.load(session.connection(), world.services, draft_id, me.id)
    if opened.revision != revision:
        raise DraftGone
    service = world.services[opened.draft.service]
    facts = world.facts(me, service.form_id())
    if faults := flow.faults(service, opened.draft, facts):
        raise NotFinished(faults)
    if opened.case is not None:
        return Filed((_correct(session, world, me, opened, facts),))
    forms: tuple[type[Service] | type[Matter], ...] = chosen_matters(service, opened.draft.answers) or (
        service,
    )
    if not again:
        _refuse_duplicates(session, service, forms, me, opened.draft.answers)
    if not drafts.mark_submitted(session, draft_id, revision, world.now):
        raise DraftGone
    filed: list[OpenCase] = []
    for form in forms:
        filed.append(_file(session, world, me, opened, form, facts, linked=filed[0].id if filed else None))
    _remember(session, world, me, opened.draft)
    people.go_to_draft(session, me.id, None)
    return Filed(tuple(filed))


def _file(
    session: Session,
    world: World,
    me: Me,
    opened: OpenDraft,
    form: type[Service] | type[Matter],
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
    state = _filed_state(session, row, form, opened.draft.answers, facts, me)
    cases.keep_answers(session, row, opened.draft.answers, world, world.now)
    state, lifts = lifting.lifted(session, state, world)
    cases.keep_state(session, row, state, lifts, world)
    finds.index(session, row.id or 0, _tokens(world, opened.draft, facts, form, me))
    filed = cases.opened(session, world, row)
    telling.tell(session, filed, None, by=me.id, now=world.now)
    audit.record(
        session,
        "filed",
        at=world.now,
        by=me.id,
        case=row.id,
        version=state.version,
        digest=cases.key_of(row).digest(row.state),
    )
    return filed


def _filed_state(
    session: Session,
    row: Case,
    form: type[Service] | type[Matter],
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


def assessment(
    session: Session, form: type[Service] | type[Matter], answers: Mapping[str, Any], facts: Facts
) -> Assessment:
    """What the answers say about the route: conditions, the district, and officers who appear in the case."""
    scope = scope_of(form, answers)
    district = scope[form.district_field] if form.district_field else None
    return Assessment(
        outcomes=form.route.outcomes(scope, facts),
        appearing=_appearing(session, answers),
        district=Division.of_district(district) if district else None,
    )


def scope_of(form: type[Service] | type[Matter], answers: Mapping[str, Any]) -> Answers:
    """The answers as conditions of a form's route see them: a matter's own first, then the service's."""
    root = Answers(answers)
    return root.row(answers.get(form.form_id()) or {}) if issubclass(form, Matter) else root


def _correct(session: Session, world: World, me: Me, opened: OpenDraft, facts: Facts) -> OpenCase:
    """The corrections of a returned case: only what was named, and what hangs on it, may differ."""
    row = session.get_one(Case, opened.case, with_for_update=True)
    case = cases.opened(session, world, row)
    if case.person != me.id:
        raise NoSuchCase
    service = world.services[row.service]
    before, after = _flat(service, case.answers, facts), _flat(service, opened.draft.answers, facts)
    named = {remark.field for remark in case.state.to_mend}
    differing = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    changed = {name for name in differing if any(_covers(one, name) for one in named)}
    stands = tuple(
        Remark(".".join(map(str, path)), "stands")
        for path in opened.draft.named
        if not _any_under(path, changed)
    )
    verdict = Resubmit(
        seen=case.state.version,
        changed=tuple(sorted(changed)),
        explained=stands,
        depending=tuple(sorted(differing - changed)),
        assessment=assessment(session, case.form, opened.draft.answers, facts),
    )
    decision = decide(case.state, verdict, Actor(me.id), world.now, world.calendar)
    if not drafts.mark_submitted(session, opened.id, opened.revision, world.now):
        raise DraftGone
    row.answers_version += 1
    cases.keep_answers(session, row, opened.draft.answers, world, world.now)
    cases.keep_state(session, row, decision.case, decision.events, world)
    finds.index(session, row.id or 0, _tokens(world, opened.draft, facts, case.form, me))
    corrected = cases.opened(session, world, row)
    people.go_to_draft(session, me.id, None)
    telling.tell(session, corrected, decision.events[-1], by=me.id, now=world.now)
    audit.record(
        session,
        "resubmit",
        at=world.now,
        by=me.id,
        case=row.id,
        version=decision.case.version,
        digest=cases.key_of(row).digest(row.state),
    )
    return corrected


def begin_correction(session: Session, world: World, me: Me, case: OpenCase) -> OpenDraft:
    """A draft with the case's answers, in which only the fields that the office named can be changed."""
    for opened in drafts.of_person(session, world.services, me.id):
        if opened.case == case.id:
            people.go_to_draft(session, me.id, opened.id)
            return opened
    service = world.services[case.service]
    named = tuple(path_of(remark.field) for remark in case.state.to_mend)
    facts = world.facts(me, case.service)
    closed = frozenset(spot.path for spot in walk(service, case.answers, facts) if spot.is_group)
    draft = Draft(service.form_id(), service.version, case.answers, closed=closed, named=named)
    opened = drafts.create(session, service, me.id, draft, world.now, case=case.id)
    people.go_to_draft(session, me.id, opened.id)
    return opened


def path_of(field: str) -> tuple[str | int, ...]:
    """`guests.0.name` -> ("guests", 0, "name")."""
    return tuple(int(step) if step.isdigit() else step for step in field.split("."))


def _covers(named: str, field: str) -> bool:
    return field == named or field.startswith(f"{named}.")


def _any_under(path: tuple[str | int, ...], changed: set[str]) -> bool:
    name = ".".join(map(str, path))
    return any(_covers(name, one) for one in changed)


def _flat(service: type[Service], answers: Mapping[str, Any], facts: Facts) -> dict[str, Any]:
    return {
        ".".join(map(str, spot.path)): value_at(answers, spot.path)
        for spot in walk(service, answers, facts)
        if not spot.is_group
    }


def _origin(draft: int, matter: str | None) -> str:
    return f"{draft}:{matter or ''}"


def _sent_before(session: Session, world: World, draft_id: int, person: int) -> tuple[OpenCase, ...]:
    rows = session.scalars(
        select(Case).where(col(Case.origin).startswith(f"{draft_id}:")).order_by(col(Case.id))
    )
    return tuple(cases.opened(session, world, row) for row in rows if row.person == person)


def _appearing(session: Session, answers: Mapping[str, Any]) -> tuple[int, ...]:
    """Officers whose name stands in the case: traveller, host contact, guest's link; they don't act on it."""
    names = {name.casefold() for name in _names_within(answers)}
    return tuple(
        person.id or 0
        for person, _ in officers.everyone(session)
        if person.name and person.name.casefold() in names
    )


def _names_within(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if isinstance(inner, str) and "name" in str(name):
                yield inner
            yield from _names_within(inner)
    elif isinstance(value, tuple):
        for inner in value:
            yield from _names_within(inner)


def _tokens(
    world: World, draft: Draft, facts: Facts, form: type[Service] | type[Matter], me: Me
) -> Iterator[tuple[str, int, str, str]]:
    service = world.services[draft.service]
    for spot in walk(service, draft.answers, facts):
        value = value_at(draft.answers, spot.path)
        if spot.is_group or value is None:
            continue
        row = next((step for step in spot.path if isinstance(step, int)), -1)
        field = ".".join(step for step in spot.path if isinstance(step, str))
        yield from finds.tokens_of(spot.question, value, field, row)
    for token in _duplicate_keys(form, draft.answers, me):
        yield DUPLICATE, -1, DUPLICATE, token


def _duplicate_keys(form: type[Service] | type[Matter], answers: Mapping[str, Any], me: Me) -> list[str]:
    """One token for each combination of the key's values; empty where a part is missing."""
    if form.same_case is None:
        return []
    scope = scope_of(form, answers)
    parts: list[list[str]] = [[form.form_id()]]
    for name in form.same_case.fields:
        values = [me.unit or f"person:{me.id}"] if name == "unit" else list(_values_named(scope, name))
        if not values:
            return []
        parts.append(values)
    combined = [""]
    for values in parts:
        combined = [f"{head}|{value}" for head in combined for value in values]
    return [secrets.keys().blind_index(DUPLICATE, one) for one in combined]


def _values_named(scope: Answers, name: str) -> Iterator[str]:
    first, _, rest = name.partition(".")
    value = scope[first]
    rows = value if rest and isinstance(value, tuple) else (None,)
    for row in rows:
        one = row[rest] if row is not None else value
        if one is not None:
            yield hashlib.sha256(str(one).casefold().encode()).hexdigest()[:24]


def _refuse_duplicates(
    session: Session,
    service: type[Service],
    forms: tuple[type[Service] | type[Matter], ...],
    me: Me,
    answers: Mapping[str, Any],
) -> None:
    for form in forms:
        tokens = _duplicate_keys(form, answers, me)
        found = session.scalars(
            select(Case)
            .join(Find, col(Find.case) == col(Case.id))
            .where(
                col(Find.what) == DUPLICATE,
                col(Find.token).in_(tokens),
                col(Case.person) == me.id,
                col(Case.status).in_([status.value for status in OPEN]),
            )
        )
        for row in found:
            if _overlaps(session, form, row, answers):
                raise FiledBefore(row.number, row.id or 0)


def _overlaps(
    session: Session, form: type[Service] | type[Matter], row: Case, answers: Mapping[str, Any]
) -> bool:
    if form.same_case is None or form.same_case.overlap is None:
        return True
    mine = scope_of(form, answers)[form.same_case.overlap]
    kept = session.get(form_of(row.service, row.matter), row.id)
    theirs = getattr(kept, form.same_case.overlap, None)
    return mine is None or theirs is None or (mine.start <= theirs.end and theirs.start <= mine.end)


def _remember(session: Session, world: World, me: Me, draft: Draft) -> None:
    """Keep in the profile what the person may take again next time; secrets are not kept there."""
    service = world.services[draft.service]
    stored = dump_form(service, draft.answers)
    asked = (*implied.before(service), *questions_of(service))
    people.remember(
        session,
        me.id,
        {
            question.ask.profile: stored[question.field]
            for question in asked
            if question.ask.profile and not question.secret and stored.get(question.field) is not None
        },
    )
