"""Reading what an older form wrote: what fits as its type, what is missing as None, the unknown kept."""

from __future__ import annotations

import types
from contextlib import suppress
from functools import lru_cache
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import from_json, to_json


class Shape:
    """How values of one type are written to JSON and read back.

    Reading never raises for content that is JSON: a value that does not validate is taken apart, and each
    part that fits is kept. A class may say how it reads what it does not know, by a classmethod `relic(cls,
    raw)` whose result (something that JSON can hold, such as a str) stands in the value's place: a choice
    that is gone. Keys that a model does not know are kept and written back where it has `extra="allow"`.
    """

    def __init__(self, annotation: Any) -> None:
        self._annotation = annotation
        self._adapter: TypeAdapter[Any] = TypeAdapter(annotation)

    def plain(self, value: Any) -> Any:
        """The value as JSON knows it: str, int, float, bool, None, list, dict."""
        return self._adapter.dump_python(value, mode="json", warnings=False)

    def dump(self, value: Any) -> bytes:
        """The value as JSON text."""
        return self._adapter.dump_json(value, warnings=False)

    def read(self, plain: Any) -> Any:
        """What `plain` made, or what fits of it."""
        return self.load(to_json(plain))

    def load(self, json: bytes) -> Any:
        """What `dump` made, or what fits of it."""
        try:
            return self._adapter.validate_json(json)
        except ValidationError:
            return _or_none(_part(self._annotation, from_json(json)))


@lru_cache(maxsize=1024)
def shape(annotation: Any) -> Shape:
    """The Shape of a type, made once (making one takes a hundred times longer than using it)."""
    return Shape(annotation)


class _Nothing:
    """What a part is read as that fits nowhere; None may be an answer."""


_NOTHING = _Nothing()


def _or_none(part: Any) -> Any:
    return None if part is _NOTHING else part


def _fit(annotation: Any, raw: Any) -> Any:
    """`raw` as its type, else what fits of it, else _NOTHING."""
    with suppress(ValidationError):
        return TypeAdapter(annotation).validate_json(to_json(raw))
    return _part(annotation, raw)


def _part(annotation: Any, raw: Any) -> Any:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _part(arguments[0], raw)
    if origin in (Union, types.UnionType):
        parts = (_fit(arm, raw) for arm in arguments if arm is not type(None))
        return next((part for part in parts if part is not _NOTHING), _NOTHING)
    if origin in (tuple, list, set, frozenset) and isinstance(raw, list):
        return _items(origin, arguments, raw)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel) and isinstance(raw, dict):
        return _model(annotation, raw)
    relic = getattr(annotation, "relic", None)
    return relic(raw) if callable(relic) else _NOTHING


def _items(origin: type, arguments: tuple[Any, ...], raw: list[Any]) -> Any:
    if origin is tuple and arguments[1:] != (...,):
        return tuple(_or_none(_fit(kind, item)) for kind, item in zip(arguments, raw, strict=False))
    parts = (_fit(arguments[0], item) for item in raw)
    return origin(part for part in parts if part is not _NOTHING)


def _model(model: type[BaseModel], raw: dict[str, Any]) -> BaseModel:
    fields = model.model_fields
    values = {
        name: _or_none(_fit(_annotation(field), raw[name])) for name, field in fields.items() if name in raw
    }
    missing = {name: None for name, field in fields.items() if name not in raw and field.is_required()}
    unknown = {key: value for key, value in raw.items() if key not in fields}
    built = model.model_construct(_fields_set=set(values), **values, **missing)
    if built.model_extra is not None:
        built.model_extra.update(unknown)
    return built


def _annotation(field: FieldInfo) -> Any:
    return Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation
