"""Histories with their messages in the clear, and sealed again for the replayer.

What belongs here: the form in which recorded histories are kept. What never does: playing or
comparing anything.

A history is stored by Temporal with every message encrypted. Here it is kept opened, one event a
line, so that a person can read what was sent, and so that it packs well. Before it is replayed each
message is sealed again for the workflow that it was sealed for: the replayer gets what a server
would give it. That what was sealed by an earlier release still opens is held by one history that is
kept as it was stored (tests/replay/corpus.py, `SEALED`).

    {"$sealed": "INC-2026-0001/1", "$json": {...}}   a message, and the workflow it is bound to
    {"$rules": "5d1f…"}                              the text of rules that stand in rules/<hash>
"""

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from google.protobuf.json_format import MessageToDict, ParseDict
from temporalio.api.common.v1 import Payload
from temporalio.client import WorkflowHistory

from domain.canonical import canonical, sha256_hex
from integrations.key_ring import KeyRing
from integrations.temporal_codec import ENCODING, EncryptingCodec

Json = dict[str, Any]

TEST_SECRET = "Anybody may read this: it seals recorded histories of invented incidents, no more."
"""What corpus histories are sealed with. It protects nothing and is used nowhere else."""

LONG = 1000
"""Texts from this length on may be rules; their hash tells."""

_ENCODING = base64.b64encode(ENCODING).decode()
_JSON = b"json/plain"
_MACHINE = ("identity",)
"""Fields of events that name the machine and process; nothing depends on them."""


def corpus_ring() -> KeyRing:
    """Give the key ring of the corpus."""
    return KeyRing.from_secret(TEST_SECRET)


async def open_history(history: WorkflowHistory, ring: KeyRing, rules: set[str]) -> list[Json]:
    """Give the events of a history as plain JSON, messages opened, the machine left out.

    `rules` are the hashes of rules that are kept beside the histories.
    """
    events: list[Json] = history.to_json_dict()["events"]
    sealed = list(_found(events, _is_sealed))
    codec = EncryptingCodec(ring)
    inner = await codec.decode([ParseDict(each, Payload()) for each in sealed])
    for each, payload in zip(sealed, inner, strict=True):
        about = base64.b64decode(each["metadata"]["about"]).decode()
        each.clear()
        each.update({"$sealed": about, **_opened(payload, rules)})
    for each in _found(events, lambda part: True):
        for name in _MACHINE:
            each.pop(name, None)
        if each.get("kind") == "TASK_QUEUE_KIND_STICKY":
            each["name"] = "sticky"
    return events


async def seal_history(
    workflow_id: str, events: list[Json], ring: KeyRing, rules: Mapping[str, str]
) -> WorkflowHistory:
    """Give a history as a server would, sealed with `ring`; `rules` are texts by hash."""
    events = json.loads(json.dumps(events))
    for each in list(_found(events, lambda part: "$sealed" in part)):
        codec = EncryptingCodec(ring, each["$sealed"])
        payload = _closed(each, rules)
        each.clear()
        each.update(MessageToDict((await codec.encode([payload]))[0]))
    return WorkflowHistory.from_json(workflow_id, {"events": events})


def _found(part: Any, wanted: Callable[[Json], bool]) -> Iterator[Json]:
    """Give every object of the events that is wanted; what opened messages say is not looked into."""
    if isinstance(part, dict):
        if wanted(part):
            yield part
        for name in [name for name in part if name != "$json"]:
            yield from _found(part[name], wanted)
    elif isinstance(part, list):
        for each in part:
            yield from _found(each, wanted)


def _is_sealed(part: Json) -> bool:
    metadata = part.get("metadata")
    return isinstance(metadata, dict) and metadata.get("encoding") == _ENCODING


def _opened(payload: Payload, rules: set[str]) -> Json:
    if payload.metadata.get("encoding") == _JSON:
        value = json.loads(payload.data)
        if canonical(value) == payload.data:
            return {"$json": _changed(value, lambda text: _to_reference(text, rules))}
    return {"$payload": MessageToDict(payload)}


def _closed(each: Json, rules: Mapping[str, str]) -> Payload:
    if "$json" not in each:
        return ParseDict(each["$payload"], Payload())
    value = _changed(each["$json"], lambda part: _from_reference(part, rules))
    return Payload(metadata={"encoding": _JSON}, data=canonical(value))


def _changed(part: Any, change: Callable[[Any], Any]) -> Any:
    """Rebuild plain JSON, passing every text and every object through `change` first."""
    part = change(part)
    if isinstance(part, dict):
        return {name: _changed(each, change) for name, each in part.items()}
    if isinstance(part, list):
        return [_changed(each, change) for each in part]
    return part


def _to_reference(part: Any, rules: set[str]) -> Any:
    if isinstance(part, dict) and "stack_trace" in part:
        return {**part, "stack_trace": ""}
    if isinstance(part, str) and len(part) > LONG:
        sha256 = sha256_hex(part.encode())
        return {"$rules": sha256} if sha256 in rules else part
    return part


def _from_reference(part: Any, rules: Mapping[str, str]) -> Any:
    if isinstance(part, dict) and part.keys() == {"$rules"}:
        return rules[part["$rules"]]
    return part
