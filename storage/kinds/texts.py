"""Free text of one or many lines: how long it may be, and what never enters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import regex

from locales import N_
from storage.kinds.kind import Context, Kind, Problem, Reading, Refused, Taken
from storage.kinds.treatment import original

LONGEST = 4096
"""Characters of one Telegram message (Bot API, sendMessage); no typed answer is longer."""

_MARKED = regex.compile(
    r"(?:绝\s*密|機\s*密|机\s*密|秘\s*密|絕\s*密)\s*[★☆*]"
    r"|^\W*(?:绝密|絕密|机密|機密|秘密|内部|內部|内部资料|内部文件|内部材料|工作秘密|国家秘密)(?:\s*[★☆*].*|\W*)$"
    r"|(?:内部资料|内部文件|内部材料|內部資料)\W{0,3}(?:注意保存|注意保管|不得外传|严禁外传|请勿外传)",
    regex.MULTILINE,
)


@dataclass(frozen=True)
class TextKind(Kind):
    """Text as the person wrote it, between `at_least` and `at_most` characters after trimming."""

    name: ClassVar[str] = "text"

    def read(self, text: str, context: Context) -> Reading:
        value = original(text)
        problem = self.check(value, context)
        return Refused(problem) if problem else Taken(value)

    def check(self, value: Any, context: Context) -> Problem | None:
        if not isinstance(value, str) or not value.strip():
            return Problem(N_("There is no text in this. Write your answer in words."))
        if secrecy_mark(value):
            return Problem(
                N_(
                    "This text bears a secrecy mark, so it was not kept. Hand it to the office through the sealed channel."
                )
            )
        least, most = self.at_least or 1, self.at_most or LONGEST
        given = {"given": len(value), "least": least, "most": most}
        if len(value) < least:
            return Problem(N_("This is too short: {given} characters, at least {least} are needed."), given)
        if len(value) > most:
            return Problem(
                N_("This is too long: {given} characters, at most {most} fit. Please shorten it."), given
            )
        return None


def secrecy_mark(text: str) -> bool:
    """Whether a text bears a mark of secrecy as documents do: 机密★, or 内部 alone in a line (services.md (a), limit 1).

    Simple marks only; the word inside a sentence is no mark.
    """
    return _MARKED.search(text) is not None
