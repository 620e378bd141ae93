"""A form on the screen: one question, a list of rows, the summary; PURE, from the views of `storage/flow.py`.

Callback data is `d:<draft>:<revision>:<verb>[<number>]`: a button of an earlier revision redraws the present screen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from handlers.answers import AT_THE_DESK, fit, keep_within, masked, row_name, shorten, show_answer, stated
from handlers.screens import Button, Screen, bold, italic, lines, paragraphs, quote
from locales import N_, translate
from locales.wording import word
from storage.conversation import Asked, Entry, Fault, Group, Line, Summary, View
from storage.drafts import OpenDraft
from storage.forms import Service
from storage.kinds.kind import Control, Problem
from storage.outline import Path
from storage.questions import Question, RowsKind

OPTIONS_ON_A_PAGE = 8
NUMBERS_IN_A_ROW = 6
"""Two digits stay readable on a screen of 360 pixels."""
NUMBERS_ON_A_PAGE = 66
"""Lines that have a button at once: a form of several matters has more lines than a message may have buttons."""
ROOM = 2900
"""Characters that the lines of a summary may take: the rest of Telegram's 4,096 is for heading and problems."""
FAULTS_ROOM = 700
"""Characters for what keeps a form from being sent; what is not shown is told after the next try."""
MANY_LINES = 50
"""From how many lines on their labels are cut shorter."""


@dataclass(frozen=True)
class Reader:
    """Who looks: the language, and whether secrets travel through the chat."""

    language: str
    secrets_in_chat: bool = True

    def say(self, message: str, **values: object) -> str:
        return translate(message, self.language, **values)


def form_screen(
    opened: OpenDraft,
    view: View,
    reader: Reader,
    *,
    problems: Sequence[Problem] = (),
    noted: str | None = None,
    page: int = 0,
    service: type[Service] | None = None,
    faults: Sequence[Fault] = (),
) -> Screen:
    """What the person sees of their draft now; `problems` are told above the question."""
    told = lines(noted, *(_problem(problem, reader) for problem in problems))
    mark = f"d:{opened.id}:{opened.revision}:"
    match view:
        case Asked():
            return _question(view, reader, told, mark, page)
        case Group():
            return _group(view, reader, told, mark, page)
        case Entry():
            return _entry(view, reader, told, mark, page)
        case Summary():
            return _summary(view, reader, told, mark, opened, faults, page)


def line_paths(view: View) -> tuple[Path, ...]:
    """The places to which the numbered lines of a view lead, in order; how a tapped number finds its field."""
    match view:
        case Summary(lines=shown) | Entry(lines=shown):
            return tuple(line.path for line in shown)
        case Group():
            return tuple((*view.path, index) for index in range(len(view.rows)))
        case _:
            return ()


# --- one question ---


def _question(view: Asked, reader: Reader, told: Markup, mark: str, page: int) -> Screen:
    ask = view.question.ask
    offered = view.offered and reader.say(N_("Which of these do you mean?"))
    text = paragraphs(
        told,
        lines(
            italic(_progress(view, reader)),
            bold(reader.say(ask.text)),
            reader.say(ask.hint) if ask.hint else None,
            reader.say(N_("Tap one, or type it.")) if len(view.options) > OPTIONS_ON_A_PAGE else None,
        ),
        quote(view.remark) if view.remark else None,
        _present(view, reader),
        _gathered(view, reader),
        offered or None,
    )
    return Screen(text, buttons=(*_choices(view, reader, mark, page), _navigation(view, reader, mark)))


def _progress(view: Asked | Group, reader: Reader) -> str:
    place = reader.say(N_("{number} of {total}"), number=view.number, total=view.total)
    for group, index in view.rows if isinstance(view, Asked) else view.around:
        place += f" · {_row_called(group, index, reader)}"
    if isinstance(view, Asked) and view.within:
        number, total = view.within
        place = reader.say(N_("{place}, {number} of {total}"), place=place, number=number, total=total)
    return place


def _row_called(group: Question, index: int, reader: Reader) -> str:
    """ "Guest 2"."""
    return f"{reader.say((group.row and group.row.called) or group.label)} {index + 1}"


def _present(view: Asked, reader: Reader) -> str | None:
    if view.present is None or view.gathered or view.offered:
        return None
    shown = shorten(show_answer(view.question, view.present, reader.language), 300)
    return reader.say(N_("Now: {answer}"), answer=shown)


