"""The newest signed head of the company's log, kept beside the key ring: outside the database.

What belongs here: one small file, read and replaced whole. What never does: what a head says
(domain/checkpoint.py), or whether the log leads on from it (activities/leading_on.py).

Whoever can write to the database alone can write the log anew and take all its heads out; whoever
signs next would sign that. The file remembers what was signed.
"""

import os
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Final

from domain.errors import BrokenSetup

HEAD_AT_MOST: Final = 64 * 1024
"""Bytes: a head has some hundred, and a line for each key that signed it."""

NAME_HEX: Final = 16


class NewestHead:
    """The file of the record that is known by a name; it need not be there yet."""

    def __init__(self, folder: Path, origin: str) -> None:
        """Know where the file stands or will stand: another record here has another one."""
        self._path = folder / f"{sha256(origin.encode()).hexdigest()[:NAME_HEX]}.note"

    @property
    def path(self) -> Path:
        """Say where the file stands."""
        return self._path

    def read(self) -> str | None:
        """Give the head as it was signed; None where none is kept. Raises BrokenSetup."""
        try:
            with self._path.open("rb") as file:
                return file.read(HEAD_AT_MOST).decode(errors="replace")
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._unusable("read", error) from error

    def keep(self, note: str) -> None:
        """Put a newer head in the place of the one before: a power cut leaves old or new.

        Raises:
            BrokenSetup: the file cannot be written.
        """
        folder = self._path.parent
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor, fresh = tempfile.mkstemp(dir=folder, prefix=f"{self._path.stem}.")
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(note.encode())
                    file.flush()
                    os.fsync(file.fileno())
                Path(fresh).replace(self._path)
            except BaseException:
                Path(fresh).unlink(missing_ok=True)
                raise
        except OSError as error:
            raise self._unusable("written", error) from error

    def _unusable(self, done: str, error: OSError) -> BrokenSetup:
        return BrokenSetup(
            f"The newest signed head {self._path} cannot be {done}: {error.strerror}.",
            "Give its folder to the user that runs Andon, and make room on the disk.",
            code="newest_head",
        )
