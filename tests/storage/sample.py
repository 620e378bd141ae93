"""A service for the tests of the heart: each thing that a service file can say stands in it once."""

from __future__ import annotations

from typing import Annotated, ClassVar

from locales import N_
from storage.approval import Division, Role, Route, Stage, WorkingDays
from storage.conditions import Answers, Facts, Fails, condition, when, working_days_ahead
from storage.forms import (
    Ask,
    Attachment,
    Audience,
    Choice,
    Duplicate,
    Letter,
    Matter,
    Option,
    Pick,
    Picks,
    Row,
    Rows,
    Rule,
    Service,
)
from storage.kinds import Country, Date, ForeignPassport, NameLatin, NameZh, Phone


class Purpose(Choice):
    STUDY = N_("Study")
    TRADE = N_("Trade talks")
    CRUISE = Option(N_("Cruise"), retired=True)


class Help(Choice):
    CAR = N_("Car")
    INTERPRETER = N_("Interpreter")
    HOTEL = N_("Hotel")


class Stay(Row):
    """The second level of rows."""

    country: Annotated[Country, Ask(N_("In which country?"))]
    visa_no: Annotated[str | None, Ask(N_("Visa number?"), secret=True, optional=True, at_most=20)] = None


class Guest(Row):
    key: ClassVar[tuple[str, ...]] = ("nationality", "passport")

    name: Annotated[NameLatin, Ask(N_("Guest's name, as in the passport?"), find=True)]
    nationality: Annotated[Country, Ask(N_("Nationality?"))]
    passport: Annotated[ForeignPassport, Ask(N_("Passport number?"), secret=True)]
    comes_from: Annotated[Date | None, Ask(N_("From which day?"), optional=True)] = None
    works: Annotated[bool, Ask(N_("Does the guest work?"))]
    employer: Annotated[str | None, Ask(N_("Where?"), when=when("works"), at_most=60)] = None
    car_seat: Annotated[bool | None, Ask(N_("A child seat?"), when=when("helps", Help.CAR))] = None
    stays: Annotated[Rows[Stay] | None, Ask(N_("Earlier stays abroad?"), at_most=2)] = None

    rules: ClassVar[tuple[Rule, ...]] = ()


@condition(N_("More than two guests."))
def many_guests(answers: Answers, _facts: Facts) -> bool:
    return len(answers.guests or ()) > 2


@condition(N_("The office wants a deposit."))
def wants_deposit(_answers: Answers, facts: Facts) -> bool:
    return bool(facts.setting("sample_deposit", False))


def leaves_after_arriving(answers: Answers, _facts: Facts) -> bool:
    return bool(answers.leaves >= answers.arrives)


def comes_within_the_visit(answers: Answers, _facts: Facts) -> bool | Fails:
    return bool(answers.arrives <= answers.comes_from) or Fails(first=answers.arrives)


def not_a_whole_month(answers: Answers, _facts: Facts) -> bool | Fails:
    days = (answers.leaves - answers.arrives).days
    return days < 30 or Fails(days=days)


def one_guest_from_germany(answers: Answers, _facts: Facts) -> bool:
    return any(guest.nationality == "DE" for guest in answers.guests)


def not_blue(answers: Answers, _facts: Facts) -> bool:
    return answers.car_plate != "BLUE" or answers.when != "BLUE"


Guest.rules = (Rule(("comes_from", "arrives"), comes_within_the_visit, N_("The visit begins on {first}.")),)


