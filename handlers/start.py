"""Before and around a form: greeting, links, menu, consent, language, help, and a service's first screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process, utils

from handlers import menu as screens
from handlers.form import present
from handlers.languages import language_of
from handlers.screens import Button, Screen
from handlers.verification import verification_screen
from locales import N_, translate
from storage import drafts, flow, letters, officers, people
from storage.drafts import DRAFT_KEPT, DraftGone, OpenDraft
from storage.people import Me

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from aiogram.types import CallbackQuery, Message
    from sqlmodel import Session

    from handlers.hall import Hall
    from handlers.speaker import Incoming, Speaker
    from handlers.work import Work
    from storage.forms import Service
    from storage.world import World

UNUSABLE = N_("This invitation can't be used any more. Please ask the office for a new one.")
NEAR_ENOUGH = 62
"""RapidFuzz score from which a service is offered for a person's own words."""


async def acquainted(incoming: Incoming, hall: Hall, work: Work) -> Me:
    """The person who speaks; met now if never before, in the language of their client."""
    user = incoming.from_user
    telegram_id = user.id if user else 0
    me = await work.hot_read(people.who, telegram_id)
    if me is not None and not me.blocked:
        return me
    await work.aside(people.meet, telegram_id, language_of(user.language_code if user else None), hall.now())
    met = await work.hot_read(people.who, telegram_id)
    if met is None:
        raise LookupError("a person who was just met is gone")
    return met


async def start(message: Message, payload: str, hall: Hall, work: Work, speaker: Speaker) -> None:
    """/start, alone or with what a link carries. The payload is anybody's: only what is known is followed."""
    me = await acquainted(message, hall, work)
    kind, _, code = payload.partition("_")
    if payload in hall.services:
        await show_service(message, payload, me, hall, work, speaker)
    elif kind in ("staff", "unit") and code:
        await _join(message, code, me, hall, work, speaker)
    elif kind == "v" and code:
        await verify(message, code, me, hall, work, speaker)
    else:
        await speaker.show(message, screens.greeting(hall.office, me.language, is_officer=me.is_officer))


async def show_menu(incoming: Incoming, me: Me, hall: Hall, speaker: Speaker, page: int = 0) -> None:
    """The services."""
    await speaker.show(
        incoming, screens.menu(tuple(hall.services.values()), me.audiences, me.language, max(0, page))
    )


async def show_service(
    incoming: Incoming, service_id: str, me: Me, hall: Hall, work: Work, speaker: Speaker
) -> None:
    """A service's first screen, with the drafts that the person has of it."""
    service = hall.services.get(service_id)
    if service is None:
        await show_menu(incoming, me, hall, speaker)
        return
    opened = await work.read(drafts.of_person, hall.services, me.id)
    kept = [kept_draft(one, hall) for one in opened if one.draft.service == service_id and one.case is None]
    await speaker.show(incoming, screens.service_screen(service, hall.office, me.language, kept))


async def begin(
    query: CallbackQuery, service_id: str, me: Me, hall: Hall, work: Work, speaker: Speaker
) -> None:
    """Begin a form; the privacy notice comes before the first personal question."""
    service = hall.services.get(service_id)
    if service is None:
        await show_menu(query, me, hall, speaker)
    elif not me.agreed:
        await speaker.show(query, screens.privacy_notice(hall.office, me.language, service=service_id))
    else:
        await work(_begin, service, me.id, hall.now())
        await present(query, hall, work, speaker)


async def agree(
    query: CallbackQuery, service_id: str, me: Me, hall: Hall, work: Work, speaker: Speaker
) -> None:
    """Record the consent, and go on to the form for which it was asked: one effect, one transaction."""
    service = hall.services.get(service_id)
    await work(_agree, service, me.id, hall.now())
    if service is None or not await present(query, hall, work, speaker):
        await speaker.show(query, screens.greeting(hall.office, me.language, is_officer=me.is_officer))


async def go_on(query: CallbackQuery, draft: int, me: Me, hall: Hall, work: Work, speaker: Speaker) -> None:
    """Go on with a draft."""
    try:
        await work(_go_on, draft, me.id)
    except DraftGone:
        await show_menu(query, me, hall, speaker)
    else:
        await present(query, hall, work, speaker)


