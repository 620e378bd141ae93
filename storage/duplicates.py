"""Duplicates: what makes two open requests the same, and who is told."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlmodel import col

from storage import secrets
from storage.approval.status import OPEN
from storage.assessing import scope_of
from storage.cases import Case, OpenCase
from storage.conditions import Answers
from storage.finds import Find
from storage.forms import Matter, Service
from storage.services import form_of

if TYPE_CHECKING:
    from sqlmodel import Session

    from storage.people import Me

DUPLICATE = "duplicate"


class FiledBefore(Exception):
    """The same request by the same applicant is open already."""

    def __init__(self, number: str, case: int) -> None:
        super().__init__(number)
        self.number = number
        self.case = case


def refuse(
    session: Session,
    forms: tuple[type[Service] | type[Matter], ...],
    me: Me,
    answers: Mapping[str, Any],
) -> None:
    """The same request by the same applicant is not filed a second time unseen. Raises FiledBefore."""
    for form in forms:
        for row in _open_cases(session, form, keys_of(form, answers, me), answers):
            if row.person == me.id:
                raise FiledBefore(row.number, row.id or 0)


def elsewhere(session: Session, case: OpenCase) -> tuple[str, ...]:
    """Numbers of other people's open cases that look like this one; for officers' eyes alone."""
    if case.form.same_case is None or not case.form.same_case.everyone:
        return ()
    tokens = session.scalars(
        select(col(Find.token)).where(col(Find.case) == case.id, col(Find.what) == DUPLICATE)
    ).all()
    rows = _open_cases(session, case.form, list(tokens), case.answers)
    return tuple(row.number for row in rows if row.id != case.id and row.person != case.person)


def keys_of(form: type[Service] | type[Matter], answers: Mapping[str, Any], me: Me) -> list[str]:
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


def _open_cases(
    session: Session, form: type[Service] | type[Matter], tokens: list[str], answers: Mapping[str, Any]
) -> list[Case]:
    found = session.scalars(
        select(Case)
        .join(Find, col(Find.case) == col(Case.id))
        .where(
            col(Find.what) == DUPLICATE,
            col(Find.token).in_(tokens),
            col(Case.status).in_([status.value for status in OPEN]),
        )
        .distinct()
        .order_by(col(Case.id))
    )
    return [row for row in found if _overlaps(session, form, row, answers)]


def _overlaps(
    session: Session, form: type[Service] | type[Matter], row: Case, answers: Mapping[str, Any]
) -> bool:
    if form.same_case is None or form.same_case.overlap is None:
        return True
    mine = scope_of(form, answers)[form.same_case.overlap]
    kept = session.get(form_of(row.service, row.matter), row.id)
    theirs = getattr(kept, form.same_case.overlap, None)
    return mine is None or theirs is None or (mine.start <= theirs.end and theirs.start <= mine.end)
