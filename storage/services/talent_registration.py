"""Registration of overseas talent 海外高层次人才登记: a talent abroad joins the city's platform and is matched.

Basis: duty 10; Personal Information Protection Law, Art. 13, 23, 29 (consent, each purpose by itself);
外专发〔2017〕218号 (R visa). Registration promises nothing. Facts.setting names what each city decides itself.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, ClassVar

from locales import N_

from storage.approval import Division, Role, Route, Stage, WorkingDays
from storage.conditions import Answers, Facts, condition, stands_alone, when
from storage.forms import Ask, Attachment, Audience, Choice, Duplicate, Letter, Pick, Picks, Row, Rows, Rule, Service
from storage.kinds import (
    AnyTravelDoc,
    BirthDate,
    City,
    Consent,
    Country,
    Date,
    Email,
    Language,
    Money,
    Month,
    NameLatin,
    NameZh,
    Phone,
    PhotoId,
    Sex,
    Texts,
    Year,
)
from storage.kinds.attachments import MEGABYTE
from storage.reckoning import age_on, first_of

# --- choices ---


class PersonKind(Choice):
    CITIZEN_ABROAD = N_("Chinese citizen abroad")
    RETURNED_STUDENT = N_("Returned student")
    HONG_KONG_MACAO_TAIWAN = N_("From Hong Kong, Macao or Taiwan")
    OF_CHINESE_ORIGIN = N_("Foreign national of Chinese origin")
    FOREIGNER = N_("Foreign national")


class LinkKind(Choice):
    ORCID = N_("ORCID")
    SCHOLAR = N_("Google Scholar")
    LINKEDIN = N_("LinkedIn")
    RESEARCHGATE = N_("ResearchGate")
    SITE = N_("Web site")


class Degree(Choice):
    """Lowest first."""

    SECONDARY = N_("Secondary school")
    BACHELOR = N_("Bachelor")
    MASTER = N_("Master")
    DOCTOR = N_("Doctor")


class Field(Choice):
    ROBOTICS = N_("Equipment and robotics")
    AUTOMOTIVE = N_("Automotive")
    AEROSPACE = N_("Aerospace")
    MATERIALS = N_("New materials")
    CIRCUITS = N_("Integrated circuits")
    BIOMEDICINE = N_("Biomedicine")
    SOFTWARE = N_("AI and software")
    ENERGY = N_("Energy and environment")
    AGRICULTURE = N_("Agriculture")
    FINANCE = N_("Finance")
    CULTURE = N_("Culture and education")
    MEDICINE = N_("Medicine")
    OTHER = N_("Another field")


class AchievementKind(Choice):
    PAPER = N_("Paper")
    PATENT = N_("Patent")
    AWARD = N_("Award")
    PROJECT = N_("Project")
    PRODUCT = N_("Product")
    COMPANY = N_("Company")
    STANDARD = N_("Standard")


class Level(Choice):
    ACADEMICIAN = N_("Academician")
    NATIONAL_PROGRAMME = N_("Holder of a national programme")
    PROFESSOR = N_("Professor level")
    INDUSTRY_LEADER = N_("Leader in industry")
    YOUNG_DOCTOR = N_("Doctor up to 40 years")
    CRAFTSMAN = N_("Skilled craftsman")
    OTHER = N_("Another level")


class Cooperation(Choice):
    FULL_TIME = N_("Full-time work")
    PART_TIME = N_("Part-time or flexible work")
    SHORT_VISITS = N_("Short visits")
    JOINT_PROJECT = N_("Joint project")
    TECHNOLOGY_TRANSFER = N_("Transfer of technology")
    STARTUP = N_("Start-up")
    ADVISER = N_("Adviser")
    AMBASSADOR = N_("Talent ambassador")


class StartupStage(Choice):
    IDEA = N_("Idea")
    PROTOTYPE = N_("Prototype")
    COMPANY = N_("Company founded")
    REVENUE = N_("Revenue")


class StartupSupport(Choice):
    PREMISES = N_("Premises")
    FUND = N_("Funding")
    CUSTOMERS = N_("Customers")
    REGISTRATION = N_("Registration of the company")


class EmployerKind(Choice):
    UNIVERSITY = N_("University")
    INSTITUTE = N_("Research institute")
    STATE_FIRM = N_("State-owned firm")
    PRIVATE_FIRM = N_("Private firm")
    FOREIGN_INVESTED = N_("Foreign-invested firm")
    HOSPITAL = N_("Hospital")


class FamilyMoves(Choice):
    ALONE = N_("I would come alone")
    WITH_FAMILY = N_("With my family")
    LATER = N_("The family may follow later")


class FamilyNeed(Choice):
    SCHOOL = N_("School")
    SPOUSE_JOB = N_("A job for the spouse")
    HOUSING = N_("Housing")
    MEDICAL = N_("Medical care")


class LanguageLevel(Choice):
    A1 = N_("A1")
    A2 = N_("A2")
    B1 = N_("B1")
    B2 = N_("B2")
    C1 = N_("C1")
    C2 = N_("C2")
    NATIVE = N_("Native", "level of a language")


class Restriction(Choice):
    NONE = N_("No restrictions")
    NON_COMPETE = N_("Non-compete clause")
    EXPORT_CONTROL = N_("Bound by export control")
    TELL_EMPLOYER = N_("I must tell my employer")
    OTHER = N_("Another restriction")


class FoundBy(Choice):
    FRIEND = N_("From friends or colleagues")
    EVENT = N_("At an event")
    WEB = N_("On the internet")
    OFFICE = N_("From an office or consulate")
    OTHER = N_("In another way")


class Contact(Choice):
    CHAT = N_("Here in the chat")
    EMAIL = N_("By e-mail")
    CALL = N_("By a call at my local time")


WITH_STARTUP = when("cooperation", Cooperation.STARTUP)
WITH_FULL_TIME = when("cooperation", Cooperation.FULL_TIME)
WITH_PART_TIME = when("cooperation", Cooperation.PART_TIME)
_DOI = re.compile(r"10\.\d{4,9}/\S+")


# --- conditions ---


@condition(N_("The talent is in Shenyang within ten days."))
def in_shenyang_soon(answers: Answers, facts: Facts) -> bool:
    day = answers.in_shenyang_on
    return day is not None and facts.counted_from <= day <= facts.counted_from + timedelta(days=10)


@condition(N_("These studies are finished."))
def has_finished(answers: Answers, _facts: Facts) -> bool:
    return answers.done is True


# --- rules ---


def has_a_name(answers: Answers, _facts: Facts) -> bool:
    return bool(answers.name or answers.name_zh)


def of_working_age(answers: Answers, facts: Facts) -> bool:
    return 18 <= age_on(answers.birth_date, facts.today) <= 80


def secure_address(answers: Answers, _facts: Facts) -> bool:
    return re.fullmatch(r"https://[^\s/$.?#][^\s]*", answers.url) is not None


def orcid_is_whole(answers: Answers, _facts: Facts) -> bool:
    """Sixteen characters, the last a check digit (ISO 7064 MOD 11-2)."""
    from stdnum import isni  # noqa: PLC0415  # needed by few

    if answers.kind is not LinkKind.ORCID:
        return True
    found = re.search(r"(\d{4}-?){3}\d{3}[\dXx]", answers.url)
    return found is not None and bool(isni.is_valid(found.group()))


def years_in_order(answers: Answers, _facts: Facts) -> bool:
    return answers.to is None or bool(answers.from_ <= answers.to)


def at_least_a_bachelor(answers: Answers, _facts: Facts) -> bool:
    return any(one.degree in (Degree.BACHELOR, Degree.MASTER, Degree.DOCTOR) for one in answers.education)


def one_open_end(answers: Answers, _facts: Facts) -> bool:
    return sum(one.done is False for one in answers.education) <= 1


def studied_from_sixteen(answers: Answers, _facts: Facts) -> bool:
    """A degree begins at 16 at the earliest; school years may lie before."""
    return all(one.from_ - answers.birth_date.year >= 16 for one in answers.education if one.from_ is not None and one.degree is not Degree.SECONDARY)


def doctor_after_bachelor(answers: Answers, _facts: Facts) -> bool:
    begun = {one.degree: one.from_ for one in answers.education if one.from_ is not None}
    if Degree.DOCTOR not in begun or Degree.BACHELOR not in begun:
        return True
    return bool(begun[Degree.BACHELOR] < begun[Degree.DOCTOR])


def doi_is_well_formed(answers: Answers, _facts: Facts) -> bool:
    """A paper's link that names a DOI has one: 10.nnnn/suffix."""
    named = answers.proof_link and "doi" in answers.proof_link.casefold()
    return not named or _DOI.search(answers.proof_link) is not None


