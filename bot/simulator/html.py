"""Telegram's HTML, byte by byte as tdlib/td reads it (MessageEntity.cpp, parse_html), with its error texts.

A span is (entity type, offset, length, value) in UTF-16 code units.
"""

import re
from dataclasses import dataclass

Span = tuple[str, int, int, str]

_SPACE = frozenset(b" \t\r\n\0\v")
_TOKEN = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-")
_NAME_END = frozenset(b" \t\r\n\0\v=>/\"'")
_STYLES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "u": "underline",
    "ins": "underline",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
}
_TAGS = frozenset(_STYLES) | {"a", "tg-emoji", "tg-time", "pre", "code", "blockquote"}
_ENTITY = re.compile(rb"&(?:#x([0-9a-fA-F]*)|#([0-9]*)|([A-Za-z]*))(;?)")
_NAMED = {b"lt": "<", b"gt": ">", b"amp": "&", b"quot": '"'}
_LINK = re.compile(
    r"(?:[a-z][a-z0-9+.-]*://)?[^\s/]+\.[^\s/]+.*|tg:(?://)?\S+|ton(?:site)?:(?://)?\S+", re.I | re.S
)
_USER_LINK = re.compile(r"tg:(?://)?user\?id=(\d+)", re.I)


class HtmlError(ValueError):
    """The markup is broken; the message is Telegram's text after "can't parse entities: "."""


def parse_html(raw: str) -> tuple[str, list[Span]]:
    """Text without markup and its spans. Raises HtmlError."""
    if "<" not in raw and "&" not in raw:
        return raw, []
    return _Parser(raw.encode() + b"\0").parse()


@dataclass(slots=True)
class _Open:
    tag: str
    argument: str
    offset: int
    pieces: int


