"""The page's API and the client on it: phones act, everybody sees it, and all is there again after a restart."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.simulator.client import NothingSuch, SimClient, SimError
from bot.simulator.events import EventLog
from bot.simulator.server import Simulator

from .simulated import TOKEN, Clock, refused, simulator, started, updates

BUTTONS = {
    "inline_keyboard": [[{"text": "Yes", "callback_data": "y"}, {"text": "Site", "url": "https://a.cn"}]]
}


@pytest.fixture
async def sim() -> AsyncIterator[Simulator]:
    running = simulator()
    await running.start()
    yield running
    await running.stop()


@pytest.fixture
async def client(sim: Simulator) -> AsyncIterator[SimClient]:
    async with SimClient(sim.url) as found:
        yield found


async def echo(sim: Simulator) -> None:
    """A bot that answers texts with buttons and taps with words."""
    offset = 0
    while True:
        for update in await updates(sim, offset=offset, timeout=30):
            offset = update["update_id"] + 1
            if message := update.get("message"):
                text = f"you said {message.get('text', '?')}"
                await sim.call("sendMessage", chat_id=message["chat"]["id"], text=text, reply_markup=BUTTONS)
            elif tap := update.get("callback_query"):
                where = {"chat_id": tap["message"]["chat"]["id"], "message_id": tap["message"]["message_id"]}
                await sim.call("answerCallbackQuery", callback_query_id=tap["id"], text="noted")
                await sim.call("editMessageText", **where, text=f"you tapped {tap['data']}")


@pytest.fixture
async def bot(sim: Simulator) -> AsyncIterator[None]:
    running = asyncio.create_task(echo(sim))
    yield
    running.cancel()


async def test_a_conversation_by_phone(client: SimClient, bot: None) -> None:
    ann = await client.add_person("Ann", language_code="en", label="Applicant")
    await ann.press_start("abc")
    assert (await ann.wait_for_text("you said"))["text"] == "you said /start abc"
    assert ann.buttons() == ["Yes", "Site"]
    query = await ann.tap("Yes")
    await ann.settle()
    assert ann.last_text() == "you tapped y"
    assert [(a["query_id"], a["text"]) for a in ann.answers()] == [(query, "noted")]
    assert [message["outgoing_by"] for message in ann.messages()] == [ann.id, 0]


async def test_what_is_not_there_is_named_with_what_is(client: SimClient, bot: None) -> None:
    ann = await client.add_person("Ann")
    await ann.send("hi")
    await ann.settle()
    with pytest.raises(NothingSuch, match=r"no button 'No'; there are \['Yes', 'Site'\]"):
        await ann.tap("No")
    with pytest.raises(NothingSuch, match=r"the latest are .*you said hi"):
        await ann.wait_for_text("never", timeout=0.05)


async def test_a_button_that_is_gone_cannot_be_tapped_but_replayed(client: SimClient, bot: None) -> None:
    ann = await client.add_person("Ann")
    await ann.send("hi")
    await ann.settle()
    number = ann.last()["message_id"]
    await ann.tap("Yes")
    await ann.settle()
    with pytest.raises(SimError) as caught:
        await ann.replay("y", number, replay=False)
    assert caught.value.status == 409
    assert await ann.replay("y", number)


async def test_every_kind_of_message_arrives(sim: Simulator, client: SimClient) -> None:
    ann = await client.add_person("Ann")
    await ann.send("text", forward_from="Someone Else")
    await ann.send_file(b"%PDF", "a.pdf", caption="c")
    await ann.send_files([("1.pdf", b"1"), ("2.pdf", b"2")])
    await ann.send_contact()
    await ann.send_location(41.8, 123.4)
    await ann.send_sticker("👍")
    await ann.send_voice()
    await ann.send("x" * 5000)
    messages = [update["message"] for update in await updates(sim)]
    kinds = ("forward_origin", "document", "document", "document", "contact", "location", "sticker", "voice")
    assert all(kind in message for kind, message in zip(kinds, messages, strict=False))
    assert [len(message["text"]) for message in messages[8:]] == [4096, 904], "apps split what is too long"
    assert await ann.download(ann.messages()[1]) == b"%PDF"


async def test_a_reply_keyboard_sends_its_text_or_the_own_card(sim: Simulator, client: SimClient) -> None:
    ann = await client.add_person("Ann")
    await ann.send("hi")
    keyboard = {"keyboard": [["Menu", {"text": "My number", "request_contact": True}]]}
    await sim.call("sendMessage", chat_id=ann.id, text="choose", reply_markup=keyboard)
    await ann.wait_for_text("choose")
    await ann.tap("Menu")
    await ann.tap("My number")
    assert [message.get("text") for message in ann.messages()[-2:]] == ["Menu", None]
    assert ann.messages()[-1]["contact"]["user_id"] == ann.id
    await sim.call("sendMessage", chat_id=ann.id, text="thanks", reply_markup={"remove_keyboard": True})
    await ann.wait_for_text("thanks")
    assert ann.keyboard() == []


async def test_what_one_phone_does_shows_on_all(sim: Simulator, client: SimClient) -> None:
    ann, bob = [await client.add_person(name) for name in ("Ann", "Bob")]
    desk = await client.add_group("Desk", [ann, bob], is_forum=True)
    async with SimClient(sim.url) as other:
        sent = await ann.send("hello", desk)
        seen = await other.wait_for(lambda: other.chats.get(desk, {}).get(sent["message_id"]))
        assert seen["text"] == "hello"
        edited = await ann.edit(sent["message_id"], "hello all", desk)
        assert edited["edit_date"]
        await other.wait_for(lambda: other.chats[desk][sent["message_id"]]["text"] == "hello all")
        body = {"person": ann.id, "chat": desk, "message_ids": [sent["message_id"]]}
        await client.post("/sim/delete", body)
        await other.wait_for(lambda: sent["message_id"] not in other.chats[desk])


async def test_state_lists_people_chats_and_faults(client: SimClient) -> None:
    ann = await client.add_person("Ann", group="Officers · CON", label="Director", pinned=True)
    await client.faults(slow_ms=5, refuse={"next": 2, "status": 503})
    state = await client.state()
    assert state["people"][0] == {
        "id": ann.id,
        "first_name": "Ann",
        "last_name": None,
        "username": None,
        "language_code": None,
        "label": "Director",
        "group": "Officers · CON",
        "blocked": False,
    }
    assert (state["pinned"], state["play"], state["bot"]["is_bot"]) == ([ann.id], None, True)
    assert state["faults"] == {
        "slow_ms": 5,
        "rate_limit": {"next": 0, "retry_after": 3},
        "drop_answers": 0,
        "refuse": {"next": 2, "status": 503},
        "duplicate_updates": False,
    }


async def test_commands_are_shown_in_the_persons_language(sim: Simulator, client: SimClient) -> None:
    ann = await client.add_person("Ann", language_code="zh-hans")
    for code, text in (("", "Start"), ("zh", "开始")):
        command = {"command": "start", "description": text}
        await sim.call("setMyCommands", commands=[command], language_code=code)
    assert (await ann.commands())[0]["description"] == "开始"
    await ann.set_language("fr")
    assert (await ann.commands())[0]["description"] == "Start"
    scope = {"type": "chat", "chat_id": ann.id}
    await ann.send("hi")
    await sim.call("setMyCommands", commands=[{"command": "desk", "description": "Desk"}], scope=scope)
    assert [command["command"] for command in await ann.commands()] == ["desk"]


async def test_the_clock_moves_and_messages_bear_its_time(sim: Simulator, client: SimClient) -> None:
    ann = await client.add_person("Ann")
    first = await ann.send("now")
    assert await client.move_clock(by="P21D") == "2027-03-22T01:00:00+00:00"
    second = await ann.send("later")
    assert second["date"] - first["date"] == 21 * 86400
    assert (await client.move_clock(at="2027-04-01T09:00:00+08:00")).startswith("2027-04-01T09:00:00+08:00")
    with pytest.raises(SimError, match="a duration is"):
        await client.move_clock(by="three weeks")


async def test_a_clock_that_cannot_be_moved_is_404() -> None:
    sim = Simulator(token=TOKEN, now=Clock().now)
    await sim.start()
    async with SimClient(sim.url) as client:
        with pytest.raises(SimError) as caught:
            await client.move_clock(by=5)
    await sim.stop()
    assert caught.value.status == 404


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/sim/send", {"person": 1, "text": "x"}, 404),
        ("/sim/send", {"text": "x"}, 400),
        ("/sim/send", {"person": "{ann}"}, 400),
        ("/sim/send", {"person": "{ann}", "text": "  "}, 400),
        ("/sim/send", {"person": "{ann}", "chat": 77, "text": "x"}, 404),
        ("/sim/tap", {"person": "{ann}", "message_id": 1, "data": "x"}, 409),
        ("/sim/edit", {"person": "{ann}", "message_id": 1, "text": "x"}, 404),
        ("/sim/press_start", {"person": "{ann}", "payload": "a b"}, 400),
        ("/sim/people", {}, 400),
        ("/sim/faults", {"gravity": 1}, 400),
        ("/sim/play", {"script": "x"}, 404),
    ],
)
async def test_what_no_app_offers_is_refused(
    client: SimClient, path: str, body: dict[str, Any], status: int
) -> None:
    ann = await client.add_person("Ann")
    filled = json.loads(json.dumps(body).replace('"{ann}"', str(ann.id)))
    with pytest.raises(SimError) as caught:
        await client.post(path, filled)
    assert (caught.value.status, bool(caught.value.text)) == (status, True)


async def test_a_follower_that_comes_back_misses_nothing(sim: Simulator) -> None:
    ann = await started(sim)
    seq = sim.core.events.seq
    await sim.phones.send(ann.id, {"text": "while away"})

    async def first(session: aiohttp.ClientSession, **options: Any) -> dict[str, Any]:
        async with session.get(f"{sim.url}/sim/events", **options) as response:
            assert response.content_type == "text/event-stream"
            block = await response.content.readuntil(b"\n\n")
            found: dict[str, Any] = json.loads(block.partition(b"data: ")[2])
            return found

    async with aiohttp.ClientSession() as session:
        by_since = await first(session, params={"since": seq})
        by_header = await first(session, headers={"Last-Event-ID": str(seq)})
    assert by_since == by_header
    assert (by_since["seq"], by_since["type"], by_since["message"]["text"]) == (
        seq + 1,
        "message",
        "while away",
    )


async def test_many_followers_see_the_same(sim: Simulator) -> None:
    ann = await started(sim)
    async with contextlib.AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(SimClient(sim.url)) for _ in range(20)]
        for number in range(50):
            await sim.phones.send(ann.id, {"text": str(number)})
        last = sim.core.events.seq
        await asyncio.gather(*(one.wait_for(lambda one=one: one.seq >= last) for one in clients))  # type: ignore[misc]
        shown = {tuple(m["text"] for m in one.chats[ann.id].values()) for one in clients}
    assert shown == {("/start", *(str(number) for number in range(50)))}


def test_events_that_are_no_longer_kept_are_a_reset() -> None:
    log = EventLog(keep=3)
    for number in range(5):
        log.add("clock", {"now": number})
    assert [event.type for event in log.after(0)] == ["reset", "clock", "clock", "clock"]
    assert [event.seq for event in log.after(2)] == [3, 4, 5]
    assert [event.seq for event in log.after(4)] == [5]
    assert log.after(5) == []


async def test_everything_is_found_again_after_a_restart(tmp_path: Path) -> None:
    clock = Clock()
    first = simulator(clock, data=tmp_path)
    await first.start()
    ann = await started(first)
    desk = first.phones.add_group("Desk", [ann.id], is_forum=True)
    await first.call("createForumTopic", chat_id=desk.id, name="one")
    await first.call("setMyCommands", commands=[{"command": "start", "description": "d"}])
    sent = await first.call("sendMessage", chat_id=ann.id, text="hi", reply_markup=BUTTONS)
    async with SimClient(first.url) as client:
        await (await client.phone(ann.id)).send_file(b"%PDF", "a.pdf")
    query = first.phones.tap(ann.id, ann.id, sent["message_id"], "y")
    pending = await updates(first)
    await first.stop()

    second = simulator(clock, data=tmp_path)
    await second.start()
    try:
        assert second.dump() == first.dump()
        assert await updates(second) == pending
        assert await second.call("answerCallbackQuery", callback_query_id=query)
        document = second.phones.messages(ann.id)[-1]["document"]
        stored = second.core.files.by_id[document["file_id"]]
        assert second.core.files.read(stored) == b"%PDF"
        after = await second.call("sendMessage", chat_id=ann.id, text="next")
        assert after["message_id"] == second.phones.messages(ann.id)[-2]["message_id"] + 1
    finally:
        await second.stop()


async def test_the_state_is_written_while_it_runs_not_only_at_the_end(tmp_path: Path) -> None:
    sim = simulator(data=tmp_path)
    await sim.start()
    await started(sim)
    async with asyncio.timeout(3):
        while not list(tmp_path.glob("*.json")):  # noqa: ASYNC110, ASYNC240  # as another process would look
            await asyncio.sleep(0.02)
    kept = json.loads((tmp_path / "telegram.json").read_text())
    assert kept["people"][0]["first_name"] == "Ann"
    await sim.stop()


async def test_stopping_ends_followers_and_pollers(sim: Simulator) -> None:
    other = simulator()
    await other.start()
    async with aiohttp.ClientSession() as session:
        poll = asyncio.create_task(session.get(f"{other.url}/bot{TOKEN}/getUpdates?timeout=50"))
        stream = await session.get(f"{other.url}/sim/events")
        await asyncio.sleep(0.05)
        async with asyncio.timeout(2):
            await other.stop()
            assert (await (await poll).json())["result"] == []
            await stream.read()


async def test_settling_waits_for_the_bot(sim: Simulator) -> None:
    ann = await started(sim)
    await sim.phones.send(ann.id, {"text": "x"})
    assert not await sim.settle(timeout=0.1), "an update nobody took is not settled"
    (update,) = await updates(sim)
    await updates(sim, offset=update["update_id"] + 1)
    assert await sim.settle(quiet=0.01, timeout=1)


async def test_a_player_plays_and_says_where_it_stands(sim: Simulator, client: SimClient) -> None:
    async def player(script: str) -> None:
        sim.tell_play(1, script)
        sim.tell_play(2, "", done=True)

    sim.player = player
    await client.post("/sim/play", {"script": "# A visit"})
    await sim.settle()
    assert (await client.state())["play"] == {"step": 2, "text": "", "done": True}


async def test_a_wrong_state_is_refused(sim: Simulator) -> None:
    with pytest.raises(ValueError, match="version 99"):
        await sim.load({"version": 99})
    assert await refused(sim.call("getChat", chat_id=1)) == "Bad Request: chat not found"
