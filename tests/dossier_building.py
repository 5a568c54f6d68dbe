"""Whole dossiers for tests, made by the format alone and not by the code that makes real ones.

What belongs here: a company with keys and a log, a record of generated entries, and packing members
into the archive. What never does: a fault; tests spoil what is whole here.
"""

import hashlib
import hmac
import json
import struct
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from domain.canonical import canonical, sha256_hex
from domain.checkpoint import Checkpoint, read_checkpoint, read_note
from domain.tree import Tree, leaf_hash, roots_at
from domain.wire import instant_text
from integrations.note_keys import NoteSigner
from tests.stamping import ROOT, Says, granted

ORIGIN = "andon.example/1a2b3c4d"
INCIDENT = "INC-2026-0007"
START = datetime(2026, 11, 22, 12, tzinfo=UTC)
OLD, NEW, FOREIGN = (NoteSigner(ORIGIN, bytes([seed]) * 32) for seed in (1, 2, 9))

STATEMENT = b'{"texts":[{"language":"en","title":"We stop the sale."}]}'
REPORT = "We report a rash after a cream. 我们报告一起皮疹。"
PHOTO = bytes(range(256)) * 40
PRIVATE_TEXT, SALT = "安琪, 12 Long Street", bytes(range(32))
COMMITMENT = hmac.digest(SALT, PRIVATE_TEXT.encode(), "sha256").hex()
RULES = canonical({"plan": {"name": "generated"}})
PLAN = sha256_hex(RULES)
KINDS = {1: "StatementPublished", 2: "DutyFiled", 3: "AuthorityAnswered", 5: "ReceiptAttached"}
"""What the entries are that name what must stand beside them."""


def entry(
    seq: int,
    body: dict[str, Any],
    *,
    plan: str = PLAN,
    incident: str = INCIDENT,
    kind: str = "FindingLogged",
) -> bytes:
    """Write an entry as DESIGN, "The entry", has it; each is a second after the one before."""
    at = instant_text(START + timedelta(seconds=seq))
    return canonical(
        {
            "v": 1,
            "incident": incident,
            "seq": seq,
            "command_id": f"c{seq}",
            "actor": {"id": "li", "roles": ["quality"], "on_behalf_of": None, "method": "password"},
            "stage": "investigation",
            "type": kind,
            "type_version": 1,
            "happened_at": at,
            "at": at,
            "recorded_at": at,
            "plan": plan,
            "build": "b1",
            "access": "open",
            "refers_to": [],
            "body": body,
        }
    )


def entries(count: int, *, incident: str = INCIDENT) -> list[bytes]:
    """Make a record; the first entries name what stands beside the ledger."""
    named: list[dict[str, Any]] = [
        {"statement": "s1", "version": 1, "sha256": sha256_hex(STATEMENT)},
        {"duty": "d1", "text": REPORT, "sha256": sha256_hex(REPORT.encode()), "document": None},
        {"act": "a1", "sha256": sha256_hex(PHOTO), "document": sha256_hex(PHOTO)},
        {"words": {"ref": "ab" * 16, "commitment": COMMITMENT, "subject": "subject-1"}},
        {"receipt": "Received under 12/34."},
    ]
    plain: Iterable[dict[str, Any]] = (
        {"text": f"第 {seq} 项发现 <b>", "n": seq} for seq in range(1, count + 1)
    )
    bodies = [*named, *plain][:count]
    kinds = KINDS if count >= len(named) else {}
    return [
        entry(seq, body, incident=incident, kind=kinds.get(seq, "FindingLogged"))
        for seq, body in enumerate(bodies, 1)
    ]


@dataclass
class Log:
    """The company's log: its lines, as bytes."""

    lines: list[bytes] = field(default_factory=list)

    def add(self, kind: str, body: dict[str, Any]) -> int:
        """Append a line and give its number."""
        seq = len(self.lines) + 1
        at = instant_text(START + timedelta(minutes=seq))
        self.lines.append(canonical({"at": at, "body": body, "seq": seq, "type": kind, "v": 1}))
        return seq

    @property
    def leaves(self) -> list[bytes]:
        return [leaf_hash(line) for line in self.lines]


def signed(stream: str, size: int, root: bytes, *signers: NoteSigner) -> str:
    """Sign a head."""
    head = Checkpoint(origin=f"{ORIGIN}/{stream}", size=size, root=root)
    note = signers[0].sign(head.text())
    for one in signers[1:]:
        note = one.also(note)
    return note.written()


