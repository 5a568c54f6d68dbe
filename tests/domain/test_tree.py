"""The tree of the ledger: the published vectors of RFC 6962, its definition, and honest proofs only."""

import hashlib
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Malformed
from domain.tree import (
    EMPTY_ROOT,
    Frontier,
    Tree,
    leaf_hash,
    node_hash,
    roots_at,
    verify_consistency,
    verify_inclusion,
)

# The eight entries and the roots over the first 0..8 of them that every Certificate Transparency
# implementation is tested with.
ENTRIES = tuple(
    bytes.fromhex(each)
    for each in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
)
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
LEAVES = st.lists(st.binary(max_size=4).map(leaf_hash), max_size=70)


def root_by_definition(leaves: Sequence[bytes]) -> bytes:
    """Return MTH(D[n]) word by word as in RFC 6962, 2.1, over leaf hashes."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return node_hash(root_by_definition(leaves[:k]), root_by_definition(leaves[k:]))


def path_by_definition(m: int, leaves: Sequence[bytes]) -> list[bytes]:
    """Return PATH(m, D[n]) word by word as in RFC 6962, 2.1.1."""
    n = len(leaves)
    if n == 1:
        return []
    k = 1
    while k * 2 < n:
        k *= 2
    if m < k:
        return [*path_by_definition(m, leaves[:k]), root_by_definition(leaves[k:])]
    return [*path_by_definition(m - k, leaves[k:]), root_by_definition(leaves[:k])]


def subproof_by_definition(m: int, leaves: Sequence[bytes], known: bool) -> list[bytes]:
    """Return SUBPROOF(m, D[n], b) word by word as in RFC 6962, 2.1.2."""
    n = len(leaves)
    if m == n:
        return [] if known else [root_by_definition(leaves)]
    k = 1
    while k * 2 < n:
        k *= 2
    if m <= k:
        return [*subproof_by_definition(m, leaves[:k], known), root_by_definition(leaves[k:])]
    return [*subproof_by_definition(m - k, leaves[k:], False), root_by_definition(leaves[:k])]


def frontier_of(leaves: Sequence[bytes]) -> Frontier:
    """Append all leaves to an empty frontier."""
    frontier = Frontier()
    for leaf in leaves:
        frontier = frontier.append(leaf)
    return frontier


@pytest.mark.parametrize("size", range(9))
def test_published_roots(size: int) -> None:
    leaves = [leaf_hash(entry) for entry in ENTRIES[:size]]
    assert root_by_definition(leaves).hex() == ROOTS[size]
    assert frontier_of(leaves).root().hex() == ROOTS[size]
    assert Tree(leaf_hash(entry) for entry in ENTRIES).root(size).hex() == ROOTS[size]


def test_published_proofs() -> None:
    tree = Tree(leaf_hash(entry) for entry in ENTRIES)
    assert [each.hex() for each in tree.inclusion_proof(0, 8)] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]
    assert [each.hex() for each in tree.consistency_proof(6, 8)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


@given(LEAVES)
def test_frontier_and_tree_have_the_root_of_the_definition(leaves: list[bytes]) -> None:
    tree, frontier = Tree(leaves), Frontier()
    for size, leaf in enumerate([*leaves, b"\0" * 32]):
        assert frontier.root() == tree.root(size) == root_by_definition(leaves[:size])
        frontier = frontier.append(leaf)


@given(LEAVES)
def test_a_stored_frontier_goes_on_as_if_never_stored(leaves: list[bytes]) -> None:
    frontier = frontier_of(leaves)
    read = Frontier.from_hex(frontier.size, frontier.to_hex())
    assert read == frontier
    assert len(frontier.hashes) == len(leaves).bit_count()


@pytest.mark.parametrize(
    ("size", "hashes"),
    [
        pytest.param(1, (), id="too few hashes"),
        pytest.param(2, ("00" * 32, "00" * 32), id="too many hashes"),
        pytest.param(1, ("00" * 31,), id="short hash"),
        pytest.param(1, ("zz" * 32,), id="not hexadecimal"),
        pytest.param(-1, ("00" * 32,), id="negative size"),
    ],
)
def test_a_broken_stored_frontier_is_refused(size: int, hashes: tuple[str, ...]) -> None:
    with pytest.raises(Malformed, match="frontier"):
        Frontier.from_hex(size, hashes)


@given(LEAVES.filter(bool), st.data())
def test_inclusion_proofs_are_those_of_the_definition_and_verify(
    leaves: list[bytes], data: st.DataObject
) -> None:
    size = data.draw(st.integers(1, len(leaves)), label="size")
    index = data.draw(st.integers(0, size - 1), label="index")
    tree = Tree(leaves)
    proof = tree.inclusion_proof(index, size)
    assert list(proof) == path_by_definition(index, leaves[:size])
    assert verify_inclusion(leaves[index], index, size, proof, tree.root(size))


@given(LEAVES, st.data())
def test_consistency_proofs_are_those_of_the_definition_and_verify(
    leaves: list[bytes], data: st.DataObject
) -> None:
    size = data.draw(st.integers(0, len(leaves)), label="size")
    old = data.draw(st.integers(0, size), label="old size")
    tree = Tree(leaves)
    proof = tree.consistency_proof(old, size)
    if 0 < old < size:
        assert list(proof) == subproof_by_definition(old, leaves[:size], True)
    assert verify_consistency(old, size, tree.root(old), tree.root(size), proof)


def _flipped(hashes: Sequence[bytes], which: int, bit: int) -> list[bytes]:
    """Return the hashes with one bit of one of them turned."""
    number = int.from_bytes(hashes[which]) ^ (1 << bit)
    return [*hashes[:which], number.to_bytes(32), *hashes[which + 1 :]]


@given(st.integers(2, 70), st.integers(0, 255), st.data())
def test_an_altered_inclusion_proof_does_not_verify(
    size: int, bit: int, data: st.DataObject
) -> None:
    leaves = [leaf_hash(bytes([each])) for each in range(size)]
    index = data.draw(st.integers(0, size - 1), label="index")
    tree = Tree(leaves)
    proof, root = tree.inclusion_proof(index, size), tree.root()
    which = data.draw(st.integers(0, len(proof) - 1), label="hash")
    other = data.draw(st.integers(0, size - 1).filter(lambda each: each != index), label="other")
    assert not verify_inclusion(leaves[index], index, size, _flipped(proof, which, bit), root)
    assert not verify_inclusion(_flipped(leaves, index, bit)[index], index, size, proof, root)
    assert not verify_inclusion(leaves[index], index, size, proof, _flipped([root], 0, bit)[0])
    assert not verify_inclusion(leaves[index], index, size, proof[:-1], root)
    assert not verify_inclusion(leaves[index], index, size, (*proof, root), root)
    assert not verify_inclusion(leaves[other], index, size, proof, root)
    assert not verify_inclusion(leaves[index], size, size, proof, root)
    assert not verify_inclusion(leaves[index], -1, size, proof, root)


@given(st.integers(2, 70), st.integers(0, 255), st.data())
def test_an_altered_consistency_proof_does_not_verify(
    size: int, bit: int, data: st.DataObject
) -> None:
    tree = Tree(leaf_hash(bytes([each])) for each in range(size))
    old = data.draw(st.integers(1, size - 1), label="old size")
    proof, old_root, root = tree.consistency_proof(old, size), tree.root(old), tree.root()
    which = data.draw(st.integers(0, len(proof) - 1), label="hash")
    assert not verify_consistency(old, size, old_root, root, _flipped(proof, which, bit))
    assert not verify_consistency(old, size, _flipped([old_root], 0, bit)[0], root, proof)
    assert not verify_consistency(old, size, old_root, _flipped([root], 0, bit)[0], proof)
    assert not verify_consistency(old, size, old_root, root, proof[:-1])
    assert not verify_consistency(old, size, old_root, root, (*proof, root))
    assert not verify_consistency(old, size, old_root, root, ())
    assert not verify_consistency(size, old, old_root, root, proof)


@given(st.lists(st.binary(min_size=1, max_size=3), min_size=2, max_size=40), st.data())
def test_a_rewritten_past_has_no_consistency_proof(
    entries: list[bytes], data: st.DataObject
) -> None:
    old = data.draw(st.integers(1, len(entries) - 1), label="old size")
    altered = data.draw(st.integers(0, old - 1), label="altered entry")
    honest = Tree(map(leaf_hash, entries))
    rewritten = Tree(
        leaf_hash(entry + b"!" if place == altered else entry)
        for place, entry in enumerate(entries)
    )
    proof = rewritten.consistency_proof(old, len(entries))
    assert not verify_consistency(old, len(entries), honest.root(old), rewritten.root(), proof)


@pytest.mark.parametrize(
    ("old", "size", "old_root", "proof", "holds"),
    [
        pytest.param(0, 8, EMPTY_ROOT, (), True, id="nothing begins everything"),
        pytest.param(0, 8, bytes(32), (), False, id="nothing has one root"),
        pytest.param(0, 8, EMPTY_ROOT, (bytes(32),), False, id="nothing needs no proof"),
        pytest.param(8, 8, bytes.fromhex(ROOTS[8]), (), True, id="the same tree"),
        pytest.param(8, 8, bytes.fromhex(ROOTS[7]), (), False, id="the same size, another root"),
        pytest.param(8, 8, bytes.fromhex(ROOTS[8]), (bytes(32),), False, id="a needless proof"),
    ],
)
def test_consistency_where_there_is_nothing_to_prove(
    old: int, size: int, old_root: bytes, proof: tuple[bytes, ...], holds: bool
) -> None:
    assert verify_consistency(old, size, old_root, bytes.fromhex(ROOTS[8]), proof) is holds


def test_a_leaf_cannot_pass_as_a_node() -> None:
    left, right = leaf_hash(b"left"), leaf_hash(b"right")
    assert leaf_hash(left + right) != node_hash(left, right)


@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(lambda tree: tree.root(9), id="root of entries not there"),
        pytest.param(lambda tree: tree.inclusion_proof(8, 8), id="entry not there"),
        pytest.param(lambda tree: tree.inclusion_proof(0, 9), id="tree not there"),
        pytest.param(lambda tree: tree.consistency_proof(5, 4), id="smaller than before"),
        pytest.param(lambda tree: tree.consistency_proof(-1, 4), id="negative"),
    ],
)
def test_asking_beyond_the_ledger_is_refused(ask: Callable[[Tree], object]) -> None:
    with pytest.raises(Malformed):
        ask(Tree(map(leaf_hash, ENTRIES)))


def test_proofs_of_a_large_ledger_need_few_hashes() -> None:
    size = 5_000
    tree = Tree(leaf_hash(each.to_bytes(4)) for each in range(size))
    assert all(len(tree.inclusion_proof(index, size)) <= 13 for index in range(0, size, 97))
    assert len(frontier_of([bytes(32)] * 1_000).to_hex()) == (1_000).bit_count()


@given(st.lists(st.binary(max_size=4), max_size=70))
def test_one_pass_gives_the_roots_of_all_sizes_that_are_reached(contents: list[bytes]) -> None:
    leaves = list(map(leaf_hash, contents))
    tree = Tree(leaves)
    wanted = range(len(leaves) + 5)
    assert roots_at(leaves, wanted) == {n: tree.root(n) for n in range(len(leaves) + 1)}
