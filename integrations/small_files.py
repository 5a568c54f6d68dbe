"""Files that somebody names on a command line or in a setting, and that are short.

What belongs here: reading one without waiting for it or filling the memory with it. What never
does: what stands in it.
"""

from pathlib import Path

from domain.errors import Malformed


def small_file(path: Path, at_most: int) -> bytes:
    """Read a file of `at_most` bytes. Raises Malformed for what is longer or no file, OSError.

    A pipe or a device would keep whoever reads it waiting for ever, or never end.
    """
    path.stat()
    if not path.is_file():
        raise Malformed(f"{path} is no file.", "Name the file itself.")
    with path.open("rb") as file:
        content = file.read(at_most + 1)
    if len(content) > at_most:
        raise Malformed(f"{path} is longer than {at_most} bytes.", "Name a file of that kind.")
    return content