def _gathered(view: Asked, reader: Reader) -> Markup | None:
    if not view.gathered or view.options:
        return None
    shown = view.question.kind.show(view.gathered, reader.language)
    so_far = reader.say(N_("So far: {answer}"), answer=shorten(shown, 500))
    more = reader.say(N_("Send more, or tap “These are all”."))
    return lines(so_far, more if _takes_more(view) else None)


def _takes_more(view: Asked) -> bool:
    most = view.question.kind.at_most
    return view.question.kind.control is Control.FILE and (most is None or len(view.gathered) < most)


def _choices(view: Asked, reader: Reader, mark: str, page: int) -> list[tuple[Button, ...]]:
    if view.offered:
        return [
            (Button(_reading(view, value, reader), data=f"{mark}t{number}"),)
            for number, value in enumerate(view.offered[:OPTIONS_ON_A_PAGE])
        ]
    rows: list[tuple[Button, ...]] = []
    if view.suggestion is not None:
        label = reader.say(N_("Use {answer}"), answer=shorten(_shown(view, view.suggestion, reader), 40))
        rows.append((Button(label, data=f"{mark}same"),))
    rows += _options(view, reader, mark, page)
    if view.gathered:
        rows.append((Button(reader.say(N_("These are all")), data=f"{mark}done"),))
    if view.may_stand:
        rows.append((Button(reader.say(N_("It is right as it is")), data=f"{mark}stand"),))
    if view.question.kind.control is Control.FILE:
        rows += [
            (Button(reader.say(N_("Remove {name}"), name=shorten(file.name, 30)), data=f"{mark}m{number}"),)
            for number, file in enumerate(view.gathered)
        ]
    return rows


