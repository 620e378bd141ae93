"""Duplicates: what makes two open requests the same, and who is told."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from itertools import product
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
from storage.questions import Question, question_of, row_questions
from storage.services import form_of

if TYPE_CHECKING:
    from sqlmodel import Session

    from storage.people import Me

DUPLICATE = "duplicate"
Form = type[Service] | type[Matter]


class FiledBefore(Exception):
    """The same request by the same applicant is open already."""

    def __init__(self, number: str, case: int) -> None:
        super().__init__(number)
        self.number = number
        self.case = case


def refuse(
    session: Session,
    forms: tuple[Form, ...],
    me: Me,
    answers: Mapping[str, Any],
) -> None:
    """The same request by the same applicant is not filed a second time unseen. Raises FiledBefore."""
    for form in forms:
        tokens = [
            token for one in _keys(form, answers, me) for token in secrets.keys().lookups(DUPLICATE, one)
        ]
        for row in _open_cases(session, form, tokens, answers):
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


def keys_of(form: Form, answers: Mapping[str, Any], me: Me) -> list[str]:
    """The tokens by which a case is known as the same."""
    return [secrets.keys().blind_index(DUPLICATE, one) for one in _keys(form, answers, me)]


def _keys(form: Form, answers: Mapping[str, Any], me: Me) -> list[str]:
    """One key for each combination of the values, a group's row by row; none where a part is missing."""
    if form.same_case is None:
        return []
    scope = scope_of(form, answers)
    plain = [name for name in form.same_case.fields if "." not in name]
    groups = dict.fromkeys(name.partition(".")[0] for name in form.same_case.fields if "." in name)
    parts = [[form.form_id()]]
    parts += [
        [me.unit or f"person:{me.id}"] if name == "unit" else _value_of(form, scope, name) for name in plain
    ]
    parts += [_values_of_rows(form, scope, group) for group in groups]
    return ["|".join(one) for one in product(*parts)]


def _value_of(form: Form, scope: Answers, name: str) -> list[str]:
    value, question = scope[name], _question(form, name)
    return [_digest(question, value)] if value is not None and question is not None else []


def _values_of_rows(form: Form, scope: Answers, group: str) -> list[str]:
    """The key's values of each row of a group, together; a row that lacks one has no key."""
    question = _question(form, group)
    named = [name.partition(".")[2] for name in form.same_case.fields if name.startswith(f"{group}.")]  # type: ignore[union-attr]
    asked = {one.field: one for one in row_questions(question)} if question is not None else {}
    rows = (tuple(row[name] for name in named) for row in scope[group] or ())
    return list(
        dict.fromkeys(
            "+".join(_digest(asked[name], value) for name, value in zip(named, values, strict=True))
            for values in rows
            if None not in values
        )
    )


def _question(form: Form, name: str) -> Question | None:
    return question_of(form, name) or (question_of(form.of, name) if issubclass(form, Matter) else None)


def _digest(question: Question, value: Any) -> str:
    """Short, of the canonical value: upper and lower case are one."""
    canonical = json.dumps(question.kind.dump(value), ensure_ascii=False, sort_keys=True).casefold()
    return hashlib.sha256(canonical.encode()).hexdigest()[:24]


def _open_cases(session: Session, form: Form, tokens: list[str], answers: Mapping[str, Any]) -> list[Case]:
    same = select(col(Find.case)).where(col(Find.what) == DUPLICATE, col(Find.token).in_(tokens))
    found = session.scalars(
        select(Case)
        .where(col(Case.id).in_(same), col(Case.status).in_([status.value for status in OPEN]))
        .order_by(col(Case.id))
    )
    return [row for row in found if _overlaps(session, form, row, answers)]


def _overlaps(session: Session, form: Form, row: Case, answers: Mapping[str, Any]) -> bool:
    if form.same_case is None or form.same_case.overlap is None:
        return True
    mine = scope_of(form, answers)[form.same_case.overlap]
    kept = session.get(form_of(row.service, row.matter), row.id)
    theirs = getattr(kept, form.same_case.overlap, None)
    return mine is None or theirs is None or (mine.start <= theirs.end and theirs.start <= mine.end)
