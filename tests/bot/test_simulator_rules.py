"""Each refusal of the Bot API that a bot must know, to the letter (telegram-rules.md)."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.simulator.errors import ApiError
from bot.simulator.params import Params, Upload
from bot.simulator.server import Simulator

from .simulated import Clock, refused, simulator, started

NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


def inline(*buttons: Any) -> dict[str, Any]:
    return {"inline_keyboard": [list(buttons)]}


OK = {"text": "OK", "callback_data": "ok"}


@dataclass
class Scene:
    """A simulator with one person who pressed Start, and messages in each state that matters."""

    sim: Simulator
    clock: Clock
    person: int
    text: int
    photo_like: int
    theirs: int
    keyboard: int
    gone: int
    protected: int

    def values(self) -> dict[str, int]:
        return {name: value for name, value in vars(self).items() if isinstance(value, int)}


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    clock = Clock()
    sim = simulator(clock)
    ann = (await started(sim)).id

    async def said(method: str = "sendMessage", **params: Any) -> int:
        return int((await sim.call(method, chat_id=ann, **params))["message_id"])

    theirs = (await sim.phones.send(ann, {"text": "hello"}))[0].id
    stored = sim.core.files.add("Document", b"abc", "a.pdf")
    gone = await said(text="gone")
    await sim.call("deleteMessage", chat_id=ann, message_id=gone)
    yield Scene(
        sim,
        clock,
        ann,
        text=await said(text="hi", reply_markup=inline(OK)),
        photo_like=await said("sendDocument", document=stored.id),
        theirs=theirs,
        keyboard=await said(text="k", reply_markup={"keyboard": [["a"]]}),
        gone=gone,
        protected=await said(text="secret", protect_content=True),
    )


CASES: list[tuple[str, dict[str, Any], str]] = [
    # texts
    ("sendMessage", {}, "Bad Request: message text is empty"),
    ("sendMessage", {"text": " \n "}, "Bad Request: text must be non-empty"),
    ("sendMessage", {"text": "<b></b>", "parse_mode": "HTML"}, "Bad Request: text must be non-empty"),
    ("sendMessage", {"text": "x" * 4097}, "Bad Request: message is too long"),
    ("sendMessage", {"text": "😀" * 2049}, "Bad Request: message is too long"),
    ("sendMessage", {"text": "x" * 32769}, "Bad Request: text is too long"),
    ("sendMessage", {"text": "x", "parse_mode": "Wiki"}, "Bad Request: unsupported parse_mode"),
    (
        "sendMessage",
        {"text": "a <3", "parse_mode": "HTML"},
        "Bad Request: can't parse entities: Unclosed start tag at byte offset 2",
    ),
    (
        "sendDocument",
        {"document": "{file}", "caption": "x" * 1025},
        "Bad Request: message caption is too long",
    ),
    # chats
    ("sendMessage", {"chat_id": None, "text": "x"}, "Bad Request: chat_id is empty"),
    ("sendMessage", {"chat_id": 1, "text": "x"}, "Bad Request: chat not found"),
    ("sendMessage", {"chat_id": "@nobody", "text": "x"}, "Bad Request: chat not found"),
    ("sendMessage", {"chat_id": 4242, "text": "x"}, "Forbidden: the bot can't send messages to the bot"),
    ("getChat", {"chat_id": 1}, "Bad Request: chat not found"),
    ("sendMessage", {"text": "x", "message_thread_id": 5}, "Bad Request: message thread not found"),
    (
        "sendMessage",
        {"text": "x", "reply_parameters": {"message_id": "{gone}"}},
        "Bad Request: message to be replied not found",
    ),
    ("sendChatAction", {"action": "dancing"}, "Bad Request: wrong parameter action in request"),
    ("createForumTopic", {"name": "x"}, "Bad Request: the chat is not a forum"),
    ("getChatAdministrators", {}, "Bad Request: there are no administrators in the private chat"),
    # keyboards
    (
        "sendMessage",
        {"text": "x", "reply_markup": inline({"text": "a", "callback_data": "王" * 22})},
        "Bad Request: BUTTON_DATA_INVALID",
    ),
    (
        "sendMessage",
        {"text": "x", "reply_markup": inline({"text": "a"})},
        "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    ),
    (
        "sendMessage",
        {"text": "x", "reply_markup": inline({"text": "a", "callback_data": ""})},
        "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    ),
    (
        "sendMessage",
        {"text": "x", "reply_markup": inline({"text": "", "callback_data": "d"})},
        "Bad Request: inline keyboard button text must be non-empty",
    ),
    (
        "sendMessage",
        {"text": "x", "reply_markup": {"keyboard": [[{"text": ""}]]}},
        "Bad Request: keyboard button text must be non-empty",
    ),
    (
        "sendMessage",
        {"text": "x", "reply_markup": inline({"text": "a", "copy_text": {"text": "x" * 257}})},
        "Bad Request: BUTTON_COPY_TEXT_INVALID",
    ),
    (
        "sendMessage",
        {"text": "x", "reply_markup": {"inline_keyboard": [[OK]] * 101}},
        "Bad Request: reply markup is too long",
    ),
    (
        "sendMessage",
        {"text": "x", "reply_markup": {"inline_keyboard": [[OK] * 9]}},
        "Bad Request: reply markup is too long",
    ),
    (
        "sendMessage",
        {"text": "x", "reply_markup": "{"},
        "Bad Request: can't parse reply keyboard markup JSON object",
    ),
    (
        "sendMessage",
        {"text": "x", "reply_markup": {"inline_keyboard": [OK]}},
        'Bad Request: field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays',
    ),
    # edits
    (
        "editMessageText",
        {"message_id": "{text}", "text": "hi", "reply_markup": inline(OK)},
        NOT_MODIFIED,
    ),
    (
        "editMessageReplyMarkup",
        {"message_id": "{text}", "reply_markup": inline(OK)},
        NOT_MODIFIED,
    ),
    ("editMessageText", {"message_id": "{gone}", "text": "x"}, "Bad Request: message to edit not found"),
    ("editMessageText", {"message_id": "{theirs}", "text": "x"}, "Bad Request: message can't be edited"),
    ("editMessageText", {"message_id": "{keyboard}", "text": "x"}, "Bad Request: message can't be edited"),
    (
        "editMessageText",
        {"message_id": "{photo_like}", "text": "x"},
        "Bad Request: there is no text in the message to edit",
    ),
    (
        "editMessageCaption",
        {"message_id": "{text}", "caption": "x"},
        "Bad Request: there is no caption in the message to edit",
    ),
    (
        "editMessageText",
        {"message_id": "{text}", "text": "x", "reply_markup": {"force_reply": True}},
        "Bad Request: inline keyboard expected",
    ),
    ("editMessageText", {"message_id": "{text}"}, "Bad Request: message text is empty"),
    (
        "editMessageText",
        {"chat_id": None, "text": "x"},
        "Bad Request: message identifier is not specified",
    ),
    # deletions
    ("deleteMessage", {"message_id": "{gone}"}, "Bad Request: message to delete not found"),
    ("deleteMessage", {}, "Bad Request: message identifier is not specified"),
    ("deleteMessage", {"chat_id": None}, "Bad Request: chat identifier is not specified"),
    ("deleteMessages", {}, "Bad Request: message identifiers are not specified"),
    (
        "deleteMessages",
        {"message_ids": list(range(1, 102))},
        "Bad Request: too many message identifiers specified",
    ),
    # forwards and copies
    (
        "forwardMessage",
        {"from_chat_id": "{person}", "message_id": "{gone}"},
        "Bad Request: message to forward not found",
    ),
    (
        "copyMessage",
        {"from_chat_id": "{person}", "message_id": "{gone}"},
        "Bad Request: message to copy not found",
    ),
    (
        "forwardMessage",
        {"from_chat_id": "{person}", "message_id": "{protected}"},
        "Bad Request: the message can't be forwarded",
    ),
    (
        "copyMessage",
        {"from_chat_id": "{person}", "message_id": "{protected}"},
        "Bad Request: the message can't be copied",
    ),
    ("copyMessage", {"message_id": "{text}"}, 'Bad Request: parameter "from_chat_id" is required'),
    # files
    ("getFile", {"file_id": "BQnope"}, "Bad Request: wrong file_id or the file is temporarily unavailable"),
    ("getFile", {}, "Bad Request: file_id not specified"),
    ("sendDocument", {"document": "BQnope"}, "Bad Request: wrong file identifier/HTTP URL specified"),
    ("sendPhoto", {"photo": "{file}"}, "Bad Request: can't use file of type Document as Photo"),
    ("sendDocument", {}, "Bad Request: there is no document in the request"),
    ("sendMediaGroup", {"media": []}, "Bad Request: there are no messages to send"),
    (
        "sendMediaGroup",
        {"media": [{"type": "document", "media": "{file}"}] * 11},
        "Bad Request: too many messages to send as an album",
    ),
    # answers
    ("answerCallbackQuery", {"callback_query_id": "1"}, TOO_OLD),
    ("answerCallbackQuery", {"callback_query_id": "1", "text": "x" * 201}, "Bad Request: MESSAGE_TOO_LONG"),
    # the bot itself
    (
        "setMyCommands",
        {"commands": [{"command": "Start", "description": "d"}]},
        "Bad Request: BOT_COMMAND_INVALID",
    ),
    (
        "setMyCommands",
        {"commands": [{"command": "x" * 33, "description": "d"}]},
        "Bad Request: command length must not exceed 32",
    ),
    (
        "setMyCommands",
        {"commands": [{"command": "x", "description": "d" * 257}]},
        "Bad Request: command description length must not exceed 256",
    ),
    (
        "setMyCommands",
        {"commands": [], "language_code": "zh-hans"},
        "Bad Request: invalid language code specified",
    ),
    (
        "setWebhook",
        {"url": "http://example.com/x"},
        "Bad Request: bad webhook: An HTTPS URL must be provided for webhook",
    ),
    (
        "setWebhook",
        {"url": "https://example.com:8080/x"},
        "Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443",
    ),
    (
        "setWebhook",
        {"url": "https://example.com/", "secret_token": "x" * 257},
        "Bad Request: secret token is too long",
    ),
    (
        "setWebhook",
        {"url": "https://example.com/", "secret_token": "a b"},
        "Bad Request: secret token contains unallowed characters",
    ),
    ("teleport", {}, "Not Found: method not found"),
]


@pytest.mark.parametrize(("method", "params", "text"), CASES, ids=[f"{m}: {t[:60]}" for m, _, t in CASES])
async def test_refusal(scene: Scene, method: str, params: dict[str, Any], text: str) -> None:
    filled: dict[str, Any] = {"chat_id": scene.person}
    file = scene.sim.core.files.add("Document", b"abc", "a.pdf").id
    raw = json.dumps(params)
    for name, value in scene.values().items():
        raw = raw.replace(f'"{{{name}}}"', str(value))
    filled |= json.loads(raw.replace("{file}", file))
    assert await refused(scene.sim.call(method, **filled)) == text


async def test_an_edit_without_markup_removes_the_keyboard(scene: Scene) -> None:
    edited = await scene.sim.call("editMessageText", chat_id=scene.person, message_id=scene.text, text="hi")
    assert "reply_markup" not in edited
    assert edited["edit_date"] == edited["date"]


async def test_a_blocked_bot_is_told_and_may_speak_again_after_the_next_message(scene: Scene) -> None:
    scene.sim.core.updates.clear()
    scene.sim.phones.block(scene.person, blocked=True)
    hello = {"chat_id": scene.person, "text": "x"}
    assert await refused(scene.sim.call("sendMessage", **hello)) == "Forbidden: bot was blocked by the user"
    await scene.sim.phones.send(scene.person, {"text": "back"})
    assert await scene.sim.call("sendMessage", **hello)
    kinds = [update.kind for update in scene.sim.core.updates.pending.values()]
    assert kinds == ["my_chat_member", "my_chat_member", "message"]


async def test_a_deactivated_account_is_final(scene: Scene) -> None:
    scene.sim.phones.change_person(scene.person, {"deactivated": True})
    call = scene.sim.call("sendMessage", chat_id=scene.person, text="x")
    assert await refused(call) == "Forbidden: user is deactivated"


async def test_one_who_never_pressed_start_is_unknown_then_known_then_open(scene: Scene) -> None:
    sim = scene.sim
    bob = sim.phones.add_person(first_name="Bob")
    hello = {"chat_id": bob.id, "text": "x"}
    assert await refused(sim.call("sendMessage", **hello)) == "Bad Request: chat not found"
    group = sim.phones.add_group("G", [bob.id])
    await sim.phones.send(bob.id, {"chat": group.id, "text": "/hi"})
    text = "Forbidden: bot can't initiate conversation with a user"
    assert await refused(sim.call("sendMessage", **hello)) == text
    await sim.phones.press_start(bob.id)
    assert (await sim.call("sendMessage", **hello))["text"] == "x"


async def test_messages_can_be_deleted_for_48_hours_of_the_given_clock(scene: Scene) -> None:
    scene.clock.move(hours=47, minutes=59)
    assert await scene.sim.call("deleteMessage", chat_id=scene.person, message_id=scene.theirs)
    scene.clock.move(minutes=1)
    late = scene.sim.call("deleteMessage", chat_id=scene.person, message_id=scene.text)
    assert await refused(late) == "Bad Request: message can't be deleted for everyone"


async def test_delete_messages_skips_those_that_are_gone(scene: Scene) -> None:
    ids = [scene.gone, scene.text, 999_999]
    assert await scene.sim.call("deleteMessages", chat_id=scene.person, message_ids=ids)
    assert scene.text not in scene.sim.core.world.chats[scene.person].messages


async def test_a_tap_is_answered_once_and_soon(scene: Scene) -> None:
    first, second = (scene.sim.phones.tap(scene.person, scene.person, scene.text, "ok") for _ in range(2))
    assert await scene.sim.call("answerCallbackQuery", callback_query_id=first, text="x" * 200)
    assert await refused(scene.sim.call("answerCallbackQuery", callback_query_id=first)) == TOO_OLD
    scene.clock.move(seconds=151)
    assert await refused(scene.sim.call("answerCallbackQuery", callback_query_id=second)) == TOO_OLD


async def test_a_replayed_tap_on_a_deleted_message_shows_it_inaccessible(scene: Scene) -> None:
    scene.sim.core.updates.clear()
    scene.sim.phones.tap(scene.person, scene.person, scene.gone, "old", replay=True)
    (update,) = scene.sim.core.updates.pending.values()
    message = update.payload["message"]
    assert message == {
        "message_id": scene.gone,
        "chat": {"id": scene.person, "first_name": "Ann", "type": "private"},
        "date": 0,
    }


async def test_limits_themselves_pass(scene: Scene) -> None:
    button = {"text": "a", "callback_data": "x" * 64}
    copy = {"text": "c", "copy_text": {"text": "x" * 256}}
    sent = await scene.sim.call(
        "sendMessage",
        chat_id=scene.person,
        text="<b>" + "x" * 4096 + "</b>",
        parse_mode="HTML",
        reply_markup=inline(button, copy, {"text": "u", "url": "https://sy.gov.cn"}),
    )
    assert len(sent["text"]) == 4096
    assert [b["text"] for b in sent["reply_markup"]["inline_keyboard"][0]] == ["a", "c", "u"]


async def test_a_missing_reply_target_can_be_allowed(scene: Scene) -> None:
    reply = {"message_id": scene.gone, "allow_sending_without_reply": True}
    sent = await scene.sim.call("sendMessage", chat_id=scene.person, text="x", reply_parameters=reply)
    assert "reply_to_message" not in sent


async def test_forward_and_copy(scene: Scene) -> None:
    source = {"chat_id": scene.person, "from_chat_id": scene.person, "message_id": scene.theirs}
    forwarded = await scene.sim.call("forwardMessage", **source)
    assert forwarded["forward_origin"]["sender_user"]["first_name"] == "Ann"
    assert await refused(
        scene.sim.call("editMessageText", chat_id=scene.person, message_id=forwarded["message_id"], text="x")
    ) == ("Bad Request: message can't be edited")
    copied = await scene.sim.call("copyMessage", **source, reply_markup=inline(OK))
    assert set(copied) == {"message_id"}


async def test_entities_are_ignored_beside_a_parse_mode(scene: Scene) -> None:
    bold = [{"type": "bold", "offset": 0, "length": 1}]
    plain = await scene.sim.call("sendMessage", chat_id=scene.person, text="ab", entities=bold)
    parsed = await scene.sim.call(
        "sendMessage", chat_id=scene.person, text="<i>ab</i>", parse_mode="html", entities=bold
    )
    assert plain["entities"] == bold
    assert parsed["entities"] == [{"type": "italic", "offset": 0, "length": 2}]


NAMES = sorted(
    {name for _, params, _ in CASES for name in params} | {"entities", "media", "scope", "caption"}
)
SCALARS = (
    st.none() | st.booleans() | st.integers(-5, 2**40) | st.text(max_size=5) | st.sampled_from(["attach://f"])
)
FIELDS = st.sampled_from(
    [
        *(
            "type",
            "media",
            "text",
            "url",
            "callback_data",
            "copy_text",
            "inline_keyboard",
            "keyboard",
            "user",
        ),
        *("offset", "length", "command", "description", "chat_id", "caption", "input_field_placeholder"),
    ]
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(FIELDS, inner, max_size=3),
    max_leaves=8,
)
METHODS = sorted(set(simulator().api.methods) - {"getupdates", "setwebhook"})


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(METHODS), st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=6))
async def test_no_parameter_breaks_the_server(method: str, values: dict[str, Any]) -> None:
    sim = simulator()
    ann = await started(sim)
    await sim.call("sendMessage", chat_id=ann.id, text="x")
    params = Params({"chat_id": ann.id, "message_id": 2} | values, {"f": Upload("f", "", b"x")})
    try:
        json.dumps(await sim.api.call(method, params)).encode()
    except ApiError as error:
        assert error.status in (400, 403)
