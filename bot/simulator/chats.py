"""Methods about chats, members and forum topics."""

from typing import Any

from .access import find_chat, need_administrator
from .core import GENERAL_TOPIC, Core
from .errors import Json, bad_request
from .model import BOT, Chat, Person, Topic
from .params import Params

ICON_COLORS = (0x6FB9F0, 0xFFD67E, 0xCB86DB, 0x8EEE98, 0xFF93B2, 0xFB6F5F)
MAX_TOPIC_NAME = 128
_ACTIONS = frozenset(
    {
        "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
        "record_audio", "upload_audio", "upload_document", "choose_sticker", "find_location",
        "record_video_note", "upload_video_note", "pick_up_location", "cancel",
    }
)  # fmt: skip


def get_chat(core: Core, params: Params) -> Json:
    """https://core.telegram.org/bots/api#getchat : ChatFullInfo, the fields that are always there."""
    chat = find_chat(core, params)
    full = core.world.chat_json(chat) | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(
            (
                "unlimited_gifts",
                "limited_gifts",
                "unique_gifts",
                "premium_subscription",
                "gifts_from_channels",
            ),
            False,
        ),
    }
    pinned = chat.messages.get(chat.pinned[-1]) if chat.pinned else None
    if pinned is not None:
        full["pinned_message"] = core.world.message_json(pinned, with_reply=False)
    if not chat.private:
        full["permissions"] = {"can_send_messages": True}
    return full


def get_chat_member(core: Core, params: Params) -> Json:
    """https://core.telegram.org/bots/api#getchatmember"""
    user = max(params.integer("user_id"), 0)
    if user == 0:
        raise bad_request("Invalid user_id specified")
    chat = find_chat(core, params)
    if user == core.world.bot.id:
        return core.member_json(chat, "member" if chat.private else chat.bot)
    person = core.world.people.get(user)
    if person is None:
        raise bad_request("user not found")
    return _member(core, chat, person)


def _member(core: Core, chat: Chat, person: Person) -> Json:
    if person.id not in chat.members:
        status = "left"
    else:
        status = "creator" if not chat.private and chat.members[0] == person.id else "member"
    member = core.member_json(chat, status, person.as_user())
    return member | {"is_anonymous": False} if status == "creator" else member


def get_chat_administrators(core: Core, params: Params) -> list[Json]:
    """https://core.telegram.org/bots/api#getchatadministrators : other bots are left out."""
    chat = find_chat(core, params)
    if chat.private:
        raise bad_request("there are no administrators in the private chat")
    return [_member(core, chat, core.world.people[number]) for number in chat.members[:1]]


def get_chat_member_count(core: Core, params: Params) -> int:
    """https://core.telegram.org/bots/api#getchatmembercount"""
    chat = find_chat(core, params)
    return len(chat.members) + (chat.private or chat.bot in ("member", "administrator"))


def leave_chat(core: Core, params: Params) -> bool:
    """https://core.telegram.org/bots/api#leavechat"""
    chat = find_chat(core, params, write=True)
    if chat.private:
        raise bad_request("chat member status can't be changed in private chats")
    chat.bot = "left"
    core.tell("chat", chat=chat.as_json())
    return True


def send_chat_action(core: Core, params: Params) -> bool:
    """https://core.telegram.org/bots/api#sendchataction"""
    action = params.text("action").lower()
    if action not in _ACTIONS:
        raise bad_request("Wrong parameter action in request")
    chat = find_chat(core, params, write=True)
    core.tell("typing", chat_id=chat.id, action=action, thread=params.integer("message_thread_id") or None)
    return True


def create_forum_topic(core: Core, params: Params) -> Json:
    """https://core.telegram.org/bots/api#createforumtopic : needs can_manage_topics."""
    chat = _forum(core, params)
    need_administrator(chat, "not enough rights to create a topic")
    name = _topic_name(params)
    color = params.integer("icon_color", ICON_COLORS[0])
    if color not in ICON_COLORS:
        raise bad_request("TOPIC_ICON_COLOR_INVALID")
    message = core.post(chat, BOT, {"forum_topic_created": {"name": name, "icon_color": color}})
    message.thread = message.id
    chat.topics[message.id] = Topic(message.id, name, color)
    core.tell("chat", chat=chat.as_json())
    core.changed(message)
    core.deliver(message)
    return {"message_thread_id": message.id, "name": name, "icon_color": color}


def edit_forum_topic(core: Core, params: Params) -> bool:
    """https://core.telegram.org/bots/api#editforumtopic"""
    chat, topic = _topic(core, params)
    need_administrator(chat, "not enough rights to edit the topic")
    name = _topic_name(params) if params.text("name") else topic.name
    if name == topic.name:
        raise bad_request("TOPIC_NOT_MODIFIED")
    topic.name = name
    _topic_changed(core, chat, topic, {"forum_topic_edited": {"name": name}})
    return True


def close_forum_topic(core: Core, params: Params) -> bool:
    """https://core.telegram.org/bots/api#closeforumtopic"""
    return _set_closed(core, params, closed=True)


def reopen_forum_topic(core: Core, params: Params) -> bool:
    """https://core.telegram.org/bots/api#reopenforumtopic"""
    return _set_closed(core, params, closed=False)


def _set_closed(core: Core, params: Params, *, closed: bool) -> bool:
    chat, topic = _topic(core, params)
    need_administrator(chat, "not enough rights to close or open the topic")
    if topic.closed == closed:
        raise bad_request("TOPIC_NOT_MODIFIED")
    topic.closed = closed
    _topic_changed(core, chat, topic, {"forum_topic_closed" if closed else "forum_topic_reopened": {}})
    return True


def delete_forum_topic(core: Core, params: Params) -> bool:
    """https://core.telegram.org/bots/api#deleteforumtopic : its messages go with it."""
    chat, topic = _topic(core, params)
    need_administrator(chat, "not enough rights to delete the topic")
    del chat.topics[topic.id]
    core.remove(chat, [number for number, message in chat.messages.items() if message.thread == topic.id])
    core.tell("chat", chat=chat.as_json())
    return True


def _topic_changed(core: Core, chat: Chat, topic: Topic, content: Json) -> None:
    core.deliver(core.post(chat, BOT, content, thread=topic.id))
    core.tell("chat", chat=chat.as_json())


def _forum(core: Core, params: Params) -> Chat:
    chat = find_chat(core, params, write=True)
    if not chat.is_forum:
        raise bad_request("the chat is not a forum")
    return chat


def _topic(core: Core, params: Params) -> tuple[Chat, Topic]:
    chat = _forum(core, params)
    topic = chat.topics.get(params.integer("message_thread_id"))
    if topic is None or topic.id == GENERAL_TOPIC:
        raise bad_request("TOPIC_ID_INVALID")
    return chat, topic


def _topic_name(params: Params) -> str:
    name = params.text("name").strip()
    if not name:
        raise bad_request("Title must be non-empty")
    if len(name) > MAX_TOPIC_NAME:
        raise bad_request("TOPIC_TITLE_TOO_LONG")
    return name


METHODS: dict[str, Any] = {
    "getchat": get_chat,
    "getchatmember": get_chat_member,
    "getchatadministrators": get_chat_administrators,
    "getchatmembercount": get_chat_member_count,
    "leavechat": leave_chat,
    "sendchataction": send_chat_action,
    "createforumtopic": create_forum_topic,
    "editforumtopic": edit_forum_topic,
    "closeforumtopic": close_forum_topic,
    "reopenforumtopic": reopen_forum_topic,
    "deleteforumtopic": delete_forum_topic,
}
