"""What people see before a form: greeting, menu, a service's first screen, languages, privacy, help. PURE screens."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from handlers.answers import shorten
from handlers.screens import Button, Screen, bold, lines, paragraphs
from locales import N_, SPOKEN, Message, plural, show_date, translate
from storage.approval import Unit
from storage.drafts import DRAFT_KEPT
from storage.forms import Audience, Service
from storage.offices import Office

SERVICES_ON_A_PAGE = 10


@dataclass(frozen=True)
class Kept:
    """A draft as a list shows it."""

    id: int
    title: Message
    until: date


def greeting(office: Office, language: str, *, is_officer: bool = False) -> Screen:
    """At most five short lines: who we are, what people come for, and what to tap."""
    text = paragraphs(
        bold(office.name.for_reader(language)),
        translate(
            N_(
                "Invite a guest, plan an official visit, settle overseas-Chinese matters, register as a talent: "
                "write here, and see at any time where it stands."
            ),
            language,
        ),
        translate(N_("In an emergency abroad call 12308 (+86-10-12308)."), language),
    )
    rows = [
        (Button(translate(N_("Apply"), language), data="m:0"),),
        (Button(translate(N_("My cases"), language), data="m:cases"), _language_button(language)),
        (
            Button(translate(N_("Privacy"), language), data="m:privacy"),
            Button(translate(N_("Help"), language), data="m:help"),
        ),
    ]
    if is_officer:
        rows.insert(0, (Button(translate(N_("What waits for me"), language), data="desk"),))
    return Screen(text, buttons=tuple(rows))


def menu(services: Sequence[type[Service]], audiences: Iterable[str], language: str, page: int = 0) -> Screen:
    """The services in words of people's needs; those for the person's own audiences first."""
    mine = set(audiences)
    ordered = sorted(services, key=lambda service: not mine & {one.value for one in service.audiences})
    first = page * SERVICES_ON_A_PAGE
    rows: list[tuple[Button, ...]] = [
        (Button(translate(service.title, language), data=f"s:{service.form_id()}"),)
        for service in ordered[first : first + SERVICES_ON_A_PAGE]
    ]
    turn = []
    if page:
        turn.append(Button(translate(N_("Earlier"), language), data=f"m:{page - 1}"))
    if first + SERVICES_ON_A_PAGE < len(ordered):
        turn.append(Button(translate(N_("More"), language), data=f"m:{page + 1}"))
    rows.append(tuple(turn))
    text = translate(N_("What do you need? Choose, or write it in your own words."), language)
    return Screen(text, buttons=tuple(rows))


def suggestions(found: Sequence[type[Service]], language: str) -> Screen:
    """The services that a person's own words are nearest to."""
    rows = [(Button(translate(service.title, language), data=f"s:{service.form_id()}"),) for service in found]
    rows.append((Button(translate(N_("Show everything"), language), data="m:0"),))
    text = N_("Is it one of these?") if found else N_("I did not understand that. Here is what I can do.")
    return Screen(translate(text, language), buttons=tuple(rows))


def service_screen(
    service: type[Service], office: Office, language: str, drafts: Sequence[Kept] = ()
) -> Screen:
    """A service's first screen: what it is for, what to have ready, how long it takes, and what it costs."""
    ready = [f"• {translate(item, language)}" for item in service.have_ready]
    text = paragraphs(
        bold(translate(service.title, language)),
        translate(service.about, language) if service.about else None,
        lines(translate(N_("Have ready:"), language), *ready) if ready else None,
        lines(_takes(service, language), translate(N_("It costs nothing."), language), _remedy(language)),
        _for_whom(service, language),
    )
    rows = [
        (
            Button(
                translate(
                    N_("Go on with the draft (kept until {date})"),
                    language,
                    date=show_date(kept.until, language),
                ),
                data=f"D:{kept.id}",
            ),
        )
        for kept in drafts
    ]
    begin = N_("Begin anew") if drafts else N_("Begin")
    rows.append((Button(translate(begin, language), data=f"b:{service.form_id()}"),))
    rows.append((Button(translate(N_("All services"), language), data="m:0"),))
    return Screen(text, buttons=tuple(rows))


