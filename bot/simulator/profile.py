"""What the bot says about itself: identity, names, descriptions, commands, menu button."""

import re
from typing import Any

from .access import find_chat
from .core import Core
from .errors import Json, bad_request
from .model import Chat, Person
from .params import Params

MAX_COMMANDS = 100
_COMMAND = re.compile(r"[a-z0-9_]+")
_LANGUAGE = re.compile(r"(?:[a-z]{2})?")
_SCOPES = {
    "default": (),
    "all_private_chats": (),
    "all_group_chats": (),
    "all_chat_administrators": (),
    "chat": ("chat_id",),
    "chat_administrators": ("chat_id",),
    "chat_member": ("chat_id", "user_id"),
}


def get_me(core: Core, params: Params) -> Json:
    """https://core.telegram.org/bots/api#getme"""
    return core.world.bot.as_user() | {
        "first_name": core.profile.names.get("") or core.world.bot.first_name,
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def set_my_commands(core: Core, params: Params) -> bool:
    """https://core.telegram.org/bots/api#setmycommands"""
    raw = params.json("commands", "Can't parse commands JSON object")
    if raw is None:
        raise bad_request('parameter "commands" is required')
    if not isinstance(raw, list):
        raise bad_request("Expected an Array of BotCommand")
    commands = [_command(item) for item in raw]
    if len(commands) > MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    core.profile.commands[_key(core, params)] = commands
    core.tell("commands")
    return True


def get_my_commands(core: Core, params: Params) -> list[Json]:
    """https://core.telegram.org/bots/api#getmycommands : exactly that scope and language."""
    return core.profile.commands.get(_key(core, params), [])


def delete_my_commands(core: Core, params: Params) -> bool:
    """https://core.telegram.org/bots/api#deletemycommands"""
    core.profile.commands.pop(_key(core, params), None)
    core.tell("commands")
    return True


def commands_for(core: Core, person: Person, chat: Chat) -> list[Json]:
    """What this person sees in that chat: the narrowest scope, their language before the general list."""
    language = (person.language_code or "")[:2].lower()
    private = [f"chat:{chat.id}", "all_private_chats", "default"]
    group = [f"chat_member:{chat.id}:{person.id}", f"chat:{chat.id}", "all_group_chats", "default"]
    for scope in private if chat.private else group:
        for code in (language, ""):
            found = core.profile.commands.get(f"{scope}|{code}")
            if found:
                return found
    return []


def _command(item: Any) -> Json:
    prefix = "can't parse BotCommand: "
    if not isinstance(item, dict):
        raise bad_request(prefix + "expected an Object")
    for name in ("command", "description"):
        if name not in item:
            raise bad_request(f'{prefix}Can\'t find field "{name}"')
    command = str(item["command"]).removeprefix("/")
    description = str(item["description"]).strip()
    if not command:
        raise bad_request("Command must be non-empty")
    if len(command) > 32:
        raise bad_request("Command length must not exceed 32")
    if not _COMMAND.fullmatch(command):
        raise bad_request("BOT_COMMAND_INVALID")
    if not description:
        raise bad_request("Command description must be non-empty")
    if len(description) > 256:
        raise bad_request("Command description length must not exceed 256")
    return {"command": command, "description": description}


def _key(core: Core, params: Params) -> str:
    scope = params.json("scope", "Can't parse BotCommandScope JSON object") or {"type": "default"}
    if not isinstance(scope, dict):
        raise bad_request("Can't parse BotCommandScope: BotCommandScope must be an Object")
    kind = str(scope.get("type"))
    if kind not in _SCOPES:
        raise bad_request("Can't parse BotCommandScope: Unsupported type specified")
    where = ":".join([kind, *(str(scope.get(name, "")) for name in _SCOPES[kind])])
    if "chat_id" in _SCOPES[kind]:
        if not scope.get("chat_id"):
            raise bad_request("Can't parse BotCommandScope: Empty chat_id specified")
        find_chat(core, Params(scope))
    return f"{where}|{_language(params)}"


def _language(params: Params) -> str:
    code = params.text("language_code")
    if not _LANGUAGE.fullmatch(code):
        raise bad_request("Invalid language code specified")
    return code


def _setter(attribute: str, field: str, most: int, too_long: str) -> Any:
    def set_text(core: Core, params: Params) -> bool:
        text = params.text(field).strip()
        if len(text) > most:
            raise bad_request(too_long)
        texts: dict[str, str] = getattr(core.profile, attribute)
        texts[_language(params)] = text
        core.on_change()
        return True

    return set_text


def _getter(attribute: str, field: str) -> Any:
    def get_text(core: Core, params: Params) -> Json:
        texts: dict[str, str] = getattr(core.profile, attribute)
        text = texts.get(_language(params)) or texts.get("", "")
        return {field: text or (core.world.bot.first_name if field == "name" else "")}

    return get_text


def set_chat_menu_button(core: Core, params: Params) -> bool:
    """https://core.telegram.org/bots/api#setchatmenubutton"""
    button = params.json("menu_button", "Can't parse menu button JSON object") or {"type": "default"}
    if not isinstance(button, dict):
        raise bad_request("Can't parse menu button: MenuButton must be an Object")
    if button.get("type") not in ("default", "commands", "web_app"):
        raise bad_request("Can't parse menu button: MenuButton has unsupported type")
    core.profile.menu_buttons[_menu_key(core, params)] = button
    return True


def get_chat_menu_button(core: Core, params: Params) -> Json:
    """https://core.telegram.org/bots/api#getchatmenubutton"""
    buttons = core.profile.menu_buttons
    return buttons.get(_menu_key(core, params)) or buttons.get("") or {"type": "commands"}


def _menu_key(core: Core, params: Params) -> str:
    return str(find_chat(core, params).id) if params.text("chat_id") else ""


METHODS: dict[str, Any] = {
    "getme": get_me,
    "setmycommands": set_my_commands,
    "getmycommands": get_my_commands,
    "deletemycommands": delete_my_commands,
    "setmyname": _setter("names", "name", 64, "BOT_TITLE_INVALID"),
    "getmyname": _getter("names", "name"),
    "setmydescription": _setter("descriptions", "description", 512, "BOT_DESCRIPTION_TOO_LONG"),
    "getmydescription": _getter("descriptions", "description"),
    "setmyshortdescription": _setter("short_descriptions", "short_description", 120, "BOT_ABOUT_TOO_LONG"),
    "getmyshortdescription": _getter("short_descriptions", "short_description"),
    "setchatmenubutton": set_chat_menu_button,
    "getchatmenubutton": get_chat_menu_button,
}
