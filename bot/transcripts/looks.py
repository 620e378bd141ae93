"""What people of a transcript see: the bot's words, cards, buttons and letters, each waited for."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import Callable, Iterator
from typing import TypeVar

from pypdf import PdfReader

from bot.simulator.client import NothingSuch, Phone, SimClient
from bot.simulator.errors import Json
from bot.simulator.handset import text_of

from . import script
from .cast import Cast
from .quoting import difference, holds, quotes

T = TypeVar("T")
_CODE = re.compile(r"[A-Z2-9]{3}-[A-Z2-9]{3}-[A-Z2-9]{4}")
GLANCE = 0.3
"""Seconds after which a screen that did not change is taken as the answer: Telegram shows no event for it."""


class Looks:
    """Everything said by the bot so far, and how far each person has read."""

    def __init__(self, client: SimClient, cast: Cast, patience: float) -> None:
        self._client = client
        self._cast = cast
        self._patience = patience
        self._read: dict[str, int] = {}
        self._acted: dict[int, int] = {}
        self._last_actor = ""
        self._at: dict[int, int] = {}

    def begin(self, name: str) -> None:
        """This person acts now: only what is said later answers it."""
        self._last_actor = name
        self._read[name] = self._acted[self._cast.phone(name).id] = len(self._client.said)

    async def hears(self, step: script.Hears) -> None:
        """The bot's words to a person, in order; a screen that stands as it stood counts too."""
        name = step.who or self._last_actor
        phone = self._cast.phone(name)
        found = await self._wait(lambda: self._said(name, phone, step.quote), GLANCE)
        if found is None and not self._unread(name, phone):
            await self._client.settle()
            if not self._unread(name, phone) and quotes(step.quote, phone.last_text()):
                return
        found = found or await self._wait(lambda: self._said(name, phone, step.quote), self._patience)
        if found is None:
            unread = self._unread(name, phone)
            shown = text_of(unread[-1]) if unread else f"(nothing new; before:) {phone.last_text()}"
            raise NothingSuch(difference(step.quote, shown))
        self._read[name] = found

    async def sees_buttons(self, step: script.SeesButtons) -> None:
        """The labels under the latest message that has any."""
        phone = self._cast.phone(step.who)
        wanted = list(step.labels)
        if await self._wait(lambda: self._labels(phone) == wanted) is None:
            raise NothingSuch(f"    there are: {' | '.join(self._labels(phone))}")

    async def sees_card(self, step: script.SeesCard) -> None:
        """The newest message that holds all parts; taps go to it first."""
        phone = self._cast.phone(step.who)

        def held() -> Json | None:
            for message in self._newest_first(phone):
                if all(holds(text_of(message), part) for part in step.parts):
                    return message
            return None

        card = await self._wait(held)
        if card is None:
            shown = text_of(next(self._newest_first(phone), {}))
            missing = [part for part in step.parts if not holds(shown, part)]
            raise NothingSuch(f"    not there: {', '.join(missing)}\n    shown:\n{_indented(shown)}")
        self._at[phone.id] = card["message_id"]
        self._last_actor = step.who

    async def sees_nothing_of(self, step: script.SeesNothingOf) -> None:
        """None of the parts is anywhere on the phone, when all is done."""
        await self._client.settle()
        phone = self._cast.phone(step.who)
        for message in phone.messages():
            for part in step.parts:
                if message["outgoing_by"] == 0 and holds(text_of(message), part):
                    raise NothingSuch(f"    {part} is shown:\n{_indented(text_of(message))}")

    async def receives(self, step: script.Receives) -> None:
        """A PDF whose number stands in its file name and, with the other parts, in its text."""
        phone = self._cast.phone(step.who)

        def letter() -> Json | None:
            for message in self._newest_first(phone):
                if message.get("document", {}).get("file_name") == f"{step.number}.pdf":
                    return message
            return None

        found = await self._wait(letter)
        if found is None:
            papers = [one["document"]["file_name"] for one in phone.messages() if "document" in one]
            raise NothingSuch(f"    no such letter came; files: {papers}; last: {phone.last_text()}")
        text = await asyncio.to_thread(_text_of_pdf, await phone.download(found))
        missing = [part for part in (step.number, *step.parts) if not holds(text, part)]
        if missing:
            raise NothingSuch(f"    not in the letter: {', '.join(missing)}\n{_indented(text)}")

    async def code_on(self, number: str) -> str:
        """The verification code printed on a letter that somebody received. Raises NothingSuch."""
        for message in reversed(self._client.said):
            if message.get("document", {}).get("file_name") == f"{number}.pdf":
                document = await self._client.download(message["document"]["file_id"])
                printed = _CODE.search(await asyncio.to_thread(_text_of_pdf, document))
                if printed is not None:
                    return printed.group()
        raise NothingSuch(f"    nobody received a letter {number} with a code on it")

    async def button(self, phone: Phone, wanted: Callable[[str, str], bool], named: str) -> tuple[int, str]:
        """Message and data of a button that is offered now: on the card looked at, or on what came last."""

        def offered() -> tuple[int, str] | None:
            for message in self._before_eyes(phone):
                for label, data in _buttons(message):
                    if wanted(label, data):
                        return message["message_id"], data
            return None

        if not self._since_act(phone):
            await self._client.settle()  # what was done last is not answered yet: its screen may still change
        found = await self._wait(offered)
        if found is None:
            raise NothingSuch(
                f"    no button {named!r}; there are: {' | '.join(self._labels(phone))}\n"
                f"{_indented(text_of(next(self._newest_first(phone), {})))}"
            )
        self._at.pop(phone.id, None)
        return found

    def shown_before(self, phone: Phone, label: str) -> tuple[int, str]:
        """Message and data of a button that was offered at any time, latest first. Raises NothingSuch."""
        for message in reversed(self._client.said):
            if message["chat"]["id"] == phone.id:
                for shown, data in _buttons(message):
                    if shown == label:
                        return message["message_id"], data
        raise NothingSuch(f"    no button {label!r} was ever shown to {phone.first_name}")

    def _said(self, name: str, phone: Phone, quote: str) -> int | None:
        """The place after the first unread message that the quote is from."""
        for place in range(self._read.get(name, 0), len(self._client.said)):
            message = self._client.said[place]
            if message["chat"]["id"] == phone.id and quotes(quote, text_of(message)):
                return place + 1
        return None

    def _unread(self, name: str, phone: Phone) -> list[Json]:
        said = self._client.said[self._read.get(name, 0) :]
        return [message for message in said if message["chat"]["id"] == phone.id]

    def _before_eyes(self, phone: Phone) -> Iterator[Json]:
        """What a person looks at: the card chosen, what came since they acted, the newest that has buttons."""
        since = {one["message_id"] for one in self._since_act(phone)}
        since.add(self._at.get(phone.id, 0))
        newest_seen = False
        for message in self._newest_first(phone):
            is_newest = not newest_seen and bool(_buttons(message))
            newest_seen = newest_seen or is_newest
            if is_newest or message["message_id"] in since:
                yield message

    def _since_act(self, phone: Phone) -> list[Json]:
        said = self._client.said[self._acted.get(phone.id, 0) :]
        return [message for message in said if message["chat"]["id"] == phone.id]

    def _newest_first(self, phone: Phone) -> Iterator[Json]:
        """The bot's messages as they stand, the card that is looked at first, then the one changed last."""
        standing = {one["message_id"]: one for one in phone.messages() if one["outgoing_by"] == 0}
        looked_at = standing.get(self._at.get(phone.id, 0))
        if looked_at is not None:
            yield looked_at
        for message in reversed(self._client.said):
            if message["chat"]["id"] == phone.id:
                found = standing.pop(message["message_id"], None)
                if found is not None:
                    yield found
        yield from reversed(standing.values())

    def _labels(self, phone: Phone) -> list[str]:
        for message in self._newest_first(phone):
            labels = [label for label, _ in _buttons(message)]
            if labels:
                return labels
        return []

    async def _wait(self, look: Callable[[], T | None], seconds: float | None = None) -> T | None:
        """What is looked for, as soon as it is there; None after `seconds`."""
        try:
            return await self._client.wait_for(look, self._patience if seconds is None else seconds)
        except TimeoutError:
            return None


def _buttons(message: Json) -> list[tuple[str, str]]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [(one["text"], one["callback_data"]) for row in rows for one in row if "callback_data" in one]


def _text_of_pdf(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def _indented(text: str) -> str:
    return "\n".join(f"      {line}" for line in text.split("\n"))
