"""Keys that sign heads of the ledger, and keys that verify them: Ed25519 (RFC 8032).

What belongs here: signing a text, and finding the signature of a known key under a note. What never
does: the text (domain/checkpoint.py), or where keys come from (integrations/key_ring.py).
"""

from collections.abc import Iterable
from dataclasses import replace

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from domain.checkpoint import Note, NoteSignature, VerifierKey


class NoteSigner:
    """Signs texts with one key of this installation."""

    def __init__(self, name: str, seed: bytes) -> None:
        """Make the key from its 32-byte seed; `name` is what verifiers know it by."""
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.key = VerifierKey(name=name, public=self._private.public_key().public_bytes_raw())

    def sign(self, text: str) -> Note:
        """Sign a text."""
        return self.also(Note(text=text, signatures=()))

    def also(self, note: Note) -> Note:
        """Add this key's signature to a note: where keys change, both sign."""
        made = self._private.sign(note.text.encode())
        line = NoteSignature(name=self.key.name, key_id=self.key.id, signature=made)
        return replace(note, signatures=(*note.signatures, line))


def signed_by(note: Note, known: Iterable[VerifierKey]) -> tuple[VerifierKey, ...]:
    """Give the known keys that signed a note; what unknown keys say counts for nothing.

    A signature that claims to be of a known key and is not makes the note nobody's. Where several
    known keys have one name and one id, which is four bytes alone, it may be of any of them.
    """
    keys: dict[tuple[str, bytes], list[VerifierKey]] = {}
    for key in dict.fromkeys(known):
        keys.setdefault((key.name, key.id), []).append(key)
    found = []
    for one in note.signatures:
        meant = keys.get((one.name, one.key_id))
        if meant is None:
            continue
        signer = next((key for key in meant if _is_of(key, one.signature, note.text)), None)
        if signer is None:
            return ()
        found.append(signer)
    return tuple(found)


def _is_of(key: VerifierKey, signature: bytes, text: str) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, text.encode())
    except (InvalidSignature, ValueError):
        return False
    return True
