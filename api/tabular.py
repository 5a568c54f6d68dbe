"""Tables as files: CSV that a spreadsheet opens safely, and several of them in one archive.

What belongs here: writing rows. What never does: which rows, or their words.

A cell that a spreadsheet would take for a formula gets an apostrophe before it (OWASP, "CSV
Injection"); whole numbers stay numbers. UTF-8 with a byte order mark: without it Excel reads
Chinese as something else.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

BOM: Final = "\ufeff"
FORMULAS: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
"""How what a spreadsheet would calculate begins, also behind a sign that it passes over.

The full-width signs are those that a spreadsheet set to Chinese or Japanese takes for the others.
"""

PASSED_OVER: Final = " \u00a0\u3000"
"""Spaces before a formula that a spreadsheet may pass over."""

CSV: Final = "text/csv; charset=utf-8"
ZIP: Final = "application/zip"
MADE_AT: Final = (1980, 1, 1, 0, 0, 0)
"""When files of an archive were made, as it says: the same content is the same bytes."""

Field = str | int | None


def csv_of(lines: Iterable[Sequence[Field]]) -> bytes:
    """Write lines as CSV (RFC 4180), unknown values empty."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    for line in lines:
        writer.writerow([_safe(one) for one in line])
    return (BOM + written.getvalue()).encode("utf-8", "replace")


def _safe(value: Field) -> str | int:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int):
        return value
    return inert(value.replace("\x00", ""))


def inert(text: str) -> str:
    """Give a cell that no spreadsheet calculates."""
    return f"'{text}" if text.lstrip(PASSED_OVER).startswith(FORMULAS) else text


def zip_of(files: Mapping[str, bytes]) -> bytes:
    """Put files into an archive; the same files give the same bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, MADE_AT)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, files[name])
    return made.getvalue()


def instant(at: datetime) -> str:
    """Write an instant so that a spreadsheet and a person read it alike: UTC, and says so."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%SZ")
