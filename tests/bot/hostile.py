"""What people send that nobody asked for: texts, files, commands and callback data of a hostile mind."""

from __future__ import annotations

import random
import struct
import zlib

TEXTS = (
    "<b>bold</b> & </i> <a href='tg://user?id=1'>x</a> &lt;script&gt; CANARY",
    "</b></i></code></blockquote>", "&", "&amp;amp;", "<", ">", "`*_[]()~>#+-=|{}.!\\",
    "{number} {0} %s %(name)s ${x}", "CANARY \u202eevil\u202c \u200f\u200e\u2066x\u2069", "\u200b",
    "\u2800\u3164", "　　 \u00a0 .", "\x00nul\x00", "\x07\x1b[31mred\x1b[0m", "a\u0000b CANARY",
    "👩‍👩‍👧‍👦" * 40, "🏳️‍🌈", "é" * 300, "Z̵̡̛̺̹" * 200, "１２３４５６７８９０", "٣٤٥", "²³", "Ⅷ", "𠮷野家", "ﷺ" * 30,
    "w" * 4096, "CANARY " * 500, "很长" * 2048, "-1", "0", "99999999999999999999999999", "1e309", "NaN",
    "-0.0", "0x41", "null", "None", "'; DROP TABLE cases; --", "%", "_%", "\\", "../../etc/passwd",
    "2027-02-30", "31/12/9999 - 01/01/0001", "@" * 300, "a@b." + "c" * 300, "+" + "9" * 500, "(" * 2000,
    "1," * 2000, "http://evil.example/?q=" + "a" * 2000, "\ud800", "\ufffe\uffff", "\r\n\r\n.",
    "\u2028\u2029x", "秘密★10年 CANARY", "救命", "help me",
)  # fmt: skip
ANSWERS = (
    "yes", "no", "是", "否", "1", "2", "3", "王芳", "SMITH, CANARY", "CANARY",
    "Talks with CANARY on bridges and roads", "Germany", "德国", "Munich", "3 March 2027", "2027-04-01",
    "2027-04-01 to 2027-04-06", "+86 138 0013 8000", "canary@example.org", "11010519491231002X",
    "100000 CNY", "5", "12 days", "男", "female", "沈阳市商务局 11210100001580001N", "I confirm", "I agree",
    "skip", "back", "上一步", "Liaoning", "2", "4", "和平区", "The paper is not complete, CANARY", "请补充材料",
    "next friday", "Engineer at CANARY works, for six years now",
)  # fmt: skip
COMMANDS = (
    "/start", "/apply", "/cases", "/language", "/privacy", "/help", "/cancel", "/desk", "/case", "/CASES",
    "/help@shenqiao_demo_bot", "/start staff_0123456789abcdef01234567", "/start staff_", "/start unit_%",
    "/start v_ABCDEFGHJK", "/start v_", "/start v_'; --", "/start " + "x" * 64, "/start invitation_letter",
    "/start official_visit", "/start talent_registration", "/start overseas_chinese_service",
    "/start __class__", "/case N", "/case SYFAO-2026-0000N", "/case SYFAO-2026-00001",
    "/case 2026 99999999999999999999999999", "/case %", "/case QUIVERWING", "/case 王",
    "/case " + "z" * 4000, "/", "//", "/ help", "/unknown", "/\u202ehelp", "/start\x00", "/review",
    "/admin", "/case ٢٠٢٦-٠٠٠٠١", "/start staff_" + "é" * 60, "/verify ABCDEFGHJK",
)  # fmt: skip
TOYS: tuple[dict[str, object], ...] = (
    {"sticker": "🙂"},
    {"voice": True},
    {"contact": {"own": True}},
    {"contact": {"phone_number": "+8613900000000", "first_name": "<b>&", "user_id": 1101}},
    {"contact": {"phone_number": "not a number", "first_name": "x" * 200}},
    {"contact": {"phone_number": "", "first_name": "x"}},
    {"location": {"latitude": 41.8, "longitude": 123.4}},
    {"location": {"latitude": -90.0, "longitude": 180.0}},
)
LANGUAGES = (
    "zh-hans", "zh-hant", "en", "de", "fr", "ja", "<b>", "../../x", "zh_", "", "xx-YY-zzzz" * 30, "en\x00",
    "ru", "ko", None,
)  # fmt: skip


