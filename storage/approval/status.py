"""PURE: the statuses of a case and the legal transitions between them; no others exist."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from locales import N_, Message


class Status(StrEnum):
    """How a case stands. A draft is no case yet, and so has none."""

    RECEIVED = "received"
    UNDER_REVIEW = "under_review"
    RETURNED = "returned"
    OUTSIDE = "outside"
    PUBLISHED = "published"
    ON_HOLD = "on_hold"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    FULFILLED = "fulfilled"
    CLOSED = "closed"
    REVOKED = "revoked"
    REPLACED = "replaced"

    @property
    def label(self) -> Message:
        """What people call it."""
        return _LABELS[self]

    @property
    def is_open(self) -> bool:
        """Whether the office, the applicant or another body still has to do something before the verdict."""
        return self in OPEN


_LABELS: Final = {
    Status.RECEIVED: N_("Received", "status"),
    Status.UNDER_REVIEW: N_("Under review", "status"),
    Status.RETURNED: N_("Returned for correction", "status"),
    Status.OUTSIDE: N_("With another authority", "status"),
    Status.PUBLISHED: N_("On public notice", "status"),
    Status.ON_HOLD: N_("On hold", "status"),
    Status.APPROVED: N_("Approved", "status"),
    Status.REFUSED: N_("Not approved", "status"),
    Status.WITHDRAWN: N_("Withdrawn", "status"),
    Status.EXPIRED: N_("Expired", "status"),
    Status.FULFILLED: N_("Done", "status"),
    Status.CLOSED: N_("Closed", "status"),
    Status.REVOKED: N_("Revoked", "status"),
    Status.REPLACED: N_("Replaced", "status"),
}

OPEN: Final = frozenset(
    {
        Status.RECEIVED,
        Status.UNDER_REVIEW,
        Status.RETURNED,
        Status.OUTSIDE,
        Status.PUBLISHED,
        Status.ON_HOLD,
    }
)
AT_A_STAGE: Final = frozenset({Status.RECEIVED, Status.UNDER_REVIEW})
"""Where officers act on the stage of the route at which the case lies."""

LEGAL: Final = frozenset(
    {
        (Status.RECEIVED, Status.UNDER_REVIEW),
        (Status.RECEIVED, Status.RETURNED),
        (Status.UNDER_REVIEW, Status.RETURNED),
        (Status.RETURNED, Status.UNDER_REVIEW),
        (Status.RETURNED, Status.EXPIRED),
        (Status.UNDER_REVIEW, Status.UNDER_REVIEW),
        (Status.UNDER_REVIEW, Status.OUTSIDE),
        (Status.OUTSIDE, Status.UNDER_REVIEW),
        (Status.UNDER_REVIEW, Status.PUBLISHED),
        (Status.PUBLISHED, Status.UNDER_REVIEW),
        (Status.UNDER_REVIEW, Status.APPROVED),
        (Status.UNDER_REVIEW, Status.REFUSED),
        (Status.APPROVED, Status.FULFILLED),
        (Status.RECEIVED, Status.WITHDRAWN),
        (Status.UNDER_REVIEW, Status.WITHDRAWN),
        (Status.RETURNED, Status.WITHDRAWN),
        (Status.OUTSIDE, Status.WITHDRAWN),
        (Status.PUBLISHED, Status.WITHDRAWN),
        (Status.FULFILLED, Status.CLOSED),
        (Status.APPROVED, Status.REVOKED),
        (Status.FULFILLED, Status.REVOKED),
        (Status.REFUSED, Status.UNDER_REVIEW),
        (Status.UNDER_REVIEW, Status.ON_HOLD),
        (Status.ON_HOLD, Status.UNDER_REVIEW),
        (Status.APPROVED, Status.UNDER_REVIEW),
        (Status.APPROVED, Status.REPLACED),
        (Status.FULFILLED, Status.REPLACED),
    }
)
"""From, to. A draft becomes a received case by `file`; a copy of an ended case is a new draft."""


def moved(path: tuple[Status, ...], to: Status) -> tuple[Status, ...]:
    """The path of statuses one step further. A step that is not legal is a defect of the engine."""
    if (path[-1], to) not in LEGAL:
        raise AssertionError(f"{path[-1]} -> {to} is no legal transition")
    return (*path, to)
