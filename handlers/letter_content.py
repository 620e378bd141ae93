"""What stands on a case's letter: its own answers in both languages. PURE, from the case and its form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from string import Formatter
from typing import TYPE_CHECKING, Any

from handlers.answers import show_answer
from handlers.letters import (
    ELECTRONIC_NOTE,
    NOTHING,
    LetterContent,
    Line,
    Table,
    Words,
    inside_or_annexed,
    verify_url,
)
from locales import Message, translate
from storage.assessing import scope_of
from storage.kinds.kind import Control
from storage.questions import Question, RowsKind, questions_of

if TYPE_CHECKING:
    from storage.cases import OpenCase
    from storage.letters import Letter
    from storage.world import World

TABLE_INSIDE = 6
"""Rows up to which a list stands inside the letter; more go into an annex."""


def content_of(
    case: OpenCase, letter: Letter, world: World, *, public_url: str | None, bot: str
) -> LetterContent:
    """The letter's content; the same case and letter give the same content, whenever it is made."""
    form = case.form
    if form.letter is None:
        raise LookupError(f"{form.form_id()} has no letter")
    fields: list[Line] = []
    tables: list[Table] = []
    annexes: list[Table] = []
    for question, value, columns in _shown(case):
        if isinstance(question.kind, RowsKind):
            table = _table(question, value, columns)
            inside, within, behind = inside_or_annexed(table, inside_up_to=TABLE_INSIDE)
            fields += inside
            tables += within
            annexes += behind
        else:
            fields.append(Line(_words(question.label), _answer(question, value)))
    return LetterContent(
        number=letter.number,
        code=letter.code,
        signed=letter.signed,
        office=Words(world.office.name.zh, world.office.name.en),
        title=_words(form.letter.title or form.title),
        verify_url=verify_url(letter.code, public_url=public_url, bot=bot),
        recipient=_words(form.letter.to) if form.letter.to else _recipient(case),
        paragraphs=tuple(_opening(sentence, case) for sentence in form.letter.opening),
        fields=tuple(fields),
        tables=tuple(tables),
        annexes=tuple(annexes),
        closing=tuple(_words(sentence) for sentence in form.letter.closing),
        note=ELECTRONIC_NOTE if world.office.electronic_copy_note else NOTHING,
        template=form.letter.template,
    )


def _shown(case: OpenCase) -> list[tuple[Question, Any, tuple[str, ...]]]:
    """The fields that the letter names, in its order, else all that are neither secret nor files.

    Of a repeating group the columns named, as in "guests.name"; none named means all.
    """
    form = case.form
    scope = scope_of(form, case.answers)
    questions = {question.field: question for question in _questions(form)}
    names = form.letter.shows if form.letter and form.letter.shows else _plain(questions_of(form))
    columns: dict[str, tuple[str, ...]] = {}
    for name in names:
        field, _, column = name.partition(".")
        columns[field] = (*columns.get(field, ()), *([column] if column else []))
    return [
        (questions[field], value, chosen)
        for field, chosen in columns.items()
        if field in questions and (value := scope[field]) is not None and value != ()
    ]


def _questions(form: Any) -> Sequence[Question]:
    shared = questions_of(form.of) if hasattr(form, "of") else ()
    return (*shared, *questions_of(form))


def _plain(questions: Sequence[Question]) -> tuple[str, ...]:
    return tuple(
        question.field
        for question in questions
        if not question.secret and question.kind.control not in (Control.FILE, Control.TICK)
    )


def _table(question: Question, rows: Any, chosen: tuple[str, ...] = ()) -> Table:
    known = {one.field: one for one in questions_of(question.row) if _in_table(one)} if question.row else {}
    columns = [known[name] for name in chosen or known if name in known]
    used = [one for one in columns if any(row[one.field] is not None for row in rows)]
    return Table(
        title=_words(question.label),
        header=tuple(_words(one.label) for one in used),
        rows=tuple(tuple(_cell(one, row) for one in used) for row in rows),
    )


def _in_table(question: Question) -> bool:
    return question.kind.control not in (Control.FILE, Control.TICK) and not isinstance(
        question.kind, RowsKind
    )


def _cell(question: Question, row: Mapping[str, Any]) -> Words:
    value = row[question.field]
    return NOTHING if value is None else _answer(question, value)


def _answer(question: Question, value: Any) -> Words:
    """An answer on paper: numbers stand in full here, and only here (services.md (a), limit 2)."""
    chinese = show_answer(question, value, "zh_Hans", reveal=True)
    english = show_answer(question, value, "en", reveal=True)
    same = chinese.translate(_BRACKETS).replace(" ", "") == english.replace(" ", "")
    return Words.same(chinese) if same else Words(chinese, english)


def _opening(sentence: Message, case: OpenCase) -> Words:
    """A sentence of the letter with the answers that it names."""
    scope = scope_of(case.form, case.answers)
    named = {field for _, field, _, _ in Formatter().parse(sentence) if field}
    found = {
        question.field: _named(question, scope[question.field])
        for question in _questions(case.form)
        if question.field in named
    }
    return Words(
        translate(sentence, "zh_Hans", **{field: words.zh for field, words in found.items()}),
        translate(sentence, "en", **{field: words.en for field, words in found.items()}),
    )


def _named(question: Question, value: Any) -> Words:
    name = getattr(value, "name", None)
    return Words.same(name) if isinstance(name, str) else _answer(question, value)


_BRACKETS = str.maketrans("（）", "()")


def _words(message: str) -> Words:
    return Words(translate(message, "zh_Hans"), translate(message, "en"))


def _recipient(case: OpenCase) -> Words:
    organisation = getattr(case.answers.get("applicant_organisation"), "name", None)
    return Words.same(str(organisation or case.answers.get("applicant_name") or ""))