def _bomb() -> bytes:
    """A PNG of 25,000 times 25,000 points in less than 100 KB."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    side, packer = 25_000, zlib.compressobj(9)
    line = b"\0" * (1 + side // 8)
    points = b"".join(packer.compress(line) for _ in range(side)) + packer.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", points) + chunk(b"IEND", b"")


FILES: tuple[tuple[str, bytes | None, str, str], ...] = (
    ("paper.pdf", None, "document", ""),
    ("photo.jpg", None, "document", "<b>&"),
    ("photo.jpg", None, "photo", ""),
    ("letter.docx", None, "document", "x" * 1024),
    ("../../etc/passwd", b"root:x:0:0", "document", ""),
    ("..\\..\\windows\\win.pdf", None, "document", ""),
    ("a\u202egpj.exe", b"MZ\x90\x00" + b"\0" * 64, "document", ""),
    ("a\u202efdp.pdf", None, "document", ""),
    ("\x00.pdf", None, "document", ""),
    ("<b>&</b>.pdf", None, "document", ""),
    ("n" * 300 + ".pdf", None, "document", ""),
    (".pdf", None, "document", ""),
    ("empty.pdf", b"", "document", ""),
    ("broken.pdf", b"%PDF-1.7\n" + b"\xff" * 200, "document", ""),
    ("bomb.png", _bomb(), "document", ""),
    ("macro.docm", b"PK\x03\x04" + b"\0" * 40, "document", ""),
    ("locked.pdf", None, "document", ""),
    ("note.txt", b"hello", "document", "机密"),
    ("secret.pdf", None, "document", "机密★"),
    ("page.html", b"<script>alert(1)</script>", "document", ""),
)


NUMBERS = (
    "0", "1", "2", "3", "4", "5", "7", "12", "-1", "99", "999999999", "9" * 19, "9" * 25, "٣", "１", "²",
    "", "x",
)  # fmt: skip
SHAPES = (
    "d:#:#:send", "d:#:#:send1", "d:#:#:later", "d:#:#:p#", "d:#:#:o#", "d:#:#:g#", "d:#:#:t#", "d:#:#:m#",
    "d:#:#:r#", "d:#:#:back", "d:#:#:skip", "d:#:#:same", "d:#:#:stand", "d:#:#:done", "d:#:#:add", "d:#",
    "d", "D:#", "c:#", "c:#:letter", "c:#:withdraw", "c:#:withdraw_sure", "c:#:correct", "c:#:copy",
    "c:#:object", "c:#:urge", "c:#:drop", "c:#:ask_revocation", "c:#:amend", "case:#", "case:#:files",
    "case:#:history", "case:#:secrets", "case:#:card", "review:#:#:approve", "review:#:#:approve.sure",
    "review:#:#:refuse.r#", "review:#:#:return.x#", "review:#:#:return.p#", "review:#:#:return.ok",
    "review:#:#:amend.x#", "review:#:#:hold", "review:#:#:revoke.sure", "review:#:#:withdraw",
    "review:#:#:object", "review:#:#:lift", "review:#:#:expire", "review:#:#:close", "desk", "desk:#",
    "m:#", "m:cases#", "m:start", "m:help", "m:language", "m:privacy", "s:#", "s:invitation_letter",
    "b:invitation_letter", "b:official_visit", "a:", "a:talent_registration", "l:zh_Hans", "l:en", "l:xx",
    "l:", "again", "", ":", "::::", "\x00", "é" * 32,
)  # fmt: skip
"""Callback data as our screens have it; # stands for a number."""


def callback(dice: random.Random) -> str:
    """Callback data in our shapes, with numbers of anybody's choosing."""
    shape = dice.choice(SHAPES)
    while "#" in shape:
        shape = shape.replace("#", dice.choice(NUMBERS), 1)
    return shape.encode()[:64].decode(errors="ignore") or ":"


def mutated(data: str, dice: random.Random) -> str:
    """The data with one sign changed, dropped or doubled."""
    at = dice.randrange(len(data)) if data else 0
    sign = dice.choice("0123456789:.-_xé\u0663")
    new = dice.choice(
        (data[:at] + sign + data[at + 1 :], data[:at] + data[at + 1 :], data[:at] + sign + data[at:])
    )
    return new.encode()[:64].decode(errors="ignore") or ":"
