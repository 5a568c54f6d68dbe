"""What stands beside the ledger in a dossier, held against the entries that name it.

What belongs here: published texts, reports to authorities, files, private texts, rules, histories:
each has a hash in an entry or in its own name. What never does: the ledger itself
(domain/dossier_entries.py), or a signature.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any

from domain.dossier import (
    EVIDENCE,
    EVIDENCE_FOLDER,
    FILINGS,
    HISTORIES,
    PRIVATE,
    RULES_FOLDER,
    STATEMENTS,
)
from domain.dossier_entries import READ_ON_AT_MOST, Entries, Named, lines_of
from domain.dossier_faults import Faults
from domain.dossier_said import read_index, read_object
from domain.errors import Malformed
from services.dossier_archive import Archive

INDEXES = ((STATEMENTS, "statement_hash"), (FILINGS, "filing_hash"), (EVIDENCE, "evidence_hash"))


def read_inner(archive: Archive, faults: Faults) -> Named:
    """Hold files against the indexes that list them; give what entries are said to name."""
    named, listed = Named(), set[str]()
    for member, fault in INDEXES:
        for row in _rows(archive, member, faults):
            _hold(archive, (member, fault), row, named, faults)
            listed.add(str(row.get("file")) if member == EVIDENCE else "")
    for name in archive.names(EVIDENCE_FOLDER):
        if name not in listed:
            faults.add("evidence_hash", name, what="The index does not list it.")
    for row in _rows(archive, HISTORIES, faults):
        _hold_file(archive, row, ("history", row.get("file"), row.get("sha256")), faults)
    for name in archive.names(RULES_FOLDER):
        if archive.hash_of(name) not in ("", name[len(RULES_FOLDER) :].removesuffix(".json")):
            faults.add("rules_hash", name)
    _read_private(archive, named, faults)
    return named


def hold_inner(found: Entries, named: Named, faults: Faults) -> None:
    """Say what members name that no entry has."""
    for entry, waiting in sorted(named.words.items()):
        for fault, member, _words in waiting:
            faults.add(fault, member, entry=entry, what="There is no such entry.")
    for _commitment, ref in sorted(named.sealed - found.sealed):
        what = f"No entry has this commitment of {ref.decode():.60}."
        faults.add("private_commitment", PRIVATE, what=what)


def _rows(archive: Archive, member: str, faults: Faults) -> Iterator[dict[str, Any]]:
    content = archive.whole(member)
    if content is None:
        return
    try:
        yield from read_index(content)
    except Malformed as error:
        faults.add("member_malformed", member, what=error.sentence)


def _hold(
    archive: Archive, about: tuple[str, str], row: dict[str, Any], named: Named, faults: Faults
) -> None:
    """Hold one row: the file has its hash, and the entry names the hash, or the words themselves.

    A file that was kept sealed is named by the hash over the sealed one; its row tells the other.
    """
    member, fault = about
    entry, told, file = row.get("entry"), row.get("sha256"), row.get("file")
    if type(entry) is not int or not isinstance(told, str):
        faults.add(fault, member, what="A row lacks its entry or its hash.")
        return
    words = [told.encode()]
    if file is not None:
        is_kept_file = member == FILINGS and str(file).startswith(EVIDENCE_FOLDER)
        wanted = row.get("content_sha256", told)
        if not is_kept_file or told != row.get("document"):
            _hold_file(archive, row, (fault, file, wanted), faults)
        if member == FILINGS and not is_kept_file:
            words += _words_of(archive, file)
    named.add(fault, member, entry, *words)


def _hold_file(
    archive: Archive, row: dict[str, Any], about: tuple[str, Any, Any], faults: Faults
) -> None:
    fault, file, wanted = about
    if not isinstance(file, str) or not archive.has(file):
        faults.add(fault, str(file)[:200], entry=_entry(row), what="It is not here.")
    elif archive.hash_of(file) != wanted:
        faults.add(fault, file, entry=_entry(row), what="Its hash is another.")


def _words_of(archive: Archive, file: Any) -> list[bytes]:
    """Give the words of a filing as they stand in an entry that holds them itself."""
    content = archive.whole(file) if isinstance(file, str) else None
    try:
        return [json.dumps((content or b"").decode(), ensure_ascii=False).encode()]
    except UnicodeError:
        return []


def _read_private(archive: Archive, named: Named, faults: Faults) -> None:
    for number, line in enumerate(lines_of(archive.parts(PRIVATE)), 1):
        try:
            told = read_object(line.removesuffix(b"\n"))
            salt, text = bytes.fromhex(told["salt"]), told["text"].encode()
            ref, commitment = told["ref"].encode(), told["commitment"].encode()
        except (AttributeError, KeyError, TypeError, ValueError, Malformed):
            faults.add("private_commitment", PRIVATE, entry=number, what="It cannot be read.")
            if faults.counts["private_commitment"] > READ_ON_AT_MOST:
                return
            continue
        made = hmac.new(salt, text, hashlib.sha256).hexdigest()
        if made.encode() != commitment:
            faults.add("private_commitment", PRIVATE, entry=number, what="It is of another text.")
        named.sealed.add((commitment, ref))


def _entry(row: dict[str, Any]) -> int:
    entry = row.get("entry")
    return entry if isinstance(entry, int) else 0
