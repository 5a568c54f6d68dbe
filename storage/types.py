"""Column types that make both databases agree: text, instants, documents.

What belongs here: how a Python value becomes a column, and what a column refuses before any
database sees it. What never does: a table, or a rule of the plan.

PostgreSQL refuses NUL in text and SQLite keeps it; PostgreSQL sorts text by the locale of the
database and SQLite by bytes. Every text column is therefore `Words`, which refuses the first and
asks for collation "C" against the second.
"""

import json
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from domain.canonical import canonical
from domain.errors import Malformed
from domain.wire import instant_text

PLAIN_TEXT: TypeEngine[str] = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
"""The type of every text column in the database itself; migrations repeat it."""


class Words(TypeDecorator[str]):
    """Text that both databases keep alike: no NUL, no lone surrogate, sorted by code point."""

    impl = PLAIN_TEXT
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Check the text and strip a subclass (StrEnum, PublicText) down to plain `str`."""
        if value is None:
            return None
        if not isinstance(value, str):
            raise Malformed(f"A text column was given {type(value).__name__}.", "Pass text.")
        return storable(str(value))


class Instant(TypeDecorator[datetime]):
    """An aware instant as fixed-width UTC ISO text: text order is time order, to the microsecond.

    A native timestamp would lose the zone in SQLite and follow the session's zone in PostgreSQL.
    """

    impl = PLAIN_TEXT
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """Write the instant; raises Malformed for a naive one."""
        return None if value is None else instant_column(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Read the instant back, in UTC: the text ends in Z, because only this type wrote it."""
        return None if value is None else datetime.fromisoformat(value)


class Document(TypeDecorator[Any]):
    """Plain JSON values as canonical text: the same value is the same text in both databases."""

    impl = PLAIN_TEXT
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Write the value; raises Malformed where it has no canonical form (floats, NUL)."""
        return None if value is None else canonical(value).decode()

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Read the value back."""
        return None if value is None else json.loads(value)


def storable(text: str) -> str:
    """Give the text back, or refuse what one of the databases cannot keep.

    Raises:
        Malformed: a NUL or a lone surrogate is in it.
    """
    if "\0" in text:
        raise Malformed("The text has a NUL character in it.", "Remove it.", code="unstorable_text")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise Malformed(
                f"The text has half a character (a lone surrogate) at position {error.start}.",
                "Remove it.",
                code="unstorable_text",
            ) from None
    return text


def instant_column(at: datetime) -> str:
    """Write an instant as it stands in a column.

    Raises:
        Malformed: it has no zone.
    """
    if at.tzinfo is None:
        raise Malformed(f"The instant {at.isoformat()} has no zone.", "Pass an aware instant.")
    return instant_text(at)
