"""The shortest service there can be, for tests that need a case and not its form."""

from __future__ import annotations

from typing import Annotated, ClassVar

from locales import N_
from storage.approval import Division, Role, Route, Stage, WorkingDays
from storage.forms import Ask, Audience, Service
from storage.kinds import Text


class ShortVisit(Service, table=True):
    title: ClassVar = N_("Short visit")
    duty: ClassVar = 4
    audiences: ClassVar = {Audience.TALENT}
    asks_contact: ClassVar = False
    route: ClassVar = Route(
        Stage(Role.DESK, within=WorkingDays(1)),
        Stage(Role.SECTION_CHIEF, Division.CON, within=WorkingDays(2)),
        Stage(Role.DIRECTOR, within=WorkingDays(2)),
    )

    subject: Annotated[Text, Ask(N_("What is the short visit about?"), label=N_("Subject"))]
    passport: Annotated[Text | None, Ask(N_("A word that is secret?"), secret=True)] = None
