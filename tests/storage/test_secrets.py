"""Sealing, finding without reading, wiping, and columns that never show what they hold."""

from __future__ import annotations

import base64
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict
from sqlalchemy import MetaData, select, text
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlmodel import Session

from storage import secrets
from storage.database import Database
from storage.lenient import shape
from storage.secrets import BadKey, Keys, NoKeys, Sealed, Tampered, WrappedKey, WrongKey, mask

KEYS = Keys(secrets.generate())


class Guest(BaseModel):
    model_config = ConfigDict(frozen=True, extra="allow")

    name: str
    born: date | None = None


class Relic(str):
    """A choice that is gone, as it was stored."""


class Colour(str):
    """A choice that may be gone."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        from pydantic_core import core_schema  # noqa: PLC0415

        return core_schema.literal_schema(["red", "blue"])

    @classmethod
    def relic(cls, raw: object) -> Relic:
        return Relic(raw)


class Base(DeclarativeBase):
    """Tables of this file alone."""

    metadata = MetaData()


class Visit(Base):
    __tablename__ = "visits"

    id: Mapped[int] = mapped_column(primary_key=True)
    passport: Mapped[str | None] = mapped_column(Sealed(str | None))
    guests: Mapped[tuple[Guest, ...] | None] = mapped_column(Sealed(tuple[Guest, ...] | None))


@pytest.fixture
def database(empty_database: Database) -> Database:
    with empty_database.reshaping() as connection:
        Base.metadata.create_all(connection)
    return empty_database


class TestSealing:
    @given(st.binary(max_size=200), st.binary(max_size=20))
    def test_what_is_sealed_is_read_back_and_is_never_twice_the_same(
        self, plain: bytes, context: bytes
    ) -> None:
        sealed = KEYS.seal(plain, context)
        assert KEYS.unseal(sealed, context) == plain
        assert KEYS.seal(plain, context) != sealed

    @given(st.integers(min_value=0), st.integers(1, 255))
    def test_any_changed_byte_is_noticed(self, place: int, change: int) -> None:
        sealed = bytearray(KEYS.seal(b"E12345678"))
        sealed[place % len(sealed)] ^= change
        with pytest.raises((Tampered, WrongKey)):
            KEYS.unseal(bytes(sealed))

    def test_what_belongs_elsewhere_is_noticed(self) -> None:
        with pytest.raises(Tampered):
            KEYS.unseal(KEYS.seal(b"x", b"here"), b"there")

    @pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x02" * 40, b"E12345678"])
    def test_what_was_never_sealed_is_refused(self, sealed: bytes) -> None:
        with pytest.raises(Tampered):
            KEYS.unseal(sealed)

    def test_after_a_change_of_keys_the_old_still_reads_and_the_new_seals(self) -> None:
        old, new = secrets.generate(), secrets.generate()
        sealed = Keys(old).seal(b"x")
        both = Keys(new, old)
        assert both.unseal(sealed) == b"x"
        assert not both.is_current(sealed)
        assert both.is_current(both.seal(b"x"))
        with pytest.raises(WrongKey):
            Keys(new).unseal(sealed)

    @pytest.mark.parametrize("key", ["", "geheim", base64.b64encode(b"x" * 31).decode(), "é" * 44])
    def test_a_key_that_is_none_is_refused_and_not_shown(self, key: str) -> None:
        with pytest.raises(BadKey) as caught:
            Keys(key)
        assert str(caught.value) == ""

    def test_nothing_shows_a_key(self) -> None:
        key = secrets.generate()
        keys = Keys(key)
        wrapped = keys.new_case_key()
        shown = f"{keys!r} {wrapped!r} {keys.case_key(wrapped)!r}"
        assert key not in shown
        assert wrapped.wrapped.hex() not in shown and repr(wrapped.salt) not in shown


class TestFinding:
    def test_equal_values_are_equal_for_one_kind_and_key_only(self) -> None:
        index = KEYS.blind_index("passport", "E12345678")
        assert index == KEYS.blind_index("passport", "E12345678")
        others = {
            KEYS.blind_index("passport", "E12345679"),
            KEYS.blind_index("phone", "E12345678"),
            KEYS.blind_index("passportE", "12345678"),
            Keys(secrets.generate()).blind_index("passport", "E12345678"),
        }
        assert index not in others and len(others) == 4

    def test_rows_older_than_the_key_are_still_found(self) -> None:
        old, new = secrets.generate(), secrets.generate()
        written = Keys(old).blind_index("passport", "E12345678")
        both = Keys(new, old)
        assert written in both.lookups("passport", "E12345678")
        assert both.blind_index("passport", "E12345678") == both.lookups("passport", "E12345678")[0]


class TestCaseKeys:
    def test_a_case_reads_its_own_and_no_other_cases_words(self) -> None:
        mine, other = (KEYS.case_key(KEYS.new_case_key()) for _ in range(2))
        sealed = mine.seal(b"words", b"answer")
        assert mine.unseal(sealed, b"answer") == b"words"
        with pytest.raises(WrongKey):
            other.unseal(sealed, b"answer")
        with pytest.raises(WrongKey):
            KEYS.unseal(sealed, b"answer")

    def test_a_wrapped_key_can_belong_to_one_case(self) -> None:
        wrapped = KEYS.new_case_key(b"SYFAO-2026-00042")
        with pytest.raises(Tampered):
            KEYS.case_key(wrapped, b"SYFAO-2026-00043")

    def test_a_wrapped_key_moves_to_a_new_data_key(self) -> None:
        old, new = secrets.generate(), secrets.generate()
        wrapped = Keys(old).new_case_key()
        sealed = Keys(old).case_key(wrapped).seal(b"words")
        moved = Keys(new, old).rewrap(wrapped)
        assert Keys(new).case_key(moved).unseal(sealed) == b"words"
        assert moved.salt == wrapped.salt

    def test_digests_verify_without_a_key_and_need_the_salt(self) -> None:
        wrapped = KEYS.new_case_key()
        case = KEYS.case_key(wrapped)
        sealed = case.seal(b"words")
        assert case.digest(sealed) == secrets.salted_digest(wrapped.salt, sealed)
        assert case.digest(sealed) != secrets.salted_digest(KEYS.new_case_key().salt, sealed)
        assert case.digest(sealed) != case.digest(case.seal(b"words"))

    def test_stored_parts_make_the_same_key(self) -> None:
        wrapped = KEYS.new_case_key()
        again = WrappedKey(wrapped.wrapped, wrapped.salt)
        assert KEYS.case_key(again).unseal(KEYS.case_key(wrapped).seal(b"x")) == b"x"


class TestMask:
    @pytest.mark.parametrize(
        ("value", "shown"),
        [("E12345678", "••••5678"), ("123456", "••••456"), ("12", "••••2"), ("1", "••••"), ("", "")],
    )
    def test_shows_the_end_and_never_more_than_half(self, value: str, shown: str) -> None:
        assert mask(value) == shown

    @given(st.text(), st.integers(0, 4))
    def test_never_more_than_asked(self, value: str, keep: int) -> None:
        assert len(mask(value, keep).removeprefix("••••")) <= min(keep, len(value) / 2)


class TestSealedColumns:
    async def test_values_come_back_as_what_they_were_and_lie_there_sealed(self, database: Database) -> None:
        guests = (Guest(name="Anna Schmidt", born=date(1970, 3, 4)), Guest(name="王芳"))

        def keep(session: Session) -> None:
            session.add(Visit(passport="E12345678", guests=guests))
            session.add(Visit())

        await database.work(keep)
        first, second = await database.read(lambda s: s.scalars(select(Visit).order_by(Visit.id)).all())
        assert (first.passport, first.guests) == ("E12345678", guests)
        assert (second.passport, second.guests) == (None, None)
        raw = await database.read(lambda s: s.execute(text("SELECT passport, guests FROM visits")).first())
        assert raw is not None
        assert b"E1234" not in bytes(raw[0]) and b"Anna" not in bytes(raw[1])

    async def test_without_keys_the_fault_is_named(self, database: Database) -> None:
        secrets.use(None)
        with pytest.raises(StatementError) as caught:
            await database.work(lambda s: s.execute(Visit.__table__.insert().values(passport="E12345678")))  # type: ignore[attr-defined]
        assert isinstance(caught.value.orig, NoKeys)
        assert "E12345678" not in str(caught.value)

    async def test_one_odd_row_does_not_fail_the_query(self, database: Database, keys: Keys) -> None:
        old = shape(Any).dump(
            [{"name": "Anna", "born": "someday", "rank": 3}, {"born": "1970-03-04"}, "nobody"]
        )

        def keep(session: Session) -> None:
            session.add(Visit(guests=(Guest(name="Bo"),)))
            session.flush()
            session.execute(
                text("INSERT INTO visits (id, guests) VALUES (7, :old)"), {"old": keys.seal(old, b"column")}
            )

        await database.work(keep)
        _, odd = await database.read(lambda s: s.scalars(select(Visit).order_by(Visit.id)).all())
        assert odd.guests is not None
        anna, nameless = odd.guests
        assert (anna.name, anna.born, anna.model_extra) == ("Anna", None, {"rank": 3})
        assert nameless.model_dump() == {"name": None, "born": date(1970, 3, 4)}

    async def test_an_odd_row_is_written_back_with_all_it_held(self) -> None:
        guests = shape(tuple[Guest, ...]).read([{"name": None, "rank": 3}])
        assert shape(tuple[Guest, ...]).plain(guests) == [{"name": None, "born": None, "rank": 3}]

    def test_a_choice_that_is_gone_reads_as_a_relic(self) -> None:
        assert shape(Colour).read("red") == "red"
        relic = shape(Colour | None).read("green")
        assert type(relic) is Relic and relic == "green"
        assert shape(tuple[Colour, ...]).read(["red", "green"]) == ("red", Relic("green"))
        assert shape(Colour).plain(relic) == "green"

    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(),
            lambda x: st.lists(x) | st.dictionaries(st.text(), x),
            max_leaves=8,
        )
    )
    def test_reading_never_raises_whatever_was_written(self, anything: Any) -> None:
        for annotation in (str, int | None, tuple[Guest, ...], Guest, tuple[int, str], dict[str, int], date):
            shape(annotation).read(anything)

    def test_a_type_that_can_not_be_cached_is_refused(self) -> None:
        with pytest.raises(TypeError):
            Sealed({"not": "hashable"})
