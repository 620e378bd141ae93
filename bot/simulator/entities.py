"""Formatted text as tdlib/td makes it of HTML or entities (MessageEntity.cpp), with what it finds by itself.

Offsets and lengths of entities count UTF-16 code units; offsets in error texts count bytes of UTF-8.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from .errors import Json
from .html import HtmlError, parse_html

MAX_RAW_BYTES = 1 << 15

_CONTROL = {code: " " for code in range(32) if chr(code) not in "\n\r"}
_CLEANED = _CONTROL | {13: None} | dict.fromkeys(range(0x2028, 0x202F))
_UNCLEAN = re.compile("[\x00-\x09\x0b-\x1f\u2028-\u202e]")
_INVISIBLE = re.compile("[\\s\u00ad\u180e\u200b-\u200f\u2060-\u2064\u2800\ufeff]*")
_SPLITTABLE = frozenset({"bold", "italic", "underline", "strikethrough", "spoiler"})
_PRIORITY = {
    "expandable_blockquote": 0,
    "blockquote": 0,
    "pre": 1,
    "code": 1,
    "text_link": 2,
    "text_mention": 2,
}


class TextError(ValueError):
    """The text or its markup is not acceptable; the message is what Telegram says, without the prefix."""


@dataclass(frozen=True, slots=True)
class Entity:
    """One MessageEntity. `value` is its url, language, custom_emoji_id or user id, by type."""

    type: str
    offset: int
    length: int
    value: str = ""

    @property
    def end(self) -> int:
        return self.offset + self.length

    def as_json(self) -> Json:
        fields: Json = {"offset": self.offset, "length": self.length, "type": self.type}
        if self.type == "text_mention":
            return fields | {"user": {"id": int(self.value), "is_bot": False, "first_name": ""}}
        name = {"text_link": "url", "pre": "language", "custom_emoji": "custom_emoji_id"}.get(self.type)
        if name and self.value:
            fields[name] = self.value
        return fields


@dataclass(frozen=True, slots=True)
class FormattedText:
    """What is shown, without markup, and how."""

    text: str
    entities: tuple[Entity, ...] = ()

    def as_json(self, text_field: str, entities_field: str) -> Json:
        if not self.text:
            return {}
        fields: Json = {text_field: self.text}
        if self.entities:
            fields[entities_field] = [entity.as_json() for entity in self.entities]
        return fields


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units, the unit of entities and of Telegram's limits on text."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def format_text(
    raw: str, parse_mode: str = "", entities: Iterable[Entity] = (), *, may_be_empty: bool = False
) -> FormattedText:
    """The text as it arrives at readers: parsed, cleaned, trimmed, with links and commands found.

    Raises TextError in Telegram's words. Of parse modes only HTML is spoken here.
    """
    try:
        size = len(raw.encode())
    except UnicodeEncodeError as error:
        raise TextError("Strings must be encoded in UTF-8") from error
    if size > MAX_RAW_BYTES:
        raise TextError("Text is too long")
    mode = parse_mode.lower()
    if not raw or mode in ("", "none"):
        text, found = raw, list(entities)
    elif mode == "html":
        try:
            text, spans = parse_html(raw)
        except HtmlError as error:
            raise TextError(f"Can't parse entities: {error}") from error
        found = [Entity(*span) for span in spans]
    else:
        raise TextError("Unsupported parse_mode")
    return _fixed(text, found, may_be_empty=may_be_empty)


def _fixed(text: str, entities: list[Entity], *, may_be_empty: bool) -> FormattedText:
    text, entities = _clean(text, [entity for entity in entities if entity.length > 0])
    text, entities = _trim(text, _merge(entities))
    if not text or _INVISIBLE.fullmatch(text):
        if may_be_empty:
            return FormattedText("")
        raise TextError("Text must be non-empty")
    return FormattedText(text, tuple(_with_found(text, entities)))


def _clean(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Control characters become spaces; direction overrides and such vanish (td clean_input_string)."""
    if not _UNCLEAN.search(text):
        return text, entities
    cleaned = text.translate(_CLEANED)
    if not entities:
        return cleaned, entities
    kept = [0]  # new UTF-16 position for each old one
    for character in text:
        width = 1 + (ord(character) > 0xFFFF)
        gone = _CLEANED.get(ord(character), "") is None
        kept.extend([kept[-1] + (0 if gone else unit) for unit in range(1, width + 1)])
    moved = [
        replace(entity, offset=kept[entity.offset], length=kept[entity.end] - kept[entity.offset])
        for entity in entities
        if entity.end < len(kept)
    ]
    return cleaned, [entity for entity in moved if entity.length > 0]


def _trim(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """White space goes from the end, and blanks and line feeds before the first entity from the start."""
    text = text.rstrip(" \n")
    end = utf16_length(text)
    entities = [
        replace(entity, length=min(entity.end, end) - entity.offset)
        for entity in entities
        if entity.offset < end
    ]
    first = min((entity.offset for entity in entities), default=end)
    cut = min(len(text) - len(text.lstrip(" \n")), first)
    return text[cut:], [replace(entity, offset=entity.offset - cut) for entity in entities]


def _merge(entities: list[Entity]) -> list[Entity]:
    """Touching or overlapping spans of one simple style become one; then Telegram's order."""
    merged: list[Entity] = []
    latest: dict[str, int] = {}
    for entity in sorted(entities, key=lambda e: (e.offset, -e.length)):
        at = latest.get(entity.type) if entity.type in _SPLITTABLE else None
        if at is not None and merged[at].end >= entity.offset:
            before = merged[at]
            merged[at] = replace(before, length=max(before.end, entity.end) - before.offset)
            continue
        latest[entity.type] = len(merged)
        merged.append(entity)
    return sorted(merged, key=_order)


def _order(entity: Entity) -> tuple[int, int, int]:
    return entity.offset, -entity.length, _PRIORITY.get(entity.type, 3)


_FOUND = (
    ("email", re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("url", re.compile(r"(?<![\w@])https?://[^\s<>\"]+[^\s<>\".,;:!?)]|(?<![\w@.])t\.me/[\w/?=&+-]+", re.I)),
    ("bot_command", re.compile(r"(?<![\w/<>])/([A-Za-z0-9_]{1,64})(?:@[A-Za-z0-9_]{3,32})?(?![\w/])")),
    ("mention", re.compile(r"(?<![\w@.])@[A-Za-z][A-Za-z0-9_]{2,31}(?!\w)")),
    ("hashtag", re.compile(r"(?<![\w#])#(?=\w*[^\W\d_])\w{1,256}")),
    ("phone_number", re.compile(r"(?<![\w+])\+[0-9][0-9 ()-]{7,16}[0-9](?!\w)")),
)
_WORTH_LOOKING = re.compile("[/@#+]")


def _with_found(text: str, entities: list[Entity]) -> list[Entity]:
    """Adds what Telegram marks by itself: commands, links, mentions, tags, numbers (usual shapes only)."""
    if not _WORTH_LOOKING.search(text):
        return entities
    closed = [
        entity for entity in entities if entity.type not in _SPLITTABLE and "blockquote" not in entity.type
    ]
    added: list[Entity] = []
    for kind, pattern in _FOUND:
        for match in pattern.finditer(text):
            entity = Entity(kind, utf16_length(text[: match.start()]), utf16_length(match.group()))
            if not any(other.offset < entity.end and entity.offset < other.end for other in closed + added):
                added.append(entity)
    return sorted([*entities, *added], key=_order) if added else entities
