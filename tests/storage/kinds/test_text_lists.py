"""Several short texts in one answer, as people write them."""

from __future__ import annotations

import pytest

from storage.kinds.kind import Context, Refused, Taken
from storage.kinds.text_lists import TextsKind

KEYWORDS = TextsKind(at_least=3, at_most=4)


@pytest.mark.parametrize(
    "text",
    [
        "robots, sensors, control",
        "robots；sensors、control",
        "1. robots\n2. sensors\n- control",
        "robots,sensors,, control,robots",
    ],
)
def test_commas_lines_and_bullets_part_them(text: str) -> None:
    assert KEYWORDS.read(text, Context()) == Taken(("robots", "sensors", "control"))


@pytest.mark.parametrize(
    "text", ["robots, sensors", "a1, b2, c3, d4, e5", "x, robots, sensors", f"{'x' * 41}, b2, c3"]
)
def test_too_few_too_many_too_short_too_long(text: str) -> None:
    assert isinstance(KEYWORDS.read(text, Context()), Refused)
    assert "{" in str(KEYWORDS.read(text, Context()).problem.message)  # type: ignore[union-attr]  # refused, as above


def test_stored_as_a_list_and_shown_as_one() -> None:
    value = ("robots", "sensors")
    assert KEYWORDS.load(KEYWORDS.dump(value)) == value
    assert KEYWORDS.dump(value) == ["robots", "sensors"]
    assert KEYWORDS.show(value, "zh_Hans") == "robots和sensors"
