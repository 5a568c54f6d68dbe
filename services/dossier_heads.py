"""The heads of a dossier: its ledger's, the company's log's, and those that witnesses kept.

What belongs here: signatures, roots, and that ledger, log and witnesses say the same. What never
does: an entry (domain/dossier_entries.py), or another member.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from cryptography.x509 import Certificate

from domain.checkpoint import Checkpoint, Note, VerifierKey, read_checkpoint, read_key, read_note
from domain.dossier import (
    HEADS,
    HEADS_AT_MOST,
    KEYS,
    LEDGER,
    LOG,
    LOG_LEAVES,
    MANIFEST,
    NOTE,
    STAMPS,
    Manifest,
)
from domain.dossier_entries import ENTRY_AT_LEAST, READ_ON_AT_MOST, lines_of
from domain.dossier_faults import Faults, Stamped
from domain.dossier_said import HeadLine, LogLine, read_head_line, read_log, read_log_line
from domain.errors import Malformed
from domain.tree import EMPTY_ROOT, HASH_BYTES, leaf_hash, roots_at, verify_inclusion
from domain.witness import LOG as COMPANY_LOG
from domain.witness import Agreed, Witness
from services.dossier_archive import LEAVES_AT_MOST, Archive
from services.dossier_stamps import ReadStamp, read_stamps, trusted
from services.dossier_trust import Trust

SIGNED: Final = "HeadSigned"
KEY_USED: Final = "HeadKeyUsed"
BEYOND: Final = "witness_beyond"
ENDING: Final = ("head_beyond", "head_signature")
"""Faults of heads, of which no more than READ_ON_AT_MOST are looked for."""

KEYS_AT_MOST: Final = 1_000
"""Keys of one company: every signature is held against all of them."""

FALSE: Final = "The signature is not of the key that it names."


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A witness that could be read, or an earlier head of the log."""

    name: str
    note: Note
    head: Checkpoint
    folder: str = ""


@dataclass(slots=True, kw_only=True)
class Heads:
    """All that is signed here, read but not compared yet."""

    trust: Trust
    heads: list[HeadLine]
    log_note: Note | None = None
    log_head: Checkpoint | None = None
    log_roots: dict[int, bytes] = field(default_factory=dict)
    lines: dict[int, LogLine] = field(default_factory=dict)
    witnesses: list[Held] = field(default_factory=list)
    stamps: list[ReadStamp] = field(default_factory=list)
    younger: int = 0

    def sizes(self) -> set[int]:
        """Give the sizes at which somebody says what the root of the ledger is."""
        return {one.head.size for one in self.heads} | {one.head.size for one in self.witnesses}

    def covered(self, incident: str, reach: int) -> int:
        """Give how many entries the newest head has that the log tells of up to a line."""
        sizes = [
            size
            for line in self.lines.values()
            if line.type == SIGNED and line.seq <= reach and line.body.get("stream") == incident
            if type(size := line.body.get("size")) is int
        ]
        return max(sizes, default=0)

    def announced(self) -> set[str]:
        """Give the keys, as words, that the company's log announces."""
        used = (line for line in self.lines.values() if line.type == KEY_USED)
        return {word for line in used if isinstance(word := line.body.get("key"), str)}


def read_heads(
    archive: Archive,
    manifest: Manifest,
    given: Sequence[VerifierKey],
    witnesses: Sequence[Witness],
    faults: Faults,
) -> Heads:
    """Read keys, heads, log and witnesses, and judge the company's log by itself."""
    found = Heads(
        trust=Trust(given, list(_keys(archive, faults))),
        heads=list(_lines(archive, manifest, faults)),
    )
    found.witnesses = list(_witnesses(witnesses, faults))
    found.stamps = read_stamps(archive, faults)
    _read_log(archive, manifest, found, faults)
    return found


