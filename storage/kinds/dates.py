"""Dates, spans of dates, months and years as kinds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from sqlalchemy.types import Date, Integer, TypeEngine

from locales import show_date, show_date_range, show_month
from storage.kinds.columns import AnswerText
from storage.kinds.kind import Control, Kind
from storage.kinds.spans import DateRange


@dataclass(frozen=True)
class DateKind(Kind):
    name: ClassVar[str] = "date"
    control: ClassVar[Control] = Control.CALENDAR
    python: ClassVar[Any] = date

    def show(self, value: Any, language: str) -> str:
        return show_date(value, language)

    def column(self) -> TypeEngine[Any]:
        return Date()


@dataclass(frozen=True)
class DateRangeKind(Kind):
    name: ClassVar[str] = "date_range"
    control: ClassVar[Control] = Control.CALENDAR
    python: ClassVar[Any] = DateRange

    def show(self, value: Any, language: str) -> str:
        return show_date_range(value.start, value.end, language)

    def column(self) -> TypeEngine[Any]:
        return AnswerText(self)


@dataclass(frozen=True)
class MonthKind(Kind):
    name: ClassVar[str] = "month"

    def show(self, value: Any, language: str) -> str:
        return show_month(value, language)


@dataclass(frozen=True)
class YearKind(Kind):
    name: ClassVar[str] = "year"
    python: ClassVar[Any] = int

    def column(self) -> TypeEngine[Any]:
        return Integer()