def papers_have_proof(answers: Answers, _facts: Facts) -> bool:
    return bool(answers.proof_link or answers.proof_file)


def from_this_month_on(answers: Answers, facts: Facts) -> bool:
    return bool(answers.available_from >= facts.counted_from.isoformat()[:7])


def until_after_from(answers: Answers, _facts: Facts) -> bool:
    return bool(answers.available_from <= answers.available_until)


def free_for_full_time(answers: Answers, _facts: Facts) -> bool:
    """No full-time work while a non-compete clause runs."""
    if Cooperation.FULL_TIME not in answers.cooperation:
        return True
    return bool(answers.non_compete_until <= first_of(answers.available_from))


def chinese_is_named(answers: Answers, _facts: Facts) -> bool:
    return any(one.language == "zh" for one in answers.languages)


def references_for_startup(answers: Answers, _facts: Facts) -> bool:
    return Cooperation.STARTUP not in answers.cooperation or len(answers.references or ()) >= 2


def cv_is_short(answers: Answers, _facts: Facts) -> bool:
    """15 pages and 10 MB; the pages of a DOCX are not known."""
    return all((one.pages or 0) <= 15 and one.size <= 10 * MEGABYTE for one in answers.cv)


def employers_may_see(answers: Answers, _facts: Facts) -> bool:
    return answers.consent_employers is True


