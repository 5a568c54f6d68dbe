"""What is kept in an incident already, offered where a form asks for a file that was sent.

What belongs here: finding texts and files that an act may name again, and giving a chosen text as
the file it is. What never does: keeping what a person brings (api/pages/files.py), or a rule.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from api.forms import Option
from api.pages.looking import View, entries_in
from api.pages.telling import sentence_of
from api.typed import Raw
from domain.canonical import sha256_hex
from domain.errors import FieldError, Malformed
from domain.message import CommandSpec, private_access
from domain.people import Access, may_open
from domain.recall_terms import Reader
from domain.state.statement import STANDS, Statement
from domain.statement_text import Rendition
from services import evidence
from services.evidence import Brought
from storage import streams

TEXT: Final = "statement:"
"""How the choice of a text begins; number, language and hash follow: `statement:S3:de:1f…`."""

ASKED_AGAIN: Final = {
    "record_notification": ("text", "readers_list"),
    "file_first": ("document", "receipt_document"),
    "file_full": ("document", "receipt_document"),
    "attach_receipt": ("document",),
    "answer_authority": ("document",),
    "settle_objection": ("document",),
    "inform_partner": ("document",),
    "request_termination": ("letter",),
    "record_termination": ("letter",),
}
"""Fields of forms for files that may be kept already, by command."""

CHANGED: Final = "This text does not stand any more as it was shown: choose again."

RECEIPTS: Final = frozenset({"receipt_document", "readers_list"})
"""Fields that none of our texts can stand in."""

READ_BY: Final = {
    Reader.CONSIGNEE: ("consignee_letter", "trade_hold"),
    Reader.CONSUMER: ("recall_notice", "consumer_message"),
    Reader.SUPPLIER: ("supplier_notice",),
    Reader.PROFESSIONAL: ("professional_letter",),
}
"""The kinds of texts that readers of a notification get, the usual one first."""

_HOLDING: Final[dict[str, tuple[str, ...]]] = {
    "EvidenceCollected": ("sha256",),
    "NotificationSent": ("text_sha256", "list_sha256"),
    "DutyFiled": ("document", "receipt_document"),
    "ReceiptAttached": ("document",),
    "AuthorityActReceived": ("document",),
    "AuthorityAnswered": ("document",),
    "AnswerDueMoved": ("document",),
    "ObjectionSettled": ("document",),
    "AuthorityFileAttached": ("document",),
    "PartnerInformed": ("document",),
}
"""Events that name a kept file, and in which of their fields."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """One kept file: its address, and what it was kept with."""

    address: str
    told: str


def offered(view: View, command: str, name: str) -> list[Option]:
    """Give the texts and files that a field of a form may take from the incident."""
    if name not in ASKED_AGAIN.get(command, ()):
        return []
    texts = [] if name in RECEIPTS else list(_texts(view))
    return texts + [
        {"value": one.address, "label": one.told, "help": one.address[:12]} for one in _files(view)
    ]


def _texts(view: View) -> Iterator[Option]:
    for text in view.state.statement.statements.values():
        if text.status not in STANDS:
            continue
        for each in text.texts:
            yield {
                "value": key_of(text, each),
                "label": f"{text.id} · {each.title} · {view.lens.language(each.language)}",
                "help": view.lens.word(text.status),
            }


def _files(view: View) -> list[_Kept]:
    """Find the kept files, the newest first, each once with the sentence of its entry."""
    if not may_open(view.actor, Access.RESTRICTED):
        return []
    engine, incident = view.visit.house.engine, view.row.id
    rows = streams.entries_of_types(engine, incident, _HOLDING, view.as_of)
    found: dict[str, str] = {}
    for entry in reversed(entries_in(rows)):
        event: Any = entry.event
        for field in _HOLDING[type(event).__name__]:
            address = getattr(event, field, None)
            if address and not (field == "list_sha256" and event.recipients):
                found.setdefault(address, sentence_of(view.lens, event))
    return [_Kept(address, told) for address, told in found.items()]


def key_of(text: Statement, each: Rendition) -> str:
    """Give the choice of a text in one of its languages: these words and no later ones."""
    return f"{TEXT}{text.id}:{each.language}:{text.sha256}"


def text_for(view: View, reader: Reader, market: str) -> tuple[Statement, Rendition] | None:
    """Give the text that readers in a market get, if one stands and no other could be meant."""
    standing = [t for t in view.state.statement.statements.values() if t.status in STANDS]
    for kind in READ_BY[reader]:
        fitting = [t for t in standing if t.kind == kind and (not market or market in t.markets)]
        if fitting:
            text = fitting[-1]
            return (text, text.texts[0]) if len(fitting) == 1 and len(text.texts) == 1 else None
    return None


def resolve(view: View, spec: CommandSpec, raw: Raw, token: str) -> Raw:
    """Keep the texts that were chosen as files; give the fields with their addresses.

    Raises NotConfirmed when there is no room for them now, Malformed for a text that moved since.
    """
    found: Raw = {}
    for name in ASKED_AGAIN.get(spec.name, ()):
        if name in raw:
            chosen = [_address(view, spec, name, value, token) for value in raw[name]]
            found[name] = [value for value in chosen if value]  # "none of these" is blank
    return found


def _address(view: View, spec: CommandSpec, name: str, value: str, token: str) -> str:
    if not value.startswith(TEXT):
        return value
    number, language, chosen = (*value.removeprefix(TEXT).split(":"), "", "")[:3]
    text = view.state.statement.statements.get(number)
    said = next((t for t in text.texts if t.language == language), None) if text else None
    if text is None or said is None or text.sha256 != chosen or text.status not in STANDS:
        told = FieldError(name, CHANGED)
        raise Malformed(CHANGED, "Choose it again.", fields=(told,))
    content = f"{said.title}\n\n{said.body}\n".encode()
    brought = Brought(
        content=content,
        name=f"{number}-{language}.txt",
        command_id=f"{view.visit.who.id}:{token}:{sha256_hex(content)[:32]}",
        private=True,
        access=private_access(spec)[name],
    )
    return evidence.keep(view.visit.house, view.actor, brought).address
