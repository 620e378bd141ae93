"""People, chats and messages as Telegram's servers hold them: plain values, no network."""

from dataclasses import dataclass, field
from itertools import chain

from .errors import Json

FIRST_PERSON = 5_000_000_001
FIRST_GROUP = 4_000_000_001
SUPERGROUP_BASE = -1_000_000_000_000
BOT = 0  # as a sender


@dataclass(slots=True)
class Person:
    """A simulated Telegram user with a phone. `label` and `group` say how the page shows the phone."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    label: str = ""
    group: str = ""
    phone_number: str = ""
    started: bool = False
    met: bool = False
    blocked: bool = False
    deactivated: bool = False
    pinned: bool = False

    def as_user(self) -> Json:
        """The Bot API's User."""
        user: Json = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        for name in ("last_name", "username", "language_code"):
            if value := getattr(self, name):
                user[name] = value
        return user

    def as_json(self) -> Json:
        """The person as the page's API shows it."""
        return {
            "id": self.id,
            "first_name": self.first_name,
            "last_name": self.last_name,
            "username": self.username,
            "language_code": self.language_code,
            "label": self.label,
            "group": self.group,
            "blocked": self.blocked,
        }


@dataclass(frozen=True, slots=True)
class BotIdentity:
    """Who the bot is. `id` is the number before the colon of its token."""

    id: int
    first_name: str = "Office Bot"
    username: str = "office_bot"

    def as_user(self) -> Json:
        return {"id": self.id, "is_bot": True, "first_name": self.first_name, "username": self.username}


@dataclass(slots=True)
class Topic:
    """A forum topic; its id is that of the service message which opened it."""

    id: int
    name: str
    icon_color: int
    closed: bool = False


@dataclass(slots=True)
class Message:
    """One message. `content` holds the Bot API's fields of its kind; `sender` is a person or BOT."""

    id: int
    chat_id: int
    sender: int
    date: int
    content: Json
    edit_date: int | None = None
    thread: int | None = None
    reply_to: int | None = None
    origin: Json | None = None
    markup: Json | None = None
    protected: bool = False
    album: str | None = None
    own_contact: bool = False

    @property
    def kind(self) -> str:
        """The first field of the content: text, photo, document, contact, forum_topic_created, …"""
        return next(iter(self.content), "")

    @property
    def service(self) -> bool:
        return self.kind not in CONTENT_KINDS


CONTENT_KINDS = frozenset(
    {"text", "photo", "document", "video", "audio", "voice", "sticker", "contact", "location", "animation"}
)
CAPTION_KINDS = frozenset({"photo", "document", "video", "audio", "voice", "animation"})


@dataclass(slots=True)
class Chat:
    """A private chat (its id is the person's), a group or a supergroup. `bot` is the bot's status in it."""

    id: int
    type: str
    title: str | None = None
    is_forum: bool = False
    members: list[int] = field(default_factory=list)
    bot: str = "member"
    migrated_to: int | None = None
    topics: dict[int, Topic] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)
    next_message: int = 1

    @property
    def private(self) -> bool:
        return self.type == "private"

    @property
    def administered(self) -> bool:
        """Whether the bot has an administrator's rights here: topics, pins, deletions, reading all."""
        return self.bot == "administrator"

    def as_json(self) -> Json:
        """The chat as the page's API shows it."""
        return {
            "id": self.id,
            "type": self.type,
            "title": self.title,
            "is_forum": self.is_forum,
            "topics": [{"id": t.id, "name": t.name, "closed": t.closed} for t in self.topics.values()],
            "members": list(self.members),
            "person": self.id if self.private else None,
        }


@dataclass(slots=True)
class World:
    """Everything that persists between calls, except files, updates and settings of the bot."""

    bot: BotIdentity
    people: dict[int, Person] = field(default_factory=dict)
    chats: dict[int, Chat] = field(default_factory=dict)
    next_person: int = FIRST_PERSON
    next_group: int = FIRST_GROUP
    next_message: int = 1

    def add_person(self, person: Person) -> Chat:
        """Registers the person and opens the (empty) private chat with the bot."""
        self.people[person.id] = person
        self.next_person = max(self.next_person, person.id + 1)
        return self.chats.setdefault(person.id, Chat(person.id, "private", members=[person.id]))

    def new_group_id(self, kind: str) -> int:
        """A fresh id: small negative for a group, below -10^12 for a supergroup."""
        number = self.next_group
        self.next_group += 1
        return SUPERGROUP_BASE - number if kind == "supergroup" else -number

    def new_message_id(self, chat: Chat) -> int:
        """Supergroups count their own messages; private chats and groups share the bot's count."""
        if chat.type == "supergroup":
            number = chat.next_message
            chat.next_message += 1
            return number
        number = self.next_message
        self.next_message += 1
        return number

    def chat_json(self, chat: Chat) -> Json:
        """The Bot API's Chat."""
        if chat.private:
            user = self.people[chat.id].as_user()
            shown: Json = {
                name: user[name] for name in ("first_name", "last_name", "username") if name in user
            }
            return {"id": chat.id, **shown, "type": "private"}
        fields: Json = {"id": chat.id, "title": chat.title or "", "type": chat.type}
        if chat.is_forum:
            fields["is_forum"] = True
        return fields

    def user_json(self, sender: int) -> Json:
        return self.bot.as_user() if sender in (BOT, self.bot.id) else self.people[sender].as_user()

    def message_json(self, message: Message, *, with_reply: bool = True) -> Json:
        """The Bot API's Message."""
        chat = self.chats[message.chat_id]
        body: Json = {
            "message_id": message.id,
            "from": self.user_json(message.sender),
            "chat": self.chat_json(chat),
            "date": message.date,
        }
        if message.edit_date is not None:
            body["edit_date"] = message.edit_date
        if message.thread is not None:
            body["message_thread_id"] = message.thread
            if chat.is_forum:
                body["is_topic_message"] = True
        body |= self._links(chat, message) if with_reply else {}
        if message.album is not None:
            body["media_group_id"] = message.album
        if message.protected:
            body["has_protected_content"] = True
        body |= message.content
        if message.markup is not None and "inline_keyboard" in message.markup:
            body["reply_markup"] = message.markup
        return body

    def _links(self, chat: Chat, message: Message) -> Json:
        links: Json = {}
        if message.origin is not None:
            links["forward_origin"] = message.origin
            links |= _legacy_forward(message.origin)
        replied = chat.messages.get(message.reply_to or 0)
        if replied is not None:
            links["reply_to_message"] = self.message_json(replied, with_reply=False)
        return links

    def phone_json(self, message: Message) -> Json:
        """The message as a phone shows it: with every kind of markup, and who sent it."""
        body = self.message_json(message)
        if message.markup is not None:
            body["reply_markup"] = message.markup
        return body | {"outgoing_by": message.sender}

    def find_person(self, name: str) -> Person | None:
        """The person with that username or first and last name, if any."""
        wanted = name.lstrip("@").casefold()
        for person in self.people.values():
            names = chain(
                [person.username or ""], [" ".join(filter(None, (person.first_name, person.last_name)))]
            )
            if wanted in (known.casefold() for known in names):
                return person
        return None


def _legacy_forward(origin: Json) -> Json:
    """The older fields that the server still sends beside forward_origin."""
    if origin["type"] == "user":
        return {"forward_from": origin["sender_user"], "forward_date": origin["date"]}
    return {"forward_sender_name": origin["sender_user_name"], "forward_date": origin["date"]}
