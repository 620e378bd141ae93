"""What a refusal of the Bot API means, by status and text, whichever library made the call.

Texts are matched without case and by part, for they are not promised (tdlib/telegram-bot-api, Client.cpp).
"""

from __future__ import annotations

from enum import StrEnum


class Refusal(StrEnum):
    """A named outcome of a call that Telegram refused; each says what is to be done."""

    NOT_MODIFIED = "not_modified"
    """The message shows this already: success."""
    NOTHING_TO_DELETE = "nothing_to_delete"
    """Gone, or older than 48 hours: success, left as it is."""
    MESSAGE_GONE = "message_gone"
    """The message to edit is gone, or can't become this: send a new one."""
    QUERY_TOO_OLD = "query_too_old"
    """A tap answered late or twice: the effect stands."""
    THREAD_GONE = "thread_gone"
    """The topic was deleted: open a new one, repeat once."""
    TOPIC_CLOSED = "topic_closed"
    """Reopen it, repeat once."""
    UNFIT_PICTURE = "unfit_picture"
    """Send it as a document."""
    BLOCKED = "blocked"
    """The person blocked the bot: kept until they come back."""
    NOT_STARTED = "not_started"
    """The person never pressed Start: kept until they do."""
    DEACTIVATED = "deactivated"
    """The account is deleted: final."""
    REMOVED = "removed"
    """The bot is not in this group any more: final, an administrator is told."""
    UNAUTHORIZED = "unauthorized"
    """The token is refused: nothing can be delivered."""
    TOO_LARGE = "too_large"
    """The upload is over the server's limit: final, a fault of ours."""
    FAULT = "fault"
    """Anything else: final, a fault of ours."""


def refusal(status: int, text: str) -> Refusal:
    """Name a refusal by its HTTP status (400, 401, 403, 404, 413) and description."""
    if status in {401, 404}:
        return Refusal.UNAUTHORIZED
    if status == 413:
        return Refusal.TOO_LARGE
    lowered = text.casefold()
    for part, meaning in _PARTS:
        if part in lowered:
            return meaning
    return Refusal.FAULT


_PARTS = (
    ("message is not modified", Refusal.NOT_MODIFIED),
    ("topic_not_modified", Refusal.NOT_MODIFIED),
    ("message to delete not found", Refusal.NOTHING_TO_DELETE),
    ("message can't be deleted", Refusal.NOTHING_TO_DELETE),
    ("message to edit not found", Refusal.MESSAGE_GONE),
    ("message can't be edited", Refusal.MESSAGE_GONE),
    ("there is no text in the message to edit", Refusal.MESSAGE_GONE),
    ("there is no caption in the message to edit", Refusal.MESSAGE_GONE),
    ("query is too old", Refusal.QUERY_TOO_OLD),
    ("message thread not found", Refusal.THREAD_GONE),
    ("topic_id_invalid", Refusal.THREAD_GONE),
    ("topic_closed", Refusal.TOPIC_CLOSED),
    ("photo_invalid_dimensions", Refusal.UNFIT_PICTURE),
    ("image_process_failed", Refusal.UNFIT_PICTURE),
    ("bot was blocked by the user", Refusal.BLOCKED),
    ("bot can't initiate conversation", Refusal.NOT_STARTED),
    ("user is deactivated", Refusal.DEACTIVATED),
    ("bot was kicked", Refusal.REMOVED),
    ("bot is not a member", Refusal.REMOVED),
    ("the group chat was deleted", Refusal.REMOVED),
)
