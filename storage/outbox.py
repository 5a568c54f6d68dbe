"""The outbox: every message of the embedded default, shown instead of sent.

What belongs here: keeping a message once per effect, and listing. What never does: writing or
sending one. The table is in the BULK group: a broadcast must not make the ledger wait.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from domain.canonical import sha256_hex
from domain.errors import NotFound, TooLarge
from storage.engine import read, write
from storage.inserting import insert_missing, insert_new
from storage.schema import outbox

LARGEST_BATCH = 500
"""Messages in one transaction: about 10 ms, so that other writers of the file can pass."""

ERASED = "erased"
"""The state of a message whose reader was erased: it keeps its key, and never goes out again."""

TABLE = outbox.name
ON_ITS_WAY = ("sending", "later")
"""States of a message that somebody has in hand: it is erased once it is out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message as it would leave: for whom, by which channel, in which language, its words.

    `effect_key` is the key of the effect that sends it; `state` is shown, sent or refused; of what
    goes to an outlet it is sending, sent, failed or unsure (the process ended while it was sent),
    of an e-mail also later (nothing was handed over yet) or bounced, of one to a person without an
    address no_address. `reason` is what a mail server said, `message_id` the Message-ID of an
    e-mail that goes out.
    """

    effect_key: str
    incident: str
    audience: str
    channel: str
    recipient: str
    language: str
    created_at: datetime
    subject: str
    body: str
    state: str = "shown"
    reason: str = ""
    message_id: str = ""

    @property
    def id(self) -> str:
        """The message's own id for a page: short, and the same however often it is kept."""
        return id_of(self.effect_key)


def id_of(effect_key: str) -> str:
    """Give the id of the message of an effect."""
    return sha256_hex(effect_key.encode())[:24]


def keep_messages(engine: Engine, messages: Sequence[Message]) -> None:
    """Keep messages in one transaction; those whose effect was kept before are passed over.

    Raises:
        TooLarge: more than 500 at once.
    """
    if len(messages) > LARGEST_BATCH:
        raise TooLarge(
            f"{len(messages)} messages at once; the limit is {LARGEST_BATCH}.", "Pass fewer."
        )
    with write(engine) as connection:
        insert_missing(connection, outbox, [_row(message) for message in messages])


def kept_at(engine: Engine, effect_keys: Collection[str]) -> dict[str, datetime]:
    """Say since when messages are kept, by the keys of their effects; others are left out."""
    statement = sa.select(outbox.c.effect_key, outbox.c.created_at)
    with read(engine) as connection:
        rows = connection.execute(statement.where(outbox.c.effect_key.in_(list(effect_keys))))
        return {row.effect_key: row.created_at for row in rows}


def message(engine: Engine, message_id: str) -> Message:
    """Give one message by its id.

    Raises:
        NotFound: there is none.
    """
    found = _listed(engine, sa.select(*COLUMNS).where(outbox.c.id == message_id))
    if not found:
        raise NotFound(f"There is no message {message_id}.", "Look at the Outbox page.")
    return found[0]


def list_messages(
    engine: Engine,
    *,
    incident: str | None = None,
    recipients: Collection[str] | None = None,
    limit: int = 100,
    offset: int = 0,
) -> list[Message]:
    """List messages, newest first, of one incident or of all, to some `recipients` or to all."""
    statement = (
        sa.select(*COLUMNS)
        .order_by(outbox.c.created_at.desc(), outbox.c.id)
        .limit(limit)
        .offset(offset)
    )
    if incident is not None:
        statement = statement.where(outbox.c.incident == incident)
    if recipients is not None:
        statement = statement.where(outbox.c.recipient.in_(sorted(recipients)))
    return _listed(engine, statement)


def recipients_of(engine: Engine, incident: str | None = None) -> list[str]:
    """List to whom there are messages, of one incident or of all."""
    statement = sa.select(outbox.c.recipient).distinct().order_by(outbox.c.recipient)
    if incident is not None:
        statement = statement.where(outbox.c.incident == incident)
    with read(engine) as connection:
        return list(connection.execute(statement).scalars())


def count_messages(engine: Engine, incident: str) -> dict[str, int]:
    """Count an incident's messages by channel."""
    statement = (
        sa.select(outbox.c.channel, sa.func.count())
        .where(outbox.c.incident == incident)
        .group_by(outbox.c.channel)
        .order_by(outbox.c.channel)
    )
    with read(engine) as connection:
        return dict(connection.execute(statement).all())


def claim(engine: Engine, message: Message) -> str:
    """Keep a message that is about to be sent; give the state that it has already, "" if none.

    Whoever is given "" sends it, and nobody else ever does: what went out twice stays out twice.
    """
    with write(engine) as connection:
        if insert_new(connection, outbox, _row(message)):
            return ""
        kept = sa.select(outbox.c.state).where(outbox.c.effect_key == message.effect_key)
        return str(connection.execute(kept).scalar_one())


def claim_again(engine: Engine, effect_key: str) -> bool:
    """Claim a message that was put off: True for one alone of those who ask at the same moment."""
    put_off = sa.and_(outbox.c.effect_key == effect_key, outbox.c.state == "later")
    with write(engine) as connection:
        claimed = connection.execute(sa.update(outbox).where(put_off).values(state="sending"))
        return claimed.rowcount == 1


