"""Choices: what a service file may write, what is read, what an older list leaves behind."""

from __future__ import annotations

from typing import Annotated, get_args

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError
from sqlalchemy import Column, Integer, MetaData, Table, create_engine, insert, select

from locales import N_
from storage.kinds import Choice, ChoiceKind, ChoicesKind, Context, Control, Option, Pick, Picks, Relic
from storage.kinds.columns import column_of
from storage.kinds.kind import AskedBack, Refused, Taken
from storage.lenient import shape


class Purpose(Choice):
    STUDY = N_("Study")
    TRADE = N_("Trade talks")
    TRAINING = N_("Training")
    NONE_ = N_("None of these")
    CRUISE = Option(N_("Cruise"), retired=True)


ONE, SEVERAL = ChoiceKind(enum=Purpose), ChoicesKind(enum=Purpose)
ENGLISH = Context("en")


def test_a_member_has_a_code_a_label_and_may_be_retired() -> None:
    assert [member.code for member in Purpose] == ["study", "trade", "training", "none", "cruise"]
    assert Purpose.TRADE.label == N_("Trade talks")
    assert [member for member in Purpose if member.retired] == [Purpose.CRUISE]


def test_two_members_with_one_label_are_refused_when_the_file_is_imported() -> None:
    with pytest.raises(TypeError, match=r"Bad\.B and \.A have one label"):

        class Bad(Choice):
            A = N_("Single")
            B = N_("Single")


def test_one_english_word_may_have_two_meanings() -> None:
    class Entries(Choice):
        ENTRIES = N_("Single", "entries")
        STATE = N_("Single", "family state")

    assert len(Entries) == 2


@pytest.mark.parametrize(
    ("text", "member"),
    [
        ("Study", Purpose.STUDY),
        ("study", Purpose.STUDY),
        (" STUDY. ", Purpose.STUDY),
        ("Trade talks", Purpose.TRADE),
        ("trade", Purpose.TRADE),
        ("it is for study", Purpose.STUDY),
        ("2", Purpose.TRADE),
        ("2.", Purpose.TRADE),
        ("第二个", Purpose.TRADE),
        ("②", Purpose.TRADE),
        ("Trade tlaks", Purpose.TRADE),
        ("trianing", Purpose.TRAINING),
        ("none", Purpose.NONE_),
    ],
)
def test_a_choice_is_taken_by_name_by_number_and_nearly(text: str, member: Purpose) -> None:
    reading = ONE.read(text, ENGLISH)
    assert isinstance(reading, Taken)
    assert reading.value is member


@pytest.mark.parametrize("text", ["", " ", "0", "5", "9", "holiday", "Cruise", "🙂", "x" * 4096])
def test_what_is_none_of_them_is_refused_with_the_list(text: str) -> None:
    reading = ONE.read(text, ENGLISH)
    assert isinstance(reading, Refused)
    assert reading.problem.values["choices"] == tuple(one.label for one in Purpose if not one.retired)


def test_a_word_that_two_labels_share_is_asked_back() -> None:
    class Works(Choice):
        HOUSE = N_("House work")
        FIELD = N_("Field work")

    reading = ChoiceKind(enum=Works).read("work", ENGLISH)
    assert isinstance(reading, AskedBack)
    assert set(reading.readings) == set(Works)


@pytest.mark.parametrize(
    ("text", "members"),
    [
        ("study", (Purpose.STUDY,)),
        ("training, study", (Purpose.STUDY, Purpose.TRAINING)),
        ("study and trade talks", (Purpose.STUDY, Purpose.TRADE)),
        ("1、3", (Purpose.STUDY, Purpose.TRAINING)),
        ("1和3", (Purpose.STUDY, Purpose.TRAINING)),
        ("study; tarde talks", (Purpose.STUDY, Purpose.TRADE)),
        ("全部", (Purpose.STUDY, Purpose.TRADE, Purpose.TRAINING, Purpose.NONE_)),
    ],
)
def test_several_are_read_in_the_order_of_the_list(text: str, members: tuple[Purpose, ...]) -> None:
    reading = SEVERAL.read(text, ENGLISH)
    assert isinstance(reading, Taken)
    assert reading.value == members


