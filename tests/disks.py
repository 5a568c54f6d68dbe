"""Small disks that are really full: a file system in memory with a size, mounted for a test.

What belongs here: making, filling and growing one. What never does: what happens on it. Where
mounting is not permitted, such tests are left out and say so.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Disk:
    """A mounted file system."""

    path: Path

    def grow(self, size: str) -> None:
        """Make room, or take it."""
        _mount("-o", f"remount,size={size}", str(self.path))

    def freeze(self) -> None:
        """Let nobody write any more."""
        _mount("-o", "remount,ro", str(self.path))

    def fill(self) -> None:
        """Take all the room there is."""
        self._ballast.write_bytes(b"")
        with self._ballast.open("ab", buffering=0) as ballast:
            for size in (1 << 20, 1 << 12, 1):
                while _could_write(ballast.fileno(), size):
                    pass

    def empty(self) -> None:
        """Give the room back."""
        self._ballast.unlink()

    @property
    def _ballast(self) -> Path:
        return self.path / "ballast"


@contextmanager
def small_disk(path: Path, size: str) -> Iterator[Disk]:
    """Mount a disk of a size such as `4m`, and take it away again."""
    path.mkdir(parents=True)
    program = shutil.which("mount")
    if program is None or os.geteuid() != 0:
        pytest.skip("a full disk needs the right to mount one: run the tests as root")
    try:
        _mount("-t", "tmpfs", "-o", f"size={size},mode=0700", "tmpfs", str(path))
    except subprocess.CalledProcessError as error:
        pytest.skip(f"mounting is not permitted here: {error.stderr.decode().strip()}")
    try:
        yield Disk(path)
    finally:
        subprocess.run(["umount", "--lazy", str(path)], check=True)


def _mount(*words: str) -> None:
    subprocess.run(["mount", *words], check=True, capture_output=True)


def _could_write(file: int, size: int) -> bool:
    try:
        return os.write(file, b"\0" * size) > 0
    except OSError:
        return False
