"""The answers of a case on an officer's card: first what it is about, then the rest under its headings. PURE."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from handlers.answers import fit, row_name, shorten, show_answer, stated
from handlers.screens import bold
from locales import Message, translate
from storage.kinds.kind import Control
from storage.outline import Spot, row_spots, top, value_at
from storage.people import Me
from storage.questions import RowsKind

if TYPE_CHECKING:
    from storage.cases import OpenCase
    from storage.conditions import Facts
    from storage.world import World

ROOM = 2700
"""Characters for the answers; the rest of Telegram's 4,096 is for heading, checks and history."""
LABEL = 40
HEADING = 160
"""What names a row stands nowhere else on the card, so it is hardly cut."""


@dataclass(frozen=True)
class _Told:
    """A heading, or what an answer is and what it says; `gap`: after a blank line."""

    label: str
    answer: str | None = None
    gap: bool = False


def answer_lines(
    case: OpenCase, language: str, world: World, *, reveal: bool
) -> tuple[list[Markup], list[Markup]]:
    """What the case is about (what its letter will say), and all its other answers under their headings."""
    facts = facts_of(case, world)
    letter = case.form.letter
    main = {name.split(".")[0] for name in letter.shows} if letter else set()
    about: list[_Told] = []
    rest: list[_Told] = []
    heading: Message | None = None
    after_rows = False
    for spot in _standing(case, facts, world):
        heading = spot.question.ask.section or heading
        short = spot.path[-1] in main and not spot.question.secret
        if short:
            about += _line(spot, case.answers, language, reveal)
        found = list(
            _details(spot, case.answers, facts, language, reveal) if spot.is_group or not short else ()
        )
        if not found:
            continue
        if heading is not None:
            rest.append(_Told(translate(heading, language)))
            heading = None
        elif after_rows and not spot.is_group:
            found[0] = replace(found[0], gap=True)
        after_rows = spot.is_group
        rest += found
    return _fitted((about, rest), language)


def facts_of(case: OpenCase, world: World) -> Facts:
    """The rules look at a filed case as on the day it was filed: it is not late by lying here."""
    me = Me(case.person, 0, case.language, agreed=True, unit=case.unit)
    return world.facts_of_case(me, case.service, world.calendar.day_of(case.filed_at))


def _standing(case: OpenCase, facts: Facts, world: World) -> Iterator[Spot]:
    """Own questions, not the ticks; of a case of one matter, not those of the others."""
    service = world.services[case.service]
    others = {matter.form_id() for matter in service.matter_forms} - {case.matter}
    for spot in top(service, case.answers, facts):
        if spot.question.kind.control is not Control.TICK and spot.path[0] not in others:
            yield spot


def _details(
    spot: Spot, answers: Mapping[str, Any], facts: Facts, language: str, reveal: bool
) -> Iterator[_Told]:
    """An answer on its line; a group row by row, each under its name."""
    kind = spot.question.kind
    if not isinstance(kind, RowsKind):
        yield from _line(spot, answers, language, reveal)
        return
    called = translate(kind.row.called or spot.question.label, language)
    for index, row in enumerate(value_at(answers, spot.path) or ()):
        yield _Told(f"{called} {index + 1} · {row_name(kind, row, index + 1, language)}")
        for inner in row_spots(spot, index, answers, facts):
            if inner.path[-1] not in kind.row.names or inner.question.secret:  # the others name the row
                yield from _details(inner, answers, facts, language, reveal)


def _line(spot: Spot, answers: Mapping[str, Any], language: str, reveal: bool) -> Iterator[_Told]:
    value = value_at(answers, spot.path)
    if value is None or value == () or spot.question.kind.control is Control.TICK:
        return
    label = shorten(translate(spot.question.label, language), LABEL)
    yield _Told(label, show_answer(spot.question, value, language, reveal=reveal))


def _fitted(parts: tuple[list[_Told], list[_Told]], language: str) -> tuple[list[Markup], list[Markup]]:
    """Both parts within `ROOM`: only the longest answers are cut."""
    told = [*parts[0], *parts[1]]
    room = ROOM - sum(len(one.label) + 4 for one in told)
    answers = iter(fit([one.answer for one in told if one.answer is not None], max(0, room)))
    worded = [
        Markup("{}{}").format(
            "\n" if one.gap or one.answer is None else "",
            bold(shorten(one.label, HEADING))
            if one.answer is None
            else stated(one.label, next(answers), language),
        )
        for one in told
    ]
    return worded[: len(parts[0])], worded[len(parts[0]) :]
