"""A case as a card for officers: what matters first, checks, answers, and what this officer may do. PURE."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from handlers.answers import keep_within, shorten, stated
from handlers.card_lines import answer_lines, facts_of
from handlers.case_wording import case_number, division_name, field_label, reason_text, stage_name
from handlers.form_screens import say_problem
from handlers.screens import Button, Screen, bold, code, lines, paragraphs, plain, quote
from locales import N_, show_date, show_datetime, show_day, show_list, translate
from storage import flow, rulings
from storage.approval.case import Actor, Event
from storage.approval.codes import Kind
from storage.approval.limits import stage_due
from storage.approval.rights import allowed
from storage.approval.status import AT_A_STAGE
from storage.cases import OpenCase, chinese_number
from storage.kinds.kind import Control
from storage.officers import Officer
from storage.outline import value_at, walk
from storage.world import World

MOST_LISTED = 40
ALL_PASSED = N_("All checks of the form passed.")
UNVERIFIED = N_("The unit is not verified.")
EARLIER = N_("Earlier case: {number}")
SIMILAR = N_("Another applicant's open case says the same: {number}")

MOST = 3900
"""Characters of a card or a record; some of Telegram's 4,096 are left for gaps and marks."""
PART = 800
"""Characters for the checks, and for what was corrected."""
CHANGED = 90
"""Characters of an old and of a new answer."""

OFFERED = (
    Kind.APPROVE,
    Kind.RETURN,
    Kind.AMEND,
    Kind.CONFIRM,
    Kind.TAKE_BACK,
    Kind.REPLY,
    Kind.END_NOTICE,
    Kind.SETTLE,
    Kind.DISPUTE,
    Kind.SEND_OUT,
    Kind.HOLD,
    Kind.RESUME,
    Kind.FULFIL,
    Kind.REOPEN,
    Kind.REFUSE,
    Kind.REVOKE,
)
"""Verdicts that have a button, the dangerous ones last."""


@dataclass(frozen=True)
class Shown:
    """What a card needs beside the case."""

    events: tuple[Event, ...] = ()
    names: tuple[tuple[int, str], ...] = ()
    """Names of the officers in the record, by person."""
    earlier: tuple[str, ...] = ()
    """Numbers of the applicant's other cases of this service."""
    similar: tuple[str, ...] = ()
    """Numbers of others' open cases that say the same: it could be one matter."""
    verified: bool = True
    """Whether the office checked the unit for which the applicant acts."""
    changed: tuple[tuple[str, Any, Any], ...] = ()
    """After a correction: field, old value, new value."""
    left: tuple[str, ...] = ()
    """After a correction: fields that the applicant says are right as they are."""


def card(
    case: OpenCase,
    officer: Officer,
    world: World,
    shown: Shown,
    *,
    reveal: bool = False,
    told: str | None = None,
) -> Screen:
    """The card of a case for one officer, in their language."""
    language = officer.language
    wanted = _wanted(case, officer, world, shown)
    head = paragraphs(
        told,
        _heading(case, language, world),
        lines(wanted, _standing(case, language, world, shown, asked=wanted is not None)),
        lines(*keep_within([escape(one) for one in _checks(case, language, world, shown)], PART, language)),
        lines(*keep_within(list(_changes(case, language, world, shown)), PART, language)),
    )
    about, rest = answer_lines(case, language, world, reveal=reveal)
    room = MOST - len(plain(head))
    shown_about = keep_within(about, room, language)
    shown_rest = keep_within(rest, room - sum(len(plain(one)) + 1 for one in shown_about), language)
    cut = len(shown_about) < len(about) or len(shown_rest) < len(rest)
    return Screen(
        paragraphs(
            head,
            lines(*shown_about),
            quote(lines(*shown_rest).strip(), expandable=True) if shown_rest else None,
        ),
        buttons=_buttons(case, officer, world, reveal=reveal, cut=cut),
        protect=reveal,
    )


def whole(case: OpenCase, officer: Officer, world: World) -> Screen:
    """All answers of a case that has more than its card can show, in as many messages as they take."""
    language = officer.language
    about, rest = answer_lines(case, language, world, reveal=False)
    text = paragraphs(_heading(case, language, world), lines(*about), lines(*rest).strip())
    return Screen(text, buttons=((_back_to(case, language),),))


