"""Who sees what, by every way to read a case: the roles of services.md (a), and one answer for all the rest.

Who may not see a case is told the same words as for a case that does not exist.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio

from bot.demo import Demo, Options, start
from bot.demo_office import demo_people
from bot.simulator.client import SimClient
from bot.simulator.handset import Phone
from bot.transcripts.papers import paper
from storage import cases, drafts, filing, letters, officers, people, secrets
from storage.approval import Division, Role
from storage.approval.codes import Kind
from storage.kinds import FileRef
from tests import plausible
from tests.bot.storm import world_of

if TYPE_CHECKING:
    from sqlmodel import Session

pytestmark = pytest.mark.asyncio(loop_scope="module")

OWNER, OTHER_APPLICANT, STRANGER, SUSPENDED, RECUSED = 1004, 1001, 1999, 1990, 1991
NOWHERE = 777_777
"""A key that no case and no draft has."""

READERS = (
    "owner", "another applicant", "stranger", "desk", "own chief", "another chief", "chief of a stage not needed",
    "deputy", "director", "discipline", "administrator", "suspended", "recused",
)  # fmt: skip
SEE = {"desk", "own chief", "deputy", "director", "recused"}
"""Who may see the case as an officer (services.md (a)); a recused officer may see it, and not act on it."""
CARD = ("case:{case}", "case:{case}:card", "case:{case}:files", "case:{case}:history", "case:{case}:secrets")
OWN = ("c:{case}", "c:{case}:letter", "c:{case}:withdraw")
OWN_ACTS = ("c:{case}:urge", "c:{case}:object", "c:{case}:correct", "c:{case}:ask_revocation")


@dataclass
class Scene:
    """A demo with one official visit, filed by OWNER, that passes OUT but not HMT, and whose letter is made."""

    demo: Demo
    client: SimClient
    case: int
    number: str
    draft: int
    code: str
    """The verification code of its letter."""
    readers: dict[str, Phone]
    """A phone of each kind of reader."""

    async def taps(self, data: str) -> dict[str, str]:
        """What each reader is shown for callback data that no button offers them: forged, or replayed."""

        def replayed(phone: Phone) -> Any:
            return phone.replay(data, int(phone.last()["message_id"]))

        return await self._shown(replayed)

    async def types(self, text: str) -> dict[str, str]:
        """What each reader is shown for a text."""
        return await self._shown(lambda phone: phone.send(text))

    async def _shown(self, act: Callable[[Phone], Any]) -> dict[str, str]:
        said = len(self.client.said)
        for phone in self.readers.values():
            await act(phone)
        await self.client.settle()
        return {reader: self._seen(phone, self.client.said[said:]) for reader, phone in self.readers.items()}

    def _seen(self, phone: Phone, said: list[dict[str, Any]]) -> str:
        """What stands on a phone now; an edit that changes nothing is none."""
        shown = [one for one in said if one["chat"]["id"] == phone.id] or [phone.last()]
        return json.dumps([{name: one.get(name) for name in _SEEN} for one in shown], ensure_ascii=False)

    def who_sees(self, shown: Mapping[str, str]) -> set[str]:
        """The readers who were shown something of the case."""
        return {reader for reader, text in shown.items() if self.shows(text)}

    def shows(self, text: str) -> bool:
        """Whether something of the case stands in a text."""
        serial = self.number.rpartition("-")[2]
        return any(
            word in text for word in (serial, "慕尼黑", "Munich", "invitation.pdf", "商务局", "号.pdf")
        )


_SEEN = ("text", "caption", "reply_markup", "document")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scene(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Scene]:
    demo = await start(tmp_path_factory.mktemp("access"), Options(port=0, fresh=True))
    for newcomer, name in ((STRANGER, "Nobody"), (SUSPENDED, "Left"), (RECUSED, "Travels")):
        demo.simulator.phones.add_person(id=newcomer, first_name=name, language_code="en")
    made = await asyncio.to_thread(demo.app.database.run, _prepare, demo)
    running = asyncio.create_task(demo.app.run(signals=False))
    async with SimClient(demo.url) as client:
        case, number, draft, code, readers = made
        phones = {reader: await client.phone(telegram_id) for reader, telegram_id in readers.items()}
        for phone in phones.values():
            await phone.send("/language")
        await client.settle(timeout=30)
        yield Scene(demo, client, case, number, draft, code, phones)
        demo.app.stop()
        await running
        await demo.simulator.stop()
        secrets.use(None)


def _prepare(session: Session, demo: Demo) -> tuple[int, str, int, str, dict[str, int]]:
    world = world_of(demo)
    readers = _readers(session, world.now)
    person = people.by_telegram(session, OWNER)
    assert person is not None and person.id is not None
    people.agree(session, person.id, world.now)
    session.flush()
    me = people.who(session.connection(), OWNER)
    assert me is not None
    service = world.services["official_visit"]
    draft = plausible.fill(service, world.facts(me, "official_visit"), _answers(demo, world))
    opened = drafts.create(session, service, me.id, draft, world.now)
    kept = drafts.create(session, service, me.id, draft, world.now)
    case = filing.submit(session, world, me, opened.id, opened.revision).cases[0]
    letter = letters.issue(
        session,
        case_id=case.id,
        holder_id=me.id,
        kind=case.service,
        mark="沈外出",
        names=("王芳",),
        at=world.now,
    )
    made = demo.app.files.put(paper("letter.pdf"), "letter.pdf", "application/pdf", 1)
    letters.attach(session, letter, made.digest)
    return case.id, case.number, kept.id, letter.code, readers


def _answers(demo: Demo, world: Any) -> dict[Any, Any]:
    given = dict(plausible.answers("official_visit", world.calendar.day_of(world.now)))
    for path, value in given.items():
        if isinstance(value, tuple) and value and isinstance(value[0], FileRef):
            given[path] = tuple(
                demo.app.files.put(
                    paper(one.name), one.name, one.media_type, 1, pixels=(one.width, one.height)
                )
                for one in value
            )
    return given


def _readers(session: Session, at: datetime) -> dict[str, int]:
    """One of each kind; of our own: an officer who was suspended, and a director who travels with the group."""
    seats: dict[tuple[Role, Division | None], int] = {}
    for one in demo_people():
        if one.role is not None and one.name not in ("王芳", "李明"):
            seats.setdefault((one.role, one.division), one.telegram_id)
    for telegram_id, role, name in ((SUSPENDED, Role.DESK, "钱途"), (RECUSED, Role.DIRECTOR, "王芳")):
        person = people.meet(session, telegram_id, "en", at)
        officers.appoint(session, person.id or 0, role, None, name)
        if telegram_id == SUSPENDED:
            officers.suspend(session, person.id or 0, at)
    session.flush()
    ids = (
        OWNER, OTHER_APPLICANT, STRANGER, seats[Role.DESK, None], seats[Role.SECTION_CHIEF, Division.OUT],
        seats[Role.SECTION_CHIEF, Division.CON], seats[Role.SECTION_CHIEF, Division.HMT],
        seats[Role.DEPUTY_DIRECTOR, None], seats[Role.DIRECTOR, None], seats[Role.DISCIPLINE, None],
        seats[Role.ADMINISTRATOR, None], SUSPENDED, RECUSED,
    )  # fmt: skip
    return dict(zip(READERS, ids, strict=True))


@pytest.mark.parametrize("way", CARD)
async def test_a_card_is_for_the_officers_whom_it_concerns(scene: Scene, way: str) -> None:
    await _is_for(scene, way, SEE)


@pytest.mark.parametrize("way", OWN)
async def test_the_applicant_s_view_is_for_the_applicant(scene: Scene, way: str) -> None:
    await _is_for(scene, way, {"owner"})


@pytest.mark.parametrize("way", OWN_ACTS)
async def test_what_only_the_applicant_may_ask_for(scene: Scene, way: str) -> None:
    """It is too early for each of these, which only the applicant learns."""
    shown, nothing = await scene.taps(way.format(case=scene.case)), await scene.taps(way.format(case=NOWHERE))
    assert {reader for reader in READERS if shown[reader] != nothing[reader]} == {"owner"}


async def _is_for(scene: Scene, way: str, wanted: set[str]) -> None:
    shown, nothing = await scene.taps(way.format(case=scene.case)), await scene.taps(way.format(case=NOWHERE))
    assert scene.who_sees(shown) == wanted
    assert _of_others(shown, wanted) == _of_others(nothing, wanted)


def _of_others(shown: Mapping[str, str], wanted: set[str]) -> dict[str, str]:
    return {reader: text for reader, text in shown.items() if reader not in wanted}


@pytest.mark.parametrize("way", ["/case {number}", "/case {tail}", "/case 王芳", "{number}"])
async def test_search_finds_what_one_may_see(scene: Scene, way: str) -> None:
    """By number or name; a number typed alone is also the applicant's way."""
    wanted = SEE if way.startswith("/case") else SEE | {"owner"}
    shown = await scene.types(way.format(number=scene.number, tail=scene.number.partition("-")[2]))
    nothing = await scene.types(("/case " if way.startswith("/case") else "") + "SYFAO-2026-77777")
    assert scene.who_sees(shown) == wanted
    assert _of_others(shown, wanted) == _of_others(nothing, wanted)


