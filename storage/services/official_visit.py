"""Official visit abroad 因公临时出国（境）团组审批: a bureau asks for approval of a delegation's trip.

Basis: 中办发〔2008〕9号 and 中办发〔2013〕16号 (numbers, days, notice, report), 厅字〔2016〕17号 (researchers), 财行〔2013〕516号
(money), as provinces and cities apply them. What each city decides itself stands in office.toml, [decisions].
"""

from __future__ import annotations

from typing import Annotated, ClassVar

from locales import N_
from storage.approval import Division, Outside, Published, Role, Route, Stage, WorkingDays
from storage.conditions import Answers, Facts, condition, when
from storage.forms import (
    Ask,
    Attachment,
    Audience,
    Choice,
    Duplicate,
    Letter,
    Pick,
    Picks,
    Row,
    Rows,
    Service,
)
from storage.kinds import (
    BirthDate,
    City,
    Country,
    Date,
    DateRange,
    District,
    Mobile,
    Money,
    Month,
    NameLatin,
    NameZh,
    OfficialPassportNo,
    Organisation,
    ResidentId,
    Sex,
)


class VisitKind(Choice):
    FRIENDSHIP = N_("Friendship visit")
    TRADE = N_("Economic and trade visit")
    EXHIBITION = N_("Exhibition or meeting")
    ACADEMIC = N_("Academic exchange")
    TRAINING = N_("Training abroad")
    TECHNICAL = N_("Project work or technical service")
    CULTURE = N_("Culture or sport")
    SISTER_CITY = N_("Sister-city visit")
    OTHER = N_("Other kind of visit")


class ArrangedBy(Choice):
    OWN = N_("Our own group")
    JOINS = N_("We join another unit's group")


class Rank(Choice):
    """Highest first: the head of a group should stand above the others."""

    MUNICIPAL = N_("Municipal level")
    DEPUTY_MUNICIPAL = N_("Deputy municipal level")
    BUREAU = N_("Bureau level")
    DEPUTY_BUREAU = N_("Deputy bureau level")
    DIVISION = N_("Division level")
    DEPUTY_DIVISION = N_("Deputy division level")
    SECTION = N_("Section level or below")
    NONE = N_("No administrative rank")


class MemberRole(Choice):
    HEAD = N_("Head of the group")
    MEMBER = N_("Member of the group")
    INTERPRETER = N_("Interpreter")
    SECURITY = N_("Security")


class BudgetItem(Choice):
    AIRFARE = N_("Air tickets")
    LODGING = N_("Lodging abroad")
    MEALS = N_("Meals abroad")
    MISC = N_("Sundries")
    INSURANCE = N_("Insurance")
    VISA = N_("Visa fees")
    OTHER = N_("Other expense")


class BudgetSource(Choice):
    CENTRAL = N_("Central finance")
    PROVINCIAL = N_("Provincial finance")
    CITY = N_("City finance")
    INSTITUTION = N_("The institution's own funds")
    GRANT = N_("Research grant")
    ENTERPRISE = N_("Enterprise funds")
    HOST = N_("The host pays")


class Training(Choice):
    DONE = N_("Done on a date")
    BOOKED = N_("Booked in the office's session")


class Sensitive(Choice):
    NONE = N_("None of these")
    TECHNOLOGY = N_("Technology transfer")
    SAMPLES = N_("Data or biological samples")
    RIGHTS = N_("Religious, ethnic or rights topics")
    SPEECH = N_("A speech or paper is given")
    MEDIA = N_("Media")
    MILITARY = N_("A military or nuclear site is visited")


class Documents(Choice):
    NEW_PASSPORT = N_("New official passport")
    LENT_PASSPORT = N_("Existing passport lent out")
    VISA_NOTE = N_("Note for the visa")
    NAME_CARD = N_("Name card for the arrival card")


@condition(N_("The group does more than change planes there."))
def leaves_the_airport(answers: Answers, _facts: Facts) -> bool:
    return answers.only_transit is False


