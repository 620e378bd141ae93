"""The state of the simulated Telegram and the few changes that all else is made of, seen by all phones."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from .errors import Json
from .events import EventLog
from .faults import FaultBox
from .files import FileStore
from .limits import Limits, Pace
from .model import BOT, BotIdentity, Chat, Message, Person, World
from .updates import UpdateQueue

GENERAL_TOPIC = 1


@dataclass(slots=True)
class Profile:
    """What the bot set about itself. Texts by language code, "" for all; commands by "scope|language"."""

    names: dict[str, str] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)
    commands: dict[str, list[Json]] = field(default_factory=dict)
    menu_buttons: dict[str, Json] = field(default_factory=dict)


@dataclass(slots=True)
class Tap:
    """A callback query that may still be answered until `expires` (POSIX time by the simulator's clock)."""

    person: int
    expires: float


class Core:
    """One bot's Telegram. Methods of the Bot API and acts of phones change it through here alone."""

    def __init__(
        self, bot: BotIdentity, now: Callable[[], datetime], limits: Limits, folder: Path | None = None
    ) -> None:
        self.now = now
        self.limits = limits
        self.world = World(bot)
        self.profile = Profile()
        self.files = FileStore(now, limits, folder)
        self.updates = UpdateQueue(now, limits)
        self.events = EventLog()
        self.pace = Pace(limits)
        self.faults = FaultBox()
        self.taps: dict[str, Tap] = {}
        self.next_tap = 1
        self.on_change: Callable[[], None] = lambda: None
        self.calls_under_way = 0
        self.last_activity = time.monotonic()

    def stamp(self) -> int:
        """The date of a message made now: POSIX seconds."""
        return int(self.now().timestamp())

    def tell(self, kind: str, **fields: object) -> None:
        """Tells every follower of events, and that there is something to save."""
        self.last_activity = time.monotonic()
        self.events.add(kind, fields)
        self.on_change()

    def post(self, chat: Chat, sender: int, content: Json, **extra: object) -> Message:
        """A new message in `chat`, shown on every phone in it. `extra` are fields of Message."""
        message = Message(
            id=self.world.new_message_id(chat),
            chat_id=chat.id,
            sender=sender,
            date=self.stamp(),
            content=content,
            **extra,  # type: ignore[arg-type]  # fields of Message, named by callers in this package
        )
        chat.messages[message.id] = message
        self.tell("message", chat_id=chat.id, message=self.world.phone_json(message))
        return message

    def changed(self, message: Message) -> None:
        """Shows an edited message on the phones."""
        self.tell("edited", chat_id=message.chat_id, message=self.world.phone_json(message))

    def remove(self, chat: Chat, ids: list[int]) -> None:
        """Deletes messages for everyone."""
        gone = [number for number in ids if chat.messages.pop(number, None) is not None]
        chat.pinned = [number for number in chat.pinned if number not in gone]
        if gone:
            self.tell("deleted", chat_id=chat.id, message_ids=gone)

    def deliver(self, message: Message, *, edited: bool = False) -> None:
        """Queues the update that tells the bot of a message, unless privacy mode keeps it from the bot."""
        chat = self.world.chats[message.chat_id]
        if chat.bot in ("left", "kicked") or not self._may_read(chat, message):
            return
        self.meet(message.sender)
        self.updates.add(
            "edited_message" if edited else "message", self.world.message_json(message), f"message:{chat.id}"
        )
        self.last_activity = time.monotonic()
        self.on_change()

    def meet(self, person: int) -> None:
        """From now on the bot knows this person's id."""
        if person in self.world.people:
            self.world.people[person].met = True

    def _may_read(self, chat: Chat, message: Message) -> bool:
        """Group privacy: commands to the bot, replies to it, service messages (Bot features, Privacy)."""
        if chat.private or chat.administered or message.service:
            return True
        replied = chat.messages.get(message.reply_to or 0)
        if replied is not None and replied.sender == BOT:
            return True
        text = message.content.get("text") or message.content.get("caption") or ""
        if not text.startswith("/"):
            return False
        _, at, addressee = text.split(maxsplit=1)[0].partition("@")
        return not at or addressee.lower() == self.world.bot.username.lower()

    def bot_status(self, chat: Chat, person: Person, status: str) -> None:
        """Changes what the bot is in a chat, by that person, and tells it (my_chat_member)."""
        old, chat.bot = chat.bot, status
        self.meet(person.id)
        self.updates.add(
            "my_chat_member",
            {
                "chat": self.world.chat_json(chat),
                "from": person.as_user(),
                "date": self.stamp(),
                "old_chat_member": self.member_json(chat, old),
                "new_chat_member": self.member_json(chat, status),
            },
            f"member:{chat.id}",
        )
        self.tell("chat", chat=chat.as_json())

    def member_json(self, chat: Chat, status: str, user: Json | None = None) -> Json:
        """A ChatMember of that status; the bot's own unless `user` is given."""
        member: Json = {"user": user or self.world.bot.as_user(), "status": status}
        if status == "kicked":
            member["until_date"] = 0
        if status == "administrator":
            member |= {"can_be_edited": False, "is_anonymous": False}
            member |= {f"can_{right}": True for right in _RIGHTS}
            member |= {f"can_{right}": False for right in _NO_RIGHTS}
            if chat.type == "supergroup":
                member |= {"can_manage_topics": chat.is_forum, "can_pin_messages": True}
        return member

    def answer_tap(self, query_id: str) -> Tap | None:
        """Takes the tap out of those waiting for an answer; None if it is unknown, answered or too old."""
        tap = self.taps.pop(query_id, None)
        return tap if tap is not None and tap.expires >= self.now().timestamp() else None

    def idle(self) -> bool:
        """Nothing is waiting for the bot and no call of it is under way."""
        return self.calls_under_way == 0 and self.updates.count() == 0


_RIGHTS = (
    "manage_chat", "delete_messages", "restrict_members", "change_info", "invite_users", "manage_video_chats",
)  # fmt: skip
_NO_RIGHTS = ("promote_members", "send_welcome_messages", "post_stories", "edit_stories", "delete_stories")
