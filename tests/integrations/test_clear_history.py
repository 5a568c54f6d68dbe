"""Opened histories: what is read is what protobuf reads; what was not ours stays refused."""

import asyncio
import copy
import json
from typing import Any

import pytest
from google.protobuf.json_format import ParseDict, ParseError
from temporalio.api.common.v1 import Payload
from temporalio.api.history.v1 import History
from temporalio.client import WorkflowHistory
from temporalio.converter import WorkflowSerializationContext

from integrations.clear_history import (
    JSON,
    SEALED,
    ClearCodec,
    found,
    is_opened,
    open_history,
    read_history,
)
from integrations.history_json import fill
from integrations.key_ring import KeyRing
from integrations.temporal_codec import (
    CLEAR_ENCODING,
    EncryptingCodec,
    data_converter,
    is_refused,
)
from tests.replay.corpus import Golden, goldens
from tests.replay.opened import corpus_ring, seal_history

ALL = [pytest.param(each, id=each.name) for each in goldens()]
CONTEXT = WorkflowSerializationContext(namespace="default", workflow_id="INC-2026-0001/1")
OTHER = WorkflowSerializationContext(namespace="default", workflow_id="INC-2026-0002/1")


def plainly(told: Any) -> Payload:
    """Read a payload as protobuf does."""
    return ParseDict(dict(told), Payload())


@pytest.mark.parametrize("golden", ALL)
def test_a_history_is_read_as_protobuf_reads_it(golden: Golden) -> None:
    for run in golden.runs:
        events = copy.deepcopy(run.events)
        for each in list(found(events, is_opened)):
            each.clear()
            each.update({"metadata": {"encoding": "QUJD"}, "data": "QUJD"})
        ours = History()
        fill(ours, {"events": events}, plainly)
        assert ours == ParseDict({"events": events}, History())


WRONG: list[tuple[str, dict[str, Any]]] = [
    ("an unknown field", {"surprise": 1}),
    ("an unknown event", {"eventType": "EVENT_TYPE_MISCHIEF"}),
    ("text for a number", {"eventId": "seven"}),
    ("a time that is none", {"eventTime": "tomorrow"}),
    ("a time with a word behind", {"eventTime": "2026-11-22T02:21:10.5xZ"}),
    ("a time too fine", {"eventTime": "2026-11-22T02:21:10.1234567891Z"}),
    ("text for yes or no", {"workerMayIgnore": "yes"}),
    ("a list for an object", {"workflowExecutionStartedEventAttributes": [1]}),
    ("a number for text", {"workflowExecutionStartedEventAttributes": {"cronSchedule": 1}}),
]


@pytest.mark.parametrize("event", [each[1] for each in WRONG], ids=[each[0] for each in WRONG])
def test_what_is_no_history_is_an_error(event: dict[str, Any]) -> None:
    errors = (ParseError, ValueError, TypeError, LookupError, AttributeError)
    with pytest.raises(errors):
        read_history("INC-2026-0001/1", [event], {})


@pytest.mark.parametrize("golden", ALL[:4])
def test_opening_what_was_sealed_gives_what_was_recorded(golden: Golden) -> None:
    async def told() -> None:
        ring = corpus_ring()
        for run in golden.runs:
            sealed = await seal_history(run.workflow_id, run.events, ring, golden.rule_texts)
            assert await open_history(sealed, ring, set(golden.rule_texts)) == run.events
            clear = read_history(run.workflow_id, run.events, golden.rule_texts)
            assert len(clear.events) == len(sealed.events)

    asyncio.run(told())


def test_a_message_is_read_for_its_own_workflow_alone() -> None:
    async def told() -> None:
        codec = ClearCodec().with_context(CONTEXT)
        (written,) = await codec.encode([Payload(data=b"{}")])
        (same,) = await codec.decode([written])
        assert same == Payload(data=b"{}")
        (refused,) = await ClearCodec().with_context(OTHER).decode([written])
        assert is_refused(refused)

    asyncio.run(told())


def test_what_was_forged_is_refused_in_the_replay_too() -> None:
    """A payload in the clear that stood in the sealed history was refused by the workflow then."""

    async def told() -> None:
        forged = Payload(metadata={"encoding": b"json/plain"}, data=b'{"command_id":"x"}')
        garbage = Payload(metadata={"encoding": CLEAR_ENCODING}, data=b"\xff\xff")
        for each in await ClearCodec().decode([forged, garbage, Payload()]):
            assert is_refused(each)

    asyncio.run(told())


def test_no_worker_lets_a_clear_message_in() -> None:
    async def told() -> None:
        ring = corpus_ring()
        (clear,) = await ClearCodec().with_context(CONTEXT).encode([Payload(data=b"{}")])
        assert is_refused((await EncryptingCodec(ring).decode([clear]))[0])
        decoded = await data_converter(ring)._decode_payload_sequence([clear])
        assert all(is_refused(each) for each in decoded)

    asyncio.run(told())


def test_a_message_sealed_with_a_lost_key_is_written_as_refused() -> None:
    async def told() -> None:
        golden = goldens()[0]
        run = golden.runs[0]
        sealed = await seal_history(run.workflow_id, run.events, corpus_ring(), golden.rule_texts)
        strangers = KeyRing.from_secret("a secret that sealed none of all this, long enough")
        history = WorkflowHistory(sealed.workflow_id, sealed.events)
        events = await open_history(history, strangers, ())
        assert not list(found(events, lambda part: JSON in part))
        assert list(found(events, lambda part: SEALED in part))
        assert json.dumps(events)

    asyncio.run(told())
