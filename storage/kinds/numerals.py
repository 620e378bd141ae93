"""Numerals of East Asia as whole numbers: Han, formal Han, Sino-Korean."""

from __future__ import annotations

from functools import lru_cache

HAN = "〇零一二三四五六七八九十百千万萬亿億廿卅两兩壹貳贰叁參肆伍陆陸柒捌玖拾佰仟壱弐参"
KOREAN = "영공일이삼사오육륙칠팔구십백천만억유시"
_FOLDED = str.maketrans("兩貳參陸壱弐参萬億〇", "两贰叁陆壹贰叁万亿零")
_KOREAN_DIGITS = {sign: value for value, sign in enumerate("영일이삼사오육칠팔구")} | {
    "공": 0,
    "륙": 6,
    "유": 6,
}
_KOREAN_UNITS = {"십": 10, "백": 100, "천": 1000}


@lru_cache(maxsize=1024)
def han_number(text: str) -> int | None:
    """十二, 廿三, 二〇二七, 三万五千 as an int; None where it is no number."""
    from cn2an import cn2an  # noqa: PLC0415  # 130 ms: only who writes Han numerals pays

    sign = text.translate(_FOLDED).replace("廿", "二十").replace("卅", "三十")
    if sign[0] in "百千万佰仟":
        sign = "一" + sign
    try:
        return int(cn2an(sign, "smart"))
    except (ValueError, KeyError):  # the library looks some malformed ones up in vain: 三二十三
        return None


def korean_number(text: str) -> int | None:
    """이십칠, 이천이십칠, 시(월) as an int; None where it is no number."""
    if text == "시":
        return 10
    total = group = digit = 0
    for sign in text:
        if sign in _KOREAN_DIGITS:
            digit = digit * 10 + _KOREAN_DIGITS[sign]
        elif sign in _KOREAN_UNITS:
            group, digit = group + max(digit, 1) * _KOREAN_UNITS[sign], 0
        elif sign in "만억":
            total, group, digit = total + max(group + digit, 1) * (10**4 if sign == "만" else 10**8), 0, 0
        else:
            return None
    return total + group + digit
