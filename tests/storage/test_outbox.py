"""The outbox: posted once, claimed in order, kept until the outcome is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection
from sqlmodel import Session, select

from storage import dispatch, outbox, secrets, updates
from storage.database import Database
from storage.outbox import Call, Notice, OutboxRow, Priority, Shown, State

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def post_all(session: Session, *notices: Notice) -> list[bool]:
    return [outbox.post(session, notice, NOW) for notice in notices]


def keys(due: tuple[dispatch.Due, ...]) -> list[str]:
    return [each.key for each in due]


def state(session: Session, key: str) -> tuple[State, str | None]:
    row = session.exec(select(OutboxRow).where(OutboxRow.key == key)).one()
    return row.state, row.error


async def test_a_notice_is_posted_once_by_its_key(database: Database) -> None:
    notice = Notice("case:1:submitted", chat=7, event="submitted", values={"number": "SYFAO-2027-00001"})
    assert await database.work(post_all, notice, notice) == [True, False]
    (due,) = await database.work(dispatch.claim, 10, NOW, "one")
    assert (due.event, due.values, due.attempts) == ("submitted", {"number": "SYFAO-2027-00001"}, 1)


async def test_posting_tells_the_caller_to_wake_delivery(database: Database) -> None:
    def post_and_ask(where: Session | Connection, key: str) -> tuple[bool, bool, bool]:
        before = outbox.posted(where)
        outbox.post(where, Notice(key, chat=1), NOW)
        return before, outbox.posted(where), outbox.posted(where)

    assert await database.work(post_and_ask, "a") == (False, True, False)
    assert await database.hot(post_and_ask, "b") == (False, True, False)
    assert await database.hot(post_and_ask, "b") == (False, False, False)


async def test_a_chat_goes_out_in_order_and_others_beside_it(database: Database) -> None:
    await database.work(post_all, Notice("a1", chat=1), Notice("a2", chat=1), Notice("b1", chat=2))
    first = await database.work(dispatch.claim, 10, NOW, "one")
    assert keys(first) == ["a1", "b1"]
    assert await database.work(dispatch.claim, 10, NOW, "two") == (), "a2 waits while a1 is on its way"
    await database.work(dispatch.sent, first[0].id, [100], NOW)
    assert keys(await database.work(dispatch.claim, 10, NOW, "two")) == ["a2"]


async def test_of_edits_that_wait_for_one_message_the_last_goes_out(database: Database) -> None:
    """Who taps on while Telegram is slow gets the last screen; a message of its own, or a notice, is never lost."""
    edit = Notice("e1", chat=1, call=Call.EDIT, message_id=5)
    redrawn = Notice("card", chat=1, call=Call.EDIT, message_id=5, event="card", due_at=NOW + SECOND)
    waiting = (
        edit,
        redrawn,
        Notice("sent", chat=1),
        replace(edit, key="e2"),
        replace(edit, key="e3", message_id=6),
    )
    for notice in waiting:
        await database.work(outbox.post_reply, notice, NOW)
    kept = await database.read(
        lambda session: list(session.exec(select(OutboxRow.key).order_by(OutboxRow.id)))
    )  # type: ignore[arg-type]
    assert kept == ["card", "sent", "e2", "e3"]


async def test_a_verdict_overtakes_an_announcement(database: Database) -> None:
    announcement = Notice("hall", chat=1, priority=Priority.ANNOUNCEMENT)
    await database.work(post_all, announcement, Notice("verdict", chat=1))
    assert keys(await database.work(dispatch.claim, 10, NOW, "one")) == ["verdict"]


async def test_what_is_planned_for_later_holds_nobody_up(database: Database) -> None:
    hide = Notice("hide", chat=1, call=Call.DELETE, message_id=5, due_at=NOW + timedelta(minutes=1))
    await database.work(post_all, hide, Notice("next", chat=1))
    assert keys(await database.work(dispatch.claim, 10, NOW, "one")) == ["next"]
    standing = await database.hot_read(outbox.standing, 1, NOW)
    assert standing.waits, "the claimed row is still on its way"


async def test_a_row_that_is_tried_again_keeps_its_place(database: Database) -> None:
    await database.work(post_all, Notice("first", chat=1), Notice("second", chat=1))
    (due,) = await database.work(dispatch.claim, 10, NOW, "one")
    await database.work(dispatch.retry, due.id, NOW + 5 * SECOND, "no_answer")
    assert await database.work(dispatch.claim, 10, NOW, "one") == ()
    (again,) = await database.work(dispatch.claim, 10, NOW + 5 * SECOND, "one")
    assert (again.key, again.attempts) == ("first", 2)


async def test_rows_of_a_worker_that_died_are_repeated_after_its_lease(database: Database) -> None:
    await database.work(post_all, Notice("a", chat=1))
    await database.work(dispatch.claim, 10, NOW, "died")
    assert await database.work(dispatch.claim, 10, NOW + dispatch.LEASE, "other") == ()
    assert keys(await database.work(dispatch.claim, 10, NOW + dispatch.LEASE + SECOND, "other")) == ["a"]


async def test_a_secret_that_outlived_its_minute_is_never_sent(database: Database) -> None:
    await database.work(post_all, Notice("secret", chat=1, expires_at=NOW + SECOND), Notice("other", chat=2))
    assert keys(await database.work(dispatch.claim, 10, NOW + SECOND, "one")) == ["other"]
    assert await database.read(state, "secret") == (State.FAILED, "expired")


async def test_held_rows_wait_for_the_person_and_are_released_together(database: Database) -> None:
    await database.work(post_all, Notice("a", chat=1), Notice("b", chat=1))
    (due,) = await database.work(dispatch.claim, 10, NOW, "one")
    await database.work(dispatch.hold, due.id, "blocked", NOW)
    assert await database.work(dispatch.claim, 10, NOW, "one") == ()
    standing = await database.hot_read(outbox.standing, 1, NOW)
    assert (standing.waits, standing.held) == (False, True)
    await database.hot(outbox.release, 1, NOW)
    assert keys(await database.work(dispatch.claim, 10, NOW, "one")) == ["a"]


async def test_a_group_that_became_a_supergroup_takes_its_rows_along(database: Database) -> None:
    await database.work(post_all, Notice("a", chat=-5), Notice("b", chat=-5))
    (due,) = await database.work(dispatch.claim, 1, NOW, "one")
    await database.work(dispatch.move, -5, -1005)
    await database.work(dispatch.retry, due.id, NOW, "moved")
    (again,) = await database.work(dispatch.claim, 1, NOW, "one")
    assert (again.key, again.chat) == ("a", -1005)


async def test_a_card_is_found_by_case_and_reader_until_it_is_deleted(database: Database) -> None:
    card = Notice("card:3", chat=1, event="review", case=42, reader=9, version=3)
    await database.work(post_all, card)
    assert await database.read(outbox.shown_to, 42, 9) is None, "not sent yet"
    (due,) = await database.work(dispatch.claim, 1, NOW, "one")
    await database.work(dispatch.sent, due.id, [100, 101], NOW)
    assert await database.read(outbox.shown_to, 42, 9) == Shown(1, 101, 3)

    await database.work(outbox.remember, "card", 42, 9, Shown(1, 150, 4), NOW)
    assert await database.read(outbox.shown_to, 42, 9) == Shown(1, 150, 4), "the one opened from the list"

    await database.work(post_all, replace(card, key="gone", call=Call.DELETE))
    (due,) = await database.work(dispatch.claim, 1, NOW, "one")
    await database.work(dispatch.sent, due.id, [150], NOW)
    assert await database.read(outbox.shown_to, 42, 9) is None


async def test_a_sent_row_keeps_no_words(database: Database) -> None:
    def body(session: Session) -> bytes | None:
        return session.exec(select(OutboxRow.body)).one()

    await database.work(post_all, Notice("a", chat=1, event="submitted", values={"name": "王芳"}))
    sealed = await database.read(body)
    assert sealed is not None
    assert "王芳".encode() not in sealed
    (due,) = await database.work(dispatch.claim, 1, NOW, "one")
    assert "王芳" not in repr(due)
    await database.work(dispatch.sent, due.id, [1], NOW)
    assert await database.read(body) is None


async def test_a_row_under_a_lost_key_fails_alone(database: Database) -> None:
    await database.work(post_all, Notice("lost", chat=1))
    secrets.use(secrets.Keys(secrets.generate()))
    await database.work(post_all, Notice("readable", chat=2))
    assert keys(await database.work(dispatch.claim, 10, NOW, "one")) == ["readable"]
    assert await database.read(state, "lost") == (State.FAILED, "sealed_under_another_key")


async def test_the_ledger_is_counted_and_forgotten_in_time(database: Database) -> None:
    await database.work(post_all, Notice("a", chat=1), Notice("b", chat=2))
    due = await database.work(dispatch.claim, 1, NOW, "one")
    await database.work(dispatch.failed, due[0].id, "fault", NOW)
    assert await database.read(dispatch.counts) == {State.FAILED: 1, State.WAITING: 1}
    assert await database.work(dispatch.forget, NOW + dispatch.LEDGER_KEPT) == 0
    assert await database.work(dispatch.forget, NOW + dispatch.LEDGER_KEPT + SECOND) == 1


async def test_an_update_is_handled_once(database: Database) -> None:
    await database.hot(updates.mark, 10**12, NOW)
    with pytest.raises(updates.Redelivered):
        await database.hot(updates.mark, 10**12, NOW)
    assert await database.hot_read(updates.handled, 10**12)
    assert not await database.hot_read(updates.handled, 4), "ids may jump; no maximum is kept"
    assert await database.work(updates.forget, NOW + updates.KEPT) == 0
    assert await database.work(updates.forget, NOW + updates.KEPT + SECOND) == 1
    await database.hot(updates.mark, 10**12, NOW)


async def test_a_poisonous_update_is_recorded_without_its_content(database: Database) -> None:
    def recorded(session: Session) -> list[tuple[int, str, str]]:
        found = session.exec(select(updates.PoisonUpdate))
        return [(each.update_id, each.kind, each.error) for each in found]

    await database.work(updates.record_poison, 5, "message", "ZeroDivisionError", NOW)
    await database.work(updates.record_poison, 5, "message", "KeyError", NOW)
    assert await database.read(recorded) == [(5, "message", "KeyError")]
