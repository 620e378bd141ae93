"""The bot as a process: it ends cleanly when told, and when it is killed nothing is lost or doubled."""

from __future__ import annotations

import asyncio
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.bot.running import Running, running


@asynccontextmanager
async def process(bot: Running) -> AsyncIterator[asyncio.subprocess.Process]:
    """The bot in a process that was started as a shell does with `&`: SIGINT ignored."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        started = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.bot.running", str(bot.folder), bot.sim.url, bot.key
        )
    finally:
        signal.signal(signal.SIGINT, before)
    try:
        yield started
    finally:
        if started.returncode is None:
            started.kill()
            await started.wait()


async def test_a_signal_lets_work_in_hand_end(tmp_path: Path) -> None:
    async with running(tmp_path, start=False) as bot:
        ann = await bot.phones.add_person("Ann")
        async with process(bot) as child:
            await ann.send("hello")
            await bot.until(lambda: bot.texts(ann.id) == ["1: hello"], 30)
            await ann.send("slow")
            await asyncio.sleep(0.3)
            begun = time.monotonic()
            child.send_signal(signal.SIGINT)
            assert await asyncio.wait_for(child.wait(), 10) == 0
            assert time.monotonic() - begun < 10
        await bot.until(lambda: bot.texts(ann.id) == ["1: hello", "2: slow"])
        assert bot.sim.core.idle(), "all that was done is confirmed: nothing comes again"


async def test_a_killed_process_loses_and_doubles_nothing(tmp_path: Path) -> None:
    async with running(tmp_path, start=False) as bot:
        ann = await bot.phones.add_person("Ann")
        for number in range(2):
            async with process(bot) as child:
                await ann.send(f"before {number}")
                await bot.until(lambda n=number: f"before {n}" in " ".join(bot.texts(ann.id)), 30)
                await ann.send("slow")
                await ann.send(f"behind {number}")
                await asyncio.sleep(0.2 * number)
                child.kill()
                await child.wait()
        async with process(bot) as child:
            await bot.until(lambda: "behind 1" in " ".join(bot.texts(ann.id)), 30)
            child.terminate()
            assert await asyncio.wait_for(child.wait(), 10) == 0
        kept = await bot.kept(ann.id)
        assert kept == [text for n in range(2) for text in (f"before {n}", "slow", f"behind {n}")]
