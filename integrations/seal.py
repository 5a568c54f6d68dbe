"""Sealing of private text: what the vault stores, and what the ledger may know of it.

What belongs here: functions over bytes. What never does: a database, a subject's file, or who may
read (that is `domain/people.py`).

A *subject* is the person a text is about; each has a 256-bit key of their own, stored only wrapped
under the ring's vault key. Destroying the wrapped key is the erasure of all that person's texts,
in every copy and backup: nothing else opens them.

The ledger holds a text's id and its commitment, HMAC-SHA256(salt, text), which proves later that
a shown text is the recorded one. The salt lies inside the sealed text and comes from the subject's
key, not from the ring: after erasure nobody can test guesses ("was it a rash?") against the ledger.

Everything but wrapping is deterministic: the same command sent twice gives the same id, salt,
commitment and ciphertext, so that pressing twice writes one row; and another text under the same
id is noticed and not kept (storage/vault.py). Nonces are taken from the sealed content itself (a
synthetic IV, RFC 5297's idea), so that two contents never share one.
"""

import hmac
import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.errors import BrokenSetup, Malformed
from integrations.key_ring import KEY_BYTES, KeyRing, Purpose

SALT_BYTES = 32
_NONCE_BYTES = 12
_TAG_BYTES = 16
_KEY_ID_BYTES = 8
_SEALED = b"\x01"
_WRAPPED = b"\x01"


@dataclass(frozen=True, slots=True)
class Unsealed:
    """A text that was opened, with the salt of its commitment."""

    text: str
    salt: bytes

    @property
    def commitment(self) -> str:
        """The commitment that the ledger must hold for this text."""
        return commitment(self.salt, self.text)


def new_subject_key() -> bytes:
    """Return a fresh random 256-bit key for one subject."""
    return os.urandom(KEY_BYTES)


def sealed_id(subject_key: bytes, command_id: str, path: str, *content: str) -> str:
    """Return the id of the text at `path` of a command: 32 hex digits, the same at every sending.

    `content` names what else must be the same: texts sent with another content under the same
    command then never share an id. Without the subject's key the id cannot be computed from the
    command, so that erased texts of one person are not linked by it.
    """
    return _mac(subject_key, b"id", _framed(command_id, path, *content))[:16].hex()


def salt_for(subject_key: bytes, text_id: str) -> bytes:
    """Return the 32-byte salt of the text with this id; gone with the subject's key."""
    return _mac(subject_key, b"salt", _framed(text_id))


def commitment(salt: bytes, text: str) -> str:
    """Return HMAC-SHA256(salt, text in UTF-8) as 64 hex digits: what the ledger holds of a text.

    Raises:
        Malformed: the text has half a character in it (a lone surrogate).
    """
    return hmac.digest(salt, _utf8(text), "sha256").hex()


def seal(text: str, subject_key: bytes, binding: str) -> bytes:
    """Encrypt `text` and the salt of its commitment with AES-256-GCM under the subject's key.

    `binding` is the text's id: a ciphertext moved to another row does not open there.
    Layout: 1 byte version, 12 bytes nonce, ciphertext of (32 bytes salt, UTF-8 text), 16 bytes tag.

    Raises:
        Malformed: the text has half a character in it (a lone surrogate).
    """
    content = salt_for(subject_key, binding) + _utf8(text)
    bound = _framed(binding)
    nonce = _mac(subject_key, b"nonce", bound + content)[:_NONCE_BYTES]
    cipher = AESGCM(_mac(subject_key, b"seal", b""))
    return _SEALED + nonce + cipher.encrypt(nonce, content, _SEALED + bound)


def open_sealed(sealed: bytes, subject_key: bytes, binding: str) -> Unsealed:
    """Open what `seal` made.

    Raises:
        BrokenSetup: the bytes were altered, moved, or sealed with another key (`unsealable`).
    """
    cipher = AESGCM(_mac(subject_key, b"seal", b""))
    content = _open(cipher, _SEALED, sealed, _framed(binding))
    if content is None or len(content) < SALT_BYTES:
        raise BrokenSetup(
            f"The private text {binding} does not open: it was altered, or its key is another.",
            "Restore the vault from the backup that belongs to this key ring.",
            code="unsealable",
        )
    return Unsealed(content[SALT_BYTES:].decode(), content[:SALT_BYTES])


