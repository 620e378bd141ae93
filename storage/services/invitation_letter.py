"""Invitation for foreign guests 邀请外国人来华: a host in Shenyang asks for an authorised unit's letter.

Basis: Exit and Entry Administration Law, Art. 19 (who invites answers for the truth of it); State Council Order 637 as
amended by Order 814 (kinds of visa). Facts.setting names what each city decides itself.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

from locales import N_, show_country

from storage.approval import Division, Role, Route, Stage, WorkingDays
from storage.conditions import Answers, Facts, Fails, condition, when, working_days_ahead
from storage.forms import Ask, Attachment, Audience, Choice, Duplicate, Letter, Pick, Row, Rows, Rule, Service
from storage.itineraries import ends_after_it_begins, legs_in_order, legs_inside, legs_without_gap
from storage.kinds import (
    BirthDate,
    City,
    Country,
    Date,
    DateRange,
    Email,
    ForeignPassport,
    Mobile,
    MrzTd3,
    NameLatin,
    NameZh,
    Organisation,
    Sex,
    Year,
)
from storage.reckoning import age_on, months_after

# --- choices ---


class LetterKind(Choice):
    AUTHORISED = N_("Letter of an authorised unit")
    VERIFICATION = N_("Verification of the host's own letter")
    AMENDMENT = N_("Amendment of a letter issued before")


class HostKind(Choice):
    STATE_ORGAN = N_("State organ")
    INSTITUTION = N_("Public institution")
    UNIVERSITY = N_("University")
    STATE_FIRM = N_("State-owned firm")
    PRIVATE_FIRM = N_("Private firm")
    FOREIGN_INVESTED = N_("Foreign-invested firm")
    ASSOCIATION = N_("Association")


class PassportKind(Choice):
    DIPLOMATIC = N_("Diplomatic passport")
    SERVICE = N_("Service passport")
    ORDINARY = N_("Ordinary passport")
    TRAVEL_DOCUMENT = N_("Travel document")


class Relation(Choice):
    SPOUSE = N_("Spouse")
    CHILD = N_("Child")


class Visa(Choice):
    F = N_("F: exchange and visits")
    M = N_("M: trade")
    C = N_("C: crew")
    G = N_("G: transit")
    OTHER = N_("Another visa")


class Purpose(Choice):
    BUSINESS = N_("Business talks")
    INSTALLATION = N_("Installing or servicing equipment")
    EXHIBITION = N_("Exhibition")
    ACADEMIC = N_("Academic exchange")
    CULTURE = N_("Culture or sport")
    CONFERENCE = N_("Conference")
    OFFICIAL = N_("Official visit")
    SISTER_CITY = N_("Sister-city visit")
    MEDIA = N_("Media")
    OTHER = N_("Another purpose")


class Urgency(Choice):
    ILLNESS = N_("Illness")
    ACCIDENT = N_("Accident")
    FUNERAL = N_("Funeral")
    CONTRACT = N_("Deadline in a contract")


class Entries(Choice):
    SINGLE = N_("Single", "entries")
    DOUBLE = N_("Double", "entries")
    HALF_YEAR = N_("Multiple for half a year", "entries")
    YEAR = N_("Multiple for one year", "entries")


class Costs(Choice):
    HOST = N_("The host", "who pays")
    GUEST = N_("The guest", "who pays")
    SHARED = N_("Shared", "who pays")


class Delivery(Choice):
    CHAT = N_("PDF in this chat")
    DESK = N_("Collected at the desk")


MULTIPLE = (Entries.HALF_YEAR, Entries.YEAR)
# fmt: off
VISA_FREE = (
    "AD", "AE", "AR", "AT", "AU", "BE", "BG", "BH", "BR", "CH", "CL", "CY", "DE", "DK", "EE", "ES", "FI", "FR", "GR",
    "HR", "HU", "IE", "IS", "IT", "JP", "KR", "KW", "KZ", "LI", "LU", "LV", "MC", "ME", "MK", "MT", "MY", "NL", "NO",
    "NZ", "OM", "PE", "PL", "PT", "QA", "RO", "SA", "SE", "SG", "SI", "SK", "TH", "UY",
)
# fmt: on
"""Whose nationals need no visa for 30 days: provisional, it changes often; the office keeps `visa_free_states`."""


# --- conditions ---


def _age_at_arrival(answers: Answers, facts: Facts) -> int | None:
    if answers.birth_date is None:
        return None
    return age_on(answers.birth_date, answers.stay.start if answers.stay else facts.today)


@condition(N_("The guest is younger than 16."))
def under_16(answers: Answers, facts: Facts) -> bool:
    age = _age_at_arrival(answers, facts)
    return age is not None and age < 16


@condition(N_("The guest is younger than 18."))
def under_18(answers: Answers, facts: Facts) -> bool:
    age = _age_at_arrival(answers, facts)
    return age is not None and age < 18


@condition(N_("No scan of the passport was sent."))
def no_scan(answers: Answers, _facts: Facts) -> bool:
    return not answers.passport_scan


@condition(N_("The visit is urgent: illness, accident, funeral or a deadline in a contract."))
def is_urgent(answers: Answers, _facts: Facts) -> bool:
    return answers.urgent_reason is not None


@condition(
    N_("Multiple entries, more than 90 days or ten guests, a guest who was Chinese, sensitive technology, or a nationality on the office's list.")
)
def out_of_the_ordinary(answers: Answers, facts: Facts) -> bool:
    # [C] nationalities that the deputy director sees
    watched = facts.setting("invitation_nationalities_for_deputy", ())
    guests = answers.guests or ()
    return (
        answers.entries in MULTIPLE
        or (answers.stay is not None and answers.stay.days > 90)
        or len(guests) > 10
        or any(guest.former_zh or guest.nationality in watched for guest in guests)
        or answers.tech_sensitive is True
    )


is_verification = when("kind", LetterKind.VERIFICATION)


# --- rules ---


def not_chinese(answers: Answers, _facts: Facts) -> bool:
    return bool(answers.nationality != "CN")


def of_no_chinese_region(answers: Answers, _facts: Facts) -> bool:
    return answers.nationality not in ("HK", "MO", "TW")


def needs_a_visa(answers: Answers, facts: Facts) -> bool | Fails:
    if answers.nationality not in facts.setting("visa_free_states", VISA_FREE):
        return True
    return Fails(country=show_country(answers.nationality, facts.language), days=_visa_free_days(facts))


def somebody_needs_a_visa(answers: Answers, facts: Facts) -> bool | Fails:
    """The first question that saves most cases: who needs no visa needs no letter."""
    free = facts.setting("visa_free_states", VISA_FREE)
    spared = all(guest.nationality in free for guest in answers.guests)
    short = answers.stay.days <= _visa_free_days(facts) and answers.purpose is not Purpose.MEDIA
    return not (spared and short) or Fails(days=_visa_free_days(facts))


def _visa_free_days(facts: Facts) -> int:
    return int(facts.setting("visa_free_days", 30))


def own_letter_is_not_enough(answers: Answers, facts: Facts) -> bool:
    # [C] countries whose Chinese embassies take the host's own letter for F and M visas
    enough = facts.setting("own_letter_countries", ())
    asked_there = all(guest.applies_at_country in enough for guest in answers.guests)
    return not (asked_there and answers.visa_letter in (Visa.F, Visa.M))


def has_a_credit_code(answers: Answers, _facts: Facts) -> bool:
    return answers.host.uscc is not None


def registered_in_shenyang(answers: Answers, _facts: Facts) -> bool:
    """Characters 3 to 8 of the credit code name the region: 2101xx is Shenyang; the officer knows of exceptions."""
    return answers.host.uscc is None or answers.host.uscc[2:6] == "2101"


def chinese_mobile(answers: Answers, _facts: Facts) -> bool:
    return bool(answers.host_contact_phone.startswith("+86"))


def passports_outlast_the_stay(answers: Answers, _facts: Facts) -> bool | Fails:
    """Six months after the departure, as visas need it."""
    needed = months_after(answers.stay.end, 6)
    for guest in answers.guests:
        for one in (guest, *(guest.family_with or ())):
            if one.passport_expiry is not None and one.passport_expiry < needed:
                return Fails(name=one.name, until=needed)
    return True


def trade_host_is_no_organ(answers: Answers, _facts: Facts) -> bool:
    return not (answers.visa_letter is Visa.M and answers.host_kind is HostKind.STATE_ORGAN)


def not_paid_in_china(answers: Answers, _facts: Facts) -> bool:
    return answers.paid_in_china is not True


def no_journalist(answers: Answers, _facts: Facts) -> bool:
    return answers.purpose is not Purpose.MEDIA


def begins_in_time(answers: Answers, facts: Facts) -> bool | Fails:
    """Five working days ahead, unless it is urgent."""
    return is_urgent(answers, facts) or working_days_ahead("stay", "invitation_lead_days", default=5)(answers, facts)


def one_block_for_one_entry(answers: Answers, facts: Facts) -> bool | Fails:
    return answers.entries is not Entries.SINGLE or legs_without_gap(answers, facts)


def open_to_foreigners(answers: Answers, _facts: Facts) -> bool:
    return answers.closed_area is not True


def lodging_is_registered(answers: Answers, _facts: Facts) -> bool:
    """Exit and Entry Administration Law, Art. 39: who does not stay in a hotel registers within 24 hours."""
    return any(word in answers.lodging.casefold() for word in ("hotel", "酒店", "宾馆", "饭店"))


def departures_were_confirmed(answers: Answers, facts: Facts) -> bool:
    # [C] three guests whose departure the host did not confirm block new multiple entries
    most = int(facts.setting("invitation_unconfirmed_most", 3))
    return answers.entries not in MULTIPLE or int(facts.looked_up.get("unconfirmed_departures") or 0) < most


# --- rows ---

_NATIONALITY_RULES = (
    Rule(("nationality",), not_chinese, N_("A Chinese citizen needs no visa, so no invitation. Please leave this person out.")),
    Rule(
        ("nationality",),
        of_no_chinese_region,
        N_("People from Hong Kong, Macao and Taiwan travel with their own permits, without an invitation. Please leave this person out."),
    ),
)


class FamilyMember(Row):
    """A spouse or child who travels with a guest."""

    names: ClassVar[tuple[str, ...]] = ("name", "relation")
    called: ClassVar = N_("Family member")
    key: ClassVar[tuple[str, ...]] = ("nationality", "passport_no")
    rules: ClassVar = _NATIONALITY_RULES

    relation: Annotated[Pick[Relation], Ask(N_("How is this person related to the guest?"), label=N_("Relation"))]
    name: Annotated[NameLatin, Ask(N_("The name, as in the passport?"), hint=N_("For example SCHMIDT, Anna Maria."), label=N_("Name"), find=True)]
    sex: Annotated[Sex, Ask(N_("The sex, as in the document?"), label=N_("Sex"))]
    birth_date: Annotated[BirthDate, Ask(N_("The date of birth?"), hint=N_("For example 12 April 1985."), label=N_("Date of birth"), secret=True)]
    nationality: Annotated[Country, Ask(N_("The nationality?"), label=N_("Nationality"))]
    passport_no: Annotated[ForeignPassport, Ask(N_("The passport's number?"), hint=N_("For example L898902C3."), label=N_("Passport"), secret=True)]
    passport_expiry: Annotated[Date, Ask(N_("Until when is the passport valid?"), label=N_("Passport valid until"))]


class Guest(Row):
    """One guest; lines 7a to 7n."""

    names: ClassVar[tuple[str, ...]] = ("name", "nationality")
    called: ClassVar = N_("Guest")
    key: ClassVar[tuple[str, ...]] = ("nationality", "passport_no")
    rules: ClassVar = (
        *_NATIONALITY_RULES,
        Rule(
            ("nationality",), needs_a_visa, N_("From {country} most guests need no visa for {days} days, and so no letter. You may go on."), warn=True
        ),
    )

    passport_scan: Annotated[
        Attachment | None,
        Ask(
            N_("Please send the passport's data page as a file."),
            hint=N_("JPEG or PDF. Or skip it and type its two lines instead."),
            label=N_("Data page"),
            secret=True,
            accepts=("jpeg", "pdf"),
            at_most=1,
        ),
    ] = None
    passport_mrz: Annotated[
        MrzTd3 | None,
        Ask(
            N_("The two lines at the foot of the data page?"),
            hint=N_("44 characters each; the first begins with P<."),
            label=N_("Machine-readable lines"),
            secret=True,
            when=no_scan,
        ),
    ] = None
    name: Annotated[
        NameLatin, Ask(N_("The guest's name, as in the passport?"), hint=N_("For example SCHMIDT, Anna Maria."), label=N_("Name"), find=True)
    ]
    name_zh: Annotated[NameZh | None, Ask(N_("The name in Chinese, if there is one?"), label=N_("Name in Chinese"), find=True)] = None
    sex: Annotated[Sex, Ask(N_("The sex, as in the document?"), label=N_("Sex"))]
    birth_date: Annotated[BirthDate, Ask(N_("The date of birth?"), hint=N_("For example 12 April 1985."), label=N_("Date of birth"), secret=True)]
    accompanied_by: Annotated[
        str | None,
        Ask(
            N_("Which adult travels with this child?"),
            hint=N_("The name, as in the passport."),
            label=N_("Accompanied by"),
            when=under_16,
            at_least=2,
            at_most=100,
        ),
    ] = None
    guardian_consent: Annotated[
        Attachment | None,
        Ask(
            N_("Please send the guardian's consent."),
            hint=N_("It is needed up to the 18th birthday; PDF or JPEG."),
            label=N_("Guardian's consent"),
            when=under_18,
            accepts=("pdf", "jpeg"),
            at_most=2,
        ),
    ] = None
    nationality: Annotated[Country, Ask(N_("The guest's nationality?"), label=N_("Nationality"))]
    other_nationality: Annotated[Country | None, Ask(N_("Another nationality, present or former?"), label=N_("Other nationality"))] = None
    former_zh: Annotated[
        bool | None, Ask(N_("Was the guest once a Chinese citizen?"), label=N_("Once a Chinese citizen"), when=when("other_nationality", "CN"))
    ] = None
    passport_no: Annotated[ForeignPassport, Ask(N_("The passport's number?"), hint=N_("For example L898902C3."), label=N_("Passport"), secret=True)]
    passport_expiry: Annotated[
        Date, Ask(N_("Until when is the passport valid?"), hint=N_("Six months longer than the stay, at least."), label=N_("Passport valid until"))
    ]
    passport_kind: Annotated[Pick[PassportKind], Ask(N_("What kind of passport is it?"), label=N_("Kind of passport"))]
    employer: Annotated[
        str,
        Ask(
            N_("For whom does the guest work?"), hint=N_("For example Technical University of Munich."), label=N_("Employer"), at_least=2, at_most=120
        ),
    ]
    post: Annotated[str, Ask(N_("The guest's post there?"), hint=N_("For example: professor."), label=N_("Post"), at_least=2, at_most=120)]
    education_field: Annotated[
        str | None,
        Ask(
            N_("The guest's academic field?"),
            hint=N_("For example: materials science."),
            label=N_("Academic field"),
            when=when("purpose", Purpose.ACADEMIC),
            at_least=2,
            at_most=100,
        ),
    ] = None
    been_to_china: Annotated[bool, Ask(N_("Has the guest been to China before?"), label=N_("Been to China"))]
    last_visit: Annotated[
        Year | None, Ask(N_("In which year was the last visit?"), hint=N_("For example 2024."), label=N_("Last visit"), when=when("been_to_china"))
    ] = None
    visa_refused: Annotated[
        bool | None, Ask(N_("Was a Chinese visa ever refused to the guest?"), label=N_("Visa refused before"), when=when("been_to_china"))
    ] = None
    applies_at_country: Annotated[Country, Ask(N_("In which country does the guest ask for the visa?"), label=N_("Applies in"))]
    applies_at_city: Annotated[
        City, Ask(N_("At the embassy or consulate in which city?"), hint=N_("For example Munich."), label=N_("Embassy or consulate"))
    ]
    family_with: Annotated[Rows[FamilyMember] | None, Ask(N_("Who of the family travels with the guest?"), label=N_("Family"), at_most=4)] = None


class Place(Row):
    """One city of the visit."""

    kind: ClassVar[str] = "itinerary"
    names: ClassVar[tuple[str, ...]] = ("city",)
    called: ClassVar = N_("City")
    rules: ClassVar = (
        Rule(("from", "to"), ends_after_it_begins, N_("The last day lies before the first. Please look at both days.")),
        Rule(
            ("closed_area",),
            open_to_foreigners,
            N_("An area closed to foreigners needs a permit of public security first. The office will ask for it."),
            warn=True,
        ),
    )

    city: Annotated[City, Ask(N_("Which Chinese city?"), hint=N_("For example Shenyang."), label=N_("City"))]
    from_: Annotated[Date, Ask(N_("From which day on?"), label=N_("From"))]
    to: Annotated[Date, Ask(N_("Until which day?"), label=N_("Until"))]
    host: Annotated[
        str | None,
        Ask(
            N_("Who receives the guests there, if not you?"),
            hint=N_("The organisation's full name."),
            label=N_("Host there"),
            at_least=2,
            at_most=100,
        ),
    ] = None
    task: Annotated[
        str,
        Ask(
            N_("What happens there?"),
            hint=N_("For example: visit to the plant, signing of a contract."),
            label=N_("Programme"),
            at_least=2,
            at_most=200,
        ),
    ]
    closed_area: Annotated[bool, Ask(N_("Does the programme touch an area closed to foreigners?"), label=N_("Closed area"))]


# --- the service ---


class InvitationLetter(Service, table=True):
    title: ClassVar = N_("Invitation for foreign guests")
    duty: ClassVar = 4
    audiences: ClassVar = {Audience.HOST, Audience.BUREAU}
    about: ClassVar = N_(
        "For hosts registered in Shenyang whose foreign guests need a visa. Many guests need none for up to 30 days, "
        "and many embassies take the host's own letter: ask your guest first. Relatives, tourists, workers and "
        "students need other papers."
    )
    have_ready: ClassVar = (
        N_("The guests' passports"),
        N_("Your business licence"),
        N_("A sealed letter of responsibility"),
        N_("A contract, letters or a conference notice that show the link"),
    )
    filling_minutes: ClassVar = 25
    search_words: ClassVar = (N_("invite a foreigner"), N_("visa invitation"), N_("business visa"), N_("invite a professor"))
    kept_years: ClassVar = 10
    refusal_reasons: ClassVar = (
        N_("The host is not in our region."),
        N_("No link between host and guest is shown."),
        N_("Another kind of visa fits this purpose."),
        N_("The host is under restriction."),
    )
    same_case: ClassVar = Duplicate(("guests.nationality", "guests.passport_no"), overlap="stay", everyone=True)
    urgent_when: ClassVar = is_urgent
    route: ClassVar = Route(
        Stage(Role.DESK, within=WorkingDays(1), may_edit=("guests.name",)),
        Stage(Role.SECTION_CHIEF, Division.CON, within=WorkingDays(2)),
        Stage(Role.DEPUTY_DIRECTOR, within=WorkingDays(1), when=out_of_the_ordinary & ~is_verification),
        Stage(Role.DIRECTOR, within=WorkingDays(2), when=~is_verification),
    )
    letter: ClassVar = Letter(
        "沈外邀",
        template="invitation.typ",
        title=N_("Letter of invitation"),
        shows=(
            "guests.name",
            "guests.sex",
            "guests.birth_date",
            "guests.nationality",
            "guests.passport_no",
            "purpose",
            "stay",
            "entries",
            "itinerary.city",
            "host",
            "host_contact_phone",
            "lodging",
            "costs",
        ),
        # [C] how long the letter may be used: other sources say 30 to 180 days
        closing=(N_("Please apply for the visa within 90 days of the date of this letter."),),
        opening=(
            N_(
                "{host} invites the guests named below to China, and this office has reviewed the invitation. "
                "Please issue the visa according to the regulations."
            ),
        ),
        to=N_("Embassies and consulates of the People's Republic of China"),
    )
    rules: ClassVar = (
        Rule(("host",), has_a_credit_code, N_("Please add the host's unified social credit code, 18 characters, behind its name.")),
        Rule(
            ("host",),
            registered_in_shenyang,
            N_("This code was not given in Shenyang. The office invites only for hosts registered in the city."),
            warn=True,
        ),
        Rule(("host_contact_phone",), chinese_mobile, N_("A Chinese mobile number is needed here, for example +86 138 0013 8000.")),
        Rule(
            ("host_kind", "visa_letter"),
            trade_host_is_no_organ,
            N_("A state organ rarely invites for trade. Please look at the kind of visa again."),
            warn=True,
        ),
        Rule(
            ("paid_in_china",),
            not_paid_in_china,
            N_("Who is paid in China needs a work permit and a Z visa. Ask the human resources bureau first."),
            warn=True,
        ),
        Rule(
            ("guests", "visa_letter"),
            own_letter_is_not_enough,
            N_("The embassies concerned take your own letter for this visa. You may go on."),
            warn=True,
        ),
        Rule(("purpose",), no_journalist, N_("Foreign journalists come on another way: ask the office's press division first."), warn=True),
        Rule(
            ("stay",),
            begins_in_time,
            N_("The office needs {days} working days: the stay may begin on {earliest} or later. In an emergency go back and give the reason."),
        ),
        Rule(("guests", "stay"), passports_outlast_the_stay, N_("The passport of {name} must be valid until {until}, six months after the stay.")),
        Rule(
            ("guests", "purpose", "stay"),
            somebody_needs_a_visa,
            N_("All these guests need no visa for {days} days, and so no letter. You may go on."),
            warn=True,
        ),
        Rule(
            ("entries",),
            departures_were_confirmed,
            N_("Departures of your earlier guests are not confirmed. Please confirm them first."),
            warn=True,
            needs=("unconfirmed_departures",),
        ),
        Rule(("itinerary",), legs_in_order, N_("Place {leg} begins before the one before it ends, or ends before it begins. Please mend its days.")),
        Rule(("stay", "itinerary"), legs_inside("stay"), N_("Place {leg} of the itinerary lies outside {first} to {last}. Please mend the days.")),
        Rule(
            ("entries", "itinerary"),
            one_block_for_one_entry,
            N_("With a single entry the guests can't leave China before place {leg}. Please mend the days."),
        ),
        Rule(
            ("lodging",),
            lodging_is_registered,
            N_("Outside a hotel the guest registers with the police within 24 hours of arrival. Please tell them."),
            warn=True,
        ),
    )

    # Line 1, not_secret, and the applicant's block are implied.
    kind: Annotated[Pick[LetterKind], Ask(N_("Which letter do you need?"), label=N_("Letter"), section=N_("The host"))]
    letter_number: Annotated[
        str | None,
        Ask(
            N_("The number of the letter to be amended?"),
            hint=N_("For example 沈外邀〔2027〕0001号."),
            label=N_("Letter to be amended"),
            when=when("kind", LetterKind.AMENDMENT),
            at_least=5,
            at_most=40,
        ),
    ] = None
    host: Annotated[
        Organisation,
        Ask(
            N_("Which organisation invites?"),
            hint=N_("Its name and its unified social credit code, in one message."),
            label=N_("Host"),
            profile="applicant_organisation",
            find=True,
        ),
    ]
    host_legal_person: Annotated[
        NameZh,
        Ask(N_("The name of its legal representative?"), hint=N_("For example 王芳."), label=N_("Legal representative"), profile="host_legal_person"),
    ]
    host_contact_name: Annotated[
        str, Ask(N_("Whom may the office and the guests call?"), label=N_("Contact"), profile="applicant_name", at_least=2, at_most=60)
    ]
    host_contact_phone: Annotated[
        Mobile,
        Ask(N_("Their Chinese mobile number?"), hint=N_("For example +86 138 0013 8000."), label=N_("Contact's mobile"), profile="applicant_phone"),
    ]
    host_contact_email: Annotated[
        Email, Ask(N_("Their e-mail address?"), hint=N_("For example anna@example.org."), label=N_("Contact's e-mail"), profile="applicant_email")
    ]
    host_kind: Annotated[Pick[HostKind], Ask(N_("What kind of organisation is it?"), label=N_("Kind of host"), profile="host_kind")]
    guests: Annotated[Rows[Guest], Ask(N_("Who is invited?"), label=N_("Guests"), section=N_("The guests"), at_least=1, at_most=20)]
    visa_letter: Annotated[Pick[Visa], Ask(N_("For which visa is the letter?"), label=N_("Visa"), section=N_("The visit", "invitation"))]
    visa_letter_other: Annotated[
        str | None, Ask(N_("Which visa, and why?"), label=N_("Which visa"), when=when("visa_letter", Visa.OTHER), at_least=2, at_most=100)
    ] = None
    paid_in_china: Annotated[
        bool | None, Ask(N_("Is a guest paid for work in China?"), label=N_("Paid in China"), when=when("visa_letter", Visa.F))
    ] = None
    purpose: Annotated[Pick[Purpose], Ask(N_("What is the purpose of the visit?"), label=N_("Purpose", "invitation"))]
    # The number of an approved conference is asked once there is a service `conference`.
    purpose_other: Annotated[
        str | None, Ask(N_("Which purpose?"), label=N_("Which purpose"), when=when("purpose", Purpose.OTHER), at_least=2, at_most=100)
    ] = None
    purpose_text: Annotated[
        str, Ask(N_("Whom do the guests meet, and why?"), hint=N_("30 to 600 characters."), label=N_("Details"), at_least=30, at_most=600)
    ]
    project_ref: Annotated[
        str | None,
        Ask(
            N_("The number of the contract?"),
            hint=N_("For example SY-2026-117."),
            label=N_("Contract number"),
            when=when("purpose", Purpose.INSTALLATION),
            at_least=2,
            at_most=60,
        ),
    ] = None
    urgent_reason: Annotated[
        Pick[Urgency] | None, Ask(N_("Is it an emergency?"), hint=N_("Skip it if five working days are enough."), label=N_("Emergency"))
    ] = None
    urgent_proof: Annotated[
        Attachment | None,
        Ask(
            N_("Please send proof of the emergency."),
            hint=N_("PDF, JPEG or PNG. A visa on arrival at Taoxian airport is asked from the border authorities."),
            label=N_("Proof of emergency"),
            when=is_urgent,
            at_most=3,
        ),
    ] = None
    stay: Annotated[
        DateRange,
        Ask(
            N_("From which day to which day do the guests stay?"),
            hint=N_("For example 3 to 9 March 2027; 180 days at most."),
            label=N_("Stay"),
            at_most=180,
        ),
    ]
    entries: Annotated[Pick[Entries], Ask(N_("How many entries are needed?"), label=N_("Entries"))]
    entry_reason: Annotated[
        str | None,
        Ask(
            N_("Why are multiple entries needed?"),
            hint=N_("30 to 500 characters."),
            label=N_("Why multiple entries"),
            when=when("entries", *MULTIPLE),
            at_least=30,
            at_most=500,
        ),
    ] = None
    entry_evidence: Annotated[
        Attachment | None,
        Ask(
            N_("Please send proof of two earlier visits or of a long contract."),
            hint=N_("PDF or JPEG, up to five files."),
            label=N_("Proof for multiple entries"),
            when=when("entries", *MULTIPLE),
            accepts=("pdf", "jpeg"),
            at_most=5,
        ),
    ] = None
    itinerary: Annotated[
        Rows[Place], Ask(N_("Which Chinese cities do the guests visit, in their order?"), label=N_("Itinerary"), at_least=1, at_most=20)
    ]
    costs: Annotated[Pick[Costs], Ask(N_("Who pays for the visit?"), label=N_("Paid by"))]
    costs_shared: Annotated[
        str | None,
        Ask(
            N_("Who pays what?"),
            hint=N_("For example: the guest pays the flight, the host the hotel."),
            label=N_("Who pays what"),
            when=when("costs", Costs.SHARED),
            at_least=2,
            at_most=200,
        ),
    ] = None
    lodging: Annotated[
        str,
        Ask(
            N_("Where do the guests stay?"),
            hint=N_("The hotel or the address. Outside a hotel they register within 24 hours."),
            label=N_("Lodging"),
            at_least=5,
            at_most=200,
        ),
    ]
    relation: Annotated[
        str,
        Ask(
            N_("How do host and guests know each other?"),
            hint=N_("For example: partners in a project since 2022. 10 to 300 characters."),
            label=N_("Link"),
            at_least=10,
            at_most=300,
        ),
    ]
    business_proof: Annotated[
        Attachment,
        Ask(
            N_("Please send a contract, letters or a conference notice that show the link."),
            hint=N_("PDF, up to five files."),
            label=N_("Proof of the link"),
            section=N_("Papers"),
            accepts=("pdf",),
            at_most=5,
        ),
    ]
    business_licence: Annotated[
        Attachment,
        Ask(
            N_("Please send the host's business licence or registration."),
            hint=N_("One PDF, still valid, with the same credit code."),
            label=N_("Licence"),
            profile="business_licence",
            accepts=("pdf",),
            at_most=1,
        ),
    ]
    guarantee: Annotated[
        Attachment,
        Ask(
            N_("Please send the letter of responsibility, sealed and signed by the legal representative."),
            hint=N_("One PDF."),
            label=N_("Letter of responsibility"),
            accepts=("pdf",),
            at_most=1,
        ),
    ]
    host_letter: Annotated[
        Attachment | None,
        Ask(
            N_("Please send the host's own letter that is to be verified."),
            hint=N_("One PDF."),
            label=N_("Host's letter"),
            when=is_verification,
            accepts=("pdf",),
            at_most=1,
        ),
    ] = None
    tech_sensitive: Annotated[
        bool, Ask(N_("Does the visit touch export-controlled technology or restricted plants?"), label=N_("Sensitive technology"))
    ]
    tech_sensitive_text: Annotated[
        str | None, Ask(N_("Which technology or plant?"), label=N_("Which technology or plant"), when=when("tech_sensitive"), at_least=2, at_most=500)
    ] = None
    delivery: Annotated[Pick[Delivery], Ask(N_("How do you want to receive the letter?"), label=N_("Delivery"))]
