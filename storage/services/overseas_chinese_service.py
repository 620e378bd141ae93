"""Services for overseas Chinese 侨务综合服务: one entrance for a family; each matter chosen becomes a case of its own.

Basis: 国侨发〔2009〕5号 (who is an overseas Chinese), Law on Returned Overseas Chinese and State Council Order 410 (who
belongs to the family), 国侨发〔2013〕18号 (return). Facts.setting names what each city decides itself.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Annotated, Any, ClassVar

from locales import N_, Message

from storage.approval import Division, Outside, Published, Role, Route, Stage, WorkingDays
from storage.conditions import Answers, Facts, Fails, condition, when
from storage.forms import Ask, Attachment, Audience, Choice, Duplicate, Letter, Matter, Pick, Picks, Row, Rows, Rule, Service
from storage.kinds import (
    Address,
    AnyTravelDoc,
    BirthDate,
    City,
    Consent,
    Country,
    Date,
    District,
    Mobile,
    Money,
    Month,
    NameLatin,
    NameZh,
    Organisation,
    Phone,
    PhotoId,
    ResidentId,
    Sex,
    Signature,
    Texts,
    Year,
)
from storage.reckoning import age_on, months_after

# --- choices of the shared part ---


class ApplicantIs(Choice):
    SELF = N_("The person themselves")
    SPOUSE = N_("Husband or wife")
    CHILD = N_("Grown-up child")
    PARENT = N_("Father or mother")
    TRUSTEE = N_("Somebody with a power of attorney")


class Status(Choice):
    OVERSEAS = N_("Overseas Chinese")
    FOREIGN = N_("Foreign national of Chinese origin")
    RETURNED = N_("Returned overseas Chinese")
    FAMILY = N_("Family of overseas Chinese")
    HONG_KONG_MACAO = N_("From Hong Kong or Macao")
    NOT_SURE = N_("I am not sure")


class ResidenceRight(Choice):
    PERMANENT = N_("Permanent residence")
    LONG_TERM = N_("Long-term residence")
    LAWFUL = N_("Lawful residence for five years or more")
    STUDY_OR_WORK = N_("For studies or posted work only")


class Kinship(Choice):
    SPOUSE = N_("Husband or wife", "kinship")
    FATHER = N_("Father")
    MOTHER = N_("Mother")
    CHILD = N_("Child", "kinship")
    CHILDS_SPOUSE = N_("Child's husband or wife")
    SIBLING = N_("Brother or sister")
    GRANDPARENT = N_("Grandparent")
    GRANDCHILD = N_("Grandchild")
    DEPENDANT = N_("Long-term dependant")


class Wanted(Choice):
    """Each code is the id of a matter below."""

    RETURN_SETTLEMENT = N_("Return and settle in China")
    IDENTITY = N_("Certificate of status")
    STUDENT_CERT = N_("Certificate for an examination")
    DONATION = N_("Donation")
    SCHOOL_ENTRY = N_("School for a child")
    FAMILY_SEARCH = N_("Search for roots and relatives")
    OTHER = N_("Something else")


PARENTS = (Kinship.FATHER, Kinship.MOTHER)


# --- conditions and rules of the shared part ---

is_not_sure = when("status_now", Status.NOT_SURE)
settles = when("matters", Wanted.RETURN_SETTLEMENT)
lives_there_lawfully = when("residence_right", ResidenceRight.PERMANENT, ResidenceRight.LONG_TERM, ResidenceRight.LAWFUL)


@condition(N_("The last registration of household was cancelled."))
def hukou_was_cancelled(answers: Answers, facts: Facts) -> bool:
    return settles(answers, facts) and answers.hukou_cancelled is True


@condition(N_("A matter needs the family's data."))
def family_is_needed(answers: Answers, _facts: Facts) -> bool:
    needing = {Wanted.RETURN_SETTLEMENT, Wanted.IDENTITY, Wanted.STUDENT_CERT, Wanted.SCHOOL_ENTRY}
    return bool(needing & set(answers.matters or ()))


@condition(N_("The person has long-term or permanent residence, so two years are looked at."))
def two_years_count(answers: Answers, _facts: Facts) -> bool:
    resident = answers.residence_right in (ResidenceRight.PERMANENT, ResidenceRight.LONG_TERM)
    return resident and status_of(answers) is Status.OVERSEAS


@condition(N_("The person has lawful residence without a long-term right, so five years are looked at."))
def five_years_count(answers: Answers, _facts: Facts) -> bool:
    return answers.residence_right is ResidenceRight.LAWFUL and status_of(answers) is Status.OVERSEAS


@condition(N_("The person is 75 or older, or ill."))
def old_or_ill(answers: Answers, facts: Facts) -> bool:
    old = answers.person_birth_date is not None and age_on(answers.person_birth_date, facts.today) >= 75
    return old or answers.illness is True


def status_of(answers: Answers) -> Any:
    """The status as given, or as the five questions decide it; None while they are open."""
    if answers.status_now is not Status.NOT_SURE:
        return answers.status_now
    if answers.has_relative_abroad is None:
        return None
    if answers.is_chinese_citizen is False:
        return Status.FOREIGN
    if answers.is_from_hong_kong_or_macao:
        return Status.HONG_KONG_MACAO
    if answers.has_come_back:
        return Status.RETURNED
    if answers.has_settled_abroad:
        return Status.OVERSEAS
    return Status.FAMILY if answers.has_relative_abroad else Status.NOT_SURE


def status_is_told(answers: Answers, _facts: Facts) -> Fails:
    """Always "fails": its sentence tells what the five answers mean."""
    status = status_of(answers)
    undecided = N_("none of these; the office will look at it with you")
    told: Message = undecided if status in (None, Status.NOT_SURE) else status.label
    return Fails(status=told)


def foreigners_do_not_settle(answers: Answers, _facts: Facts) -> bool:
    """Exit and Entry Administration Law, Art. 13: return and settlement is for Chinese citizens."""
    return answers.nationality == "CN" or Wanted.RETURN_SETTLEMENT not in answers.matters


def overseas_chinese_hold_a_passport(answers: Answers, _facts: Facts) -> bool:
    return status_of(answers) is not Status.OVERSEAS or answers.doc.kind == "prc_passport"


def overseas_chinese_are_citizens(answers: Answers, _facts: Facts) -> bool:
    return status_of(answers) is not Status.OVERSEAS or answers.nationality == "CN"


def overseas_chinese_live_abroad(answers: Answers, _facts: Facts) -> bool:
    return status_of(answers) is not Status.OVERSEAS or answers.lives_in_country != "CN"


def month_is_past(answers: Answers, facts: Facts) -> bool:
    return bool(answers.abroad_since <= facts.today.isoformat()[:7])


def study_does_not_count(answers: Answers, _facts: Facts) -> bool:
    """国侨发〔2009〕5号: time abroad for studies or posted work makes no overseas Chinese."""
    return not (status_of(answers) is Status.OVERSEAS and answers.residence_right is ResidenceRight.STUDY_OR_WORK)


def eighteen_of_24_months(answers: Answers, _facts: Facts) -> bool | Fails:
    """国侨发〔2009〕5号: with long-term residence, two years there with 18 months in all."""
    return answers.months_there_2y >= 18 or Fails(given=answers.months_there_2y)


def thirty_of_60_months(answers: Answers, _facts: Facts) -> bool | Fails:
    """国侨发〔2009〕5号: without it, five years of lawful residence with 30 months in all."""
    return answers.months_there_5y >= 30 or Fails(given=answers.months_there_5y)


def generations_apart(answers: Answers, _facts: Facts) -> bool | Fails:
    """A child is born at least 14 years after its parent."""
    for one in answers.family:
        parent = answers.person_birth_date if one.relation is Kinship.CHILD else one.birth_date
        child = one.birth_date if one.relation is Kinship.CHILD else answers.person_birth_date
        related = one.relation is Kinship.CHILD or one.relation in PARENTS
        if related and parent is not None and child is not None and age_on(parent, child) < 14:
            return Fails(name=one.name)
    return True


class Relative(Row):
    """One of the family."""

    names: ClassVar[tuple[str, ...]] = ("relation", "name")
    called: ClassVar = N_("Relative")
    key: ClassVar[tuple[str, ...]] = ("relation", "name", "birth_date")

    relation: Annotated[Pick[Kinship], Ask(N_("What is this relative to the person?"), label=N_("Relation"))]
    name: Annotated[str, Ask(N_("The relative's name?"), label=N_("Name"), at_least=2, at_most=80)]
    birth_date: Annotated[BirthDate, Ask(N_("The date of birth?"), hint=N_("For example 12 April 1985."), label=N_("Date of birth"))]
    nationality: Annotated[Country, Ask(N_("The nationality?"), label=N_("Nationality"))]
    doc: Annotated[
        AnyTravelDoc,
        Ask(N_("The number of the identity card or passport?"), hint=N_("For example: passport E12345678."), label=N_("Document"), secret=True),
    ]
    lives_in: Annotated[Country, Ask(N_("In which country or region does the relative live?"), label=N_("Lives in"))]


# --- the service: step 1, the family ---


class OverseasChineseService(Service, table=True):
    title: ClassVar = N_("Services for overseas Chinese")
    duty: ClassVar = 7
    audiences: ClassVar = {Audience.OVERSEAS}
    about: ClassVar = N_(
        "For overseas Chinese, foreign nationals of Chinese origin, those who returned, and their families. "
        "Choose one or several matters; the family's data are asked once."
    )
    have_ready: ClassVar = (
        N_("The person's passport and residence card"),
        N_("Names and dates of birth of the family"),
        N_("Papers on kinship and household"),
    )
    filling_minutes: ClassVar = 25
    search_words: ClassVar = (N_("overseas Chinese"), N_("move back to China"), N_("returned overseas Chinese"), N_("donate"), N_("find relatives"))
    urgent_when: ClassVar = old_or_ill
    # Never taken: at least one matter is chosen, and each has a route of its own.
    route: ClassVar = Route(Stage(Role.DESK, within=WorkingDays(1)), Stage(Role.SECTION_CHIEF, Division.OCA, within=WorkingDays(3)))
    rules: ClassVar = (
        Rule(("has_relative_abroad",), status_is_told, N_("By these answers the person counts as: {status}. The office decides."), warn=True),
        Rule(
            ("nationality", "status_now"),
            overseas_chinese_are_citizens,
            N_("Overseas Chinese are Chinese citizens. Please look at status and nationality again."),
            again="nationality",
        ),
        Rule(("doc",), overseas_chinese_hold_a_passport, N_("Overseas Chinese give their Chinese passport, for example: passport E12345678.")),
        Rule(
            ("lives_in_country",),
            overseas_chinese_live_abroad,
            N_("Overseas Chinese live abroad. Please look at the country again, or go back to the status."),
        ),
        Rule(("abroad_since",), month_is_past, N_("That month is still to come. Please look at it again.")),
        Rule(
            ("residence_right",),
            study_does_not_count,
            N_("Time abroad for studies or posted work does not count. The office will look at it with you."),
            warn=True,
        ),
        Rule(
            ("months_there_2y",),
            eighteen_of_24_months,
            N_("{given} of the last 24 months were spent there; 18 are needed. The office will look at it with you."),
            warn=True,
        ),
        Rule(
            ("months_there_5y",),
            thirty_of_60_months,
            N_("{given} of the last 60 months were spent there; 30 are needed. The office will look at it with you."),
            warn=True,
        ),
        Rule(
            ("nationality", "matters"),
            foreigners_do_not_settle,
            N_(
                "Only Chinese citizens return to settle. Foreign nationals ask public security (12367) for permanent "
                "residence or a Q visa. Please choose without it."
            ),
        ),
        Rule(
            ("person_birth_date", "family"),
            generations_apart,
            N_("{name} would be born less than 14 years after a parent. Please look at the dates of birth."),
        ),
    )

    applicant_is: Annotated[Pick[ApplicantIs], Ask(N_("What are you to the person concerned?"), label=N_("Applicant is"), section=N_("The person"))]
    trust_letter: Annotated[
        Attachment | None,
        Ask(
            N_("Please send the power of attorney."),
            hint=N_("From abroad it must be notarised. PDF or JPEG."),
            label=N_("Power of attorney"),
            when=when("applicant_is", ApplicantIs.TRUSTEE),
            accepts=("pdf", "jpeg"),
            at_most=3,
        ),
    ] = None
    person_name_zh: Annotated[
        NameZh, Ask(N_("The person's name in Chinese?"), hint=N_("For example 王芳."), label=N_("Name in Chinese"), profile="name_zh", find=True)
    ]
    person_name_latin: Annotated[
        NameLatin,
        Ask(
            N_("The name in Latin letters, as in the passport?"),
            hint=N_("For example WANG, Fang."),
            label=N_("Name in Latin letters"),
            profile="name",
            find=True,
        ),
    ]
    person_sex: Annotated[Sex, Ask(N_("The sex, as in the document?"), label=N_("Sex"), profile="sex")]
    person_birth_date: Annotated[
        BirthDate, Ask(N_("The date of birth?"), hint=N_("For example 12 April 1985."), label=N_("Date of birth"), profile="birth_date")
    ]
    illness: Annotated[bool | None, Ask(N_("Is it urgent because the person is ill?"), label=N_("Urgent for illness"))] = None
    status_now: Annotated[Pick[Status], Ask(N_("Which of these is the person?"), label=N_("Status"), profile="status_now")]
    is_chinese_citizen: Annotated[
        bool | None, Ask(N_("Does the person hold Chinese nationality?"), label=N_("Chinese citizen"), when=is_not_sure)
    ] = None
    is_from_hong_kong_or_macao: Annotated[
        bool | None, Ask(N_("Is the person a permanent resident of Hong Kong or Macao?"), label=N_("From Hong Kong or Macao"), when=is_not_sure)
    ] = None
    has_settled_abroad: Annotated[
        bool | None,
        Ask(
            N_("Has the person the right to live abroad for good, or lived there lawfully for five years?"),
            hint=N_("Studies and posted work do not count."),
            label=N_("Settled abroad"),
            when=is_not_sure,
        ),
    ] = None
    has_come_back: Annotated[
        bool | None,
        Ask(N_("Has the person given up the residence abroad and settled in China?"), label=N_("Settled in China again"), when=is_not_sure),
    ] = None
    has_relative_abroad: Annotated[
        bool | None,
        Ask(
            N_("Is a husband, wife, parent, child, sibling, grandparent or grandchild overseas Chinese?"),
            label=N_("Relative abroad"),
            when=is_not_sure,
        ),
    ] = None
    nationality: Annotated[Country, Ask(N_("The person's nationality?"), label=N_("Nationality"), profile="nationality")]
    doc: Annotated[
        AnyTravelDoc,
        Ask(
            N_("The number of the person's passport or travel document?"),
            hint=N_("For example: passport E12345678."),
            label=N_("Document"),
            secret=True,
        ),
    ]
    lives_in_country: Annotated[
        Country,
        Ask(N_("In which country or region does the person live?"), label=N_("Lives in"), section=N_("Life abroad"), profile="lives_in_country"),
    ]
    lives_in_city: Annotated[City, Ask(N_("In which city?"), hint=N_("For example Munich."), label=N_("City"), profile="lives_in_city")]
    abroad_since: Annotated[
        Month,
        Ask(N_("Since which month has the person lived abroad?"), hint=N_("For example 2012-09."), label=N_("Abroad since"), profile="abroad_since"),
    ]
    residence_right: Annotated[
        Pick[ResidenceRight], Ask(N_("By which right does the person live there?"), label=N_("Residence"), profile="residence_right")
    ]
    residence_card_expiry: Annotated[
        Date | None, Ask(N_("Until when is the residence card valid?"), label=N_("Residence card until"), when=lives_there_lawfully, secret=True)
    ] = None
    months_there_2y: Annotated[
        int | None,
        Ask(
            N_("How many of the last 24 months did the person spend there?"),
            hint=N_("For example 20."),
            label=N_("Months of the last 24"),
            when=two_years_count,
            at_least=0,
            at_most=24,
        ),
    ] = None
    months_there_5y: Annotated[
        int | None,
        Ask(
            N_("How many of the last 60 months did the person spend there?"),
            hint=N_("For example 40."),
            label=N_("Months of the last 60"),
            when=five_years_count,
            at_least=0,
            at_most=60,
        ),
    ] = None
    hukou_cancelled: Annotated[
        bool | None,
        Ask(
            N_("Was the person's registration of household cancelled?"),
            hint=N_("With a school's collective household the place before school counts."),
            label=N_("Household cancelled"),
            when=settles,
        ),
    ] = None
    hukou_cancelled_district: Annotated[
        District | None,
        Ask(
            N_("In which district was the household?"),
            hint=N_("Skip it if it was outside Shenyang."),
            label=N_("Former district"),
            when=hukou_was_cancelled,
            optional=True,
        ),
    ] = None
    hukou_cancelled_date: Annotated[Date | None, Ask(N_("On which day was it cancelled?"), label=N_("Cancelled on"), when=hukou_was_cancelled)] = None
    family: Annotated[
        Rows[Relative] | None,
        Ask(
            N_("Who belongs to the family?"),
            hint=N_("For a child, name the parents."),
            label=N_("Family"),
            when=family_is_needed,
            at_least=0,
            at_most=10,
        ),
    ] = None
    matters: Annotated[
        Picks[Wanted],
        Ask(N_("What do you need?"), hint=N_("Several are possible; each becomes a case of its own."), label=N_("Matters"), section=N_("Matters")),
    ]


# --- step 2, a: return and settlement 华侨回国定居 ---


class OtherPlace(Choice):
    SPOUSE = N_("The husband or wife lives there")
    CHILDREN = N_("The children live there")
    PARENTS = N_("The parents live there")
    JOB = N_("A job there")
    INVESTMENT = N_("An investment there")


class Home(Choice):
    OWN = N_("An own home")
    SPOUSES = N_("The home of husband or wife")
    RELATIVES = N_("A relative's home, with consent")


class Living(Choice):
    PENSION = N_("Pension")
    JOB = N_("Work")
    SAVINGS = N_("Savings")
    FAMILY = N_("Support by the family")


@condition(N_("The person settles in another district than before."))
def another_district(answers: Answers, _facts: Facts) -> bool:
    return answers.target_district is not None and answers.target_district != answers.hukou_cancelled_district


def exit_after_entry(answers: Answers, _facts: Facts) -> bool:
    return answers.exit is None or bool(answers.entry < answers.exit)


def _stays(answers: Answers, facts: Facts) -> list[tuple[date, date]]:
    """Stays in China by their first day; one that goes on ends today."""
    rows = answers.in_china or ()
    return sorted((one.entry, one.exit or facts.today) for one in rows if one.entry is not None)


def stays_apart(answers: Answers, facts: Facts) -> bool:
    stays = _stays(answers, facts)
    return all(earlier[1] <= later[0] for earlier, later in pairwise(stays))


def ninety_days_in_china(answers: Answers, facts: Facts) -> bool | Fails:
    """90 days at a stretch, or 90 within six months (Guangdong and Guangxi; whether Liaoning asks it is open)."""
    needed = int(facts.setting("settlement_days_in_china", 90))  # [C]
    stays = _stays(answers, facts)
    most = max((_days_within_half_a_year(start, stays) for start, _ in stays), default=0)
    longest = max(((end - start).days + 1 for start, end in stays), default=0)
    return max(most, longest) >= needed or Fails(given=max(most, longest), needed=needed)


def _days_within_half_a_year(start: date, stays: list[tuple[date, date]]) -> int:
    last = months_after(start, 6) - timedelta(days=1)
    spans = ((max(start, begin), min(last, end)) for begin, end in stays)
    return sum((end - begin).days + 1 for begin, end in spans if begin <= end)


def under_18_today(answers: Answers, facts: Facts) -> bool:
    return age_on(answers.birth_date, facts.today) < 18


class StayInChina(Row):
    """A stay in China within the last 24 months."""

    names: ClassVar[tuple[str, ...]] = ("entry", "exit")
    called: ClassVar = N_("Stay in China")
    key: ClassVar[tuple[str, ...]] = ("entry",)
    rules: ClassVar = (Rule(("entry", "exit"), exit_after_entry, N_("The exit lies before the entry. Please look at both days.")),)

    entry: Annotated[Date, Ask(N_("On which day did the person enter China?"), label=N_("Entry"))]
    exit: Annotated[Date | None, Ask(N_("On which day did they leave again?"), hint=N_("Skip it if they are still here."), label=N_("Exit"))] = None


class ChildAlong(Row):
    """A child who settles too."""

    names: ClassVar[tuple[str, ...]] = ("name",)
    called: ClassVar = N_("Child")
    key: ClassVar[tuple[str, ...]] = ("name", "birth_date")
    rules: ClassVar = (Rule(("birth_date",), under_18_today, N_("Who is 18 or older settles by a case of their own.")),)

    name: Annotated[str, Ask(N_("The child's name?"), label=N_("Name"), at_least=2, at_most=80)]
    birth_date: Annotated[BirthDate, Ask(N_("The child's date of birth?"), hint=N_("For example 12 April 2015."), label=N_("Date of birth"))]
    nationality: Annotated[Country, Ask(N_("The child's nationality?"), label=N_("Nationality"))]


class ReturnSettlement(Matter, table=True, of=OverseasChineseService):
    """Exit and Entry Administration Law, Art. 13; 国侨发〔2013〕18号, Art. 3 to 5."""

    title: ClassVar = N_("Return and settle in China")
    kept_years: ClassVar = 30  # [C]
    district_field: ClassVar = "target_district"
    same_case: ClassVar = Duplicate(("doc",))
    urgent_when: ClassVar = old_or_ill
    route: ClassVar = Route(
        Stage(Role.SECTION_CHIEF, Division.DIS, within=WorkingDays(3)),
        Stage(Role.DESK, within=WorkingDays(1)),
        Stage(Role.SECTION_CHIEF, Division.OCA, within=WorkingDays(5)),
        Outside(N_("the police"), within=WorkingDays(10)),
        Stage(Role.DEPUTY_DIRECTOR, within=WorkingDays(2)),
        Stage(Role.DIRECTOR, within=WorkingDays(2)),
        owner=Division.OCA,
    )
    # The certificate itself bears the number that the issuing authority prints; this is the notice of it.
    letter: ClassVar = Letter(
        "沈侨",
        title=N_("Notice of return and settlement"),
        shows=("person_name_zh", "person_sex", "person_birth_date", "target_district", "home_address"),
        closing=(N_("Register the household with the district's police within six months of the date of this notice."),),
    )
    rules: ClassVar = (
        Rule(("in_china",), stays_apart, N_("Two of these stays overlap. Please look at their days.")),
        Rule(
            ("in_china",),
            ninety_days_in_china,
            N_("The longest time in China is {given} days; {needed} are usual. The office will look at it with you."),
            warn=True,
        ),
    )

    target_district: Annotated[
        District, Ask(N_("In which district will the person settle?"), label=N_("Future district"), section=N_("Return and settlement"))
    ]
    other_place_reason: Annotated[
        Pick[OtherPlace] | None, Ask(N_("Why not in the former district?"), label=N_("Why another district"), when=another_district)
    ] = None
    in_china: Annotated[
        Rows[StayInChina] | None, Ask(N_("When was the person in China in the last 24 months?"), label=N_("Stays in China"), at_least=0, at_most=40)
    ] = None
    home: Annotated[Pick[Home], Ask(N_("Where will the person live?"), label=N_("Home"))]
    home_address: Annotated[
        Address, Ask(N_("The address of the home?"), hint=N_("In that district, for example 和平区十一纬路24号."), label=N_("Address of the home"))
    ]
    living: Annotated[Picks[Living], Ask(N_("From what will the person live?"), label=N_("Living"))]
    living_savings: Annotated[
        Money | None,
        Ask(
            N_("How much are the savings?"),
            hint=N_("For example 300000 CNY."),
            label=N_("Amount of savings"),
            when=when("living", Living.SAVINGS),
            secret=True,
        ),
    ] = None
    give_up: Annotated[Signature, Ask(N_("Is the person willing to give up the residence abroad?"), label=N_("Gives up the residence abroad"))]
    with_children: Annotated[Rows[ChildAlong] | None, Ask(N_("Which children under 18 settle too?"), label=N_("Children"), at_most=10)] = None
    contact_name: Annotated[str, Ask(N_("Whom may the office call in Shenyang?"), label=N_("Contact"), at_least=2, at_most=60)]
    contact_phone: Annotated[Mobile, Ask(N_("Their mobile number?"), hint=N_("For example +86 138 0013 8000."), label=N_("Contact's mobile"))]
    application_form: Annotated[
        Attachment,
        Ask(N_("Please send the signed application form."), hint=N_("One PDF."), label=N_("Application form"), accepts=("pdf",), at_most=1),
    ]
    passport_copy: Annotated[
        Attachment,
        Ask(
            N_("Please send the passport's data page."),
            hint=N_("PDF or JPEG."),
            label=N_("Passport"),
            secret=True,
            accepts=("pdf", "jpeg"),
            at_most=2,
        ),
    ]
    declaration: Annotated[
        Attachment,
        Ask(
            N_("Please send the signed declaration on the return."),
            hint=N_("One PDF."),
            label=N_("Declaration of return"),
            accepts=("pdf",),
            at_most=1,
        ),
    ]
    residence_proof: Annotated[
        Attachment,
        Ask(
            N_("Please send the proof of residence abroad and its translation."),
            hint=N_("Certified by the embassy, or with an apostille. PDF or JPEG."),
            label=N_("Proof of residence"),
            secret=True,
            accepts=("pdf", "jpeg"),
            at_most=6,
        ),
    ]
    entry_exit_record: Annotated[
        Attachment,
        Ask(
            N_("Please send the record of entries and exits."),
            hint=N_("From public security's exit-entry office or app. PDF."),
            label=N_("Entries and exits"),
            accepts=("pdf",),
            at_most=2,
        ),
    ]
    hukou_cancellation_proof: Annotated[
        Attachment,
        Ask(
            N_("Please send the proof that the household was cancelled."),
            hint=N_("From the police station. PDF or JPEG."),
            label=N_("Proof of cancellation"),
            accepts=("pdf", "jpeg"),
            at_most=2,
        ),
    ]
    home_proof: Annotated[
        Attachment,
        Ask(
            N_("Please send the proof of the home."),
            hint=N_("Title of ownership, and the relative's consent where it is theirs. PDF or JPEG."),
            label=N_("Proof of home"),
            accepts=("pdf", "jpeg"),
            at_most=4,
        ),
    ]
    income_proof: Annotated[
        Attachment,
        Ask(
            N_("Please send the proof of income or savings."),
            hint=N_("PDF or JPEG."),
            label=N_("Proof of income"),
            secret=True,
            accepts=("pdf", "jpeg"),
            at_most=4,
        ),
    ]
    photos: Annotated[
        PhotoId, Ask(N_("Please send two passport photos."), hint=N_("JPEG, 33 × 48 mm, white ground."), label=N_("Photos"), at_least=2, at_most=2)
    ]
    kinship_proof: Annotated[
        Attachment | None,
        Ask(
            N_("Notarised papers on kinship, if the place or home is a relative's?"),
            hint=N_("PDF or JPEG."),
            label=N_("Proof of kinship"),
            secret=True,
            accepts=("pdf", "jpeg"),
            at_most=4,
        ),
    ] = None


# --- b: certificate of status 华侨、归侨、侨眷身份认定 ---


class IdentityKind(Choice):
    OVERSEAS = N_("As overseas Chinese")
    RETURNED = N_("As returned overseas Chinese")
    FAMILY = N_("As family of overseas Chinese")


class IdentityUse(Choice):
    SCHOOL = N_("For a school")
    DONATION = N_("For a donation")
    PENSION = N_("For a pension")
    HOUSING = N_("For housing")
    OTHER = N_("For another use")


is_family = when("which", IdentityKind.FAMILY)


@condition(N_("No proof of residence was given with the return."))
def no_residence_proof_yet(answers: Answers, _facts: Facts) -> bool:
    return Wanted.RETURN_SETTLEMENT not in (answers.matters or ())


def link_is_in_the_past(answers: Answers, facts: Facts) -> bool:
    return bool(answers.link_person_since <= facts.today.isoformat()[:7])


class Identity(Matter, table=True, of=OverseasChineseService):
    """Law on Returned Overseas Chinese, Art. 2; State Council Order 410, Art. 2: decided at the household's county."""

    title: ClassVar = N_("Certificate of status")
    kept_years: ClassVar = 30  # [C]
    district_field: ClassVar = "hukou_district"
    same_case: ClassVar = Duplicate(("doc",))
    urgent_when: ClassVar = old_or_ill
    route: ClassVar = Route(
        Stage(Role.SECTION_CHIEF, Division.DIS, within=WorkingDays(5)), Stage(Role.SECTION_CHIEF, Division.OCA, within=WorkingDays(3))
    )
    letter: ClassVar = Letter(
        "沈侨认",
        title=N_("Certificate of status"),
        shows=("person_name_zh", "person_name_latin", "person_sex", "person_birth_date", "which", "link_person_name", "relation", "use_for"),
        # [C] how long it is valid
        closing=(N_("For the use named above only, valid for one year from its date."),),
    )
    rules: ClassVar = (Rule(("link_person_since",), link_is_in_the_past, N_("That month is still to come. Please look at it again.")),)

    which: Annotated[
        Pick[IdentityKind], Ask(N_("As what is the person to be certified?"), label=N_("Certified as"), section=N_("Certificate of status"))
    ]
    link_person_name: Annotated[
        str | None, Ask(N_("The name of the relative overseas?"), label=N_("Relative overseas"), when=is_family, at_least=2, at_most=80)
    ] = None
    link_person_country: Annotated[
        Country | None, Ask(N_("In which country or region does this relative live?"), label=N_("Relative lives in"), when=is_family)
    ] = None
    link_person_since: Annotated[
        Month | None,
        Ask(N_("Since which month does the relative live there?"), hint=N_("For example 2012-09."), label=N_("Relative there since"), when=is_family),
    ] = None
    relation: Annotated[Pick[Kinship] | None, Ask(N_("What is the person to this relative?"), label=N_("Relation"), when=is_family)] = None
    use_for: Annotated[Pick[IdentityUse], Ask(N_("For what is the certificate needed?"), label=N_("Use"))]
    use_for_other: Annotated[
        str | None, Ask(N_("For which use?"), label=N_("Which use"), when=when("use_for", IdentityUse.OTHER), at_least=2, at_most=100)
    ] = None
    hukou_district: Annotated[District, Ask(N_("In which district is the household registered?"), label=N_("District of household"))]
    hukou_book: Annotated[
        Attachment,
        Ask(
            N_("Please send the household book."),
            hint=N_("PDF or JPEG."),
            label=N_("Household book"),
            secret=True,
            accepts=("pdf", "jpeg"),
            at_most=6,
        ),
    ]
    id_card_copy: Annotated[
        Attachment,
        Ask(
            N_("Please send both sides of the identity card."),
            hint=N_("PDF or JPEG."),
            label=N_("Identity card"),
            secret=True,
            accepts=("pdf", "jpeg"),
            at_most=2,
        ),
    ]
    relative_papers: Annotated[
        Attachment | None,
        Ask(
            N_("Please send the relative's passport and proof of residence."),
            hint=N_("PDF or JPEG."),
            label=N_("Relative's papers"),
            secret=True,
            when=is_family & no_residence_proof_yet,
            accepts=("pdf", "jpeg"),
            at_most=6,
        ),
    ] = None
    residence_proof: Annotated[
        Attachment | None,
        Ask(
            N_("Please send the passport and the proof of residence abroad."),
            hint=N_("PDF or JPEG."),
            label=N_("Proof of residence"),
            secret=True,
            when=when("which", IdentityKind.OVERSEAS) & no_residence_proof_yet,
            accepts=("pdf", "jpeg"),
            at_most=6,
        ),
    ] = None
    kinship_proof: Annotated[
        Attachment | None,
        Ask(
            N_("Please send the papers on kinship."),
            hint=N_("Birth, marriage or notarised certificate. PDF or JPEG."),
            label=N_("Proof of kinship"),
            secret=True,
            when=is_family,
            accepts=("pdf", "jpeg"),
            at_most=4,
        ),
    ] = None
    support_proof: Annotated[
        Attachment | None,
        Ask(
            N_("Please send the notarised proof of long-term support."),
            hint=N_("PDF or JPEG."),
            label=N_("Proof of support"),
            secret=True,
            when=when("relation", Kinship.DEPENDANT),
            accepts=("pdf", "jpeg"),
            at_most=4,
        ),
    ] = None
    old_entry_papers: Annotated[
        Attachment | None,
        Ask(
            N_("Please send the old entry papers or an extract from the archive."),
            hint=N_("PDF or JPEG."),
            label=N_("Old entry papers"),
            when=when("which", IdentityKind.RETURNED),
            accepts=("pdf", "jpeg"),
            at_most=6,
        ),
    ] = None


