"""The rules of the conversation: answers -> the next question; one answer -> kept, or a problem.

PURE: no clock, no session, no network. `screen` says what to ask, `answer` keeps what was said or says what is
wrong with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from locales import N_
from storage.conditions import Facts, Fails
from storage.conversation import (
    Act,
    AddRow,
    Asked,
    Back,
    Done,
    Draft,
    Entry,
    Fault,
    Gave,
    Group,
    Kept,
    Line,
    Marked,
    Open,
    RemoveRow,
    Same,
    Sent,
    Skip,
    Stands,
    Step,
    Summary,
    Took,
    Typed,
    View,
    Wrong,
)
from storage.forms import Service
from storage.kinds.kind import AskedBack, Context, Control, Problem, Refused, Unfit
from storage.marks import bears_secret_mark
from storage.outline import (
    Path,
    Spot,
    is_answered,
    pruned,
    row_spots,
    top,
    value_at,
    walk,
    with_value,
    without,
)
from storage.questions import Rule, row_questions


def begin(service: type[Service]) -> Draft:
    """A new draft: nothing answered."""
    return Draft(service.form_id(), service.version)


def copy(service: type[Service], answers: Mapping[str, Any], facts: Facts) -> Draft:
    """A new draft that begins with the answers of an earlier case; they are checked again before it is sent."""
    known = pruned(service, answers, facts)
    closed = frozenset(spot.path for spot in walk(service, known, facts) if spot.is_group)
    return Draft(service.form_id(), service.version, known, closed=closed)


def screen(service: type[Service], draft: Draft, facts: Facts) -> View:
    """What the person is to see now: where they went by themselves, else the first open question, else the summary."""
    spots = tuple(walk(service, draft.answers, facts))
    if draft.place is not None:
        for spot in _reachable(spots, draft, facts):
            if spot.path == draft.place:
                return (
                    _group(service, spot, draft, facts)
                    if spot.is_group
                    else _asked(service, spot, spots, draft, facts)
                )
            if (
                spot.is_group
                and spot.path == draft.place[:-1]
                and value_at(draft.answers, draft.place) is not None
            ):
                return _entry(spot, draft.place, draft, facts)
    for spot in spots:
        if not _is_settled(spot, draft, facts):
            return (
                _group(service, spot, draft, facts)
                if spot.is_group
                else _asked(service, spot, spots, draft, facts)
            )
    shown = spots if draft.named else tuple(top(service, draft.answers, facts))
    return Summary(tuple(_line(spot, draft) for spot in shown if _is_shown(spot, draft)))


def answer(service: type[Service], draft: Draft, act: Act, facts: Facts) -> Step:
    """Keep what the person did, or say what is wrong with it; whatever happens, all before it is kept."""
    view = screen(service, draft, facts)
    match act, view:
        case Open(path=path), _ if is_open_to_change(draft, path):
            return Kept(_at(draft, path))
        case Open(), _:
            return Wrong(draft, Problem(N_("Only the fields that the office named can be changed now.")))
        case Back(), _:
            return Kept(_at(draft, _before(service, draft, view, facts)))
        case _, Asked():
            return _answer_question(service, draft, view, act, facts)
        case _, Group():
            return _answer_group(service, draft, view, act, facts)
        case _, Entry():
            return _answer_entry(draft, view, act)
        case _:
            return Wrong(
                draft, Problem(N_("All questions are answered. Tap a line to change it, or send it."))
            )


def faults(service: type[Service], draft: Draft, facts: Facts) -> tuple[Fault, ...]:
    """What keeps the draft from being sent: open questions, answers no longer right, rules broken."""
    found: list[Fault] = []
    for spot in walk(service, draft.answers, facts):
        if not _is_settled(spot, draft, facts):
            found.append(Fault(spot.path, Problem(N_("This question is still open."))))
        elif (value := value_at(draft.answers, spot.path)) is not None:
            problem = spot.question.kind.check(value, context(spot, facts)) or _repeats(spot, draft)
            broken = (
                []
                if problem
                else [p for r in _rules_ending(spot) if not r.warn and (p := _failing(r, spot, facts))]
            )
            found.extend(Fault(spot.path, one) for one in ([problem] if problem else broken))
    return tuple(found)


def warnings(service: type[Service], draft: Draft, facts: Facts) -> tuple[Problem, ...]:
    """What applicant and officers should look at, though it forbids nothing."""
    spots = walk(service, draft.answers, facts)
    found = (_failing(rule, spot, facts) for spot in spots for rule in _rules_ending(spot) if rule.warn)
    return tuple(problem for problem in found if problem is not None)


def context(spot: Spot, facts: Facts) -> Context:
    """What a kind may know when it reads an answer at this spot."""
    return Context(language=facts.language, today=facts.today, answers=spot.scope)


# --- one question ---


def _answer_question(  # noqa: PLR0911, PLR0912  # one line an act: a table, not a maze
    service: type[Service], draft: Draft, view: Asked, act: Act, facts: Facts
) -> Step:
    spot = _spot(service, draft, view.path, facts)
    match act:
        case Typed(text=text):
            return _typed(service, draft, spot, text, facts)
        case Gave(value=value):
            return _keep(service, draft, spot, value, facts)
        case Took(index=index) if index < len(view.offered):
            return _keep(service, draft, spot, view.offered[index], facts)
        case Stands() if view.may_stand:
            return Kept(replace(_at(draft, None), touched=draft.touched | {spot.path}))
        case Same() if view.suggestion is not None:
            return _keep(service, draft, spot, view.suggestion, facts)
        case Sent(files=files) if spot.question.kind.control is Control.FILE:
            return _gather_files(service, draft, spot, (*view.gathered, *files), facts)
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
            return _keep(service, draft, spot, taken.value, facts)


def _keep(service: type[Service], draft: Draft, spot: Spot, value: Any, facts: Facts) -> Step:
    """Take the value, unless its kind, its row's key or a rule refuses; drop what no longer stands."""
    if value is not None and (problem := spot.question.kind.check(value, context(spot, facts))):
        return Wrong(draft, problem)
    answers = pruned(service, with_value(draft.answers, spot.path, value), facts)
    kept = replace(
        _touched(draft, spot.path), answers=answers, place=_after(draft, spot), offered=(), gathered=()
    )
    now = _spot(service, kept, spot.path, facts)
    if problem := _repeats(now, kept):
        return Wrong(draft, problem)
    return _ruled(draft, kept, now, facts)


