"""Updates: acknowledged after their effect, in order per chat, once; nobody is held up by a poisonous one."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from aiogram import Router
from aiogram.types import CallbackQuery, Message
from sqlmodel import Session, select

from bot.intake import SORRY, SORRY_FOR_A_TAP, lane
from handlers.screens import Button, Screen
from handlers.speaker import Speaker
from storage.outbox import State
from storage.updates import PoisonUpdate
from tests.bot.running import Running, running


async def test_a_message_has_its_effect_and_its_reply(tmp_path: Path) -> None:
    async with running(tmp_path) as bot:
        ann = await bot.phones.add_person("Ann")
        await ann.send("hello")
        await bot.until(lambda: bot.texts(ann.id) == ["1: hello"])
        assert await bot.kept(ann.id) == ["hello"]


async def test_a_tap_redraws_its_message_and_is_answered_once(tmp_path: Path) -> None:
    async with running(tmp_path) as bot:
        ann = await bot.phones.add_person("Ann")
        await ann.send("hello")
        await bot.until(lambda: bot.texts(ann.id))
        await ann.tap("Again")
        await bot.until(lambda: bot.texts(ann.id) == ["tapped again:1, 2"])
        await ann.settle()
        assert len(ann.answers()) == 1


async def test_order_is_kept_within_a_chat_and_other_chats_run_beside_it(tmp_path: Path) -> None:
    async with running(tmp_path) as bot:
        ann, bob = await bot.phones.add_person("Ann"), await bot.phones.add_person("Bob")
        await ann.send("slow")
        await ann.send("after")
        await bob.send("hello")
        await bot.until(lambda: bot.texts(bob.id) == ["1: hello"])
        assert bot.texts(ann.id) == [], "Ann's slow message did not hold Bob up"
        await bot.until(lambda: bot.texts(ann.id) == ["1: slow", "2: after"])


async def test_an_update_delivered_twice_has_one_effect_and_shows_the_present_screen(tmp_path: Path) -> None:
    async with running(tmp_path) as bot:
        ann = await bot.phones.add_person("Ann")
        bot.sim.set_faults({"duplicate_updates": True})
        await ann.send("once")
        await bot.until(lambda: bot.texts(ann.id) == ["1: once", "You are here."])
        assert await bot.kept(ann.id) == ["once"]


async def test_a_crash_between_commit_and_acknowledgement_loses_and_doubles_nothing(tmp_path: Path) -> None:
    """The process dies after the commit and before the reply: nothing was confirmed, so all comes again."""
    async with running(tmp_path, start=False) as bot:
        ann = await bot.phones.add_person("Ann")
        await ann.send("before the crash")
        (raw,) = await bot.sim.call("getUpdates")
        assert bot.texts(ann.id) == []
        bot.sim.set_faults({"drop_answers": 0, "refuse": {"next": 99}})
        await bot.app.intake.begin(raw)  # committed; its reply fell into the outbox
        assert await bot.kept(ann.id) == ["before the crash"]
        bot.sim.set_faults({"refuse": {"next": 0}})

        bot.build()  # a new process on the same file
        bot.start()
        await bot.until(lambda: "You are here." in bot.texts(ann.id))
        assert await bot.kept(ann.id) == ["before the crash"]
        await bot.until(lambda: bot.texts(ann.id) == ["1: before the crash", "You are here."])


async def test_a_poisonous_update_is_recorded_and_the_person_told_and_nobody_held_up(tmp_path: Path) -> None:
    def poison(session: Session) -> list[tuple[str, str]]:
        return [(each.kind, each.error) for each in session.exec(select(PoisonUpdate))]

    async with running(tmp_path) as bot:
        ann, bob = await bot.phones.add_person("Ann"), await bot.phones.add_person("Bob")
        await ann.send("fail")
        await ann.send("next")
        await bob.send("hello")
        await bot.until(lambda: bot.texts(bob.id) == ["1: hello"])
        await bot.until(lambda: bot.texts(ann.id) == [str(SORRY), "1: next"])
        assert await bot.app.database.read(poison) == [("message", "ZeroDivisionError")]


async def test_what_a_poisonous_tap_stood_on_is_still_there(tmp_path: Path) -> None:
    async with running(tmp_path) as bot:
        ann = await bot.phones.add_person("Ann")
        await ann.send("hello")
        await bot.until(lambda: bot.texts(ann.id) == ["1: hello"])
        await ann.replay("fail", ann.last()["message_id"])
        await bot.until(lambda: bot.texts(ann.id) == ["1: hello", str(SORRY_FOR_A_TAP)])


async def test_an_update_that_no_library_reads_is_recorded_and_passed(tmp_path: Path) -> None:
    async with running(tmp_path, start=False) as bot:
        await bot.app.intake.begin({"update_id": 7, "message": {"message_id": "not a number"}})
        await bot.app.intake.begin({"update_id": 8, "an_update_of_next_year": {}})
        ids = await bot.app.database.read(lambda session: session.exec(select(PoisonUpdate.update_id)).all())
        assert sorted(ids) == [7, 8]


async def test_a_reply_told_to_wait_goes_through_the_outbox_and_order_is_kept(tmp_path: Path) -> None:
    async with running(tmp_path) as bot:
        ann = await bot.phones.add_person("Ann")
        await ann.press_start()
        await bot.until(lambda: bot.texts(ann.id))
        bot.sim.set_faults({"rate_limit": {"next": 1, "retry_after": 1}})
        await ann.send("a")
        await ann.send("b")
        await asyncio.sleep(0.3)
        assert [row.state for row in await bot.rows(State.WAITING)] == [State.WAITING] * 2
        await bot.until(lambda: bot.texts(ann.id)[1:] == ["2: a", "3: b"])
        await ann.send("c")
        await bot.until(lambda: bot.texts(ann.id)[1:] == ["2: a", "3: b", "4: c"])
        assert len(await bot.rows()) == 2, "the third reply was sent at once again"


async def test_a_tap_whose_edit_got_no_answer_is_shown_all_the_same(tmp_path: Path) -> None:
    async with running(tmp_path) as bot:
        ann = await bot.phones.add_person("Ann")
        await ann.send("hello")
        await bot.until(lambda: bot.texts(ann.id))
        bot.sim.set_faults({"refuse": {"next": 2, "status": 502}})
        await ann.tap("Again")
        await bot.until(lambda: bot.texts(ann.id) == ["tapped again:1, 2"])
        assert await bot.kept(ann.id) == ["hello", "again:1"]


async def test_a_dropped_answer_never_changes_what_was_said(tmp_path: Path) -> None:
    async with running(tmp_path) as bot:
        ann = await bot.phones.add_person("Ann")
        bot.sim.set_faults({"drop_answers": 1})
        await ann.send("hello")
        await bot.until(lambda: len(bot.texts(ann.id)) == 2)
        assert set(bot.texts(ann.id)) == {"1: hello"}, "sent twice, for nobody knew; never otherwise"
        assert await bot.kept(ann.id) == ["hello"]


async def test_blocking_and_coming_back_are_told(tmp_path: Path) -> None:
    async with running(tmp_path) as bot:
        ann = await bot.phones.add_person("Ann")
        await ann.press_start()
        await bot.until(lambda: bot.texts(ann.id))
        await ann.block()
        await bot.until(lambda: any(at for _, at in bot.blocked))
        await ann.block(blocked=False)
        await bot.until(lambda: bot.blocked[-1] == (ann.id, None))


async def test_finished_updates_are_confirmed_and_unfinished_ones_come_again(tmp_path: Path) -> None:
    async with running(tmp_path) as bot:
        ann, bob = await bot.phones.add_person("Ann"), await bot.phones.add_person("Bob")
        await ann.send("slow")
        await bob.send("quick")
        await bot.until(lambda: bot.texts(bob.id))
        assert not bot.sim.core.idle(), "the slow one is still unconfirmed, and so is what came after it"
        await ann.settle()
        assert bot.texts(ann.id) == ["1: slow"]


async def test_while_the_database_is_away_updates_wait_for_it(tmp_path: Path) -> None:
    from storage.database import NotCommitted  # noqa: PLC0415  # only here

    async with running(tmp_path) as bot:
        ann = await bot.phones.add_person("Ann")
        work, failures = bot.app.database.for_chat, [NotCommitted()] * 4

        def away(chat: int) -> Any:
            if failures:
                raise failures.pop()
            return work(chat)

        bot.app.database.for_chat = away  # type: ignore[method-assign]
        await ann.send("hello")
        await bot.until(lambda: bot.texts(ann.id) == ["1: hello"], 10)
        assert failures == []


async def test_a_tap_is_answered_before_its_slow_work_ends(tmp_path: Path) -> None:
    async with running(tmp_path, start=False) as bot:
        bot.router = slow_taps
        bot.build()
        bot.start()
        ann = await bot.phones.add_person("Ann")
        await ann.send("hello")
        await bot.until(lambda: bot.texts(ann.id))
        await ann.tap("Work")
        await bot.until(ann.answers)
        assert bot.texts(ann.id) == ["a button"], "the work goes on"
        await bot.until(lambda: bot.texts(ann.id) == ["done"])
        await ann.settle()
        assert len(ann.answers()) == 1


async def test_a_tap_on_a_message_that_can_not_be_edited_gets_a_new_one(tmp_path: Path) -> None:
    async with running(tmp_path) as bot:
        ann = await bot.phones.add_person("Ann")
        await ann.send("hello")
        await bot.until(lambda: bot.texts(ann.id))
        message = ann.last()["message_id"]
        await bot.app.bot.edit_message_text("You are here.", chat_id=ann.id, message_id=message)
        await ann.replay("again", message)
        await bot.until(lambda: bot.texts(ann.id) == ["tapped again, 2"])
        await bot.app.bot.delete_message(ann.id, message)
        query = await redelivered_tap(bot, ann.id, message)
        await bot.app.intake.begin(query)
        await bot.until(lambda: bot.texts(ann.id) == ["tapped gone, 3"])


async def redelivered_tap(bot: Running, person: int, message: int) -> dict[str, Any]:
    """A tap whose message is deleted meanwhile, and whose query is too old to be answered."""
    user = {"id": person, "is_bot": False, "first_name": "Ann"}
    chat = {"id": person, "type": "private", "first_name": "Ann"}
    tapped = {"message_id": message, "date": 1, "chat": chat, "text": "a card"}
    query = {"id": "1", "from": user, "chat_instance": "1", "data": "gone", "message": tapped}
    return {"update_id": 10**9, "callback_query": query}


def slow_taps() -> Router:
    router = Router()

    @router.message()
    async def hear(message: Message, speaker: Speaker) -> None:
        await speaker.show(message, Screen("a button", buttons=((Button("Work", "w"),),)))

    @router.callback_query()
    async def tap(query: CallbackQuery, speaker: Speaker) -> None:
        await asyncio.sleep(1.2)
        await speaker.show(query, Screen("done"))

    return router


@pytest.mark.parametrize(
    ("raw", "chat"),
    [
        ({"update_id": 1, "message": {"chat": {"id": 5}, "from": {"id": 9}}}, 5),
        ({"update_id": 1, "callback_query": {"from": {"id": 9}, "message": {"chat": {"id": -100}}}}, -100),
        ({"update_id": 1, "callback_query": {"from": {"id": 9}, "inline_message_id": "x"}}, 9),
        ({"update_id": 1, "my_chat_member": {"chat": {"id": 5}, "from": {"id": 5}}}, 5),
        ({"update_id": 1, "poll": {"id": "3"}}, 1),
    ],
)
def test_the_lane_of_an_update_is_its_chat(raw: dict[str, Any], chat: int) -> None:
    assert lane(raw) == chat
