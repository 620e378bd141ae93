"""Which chat, topic and message a call means, and whether the bot may act there (srv check_chat)."""

from .core import GENERAL_TOPIC, Core
from .errors import bad_request, forbidden
from .model import Chat, Message
from .params import Params

_KINDS = {"group": "group chat", "supergroup": "supergroup chat"}


def find_chat(core: Core, params: Params, name: str = "chat_id", *, write: bool = False) -> Chat:
    """The chat that the parameter names. With `write`, one that the bot may change. Raises ApiError."""
    text = params.text(name)
    if not text:
        raise bad_request("chat_id is empty")
    number = params.integer(name)
    world = core.world
    if number == world.bot.id:
        raise forbidden("The bot can't send messages to the bot")
    chat = world.chats.get(number)
    if chat is None or (chat.private and not _known(core, number)):
        wrong_kind = not text.startswith("-") and (
            -number in world.chats or -1_000_000_000_000 - number in world.chats
        )
        raise bad_request("PEER_ID_INVALID" if wrong_kind else "chat not found")
    if chat.private:
        if write and world.people[number].deactivated:
            raise forbidden("user is deactivated")
        return chat
    return _group(chat, write=write)


def _known(core: Core, number: int) -> bool:
    person = core.world.people[number]
    return person.started or person.met


def _group(chat: Chat, *, write: bool) -> Chat:
    kind = _KINDS[chat.type]
    if chat.migrated_to is not None and write:
        raise bad_request(
            "group chat was upgraded to a supergroup chat", {"migrate_to_chat_id": chat.migrated_to}
        )
    if write or chat.type == "supergroup":
        if chat.bot == "deleted":
            raise forbidden("the group chat was deleted")
        if chat.bot == "kicked":
            raise forbidden(f"bot was kicked from the {kind}")
        if chat.bot == "left":
            raise forbidden(f"bot is not a member of the {kind}")
    return chat


def may_send(core: Core, chat: Chat) -> None:
    """What Telegram's inner servers refuse only when a message is really sent. Raises ApiError 403."""
    if not chat.private:
        return
    person = core.world.people[chat.id]
    if person.blocked:
        raise forbidden("bot was blocked by the user")
    if not person.started:
        raise forbidden("Bot can't initiate conversation with a user")


def find_thread(chat: Chat, params: Params) -> int | None:
    """The topic to write to. Raises ApiError 400 for one that is unknown, General by number, or closed."""
    number = max(params.integer("message_thread_id"), 0)
    if number == 0 or not (chat.is_forum or chat.private):
        return None
    topic = chat.topics.get(number)
    if topic is None or number == GENERAL_TOPIC:
        raise bad_request("message thread not found")
    if topic.closed:
        raise bad_request("TOPIC_CLOSED")
    return number


def find_reply(chat: Chat, params: Params) -> int | None:
    """The message that is replied to. Raises ApiError 400 if it is gone and that is not allowed."""
    reply = params.json("reply_parameters", "Can't parse reply parameters JSON object")
    if reply is not None and not isinstance(reply, dict):
        raise bad_request("Object expected as reply parameters")
    if reply:
        if "message_id" not in reply:
            raise bad_request('Can\'t find field "message_id"')
        wanted = Params({"id": reply["message_id"], "lenient": reply.get("allow_sending_without_reply")})
    else:
        wanted = Params(
            {"id": params.text("reply_to_message_id"), "lenient": params.text("allow_sending_without_reply")}
        )
    number = wanted.integer("id")
    if number <= 0:
        return None
    if number not in chat.messages:
        if wanted.flag("lenient"):
            return None
        raise bad_request("message to be replied not found")
    return number


def find_message(chat: Chat, params: Params, what: str, name: str = "message_id") -> Message:
    """The message, called `what` in the error ("message to edit"). Raises ApiError 400."""
    message = chat.messages.get(params.integer(name))
    if message is None:
        raise bad_request(f"{what} not found")
    return message


def need_administrator(chat: Chat, error: str) -> None:
    """Raises ApiError 400 with `error` where the bot lacks an administrator's rights."""
    if not chat.administered:
        raise bad_request(error)
