"""Files in calls: an upload, attach://, or the id of a file already known, as content of a message."""

from typing import Any

from .core import Core
from .errors import Json, bad_request
from .files import StoredFile
from .params import Params, Upload

TYPES = {
    "photo": "Photo",
    "document": "Document",
    "voice": "VoiceNote",
    "video": "Video",
    "audio": "Audio",
    "sticker": "Sticker",
}
CAPTIONED = frozenset({"photo", "document", "voice", "video", "audio"})


async def read_input(core: Core, params: Params, kind: str) -> Json:
    """The content that the parameter `kind` brings (an upload or a file id). Raises ApiError 400."""
    upload = params.files.get(kind)
    source = upload if upload is not None else _attached(params, params.text(kind))
    if not source:
        raise bad_request(f"there is no {kind} in the request")
    return await content_of(core, kind, source)


async def read_media(core: Core, params: Params, item: Any, *, in_album: bool = False) -> tuple[str, Json]:
    """An InputMedia: its kind and its content without caption. Raises ApiError 400."""
    prefix = "Can't parse InputMedia: "
    if not isinstance(item, dict):
        raise bad_request(prefix + "expected an Object")
    kind = item.get("type")
    if not kind:
        raise bad_request(prefix + 'Can\'t find field "type"')
    source = _attached(params, str(item.get("media") or ""))
    if not source:
        raise bad_request(prefix + "media not found")
    if kind not in CAPTIONED or kind == "voice" or (in_album and kind == "animation"):
        raise bad_request(f'{prefix}type "{kind}" is unsupported')
    return kind, await content_of(core, kind, source)


def _attached(params: Params, value: str) -> Upload | str:
    if value.startswith("attach://"):
        return params.files.get(value.removeprefix("attach://")) or ""
    return value


async def content_of(core: Core, kind: str, source: Upload | str) -> Json:
    """Content of that kind from uploaded bytes or from a known file. Raises ApiError 400."""
    files = core.files
    if isinstance(source, str):
        stored = files.resolve(source, TYPES[kind])
        return {"photo": [stored.as_photo_size()]} if kind == "photo" else file_content(kind, stored)
    if not source.data:
        raise bad_request("file must be non-empty")
    if kind == "photo":
        return {"photo": await files.add_photo(source.data)}
    return file_content(kind, files.add(TYPES[kind], source.data, source.name, source.mime))


def file_content(kind: str, stored: StoredFile, **more: Any) -> Json:
    """The Bot API's object for a stored file, in a content by its kind."""
    body = stored.as_json()
    if kind == "document":
        body = {"file_name": stored.name, "mime_type": stored.mime, **body}
    elif kind == "voice":
        body |= {"duration": 1, "mime_type": "audio/ogg"}
    elif kind == "video":
        body |= {
            "duration": 1,
            "width": 640,
            "height": 360,
            "file_name": stored.name,
            "mime_type": stored.mime,
        }
    elif kind == "audio":
        body |= {"duration": 1, "file_name": stored.name, "mime_type": stored.mime}
    elif kind == "sticker":
        body |= {"width": 512, "height": 512, "type": "regular", "is_animated": False, "is_video": False}
    return {kind: body | more}
