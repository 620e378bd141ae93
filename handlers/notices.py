"""An outbox event becomes a screen when it is sent: in the language and with the rights that its reader has then."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from markupsafe import escape

from handlers.answers import shorten, show_answer
from handlers.cards import Shown, card
from handlers.case_screens import remarks_on
from handlers.case_wording import field_label, status_text
from handlers.cases import letter_screen
from handlers.screens import Button, Screen, bold, lines, paragraphs
from locales import N_, show_date, show_list, translate
from storage import cases, desk, duplicates, officers, outbox, people, telling
from storage.answers import question_at
from storage.approval.codes import Kind, Reminder
from storage.approval.status import Status
from storage.cases import NoSuchCase, OpenCase
from storage.letters import Letter
from storage.outline import path_of, value_at

if TYPE_CHECKING:
    from sqlmodel import Session

    from storage.dispatch import Due
    from storage.officers import Officer
    from storage.people import Person
    from storage.world import World

Event = Callable[["Session", "World", "Person", Mapping[str, Any]], "Screen | None"]


def word(session: Session, world: World, due: Due) -> Screen | None:
    """What the reader of an outbox row sees; None where nothing is left to say."""
    if due.reader is None or due.event is None or _is_overtaken(session, due):
        return None
    reader = people.get(session, due.reader)
    worded = _EVENTS.get(due.event)
    return worded(session, world, reader, due.values) if worded else None


def _is_overtaken(session: Session, due: Due) -> bool:
    """Whether a later notice tells where the case stands: it would say the same again, to who was away."""
    if due.event != telling.STATUS or due.case is None or due.reader is None or due.version is None:
        return False
    return outbox.is_posted_since(session, telling.STATUS, due.case, due.reader, due.version)


def shown_for(session: Session, world: World, case: OpenCase, language: str) -> Shown:
    """What a card needs beside the case itself."""
    happened = tuple(cases.events(session, case.id))
    return Shown(
        events=happened,
        names=desk.names_of(session, happened),
        earlier=desk.earlier_cases(session, case),
        similar=duplicates.elsewhere(session, case),
        verified=desk.is_verified(session, case),
        changed=_changed(session, world, case, happened, language),
        left=_left(happened),
    )


def _card(session: Session, world: World, reader: Person, values: Mapping[str, Any]) -> Screen | None:
    officer = officers.officer(session, reader.id or 0)
    if officer is None:
        return None
    return card_for(session, world, values["case"], officer)


def card_for(
    session: Session, world: World, case_id: int, officer: Officer, *, reveal: bool = False
) -> Screen | None:
    """The card as this officer may see it now; None where they may not."""
    try:
        case = desk.case_for(session, world, case_id, officer)
    except NoSuchCase:
        return None
    return card(case, officer, world, shown_for(session, world, case, officer.language), reveal=reveal)


def _status(session: Session, world: World, reader: Person, values: Mapping[str, Any]) -> Screen | None:
    case = cases.read(session, world, values["case"])
    if case.person != reader.id:
        return None
    language = reader.language
    remarks = remarks_on(case, world, language)
    if values.get("kind") == Kind.AMEND:
        mended = [field_label(case, field, language, world) for field in values["fields"]]
        remarks.append(escape(translate(MENDED, language, fields=show_list(mended, language))))
    rows = [(Button(translate(N_("Where it stands"), language), data=f"c:{case.id}"),)]
    if case.state.status is Status.RETURNED:
        rows.insert(0, (Button(translate(N_("Correct it now"), language), data=f"c:{case.id}:correct"),))
    return Screen(paragraphs(status_text(case, world, language), lines(*remarks)), buttons=tuple(rows))


def _letter(session: Session, _world: World, reader: Person, values: Mapping[str, Any]) -> Screen | None:
    letter = session.get(Letter, values["letter"])
    if letter is None or letter.holder_id != reader.id or letter.file_digest is None:
        return None
    return letter_screen(letter, reader.language)


def _draft(session: Session, world: World, reader: Person, values: Mapping[str, Any]) -> Screen | None:
    language = reader.language
    service = world.services.get(values["service"])
    if service is None:
        return None
    told = translate(
        N_("Your draft “{title}” is kept until {date}. Would you like to go on?"),
        language,
        title=translate(service.title, language),
        date=show_date(date.fromisoformat(values["until"]), language),
    )
    return Screen(told, buttons=((Button(translate(N_("Go on"), language), data=f"D:{values['draft']}"),),))


def _reminder(session: Session, world: World, reader: Person, values: Mapping[str, Any]) -> Screen | None:
    """The card once more, with the reason why it comes again."""
    shown = _card(session, world, reader, values)
    if shown is None:
        return None
    told = translate(_REMINDERS[Reminder(values["what"])], reader.language)
    return replace(shown, text=paragraphs(bold(told), shown.text))


def _mend(session: Session, world: World, reader: Person, values: Mapping[str, Any]) -> Screen | None:
    case = cases.read(session, world, values["case"])
    if case.person != reader.id or case.state.status is not Status.RETURNED:
        return None
    return _status(session, world, reader, values)


def _changed(
    session: Session, world: World, case: OpenCase, happened: tuple[Any, ...], language: str
) -> tuple[tuple[str, Any, Any], ...]:
    """Old and new of each corrected field, while the last word in the case is the applicant's correction."""
    if not happened or happened[-1].kind is not Kind.RESUBMIT or case.answers_version < 2:
        return ()
    before = cases.answers_at(session, world, case.id, case.answers_version - 1)
    changed = []
    for field in happened[-1].verdict.changed:
        path = path_of(field)
        question = question_at(world.services[case.service], path)
        if question is not None:
            old, new = value_at(before, path), value_at(case.answers, path)
            changed.append(
                (
                    field,
                    shorten(show_answer(question, old, language), 80),
                    shorten(show_answer(question, new, language), 80),
                )
            )
    return tuple(changed)


def _left(happened: tuple[Any, ...]) -> tuple[str, ...]:
    """Fields that the correction left as they were, while it is the last word in the case."""
    if not happened or happened[-1].kind is not Kind.RESUBMIT:
        return ()
    return tuple(remark.field for remark in happened[-1].verdict.explained)


MENDED = N_("The office corrected a detail: {fields}.")
_REMINDERS = {
    Reminder.HALF: N_("Half of the time for this has passed."),
    Reminder.LIMIT: N_("The time for this has run out."),
    Reminder.NEXT_LEVEL: N_("This is late, and comes to you as the next level."),
    Reminder.DIRECTOR: N_("This is very late, and comes to the director."),
    Reminder.MEND_FIRST: N_("Corrections are awaited."),
    Reminder.MEND_SECOND: N_("Corrections are awaited."),
    Reminder.MEND_LAST: N_("Corrections are awaited; tomorrow it lapses."),
}

_EVENTS: Mapping[str, Event] = {
    "card": _card,
    "status": _status,
    "letter": _letter,
    "draft": _draft,
    "reminder": _reminder,
    "mend": _mend,
}
