"""The one byte form of a value: canonical JSON (RFC 8785), so that equal values have equal hashes.

What belongs here: turning plain values into bytes and naming what cannot be turned. What never
does: what the values mean. Within the limits below the standard library's sorted, compact JSON
is RFC 8785; a property test holds it against the `rfc8785` package.

    str                no NUL (PostgreSQL cannot store it), no lone surrogate (no UTF-8 for it)
    int                |n| < 2^53, what every JSON reader can hold
    bool, None
    list, tuple        in the order given; a set has no order and is refused
    dict               ASCII keys, sorted: byte order and RFC 8785's UTF-16 order are then the same

There are no floats: an integer of a named unit, or a decimal string.
"""

import hashlib
import json

from domain.errors import FieldError, Malformed

LARGEST_INTEGER = 2**53 - 1
"""The largest absolute value of an integer (RFC 8785, 3.2.2.3: the range of exact doubles)."""

DEEPEST = 64
"""How many lists and objects may stand inside one another; also what stops a circle."""

_JSON = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False, check_circular=False
)


def canonical(value: object) -> bytes:
    """Return the RFC 8785 bytes of `value` (str, int, bool, None, list, tuple, dict).

    Raises:
        Malformed: something in it has no canonical form; the sentence names the path to it.
    """
    _check(value, "", 0)
    return _JSON.encode(value).encode()


def sha256_hex(content: bytes) -> str:
    """Return the SHA-256 of `content` as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def _check(value: object, path: str, depth: int) -> None:
    """Walk the whole value before a byte is written, so that the error can name the place."""
    if isinstance(value, str):
        _check_text(value, path)
    elif isinstance(value, int):
        if abs(value) > LARGEST_INTEGER:
            raise _refused(path, "is an integer of 2^53 or more", "Send it as a decimal string.")
    elif isinstance(value, (list, tuple)):
        _check_depth(path, depth)
        for index, item in enumerate(value):
            _check(item, f"{path}[{index}]", depth + 1)
    elif isinstance(value, dict):
        _check_depth(path, depth)
        for key, item in value.items():
            _check_key(key, path)
            _check(item, f"{path}.{key}" if path else key, depth + 1)
    elif isinstance(value, float):
        hint = "Send an integer of a named unit, or a decimal string."
        raise _refused(path, "is a floating-point number", hint)
    elif value is not None:
        kind = type(value).__name__
        raise _refused(
            path, f"is a {kind}", "Use text, integers, true, false, null, lists, objects."
        )


def _check_text(text: str, path: str) -> None:
    """Refuse what UTF-8 or a database column cannot hold."""
    if "\0" in text:
        raise _refused(path, "has a NUL character in it", "Remove it.")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError as error:
            what = f"has half a character (a lone surrogate) at position {error.start}"
            raise _refused(path, what, "Remove it.") from None


def _check_key(key: object, path: str) -> None:
    """Refuse keys whose sorting could differ between readers."""
    if not isinstance(key, str) or not key.isascii() or "\0" in key:
        raise _refused(path, f"has the key {key!r}", "Keys are ASCII text.")


def _check_depth(path: str, depth: int) -> None:
    """Refuse what would exhaust the stack of this or a later reader."""
    if depth >= DEEPEST:
        raise _refused(path, f"is nested more than {DEEPEST} deep", "Make it flatter.")


def _refused(path: str, what: str, hint: str) -> Malformed:
    """Make the refusal that names the place; a path of thousands of steps is cut in the middle."""
    shown = path if len(path) <= 200 else f"{path[:100]}…{path[-90:]}"
    subject = shown or "The value"
    return Malformed(f"{subject} {what}.", hint, fields=(FieldError(shown, f"It {what}. {hint}"),))
