"""A case as its applicant sees it: the receipt, where it lies, its timeline, and what may be done. PURE screens."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from handlers.menu import Kept
from handlers.screens import Button, Screen, Text, bold, code, lines, paragraphs
from locales import N_, show_date, show_datetime, show_list, translate
from storage.answers import question_at
from storage.approval import Role
from storage.approval.case import TERMS, Actor, CaseState, Event
from storage.approval.codes import Kind, Reason
from storage.approval.deadlines import expected_by
from storage.approval.rights import allowed
from storage.approval.status import Status
from storage.approval.timing import mend_until, objection_until
from storage.cases import OpenCase, chinese_number
from storage.filing import Filed
from storage.outline import path_of
from storage.world import World

if TYPE_CHECKING:
    from storage.approval import Division

CASES_ON_A_PAGE = 10
SENT = N_("You sent it.")

_BY_APPLICANT = {
    Kind.WITHDRAW: N_("Take it back"),
    Kind.URGE: N_("Remind the office"),
    Kind.OBJECT: N_("Object"),
    Kind.ASK_REVOCATION: N_("Ask for revocation"),
}


def filed_screen(filed: Filed, world: World, language: str) -> Screen:
    """The receipt: the number that can be read aloud, what happens next and by when."""
    corrected = len(filed.cases) == 1 and filed.cases[0].answers_version > 1
    told: list[Text] = []
    for case in filed.cases:
        told.append(
            translate(
                N_("We have received your request {number}. Expect an answer by {due}."),
                language,
                number=case_number(case, world, language),
                due=_expected(case.state, world, language),
            )
            if not corrected
            else translate(
                N_("Thank you. {number} is back with the office, with your corrections."),
                language,
                number=case_number(case, world, language),
            )
        )
        told.append(_way(case.state, language, world))
    told.append(translate(N_("You are told of each step here. There is nothing more to do now."), language))
    rows = [
        (
            Button(translate(N_("Where it stands"), language), data=f"c:{case.id}"),
            Button(translate(N_("Copy the number"), language), copy=case.number),
        )
        for case in filed.cases
    ]
    return Screen(paragraphs(*told), buttons=tuple(rows))


def _way(state: CaseState, language: str, world: World) -> str:
    """Whom the case passes from now on."""
    places = dict.fromkeys(passes(state, place, language, world) for place in (state.place, *state.ahead))
    return translate(N_("From here it goes to {stages}."), language, stages=show_list(list(places), language))


def list_screen(
    drafts: Sequence[Kept], cases: Sequence[OpenCase], world: World, language: str, page: int = 0
) -> Screen:
    """Drafts and cases, each a button."""
    if not drafts and not cases:
        text = translate(N_("You have no drafts and no cases yet."), language)
        return Screen(text, buttons=((Button(translate(N_("Apply"), language), data="m:0"),),))
    rows = [
        (
            Button(
                translate(
                    N_("Draft: {title} (until {date})"),
                    language,
                    title=translate(kept.title, language),
                    date=show_date(kept.until, language),
                ),
                data=f"D:{kept.id}",
            ),
        )
        for kept in drafts[:CASES_ON_A_PAGE]
        if page == 0
    ]
    first = page * CASES_ON_A_PAGE
    for case in cases[first : first + CASES_ON_A_PAGE]:
        title, status = translate(case.form.title, language), translate(case.state.status.label, language)
        label = f"{title} · {status} · {case_number(case, world, language)}"
        rows.append((Button(label, data=f"c:{case.id}"),))
    turn = []
    if page:
        turn.append(Button(translate(N_("Earlier"), language), data=f"m:cases{page - 1}"))
    if first + CASES_ON_A_PAGE < len(cases):
        turn.append(Button(translate(N_("More"), language), data=f"m:cases{page + 1}"))
    return Screen(bold(translate(N_("Your drafts and cases"), language)), buttons=(*rows, tuple(turn)))


def case_screen(
    case: OpenCase, happened: Sequence[Event], world: World, language: str, *, letter: str | None = None
) -> Screen:
    """Where a case lies, since when, what is next and by when; its timeline in plain words."""
    state = case.state
    text = paragraphs(
        lines(
            bold(translate(case.form.title, language)),
            code(case_number(case, world, language)),
        ),
        lines(
            _approved(case, letter, world, language) or status_text(case, world, language),
            _since(state, world, language),
        ),
        lines(
            bold(translate(N_("So far, in Shenyang time"), language)),
            *_timeline(case, happened, world, language),
        ),
        lines(bold(translate(N_("Next"), language)), *_ahead(state, language, world))
        if state.ahead
        else None,
    )
    return Screen(text, buttons=_actions(case, world, language, letter))


def _approved(case: OpenCase, letter: str | None, world: World, language: str) -> str | None:
    """The sentence of an approved case whose letter is there."""
    if letter is None or case.state.status is not Status.APPROVED:
        return None
    number = case_number(case, world, language)
    told = N_("{number} is approved. Your letter is {letter}.")
    return translate(told, language, number=number, letter=letter)


def _since(state: CaseState, world: World, language: str) -> str | None:
    """Since when it lies where it lies, and when an answer is expected, where the status does not say so."""
    values = {
        "division": passes(state, state.place, language, world),
        "since": show_date(_day(state.began, world), language),
        "due": _expected(state, world, language),
    }
    match state.status:
        case Status.RECEIVED:
            return translate(N_("It has been with {division} since {since}."), language, **values)
        case Status.UNDER_REVIEW | Status.PUBLISHED:
            told = N_("It has been there since {since}. Expect an answer by {due}.")
            return translate(told, language, **values)
        case _:
            return None


def status_text(case: OpenCase, world: World, language: str) -> str:
    """The office's own sentence for the case's status (services.md (c), texts to the applicant)."""
    state = case.state
    number = case_number(case, world, language)
    due = _expected(state, world, language)
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
    fields = show_list(
        [field_label(case, remark.field, language, world) for remark in state.to_mend], language
    )
    return translate(
        N_("{number} needs {m} corrections: {fields}. Everything else is kept. Send them by {deadline}."),
        language,
        number=number,
        m=len(state.to_mend),
        fields=fields,
        deadline=show_date(_day(until, world), language),
    )


def _refused(case: OpenCase, world: World, language: str, number: str) -> str:
    refusal = case.state.refusal
    until = objection_until(case.state, world.calendar, TERMS)
    return translate(
        N_("We could not approve {number}: {reason}. You may object by {date}; an officer can explain."),
        language,
        number=number,
        reason=reason_text(refusal.reason, refusal.text, language) if refusal else "",
        date=show_date(_day(until, world), language),
    )


def reason_text(reason: str, text: str, language: str) -> str:
    """A reason in words: the code's sentence and what the officer wrote."""
    text = text.rstrip(".。")  # the sentence around it ends by itself
    known = reason in set(Reason)
    sentence = translate(Reason(reason).label, language).rstrip(".。") if known else ""
    if reason == Reason.OTHER or not sentence:
        return text
    return f"{sentence} ({text})" if text else sentence


