"""Orders as EPCIS 2.0 events, for traceability systems: what is held, recalled, and free again.

What belongs here: the document, and its capture by the REST binding (POST to `/capture`, a job that
is asked how it ended). What never does: whether a shop stopped: a system that took the event knows
what is held, and a person or another answer confirms the stop.

Goods are told as classes, `https://id.gs1.org/01/<GTIN>/10/<lot>`, without a quantity: how many
there are is not known, and an element needs no more than its class (EPCIS 2.0, section 7.3.3). An
event has the same id however often it is sent (RFC 9562, version 5, of the order's key), and the
time at which it was first made.
"""

import json
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final
from urllib.parse import quote, urljoin, urlsplit

from domain.canonical import canonical
from domain.desired import Hold
from domain.envelope import ChannelOrder, ChannelReply
from domain.errors import BrokenSetup, NotConfirmed
from domain.gtin import gtin_is_valid
from domain.plan_terms import ChannelKind
from domain.wire import instant_text
from integrations.channels import Address, ChannelGateway
from integrations.connections import Article, Connection, Named, Tools, behind
from integrations.lot_orders import KEEP, lots_of
from integrations.outgoing import Answer, Bounds, Outgoing, checked_url
from integrations.shelves import Change, Item, ItemKind, Outcome
from integrations.webhook import ANSWER_LIMIT

FIELDS: Final = {
    "url": Named(needed=True, what="the address of its capture interface, ending in /capture"),
    "token": Named(needed=False, what="the bearer token that it gave you"),
    "location": Named(needed=False, what="where it is, as https://id.gs1.org/414/<GLN>"),
}

CONTEXT: Final = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
CLASSES: Final = "https://id.gs1.org/01/"
LOT_AT_MOST: Final = 20
"""Signs of a lot in GS1 numbers (application identifier 10)."""

_LOT_SIGNS: Final = frozenset(
    "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
)
_EVENTS: Final = uuid.uuid5(uuid.NAMESPACE_URL, "urn:andon:epcis-event")
HELD, RECALLED = "non_sellable_other", "recalled"
ON_SHELF, IN_STORE = "sellable_accessible", "sellable_not_accessible"
"""Dispositions of CBV 2.0, section 7.2: not sellable pending further evaluation; not sellable for
public safety; sellable, within and out of a customer's reach. JSON takes them as bare words
(EPCIS 2.0, section 10)."""

STEPS: Final = {HELD: "holding", RECALLED: "holding", ON_SHELF: "stocking", IN_STORE: "storing"}
"""The business step beside each, as sections 7.1 and 7.2 pair them: set apart for further review;
made available to customers; moved within storage."""

BEHIND: Final = frozenset(
    {
        ChannelKind.WAREHOUSE,
        ChannelKind.CARRIER,
        ChannelKind.DISTRIBUTOR,
        ChannelKind.EXPORT,
        ChannelKind.PLANT,
        ChannelKind.SUPPLIER_MATERIAL,
    }
)
"""Kinds of channels where no customer reaches the goods."""

ASKED_AT_MOST: Final = 8
PAUSE_S: Final = 2.0
"""How often, and after which pause, a capture job is asked in one attempt."""


def gateway(connections: Mapping[str, Connection], tools: Tools) -> ChannelGateway:
    """Give the gateway over all systems."""
    return EpcisGateway(connections, tools)


