"""Two at once, twice, too late, and from the wrong phone: one effect, and everybody sees how it stands.

Each test files a case of its own by the story, on one running bot.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from bot.simulator.handset import Phone, text_of
from tests.bot.processed import APPLICANT, CHIEF, DESK, DIRECTOR, PEOPLE, SECOND_DESK, Office, office
from tests.bot.processes import Processes
from tests.bot.story import Step, perform

pytestmark = pytest.mark.asyncio(loop_scope="session")

PATIENCE = 25.0
MALLORY = 402
MARKUP = "<b>Talks</b> & </i> &lt;x&gt; \u202e[x](tg://user?id=1) *y* _z_ 🀄"
SECRET = "Bullfinchery"
FORM = (
    Step(APPLICANT, "/start short_visit", "Short visit"),
    Step(APPLICANT, "[Begin anew]", "What is the short visit about?"),
    Step(APPLICANT, "Talks on bridges", "A word that is secret?"),
    Step(APPLICANT, SECRET, "Check your answers"),
)
"""The form of somebody who agreed to the privacy notice before, and has a draft of it lying about."""
SENDING = Step(APPLICANT, "[Send to the office]", "We have received")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def place(parent: Processes, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    async with office(tmp_path_factory.mktemp("races"), parent) as made:
        for telegram_id in (*PEOPLE, MALLORY):
            await made.person(telegram_id, f"Person {telegram_id} <b>&amp;</b>")
        await made.start()
        agreeing = Step(APPLICANT, "[Begin]", "What we keep"), Step(APPLICANT, "[Agree]", FORM[1].sees)
        await perform(made, FORM[0], *agreeing, patience=PATIENCE)
        await made.people[APPLICANT].send("/cancel")
        yield made
        assert made.child is not None
        assert await made.child.end() == 0
        log = await asyncio.to_thread(made.log.read_text)
        assert "update_failed" not in log
        assert "delivery_failed" not in log


async def test_send_tapped_twice_files_once(place: Office) -> None:
    ann = place.people[APPLICANT]
    await _fill(place)
    data, message = _button(ann, "Send to the office")
    await asyncio.gather(*(ann.replay(data, message) for _ in range(3)))
    await place.delivered()
    number = f"SYFAO-2026-{_newest(place):05d}"
    assert number in ann.last_text()
    assert sum(f"{number}" in text_of(one) for one in place.people[DESK].messages()) == 1
    await ann.replay(data, message)
    await place.delivered()
    assert number in ann.last_text(), "the receipt again"
    assert _newest(place) == int(number[-5:]), "and no second case"


async def test_of_two_officers_at_once_one_decides_and_the_other_learns_who(place: Office) -> None:
    case = await _filed(place)
    desks = place.people[DESK], place.people[SECOND_DESK]
    before = [len(one.messages()) for one in desks]
    cards = [_button(one, f"review:{case}:1:approve") for one in desks]
    await asyncio.gather(*(one.replay(*card) for one, card in zip(desks, cards, strict=True)))
    await place.delivered()
    assert _versions(place)[case] == 2, "one verdict"
    told = [text_of(_message(one, card[1])) for one, card in zip(desks, cards, strict=True)]
    winner = "Desk" if "Last: Desk," in told[0] else "Second desk"
    for text in told:
        assert "stage 2 of 3" in text, "both cards show how it stands"
        assert f"Last: {winner}, Approve" in text
    assert [len(one.messages()) for one in desks] == before, "redrawn in place"
    assert not any(_offers(one, f"review:{case}:1:approve") for one in desks)


async def test_an_old_card_decides_nothing_and_is_redrawn(place: Office) -> None:
    case = await _filed(place)
    late = place.people[SECOND_DESK]
    card = _button(late, f"review:{case}:1:approve")
    await place.people[DESK].tap(f"review:{case}:1:approve")
    await place.delivered()
    for verdict in ("approve", "refuse", "refuse.r0", "return", "hold", "approve.sure"):
        await late.replay(f"review:{case}:1:{verdict}", card[1])
        await place.delivered()
        shown = text_of(_message(late, card[1]))
        assert "stage 2 of 3" in shown
        assert "Last: Desk, Approve" in shown, "who decided, and what"
    assert _versions(place)[case] == 2


async def test_data_of_other_peoples_buttons_shows_nothing_and_does_nothing(place: Office) -> None:
    case = await _filed(place)
    await _fill(place, *FORM[:3])  # and a draft with an answer, left open
    draft = _draft_of(place)
    mallory = place.people[MALLORY]
    await mallory.send("/start")
    await place.delivered()
    number = mallory.last()["message_id"]
    held = await _held(place)
    case_verbs = (
        "",
        ":letter",
        ":withdraw",
        ":withdraw_sure",
        ":correct",
        ":copy",
        ":urge",
        ":object",
        ":drop",
    )
    forged = [
        *(f"c:{case}{verb}" for verb in case_verbs),
        *(f"case:{case}{verb}" for verb in ("", ":card", ":secrets", ":files", ":history")),
        *(
            f"review:{case}:1:{verdict}"
            for verdict in ("approve", "refuse", "refuse.r0", "return", "return.x0")
        ),
        *(
            f"d:{draft[0]}:{draft[1]}:{verb}"
            for verb in ("back", "skip", "send", "send1", "o0", "g0", "later", "p1")
        ),
        f"D:{draft[0]}",
        "desk",
        "review:99999999999:1:approve",
        f"d:{draft[0]}:{draft[1]}:",
    ]
    for data in forged:
        await mallory.replay(data, number)
    await place.delivered()
    seen = "\n".join(text_of(one) for one in place.phones.said if one["chat"]["id"] == MALLORY)
    for private in ("SYFAO-", "bridges", "Short visit\n", SECRET, "••••"):
        assert private not in seen
    assert await _held(place) == held, "nothing was done"


async def test_an_officer_of_another_stage_decides_nothing(place: Office) -> None:
    case = await _filed(place)
    chief = place.people[CHIEF]
    await chief.send("/desk")
    await place.delivered()
    held = await _held(place)
    for who in (CHIEF, DIRECTOR):
        phone = place.people[who]
        await phone.send("/desk")
        await place.delivered()
        for verdict in ("approve", "approve.sure", "refuse", "refuse.r0", "return"):
            await phone.replay(f"review:{case}:1:{verdict}", phone.last()["message_id"])
    await place.delivered()
    assert await _held(place) == held


async def test_a_notice_for_who_blocked_the_bot_waits_until_they_are_back(place: Office) -> None:
    case = await _filed(place)
    ann = place.people[APPLICANT]
    await ann.block()
    heard = len(place.phones.said)
    await place.people[DESK].tap(f"review:{case}:1:approve")
    await place.delivered()
    await place.people[CHIEF].wait_for(lambda phone: _offers(phone, f"review:{case}:2:approve"), PATIENCE)
    await place.people[CHIEF].tap(f"review:{case}:2:approve")
    await place.delivered()
    assert not _heard(place, ann, heard)
    await ann.block(blocked=False)
    await ann.wait_for_text("stage 3 of 3", PATIENCE)
    await place.delivered()
    told = _heard(place, ann, heard)
    assert len(told) == 1, f"told once how it stands, not every step that they missed: {told}"


async def test_markup_in_what_people_write_stays_what_they_wrote(place: Office) -> None:
    await _fill(place, *FORM[:2])
    ann = place.people[APPLICANT]
    plain = MARKUP.replace("\u202e", "")
    await perform(place, Step(APPLICANT, MARKUP, FORM[2].sees), FORM[3], SENDING, patience=PATIENCE)
    await place.delivered()
    summary = next(one for one in reversed(place.phones.said) if "Check your answers" in text_of(one))
    assert plain.replace(" ", "")[:20] in text_of(summary).replace(" ", "")
    card = place.people[DESK].last_text()
    assert "<b>Talks</b> &" in card
    assert not any(entity["type"] in {"text_link", "text_mention"} for entity in summary.get("entities", ()))
    assert ann.first_name.startswith("Person 401 <b>")


async def test_in_a_group_only_the_way_to_the_private_chat_is_shown(place: Office) -> None:
    ann, mallory = place.people[APPLICANT], place.people[MALLORY]
    group = await place.phones.add_group("Friends", [ann, mallory])
    for text in ("/apply", "/cases", "/start short_visit", "/desk", "/case SYFAO-2026-00001"):
        before = len(ann.messages(group))
        await ann.send(text, chat=group)
        await place.delivered()
        assert len(ann.messages(group)) == before + 2
        shown = ann.last(group)
        assert "private chat" in text_of(shown)
        buttons = [button for row in shown["reply_markup"]["inline_keyboard"] for button in row]
        assert [list(button) for button in buttons] == [["text", "url"]]
        assert buttons[0]["url"].startswith("https://t.me/")
    count = len(ann.messages(group))
    await ann.send("hello everybody", chat=group)
    await place.delivered()
    assert len(ann.messages(group)) == count + 1, "talk of others is not answered"


async def _fill(place: Office, *steps: Step) -> None:
    await perform(place, *(steps or FORM), patience=PATIENCE)
    await place.delivered()


async def _filed(place: Office) -> int:
    """File a case; its key."""
    await _fill(place)
    await perform(place, SENDING, patience=PATIENCE)
    await place.delivered()
    return _newest(place)


def _newest(place: Office) -> int:
    return int(place.look("SELECT max(id) FROM cases")[0][0] or 0)


def _versions(place: Office) -> dict[int, int]:
    return dict(place.look("SELECT id, version FROM cases"))


def _draft_of(place: Office) -> tuple[int, int]:
    found = place.look("SELECT id, revision FROM drafts WHERE submitted_at IS NULL ORDER BY touched_at DESC")[
        0
    ]
    return int(found[0]), int(found[1])


async def _held(place: Office) -> Any:
    """All that forged taps might change."""
    return [
        place.look("SELECT id, version, status FROM cases"),
        place.look("SELECT id, revision, person, submitted_at FROM drafts"),
        place.look("SELECT count(*) FROM audit"),
        place.look("SELECT count(*) FROM pending_reviews"),
    ]


def _offers(phone: Phone, data: str) -> bool:
    return any(
        button.get("callback_data") == data
        for message in phone.messages()
        for row in message.get("reply_markup", {}).get("inline_keyboard", [])
        for button in row
    )


def _button(phone: Phone, button: str) -> tuple[str, int]:
    """Data and message of the newest button of that label or data."""
    for message in reversed(phone.messages()):
        for row in message.get("reply_markup", {}).get("inline_keyboard", []):
            for one in row:
                if button in (one["text"], one.get("callback_data")):
                    return one["callback_data"], message["message_id"]
    raise AssertionError(f"no button {button}; there are {phone.buttons()}")


def _message(phone: Phone, number: int) -> dict[str, Any]:
    return next(one for one in phone.messages() if one["message_id"] == number)


def _heard(place: Office, phone: Phone, since: int) -> list[str]:
    return [text_of(one) for one in place.phones.said[since:] if one["chat"]["id"] == phone.id]
