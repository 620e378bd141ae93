"""Letters: their register, numbers without gaps or doubles, and the codes by which anybody may check them.

The page itself is made elsewhere (`handlers.press`); here stands what was promised, before it is printed.
"""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Text, UniqueConstraint
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, SQLModel, col, select

from locales.formats import OFFICE_ZONE
from storage.columns import EnumText, UtcDateTime

CODE_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""No 0 O 1 I L (services.md (c)): 31 signs, so that ten of them hold 49 bits."""
CODE_LENGTH = 10


class LetterState(StrEnum):
    """Whether a letter may still be relied on."""

    VALID = "valid"
    REVOKED = "revoked"
    REPLACED = "replaced"


class LetterSeries(SQLModel, table=True):
    """The last number given of one mark in one year: only `take_number` touches it."""

    __tablename__ = "letter_series"

    mark: str = Field(primary_key=True, max_length=40)
    year: int = Field(primary_key=True)
    last: int


class Letter(SQLModel, table=True):
    """One letter in the register, where it stays whatever becomes of it: a number is never used twice."""

    __tablename__ = "letters"
    __table_args__ = (UniqueConstraint("mark", "year", "serial"),)

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(index=True, foreign_key="cases.id")
    holder_id: int = Field(index=True)
    """The person who may ask for it again: the applicant."""
    kind: str = Field(max_length=80)
    """The id of the service or matter; its title is made per reader."""
    mark: str = Field(max_length=40)
    year: int
    serial: int
    number: str = Field(unique=True, max_length=80)
    code: str = Field(unique=True, max_length=CODE_LENGTH)
    masked_name: str = Field(max_length=200)
    """For whom it is, as far as anybody with the code may know."""
    signed: date
    """The day of signing in office time."""
    conditions: str = Field(default="", sa_type=Text)
    """Under which conditions it was approved, as they stand on the letter."""
    state: LetterState = Field(default=LetterState.VALID, sa_type=EnumText(LetterState))
    file_digest: str | None = Field(default=None, index=True, max_length=128)
    """The PDF among `files`; None until it is typeset and kept."""
    issued_at: datetime = Field(sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True)
class Verification:
    """All that a stranger with the code learns (services.md (c)); `replaced_by` is not among it."""

    kind: str
    number: str
    signed: date
    state: LetterState
    masked_name: str


class AlreadyTypeset(Exception):
    """Another file is kept as this letter; a second one would be a second original."""

    def __init__(self, number: str, file_digest: str) -> None:
        super().__init__(number)
        self.number = number
        self.file_digest = file_digest


def issue(
    session: Session,
    *,
    case_id: int,
    holder_id: int,
    kind: str,
    mark: str,
    names: Sequence[str],
    at: datetime,
    conditions: str = "",
) -> Letter:
    """Enter a letter under the next number of its mark; call it in the transaction of the approval.

    `names` are those of the people whom it is for. If the approval is rolled back, so is the number.
    """
    signed = at.astimezone(OFFICE_ZONE).date()
    serial = take_number(session, mark, signed.year)
    letter = Letter(
        case_id=case_id,
        holder_id=holder_id,
        kind=kind,
        mark=mark,
        year=signed.year,
        serial=serial,
        number=number_text(mark, signed.year, serial),
        code=_new_code(session),
        masked_name=mask_names(names),
        signed=signed,
        conditions=conditions,
        issued_at=at,
    )
    session.add(letter)
    session.flush()
    return letter


def take_number(session: Session, mark: str, year: int) -> int:
    """The next serial of this mark and year; whoever wants one too waits until this transaction ends.

    The counter's row is locked by the very statement that raises it, so two approvals never see one number,
    and a rolled-back one gives its number back: no gap, no double (services.md (c) and (g) 11).
    """
    insert: Any = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    table = LetterSeries.__table__  # type: ignore[attr-defined]  # SQLModel makes it, mypy does not know it
    first = insert(table).values(mark=mark, year=year, last=1)
    following = first.on_conflict_do_update(
        index_elements=[table.c.mark, table.c.year], set_={"last": table.c.last + 1}
    )
    return int(session.execute(following.returning(table.c.last)).scalar_one())


def number_text(mark: str, year: int, serial: int) -> str:
    """沈外邀〔2027〕0001号: the year in U+3014 and U+3015 (GB/T 9704-2012, 7.2.5), four digits or more."""
    return f"{mark}〔{year}〕{serial:04d}号"


def verify(session: Session, code: str) -> Verification | None:
    """What a code stands for, typed with small letters, spaces or hyphens too; None if it is no letter's."""
    wanted = read_code(code)
    letter = session.exec(select(Letter).where(Letter.code == wanted)).first() if wanted else None
    if letter is None:
        return None
    return Verification(letter.kind, letter.number, letter.signed, letter.state, letter.masked_name)


