"""The vault: private texts as sealed bytes, and the one key per subject that opens them.

What belongs here: keeping and giving sealed bytes. What never does: a key in the clear, a word of
the text, any cipher (integrations/seal.py; services put the two together), or destroying a key
(storage/erasing.py).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from domain.errors import KeyReused, NotFound, Refused
from storage.engine import read, write
from storage.inserting import insert_missing, insert_new
from storage.schema import vault_keys, vault_texts

AT_ONCE = 1000
"""Texts read by one statement; a database takes only so many names in one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedText:
    """A private text as it is kept: `access` is its access class, `subject` whom it is about."""

    id: str
    subject: str
    ciphertext: bytes
    access: str
    stored_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptText:
    """A sealed text with the wrapped key that opens it.

    `wrapped` is None when it was destroyed, at `erased_at`, for the ground `erased_for`.
    """

    id: str
    subject: str
    ciphertext: bytes
    access: str
    stored_at: datetime
    wrapped: bytes | None
    erased_at: datetime | None = None
    erased_for: str = ""


def keep_key(engine: Engine, subject: str, wrapped: bytes, created_at: datetime) -> bytes:
    """Keep a subject's wrapped key unless it has one, and give the one it has.

    Two requests may both make a key for a new subject; the first one kept is the subject's.

    Raises:
        Refused: the subject was erased; a new text needs a new subject.
    """
    with write(engine) as connection:
        return _keep_key(connection, subject, wrapped, created_at)


def keep_sealed(
    engine: Engine,
    subject: str,
    wrapped: bytes,
    created_at: datetime,
    seal: Callable[[bytes], Sequence[SealedText]],
) -> bytes:
    """Keep a subject's key and what is sealed under it in one transaction; gives the key kept.

    `seal` gets the wrapped key that is the subject's, perhaps an earlier one, and must be quick:
    in SQLite every other writer waits for it. Raises as `keep_key` and `keep_texts` do.
    """
    with write(engine) as connection:
        kept = _keep_key(connection, subject, wrapped, created_at)
        _keep_texts(connection, seal(kept))
        return kept


def _keep_key(connection: Connection, subject: str, wrapped: bytes, created_at: datetime) -> bytes:
    row = {"subject": subject, "wrapped": wrapped, "created_at": created_at}
    insert_new(connection, vault_keys, {**row, "erased_at": None, "erased_for": None})
    kept = connection.execute(
        sa.select(vault_keys.c.wrapped).where(vault_keys.c.subject == subject)
    ).scalar_one()
    if kept is None:
        raise erased(subject)
    return bytes(kept)


def wrapped_key(engine: Engine, subject: str) -> bytes | None:
    """Give a subject's wrapped key; None when it was destroyed.

    Raises:
        NotFound: the vault does not know the subject.
    """
    with read(engine) as connection:
        row = connection.execute(
            sa.select(vault_keys.c.wrapped).where(vault_keys.c.subject == subject)
        ).first()
    if row is None:
        raise NotFound(f"The vault knows no subject {subject}.", "Check the reference.")
    return None if row.wrapped is None else bytes(row.wrapped)


def keep_texts(engine: Engine, texts: Sequence[SealedText]) -> None:
    """Keep sealed texts, all or none, before the command that names them leaves the API.

    A repeated request seals anew, to the same bytes, and nothing is written.

    Raises:
        Refused: the key of a subject was destroyed, or never kept.
        KeyReused: an id is kept for another text, subject or access class.
    """
    if texts:
        with write(engine) as connection:
            _keep_texts(connection, texts)


def _keep_texts(connection: Connection, texts: Sequence[SealedText]) -> None:
    _check_keys(connection, {text.subject for text in texts})
    insert_missing(connection, vault_texts, [asdict(text) for text in texts])
    there = {text.id: text for text in _kept(connection, [text.id for text in texts])}
    for text in texts:
        kept = there[text.id]
        before = (kept.subject, kept.access, kept.ciphertext)
        if before != (text.subject, text.access, text.ciphertext):
            raise KeyReused(
                "This key was used before with another content.",
                "Send it again with a new Idempotency-Key.",
            )


