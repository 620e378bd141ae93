"""The parameters of one call, however they came, read as leniently and strictly as the server does."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from .errors import bad_request


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with the call."""

    name: str
    mime: str
    data: bytes


@dataclass(slots=True)
class Params:
    """Values by name; every accessor is lenient or strict as tdlib/telegram-bot-api is."""

    values: dict[str, Any] = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The value as text; objects as JSON; "" when absent."""
        value = self.values.get(name)
        if value is None:
            return ""
        if isinstance(value, str):
            return value
        if isinstance(value, bool):
            return "true" if value else "false"
        return json.dumps(value, ensure_ascii=False)

    def required(self, name: str) -> str:
        value = self.text(name)
        if not value:
            raise bad_request(f'parameter "{name}" is required')
        return value

    def integer(self, name: str, default: int = 0) -> int:
        """A whole number; what is none counts as 0, as the server does."""
        value = self.text(name).strip()
        if not value:
            return default
        digits = value.lstrip("-")
        end = next((at for at, character in enumerate(digits) if not "0" <= character <= "9"), len(digits))
        return (-1 if value.startswith("-") else 1) * int(digits[:end][:18] or "0")

    def flag(self, name: str) -> bool:
        return self.text(name).lower() in ("true", "yes", "1")

    def has(self, name: str) -> bool:
        return self.values.get(name) is not None

    def json(self, name: str, error: str) -> Any:
        """The value read as JSON, None when absent. Raises ApiError 400 with `error`."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError as problem:
            raise bad_request(error) from problem

    def message_ids(self, name: str = "message_ids", most: int = 100) -> list[int]:
        """A list of message ids. Raises ApiError 400 in the server's words."""
        if not self.text(name):
            raise bad_request("Message identifiers are not specified")
        value = self.json(name, f"can't parse {name} JSON object")
        if not isinstance(value, list):
            raise bad_request("Expected an Array of message identifiers")
        if len(value) > most:
            raise bad_request("Too many message identifiers specified")
        if not value:
            raise bad_request("Message identifiers are not specified")
        return list(_message_ids(value))


def _message_ids(value: list[Any]) -> Iterable[int]:
    for item in value:
        if isinstance(item, bool) or not isinstance(item, int | str):
            raise bad_request("Message identifier must be a Number")
        try:
            number = int(item)
        except ValueError as problem:
            raise bad_request("Can't parse message identifier as a Number") from problem
        if number <= 0:
            raise bad_request("Invalid message identifier specified")
        yield number
