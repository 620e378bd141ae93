"""The simulator's chat page in a real browser, against the real simulator and a small bot."""

import asyncio
import contextlib
import re
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect

from bot.simulator.model import Person
from bot.simulator.server import Simulator

from .browser import chromium, needs_chromium
from .simulated import Clock, simulator

PAGE = Path(__file__).parents[2] / "bot" / "simulator" / "page"
pytestmark = [needs_chromium, pytest.mark.asyncio(loop_scope="module")]
HOSTILE = "<img src=x onerror=alert(1)>"


@dataclass
class Office:
    """A simulator with an applicant, an officer and a bot, and a page that shows both phones."""

    sim: Simulator
    clock: Clock
    page: Page
    applicant: Person
    officer: Person
    errors: list[str]

    def phone(self, person: Person) -> Locator:
        return self.page.get_by_test_id(f"phone-{person.id}")

    async def write(self, person: Person, text: str) -> None:
        await self.phone(person).get_by_test_id("composer").fill(text)
        await self.page.keyboard.press("Enter")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as launched:
        yield launched


@pytest_asyncio.fixture(loop_scope="module")
async def office(browser: Browser) -> AsyncIterator[Office]:
    async with opened(browser) as office:
        yield office
        assert office.errors == [], "the page wrote errors to the console"


@contextlib.asynccontextmanager
async def opened(browser: Browser, width: int = 1280, **context_options: Any) -> AsyncIterator[Office]:
    clock = Clock()
    sim = simulator(clock, bot_name="沈桥")
    await sim.start()
    applicant = sim.phones.add_person(
        first_name="李雷", language_code="zh-hans", label="申请人", group="申请人", pinned=True
    )
    officer = sim.phones.add_person(
        first_name="王芳", language_code="zh-hans", label="处长", group="涉外处", pinned=True
    )
    sim.phones.add_person(first_name="陈涛", label="主任", group="涉外处")
    working = asyncio.create_task(echo_bot(sim))
    options = {"locale": "en-GB", "timezone_id": "Asia/Shanghai", "viewport": {"width": width, "height": 800}}
    context = await browser.new_context(**(options | context_options))
    page = await context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    await page.goto(sim.url)
    await expect(page.get_by_test_id(f"phone-{applicant.id}")).to_be_visible()
    try:
        yield Office(sim, clock, page, applicant, officer, errors)
    finally:
        await context.close()
        working.cancel()
        await sim.stop()


async def echo_bot(sim: Simulator) -> None:
    """Greets, echoes, and answers the three keys of its greeting each in its own way."""
    offset = 0
    while True:
        for update in await sim.call("getUpdates", offset=offset, timeout=20):
            offset = update["update_id"] + 1
            if query := update.get("callback_query"):
                await answer(sim, query)
            elif message := update.get("message"):
                await reply(sim, message)


async def answer(sim: Simulator, query: dict[str, Any]) -> None:
    said, message = query["data"], query["message"]
    if said == "edit":
        keys = {"inline_keyboard": [[{"text": "Again", "callback_data": "again"}]]}
        await sim.call(
            "editMessageText", chat_id=message["chat"]["id"], message_id=message["message_id"],
            text="changed", reply_markup=keys,
        )  # fmt: skip
    text = {"toast": "Noted", "alert": "Somebody else decided"}.get(said)
    await sim.call(
        "answerCallbackQuery", callback_query_id=query["id"], text=text, show_alert=said == "alert"
    )


async def reply(sim: Simulator, message: dict[str, Any]) -> None:
    chat, text = message["chat"]["id"], message.get("text", "")
    keys: dict[str, Any] = {
        "inline_keyboard": [[{"text": said, "callback_data": said} for said in ("toast", "alert", "edit")]]
    }
    if text == "/keyboard":
        keys = {"keyboard": [[{"text": "My number", "request_contact": True}]], "one_time_keyboard": True}
    answered = f"you said {text}" if text else f"you sent {', '.join(sorted(message))}"
    await sim.call("sendMessage", chat_id=chat, text=answered, reply_markup=keys)


