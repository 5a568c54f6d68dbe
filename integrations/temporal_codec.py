"""What Temporal stores of our messages: canonical JSON, compressed, encrypted and authenticated.

What belongs here: bytes on their way to and from Temporal. What never does: what a message means,
or who may send it.

Out:  value → canonical JSON (no unions, floats, sets) → compressed when it helps → AES-256-GCM.
In:   the same way back. Whoever can reach Temporal but has no key can read nothing and forge
nothing: a payload that is clear, foreign, altered, or made for another workflow comes out in an
encoding that no converter knows. So that message alone is refused, by its own sender's error or a
dropped signal, and the incident goes on. (Raising here would fail the workflow's task for ever:
one forged message would stop the incident. Passing clear payloads on would carry forgeries out.)

Not hidden from who can read Temporal: names and ids of workflows, activities and messages, times,
sizes, search attributes, types of errors. No personal data belongs in them.

The authenticated data bind a payload to its workflow, so that an approval in one incident cannot
be played back in another; and to its key. Playing it back in the same workflow is the same
`command_id`, which counts once. The id stands in the clear beside it, so that an auditor's tool,
which knows no workflow, still reads: only a reader who knows which workflow it serves compares.
"""

import os
import re
import zlib
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime
from enum import Enum, StrEnum
from functools import lru_cache
from logging import getLogger
from types import UnionType
from typing import Any, Final, Self, Union, cast, get_args, get_origin, get_type_hints

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from google.protobuf.message import DecodeError
from temporalio.api.common.v1 import Payload
from temporalio.api.failure.v1 import Failure
from temporalio.converter import (
    ActivitySerializationContext,
    BinaryNullPayloadConverter,
    CompositePayloadConverter,
    DataConverter,
    DefaultFailureConverterWithEncodedAttributes,
    JSONPlainPayloadConverter,
    JSONProtoPayloadConverter,
    JSONTypeConverter,
    PayloadCodec,
    PayloadConverter,
    SerializationContext,
    WithSerializationContext,
    WorkflowSerializationContext,
    value_to_type,
)
from temporalio.worker.workflow_sandbox._restrictions import RestrictionContext

from domain.canonical import canonical
from domain.wire import instant_text, read_instant
from integrations.key_ring import KeyRing, Purpose

ENCODING = b"binary/andon"
CLEAR_ENCODING = b"binary/andon-clear"
"""The encoding in an opened history (integrations/clear_history.py); no worker lets it in."""

REFUSED_ENCODING = b"binary/andon-refused"
"""The encoding of a refused payload: no converter knows it, which is the point."""

LARGEST_PAYLOAD = 8 * 1024 * 1024
"""Bytes that a payload may have once decompressed (Temporal itself stops far below)."""

WORTH_COMPRESSING = 200
"""Bytes from which compression is tried."""

SMALL = 64 * 1024
"""Bytes up to which a window of 8 KiB compresses as well as the usual one."""

NARROW, USUAL = (13, 6), (zlib.MAX_WBITS, zlib.DEF_MEM_LEVEL)
"""zlib's window and memory for what is small: clearing its usual tables takes twice as long as
compressing it. The bytes say themselves which window they need."""

_READ_BY_CODECS = frozenset({ENCODING, CLEAR_ENCODING})
_NOT_OURS = "not encrypted by Andon"
_NONCE_BYTES = 12
_PLAIN, _COMPRESSED = b"\x00", b"\x01"
_SAFE = frozenset({str, int, bool, type(None), None, datetime, date, Any})
# A schedule starts its workflows as `<id>-<time>`, but encrypts their input for `<id>`.
KNOWN: Final = 512
"""Workflows whose converters are kept: each payload of theirs asks for it three times."""

_STARTED_BY_SCHEDULE = re.compile(r"-\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$")

_log = getLogger(__name__)


# ---------------------------------------------------------------- payloads: encryption


class Refusal(Exception):
    """Why a payload is not let in; one word, for the log and the metadata."""


def _workflow_of(context: SerializationContext) -> str | None:
    """Name the workflow that payloads belong to, or None where Temporal does not say."""
    if not isinstance(context, WorkflowSerializationContext | ActivitySerializationContext):
        return None
    workflow_id = context.workflow_id
    if workflow_id is None or not workflow_id.endswith("Z"):
        return workflow_id
    return _STARTED_BY_SCHEDULE.sub("", workflow_id)


