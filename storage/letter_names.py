"""For whom a letter is: whose names, masked, a stranger learns who verifies it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from storage.assessing import scope_of
from storage.cases import OpenCase
from storage.forms import Matter, Service
from storage.questions import Question, question_of, row_questions

_NAMES = frozenset({"name_zh", "name_latin", "name_pinyin"})


def of(case: OpenCase) -> tuple[str, ...]:
    """Of what the letter shows: the people of its groups, else the first name that it says, else the applicant's."""
    form, scope = case.form, scope_of(case.form, case.answers)
    shown = dict.fromkeys(name.partition(".")[0] for name in (form.letter.shows if form.letter else ()))
    asked = [question for name in shown if (question := _question(form, name)) is not None]
    groups = [(scope[group.field] or (), _name_fields(row_questions(group))) for group in asked if group.row]
    names = [
        row[fields[0]] for rows, fields in groups if fields for row in rows if row[fields[0]] is not None
    ]
    plain = (scope[name] for name in _name_fields(asked) if scope[name] is not None)
    found = names or list(islice(plain, 1)) or [case.answers.get("applicant_name") or case.number]
    return tuple(str(name) for name in found)


def _name_fields(questions: Iterable[Question]) -> list[str]:
    return [one.field for one in questions if one.kind.name in _NAMES]


def _question(form: type[Service] | type[Matter], name: str) -> Question | None:
    return question_of(form, name) or (question_of(form.of, name) if issubclass(form, Matter) else None)
