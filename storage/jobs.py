"""When each of the clock's jobs ran last, so that of several replicas one runs it."""

from __future__ import annotations

import zlib
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlmodel import Field, SQLModel

from storage.columns import UtcDateTime

if TYPE_CHECKING:
    from sqlmodel import Session

LOCK_SPACE = 1_783_291
"""First key of our advisory locks for jobs, apart from those of chats (one key) and of names."""


RECORDED = timedelta(minutes=1)
"""From this interval on a run is recorded; a job of every second would else write every second, for nothing."""


class JobRun(SQLModel, table=True):
    """The last run of a job of the clock, in the clock's time."""

    __tablename__ = "job_runs"

    name: str = Field(primary_key=True)
    ran_at: datetime = Field(sa_type=UtcDateTime)


def take(session: Session, name: str, now: datetime, every: timedelta) -> bool:
    """Whether this job is to be run now: nobody else is at it, and the last run is `every` ago.

    Held until the end of the transaction. A run later than `now` (the clock was moved back) does not count.
    Jobs of less than RECORDED are kept apart by the lock alone.
    """
    if not _alone(session, name):
        return False
    if every < RECORDED:
        return True
    run = session.get(JobRun, name)
    if run is None:
        session.add(JobRun(name=name, ran_at=now))
        return True
    if timedelta() <= now - run.ran_at < every:
        return False
    run.ran_at = now
    return True


def _alone(session: Session, name: str) -> bool:
    """SQLite has one writer; on PostgreSQL a lock that is not waited for."""
    connection = session.connection()
    if connection.dialect.name != "postgresql":
        return True
    keys = {"space": LOCK_SPACE, "name": zlib.crc32(name.encode()) - 2**31}
    return bool(connection.execute(text("SELECT pg_try_advisory_xact_lock(:space, :name)"), keys).scalar())