# --- c: certificate for an examination 三侨生证明 ---


class Exam(Choice):
    GAOKAO = N_("University entrance examination")
    ADULT = N_("Entrance examination for adults")
    POSTGRADUATE = N_("Postgraduate entrance examination")
    ZHONGKAO = N_("Senior middle school examination")


class StudentKind(Choice):
    RETURNED_YOUTH = N_("Returned youth")
    CHILD_OF_RETURNED = N_("Child of returned overseas Chinese")
    CHILD_OF_OVERSEAS = N_("Child in China of overseas Chinese")


def this_year_or_next(answers: Answers, facts: Facts) -> bool:
    return answers.exam_year in (facts.today.year, facts.today.year + 1)


def window_is_open(_answers: Answers, facts: Facts) -> bool | Fails:
    """The window of the year, which the office sets when the province's notice is out; without it, it is open."""
    opens, closes = facts.setting("student_cert_opens", None), facts.setting("student_cert_closes", None)
    if not isinstance(opens, date) or not isinstance(closes, date):
        return True
    return opens <= facts.counted_from <= closes or Fails(opens=opens, closes=closes)


def examination_gives_points(answers: Answers, _facts: Facts) -> bool:
    return answers.exam is not Exam.POSTGRADUATE


def parent_is_named(answers: Answers, _facts: Facts) -> bool:
    """The certificate rests on the parent: grandchildren and children from Hong Kong or Macao do not qualify."""
    by_parent = answers.student_type is not StudentKind.RETURNED_YOUTH
    return not by_parent or any(one.relation in PARENTS for one in answers.family or ())


