"""The simulator's state as one JSON document, written whole and atomically soon after it changed."""

import asyncio
import json
import os
import time
from dataclasses import asdict
from pathlib import Path

from .core import Core, Profile, Tap
from .errors import Json
from .model import Chat, Message, Person, Topic
from .receiving import Receiver
from .webhook import Webhook

VERSION = 1


def dump(core: Core, receiver: Receiver) -> Json:
    """Everything but the bytes of files."""
    world = core.world
    return {
        "version": VERSION,
        "next": [world.next_person, world.next_group, world.next_message, core.next_tap],
        "people": [asdict(person) for person in world.people.values()],
        "chats": [_dump_chat(chat) for chat in world.chats.values()],
        "profile": asdict(core.profile),
        "files": core.files.dump(),
        "updates": core.updates.dump(),
        "taps": {query_id: asdict(tap) for query_id, tap in core.taps.items()},
        "webhook": asdict(receiver.webhook) if receiver.webhook else None,
        "seq": core.events.seq,
    }


def load(core: Core, state: Json) -> Webhook | None:
    """Restores a fresh core; returns the webhook that was set. Raises ValueError for another version."""
    if state.get("version") != VERSION:
        raise ValueError(f"this state is of version {state.get('version')}, not {VERSION}")
    world = core.world
    world.next_person, world.next_group, world.next_message, core.next_tap = state["next"]
    world.people = {item["id"]: Person(**item) for item in state["people"]}
    world.chats = {item["id"]: _load_chat(item) for item in state["chats"]}
    core.profile = Profile(**state["profile"])
    core.files.load(state["files"])
    core.updates.load(state["updates"])
    core.taps = {query_id: Tap(**item) for query_id, item in state["taps"].items()}
    core.events.seq = state["seq"]
    return Webhook(**state["webhook"]) if state["webhook"] else None


def _dump_chat(chat: Chat) -> Json:
    fields = {name: getattr(chat, name) for name in _CHAT_FIELDS}
    fields |= {"members": list(chat.members), "pinned": list(chat.pinned)}
    fields["topics"] = [asdict(topic) for topic in chat.topics.values()]
    fields["messages"] = [_dump_message(message) for message in chat.messages.values()]
    return fields


def _load_chat(item: Json) -> Chat:
    chat = Chat(**{name: item[name] for name in _CHAT_FIELDS})
    chat.topics = {topic["id"]: Topic(**topic) for topic in item["topics"]}
    chat.messages = {fields["id"]: Message(**fields) for fields in item["messages"]}
    return chat


def _dump_message(message: Message) -> Json:
    return {name: getattr(message, name) for name in Message.__slots__}


_CHAT_FIELDS = ("id", "type", "title", "is_forum", "members", "bot", "migrated_to", "pinned", "next_message")


class Keeper:
    """Writes the state to `path` `pause` seconds after a change, later the longer writing takes, and at the end.

    A process that is killed loses what the phones saw in that time; the bot's own database does not.
    """

    def __init__(self, path: Path, core: Core, receiver: Receiver, pause: float = 0.1) -> None:
        self._path = path
        self._core = core
        self._receiver = receiver
        self._pause = pause
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._writing: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._core.on_change = self._changed.set
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._writing is not None:  # its thread can't be cancelled, and would write into the same file
            await asyncio.gather(self._writing, return_exceptions=True)
        self._core.on_change = lambda: None
        self.save()

    def save(self) -> None:
        """Writes now."""
        write_atomically(self._path, dump(self._core, self._receiver))

    async def _run(self) -> None:
        took = 0.0
        while True:
            await self._changed.wait()
            await asyncio.sleep(max(self._pause, 5 * took))
            self._changed.clear()
            began = time.monotonic()
            state = dump(self._core, self._receiver)
            self._writing = asyncio.create_task(asyncio.to_thread(write_atomically, self._path, state))
            await asyncio.shield(self._writing)
            took = time.monotonic() - began


def write_atomically(path: Path, state: Json) -> None:
    """A reader finds the old document or the new one, never half of one."""
    body = json.dumps(state, ensure_ascii=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    with partial.open("w", encoding="utf-8") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def read(path: Path) -> Json:
    """The document at `path`."""
    state: Json = json.loads(path.read_text(encoding="utf-8"))
    return state
