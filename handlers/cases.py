"""An applicant's own drafts and cases: the list, one case, and what they may do with it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from handlers.case_screens import case_screen, list_screen
from handlers.case_wording import case_number
from handlers.form import present
from handlers.refused import refused_screen
from handlers.screens import Attachment, Button, Screen
from handlers.start import kept_draft
from locales import N_, translate
from storage import cases, corrections, drafts, flow, letters, pending, people, reviews
from storage.approval.case import Actor
from storage.approval.codes import Kind
from storage.approval.refusals import NotTaken
from storage.approval.rights import why_not
from storage.approval.verdicts import AskRevocation, Object, Urge, Withdraw
from storage.cases import NoSuchCase, OpenCase
from storage.kinds.kind import Context, Taken
from storage.kinds.references import CaseRefKind
from storage.pending import Saying
from storage.saying import TEXT

if TYPE_CHECKING:
    from aiogram.types import CallbackQuery, Message
    from sqlmodel import Session

    from handlers.hall import Hall
    from handlers.speaker import Incoming, Speaker
    from handlers.work import Work
    from storage.approval.case import Event
    from storage.letters import Letter
    from storage.people import Me
    from storage.world import World

_BUTTON = re.compile(r"c:([0-9]{1,9})(?::([a-z_]+))?")
"""Nine digits at most: what a key's column holds on every database."""
_ASKED_TWICE = {
    Kind.WITHDRAW: N_("Take {number} back? Nothing more happens with it then, and it can't be undone."),
}


async def show_list(
    incoming: Incoming, me: Me, hall: Hall, work: Work, speaker: Speaker, page: int = 0
) -> None:
    """Drafts and cases of the person who asks."""
    world = hall.world()
    opened = await work.read(drafts.of_person, hall.services, me.id)
    own = await work.read(cases.of_person, world, me.id)
    kept = [kept_draft(one, hall) for one in opened]
    await speaker.show(incoming, list_screen(kept, own, world, me.language, max(0, page)))


async def tapped(query: CallbackQuery, me: Me, hall: Hall, work: Work, speaker: Speaker) -> bool:
    """A button of one's own case; somebody else's number shows nothing. False: no button of ours carries that."""
    found = _BUTTON.fullmatch(query.data or "")
    if found is None:
        return False
    case_id, verb = int(found[1]), found[2] or "show"
    try:
        await _do(query, case_id, verb, me, hall, work, speaker)
    except NoSuchCase:
        await speaker.show(query, no_such_case(me.language))
    except NotTaken as refusal:
        await speaker.show(query, refused_screen(refusal, me.language, back=f"c:{case_id}"))
    return True


async def show_case(
    incoming: Incoming, case_id: int, me: Me, hall: Hall, work: Work, speaker: Speaker
) -> None:
    """Where one's own case lies. Raises NoSuchCase."""
    world = hall.world()
    case, happened, letter = await work.read(_own_case, world, case_id, me.id)
    shown = case_screen(case, happened, world, me.language, letter=letter.number if letter else None)
    await speaker.show(incoming, shown)


def number_in(text: str, hall: Hall) -> str | None:
    """The case number that a text names, in any of the forms in which people write it."""
    today = hall.calendar().day_of(hall.now())
    match CaseRefKind().read(text, Context(today=today)):
        case Taken(value=str(number)):
            return number
        case _:
            return None


async def show_by_number(
    message: Message, number: str, me: Me, hall: Hall, work: Work, speaker: Speaker
) -> bool:
    """Where one's own case of that number lies. False, for an officer, where it is not theirs."""
    case_id = await work.read(cases.own_by_number, number, me.id)
    if case_id is not None:
        await show_case(message, case_id, me, hall, work, speaker)
    elif not me.is_officer:
        await speaker.show(message, no_such_case(me.language))
    return case_id is not None


def no_such_case(language: str) -> Screen:
    """The same words whether the case does not exist or is not theirs."""
    told = translate(N_("I find no such case of yours."), language)
    return Screen(told, buttons=((Button(translate(N_("My cases"), language), data="m:cases"),),))


async def _do(
    query: CallbackQuery, case_id: int, verb: str, me: Me, hall: Hall, work: Work, speaker: Speaker
) -> None:
    world = hall.world()
    if verb == "correct":
        try:
            await work(_begin_correction, world, case_id, me)
        except drafts.DraftGone:  # the office or the clock was quicker
            await show_case(query, case_id, me, hall, work, speaker)
        else:
            await present(query, hall, work, speaker)
    elif verb == "copy":
        await work(_copy, world, case_id, me)
        await present(query, hall, work, speaker)
    elif verb == "drop":
        await work(pending.drop, me.id)
        await show_case(query, case_id, me, hall, work, speaker)
    elif verb == "letter":
        await _send_letter(query, case_id, me, hall, work, speaker)
    elif verb == Kind.WITHDRAW:
        case, _, _ = await work.read(_own_case, world, case_id, me.id)
        await speaker.show(query, _sure(case, world, me.language))
    elif verb == Kind.OBJECT:
        case = await work(_begin_objection, world, case_id, me.id)
        await speaker.show(query, _why(case, world, me.language))
    elif verb in _VERDICTS:
        await work(_say, world, case_id, verb, me.id)
        await show_case(query, case_id, me, hall, work, speaker)
    else:
        await show_case(query, case_id, me, hall, work, speaker)