class StudentCert(Matter, table=True, of=OverseasChineseService):
    title: ClassVar = N_("Certificate for an examination")
    kept_years: ClassVar = 10
    district_field: ClassVar = "hukou_district"
    same_case: ClassVar = Duplicate(("doc", "exam_year"))
    urgent_when: ClassVar = old_or_ill
    route: ClassVar = Route(
        Stage(Role.SECTION_CHIEF, Division.DIS, within=WorkingDays(3)),
        Stage(Role.SECTION_CHIEF, Division.OCA, within=WorkingDays(3)),
        Published(within=WorkingDays(5)),
        Stage(Role.DIRECTOR, within=WorkingDays(1)),
    )
    letter: ClassVar = Letter(
        "沈侨证",
        title=N_("Certificate for an examination"),
        shows=("student_name", "student_school", "student_type", "exam", "exam_year"),
        closing=(N_("Valid for the examination of the year named above only."),),
    )
    rules: ClassVar = (
        Rule(("exam",), window_is_open, N_("Certificates for this year are asked for from {opens} to {closes}. Please come back then.")),
        Rule(("exam",), examination_gives_points, N_("This examination gives no extra points. You may go on."), warn=True),
        Rule(("exam_year",), this_year_or_next, N_("The examination is this year or next. Please look at the year.")),
        Rule(
            ("student_type",),
            parent_is_named,
            N_("Please add the student's father or mother to the family. Grandchildren do not qualify."),
            warn=True,
        ),
    )

    exam: Annotated[Pick[Exam], Ask(N_("For which examination?"), label=N_("Examination"), section=N_("Certificate for an examination"))]
    exam_year: Annotated[
        Year, Ask(N_("In which year is it?"), hint=N_("For example 2027."), label=N_("Year of the examination"), at_least=2026, at_most=2100)
    ]
    student_name: Annotated[NameZh, Ask(N_("The student's name in Chinese?"), label=N_("Student"), find=True)]
    student_resident_id: Annotated[
        ResidentId,
        Ask(
            N_("The number of the student's identity card?"),
            hint=N_("18 characters, for example 11010519491231002X."),
            label=N_("Student's identity card"),
            secret=True,
        ),
    ]
    student_school: Annotated[str, Ask(N_("The student's school?"), label=N_("School"), at_least=2, at_most=100)]
    student_exam_number: Annotated[
        str | None, Ask(N_("The examination number, if it is known?"), label=N_("Examination number"), at_least=4, at_most=30)
    ] = None
    student_type: Annotated[
        Pick[StudentKind],
        Ask(N_("What is the student?"), hint=N_("Grandchildren, and children from Hong Kong or Macao, do not qualify."), label=N_("Student is")),
    ]
    hukou_district: Annotated[District, Ask(N_("In which district is the student's household registered?"), label=N_("District of household"))]
    hukou_book: Annotated[
        Attachment,
        Ask(
            N_("Please send the student's household book."),
            hint=N_("PDF or JPEG."),
            label=N_("Household book"),
            secret=True,
            accepts=("pdf", "jpeg"),
            at_most=6,
        ),
    ]
    id_card_copy: Annotated[
        Attachment,
        Ask(
            N_("Please send both sides of the student's identity card."),
            hint=N_("PDF or JPEG."),
            label=N_("Copy of the identity card"),
            secret=True,
            accepts=("pdf", "jpeg"),
            at_most=2,
        ),
    ]
    kinship_proof: Annotated[
        Attachment,
        Ask(
            N_("Please send the papers on kinship."),
            hint=N_("Birth, marriage or notarised certificate; notarised for adoption. PDF or JPEG."),
            label=N_("Proof of kinship"),
            secret=True,
            accepts=("pdf", "jpeg"),
            at_most=4,
        ),
    ]
    abroad_proof: Annotated[
        Attachment | None,
        Ask(
            N_("Please send the proof of the parent's stay abroad."),
            hint=N_("PDF or JPEG."),
            label=N_("Proof of stay abroad"),
            secret=True,
            when=no_residence_proof_yet,
            accepts=("pdf", "jpeg"),
            at_most=6,
        ),
    ] = None


