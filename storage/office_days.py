"""The table of the office's days: the truth about which days are worked, made into a `Calendar` value.

Seeded from the library `holidays`, which carries the State Council's yearly notice with its make-up days. A
year without a notice is seeded with the statutory days alone (Order 795) and marked provisional.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Final

from holidays import country_holidays
from sqlalchemy import delete
from sqlmodel import Field, Session, SQLModel, col, select

from storage.calendar import Calendar, WorkingTime

FIRST_SEEDED: Final = 2024
_SATURDAY: Final = 5


class DaySource(StrEnum):
    """Whose word a day is; that of the office stands over the others."""

    STATUTE = "statute"
    """A statutory day of a year whose arrangement is not announced yet."""
    NOTICE = "notice"
    """The State Council's yearly notice of days off and make-up days."""
    OFFICE = "office"
    """Declared by the office: the clock stands still for a whole day, or a day is worked after all."""


class OfficeDay(SQLModel, table=True):
    """A day that differs from the week's pattern, or that has a name. Days not listed work Monday to Friday.

    Half-days for some of the staff are no entry here: they do not change a limit.
    """

    __tablename__ = "office_days"

    day: date = Field(primary_key=True)
    working: bool
    name: str = Field(max_length=80)
    provisional: bool = False
    source: str = Field(max_length=10)
    """One of `DaySource`."""


def days_of_year(year: int) -> tuple[OfficeDay, ...]:
    """The days that the library knows of the year: the notice where it is out, else the statutory days."""
    notice = country_holidays("CN", years=year, language="zh_CN")
    make_up = {day for day in notice.weekend_workdays if day.year == year}
    announced = bool(make_up)
    off = notice if announced else country_holidays("CN", years=year, language="zh_CN", observed=False)
    source = DaySource.NOTICE if announced else DaySource.STATUTE
    rest = {day: (False, name) for day, name in off.items() if day.year == year}
    work = dict.fromkeys(make_up, (True, "调休上班"))
    return tuple(
        OfficeDay(day=day, working=working, name=name, provisional=not announced, source=source)
        for day, (working, name) in sorted((rest | work).items())
    )


def seed_office_days(session: Session, last: int, first: int = FIRST_SEEDED) -> None:
    """Enter the years that the table does not know yet, and those announced since they were entered."""
    for year in range(first, last + 1):
        days = days_of_year(year)
        known = _days(session, year)
        if not known or (_provisional(known) and not _provisional(days)):
            replace_year(session, year, days)


def replace_year(session: Session, year: int, days: Iterable[OfficeDay]) -> None:
    """Enter a year's days anew, as its notice tells them; what the office declared itself stays."""
    declared = {day.day for day in _days(session, year) if day.source == DaySource.OFFICE}
    table = col(OfficeDay.day)
    session.execute(
        delete(OfficeDay)
        .where(table.between(date(year, 1, 1), date(year, 12, 31)))
        .where(col(OfficeDay.source) != DaySource.OFFICE)
    )
    session.add_all(day for day in days if day.day not in declared)
    session.flush()


def declare_day(session: Session, day: date, name: str, *, working: bool) -> None:
    """The office's own word for one day: it is worked, or the clock stands still, also afterwards."""
    session.merge(OfficeDay(day=day, working=working, name=name, source=DaySource.OFFICE))
    session.flush()


def read_calendar(session: Session, hours: WorkingTime | None = None) -> Calendar:
    """The table as a value."""
    return calendar_of(session.exec(select(OfficeDay)).all(), hours)


def calendar_of(days: Iterable[OfficeDay], hours: WorkingTime | None = None) -> Calendar:
    """A calendar of these days. A year is announced once it has days and none of them is provisional."""
    days = tuple(days)
    known = {day.day.year for day in days if day.source != DaySource.OFFICE}
    provisional = {day.day.year for day in days if day.provisional}
    return Calendar(
        off=frozenset(day.day for day in days if not day.working),
        worked=frozenset(day.day for day in days if day.working and day.day.weekday() >= _SATURDAY),
        announced=frozenset(known - provisional),
        hours=hours or WorkingTime(),
    )


def _days(session: Session, year: int) -> tuple[OfficeDay, ...]:
    within = col(OfficeDay.day).between(date(year, 1, 1), date(year, 12, 31))
    return tuple(session.exec(select(OfficeDay).where(within)).all())


def _provisional(days: Iterable[OfficeDay]) -> bool:
    return any(day.provisional for day in days)
