"""The demo as a newcomer meets it: `bot demo`, its address in a browser, and an invitation from first tap to letter.

What people write and tap is read from a transcript, so that it follows the form; here it goes through the page,
by keys and clicks alone. SHOTS=DIR keeps pictures of the page.
"""

from __future__ import annotations

import asyncio
import io
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import FilePayload, Locator, Page, expect
from pypdf import PdfReader

from bot.simulator.client import SimClient
from bot.transcripts import script
from bot.transcripts.cast import Cast
from bot.transcripts.papers import paper
from bot.transcripts.quoting import holds, same_label
from bot.transcripts.reading import read_file

from .browser import chromium, needs_chromium

pytestmark = needs_chromium

STORY = (
    Path(__file__).parents[1] / "conversations" / "invitation_letter" / "zh_Hans" / "a_guest_is_invited.md"
)
HOST = "李娜"


@dataclass
class Stage:
    """The page, and which phone on it is whose."""

    page: Page
    client: SimClient
    cast: Cast
    phones: dict[str, int] = field(default_factory=dict)
    last_actor: str = HOST

    def phone(self, name: str) -> Locator:
        return self.page.get_by_test_id(f"phone-{self.phones[name]}")

    async def add_host(self) -> None:
        """A new person comes, by the page's own form."""
        await self.page.get_by_test_id("open-picker").click()
        await self.page.get_by_test_id("add-person").click()
        form = self.page.get_by_test_id("add-person-form")
        await form.locator("[name=first_name]").fill(HOST)
        await form.locator("[type=submit]").click()
        await expect(form).to_have_count(0)
        await self.page.keyboard.press("Escape")
        self.phones[HOST] = (await self.client.state())["people"][-1]["id"]
        await self.phone(HOST).get_by_test_id("start").click()
        await expect(self.phone(HOST).locator(".message.of-bot")).to_have_count(1, timeout=30_000)

    async def perform(self, line: script.Line) -> None:
        if line.meets is not None and line.meets[0] not in self.phones:
            self.phones[line.meets[0]] = (await self.cast.meet(*line.meets)).id
        match line.step:
            case script.ItIs(at):
                await self.client.move_clock(at=at.isoformat())
            case script.Says(who, text):
                await self._write(who, text)
            case script.Taps(who, label):
                await self._tap(who, label)
            case script.SendsFiles(who, names):
                await self._send_files(who, names)
            case script.Hears(who, quote):
                await self._read(who or self.last_actor, quote)
            case script.SeesCard(who, parts):
                for part in parts:
                    await self._read(who, part)
            case script.Receives(who, number, parts):
                await self._open_letter(who, number, parts)
            case _:
                pass

    async def _write(self, who: str, text: str) -> None:
        self.last_actor = who
        composer = self.phone(who).get_by_test_id("composer")
        await composer.fill(text)
        await composer.press("Enter")

    async def _tap(self, who: str, label: str) -> None:
        """The newest button of that label."""
        self.last_actor = who
        buttons = self.phone(who).locator("[data-callback]")
        async with asyncio.timeout(20):
            while True:
                labels = await buttons.all_inner_texts()
                found = [number for number, shown in enumerate(labels) if same_label(label, shown)]
                if found:
                    return await buttons.nth(found[-1]).click()
                await asyncio.sleep(0.05)

    async def _send_files(self, who: str, names: tuple[str, ...]) -> None:
        self.last_actor = who
        phone = self.phone(who)
        for name in names:
            is_picture = name.endswith((".jpg", ".png"))
            mime = "image/jpeg" if is_picture else "application/pdf"
            file = FilePayload(name=name, mimeType=mime, buffer=paper(name))
            place = phone.get_by_test_id("photo-input" if is_picture else "document-input")
            await place.set_input_files([file])
            await phone.get_by_test_id("composer").press("Enter")

    async def _read(self, who: str, quote: str) -> None:
        bubbles = self.phone(who).locator(".message.of-bot .bubble")
        async with asyncio.timeout(20):
            while not any(holds(text, quote) for text in (await bubbles.all_inner_texts())[-6:]):  # noqa: ASYNC110  # the page's
                await asyncio.sleep(0.05)

    async def _open_letter(self, who: str, number: str, parts: tuple[str, ...]) -> None:
        """The letter opens in a tab of its own, and can be read."""
        link = self.phone(who).locator("a[data-type=pdf]", has_text=number)
        await expect(link).to_be_visible(timeout=30_000)
        assert await link.get_attribute("target") == "_blank"
        address = await link.get_attribute("href")
        assert address is not None
        fetched = await self.page.request.get(self.client.url + address)
        assert fetched.headers["content-type"] == "application/pdf"
        text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(await fetched.body())).pages)
        assert all(part in text for part in (number, *parts)), text


async def test_an_invitation_from_the_first_tap_to_the_letter(tmp_path: Path) -> None:
    async with demo(tmp_path) as address, chromium() as browser, SimClient(address) as client:
        context = await browser.new_context(viewport={"width": 1600, "height": 1000}, locale="zh-CN")
        page = await context.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
        await page.goto(address)
        stage = Stage(page, client, Cast(client))
        await stage.add_host()
        await shoot(page, "greeting")
        for number, line in enumerate(read_file(STORY).lines):
            try:
                await stage.perform(line)
            except (TimeoutError, AssertionError) as wrong:
                await shoot(page, "failed")
                raise AssertionError(f"{line.place}: {line.source}") from wrong
            if number % 20 == 0:
                await shoot(page, f"{number:03}")
        await shoot(page, "end")
        await page.set_viewport_size({"width": 390, "height": 800})
        await shoot(page, "small")
        assert errors == [], "the page wrote errors to the console"


@asynccontextmanager
async def demo(folder: Path) -> AsyncIterator[str]:
    """`bot demo` as a process on a free port; its address. It ends with status 0 when told."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "demo", "--port", "0", "--data", str(folder / "demo"),
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        first = (await asyncio.wait_for(process.stdout.readline(), 60)).decode()
        found = re.search(r"http://127\.0\.0\.1:\d+", first)
        assert found is not None, first
        yield found[0]
        process.send_signal(signal.SIGINT)
        assert await asyncio.wait_for(process.wait(), 10) == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def shoot(page: Page, name: str) -> None:
    """A picture of the page, where somebody wants to look."""
    if folder := os.environ.get("SHOTS"):
        await page.screenshot(path=str(Path(folder) / f"{name}.png"))
