"""The Bot API over HTTP: /bot<token>/<method> and /file/bot<token>/<path>."""

import inspect
import json
import re
import time
from typing import Any
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Message as AsgiMessage

from . import chats, editing, profile, receiving, sending
from .core import Core
from .errors import ApiError, Json, NoAnswer
from .params import Params, Upload
from .receiving import Receiver

_WHOLE_BODY_SLACK = 1 << 20
_TOKEN = re.compile(r"[1-9][0-9]*:[A-Za-z0-9_-]+")


class BotApi:
    """The methods of one bot, called in process or over HTTP."""

    def __init__(self, core: Core, receiver: Receiver, token: str) -> None:
        self.core = core
        self._token = token
        self.methods: dict[str, Any] = {
            **sending.METHODS,
            **editing.METHODS,
            **chats.METHODS,
            **profile.METHODS,
            **receiving.METHODS,
            "getupdates": receiver.get_updates,
            "setwebhook": receiver.set_webhook,
            "deletewebhook": receiver.delete_webhook,
            "getwebhookinfo": receiver.get_webhook_info,
            "logout": _true,
            "close": _true,
        }

    async def call(self, method: str, params: Params) -> Any:
        """The result of one call. Raises ApiError, and NoAnswer when the answer is to be lost."""
        name = method.lower()
        handler = self.methods.get(name)
        if handler is None:
            raise ApiError(404, "Not Found: method not found")
        waits = name == "getupdates"
        self.core.calls_under_way += not waits
        try:
            await self.core.faults.before(name)
            result = handler(self.core, params)
            if inspect.isawaitable(result):
                result = await result
        finally:
            if not waits:
                self.core.calls_under_way -= 1
                self.core.last_activity = time.monotonic()
        if self.core.faults.drops(name):
            raise NoAnswer
        return result

    async def quiet_call(self, method: str, params: Params) -> None:
        """A call in a webhook's answer: nobody learns how it went."""
        try:
            await self.call(method, params)
        except (ApiError, NoAnswer):
            return

    async def endpoint(self, request: Request) -> Response:
        """https://core.telegram.org/bots/api#making-requests"""
        try:
            self._check_token(request.path_params["token"])
            params = await read_params(request, self.core.limits.upload_bytes)
            result = await self.call(request.path_params["method"], params)
        except ApiError as error:
            return _refusal(error)
        except NoAnswer:
            return await hang_up(request)
        return Response(_encode({"ok": True, "result": result}), media_type="application/json")

    async def file(self, request: Request) -> Response:
        """Downloads by the path that getFile gave; type and name are not kept."""
        try:
            self._check_token(request.path_params["token"])
        except ApiError as error:
            return _refusal(error)
        stored = self.core.files.by_path(request.path_params["path"])
        if stored is None:
            return _refusal(ApiError(404, "Not Found"))
        return Response(self.core.files.read(stored), media_type="application/octet-stream")

    def _check_token(self, token: str) -> None:
        if token == self._token:
            return
        raise ApiError(401, "Unauthorized") if _TOKEN.fullmatch(token) else ApiError(404, "Not Found")


def _true(core: Core, params: Params) -> bool:
    return True


def _refusal(error: ApiError) -> Response:
    headers = {}
    if "retry_after" in error.parameters:
        headers["Retry-After"] = str(error.parameters["retry_after"])
    return JSONResponse(error.body(), error.status, headers)


def _encode(body: Json) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


async def hang_up(request: Request) -> Response:
    """Closes the connection without an answer, where the server lets us; else an answer nobody can read."""
    transport = request.scope.get("state", {}).get("transport")
    if transport is None:
        return Response(b"<html>502 Bad Gateway</html>", 502)
    transport.abort()
    return Response(status_code=502)


async def read_params(request: Request, most: int) -> Params:
    """Query and body of a call. Raises ApiError 413 when the body is over the limit, 400 when unreadable."""
    params = Params(dict(request.query_params))
    if request.method == "GET":
        return params
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    limited = _LimitedRequest(request.scope, request.receive, most + _WHOLE_BODY_SLACK)
    if kind == "multipart/form-data":
        await _read_multipart(limited, params)
        if any(len(upload.data) > most for upload in params.files.values()):
            raise ApiError(413, "Request Entity Too Large")
        return params
    body = await limited.body()
    if kind == "application/json":
        params.values |= _read_json(body)
    else:
        params.values |= dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    return params


def _read_json(body: bytes) -> Json:
    if not body.strip():
        return {}
    try:
        value = json.loads(body)
    except ValueError as error:
        raise ApiError(400, "Bad Request: can't parse request: Can't parse JSON object") from error
    if not isinstance(value, dict):
        raise ApiError(400, "Bad Request: can't parse request: JSON object expected")
    if b"\\ud" in body.lower() and not _is_unicode(value):
        raise ApiError(400, "Bad Request: strings must be encoded in UTF-8")
    return value


def _is_unicode(value: Json) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


async def _read_multipart(request: Request, params: Params) -> None:
    try:
        async with request.form(max_files=64, max_fields=256, max_part_size=4 << 20) as form:
            for name, value in form.multi_items():
                if isinstance(value, UploadFile):
                    mime = value.content_type or ""
                    params.files[name] = Upload(value.filename or name, mime, await value.read())
                else:
                    params.values[name] = value
    except HTTPException as error:
        raise ApiError(400, f"Bad Request: can't parse request: {error.detail}") from error


class _LimitedRequest(Request):
    """Reads a body to its end but keeps at most `most` bytes: an early answer would get lost."""

    def __init__(self, scope: Any, receive: Any, most: int) -> None:
        self._left = most

        async def counted() -> AsgiMessage:
            message: AsgiMessage = await receive()
            self._left -= len(message.get("body", b""))
            if self._left >= 0:
                return message
            while message.get("more_body"):
                message = await receive()
            raise ApiError(413, "Request Entity Too Large")

        super().__init__(scope, counted)
