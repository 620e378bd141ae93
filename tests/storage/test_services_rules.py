"""Every check, condition and secret of the four services, each shown by one answer that trips it.

A plausible form trips none. A rule without a case here fails, and a case turns red when its rule is deleted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from storage.conditions import Answers, Facts
from storage.conversation import Draft
from storage.forms import Matter, Rule
from storage.kinds import Amount, Body, Span, TravelDocument
from storage.kinds.kind import Context
from storage.kinds.sealed import SealedAnswer
from storage.offices import read_office
from storage.outline import path_of, walk, with_value
from storage.questions import Question, question_of, questions_of
from storage.rulings import faults, warnings
from storage.services import invitation_letter as letter
from storage.services import official_visit as visit
from storage.services import overseas_chinese_service as overseas
from storage.services import services
from storage.services import talent_registration as talent
from tests.plausible import TODAY, facts, file, fill

VISIT, LETTER, OVERSEAS, TALENT = (
    "official_visit",
    "invitation_letter",
    "overseas_chinese_service",
    "talent_registration",
)
DEPARTURE, RETURN = TODAY + timedelta(days=100), TODAY + timedelta(days=106)
ARRIVAL, LEAVING = TODAY + timedelta(days=60), TODAY + timedelta(days=65)


@dataclass(frozen=True)
class Case:
    """One change to a plausible form, and what comes of it."""

    service: str
    changes: Mapping[str, Any]
    told: str = ""
    """How the sentence begins."""
    at: str = ""
    """Where the fault is named, for a sentence that two rules share."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    looked_up: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.service}: {self.told or ', '.join(self.changes)}"

    @property
    def facts(self) -> Facts:
        return facts(settings=self.settings, looked_up=self.looked_up)


@cache
def plausible(service: str) -> Draft:
    return fill(services()[service])


def changed(case: Case) -> Draft:
    draft = plausible(case.service)
    answers = draft.answers
    for name, value in case.changes.items():
        answers = with_value(answers, path_of(name), value)
    service, known = services()[case.service], case.facts
    groups = {spot.path for spot in walk(service, answers, known) if spot.is_group}
    return replace(draft, answers=answers, closed=draft.closed | groups)


def told(case: Case) -> list[tuple[str, str]]:
    """Where and what; warnings name no place."""
    service, draft = services()[case.service], changed(case)
    found = [
        (".".join(map(str, one.path)), str(one.problem.message)) for one in faults(service, draft, case.facts)
    ]
    return found + [("", str(one.message)) for one in warnings(service, draft, case.facts)]


# --- checks ---

RELATIVE = {
    "relation": letter.Relation.CHILD,
    "name": "KUMAR, Asha",
    "sex": "F",
    "birth_date": date(2015, 5, 6),
    "nationality": "IN",
    "passport_no": "Z7654321",
    "passport_expiry": date(2031, 1, 1),
}
SCHOOLING = {
    "degree": talent.Degree.MASTER,
    "field": "robotics",
    "school": "Northeastern University",
    "country": "CN",
    "from": 2008,
    "done": False,
}
BACHELOR = {**SCHOOLING, "degree": talent.Degree.BACHELOR, "from": 2004, "done": True, "to": 2008}

