"""How each kind is kept in clear: a column that can hold what the kind's answers are."""

from __future__ import annotations

import datetime

import pytest
from sqlalchemy import Boolean, Date, Integer, String

from storage.kinds import KINDS
from storage.kinds.columns import AnswerColumn, AnswerText, column_of

PLAIN = {str: String, int: Integer, bool: Boolean, datetime.date: Date}


@pytest.mark.parametrize("name", sorted(KINDS))
def test_a_plain_answer_has_a_plain_column_and_one_of_parts_is_dumped(name: str) -> None:
    kind = KINDS[name]
    column = column_of(kind)
    if kind.python in PLAIN:
        assert type(column) is PLAIN[kind.python]
    else:
        assert isinstance(column, AnswerColumn | AnswerText)
