"""Pushes updates to the bot's webhook, in order within a lane, until taken (srv WebhookActor.cpp)."""

import asyncio
import json
import random
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

import aiohttp

from .core import Core
from .errors import Json, bad_request
from .params import Params
from .updates import Update

HEADER = "X-Telegram-Bot-Api-Secret-Token"
PORTS = (80, 88, 443, 8443)
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_NEVER_ANSWERED = frozenset({"setwebhook", "deletewebhook", "close", "logout"})

Call = Callable[[str, Params], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where updates go. `connections` is how many may be under way at once (1-100)."""

    url: str
    secret: str = ""
    connections: int = 40


def check_webhook(url: str, secret: str) -> None:
    """Raises ApiError 400 for what Telegram refuses; only here http to loopback is fine, on any port."""
    try:
        parts = urlsplit(url if "://" in url else f"https://{url}")
        port = parts.port
    except ValueError as error:
        raise bad_request("invalid webhook URL specified") from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise bad_request("invalid webhook URL specified")
    if len(secret) > 256:
        raise bad_request("secret token is too long")
    if secret and not all(c.isascii() and (c.isalnum() or c in "_-") for c in secret):
        raise bad_request("secret token contains unallowed characters")
    if parts.hostname in _LOOPBACK:
        return
    if parts.scheme != "https":
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if (port or 443) not in PORTS:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")


class Pusher:
    """Delivers the queue's updates to one webhook until it is stopped."""

    def __init__(self, core: Core, webhook: Webhook, call: Call, gone: Callable[[], None]) -> None:
        self._core = core
        self._webhook = webhook
        self._call = call
        self._gone = gone
        self._lanes: dict[str, deque[Update]] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._slots = asyncio.Semaphore(webhook.connections)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0),
            timeout=aiohttp.ClientTimeout(core.limits.webhook_seconds),
        )
        self._gone_since: float | None = None
        self.last_error: tuple[int, str] | None = None

    def add(self, update: Update) -> None:
        """Takes an update into its lane."""
        self._lanes.setdefault(update.lane, deque()).append(update)
        if update.lane not in self._tasks:
            self._tasks[update.lane] = asyncio.create_task(self._run(update.lane))

    async def stop(self) -> None:
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._session.close()

    async def _run(self, lane: str) -> None:
        try:
            while self._lanes[lane]:
                update = self._lanes[lane][0]
                await self._deliver(update)
                self._lanes[lane].popleft()
                self._core.updates.confirm(update.id)
                self._core.on_change()
        finally:
            self._tasks.pop(lane, None)
            if not self._lanes[lane]:
                del self._lanes[lane]

    async def _deliver(self, update: Update) -> None:
        """Until it is taken or a day old: again at once, then with doubling pauses, or after Retry-After."""
        limits = self._core.limits
        pause, failures = limits.webhook_pause, 0
        repeats = 2 if self._core.updates.duplicate else 1
        while update.id in self._core.updates.pending:
            async with self._slots:
                taken, retry_after = await self._post(update)
            if taken:
                repeats -= 1
                if repeats <= 0:
                    return
                continue
            wait = float(retry_after)
            if not wait and failures:
                longest = limits.webhook_longest_pause * random.uniform(1, 2)  # noqa: S311  # spreads, guards nothing
                pause = min(longest, pause * 2)
                wait = pause
            failures += 1
            if self._core.now().timestamp() + wait > update.expires:
                return
            await asyncio.sleep(wait)

    async def _post(self, update: Update) -> tuple[bool, int]:
        headers = {HEADER: self._webhook.secret} if self._webhook.secret else {}
        try:
            async with self._session.post(
                self._webhook.url, json=update.as_json(), headers=headers
            ) as response:
                body = await response.read()
                if 200 <= response.status <= 299:
                    self._gone_since = None
                    await self._answer(body, response.content_type)
                    return True, 0
                self._failed(f"Wrong response from the webhook: {response.status} {response.reason}")
                self._count_gone(response.status)
                retry_after = response.headers.get("Retry-After", "")
                return False, min(int(retry_after), 3600) if retry_after.isdigit() else 0
        except (aiohttp.ClientError, TimeoutError) as error:
            self._failed(
                "Connection refused"
                if isinstance(error, aiohttp.ClientConnectorError)
                else "Read timeout expired"
            )
            return False, 0

    def _failed(self, text: str) -> None:
        self.last_error = (self._core.stamp(), text)

    def _count_gone(self, status: int) -> None:
        """410 for 23 hours removes the webhook."""
        if status != 410:
            self._gone_since = None
        elif self._gone_since is None:
            self._gone_since = time.monotonic()
        elif time.monotonic() > self._gone_since + self._core.limits.webhook_gone_seconds:
            self._gone()

    async def _answer(self, body: bytes, content_type: str) -> None:
        """A 2xx body may carry one call; its result is never known."""
        values = _read_body(body, content_type)
        method = str(values.pop("method", "")).lower()
        if method and method not in _NEVER_ANSWERED and not method.startswith("get"):
            await self._call(method, Params(values))


def _read_body(body: bytes, content_type: str) -> Json:
    if not body:
        return {}
    if content_type == "application/x-www-form-urlencoded":
        return dict(parse_qsl(body.decode(errors="replace")))
    return read_json(body)


def read_json(body: bytes) -> Json:
    """The JSON object in `body`, or nothing."""
    try:
        value = json.loads(body)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
