"""Long texts in pieces that Telegram takes: cut between paragraphs, never inside a tag or a character."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import regex
from markupsafe import Markup

from handlers.screens import Text, plain

LIMIT = 4096
"""Longest text of a message after its tags (Bot API: sendMessage); counted in UTF-16, the larger measure."""

_ATOM = regex.compile(r"<[^>]*>|&(?:#\d+|#x[0-9a-fA-F]+|[a-z]+);|\n{2,}|\X")


def fits(text: Text, limit: int = LIMIT) -> bool:
    """Whether a text is short enough for one message."""
    return len(text) <= limit // 2 or _units(plain(text)) <= limit


def split(text: Markup, limit: int = LIMIT) -> tuple[Markup, ...]:
    """Pieces of at most `limit` units: between paragraphs where possible, else lines, else words.

    Tags open at a cut are closed there and opened again in the next piece.
    """
    if fits(text, limit):
        return (text,)
    return tuple(_pieces([_Atom.of(raw) for raw in _ATOM.findall(text)], limit))


@dataclass(frozen=True, slots=True)
class _Atom:
    """A tag, an entity or a character; `rank` is how good it is to cut after it."""

    raw: str
    size: int
    rank: int

    @classmethod
    def of(cls, raw: str) -> _Atom:
        if raw.startswith("<") and len(raw) > 1:
            return cls(raw, 0, 0)
        if raw.startswith("&") and len(raw) > 1:
            return cls(raw, _units(plain(Markup(raw))), 0)  # noqa: S704  # an entity of a text escaped before
        rank = 4 if raw.startswith("\n\n") else _RANKS.get(raw, 0)
        return cls(raw, _units(raw), rank)


_RANKS = {"\n": 3, "。": 2, " ": 1}


def _pieces(atoms: list[_Atom], limit: int) -> Iterator[Markup]:
    open_tags: list[str] = []
    start = 0
    while start < len(atoms):
        end = _cut(atoms, start, limit)
        raw = "".join([*open_tags, *(atom.raw for atom in atoms[start:end])]).strip()
        for atom in atoms[start:end]:
            _follow(open_tags, atom.raw)
        closing = "".join(f"</{_name(tag)}>" for tag in reversed(open_tags))
        piece = Markup(raw + closing)  # noqa: S704  # parts of a text escaped before, tags balanced
        if plain(piece).strip():
            yield piece
        start = end


def _cut(atoms: list[_Atom], start: int, limit: int) -> int:
    """The end of the piece that begins at `start`: the last best place to cut in its later three quarters."""
    size, end = 0, start
    best: dict[int, int] = {}
    while end < len(atoms) and size + atoms[end].size <= limit:
        size += atoms[end].size
        end += 1
        if size > limit // 4:
            best[atoms[end - 1].rank] = end
    if end == len(atoms):
        return end
    end = max(end, start + 1)
    return best[max(best)] if best and max(best) > 0 else end


def _follow(open_tags: list[str], raw: str) -> None:
    if raw.startswith("</") and open_tags:
        open_tags.pop()
    elif raw.startswith("<") and len(raw) > 1:
        open_tags.append(raw)


def _name(tag: str) -> str:
    return tag.strip("<>").split(maxsplit=1)[0]


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
