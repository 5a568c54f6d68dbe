"""Proofs over the record: an entry stands under a signed head, and nothing before it moved.

What belongs here: finding the head, and the hashes between. What never does: who may see an
incident (services/reading.py), or believing any of it (domain/tree.py verifies, elsewhere).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.errors import NotAllowed, NotFound, Refused
from domain.people import READS_LOG, Actor
from domain.tree import Tree
from services.house import House
from storage import company_tree, heads, stamps, streams
from storage.stamps import KeptStamp
from storage.told_heads import told_lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Inclusion:
    """Why one entry stands under a head: its leaf hash, the path to the root, the signed note.

    `seq` counts from 1; its place among the leaves is one less. Hashes are hexadecimal.
    """

    stream: str
    seq: int
    leaf: str
    path: tuple[str, ...]
    head: heads.SignedHead


@dataclass(frozen=True, slots=True, kw_only=True)
class Consistency:
    """Why the ledger under one head begins with all of the ledger under an earlier one."""

    stream: str
    first: heads.SignedHead
    second: heads.SignedHead
    path: tuple[str, ...]


def inclusion(house: House, stream: str, seq: int) -> Inclusion:
    """Prove an entry under the first head that covers it.

    Raises:
        NotFound: there is no such entry.
        Refused: no head covers it yet.
    """
    size = _size(house, stream)
    if not 1 <= seq <= size:
        raise NotFound(f"{stream} has no entry {seq}.", f"Its entries go from 1 to {size}.")
    head = heads.first_with(house.engine, stream, seq)
    if head is None:
        raise Refused(
            f"Entry {seq} is not under a signed head yet.",
            "One is signed within a minute of every entry: ask again.",
            code="not_signed_yet",
        )
    hashes = _leaves(house, stream, head.size)
    path = Tree(hashes).inclusion_proof(seq - 1, head.size)
    leaf = hashes[seq - 1].hex()
    return Inclusion(stream=stream, seq=seq, leaf=leaf, path=_hex(path), head=head)


def consistency(house: House, stream: str, first: int, second: int) -> Consistency:
    """Prove that the ledger under the head of `second` entries begins with that of `first`.

    Raises:
        NotFound: there is no signed head of one of these sizes.
        Refused: the first is the larger one.
    """
    if first > second:
        raise Refused("The first head is the larger one.", "Name the smaller one first.")
    one, other = _head(house, stream, first), _head(house, stream, second)
    path = Tree(_leaves(house, stream, second)).consistency_proof(first, second)
    return Consistency(stream=stream, first=one, second=other, path=_hex(path))


def heads_after(house: House, stream: str, size: int, limit: int) -> list[heads.SignedHead]:
    """List the signed heads of more than `size` entries, the oldest first, `limit` of them."""
    return heads.every(house.engine, stream, after=size, limit=limit)


def stamps_of_log(house: House, listed: Sequence[heads.SignedHead]) -> dict[int, list[KeptStamp]]:
    """Give the time stamps of heads of the company's log, by the size of the head."""
    sizes = [one.size for one in listed]
    found: dict[int, list[KeptStamp]] = {}
    if sizes:
        for one in stamps.between(house.engine, min(sizes), max(sizes)):
            found.setdefault(one.size, []).append(one)
    return found


def stamps_of(
    house: House, stream: str, listed: Sequence[heads.SignedHead]
) -> dict[int, list[KeptStamp]]:
    """Give, by size of a ledger's head, each authority's first stamp of a log that tells of it."""
    if not listed or not stamps.is_any(house.engine):
        return {}
    told = {line.size: line.seq for line in told_lines(house.engine, stream)}
    lines = {one.size: told[one.size] for one in listed if one.size in told}
    kept = stamps.covering(house.engine, lines.values())
    return {size: _first_by_each(kept, line) for size, line in lines.items()}


def _first_by_each(kept: Sequence[KeptStamp], line: int) -> list[KeptStamp]:
    found: dict[str, KeptStamp] = {}
    for one in kept:
        if one.size >= line:
            found.setdefault(one.authority, one)
    return list(found.values())


def require_reads_log(actor: Actor) -> None:
    """Refuse whoever may not read the company's log. Raises NotAllowed."""
    if not actor.holds(READS_LOG):
        raise NotAllowed(
            "The company's log is read by auditors, legal, the privacy officer and administrators.",
            "Ask one of them.",
        )


def unsigned(house: House, stream: str) -> int:
    """Count the entries that no signed head covers yet: they are too young."""
    head = heads.newest(house.engine, stream)
    return _size(house, stream) - (head.size if head else 0)


def _size(house: House, stream: str) -> int:
    if stream == heads.LOG:
        return company_tree.where_it_stands(house.engine).size
    return streams.head(house.engine, stream).size


def _leaves(house: House, stream: str, size: int) -> list[bytes]:
    if stream == heads.LOG:
        return company_tree.leaves(house.engine, size)
    return streams.leaves(house.engine, stream, size)


def _head(house: House, stream: str, size: int) -> heads.SignedHead:
    found = heads.newest(house.engine, stream, up_to=size)
    if found is None or found.size != size:
        raise NotFound(
            f"{stream} has no signed head of {size} entries.",
            "Its heads are listed with their sizes.",
        )
    return found


def _hex(path: tuple[bytes, ...]) -> tuple[str, ...]:
    return tuple(one.hex() for one in path)
