"""The simulator as a whole: one Starlette application, run by uvicorn inside the caller's event loop."""

import asyncio
import contextlib
import inspect
import socket
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from . import persistence
from .bot_api import BotApi
from .connection import transport_protocol
from .core import Core
from .errors import ApiError, Json, PhoneError
from .limits import Limits
from .model import BotIdentity
from .params import Params
from .phones import Phones
from .receiving import Receiver
from .sim_api import SimApi
from .webhook import Pusher

_PAGE = Path(__file__).parent / "page"
_STATE = "telegram.json"
_FILES = "telegram-files"

MoveClock = Callable[[datetime], Awaitable[None] | None]
Player = Callable[[str], Awaitable[None]]


class NotLoopback(ValueError):
    """The simulator listens on this machine alone; the host given was another."""

    def __init__(self, host: str) -> None:
        super().__init__(f"{host} is not a loopback address")
        self.host = host


class Simulator:
    """A Telegram for one bot.

    `token` is what the bot uses, `now` the one clock of the process, `move_clock` sets that clock, if it
    can be set. With `data`, people, chats, messages, files and undelivered updates outlive a restart.
    """

    def __init__(
        self,
        *,
        token: str,
        now: Callable[[], datetime],
        limits: Limits | None = None,
        move_clock: MoveClock | None = None,
        data: Path | None = None,
        bot_name: str = "Office Bot",
        bot_username: str = "office_bot",
    ) -> None:
        self.token = token
        identity = BotIdentity(int(token.partition(":")[0]), bot_name, bot_username)
        self.core = Core(identity, now, limits or Limits(), data / _FILES if data else None)
        self.phones = Phones(self.core)
        self.receiver = Receiver(self.core, self._start_pusher)
        self.api = BotApi(self.core, self.receiver, token)
        self.player: Player | None = None
        self.play_state: Json | None = None
        self._move_clock = move_clock
        self._keeper = persistence.Keeper(data / _STATE, self.core, self.receiver) if data else None
        self._state_file = data / _STATE if data else None
        self._server: _Server | None = None
        self._serving: asyncio.Task[None] | None = None
        self._playing: asyncio.Task[None] | None = None
        self._address = ("", 0)
        self.app = self._build()

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Restores what was kept, then listens: add people after this. Raises NotLoopback, OSError (port taken)."""
        listener = _listen(host, port)
        self._address = (host, listener.getsockname()[1])
        if self._state_file is not None and self._state_file.exists():
            await self.load(self._state_file)
        if self._keeper is not None:
            self._keeper.start()
        config = uvicorn.Config(
            self.app, http=transport_protocol(), log_config=None, access_log=False, lifespan="off", ws="none",
            server_header=False, date_header=False, log_level="warning", timeout_keep_alive=75,
            timeout_graceful_shutdown=2,
        )  # fmt: skip
        self._server = _Server(config)
        self._serving = asyncio.create_task(self._server.serve(sockets=[listener]))
        await self._server.up.wait()

    async def stop(self) -> None:
        """Stops listening, ends every follower and writes the state."""
        if self._playing is not None:
            self._playing.cancel()
        await self.receiver.stop()
        self.core.events.close()
        self.core.updates.wake()
        if self._server is not None and self._serving is not None:
            self._server.down.set()
            await self._serving
        if self._keeper is not None:
            await self._keeper.stop()

    @property
    def url(self) -> str:
        """http://host:port, without a slash at the end."""
        host, port = self._address
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    async def call(self, method: str, **params: Any) -> Any:
        """One Bot API call in process. Raises ApiError."""
        return await self.api.call(method, Params({k: v for k, v in params.items() if v is not None}))

    async def settle(self, quiet: float = 0.05, timeout: float = 10.0) -> bool:  # noqa: ASYNC109  # no error
        """Waits until the bot has nothing to do and all is quiet for `quiet` s; False after `timeout` s."""
        deadline = time.monotonic() + timeout
        while (now := time.monotonic()) < deadline:
            rest = self.core.last_activity + quiet - now
            if self.core.idle() and rest <= 0:
                return True
            await asyncio.sleep(min(max(rest, 0.005), 0.02, deadline - now))
        return False

    def set_faults(self, change: Json) -> Json:
        """Sets faults and shows them to everyone."""
        faults = self.core.faults.update(change)
        self.core.updates.duplicate = faults.duplicate_updates
        self.core.tell("faults", faults=faults.as_json())
        return faults.as_json()

    async def move_clock(self, to: datetime) -> None:
        """Moves the process's one clock. Raises PhoneError 404 where it cannot be moved."""
        if self._move_clock is None:
            raise PhoneError(404, "this process's clock cannot be moved")
        moved = self._move_clock(to)
        if inspect.isawaitable(moved):
            await moved

    async def play(self, script: str) -> None:
        """Starts the player on a transcript. Raises PhoneError 404 without one, 409 while one plays."""
        if self.player is None:
            raise PhoneError(404, "this process plays no transcripts")
        if self._playing is not None and not self._playing.done():
            raise PhoneError(409, "a transcript is playing already")
        self._playing = asyncio.ensure_future(self.player(script))

    def tell_play(self, step: int, text: str, *, done: bool = False) -> None:
        """For the player: where it stands."""
        self.play_state = {"step": step, "text": text, "done": done}
        self.core.tell("play", **self.play_state)

    def dump(self) -> Json:
        """The state as JSON, without the bytes of files."""
        return persistence.dump(self.core, self.receiver)

    async def load(self, source: Path | Json) -> None:
        """Restores a state into a simulator that is still empty."""
        state = persistence.read(source) if isinstance(source, Path) else source
        await self.receiver.use(persistence.load(self.core, state))

    def _start_pusher(self, webhook: Any) -> Pusher:
        return Pusher(self.core, webhook, self.api.quiet_call, self._drop_webhook)

    def _drop_webhook(self) -> None:
        self._dropping = asyncio.ensure_future(self.receiver.use(None))

    def _build(self) -> Starlette:
        routes: list[Any] = [
            Route("/bot{token}/{method}", self.api.endpoint, methods=["GET", "POST"]),
            Route("/file/bot{token}/{path:path}", self.api.file),
            *SimApi(self).routes(),
            Route("/", _index),
        ]
        if _PAGE.is_dir():
            routes.append(Mount("/static", _PageFiles(directory=_PAGE)))
        return Starlette(routes=routes, exception_handlers={HTTPException: _not_here})


async def _not_here(request: Request, error: Exception) -> Response:
    """Any other address: the Bot API answers JSON there too."""
    status = error.status_code if isinstance(error, HTTPException) else 404
    text = error.detail if isinstance(error, HTTPException) else "Not Found"
    return JSONResponse(ApiError(status, text).body(), status)


async def _index(request: Request) -> Response:
    page = _PAGE / "index.html"
    if not page.exists():
        return Response("The page is not installed.", 404, media_type="text/plain")
    return FileResponse(page, headers={"Cache-Control": "no-cache"})


class _PageFiles(StaticFiles):
    """A browser asks each time whether they changed: modules of two versions do not run together."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "no-cache"
        return response


def _listen(host: str, port: int) -> socket.socket:
    try:
        loopback = host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise NotLoopback(host)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named, because asyncio sets TCP_NODELAY only then; without it each answer waits 40 ms for an acknowledgement.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    return listener


class _Server(uvicorn.Server):
    """Leaves signals to whoever started the process, says when it listens, and stops when told, not a tick later."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()
        self.down = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()

    async def main_loop(self) -> None:
        await self.on_tick(0)
        await self.down.wait()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
