"""A case as its applicant sees it: the receipt, where it lies, its timeline, and what may be done. PURE screens."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from markupsafe import Markup

from handlers.answers import keep_within, shorten, stated
from handlers.case_wording import case_number, day_of, expected, field_label, passes, status_text
from handlers.menu import Kept
from handlers.screens import Button, Screen, Text, bold, code, lines, paragraphs, quote
from locales import N_, show_date, show_datetime, show_list, translate
from storage.approval.case import Actor, CaseState, Event
from storage.approval.codes import Kind
from storage.approval.rights import allowed
from storage.approval.status import Status
from storage.cases import OpenCase
from storage.filing import Filed
from storage.world import World

CASES_ON_A_PAGE = 10
REMARKS_ROOM = 1500
"""Characters for what is to be mended."""
EVENTS_SHOWN = 20
"""The latest of a case's record; few cases have as many."""
SENT = N_("You sent it.")

_BY_APPLICANT = {
    Kind.WITHDRAW: N_("Take it back"),
    Kind.URGE: N_("Remind the office"),
    Kind.OBJECT: N_("Object"),
    Kind.ASK_REVOCATION: N_("Ask for revocation"),
}


def filed_screen(filed: Filed, world: World, language: str) -> Screen:
    """The receipt: the number that can be read aloud, what happens next and by when."""
    told: list[Text] = []
    several = len(filed.cases) > 1
    for case in filed.cases:
        title = bold(translate(case.form.title, language)) if several else None
        told += [title or "", _received(case, world, language), _way(case.state, language, world)]
    told.append(translate(N_("You are told of each step here. There is nothing more to do now."), language))
    rows = [
        (
            Button(
                translate(case.form.title if several else N_("Where it stands"), language),
                data=f"c:{case.id}",
            ),
            Button(translate(N_("Copy the number"), language), copy=case.number),
        )
        for case in filed.cases
    ]
    return Screen(paragraphs(*told), buttons=tuple(rows))


def _received(case: OpenCase, world: World, language: str) -> str:
    number = case_number(case, world, language)
    if case.answers_version > 1:
        told = N_("Thank you. {number} is back with the office, with your corrections.")
        return translate(told, language, number=number)
    due = expected(case.state, world, language)
    told = N_("We have received your request {number}. Expect an answer by {due}.")
    return translate(told, language, number=number, due=due)


def _is_somebodys(state: CaseState, place: int) -> bool:
    stage = state.route[place]
    return bool(stage.body) or any(act.needed for act in stage.acts)


def _way(state: CaseState, language: str, world: World) -> str:
    """Whom the case passes from now on."""
    ahead = [place for place in (state.place, *state.ahead) if _is_somebodys(state, place)]
    places = dict.fromkeys(passes(state, place, language, world) for place in ahead or [state.place])
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
        lines(*remarks_on(case, world, language)),
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
        "since": show_date(day_of(state.began, world), language),
        "due": expected(state, world, language),
    }
    match state.status:
        case Status.RECEIVED:
            return translate(N_("It has been with {division} since {since}."), language, **values)
        case Status.UNDER_REVIEW | Status.PUBLISHED:
            told = N_("It has been there since {since}. Expect an answer by {due}.")
            return translate(told, language, **values)
        case _:
            return None


def remarks_on(case: OpenCase, world: World, language: str) -> list[Markup]:
    """What is to be mended in each named field, while the case is with the applicant; the form says each in full."""
    told = [
        quote(stated(field_label(case, remark.field, language, world), shorten(remark.text, 300), language))
        for remark in case.state.to_mend
    ]
    return keep_within(told, REMARKS_ROOM, language)


def _timeline(case: OpenCase, happened: Sequence[Event], world: World, language: str) -> list[str]:
    told = [f"{_day_and_time(case.filed_at, language)} · {translate(SENT, language)}"]
    for event in happened[-EVENTS_SHOWN:]:
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


def _day_and_time(at: datetime, language: str) -> str:
    return show_datetime(at, language)


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
