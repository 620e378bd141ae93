"""A canary: a secret answer lies in clear in no table, no file of the database and no line of its log."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlmodel import Session, SQLModel

from storage import drafts, pending, people
from storage.approval import Approve, Remark, Return
from storage.pending import Saying
from storage.reviews import show_secrets
from tests.storage.office import CANARY, Bureau, guest, visit
from tests.storage.playing import pdf
from tests.storage.sample import Purpose, SampleVisit, Wanted

SECRET = {
    "account": CANARY,  # required
    "pin": CANARY,  # optional
    "purpose": Purpose.STUDY,
    "university": "Dongbei",
    "student_no": CANARY,  # conditional
    "guests": (
        guest(passport=CANARY, stays=({"country": "FR", "visa_no": CANARY},)),
    ),  # rows, and rows in rows
}


def busy(bureau: Bureau) -> None:
    """Everything that writes: drafts, cases, corrections, verdicts, looks at secrets, a matter, a profile."""
    bureau.draft(visit(**SECRET))
    case = bureau.file(**SECRET)
    bureau.run(show_secrets, bureau.world, case.id, bureau.officer("desk1"), 5)
    bureau.say("desk1", case.id, Return, (Remark("account", f"Is {CANARY} right?"),))
    bureau.correct(case.id, {"account": f"{CANARY}-2"})
    for name in ("desk1", "chief1", "director1"):
        bureau.say(name, case.id, Approve)
    saying = Saying(case=case.id, seen=1, kind="refuse", reason="other", text=CANARY)
    bureau.run(pending.keep, bureau.persons["desk1"], saying, bureau.now)
    answers = {"subject": "王芳", "matters": (Wanted.SAMPLE_SEARCH,), "sample_search": {"story": CANARY}}
    bureau.submit(bureau.draft(answers, service="sample_help"))
    bureau.run(people.remember, bureau.persons["anna"], {"applicant_post": CANARY})


def cells(session: Session) -> Iterator[tuple[str, Any]]:
    for table in SQLModel.metadata.sorted_tables:
        rows = session.execute(text(f'SELECT * FROM "{table.name}"')).mappings()  # noqa: S608  # our own names
        yield from ((f"{table.name}.{name}", value) for row in rows for name, value in row.items())


def test_no_table_has_it(bureau: Bureau) -> None:
    busy(bureau)
    found = bureau.run(lambda session: list(cells(session)))
    assert len(found) > 300
    for where, value in found:
        held = bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
        assert CANARY.encode() not in held, where
        assert CANARY.lower().encode() not in held.lower(), where


def test_no_file_of_sqlite_has_it(bureau: Bureau, tmp_path: Path) -> None:
    busy(bureau)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    for path in files:
        assert CANARY.encode() not in path.read_bytes(), path.name
    if bureau.database.dialect == "sqlite":
        assert any(path.name.endswith("-wal") and path.stat().st_size for path in files), (
            "the log was looked at"
        )


def test_the_canary_can_sing(bureau: Bureau, tmp_path: Path) -> None:
    """What is not secret is found: the search above sees."""
    bureau.file(note=CANARY)
    assert any(CANARY in str(value) for _, value in bureau.run(lambda session: list(cells(session))))
    if bureau.database.dialect == "sqlite":
        assert any(CANARY.encode() in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def test_nothing_prints_it(bureau: Bureau) -> None:
    opened = bureau.draft(visit(**SECRET, proof=(pdf(),)))
    case = bureau.file(**SECRET)
    shown = repr(opened) + str(opened) + repr(opened.draft) + repr(case) + str(case) + repr(case.form)
    shown += repr(bureau.me("anna")) + repr(drafts.read(SampleVisit, drafts.dump(SampleVisit, opened.draft)))
    assert CANARY not in shown
