"""Amounts of money: a decimal and an ISO 4217 currency, never converted."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import Any, ClassVar, Self

import regex
from babel.numbers import format_currency
from pydantic import BaseModel, ConfigDict, model_serializer, model_validator

from locales import N_
from storage.kinds.currencies import Named, currencies_in, precision, usual
from storage.kinds.kind import AskedBack, Context, Kept, Kind, Problem, Reading, Refused, Taken
from storage.kinds.numbers_said import Number, numbers_in

LARGEST = Decimal(10) ** 12
"""Twelve digits before the decimal sign (services.md (b), `money`)."""


class Money(BaseModel):
    """An amount with its currency; JSON is "1234.50 EUR", with as many decimals as the currency has."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    amount: Decimal
    currency: str
    """ISO 4217."""

    def __str__(self) -> str:
        return f"{self.amount:.{precision(self.currency)}f} {self.currency}"

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: Any) -> Any:
        if isinstance(value, str):
            amount, _, currency = value.partition(" ")
            return {"amount": amount, "currency": currency}
        return value

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if not (regex.fullmatch("[A-Z]{3}", self.currency) and self.amount.is_finite()):
            raise ValueError("no amount of money")
        return self

    @model_serializer
    def _text(self) -> str:
        return str(self)


@dataclass(frozen=True)
class MoneyKind(Kind):
    """An amount above zero; `at_least` and `at_most` are whole units of whatever currency it is in."""

    name: ClassVar[str] = "money"
    kept: ClassVar[Kept] = Kept.CODE
    python: ClassVar[Any] = Money

    def read(self, text: str, context: Context) -> Reading:
        numbers = numbers_in(_with_jiao(text), context.language)
        named = currencies_in(numbers.line, context.language)
        if not any(number.values for number in numbers.found):
            return Refused(_NO_AMOUNT)
        amounts = tuple(_amounts(numbers.found, named, context.language))
        problems = [self.check(amount, context) for amount in amounts]
        fitting = tuple(amount for amount, problem in zip(amounts, problems, strict=True) if problem is None)
        if not fitting:
            return Refused(problems[0] or _NO_AMOUNT)
        guess = numbers.unsure or numbers.vague or not named or len(fitting) < len(amounts)
        if len(fitting) > 1 or guess:
            return AskedBack(tuple(dict.fromkeys(fitting)))
        return Taken(fitting[0], repaired=numbers.mistyped or any(one.mistyped for one in named))

    def check(self, value: Any, context: Context) -> Problem | None:
        if not isinstance(value, Money):
            return _NO_AMOUNT
        if value.amount <= 0:
            return Problem(N_("The amount must be above zero. Write it like 1200 EUR."))
        if value.amount >= LARGEST:
            return Problem(N_("This amount has more than twelve digits. Look at it again."))
        decimals = precision(value.currency)
        if value.amount != round(value.amount, decimals):
            given = {"currency": value.currency, "n": decimals}
            return Problem(N_("An amount in {currency} has at most {n} decimals."), given)
        return self._within(value)

    def _within(self, value: Money) -> Problem | None:
        if self.at_least is not None and value.amount < self.at_least:
            return Problem(N_("At least {least} is needed here."), {"least": self.at_least})
        if self.at_most is not None and value.amount > self.at_most:
            return Problem(N_("At most {most} is possible here."), {"most": self.at_most})
        return None

    def show(self, value: Any, language: str) -> str:
        return str(format_currency(value.amount, value.currency, locale=language))


_NO_AMOUNT = Problem(N_("There is no amount in this. Write it with its currency, such as 1200 EUR."))
_JIAO = regex.compile(r"(?P<yuan>\d+) ?[元块塊圆圓] ?(?P<jiao>\d) ?[角毛](?: ?(?P<fen>\d) ?分)?")


def _with_jiao(text: str) -> str:
    """12元5角 as 12.5元."""
    return str(_JIAO.sub(lambda found: f"{found['yuan']}.{found['jiao']}{found['fen'] or ''}元", text))


def _amounts(numbers: tuple[Number, ...], named: list[Named], language: str) -> list[Money]:
    """Each number with the currency beside it; with one currency in all, that one."""
    found: list[Money] = []
    for number in numbers:
        codes = _agreed(named) if len(numbers) == 1 else ()
        codes = codes or _beside(number, named) or usual(language)
        for value, code in product(number.values, codes):
            found.append(Money(amount=_trimmed(value, code), currency=code))
    return list(dict.fromkeys(found))


def _agreed(named: list[Named]) -> tuple[str, ...]:
    """What all names around one number leave: 人民币3000元, 3000元新台幣."""
    shared = set.intersection(*(set(one.codes) for one in named)) if named else set()
    return tuple(code for one in named[:1] for code in one.codes if code in shared)


def _beside(number: Number, named: list[Named]) -> tuple[str, ...]:
    nearest = min(
        named,
        key=lambda one: (max(one.start - number.end, number.start - one.end), one.start < number.start),
        default=None,
    )
    return nearest.codes if nearest is not None else ()


def _trimmed(value: Decimal, code: str) -> Decimal:
    """100.00 yen are 100; decimals that a currency has not are left, to be refused."""
    rounded = round(value, precision(code))
    return rounded if rounded == value else value
