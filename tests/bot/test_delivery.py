"""What is said unasked: every refusal of Telegram has its consequence, and no row is lost or out of order."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from bot.courier import Courier
from bot.delivery import Line, Refused
from bot.pacing import GROUP, Pace, Quota
from bot.simulator.limits import Limits
from handlers.calls import Call as BotCall
from handlers.pause import Pause
from handlers.refusals import Refusal, refusal
from handlers.screens import Attachment, Screen
from storage import dispatch, outbox
from storage.outbox import Call, Notice, Priority, Shown, State
from tests.bot.running import Running, running, word

PDF = b"%PDF-1.7 a letter"


async def meet(bot: Running, name: str = "Ann") -> Any:
    """A person who pressed Start and read the answer."""
    person = await bot.phones.add_person(name)
    await person.press_start()
    await bot.until(lambda: bot.texts(person.id) == ["1: /start"])
    return person


def notice(key: str, chat: int, **more: Any) -> Notice:
    return Notice(key, chat=chat, event="told", values={"text": key}, **more)


async def settled(bot: Running, *states: State) -> None:
    """Wait until no row is on its way, and each stands in one of these states."""
    for _ in range(250):
        rows = await bot.rows()
        if all(row.state in states for row in rows):
            return
        await asyncio.sleep(0.02)
    raise AssertionError([(row.key, row.state, row.error) for row in rows])


async def test_a_notice_is_worded_when_it_is_sent_and_remembered_by_case(tmp_path: Path) -> None:
    async with running(tmp_path) as bot:
        ann = await meet(bot)
        await bot.post(notice("granted", ann.id, case=42, reader=9, version=3))
        await bot.until(lambda: bot.texts(ann.id)[1:] == ["granted"])
        await settled(bot, State.SENT)
        shown = await bot.app.database.read(outbox.shown_to, 42, 9)
        assert shown == Shown(ann.id, ann.last()["message_id"], 3)


async def test_it_goes_out_as_soon_as_a_commit_posts_it(tmp_path: Path) -> None:
    async with running(tmp_path) as bot:
        ann = await meet(bot)
        begun = time.monotonic()
        await bot.post(notice("granted", ann.id))
        await bot.until(lambda: bot.texts(ann.id)[1:] == ["granted"])
        assert time.monotonic() - begun < 0.8, "sooner than the next look for rows of other processes"


async def test_a_card_is_redrawn_in_place(tmp_path: Path) -> None:
    async with running(tmp_path) as bot:
        ann = await meet(bot)
        card: dict[str, Any] = {"case": 42, "reader": 9}
        await bot.post(notice("card", ann.id, **card), notice("redrawn", ann.id, call=Call.EDIT, **card))
        await bot.until(lambda: bot.texts(ann.id)[1:] == ["redrawn"])
        again = Notice("again", ann.id, event="told", values={"text": "redrawn"}, call=Call.EDIT, **card)
        await bot.post(again)
        await settled(bot, State.SENT)
        assert bot.texts(ann.id)[1:] == ["redrawn"], "the same once more is no fault: not modified"


async def test_a_card_that_is_gone_is_sent_anew(tmp_path: Path) -> None:
    async with running(tmp_path) as bot:
        ann = await meet(bot)
        await bot.post(notice("redrawn", ann.id, call=Call.EDIT, message_id=999))
        await bot.until(lambda: bot.texts(ann.id)[1:] == ["redrawn"])


async def test_a_secret_is_hidden_after_its_minute(tmp_path: Path) -> None:
    async with running(tmp_path) as bot:
        ann = await meet(bot)
        secret: dict[str, Any] = {"case": 42, "reader": 9}
        minute = bot.clock.now() + timedelta(minutes=1)
        await bot.post(
            notice("E12345678", ann.id, **secret),
            Notice("hide", ann.id, call=Call.DELETE, due_at=minute, **secret),
        )
        await bot.until(lambda: bot.texts(ann.id)[1:] == ["E12345678"])
        bot.clock.move(minute + timedelta(seconds=1))
        await bot.until(lambda: bot.texts(ann.id)[1:] == [])
        await bot.post(Notice("hide again", ann.id, call=Call.DELETE, message_id=999))
        await settled(bot, State.SENT)


async def test_a_letter_comes_as_one_message_with_its_text_as_caption(tmp_path: Path) -> None:
    async with running(tmp_path) as bot:
        ann = await meet(bot)
        kept = bot.app.files.put(PDF, "letter.pdf", "application/pdf")
        letter = Attachment("letter.pdf", "application/pdf", digest=kept.digest)
        screen = Screen("Your letter, <signed>.", attachments=(letter,))
        await bot.post(Notice("letter", ann.id, screen=screen.pack()))
        await bot.until(lambda: bot.texts(ann.id)[1:] == ["Your letter, <signed>."])
        assert ann.last()["document"]["file_name"] == "letter.pdf"
        assert await bot.app.bot.download(ann.last()["document"]["file_id"])


async def test_an_album_has_its_text_below(tmp_path: Path) -> None:
    async with running(tmp_path) as bot:
        ann = await meet(bot)
        files = tuple(
            Attachment(f"{n}.pdf", "application/pdf", content=PDF, caption=f"{n}") for n in range(3)
        )
        await bot.post(Notice("files", ann.id, screen=Screen("Three files.", attachments=files).pack()))
        await bot.until(lambda: bot.texts(ann.id)[1:] == ["0", "1", "2", "Three files."])


async def test_who_blocked_the_bot_is_marked_and_told_when_they_come_back(tmp_path: Path) -> None:
    async with running(tmp_path) as bot:
        ann = await meet(bot)
        await ann.block()
        await bot.post(notice("first", ann.id), notice("second", ann.id))
        await settled(bot, State.HELD)
        assert bot.blocked[-1][0] == ann.id
        assert bot.blocked[-1][1] is not None
        await ann.block(blocked=False)
        await ann.send("I am back")
        await bot.until(lambda: set(bot.texts(ann.id)[1:]) == {"first", "second", "2: I am back"})
        assert bot.texts(ann.id)[1:3] == ["first", "second"], "in their order, and the reply behind them"


async def test_who_never_pressed_start_is_told_when_they_do(tmp_path: Path) -> None:
    async with running(tmp_path) as bot:
        ann, bob = await bot.phones.add_person("Ann"), await bot.phones.add_person("Bob")
        group = await bot.phones.add_group("Office", [ann, bob])
        await bob.send("/hello", chat=group)
        await bot.post(notice("for Bob", bob.id))
        await settled(bot, State.HELD)
        await bob.press_start()
        await bot.until(lambda: bot.texts(bob.id) == ["for Bob", "1: /start"])


async def test_a_group_that_became_a_supergroup_is_followed(tmp_path: Path) -> None:
    async with running(tmp_path) as bot:
        ann = await meet(bot)
        group = await bot.phones.add_group("Office", [ann])
        bot.sim.phones.migrate(group)
        await bot.post(notice("card", group), notice("second", group))
        await settled(bot, State.SENT)
        (row, _) = await bot.rows()
        assert row.chat != group


@pytest.mark.parametrize("status", [500, 502])
async def test_a_server_error_is_tried_again_in_order(tmp_path: Path, status: int) -> None:
    async with running(tmp_path) as bot:
        ann = await meet(bot)
        bot.sim.set_faults({"refuse": {"next": 1, "status": status}})
        await bot.post(notice("first", ann.id), notice("second", ann.id))
        await bot.until(lambda: bot.texts(ann.id)[1:] == ["first", "second"])


async def test_told_to_wait_everything_waits_and_the_same_row_is_repeated(tmp_path: Path) -> None:
    async with running(tmp_path) as bot:
        ann, bob = await meet(bot), await meet(bot, "Bob")
        bot.sim.set_faults({"rate_limit": {"next": 1, "retry_after": 1}})
        begun = time.monotonic()
        await bot.post(notice("first", ann.id))
        await asyncio.sleep(0.2)
        await bot.post(notice("for Bob", bob.id))
        await bot.until(lambda: bot.texts(bob.id)[1:] == ["for Bob"])
        assert time.monotonic() - begun > 1, "the pause is for everything of this bot"
        await bot.until(lambda: bot.texts(ann.id)[1:] == ["first"])


async def test_an_answer_that_got_lost_may_double_but_never_lose(tmp_path: Path) -> None:
    async with running(tmp_path) as bot:
        ann = await meet(bot)
        await bot.post(notice("before", ann.id))
        await settled(bot, State.SENT)
        bot.sim.set_faults({"drop_answers": 1})
        await bot.post(notice("first", ann.id), notice("second", ann.id))
        await bot.until(lambda: "second" in bot.texts(ann.id))
        assert bot.texts(ann.id)[2:] == ["first", "first", "second"]


async def test_what_a_dead_process_had_in_hand_goes_out_at_the_next_start(tmp_path: Path) -> None:
    async with running(tmp_path, start=False) as bot:
        ann = await bot.phones.add_person("Ann")
        await ann.press_start()
        await bot.post(notice("granted", ann.id))
        assert await bot.app.database.work(dispatch.claim, 5, bot.clock.now(), "a process that was killed")
        bot.start()
        await bot.until(lambda: "granted" in bot.texts(ann.id), 3)


async def test_a_fault_of_ours_ends_after_three_tries_and_others_go_on(tmp_path: Path) -> None:
    async with running(tmp_path) as bot:
        ann, bob = await meet(bot), await meet(bot, "Bob")
        await bot.post(Notice("bad", ann.id, event="broken"), notice("next", ann.id), notice("other", bob.id))
        await bot.until(lambda: bot.texts(bob.id)[1:] == ["other"])
        await bot.until(lambda: bot.texts(ann.id)[1:] == ["next"], 10)
        (failed,) = await bot.rows(State.FAILED)
        assert (failed.key, failed.error, failed.attempts) == ("bad", "KeyError", 3)


async def test_a_chat_that_never_was_is_a_fault_of_ours_at_once(tmp_path: Path) -> None:
    async with running(tmp_path) as bot:
        await bot.post(notice("nowhere", 12345))
        await settled(bot, State.FAILED)
        (failed,) = await bot.rows()
        assert (failed.error, failed.attempts) == ("fault", 1)


async def test_what_has_nothing_left_to_say_is_done(tmp_path: Path) -> None:
    async with running(tmp_path) as bot:
        await bot.post(Notice("stale", 5, event="silent"))
        await settled(bot, State.SENT)


async def test_topics_are_opened_found_and_mended(tmp_path: Path) -> None:
    async with running(tmp_path) as bot:
        ann = await meet(bot)
        forum = await bot.phones.add_group("Office", [ann], is_forum=True, bot="administrator")
        await bot.post(
            Notice("topic", forum, call=Call.TOPIC, values={"name": "SYFAO-2027-00001"}, case=42),
            notice("card", forum, case=42),
        )
        await bot.until(lambda: bot.texts(forum)[-1:] == ["card"])
        await settled(bot, State.SENT)
        topic, card = await bot.rows()
        assert topic.thread == card.thread
        assert topic.thread is not None
        await bot.post(notice("into a deleted topic", forum, thread=987654))
        await settled(bot, State.SENT)
        assert bot.texts(forum)[-1] == "into a deleted topic", "General, since nobody named a new one"


async def test_a_refused_token_ends_the_bot_with_one_line(tmp_path: Path) -> None:
    bot = Running(tmp_path)
    await bot.sim.start()
    try:
        app = bot.build(token="4242:TEST-another_token")
        with pytest.raises(Exception, match="BOT_TOKEN: Telegram refuses it"):
            await asyncio.wait_for(app.run(signals=False), 10)
    finally:
        await bot.sim.stop()


async def test_no_transaction_is_open_during_a_call(tmp_path: Path) -> None:
    async with running(tmp_path) as bot:
        ann = await meet(bot)
        bot.sim.set_faults({"slow_ms": 400})
        await bot.post(notice("slow", ann.id))
        await asyncio.sleep(0.15)
        begun = time.monotonic()
        await bot.app.database.work(lambda session: session.connection())
        assert time.monotonic() - begun < 0.2
        bot.sim.set_faults({"slow_ms": 0})


async def test_a_hundred_notices_meet_no_refusal_and_come_evenly(tmp_path: Path) -> None:
    """The simulator counts as Telegram does: 30 a second in all."""
    bot = Running(tmp_path)
    bot.sim = type(bot.sim)(token=bot.sim.token, now=bot.clock.now, limits=Limits())
    await bot.sim.start()
    app = bot.build()
    people = [bot.sim.phones.add_person(first_name=f"P{n}") for n in range(100)]
    for each in people:
        await bot.sim.phones.press_start(each.id)
    await bot.post(*(notice(f"n{n}", each.id) for n, each in enumerate(people)))
    begun = time.monotonic()
    await app.courier.drain()
    taken = time.monotonic() - begun
    rows = await bot.rows()
    assert {row.state for row in rows} == {State.SENT}
    assert {row.attempts for row in rows} == {1}, "no row was told to wait"
    assert 100 / 29 - 0.5 < taken < 100 / 20
    await app.courier.stop()
    await app.bot.session.close()
    await app.database.close()
    await bot.sim.stop()


async def test_the_urgent_overtake_the_patient_in_the_pace() -> None:
    pace, order = Pace(Pause(), rate=100), []

    async def take(chat: int, urgency: int) -> None:
        await pace.turn(chat, urgency)
        order.append(chat)

    patient = [asyncio.create_task(take(chat, Priority.ANNOUNCEMENT)) for chat in range(1, 20)]
    await asyncio.sleep(0.03)
    await take(99, Priority.NOTICE)
    assert 99 in order[:6]
    await asyncio.gather(*patient)


async def test_one_chat_has_a_small_burst_and_then_one_a_second() -> None:
    pace, times = Pace(Pause(), rate=1000), []
    for _ in range(5):
        await pace.turn(7)
        times.append(time.monotonic())
    assert times[2] - times[0] < 0.2
    assert 0.8 < times[4] - times[3] < 1.3


def test_a_group_never_gets_more_than_twenty_in_a_minute() -> None:
    quota: Quota = GROUP
    assert quota.burst + 60 / quota.interval <= 20


@pytest.mark.parametrize(
    ("status", "text", "meaning"),
    [
        (403, "Forbidden: bot was blocked by the user", Refusal.BLOCKED),
        (400, "Bad Request: USER IS DEACTIVATED", Refusal.DEACTIVATED),
        (400, "Bad Request: message thread not found", Refusal.THREAD_GONE),
        (400, "Bad Request: message to edit not found", Refusal.MESSAGE_GONE),
        (400, "Bad Request: message is not modified: specified new message content", Refusal.NOT_MODIFIED),
        (403, "Forbidden: bot was kicked from the supergroup chat", Refusal.REMOVED),
        (401, "Unauthorized", Refusal.UNAUTHORIZED),
        (400, "Bad Request: can't parse entities: unclosed start tag", Refusal.FAULT),
        (413, "Request Entity Too Large", Refusal.TOO_LARGE),
    ],
)
def test_refusals_are_named_by_status_and_part_of_the_text(status: int, text: str, meaning: Refusal) -> None:
    assert refusal(status, text) is meaning


async def test_the_line_needs_no_loader_for_texts_and_names_refusals(tmp_path: Path) -> None:
    async with running(tmp_path, start=False) as bot:

        async def load(_: str) -> bytes:
            raise AssertionError

        line = Line(bot.sim.token, pause=Pause(), load=load, api_url=bot.sim.url)
        with pytest.raises(Refused) as refused:
            await line.call(BotCall("sendMessage", {"chat_id": 1, "text": "hello"}))
        assert refused.value.meaning is Refusal.FAULT
        await line.close()


async def test_two_couriers_on_one_outbox_send_each_row_once(tmp_path: Path) -> None:
    async with running(tmp_path, start=False) as bot:
        people = [bot.sim.phones.add_person(first_name=f"P{n}") for n in range(12)]
        for each in people:
            await bot.sim.phones.press_start(each.id)
        await bot.post(*(notice(f"n{n}", each.id) for n, each in enumerate(people)))
        line = Line(bot.sim.token, pause=Pause(), load=lambda _: asyncio.sleep(0, b""), api_url=bot.sim.url)
        other = Courier(bot.app.database, line, _word, bot.clock.now, Pause())
        await asyncio.gather(bot.app.courier.drain(), other.drain())
        assert [len(bot.texts(each.id)) for each in people] == [1] * 12
        await other.stop()


def _word(session: Session, due: Any) -> Screen | None:
    return word(session, due)
