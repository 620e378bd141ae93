"""A new service is one file: dropped in, with its migration written by the command, it is there in the running bot.

In a copy of the program, so that nothing else of it changes; the copy is what a stranger's office would have.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
UNSEEN = Path(__file__).parent / "unseen"
FLOORS = ("bot", "handlers", "locales", "storage")
PERFORM = """
import asyncio, sys
from pathlib import Path
from bot.demo import Options, start
from bot.simulator.client import SimClient
from bot.transcripts.reading import read_file
from bot.transcripts.stage import Stage

async def perform(story, folder):
    demo = await start(folder, Options(port=0))
    running = asyncio.create_task(demo.run(signals=False))
    try:
        async with SimClient(demo.url) as client:
            stage = Stage(demo, client, patience=20)
            transcript = read_file(story)
            await stage.gather(transcript)
            for line in transcript.lines:
                await stage.perform(line)
    finally:
        demo.app.stop()
        await running
        await demo.simulator.stop()

asyncio.run(perform(Path(sys.argv[1]), Path(sys.argv[2])))
"""


@dataclass
class House:
    """A copy of the program with one more file in it."""

    home: Path
    data: Path
    before: dict[str, str]
    """What every file held before the service was dropped in, as a digest."""

    def python(self, *arguments: str, **more: str) -> str:
        """What a command prints on standard output; the test fails with what it says where it fails."""
        known = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")}
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.home,
            env={**known, "PYTHONPATH": str(self.home), **more},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, f"{arguments[:4]}: {done.stdout[-1500:]}\n{done.stderr[-3000:]}"
        return done.stdout

    def bot(self, *arguments: str, **more: str) -> str:
        return self.python("-m", "bot", *arguments, **more)

    def service(self) -> dict[str, Any]:
        found: list[dict[str, Any]] = json.loads(self.bot("services", "--json"))
        return next(one for one in found if one["id"] == "press_visit")


def test_it_works_without_any_other_edit(house: House) -> None:
    """One test, for the house takes long to build: the whole case was played in it before."""
    only_the_service_and_its_migration_are_new(house)
    the_migration_makes_its_table(house)
    what_an_office_publishes_has_it(house)
    its_case_is_exported(house)
    no_secret_lies_in_clear_in_any_file(house)


@pytest.fixture
def house(tmp_path: Path) -> House:
    """The program with the unseen service and its migration, after a whole case was played in the demo."""
    home = tmp_path / "program"
    for floor in FLOORS:
        shutil.copytree(ROOT / floor, home / floor, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", home)
    made = House(home, tmp_path / "data", _digests(home))
    shutil.copy(UNSEEN / "press_visit.py", home / "storage" / "services")
    made.bot("migrate", "--write", "press visit")
    made.python("-c", PERFORM, str(UNSEEN / "press_visit.md"), str(made.data))
    return made


def only_the_service_and_its_migration_are_new(house: House) -> None:
    after = _digests(house.home)
    assert {name: after.get(name) for name in house.before} == house.before, "nothing else was edited"
    service, migration = sorted(after.keys() - house.before.keys(), key=lambda name: "migrations" in name)
    assert service == "storage/services/press_visit.py"
    assert migration.startswith("storage/migrations/versions/") and "press_visit" in migration


def _digests(home: Path) -> dict[str, str]:
    files = (path for path in home.rglob("*") if path.is_file() and path.suffix not in (".pyc", ".mo"))
    return {str(path.relative_to(home)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def the_migration_makes_its_table(house: House) -> None:
    house.bot("migrate", "--check")
    written = next((house.home / "storage/migrations/versions").glob("*press_visit*"))
    told = written.read_text(encoding="utf-8")
    assert "create_table" in told and "'press_visit'" in told and "drop" not in told.split("def downgrade")[0]
    assert "LargeBinary" in told, "the rows hold a secret: they are sealed"


def what_an_office_publishes_has_it(house: House) -> None:
    service = house.service()
    asked = {one["field"]: one for one in service["questions"]}
    assert service["audience"] == ["journalist"] and service["letter"] == {"mark": "沈外闻"}
    assert [row["field"] for row in asked["reporters"]["rows"]] == ["name", "country", "press_card", "camera"]
    assert asked["plate"]["secret"] and asked["plate"]["conditional"]
    assert [stage["conditional"] for stage in service["route"]] == [False, False, True, False]
    assert "applicant_name" in asked and "truth" in asked


def its_case_is_exported(house: House) -> None:
    key = (
        next(path for path in house.data.rglob("*key*") if path.is_file()).read_text(encoding="utf-8").strip()
    )
    settings = {"BOT_DATA_DIR": str(house.data), "BOT_DATA_KEY": key}
    exported = house.bot("export", "SYFAO-2026-00001", **settings)
    assert "LOPEZ, Maria" in exported and "沈外闻〔2026〕0001号" in exported
    assert "CANARY" not in exported, "secrets are masked in an export without that right"


def no_secret_lies_in_clear_in_any_file(house: House) -> None:
    """Required, in rows and conditional: neither in the database and its log, nor anywhere else that the bot wrote."""
    written = [path for path in house.data.rglob("*") if path.is_file() and "telegram" not in path.parts]
    assert any(path.suffix == ".db" or "sqlite" in path.name for path in written), written
    for path in written:
        assert b"CANARY" not in path.read_bytes(), path
