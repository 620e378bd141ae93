"""A transcript played on the demo's page: at a pace, on its own phones, and twice on one demo."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.demo import Options, start
from bot.simulator.client import SimClient
from bot.transcripts.player import play
from storage import secrets

STORY = """# Two phones
**Anna** (en): /nonsense
**Bot**: I don't know that command. /help lists those that I know.
**Desk** (en): /desk
**Bot**: Nothing waits for you.
"""


async def test_a_transcript_plays_on_its_own_phones_and_may_be_played_again(tmp_path: Path) -> None:
    demo = await start(tmp_path, Options(port=0))
    demo.simulator.player = lambda text: play(demo, text, haste=50)
    running = asyncio.create_task(demo.run(signals=False))
    try:
        async with SimClient(demo.url) as client:
            for title in ("Two phones", "Two phones again"):
                await client.post("/sim/play", {"script": STORY.replace("Two phones", title)})
                assert await _ended(client, title) == {"step": 4, "text": title, "done": True}
            state = await client.state()
            labels = [person["label"] for person in state["people"] if person["id"] in state["pinned"]]
            assert labels == ["Desk · 综合窗口", "Anna"], "the phones of the last play, and no others"

            await client.post("/sim/play", {"script": "# A button\n**Anna** taps: Never there"})
            told = await _until(client, lambda play: "no button" in play["text"])
            assert "Never there" in told["text"] and not told["done"]

            await client.post("/sim/play", {"script": "**Anna** no title"})
            assert "transcript:1" in (await _until(client, lambda play: "transcript" in play["text"]))["text"]
    finally:
        demo.app.stop()
        await running
        await demo.simulator.stop()
        secrets.use(None)


async def _ended(client: SimClient, title: str) -> dict[str, Any]:
    return await _until(client, lambda play: play["text"] == title and play["done"])


async def _until(client: SimClient, condition: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    for _ in range(400):
        shown = (await client.state())["play"]
        if shown and condition(shown):
            await asyncio.sleep(0.05)  # its task ends
            return dict(shown)
        await asyncio.sleep(0.05)
    raise AssertionError(f"the play stands at {(await client.state())['play']}")
