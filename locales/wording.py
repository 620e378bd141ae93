"""A message with its values in a reader's language: dates and lists inside a sentence are worded too."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from locales.catalogues import translate
from locales.formats import show_date, show_datetime, show_list, show_number
from locales.messages import Message


def word(message: str, values: Mapping[str, object], language: str) -> str:
    """The message in the reader's language. A message among the values is translated, a date is written out,
    several values become a list; text and whole numbers stand as they are (a year is no 2,027)."""
    return translate(message, language, **{name: _worded(value, language) for name, value in values.items()})


def _worded(value: object, language: str) -> str:
    if isinstance(value, Message):
        return translate(value, language)
    if isinstance(value, datetime):
        return show_datetime(value, language)
    if isinstance(value, date):
        return show_date(value, language)
    if isinstance(value, float | Decimal):
        return show_number(float(value), language)
    if isinstance(value, tuple | list):
        return show_list([_worded(item, language) for item in value], language)
    return str(value)