CHECKS = (
    # official_visit
    Case(VISIT, {"itinerary.0.country": "TW"}, "This form is for foreign countries."),
    Case(VISIT, {"itinerary.0.to": DEPARTURE - timedelta(days=1)}, "The last day lies before the first."),
    Case(VISIT, {"itinerary.0.work_days": 9}, "The group is there for {days} days only."),
    Case(VISIT, {"members.0.post_unchanged": False}, "From this age on only those travel"),
    Case(
        VISIT,
        {"itinerary.0.country": "HK", "itinerary.1.country": "MO"},
        "A trip to Hong Kong or Macao alone",
    ),
    Case(
        VISIT,
        {"itinerary.1.from": DEPARTURE},
        "Place {leg} begins before the one before it ends",
        at="itinerary",
    ),
    Case(VISIT, {"itinerary.0.to": DEPARTURE}, "More than a day lies between place {leg}"),
    Case(VISIT, {}, "These are {given} countries and regions", settings={"visit_most_countries": 1}),
    Case(VISIT, {"itinerary.1.country": "BR"}, "As a rule a trip stays on one continent."),
    Case(
        VISIT,
        {"itinerary.0.from": DEPARTURE + timedelta(days=1)},
        "The first place of the itinerary should begin",
    ),
    Case(VISIT, {"itinerary.1.to": RETURN + timedelta(days=5)}, "Place {leg} of the itinerary lies outside"),
    Case(
        VISIT, {"dates": Span(start=DEPARTURE, end=RETURN + timedelta(days=10))}, "{days} days are too many"
    ),
    Case(VISIT, {"itinerary.0.work_days": 0}, "Official business fills {work} of {days} days"),
    Case(
        VISIT,
        {"dates": Span(start=TODAY + timedelta(days=30), end=RETURN)},
        "The office usually needs {days} working days",
    ),
    Case(
        VISIT, {"inviter_name": Body(name="Sunny Travel GmbH")}, "The inviter should be a counterpart abroad"
    ),
    Case(VISIT, {"invitation_date": date(2026, 1, 5)}, "The invitation should be signed within the last six"),
    Case(
        VISIT,
        {"dates": Span(start=date(2026, 10, 1), end=RETURN)},
        "The invitation is dated after the trip begins.",
    ),
    Case(VISIT, {}, "These are {given} people", settings={"visit_most_members": 1}),
    Case(VISIT, {"members.1.role": visit.MemberRole.HEAD}, "A group has exactly one head"),
    Case(
        VISIT,
        {"members.0.rank": visit.Rank.BUREAU, "members.1.rank": visit.Rank.DEPUTY_BUREAU},
        "Two leaders of {unit} travel in one group.",
    ),
    Case(VISIT, {"members.0.rank": visit.Rank.MUNICIPAL}, "For leaders of the city give only the days"),
    Case(
        VISIT,
        {},
        "A member is on another visit on these days",
        looked_up={"visits_of_members": {"11010519491231002X": "SYFAO-2026-00007"}},
    ),
    Case(VISIT, {"family_travels": True}, "Spouses, parents and children do not travel in one group."),
    Case(
        VISIT,
        {
            "members.0.rank": visit.Rank.BUREAU,
            "travel_history": True,
            "travel_history_trips": ({"who": "王芳", "country": "DE", "month": "2026-10"},),
        },
        "{who} was there within the last {months} months.",
    ),
    Case(
        VISIT,
        {"budget_total": Amount(amount=100000, currency="EUR")},
        "The budget is reckoned in yuan.",
        at="budget_total",
    ),
    Case(
        VISIT,
        {"budget_lines.0.amount": Amount(amount=40000, currency="EUR")},
        "The budget is reckoned in yuan.",
        at="budget_lines.0.amount",
    ),
    Case(
        VISIT,
        {"budget_lines.0.amount": Amount(amount=1, currency="CNY")},
        "The items make {sum}, and the total says {total}.",
        at="budget_total",
    ),
    Case(
        VISIT,
        {"notice_proof_dates": Span(start=TODAY - timedelta(days=3), end=TODAY - timedelta(days=1))},
        "The notice hung for {given} working days",
    ),
    Case(
        VISIT,
        {"notice_proof_dates": Span(start=TODAY - timedelta(days=10), end=TODAY)},
        "The notice is still hanging.",
    ),
    Case(
        VISIT,
        {"training_done": visit.Training.DONE, "training_done_date": date(2025, 10, 1)},
        "The briefing should lie within",
    ),
    Case(VISIT, {"insurance": False}, "Every member must be insured"),
    Case(
        VISIT, {"sensitive": (visit.Sensitive.NONE, visit.Sensitive.MEDIA)}, "“None of these” stands alone."
    ),
    Case(
        VISIT,
        {
            "members.0.document": "PE1234567",
            "members.0.document_expiry": RETURN + timedelta(days=90),
            "docs_needed": (visit.Document.VISA_NOTE,),
        },
        "The passport of {name} must be valid until {until}. Please choose",
    ),
    Case(VISIT, {}, "{late} reports of your unit's earlier visits are late.", looked_up={"late_reports": 2}),
    # invitation_letter
    Case(
        LETTER, {"guests.0.nationality": "CN"}, "A Chinese citizen needs no visa", at="guests.0.nationality"
    ),
    Case(
        LETTER,
        {"guests.0.nationality": "HK"},
        "People from Hong Kong, Macao and Taiwan",
        at="guests.0.nationality",
    ),
    Case(
        LETTER,
        {"guests.0.family_with": ({**RELATIVE, "nationality": "CN"},)},
        "A Chinese citizen needs no visa",
        at="guests.0.family_with.0.nationality",
    ),
    Case(
        LETTER,
        {"guests.0.family_with": ({**RELATIVE, "nationality": "MO"},)},
        "People from Hong Kong, Macao and Taiwan",
        at="guests.0.family_with.0.nationality",
    ),
    Case(LETTER, {"guests.0.nationality": "DE"}, "From {country} most guests need no visa"),
    Case(LETTER, {"guests.0.nationality": "DE"}, "All these guests need no visa"),
    Case(LETTER, {"itinerary.0.to": ARRIVAL - timedelta(days=1)}, "The last day lies before the first."),
    Case(LETTER, {"itinerary.0.closed_area": True}, "An area closed to foreigners needs a permit"),
    Case(LETTER, {"host": Body(name="沈阳大学")}, "Please add the host's unified social credit code"),
    Case(
        LETTER,
        {"host": Body(name="北京公司", uscc="91110000600037341L")},
        "This code was not given in Shenyang.",
    ),
    Case(LETTER, {"host_contact_phone": "+4915112345678"}, "A Chinese mobile number is needed here"),
    Case(LETTER, {"host_kind": letter.HostKind.STATE_ORGAN}, "A state organ rarely invites for trade."),
    Case(
        LETTER,
        {"visa_letter": letter.Visa.F, "paid_in_china": True},
        "Who is paid in China needs a work permit",
    ),
    Case(
        LETTER, {}, "The embassies concerned take your own letter", settings={"own_letter_countries": ("IN",)}
    ),
    Case(LETTER, {"purpose": letter.Purpose.MEDIA}, "Foreign journalists come on another way"),
    Case(
        LETTER,
        {"stay": Span(start=TODAY + timedelta(days=2), end=LEAVING)},
        "The office needs {days} working days",
    ),
    Case(
        LETTER,
        {"guests.0.passport_expiry": LEAVING + timedelta(days=30)},
        "The passport of {name} must be valid",
    ),
    Case(
        LETTER,
        {"entries": letter.Entries.YEAR},
        "Departures of your earlier guests are not confirmed.",
        looked_up={"unconfirmed_departures": 3},
    ),
    Case(
        LETTER,
        {"itinerary.0.to": ARRIVAL - timedelta(days=1)},
        "Place {leg} begins before the one before it ends",
    ),
    Case(
        LETTER, {"itinerary.0.to": LEAVING + timedelta(days=1)}, "Place {leg} of the itinerary lies outside"
    ),
    Case(
        LETTER,
        {
            "itinerary.0.to": ARRIVAL,
            "itinerary.1": {
                "city": "Dalian",
                "from": LEAVING,
                "to": LEAVING,
                "task": "talks",
                "closed_area": False,
            },
        },
        "With a single entry the guests can't leave China",
    ),
    Case(LETTER, {"lodging": "at a friend's in Heping"}, "Outside a hotel the guest registers"),
    # overseas_chinese_service
    Case(
        OVERSEAS,
        {
            "status_now": overseas.Status.NOT_SURE,
            "is_chinese_citizen": True,
            "is_from_hong_kong_or_macao": False,
            "has_settled_abroad": True,
            "has_come_back": False,
            "has_relative_abroad": False,
        },
        "By these answers the person counts as",
    ),
    Case(OVERSEAS, {"nationality": "DE"}, "Overseas Chinese are Chinese citizens."),
    Case(
        OVERSEAS,
        {"doc": TravelDocument(kind="resident_id", number="11010519491231002X")},
        "Overseas Chinese give their Chinese passport",
    ),
    Case(OVERSEAS, {"lives_in_country": "CN"}, "Overseas Chinese live abroad."),
    Case(
        OVERSEAS,
        {"abroad_since": "2030-01"},
        "That month is still to come.",
        at="abroad_since",
    ),
    Case(
        OVERSEAS,
        {"residence_right": overseas.ResidenceRight.STUDY_OR_WORK},
        "Time abroad for studies or posted work does not count.",
    ),
    Case(OVERSEAS, {"months_there_2y": 17}, "{given} of the last 24 months"),
    Case(
        OVERSEAS,
        {"residence_right": overseas.ResidenceRight.LAWFUL, "months_there_5y": 29},
        "{given} of the last 60 months",
    ),
    Case(
        OVERSEAS,
        {"status_now": overseas.Status.FOREIGN, "nationality": "DE"},
        "Only Chinese citizens return to settle.",
    ),
    Case(OVERSEAS, {"family.0.birth_date": date(1960, 1, 1)}, "{name} would be born less than 14 years"),
    Case(
        OVERSEAS,
        {"return_settlement.in_china.0.exit": TODAY - timedelta(days=200)},
        "The exit lies before the entry.",
    ),
    Case(
        OVERSEAS,
        {
            "return_settlement.with_children": (
                {"name": "王小明", "birth_date": date(2000, 1, 1), "nationality": "CN"},
            )
        },
        "Who is 18 or older settles",
    ),
    Case(
        OVERSEAS,
        {
            "return_settlement.in_china.1": {
                "entry": TODAY - timedelta(days=60),
                "exit": TODAY - timedelta(days=20),
            }
        },
        "Two of these stays overlap.",
    ),
    Case(
        OVERSEAS,
        {"return_settlement.in_china.0.entry": TODAY - timedelta(days=40)},
        "The longest time in China is {given} days",
    ),
    Case(
        OVERSEAS,
        {"identity.which": overseas.IdentityKind.FAMILY, "identity.link_person_since": "2030-01"},
        "That month is still to come.",
        at="identity.link_person_since",
    ),
    Case(
        OVERSEAS,
        {},
        "Certificates for this year are asked for from",
        settings={"student_cert_opens": date(2027, 3, 1), "student_cert_closes": date(2027, 3, 31)},
    ),
    Case(
        OVERSEAS, {"student_cert.exam": overseas.Exam.POSTGRADUATE}, "This examination gives no extra points."
    ),
    Case(OVERSEAS, {"student_cert.exam_year": 2035}, "The examination is this year or next."),
    Case(
        OVERSEAS, {"family.0.relation": overseas.Kinship.SIBLING}, "Please add the student's father or mother"
    ),
    Case(
        OVERSEAS,
        {
            "donation.beneficiary_by": overseas.BeneficiaryBy.NAMED,
            "donation.beneficiary": Body(name="公司", uscc="91110000600037341L"),
        },
        "The beneficiary must be a public-welfare body",
    ),
    Case(OVERSEAS, {"school_entry.child_birth_date": date(2005, 1, 1)}, "School entry is for children"),
    Case(
        OVERSEAS,
        {"school_entry.child_nationality": "DE"},
        "This way is for children with Chinese nationality.",
    ),
    Case(OVERSEAS, {"school_entry.from": TODAY - timedelta(days=1)}, "That day is over."),
    Case(OVERSEAS, {"family_search.sought_born_from": 1950}, "The last year lies before the first."),
    # talent_registration
    Case(TALENT, {"links.0.url": "http://example.org/me"}, "The address should begin with https://"),
    Case(TALENT, {"links.0.url": "https://orcid.org/0000-0002-1825-0098"}, "This is no whole ORCID"),
    Case(TALENT, {"education.0.to": 2001}, "The last year lies before the first.", at="education.0.to"),
    Case(
        TALENT,
        {"career": ({"employer": "Siemens", "post": "engineer", "country": "DE", "from": 2012, "to": 2010},)},
        "The last year lies before the first.",
        at="career.0.to",
    ),
    Case(TALENT, {"achievements.0.proof_link": "https://doi.org/abc"}, "This is no whole DOI."),
    Case(TALENT, {"achievements.0.proof_link": None}, "A link or a file would show it."),
    Case(TALENT, {"consent_employers": False}, "Without it no employer's position is matched"),
    Case(TALENT, {"name": None}, "A name is needed", at="name"),
    Case(TALENT, {"birth_date": date(2015, 1, 1)}, "Registration is for people from 18 to 80"),
    Case(TALENT, {"education.0.degree": talent.Degree.SECONDARY}, "A bachelor's degree or higher is needed."),
    Case(TALENT, {"education": (BACHELOR, SCHOOLING, SCHOOLING)}, "Only one of your studies"),
    Case(TALENT, {"education.0.from": 1999}, "One of your degrees begins before you were 16."),
    Case(
        TALENT,
        {"education.1": {**SCHOOLING, "degree": talent.Degree.DOCTOR, "from": 2003}},
        "Your doctorate begins before",
    ),
    Case(TALENT, {"available_from": "2026-10"}, "That month is over."),
    Case(TALENT, {"available_until": "2026-12"}, "The last month lies before the first."),
    Case(
        TALENT,
        {
            "cooperation": (talent.Cooperation.FULL_TIME,),
            "restrictions": (talent.Restriction.NON_COMPETE,),
            "non_compete_until": date(2029, 1, 1),
        },
        "Full-time work is not possible",
    ),
    Case(
        TALENT,
        {"cv": (file("cv.pdf").model_copy(update={"pages": 16}),)},
        "The CV should have at most 15 pages",
    ),
    Case(TALENT, {"languages.0.language": "de"}, "Please name Chinese too"),
    Case(
        TALENT,
        {"restrictions": (talent.Restriction.NONE, talent.Restriction.OTHER)},
        "“No restrictions” stands alone.",
    ),
    Case(TALENT, {"cooperation": (talent.Cooperation.STARTUP,)}, "Grants for start-ups need two references."),
)