def seal_file(content: bytes, subject_key: bytes, binding: str) -> bytes:
    """Encrypt a file's bytes under the subject's key, bound to `binding`; the same bytes, the same.

    Layout: 1 byte version, 12 bytes nonce, ciphertext, 16 bytes tag.
    """
    bound = _framed(binding)
    nonce = _mac(subject_key, b"file-nonce", bound + content)[:_NONCE_BYTES]
    cipher = AESGCM(_mac(subject_key, b"file", b""))
    return _SEALED + nonce + cipher.encrypt(nonce, content, _SEALED + bound)


def open_file(sealed: bytes, subject_key: bytes, binding: str) -> bytes:
    """Open what `seal_file` made.

    Raises:
        BrokenSetup: the bytes were altered, moved, or sealed with another key (`unsealable`).
    """
    cipher = AESGCM(_mac(subject_key, b"file", b""))
    content = _open(cipher, _SEALED, sealed, _framed(binding))
    if content is None:
        raise BrokenSetup(
            f"The private file {binding} does not open: it was altered, or its key is another.",
            "Restore the blobs from the backup that belongs to this key ring.",
            code="unsealable",
        )
    return content


def wrap_key(ring: KeyRing, subject_key: bytes, subject: str) -> bytes:
    """Encrypt a subject's key under the ring's current vault key, bound to the subject's id.

    Layout: 1 byte version, 8 bytes id of the vault key, 12 bytes nonce, 32 bytes key, 16 bytes tag.
    """
    vault = ring.current(Purpose.VAULT)
    head = _WRAPPED + bytes.fromhex(vault.id)
    nonce = os.urandom(_NONCE_BYTES)
    return head + nonce + AESGCM(vault.secret).encrypt(nonce, subject_key, head + _framed(subject))


def unwrap_key(ring: KeyRing, wrapped: bytes, subject: str) -> bytes:
    """Return the subject's key from what `wrap_key` made with this or an older vault key.

    Raises:
        BrokenSetup: the vault key is not in the ring (`vault_key_missing`), or the bytes were
            altered or belong to another subject (`unsealable`).
    """
    key_id = wrapped[1 : 1 + _KEY_ID_BYTES].hex()
    vault = ring.find(Purpose.VAULT, key_id)
    if vault is None:
        raise BrokenSetup(
            f"The key of subject {subject} needs the vault key '{key_id}', which is not here.",
            "Put back the key ring that belongs to this database.",
            code="vault_key_missing",
        )
    subject_key = _open(
        AESGCM(vault.secret), _WRAPPED + bytes.fromhex(key_id), wrapped, _framed(subject)
    )
    if subject_key is None or len(subject_key) != KEY_BYTES:
        raise BrokenSetup(
            f"The key of subject {subject} does not open: it was altered or is another subject's.",
            "Restore the vault from the backup that belongs to this key ring.",
            code="unsealable",
        )
    return subject_key


def _open(cipher: AESGCM, head: bytes, sealed: bytes, bound: bytes) -> bytes | None:
    """Decrypt what follows `head`; None when it is not what was encrypted."""
    start = len(head) + _NONCE_BYTES
    if not sealed.startswith(head) or len(sealed) < start + _TAG_BYTES:
        return None
    try:
        return cipher.decrypt(sealed[len(head) : start], sealed[start:], head + bound)
    except InvalidTag:
        return None


def _mac(key: bytes, use: bytes, content: bytes) -> bytes:
    """Return a 32-byte MAC; `use` keeps the uses of one subject key apart."""
    return hmac.digest(key, b"andon/seal/1/" + use + b"\0" + content, "sha256")


def _framed(*parts: str) -> bytes:
    """Join texts so that no two lists of texts give the same bytes."""
    encoded = [_utf8(part) for part in parts]
    return b"".join(len(each).to_bytes(4) + each for each in encoded)


def _utf8(text: str) -> bytes:
    """Encode a text that a person sent; what has no UTF-8 is theirs to mend."""
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise Malformed(
            f"The text has half a character (a lone surrogate) at position {error.start}.",
            "Remove it.",
        ) from None