def claim_letter(engine: Engine, message: Message, given_up: str) -> tuple[bool, Message]:
    """Keep a letter, or claim the one that is kept; say whether it is ours, and give it as kept.

    The words stay those of the first time, and so does when it was written. While it is sent,
    `reason` is when that began: whoever began before `given_up` has died. What was sent, or came
    back, is nobody's any more.
    """
    one = outbox.c.effect_key == message.effect_key
    is_free = sa.or_(
        outbox.c.state.not_in(("sending", "sent", "bounced", ERASED)),
        sa.and_(outbox.c.state == "sending", outbox.c.reason < given_up),
    )
    told = {name: getattr(message, name) for name in ("state", "reason", "recipient")}
    number = sa.func.coalesce(sa.func.nullif(outbox.c.message_id, ""), message.message_id)
    with write(engine) as connection:
        is_ours = insert_new(connection, outbox, _row(message))
        if not is_ours:
            taken = sa.update(outbox).where(one, is_free).values(**told, message_id=number)
            is_ours = connection.execute(taken).rowcount == 1
        [row] = connection.execute(sa.select(*COLUMNS).where(one))
        return is_ours, Message(**row._asdict())


def put_off(engine: Engine, effect_keys: Sequence[str], reason: str) -> None:
    """Note why messages that nobody claimed could not be handed over yet."""
    waiting = sa.and_(outbox.c.effect_key.in_(effect_keys), outbox.c.state == "later")
    with write(engine) as connection:
        connection.execute(sa.update(outbox).where(waiting).values(reason=reason))


def set_state(engine: Engine, effect_key: str, state: str, reason: str = "") -> None:
    """Note what became of a message, and what was said of it."""
    with write(engine) as connection:
        connection.execute(
            sa.update(outbox)
            .where(outbox.c.effect_key == effect_key)
            .values(state=state, reason=reason)
        )


def addresses(engine: Engine) -> list[str]:
    """List everybody that a message is kept for, each once."""
    statement = sa.select(outbox.c.recipient).where(outbox.c.state != ERASED).distinct()
    with read(engine) as connection:
        return [one for one in connection.execute(statement).scalars() if one]


def folded(address: str) -> str:
    """Give an address as it is compared: nobody is erased in one spelling and kept in another."""
    return address.strip().casefold()


def _spelt(connection: Connection, recipients: Collection[str]) -> list[str]:
    """List the spellings under which messages are kept for these readers.

    Databases fold the letters of English alone, so every address is read; it is done seldom.
    """
    wanted = {folded(one) for one in recipients} - {""}
    if not wanted:
        return []
    every = connection.execute(sa.select(outbox.c.recipient).distinct()).scalars()
    return [one for one in every if folded(one) in wanted]


def incidents_for(engine: Engine, recipients: Collection[str]) -> list[str]:
    """Name the incidents and cases of which messages are kept for these readers."""
    with read(engine) as connection:
        theirs = outbox.c.recipient.in_(_spelt(connection, recipients))
        found = connection.execute(sa.select(outbox.c.incident).where(theirs).distinct())
        return sorted(one for one in found.scalars() if one)


def count_for(engine: Engine, recipients: Collection[str]) -> tuple[int, int]:
    """Count the messages kept for these readers, and those of them that are on their way."""
    with read(engine) as connection:
        theirs = outbox.c.recipient.in_(_spelt(connection, recipients))
        count = sa.select(sa.func.count()).select_from(outbox)
        every = connection.execute(count.where(theirs)).scalar_one()
        moving = connection.execute(count.where(theirs, outbox.c.state.in_(ON_ITS_WAY)))
        return int(every), int(moving.scalar_one())


def erase_for(engine: Engine, recipients: Collection[str], until: datetime) -> int:
    """Empty the messages for readers that were written until an instant; give how many.

    Those on their way are left out.
    """
    nothing = {"recipient": "", "subject": "", "body": "", "reason": "", "message_id": ""}
    with write(engine) as connection:
        chosen = sa.and_(
            outbox.c.recipient.in_(_spelt(connection, recipients)),
            outbox.c.created_at <= until,
            outbox.c.state.not_in((*ON_ITS_WAY, ERASED)),
        )
        emptied = connection.execute(
            sa.update(outbox).where(chosen).values(**nothing, state=ERASED)
        )
        return emptied.rowcount


def messages_under(engine: Engine, incident: str, keys: str) -> list[Message]:
    """List an incident's messages whose effect keys begin with `keys`, the oldest first."""
    return _listed(
        engine,
        sa.select(*COLUMNS)
        .where(
            outbox.c.incident == incident,
            outbox.c.effect_key.startswith(keys, autoescape=True),
        )
        .order_by(outbox.c.created_at, outbox.c.id),
    )


_NAMES = tuple(Message.__dataclass_fields__)
_ADDED = ("reason", "message_id")
COLUMNS = [
    *(outbox.c[name] for name in _NAMES if name not in _ADDED),
    # Rows of before the column was there have none.
    *(sa.func.coalesce(outbox.c[name], "").label(name) for name in _ADDED),
]


def _row(message: Message) -> dict[str, object]:
    return {"id": message.id, **{name: getattr(message, name) for name in _NAMES}}


def _listed(engine: Engine, statement: sa.Select[tuple[object, ...]]) -> list[Message]:
    with read(engine) as connection:
        return [Message(**row._asdict()) for row in connection.execute(statement)]
