"""Whatever people do to the bot at once, it keeps its promises; a small share here, the full size by a command.

STORM=20000 .venv/bin/pytest -m full tests/bot/test_storm.py      # STORM_SEEDS=1,2,3 chooses the dice
"""

from __future__ import annotations

import io
import json
import logging
import os
import random
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import structlog
from sqlmodel import col, select

from bot import logs
from storage import audit_proof, cases, officers, people, rights
from storage.approval.case import load_case
from storage.cases import Case
from storage.updates import PoisonUpdate
from tests.bot.storm import Storm, storming, world_of
from tests.bot.storm_acts import CANARIES, PASSPORTS

if TYPE_CHECKING:
    from sqlmodel import Session

SHARE = 200
SEEDS = [int(seed) for seed in os.environ.get("STORM_SEEDS", "1,2,3").split(",")]


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What the bot writes to standard error."""
    written = io.StringIO()
    root = logging.getLogger()
    before = (root.handlers, root.level)
    monkeypatch.setattr(sys, "stderr", written)
    logs.configure()
    monkeypatch.undo()
    yield written
    root.handlers, root.level = before
    structlog.reset_defaults()


async def test_a_storm_breaks_nothing(tmp_path: Path, log: io.StringIO) -> None:
    """A few hundred acts; the seed is new each time and printed, and shown where it fails."""
    seed = int(os.environ.get("STORM_SEED") or random.SystemRandom().randrange(1_000_000))
    print(f"storm of seed {seed}: STORM_SEED={seed} repeats it")
    await _storm(tmp_path, log, seed, SHARE)


@pytest.mark.full
@pytest.mark.skipif("STORM" not in os.environ, reason="the full size: STORM=20000 pytest -m full")
@pytest.mark.parametrize("seed", SEEDS)
async def test_a_long_storm_breaks_nothing(tmp_path: Path, log: io.StringIO, seed: int) -> None:
    await _storm(tmp_path, log, seed, int(os.environ["STORM"]))


async def _storm(folder: Path, log: io.StringIO, seed: int, actions: int) -> None:
    async with storming(folder, seed) as storm:
        await storm.rest(60)
        await storm.blow(actions)
        await storm.heal()
        await _everybody_is_still_answered(storm)
        database = storm.demo.app.database
        assert database.look(_poisonous) == {}
        assert database.look(audit_proof.prove).whole
        assert database.look(_not_as_told) == []
        assert database.look(_told_secrets, storm), "no case holds a secret that could be found in clear"
        numbers = database.look(_numbers)
        assert sorted(numbers) == list(range(1, len(numbers) + 1)), "a case number is missing, or there twice"
        assert _strange_words(storm) == {}
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    assert [line for line in lines if line["level"] in ("error", "critical")] == []
    assert _found(log.getvalue().encode(), (*CANARIES.values(), *PASSPORTS.values())) == []
    assert _secrets_in_clear(folder) == []
    _print_figures(storm, lines)


async def _everybody_is_still_answered(storm: Storm) -> None:
    for who in storm.everybody():
        before = storm.said_to(who)
        await storm.phones.send(who, {"text": "/help"})
        await storm.client.wait_for(lambda who=who, before=before: storm.said_to(who) > before, 20)  # type: ignore[misc]


def _poisonous(session: Session) -> dict[tuple[str, str], int]:
    return dict(Counter((one.kind, one.error) for one in session.exec(select(PoisonUpdate))))


def _not_as_told(session: Session) -> list[str]:
    """Cases whose state is not the one that their events tell."""
    found = []
    for row in session.exec(select(Case)):
        kept = load_case(cases.key_of(row).unseal(row.state, b"state"))
        if cases.rebuilt(session, row.id or 0) != kept:
            found.append(row.number)
    return found


def _told_secrets(session: Session, storm: Storm) -> set[str]:
    """The secret answers that the cases hold."""
    world = world_of(storm.demo)
    kept = [cases.opened(session, world, row) for row in session.exec(select(Case))]
    return {word for word in PASSPORTS.values() if any(word in repr(case.answers) for case in kept)}


def _numbers(session: Session) -> list[int]:
    return list(session.exec(select(Case.serial).order_by(col(Case.serial))))


def _strange_words(storm: Storm) -> dict[tuple[int, str], str]:
    """Words of one person that stood in another's chat who may not see them."""
    may_read = storm.demo.app.database.look(_readers, storm)
    found = {}
    for message in storm.client.said:
        shown = json.dumps(message, ensure_ascii=False).casefold()
        chat = message["chat"]["id"]
        for owner, canary in CANARIES.items():
            if canary.casefold() in shown and chat != owner and chat not in may_read[owner]:
                found[chat, canary] = shown[:300]
    return found


def _readers(session: Session, storm: Storm) -> dict[int, set[int]]:
    """By person, the chats of the officers who may see a case of theirs."""
    world = world_of(storm.demo)
    readers: dict[int, set[int]] = {}
    for owner in CANARIES:
        person = people.by_telegram(session, owner)
        own = cases.of_person(session, world, person.id or 0) if person else []
        readers[owner] = set()
        for one, _ in officers.everyone(session):
            officer = officers.officer(session, one.id or 0)
            if any(rights.may_see(case, person=0, officer=officer) for case in own):
                readers[owner].add(one.telegram_id)
    return readers


def _secrets_in_clear(folder: Path) -> list[str]:
    """Files of the bot in which a secret answer stands in clear; the simulator's own are Telegram's, not ours."""
    written = [one for one in folder.rglob("*") if one.is_file() and "telegram" not in one.parts]
    assert any(
        one.name.endswith(".sqlite3") or "sqlite" in one.name or one.suffix == ".db" for one in written
    ), written
    return [str(one) for one in written if _found(one.read_bytes(), PASSPORTS.values())]


def _found(content: bytes, words: Any) -> list[str]:
    return [word for word in words if word.encode() in content]


def _print_figures(storm: Storm, lines: list[dict[str, Any]]) -> None:
    told = Counter(line["event"] for line in lines)
    print(
        f"{storm.actions} acts, {len(storm.client.said)} messages of the bot, {storm.figures()}; log: {dict(told)}"
    )
