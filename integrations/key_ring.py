"""The installation's secret keys: one file, 256-bit keys by purpose, rotated without loss.

What belongs here: making, reading and choosing keys. What never does: encryption itself, or the
question whether a missing ring is a fresh installation or a lost one (only the caller knows
whether a database exists).

Every purpose has a current key, which writes, and the keys before it, which still read: history,
vault and sessions outlive a rotation. A key's id is derived from the key, so that two rings never
use one id for two keys and a damaged file is noticed. The ring is needed for as long as the record
must be readable: whoever loses it has lost the private texts and the replay of the histories.

A running process notices a rotation by another one: asked for an id it does not know, it reads the
file again when the file has changed. So new keys need no common restart.
"""

import base64
import binascii
import fcntl
import hashlib
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from domain.errors import BrokenSetup

KEY_BYTES = 32
SHORTEST_SECRET = 32
"""Characters that `ANDON_SECRET_KEY` must have at least."""

_FORMAT = 1


class Purpose(StrEnum):
    """What a key is for; a key never serves two purposes."""

    PAYLOAD = "payload"
    """Messages in Temporal's histories."""
    VAULT = "vault"
    """Wrapping the keys of the people whose private texts the vault holds."""
    SESSION = "session"
    """Signing the cookies of signed-in people."""
    LINK = "link"
    """Signing the links that consignees and experts get instead of an account."""
    HEAD = "head"
    """The seed of the Ed25519 key that signs heads of the ledger."""


@dataclass(frozen=True, slots=True)
class Key:
    """One 256-bit key and the id that is written beside everything it protects."""

    id: str
    secret: bytes = field(repr=False)

    @classmethod
    def of(cls, secret: bytes) -> "Key":
        """Name a key by its own hash: 16 hex digits that say nothing about its 256 bits."""
        return cls(hashlib.sha256(b"andon/key-id/1" + secret).hexdigest()[:16], secret)


_Keys = Mapping[Purpose, tuple[Key, ...]]
_Fingerprint = tuple[int, int]


class KeyRing:
    """The keys of one installation; per purpose the oldest first, the current one last.

    Make one with `create`, `load` or `from_secret`.
    """

    def __init__(
        self, keys: _Keys, path: Path | None = None, seen: _Fingerprint | None = None
    ) -> None:
        """Hold keys that were checked; `path` and `seen` tell the file they came from, if any."""
        self._keys = keys
        self._path = path
        # Taken before the file was read: a change in between is then noticed, not missed.
        self._seen = seen

    @classmethod
    def create(cls, path: Path) -> "KeyRing":
        """Write a new ring of random keys (mode 0600, all or nothing) and return it.

        Raises:
            BrokenSetup: there is a ring already (it is never overwritten), or it cannot be written.
        """
        keys = {purpose: (Key.of(secrets.token_bytes(KEY_BYTES)),) for purpose in Purpose}
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with _only_writer(path):
                if path.exists():
                    raise BrokenSetup(
                        f"There is a key ring at {path} already.",
                        "Use it, or move it away first: what it protects is lost without it.",
                    )
                _write(path, keys)
                seen = _fingerprint(path)
        except OSError as error:
            raise _unwritable(path, error) from error
        return cls(keys, path, seen)

    @classmethod
    def load(cls, path: Path) -> "KeyRing":
        """Read the ring at `path`.

        Raises:
            BrokenSetup: it is missing, unreadable, open to others, damaged or too weak.
        """
        seen = _fingerprint(path)
        return cls(_read(path), path, seen)

    @classmethod
    def from_secret(cls, secret: str, *older: str) -> "KeyRing":
        """Derive the ring from `ANDON_SECRET_KEY` (HKDF, RFC 5869), so that no file is needed.

        `older` are secrets used before, oldest first: what they protected stays readable.

        Raises:
            BrokenSetup: a secret is too short.
        """
        secrets_in_order = (*older, secret)
        return cls(
            {
                purpose: tuple(_derive(each, purpose) for each in secrets_in_order)
                for purpose in Purpose
            }
        )

    def current(self, purpose: Purpose) -> Key:
        """Return the key that writes for this purpose now."""
        return self._keys[purpose][-1]

    def find(self, purpose: Purpose, key_id: str) -> Key | None:
        """Return the key of this id, current or older; None when this installation never had it."""
        found = self._held(purpose, key_id)
        if found is None and self._path and self._seen != _fingerprint(self._path):
            self._reload(self._path)
            found = self._held(purpose, key_id)
        return found

    def all(self, purpose: Purpose) -> tuple[Key, ...]:
        """Return every key of this purpose, oldest first (to verify signatures made by any)."""
        return self._keys[purpose]

    def rotate(self, purpose: Purpose) -> Key:
        """Add a new current key for `purpose`, write the file, and return the key.

        Raises:
            BrokenSetup: the ring is derived from a secret, or the file cannot be read or written.
        """
        if self._path is None:
            raise BrokenSetup(
                "The keys are derived from ANDON_SECRET_KEY and cannot be rotated one by one.",
                "Set a new ANDON_SECRET_KEY and keep the present one among the older secrets.",
            )
        new = Key.of(secrets.token_bytes(KEY_BYTES))
        try:
            with _only_writer(self._path):
                # Another process may have rotated since: its keys must not be written away.
                keys = dict(_read(self._path))
                keys[purpose] = (*keys[purpose], new)
                _write(self._path, keys)
                self._keys, self._seen = keys, _fingerprint(self._path)
        except OSError as error:
            raise _unwritable(self._path, error) from error
        return new

    def _held(self, purpose: Purpose, key_id: str) -> Key | None:
        """Look among the keys in memory."""
        return next((key for key in self._keys[purpose] if key.id == key_id), None)

    def _reload(self, path: Path) -> None:
        """Take over keys added by another process; a ring that broke meanwhile changes nothing."""
        self._seen = _fingerprint(path)
        try:
            self._keys = _read(path)
        except BrokenSetup:
            # The keys in memory are still good, and whoever starts next is told what is wrong.
            return


