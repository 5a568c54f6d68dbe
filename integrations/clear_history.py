"""Histories with their messages in the clear, for people and for whoever replays without our keys.

What belongs here: the form in which an opened history is written and read. What never does: reading
it out of a server or the archive (services/histories.py), replaying or comparing.

A history is stored by Temporal with every message encrypted. Opened, it is plain JSON, one object
for each event, as Temporal writes it, with these in the places of messages:

    {"$sealed": "INC-2026-0001/1", "$json": {...}}   a message, and the workflow it was sealed for
    {"$sealed": "INC-2026-0001/1", "$payload": {…}}  one that is no canonical JSON, or was refused
    {"$rules": "5d1f…"}                              a text of rules, kept beside under its hash

Private texts never stand in a history: their place in a message is a reference and a commitment.
Left out: the names of machines and processes, and stack traces. Nothing depends on them.
"""

import base64
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from google.protobuf.json_format import MessageToDict, ParseDict
from google.protobuf.message import DecodeError
from temporalio.api.common.v1 import Payload
from temporalio.api.history.v1 import History
from temporalio.client import WorkflowHistory
from temporalio.converter import DataConverter

from domain.canonical import canonical, sha256_hex
from integrations.history_json import fill
from integrations.key_ring import KeyRing
from integrations.temporal_codec import (
    CLEAR_ENCODING,
    ENCODING,
    BoundCodec,
    EncryptingCodec,
    Refusal,
    converter_of,
)

Json = dict[str, Any]

LONG = 1000
"""Texts from this length on may be rules; their hash tells."""

SEALED, JSON, PAYLOAD, RULES = "$sealed", "$json", "$payload", "$rules"

_ENCODING = base64.b64encode(ENCODING).decode()
_PLAIN = b"json/plain"
_MACHINE = ("identity",)
"""Fields of events that name the machine and process."""


class ClearCodec(BoundCodec):
    """Lets in what an opened history holds, as the encrypting codec let it in when it was sealed.

    For replaying alone: what is clear proves nothing of who wrote it. What was never sealed by us
    is refused here as it was there, and so is a message that was made for another workflow.
    """

    def write(self, payload: Payload) -> Payload:
        """Write a payload with the workflow it is bound to, in the clear."""
        metadata = {"encoding": CLEAR_ENCODING, "about": (self.about or "").encode()}
        return Payload(metadata=metadata, data=payload.SerializeToString())

    def read(self, payload: Payload) -> Payload:
        """Read a payload back; raises Refusal."""
        if payload.metadata.get("encoding") != CLEAR_ENCODING:
            raise Refusal("not out of an opened history")
        about = payload.metadata.get("about", b"").decode(errors="replace")
        if self.about is not None and about != self.about:
            raise Refusal("made for another workflow")
        try:
            return Payload.FromString(payload.data)
        except DecodeError:
            raise Refusal("not a payload inside") from None


def clear_converter() -> DataConverter:
    """Return the converter of a replayer that is given opened histories."""
    return converter_of(ClearCodec())


# ---------------------------------------------------------------- opening


async def open_history(
    history: WorkflowHistory, ring: KeyRing, rules: Collection[str]
) -> list[Json]:
    """Give the events of a history as plain JSON, messages opened, the machine left out.

    `rules` are the hashes of rules that are kept beside the histories.
    """
    events: list[Json] = history.to_json_dict()["events"]
    sealed = list(found(events, _is_sealed))
    codec = EncryptingCodec(ring)
    inner = await codec.decode([ParseDict(each, Payload()) for each in sealed])
    for each, payload in zip(sealed, inner, strict=True):
        about = base64.b64decode(each["metadata"].get("about", "")).decode(errors="replace")
        each.clear()
        each.update({SEALED: about, **_opened(payload, rules)})
    for each in found(events, lambda part: True):
        for name in _MACHINE:
            each.pop(name, None)
        if each.get("kind") == "TASK_QUEUE_KIND_STICKY":
            each["name"] = "sticky"
    return events


def found(part: Any, wanted: Callable[[Json], bool]) -> Iterator[Json]:
    """Give every object of the events that is wanted; opened messages are not looked into."""
    if isinstance(part, dict):
        if wanted(part):
            yield part
        for name in [name for name in part if name != JSON]:
            yield from found(part[name], wanted)
    elif isinstance(part, list):
        for each in part:
            yield from found(each, wanted)


def _is_sealed(part: Json) -> bool:
    metadata = part.get("metadata")
    return isinstance(metadata, dict) and metadata.get("encoding") == _ENCODING


def _opened(payload: Payload, rules: Collection[str]) -> Json:
    if payload.metadata.get("encoding") == _PLAIN:
        value = json.loads(payload.data)
        if canonical(value) == payload.data:
            return {JSON: _changed(value, lambda text: _to_reference(text, rules))}
    return {PAYLOAD: MessageToDict(payload)}


# ---------------------------------------------------------------- closing


def read_history(
    workflow_id: str, events: Sequence[Json], rules: Mapping[str, str]
) -> WorkflowHistory:
    """Give opened events as a replayer with `clear_converter` reads them; `rules` by hash.

    Raises ValueError, TypeError, LookupError or protobuf's errors for what is no history.
    """
    history = History()

    def payload(told: Mapping[str, Any]) -> Payload:
        if SEALED not in told:
            raw = Payload()
            fill(raw, told, payload)
            return raw
        about = str(told[SEALED]).encode()
        inner = inner_of(told, rules, plain_bytes).SerializeToString()
        return Payload(metadata={"encoding": CLEAR_ENCODING, "about": about}, data=inner)

    fill(history, {"events": events}, payload)
    return WorkflowHistory(workflow_id, history.events)


def is_opened(part: Json) -> bool:
    """Say whether an object stands in the place of a message."""
    return SEALED in part


def inner_of(
    each: Mapping[str, Any],
    rules: Mapping[str, str],
    written: Callable[[Any], bytes] = canonical,
) -> Payload:
    """Give the payload that an opened message stands for."""
    if JSON not in each:
        return ParseDict(each[PAYLOAD], Payload())
    content = written(each[JSON])
    if RULES.encode() in content:
        content = written(_changed(each[JSON], lambda part: _from_reference(part, rules)))
    return Payload(metadata={"encoding": _PLAIN}, data=content)


def plain_bytes(value: Any) -> bytes:
    """Write JSON as the canonical form does, without looking whether it is allowed there."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


# ---------------------------------------------------------------- rules by reference


def _changed(part: Any, change: Callable[[Any], Any]) -> Any:
    """Rebuild plain JSON, passing every text and every object through `change` first."""
    part = change(part)
    if isinstance(part, dict):
        return {name: _changed(each, change) for name, each in part.items()}
    if isinstance(part, list):
        return [_changed(each, change) for each in part]
    return part


def _to_reference(part: Any, rules: Collection[str]) -> Any:
    if isinstance(part, dict) and "stack_trace" in part:
        return {**part, "stack_trace": ""}
    if isinstance(part, str) and len(part) > LONG:
        sha256 = sha256_hex(part.encode())
        return {RULES: sha256} if sha256 in rules else part
    return part


def _from_reference(part: Any, rules: Mapping[str, str]) -> Any:
    if isinstance(part, dict) and part.keys() == {RULES}:
        return rules[part[RULES]]
    return part
