"""Invitation for foreign guests 邀请外国人来华: a thin beginning."""

from __future__ import annotations

from typing import Annotated, ClassVar

from locales import N_
from storage.approval import Division, Role, Route, Stage, WorkingDays
from storage.conditions import Answers, Facts, condition, when
from storage.forms import Ask, Attachment, Audience, Choice, Duplicate, Letter, Pick, Row, Rows, Service
from storage.kinds import BirthDate, Country, Date, DateRange, ForeignPassport, NameLatin, Organisation, Sex


class LetterKind(Choice):
    AUTHORISED = N_("Letter of an authorised unit")
    VERIFICATION = N_("Verification of the host's own letter")
    AMENDMENT = N_("Amendment of a letter issued before")


class Entries(Choice):
    SINGLE = N_("Single entry")
    DOUBLE = N_("Double entry")
    MULTIPLE_HALF_YEAR = N_("Multiple entries, half a year")
    MULTIPLE_YEAR = N_("Multiple entries, one year")


class Guest(Row):
    key: ClassVar[tuple[str, ...]] = ("nationality", "passport_no")

    name: Annotated[NameLatin, Ask(N_("The guest's name, as in the passport?"), label=N_("Name"), find=True)]
    sex: Annotated[Sex, Ask(N_("Sex, as in the document?"), label=N_("Sex"))]
    birth_date: Annotated[BirthDate, Ask(N_("Date of birth?"), label=N_("Date of birth"), secret=True)]
    nationality: Annotated[Country, Ask(N_("Nationality?"), label=N_("Nationality"))]
    passport_no: Annotated[ForeignPassport, Ask(N_("Passport number?"), label=N_("Passport"), secret=True)]
    passport_expiry: Annotated[Date, Ask(N_("Until when is the passport valid?"))]


@condition(N_("Multiple entries, more than ten guests, or a stay of more than 90 days."))
def out_of_the_ordinary(answers: Answers, _facts: Facts) -> bool:
    many = len(answers.guests or ()) > 10 or (answers.stay is not None and answers.stay.days > 90)
    return many or answers.entries in (Entries.MULTIPLE_HALF_YEAR, Entries.MULTIPLE_YEAR)


class InvitationLetter(Service, table=True):
    title: ClassVar = N_("Invitation for foreign guests")
    duty: ClassVar = 4
    audiences: ClassVar = {Audience.HOST, Audience.BUREAU}
    same_case: ClassVar = Duplicate(
        ("guests.nationality", "guests.passport_no"), overlap="stay", everyone=True
    )
    letter: ClassVar = Letter("沈外邀", template="invitation.typ")
    route: ClassVar = Route(
        Stage(Role.DESK, within=WorkingDays(1), may_edit=("guests.name",)),
        Stage(Role.SECTION_CHIEF, Division.CON, within=WorkingDays(2)),
        Stage(Role.DEPUTY_DIRECTOR, within=WorkingDays(1), when=out_of_the_ordinary),
        Stage(Role.DIRECTOR, within=WorkingDays(2), when=~when("kind", LetterKind.VERIFICATION)),
    )

    kind: Annotated[Pick[LetterKind], Ask(N_("Which letter do you need?"))]
    host: Annotated[Organisation, Ask(N_("Who is the host?"), profile="applicant_organisation")]
    guests: Annotated[Rows[Guest], Ask(N_("Who is invited?"), at_most=20)]
    stay: Annotated[DateRange, Ask(N_("From which day to which day do they stay?"), at_most=180)]
    entries: Annotated[Pick[Entries], Ask(N_("How many entries?"))]
    business_proof: Annotated[
        Attachment, Ask(N_("A contract or letters that show the link?"), accepts=("pdf",))
    ]
