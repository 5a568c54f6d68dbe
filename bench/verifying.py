"""Verifying a dossier of 100,000 entries, and the proof of one: what an auditor waits for.

What belongs here: the dossier is made outside the measured part; what is measured is this process
alone, from the file. What never does: a server, or making dossiers of a real installation.
"""

import hashlib
import json
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from bench.figures import Figures, percentile, ratio
from bench.folding import START, long_ledger
from domain.canonical import canonical
from domain.checkpoint import Checkpoint, read_checkpoint, read_note
from domain.dossier import (
    ENTRIES_AFTER,
    ENTRIES_BEFORE,
    ENTRIES_BETWEEN,
    REQUIRED,
    VIEWER_ENTRIES,
    Manifest,
    entry_literal,
    place_of,
)
from domain.rules import Rules
from domain.tree import Tree, leaf_hash, verify_inclusion
from domain.wire import instant_text
from domain.witness import Witness
from integrations.note_keys import NoteSigner, signed_by
from services.company import read_rules
from services.dossier_container import Container
from services.dossier_folding import Follower
from services.dossier_verifying import Fold, verify_dossier

ENTRIES, FOLLOWED = 100_000, 10_000
RUNS = 5
PROOFS = 200
SIGNER = NoteSigner("andon.invalid/bench", bytes(range(32)))
INCIDENT = "INC-2026-0001"
ONE_FILE = Path(__file__).resolve().parents[1] / "templates" / "dossier" / "verify.py"


async def verifying() -> Figures:
    """Measure both verifiers in turn with bare hashing of the same bytes, then single proofs."""
    rules = read_rules()
    decided, _state = long_ledger(rules, FOLLOWED)
    leaves = _longer(decided, ENTRIES)
    with TemporaryDirectory() as folder:
        long, short = Path(folder) / "long.zip", Path(folder) / "short.zip"
        head = _write(long, leaves, rules)
        _write(short, decided, rules)
        return {**_whole(long, short, leaves, head), **_proofs(leaves, head)}


def _whole(long: Path, short: Path, leaves: Sequence[bytes], head: str) -> Figures:
    alone = _one_file()
    keys = [alone.read_key(SIGNER.key.text())]
    ours, theirs, bare, busy = list[float](), list[float](), list[float](), list[float]()
    for _ in range(RUNS):
        began = time.process_time()
        ours.append(_seconds(lambda: _verify(long, head, None)))
        busy.append(time.process_time() - began)
        theirs.append(_seconds(lambda: _require(not alone.verify(long, keys).faults)))
        bare.append(_seconds(lambda: [hashlib.sha256(leaf).digest() for leaf in leaves]))
    followed = [_seconds(lambda: _verify(short, "", Follower(None))) for _ in range(RUNS)]
    return {
        "ledger_verify_100k_s": round(percentile(ours, 50), 3),
        "ledger_verify_100k_max_s": round(max(ours), 3),
        "ledger_verify_100k_processor_s": round(percentile(busy, 50), 3),
        "ledger_verify_100k_one_file_s": round(percentile(theirs, 50), 3),
        "bare_sha256_100k_s": round(percentile(bare, 50), 4),
        "ledger_verify_100k_vs_bare": ratio(percentile(ours, 50), percentile(bare, 50)),
        "ledger_verify_follow_10k_s": round(percentile(followed, 50), 3),
        "dossier_100k_mb": round(long.stat().st_size / 1e6, 2),
        "dossier_100k_ledger_mb": round(sum(map(len, leaves)) / 1e6, 2),
    }


