"""A form's answers as JSON: its own, the implied ones around them, and those of its matters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from storage.forms import Service
from storage.implied import Implied
from storage.outline import Path
from storage.questions import Question, dump_answers, load_answers, question_of, questions_of


def dump_form(service: type[Service], answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers as JSON by field; a matter's under its id. What the form does not know stays as it was read."""
    matters = {matter.form_id(): matter for matter in service.matter_forms}
    plain = {name: value for name, value in answers.items() if name not in matters}
    nested = {
        name: dump_answers(matter, answers[name])
        for name, matter in matters.items()
        if answers.get(name) is not None
    }
    return {**dump_answers(Implied, dump_answers(service, plain)), **nested}


def load_form(service: type[Service], stored: Mapping[str, Any]) -> dict[str, Any]:
    """The answers from JSON, of this or an earlier version of the form: what no longer fits is left out."""
    matters = {matter.form_id(): matter for matter in service.matter_forms}
    answers = load_answers(service, load_answers(Implied, stored))
    for name, matter in matters.items():
        if isinstance(answers.get(name), Mapping):
            answers[name] = load_answers(matter, answers[name])
    return answers


def question_at(service: type[Service], path: Path) -> Question | None:
    """The question that a path leads to, whatever its conditions say now; a row's path leads to its group."""
    form: Any = service
    found: Question | None = None
    for step in path:
        if isinstance(step, int):
            form = found.row if found else None
        elif form is service and (
            matter := next((one for one in service.matter_forms if one.form_id() == step), None)
        ):
            form = matter
        else:
            found = form and (
                question_of(form, step) or (question_of(Implied, step) if form is service else None)
            )
    return found


def path_now(service: type[Service], path: Path) -> Path:
    """Where a path of an earlier version leads in this one: a field may have another name by now (`was=`)."""
    found: list[str | int] = []
    for step in path:
        form = _form_at(service, tuple(found))
        if isinstance(step, str) and form is not None and question_at(service, (*found, step)) is None:
            renamed = next((one.field for one in questions_of(form) if one.ask.was == step), step)
            found.append(renamed)
        else:
            found.append(step)
    return tuple(found)


def _form_at(service: type[Service], path: Path) -> Any:
    """The form whose fields stand below a path: the service, a matter, a row."""
    if not path:
        return service
    if isinstance(path[-1], int):
        group = question_at(service, path[:-1])
        return group.row if group is not None else None
    return next((one for one in service.matter_forms if one.form_id() == path[-1]), None)


def digests_within(stored: Any) -> Iterator[str]:
    """The digests of the files that stored answers name, at any depth."""
    if isinstance(stored, Mapping):
        if isinstance(stored.get("digest"), str):
            yield stored["digest"]
        for inner in stored.values():
            yield from digests_within(inner)
    elif isinstance(stored, list):
        for inner in stored:
            yield from digests_within(inner)
