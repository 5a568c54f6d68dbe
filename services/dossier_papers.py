"""What left the house, and files that entries name, as a dossier takes them.

What belongs here: statements as published, filings as sent, evidence, each with the entry that
names it. What never does: a private text (services/vaulting.py opens those), or the ledger itself
(services/dossier_record.py).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from domain import dossier
from domain.authorities import AuthorityAnswered
from domain.canonical import canonical, sha256_hex
from domain.dossier import plain_name
from domain.errors import BrokenSetup, NotFound
from domain.filing import DutyFiled, ReceiptAttached
from domain.ledger import Entry, read_numbered
from domain.people import Access, Actor, may_open
from domain.publication import StatementHandedOver, StatementPublished
from domain.statement import StatementDrafted
from domain.wire import instant_text
from services import evidence
from services.dossier_record import Found, Pinned
from services.house import House
from storage import blobs, publications

Named = tuple[str, bytes]
"""A member's name and its bytes."""

_SUFFIXES: Final = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/heic": "heic",
    "image/avif": "avif",
    "text/plain": "txt",
}


@dataclass(frozen=True, kw_only=True)
class Papers:
    """Members with their index: `rows` is what the index says, `members` stand beside it."""

    rows: list[dict[str, Any]]
    members: list[Named] = field(default_factory=list)

    def index(self) -> bytes:
        """Give the index as canonical JSON."""
        return canonical(self.rows)


def entries_of(pinned: Pinned, found: Found) -> list[Entry]:
    """Read the entries about texts that left the house. Raises NotWhole."""
    return [read_numbered(pinned.row.id, seq, content) for seq, _type, content in found.papers]


# ---------------------------------------------------------------- statements


def statements(pinned: Pinned, entries: Iterable[Entry]) -> Papers:
    """Give every version that is out: the bytes as published, and each language to read.

    The bytes are those that stand on the notice page, where it stands there; where people brought
    it out, those that were approved, from its own entry.
    """
    drafted: dict[tuple[str, int], StatementDrafted] = {}
    out: dict[tuple[str, int], tuple[Entry, list[str]]] = {}
    for entry in entries:
        told = entry.event
        if isinstance(told, StatementDrafted):
            drafted[told.statement, told.version] = told
        elif isinstance(told, StatementHandedOver | StatementPublished):
            place = str(told.place)
            _first, places = out.setdefault((told.statement, told.version), (entry, []))
            places += [place] if place not in places else []
    standing = _standing(pinned)
    papers = Papers(rows=[])
    for key in sorted(out, key=lambda key: out[key][0].seq):
        if key in drafted:
            first, places = out[key]
            content = standing.get(key) or drafted[key].bundle(pinned.row.id).content()
            _add_statement(papers, drafted[key], (first, places), content)
    return papers


def _standing(pinned: Pinned) -> dict[tuple[str, int], bytes]:
    listed = publications.list_texts(
        pinned.house.engine, incident=pinned.row.id, drill=pinned.row.drill
    )
    return {(one.statement, one.version): one.content for one in listed}


def _add_statement(
    papers: Papers, told: StatementDrafted, out: tuple[Entry, list[str]], content: bytes
) -> None:
    first, places = out
    name = f"{dossier.STATEMENTS_FOLDER}{plain_name(told.statement)}-v{told.version}"
    papers.members.append((f"{name}.json", content))
    for text in told.texts:
        read = f"{name}.{plain_name(text.language)}.txt"
        papers.members.append((read, f"{text.title}\n\n{text.body}\n".encode()))
        papers.rows.append(
            {
                "statement": told.statement,
                "version": told.version,
                "kind": told.kind,
                "language": text.language,
                "file": f"{name}.json",
                "text": read,
                "sha256": sha256_hex(content),
                "published_at": instant_text(first.recorded_at),
                "entry": first.seq,
                "places": places,
            }
        )