class BoundCodec(PayloadCodec, WithSerializationContext):
    """Writes every payload for its workflow, and marks what is not let in instead of raising."""

    def __init__(self, about: str | None = None) -> None:
        """Serve the workflow `about`, when Temporal says which."""
        self.about = about

    def with_context(self, context: SerializationContext) -> Self:
        """Return the codec of the workflow that the payloads belong to."""
        about = _workflow_of(context)
        if about in (None, self.about):
            return self
        bound = copy(self)
        bound.about = about
        return bound

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Write each payload."""
        return [self.write(payload) for payload in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Read each payload, or mark it refused."""
        return [self._let_in(payload) for payload in payloads]

    def _let_in(self, payload: Payload) -> Payload:
        """Read a payload; whatever is wrong with it becomes a refusal, never an exception."""
        try:
            return self.read(payload)
        except Refusal as refusal:
            reason = str(refusal)
            _log.warning("Refused a message for %s: %s", self.about or "no workflow", reason)
            return refused(reason)

    def write(self, payload: Payload) -> Payload:
        """Write one payload, bound to the workflow."""
        raise NotImplementedError

    def read(self, payload: Payload) -> Payload:
        """Return the inner payload; raises Refusal."""
        raise NotImplementedError


class EncryptingCodec(BoundCodec):
    """Encrypts every payload for its workflow, and lets in only what this installation encrypted.

    Wire form: metadata `encoding`, `key` (id of the key), `about` (the workflow); data is 12 bytes
    nonce, then AES-256-GCM of one byte (compressed or not) and the serialised inner payload.
    """

    def __init__(self, ring: KeyRing, about: str | None = None) -> None:
        """Use the ring's payload keys; `about` is the workflow served, when Temporal says which."""
        super().__init__(about)
        self._ring = ring

    def write(self, payload: Payload) -> Payload:
        """Compress when it helps, encrypt under the current key."""
        key, about = self._ring.current(Purpose.PAYLOAD), self.about or ""
        nonce = os.urandom(_NONCE_BYTES)
        content = _pack(payload.SerializeToString())
        sealed = AESGCM(key.secret).encrypt(nonce, content, _bound(key.id, about))
        metadata = {"encoding": ENCODING, "key": key.id.encode(), "about": about.encode()}
        return Payload(metadata=metadata, data=nonce + sealed)

    def read(self, payload: Payload) -> Payload:
        """Return the inner payload; raises Refusal."""
        metadata = payload.metadata
        if metadata.get("encoding") != ENCODING:
            raise Refusal(_NOT_OURS)
        key_id, about = _text(metadata.get("key")), _text(metadata.get("about"))
        if self.about is not None and about != self.about:
            raise Refusal("made for another workflow")
        key = self._ring.find(Purpose.PAYLOAD, key_id)
        if key is None:
            raise Refusal("encrypted with a key that is not in the ring")
        nonce, sealed = payload.data[:_NONCE_BYTES], payload.data[_NONCE_BYTES:]
        try:
            content = AESGCM(key.secret).decrypt(nonce, sealed, _bound(key_id, about))
            return Payload.FromString(_unpack(content))
        except (InvalidTag, ValueError):
            raise Refusal("altered, or made by someone without the key") from None
        except DecodeError:
            raise Refusal("not a payload inside") from None


def refused(reason: str) -> Payload:
    """Return the payload that stands for one that was not let in."""
    return Payload(metadata={"encoding": REFUSED_ENCODING, "reason": reason.encode()})


def is_refused(payload: Payload) -> bool:
    """Say whether a payload was refused, or was never one of ours: it has no encoding we write."""
    return payload.metadata.get("encoding") in (None, REFUSED_ENCODING)


def _bound(key_id: str, about: str) -> bytes:
    """Return the data that the tag authenticates beside the content."""
    return b"\0".join((b"andon/payload/1", key_id.encode(), about.encode()))


def _text(metadata: bytes | None) -> str:
    """Read a metadata value that may be missing or no text."""
    return (metadata or b"").decode(errors="replace")


def _pack(content: bytes) -> bytes:
    """Compress before encrypting (after it nothing compresses), when that makes it smaller."""
    if len(content) > WORTH_COMPRESSING:
        bits, level = NARROW if len(content) <= SMALL else USUAL
        deflater = zlib.compressobj(wbits=bits, memLevel=level)
        compressed = deflater.compress(content) + deflater.flush()
        if len(compressed) < len(content):
            return _COMPRESSED + compressed
    return _PLAIN + content


