"""The log of what happened, for pages and clients that follow it by number (/sim/events)."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass

from .errors import Json


@dataclass(frozen=True, slots=True)
class Event:
    seq: int
    type: str
    fields: Json

    def encode(self) -> bytes:
        """One Server-Sent Event."""
        body = json.dumps({"seq": self.seq, "type": self.type, **self.fields}, ensure_ascii=False)
        return f"id: {self.seq}\ndata: {body}\n\n".encode()


class EventLog:
    """Keeps the latest events; each reader has its own place and none can hold up another."""

    def __init__(self, keep: int = 10_000) -> None:
        self.seq = 0
        self._kept: deque[Event] = deque(maxlen=keep)
        self._encoded: dict[int, bytes] = {}
        self._waiters: set[asyncio.Future[None]] = set()
        self.closed = False

    def add(self, kind: str, fields: Json) -> None:
        self.seq += 1
        self._kept.append(Event(self.seq, kind, fields))
        self._wake()

    def close(self) -> None:
        """Ends every reader."""
        self.closed = True
        self._wake()

    def after(self, seq: int) -> list[Event]:
        """The events later than `seq`; a "reset" first if some of them are no longer kept."""
        if not self._kept or seq >= self.seq:
            return []
        first = self._kept[0].seq
        found = [self._kept[index] for index in range(max(0, seq + 1 - first), len(self._kept))]
        return [Event(first - 1, "reset", {}), *found] if seq + 1 < first else found

    async def follow(self, seq: int, heartbeat: float = 15.0) -> AsyncIterator[bytes]:
        """Encoded events later than `seq`, as they happen, with a comment when nothing does."""
        while not self.closed:
            found = self.after(seq)
            if found:
                seq = found[-1].seq
                yield b"".join(self._encode(event) for event in found)
            elif not await self.wait(heartbeat):
                yield b": still here\n\n"

    async def wait(self, timeout: float) -> bool:  # noqa: ASYNC109  # the heartbeat is no deadline of the caller's
        """Waits for the next event; False after `timeout` seconds without one."""
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiters.add(waiter)
        try:
            await asyncio.wait_for(waiter, timeout)
        except TimeoutError:
            return False
        finally:
            self._waiters.discard(waiter)
        return True

    def _encode(self, event: Event) -> bytes:
        """Encoded once for all readers of the moment."""
        encoded = self._encoded.get(event.seq)
        if encoded is None:
            if len(self._encoded) > 256:
                self._encoded.clear()
            encoded = event.encode()
            if event.type != "reset":
                self._encoded[event.seq] = encoded
        return encoded

    def _wake(self) -> None:
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)
