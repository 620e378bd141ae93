"""Spans of days as one value."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, model_serializer, model_validator


class DateRange(BaseModel):
    """From one day to another, both counted; JSON is the interval of ISO 8601: 2027-03-03/2027-03-09."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    start: date
    end: date

    @property
    def days(self) -> int:
        """Both ends counted, as travel days are (services.md (b), `date_range`)."""
        return (self.end - self.start).days + 1

    def __str__(self) -> str:
        return f"{self.start.isoformat()}/{self.end.isoformat()}"

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    def overlaps(self, other: DateRange) -> bool:
        return self.start <= other.end and other.start <= self.end

    @model_validator(mode="before")
    @classmethod
    def _from_interval(cls, value: Any) -> Any:
        if isinstance(value, str):
            start, _, end = value.partition("/")
            return {"start": start, "end": end}
        return value

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.start > self.end:
            raise ValueError("ends before it starts")
        return self

    @model_serializer
    def _interval(self) -> str:
        return str(self)