@pytest.mark.parametrize("pattern", ["%", "_", "%%", "____", "*", "' OR 1=1 --"])
async def test_wildcards_find_nothing(scene: Scene, pattern: str) -> None:
    """SQL's LIKE knows % and _; a search knows neither."""
    shown = await scene.types(f"/case {pattern}")
    assert scene.who_sees(shown) == set()


async def test_the_desk_shows_what_waits_for_one(scene: Scene) -> None:
    """The case waits for the desk; nobody else's list shows it."""
    assert scene.who_sees(await scene.types("/desk")) == {"desk"}
    assert scene.who_sees(await scene.taps("desk")) == {"desk"}


@pytest.mark.parametrize("way", ["D:{draft}", "d:{draft}:0:send", "d:{draft}:0:o1", "d:{draft}:0:p1"])
async def test_a_draft_is_for_its_owner(scene: Scene, way: str) -> None:
    shown, nothing = (
        await scene.taps(way.format(draft=scene.draft)),
        await scene.taps(way.format(draft=NOWHERE)),
    )
    assert scene.who_sees(shown) <= {"owner"}
    assert _of_others(shown, {"owner"}) == _of_others(nothing, {"owner"})
    await scene.types("/cancel")


async def test_a_letter_s_code_tells_everybody_the_same(scene: Scene) -> None:
    """Kind, number, date, state and a masked name (services.md (c)), to officers no more than to strangers."""
    shown = await scene.types(f"/start v_{scene.code}")
    assert scene.who_sees(shown) == set()
    assert {reader for reader, text in shown.items() if "沈外出〔" in text and "王*" in text} == set(READERS)
    assert not any("王芳" in text for text in shown.values())


