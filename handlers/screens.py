"""Screen = text, buttons, attachments: a plain value that says what a person sees; no Telegram library here.

`handlers/calls.py` turns a Screen into Bot API calls; `handlers/speaker.py` sends them to who just spoke.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from markupsafe import Markup, escape

Text = str | Markup
"""A plain str is escaped when it becomes a Screen; Markup is Telegram HTML and stays as it is."""

MAX_BUTTONS = 100
MAX_IN_ROW = 8

_TAG = re.compile(r"<[^>]*>")


class UnfitScreen(ValueError):
    """A screen or button that Telegram would refuse (Bot API: InlineKeyboardButton, ReplyKeyboardMarkup)."""


@dataclass(frozen=True, slots=True)
class Button:
    """An inline button: a label and one of callback data (1-64 bytes), a link, a text to copy (1-256)."""

    label: str
    data: str | None = None
    url: str | None = None
    copy: str | None = None

    def __post_init__(self) -> None:
        if not self.label.strip():
            raise UnfitScreen("a button has no label")
        if sum(bool(action) for action in (self.data, self.url, self.copy)) != 1:
            raise UnfitScreen(f"button {self.label!r} needs exactly one of data, url, copy")
        if self.data and len(self.data.encode()) > 64:
            raise UnfitScreen(f"callback data of {len(self.data.encode())} bytes: {self.data!r}")
        if self.copy and len(self.copy) > 256:
            raise UnfitScreen(f"{len(self.copy)} characters to copy, at most 256")


class Wants(StrEnum):
    """What a reply key sends when it is pressed. CONTACT and LOCATION exist in private chats only."""

    TEXT = "text"
    CONTACT = "contact"
    LOCATION = "location"


@dataclass(frozen=True, slots=True)
class ReplyKey:
    """A key in place of the reader's keyboard; a TEXT key sends its label, which anyone may type too."""

    label: str
    wants: Wants = Wants.TEXT

    def __post_init__(self) -> None:
        if not self.label.strip():
            raise UnfitScreen("a reply key has no label")


@dataclass(frozen=True, slots=True)
class ReplyKeys:
    """Rows of reply keys, hidden after one press; `placeholder` is shown in the empty input field."""

    rows: tuple[tuple[ReplyKey, ...], ...]
    placeholder: str = ""


@dataclass(frozen=True, slots=True)
class ForceReply:
    """Opens the reader's input field as a reply to this message."""

    placeholder: str = ""


@dataclass(frozen=True, slots=True)
class RemoveKeys:
    """Takes a reply keyboard away."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a screen: its bytes, or the digest by which the sender loads them from the file store.

    A `picture` is shown as a photo (`spoiler` blurs it until tapped); everything else stays a document.
    """

    name: str
    media_type: str
    content: bytes | None = None
    digest: str | None = None
    caption: Text = ""
    picture: bool = False
    spoiler: bool = False

    def __post_init__(self) -> None:
        if (self.content is None) == (self.digest is None):
            raise UnfitScreen(f"attachment {self.name!r} needs its content or its digest")
        object.__setattr__(self, "caption", escape(self.caption))


@dataclass(frozen=True, slots=True)
class Screen:
    """One thing that a person sees.

    `clears` is a short text sent first as a message of its own to take a reply keyboard away: one message
    can't both do that and carry inline buttons. `protect` refuses forwarding and saving in the client;
    `links` shows a preview of the first link. Raises UnfitScreen for what Telegram would refuse in any chat.
    """

    text: Text = ""
    buttons: tuple[tuple[Button, ...], ...] = ()
    keyboard: ReplyKeys | ForceReply | RemoveKeys | None = None
    attachments: tuple[Attachment, ...] = ()
    protect: bool = False
    links: bool = False
    clears: Text = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", escape(self.text))
        object.__setattr__(self, "clears", escape(self.clears))
        object.__setattr__(self, "buttons", tuple(tuple(row) for row in self.buttons if row))
        object.__setattr__(self, "attachments", tuple(self.attachments))
        self._check()

    def _check(self) -> None:
        if not plain(self.text).strip() and (self.buttons or self.keyboard or not self.attachments):
            raise UnfitScreen("a screen without text")
        if self.buttons and self.keyboard:
            raise UnfitScreen("one message has inline buttons or a reply keyboard, not both")
        rows = self.buttons or (self.keyboard.rows if isinstance(self.keyboard, ReplyKeys) else ())
        if sum(map(len, rows)) > MAX_BUTTONS or any(len(row) > MAX_IN_ROW for row in rows):
            raise UnfitScreen("at most 8 buttons a row and 100 in all: page the list")

    @property
    def html(self) -> Markup:
        """The text as Telegram HTML."""
        return escape(self.text)

    @property
    def plain(self) -> str:
        """The text as people read it, without tags."""
        return plain(self.text)

    def with_buttons(self, *rows: Iterable[Button]) -> Screen:
        """The same screen with more rows of buttons below."""
        return replace(self, buttons=(*self.buttons, *(tuple(row) for row in rows)))

    def as_documents(self) -> Screen:
        """The same screen with its pictures as documents, for those that Telegram can't show."""
        return replace(self, attachments=tuple(replace(each, picture=False) for each in self.attachments))

    def pack(self) -> dict[str, Any]:
        """As JSON values, for a reply that has to wait in the outbox; `Screen.unpack` reads them."""
        return {
            "text": str(self.text),
            "buttons": [[[b.label, b.data, b.url, b.copy] for b in row] for row in self.buttons],
            "keyboard": _pack_keyboard(self.keyboard),
            "attachments": [_pack_attachment(each) for each in self.attachments],
            "protect": self.protect,
            "links": self.links,
            "clears": str(self.clears),
        }

    @classmethod
    def unpack(cls, values: dict[str, Any]) -> Screen:
        """The screen that `pack` wrote."""
        return cls(
            text=Markup(values["text"]),  # noqa: S704  # escaped when it was packed
            buttons=tuple(tuple(Button(*button) for button in row) for row in values["buttons"]),
            keyboard=_unpack_keyboard(values["keyboard"]),
            attachments=tuple(_unpack_attachment(each) for each in values["attachments"]),
            protect=values["protect"],
            links=values["links"],
            clears=Markup(values["clears"]),  # noqa: S704  # escaped when it was packed
        )


