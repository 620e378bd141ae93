"""The form in the chat: what a person types, taps and sends while a draft is open becomes one act on it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aiogram.types import CallbackQuery, Message

from handlers.answers import show_answer
from handlers.case_screens import filed_screen
from handlers.form_screens import Reader, form_screen, line_paths, say_problem
from handlers.languages import language_of
from handlers.screens import Button, Screen, paragraphs
from locales import N_, show_date, translate
from storage import drafts, filing, people, turns
from storage.conversation import (
    Act,
    AddRow,
    Asked,
    Back,
    Done,
    Gave,
    Kept,
    Marked,
    Open,
    RemoveRow,
    Same,
    Sent,
    Skip,
    Stands,
    Took,
    Typed,
    View,
    Wrong,
)
from storage.kinds.kind import Control, Problem
from storage.turns import Spoken

if TYPE_CHECKING:
    from datetime import date

    from handlers.hall import Hall
    from handlers.speaker import Incoming, Speaker
    from handlers.work import Work
    from storage.kinds.attachments import FileRef
    from storage.people import Me
    from storage.turns import Turn

HIDDEN = N_("Your message is deleted here: it held a secret answer, which is kept safely.")

_BUTTON = re.compile(r"d:([0-9]{1,9}):([0-9]{1,9}):([a-z]+)([0-9]{1,9})?")
"""Nine digits at most: what a key's column holds on every database."""


async def typed(message: Message, text: str, hall: Hall, work: Work, speaker: Speaker) -> bool:
    """Take a text as the answer to the present question. False: no draft is open."""
    return await _spoke(message, Typed(text), hall, work, speaker)


async def sent(
    message: Message, files: tuple[FileRef, ...], hall: Hall, work: Work, speaker: Speaker
) -> bool:
    """Take files as the answer to the present question. False: no draft is open."""
    return await _spoke(message, Sent(files), hall, work, speaker)


async def wants(message: Message, control: Control, hall: Hall, work: Work) -> bool:
    """Whether the present question is answered by such a thing: a contact, a place."""
    turn = await work.hot_read(turns.look, hall.world(), _telegram_id(message))
    return isinstance(turn.view, Asked) and turn.view.question.kind.control is control


async def tapped(query: CallbackQuery, hall: Hall, work: Work, speaker: Speaker) -> bool:
    """A button of a form: one act, if it was drawn for the draft as it stands; else the present screen.

    False: no button of ours carries that.
    """
    found = _BUTTON.fullmatch(query.data or "")
    if found is None:
        return False
    draft, revision, verb, number = int(found[1]), int(found[2]), found[3], int(found[4] or 0)
    if verb == "send":
        await send(query, hall, work, speaker, draft, revision, again=bool(number))
    elif verb == "later":
        await leave(query, hall, work, speaker)
    elif verb == "p":
        await turn_page(query, hall, work, speaker, number)
    else:
        turn = await work.hot(
            turns.take,
            hall.world(),
            query.from_user.id,
            lambda view: act_of(verb, number, view),
            drawn_for=(draft, revision),
        )
        if not await _after(query, turn, hall, speaker):
            await speaker.show(query, _gone(turn.me))
    return True


async def present(
    incoming: Incoming, hall: Hall, work: Work, speaker: Speaker, *, told: Problem | None = None
) -> bool:
    """Show the question at which the person stands. False: no draft is open."""
    turn = await work.hot_read(turns.look, hall.world(), _telegram_id(incoming))
    if turn.opened is None or turn.view is None or turn.me is None:
        return False
    reader = _reader(turn, hall)
    hidden = isinstance(incoming, Message) and await work.hot_read(turns.was_hidden, _spoken(incoming))
    shown = form_screen(
        turn.opened,
        turn.view,
        reader,
        problems=(told,) if told else (),
        noted=reader.say(HIDDEN) if hidden else None,
    )
    await speaker.show(incoming, shown)
    return True


async def say(message: Message, problem: Problem, hall: Hall, work: Work, speaker: Speaker) -> None:
    """One sentence to who has no form open, with the way to the menu."""
    me = await work.hot_read(people.who, _telegram_id(message))
    language = (
        me.language if me else language_of(message.from_user.language_code if message.from_user else None)
    )
    menu = Button(translate(N_("Menu"), language), data="m:start")
    await speaker.show(message, Screen(say_problem(problem, language), buttons=((menu,),)))


async def send(
    query: CallbackQuery, hall: Hall, work: Work, speaker: Speaker, draft: int, revision: int, *, again: bool
) -> None:
    """Send the draft to the office, once, whatever is tapped twice."""
    world = hall.world()
    turn = await work.hot_read(turns.look, world, query.from_user.id)
    if turn.me is None:
        return
    try:
        filed = await work(filing.submit, world, turn.me, draft, revision, again=again)
    except filing.NotFinished as unfinished:
        await _unfinished(query, hall, speaker, turn, unfinished)
    except filing.FiledBefore as before:
        await speaker.show(query, _filed_before(before, draft, revision, turn.me.language))
    except drafts.DraftGone:
        if not await present(query, hall, work, speaker):
            await speaker.show(query, _gone(turn.me))
    else:
        await speaker.show(query, filed_screen(filed, world, turn.me.language))


async def show_sent(
    query: CallbackQuery, draft: int, me: Me, hall: Hall, work: Work, speaker: Speaker
) -> bool:
    """The receipt of a draft that was sent. False: it was not, or not by this person."""
    world = hall.world()
    sent = await work.read(filing.sent, world, draft, me.id)
    if sent is not None:
        await speaker.show(query, filed_screen(sent, world, me.language))
    return sent is not None


