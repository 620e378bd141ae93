"""Finding: one table of tokens for all services. Duplicates, quotas and search read it alone.

A secret kind leaves a keyed HMAC of its canonical value, a name its bigrams and its pinyin, a date range its days.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Index, delete, func, select
from sqlmodel import Field, SQLModel, col

from storage import secrets
from storage.kinds.treatment import treated
from storage.questions import Question

if TYPE_CHECKING:
    from sqlmodel import Session

LETTERS_OF_NAME = "name"
KEYED = "keyed"


class Find(SQLModel, table=True):
    """One token by which a case is found. `row` is the number inside a repeating group, -1 outside."""

    __tablename__ = "finds"
    __table_args__ = (Index("finds_by_token", "what", "token"),)

    id: int | None = Field(default=None, primary_key=True)
    case: int = Field(foreign_key="cases.id", index=True)
    field: str
    row: int = -1
    what: str
    token: str


def index(session: Session, case: int, tokens: Iterable[tuple[str, int, str, str]]) -> None:
    """Replace a case's tokens: (field, row, what, token)."""
    session.execute(delete(Find).where(col(Find.case) == case))
    session.add_all(Find(case=case, field=f, row=r, what=w, token=t) for f, r, w, t in sorted(set(tokens)))


def tokens_of(question: Question, value: Any, field: str, row: int) -> Iterator[tuple[str, int, str, str]]:
    """The tokens of one answer."""
    if value is None:
        return
    canonical = question.kind.dump(value)
    if question.secret:
        yield field, row, KEYED, keyed(question.kind.name, canonical)
    elif question.ask.find:
        text = canonical.get("name", "") if isinstance(canonical, Mapping) else str(canonical)
        yield from ((field, row, LETTERS_OF_NAME, token) for token in name_tokens(text))


def keyed(kind: str, canonical: Any) -> str:
    """The blind index of a secret's canonical value: found by its exact value only."""
    return secrets.keys().blind_index(kind, str(canonical))


def cases_named(session: Session, text: str, limit: int = 50) -> list[int]:
    """Cases in which a name has all bigrams of the text, in Han, Latin letters or pinyin; words in any order."""
    wanted = set().union(*(name_tokens(word) for word in _words(text))) or name_tokens(text)
    if not wanted:
        return []
    found = (
        select(col(Find.case))
        .where(col(Find.what) == LETTERS_OF_NAME, col(Find.token).in_(wanted))
        .group_by(col(Find.case), col(Find.field), col(Find.row))
        .having(func.count(func.distinct(col(Find.token))) == len(wanted))
        .order_by(col(Find.case).desc())
        .limit(limit)
    )
    return list(dict.fromkeys(session.scalars(found)))


def cases_with_key(session: Session, kind: str, canonical: str) -> list[int]:
    """Cases in which a secret answer of that kind is exactly this."""
    tokens = secrets.keys().lookups(kind, canonical)
    return list(
        dict.fromkeys(
            session.scalars(
                select(col(Find.case)).where(col(Find.what) == KEYED, col(Find.token).in_(tokens))
            )
        )
    )


@cache
def _pinyin() -> Any:
    from pypinyin import lazy_pinyin  # noqa: PLC0415  # its dictionary takes 100 ms: only names in Han need it

    return lazy_pinyin


def _words(text: str) -> list[str]:
    """The words of a name, but for single letters, which stand in no bigram by themselves."""
    return [word for word in _BETWEEN.split(treated(text)) if len(word) > 1 or _HAN.search(word)]


_BETWEEN = re.compile(r"[\s,.'·•-]+")
_HAN = re.compile(r"[㐀-鿿豈-﫿]")


def name_tokens(text: str) -> set[str]:
    """Bigrams of a name: 王芳 -> 王芳, wa, an, …; 王芳, Wang Fang and wangfang meet in the pinyin."""
    plain = _BETWEEN.sub("", treated(text)).casefold()
    if not plain:
        return set()
    spelled = "".join(_pinyin()(plain)) if _HAN.search(plain) else plain
    return {spelled[at : at + 2] for at in range(max(1, len(spelled) - 1))}