async def test_a_recused_officer_may_look_and_not_act(scene: Scene) -> None:
    """Recusal 回避: no verdict is offered, and none is taken."""
    version = scene.demo.app.database.look(_version, scene.case)
    shown = await scene.taps(f"case:{scene.case}")
    assert "review:" in shown["desk"]
    assert "review:" not in shown["recused"]
    phone = scene.readers["recused"]
    for part in ("approve", "approve.sure", "refuse.r1"):
        await phone.replay(f"review:{scene.case}:{version}:{part}", int(phone.last()["message_id"]))
    await scene.client.settle()
    assert scene.demo.app.database.look(_version, scene.case) == version


@pytest.mark.parametrize("kind", [Kind.APPROVE, Kind.RETURN, Kind.REFUSE, Kind.REVOKE, Kind.WITHDRAW])
async def test_nobody_says_a_verdict_on_what_they_may_not_see(scene: Scene, kind: Kind) -> None:
    """A verdict forged with the right version: nothing happens, and no more is told than of no case."""
    version = scene.demo.app.database.look(_version, scene.case)
    readers = dict(scene.readers)
    scene.readers = {reader: phone for reader, phone in readers.items() if reader not in SEE}
    try:
        shown = await scene.taps(f"review:{scene.case}:{version}:{kind}")
        assert scene.who_sees(shown) == set()
        assert shown == await scene.taps(f"review:{NOWHERE}:{version}:{kind}")
    finally:
        scene.readers = readers
    assert scene.demo.app.database.look(_version, scene.case) == version


def _version(session: Session, case: int) -> int:
    return session.get_one(cases.Case, case).version
