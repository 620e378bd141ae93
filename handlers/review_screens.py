"""What an officer is asked while saying a verdict: which fields, which reason, until when, whether they are sure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from handlers.answers import stated
from handlers.case_wording import case_number, field_label, reason_text
from handlers.screens import Button, Screen, bold, lines, paragraphs
from locales import N_, Message, show_date, translate
from storage.approval.case import Actor
from storage.approval.codes import Kind, Reason
from storage.approval.rights import reasons_open_to
from storage.approval.wording import covers
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

WHICH = N_("Which answer do you correct?")
WHICH_ONES = N_("Which answers are to be corrected? Name all of them at once.")
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
    OUTCOME: N_("Does the other authority agree?"),
}


@dataclass(frozen=True)
class _Form:
    """What every screen of a verdict stands on."""

    case: OpenCase
    saying: Saying
    officer: Officer
    world: World

    @property
    def language(self) -> str:
        return self.officer.language

    @property
    def mark(self) -> str:
        """The head of the callback data of its buttons."""
        return f"review:{self.case.id}:{self.saying.seen}:{self.saying.kind}"

    @property
    def heading(self) -> Markup:
        number = case_number(self.case, self.world, self.language)
        return bold(f"{number} · {self.say(Kind(self.saying.kind).label)}")

    @property
    def back(self) -> tuple[Button, ...]:
        return (Button(self.say(N_("Back to the card")), data=f"case:{self.case.id}:card"),)

    def say(self, message: str, **values: object) -> str:
        return translate(message, self.language, **values)

    def label(self, field: str) -> str:
        return field_label(self.case, field, self.language, self.world)


def asking(case: OpenCase, saying: Saying, officer: Officer, world: World, *, page: int = 0) -> Screen:
    """The screen for the part that is asked now."""
    form = _Form(case, saying, officer, world)
    match saying.wants:
        case "fields":
            return _fields(form, page)
        case "remark":
            return _remark(form)
        case "sure":
            return _sure(form)
        case "reason":
            return _reasons(form)
        case "outcome":
            return _outcomes(form)
        case "text" if saying.kind == Kind.REPLY:
            return _reply(form)
        case "text" if saying.kind == Kind.AMEND:
            asked = form.say(
                N_("“{field}”: please write the right answer."), field=form.label(saying.fields[0])
            )
            return Screen(paragraphs(form.heading, asked), buttons=(form.back,))
        case wanted:
            return Screen(paragraphs(form.heading, form.say(_ASKED[wanted])), buttons=(form.back,))


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


def nameable(case: OpenCase, kind: str, world: World) -> tuple[str, ...]:
    """The fields that a verdict of this kind may name: to correct one, only those that the stage lets officers edit."""
    names = returnable(case, world)
    if kind != Kind.AMEND:
        return names
    return tuple(name for name in names if any(covers(free, name) for free in case.state.stage.may_edit))


def _fields(form: _Form, page: int) -> Screen:
    names = nameable(form.case, form.saying.kind, form.world)
    first = page * FIELDS_ON_A_PAGE
    rows = [
        (
            Button(
                ("☑ " if name in form.saying.fields else "") + form.label(name)[:50],
                data=f"{form.mark}.x{number}",
            ),
        )
        for number, name in list(enumerate(names))[first : first + FIELDS_ON_A_PAGE]
    ]
    turn = []
    if page:
        turn.append(Button(form.say(N_("Earlier")), data=f"{form.mark}.p{page - 1}"))
    if first + FIELDS_ON_A_PAGE < len(names):
        turn.append(Button(form.say(N_("More")), data=f"{form.mark}.p{page + 1}"))
    done = (Button(form.say(N_("These are all")), data=f"{form.mark}.ok"),) if form.saying.fields else ()
    asked = form.say(WHICH if form.saying.kind == Kind.AMEND else WHICH_ONES)
    return Screen(paragraphs(form.heading, asked), buttons=(*rows, tuple(turn), done, form.back))


def _remark(form: _Form) -> Screen:
    field = form.saying.fields[len(form.saying.remarks)]
    asked = form.say(N_("“{field}”: what is to be mended? Write it in a sentence."), field=form.label(field))
    usual = Button(form.say(DEFAULT_REMARK), data=f"{form.mark}.usual")
    return Screen(paragraphs(form.heading, asked), buttons=((usual,), form.back))


def _sure(form: _Form) -> Screen:
    saying = form.saying
    told = [
        stated(form.label(field), remark, form.language)
        for field, remark in zip(saying.fields, saying.remarks, strict=False)
    ]
    if saying.reason:
        told.append(reason_text(saying.reason, saying.text, form.language))
    elif saying.text:
        told.append(saying.text)
    if saying.until:
        told.append(show_date(date.fromisoformat(saying.until), form.language))
    text = paragraphs(form.heading, lines(*told) if told else None, form.say(_SURE[saying.kind]))
    yes = Button(form.say(_YES[saying.kind]), data=f"{form.mark}.{SURE}")
    return Screen(text, buttons=(form.back, (yes,)))


def _reasons(form: _Form) -> Screen:
    may = reasons_open_to(form.case.state, Actor(form.officer.person, form.officer.roles))
    rows = [
        (Button(form.say(reason.label), data=f"{form.mark}.r{number}"),)
        for number, reason in enumerate(Reason)
        if reason in may
    ]
    if len(may) > 1:  # the desk may say one thing only: that it is not for this office
        own = [
            (Button(form.say(reason), data=f"{form.mark}.q{number}"),)
            for number, reason in enumerate(form.case.form.refusal_reasons)
        ]
        rows = [*own, *rows]
    return Screen(paragraphs(form.heading, form.say(_ASKED[REASON])), buttons=(*rows, form.back))


def _reply(form: _Form) -> Screen:
    none = Button(form.say(N_("No reply is needed")), data=f"{form.mark}.o_not_needed")
    asked = form.say(N_("What did the other authority say? Write it in a sentence."))
    return Screen(paragraphs(form.heading, asked), buttons=((none,), form.back))


def _outcomes(form: _Form) -> Screen:
    agreed = Button(form.say(N_("It agrees")), data=f"{form.mark}.o_agreed")
    declined = Button(form.say(N_("It does not agree")), data=f"{form.mark}.o_declined")
    text = paragraphs(form.heading, form.say(_ASKED[OUTCOME]))
    return Screen(text, buttons=((agreed,), (declined,), form.back))
