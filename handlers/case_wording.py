"""What is said of a case, in words: its status, who has it, its number, its fields and reasons. PURE."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from handlers.answers import shorten
from locales import N_, show_date, show_list, translate
from storage.answers import question_at
from storage.approval import Role
from storage.approval.case import TERMS, CaseState
from storage.approval.codes import Reason
from storage.approval.deadlines import expected_by
from storage.approval.status import Status
from storage.approval.timing import mend_until, objection_until
from storage.cases import OpenCase, chinese_number
from storage.outline import path_of
from storage.world import World

if TYPE_CHECKING:
    from storage.approval import Division


def status_text(case: OpenCase, world: World, language: str) -> str:
    """The office's own sentence for the case's status (services.md (c), texts to the applicant)."""
    state = case.state
    number = case_number(case, world, language)
    due = expected(state, world, language)
    match state.status:
        case Status.RECEIVED:
            return translate(
                N_("We have received your request {number}. Expect an answer by {due}."),
                language,
                number=number,
                due=due,
            )
        case Status.UNDER_REVIEW | Status.ON_HOLD:
            return where_it_lies(state, language, world, number=number)
        case Status.RETURNED:
            return _returned(case, world, language, number)
        case Status.OUTSIDE:
            body = translate(state.wait.body if state.wait else state.stage.body, language)
            until = show_date(state.wait.until, language) if state.wait else due
            return translate(
                N_("{number} waits for {body}. This time is outside our limit; we expect word by {date}."),
                language,
                number=number,
                body=body,
                date=until,
            )
        case Status.REFUSED:
            return _refused(case, world, language, number)
        case _:
            return translate(_SENTENCES[state.status], language, number=number)


def where_it_lies(state: CaseState, language: str, world: World, *, number: str | None = None) -> str:
    """With which division a case is, as "stage k of n"."""
    k, n = state.position
    return translate(
        N_("{number} is with {division}, stage {k} of {n}."),
        language,
        number=number or state.number,
        division=passes(state, state.place, language, world),
        k=k,
        n=n,
    )


def stage_name(state: CaseState, place: int, language: str, world: World) -> str:
    """Who acts at a stage, in words: the divisions, or the role where it spans the office."""
    stage = state.route[place]
    if stage.body:
        return translate(stage.body, language)
    names = [
        f"{division_name(act.division, language, world)} · {translate(act.role.label, language)}"
        if act.division
        else translate(act.role.label, language)
        for act in stage.acts
        if act.needed
    ]
    return show_list(names, language) or translate(N_("the office"), language)


def passes(state: CaseState, place: int, language: str, world: World) -> str:
    """Who acts at a stage, for an applicant: the divisions without their posts; the office's own heads."""
    stage = state.route[place]
    if stage.body:
        return translate(stage.body, language)
    names = [
        division_name(act.division, language, world)
        if act.division and act.role is Role.SECTION_CHIEF
        else translate(_HEADS.get(act.role, act.role.label), language)
        for act in stage.acts
        if act.needed
    ]
    return show_list(list(dict.fromkeys(names)), language) or translate(N_("the office"), language)


def division_name(division: Division, language: str, world: World) -> str:
    return world.office.division_name(division, language) or translate(division.label, language)


def case_number(case: OpenCase, world: World, language: str) -> str:
    """SYFAO-2026-00042; in Chinese 沈外办受〔2026〕00042号."""
    if language.startswith("zh"):
        return chinese_number(case.number, world.office.case_prefix_zh)
    return case.number


def field_label(case: OpenCase, field: str, language: str, world: World) -> str:
    """What a field is called: its label; inside a group "Guest 1 · Passport"."""
    path = path_of(field)
    found: list[str] = []
    for depth, step in enumerate(path):
        question = question_at(world.services[case.service], path[: depth + 1])
        if isinstance(step, int):
            found[-1] = f"{found[-1]} {step + 1}"
        elif question is not None:
            inside = len(path) > depth + 1
            called = question.row.called if inside and question.row else None
            found.append(translate(called or question.label, language))
    return " · ".join(found)


def _returned(case: OpenCase, world: World, language: str, number: str) -> str:
    state = case.state
    until = mend_until(state, world.calendar, TERMS)
    labels = [field_label(case, remark.field, language, world) for remark in state.to_mend]
    fields = shorten(show_list(labels, language), 500)
    return translate(
        N_("{number} needs {m} corrections: {fields}. Everything else is kept. Send them by {deadline}."),
        language,
        number=number,
        m=len(state.to_mend),
        fields=fields,
        deadline=show_date(day_of(until, world), language),
    )


def _refused(case: OpenCase, world: World, language: str, number: str) -> str:
    refusal = case.state.refusal
    until = objection_until(case.state, world.calendar, TERMS)
    return translate(
        N_("We could not approve {number}: {reason}. You may object by {date}; an officer can explain."),
        language,
        number=number,
        reason=reason_text(refusal.reason, refusal.text, language) if refusal else "",
        date=show_date(day_of(until, world), language),
    )


def reason_text(reason: str, text: str, language: str) -> str:
    """A reason in words: the code's sentence and what the officer wrote."""
    text = text.rstrip(".。")  # the sentence around it ends by itself
    known = reason in set(Reason)
    sentence = translate(Reason(reason).label, language).rstrip(".。") if known else ""
    if reason == Reason.OTHER or not sentence:
        return text
    return f"{sentence} ({text})" if text else sentence


def expected(state: CaseState, world: World, language: str) -> str:
    day = expected_by(state, world.now, world.calendar)
    return show_date(day, language) if day is not None else ""


def day_of(at: datetime, world: World) -> date:
    return world.calendar.day_of(at)


_HEADS = {
    Role.DESK: N_("the service desk"),
    Role.SECTION_CHIEF: N_("the section chief"),
    Role.DEPUTY_DIRECTOR: N_("the deputy director"),
    Role.DIRECTOR: N_("the director"),
}
_SENTENCES = {
    Status.PUBLISHED: N_("{number} is on public notice."),
    Status.APPROVED: N_("{number} is approved. Your letter follows."),
    Status.WITHDRAWN: N_("You took {number} back. Nothing more happens with it."),
    Status.EXPIRED: N_(
        "{number} lapsed because it was not corrected in time. You can start again with your earlier answers."
    ),
    Status.FULFILLED: N_("{number} is done. Was it what you needed?"),
    Status.CLOSED: N_("{number} is closed and filed."),
    Status.REVOKED: N_("The letter of {number} is no longer valid. Do not use it."),
    Status.REPLACED: N_("The letter of {number} was replaced by a new one."),
}