def _timeline(case: OpenCase, happened: Sequence[Event], world: World, language: str) -> list[str]:
    told = [f"{_day_and_time(case.filed_at, language)} · {translate(SENT, language)}"]
    for event in happened:
        sentence = _EVENTS.get(event.kind)
        if sentence is not None:
            who = passes(case.state, event.stage, language, world) if event.stage is not None else ""
            told.append(f"{_day_and_time(event.at, language)} · {translate(sentence, language, who=who)}")
    return told


def _ahead(state: CaseState, language: str, world: World) -> list[str]:
    return [f"• {passes(state, place, language, world)}" for place in state.ahead]


def _actions(
    case: OpenCase, world: World, language: str, letter: str | None
) -> tuple[tuple[Button, ...], ...]:
    may = allowed(case.state, Actor(case.person), world.now, world.calendar)
    rows: list[tuple[Button, ...]] = []
    if letter is not None:
        rows.append((Button(translate(N_("Send me the letter"), language), data=f"c:{case.id}:letter"),))
    if case.state.status is Status.RETURNED:
        rows.append((Button(translate(N_("Correct it now"), language), data=f"c:{case.id}:correct"),))
    rows += [
        (Button(translate(label, language), data=f"c:{case.id}:{kind.value}"),)
        for kind, label in _BY_APPLICANT.items()
        if kind in may
    ]
    if case.state.status in (Status.REFUSED, Status.EXPIRED, Status.WITHDRAWN):
        rows.append(
            (Button(translate(N_("Start again with these answers"), language), data=f"c:{case.id}:copy"),)
        )
    rows.append(
        (
            Button(translate(N_("Copy the number"), language), copy=case.number),
            Button(translate(N_("My cases"), language), data="m:cases"),
        )
    )
    return tuple(rows)


def _expected(state: CaseState, world: World, language: str) -> str:
    day = expected_by(state, world.now, world.calendar)
    return show_date(day, language) if day is not None else ""


def _day(at: datetime, world: World) -> date:
    return world.calendar.day_of(at)


def _day_and_time(at: datetime, language: str) -> str:
    return show_datetime(at, language)


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

_EVENTS = {
    Kind.APPROVE: N_("Agreed by {who}."),
    Kind.RETURN: N_("Returned to you for correction by {who}."),
    Kind.RESUBMIT: N_("You sent the corrections."),
    Kind.CONFIRM: N_("Not approved."),
    Kind.SEND_OUT: N_("Sent on to another authority."),
    Kind.REPLY: N_("The other authority answered."),
    Kind.END_NOTICE: N_("The public notice ended."),
    Kind.HOLD: N_("Put on hold."),
    Kind.RESUME: N_("Taken up again."),
    Kind.WITHDRAW: N_("You took it back."),
    Kind.EXPIRE: N_("It lapsed."),
    Kind.FULFIL: N_("Done."),
    Kind.URGE: N_("You reminded the office."),
    Kind.OBJECT: N_("You objected."),
    Kind.REOPEN: N_("The director reopened it."),
    Kind.REVOKE: N_("The letter was revoked."),
    Kind.AMEND: N_("The office corrected a detail."),
}
