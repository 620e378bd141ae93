"""Look-ups that rules declare in `needs`: fetched before the pure call, so that a rule may know what others filed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect, select
from sqlmodel import col

from storage import secrets
from storage.approval.status import OPEN
from storage.cases import Case
from storage.conversation import Asked, Draft, Group, Summary, View
from storage.finds import KEYED, Find
from storage.questions import question_of, row_questions
from storage.services import form_of

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from storage.conditions import Facts
    from storage.drafts import OpenDraft
    from storage.forms import Service

LookUp = Callable[["Connection", "OpenDraft"], Any]


def with_look_ups(
    connection: Connection, facts: Facts, service: type[Service], opened: OpenDraft, view: View
) -> Facts:
    """The facts with what the rules need that may run on this view's answer; nothing is asked for in vain."""
    wanted = {name for rule in service.rules if _may_run(rule.fields, view) for name in rule.needs}
    found = {name: _LOOK_UPS[name](connection, opened) for name in sorted(wanted & _LOOK_UPS.keys())}
    return replace(facts, looked_up={**facts.looked_up, **found}) if found else facts


def _may_run(fields: tuple[str, ...], view: View) -> bool:
    match view:
        case Asked(question=question) | Group(question=question):
            return question.field in fields
        case Summary():
            return True
        case _:
            return False


def _visits_of_members(connection: Connection, opened: OpenDraft) -> Mapping[str, str]:
    """For each identity number in the delegation, the open visit of any unit on which it travels in these days."""
    draft = opened.draft
    days = draft.answers.get("dates")
    tokens = _tokens_of_members(draft)
    if not tokens or days is None:
        return {}
    visits = inspect(form_of(draft.service)).local_table
    rows = connection.execute(
        select(col(Case.number), col(Find.token), visits.c.dates)
        .join(Find, col(Find.case) == col(Case.id))
        .join(visits, visits.c.case_id == col(Case.id))
        .where(
            col(Find.what) == KEYED,
            col(Find.token).in_(tokens),
            col(Case.status).in_([status.value for status in OPEN]),
            col(Case.id) != (opened.case or 0),
        )
    )
    return {tokens[token]: number for number, token, dates in rows if dates and days.overlaps(dates)}


def _tokens_of_members(draft: Draft) -> Mapping[str, str]:
    """Blind index -> identity number, under every key of the ring."""
    members = question_of(form_of(draft.service), "members")
    asked = row_questions(members) if members is not None else ()
    kind = next((one.kind.name for one in asked if one.field == "resident_id"), None)
    if kind is None:
        return {}
    numbers = {
        str(row["resident_id"]) for row in draft.answers.get("members") or () if row.get("resident_id")
    }
    return {token: number for number in numbers for token in secrets.keys().lookups(kind, number)}


_LOOK_UPS: Mapping[str, LookUp] = {"visits_of_members": _visits_of_members}
