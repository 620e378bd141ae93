"""Official visit abroad 因公临时出国（境）团组审批: a bureau asks for approval of a delegation's trip.

Basis: 中办发〔2008〕9号 and 中办发〔2013〕16号 (numbers, days, notice, report), 厅字〔2016〕17号 (researchers) and
财行〔2013〕516号 (money), as provinces and cities apply them. Facts.setting names what each city decides itself.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, ClassVar

from locales import N_

from storage.approval import Division, Outside, Published, Role, Route, Stage, WorkingDays
from storage.conditions import Answers, Facts, Fails, condition, stands_alone, when
from storage.forms import Ask, Attachment, Audience, Choice, Duplicate, Letter, Pick, Picks, Row, Rows, Rule, Service
from storage.itineraries import (
    LATIN_AMERICA_AND_AFRICA,
    continent,
    ends_after_it_begins,
    first_leg_begins,
    legs_in_order,
    legs_inside,
    legs_without_gap,
)
from storage.kinds import (
    Address,
    BirthDate,
    City,
    Country,
    Date,
    DateRange,
    District,
    Email,
    Mobile,
    Money,
    Month,
    NameLatin,
    NameZh,
    OfficialPassportNo,
    Organisation,
    Phone,
    ResidentId,
    Sex,
    Signature,
)
from storage.reckoning import age_on, first_of, months_after

# --- choices ---


class VisitKind(Choice):
    FRIENDSHIP = N_("Friendship visit")
    TRADE = N_("Economic and trade visit")
    EXHIBITION = N_("Exhibition or meeting")
    ACADEMIC = N_("Academic exchange")
    TRAINING = N_("Training abroad")
    TECHNICAL = N_("Project work or technical service")
    CULTURE = N_("Culture or sport")
    SISTER_CITY = N_("Sister-city visit")
    OTHER = N_("Another kind of visit")


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
    INSURANCE = N_("Insurance premium")
    VISA = N_("Visa fees")
    OTHER = N_("Another expense")


class BudgetSource(Choice):
    CENTRAL = N_("Central finance")
    PROVINCIAL = N_("Provincial finance")
    CITY = N_("City finance")
    INSTITUTION = N_("The institution's own funds")
    GRANT = N_("Research grant")
    ENTERPRISE = N_("Enterprise funds")
    HOST = N_("The host pays")


class Training(Choice):
    DONE = N_("It has taken place")
    BOOKED = N_("It is booked with the office")


class Sensitive(Choice):
    NONE = N_("None of these")
    TECHNOLOGY = N_("Technology transfer")
    SAMPLES = N_("Data or biological samples")
    RIGHTS = N_("Religious, ethnic or rights topics")
    SPEECH = N_("A speech or paper is given")
    MEDIA = N_("Media")
    MILITARY = N_("A military or nuclear site is visited")


class Document(Choice):
    NEW_PASSPORT = N_("New official passport")
    LENT_PASSPORT = N_("Existing passport lent out")
    VISA_NOTE = N_("Note for the visa")
    NAME_CARD = N_("Name card for the arrival card")


LEADERS = (Rank.MUNICIPAL, Rank.DEPUTY_MUNICIPAL, Rank.BUREAU, Rank.DEPUTY_BUREAU)
"""From deputy bureau level up 副局级以上."""
MAY_BE_MORE = (VisitKind.EXHIBITION, VisitKind.CULTURE, VisitKind.ACADEMIC, VisitKind.TRAINING)
"""Kinds of visit whose groups may be larger, with a reason."""
HONG_KONG_AND_MACAO = ("HK", "MO")
VISA_FREE = ("AE", "BY", "GE", "KZ", "MV", "MY", "QA", "RS", "SG", "TH", "UZ")
"""Where holders of Chinese passports need no visa: provisional, the office keeps `visit_visa_free_countries`."""


# --- conditions ---


@condition(N_("The group leaves the airport there."))
def leaves_the_airport(answers: Answers, _facts: Facts) -> bool:
    return answers.only_transit is False


@condition(N_("The member has an official passport already."))
def has_a_passport(answers: Answers, _facts: Facts) -> bool:
    return answers.document is not None


@condition(N_("The member is 60 or older on the day of return."))
def sixty_on_return(answers: Answers, facts: Facts) -> bool:
    if answers.birth_date is None or answers.dates is None:
        return False
    # [C] the age from which the unit must declare that the post stays
    return age_on(answers.birth_date, answers.dates.end) >= int(facts.setting("visit_age_limit", 60))


@condition(N_("The applicant's unit belongs to a district or county."))
def from_a_district(answers: Answers, _facts: Facts) -> bool:
    return answers.district is not None


@condition(N_("The route touches Hong Kong or Macao."))
def through_hong_kong_or_macao(answers: Answers, _facts: Facts) -> bool:
    return any(leg.country in HONG_KONG_AND_MACAO for leg in answers.itinerary or ())


@condition(N_("The trip begins sooner than the office needs in the usual way."))
def sooner_than_usual(answers: Answers, facts: Facts) -> bool:
    return answers.dates is not None and not begins_in_time(answers, facts)


@condition(N_("The group has more members than the usual six."))
def more_than_usual(answers: Answers, facts: Facts) -> bool:
    return len(answers.members or ()) > _usual_size(facts)


@condition(N_("Another member ranks above the head of the group."))
def head_is_outranked(answers: Answers, _facts: Facts) -> bool:
    ranks = list(Rank)
    heads = [member.rank for member in answers.members or () if member.role is MemberRole.HEAD]
    others = [member.rank for member in answers.members or () if member.rank in ranks]
    return any(ranks.index(other) < ranks.index(head) for head in heads if head in ranks for other in others)


@condition(N_("A member has the rank of a deputy bureau head or above."))
def a_leader_travels(answers: Answers, _facts: Facts) -> bool:
    return any(member.rank in LEADERS for member in answers.members or ())


@condition(N_("A member is of municipal level: the province decides."))
def above_the_city(answers: Answers, facts: Facts) -> bool:
    # [C] ranks whose visits the city can't approve itself
    ranks = facts.setting("visit_ranks_for_province", ("municipal", "deputy_municipal"))
    return any(getattr(member.rank, "code", None) in ranks for member in answers.members or ())


@condition(N_("The applicant's unit posts the public notice itself."))
def bureau_posts_notice(_answers: Answers, facts: Facts) -> bool:
    # [C] who posts the notice 公示: the bureau before it applies, or the office before the director decides
    return bool(facts.setting("notice_by", "bureau") == "bureau")


# --- rules ---


def begins_in_time(answers: Answers, facts: Facts) -> bool | Fails:
    """30 working days ahead, 15 where no visa is needed; later is the urgent path."""
    free = facts.setting("visit_visa_free_countries", VISA_FREE)
    legs = answers.itinerary or ()
    needs_no_visa = bool(legs) and all(leg.country in free for leg in legs)
    # [C] lead times of the city
    days = int(facts.setting("visit_lead_days_visa_free", 15) if needs_no_visa else facts.setting("visit_lead_days", 30))
    earliest = facts.calendar.add_working_days(facts.counted_from, days)
    return answers.dates.start >= earliest or Fails(days=days, earliest=earliest)


def abroad(answers: Answers, _facts: Facts) -> bool:
    return answers.country not in ("CN", "TW")


def some_work_on_each_leg(answers: Answers, _facts: Facts) -> bool | Fails:
    if answers.work_days is None or answers.from_ is None or answers.to is None:
        return True
    days = (answers.to - answers.from_).days + 1
    return answers.work_days <= days or Fails(days=days)


def not_only_hong_kong_and_macao(answers: Answers, _facts: Facts) -> bool:
    return not answers.itinerary or any(leg.country not in HONG_KONG_AND_MACAO for leg in answers.itinerary)


def _destinations(answers: Answers) -> list[str]:
    """Countries and regions by first visit; one whose airport is not left does not count."""
    visited = (leg.country for leg in answers.itinerary or () if leg.country and not leg.only_transit)
    return list(dict.fromkeys(visited))


def at_most_three_countries(answers: Answers, facts: Facts) -> bool | Fails:
    """Three at most, stop-overs counted (中办发〔2013〕16号); researchers are not bound (厅字〔2016〕17号)."""
    most, given = int(facts.setting("visit_most_countries", 3)), len(_destinations(answers))
    return answers.visit_kind is VisitKind.ACADEMIC or given <= most or Fails(given=given, most=most)


def on_one_continent(answers: Answers, _facts: Facts) -> bool:
    return len({continent(code) for code in _destinations(answers)}) <= 1


def days_by_countries(answers: Answers, facts: Facts) -> bool | Fails:
    """5, 8, 10 days for 1, 2, 3 countries, both travel days counted; a day more for Latin America and Africa."""
    countries = _destinations(answers)
    if answers.visit_kind is VisitKind.ACADEMIC or not countries:
        return True
    by_number = facts.setting("visit_days", (5, 8, 10))
    most = int(by_number[min(len(countries), len(by_number)) - 1])
    if any(continent(code) in LATIN_AMERICA_AND_AFRICA for code in countries):
        most += int(facts.setting("visit_far_extra_days", 1))  # [C] which places are poorly connected
    if answers.visit_kind is VisitKind.TRAINING:
        most = int(facts.setting("visit_training_days", 21))  # [C] yearly rule
    return answers.dates.days <= most or Fails(days=answers.dates.days, countries=len(countries), most=most)


def two_thirds_are_work(answers: Answers, _facts: Facts) -> bool | Fails:
    """At least two thirds of all days with official business."""
    work = sum(leg.work_days or 0 for leg in answers.itinerary or ())
    return 3 * work >= 2 * answers.dates.days or Fails(work=work, days=answers.dates.days)


_NO_COUNTERPART = re.compile(
    r"travel|touris|agency|visa service|immigration|overseas chinese|旅行|旅游|中介|签证|移民|侨团|华侨|同乡会|商会驻", re.IGNORECASE
)


def inviter_is_a_counterpart(answers: Answers, _facts: Facts) -> bool:
    """No agent, no overseas-Chinese body, no foreign body stationed in China; the officer judges field and level."""
    phone = answers.inviter_phone or ""
    return not (_NO_COUNTERPART.search(answers.inviter_name.name) or phone.startswith("+86"))


def invitation_is_fresh(answers: Answers, facts: Facts) -> bool:
    """Not older than six months, and not of a day to come."""
    return bool(months_after(facts.counted_from, -6) <= answers.invitation_date <= facts.today)


def invitation_before_trip(answers: Answers, _facts: Facts) -> bool:
    return bool(answers.invitation_date < answers.dates.start)


def _usual_size(facts: Facts) -> int:
    return int(facts.setting("visit_most_members", 6))


def at_most_six_members(answers: Answers, facts: Facts) -> bool | Fails:
    """Six with the interpreter (中办发〔2013〕16号); exhibitions, culture and sport may be more, with a reason."""
    given, most = len(answers.members), _usual_size(facts)
    if answers.visit_kind in MAY_BE_MORE:
        most = int(facts.setting("visit_most_members_special", 25))  # [C]
    return given <= most or Fails(given=given, most=most)


def exactly_one_head(answers: Answers, _facts: Facts) -> bool | Fails:
    heads = sum(member.role is MemberRole.HEAD for member in answers.members)
    return heads == 1 or Fails(heads=heads)


def one_leader_of_a_unit(answers: Answers, _facts: Facts) -> bool | Fails:
    """Members of one unit's leadership do not travel in one group."""
    units = [member.employer for member in answers.members if member.rank in LEADERS]
    twice = [unit for unit in units if unit and units.count(unit) > 1]
    return not twice or Fails(unit=twice[0])


