"""A time stamp (RFC 3161) as far as it can be read without cryptography: what it is over, and when.

What belongs here: just enough of DER to find the hash and the time in an answer, and to put its
certificates in order. What never does: a signature or a certificate (integrations/stamp_proofs.py).

    TimeStampResp  status, ContentInfo(SignedData)                      RFC 3161, 2.4.2
    SignedData     version, digest algorithms, TSTInfo, certificates…   RFC 5652, 5.1
    TSTInfo        version, policy, hash and its algorithm, serial, time…

templates/dossier/verify.py reads the same, written apart; both refuse the same.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from domain.canonical import sha256_hex
from domain.errors import Malformed

STAMP_AT_MOST: Final = 64 * 1024
"""Bytes of an answer that are read; one with five certificates has some 8,000."""

_INTEGER, _OCTETS, _OID, _TIME, _SEQUENCE, _SET = 0x02, 0x04, 0x06, 0x18, 0x30, 0x31
_FIRST: Final = 0xA0
"""The element of context 0: what is explicitly tagged, and the certificates of SignedData."""

_SIGNED_DATA: Final = bytes.fromhex("2a864886f70d010702")
_TST_INFO: Final = bytes.fromhex("2a864886f70d0109100104")
_SHA256: Final = bytes.fromhex("608648016503040201")
_TIME_FORM: Final = re.compile(rb"([12][0-9]{13})(?:\.([0-9]{1,6})[0-9]{0,3})?Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What an authority says: this hash (SHA-256, hexadecimal) was there at this instant."""

    sha256: str
    at: datetime

    def is_of(self, content: bytes) -> bool:
        """Say whether it is over these bytes."""
        return self.sha256 == sha256_hex(content)


def read_stamp(answer: bytes) -> Stamp:
    """Read an answer that grants a stamp. Raises Malformed; nothing is verified here."""
    status, kind, signed = _signed_data(answer)
    if status != b"\0":
        raise _malformed("It grants nothing.")
    _version, _algorithms, held, _rest = _elements(signed, _INTEGER, _SET, _SEQUENCE)
    name, inner, rest = _elements(held, _OID, _FIRST)
    if (kind, name, rest) != (_SIGNED_DATA, _TST_INFO, b""):
        raise _malformed("It is no time stamp.")
    info = _only(_only(inner, _OCTETS), _SEQUENCE)
    _version, _policy, imprint, _serial, time, _rest = _elements(
        info, _INTEGER, _OID, _SEQUENCE, _INTEGER, _TIME
    )
    algorithm, hashed, rest = _elements(imprint, _SEQUENCE, _OCTETS)
    named, parameters = _elements(algorithm, _OID)
    if named != _SHA256 or parameters not in (b"", b"\x05\0") or len(hashed) != 32 or rest:
        raise _malformed("It is not over a SHA-256.")
    return Stamp(sha256=hashed.hex(), at=_instant(time))


def in_order(answer: bytes) -> bytes:
    """Give an answer with its certificates in the order that DER asks for.

    Many authorities write them as they come; no signature is over them. Raises Malformed.
    """
    status_info, token, _none = _elements(_only(answer, _SEQUENCE), _SEQUENCE, _SEQUENCE)
    kind, held, _none = _elements(token, _OID, _FIRST)
    version, algorithms, inner, rest = _elements(_only(held, _SEQUENCE), _INTEGER, _SET, _SEQUENCE)
    if rest[:1] == bytes([_FIRST]):
        listed, rest = _elements(rest, _FIRST)
        rest = _element(_FIRST, b"".join(sorted(_each(listed)))) + rest
    before = ((_INTEGER, version), (_SET, algorithms), (_SEQUENCE, inner))
    signed = _element(_SEQUENCE, b"".join(_element(*one) for one in before) + rest)
    content = _element(_OID, kind) + _element(_FIRST, signed)
    return _element(_SEQUENCE, _element(_SEQUENCE, status_info) + _element(_SEQUENCE, content))


def _signed_data(answer: bytes) -> tuple[bytes, bytes, bytes]:
    """Give the status, what kind of token it is, and what stands in that."""
    whole = _only(answer, _SEQUENCE)
    status_info, token = _elements(whole, _SEQUENCE)
    status, _words = _elements(status_info, _INTEGER)
    if not token:
        return status, b"", b""
    kind, held, rest = _elements(_only(token, _SEQUENCE), _OID, _FIRST)
    if rest:
        raise _malformed("Something follows the token.")
    return status, kind, _only(held, _SEQUENCE)


def _instant(time: bytes) -> datetime:
    read = _TIME_FORM.fullmatch(time)
    if read is None:
        raise _malformed("Its time is none of UTC.")
    try:
        whole = datetime.strptime(read[1].decode(), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        raise _malformed("Its time is none of UTC.") from None
    return whole.replace(microsecond=int((read[2] or b"").ljust(6, b"0")))


# ---------------------------------------------------------------- elements of DER


def _elements(raw: bytes, *tags: int) -> list[bytes]:
    """Give what stands in elements one behind the other, and what follows them."""
    found = []
    for tag in tags:
        start, end = _bounds(raw)
        if raw[0] != tag:
            raise _malformed(f"Element {raw[0]:#x} stands where {tag:#x} belongs.")
        found.append(raw[start:end])
        raw = raw[end:]
    return [*found, raw]


def _only(raw: bytes, tag: int) -> bytes:
    content, rest = _elements(raw, tag)
    if rest:
        raise _malformed("Something follows an element that stands alone.")
    return content


def _each(raw: bytes) -> list[bytes]:
    """Give whole elements, heads and all."""
    found = []
    while raw:
        _start, end = _bounds(raw)
        found.append(raw[:end])
        raw = raw[end:]
    return found


def _bounds(raw: bytes) -> tuple[int, int]:
    """Say where the content of the first element begins and ends: one way to write a length."""
    if len(raw) < 2 or raw[1] > 0x83 or raw[1] == 0x80:
        raise _malformed("An element is cut off, or longer than any here.")
    start = 2 + max(0, raw[1] - 0x80)
    length = int.from_bytes(raw[2:start], "big") if start > 2 else raw[1]
    is_short = start > 2 and (length < 0x80 or raw[2] == 0)
    if is_short or len(raw) < start + length:
        raise _malformed("An element is cut off, or its length is written another way.")
    return start, start + length


def _element(tag: int, content: bytes) -> bytes:
    length = len(content)
    if length < 0x80:
        return bytes([tag, length]) + content
    told = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 + len(told)]) + told + content


def _malformed(sentence: str) -> Malformed:
    return Malformed(sentence, "Ask the authority for another stamp.", code="stamp_malformed")
