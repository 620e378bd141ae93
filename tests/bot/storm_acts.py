"""What a person or an officer may do in a storm: one act each, of random kind and content."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from bot.simulator.params import Upload
from bot.transcripts.papers import paper
from storage import turns
from storage.conversation import Asked
from tests.bot import hostile

if TYPE_CHECKING:
    from tests.bot.storm import Storm

APPLICANTS = (1001, 1002, 1003, 1004)
STRANGER = 1999
PASSPORTS = {1001: "K7Q4Z8W21", 1002: "K8R5Y7V32", 1003: "K9S6X6U43", 1004: "KAT7W5T54"}
"""A secret answer of each applicant: found in clear nowhere."""
CANARIES = {
    1001: "QUIVERWING",
    1002: "FLINTLARKE",
    1003: "OSPREYDALE",
    1004: "MERLINGATE",
    STRANGER: "TEALBROOKE",
}
"""A word of each person, in their answers and in nobody else's."""


async def say(storm: Storm, who: int) -> None:
    """A text: hostile, ordinary, or with the person's canary."""
    text = storm.dice.choice((*hostile.TEXTS, *hostile.ANSWERS, *hostile.ANSWERS))
    text = text.replace("CANARY", CANARIES.get(who, "nobody"))
    more = {"forward_from": "<b>Somebody</b>"} if storm.dice.random() < 0.05 else {}
    await storm.phones.send(who, {"text": text, **more})


async def tell_secret(storm: Storm, who: int) -> None:
    """The person's passport number, where the question they are at is a secret one; said while all is quiet."""
    turn = await storm.demo.app.database.hot_read(turns.look, storm.world, who)
    if isinstance(turn.view, Asked) and turn.view.question.secret:
        await storm.phones.send(who, {"text": PASSPORTS[who]})
        await storm.rest()


async def command(storm: Storm, who: int) -> None:
    text = storm.dice.choice(hostile.COMMANDS).replace("N", str(storm.dice.randint(1, 12)))
    await storm.phones.send(who, {"text": text})


async def toy(storm: Storm, who: int) -> None:
    """A sticker, a voice message, a contact, a place."""
    await storm.phones.send(who, storm.dice.choice(hostile.TOYS))


async def send_file(storm: Storm, who: int) -> None:
    name, content, kind, caption = storm.dice.choice(hostile.FILES)
    upload = Upload(name, "", content if content is not None else paper(name))
    await storm.phones.send(who, {"as": kind, "caption": caption}, [upload])


async def edit(storm: Storm, who: int) -> None:
    own = [one.id for one in _chat(storm, who) if one.sender == who]
    if own:
        storm.phones.edit(who, who, storm.dice.choice(own), storm.dice.choice(hostile.TEXTS))


async def tap(storm: Storm, who: int) -> None:
    """A button of the latest message that has some."""
    for message in reversed(_chat(storm, who)):
        if offered := _buttons(message):
            storm.phones.tap(who, who, message.id, storm.dice.choice(offered))
            return


async def judge(storm: Storm, who: int) -> None:
    """An officer says a verdict, or the next part of one."""
    if offered := judgements(storm, who):
        message, data = storm.dice.choice(offered)
        storm.phones.tap(who, who, message, data)


async def tap_twice(storm: Storm, who: int) -> None:
    for message in reversed(_chat(storm, who)):
        if offered := _buttons(message):
            data = storm.dice.choice(offered)
            storm.phones.tap(who, who, message.id, data)
            storm.phones.tap(who, who, message.id, data, replay=True)
            return


async def tap_old(storm: Storm, who: int) -> None:
    """Any button that was ever there."""
    with_buttons = [message for message in _chat(storm, who) if _buttons(message)]
    if with_buttons:
        message = storm.dice.choice(with_buttons)
        storm.phones.tap(who, who, message.id, storm.dice.choice(_buttons(message)))


async def forge(storm: Storm, who: int) -> None:
    """Somebody else's callback data, or data of one's own making."""
    other = storm.dice.choice(storm.everybody())
    seen = [data for message in _chat(storm, other) for data in _buttons(message)]
    data = storm.dice.choice(seen) if seen and storm.dice.random() < 0.5 else hostile.callback(storm.dice)
    if storm.dice.random() < 0.3:
        data = hostile.mutated(data, storm.dice)
    numbers = [message.id for message in _chat(storm, who)] or [1]
    storm.phones.tap(who, who, storm.dice.choice(numbers), data, replay=True)


async def block(storm: Storm, who: int) -> None:
    storm.phones.block(who, blocked=True)
    if storm.dice.random() < 0.7:
        storm.phones.block(who, blocked=False)


async def speak_otherwise(storm: Storm, who: int) -> None:
    storm.phones.change_person(who, {"language_code": storm.dice.choice(hostile.LANGUAGES)})


async def delete(storm: Storm, who: int) -> None:
    """The person clears their chat a little: the bot's messages too."""
    numbers = [message.id for message in _chat(storm, who)]
    if len(numbers) > 30:
        storm.phones.delete(who, who, storm.dice.sample(numbers, 5))


ACTS: Mapping[Callable[[Storm, int], Any], int] = {
    say: 30,
    tap: 34,
    tap_old: 10,
    tap_twice: 4,
    forge: 12,
    command: 9,
    toy: 4,
    send_file: 4,
    edit: 3,
    block: 1,
    speak_otherwise: 1,
    delete: 1,
}


def _chat(storm: Storm, who: int) -> list[Any]:
    return list(storm.demo.simulator.core.world.chats[who].messages.values())


def judgements(storm: Storm, who: int) -> list[tuple[int, str]]:
    """The verdicts that the person's latest messages offer."""
    latest = _chat(storm, who)[-4:]
    return [(one.id, data) for one in latest for data in _buttons(one) if data.startswith("review:")]


def _buttons(message: Any) -> list[str]:
    rows = (message.markup or {}).get("inline_keyboard", [])
    return [button["callback_data"] for row in rows for button in row if "callback_data" in button]
