"""Marks of secrecy that a text bears: what must not enter here at all (Guarding State Secrets Law, revised 2024)."""

from __future__ import annotations

import re
import unicodedata

_GAP = r"[ \t]*"
"""Official papers set the characters of a mark apart: 机　密★10年 (NFKC has made the wide gap a plain one)."""

_MARKS = re.compile(
    rf"""
      绝{_GAP}密 (?<!拒绝密)                                  # 绝密; not 拒绝密…
    | 机{_GAP}密 (?<!商业机密) (?![码封集度切钥闭织排])         # 机密; not 商业机密, 手机密码, 飞机密封
    | 秘{_GAP}密 {_GAP} [★☆*※]                               # 秘密★; the word alone is everyday Chinese
    | ^ \W* 秘{_GAP}密 \W* $                                  # … unless it stands alone on its line
    | 内部 {_GAP} (?:资料|文件|材料|使用|传阅|参考|刊物|发行|情况|通报|明电|掌握|字样|[★☆*※])
    | (?<!\w) 内{_GAP}部 (?!\w)                               # 内部 as a mark; not 公司内部培训, 国内部门
    """,
    re.VERBOSE | re.MULTILINE,
)


def bears_secret_mark(text: str) -> bool:
    """Whether a text, a caption, a file's name or content bears 机密, 绝密, 秘密★ or 内部 (services.md (g) 14).

    Simple marks only: the officer's duty to look remains. 机密 and 绝密 count wherever they stand, 秘密 and 内部
    where they are a mark and no part of everyday words.
    """
    return _MARKS.search(unicodedata.normalize("NFKC", text)) is not None
