"""What one outbox row does on Telegram: its calls, and the mending that Telegram's answer asks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bot.delivery import Line, Refused, message_ids
from handlers.calls import Call, to_calls
from handlers.refusals import Refusal
from handlers.screens import Screen
from storage import dispatch, outbox

if TYPE_CHECKING:
    from sqlmodel import Session

    from storage.database import Database
    from storage.dispatch import Due

Worder = Callable[["Session", "Due"], Screen | None]
"""Words an event for its reader, in the language that they have now; None: nothing is left to say."""


class Caller:
    """Makes the calls of a row. Raises what `Line.call` raises, for what can't be mended here."""

    def __init__(self, database: Database, line: Line, word: Worder) -> None:
        self._database = database
        self._line = line
        self._word = word

    async def make(self, due: Due) -> tuple[tuple[int, ...], int | None]:
        """Make the row's calls; returns the messages made and the topic that they stand in."""
        match due.call:
            case outbox.Call.SEND | outbox.Call.EDIT:
                return await self._show(due)
            case outbox.Call.DELETE:
                return await self._delete(due), due.thread
            case outbox.Call.COPY:
                params = {**_place(due.chat, due.thread), **due.values}
                return message_ids(await self.call("copyMessage", params, due)), due.thread
            case outbox.Call.TOPIC:
                topic = await self.call("createForumTopic", {"chat_id": due.chat, **due.values}, due)
                return (), topic.message_thread_id

    async def _show(self, due: Due) -> tuple[tuple[int, ...], int | None]:
        screen = Screen.unpack(dict(due.screen)) if due.screen else await self._database.read(self._word, due)
        if screen is None:
            return (), due.thread
        thread = due.thread
        if thread is None and due.chat < 0 and due.case is not None:
            thread = await self._database.read(dispatch.topic_of, due.chat, due.case)
        edit = await self._shown(due) if due.call is outbox.Call.EDIT else None
        return await self._send(due, screen, thread, edit), thread

    async def _send(self, due: Due, screen: Screen, thread: int | None, edit: int | None) -> tuple[int, ...]:
        made: list[int] = []
        for call in to_calls(screen, due.chat, thread=thread, edit=edit):
            try:
                made += message_ids(await self._line.call(call, due.priority))
            except Refused as refused:
                match refused.meaning:
                    case Refusal.NOT_MODIFIED if edit:
                        made.append(edit)
                    case Refusal.MESSAGE_GONE if edit:
                        return await self._send(due, screen, thread, None)
                    case Refusal.UNFIT_PICTURE if any(each.picture for each in screen.attachments):
                        return await self._send(due, screen.as_documents(), thread, edit)
                    case _:
                        raise
        return tuple(made)

    async def _delete(self, due: Due) -> tuple[int, ...]:
        several = due.values.get("messages")
        single = due.message_id or await self._shown(due)
        ids = several or ([single] if single else [])
        if ids:
            await self.call("deleteMessages", {"chat_id": due.chat, "message_ids": list(ids)}, due)
        return tuple(ids)

    async def _shown(self, due: Due) -> int | None:
        if due.message_id is not None or due.case is None or due.reader is None:
            return due.message_id
        shown = await self._database.read(outbox.shown_to, due.case, due.reader)
        return shown.message_id if shown is not None and shown.chat == due.chat else None

    async def call(self, method: str, params: dict[str, Any], due: Due) -> Any:
        """One call for a row, as urgent as it is."""
        return await self._line.call(Call(method, params), due.priority)


def _place(chat: int, thread: int | None) -> dict[str, int]:
    return {"chat_id": chat, "message_thread_id": thread} if thread else {"chat_id": chat}
