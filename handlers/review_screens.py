"""What an officer is asked while saying a verdict: which fields, which reason, until when, whether they are sure."""

from __future__ import annotations

from handlers.case_screens import field_label, reason_text
from handlers.screens import Button, Screen, bold, lines, paragraphs
from locales import N_, Message, show_date, translate
from storage.approval.case import Actor
from storage.approval.codes import Kind, Reason
from storage.approval.rights import reasons_open_to
from storage.cases import OpenCase
from storage.kinds.kind import Control
from storage.officers import Officer
from storage.outline import walk
from storage.pending import Saying
from storage.people import Me
from storage.questions import RowsKind
from storage.saying import BODY, OUTCOME, REASON, SURE, TEXT, UNTIL
from storage.world import World

FIELDS_ON_A_PAGE = 20

DEFAULT_REMARK = N_("Please check this answer and mend it.")

_SURE: dict[str, Message] = {
    Kind.APPROVE: N_("Approve and sign? The letter gets its number, and it can't be undone."),
    Kind.REFUSE: N_("Refuse it? A second officer confirms before it takes effect."),
    Kind.CONFIRM: N_("Confirm the refusal? It takes effect at once, and the applicant is told."),
    Kind.RETURN: N_("Return it to the applicant?"),
    Kind.REVOKE: N_("Revoke the letter? Its number is never used again, and the applicant is told."),
}
_YES: dict[str, Message] = {
    Kind.APPROVE: N_("Approve and sign"),
    Kind.REFUSE: N_("Refuse", "verdict"),
    Kind.CONFIRM: N_("Confirm the refusal", "verdict"),
    Kind.RETURN: N_("Return it"),
    Kind.REVOKE: N_("Revoke the letter", "verdict"),
}
_ASKED: dict[str, Message] = {
    REASON: N_("For which reason?"),
    TEXT: N_("Please write the reason in a few words."),
    UNTIL: N_("Until which day?"),
    BODY: N_("Which authority is it referred to?"),
    OUTCOME: N_("What did the other authority say?"),
}


def asking(case: OpenCase, saying: Saying, officer: Officer, world: World, *, page: int = 0) -> Screen:
    """The screen for the part that is asked now."""
    language = officer.language
    mark = f"review:{case.id}:{saying.seen}:{saying.kind}"
    back = (Button(translate(N_("Back to the card"), language), data=f"case:{case.id}:card"),)
    heading = bold(f"{case.number} · {translate(Kind(saying.kind).label, language)}")
    match saying.wants:
        case "fields":
            return _fields(case, saying, world, language, mark, page, heading, back)
        case "remark":
            return _remark(case, saying, world, language, mark, heading, back)
        case "sure":
            return _sure(case, saying, world, language, mark, heading, back)
        case "reason":
            return _reasons(case, officer, language, mark, heading, back)
        case "outcome":
            return _outcomes(language, mark, heading, back)
        case wanted:
            return Screen(paragraphs(heading, translate(_ASKED[wanted], language)), buttons=(back,))


def returnable(case: OpenCase, world: World) -> tuple[str, ...]:
    """The fields that can be named for correction, by their dotted names, in the form's order."""
    service = world.services[case.service]
    me = Me(case.person, 0, case.language, agreed=True, unit=case.unit)
    facts = world.facts_of_case(me, case.service, world.calendar.day_of(case.filed_at))
    return tuple(
        ".".join(map(str, spot.path))
        for spot in walk(service, case.answers, facts)
        if spot.question.kind.control is not Control.TICK or isinstance(spot.question.kind, RowsKind)
    )


def _fields(
    case: OpenCase,
    saying: Saying,
    world: World,
    language: str,
    mark: str,
    page: int,
    heading: str,
    back: tuple[Button],
) -> Screen:
    names = returnable(case, world)
    first = page * FIELDS_ON_A_PAGE
    rows = [
        (
            Button(
                ("☑ " if name in saying.fields else "") + field_label(case, name, language, world)[:50],
                data=f"{mark}.x{number}",
            ),
        )
        for number, name in list(enumerate(names))[first : first + FIELDS_ON_A_PAGE]
    ]
    turn = []
    if page:
        turn.append(Button(translate(N_("Earlier"), language), data=f"{mark}.p{page - 1}"))
    if first + FIELDS_ON_A_PAGE < len(names):
        turn.append(Button(translate(N_("More"), language), data=f"{mark}.p{page + 1}"))
    done = (Button(translate(N_("These are all"), language), data=f"{mark}.ok"),) if saying.fields else ()
    text = paragraphs(
        heading, translate(N_("Which answers are to be corrected? Name all of them at once."), language)
    )
    return Screen(text, buttons=(*rows, tuple(turn), done, back))


def _remark(
    case: OpenCase, saying: Saying, world: World, language: str, mark: str, heading: str, back: tuple[Button]
) -> Screen:
    field = saying.fields[len(saying.remarks)]
    label = field_label(case, field, language, world)
    text = paragraphs(
        heading,
        translate(N_("“{field}”: what is to be mended? Write it in a sentence."), language, field=label),
    )
    usual = Button(translate(DEFAULT_REMARK, language), data=f"{mark}.usual")
    return Screen(text, buttons=((usual,), back))


def _sure(
    case: OpenCase, saying: Saying, world: World, language: str, mark: str, heading: str, back: tuple[Button]
) -> Screen:
    told = [
        f"{field_label(case, field, language, world)}: {remark}"
        for field, remark in zip(saying.fields, saying.remarks, strict=False)
    ]
    if saying.reason:
        told.append(reason_text(saying.reason, saying.text, language))
    elif saying.text:
        told.append(saying.text)
    if saying.until:
        told.append(show_date(world.calendar.day_of(world.now), language))
    text = paragraphs(heading, lines(*told) if told else None, translate(_SURE[saying.kind], language))
    yes = Button(translate(_YES[saying.kind], language), data=f"{mark}.{SURE}")
    return Screen(text, buttons=(back, (yes,)))


def _reasons(
    case: OpenCase, officer: Officer, language: str, mark: str, heading: str, back: tuple[Button]
) -> Screen:
    may = reasons_open_to(case.state, Actor(officer.person, officer.roles))
    rows = [
        (Button(translate(reason.label, language), data=f"{mark}.r{number}"),)
        for number, reason in enumerate(Reason)
        if reason in may
    ]
    return Screen(paragraphs(heading, translate(_ASKED[REASON], language)), buttons=(*rows, back))


def _outcomes(language: str, mark: str, heading: str, back: tuple[Button]) -> Screen:
    agreed = Button(translate(N_("It agrees"), language), data=f"{mark}.o_agreed")
    declined = Button(translate(N_("It does not agree"), language), data=f"{mark}.o_declined")
    none = Button(translate(N_("No reply is needed"), language), data=f"{mark}.o_not_needed")
    text = paragraphs(heading, translate(_ASKED[OUTCOME], language))
    return Screen(text, buttons=((agreed,), (declined,), (none,), back))