@pytest.mark.parametrize("service", services())
def test_a_plausible_form_trips_no_rule(service: str) -> None:
    assert told(Case(service, {})) == []


@pytest.mark.parametrize("case", CHECKS, ids=str)
def test_one_answer_trips_the_rule(case: Case) -> None:
    found = told(case)
    places = [place for place, sentence in found if sentence.startswith(case.told)]
    assert places, found
    if case.at:
        assert case.at in places


def test_every_rule_has_a_case() -> None:
    tried = {(case.service, case.told) for case in CHECKS}
    untried = [
        (service, str(rule.sentence))
        for service, rule in all_rules()
        if not any(service == of and rule.sentence.startswith(start) for of, start in tried)
    ]
    assert untried == []


def all_rules() -> Iterator[tuple[str, Rule]]:
    for form in all_forms():
        service = form.of.form_id() if issubclass(form, Matter) else form.form_id()
        yield from ((service, rule) for rule in form.rules)
        for row in rows_within(questions_of(form)):
            yield from ((service, rule) for rule in row.rules)


def all_forms() -> Iterator[Any]:
    for service in services().values():
        yield service
        yield from service.matter_forms


def rows_within(questions: tuple[Question, ...]) -> Iterator[Any]:
    for question in questions:
        if question.row is not None:
            yield question.row
            yield from rows_within(questions_of(question.row))


