"""Answers that a reasonable person would give to each service, typed as people type.

`answers` lists them by path; `fill` plays them through the flow. Days are reckoned from `today`, so that any test's
clock will do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from storage import flow, rulings
from storage.calendar import Calendar
from storage.conditions import Facts
from storage.conversation import (
    AddRow,
    Asked,
    Done,
    Draft,
    Gave,
    Group,
    Sent,
    Skip,
    Summary,
    Took,
    Typed,
    Wrong,
)
from storage.forms import Service
from storage.kinds import FileRef
from storage.kinds.kind import Control
from storage.outline import Path
from storage.services import services

TODAY = date(2026, 11, 24)
PDF, JPEG = "application/pdf", "image/jpeg"


def facts(today: date = TODAY, **more: Any) -> Facts:
    """What rules know on an ordinary day."""
    return Facts(today=today, calendar=Calendar(), **more)


def file(name: str = "paper.pdf", media_type: str = PDF) -> FileRef:
    """A file as an answer holds it; another name is another content. A picture has a passport photo's size."""
    size = (390, 520) if media_type == JPEG else (None, None)
    return FileRef(
        digest=f"digest of {name}",
        name=name,
        media_type=media_type,
        size=20_000,
        pages=1,
        width=size[0],
        height=size[1],
    )


def answers(service_id: str, today: date = TODAY) -> list[tuple[Path, Any]]:
    """By path, in order: a text as typed, a tuple of files, or None for a question left out."""
    return [(_path(name), value) for name, value in _ANSWERS[service_id](today).items()]


def fill(
    service: type[Service],
    known: Facts | None = None,
    given: Mapping[Path, Any] | None = None,
    **instead: Any,
) -> Draft:
    """A draft filled from `begin` to the summary. `instead` replaces answers: `members__0__rank="Section level"`.

    Raises AssertionError at the first answer that is not taken, or for a question without one.
    """
    known = known or facts()
    given = dict(given if given is not None else answers(service.form_id(), known.today))
    given |= {_path(name.replace("__", ".")): value for name, value in instead.items()}
    draft = flow.begin(service)
    for _ in range(2000):
        view = flow.screen(service, draft, known)
        match view:
            case Summary():
                return draft
            case Group():
                wanted = _rows_of(view.path, given)
                act: Any = AddRow() if len(view.rows) < len(wanted) else Done()
            case Asked():
                act = _act(view, given)
            case _:
                raise AssertionError(view)
        step = flow.answer(service, draft, act, known)
        assert not isinstance(step, Wrong), (getattr(view, "path", None), act, step.problem)
        draft = step.draft
    raise AssertionError("the form does not end")


def _rows_of(group: Path, given: Mapping[Path, Any]) -> set[Any]:
    depth = len(group)
    return {path[depth] for path in given if len(path) > depth and path[:depth] == group}


def _act(view: Asked, given: Mapping[Path, Any]) -> Any:
    if view.offered:
        return Took(0)
    if view.path not in given:
        if view.may_skip:
            return Skip()
        raise AssertionError(f"no plausible answer for {'.'.join(map(str, view.path))}")
    value = given[view.path]
    if value is None:
        return Skip()
    if view.question.kind.control is Control.FILE:
        return Done() if view.gathered else Sent(value)
    return Typed(value) if isinstance(value, str) else Gave(value)


def _path(name: str) -> Path:
    return tuple(int(step) if step.isdigit() else step for step in name.split("."))


def _block(organised: bool = False) -> dict[str, Any]:
    """The implied questions around a service's own."""
    own = {
        "applicant_name": "王芳",
        "applicant_phone": "+86 138 0013 8000",
        "applicant_email": "wang.fang@example.org",
    }
    unit = {"applicant_organisation": "沈阳市商务局 11210100001580001N", "applicant_post": "外事专办员"}
    return {"not_secret": "I confirm", **own, **(unit if organised else {}), "truth": "I confirm"}


