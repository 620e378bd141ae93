"""`kill -9` at any moment of a conversation and of its approval: nothing is lost, nothing is done twice.

One conversation is performed while the bot's process is killed again and again: inside its own work, right before and
after commits and calls (`processes.Death`), and from outside at random moments. What people saw and what is stored
is compared with the same conversation undisturbed.

The suite runs a small share. The full size, some 200 deaths: `pytest -m full tests/bot/test_kill.py`. A failure
prints its seed; `KILL_SEED=… pytest tests/bot/test_kill.py` repeats the choice of moments.
"""

from __future__ import annotations

import asyncio
import os
import random
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.simulator.handset import text_of
from handlers.form import HIDDEN
from tests.bot.processed import APPLICANT, PEOPLE, Office, office
from tests.bot.processes import Death, Processes
from tests.bot.story import TYPED_SECRETS, WHOLE, perform

SEED = int(os.environ.get("KILL_SEED") or random.SystemRandom().randrange(10**6))
pytestmark = pytest.mark.asyncio(loop_scope="session")


@dataclass(frozen=True)
class Seen:
    """What a performance left: the texts that each person was told, and what is stored."""

    told: dict[int, list[str]]
    stored: Any


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def undisturbed(parent: Processes, tmp_path_factory: pytest.TempPathFactory) -> Seen:
    async with office(tmp_path_factory.mktemp("undisturbed"), parent) as place:
        await place.start()
        return await _performed(place)


async def test_killed_between_and_within_answers(
    parent: Processes, undisturbed: Seen, tmp_path: Path
) -> None:
    deaths = await _disturbed(parent, undisturbed, tmp_path, SEED, at_most=8)
    assert deaths >= 5, "the process was hardly killed: the moments are badly chosen"


@pytest.mark.full
async def test_killed_two_hundred_times(parent: Processes, undisturbed: Seen, tmp_path: Path) -> None:
    deaths, number = 0, 0
    while deaths < 200:
        deaths += await _disturbed(parent, undisturbed, tmp_path / str(number), SEED + number)
        number += 1


async def _disturbed(
    parent: Processes, undisturbed: Seen, folder: Path, seed: int, at_most: int = 1000
) -> int:
    """Perform while the bot dies again and again; how often it died."""
    print(f"KILL_SEED={seed}")
    chance = random.Random(seed)
    async with office(folder, parent) as place:
        killing = asyncio.create_task(_kill(place, chance, at_most))
        try:
            seen = await _performed(place, killing)
        finally:
            killing.cancel()
        print(place.lives, "lives")
        _compare(seen, undisturbed)
        return place.lives - 1


async def _kill(place: Office, chance: random.Random, times: int) -> None:
    """Start the bot, let it die, start it again; so many times."""
    for _ in range(times):
        death = Death.by_chance(chance) if chance.random() < 0.8 else None
        child = await place.start(death)
        if death is None:
            await asyncio.sleep(chance.uniform(0.5, 1.5))
            child.kill()
        assert await child.wait() == -9
    await place.start()


async def _performed(place: Office, killing: asyncio.Task[None] | None = None) -> Seen:
    for telegram_id in PEOPLE:
        await place.person(telegram_id, f"Person {telegram_id}")
    ann = place.people[APPLICANT]
    for step in WHOLE:
        await perform(place, step, patience=60)
        if killing is None and step.who != APPLICANT:
            await place.delivered()  # or the next notice overtakes this one
    await ann.wait_for(lambda phone: any("document" in one for one in phone.messages()), 60)
    await ann.wait_for_text("is done", 60)
    if killing is not None:
        await _let_live(place, killing)
    await place.delivered()
    assert place.child is not None
    assert await place.child.end() == 0
    left = "\n".join(text_of(one) for one in ann.messages())
    assert [typed for typed in TYPED_SECRETS if typed in left] == [], "each message with a secret is deleted"
    told = {
        number: [_plain(one) for one in place.phones.said if one["chat"]["id"] == number] for number in PEOPLE
    }
    return Seen(told, await place.report())


async def _let_live(place: Office, killing: asyncio.Task[None]) -> None:
    """One last life, to its natural end."""
    assert not killing.done() or killing.exception() is None, killing.exception()
    killing.cancel()
    with suppress(asyncio.CancelledError):
        await killing
    assert place.child is not None
    place.child.kill()
    await place.child.wait()
    await place.start()


def _compare(seen: Seen, undisturbed: Seen) -> None:
    stored, wanted = seen.stored, undisturbed.stored
    assert stored["trail_is_whole"]
    assert stored["unsent"] == []
    for name in ("cases", "open_drafts", "people", "audit"):
        assert stored[name] == wanted[name], f"{name}: once, and as it was said"
    assert [number for number, _ in stored["letters"]] == [number for number, _ in wanted["letters"]]
    assert all(digest for _, digest in stored["letters"])
    assert _notices(stored["sent"]) == _notices(wanted["sent"])
    assert _hidden(seen.told[APPLICANT]) >= _hidden(undisturbed.told[APPLICANT]), "told of each deletion"
    for who, told in seen.told.items():
        known = {_screen(text) for text in undisturbed.told[who]}
        strange = [text for text in told if _screen(text) not in known]
        assert strange == [], f"{who} was told what the undisturbed conversation never says"


def _hidden(told: list[str]) -> set[str]:
    return {text for text in told if HIDDEN in text}


def _screen(text: str) -> str:
    """Without the note of a deletion: a message that comes again shows the screen at which the person is by then."""
    return text.removeprefix(f"{HIDDEN}\n\n")


def _notices(keys: list[str]) -> list[str]:
    """What was posted of the effects; how replies and cards came to be shown differs from run to run."""
    kept = [key for key in keys if not key.startswith(("reply:", "shown:"))]
    return sorted("a secret's deletion" if key.startswith("secret:") else key for key in kept)


def _plain(message: dict[str, Any]) -> str:
    """A message's text and buttons, without what differs from run to run."""
    buttons = [
        button["text"] for row in message.get("reply_markup", {}).get("inline_keyboard", []) for button in row
    ]
    return re.sub(r"\d{1,2}:\d{2}", "hh:mm", f"{text_of(message)} {buttons}")
