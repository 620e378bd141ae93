"""Faults on demand: what a developer wants to see people see when Telegram or the way to it fails."""

import asyncio
from dataclasses import dataclass, fields, replace

from .errors import ApiError, Json, PhoneError, too_many_requests


@dataclass(frozen=True)
class Faults:
    """What is set to go wrong. Counts run down with each call; of these getUpdates is only slowed."""

    slow_ms: int = 0
    rate_limit_next: int = 0
    retry_after: int = 3
    drop_answers: int = 0
    refuse_next: int = 0
    refuse_status: int = 500
    duplicate_updates: bool = False

    def as_json(self) -> Json:
        return {
            "slow_ms": self.slow_ms,
            "rate_limit": {"next": self.rate_limit_next, "retry_after": self.retry_after},
            "drop_answers": self.drop_answers,
            "refuse": {"next": self.refuse_next, "status": self.refuse_status},
            "duplicate_updates": self.duplicate_updates,
        }


class FaultBox:
    """The faults in force, and their use before and after each Bot API call."""

    def __init__(self) -> None:
        self.faults = Faults()

    def update(self, change: Json) -> Faults:
        """Sets what `change` names, in the shape of `Faults.as_json`. Raises PhoneError on a wrong shape."""
        flat = {key: value for key, value in change.items() if key not in ("rate_limit", "refuse")}
        limit, refuse = change.get("rate_limit") or {}, change.get("refuse") or {}
        flat |= _renamed(limit, {"next": "rate_limit_next", "retry_after": "retry_after"})
        flat |= _renamed(refuse, {"next": "refuse_next", "status": "refuse_status"})
        known = {field.name: field.type for field in fields(Faults)}
        if unknown := set(flat) - set(known):
            raise PhoneError(400, f"unknown fault: {', '.join(sorted(unknown))}")
        try:
            values = {name: bool(v) if known[name] in (bool, "bool") else int(v) for name, v in flat.items()}
        except (TypeError, ValueError) as error:
            raise PhoneError(400, f"faults are whole numbers: {error}") from error
        self.faults = replace(self.faults, **values)  # type: ignore[arg-type]  # each value was cast to its field
        return self.faults

    async def before(self, method: str) -> None:
        """Slows or refuses the call. Raises ApiError."""
        faults = self.faults
        if faults.slow_ms:
            await asyncio.sleep(faults.slow_ms / 1000)
        if method == "getupdates":
            return
        if self.faults.rate_limit_next > 0:
            self.faults = replace(self.faults, rate_limit_next=self.faults.rate_limit_next - 1)
            raise too_many_requests(faults.retry_after)
        if self.faults.refuse_next > 0:
            self.faults = replace(self.faults, refuse_next=self.faults.refuse_next - 1)
            raise ApiError(faults.refuse_status, "Internal Server Error: restart")

    def drops(self, method: str) -> bool:
        """Whether this call's answer is lost, though the call had its effect."""
        if method == "getupdates" or self.faults.drop_answers <= 0:
            return False
        self.faults = replace(self.faults, drop_answers=self.faults.drop_answers - 1)
        return True


def _renamed(source: Json, names: dict[str, str]) -> Json:
    return {names.get(key, key): value for key, value in source.items()}
