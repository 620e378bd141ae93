"""What `bot doctor` looks at: each check yields findings, and each fault says what to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad a finding is: only a fault makes `bot doctor` fail."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found; `advice` says what to do."""

    check: str
    level: Level
    what: str
    advice: str = ""

    @property
    def line(self) -> str:
        """As it is printed."""
        return f"{self.level:<8}{self.check}: {self.what}" + (f"; {self.advice}" if self.advice else "")


def ok(check: str, what: str) -> Finding:
    """As it should be."""
    return Finding(check, Level.OK, what)


def warning(check: str, what: str, advice: str) -> Finding:
    """The bot works, and somebody should know."""
    return Finding(check, Level.WARNING, what, advice)


def fault(check: str, what: str, advice: str) -> Finding:
    """The bot does not work, or not for long."""
    return Finding(check, Level.FAULT, what, advice)
