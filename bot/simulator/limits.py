"""How much Telegram lets through: sizes, ages, and the pace of messages, measured by real monotonic time."""

import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from .errors import too_many_requests

MEBIBYTE = 1 << 20


@dataclass(frozen=True)
class Limits:
    """Telegram's numbers (telegram-rules.md); `generous()` for demos and tests. Seconds and bytes."""

    chat_per_second: float = 1.0
    chat_burst: int = 10
    group_per_minute: int = 20
    overall_per_second: int = 30
    upload_bytes: int = 50 * MEBIBYTE
    photo_bytes: int = 10 * MEBIBYTE
    download_bytes: int = 20 * MEBIBYTE
    link_seconds: float = 3600
    update_seconds: float = 86400
    callback_seconds: float = 150
    deletable_seconds: float = 48 * 3600
    conflict_seconds: float = 3.0
    webhook_seconds: float = 60.0
    webhook_pause: float = 1.0
    webhook_longest_pause: float = 60.0
    webhook_gone_seconds: float = 23 * 3600
    set_webhook_pause: float = 1.0

    @classmethod
    def generous(cls) -> "Limits":
        """No pace that a test or a demo could run into; every other rule stands."""
        return cls(
            chat_per_second=1e6,
            chat_burst=1_000_000,
            group_per_minute=1_000_000,
            overall_per_second=1_000_000,
            conflict_seconds=0.1,
            webhook_pause=0.05,
            webhook_longest_pause=1.0,
            set_webhook_pause=0.0,
        )


class Pace:
    """Counts messages per chat, per group and in all, and refuses as Telegram does.

    After a refusal everything of that scope is refused until its retry_after has passed.
    """

    def __init__(self, limits: Limits, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._limits = limits
        self._monotonic = monotonic
        self._overall: deque[float] = deque()
        self._groups: dict[int, deque[float]] = {}
        self._chats: dict[int, tuple[float, float]] = {}  # chat -> (tokens, at)
        self._held: dict[int, float] = {}  # chat, or 0 for all -> until

    def spend(self, chat: int, messages: int = 1, *, group: bool = False) -> None:
        """Raises ApiError 429 when `messages` more to `chat` would be too fast."""
        now = self._monotonic()
        for scope in (0, chat):
            if self._held.get(scope, 0.0) > now:
                raise too_many_requests(math.ceil(self._held[scope] - now))
        self._refuse(0, self._overall_wait(now, messages), now)
        if group:
            self._refuse(chat, self._group_wait(chat, now, messages), now)
        else:
            self._refuse(chat, self._chat_wait(chat, now, messages), now)
        self._overall.extend([now] * messages)

    def spend_edit(self) -> None:
        """An edit counts in all, not in its chat. Raises ApiError 429."""
        now = self._monotonic()
        if self._held.get(0, 0.0) > now:
            raise too_many_requests(math.ceil(self._held[0] - now))
        self._refuse(0, self._overall_wait(now, 1), now)
        self._overall.append(now)

    def _refuse(self, scope: int, wait: float, now: float) -> None:
        if wait > 0:
            retry_after = max(1, math.ceil(wait))
            self._held[scope] = now + retry_after
            raise too_many_requests(retry_after)

    def _overall_wait(self, now: float, messages: int) -> float:
        return _window_wait(self._overall, 1.0, self._limits.overall_per_second, now, messages)

    def _group_wait(self, chat: int, now: float, messages: int) -> float:
        window = self._groups.setdefault(chat, deque())
        wait = _window_wait(window, 60.0, self._limits.group_per_minute, now, messages)
        if wait <= 0:
            window.extend([now] * messages)
        return wait

    def _chat_wait(self, chat: int, now: float, messages: int) -> float:
        burst, rate = self._limits.chat_burst, self._limits.chat_per_second
        tokens, at = self._chats.get(chat, (float(burst), now))
        tokens = min(float(burst), tokens + (now - at) * rate)
        if tokens < messages:
            return (messages - tokens) / rate
        self._chats[chat] = (tokens - messages, now)
        return 0.0


def _window_wait(window: deque[float], seconds: float, most: int, now: float, messages: int) -> float:
    while window and window[0] <= now - seconds:
        window.popleft()
    if len(window) + messages <= most:
        return 0.0
    return window[0] + seconds - now if window else seconds