def kept_texts(engine: Engine, ids: Iterable[str]) -> dict[str, KeptText]:
    """Give sealed texts by id, each with its wrapped key; those not there are left out."""
    every = sorted(set(ids))
    parts = [every[start : start + AT_ONCE] for start in range(0, len(every), AT_ONCE)]
    if not parts:
        return {}
    with read(engine) as connection:
        return {text.id: text for part in parts for text in _kept(connection, part)}


def erased_at(engine: Engine, subjects: Iterable[str]) -> dict[str, datetime]:
    """Give when the keys of some subjects were destroyed; those whose key is there are left out."""
    every, found = sorted(set(subjects)), {}
    with read(engine) as connection:
        for start in range(0, len(every), AT_ONCE):
            chosen = sa.and_(
                vault_keys.c.subject.in_(every[start : start + AT_ONCE]),
                vault_keys.c.erased_at.is_not(None),
            )
            rows = connection.execute(
                sa.select(vault_keys.c.subject, vault_keys.c.erased_at).where(chosen)
            )
            found.update({str(row.subject): row.erased_at for row in rows})
    return found


def texts_of(engine: Engine, subject: str) -> list[str]:
    """List the ids of what is kept about a subject, oldest first."""
    statement = (
        sa.select(vault_texts.c.id)
        .where(vault_texts.c.subject == subject)
        .order_by(vault_texts.c.stored_at, vault_texts.c.id)
    )
    with read(engine) as connection:
        return list(connection.execute(statement).scalars())


def texts_under(engine: Engine, subjects: Iterable[str]) -> dict[str, str]:
    """Give the subject of every text that is kept about some, by the text's id."""
    every, found = sorted(set(subjects)), dict[str, str]()
    columns = (vault_texts.c.id, vault_texts.c.subject)
    with read(engine) as connection:
        for start in range(0, len(every), AT_ONCE):
            part = vault_texts.c.subject.in_(every[start : start + AT_ONCE])
            for row in connection.execute(sa.select(*columns).where(part)):
                found[row.id] = row.subject
    return found


def discard(engine: Engine, ids: Sequence[str]) -> None:
    """Forget texts that no entry refers to.

    The subject's key stays: the same texts sent again must be known by the same commitments. In
    SQLite their bytes are overwritten too (`secure_delete`).
    """
    with write(engine) as connection:
        connection.execute(sa.delete(vault_texts).where(vault_texts.c.id.in_(ids)))


def _check_keys(connection: Connection, subjects: set[str]) -> None:
    """Refuse to keep what nobody can open, and hold the keys until the transaction ends."""
    found = connection.execute(
        sa.select(vault_keys.c.subject, vault_keys.c.wrapped)
        .where(vault_keys.c.subject.in_(sorted(subjects)))
        .with_for_update(read=True)
    )
    usable = {row.subject for row in found if row.wrapped is not None}
    for subject in sorted(subjects - usable):
        raise erased(subject)


def _kept(connection: Connection, ids: Sequence[str]) -> list[KeptText]:
    """Read sealed texts with their wrapped keys."""
    columns = [vault_texts.c[name] for name in SealedText.__dataclass_fields__]
    found = connection.execute(
        sa.select(
            *columns,
            vault_keys.c.wrapped,
            vault_keys.c.erased_at,
            sa.func.coalesce(vault_keys.c.erased_for, "").label("erased_for"),
        )
        .join_from(vault_texts, vault_keys)
        .where(vault_texts.c.id.in_(ids))
    )
    return [KeptText(**row._asdict()) for row in found]


def erased(subject: str) -> Refused:
    """Make the refusal for a subject without a key."""
    return Refused(
        f"There is no key for subject {subject}: it was erased, or never made.",
        "Keep the text under a new subject.",
        code="subject_erased",
    )
