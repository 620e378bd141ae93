"""Keyboards: what may be on them, in the words of srv get_reply_markup and td ReplyMarkup.cpp."""

import re
from typing import Any

from .errors import Json, bad_request
from .params import Params

MAX_ROW = 8
MAX_BUTTONS = 100
MAX_DATA_BYTES = 64
MAX_COPY = 256
MAX_PLACEHOLDER = 64
MAX_BYTES = 10_000

_URL = re.compile(r"(?:https?://)?[^\s/.]+(?:\.[^\s/.]+)+(?:[/?#:].*)?|tg:(?://)?\S+", re.I | re.S)
_INLINE_ACTIONS = (
    "url", "callback_data", "callback_game", "pay", "switch_inline_query", "switch_inline_query_chosen_chat",
    "switch_inline_query_current_chat", "login_url", "web_app", "copy_text",
)  # fmt: skip


def read_markup(params: Params, *, private: bool, only_inline: bool = False) -> Json | None:
    """The call's reply_markup, checked and normalised; None when it says nothing.

    `only_inline` is for edits. Raises ApiError 400.
    """
    raw = params.json("reply_markup", "Can't parse reply keyboard markup JSON object")
    if raw is None:
        return None
    if not isinstance(raw, dict):
        raise bad_request("Object expected as reply markup")
    markup = _shape(raw)
    if markup is None:
        return None
    if only_inline and "inline_keyboard" not in markup:
        raise bad_request("Inline keyboard expected")
    if "keyboard" in markup:
        markup["keyboard"] = _rows(markup["keyboard"], lambda button: _reply_button(button, private=private))
        return markup if markup["keyboard"] else None
    if "inline_keyboard" in markup:
        markup["inline_keyboard"] = _rows(markup["inline_keyboard"], _inline_button)
        return markup if markup["inline_keyboard"] else None
    return markup


def _shape(raw: Json) -> Json | None:
    """Which of the four kinds it is: reply keyboard, inline keyboard, removal, forced reply."""
    keyboard = _array(raw, "keyboard", 'Field "keyboard" must be an Array of Arrays')
    inline = _array(
        raw,
        "inline_keyboard",
        'Field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays',
    )
    selective = {"selective": True} if raw.get("selective") else {}
    if keyboard:
        options = {
            name: True for name in ("is_persistent", "resize_keyboard", "one_time_keyboard") if raw.get(name)
        }
        return {"keyboard": keyboard, **options, **_placeholder(raw), **selective}
    if inline:
        return {"inline_keyboard": inline}
    if raw.get("remove_keyboard"):
        return {"remove_keyboard": True, **selective}
    if raw.get("force_reply"):
        return {"force_reply": True, **_placeholder(raw), **selective}
    return None


def _array(raw: Json, name: str, error: str) -> list[list[Any]]:
    value = raw.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise bad_request(f'Field "{name}" must be of type Array')
    if not all(isinstance(row, list) for row in value):
        raise bad_request(error)
    return value


def _placeholder(raw: Json) -> Json:
    text = raw.get("input_field_placeholder")
    if not text:
        return {}
    if not isinstance(text, str):
        raise bad_request('Field "input_field_placeholder" must be of type String')
    if len(text) > MAX_PLACEHOLDER:
        raise bad_request("input field placeholder is too long")
    return {"input_field_placeholder": text}


def _rows(rows: list[list[Any]], read: Any) -> list[list[Json]]:
    checked = [[read(button) for button in row] for row in rows]
    checked = [row for row in checked if row]
    buttons = sum(len(row) for row in checked)
    size = sum(len(str(value).encode()) for row in checked for button in row for value in button.values())
    if buttons > MAX_BUTTONS or any(len(row) > MAX_ROW for row in checked) or size > MAX_BYTES:
        raise bad_request("reply markup is too long")
    return checked


def _reply_button(button: Any, *, private: bool) -> Json:
    if isinstance(button, str):
        button = {"text": button}
    if not isinstance(button, dict):
        raise bad_request("Can't parse keyboard button: KeyboardButton must be a String or an Object")
    text = _button_text(button, "can't parse keyboard button: ", "Keyboard button text must be non-empty")
    if button.get("request_contact"):
        if not private:
            raise bad_request("Phone number can be requested in private chats only")
        return {"text": text, "request_contact": True}
    if button.get("request_location"):
        if not private:
            raise bad_request("Location can be requested in private chats only")
        return {"text": text, "request_location": True}
    return {"text": text}


def _inline_button(button: Any) -> Json:
    if not isinstance(button, dict):
        raise bad_request("Can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    prefix = "can't parse inline keyboard button: "
    if "text" not in button:
        raise bad_request(prefix + 'Can\'t find field "text"')
    action = next((name for name in _INLINE_ACTIONS if _acts(button, name)), None)
    if action is None:
        raise bad_request(prefix + "Text buttons are unallowed in the inline keyboard")
    text = _button_text(button, prefix, "Inline keyboard button text must be non-empty")
    return {"text": text, action: _action_value(action, button[action], prefix)}


def _action_value(action: str, value: Any, prefix: str) -> Any:
    if action == "callback_data" and len(str(value).encode()) > MAX_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if action == "url" and not _URL.fullmatch(str(value)):
        raise bad_request(f"inline keyboard button URL '{value}' is invalid: Wrong HTTP URL")
    if action == "copy_text":
        if not isinstance(value, dict):
            raise bad_request(f'{prefix}Field "copy_text" must be of type Object')
        if not 1 <= len(str(value.get("text") or "")) <= MAX_COPY:
            raise bad_request("BUTTON_COPY_TEXT_INVALID")
    return str(value) if action in ("url", "callback_data") else value


def _acts(button: Json, name: str) -> bool:
    value = button.get(name)
    return bool(value) if name in ("url", "callback_data") else value is not None


def _button_text(button: Json, prefix: str, empty: str) -> str:
    text = button.get("text")
    if not isinstance(text, str):
        raise bad_request(prefix + 'Field "text" must be of type String')
    if not text.strip():
        raise bad_request(empty)
    return text