# ---------------------------------------------------------------- evidence


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A file that an entry names: where it stands in the dossier ("" where it does not)."""

    address: str
    entry: int
    access: Access
    about: blobs.Blob
    name: str = ""
    content_sha256: str = ""
    state: str = "closed"

    def row(self) -> dict[str, Any]:
        """Give its row in evidence.json."""
        row: dict[str, Any] = {
            "sha256": self.address,
            "entry": self.entry,
            "access": str(self.access),
            "file": self.name or None,
            "state": self.state,
            "media_type": self.about.media_type,
            "bytes": self.about.size,
            "sealed": self.about.private,
        }
        if self.name and self.about.private:
            row["content_sha256"] = self.content_sha256
        return row


@dataclass(frozen=True, kw_only=True)
class Files:
    """The files that entries name, by address, and who opens them."""

    house: House
    actor: Actor
    classes: frozenset[Access]
    kept: Mapping[str, Kept]

    def index(self) -> bytes:
        """Give evidence.json."""
        rows = sorted(self.kept.values(), key=lambda one: (one.entry, one.address))
        return canonical([one.row() for one in rows])

    def members(self) -> Iterator[Named]:
        """Give the files that stand in the dossier, one after the other."""
        for one in sorted(self.kept.values(), key=lambda one: one.name):
            if one.name:
                yield one.name, self.content(one.address)

    def content(self, address: str) -> bytes:
        """Open a file that stands in the dossier."""
        return evidence.open_for(self.house, self.actor, self.classes, address).content


def files(house: House, actor: Actor, found: Found, classes: frozenset[Access]) -> Files:
    """Find the files that entries name; those of `classes` are taken along."""
    kept = {}
    for address, about in blobs.among(house.engine, found.named).items():
        access = evidence.access_of(house, about)
        one = Kept(address=address, entry=found.named[address], access=access, about=about)
        kept[address] = _looked_at(house, actor, one, classes) if access in classes else one
    return Files(house=house, actor=actor, classes=classes, kept=kept)


def _looked_at(house: House, actor: Actor, one: Kept, classes: frozenset[Access]) -> Kept:
    """Open a file once to see that it is there; a dossier is made of what is."""
    try:
        content = evidence.open_for(house, actor, classes, one.address).content
    except NotFound as error:
        # Erasing takes the bytes with the key: where the key is gone, bytes that are not there
        # are no loss.
        return replace(one, state="erased" if error.code == "erased" else "missing")
    except BrokenSetup:
        return replace(one, state="damaged")
    suffix = _SUFFIXES.get(one.about.media_type.partition(";")[0], "bin")
    name = f"{dossier.EVIDENCE_FOLDER}{one.address}.{suffix}"
    return replace(one, name=name, content_sha256=sha256_hex(content), state="here")


def opened_classes(actor: Actor, *, private: bool, redacted: bool) -> frozenset[Access]:
    """Say files of which classes a dossier takes along."""
    if redacted:
        return frozenset()
    if not private:
        return frozenset({Access.OPEN})
    return frozenset(access for access in Access if may_open(actor, access))


# ---------------------------------------------------------------- filings


def filings(entries: Iterable[Entry], kept: Files) -> Papers:
    """Give every report to an authority and every answer as it was sent, and every receipt."""
    papers = Papers(rows=[])
    for entry in entries:
        told = entry.event
        match told:
            case DutyFiled():
                base = f"{plain_name(told.duty)}-{told.number}"
                about = {"kind": "report", "duty": told.duty, "number": told.number}
                sent = (told.text, told.document, told.content_sha256 or told.sha256)
                _add_filing(papers, kept, entry, about, (base, *sent))
                proof = (told.receipt, told.receipt_document, told.receipt_sha256)
                _add_receipt(papers, kept, entry, about, (base, *proof))
            case ReceiptAttached():
                base = f"{plain_name(told.duty)}-{told.filing}-{entry.seq}"
                about = {"duty": told.duty, "number": told.filing}
                proof = (told.receipt, told.document, told.content_sha256)
                _add_receipt(papers, kept, entry, about, (base, *proof))
            case AuthorityAnswered():
                base = f"{plain_name(told.act)}-{entry.seq}"
                about = {"kind": "answer", "act": told.act}
                sent = (told.text, told.document, told.content_sha256 or told.sha256)
                _add_filing(papers, kept, entry, about, (base, *sent))
            case _:
                pass
    return papers


Sent = tuple[str, str, str | None, str]
"""Beginning of the member's name, words, address of the kept file, hash over what was sent."""


def _add_receipt(
    papers: Papers, kept: Files, entry: Entry, about: Mapping[str, Any], proof: Sent
) -> None:
    base, words, document, sha256 = proof
    if words or document:
        sha256 = sha256 or document or sha256_hex(words.encode())
        named = (f"{base}-receipt", words, document, sha256)
        _add_filing(papers, kept, entry, {**about, "kind": "receipt"}, named)


def _add_filing(
    papers: Papers, kept: Files, entry: Entry, about: Mapping[str, Any], sent: Sent
) -> None:
    """Add what was sent: words as a member of their own; a file stands among the evidence."""
    base, words, document, sha256 = sent
    name: str | None = None
    file = kept.kept.get(document) if document else None
    if document is None:
        name = f"{dossier.FILINGS_FOLDER}{base}.txt"
        papers.members.append((name, words.encode()))
    elif file is not None and file.name:
        name = file.name
    sent_at = getattr(entry.event, "sent_at", entry.happened_at)
    papers.rows.append(
        {
            **about,
            "entry": entry.seq,
            "sent_at": instant_text(sent_at),
            "sha256": sha256,
            "document": document,
            "access": str(file.access) if file is not None else str(Access.OPEN),
            "file": name,
        }
    )
