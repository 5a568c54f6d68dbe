"""Heads and what the company's log tells of them, put together by ledger once."""

import pytest

from domain.tree import Tree
from services.fault import Fault
from services.verifying_heads import Log, by_stream, told_heads, untold_faults
from storage.heads import KeptHead


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
