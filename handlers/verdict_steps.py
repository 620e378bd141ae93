"""A verdict said step by step, each in one transaction: a tap or a text is a part of it, the last one says it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from handlers.review_screens import DEFAULT_REMARK, FIELDS_ON_A_PAGE, nameable
from locales import translate
from storage import desk, officers, pending, reviews
from storage.approval.case import Actor
from storage.approval.codes import Kind, Reason
from storage.approval.refusals import StaleReview
from storage.approval.rights import why_not
from storage.cases import NoSuchCase, OpenCase
from storage.kinds.dates import DateKind
from storage.kinds.kind import Context, Taken
from storage.pending import Saying
from storage.saying import SURE, Said, missing, verdict_of

if TYPE_CHECKING:
    from sqlmodel import Session

    from storage.officers import Officer
    from storage.world import World


@dataclass(frozen=True)
class Tap:
    """A button of a card: the case and the version it was drawn for, the verdict, and which part of it."""

    case: int
    seen: int
    kind: str
    part: str = ""


@dataclass(frozen=True)
class Outcome:
    """What came of a step: the verdict was taken, or a part is still asked."""

    case: OpenCase
    saying: Saying | None = None
    page: int = 0


def advance(session: Session, world: World, person: int, tap: Tap) -> Outcome:
    """One tap: a verdict, or a part of one."""
    officer = officer_of(session, person)
    case = desk.case_for(session, world, tap.case, officer)
    _refuse_early(case, tap.seen, tap.kind, officer, world)
    before = pending.of(session, person)
    begun = before is not None and (before.case, before.seen, before.kind) == (tap.case, tap.seen, tap.kind)
    saying = before if before is not None and begun and tap.part else None
    saying = saying or Saying(case=tap.case, seen=tap.seen, kind=tap.kind)
    if tap.part.startswith("p") and tap.part[1:].isdecimal():
        return Outcome(case, saying, int(tap.part[1:]))
    saying, said, page = _with_part(saying, tap.part, case, world)
    return _go_on(session, world, officer, case, saying, said, page)


def typed_part(session: Session, world: World, person: int, text: str) -> Outcome:
    """One text: the part that was asked."""
    officer = officer_of(session, person)
    saying = pending.of(session, person)
    if saying is None:
        raise NoSuchCase
    case = desk.case_for(session, world, saying.case, officer)
    _refuse_early(case, saying.seen, saying.kind, officer, world)
    return _go_on(session, world, officer, case, _with_text(saying, text, world, officer), Said(), 0)


def _go_on(
    session: Session, world: World, officer: Officer, case: OpenCase, saying: Saying, said: Said, page: int
) -> Outcome:
    wants = missing(saying, case.state, said)
    if wants is not None:
        saying = saying.model_copy(update={"wants": wants})
        pending.keep(session, officer.person, saying, world.now)
        return Outcome(case, saying, page)
    if saying.kind == Kind.AMEND:
        decided = reviews.amend(session, world, case.id, saying, officer)
    else:
        decided = reviews.decide(session, world, case.id, verdict_of(saying, said), officer)
    pending.drop(session, officer.person)
    return Outcome(decided)


def _refuse_early(case: OpenCase, seen: int, kind: str, officer: Officer, world: World) -> None:
    """Say at the first tap what would be refused at the last. Raises NotTaken."""
    if seen != case.state.version:
        raise StaleReview(seen, case.state.version, case.state.given[-1].by if case.state.given else None)
    actor = Actor(officer.person, officer.roles)
    refusal = why_not(case.state, Kind(kind), actor, world.now, world.calendar)
    if refusal is not None:
        raise refusal


def _with_part(saying: Saying, part: str, case: OpenCase, world: World) -> tuple[Saying, Said, int]:
    number = int(part[1:]) if part[1:].isdecimal() else -1
    if part.startswith("x") and number >= 0:
        names = nameable(case, saying.kind, world)
        if number < len(names):
            field = names[number]
            rest = tuple(name for name in saying.fields if name != field)
            fields = rest if len(rest) < len(saying.fields) else (*rest, field)
            fields = (field,) if saying.kind == Kind.AMEND else fields
            saying = saying.model_copy(update={"fields": fields, "remarks": (), "wants": ""})
        return saying, Said(), number // FIELDS_ON_A_PAGE
    if part.startswith("r") and 0 <= number < len(Reason):
        saying = saying.model_copy(update={"reason": tuple(Reason)[number].value})
    own = case.form.refusal_reasons
    if part.startswith("q") and 0 <= number < len(own):
        text = translate(own[number], case.language)
        saying = saying.model_copy(update={"reason": Reason.OTHER.value, "text": text})
    if part == "usual":
        remark = translate(DEFAULT_REMARK, case.language)
        saying = saying.model_copy(update={"remarks": (*saying.remarks, remark)})
    outcome = part.removeprefix("o_") if part.startswith("o_") else ""
    return saying, Said(sure=part == SURE, outcome=outcome, fields_done=part == "ok"), 0


def _with_text(saying: Saying, text: str, world: World, officer: Officer) -> Saying:
    match saying.wants:
        case "remark":
            return saying.model_copy(update={"remarks": (*saying.remarks, text)})
        case "until":
            day = _read_day(text, world, officer.language)
            return saying.model_copy(update={"until": day.isoformat() if day else ""})
        case "reason":
            return saying.model_copy(update={"reason": Reason.OTHER.value, "text": text})
        case wanted:
            return saying.model_copy(update={wanted: text})


def _read_day(text: str, world: World, language: str) -> date | None:
    match DateKind().read(text, Context(language=language, today=world.calendar.day_of(world.now))):
        case Taken(value=value) if isinstance(value, date):
            return value
        case _:
            return None


def officer_of(session: Session, person: int) -> Officer:
    """The officer that a person is. Raises NoSuchCase: who is none learns nothing."""
    officer = officers.officer(session, person)
    if officer is None:
        raise NoSuchCase
    return officer
