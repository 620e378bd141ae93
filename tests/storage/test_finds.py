"""Finding: one table of tokens; secrets by their exact value alone, names by their signs and their pinyin."""

from __future__ import annotations

import pytest
from sqlmodel import select

from storage import desk, finds, secrets
from storage.filing import FiledBefore
from storage.finds import Find, name_tokens
from tests.storage.office import CANARY, Bureau, guest
from tests.storage.sample import Wanted


def test_a_name_is_found_as_people_write_it() -> None:
    assert (
        name_tokens("王芳") == name_tokens("Wang Fang") == name_tokens("wangfang") == name_tokens(" 王 芳 ")
    )
    assert name_tokens("SCHMIDT, Anna-Maria") == name_tokens("schmidt anna maria")
    assert name_tokens("芳") <= name_tokens("王芳"), "a part of a name finds the whole"
    assert name_tokens(" ,. ") == set() == name_tokens("")


@pytest.mark.parametrize("text", ["Schmidt", "SCHMIDT, Anna", "anna schm", "Ａｎｎａ A.", "Anna"])
def test_cases_are_found_by_a_name_in_a_row(bureau: Bureau, text: str) -> None:
    case = bureau.file(applicant_name="Host")
    bureau.file("bo", guests=(guest(name="LEE, Bo"),), applicant_name="Bo Lee")
    assert bureau.run(finds.cases_named, text) == [case.id]


def test_two_signs_of_han_are_enough(bureau: Bureau) -> None:
    answers = {"subject": "王芳", "matters": (Wanted.SAMPLE_SEARCH,), "sample_search": {"story": CANARY}}
    case = bureau.submit(bureau.draft(answers, service="sample_help")).cases[0]
    for text in ("王芳", "wang", "芳"):
        assert bureau.run(finds.cases_named, text) == [case.id]
    assert bureau.run(finds.cases_named, CANARY) == [], "a secret is no name"


def test_the_newest_come_first_and_names_are_not_mixed(bureau: Bureau) -> None:
    first, second = bureau.file(), bureau.file(guests=(guest(passport="K1234567"),))
    assert bureau.run(finds.cases_named, "Schmidt") == [second.id, first.id]
    other = bureau.file(guests=(guest(name="SCHOLZ, Ann"), guest(name="MIDTER, Ida", passport="K7654321")))
    assert other.id not in bureau.run(finds.cases_named, "Schmidt"), "one name has them all, or none"


def test_a_secret_is_found_by_its_exact_value_alone(bureau: Bureau) -> None:
    case = bureau.file()
    assert bureau.run(finds.cases_with_key, "foreign_passport", "C01X00T47") == [case.id]
    for other in ("C01X00T4", "c01x00t47", "C01X00T48"):
        assert bureau.run(finds.cases_with_key, "foreign_passport", other) == []


def test_no_token_tells_a_secret(bureau: Bureau) -> None:
    bureau.file()
    rows = bureau.run(lambda session: list(session.scalars(select(Find))))
    secret = [row for row in rows if row.field in ("account", "guests.passport")]
    assert {row.what for row in secret} == {finds.KEYED} and all(len(row.token) == 32 for row in secret)
    assert {row.row for row in rows if row.field == "guests.name"} == {0}
    assert not [row for row in rows if "C01X00T47" in row.token or CANARY in row.token]


def test_an_older_key_still_finds(bureau: Bureau) -> None:
    old, new = secrets.generate(), secrets.generate()
    with secrets.using(secrets.Keys(old)):
        case = bureau.file()
    with secrets.using(secrets.Keys(new, old)):
        assert bureau.run(finds.cases_with_key, "foreign_passport", "C01X00T47") == [case.id]
        with pytest.raises(FiledBefore):
            bureau.file(again=False)


def test_indexing_again_replaces(bureau: Bureau) -> None:
    case = bureau.file()
    bureau.run(finds.index, case.id, [("a", -1, "name", "xy"), ("a", -1, "name", "xy")])
    assert len(bureau.run(lambda session: list(session.scalars(select(Find))))) == 1


def test_the_desk_finds_by_number_too(bureau: Bureau) -> None:
    case = bureau.file()
    officer = bureau.officer("desk1")
    for text in (case.number, "2027-00001", "沈外办受〔2027〕00001号", "syfao 2027 00001"):
        assert [one.id for one in bureau.run(desk.search, bureau.world, text, officer)] == [case.id], text
