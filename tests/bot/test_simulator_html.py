"""Telegram's HTML: what becomes text and entities, and each error text with its byte offset (td MessageEntity.cpp)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.simulator.entities import Entity, TextError, format_text, utf16_length

ERRORS = {
    "a < b": 'Unsupported start tag "" at byte offset 2',
    "I <3 you": 'Unsupported start tag "3" at byte offset 2',
    "a<b": "Unclosed start tag at byte offset 1",
    "<": "Unclosed start tag at byte offset 0",
    "x <x>y</x>": 'Unsupported start tag "x" at byte offset 2',
    "王芳 <x>": 'Unsupported start tag "x" at byte offset 7',
    "😀<Table>": 'Unsupported start tag "table" at byte offset 4',
    "<b>a</i>": 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"',
    "<b><i>a</b></i>": 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"',
    "a</b>": "Unexpected end tag at byte offset 1",
    "<b>a</b": "Unclosed end tag at byte offset 4",
    "<b>cut": 'Can\'t find end tag corresponding to start tag "b"',
    '<a href="http://x.y">cut': 'Can\'t find end tag corresponding to start tag "a"',
    '<a ="x">a</a>': 'Empty attribute name in the tag "a" at byte offset 0',
    "<a href": 'Unclosed start tag "a" at byte offset 0',
    "<a href=": 'Unclosed start tag "a" at byte offset 0',
    '<a href="x.y': "Unclosed start tag at byte offset 0",
    "<a href=x/y>a</a>": "Unexpected end of name token at byte offset 8",
    "<span>a</span>": 'Tag "span" must have class "tg-spoiler" at byte offset 0',
    "<tg-emoji emoji-id=x>a</tg-emoji>": "Invalid custom emoji identifier specified",
    "&#xD800;": "Text contains invalid Unicode characters after decoding HTML entities, "
    "check for unmatched surrogate code units",
}


@pytest.mark.parametrize(("raw", "text"), ERRORS.items(), ids=ERRORS)
def test_broken_markup_is_refused_in_telegrams_words(raw: str, text: str) -> None:
    with pytest.raises(TextError) as caught:
        format_text(raw, "HTML")
    assert str(caught.value) == f"Can't parse entities: {text}"


READINGS = {
    "<b>王</b>芳": ("王芳", [Entity("bold", 0, 1)]),
    "😀<I>a</I>": ("😀a", [Entity("italic", 2, 1)]),
    "<b>a<i>b</></>c": ("abc", [Entity("bold", 0, 2), Entity("italic", 1, 1)]),
    "<ins>a</ins><del>b</del>": ("ab", [Entity("underline", 0, 1), Entity("strikethrough", 1, 1)]),
    '<span class="tg-spoiler">s</span>': ("s", [Entity("spoiler", 0, 1)]),
    "<tg-spoiler>s</tg-spoiler>": ("s", [Entity("spoiler", 0, 1)]),
    '<a href="https://x.cn/a?b=1&amp;c">go</a>': ("go", [Entity("text_link", 0, 2, "https://x.cn/a?b=1&c")]),
    '<a href="no link">go</a>': ("go", []),
    '<pre><code class="language-py">x</code></pre>': ("x", [Entity("pre", 0, 1, "py")]),
    '<code class="language-py">x</code>': ("x", [Entity("code", 0, 1)]),
    "<blockquote expandable>q</blockquote>": ("q", [Entity("expandable_blockquote", 0, 1)]),
    "&lt;b&gt; &amp; &quot;&#1047;&#x1F600;": ('<b> & "З😀', []),
    "&nbsp;&unknown; & &": ("&nbsp;&unknown; & &", []),
    "<b></b>a": ("a", []),
    "<b>a</b><b>b</b>": ("ab", [Entity("bold", 0, 2)]),
    "  \n<b>a </b>\n ": ("a", [Entity("bold", 0, 1)]),
    "<b>a\u202eb</b>c": ("abc", [Entity("bold", 0, 2)]),
    "a\r\n\tb": ("a\n b", []),
}


@pytest.mark.parametrize(("raw", "expected"), READINGS.items(), ids=READINGS)
def test_markup_becomes_text_and_entities(raw: str, expected: tuple[str, list[Entity]]) -> None:
    formatted = format_text(raw, "HTML")
    assert (formatted.text, list(formatted.entities)) == expected


FOUND = {
    "/start abc": [("bot_command", 0, 6)],
    "see /help@office_bot now": [("bot_command", 4, 16)],
    "a/b 1/2": [],
    "mail anna@gmail.com": [("email", 5, 14)],
    "王芳 https://sy.gov.cn/x.": [("url", 3, 19)],
    "@office_bot #visa": [("mention", 0, 11), ("hashtag", 12, 5)],
}


@pytest.mark.parametrize(("text", "expected"), FOUND.items(), ids=FOUND)
def test_links_and_commands_are_found_without_markup(text: str, expected: list[tuple[str, int, int]]) -> None:
    assert [(e.type, e.offset, e.length) for e in format_text(text).entities] == expected


@pytest.mark.parametrize(
    ("raw", "mode", "error"),
    [
        ("", "HTML", "Text must be non-empty"),
        (" \n", "", "Text must be non-empty"),
        ("\u200b", "", "Text must be non-empty"),
        ("<b> </b>", "HTML", "Text must be non-empty"),
        ("x" * 32769, "", "Text is too long"),
        ("王" * 10923, "", "Text is too long"),
        ("x", "Markup", "Unsupported parse_mode"),
    ],
)
def test_texts_that_are_no_texts(raw: str, mode: str, error: str) -> None:
    with pytest.raises(TextError, match=f"^{error}$"):
        format_text(raw, mode)


@given(st.text(alphabet="ab<>/&;=\"' bi\u202e😀王#x10\n", max_size=60))
def test_any_text_is_read_or_refused_and_entities_lie_inside(raw: str) -> None:
    try:
        formatted = format_text(raw, "HTML")
    except TextError:
        return
    length = utf16_length(formatted.text)
    assert all(e.offset >= 0 and e.length > 0 and e.end <= length for e in formatted.entities)


@given(st.text(max_size=40))
def test_escaped_text_comes_out_as_it_was(raw: str) -> None:
    escaped = raw.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    try:
        plain = format_text(raw).text
    except TextError:
        return
    assert format_text(escaped, "HTML").text == plain
