"""PURE: ages and months, as rules reckon with days."""

from __future__ import annotations

from calendar import monthrange
from datetime import date


def age_on(born: date, day: date) -> int:
    """Full years lived on that day; who is born on 29 February becomes older on 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def months_after(day: date, months: int) -> date:
    """The same day so many months later (earlier, when negative), or the last day of a shorter month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def first_of(month: str) -> date:
    """The first day of a month as answers keep it, "2027-03"."""
    return date.fromisoformat(f"{month}-01")