# --- conditions ---

CONDITIONS: tuple[tuple[str, str, Mapping[str, Any]], ...] = (
    (VISIT, "plan_reason", {"in_plan": False}),
    (VISIT, "visit_kind_other", {"visit_kind": visit.VisitKind.OTHER}),
    (VISIT, "consent_letter", {"arranged_by": visit.ArrangedBy.JOINS}),
    (VISIT, "itinerary.0.host", {"itinerary.0.only_transit": True}),
    (VISIT, "itinerary.0.task", {"itinerary.0.only_transit": True}),
    (VISIT, "itinerary.0.work_days", {"itinerary.0.only_transit": True}),
    (VISIT, "urgent_reason", {"dates": Span(start=TODAY + timedelta(days=20), end=RETURN)}),
    (VISIT, "urgent_letter", {"dates": Span(start=TODAY + timedelta(days=20), end=RETURN)}),
    (VISIT, "members.0.document_expiry", {"members.0.document": "PE1234567"}),
    (VISIT, "members.0.post_unchanged", {"members.0.birth_date": date(1990, 1, 1)}),
    (VISIT, "members_reason", {"members": ({},) * 7}),
    (VISIT, "head_reason", {"members.1.rank": visit.Rank.BUREAU}),
    (VISIT, "leader_approval", {"members.1.rank": visit.Rank.DEPUTY_BUREAU}),
    (VISIT, "travel_history_trips", {"travel_history": True}),
    (VISIT, "budget_lines.0.item_other", {"budget_lines.0.item": visit.BudgetItem.OTHER}),
    (VISIT, "budget_source_grant", {"budget_source": (visit.BudgetSource.GRANT,)}),
    (VISIT, "budget_source_host", {"budget_source": (visit.BudgetSource.HOST,)}),
    (VISIT, "speech", {"sensitive": (visit.Sensitive.SPEECH,)}),
    (LETTER, "letter_number", {"kind": letter.LetterKind.AMENDMENT}),
    (LETTER, "guests.0.passport_mrz", {"guests.0.passport_scan": None}),
    (LETTER, "guests.0.accompanied_by", {"guests.0.birth_date": date(2012, 1, 1)}),
    (LETTER, "guests.0.guardian_consent", {"guests.0.birth_date": date(2010, 1, 1)}),
    (LETTER, "guests.0.former_zh", {"guests.0.other_nationality": "CN"}),
    (LETTER, "guests.0.education_field", {"purpose": letter.Purpose.ACADEMIC}),
    (LETTER, "guests.0.last_visit", {"guests.0.been_to_china": True}),
    (LETTER, "guests.0.visa_refused", {"guests.0.been_to_china": True}),
    (LETTER, "visa_letter_other", {"visa_letter": letter.Visa.OTHER}),
    (LETTER, "paid_in_china", {"visa_letter": letter.Visa.F}),
    (LETTER, "purpose_other", {"purpose": letter.Purpose.OTHER}),
    (LETTER, "project_ref", {"purpose": letter.Purpose.INSTALLATION}),
    (LETTER, "urgent_proof", {"urgent_reason": letter.Urgency.ILLNESS}),
    (LETTER, "entry_reason", {"entries": letter.Entries.HALF_YEAR}),
    (LETTER, "entry_evidence", {"entries": letter.Entries.YEAR}),
    (LETTER, "costs_shared", {"costs": letter.Costs.SHARED}),
    (LETTER, "host_letter", {"kind": letter.LetterKind.VERIFICATION}),
    (LETTER, "tech_sensitive_text", {"tech_sensitive": True}),
    (OVERSEAS, "trust_letter", {"applicant_is": overseas.ApplicantIs.TRUSTEE}),
    *(
        (OVERSEAS, name, {"status_now": overseas.Status.NOT_SURE})
        for name in (
            "is_chinese_citizen",
            "is_from_hong_kong_or_macao",
            "has_settled_abroad",
            "has_come_back",
            "has_relative_abroad",
        )
    ),
    (OVERSEAS, "residence_card_expiry", {"residence_right": overseas.ResidenceRight.STUDY_OR_WORK}),
    (OVERSEAS, "months_there_2y", {"status_now": overseas.Status.RETURNED}),
    (OVERSEAS, "months_there_5y", {"residence_right": overseas.ResidenceRight.LAWFUL}),
    (OVERSEAS, "hukou_cancelled", {"matters": (overseas.Wanted.OTHER,)}),
    (OVERSEAS, "hukou_cancelled_district", {"hukou_cancelled": False}),
    (OVERSEAS, "hukou_cancelled_date", {"hukou_cancelled": False}),
    (OVERSEAS, "family", {"matters": (overseas.Wanted.DONATION,)}),
    (OVERSEAS, "return_settlement.other_place_reason", {"return_settlement.target_district": "dadong"}),
    (OVERSEAS, "return_settlement.living_savings", {"return_settlement.living": (overseas.Living.SAVINGS,)}),
    *(
        (OVERSEAS, f"identity.{name}", {"identity.which": overseas.IdentityKind.FAMILY})
        for name in (
            "link_person_name",
            "link_person_country",
            "link_person_since",
            "relation",
            "kinship_proof",
        )
    ),
    (OVERSEAS, "identity.use_for_other", {"identity.use_for": overseas.IdentityUse.OTHER}),
    (
        OVERSEAS,
        "identity.relative_papers",
        {"identity.which": overseas.IdentityKind.FAMILY, "matters": (overseas.Wanted.IDENTITY,)},
    ),
    (OVERSEAS, "identity.residence_proof", {"matters": (overseas.Wanted.IDENTITY,)}),
    (
        OVERSEAS,
        "identity.support_proof",
        {"identity.which": overseas.IdentityKind.FAMILY, "identity.relation": overseas.Kinship.DEPENDANT},
    ),
    (OVERSEAS, "identity.old_entry_papers", {"identity.which": overseas.IdentityKind.RETURNED}),
    (OVERSEAS, "student_cert.abroad_proof", {"matters": (overseas.Wanted.STUDENT_CERT,)}),
    (OVERSEAS, "donation.amount", {"donation.kind": overseas.Gift.GOODS}),
    (OVERSEAS, "donation.goods", {"donation.kind": overseas.Gift.GOODS}),
    (OVERSEAS, "donation.goods_papers", {"donation.kind": overseas.Gift.GOODS}),
    (OVERSEAS, "donation.purpose_other", {"donation.purpose": overseas.Cause.OTHER}),
    (OVERSEAS, "donation.beneficiary", {"donation.beneficiary_by": overseas.BeneficiaryBy.NAMED}),
    (OVERSEAS, "donation.wish_name_text", {"donation.wish_name": True}),
    (
        OVERSEAS,
        "school_entry.guardian_relation_other",
        {"school_entry.guardian_relation": overseas.Guardian.OTHER},
    ),
    (OVERSEAS, "school_entry.parents_residence_proof", {"matters": (overseas.Wanted.SCHOOL_ENTRY,)}),
    (TALENT, "education.0.to", {"education.0.done": False}),
    *(
        (TALENT, f"startup_{name}", {"cooperation": (talent.Cooperation.STARTUP,)})
        for name in ("stage", "team", "funding", "ip", "support")
    ),
    (TALENT, "startup_ip_owner", {"cooperation": (talent.Cooperation.STARTUP,), "startup_ip": False}),
    *(
        (TALENT, f"fulltime_{name}", {"cooperation": (talent.Cooperation.FULL_TIME,)})
        for name in ("employers", "from", "pay", "notice")
    ),
    *(
        (TALENT, f"parttime_{name}", {"cooperation": (talent.Cooperation.PART_TIME,)})
        for name in ("days", "consent")
    ),
    (TALENT, "family_moves_needs", {"family_moves": talent.FamilyMoves.LATER}),
    (TALENT, "non_compete_until", {"restrictions": (talent.Restriction.NON_COMPETE,)}),
    (TALENT, "restrictions_other", {"restrictions": (talent.Restriction.OTHER,)}),
    (TALENT, "how_found_other", {"how_found": talent.FoundBy.OTHER}),
    (TALENT, "contact_wish_zone", {"contact_wish": talent.Contact.CALL}),
)
BY_SETTING = {(VISIT, "notice_proof"), (VISIT, "notice_proof_dates")}
"""Conditions that the office's decisions settle, tried below."""


