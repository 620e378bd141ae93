"""One turn of a conversation in one transaction: read the person and their draft, keep what they did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from storage import drafts, flow, people
from storage.conversation import Act, Kept, Step, View
from storage.drafts import DraftGone, OpenDraft
from storage.people import Me

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from storage.world import World

Choose = Callable[[View], "Act | None"]
"""What the person did, told from what they were looking at; None: nothing that this view knows."""


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
) -> Turn:
    """Let the person act on their present draft. A button names the (draft, revision) that it was drawn for:
    another revision, or another person's draft, changes nothing.
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
    facts = world.facts(turn.me, service.form_id())
    step = flow.answer(service, turn.opened.draft, act, facts)
    opened = turn.opened
    if step.draft != opened.draft or isinstance(step, Kept):
        opened = drafts.save(connection, service, opened, step.draft, world.now)
    return Turn(turn.me, opened, flow.screen(service, step.draft, facts), step, before=turn.view)


def view_of(world: World, me: Me, opened: OpenDraft) -> View:
    """What the person is to see of a draft."""
    service = world.services[opened.draft.service]
    return flow.screen(service, opened.draft, world.facts(me, service.form_id()))
