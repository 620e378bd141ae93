"""When nobody who might act may (recusal, four eyes), what waits passes one level up. Only storage knows the roster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage import officers
from storage.approval.case import CLOCK, Actor, CaseState, Event
from storage.approval.codes import Kind
from storage.approval.decide import decide
from storage.approval.rights import open_acts, why_not
from storage.approval.verdicts import Lift

if TYPE_CHECKING:
    from sqlmodel import Session

    from storage.approval.route import FiledAct
    from storage.world import World

LEVELS = 3
"""Desk, section chief, deputy director, director: three steps at most."""


def lifted(session: Session, state: CaseState, world: World) -> tuple[CaseState, tuple[Event, ...]]:
    """The case with each act lifted for which officers exist and none may act, and the events that did it.

    A role that nobody holds is left as it is: there the office has yet to appoint somebody, which `doctor` says.
    """
    happened: list[Event] = []
    for _ in range(LEVELS):
        barred = next(
            (n for n, act in enumerate(open_acts(state)) if _all_barred(session, state, act, world)), None
        )
        if barred is None or why_not(state, Kind.LIFT, CLOCK, world.now, world.calendar) is not None:
            break
        decision = decide(state, Lift(state.version, _place(state, barred)), CLOCK, world.now, world.calendar)
        state = decision.case
        happened += decision.events
    return state, tuple(happened)


def _all_barred(session: Session, state: CaseState, act: FiledAct, world: World) -> bool:
    holders = officers.officers(session, act.role, act.division)
    wanted = Kind.CONFIRM if state.refusal is not None else Kind.APPROVE
    return bool(holders) and all(
        one.person == state.applicant
        or why_not(state, wanted, Actor(one.person, one.roles), world.now, world.calendar) is not None
        for one in holders
    )


def _place(state: CaseState, nth: int) -> int:
    """The number of the act at its stage, of those it still waits for."""
    waiting = [n for n, act in enumerate(state.stage.acts) if act.needed and n not in state.done]
    return waiting[nth] if nth < len(waiting) else 0
