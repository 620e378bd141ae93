"""PURE: a case is filed, and verdicts are taken on it, or refused by name."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from storage.approval.case import TERMS, Actor, CaseState, Decision, Event, Terms
from storage.approval.effects import applied
from storage.approval.refusals import StaleReview
from storage.approval.rights import act_of, stage_of, why_not
from storage.approval.route import Assessment, Route
from storage.approval.verdicts import Verdict
from storage.approval.wording import incomplete
from storage.calendar import Calendar


def file(
    route: Route,
    *,
    id: int,  # the field's name
    number: str,
    service: str,
    applicant: int,
    at: datetime,
    assessment: Assessment,
    matter: str | None = None,
    urgent: bool = False,
    registered_by: int | None = None,
) -> CaseState:
    """A draft becomes a case: its route is frozen as values. Raises DistrictUnknown.

    It is received at the first stage that applies; its officer ticks completeness by approving there.
    """
    stages = route.filed(assessment, urgent=urgent)
    first = next(place for place, stage in enumerate(stages) if stage.applies and stage.acts)
    return CaseState(
        id=id,
        number=number,
        service=service,
        applicant=applicant,
        filed_at=at,
        route=stages,
        owner=route.owner,
        matter=matter,
        urgent=urgent,
        registered_by=registered_by,
        appearing=tuple(sorted(set(assessment.appearing or ()))),
        place=first,
    )


def decide(
    case: CaseState,
    verdict: Verdict,
    by: Actor,
    at: datetime,
    calendar: Calendar,
    *,
    terms: Terms = TERMS,
) -> Decision:
    """Take one verdict on the case as it stands.

    Raises StaleReview if the case moved on since `verdict.seen`, else what `why_not` tells (NotNow, NotQualified,
    Recused, FourEyes, …), else what the verdict lacks (NeedsReason, NothingNamed, FieldLocked, …).
    """
    if verdict.seen != case.version:
        raise StaleReview(verdict.seen, case.version, case.given[-1].by if case.given else None)
    problem = why_not(case, verdict.kind, by, at, calendar, terms=terms) or incomplete(
        case, verdict, by, calendar.day_of(at), terms
    )
    if problem is not None:
        raise problem
    event = Event(
        seq=case.events + 1,
        by=by.person,
        acting_for=by.acting_for,
        at=at,
        stage=stage_of(case, verdict.kind, by),
        act=act_of(case, by),
        verdict=verdict,
    )
    after, path = applied(case, event)
    return Decision(after, (replace(event, version=after.version, path=path, place=after.place),))
