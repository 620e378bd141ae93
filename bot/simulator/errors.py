"""What the Bot API answers instead of a result, with its status, text and parameters.

Texts are those of tdlib/telegram-bot-api 10.0 and tdlib/td, their first letter lowered as that server does.
"""

from typing import Any

Json = dict[str, Any]


class ApiError(Exception):
    """A call was refused: HTTP `status`, `description`, `parameters` (retry_after, migrate_to_chat_id)."""

    def __init__(self, status: int, description: str, parameters: Json | None = None) -> None:
        super().__init__(f"{status} {description}")
        self.status = status
        self.description = description
        self.parameters = parameters or {}

    def body(self) -> Json:
        """The JSON object that the server answers with."""
        answer: Json = {"ok": False, "error_code": self.status, "description": self.description}
        if self.parameters:
            answer["parameters"] = self.parameters
        return answer


class NoAnswer(Exception):
    """The call had its effect and the connection closes without an answer (a fault that was asked for)."""


class PhoneError(Exception):
    """A phone was asked for something that an app on it could not do. `status` is HTTP's."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def bad_request(text: str, parameters: Json | None = None) -> ApiError:
    """400; the first letter becomes small unless the text is a code such as TOPIC_CLOSED."""
    return ApiError(400, "Bad Request: " + _lower_first(text), parameters)


def forbidden(text: str) -> ApiError:
    """403."""
    return ApiError(403, "Forbidden: " + _lower_first(text))


def conflict(text: str) -> ApiError:
    """409: two receivers of updates."""
    return ApiError(409, "Conflict: " + text)


def too_many_requests(retry_after: int) -> ApiError:
    """429; `retry_after` in whole seconds, also sent as the header Retry-After (srv Query.cpp)."""
    return ApiError(429, f"Too Many Requests: retry after {retry_after}", {"retry_after": retry_after})


def _lower_first(text: str) -> str:
    if len(text) >= 2 and (text[1] == "_" or "A" <= text[1] <= "Z"):
        return text
    return text[:1].lower() + text[1:]
