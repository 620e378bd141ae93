"""A secret answer is in clear in no file that the running bot wrote, and its message does not stay in the chat.

The first trap of a service file: a secret whose column is lost lies in the database in clear, and nothing says so.
So each sort of secret is answered with a word that stands nowhere else, and every file is searched for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path

import pytest

from bot.simulator.handset import text_of
from handlers.answers import AT_THE_DESK
from storage import offices
from tests.bot.processed import APPLICANT, DIRECTOR, PEOPLE, Office, office
from tests.bot.processes import Processes
from tests.bot.story import APPROVAL, FORM, SENDING, TYPED_SECRETS, Step, perform

pytestmark = pytest.mark.asyncio(loop_scope="session")

PLAIN = "Talks on bridges"
"""An answer that is no secret: found in clear, or the search finds nothing at all."""


def _dates() -> Iterator[str]:
    for day in (date(1961, 7, 23), date(1958, 11, 9)):
        yield from (day.isoformat(), f"{day:%Y%m%d}", f"{day:%B} {day.day}, {day.year}")
        yield from (
            f"{day.day} {day:%B} {day.year}",
            f"{day.year}年{day.month}月{day.day}日",
            f"{day:%d.%m.%Y}",
        )


CANARIES = (*TYPED_SECRETS, "Zebrafinch", "Heronry", *_dates())


async def test_a_secret_is_in_clear_in_no_file_and_gone_from_the_chat(
    parent: Processes, tmp_path: Path
) -> None:
    async with _office(parent, tmp_path) as place:
        for step in FORM:
            await perform(place, step)
            assert await _found(place) == [], f"after {step.does!r}, as a draft"
        await place.delivered()
        own = [text_of(one) for one in place.people[APPLICANT].messages() if one["outgoing_by"]]
        plain = ["/start sealed_visit", PLAIN, "MEYER, Jonas", "1 July 2027"]
        assert own == plain, "messages with a secret are deleted, and nothing else of theirs"
        await perform(place, *SENDING)
        await perform(place, *APPROVAL[:2])
        assert await _found(place) == [], "as a case under review"
        await perform(place, Step(DIRECTOR, "/case C01X0CAN7", "I find no such case"))
        await perform(place, Step(DIRECTOR, "[Show secret answers]", "Kingfisherling"))
        await place.delivered()
        assert await _found(place) == [], "while an officer looks at them"
        await perform(place, *APPROVAL[2:])
        ann = place.people[APPLICANT]
        await ann.wait_for(lambda phone: any("document" in one for one in phone.messages()), 60)
        assert place.child is not None
        assert await place.child.end() == 0
        assert await _found(place) == [], "as a case with its letter, after the end"
        assert await asyncio.to_thread(_hits, place, (PLAIN,)) != [], "the search can find"


async def test_an_office_may_want_secrets_at_the_desk(parent: Processes, tmp_path: Path) -> None:
    file = tmp_path / "office.toml"
    await asyncio.to_thread(_write_office_without_secrets, file)
    async with _office(parent, tmp_path, BOT_OFFICE=str(file)) as place:
        await perform(
            place,
            *FORM[:3],
            Step(APPLICANT, PLAIN, "Are you ill?"),
            Step(APPLICANT, "[Yes]", "The companion's name?"),
            Step(APPLICANT, "MEYER, Jonas", "Who comes with you?"),
            Step(APPLICANT, "[These are all]", "When do you arrive?"),
            Step(APPLICANT, "1 July 2027", str(AT_THE_DESK)),
            *SENDING,
        )
        asked = "\n".join(text_of(one) for one in place.phones.said)
        assert "Your passport number?\n" not in asked.replace(str(AT_THE_DESK), "")


@asynccontextmanager
async def _office(parent: Processes, folder: Path, **environment: str) -> AsyncIterator[Office]:
    """A running bot that logs all it can; what it writes elsewhere for a moment lies in the same folder."""
    scratch = folder / "scratch"
    await asyncio.to_thread(scratch.mkdir)
    async with office(folder, parent, BOT_LOG_LEVEL="DEBUG", TMPDIR=str(scratch), **environment) as place:
        for telegram_id in PEOPLE:
            await place.person(telegram_id, f"Person {telegram_id}")
        await place.start()
        yield place


async def _found(place: Office) -> list[tuple[str, str]]:
    """Which canary lies in which file."""
    return await asyncio.to_thread(_hits, place, CANARIES)


def _hits(place: Office, words: tuple[str, ...]) -> list[tuple[str, str]]:
    found = []
    for path in (one for one in place.folder.rglob("*") if one.is_file() and one.name != "report.json"):
        content = path.read_bytes().lower()
        found += [(word, path.name) for word in words if any(form in content for form in _forms(word))]
    return found


def _forms(word: str) -> set[bytes]:
    """How a word may lie in a file: as UTF-8, as UTF-16, escaped in JSON."""
    small = word.lower()
    return {small.encode(), small.encode("utf-16-le"), small.encode("unicode_escape")}


def _write_office_without_secrets(file: Path) -> None:
    built_in = Path(offices.__file__).parent / "office_files" / "shenyang.toml"
    text = built_in.read_text(encoding="utf-8")
    assert "default = true" in text
    file.write_text(text.replace("default = true", "default = false"), encoding="utf-8")
