"""The audit trail: every effect on a case and every look at a secret, in order, each bound to the one before.

It holds who, what, when and a digest of the sealed content; never content. Wiping a case destroys its key: the
trail stays whole and says "wiped", not "broken".
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlmodel import Field, SQLModel, col

from storage.columns import UtcDateTime
from storage.database import serialise

if TYPE_CHECKING:
    from sqlmodel import Session

GENESIS = "0" * 64
COMMAND_LINE = -1
"""`by` of what was done on the server's own command line: by whoever holds the data key."""


class AuditEntry(SQLModel, table=True):
    """One link of the chain."""

    __tablename__ = "audit"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
    what: str
    """What was done: filed, approve, return, …, secret_shown, letter_issued, wiped."""
    case: int | None = Field(default=None, index=True)
    by: int
    """The person who did it; 0 is the clock, -1 the command line."""
    acting_for: int | None = None
    version: int | None = None
    """The version of the case that was seen, or made."""
    digest: str = ""
    """Salted hash of the sealed content that the act left or looked at."""
    hash: str = Field(unique=True)
    """SHA-256 over the entry and the hash before it."""


def record(
    session: Session,
    what: str,
    *,
    at: datetime,
    by: int,
    case: int | None = None,
    acting_for: int | None = None,
    version: int | None = None,
    digest: str = "",
) -> AuditEntry:
    """Add a link, in the transaction of what it tells of. Call it last: on PostgreSQL it waits for the chain."""
    serialise(session, "audit")
    last = session.scalars(select(AuditEntry).order_by(col(AuditEntry.id).desc()).limit(1)).first()
    entry = AuditEntry(
        id=(last.id or 0) + 1 if last else 1,  # a sequence of PostgreSQL's leaves gaps where work is undone
        at=at,
        what=what,
        case=case,
        by=by,
        acting_for=acting_for,
        version=version,
        digest=digest,
        hash="",
    )
    entry.hash = _link(last.hash if last else GENESIS, entry)
    session.add(entry)
    session.flush()
    return entry


def first_broken(session: Session) -> int | None:
    """The id of the first entry that does not follow from the one before; None: the chain is whole."""
    before, expected = GENESIS, 1
    for entry in session.scalars(select(AuditEntry).order_by(col(AuditEntry.id))):
        if entry.id != expected or entry.hash != _link(before, entry):
            return expected
        before, expected = entry.hash, expected + 1
    return None


def _link(before: str, entry: AuditEntry) -> str:
    told: list[Any] = [
        before,
        entry.at.astimezone(UTC).isoformat(),
        entry.what,
        entry.case,
        entry.by,
        entry.acting_for,
        entry.version,
        entry.digest,
    ]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()
