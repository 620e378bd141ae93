"""A form laid out for the answers it has: which questions stand, in which order, and where each one's answer lies.

PURE. A path names a place in the answers: ("purpose",), ("guests", 2, "name"), ("return_settlement", "home").
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from storage import implied
from storage.conditions import Answers, Facts
from storage.forms import Matter, Service
from storage.questions import Question, Row, Rule, questions_of, row_questions

Path = tuple[str | int, ...]

MATTERS = "matters"
"""The field by which a service that has matters asks which of them."""


@dataclass(frozen=True)
class Spot:
    """One question where it stands, with the answers that its conditions see."""

    path: Path
    question: Question
    scope: Answers
    rules: tuple[Rule, ...]
    """Rules of the row, matter or service in which it stands."""
    row: type[Row] | None = None
    """The row in which it stands, None outside groups."""

    @property
    def is_group(self) -> bool:
        return self.question.row is not None


def top(service: type[Service], answers: Mapping[str, Any], facts: Facts) -> Iterator[Spot]:
    """The questions of the form itself and of the matters chosen; a repeating group counts as one."""
    root = Answers(answers)
    yield from _standing((), _own(service), root, facts, service.rules)
    for matter in chosen_matters(service, answers):
        scope = root.row(answers.get(matter.form_id()) or {})
        yield from _standing((matter.form_id(),), questions_of(matter), scope, facts, matter.rules)
    yield from _standing((), implied.after(service), root, facts, service.rules)


@cache
def _own(service: type[Service]) -> tuple[Question, ...]:
    return (*implied.before(service), *questions_of(service))


def walk(service: type[Service], answers: Mapping[str, Any], facts: Facts) -> Iterator[Spot]:
    """Every question in the order it is asked; the questions of a group's rows, then the group itself."""
    for spot in top(service, answers, facts):
        yield from _with_rows(spot, answers, facts)


def row_spots(group: Spot, index: int, answers: Mapping[str, Any], facts: Facts) -> Iterator[Spot]:
    """The questions of one row; a row that is not there yet has them all open."""
    row = group.question.row
    if row is None:
        return
    rows = value_at(answers, group.path) or ()
    values = rows[index] if index < len(rows) else {}
    scope = group.scope.row(values)
    questions = row_questions(group.question)
    yield from _standing((*group.path, index), questions, scope, facts, row.rules, row)


def chosen_matters(service: type[Service], answers: Mapping[str, Any]) -> tuple[type[Matter], ...]:
    """The matters asked for, in the order in which the service names them."""
    codes = {choice.code for choice in answers.get(MATTERS) or ()}
    return tuple(matter for matter in service.matter_forms if matter.form_id() in codes)


def pruned(service: type[Service], answers: Mapping[str, Any], facts: Facts) -> Mapping[str, Any]:
    """The answers without those whose condition no longer holds; repeated, for one may hang on another."""
    return laid_out(service, answers, facts)[0]


def laid_out(
    service: type[Service], answers: Mapping[str, Any], facts: Facts
) -> tuple[Mapping[str, Any], tuple[Spot, ...]]:
    """The answers without those whose condition no longer holds, and the questions that stand with them."""
    while True:
        spots = tuple(walk(service, answers, facts))
        kept = _pruned_once(service, answers, spots)
        if kept == answers:
            return answers, spots
        answers = kept


def value_at(answers: Mapping[str, Any], path: Path) -> Any:
    """The answer at a path; None where nothing stands."""
    here: Any = answers
    for step in path:
        if isinstance(step, int):
            if not isinstance(here, tuple) or step >= len(here):
                return None
            here = here[step]
        elif isinstance(here, Mapping):
            here = here.get(step)
        else:
            return None
    return here


def path_of(name: str) -> Path:
    """`guests.0.name` -> ("guests", 0, "name")."""
    return tuple(int(step) if step.isdigit() else step for step in name.split("."))


def name_of(path: Path) -> str:
    """("guests", 0, "name") -> `guests.0.name`."""
    return ".".join(map(str, path))


