"""What the answers of a case say about its route: conditions, the district, and officers who appear in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from storage import officers
from storage.approval import Assessment, Division
from storage.conditions import Answers, Facts
from storage.forms import Matter, Service

if TYPE_CHECKING:
    from sqlmodel import Session


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
