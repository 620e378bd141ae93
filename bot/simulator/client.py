"""A client of the simulator for tests and for the player of transcripts: phones to hold and look at.

What a phone shows is mirrored from the event stream, so that looking costs nothing and waiting needs no polling.
"""

import asyncio
import contextlib
import json
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self, TypeVar

import aiohttp

from .errors import Json
from .handset import NothingSuch, Phone
from .sim_api import SEQ_HEADER

T = TypeVar("T")
__all__ = ["NothingSuch", "Phone", "SimClient", "SimError"]


class SimError(Exception):
    """The simulator refused an act: `status` and its text."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(f"{status}: {text}")
        self.status = status
        self.text = text


class SimClient:
    """Everything on one simulator, by its `url`; an async context manager."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self.seq = 0
        self.chats: dict[int, dict[int, Json]] = {}
        self.answers: list[Json] = []
        self.said: list[Json] = []
        """Every message of the bot as it was sent or edited since we look, in that order."""
        self._changed = asyncio.Condition()
        self._session: aiohttp.ClientSession | None = None
        self._following: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None))
        await self._reload()
        self._following = asyncio.create_task(self._follow())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._following is not None:
            self._following.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._following
        if self._session is not None:
            await self._session.close()

    async def add_person(self, first_name: str, **fields: Any) -> Phone:
        """A new person: last_name, username, language_code, label, group, pinned, id are optional."""
        return Phone(self, await self.post("/sim/people", {"first_name": first_name, **fields}))

    async def phone(self, who: int | str) -> Phone:
        """The phone of a person who is there already, by id, first name or label."""
        people = (await self.state())["people"]
        for person in people:
            if who in (person["id"], person["first_name"], person["label"]):
                return Phone(self, person)
        raise NothingSuch(f"no phone of {who!r}; there are {[person['first_name'] for person in people]}")

    async def add_group(self, title: str, members: list[Phone], **fields: Any) -> int:
        """A group (is_forum=True: a forum) with the bot in it; returns its id. `bot` may name the bot's status."""
        body = {"title": title, "members": [phone.id for phone in members], **fields}
        return int((await self.post("/sim/groups", body))["id"])

    async def state(self) -> Json:
        found: Json = await self.get("/sim/state")
        return found

    async def faults(self, **change: Any) -> Json:
        """Sets faults in the shape of POST /sim/faults."""
        return await self.post("/sim/faults", change)

    async def move_clock(self, **to: str | float) -> str:
        """at="2027-03-01T09:00:00+08:00" or by="P21D" (or seconds); returns the new time."""
        return str((await self.post("/sim/clock", to))["now"])

    async def settle(self, quiet: float = 0.05, timeout: float = 10.0) -> None:  # noqa: ASYNC109  # raised by name
        """Until the bot has taken every update and nothing happened for `quiet` s. Raises TimeoutError."""
        answer = await self.post("/sim/settle", {"quiet": quiet, "timeout": timeout})
        if not answer["settled"]:
            raise TimeoutError(f"the bot is still busy after {timeout} s")

    async def wait_for(self, condition: Callable[[], T | None], timeout: float = 5.0) -> T:  # noqa: ASYNC109
        """The first true value of `condition`, looked at after each event. Raises TimeoutError."""
        async with asyncio.timeout(timeout), self._changed:
            while not (found := condition()):
                await self._changed.wait()
            return found

    async def get(self, path: str, **query: Any) -> Any:
        """One GET of the page's API. Raises SimError."""
        return await self._request("GET", path, params=query)

    async def post(self, path: str, body: Json, method: str = "POST") -> Json:
        """One act; when it returns, the mirror shows its effect. Raises SimError."""
        found: Json = await self._request(method, path, json=body)
        return found

    async def download(self, file_id: str) -> bytes:
        """A file as the phone opens it."""
        async with self._http.get(f"{self.url}/sim/files/{file_id}") as response:
            if response.status != 200:
                raise SimError(response.status, await response.text())
            return await response.read()

    async def upload(self, act: Json, files: list[tuple[str, bytes]]) -> Json:
        """POST /sim/send with files."""
        form = aiohttp.FormData(quote_fields=False)  # a name in Han stays readable, as apps send it
        form.add_field("json", json.dumps(act))
        for name, data in files:
            form.add_field("file", data, filename=name)
        found: Json = await self._request("POST", "/sim/send", data=form)
        return found

    @property
    def _http(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise RuntimeError("SimClient is used with `async with`")
        return self._session

    async def _request(self, method: str, path: str, **options: Any) -> Any:
        async with self._http.request(method, self.url + path, **options) as response:
            body = await response.json()
            if response.status >= 400:
                raise SimError(response.status, body.get("error", ""))
            seq = int(response.headers[SEQ_HEADER])
        if self._following is not None:
            await self.wait_for(lambda: self.seq >= seq, timeout=10)
        return body

    async def _reload(self) -> None:
        state = await self._request_state()
        self.seq = state["seq"]
        for chat in state["chats"]:
            async with self._http.get(f"{self.url}/sim/chats/{chat['id']}/messages") as response:
                self.chats[chat["id"]] = {message["message_id"]: message for message in await response.json()}

    async def _request_state(self) -> Json:
        async with self._http.get(f"{self.url}/sim/state") as response:
            state: Json = await response.json()
            return state

    async def _follow(self) -> None:
        """Reads the stream, and reads on from the same place after a break."""
        while True:
            with contextlib.suppress(aiohttp.ClientError, ConnectionError):
                await self._read_stream()
            await asyncio.sleep(0.05)

    async def _read_stream(self) -> None:
        rest = b""
        async with self._http.get(f"{self.url}/sim/events", params={"since": self.seq}) as response:
            async for chunk in response.content.iter_any():
                *blocks, rest = (rest + chunk).split(b"\n\n")
                events = [json.loads(b.partition(b"data: ")[2]) for b in blocks if b"data: " in b]
                for event in events:
                    await self._take(event)
                if events:
                    async with self._changed:
                        self._changed.notify_all()

    async def _take(self, event: Json) -> None:
        kind = event["type"]
        if kind in ("message", "edited"):
            self.chats.setdefault(event["chat_id"], {})[event["message"]["message_id"]] = event["message"]
            if event["message"]["outgoing_by"] == 0:
                self.said.append(event["message"])
        elif kind == "deleted":
            for number in event["message_ids"]:
                self.chats.get(event["chat_id"], {}).pop(number, None)
        elif kind == "answer":
            self.answers.append(event)
        elif kind == "reset":
            await self._reload()
        self.seq = max(self.seq, event["seq"])