class EpcisGateway:
    """Sends orders as events to systems with a capture interface."""

    def __init__(
        self,
        connections: Mapping[str, Connection],
        tools: Tools,
        outgoing: Outgoing | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """Keep the systems by connection, and how to wait for a job."""
        self._connections = dict(connections)
        self._tools = tools
        # A document without a token holds no secret: plain HTTP is refused only beside one.
        self._outgoing = outgoing or Outgoing(
            replace(tools.bounds, plain_allowed=True, at_most=ANSWER_LIMIT), alive=tools.alive
        )
        self._pause = pause

    def bring(self, order: ChannelOrder, address: Address) -> ChannelReply:
        """Send the order's event once. Raises NotConfirmed while its capture is not settled."""
        connection = behind(self._connections, address)
        url_of(connection, self._tools.bounds)
        known = self._tools.journal.finished(order)
        if known is not None:
            return known
        reply = self._captured(order, connection, address)
        if reply.state == "refused":
            return reply  # nothing is finished: what stood in its way may be mended
        self._tools.journal.finish(order, reply)
        if order.action == "resume" and reply.state == "accepted":
            for change in self._tools.journal.standing(order.channel, order.drill):
                self._tools.journal.end(change, Outcome.RESTORED, order)
        return reply

    def book(self, order: ChannelOrder, address: Address) -> ChannelReply:
        """Tell anew what the goods of an order are. Raises as `bring`."""
        return self.bring(order, address)

    # ------------------------------------------------------------ capturing

    def _captured(
        self, order: ChannelOrder, connection: Connection, address: Address
    ) -> ChannelReply:
        noted = next(iter(self._tools.journal.of_order(order.effect_key)), None)
        at = noted.was["at"] if noted else instant_text(self._tools.now())
        free = IN_STORE if address.kind in BEHIND else ON_SHELF
        events = list(self._events(order, connection, at, free))
        if unfit := [one for one in events if isinstance(one, str)]:
            return ChannelReply("refused", error=unfit[0])
        if noted is None:
            number = self._tools.journal.intend(order, _item(order, at))
            job = ""
        else:
            number, job = noted.number, _job(noted)
        if not job and noted is not None and self._is_there(connection, order):
            return _taken(order)
        job = job or self._post(connection, order, _document(events, at))
        if not job:
            return _taken(order)
        self._tools.journal.note(number, {"job": job})
        return self._ended(connection, order, number, job)

    def _post(self, connection: Connection, order: ChannelOrder, document: bytes) -> str:
        """Hand the document over; give the address of the job, "" where there is none to ask."""
        answer = self._ask("POST", connection, connection.value("url"), document)
        if answer.status not in (200, 201, 202):
            raise _failed(connection, f"answered {answer.status}{_title(answer)}")
        told = answer.headers.get("location", "")
        job = urljoin(connection.value("url"), told)
        # A job at another address would be sent the token of this one.
        is_here = told and urlsplit(job)[:2] == urlsplit(connection.value("url"))[:2]
        return job if answer.status == 202 and is_here else ""

    def _ended(
        self, connection: Connection, order: ChannelOrder, number: int, job: str
    ) -> ChannelReply:
        for _ in range(ASKED_AT_MOST):
            answer = self._ask("GET", connection, job)
            told = _json(answer)
            if answer.status != 200 or not isinstance(told, dict):
                raise _failed(connection, f"did not say how its job ended ({answer.status})")
            if told.get("running") is False:
                if told.get("success") is True:
                    return _taken(order)
                self._tools.journal.note(
                    number, {"job": ""}
                )  # the next attempt is a job of its own
                return ChannelReply("refused", error=f"It was not captured{_first(told)}.")
            self._pause(PAUSE_S)
        raise _failed(connection, "is still at work on it")

    def _is_there(self, connection: Connection, order: ChannelOrder) -> bool:
        """Ask for the event: the answer to an earlier attempt was lost."""
        base = connection.value("url").rstrip("/").removesuffix("/capture")
        event = quote(_event_id(order, 0), safe="")
        return self._ask("GET", connection, f"{base}/events/{event}").status == 200

    def _ask(
        self, method: str, connection: Connection, url: str, body: bytes | None = None
    ) -> Answer:
        """Send one request; no more of an answer is read than it may have."""
        headers = {
            "accept": "application/json, application/ld+json, application/problem+json",
            "gs1-epcis-version": "2.0",
            "gs1-cbv-version": "2.0",
        }
        if body is not None:
            headers |= {
                "content-type": "application/json",
                "gs1-capture-error-behaviour": "rollback",
            }
        if token := connection.value("token"):
            headers["authorization"] = f"Bearer {token}"
        return self._outgoing.send(connection.id, method, url, headers, body or b"")

    # ------------------------------------------------------------ the document

    def _events(
        self, order: ChannelOrder, connection: Connection, at: str, free: str
    ) -> Iterator[dict[str, Any] | str]:
        """Give an event for each state that the goods are in now; a sentence where it cannot."""
        held = self._tools.desired.at(order.channel, order.drill)
        articles = self._tools.articles(order.products)
        by_state: dict[str, list[str]] = {}
        for product in order.products:
            gtins = _gtins(articles.get(product))
            if not gtins:
                yield f"No GTIN of {product} stands on the company's list: it has no name in EPCIS."
                return
            for action, lot in (*lots_of(order, product, held), *_taken_back(order)):
                if not _fits(lot):
                    yield f"Lot {lot:.40} cannot be told in EPCIS: GS1 lots have 20 signs at most."
                    return
                state = _state(order, action, lot, _recalled(held, product)) or free
                by_state.setdefault(state, []).extend(_class(gtin, lot) for gtin in gtins)
        for number, (state, classes) in enumerate(by_state.items()):
            yield _event(order, number, state, classes, at, connection.value("location"))


def url_of(connection: Connection, bounds: Bounds) -> str:
    """Give the address of a capture interface. Raises BrokenSetup where nothing may go there."""
    url = checked_url(connection.value("url"), plain_allowed=True)
    is_told = connection.value("token") and not bounds.inside_allowed
    if is_told and urlsplit(url).scheme != "https":
        raise BrokenSetup(
            f"Connection {connection.id} has a token, and its address is not https.",
            "Write its https address: a token is never sent in the clear.",
        )
    return url


def _state(order: ChannelOrder, action: str, lot: str, elsewhere: frozenset[str]) -> str:
    """Say in which disposition goods are: held, or recalled once that is decided; "" is free.

    `elsewhere` are lots that any incident takes back: another's order never takes that away.
    """
    if action == "resume":
        return ""
    is_recalled = lot in {*order.recalled, *order.kept, *elsewhere}
    return RECALLED if is_recalled or order.recalled_whole else HELD


def _recalled(held: Sequence[Hold], product: str) -> frozenset[str]:
    return frozenset(
        lot for one in held if one.recalled and product in one.products for lot in one.lots
    )


def _taken_back(order: ChannelOrder) -> Iterator[tuple[str, str]]:
    """Name recalled lots beside an order about all lots: they are more than held."""
    if order.action == "halt" and not order.lots:
        yield from ((KEEP, lot) for lot in order.recalled)


def _event(
    order: ChannelOrder, number: int, state: str, classes: Sequence[str], at: str, location: str
) -> dict[str, Any]:
    event: dict[str, Any] = {
        "type": "ObjectEvent",
        "eventID": _event_id(order, number),
        "eventTime": at,
        "eventTimeZoneOffset": "+00:00",
        "action": "OBSERVE",
        "bizStep": STEPS[state],
        "disposition": state,
        "persistentDisposition": _persistent(state),
        "epcList": [],
        "quantityList": [{"epcClass": one} for one in dict.fromkeys(classes)],
    }
    if location:
        event |= {"readPoint": {"id": location}, "bizLocation": {"id": location}}
    return event


def _persistent(state: str) -> dict[str, list[str]]:
    """Say what stays until it is taken back; a scope that narrowed takes a recall back."""
    if state == HELD:
        return {"set": [HELD], "unset": [RECALLED]}
    return (
        {"set": [RECALLED], "unset": [HELD]} if state == RECALLED else {"unset": [HELD, RECALLED]}
    )


def _document(events: Sequence[Any], at: str) -> bytes:
    return canonical(
        {
            "@context": [CONTEXT],
            "type": "EPCISDocument",
            "schemaVersion": "2.0",
            "creationDate": at,
            "epcisBody": {"eventList": list(events)},
        }
    )


def _event_id(order: ChannelOrder, number: int) -> str:
    return f"urn:uuid:{uuid.uuid5(_EVENTS, f'{order.effect_key}#{number}')}"


def _gtins(article: Article | None) -> list[str]:
    """Give the GTINs of a product's packs, all in 14 digits."""
    numbers = article.numbers if article else ()
    return [one.zfill(14) for one in numbers if gtin_is_valid(one)]


def _class(gtin: str, lot: str) -> str:
    return f"{CLASSES}{gtin}/10/{quote(lot, safe='')}" if lot else f"{CLASSES}{gtin}"


def _fits(lot: str) -> bool:
    return len(lot) <= LOT_AT_MOST and set(lot) <= _LOT_SIGNS


# ---------------------------------------------------------------- what is noted and said


def _item(order: ChannelOrder, at: str) -> Item:
    """Give the event as the journal notes it: when it was made first."""
    return Item(
        id=_event_id(order, 0),
        kind=ItemKind.OFFER,
        product=order.products[0] if order.products else "",
        lot="",
        is_running=True,
        state={"at": at},
    )


def _job(noted: Change) -> str:
    return str((noted.became or {}).get("job", ""))


def _taken(order: ChannelOrder) -> ChannelReply:
    return ChannelReply("accepted", proof=f"captured as {_event_id(order, 0)}")


def _title(answer: Answer) -> str:
    """Give the title of a problem (RFC 9457), where there is one."""
    told = _json(answer)
    title = told.get("title") if isinstance(told, dict) else None
    return f": {title:.120}" if isinstance(title, str) else ""


def _first(job: Mapping[str, Any]) -> str:
    errors = job.get("errors")
    first = errors[0] if isinstance(errors, list) and errors else None
    title = first.get("title") or first.get("detail") if isinstance(first, dict) else None
    return f": {title:.200}" if isinstance(title, str) else ""


def _failed(connection: Connection, why: str) -> NotConfirmed:
    return NotConfirmed(
        f"The EPCIS system of connection {connection.id} {why}.",
        "It is tried again; ask whoever runs it if it stays so.",
    )


def _json(answer: Answer) -> Any:
    """Read what was answered; what is no JSON is nothing."""
    try:
        return json.loads(answer.body or b"null")
    except (ValueError, RecursionError):
        return None