# --- d: donation 华侨捐赠 ---


class DonorKind(Choice):
    PERSON = N_("A person")
    BODY = N_("An organisation")


class Gift(Choice):
    MONEY = N_("Money")
    GOODS = N_("Goods")
    WORKS = N_("Works")
    BUILDING = N_("A building")


class Cause(Choice):
    EDUCATION = N_("Education")
    HEALTH = N_("Health")
    CULTURE = N_("Culture")
    POVERTY = N_("Relief of poverty")
    DISASTER = N_("Relief after disasters")
    OTHER = N_("Another cause")


class BeneficiaryBy(Choice):
    NAMED = N_("I name the beneficiary")
    OFFICE = N_("The office may suggest one")


class Publicity(Choice):
    NAMED = N_("With the donor's name")
    ANONYMOUS = N_("Without a name")


@condition(N_("Goods are given, or a name is wished for."))
def goods_or_a_name(answers: Answers, _facts: Facts) -> bool:
    return answers.kind is Gift.GOODS or answers.wish_name is True


def beneficiary_serves_the_public(answers: Answers, _facts: Facts) -> bool:
    """Donations for Public Welfare Law, Art. 10: public-welfare bodies; their codes begin with 1 or 5."""
    return answers.beneficiary.uscc is not None and answers.beneficiary.uscc[0] in "15"


