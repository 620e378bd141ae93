"""What the bot serves over HTTP when it listens: webhook, health, metrics, and the page that verifies a letter."""

from __future__ import annotations

import asyncio
import hmac
import json
import socket
import time
from base64 import b64encode
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import structlog
import uvicorn
from markupsafe import Markup
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.intake import Unavailable
from bot.settings import Listen, Webhook
from locales import N_, translate

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  # the header's name (Bot API, setWebhook)
LONGEST_BODY = 1 << 20
LOOKS = 30
"""Codes that one address may look up in a minute."""
PAGE_LANGUAGES = {"zh_Hans": "zh-CN", "en": "en"}

TITLE = N_("Check a letter")
TOO_MANY = N_("Too many checks from your address. Please try again in a minute.")


@dataclass(frozen=True, slots=True)
class Finding:
    """What a code stands for: a sentence in each language of the page; `valid` None if it is no letter's code."""

    valid: bool | None
    sentences: Mapping[str, str]


Verify = Callable[[str], Awaitable[Finding]]
Take = Callable[[Mapping[str, Any]], Awaitable[None]]
Ready = Callable[[], Awaitable[Mapping[str, bool]]]
"""Each part that must work for the bot to work, by name."""


def pages(
    *,
    ready: Ready,
    metrics: Callable[[], bytes],
    verify: Verify | None = None,
    webhook: Webhook | None = None,
    take: Take | None = None,
) -> Starlette:
    """The application; `webhook` and `take` are given where Telegram is to call us."""
    routes = [
        Route("/healthz", _alive),
        Route("/readyz", _Readiness(ready)),
        Route("/metrics", _Counters(metrics)),
    ]
    if verify is not None:
        routes.append(Route("/v/{code}", _Verification(verify), methods=["GET"]))
    if webhook is not None and take is not None:
        routes.append(Route(webhook.path, _Webhook(webhook.secret, take), methods=["POST"]))
    return Starlette(routes=routes)


class Web:
    """Serves an application inside the running event loop."""

    def __init__(self, app: Starlette, listen: Listen) -> None:
        self._listen = listen
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            lifespan="off",
            ws="none",
            server_header=False,
            timeout_graceful_shutdown=5,
            limit_concurrency=1000,
        )
        self._server = _Server(config)
        self._serving: asyncio.Task[None] | None = None
        self.port = listen.port

    async def start(self) -> None:
        """Listen. Raises OSError if the address is taken."""
        family = socket.AF_INET6 if ":" in self._listen.host else socket.AF_INET
        listener = socket.create_server((self._listen.host, self._listen.port), family=family, backlog=512)
        self.port = int(listener.getsockname()[1])
        self._serving = asyncio.create_task(self._server.serve(sockets=[listener]))
        _log.info("listening", host=self._listen.host, port=self.port)

    async def stop(self) -> None:
        """Take no more requests; those in hand end."""
        if self._serving is not None:
            self._server.should_exit = True
            await asyncio.gather(self._serving, return_exceptions=True)


class _Server(uvicorn.Server):
    """uvicorn, leaving the signals to the bot."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def _alive(_: Request) -> Response:
    return PlainTextResponse("ok\n")


class _Endpoint:
    """An endpoint as an object: Starlette takes instances as ASGI applications, so they answer as such."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        response = await self.answer(Request(scope, receive))
        await response(scope, receive, send)

    async def answer(self, request: Request) -> Response:
        raise NotImplementedError


class _Readiness(_Endpoint):
    def __init__(self, ready: Ready) -> None:
        self._ready = ready

    async def answer(self, request: Request) -> Response:
        parts = await self._ready()
        return JSONResponse(dict(parts), 200 if all(parts.values()) else 503)


class _Counters(_Endpoint):
    def __init__(self, metrics: Callable[[], bytes]) -> None:
        self._metrics = metrics

    async def answer(self, request: Request) -> Response:
        return Response(self._metrics(), media_type="text/plain; version=0.0.4; charset=utf-8")


