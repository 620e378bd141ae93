"""Which tokens a case leaves in `finds`: those of its answers, and the key by which a duplicate is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from storage import duplicates, finds
from storage.outline import value_at, walk

if TYPE_CHECKING:
    from sqlmodel import Session

    from storage.conditions import Facts
    from storage.forms import Matter, Service
    from storage.people import Me


def index(
    session: Session,
    case: int,
    service: type[Service],
    form: type[Service] | type[Matter],
    answers: Mapping[str, Any],
    facts: Facts,
    me: Me,
) -> None:
    """Write a case's tokens anew, in the transaction of its answers; `form` is its matter, or the service itself."""
    keys = (
        (duplicates.DUPLICATE, -1, duplicates.DUPLICATE, key) for key in duplicates.keys_of(form, answers, me)
    )
    finds.index(session, case, (*_of_answers(service, answers, facts), *keys))


def _of_answers(
    service: type[Service], answers: Mapping[str, Any], facts: Facts
) -> Iterator[tuple[str, int, str, str]]:
    for spot in walk(service, answers, facts):
        value = value_at(answers, spot.path)
        if spot.is_group or value is None:
            continue
        row = next((step for step in spot.path if isinstance(step, int)), -1)
        field = ".".join(step for step in spot.path if isinstance(step, str))
        yield from finds.tokens_of(spot.question, value, field, row)
