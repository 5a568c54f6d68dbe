"""Making a dossier: the whole record of an incident in one zip that needs no server of ours.

What belongs here: who may take which one, its members in their order, signing, the line in the
company's log. What never does: a word for readers (the timeline is handed in by the edges), or
verifying (services/dossier_verifying.py).
"""

import hashlib
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, BinaryIO, Final

from temporalio.service import RPCError

from activities.heads import Signing
from domain import dossier
from domain.canonical import canonical, sha256_hex
from domain.dossier import Manifest, Member
from domain.errors import BrokenSetup, Malformed, NotAllowed, NotFound
from domain.people import MAKES_DOSSIERS, MAKES_REDACTED, Actor
from domain.rules import Rules
from integrations.note_keys import NoteSigner
from services import dossier_papers, dossier_seams, dossier_viewed, reading, vaulting
from services.build import build_id
from services.counsels import counsels_entries
from services.dossier_container import Container
from services.dossier_papers import Files, Papers
from services.dossier_readme import Counts, readme
from services.dossier_record import (
    Found,
    Pinned,
    entries_script,
    ledger_lines,
    log_root,
    look_through,
    pin,
)
from services.dossier_seams import Histories, History
from services.dossier_stamping import stamp_members
from services.dossier_viewer import viewer_members
from services.house import House
from services.read_log import Read
from services.signing_keys import signing_of
from storage import company, incidents, stamps
from storage import people as people_rows
from storage import rules as rule_store

HANDED_OUT: Final = "DossierHandedOut"
"""The line of the company's log that tells who took which record away; written before it goes."""

_IN_MEMORY: Final = 4 * 1024 * 1024
_CHUNK: Final = 1024 * 1024

