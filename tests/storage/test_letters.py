"""Letters: numbers without gaps or doubles on both databases, and what a stranger learns from a code."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Connection, Integer, MetaData, Table, insert
from sqlmodel import Session, SQLModel, select

import storage.cases  # noqa: F401  # the table that letters refer to
from storage import letters
from storage.database import Database
from storage.letters import (
    CODE_SIGNS,
    AlreadyTypeset,
    Letter,
    LetterState,
    Verification,
    mask_name,
    mask_names,
    number_text,
    read_code,
    show_code,
)

MORNING = datetime(2027, 3, 4, 2, 0, tzinfo=UTC)


class Refused(Exception):
    """Something else in the approval's transaction went wrong."""


@pytest.fixture
async def database(empty_database: Database) -> Database:
    """The register and bare cases: how a case comes about is tested elsewhere."""
    await empty_database.hot(_make_register)
    return empty_database


def _make_register(connection: Connection) -> None:
    alone = MetaData()
    cases = Table("cases", alone, Column("id", Integer, primary_key=True))
    for name in ("letters", "letter_series"):
        SQLModel.metadata.tables[name].to_metadata(alone)
    alone.create_all(connection)
    connection.execute(insert(cases), [{"id": case_id} for case_id in range(60)])


def approve(session: Session, case_id: int = 1, mark: str = "沈外邀", at: datetime = MORNING) -> Letter:
    return letters.issue(
        session,
        case_id=case_id,
        holder_id=7,
        kind="invitation_letter",
        mark=mark,
        names=["SCHMIDT, Anna Maria"],
        at=at,
    )


def approve_and_fail(session: Session, case_id: int) -> None:
    approve(session, case_id)
    raise Refused


async def test_the_first_letter_of_a_year_is_number_one(database: Database) -> None:
    letter = await database.work(approve)
    assert (letter.number, letter.signed, letter.state) == (
        "沈外邀〔2027〕0001号",
        date(2027, 3, 4),
        LetterState.VALID,
    )


async def test_each_mark_and_each_year_counts_for_itself(database: Database) -> None:
    year_later = datetime(2028, 3, 4, tzinfo=UTC)
    made = [
        (await database.work(approve, 1, mark, at)).number
        for mark, at in [
            ("沈外邀", MORNING),
            ("沈外出", MORNING),
            ("沈外邀", year_later),
            ("沈外邀", MORNING),
        ]
    ]
    assert made == [
        "沈外邀〔2027〕0001号",
        "沈外出〔2027〕0001号",
        "沈外邀〔2028〕0001号",
        "沈外邀〔2027〕0002号",
    ]


async def test_the_year_is_that_of_signing_in_shenyang(database: Database) -> None:
    new_year_in_shenyang = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)
    letter = await database.work(approve, at=new_year_in_shenyang)
    assert (letter.number, letter.signed) == ("沈外邀〔2027〕0001号", date(2027, 1, 1))


async def test_many_approvals_at_once_leave_no_gap_and_no_double(database: Database) -> None:
    """Every third one is rolled back after it took its number."""

    async def one(case_id: int) -> None:
        try:
            await database.work(approve_and_fail if case_id % 3 == 0 else approve, case_id)
        except Refused:
            assert case_id % 3 == 0

    await asyncio.gather(*(one(case_id) for case_id in range(60)))
    serials = await database.read(lambda session: sorted(session.exec(select(Letter.serial)).all()))
    assert serials == list(range(1, 41))


async def test_two_processes_share_one_series(database: Database, empty_url: str) -> None:
    async with Database(empty_url) as other:
        made = await asyncio.gather(*((database, other)[i % 2].work(approve, i) for i in range(40)))
    assert sorted(letter.serial for letter in made) == list(range(1, 41))
    assert len({letter.code for letter in made}) == 40


def test_the_number_grows_beyond_four_digits() -> None:
    assert number_text("沈外友函", 2027, 12) == "沈外友函\u30142027\u30150012号"
    assert number_text("沈外邀", 2027, 10000) == "沈外邀〔2027〕10000号"


async def test_a_code_tells_a_stranger_this_much_and_no_more(database: Database) -> None:
    letter = await database.work(approve)
    for typed in (
        letter.code,
        letter.code.lower(),
        show_code(letter.code),
        f" {letter.code[:4]} — {letter.code[4:]}\n",
    ):
        assert await database.read(letters.verify, typed) == Verification(
            "invitation_letter", "沈外邀〔2027〕0001号", date(2027, 3, 4), LetterState.VALID, "S*** A*** M***"
        )


@pytest.mark.parametrize(
    "typed", ["", "ABC", "7KQMA4XWPB", "0OIL1ABCDE", "7KQMA4XWPB7KQMA4XWPB", "'; --", "𠮷" * 10]
)
async def test_any_other_code_tells_nothing(database: Database, typed: str) -> None:
    await database.work(approve)
    assert await database.read(letters.verify, typed) is None


@pytest.mark.parametrize("state", [LetterState.REVOKED, LetterState.REPLACED])
async def test_a_letter_that_no_longer_counts_says_so_for_ever(
    database: Database, state: LetterState
) -> None:
    def recall(session: Session, code: str) -> None:
        letter = session.exec(select(Letter).where(Letter.code == code)).one()
        letter.state = state
        session.add(letter)

    letter = await database.work(approve)
    await database.work(recall, letter.code)
    verification = await database.read(letters.verify, letter.code)
    assert verification is not None
    assert verification.state is state
    assert await database.read(letters.untypeset) == []


async def test_a_letter_is_due_until_its_file_is_kept(database: Database) -> None:
    first, second = await database.work(approve, 1), await database.work(approve, 2)
    assert [due.number for due in await database.read(letters.untypeset)] == [first.number, second.number]
    await database.work(letters.attach, first, "digest-1")
    assert [due.number for due in await database.read(letters.untypeset)] == [second.number]


async def test_a_letter_keeps_its_first_file(database: Database) -> None:
    letter = await database.work(approve)
    await database.work(letters.attach, letter, "digest-1")
    await database.work(letters.attach, letter, "digest-1")
    with pytest.raises(AlreadyTypeset) as refusal:
        await database.work(letters.attach, letter, "digest-2")
    assert (refusal.value.number, refusal.value.file_digest) == (letter.number, "digest-1")
    kept = await database.read(letters.letters_of, 1)
    assert [(one.code, one.file_digest) for one in kept] == [(letter.code, "digest-1")]


def test_a_code_has_no_look_alikes() -> None:
    assert not set("0O1IL") & set(CODE_SIGNS)
    assert len(set(CODE_SIGNS)) == len(CODE_SIGNS) == 31


@given(st.text(CODE_SIGNS, min_size=10, max_size=10))
def test_a_code_read_aloud_is_read_back(code: str) -> None:
    fullwidth = "".join(chr(ord(sign) + 0xFEE0) for sign in code)
    assert {read_code(form) for form in (code, show_code(code), show_code(code).lower(), fullwidth)} == {code}


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("王芳", "王*"),
        ("欧阳明月", "欧***"),
        ("SCHMIDT, Anna Maria", "S*** A*** M***"),
        ("SUKARNO", "S***"),
        ("Ли, Анна", "Л*** А***"),
        ("", ""),
    ],
)
def test_a_name_is_masked(name: str, masked: str) -> None:
    assert mask_name(name) == masked


def test_of_many_names_three_are_hinted_at() -> None:
    assert mask_names(["王芳", "LI, Na"]) == "王*; L*** N***"
    assert mask_names(["王芳"] * 20) == "王*; 王*; 王* +17"
