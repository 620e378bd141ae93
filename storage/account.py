"""The bot's own Telegram account, as Telegram told it last: commands print links without asking Telegram."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlmodel import Field, SQLModel

if TYPE_CHECKING:
    from sqlmodel import Session


class BotAccount(SQLModel, table=True):
    """One row."""

    __tablename__ = "bot_account"

    id: int = Field(default=1, primary_key=True)
    username: str


def keep_username(session: Session, username: str) -> None:
    """Keep the user name under which people find the bot."""
    session.merge(BotAccount(username=username))


def username(session: Session) -> str | None:
    """The user name without @; None while the bot has never run on this database."""
    row = session.get(BotAccount, 1)
    return row.username if row else None
