"""The audit trail: every effect once, in order, each bound to the one before; changing anything shows."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, select

from storage import audit
from storage.approval import Approve, Remark, Return, StaleReview
from storage.audit import AuditEntry
from storage.database import Database
from tests.storage.office import CANARY, MORNING, Bureau


def trail(bureau: Bureau) -> list[AuditEntry]:
    return bureau.run(lambda s: list(s.scalars(select(AuditEntry).order_by(col(AuditEntry.id)))))


def tamper(bureau: Bureau, statement: str) -> None:
    bureau.run(lambda session: session.execute(text(statement)))


def record(database: Database, what: str = "filed", **more: Any) -> AuditEntry:
    return database.run(audit.record, what, at=MORNING, by=1, **more)


def story(bureau: Bureau) -> int:
    """A case that is filed, returned, corrected and approved once."""
    case = bureau.file()
    bureau.say("desk1", case.id, Return, (Remark("account", CANARY),))
    bureau.correct(case.id, {"account": "another 1234"})
    bureau.say("desk1", case.id, Approve)
    return case.id


def test_every_effect_is_told_in_order(bureau: Bureau) -> None:
    case = story(bureau)
    told = [(entry.id, entry.what, entry.case, entry.version) for entry in trail(bureau)]
    assert told == [
        (1, "filed", case, 1),
        (2, "return", case, 2),
        (3, "resubmit", case, 3),
        (4, "approve", case, 4),
    ]
    assert bureau.run(audit.first_broken) is None


def test_it_tells_no_content(bureau: Bureau) -> None:
    story(bureau)
    assert all(CANARY not in str(entry.model_dump()) and len(entry.digest) == 64 for entry in trail(bureau))


def test_what_is_undone_leaves_no_gap(bureau: Bureau) -> None:
    """A sequence of PostgreSQL's would: the chain counts by itself."""
    bureau.file()

    def undone(session: Session) -> None:
        audit.record(session, "filed", at=MORNING, by=1)
        raise StaleReview(1, 2, None)

    for _ in range(3):
        with pytest.raises(StaleReview):
            bureau.run(undone)
    bureau.file()
    assert [entry.id for entry in trail(bureau)] == [1, 2] and bureau.run(audit.first_broken) is None


def test_many_at_once_make_one_chain(bureau: Bureau) -> None:
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(lambda n: record(bureau.database, case=n), range(24)))
    assert bureau.run(audit.first_broken) is None and len(trail(bureau)) == 24


@pytest.mark.parametrize(
    "change",
    [
        "what = 'approve'",
        '"case" = 99',
        "version = 9",
        '"by" = 42',
        "acting_for = 3",
        "digest = 'x'",
        f"at = '{(MORNING + timedelta(seconds=1)).strftime('%Y-%m-%d %H:%M:%S.%f')}'",
        "hash = 'x'",
    ],
)
def test_a_changed_entry_shows(bureau: Bureau, change: str) -> None:
    story(bureau)
    tamper(bureau, f"UPDATE audit SET {change} WHERE id = 2")  # noqa: S608  # our own words
    assert bureau.run(audit.first_broken) == 2


@pytest.mark.parametrize("gone", [1, 2, 3])
def test_an_entry_taken_out_shows(bureau: Bureau, gone: int) -> None:
    story(bureau)
    tamper(bureau, f"DELETE FROM audit WHERE id = {gone}")  # noqa: S608
    assert bureau.run(audit.first_broken) == gone


def test_two_entries_that_changed_places_show(bureau: Bureau) -> None:
    story(bureau)
    for old, new in ((2, 99), (3, 2), (99, 3)):
        tamper(bureau, f"UPDATE audit SET id = {new} WHERE id = {old}")  # noqa: S608
    assert bureau.run(audit.first_broken) == 2


def test_the_zone_in_which_a_time_is_said_does_not_matter(bureau: Bureau) -> None:
    shenyang = MORNING.astimezone(timezone(timedelta(hours=8)))
    bureau.run(audit.record, "filed", at=shenyang, by=1)
    assert bureau.run(audit.first_broken) is None


def test_an_empty_trail_is_whole(bureau: Bureau) -> None:
    assert bureau.run(audit.first_broken) is None
