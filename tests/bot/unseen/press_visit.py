"""A service that nobody has seen: dropped in by a test, it must work without any other edit."""

from typing import Annotated, ClassVar

from locales import N_
from storage.approval import Division, Role, Route, Stage, WorkingDays
from storage.conditions import Answers, Facts, condition, when
from storage.forms import (
    Ask,
    Attachment,
    Audience,
    Choice,
    Duplicate,
    Letter,
    Pick,
    Row,
    Rows,
    Rule,
    Service,
)
from storage.kinds import Country, Date, NameLatin


class Medium(Choice):
    FILM = N_("Film")
    PAPER = N_("Newspaper")


class Reporter(Row):
    key: ClassVar[tuple[str, ...]] = ("press_card",)
    names: ClassVar[tuple[str, ...]] = ("name",)

    name: Annotated[NameLatin, Ask(N_("The reporter's name?"), label=N_("Reporter"), find=True)]
    country: Annotated[Country, Ask(N_("From which country?"))]
    press_card: Annotated[str, Ask(N_("Number of the press card?"), secret=True, at_least=4, at_most=30)]
    camera: Annotated[
        str | None, Ask(N_("Which camera?"), when=when("medium", Medium.FILM), at_least=2, at_most=60)
    ] = None


@condition(N_("More than one reporter comes."))
def a_crew(answers: Answers, facts: Facts) -> bool:
    return len(answers.reporters or ()) > 1


def leaves_after_coming(answers: Answers, facts: Facts) -> bool:
    return answers.leaves >= answers.comes


class PressVisit(Service, table=True):
    title: ClassVar = N_("Visit of reporters")
    duty: ClassVar = 6
    audiences: ClassVar = {Audience.JOURNALIST}
    letter: ClassVar = Letter("沈外闻", shows=("reporters.name", "comes", "leaves"))
    same_case: ClassVar = Duplicate(("reporters.press_card",))
    route: ClassVar = Route(
        Stage(Role.DESK, within=WorkingDays(1)),
        Stage(Role.SECTION_CHIEF, Division.CON, within=WorkingDays(2)),
        Stage(Role.DEPUTY_DIRECTOR, within=WorkingDays(1), when=a_crew),
        Stage(Role.DIRECTOR, within=WorkingDays(1)),
    )

    medium: Annotated[Pick[Medium], Ask(N_("For which medium?"))]
    reporters: Annotated[Rows[Reporter], Ask(N_("Who comes?"), label=N_("Reporters"), at_most=5)]
    comes: Annotated[Date, Ask(N_("Date of arrival?"), label=N_("Arrival"))]
    leaves: Annotated[Date, Ask(N_("Date of departure?"), label=N_("Departure"))]
    plate: Annotated[
        str | None,
        Ask(N_("The van's number plate?"), when=when("medium", Medium.FILM), secret=True, at_most=20),
    ] = None
    assignment: Annotated[Attachment, Ask(N_("The letter of assignment?"), accepts=("pdf",), at_most=1)]

    rules: ClassVar = (
        Rule(("comes", "leaves"), leaves_after_coming, N_("The departure is before the arrival.")),
    )