def _official_visit(today: date) -> dict[str, Any]:
    start = today + timedelta(days=100)
    middle, end = start + timedelta(days=3), start + timedelta(days=6)
    notice = today - timedelta(days=12)
    return _block(organised=True) | {
        "district": None,
        "in_plan": "yes",
        "group_name": "沈阳市商务局赴德国法国经贸团",
        "visit_kind": "Economic and trade visit",
        "arranged_by": "Our own group",
        "purpose": "与德国机械设备制造业联合会、法国里昂工商会洽谈智能制造合作项目,签署合作备忘录,"
        "推介沈阳国际装备制造业博览会,并邀请企业参展参会。",
        "expected_results": "签署合作备忘录两份,邀请二十家企业参加沈阳国际装备制造业博览会,达成采购意向三项以上。",
        "itinerary.0.country": "Germany",
        "itinerary.0.city": "Munich",
        "itinerary.0.from": start.isoformat(),
        "itinerary.0.to": middle.isoformat(),
        "itinerary.0.only_transit": "no",
        "itinerary.0.host": "Messe München GmbH",
        "itinerary.0.task": "洽谈联合办展",
        "itinerary.0.work_days": "3",
        "itinerary.1.country": "France",
        "itinerary.1.city": "Lyon",
        "itinerary.1.from": middle.isoformat(),
        "itinerary.1.to": end.isoformat(),
        "itinerary.1.only_transit": "no",
        "itinerary.1.host": "CCI Lyon Métropole",
        "itinerary.1.task": "洽谈智能制造合作",
        "itinerary.1.work_days": "2",
        "dates": f"{start.isoformat()} to {end.isoformat()}",
        "inviter_name": "Messe München GmbH",
        "inviter_name_zh": "慕尼黑博览集团",
        "inviter_address": "Am Messesee 2, 81829 München, Germany",
        "inviter_signer": "Anna Schmidt, managing director",
        "inviter_phone": "+49 89 94920720",
        "inviter_email": "anna.schmidt@example.org",
        "invitation": (file("invitation.pdf"),),
        "invitation_date": (today - timedelta(days=30)).isoformat(),
        "invitation_zh": (file("invitation-zh.pdf"),),
        **_member(0, "王芳", "11010519491231002X", "女", "1949-12-31", "Division level", "Head of the group"),
        **_member(
            1, "李明", "110105199003078019", "男", "1990-03-07", "Section level or below", "Interpreter"
        ),
        "members.0.post_unchanged": "yes",
        "family_travels": "no",
        "members_cleared": "I agree",
        "travel_history": "no",
        "budget_total": "100000 CNY",
        "budget_lines.0.item": "Air tickets",
        "budget_lines.0.basis": "two people, economy class",
        "budget_lines.0.amount": "40000 CNY",
        "budget_lines.1.item": "Lodging abroad",
        "budget_lines.1.basis": "two people, six nights",
        "budget_lines.1.amount": "60000 CNY",
        "budget_source": "City finance",
        "finance_form": (file("budget.pdf"),),
        "notice_proof": (file("notice.pdf"),),
        "notice_proof_dates": f"{notice.isoformat()} to {(notice + timedelta(days=8)).isoformat()}",
        "training_done": "It is booked with the office",
        "training_done_date": (start - timedelta(days=20)).isoformat(),
        "insurance": "yes",
        "sensitive": "None of these",
        "docs_needed": "New official passport, Note for the visa",
        "contact_name": "王芳",
        "contact_phone": "+86 138 0013 8000",
        "unit_letter": (file("request.pdf"),),
    }


def _member(
    number: int, name: str, id_number: str, sex: str, born: str, rank: str, role: str
) -> dict[str, Any]:
    values = {
        "name_zh": name,
        "name_latin": None,
        "sex": sex,
        "birth_date": born,
        "resident_id": id_number,
        "employer": "沈阳市商务局",
        "post": "处长",
        "rank": rank,
        "role": role,
        "task": "参加洽谈",
        "document": None,
    }
    return {f"members.{number}.{field}": value for field, value in values.items()}


def _invitation_letter(today: date) -> dict[str, Any]:
    start = today + timedelta(days=60)
    end = start + timedelta(days=5)
    return _block(organised=True) | {
        "kind": "Letter of an authorised unit",
        "host": "沈阳新松机器人自动化股份有限公司 91210100000014503L",
        "host_legal_person": "王芳",
        "host_contact_name": "李明",
        "host_contact_phone": "+86 138 0013 8000",
        "host_contact_email": "li.ming@example.org",
        "host_kind": "Private firm",
        "guests.0.passport_scan": (file("passport.jpg", JPEG),),
        "guests.0.name": "KUMAR, Anil",
        "guests.0.name_zh": None,
        "guests.0.sex": "M",
        "guests.0.birth_date": "1980-03-04",
        "guests.0.nationality": "India",
        "guests.0.other_nationality": None,
        "guests.0.passport_no": "Z1234567",
        "guests.0.passport_expiry": date(start.year + 4, 1, 31).isoformat(),
        "guests.0.passport_kind": "Ordinary passport",
        "guests.0.employer": "Bharat Robotics Ltd",
        "guests.0.post": "chief engineer",
        "guests.0.been_to_china": "no",
        "guests.0.applies_at_country": "India",
        "guests.0.applies_at_city": "Mumbai",
        "visa_letter": "M: trade",
        "purpose": "Business talks",
        "purpose_text": "The guest meets our engineers to agree on the supply of grippers for two production lines.",
        "urgent_reason": None,
        "stay": f"{start.isoformat()} to {end.isoformat()}",
        "entries": "Single",
        "itinerary.0.city": "Shenyang",
        "itinerary.0.from": start.isoformat(),
        "itinerary.0.to": end.isoformat(),
        "itinerary.0.host": None,
        "itinerary.0.task": "visit to the plant and talks",
        "itinerary.0.closed_area": "no",
        "costs": "The guest",
        "lodging": "Liaoning Hotel, 97 Zhongshan Road, Shenyang",
        "relation": "Partners in a supply contract since 2022.",
        "business_proof": (file("contract.pdf"),),
        "business_licence": (file("licence.pdf"),),
        "guarantee": (file("guarantee.pdf"),),
        "tech_sensitive": "no",
        "delivery": "PDF in this chat",
    }


