"""A monkey at each form: whatever it does, nothing breaks, and from wherever it left a person can finish.

A small share runs always; the full size: `pytest -m full tests/laws/test_monkey.py`. A failure names its seed:
`MONKEY_SEED=17 pytest tests/laws/test_monkey.py` plays it again.
"""

from __future__ import annotations

import os
from random import Random

import pytest

from storage import flow
from storage.conversation import (
    Act,
    AddRow,
    Asked,
    Back,
    Done,
    Draft,
    Gave,
    Marked,
    Open,
    RemoveRow,
    Same,
    Sent,
    Skip,
    Stands,
    Took,
    Typed,
    Wrong,
)
from storage.forms import Service
from storage.outline import walk
from storage.services import services
from tests import plausible
from tests.answering import Answerer, DeadEnd, right_answers
from tests.storage.playing import again

SERVICES = tuple(services().values())
HOSTILE = (
    "",
    "   ",
    "\u202e\u200f",
    "<b>&",
    "🙂" * 9,
    "9" * 4096,
    "绝密",
    "/start",
    "yes",
    "no",
    "0",
    "１２３",
)
each_service = pytest.mark.parametrize("service", SERVICES, ids=lambda one: one.form_id())


def monkey(service: type[Service], seed: int, steps: int) -> None:
    """So many random acts, then a person who takes over and finishes. Raises AssertionError with the seed."""
    dice = Random(seed)
    known = plausible.facts(audiences=frozenset(one.value for one in service.audiences))
    draft = flow.begin(service)
    for number in range(steps):
        act = _act(service, draft, known, dice)
        try:
            step = flow.answer(service, draft, act, known)
            assert again(service, step.draft) == step.draft, "what is kept reads back otherwise"
            if isinstance(step, Wrong):
                assert len(draft.answers.keys() - step.draft.answers.keys()) <= 1, "a right answer was lost"
        except Exception as fault:
            raise AssertionError(
                f"seed {seed}, step {number}: {act!r} at {draft.place}: {fault!r}"
            ) from fault
        draft = step.draft
    person = Answerer(service, known, dice.randrange)
    person.draft = draft
    try:
        person.finish()
    except DeadEnd as dead:
        raise AssertionError(f"seed {seed}: nobody can finish what the monkey left: {dead}") from dead


def _act(service: type[Service], draft: Draft, known: object, dice: Random) -> Act:
    view = flow.screen(service, draft, known)  # type: ignore[arg-type]
    if isinstance(view, Asked) and dice.random() < 0.55:
        return _sensible(view, dice)
    if dice.random() < 0.2:
        spots = [spot.path for spot in walk(service, draft.answers, known)]  # type: ignore[arg-type]
        path = dice.choice(spots)
        return Open(path[: dice.randint(1, len(path))])
    plain: tuple[Act, ...] = (Back(), Skip(), Done(), AddRow(), Same(), Stands())
    number = dice.randint(-1, 3)
    numbered: tuple[Act, ...] = (Marked(number), Took(number), RemoveRow(number), Typed(dice.choice(HOSTILE)))
    files = tuple(plausible.file(f"{dice.randint(0, 9)}.pdf") for _ in range(dice.randint(1, 3)))
    return dice.choice((*plain, *numbered, Sent(files)))


def _sensible(view: Asked, dice: Random) -> Act:
    if view.offered:
        return Took(dice.randrange(len(view.offered)))
    if view.options and view.question.kind.name != "choices":
        return Gave(dice.choice(view.options).value)
    if view.options:
        return Marked(dice.randrange(len(view.options))) if dice.random() < 0.7 else Done()
    return Typed(dice.choice(right_answers(view.question.kind, plausible.TODAY)))


@each_service
def test_a_small_monkey(service: type[Service]) -> None:
    seed = int(os.environ.get("MONKEY_SEED", "0")) or Random().randrange(
        1, 10_000
    )  # a new one each time: it is told
    monkey(service, seed, steps=120)


@pytest.mark.full
@each_service
@pytest.mark.parametrize("seed", range(100))
def test_a_great_monkey(service: type[Service], seed: int) -> None:
    monkey(service, seed, steps=400)
