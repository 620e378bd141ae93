"""What a transcript is made of: steps, each one line of the Markdown, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Says:
    """A person sends a text."""

    who: str
    text: str


@dataclass(frozen=True)
class TypesCode:
    """A person types the verification code that is printed on a letter."""

    who: str
    number: str


@dataclass(frozen=True)
class Taps:
    """A person taps a button. `old`: one that a screen showed before and that no message offers any more."""

    who: str
    label: str
    old: bool = False


@dataclass(frozen=True)
class Forges:
    """A person sends, from their own phone, the data of a button that only `owner` was shown."""

    who: str
    owner: str
    label: str


@dataclass(frozen=True)
class SendsFiles:
    """A person sends files; what is in them follows from their names (`papers`)."""

    who: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class SendsSticker:
    """A person sends a sticker."""

    who: str
    emoji: str


@dataclass(frozen=True)
class SendsVoice:
    """A person sends a voice message."""

    who: str


@dataclass(frozen=True)
class SharesContact:
    """A person shares a contact: their own, or `of` somebody else."""

    who: str
    of: str | None = None


@dataclass(frozen=True)
class SharesPlace:
    """A person shares a place, in degrees."""

    who: str
    latitude: float
    longitude: float


@dataclass(frozen=True)
class Edits:
    """A person edits the last text that they sent."""

    who: str
    text: str


@dataclass(frozen=True)
class Forwards:
    """A person forwards somebody else's text."""

    who: str
    text: str


@dataclass(frozen=True)
class Hears:
    """The bot says something. `who` is the person it says it to; None: the one who acted last."""

    who: str | None
    quote: str


@dataclass(frozen=True)
class SeesButtons:
    """The latest message on a person's phone offers exactly these buttons."""

    who: str
    labels: tuple[str, ...]


@dataclass(frozen=True)
class SeesCard:
    """One message on a person's phone holds all these parts; the person's next tap is on it."""

    who: str
    parts: tuple[str, ...]


@dataclass(frozen=True)
class SeesNothingOf:
    """No message on a person's phone holds any of these parts."""

    who: str
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Receives:
    """A letter comes as a PDF whose number and `parts` can be read in it."""

    who: str
    number: str
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class MessageGone:
    """The last message that a person sent is no longer in the chat."""

    who: str


@dataclass(frozen=True)
class Passes:
    """The one clock moves on."""

    by: timedelta


@dataclass(frozen=True)
class ItIs:
    """The one clock is set: an aware time."""

    at: datetime


@dataclass(frozen=True)
class StartsAgain:
    """The bot ends and is started again on the same files."""


@dataclass(frozen=True)
class Delivers:
    """Telegram delivers every update twice from now on, or once."""

    twice: bool


Step = (
    Says
    | TypesCode
    | Taps
    | Forges
    | SendsFiles
    | SendsSticker
    | SendsVoice
    | SharesContact
    | SharesPlace
    | Edits
    | Forwards
    | Hears
    | SeesButtons
    | SeesCard
    | SeesNothingOf
    | Receives
    | MessageGone
    | Passes
    | ItIs
    | StartsAgain
    | Delivers
)


@dataclass(frozen=True)
class Line:
    """A step and where it stands. `meets` names a person who appears here first, with the language of their phone."""

    place: str
    """File and line number, for people."""
    source: str
    step: Step
    meets: tuple[str, str] | None = None


@dataclass(frozen=True)
class Transcript:
    """A whole conversation. `sections` says how many lines come before each heading of second rank."""

    title: str
    lines: tuple[Line, ...]
    sections: Mapping[str, int]


class Unreadable(ValueError):
    """A transcript breaks the format: its file and line number, the line, and what is wrong with it."""

    def __init__(self, place: str, source: str, why: str) -> None:
        super().__init__(f"{place}: {why}\n    {source}")
        self.place = place
        self.source = source
        self.why = why
