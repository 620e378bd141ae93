"""Whole numbers, digits or words, in any of the languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy.types import Integer, TypeEngine

from locales import show_number
from storage.kinds.kind import Kind


@dataclass(frozen=True)
class CountKind(Kind):
    name: ClassVar[str] = "count"
    python: ClassVar[Any] = int

    def show(self, value: Any, language: str) -> str:
        return show_number(value, language)

    def column(self) -> TypeEngine[Any]:
        return Integer()
