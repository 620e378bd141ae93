"""A transcript performed on the phones of a running demo: acts first, then what is seen and said.

Nothing sleeps: each step waits for the event that it names, and says after `patience` seconds what came instead.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from bot.simulator.client import NothingSuch, Phone, SimClient, SimError
from bot.simulator.handset import text_of

from . import script
from .cast import Cast
from .looks import Looks
from .papers import paper
from .quoting import same_label
from .script import Line, Transcript

if TYPE_CHECKING:
    from bot.demo import Demo

Act = Callable[[Any], Awaitable[None]]


class Differs(AssertionError):
    """What happened is not what the transcript says: the line, and what came instead."""

    def __init__(self, line: Line, why: str) -> None:
        super().__init__(f"{line.place}: {line.source}\n{why}")
        self.line = line
        self.why = why


class Stage:
    """One transcript on one demo."""

    def __init__(self, demo: Demo, client: SimClient, patience: float = 10.0) -> None:
        self._demo = demo
        self._client = client
        self._cast = Cast(client)
        self._looks = Looks(client, self._cast, patience)
        self._patience = patience
        self._last_of: dict[str, int] = {}
        self._acts: dict[type, Act] = {
            script.Says: self._says,
            script.TypesCode: self._types_code,
            script.Taps: self._taps,
            script.Forges: self._forges,
            script.SendsFiles: self._sends_files,
            script.SendsSticker: self._sends_sticker,
            script.SendsVoice: self._sends_voice,
            script.SharesContact: self._shares_contact,
            script.SharesPlace: self._shares_place,
            script.Edits: self._edits,
            script.Forwards: self._forwards,
            script.MessageGone: self._message_gone,
            script.Passes: self._passes,
            script.ItIs: self._it_is,
            script.StartsAgain: self._starts_again,
            script.Delivers: self._delivers,
            script.Hears: self._looks.hears,
            script.SeesButtons: self._looks.sees_buttons,
            script.SeesCard: self._looks.sees_card,
            script.SeesNothingOf: self._looks.sees_nothing_of,
            script.Receives: self._looks.receives,
        }

    async def gather(self, transcript: Transcript) -> None:
        """Everybody takes their phone; the officers choose their language before anything comes."""
        for line in transcript.lines:
            if line.meets is not None:
                await self._meet(*line.meets)

    async def show_phones(self) -> None:
        """The page shows the phones of this transcript, and no others."""
        state = await self._client.state()
        for number in (person["id"] for person in state["people"]):
            shown = self._cast.holds(number)
            if (number in state["pinned"]) != shown:
                await self._client.post(f"/sim/people/{number}", {"pinned": shown}, "PATCH")

    async def perform(self, line: Line) -> None:
        """One step; everybody was gathered. Raises Differs."""
        try:
            await self._acts[type(line.step)](line.step)
        except (AssertionError, TimeoutError, SimError, KeyError) as wrong:
            raise Differs(line, str(wrong) or type(wrong).__name__) from wrong

    async def _meet(self, name: str, language: str) -> None:
        """An officer who reads another language than their phone's chooses it, as anybody would."""
        phone = await self._cast.meet(name, language)
        if not language or not self._cast.is_officer(name):
            return
        await phone.send("/language")
        await self._looks.button(phone, lambda _label, data: data == f"l:{language}", f"language {language}")
        await phone.tap(f"l:{language}")
        await self._client.settle()

    def _acting(self, name: str) -> Phone:
        """What the bot says from here on is the answer to what this person does now."""
        phone = self._cast.phone(name)
        self._looks.begin(name)
        return phone

    async def _says(self, step: script.Says) -> None:
        sent = await self._acting(step.who).send(step.text)
        self._last_of[step.who] = sent["message_id"]

    async def _types_code(self, step: script.TypesCode) -> None:
        await self._acting(step.who).send(await self._looks.code_on(step.number))

    async def _taps(self, step: script.Taps) -> None:
        phone = self._cast.phone(step.who)
        if step.old:
            message_id, data = self._looks.shown_before(phone, step.label)
            self._acting(step.who)
            await phone.replay(data, message_id)
            return
        message_id, data = await self._looks.button(
            phone, lambda label, _data: same_label(step.label, label), step.label
        )
        self._acting(step.who)
        await phone.tap(data, message_id)

    async def _forges(self, step: script.Forges) -> None:
        _, data = self._looks.shown_before(self._cast.phone(step.owner), step.label)
        phone = self._acting(step.who)
        await phone.replay(data, phone.last()["message_id"])

    async def _sends_files(self, step: script.SendsFiles) -> None:
        phone = self._acting(step.who)
        for name in step.names:
            picture = name.casefold().endswith((".jpg", ".jpeg", ".png"))
            await phone.send_file(paper(name), name, "photo" if picture else "document")
            await phone.settle()

    async def _sends_sticker(self, step: script.SendsSticker) -> None:
        await self._acting(step.who).send_sticker(step.emoji)

    async def _sends_voice(self, step: script.SendsVoice) -> None:
        await self._acting(step.who).send_voice()

    async def _shares_contact(self, step: script.SharesContact) -> None:
        phone = self._acting(step.who)
        if step.of is None:
            await phone.send_contact()
        else:
            await phone.send_contact("+8613900000001", own=False, first_name=step.of)

    async def _shares_place(self, step: script.SharesPlace) -> None:
        await self._acting(step.who).send_location(step.latitude, step.longitude)

    async def _edits(self, step: script.Edits) -> None:
        await self._acting(step.who).edit(self._last_of[step.who], step.text)

    async def _forwards(self, step: script.Forwards) -> None:
        await self._acting(step.who).send(step.text, forward_from="Somebody Else")

    async def _message_gone(self, step: script.MessageGone) -> None:
        phone, number = self._cast.phone(step.who), self._last_of[step.who]
        try:
            await self._client.wait_for(
                lambda: all(one["message_id"] != number for one in phone.messages()), self._patience
            )
        except TimeoutError as late:
            shown = [text_of(one) for one in phone.messages() if one["message_id"] == number]
            raise NothingSuch(f"it is still there: {shown}") from late

    async def _passes(self, step: script.Passes) -> None:
        await self._move_clock(by=step.by.total_seconds())

    async def _it_is(self, step: script.ItIs) -> None:
        await self._move_clock(at=step.at.isoformat())

    async def _move_clock(self, **to: str | float) -> None:
        """When it returns, all that was due by then is done."""
        await self._client.settle()
        await self._client.move_clock(**to)
        await self._demo.app.ticker.run_once(self._demo.clock.now())
        await self._client.settle()

    async def _starts_again(self, _step: script.StartsAgain) -> None:
        await self._client.settle()
        self._demo.start_again()

    async def _delivers(self, step: script.Delivers) -> None:
        await self._client.faults(duplicate_updates=step.twice)
