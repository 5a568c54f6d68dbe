"""Adapter `email`: channels without any interface, written to through the company's mail server.

What belongs here: which server and which address a letter goes to, and what its handing over means
for the order. What never does: the words (activities/order_letters.py), or SMTP (press_mail.py).

A letter that a mail server took has reached nobody yet: it counts as accepted, never as confirmed.
The channel confirms on the page whose address stands in the letter. Where a connection broke after
the words were given nobody knows whether they were taken; the letter goes out again, for a channel
that hears nothing sells on. It is the same to the byte then, under the same Message-ID.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from threading import BoundedSemaphore
from typing import Any, Final

from domain.envelope import ChannelOrder, ChannelReply
from domain.errors import BrokenSetup, FieldError, NotConfirmed
from integrations.awaited import asked_by, awaited, end_awaited
from integrations.channels import ALL_HELD, BEHIND, Address, LateAnswer
from integrations.connections import Connection, Named, Tools
from integrations.letters import Became, KeptLetter
from integrations.mail_server import (
    NAME_LENGTH,
    Mailbox,
    MailServer,
    address_problems,
    is_address,
    is_here,
    server_of,
    server_problems,
)
from integrations.press_mail import Delivery, Letter, message_id, one_line, postman

FIELDS: Final[Mapping[str, Named]] = {
    "host": Named(True, "the name of the company's mail server, such as mail.example.com"),
    "from": Named(True, "the address that orders come from, such as recall@example.com"),
    "name": Named(True, "the name beside that address, such as Example Recall Desk"),
    "port": Named(False, "its port, where it is not the usual one"),
    "tls": Named(False, "starttls (the default), tls, or none on this machine alone"),
    "user": Named(False, "the user that signs in there"),
    "password": Named(False, "the password of that user"),
    "reply_to": Named(False, "the address that answers go to, where it is another one"),
}
HAND_OVER_S: Final = 30.0
"""Seconds for one letter: an order shows no sign of life meanwhile, and is missed after 40."""

AT_ONCE: Final = 6
"""Letters that go to one mail server at the same moment: few servers talk to a client on more lines
than ten, and a halt has hundreds of letters."""
TURN_S: Final = 30.0
"""Seconds that a letter waits for its turn; then it comes again."""

SOON: Final = "It is tried again. Call them meanwhile."
_BECAME: Final = {
    "sent": Became.SENT,
    "refused": Became.FAILED,
    "later": Became.LATER,
    "unsure": Became.UNSURE,
}


def gateway(connections: Mapping[str, Connection], tools: Tools) -> "EmailGateway":
    """Give the gateway over all connections."""
    return EmailGateway(connections, tools)


def problems(path: str, row: Mapping[str, str]) -> Iterator[FieldError]:
    """Find what is wrong with a connection; no value is quoted."""
    yield from server_problems(path, _typed(row))
    if row.get("tls") == "none" and not is_here(row.get("host")):
        # The letter holds the address by which anybody may answer for the channel.
        sentence = "Orders never go out in the open: choose starttls or tls."
        yield FieldError(f"{path}.tls", sentence)
    if "reply_to" in row:
        yield from address_problems(f"{path}.reply_to", row["reply_to"])


@dataclass(frozen=True, slots=True)
class _Way:
    """How a channel is written to."""

    connection: str
    server: MailServer
    reply_to: str
    to: Mailbox


class EmailGateway:
    """Writes orders to channels."""

    def __init__(self, connections: Mapping[str, Connection], tools: Tools) -> None:
        """Keep the mail servers by connection, and the letters of this installation."""
        self._connections = dict(connections)
        self._letters = tools.letters
        self._tools = tools
        self._turns = {name: BoundedSemaphore(AT_ONCE) for name in connections}

    def bring(self, order: ChannelOrder, address: Address) -> ChannelReply:
        """Hand an order's letter to the mail server, unless it was handed over before.

        Raises NotConfirmed where the server cannot take it now, BrokenSetup for an address that
        is none.
        """
        if order.is_all_held:
            return ALL_HELD
        if order.behind:
            return BEHIND[order.behind]
        way = self._way(address)
        with self._turn(way, address):
            return self._brought(order, address, way)

    @contextmanager
    def _turn(self, way: _Way, address: Address) -> Iterator[None]:
        """Wait until the mail server has a line free for one more letter. Raises NotConfirmed."""
        turns = self._turns[way.connection]
        if not turns.acquire(timeout=TURN_S):
            raise NotConfirmed(f"The letter to {address.name} waits behind others.", SOON)
        try:
            self._tools.alive()
            yield
        finally:
            turns.release()

    def _brought(self, order: ChannelOrder, address: Address, way: _Way) -> ChannelReply:
        number = message_id(order.effect_key, way.server.domain)
        kept = self._letters.claim(order, replace(address, address=way.to.address), number)
        self._note_awaited(order, kept)
        if not kept.is_ours:
            return _known(kept, address)
        became = _handed(way, kept, address.language)
        said = became.said
        if became.outcome == "sent":
            said = self._proof(way.server)
        self._letters.note(order.effect_key, _BECAME[became.outcome], said)
        return _reply(replace(became, said=said), address)

    def answers(self, channel: str, drill: str, _address: Address) -> Sequence[LateAnswer]:
        """Give what mail servers reported later: letters that did not arrive."""
        found = []
        for change in self._tools.journal.standing(channel, drill):
            state, reason = self._letters.stands(change.effect_key)
            if state == Became.BOUNCED:
                incident, order = asked_by(change)
                reply = _returned(reason)
                found.append(LateAnswer(incident=incident, order=order, reply=reply))
        return found

    def _note_awaited(self, order: ChannelOrder, kept: KeptLetter) -> None:
        """Remember whose letter may come back; one to sell again ends what was remembered."""
        journal = self._tools.journal
        if order.action == "halt":
            journal.intend(order, awaited(order, kept.message_id))
        else:
            end_awaited(journal, self._tools.desired, order)

    def _proof(self, server: MailServer) -> str:
        """Say what is known: handed over, and no more (api/title_words.py has this sentence)."""
        at = f"{self._tools.now():%Y-%m-%d %H:%M} UTC"
        return f"Handed over to the mail server {server.host} at {at}."

    def _way(self, address: Address) -> _Way:
        """Find the server and the reader. Raises BrokenSetup."""
        connection, told = way_to(self._connections, address)
        server = server_behind(connection)
        name = one_line(address.name)[:NAME_LENGTH]
        return _Way(
            connection.id, server, connection.value("reply_to"), Mailbox(name=name, address=told)
        )


def way_to(connections: Mapping[str, Connection], address: Address) -> tuple[Connection, str]:
    """Give the connection and the reader of a channel: `<address>`, or `<connection>:<address>`.

    Raises BrokenSetup.
    """
    named, _, told = address.address.rpartition(":")
    known = ", ".join(sorted(connections))
    if not named and len(connections) > 1:
        raise BrokenSetup(
            f"{address.name} does not say through which mail server it is written to.",
            f"Write one of these before its address, with a colon: {known}.",
        )
    if named and named not in connections:
        raise BrokenSetup(
            f"{address.name} names the connection {named!r:.60}, which is not there.",
            f"Known: {known}. Correct the address on the company's list.",
        )
    if not is_address(told):
        raise BrokenSetup(
            f"{address.name} has no e-mail address that can be written to.",
            "Correct the address on the company's list, such as orders@retailer.example.",
        )
    return connections[named or known], told


def server_behind(connection: Connection) -> MailServer:
    """Give the mail server of a connection."""
    return MailServer(**server_of(_typed(connection.values)))


def _typed(row: Mapping[str, str]) -> dict[str, Any]:
    """Give the values of a connection as a file of another kind has them: a port is a number."""
    port = row.get("port")
    if port is None:
        return dict(row)
    is_number = port.isascii() and port.isdigit() and len(port) < 6
    return {**row, "port": int(port) if is_number else 0}


def _handed(way: _Way, kept: KeptLetter, language: str) -> Delivery:
    letter = Letter(
        to=way.to,
        language=language,
        subject=kept.letter.subject,
        body=kept.letter.body,
        message_id=kept.message_id,
        mark=kept.mark,
        reply_to=way.reply_to,
    )
    with postman(way.server, HAND_OVER_S) as carrier:
        blocked = carrier.reach()
        return Delivery("later", blocked) if blocked else carrier.hand(letter, kept.written_at)


def _known(kept: KeptLetter, address: Address) -> ChannelReply:
    """Give what came of a letter that is not ours to hand over."""
    if kept.state == Became.SENT:
        return ChannelReply("accepted", proof=kept.reason)
    if kept.state == Became.BOUNCED:
        return _returned(kept.reason)
    raise NotConfirmed(f"The letter to {address.name} is being handed over right now.", SOON)


def _reply(became: Delivery, address: Address) -> ChannelReply:
    if became.outcome == "sent":
        return ChannelReply("accepted", proof=became.said)
    if became.outcome == "refused":
        error = f"The mail server did not take the letter to them: {became.said}"
        return ChannelReply("refused", error=error)
    if became.outcome == "unsure":
        # Not at once: each time somebody may get it once more.
        error = f"It is not known whether the letter to them went out: {became.said}. {SOON}"
        return ChannelReply("failed", error=error)
    raise NotConfirmed(f"The letter to {address.name} did not go out yet: {became.said}.", SOON)


def _returned(said: str) -> ChannelReply:
    return ChannelReply("refused", error=f"The letter did not arrive: {said}")
