"""One person's phone, held by a test or a player: what it shows, and what its owner does."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from .errors import Json

if TYPE_CHECKING:
    from .client import SimClient

T = TypeVar("T")


class NothingSuch(AssertionError):
    """What a phone was asked to tap or to wait for is not there; the message shows what is."""


class Phone:
    """One person's phone. Without `chat`, the private chat with the bot is meant."""

    def __init__(self, client: "SimClient", person: Json) -> None:
        self.client = client
        self.id: int = person["id"]
        self.first_name: str = person["first_name"]

    def messages(self, chat: int | None = None) -> list[Json]:
        """All messages in order, this person's own too ("outgoing_by" is 0 for the bot's)."""
        return list(self.client.chats.get(chat or self.id, {}).values())

    def last(self, chat: int | None = None) -> Json:
        """The bot's latest message. Raises NothingSuch."""
        for message in reversed(self.messages(chat)):
            if message["outgoing_by"] == 0:
                return message
        raise NothingSuch(f"the bot has said nothing to {self.first_name}")

    def last_text(self, chat: int | None = None) -> str:
        """Text or caption of the bot's latest message."""
        return text_of(self.last(chat))

    def answers(self) -> list[Json]:
        """What taps of this person were answered: events with text and show_alert."""
        return [answer for answer in self.client.answers if answer["person"] == self.id]

    async def send(self, text: str, chat: int | None = None, **more: object) -> Json:
        """Sends a text; `thread`, `reply_to`, `forward_from` are optional. Returns the message."""
        return await self._send(chat, {"text": text, **more})

    async def send_file(
        self, data: bytes, name: str, as_: str = "document", *, caption: str = "", chat: int | None = None
    ) -> Json:
        """Sends a file as "document" or "photo"."""
        act = {"person": self.id, "chat": chat, "as": as_, "caption": caption}
        sent: Json = (await self.client.upload(act, [(name, data)]))["message"]
        return sent

    async def send_files(
        self, files: list[tuple[str, bytes]], as_: str = "document", *, caption: str = ""
    ) -> list[Json]:
        """Sends files, as (name, bytes), in one album."""
        act = {"person": self.id, "as": as_, "caption": caption, "media_group": True}
        sent: list[Json] = (await self.client.upload(act, files))["messages"]
        return sent

    async def send_contact(self, phone_number: str = "", *, own: bool = True, first_name: str = "") -> Json:
        """Shares a card: the person's own (with their user_id), or somebody's."""
        card = {"phone_number": phone_number, "own": own, "first_name": first_name}
        return await self._send(None, {"contact": card})

    async def send_location(self, latitude: float, longitude: float) -> Json:
        return await self._send(None, {"location": {"latitude": latitude, "longitude": longitude}})

    async def send_sticker(self, emoji: str = "🙂") -> Json:
        return await self._send(None, {"sticker": emoji})

    async def send_voice(self) -> Json:
        return await self._send(None, {"voice": True})

    async def press_start(self, payload: str = "") -> Json:
        """Opens the bot's link with that payload."""
        body = {"person": self.id, "payload": payload}
        sent: Json = (await self.client.post("/sim/press_start", body))["message"]
        return sent

    async def edit(self, message_id: int, text: str, chat: int | None = None) -> Json:
        body = {"person": self.id, "chat": chat or self.id, "message_id": message_id, "text": text}
        edited: Json = (await self.client.post("/sim/edit", body))["message"]
        return edited

    async def block(self, *, blocked: bool = True) -> None:
        await self.client.post("/sim/block", {"person": self.id, "blocked": blocked})

    async def set_language(self, code: str | None) -> None:
        """Changes the language of the app."""
        await self.client.post(f"/sim/people/{self.id}", {"language_code": code}, "PATCH")

    async def commands(self) -> list[Json]:
        found: list[Json] = await self.client.get("/sim/commands", person=self.id)
        return found

    async def tap(self, button: str, message_id: int | None = None, chat: int | None = None) -> str:
        """Taps a button by its label or callback data, on that message or the latest that has it.

        A button of the reply keyboard sends its text, or the person's own card. Returns the callback query's id.
        Raises NothingSuch with the buttons that are there.
        """
        inline = self._find_inline(button, message_id, chat)
        if inline is not None:
            number, data = inline
            return await self.replay(data, number, chat, replay=False)
        reply = next((b for b in self.keyboard(chat) if b["text"] == button), None)
        if reply is None:
            raise NothingSuch(f"no button {button!r}; there are {self.buttons(chat)}")
        await (self.send_contact() if reply.get("request_contact") else self.send(button, chat))
        return ""

    async def replay(
        self, data: str, message_id: int, chat: int | None = None, *, replay: bool = True
    ) -> str:
        """Sends callback data although no button offers it now (an old client, or a forged tap)."""
        body = {"person": self.id, "chat": chat or self.id, "message_id": message_id, "data": data}
        return str((await self.client.post("/sim/tap", body | {"replay": replay}))["query_id"])

    def buttons(self, chat: int | None = None, message: Json | None = None) -> list[str]:
        """Labels of the inline buttons on that message (the bot's latest) and of the reply keyboard."""
        shown = message or self.last(chat)
        labels = [button["text"] for button in _inline(shown)]
        return labels if message else labels + [button["text"] for button in self.keyboard(chat)]

    def keyboard(self, chat: int | None = None) -> list[Json]:
        """The reply keyboard that is up now."""
        for message in reversed(self.messages(chat)):
            markup = message.get("reply_markup", {})
            if "keyboard" in markup:
                return [button for row in markup["keyboard"] for button in row]
            if "remove_keyboard" in markup:
                return []
        return []

    async def settle(self, quiet: float = 0.05, timeout: float = 10.0) -> None:  # noqa: ASYNC109  # raised by name
        """Until the bot is done with all it was told. Raises TimeoutError."""
        await self.client.settle(quiet, timeout)

    async def wait_for(self, condition: Callable[["Phone"], T | None], timeout: float = 5.0) -> T:  # noqa: ASYNC109
        """The first true value of `condition(phone)`. Raises NothingSuch with what is shown instead."""
        try:
            return await self.client.wait_for(lambda: condition(self), timeout)
        except TimeoutError as error:
            shown = [text_of(message) for message in self.messages()[-3:]]
            raise NothingSuch(
                f"{self.first_name} waited {timeout} s in vain; the latest are {shown}"
            ) from error

    async def wait_for_text(self, part: str, timeout: float = 5.0) -> Json:  # noqa: ASYNC109  # raised by name
        """The bot's latest message with `part` in its text or caption."""
        return await self.wait_for(lambda phone: _latest_with(phone, part), timeout)

    async def download(self, message: Json) -> bytes:
        """The document, photo (largest size) or other file of a message."""
        photo = message.get("photo")
        held = (
            photo[-1] if photo else next(message[k] for k in ("document", "voice", "video") if k in message)
        )
        return await self.client.download(held["file_id"])

    def _find_inline(self, button: str, message_id: int | None, chat: int | None) -> tuple[int, str] | None:
        for message in reversed(self.messages(chat)):
            if message_id is not None and message["message_id"] != message_id:
                continue
            for offered in _inline(message):
                if button in (offered.get("callback_data"), offered["text"]) and "callback_data" in offered:
                    return message["message_id"], offered["callback_data"]
        return None

    async def _send(self, chat: int | None, act: Json) -> Json:
        sent: Json = (await self.client.post("/sim/send", {"person": self.id, "chat": chat, **act}))[
            "message"
        ]
        return sent


def text_of(message: Json) -> str:
    """Text or caption of a message."""
    return str(message.get("text") or message.get("caption") or "")


def _inline(message: Json) -> list[Json]:
    return [button for row in message.get("reply_markup", {}).get("inline_keyboard", []) for button in row]


def _latest_with(phone: Phone, part: str) -> Json | None:
    for message in reversed(phone.messages()):
        if message["outgoing_by"] == 0 and part in text_of(message):
            return message
    return None
