"""Why a verdict was not taken, in the reader's words. PURE."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Any

from handlers.screens import Button, Screen
from locales import N_, show_datetime, translate

if TYPE_CHECKING:
    from storage.approval.refusals import NotTaken


def refused_text(refusal: NotTaken, language: str) -> str:
    """The refusal's sentence with its values made readable."""
    values = {name: _shown(value, language) for name, value in refusal.values.items()}
    return translate(refusal.sentence, language, **values)


def refused_screen(refusal: NotTaken, language: str, *, back: str) -> Screen:
    """The sentence, and the way back to the case as it stands."""
    button = Button(translate(N_("Show how it stands"), language), data=back)
    return Screen(refused_text(refusal, language), buttons=((button,),))


def _shown(value: Any, language: str) -> str:
    if isinstance(value, datetime):
        return show_datetime(value, language)
    if isinstance(value, Enum) and hasattr(value, "label"):
        return translate(value.label, language)
    if isinstance(value, tuple):
        return ", ".join(_shown(one, language) for one in value)
    return str(value)
