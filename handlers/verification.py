"""What anybody with a letter's code learns: kind, number, date, whether it is valid, and a masked name. PURE."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.screens import Screen, bold, lines
from locales import N_, show_date, translate
from storage.letters import LetterState, Verification
from storage.services import title_of

if TYPE_CHECKING:
    from handlers.hall import Hall

_STATES = {
    LetterState.VALID: N_("This letter is valid."),
    LetterState.REVOKED: N_("This letter was revoked. Do not rely on it."),
    LetterState.REPLACED: N_("This letter was replaced by a new one. Do not rely on it."),
}


def verification_screen(found: Verification | None, hall: Hall, language: str) -> Screen:
    """The answer to a code typed to the bot, or to the link of a QR code."""
    if found is None:
        return Screen(
            translate(N_("No letter has this code. Please check its ten characters and try again."), language)
        )
    return Screen(
        lines(
            bold(translate(_STATES[found.state], language)),
            f"{translate(title_of(found.kind), language)} {found.number}",
            show_date(found.signed, language),
            found.masked_name,
            hall.office.name.for_reader(language),
        )
    )
