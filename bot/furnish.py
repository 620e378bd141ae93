"""What the floors below give to the running bot: handlers, wording, due work, the words of its profile."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.app import Ground, House
from bot.clock import Errand, Job
from bot.courier import Told
from bot.intake import Hooks
from bot.opening import Greeting, Words
from bot.web import Finding
from handlers.again import show_again
from handlers.hall import Hall
from handlers.languages import language_of
from handlers.letter_content import content_of
from handlers.menu import COMMANDS
from handlers.notices import word
from handlers.press import Press
from handlers.router import router
from handlers.verification import verification_screen
from locales import N_, translate
from storage import cases, due, letters, office_days, outbox, people, telling
from storage.offices import read_office
from storage.outbox import Notice
from storage.services import services

if TYPE_CHECKING:
    from sqlmodel import Session

    from handlers.letters import LetterContent
    from handlers.screens import Screen
    from handlers.speaker import Incoming, Speaker
    from handlers.work import Work
    from storage.calendar import Calendar
    from storage.dispatch import Due
    from storage.letters import Letter

DESCRIPTION = N_(
    "The city's foreign affairs office in a chat: apply, ask, and see at any time where it stands."
)
SHORT_DESCRIPTION = N_("Foreign affairs office: apply, ask, follow your case.")
SWEPT_AFTER = timedelta(days=1)
"""How long a file may lie that nothing names: its commit may still come."""


def furnish(ground: Ground) -> House:
    """The office of the settings, ready to talk."""
    furnishing = Furnishing(ground)
    hall = furnishing.hall
    return House(
        routers=(router(),),
        hooks=Hooks(
            present=furnishing.present,
            blocked=people.mark_blocked,
            language=furnishing.language,
        ),
        word=furnishing.word,
        told=Told(blocked=people.mark_blocked),
        due=(
            Job("calendar", furnishing.read_calendar, timedelta(minutes=1)),
            Job(
                "cases", lambda session, _at: due.look_at_cases(session, hall.world()), timedelta(seconds=20)
            ),
            Job(
                "drafts",
                lambda session, _at: due.look_at_drafts(session, hall.world()),
                timedelta(minutes=10),
            ),
            Errand("letters", furnishing.make_letters, timedelta(seconds=1)),
            Job(
                "handing over",
                lambda session, _at: due.hand_over(session, hall.world()),
                timedelta(seconds=5),
            ),
            Errand("files", furnishing.sweep, timedelta(hours=6)),
        ),
        context={"hall": hall},
        greeting=greeting(),
        verify=furnishing.verify,
    )


class Furnishing:
    """The parts that need the ground beneath them: one for a running bot."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._database = ground.database
        self._calendar: Calendar = ground.database.look(office_days.read_calendar)
        self._press = Press()
        settings = ground.settings
        self.hall = Hall(
            office=read_office(settings.office),
            services=services(),
            now=ground.clock.now,
            calendar=lambda: self._calendar,
            files=ground.files,
            press=self._press,
            download=ground.download,
            name=lambda: ground.opening.name,
            public_url=str(settings.public_url) if settings.public_url else None,
        )

    async def present(self, incoming: Incoming, speaker: Speaker, work: Work) -> None:
        """The screen to which an update led that was handled before."""
        await show_again(incoming, self.hall, work, speaker)

    def language(self, session: Session, telegram_id: int, code: str | None) -> str:
        """In which language a person reads."""
        person = people.by_telegram(session, telegram_id)
        return person.language if person is not None else language_of(code)

    def word(self, session: Session, row: Due) -> Screen | None:
        """What the reader of an outbox row sees."""
        return word(session, self.hall.world(), row)

    def read_calendar(self, session: Session, at: datetime) -> None:
        """The calendar as it stands: an administrator may have changed it elsewhere."""
        office_days.seed_office_days(session, at.year + 1)
        self._calendar = office_days.read_calendar(session)

    async def make_letters(self, _at: datetime) -> None:
        """Typeset what was approved and has no page yet; made again it has the same number, code and text."""
        for letter, content in await self._database.read(self._untypeset):
            paper = await self._press.typeset_off_loop(content)
            kept = await asyncio.to_thread(
                self._ground.files.put, paper, f"{letter.number}.pdf", "application/pdf", None
            )
            await self._database.work(self._attach, letter.id or 0, kept.digest)

    async def sweep(self, at: datetime) -> None:
        """Remove files that nothing names."""
        known = await self._database.read(due.known_files, self.hall.world())
        await asyncio.to_thread(self._ground.files.sweep, known, at - SWEPT_AFTER)

    async def verify(self, code: str) -> Finding:
        """What a stranger with a letter's code learns, in both languages of the page."""
        found = await self._database.read(letters.verify, code)
        sentences = {
            language: verification_screen(found, self.hall, language).plain for language in ("zh_Hans", "en")
        }
        return Finding(None if found is None else found.state is letters.LetterState.VALID, sentences)

    def _untypeset(self, session: Session) -> list[tuple[Letter, LetterContent]]:
        world = self.hall.world()
        found = []
        for letter in letters.untypeset(session):
            case = cases.read(session, world, letter.case_id)
            content = content_of(case, letter, world, public_url=self.hall.public_url, bot=self.hall.bot_name)
            found.append((letter, content))
        return found

    def _attach(self, session: Session, letter_id: int, digest: str) -> None:
        """Keep the page with its letter, and tell the applicant, in one transaction."""
        letter = session.get_one(letters.Letter, letter_id)
        if letter.file_digest is None:
            letters.attach(session, letter, digest)
        person = people.get(session, letter.holder_id)
        outbox.post(
            session,
            Notice(
                key=f"letter:{letter.id}",
                chat=person.telegram_id,
                event=telling.LETTER,
                values={"letter": letter.id},
                case=letter.case_id,
                reader=letter.holder_id,
            ),
            self.hall.now(),
        )


def greeting() -> Greeting:
    """What Telegram shows about the bot, in each language that it knows by two letters."""
    codes = {
        "": "en",
        "zh": "zh_Hans",
        "en": "en",
        "ja": "ja",
        "ko": "ko",
        "ru": "ru",
        "fr": "fr",
        "de": "de",
    }
    return Greeting(
        {
            code: Words(
                commands={name: translate(text, language) for name, text in COMMANDS},
                description=translate(DESCRIPTION, language),
                short_description=translate(SHORT_DESCRIPTION, language),
            )
            for code, language in codes.items()
        }
    )
