"""Look-ups: a rule may know what others filed. The same member is not on two open visits on the same days."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from storage import drafts, filing, flow, people, rulings
from storage.conversation import Draft, Open
from storage.database import Database
from storage.filing import NotFinished
from storage.lookups import with_look_ups
from storage.office_days import calendar_of, days_of_year
from storage.offices import read_office
from storage.people import Me
from storage.services import services
from storage.world import World
from tests.plausible import TODAY, fill

WORLD = World(
    calendar_of([day for year in (TODAY.year, TODAY.year + 1) for day in days_of_year(year)]).opening(TODAY),
    calendar_of([day for year in (TODAY.year, TODAY.year + 1) for day in days_of_year(year)]),
    read_office(),
    services(),
)


def met(session: Session, telegram_id: int) -> Me:
    person = people.meet(session, telegram_id, "en", WORLD.now)
    people.agree(session, person.id or 0, WORLD.now)
    me = people.who(session.connection(), telegram_id)
    assert me is not None
    return me


def kept(session: Session, me: Me, draft: Draft) -> drafts.OpenDraft:
    return drafts.create(session, services()["official_visit"], me.id, draft, WORLD.now)


def test_a_member_of_another_open_visit_is_refused_and_the_visit_is_named(database: Database) -> None:
    def two_units_send_the_same_people(session: Session) -> None:
        first, second = met(session, 1), met(session, 2)
        opened = kept(session, first, fill(services()["official_visit"]))
        (case,) = filing.submit(session, WORLD, first, opened.id, opened.revision).cases
        again = kept(session, second, fill(services()["official_visit"]))
        with pytest.raises(NotFinished) as refused:
            filing.submit(session, WORLD, second, again.id, again.revision)
        assert [fault.problem.values.get("number") for fault in refused.value.faults] == [case.number]

    database.run(two_units_send_the_same_people)


def test_only_the_questions_of_the_rule_look_anything_up(database: Database) -> None:
    def look(session: Session) -> None:
        me = met(session, 1)
        service = services()["official_visit"]
        opened = kept(session, me, fill(services()["official_visit"]))
        facts = WORLD.facts(me, "official_visit")
        purpose = flow.answer(service, opened.draft, Open(("purpose",)), facts).draft
        seen = flow.screen(service, purpose, facts)
        assert not with_look_ups(session.connection(), facts, service, opened, seen).looked_up
        summary = flow.screen(service, opened.draft, facts)
        found = with_look_ups(session.connection(), facts, service, opened, summary)
        assert found.looked_up == {"visits_of_members": {}}
        assert not rulings.faults(service, opened.draft, found)

    database.run(look)
