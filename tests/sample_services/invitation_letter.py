from typing import Annotated, ClassVar
from sqlmodel import Field
from storage.approval import Division, Role, Route, Stage, WorkingDays   # and: All, AnyOf, InTurn, Outside, Published, Hours, Minutes
from storage.conditions import Answers, Facts, condition, when, working_days_ahead
from storage.forms import Ask, Attachment, Audience, Choice, Letter, Matter, Option, Pick, Picks, Row, Rows, Rule, Service
from storage.kinds import Country, Date, ForeignPassport, NameLatin
from locales import N_

class Purpose(Choice):
    STUDY = N_("Study")
    TRADE = N_("Trade talks")
    CRUISE = Option(N_("Cruise"), retired=True)

class Guest(Row):
    name: Annotated[NameLatin, Ask(N_("Guest's name, as in the passport?"))]
    nationality: Annotated[Country, Ask(N_("Nationality?"))]
    passport: Annotated[ForeignPassport, Ask(N_("Passport number?"), hint=N_("6-9 letters and digits"), secret=True)]

@condition(N_("More than ten guests."))
def many_guests(answers: Answers, facts: Facts) -> bool:
    return len(answers.guests or ()) > 10

def leaves_after_arriving(answers: Answers, facts: Facts) -> bool:
    return answers.leaves >= answers.arrives

class InvitationLetter(Service, table=True):
    title: ClassVar = N_("Invitation letter for a foreign guest")
    duty: ClassVar = 4                            # which of the office's twelve responsibilities
    audiences: ClassVar = {Audience.HOST, Audience.BUREAU}
    version: ClassVar = 1
    letter: ClassVar = Letter("沈外邀")            # template="invitation.typ" where the plain bilingual one does not do
    route: ClassVar = Route(
        Stage(Role.DESK, within=WorkingDays(1), may_edit=("guests.name",)),
        Stage(Role.SECTION_CHIEF, Division.CON, within=WorkingDays(2)),
        Stage(Role.DEPUTY_DIRECTOR, within=WorkingDays(1), when=many_guests),
        Stage(Role.DIRECTOR, within=WorkingDays(2)),
    )
    guests: Annotated[Rows[Guest], Ask(N_("Who is invited?"), at_most=20)]
    purpose: Annotated[Pick[Purpose], Ask(N_("Purpose of the visit?"))]
    university: Annotated[str | None, Field(max_length=120), Ask(N_("Which university?"), when=when("purpose", Purpose.STUDY))] = None
    arrives: Annotated[Date, Ask(N_("Date of arrival?"))]
    leaves: Annotated[Date, Ask(N_("Date of departure?"))]
    proof: Annotated[Attachment, Ask(N_("A contract or letters that show the link?"))]
    rules: ClassVar = (
        Rule(("arrives", "leaves"), leaves_after_arriving, N_("The departure is before the arrival.")),
        Rule(("arrives",), working_days_ahead("arrives", "invitation_lead", default=5), N_("Please allow {days} working days.")),
    )
