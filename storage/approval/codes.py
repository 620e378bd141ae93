"""PURE: the kinds of verdict, the reasons of a refusal and the words of the clock, as codes with labels."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from locales import N_, Message


class Kind(StrEnum):
    """The kinds of verdict."""

    APPROVE = "approve"
    REFUSE = "refuse"
    CONFIRM = "confirm"
    TAKE_BACK = "take_back"
    RETURN = "return"
    RESUBMIT = "resubmit"
    AMEND = "amend"
    SEND_OUT = "send_out"
    REPLY = "reply"
    DISPUTE = "dispute"
    SETTLE = "settle"
    END_NOTICE = "end_notice"
    HOLD = "hold"
    RESUME = "resume"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"
    FULFIL = "fulfil"
    CLOSE = "close"
    REVOKE = "revoke"
    ASK_REVOCATION = "ask_revocation"
    REPLACE = "replace"
    OBJECT = "object"
    REOPEN = "reopen"
    URGE = "urge"
    REMIND = "remind"
    LIFT = "lift"

    @property
    def label(self) -> Message:
        """What a button or a line of the record calls it."""
        return _LABELS[self]


_LABELS: Final = {
    Kind.APPROVE: N_("Approve", "verdict"),
    Kind.REFUSE: N_("Refuse", "verdict"),
    Kind.CONFIRM: N_("Confirm the refusal", "verdict"),
    Kind.TAKE_BACK: N_("Take the refusal back", "verdict"),
    Kind.RETURN: N_("Return for correction", "verdict"),
    Kind.RESUBMIT: N_("Send the corrections", "verdict"),
    Kind.AMEND: N_("Correct a detail", "verdict"),
    Kind.SEND_OUT: N_("Refer to another authority", "verdict"),
    Kind.REPLY: N_("Record the reply", "verdict"),
    Kind.DISPUTE: N_("Record an objection to the notice", "verdict"),
    Kind.SETTLE: N_("Settle the objection", "verdict"),
    Kind.END_NOTICE: N_("End the public notice", "verdict"),
    Kind.HOLD: N_("Put on hold", "verdict"),
    Kind.RESUME: N_("Take up again", "verdict"),
    Kind.WITHDRAW: N_("Take the request back", "verdict"),
    Kind.EXPIRE: N_("Let it expire", "verdict"),
    Kind.FULFIL: N_("Handed over", "verdict"),
    Kind.CLOSE: N_("Close", "verdict"),
    Kind.REVOKE: N_("Revoke the letter", "verdict"),
    Kind.ASK_REVOCATION: N_("Ask for revocation", "verdict"),
    Kind.REPLACE: N_("Replace the letter", "verdict"),
    Kind.OBJECT: N_("Object to the refusal", "verdict"),
    Kind.REOPEN: N_("Review again after the objection", "verdict"),
    Kind.URGE: N_("Send a reminder", "verdict"),
    Kind.REMIND: N_("Reminder by the clock", "verdict"),
    Kind.LIFT: N_("Pass to the next level", "verdict"),
}


class Reason(StrEnum):
    """Reasons of a refusal that every service knows; a service may have codes of its own beside them."""

    NOT_OURS = "not_ours"
    NOT_ELIGIBLE = "not_eligible"
    INCOMPLETE = "incomplete"
    UNTRUE = "untrue"
    NOT_NEEDED = "not_needed"
    OTHER = "other"

    @property
    def label(self) -> Message:
        """What is said to the applicant."""
        return _REASONS[self]


_REASONS: Final = {
    Reason.NOT_OURS: N_("This is not for our office to decide."),
    Reason.NOT_ELIGIBLE: N_("The conditions for this are not met."),
    Reason.INCOMPLETE: N_("The request is still incomplete after the corrections."),
    Reason.UNTRUE: N_("What was stated does not agree with the documents."),
    Reason.NOT_NEEDED: N_("This approval is not needed for your purpose."),
    Reason.OTHER: N_("Another reason"),
}


class Reminder(StrEnum):
    """What the clock says when nobody acts, from soft to loud. It never decides."""

    HALF = "half"
    LIMIT = "limit"
    NEXT_LEVEL = "next_level"
    DIRECTOR = "director"
    MEND_FIRST = "mend_first"
    MEND_SECOND = "mend_second"
    MEND_LAST = "mend_last"


UNSEEN: Final = frozenset({Kind.URGE, Kind.REMIND, Kind.ASK_REVOCATION})
"""Kinds that change nothing an officer decides on: they raise no version, so no card grows stale by them."""
