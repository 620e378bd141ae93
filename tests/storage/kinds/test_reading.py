"""`bot read` over all kinds: the shape that other programs rely on, and that nothing typed makes it fail."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locales import LANGUAGES
from storage.kinds import KINDS
from storage.kinds.reading import UnknownKind, known_language, read

TODAY = date(2026, 11, 24)


def test_taken() -> None:
    assert read("date", "三月三日", "zh_Hans", today=TODAY) == {
        "outcome": "taken",
        "value": "2027-03-03",
        "alternatives": [],
        "problem": None,
    }


def test_asked_back_with_every_reading() -> None:
    assert read("date", "03/04/2027", "en", today=TODAY) == {
        "outcome": "asked back",
        "value": None,
        "alternatives": [
            {"value": "2027-03-04", "shown": "March 4, 2027"},
            {"value": "2027-04-03", "shown": "April 3, 2027"},
        ],
        "problem": None,
    }


def test_refused_with_the_sentence_that_a_person_reads() -> None:
    answer = read("date", "30 February 2027", "en", today=TODAY)
    assert (answer["outcome"], answer["value"], answer["alternatives"]) == ("refused", None, [])
    assert answer["problem"] == (
        "The calendar has no such day. Look at day, month and year again, and write it like March 3, 2027."
    )
    assert "2027年3月3日" in read("date", "2月30日", "zh_Hans", today=TODAY)["problem"]


@pytest.mark.parametrize("name", ["choice", "choices", "rows"])
def test_kinds_that_need_their_question_refuse_politely(name: str) -> None:
    assert read(name, "study", "en", today=TODAY)["outcome"] == "refused"


def test_an_unknown_kind_is_named_with_those_that_there_are() -> None:
    with pytest.raises(UnknownKind) as raised:
        read("colour", "red", "en", today=TODAY)
    assert raised.value.name == "colour"
    assert {"date", "country", "choice"} <= set(raised.value.known)


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("zh", "zh_Hans"),
        ("zh-CN", "zh_Hans"),
        ("zh-TW", "zh_Hant"),
        ("zh_Hant_HK", "zh_Hant"),
        ("de-AT", "de"),
        ("es", "en"),
    ],
)
def test_languages_by_any_tag(tag: str, language: str) -> None:
    assert known_language(tag) == language


WORDS = """
3 03 2027 27 . - / , : 年 月 日 三 二十 March märz mars марта next 下 周五 Friday to 至 bis EUR ¥ 元 万 k -5 1.200 1,5
pm 点 半 yes no 同意 農曆 R9 令和 2027-03-03 'x' <b> & 🙂 ٣ ½ \u200b \u202e １
"""
SNIPPETS = st.sampled_from(WORDS.split())
TYPED = st.one_of(
    st.text(max_size=40),
    st.lists(SNIPPETS, max_size=8).map(" ".join),
    st.lists(SNIPPETS, max_size=6).map("".join),
)


@pytest.mark.parametrize("name", sorted(KINDS))
@settings(max_examples=60, deadline=None)
@given(text=TYPED, language=st.sampled_from(LANGUAGES), day=st.dates(date(1990, 1, 1), date(2090, 1, 1)))
def test_whatever_is_typed_has_one_of_three_outcomes(name: str, text: str, language: str, day: date) -> None:
    answer = read(name, text, language, today=day)
    json.dumps(answer)
    kind = KINDS[name]
    match answer["outcome"]:
        case "taken":
            assert kind.dump(kind.load(answer["value"])) == answer["value"]
            assert answer["problem"] is None and not answer["alternatives"]
        case "asked back":
            assert answer["alternatives"] and answer["value"] is None
            values = [json.dumps(one["value"], sort_keys=True) for one in answer["alternatives"]]
            assert len(set(values)) == len(values), "one reading twice"
        case "refused":
            assert answer["problem"] and "{" not in answer["problem"].replace(text, "")
        case other:
            pytest.fail(other)
