"""What the rules may know of the office at this moment: services, decisions, calendar, today. A plain value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from storage.conditions import Facts
from storage.people import Me

if TYPE_CHECKING:
    from storage.calendar import Calendar
    from storage.drafts import OpenDraft
    from storage.forms import Service
    from storage.offices import Office


@dataclass(frozen=True)
class World:
    """The office at a moment; made anew for each update, shared by everything that the update does."""

    now: datetime
    calendar: Calendar
    office: Office
    services: Mapping[str, type[Service]] = field(repr=False)

    def facts(self, me: Me, service: str) -> Facts:
        """What rules may know when this person fills a form of this service."""
        return Facts(
            today=self.calendar.day_of(self.now),
            calendar=self.calendar,
            settings=self.office.decisions,
            language=me.language,
            person=me.id,
            audiences=me.audiences,
            unit=me.unit,
            profile=me.profile,
            secrets_in_chat=self.office.secrets_in_chat(service),
        )

    def facts_of_draft(self, me: Me, opened: OpenDraft) -> Facts:
        """What rules may know of a draft at work; the limits of a returned case count from its first submission."""
        facts = self.facts(me, opened.draft.service)
        filed_at = opened.filed_at
        return facts if filed_at is None else replace(facts, first_submitted=self.calendar.day_of(filed_at))

    def facts_of_case(self, me: Me, service: str, filed_on: date) -> Facts:
        """The same for a filed case: its limits of date count from the day it was filed."""
        return replace(self.facts(me, service), first_submitted=filed_on, secrets_in_chat=True)
