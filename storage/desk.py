"""What officers read: the desk, a case with all that its card shows, and search. Every read takes who asks."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlmodel import col

from storage import cases, finds, people, rights
from storage.approval.case import Actor, Event
from storage.approval.rights import open_acts
from storage.cases import Case, OpenCase
from storage.people import Person

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlmodel import Session

    from storage.officers import Officer
    from storage.world import World

_NUMBER = re.compile(r"(20\d\d)\D{0,3}(\d{5,9})(?!\d)")
_SERIAL = re.compile(r"\d{1,9}")
"""The end of a number alone, as colleagues say it: 42."""

SEARCHED = 500
"""Cases with a name that are looked at for those that the officer may see, the newest first."""


def waiting(session: Session, world: World, officer: Officer) -> list[OpenCase]:
    """The cases that wait for this officer, soonest due first; not those in which they appear themselves."""
    found = (cases.read(session, world, case_id) for case_id in cases.waiting_for(session, officer.roles))
    actor = Actor(officer.person, officer.roles)
    return [
        case
        for case in found
        if officer.person not in case.state.appearing
        and officer.person != case.person
        and any(actor.may_act_as(act) for act in open_acts(case.state))
    ]


def case_for(session: Session, world: World, case_id: int, officer: Officer) -> OpenCase:
    """A case that the officer may see. Raises NoSuchCase."""
    return rights.see(cases.read(session, world, case_id), person=0, officer=officer)


def search(session: Session, world: World, text: str, officer: Officer, limit: int = 20) -> list[OpenCase]:
    """Cases by number, or by a name in them; only those that the officer may see."""
    found: list[int] = []
    if (number := _NUMBER.search(text)) is not None:
        wanted = select(col(Case.id)).where(
            col(Case.year) == int(number[1]), col(Case.serial) == int(number[2])
        )
        found += [one for one in session.scalars(wanted) if one is not None]
    elif _SERIAL.fullmatch(text.strip()) is not None:
        wanted = select(col(Case.id)).where(col(Case.serial) == int(text)).order_by(col(Case.year).desc())
        found += [one for one in session.scalars(wanted.limit(limit)) if one is not None]
    else:
        found += finds.cases_named(session, text, SEARCHED)
    opened = (cases.read(session, world, case_id) for case_id in found)
    return list(islice((case for case in opened if rights.may_see(case, person=0, officer=officer)), limit))


def names_of(session: Session, happened: Iterable[Event]) -> tuple[tuple[int, str], ...]:
    """The officers in a record, by person."""
    by = {event.by for event in happened}
    rows = session.scalars(select(Person).where(col(Person.id).in_(by), col(Person.name).is_not(None)))
    return tuple((row.id or 0, row.name or "") for row in rows)


def earlier_cases(session: Session, case: OpenCase) -> tuple[str, ...]:
    """Numbers of the applicant's other cases of the same service."""
    rows = session.scalars(
        select(col(Case.number))
        .where(col(Case.person) == case.person, col(Case.service) == case.service, col(Case.id) < case.id)
        .order_by(col(Case.id).desc())
        .limit(5)
    )
    return tuple(rows)


def is_verified(session: Session, case: OpenCase) -> bool:
    """Whether the office bound the applicant to the unit for which they act, where the service is for units."""
    service: Any = getattr(case.form, "of", case.form)
    asked = {audience.value for audience in service.audiences} & {
        "bureau",
        "host",
        "ngo",
        "cadre",
        "consulate",
    }
    return not asked or bool(asked & people.audiences_of(session, case.person))
