"""Both libraries work against the simulator, and each error arrives as the exception that it is documented to be."""

import io
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiogram
import aiohttp
import httpx
import pytest
import telegram
from aiogram import exceptions as gram
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import (
    BufferedInputFile,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    KeyboardButton,
    ReplyKeyboardMarkup,
)
from PIL import Image
from telegram import error as ptb

from bot.simulator.limits import MEBIBYTE
from bot.simulator.server import NotLoopback, Simulator

from .simulated import TOKEN, simulator, started


@pytest.fixture
async def sim() -> AsyncIterator[Simulator]:
    running = simulator()
    await running.start()
    yield running
    await running.stop()


@pytest.fixture
async def listener(sim: Simulator) -> AsyncIterator[aiogram.Bot]:
    session = AiohttpSession(api=TelegramAPIServer.from_base(sim.url))
    bot = aiogram.Bot(TOKEN, session=session)
    yield bot
    await session.close()


@pytest.fixture
async def speaker(sim: Simulator) -> AsyncIterator[telegram.Bot]:
    bot = telegram.Bot(TOKEN, base_url=f"{sim.url}/bot", base_file_url=f"{sim.url}/file/bot")
    await bot.initialize()
    yield bot
    await bot.shutdown()


PNG = io.BytesIO()
Image.new("RGB", (640, 480), "navy").save(PNG, "PNG")


async def test_aiogram_goes_through_a_conversation(sim: Simulator, listener: aiogram.Bot) -> None:
    ann = sim.phones.add_person(first_name="Ann", language_code="zh-hans")
    await sim.phones.press_start(ann.id, "invitation_letter")
    (start,) = await listener.get_updates(timeout=5)
    assert start.message is not None
    assert start.message.from_user is not None
    assert (start.message.text, start.message.from_user.language_code) == (
        "/start invitation_letter",
        "zh-hans",
    )
    button = InlineKeyboardButton(text="同意", callback_data="agree:1")
    asked = await listener.send_message(
        ann.id,
        "<b>同意</b>？",
        parse_mode="HTML",
        reply_markup=InlineKeyboardMarkup(inline_keyboard=[[button]]),
    )
    sim.phones.tap(ann.id, ann.id, asked.message_id, "agree:1")
    (tap,) = await listener.get_updates(offset=start.update_id + 1)
    assert tap.callback_query is not None
    assert await listener.answer_callback_query(tap.callback_query.id, "好", show_alert=True)
    edited = await listener.edit_message_text("谢谢", chat_id=ann.id, message_id=asked.message_id)
    assert isinstance(edited, aiogram.types.Message)
    assert (edited.text, edited.reply_markup) == ("谢谢", None)
    keyboard = [[KeyboardButton(text="手机号", request_contact=True)]]
    await listener.send_message(ann.id, "号码？", reply_markup=ReplyKeyboardMarkup(keyboard=keyboard))
    await listener.send_message(ann.id, "名字？", reply_markup=ForceReply(input_field_placeholder="王芳"))
    assert await listener.delete_message(ann.id, asked.message_id)


async def test_aiogram_sends_and_fetches_files(sim: Simulator, listener: aiogram.Bot) -> None:
    ann = await started(sim)
    sent = await listener.send_document(
        ann.id, BufferedInputFile("章".encode() * 9, "函.pdf"), caption="letter"
    )
    assert sent.document is not None
    fetched = await listener.download(sent.document.file_id)
    assert fetched is not None
    assert fetched.read() == "章".encode() * 9
    photo = await listener.send_photo(ann.id, BufferedInputFile(PNG.getvalue(), "p.png"))
    assert photo.photo is not None
    assert photo.photo[-1].width == 640
    album = await listener.send_media_group(
        ann.id,
        [
            InputMediaDocument(media=BufferedInputFile(b"1", "1.txt"), caption="two"),
            InputMediaDocument(media=sent.document.file_id),
        ],
    )
    assert len({message.media_group_id for message in album}) == 1


