"""Plays a transcript on the demo's page, at a pace at which people can read along."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.simulator.client import SimClient

from .reading import read
from .script import Hears, Line, Receives, SeesButtons, SeesCard, SeesNothingOf, Transcript, Unreadable
from .stage import Differs, Stage

if TYPE_CHECKING:
    from bot.demo import Demo

SHORTEST, LONGEST = 0.8, 5.0
"""Seconds between one step and the next."""
A_SECOND = 22
"""Characters that are read in a second; a Han character takes as long as two letters."""


async def play(demo: Demo, text: str, *, haste: float = 1.0) -> None:
    """Perform a transcript step by step; `haste` 2 is twice as fast.

    The demo may hold other cases already, so a number or a date may differ from what is written: the page says so
    and the play goes on. What can't be done at all ends it.
    """
    tell = demo.simulator.tell_play
    try:
        transcript = read(text)
    except Unreadable as wrong:
        tell(0, str(wrong))
        return
    async with SimClient(demo.url) as client:
        failed = await _perform(Stage(demo, client, patience=5.0), transcript, tell, haste)
    if failed is None:
        tell(len(transcript.lines), transcript.title, done=True)
    else:
        tell(*failed)


async def _perform(
    stage: Stage, transcript: Transcript, tell: Callable[[int, str], None], haste: float
) -> tuple[int, str] | None:
    """Where it could not go on, and why; None where it came to its end."""
    tell(0, transcript.title)
    await stage.gather(transcript)
    await stage.show_phones()
    for step, line in enumerate(transcript.lines, 1):
        await asyncio.sleep(_pause(line) / haste)
        tell(step, _shown(line))
        try:
            await stage.perform(line)
        except Differs as differs:
            if not isinstance(line.step, _LOOKS):
                return step, str(differs)
            tell(step, str(differs))
    return None


_LOOKS = (Hears, SeesButtons, SeesCard, SeesNothingOf, Receives)


def _pause(line: Line) -> float:
    """As long as the line takes to read; what is seen was read on the phone already."""
    if isinstance(line.step, SeesButtons | SeesNothingOf):
        return 0
    weight = sum(2 if ord(character) > 0x2E80 else 1 for character in line.source)
    return min(max(weight / A_SECOND, SHORTEST), LONGEST)


def _shown(line: Line) -> str:
    """A line without its Markdown marks."""
    return line.source.replace("*", "")