def _options(view: Asked, reader: Reader, mark: str, page: int) -> list[tuple[Button, ...]]:
    several = view.question.kind.name in _SEVERAL
    pages = max(1, -(-len(view.options) // OPTIONS_ON_A_PAGE))
    page = min(page, pages - 1)
    first = page * OPTIONS_ON_A_PAGE
    shown = list(enumerate(view.options))[first : first + OPTIONS_ON_A_PAGE]
    rows: list[tuple[Button, ...]] = []
    for number, option in shown:
        ticked = several and option.value in view.gathered
        verb = "m" if several else "g"
        rows.append((Button(("☑ " if ticked else "") + option.label, data=f"{mark}{verb}{number}"),))
    return [*rows, _turns(pages, page, reader, mark)] if pages > 1 else rows


def _turns(pages: int, page: int, reader: Reader, mark: str) -> tuple[Button, ...]:
    before = Button(reader.say(N_("Earlier")), data=f"{mark}p{page - 1}") if page else None
    after = Button(reader.say(N_("More")), data=f"{mark}p{page + 1}") if page < pages - 1 else None
    return tuple(button for button in (before, after) if button)


def _navigation(view: Asked, reader: Reader, mark: str) -> tuple[Button, ...]:
    back = Button(reader.say(N_("Back")), data=f"{mark}back") if view.may_go_back else None
    skip = Button(reader.say(N_("Skip")), data=f"{mark}skip") if view.may_skip else None
    return tuple(button for button in (back, skip) if button)


def _reading(view: Asked, value: object, reader: Reader) -> str:
    """One of the readings asked back, in clear also where it is secret: masked ones could not be told apart."""
    return shorten(view.question.kind.show(value, reader.language), 60)


def _shown(view: Asked, value: object, reader: Reader) -> str:
    shown = view.question.kind.show(value, reader.language)
    return masked(shown) if view.question.secret else shorten(shown, 60)


_SEVERAL = frozenset({"choices"})


# --- groups ---


def _group(view: Group, reader: Reader, told: Markup, mark: str, page: int) -> Screen:
    kind = view.question.kind
    names = (
        [row_name(kind, row, number, reader.language) for number, row in enumerate(view.rows, 1)]
        if isinstance(kind, RowsKind)
        else []
    )
    listed = lines(*(f"{number}. {shorten(name, 60)}" for number, name in enumerate(names, 1)))
    empty = reader.say(N_("Nothing in the list yet.")) if not names else None
    text = paragraphs(
        told,
        lines(italic(_progress(view, reader)), bold(reader.say(view.question.ask.text))),
        quote(view.remark) if view.remark else None,
        listed or empty,
        reader.say(N_("Tap a number to change it.")) if names else None,
    )
    buttons = _numbers(len(names), reader, mark, page)
    actions = []
    if view.may_add:
        actions.append(
            Button(reader.say(N_("Add another")) if names else reader.say(N_("Add")), data=f"{mark}add")
        )
    if view.may_close:
        actions.append(
            Button(reader.say(N_("These are all")) if names else reader.say(N_("None")), data=f"{mark}done")
        )
    back = (Button(reader.say(N_("Back")), data=f"{mark}back"),)
    return Screen(text, buttons=(*buttons, tuple(actions), back))


def _entry(view: Entry, reader: Reader, told: Markup, mark: str, page: int) -> Screen:
    index = view.path[-1]
    number = index + 1 if isinstance(index, int) else 1
    heading = bold(_row_called(view.question, number - 1, reader))
    text = paragraphs(
        told,
        lines(heading, *_numbered(view.lines, reader, page)),
        reader.say(N_("Tap a number to change it.")),
    )
    remove = Button(reader.say(N_("Remove this one")), data=f"{mark}r{number - 1}")
    done = Button(reader.say(N_("Back to the list")), data=f"{mark}done")
    return Screen(text, buttons=(*_numbers(len(view.lines), reader, mark, page), (done, remove)))


# --- the summary ---


def _summary(
    view: Summary,
    reader: Reader,
    told: Markup,
    mark: str,
    opened: OpenDraft,
    faults: Sequence[Fault],
    page: int,
) -> Screen:
    correction = opened.case is not None
    heading = N_("Check your corrections") if correction else N_("Check your answers")
    text = paragraphs(
        told,
        bold(reader.say(heading)),
        lines(*_numbered(view.lines, reader, page)),
        lines(
            *keep_within([_problem(fault.problem, reader) for fault in faults], FAULTS_ROOM, reader.language)
        ),
        reader.say(N_("Tap a number to change it.")),
    )
    send = Button(reader.say(N_("Send to the office")), data=f"{mark}send")
    later = Button(reader.say(N_("Keep for later")), data=f"{mark}later")
    return Screen(text, buttons=(*_numbers(len(view.lines), reader, mark, page), (send,), (later,)))


def _numbered(whole: Sequence[Line], reader: Reader, page: int) -> list[Markup]:
    """The lines that have a button on this page, each with its number."""
    first = min(page, (len(whole) - 1) // NUMBERS_ON_A_PAGE) * NUMBERS_ON_A_PAGE if whole else 0
    shown = whole[first : first + NUMBERS_ON_A_PAGE]
    most = 60 if len(shown) <= MANY_LINES else 28
    labels = [shorten(reader.say(line.question.label), most) for line in shown]
    sections = [reader.say(line.question.ask.section or "") for line in shown]
    room = ROOM - sum(map(len, labels)) - sum(map(len, sections)) - 8 * len(shown)
    found: list[Markup] = []
    for number, answer in enumerate(fit([_value(line, reader) for line in shown], room)):
        if sections[number]:
            found.append(Markup("{}{}").format("\n" if found else "", bold(sections[number])))
        found.append(
            Markup("{}. {}").format(first + number + 1, stated(labels[number], answer, reader.language))
        )
    return found


def _value(line: Line, reader: Reader) -> str:
    if line.question.holds_secret and line.value is None and not reader.secrets_in_chat:
        return reader.say(AT_THE_DESK)
    if not line.answered:
        return "–"
    return show_answer(line.question, line.value, reader.language)


def _numbers(count: int, reader: Reader, mark: str, page: int) -> list[tuple[Button, ...]]:
    """A button a line; page by page where there are many."""
    pages = max(1, -(-count // NUMBERS_ON_A_PAGE))
    first = min(page, pages - 1) * NUMBERS_ON_A_PAGE
    shown = range(first + 1, min(first + NUMBERS_ON_A_PAGE, count) + 1)
    buttons = [Button(str(number), data=f"{mark}o{number - 1}") for number in shown]
    rows = [tuple(buttons[at : at + NUMBERS_IN_A_ROW]) for at in range(0, len(buttons), NUMBERS_IN_A_ROW)]
    return [*rows, _turns(pages, min(page, pages - 1), reader, mark)] if pages > 1 else rows


def _problem(problem: Problem, reader: Reader) -> Markup:
    return Markup("⚠ {}").format(say_problem(problem, reader.language))


def say_problem(problem: Problem, language: str) -> str:
    """A problem's sentence with its values shown in the reader's manner."""
    return word(problem.message, problem.values, language)