def history(case: OpenCase, officer: Officer, world: World, shown: Shown) -> Screen:
    """Who decided what, when and why."""
    language = officer.language
    names = dict(shown.names)
    told = [
        Markup("{} · {} · {}{}").format(
            show_datetime(event.at, language),
            names.get(event.by, "") or translate(_PARTIES.get(event.by, N_("Applicant")), language),
            translate(event.kind.label, language),
            _reason_of(case, event, language, world),
        )
        for event in shown.events
    ]
    filed = Markup("{} · {} · {}").format(
        show_datetime(case.filed_at, language),
        translate(N_("Applicant"), language),
        translate(N_("Sent to the office"), language),
    )
    head = bold(translate(N_("History, in Shenyang time"), language))
    latest = keep_within(told[::-1], MOST, language)[::-1]
    text = paragraphs(_heading(case, language, world), lines(head, filed, *latest))
    return Screen(text, buttons=((_back_to(case, language),),))


def desk(cases: Sequence[OpenCase], language: str, world: World) -> Screen:
    """What waits for an officer, soonest due first."""
    if not cases:
        return Screen(translate(N_("Nothing waits for you."), language))
    return case_list(cases, N_("Waiting for you, the soonest due first:"), language, world)


def case_list(cases: Sequence[OpenCase], heading: str, language: str, world: World) -> Screen:
    """Cases, each a button: until when, for whom, which."""
    rows = tuple(
        (Button(_on_list(case, language, world), data=f"case:{case.id}"),) for case in cases[:MOST_LISTED]
    )
    return Screen(bold(translate(heading, language)), buttons=rows)


def _on_list(case: OpenCase, language: str, world: World) -> str:
    parts = [_who(case, language), translate(case.form.title, language)]
    named = " · ".join([*(shorten(part, 24) for part in parts), case_number(case, world, language)])
    if case.state.status not in AT_A_STAGE:
        return named
    day = world.calendar.day_of(stage_due(case.state, world.calendar))
    due = show_day(day, language)
    if day < world.calendar.day_of(world.now):
        due = translate(N_("late since {when}"), language, when=due)
    return f"{due} · {named}"


def attachments_of(case: OpenCase, world: World) -> Iterator[tuple[str, Any]]:
    """The files of a case with the field each answers."""
    service = world.services[case.service]
    for spot in walk(service, case.answers, facts_of(case, world)):
        if spot.question.kind.control is Control.FILE:
            for file in value_at(case.answers, spot.path) or ():
                yield ".".join(map(str, spot.path)), file


def _heading(case: OpenCase, language: str, world: World) -> Markup:
    return lines(
        bold(translate(case.form.title, language)),
        Markup("{} · {}").format(code(case_number(case, world, language)), _who(case, language)),
    )


def _who(case: OpenCase, language: str) -> str:
    organisation = case.answers.get("applicant_organisation")
    name = getattr(organisation, "name", None) or case.answers.get("applicant_name") or ""
    return shorten(str(name or translate(N_("Applicant"), language)), 60)


def _back_to(case: OpenCase, language: str) -> Button:
    return Button(translate(N_("Back to the card"), language), data=f"case:{case.id}")


def _wanted(case: OpenCase, officer: Officer, world: World, shown: Shown) -> Markup | None:
    """Why the card came: what this officer is to do now, and by when."""
    may = allowed(case.state, Actor(officer.person, officer.roles), world.now, world.calendar)
    corrected = bool(shown.events) and shown.events[-1].kind is Kind.RESUBMIT
    if Kind.CONFIRM in may:
        asked = N_("For you: a second officer is needed. Confirm the refusal, or talk to who refused.")
    elif Kind.APPROVE not in may:
        return None
    elif corrected:
        asked = N_("For you again: the corrections are in. Please decide by {when}.")
    elif case.state.position[0] == 1:
        asked = N_("For you: please check that it is complete, by {when}.")
    else:
        asked = N_("For you: please decide by {when}.")
    return bold(translate(asked, officer.language, when=_due(case, officer.language, world)))


def _standing(case: OpenCase, language: str, world: World, shown: Shown, *, asked: bool) -> str:
    """Status, stage and the last word said; the limit, unless the line before it names it."""
    state = case.state
    k, n = state.position
    parts = [translate(state.status.label, language)]
    if state.status in AT_A_STAGE:
        parts.append(translate(N_("stage {k} of {n}"), language, k=k, n=n))
        parts.append(stage_name(state, state.place, language, world))
        if not asked:
            parts.append(translate(N_("due {when}"), language, when=_due(case, language, world)))
    elif state.owner is not None:
        parts.append(division_name(state.owner, language, world))
    standing = " · ".join(parts)
    if state.refusal is not None:
        names = dict(shown.names)
        waits = N_("{name} refused: {reason}. A second officer confirms it, or it is taken back.")
        standing += "\n" + translate(
            waits if state.status in AT_A_STAGE else N_("{name} refused: {reason}."),
            language,
            name=names.get(state.refusal.by, ""),
            reason=reason_text(state.refusal.reason, state.refusal.text, language),
        )
    elif shown.events and shown.events[-1].by in dict(shown.names):
        last = shown.events[-1]
        standing += "\n" + translate(
            N_("Last: {name}, {verdict}, {when}"),
            language,
            name=dict(shown.names)[last.by],
            verdict=translate(last.kind.label, language),
            when=show_datetime(last.at, language),
        )
    return standing


