"""Proves the audit trail: the chain is whole, and every case stands as the trail last left it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlmodel import col

from storage import audit
from storage.audit import AuditEntry
from storage.cases import Case
from storage.secrets import salted_digest

if TYPE_CHECKING:
    from sqlmodel import Session


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found. `broken` is the first entry that does not follow; `altered` and `wiped` are case numbers."""

    entries: int
    broken: int | None
    altered: tuple[str, ...]
    wiped: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Whether nothing was changed past the trail. A wiped case is as it should be."""
        return self.broken is None and not self.altered


def prove(session: Session) -> Proof:
    """Follow the chain and compare each case with the last digest of it. Needs no data key."""
    entries = session.scalar(select(func.count()).select_from(AuditEntry)) or 0
    last = (
        select(func.max(AuditEntry.id))
        .where(col(AuditEntry.case).is_not(None))
        .group_by(col(AuditEntry.case))
    )
    left = select(col(AuditEntry.case), col(AuditEntry.digest)).where(col(AuditEntry.id).in_(last))
    digests = {case: digest for case, digest in session.execute(left)}  # noqa: C416  # rows are no pairs to mypy
    altered, wiped = [], []
    for case, number, salt, state in session.execute(
        select(col(Case.id), col(Case.number), col(Case.salt), col(Case.state)).order_by(col(Case.id))
    ):
        if salt is None:
            wiped.append(number)
        elif digests.get(case) != salted_digest(salt, state):
            altered.append(number)
    return Proof(entries, audit.first_broken(session), tuple(altered), tuple(wiped))