class _Parser:
    def __init__(self, source: bytes) -> None:
        self.source = source  # ends with a NUL, as a C string does
        self.end = len(source) - 1
        self.at = 0
        self.out: list[str] = []
        self.offset = 0
        self.open: list[_Open] = []
        self.spans: list[Span] = []

    def parse(self) -> tuple[str, list[Span]]:
        source = self.source
        while self.at < self.end:
            byte = source[self.at]
            if byte == 0x26:
                self._reference()
            elif byte == 0x3C:
                if source[self.at + 1] == 0x2F:
                    self._end_tag()
                else:
                    self._start_tag()
            else:
                stop = _next_special(source, self.at, self.end)
                self._write(source[self.at : stop].decode())
                self.at = stop
        if self.open:
            raise HtmlError(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        spans = [
            (kind, at, length, "" if kind == "code" else value) for kind, at, length, value in self.spans
        ]
        return "".join(self.out), spans

    def _write(self, text: str) -> None:
        self.out.append(text)
        self.offset += len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2

    def _reference(self) -> None:
        text, after = _decode_reference(self.source, self.at)
        if text is not None and len(text) == 1 and 0xD800 <= ord(text) <= 0xDFFF:
            raise HtmlError(
                "Text contains invalid Unicode characters after decoding HTML entities, check for unmatched "
                "surrogate code units"
            )
        self._write("&" if text is None else text)
        self.at = after if text is not None else self.at + 1

    def _start_tag(self) -> None:
        source, begin = self.source, self.at
        at = begin + 1
        while source[at] not in _SPACE and source[at] != 0x3E:
            at += 1
        if at >= self.end:
            raise HtmlError(f"Unclosed start tag at byte offset {begin}")
        tag = source[begin + 1 : at].decode(errors="replace").lower()
        if tag not in _TAGS:
            raise HtmlError(f'Unsupported start tag "{tag}" at byte offset {begin}')
        argument, self.at = self._attributes(tag, begin, at)
        if tag == "span" and argument != "spoiler":
            raise HtmlError(f'Tag "span" must have class "tg-spoiler" at byte offset {begin}')
        self.at += 1
        self.open.append(_Open(tag, argument, self.offset, len(self.out)))

    def _attributes(self, tag: str, begin: int, at: int) -> tuple[str, int]:
        """The one attribute that matters for `tag`, and where its `>` stands."""
        source, argument = self.source, ""
        while source[at] != 0x3E:
            at = self._skip_space(at)
            if source[at] == 0x3E:
                break
            start = at
            while source[at] not in _NAME_END:
                at += 1
            name = source[start:at].decode(errors="replace")
            if not name:
                raise HtmlError(f'Empty attribute name in the tag "{tag}" at byte offset {begin}')
            at = self._skip_space(at)
            if source[at] != 0x3D:
                if at >= self.end:
                    raise HtmlError(f'Unclosed start tag "{tag}" at byte offset {begin}')
                if tag == "blockquote" and name == "expandable":
                    argument = "1"
                continue
            at = self._skip_space(at + 1)
            if at >= self.end:
                raise HtmlError(f'Unclosed start tag "{tag}" at byte offset {begin}')
            value, at = self._value(at)
            if at >= self.end:
                raise HtmlError(f"Unclosed start tag at byte offset {begin}")
            argument = _argument(tag, name, value, argument)
        return argument, at

    def _value(self, at: int) -> tuple[str, int]:
        source = self.source
        if source[at] not in b"'\"":
            start = at
            while source[at] in _TOKEN:
                at += 1
            if source[at] not in _SPACE and source[at] != 0x3E:
                raise HtmlError(f"Unexpected end of name token at byte offset {start}")
            return source[start:at].decode().lower(), at
        quote, at = source[at], at + 1
        parts: list[bytes] = []
        while source[at] != quote and at < self.end:
            if source[at] == 0x26:
                text, after = _decode_reference(source, at)
                if text is not None:
                    parts.append(text.encode("utf-8", "surrogatepass"))
                    at = after
                    continue
            parts.append(source[at : at + 1])
            at += 1
        return b"".join(parts).decode("utf-8", "replace"), min(at + 1, self.end) if at < self.end else at

    def _skip_space(self, at: int) -> int:
        while at < self.end and self.source[at] in _SPACE:
            at += 1
        return at

    def _end_tag(self) -> None:
        source, begin = self.source, self.at
        if not self.open:
            raise HtmlError(f"Unexpected end tag at byte offset {begin}")
        at = begin + 2
        while source[at] not in _SPACE and source[at] != 0x3E:
            at += 1
        name = source[begin + 2 : at].decode(errors="replace").lower()
        at = self._skip_space(at)
        if source[at] != 0x3E:
            raise HtmlError(f"Unclosed end tag at byte offset {begin}")
        opened = self.open[-1]
        if name and name != opened.tag:
            raise HtmlError(
                f'Unmatched end tag at byte offset {begin}, expected "</{opened.tag}>", found "</{name}>"'
            )
        self.open.pop()
        if self.offset > opened.offset:
            self._close(opened)
        self.at = at + 1

    def _close(self, opened: _Open) -> None:
        at, length = opened.offset, self.offset - opened.offset
        tag, argument = opened.tag, opened.argument
        if tag in _STYLES:
            self.spans.append((_STYLES[tag], at, length, ""))
        elif tag == "tg-emoji":
            if not argument.isdigit() or int(argument) == 0:
                raise HtmlError("Invalid custom emoji identifier specified")
            self.spans.append(("custom_emoji", at, length, argument))
        elif tag == "a":
            self._link(argument or "".join(self.out[opened.pieces :]), at, length)
        elif tag == "blockquote":
            self.spans.append(("expandable_blockquote" if argument else "blockquote", at, length, ""))
        elif tag in ("pre", "code"):
            self._code(tag, at, length, argument)

    def _link(self, url: str, at: int, length: int) -> None:
        user = _USER_LINK.fullmatch(url)
        if user:
            self.spans.append(("text_mention", at, length, user.group(1)))
        elif _LINK.fullmatch(url):
            whole = url if re.match(r"[a-z][a-z0-9+.-]*:", url, re.I) else "http://" + url
            self.spans.append(
                ("text_link", at, length, whole if "/" in whole.split("://", 1)[-1] else whole + "/")
            )

    def _code(self, tag: str, at: int, length: int, argument: str) -> None:
        """`<pre><code class="language-x">`, in either nesting, is one pre with a language."""
        last = self.spans[-1] if self.spans else None
        if last and last[1:3] == (at, length):
            if tag == "pre" and last[0] == "code" and last[3]:
                self.spans[-1] = ("pre", at, length, last[3])
                return
            if tag == "code" and last[0] == "pre" and argument:
                self.spans[-1] = ("pre", at, length, argument)
                return
        self.spans.append((tag, at, length, argument))


def _argument(tag: str, name: str, value: str, argument: str) -> str:
    if tag == "a" and name == "href":
        return value
    if tag == "code" and name == "class" and value.startswith("language-"):
        return value[9:]
    if tag == "span" and name == "class" and value.startswith("tg-"):
        return value[3:]
    if tag == "tg-emoji" and name == "emoji-id":
        return value
    if tag == "blockquote" and name == "expandable":
        return "1"
    return argument


def _next_special(source: bytes, at: int, end: int) -> int:
    less, ampersand = source.find(b"<", at, end), source.find(b"&", at, end)
    stops = [stop for stop in (less, ampersand) if stop >= 0]
    return min(stops) if stops else end


def _decode_reference(source: bytes, at: int) -> tuple[str | None, int]:
    """The character that `&…` at `at` stands for, or None when it is plain text (td decode_html_entity)."""
    match = _ENTITY.match(source, at)
    if match is None:
        return None, at
    hexadecimal, decimal, name, semicolon = match.groups()
    if name is not None:
        return _NAMED.get(name), match.end()
    digits = hexadecimal if hexadecimal is not None else decimal
    code = int(digits or b"0", 16 if hexadecimal is not None else 10)
    length = match.end() - len(semicolon) - at
    if code == 0 or code >= 0x10FFFF or length >= 10:
        return None, at
    return chr(code), match.end()