def is_answered(answers: Mapping[str, Any], path: Path) -> bool:
    """Whether an answer or a skip is kept at a path (absent is unasked)."""
    home = value_at(answers, path[:-1])
    return isinstance(home, Mapping) and path[-1] in home


def with_value(answers: Mapping[str, Any], path: Path, value: Any) -> Mapping[str, Any]:
    """The answers with one more or another value; a row one past the last is begun."""
    placed: Mapping[str, Any] = _put(answers, path, value)
    return placed


def without(answers: Mapping[str, Any], path: Path) -> Mapping[str, Any]:
    """The answers without what stands at a path; a row removed lets the later ones move up."""
    home = value_at(answers, path[:-1])
    last = path[-1]
    if isinstance(home, Mapping) and last in home:
        rest: Any = {name: value for name, value in home.items() if name != last}
    elif isinstance(home, tuple) and isinstance(last, int) and last < len(home):
        rest = home[:last] + home[last + 1 :]
    else:
        return answers
    taken: Mapping[str, Any] = _put(answers, path[:-1], rest) if len(path) > 1 else rest
    return taken


def _put(here: Any, path: Path, value: Any) -> Any:
    if not path:
        return value
    step, rest = path[0], path[1:]
    if isinstance(step, int):
        rows = tuple(here or ())
        row = rows[step] if step < len(rows) else {}
        return (*rows[:step], _put(row, rest, value), *rows[step + 1 :])
    return {**(here or {}), step: _put((here or {}).get(step), rest, value)}


def _standing(
    prefix: Path,
    questions: tuple[Question, ...],
    scope: Answers,
    facts: Facts,
    rules: tuple[Rule, ...],
    row: type[Row] | None = None,
) -> Iterator[Spot]:
    for question in questions:
        if question.ask.when is None or question.ask.when(scope, facts):
            yield Spot((*prefix, question.field), question, scope, rules, row)


def _with_rows(spot: Spot, answers: Mapping[str, Any], facts: Facts) -> Iterator[Spot]:
    if spot.is_group:
        for index in range(_rows_to_ask(spot, answers)):
            for inner in row_spots(spot, index, answers, facts):
                yield from _with_rows(inner, answers, facts)
    yield spot


def _rows_to_ask(spot: Spot, answers: Mapping[str, Any]) -> int:
    """The rows there are, and the first one where at least one is wanted: nobody is asked whether to begin."""
    rows = value_at(answers, spot.path) or ()
    wanted = spot.question.kind.at_least
    least = (0 if spot.question.skippable else 1) if wanted is None else min(wanted, 1)
    return max(len(rows), least)


def _pruned_once(
    service: type[Service], answers: Mapping[str, Any], spots: tuple[Spot, ...]
) -> Mapping[str, Any]:
    standing = {spot.path for spot in spots}
    questions = (*implied.before(service), *questions_of(service), *implied.after(service))
    kept = _pruned_form((), questions, answers, standing)
    chosen = chosen_matters(service, answers)
    for matter in service.matter_forms:
        name = matter.form_id()
        if matter not in chosen:
            kept.pop(name, None)
        elif isinstance(kept.get(name), Mapping):
            kept[name] = _pruned_form((name,), questions_of(matter), kept[name], standing)
    return kept


def _pruned_form(
    prefix: Path, questions: tuple[Question, ...], answers: Mapping[str, Any], standing: set[Path]
) -> dict[str, Any]:
    """What is asked now, and what the form does not know: an earlier version's answers are not ours to drop."""
    asked = {question.field: question for question in questions}
    return {
        name: _pruned_rows((*prefix, name), asked.get(name), value, standing)
        for name, value in answers.items()
        if name not in asked or (*prefix, name) in standing
    }


def _pruned_rows(path: Path, group: Question | None, rows: Any, standing: set[Path]) -> Any:
    if group is None or group.row is None or not isinstance(rows, tuple):
        return rows
    questions = row_questions(group)
    return tuple(_pruned_form((*path, index), questions, row, standing) for index, row in enumerate(rows))
