"""PURE: where a draft stands: what is settled, what may be changed, and which question comes before which."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from storage.conditions import Facts
from storage.conversation import Draft
from storage.forms import Service
from storage.outline import Path, Spot, is_answered, row_spots, value_at, walk

Spots = tuple[Spot, ...]


def at(draft: Draft, place: Path | None) -> Draft:
    """The draft with the person at another place; what was offered or ticked at the last one is over."""
    return replace(draft, place=place, offered=(), gathered=())


def touched(draft: Draft, path: Path) -> Draft:
    """A correction notes what was answered again."""
    return replace(draft, touched=draft.touched | {path}) if draft.named else draft


def is_open_to_change(draft: Draft, path: Path) -> bool:
    """Whether the person may change what stands at a path: all of a new draft, of a returned case what was named."""
    return (
        not draft.named or path in draft.touched or any(path[: len(named)] == named for named in draft.named)
    )


def is_tested(draft: Draft, path: Path) -> bool:
    """Whether an answer is tested when the draft is sent: a returned case is tested anew only in what was named."""
    return is_open_to_change(draft, path) or any(named[: len(path)] == path for named in draft.named)


def is_at_desk(spot: Spot, facts: Facts) -> bool:
    """Whether the answer is brought to the desk, because secrets of this service don't travel through the chat."""
    return spot.question.secret and not facts.secrets_in_chat


def is_settled(spot: Spot, draft: Draft, facts: Facts) -> bool:
    """Answered, rightly skipped, or a group that the person closed and that has rows enough."""
    if is_at_desk(spot, facts) or spot.path in draft.waived:
        return True
    if spot.path in draft.named and spot.path not in draft.touched:
        return False
    if spot.is_group:
        return spot.path in draft.closed and len(value_at(draft.answers, spot.path) or ()) >= least_rows(spot)
    value = value_at(draft.answers, spot.path)
    return value is not None or (spot.question.skippable and is_answered(draft.answers, spot.path))


def least_rows(spot: Spot) -> int:
    """How many rows a group needs."""
    least = spot.question.kind.at_least
    return least if least is not None else 0 if spot.question.skippable else 1


def closed_of(spots: Iterator[Spot] | Spots) -> frozenset[Path]:
    """The groups among the spots, as closed."""
    return frozenset(spot.path for spot in spots if spot.is_group)


def reachable(spots: Spots, draft: Draft, facts: Facts) -> Iterator[Spot]:
    """The spots there are, and those of one row more in the group to which the place leads."""
    yield from spots
    place = draft.place or ()
    for spot in spots:
        if spot.is_group and place[: len(spot.path)] == spot.path and len(place) > len(spot.path):
            index = place[len(spot.path)]
            if isinstance(index, int) and index == len(value_at(draft.answers, spot.path) or ()):
                yield from row_spots(spot, index, draft.answers, facts)


def spot_at(service: type[Service], draft: Draft, path: Path, facts: Facts) -> Spot:
    """The spot of a path that stands, or that a row one past the last would have."""
    spots = tuple(walk(service, draft.answers, facts))
    return next(spot for spot in reachable(spots, at(draft, path), facts) if spot.path == path)


def in_row(path: Path) -> bool:
    """Whether a path leads to a question of a row."""
    return len(path) > 1 and isinstance(path[-2], int)


def is_new_row(path: Path, draft: Draft) -> bool:
    """Whether a path leads into a row beyond the first that nothing was answered in yet."""
    return in_row(path) and path[-2] != 0 and value_at(draft.answers, path[:-1]) is None


def before(spots: Spots, draft: Draft, path: Path | None, facts: Facts) -> Path | None:
    """The question before the one at `path` (None: the summary); from a new row, its group."""
    if path is not None and is_new_row(path, draft):
        return path[:-2]
    passed = [
        spot.path
        for spot in spots
        if spot.path == path
        or (
            is_open_to_change(draft, spot.path)
            and is_settled(spot, draft, facts)
            and not is_at_desk(spot, facts)
        )
    ]
    if path is None or path not in passed:
        return passed[-1] if passed else path
    index = passed.index(path)
    return passed[index - 1] if index else path
