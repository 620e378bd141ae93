"""An even pace for what is sent unasked: one call a slot, never two at once, however many wait."""

from __future__ import annotations

import asyncio
import heapq
from dataclasses import dataclass, field

from handlers.pause import Pause

OVERALL = 28.0
"""Calls a second to all chats; Telegram refuses beyond about 30 (Bots FAQ)."""


@dataclass(frozen=True, slots=True)
class Quota:
    """`burst` calls at once, then one every `interval` seconds (a leaky bucket, GCRA)."""

    interval: float
    burst: int


PRIVATE = Quota(interval=1.0, burst=3)
GROUP = Quota(interval=4.0, burst=5)
"""At most 5 + 15 in any minute: 20 are allowed (Bots FAQ)."""

_KEPT = 2000


class Pace:
    """Gives each call its turn: after its chat's quota and a pause asked for, the most urgent first."""

    def __init__(self, pause: Pause, rate: float = OVERALL) -> None:
        self._pause = pause
        self._interval = 1 / rate
        self._next = 0.0
        self._chats: dict[int, float] = {}
        self._waiting: list[_Waiting] = []
        self._numbers = 0
        self._giver: asyncio.Task[None] | None = None

    async def turn(self, chat: int, urgency: int = 0) -> None:
        """Wait for this call's turn; lower `urgency` goes first."""
        await asyncio.sleep(self._chat_wait(chat))
        self._numbers += 1
        turn = _Waiting(urgency, self._numbers)
        heapq.heappush(self._waiting, turn)
        if self._giver is None or self._giver.done():
            self._giver = asyncio.create_task(self._give())
        await turn.given

    async def close(self) -> None:
        """Give no more turns."""
        if self._giver is not None:
            self._giver.cancel()
            await asyncio.gather(self._giver, return_exceptions=True)

    async def _give(self) -> None:
        clock = asyncio.get_running_loop().time
        while self._waiting:
            await self._pause.over()
            await asyncio.sleep(self._next - clock())
            if self._pause.left:
                continue
            turn = heapq.heappop(self._waiting)
            if not turn.given.done():
                turn.given.set_result(None)
                # A late timer may be made up for by a quarter of a slot, so that the rate holds without bursts.
                self._next = max(self._next, clock() - self._interval / 4) + self._interval

    def _chat_wait(self, chat: int) -> float:
        """Seconds until the chat's quota allows one more call, which this books."""
        quota = PRIVATE if chat > 0 else GROUP
        now = asyncio.get_running_loop().time()
        if len(self._chats) > _KEPT:
            self._chats = {each: full for each, full in self._chats.items() if full > now}
        full = max(self._chats.get(chat, 0.0), now) + quota.interval
        self._chats[chat] = full
        return max(0.0, full - quota.burst * quota.interval - now)


@dataclass(order=True, slots=True)
class _Waiting:
    urgency: int
    number: int
    given: asyncio.Future[None] = field(
        compare=False, default_factory=lambda: asyncio.get_running_loop().create_future()
    )