async def test_python_telegram_bot_speaks_and_fetches(sim: Simulator, speaker: telegram.Bot) -> None:
    ann = await started(sim)
    markup = telegram.InlineKeyboardMarkup([[telegram.InlineKeyboardButton("Open", callback_data="open:1")]])
    sent = await speaker.send_message(ann.id, "<i>now</i> 😀", parse_mode="HTML", reply_markup=markup)
    assert sent.text == "now 😀"
    assert sent.reply_markup == markup
    letter = await speaker.send_document(ann.id, io.BytesIO(b"%PDF"), filename="函.pdf", protect_content=True)
    assert letter.document is not None
    assert letter.has_protected_content
    assert await (await letter.document.get_file()).download_as_bytearray() == b"%PDF"
    album = await speaker.send_media_group(
        ann.id, [telegram.InputMediaPhoto(PNG.getvalue()), telegram.InputMediaPhoto(PNG.getvalue())]
    )
    assert len(album) == 2
    copy = await speaker.copy_message(ann.id, ann.id, sent.message_id)
    assert copy.message_id > letter.message_id
    assert await speaker.set_my_commands([telegram.BotCommand("start", "开始")], language_code="zh")
    assert [c.command for c in await speaker.get_my_commands(language_code="zh")] == ["start"]


Setup = Callable[[Simulator, int], Any]


def blocked(sim: Simulator, person: int) -> None:
    sim.phones.block(person, blocked=True)


def fault(**change: Any) -> Setup:
    return lambda sim, person: sim.set_faults(change)


ERRORS: list[tuple[str, Setup, type[Exception], type[Exception]]] = [
    ("400", lambda sim, person: None, gram.TelegramBadRequest, ptb.BadRequest),
    ("403", blocked, gram.TelegramForbiddenError, ptb.Forbidden),
    ("429", fault(rate_limit={"next": 1, "retry_after": 4}), gram.TelegramRetryAfter, ptb.RetryAfter),
    ("500", fault(refuse={"next": 1, "status": 500}), gram.TelegramServerError, ptb.NetworkError),
    ("lost answer", fault(drop_answers=1), gram.TelegramNetworkError, ptb.NetworkError),
]


@pytest.mark.parametrize(("what", "setup", "by_aiogram", "by_ptb"), ERRORS, ids=[what for what, *_ in ERRORS])
async def test_errors_are_the_libraries_own(
    sim: Simulator,
    listener: aiogram.Bot,
    speaker: telegram.Bot,
    what: str,
    setup: Setup,
    by_aiogram: type[Exception],
    by_ptb: type[Exception],
) -> None:
    ann = await started(sim)
    text = "<broken" if what == "400" else "x"
    sends: list[tuple[Callable[[], Awaitable[Any]], type[Exception]]] = [
        (lambda: listener.send_message(ann.id, text, parse_mode="HTML"), by_aiogram),
        (lambda: speaker.send_message(ann.id, text, parse_mode="HTML"), by_ptb),
    ]
    for send, kind in sends:
        setup(sim, ann.id)
        with pytest.raises(kind) as caught:
            await send()
        if what == "429":
            assert getattr(caught.value, "retry_after", None) == 4
    had_effect = [message for message in sim.phones.messages(ann.id) if message["outgoing_by"] == 0]
    assert len(had_effect) == (2 if what == "lost answer" else 0)


async def test_a_migrated_group_names_its_new_id(
    sim: Simulator, listener: aiogram.Bot, speaker: telegram.Bot
) -> None:
    ann = await started(sim)
    old = sim.phones.add_group("Desk", [ann.id])
    new = sim.phones.migrate(old.id)
    with pytest.raises(gram.TelegramMigrateToChat) as by_aiogram:
        await listener.send_message(old.id, "x")
    assert by_aiogram.value.migrate_to_chat_id == new.id
    with pytest.raises(ptb.ChatMigrated) as by_ptb:
        await speaker.send_message(old.id, "x")
    assert by_ptb.value.new_chat_id == new.id


