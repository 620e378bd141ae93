"""Order per chat: one thing at a time in each lane, different lanes side by side up to a limit."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any


class Lanes:
    """Runs what it is given in order of arrival within a lane, at most `parallel` at once in all."""

    def __init__(self, parallel: int) -> None:
        self._places = asyncio.Semaphore(parallel)
        self._last: dict[int, asyncio.Task[Any]] = {}
        self._all: set[asyncio.Task[Any]] = set()

    def __len__(self) -> int:
        return len(self._all)

    def start(self, lane: int, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Start `work` when everything before it in its lane has ended, however that ended."""
        task = asyncio.create_task(self._after(self._last.get(lane), work))
        self._last[lane] = task
        self._all.add(task)
        task.add_done_callback(lambda done: self._leave(lane, done))
        return task

    async def empty(self, within: float) -> None:
        """Let what is in hand end; what does not within so many seconds is cancelled."""
        if self._all:
            await asyncio.wait(self._all, timeout=within)
        left = list(self._all)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def _after(self, before: asyncio.Task[Any] | None, work: Coroutine[Any, Any, None]) -> None:
        try:
            if before is not None:
                await asyncio.wait([before])
            async with self._places:
                await work
        finally:
            work.close()  # when cancelled before its turn it never began

    def _leave(self, lane: int, task: asyncio.Task[Any]) -> None:
        self._all.discard(task)
        if self._last.get(lane) is task:
            del self._last[lane]