# --- rows ---


class Link(Row):
    """A page about the talent."""

    names: ClassVar[tuple[str, ...]] = ("kind", "url")
    called: ClassVar = N_("Link to a page")
    rules: ClassVar = (
        Rule(("url",), secure_address, N_("The address should begin with https://, such as https://example.org/me.")),
        Rule(("kind", "url"), orcid_is_whole, N_("This is no whole ORCID: 16 characters such as https://orcid.org/0000-0002-1825-0097.")),
    )

    kind_: Annotated[Pick[LinkKind], Ask(N_("What kind of page is it?"), label=N_("Page"))]
    url: Annotated[
        str, Ask(N_("Its address?"), hint=N_("For example https://orcid.org/0000-0002-1825-0097."), label=N_("Address"), at_least=10, at_most=300)
    ]


class Education(Row):
    """A degree."""

    names: ClassVar[tuple[str, ...]] = ("degree", "school")
    called: ClassVar = N_("Degree")
    rules: ClassVar = (Rule(("from", "to"), years_in_order, N_("The last year lies before the first. Please look at both.")),)

    degree: Annotated[Pick[Degree], Ask(N_("Which degree?"), label=N_("Degree"))]
    field: Annotated[str, Ask(N_("In which field?"), hint=N_("For example: mechanical engineering."), label=N_("Field"), at_least=2, at_most=100)]
    school: Annotated[
        str, Ask(N_("At which school or university?"), hint=N_("For example Northeastern University."), label=N_("School"), at_least=2, at_most=120)
    ]
    country: Annotated[Country, Ask(N_("In which country or region?"), label=N_("Country or region"))]
    from_: Annotated[Year, Ask(N_("From which year on?"), hint=N_("For example 2008."), label=N_("From"))]
    done: Annotated[bool, Ask(N_("Is it finished?"), label=N_("Finished"))]
    to: Annotated[Year | None, Ask(N_("In which year did it end?"), hint=N_("For example 2012."), label=N_("Until"), when=has_finished)] = None