def _ruled(draft: Draft, kept: Draft, spot: Spot, facts: Facts) -> Step:
    """Keep the answer, unless a rule that looks at it refuses."""
    told = []
    for rule in spot.rules:
        if _touches(rule, spot) and (problem := _failing(rule, spot, facts)):
            if not rule.warn:
                return _again(draft, kept, spot, rule, problem)
            told.append(problem)
    return Kept(kept, tuple(told))


def _again(draft: Draft, kept: Draft, spot: Spot, rule: Rule, problem: Problem) -> Step:
    """Ask the field that the rule names; else the one just answered, whose answer is not taken."""
    if rule.again is None or rule.again == spot.question.field:
        return Wrong(draft, problem)
    path = (*spot.path[:-1], rule.again)
    if not is_open_to_change(draft, path):
        return Wrong(draft, problem)
    if path in kept.closed:
        return Wrong(replace(kept, closed=kept.closed - {path}, place=path), problem)
    return Wrong(replace(kept, answers=without(kept.answers, path), place=path), problem)


def _after(draft: Draft, spot: Spot) -> Path | None:
    """Who changed one field of a row that was complete goes back to that row; else on to the first open question."""
    went_there = draft.place == spot.path and is_answered(draft.answers, spot.path)
    return spot.path[:-1] if went_there and _in_row(spot.path) else None