async def test_a_conversation_from_start_to_the_answers_of_taps(office: Office) -> None:
    phone = office.phone(office.applicant)
    await phone.get_by_test_id("start").click()
    await expect(phone.get_by_text("you said /start")).to_be_visible()
    await phone.locator("[data-callback=toast]").click()
    await expect(phone.locator(".toast")).to_have_text("Noted")
    await phone.locator("[data-callback=alert]").click()
    alert = phone.get_by_role("alertdialog")
    await expect(alert).to_contain_text("Somebody else decided")
    await office.page.keyboard.press("Escape")
    await expect(alert).to_have_count(0)
    await phone.locator("[data-callback=edit]").click()
    await expect(phone.get_by_text("changed")).to_be_visible()
    await expect(phone.locator(".edited")).to_have_count(1)
    assert await office.page.evaluate("document.activeElement.dataset.callback") == "again", (
        "focus follows the redrawn keys"
    )


async def test_what_one_phone_does_appears_on_the_other(office: Office) -> None:
    office.sim.phones.add_group("涉外处", [office.officer.id, office.applicant.id])
    await office.sim.phones.press_start(office.applicant.id)
    await expect(office.phone(office.applicant).get_by_text("you said /start")).to_be_visible()
    for person in (office.officer, office.applicant):
        await office.phone(person).get_by_role("tab", name="涉外处").click()
    await office.write(office.officer, "两点开会")
    seen = office.phone(office.applicant).locator(".message", has_text="两点开会")
    await expect(seen.locator(".sender")).to_have_text("王芳")
    sent = office.phone(office.officer).locator(".message.out", has_text="两点开会")
    await sent.hover()
    await sent.locator(".actions").click()
    await office.page.get_by_role("menuitem", name="Edit").click()
    await office.write(office.officer, "三点开会")
    await expect(office.phone(office.applicant).get_by_text("三点开会")).to_be_visible()
    await office.sim.call("sendMessage", chat_id=office.applicant.id, text="a word in private")
    await expect(office.phone(office.applicant).get_by_role("tab", name="沈桥")).to_contain_text("unread")


async def test_what_people_and_bots_write_is_never_run(office: Office) -> None:
    stranger = office.sim.phones.add_person(
        first_name=HOSTILE, label=HOSTILE, group=HOSTILE, language_code="en"
    )
    await office.page.get_by_test_id("open-picker").click()
    await office.page.get_by_test_id(f"pick-{stranger.id}").check()
    phone = office.phone(stranger)
    await phone.get_by_test_id("start").click()
    await office.write(stranger, HOSTILE)
    await expect(phone.get_by_text(f"you said {HOSTILE}")).to_be_visible()
    entities = [
        {"type": "text_link", "offset": 0, "length": 4, "url": "javascript:alert(1)"},
        {"type": "bold", "offset": 2, "length": 4},
    ]
    office.sim.core.post(office.sim.phones.chat(stranger.id), 0, {"text": "evil link", "entities": entities})
    await expect(phone.get_by_text("evil link")).to_be_visible()
    assert await office.page.locator("img").count() == 0
    assert await phone.locator("a[href^=javascript]").count() == 0
    assert "innerHTML" not in "".join(module.read_text() for module in PAGE.glob("*.js"))


async def test_links_that_start_this_bot_are_followed_on_the_phone(office: Office) -> None:
    await office.phone(office.applicant).get_by_test_id("start").click()
    await office.sim.call(
        "sendMessage",
        chat_id=office.applicant.id,
        text="https://t.me/office_bot?start=staff_1 https://example.org/",
    )
    phone = office.phone(office.applicant)
    other = phone.get_by_role("link", name="example.org")
    assert (await other.get_attribute("rel"), await other.get_attribute("target")) == (
        "noopener noreferrer",
        "_blank",
    )
    await phone.get_by_role("link", name="t.me").click()
    await expect(phone.get_by_text("you said /start staff_1")).to_be_visible()


