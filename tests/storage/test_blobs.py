"""Blobs lie under the hash of their bytes, whole or not at all."""

import errno
import hashlib
import os
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from domain.errors import BrokenSetup, Malformed, NotConfirmed, NotFound, TooLarge
from storage.blobs import Blob, BlobDirectory, BlobLabel, blob, put_blob, read_blob
from storage.failures import told
from tests.storage.streams import NOON

LABEL = BlobLabel(media_type="image/jpeg", stored_at=NOON, name_ref="t1")


@pytest.fixture
def directory(tmp_path: Path) -> BlobDirectory:
    return BlobDirectory(tmp_path / "blobs", limit=100_000)


def turned(content: bytes) -> bytes:
    """Seal and unseal, as a person can see it: the bytes backwards."""
    return content[::-1]


def files(directory: BlobDirectory) -> list[Path]:
    """List everything that lies in the directory."""
    return [path for path in directory.root.rglob("*") if path.is_file()]


def test_content_is_kept_under_its_hash_and_comes_back(
    engine: Engine, directory: BlobDirectory
) -> None:
    content = b"\x00\xff a photo"
    kept = put_blob(engine, directory, content, LABEL)
    address = hashlib.sha256(content).hexdigest()
    assert kept == Blob(
        sha256=address,
        size=len(content),
        media_type="image/jpeg",
        private=False,
        stored_at=NOON,
        name_ref="t1",
    )
    assert blob(engine, address) == kept
    assert read_blob(engine, directory, address) == content
    [file] = files(directory)
    assert file == directory.root / address[:2] / address[2:4] / address
    assert file.stat().st_mode & 0o077 == 0


def test_private_content_is_kept_sealed_under_the_hash_of_what_lies_there(
    engine: Engine, directory: BlobDirectory
) -> None:
    kept = put_blob(engine, directory, b"a face", LABEL, seal=turned)
    assert kept.private
    assert kept.sha256 == hashlib.sha256(b"ecaf a").hexdigest()
    [file] = files(directory)
    assert file.read_bytes() == b"ecaf a"
    assert read_blob(engine, directory, kept.sha256, unseal=turned) == b"a face"


def test_nobody_takes_sealed_bytes_for_content(engine: Engine, directory: BlobDirectory) -> None:
    private = put_blob(engine, directory, b"a face", LABEL, seal=turned)
    public = put_blob(engine, directory, b"a notice", LABEL)
    with pytest.raises(Malformed):
        read_blob(engine, directory, private.sha256)
    with pytest.raises(Malformed):
        read_blob(engine, directory, public.sha256, unseal=turned)


def test_the_same_bytes_are_kept_once_with_their_first_label(
    engine: Engine, directory: BlobDirectory
) -> None:
    first = put_blob(engine, directory, b"same", LABEL)
    again = put_blob(engine, directory, b"same", BlobLabel(media_type="a/b", stored_at=NOON))
    assert again == first
    assert len(files(directory)) == 1


def test_a_damaged_file_is_never_given_out_and_is_mended_by_putting_it_again(
    engine: Engine, directory: BlobDirectory
) -> None:
    kept = put_blob(engine, directory, b"evidence", LABEL)
    directory.path(kept.sha256).write_bytes(b"altered!")
    with pytest.raises(BrokenSetup, match="damaged") as failure:
        read_blob(engine, directory, kept.sha256)
    assert failure.value.code == "blob_damaged"
    put_blob(engine, directory, b"evidence", LABEL)
    assert read_blob(engine, directory, kept.sha256) == b"evidence"


def test_what_is_too_large_is_refused(engine: Engine, directory: BlobDirectory) -> None:
    put_blob(engine, directory, b"x" * 100_000, LABEL)
    with pytest.raises(TooLarge, match="100001 bytes"):
        put_blob(engine, directory, b"x" * 100_001, LABEL)
    assert len(files(directory)) == 1


@pytest.mark.parametrize("address", ["", "../../etc/passwd", "A" * 64, "0" * 63], ids=str)
def test_what_is_no_address_is_refused(directory: BlobDirectory, address: str) -> None:
    with pytest.raises(Malformed):
        directory.get(address)


def test_what_is_not_there_is_not_found(engine: Engine, directory: BlobDirectory) -> None:
    with pytest.raises(NotFound):
        read_blob(engine, directory, "0" * 64)
    with pytest.raises(NotFound):
        directory.get("0" * 64)


@contextmanager
def a_disk_without_room(room: int) -> Iterator[None]:
    """Let no file of this process grow beyond `room` bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


def test_a_write_that_fails_leaves_no_part_of_a_file(directory: BlobDirectory) -> None:
    with a_disk_without_room(10_000), pytest.raises(OSError, match=os.strerror(errno.EFBIG)):
        directory.put(b"x" * 90_000)
    assert files(directory) == []
    directory.put(b"x" * 90_000)
    assert len(files(directory)) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full is there on Linux alone")
def test_a_full_disk_says_so() -> None:
    with pytest.raises(NotConfirmed) as failure, told():
        Path("/dev/full").write_bytes(b"x")
    assert failure.value.code == "disk_full"
