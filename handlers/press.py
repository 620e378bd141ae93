"""The press: a letter's content becomes a PDF through typst; templates and fonts that an office can replace.

Everything that a person typed reaches typst as data (JSON), never as markup.
"""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime, time
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any

import pylopdf_fonts_zh_cn as our_fonts
import segno
import typst

from handlers.letters import LetterContent, Table, Words, words_of
from storage.letters import show_code

TEMPLATES = Path(__file__).parent / "templates"

GETA = "〓"
"""What stands for a sign that no font has, as in lead type: somebody sees it and writes it in by hand."""

LATIN = "Libertinus Serif"
"""Comes inside typst; knows the letters of Polish, Turkish and Vietnamese names, which Noto SC does not."""
SONG = "Noto Serif SC"
HEI = "Noto Sans SC"

PROBE = f'#set text(font: ("{LATIN}", "{SONG}"))\n#sys.inputs.text'.encode()
"""Prints a text in any font there is. It goes with every call: typst forgets a source given as bytes."""

# The faces of GB/T 9704-2012 under the names that fonts in use give themselves; the office's own come first.
DISPLAY_FACES = (
    "FZXiaoBiaoSong-B05S",
    "FZXiaoBiaoSong-B05",
    "方正小标宋简体",
    "方正小标宋_GBK",
    "FZXiaoBiaoSong_GBK",
)
BODY_FACES = (
    "FangSong_GB2312",
    "仿宋_GB2312",
    "FangSong",
    "仿宋",
    "FZFangSong-Z02S",
    "方正仿宋简体",
    "方正仿宋_GBK",
)
HEADING_FACES = ("SimHei", "黑体", "FZHei-B01S", "方正黑体简体", "方正黑体_GBK")
SONG_FACES = ("SimSun", "宋体", "FZShuSong-Z01S", "方正书宋简体", "方正书宋_GBK")


_LONG_WORD = re.compile(r"[!-\u058f]{23,}")  # Latin, Greek and Cyrillic; Han breaks anywhere by itself
_PIECE = re.compile(r".{1,11}")


class NoSuchTemplate(LookupError):
    """A service names a template that neither the office's folder nor ours holds."""

    def __init__(self, template: str) -> None:
        super().__init__(template)
        self.template = template


class BrokenTemplate(ValueError):
    """typst could not read a template; `diagnostic` names the file, the line and the reason."""

    def __init__(self, template: str, diagnostic: str) -> None:
        super().__init__(f"{template}: {diagnostic}")
        self.template = template
        self.diagnostic = diagnostic


class Press:
    """Makes letters; one for a process, kept warm. Safe to use from several threads.

    `templates` is the office's folder of `.typ` files, each of which replaces ours of the same name (and
    whatever pictures they show); `fonts` its folder of font files, for faces and rare signs that ours lack.
    Both are read when it is made: after a change the process starts anew.
    """

    def __init__(self, templates: Path | None = None, fonts: Path | None = None) -> None:
        self._kept = TemporaryDirectory(
            prefix="letters-"
        )  # typst reads from one root: ours, the office's over it
        self._root = Path(self._kept.name)
        for folder in (TEMPLATES, templates):
            if folder:
                shutil.copytree(folder, self._root, dirs_exist_ok=True)
        folders = [str(folder) for folder in (our_fonts.serif_path().parent, fonts) if folder]
        found = typst.Fonts(include_system_fonts=False, font_paths=folders)
        self._faces = _faces(found.families())
        self._printable: dict[str, bool] = {}
        self._compiler = typst.Compiler(root=self._root, font_paths=found, ignore_system_fonts=True)
        self._prober = typst.Compiler(font_paths=found, ignore_system_fonts=True)
        self._setting, self._probing = Lock(), Lock()  # a typst compiler refuses two callers at once

    async def typeset_off_loop(self, content: LetterContent) -> bytes:
        """`typeset` in a thread: typst leaves the interpreter free while it works."""
        return await asyncio.to_thread(self.typeset, content)

    def typeset(self, content: LetterContent) -> bytes:
        """The letter as PDF: fonts embedded, text selectable, the same bytes for the same content.

        Signs that no font has stand as `GETA`. Raises NoSuchTemplate, BrokenTemplate.
        """
        template = self._root / content.template
        if Path(content.template).name != content.template or not template.is_file():
            raise NoSuchTemplate(content.template)
        values = json.dumps(self._values(content), ensure_ascii=False)
        # PDF/A-2a (ISO 19005-2: Unicode and structure for decades), PDF/UA-1 (ISO 14289-1: can be read aloud)
        try:
            with self._setting:
                made = self._compiler.compile(
                    template,
                    format="pdf",
                    sys_inputs={"letter": values},
                    pdf_standards=["a-2a", "ua-1"],
                    timestamp=datetime.combine(content.signed, time(), UTC),
                )
        except typst.TypstError as error:
            raise BrokenTemplate(content.template, error.diagnostic) from None
        return made if isinstance(made, bytes) else b"".join(made or ())

    def missing_glyphs(self, text: str) -> str:
        """The signs of a text that no font has (𠮷), each once and in order; empty when it can be printed.

        Known signs cost a look into a table; new ones a millisecond, once.
        """
        signs = list(dict.fromkeys(_cleaned(text)))
        self._learn([sign for sign in signs if sign not in self._printable])
        return "".join(sign for sign in signs if not self._printable[sign])

    def _learn(self, signs: Sequence[str]) -> None:
        if self._prints("".join(signs)):
            self._printable.update(dict.fromkeys(signs, True))
        else:
            self._printable.update({sign: self._prints(sign) for sign in signs})

    def _prints(self, text: str) -> bool:
        """PDF/A refuses a sign without a glyph: so typst itself says what it can print, in whichever font."""
        if not text.strip():
            return True
        try:
            with self._probing:
                self._prober.compile(PROBE, format="pdf", sys_inputs={"text": text}, pdf_standards="a-2u")
        except typst.TypstError:
            return False
        return True

    def _values(self, content: LetterContent) -> dict[str, Any]:
        """The content as the templates read it: only strings, numbers, lists and tables of these."""
        values: dict[str, Any] = self._printed(asdict(content))
        values["signed"] = {part: getattr(content.signed, part) for part in ("year", "month", "day")}
        values["date"] = asdict(Words.day(content.signed))
        values["code_shown"] = show_code(content.code)
        values["verify_url"] = content.verify_url
        values["qr"] = _qr(content.verify_url)
        values["faces"] = self._faces
        for name in ("tables", "annexes"):
            for table, shown in zip(getattr(content, name), values[name], strict=True):
                shown.update(_shape(table, may_turn=name == "annexes"))
        return values

    def _printed(self, value: Any) -> Any:
        if isinstance(value, str):
            clean = _cleaned(value)
            missing = self.missing_glyphs(clean)
            return _breakable(clean.translate({ord(sign): GETA for sign in missing}))
        if isinstance(value, dict):
            return {key: self._printed(part) for key, part in value.items()}
        if isinstance(value, (list, tuple)):
            return [self._printed(part) for part in value]
        return None if value is None else value


