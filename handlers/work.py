"""Work = how one update reaches storage: its effect and the mark "handled" in one transaction."""

from __future__ import annotations

import secrets as tokens
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from storage import outbox, updates

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection
    from sqlmodel import Session

    from storage.database import Database

P = ParamSpec("P")
T = TypeVar("T")


class Work:
    """Given to every handler: `await work(cases.decide, …)` runs a storage function for this update.

    The first writing call also marks the update as handled, in the same transaction. An update that was
    handled before raises `storage.updates.Redelivered` there and does nothing: let it pass, the intake then
    shows the present screen. So an update's effect is one writing call; a second one is lost if the process
    dies between them.
    """

    def __init__(
        self,
        database: Database,
        update_id: int,
        chat: int,
        at: datetime,
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        """`chat` serialises the writing with other replicas' work for it; `at` stamps the mark (UTC).

        `wake` is called when a commit brought rows for the outbox.
        """
        self._database = database.for_chat(chat)
        self._update_id = update_id
        self._chat = chat
        self._at = at
        self._wake = wake
        self._standing: outbox.Standing | None = None
        self._handed = 0
        self.marked = False
        """True once an effect of this update is committed."""

    async def __call__(
        self, function: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a function of a Session in a transaction; raises Redelivered and whatever it raises."""

        def piece(session: Session) -> tuple[T, outbox.Standing, bool]:
            standing = self._begin(session.connection())
            return function(session, *args, **kwargs), standing, outbox.posted(session)

        return self._done(*await self._database.work(piece))

    async def hot(
        self, function: Callable[Concatenate[Connection, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """The same for a function of the hot path, which takes a Connection."""

        def piece(connection: Connection) -> tuple[T, outbox.Standing, bool]:
            standing = self._begin(connection)
            return function(connection, *args, **kwargs), standing, outbox.posted(connection)

        return self._done(*await self._database.hot(piece))

    async def aside(
        self, function: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Write something that is harmless twice, without the mark: the update's effect is still to come."""
        return await self._database.work(function, *args, **kwargs)

    async def refuse_again(self) -> None:
        """For an answer that writes nothing and depends on what came since: raises Redelivered where it does."""
        if not self.marked and await self._database.hot_read(updates.handled, self._update_id):
            raise updates.Redelivered(self._update_id)

    async def read(
        self, function: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a function that only reads."""
        return await self._database.read(function, *args, **kwargs)

    async def hot_read(
        self, function: Callable[Concatenate[Connection, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a function of the hot path that only reads."""
        return await self._database.hot_read(function, *args, **kwargs)

    async def behind(self) -> bool:
        """Whether rows for this chat waited in the outbox before this update: a reply queues behind them."""
        if self._standing is None:
            standing = await self._database.hot_read(outbox.standing, self._chat, self._at)
            if standing.held:
                standing = await self._database.hot(_standing, self._chat, self._at)
                self._wake()
            self._standing = standing
        return self._standing.waits

    async def later(
        self,
        chat: int,
        call: outbox.Call,
        *,
        thread: int | None = None,
        message_id: int | None = None,
        screen: Mapping[str, Any] | None = None,
    ) -> None:
        """Hand a call that could not be made now to the outbox, where it keeps its place."""
        self._handed += 1
        again = tokens.token_hex(4)  # a redelivery's reply is another one than the first delivery's
        notice = outbox.Notice(
            f"reply:{self._update_id}:{again}:{self._handed}",
            chat,
            call=call,
            screen=screen,
            thread=thread,
            message_id=message_id,
        )
        await self._database.work(outbox.post_reply, notice, self._at)
        self._standing = _QUEUED
        self._wake()

    async def shown(self, event: str, case: int, reader: int, version: int, messages: Sequence[int]) -> None:
        """Note that a reply showed a case's card, so that it is redrawn when another officer decides.

        `event` is that of the notices which show such cards, `messages` what `Speaker.show` returned.
        """
        if messages:
            shown = outbox.Shown(self._chat, messages[-1], version)
            await self._database.work(outbox.remember, event, case, reader, shown, self._at)

    def _begin(self, connection: Connection) -> outbox.Standing:
        if not self.marked:
            updates.mark(connection, self._update_id, self._at)
        return _standing(connection, self._chat, self._at)

    def _done(self, result: T, standing: outbox.Standing, posted: bool) -> T:
        self.marked = True
        self._standing = standing
        if posted or standing.held:
            self._wake()
        return result


def _standing(connection: Connection, chat: int, at: datetime) -> outbox.Standing:
    """How the chat's rows stand; what was held goes out, for the person is here."""
    standing = outbox.standing(connection, chat, at)
    if standing.held:
        outbox.release(connection, chat, at)
        return outbox.Standing(waits=True, held=True)
    return standing


_QUEUED = outbox.Standing(waits=True, held=False)
