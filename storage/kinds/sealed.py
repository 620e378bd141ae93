"""The column of a secret answer, whatever its kind: sealed bytes, read back leniently."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import LargeBinary
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from storage import secrets

if TYPE_CHECKING:
    from storage.kinds.kind import Kind

_CONTEXT = b"answer"
"""Bound into the seal, so that a sealed answer can't be passed off as another sealed thing."""


class SealedAnswer(TypeDecorator[Any]):
    """A secret answer, sealed under the process's keys: `kind.dump(value)` as JSON inside."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, kind: Kind) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        if value is None:
            return None
        plain = json.dumps(self.kind.dump(value), ensure_ascii=False).encode()
        return secrets.keys().seal(plain, _CONTEXT)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        return self.kind.restore(json.loads(secrets.keys().unseal(value, _CONTEXT)))

    def __repr__(self) -> str:
        return f"SealedAnswer({self.kind.name})"
