"""Column types that mean the same on SQLite and PostgreSQL, for tables that are not forms as well."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import JSON, DateTime, String, TypeDecorator

from storage.lenient import Shape, shape

if TYPE_CHECKING:
    from sqlalchemy import Dialect

E = TypeVar("E", bound=Enum)


class NaiveTime(ValueError):
    """A time without a zone was to be stored. `value` is that time."""

    def __init__(self, value: datetime) -> None:
        super().__init__(value.isoformat())
        self.value = value


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time, read back in UTC; naive ones raise NaiveTime. As text it sorts by time."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Python to database."""
        if value is None:
            return None
        if value.utcoffset() is None:
            raise NaiveTime(value)
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Database to Python."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class EnumText(TypeDecorator[E]):
    """A member of an Enum, kept as its value in plain text, so that a new member needs no migration.

    SQLModel's own choice, a database ENUM of member names, can't be extended alike on both databases.
    An unknown stored value raises ValueError: these are our own states, not choices of a form.
    """

    impl = String
    cache_ok = True

    def __init__(self, members: type[E]) -> None:
        super().__init__()
        self.members = members

    def process_bind_param(self, value: E | None, dialect: Dialect) -> str | None:
        """Python to database."""
        return None if value is None else str(self.members(value).value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> E | None:
        """Database to Python."""
        return None if value is None else self.members(value)


class Json(TypeDecorator[Any]):
    """A value of any type that pydantic can check, as JSON in clear; read leniently (see `storage.lenient`).

    Give `annotation` as it stands on the field, hashable: SQLAlchemy caches statements by it.
    """

    impl = JSON(none_as_null=True)
    cache_ok = True

    def __init__(self, annotation: Any) -> None:
        super().__init__()
        self.annotation = annotation
        hash(annotation)

    @property
    def _shape(self) -> Shape:
        return shape(self.annotation)

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Python to database."""
        return None if value is None else self._shape.plain(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Database to Python."""
        return None if value is None else self._shape.read(value)