async def test_what_the_libraries_read_about_chats_and_members(
    sim: Simulator, listener: aiogram.Bot, speaker: telegram.Bot
) -> None:
    ann = await started(sim)
    chats = [
        ann.id,
        sim.phones.add_group("G", [ann.id]).id,
        sim.phones.add_group("F", [ann.id], is_forum=True).id,
    ]
    seen = []
    for chat in chats:
        by_aiogram = [(await listener.get_chat_member(chat, user)).status for user in (ann.id, listener.id)]
        by_ptb = [(await speaker.get_chat_member(chat, user)).status for user in (ann.id, speaker.id)]
        assert by_aiogram == by_ptb
        assert (await listener.get_chat(chat)).id == (await speaker.get_chat(chat)).id == chat
        seen.append(by_ptb)
    assert seen == [["member", "member"], ["creator", "member"], ["creator", "administrator"]]
    sim.phones.block(ann.id, blocked=True)
    changes = [update.my_chat_member for update in await listener.get_updates() if update.my_chat_member]
    assert [change.new_chat_member.status for change in changes] == ["member", "administrator", "kicked"]


async def test_other_addresses_answer_json_too(sim: Simulator) -> None:
    broken = {"content": b"garbage", "headers": {"Content-Type": "multipart/form-data; boundary=x"}}
    async with httpx.AsyncClient(base_url=sim.url) as client:
        answers = [
            await client.get("/nowhere"),
            await client.get(f"/bot{TOKEN}/"),
            await client.get(f"/file/bot{TOKEN}/documents/file_9.pdf"),
            await client.post(f"/bot{TOKEN}/sendDocument", **broken),
            await client.post(f"/bot{TOKEN}/sendMessage", content=b'{"text": "\\ud800"}'),
        ]
    assert [answer.json()["error_code"] for answer in answers] == [404, 404, 404, 400, 400]


async def test_wrong_tokens(sim: Simulator) -> None:
    session = AiohttpSession(api=TelegramAPIServer.from_base(sim.url))
    with pytest.raises(gram.TelegramUnauthorizedError):
        await aiogram.Bot("4242:another", session=session).get_me()
    await session.close()
    async with httpx.AsyncClient() as client:
        answers = [await client.get(f"{sim.url}/bot{token}/getMe") for token in ("4242:another", "nonsense")]
    assert [answer.json() for answer in answers] == [
        {"ok": False, "error_code": 401, "description": "Unauthorized"},
        {"ok": False, "error_code": 404, "description": "Not Found"},
    ]


async def test_a_body_over_50_mb_is_413(sim: Simulator, listener: aiogram.Bot) -> None:
    ann = await started(sim)
    with pytest.raises(gram.TelegramEntityTooLarge):
        await listener.send_document(ann.id, BufferedInputFile(bytes(50 * MEBIBYTE + 1), "big.bin"))


async def test_parameters_come_as_json_form_query_or_multipart(sim: Simulator) -> None:
    ann = await started(sim)
    url = f"{sim.url}/bot{TOKEN}/sendMessage"
    markup = '{"inline_keyboard":[[{"text":"a","callback_data":"d"}]]}'
    fields = {"chat_id": str(ann.id), "text": "x", "reply_markup": markup}
    multipart = aiohttp.FormData(fields, default_to_multipart=True)
    ways: list[dict[str, Any]] = [{"json": fields}, {"data": fields}, {"params": fields}, {"data": multipart}]
    async with aiohttp.ClientSession() as client:
        for way in ways:
            async with client.post(url, **way) as response:
                body = await response.json()
                assert body["ok"], body
                assert body["result"]["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "d"
        async with client.post(url.replace("sendMessage", "SENDMESSAGE"), json=fields) as response:
            assert response.status == 200, "names of methods are case-insensitive"
        async with client.post(url, data=b"{", headers={"Content-Type": "application/json"}) as response:
            assert response.status == 400


async def test_429_also_comes_as_a_header(sim: Simulator) -> None:
    sim.set_faults({"rate_limit": {"next": 1, "retry_after": 9}})
    async with httpx.AsyncClient() as client:
        answer = await client.get(f"{sim.url}/bot{TOKEN}/getMe")
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "9"
    assert answer.json()["parameters"] == {"retry_after": 9}


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.7", "example.com"])  # noqa: S104  # what must be refused
async def test_it_listens_on_loopback_only(host: str) -> None:
    with pytest.raises(NotLoopback):
        await simulator().start(host)