def no_municipal_leader(answers: Answers, _facts: Facts) -> bool:
    return not any(member.rank in LEADERS[:2] for member in answers.members)


def on_no_other_visit(answers: Answers, facts: Facts) -> bool | Fails:
    """No member is in another open visit on these days; the look-up yields its number for each identity number."""
    elsewhere = facts.looked_up.get("visits_of_members") or {}
    found = next((elsewhere[one.resident_id] for one in answers.members if one.resident_id in elsewhere), None)
    return found is None or Fails(number=found)


def leaders_not_there_again(answers: Answers, facts: Facts) -> bool | Fails:
    """Leaders do not go to the same country within six months."""
    # [C] the months between two visits
    months = int(facts.setting("visit_months_between", 6))
    since = months_after(answers.dates.start, -months)
    leaders = {member.name_zh for member in answers.members if member.rank in LEADERS}
    for trip in answers.travel_history_trips or ():
        recent = trip.month is not None and first_of(trip.month) >= since.replace(day=1)
        if recent and trip.who in leaders and trip.country in _destinations(answers):
            return Fails(who=trip.who, months=months)
    return True


def in_yuan(answers: Answers, _facts: Facts) -> bool:
    money = answers.amount or answers.budget_total
    return bool(money.currency == "CNY")


def lines_make_the_total(answers: Answers, _facts: Facts) -> bool | Fails:
    total = sum(line.amount.amount for line in answers.budget_lines if line.amount is not None)
    return bool(total == answers.budget_total.amount) or Fails(sum=str(total), total=str(answers.budget_total))


