"""Working time: hours, holidays, make-up days, and what "within n working days" means."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, SQLModel, create_engine, select

from storage.calendar import Calendar, UnreadableHours, WorkingTime
from storage.office_days import (
    DaySource,
    OfficeDay,
    calendar_of,
    days_of_year,
    declare_day,
    read_calendar,
    replace_year,
    seed_office_days,
)

SHENYANG = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)
CALENDAR = calendar_of(day for year in range(2024, 2029) for day in days_of_year(year))


def local(text: str) -> datetime:
    """An instant written in office time."""
    return datetime.fromisoformat(text).replace(tzinfo=SHENYANG)


def days_of(year: int) -> Iterator[date]:
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += DAY


moments = st.datetimes(datetime(2024, 1, 1), datetime(2028, 6, 1), timezones=st.just(SHENYANG))


@pytest.fixture
def session() -> Iterator[Session]:
    engine = create_engine("sqlite://")
    SQLModel.metadata.create_all(engine, [SQLModel.metadata.tables["office_days"]])
    with Session(engine) as opened:
        yield opened


class TestDays:
    @pytest.mark.parametrize("year", [2024, 2025, 2026])
    def test_each_day_is_what_the_state_council_announced(self, year: int) -> None:
        differing = [d for d in days_of(year) if CALENDAR.is_working_day(d) != chinese_calendar.is_workday(d)]
        assert differing == []

    def test_2026_has_248_working_days(self) -> None:
        assert CALENDAR.working_days_between(date(2025, 12, 31), date(2026, 12, 31)) == 248
        assert not CALENDAR.is_provisional(2026)

    @pytest.mark.parametrize(
        ("lost", "made_up"),
        [
            (["01-01", "01-02"], ["01-04"]),
            (["02-16", "02-17", "02-18", "02-19", "02-20", "02-23"], ["02-14", "02-28"]),
            (["04-06"], []),
            (["05-01", "05-04", "05-05"], ["05-09"]),
            (["06-19"], []),
            (["09-25"], []),
            (["10-01", "10-02", "10-05", "10-06", "10-07"], ["09-20", "10-10"]),
        ],
    )
    def test_the_holidays_of_2026_are_those_of_the_notice(self, lost: list[str], made_up: list[str]) -> None:
        assert not any(CALENDAR.is_working_day(date.fromisoformat(f"2026-{day}")) for day in lost)
        assert all(CALENDAR.is_working_day(date.fromisoformat(f"2026-{day}")) for day in made_up)

    def test_2027_has_the_statutory_days_and_is_provisional(self) -> None:
        statutory = "01-01 02-05 02-06 02-07 02-08 04-05 05-01 05-02 06-09 09-15 10-01 10-02 10-03"
        assert [day.day.strftime("%m-%d") for day in days_of_year(2027)] == statutory.split()
        assert all(day.provisional and day.source == DaySource.STATUTE for day in days_of_year(2027))
        assert CALENDAR.is_provisional(2027)

    def test_a_year_nobody_entered_works_monday_to_friday_and_is_provisional(self) -> None:
        assert Calendar().is_working_day(date(2040, 1, 2))
        assert not Calendar().is_working_day(date(2040, 1, 1))
        assert Calendar().is_provisional(2040)


class TestPeriods:
    @pytest.mark.parametrize(
        ("received", "days", "due"),
        [
            ("2026-02-13 10:00", 3, "2026-02-25 17:00"),
            ("2026-02-13 10:00", 1, "2026-02-14 17:00"),
            ("2026-09-30 16:00", 2, "2026-10-09 17:00"),
            ("2026-09-20 09:00", 1, "2026-09-21 17:00"),
            ("2026-11-23 17:00", 1, "2026-11-24 17:00"),
            ("2026-11-23 17:01", 1, "2026-11-25 17:00"),
            ("2026-11-23 12:00", 1, "2026-11-24 17:00"),
            ("2026-11-28 12:00", 1, "2026-12-01 17:00"),
            ("2026-11-23 09:00", 0.5, "2026-11-23 14:00"),
            ("2026-11-23 16:00", 0.5, "2026-11-24 11:00"),
            ("2026-11-23 12:00", 0.5, "2026-11-23 16:30"),
            ("2026-11-23 20:00", 0.5, "2026-11-24 13:30"),
            ("2026-11-23 13:00", 1.5, "2026-11-25 13:30"),
        ],
    )
    def test_within_n_working_days(self, received: str, days: float, due: str) -> None:
        assert CALENDAR.due(local(received), days) == local(due)

    @given(moments, st.integers(1, 40))
    def test_due_at_closing_time_of_the_nth_working_day(self, received: datetime, days: int) -> None:
        due = CALENDAR.due(received, days)
        assert due.tzinfo is UTC
        assert due.astimezone(SHENYANG).time() == time(17)
        assert CALENDAR.is_working_day(CALENDAR.day_of(due))
        counted = CALENDAR.day_of(CALENDAR.counted_from(received))
        assert CALENDAR.working_days_between(counted, CALENDAR.day_of(due)) == days

    @given(moments)
    def test_a_receipt_counts_at_once_or_from_the_next_working_morning(self, received: datetime) -> None:
        counted = CALENDAR.counted_from(received)
        assert counted >= received
        assert CALENDAR.is_working_day(CALENDAR.day_of(counted))
        assert counted == received or counted.astimezone(SHENYANG).time() == time(8, 30)

    @given(st.dates(date(2024, 1, 1), date(2027, 1, 1)), st.integers(-40, 40).filter(bool))
    def test_adding_and_counting_working_days_agree(self, day: date, days: int) -> None:
        reached = CALENDAR.add_working_days(day, days)
        assert CALENDAR.is_working_day(reached)
        if CALENDAR.is_working_day(day):
            assert CALENDAR.working_days_between(day, reached) == days

    def test_no_days_at_all_is_the_next_day_that_is_worked(self) -> None:
        assert CALENDAR.add_working_days(date(2026, 11, 23), 0) == date(2026, 11, 23)
        assert CALENDAR.add_working_days(date(2026, 10, 1), 0) == date(2026, 10, 8)


class TestHours:
    def test_a_day_has_seven_hours_and_the_noon_break_does_not_run(self) -> None:
        day = local("2026-11-23 00:00")
        assert CALENDAR.working_time(day, day + DAY) == timedelta(hours=7)
        assert CALENDAR.working_time(local("2026-11-23 11:00"), local("2026-11-23 13:15")) == timedelta(
            minutes=45
        )

    @given(moments, st.timedeltas(timedelta(minutes=1), timedelta(days=9)))
    def test_time_added_is_time_that_ran(self, start: datetime, duration: timedelta) -> None:
        assert CALENDAR.working_time(start, CALENDAR.add_working_time(start, duration)) == duration

    def test_an_office_with_summer_hours(self) -> None:
        summer = Calendar(hours=WorkingTime(((time(8), time(11, 30)), (time(13, 30), time(17, 30)))))
        assert summer.due(local("2026-07-06 17:20"), 1) == local("2026-07-07 17:30")

    def test_hours_that_overlap_are_refused(self) -> None:
        with pytest.raises(UnreadableHours):
            WorkingTime(((time(8), time(12)), (time(11), time(17))))

    def test_a_calendar_is_a_value(self) -> None:
        assert hash(CALENDAR) == hash(calendar_of(day for y in range(2024, 2029) for day in days_of_year(y)))


class TestTable:
    def test_seeding_twice_changes_nothing(self, session: Session) -> None:
        seed_office_days(session, 2028)
        seed_office_days(session, 2028)
        assert read_calendar(session) == CALENDAR

    def test_a_notice_replaces_the_provisional_year_and_keeps_what_the_office_declared(
        self, session: Session
    ) -> None:
        seed_office_days(session, 2027)
        declare_day(session, date(2027, 3, 3), "Heavy snow", working=False)
        notice = OfficeDay(day=date(2027, 2, 9), working=False, name="春节", source=DaySource.NOTICE)
        replace_year(session, 2027, [notice])
        calendar = read_calendar(session)
        assert not calendar.is_provisional(2027)
        assert not calendar.is_working_day(date(2027, 2, 9))
        assert not calendar.is_working_day(date(2027, 3, 3))
        assert calendar.is_working_day(date(2027, 2, 8)), "the statutory guess is gone"

    def test_a_year_entered_as_provisional_is_replaced_when_the_library_knows_its_notice(
        self, session: Session
    ) -> None:
        session.add(
            OfficeDay(
                day=date(2026, 3, 3), working=False, name="?", provisional=True, source=DaySource.STATUTE
            )
        )
        session.flush()
        seed_office_days(session, 2026, first=2026)
        assert session.get(OfficeDay, date(2026, 3, 3)) is None
        assert len(session.exec(select(OfficeDay)).all()) == len(days_of_year(2026))

    def test_the_clock_stands_still_for_a_declared_day_also_afterwards(self, session: Session) -> None:
        seed_office_days(session, 2026)
        received = local("2026-11-23 10:00")
        before = read_calendar(session).due(received, 2)
        declare_day(session, date(2026, 11, 24), "Heavy snow", working=False)
        assert read_calendar(session).due(received, 2) == before + DAY
