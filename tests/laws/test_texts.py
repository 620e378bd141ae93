"""Every text that somebody may see is marked, and stands in the Chinese catalogue with the same {fields}."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

from locales import Message, check
from storage import tables
from storage.forms import Matter, Service
from storage.kinds.kind import Kind
from storage.questions import Question, questions_of, row_questions
from storage.services import services

tables.metadata()
ROOT = Path(__file__).parents[2]
SERVICES = tuple(services().values())
SAID = tuple(check.spoken())


def test_every_text_is_translated() -> None:
    assert len(SAID) > 500
    for language in check.WRITTEN:
        assert list(check.faults_of(language, SAID)) == []


def test_the_law_sees_what_is_missing() -> None:
    unknown = ("Nobody translated this {thing}.", None, "here:1")
    otherwise = next((text, context, "here:2") for text, context, _ in SAID if text == "{label}: {answer}")
    assert len(list(check.faults_of("zh_Hans", (unknown, otherwise)))) == 1


def test_chinese_texts_use_full_width_punctuation_and_no_exclamation_marks() -> None:
    for entry in check._entries("zh_Hans"):
        for text in entry.string if isinstance(entry.string, tuple | list) else (entry.string,):
            assert "!" not in text and "！" not in text, text
            han = any("一" <= sign <= "鿿" for sign in text)
            assert not (han and any(sign in text.replace("://", "") for sign in "?;")), text


def test_english_texts_have_no_exclamation_marks() -> None:
    texts = [one for text, _, _ in SAID for one in (text if isinstance(text, tuple) else (text,))]
    assert [text for text in texts if "!" in text] == []


@pytest.mark.parametrize(
    "form", [f for s in SERVICES for f in (s, *s.matter_forms)], ids=lambda one: one.form_id()
)
def test_all_words_of_a_service_are_marked(form: type[Service] | type[Matter]) -> None:
    """What a service file says without N_ would stay English for everybody."""
    said = {Message(text[0] if isinstance(text, tuple) else text, context) for text, context, _ in SAID}
    words: list[str] = [form.title, *(rule.sentence for rule in form.rules)]
    words += [
        word for name in ("about", "have_ready", "search_words") for word in _words(getattr(form, name, None))
    ]
    for question in questions_of(form):
        words += _of_question(question)
    assert [word for word in words if word not in said] == []


def _words(value: Any) -> tuple[str, ...]:
    return () if value is None else (value,) if isinstance(value, str) else tuple(value)


def _of_question(question: Question) -> list[str]:
    ask, kind = question.ask, question.kind
    words = [ask.text, *(word for word in (ask.hint, ask.label, ask.section) if word)]
    words += [ask.when.sentence] if ask.when else []
    words += _choices(kind)
    for inner in row_questions(question):
        words += _of_question(inner)
    words += [rule.sentence for rule in question.row.rules] if question.row else []
    return words


def _choices(kind: Kind) -> list[str]:
    return [choice.label for choice in getattr(kind, "enum", ())]


def test_no_handler_says_what_is_not_marked() -> None:
    """A sentence handed to a Screen, a Button or `say` as a plain string is worded for nobody."""
    loose: list[str] = []
    for file in (ROOT / "handlers").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in (
                "Screen",
                "Button",
                "bold",
                "Problem",
            ):
                first = node.args[0] if node.args else None
                if isinstance(first, ast.Constant) and isinstance(first.value, str) and " " in first.value:
                    loose.append(f"{file.name}:{node.lineno} {first.value!r}")
    assert loose == []
