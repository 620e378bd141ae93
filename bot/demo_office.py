"""The people of the demo: applicants, and two officers for every (role, division) of the routes. All invented."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import cycle
from typing import TYPE_CHECKING

from storage import officers, people
from storage.approval import Division, Role
from storage.forms import Audience
from storage.services import services

if TYPE_CHECKING:
    from sqlmodel import Session

FIRST_ID = 1001
FAMILY = "王李张刘陈杨赵黄周吴徐孙朱马胡郭林何高梁郑罗宋谢唐韩曹许邓萧"
GIVEN = "芳伟秀敏静丽强磊军洋勇艳杰涛明超秀霞平刚桂英华玉兰建国海燕"


@dataclass(frozen=True)
class DemoPerson:
    """One phone of the demo."""

    telegram_id: int
    name: str
    language: str
    label: str
    group: str
    role: Role | None = None
    division: Division | None = None
    audience: Audience | None = None
    unit: str | None = None
    pinned: bool = False


def demo_people() -> tuple[DemoPerson, ...]:
    """Everybody in the demo, with the same ids at every start."""
    applicants = (
        DemoPerson(FIRST_ID, "李娜", "zh-hans", "Host · 邀请单位", "Applicants", audience=Audience.HOST,
                   unit="沈阳浑南精密机械有限公司", pinned=True),
        DemoPerson(FIRST_ID + 1, "Anna", "en", "Talent · 海外人才", "Applicants", audience=Audience.TALENT),
        DemoPerson(FIRST_ID + 2, "陈大卫", "zh-hans", "Overseas Chinese · 侨胞", "Applicants",
                   audience=Audience.OVERSEAS),
        DemoPerson(FIRST_ID + 3, "周建国", "zh-hans", "Bureau · 市直单位", "Applicants", audience=Audience.BUREAU,
                   unit="沈阳市商务局"),
    )  # fmt: skip
    return (*applicants, *_officers(FIRST_ID + 100))


def seat(session: Session, at: datetime) -> None:
    """Enter the demo's people into the database; those who are there keep what they chose."""
    for one in demo_people():
        known = people.by_telegram(session, one.telegram_id)
        if known is not None:
            continue
        language = "en" if one.language == "en" else "zh_Hans"
        person = people.meet(session, one.telegram_id, language, at)
        if one.role is not None:
            officers.appoint(session, person.id or 0, one.role, one.division, one.name)
        if one.audience is not None:
            people.join(session, person.id or 0, one.audience, one.unit)


def _officers(first: int) -> Iterator[DemoPerson]:
    pinned = {(Role.DESK, None), (Role.SECTION_CHIEF, Division.CON), (Role.DIRECTOR, None)}
    family, given = cycle(FAMILY), cycle(GIVEN)
    number = first
    for role, division in _seats():
        for nth in range(2):
            name = next(family) + next(given) + (next(given) if number % 2 else "")
            label = f"{_ROLES[role]}{f' · {division.value}' if division else ''}"
            yield DemoPerson(
                number, name, "zh-hans", label, f"Officers · {division.value if division else '全办'}",
                role=role, division=division, pinned=nth == 0 and (role, division) in pinned,
            )  # fmt: skip
            number += 1


def _seats() -> Iterator[tuple[Role, Division | None]]:
    """Every (role, division) that a route names, and the two roles that none does."""
    seats: dict[tuple[Role, Division | None], None] = {(Role.DESK, None): None}
    for service in services().values():
        for form in (service, *service.matter_forms):
            for stage in form.route.stages if form.route else ():
                for act in stage.acts:
                    for division in _divisions(act.role, act.division):
                        seats[act.role, division] = None
    for role in (Role.DEPUTY_DIRECTOR, Role.DIRECTOR, Role.DISCIPLINE, Role.ADMINISTRATOR):
        seats[role, None] = None
    yield from sorted(seats, key=lambda seat: (list(Role).index(seat[0]), seat[1] or ""))


def _divisions(role: Role, division: Division | None) -> tuple[Division | None, ...]:
    if role is not Role.SECTION_CHIEF:
        return (None,)
    if division is Division.DIS:
        return tuple(one for one in Division if one.is_district and one is not Division.DIS)
    return (division,)


_ROLES = {
    Role.DESK: "Desk · 综合窗口",
    Role.SECTION_CHIEF: "Section chief · 处长",
    Role.DEPUTY_DIRECTOR: "Deputy director · 副主任",
    Role.DIRECTOR: "Director · 主任",
    Role.DISCIPLINE: "Discipline · 纪委",
    Role.ADMINISTRATOR: "Administrator · 管理员",
}
