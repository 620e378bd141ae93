"""The commands in a test: in this process where that will do, in one of their own where signals or imports count."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot import __main__ as command_line
from storage import secrets
from storage.database import Database


@dataclass(frozen=True)
class Outcome:
    """What a command came to."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


class Commands:
    """An office's server: a data folder, and settings that name it."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch) -> None:
        folder.mkdir()
        self.folder = folder
        self.file = folder / "shenqiao.db"
        self.key = secrets.generate()
        self._capsys = capsys
        self._patch = patch
        for name in [name for name in os.environ if name.startswith("BOT_")]:
            patch.delenv(name)
        self.set(DATA_DIR=str(folder), DATA_KEY=self.key)

    def set(self, **settings: str) -> None:
        """Give settings, as the environment does."""
        for name, value in settings.items():
            self._patch.setenv(f"BOT_{name}", value)

    def unset(self, *names: str) -> None:
        for name in names:
            self._patch.delenv(f"BOT_{name}", raising=False)

    def database(self) -> Database:
        """The database of the settings."""
        return Database(f"sqlite:///{self.file}")

    def run(self, *words: str) -> Outcome:
        """One command in this process."""
        self._capsys.readouterr()
        try:
            status = command_line.main(words)
        except SystemExit as ended:
            status = int(ended.code or 0)
        finally:
            secrets.use(None)
        said = self._capsys.readouterr()
        return Outcome(status, said.out, said.err)

    def process(self, *words: str) -> Outcome:
        """One command in a process of its own, where it has the main thread: beside an event loop of the test."""
        return process(*words, env=os.environ)


def environment(**settings: str) -> dict[str, str]:
    """Of a process of its own: with these settings, and none of the machine's."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")}
    return own | {f"BOT_{name}": value for name, value in settings.items()}


def process(*words: str, env: Mapping[str, str] | None = None, text: str | None = None) -> Outcome:
    """One command in a process of its own."""
    ran = subprocess.run(
        [sys.executable, "-m", "bot", *words],
        input=text,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
        env=dict(environment() if env is None else env),
    )
    return Outcome(ran.returncode, ran.stdout, ran.stderr)
