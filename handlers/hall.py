"""The service hall: what every handler needs and what lasts as long as the process."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from storage.world import World

if TYPE_CHECKING:
    from handlers.press import Press
    from storage.calendar import Calendar
    from storage.files import Files
    from storage.forms import Service
    from storage.offices import Office

Download = Callable[[str], Awaitable[bytes]]
"""Fetches a file from Telegram by its file_id."""


@dataclass(frozen=True)
class Hall:
    """Given to every handler by the composition root."""

    office: Office
    services: Mapping[str, type[Service]] = field(repr=False)
    now: Callable[[], datetime]
    """The one clock of the process."""
    calendar: Callable[[], Calendar]
    """The office's calendar as it stands now; read from the database when it changes."""
    files: Files
    press: Press
    download: Download
    name: Callable[[], str] = str
    """The bot's user name, once Telegram told it."""
    public_url: str | None = None

    @property
    def bot_name(self) -> str:
        """The bot's user name, for links to it."""
        return self.name()

    def world(self) -> World:
        """The office at this moment, for the rules."""
        return World(self.now(), self.calendar(), self.office, self.services)


Update = Any
"""A Message or CallbackQuery of aiogram; `handlers.speaker.Incoming` where it is answered."""
