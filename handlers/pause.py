"""A pause that Telegram asked for: whoever was told to wait, nobody of this bot speaks before it is over."""

from __future__ import annotations

import asyncio


class Pause:
    """Shared by replies and delivery (telegram-rules.md, Rate: wait for everything of that bot)."""

    def __init__(self) -> None:
        self._until = 0.0

    def take(self, seconds: float) -> None:
        """Be silent for so long from now on; a longer pause in force stands."""
        self._until = max(self._until, asyncio.get_running_loop().time() + seconds)

    @property
    def left(self) -> float:
        """Seconds until speaking is allowed; 0 when it is."""
        return max(0.0, self._until - asyncio.get_running_loop().time())

    async def over(self) -> None:
        """Wait until speaking is allowed."""
        await asyncio.sleep(self.left)
        if self.left:  # it was made longer meanwhile
            await self.over()
