"""Officers at work: the desk, a card, and a verdict said in one tap, or in a few words where the rules want them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from handlers.cards import attachments_of, case_list, desk, history, whole
from handlers.case_wording import case_number
from handlers.form_screens import say_problem
from handlers.notices import card_for, shown_for
from handlers.refused import refused_text
from handlers.review_screens import asking
from handlers.screens import Attachment, Button, Screen, paragraphs
from handlers.verdict_steps import Outcome, Tap, advance, officer_of, typed_part
from locales import N_, translate
from storage import desk as desks
from storage import officers, pending, reviews
from storage.approval.codes import Kind
from storage.approval.refusals import NotTaken
from storage.cases import Case, NoSuchCase, OpenCase
from storage.reviews import NotRead
from storage.saying import TYPED
from storage.telling import CARD

if TYPE_CHECKING:
    from aiogram.types import CallbackQuery, Message
    from sqlmodel import Session

    from handlers.hall import Hall
    from handlers.speaker import Incoming, Speaker
    from handlers.work import Work
    from storage.officers import Officer
    from storage.pending import Saying
    from storage.people import Me
    from storage.world import World

_REVIEW = re.compile(r"review:([0-9]{1,9}):([0-9]{1,9}):([a-z_]+)(?:\.([a-z0-9_]+))?")
_CASE = re.compile(r"case:([0-9]{1,9})(?::([a-z]+))?")


async def command(
    message: Message, name: str, argument: str, me: Me, hall: Hall, work: Work, speaker: Speaker
) -> None:
    """/desk, and /case with a number or a name."""
    if name == "desk" or not argument:
        await show_desk(message, me, hall, work, speaker)
        return
    found = await work.read(_search, hall.world(), argument, me.id)
    if len(found) == 1:
        await show_card(message, found[0].id, me, hall, work, speaker)
    elif found:
        await speaker.show(message, case_list(found, N_("Found:"), me.language, hall.world()))
    else:
        await speaker.show(message, _nothing_found(me.language))


async def tapped(query: CallbackQuery, me: Me, hall: Hall, work: Work, speaker: Speaker) -> bool:
    """Buttons of the desk and of cards. Who is no officer, or may not see the case, learns nothing.

    False: no button of ours carries that.
    """
    data = query.data or ""
    if data == "desk":
        await show_desk(query, me, hall, work, speaker)
    elif (found := _CASE.fullmatch(data)) is not None:
        await _look(query, int(found[1]), found[2] or "card", me, hall, work, speaker)
    elif (found := _REVIEW.fullmatch(data)) is not None and found[3] in set(Kind):
        tap = Tap(int(found[1]), int(found[2]), found[3], found[4] or "")
        await _say(query, tap, me, hall, work, speaker)
    else:
        return False
    return True


async def typed(message: Message, text: str, me: Me, hall: Hall, work: Work, speaker: Speaker) -> bool:
    """A reason, a remark or a day that a verdict waits for. False: none does."""
    saying = await work.read(pending.of, me.id)
    if saying is None or saying.wants not in TYPED:
        return False
    world = hall.world()
    try:
        outcome = await work(typed_part, world, me.id, text)
    except NotRead as unread:
        told = f"⚠ {say_problem(unread.problem, me.language)}"
        await show_card(message, saying.case, me, hall, work, speaker, told=told)
    except NotTaken as refusal:
        await _show_refused(message, saying.case, refusal, me, hall, work, speaker)
    except NoSuchCase:
        await speaker.show(message, _nothing_found(me.language))
    else:
        await _show_outcome(message, outcome, me, hall, work, speaker)
    return True


async def show_desk(incoming: Incoming, me: Me, hall: Hall, work: Work, speaker: Speaker) -> None:
    """What waits for the officer."""
    world = hall.world()
    waiting = await work.read(_waiting, world, me.id)
    await speaker.show(incoming, desk(waiting, me.language, world))


async def show_card(
    incoming: Incoming,
    case_id: int,
    me: Me,
    hall: Hall,
    work: Work,
    speaker: Speaker,
    *,
    told: str | None = None,
    reveal: bool = False,
) -> None:
    """A case's card as it stands for this officer now."""
    found = await work.read(_card, hall.world(), case_id, me.id, reveal)
    if found is None:
        await speaker.show(incoming, _nothing_found(me.language))
        return
    shown, version = found
    screen = replace(shown, text=paragraphs(told, shown.text)) if told else shown
    messages = await speaker.show(incoming, screen)
    await work.shown(CARD, case_id, me.id, version, messages)


async def show_asked(
    incoming: Incoming, saying: Saying, me: Me, hall: Hall, work: Work, speaker: Speaker
) -> bool:
    """The part of a verdict that is asked now. False: the verdict is not the officer's to say any more."""
    world = hall.world()
    try:
        case, officer = await work.read(_seen_by, world, saying.case, me.id)
    except NoSuchCase:
        return False
    if not saying.wants or saying.seen != case.state.version:
        return False
    await speaker.show(incoming, asking(case, saying, officer, world))
    return True


