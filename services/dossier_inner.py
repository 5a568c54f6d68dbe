"""What stands beside the ledger in a dossier, held against the entries that name it.

What belongs here: published texts, reports to authorities, files, private texts, rules, histories:
each has a hash in an entry or in its own name. What never does: the ledger itself
(domain/dossier_entries.py), or a signature.
"""

import hashlib
import hmac
from collections.abc import Iterator
from typing import Any

from domain.dossier import (
    EVIDENCE,
    EVIDENCE_FOLDER,
    FILINGS,
    FILINGS_FOLDER,
    HISTORIES,
    PRIVATE,
    RULES_FOLDER,
    STATEMENTS,
    STATEMENTS_FOLDER,
)
from domain.dossier_due import RECEIPT, STATEMENT, as_due, is_hash
from domain.dossier_entries import READ_ON_AT_MOST, Entries, Named, lines_of
from domain.dossier_faults import Faults
from domain.dossier_said import read_index, read_object
from domain.errors import Malformed
from services.dossier_archive import Archive

INDEXES = (
    (STATEMENTS, "statement_hash", STATEMENTS_FOLDER),
    (FILINGS, "filing_hash", FILINGS_FOLDER),
    (EVIDENCE, "evidence_hash", EVIDENCE_FOLDER),
)


def read_inner(archive: Archive, faults: Faults) -> Named:
    """Hold files against the indexes that list them; give what entries are said to name."""
    named = Named()
    rows = {member: list(_rows(archive, member, faults)) for member, _fault, _folder in INDEXES}
    kept = {(row.get("sha256"), str(row.get("file"))) for row in rows[EVIDENCE] if _is_told(row)}
    for member, fault, folder in INDEXES:
        listed = {str(row.get(name)) for row in rows[member] for name in ("file", "text")}
        for row in rows[member]:
            _hold(archive, (member, fault), row, named, faults)
            if member == FILINGS and not _is_kept(row, kept):
                what = "The evidence does not list it under this address."
                faults.add(fault, str(row["file"])[:200], entry=_entry(row), what=what)
        for name in archive.names(folder):
            if name not in listed:
                faults.add(fault, name, what="The index does not list it.")
    for row in _rows(archive, HISTORIES, faults):
        _hold_file(archive, row, ("history", row.get("file"), row.get("sha256")), faults)
    for name in archive.names(RULES_FOLDER):
        if archive.hash_of(name) not in ("", name[len(RULES_FOLDER) :].removesuffix(".json")):
            faults.add("rules_hash", name)
    _read_private(archive, named, faults)
    return named


def hold_inner(found: Entries, named: Named, faults: Faults) -> None:
    """Say what members name that no entry has, and what entries say is here that no row tells."""
    for entry, waiting in sorted(named.hashes.items()):
        for fault, member, *_told in waiting:
            faults.add(fault, member, entry=entry, what="There is no such entry.")
    for _commitment, ref in sorted(named.sealed - found.sealed):
        what = f"No entry has this commitment of {ref.decode():.60}."
        faults.add("private_commitment", PRIVATE, what=what)
    for due, entry in found.due.items():
        if due not in named.shown:
            is_text = due[0] == STATEMENT
            about = ("statement_hash", STATEMENTS) if is_text else ("filing_hash", FILINGS)
            faults.add(*about, entry=entry, what=f"No row tells of this {due[0]}.")
    for address, content in sorted(named.clear):
        entry, told = found.clear.get(address, (0, content))
        if told != content:
            what = "The entry has another hash over its clear bytes."
            faults.add("evidence_hash", EVIDENCE, entry=entry, what=what)


def on_makers_word(found: Entries, named: Named) -> bool:
    """Say whether sealed files are here whose clear bytes no entry has a hash of."""
    return any(address not in found.clear for address, _content in named.clear)


def _rows(archive: Archive, member: str, faults: Faults) -> Iterator[dict[str, Any]]:
    content = archive.whole(member)
    if content is None:
        return
    try:
        yield from read_index(content)
    except Malformed as error:
        faults.add("member_malformed", member, what=error.sentence)


def _is_told(row: dict[str, Any]) -> bool:
    return type(row.get("entry")) is int and is_hash(row.get("sha256"))


def _is_kept(row: dict[str, Any], kept: set[tuple[Any, str]]) -> bool:
    """Say whether the file of a report is one that the evidence lists, where it is a file."""
    file, document = row.get("file"), row.get("document")
    if not file or document is None:
        return True
    return isinstance(document, str) and (document, str(file)) in kept


def _hold(
    archive: Archive, about: tuple[str, str], row: dict[str, Any], named: Named, faults: Faults
) -> None:
    """Hold one row: the file has its hash, and the entry names the hash, or the words of a receipt.

    A file that was kept sealed is named by the hash over the sealed one; its row tells the other,
    and only a row of evidence may.
    """
    member, fault = about
    entry, told, file = row.get("entry"), row.get("sha256"), row.get("file")
    if not _is_told(row) or type(entry) is not int or not isinstance(told, str):
        faults.add(fault, member, what="A row lacks its entry or its hash.")
        return
    wanted = told
    if member == EVIDENCE and row.get("sealed") is True and file is not None:
        wanted = str(row.get("content_sha256"))
        named.clear.add((told, wanted))
    document = row.get("document") if member == FILINGS else None
    may_be_closed = member == EVIDENCE or document is not None
    if not (may_be_closed and file is None) and (document is None or told != document):
        _hold_file(archive, row, (fault, file, wanted), faults)
    if member == STATEMENTS:
        named.shown.add(as_due(STATEMENT, row.get("statement"), row.get("version"), told))
    elif member == FILINGS:
        named.shown.add(as_due(row.get("kind"), entry, told, document))
    by_words = member == FILINGS and document is None and row.get("kind") == RECEIPT
    named.add(entry, (fault, member, told, by_words))


def _hold_file(
    archive: Archive, row: dict[str, Any], about: tuple[str, Any, Any], faults: Faults
) -> None:
    fault, file, wanted = about
    if not isinstance(file, str) or not archive.has(file):
        faults.add(fault, str(file)[:200], entry=_entry(row), what="It is not here.")
    elif not is_hash(wanted) or archive.hash_of(file) != wanted:
        faults.add(fault, file, entry=_entry(row), what="Its hash is another.")


def _read_private(archive: Archive, named: Named, faults: Faults) -> None:
    seen: set[bytes] = set()
    for number, line in enumerate(lines_of(archive.parts(PRIVATE)), 1):
        if faults.counts["private_commitment"] > READ_ON_AT_MOST:
            return
        try:
            told = read_object(line.removesuffix(b"\n"))
            salt, text = bytes.fromhex(told["salt"]), told["text"].encode()
            ref, commitment = told["ref"].encode(), told["commitment"].encode()
        except (AttributeError, KeyError, TypeError, ValueError, Malformed):
            faults.add("private_commitment", PRIVATE, entry=number, what="It cannot be read.")
            continue
        if commitment in seen:
            faults.add("private_commitment", PRIVATE, entry=number, what="It stands here twice.")
            continue
        seen.add(commitment)
        made = hmac.new(salt, text, hashlib.sha256).hexdigest()
        if made.encode() != commitment:
            faults.add("private_commitment", PRIVATE, entry=number, what="It is of another text.")
        named.sealed.add((commitment, ref))


def _entry(row: dict[str, Any]) -> int:
    entry = row.get("entry")
    return entry if isinstance(entry, int) else 0
