"""Names of people in Chinese characters, and their spelling in pinyin as Chinese passports have it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

import regex

from locales import N_
from storage.kinds.codes import beside
from storage.kinds.kind import AskedBack, Context, Kind, Problem, Reading, Refused, Taken
from storage.kinds.treatment import original

_DOTS = regex.compile(r"[\u00b7\u2022\u2027\u30fb\uff0e\uff65\u2219\u22c5\u318d\u16eb.．]")
_HAN_NAME = regex.compile(r"\p{Han}+(?:·\p{Han}+)*")
_HAN_RUN = regex.compile(r"(?<!\w)\p{Han}{2,4}(?!\w)")
_ONLY_LATIN = regex.compile(r"[\p{Latin}\p{M}\s,.:;'’()（）/-]+")
_HAN = regex.compile(r"\p{Han}")
_LEAD = re.compile(
    r"^(?:(?:我|本人|他|她|您好,?|你好,?)?的?(?:中文)?(?:姓名|名字|中文名|全名|名稱|お?名前|氏名|이름|"
    r"성명)(?:[叫是为為はも은는]|就是)?|叫我(?=..)|(?:我|本人|他|她)?(?:叫做?|名叫|是)|本人(?=..)|"
    r"(?:my |the )?(?:chinese )?name(?: is)?)[ :：]*",
    re.IGNORECASE,
)
_SAID_APART = regex.compile(r"^(?:我)?姓(\p{Han}{1,2})[,， ]?名(\p{Han}{1,3})$")
_TITLES = re.compile(r"[ ]*(?:先生|女士|小姐|同志|太太|夫人|老师|教授|博士|同学|です|입니다|と申します)$")
_NO_ANSWERS = frozenset(
    {
        "没有",
        "沒有",
        "暂无",
        "暫無",
        "不知道",
        "不清楚",
        "未知",
        "同上",
        "不详",
        "不詳",
        "保密",
        "匿名",
        "无名",
        "略过",
        "跳过",
        "姓名",
        "名字",
        "测试",
    }
)
_ENDS = " 。，,.！!、；;：:\"'“”「」"


@dataclass(frozen=True)
class NameZhKind(Kind):
    """A name of 2 to 20 Chinese characters; parts of a name in several are joined by a middle dot."""

    name: ClassVar[str] = "name_zh"

    def read(self, text: str, context: Context) -> Reading:
        line = " ".join(_folded_radicals(original(text)).split())
        line = _SAID_APART.sub(r"\1\2", line)
        names = [_TITLES.sub("", _LEAD.sub("", line).strip(_ENDS)), line.strip(_ENDS)]
        problem = None
        for name in names:
            plain = _joined(name)
            problem = self.check(plain, context)
            if problem is None:
                return Taken(plain, repaired=name != line.strip(_ENDS))
        return self._beside_latin(line, context) or Refused(problem or _NOT_ZH)

    def _beside_latin(self, line: str, context: Context) -> Reading | None:
        """The one Chinese name in a line of Latin letters: "王芳 (Wang Fang)"."""
        runs = _HAN_RUN.findall(line)
        rest = _HAN_RUN.sub("", line)
        if len(runs) != 1 or not _ONLY_LATIN.fullmatch(rest) or self.check(runs[0], context) is not None:
            return None
        return Taken(runs[0], repaired=True)

    def check(self, value: str, context: Context) -> Problem | None:
        if not _HAN.search(value):
            return _NOT_ZH
        if value.startswith("·") or value.endswith("·") or "··" in value:
            return Problem(
                N_("A dot stands between two parts of a name, as in {example}, never at an end."), _DOTTED
            )
        if not _HAN_NAME.fullmatch(value):
            return Problem(N_("A Chinese name has only Chinese characters, for example {example}."), _WANG)
        count = len(_HAN.findall(value))
        if count < 2 or value in _NO_ANSWERS:
            return Problem(
                N_("Please give family name and given name in full, for example {example}."), _WANG
            )
        if count > 20:
            return Problem(
                N_("A Chinese name has at most 20 characters; yours has {count}."), {"count": count}
            )
        return None


_WANG = {"example": "王芳"}
_DOTTED = {"example": "阿里木·买买提"}
_NOT_ZH = Problem(N_("Please write the name in Chinese characters, for example {example}."), _WANG)


def _joined(name: str) -> str:
    """王 芳 as 王芳, every middle dot as U+00B7."""
    return str(_DOTS.sub("·", re.sub(r"\s+", "", name)))


def _folded_radicals(text: str) -> str:
    """Kangxi radicals that some keyboards give (⼈) as the characters they stand for; all else as written."""
    return "".join(
        unicodedata.normalize("NFKC", char) if "\u2e80" <= char <= "\u2fdf" else char for char in text
    )


_PINYIN = re.compile(r"[A-Z]+(?:[ '’-][A-Z]+)*(?:, ?[A-Z]+(?:[ '’-][A-Z]+)*)?")
_LEAD_PINYIN = re.compile(
    r"^(?:(?:my )?(?:name|pinyin)(?: is|:)?|拼音[是为:： ]*|姓名拼音[是:： ]*)\s*", re.IGNORECASE
)


@dataclass(frozen=True)
class NamePinyinKind(Kind):
    """A Chinese name as the passport spells it: capitals, without tones, ü as YU (GB/T 28039; passports)."""

    name: ClassVar[str] = "name_pinyin"

    def read(self, text: str, context: Context) -> Reading:
        line = _LEAD_PINYIN.sub("", " ".join(original(text).split())).strip(_ENDS).replace("，", ",")
        if _HAN.search(line):
            return self._suggested(line, context)
        spelt = re.sub(r" ?, ?", ", ", passport_spelling(line.replace("’", "'")))
        problem = self.check(spelt, context)
        return (
            Refused(problem)
            if problem
            else Taken(spelt, repaired=spelt.replace(" ", "") != line.upper().replace(" ", ""))
        )

    def check(self, value: str, context: Context) -> Problem | None:
        if _PINYIN.fullmatch(value) and 2 <= len(value) <= 39:
            return None
        return _NOT_PINYIN

    def _suggested(self, line: str, context: Context) -> Reading:
        """Chinese characters give a suggestion, never an answer."""
        reading = NameZhKind().read(line, context)
        if not isinstance(reading, Taken):
            return reading
        spelt = tuple(name for name in spellings(reading.value) if self.check(name, context) is None)
        return AskedBack(spelt) if spelt else Refused(_NOT_PINYIN)


_NOT_PINYIN = Problem(
    N_("Please write the name in pinyin as in the passport, for example {example}."),
    {"example": "LYU XIAOMING"},
)


def passport_spelling(text: str) -> str:
    """Pinyin as passports print it: Lǚ Xiǎomíng as LYU XIAOMING, lve as LYUE."""
    bare = unicodedata.normalize("NFD", text.replace("\u0261", "g"))
    bare = re.sub(r"[\u0300\u0301\u0304\u030c]", "", bare)
    bare = unicodedata.normalize("NFC", bare).upper().replace("Ü", "V").replace("U:", "V")
    return re.sub(r"(?<=[LN])V(?=E|\b|[^A-Z])", "YU", bare)


def differs_from_pinyin(name_zh: str, pinyin: str) -> bool:
    """Whether a spelling is none of a Chinese name's readings: worth a warning, never a refusal."""
    letters = re.sub(r"[^A-Z]", "", passport_spelling(pinyin))
    ends = {0}
    for char in _HAN.findall(name_zh):
        ends = {end + len(sound) for end in ends for sound in _sounds(char) if letters.startswith(sound, end)}
    return len(letters) not in ends