def _checks(case: OpenCase, language: str, world: World, shown: Shown) -> Iterator[str]:
    service = world.services[case.service]
    facts = facts_of(case, world)
    told = rulings.warnings(service, flow.copy(service, case.answers, facts), facts)
    for problem in told:
        yield f"⚠ {say_problem(problem, language)}"
    if not shown.verified:
        yield f"⚠ {translate(UNVERIFIED, language)}"
    for mark, sentence, numbers in (("⚠", SIMILAR, shown.similar), ("•", EARLIER, shown.earlier)):
        for one in numbers[:3]:
            number = chinese_number(one, world.office.case_prefix_zh) if language.startswith("zh") else one
            yield f"{mark} {translate(sentence, language, number=number)}"
    if not told:
        yield f"✓ {translate(ALL_PASSED, language)}"


def _changes(case: OpenCase, language: str, world: World, shown: Shown) -> Iterator[Markup]:
    if shown.changed:
        yield bold(translate(N_("Corrected"), language))
    for field, old, new in shown.changed:
        label = field_label(case, field, language, world)
        colon = "：" if language.startswith("zh") else ": "
        was, now = shorten(str(old), CHANGED), shorten(str(new), CHANGED)
        yield Markup("{}{}<s>{}</s> → {}").format(label, colon, was, now)
    if shown.left:
        fields = [field_label(case, field, language, world) for field in shown.left]
        yield Markup("{}").format(
            translate(N_("Left as it was: {fields}."), language, fields=show_list(fields, language))
        )


def _buttons(
    case: OpenCase, officer: Officer, world: World, *, reveal: bool, cut: bool
) -> tuple[tuple[Button, ...], ...]:
    language = officer.language
    mark = f"review:{case.id}:{case.state.version}:"
    may = allowed(case.state, Actor(officer.person, officer.roles), world.now, world.calendar)
    verdicts = [
        Button(translate(kind.label, language), data=f"{mark}{kind.value}") for kind in OFFERED if kind in may
    ]
    rows = [tuple(verdicts[at : at + 2]) for at in range(0, len(verdicts), 2)]
    looks = []
    if cut:
        looks.append(Button(translate(N_("All answers"), language), data=f"case:{case.id}:all"))
    if _has_secrets(case, world) and not reveal:
        looks.append(Button(translate(N_("Show secret answers"), language), data=f"case:{case.id}:secrets"))
    if papers := sum(1 for _ in attachments_of(case, world)):
        label = translate(N_("Files ({n})"), language, n=papers)
        looks.append(Button(label, data=f"case:{case.id}:files"))
    looks.append(Button(translate(N_("History"), language), data=f"case:{case.id}:history"))
    looks.append(Button(translate(N_("What waits for me"), language), data="desk"))
    return (*rows, *(tuple(looks[at : at + 2]) for at in range(0, len(looks), 2)))


def _has_secrets(case: OpenCase, world: World) -> bool:
    service = world.services[case.service]
    return any(
        spot.question.secret and value_at(case.answers, spot.path) is not None
        for spot in walk(service, case.answers, facts_of(case, world))
    )


def _due(case: OpenCase, language: str, world: World) -> str:
    if case.state.status not in AT_A_STAGE:
        return ""
    return show_date(world.calendar.day_of(stage_due(case.state, world.calendar)), language)


def _reason_of(case: OpenCase, event: Event, language: str, world: World) -> Markup | str:
    """What was written with a verdict: the reason, or a remark for each field, each on its line."""
    verdict = event.verdict
    reason = reason_text(getattr(verdict, "reason", ""), getattr(verdict, "text", ""), language)
    told = [reason or getattr(verdict, "remark", "") or ""]
    told += [
        stated(field_label(case, remark.field, language, world), shorten(remark.text, 160), language)
        for remark in getattr(verdict, "remarks", ())
    ]
    said = keep_within([escape(one) for one in told if one], PART, language)
    return Markup("").join(Markup("\n   {}").format(one) for one in said)


_PARTIES = {0: N_("The clock")}
