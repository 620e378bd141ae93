"""Bots as processes of their own, started quickly: one parent imports everything, and forks itself for each start.

A child runs the command line as `python -m bot …` does, with one more service (`spare_services`), and dies by
SIGKILL where it is told to: see `Death`. `python -m tests.bot.processes` is the parent; it reads starts as lines.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import random
import selectors
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

SPARE = Path(__file__).parent / "spare_services"
PLACES = ("before a commit", "after a commit", "before a call", "after a call")


@dataclass(frozen=True)
class Death:
    """Where a process kills itself: at the nth time that it comes to a place, one of `PLACES`.

    After a commit nobody has been told of it yet; after a call Telegram has heard it, the bot not its answer.
    """

    place: str
    nth: int

    @classmethod
    def by_chance(cls, chance: random.Random) -> Death:
        """A start takes some ten commits before it listens; an answer takes two or three, and as many calls."""
        place = chance.choice(PLACES)
        return cls(place, chance.randint(1, 10 if place.endswith("call") else 28))


class Child:
    """One start of the command line."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def wait(self) -> int:
        """Until it has ended; the exit status, -9 where it was killed."""
        return await asyncio.shield(self.ended)

    def kill(self) -> None:
        """SIGKILL, if it still lives."""
        self.send_signal(signal.SIGKILL)

    def send_signal(self, number: signal.Signals) -> None:
        if not self.ended.done():
            os.kill(self.pid, number)

    async def end(self, number: signal.Signals = signal.SIGTERM, within: float = 10.0) -> int:
        """Ask it to end; the exit status. Raises TimeoutError."""
        self.send_signal(number)
        return await asyncio.wait_for(self.wait(), within)


class Processes:
    """The parent as tests use it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._children: dict[int, Child] = {}
        self._starts: asyncio.Queue[Child] = asyncio.Queue()
        self._reading = asyncio.create_task(self._read())

    async def start(
        self, arguments: list[str], environment: dict[str, str], log: Path, death: Death | None = None
    ) -> Child:
        """Start the command line with these arguments; what it prints is added to `log`."""
        order = {
            "arguments": arguments,
            "environment": environment,
            "log": str(log),
            "death": asdict(death) if death else None,
        }
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        await self._process.stdin.drain()
        return await asyncio.wait_for(self._starts.get(), 60)

    async def run(self, arguments: list[str], environment: dict[str, str], log: Path) -> str:
        """Run a command to its end; what it printed. Fails unless its exit status is 0."""
        child = await self.start(arguments, environment, log)
        status = await asyncio.wait_for(child.wait(), 120)
        said = await asyncio.to_thread(log.read_text)
        assert status == 0, said
        return said

    async def close(self) -> None:
        for child in self._children.values():
            child.kill()
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()
        await self._reading

    async def _read(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            told: dict[str, int] = json.loads(line)
            if "status" in told:
                self._children.pop(told["pid"]).ended.set_result(told["status"])
            else:
                child = self._children[told["pid"]] = Child(told["pid"])
                self._starts.put_nowait(child)


@asynccontextmanager
async def processes() -> AsyncIterator[Processes]:
    """The parent for as long as the context lasts; none of its children outlives it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", __name__, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    made = Processes(process)
    try:
        yield made
    finally:
        await made.close()


# --- in the parent and its children ---


class _Parent:
    """Forks a child for each line of standard input, and tells of its end."""

    def __init__(self) -> None:
        self._waiting = selectors.DefaultSelector()
        self._waiting.register(sys.stdin.fileno(), selectors.EVENT_READ, None)
        self._rest = b""

    def serve(self) -> None:
        while True:
            for key, _ in self._waiting.select():
                if key.data is not None:
                    self._ended(key.data, int(key.fd))
                elif (more := os.read(key.fd, 65536)) == b"":
                    return
                else:
                    *lines, self._rest = (self._rest + more).split(b"\n")
                    for line in lines:
                        self._start(json.loads(line))

    def _start(self, order: dict[str, Any]) -> None:
        ours, theirs = os.pipe()  # its end closes when the child has died, however that was
        pid = os.fork()
        if pid == 0:
            os.close(ours)
            os._exit(_child(order))
        os.close(theirs)
        self._waiting.register(ours, selectors.EVENT_READ, pid)
        _tell(pid=pid)

    def _ended(self, pid: int, pipe: int) -> None:
        self._waiting.unregister(pipe)
        os.close(pipe)
        _, status = os.waitpid(pid, 0)
        _tell(pid=pid, status=os.waitstatus_to_exitcode(status))


def _child(order: dict[str, Any]) -> int:
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for number, opened in enumerate((nothing, log, log)):
        os.dup2(opened, number)
    os.environ.update(order["environment"])
    if order["death"]:
        _die_at(Death(**order["death"]))
    from tests.bot import chores  # noqa: PLC0415  # it stands on the spare service

    arguments = order["arguments"]
    try:
        return chores.run(arguments)
    except SystemExit as end:
        return int(end.code or 0)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


def _die_at(death: Death) -> None:
    from aiogram.client.session.aiohttp import AiohttpSession  # noqa: PLC0415  # the children's business
    from sqlalchemy.event import listen  # noqa: PLC0415

    from bot.delivery import Line  # noqa: PLC0415
    from storage.writer import Writer  # noqa: PLC0415

    passed = dict.fromkeys(PLACES, 0)

    def at(place: str) -> None:
        passed[place] += 1
        if place == death.place and passed[place] == death.nth:
            os.kill(os.getpid(), signal.SIGKILL)

    opening: Callable[..., None] = Writer.__init__
    committing: Callable[..., None] = Writer._commit_together

    def init(self: Writer, engine: Any) -> None:
        listen(engine, "commit", lambda _connection: at("before a commit"))
        opening(self, engine)

    def commit(self: Writer, batch: Any) -> None:
        committing(self, batch)
        at("after a commit")

    def calling(call: Callable[..., Any]) -> Callable[..., Any]:
        async def make(self: Any, *args: Any, **kwargs: Any) -> Any:
            if not _speaks(args):
                return await call(self, *args, **kwargs)
            at("before a call")
            answer = await call(self, *args, **kwargs)
            at("after a call")
            return answer

        return make

    Writer.__init__ = init  # type: ignore[method-assign]
    Writer._commit_together = commit  # type: ignore[method-assign]
    AiohttpSession.make_request = calling(AiohttpSession.make_request)  # type: ignore[method-assign]
    Line.call = calling(Line.call)  # type: ignore[method-assign]


def _speaks(args: tuple[Any, ...]) -> bool:
    """Whether a call is one that a person notices: not getUpdates, nor the decoration of the start."""
    call = (
        args[-1]
        if type(args[-1]).__name__ == "Call"
        else next((a for a in args if hasattr(a, "__api_method__")), None)
    )
    name = str(getattr(call, "method", "") or getattr(call, "__api_method__", "sendMessage"))
    return name.startswith(("send", "edit", "delete", "answer")) and name != "deleteWebhook"


def _tell(**told: int) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


def main() -> None:
    import bot.app  # noqa: PLC0415  # here once, not in each child
    import bot.commands.run  # noqa: PLC0415
    import bot.furnish  # noqa: PLC0415, F401
    import storage.services  # noqa: PLC0415

    storage.services.__path__.append(str(SPARE))
    import tests.bot.chores  # noqa: PLC0415, F401

    gc.freeze()  # children need not look at all this again
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # as a shell does for what it starts with `&`
    _Parent().serve()


if __name__ == "__main__":
    main()