def _faces(families: Sequence[str]) -> dict[str, Any]:
    """Which fonts set which part: the office's own faces of the standard before ours."""
    known = {family.casefold(): family for family in families}

    def own(wanted: Sequence[str], ours: str) -> list[str]:
        return [*(known[name.casefold()] for name in wanted if name.casefold() in known), ours]

    display = own(DISPLAY_FACES, SONG)
    return {
        "latin": LATIN,
        "display": display,
        "body": own(BODY_FACES, SONG),
        "heading": own(HEADING_FACES, HEI),
        "song": own(SONG_FACES, SONG),
        "drawn_bolder": display == [SONG],
    }


def _cleaned(text: str) -> str:
    """Without signs that have no shape but change how others read: controls, direction marks, joiners."""
    lines = text.replace("\r\n", "\n").replace("\u2028", "\n").replace("\u2029", "\n").replace("\t", " ")
    kept = "".join(
        sign for sign in lines if sign == "\n" or unicodedata.category(sign) not in {"Cc", "Cf", "Cs"}
    )
    return unicodedata.normalize("NFC", kept)


def _breakable(text: str) -> str:
    """Let a word without a gap, an address or a very long name, be broken where its column ends."""
    return _LONG_WORD.sub(lambda word: "\u200b".join(_PIECE.findall(word.group())), text)


LINE, TURNED_LINE = 83.0, 125.0
"""What a table's line of 156 mm, or of 234 mm on a turned page, holds in Latin letters."""
SHORT = 17.0
"""What a column may have without asking: a date, a passport number, the pieces of a very long word."""


def _shape(table: Table, *, may_turn: bool) -> dict[str, Any]:
    """Whether the page is turned for the table, and the share of each column.

    Short columns have what they want, long ones divide the rest and wrap.
    """
    columns = list(zip(table.header, *table.rows, strict=True))
    wanted = [max(map(_width, column)) + 2.5 for column in columns]
    turned = may_turn and sum(wanted) > 2 * LINE
    line = TURNED_LINE if turned else LINE
    if sum(wanted) > line:
        roots = sum(want**0.5 for want in wanted if want > SHORT)
        rest = line - sum(want for want in wanted if want <= SHORT)
        wanted = [want if want <= SHORT else max(SHORT, rest * want**0.5 / roots) for want in wanted]
    return {"turned": turned, "widths": wanted}


def _width(words: Words) -> float:
    """The longest line of a cell, in Latin letters; English is set smaller."""
    return max(
        *map(_letters, words.zh.split("\n")), *(0.86 * _letters(line) for line in words.en.split("\n"))
    )


def _letters(text: str) -> float:
    return sum(
        2.0 if unicodedata.east_asian_width(sign) in "WF" else 1.3 if sign.isupper() else 1.0 for sign in text
    )


def _qr(address: str) -> str:
    drawn = BytesIO()
    segno.make(address, error="m").save(drawn, kind="svg", border=0, xmldecl=False, svgns=True, nl=False)
    return drawn.getvalue().decode()


def unprintable(press: Press, content: LetterContent) -> str:
    """The signs of a whole letter that would stand as `GETA`: for the officer who is about to sign it."""
    return press.missing_glyphs("".join(words.zh + words.en for words in words_of(content)))
