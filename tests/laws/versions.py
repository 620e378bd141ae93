"""The digest of each version's questions. `python -m tests.laws.versions` notes those of the versions now in the code.

A version that an office may have used must never be noted anew: raise the service's `version` instead.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from storage.forms import Service
from storage.questions import Question, questions_of, row_questions
from storage.services import services

FILE = Path(__file__).with_name("versions.json")


def kept() -> dict[str, dict[str, str]]:
    """Digests by service and version."""
    noted: dict[str, dict[str, str]] = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    return noted


def digest(service: type[Service]) -> str:
    """What the questions of a service and its matters come to."""
    return digest_of(shape(service))


def digest_of(shape: list[dict[str, Any]]) -> str:
    return hashlib.sha256(json.dumps(shape, sort_keys=True).encode()).hexdigest()[:16]


def shape(service: type[Service]) -> list[dict[str, Any]]:
    """The questions without their words: what decides whether an old answer still fits."""
    found = [_shape(question) for question in questions_of(service)]
    for matter in service.matter_forms:
        found += [_shape(question, matter.form_id()) for question in questions_of(matter)]
    return found


def _shape(question: Question, matter: str = "") -> dict[str, Any]:
    kind = question.kind
    enum = getattr(kind, "enum", ())
    return {
        "field": question.field,
        "matter": matter,
        "kind": kind.name,
        "limits": [kind.at_least, kind.at_most, list(kind.accepts)],
        "secret": question.secret,
        "nullable": question.nullable,
        "condition": question.ask.when.name if question.ask.when else None,
        "was": question.ask.was,
        "choices": [[choice.code, choice.retired] for choice in enum],
        "rows": [_shape(inner) for inner in row_questions(question)],
    }


def main() -> None:
    """Note the versions now in the code."""
    noted = kept()
    for service in services().values():
        noted.setdefault(service.form_id(), {})[str(service.version)] = digest(service)
    FILE.write_text(json.dumps(noted, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    sys.stdout.write(f"{FILE}\n")


if __name__ == "__main__":
    main()
