"""The dossier: one zip of an incident's record that anybody verifies without our server.

What belongs here: how its members are called and in which order they stand, what the manifest says,
and what a container may look like. What never does: a file, a database, a signature
(integrations/note_keys.py), or what a member says (services/dossier.py).

    members in the order of the manifest, then MANIFEST.json, then MANIFEST.note

The manifest names every other member with its length and its hash, and the note signs the hash of
the manifest. So a reader knows before it inflates anything how much there is, and nothing in the
file stands outside the signature. docs/reference/dossier.md tells the format for people.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from domain.canonical import canonical, sha256_hex
from domain.errors import Malformed
from domain.wire import instant_text, read_instant

FORMAT: Final = 1

README: Final = "README.txt"
VIEWER: Final = "index.html"
VIEWER_FOLDER: Final = "viewer/"
VIEWER_ENTRIES: Final = "viewer/entries.js"
VERIFIER: Final = "verify.py"
LEDGER: Final = "ledger.jsonl"
HEADS: Final = "heads.jsonl"
LOG: Final = "log.json"
LOG_LEAVES: Final = "log.leaves"
KEYS: Final = "keys.txt"
STAMPS: Final = "stamps.json"
STAMPS_FOLDER: Final = "stamps/"
RULES_FOLDER: Final = "rules/"
PEOPLE: Final = "people.json"
STATEMENTS_FOLDER: Final = "statements/"
STATEMENTS: Final = "statements.json"
FILINGS_FOLDER: Final = "filings/"
FILINGS: Final = "filings.json"
EVIDENCE: Final = "evidence.json"
EVIDENCE_FOLDER: Final = "evidence/"
PRIVATE: Final = "private.jsonl"
HISTORIES: Final = "histories.json"
HISTORIES_FOLDER: Final = "histories/"
TIMELINE_HTML: Final = "timeline.html"
TIMELINE_PDF: Final = "timeline.pdf"
MANIFEST: Final = "MANIFEST.json"
NOTE: Final = "MANIFEST.note"

ORDER: Final = (
    README,
    VIEWER,
    VIEWER_FOLDER,
    VERIFIER,
    LEDGER,
    HEADS,
    LOG,
    LOG_LEAVES,
    KEYS,
    STAMPS,
    STAMPS_FOLDER,
    RULES_FOLDER,
    PEOPLE,
    STATEMENTS_FOLDER,
    STATEMENTS,
    FILINGS_FOLDER,
    FILINGS,
    EVIDENCE,
    EVIDENCE_FOLDER,
    PRIVATE,
    HISTORIES,
    HISTORIES_FOLDER,
    TIMELINE_HTML,
    TIMELINE_PDF,
)
"""In which order members stand; a name that ends in / means every member of that folder."""

REQUIRED: Final = frozenset(
    {README, VIEWER, VERIFIER, LEDGER, HEADS, LOG, LOG_LEAVES, KEYS, PEOPLE, STATEMENTS}
    | {FILINGS, EVIDENCE, HISTORIES, TIMELINE_HTML}
)
"""Members that every dossier has. A private one has PRIVATE besides, one whose record was stamped
STAMPS; the timeline is missing as PDF where a character of it is in none of the fonts."""

# ---------------------------------------------------------------- the container

NAME_AT_MOST: Final = 200
MEMBERS_AT_MOST: Final = 65_000
BYTES_AT_MOST: Final = 2**32 - 2**16
"""Of a member, and of the whole file: beyond stands zip64, which this format does not use."""

STORED: Final = 0
DEFLATED: Final = 8
ZIP_VERSION: Final = 20
"""What a reader must know: folders and deflate. It stands as made by and as needed, from MS-DOS:
no member has permissions or a kind of its own."""

ZIP_DATE: Final = 0x0021
"""The first of January 1980, as MS-DOS writes it; the time is 0."""

HEADS_AT_MOST: Final = 5_000
"""Of an incident's heads, the newest of which the company's log is shown to tell."""

STAMPS_MOST: Final = 1_000
"""Time stamps that a dossier may have, the newest."""

VALUES_AT_MOST: Final = 1_000_000
SPARSE: Final = 50_000
"""Values in a document; of more than SPARSE each has eight characters on average. What Andon writes
has fewer, and megabytes of brackets alone would be gigabytes of memory."""

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*")
_OTHERWISE: Final = re.compile(
    r"(.*/)?((con|prn|aux|nul|com[0-9]|lpt[0-9])([./].*)?|.*\.(/.*)?)", re.IGNORECASE
)
"""Names that Windows unpacks as something else: a device, or another name without the last dot."""
_HASH: Final = re.compile(r"[0-9a-f]{64}")


def is_name(name: str) -> bool:
    """Say whether a member may be called so: plain ASCII, no way out of a folder.

    And the same file wherever it is unpacked: no device of Windows, and no dot at an end.
    """
    is_plain = len(name) <= NAME_AT_MOST and ".." not in name and _NAME.fullmatch(name) is not None
    return is_plain and _OTHERWISE.fullmatch(name) is None


def plain_name(word: str) -> str:
    """Make a part of a member's name of a word: what is not plain ASCII becomes a dash."""
    return re.sub(r"[^A-Za-z0-9_-]+", "-", word).strip("-_")[:60] or "x"


