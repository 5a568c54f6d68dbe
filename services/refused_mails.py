"""Mails that were refused before: a run from cron tells of each once, and passes it over then.

What belongs here: a file in the home with a hash for each such mail. What never does: why one was
refused (integrations/bounces.py), or the mail itself.
"""

from contextlib import suppress
from pathlib import Path
from typing import Final

from domain.canonical import sha256_hex

REMEMBERED_AT_MOST: Final = 10_000
"""Hashes that are kept, the newest: whoever fills our mailbox does not fill the disk."""


class RefusedMails:
    """The mails that earlier runs refused."""

    def __init__(self, file: Path) -> None:
        """Read what is remembered; nothing where the file is not there."""
        self._file = file
        self._known: dict[str, None] = {}
        with suppress(FileNotFoundError):
            self._known = dict.fromkeys(file.read_text("ascii", "replace").split())
        self._before = len(self._known)

    def has(self, raw: bytes) -> bool:
        """Say whether a mail was refused before."""
        return sha256_hex(raw) in self._known

    def add(self, raw: bytes) -> None:
        """Remember a mail from `keep` on."""
        self._known[sha256_hex(raw)] = None

    def keep(self) -> None:
        """Write what is remembered, where there is more; a full disk means to tell it again."""
        if len(self._known) == self._before:
            return
        with suppress(OSError):
            beside = self._file.with_name(f"{self._file.name}.new")
            beside.write_text("\n".join([*self._known][-REMEMBERED_AT_MOST:]) + "\n", "ascii")
            beside.replace(self._file)
