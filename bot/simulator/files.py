"""Files by id: what was uploaded, by whom it may be sent again, and the links of getFile."""

import asyncio
import hashlib
import io
import mimetypes
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from .errors import Json, bad_request
from .limits import Limits

PREFIXES = {
    "Photo": "AgAC",
    "Document": "BQAC",
    "VoiceNote": "AwAC",
    "Sticker": "CAAC",
    "Video": "BAAC",
    "Audio": "CQAC",
}
FOLDERS = {
    "Photo": "photos",
    "Document": "documents",
    "VoiceNote": "voice",
    "Sticker": "stickers",
    "Video": "videos",
    "Audio": "music",
}
_SIDES = (90, 320, 800, 1280)


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One file under one id. `type` is td's name (Photo, Document, …); sizes in bytes and pixels."""

    id: str
    unique_id: str
    type: str
    name: str
    mime: str
    size: int
    number: int
    digest: str
    width: int = 0
    height: int = 0

    def as_json(self) -> Json:
        """The fields that every file object has."""
        return {"file_id": self.id, "file_unique_id": self.unique_id, "file_size": self.size}

    def as_photo_size(self) -> Json:
        return self.as_json() | {"width": self.width, "height": self.height}


class FileStore:
    """Keeps bytes in memory, or in `folder` when one is given, so that they outlive the process."""

    def __init__(self, now: Callable[[], datetime], limits: Limits, folder: Path | None = None) -> None:
        self._now = now
        self._limits = limits
        self._folder = folder
        self._bytes: dict[str, bytes] = {}
        self._links: dict[str, tuple[str, float]] = {}
        self.by_id: dict[str, StoredFile] = {}
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)

    def add(
        self, kind: str, data: bytes, name: str, mime: str = "", *, size: tuple[int, int] = (0, 0)
    ) -> StoredFile:
        """Stores `data` as a new file of that kind."""
        number = len(self.by_id) + 1
        digest = hashlib.sha256(data).hexdigest()
        stored = StoredFile(
            id=f"{PREFIXES[kind]}{secrets.token_urlsafe(36)}{number:x}",
            unique_id=f"AgAD{digest[:14]}",
            type=kind,
            name=name,
            mime=mimetypes.guess_type(name)[0] or mime or "application/octet-stream",
            size=len(data),
            number=number,
            digest=digest,
            width=size[0],
            height=size[1],
        )
        if self._folder is not None:
            path = self._folder / digest
            if not path.exists():
                path.write_bytes(data)
        else:
            self._bytes[digest] = data
        self.by_id[stored.id] = stored
        return stored

    def read(self, stored: StoredFile) -> bytes:
        if self._folder is None:
            return self._bytes[stored.digest]
        return (self._folder / stored.digest).read_bytes()

    def resolve(self, file_id: str, kind: str) -> StoredFile:
        """The file to send again as `kind`. Raises ApiError 400."""
        if file_id.lower().startswith(("http://", "https://")):
            raise bad_request("Failed to get HTTP URL content")
        stored = self.by_id.get(file_id)
        if stored is None:
            raise bad_request("Wrong file identifier/HTTP URL specified")
        if stored.type != kind:
            raise bad_request(f"Can't use file of type {stored.type} as {kind}")
        return stored

    def link(self, file_id: str) -> Json:
        """getFile: a path that is good for an hour. The original name is not kept. Raises ApiError 400."""
        if not file_id:
            raise bad_request("file_id not specified")
        stored = self.by_id.get(file_id)
        if stored is None:
            raise bad_request("wrong file_id or the file is temporarily unavailable")
        if stored.size > self._limits.download_bytes:
            raise bad_request("file is too big")
        suffix = Path(stored.name).suffix if stored.type != "Photo" else ".jpg"
        path = f"{FOLDERS[stored.type]}/file_{stored.number}{suffix}"
        self._links[path] = (file_id, self._now().timestamp() + self._limits.link_seconds)
        return stored.as_json() | {"file_path": path}

    def by_path(self, path: str) -> StoredFile | None:
        """The file that a link of getFile leads to, while the link is good."""
        file_id, until = self._links.get(path, ("", 0.0))
        return self.by_id.get(file_id) if until >= self._now().timestamp() else None

    async def add_photo(self, data: bytes) -> list[Json]:
        """Stores a photo in the sizes Telegram makes of it, all JPEG. Raises ApiError 400."""
        if len(data) > self._limits.photo_bytes:
            raise bad_request(
                f"file of size {len(data)} bytes is too big for a photo; "
                f"the maximum size is {self._limits.photo_bytes} bytes"
            )
        sizes = await asyncio.to_thread(photo_sizes, data)
        return [
            self.add("Photo", body, "photo.jpg", "image/jpeg", size=size).as_photo_size()
            for size, body in sizes
        ]

    def dump(self) -> Json:
        return {"files": [asdict(stored) for stored in self.by_id.values()]}

    def load(self, state: Json) -> None:
        self.by_id = {item["id"]: StoredFile(**item) for item in state["files"]}


def photo_sizes(data: bytes) -> list[tuple[tuple[int, int], bytes]]:
    """The picture as JPEG in each of Telegram's sizes, smallest first. Raises ApiError 400."""
    try:
        with Image.open(io.BytesIO(data)) as opened:
            width, height = opened.size
            if width + height > 10_000 or max(width, height) > 20 * min(width, height):
                raise bad_request("PHOTO_INVALID_DIMENSIONS")
            picture = opened.convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise bad_request("IMAGE_PROCESS_FAILED") from error
    sides = [side for side in _SIDES if side < max(width, height)]
    sides.append(min(max(width, height), 2560))
    sizes = []
    for side in sorted(set(sides[-2:] if len(sides) > 2 else sides) | {sides[0]}):
        smaller = picture.copy()
        smaller.thumbnail((side, side))
        body = io.BytesIO()
        smaller.save(body, "JPEG", quality=87)
        sizes.append((smaller.size, body.getvalue()))
    return sizes