class Goods(Row):
    """Things given."""

    names: ClassVar[tuple[str, ...]] = ("item", "quantity")
    called: ClassVar = N_("Item")

    item: Annotated[str, Ask(N_("What is given?"), label=N_("Item"), at_least=2, at_most=100)]
    quantity: Annotated[int, Ask(N_("How many?"), hint=N_("For example 20."), label=N_("Quantity"), at_least=1)]
    value: Annotated[Money, Ask(N_("What are they worth?"), hint=N_("For example 42000 CNY."), label=N_("Worth"))]
    origin: Annotated[Country, Ask(N_("From which country or region do they come?"), label=N_("Origin"))]


class Donation(Matter, table=True, of=OverseasChineseService):
    """Donations for Public Welfare Law, Art. 15. The bot takes no money and shows no account."""

    title: ClassVar = N_("Donation")
    same_case: ClassVar = Duplicate(("doc",))
    urgent_when: ClassVar = old_or_ill
    route: ClassVar = Route(
        Stage(Role.SECTION_CHIEF, Division.OCA, within=WorkingDays(3)),
        Outside(N_("customs or civil affairs"), when=goods_or_a_name),
        Stage(Role.DEPUTY_DIRECTOR, within=WorkingDays(2)),
    )
    letter: ClassVar = Letter(
        "沈侨捐",
        title=N_("Confirmation of a donation"),
        shows=("donor_name", "kind", "amount", "goods.item", "goods.quantity", "purpose", "beneficiary"),
        closing=(N_("The beneficiary gives the receipt."),),
    )
    rules: ClassVar = (
        Rule(
            ("beneficiary",),
            beneficiary_serves_the_public,
            N_("The beneficiary must be a public-welfare body: please give its credit code, which begins with 1 or 5."),
        ),
    )

    donor: Annotated[Pick[DonorKind], Ask(N_("Who gives?"), label=N_("Kind of donor"), section=N_("Donation"))]
    donor_name: Annotated[str, Ask(N_("The donor's name?"), label=N_("Donor"), at_least=2, at_most=100, find=True)]
    kind: Annotated[Pick[Gift], Ask(N_("What is given?"), label=N_("Gift"))]
    amount: Annotated[
        Money | None,
        Ask(
            N_("How much, or what is it worth?"),
            hint=N_("For example 500000 CNY."),
            label=N_("Amount or worth"),
            when=when("kind", Gift.MONEY, Gift.WORKS, Gift.BUILDING),
        ),
    ] = None
    goods: Annotated[
        Rows[Goods] | None, Ask(N_("Which goods are given?"), label=N_("Goods"), when=when("kind", Gift.GOODS), at_least=1, at_most=30)
    ] = None
    purpose: Annotated[Pick[Cause], Ask(N_("For which cause?"), label=N_("Cause"))]
    purpose_other: Annotated[
        str | None, Ask(N_("Which cause?"), label=N_("Which cause"), when=when("purpose", Cause.OTHER), at_least=2, at_most=100)
    ] = None
    beneficiary_by: Annotated[Pick[BeneficiaryBy], Ask(N_("Who receives it?"), label=N_("Receiver"))]
    beneficiary: Annotated[
        Organisation | None,
        Ask(
            N_("Which organisation?"),
            hint=N_("Its name and its unified social credit code, in one message."),
            label=N_("Beneficiary"),
            when=when("beneficiary_by", BeneficiaryBy.NAMED),
        ),
    ] = None
    wish_name: Annotated[bool, Ask(N_("Is something to be named after the donor?"), label=N_("Named after the donor"))]
    wish_name_text: Annotated[
        str | None,
        Ask(
            N_("What, and how is it to be called?"),
            hint=N_("For example: the library, 陈氏图书馆."),
            label=N_("Wished name"),
            when=when("wish_name"),
            at_least=2,
            at_most=100,
        ),
    ] = None
    publicity: Annotated[Pick[Publicity], Ask(N_("How may it be made known?"), label=N_("Publicity"))]
    source_lawful: Annotated[Signature, Ask(N_("Does the gift come from lawful sources?"), label=N_("Lawful source"))]
    conditions: Annotated[
        str | None,
        Ask(
            N_("Are there conditions for its use?"),
            hint=N_("None against the law. Up to 500 characters."),
            label=N_("Conditions"),
            at_least=2,
            at_most=500,
        ),
    ] = None
    letter_of_intent: Annotated[
        Attachment, Ask(N_("Please send the letter of intent."), hint=N_("One PDF."), label=N_("Letter of intent"), accepts=("pdf",), at_most=1)
    ]
    donor_id: Annotated[
        Attachment,
        Ask(
            N_("Please send the donor's identity paper or registration."),
            hint=N_("PDF or JPEG."),
            label=N_("Donor's paper"),
            secret=True,
            accepts=("pdf", "jpeg"),
            at_most=2,
        ),
    ]
    goods_papers: Annotated[
        Attachment | None,
        Ask(
            N_("Please send the list of goods, proof of quality and invoice."),
            hint=N_("PDF, up to six files."),
            label=N_("Papers on the goods"),
            when=when("kind", Gift.GOODS),
            accepts=("pdf",),
            at_most=6,
        ),
    ] = None
    agreement_draft: Annotated[
        Attachment | None,
        Ask(
            N_("A draft of the agreement, if there is one?"), hint=N_("PDF or DOCX."), label=N_("Draft agreement"), accepts=("pdf", "docx"), at_most=1
        ),
    ] = None