def _overseas_chinese_service(today: date) -> dict[str, Any]:
    return (
        _block()
        | {
            "applicant_is": "The person themselves",
            "person_name_zh": "王芳",
            "person_name_latin": "WANG, Fang",
            "person_sex": "F",
            "person_birth_date": "1970-05-06",
            "illness": None,
            "status_now": "Overseas Chinese",
            "nationality": "China",
            "doc": "passport E12345678",
            "lives_in_country": "Germany",
            "lives_in_city": "Munich",
            "abroad_since": "2012-09",
            "residence_right": "Permanent residence",
            "residence_card_expiry": date(today.year + 3, 5, 31).isoformat(),
            "months_there_2y": "20",
            "hukou_cancelled": "yes",
            "hukou_cancelled_district": "和平区",
            "hukou_cancelled_date": "2013-04-02",
            "family.0.relation": "Father",
            "family.0.name": "王德福",
            "family.0.birth_date": "1942-01-02",
            "family.0.nationality": "China",
            "family.0.doc": "110105194201020018",
            "family.0.lives_in": "China",
            "matters": "Return and settle in China, Certificate of status, Certificate for an examination, Donation, "
            "School for a child, Search for roots and relatives, Something else",
        }
        | _prefixed("return_settlement", _return_settlement(today))
        | _prefixed("identity", _IDENTITY)
        | _prefixed("student_cert", _student_cert(today))
        | _prefixed("donation", _DONATION)
        | _prefixed("school_entry", _school_entry(today))
        | _prefixed("family_search", _FAMILY_SEARCH)
        | _prefixed("other", {"text": "Please tell me how my pension can be paid abroad.", "files": None})
    )


def _return_settlement(today: date) -> dict[str, Any]:
    return {
        "target_district": "和平区",
        "in_china.0.entry": (today - timedelta(days=120)).isoformat(),
        "in_china.0.exit": (today - timedelta(days=10)).isoformat(),
        "home": "An own home",
        "home_address": "和平区十一纬路24号",
        "living": "Pension",
        "give_up": "I agree",
        "contact_name": "王德福",
        "contact_phone": "+86 138 0013 8000",
        "application_form": (file("form.pdf"),),
        "passport_copy": (file("data-page.pdf"),),
        "declaration": (file("declaration.pdf"),),
        "residence_proof": (file("residence.pdf"),),
        "entry_exit_record": (file("record.pdf"),),
        "hukou_cancellation_proof": (file("cancelled.pdf"),),
        "home_proof": (file("home.pdf"),),
        "income_proof": (file("income.pdf"),),
        "photos": (file("photo-1.jpg", JPEG), file("photo-2.jpg", JPEG)),
        "kinship_proof": None,
    }


_IDENTITY: dict[str, Any] = {
    "which": "As overseas Chinese",
    "use_for": "For a pension",
    "hukou_district": "和平区",
    "hukou_book": (file("household.pdf"),),
    "id_card_copy": (file("card.pdf"),),
}


def _student_cert(today: date) -> dict[str, Any]:
    return {
        "exam": "University entrance examination",
        "exam_year": str(today.year + 1),
        "student_name": "王小明",
        "student_resident_id": "110105199003078019",
        "student_school": "沈阳市第二中学",
        "student_exam_number": None,
        "student_type": "Child in China of overseas Chinese",
        "hukou_district": "沈河区",
        "hukou_book": (file("student-household.pdf"),),
        "id_card_copy": (file("student-card.pdf"),),
        "kinship_proof": (file("birth.pdf"),),
    }


