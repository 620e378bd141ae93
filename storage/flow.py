"""The rules of the conversation: answers -> the next question; one answer -> kept, or a problem.

PURE: no clock, no session, no network. `screen` says what to ask, `answer` keeps what was said or says what is
wrong with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from locales import N_
from storage.conditions import Facts
from storage.conversation import (
    Act,
    AddRow,
    Asked,
    Back,
    Done,
    Draft,
    Entry,
    Gave,
    Group,
    Kept,
    Marked,
    Open,
    RemoveRow,
    Same,
    Sent,
    Skip,
    Stands,
    Step,
    Took,
    Typed,
    View,
    Wrong,
)
from storage.forms import Service
from storage.kinds.attachments import FileKind, FileRef
from storage.kinds.choices import ChoicesKind
from storage.kinds.kind import AskedBack, Control, Problem, Refused
from storage.marks import bears_secret_mark
from storage.outline import (
    Path,
    Spot,
    is_answered,
    laid_out,
    pruned,
    row_spots,
    value_at,
    walk,
    with_value,
    without,
)
from storage.rulings import broken, context, repeats
from storage.standing import (
    Spots,
    at,
    before,
    closed_of,
    in_row,
    is_at_desk,
    is_open_to_change,
    is_settled,
    is_tested,
    reachable,
    spot_at,
    touched,
)
from storage.views import entry, gathered_of, summary, view_at


def begin(service: type[Service]) -> Draft:
    """A new draft: nothing answered."""
    return Draft(service.form_id(), service.version)


def copy(service: type[Service], answers: Mapping[str, Any], facts: Facts) -> Draft:
    """A new draft that begins with the answers of an earlier case; they are checked again before it is sent."""
    known = pruned(service, answers, facts)
    closed = closed_of(walk(service, known, facts))
    return Draft(service.form_id(), service.version, known, closed=closed)


def correction(
    service: type[Service],
    answers: Mapping[str, Any],
    named: tuple[Path, ...],
    facts: Facts,
    remarks: tuple[str, ...] = (),
) -> Draft:
    """A draft of a returned case: only the fields that the office named, and what hangs on them, is open.

    `remarks` say of each of them what is to be mended.

    What a newer form asks, and the case was filed without, is not asked now.
    """
    spots = tuple(walk(service, answers, facts))
    draft = Draft(
        service.form_id(), service.version, answers, closed=closed_of(spots), named=named, remarks=remarks
    )
    waived = frozenset(
        spot.path for spot in spots if not is_tested(draft, spot.path) and not is_settled(spot, draft, facts)
    )
    return replace(draft, waived=waived)


def screen(service: type[Service], draft: Draft, facts: Facts) -> View:
    """What the person is to see now: where they went by themselves, else the first open question, else the summary."""
    return _seen(service, draft, tuple(walk(service, draft.answers, facts)), facts)


def _seen(service: type[Service], draft: Draft, spots: Spots, facts: Facts) -> View:
    if draft.place is not None and (there := _view_there(service, spots, draft, draft.place, facts)):
        return there
    for spot in spots:
        if not is_settled(spot, draft, facts):
            return view_at(service, spot, spots, draft, facts)
    return summary(service, spots, draft, facts)


def answer(service: type[Service], draft: Draft, act: Act, facts: Facts) -> Step:
    """Keep what the person did, or say what is wrong with it; whatever happens, all before it is kept."""
    spots = tuple(walk(service, draft.answers, facts))
    view = _seen(service, draft, spots, facts)
    match act, view:
        case Open(path=path), _:
            return _open(service, draft, spots, path, facts)
        case Back(), Entry():
            return Kept(at(draft, view.path[:-1]))
        case Back(), _:
            return Kept(_asked_again(draft, before(spots, draft, getattr(view, "path", None), facts)))
        case _, Asked():
            spot = next(one for one in reachable(spots, draft, facts) if one.path == view.path)
            return _answer_question(service, draft, spot, view, act, facts)
        case _, Group():
            return _answer_group(service, draft, view, act, facts)
        case _, Entry():
            return _answer_entry(draft, view, act)
        case _:
            return Wrong(
                draft, Problem(N_("All questions are answered. Tap a line to change it, or send it."))
            )


def _view_there(service: type[Service], spots: Spots, draft: Draft, place: Path, facts: Facts) -> View | None:
    """What is to be seen at the place where the person went; None where nothing stands any more."""
    for spot in reachable(spots, draft, facts):
        if spot.path == place:
            return None if is_at_desk(spot, facts) else view_at(service, spot, spots, draft, facts)
        if spot.is_group and spot.path == place[:-1] and value_at(draft.answers, place) is not None:
            return entry(spot, place, draft, facts)
    return None


def _open(service: type[Service], draft: Draft, spots: Spots, path: Path, facts: Facts) -> Step:
    if not is_open_to_change(draft, path):
        return Wrong(draft, Problem(N_("Only the fields that the office named can be changed now.")))
    if any(spot.path == path and is_at_desk(spot, facts) for spot in spots):
        return Wrong(
            draft, Problem(N_("This answer does not travel through the chat: bring it to the desk."))
        )
    if _view_there(service, spots, at(draft, path), path, facts) is None:
        return Wrong(draft, Problem(N_("That button belongs to another question. Here is the present one.")))
    return Kept(_asked_again(draft, path))


def _asked_again(draft: Draft, path: Path | None) -> Draft:
    """At a question that may have an answer: several choices are ticked, files are there, as they were."""
    present = gathered_of(value_at(draft.answers, path)) if path else ()
    rows = any(isinstance(one, Mapping) for one in present)
    return replace(at(draft, path), gathered=() if rows else present)


# --- one question ---


def _answer_question(  # noqa: PLR0911, PLR0912  # one line an act: a table, not a maze
    service: type[Service], draft: Draft, spot: Spot, view: Asked, act: Act, facts: Facts
) -> Step:
    match act:
        case Typed(text=text):
            return _typed(service, draft, spot, text, facts)
        case Gave(value=value):
            return _keep(service, draft, spot, value, facts)
        case Took(index=index) if 0 <= index < len(view.offered):
            return _keep(service, draft, spot, view.offered[index], facts)
        case Stands() if view.may_stand:
            return Kept(touched(at(draft, None), spot.path))
        case Same() if view.suggestion is not None:
            return _keep(service, draft, spot, view.suggestion, facts)
        case Sent(files=files) if spot.question.kind.control is Control.FILE:
            return _gather_files(service, draft, spot, view.gathered, files, facts)
        case Sent():
            return Wrong(draft, Problem(N_("This question wants a written answer, not a file.")))
        case Marked(index=index):
            return _mark(draft, view, index)
        case Done() if view.gathered:
            return _keep(service, draft, spot, view.gathered, facts)
        case Skip() | Done() if view.may_skip:
            return _keep(service, draft, spot, None, facts)
        case Skip():
            return Wrong(draft, Problem(N_("This question can't be left out.")))
        case Done():
            return Wrong(draft, Problem(N_("Please choose or send at least one.")))
        case _:
            return Wrong(
                draft, Problem(N_("That button belongs to another question. Here is the present one."))
            )


def _typed(service: type[Service], draft: Draft, spot: Spot, text: str, facts: Facts) -> Step:
    if bears_secret_mark(text):
        return Wrong(
            draft,
            Problem(N_("This text bears a mark of secrecy. It was not kept; please use the sealed channel.")),
        )
    match spot.question.kind.read(text, context(spot, facts)):
        case Refused(problem=problem):
            return Wrong(draft, problem)
        case AskedBack(readings=readings):
            return Kept(replace(draft, place=spot.path, offered=readings, gathered=()))
        case taken:
            step = _keep(service, draft, spot, taken.value, facts)
            return replace(step, read_as=taken.value) if taken.repaired and isinstance(step, Kept) else step


def _keep(service: type[Service], draft: Draft, spot: Spot, value: Any, facts: Facts) -> Step:
    """Take the value, unless its kind, its row's key or a rule refuses; drop what no longer stands."""
    if value is not None and (problem := spot.question.kind.check(value, context(spot, facts))):
        return Wrong(draft, problem)
    changed = replace(
        touched(at(draft, _after(service, draft, spot, facts)), spot.path),
        answers=with_value(draft.answers, spot.path, value),
    )
    if problem := repeats(spot, changed.answers):
        return Wrong(draft, problem)
    return _ruled(service, draft, changed, spot.path, facts)