async def _look(
    query: CallbackQuery, case_id: int, verb: str, me: Me, hall: Hall, work: Work, speaker: Speaker
) -> None:
    world = hall.world()
    try:
        if verb == "secrets":
            message_id = query.message.message_id if query.message else 0
            await work(_reveal, world, case_id, me.id, message_id)
            await show_card(query, case_id, me, hall, work, speaker, reveal=True)
        elif verb == "history":
            await speaker.show(query, await work.read(_history, world, case_id, me.id))
        elif verb == "all":
            await speaker.show(query, await work.read(_whole, world, case_id, me.id))
        elif verb == "files":
            await speaker.show(query, await work(_files, world, case_id, me.id))
        else:
            await work(pending.drop, me.id)
            await show_card(query, case_id, me, hall, work, speaker)
    except NoSuchCase:
        await speaker.show(query, _nothing_found(me.language))


async def _say(query: CallbackQuery, tap: Tap, me: Me, hall: Hall, work: Work, speaker: Speaker) -> None:
    try:
        outcome = await work(advance, hall.world(), me.id, tap)
    except NotRead as unread:
        told = f"⚠ {say_problem(unread.problem, me.language)}"
        await show_card(query, tap.case, me, hall, work, speaker, told=told)
    except NotTaken as refusal:
        await _show_refused(query, tap.case, refusal, me, hall, work, speaker)
    except NoSuchCase:
        await speaker.show(query, _nothing_found(me.language))
    else:
        await _show_outcome(query, outcome, me, hall, work, speaker)


async def _show_outcome(
    incoming: Incoming, outcome: Outcome, me: Me, hall: Hall, work: Work, speaker: Speaker
) -> None:
    if outcome.saying is None:
        await show_card(incoming, outcome.case.id, me, hall, work, speaker)
        return
    officer = await work.read(officer_of, me.id)
    await speaker.show(
        incoming, asking(outcome.case, outcome.saying, officer, hall.world(), page=outcome.page)
    )


async def _show_refused(
    incoming: Incoming, case_id: int, refusal: NotTaken, me: Me, hall: Hall, work: Work, speaker: Speaker
) -> None:
    """Why it was not taken, above the card as it stands: an old card never decides on what was not seen."""
    await show_card(
        incoming, case_id, me, hall, work, speaker, told=f"⚠ {refused_text(refusal, me.language)}"
    )


# --- what is read ---


def _waiting(session: Session, world: World, person: int) -> list[OpenCase]:
    officer = officers.officer(session, person)
    return desks.waiting(session, world, officer) if officer else []


def _search(session: Session, world: World, text: str, person: int) -> list[OpenCase]:
    officer = officers.officer(session, person)
    return desks.search(session, world, text, officer) if officer else []


def _card(
    session: Session, world: World, case_id: int, person: int, reveal: bool
) -> tuple[Screen, int] | None:
    """The card, and the version of the case that it shows."""
    officer = officers.officer(session, person)
    shown = card_for(session, world, case_id, officer, reveal=reveal) if officer else None
    return None if shown is None else (shown, session.get_one(Case, case_id).version)


def _seen_by(session: Session, world: World, case_id: int, person: int) -> tuple[OpenCase, Officer]:
    officer = officer_of(session, person)
    return desks.case_for(session, world, case_id, officer), officer


def _reveal(session: Session, world: World, case_id: int, person: int, message_id: int) -> None:
    reviews.show_secrets(session, world, case_id, officer_of(session, person), message_id)


def _history(session: Session, world: World, case_id: int, person: int) -> Screen:
    officer = officer_of(session, person)
    case = desks.case_for(session, world, case_id, officer)
    return history(case, officer, world, shown_for(session, world, case, officer.language))


def _whole(session: Session, world: World, case_id: int, person: int) -> Screen:
    officer = officer_of(session, person)
    return whole(desks.case_for(session, world, case_id, officer), officer, world)


def _files(session: Session, world: World, case_id: int, person: int) -> Screen:
    officer = officer_of(session, person)
    case = reviews.open_files(session, world, case_id, officer)
    papers = tuple(
        Attachment(file.name, file.media_type, digest=file.digest) for _, file in attachments_of(case, world)
    )
    back = Button(translate(N_("Back to the card"), officer.language), data=f"case:{case_id}")
    told = translate(
        N_("The files of {number}"), officer.language, number=case_number(case, world, officer.language)
    )
    return Screen(told, attachments=papers, buttons=((back,),), protect=True)


def _nothing_found(language: str) -> Screen:
    told = translate(N_("I find no such case for you."), language)
    return Screen(told, buttons=((Button(translate(N_("What waits for me"), language), data="desk"),),))