class Leg(Row):
    """One city of the trip."""

    kind: ClassVar[str] = "itinerary"
    names: ClassVar[tuple[str, ...]] = ("country", "city")

    country: Annotated[Country, Ask(N_("Which country or region?"), label=N_("Country or region"))]
    city: Annotated[City, Ask(N_("Which city?"), hint=N_("For example Munich."), label=N_("City"))]
    from_: Annotated[Date, Ask(N_("On which day does the group get there?"), label=N_("From"))]
    to: Annotated[Date, Ask(N_("On which day does it leave again?"), label=N_("To"))]
    only_transit: Annotated[
        bool,
        Ask(
            N_("Is it only a change of planes, without leaving the airport?"),
            label=N_("Only a change of planes"),
        ),
    ]
    host: Annotated[
        str | None,
        Ask(
            N_("Which organisation receives the group there?"),
            hint=N_("Its full name, for example Messe München GmbH."),
            label=N_("Host"),
            when=leaves_the_airport,
            at_least=2,
            at_most=100,
        ),
    ] = None
    task: Annotated[
        str | None,
        Ask(
            N_("What is the task there?"),
            hint=N_("For example: talks on a joint trade fair."),
            label=N_("Task"),
            when=leaves_the_airport,
            at_least=4,
            at_most=200,
        ),
    ] = None
    work_days: Annotated[
        int | None,
        Ask(
            N_("On how many of these days is there official business?"),
            label=N_("Days with official business"),
            when=leaves_the_airport,
            at_most=60,
        ),
    ] = None


@condition(N_("The member is 60 or older on the day of return."))
def sixty_on_return(answers: Answers, facts: Facts) -> bool:
    return False


class Member(Row):
    """One traveller."""

    kind: ClassVar[str] = "members"
    key: ClassVar[tuple[str, ...]] = ("resident_id",)
    names: ClassVar[tuple[str, ...]] = ("name_zh", "post")

    name_zh: Annotated[NameZh, Ask(N_("The member's name in Chinese?"), label=N_("Name"), find=True)]
    name_latin: Annotated[
        NameLatin | None,
        Ask(
            N_("The name in Latin letters, as in the passport?"),
            hint=N_("For example WANG, Fang."),
            label=N_("Name in Latin letters"),
        ),
    ] = None
    sex: Annotated[Sex, Ask(N_("Sex, as in the document?"), label=N_("Sex"))]
    birth_date: Annotated[BirthDate, Ask(N_("Date of birth?"), label=N_("Date of birth"))]
    resident_id: Annotated[
        ResidentId,
        Ask(
            N_("The number of the identity card?"),
            hint=N_("18 characters."),
            label=N_("Identity card"),
            secret=True,
        ),
    ]
    employer: Annotated[str, Ask(N_("The member's employer?"), label=N_("Employer"), at_least=2, at_most=100)]
    post: Annotated[str, Ask(N_("The member's post?"), label=N_("Post"), at_least=2, at_most=60)]
    rank: Annotated[Pick[Rank], Ask(N_("The member's rank?"), label=N_("Rank"))]
    role: Annotated[Pick[MemberRole], Ask(N_("The role in the group?"), label=N_("Role"))]
    task: Annotated[
        str,
        Ask(
            N_("What does this member do on the trip?"),
            hint=N_("For example: leads the talks."),
            label=N_("Task"),
            at_least=2,
            at_most=200,
        ),
    ]
    document: Annotated[
        OfficialPassportNo | None,
        Ask(
            N_("The number of the official passport, if there is one?"),
            hint=N_("For example PE1234567."),
            label=N_("Official passport"),
            secret=True,
        ),
    ] = None


class Trip(Row):
    """An earlier official trip of a member."""

    names: ClassVar[tuple[str, ...]] = ("who", "country", "month")

    who: Annotated[NameZh, Ask(N_("Which member travelled?"), label=N_("Member"))]
    country: Annotated[Country, Ask(N_("To which country or region?"), label=N_("Country or region"))]
    month: Annotated[Month, Ask(N_("In which month?"), hint=N_("For example 2026-05."), label=N_("Month"))]


class BudgetLine(Row):
    """One item of the budget."""

    names: ClassVar[tuple[str, ...]] = ("item", "amount")

    item: Annotated[Pick[BudgetItem], Ask(N_("Which item?"), label=N_("Item"))]
    basis: Annotated[
        str,
        Ask(
            N_("How is it reckoned?"),
            hint=N_("For example: 5 people, 6 nights at 150 euro."),
            label=N_("Basis"),
            at_least=2,
            at_most=200,
        ),
    ]
    amount: Annotated[
        Money, Ask(N_("The amount in yuan?"), hint=N_("For example 42000 CNY."), label=N_("Amount"))
    ]


