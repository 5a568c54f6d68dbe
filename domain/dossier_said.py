"""What members of a dossier say: heads, lines of the company's log, indexes; read strictly.

What belongs here: reading each from its bytes into a value, or refusing it. What never does:
believing it (services/dossier_heads.py holds signatures and trees against it).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from domain.canonical import LARGEST_INTEGER
from domain.checkpoint import Checkpoint, Note, read_checkpoint, read_note
from domain.dossier_entries import canonical_fault
from domain.dossier_zip import HINT
from domain.errors import Malformed


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadLine:
    """A line of heads.jsonl: the signed head, when it was signed, its line in the company's log."""

    note: Note
    head: Checkpoint
    signed_at: str
    log_seq: int


TURNS_AT_MOST: Final = 1_000
"""Earlier heads of the company's log that a dossier may have: one for each key that came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """A line of the company's log: its number, bytes, type and body, and its path to the root."""

    seq: int
    content: bytes
    type: str
    body: dict[str, Any]
    path: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """What is here of the company's log: its newest head, and lines that are not read yet.

    `turns` are earlier heads of it that a key signed together with the one before it.
    """

    head: str
    lines: tuple[Any, ...]
    turns: tuple[str, ...] = ()


def read_head_line(content: bytes) -> HeadLine:
    """Read a line of heads.jsonl. Raises Malformed (`head_malformed`)."""
    told = _value(content, "head_malformed")
    try:
        note = read_note(_text(told["note"]))
        head = read_checkpoint(note.text)
        signed_at, log_seq = _text(told["signed_at"]), _count(told["log_seq"])
    except (KeyError, TypeError, ValueError, Malformed) as error:
        raise _malformed("head_malformed", f"{error!s:.80}") from None
    return HeadLine(note=note, head=head, signed_at=signed_at, log_seq=log_seq)


def read_log(content: bytes) -> Log:
    """Read log.json; its lines are read one by one. Raises Malformed (`member_malformed`)."""
    told = _value(content, "member_malformed")
    try:
        head, lines = _text(told["head"]), tuple(_list(told["lines"]))
        turns = tuple(_text(one) for one in _list(told.get("turns", [])))
        if len(turns) > TURNS_AT_MOST:
            raise _malformed("member_malformed", f"It has {len(turns)} heads beside the newest.")
    except (AttributeError, KeyError, TypeError) as error:
        raise _malformed("member_malformed", f"{error!r:.80}") from None
    return Log(head=head, lines=lines, turns=turns)


def read_log_line(told: Any) -> LogLine:
    """Read one of the log's lines. Raises Malformed (`log_line`)."""
    try:
        content = _text(told["line"]).encode()
        said = _value(content, "log_line")
        seq, path = _count(told["seq"]), tuple(bytes.fromhex(one) for one in _list(told["path"]))
        if said["seq"] != seq or not isinstance(said["body"], dict):
            raise _malformed("log_line", "It says another number.")
        kind = _text(said["type"])
    except (KeyError, TypeError, ValueError) as error:
        raise _malformed("log_line", f"{error!r:.80}") from None
    return LogLine(seq=seq, content=content, type=kind, body=said["body"], path=path)


def read_index(content: bytes) -> Iterator[dict[str, Any]]:
    """Read a list of JSON objects, such as statements.json. Raises Malformed."""
    told = _value(content, "member_malformed")
    if not isinstance(told, list) or not all(isinstance(one, dict) for one in told):
        raise _malformed("member_malformed", "It is no list of objects.")
    return iter(told)


def read_object(content: bytes) -> dict[str, Any]:
    """Read one JSON object. Raises Malformed."""
    told = _value(content, "member_malformed")
    if not isinstance(told, dict):
        raise _malformed("member_malformed", "It is no object.")
    return told


def _value(content: bytes, code: str) -> Any:
    """Read canonical JSON."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        raise _malformed(code, "It is not UTF-8.") from None
    value, fault = canonical_fault(text)
    if fault:
        how = "not canonical" if fault == "not_canonical" else "no"
        raise _malformed(code, f"It is {how} JSON.")
    return value


def _text(told: Any) -> str:
    if not isinstance(told, str):
        raise TypeError(f"no text: {told!r:.40}")
    return told


def _list(told: Any) -> list[Any]:
    if not isinstance(told, list):
        raise TypeError(f"no list: {told!r:.40}")
    return told


def _count(told: Any) -> int:
    if type(told) is not int or not 0 <= told <= LARGEST_INTEGER:
        raise TypeError(f"no count: {told!r:.40}")
    return told


def _malformed(code: str, sentence: str) -> Malformed:
    return Malformed(sentence, HINT, code=code)