async def choose_language(
    query: CallbackQuery, code: str, me: Me, hall: Hall, work: Work, speaker: Speaker
) -> None:
    """Speak another language, one of `LANGUAGES`, from now on; an open form goes on in it."""
    await work(people.choose_language, me.id, code)
    if not await present(query, hall, work, speaker):
        await speaker.show(query, screens.greeting(hall.office, code, is_officer=me.is_officer))


async def show_privacy(incoming: Incoming, me: Me, hall: Hall, work: Work, speaker: Speaker) -> None:
    """What is kept, and since when the person agreed to it."""
    agreed = await work.read(_agreed_on, me.id, hall.world())
    await speaker.show(incoming, screens.privacy_notice(hall.office, me.language, agreed=agreed))


async def verify(incoming: Incoming, code: str, me: Me, hall: Hall, work: Work, speaker: Speaker) -> None:
    """Whether a letter with this code exists and is valid; no more is told."""
    found = await work.read(letters.verify, code)
    await speaker.show(incoming, verification_screen(found, hall, me.language))


async def understand(message: Message, text: str, me: Me, hall: Hall, work: Work, speaker: Speaker) -> None:
    """A text outside a form: a verification code, or the services that its words are nearest to."""
    if letters.read_code(text) is not None:
        await verify(message, text, me, hall, work, speaker)
        return
    found = nearest(text, hall.services, me.language)
    if found:
        await speaker.show(message, screens.suggestions(found, me.language))
    else:
        shown = screens.menu(tuple(hall.services.values()), me.audiences, me.language)
        told = translate(N_("I did not understand that. Here is what I can do."), me.language)
        await speaker.show(message, Screen(told, buttons=shown.buttons))


def nearest(text: str, services: Mapping[str, type[Service]], language: str) -> tuple[type[Service], ...]:
    """The services whose titles and words are near to a text, the nearest first; at most three."""
    names = {
        f"{service_id} {number}": translate(words, spoken)
        for service_id, service in services.items()
        for number, words in enumerate((service.title, *service.search_words))
        for spoken in (language,)
    }
    found = process.extract(
        text, names, scorer=fuzz.WRatio, processor=utils.default_process, score_cutoff=NEAR_ENOUGH, limit=12
    )
    ordered = dict.fromkeys(key.split(" ")[0] for _, _, key in found)
    return tuple(services[service_id] for service_id in list(ordered)[:3])


def kept_draft(opened: OpenDraft, hall: Hall) -> screens.Kept:
    """A draft as lists show it."""
    service = hall.services[opened.draft.service]
    until: date = hall.calendar().day_of((opened.touched_at or hall.now()) + DRAFT_KEPT)
    return screens.Kept(opened.id, service.title, until)


async def _join(message: Message, code: str, me: Me, hall: Hall, work: Work, speaker: Speaker) -> None:
    """An invitation of the office: the account becomes an officer's, or may apply for a bureau."""
    try:
        invitation = await work(officers.redeem, code, me.id, hall.now())
    except officers.UnusableCode:
        told = translate(UNUSABLE, me.language)
        await speaker.show(message, Screen(told))
        return
    if invitation.role is not None:
        told = translate(
            N_("Welcome, {name}. You now see what waits for you with /desk."),
            me.language,
            name=invitation.name,
        )
        desk = Button(translate(N_("What waits for me"), me.language), data="desk")
        await speaker.show(message, Screen(told, buttons=((desk,),)))
    else:
        told = translate(N_("You may now apply for {unit}."), me.language, unit=invitation.unit)
        await speaker.show(
            message, Screen(told, buttons=((Button(translate(N_("Apply"), me.language), data="m:0"),),))
        )


def _begin(session: Session, service: type[Service], person: int, at: datetime) -> None:
    opened = drafts.create(session, service, person, flow.begin(service), at)
    people.go_to_draft(session, person, opened.id)


def _agree(session: Session, service: type[Service] | None, person: int, at: datetime) -> None:
    people.agree(session, person, at)
    if service is not None:
        _begin(session, service, person, at)


def _go_on(session: Session, draft: int, person: int) -> None:
    drafts.row_of(session, draft, person)
    people.go_to_draft(session, person, draft)


def _agreed_on(session: Session, person: int, world: World) -> date | None:
    at = people.get(session, person).consent_at
    return world.calendar.day_of(at) if at is not None else None
