"""PURE: why a verdict is not taken. Each has a sentence for people, and the values that it names."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import ClassVar

from locales import N_, Message
from storage.approval.codes import Kind
from storage.approval.route import FiledAct
from storage.approval.status import Status


class NotTaken(Exception):
    """A verdict that the rules do not take. The case stands as it stood."""

    sentence: ClassVar[Message]

    @property
    def values(self) -> dict[str, object]:
        """What the sentence may name. Enum members and instants: whoever words it makes them readable."""
        return {f.name: getattr(self, f.name) for f in fields(self)}  # type: ignore[arg-type]  # subclasses are


@dataclass(eq=False)
class StaleReview(NotTaken):
    """The case moved on since the version that was seen; `by` moved it last (None: nobody of the office)."""

    seen: int
    version: int
    by: int | None
    sentence: ClassVar = N_("This request has changed since you opened it. Here is how it stands now.")


@dataclass(eq=False)
class NotNow(NotTaken):
    """The case's status does not allow this kind of verdict."""

    kind: Kind
    status: Status
    sentence: ClassVar = N_("That can't be done now: the request stands at “{status}”.")


@dataclass(eq=False)
class RefusalPending(NotTaken):
    """A refusal waits for its confirmation; until then it can only be confirmed or taken back."""

    kind: Kind
    by: int
    sentence: ClassVar = N_("A refusal waits for a second officer. It is confirmed or taken back first.")


@dataclass(eq=False)
class NotQualified(NotTaken):
    """No role of this person lets them do that; `acts` could do it."""

    kind: Kind
    acts: tuple[FiledAct, ...]
    sentence: ClassVar = N_("This is for another officer to do.")


@dataclass(eq=False)
class Recused(NotTaken):
    """The officer appears in the case themselves (回避)."""

    kind: Kind
    person: int
    sentence: ClassVar = N_("You appear in this request yourself, so another officer decides.")


@dataclass(eq=False)
class FourEyes(NotTaken):
    """The officer acted at another stage (counted from 0), or registered the case (None)."""

    kind: Kind
    person: int
    stage: int | None
    sentence: ClassVar = N_("You have already acted on this request, so another officer decides now.")


@dataclass(eq=False)
class ReturnsExhausted(NotTaken):
    """The stage returned the case as often as it may; only a section chief may do so once more."""

    times: int
    sentence: ClassVar = N_(
        "This stage has returned the request {times} times. Only the section chief may return it again."
    )


@dataclass(eq=False)
class NotYet(NotTaken):
    """Too early; possible from an instant on."""

    kind: Kind
    after: datetime
    sentence: ClassVar = N_("That is possible after {after}.")


@dataclass(eq=False)
class TooLate(NotTaken):
    """The period for it has ended."""

    kind: Kind
    until: datetime
    sentence: ClassVar = N_("That was possible until {until}.")


@dataclass(eq=False)
class AlreadySaid(NotTaken):
    """It was said before, and once is enough."""

    kind: Kind
    sentence: ClassVar = N_("That has been done already.")


@dataclass(eq=False)
class NeedsReason(NotTaken):
    """A reason, note or remark is missing."""

    kind: Kind
    sentence: ClassVar = N_("Please give a reason.")


@dataclass(eq=False)
class TextTooLong(NotTaken):
    """A reason or remark is longer than allowed."""

    length: int
    limit: int
    sentence: ClassVar = N_("That text has {length} characters; at most {limit} fit.")


@dataclass(eq=False)
class OnlyNotOurs(NotTaken):
    """The desk may refuse only what is not for this office."""

    reason: str
    sentence: ClassVar = N_("The desk may refuse only what is not for our office.")


@dataclass(eq=False)
class NothingNamed(NotTaken):
    """A return, a correction or an amendment that names no field."""

    kind: Kind
    sentence: ClassVar = N_("Please choose at least one answer.")


@dataclass(eq=False)
class FieldLocked(NotTaken):
    """Fields that may not be changed here and now."""

    names: tuple[str, ...]
    sentence: ClassVar = N_("Only the answers that were named can be changed: {names} can't.")


@dataclass(eq=False)
class NotMended(NotTaken):
    """Named fields that are neither changed nor explained."""

    names: tuple[str, ...]
    sentence: ClassVar = N_("Still to correct or explain: {names}.")


@dataclass(eq=False)
class DayPassed(NotTaken):
    """A named day that is not ahead."""

    kind: Kind
    sentence: ClassVar = N_("Please name a day that lies ahead.")
