"""A service that only these tests know: a secret of every sort, one question each. Found like every service file."""

from __future__ import annotations

from typing import Annotated, ClassVar

from locales import N_
from storage.approval import Division, Role, Route, Stage, WorkingDays
from storage.conditions import when
from storage.forms import Ask, Attachment, Audience, Choice, Letter, Pick, Row, Rows, Service
from storage.kinds import Date, ForeignPassport, NameLatin, Text, YesNo


class Ward(Choice):
    ZEBRAFINCH = N_("Zebrafinch ward")
    CORMORANT = N_("Cormorant ward")


class Companion(Row):
    name: Annotated[NameLatin, Ask(N_("The companion's name?"), label=N_("Name"), find=True)]
    passport: Annotated[ForeignPassport, Ask(N_("The companion's passport?"), secret=True)]
    born: Annotated[Date, Ask(N_("The companion's birthday?"), secret=True)]
    remark: Annotated[Text | None, Ask(N_("Anything about the companion?"), secret=True)] = None


class SealedVisit(Service, table=True):
    title: ClassVar = N_("Sealed visit")
    duty: ClassVar = 4
    audiences: ClassVar = {Audience.TALENT}
    asks_contact: ClassVar = False
    letter: ClassVar = Letter("沈外试", shows=("subject", "companions"))
    route: ClassVar = Route(
        Stage(Role.DESK, within=WorkingDays(1)),
        Stage(Role.SECTION_CHIEF, Division.CON, within=WorkingDays(2)),
        Stage(Role.DIRECTOR, within=WorkingDays(2)),
    )

    subject: Annotated[Text, Ask(N_("What is the visit about?"), label=N_("Subject"), find=True)]
    passport: Annotated[ForeignPassport, Ask(N_("Your passport number?"), secret=True)]
    born: Annotated[Date, Ask(N_("Your birthday?"), secret=True)]
    ward: Annotated[Pick[Ward], Ask(N_("Which ward?"), secret=True)]
    nickname: Annotated[Text | None, Ask(N_("Another name of yours?"), secret=True)] = None
    is_ill: Annotated[YesNo, Ask(N_("Are you ill?"))]
    illness: Annotated[Text | None, Ask(N_("Which illness?"), when=when("is_ill", True), secret=True)] = None
    companions: Annotated[Rows[Companion], Ask(N_("Who comes with you?"), at_most=5)]
    scan: Annotated[Attachment, Ask(N_("A scan of your passport?"), accepts=("pdf",), secret=True)]
    arrives: Annotated[Date, Ask(N_("When do you arrive?"), label=N_("Arrival"))]
