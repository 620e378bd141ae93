"""Which handler an update reaches: one table for taps, one for commands, then the open form, then the rest.

One router with asynchronous handlers and no filters beyond the update's kind: aiogram runs synchronous filters in
threads, and this is the hot path.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from handlers import cases, files, form, review, start
from handlers import menu as screens
from handlers.again import present
from handlers.languages import language_of
from handlers.screens import Button, Screen
from handlers.start import acquainted
from locales import LANGUAGES, N_, translate
from locales import Message as Text
from storage.kinds.kind import Control, Problem

if TYPE_CHECKING:
    from handlers.hall import Hall
    from handlers.speaker import Speaker
    from handlers.work import Work
    from storage.people import Me

NOT_READ = {
    "sticker": N_("I can't read a sticker. Please write your answer."),
    "voice": N_("I can't listen to voice messages here. Please write your answer."),
    "video": N_("I can't look at videos. Please write your answer, or send a document."),
    "video_note": N_("I can't look at videos. Please write your answer, or send a document."),
    "audio": N_("I can't listen to recordings here. Please write your answer."),
    "animation": N_("I can't read a moving picture. Please write your answer."),
    "poll": N_("I can't read a poll. Please write your answer."),
    "dice": N_("I can't read that. Please write your answer."),
}
"""What people send that no question wants, and what to do instead."""

FORWARDED = N_("That is a forwarded message. Please write the answer yourself, so that it is surely yours.")
EDITED = N_("I don't read edited messages. To change an answer, go Back, or tap its number in the summary.")
NO_NUMBER = N_("No telephone number is asked for now. Please write your answer.")
NO_PLACE = N_("No place is asked for now. Please write your answer.")
NOT_YOURS = N_("That contact is somebody else's. Please share your own, or type the number.")


def router() -> Router:
    """A new router: aiogram lets each be part of one dispatcher only."""
    made = Router(name="shenqiao")
    made.message()(on_message)
    made.edited_message()(on_edited)
    made.callback_query()(on_tap)
    return made


async def on_message(message: Message, hall: Hall, work: Work, speaker: Speaker) -> None:
    """Everything that a person writes or sends."""
    if message.chat.type != "private":
        await _in_a_group(message, hall, speaker)
        return
    if message.text is None:
        await _without_text(message, hall, work, speaker)
    elif message.text.startswith("/"):
        await _command(message, message.text, hall, work, speaker)
    elif message.forward_origin is not None:
        await _tell(message, FORWARDED, hall, work, speaker)
    else:
        await _text(message, message.text, hall, work, speaker)


async def on_edited(message: Message, hall: Hall, work: Work, speaker: Speaker) -> None:
    """An edited message is no new answer: the answer long given stays as it was."""
    if message.chat.type == "private":
        await _tell(message, EDITED, hall, work, speaker)


async def on_tap(query: CallbackQuery, hall: Hall, work: Work, speaker: Speaker) -> None:
    """Every inline button. Data that no screen of ours carries changes nothing, and shows where the person is."""
    head, _, rest = (query.data or "").partition(":")
    if head == "d":
        if not await form.tapped(query, hall, work, speaker):
            await present(query, hall, work, speaker)
        return
    me = await acquainted(query, hall, work)
    match head:
        case "m":
            await _menu(query, rest, me, hall, work, speaker)
        case "s":
            await start.show_service(query, rest, me, hall, work, speaker)
        case "b":
            await start.begin(query, rest, me, hall, work, speaker)
        case "a":
            await start.agree(query, rest, me, hall, work, speaker)
        case "l" if rest in LANGUAGES:
            await start.choose_language(query, rest, me, hall, work, speaker)
        case "D" if _KEY.fullmatch(rest):
            await start.go_on(query, int(rest), me, hall, work, speaker)
        case "c" if await cases.tapped(query, me, hall, work, speaker):
            pass
        case "desk" | "review" | "case" if await review.tapped(query, me, hall, work, speaker):
            pass
        case _:
            await present(query, hall, work, speaker)


_KEY = re.compile(r"[0-9]{1,9}")
"""A row's key in callback data, of anybody's making: no more than its column holds on every database."""


async def _text(message: Message, text: str, hall: Hall, work: Work, speaker: Speaker) -> None:
    me = await acquainted(message, hall, work)
    if me.is_saying and await cases.typed(message, text, me, hall, work, speaker):
        return
    if me.is_saying and await review.typed(message, text, me, hall, work, speaker):
        return
    if me.present_draft is not None and await form.typed(message, text, hall, work, speaker):
        return
    await work.refuse_again()  # it may have answered a question of a form that was sent since
    if (number := cases.number_in(text, hall)) is not None:
        await _case_by_number(message, number, me, hall, work, speaker)
        return
    await start.understand(message, text, me, hall, work, speaker)


async def _case_by_number(
    message: Message, number: str, me: Me, hall: Hall, work: Work, speaker: Speaker
) -> None:
    """A case number alone asks where the case lies: one's own first, then one that an officer may see."""
    if not await cases.show_by_number(message, number, me, hall, work, speaker) and me.is_officer:
        await review.command(message, "case", number, me, hall, work, speaker)