def _is_new_row(path: Path, draft: Draft) -> bool:
    """Whether a path leads into a row beyond the first that nothing was answered in yet."""
    return _in_row(path) and path[-2] != 0 and value_at(draft.answers, path[:-1]) is None


def _in_row(path: Path) -> bool:
    return len(path) > 1 and isinstance(path[-2], int)


def _gather_files(
    service: type[Service], draft: Draft, spot: Spot, files: tuple[Any, ...], facts: Facts
) -> Step:
    """The same file twice is one; the last that fits answers the question."""
    distinct = tuple({file.digest: file for file in files}.values())
    problem = spot.question.kind.check(distinct, context(spot, facts))
    least = spot.question.kind.at_least or 1
    if problem is not None and len(distinct) >= least:
        return Wrong(draft, problem)
    if len(distinct) >= (spot.question.kind.at_most or 1):
        return _keep(service, draft, spot, distinct, facts)
    return Kept(replace(draft, place=spot.path, gathered=distinct, offered=()))


def _mark(draft: Draft, view: Asked, index: int) -> Step:
    """Tick or untick a choice; take a gathered file out."""
    if view.question.kind.control is Control.FILE:
        rest = tuple(file for number, file in enumerate(view.gathered) if number != index)
        return Kept(replace(draft, place=view.path, gathered=rest))
    if index >= len(view.options):
        return Wrong(draft, Problem(N_("That button belongs to another question. Here is the present one.")))
    chosen = view.options[index].value
    ticked = tuple(one for one in view.gathered if one != chosen)
    gathered = ticked if len(ticked) < len(view.gathered) else (*ticked, chosen)
    return Kept(replace(draft, place=view.path, gathered=gathered, offered=()))


# --- groups and their rows ---


def _answer_group(service: type[Service], draft: Draft, view: Group, act: Act, facts: Facts) -> Step:
    match act:
        case AddRow() if view.may_add:
            first = row_questions(view.question)[0].field
            opened = replace(draft, closed=draft.closed - {view.path})
            return Kept(_at(opened, (*view.path, len(view.rows), first)))
        case AddRow():
            return Wrong(draft, Problem(N_("At most {n} fit here."), {"n": view.question.kind.at_most}))
        case RemoveRow(index=index) if index < len(view.rows):
            return Kept(_row_removed(draft, view.path, index))
        case Done() | Skip() if view.may_close:
            return _close_group(service, draft, view, facts)
        case _:
            return Wrong(draft, Problem(N_("Add another, change one, or say that these are all.")))


def _close_group(service: type[Service], draft: Draft, view: Group, facts: Facts) -> Step:
    """These are all the rows: now the rules run that look at the group as a whole."""
    answers = draft.answers
    if value_at(answers, view.path) is None:
        answers = with_value(answers, view.path, ())
    answers = pruned(service, answers, facts)
    touched = _touched(_at(draft, None), view.path)
    closed = replace(touched, answers=answers, closed=draft.closed | {view.path})
    return _ruled(draft, closed, _spot(service, closed, view.path, facts), facts)


def _answer_entry(draft: Draft, view: Entry, act: Act) -> Step:
    group, index = view.path[:-1], view.path[-1]
    match act:
        case Done():
            return Kept(_at(draft, group))
        case RemoveRow() if isinstance(index, int):
            return Kept(_at(_row_removed(draft, group, index), group))
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
        _at(draft, group), answers=without(draft.answers, (*group, index)), closed=frozenset(closed)
    )


# --- rules ---


def _failing(rule: Rule, spot: Spot, facts: Facts) -> Problem | None:
    """The rule's problem, where all its fields are answered and its test says no."""
    if any(_named(spot, name) is None for name in rule.fields):
        return None
    verdict = rule.test(spot.scope, facts)
    if verdict:
        return None
    return Problem(rule.sentence, dict(verdict.values) if isinstance(verdict, Fails) else {})


