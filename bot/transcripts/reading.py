"""The format of transcripts, read into steps: English and Chinese wordings of each kind of line stand in one table."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from .script import (
    Delivers,
    Edits,
    Forges,
    Forwards,
    Hears,
    ItIs,
    Line,
    MessageGone,
    Passes,
    Receives,
    Says,
    SeesButtons,
    SeesCard,
    SeesNothingOf,
    SendsFiles,
    SendsSticker,
    SendsVoice,
    SharesContact,
    SharesPlace,
    StartsAgain,
    Step,
    Taps,
    Transcript,
    TypesCode,
    Unreadable,
)

BOT = ("Bot", "机器人")
SHENYANG = ZoneInfo("Asia/Shanghai")

_PERSON = re.compile(
    r"^\*\*(?P<who>[^*]+)\*\*(?: ?[(（](?P<language>[A-Za-z_-]+)[)）])?(?P<rest>.*)$", re.DOTALL
)
_TOLD = re.compile(
    r"^\*(?:As in|同) ?\[[^\]]*\]\((?P<file>[\w./-]+\.md)\)"
    r"(?:(?:, up to|，至) ?[“「](?P<section>[^”」]+)[”」](?:之前)?)?[.。]?\*$"
)
_STAGE = re.compile(r"^\*(?P<said>[^*].*?)[.。]?\*$")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})|\\(n)")
_LISTED = re.compile(r"\s*[,，、]\s*")


def read_file(path: Path) -> Transcript:
    """The transcript in a file. Raises Unreadable, OSError."""
    return read(path.read_text(encoding="utf-8"), path)


def read(text: str, path: Path | None = None) -> Transcript:
    """A transcript from its Markdown; `path` is where it lies: other files are looked for there. Raises Unreadable."""
    reader = _Reader(path or Path("transcript"))
    for number, source in _logical_lines(text, reader.path):
        reader.take(f"{reader.path.name}:{number}", source)
    return reader.done()


class _Reader:
    """One file: what was read of it so far, and who was met."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._titles: list[str] = []
        self._lines: list[Line] = []
        self._sections: dict[str, int] = {}
        self._met: dict[str, str] = {}

    def done(self) -> Transcript:
        """The whole. Raises Unreadable without a title, with two, or where nothing happens."""
        if len(self._titles) != 1:
            why = "a transcript has one title: a line that begins with '# '"
            raise Unreadable(self.path.name, "; ".join(self._titles), why)
        if not self._lines:
            raise Unreadable(self.path.name, self._titles[0], "nothing happens in it")
        return Transcript(self._titles[0], tuple(self._lines), self._sections)

    def take(self, place: str, source: str) -> None:
        """One line: a heading, what another file tells, a direction, what somebody does, or prose."""
        if source.startswith("# "):
            self._titles.append(source[2:].strip())
        elif source.startswith("#"):
            self._sections[source.lstrip("#").strip()] = len(self._lines)
        elif (told := _TOLD.match(source)) is not None:
            self._go_on_from(place, source, told["file"], told["section"])
        elif (staged := _STAGE.match(source)) is not None:
            self._lines.append(Line(place, source, _direction(place, source, staged["said"])))
        elif (spoken := _PERSON.match(source)) is not None:
            self._act(place, source, spoken)
        elif source.startswith("*") or any(
            re.match(rf"{re.escape(name)}\s*[:：]", source) for name in self._met
        ):
            raise Unreadable(place, source, "a line of a person is written **Name**: …, a direction *so*")

    def _act(self, place: str, source: str, spoken: re.Match[str]) -> None:
        who, language = spoken["who"].strip(), spoken["language"] or ""
        step = _step(place, source, who, spoken["rest"].strip())
        meets = None
        if who not in BOT:
            known = self._met.setdefault(who, language)
            if language and known != language:
                raise Unreadable(
                    place, source, f"{who} speaks {known}: a phone's language is said once, at first"
                )
            meets = (
                (who, language)
                if not any(line.meets and line.meets[0] == who for line in self._lines)
                else None
            )
        self._lines.append(Line(place, source, step, meets))

    def _go_on_from(self, place: str, source: str, name: str, section: str | None) -> None:
        """Everything that another file tells before one of its headings comes first."""
        path = self.path.with_name(name) if "/" not in name else self.path.parent / name
        if not path.is_file():
            raise Unreadable(place, source, f"there is no file {name} beside this one")
        other = read_file(path)
        if section is not None and section not in other.sections:
            raise Unreadable(place, source, f"{name} has no heading {section!r}")
        lines = other.lines[: other.sections[section] if section is not None else None]
        self._lines += lines
        self._met |= {one.meets[0]: one.meets[1] for one in lines if one.meets}


def _logical_lines(text: str, path: Path) -> list[tuple[int, str]]:
    """Lines that hold something, with their numbers; those beginning with '>' go on with the line before."""
    found: list[tuple[int, str]] = []
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if line.startswith(">"):
            if not found or found[-1][1].startswith("#"):
                raise Unreadable(
                    f"{path.name}:{number}", raw, "'>' goes on with the line before, and there is none"
                )
            first, before = found[-1]
            found[-1] = (first, f"{before}\n{line[1:].strip()}")
        elif line:
            found.append((number, line))
    return found


def _direction(place: str, source: str, said: str) -> Step:
    for pattern, build in _DIRECTIONS:
        if (found := pattern.fullmatch(said)) is not None:
            return build(found)
    raise Unreadable(place, source, "no such direction is known")