@dataclass(frozen=True)
class Dossier:
    """The members of a dossier in their order, without manifest and note; `witness` is kept outside.

    `about` is what the manifest says beside the members.
    """

    members: dict[str, bytes]
    about: dict[str, Any]
    witness: str = ""
    log_witness: str = ""

    def changed(self, name: str, content: bytes) -> "Dossier":
        """Give the dossier with other bytes in one member."""
        return replace(self, members={**self.members, name: content})

    def saying(self, **about: Any) -> "Dossier":
        """Give the dossier with something else in the manifest."""
        return replace(self, about={**self.about, **about})

    def manifest(self) -> bytes:
        """Write MANIFEST.json over the members as they are."""
        listed = [
            {"name": name, "bytes": len(content), "sha256": sha256_hex(content)}
            for name, content in self.members.items()
        ]
        return canonical({**self.about, "members": listed})

    def sealed(self, signer: NoteSigner = NEW, manifest: bytes | None = None) -> dict[str, bytes]:
        """Give all members, manifest and note among them."""
        content = self.manifest() if manifest is None else manifest
        text = f"{self.about['origin']}/dossier/{self.about['incident']}\n{sha256_hex(content)}\n"
        note = signer.sign(text).written().encode()
        return {**self.members, "MANIFEST.json": content, "MANIFEST.note": note}

    def packed(self, signer: NoteSigner = NEW) -> bytes:
        """Give the whole file."""
        return zipped(self.sealed(signer).items())

    def altered(self, name: str, content: bytes) -> bytes:
        """Give the file with other bytes in one member, changed after it was signed."""
        return zipped({**self.sealed(), name: content}.items())


def ledger(leaves: Iterable[bytes]) -> bytes:
    """Give ledger.jsonl."""
    return b"".join(leaf + b"\n" for leaf in leaves)


def viewer(leaves: Iterable[bytes]) -> bytes:
    """Give viewer/entries.js."""
    literals = ",\n".join(json.dumps(leaf.decode()) for leaf in leaves)
    return f"andon.entries=[\n{literals}\n];\n".encode()


def build(
    leaves: Sequence[bytes],
    sizes: Sequence[int],
    *,
    incident: str = INCIDENT,
    turn: int | None = None,
    rules: bytes = RULES,
    signers: tuple[NoteSigner, NoteSigner] = (OLD, NEW),
    stamped: bool = False,
    announced: Sequence[str] = (),
) -> Dossier:
    """Make the dossier of a record with signed heads at some sizes.

    `turn` is the first head that the second key signs, counted from 0: the second where there are
    several. The witness saw the head before the last one. `stamped`: an authority
    stamped every head of the log. `announced`: the log announces these keys, too.
    """
    turn = min(1, len(sizes) - 1) if turn is None else turn
    old, new = signers
    roots = roots_at(map(leaf_hash, leaves), {*sizes, len(leaves)})
    log, heads, log_head = Log(), [], ""
    log.add("SignedIn", {"person": "li"})
    log.add("HeadKeyUsed", {"key": old.key.text(), "before": ""})
    for key in announced:
        log.add("HeadKeyUsed", {"key": key, "before": key})
    log_heads: list[str] = []
    turns: list[str] = []
    for number, size in enumerate(sizes):
        signer = old if number < turn else new
        if number == turn:
            log.add("HeadKeyUsed", {"key": new.key.text(), "before": old.key.text()})
        note, root = signed(incident, size, roots[size], signer), roots[size].hex()
        seq = log.add("HeadSigned", {"stream": incident, "size": size, "root": root})
        log.add("HeadSigned", {"stream": "INC-2026-0001", "size": size, "root": root})
        at = instant_text(START + timedelta(hours=number))
        heads.append(canonical({"note": note, "signed_at": at, "log_seq": seq}))
        by = (old, new) if number == turn else (signer,)
        log_head = signed("log", len(log.lines), Tree(log.leaves).root(), *by)
        log_heads.append(log_head)
        turns += [log_head] if number == turn < len(sizes) - 1 else []
    tree = Tree(log.leaves)
    lines = [
        {
            "seq": seq,
            "line": line.decode(),
            "path": [one.hex() for one in tree.inclusion_proof(seq - 1, tree.size)],
        }
        for seq, line in enumerate(log.lines, 1)
        if b'"HeadKeyUsed"' in line or f'"stream":"{incident}"'.encode() in line
    ]
    leaves_of_log = b"".join(log.leaves) if sizes else b""
    members = {
        "README.txt": b"How to verify.\n",
        "index.html": b"<!doctype html>\n",
        "viewer/about.js": b"andon.about={};\n",
        "viewer/entries.js": viewer(leaves),
        "verify.py": b"print()\n",
        "ledger.jsonl": ledger(leaves),
        "heads.jsonl": ledger(heads),
        "log.json": canonical(
            {
                "head": log_head,
                "lines": lines if sizes else [],
                **({"turns": turns} if turns else {}),
            }
        ),
        "log.leaves": leaves_of_log,
        "keys.txt": f"{old.key.text()}\n{new.key.text()}\n".encode(),
        **(_stamps(log_heads) if stamped else {}),
        f"rules/{sha256_hex(rules)}.json": rules,
        "people.json": canonical({"li": {"name": "Li", "roles": ["quality"]}}),
        **(_beside() if leaves and b'"StatementPublished"' in leaves[0] else _nothing_beside()),
        "histories.json": canonical([{"file": "histories/1.json", "sha256": sha256_hex(b"{}\n")}]),
        "histories/1.json": b"{}\n",
        "timeline.html": b"<!doctype html>\n",
        "timeline.pdf": b"%PDF-1.7\n" + hashlib.sha256(b"x").digest() * 50,
    }
    about = {
        "dossier": 1,
        "incident": incident,
        "origin": ORIGIN,
        "made_at": instant_text(START),
        "made_by": "li",
        "build": "b1",
        "redacted": False,
        "private": True,
        "size": len(leaves),
        "root": roots[len(leaves)].hex(),
        "signed": sizes[-1] if sizes else 0,
        "log": {"size": tree.size if sizes else 0, "root": tree.root().hex() if sizes else ""},
    }
    before = sizes[-2] if len(sizes) > 1 else 0
    witness = (
        signed(incident, before, roots[before], old if len(sizes) - 2 < turn else new)
        if before
        else ""
    )
    return Dossier(members, about, witness, log_heads[-2] if len(log_heads) > 1 else "")


