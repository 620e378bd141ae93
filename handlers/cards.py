"""A case as a card for officers: what matters first, checks, answers, and what this officer may do. PURE."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from handlers.answers import shorten, show_answer
from handlers.case_screens import division_name, field_label, reason_text, stage_name
from handlers.form_screens import say_problem
from handlers.screens import Button, Screen, bold, code, lines, paragraphs
from locales import N_, show_date, show_datetime, translate
from storage import flow, rulings
from storage.approval.case import Actor, Event
from storage.approval.codes import Kind
from storage.approval.limits import stage_due
from storage.approval.rights import allowed
from storage.approval.status import AT_A_STAGE
from storage.cases import OpenCase
from storage.kinds.kind import Control
from storage.officers import Officer
from storage.outline import value_at, walk
from storage.people import Me
from storage.questions import RowsKind
from storage.world import World

ROOM = 2600
"""Characters for the answers; the rest of Telegram's 4,096 is for heading, checks and history."""

ALL_PASSED = N_("All checks of the form passed.")
UNVERIFIED = N_("The unit is not verified.")
EARLIER = N_("Earlier case: {number}")

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
    verified: bool = True
    """Whether the office checked the unit for which the applicant acts."""
    changed: tuple[tuple[str, Any, Any], ...] = ()
    """After a correction: field, old value, new value."""


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
    return Screen(
        paragraphs(
            told,
            _heading(case, language, world),
            _standing(case, language, world, shown),
            lines(*_checks(case, language, world, shown)),
            lines(*_changes(case, language, world, shown)),
            lines(*_answers(case, language, world, reveal)),
        ),
        buttons=_buttons(case, officer, world, reveal=reveal),
        protect=reveal,
    )


def history(case: OpenCase, officer: Officer, world: World, shown: Shown) -> Screen:
    """Who decided what, when and why."""
    language = officer.language
    names = dict(shown.names)
    told = [
        Markup("{} {} {}{}").format(
            show_datetime(event.at, language),
            names.get(event.by, "") or translate(_PARTIES.get(event.by, N_("Applicant")), language),
            translate(event.kind.label, language),
            _reason_of(event, language),
        )
        for event in shown.events
    ]
    text = paragraphs(
        _heading(case, language, world), lines(*told) or translate(N_("Nothing yet."), language)
    )
    return Screen(
        text, buttons=((Button(translate(N_("Back to the card"), language), data=f"case:{case.id}"),),)
    )


def desk(cases: Sequence[OpenCase], language: str, world: World) -> Screen:
    """What waits for an officer, soonest due first."""
    if not cases:
        return Screen(translate(N_("Nothing waits for you."), language))
    rows = tuple(
        (
            Button(
                shorten(f"{_due(case, language, world)} {case.number} {_who(case, language)}", 60),
                data=f"case:{case.id}",
            ),
        )
        for case in cases
    )
    return Screen(bold(translate(N_("Waiting for you, the soonest due first:"), language)), buttons=rows)


def attachments_of(case: OpenCase, world: World) -> Iterator[tuple[str, Any]]:
    """The files of a case with the field each answers."""
    service = world.services[case.service]
    for spot in walk(service, case.answers, _facts(case, world)):
        if spot.question.kind.control is Control.FILE:
            for file in value_at(case.answers, spot.path) or ():
                yield ".".join(map(str, spot.path)), file


def _heading(case: OpenCase, language: str, world: World) -> Markup:
    return lines(
        bold(translate(case.form.title, language)),
        Markup("{} · {}").format(code(case.number), _who(case, language)),
    )


def _who(case: OpenCase, language: str) -> str:
    organisation = case.answers.get("applicant_organisation")
    name = getattr(organisation, "name", None) or case.answers.get("applicant_name") or ""
    return str(name or translate(N_("Applicant"), language))


def _standing(case: OpenCase, language: str, world: World, shown: Shown) -> str:
    state = case.state
    k, n = state.position
    parts = [translate(state.status.label, language)]
    if state.status in AT_A_STAGE:
        parts.append(translate(N_("stage {k} of {n}"), language, k=k, n=n))
        parts.append(stage_name(state, state.place, language, world))
        parts.append(translate(N_("due {when}"), language, when=_due(case, language, world)))
    elif state.owner is not None:
        parts.append(division_name(state.owner, language, world))
    standing = " · ".join(parts)
    if state.refusal is not None:
        names = dict(shown.names)
        standing += "\n" + translate(
            N_("{name} refused: {reason}. A second officer confirms it, or it is taken back."),
            language,
            name=names.get(state.refusal.by, ""),
            reason=reason_text(state.refusal.reason, state.refusal.text, language),
        )
    elif shown.events and shown.events[-1].by in dict(shown.names):
        last = shown.events[-1]
        standing += "\n" + translate(
            N_("Last: {name}, {verdict}"),
            language,
            name=dict(shown.names)[last.by],
            verdict=translate(last.kind.label, language),
        )
    return standing