def hold_heads(found: Heads, manifest: Manifest, roots: dict[int, bytes], faults: Faults) -> int:
    """Hold every head of the ledger against the roots of its entries; give how many are signed."""
    before, sound, origin = 0, 0, f"{manifest.origin}/{manifest.incident}"
    reach = found.log_head.size if found.log_head is not None else 0
    for number, one in enumerate(found.heads, 1):
        head = one.head
        if sum(faults.counts[name] for name in ENDING) > READ_ON_AT_MOST:
            break
        if head.origin != origin:
            faults.add("head_malformed", HEADS, entry=number, what="It is another ledger's.")
            continue
        if head.size <= before:
            faults.add("head_order", HEADS, entry=number, what=f"{head.size} after {before}")
        before = max(before, head.size)
        about = ("head_signature", HEADS, number)
        is_sound = _judge(found.trust, one.note, about, faults, now=one.log_seq > reach)
        root = roots.get(head.size)
        if root is None:
            what = f"{head.size} entries are signed, fewer are here."
            faults.add("head_beyond", HEADS, entry=number, what=what)
        elif root != head.root:
            faults.add("head_root", HEADS, entry=number, what=f"of {head.size} entries")
        elif is_sound:
            sound = max(sound, head.size)
    if manifest.signed != before:
        what = f"{manifest.signed} entries are said to be signed, the newest head has {before}"
        faults.add("manifest_differs", MANIFEST, what=what)
    _hold_against_log(found, manifest, faults)
    return sound


def hold_witnesses(
    found: Heads, manifest: Manifest, roots: dict[int, bytes], faults: Faults
) -> tuple[Agreed, ...]:
    """Hold what witnesses kept against ledger and log; give those that agree, and up to where."""
    agreed, named, log = [], set(), f"{manifest.origin}/{COMPANY_LOG}"
    younger: list[Held] = []
    own = (log, f"{manifest.origin}/{manifest.incident}")
    found.witnesses = [one for one in found.witnesses if not one.folder or one.head.origin in own]
    for one in found.witnesses:
        fault, what = _disagrees(found, manifest, roots, one)
        if not fault:
            ledger = COMPANY_LOG if one.head.origin == log else manifest.incident
            size, folder = one.head.size, one.folder
            agreed.append(Agreed(name=one.name, ledger=ledger, size=size, folder=folder))
        elif one.folder and one.head.origin == log and fault == BEYOND:
            younger.append(one)
        elif not one.folder or (one.folder, one.head.origin) not in named:
            named.add((one.folder, one.head.origin))
            faults.add(fault, one.name, what=what)
    # The log grows by whatever happens in the house: that a folder has younger heads of it is no
    # fault, as long as an older one agrees. Heads of this very ledger are all held against it.
    known = {one.folder for one in agreed if one.ledger == COMPANY_LOG}
    for one in younger:
        if one.folder not in known and (one.folder, log) not in named:
            named.add((one.folder, log))
            faults.add(BEYOND, one.name, what=f"It saw {one.head.size}.")
    found.younger = sum(one.folder in known for one in younger)
    return tuple(agreed)


def _disagrees(
    found: Heads, manifest: Manifest, roots: dict[int, bytes], one: Held
) -> tuple[str, str]:
    """Give what is wrong with a witness: the name of the fault and what of it; else nothing."""
    if one.head.origin == f"{manifest.origin}/{manifest.incident}":
        root = roots.get(one.head.size)
    elif one.head.origin == f"{manifest.origin}/{COMPANY_LOG}":
        root = found.log_roots.get(one.head.size)
    else:
        return "witness_other", f"It is a head of {one.head.origin!r:.80}."
    if found.trust.judge(one.note) != "sound":
        return "witness_signature", "No key that is believed signed it."
    if root is None:
        return BEYOND, f"It saw {one.head.size}."
    return ("", "") if root == one.head.root else ("witness_diverges", f"at {one.head.size}")


def hold_stamps(
    found: Heads, manifest: Manifest, roots: Sequence[Certificate], faults: Faults
) -> tuple[Stamped, ...]:
    """Hold the heads that were stamped against the log, and stamps against the reader's roots."""
    sound = []
    for one in found.stamps:
        is_here = found.log_roots.get(one.head.size) == one.head.root
        if one.head.origin != f"{manifest.origin}/log" or not is_here:
            what = f"The log has no such head of {one.head.size} lines."
            faults.add("stamp_head", STAMPS, entry=one.row, what=what)
        elif _judge(found.trust, one.note, ("stamp_head", STAMPS, one.row), faults):
            entries = found.covered(manifest.incident, one.head.size)
            sound.append(trusted(one, entries, roots, faults))
    return tuple(sound)


def hold_keys(found: Heads, faults: Faults) -> None:
    """See that every key that signed here is announced in the company's log, where there is one."""
    if found.log_head is None:
        return
    announced = found.announced()
    for key in found.trust.signed():
        if key.text() not in announced:
            faults.add("key_not_announced", KEYS, what=key.text())


