"""What a command says: results on standard output, all else on standard error; both in UTF-8 whatever the locale."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterable
from typing import Any


def speak_utf8() -> None:
    """Read and write UTF-8. A lone surrogate is written as its JSON escape, which it is in JSON."""
    for stream, errors in (
        (sys.stdin, "replace"),
        (sys.stdout, "backslashreplace"),
        (sys.stderr, "backslashreplace"),
    ):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors=errors)


def words(arguments: Iterable[str]) -> list[str]:
    """The words of the command line in UTF-8, where the locale read them as something else."""
    return [_as_utf8(word) for word in arguments]


def say(line: str) -> None:
    """A line of the result."""
    sys.stdout.write(line + "\n")


def say_json(value: Any, *, indent: int | None = None) -> None:
    """A result for programs."""
    say(json.dumps(value, ensure_ascii=False, indent=indent))


def tell(line: str) -> None:
    """A message beside the result."""
    sys.stderr.write(line + "\n")


def _as_utf8(word: str) -> str:
    if word.isascii():
        return word
    try:
        return os.fsencode(word).decode()
    except UnicodeError:
        return word.encode(errors="replace").decode()
