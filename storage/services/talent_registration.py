"""Registration of overseas talent 海外高层次人才登记: a thin beginning."""

from __future__ import annotations

from typing import Annotated, ClassVar

from locales import N_
from storage.approval import Division, Role, Route, Stage, WorkingDays
from storage.forms import Ask, Attachment, Audience, Duplicate, Letter, Service
from storage.kinds import BirthDate, Consent, Country, Email, NameLatin


class TalentRegistration(Service, table=True):
    title: ClassVar = N_("Register as overseas talent")
    duty: ClassVar = 10
    audiences: ClassVar = {Audience.TALENT}
    same_case: ClassVar = Duplicate(("email",))
    letter: ClassVar = Letter("沈外才登", template="receipt.typ")
    route: ClassVar = Route(
        Stage(Role.DESK, within=WorkingDays(1)),
        Stage(Role.SECTION_CHIEF, Division.TAL, within=WorkingDays(5)),
    )

    consent_pool: Annotated[Consent, Ask(N_("May the office keep your data in the talent platform?"))]
    name: Annotated[NameLatin, Ask(N_("Your name, as in the passport?"))]
    birth_date: Annotated[BirthDate, Ask(N_("Your date of birth?"))]
    nationality: Annotated[Country, Ask(N_("Your nationality?"))]
    email: Annotated[Email, Ask(N_("Your e-mail address?"))]
    cv: Annotated[Attachment, Ask(N_("Please send your CV."), accepts=("pdf", "docx"), at_most=1)]
