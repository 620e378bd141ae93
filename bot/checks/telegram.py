"""Checks that ask Telegram: the token, the webhook's state, and how far this machine's clock is from theirs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import PRODUCTION, TelegramAPIServer
from aiohttp import ClientTimeout

from bot.checks import Finding, fault, ok, warning
from bot.settings import Settings, TokenRefused

PATIENCE = ClientTimeout(total=10)
FAR_OFF = 60
"""Seconds between our clock and Telegram's that are no delay of the network."""
MANY = 100
"""Updates waiting at Telegram: the bot has not run for a while, or does not keep up."""
UNKNOWN_TOKEN = (401, 404)


async def telegram(settings: Settings, now: Callable[[], datetime]) -> list[Finding]:
    """All that Telegram says of the bot. Settings must have a token."""
    server = TelegramAPIServer.from_base(settings.api_url) if settings.api_url else PRODUCTION
    session = AiohttpSession(proxy=settings.proxy.get_secret_value() if settings.proxy else None, api=server)
    try:
        return [finding async for finding in _asked(session, settings, now)]
    except TokenRefused:
        return [fault("token", "Telegram refuses it", "write the token that BotFather shows now")]
    except Exception as error:  # aiohttp, the proxy's library and the system each have their own
        where = "BOT_API_URL and " if settings.api_url else ""
        advice = f"look at {where}BOT_PROXY, and whether this machine may reach {_host(settings)}"
        return [fault("telegram", f"no answer ({type(error).__name__})", advice)]
    finally:
        await session.close()


async def _asked(
    session: AiohttpSession, settings: Settings, now: Callable[[], datetime]
) -> AsyncIterator[Finding]:
    me, their_time = await _call(session, settings, "getMe")
    yield ok("token", f"@{me.get('username', '?')}")
    if their_time is not None:
        yield _clock((now() - their_time).total_seconds())
    info, _ = await _call(session, settings, "getWebhookInfo")
    for finding in _webhook(info, settings):
        yield finding


async def _call(
    session: AiohttpSession, settings: Settings, method: str
) -> tuple[dict[str, Any], datetime | None]:
    """A method's result, and Telegram's time. Raises TokenRefused, and errors of the network."""
    assert settings.token is not None  # noqa: S101  # whoever asks has one
    address = session.api.api_url(settings.token.get_secret_value(), method)
    client = await session.create_session()
    async with client.get(address, timeout=PATIENCE) as reply:
        if reply.status in UNKNOWN_TOKEN:
            raise TokenRefused
        date = reply.headers.get("Date")
        result: dict[str, Any] = (await reply.json(content_type=None))["result"]
        return result, parsedate_to_datetime(date) if date else None


def _clock(ahead: float) -> Finding:
    if abs(ahead) < FAR_OFF:
        return ok("clock", "as Telegram's")
    what = f"{abs(ahead):.0f} seconds {'ahead of' if ahead > 0 else 'behind'} Telegram's"
    return fault("clock", what, "switch on network time (timedatectl set-ntp true)")


def _webhook(info: dict[str, Any], settings: Settings) -> list[Finding]:
    wanted, stands = settings.webhook_url or "", info.get("url", "")
    found = [_agreement(wanted, stands)]
    if wanted and info.get("last_error_message"):
        advice = "see that Telegram reaches BOT_WEBHOOK_URL, with a certificate that it trusts"
        found.append(warning("webhook", f"Telegram's last try failed: {info['last_error_message']}", advice))
    if info.get("pending_update_count", 0) >= MANY:
        what = f"{info['pending_update_count']} updates wait at Telegram"
        found.append(warning("updates", what, "see whether `bot run` runs, and what it logs"))
    return found


def _agreement(wanted: str, stands: str) -> Finding:
    if wanted == stands:
        return ok("webhook", stands or "none: the bot polls")
    if wanted:
        return warning(
            "webhook", "Telegram does not call BOT_WEBHOOK_URL yet", "`bot run` sets it at its start"
        )
    return warning("webhook", f"Telegram calls {stands}", "`bot run` ends that, or set BOT_WEBHOOK_URL")


def _host(settings: Settings) -> str:
    return settings.api_url or "https://api.telegram.org"