# --- e: school for a child 华侨子女入学 ---


class ChineseLevel(Choice):
    NONE = N_("No Chinese yet")
    SPEAKS = N_("Speaks some Chinese")
    READS = N_("Reads and writes some Chinese")
    FLUENT = N_("Fluent")


class Guardian(Choice):
    GRANDPARENT = N_("Grandparent", "guardian")
    UNCLE_OR_AUNT = N_("Uncle or aunt")
    PARENT = N_("Parent")
    OTHER = N_("Another guardian")


def of_school_age(answers: Answers, facts: Facts) -> bool:
    start = answers.from_ or facts.today
    return 6 <= age_on(answers.child_birth_date, start) <= 17


def child_is_a_citizen(answers: Answers, _facts: Facts) -> bool:
    return bool(answers.child_nationality == "CN")


def begins_after_today(answers: Answers, facts: Facts) -> bool:
    return bool(answers.from_ >= facts.counted_from)


class SchoolEntry(Matter, table=True, of=OverseasChineseService):
    """As residents do (rule of 2009 on children of overseas Chinese); the education bureau assigns the place."""

    title: ClassVar = N_("School for a child")
    district_field: ClassVar = "guardian_district"
    same_case: ClassVar = Duplicate(("doc", "child_name"))
    urgent_when: ClassVar = old_or_ill
    route: ClassVar = Route(
        Stage(Role.SECTION_CHIEF, Division.DIS, within=WorkingDays(2)),
        Stage(Role.SECTION_CHIEF, Division.OCA, within=WorkingDays(2)),
        Outside(N_("the education bureau")),
    )
    letter: ClassVar = Letter(
        "沈侨学",
        title=N_("Referral to a school"),
        shows=("child_name", "child_birth_date", "grade", "guardian_name", "from", "school_wish"),
        closing=(N_("Valid for the term named above; the education bureau decides on the place."),),
    )
    rules: ClassVar = (
        Rule(("child_birth_date",), of_school_age, N_("School entry is for children from 6 to 17 years.")),
        Rule(
            ("child_nationality",), child_is_a_citizen, N_("This way is for children with Chinese nationality. For others ask the education bureau.")
        ),
        Rule(("from",), begins_after_today, N_("That day is over. Please name the day when school begins.")),
    )

    child_name: Annotated[str, Ask(N_("The child's name?"), label=N_("Child"), section=N_("School for a child"), at_least=2, at_most=80)]
    child_birth_date: Annotated[
        BirthDate, Ask(N_("The child's date of birth?"), hint=N_("For example 12 April 2015."), label=N_("Child's date of birth"))
    ]
    child_nationality: Annotated[Country, Ask(N_("The child's nationality?"), label=N_("Child's nationality"))]
    child_doc: Annotated[
        AnyTravelDoc,
        Ask(N_("The number of the child's passport?"), hint=N_("For example: passport E12345678."), label=N_("Child's document"), secret=True),
    ]
    grade: Annotated[int, Ask(N_("Into which grade?"), hint=N_("1 to 12, for example 3."), label=N_("Grade"), at_least=1, at_most=12)]
    guardian_name: Annotated[str, Ask(N_("Who is the guardian in Shenyang?"), label=N_("Guardian"), at_least=2, at_most=80)]
    guardian_relation: Annotated[Pick[Guardian], Ask(N_("What is the guardian to the child?"), label=N_("Guardian is"))]
    guardian_relation_other: Annotated[
        str | None, Ask(N_("What exactly?"), label=N_("Guardian is exactly"), when=when("guardian_relation", Guardian.OTHER), at_least=2, at_most=100)
    ] = None
    guardian_phone: Annotated[
        Phone, Ask(N_("The guardian's telephone number?"), hint=N_("For example +86 138 0013 8000."), label=N_("Guardian's telephone"))
    ]
    guardian_district: Annotated[District, Ask(N_("In which district does the guardian live?"), label=N_("Guardian's district"))]
    guardian_address: Annotated[
        Address, Ask(N_("The guardian's address?"), hint=N_("For example 和平区十一纬路24号."), label=N_("Guardian's address"))
    ]
    from_: Annotated[Date, Ask(N_("From which day on?"), hint=N_("For example 1 September 2027."), label=N_("School begins"))]
    school_wish: Annotated[
        Texts | None,
        Ask(
            N_("Up to three schools that you would like?"),
            hint=N_("The first is the dearest; with commas between."),
            label=N_("Schools wished for"),
            at_least=1,
            at_most=3,
        ),
    ] = None
    chinese_level: Annotated[Pick[ChineseLevel], Ask(N_("How well does the child know Chinese?"), label=N_("Child's Chinese"))]
    passport_copy: Annotated[
        Attachment,
        Ask(
            N_("Please send the child's passport."),
            hint=N_("PDF or JPEG."),
            label=N_("Child's passport"),
            secret=True,
            accepts=("pdf", "jpeg"),
            at_most=2,
        ),
    ]
    parents_residence_proof: Annotated[
        Attachment | None,
        Ask(
            N_("Please send the parents' proof of residence abroad."),
            hint=N_("PDF or JPEG."),
            label=N_("Parents' residence"),
            secret=True,
            when=no_residence_proof_yet,
            accepts=("pdf", "jpeg"),
            at_most=4,
        ),
    ] = None
    guardian_home_proof: Annotated[
        Attachment,
        Ask(
            N_("Please send the guardian's household book or proof of home."),
            hint=N_("PDF or JPEG."),
            label=N_("Guardian's home"),
            accepts=("pdf", "jpeg"),
            at_most=4,
        ),
    ]
    custody_letter: Annotated[
        Attachment,
        Ask(
            N_("Please send the parents' letter of custody."),
            hint=N_("PDF or JPEG."),
            label=N_("Letter of custody"),
            accepts=("pdf", "jpeg"),
            at_most=2,
        ),
    ]
    report_card: Annotated[
        Attachment,
        Ask(N_("Please send the last school report."), hint=N_("PDF or JPEG."), label=N_("School report"), accepts=("pdf", "jpeg"), at_most=2),
    ]


