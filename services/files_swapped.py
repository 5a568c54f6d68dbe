"""A folder that is written whole beside the old one and then takes its place.

What belongs here: the disk. What never does: what the files are. Whoever reads the folder, and
whoever starts after a crash, finds the old files or the new ones, never some of each.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from domain.errors import AndonError, BrokenSetup


@contextmanager
def alone_at(folder: Path) -> Iterator[None]:
    """Be the only one who writes this folder, from before its files are drawn until they lie there.

    The lock is a file beside the folder and ends with its process, however that ends. Raises
    AndonError (`already_running`) where another has it, BrokenSetup where nothing can be written.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        held = os.open(folder.with_name(f".{folder.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise _cannot_write(folder, error) from error
    try:
        _take(held, folder)
        yield
    finally:
        os.close(held)


def _take(lock: int, folder: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise AndonError(
            f"Another run is writing {folder} at this moment; this one changed nothing.",
            "Wait until it has ended; the next run takes up what is new.",
            code="already_running",
        ) from None
    except OSError as error:
        raise _cannot_write(folder, error) from error


def swap_in(folder: Path, files: Mapping[str, bytes], mark: str) -> bool:
    """Let a folder hold these files and no others; False where it did already.

    Whoever calls it is `alone_at` the folder: two at once would move each other's files.
    `mark` is the file by which such a folder is known. Raises BrokenSetup where something else lies
    there, or nothing can be written.
    """
    new, old = (folder.with_name(f".{folder.name}.{which}") for which in ("new", "old"))
    try:
        if old.exists() and not folder.exists():
            old.rename(folder)  # we were cut off between the two moves below
        _require_ours(folder, mark)
        if _holds(folder, files):
            return False
        for left in (new, old):
            shutil.rmtree(left, ignore_errors=True)
        _write(new, files)
        with suppress(FileNotFoundError):
            folder.rename(old)
        new.rename(folder)
        shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        raise _cannot_write(folder, error) from error
    return True


def _cannot_write(folder: Path, error: OSError) -> BrokenSetup:
    return BrokenSetup(
        f"The files cannot be written to {folder}: {error.strerror}.",
        "Choose a folder that this user may write to, on a disk with room.",
    )


def _require_ours(folder: Path, mark: str) -> None:
    if folder.exists() and not (folder / mark).is_file() and any(folder.iterdir()):
        raise BrokenSetup(
            f"{folder} holds something that was not exported from here; nothing was changed.",
            "Choose another folder, or empty this one.",
        )


def _holds(folder: Path, files: Mapping[str, bytes]) -> bool:
    """Compare byte by byte: a file that somebody changed or lost is written again."""
    there = {
        path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()
    }
    return there.keys() == files.keys() and all(
        path.stat().st_size == len(files[name]) and path.read_bytes() == files[name]
        for name, path in there.items()
    )


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    os.sync()  # on the disk before it is moved: a power cut leaves no empty files in its place