class SampleVisit(Service, table=True):
    title: ClassVar = N_("Visit of guests")
    duty: ClassVar = 4
    audiences: ClassVar = {Audience.HOST, Audience.BUREAU}
    version: ClassVar = 3
    letter: ClassVar = Letter("沈外试", shows=("guests", "purpose"))
    same_case: ClassVar = Duplicate(("guests.nationality", "guests.passport"))
    route: ClassVar = Route(
        Stage(Role.DESK, within=WorkingDays(1), may_edit=("guests.name",)),
        Stage(Role.SECTION_CHIEF, Division.CON, within=WorkingDays(2)),
        Stage(Role.DEPUTY_DIRECTOR, within=WorkingDays(1), when=many_guests),
        Stage(Role.DIRECTOR, within=WorkingDays(2)),
    )

    purpose: Annotated[Pick[Purpose], Ask(N_("Purpose of the visit?"))]
    university: Annotated[
        str | None, Ask(N_("Which university?"), when=when("purpose", Purpose.STUDY), at_most=120)
    ] = None
    student_no: Annotated[
        str | None,
        Ask(N_("Student number?"), when=when("purpose", Purpose.STUDY), secret=True, at_most=30),
    ] = None
    helps: Annotated[Picks[Help] | None, Ask(N_("What is needed?"), at_most=2)] = None
    car_plate: Annotated[str | None, Ask(N_("Number plate?"), when=when("helps", Help.CAR), at_most=10)] = (
        None
    )
    when_: Annotated[
        str | None, Ask(N_("When is the car needed?"), when=when("helps", Help.CAR), optional=True)
    ] = None
    guests: Annotated[Rows[Guest], Ask(N_("Who is invited?"), at_most=3)]
    arrives: Annotated[Date, Ask(N_("Date of arrival?"))]
    leaves: Annotated[Date, Ask(N_("Date of departure?"))]
    host_phone: Annotated[Phone, Ask(N_("The host's telephone?"), profile="applicant_phone")]
    account: Annotated[str, Ask(N_("Bank account?"), secret=True, at_least=4, at_most=40)]
    pin: Annotated[str | None, Ask(N_("Door code, if there is one?"), secret=True, at_most=40)] = None
    proof: Annotated[Attachment, Ask(N_("Letters that show the link?"), at_least=1, at_most=2)]
    note: Annotated[str | None, Ask(N_("Anything else?"), was="remark", at_most=500)] = None
    deposit: Annotated[str | None, Ask(N_("Deposit paid?"), when=wants_deposit, at_most=20)] = None

    rules: ClassVar = (
        Rule(("arrives", "leaves"), leaves_after_arriving, N_("The departure is before the arrival.")),
        Rule(("arrives", "leaves"), not_a_whole_month, N_("{days} days are many."), warn=True),
        Rule(
            ("arrives",),
            working_days_ahead("arrives", "sample_lead", default=5),
            N_("Please allow {days} working days."),
        ),
        Rule(
            ("guests.nationality", "purpose"),
            one_guest_from_germany,
            N_("One guest is from Germany, for trade talks and study alike."),
            again="purpose",
        ),
        Rule(("car_plate", "when_"), not_blue, N_("Blue is no time."), again="car_plate"),
    )


class Wanted(Choice):
    SAMPLE_SETTLING = N_("Settle")
    SAMPLE_SEARCH = N_("Search")


class SampleHelp(Service, table=True):
    title: ClassVar = N_("Help for people from abroad")
    duty: ClassVar = 7
    audiences: ClassVar = {Audience.OVERSEAS}
    asks_contact: ClassVar = False
    route: ClassVar = Route(Stage(Role.DESK, within=WorkingDays(1)))

    subject: Annotated[NameZh, Ask(N_("For whom?"), find=True)]
    matters: Annotated[Picks[Wanted], Ask(N_("What do you need?"))]


def another_place(answers: Answers, _facts: Facts) -> bool:
    return bool(answers.home != answers.subject)


class SampleSettling(Matter, table=True, of=SampleHelp):
    title: ClassVar = N_("Settling")
    letter: ClassVar = Letter("沈侨试")
    route: ClassVar = Route(
        Stage(Role.SECTION_CHIEF, Division.OCA, within=WorkingDays(3)),
        Stage(Role.DIRECTOR, within=WorkingDays(2)),
    )
    rules: ClassVar = (Rule(("subject", "home"), another_place, N_("A home is not a person.")),)

    home: Annotated[str, Ask(N_("Where?"), at_most=60)]
    papers: Annotated[Attachment | None, Ask(N_("Papers?"), at_most=1)] = None


class SampleSearch(Matter, table=True, of=SampleHelp):
    title: ClassVar = N_("Searching")
    route: ClassVar = Route(
        Stage(Role.SECTION_CHIEF, Division.OCA, within=WorkingDays(3)),
    )

    story: Annotated[str, Ask(N_("What is known?"), secret=True, at_most=200)]
