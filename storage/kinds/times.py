"""Times of day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from storage.kinds.kind import Kind


@dataclass(frozen=True)
class TimeKind(Kind):
    name: ClassVar[str] = "time"
