"""Verifying a dossier: everything in it, held against the keys and heads that the reader has.

What belongs here: the order of the checks, and the verdict. What never does: the checks themselves
(domain/dossier_zip.py, domain/dossier_entries.py, services/dossier_heads.py, dossier_inner.py), or
words for people (cli/verify_text.py). Nothing is asked of this installation: not its database, not
its keys. templates/dossier/verify.py does the same on its own, in one file, written apart: the two
are held against each other (tests/services/test_dossier_verifiers.py).
"""

import mmap
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from os import SEEK_END
from pathlib import Path
from typing import BinaryIO, Protocol

from cryptography.x509 import Certificate

from domain.checkpoint import VerifierKey
from domain.dossier import (
    LEDGER,
    MANIFEST,
    NOTE,
    RULES_FOLDER,
    VIEWER_ENTRIES,
    Manifest,
    read_manifest,
)
from domain.dossier_entries import Entries, Named, read_entries
from domain.dossier_faults import Faults, Verdict
from domain.dossier_zip import Readable
from domain.errors import Malformed
from domain.tree import roots_at
from domain.wire import instant_text
from domain.witness import Agreed, Witness
from services.dossier_archive import Archive
from services.dossier_heads import (
    Heads,
    hold_heads,
    hold_keys,
    hold_stamps,
    hold_witnesses,
    judge_manifest,
    read_heads,
)
from services.dossier_inner import hold_inner, on_makers_word, read_inner

CHECKED = (
    "container",
    "manifest",
    "members",
    "entries",
    "heads",
    "log",
    "stamps",
    "statements",
    "filings",
    "evidence",
    "private",
    "rules",
    "histories",
    "viewer",
)
"""What is looked at in every dossier."""


class Fold(Protocol):
    """Follows a record entry by entry; services/dossier_folding.py makes one."""

    def follows(self, incident: str, size: int, rules: Callable[[str], bytes | None]) -> bool:
        """Say whether a record is followed, with the rules that are here."""

    def take(self, content: bytes) -> None:
        """Take one entry."""

    def end(self, faults: Faults) -> bool:
        """Say what did not follow, and whether all could be followed."""


def verify_dossier(
    path: Path,
    keys: Sequence[VerifierKey] = (),
    witnesses: Sequence[Witness] = (),
    fold: Fold | None = None,
    roots: Sequence[Certificate] = (),
) -> Verdict:
    """Verify the dossier in a file; whatever is in it, this ends with a verdict.

    `keys` are the company's, handed over by another way than the file; `witnesses` are heads that
    were kept outside, `roots` the certificates that time stamps must lead to. Raises OSError where
    the file cannot be read.
    """
    began, faults = time.perf_counter(), Faults()
    with path.open("rb") as file, _mapped(file) as content:
        try:
            verdict = _verified(
                Archive(content, faults), _Asked(keys, witnesses, fold, roots), faults
            )
        except Malformed as error:
            faults.add(error.code, what=error.sentence)
            verdict = Verdict()
    took = time.perf_counter() - began
    return replace(verdict, faults=faults.told(), counts=dict(faults.counts), seconds=took)


@contextmanager
def _mapped(file: BinaryIO) -> Iterator[Readable]:
    """Map a file into memory; nothing can be mapped of an empty one."""
    if file.seek(0, SEEK_END) == 0:
        yield b""
        return
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        yield mapped


@dataclass(frozen=True, slots=True)
class _Asked:
    keys: Sequence[VerifierKey]
    witnesses: Sequence[Witness]
    fold: Fold | None
    roots: Sequence[Certificate] = ()