def _unpack(content: bytes) -> bytes:
    """Undo `_pack`, never making more than the limit out of few bytes; raises Refusal."""
    form, body = content[:1], content[1:]
    if form == _COMPRESSED:
        inflater = zlib.decompressobj()
        try:
            body = inflater.decompress(body, LARGEST_PAYLOAD + 1)
        except zlib.error:
            raise Refusal("not compressed as it says") from None
        if not inflater.eof and len(body) <= LARGEST_PAYLOAD:
            raise Refusal("cut off")
    elif form != _PLAIN:
        raise Refusal("written by a later release")
    if len(body) > LARGEST_PAYLOAD:
        raise Refusal(f"more than {LARGEST_PAYLOAD} bytes")
    return body


# ---------------------------------------------------------------- values: canonical JSON


def naive_union(hint: object) -> bool:
    """Say whether a type would be read by trying its members: a refusal could become an approval.

    `X | None` alone is safe: null is no other value.
    """
    if get_origin(hint) not in (Union, UnionType):
        return False
    return len([member for member in get_args(hint) if member is not type(None)]) != 1


def unsafe_on_the_wire(hint: Any) -> str | None:
    """Say why a type must not be used in a message, or None; looks into all that it holds.

    Safe are str, int, bool, None, aware datetime, date, text enumerations, dataclasses, tuples,
    lists and dicts with text keys of these, `X | None`, and Any for what stays plain JSON.
    """
    return _unsafe(hint, ())


def _unsafe(hint: Any, inside: tuple[Any, ...]) -> str | None:  # noqa: PLR0911 - one per kind
    """Walk a type; `inside` are the dataclasses on the way, which may hold themselves."""
    hint = getattr(hint, "__supertype__", hint)
    if hint in _SAFE or hint in inside:
        return None
    if naive_union(hint):
        return f"is {hint}: a union without the name of its member beside it"
    origin = get_origin(hint)
    if origin in (tuple, list, dict, Union, UnionType):
        inner = [each for each in get_args(hint) if each is not Ellipsis]
        return next((fault for each in inner if (fault := _unsafe(each, inside))), None)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return None
    if isinstance(hint, type) and is_dataclass(hint):
        types = get_type_hints(hint)
        for field in fields(hint):
            fault = _unsafe(types[field.name], (*inside, hint))
            if fault:
                return f"holds {hint.__name__}.{field.name}, which {fault}"
        return None
    return f"is {hint}, which has no safe form in a message"


class _TypedTimes(JSONTypeConverter):
    """Reads what JSON has no form for, and refuses types that cannot be read safely."""

    def to_typed_value(self, hint: type, value: Any) -> Any:
        """Convert for these hints only; `value` is plain JSON."""
        # In a workflow's module that the sandbox loads anew, `datetime` is the sandbox's stand-in.
        hint = RestrictionContext.unwrap_if_proxied(hint)
        if hint in _AS_IT_IS and type(value) is hint:
            return value
        if _is_naive(hint):
            raise TypeError(f"{hint} is a union: send its type's name beside the value instead")
        if hint is datetime and isinstance(value, str):
            return read_instant(value)
        if hint is date and isinstance(value, str):
            return date.fromisoformat(value)
        types = _types_of(hint)
        if types is not None and type(value) is dict:
            return self._filled(hint, types, value)
        return JSONTypeConverter.Unhandled

    def _filled(self, hint: type, types: Mapping[str, Any], value: Mapping[str, Any]) -> Any:
        """Make a dataclass of the fields that are told, as the SDK does; raises TypeError."""
        told = {}
        for name, each in types.items():
            if name in value:
                try:
                    told[name] = value_to_type(each, value[name], [self])
                except Exception as error:
                    raise TypeError(f"{hint.__name__}.{name} is no {each}") from error
        return hint(**told)


_AS_IT_IS: Final = frozenset({str, int, bool})

_is_naive = lru_cache(maxsize=1024)(naive_union)


@lru_cache(maxsize=1024)
def _types_of(hint: Any) -> Mapping[str, Any] | None:
    """Give the types of a dataclass's fields, None for another type.

    Worked out once: the SDK reads the annotations anew for each value, which takes longer than
    everything else that is done with the value.
    """
    if not (isinstance(hint, type) and is_dataclass(hint)):
        return None
    if not all(each.init for each in fields(hint)):
        return None
    types = get_type_hints(hint)
    return {each.name: types[each.name] for each in fields(hint)}


