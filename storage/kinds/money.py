"""Amounts of money: a decimal and an ISO 4217 currency, never converted."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, model_serializer, model_validator
from sqlalchemy.types import TypeEngine

from storage.kinds.columns import AnswerText
from storage.kinds.kind import Kind


class Money(BaseModel):
    """An amount above zero with its currency; JSON is "1234.50 EUR", with the decimals that the currency has."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    amount: Decimal
    currency: str
    """ISO 4217."""

    def __str__(self) -> str:
        return f"{self.amount:f} {self.currency}"

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: Any) -> Any:
        if isinstance(value, str):
            amount, _, currency = value.partition(" ")
            return {"amount": amount, "currency": currency}
        return value

    @model_serializer
    def _text(self) -> str:
        return str(self)


@dataclass(frozen=True)
class MoneyKind(Kind):
    name: ClassVar[str] = "money"
    python: ClassVar[Any] = Money

    def show(self, value: Any, language: str) -> str:
        from babel.numbers import format_currency

        return str(format_currency(value.amount, value.currency, locale=language))

    def column(self) -> TypeEngine[Any]:
        return AnswerText(self)
