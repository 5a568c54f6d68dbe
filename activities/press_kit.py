"""Files in one zip that is the same, byte for byte, whenever it is packed.

What belongs here: packing. What never does: what is in it (api/pages/public_papers.py).
"""

import io
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

EARLIEST: Final = 1980
"""The first year that a zip can write."""

_READABLE: Final = 0o644 << 16


def packed(files: Mapping[str, bytes], at: datetime) -> bytes:
    """Pack files by name, in the order given, each with the same date (UTC)."""
    told = at.astimezone(UTC)
    stamp = (max(told.year, EARLIEST), told.month, told.day, told.hour, told.minute, told.second)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as kit:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, stamp)
            entry.create_system = 3  # as Unix writes it, wherever it is packed
            entry.external_attr = _READABLE
            kit.writestr(entry, content, zipfile.ZIP_DEFLATED, 9)
    return held.getvalue()