def notice_of_five_days(answers: Answers, facts: Facts) -> bool | Fails:
    """The bureau's notice hung for five working days (中办发〔2013〕16号 as cities apply it)."""
    span, least = answers.notice_proof_dates, int(facts.setting("notice_days", 5))
    given = facts.calendar.working_days_between(span.start - timedelta(days=1), span.end)
    return given >= least or Fails(given=given, least=least)


def notice_is_over(answers: Answers, facts: Facts) -> bool:
    return bool(answers.notice_proof_dates.end < facts.today)


def briefing_is_recent(answers: Answers, facts: Facts) -> bool | Fails:
    """Done within a year; booked for a day before the trip."""
    day = answers.training_done_date
    if answers.training_done is Training.BOOKED:
        return bool(facts.counted_from <= day < answers.dates.start)
    months = int(facts.setting("training_valid_months", 12))  # [C]
    return bool(months_after(facts.counted_from, -months) <= day <= facts.today)


def expiring_passports_renewed(answers: Answers, _facts: Facts) -> bool | Fails:
    """A passport is valid for six months after the trip, or a new one is asked for."""
    needed = months_after(answers.dates.end, 6)
    for member in answers.members:
        expiring = member.document_expiry is not None and member.document_expiry < needed
        if expiring and Document.NEW_PASSPORT not in answers.docs_needed:
            return Fails(name=member.name_zh, until=needed)
    return True


