"""A storm over the demo: people and officers do random things at once, on a simulator that fails now and then."""

from __future__ import annotations

import asyncio
import random
import resource
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
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
from bot.simulator.params import Upload
from bot.transcripts.papers import paper
from storage import drafts, filing, office_days, people, secrets, turns
from storage.conversation import Asked
from storage.kinds import FileRef
from storage.offices import read_office
from storage.outbox import OutboxRow, State
from storage.people import Me
from storage.services import services
from storage.world import World
from tests import plausible
from tests.bot import hostile

if TYPE_CHECKING:
    from sqlmodel import Session

APPLICANTS = (1001, 1002, 1003, 1004)
STRANGER = 1999
PASSPORTS = {1001: "K7Q4Z8W21", 1002: "K8R5Y7V32", 1003: "K9S6X6U43", 1004: "KAT7W5T54"}
"""A secret answer of each applicant: found in clear nowhere."""
CANARIES = {
    1001: "QUIVERWING",
    1002: "FLINTLARKE",
    1003: "OSPREYDALE",
    1004: "MERLINGATE",
    STRANGER: "TEALBROOKE",
}
"""A word of each person, in their answers and in nobody else's."""


@dataclass
class Storm:
    """The running demo, the seeded dice, and what happened so far."""

    demo: Demo
    client: SimClient
    dice: random.Random
    actions: int = 0
    seconds: float = 0.0

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
        who = self.dice.choice((*APPLICANTS, *APPLICANTS, STRANGER, *self.dice.sample(self.officers(), 4)))
        act = self.dice.choices(list(ACTS), weights=list(ACTS.values()))[0]
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


async def say(storm: Storm, who: int) -> None:
    """A text: hostile, ordinary, or with the person's canary."""
    text = storm.dice.choice((*hostile.TEXTS, *hostile.ANSWERS, *hostile.ANSWERS))
    text = text.replace("CANARY", CANARIES.get(who, "nobody"))
    more = {"forward_from": "<b>Somebody</b>"} if storm.dice.random() < 0.05 else {}
    await storm.phones.send(who, {"text": text, **more})


async def tell_secret(storm: Storm, who: int) -> None:
    """The person's passport number, where the question they are at is a secret one; said while all is quiet."""
    turn = await storm.demo.app.database.hot_read(turns.look, world_of(storm.demo), who)
    if isinstance(turn.view, Asked) and turn.view.question.secret:
        await storm.phones.send(who, {"text": PASSPORTS[who]})
        await storm.rest()


async def command(storm: Storm, who: int) -> None:
    text = storm.dice.choice(hostile.COMMANDS).replace("N", str(storm.dice.randint(1, 12)))
    await storm.phones.send(who, {"text": text})


async def toy(storm: Storm, who: int) -> None:
    """A sticker, a voice message, a contact, a place."""
    await storm.phones.send(who, storm.dice.choice(hostile.TOYS))


async def send_file(storm: Storm, who: int) -> None:
    name, content, kind, caption = storm.dice.choice(hostile.FILES)
    upload = Upload(name, "", content if content is not None else paper(name))
    await storm.phones.send(who, {"as": kind, "caption": caption}, [upload])


async def edit(storm: Storm, who: int) -> None:
    own = [one.id for one in _chat(storm, who) if one.sender == who]
    if own:
        storm.phones.edit(who, who, storm.dice.choice(own), storm.dice.choice(hostile.TEXTS))


async def tap(storm: Storm, who: int) -> None:
    """A button of the latest message that has some."""
    for message in reversed(_chat(storm, who)):
        if offered := _buttons(message):
            storm.phones.tap(who, who, message.id, storm.dice.choice(offered))
            return


async def tap_twice(storm: Storm, who: int) -> None:
    for message in reversed(_chat(storm, who)):
        if offered := _buttons(message):
            data = storm.dice.choice(offered)
            storm.phones.tap(who, who, message.id, data)
            storm.phones.tap(who, who, message.id, data, replay=True)
            return


async def tap_old(storm: Storm, who: int) -> None:
    """Any button that was ever there."""
    with_buttons = [message for message in _chat(storm, who) if _buttons(message)]
    if with_buttons:
        message = storm.dice.choice(with_buttons)
        storm.phones.tap(who, who, message.id, storm.dice.choice(_buttons(message)))


async def forge(storm: Storm, who: int) -> None:
    """Somebody else's callback data, or data of one's own making."""
    other = storm.dice.choice(storm.everybody())
    seen = [data for message in _chat(storm, other) for data in _buttons(message)]
    data = storm.dice.choice(seen) if seen and storm.dice.random() < 0.5 else hostile.callback(storm.dice)
    if storm.dice.random() < 0.3:
        data = hostile.mutated(data, storm.dice)
    numbers = [message.id for message in _chat(storm, who)] or [1]
    storm.phones.tap(who, who, storm.dice.choice(numbers), data, replay=True)


async def block(storm: Storm, who: int) -> None:
    storm.phones.block(who, blocked=True)
    if storm.dice.random() < 0.7:
        storm.phones.block(who, blocked=False)


async def speak_otherwise(storm: Storm, who: int) -> None:
    storm.phones.change_person(who, {"language_code": storm.dice.choice(hostile.LANGUAGES)})


async def delete(storm: Storm, who: int) -> None:
    """The person clears their chat a little: the bot's messages too."""
    numbers = [message.id for message in _chat(storm, who)]
    if len(numbers) > 30:
        storm.phones.delete(who, who, storm.dice.sample(numbers, 5))


ACTS: Mapping[Callable[[Storm, int], Any], int] = {
    say: 30,
    tap: 34,
    tap_old: 10,
    tap_twice: 4,
    forge: 12,
    command: 9,
    toy: 4,
    send_file: 4,
    edit: 3,
    block: 1,
    speak_otherwise: 1,
    delete: 1,
}


def _chat(storm: Storm, who: int) -> list[Any]:
    return list(storm.demo.simulator.core.world.chats[who].messages.values())


def _buttons(message: Any) -> list[str]:
    rows = (message.markup or {}).get("inline_keyboard", [])
    return [button["callback_data"] for row in rows for button in row if "callback_data" in button]


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
