"""The format of transcripts, read into steps: English and Chinese wordings of each kind of line stand in one table."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
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
    Unreadable,
)

BOT = ("Bot", "机器人")
SHENYANG = ZoneInfo("Asia/Shanghai")

_PERSON = re.compile(
    r"^\*\*(?P<who>[^*]+)\*\*(?: ?[(（](?P<language>[A-Za-z_-]+)[)）])?(?P<rest>.*)$", re.DOTALL
)
_STAGE = re.compile(r"^\*(?P<said>[^*].*?)[.。]?\*$")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})|\\(n)")
_LISTED = re.compile(r"\s*[,，、]\s*")


def read(text: str) -> Transcript:
    """A transcript from its Markdown. Raises Unreadable."""
    titles: list[str] = []
    lines: list[Line] = []
    met: dict[str, str] = {}
    for number, source in _logical_lines(text):
        if source.startswith("#"):
            titles += [source[2:].strip()] if source.startswith("# ") else []
            continue
        line = _line(number, source, met)
        if line is not None:
            lines.append(line)
    if len(titles) != 1:
        raise Unreadable(
            1, titles[1] if titles else "", "a transcript has one title: a line that begins with '# '"
        )
    if not lines:
        raise Unreadable(1, titles[0], "nothing happens in it")
    return Transcript(titles[0], tuple(lines))


def _logical_lines(text: str) -> list[tuple[int, str]]:
    """Lines that hold something, with their numbers; those beginning with '>' go on with the line before."""
    found: list[tuple[int, str]] = []
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if line.startswith(">"):
            if not found:
                raise Unreadable(number, raw, "'>' goes on with a line, and there is none before it")
            first, before = found[-1]
            found[-1] = (first, f"{before}\n{line[1:].strip()}")
        elif line:
            found.append((number, line))
    return found


def _line(number: int, source: str, met: dict[str, str]) -> Line | None:
    """One step; None where the line is prose."""
    if (staged := _STAGE.match(source)) is not None:
        return Line(number, source, _direction(number, source, staged["said"]))
    spoken = _PERSON.match(source)
    if spoken is None:
        if source.startswith("*") or any(re.match(rf"{re.escape(name)}\s*[:：]", source) for name in met):
            raise Unreadable(number, source, "a line of a person is written **Name**: …, a direction *so*")
        return None
    who, language = spoken["who"].strip(), spoken["language"]
    step = _step(number, source, who, spoken["rest"].strip())
    if who in BOT:
        return Line(number, source, step)
    meets = None
    if language is not None:
        if met.get(who, language) != language:
            raise Unreadable(number, source, f"{who} speaks {met[who]}; a phone's language is said once")
        meets = (who, language) if who not in met else None
        met[who] = language
    elif who not in met:
        meets = (who, "")
        met[who] = ""
    return Line(number, source, step, meets)


def _direction(number: int, source: str, said: str) -> Step:
    for pattern, build in _DIRECTIONS:
        if (found := pattern.fullmatch(said)) is not None:
            return build(found)
    raise Unreadable(number, source, "no such direction is known")


def _step(number: int, source: str, who: str, rest: str) -> Step:
    if who in BOT:
        found = re.match(r"^(?:to|对) ?\*\*([^*]+)\*\*说?\s*[:：]\s*(.+)$|^[:：]\s*(.+)$", rest, re.DOTALL)
        if found is None:
            raise Unreadable(
                number, source, "the bot's line is written **Bot**: …, or **Bot** to **Name**: …"
            )
        return Hears(found[1], found[2] or found[3])
    for pattern, build in _ACTS:
        if (acted := pattern.fullmatch(rest)) is not None:
            try:
                return build(who, *acted.groups())
            except ValueError as wrong:
                raise Unreadable(number, source, str(wrong)) from wrong
    raise Unreadable(number, source, "nobody can do this in a transcript")


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