_VERDICTS = {"urge": Urge, "withdraw_sure": Withdraw, "ask_revocation": AskRevocation}


async def typed(message: Message, text: str, me: Me, hall: Hall, work: Work, speaker: Speaker) -> bool:
    """Why the applicant objects. False: nothing of theirs waits for words."""
    saying = await work.read(pending.of, me.id)
    if saying is None or saying.kind != Kind.OBJECT:
        return False
    try:
        await work(_object, hall.world(), saying, text, me.id)
    except NotTaken as refusal:
        await speaker.show(message, refused_screen(refusal, me.language, back=f"c:{saying.case}"))
    except NoSuchCase:
        await speaker.show(message, no_such_case(me.language))
    else:
        await show_case(message, saying.case, me, hall, work, speaker)
    return True


async def show_asked(
    incoming: Incoming, saying: Saying, me: Me, hall: Hall, work: Work, speaker: Speaker
) -> bool:
    """Ask why the applicant objects. False: that is not what they began to say."""
    if saying.kind != Kind.OBJECT:
        return False
    world = hall.world()
    case, _, _ = await work.read(_own_case, world, saying.case, me.id)
    await speaker.show(incoming, _why(case, world, me.language))
    return True


def _say(session: Session, world: World, case_id: int, verb: str, person: int) -> OpenCase:
    case, _, _ = _own_case(session, world, case_id, person)
    return reviews.by_applicant(session, world, case_id, _VERDICTS[verb](case.state.version), person)


def _begin_objection(session: Session, world: World, case_id: int, person: int) -> OpenCase:
    case, _, _ = _own_case(session, world, case_id, person)
    refusal = why_not(case.state, Kind.OBJECT, Actor(person), world.now, world.calendar)
    if refusal is not None:
        raise refusal
    saying = Saying(case=case_id, seen=case.state.version, kind=Kind.OBJECT.value, wants=TEXT)
    pending.keep(session, person, saying, world.now)
    return case


def _object(session: Session, world: World, saying: Saying, text: str, person: int) -> None:
    pending.drop(session, person)
    reviews.by_applicant(session, world, saying.case, Object(saying.seen, text), person)


def _own_case(
    session: Session, world: World, case_id: int, person: int
) -> tuple[OpenCase, list[Event], Letter | None]:
    case = cases.read(session, world, case_id)
    if case.person != person:
        raise NoSuchCase
    made = [letter for letter in letters.letters_of(session, case_id) if letter.file_digest]
    return case, cases.events(session, case_id), made[-1] if made else None


def _begin_correction(session: Session, world: World, case_id: int, me: Me) -> None:
    case, _, _ = _own_case(session, world, case_id, me.id)
    corrections.begin(session, world, me, case)


def _copy(session: Session, world: World, case_id: int, me: Me) -> None:
    """A new draft with the answers of an ended case; it gets a number of its own when it is sent."""
    case, _, _ = _own_case(session, world, case_id, me.id)
    service = world.services[case.service]
    opened = drafts.create(
        session, service, me.id, flow.copy(service, case.answers, world.facts(me, case.service)), world.now
    )
    people.go_to_draft(session, me.id, opened.id)


def _sure(case: OpenCase, world: World, language: str) -> Screen:
    told = translate(_ASKED_TWICE[Kind.WITHDRAW], language, number=case_number(case, world, language))
    keep = Button(translate(N_("Leave it with the office"), language), data=f"c:{case.id}")
    sure = Button(translate(N_("Take it back"), language), data=f"c:{case.id}:withdraw_sure")
    return Screen(told, buttons=((keep,), (sure,)))


def _why(case: OpenCase, world: World, language: str) -> Screen:
    asked = translate(
        N_("Please write why you object to the decision on {number}."),
        language,
        number=case_number(case, world, language),
    )
    return Screen(
        asked, buttons=((Button(translate(N_("Rather not"), language), data=f"c:{case.id}:drop"),),)
    )


async def _send_letter(
    query: CallbackQuery, case_id: int, me: Me, hall: Hall, work: Work, speaker: Speaker
) -> None:
    _, _, letter = await work.read(_own_case, hall.world(), case_id, me.id)
    if letter is None or letter.file_digest is None:
        await show_case(query, case_id, me, hall, work, speaker)
        return
    await speaker.show(query, letter_screen(letter, me.language))


def letter_screen(letter: Letter, language: str) -> Screen:
    """The letter itself, to be kept and passed on."""
    told = translate(
        N_("Your letter {number}. Anyone can check it with the code on it."), language, number=letter.number
    )
    paper = Attachment(f"{letter.number}.pdf", "application/pdf", digest=letter.file_digest)
    return Screen(told, attachments=(paper,))