def reports_came_in_time(_answers: Answers, facts: Facts) -> bool | Fails:
    """Two reports that are late block the bureau's next visit, unless the section chief lets it pass."""
    late = int(facts.looked_up.get("late_reports") or 0)
    return late < 2 or Fails(late=late)


def post_stays(answers: Answers, _facts: Facts) -> bool:
    return answers.post_unchanged is not False


def no_kinship(answers: Answers, _facts: Facts) -> bool:
    return answers.family_travels is not True


def is_insured(answers: Answers, _facts: Facts) -> bool:
    return answers.insurance is True


# --- rows ---


class Leg(Row):
    """One city of the trip."""

    kind: ClassVar[str] = "itinerary"
    names: ClassVar[tuple[str, ...]] = ("country", "city")
    called: ClassVar = N_("Stop")
    rules: ClassVar = (
        Rule(("country",), abroad, N_("This form is for foreign countries. Trips to Taiwan go another way: ask the desk.")),
        Rule(("from", "to"), ends_after_it_begins, N_("The last day lies before the first. Please look at both days.")),
        Rule(("from", "to", "work_days"), some_work_on_each_leg, N_("The group is there for {days} days only.")),
    )

    country: Annotated[Country, Ask(N_("To which country or region?"), label=N_("Country or region"))]
    city: Annotated[City, Ask(N_("Which city?"), hint=N_("For example Munich."), label=N_("City"))]
    from_: Annotated[Date, Ask(N_("From which day on?"), hint=N_("The first leg begins on the day of departure."), label=N_("From"))]
    to: Annotated[Date, Ask(N_("Until which day?"), label=N_("Until"))]
    only_transit: Annotated[bool, Ask(N_("Is it only a change of planes, without leaving the airport?"), label=N_("Only a change of planes"))]
    host: Annotated[
        str | None,
        Ask(
            N_("Which organisation receives the group there?"),
            hint=N_("Its full name, for example Messe München GmbH."),
            label=N_("Host there"),
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
            hint=N_("For example 3. Sights are no business."),
            label=N_("Days of business"),
            when=leaves_the_airport,
            at_most=60,
        ),
    ] = None


class Member(Row):
    """One traveller."""

    kind: ClassVar[str] = "members"
    key: ClassVar[tuple[str, ...]] = ("resident_id",)
    names: ClassVar[tuple[str, ...]] = ("name_zh", "post")
    called: ClassVar = N_("Member")
    rules: ClassVar = (Rule(("post_unchanged",), post_stays, N_("From this age on only those travel whose post stays the same after the return.")),)

    name_zh: Annotated[NameZh, Ask(N_("The member's name in Chinese?"), hint=N_("For example 王芳."), label=N_("Name"), find=True)]
    name_latin: Annotated[
        NameLatin | None,
        Ask(N_("The name in Latin letters, as in the passport?"), hint=N_("For example WANG, Fang."), label=N_("Name in Latin letters")),
    ] = None
    sex: Annotated[Sex, Ask(N_("The sex, as in the document?"), label=N_("Sex"))]
    birth_date: Annotated[BirthDate, Ask(N_("The date of birth?"), hint=N_("For example 12 April 1985."), label=N_("Date of birth"))]
    resident_id: Annotated[
        ResidentId,
        Ask(
            N_("The number of the identity card?"), hint=N_("18 characters, for example 11010519491231002X."), label=N_("Identity card"), secret=True
        ),
    ]
    employer: Annotated[
        str, Ask(N_("The member's employer?"), hint=N_("The full name, for example 沈阳市商务局."), label=N_("Employer"), at_least=2, at_most=100)
    ]
    post: Annotated[str, Ask(N_("The member's post?"), hint=N_("For example: head of division."), label=N_("Post"), at_least=2, at_most=60)]
    rank: Annotated[Pick[Rank], Ask(N_("The member's rank?"), label=N_("Rank"))]
    role: Annotated[Pick[MemberRole], Ask(N_("The member's role in the group?"), hint=N_("Exactly one member is the head."), label=N_("Role"))]
    task: Annotated[
        str, Ask(N_("What does this member do on the trip?"), hint=N_("For example: leads the talks."), label=N_("Task"), at_least=2, at_most=200)
    ]
    document: Annotated[
        OfficialPassportNo | None,
        Ask(
            N_("The number of the official passport, if there is one?"), hint=N_("For example PE1234567."), label=N_("Official passport"), secret=True
        ),
    ] = None
    document_expiry: Annotated[
        Date | None, Ask(N_("Until when is the official passport valid?"), label=N_("Passport valid until"), when=has_a_passport)
    ] = None
    post_unchanged: Annotated[
        bool | None, Ask(N_("Does the member's post stay the same after the return?"), label=N_("Post stays"), when=sixty_on_return)
    ] = None