class _Webhook(_Endpoint):
    """200 after the effect is committed, 503 when it can't be now: Telegram then sends the update again."""

    def __init__(self, secret: str, take: Take) -> None:
        self._secret = secret.encode()
        self._take = take

    async def answer(self, request: Request) -> Response:
        given = request.headers.get(SECRET_HEADER, "").encode()
        if not hmac.compare_digest(given, self._secret):
            return PlainTextResponse("forbidden\n", 403)
        body = await _body(request)
        if body is None:
            return PlainTextResponse("too large\n", 413)
        try:
            raw = json.loads(body)
        except (ValueError, RecursionError):
            return PlainTextResponse("no JSON\n", 400)
        if not isinstance(raw, dict) or not isinstance(raw.get("update_id"), int):
            return PlainTextResponse("no update\n", 400)
        try:
            await self._take(raw)
        except Unavailable:
            return PlainTextResponse("again, please\n", 503, {"Retry-After": "1"})
        return PlainTextResponse("ok\n")


async def _body(request: Request) -> bytes | None:
    """The body, whatever length it claims; None once it is longer than LONGEST_BODY."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST_BODY:
            return None
    return bytes(body)


class _Verification(_Endpoint):
    """One small page in both languages, without script, that tells no more than the paper does."""

    def __init__(self, verify: Verify) -> None:
        self._verify = verify
        self._looks = Looks(LOOKS)

    async def answer(self, request: Request) -> Response:
        address = request.client.host if request.client else ""
        if not self._looks.allow(address):
            sentences = {language: translate(TOO_MANY, language) for language in PAGE_LANGUAGES}
            return _page(sentences, "none", 429)
        code = str(request.path_params["code"])[:64]
        finding = await self._verify(code)
        mark = {True: "valid", False: "invalid", None: "none"}[finding.valid]
        return _page(finding.sentences, mark, 404 if finding.valid is None else 200)


class Looks:
    """At most so many looks a minute from one address, so that codes can't be tried in bulk."""

    def __init__(self, per_minute: int, time: Callable[[], float] = time.monotonic) -> None:
        self._per_minute = per_minute
        self._time = time
        self._counts: dict[str, int] = {}
        self._minute = 0

    def allow(self, address: str) -> bool:
        """Whether this address may look once more in this minute."""
        minute = int(self._time() // 60)
        if minute != self._minute:
            self._minute, self._counts = minute, {}
        self._counts[address] = self._counts.get(address, 0) + 1
        return self._counts[address] <= self._per_minute


def _page(sentences: Mapping[str, str], mark: str, status: int) -> Response:
    titles = [translate(TITLE, language) for language in PAGE_LANGUAGES]
    body = Markup("").join(
        Markup('<p lang="{}">{}</p>').format(tag, sentences[language])
        for language, tag in PAGE_LANGUAGES.items()
        if language in sentences
    )
    title = " · ".join(titles)
    html = _HTML.format(title=title, style=Markup(_STYLE), mark=mark, body=body)  # noqa: S704  # our own sheet
    return HTMLResponse(html, status, headers=dict(_HEADERS))


_STYLE = """
:root{color-scheme:light dark}
body{font:1.15rem/1.6 system-ui,sans-serif;margin:0;display:grid;place-items:center;min-height:100vh}
main{max-width:34rem;padding:1.5rem;border-inline-start:.4rem solid GrayText}
main.valid{border-color:#1a7f37}main.invalid{border-color:#b42318}
h1{font-size:1.1rem;margin:0 0 1rem}p{margin:.6rem 0;overflow-wrap:anywhere}
"""
_HTML = Markup(
    '<!doctype html><html lang="zh-CN"><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width,initial-scale=1"><title>{title}</title>'
    '<style>{style}</style><main class="{mark}"><h1>{title}</h1>{body}</main></html>'
)
_HEADERS: Sequence[tuple[str, str]] = (
    (
        "Content-Security-Policy",
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        f"style-src 'sha256-{b64encode(sha256(_STYLE.encode()).digest()).decode()}'",
    ),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cache-Control", "no-store"),
    ("X-Robots-Tag", "noindex"),
)
_log = structlog.get_logger()