def privacy_notice(
    office: Office, language: str, *, service: str | None = None, agreed: date | None = None
) -> Screen:
    """One short notice of what is kept, why and how long; with Agree and Not now until the person agreed."""
    text = paragraphs(
        bold(translate(N_("What we keep about you"), language)),
        translate(
            N_(
                "We keep what you answer here and the files you send, to decide on your request and to be able "
                "to say later who decided what. Only the officers who work on it see it."
            ),
            language,
        ),
        translate(
            N_(
                "Document numbers and scans are encrypted and deleted two years after the case closes, drafts "
                "after {days} days, case files after the archive's term. You may ask for a copy, a correction or "
                "deletion at any time."
            ),
            language,
            days=DRAFT_KEPT.days,
        ),
        translate(N_("Telegram carries your messages outside mainland China."), language),
        translate(N_("You agreed on {date}."), language, date=show_date(agreed, language))
        if agreed
        else None,
    )
    if agreed:
        return Screen(text)
    later = Button(translate(N_("Not now"), language), data="m:start")
    agree = Button(translate(N_("Agree"), language), data=f"a:{service or ''}")
    return Screen(text, buttons=((agree, later),))


def languages(language: str) -> Screen:
    """Each language by its own name."""
    buttons = [Button(name, data=f"l:{code}") for code, name in SPOKEN.items()]
    rows = tuple(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2))
    return Screen(translate(N_("In which language shall I speak?"), language), buttons=rows)


def help_screen(office: Office, language: str, *, is_officer: bool) -> Screen:
    """What can be typed, and how to reach a person."""
    commands = [f"/{name} – {translate(text, language)}" for name, text in COMMANDS]
    if is_officer:
        commands += [f"/{name} – {translate(text, language)}" for name, text in OFFICER_COMMANDS]
    reach = translate(
        N_("The office: {address}. Telephone {phones}."),
        language,
        address=office.address.for_reader(language),
        phones=", ".join(office.phones),
    )
    return Screen(paragraphs(lines(*commands), reach), buttons=((_language_button(language),),))


COMMANDS: tuple[tuple[str, Message], ...] = (
    ("start", N_("Greeting and menu")),
    ("apply", N_("Apply for something")),
    ("cases", N_("My drafts and cases")),
    ("language", N_("Change the language")),
    ("privacy", N_("What is kept about you")),
    ("help", N_("Help, and how to reach a person")),
    ("cancel", N_("Leave the form; the draft is kept")),
)
OFFICER_COMMANDS: tuple[tuple[str, Message], ...] = (
    ("desk", N_("What waits for you")),
    ("case", N_("Find a case by number or name")),
)


def _takes(service: type[Service], language: str) -> str:
    routes = [matter.route for matter in service.matter_forms] or [service.route]
    days = [
        sum(stage.within.n for stage in route.stages if stage.acts and stage.within.unit is Unit.WORKING_DAYS)
        for route in routes
    ]
    most = max(1, round(max(days)))
    answered = plural(
        "An answer takes up to {n} working day.", "An answer takes up to {n} working days.", most, language
    )
    if service.filling_minutes is None:
        return answered
    filled = plural(
        "Filling it in takes about {n} minute.",
        "Filling it in takes about {n} minutes.",
        service.filling_minutes,
        language,
    )
    return f"{filled} {answered}" if not language.startswith("zh") else f"{filled}{answered}"


def _remedy(language: str) -> str:
    return translate(N_("If it is refused you learn why, and may object."), language)


def _for_whom(service: type[Service], language: str) -> str | None:
    names = [translate(_AUDIENCES[one], language) for one in Audience if one in service.audiences]
    return (
        translate(N_("For: {audiences}"), language, audiences=shorten(" · ".join(names), 200))
        if names
        else None
    )


def _language_button(language: str) -> Button:
    return Button(
        f"{SPOKEN[language]} / {'中文' if not language.startswith('zh') else 'English'}", data="m:language"
    )


_AUDIENCES: dict[Audience, Message] = {
    Audience.PUBLIC: N_("everybody"),
    Audience.OVERSEAS: N_("overseas Chinese and their families"),
    Audience.TALENT: N_("talents from abroad"),
    Audience.HOST: N_("hosts in Shenyang"),
    Audience.BUREAU: N_("municipal bureaus and districts"),
    Audience.NGO: N_("social organisations"),
    Audience.JOURNALIST: N_("foreign journalists"),
    Audience.ABROAD: N_("citizens abroad"),
    Audience.CADRE: N_("staff for foreign affairs"),
    Audience.CONSULATE: N_("consulates in Shenyang"),
    Audience.ANONYMOUS: N_("anyone, without a name"),
}
