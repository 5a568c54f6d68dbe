"""Files of the installation in TOML: read, or refused in one sentence that names the file.

What belongs here: bytes to a plain table. What never does: what a file must say (domain/).
"""

import tomllib
from pathlib import Path
from typing import Any

from domain.errors import BrokenSetup


def read_toml(path: Path, what: str, instead: str = "Name a file that is there.") -> dict[str, Any]:
    """Read a file; `what` names it in sentences, `instead` says what to do when it is not there.

    Raises BrokenSetup: it cannot be read, is not UTF-8, or is not TOML that anybody means.
    """
    return read_placed(path, what, instead)[0]


def read_placed(
    path: Path, what: str, instead: str = "Name a file that is there."
) -> tuple[dict[str, Any], str]:
    """Read a file as `read_toml` does; give its text beside the table, for where things stand."""
    text = read_text(path, what, instead)
    return table_of(text, path, what), text


def read_text(path: Path, what: str, instead: str = "Name a file that is there.") -> str:
    """Read a file's text. Raises BrokenSetup: it cannot be read, or is not UTF-8."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise BrokenSetup(
            f"The {what} {path} cannot be read: {error.strerror}.", instead
        ) from error
    except UnicodeDecodeError as error:
        raise BrokenSetup(
            f"The {what} {path} is not UTF-8 (byte {error.start}).", "Save it as UTF-8."
        ) from error


def table_of(text: str, path: Path, what: str) -> dict[str, Any]:
    """Read the text of a file. Raises BrokenSetup: it is not TOML that anybody means."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BrokenSetup(
            f"The {what} {path} is not TOML: {error}.", "Correct the line named here."
        ) from error
    except (RecursionError, ValueError) as error:
        raise BrokenSetup(
            f"The {what} {path} holds a number or a nesting that no such file needs.",
            "Look for a very long number, or for brackets in brackets, and correct it.",
        ) from error