class EarlierTrip(Row):
    """An official trip of a member in this year or the last."""

    names: ClassVar[tuple[str, ...]] = ("who", "country", "month")
    called: ClassVar = N_("Earlier trip")

    who: Annotated[NameZh, Ask(N_("Which member travelled?"), label=N_("Member"))]
    country: Annotated[Country, Ask(N_("To which country or region?"), label=N_("Country or region"))]
    month: Annotated[Month, Ask(N_("In which month?"), hint=N_("For example 2026-05."), label=N_("Month"))]


class BudgetLine(Row):
    """One item of the budget."""

    names: ClassVar[tuple[str, ...]] = ("item", "amount")
    called: ClassVar = N_("Budget item")
    rules: ClassVar = (Rule(("amount",), in_yuan, N_("The budget is reckoned in yuan. Write it like 42000 CNY.")),)

    item: Annotated[Pick[BudgetItem], Ask(N_("Which item?"), label=N_("Item"))]
    item_other: Annotated[
        str | None, Ask(N_("Which expense is it?"), label=N_("Expense"), when=when("item", BudgetItem.OTHER), at_least=2, at_most=100)
    ] = None
    basis: Annotated[
        str, Ask(N_("How is it reckoned?"), hint=N_("For example: 5 people, 6 nights at 150 euro."), label=N_("Basis"), at_least=2, at_most=200)
    ]
    amount: Annotated[Money, Ask(N_("How much is it in yuan?"), hint=N_("For example 42000 CNY."), label=N_("Amount"))]


# --- the service ---


