"""Corrections: a returned case is opened for the fields that the office named, and comes back to the same stage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from storage import cases, drafts, flow, indexing, people, telling
from storage.answers import path_now
from storage.approval.case import Actor
from storage.approval.decide import decide
from storage.approval.status import Status
from storage.approval.verdicts import Remark, Resubmit
from storage.approval.wording import covers
from storage.assessing import assessment
from storage.cases import Case, NoSuchCase, OpenCase
from storage.drafts import DraftGone, OpenDraft
from storage.outline import name_of, path_of, value_at, walk

if TYPE_CHECKING:
    from sqlmodel import Session

    from storage.conditions import Facts
    from storage.forms import Service
    from storage.people import Me
    from storage.world import World


def begin(session: Session, world: World, me: Me, case: OpenCase) -> OpenDraft:
    """A draft with the case's answers, in which only the fields that the office named can be changed.

    Raises NoSuchCase where it is not theirs, DraftGone where it is not returned (any more).
    """
    if case.person != me.id:
        raise NoSuchCase
    if case.state.status is not Status.RETURNED:
        raise DraftGone
    opened = next(
        (one for one in drafts.of_person(session, world.services, me.id) if one.case == case.id), None
    )
    if opened is None:
        service = world.services[case.service]
        named = tuple(path_now(service, path_of(remark.field)) for remark in case.state.to_mend)
        facts = world.facts_of_case(me, case.service, world.calendar.day_of(case.filed_at))
        remarks = tuple(remark.text for remark in case.state.to_mend)
        draft = flow.correction(service, case.answers, named, facts, remarks)
        opened = drafts.create(session, service, me.id, draft, world.now, case=case.id)
    people.go_to_draft(session, me.id, opened.id)
    return opened


def send(session: Session, world: World, me: Me, opened: OpenDraft, facts: Facts) -> OpenCase:
    """Send the corrections: only what was named, and what hangs on it, may differ.

    Raises DraftGone where the case is no longer returned, or the draft changed since it was shown.
    """
    row = session.get_one(Case, opened.case, with_for_update=True)
    case = cases.opened(session, world, row)
    if case.person != me.id:
        raise NoSuchCase
    if case.state.status is not Status.RETURNED:
        raise DraftGone
    decision = decide(
        case.state,
        _resubmission(session, world, case, opened, facts),
        Actor(me.id),
        world.now,
        world.calendar,
    )
    if not drafts.mark_submitted(session, opened.id, opened.revision, world.now):
        raise DraftGone
    row.answers_version += 1
    cases.keep_answers(session, row, opened.draft.answers, world, world.now)
    cases.keep_state(session, row, decision.case, decision.events, world)
    service = world.services[row.service]
    indexing.index(session, case.id, service, case.form, opened.draft.answers, facts, me)
    people.go_to_draft(session, me.id, None)
    corrected = cases.opened(session, world, row)
    telling.tell(session, corrected, decision.events[-1], by=me.id, now=world.now)
    cases.record(session, row, "resubmit", by=me.id, at=world.now)
    return corrected


def _resubmission(
    session: Session, world: World, case: OpenCase, opened: OpenDraft, facts: Facts
) -> Resubmit:
    service = world.services[case.service]
    named = [remark.field for remark in case.state.to_mend]
    now = {name: name_of(path_now(service, path_of(name))) for name in named}
    before, after = _flat(service, case.answers, facts), _flat(service, opened.draft.answers, facts)
    differing = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    changed = {name: {one for one in differing if covers(now[name], one)} for name in named}
    return Resubmit(
        seen=case.state.version,
        changed=tuple(sorted({_as_named(one, name, now[name]) for name in named for one in changed[name]})),
        explained=tuple(Remark(name, "stands") for name in named if not changed[name]),
        depending=tuple(sorted(differing.difference(*changed.values()))),
        assessment=assessment(session, case.form, opened.draft.answers, facts),
    )


def _as_named(field: str, named: str, now: str) -> str:
    """A changed field as the office named it, where it has another name by now."""
    return field if named == now else named + field.removeprefix(now)


def _flat(service: type[Service], answers: Mapping[str, Any], facts: Facts) -> dict[str, Any]:
    return {
        name_of(spot.path): value_at(answers, spot.path)
        for spot in walk(service, answers, facts)
        if not spot.is_group
    }
