"""No way leads past the privacy notice: nothing personal is asked or kept before the person agreed to it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest_asyncio
from sqlmodel import select

from bot.demo import Demo, Options, start
from bot.simulator.client import SimClient
from bot.simulator.handset import Phone
from bot.transcripts.papers import paper
from storage import secrets
from storage.drafts import DraftRow
from storage.services import services

if TYPE_CHECKING:
    from sqlmodel import Session


@pytest_asyncio.fixture
async def scene(tmp_path: Path) -> AsyncIterator[tuple[Demo, Phone]]:
    demo = await start(tmp_path, Options(port=0, fresh=True))
    demo.simulator.phones.add_person(id=1999, first_name="Newcomer", language_code="en")
    running = asyncio.create_task(demo.app.run(signals=False))
    async with SimClient(demo.url) as client:
        yield demo, await client.phone(1999)
        demo.app.stop()
        await running
        await demo.simulator.stop()
        secrets.use(None)


async def test_consent_can_t_be_skipped(scene: tuple[Demo, Phone], tmp_path: Path) -> None:
    demo, newcomer = scene
    for service_id in services():
        await newcomer.press_start(service_id)
        await newcomer.settle()
        await newcomer.tap("Begin")
        await newcomer.settle()
        assert "What we keep about you" in newcomer.last_text()
    for text in ("王芳", "/apply", "E12345678", "yes"):
        await newcomer.send(text)
    await newcomer.send_file(paper("scan.pdf"), "scan.pdf")
    await newcomer.send_contact(own=True)
    number = int(newcomer.last()["message_id"])
    for data in ("d:1:0:skip", "d:0:0:done", "D:1", "c:1:copy", "c:1:correct", "d:1:0:send"):
        await newcomer.replay(data, number)
    await newcomer.settle()
    assert demo.app.database.look(_drafts) == []
    kept = [one for one in (tmp_path / "files").rglob("*") if one.is_file() and one.name != "token"]
    assert kept == []


def _drafts(session: Session) -> list[int | None]:
    return [row.id for row in session.exec(select(DraftRow))]