Chunks = Iterable[bytes]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which dossier is asked for: without names and files, or with private texts and files."""

    redacted: bool = False
    private: bool = False


@dataclass(frozen=True, kw_only=True)
class Telling:
    """What a record is told from: its entries, and whether names stand in it."""

    house: House
    pinned: Pinned
    redacted: bool
    made_at: datetime
    root: str


Timeline = Callable[[Telling], Iterator[tuple[str, Chunks]]]
"""Tells the record to people: gives timeline.html and, where it can be set, timeline.pdf."""


@dataclass(frozen=True, kw_only=True)
class Words:
    """What only the edges can say: the timeline, the viewer's words, and how an event is told.

    `histories` gives those of the workflows: the archived ones, or where a server of its own still
    runs, as in a drill, that server's.
    """

    timeline: Timeline
    viewer: Callable[[Telling, Rules | None], Mapping[str, Any]]
    tell: Callable[[Any], str]
    histories: Histories = dossier_seams.histories


@dataclass(frozen=True, kw_only=True)
class Made:
    """A dossier that was made: its hash and length, and what its manifest says."""

    sha256: str
    bytes: int
    manifest: Manifest


# ---------------------------------------------------------------- who may


def may_make(actor: Actor, *, redacted: bool) -> bool:
    """Say whether somebody may take a record away."""
    return actor.holds(MAKES_REDACTED if redacted else MAKES_DOSSIERS)


def require_maker(house: House, actor: Actor, incident: str, asked: Asked) -> None:
    """Refuse a dossier to who may not take it.

    Raises:
        NotFound: there is no such incident, or none that they may see.
        NotAllowed: they may see it, and may not take it away, or not so.
        Malformed: it is asked for both without names and with private texts.
    """
    row = incidents.incident(house.engine, incident)
    if not may_make(actor, redacted=True) and not reading.may_see(actor, row):
        raise incidents.no_such(incident)
    if asked.redacted and asked.private:
        raise Malformed(
            "A dossier is redacted or has private texts, not both.", "Choose one of them."
        )
    if not may_make(actor, redacted=asked.redacted):
        whole = may_make(actor, redacted=True)
        raise NotAllowed(
            "An administrator takes a record away without names and files only."
            if whole
            else "Taking an incident's record away belongs to other roles.",
            "Ask for the redacted one." if whole else "Ask the auditor, legal or the commander.",
            who_could=tuple(sorted(map(str, MAKES_DOSSIERS))),
        )


# ---------------------------------------------------------------- making it


def make(
    house: House, actor: Actor, incident: str, asked: Asked, words: Words, file: BinaryIO
) -> Made:
    """Make a dossier in an empty file, and write down who takes it before anybody has it.

    Raises NotFound, NotAllowed, Malformed, TooLarge; NotWhole where entries cannot be read.
    """
    require_maker(house, actor, incident, asked)
    manifest = _Maker(house, actor, incident, asked, words).write(file)
    sha256, size = _hashed(file)
    line = {
        "incident": incident,
        "who": actor.id,
        "sha256": sha256,
        "redacted": asked.redacted,
        "private": asked.private,
        "bytes": size,
    }
    company.log(house.engine, house.now(), HANDED_OUT, line)
    return Made(sha256=sha256, bytes=size, manifest=manifest)


def _hashed(file: BinaryIO) -> tuple[str, int]:
    file.seek(0)
    digest = hashlib.sha256()
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
    return digest.hexdigest(), file.tell()


class _Maker:
    """Gathers the members of one dossier and writes them in their order."""

    def __init__(
        self, house: House, actor: Actor, incident: str, asked: Asked, words: Words
    ) -> None:
        self._house, self._actor, self._asked = house, actor, asked
        self._words, self._made_at = words, house.now()
        self._pinned = pin(house, incident)
        self._everybody = {
            one.id: one for one in people_rows.list_people(house.engine, active_only=False)
        }
        listed = dossier_viewed.listed(house)
        self._found: Found = look_through(self._pinned, frozenset(self._everybody), listed)
        entries = dossier_papers.entries_of(self._pinned, self._found)
        classes = dossier_papers.opened_classes(
            actor, private=asked.private, redacted=asked.redacted
        )
        self._files: Files = dossier_papers.files(house, actor, self._found, classes)
        self._statements: Papers = dossier_papers.statements(self._pinned, entries)
        self._filings: Papers = dossier_papers.filings(entries, self._files)
        self._signing = _announced(signing_of(house), self._pinned.announced)
        self._rules = _rules_kept(house, self._found.plans)

    def write(self, file: BinaryIO) -> Manifest:
        """Write the dossier and give its manifest."""
        container = Container(file)
        members = [container.add(name, chunks) for name, chunks in self._members()]
        dossier.require_order(one.name for one in members)
        manifest = self._manifest(members)
        container.add(dossier.MANIFEST, [manifest.content()])
        signer: NoteSigner = self._signing.signers[-1]
        note = signer.sign(manifest.note_text()).written()
        container.add(dossier.NOTE, [note.encode()])
        container.finish()
        return manifest

    def _manifest(self, members: Iterable[Member]) -> Manifest:
        return Manifest(
            incident=self._pinned.row.id,
            origin=self._signing.origin,
            made_at=self._made_at,
            made_by=self._actor.id,
            build=build_id(),
            redacted=self._asked.redacted,
            private=self._asked.private,
            size=self._found.size,
            root=self._found.root,
            signed=self._pinned.signed,
            log_size=self._pinned.log.size if self._pinned.log else 0,
            log_root=log_root(self._pinned),
            members=tuple(members),
        )

    def _members(self) -> Iterator[tuple[str, Chunks]]:
        """Give every member but manifest and note, in the order of domain/dossier.py."""
        private, counts = self._private()
        company = dossier_viewed.company_name(self._house)
        told = readme(self._manifest(()), counts, self._here(), (company["en"], company["zh"]))
        yield dossier.README, [told.encode()]
        yield from self._viewer()
        yield from self._record()
        yield from self._papers()
        if self._asked.private:
            yield dossier.PRIVATE, private
        yield from self._histories()
        yield from self._words.timeline(self._telling())

    def _here(self) -> set[str]:
        """Name what not every dossier has and this one does: folders with members, private texts.

        Histories and the timeline as PDF are written last, and nobody knows of them before.
        """
        folders = {
            dossier.STAMPS_FOLDER: self._pinned.stamps,
            dossier.RULES_FOLDER: self._rules,
            dossier.STATEMENTS_FOLDER: self._statements.members,
            dossier.FILINGS_FOLDER: self._filings.members,
            dossier.EVIDENCE_FOLDER: any(one.name for one in self._files.kept.values()),
            dossier.PRIVATE: self._asked.private,
        }
        return {name for name, members in folders.items() if members}

    def _telling(self) -> Telling:
        return Telling(
            house=self._house,
            pinned=self._pinned,
            redacted=self._asked.redacted,
            made_at=self._made_at,
            root=self._found.root,
        )

    def _viewer(self) -> Iterator[tuple[str, Chunks]]:
        """Give the viewer; its entries are written one by one, and never stand in memory."""
        pinned = self._pinned
        told = dossier_viewed.about(
            pinned, self._found, self._manifest(()), self._people(), self._keys()
        )
        said = self._words.viewer(self._telling(), dossier_viewed.rules_of(pinned))
        words = {**told, "words": said}
        states = dossier_viewed.states(pinned, self._words.tell)
        for name, content in viewer_members(words, (), states):
            is_entries = name == dossier.VIEWER_ENTRIES
            yield name, entries_script(pinned.entries) if is_entries else [content]
        yield dossier.VERIFIER, [dossier_seams.verifier()]

    def _keys(self) -> list[str]:
        return [signer.key.text() for signer in self._signing.signers]

    def _record(self) -> Iterator[tuple[str, Chunks]]:
        pinned = self._pinned
        yield dossier.LEDGER, ledger_lines(pinned.entries)
        yield dossier.HEADS, pinned.heads_lines()
        yield dossier.LOG, [pinned.log_document()]
        yield dossier.LOG_LEAVES, [b"".join(pinned.leaves)]
        yield dossier.KEYS, [f"{key}\n".encode() for key in self._keys()]
        notes = stamps.notes_of(self._house.engine, [one.size for one in pinned.stamps])
        yield from stamp_members(self._house.settings, pinned.stamps, notes)
        for plan, document in self._rules.items():
            yield f"{dossier.RULES_FOLDER}{plan}.json", [document]
        yield dossier.PEOPLE, [canonical(self._people())]

    def _people(self) -> dict[str, Any]:
        """Give those whom entries name, with their roles; without names when redacted."""
        told = {}
        for each, acted in sorted(self._found.people.items()):
            known = self._everybody.get(each)
            named = known is not None and not self._asked.redacted
            told[each] = {
                "name": (known.name_en or known.name_zh) if known and named else "",
                "name_zh": known.name_zh if known and named else "",
                "roles": sorted(acted | set(known.roles if known else ())),
            }
        return told

    def _papers(self) -> Iterator[tuple[str, Chunks]]:
        for name, content in sorted(self._statements.members):
            yield name, [content]
        yield dossier.STATEMENTS, [self._statements.index()]
        for name, content in sorted(self._filings.members):
            yield name, [content]
        yield dossier.FILINGS, [self._filings.index()]
        yield dossier.EVIDENCE, [self._files.index()]
        for name, content in self._files.members():
            yield name, [content]

    def _private(self) -> tuple[list[bytes], Counts]:
        """Open the private texts that the maker may open, and count what is not here."""
        here = sum(1 for one in self._files.kept.values() if one.name)
        counts = Counts(
            counsels=counsels_entries(self._house, self._pinned.row.id, self._found.size),
            files_here=here,
            files_closed=len(self._files.kept) - here,
        )
        if not self._asked.private:
            return [], replace(counts, texts_left=len({one.ref for one in self._found.texts}))
        read = Read(what="dossier", incident=self._pinned.row.id)
        proved, left = vaulting.open_proved(self._house, self._actor, self._found.texts, read)
        lines = [
            canonical(
                {
                    "ref": one.ref,
                    "text": one.text,
                    "salt": one.salt,
                    "commitment": one.commitment,
                }
            )
            + b"\n"
            for one in proved
        ]
        return lines, replace(
            counts,
            texts_here=len(lines),
            texts_erased=left[vaulting.ERASED],
            texts_closed=left[vaulting.HIDDEN],
            texts_altered=left[vaulting.ALTERED],
        )

    def _histories(self) -> Iterator[tuple[str, Chunks]]:
        """Give the histories with their index before them; each is decoded once, into a file."""
        with tempfile.SpooledTemporaryFile(_IN_MEMORY) as spool:
            try:
                rows = _spooled(self._opened(self._house), spool)
            except RPCError:
                # The server is away: what is archived is here all the same.
                rows = _spooled(self._opened(replace(self._house, client=None)), spool)
            yield dossier.HISTORIES, [canonical([row for row, _end in rows])]
            spool.seek(0)
            for row, end in rows:
                yield row["file"], _read(spool, end)

    def _opened(self, house: House) -> Iterator[History]:
        return self._words.histories(house, self._pinned.row.id, sorted(self._found.plans))


def _rules_kept(house: House, plans: Iterable[str]) -> dict[str, bytes]:
    """Give the rules that entries name, by their hash.

    What is not kept any more is missing here too; the entries tell which it was.
    """
    found = {}
    for plan in sorted(plans):
        with suppress(NotFound, BrokenSetup):
            found[plan] = rule_store.load_rules(house.engine, plan)
    return found


def _announced(signing: Signing, keys: Sequence[str]) -> Signing:
    """Give the keys up to the newest that the company's log announces: that one signs.

    A newer one is announced by the next signing round; until then nobody could believe it. All
    keys are given where there is no signed log yet.
    """
    known = [n for n, signer in enumerate(signing.signers, 1) if signer.key.text() in keys]
    return replace(signing, signers=signing.signers[: known[-1]]) if known else signing


def _spooled(opened: Iterator[History], spool: Any) -> list[tuple[dict[str, Any], int]]:
    """Put histories one behind the other; give each one's row in the index, and where it ends."""
    spool.seek(0)
    spool.truncate()
    rows = []
    for number, (row, content) in enumerate(opened, 1):
        name = f"{dossier.HISTORIES_FOLDER}{number}.json"
        spool.write(content)
        told = {"name": name, "file": name, "sha256": sha256_hex(content)}
        rows.append(({**row, **told}, spool.tell()))
    return rows


def _read(spool: Any, end: int) -> Iterator[bytes]:
    while (here := spool.tell()) < end:
        yield spool.read(min(_CHUNK, end - here))
