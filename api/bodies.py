"""What a client sends, read so that nothing it can send does harm.

What belongs here: bytes to a plain JSON object, keys that make an act count once, times told late.
What never does: what a field means (domain/wire.py says that, with a sentence per field).
"""

import json
import re
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final, NoReturn

from fastapi import Depends, Header, Query, Request

from domain.errors import Malformed, TooLarge
from domain.wire import instant_text, read_instant, text_fault

JSON_LIMIT: Final = 1024 * 1024
"""Bytes of a JSON body; the act in it holds at most 256 KB (services/acting.py)."""

FORM_LIMIT: Final = 16 * 1024 * 1024
"""Bytes of a form with its files; one file may have 15 MB (services/evidence.py)."""


@dataclass(frozen=True, slots=True)
class Limit:
    """How many bytes one request may bring and how long it may take, and what is said of more."""

    bytes: int
    within_s: float
    sentence: str
    hint: str


JSON: Final = Limit(
    JSON_LIMIT,
    30.0,
    "One request holds at most 1 MB, and this one is larger; nothing was changed.",
    "Send less: one act holds at most 256 KB; long texts and pictures are brought as files.",
)
FORM: Final = Limit(
    FORM_LIMIT,
    300.0,
    "One form holds at most 16 MB with all its files, and this one is larger; nothing was changed.",
    "Choose fewer or smaller files; one file may have at most 15 MB.",
)
DEPTH_LIMIT: Final = 24
NUMBER_LIMIT: Final = 20
NAME_LIMIT: Final = 200
KEY_LIMIT: Final = 200

KEY_HEADER: Final = "Idempotency-Key"
HAPPENED_HEADER: Final = "Andon-Happened-At"
BEHALF_HEADER: Final = "Andon-On-Behalf-Of"

_KEY = re.compile(r"[\x21-\x7e]{1,200}")
# In a query string an unescaped `+` arrives as a space.
_PLUS_LOST = re.compile(r" (\d\d:?\d\d)\Z")
_NOTHING_CHANGED = "Correct it and send it again; nothing was changed."


class LimitedBody:
    """Counts what comes in and stops at the limit, whatever Content-Length promised."""

    def __init__(self, limit: Limit) -> None:
        self.limit = limit
        self.seen = 0

    def announced(self, length: str | None) -> None:
        """Refuse by the announced length, before anything is read. Raises TooLarge, Malformed."""
        if length is None:
            return
        if not length.isascii() or not length.isdigit():
            raise Malformed("Content-Length is no number.", _NOTHING_CHANGED)
        if len(length) > NUMBER_LIMIT or int(length) > self.limit.bytes:
            raise self.too_large()

    def count(self, chunk: bytes) -> None:
        """Count a part that came in. Raises TooLarge."""
        self.seen += len(chunk)
        if self.seen > self.limit.bytes:
            raise self.too_large()

    def too_large(self) -> TooLarge:
        """Make the refusal: it says which of the limits it is."""
        return TooLarge(self.limit.sentence, self.limit.hint)


async def read_object(request: Request) -> dict[str, Any]:
    """Read the body as one JSON object; an empty body is an empty one. Raises Malformed, TooLarge.

    Refused: another media type, bytes that are not UTF-8, NaN and fractions, a key that stands
    twice, nesting deeper than 24, names that cannot be shown.
    """
    content = await request.body()
    if not content:
        return {}
    _check_media_type(request)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Malformed(
            f"The body is not UTF-8 (byte {error.start}).", _NOTHING_CHANGED, code="not_utf8"
        ) from error
    return parse_object(text)


def _check_media_type(request: Request) -> None:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise Malformed(
            f"The body is sent as {media_type or 'nothing in particular'!r:.80}.",
            "Send it with Content-Type: application/json.",
            code="content_type",
        )


