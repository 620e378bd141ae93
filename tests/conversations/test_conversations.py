"""Each Markdown file here is a conversation and a test: people on phones of the simulator, the real bot between them.

The real dispatcher, the real simulator over HTTP, the real delivery, a real database file. A test begins with a copy
of one fresh folder, so that nobody waits for tables to be made.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.demo import Demo, Options, start
from bot.simulator.client import SimClient
from bot.transcripts.reading import read_file
from bot.transcripts.script import Receives, StartsAgain, Transcript
from bot.transcripts.stage import Differs, Stage
from storage import secrets
from storage.services import services

HERE = Path(__file__).parent
STORIES = sorted(HERE.glob("**/*.md"), key=str)


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder as `bot demo` makes it: tables, keys, the office's people on their phones."""
    folder = tmp_path_factory.mktemp("fresh")

    async def make() -> None:
        demo = await start(folder, Options(port=0))
        await demo.app.database.close()
        await demo.app.bot.session.close()
        await demo.simulator.stop()

    asyncio.run(make())
    yield folder
    secrets.use(None)


@asynccontextmanager
async def performed_on(folder: Path) -> AsyncIterator[tuple[Demo, SimClient]]:
    """A running demo on that folder."""
    demo = await start(folder, Options(port=0))
    running = asyncio.create_task(demo.run(signals=False))
    try:
        async with SimClient(demo.url) as client:
            yield demo, client
    finally:
        demo.app.stop()
        await running
        await demo.simulator.stop()


@pytest.mark.parametrize(
    "story", STORIES, ids=lambda story: story.relative_to(HERE).with_suffix("").as_posix()
)
async def test_it_happens_as_it_is_told(story: Path, fresh: Path, tmp_path: Path) -> None:
    transcript = await asyncio.to_thread(read_file, story)
    folder = tmp_path / "demo"
    await asyncio.to_thread(shutil.copytree, fresh, folder)
    async with performed_on(folder) as (demo, client):
        stage = Stage(demo, client)
        await stage.gather(transcript)
        told = await _perform_all(stage, transcript)
    if told is not None:
        pytest.fail(told, pytrace=False)


async def _perform_all(stage: Stage, transcript: Transcript) -> str | None:
    """What differed first, for the people who mend the story or the bot; None where all happened as told."""
    for line in transcript.lines:
        try:
            await stage.perform(line)
        except Differs as differs:
            return str(differs)
    return None


@pytest.mark.parametrize("language", ["en", "zh_Hans"])
@pytest.mark.parametrize("service", list(services()))
def test_every_service_is_told_in_both_languages(service: str, language: str) -> None:
    stories = [read_file(story) for story in sorted((HERE / service / language).glob("*.md"))]
    steps = [line.step for story in stories for line in story.lines]
    assert any(isinstance(step, Receives) for step in steps), "in one of them the letter arrives"
    assert any(isinstance(step, StartsAgain) for step in steps), "in one of them the bot is started again"