def _ruled(service: type[Service], draft: Draft, changed: Draft, path: Path, facts: Facts) -> Step:
    """Keep what was changed at a path, unless a rule that looks at it refuses; drop what no longer stands."""
    answers, spots = laid_out(service, changed.answers, facts)
    kept = replace(changed, answers=answers, closed=changed.closed & closed_of(spots))
    told = []
    for one in broken(spots, kept, facts, touching=path):
        if not one.rule.warn:
            return Wrong(draft if one.path == path else _reopened(kept, one.path), one.problem)
        told.append(one.problem)
    return Kept(kept, tuple(told))


def _reopened(kept: Draft, path: Path) -> Draft:
    """Another field is to be mended: a group is opened again, of a question the answer is taken out."""
    if path in kept.closed:
        return replace(at(kept, path), closed=kept.closed - {path})
    return replace(at(kept, path), answers=without(kept.answers, path))


def _after(service: type[Service], draft: Draft, spot: Spot, facts: Facts) -> Path | None:
    """Who changed one field of a row that was complete goes back to that row; else on to the first open question."""
    went_there = draft.place == spot.path and is_answered(draft.answers, spot.path)
    if not (went_there and in_row(spot.path)):
        return None
    row = spot.path[:-1]
    inside = (one for one in walk(service, draft.answers, facts) if one.path[: len(row)] == row)
    return row if all(is_settled(one, draft, facts) for one in inside) else None


