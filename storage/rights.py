"""Rights, computed in one place, for chat, web and command line: who may see what (who may act: `approval`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.approval import Division, Role
from storage.cases import NoSuchCase, OpenCase

if TYPE_CHECKING:
    from storage.officers import Officer


def may_see(case: OpenCase, *, person: int, officer: Officer | None = None) -> bool:
    """Whether this person may see the case: their own, or what services.md (a) gives their roles to see."""
    if case.person == person:
        return True
    return officer is not None and any(_role_sees(case, role, division) for role, division in officer.roles)


def see(case: OpenCase, *, person: int, officer: Officer | None = None) -> OpenCase:
    """The case, if they may see it. Raises NoSuchCase: whether it exists is not told either."""
    if not may_see(case, person=person, officer=officer):
        raise NoSuchCase
    return case


def _role_sees(case: OpenCase, role: Role, division: Division | None) -> bool:
    if role in (Role.DESK, Role.DIRECTOR):
        return True
    if role is Role.SECTION_CHIEF:
        return division is not None and division in _divisions(case)
    if role is Role.DEPUTY_DIRECTOR:
        return division is None or division in _divisions(case)
    return False


def _divisions(case: OpenCase) -> set[Division | None]:
    """The divisions through which the case passes, as its answers stand, and the one in charge."""
    passed = (stage for stage in case.state.route if stage.applies)
    return {act.division for stage in passed for act in stage.acts if act.needed} | {case.state.owner}