class Position(Row):
    """Earlier work."""

    names: ClassVar[tuple[str, ...]] = ("employer", "post")
    called: ClassVar = N_("Earlier post")
    rules: ClassVar = (Rule(("from", "to"), years_in_order, N_("The last year lies before the first. Please look at both.")),)

    employer: Annotated[str, Ask(N_("Which employer?"), label=N_("Employer"), at_least=2, at_most=120)]
    post: Annotated[str, Ask(N_("In which post?"), label=N_("Post"), at_least=2, at_most=120)]
    country: Annotated[Country, Ask(N_("In which country or region?"), label=N_("Country or region"))]
    from_: Annotated[Year, Ask(N_("From which year on?"), hint=N_("For example 2008."), label=N_("From"))]
    to: Annotated[Year | None, Ask(N_("Until which year?"), hint=N_("Skip it if you still work there."), label=N_("Until"))] = None


class Achievement(Row):
    """A paper, a patent, a product …"""

    names: ClassVar[tuple[str, ...]] = ("kind", "title")
    called: ClassVar = N_("Achievement")
    rules: ClassVar = (
        Rule(("proof_link",), doi_is_well_formed, N_("This is no whole DOI. It looks like https://doi.org/10.1038/s41586-020-2649-2.")),
        Rule(("own_role",), papers_have_proof, N_("A link or a file would show it. The office may ask for one."), warn=True),
    )

    kind_: Annotated[Pick[AchievementKind], Ask(N_("What kind of achievement is it?"), label=N_("Achievement"))]
    title: Annotated[
        str,
        Ask(
            N_("Its title or number?"),
            hint=N_("For example: Patent EP3456789, gripper for fragile parts."),
            label=N_("Title"),
            at_least=2,
            at_most=300,
        ),
    ]
    year: Annotated[Year, Ask(N_("Of which year?"), hint=N_("For example 2024."), label=N_("Year"))]
    proof_link: Annotated[
        str | None,
        Ask(
            N_("A link that shows it?"), hint=N_("For example https://doi.org/10.1038/s41586-020-2649-2."), label=N_("Link"), at_least=4, at_most=300
        ),
    ] = None
    proof_file: Annotated[
        Attachment | None, Ask(N_("Or a file that shows it?"), hint=N_("One PDF or JPEG."), label=N_("File"), accepts=("pdf", "jpeg"), at_most=1)
    ] = None
    own_role: Annotated[
        str, Ask(N_("What was your own part in it?"), hint=N_("For example: first author."), label=N_("Own part"), at_least=2, at_most=200)
    ]


class Spoken(Row):
    """A language and how well the talent speaks it."""

    names: ClassVar[tuple[str, ...]] = ("language", "level")
    called: ClassVar = N_("Language")
    key: ClassVar[tuple[str, ...]] = ("language",)

    language: Annotated[Language, Ask(N_("Which language?"), hint=N_("Please name Chinese first."), label=N_("Language"))]
    level: Annotated[Pick[LanguageLevel], Ask(N_("How well do you speak it?"), label=N_("Level"))]