def _named(spot: Spot, name: str) -> Any:
    return spot.scope[name.split(".", maxsplit=1)[0].removesuffix("_")]


def _touches(rule: Rule, spot: Spot) -> bool:
    return any(_field_of(name) == spot.question.field for name in rule.fields)


def _rules_ending(spot: Spot) -> Iterator[Rule]:
    """Rules whose last field is this one: at submission each runs once, and names its last field."""
    return (rule for rule in spot.rules if _field_of(rule.again or rule.fields[-1]) == spot.question.field)


def _field_of(name: str) -> str:
    return name.split(".", maxsplit=1)[0].removesuffix("_")


def _repeats(spot: Spot, draft: Draft) -> Problem | None:
    """Whether another row of the group has the same key."""
    if not _in_row(spot.path):
        return None
    group, index = spot.path[:-2], spot.path[-2]
    key = spot.row.key if spot.row is not None else ()
    if spot.question.field not in key:
        return None
    rows = value_at(draft.answers, group) or ()
    keys = [tuple(row.get(name) for name in key) for row in rows]
    mine = keys[index] if isinstance(index, int) and index < len(keys) else ()
    if not mine or None in mine or keys.count(mine) < 2:
        return None
    return Problem(N_("This one is already in the list. Please give another, or remove the first."))


# --- places ---


def _at(draft: Draft, place: Path | None) -> Draft:
    return replace(draft, place=place, offered=(), gathered=())


def is_open_to_change(draft: Draft, path: Path) -> bool:
    """Whether the person may change what stands at a path: all of a new draft, of a returned case what was named."""
    return (
        not draft.named or path in draft.touched or any(path[: len(named)] == named for named in draft.named)
    )


def _is_shown(spot: Spot, draft: Draft) -> bool:
    """In a correction only the fields named, and those that they made necessary."""
    return not draft.named or spot.path in draft.named or spot.path in draft.touched


def _touched(draft: Draft, path: Path) -> Draft:
    return replace(draft, touched=draft.touched | {path}) if draft.named else draft


def _is_settled(spot: Spot, draft: Draft, facts: Facts) -> bool:
    """Answered, rightly skipped, or a group that the person closed and that has rows enough."""
    if spot.path in draft.named and spot.path not in draft.touched:
        return False
    if spot.is_group:
        rows = value_at(draft.answers, spot.path) or ()
        least = spot.question.kind.at_least if spot.question.kind.at_least is not None else _least(spot)
        return spot.path in draft.closed and len(rows) >= least
    if spot.question.holds_secret and not facts.secrets_in_chat:
        return True
    value = value_at(draft.answers, spot.path)
    return value is not None or (spot.question.skippable and is_answered(draft.answers, spot.path))


def _least(spot: Spot) -> int:
    return 0 if spot.question.skippable else 1


def _reachable(spots: tuple[Spot, ...], draft: Draft, facts: Facts) -> Iterator[Spot]:
    """The spots there are, and those of one row more in the group to which the place leads."""
    yield from spots
    place = draft.place or ()
    for spot in spots:
        if spot.is_group and place[: len(spot.path)] == spot.path and len(place) > len(spot.path):
            index = place[len(spot.path)]
            if isinstance(index, int) and index == len(value_at(draft.answers, spot.path) or ()):
                yield from row_spots(spot, index, draft.answers, facts)


def _spot(service: type[Service], draft: Draft, path: Path, facts: Facts) -> Spot:
    spots = tuple(walk(service, draft.answers, facts))
    at = replace(draft, place=path)
    return next(spot for spot in _reachable(spots, at, facts) if spot.path == path)