def plain(text: Text) -> str:
    """The text without tags and entities; unlike `Markup.striptags` it keeps lines and spaces."""
    if not isinstance(text, Markup):
        return text
    return Markup(_TAG.sub("", text)).unescape()  # noqa: S704  # unescaped at once, never sent


def bold(text: Text) -> Markup:
    """The text in bold, escaped."""
    return Markup("<b>{}</b>").format(text)


def italic(text: Text) -> Markup:
    """The text in italics, escaped."""
    return Markup("<i>{}</i>").format(text)


def code(text: Text) -> Markup:
    """The text in a fixed-width face, copied by a tap."""
    return Markup("<code>{}</code>").format(text)


def spoiler(text: Text) -> Markup:
    """The text hidden until tapped."""
    return Markup("<tg-spoiler>{}</tg-spoiler>").format(text)


def quote(text: Text, *, expandable: bool = False) -> Markup:
    """The text as a block quotation, folded to three lines if `expandable`."""
    opening = Markup("<blockquote expandable>") if expandable else Markup("<blockquote>")
    return opening + escape(text) + Markup("</blockquote>")


def link(text: Text, url: str) -> Markup:
    """The text as a link."""
    return Markup('<a href="{}">{}</a>').format(url, text)


def lines(*parts: Text | None) -> Markup:
    """The parts that are not empty, one a line, each escaped unless it is Markup."""
    return Markup("\n").join(part for part in parts if part)


def paragraphs(*parts: Text | None) -> Markup:
    """The parts that are not empty, a blank line between."""
    return Markup("\n\n").join(part for part in parts if part)


def _pack_keyboard(keyboard: ReplyKeys | ForceReply | RemoveKeys | None) -> dict[str, Any] | None:
    match keyboard:
        case ReplyKeys(rows, placeholder):
            keys = [[[key.label, key.wants.value] for key in row] for row in rows]
            return {"kind": "keys", "rows": keys, "placeholder": placeholder}
        case ForceReply(placeholder):
            return {"kind": "force", "placeholder": placeholder}
        case RemoveKeys():
            return {"kind": "remove"}
        case None:
            return None


def _unpack_keyboard(values: dict[str, Any] | None) -> ReplyKeys | ForceReply | RemoveKeys | None:
    if values is None:
        return None
    if values["kind"] == "remove":
        return RemoveKeys()
    if values["kind"] == "force":
        return ForceReply(values["placeholder"])
    rows = tuple(tuple(ReplyKey(label, Wants(wants)) for label, wants in row) for row in values["rows"])
    return ReplyKeys(rows, values["placeholder"])


def _pack_attachment(attachment: Attachment) -> dict[str, Any]:
    content = attachment.content
    return {
        "name": attachment.name,
        "media_type": attachment.media_type,
        "content": None if content is None else base64.b64encode(content).decode(),
        "digest": attachment.digest,
        "caption": str(attachment.caption),
        "picture": attachment.picture,
        "spoiler": attachment.spoiler,
    }


def _unpack_attachment(values: dict[str, Any]) -> Attachment:
    content = values["content"]
    return Attachment(
        **{
            **values,
            "content": None if content is None else base64.b64decode(content),
            "caption": Markup(values["caption"]),  # noqa: S704  # escaped when it was packed
        }
    )
