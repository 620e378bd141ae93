"""One turn of a conversation in one transaction: read the person and their draft, keep what they did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from storage import drafts, flow, outbox, people
from storage.conversation import Act, Asked, Kept, Step, View
from storage.drafts import DraftGone, OpenDraft
from storage.lookups import with_look_ups
from storage.outbox import Call, Notice, Priority
from storage.people import Me

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from storage.world import World

Choose = Callable[[View], "Act | None"]
"""What the person did, told from what they were looking at; None: nothing that this view knows."""


@dataclass(frozen=True)
class Spoken:
    """The message in which the person answered: Telegram's ids of its chat and of itself."""

    chat: int
    message: int

    @property
    def deletion(self) -> str:
        """The key of the outbox row that deletes it."""
        return f"secret:{self.chat}:{self.message}"


@dataclass(frozen=True)
class Turn:
    """Where a person stands after one update."""

    me: Me | None
    opened: OpenDraft | None = None
    view: View | None = None
    step: Step | None = None
    """What came of the act; None when there was none: a stale button, or only a look."""
    before: View | None = None
    """What the person was looking at when they acted."""
    hides: bool = False
    """The message held a secret answer, and is deleted from the chat."""


def look(connection: Connection, world: World, telegram_id: int) -> Turn:
    """Where the person stands now."""
    me = people.who(connection, telegram_id)
    if me is None or me.present_draft is None:
        return Turn(me)
    try:
        opened = drafts.load(connection, world.services, me.present_draft, me.id)
    except DraftGone:
        return Turn(me)
    return Turn(me, opened, view_of(world, me, opened))


def take(
    connection: Connection,
    world: World,
    telegram_id: int,
    choose: Choose,
    *,
    drawn_for: tuple[int, int] | None = None,
    spoken: Spoken | None = None,
) -> Turn:
    """Let the person act on their present draft. A button names the (draft, revision) that it was drawn for:
    another revision, or another person's draft, changes nothing.

    A message that answers a secret question is deleted from the chat: a row of the same transaction sees to it,
    so that it goes whatever becomes of this process.
    """
    turn = look(connection, world, telegram_id)
    if turn.opened is None or turn.me is None or turn.view is None:
        return turn
    if drawn_for is not None and drawn_for != (turn.opened.id, turn.opened.revision):
        return turn
    act = choose(turn.view)
    if act is None:
        return turn
    service = world.services[turn.opened.draft.service]
    facts = world.facts_of_draft(turn.me, turn.opened)
    facts = with_look_ups(connection, facts, service, turn.opened, turn.view)
    step = flow.answer(service, turn.opened.draft, act, facts)
    opened = turn.opened
    if step.draft != opened.draft or isinstance(step, Kept):
        opened = drafts.save(connection, service, opened, step.draft, world.now)
    hides = spoken is not None and isinstance(step, Kept) and _is_secret(turn.view)
    if hides and spoken is not None:
        outbox.post(connection, _deletion(spoken), world.now)
    shown = flow.screen(service, step.draft, facts)
    return Turn(turn.me, opened, shown, step, before=turn.view, hides=hides)


def was_hidden(connection: Connection, spoken: Spoken) -> bool:
    """Whether a message was found to hold a secret answer, and so is deleted or about to be."""
    return outbox.is_posted(connection, spoken.deletion)


def view_of(world: World, me: Me, opened: OpenDraft) -> View:
    """What the person is to see of a draft."""
    service = world.services[opened.draft.service]
    return flow.screen(service, opened.draft, world.facts_of_draft(me, opened))


def _is_secret(view: View) -> bool:
    return isinstance(view, Asked) and view.question.secret


def _deletion(spoken: Spoken) -> Notice:
    return Notice(
        spoken.deletion, spoken.chat, call=Call.DELETE, message_id=spoken.message, priority=Priority.URGENT
    )