LEADERS = (Rank.MUNICIPAL, Rank.DEPUTY_MUNICIPAL, Rank.BUREAU, Rank.DEPUTY_BUREAU)
"""From deputy bureau level up 副局级以上."""


@condition(N_("The applicant's unit belongs to a district or county."))
def from_a_district(answers: Answers, _facts: Facts) -> bool:
    return answers.district is not None


@condition(N_("The route touches Hong Kong or Macao."))
def through_hong_kong_or_macao(answers: Answers, _facts: Facts) -> bool:
    return any(leg.country in ("HK", "MO") for leg in answers.itinerary or ())


@condition(N_("A member has the rank of a deputy bureau head or above."))
def a_leader_travels(answers: Answers, _facts: Facts) -> bool:
    return any(member.rank in LEADERS for member in answers.members or ())


@condition(N_("A member is of municipal level, which the province decides."))
def above_the_city(answers: Answers, _facts: Facts) -> bool:
    return any(member.rank in (Rank.MUNICIPAL, Rank.DEPUTY_MUNICIPAL) for member in answers.members or ())


@condition(N_("The applicant's unit posts the public notice itself."))
def notice_by_bureau(_answers: Answers, facts: Facts) -> bool:
    return bool(facts.setting("notice_by", "bureau") == "bureau")


class OfficialVisit(Service, table=True):
    title: ClassVar = N_("Official visit abroad")
    duty: ClassVar = 4
    audiences: ClassVar = {Audience.BUREAU}
    district_field: ClassVar = "district"
    same_case: ClassVar = Duplicate(("unit", "itinerary.country"), overlap="dates")
    letter: ClassVar = Letter("沈外出", template="task_approval.typ")
    opens_next: ClassVar = ("official_passport",)
    route: ClassVar = Route(
        Stage(Role.SECTION_CHIEF, Division.DIS, within=WorkingDays(2), when=from_a_district),
        Stage(Role.DESK, within=WorkingDays(1)),
        Stage(Role.SECTION_CHIEF, Division.OUT, within=WorkingDays(3)),
        Stage(Role.SECTION_CHIEF, Division.HMT, within=WorkingDays(1), when=through_hong_kong_or_macao),
        Stage(Role.DEPUTY_DIRECTOR, within=WorkingDays(2)),
        Published(within=WorkingDays(5), when=~notice_by_bureau),
        Stage(Role.DIRECTOR, within=WorkingDays(2)),
        Outside("province", when=above_the_city),
        owner=Division.OUT,
    )

    district: Annotated[District | None, Ask(N_("To which district does your unit belong?"))] = None
    in_plan: Annotated[bool, Ask(N_("Does the approved yearly plan name this visit?"))]
    plan_reason: Annotated[
        str | None,
        Ask(N_("Why is it outside the plan?"), when=when("in_plan", False), at_least=20, at_most=500),
    ] = None
    group_name: Annotated[str, Ask(N_("What is the group called?"), at_least=4, at_most=60)]
    visit_kind: Annotated[Pick[VisitKind], Ask(N_("What kind of visit is it?"))]
    purpose: Annotated[str, Ask(N_("Why is the visit needed?"), at_least=50, at_most=1500)]
    itinerary: Annotated[Rows[Leg], Ask(N_("Which cities does the group visit?"), at_most=8)]
    dates: Annotated[DateRange, Ask(N_("From which day to which day is the trip?"))]
    inviter_name: Annotated[Organisation, Ask(N_("Who invites the group?"))]
    members: Annotated[Rows[Member], Ask(N_("Who travels?"), at_most=25)]
    budget_total: Annotated[Money, Ask(N_("What does the trip cost in all?"))]
    budget_lines: Annotated[Rows[BudgetLine], Ask(N_("Of which items is the sum made?"), at_most=30)]
    budget_source: Annotated[Picks[BudgetSource], Ask(N_("Who pays?"))]
    contact_name: Annotated[str, Ask(N_("Whom may the office call?"), at_least=2, at_most=60)]
    contact_phone: Annotated[Mobile, Ask(N_("Their mobile number?"))]
    unit_letter: Annotated[Attachment, Ask(N_("Please send the unit's formal request."), accepts=("pdf",))]
