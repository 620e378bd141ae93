"""The kinds of question, one alias each: the name in services.md (b) in CamelCase, as service files use them.

An alias carries its kind in the metadata of an `Annotated`; `KINDS` finds a kind by the name that programs use.
"""

from __future__ import annotations

import datetime
from typing import Annotated

from storage.kinds.attachments import FileKind, FileRef, PhotoIdKind
from storage.kinds.choices import Choice, ChoiceKind, ChoicesKind, Option, Pick, Picks, Relic
from storage.kinds.dates import DateKind, DateRangeKind, MonthKind, YearKind
from storage.kinds.kind import (
    AskedBack,
    Context,
    Control,
    Kind,
    Offer,
    Problem,
    Reading,
    Refused,
    Taken,
    Unfit,
)
from storage.kinds.money import Money as Amount
from storage.kinds.money import MoneyKind
from storage.kinds.numbers import CountKind
from storage.kinds.spans import DateRange as Span
from storage.kinds.texts import TextKind
from storage.kinds.ticks import ConsentKind, NotSecretKind, SignatureKind, TruthKind
from storage.kinds.times import TimeKind
from storage.kinds.yes_no import YesNoKind

# texts, dates, numbers, choices, ticks, files
Attachment = Annotated[tuple[FileRef, ...], FileKind()]
Consent = Annotated[bool, ConsentKind()]
Count = Annotated[int, CountKind()]
Date = Annotated[datetime.date, DateKind()]
DateRange = Annotated[Span, DateRangeKind()]
File = Attachment
Money = Annotated[Amount, MoneyKind()]
Month = Annotated[str, MonthKind()]
NotSecret = Annotated[bool, NotSecretKind()]
PhotoId = Annotated[tuple[FileRef, ...], PhotoIdKind()]
Signature = Annotated[bool, SignatureKind()]
Text = Annotated[str, TextKind()]
Time = Annotated[str, TimeKind()]
Truth = Annotated[bool, TruthKind()]
Year = Annotated[int, YearKind()]
YesNo = Annotated[bool, YesNoKind()]

# documents, people, places

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        # texts, dates, numbers, choices, ticks, files (choice and choices are a service's own)
        ConsentKind(),
        CountKind(),
        DateKind(),
        DateRangeKind(),
        FileKind(),
        MoneyKind(),
        MonthKind(),
        NotSecretKind(),
        PhotoIdKind(),
        SignatureKind(),
        TextKind(),
        TimeKind(),
        TruthKind(),
        YearKind(),
        YesNoKind(),
        # documents, people, places
    )
}
"""Every kind that stands by itself, by its name; kinds are light, their libraries load when they first read."""

__all__ = [
    "KINDS",
    "Amount",
    "AskedBack",
    "Attachment",
    "Choice",
    "ChoiceKind",
    "ChoicesKind",
    "Consent",
    "Context",
    "Control",
    "Count",
    "Date",
    "DateRange",
    "File",
    "FileRef",
    "Kind",
    "Money",
    "Month",
    "NotSecret",
    "Offer",
    "Option",
    "PhotoId",
    "Pick",
    "Picks",
    "Problem",
    "Reading",
    "Refused",
    "Relic",
    "Signature",
    "Span",
    "Taken",
    "Text",
    "Time",
    "Truth",
    "Unfit",
    "Year",
    "YesNo",
]
