"""A storm over the demo: people and officers do random things at once, on a simulator that fails now and then."""

from __future__ import annotations

import asyncio
import random
import resource
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlmodel import col

from bot import pacing
from bot.demo import Demo, Options, start
from bot.simulator.client import SimClient
from bot.simulator.entities import TextError
from bot.simulator.errors import ApiError, PhoneError
from bot.transcripts.papers import paper
from storage import drafts, filing, office_days, people, secrets
from storage.kinds import FileRef
from storage.offices import read_office
from storage.outbox import OutboxRow, State
from storage.people import Me
from storage.services import services
from storage.world import World
from tests import plausible
from tests.bot.storm_acts import (
    ACTS,
    APPLICANTS,
    CANARIES,
    PASSPORTS,
    STRANGER,
    judge,
    judgements,
    tell_secret,
)

if TYPE_CHECKING:
    from sqlmodel import Session


@dataclass
class Storm:
    """The running demo, the seeded dice, and what happened so far."""

    demo: Demo
    client: SimClient
    dice: random.Random
    actions: int = 0
    seconds: float = 0.0
    holders: list[int] = field(default_factory=list)
    """Officers who hold a card that they may decide on."""

    @property
    def world(self) -> World:
        return world_of(self.demo)

    @property
    def phones(self) -> Any:
        return self.demo.simulator.phones

    def everybody(self) -> list[int]:
        return list(self.demo.simulator.core.world.people)

    def officers(self) -> list[int]:
        return [one for one in self.everybody() if 1100 < one < STRANGER]

    def said_to(self, who: int) -> int:
        """How many messages of the bot a person saw, or saw change."""
        return sum(1 for message in self.client.said if message["chat"]["id"] == who)

    def figures(self) -> str:
        """How fast it went, and how much memory the process took at most."""
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        return f"{self.actions / max(self.seconds, 0.001):.0f} acts/s, peak {peak} MB"

    async def heal(self) -> None:
        """Faults end, and who blocked the bot comes back."""
        self.demo.simulator.set_faults(CALM)
        for who in self.everybody():
            self.phones.block(who, blocked=False)
        await self.rest(60)

    async def blow(self, actions: int) -> None:
        """So many acts, in bursts of a few side by side; between bursts the bot comes to rest."""
        until, began = self.actions + actions, time.monotonic()
        while self.actions < until:
            await tell_secret(self, self.dice.choice(APPLICANTS))
            self.holders = [one for one in self.officers() if judgements(self, one)]
            self.dice.shuffle(self.holders)
            with_faults = self.dice.random() < 0.1
            if with_faults:
                self.demo.simulator.set_faults(self.dice.choice(FAULTS))
            for _ in range(min(self.dice.randint(1, 24), until - self.actions)):
                await self.act()
            if with_faults:
                await self.demo.simulator.settle(0.05, 5)
                self.demo.simulator.set_faults(CALM)
            await self.rest()
            if self.dice.random() < 0.01:
                self.demo.clock.move(self.demo.clock.now() + timedelta(hours=self.dice.randint(1, 72)))
        self.seconds += time.monotonic() - began

    async def act(self) -> None:
        """One random act of one random person; what an app would not offer is nothing."""
        self.actions += 1
        officers = (*self.dice.sample(self.officers(), 2), *(self.holders or self.officers())[:4])
        who = self.dice.choice((*APPLICANTS, *APPLICANTS, STRANGER, *officers))
        act = self.dice.choices(list(ACTS), weights=list(ACTS.values()))[0]
        act = judge if who in self.holders and self.dice.random() < 0.4 else act
        try:
            await act(self, who)
        except (PhoneError, ApiError, TextError, UnicodeError):
            return

    async def rest(self, timeout: float = 30.0) -> None:  # noqa: ASYNC109  # raised by name
        """Until nothing is on its way to the bot, and nothing that is due on its way from it."""
        database, until = self.demo.app.database, time.monotonic() + timeout
        while time.monotonic() < until:
            if await self.demo.simulator.settle(0.03, timeout) and not await database.read(
                _due, self.demo.clock.now()
            ):
                return
            await asyncio.sleep(0.02)
        raise TimeoutError(f"the bot is still busy {timeout} s after act {self.actions}")