async def test_spoilers_stay_hidden_until_pressed(office: Office) -> None:
    await office.phone(office.applicant).get_by_test_id("start").click()
    await office.sim.call(
        "sendMessage",
        chat_id=office.applicant.id,
        text="No. <tg-spoiler>C01X00T47</tg-spoiler>",
        parse_mode="HTML",
    )
    spoiler = office.phone(office.applicant).locator(".spoiler")
    await expect(spoiler.locator("span")).to_be_hidden()
    await spoiler.click()
    await expect(spoiler).to_be_visible()
    await expect(spoiler.locator("span")).to_be_visible()


async def test_files_go_and_come(office: Office) -> None:
    phone = office.phone(office.applicant)
    await phone.get_by_test_id("start").click()
    await expect(phone.get_by_test_id("composer")).to_be_visible()
    letter = {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 small"}
    script = {"name": "page.html", "mimeType": "text/html", "buffer": b"<script>alert(1)</script>"}
    await phone.get_by_test_id("document-input").set_input_files([letter, script])
    await office.write(office.applicant, "two papers")
    pdf, html = phone.locator("a[data-type=pdf]"), phone.locator("a[data-type=html]")
    assert await pdf.get_attribute("target") == "_blank"
    assert await html.get_attribute("download") == "page.html", "opened in a tab it would run as this page"
    await expect(phone.locator(".message.out", has_text="two papers")).to_have_count(1)
    address = await pdf.get_attribute("href")
    assert address is not None
    fetched = await office.page.request.get(office.sim.url + address)
    assert await fetched.body() == letter["buffer"]
    address = await html.get_attribute("href")
    assert address is not None
    kept = (await office.page.request.get(office.sim.url + address)).headers
    assert kept["content-disposition"].startswith("attachment"), "also when its address is opened by hand"
    assert kept["x-content-type-options"] == "nosniff"


async def test_pages_of_other_sites_move_no_phone(office: Office) -> None:
    body = {"first_name": "Mallory"}
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    refused = await office.page.request.post(f"{office.sim.url}/sim/people", data=body, headers=elsewhere)
    assert refused.status == 403
    assert all(person.first_name != "Mallory" for person in office.sim.core.world.people.values())


async def test_a_reply_keyboard_asks_for_the_persons_own_number(office: Office) -> None:
    phone = office.phone(office.applicant)
    await phone.get_by_test_id("start").click()
    await office.write(office.applicant, "/keyboard")
    await phone.get_by_role("button", name="My number").click()
    await office.page.get_by_role("dialog").get_by_role("button", name="Share").click()
    await expect(phone.locator(".contact")).to_contain_text("Own number")
    await expect(phone.get_by_role("button", name="My number")).to_be_hidden()
    await phone.get_by_test_id("fold-keyboard").click()
    await expect(phone.get_by_role("button", name="My number")).to_be_visible()


async def test_blocking_and_coming_back(office: Office) -> None:
    phone = office.phone(office.applicant)
    await phone.get_by_test_id("start").click()
    await phone.get_by_test_id("phone-menu").click()
    await office.page.get_by_role("menuitem", name="Block the bot").click()
    await expect(phone.get_by_test_id("composer")).to_be_hidden()
    assert office.applicant.blocked
    await phone.get_by_test_id("restart").click()
    await expect(phone.get_by_test_id("composer")).to_be_visible()
    assert not office.applicant.blocked


async def test_a_person_is_added_and_speaks_their_language(office: Office) -> None:
    page = office.page
    await page.get_by_test_id("open-picker").click()
    await page.get_by_test_id("add-person").click()
    form = page.get_by_test_id("add-person-form")
    await form.get_by_label("First name").fill("Yuki")
    await form.get_by_label("Language").select_option("ja")
    await form.get_by_role("button", name="Add").click()
    phone = page.locator(".phone", has_text="Yuki")
    await expect(phone.get_by_test_id("language")).to_have_value("ja")
    await phone.get_by_test_id("language").select_option("ko")
    yuki = next(one for one in office.sim.core.world.people.values() if one.first_name == "Yuki")
    await expect(phone.get_by_test_id("language")).to_have_value("ko")
    assert yuki.language_code == "ko"
    await page.reload()
    await expect(page.locator(".phone")).to_have_count(3)


async def test_the_fault_and_clock_panels_reach_the_simulator(office: Office) -> None:
    page = office.page
    await page.get_by_test_id("open-fault-panel").click()
    await page.get_by_test_id("fault-refuse").get_by_role("button", name="Apply").click()
    await expect(page.get_by_test_id("fault-refuse")).to_contain_text("1 to come")
    assert office.sim.core.faults.faults.refuse_next == 1
    await page.get_by_test_id("all-well").click()
    await expect(page.get_by_test_id("fault-refuse")).not_to_contain_text("to come")
    await page.get_by_test_id("open-clock-panel").click()
    before = office.clock.now()
    await page.get_by_test_id("clock-P7D").click()
    await expect(page.get_by_test_id("clock-panel")).to_contain_text("8 March 2027")
    assert (office.clock.now() - before).days == 7
    await page.get_by_test_id("clock-at").fill("2027-05-01T09:30")
    await page.get_by_role("button", name="Set", exact=True).click()
    await expect(page.get_by_test_id("clock-panel")).to_contain_text("09:30")
    assert office.clock.now().isoformat() == "2027-05-01T01:30:00+00:00"


async def test_a_bar_tells_where_a_transcript_stands(office: Office) -> None:
    bar = office.page.get_by_test_id("play-bar")
    await expect(bar).to_be_hidden()
    office.sim.tell_play(3, "**Host** taps: 同意")
    await expect(bar).to_contain_text("3")
    await expect(bar).to_contain_text("Host taps: 同意")
    late = office.sim.phones.add_person(first_name="Late", pinned=True)
    await expect(office.phone(late)).to_be_visible()
    office.sim.tell_play(3, "", done=True)
    await expect(bar).to_contain_text("has ended")


async def test_everything_by_keyboard(office: Office) -> None:
    press = office.page.keyboard.press
    phone = office.phone(office.applicant)
    await expect(phone.get_by_test_id("start")).to_be_visible()
    await press("F6")
    await press("Enter")
    await expect(phone.get_by_text("you said /start")).to_be_visible()
    await press("F6")
    await press("Shift+F6")
    assert await focused(office.page, "testid") == "composer"
    for expected in ("edit", "alert", "toast"):
        await to_previous(office.page, "callback", expected)
    await press("Enter")
    await expect(phone.locator(".toast")).to_have_text("Noted")
    await phone.get_by_test_id("messages").focus()
    await press("ArrowUp")
    await press("ArrowUp")
    await press("Enter")
    await expect(office.page.get_by_role("menuitem", name="Edit")).to_be_visible()
    await press("Escape")
    await expect(office.page.get_by_role("menu")).to_have_count(0)


async def focused(page: Page, name: str) -> str | None:
    found: str | None = await page.evaluate("name => document.activeElement?.dataset?.[name] ?? null", name)
    return found


async def to_previous(page: Page, name: str, expected: str) -> None:
    """Shift+Tab until that control, which must come within a few steps."""
    for _ in range(4):
        await page.keyboard.press("Shift+Tab")
        if await focused(page, name) == expected:
            return
    raise AssertionError(f"{expected} is not in reach of Shift+Tab")


async def test_one_window_on_a_small_screen(browser: Browser) -> None:
    async with opened(browser, width=360) as office:
        page = office.page
        first, second = office.phone(office.applicant), office.phone(office.officer)
        await expect(second).to_be_hidden()
        await page.get_by_test_id(f"tab-{office.applicant.id}").focus()
        await page.keyboard.press("ArrowRight")
        await expect(second).to_be_visible()
        await expect(first).to_be_hidden()
        await second.get_by_test_id("start").click()
        await office.write(office.officer, "W" * 300)
        await expect(second.get_by_text("you said W")).to_be_visible()
        for opener in ("open-picker", "open-fault-panel", "open-clock-panel"):
            await page.get_by_test_id(opener).click()
            assert await page.evaluate("document.documentElement.scrollWidth") == 360
            await page.keyboard.press("Escape")
        touched = ".tool, .tab, .send, .icon-button:not(.actions)"
        sizes = f"[...document.querySelectorAll('{touched}')].filter(n => n.offsetParent).map(n => n.offsetHeight)"
        assert min(await page.evaluate(sizes)) >= 24, "WCAG 2.2, 2.5.8 Target Size (Minimum)"
        assert office.errors == []


async def test_a_thousand_messages_open_at_once_and_can_all_be_reached(browser: Browser) -> None:
    async with opened(browser) as office:
        await office.phone(office.applicant).get_by_test_id("start").click()
        chat = office.sim.phones.chat(office.applicant.id)
        for n in range(1000):
            office.sim.core.post(chat, 0, {"text": f"message {n} of many"})
        phone = office.phone(office.applicant)
        await expect(phone.get_by_text("message 999 of many")).to_be_in_viewport()
        started = time.monotonic()
        await office.page.reload()
        await expect(phone.get_by_text("message 999 of many")).to_be_in_viewport()
        assert time.monotonic() - started < 5
        assert await phone.locator(".message").count() <= 150
        top = phone.get_by_text("message 0 of many")
        for _ in range(20):
            await phone.get_by_test_id("messages").evaluate("log => log.scrollTop = 0")
            await asyncio.sleep(0.05)
            if await top.count():
                break
        await expect(top).to_have_count(1)


async def test_the_page_goes_on_after_the_simulator_was_started_again(
    browser: Browser, tmp_path: Path
) -> None:
    clock = Clock()
    first = simulator(clock, data=tmp_path)
    await first.start()
    person = first.phones.add_person(first_name="Ann", pinned=True)
    await first.phones.press_start(person.id)
    port = int(first.url.rpartition(":")[2])
    page = await browser.new_page(locale="en-GB")
    await page.goto(first.url)
    await expect(page.get_by_text("/start")).to_be_visible()
    await first.stop()
    await expect(page.get_by_text("does not answer")).to_be_visible()
    second = simulator(clock, data=tmp_path)
    await second.start(port=port)
    await expect(page.get_by_text("does not answer")).to_have_count(0, timeout=10_000)
    await second.call("sendMessage", chat_id=person.id, text="here again")
    await expect(page.get_by_text("here again")).to_be_visible()
    await page.close()
    await second.stop()


async def test_the_page_speaks_chinese_and_english_alike(office: Office) -> None:
    page = office.page
    keys = await page.evaluate(
        "import('/static/words.js').then(w => Object.values(w.DICTIONARIES).map(d => Object.keys(d).sort()))"
    )
    assert keys[0] == keys[1]
    used = {key for module in PAGE.glob("*.js") for key in re.findall(r'\bt\(\s*"(\w+)"', module.read_text())}
    assert used <= set(keys[0])
    await page.get_by_test_id("page-language").click()
    await expect(page.get_by_test_id("open-clock-panel")).to_contain_text("时钟")
    assert await page.evaluate("document.documentElement.lang") == "zh-Hans"


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_words_stand_out_from_their_ground(browser: Browser, scheme: str) -> None:
    """WCAG 2.2, 1.4.3 Contrast (Minimum): 4.5 to 1, computed from the colours that the browser uses."""
    pairs = [
        ("ink", "surface"), ("ink", "out"), ("surface", "ink"), ("surface", "hue-3"), ("on-out-2", "out"),
        ("ink-2", "surface"), ("ink-2", "surface-2"), ("ink-2", "wall"), ("ink-2", "page-far"),
        ("accent", "surface"), ("accent", "tint"), ("on-accent", "accent"),
        ("ink", "in"), ("ink-2", "in"), ("accent", "in"),
        ("on-key", "key"), ("on-key", "key-hover"), ("bad", "surface-2"), ("bad", "bad-tint"),
    ]  # fmt: skip
    async with opened(browser, color_scheme=scheme) as office:
        read = "names => names.map(n => getComputedStyle(document.documentElement).getPropertyValue('--' + n).trim())"
        for words, ground in pairs:
            colours = await office.page.evaluate(read, [words, ground])
            assert contrast(*colours) >= 4.5, f"{words} on {ground}"


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