async def _command(message: Message, text: str, hall: Hall, work: Work, speaker: Speaker) -> None:
    word, _, argument = text[1:].partition(" ")
    name = word.partition("@")[0].casefold()
    argument = argument.strip()
    if name == "start":
        await start.start(message, argument, hall, work, speaker)
        return
    me = await acquainted(message, hall, work)
    match name:
        case "apply":
            await start.show_menu(message, me, hall, speaker)
        case "cases":
            await cases.show_list(message, me, hall, work, speaker)
        case "language":
            await speaker.show(message, screens.languages(me.language))
        case "privacy":
            await start.show_privacy(message, me, hall, work, speaker)
        case "help":
            await speaker.show(
                message, screens.help_screen(hall.office, me.language, is_officer=me.is_officer)
            )
        case "cancel":
            if not await form.leave(message, hall, work, speaker):
                await speaker.show(
                    message, screens.greeting(hall.office, me.language, is_officer=me.is_officer)
                )
        case "desk" | "case" if me.is_officer:
            await review.command(message, name, argument, me, hall, work, speaker)
        case _:
            await _tell(
                message, N_("I don't know that command. /help lists those that I know."), hall, work, speaker
            )


async def _menu(query: CallbackQuery, rest: str, me: Me, hall: Hall, work: Work, speaker: Speaker) -> None:
    match rest:
        case "cases":
            await cases.show_list(query, me, hall, work, speaker)
        case "language":
            await speaker.show(query, screens.languages(me.language))
        case "privacy":
            await start.show_privacy(query, me, hall, work, speaker)
        case "help":
            await speaker.show(query, screens.help_screen(hall.office, me.language, is_officer=me.is_officer))
        case "start":
            await speaker.show(query, screens.greeting(hall.office, me.language, is_officer=me.is_officer))
        case _ if rest.startswith("cases") and rest[5:].isdecimal():
            await cases.show_list(query, me, hall, work, speaker, int(rest[5:]))
        case _:
            await start.show_menu(query, me, hall, speaker, int(rest) if rest.isdecimal() else 0)


async def _without_text(message: Message, hall: Hall, work: Work, speaker: Speaker) -> None:
    """Files, contacts and places answer questions; what nothing wants gets a sentence."""
    if message.contact is not None:
        me = message.from_user
        if me is None or message.contact.user_id != me.id:
            await _tell(message, NOT_YOURS, hall, work, speaker)
            return
        if not await form.wants(message, Control.CONTACT, hall, work):
            await _tell(message, NO_NUMBER, hall, work, speaker)
            return
        await _text(message, f"+{message.contact.phone_number.lstrip('+')}", hall, work, speaker)
    elif message.location is not None:
        if not await form.wants(message, Control.LOCATION, hall, work):
            await _tell(message, NO_PLACE, hall, work, speaker)
            return
        spot = f"{message.location.latitude}, {message.location.longitude}"
        await _text(message, spot, hall, work, speaker)
    elif message.document is not None or message.photo:
        await files.received(message, hall, work, speaker)
    elif message.content_type in NOT_READ:
        await _tell(message, NOT_READ[message.content_type], hall, work, speaker)
    elif message.content_type not in _SERVICE_MESSAGES:
        await _tell(message, N_("I can't read that. Please write your answer."), hall, work, speaker)


_SERVICE_MESSAGES = frozenset(
    {"pinned_message", "new_chat_members", "left_chat_member", "migrate_to_chat_id"}
)


async def _tell(message: Message, told: Text, hall: Hall, work: Work, speaker: Speaker) -> None:
    """One sentence, above the screen at which the person is: nothing of theirs is lost."""
    problem = Problem(told)
    if not await form.present(message, hall, work, speaker, told=problem):
        await form.say(message, problem, hall, work, speaker)


async def _in_a_group(message: Message, hall: Hall, speaker: Speaker) -> None:
    """In a group nothing personal is asked or shown: commands get the way to the private chat."""
    if not (message.text or "").startswith("/"):
        return
    language = language_of(message.from_user.language_code if message.from_user else None)
    told = translate(
        N_("Please write to me in a private chat: what you apply for is nobody else's business."), language
    )
    button = Button(
        translate(N_("Open the private chat"), language), url=f"https://t.me/{hall.bot_name}?start=apply"
    )
    await speaker.show(message, Screen(told, buttons=((button,),)))
