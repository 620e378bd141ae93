"""What time makes due: reminders, escalation, expiry, retention, letters. The clock itself is `bot.timepiece`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import structlog

from bot.metrics import Metrics
from bot.timepiece import Clock
from storage import jobs
from storage.database import DatabaseError

if TYPE_CHECKING:
    from sqlmodel import Session

    from storage.database import Database

__all__ = ["Clock", "Errand", "Job", "Ticker"]


@dataclass(frozen=True, slots=True)
class Job:
    """A storage function that does what is due at a time; run each `every`, by one replica at a time.

    It must be safe twice: what it posts and changes carries natural keys.
    """

    name: str
    function: Callable[[Session, datetime], object]
    every: timedelta


@dataclass(frozen=True, slots=True)
class Errand:
    """The same for what can't be one transaction, such as typesetting a letter: a coroutine function of the time."""

    name: str
    function: Callable[[datetime], Awaitable[object]]
    every: timedelta


class Ticker:
    """Runs the jobs and errands when they are due, until it is stopped."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        due: Sequence[Job | Errand],
        *,
        wake: Callable[[], None] = lambda: None,
        metrics: Metrics | None = None,
        glance: float = 1.0,
    ) -> None:
        """`wake` tells delivery after each pass; `glance` is how often to look, in seconds."""
        self._database = database
        self._clock = clock
        self._due = tuple(due)
        self._wake = wake
        self._metrics = metrics or Metrics()
        self._glance = glance
        self._again = asyncio.Event()
        self._stopping = False
        self._next = dict.fromkeys((each.name for each in self._due), datetime.min.replace(tzinfo=UTC))
        self.running = False
        clock.on_move(self._look_again)

    async def run(self) -> None:
        """Run what is due, pass after pass, until `stop`."""
        self.running = True
        try:
            while not self._stopping:
                self._again.clear()
                await self.run_due()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._again.wait(), self._glance)
        finally:
            self.running = False

    def stop(self) -> None:
        """Begin no more passes."""
        self._stopping = True
        self._again.set()

    async def run_due(self) -> None:
        """One pass at the clock's time: everything whose interval is over, and that no replica ran meanwhile."""
        now = self._clock.now()
        for each in self._due:
            if self._next[each.name] <= now:
                self._next[each.name] = now + each.every
                await self._run(each, now, even_if_ran=False)

    async def run_once(self, at: datetime) -> dict[str, str]:
        """Run everything as it would at that time, whenever it ran last. Returns name -> "done" or the error."""
        return {each.name: await self._run(each, at, even_if_ran=True) for each in self._due}

    async def _run(self, each: Job | Errand, now: datetime, *, even_if_ran: bool) -> str:
        outcome = "done"
        every = timedelta() if even_if_ran else each.every
        try:
            if isinstance(each, Job):
                ran = await self._database.work(_taken, each, now, every)
            else:
                ran = await self._database.work(jobs.take, each.name, now, every)
                if ran:
                    await each.function(now)
            if not ran:
                return "done elsewhere"
        except DatabaseError as error:
            outcome = type(error).__name__
            _log.warning("job_waits_for_database", job=each.name, error=outcome)
        except Exception as error:
            outcome = type(error).__name__
            _log.exception("job_failed", job=each.name, error=outcome)
        self._metrics.jobs.labels(each.name, "done" if outcome == "done" else "failed").inc()
        self._wake()
        return outcome

    def _look_again(self) -> None:
        """The clock was moved, perhaps back: intervals count anew."""
        self._next = dict.fromkeys(self._next, datetime.min.replace(tzinfo=UTC))
        self._again.set()


def _taken(session: Session, job: Job, now: datetime, every: timedelta) -> bool:
    """Take the job and do it, in one transaction: if it fails, it was not taken."""
    if not jobs.take(session, job.name, now, every):
        return False
    job.function(session, now)
    return True


_log: Any = structlog.get_logger()