# --- f: search for roots and relatives 寻根寻亲 ---


class Publish(Choice):
    OFFICE = N_("The office only")
    ARCHIVES = N_("Archives too")
    MEDIA = N_("The media too")


def birth_years_in_order(answers: Answers, _facts: Facts) -> bool:
    return bool(answers.sought_born_from <= answers.sought_born_to)


class FamilySearch(Matter, table=True, of=OverseasChineseService):
    """The found person's data are handed over only with their consent (Personal Information Protection Law)."""

    title: ClassVar = N_("Search for roots and relatives")
    kept_years: ClassVar = 1  # wiped six months after closing, unless the person found agreed
    same_case: ClassVar = Duplicate(("doc", "sought_names"))
    urgent_when: ClassVar = old_or_ill
    route: ClassVar = Route(
        Stage(Role.DESK, within=WorkingDays(1)),
        Stage(Role.SECTION_CHIEF, Division.OCA, within=WorkingDays(10)),
        Outside(N_("archives, police and district"), within=WorkingDays(60)),
    )
    letter: ClassVar = Letter(
        "沈侨函",
        template="reply.typ",
        title=N_("Result of a search for relatives"),
        shows=("sought_names", "last_place"),
        closing=(N_("The search is closed after twelve months and can be taken up again at any time, free of charge."),),
    )
    rules: ClassVar = (
        Rule(("sought_born_from", "sought_born_to"), birth_years_in_order, N_("The last year lies before the first. Please look at both.")),
    )

    sought_names: Annotated[
        str,
        Ask(
            N_("Who is sought?"),
            hint=N_("All names you know, for example 王德福, Wong Tak Fook."),
            label=N_("Sought"),
            section=N_("Search for roots and relatives"),
            at_least=2,
            at_most=200,
            find=True,
        ),
    ]
    sought_sex: Annotated[Sex | None, Ask(N_("The sought person's sex?"), label=N_("Sex"))] = None
    sought_born_from: Annotated[
        Year | None, Ask(N_("Born in which year at the earliest?"), hint=N_("For example 1938."), label=N_("Born from"), at_least=1800)
    ] = None
    sought_born_to: Annotated[
        Year | None, Ask(N_("Born in which year at the latest?"), hint=N_("For example 1942."), label=N_("Born until"), at_least=1800)
    ] = None
    last_place: Annotated[
        str,
        Ask(
            N_("Where was the person last known to be?"), hint=N_("For example: 沈阳市大东区."), label=N_("Last known place"), at_least=2, at_most=200
        ),
    ]
    last_contact: Annotated[Year | None, Ask(N_("In which year was the last contact?"), hint=N_("For example 1965."), label=N_("Last contact"))] = (
        None
    )
    story: Annotated[
        str,
        Ask(N_("What do you know about the person and the family?"), hint=N_("Up to 2000 characters."), label=N_("Story"), at_least=10, at_most=2000),
    ]
    why: Annotated[
        str,
        Ask(
            N_("Why do you search?"),
            hint=N_("For example: my grandmother would like to see her brother again."),
            label=N_("Why"),
            at_least=2,
            at_most=500,
        ),
    ]
    publish: Annotated[Pick[Publish], Ask(N_("Who may be asked about it?"), label=N_("May be asked"))]
    consent_contact: Annotated[
        Consent,
        Ask(
            N_("May we tell the person found that you search, and leave the answer to them?"),
            hint=N_("Their data are handed over only if they agree."),
            label=N_("The person found decides"),
        ),
    ]
    old_papers: Annotated[
        Attachment | None,
        Ask(
            N_("Old letters, genealogies or photos, if you have them?"),
            hint=N_("Scans, no originals; PDF, JPEG or PNG, up to ten."),
            label=N_("Old papers and photos"),
            at_most=10,
        ),
    ] = None


# --- g: something else ---


class Other(Matter, table=True, of=OverseasChineseService):
    title: ClassVar = N_("Something else")
    urgent_when: ClassVar = old_or_ill
    same_case: ClassVar = Duplicate(("doc", "text"))
    route: ClassVar = Route(Stage(Role.DESK, within=WorkingDays(1)), Stage(Role.SECTION_CHIEF, Division.OCA, within=WorkingDays(3)))
    letter: ClassVar = Letter("沈侨函", template="reply.typ", title=N_("Answer of the office"), shows=("text",))

    text: Annotated[
        str,
        Ask(
            N_("What can the office do for you?"),
            hint=N_("20 to 1500 characters."),
            label=N_("Request"),
            section=N_("Something else"),
            at_least=20,
            at_most=1500,
        ),
    ]
    files: Annotated[
        Attachment | None,
        Ask(N_("Papers that belong to it, if there are any?"), hint=N_("PDF, JPEG or PNG, up to five."), label=N_("Papers"), at_most=5),
    ] = None