async def show_receipt(
    incoming: Incoming, case: int, me: Me, hall: Hall, work: Work, speaker: Speaker
) -> None:
    """The receipt of a case of the person's own."""
    world = hall.world()
    await speaker.show(
        incoming, filed_screen(await work.read(filing.receipt, world, case), world, me.language)
    )


async def leave(incoming: Incoming, hall: Hall, work: Work, speaker: Speaker) -> bool:
    """Leave the form; the draft is kept, and the person learns until when. False: no draft is open."""
    turn = await work.hot_read(turns.look, hall.world(), _telegram_id(incoming))
    if turn.me is None or turn.opened is None:
        return False
    await work(people.go_to_draft, turn.me.id, None)
    await speaker.show(incoming, _kept(turn, hall))
    return True


async def turn_page(query: CallbackQuery, hall: Hall, work: Work, speaker: Speaker, page: int) -> None:
    """Another page of a long list of choices; nothing is answered by it."""
    turn = await work.hot_read(turns.look, hall.world(), query.from_user.id)
    if turn.opened is None or turn.view is None:
        await speaker.show(query, _gone(turn.me))
        return
    await speaker.show(query, form_screen(turn.opened, turn.view, _reader(turn, hall), page=max(0, page)))


def act_of(verb: str, number: int, view: View) -> Act | None:
    """What a button of this view means. None: nothing."""
    plain: dict[str, Act] = {
        "back": Back(),
        "skip": Skip(),
        "same": Same(),
        "stand": Stands(),
        "done": Done(),
        "add": AddRow(),
        "r": RemoveRow(number),
        "t": Took(number),
        "m": Marked(number),
    }
    if verb == "o":
        paths = line_paths(view)
        return Open(paths[number]) if 0 <= number < len(paths) else None
    if verb == "g" and isinstance(view, Asked):
        return Gave(view.options[number].value) if 0 <= number < len(view.options) else None
    return plain.get(verb)


async def _spoke(message: Message, act: Act, hall: Hall, work: Work, speaker: Speaker) -> bool:
    turn = await work.hot(
        turns.take, hall.world(), _telegram_id(message), lambda _view: act, spoken=_spoken(message)
    )
    return await _after(message, turn, hall, speaker)


def _spoken(message: Message) -> Spoken:
    return Spoken(message.chat.id, message.message_id)


async def _after(incoming: Incoming, turn: Turn, hall: Hall, speaker: Speaker) -> bool:
    if turn.opened is None or turn.view is None or turn.me is None:
        return False
    reader = _reader(turn, hall)
    noted = reader.say(HIDDEN) if turn.hides else _read_back(turn, reader)
    shown = form_screen(turn.opened, turn.view, reader, problems=_problems(turn), noted=noted)
    await speaker.show(incoming, shown)
    return True


def _read_back(turn: Turn, reader: Reader) -> str | None:
    """What was understood, where it differs from what was typed."""
    if not isinstance(turn.step, Kept) or turn.step.read_as is None or not isinstance(turn.before, Asked):
        return None
    shown = show_answer(turn.before.question, turn.step.read_as, reader.language)
    return reader.say(N_("Understood: {answer}"), answer=shown)


def _problems(turn: Turn) -> tuple[Problem, ...]:
    match turn.step:
        case Wrong(problem=problem):
            return (problem,)
        case Kept(warnings=told):
            return told
        case _:
            return ()


async def _unfinished(
    query: CallbackQuery, hall: Hall, speaker: Speaker, turn: Turn, unfinished: filing.NotFinished
) -> None:
    if turn.opened is None or turn.view is None:
        await speaker.show(query, _gone(turn.me))
        return
    screen = form_screen(turn.opened, turn.view, _reader(turn, hall), faults=unfinished.faults)
    await speaker.show(query, screen)


def _filed_before(before: filing.FiledBefore, draft: int, revision: int, language: str) -> Screen:
    text = translate(
        N_("You have already sent this request: {number} is open. Go on with that one, or send another."),
        language,
        number=before.number,
    )
    look = Button(translate(N_("Look at {number}"), language, number=before.number), data=f"c:{before.case}")
    another = Button(translate(N_("Send another all the same"), language), data=f"d:{draft}:{revision}:send1")
    return Screen(text, buttons=((look,), (another,)))


def _kept(turn: Turn, hall: Hall) -> Screen:
    language = turn.me.language if turn.me else "en"
    until = _kept_until(hall)
    text = translate(
        N_("Your draft is saved. It stays until {date}."), language, date=show_date(until, language)
    )
    go_on = Button(translate(N_("Go on"), language), data=f"D:{turn.opened.id if turn.opened else 0}")
    menu = Button(translate(N_("Menu"), language), data="m:start")
    return Screen(text, buttons=((go_on, menu),))


def _kept_until(hall: Hall) -> date:
    return hall.calendar().day_of(hall.now() + drafts.DRAFT_KEPT)


def _gone(me: Me | None) -> Screen:
    language = me.language if me else "en"
    text = paragraphs(
        translate(N_("That form is no longer open. What it held was sent or has lapsed."), language)
    )
    cases = Button(translate(N_("My cases"), language), data="m:cases")
    menu = Button(translate(N_("Menu"), language), data="m:start")
    return Screen(text, buttons=((cases, menu),))


def _reader(turn: Turn, hall: Hall) -> Reader:
    language = turn.me.language if turn.me else "en"
    service = turn.opened.draft.service if turn.opened else ""
    return Reader(language, hall.office.secrets_in_chat(service))


def _telegram_id(incoming: Incoming) -> int:
    return incoming.from_user.id if incoming.from_user else 0
