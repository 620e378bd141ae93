"""People: met once, in their language, with their consent; for whom they may apply, and what is remembered of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session

from storage import people, tables
from storage.database import Database
from storage.forms import Audience
from storage.people import CONSENT_VERSION, Me, Person

tables.metadata()
NOON = datetime(2027, 3, 1, 4, 0, tzinfo=UTC)
ANNA = 7_000_000_001
"""Telegram's ids go beyond 32 bits."""


@pytest.fixture
def anna(database: Database) -> int:
    return database.run(lambda session: people.meet(session, ANNA, "en", NOON).id or 0)


def who(database: Database, telegram_id: int = ANNA) -> Me:
    found = database.look(lambda session: people.who(session.connection(), telegram_id))
    assert found is not None
    return found


def test_a_person_is_met_once(database: Database, anna: int) -> None:
    again = database.run(lambda session: people.meet(session, ANNA, "de", NOON + timedelta(days=1)).id)
    assert again == anna
    assert who(database) == Me(anna, ANNA, "en", agreed=False)


def test_nobody_is_known_before_they_speak(database: Database) -> None:
    assert database.look(lambda session: people.who(session.connection(), 1)) is None


def test_consent_is_recorded_with_version_language_and_time(database: Database, anna: int) -> None:
    database.run(people.choose_language, anna, "zh_Hans")
    database.run(people.agree, anna, NOON)
    person = database.look(lambda session: session.get_one(Person, anna))
    assert (person.consent_version, person.consent_language, person.consent_at) == (
        CONSENT_VERSION,
        "zh_Hans",
        NOON,
    )
    assert who(database).agreed and person.agreed


def test_a_new_notice_wants_a_new_consent(
    database: Database, anna: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    database.run(people.agree, anna, NOON)
    monkeypatch.setattr(people, "CONSENT_VERSION", CONSENT_VERSION + 1)
    assert not who(database).agreed


def test_nothing_is_remembered_without_consent(database: Database, anna: int) -> None:
    database.run(people.remember, anna, {"applicant_name": "Anna"})
    assert who(database).profile == {}
    database.run(people.agree, anna, NOON)
    database.run(people.remember, anna, {"applicant_name": "Anna"})
    database.run(people.remember, anna, {"applicant_post": "engineer"})
    assert who(database).profile == {"applicant_name": "Anna", "applicant_post": "engineer"}


def test_audiences_and_units_by_invitation(database: Database, anna: int) -> None:
    for audience, unit in ((Audience.HOST, None), (Audience.BUREAU, "商务局"), (Audience.HOST, None)):
        database.run(people.join, anna, audience, unit)
    me = who(database)
    assert me.audiences == {"host", "bureau"} and me.unit == "商务局"
    assert database.look(people.audiences_of, anna) == {Audience.HOST, Audience.BUREAU}
    assert database.look(people.unit_of, anna) == "商务局"


def test_who_blocked_the_bot_is_marked_until_they_speak(database: Database, anna: int) -> None:
    database.run(people.mark_blocked, ANNA, NOON)
    assert who(database).blocked
    database.run(lambda session: people.meet(session, ANNA, "en", NOON).id)
    assert not who(database).blocked
    database.run(people.mark_blocked, 404, NOON)


def test_a_person_prints_as_a_number_alone(database: Database, anna: int) -> None:
    def shown(session: Session) -> str:
        person = session.get_one(Person, anna)
        person.name, person.profile = "CANARY", {"applicant_name": "CANARY"}
        return repr(person) + str(person) + repr(who_of(session))

    def who_of(session: Session) -> Me | None:
        session.flush()
        return people.who(session.connection(), ANNA)

    assert "CANARY" not in database.run(shown)