class _CanonicalJSON(JSONPlainPayloadConverter):
    """Temporal's plain JSON, limited to values with one byte form (`domain/canonical.py`)."""

    def __init__(self) -> None:
        super().__init__(custom_type_converters=[_TypedTimes()])

    def to_payload(self, value: Any) -> Payload:
        """Write a value; raises Malformed for floats, sets, naive times and the like."""
        return Payload(metadata={"encoding": self.encoding.encode()}, data=canonical(_plain(value)))


class MessageConverter(CompositePayloadConverter):
    """Values of messages: None, and canonical JSON of plain values and dataclasses.

    Protobuf is there for one value of the SDK's own, its answer to `__temporal_workflow_metadata`.
    """

    def __init__(self) -> None:
        """Know three encodings; every other one is an error, also the one of refused payloads."""
        super().__init__(
            BinaryNullPayloadConverter(), JSONProtoPayloadConverter(), _CanonicalJSON()
        )


def _plain(value: Any) -> Any:  # noqa: PLR0911 - one line per kind of value
    """Turn dataclasses, enumerations, times and dates into plain JSON values."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str | int) or value is None:
        return value
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise TypeError(f"{value!r} has no zone; a message holds aware times only")
        return instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    return value  # canonical() names it and where it stands


# ---------------------------------------------------------------- failures


class _Lenient(CompositePayloadConverter):
    """Writes what an error carries: an error must never fail to be told."""

    def __init__(self) -> None:
        super().__init__(BinaryNullPayloadConverter(), JSONPlainPayloadConverter())


class _Tolerant(PayloadConverter):
    """Reads what an error carries, leaving out what was refused."""

    def __init__(self, inner: PayloadConverter) -> None:
        self._inner = inner

    def to_payloads(self, values: Sequence[Any]) -> list[Payload]:
        """Write as the inner converter does."""
        return self._inner.to_payloads(values)

    def from_payloads(
        self, payloads: Sequence[Payload], type_hints: list[type] | None = None
    ) -> list[Any]:
        """Read what was let in."""
        let_in = [each for each in payloads if not is_refused(each)]
        return self._inner.from_payloads(let_in, type_hints)


class FailureConverter(DefaultFailureConverterWithEncodedAttributes):
    """Errors with message and stack trace encrypted; a forged detail cannot stop a workflow."""

    def to_failure(
        self, exception: BaseException, payload_converter: PayloadConverter, failure: Failure
    ) -> None:
        """Write an error, whatever its text and details hold."""
        super().to_failure(exception, _Lenient(), failure)

    def from_failure(self, failure: Failure, payload_converter: PayloadConverter) -> BaseException:
        """Read an error, without the details that were refused."""
        return super().from_failure(failure, _Tolerant(payload_converter))


# ---------------------------------------------------------------- all together


@dataclass(frozen=True)
class _GuardedConverter(DataConverter):
    """Temporal's data converter, deaf to references to storage outside of Temporal.

    We have no such storage (large things travel by our own reference and hash). Left alone, the
    SDK raises on a payload that claims to be such a reference, before the codec sees it: a forged
    one would fail the workflow's task for ever.
    """

    known: dict[str, "_GuardedConverter"] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def with_context(self, context: SerializationContext) -> Self:
        """Return the converter of one workflow: of its parts only the codec is another.

        The SDK asks three times for each payload; making the parts anew would take a third of the
        time that a task is encoded in. So they are kept (`known`), by workflow.
        """
        about = _workflow_of(context)
        if about is None:
            return self
        found = self.known.get(about)
        if found is None:
            found = copy(self)
            assert isinstance(self.payload_codec, BoundCodec)
            object.__setattr__(found, "payload_codec", self.payload_codec.with_context(context))
            if len(self.known) >= KNOWN:
                self.known.clear()
            self.known[about] = found
        return cast("Self", found)

    async def _decode_reference_payload_sequence(
        self, payloads: Sequence[Payload]
    ) -> list[Payload]:
        return [
            each if each.metadata.get("encoding") in _READ_BY_CODECS else refused(_NOT_OURS)
            for each in payloads
        ]


def data_converter(ring: KeyRing) -> DataConverter:
    """Return the one converter of client, worker and replayer, encrypting with this ring."""
    return converter_of(EncryptingCodec(ring))


def converter_of(codec: BoundCodec) -> DataConverter:
    """Return our converter around a codec."""
    return _GuardedConverter(
        payload_converter_class=MessageConverter,
        payload_codec=codec,
        failure_converter_class=FailureConverter,
    )
