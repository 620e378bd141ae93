"""PURE: all that may be said about a case, by an officer, its applicant or the clock, as one value each.

Each names the version of the case that was seen when it was said (`seen`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final, Literal

from pydantic import Discriminator

from storage.approval.codes import Kind, Reminder
from storage.approval.route import Assessment

_AS_BEFORE: Final = Assessment()


@dataclass(frozen=True, slots=True)
class Remark:
    """What is to be mended in one field."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Approve:
    """This act of the stage agrees; at the first stage it also says that the request is complete."""

    seen: int
    remark: str = ""
    kind: Literal[Kind.APPROVE] = Kind.APPROVE


@dataclass(frozen=True, slots=True)
class Refuse:
    """Refused once a second officer confirms. `reason` is a code; `text` is needed for "other"."""

    seen: int
    reason: str
    text: str = ""
    kind: Literal[Kind.REFUSE] = Kind.REFUSE


@dataclass(frozen=True, slots=True)
class Confirm:
    """The second officer's word that makes a refusal take effect."""

    seen: int
    kind: Literal[Kind.CONFIRM] = Kind.CONFIRM


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Who refused thinks better of it, before anyone confirmed."""

    seen: int
    kind: Literal[Kind.TAKE_BACK] = Kind.TAKE_BACK


@dataclass(frozen=True, slots=True)
class Return:
    """Back to the applicant, all defects at once."""

    seen: int
    remarks: tuple[Remark, ...]
    kind: Literal[Kind.RETURN] = Kind.RETURN


@dataclass(frozen=True, slots=True)
class Resubmit:
    """The applicant's corrections: fields changed, fields explained instead, and those that hang on them."""

    seen: int
    changed: tuple[str, ...]
    explained: tuple[Remark, ...] = ()
    depending: tuple[str, ...] = ()
    assessment: Assessment = _AS_BEFORE
    kind: Literal[Kind.RESUBMIT] = Kind.RESUBMIT


@dataclass(frozen=True, slots=True)
class Amend:
    """The desk or a chief corrects fields that the stage lets them edit; storage keeps the old values."""

    seen: int
    fields: tuple[str, ...]
    note: str = ""
    assessment: Assessment = _AS_BEFORE
    kind: Literal[Kind.AMEND] = Kind.AMEND


@dataclass(frozen=True, slots=True)
class SendOut:
    """The stage waits for a body outside the office, which is expected to answer by a day."""

    seen: int
    body: str
    until: date
    kind: Literal[Kind.SEND_OUT] = Kind.SEND_OUT


@dataclass(frozen=True, slots=True)
class Reply:
    """What the other body said, or that no reply is needed; not `agreed`: the stage before decides anew."""

    seen: int
    text: str = ""
    agreed: bool = True
    not_needed: bool = False
    kind: Literal[Kind.REPLY] = Kind.REPLY


@dataclass(frozen=True, slots=True)
class Dispute:
    """Somebody objected to the public notice: the case stops until it is settled."""

    seen: int
    text: str
    kind: Literal[Kind.DISPUTE] = Kind.DISPUTE


@dataclass(frozen=True, slots=True)
class Settle:
    """How the objection to the notice was settled."""

    seen: int
    text: str
    kind: Literal[Kind.SETTLE] = Kind.SETTLE


@dataclass(frozen=True, slots=True)
class EndNotice:
    """The notice ran its days, and no objection is open."""

    seen: int
    kind: Literal[Kind.END_NOTICE] = Kind.END_NOTICE


@dataclass(frozen=True, slots=True)
class Hold:
    """The case rests at its stage until a day."""

    seen: int
    until: date
    text: str
    kind: Literal[Kind.HOLD] = Kind.HOLD


@dataclass(frozen=True, slots=True)
class Resume:
    """The rest is over."""

    seen: int
    kind: Literal[Kind.RESUME] = Kind.RESUME


@dataclass(frozen=True, slots=True)
class Withdraw:
    """The applicant takes the case back."""

    seen: int
    kind: Literal[Kind.WITHDRAW] = Kind.WITHDRAW


@dataclass(frozen=True, slots=True)
class Expire:
    """Returned and not mended in time."""

    seen: int
    kind: Literal[Kind.EXPIRE] = Kind.EXPIRE


@dataclass(frozen=True, slots=True)
class Fulfil:
    """The letter was handed over, or the service done."""

    seen: int
    kind: Literal[Kind.FULFIL] = Kind.FULFIL


@dataclass(frozen=True, slots=True)
class Close:
    """The window for feedback is over; retention starts."""

    seen: int
    kind: Literal[Kind.CLOSE] = Kind.CLOSE


@dataclass(frozen=True, slots=True)
class Revoke:
    """An issued letter is recalled; its number is never used again."""

    seen: int
    text: str
    kind: Literal[Kind.REVOKE] = Kind.REVOKE


@dataclass(frozen=True, slots=True)
class AskRevocation:
    """The applicant no longer wants what was approved."""

    seen: int
    text: str = ""
    kind: Literal[Kind.ASK_REVOCATION] = Kind.ASK_REVOCATION


@dataclass(frozen=True, slots=True)
class Replace:
    """A new letter, by its number, stands for the old one."""

    seen: int
    letter: str
    kind: Literal[Kind.REPLACE] = Kind.REPLACE


@dataclass(frozen=True, slots=True)
class Object:
    """The applicant objects to the refusal (异议)."""

    seen: int
    text: str
    kind: Literal[Kind.OBJECT] = Kind.OBJECT


@dataclass(frozen=True, slots=True)
class Reopen:
    """The director lets the stage that refused review again."""

    seen: int
    text: str = ""
    kind: Literal[Kind.REOPEN] = Kind.REOPEN


@dataclass(frozen=True, slots=True)
class Urge:
    """The applicant asks for speed."""

    seen: int
    kind: Literal[Kind.URGE] = Kind.URGE


@dataclass(frozen=True, slots=True)
class Remind:
    """The clock said so to those whom it concerns; it is said once."""

    seen: int
    what: Reminder
    kind: Literal[Kind.REMIND] = Kind.REMIND


@dataclass(frozen=True, slots=True)
class Lift:
    """Nobody left may do this act, or confirm this refusal (recusal, four eyes): it passes one level up."""

    seen: int
    act: int = 0
    kind: Literal[Kind.LIFT] = Kind.LIFT


Verdict = Annotated[
    Approve
    | Refuse
    | Confirm
    | TakeBack
    | Return
    | Resubmit
    | Amend
    | SendOut
    | Reply
    | Dispute
    | Settle
    | EndNotice
    | Hold
    | Resume
    | Withdraw
    | Expire
    | Fulfil
    | Close
    | Revoke
    | AskRevocation
    | Replace
    | Object
    | Reopen
    | Urge
    | Remind
    | Lift,
    Discriminator("kind"),
]
