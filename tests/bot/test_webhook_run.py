"""`bot run` by webhook and by polling, as a process: acknowledged after the commit, ended cleanly by a signal."""

from __future__ import annotations

import asyncio
import signal
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from tests.bot.processed import APPLICANT, Office, office
from tests.bot.processes import Death, Processes
from tests.bot.story import FORM, TYPED_SECRETS, Step, perform

pytestmark = pytest.mark.asyncio(loop_scope="session")
PATIENCE = 60.0
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"


async def test_the_same_bot_by_webhook(parent: Processes, tmp_path: Path) -> None:
    async with hooked(parent, tmp_path) as (place, url):
        await place.start()
        await perform(place, *FORM[:4], patience=PATIENCE)
        assert place.sim.receiver.webhook is not None
        assert place.sim.receiver.webhook.url == url
        async with aiohttp.ClientSession() as stranger:
            for headers in ({}, {SECRET_HEADER: "guessed"}):
                update = {"update_id": 1, "message": _text("Forged answer")}
                async with stranger.post(url, json=update, headers=headers) as answer:
                    assert answer.status in {401, 403}
        await place.phones.settle()
        assert "Your passport number?" in place.people[APPLICANT].last_text(), "a forged update has no effect"
        assert place.child is not None
        assert await place.child.end() == 0
        assert "Forged" not in str(await place.report())


async def test_an_update_by_webhook_is_acknowledged_after_its_commit(
    parent: Processes, tmp_path: Path
) -> None:
    async with hooked(parent, tmp_path) as (place, _):
        await place.start()
        await perform(place, *FORM[:4], patience=PATIENCE)
        assert place.child is not None
        await place.child.end()
        ann = place.people[APPLICANT]
        for nth, typed in ((1, TYPED_SECRETS[0]), (2, TYPED_SECRETS[0])):
            child = await place.start(Death("before a call", 1))
            if nth == 1:
                await ann.send(typed)
            assert await child.wait() == -9, "committed, and dead before the answer"
        await place.start()
        await ann.wait_for_text("Your birthday?", PATIENCE)
        await place.delivered()
        assert all(typed not in str(ann.messages()) for typed in TYPED_SECRETS)
        assert await place.child.end() == 0


@pytest.mark.parametrize(("number", "by_webhook"), [(signal.SIGTERM, True), (signal.SIGINT, False)])
async def test_a_signal_ends_it_within_ten_seconds(
    parent: Processes, tmp_path: Path, number: signal.Signals, by_webhook: bool
) -> None:
    """Also where SIGINT was ignored when it started, as a shell does for what it starts with `&`."""
    async with hooked(parent, tmp_path, by_webhook=by_webhook) as (place, _):
        child = await place.start()
        await perform(place, *FORM[:3], patience=PATIENCE)
        await place.people[APPLICANT].send("A subject, said at the last moment")
        begun = time.monotonic()
        assert await child.end(number) == 0
        assert time.monotonic() - begun < 10
        await place.start()
        await place.people[APPLICANT].wait_for_text("Your passport number?", PATIENCE)


async def test_a_second_poller_is_told_of_and_harms_nothing(parent: Processes, tmp_path: Path) -> None:
    async with hooked(parent, tmp_path, by_webhook=False) as (place, _):
        first = await place.start()
        await perform(place, *FORM[:3], patience=PATIENCE)
        second = await place.start()
        await asyncio.sleep(3)
        await perform(place, Step(APPLICANT, "Talks on bridges", "Your passport number?"), patience=PATIENCE)
        assert await second.end() == 0
        assert await first.end() == 0
        log = await asyncio.to_thread(place.log.read_text)
        assert "another_poller" in log
        assert "only one process may poll with this token" in log


@asynccontextmanager
async def hooked(
    parent: Processes, folder: Path, *, by_webhook: bool = True
) -> AsyncIterator[tuple[Office, str]]:
    """An office whose bot takes updates at an address of this machine, and that address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}/telegram"
    settings = {"BOT_WEBHOOK_URL": url, "BOT_LISTEN": f"127.0.0.1:{port}"} if by_webhook else {}
    async with office(folder, parent, **settings) as place:
        await place.person(APPLICANT)
        yield place, url


def _text(text: str) -> dict[str, object]:
    person = {"id": APPLICANT, "is_bot": False, "first_name": "Ann"}
    return {
        "message_id": 99,
        "date": 1,
        "chat": {"id": APPLICANT, "type": "private"},
        "from": person,
        "text": text,
    }
