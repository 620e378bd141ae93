"""Organisations: a name, and for those registered in China the unified social credit code."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

from locales import N_
from storage.kinds.codes import likeliest, lone_numbers, upper
from storage.kinds.documents import UsccKind
from storage.kinds.kind import Context, Kept, Kind, Problem, Reading, Refused, Taken
from storage.kinds.treatment import original

_LABELS = re.compile(
    r"(?:统一社会信用代码|統一社會信用代碼|社会信用代码|信用代码|信用代碼|代码|税号|USCC|"
    r"unified social credit (?:code|identifier)|credit code|"
    r"code de crédit|код)\s*(?:是|为|is)?\s*[:：=]?\s*$",
    re.IGNORECASE,
)
_NAME_LABELS = re.compile(
    r"^(?:单位名称|單位名稱|单位|企业名称|公司名称|机构名称|名称|邀请单位|"
    r"organi[sz]ation|company|name|société|firma|организация|会社名|기관명)\s*[:：]\s*",
    re.IGNORECASE,
)
_EDGES = " \t\n,，;；:：。、/|()（）[]【】<>-·"
_ABBREVIATED = re.compile(
    r"\b(?:Ltd|Inc|Co|Corp|Bros|Cie|S\.A|e\.V|B\.V|N\.V|S\.p\.A|S\.r\.l)\.$", re.IGNORECASE
)


class Organisation(BaseModel):
    """A body that invites, employs or hosts; `uscc` is None for those abroad and where it was not given."""

    model_config = ConfigDict(frozen=True)
    name: str
    uscc: str | None = None


@dataclass(frozen=True)
class OrganisationKind(Kind):
    """A name of 2 to 100 characters, with the code in front, behind or in brackets where there is one."""

    name: ClassVar[str] = "organisation"
    kept: ClassVar[Kept] = Kept.PARTS
    python: ClassVar[Any] = Organisation

    def read(self, text: str, context: Context) -> Reading:
        line = " ".join(original(text).split())
        code, name = _parted(line)
        name = _NAME_LABELS.sub("", name).strip(_EDGES)
        name = name if _ABBREVIATED.search(name) else name.rstrip(".")
        name += "）" * (name.count("（") > name.count("）")) + ")" * (name.count("(") > name.count(")"))
        body = Organisation(name=name, uscc=code)
        problem = self.check(body, context)
        return Refused(problem) if problem else Taken(body)

    def check(self, value: Organisation, context: Context) -> Problem | None:
        if value.uscc is not None:
            problem = (
                _USCC.check(value.uscc, context)
                if _USCC.pattern.fullmatch(value.uscc)
                else _USCC.misfit(value.uscc)
            )
            if problem is not None:
                return problem
        if not re.search(r"[^\W\d_].*[^\W_]", value.name) or value.name.casefold() in _NO_NAMES:
            return Problem(
                N_("Please type the organisation's full name, for example {example}."),
                {"example": "沈阳大学"},
            )
        if len(value.name) > 100:
            return Problem(
                N_("A name has at most 100 characters; yours has {count}."), {"count": len(value.name)}
            )
        return None

    def show(self, value: Organisation, language: str) -> str:
        if value.uscc is None:
            return value.name
        return (
            f"{value.name}（{value.uscc}）" if language.startswith("zh") else f"{value.name} ({value.uscc})"
        )


_USCC = UsccKind()
_NO_NAMES = frozenset(
    {"none", "no", "n/a", "unknown", "没有", "无", "不知道", "同上", "nein", "keine", "aucun", "нет"}
)


def _parted(line: str) -> tuple[str | None, str]:
    """The credit code in a line, and the line without it and its label. A run of 18 that is meant as one counts too."""
    capital = upper(line)
    codes = list(lone_numbers(capital, _USCC.pattern))
    if not codes:
        meant = likeliest(capital)
        codes = (
            [meant]
            if len(meant) == 18 and meant in capital and sum(char.isdigit() for char in meant) > 8
            else []
        )
    if not codes:
        return None, line
    gap = r"[ .\-·_/]*"
    spread = re.compile(gap.join(map(re.escape, codes[0])), re.IGNORECASE)
    found = spread.search(line) or spread.search(capital)
    if found is None:
        return codes[0], line
    where = line if spread.search(line) else capital
    before, after = where[: found.start()], where[found.end() :]
    return codes[0], _LABELS.sub("", before.rstrip(_EDGES + "（(")).strip() + after
