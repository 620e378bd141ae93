"""What the bot serves: the webhook acknowledges after the commit; health, counters, and the page of a letter."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.intake import Unavailable
from bot.metrics import Metrics
from bot.settings import Webhook
from bot.web import LONGEST_BODY, LOOKS, SECRET_HEADER, Finding, pages
from tests.bot.running import Running, running

HOOK = Webhook("https://bot.example.cn/telegram", "s3cret")


def client(**more: Any) -> httpx.AsyncClient:
    async def ready() -> Mapping[str, bool]:
        return {"database": True}

    application = pages(**{"ready": ready, "metrics": Metrics().text, **more})
    return httpx.AsyncClient(transport=httpx.ASGITransport(application), base_url="http://bot")


async def test_it_is_alive_and_says_which_part_is_not_ready() -> None:
    async def ready() -> Mapping[str, bool]:
        return {"database": False, "delivery": True}

    async with client(ready=ready) as web:
        assert (await web.get("/healthz")).status_code == 200
        answer = await web.get("/readyz")
        assert (answer.status_code, answer.json()) == (503, {"database": False, "delivery": True})
    async with client() as web:
        assert (await web.get("/readyz")).status_code == 200


async def test_counters_in_prometheus_text() -> None:
    metrics = Metrics()
    metrics.updates.labels("handled").inc(3)
    async with client(metrics=metrics.text) as web:
        assert 'bot_updates_total{outcome="handled"} 3.0' in (await web.get("/metrics")).text


@pytest.mark.parametrize(
    ("secret", "body", "status"),
    [
        ("s3cret", '{"update_id": 1}', 200),
        ("wrong", '{"update_id": 1}', 403),
        ("", '{"update_id": 1}', 403),
        ("s3cret", "{", 400),
        ("s3cret", "[]", 400),
        ("s3cret", "[" * 100_000, 400),
        ("s3cret", "x" * (LONGEST_BODY + 1), 413),
        ("s3cret", '{"update_id": 404}', 503),
    ],
)
async def test_the_webhook_takes_what_bears_its_secret(secret: str, body: str, status: int) -> None:
    async def take(raw: Mapping[str, Any]) -> None:
        if raw["update_id"] == 404:
            raise Unavailable

    async with client(webhook=HOOK, take=take) as web:
        answer = await web.post("/telegram", content=body, headers={SECRET_HEADER: secret} if secret else {})
        assert answer.status_code == status


async def test_a_letter_is_verified_in_both_languages_without_script() -> None:
    async def verify(code: str) -> Finding:
        if code != "7KQ-MA4-XWPB":
            return Finding(None, {"en": "No letter has this code.", "zh_Hans": "没有这个编号的函件。"})
        return Finding(True, {"en": "Valid, for <W>.", "zh_Hans": "有效。"})

    async with client(verify=verify) as web:
        found = await web.get("/v/7KQ-MA4-XWPB")
        assert found.status_code == 200
        assert "Valid, for &lt;W&gt;." in found.text
        assert "有效。" in found.text
        assert "<script" not in found.text
        assert "default-src 'none'" in found.headers["Content-Security-Policy"]
        assert found.headers["Cache-Control"] == "no-store"
        assert (await web.get("/v/nothing")).status_code == 404
        for _ in range(LOOKS):
            last = await web.get("/v/nothing")
        assert last.status_code == 429


async def test_updates_by_webhook_are_answered_after_the_commit_and_twice_is_once(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    hook = {"webhook_url": f"http://127.0.0.1:{port}/telegram", "listen": f"127.0.0.1:{port}"}
    async with running(tmp_path, **hook) as bot:
        ann = await bot.phones.add_person("Ann")
        await bot.until(lambda: bot.app.opening.hooked)
        await ann.send("slow")
        await ann.send("after")
        await bot.until(lambda: bot.texts(ann.id) == ["1: slow", "2: after"])
        bot.sim.set_faults({"duplicate_updates": True})
        await ann.send("twice")
        await bot.until(lambda: bot.texts(ann.id)[2:] == ["3: twice", "You are here."])
        assert await bot.kept(ann.id) == ["slow", "after", "twice"]
        async with httpx.AsyncClient(trust_env=False) as web:
            answer = await web.get(f"http://127.0.0.1:{port}/readyz")
            assert answer.json() == {"database": True, "intake": True, "delivery": True}


async def test_it_listens_under_polling_too(tmp_path: Path) -> None:
    async with running(tmp_path, start=False, listen="127.0.0.1:0") as bot:
        bot.start()
        await bot.until(lambda: bot.app.polling.running)
        assert bot.app.web is not None
        async with httpx.AsyncClient(trust_env=False) as web:
            for _ in range(100):
                answer = await web.get(f"http://127.0.0.1:{bot.app.web.port}/readyz")
                if answer.status_code == 200:
                    break
                await asyncio.sleep(0.02)
        assert answer.status_code == 200


async def test_a_taken_address_ends_the_start(tmp_path: Path) -> None:
    bot = Running(tmp_path)
    await bot.sim.start()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        app = bot.build(listen=f"127.0.0.1:{taken.getsockname()[1]}")
        with pytest.raises(OSError, match="ddress already in use"):
            await app.run(signals=False)
    await bot.sim.stop()
