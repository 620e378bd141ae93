"""What people do on their phones: send, edit, tap, block, and be gathered in groups."""

import secrets
from datetime import timedelta
from typing import Any

from .core import Core, Tap
from .entities import format_text
from .errors import Json, PhoneError
from .media import content_of, file_content
from .model import CAPTION_KINDS, Chat, Message, Person, Topic
from .params import Upload

LONGEST = 4096


class Phones:
    """The acts of simulated people. Each raises PhoneError for what an app would not offer."""

    def __init__(self, core: Core) -> None:
        self.core = core

    def add_person(self, **fields: Any) -> Person:
        """A new person with a phone; an `id` may be given to find them again after a restart."""
        world = self.core.world
        number = fields.pop("id", None) or world.next_person
        if number in world.people:
            raise PhoneError(409, f"person {number} is there already")
        fields.setdefault("phone_number", f"+8613800{number % 1_000_000:06d}")
        person = Person(number, **fields)
        world.add_person(person)
        self.core.tell("person", person=person.as_json())
        return person

    def known(self, number: int) -> bool:
        """Whether that person is there already, perhaps from an earlier run."""
        return number in self.core.world.people

    def person(self, number: int) -> Person:
        person = self.core.world.people.get(number)
        if person is None:
            raise PhoneError(404, f"there is no person {number}")
        return person

    def chat(self, number: int) -> Chat:
        chat = self.core.world.chats.get(number)
        if chat is None:
            raise PhoneError(404, f"there is no chat {number}")
        return chat

    def change_person(self, number: int, changes: Json) -> Person:
        """Language, names, label and such; the app shows the bot's commands anew."""
        person = self.person(number)
        allowed = {
            "first_name",
            "last_name",
            "username",
            "language_code",
            "label",
            "group",
            "pinned",
            "deactivated",
        }
        if unknown := set(changes) - allowed:
            raise PhoneError(400, f"a person has no {', '.join(sorted(unknown))} to change")
        for name, value in changes.items():
            setattr(person, name, value)
        self.core.tell("person", person=person.as_json())
        if "language_code" in changes:
            self.core.tell("commands")
        return person

    def messages(self, chat: int) -> list[Json]:
        """The chat as its members see it."""
        return [self.core.world.phone_json(message) for message in self.chat(chat).messages.values()]

    async def send(self, number: int, act: Json, uploads: list[Upload] | None = None) -> list[Message]:
        """Sends what `act` describes (see sim_api): a long text as several messages, files as an album."""
        person = self.person(number)
        chat = self.chat(act.get("chat") or number)
        if person.id not in chat.members:
            raise PhoneError(403, f"{person.first_name} is not in that chat")
        contents = await self._contents(person, act, uploads or [])
        extra = self._extra(person, chat, act)
        if len(uploads or []) > 1 or act.get("media_group"):
            extra["album"] = _album_id(act.get("media_group"))
        if chat.private:
            self._open(person)
        sent = []
        for content in contents:
            message = self.core.post(chat, person.id, content, **extra)
            self.core.deliver(message)
            sent.append(message)
        return sent

    async def _contents(self, person: Person, act: Json, uploads: list[Upload]) -> list[Json]:
        if uploads:
            kind = act.get("as") or "document"
            if kind not in CAPTION_KINDS:
                raise PhoneError(400, f"a file cannot be sent as {kind}")
            contents = [await content_of(self.core, kind, upload) for upload in uploads]
            if act.get("caption"):
                contents[0] |= format_text(act["caption"]).as_json("caption", "caption_entities")
            return contents
        if act.get("text") is not None:
            return [format_text(part).as_json("text", "entities") for part in _split(str(act["text"]))]
        if act.get("contact"):
            return [{"contact": _contact(person, act["contact"])}]
        if act.get("location"):
            place = act["location"]
            return [{"location": {"latitude": place["latitude"], "longitude": place["longitude"]}}]
        return [self._toy(act)]

    def _toy(self, act: Json) -> Json:
        files = self.core.files
        if act.get("sticker"):
            stored = files.add("Sticker", b"RIFF....WEBP", "sticker.webp", "image/webp")
            return file_content("sticker", stored, emoji=str(act["sticker"]))
        if act.get("voice"):
            return file_content("voice", files.add("VoiceNote", b"OggS", "voice.ogg", "audio/ogg"))
        raise PhoneError(400, "there is nothing to send")

    def _extra(self, person: Person, chat: Chat, act: Json) -> dict[str, Any]:
        extra: dict[str, Any] = {}
        if thread := act.get("thread"):
            topic = chat.topics.get(thread)
            if topic is None or topic.closed:
                raise PhoneError(409, "that topic is closed or gone")
            extra["thread"] = thread
        if reply := act.get("reply_to"):
            if reply not in chat.messages:
                raise PhoneError(409, "the message to reply to is gone")
            extra["reply_to"] = reply
        if name := act.get("forward_from"):
            extra["origin"] = self._origin(str(name))
        return extra

    def _origin(self, name: str) -> Json:
        date = self.core.stamp() - 60
        known = self.core.world.find_person(name)
        if known is None:
            return {"type": "hidden_user", "date": date, "sender_user_name": name}
        return {"type": "user", "date": date, "sender_user": known.as_user()}

    def _open(self, person: Person) -> None:
        """Whoever writes to the bot has pressed Start, and unblocked it."""
        if person.blocked:
            self.block(person.id, blocked=False)
        person.started = person.met = True

    async def press_start(self, number: int, payload: str = "") -> Message:
        """Opens t.me/<bot>?start=<payload>: sends "/start <payload>"."""
        if len(payload) > 64 or not all(c.isascii() and (c.isalnum() or c in "_-") for c in payload):
            raise PhoneError(400, "a start payload is up to 64 of A-Z a-z 0-9 _ -")
        return (await self.send(number, {"text": f"/start {payload}".strip()}))[0]

    def edit(self, number: int, chat_id: int, message_id: int, text: str) -> Message:
        """Edits an own message: its text, or its caption."""
        message = self._own(number, chat_id, message_id)
        formatted = format_text(text)
        if message.kind == "text":
            content = formatted.as_json("text", "entities")
        elif message.kind in CAPTION_KINDS:
            content = {message.kind: message.content[message.kind]}
            content |= formatted.as_json("caption", "caption_entities")
        else:
            raise PhoneError(409, "that message has no text")
        message.content, message.edit_date = content, self.core.stamp()
        self.core.changed(message)
        self.core.deliver(message, edited=True)
        return message

    def delete(self, number: int, chat_id: int, message_ids: list[int]) -> None:
        """Deletes for everyone; bots are not told."""
        self.person(number)
        self.core.remove(self.chat(chat_id), message_ids)

    def _own(self, number: int, chat_id: int, message_id: int) -> Message:
        message = self.chat(chat_id).messages.get(message_id)
        if message is None or message.sender != number:
            raise PhoneError(404, "that is no message of theirs")
        return message

    def tap(self, number: int, chat_id: int, message_id: int, data: str, *, replay: bool = False) -> str:
        """Taps an inline button; returns the query's id. `replay` sends data that no button offers now."""
        person, chat = self.person(number), self.chat(chat_id)
        if number not in chat.members:
            raise PhoneError(403, f"{person.first_name} is not in that chat")
        message = chat.messages.get(message_id)
        if not replay and (message is None or data not in _offered(message)):
            raise PhoneError(409, "there is no such button on that message now")
        world, core = self.core.world, self.core
        query_id = str(4_000_000_000_000_000 + core.next_tap)
        core.next_tap += 1
        seconds = core.limits.callback_seconds
        core.taps[query_id] = Tap(number, (core.now() + timedelta(seconds=seconds)).timestamp())
        shown = (
            world.message_json(message)
            if message is not None
            else {"message_id": message_id, "chat": world.chat_json(chat), "date": 0}
        )
        core.meet(number)
        payload = {
            "id": query_id,
            "from": person.as_user(),
            "message": shown,
            "chat_instance": str(abs(chat.id) * 7919 + 17),
            "data": data,
        }
        core.updates.add("callback_query", payload, f"tap:{number}", seconds)
        core.on_change()
        return query_id

    def block(self, number: int, *, blocked: bool) -> Person:
        """Blocks or unblocks the bot; it is told by my_chat_member."""
        person = self.person(number)
        if person.blocked != blocked:
            person.blocked = blocked
            self.core.bot_status(self.chat(number), person, "kicked" if blocked else "member")
            self.core.tell("person", person=person.as_json())
        return person

    def add_group(
        self, title: str, members: list[int], *, is_forum: bool = False, bot: str | None = None
    ) -> Chat:
        """A group with the bot in it; in a forum it is an administrator unless `bot` says else."""
        if not members:
            raise PhoneError(400, "a group has members")
        owner = self.person(members[0])
        kind = "supergroup" if is_forum else "group"
        chat = Chat(self.core.world.new_group_id(kind), kind, title, is_forum, list(members), bot="left")
        self.core.world.chats[chat.id] = chat
        if is_forum:
            chat.topics[1] = Topic(1, "General", 0x6FB9F0)
            chat.next_message = 2
        self.core.bot_status(chat, owner, bot or ("administrator" if is_forum else "member"))
        added = self.core.post(chat, owner.id, {"new_chat_members": [self.core.world.bot.as_user()]})
        self.core.deliver(added)
        return chat

    def change_group(self, number: int, changes: Json) -> Chat:
        """Changes `members`, `title`, or the bot's status (`bot`: member, administrator, left, kicked)."""
        chat = self.chat(number)
        if chat.private or not chat.members:
            raise PhoneError(409, "that is no group")
        if "members" in changes:
            chat.members = [self.person(member).id for member in changes["members"]]
        chat.title = changes.get("title", chat.title)
        if "bot" in changes:
            self.core.bot_status(chat, self.person(chat.members[0]), changes["bot"])
        self.core.tell("chat", chat=chat.as_json())
        return chat

    def migrate(self, number: int) -> Chat:
        """Turns a group into a supergroup: a new id, two service messages, and an error on the old id."""
        old = self.chat(number)
        if old.type != "group" or old.migrated_to is not None:
            raise PhoneError(409, "only a group becomes a supergroup")
        world = self.core.world
        new = Chat(
            world.new_group_id("supergroup"), "supergroup", old.title, False, list(old.members), bot=old.bot
        )
        world.chats[new.id] = new
        self.core.deliver(self.core.post(old, old.members[0], {"migrate_to_chat_id": new.id}))
        self.core.deliver(self.core.post(new, old.members[0], {"migrate_from_chat_id": old.id}))
        old.migrated_to = new.id
        self.core.tell("chat", chat=new.as_json())
        return new


def _offered(message: Message) -> list[str]:
    rows = (message.markup or {}).get("inline_keyboard", [])
    return [button["callback_data"] for row in rows for button in row if "callback_data" in button]


def _contact(person: Person, card: Json) -> Json:
    """Someone's card; it is the sender's own only if it carries their id."""
    contact: Json = {
        "phone_number": str(card.get("phone_number") or person.phone_number),
        "first_name": str(card.get("first_name") or person.first_name),
    }
    if card.get("own"):
        contact |= {"user_id": person.id} | ({"last_name": person.last_name} if person.last_name else {})
    elif card.get("user_id"):
        contact["user_id"] = int(card["user_id"])
    return contact


def _split(text: str) -> list[str]:
    """Apps send a text that is too long as several messages."""
    if not text.strip():
        raise PhoneError(400, "apps do not send an empty text")
    parts = [text[at : at + LONGEST] for at in range(0, len(text), LONGEST)]
    return [part for part in parts if part.strip()]


def _album_id(given: Any) -> str:
    return given if isinstance(given, str) and given else str(secrets.randbits(52))