def test_several_have_a_least_and_a_most() -> None:
    kind = SEVERAL.limited(at_least=2, at_most=2)
    assert isinstance(kind.read("study", ENGLISH), Refused)
    assert isinstance(kind.read("study, trade, training", ENGLISH), Refused)
    assert isinstance(kind.read("study, trade", ENGLISH), Taken)
    assert isinstance(SEVERAL.read("study, holiday", ENGLISH), Refused)


def test_retired_choices_and_relics_are_shown_but_neither_offered_nor_taken() -> None:
    offered = [offer.value for offer in ONE.options(ENGLISH)]
    assert Purpose.CRUISE not in offered
    for value in (Purpose.CRUISE, Relic("pilgrimage")):
        assert ONE.check(value, ENGLISH) is not None
        assert SEVERAL.check((value,), ENGLISH) is not None
    assert ONE.show(Relic("long_pilgrimage"), "en") == "long pilgrimage"


def test_more_than_eight_are_asked_by_a_list() -> None:
    class Many(Choice):
        A, B, C, D = N_("Ash"), N_("Beech"), N_("Cedar"), N_("Doum")
        E, F, G, H, I_ = N_("Elm"), N_("Fir"), N_("Ginkgo"), N_("Hazel"), N_("Ivy")

    assert ONE.control is Control.BUTTONS
    assert ChoiceKind(enum=Many).control is Control.LIST


class Form(BaseModel):
    purpose: Pick[Purpose]
    others: Picks[Purpose] = ()
    maybe: Pick[Purpose] | None = None


def test_pydantic_writes_codes_and_takes_nothing_that_it_does_not_know() -> None:
    form = Form(purpose=Purpose.STUDY, others=(Purpose.TRADE, Purpose.NONE_))
    assert form.model_dump(mode="json") == {"purpose": "study", "others": ["trade", "none"], "maybe": None}
    assert Form.model_validate_json(form.model_dump_json()) == form
    with pytest.raises(ValidationError):
        Form.model_validate({"purpose": "pilgrimage"})


def test_the_kind_is_found_in_the_annotation() -> None:
    assert get_args(Pick[Purpose]) == (Purpose, ONE)
    assert get_args(Picks[Purpose]) == (tuple[Purpose, ...], SEVERAL)
    assert TypeAdapter(Annotated[Purpose, ONE]).validate_python("study") is Purpose.STUDY


def test_what_an_older_list_stored_is_read_as_a_relic_and_written_back_unchanged() -> None:
    table = Table(
        "t",
        MetaData(),
        Column("id", Integer),
        Column("one", column_of(ONE)),
        Column("all", column_of(SEVERAL)),
    )
    engine = create_engine("sqlite://")
    table.metadata.create_all(engine)
    with engine.begin() as db:
        db.exec_driver_sql("""INSERT INTO t VALUES (1, 'pilgrimage', '["study", "pilgrimage"]')""")
        _, one, several = db.execute(select(table)).one()
        assert (one, several) == (Relic("pilgrimage"), (Purpose.STUDY, Relic("pilgrimage")))
        db.execute(insert(table).values(id=2, one=one, all=several))
        db.execute(insert(table).values(id=3, one=None, all=None))
        rows = db.exec_driver_sql("""SELECT one, "all" FROM t ORDER BY id""").all()
    assert rows[1] == ("pilgrimage", '["study", "pilgrimage"]')
    assert rows[2] == (None, None)


def test_sealed_rows_read_leniently_keep_relics_too() -> None:
    assert shape(Form).read({"purpose": "pilgrimage", "others": ["study"]}).purpose == Relic("pilgrimage")