CALM: dict[str, Any] = {
    "slow_ms": 0,
    "rate_limit": {"next": 0},
    "drop_answers": 0,
    "refuse": {"next": 0},
    "duplicate_updates": False,
}
FAULTS: tuple[dict[str, Any], ...] = (
    {"rate_limit": {"next": 2, "retry_after": 1}},
    {"drop_answers": 2},
    {"refuse": {"next": 3, "status": 502}},
    {"duplicate_updates": True},
    {"duplicate_updates": True, "refuse": {"next": 1, "status": 500}},
    {"slow_ms": 20},
)


def _due(session: Session, at: datetime) -> int:
    """Rows of the outbox that could be sent now."""
    waiting = (col(OutboxRow.state) == State.WAITING) & (col(OutboxRow.due_at) <= at)
    claimed = col(OutboxRow.state) == State.CLAIMED
    return session.scalar(select(func.count()).select_from(OutboxRow).where(waiting | claimed)) or 0


@asynccontextmanager
async def storming(folder: Path, seed: int) -> AsyncIterator[Storm]:
    """The demo with its people, a stranger, and for each applicant a filed case and a draft before its end."""
    quota = pacing.PRIVATE
    pacing.PRIVATE = pacing.Quota(
        interval=0.01, burst=100
    )  # as generous as this simulator: nobody reads along here
    demo = await start(folder, Options(port=0, fresh=True))
    demo.simulator.phones.add_person(
        id=STRANGER,
        first_name="<b>&amp;\u202etealbrooke",
        last_name="</i>'\"",
        username="x_" * 15,
        language_code="xx",
    )
    for who in APPLICANTS:  # who filed a case has written to the bot
        person = demo.simulator.phones.person(who)
        person.started = person.met = True
    await asyncio.to_thread(demo.app.database.run, _prepare, demo)
    running = asyncio.create_task(demo.app.run(signals=False))
    async with SimClient(demo.url) as client:
        try:
            yield Storm(demo, client, random.Random(seed))
        finally:
            demo.app.stop()
            await running
            await demo.simulator.stop()
            secrets.use(None)
            pacing.PRIVATE = quota


def world_of(demo: Demo) -> World:
    """The office as the running bot sees it."""
    calendar = demo.app.database.look(office_days.read_calendar)
    return World(demo.clock.now(), calendar, read_office(demo.settings.office), services())


def _prepare(session: Session, demo: Demo) -> None:
    world = World(
        demo.clock.now(), office_days.read_calendar(session), read_office(demo.settings.office), services()
    )
    for telegram_id, service_id in zip(APPLICANTS, sorted(services()), strict=False):
        person = people.by_telegram(session, telegram_id)
        assert person is not None and person.id is not None
        people.agree(session, person.id, world.now)
        session.flush()
        me = people.who(session.connection(), telegram_id)
        assert me is not None
        for number in range(2):
            given = answers(demo, service_id, telegram_id, world.calendar.day_of(world.now))
            _open(session, world, me, service_id, given, file=number == 0)


def answers(demo: Demo, service_id: str, telegram_id: int, today: date) -> dict[Any, Any]:
    """Plausible answers with the person's canaries in them, and files that are there."""
    given = dict(plausible.answers(service_id, today))
    for path, value in given.items():
        if isinstance(value, tuple) and value and isinstance(value[0], FileRef):
            given[path] = tuple(_kept(demo, one) for one in value)
        elif path[-1] in ("applicant_email",):
            given[path] = f"{CANARIES[telegram_id].lower()}@example.org"
        elif path[-1] in ("passport_no", "foreign_passport"):
            given[path] = PASSPORTS[telegram_id]
    return given


def _kept(demo: Demo, one: FileRef) -> FileRef:
    files: Any = demo.app.files
    name = one.name if one.media_type == plausible.PDF else one.name.replace(".pdf", ".jpg")
    pixels = (one.width, one.height)
    kept: FileRef = files.put(paper(name), name, one.media_type, one.pages, pixels=pixels)
    return kept


def _open(
    session: Session, world: World, me: Me, service_id: str, given: Mapping[Any, Any], *, file: bool
) -> None:
    service = world.services[service_id]
    draft = plausible.fill(service, world.facts(me, service_id), given)
    opened = drafts.create(session, service, me.id, draft, world.now)
    people.go_to_draft(session, me.id, opened.id)
    if file:
        filing.submit(session, world, me, opened.id, opened.revision)
