"""Names within a form: whatever a rule, a condition, a route or a letter names must be a question. Told at import."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from storage.conditions import Condition
from storage.questions import (
    Question,
    Rule,
    ServiceFault,
    plain_name,
    question_of,
    questions_of,
    row_questions,
)

Named = tuple[str, str]
"""Who names it, in words, and the name."""


def refuse_unknown_names(form: type[Any], around: frozenset[str]) -> None:
    """Raises ServiceFault where a form names what neither it nor the form around it asks.

    `around` are the fields beside the form's own: the implied ones, of a matter its service's too.
    """
    questions = questions_of(form)
    known = around | {question.field for question in questions}
    for who, name in (*_of_form(form), *_of_questions(questions)):
        first, _, rest = name.partition(".")
        group = question_of(form, plain_name(first))
        asked = plain_name(first) in known
        if rest and group is not None:
            asked = any(one.field == rest.removesuffix("_") for one in row_questions(group))
        if not asked:
            raise ServiceFault(f"{form.__name__}: {who} names {name!r}, and no question is called so")
    for question in questions:
        _refuse_in_rows(form.__name__, question, known)


def _refuse_in_rows(form: str, group: Question, around: frozenset[str]) -> None:
    """In a row, names are sought in the row, then in what is around it; a rule of a row looks at the row."""
    if group.row is None:
        return
    questions = row_questions(group)
    own = frozenset(question.field for question in questions)
    where = f"{form}.{group.field} ({group.row.__name__})"
    for who, name in (*_of_rules(group.row.rules), *_of_questions(questions)):
        if plain_name(name) not in own | around:
            raise ServiceFault(f"{where}: {who} names {name!r}, and no question is called so")
    for name in (*group.row.key, *group.row.names):
        if name not in own:
            raise ServiceFault(f"{where}: its key or its names say {name!r}, and no question is called so")
    for rule in group.row.rules:
        if not own & {plain_name(name) for name in rule.fields}:
            raise ServiceFault(f"{where}: a rule over {rule.fields} looks at no question of the row")
    for question in questions:
        _refuse_in_rows(where, question, own | around)


def _of_form(form: type[Any]) -> Iterator[Named]:
    yield from _of_rules(form.rules)
    route = getattr(form, "route", None)
    if route is not None:
        yield from _of_conditions("the route", route.conditions.values())
        yield from (("a stage's may_edit", name) for stage in route.stages for name in stage.may_edit)
    if form.urgent_when is not None:
        yield from _of_conditions("urgent_when", (form.urgent_when,))
    if form.letter is not None:
        yield from (("the letter", name) for name in form.letter.shows)
    if form.same_case is not None:
        yield from (("same_case", name) for name in form.same_case.fields if name != "unit")
        yield from (("same_case", name) for name in (form.same_case.overlap,) if name)
    if form.district_field is not None:
        yield "district_field", form.district_field


def _of_questions(questions: Iterable[Question]) -> Iterator[Named]:
    for question in questions:
        if question.ask.when is not None:
            yield from _of_conditions(f"the condition of {question.field!r}", (question.ask.when,))


def _of_rules(rules: Iterable[Rule]) -> Iterator[Named]:
    for rule in rules:
        for name in (*rule.fields, *((rule.again,) if rule.again else ())):
            yield "a rule", name


def _of_conditions(who: str, conditions: Iterable[Condition]) -> Iterator[Named]:
    yield from ((who, name) for one in conditions for name in one.fields)
