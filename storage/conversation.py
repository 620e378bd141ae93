"""The values of a conversation: the draft that is kept, what a person does, what comes of it and what is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from storage.kinds.attachments import FileRef
from storage.kinds.kind import Offer, Problem
from storage.outline import Path
from storage.questions import Question

# --- what is kept ---


@dataclass(frozen=True)
class Draft:
    """Answers not yet submitted, and the place in the form. None is skipped, absent is unasked."""

    service: str
    version: int
    answers: Mapping[str, Any] = field(default_factory=dict, repr=False)
    closed: frozenset[Path] = frozenset()
    """Repeating groups that the person said are complete."""
    place: Path | None = None
    """Where the person went by themselves; None: the first question still open, else the summary."""
    offered: tuple[Any, ...] = field(default=(), repr=False)
    """Readings of the last text, among which the person is asked to choose."""
    gathered: tuple[Any, ...] = field(default=(), repr=False)
    """Files sent, or choices ticked, for the present question, until the person says that these are all."""
    named: tuple[Path, ...] = ()
    """Where the draft corrects a returned case: the fields to mend; all others are locked."""
    remarks: tuple[str, ...] = field(default=(), repr=False)
    """What the office wrote on each of `named`."""
    touched: frozenset[Path] = frozenset()
    """Which of the named fields were answered again, or said to be right as they are."""
    waived: frozenset[Path] = frozenset()
    """What the form asks and the returned case was filed without: a newer version's questions, not asked now."""


# --- what the person did ---


@dataclass(frozen=True)
class Typed:
    """Wrote a text."""

    text: str = field(repr=False)


@dataclass(frozen=True)
class Gave:
    """Gave a value without typing: a button's option, a place, an earlier answer."""

    value: Any = field(repr=False)


@dataclass(frozen=True)
class Sent:
    """Sent files."""

    files: tuple[FileRef, ...]


@dataclass(frozen=True)
class Took:
    """Chose one of the readings that were asked back."""

    index: int


@dataclass(frozen=True)
class Marked:
    """Ticked or unticked one of several choices, or removed a gathered file, by its number."""

    index: int


@dataclass(frozen=True)
class Done:
    """These are all: the choices ticked, the files sent, the rows of a group, the look at one row."""


@dataclass(frozen=True)
class Skip:
    """Passed over an optional question."""


@dataclass(frozen=True)
class Back:
    """Went to the question before."""


@dataclass(frozen=True)
class Same:
    """Took the answer offered from the profile."""


@dataclass(frozen=True)
class Stands:
    """Said of a field named for correction that it is right as it is."""


@dataclass(frozen=True)
class AddRow:
    """Began another row of the group at the present place."""


@dataclass(frozen=True)
class RemoveRow:
    """Took one row out of a group."""

    index: int


@dataclass(frozen=True)
class Open:
    """Went to a line of the summary, a row of a group, a field of a row."""

    path: Path


Act = Typed | Gave | Sent | Took | Marked | Done | Skip | Back | Same | Stands | AddRow | RemoveRow | Open


# --- what comes of it ---


@dataclass(frozen=True)
class Kept:
    """The draft goes on; `warnings` are told and forbid nothing."""

    draft: Draft
    warnings: tuple[Problem, ...] = ()
    read_as: Any = field(default=None, repr=False)
    """What was read, where it differs so much from what was typed that it is shown back."""


@dataclass(frozen=True)
class Wrong:
    """This answer is not taken; all before it is kept."""

    draft: Draft
    problem: Problem


Step = Kept | Wrong


# --- what is shown ---


@dataclass(frozen=True)
class Asked:
    """One question."""

    path: Path
    question: Question
    number: int
    total: int
    """Place among the form's questions, a repeating group counted as one."""
    rows: tuple[tuple[Question, int], ...]
    """The rows inside which it stands, outermost first: the group and the row's index."""
    present: Any
    """The answer it has now, where the person came back to it."""
    options: tuple[Offer, ...]
    suggestion: Any
    """What the person answered elsewhere or earlier, to take with one tap."""
    offered: tuple[Any, ...]
    gathered: tuple[Any, ...]
    may_skip: bool
    may_go_back: bool
    may_stand: bool = False
    """Named for correction: the person may say that it is right as it is."""
    remark: str = field(default="", repr=False)
    """What the office wrote on it."""
    within: tuple[int, int] | None = None
    """(4, 14): the fourth of fourteen questions of the row in which it stands."""


@dataclass(frozen=True)
class Line:
    """One line of a summary."""

    path: Path
    question: Question
    value: Any
    answered: bool


@dataclass(frozen=True)
class Group:
    """The rows of a repeating group: add, change, remove, or say that these are all."""

    path: Path
    question: Question
    number: int
    total: int
    rows: tuple[Mapping[str, Any], ...]
    may_add: bool
    may_close: bool
    remark: str = field(default="", repr=False)
    """What the office wrote on it, in a correction."""
    around: tuple[tuple[Question, int], ...] = ()
    """The rows inside which the group itself stands, outermost first."""


@dataclass(frozen=True)
class Entry:
    """One row of a group, line by line."""

    path: Path
    question: Question
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Summary:
    """All answers, to check before sending."""

    lines: tuple[Line, ...]


View = Asked | Group | Entry | Summary


@dataclass(frozen=True)
class Fault:
    """What keeps a draft from being sent, and where it is mended."""

    path: Path
    problem: Problem