def whole(count: int = 12) -> Dossier:
    """Make a dossier of some entries; heads cover all but the last two, and a key changed."""
    return build(entries(count), [3, count - 6, count - 2])


def _stamps(log_heads: Sequence[str]) -> dict[str, bytes]:
    rows, answers = [], {}
    for number, note in enumerate(log_heads):
        file = f"stamps/{read_checkpoint(read_note(note).text).size}-tsa.tsr"
        at = START + timedelta(hours=number)
        answers[file] = granted(hashlib.sha256(note.encode()).digest(), number, Says(at=at))
        rows.append({"authority": "tsa", "file": file, "note": note, "roots": "stamps/tsa.pem"})
    return {"stamps.json": canonical(rows), **answers, "stamps/tsa.pem": ROOT.pem}


def _beside() -> dict[str, bytes]:
    photo, report = sha256_hex(PHOTO), sha256_hex(REPORT.encode())
    receipt = b"Received under 12/34."
    return {
        "statements/s1-v1.json": STATEMENT,
        "statements.json": canonical(
            [
                {
                    "statement": "s1",
                    "version": 1,
                    "language": "en",
                    "file": "statements/s1-v1.json",
                    "sha256": sha256_hex(STATEMENT),
                    "entry": 1,
                }
            ]
        ),
        "filings/d1-1-receipt.txt": receipt,
        "filings/d1-1.txt": REPORT.encode(),
        "filings.json": canonical(
            [
                {
                    "kind": "report",
                    "duty": "d1",
                    "entry": 2,
                    "document": None,
                    "file": "filings/d1-1.txt",
                    "sha256": report,
                },
                {
                    "kind": "receipt",
                    "duty": "d1",
                    "entry": 5,
                    "document": None,
                    "file": "filings/d1-1-receipt.txt",
                    "sha256": sha256_hex(receipt),
                },
                {
                    "kind": "answer",
                    "act": "a1",
                    "entry": 3,
                    "document": photo,
                    "file": f"evidence/{photo}.png",
                    "sha256": photo,
                },
            ]
        ),
        "evidence.json": canonical(
            [
                {"sha256": photo, "entry": 3, "access": "open", "file": f"evidence/{photo}.png"},
                {"sha256": COMMITMENT, "entry": 4, "access": "restricted", "file": None},
            ]
        ),
        f"evidence/{photo}.png": PHOTO,
        "private.jsonl": canonical(
            {"ref": "ab" * 16, "text": PRIVATE_TEXT, "salt": SALT.hex(), "commitment": COMMITMENT}
        )
        + b"\n",
    }


def _nothing_beside() -> dict[str, bytes]:
    return dict.fromkeys(("statements.json", "filings.json", "evidence.json"), b"[]")


# ---------------------------------------------------------------- the archive


def packed(
    name: str, content: bytes, *, stored: bool = False
) -> tuple[bytes, bytes, tuple[int, ...]]:
    """Give a member as it is packed: its name, its bytes, and (method, crc, packed, size)."""
    if stored or not content:
        return name.encode(), content, (0, zlib.crc32(content), len(content), len(content))
    machine = zlib.compressobj(6, zlib.DEFLATED, -15)
    small = machine.compress(content) + machine.flush()
    return name.encode(), small, (8, zlib.crc32(content), len(small), len(content))


def zipped(members: Iterable[tuple[str, bytes]]) -> bytes:
    """Pack members in the one form that there is."""
    return assembled(packed(name, content) for name, content in members)


def assembled(parts: Iterable[tuple[bytes, bytes, tuple[int, ...]]]) -> bytes:
    """Put packed members together; whoever hands in something false gets a false archive."""
    out, rows, count = bytearray(), bytearray(), 0
    for name, small, (method, crc, length, size) in parts:
        about = (20, 0, method, 0, 0x21, crc, length, size, len(name), 0)
        row = (20, *about, 0, 0, 0, 0, len(out))
        rows += struct.pack("<4s6H3I5H2I", b"PK\x01\x02", *row) + name
        out += struct.pack("<4s5H3I2H", b"PK\x03\x04", *about) + name + small
        count += 1
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, count, count, len(rows), len(out), 0)
    return bytes(out + rows) + end