def judge_manifest(found: Heads, note: bytes | None, text: str, faults: Faults) -> None:
    """See that a believed key signed the manifest that is here."""
    try:
        read = read_note((note or b"").decode())
    except (Malformed, UnicodeDecodeError):
        faults.add("manifest_signature", NOTE, what="There is no signed note.")
        return
    if read.text != text:
        faults.add("manifest_signature", NOTE, what="It is the note of another manifest.")
    else:
        _judge(found.trust, read, ("manifest_signature", NOTE, 0), faults, now=True)


# ---------------------------------------------------------------- reading


def _keys(archive: Archive, faults: Faults) -> Iterator[VerifierKey]:
    content = archive.whole(KEYS)
    words = (content or b"").decode(errors="replace").splitlines()
    if len(words) > KEYS_AT_MOST:
        faults.add("member_malformed", KEYS, what=f"It has {len(words)} keys.")
    for number, word in enumerate(words[:KEYS_AT_MOST], 1):
        try:
            yield read_key(word)
        except Malformed as error:
            faults.add("member_malformed", KEYS, entry=number, what=error.sentence)


def _lines(archive: Archive, manifest: Manifest, faults: Faults) -> Iterator[HeadLine]:
    """Read heads; of those that do not grow, or are of more entries than can be here, not all."""
    reach = min(manifest.size, archive.size_of(LEDGER) // ENTRY_AT_LEAST)
    newest = odd = 0
    for number, line in enumerate(lines_of(archive.parts(HEADS)), 1):
        try:
            yield (one := read_head_line(line.removesuffix(b"\n")))
            odd += not newest < one.head.size <= reach
            newest = max(newest, one.head.size)
            if odd > READ_ON_AT_MOST:
                return
        except Malformed as error:
            faults.add("head_malformed", HEADS, entry=number, what=error.sentence)
            if faults.counts["head_malformed"] > READ_ON_AT_MOST:
                return


def _witnesses(witnesses: Sequence[Witness], faults: Faults) -> Iterator[Held]:
    for one in witnesses:
        try:
            note = read_note(one.text)
            head = read_checkpoint(note.text)
            yield Held(name=one.name, note=note, head=head, folder=one.folder)
        except Malformed:
            faults.add("witness_signature", one.name, what="It is no signed head.")


def _read_log(archive: Archive, manifest: Manifest, found: Heads, faults: Faults) -> None:
    raw, content = archive.whole(LOG_LEAVES, LEAVES_AT_MOST), archive.whole(LOG)
    if raw is None or content is None:
        return
    try:
        log = read_log(content)
    except Malformed as error:
        faults.add(error.code, LOG, what=error.sentence)
        return
    size = len(raw) // HASH_BYTES if len(raw) % HASH_BYTES == 0 else -1
    root, said = EMPTY_ROOT, (manifest.log_size, manifest.log_root)
    if log.head:
        head = _log_head(log.head, f"{manifest.origin}/log", found, faults)
        if head is None:
            return
        turns = list(_turns(log.turns, head, faults))
        sizes = {head.size, *(one.head.size for one in (*found.witnesses, *turns))}
        sizes |= {one.head.size for one in found.stamps}
        leaves = (raw[at : at + HASH_BYTES] for at in range(0, len(raw), HASH_BYTES))
        found.log_roots = roots_at(leaves, sizes)
        if head.size != size or found.log_roots.get(size) != head.root:
            faults.add("log_root", LOG_LEAVES, what=f"{size} hashes, {head.size} lines are signed")
        if said != (head.size, head.root.hex()):
            faults.add("manifest_differs", MANIFEST, what="It names another head of the log.")
        found.log_head, root = head, head.root
        _read_lines(log.lines, raw, root, found, faults)
        for turn in turns:
            _take_turn(turn, found, faults)
        assert found.log_note is not None
        if _judge(found.trust, found.log_note, ("log_head_signature", LOG, 0), faults):
            _believe_announced(found)
    elif size or log.lines or manifest.log_size:
        faults.add("log_head_signature", LOG, what="There is no signed head.")


def _log_head(written: str, origin: str, found: Heads, faults: Faults) -> Checkpoint | None:
    try:
        found.log_note = read_note(written)
        head = read_checkpoint(found.log_note.text)
    except Malformed as error:
        faults.add("log_head_signature", LOG, what=error.sentence)
        return None
    if head.origin != origin:
        faults.add("log_head_signature", LOG, what="It is the head of another ledger.")
        return None
    return head


def _turns(written: Sequence[str], newest: Checkpoint, faults: Faults) -> Iterator[Held]:
    """Read earlier heads of the log under which a key came, in their order."""
    before = 0
    for number, text in enumerate(written, 1):
        try:
            note = read_note(text)
            head = read_checkpoint(note.text)
        except Malformed as error:
            faults.add("log_head_signature", LOG, entry=number, what=error.sentence)
            continue
        if head.origin != newest.origin or not before < head.size <= newest.size:
            what = "It is no earlier head of this log."
            faults.add("log_head_signature", LOG, entry=number, what=what)
            continue
        before = head.size
        yield Held(name=str(number), note=note, head=head)


def _take_turn(turn: Held, found: Heads, faults: Faults) -> None:
    """Believe a key that a believed one signed a head with, and that a line under it announces."""
    if found.log_roots.get(turn.head.size) != turn.head.root:
        faults.add("log_root", LOG, entry=int(turn.name), what="An earlier head has another root.")
        return
    signers = found.trust.together(turn.note)
    told = {
        str(line.body.get("key"))
        for line in found.lines.values()
        if line.type == KEY_USED and line.seq <= turn.head.size
    }
    found.trust.believe(key for key in signers if key.text() in told)


def _read_lines(
    told: Sequence[object], raw: bytes, root: bytes, found: Heads, faults: Faults
) -> None:
    """Keep the lines that stand in the log where they say; `raw` are its leaf hashes."""
    size = -(-len(raw) // HASH_BYTES)
    for one in told:
        try:
            line = read_log_line(one)
        except Malformed as error:
            faults.add("log_line", LOG, what=error.sentence)
            continue
        leaf, place = leaf_hash(line.content), line.seq - 1
        stands = place >= 0 and raw[place * HASH_BYTES : line.seq * HASH_BYTES] == leaf
        if not stands or not verify_inclusion(leaf, place, size, line.path, root):
            faults.add("log_line", LOG, entry=line.seq, what="It does not stand in the log.")
        elif line.seq in found.lines:
            faults.add("log_line", LOG, entry=line.seq, what="It stands here twice.")
        else:
            found.lines[line.seq] = line


# ---------------------------------------------------------------- judging


def _believe_announced(found: Heads) -> None:
    """Believe the keys that lines announce, one after the other: each took another's place.

    A key that comes again is retired no more; one that cannot be read took no place.
    """
    retired: set[str] = set()
    for _seq, line in sorted(found.lines.items()):
        if line.type == KEY_USED:
            with suppress(Malformed):
                key = read_key(str(line.body.get("key")))
                found.trust.believe([key])
                retired.add(str(line.body.get("before")))
                retired.discard(key.text())
    found.trust.retire(retired)


def _judge(
    trust: Trust, note: Note, about: tuple[str, str, int], faults: Faults, *, now: bool = False
) -> bool:
    name, member, entry = about
    judged = trust.judge(note, now=now)
    if judged in ("foreign", "retired"):
        names = ", ".join(f"{one.name}+{one.key_id.hex()}" for one in note.signatures)
        fault = "foreign_key" if judged == "foreign" else "key_retired"
        faults.add(fault, member, entry=entry, what=f"Signed by {names:.160}.")
    elif judged == "false":
        faults.add(name, member, entry=entry, what=FALSE)
    return judged == "sound"


def _hold_against_log(found: Heads, manifest: Manifest, faults: Faults) -> None:
    """See that each head has its line in the log, and each line of a head its head."""
    roots = {one.head.size: one.head.root.hex() for one in found.heads}
    for line in found.lines.values():
        if line.type != SIGNED or line.body.get("stream") != manifest.incident:
            continue
        size = line.body.get("size")
        if not isinstance(size, int) or size not in roots:
            what = f"The log tells of a head of {size!r:.20} entries that is not here."
            faults.add("head_missing", HEADS, entry=line.seq, what=what)
        elif roots[size] != line.body.get("root"):
            faults.add("log_line", LOG, entry=line.seq, what="It says another root.")
    reach = found.log_head.size if found.log_head is not None else 0
    asked = found.heads if len(found.heads) <= HEADS_AT_MOST else found.heads[-1:]
    for one in asked:
        told = found.lines.get(one.log_seq)
        body = {} if told is None else told.body
        said = (body.get("stream"), body.get("size"), body.get("root"))
        here = (manifest.incident, one.head.size, one.head.root.hex())
        if one.log_seq <= reach and said != here:
            what = f"Line {one.log_seq} of the log does not tell of the head of {one.head.size}."
            faults.add("head_unlogged", HEADS, entry=one.log_seq, what=what)
