"""A filed case for tests of what reads cases: an invitation with one guest, whose passport is a secret."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlmodel import Session

from storage import drafts, filing, people, rulings
from storage.calendar import Calendar
from storage.conversation import Draft
from storage.offices import read_office
from storage.services import services
from storage.world import World

NOW = datetime(2027, 3, 1, 1, 0, tzinfo=UTC)
PASSPORT = "L898902C3"


def file_a_case(session: Session, patch: pytest.MonkeyPatch) -> str:
    """The number of a case whose form is not whole: what else it asks is not looked at."""
    patch.setattr(rulings, "faults", lambda *_: ())
    person = people.meet(session, 99, "en", NOW)
    me = people.who(session.connection(), 99)
    assert me is not None
    service = services()["invitation_letter"]
    guest = {"name": "LOVELACE, Ada", "nationality": "GB", "passport_no": PASSPORT}
    answers = {"applicant_name": "王芳", "guests": (guest,), "fax": PASSPORT}
    draft = Draft(service.form_id(), service.version, answers)
    opened = drafts.create(session, service, person.id or 0, draft, NOW)
    world = World(NOW, Calendar(), read_office(), services())
    return filing.submit(session, world, me, opened.id, opened.revision).cases[0].number
