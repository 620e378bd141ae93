"""Methods by which the bot receives: updates, webhook, files, and the answer to a tap."""

import time
from typing import Any

from .core import Core
from .errors import ApiError, Json, bad_request, too_many_requests
from .params import Params
from .updates import TERMINATED_BY_WEBHOOK
from .webhook import Pusher, Webhook, check_webhook

MAX_ANSWER = 200


class Receiver:
    """The bot's way to get updates: polling unless a webhook is set. `start` makes a pusher for a webhook."""

    def __init__(self, core: Core, start: Any) -> None:
        self.core = core
        self.webhook: Webhook | None = None
        self._start = start
        self._pusher: Pusher | None = None
        self._next_set = 0.0

    async def get_updates(self, core: Core, params: Params) -> list[Json]:
        """https://core.telegram.org/bots/api#getupdates"""
        allowed = _allowed(params)
        if self.webhook is None:
            core.updates.allow(allowed)
        limit = min(max(params.integer("limit", 100), 1), 100)
        return await core.updates.get(params.integer("offset"), limit, max(params.integer("timeout"), 0))

    async def set_webhook(self, core: Core, params: Params) -> bool:
        """https://core.telegram.org/bots/api#setwebhook : an empty url removes it."""
        url = params.text("url")
        if not url:
            return await self.delete_webhook(core, params)
        now = time.monotonic()
        if now < self._next_set:
            raise too_many_requests(1)
        self._next_set = now + core.limits.set_webhook_pause
        secret = params.text("secret_token")
        check_webhook(url, secret)
        core.updates.cut_off(TERMINATED_BY_WEBHOOK)
        core.updates.allow(_allowed(params))
        connections = min(max(params.integer("max_connections", 40), 1), 100)
        if params.flag("drop_pending_updates"):
            core.updates.clear()
        await self.use(Webhook(url, secret, connections))
        core.on_change()
        return True

    async def delete_webhook(self, core: Core, params: Params) -> bool:
        """https://core.telegram.org/bots/api#deletewebhook"""
        await self.use(None)
        if params.flag("drop_pending_updates"):
            core.updates.clear()
        core.on_change()
        return True

    async def use(self, webhook: Webhook | None) -> None:
        """Switches to that webhook, or to polling; what is pending goes the new way."""
        if self._pusher is not None:
            await self._pusher.stop()
            self._pusher = None
        self.webhook = webhook
        self.core.updates.webhook_active = webhook is not None
        self.core.updates.on_add = None
        if webhook is not None:
            pusher: Pusher = self._start(webhook)
            self._pusher = pusher
            self.core.updates.on_add = pusher.add
            for update in list(self.core.updates.pending.values()):
                pusher.add(update)

    async def stop(self) -> None:
        """Stops pushing; the webhook stays set."""
        if self._pusher is not None:
            await self._pusher.stop()
            self._pusher = None
            self.core.updates.on_add = None

    def get_webhook_info(self, core: Core, params: Params) -> Json:
        """https://core.telegram.org/bots/api#getwebhookinfo"""
        info: Json = {
            "url": self.webhook.url if self.webhook else "",
            "has_custom_certificate": False,
            "pending_update_count": core.updates.count(),
        }
        if self.webhook is not None:
            info |= {"max_connections": self.webhook.connections, "ip_address": "127.0.0.1"}
            if self._pusher is not None and self._pusher.last_error is not None:
                date, text = self._pusher.last_error
                info |= {"last_error_date": date, "last_error_message": text}
        info["allowed_updates"] = sorted(core.updates.allowed)
        return info


def _allowed(params: Params) -> list[str] | None:
    """The kinds asked for; a wrong list is ignored, as the server does."""
    try:
        kinds = params.json("allowed_updates", "unreadable")
    except ApiError:
        return None
    return [str(kind) for kind in kinds] if isinstance(kinds, list) else None


def get_file(core: Core, params: Params) -> Json:
    """https://core.telegram.org/bots/api#getfile"""
    return core.files.link(params.text("file_id"))


def answer_callback_query(core: Core, params: Params) -> bool:
    """https://core.telegram.org/bots/api#answercallbackquery : once, and soon."""
    text = params.text("text")
    if len(text) > MAX_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    query_id = params.text("callback_query_id")
    tap = core.answer_tap(query_id)
    if tap is None:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    core.tell("answer", query_id=query_id, person=tap.person, text=text, show_alert=params.flag("show_alert"))
    return True


METHODS: dict[str, Any] = {"getfile": get_file, "answercallbackquery": answer_callback_query}