def _verified(archive: Archive, asked: _Asked, faults: Faults) -> Verdict:
    content = archive.said(MANIFEST)
    try:
        manifest = read_manifest(content or b"")
    except Malformed as error:
        faults.add("bad_manifest", MANIFEST, what=error.sentence)
        return Verdict()
    archive.hold(manifest)
    heads = read_heads(archive, manifest, asked.keys, asked.witnesses, faults)
    judge_manifest(heads, archive.said(NOTE), manifest.note_text(), faults)
    named = read_inner(archive, faults)
    folded = _begin(archive, manifest, asked.fold)
    entries = _entries(archive, manifest, (named, folded), faults)
    roots = roots_at(entries.leaves, {manifest.size, len(entries.leaves), *heads.sizes()})
    signed = hold_heads(heads, manifest, roots, faults)
    witnessed = hold_witnesses(heads, manifest, roots, faults)
    stamped = hold_stamps(heads, manifest, asked.roots, faults)
    hold_keys(heads, faults)
    hold_inner(entries, named, faults)
    if folded is not None and not folded.end(faults):
        folded = None
    if archive.has(VIEWER_ENTRIES) and archive.hash_of(VIEWER_ENTRIES) != entries.viewer:
        faults.add("viewer_differs", VIEWER_ENTRIES)
    root = roots[len(entries.leaves)].hex()
    if (manifest.size, manifest.root) != (len(entries.leaves), root):
        what = f"It tells of {manifest.size} entries, here are {len(entries.leaves)}."
        faults.add("manifest_differs", MANIFEST, what=what)
    verdict = _verdict(manifest, heads, root, (len(entries.leaves), signed, witnessed, folded))
    if stamped:
        unheld = () if asked.roots else ("stamps",)
        verdict = replace(verdict, stamped=stamped, left_out=(*verdict.left_out, *unheld))
    if heads.younger:
        verdict = replace(verdict, left_out=(*verdict.left_out, "younger"))
    if on_makers_word(entries, named):
        verdict = replace(verdict, left_out=(*verdict.left_out, "sealed"))
    return verdict


def _begin(archive: Archive, manifest: Manifest, fold: Fold | None) -> Fold | None:
    """Begin to follow the record, where that is asked for and its rules are here."""

    def rules(plan: str) -> bytes | None:
        return archive.whole(f"{RULES_FOLDER}{plan}.json")

    if fold is None or not fold.follows(manifest.incident, manifest.size, rules):
        return None
    return fold


def _entries(
    archive: Archive, manifest: Manifest, to: tuple[Named, Fold | None], faults: Faults
) -> Entries:
    """Look at every entry, while a second thread hashes what nobody reads otherwise."""
    named, fold = to
    rest = [name for name in archive.unread() if name != LEDGER]
    with ThreadPoolExecutor(1) as beside:
        waiting = beside.submit(archive.read_all, rest)
        parts = archive.parts(LEDGER)
        each = fold.take if fold is not None else None
        entries = read_entries(parts, manifest.incident, named, faults, each, manifest.size)
        faults.also(waiting.result())
    return entries


def _verdict(
    manifest: Manifest,
    heads: Heads,
    root: str,
    found: tuple[int, int, tuple[Agreed, ...], Fold | None],
) -> Verdict:
    entries, signed, agreed, folded = found
    left_out = [
        *([] if heads.trust.is_given else ["keys"]),
        *([] if heads.witnesses else ["witnesses"]),
        *([] if folded is not None else ["fold"]),
    ]
    return Verdict(
        incident=manifest.incident,
        origin=manifest.origin,
        made_at=instant_text(manifest.made_at),
        made_by=manifest.made_by,
        build=manifest.build,
        redacted=manifest.redacted,
        private=manifest.private,
        entries=entries,
        root=root,
        signed=signed,
        heads=len(heads.heads),
        keys=tuple(key.text() for key in heads.trust.signed()),
        is_trusted=heads.trust.is_given,
        given=tuple(key.text() for key in heads.trust.given),
        witnessed=tuple(one.name for one in agreed),
        agreed=agreed,
        checked=(*CHECKED, *(() if folded is None else ("fold",))),
        left_out=tuple(left_out),
    )
