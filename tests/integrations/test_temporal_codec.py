"""The codec: what goes out is hidden and ours, what comes in is ours or refused, never an exception."""

import asyncio
import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from pathlib import Path
from typing import Any, NewType, Optional

import pytest
from hypothesis import given
from hypothesis import strategies as st
from temporalio.api.common.v1 import Payload
from temporalio.api.failure.v1 import Failure
from temporalio.converter import (
    ActivitySerializationContext,
    SerializationContext,
    WorkflowSerializationContext,
)
from temporalio.exceptions import ApplicationError

from domain.errors import Malformed
from integrations.key_ring import KeyRing, Purpose
from integrations.temporal_codec import (
    ENCODING,
    LARGEST_PAYLOAD,
    REFUSED_ENCODING,
    WORTH_COMPRESSING,
    EncryptingCodec,
    data_converter,
    is_refused,
    unsafe_on_the_wire,
)

RING = KeyRing.from_secret("a secret of the settings, long enough to be one")
FOREIGN = KeyRing.from_secret("the secret of another installation altogether")
INCIDENT = WorkflowSerializationContext(namespace="default", workflow_id="INC-2026-0007/1")
OTHER = WorkflowSerializationContext(namespace="default", workflow_id="INC-2026-0008/1")

Lot = NewType("Lot", str)


