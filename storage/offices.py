"""The office that runs this bot: its names, addresses and decisions, from a TOML file; Shenyang's is built in."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from storage.approval import Division

_BUILT_IN = Path(__file__).parent / "office_files" / "shenyang.toml"


class Both(BaseModel):
    """A text that the office gives in Chinese and in English; other readers get the English one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zh: str
    en: str

    def for_reader(self, language: str) -> str:
        return self.zh if language.startswith("zh") else self.en


class Office(BaseModel):
    """What an office decides; each value has a default, so that the file says only what differs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Both
    short_name: Both
    address: Both
    phones: tuple[str, ...] = ()
    case_prefix: str = "SYFAO"
    """First part of case numbers: SYFAO-2026-00042."""
    case_prefix_zh: str = "沈外办受"
    divisions: Mapping[str, Both] = Field(default_factory=dict)
    """Names of divisions where they differ from the built-in ones, by code."""
    decisions: Mapping[str, Any] = Field(default_factory=dict)
    """What the office must decide ([C] in its rules), by the setting's name; a rule gives the default."""
    collect_secret_in_chat: Mapping[str, bool] = Field(default_factory=dict)
    """Services whose secret answers may travel through the chat; `default` is for those not named."""
    electronic_copy_note: bool = True
    """Letters say that the sealed original counts, unless the office has a lawful electronic seal."""
    privacy_contact: str = ""

    def secrets_in_chat(self, service: str) -> bool:
        """Whether secret questions of a service are asked in the chat, or brought to the desk."""
        default = self.collect_secret_in_chat.get("default", True)
        return self.collect_secret_in_chat.get(service, default)

    def division_name(self, division: Division, language: str) -> str | None:
        """The office's own name for a division, None where the built-in one stands."""
        named = self.divisions.get(division.value)
        return named.for_reader(language) if named else None


@cache
def read_office(path: Path | None = None) -> Office:
    """The office of a TOML file. Raises OSError, tomllib.TOMLDecodeError and pydantic's ValidationError."""
    return Office.model_validate(tomllib.loads((path or _BUILT_IN).read_text(encoding="utf-8")))
