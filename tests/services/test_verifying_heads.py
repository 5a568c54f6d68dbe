"""Heads and what the company's log tells of them, put together by ledger once."""

import time

import pytest

from domain.checkpoint import Checkpoint, VerifierKey
from domain.tree import Tree, leaf_hash
from integrations.note_keys import NoteSigner
from services.fault import Fault
from services.verifying_heads import Log, by_stream, told_heads, trust, untold_faults
from storage.heads import LOG, KeptHead

ORIGIN = "andon.example/record"
SIGNERS = [NoteSigner(ORIGIN, bytes([number]) * 32) for number in range(5)]


def kept(stream: object, size: int, root: str = "r") -> KeptHead:
    return KeptHead(stream=stream, size=size, root=root, key="", signed_at="", note="")


def told(*said: tuple[str, int, str]) -> Log:
    read = {
        seq: {"type": "HeadSigned", "body": {"stream": stream, "size": size, "root": root}}
        for seq, (stream, size, root) in enumerate(said, 1)
    }
    return Log(lines=(), read=read, tree=Tree(()), heads=())


def test_heads_are_put_together_by_their_ledger_in_their_order() -> None:
    heads = [kept("A", 1), kept("B", 1), kept("A", 2)]
    assert by_stream(heads) == {"A": [heads[0], heads[2]], "B": [heads[1]]}


def test_what_the_log_tells_is_put_together_by_ledger() -> None:
    log = told(("A", 1, "x"), ("B", 1, "y"), ("A", 2, "z"))
    assert told_heads(log) == {"A": {1: (1, "x"), 2: (3, "z")}, "B": {1: (2, "y")}}


@pytest.mark.parametrize(
    ("there", "faults"),
    [
        pytest.param([kept("A", 1), kept("A", 2)], [], id="as told"),
        pytest.param(
            [kept("A", 1)], [Fault(kind="head_missing", seq=2, what="3")], id="one is gone"
        ),
        pytest.param(
            [kept("A", 1), kept("A", 2, "other")], [Fault(kind="head_row", seq=2)], id="another"
        ),
        pytest.param(
            [kept("A", 1), kept("A", 2), kept("A", 3)],
            [Fault(kind="head_untold", seq=3)],
            id="never told",
        ),
    ],
)
def test_only_a_ledgers_own_heads_are_held_against_it(
    there: list[KeptHead], faults: list[Fault]
) -> None:
    log = told(("A", 1, "r"), ("B", 9, "r"), ("A", 2, "r"))
    assert list(untold_faults(there, told_heads(log)["A"])) == faults


# ---------------------------------------------------------------- keys that count


def announcing(keys: list[VerifierKey], signed: dict[int, NoteSigner]) -> Log:
    """Give a log that announces keys, one a line, with heads at some sizes."""
    tree = Tree(leaf_hash(key.public) for key in keys)
    read = {
        n: {"type": "HeadKeyUsed", "body": {"key": key.text()}} for n, key in enumerate(keys, 1)
    }
    heads = []
    for size, signer in signed.items():
        head = Checkpoint(origin=f"{ORIGIN}/log", size=size, root=tree.root(size))
        note = signer.sign(head.text()).written()
        heads.append(KeptHead(stream=LOG, size=size, root="", key="", signed_at="", note=note))
    return Log(lines=(), read=read, tree=tree, heads=tuple(heads))


@pytest.mark.parametrize(
    ("signed", "counted"),
    [
        ({}, [0]),
        ({2: 0}, [0, 1]),
        ({2: 0, 3: 1, 4: 2}, [0, 1, 2, 3]),
        ({4: 2, 3: 1, 2: 0}, [0, 1, 2, 3]),
        ({2: 0, 4: 2}, [0, 1]),
        ({1: 0, 5: 4}, [0]),
    ],
    ids=["no head", "one", "from key to key", "in any order", "a gap", "by nobody known"],
)
def test_a_key_counts_that_a_head_of_a_key_that_counts_is_over(
    signed: dict[int, int], counted: list[int]
) -> None:
    keys = [one.key for one in SIGNERS]
    log = announcing(keys, {size: SIGNERS[number] for size, number in signed.items()})
    found = trust(log, ORIGIN, [keys[0]], [])
    assert list(found.keys) == [keys[number] for number in counted]


def test_a_log_that_announces_a_multitude_of_keys_keeps_nobody_waiting() -> None:
    keys = [SIGNERS[0].key]
    keys += [VerifierKey(name=ORIGIN, public=n.to_bytes(32, "big")) for n in range(65_000)]
    log = announcing(keys, {len(keys): SIGNERS[0]})
    began = time.monotonic()
    assert len(trust(log, ORIGIN, [], [keys[0]]).keys) == len(keys)
    assert time.monotonic() - began < 20
