"""A message id that knows its context, so that one English word may have two translations."""

from __future__ import annotations


class Message(str):
    """An English message id, with the gettext context (msgctxt) that tells it from its homonyms."""

    __slots__ = ("context",)
    context: str | None

    def __new__(cls, text: str, context: str | None = None) -> Message:
        message = super().__new__(cls, text)
        message.context = context
        return message

    def __eq__(self, other: object) -> bool:
        return str.__eq__(self, other) is True and self.context == getattr(other, "context", None)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash((str(self), self.context))

    def __getnewargs__(self) -> tuple[str, str | None]:  # type: ignore[override]  # str's has no context
        return (str(self), self.context)


def N_(text: str, context: str | None = None) -> Message:  # noqa: N802  # gettext's own name, known to pybabel
    """Mark a text for the catalogues; it is translated when somebody reads it, not here."""
    return Message(text, context)
