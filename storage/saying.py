"""PURE: a verdict said part by part. Which part is asked next, and the verdict once nothing is missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from storage.approval.codes import Kind, Reason
from storage.approval.verdicts import (
    Approve,
    Confirm,
    Dispute,
    EndNotice,
    Fulfil,
    Hold,
    Object,
    Refuse,
    Remark,
    Reopen,
    Reply,
    Resume,
    Return,
    Revoke,
    SendOut,
    Settle,
    TakeBack,
    Verdict,
)
from storage.pending import Saying

if TYPE_CHECKING:
    from storage.approval.case import CaseState

FIELDS, REMARK, REASON, TEXT, UNTIL, BODY, OUTCOME, SURE = (
    "fields",
    "remark",
    "reason",
    "text",
    "until",
    "body",
    "outcome",
    "sure",
)
TYPED = frozenset({REMARK, TEXT, UNTIL, BODY, REASON})
"""Parts that are given by typing."""

_PARTS: dict[Kind, tuple[str, ...]] = {
    Kind.REFUSE: (REASON, TEXT, SURE),
    Kind.CONFIRM: (SURE,),
    Kind.RETURN: (FIELDS, REMARK, SURE),
    Kind.REPLY: (TEXT, OUTCOME),
    Kind.SEND_OUT: (BODY, UNTIL),
    Kind.HOLD: (UNTIL, TEXT),
    Kind.DISPUTE: (TEXT,),
    Kind.SETTLE: (TEXT,),
    Kind.REOPEN: (TEXT,),
    Kind.REVOKE: (TEXT, SURE),
    Kind.AMEND: (FIELDS, TEXT),
    Kind.OBJECT: (TEXT,),
}


@dataclass(frozen=True)
class Said:
    """Whether the officer has confirmed, and what the other body said: parts that are not kept but tapped last."""

    sure: bool = False
    outcome: str = ""
    fields_done: bool = False


def missing(saying: Saying, state: CaseState, said: Said) -> str | None:
    """The part to ask next; None: the verdict is complete."""
    kind = Kind(saying.kind)
    parts = (SURE,) if kind is Kind.APPROVE and is_final(state) else _PARTS.get(kind, ())
    return next((part for part in parts if not _has(saying, part, said)), None)


def is_final(state: CaseState) -> bool:
    """Whether an approval here signs: it can't be undone, and so asks once more."""
    return not state.ahead


def verdict_of(saying: Saying, said: Said) -> Verdict:
    """The verdict, complete."""
    seen, text = saying.seen, saying.text
    match Kind(saying.kind):
        case Kind.REFUSE:
            return Refuse(seen, saying.reason, text)
        case Kind.RETURN:
            named = zip(saying.fields, saying.remarks, strict=True)
            return Return(seen, tuple(Remark(field, remark) for field, remark in named))
        case Kind.REPLY:
            return Reply(
                seen, text, agreed=said.outcome != "declined", not_needed=said.outcome == "not_needed"
            )
        case Kind.SEND_OUT:
            return SendOut(seen, saying.body, date.fromisoformat(saying.until))
        case Kind.HOLD:
            return Hold(seen, date.fromisoformat(saying.until), text)
        case kind if kind in _WITH_TEXT:
            return _WITH_TEXT[kind](seen, text)
        case kind:
            return _PLAIN[kind](seen)


_WITH_TEXT: dict[Kind, type[Dispute] | type[Settle] | type[Reopen] | type[Revoke] | type[Object]] = {
    Kind.OBJECT: Object,
    Kind.DISPUTE: Dispute,
    Kind.SETTLE: Settle,
    Kind.REOPEN: Reopen,
    Kind.REVOKE: Revoke,
}
_PLAIN: dict[
    Kind, type[Approve] | type[Confirm] | type[TakeBack] | type[EndNotice] | type[Resume] | type[Fulfil]
] = {
    Kind.APPROVE: Approve,
    Kind.CONFIRM: Confirm,
    Kind.TAKE_BACK: TakeBack,
    Kind.END_NOTICE: EndNotice,
    Kind.RESUME: Resume,
    Kind.FULFIL: Fulfil,
}


def _has(saying: Saying, part: str, said: Said) -> bool:
    match part:
        case "sure":
            return said.sure
        case "outcome":
            return bool(said.outcome)
        case "fields" if saying.kind == Kind.AMEND:
            return bool(saying.fields)
        case "fields":
            return bool(saying.fields) and (
                said.fields_done or bool(saying.remarks) or saying.wants in (REMARK, SURE)
            )
        case "remark":
            return len(saying.remarks) >= len(saying.fields)
        case "text" if saying.kind == Kind.REPLY:
            return bool(saying.text) or said.outcome == "not_needed"
        case "text" if saying.kind == Kind.REFUSE:
            return bool(saying.text) or saying.reason != Reason.OTHER
        case _:
            return bool(getattr(saying, part))