class Reference(Row):
    """Somebody who knows the talent's work; nobody writes to them before the talent says so once more."""

    names: ClassVar[tuple[str, ...]] = ("name", "post")
    called: ClassVar = N_("Referee")
    key: ClassVar[tuple[str, ...]] = ("email",)

    name: Annotated[str, Ask(N_("The person's name?"), label=N_("Name"), at_least=2, at_most=100)]
    post: Annotated[str, Ask(N_("The person's post?"), label=N_("Post"), at_least=2, at_most=120)]
    relation: Annotated[
        str, Ask(N_("How do you know each other?"), hint=N_("For example: supervisor of my thesis."), label=N_("Relation"), at_least=2, at_most=120)
    ]
    email: Annotated[Email, Ask(N_("The person's e-mail address?"), hint=N_("For example anna@example.org."), label=N_("E-mail"), secret=True)]
    may_contact: Annotated[
        bool, Ask(N_("May the office write to this person later?"), hint=N_("It will ask you again before."), label=N_("May be asked"))
    ]


# --- the service ---


class TalentRegistration(Service, table=True):
    title: ClassVar = N_("Register as overseas talent")
    duty: ClassVar = 10
    audiences: ClassVar = {Audience.TALENT}
    about: ClassVar = N_(
        "For talents abroad of any nationality who look for work, projects or a start-up in Shenyang. "
        "Registration promises nothing: recognition, subsidies and visas are decided elsewhere."
    )
    have_ready: ClassVar = (N_("Your CV as PDF or DOCX"), N_("Years of your studies and posts"), N_("Links to papers, patents or products"))
    filling_minutes: ClassVar = 25
    search_words: ClassVar = (N_("work in Shenyang"), N_("high-level talent"), N_("start a company in Shenyang"), N_("talent programme"))
    kept_years: ClassVar = 2  # 24 months after the last "still true"; on request deleted within 15 days
    same_case: ClassVar = Duplicate(("email",))
    urgent_when: ClassVar = in_shenyang_soon
    route: ClassVar = Route(Stage(Role.DESK, within=WorkingDays(1)), Stage(Role.SECTION_CHIEF, Division.TAL, within=WorkingDays(5)))
    letter: ClassVar = Letter(
        "沈外才登",
        template="receipt.typ",
        title=N_("Receipt of registration as overseas talent"),
        shows=("name", "name_zh", "main_field"),
        closing=(N_("This receipt certifies registration only; it is no certificate of rank or category."),),
        opening=(N_("You are registered with the office as a talent from abroad."),),
    )
    rules: ClassVar = (
        Rule(
            ("consent_employers",),
            employers_may_see,
            N_("Without it no employer's position is matched with you. You can change this later."),
            warn=True,
        ),
        Rule(("birth_date",), has_a_name, N_("A name is needed, in Latin letters or in Chinese."), again="name"),
        Rule(("birth_date",), of_working_age, N_("Registration is for people from 18 to 80 years.")),
        Rule(("education",), at_least_a_bachelor, N_("A bachelor's degree or higher is needed. Please add it to your studies.")),
        Rule(("education",), one_open_end, N_("Only one of your studies can still be running. Please give the others their last year.")),
        Rule(("birth_date", "education"), studied_from_sixteen, N_("One of your degrees begins before you were 16. Please look at the years.")),
        Rule(("education",), doctor_after_bachelor, N_("Your doctorate begins before your bachelor's degree. Please look at the years.")),
        Rule(("available_from",), from_this_month_on, N_("That month is over. Please name this month or a later one.")),
        Rule(("available_from", "available_until"), until_after_from, N_("The last month lies before the first. Please look at both.")),
        Rule(
            ("cooperation", "available_from", "non_compete_until"),
            free_for_full_time,
            N_("Full-time work is not possible while your non-compete clause runs. You may go on."),
            warn=True,
        ),
        Rule(("languages",), chinese_is_named, N_("Please name Chinese too; choose A1 if you are only beginning.")),
        Rule(
            ("restrictions",),
            stands_alone("restrictions", Restriction.NONE),
            N_("“No restrictions” stands alone. Please choose it, or the others without it."),
        ),
        Rule(("cv",), cv_is_short, N_("The CV should have at most 15 pages and 10 MB. Please send a shorter one.")),
        Rule(
            ("cooperation", "references"),
            references_for_startup,
            N_("Grants for start-ups need two references. You may go on and add them later."),
            warn=True,
        ),
    )

    consent_pool: Annotated[
        Consent,
        Ask(
            N_("May the office keep these data in the city's talent platform for two years?"),
            hint=N_("Officers of the talent division see them, to match you with positions and projects. You can take this back at any time."),
            label=N_("Talent platform"),
            section=N_("Consent"),
        ),
    ]
    consent_employers: Annotated[
        bool,
        Ask(
            N_("May employers see your profile without your name?"),
            hint=N_("Your name and contact are passed on only when both sides agree."),
            label=N_("Shown to employers"),
        ),
    ]
    consent_abroad: Annotated[bool, Ask(N_("May your profile be shown to employers' offices outside the mainland?"), label=N_("Shown abroad"))]
    name: Annotated[
        NameLatin | None,
        Ask(
            N_("Your name in Latin letters, as in the passport?"),
            hint=N_("For example SCHMIDT, Anna Maria. Skip it if you give a Chinese name only."),
            label=N_("Name"),
            section=N_("You"),
            profile="name",
            find=True,
        ),
    ] = None
    name_zh: Annotated[
        NameZh | None, Ask(N_("Your name in Chinese?"), hint=N_("For example 王芳."), label=N_("Name in Chinese"), profile="name_zh", find=True)
    ] = None
    sex: Annotated[Sex | None, Ask(N_("Your sex, as in the document?"), label=N_("Sex"), profile="sex")] = None
    birth_date: Annotated[
        BirthDate,
        Ask(
            N_("Your date of birth?"), hint=N_("For example 12 April 1985. Employers do not see it."), label=N_("Date of birth"), profile="birth_date"
        ),
    ]
    nationality: Annotated[Country, Ask(N_("Your nationality?"), label=N_("Nationality"), profile="nationality")]
    lives_in_country: Annotated[Country, Ask(N_("In which country or region do you live?"), label=N_("Lives in"), profile="lives_in_country")]
    lives_in_city: Annotated[City, Ask(N_("In which city?"), hint=N_("For example Munich."), label=N_("City"), profile="lives_in_city")]
    person_kind: Annotated[Pick[PersonKind], Ask(N_("Which of these are you?"), label=N_("Kind of talent"))]
    doc: Annotated[
        AnyTravelDoc | None,
        Ask(
            N_("The number of your travel document?"),
            hint=N_("It can wait until a letter is made for you."),
            label=N_("Travel document"),
            secret=True,
        ),
    ] = None
    email: Annotated[
        Email,
        Ask(
            N_("Your e-mail address?"),
            hint=N_("For example anna@example.org."),
            label=N_("E-mail, not confirmed"),
            profile="applicant_email",
            find=True,
        ),
    ]
    phone: Annotated[
        Phone | None,
        Ask(
            N_("Your telephone number?"),
            hint=N_("With the country code, for example +49 30 901820."),
            label=N_("Telephone"),
            profile="applicant_phone",
        ),
    ] = None
    links: Annotated[Rows[Link] | None, Ask(N_("Pages about you and your work?"), label=N_("Pages"), at_most=6)] = None
    education: Annotated[
        Rows[Education], Ask(N_("Which degrees do you have?"), label=N_("Studies"), section=N_("Studies and work"), at_least=1, at_most=6)
    ]
    main_field: Annotated[Pick[Field], Ask(N_("In which field do you work?"), label=N_("Main field"))]
    main_field_detail: Annotated[
        str,
        Ask(
            N_("What exactly in this field?"),
            hint=N_("For example: grippers for industrial robots."),
            label=N_("Special field"),
            at_least=2,
            at_most=100,
        ),
    ]
    keywords: Annotated[
        Texts,
        Ask(
            N_("Three to ten keywords of your work?"),
            hint=N_("With commas between, for example: robots, sensors, control."),
            label=N_("Keywords"),
            at_least=3,
            at_most=10,
        ),
    ]
    employer_now: Annotated[
        str,
        Ask(N_("For whom do you work now?"), hint=N_("Write “between jobs” if that is so."), label=N_("Present employer"), at_least=2, at_most=120),
    ]
    employer_now_post: Annotated[
        str | None, Ask(N_("In which post?"), hint=N_("For example: research engineer."), label=N_("Present post"), at_least=2, at_most=120)
    ] = None
    employer_now_since: Annotated[Month | None, Ask(N_("Since which month?"), hint=N_("For example 2021-09."), label=N_("Since"))] = None
    career: Annotated[Rows[Position] | None, Ask(N_("Where did you work before?"), label=N_("Earlier work"), at_most=10)] = None
    achievements: Annotated[
        Rows[Achievement], Ask(N_("Papers, patents, awards, products: what did you achieve?"), label=N_("Achievements"), at_least=1, at_most=10)
    ]
    level_hint: Annotated[
        Picks[Level] | None, Ask(N_("Are you one of these?"), hint=N_("It helps the officer and is not yet checked."), label=N_("Own estimate"))
    ] = None
    cooperation: Annotated[Picks[Cooperation], Ask(N_("What would you like to do in Shenyang?"), label=N_("Cooperation"), section=N_("In Shenyang"))]
    startup_stage: Annotated[Pick[StartupStage] | None, Ask(N_("How far is the start-up?"), label=N_("Start-up stage"), when=WITH_STARTUP)] = None
    startup_team: Annotated[
        int | None,
        Ask(N_("How many people are in the team?"), hint=N_("For example 4."), label=N_("Team"), when=WITH_STARTUP, at_least=1, at_most=500),
    ] = None
    startup_funding: Annotated[
        Money | None, Ask(N_("How much funding do you seek?"), hint=N_("For example 2000000 CNY."), label=N_("Funding sought"), when=WITH_STARTUP)
    ] = None
    startup_ip: Annotated[bool | None, Ask(N_("Is the intellectual property your own?"), label=N_("Own property"), when=WITH_STARTUP)] = None
    startup_ip_owner: Annotated[
        str | None,
        Ask(
            N_("Whose is it?"),
            hint=N_("For example: my employer's."),
            label=N_("Owner"),
            when=WITH_STARTUP & when("startup_ip", False),
            at_least=2,
            at_most=120,
        ),
    ] = None
    startup_support: Annotated[Picks[StartupSupport] | None, Ask(N_("Which support do you want?"), label=N_("Support"), when=WITH_STARTUP)] = None
    fulltime_employers: Annotated[
        Picks[EmployerKind] | None, Ask(N_("For which kinds of employer?"), label=N_("Kinds of employer"), when=WITH_FULL_TIME)
    ] = None
    fulltime_from: Annotated[
        Month | None,
        Ask(N_("From which month on at the earliest?"), hint=N_("For example 2027-09."), label=N_("Earliest month"), when=WITH_FULL_TIME),
    ] = None
    fulltime_pay: Annotated[
        Money | None,
        Ask(
            N_("Which yearly pay do you expect?"),
            hint=N_("For example 500000 CNY. It is never shown to others."),
            label=N_("Expected pay"),
            when=WITH_FULL_TIME,
            optional=True,
            secret=True,
        ),
    ] = None
    fulltime_notice: Annotated[
        str | None,
        Ask(
            N_("How long is your notice period?"),
            hint=N_("For example: three months."),
            label=N_("Notice period"),
            when=WITH_FULL_TIME,
            at_least=1,
            at_most=60,
        ),
    ] = None
    parttime_days: Annotated[
        int | None,
        Ask(
            N_("On how many days a year?"),
            hint=N_("For example 30; 1 to 180."),
            label=N_("Days a year"),
            when=WITH_PART_TIME,
            at_least=1,
            at_most=180,
        ),
    ] = None
    parttime_consent: Annotated[bool | None, Ask(N_("Do you need your employer's consent?"), label=N_("Employer's consent"), when=WITH_PART_TIME)] = (
        None
    )
    available_from: Annotated[Month, Ask(N_("From which month on are you available?"), hint=N_("For example 2027-09."), label=N_("Available from"))]
    available_until: Annotated[Month, Ask(N_("Until which month?"), hint=N_("For example 2029-08."), label=N_("Available until"))]
    in_shenyang_on: Annotated[
        Date | None,
        Ask(
            N_("Are you in Shenyang soon, and on which day?"),
            hint=N_("Within ten days we arrange a meeting at once. Skip it if not."),
            label=N_("In Shenyang on"),
        ),
    ] = None
    family_moves: Annotated[Pick[FamilyMoves] | None, Ask(N_("Would your family come too?"), label=N_("Family"))] = None
    family_moves_needs: Annotated[
        Picks[FamilyNeed] | None,
        Ask(
            N_("What would your family need?"),
            label=N_("Family's needs"),
            when=when("family_moves", FamilyMoves.WITH_FAMILY, FamilyMoves.LATER),
            optional=True,
        ),
    ] = None
    languages: Annotated[
        Rows[Spoken], Ask(N_("Which languages do you speak?"), hint=N_("Chinese first."), label=N_("Languages"), at_least=1, at_most=12)
    ]
    restrictions: Annotated[Picks[Restriction], Ask(N_("Does anything restrict you?"), label=N_("Restrictions"), secret=True)]
    non_compete_until: Annotated[
        Date | None,
        Ask(
            N_("Until when does the non-compete clause run?"),
            label=N_("Non-compete until"),
            when=when("restrictions", Restriction.NON_COMPETE),
            secret=True,
        ),
    ] = None
    restrictions_other: Annotated[
        str | None,
        Ask(
            N_("Which restriction is it?"),
            label=N_("Which restriction"),
            when=when("restrictions", Restriction.OTHER),
            secret=True,
            at_least=2,
            at_most=100,
        ),
    ] = None
    cv: Annotated[
        Attachment,
        Ask(
            N_("Please send your CV."),
            hint=N_("One PDF or DOCX, at most 15 pages."),
            label=N_("CV"),
            section=N_("Papers"),
            accepts=("pdf", "docx"),
            at_most=1,
        ),
    ]
    proofs: Annotated[
        Attachment | None,
        Ask(
            N_("Degrees and awards, if you have them at hand?"),
            hint=N_("PDF or JPEG, up to eight files."),
            label=N_("Degrees and awards"),
            accepts=("pdf", "jpeg"),
            at_most=8,
        ),
    ] = None
    photo: Annotated[PhotoId | None, Ask(N_("A passport photo?"), hint=N_("JPEG, 33 × 48 mm, white ground."), label=N_("Photo"))] = None
    references: Annotated[Rows[Reference] | None, Ask(N_("Who knows your work and may speak for it?"), label=N_("References"), at_most=3)] = None
    how_found: Annotated[Pick[FoundBy] | None, Ask(N_("How did you hear of us?"), label=N_("Heard of us"))] = None
    how_found_other: Annotated[
        str | None, Ask(N_("In which way?"), label=N_("Which way"), when=when("how_found", FoundBy.OTHER), at_least=2, at_most=100)
    ] = None
    contact_wish: Annotated[Pick[Contact], Ask(N_("How may we reach you?"), label=N_("Way of contact"))]
    contact_wish_zone: Annotated[
        str | None,
        Ask(
            N_("In which time zone, and at which hours?"),
            hint=N_("For example: Berlin, 17:00 to 20:00."),
            label=N_("Hours for a call"),
            when=when("contact_wish", Contact.CALL),
            at_least=2,
            at_most=100,
        ),
    ] = None
