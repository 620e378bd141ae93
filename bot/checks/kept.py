"""Checks of what is kept: database, migrations, data key, the folder of files, officers, calendar."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import make_url, select
from sqlmodel import col

from bot.checks import Finding, fault, ok, warning
from bot.settings import Settings
from storage import migrations, officers, secrets, tables
from storage.approval import Division, Role
from storage.cases import Case
from storage.database import Database
from storage.files import Files, is_shared
from storage.office_days import days_of_year, read_calendar
from storage.secrets import WrappedKey
from storage.services import services

if TYPE_CHECKING:
    from sqlmodel import Session

ENOUGH = 2
"""Officers for every (role, division) of a route (services.md (a))."""
DECEMBER = 12


def is_there(settings: Settings) -> bool:
    """Whether there is a database to look at; SQLite's is made at the first start."""
    address = make_url(settings.database)
    return address.get_backend_name() != "sqlite" or Path(str(address.database)).exists()


def schema(database: Database) -> Iterator[Finding]:
    """Whether the database answers and has the tables of this version."""
    metadata = tables.metadata()
    steps = migrations.pending(database)
    if not steps:
        yield ok("database", f"{database.dialect}, current")
    elif database.dialect == "sqlite":
        yield warning(
            "database", f"{len(steps)} migrations behind", "`bot run` brings it up to date by itself"
        )
    else:
        yield fault("database", f"{len(steps)} migrations behind", "run `bot migrate`")
    for line in migrations.unwritten(metadata):
        yield fault("migrations", line, "run `bot migrate --write`, then `bot migrate`")


def key(database: Database) -> Iterator[Finding]:
    """Whether the data key opens what was sealed. Raises WrongKey, Tampered."""
    sealed = database.look(_a_sealed_key)
    if sealed is not None:
        secrets.keys().case_key(sealed)
        yield ok("key", "it opens what is kept")


def files(database: Database, settings: Settings) -> Iterator[Finding]:
    """Whether the folder of files is the one that this database belongs to: replicas share it."""
    place = settings.data_dir / "files"
    if database.run(is_shared, Files(place).token()):
        yield ok("files", str(place))
    else:
        yield fault(
            "files", f"{place} belongs to another database", "mount the folder that all replicas share there"
        )


def staff(database: Database) -> Iterator[Finding]:
    """Whether every act of a route has two officers who can take it."""
    lacking: dict[Role, list[str]] = {}
    for role, division in sorted(_acts(), key=lambda act: (act[0], act[1] or "")):
        count = len(database.look(officers.officers, role, division))
        if count < ENOUGH:
            lacking.setdefault(role, []).append(f"{division or 'whole office'} {count}")
    for role, counts in lacking.items():
        what = f"{role.value} has fewer than two officers: {', '.join(counts)}"
        yield warning("officers", what, f"`bot people invite --role {role.value} …`")
    if not lacking:
        yield ok("officers", "two or more for every stage")


def calendar(database: Database, today: date) -> Iterator[Finding]:
    """Whether the days off of this year are confirmed, and from 1 December those of the next."""
    known = database.look(read_calendar)
    years = [today.year] + ([today.year + 1] if today.month == DECEMBER else [])
    for year in years:
        if known.is_provisional(year) and all(day.provisional for day in days_of_year(year)):
            yield warning(
                "calendar",
                f"the days off of {year} are not confirmed, so due dates may move",
                "update the package `holidays` once the State Council's notice is out",
            )
        else:
            yield ok("calendar", f"{year} is confirmed")


def _a_sealed_key(session: Session) -> WrappedKey | None:
    newest = select(Case).where(col(Case.key).is_not(None)).order_by(col(Case.id).desc()).limit(1)
    row = session.scalars(newest).first()
    return None if row is None or row.key is None or row.salt is None else WrappedKey(row.key, row.salt)


def _acts() -> set[tuple[Role, Division | None]]:
    """Every (role, division) that some route asks for; "the district" means each of them."""
    found: set[tuple[Role, Division | None]] = set()
    for service in services().values():
        for form in (service, *service.matter_forms):
            if not hasattr(form, "route"):
                continue
            for act in (act for stage in form.route.stages for act in stage.acts):
                in_charge = act.role in (Role.SECTION_CHIEF, Role.DEPUTY_DIRECTOR)
                division = act.division or (form.route.owner if in_charge else None)
                if division is Division.DIS:
                    found |= {(act.role, one) for one in Division if one.is_district}
                else:
                    found.add((act.role, division))
    return found
