"""How updates reach the bot: offsets, retention, conflicts, wanted kinds; and a webhook's order and repeats."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from bot.simulator.limits import Limits
from bot.simulator.server import Simulator
from bot.simulator.updates import FIRST_UPDATE

from .simulated import Clock, refused, simulator, started, updates


async def say(sim: Simulator, person: int, *texts: str) -> None:
    for text in texts:
        await sim.phones.send(person, {"text": text})


def texts(found: list[dict[str, Any]]) -> list[str]:
    return [update["message"]["text"] for update in found]


async def test_an_offset_confirms_all_below_it() -> None:
    sim = simulator()
    ann = await started(sim)
    await say(sim, ann.id, "1", "2", "3")
    first = await updates(sim)
    assert texts(first) == ["1", "2", "3"]
    assert texts(await updates(sim)) == ["1", "2", "3"], "unconfirmed updates come again"
    assert texts(await updates(sim, offset=first[1]["update_id"])) == ["2", "3"]
    assert await updates(sim, offset=first[2]["update_id"] + 1) == []


async def test_a_negative_offset_keeps_the_last_and_forgets_the_rest() -> None:
    sim = simulator()
    ann = await started(sim)
    await say(sim, ann.id, "1", "2", "3")
    assert texts(await updates(sim, offset=-1)) == ["3"]
    assert texts(await updates(sim)) == ["3"]


async def test_limit_is_clamped_to_1_and_100() -> None:
    sim = simulator()
    ann = await started(sim)
    await say(sim, ann.id, *(str(n) for n in range(120)))
    assert [len(await updates(sim, limit=limit)) for limit in (0, 7, 500)] == [1, 7, 100]


async def test_a_long_poll_wakes_at_once() -> None:
    sim = simulator()
    ann = await started(sim)
    poll = asyncio.create_task(updates(sim, timeout=30))
    await asyncio.sleep(0.05)
    said = time.monotonic()
    await say(sim, ann.id, "hello")
    assert texts(await poll) == ["hello"]
    assert time.monotonic() - said < 0.1


async def test_updates_wait_a_day_and_taps_150_seconds() -> None:
    clock = Clock()
    sim = simulator(clock)
    ann = await started(sim)
    button = {"inline_keyboard": [[{"text": "a", "callback_data": "d"}]]}
    sent = await sim.call("sendMessage", chat_id=ann.id, text="x", reply_markup=button)
    await say(sim, ann.id, "hello")
    sim.phones.tap(ann.id, ann.id, sent["message_id"], "d")
    assert len(await updates(sim)) == 2
    clock.move(seconds=151)
    assert texts(await updates(sim)) == ["hello"]
    clock.move(days=1)
    assert await updates(sim) == []


async def test_the_older_poller_is_cut_off_and_repeats_are_held_back() -> None:
    sim = simulator(limits=Limits(conflict_seconds=0.2))
    ours = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    first = asyncio.create_task(updates(sim, timeout=30))
    await asyncio.sleep(0.01)
    second = asyncio.create_task(updates(sim, timeout=30))
    assert await refused(first) == ours
    began = time.monotonic()
    third = asyncio.create_task(updates(sim, timeout=1))
    assert await refused(second) == ours
    assert time.monotonic() - began > 0.19
    assert await third == []


async def test_allowed_updates_stay_until_set_anew_and_spare_what_is_queued() -> None:
    sim = simulator()
    ann = await started(sim)
    await say(sim, ann.id, "queued before")
    assert texts(await updates(sim, allowed_updates=["callback_query"])) == ["queued before"]
    await say(sim, ann.id, "unwanted")
    assert texts(await updates(sim)) == ["queued before"]
    await updates(sim, allowed_updates=[])
    await say(sim, ann.id, "wanted again")
    assert texts(await updates(sim)) == ["queued before", "wanted again"]


async def test_an_edit_is_its_own_update_with_the_same_message_id() -> None:
    sim = simulator()
    ann = await started(sim)
    (sent,) = await sim.phones.send(ann.id, {"text": "befor"})
    sim.phones.edit(ann.id, ann.id, sent.id, "before")
    edited = (await updates(sim))[1]["edited_message"]
    assert (edited["message_id"], edited["text"], edited["edit_date"]) == (sent.id, "before", edited["date"])


async def test_duplicates_come_once_more_with_the_same_id() -> None:
    sim = simulator()
    ann = await started(sim)
    sim.set_faults({"duplicate_updates": True})
    await say(sim, ann.id, "once")
    first = await updates(sim)
    again = await updates(sim, offset=first[0]["update_id"] + 1)
    assert again == first
    assert await updates(sim, offset=first[0]["update_id"] + 1) == []


class Hook:
    """A bot behind a webhook: answers by `reply`, remembers what came and how much came at once."""

    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []
        self.headers: list[str | None] = []
        self.statuses: list[int] = []
        self.answer: dict[str, Any] | None = None
        self.pause = 0.0
        self.at_once = self.most_at_once = 0
        self.url = ""

    async def handle(self, request: web.Request) -> web.Response:
        update = await request.json()
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(self.pause)
        self.at_once -= 1
        self.headers.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        status = self.statuses.pop(0) if self.statuses else 200
        if status != 200:
            return web.Response(status=status, headers={"Retry-After": "0"})
        self.taken.append(update)
        return web.json_response(self.answer or {})

    async def until(self, count: int) -> None:
        async with asyncio.timeout(5):
            while len(self.taken) < count:  # noqa: ASYNC110  # the hook is the bot's side, it has no events
                await asyncio.sleep(0.005)


@asynccontextmanager
async def hooked(sim: Simulator, **params: Any) -> AsyncIterator[Hook]:
    hook = Hook()
    application = web.Application()
    application.router.add_post("/hook", hook.handle)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    hook.url = f"http://127.0.0.1:{port}/hook"
    try:
        await sim.call("setWebhook", url=hook.url, **params)
        yield hook
    finally:
        await sim.receiver.stop()
        await runner.cleanup()


async def test_a_webhook_gets_what_was_pending_with_its_secret() -> None:
    sim = simulator()
    ann = await started(sim)
    await say(sim, ann.id, "pending")
    async with hooked(sim, secret_token="abc_-1") as hook:
        await say(sim, ann.id, "next")
        await hook.until(2)
        assert texts(hook.taken) == ["pending", "next"]
        assert hook.headers == ["abc_-1", "abc_-1"]
        info = await sim.call("getWebhookInfo")
        assert (info["url"], info["pending_update_count"]) == (hook.url, 0)


async def test_one_chat_is_in_order_while_others_go_in_parallel() -> None:
    sim = simulator()
    people = [(await started(sim, name)).id for name in "ABCD"]
    async with hooked(sim) as hook:
        hook.pause = 0.02
        for number in range(3):
            for person in people:
                await say(sim, person, str(number))
        await hook.until(12)
        for person in people:
            own = [u["message"]["text"] for u in hook.taken if u["message"]["from"]["id"] == person]
            assert own == ["0", "1", "2"]
        assert 2 <= hook.most_at_once <= 4


async def test_a_failing_update_is_repeated_and_holds_back_its_chat_alone() -> None:
    sim = simulator()
    ann, bob = (await started(sim)).id, (await started(sim, "Bob")).id
    async with hooked(sim) as hook:
        hook.statuses = [500, 500, 500]
        await say(sim, ann, "poison")
        await asyncio.sleep(0.02)
        await say(sim, ann, "behind")
        await hook.until(2)
        await say(sim, bob, "other")
        await hook.until(3)
        assert texts(hook.taken) == ["poison", "behind", "other"]
        info = await sim.call("getWebhookInfo")
        assert info["last_error_message"].startswith("Wrong response from the webhook: 500")


async def test_a_webhooks_answer_may_carry_one_call() -> None:
    sim = simulator()
    ann = await started(sim)
    async with hooked(sim) as hook:
        hook.answer = {"method": "sendMessage", "chat_id": ann.id, "text": "by the answer"}
        await say(sim, ann.id, "hello")
        await hook.until(1)
        await sim.settle(quiet=0.02)
        assert sim.phones.messages(ann.id)[-1]["text"] == "by the answer"
        hook.answer = {"method": "deleteWebhook"}
        await say(sim, ann.id, "more")
        await hook.until(2)
        assert sim.receiver.webhook is not None, "get*, setWebhook and deleteWebhook are ignored there"


async def test_410_for_long_removes_the_webhook() -> None:
    sim = simulator(limits=Limits(webhook_gone_seconds=0.05, webhook_pause=0.02, webhook_longest_pause=0.02))
    ann = await started(sim)
    async with hooked(sim) as hook:
        hook.statuses = [410] * 50
        await say(sim, ann.id, "hello")
        async with asyncio.timeout(3):
            while sim.receiver.webhook is not None:  # noqa: ASYNC110  # removal is not announced
                await asyncio.sleep(0.01)
        assert texts(await updates(sim)) == ["hello"], "what was not taken is there for polling"


async def test_polling_and_webhook_exclude_each_other() -> None:
    sim = simulator()
    poll = asyncio.create_task(updates(sim, timeout=30))
    await asyncio.sleep(0.01)
    async with hooked(sim):
        assert await refused(poll) == "Conflict: terminated by setWebhook request"
        assert await refused(updates(sim)) == (
            "Conflict: can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first"
        )
        assert await sim.call("deleteWebhook")
        assert await updates(sim) == []


async def test_set_webhook_is_allowed_once_a_second() -> None:
    sim = simulator(limits=Limits())
    await sim.call("setWebhook", url="https://127.0.0.1/")
    text = await refused(sim.call("setWebhook", url="https://127.0.0.1/"))
    assert text == "Too Many Requests: retry after 1"
    await sim.receiver.stop()


@pytest.mark.parametrize("drop", [True, False])
async def test_pending_updates_can_be_dropped(drop: bool) -> None:
    sim = simulator()
    ann = await started(sim)
    await say(sim, ann.id, "old")
    await sim.call("deleteWebhook", drop_pending_updates=drop)
    assert (await updates(sim) == []) is drop


async def test_update_ids_start_high_and_grow_by_one() -> None:
    sim = simulator()
    ann = sim.phones.add_person(first_name="Ann")
    await say(sim, ann.id, "1", "2")
    assert [update["update_id"] for update in await updates(sim)] == [FIRST_UPDATE, FIRST_UPDATE + 1]
