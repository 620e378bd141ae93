"""Officers: invited by a one-time link, bound to one account, suspended at once; which of them hold a role."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from storage import officers, people
from storage.approval import Approve, Division, Role
from storage.cases import NoSuchCase
from storage.forms import Audience
from storage.officers import Invitation, UnusableCode
from tests.storage.office import MORNING, Bureau


def invited(bureau: Bureau, role: Role = Role.SECTION_CHIEF, division: Division | None = Division.CON) -> str:
    return bureau.run(officers.invite_officer, role, division, "王芳", MORNING)


class TestInvitations:
    def test_a_link_binds_the_account_to_the_role(self, bureau: Bureau) -> None:
        code = invited(bureau)
        bureau.run(officers.redeem, code, bureau.persons["bo"], MORNING)
        officer = bureau.officer("bo")
        assert officer.name == "王芳" and officer.roles == {(Role.SECTION_CHIEF, Division.CON)}
        assert bureau.me("bo").is_officer

    def test_only_a_hash_is_stored(self, bureau: Bureau) -> None:
        code = invited(bureau)
        kept = bureau.run(lambda session: session.scalars(select(Invitation)).one())
        assert code not in kept.model_dump_json() and len(kept.code_hash) == 64

    def test_it_serves_one_person_who_may_tap_twice(self, bureau: Bureau) -> None:
        code = invited(bureau)
        for _ in range(2):
            bureau.run(officers.redeem, code, bureau.persons["bo"], MORNING)
        with pytest.raises(UnusableCode):
            bureau.run(officers.redeem, code, bureau.persons["anna"], MORNING)
        assert len(bureau.officer("bo").roles) == 1

    def test_two_people_at_once(self, bureau: Bureau) -> None:
        code = invited(bureau)

        def tap(name: str) -> bool:
            try:
                bureau.run(officers.redeem, code, bureau.persons[name], MORNING)
            except UnusableCode:
                return False
            return True

        with ThreadPoolExecutor(2) as threads:
            assert sorted(threads.map(tap, ("anna", "bo"))) == [False, True]

    def test_it_lapses_after_seven_days(self, bureau: Bureau) -> None:
        code = invited(bureau)
        with pytest.raises(UnusableCode):
            bureau.run(officers.redeem, code, bureau.persons["bo"], MORNING + timedelta(days=7, seconds=1))
        bureau.run(officers.redeem, code, bureau.persons["bo"], MORNING + timedelta(days=7))

    def test_a_guessed_code_opens_nothing(self, bureau: Bureau) -> None:
        with pytest.raises(UnusableCode):
            bureau.run(officers.redeem, "0" * 24, bureau.persons["bo"], MORNING)

    def test_a_unit_invites_its_contacts(self, bureau: Bureau) -> None:
        code = bureau.run(officers.invite_unit, Audience.BUREAU, "沈阳市商务局", MORNING)
        bureau.run(officers.redeem, code, bureau.persons["bo"], MORNING)
        assert bureau.me("bo").unit == "沈阳市商务局" and "bureau" in bureau.me("bo").audiences
        assert bureau.run(officers.officer, bureau.persons["bo"]) is None, "an audience grants no power"


class TestRoles:
    def test_who_holds_a_role_in_a_division(self, bureau: Bureau) -> None:
        found = bureau.run(officers.officers, Role.SECTION_CHIEF, Division.CON)
        assert [one.name for one in found] == ["Chief 1", "Chief 2"]

    def test_a_role_over_the_whole_office_holds_for_each_division(self, bureau: Bureau) -> None:
        found = bureau.run(officers.officers, Role.DEPUTY_DIRECTOR, Division.CON)
        assert [one.name for one in found] == ["Deputy 1", "Deputy 2"]

    def test_the_same_role_twice_is_once(self, bureau: Bureau) -> None:
        for _ in range(2):
            bureau.run(officers.appoint, bureau.persons["bo"], Role.DESK, None)
        assert bureau.officer("bo").roles == {(Role.DESK, None)}

    def test_a_suspended_officer_has_no_right_from_this_moment(self, bureau: Bureau) -> None:
        case, desk = bureau.file(), bureau.officer("desk1")
        bureau.run(officers.suspend, desk.person, MORNING)
        assert bureau.run(officers.officer, desk.person) is None
        assert "Desk 1" not in [one.name for one in bureau.run(officers.officers, Role.DESK)]
        assert bureau.me("desk1").suspended and case.id
        bureau.run(officers.appoint, desk.person, Role.DESK, None)
        assert bureau.officer("desk1") == desk

    def test_what_a_suspended_officer_did_stays_theirs(self, bureau: Bureau) -> None:
        case = bureau.file()
        bureau.say("desk1", case.id, Approve)
        bureau.run(officers.suspend, bureau.persons["desk1"], MORNING)
        assert bureau.case(case.id).state.given[0].by == bureau.persons["desk1"]

    def test_the_administrators_list_has_everyone(self, bureau: Bureau) -> None:
        bureau.run(officers.suspend, bureau.persons["desk1"], MORNING)

        def listed(session: Session) -> list[str]:
            return [person.name or "" for person, _ in officers.everyone(session)]

        assert len(bureau.run(listed)) == 16 and "Desk 1" in bureau.run(listed)


def test_an_administrator_reads_no_case(bureau: Bureau) -> None:
    case = bureau.file()
    with pytest.raises(NoSuchCase):
        bureau.say("administrator1", case.id, Approve)
    assert people.CONSENT_VERSION