def _gather_files(
    service: type[Service],
    draft: Draft,
    spot: Spot,
    before: tuple[FileRef, ...],
    sent: tuple[FileRef, ...],
    facts: Facts,
) -> Step:
    """The same file twice is one; the last that fits answers the question; where one fits, a new one replaces it."""
    kind = spot.question.kind
    most = kind.most if isinstance(kind, FileKind) else 1
    if isinstance(kind, FileKind):
        for file in sent:
            if (problem := kind.check_file(file)) is not None:
                return Wrong(draft, problem)
    distinct = tuple({file.digest: file for file in (*(before if most > 1 else ()), *sent)}.values())
    if len(distinct) >= most:
        return _keep(service, draft, spot, distinct, facts)
    return Kept(replace(at(draft, spot.path), gathered=distinct))


def _mark(draft: Draft, view: Asked, index: int) -> Step:
    """Tick or untick a choice; take a gathered file out."""
    if view.question.kind.control is Control.FILE:
        rest = tuple(file for number, file in enumerate(view.gathered) if number != index)
        return Kept(replace(at(draft, view.path), gathered=rest))
    if not isinstance(view.question.kind, ChoicesKind) or not 0 <= index < len(view.options):
        return Wrong(draft, Problem(N_("That button belongs to another question. Here is the present one.")))
    ticked = {*view.gathered} ^ {view.options[index].value}
    in_order = tuple(option.value for option in view.options if option.value in ticked)
    return Kept(replace(at(draft, view.path), gathered=in_order))


# --- groups and their rows ---


def _answer_group(service: type[Service], draft: Draft, view: Group, act: Act, facts: Facts) -> Step:
    match act:
        case AddRow() if view.may_add:
            return Kept(_row_begun(service, draft, view, facts))
        case AddRow():
            return Wrong(draft, Problem(N_("At most {n} fit here."), {"n": view.question.kind.at_most}))
        case RemoveRow(index=index) if 0 <= index < len(view.rows):
            return Kept(_row_removed(draft, view.path, index))
        case Done() | Skip() if view.may_close:
            return _close_group(service, draft, view, facts)
        case _:
            return Wrong(draft, Problem(N_("Add another, change one, or say that these are all.")))


def _row_begun(service: type[Service], draft: Draft, view: Group, facts: Facts) -> Draft:
    """At the first question of a row one past the last; some rows begin with a condition."""
    group = spot_at(service, draft, view.path, facts)
    first = next(row_spots(group, len(view.rows), draft.answers, facts))
    return at(replace(draft, closed=draft.closed - {view.path}), first.path)


def _close_group(service: type[Service], draft: Draft, view: Group, facts: Facts) -> Step:
    """These are all the rows: now the rules run that look at the group as a whole."""
    answers = draft.answers
    if value_at(answers, view.path) is None:
        answers = with_value(answers, view.path, ())
    done = touched(at(draft, None), view.path)
    closed = replace(done, answers=answers, closed=draft.closed | {view.path})
    return _ruled(service, draft, closed, view.path, facts)


def _answer_entry(draft: Draft, view: Entry, act: Act) -> Step:
    group, index = view.path[:-1], view.path[-1]
    match act:
        case Done():
            return Kept(at(draft, group))
        case RemoveRow() if isinstance(index, int):
            return Kept(_row_removed(draft, group, index))
        case _:
            return Wrong(draft, Problem(N_("Tap a line to change it, or go back to the list.")))


def _row_removed(draft: Draft, group: Path, index: int) -> Draft:
    """The later rows move up, and with them the groups inside them that were closed."""
    depth = len(group)
    closed = set()
    for path in draft.closed:
        row = path[depth] if path[:depth] == group and len(path) > depth else None
        if not isinstance(row, int) or row < index:
            closed.add(path)
        elif row > index:
            closed.add((*group, row - 1, *path[depth + 1 :]))
    closed.discard(group)
    return replace(
        at(draft, group), answers=without(draft.answers, (*group, index)), closed=frozenset(closed)
    )