def stands(case: Case, name: str) -> bool:
    service, answers = services()[case.service], changed(case).answers
    return path_of(name) in {spot.path for spot in walk(service, answers, case.facts)}


@pytest.mark.parametrize(("service", "name", "changes"), CONDITIONS, ids=lambda value: str(value)[:60])
def test_a_question_comes_and_goes_with_its_condition(
    service: str, name: str, changes: Mapping[str, Any]
) -> None:
    assert stands(Case(service, {}), name) != stands(Case(service, changes), name)


def test_every_condition_has_a_case() -> None:
    tried = {(service, name.replace(".0.", ".")) for service, name, _ in CONDITIONS} | BY_SETTING
    found = {(service, name) for service, name, question in all_questions() if question.ask.when is not None}
    assert found == tried


def all_questions() -> Iterator[tuple[str, str, Question]]:
    for form in all_forms():
        matter = issubclass(form, Matter)
        service = form.of.form_id() if matter else form.form_id()
        yield from _named(service, f"{form.form_id()}." if matter else "", questions_of(form))


def _named(service: str, prefix: str, questions: tuple[Question, ...]) -> Iterator[tuple[str, str, Question]]:
    for question in questions:
        yield service, prefix + question.field, question
        if question.row is not None:
            yield from _named(service, f"{prefix}{question.field}.", questions_of(question.row))