def is_crowded(document: str) -> bool:
    """Say whether a JSON document has too many values to be read; they are not read for it."""
    if len(document) <= SPARSE:
        return False
    values = sum(map(document.count, ",{["))
    return values > VALUES_AT_MOST or (values > SPARSE and 8 * values > len(document))


def place_of(name: str) -> int:
    """Say where in ORDER a member belongs. Raises Malformed for one that no dossier has."""
    folder = f"{name.partition('/')[0]}/" if "/" in name else name
    if folder not in ORDER:
        raise _malformed(f"{name!r:.80} is no member of a dossier.")
    return ORDER.index(folder)


# ---------------------------------------------------------------- the manifest


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One member: its name, how many bytes it has when inflated, and their hash (hexadecimal)."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a dossier says of itself; `content()` is what is signed.

    `size` and `root` are of the incident's ledger as it is here; `signed` is how many of its
    entries the newest signed head covers (0: none yet). `log_size` and `log_root` are of the
    company's log under its newest signed head ("" and 0 where it has none).
    """

    incident: str
    origin: str
    made_at: datetime
    made_by: str
    build: str
    redacted: bool
    private: bool
    size: int
    root: str
    signed: int
    log_size: int
    log_root: str
    members: tuple[Member, ...]

    def content(self) -> bytes:
        """Give the canonical bytes of MANIFEST.json."""
        return canonical(
            {
                "dossier": FORMAT,
                "incident": self.incident,
                "origin": self.origin,
                "made_at": instant_text(self.made_at),
                "made_by": self.made_by,
                "build": self.build,
                "redacted": self.redacted,
                "private": self.private,
                "size": self.size,
                "root": self.root,
                "signed": self.signed,
                "log": {"size": self.log_size, "root": self.log_root},
                "members": [
                    {"name": one.name, "bytes": one.bytes, "sha256": one.sha256}
                    for one in self.members
                ],
            }
        )

    def note_text(self) -> str:
        """Give the text that MANIFEST.note signs."""
        return note_text(self.origin, self.incident, self.content())


def note_text(origin: str, incident: str, manifest: bytes) -> str:
    """Give the text that the note over a manifest signs: whose it is, and the manifest's hash."""
    return f"{origin}/dossier/{incident}\n{sha256_hex(manifest)}\n"


def read_manifest(content: bytes) -> Manifest:
    """Read MANIFEST.json.

    Raises:
        Malformed: it is none, is not canonical, or names members that no dossier has.
    """
    if is_crowded(content.decode(errors="replace")):
        raise _malformed("This manifest has too many values.")
    try:
        told = json.loads(content)
        manifest = Manifest(
            incident=_text(told["incident"]),
            origin=_text(told["origin"]),
            made_at=read_instant(told["made_at"]),
            made_by=_text(told["made_by"]),
            build=_text(told["build"]),
            redacted=told["redacted"] is True,
            private=told["private"] is True,
            size=_count(told["size"]),
            root=_text(told["root"]),
            signed=_count(told["signed"]),
            log_size=_count(told["log"]["size"]),
            log_root=_text(told["log"]["root"]),
            members=tuple(_member(one) for one in told["members"]),
        )
        same = told["dossier"] == FORMAT and manifest.content() == content
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise _malformed("This is not the manifest of a dossier.") from error
    if not same:
        raise _malformed("This is not the manifest of a dossier of a format known here.")
    require_order(one.name for one in manifest.members)
    return manifest


def require_order(names: Iterable[str]) -> None:
    """Refuse members that are out of order, twice there, or of no dossier. Raises Malformed."""
    seen: set[str] = set()
    last = 0
    for name in names:
        place = place_of(name)
        if name.lower() in seen or not is_name(name):
            raise _malformed(f"{name!r:.80} may not stand in a dossier, or stands there twice.")
        if place < last:
            raise _malformed(f"{name} stands behind members that come after it.")
        seen.add(name.lower())  # Windows and macOS take both for one file
        last = place


def _member(told: dict[str, object]) -> Member:
    sha256 = _text(told["sha256"])
    if not _HASH.fullmatch(sha256):
        raise ValueError(sha256)
    return Member(name=_text(told["name"]), bytes=_count(told["bytes"]), sha256=sha256)


def _text(told: object) -> str:
    if not isinstance(told, str):
        raise TypeError(told)
    return told


def _count(told: object) -> int:
    if isinstance(told, bool) or not isinstance(told, int) or told < 0:
        raise TypeError(told)
    return told


# ---------------------------------------------------------------- the viewer's entries


ENTRIES_BEFORE: Final = "andon.entries=[\n"
ENTRIES_BETWEEN: Final = ",\n"
ENTRIES_AFTER: Final = "\n];\n"


def entry_literal(content: bytes) -> str:
    """Give an entry's canonical bytes as a JSON string in ASCII, which JavaScript reads too."""
    return json.dumps(content.decode(), ensure_ascii=True)


def _malformed(sentence: str) -> Malformed:
    return Malformed(sentence, "Take the dossier as it was handed over, whole.")
