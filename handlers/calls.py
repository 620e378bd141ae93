"""A Screen as Bot API calls, neutral of any library: only here is known how a screen looks in Telegram."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup, escape

from handlers.screens import Attachment, Button, ForceReply, RemoveKeys, ReplyKeys, Screen, Wants
from handlers.splitting import fits, split

CAPTION = 1024
"""Longest caption, after its tags (Bot API: sendPhoto)."""
PLACEHOLDER = 64
"""Longest hint in an empty input field (Bot API: ReplyKeyboardMarkup)."""
ALBUM = 10
"""Most files in one media group (Bot API: sendMediaGroup)."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file among the parameters of a call: its bytes, or the digest by which the sender loads them."""

    name: str
    media_type: str
    content: bytes | None = None
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """One Bot API call: method, parameters as JSON values and `Upload`s.

    `shows` is true for the call whose message a later edit of this screen changes: the one with the buttons.
    """

    method: str
    params: Mapping[str, Any] = field(default_factory=dict)
    shows: bool = False

    @property
    def uploads(self) -> bool:
        """Whether files go with it."""
        return self.method in {"sendDocument", "sendPhoto", "sendMediaGroup"}


def to_calls(
    screen: Screen, chat: int, *, thread: int | None = None, edit: int | None = None
) -> tuple[Call, ...]:
    """The calls that show a screen, in order; `edit` is the message that it replaces, where it can.

    A screen with a reply keyboard or with attachments is sent anew: such messages can't become it by an edit.
    """
    if edit is not None and is_editable(screen):
        return _edited(screen, chat, thread, edit)
    return tuple(_sent(screen, _Place(chat, thread)))


def is_editable(screen: Screen) -> bool:
    """Whether an edit of an older message can show this screen (Bot API: Updating messages)."""
    return not screen.keyboard and not screen.attachments and not screen.clears


@dataclass(frozen=True, slots=True)
class _Place:
    chat: int
    thread: int | None

    def params(self) -> dict[str, Any]:
        # thread 1 is General, which Telegram refuses to hear named
        named = {"message_thread_id": self.thread} if self.thread not in {None, 1} else {}
        return {"chat_id": self.chat, **named}


def _edited(screen: Screen, chat: int, thread: int | None, message: int) -> tuple[Call, ...]:
    first, *rest = split(screen.html)
    markup = _inline(() if rest else screen.buttons)
    text = _text(first, screen)
    edited = Call(
        "editMessageText",
        {"chat_id": chat, "message_id": message, **text, "reply_markup": markup},
        shows=not rest,
    )
    return (edited, *_texts(rest, screen, _Place(chat, thread), _markup(screen)))


def _sent(screen: Screen, place: _Place) -> Iterator[Call]:
    if screen.clears:
        yield from _texts([escape(screen.clears)], screen, place, {"remove_keyboard": True})
    if _is_caption(screen):
        yield _file(screen.attachments[0], screen.html, screen, place, _markup(screen))
        return
    yield from _files(screen, place)
    if screen.text:
        yield from _texts(split(screen.html), screen, place, _markup(screen))


def _texts(
    pieces: Sequence[Markup], screen: Screen, place: _Place, markup: Mapping[str, Any] | None
) -> Iterator[Call]:
    """One message a piece; the last carries the markup."""
    for number, piece in enumerate(pieces, 1):
        last = number == len(pieces)
        below = {"reply_markup": markup} if last and markup else {}
        yield Call("sendMessage", {**place.params(), **_text(piece, screen), **_guard(screen), **below}, last)


def _is_caption(screen: Screen) -> bool:
    """One file without a caption of its own carries the text, when that is short enough."""
    if len(screen.attachments) != 1 or screen.attachments[0].caption:
        return False
    return bool(screen.text) and fits(screen.html, CAPTION)


def _files(screen: Screen, place: _Place) -> Iterator[Call]:
    """Pictures and documents in albums of their own kind; an album can't carry buttons."""
    for is_picture in (True, False):
        alike = [each for each in screen.attachments if each.picture is is_picture]
        for start in range(0, len(alike), ALBUM):
            album = alike[start : start + ALBUM]
            for each in album:
                if not fits(each.caption, CAPTION):
                    yield from _texts(split(escape(each.caption)), screen, place, None)
            if len(album) == 1:
                yield _file(album[0], _caption(album[0]), screen, place, None)
            else:
                media = tuple(_medium(each) for each in album)
                yield Call("sendMediaGroup", {**place.params(), "media": media, **_guard(screen)})


def _file(
    attachment: Attachment, caption: Markup, screen: Screen, place: _Place, markup: Mapping[str, Any] | None
) -> Call:
    kind = "photo" if attachment.picture else "document"
    params = {
        **place.params(),
        kind: _upload(attachment),
        **({"caption": str(caption), "parse_mode": "HTML"} if caption else {}),
        **({"has_spoiler": True} if attachment.spoiler and attachment.picture else {}),
        **_guard(screen),
        **({"reply_markup": markup} if markup else {}),
    }
    return Call("sendPhoto" if attachment.picture else "sendDocument", params, shows=bool(caption))


def _medium(attachment: Attachment) -> Mapping[str, Any]:
    caption = _caption(attachment)
    return {
        "type": "photo" if attachment.picture else "document",
        "media": _upload(attachment),
        **({"caption": str(caption), "parse_mode": "HTML"} if caption else {}),
        **({"has_spoiler": True} if attachment.spoiler and attachment.picture else {}),
    }


def _upload(attachment: Attachment) -> Upload:
    return Upload(attachment.name, attachment.media_type, attachment.content, attachment.digest)


def _caption(attachment: Attachment) -> Markup:
    caption = escape(attachment.caption)
    return caption if fits(caption, CAPTION) else Markup()


def _text(text: Markup, screen: Screen) -> dict[str, Any]:
    preview = {"is_disabled": not screen.links}
    return {"text": str(text), "parse_mode": "HTML", "link_preview_options": preview}


def _guard(screen: Screen) -> dict[str, Any]:
    return {"protect_content": True} if screen.protect else {}


def _markup(screen: Screen) -> Mapping[str, Any] | None:
    match screen.keyboard:
        case ReplyKeys(rows, placeholder):
            keys = [[_key(key.label, key.wants) for key in row] for row in rows]
            shape = {"keyboard": keys, "resize_keyboard": True, "one_time_keyboard": True}
            return {**shape, **_hint(placeholder)}
        case ForceReply(placeholder):
            return {"force_reply": True, **_hint(placeholder)}
        case RemoveKeys():
            return {"remove_keyboard": True}
        case None:
            return _inline(screen.buttons) if screen.buttons else None


def _key(label: str, wants: Wants) -> dict[str, Any]:
    asked = {
        Wants.TEXT: {},
        Wants.CONTACT: {"request_contact": True},
        Wants.LOCATION: {"request_location": True},
    }
    return {"text": label, **asked[wants]}


def _hint(placeholder: str) -> dict[str, str]:
    if len(placeholder) > PLACEHOLDER:
        placeholder = placeholder[: PLACEHOLDER - 1] + "…"
    return {"input_field_placeholder": placeholder} if placeholder else {}


def _inline(rows: Sequence[Sequence[Button]]) -> dict[str, Any]:
    return {"inline_keyboard": [[_button(button) for button in row] for row in rows]}


def _button(button: Button) -> dict[str, Any]:
    if button.data:
        return {"text": button.label, "callback_data": button.data}
    if button.url:
        return {"text": button.label, "url": button.url}
    return {"text": button.label, "copy_text": {"text": button.copy}}