def parse_object(text: str) -> dict[str, Any]:
    """Read text as one JSON object. Raises Malformed."""
    try:
        plain = json.loads(
            text,
            object_pairs_hook=_unique,
            parse_float=_no_fraction,
            parse_constant=_no_fraction,
            parse_int=_whole_number,
        )
    except json.JSONDecodeError as error:
        raise Malformed(
            f"The body is no JSON: {error.msg} at line {error.lineno}, column {error.colno}.",
            _NOTHING_CHANGED,
            code="not_json",
        ) from error
    except RecursionError:
        _too_deep()
    if not isinstance(plain, dict):
        raise Malformed("The body must be one JSON object.", _NOTHING_CHANGED, code="not_json")
    _check_depth(plain)
    return plain


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Malformed(f"The field {twice!r:.80} stands twice.", _NOTHING_CHANGED)
    for name in found:
        if text_fault(name, NAME_LIMIT) is not None:
            raise Malformed(f"{name!r:.80} cannot be the name of a field.", _NOTHING_CHANGED)
    return found


def _no_fraction(text: str) -> NoReturn:
    raise Malformed(
        f"{text:.40} is not a whole number.",
        "Write whole numbers of a named unit, or a decimal as text.",
        code="not_whole",
    )


def _whole_number(text: str) -> int:
    if len(text) > NUMBER_LIMIT:
        raise Malformed(f"The number {text:.20}… is too large.", _NOTHING_CHANGED)
    return int(text)


def _too_deep() -> NoReturn:
    raise Malformed(
        f"The body is nested deeper than {DEPTH_LIMIT} levels.", _NOTHING_CHANGED, code="too_deep"
    )


def _check_depth(plain: dict[str, Any]) -> None:
    """Walk level by level, not by recursion: depth is what an attacker chooses."""
    level: list[Any] = [plain]
    for _ in range(DEPTH_LIMIT):
        level = [
            part
            for each in level
            for part in (each.values() if isinstance(each, dict) else each)
            if isinstance(part, dict | list)
        ]
        if not level:
            return
    _too_deep()


# ---------------------------------------------------------------- headers


@dataclass(frozen=True, slots=True)
class SentWith:
    """What stands beside a body: the key that makes it count once, and when it happened."""

    key: str
    happened_at: str

    def command_id(self, person: str) -> str:
        """Name the act (see `command_id`)."""
        return command_id(self.key, person)


async def sent_with(
    request: Request,
    key: Annotated[
        str | None,
        Header(alias=KEY_HEADER, description="Makes it count once, however often it is sent."),
    ] = None,
    told_at: Annotated[
        str | None,
        Header(alias=HAPPENED_HEADER, description="When it happened, if it is told later."),
    ] = None,
    happened_at: Annotated[
        str | None, Query(description="The same, for clients that cannot set headers.")
    ] = None,
) -> SentWith:
    """Read what stands beside a body; a key is made where none came. Raises Malformed.

    The answer carries the key (api/edge.py): who was not confirmed can send again with it.
    """
    key = uuid.uuid4().hex if key is None else checked_key(key)
    request.state.key = key
    told = told_at or happened_at
    at = instant_text(read_time(told, "The time it happened,")) if told else ""
    return SentWith(key=key, happened_at=at)


SentBeside = Annotated[SentWith, Depends(sent_with)]


def command_id(key: str | None, person: str) -> str:
    """Name an act so that it counts once; without a key it is a new one. Raises Malformed.

    A client's key counts within the person's own, so that two programs cannot take each other's
    keys, nor anybody those of the clock.
    """
    return f"{person}:{uuid.uuid4().hex if key is None else checked_key(key)}"


def checked_key(key: str) -> str:
    """Give a client's key. Raises Malformed: empty, longer than 200, or not printable ASCII."""
    if not _KEY.fullmatch(key):
        raise Malformed(
            f"{KEY_HEADER} cannot be used.",
            f"Use 1 to {KEY_LIMIT} letters, digits and signs of ASCII without spaces, "
            "such as a random UUID.",
            code="bad_key",
        )
    return key


def read_time(text: str, what: str) -> datetime:
    """Read an aware instant. Raises Malformed that names `what` holds it."""
    try:
        return read_instant(_PLUS_LOST.sub(r"+\1", text))
    except (ValueError, OverflowError) as error:
        raise Malformed(
            f"{what} {text!r:.60} is no time.",
            "Write it with its zone, such as 2026-11-22T14:00+08:00.",
        ) from error