class OfficialVisit(Service, table=True):
    title: ClassVar = N_("Official visit abroad")
    duty: ClassVar = 4
    audiences: ClassVar = {Audience.BUREAU}
    about: ClassVar = N_(
        "For bureaus, state firms and public institutions whose delegation goes abroad on official business. "
        "Trips to Hong Kong or Macao alone, and to Taiwan, go another way."
    )
    have_ready: ClassVar = (
        N_("The invitation and its translation"),
        N_("The unit's formal request and the task and budget form, both with seals"),
        N_("Proof that the notice hung for five working days"),
        N_("Each member's identity number, post and rank"),
    )
    filling_minutes: ClassVar = 40
    search_words: ClassVar = (N_("business trip abroad"), N_("delegation abroad"), N_("go abroad for work"), N_("task approval"))
    kept_years: ClassVar = 10  # bureau level; 30 years for the stub of a municipal leader's visit [C]
    district_field: ClassVar = "district"
    same_case: ClassVar = Duplicate(("unit", "itinerary.country"), overlap="dates")
    opens_next: ClassVar = ("official_passport",)
    urgent_when: ClassVar = sooner_than_usual
    route: ClassVar = Route(
        Stage(Role.SECTION_CHIEF, Division.DIS, within=WorkingDays(2), when=from_a_district),
        Stage(Role.DESK, within=WorkingDays(1)),
        Stage(Role.SECTION_CHIEF, Division.OUT, within=WorkingDays(3)),
        Stage(Role.SECTION_CHIEF, Division.HMT, within=WorkingDays(1), when=through_hong_kong_or_macao),
        Stage(Role.DEPUTY_DIRECTOR, within=WorkingDays(2)),
        Published(within=WorkingDays(5), when=~bureau_posts_notice),
        Stage(Role.DIRECTOR, within=WorkingDays(2)),
        Outside(N_("the province"), when=above_the_city),
        owner=Division.OUT,
    )
    letter: ClassVar = Letter(
        "沈外出",
        template="task_approval.typ",
        title=N_("Approval of an official task abroad"),
        shows=(
            "group_name",
            "members.name_zh",
            "members.sex",
            "members.employer",
            "members.post",
            "itinerary.country",
            "itinerary.city",
            "itinerary.from",
            "itinerary.to",
            "dates",
            "purpose",
            "budget_source",
            "inviter_name",
        ),
        closing=(
            N_("This approval is valid for this trip only, which begins within six months of its date."),
            N_("Official passports come back within seven days of the return, and the report within a month."),
        ),
        opening=(N_("Your request was considered. The office agrees to the task abroad of {group_name}, as follows."),),
    )
    rules: ClassVar = (
        Rule(("itinerary",), not_only_hong_kong_and_macao, N_("A trip to Hong Kong or Macao alone has a form of its own. Ask the desk for it.")),
        Rule(("itinerary",), legs_in_order, N_("Place {leg} begins before the one before it ends, or ends before it begins. Please mend its days.")),
        Rule(("itinerary",), legs_without_gap, N_("More than a day lies between place {leg} and the one before it. Please mend the days.")),
        Rule(("itinerary",), at_most_three_countries, N_("These are {given} countries and regions; one trip may have {most}.")),
        Rule(("itinerary",), on_one_continent, N_("As a rule a trip stays on one continent. The office will ask why this one does not."), warn=True),
        Rule(
            ("itinerary", "dates"),
            first_leg_begins("dates"),
            N_("The first place of the itinerary should begin on the first day of the trip; you wrote {first}. Please give both the same day."),
        ),
        Rule(("itinerary", "dates"), legs_inside("dates"), N_("Place {leg} of the itinerary lies outside {first} to {last}. Please mend the days.")),
        Rule(
            ("itinerary", "dates"),
            days_by_countries,
            N_("{days} days are too many: a trip with {countries} countries may take {most}, travel included."),
        ),
        Rule(
            ("itinerary", "dates"),
            two_thirds_are_work,
            N_("Official business fills {work} of {days} days; two thirds are needed. Please shorten the trip, or mend the days of business."),
        ),
        Rule(
            ("itinerary", "dates"),
            begins_in_time,
            N_(
                "The office usually needs {days} working days, so until {earliest}. "
                "It can be treated as urgent: give the reason and a city leader's letter."
            ),
            warn=True,
        ),
        Rule(
            ("inviter_name", "inviter_phone"),
            inviter_is_a_counterpart,
            N_("The inviter should be a counterpart abroad: no agent, no overseas Chinese body, no office in China."),
            warn=True,
        ),
        Rule(("invitation_date",), invitation_is_fresh, N_("The invitation should be signed within the last six months. Please look at its date.")),
        Rule(("dates", "invitation_date"), invitation_before_trip, N_("The invitation is dated after the trip begins. Please look at its date.")),
        Rule(("members",), at_most_six_members, N_("These are {given} people; a group of this kind may have {most}, interpreter included.")),
        Rule(("members",), exactly_one_head, N_("A group has exactly one head; here are {heads}. Please mend the roles.")),
        Rule(("members",), one_leader_of_a_unit, N_("Two leaders of {unit} travel in one group. The office will ask why."), warn=True),
        Rule(
            ("members",),
            no_municipal_leader,
            N_("For leaders of the city give only the days and a contact here; all details go on paper to the office."),
            warn=True,
        ),
        Rule(
            ("dates", "members"),
            on_no_other_visit,
            N_("A member is on another visit on these days: {number}. Please change one of the two."),
            needs=("visits_of_members",),
        ),
        Rule(("family_travels",), no_kinship, N_("Spouses, parents and children do not travel in one group. Please mend the list of members.")),
        Rule(
            ("dates", "members", "travel_history_trips"),
            leaders_not_there_again,
            N_("{who} was there within the last {months} months. The office will ask why."),
            warn=True,
        ),
        Rule(("budget_total",), in_yuan, N_("The budget is reckoned in yuan. Write it like 42000 CNY.")),
        Rule(
            ("budget_total", "budget_lines"),
            lines_make_the_total,
            N_("The items make {sum}, and the total says {total}. Please write the right total."),
            again="budget_total",
        ),
        Rule(("notice_proof_dates",), notice_of_five_days, N_("The notice hung for {given} working days; {least} are needed.")),
        Rule(("notice_proof_dates",), notice_is_over, N_("The notice is still hanging. Please send the form on the day after it ends.")),
        Rule(
            ("dates", "training_done", "training_done_date"),
            briefing_is_recent,
            N_("The briefing should lie within the last twelve months, or be booked for a day before the trip."),
        ),
        Rule(("insurance",), is_insured, N_("Every member must be insured before departure. The office will ask for the policy."), warn=True),
        Rule(
            ("sensitive",), stands_alone("sensitive", Sensitive.NONE), N_("“None of these” stands alone. Please choose it, or the others without it.")
        ),
        Rule(
            ("dates", "members", "docs_needed"),
            expiring_passports_renewed,
            N_("The passport of {name} must be valid until {until}. Please choose “New official passport” too."),
        ),
        Rule(
            ("unit_letter",),
            reports_came_in_time,
            N_("{late} reports of your unit's earlier visits are late. Please hand them in first."),
            warn=True,
            needs=("late_reports",),
        ),
    )

    # Line 1, not_secret, and the applicant's block are implied.
    district: Annotated[
        District | None,
        Ask(
            N_("To which district or county does your unit belong?"),
            hint=N_("Skip it if it is a unit of the city."),
            label=N_("District"),
            section=N_("The visit"),
        ),
    ] = None
    in_plan: Annotated[bool, Ask(N_("Does the approved yearly plan name this visit?"), label=N_("In the yearly plan"))]
    # The line of the plan is asked from activity_plan, a service that does not exist yet.
    plan_reason: Annotated[
        str | None,
        Ask(
            N_("Why is the visit outside the plan?"),
            hint=N_("One or two sentences: 20 to 500 characters."),
            label=N_("Why outside the plan"),
            when=when("in_plan", False),
            at_least=20,
            at_most=500,
        ),
    ] = None
    group_name: Annotated[
        str,
        Ask(N_("What is the group called?"), hint=N_("For example 沈阳市商务局赴德国经贸团."), label=N_("Group"), at_least=4, at_most=60, find=True),
    ]
    visit_kind: Annotated[Pick[VisitKind], Ask(N_("What kind of visit is it?"), label=N_("Kind of visit"))]
    visit_kind_other: Annotated[
        str | None, Ask(N_("Which kind of visit?"), label=N_("Which kind"), when=when("visit_kind", VisitKind.OTHER), at_least=2, at_most=100)
    ] = None
    arranged_by: Annotated[Pick[ArrangedBy], Ask(N_("Who puts the group together?"), label=N_("Put together by"))]
    consent_letter: Annotated[
        Attachment | None,
        Ask(
            N_("Please send the organising unit's task notice with its request for opinion."),
            hint=N_("One PDF."),
            label=N_("Request for opinion"),
            when=when("arranged_by", ArrangedBy.JOINS),
            accepts=("pdf",),
            at_most=1,
        ),
    ] = None
    purpose: Annotated[
        str,
        Ask(
            N_("Why is the visit needed, and what is to be achieved?"),
            hint=N_("50 to 1500 characters; “study tour” alone is not enough."),
            label=N_("Purpose"),
            at_least=50,
            at_most=1500,
        ),
    ]
    expected_results: Annotated[
        str,
        Ask(
            N_("By what will its success be measured?"),
            hint=N_("For example: two cooperation agreements signed. 30 to 800 characters."),
            label=N_("Expected results"),
            at_least=30,
            at_most=800,
        ),
    ]
    itinerary: Annotated[
        Rows[Leg],
        Ask(
            N_("Which cities does the group visit, in their order?"),
            hint=N_("Change of planes included."),
            label=N_("Itinerary"),
            at_least=1,
            at_most=8,
        ),
    ]
    dates: Annotated[
        DateRange,
        Ask(
            N_("From which day to which day is the group out of China?"),
            hint=N_("Both travel days count, for example 10 to 17 May 2027."),
            label=N_("Days"),
        ),
    ]
    urgent_reason: Annotated[
        str | None,
        Ask(
            N_("Why can't the visit wait for the usual time?"),
            hint=N_("20 to 500 characters."),
            label=N_("Why urgent"),
            when=sooner_than_usual,
            at_least=20,
            at_most=500,
        ),
    ] = None
    urgent_letter: Annotated[
        Attachment | None,
        Ask(
            N_("Please send the letter of a city leader who asks for speed."),
            hint=N_("One PDF."),
            label=N_("Leader's letter"),
            when=sooner_than_usual,
            accepts=("pdf",),
            at_most=1,
        ),
    ] = None
    inviter_name: Annotated[
        Organisation,
        Ask(
            N_("Which organisation abroad invites the group?"),
            hint=N_("The name in its own language, for example Messe München GmbH."),
            label=N_("Inviter"),
            section=N_("The invitation"),
        ),
    ]
    inviter_name_zh: Annotated[
        str,
        Ask(
            N_("What is the inviter called in Chinese?"),
            hint=N_("For example 慕尼黑博览集团."),
            label=N_("Inviter in Chinese"),
            at_least=2,
            at_most=100,
        ),
    ]
    inviter_address: Annotated[Address, Ask(N_("The inviter's address?"), label=N_("Inviter's address"))]
    inviter_signer: Annotated[
        str,
        Ask(
            N_("Who signed the invitation, and in which post?"),
            hint=N_("For example: Anna Schmidt, managing director."),
            label=N_("Signed by"),
            at_least=2,
            at_most=120,
        ),
    ]
    inviter_phone: Annotated[
        Phone,
        Ask(N_("The signer's telephone number?"), hint=N_("With the country code, for example +49 89 949 20720."), label=N_("Signer's telephone")),
    ]
    inviter_email: Annotated[Email, Ask(N_("The signer's e-mail address?"), hint=N_("For example anna@example.org."), label=N_("Signer's e-mail"))]
    invitation: Annotated[
        Attachment,
        Ask(
            N_("Please send the invitation, one for each host."),
            hint=N_("With names, days, programme, costs and signature; PDF or JPEG, up to five files."),
            label=N_("Invitation"),
            accepts=("pdf", "jpeg"),
            at_most=5,
        ),
    ]
    invitation_date: Annotated[Date, Ask(N_("On which day was the invitation signed?"), label=N_("Date of the invitation"))]
    invitation_zh: Annotated[
        Attachment,
        Ask(
            N_("Please send its translation into Chinese, with the translator's name."),
            hint=N_("PDF or DOCX."),
            label=N_("Translation"),
            accepts=("pdf", "docx"),
            at_most=5,
        ),
    ]
    members: Annotated[
        Rows[Member],
        Ask(
            N_("Who travels?"),
            hint=N_("Six people at most as a rule, interpreter included."),
            label=N_("Members"),
            section=N_("The group"),
            at_least=1,
            at_most=25,
        ),
    ]
    members_reason: Annotated[
        str | None,
        Ask(
            N_("Why does the group need more than six people?"),
            hint=N_("20 to 500 characters."),
            label=N_("Why more people"),
            when=more_than_usual,
            at_least=20,
            at_most=500,
        ),
    ] = None
    head_reason: Annotated[
        str | None,
        Ask(
            N_("Why is the head of the group not the member of the highest rank?"),
            hint=N_("10 to 300 characters."),
            label=N_("Why this head"),
            when=head_is_outranked,
            at_least=10,
            at_most=300,
        ),
    ] = None
    family_travels: Annotated[bool, Ask(N_("Are any two members married, or parent and child?"), label=N_("Family in one group"))]
    members_cleared: Annotated[
        Signature, Ask(N_("Does the unit declare that nobody in the group is under investigation?"), label=N_("Unit's declaration"))
    ]
    leader_approval: Annotated[
        Attachment | None,
        Ask(
            N_("Please send the organisation department's filing form."),
            hint=N_("One PDF; it is needed from deputy bureau level up."),
            label=N_("Filing form"),
            when=a_leader_travels,
            accepts=("pdf",),
            at_most=1,
        ),
    ] = None
    travel_history: Annotated[bool, Ask(N_("Did a member travel abroad on official business in this year or the last?"), label=N_("Earlier trips"))]
    travel_history_trips: Annotated[
        Rows[EarlierTrip] | None,
        Ask(N_("Which trips were they?"), label=N_("List of earlier trips"), when=when("travel_history"), at_least=1, at_most=40),
    ] = None
    budget_total: Annotated[
        Money, Ask(N_("What does the trip cost in all, in yuan?"), hint=N_("For example 180000 CNY."), label=N_("Total cost"), section=N_("Money"))
    ]
    budget_lines: Annotated[Rows[BudgetLine], Ask(N_("Of which items is the total made?"), label=N_("Budget"), at_least=1, at_most=30)]
    budget_source: Annotated[Picks[BudgetSource], Ask(N_("Who pays?"), label=N_("Paid by"))]
    budget_source_grant: Annotated[
        str | None,
        Ask(
            N_("The number of the research project?"),
            label=N_("Project number"),
            when=when("budget_source", BudgetSource.GRANT),
            at_least=2,
            at_most=60,
        ),
    ] = None
    budget_source_host: Annotated[
        str | None,
        Ask(
            N_("What does the host pay?"),
            hint=N_("For example: lodging and local transport."),
            label=N_("Paid by the host"),
            when=when("budget_source", BudgetSource.HOST),
            at_least=2,
            at_most=200,
        ),
    ] = None
    finance_form: Annotated[
        Attachment,
        Ask(
            N_("Please send the task and budget form with both seals."),
            hint=N_("One PDF."),
            label=N_("Task and budget form"),
            accepts=("pdf",),
            at_most=1,
        ),
    ]
    notice_proof: Annotated[
        Attachment | None,
        Ask(
            N_("Please send proof of the public notice in your unit."),
            hint=N_("Its text, place and result: no objection; PDF or JPEG."),
            label=N_("Proof of notice"),
            section=N_("Preparation"),
            when=bureau_posts_notice,
            accepts=("pdf", "jpeg"),
        ),
    ] = None
    notice_proof_dates: Annotated[
        DateRange | None,
        Ask(
            N_("From which day to which day did the notice hang?"),
            hint=N_("At least five working days."),
            label=N_("Days of notice"),
            when=bureau_posts_notice,
        ),
    ] = None
    training_done: Annotated[
        Pick[Training],
        Ask(
            N_("Has the briefing before departure taken place?"),
            hint=N_("On discipline, confidentiality, safety and foreign affairs."),
            label=N_("Briefing"),
        ),
    ]
    training_done_date: Annotated[Date, Ask(N_("On which day?"), label=N_("Day of the briefing"))]
    insurance: Annotated[bool, Ask(N_("Is every member insured for the trip?"), label=N_("Everybody is insured"))]
    sensitive: Annotated[Picks[Sensitive], Ask(N_("Does the visit touch any of these?"), label=N_("Sensitive points"))]
    speech: Annotated[
        Attachment | None,
        Ask(
            N_("Please send the speech or paper."),
            label=N_("Speech or paper"),
            when=when("sensitive", Sensitive.SPEECH),
            accepts=("pdf", "docx"),
            at_most=3,
        ),
    ] = None
    docs_needed: Annotated[Picks[Document], Ask(N_("Which papers does the group need from the office?"), label=N_("Papers needed"))]
    contact_name: Annotated[
        str, Ask(N_("Whom may the office call about this visit?"), label=N_("Contact"), profile="applicant_name", at_least=2, at_most=60)
    ]
    contact_phone: Annotated[
        Mobile, Ask(N_("Their mobile number?"), hint=N_("For example +86 138 0013 8000."), label=N_("Contact's mobile"), profile="applicant_phone")
    ]
    unit_letter: Annotated[
        Attachment,
        Ask(N_("Please send the unit's formal request with its seal."), hint=N_("One PDF."), label=N_("Formal request"), accepts=("pdf",), at_most=1),
    ]
