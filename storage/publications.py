"""What stands at places of this installation: approved bytes, kept once and never changed.

What belongs here: keeping a text's bytes at a place, reading them back, listing them. What never
does: which text may stand there (domain/publishing.py), how a page shows it, or deleting: a text
that was corrected or retracted stays, and the text about it stands beside it.
"""

from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from domain.canonical import sha256_hex
from domain.errors import BrokenSetup, Malformed, NotFound
from storage.engine import read, write
from storage.inserting import insert_new
from storage.schema import publications

SITE = "site"
"""The public notice pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredText:
    """A version of a text at a place: its approved bytes (canonical JSON), and since when.

    `drill` is '', exercise or simulation: what is a drill is never listed for the public.
    """

    incident: str
    statement: str
    version: int
    place: str
    kind: str
    drill: str
    sha256: str
    at: datetime
    content: bytes


def keep_text(engine: Engine, text: StoredText) -> StoredText:
    """Put a text at its place and give what stands there; the same again changes nothing.

    Raises:
        Malformed: the bytes have another hash than they are said to have.
        BrokenSetup: other bytes stand there under the same name.
    """
    if sha256_hex(text.content) != text.sha256:
        raise Malformed(
            f"The bytes of {text.statement} version {text.version} are not the approved ones.",
            "Nothing was published; verify the ledger.",
            code="bytes_differ",
        )
    with write(engine) as connection:
        if insert_new(connection, publications, asdict(text)):
            return text
    stands = stored_text(engine, text.incident, text.statement, text.version, text.place)
    if stands.content != text.content:
        raise BrokenSetup(
            f"Other bytes stand at {text.place} for {text.statement} version {text.version}.",
            "Restore the database from a backup and verify the ledger.",
            code="publication_differs",
        )
    return stands


def stored_text(
    engine: Engine, incident: str, statement: str, version: int, place: str = SITE
) -> StoredText:
    """Give what stands at a place, as the bytes it is; nothing is checked here.

    Raises:
        NotFound: nothing stands there under this name.
    """
    found = _listed(
        engine,
        sa.and_(
            publications.c.incident == incident,
            publications.c.statement == statement,
            publications.c.version == version,
            publications.c.place == place,
        ),
    )
    if not found:
        raise NotFound(f"{statement} version {version} does not stand at {place}.", "Publish it.")
    return found[0]


def mark_of(engine: Engine) -> tuple[int, str]:
    """Give what changes whenever a text comes to stand anywhere: how many there are, the last."""
    statement = sa.select(sa.func.count(), sa.func.max(publications.c.at))
    with read(engine) as connection:
        count, last = connection.execute(statement).one()
    return int(count), str(last)


def list_texts(
    engine: Engine, *, place: str = SITE, incident: str | None = None, drill: str = ""
) -> list[StoredText]:
    """List what stands at a place, newest first; of one incident or of all.

    Without `drill` no text of a drill is ever given.
    """
    chosen = sa.and_(publications.c.place == place, publications.c.drill == drill)
    if incident is not None:
        chosen = sa.and_(chosen, publications.c.incident == incident)
    return _listed(engine, chosen)


def _listed(engine: Engine, chosen: sa.ColumnElement[bool]) -> list[StoredText]:
    columns = [publications.c[name] for name in StoredText.__dataclass_fields__]
    statement = (
        sa.select(*columns)
        .where(chosen)
        .order_by(publications.c.at.desc(), publications.c.statement, publications.c.version.desc())
    )
    with read(engine) as connection:
        return [StoredText(**row._asdict()) for row in connection.execute(statement)]
