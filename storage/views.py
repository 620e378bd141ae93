"""PURE: what a person is to see of a draft at a place: a question, a list of rows, one row, the summary."""

from __future__ import annotations

from typing import Any

from storage.conditions import Facts
from storage.conversation import Asked, Draft, Entry, Group, Line, Summary
from storage.forms import Service
from storage.kinds.kind import Unfit
from storage.outline import Path, Spot, is_answered, row_spots, top, value_at
from storage.rulings import context
from storage.standing import Spots, least_rows


def view_at(service: type[Service], spot: Spot, spots: Spots, draft: Draft, facts: Facts) -> Asked | Group:
    """A question, or the rows of a group."""
    if spot.is_group:
        return _group(service, spot, spots, draft, facts)
    return _asked(service, spot, spots, draft, facts)


def entry(group: Spot, path: Path, draft: Draft, facts: Facts) -> Entry:
    """One row of a group, line by line."""
    index = path[-1]
    spots = row_spots(group, index, draft.answers, facts) if isinstance(index, int) else ()
    return Entry(path, group.question, tuple(_line(spot, draft) for spot in spots))


def summary(service: type[Service], spots: Spots, draft: Draft, facts: Facts) -> Summary:
    """All answers; of a correction only the fields named, and those that they made necessary."""
    if not draft.named:
        return Summary(tuple(_line(spot, draft) for spot in top(service, draft.answers, facts)))
    shown = (spot for spot in spots if spot.path in draft.named or spot.path in draft.touched)
    return Summary(tuple(_line(spot, draft) for spot in shown))


def _asked(service: type[Service], spot: Spot, spots: Spots, draft: Draft, facts: Facts) -> Asked:
    number, total = _progress(service, spot, draft, facts)
    present = value_at(draft.answers, spot.path)
    return Asked(
        path=spot.path,
        question=spot.question,
        number=number,
        total=total,
        rows=_rows_around(spot, spots),
        present=present,
        options=spot.question.kind.options(context(spot, facts)),
        suggestion=_suggestion(spot, present, facts),
        offered=draft.offered if draft.place == spot.path else (),
        gathered=draft.gathered if draft.place == spot.path else gathered_of(present),
        may_skip=spot.question.skippable,
        may_go_back=spot.path != spots[0].path,
        may_stand=spot.path in draft.named,
        remark=_remark_on(spot, draft),
        within=_within(spot, spots, draft, facts),
    )


def _remark_on(spot: Spot, draft: Draft) -> str:
    """What the office wrote on what the person now mends."""
    return next(
        (told for path, told in zip(draft.named, draft.remarks, strict=False) if path == spot.path), ""
    )


def gathered_of(present: Any) -> tuple[Any, ...]:
    """With what a question of several choices or files begins when it is asked again: with what it has."""
    return present if isinstance(present, tuple) else ()


def _suggestion(spot: Spot, present: Any, facts: Facts) -> Any:
    """The person's own earlier answer, if it is still a right one; never taken silently."""
    name = spot.question.ask.profile
    if name is None or present is not None:
        return None
    value = spot.scope[name] if name != spot.question.field else None
    if value is None and name in facts.profile:
        value = _earlier(spot, facts.profile[name])
    try:
        unfit = value is None or spot.question.kind.check(value, context(spot, facts)) is not None
    except (AttributeError, TypeError):  # the other field's answer is of another kind
        return None
    return None if unfit else value


def _earlier(spot: Spot, stored: Any) -> Any:
    """An answer of the profile, if it still fits the question's kind."""
    try:
        return spot.question.kind.load(stored)
    except Unfit:
        return None


def _rows_around(spot: Spot, spots: Spots) -> tuple[Any, ...]:
    """The groups and row numbers inside which a spot stands, outermost first."""
    found = []
    for depth, step in enumerate(spot.path):
        if isinstance(step, int):
            group = next((one for one in spots if one.path == spot.path[:depth]), None)
            if group is not None:
                found.append((group.question, step))
    return tuple(found)


def _within(spot: Spot, spots: Spots, draft: Draft, facts: Facts) -> tuple[int, int] | None:
    """(4, 14): the fourth of fourteen questions of its row; None outside groups."""
    if len(spot.path) < 2 or not isinstance(spot.path[-2], int):
        return None
    group = next(one for one in spots if one.path == spot.path[:-2])
    paths = [one.path for one in row_spots(group, spot.path[-2], draft.answers, facts)]
    return paths.index(spot.path) + 1, len(paths)


def _group(service: type[Service], spot: Spot, spots: Spots, draft: Draft, facts: Facts) -> Group:
    number, total = _progress(service, spot, draft, facts)
    rows = tuple(value_at(draft.answers, spot.path) or ())
    most = spot.question.kind.at_most
    return Group(
        path=spot.path,
        question=spot.question,
        number=number,
        total=total,
        rows=rows,
        remark=_remark_on(spot, draft),
        may_add=most is None or len(rows) < most,
        may_close=len(rows) >= least_rows(spot),
        around=_rows_around(spot, spots),
    )


def _line(spot: Spot, draft: Draft) -> Line:
    return Line(
        spot.path, spot.question, value_at(draft.answers, spot.path), is_answered(draft.answers, spot.path)
    )


def _progress(service: type[Service], spot: Spot, draft: Draft, facts: Facts) -> tuple[int, int]:
    """(3, 12): the third of twelve questions; inside a group, the group's number."""
    paths = [one.path for one in top(service, draft.answers, facts)]
    mine = next((number for number, path in enumerate(paths, 1) if spot.path[: len(path)] == path), 1)
    return mine, len(paths)