@pytest.mark.parametrize("name", ["notice_proof", "notice_proof_dates"])
def test_the_office_may_post_the_notice_itself(name: str) -> None:
    """notice_by = "office": no proof is asked, and the public notice is a stage before the director."""
    by_office = Case(VISIT, {}, settings={"notice_by": "office"})
    assert stands(Case(VISIT, {}), name)
    assert not stands(by_office, name)


# --- secrets ---

SECRETS = {
    VISIT: "members.resident_id members.document",
    LETTER: "guests.passport_scan guests.passport_mrz guests.birth_date guests.passport_no "
    "guests.family_with.birth_date guests.family_with.passport_no",
    OVERSEAS: "doc residence_card_expiry family.doc return_settlement.living_savings "
    "return_settlement.passport_copy return_settlement.residence_proof return_settlement.income_proof "
    "return_settlement.kinship_proof identity.hukou_book identity.id_card_copy identity.relative_papers "
    "identity.residence_proof identity.kinship_proof identity.support_proof student_cert.student_resident_id "
    "student_cert.hukou_book student_cert.id_card_copy student_cert.kinship_proof student_cert.abroad_proof "
    "donation.donor_id school_entry.child_doc school_entry.passport_copy school_entry.parents_residence_proof",
    TALENT: "doc fulltime_pay restrictions non_compete_until restrictions_other references.email",
}


