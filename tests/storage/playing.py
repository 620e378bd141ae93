"""A form, filled in step by step as a person would; each step is written down and read back, and must be the same."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from storage import drafts, flow, rulings
from storage.conditions import Facts
from storage.conversation import (
    Act,
    Asked,
    Draft,
    Fault,
    Group,
    Kept,
    Open,
    Sent,
    Step,
    Summary,
    Typed,
    View,
    Wrong,
)
from storage.forms import Service
from storage.kinds import FileRef
from storage.kinds.kind import Problem
from storage.office_days import calendar_of, days_of_year
from storage.outline import Path, value_at

CALENDAR = calendar_of(day for year in range(2026, 2029) for day in days_of_year(year))
TODAY = date(2027, 3, 1)
FACTS = Facts(today=TODAY, calendar=CALENDAR, person=7, audiences=frozenset({"host", "bureau"}))


def pdf(name: str = "letter.pdf", **fields: Any) -> FileRef:
    values = {"digest": f"digest-of-{name}", "name": name, "media_type": "application/pdf", "size": 1000}
    return FileRef(**{**values, **fields})


class Play:
    """One person and one draft."""

    def __init__(self, service: type[Service], draft: Draft | None = None, facts: Facts = FACTS) -> None:
        self.service = service
        self.draft = flow.begin(service) if draft is None else draft
        self.facts = facts
        self.told: tuple[Problem, ...] = ()
        self.step: Step | None = None

    def do(self, *acts: Act) -> Play:
        """Acts of which each is kept."""
        for act in acts:
            before = self.draft
            self._take(act)
            if isinstance(self.step, Wrong):
                raise AssertionError(f"{act} at {self.place}: {self.step.problem}, after {before.answers}")
        return self

    def say(self, *texts: str) -> Play:
        """Texts of which each is kept."""
        return self.do(*(Typed(text) for text in texts))

    def send(self, *files: FileRef) -> Play:
        return self.do(Sent(files))

    def wrong(self, act: Act | str) -> str:
        """An act that is not taken; the problem's message. All answers given before are still there."""
        before = self.draft.answers
        self._take(Typed(act) if isinstance(act, str) else act)
        assert isinstance(self.step, Wrong), f"{act} was taken at {self.place}"
        gone = before.keys() - self.draft.answers.keys()
        assert len(gone) <= 1, "only the field that a rule wants mended loses its answer"
        return str(self.step.problem.message)

    def open(self, *path: str | int) -> Play:
        return self.do(Open(path))

    def _take(self, act: Act) -> None:
        self.step = flow.answer(self.service, self.draft, act, self.facts)
        self.told = self.step.warnings if isinstance(self.step, Kept) else ()
        self.draft = self.step.draft
        assert again(self.service, self.draft) == self.draft, "what is kept reads back otherwise"

    @property
    def view(self) -> View:
        return flow.screen(self.service, self.draft, self.facts)

    @property
    def asked(self) -> Asked:
        assert isinstance(self.view, Asked), self.view
        return self.view

    @property
    def place(self) -> Path | None:
        """Where the person is: a question, a group, a row; None: at the summary."""
        return None if isinstance(self.view, Summary) else self.view.path

    @property
    def group(self) -> Group:
        assert isinstance(self.view, Group), self.view
        return self.view

    @property
    def lines(self) -> tuple[Path, ...]:
        """What the summary shows."""
        assert isinstance(self.view, Summary), self.view
        return tuple(line.path for line in self.view.lines)

    @property
    def answers(self) -> Mapping[str, Any]:
        return self.draft.answers

    @property
    def faults(self) -> dict[Path, str]:
        found: tuple[Fault, ...] = rulings.faults(self.service, self.draft, self.facts)
        return {fault.path: str(fault.problem.message) for fault in found}

    def value(self, *path: str | int) -> Any:
        return value_at(self.draft.answers, path)

    def knowing(self, **facts: Any) -> Play:
        self.facts = replace(self.facts, **facts)
        return self


def again(service: type[Service], draft: Draft) -> Draft:
    """The draft after a restart."""
    return drafts.read(service, json.loads(json.dumps(drafts.dump(service, draft))))
