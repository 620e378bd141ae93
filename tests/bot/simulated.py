"""A simulator in process and a clock that tests move, for the tests of the simulator itself."""

from collections.abc import Awaitable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.simulator.errors import ApiError
from bot.simulator.limits import Limits
from bot.simulator.model import Person
from bot.simulator.server import Simulator

TOKEN = "4242:TEST-token_of-the-simulator"
START = datetime(2027, 3, 1, 1, 0, tzinfo=UTC)


class Clock:
    """The one clock of a test."""

    def __init__(self) -> None:
        self.at = START

    def now(self) -> datetime:
        return self.at

    def set(self, to: datetime) -> None:
        self.at = to

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)


def simulator(clock: Clock | None = None, limits: Limits | None = None, **more: Any) -> Simulator:
    clock = clock or Clock()
    return Simulator(
        token=TOKEN, now=clock.now, move_clock=clock.set, limits=limits or Limits.generous(), **more
    )


async def started(sim: Simulator, name: str = "Ann", **fields: Any) -> Person:
    """A person who pressed Start, of whom the bot has no update waiting."""
    person = sim.phones.add_person(first_name=name, **fields)
    await sim.phones.press_start(person.id)
    sim.core.updates.clear()
    return person


async def refused(call: Awaitable[Any]) -> str:
    """The description with which the call is refused; the test fails if it is not."""
    with pytest.raises(ApiError) as caught:
        await call
    assert caught.value.body()["error_code"] == caught.value.status
    return caught.value.description


async def updates(sim: Simulator, **params: Any) -> list[dict[str, Any]]:
    """What getUpdates answers."""
    found: list[dict[str, Any]] = await sim.call("getUpdates", **params)
    return found
