"""Words that people use for fixed things, in all the languages: tables that anyone can extend, one file a subject."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from storage.kinds.treatment import folded


@cache
def table(name: str) -> Mapping[str, Any]:
    """The table `name`.toml as it stands."""
    return tomllib.loads(files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))


def meanings(entries: Mapping[str, str]) -> dict[str, str]:
    """From each word, folded, to the entry under which it stands; words are parted by commas."""
    return {
        folded(word): meaning
        for meaning, words in entries.items()
        for word in words.replace("\n", " ").split(",")
        if word.strip()
    }