@pytest.mark.parametrize("service", SECRETS)
def test_what_services_md_calls_secret_is_secret(service: str) -> None:
    found = {name for of, name, question in all_questions() if of == service and question.secret}
    assert found == set(SECRETS[service].split())


def test_every_secret_lies_in_a_sealed_column() -> None:
    """A group with one secret is sealed whole."""
    for form in all_forms():
        for question in questions_of(form):
            sealed = isinstance(form.__table__.c[question.field].type, SealedAnswer)
            assert sealed is question.holds_secret, (form.form_id(), question.field)


def test_names_fit_postgresql() -> None:
    """63 bytes (PostgreSQL, NAMEDATALEN)."""
    for form in all_forms():
        assert all(len(name) < 63 for name in (form.form_id(), *form.__table__.c.keys()))


# --- routes ---

ROUTES: tuple[tuple[Case, str, bool], ...] = (
    (Case(VISIT, {}), "from_a_district", False),
    (Case(VISIT, {"district": "heping"}), "from_a_district", True),
    (Case(VISIT, {}), "through_hong_kong_or_macao", False),
    (Case(VISIT, {"itinerary.1.country": "HK"}), "through_hong_kong_or_macao", True),
    (Case(VISIT, {}), "!bureau_posts_notice", False),
    (Case(VISIT, {}, settings={"notice_by": "office"}), "!bureau_posts_notice", True),
    (Case(VISIT, {}), "above_the_city", False),
    (Case(VISIT, {"members.0.rank": visit.Rank.DEPUTY_MUNICIPAL}), "above_the_city", True),
    (Case(LETTER, {}), "!kind=verification", True),
    (Case(LETTER, {"kind": letter.LetterKind.VERIFICATION}), "!kind=verification", False),
    (Case(LETTER, {}), _DEPUTY := "out_of_the_ordinary&!kind=verification", False),
    (Case(LETTER, {"entries": letter.Entries.YEAR}), _DEPUTY, True),
    (Case(LETTER, {"entries": letter.Entries.YEAR, "kind": letter.LetterKind.VERIFICATION}), _DEPUTY, False),
    (Case(LETTER, {"stay": Span(start=ARRIVAL, end=ARRIVAL + timedelta(days=90))}), _DEPUTY, True),
    (Case(LETTER, {"guests": ({},) * 11}), _DEPUTY, True),
    (Case(LETTER, {"guests.0.other_nationality": "CN", "guests.0.former_zh": True}), _DEPUTY, True),
    (Case(LETTER, {"tech_sensitive": True}), _DEPUTY, True),
    (Case(LETTER, {}, settings={"invitation_nationalities_for_deputy": ("IN",)}), _DEPUTY, True),
    (Case(OVERSEAS, {}), "goods_or_a_name", False),
    (Case(OVERSEAS, {"donation.kind": overseas.Gift.GOODS}), "goods_or_a_name", True),
    (Case(OVERSEAS, {"donation.wish_name": True}), "goods_or_a_name", True),
)


@pytest.mark.parametrize(("case", "name", "outcome"), ROUTES, ids=lambda value: str(value)[:60])
def test_a_stage_stands_on_its_condition(case: Case, name: str, outcome: bool) -> None:
    form, scope = next(
        (form, _scope(form, changed(case).answers))
        for form in all_forms()
        if name in form.route.conditions
        and case.service in (form.form_id(), getattr(form, "of", form).form_id())
    )
    assert form.route.outcomes(scope, case.facts)[name] is outcome


def test_every_condition_of_a_route_is_tried_both_ways() -> None:
    named = {name for form in all_forms() for name in form.route.conditions}
    assert {(name, outcome) for _, name, outcome in ROUTES} == {(n, o) for n in named for o in (True, False)}


def _scope(form: Any, answers: Mapping[str, Any]) -> Answers:
    root = Answers(answers)
    return root.row(answers[form.form_id()]) if issubclass(form, Matter) else root


@pytest.mark.parametrize(
    ("case", "urgent"),
    [
        (Case(VISIT, {}), False),
        (Case(VISIT, {"dates": Span(start=TODAY + timedelta(days=20), end=RETURN)}), True),
        (Case(LETTER, {}), False),
        (Case(LETTER, {"urgent_reason": letter.Urgency.ACCIDENT}), True),
        (Case(OVERSEAS, {}), False),
        (Case(OVERSEAS, {"person_birth_date": date(1950, 1, 1)}), True),
        (Case(OVERSEAS, {"illness": True}), True),
        (Case(TALENT, {}), False),
        (Case(TALENT, {"in_shenyang_on": TODAY + timedelta(days=10)}), True),
        (Case(TALENT, {"in_shenyang_on": TODAY + timedelta(days=11)}), False),
    ],
    ids=str,
)
def test_the_urgent_path(case: Case, urgent: bool) -> None:
    service = services()[case.service]
    assert service.urgent_when is not None
    assert service.urgent_when(Answers(changed(case).answers), case.facts) is urgent


