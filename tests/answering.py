"""Somebody who answers as asked: for each kind of question some right answers, and a way through any form.

Chance decides which, by `choose`: a Hypothesis strategy, a seeded Random. Where a rule refuses what chance gave, the
answers of `plausible` are tried, as a person would who is told what is wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from storage import flow, rulings
from storage.conditions import Facts
from storage.conversation import (
    Act,
    AddRow,
    Asked,
    Done,
    Draft,
    Gave,
    Group,
    Kept,
    Open,
    RemoveRow,
    Sent,
    Skip,
    Summary,
    Took,
    Typed,
)
from storage.forms import Service
from storage.kinds import Control
from storage.kinds.kind import Kind
from storage.outline import Path, is_answered, value_at, walk
from tests import plausible

Choose = Callable[[int], int]
"""One of so many, counted from 0."""

_IDENTITY = "11010519491231002X"
_WORDS = "To see how the port works and to meet the people who run it, as agreed last year in Shenyang. "


class DeadEnd(AssertionError):
    """Nothing that a person may say here is taken, or the form does not come to an end."""


@dataclass
class Answerer:
    """One person at one form."""

    service: type[Service]
    facts: Facts
    choose: Choose
    most_steps: int = 3000
    draft: Draft = field(init=False)
    refused: Counter[Path] = field(default_factory=Counter)
    given: Mapping[Path, Any] = field(init=False)
    sober: int = 0
    """How often what was answered had to be gone over."""

    def __post_init__(self) -> None:
        self.draft = flow.begin(self.service)
        self.given = dict(plausible.answers(self.service.form_id(), self.facts.today))

    def finish(self) -> Draft:
        """The draft, ready to be sent. Raises DeadEnd."""
        for _ in range(self.most_steps):
            view = flow.screen(self.service, self.draft, self.facts)
            match view:
                case Summary():
                    faults = rulings.faults(self.service, self.draft, self.facts)
                    if not faults:
                        return self.draft
                    self._mend(faults[0].path)
                case Group():
                    self._take(view.path, self._on_group(view))
                case Asked():
                    self._take(view.path, self._on_question(view))
                case _:
                    self._take(view.path, Done())
        where = flow.screen(self.service, self.draft, self.facts)
        raise DeadEnd(getattr(where, "path", "the summary"), self.refused.most_common(5))

    def _mend(self, path: Path) -> None:
        self.refused[path] += 1
        if self.refused[path] > 60:
            raise DeadEnd(path, rulings.faults(self.service, self.draft, self.facts))
        self._take(path, Open(path))

    def _take(self, path: Path, act: Act) -> None:
        step = flow.answer(self.service, self.draft, act, self.facts)
        self.draft = step.draft
        if not isinstance(step, Kept):
            self.refused[path] += 1
            if self.refused[path] % 8 == 0:
                self._go_back_over_it(path)

    def _go_back_over_it(self, stuck: Path) -> None:
        """What was answered earlier is at odds with this question: the rows go, the rest is answered soberly."""
        self.sober += 1
        if self.sober > 4:
            raise DeadEnd(stuck, self.refused.most_common(4))
        self.refused.clear()
        for spot in tuple(walk(self.service, self.draft.answers, self.facts)):
            if spot.is_group and len(spot.path) - ("matters" in self.draft.answers) <= 1:
                while value_at(self.draft.answers, spot.path):
                    self._quietly(Open(spot.path))
                    self._quietly(RemoveRow(0))
        for path in self.given:
            if is_answered(self.draft.answers, path) and not any(isinstance(step, int) for step in path):
                self._quietly(Open(path))
                view = flow.screen(self.service, self.draft, self.facts)
                if isinstance(view, Asked) and view.path == path and not view.offered:
                    self._quietly(self._plausible(view) or Skip())

    def _quietly(self, act: Act) -> None:
        self.draft = flow.answer(self.service, self.draft, act, self.facts).draft

    def _on_group(self, view: Group) -> Act:
        wanted = len(
            {path[len(view.path)] for path in self.given if path[: len(view.path)] == view.path != path}
        )
        most = view.question.kind.at_most or 3
        if not view.may_close:
            return AddRow()
        if self.refused[view.path]:
            return AddRow() if view.may_add and len(view.rows) < max(wanted, 1) else Done()
        if self.sober:
            return AddRow() if view.may_add and len(view.rows) < wanted else Done()
        return AddRow() if view.may_add and len(view.rows) < min(most, 2) and self.choose(3) == 0 else Done()

    def _on_question(self, view: Asked) -> Act:
        if view.offered:
            return Took(self.choose(len(view.offered)))
        tries = self.refused[view.path]
        if (tries % 3 == 2 or (self.sober and tries == 0)) and (act := self._plausible(view)) is not None:
            return act
        if view.may_skip and self.choose(2) == 0:
            return Skip()
        if view.question.kind.control is Control.FILE:
            return self._on_files(view)
        if tries == 0 and self.choose(2) == 0 and (act := self._plausible(view)) is not None:
            return act
        if view.options and view.question.kind.name not in _TYPED:
            return self._on_options(view)
        right = right_answers(view.question.kind, self.facts.today)
        return Typed(right[self.choose(len(right))])

    def _on_files(self, view: Asked) -> Act:
        kind = view.question.kind
        wanted = max(1, kind.at_least or 1)
        if len(view.gathered) >= wanted:
            return Done()
        word = (kind.accepts or ("pdf",))[0]
        media = (
            plausible.JPEG if word == "jpeg" or kind.name == "photo_id" else _MEDIA.get(word, plausible.PDF)
        )
        return Sent((plausible.file(f"{'.'.join(map(str, view.path))}-{len(view.gathered)}.{word}", media),))

    def _on_options(self, view: Asked) -> Act:
        options = view.options
        chosen = options[self.choose(len(options))].value
        if view.question.kind.name == "choices":
            return Gave((chosen,))
        return Gave(chosen)

    def _plausible(self, view: Asked) -> Act | None:
        path = view.path
        if path not in self.given:
            path = tuple(0 if isinstance(step, int) else step for step in path)
        value = self.given.get(path)
        if value is None:
            return None
        if isinstance(value, tuple) and view.question.kind.control is Control.FILE:
            return Done() if view.gathered else Sent(value)
        return Typed(value) if isinstance(value, str) else Gave(value)


_TYPED = frozenset({"country", "city", "language"})
_MEDIA = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "png": "image/png",
}


def right_answers(kind: Kind, today: date) -> list[str]:
    """Texts that a question of this kind takes, where no rule says otherwise."""
    return _SAMPLES.get(kind.name, _text)(kind, today)


def longest_answer(kind: Kind, today: date) -> str:
    """The longest text that a question of words takes."""
    return ("W" * (kind.at_most or 4000))[:4000] if kind.name == "text" else right_answers(kind, today)[-1]


def _text(kind: Kind, _today: date) -> list[str]:
    least, most = kind.at_least or 1, min(kind.at_most or 300, 300)
    long = (_WORDS * (least // len(_WORDS) + 2))[: max(least + 5, min(60, most))].strip()
    return [
        long[:most] if len(long[:most]) >= least else long,
        ("北京代表团参加展览" * 60)[: max(least, min(most, 12))],
    ]


def _days(kind: Kind, today: date) -> list[str]:
    return [(today + timedelta(days=days)).isoformat() for days in (70, 75, 90, -30, 400)]


def _spans(kind: Kind, today: date) -> list[str]:
    pairs = ((70, 74), (80, 81), (90, 97), (-20, -9))
    return [f"{today + timedelta(days=a)} - {today + timedelta(days=b)}" for a, b in pairs]


def _number(kind: Kind, _today: date) -> list[str]:
    least = kind.at_least or 0
    most = kind.at_most if kind.at_most is not None else least + 9
    return [str(number) for number in sorted({least, min(most, max(least, 3)), most})]


def _years(kind: Kind, today: date) -> list[str]:
    years = (today.year, today.year - 1, today.year - 12, today.year + 1)
    return [str(y) for y in years if (kind.at_least or 0) <= y <= (kind.at_most or 9999)] or [
        str(kind.at_least)
    ]


_SAMPLES: dict[str, Callable[[Kind, date], list[str]]] = {
    "any_travel_doc": lambda *_: ["passport L898902C3", "E12345678", f"resident id {_IDENTITY}"],
    "address": lambda *_: ["沈阳市沈河区市府大路260号", "10 Unter den Linden, 10117 Berlin, Germany"],
    "birth_date": lambda *_: ["1949-12-31", "1990-03-07", "2015-06-01"],
    "case_ref": lambda *_: ["SYFAO-2026-00042"],
    "city": lambda *_: ["Berlin", "Paris", "大阪"],
    "count": _number,
    "country": lambda *_: ["Germany", "法国", "Japan", "Singapore", "China"],
    "nationality": lambda *_: ["Germany", "Japan"],
    "date": _days,
    "date_range": _spans,
    "district": lambda *_: ["和平区", "Hunnan", "康平县"],
    "email": lambda *_: ["anna@example.org"],
    "foreign_passport": lambda *_: ["L898902C3", "C01X00T47", "K1234567"],
    "language": lambda *_: ["English", "德语"],
    "languages": lambda *_: ["English, German"],
    "mrz_td3": lambda *_: [
        "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
    ],
    "money": lambda *_: ["180000 CNY", "1.000 EUR", "5000 USD"],
    "month": lambda _, today: [f"{today:%Y-%m}", f"{today.year - 1}-05", f"{today.year + 1}-04"],
    "name_latin": lambda *_: ["SCHMIDT, Anna Maria", "LEE, Bo"],
    "name_pinyin": lambda *_: ["WANG, Fang"],
    "name_zh": lambda *_: ["王芳", "欧阳修"],
    "official_passport_no": lambda *_: ["PE1234567", "SE7654321"],
    "organisation": lambda *_: ["沈阳市商务局 11210100001580001N", "Siemens AG"],
    "phone": lambda *_: ["+86 138 0013 8000", "+49 30 901820"],
    "prc_passport": lambda *_: ["E12345678"],
    "resident_id": lambda *_: [_IDENTITY],
    "sex": lambda *_: ["F", "M"],
    "text": _text,
    "texts": lambda *_: ["ports, logistics, training", "machine tools"],
    "time": lambda *_: ["10:00"],
    "uscc": lambda *_: ["91110000600037341L"],
    "year": _years,
    "yes_no": lambda *_: ["yes", "no"],
    "truth": lambda *_: ["I confirm"],
    "not_secret": lambda *_: ["I confirm"],
    "signature": lambda *_: ["I confirm"],
    "consent": lambda *_: ["I confirm"],
}
