"""The tree of the ledger: RFC 6962 (section 2.1) hashes, roots and proofs, nothing else.

What belongs here: arithmetic over 32-byte hashes. What never does: what an entry says, where
hashes are stored, who signs a root.

    leaf    SHA-256(0x00 || bytes of the entry)
    node    SHA-256(0x01 || left || right)
    root    of n leaves: node(root of the first k, root of the rest), k the largest power of two < n

The two prefixes keep a leaf from being passed off as a node (second preimage). Two forms of the
same tree: `Frontier` holds the few hashes that are needed to append (one per set bit of the size)
and is stored beside the ledger; `Tree` holds all levels in memory and answers with proofs.
The verifying functions need neither: they are what an auditor runs away from our server.
"""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from domain.errors import Malformed

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()
"""The root of no entries (RFC 6962, 2.1)."""


def leaf_hash(entry: bytes) -> bytes:
    """Return the 32-byte leaf hash of an entry's stored bytes."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the 32-byte hash of the node over two subtrees."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """What appending needs: the roots of the perfect subtrees, largest (leftmost) first.

    There is one per set bit of `size`. Immutable: an append that is rolled back costs nothing.
    """

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def append(self, leaf: bytes) -> "Frontier":
        """Return the frontier with one more leaf hash, after at most log2(size) hashings."""
        kept, merged, size = list(self.hashes), leaf, self.size
        while size & 1:
            merged = node_hash(kept.pop(), merged)
            size >>= 1
        return Frontier(self.size + 1, (*kept, merged))

    def root(self) -> bytes:
        """Return the 32-byte root over all leaves appended so far."""
        if not self.hashes:
            return EMPTY_ROOT
        root = self.hashes[-1]
        for left in reversed(self.hashes[:-1]):
            root = node_hash(left, root)
        return root

    def to_hex(self) -> tuple[str, ...]:
        """Return the hashes as lower-case hex, to be stored beside the size."""
        return tuple(each.hex() for each in self.hashes)

    @classmethod
    def from_hex(cls, size: int, hashes: Iterable[str]) -> "Frontier":
        """Read a stored frontier.

        Raises:
            Malformed: the hashes are not those of a tree of this size.
        """
        try:
            read = tuple(bytes.fromhex(each) for each in hashes)
        except ValueError as error:
            raise Malformed(f"The stored frontier is not hexadecimal: {error}.") from None
        well_formed = size >= 0 and len(read) == size.bit_count()
        if not well_formed or any(len(each) != HASH_BYTES for each in read):
            raise Malformed(
                f"The stored frontier does not fit a ledger of {size} entries.",
                "Build it again from the entries.",
            )
        return cls(size, read)


class Tree:
    """All levels of the tree in memory: roots and proofs for any size up to the present one.

    Level 0 holds the leaf hashes, level k the roots of the perfect subtrees of 2^k leaves, so that
    a proof takes O(log^2 n) look-ups instead of hashing the ledger again. 64 bytes per entry.
    """

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        """Build from leaf hashes in order."""
        self._levels: list[list[bytes]] = [[]]
        for leaf in leaves:
            self.append(leaf)

    @property
    def size(self) -> int:
        """The number of leaves."""
        return len(self._levels[0])

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash, completing every perfect subtree that ends with it."""
        self._levels[0].append(leaf)
        height = 0
        while len(self._levels[height]) % 2 == 0:
            complete = self._levels[height]
            if height + 1 == len(self._levels):
                self._levels.append([])
            self._levels[height + 1].append(node_hash(complete[-2], complete[-1]))
            height += 1

    def root(self, size: int | None = None) -> bytes:
        """Return the root of the first `size` leaves (all of them when not given).

        Raises:
            Malformed: the tree has fewer leaves.
        """
        size = self.size if size is None else size
        self._check_size(size)
        return self._subtree(0, size) if size else EMPTY_ROOT

    def inclusion_proof(self, index: int, size: int) -> tuple[bytes, ...]:
        """Return the audit path of leaf `index` in the tree of `size` leaves (RFC 6962, 2.1.1).

        Raises:
            Malformed: there is no such leaf or no such tree.
        """
        self._check_size(size)
        if not 0 <= index < size:
            raise Malformed(f"There is no entry at place {index} among the first {size}.")
        path: list[bytes] = []
        start = 0
        while size > 1:
            left = _split(size)
            if index < left:
                path.append(self._subtree(start + left, size - left))
                size = left
            else:
                path.append(self._subtree(start, left))
                start, index, size = start + left, index - left, size - left
        return tuple(reversed(path))

    def consistency_proof(self, old_size: int, size: int) -> tuple[bytes, ...]:
        """Return the proof that the first `old_size` of `size` leaves are unchanged (2.1.2).

        Empty when there is nothing to prove: nothing was there before, or nothing was added.

        Raises:
            Malformed: `old_size` is larger than `size`, or the tree is smaller.
        """
        self._check_size(size)
        if not 0 <= old_size <= size:
            raise Malformed(f"A ledger of {size} entries never had {old_size}.")
        if old_size in (0, size):
            return ()
        path: list[bytes] = []
        start, whole_known = 0, True
        while old_size != size:
            left = _split(size)
            if old_size <= left:
                path.append(self._subtree(start + left, size - left))
                size = left
            else:
                path.append(self._subtree(start, left))
                start, old_size, size = start + left, old_size - left, size - left
                whole_known = False
        # The verifier holds the old root only when the old tree was itself a left subtree.
        if not whole_known:
            path.append(self._subtree(start, size))
        return tuple(reversed(path))

    def _subtree(self, start: int, size: int) -> bytes:
        """Return the root over `size` leaves from `start`, as the RFC's recursion cuts them."""
        perfect = 1 << (size.bit_length() - 1)
        root = self._levels[perfect.bit_length() - 1][start // perfect]
        if perfect == size:
            return root
        return node_hash(root, self._subtree(start + perfect, size - perfect))

    def _check_size(self, size: int) -> None:
        """Refuse a size that the tree has not reached."""
        if not 0 <= size <= self.size:
            raise Malformed(f"The ledger has {self.size} entries; {size} were asked for.")


def roots_at(leaves: Iterable[bytes], sizes: Collection[int]) -> dict[int, bytes]:
    """Return the 32-byte roots over the first leaves for each of `sizes` that is reached.

    One pass, a few hashes kept: what holding many signed heads against one ledger takes.
    """
    wanted, found, kept = set(sizes), dict[int, bytes](), list[bytes]()
    if 0 in wanted:
        found[0] = EMPTY_ROOT
    sha256 = hashlib.sha256
    for size, leaf in enumerate(leaves, 1):
        merged, bits = leaf, size
        while not bits & 1:
            merged, bits = sha256(b"\x01" + kept.pop() + merged).digest(), bits >> 1
        kept.append(merged)
        if size in wanted:
            found[size] = Frontier(size, tuple(kept)).root()
    return found


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Say whether `proof` shows the leaf hash at `index` under the root of `size` leaves.

    The algorithm is that of RFC 9162, 2.1.3.2; the hashes are the same as in RFC 6962.
    """
    if not 0 <= index < size:
        return False
    place, last, reached = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            reached = node_hash(sibling, reached)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            reached = node_hash(reached, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and reached == root


def verify_consistency(
    old_size: int, size: int, old_root: bytes, root: bytes, proof: Sequence[bytes]
) -> bool:
    """Say whether `proof` shows that the tree of `size` leaves begins with that of `old_size`.

    The algorithm is that of RFC 9162, 2.1.4.2. A tree of no leaves is the beginning of every tree.
    """
    if not 0 <= old_size <= size:
        return False
    if old_size == size:
        return not proof and old_root == root
    if old_size == 0:
        return not proof and old_root == EMPTY_ROOT
    # A perfect old tree is a node of the new one: the verifier already holds its root.
    path = [old_root, *proof] if old_size & (old_size - 1) == 0 else list(proof)
    if not path:
        return False
    place, last = old_size - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    reached_old = reached = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            reached_old, reached = node_hash(sibling, reached_old), node_hash(sibling, reached)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            reached = node_hash(reached, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and reached_old == old_root and reached == root


def _split(size: int) -> int:
    """Return the largest power of two smaller than `size` (RFC 6962's k)."""
    return 1 << ((size - 1).bit_length() - 1)