_DONATION: dict[str, Any] = {
    "donor": "A person",
    "donor_name": "王芳",
    "kind": "Money",
    "amount": "500000 CNY",
    "purpose": "Education",
    "beneficiary_by": "The office may suggest one",
    "wish_name": "no",
    "publicity": "With the donor's name",
    "source_lawful": "I agree",
    "conditions": None,
    "letter_of_intent": (file("intent.pdf"),),
    "donor_id": (file("donor.pdf"),),
    "agreement_draft": None,
}


def _school_entry(today: date) -> dict[str, Any]:
    return {
        "child_name": "王小红",
        "child_birth_date": date(today.year - 9, 4, 12).isoformat(),
        "child_nationality": "China",
        "child_doc": "passport E12345678",
        "grade": "3",
        "guardian_name": "王德福",
        "guardian_relation": "Grandparent",
        "guardian_phone": "+86 138 0013 8000",
        "guardian_district": "沈河区",
        "guardian_address": "沈河区青年大街1号",
        "from": (today + timedelta(days=90)).isoformat(),
        "school_wish": "文艺路第二小学, 朝阳一校",
        "chinese_level": "Speaks some Chinese",
        "passport_copy": (file("child.pdf"),),
        "guardian_home_proof": (file("guardian.pdf"),),
        "custody_letter": (file("custody.pdf"),),
        "report_card": (file("report.pdf"),),
    }


_FAMILY_SEARCH: dict[str, Any] = {
    "sought_names": "王德福, Wong Tak Fook",
    "sought_sex": "M",
    "sought_born_from": "1938",
    "sought_born_to": "1942",
    "last_place": "沈阳市大东区",
    "last_contact": "1965",
    "story": "My grandmother's brother worked in a factory in Dadong and wrote until 1965.",
    "why": "My grandmother would like to see him again.",
    "publish": "Archives too",
    "consent_contact": "I agree",
    "old_papers": None,
}


def _talent_registration(today: date) -> dict[str, Any]:
    return _block() | {
        "consent_pool": "I agree",
        "consent_employers": "yes",
        "consent_abroad": "no",
        "name": "SCHMIDT, Anna Maria",
        "name_zh": None,
        "sex": "F",
        "birth_date": "1985-04-12",
        "nationality": "Germany",
        "lives_in_country": "Germany",
        "lives_in_city": "Munich",
        "person_kind": "Foreign national",
        "doc": None,
        "email": "anna@example.org",
        "phone": "+49 30 901820",
        "links.0.kind": "ORCID",
        "links.0.url": "https://orcid.org/0000-0002-1825-0097",
        "education.0.degree": "Bachelor",
        "education.0.field": "mechanical engineering",
        "education.0.school": "Technical University of Munich",
        "education.0.country": "Germany",
        "education.0.from": "2004",
        "education.0.done": "yes",
        "education.0.to": "2008",
        "main_field": "Equipment and robotics",
        "main_field_detail": "grippers for industrial robots",
        "keywords": "robots, sensors, control",
        "employer_now": "Messe München GmbH",
        "employer_now_post": "research engineer",
        "employer_now_since": "2021-09",
        "achievements.0.kind": "Patent",
        "achievements.0.title": "EP3456789, gripper for fragile parts",
        "achievements.0.year": "2022",
        "achievements.0.proof_link": "https://example.org/patent",
        "achievements.0.proof_file": None,
        "achievements.0.own_role": "inventor",
        "level_hint": None,
        "cooperation": "Short visits, Adviser",
        "available_from": (today + timedelta(days=60)).isoformat()[:7],
        "available_until": (today + timedelta(days=600)).isoformat()[:7],
        "in_shenyang_on": None,
        "family_moves": None,
        "languages.0.language": "Chinese",
        "languages.0.level": "A1",
        "restrictions": "No restrictions",
        "cv": (file("cv.pdf"),),
        "proofs": None,
        "photo": None,
        "how_found": None,
        "contact_wish": "Here in the chat",
    }


def _prefixed(matter: str, values: Mapping[str, Any]) -> dict[str, Any]:
    return {f"{matter}.{name}": value for name, value in values.items()}


_ANSWERS: Mapping[str, Callable[[date], dict[str, Any]]] = {
    "official_visit": _official_visit,
    "invitation_letter": _invitation_letter,
    "overseas_chinese_service": _overseas_chinese_service,
    "talent_registration": _talent_registration,
}

if __name__ == "__main__":
    for one in services().values():
        done = fill(one)
        told = [str(problem.message) for problem in rulings.warnings(one, done, facts())]
        print(one.form_id(), rulings.faults(one, done, facts()), told)