def _checks(case: OpenCase, language: str, world: World, shown: Shown) -> Iterator[str]:
    service = world.services[case.service]
    facts = _facts(case, world)
    told = rulings.warnings(service, flow.copy(service, case.answers, facts), facts)
    for problem in told:
        yield f"⚠ {say_problem(problem, language)}"
    if not shown.verified:
        yield f"⚠ {translate(UNVERIFIED, language)}"
    for number in shown.earlier[:3]:
        yield f"• {translate(EARLIER, language, number=number)}"
    if not told:
        yield f"✓ {translate(ALL_PASSED, language)}"


def _changes(case: OpenCase, language: str, world: World, shown: Shown) -> Iterator[Markup]:
    if shown.changed:
        yield bold(translate(N_("Corrected"), language))
    for field, old, new in shown.changed:
        label = field_label(case, field, language, world)
        yield Markup("{}: <s>{}</s> → {}").format(label, old, new)


def _answers(case: OpenCase, language: str, world: World, reveal: bool) -> Iterator[Markup]:
    service = world.services[case.service]
    spots = [spot for spot in walk(service, case.answers, _facts(case, world)) if _is_told(case, spot)]
    room = max(20, ROOM // max(1, len(spots)) - 24)
    for spot in spots:
        value = value_at(case.answers, spot.path)
        if value is None:
            continue
        row = [step + 1 for step in spot.path if isinstance(step, int)]
        label = shorten(translate(spot.question.label, language), 40) + "".join(
            f" {number}" for number in row
        )
        answer = show_answer(spot.question, value, language, reveal=reveal)
        yield Markup("{}: {}").format(label, shorten(answer, room))


def _is_told(case: OpenCase, spot: Any) -> bool:
    """Own answers, not the ticks; of a case of one matter, not those of the others."""
    if spot.question.kind.control is Control.TICK or isinstance(spot.question.kind, RowsKind):
        return False
    first = spot.path[0]
    service_matters = {matter.form_id() for matter in getattr(_service_of(case), "matter_forms", ())}
    return first not in service_matters or first == case.matter


def _service_of(case: OpenCase) -> Any:
    return getattr(case.form, "of", case.form)


def _buttons(
    case: OpenCase, officer: Officer, world: World, *, reveal: bool
) -> tuple[tuple[Button, ...], ...]:
    language = officer.language
    mark = f"review:{case.id}:{case.state.version}:"
    may = allowed(case.state, Actor(officer.person, officer.roles), world.now, world.calendar)
    verdicts = [
        Button(translate(kind.label, language), data=f"{mark}{kind.value}") for kind in OFFERED if kind in may
    ]
    rows = [tuple(verdicts[at : at + 2]) for at in range(0, len(verdicts), 2)]
    looks = []
    if _has_secrets(case, world) and not reveal:
        looks.append(Button(translate(N_("Show secret answers"), language), data=f"case:{case.id}:secrets"))
    if next(attachments_of(case, world), None) is not None:
        looks.append(Button(translate(N_("Files"), language), data=f"case:{case.id}:files"))
    looks.append(Button(translate(N_("History"), language), data=f"case:{case.id}:history"))
    return (*rows, tuple(looks), (Button(translate(N_("What waits for me"), language), data="desk"),))


def _has_secrets(case: OpenCase, world: World) -> bool:
    service = world.services[case.service]
    return any(
        spot.question.secret and value_at(case.answers, spot.path) is not None
        for spot in walk(service, case.answers, _facts(case, world))
    )


def _due(case: OpenCase, language: str, world: World) -> str:
    if case.state.status not in AT_A_STAGE:
        return ""
    return show_date(world.calendar.day_of(stage_due(case.state, world.calendar)), language)


def _facts(case: OpenCase, world: World) -> Any:
    """The rules look at a filed case as on the day it was filed: it is not late by lying here."""
    me = Me(case.person, 0, case.language, agreed=True, unit=case.unit)
    return world.facts_of_case(me, case.service, world.calendar.day_of(case.filed_at))


def _reason_of(event: Event, language: str) -> str:
    verdict = event.verdict
    reason = reason_text(getattr(verdict, "reason", ""), getattr(verdict, "text", ""), language)
    remarks = "; ".join(remark.text for remark in getattr(verdict, "remarks", ()))
    told = reason or remarks or getattr(verdict, "remark", "")
    return f": {told}" if told else ""


_PARTIES = {0: N_("The clock")}
