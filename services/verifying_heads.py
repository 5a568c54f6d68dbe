"""Is the company's log whole, and do all ledgers stand under the heads that were signed of them.

What belongs here: lines, heads, keys and witnesses, each held against the bytes under the trees.
What never does: one incident's rows (verifying.py), or the words (cli/verify_house.py).

Trust begins with keys that somebody has from elsewhere. A key that a trusted head of the log names
(`HeadKeyUsed`) is trusted too, before it and after it: the head is over that line.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from domain.canonical import canonical
from domain.checkpoint import Checkpoint, Note, VerifierKey, read_checkpoint, read_key, read_note
from domain.errors import Malformed, NotWhole
from domain.tree import Tree, leaf_hash
from domain.witness import Agreed, Witness
from integrations.note_keys import signed_by
from services.fault import Fault
from services.house import House
from storage import company_tree, heads
from storage.company_tree import KeptLine
from storage.heads import LOG, KeptHead

KEY_USED = "HeadKeyUsed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """The company's log as it is kept: its lines, the tree over their bytes, and its heads."""

    lines: tuple[KeptLine, ...]
    read: Mapping[int, Mapping[str, Any]]
    tree: Tree
    heads: tuple[KeptHead, ...]

    def told(self, kind: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
        """Give number and body of every line of a kind, as the bytes under the tree say it."""
        for seq, line in self.read.items():
            if line["type"] == kind:
                yield seq, line["body"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """Keys that count, the name of the record, and whether anybody brought one from elsewhere."""

    origin: str
    keys: tuple[VerifierKey, ...]
    given: bool
    faults: tuple[Fault, ...] = ()


@dataclass(slots=True)
class _Read:
    """A note taken apart: None where it is no head."""

    note: Note | None = None
    head: Checkpoint | None = None
    by: tuple[VerifierKey, ...] = field(default=())


def read_log(house: House, kept: Sequence[KeptHead]) -> Log:
    """Read all of the company's log, unbelieved; `kept` are the heads of all ledgers."""
    lines = tuple(company_tree.kept_lines(house.engine))
    read = {line.seq: found for line in lines if (found := _read_line(line)) is not None}
    tree = Tree(leaf_hash(_bytes(line.content)) for line in lines)
    own = tuple(one for one in kept if one.stream == LOG)
    return Log(lines=lines, read=read, tree=tree, heads=own)


def _read_line(line: KeptLine) -> Mapping[str, Any] | None:
    try:
        told = json.loads(_bytes(line.content))
    except (ValueError, RecursionError):
        return None
    is_line = isinstance(told, dict) and told.keys() == {"at", "body", "seq", "type", "v"}
    return told if is_line and isinstance(told["body"], dict) else None


def log_faults(house: House, log: Log) -> Iterator[Fault]:
    """Hold each line against its bytes, and all of them against the tree that grows on."""
    for line in log.lines:
        told = log.read.get(line.seq)
        if told is None or not _says_itself(line, told):
            yield Fault(kind="log_line", seq=line.seq)
        elif line.leaf != leaf_hash(_bytes(line.content)).hex():
            yield Fault(kind="log_leaf", seq=line.seq)
    if [line.seq for line in log.lines] != list(range(1, len(log.lines) + 1)):
        yield Fault(kind="log_gap")
    try:
        stands = company_tree.where_it_stands(house.engine)
    except NotWhole:
        yield Fault(kind="log_tree")
        return
    if (stands.size, stands.root()) != (log.tree.size, log.tree.root()):
        yield Fault(kind="log_tree")


def _bytes(content: object) -> bytes:
    return content if isinstance(content, bytes) else str(content).encode()


def _says_itself(line: KeptLine, told: Mapping[str, Any]) -> bool:
    """Say whether the columns of a line say what its bytes say, in the one form there is."""
    try:
        body, whole = canonical(told["body"]).decode(), canonical(told)
    except Malformed:
        return False
    said = (told["seq"], told["at"], told["type"], body, whole)
    return said == (line.seq, line.at, line.type, line.body, line.content)


def trust(log: Log, origin: str, given: Sequence[VerifierKey], own: Sequence[VerifierKey]) -> Trust:
    """Find every key that counts, beginning with those that were given, else with our `own`.

    A given key of another record counts for nothing, and is named.
    """
    announced = dict(_announced(log))
    faults = [
        Fault(kind="foreign_key", what=key.text())
        for key in given
        if key.name != origin or (key not in announced.values() and not _signs(log, key))
    ]
    known = dict.fromkeys(key for key in given or own if key.name == origin)
    more = list(known)
    while more:
        reach = _reach(log, known)
        more = [key for seq, key in announced.items() if seq <= reach and key not in known]
        known.update(dict.fromkeys(more))
    return Trust(origin=origin, keys=tuple(known), given=bool(given), faults=tuple(faults))


def _announced(log: Log) -> Iterator[tuple[int, VerifierKey]]:
    for seq, told in log.told(KEY_USED):
        try:
            yield seq, read_key(str(told.get("key", "")))
        except Malformed:
            continue


def _signs(log: Log, key: VerifierKey) -> bool:
    return any(key in _parts(head.note, [key]).by for head in log.heads)


def _reach(log: Log, known: Collection[VerifierKey]) -> int:
    """Give the last line that a true head of the log is over which a known key signed."""
    reach = 0
    for one in log.heads:
        read = _parts(one.note, known)
        if read.head is not None and read.by and reach < read.head.size <= log.tree.size:
            is_true = log.tree.root(read.head.size) == read.head.root
            reach = read.head.size if is_true else reach
    return reach


def head_faults(stream: str, kept: Sequence[KeptHead], tree: Tree, by: Trust) -> Iterator[Fault]:
    """Hold the heads of one ledger, or of the log, against its tree and the keys that count."""
    for one in kept:
        read = _parts(one.note, by.keys)
        if read.head is None or read.note is None:
            yield Fault(kind="head_unreadable", seq=one.size)
            continue
        if read.head.origin != f"{by.origin}/{stream}":
            yield Fault(kind="head_of_another", seq=one.size, what=read.head.origin[:200])
        if not read.by:
            yield Fault(kind="head_signature", seq=one.size)
        said = (read.head.size, read.head.root.hex(), read.head.more)
        if said != (one.size, one.root, (f"signed-at {one.signed_at}",)) or (
            read.by and one.key != read.by[-1].text()
        ):
            yield Fault(kind="head_row", seq=one.size)
        yield from root_faults(read.head, tree, "head")


def root_faults(head: Checkpoint, tree: Tree, of: str) -> Iterator[Fault]:
    """Hold one head against a tree: more was signed than there is, or something else."""
    if head.size > tree.size:
        yield Fault(kind=f"{of}_beyond", seq=head.size, what=str(tree.size))
    elif tree.root(head.size) != head.root:
        yield Fault(kind=f"{of}_root", seq=head.size)


def by_stream(kept: Iterable[KeptHead]) -> dict[str, list[KeptHead]]:
    """Put heads together by the ledger they are of, in their order."""
    found: dict[str, list[KeptHead]] = {}
    for one in kept:
        found.setdefault(str(one.stream), []).append(one)
    return found


def told_heads(log: Log) -> dict[str, dict[int, tuple[int, str]]]:
    """Give every head that the log tells of: ledger → size → line and root."""
    found: dict[str, dict[int, tuple[int, str]]] = {}
    for seq, told in log.told(heads.SIGNED):
        of = found.setdefault(str(told.get("stream", "")), {})
        of[_number(told.get("size"))] = (seq, str(told.get("root", "")))
    return found


def _number(value: object) -> int:
    return value if isinstance(value, int) else -1


def untold_faults(kept: Sequence[KeptHead], told: Mapping[int, tuple[int, str]]) -> Iterator[Fault]:
    """Compare the heads of one ledger that are kept with those that the log tells of, by size."""
    there = {one.size: one for one in kept}
    for size, (line, root) in told.items():
        if size not in there:
            yield Fault(kind="head_missing", seq=size, what=str(line))
        elif there[size].root != root:
            yield Fault(kind="head_row", seq=size)
    if all(one.stream == LOG for one in kept):
        return  # the log tells of its own heads one later; of two signed at once, of one alone
    for size in sorted(there.keys() - told.keys(), key=_number):
        yield Fault(kind="head_untold", seq=size)


@dataclass(slots=True)
class Witnessed:
    """What witnesses kept, held against the record: those that agree, and what does not."""

    agreed: list[Agreed] = field(default_factory=list)
    faults: list[tuple[str, Fault]] = field(default_factory=list)


def hold_witnesses(witnesses: Sequence[Witness], trees: Mapping[str, Tree], by: Trust) -> Witnessed:
    """Hold what witnesses kept against the record; of a folder's ledger the first fault is told."""
    found, named = Witnessed(), set()
    for one in witnesses:
        stream, size, fault = _held(one.text, trees, by)
        if fault is None:
            found.agreed.append(Agreed(name=one.name, ledger=stream, size=size, folder=one.folder))
        elif not one.folder or (one.folder, stream) not in named:
            named.add((one.folder, stream))
            what = ", ".join(filter(None, (one.name, fault.what)))
            found.faults.append((stream, replace(fault, what=what)))
    return found


def _held(note: str, trees: Mapping[str, Tree], by: Trust) -> tuple[str, int, Fault | None]:
    """Hold one head against the record: of which ledger and size it is, and what is wrong."""
    read = _parts(note, by.keys)
    if read.head is None:
        return LOG, 0, Fault(kind="witness_unreadable")
    origin, _, stream = read.head.origin.rpartition("/")
    if origin != by.origin or not read.by:
        fault = Fault(kind="witness_signature", what=read.head.origin[:200])
        return stream or LOG, read.head.size, fault
    if stream not in trees:
        return stream, read.head.size, Fault(kind="witness_missing", seq=read.head.size)
    return stream, read.head.size, next(root_faults(read.head, trees[stream], "witness"), None)


def _parts(written: object, keys: Collection[VerifierKey]) -> _Read:
    if not isinstance(written, str):
        return _Read()
    try:
        note = read_note(written)
        return _Read(note, read_checkpoint(note.text), signed_by(note, keys))
    except Malformed:
        return _Read()
