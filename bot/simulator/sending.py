"""sendMessage and its kin: a new message by the bot, one pipeline for every kind."""

import secrets
from typing import Any

from .access import find_chat, find_message, find_reply, find_thread, may_send
from .core import Core
from .entities import Entity, FormattedText, TextError, format_text, utf16_length
from .errors import Json, bad_request
from .markup import read_markup
from .media import CAPTIONED, read_input, read_media
from .model import BOT, CAPTION_KINDS, Message
from .params import Params

MAX_TEXT = 4096
MAX_CAPTION = 1024
_AUTOMATIC = frozenset(
    {"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "bank_card_number"}
)


def send_message(core: Core, params: Params) -> Json:
    """https://core.telegram.org/bots/api#sendmessage"""
    return _send_one(core, params, read_text(params))


async def send_photo(core: Core, params: Params) -> Json:
    """https://core.telegram.org/bots/api#sendphoto"""
    return await _send_media(core, params, "photo")


async def send_document(core: Core, params: Params) -> Json:
    """https://core.telegram.org/bots/api#senddocument"""
    return await _send_media(core, params, "document")


async def send_voice(core: Core, params: Params) -> Json:
    """https://core.telegram.org/bots/api#sendvoice"""
    return await _send_media(core, params, "voice")


async def send_video(core: Core, params: Params) -> Json:
    """https://core.telegram.org/bots/api#sendvideo"""
    return await _send_media(core, params, "video")


async def send_audio(core: Core, params: Params) -> Json:
    """https://core.telegram.org/bots/api#sendaudio"""
    return await _send_media(core, params, "audio")


async def send_sticker(core: Core, params: Params) -> Json:
    """https://core.telegram.org/bots/api#sendsticker"""
    return await _send_media(core, params, "sticker")


def send_contact(core: Core, params: Params) -> Json:
    """https://core.telegram.org/bots/api#sendcontact"""
    contact: Json = {
        "phone_number": params.required("phone_number"),
        "first_name": params.required("first_name"),
    }
    for name in ("last_name", "vcard"):
        if value := params.text(name):
            contact[name] = value
    if len(contact.get("vcard", "").encode()) > 2048:
        raise bad_request("VCARD_TOO_LONG")
    return _send_one(core, params, {"contact": contact})


def send_location(core: Core, params: Params) -> Json:
    """https://core.telegram.org/bots/api#sendlocation"""
    place: Json = {}
    for name, most in (("latitude", 90.0), ("longitude", 180.0)):
        text = params.text(name).strip()
        if not text:
            raise bad_request(f"{name} is empty")
        try:
            place[name] = float(text)
        except ValueError as error:
            raise bad_request(f"{name} is invalid") from error
        if abs(place[name]) > most:
            raise bad_request("Wrong location specified")
    return _send_one(core, params, {"location": place})


async def send_media_group(core: Core, params: Params) -> list[Json]:
    """https://core.telegram.org/bots/api#sendmediagroup : no reply_markup, 2-10 of one family."""
    media = params.json("media", "Can't parse media JSON object")
    if media is None:
        raise bad_request('parameter "media" is required')
    if not isinstance(media, list):
        raise bad_request("Expected an Array of InputMedia")
    contents = []
    for item in media:
        kind, content = await read_media(core, params, item, in_album=True)
        contents.append((kind, content | read_caption(item)))
    _check_album([kind for kind, _ in contents])
    chat = find_chat(core, params, write=True)
    extra = _where(core, chat, params)
    core.pace.spend(chat.id, len(contents), group=not chat.private)
    album = str(secrets.randbits(52)) if len(contents) > 1 else None
    posted = [core.post(chat, BOT, content, album=album, **extra) for _, content in contents]
    return [core.world.message_json(message) for message in posted]


def _check_album(kinds: list[str]) -> None:
    if len(kinds) > 10:
        raise bad_request("Too many messages to send as an album")
    if not kinds:
        raise bad_request("There are no messages to send")
    if len(set(kinds)) > 1:
        for kind in ("document", "audio"):
            if kind in kinds:
                raise bad_request(f"{kind.capitalize()} can't be mixed with other media types")


def forward_message(core: Core, params: Params) -> Json:
    """https://core.telegram.org/bots/api#forwardmessage"""
    params.required("from_chat_id")
    source = find_message(find_chat(core, params, "from_chat_id"), params, "message to forward")
    return core.world.message_json(_forward(core, params, source))


def forward_messages(core: Core, params: Params) -> list[Json]:
    """https://core.telegram.org/bots/api#forwardmessages : those that are gone or protected are left out."""
    return [{"message_id": _forward(core, params, m).id} for m in _sources(core, params)]


def copy_message(core: Core, params: Params) -> Json:
    """https://core.telegram.org/bots/api#copymessage"""
    params.required("from_chat_id")
    source = find_message(find_chat(core, params, "from_chat_id"), params, "message to copy")
    return {"message_id": _copy(core, params, source).id}


def copy_messages(core: Core, params: Params) -> list[Json]:
    """https://core.telegram.org/bots/api#copymessages"""
    return [{"message_id": _copy(core, params, m).id} for m in _sources(core, params)]


def _sources(core: Core, params: Params) -> list[Message]:
    params.required("from_chat_id")
    numbers = params.message_ids()
    found = find_chat(core, params, "from_chat_id").messages
    return [
        found[n] for n in sorted(numbers) if n in found and not found[n].protected and not found[n].service
    ]


def _forward(core: Core, params: Params, source: Message) -> Message:
    chat = find_chat(core, params, write=True)
    if source.protected or source.service:
        raise bad_request("The message can't be forwarded")
    extra = _where(core, chat, params, replies=False)
    core.pace.spend(chat.id, group=not chat.private)
    origin = source.origin or {
        "type": "user",
        "date": source.date,
        "sender_user": core.world.user_json(source.sender),
    }
    return core.post(chat, BOT, dict(source.content), origin=origin, album=None, **extra)


def _copy(core: Core, params: Params, source: Message) -> Message:
    chat = find_chat(core, params, write=True)
    if source.protected or source.service:
        raise bad_request("The message can't be copied")
    content = dict(source.content)
    if params.has("caption") and source.kind in CAPTION_KINDS:
        content.pop("caption", None)
        content.pop("caption_entities", None)
        content |= read_caption(params.values)
    markup = read_markup(params, private=chat.private)
    extra = _where(core, chat, params)
    core.pace.spend(chat.id, group=not chat.private)
    return core.post(chat, BOT, content, markup=markup, **extra)


async def _send_media(core: Core, params: Params, kind: str) -> Json:
    content = await read_input(core, params, kind)
    if kind in CAPTIONED:
        content |= read_caption(params.values)
    return _send_one(core, params, content)


def _send_one(core: Core, params: Params, content: Json) -> Json:
    chat = find_chat(core, params, write=True)
    markup = read_markup(params, private=chat.private)
    extra = _where(core, chat, params)
    _fits(content)
    core.pace.spend(chat.id, group=not chat.private)
    return core.world.message_json(core.post(chat, BOT, content, markup=markup, **extra))


def _where(core: Core, chat: Any, params: Params, *, replies: bool = True) -> dict[str, Any]:
    thread = find_thread(chat, params)
    reply = find_reply(chat, params) if replies else None
    may_send(core, chat)
    return {"thread": thread, "reply_to": reply, "protected": params.flag("protect_content")}


def _fits(content: Json) -> None:
    if utf16_length(content.get("text", "")) > MAX_TEXT:
        raise bad_request("message is too long")


def read_text(params: Params) -> Json:
    """The content of a text message. Raises ApiError 400."""
    if not params.text("text"):
        raise bad_request("message text is empty")
    return _formatted(params.values, "text", "entities", may_be_empty=False).as_json("text", "entities")


def read_caption(values: Json) -> Json:
    """The caption fields of a call or of an InputMedia. Raises ApiError 400."""
    formatted = _formatted(values, "caption", "caption_entities", may_be_empty=True)
    if utf16_length(formatted.text) > MAX_CAPTION:
        raise bad_request("message caption is too long")
    return formatted.as_json("caption", "caption_entities")


def _formatted(values: Json, text: str, entities: str, *, may_be_empty: bool) -> FormattedText:
    params = Params(values)
    mode = params.text("parse_mode")
    given = params.json(entities, "Can't parse entities JSON object") if not mode else None
    try:
        return format_text(params.text(text), mode, _entities(given), may_be_empty=may_be_empty)
    except TextError as error:
        raise bad_request(str(error)) from error


def _entities(given: Any) -> list[Entity]:
    """MessageEntity objects as sent; those that Telegram finds itself are left to it."""
    found = []
    for item in given if isinstance(given, list) else []:
        if not isinstance(item, dict):
            raise bad_request("Can't parse MessageEntity: expected an Object")
        try:
            kind, offset, length = str(item["type"]), int(item["offset"]), int(item["length"])
        except (KeyError, TypeError, ValueError) as error:
            raise bad_request(f"Can't parse MessageEntity: Can't find field {error}") from error
        for name, number in (("offset", offset), ("length", length)):
            if not 0 <= number <= 1_000_000:
                raise bad_request(f"Receive an entity with incorrect {name} {number}")
        if kind not in _AUTOMATIC:
            found.append(Entity(kind, offset, length, _entity_value(kind, item)))
    return found


def _entity_value(kind: str, item: Json) -> str:
    if kind != "text_mention":
        return str(item.get("url") or item.get("language") or item.get("custom_emoji_id") or "")
    user = item.get("user")
    number = Params(user).integer("id") if isinstance(user, dict) else 0
    if number <= 0:
        raise bad_request("Can't parse MessageEntity: Can't find field \"user\"")
    return str(number)


METHODS: dict[str, Any] = {
    "sendmessage": send_message,
    "sendphoto": send_photo,
    "senddocument": send_document,
    "sendvoice": send_voice,
    "sendvideo": send_video,
    "sendaudio": send_audio,
    "sendsticker": send_sticker,
    "sendcontact": send_contact,
    "sendlocation": send_location,
    "sendmediagroup": send_media_group,
    "forwardmessage": forward_message,
    "forwardmessages": forward_messages,
    "copymessage": copy_message,
    "copymessages": copy_messages,
}
