"""Files: sealed, found by a keyed digest of their content, on disk before the commit that names them."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets as tokens
from collections.abc import Container, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from sqlmodel import Field, Session, SQLModel

from storage import secrets
from storage.inspection import Inspection, Reason, Refusal, inspect, safe_name
from storage.kinds.attachments import FileRef
from storage.marks import bears_secret_mark

__all__ = [
    "FileMissing",
    "FileRef",
    "FileStore",
    "Files",
    "Inspection",
    "Reason",
    "Refusal",
    "bears_secret_mark",
    "inspect",
    "is_shared",
    "safe_name",
]


class FileMissing(LookupError):
    """No file lies under this digest. `digest` names it."""

    def __init__(self, digest: str) -> None:
        super().__init__(digest)
        self.digest = digest


class Files:
    """The sealed files of one office, in a folder that all replicas share. Every call may wait for the disk."""

    def __init__(self, folder: Path) -> None:
        """`folder` is made when first written to."""
        self._folder = folder

    def put(
        self,
        data: bytes,
        name: str,
        media_type: str,
        pages: int | None = None,
        *,
        pixels: tuple[int | None, int | None] = (None, None),
    ) -> FileRef:
        """Keep a file, sealed and on disk when this returns; the same content is kept once.

        Call it before the transaction that keeps the reference: what no commit names is swept later.
        """
        digest = self._digest(data)
        path = self._path(digest)
        try:
            os.utime(path)  # young again, so that no sweep takes it before the commit that names it
        except FileNotFoundError:
            _write(path, secrets.keys().seal(data, digest.encode()))
        width, height = pixels
        return FileRef(
            digest=digest,
            name=name,
            media_type=media_type,
            size=len(data),
            pages=pages,
            width=width,
            height=height,
        )

    def get(self, digest: str) -> bytes:
        """A file's content. Raises FileMissing, and Tampered or WrongKey (`storage.secrets`)."""
        try:
            sealed = self._path(digest).read_bytes()
        except FileNotFoundError:
            raise FileMissing(digest) from None
        return secrets.keys().unseal(sealed, digest.encode())

    def forget(self, digest: str) -> None:
        """Remove a file at once, for wiping; nothing happens if it is gone."""
        self._path(digest).unlink(missing_ok=True)

    def sweep(self, known: Container[str], before: datetime) -> int:
        """Remove what nothing refers to and was put before a time (leave a day for commits). Returns how many."""
        swept = 0
        for path in self._all():
            if path.name not in known and _put_at(path) < before:
                path.unlink(missing_ok=True)
                swept += 1
        return swept

    def token(self) -> str:
        """What tells this folder from any other; made once. `is_shared` compares it with the database's."""
        path = self._folder / "token"
        with suppress(FileExistsError):
            _write(path, tokens.token_hex(16).encode(), once=True)
        return path.read_text().strip()

    def _digest(self, data: bytes) -> str:
        return hmac.new(secrets.keys().derive("file digest"), data, hashlib.sha256).hexdigest()

    def _path(self, digest: str) -> Path:
        if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
            raise FileMissing(digest)  # never a path of somebody's making
        return self._folder / digest[:2] / digest

    def _all(self) -> Iterator[Path]:
        """Files and what a killed process left half-written."""
        for shard in self._folder.glob("[0-9a-f][0-9a-f]"):
            yield from shard.iterdir()


class FileStore(SQLModel, table=True):
    """Which folder of files belongs to this database: one row."""

    __tablename__ = "file_store"

    id: int = Field(default=1, primary_key=True)
    token: str


def is_shared(session: Session, token: str) -> bool:
    """Whether a replica's folder (`Files.token`) is the one that this database belongs to; the first one is."""
    row = session.get(FileStore, 1)
    if row is None:
        session.add(FileStore(token=token))
        return True
    return row.token == token


def _write(path: Path, content: bytes, *, once: bool = False) -> None:
    """Write so that after a power cut the file is there whole or not at all. `once` raises FileExistsError."""
    _make_folder(path.parent)
    part = path.with_name(f".{path.name}.{tokens.token_hex(4)}")
    try:
        with open(part, "xb", opener=_own_only) as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        if once:
            os.link(part, path)
        else:
            part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    _sync_folder(path.parent)


def _make_folder(folder: Path) -> None:
    if not folder.is_dir():
        _make_folder(folder.parent)
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
        _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    with suppress(OSError):  # some file systems refuse it
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _own_only(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _put_at(path: Path) -> datetime:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except FileNotFoundError:
        return datetime.max.replace(tzinfo=UTC)
