"""Edits and deletions of the bot, and pins."""

from typing import Any

from .access import find_chat, find_message, may_send, need_administrator
from .core import Core
from .entities import utf16_length
from .errors import Json, bad_request
from .markup import read_markup
from .media import read_media
from .model import BOT, CAPTION_KINDS, Chat, Message
from .params import Params
from .sending import MAX_TEXT, read_caption, read_text

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
_EDITABLE_MEDIA = frozenset({"text", "photo", "document", "video", "audio", "animation"})


def edit_message_text(core: Core, params: Params) -> Json:
    """https://core.telegram.org/bots/api#editmessagetext"""
    content = read_text(params)
    message = _editable(core, params)
    if message.kind != "text":
        raise bad_request("there is no text in the message to edit")
    markup = read_markup(params, private=False, only_inline=True)
    if utf16_length(content["text"]) > MAX_TEXT:
        raise bad_request("message is too long")
    return _apply(core, message, content, markup)


def edit_message_caption(core: Core, params: Params) -> Json:
    """https://core.telegram.org/bots/api#editmessagecaption"""
    caption = read_caption(params.values)
    message = _editable(core, params)
    if message.kind not in CAPTION_KINDS:
        raise bad_request("there is no caption in the message to edit")
    markup = read_markup(params, private=False, only_inline=True)
    return _apply(core, message, {message.kind: message.content[message.kind], **caption}, markup)


async def edit_message_media(core: Core, params: Params) -> Json:
    """https://core.telegram.org/bots/api#editmessagemedia"""
    media = params.json("media", "Can't parse input media JSON object")
    if media is None:
        raise bad_request('parameter "media" is required')
    _, content = await read_media(core, params, media)
    content |= read_caption(media)
    message = _editable(core, params)
    if message.kind not in _EDITABLE_MEDIA:
        raise bad_request("message media can't be edited")
    markup = read_markup(params, private=False, only_inline=True)
    return _apply(core, message, content, markup)


def edit_message_reply_markup(core: Core, params: Params) -> Json:
    """https://core.telegram.org/bots/api#editmessagereplymarkup"""
    message = _editable(core, params)
    markup = read_markup(params, private=False, only_inline=True)
    return _apply(core, message, message.content, markup, hidden=True)


def _editable(core: Core, params: Params) -> Message:
    """The bot's own message, of a kind that can be edited. Raises ApiError."""
    if not params.text("chat_id") and params.integer("message_id") == 0:
        if not params.text("inline_message_id"):
            raise bad_request("Message identifier is not specified")
        raise bad_request("MESSAGE_ID_INVALID")
    chat = find_chat(core, params, write=True)
    message = find_message(chat, params, "message to edit")
    fixed = message.markup is not None and "inline_keyboard" not in message.markup
    if message.sender != BOT or message.service or message.origin is not None or fixed:
        raise bad_request("message can't be edited")
    may_send(core, chat)
    return message


def _apply(core: Core, message: Message, content: Json, markup: Json | None, *, hidden: bool = False) -> Json:
    """Replaces content and keyboard; without a new keyboard the old one goes. Raises ApiError 400, 429."""
    if content == message.content and markup == message.markup:
        raise bad_request(NOT_MODIFIED)
    core.pace.spend_edit()
    message.content, message.markup = content, markup
    if not hidden or message.edit_date is not None:
        message.edit_date = core.stamp()
    core.changed(message)
    return core.world.message_json(message)


def delete_message(core: Core, params: Params) -> bool:
    """https://core.telegram.org/bots/api#deletemessage"""
    if not params.text("chat_id"):
        raise bad_request("Chat identifier is not specified")
    if params.integer("message_id") == 0:
        raise bad_request("Message identifier is not specified")
    chat = find_chat(core, params, write=True)
    message = find_message(chat, params, "message to delete")
    _may_delete(core, chat, message)
    core.remove(chat, [message.id])
    return True


def delete_messages(core: Core, params: Params) -> bool:
    """https://core.telegram.org/bots/api#deletemessages : those that are gone are skipped."""
    numbers = params.message_ids()
    chat = find_chat(core, params, write=True)
    found = [chat.messages[number] for number in numbers if number in chat.messages]
    for message in found:
        _may_delete(core, chat, message)
    core.remove(chat, [message.id for message in found])
    return True


def _may_delete(core: Core, chat: Chat, message: Message) -> None:
    """Own messages, in private chats all, for 48 hours; an administrator's rights reach further."""
    if not chat.private and message.sender != BOT and not chat.administered:
        raise bad_request("message can't be deleted")
    if chat.type == "supergroup" and chat.administered:
        return
    if core.now().timestamp() - message.date >= core.limits.deletable_seconds:
        raise bad_request("message can't be deleted for everyone")


def pin_chat_message(core: Core, params: Params) -> bool:
    """https://core.telegram.org/bots/api#pinchatmessage"""
    chat = find_chat(core, params, write=True)
    message = find_message(chat, params, "message to pin")
    _may_pin(chat)
    if message.service:
        raise bad_request("Service messages can't be pinned")
    if message.id not in chat.pinned:
        chat.pinned.append(message.id)
        if not (chat.private and params.flag("disable_notification")):
            pinned = core.world.message_json(message, with_reply=False)
            core.deliver(core.post(chat, BOT, {"pinned_message": pinned}, thread=message.thread))
    return True


def unpin_chat_message(core: Core, params: Params) -> bool:
    """https://core.telegram.org/bots/api#unpinchatmessage : the latest pin when no message is named."""
    chat = find_chat(core, params, write=True)
    _may_pin(chat)
    number = params.integer("message_id") or (chat.pinned[-1] if chat.pinned else 0)
    if number not in chat.messages:
        raise bad_request("message to unpin not found")
    chat.pinned = [pinned for pinned in chat.pinned if pinned != number]
    core.on_change()
    return True


def unpin_all_chat_messages(core: Core, params: Params) -> bool:
    """https://core.telegram.org/bots/api#unpinallchatmessages"""
    chat = find_chat(core, params, write=True)
    _may_pin(chat)
    chat.pinned.clear()
    core.on_change()
    return True


def _may_pin(chat: Chat) -> None:
    if not chat.private:
        need_administrator(chat, "not enough rights to manage pinned messages in the chat")


METHODS: dict[str, Any] = {
    "editmessagetext": edit_message_text,
    "editmessagecaption": edit_message_caption,
    "editmessagemedia": edit_message_media,
    "editmessagereplymarkup": edit_message_reply_markup,
    "deletemessage": delete_message,
    "deletemessages": delete_messages,
    "pinchatmessage": pin_chat_message,
    "unpinchatmessage": unpin_chat_message,
    "unpinallchatmessages": unpin_all_chat_messages,
}
