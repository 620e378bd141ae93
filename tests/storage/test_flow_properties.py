"""Whatever a person does, in any order: nothing is lost, nothing stays that nobody asks, every state is kept.

The long run over each service of the office: `pytest -m full tests/laws/test_monkey.py`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from storage import drafts, flow, rulings
from storage.answers import dump_form
from storage.conversation import (
    Act,
    AddRow,
    Asked,
    Back,
    Done,
    Draft,
    Gave,
    Kept,
    Marked,
    Open,
    RemoveRow,
    Same,
    Sent,
    Skip,
    Stands,
    Summary,
    Took,
    Typed,
    Wrong,
)
from storage.outline import Path, name_of, value_at, walk
from tests.storage.office import visit
from tests.storage.playing import FACTS, again, pdf
from tests.storage.sample import Help, Purpose, SampleHelp, SampleVisit, Wanted

TEXTS = (
    *(
        "yes",
        "no",
        "Germany",
        "France",
        "SCHMIDT, Anna",
        "LEE, Bo",
        "王芳",
        "C01X00T47",
        "K1234567",
        "2027-05-03",
    ),
    *(
        "2027-05-20",
        "2027-07-30",
        "1999-01-01",
        "+49 30 901820",
        "Siemens AG",
        "6222 0000",
        "BLUE",
        "car",
        "Study",
    ),
    *(
        "",
        "   ",
        "\u200f\u202e",
        "<b>&amp;</b>",
        "🙂" * 40,
        "9" * 4096,
        "绝密",
        "１２３４",
        "x" * 121,
        "Cruise",
    ),
)
PATHS: tuple[Path, ...] = (
    *(
        (name,)
        for name in ("purpose", "university", "helps", "guests", "arrives", "leaves", "account", "proof")
    ),
    *(("guests", 0), ("guests", 1), ("guests", 0, "name"), ("guests", 0, "passport"), ("guests", 0, "stays")),
    *(("guests", 1, "nationality"), ("guests", 0, "stays", 0), ("nowhere",), ("guests", 9, "name"), ()),
    *(("matters",), ("subject",), ("sample_settling", "home"), ("sample_search", "story"), ("truth",)),
)
VALUES = (True, False, *Purpose, *Help, (Help.CAR,), (Wanted.SAMPLE_SEARCH,), tuple(Wanted), (), "DE", "text")
NUMBERS = st.integers(-1, 3)
ACTS: st.SearchStrategy[Act] = st.one_of(
    st.sampled_from(TEXTS).map(Typed),
    st.sampled_from(TEXTS).map(Typed),
    st.sampled_from((Skip(), Done(), Back(), AddRow(), Same(), Stands())),
    st.sampled_from(PATHS).map(Open),
    NUMBERS.map(Marked),
    NUMBERS.map(Took),
    NUMBERS.map(RemoveRow),
    st.lists(
        st.sampled_from((pdf("a.pdf"), pdf("b.pdf"), pdf("c.exe", media_type="x/y"))), min_size=1, max_size=3
    ).map(lambda files: Sent(tuple(files))),
)


def offered(service: Any, draft: Draft, value: Any, facts: Any) -> bool:
    """A button gives only what the question offers: a value of another kind never comes from one."""
    view = flow.screen(service, draft, facts)
    return isinstance(view, Asked) and value in [option.value for option in view.options]


def taps(service: Any, draft: Draft, number: int) -> Act:
    view = flow.screen(service, draft, FACTS)
    options = view.options if isinstance(view, Asked) else ()
    return Gave(options[number % len(options)].value) if options else Done()


SIZE = settings(max_examples=60, deadline=None)
STEPS = st.lists(st.one_of(ACTS, st.integers(0, 9)), max_size=40)


def played(service: Any, draft: Draft, steps: list[Act | int], facts: Any = FACTS) -> Draft:
    """The steps taken one by one, each held to what always holds."""
    for step in steps:
        act = taps(service, draft, step) if isinstance(step, int) else step
        done = flow.answer(service, draft, act, facts)
        if isinstance(done, Wrong):
            gone = draft.answers.keys() - done.draft.answers.keys()
            assert len(gone) <= 1, "a wrong answer keeps the right ones"
        assert again(service, done.draft) == done.draft, "every state survives a restart"
        if isinstance(done, Kept):
            standing = {spot.path[0] for spot in walk(service, done.draft.answers, facts)}
            assert set(done.draft.answers) <= standing, "no answer stays that nobody asks"
        draft = done.draft
        view = flow.screen(service, draft, facts)
        if not isinstance(view, Summary):
            assert draft.place is None or view.path in (draft.place, draft.place[:-1]) or view.path
    return draft


@SIZE
@given(STEPS)
@example([Typed("yes")])
def test_any_acts_on_a_new_draft(steps: list[Act | int]) -> None:
    played(SampleVisit, flow.begin(SampleVisit), steps)


@SIZE
@given(STEPS)
def test_any_acts_on_a_finished_draft(steps: list[Act | int]) -> None:
    draft = flow.copy(SampleVisit, visit(), FACTS)
    assert not rulings.faults(SampleVisit, draft, FACTS)
    played(SampleVisit, draft, steps)


@SIZE
@given(STEPS)
def test_any_acts_on_a_form_of_matters(steps: list[Act | int]) -> None:
    played(SampleHelp, flow.begin(SampleHelp), steps)


@SIZE
@given(STEPS)
def test_any_acts_where_secrets_are_brought_to_the_desk(steps: list[Act | int]) -> None:
    facts = replace(FACTS, secrets_in_chat=False)
    draft = played(SampleVisit, flow.begin(SampleVisit), steps, facts)
    assert not _secrets(draft.answers), "no secret came through the chat"


def _secrets(answers: Mapping[str, Any]) -> list[Any]:
    found = [answers.get(name) for name in ("account", "pin", "student_no")]
    found += [row.get("passport") for row in answers.get("guests") or ()]
    return [one for one in found if one is not None]


NAMED = st.lists(
    st.sampled_from(
        (("purpose",), ("account",), ("guests",), ("guests", 0, "name"), ("arrives",), ("helps",))
    ),
    min_size=1,
    max_size=3,
    unique=True,
)
DEPENDING = {
    "purpose": {"university", "student_no"},
    "helps": {"car_plate", "when", "guests"},
    "guests": set[str](),
    "arrives": set[str](),
    "account": set[str](),
}


@SIZE
@given(NAMED, STEPS)
def test_a_returned_case_changes_only_where_it_was_named(named: list[Path], steps: list[Act | int]) -> None:
    """services.md (g) 4: all other answers are byte-equal before and after."""
    before = {**visit(), "unknown": {"of": "another version"}}
    draft = flow.correction(SampleVisit, before, tuple(named), FACTS)
    after = _played_freely(draft, steps).answers
    free = {str(path[0]) for path in named}
    free |= set().union(*(DEPENDING[name] for name in free))
    old, new = (dump_form(SampleVisit, answers) for answers in (before, after))
    locked = (old.keys() | new.keys()) - free
    assert {name: json.dumps(old.get(name)) for name in locked} == {n: json.dumps(new.get(n)) for n in locked}
    if ("guests",) not in named and "helps" not in free:
        others = [
            name for name in old["guests"][0] if name_of(("guests", 0, name)) not in map(name_of, named)
        ]
        assert [old["guests"][0][name] for name in others] == [new["guests"][0].get(name) for name in others]


def _played_freely(draft: Draft, steps: list[Act | int]) -> Draft:
    for step in steps:
        act = taps(SampleVisit, draft, step) if isinstance(step, int) else step
        draft = flow.answer(SampleVisit, draft, act, FACTS).draft
        assert again(SampleVisit, draft) == draft
    return draft


@SIZE
@given(
    st.dictionaries(
        st.sampled_from([*visit(), "remark", "fax"]), st.sampled_from([None, 3, "x", [], {}, ["study"], [{}]])
    )
)
def test_whatever_lies_in_a_draft_it_opens(odd: dict[str, Any]) -> None:
    """Sealed rows are read leniently: what an older or broken program wrote never keeps a person out."""
    stored = drafts.dump(SampleVisit, Draft("sample_visit", 1, visit()))
    stored["answers"] |= odd
    draft = drafts.read(SampleVisit, stored)
    flow.screen(SampleVisit, draft, FACTS)
    rulings.faults(SampleVisit, draft, FACTS)
    assert again(SampleVisit, draft) == draft
    for name in odd.keys() & {"fax"}:
        assert value_at(draft.answers, (name,)) == odd[name]