def _step(place: str, source: str, who: str, rest: str) -> Step:
    if who in BOT:
        found = re.match(r"^(?:to|对) ?\*\*([^*]+)\*\*说?\s*[:：]\s*(.+)$|^[:：]\s*(.+)$", rest, re.DOTALL)
        if found is None:
            raise Unreadable(place, source, "the bot's line is written **Bot**: …, or **Bot** to **Name**: …")
        return Hears(found[1], found[2] or found[3])
    for pattern, build in _ACTS:
        if (acted := pattern.fullmatch(rest)) is not None:
            try:
                return build(who, *acted.groups())
            except ValueError as wrong:
                raise Unreadable(place, source, str(wrong)) from wrong
    raise Unreadable(place, source, "nobody can do this in a transcript")


def _unescaped(text: str) -> str:
    r"""\u202e and \n are written out: they could not be seen, or would break the line."""
    return _ESCAPE.sub(lambda found: "\n" if found[2] else chr(int(found[1], 16)), text)


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part for part in _LISTED.split(text.strip()) if part)


def _repeated(who: str, count: str, text: str) -> Step:
    length = int(count.replace(",", ""))
    return Says(who, (text * (length // len(text) + 1))[:length])


def _place(who: str, latitude: str, longitude: str) -> Step:
    return SharesPlace(who, float(latitude), float(longitude))


def _letter(who: str, number: str, rest: str | None) -> Step:
    return Receives(who, number, _parts(rest or ""))


_Build = Callable[..., Step]
_ACTS: tuple[tuple[re.Pattern[str], _Build], ...] = tuple(
    (re.compile(pattern, re.DOTALL), build)
    for pattern, build in (
        (r"[:：]\s*(.+)", lambda who, text: Says(who, _unescaped(text))),
        (r"(?:types the code of |输入)(\S+?号)(?:的验证码)?[.。]?", TypesCode),
        (r"(?:taps|点击)\s*[:：]\s*(.+)", Taps),
        (r"(?:taps the old|点击旧按钮)\s*[:：]\s*(.+)", lambda who, label: Taps(who, label, old=True)),
        (
            r"(?:forges a tap of|冒用) ?\*\*([^*]+)\*\*(?:的按钮)?\s*[:：]\s*(.+)",
            Forges,
        ),
        (r"(?:sends files?|发送文件)\s*[:：]\s*(.+)", lambda who, names: SendsFiles(who, _parts(names))),
        (r"(?:sends ([\d,]+) characters|发送([\d,]+)个字)\s*[:：]\s*(.+)",
         lambda who, en, zh, text: _repeated(who, en or zh, text)),
        (r"(?:sends a sticker|发送表情)\s*[:：]\s*(.+)", SendsSticker),
        (r"(?:sends a voice message|发送语音)[.。]?", SendsVoice),
        (r"(?:shares their own contact|分享自己的名片)[.。]?", SharesContact),
        (r"(?:shares a contact|分享他人名片)\s*[:：]\s*(.+)", SharesContact),
        (r"(?:shares a place|分享位置)\s*[:：]\s*([\d.-]+)\s*[,，]\s*([\d.-]+)", _place),
        (r"(?:edits the message|修改消息)\s*[:：]\s*(.+)", lambda who, text: Edits(who, _unescaped(text))),
        (r"(?:forwards|转发)\s*[:：]\s*(.+)", Forwards),
        (r"(?:sees the buttons|看到按钮)\s*[:：]\s*(.+)",
         lambda who, labels: SeesButtons(who, tuple(part.strip() for part in labels.split("|")))),
        (r"(?:sees a card with|看到卡片)\s*[:：]\s*(.+)", lambda who, parts: SeesCard(who, _parts(parts))),
        (r"(?:sees nothing of|看不到)\s*[:：]\s*(.+)", lambda who, parts: SeesNothingOf(who, _parts(parts))),
        (r"receives\s*:\s*a letter, PDF, number (\S+?)(?:, with (.+))?", _letter),
        (r"收到\s*[:：]\s*一份文件[,，]\s*PDF[,，]\s*编号(\S+?号)(?:[,，]内有[:：]?(.+))?", _letter),
    )
)  # fmt: skip

_UNITS = {
    "minute": "minutes", "hour": "hours", "day": "days", "week": "weeks",
    "分钟": "minutes", "小时": "hours", "天": "days", "周": "weeks",
}  # fmt: skip
_DIRECTIONS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Step]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), build)
    for pattern, build in (
        (
            r"(\d+) ?(minute|hour|day|week|分钟|小时|天|周)(?:s? later|后)",
            lambda found: Passes(timedelta(**{_UNITS[found[2].lower()]: int(found[1])})),
        ),
        (
            r"(?:It is|现在是) ?(\d{4}-\d{2}-\d{2}),? (\d{2}:\d{2})(?: in Shenyang|（沈阳时间）)?",
            lambda found: ItIs(datetime.fromisoformat(f"{found[1]}T{found[2]}").replace(tzinfo=SHENYANG)),
        ),
        (r"The bot is (?:stopped|killed) and started again|机器人停止后重新启动", lambda _: StartsAgain()),
        (r"Telegram delivers every update twice|此后每条消息都送达两次", lambda _: Delivers(twice=True)),
        (r"Telegram delivers every update once|此后每条消息只送达一次", lambda _: Delivers(twice=False)),
        (r"The message of (.+) is gone from the chat", lambda found: MessageGone(found[1])),
        (r"(.+)的消息已从对话中删除", lambda found: MessageGone(found[1])),
    )
)
