"""References to the office's own cases: the number that people read aloud, and its Chinese form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from locales import N_
from storage.kinds.kind import AskedBack, Context, Kind, Problem, Reading, Refused, Taken
from storage.kinds.treatment import treated

_SPELT = re.compile(
    r"\bSYFAO[ /._-]*(?P<year>20\d\d)[ /._-]*(?P<number>\d{1,3}(?:[ _-]?\d){0,4})(?!\d)", re.IGNORECASE
)
_CHINESE = re.compile(
    r"沈外[办辦]受?[ ]*[\[({〔【〈<](?P<year>20\d\d)[\])}〕】〉>]?[ ]*(?:第|NO\.?)?[ ]*"
    r"(?P<number>\d{1,6})[ ]*[号號]?",
    re.IGNORECASE,
)
_BARE = re.compile(r"(?<![\d-])(?P<year>20\d\d)[ /._-]+(?P<number>\d{5})(?![\d-])")
_EXAMPLE = {"example": "SYFAO-2026-00042"}


@dataclass(frozen=True)
class CaseRefKind(Kind):
    """A case number: `SYFAO-2026-00042`, without hyphens, spaced, or 沈外办受〔2026〕00042号; stored so."""

    name: ClassVar[str] = "case_ref"

    def read(self, text: str, context: Context) -> Reading:
        line = treated(text)
        found = tuple(
            dict.fromkeys(_canonical(match) for form in (_SPELT, _CHINESE) for match in form.finditer(line))
        )
        if not found:
            meant = tuple(dict.fromkeys(_canonical(match) for match in _BARE.finditer(line)))
            meant = tuple(number for number in meant if self.check(number, context) is None)
            return AskedBack(meant) if meant else Refused(_misfit(line))
        problem = self.check(found[0], context)
        if len(found) > 1:
            return AskedBack(found)
        return Refused(problem) if problem else Taken(found[0])

    def check(self, value: str, context: Context) -> Problem | None:
        form = re.fullmatch(r"SYFAO-(\d{4})-(\d{5,6})", value)
        if form is None:
            return _NO_CASE
        if int(form[1]) > context.today.year + 1:
            return Problem(
                N_("This case number is of a year to come. Please look at it again: {example}."), _EXAMPLE
            )
        return None if int(form[2]) else _NO_CASE


_NO_CASE = Problem(
    N_("A case number looks like {example}. It stands on the receipt and in /cases."), _EXAMPLE
)


def _canonical(match: re.Match[str]) -> str:
    return f"SYFAO-{match['year']}-{int(re.sub(r'[^0-9]', '', match['number'])):05}"


def _misfit(line: str) -> Problem:
    if re.search(r"沈外\S*[〔\[(]20\d\d", line):
        return Problem(N_("This is a letter's number. A case number looks like {example}."), _EXAMPLE)
    return _NO_CASE
