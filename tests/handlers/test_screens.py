"""A screen is a value; its calls fit Telegram's limits whatever its length."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from handlers.calls import ALBUM, CAPTION, to_calls
from handlers.screens import (
    Attachment,
    Button,
    ForceReply,
    RemoveKeys,
    ReplyKey,
    ReplyKeys,
    Screen,
    UnfitScreen,
    Wants,
    bold,
    code,
    lines,
    link,
    paragraphs,
    plain,
    quote,
    spoiler,
)
from handlers.splitting import LIMIT, split

PDF = Attachment("a.pdf", "application/pdf", content=b"%PDF")
PICTURE = Attachment("a.png", "image/png", content=b"png", picture=True, spoiler=True)


def test_a_plain_text_is_escaped_and_markup_stays() -> None:
    screen = Screen(lines(bold("<b> & <3"), None, "", "a & b"))
    assert screen.text == "<b>&lt;b&gt; &amp; &lt;3</b>\na &amp; b"
    assert screen.plain == "<b> & <3\na & b"
    assert Screen("1 < 2").text == "1 &lt; 2"


def test_the_words_of_a_text_are_escaped_in_every_form() -> None:
    evil = '<a href="x">'
    for form in (bold, code, spoiler, quote):
        assert evil not in form(evil)
        assert plain(form(evil)) == evil
    assert '"><' not in link("x", '"><script>')
    assert paragraphs("a", "b") == "a\n\nb"


@pytest.mark.parametrize(
    "make",
    [
        lambda: Screen(""),
        lambda: Screen("  ", buttons=((Button("a", "b"),),)),
        lambda: Screen(Markup("<b> </b>")),
        lambda: Screen("a", buttons=((Button("a", "b"),),), keyboard=RemoveKeys()),
        lambda: Screen("a", buttons=(tuple(Button(str(n), "x") for n in range(9)),)),
        lambda: Screen("a", buttons=tuple((Button(str(n), "x"),) for n in range(101))),
        lambda: Button("", "x"),
        lambda: Button("a"),
        lambda: Button("a", "x", url="https://example.org"),
        lambda: Button("a", "字" * 22),
        lambda: Button("a", copy="x" * 257),
        lambda: Attachment("a", "b"),
    ],
)
def test_what_telegram_would_refuse_can_not_be_made(make: Any) -> None:
    with pytest.raises(UnfitScreen):
        make()


@pytest.mark.parametrize(
    "screen",
    [
        Screen(
            paragraphs(bold("a<"), "b"), buttons=((Button("Go", "go:1"), Button("?", url="https://a.b")),)
        ),
        Screen("number", keyboard=ReplyKeys(((ReplyKey("Share", Wants.CONTACT), ReplyKey("Back")),), "hint")),
        Screen("reply", keyboard=ForceReply("hint")),
        Screen("gone", keyboard=RemoveKeys(), protect=True, links=True),
        Screen("file", attachments=(PDF, PICTURE), clears="taken"),
        Screen("stored", attachments=(Attachment("a.pdf", "application/pdf", digest="abc", caption="<c>"),)),
    ],
)
def test_a_screen_that_waits_in_the_outbox_comes_back_whole(screen: Screen) -> None:
    assert Screen.unpack(screen.pack()) == screen


def test_an_edit_always_carries_its_markup() -> None:
    (call,) = to_calls(Screen("a"), 5, edit=7)
    assert call.method == "editMessageText"
    assert call.params["message_id"] == 7
    assert call.params["reply_markup"] == {"inline_keyboard": []}


@pytest.mark.parametrize(
    "screen",
    [Screen("a", keyboard=ForceReply()), Screen("a", attachments=(PDF,)), Screen("a", clears="b")],
)
def test_what_can_not_be_edited_is_sent(screen: Screen) -> None:
    assert "editMessageText" not in [call.method for call in to_calls(screen, 5, edit=7)]


def test_a_topic_is_named_and_general_is_not() -> None:
    assert to_calls(Screen("a"), -5, thread=9)[0].params["message_thread_id"] == 9
    assert "message_thread_id" not in to_calls(Screen("a"), -5, thread=1)[0].params


def test_one_file_carries_the_text_and_the_buttons() -> None:
    (call,) = to_calls(Screen("a", attachments=(PDF,), buttons=((Button("x", "y"),),), protect=True), 5)
    assert call.method == "sendDocument"
    assert call.params["caption"] == "a"
    assert call.params["protect_content"]
    assert call.params["reply_markup"]["inline_keyboard"]


def test_albums_hold_ten_of_a_kind_and_the_buttons_come_below() -> None:
    screen = Screen("a", attachments=(PDF,) * 11 + (PICTURE,) * 2, buttons=((Button("x", "y"),),))
    calls = to_calls(screen, 5)
    assert [call.method for call in calls] == [
        "sendMediaGroup",
        "sendMediaGroup",
        "sendDocument",
        "sendMessage",
    ]
    pictures, documents = (call.params["media"] for call in calls[:2])
    assert {each["type"] for each in pictures} == {"photo"}
    assert all(each["has_spoiler"] for each in pictures)
    assert len(documents) == ALBUM
    assert all("reply_markup" not in call.params for call in calls[:3])
    assert [call.shows for call in calls] == [False, False, False, True]


def test_a_caption_too_long_is_a_message_of_its_own() -> None:
    long = Attachment("a.pdf", "application/pdf", content=b"x", caption="c" * (CAPTION + 1))
    assert [call.method for call in to_calls(Screen("", attachments=(long,)), 5)] == [
        "sendMessage",
        "sendDocument",
    ]
    text = Screen("t" * (CAPTION + 1), attachments=(PDF,))
    assert [call.method for call in to_calls(text, 5)] == ["sendDocument", "sendMessage"]


def test_a_hint_is_shortened_to_what_fits() -> None:
    (call,) = to_calls(Screen("a", keyboard=ForceReply("h" * 65)), 5)
    assert len(call.params["reply_markup"]["input_field_placeholder"]) == 64


def test_a_long_text_is_cut_between_paragraphs_and_the_buttons_stand_under_the_last() -> None:
    paragraph = "字" * 1500
    screen = Screen("\n\n".join([paragraph] * 5), buttons=((Button("x", "y"),),))
    calls = to_calls(screen, 5, edit=7)
    assert [call.method for call in calls] == ["editMessageText", "sendMessage", "sendMessage"]
    assert [call.params["text"] for call in calls] == ["\n\n".join([paragraph] * 2)] * 2 + [paragraph]
    assert [bool(call.params.get("reply_markup", {}).get("inline_keyboard")) for call in calls] == [
        False,
        False,
        True,
    ]


def test_tags_are_closed_at_a_cut_and_opened_again() -> None:
    first, second = split(quote(bold("a" * 3000 + "\n" + "b" * 3000)))
    assert first == f"<blockquote><b>{'a' * 3000}</b></blockquote>"
    assert second == f"<blockquote><b>{'b' * 3000}</b></blockquote>"


PIECES = st.one_of(
    st.text(alphabet=st.sampled_from("ab <>&\n字👩‍👩‍👧é"), max_size=300),
    st.text(max_size=60).map(bold),
    st.text(alphabet="字 \n", max_size=900).map(quote),
)


@given(st.lists(PIECES, max_size=40))
def test_every_piece_of_any_text_fits_and_is_well_formed(parts: list[str]) -> None:
    whole = lines(*parts)
    pieces = split(whole, 200)
    for piece in pieces:
        assert len(plain(piece).encode("utf-16-le")) // 2 <= 200
        opened: list[str] = []
        for closing, name in re.findall(r"<(/?)(\w+)[^>]*>", piece):
            if closing:
                assert opened.pop() == name
            else:
                opened.append(name)
        assert opened == []
    squeezed = "".join(plain(piece) for piece in pieces)
    assert re.sub(r"\s", "", squeezed) == re.sub(r"\s", "", plain(whole))


def test_the_limit_is_telegrams() -> None:
    assert LIMIT == 4096