def _derive(secret: str, purpose: Purpose) -> Key:
    """Derive one purpose's key from a settings secret."""
    if len(secret) < SHORTEST_SECRET:
        raise BrokenSetup(
            f"ANDON_SECRET_KEY has {len(secret)} characters; it needs at least {SHORTEST_SECRET}.",
            "Make one with: python -c 'import secrets; print(secrets.token_urlsafe(48))'",
        )
    derivation = HKDF(
        algorithm=SHA256(), length=KEY_BYTES, salt=b"andon/ring/1", info=purpose.value.encode()
    )
    return Key.of(derivation.derive(secret.encode()))


def _read(path: Path) -> _Keys:
    """Read and check a ring file; every sentence names the file and the remedy."""
    try:
        mode = path.stat().st_mode
        if mode & 0o077:
            raise BrokenSetup(
                f"The key ring {path} can be read by others (mode {mode & 0o777:04o}).",
                f"Only its owner may read it: chmod 600 {path}",
            )
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise BrokenSetup(
            f"There is no key ring at {path}.",
            "Put it back from the backup; without it histories and private texts cannot be read.",
            code="key_ring_missing",
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise BrokenSetup(
            f"The key ring {path} cannot be read: {error}.",
            "Give it to the user that runs Andon, or put it back from the backup.",
        ) from error
    try:
        return _parse(json.loads(text))
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error) as error:
        raise BrokenSetup(
            f"The key ring {path} is damaged: {error}.", "Put it back from the backup."
        ) from None


def _parse(ring: dict[str, object]) -> _Keys:
    """Turn the file's JSON into keys; raises ValueError and its kin with what is wrong."""
    if ring["v"] != _FORMAT:
        raise ValueError(f"its format is {ring['v']!r}, this release reads {_FORMAT}")
    stored = ring["keys"]
    if not isinstance(stored, dict):
        raise TypeError("its keys are not an object")
    return {purpose: _parse_keys(purpose, stored.get(purpose)) for purpose in Purpose}


def _parse_keys(purpose: Purpose, stored: object) -> tuple[Key, ...]:
    """Read the keys of one purpose, oldest first."""
    if not isinstance(stored, list) or not stored:
        raise ValueError(f"it has no key for '{purpose}'")
    keys = []
    for each in stored:
        key = Key.of(base64.b64decode(each["secret"], validate=True))
        if len(key.secret) != KEY_BYTES:
            bits = len(key.secret) * 8
            raise ValueError(f"a key for '{purpose}' has {bits} bits instead of {KEY_BYTES * 8}")
        if key.id != each["id"]:
            raise ValueError(f"the key {each['id']!r} for '{purpose}' is not the one it was")
        keys.append(key)
    return tuple(keys)


def _write(path: Path, keys: _Keys) -> None:
    """Write beside the file, flush to the disk, then rename: a power cut leaves old or new."""
    ring = {
        "v": _FORMAT,
        "keys": {
            purpose.value: [
                {"id": key.id, "secret": base64.b64encode(key.secret).decode()} for key in each
            ]
            for purpose, each in keys.items()
        },
    }
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(ring, file, indent=2)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    _flush_folder(path.parent)


def _flush_folder(folder: Path) -> None:
    """Make the rename itself survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _only_writer(path: Path) -> Iterator[None]:
    """Hold the folder's lock: two rotations at once would lose one key and all it wrote."""
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _fingerprint(path: Path) -> _Fingerprint | None:
    """Say which version of the file this is; None when there is no file."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns


def _unwritable(path: Path, error: OSError) -> BrokenSetup:
    """Say that the ring could not be written."""
    return BrokenSetup(
        f"The key ring {path} cannot be written: {error}.",
        "Give its folder to the user that runs Andon, and make room on the disk.",
    )