def spellings(name_zh: str) -> tuple[str, ...]:
    """How a passport may spell a Chinese name: surname, then the given name in one word; likeliest first."""
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415  # 230 ms to import

    parts = name_zh.split("·")
    if len(parts) > 1:
        return (" ".join("".join(_spelt(lazy_pinyin(part, style=Style.NORMAL))) for part in parts),)
    size = 2 if name_zh[:2] in _DOUBLE_SURNAMES and len(name_zh) > 2 else 1
    given = "".join(_spelt(lazy_pinyin(name_zh[size:], style=Style.NORMAL)))
    usual = "".join(_spelt(lazy_pinyin(name_zh[:size], style=Style.NORMAL)))
    told = _SURNAMES.get(name_zh[:size], usual)
    return tuple(dict.fromkeys(f"{surname} {given}".strip() for surname in (told, usual)))


@cache
def _sounds(char: str) -> frozenset[str]:
    from pypinyin import Style, pinyin  # noqa: PLC0415  # 230 ms to import

    told = {sound for name, sound in _SURNAMES.items() if name == char}
    return frozenset(_spelt(pinyin(char, style=Style.NORMAL, heteronym=True)[0])) | told


def _spelt(syllables: list[str]) -> list[str]:
    return [passport_spelling(syllable.replace("ü", "v")) for syllable in syllables]


# fmt: off
_SURNAMES = {
    "单": "SHAN", "仇": "QIU", "曾": "ZENG", "解": "XIE", "查": "ZHA", "任": "REN", "华": "HUA", "朴": "PIAO",
    "区": "OU", "乐": "YUE", "冼": "XIAN", "覃": "QIN", "翟": "ZHAI", "宓": "MI", "缪": "MIAO", "秘": "BI",
    "种": "CHONG", "繁": "PO", "员": "YUN", "盖": "GAI", "黑": "HE", "尉": "WEI", "哈": "HA", "长": "CHANG",
    "重": "CHONG", "訾": "ZI", "应": "YING", "尉迟": "YUCHI", "万俟": "MOQI", "长孙": "ZHANGSUN",
    "单于": "CHANYU",
}
"""Family names that sound otherwise than the character mostly does."""
_DOUBLE_SURNAMES = frozenset({
    "欧阳", "司马", "上官", "诸葛", "皇甫", "尉迟", "公孙", "慕容", "司徒", "夏侯", "东方", "令狐", "长孙",
    "宇文", "万俟", "端木", "独孤", "南宫", "轩辕", "百里", "呼延", "澹台", "濮阳", "淳于", "单于", "太史",
    "申屠", "公冶", "宗政", "闻人", "钟离", "第五",
})
# fmt: on


def warns_of_pinyin(value: str, context: Context) -> bool:
    """Whether the Chinese name given beside it is spelt otherwise."""
    name_zh = beside(context, "name_zh")
    return isinstance(name_zh, str) and differs_from_pinyin(name_zh, value)
