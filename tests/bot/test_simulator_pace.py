"""429 as Telegram gives it: per chat, per group, in all; what passes at an even pace."""

import pytest

from bot.simulator.errors import ApiError
from bot.simulator.limits import Limits, Pace

from .simulated import simulator, started


class Seconds:
    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


def spend(pace: Pace, chat: int, *, group: bool = False) -> int:
    """0 when it passed, else the seconds of retry_after."""
    try:
        pace.spend(chat, group=group)
    except ApiError as error:
        assert error.status == 429
        assert error.description == f"Too Many Requests: retry after {error.parameters['retry_after']}"
        return int(error.parameters["retry_after"])
    return 0


def test_one_chat_takes_a_short_burst_then_one_message_a_second() -> None:
    seconds = Seconds()
    pace = Pace(Limits(chat_burst=5), seconds)
    assert [spend(pace, 1) for _ in range(5)] == [0] * 5
    assert spend(pace, 1) == 1
    assert spend(pace, 2) == 0, "another chat is not held"
    passed = 0
    for _ in range(60):
        seconds.at += 1.01
        passed += spend(pace, 1) == 0
    assert passed == 60


def test_whoever_does_not_wait_is_refused_for_the_rest_of_the_time() -> None:
    seconds = Seconds()
    pace = Pace(Limits(chat_burst=1, chat_per_second=0.1), seconds)
    assert [spend(pace, 1), spend(pace, 1)] == [0, 10]
    seconds.at = 4.5
    assert spend(pace, 1) == 6
    seconds.at = 10.01
    assert spend(pace, 1) == 0


def test_a_group_takes_20_a_minute() -> None:
    seconds = Seconds()
    pace = Pace(Limits(), seconds)
    for _ in range(20):
        assert spend(pace, -5, group=True) == 0
        seconds.at += 1
    assert spend(pace, -5, group=True) == 40
    seconds.at = 60.5
    assert spend(pace, -5, group=True) == 0


def test_an_even_29_a_second_passes_and_40_does_not() -> None:
    def refusals(rate: float) -> int:
        seconds = Seconds()
        pace = Pace(Limits(), seconds)
        refused = 0
        for number in range(300):
            seconds.at = number / rate
            refused += spend(pace, number) > 0
        return refused

    assert refusals(29) == 0
    assert refusals(40) > 20


async def test_the_real_limits_are_on_by_default() -> None:
    sim = simulator(limits=Limits())
    ann = await started(sim)
    with pytest.raises(ApiError) as caught:
        for _ in range(100):
            await sim.call("sendMessage", chat_id=ann.id, text="x")
    assert caught.value.status == 429
    assert len(sim.phones.messages(ann.id)) == 1 + Limits().chat_burst


async def test_a_refused_call_leaves_no_message() -> None:
    sim = simulator()
    ann = await started(sim)
    sim.set_faults({"rate_limit": {"next": 1, "retry_after": 7}})
    with pytest.raises(ApiError) as caught:
        await sim.call("sendMessage", chat_id=ann.id, text="x")
    assert caught.value.parameters == {"retry_after": 7}
    assert len(sim.phones.messages(ann.id)) == 1
    assert (await sim.call("sendMessage", chat_id=ann.id, text="x"))["text"] == "x"