def _proofs(leaves: Sequence[bytes], head: str) -> Figures:
    """Verify single proofs as somebody does who holds the key, an entry, a path and a head."""
    tree, times, bare = Tree(map(leaf_hash, leaves)), list[float](), list[float]()
    public, note = Ed25519PublicKey.from_public_bytes(SIGNER.key.public), read_note(head)
    for number in range(PROOFS):
        place = number * (len(leaves) // PROOFS)
        entry, path = leaves[place], tree.inclusion_proof(place, len(leaves))
        times.append(_seconds(partial(_prove, head, entry, place, path)))
        bare.append(
            _seconds(lambda: public.verify(note.signatures[0].signature, note.text.encode()))
        )
    return {
        "entry_proof_ms": round(1000 * percentile(times, 95), 3),
        "entry_proof_p50_ms": round(1000 * percentile(times, 50), 3),
        "bare_signature_ms": round(1000 * percentile(bare, 95), 3),
        "entry_proof_vs_bare": ratio(percentile(times, 95), percentile(bare, 95)),
    }


def _prove(head: str, entry: bytes, place: int, path: Sequence[bytes]) -> None:
    note = read_note(head)
    told = read_checkpoint(note.text)
    _require(signed_by(note, [SIGNER.key]) == (SIGNER.key,))
    _require(canonical(json.loads(entry)) == entry)
    _require(verify_inclusion(leaf_hash(entry), place, told.size, path, told.root))


def _verify(path: Path, head: str, fold: Fold | None) -> None:
    held = [Witness("head", head)] if head else []
    verdict = verify_dossier(path, [SIGNER.key], held, fold)
    _require(verdict.is_whole and ("fold" in verdict.checked) == (fold is not None))


def _require(held: object) -> None:
    if not held:
        raise RuntimeError("What was made for the measurement does not verify.")


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _one_file() -> ModuleType:
    module = ModuleType("andon_verify")
    code = compile(ONE_FILE.read_text(encoding="utf-8"), str(ONE_FILE), "exec")
    exec(code, module.__dict__)  # noqa: S102 - a file of our own that is in no room
    return module


# ---------------------------------------------------------------- the dossier


def _longer(decided: Sequence[bytes], size: int) -> list[bytes]:
    """Go on with the entries that were decided, renumbered, until there are enough of them."""
    documents = [json.loads(leaf) for leaf in decided]
    leaves = list(decided)
    while len(leaves) < size:
        seq = len(leaves) + 1
        recorded = instant_text(START + timedelta(seconds=seq))
        said = {**documents[len(leaves) % len(documents)], "seq": seq, "recorded_at": recorded}
        leaves.append(canonical(said))
    return leaves


def _write(path: Path, leaves: Sequence[bytes], rules: Rules) -> str:
    """Write the dossier of a record with one head over all of it; give the head."""
    tree = Tree(map(leaf_hash, leaves))
    root, size = tree.root(), tree.size
    head = _signed(INCIDENT, size, root)
    bodies = [
        ("HeadKeyUsed", {"before": "", "key": SIGNER.key.text()}),
        ("HeadSigned", {"root": root.hex(), "size": size, "stream": INCIDENT}),
    ]
    log = [
        canonical({"at": instant_text(START), "body": body, "seq": seq, "type": kind, "v": 1})
        for seq, (kind, body) in enumerate(bodies, 1)
    ]
    log_tree = Tree(map(leaf_hash, log))
    lines = [
        {
            "line": line.decode(),
            "path": [one.hex() for one in log_tree.inclusion_proof(seq - 1, len(log))],
            "seq": seq,
        }
        for seq, line in enumerate(log, 1)
    ]
    told = {"note": head, "signed_at": instant_text(START), "log_seq": 2}
    members = dict.fromkeys(sorted(REQUIRED), b"[]") | {
        VIEWER_ENTRIES: _viewer(leaves),
        "ledger.jsonl": b"".join(leaf + b"\n" for leaf in leaves),
        "heads.jsonl": canonical(told) + b"\n",
        "log.json": canonical({"head": _signed("log", 2, log_tree.root()), "lines": lines}),
        "log.leaves": b"".join(map(leaf_hash, log)),
        "keys.txt": f"{SIGNER.key.text()}\n".encode(),
        f"rules/{rules.hash}.json": rules.text.encode(),
    }
    _pack(path, members, (tree, log_tree))
    return head


def _viewer(leaves: Sequence[bytes]) -> bytes:
    literals = ENTRIES_BETWEEN.join(map(entry_literal, leaves))
    return (ENTRIES_BEFORE + literals + ENTRIES_AFTER).encode()


def _signed(stream: str, size: int, root: bytes) -> str:
    head = Checkpoint(origin=f"{SIGNER.key.name}/{stream}", size=size, root=root)
    return SIGNER.sign(head.text()).written()


def _pack(path: Path, members: dict[str, bytes], trees: tuple[Tree, Tree]) -> None:
    tree, log = trees
    with path.open("w+b") as file:
        container = Container(file)
        added = [container.add(name, [members[name]]) for name in sorted(members, key=place_of)]
        manifest = Manifest(
            incident=INCIDENT,
            origin=SIGNER.key.name,
            made_at=START,
            made_by="bench",
            build="bench",
            redacted=False,
            private=False,
            size=tree.size,
            root=tree.root().hex(),
            signed=tree.size,
            log_size=log.size,
            log_root=log.root().hex(),
            members=tuple(added),
        )
        container.add("MANIFEST.json", [manifest.content()])
        note = SIGNER.sign(manifest.note_text()).written()
        container.add("MANIFEST.note", [note.encode()])
        container.finish()