def _before(service: type[Service], draft: Draft, view: View, facts: Facts) -> Path | None:
    """The question before the present one; from a row to its group, from a group's rows to the question before it."""
    if isinstance(view, Entry):
        return view.path[:-1]
    if isinstance(view, Asked) and _is_new_row(view.path, draft):
        return view.path[:-2]
    spots = tuple(walk(service, draft.answers, facts))
    passed = [
        spot.path
        for spot in spots
        if is_open_to_change(draft, spot.path)
        and (_is_settled(spot, draft, facts) or spot.path == getattr(view, "path", None))
    ]
    if isinstance(view, Summary):
        return passed[-1] if passed else None
    if view.path in passed:
        index = passed.index(view.path)
        return passed[index - 1] if index else view.path
    return next(
        (path for path in reversed(passed) if path == view.path[:-2]), passed[-1] if passed else view.path
    )


# --- views ---


def _asked(service: type[Service], spot: Spot, spots: tuple[Spot, ...], draft: Draft, facts: Facts) -> Asked:
    number, total = _progress(service, spot, draft, facts)
    present = value_at(draft.answers, spot.path)
    gathered = draft.gathered if draft.place == spot.path else ()
    if not gathered and draft.place != spot.path and isinstance(present, tuple) and not spot.is_group:
        gathered = present
    return Asked(
        path=spot.path,
        question=spot.question,
        number=number,
        total=total,
        rows=_rows_around(spot, spots, draft),
        present=present,
        options=spot.question.kind.options(context(spot, facts)),
        suggestion=_suggestion(spot, present, facts),
        offered=draft.offered if draft.place == spot.path else (),
        gathered=gathered,
        may_skip=spot.question.skippable,
        may_go_back=spot.path != spots[0].path,
        may_stand=spot.path in draft.named,
    )


def _suggestion(spot: Spot, present: Any, facts: Facts) -> Any:
    """The person's own earlier answer, if it is still a right one; never taken silently."""
    name = spot.question.ask.profile
    if name is None or present is not None:
        return None
    value = spot.scope[name] if name != spot.question.field else None
    if value is None and name in facts.profile:
        value = _earlier(spot, facts.profile[name])
    if value is None or spot.question.kind.check(value, context(spot, facts)) is not None:
        return None
    return value


def _earlier(spot: Spot, stored: Any) -> Any:
    """An answer of the profile, if it still fits the question's kind."""
    try:
        return spot.question.kind.load(stored)
    except Unfit:
        return None


def _rows_around(spot: Spot, spots: tuple[Spot, ...], draft: Draft) -> tuple[Any, ...]:
    """The groups and row numbers inside which a spot stands, outermost first."""
    found = []
    for depth, step in enumerate(spot.path):
        if isinstance(step, int):
            group = next((one for one in spots if one.path == spot.path[:depth]), None)
            if group is not None:
                found.append((group.question, step))
    return tuple(found)


def _group(service: type[Service], spot: Spot, draft: Draft, facts: Facts) -> Group:
    number, total = _progress(service, spot, draft, facts)
    rows = tuple(value_at(draft.answers, spot.path) or ())
    most = spot.question.kind.at_most
    least = spot.question.kind.at_least if spot.question.kind.at_least is not None else _least(spot)
    return Group(
        path=spot.path,
        question=spot.question,
        number=number,
        total=total,
        rows=rows,
        may_add=most is None or len(rows) < most,
        may_close=len(rows) >= least,
    )


def _entry(group: Spot, path: Path, draft: Draft, facts: Facts) -> Entry:
    index = path[-1]
    spots = row_spots(group, index, draft.answers, facts) if isinstance(index, int) else ()
    return Entry(path, group.question, tuple(_line(spot, draft) for spot in spots))


def _line(spot: Spot, draft: Draft) -> Line:
    return Line(
        spot.path, spot.question, value_at(draft.answers, spot.path), is_answered(draft.answers, spot.path)
    )


def _progress(service: type[Service], spot: Spot, draft: Draft, facts: Facts) -> tuple[int, int]:
    """(3, 12): the third of twelve questions; inside a group, the group's number."""
    paths = [one.path for one in top(service, draft.answers, facts)]
    mine = next((number for number, path in enumerate(paths, 1) if spot.path[: len(path)] == path), 1)
    return mine, len(paths)
