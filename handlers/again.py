"""What a redelivered update shows: its effect is there already, its answer may be lost with the process that died."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aiogram.types import CallbackQuery, Message

from handlers import cases, form, review
from handlers import menu as screens
from handlers.start import acquainted
from storage import pending
from storage.approval.codes import Kind
from storage.cases import NoSuchCase, last_touched

if TYPE_CHECKING:
    from handlers.hall import Hall
    from handlers.speaker import Incoming, Speaker
    from handlers.work import Work
    from storage.people import Me

_CARD = re.compile(r"(?:review|case):([0-9]{1,9})(?::.*)?")
_OWN_CASE = re.compile(r"c:([0-9]{1,9})(?::([a-z_]+))?")
_SEND = re.compile(r"d:([0-9]{1,9}):[0-9]{1,9}:send1?")
_SENT = frozenset({"filed", Kind.RESUBMIT.value})
"""Events of a case that its applicant made by sending a form."""
_OPENS_A_FORM = frozenset({"correct", "copy"})


async def show_again(incoming: Incoming, hall: Hall, work: Work, speaker: Speaker) -> None:
    """The screen to which the update led, as it stands now."""
    me = await acquainted(incoming, hall, work)
    if isinstance(incoming, CallbackQuery):
        shown = await _tapped(incoming, incoming.data or "", me, hall, work, speaker)
    else:
        shown = await _wrote(incoming, me, hall, work, speaker)
    if not shown:
        await present(incoming, hall, work, speaker)


async def present(incoming: Incoming, hall: Hall, work: Work, speaker: Speaker) -> None:
    """The screen at which a person is: their open form, else the greeting."""
    if not await form.present(incoming, hall, work, speaker):
        me = await acquainted(incoming, hall, work)
        await speaker.show(incoming, screens.greeting(hall.office, me.language, is_officer=me.is_officer))


async def _wrote(message: Message, me: Me, hall: Hall, work: Work, speaker: Speaker) -> bool:
    """Words that completed something, or were followed by what did: where that led."""
    if me.is_saying:
        return await _asked(message, None, me, hall, work, speaker)
    if await form.present(message, hall, work, speaker):
        return True
    is_command = message.text is not None and message.text.startswith("/")
    last = await work.read(last_touched, me.id)
    if last is None or is_command:
        return False
    case, kind = last
    if kind in _SENT:
        await form.show_receipt(message, case, me, hall, work, speaker)
    elif me.is_officer:
        await review.show_card(message, case, me, hall, work, speaker)
    else:
        await cases.show_case(message, case, me, hall, work, speaker)
    return True


async def _tapped(query: CallbackQuery, data: str, me: Me, hall: Hall, work: Work, speaker: Speaker) -> bool:
    if (found := _CARD.fullmatch(data)) is not None and me.is_officer:
        case = int(found[1])
        if not (me.is_saying and await _asked(query, case, me, hall, work, speaker)):
            await review.show_card(query, case, me, hall, work, speaker)
        return True
    if (found := _OWN_CASE.fullmatch(data)) is not None and found[2] not in _OPENS_A_FORM:
        return await _own_case(query, int(found[1]), me, hall, work, speaker)
    if (found := _SEND.fullmatch(data)) is not None:
        return await form.show_sent(query, int(found[1]), me, hall, work, speaker)
    return False


async def _own_case(
    query: CallbackQuery, case: int, me: Me, hall: Hall, work: Work, speaker: Speaker
) -> bool:
    try:
        if not (me.is_saying and await _asked(query, case, me, hall, work, speaker)):
            await cases.show_case(query, case, me, hall, work, speaker)
    except NoSuchCase:
        return False
    return True


async def _asked(
    incoming: Incoming, case: int | None, me: Me, hall: Hall, work: Work, speaker: Speaker
) -> bool:
    """The words for which something waits that the person began to say, of this case if one is named."""
    saying = await work.read(pending.of, me.id)
    if saying is None or case not in (None, saying.case):
        return False
    if await cases.show_asked(incoming, saying, me, hall, work, speaker):
        return True
    return await review.show_asked(incoming, saying, me, hall, work, speaker)