def test_stages_are_as_services_md_has_them() -> None:
    shapes = {form.form_id(): _stages(form) for form in all_forms() if form is not services()[OVERSEAS]}
    assert shapes == {
        VISIT: "DIS section_chief 2? desk 1 OUT section_chief 3 HMT section_chief 1? deputy_director 2 "
        "published 5? director 2 outside 20?",
        LETTER: "desk 1 CON section_chief 2 deputy_director 1? director 2?",
        "return_settlement": "DIS section_chief 3 desk 1 OCA section_chief 5 outside 10 deputy_director 2 director 2",
        "identity": "DIS section_chief 5 OCA section_chief 3",
        "student_cert": "DIS section_chief 3 OCA section_chief 3 published 5 director 1",
        "donation": "OCA section_chief 3 outside 20? deputy_director 2",
        "school_entry": "DIS section_chief 2 OCA section_chief 2 outside 20",
        "family_search": "desk 1 OCA section_chief 10 outside 60",
        "other": "desk 1 OCA section_chief 3",
        TALENT: "desk 1 TAL section_chief 5",
    }


def _stages(form: Any) -> str:
    told = []
    for stage in form.route.stages:
        act = stage.acts[0] if stage.acts else None
        who = f"{act.division or ''} {act.role}".strip() if act else str(stage.kind)
        told.append(f"{who} {stage.within.n}{'?' if stage.when else ''}")
    return " ".join(told)


def test_letters_routes_and_duplicates_name_fields_that_exist() -> None:
    for form in all_forms():
        named = [
            *(form.letter.shows if form.letter else ()),
            *(form.same_case.fields if form.same_case else ()),
        ]
        named += [name for stage in form.route.stages for name in stage.may_edit]
        named += [form.district_field] if form.district_field else []
        assert [name for name in named if name != "unit" and not _is_asked(form, name)] == []


def _is_asked(form: Any, name: str) -> bool:
    first, _, rest = name.partition(".")
    question = question_of(form, first) or question_of(getattr(form, "of", form), first)
    row = question.row if question else None
    return question is not None and (not rest or (row is not None and question_of(row, rest) is not None))


@pytest.mark.parametrize("language", ["en", "zh_Hans"])
def test_no_two_answers_of_a_list_read_alike(language: str) -> None:
    for _service, name, question in all_questions():
        labels = [offer.label for offer in question.kind.options(Context(language=language))]
        assert len(set(labels)) == len(labels), name


# --- the finer points ---


def test_an_emergency_needs_no_five_days() -> None:
    """invitation_letter, Urgent: a reason lets the stay begin sooner."""
    soon = {
        "stay": Span(start=TODAY + timedelta(days=2), end=LEAVING),
        "urgent_reason": letter.Urgency.FUNERAL,
    }
    assert not any(text.startswith("The office needs") for _, text in told(Case(LETTER, soon)))


def test_researchers_are_not_bound_by_days_and_countries() -> None:
    """厅字〔2016〕17号, differentiated management."""
    long = {
        "visit_kind": visit.VisitKind.ACADEMIC,
        "dates": Span(start=DEPARTURE, end=RETURN + timedelta(days=10)),
    }
    found = [text for _, text in told(Case(VISIT, long, settings={"visit_most_countries": 1}))]
    assert not any("too many" in text or "countries and regions" in text for text in found)


def test_a_change_of_planes_is_no_country() -> None:
    only = {"itinerary.1.only_transit": True, "itinerary.1.work_days": None, "itinerary.0.work_days": 4}
    found = [text for _, text in told(Case(VISIT, only, settings={"visit_most_countries": 1}))]
    assert not any("countries and regions" in text for text in found)


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ((False, False, True, False, True), overseas.Status.FOREIGN),
        ((True, True, True, False, True), overseas.Status.HONG_KONG_MACAO),
        ((True, False, True, True, True), overseas.Status.RETURNED),
        ((True, False, True, False, True), overseas.Status.OVERSEAS),
        ((True, False, False, False, True), overseas.Status.FAMILY),
        ((True, False, False, False, False), overseas.Status.NOT_SURE),
    ],
)
def test_five_questions_decide_the_status(given: tuple[bool, ...], status: overseas.Status) -> None:
    """国侨发〔2009〕5号."""
    names = (
        "is_chinese_citizen",
        "is_from_hong_kong_or_macao",
        "has_settled_abroad",
        "has_come_back",
        "has_relative_abroad",
    )
    answers = Answers({"status_now": overseas.Status.NOT_SURE, **dict(zip(names, given, strict=True))})
    assert overseas.status_of(answers) is status


def test_every_decision_stands_in_the_office_file() -> None:
    """What the office must decide is found in one place, with the value that the rule uses until then."""
    sources = Path(visit.__file__).parent.glob("*.py")
    asked = {
        name for source in sources for name in re.findall(r'setting\(\s*"(\w+)"', source.read_text("utf-8"))
    }
    decided = set(read_office().decisions)
    assert asked - {"student_cert_opens", "student_cert_closes"} <= decided


def test_the_office_file_says_what_the_rules_use_without_it() -> None:
    by_file = read_office().decisions
    for service in services():
        assert told(Case(service, {}, settings=by_file)) == []
    assert by_file["visa_free_states"] == list(letter.VISA_FREE)
    assert by_file["visit_visa_free_countries"] == list(visit.VISA_FREE)
