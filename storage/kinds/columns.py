"""Columns that keep answers in clear: the value's canonical JSON form, read back leniently."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, Boolean, Date, Integer, String
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from storage.kinds.kind import Kept

if TYPE_CHECKING:
    from storage.kinds.kind import Kind


def column_of(kind: Kind) -> TypeEngine[Any]:
    """The column that keeps an answer of this kind in clear."""
    if kind.kept is Kept.CODE:
        return AnswerText(kind)
    if kind.kept is Kept.PARTS:
        return AnswerColumn(kind)
    return _PLAIN[kind.kept]()


class _Answer(TypeDecorator[Any]):
    """Writes `kind.dump(value)`, reads `kind.restore(stored)`: one odd row must not fail a whole query."""

    cache_ok = True
    kind: Kind

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else self.kind.dump(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else self.kind.restore(value)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.kind.name})"


class AnswerColumn(_Answer):
    """An answer of several parts, as JSON."""

    impl = JSON
    cache_ok = True

    def __init__(self, kind: Kind) -> None:
        super().__init__(none_as_null=True)
        self.kind = kind


class AnswerText(_Answer):
    """An answer whose canonical form is one string."""

    impl = String
    cache_ok = True

    def __init__(self, kind: Kind) -> None:
        super().__init__()
        self.kind = kind


_PLAIN: Mapping[Kept, type[TypeEngine[Any]]] = {
    Kept.TEXT: String,
    Kept.INTEGER: Integer,
    Kept.DATE: Date,
    Kept.YES_NO: Boolean,
}
