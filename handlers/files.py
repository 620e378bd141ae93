"""Files that people send: fetched, looked into, kept sealed, and only then an answer."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiohttp import ClientError

from handlers import form
from locales import N_, Message, show_list
from storage import turns
from storage.inspection import Reason, Refusal, inspect
from storage.kinds.kind import Problem

if TYPE_CHECKING:
    from aiogram.types import Message as Incoming

    from handlers.hall import Hall
    from handlers.speaker import Speaker
    from handlers.work import Work

LARGEST = 20 * 1024 * 1024
"""Bytes that a bot can fetch (Bot API, getFile)."""

PAUSES = (0.5, 2.0, 8.0)
"""Seconds before a file is asked for again."""
LONGEST_PAUSE = 30.0
"""Seconds for which an answer "retry after" is obeyed while the person waits."""

ACCEPTED = ("pdf", "jpeg", "png", "docx")
"""What may come in at all; the question then says which of these it wants."""

NOT_ASKED = N_("No question asks for a file now. Choose a service first, or go on with a draft.")
NOT_FETCHED = N_("That file could not be fetched. Please send it again.")
TOO_LARGE = N_("That file is too large. Up to {megabytes} MB can be sent here; please send a smaller one.")

_SENTENCES: dict[Reason, Message] = {
    Reason.EMPTY: N_("That file is empty. Please send it again."),
    Reason.TOO_LARGE: TOO_LARGE,
    Reason.EXECUTABLE: N_("Programs can't be sent here. Please send a PDF or a picture."),
    Reason.ARCHIVE: N_("Archives can't be sent here. Please send the PDF or picture itself."),
    Reason.HEIC: N_(
        "HEIC pictures can't be opened here. Please send it as JPEG (on iPhone: Most Compatible)."
    ),
    Reason.UNKNOWN: N_("I can't tell what kind of file that is. Please send a PDF or a picture."),
    Reason.MISNAMED: N_("That file is not what its name says. Please send a real PDF or picture."),
    Reason.UNWANTED: N_("This question wants another kind of file. Please send a PDF or a picture."),
    Reason.ENCRYPTED: N_("That PDF is locked with a password. Please send it without one."),
    Reason.MACRO: N_("That file contains macros. Please send it as PDF."),
    Reason.BROKEN: N_("That file can't be opened. Please make it anew and send it again."),
    Reason.TOO_COMPLEX: N_("That file is too complex to be checked. Please print it to a plain PDF."),
    Reason.SECRET_MARK: N_(
        "That file bears a mark of secrecy. It was not kept; please use the sealed channel."
    ),
}


async def received(message: Incoming, hall: Hall, work: Work, speaker: Speaker) -> None:
    """A document or photo: an answer if it is a right one, else one sentence; nothing before is lost.

    Of who fills no form nothing is fetched or kept: they may not have agreed to it yet.
    """
    turn = await work.hot_read(turns.look, hall.world(), message.from_user.id if message.from_user else 0)
    if turn.opened is None:
        await _tell(message, Problem(NOT_ASKED), hall, work, speaker)
        return
    size, file_id, name = _described(message)
    if size > LARGEST:
        await _tell(message, Problem(TOO_LARGE, {"megabytes": LARGEST // 1024 // 1024}), hall, work, speaker)
        return
    content = await _fetched(file_id, hall)
    if content is None:
        await _tell(message, Problem(NOT_FETCHED), hall, work, speaker)
        return
    seen = await asyncio.to_thread(inspect, content, name, ACCEPTED, message.caption or "")
    if seen.refusal is not None:
        await _tell(message, _problem(seen.refusal), hall, work, speaker)
        return
    pixels = (seen.width, seen.height)
    kept = await asyncio.to_thread(
        hall.files.put, content, seen.name, seen.media_type, seen.pages, pixels=pixels
    )
    if not await form.sent(message, (kept,), hall, work, speaker):
        await _tell(message, Problem(NOT_ASKED), hall, work, speaker)


async def _fetched(file_id: str, hall: Hall) -> bytes | None:
    """The file from Telegram; asked for a few times, for a 429 or a restart there is no fault of the person's."""
    for pause in (*PAUSES, None):
        wait = pause
        try:
            return await hall.download(file_id)
        except TelegramBadRequest:
            return None
        except TelegramRetryAfter as told:
            wait = None if pause is None else min(float(told.retry_after), LONGEST_PAUSE)
        except (TelegramServerError, TelegramNetworkError, ClientError, TimeoutError):
            pass
        if wait is not None:
            await asyncio.sleep(wait)
    return None


def _described(message: Incoming) -> tuple[int, str, str | None]:
    if message.document is not None:
        return message.document.file_size or 0, message.document.file_id, message.document.file_name
    largest = (message.photo or [])[-1]
    return largest.file_size or 0, largest.file_id, "photo.jpg"


def _problem(refusal: Refusal) -> Problem:
    values = {
        name: show_list([str(one) for one in value], "en") if isinstance(value, tuple) else value
        for name, value in refusal.values.items()
    }
    return Problem(_SENTENCES[refusal.reason], values)


async def _tell(message: Incoming, problem: Problem, hall: Hall, work: Work, speaker: Speaker) -> None:
    if not await form.present(message, hall, work, speaker, told=problem):
        await form.say(message, problem, hall, work, speaker)
