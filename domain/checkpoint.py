"""Heads of a ledger as text that is signed: C2SP signed notes and tlog checkpoints.

What belongs here: the text of a head and of a note, and what a key is called. What never does:
cryptography (integrations/note_keys.py), where heads are kept, or when one is signed.

    checkpoint  origin, number of entries, root in base64, further lines; each ends with a newline
    note        the text, an empty line, and a line for each signature:
                EM DASH, space, name of the key, space, base64(4 bytes of key id || signature)
    vkey        name of the key, +, key id in hex, +, base64(0x01 || public key): what a verifier
                is given, once, by another way than the note

Sources: C2SP signed-note and tlog-checkpoint (c2sp.org), version 1.
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from typing import Final

from domain.errors import Malformed

DASH: Final = "\u2014"
ED25519: Final = b"\x01"
"""The kind of a key, as the first byte of what its id is made of."""

KEY_ID_BYTES: Final = 4
SIGNATURES_AT_MOST: Final = 16
BYTES_AT_MOST: Final = 64 * 1024
_SIZE: Final = re.compile(r"0|[1-9][0-9]{0,15}")
_NAME: Final = re.compile(r"[^\s+\x00-\x1f\x7f]{1,200}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """A head: whose it is (`origin`), how many entries, and the root (32 bytes) over them.

    `more` are further lines; verifiers that do not know them pass them by.
    """

    origin: str
    size: int
    root: bytes
    more: tuple[str, ...] = ()

    def text(self) -> str:
        """Write the text that is signed."""
        root = base64.b64encode(self.root).decode()
        return "".join(f"{line}\n" for line in (self.origin, str(self.size), root, *self.more))


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteSignature:
    """One line under a note: which key is meant (its name and id), and its signature."""

    name: str
    key_id: bytes
    signature: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A text with the signatures under it; nothing is said yet of whether they are right."""

    text: str
    signatures: tuple[NoteSignature, ...]

    def written(self) -> str:
        """Write the note as it is kept and handed over."""
        lines = [
            f"{DASH} {one.name} {base64.b64encode(one.key_id + one.signature).decode()}\n"
            for one in self.signatures
        ]
        return f"{self.text}\n{''.join(lines)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifierKey:
    """What a verifier is given: the name of a key, and the public Ed25519 key (32 bytes)."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        """Give the four bytes by which a note names the key."""
        named = self.name.encode() + b"\n" + ED25519 + self.public
        return hashlib.sha256(named).digest()[:KEY_ID_BYTES]

    def text(self) -> str:
        """Write the key as one word."""
        told = base64.b64encode(ED25519 + self.public).decode()
        return f"{self.name}+{self.id.hex()}+{told}"


def read_checkpoint(text: str) -> Checkpoint:
    """Read the text of a head.

    Raises:
        Malformed: it is none, or is not written in the one way that there is.
    """
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1] or not lines[0] or not _SIZE.fullmatch(lines[1]):
        raise _malformed("This is not a head of a ledger.")
    root = _base64(lines[2])
    if len(root) != hashlib.sha256().digest_size or not all(lines[3:-1]):
        raise _malformed("This is not a head of a ledger.")
    return Checkpoint(origin=lines[0], size=int(lines[1]), root=root, more=tuple(lines[3:-1]))


def read_note(written: str) -> Note:
    """Read a signed note; whether its signatures are right is another question.

    Raises:
        Malformed: it is none: no text, no signature, or a line that is no signature.
    """
    if len(written) > BYTES_AT_MOST:
        raise _malformed("This is not a signed note.")
    text, found, signed = written.rpartition("\n\n")
    lines = signed.split("\n")
    if not found or not text or lines[-1] or not 1 <= len(lines) - 1 <= SIGNATURES_AT_MOST:
        raise _malformed("This is not a signed note.")
    return Note(text=f"{text}\n", signatures=tuple(_signature(line) for line in lines[:-1]))


def read_key(word: str) -> VerifierKey:
    """Read a verifier key.

    Raises:
        Malformed: it is none, of another kind, or its id is another key's.
    """
    name, _, rest = word.strip().partition("+")
    key_id, _, told = rest.partition("+")
    known = _base64(told)
    if not _NAME.fullmatch(name) or known[:1] != ED25519 or len(known) != 33:
        raise _malformed("This is not a key to verify heads with.")
    key = VerifierKey(name=name, public=known[1:])
    if key.id.hex() != key_id:
        raise _malformed("This is not a key to verify heads with.")
    return key


def key_name(word: str) -> str:
    """Give a name back that a key may have.

    Raises:
        Malformed: it is empty, too long, or holds a space or a plus sign.
    """
    if not _NAME.fullmatch(word):
        raise _malformed("This is not a name for a key.")
    return word


def _signature(line: str) -> NoteSignature:
    dash, _, rest = line.partition(" ")
    name, _, told = rest.partition(" ")
    made = _base64(told)
    if dash != DASH or not _NAME.fullmatch(name) or len(made) <= KEY_ID_BYTES:
        raise _malformed("This is not a signed note.")
    return NoteSignature(name=name, key_id=made[:KEY_ID_BYTES], signature=made[KEY_ID_BYTES:])


def _base64(text: str) -> bytes:
    try:
        read = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
    # One way of writing alone: spare bits would let one head be written in several ways.
    return read if base64.b64encode(read).decode() == text else b""


def _malformed(sentence: str) -> Malformed:
    return Malformed(sentence, "Pass the text as it was handed over, whole.")
