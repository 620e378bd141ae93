"""In which words: message ids, the catalogues that translate them, and how dates and places are written.

Every text that a person sees is an English message id marked with `N_`, translated per reader by `translate`.
"""

from locales.catalogues import LANGUAGES, SPOKEN, plural, translate
from locales.formats import (
    show_country,
    show_date,
    show_date_range,
    show_datetime,
    show_day,
    show_language,
    show_list,
    show_month,
    show_number,
)
from locales.messages import N_, Message

__all__ = [
    "LANGUAGES",
    "N_",
    "SPOKEN",
    "Message",
    "plural",
    "show_country",
    "show_date",
    "show_date_range",
    "show_datetime",
    "show_day",
    "show_language",
    "show_list",
    "show_month",
    "show_number",
    "translate",
]