class Level(StrEnum):
    """An enumeration of text."""

    H1 = "h1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inner:
    """A message inside a message."""

    lot: Lot
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message with every kind of field."""

    text: str
    level: Level
    count: int
    urgent: bool
    at: datetime
    inner: tuple[Inner, ...] = ()
    last: Inner | None = None
    body: dict[str, Any] | None = None


MESSAGE = Message(
    text="停售",
    level=Level.H1,
    count=3,
    urgent=True,
    at=datetime(2026, 11, 22, 6, 30, tzinfo=UTC),
    inner=(Inner(lot=Lot("L1"), on=date(2026, 1, 2)),),
    last=Inner(lot=Lot("L2"), on=date(2027, 1, 2)),
    body={"v": 1, "fields": ["a", None]},
)


def codec(ring: KeyRing = RING, context: SerializationContext | None = INCIDENT) -> EncryptingCodec:
    """Return the codec that serves one workflow."""
    return EncryptingCodec(ring).with_context(context) if context else EncryptingCodec(ring)


def out(payload: Payload, by: EncryptingCodec | None = None) -> Payload:
    """Encode one payload."""
    return asyncio.run((by or codec()).encode([payload]))[0]


def back(payload: Payload, by: EncryptingCodec | None = None) -> Payload:
    """Decode one payload."""
    return asyncio.run((by or codec()).decode([payload]))[0]


def clear(data: bytes = b'{"text":"forged"}', encoding: bytes = b"json/plain") -> Payload:
    """Return a payload as anybody can send it."""
    return Payload(metadata={"encoding": encoding}, data=data)


# ---------------------------------------------------------------- encryption


@given(
    st.binary(max_size=2_000), st.dictionaries(st.text("abc", max_size=3), st.binary(max_size=9))
)
def test_a_payload_comes_back_as_it_was(data: bytes, metadata: dict[str, bytes]) -> None:
    payload = Payload(metadata=metadata, data=data)
    assert back(out(payload)) == payload


def test_nothing_of_a_payload_shows() -> None:
    sealed = out(clear(b"hives on both arms"))
    assert b"hives" not in sealed.SerializeToString()
    assert b"json" not in sealed.SerializeToString()
    assert sealed.metadata["encoding"] == ENCODING


def test_the_same_payload_never_looks_the_same() -> None:
    assert out(clear()) != out(clear())


def test_long_text_is_compressed_and_random_bytes_are_not() -> None:
    long = clear(b"stop sale " * 10_000)
    assert len(out(long).data) < 1_000
    noise = clear(zlib.compress(bytes(range(256)) * 4)[: WORTH_COMPRESSING - 50])
    assert len(out(noise).data) <= noise.ByteSize() + 1 + 12 + 16


@given(st.data())
def test_any_altered_bit_is_refused(data: st.DataObject) -> None:
    sealed = out(clear())
    part = data.draw(st.sampled_from(["data", "encoding", "key", "about"]))
    content = sealed.data if part == "data" else sealed.metadata[part]
    bit = data.draw(st.integers(0, len(content) * 8 - 1))
    altered = (int.from_bytes(content) ^ (1 << bit)).to_bytes(len(content))
    if part == "data":
        sealed.data = altered
    else:
        sealed.metadata[part] = altered
    assert is_refused(back(sealed))
    assert is_refused(back(sealed, codec(context=None)))


@given(st.binary(max_size=60))
def test_junk_that_claims_to_be_ours_is_refused(junk: bytes) -> None:
    metadata = dict(out(clear()).metadata)
    assert is_refused(back(Payload(metadata=metadata, data=junk)))


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        pytest.param(clear(), "not encrypted by Andon", id="clear JSON"),
        pytest.param(Payload(), "not encrypted by Andon", id="nothing at all"),
        pytest.param(clear(b"", b"binary/null"), "not encrypted by Andon", id="clear null"),
        pytest.param(
            clear(b"x", b"binary/encrypted"), "not encrypted by Andon", id="another codec"
        ),
        pytest.param(clear(b"", REFUSED_ENCODING), "not encrypted by Andon", id="refused before"),
        pytest.param(clear(b"x", ENCODING), "made for another workflow", id="ours by name only"),
        pytest.param(out(clear(), codec(FOREIGN)), "not in the ring", id="another installation"),
        pytest.param(out(clear(), codec(context=OTHER)), "another workflow", id="another incident"),
        pytest.param(out(clear(), codec(context=None)), "another workflow", id="for no workflow"),
    ],
)
def test_what_is_not_ours_becomes_unreadable_with_its_reason(payload: Payload, reason: str) -> None:
    refused = back(payload)
    assert refused.metadata["encoding"] == REFUSED_ENCODING
    assert reason in refused.metadata["reason"].decode()
    assert not refused.data


def test_a_refused_payload_fails_conversion() -> None:
    converter = data_converter(RING).with_context(INCIDENT)
    with pytest.raises(KeyError, match="andon-refused"):
        asyncio.run(converter.decode([clear()]))


@pytest.mark.parametrize(
    "metadata",
    [
        pytest.param({"encoding": b"json/external-storage-reference"}, id="by encoding"),
        pytest.param(
            {
                "encoding": b"json/protobuf",
                "messageType": b"temporal.api.sdk.v1.ExternalStorageReference",
            },
            id="by message type",
        ),
        pytest.param(
            {"encoding": b"json/plain", "__temporal_external_storage_reference": b"true"},
            id="by mark",
        ),
        pytest.param(
            {"encoding": ENCODING, "__temporal_external_storage_reference": b"true"},
            id="by mark, as ours",
        ),
    ],
)
def test_a_claim_to_be_stored_elsewhere_is_refused_like_any_other(
    metadata: dict[str, bytes],
) -> None:
    converter = data_converter(RING).with_context(INCIDENT)
    with pytest.raises(KeyError, match="andon-refused"):
        asyncio.run(converter.decode([Payload(metadata=metadata, data=b"{}")]))


def test_a_small_payload_cannot_become_a_large_one() -> None:
    bomb = clear(b"0" * (LARGEST_PAYLOAD + 1))
    sealed = out(bomb)
    assert len(sealed.data) < 20_000
    assert "bytes" in back(sealed).metadata["reason"].decode()


def test_the_largest_payload_still_passes() -> None:
    payload = clear(b"0" * (LARGEST_PAYLOAD - 1_000))
    assert back(out(payload)) == payload


@pytest.mark.parametrize(
    "context",
    [
        pytest.param(
            ActivitySerializationContext(
                namespace="default",
                activity_id="1",
                activity_type="record",
                activity_task_queue="q",
                workflow_id=INCIDENT.workflow_id,
                workflow_type="incident",
                is_local=False,
            ),
            id="an activity of the workflow",
        ),
        pytest.param(
            WorkflowSerializationContext(namespace="elsewhere", workflow_id=INCIDENT.workflow_id),
            id="a replayer's namespace",
        ),
        pytest.param(
            WorkflowSerializationContext(
                namespace="default", workflow_id=f"{INCIDENT.workflow_id}-2026-11-22T02:52:11Z"
            ),
            id="a run started by a schedule",
        ),
        pytest.param(None, id="an auditor's tool that knows no workflow"),
    ],
)
def test_who_may_read_a_payload_of_a_workflow(context: SerializationContext | None) -> None:
    assert back(out(clear()), codec(context=context)) == clear()


def test_rotation_reads_the_old_key_and_writes_the_new_one(tmp_path: Path) -> None:
    ring = KeyRing.create(tmp_path / "ring.json")
    old = out(clear(), codec(ring))
    ring.rotate(Purpose.PAYLOAD)
    new = out(clear(), codec(ring))
    assert old.metadata["key"] != new.metadata["key"]
    assert back(old, codec(ring)) == back(new, codec(ring)) == clear()
    assert is_refused(back(new, codec(RING)))


# ---------------------------------------------------------------- values


def convert(value: Any, hint: Any = None) -> Any:
    """Send a value out and read it back as `hint`."""
    converter = data_converter(RING).with_context(INCIDENT)
    return asyncio.run(_convert(converter, value, hint))


async def _convert(converter: Any, value: Any, hint: Any) -> Any:
    payloads = await converter.encode([value])
    return (await converter.decode(payloads, [hint] if hint else None))[0]


def test_a_message_comes_back_typed() -> None:
    assert convert(MESSAGE, Message) == MESSAGE


def test_a_message_is_canonical_json() -> None:
    payload = data_converter(RING).payload_converter.to_payload(MESSAGE)
    assert payload.metadata["encoding"] == b"json/plain"
    assert payload.data.startswith(b'{"at":"2026-11-22T06:30:00.000000Z","body":')
    assert json.loads(payload.data)["text"] == "停售"
    assert "停售".encode() in payload.data


def test_a_time_is_sent_in_utc() -> None:
    shanghai = datetime(2026, 11, 22, 14, 30, tzinfo=timezone(timedelta(hours=8)))
    assert convert(shanghai, datetime) == shanghai
    assert convert(shanghai) == "2026-11-22T06:30:00.000000Z"


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        pytest.param(None, None, id="nothing"),
        pytest.param("text", str, id="text"),
        pytest.param(["a", "b"], list[str], id="list"),
        pytest.param(("a", "b"), tuple[str, ...], id="tuple"),
        pytest.param({"a": 1}, dict[str, int], id="object"),
        pytest.param(Level.H1, Level, id="enumeration"),
        pytest.param(None, Inner | None, id="no message"),
        pytest.param(MESSAGE.last, Inner | None, id="some message"),
    ],
)
def test_plain_values_come_back(value: Any, hint: Any) -> None:
    assert convert(value, hint) == value


@pytest.mark.parametrize(
    ("value", "error"),
    [
        pytest.param(1.5, Malformed, id="float"),
        pytest.param({"a": {1, 2}}, Malformed, id="set"),
        pytest.param(b"bytes", Malformed, id="bytes"),
        pytest.param(object(), Malformed, id="an object"),
        pytest.param(timedelta(1), Malformed, id="a duration"),
        pytest.param(datetime(2026, 1, 1), TypeError, id="naive time"),  # noqa: DTZ001
        pytest.param(2**53, Malformed, id="too large an integer"),
    ],
)
def test_values_without_one_byte_form_are_not_sent(value: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        convert(value)


@dataclass(frozen=True)
class Approved:
    """A decision."""

    by: str


@dataclass(frozen=True)
class Refused:
    """The opposite decision, with the same fields."""

    by: str


@dataclass(frozen=True)
class Decision:
    """A message that carries a union."""

    outcome: Approved | Refused


@pytest.mark.parametrize(
    "hint",
    [
        pytest.param(Approved | Refused, id="a union"),
        pytest.param(list[Approved | Refused], id="a union in a list"),
        pytest.param(Approved | Refused | None, id="a union that may be missing"),
    ],
)
def test_a_refusal_is_never_read_as_an_approval(hint: Any) -> None:
    value = [Refused("li")] if "list" in str(hint) else Refused("li")
    with pytest.raises(TypeError):
        convert(value, hint)


def test_a_union_inside_a_message_is_not_read_either() -> None:
    with pytest.raises(TypeError):
        convert(Decision(Refused("li")), Decision)


@dataclass(frozen=True)
class Knot:
    """A message that may hold its own kind."""

    inside: Optional["Knot"] = None


@pytest.mark.parametrize(
    ("hint", "fault"),
    [
        pytest.param(Message, None, id="a message"),
        pytest.param(Message | None, None, id="a message or nothing"),
        pytest.param(tuple[Message, ...], None, id="messages"),
        pytest.param(Knot, None, id="a message inside itself"),
        pytest.param(dict[str, Any], None, id="plain JSON"),
        pytest.param(type(None), None, id="nothing"),
        pytest.param(Lot, None, id="a named text"),
        pytest.param(Approved | Refused, "union", id="a union"),
        pytest.param(Decision, "Decision.outcome", id="a union inside"),
        pytest.param(tuple[Decision, ...], "Decision.outcome", id="a union deep inside"),
        pytest.param(str | int, "union", id="a union of plain types"),
        pytest.param(float, "no safe form", id="a float"),
        pytest.param(set[str], "no safe form", id="a set"),
        pytest.param(bytes, "no safe form", id="bytes"),
        pytest.param(dict, "no safe form", id="an object of anything"),
        pytest.param(timedelta, "no safe form", id="a duration"),
    ],
)
def test_types_are_judged_before_they_travel(hint: Any, fault: str | None) -> None:
    found = unsafe_on_the_wire(hint)
    assert found is None if fault is None else fault in (found or "")


# ---------------------------------------------------------------- failures


def fail(error: BaseException) -> Failure:
    """Send an error out."""
    failure = Failure()
    asyncio.run(data_converter(RING).with_context(INCIDENT).encode_failure(error, failure))
    return failure


def receive(failure: Failure) -> BaseException:
    """Read an error."""
    return asyncio.run(data_converter(RING).with_context(INCIDENT).decode_failure(failure))


def _raised(text: str, cause: BaseException | None = None) -> ApplicationError:
    with pytest.raises(ApplicationError) as caught:
        raise ApplicationError(text, "detail", type="refused") from cause
    return caught.value


def test_an_error_comes_back_with_its_cause_and_shows_only_its_type() -> None:
    failure = fail(_raised("hives on both arms", ValueError("of Mrs Zhang")))
    shown = failure.SerializeToString()
    assert not any(word in shown for word in (b"hives", b"Zhang", b"detail", b".py"))
    error = receive(failure)
    assert isinstance(error, ApplicationError)
    assert (error.message, error.details, error.type) == (
        "hives on both arms",
        ("detail",),
        "refused",
    )
    assert isinstance(error.cause, ApplicationError)
    assert error.cause.message == "of Mrs Zhang"


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(ApplicationError("nul \0 in it"), id="NUL in the text"),
        pytest.param(ApplicationError("text", 1.5, {"a": [2.5]}), id="floats in the details"),
        pytest.param(ApplicationError("text", datetime(2026, 1, 1)), id="naive time"),  # noqa: DTZ001
    ],
)
def test_an_error_is_told_whatever_it_carries(error: ApplicationError) -> None:
    told = receive(fail(error))
    assert isinstance(told, ApplicationError)
    assert told.message == error.message


def _forge_details(failure: Failure) -> None:
    failure.application_failure_info.details.payloads[0].CopyFrom(clear())


def _forge_text(failure: Failure) -> None:
    failure.encoded_attributes.CopyFrom(clear(b'{"message":"forged"}'))


@pytest.mark.parametrize(
    ("forge", "message", "details"),
    [
        pytest.param(_forge_details, "text", (), id="forged details"),
        pytest.param(_forge_text, "Encoded failure", ("detail",), id="forged text"),
    ],
)
def test_forged_parts_of_an_error_are_left_out(
    forge: Callable[[Failure], None], message: str, details: tuple[str, ...]
) -> None:
    failure = fail(_raised("text"))
    forge(failure)
    error = receive(failure)
    assert isinstance(error, ApplicationError)
    assert (error.message, error.details) == (message, details)
