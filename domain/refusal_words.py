"""The words of a refusal in the ledger, apart from what it decides.

What belongs here: telling a refusal's leaf with and without its words. What never does: words. A
sentence that tells somebody why not is read and decides nothing; a later release may say it better,
and an incident that decides its past again must not stop because of that. All else of the entry,
the reason's code too, has to be as it was (docs/decisions/0017).
"""

import json

from domain.canonical import canonical, sha256_hex
from domain.envelope import RefusalLeaf
from domain.tree import leaf_hash

REFUSED = "ActRefused"
WORDS = ("sentence", "hint")


def refusal_leaf(leaf: bytes) -> RefusalLeaf | None:
    """Give the hashes of a refusal's leaf; None for every other entry."""
    rest = _rest(leaf)
    return None if rest is None else RefusalLeaf(leaf_hash(leaf).hex(), rest)


def hash_as_recorded(leaf: bytes, recorded: RefusalLeaf | None) -> bytes:
    """Give the leaf's hash in the tree: the recorded one, where only the words are others now."""
    if recorded is not None and recorded.rest == _rest(leaf):
        return bytes.fromhex(recorded.leaf)
    return leaf_hash(leaf)


def _rest(leaf: bytes) -> str | None:
    if REFUSED.encode() not in leaf:
        return None
    document = json.loads(leaf)
    if document["type"] != REFUSED:
        return None
    body = {key: told for key, told in document["body"].items() if key not in WORDS}
    return sha256_hex(canonical({**document, "body": body}))
