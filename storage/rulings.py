"""PURE: the rules of a form over its answers: which are broken, what each says, and where it is mended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from locales import N_
from storage.conditions import Answers, Facts, Fails
from storage.conversation import Draft, Fault
from storage.forms import Service
from storage.kinds.kind import Context, Problem
from storage.outline import Path, Spot, value_at, walk
from storage.questions import Rule, plain_name
from storage.standing import Spots, in_row, is_open_to_change, is_settled, is_tested


@dataclass(frozen=True)
class Broken:
    """A rule that says no, and the place whose answer it wants to be another."""

    rule: Rule
    problem: Problem
    path: Path


def faults(service: type[Service], draft: Draft, facts: Facts) -> tuple[Fault, ...]:
    """What keeps the draft from being sent: open questions, answers no longer right, rules broken.

    Of a returned case only what was named is tested anew.
    """
    spots = tuple(walk(service, draft.answers, facts))
    found: dict[Path, list[Fault]] = {spot.path: [] for spot in spots}
    for spot in spots:
        if (problem := _own_problem(spot, draft, facts)) is not None:
            found[spot.path].append(Fault(spot.path, problem))
    for one in broken(spots, draft, facts):
        if not one.rule.warn and not found.get(one.path):
            found.setdefault(one.path, []).append(Fault(one.path, one.problem))
    return tuple(fault for several in found.values() for fault in several)


def warnings(service: type[Service], draft: Draft, facts: Facts) -> tuple[Problem, ...]:
    """What applicant and officers should look at, though it forbids nothing."""
    spots = tuple(walk(service, draft.answers, facts))
    return tuple(one.problem for one in broken(spots, draft, facts) if one.rule.warn)


def broken(spots: Spots, draft: Draft, facts: Facts, touching: Path | None = None) -> Iterator[Broken]:
    """The rules that say no, in the order of the form; `touching`: only those that look at that answer."""
    homes = _homes(spots)
    for prefix, home in homes.items():
        for rule in home.rules:
            paths = [_path_of(name, prefix, homes) for name in rule.fields]
            if touching is not None and touching not in paths:
                continue
            if not any(is_tested(draft, path) for path in paths):
                continue
            if (problem := _failing(rule, home.scope, paths, draft, facts)) is not None:
                again = _path_of(rule.again, prefix, homes) if rule.again else None
                mended = again or touching or paths[-1]
                yield Broken(rule, problem, mended if is_open_to_change(draft, mended) else paths[-1])


def repeats(spot: Spot, answers: Mapping[str, Any]) -> Problem | None:
    """Whether another row of the group has the same key."""
    key = spot.row.key if spot.row is not None else ()
    if not in_row(spot.path) or spot.question.field not in key:
        return None
    index = spot.path[-2]
    keys = [tuple(row.get(name) for name in key) for row in value_at(answers, spot.path[:-2]) or ()]
    mine = keys[index] if isinstance(index, int) and index < len(keys) else ()
    if not mine or None in mine or keys.count(mine) < 2:
        return None
    return Problem(N_("This one is already in the list. Please give another, or remove the first."))


def context(spot: Spot, facts: Facts) -> Context:
    """What a kind may know when it reads an answer at this spot."""
    return Context(language=facts.language, today=facts.today, answers=spot.scope)


@dataclass(frozen=True)
class _Home:
    """A form, a matter or a row with its rules."""

    scope: Answers
    rules: tuple[Rule, ...]
    fields: frozenset[str]


def _homes(spots: Spots) -> dict[Path, _Home]:
    first: dict[Path, Spot] = {}
    fields: dict[Path, set[str]] = {}
    for spot in spots:
        first.setdefault(spot.path[:-1], spot)
        fields.setdefault(spot.path[:-1], set()).add(spot.question.field)
    return {
        prefix: _Home(spot.scope, spot.rules, frozenset(fields[prefix])) for prefix, spot in first.items()
    }


def _path_of(name: str, prefix: Path, homes: Mapping[Path, _Home]) -> Path:
    """Where a rule's field stands: sought in its own row, then in the form around it."""
    field = plain_name(name)
    while prefix and field not in homes[prefix].fields:
        prefix = prefix[:-2] if isinstance(prefix[-1], int) else prefix[:-1]
        while prefix not in homes:  # a row whose questions all hang on something else
            prefix = prefix[:-2] if isinstance(prefix[-1], int) else prefix[:-1]
    return (*prefix, field)


def _failing(rule: Rule, scope: Answers, paths: list[Path], draft: Draft, facts: Facts) -> Problem | None:
    """The rule's problem, where all its fields are answered and its test says no."""
    if any(not _is_given(path, draft) for path in paths):
        return None
    verdict = rule.test(scope, facts)
    if verdict:
        return None
    return Problem(rule.sentence, dict(verdict.values) if isinstance(verdict, Fails) else {})


def _is_given(path: Path, draft: Draft) -> bool:
    """Whether there is an answer; a group is one once its rows are all."""
    value = value_at(draft.answers, path)
    rows = isinstance(value, tuple) and (not value or isinstance(value[0], Mapping))
    return path in draft.closed if rows else value is not None


def _own_problem(spot: Spot, draft: Draft, facts: Facts) -> Problem | None:
    if not is_settled(spot, draft, facts):
        return Problem(N_("This question is still open."))
    value = value_at(draft.answers, spot.path)
    if value is None or not is_tested(draft, spot.path):
        return None
    return spot.question.kind.check(value, context(spot, facts)) or repeats(spot, draft.answers)
