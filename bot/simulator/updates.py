"""The queue of updates: kept until confirmed or too old, handed out by getUpdates or pushed to a webhook."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from .errors import Json, conflict
from .limits import Limits

FIRST_UPDATE = 700_000_001
KINDS = frozenset(
    {
        "message", "edited_message", "channel_post", "edited_channel_post", "business_connection",
        "business_message", "edited_business_message", "deleted_business_messages", "message_reaction",
        "message_reaction_count", "inline_query", "chosen_inline_result", "callback_query", "shipping_query",
        "pre_checkout_query", "purchased_paid_media", "poll", "poll_answer", "my_chat_member", "chat_member",
        "chat_join_request", "chat_boost", "removed_chat_boost",
    }
)  # fmt: skip
DEFAULT_KINDS = KINDS - {"chat_member", "message_reaction", "message_reaction_count"}
LONGEST_POLL = 50

TERMINATED_BY_POLLER = (
    "terminated by other getUpdates request; make sure that only one bot instance is running"
)
TERMINATED_BY_WEBHOOK = "terminated by setWebhook request"
WEBHOOK_ACTIVE = (
    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)


@dataclass(frozen=True, slots=True)
class Update:
    """One update. `lane` is what a webhook keeps in order; `expires` is POSIX time by the given clock."""

    id: int
    kind: str
    payload: Json
    lane: str
    expires: float

    def as_json(self) -> Json:
        return {"update_id": self.id, self.kind: self.payload}


class UpdateQueue:
    """Updates not yet confirmed, in order of their ids, and whoever waits for them."""

    def __init__(self, now: Callable[[], datetime], limits: Limits) -> None:
        self._now = now
        self._limits = limits
        self.pending: OrderedDict[int, Update] = OrderedDict()
        self.next_id = FIRST_UPDATE
        self.allowed: frozenset[str] = DEFAULT_KINDS
        self.webhook_active = False
        self.duplicate = False
        self.on_add: Callable[[Update], None] | None = None
        self._earliest = float("inf")
        self._again: OrderedDict[int, Update] = OrderedDict()
        self._poller: asyncio.Future[None] | None = None
        self._next_conflict = 0.0

    def add(self, kind: str, payload: Json, lane: str, lifetime: float | None = None) -> bool:
        """Queues an update for `lifetime` seconds (a day by default) if the bot wants that kind."""
        if kind not in self.allowed:
            return False
        seconds = self._limits.update_seconds if lifetime is None else lifetime
        expires = (self._now() + timedelta(seconds=seconds)).timestamp()
        update = Update(self.next_id, kind, payload, lane, expires)
        self.next_id += 1
        self.pending[update.id] = update
        self._earliest = min(self._earliest, expires)
        if self.on_add is not None and self.webhook_active:
            self.on_add(update)
        if self._poller is not None and not self._poller.done():
            self._poller.set_result(None)
        return True

    def allow(self, kinds: list[str] | None) -> None:
        """Sets what later updates are wanted; None keeps the setting, an empty list is the default."""
        if kinds is not None:
            wanted = frozenset(kind.lower() for kind in kinds) & KINDS
            self.allowed = wanted or DEFAULT_KINDS

    def count(self) -> int:
        self._drop_expired()
        return len(self.pending)

    def clear(self) -> None:
        self.pending.clear()
        self._again.clear()

    def confirm(self, update_id: int) -> None:
        """A webhook took the update."""
        self.pending.pop(update_id, None)

    async def get(self, offset: int, limit: int, timeout: int) -> list[Json]:  # noqa: ASYNC109  # getUpdates' own
        """getUpdates. Raises ApiError 409 when a webhook is set, or when a later call cuts this one off."""
        if self.webhook_active:
            await self._conflict(WEBHOOK_ACTIVE)
        self.cut_off(TERMINATED_BY_POLLER)
        self._confirm_below(offset)
        found = self._take(limit)
        if not found and timeout > 0:
            await self._wait(min(timeout, LONGEST_POLL))
            found = self._take(limit)
        return [update.as_json() for update in found]

    def cut_off(self, why: str) -> None:
        """Ends the waiting getUpdates, if any, with 409 and that text."""
        if self._poller is not None and not self._poller.done():
            self._poller.set_exception(_CutOff(why))

    def wake(self) -> None:
        """Lets the waiting getUpdates answer with what there is."""
        if self._poller is not None and not self._poller.done():
            self._poller.set_result(None)

    async def _wait(self, seconds: float) -> None:
        poller: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._poller = poller
        try:
            await asyncio.wait_for(poller, seconds)
        except TimeoutError:
            return
        except _CutOff as cut:
            await self._conflict(cut.why)
        finally:
            if self._poller is poller:
                self._poller = None

    async def _conflict(self, why: str) -> None:
        """The first conflict is told at once, repeats are held back (srv fail_query_conflict)."""
        now = time.monotonic()
        if now >= self._next_conflict:
            self._next_conflict = now + self._limits.conflict_seconds
        else:
            await asyncio.sleep(self._limits.conflict_seconds)
        raise conflict(why)

    def _confirm_below(self, offset: int) -> None:
        if offset < 0:
            offset = self.next_id + offset
            while self.pending and next(iter(self.pending)) < offset:
                self.pending.popitem(last=False)
            return
        while self._again and next(iter(self._again)) < offset:
            self._again.popitem(last=False)
        while self.pending and next(iter(self.pending)) < offset:
            update_id, update = self.pending.popitem(last=False)
            if self.duplicate:
                self._again[update_id] = update

    def _take(self, limit: int) -> list[Update]:
        self._drop_expired()
        found = list(self._again.values())[:limit]
        for update in self.pending.values():
            if len(found) >= limit:
                break
            found.append(update)
        return found

    def _drop_expired(self) -> None:
        """Updates nobody fetched in time are gone: a day for most, 150 s for a tap."""
        moment = self._now().timestamp()
        if self._earliest >= moment:
            return
        for update in [u for u in self.pending.values() if u.expires < moment]:
            del self.pending[update.id]
        self._earliest = min((u.expires for u in self.pending.values()), default=float("inf"))

    def dump(self) -> Json:
        return {
            "next_id": self.next_id,
            "allowed": sorted(self.allowed),
            "pending": [asdict(update) for update in self.pending.values()],
        }

    def load(self, state: Json) -> None:
        self.next_id = state["next_id"]
        self.allowed = frozenset(state["allowed"])
        self.pending = OrderedDict((item["id"], Update(**item)) for item in state["pending"])
        self._earliest = min((u.expires for u in self.pending.values()), default=float("inf"))


class _CutOff(Exception):
    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why
