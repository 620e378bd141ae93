"""Services for overseas Chinese 侨务综合服务: a thin beginning."""

from __future__ import annotations

from typing import Annotated, ClassVar

from locales import N_
from storage.approval import Division, Outside, Role, Route, Stage, WorkingDays
from storage.forms import Ask, Attachment, Audience, Choice, Letter, Matter, Picks, Service
from storage.kinds import Country, District, NameZh


class Wanted(Choice):
    """The matters; each code is the id of the matter's form below."""

    RETURN_SETTLEMENT = N_("Return and settle in China")
    FAMILY_SEARCH = N_("Search for roots and relatives")


class OverseasChineseService(Service, table=True):
    title: ClassVar = N_("Services for overseas Chinese")
    duty: ClassVar = 7
    audiences: ClassVar = {Audience.OVERSEAS}
    route: ClassVar = Route(
        Stage(Role.DESK, within=WorkingDays(1)),
        Stage(Role.SECTION_CHIEF, Division.OCA, within=WorkingDays(3)),
    )

    person_name_zh: Annotated[NameZh, Ask(N_("The person's name in Chinese?"))]
    nationality: Annotated[Country, Ask(N_("The person's nationality?"))]
    matters: Annotated[Picks[Wanted], Ask(N_("What do you need?"))]


class ReturnSettlement(Matter, table=True, of=OverseasChineseService):
    title: ClassVar = N_("Return and settle in China")
    district_field: ClassVar = "target_district"
    letter: ClassVar = Letter("沈侨")
    route: ClassVar = Route(
        Stage(Role.SECTION_CHIEF, Division.DIS, within=WorkingDays(3)),
        Stage(Role.DESK, within=WorkingDays(1)),
        Stage(Role.SECTION_CHIEF, Division.OCA, within=WorkingDays(5)),
        Outside("police", within=WorkingDays(10)),
        Stage(Role.DEPUTY_DIRECTOR, within=WorkingDays(2)),
        Stage(Role.DIRECTOR, within=WorkingDays(2)),
    )

    target_district: Annotated[District, Ask(N_("In which district will the person settle?"))]


class FamilySearch(Matter, table=True, of=OverseasChineseService):
    title: ClassVar = N_("Search for roots and relatives")
    letter: ClassVar = Letter("沈侨")
    route: ClassVar = Route(
        Stage(Role.DESK, within=WorkingDays(1)),
        Stage(Role.SECTION_CHIEF, Division.OCA, within=WorkingDays(10)),
    )

    story: Annotated[str, Ask(N_("What do you know of them?"), at_most=2000)]
    photos: Annotated[Attachment | None, Ask(N_("Photos or letters, if you have them?"))] = None
