"""Histories with their messages in the clear, and sealed again for the replayer.

What belongs here: sealing recorded histories with the key of the corpus. What never does: the
opened form itself (integrations/clear_history.py), playing or comparing anything.

A history is stored by Temporal with every message encrypted. Here it is kept opened, one event a
line, so that a person can read what was sent, and so that it packs well. Before it is replayed each
message is sealed again for the workflow that it was sealed for: the replayer gets what a server
would give it. That what was sealed by an earlier release still opens is held by one history that is
kept as it was stored (tests/replay/corpus.py, `SEALED`).
"""

import json
from collections.abc import Mapping

from google.protobuf.json_format import MessageToDict
from temporalio.client import WorkflowHistory

from integrations.clear_history import SEALED, Json, found, inner_of, is_opened, open_history
from integrations.key_ring import KeyRing
from integrations.temporal_codec import EncryptingCodec

__all__ = ["Json", "corpus_ring", "open_history", "seal_history"]

TEST_SECRET = "Anybody may read this: it seals recorded histories of invented incidents, no more."
"""What corpus histories are sealed with. It protects nothing and is used nowhere else."""


def corpus_ring() -> KeyRing:
    """Give the key ring of the corpus."""
    return KeyRing.from_secret(TEST_SECRET)


async def seal_history(
    workflow_id: str, events: list[Json], ring: KeyRing, rules: Mapping[str, str]
) -> WorkflowHistory:
    """Give a history as a server would, sealed with `ring`; `rules` are texts by hash."""
    events = json.loads(json.dumps(events))
    for each in list(found(events, is_opened)):
        codec = EncryptingCodec(ring, each[SEALED])
        payload = inner_of(each, rules)
        each.clear()
        each.update(MessageToDict((await codec.encode([payload]))[0]))
    return WorkflowHistory.from_json(workflow_id, {"events": events})