def read_code(text: str) -> str | None:
    """A code as it is kept, from what a person typed; None if it can't be one. Needs no database."""
    plain = unicodedata.normalize("NFKC", text).upper()
    signs = "".join(
        sign for sign in plain if not sign.isspace() and unicodedata.category(sign) not in {"Pd", "Cf"}
    )
    return signs if len(signs) == CODE_LENGTH and set(signs) <= set(CODE_SIGNS) else None


def show_code(code: str) -> str:
    """A code in groups that can be read aloud: ABC-DEF-GHJK."""
    return f"{code[:3]}-{code[3:6]}-{code[6:]}"


def untypeset(session: Session, limit: int = 30) -> list[Letter]:
    """Letters that were promised and are not made yet, oldest first: what the clock makes due.

    Number, code and date stand; so a second attempt makes the same letter.
    """
    due = select(Letter).where(col(Letter.file_digest).is_(None), Letter.state == LetterState.VALID)
    return list(session.exec(due.order_by(col(Letter.id)).limit(limit)))


def attach(session: Session, letter: Letter, file_digest: str) -> Letter:
    """Keep the typeset file as this letter. Again with the same file is no effect; raises AlreadyTypeset."""
    kept = session.exec(select(Letter).where(Letter.id == letter.id).with_for_update()).one()
    if kept.file_digest not in (None, file_digest):
        raise AlreadyTypeset(kept.number, str(kept.file_digest))
    kept.file_digest = file_digest
    session.add(kept)
    session.flush()
    return kept


def revoke(session: Session, case_id: int) -> None:
    """Recall the letters of a case: the code says so for ever, and no number is used again."""
    for letter in letters_of(session, case_id):
        letter.state = LetterState.REVOKED
        session.add(letter)


def letters_of(session: Session, case_id: int) -> list[Letter]:
    """A case's letters, first to last."""
    return list(session.exec(select(Letter).where(Letter.case_id == case_id).order_by(col(Letter.id))))


def mask_names(names: Sequence[str]) -> str:
    """The names as a stranger may see them: three at most, the others counted."""
    shown = "; ".join(mask_name(name) for name in names[:3])
    return f"{shown} +{len(names) - 3}" if len(names) > 3 else shown


def mask_name(name: str) -> str:
    """王芳 -> 王*, 欧阳明月 -> 欧***, "SCHMIDT, Anna Maria" -> "S*** A*** M***".

    How long a Latin word is stays hidden; a Han name keeps its length, as Chinese offices write it.
    """
    words = name.replace(",", " ").split()
    return " ".join(word[0] + ("*" * (len(word) - 1) if _is_han(word[0]) else "***") for word in words)


def _is_han(sign: str) -> bool:
    return unicodedata.name(sign, "").startswith("CJK UNIFIED")


def _new_code(session: Session) -> str:
    while True:
        code = "".join(secrets.choice(CODE_SIGNS) for _ in range(CODE_LENGTH))
        if session.exec(select(Letter.id).where(Letter.code == code)).first() is None:
            return code
