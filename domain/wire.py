"""How typed values become plain JSON and back: one compiled codec per type.

What belongs here: encoding, decoding with sentences a person can act on. What never
does: names of commands or events. No floats and no sets exist here, and no union is ever decoded
by trying its members: an untagged union would read a refusal as an approval.
"""

import re
import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields, is_dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from domain.errors import FieldError, Malformed
from domain.values import REFERENCES, PublicText

T = TypeVar("T")
Leaf = Callable[[object], bool]

ID_LIMIT = 200
TEXT_LIMIT = 20_000
LIST_LIMIT = 5_000
INT_LIMIT = 2**53
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|[\ud800-\udfff\ufffe\uffff]")
_BAD = object()


def encode(tp: Any, value: Any) -> Any:
    """Turn a typed value into plain JSON values."""
    return _encoder(tp)(value)


def decode(tp: type[T], plain: Any, *, strict: bool = False) -> T:
    """Read a typed value from plain JSON; raises Malformed with one sentence per field."""
    kind = cast("Any", tp)
    if not strict:
        try:
            return _at_once(kind)(plain)  # type: ignore[no-any-return]
        except _NOT_PLAIN:
            pass  # what is wrong, and in which field, is found below
    reading = _Reading(strict)
    value = _decoder(kind)(plain, "", reading)
    if problems := reading.problems:
        raise Malformed(
            "Some fields cannot be read." if len(problems) > 1 else problems[0].sentence,
            "Correct the fields named below; nothing was changed.",
            fields=tuple(problems),
        )
    return value  # type: ignore[no-any-return]


def instant_text(at: datetime) -> str:
    """Write an aware instant as fixed-width UTC text, so that text order is time order."""
    # No strftime: it writes the year 1 as one digit.
    return f"{at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def read_instant(text: str) -> datetime:
    """Read an aware instant from ISO 8601 text; raises ValueError when the zone is missing."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is UTC:
        return at
    if at.tzinfo is None:
        raise ValueError("zone missing")
    return at.astimezone(UTC)


# ---------------------------------------------------------------- encoding


@cache
def _encoder(tp: Any) -> Callable[[Any], Any]:  # noqa: PLR0911 - one line per kind of type
    inner = optional_of(tp)
    if inner is not None:
        encode_inner = _encoder(inner)
        return lambda value: None if value is None else encode_inner(value)
    origin = get_origin(tp)
    if origin is tuple:
        encode_item = _encoder(get_args(tp)[0])
        return lambda value: [encode_item(item) for item in value]
    if origin is dict:
        encode_item = _encoder(get_args(tp)[1])
        return lambda value: {str(key): encode_item(item) for key, item in value.items()}
    if tp is datetime:
        return instant_text
    if tp is date:
        return date.isoformat
    if isinstance(tp, type) and is_dataclass(tp):
        return _dataclass_encoder(tp)
    if isinstance(tp, type) and issubclass(tp, str):
        return str
    return lambda value: value


@cache
def _parts(tp: type) -> list[tuple[str, Callable[[Any], Any], Any]]:
    """Give what each field of a dataclass is written with, and at which value it is left out."""
    hints = get_type_hints(tp)
    return [
        (f.name, _encoder(hints[f.name]), _default_of(f) if f.metadata.get("added") else MISSING)
        for f in travelling(tp)
    ]


def _dataclass_encoder(tp: type) -> Callable[[Any], Any]:
    parts = _parts(tp)
    if all(default is MISSING for _, _, default in parts):
        return lambda value: {name: enc(getattr(value, name)) for name, enc, _ in parts}
    return lambda value: {name: enc(part) for name, part, enc in written(tp, value)}


def written(tp: type, value: Any) -> Iterator[tuple[str, Any, Callable[[Any], Any]]]:
    """Give the fields of a dataclass that are written: name, value, and what writes it."""
    for name, enc, default in _parts(tp):
        part = getattr(value, name)
        if default is MISSING or part != default:
            yield name, part, enc


def added(default: Any) -> Any:
    """Declare a field that was added to a published message, plan or value: it needs a default.

    At its default it is left out of the bytes. So what was decided before the field was there has
    the bytes it had then, whoever decides it again: a running incident, an auditor's replay.
    """
    return field(default=default, metadata={"added": True})


def _default_of(f: Field[Any]) -> Any:
    assert f.default is not MISSING, f"{f.name} was added to what is published: give it a default"
    return f.default


def travelling(tp: type) -> list[Field[Any]]:
    """List the fields of a dataclass that travel (all but those marked `wire=False`)."""
    return [f for f in fields(tp) if f.metadata.get("wire", True)]


def optional_of(tp: Any) -> Any:
    """Give X of `X | None`, or None when the type is not optional."""
    if get_origin(tp) in (Union, types.UnionType):
        members = [arg for arg in get_args(tp) if arg is not type(None)]
        assert len(members) == 1, f"only `X | None` may travel, not {tp}"
        return members[0]
    return None


# ---------------------------------------------------------------- decoding


@dataclass(slots=True)
class _Reading:
    """One reading of a value: whether unknown fields are refused, and what was wrong so far."""

    strict: bool
    problems: list[FieldError] = field(default_factory=list)


_Decode = Callable[[Any, str, _Reading], Any]


@cache
def _decoder(tp: Any) -> _Decode:
    inner = optional_of(tp)
    if inner is not None:
        decode_inner = _decoder(inner)
        return lambda v, p, r: None if v is None or v == "" else decode_inner(v, p, r)
    origin = get_origin(tp)
    if origin is tuple:
        return _tuple_decoder(_decoder(get_args(tp)[0]))
    if origin is dict or tp is dict:
        args = get_args(tp)
        return _dict_decoder(_decoder(args[1]) if args else _keep)
    if tp is Any:
        return _keep
    if isinstance(tp, type) and is_dataclass(tp):
        return _dataclass_decoder(tp)
    return _scalar_decoder(tp)


def _keep(value: Any, _path: str, _reading: _Reading) -> Any:
    return value


def _complain(reading: _Reading, path: str, sentence: str) -> Any:
    reading.problems.append(FieldError(path, sentence))
    return _BAD


def _tuple_decoder(item: _Decode) -> _Decode:
    def read(value: Any, path: str, reading: _Reading) -> Any:
        if not isinstance(value, list | tuple):
            return _complain(reading, path, "A list is expected here.")
        if len(value) > LIST_LIMIT:
            return _complain(reading, path, f"At most {LIST_LIMIT} items fit in one list.")
        return tuple(item(v, f"{path}.{n}", reading) for n, v in enumerate(value))

    return read


def _dict_decoder(item: _Decode) -> _Decode:
    def read(value: Any, path: str, reading: _Reading) -> Any:
        if not isinstance(value, Mapping):
            return _complain(reading, path, "An object is expected here.")
        return {str(k): item(v, f"{path}.{k}", reading) for k, v in value.items()}

    return read


def _dataclass_decoder(tp: type) -> _Decode:
    hints = get_type_hints(tp)
    parts = [(f, _decoder(hints[f.name]), _limit(f)) for f in travelling(tp)]
    known = {f.name for f, _, _ in parts}

    def read(value: Any, path: str, reading: _Reading) -> Any:
        if not isinstance(value, Mapping):
            return _complain(reading, path, "An object with fields is expected here.")
        if reading.strict:
            for name in value:
                if name not in known:
                    at = f"{path}.{name}".lstrip(".")
                    _complain(reading, at, f"There is no field called {name!r:.80}.")
        before = len(reading.problems)
        read_fields = _read_fields(parts, value, path, reading)
        return tp(**read_fields) if len(reading.problems) == before else _BAD

    return read


def _limit(f: Field[Any]) -> int | None:
    return f.metadata.get("max")


def _read_fields(
    parts: list[tuple[Field[Any], _Decode, int | None]],
    value: Mapping[str, Any],
    path: str,
    reading: _Reading,
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for f, read_part, limit in parts:
        at = f"{path}.{f.name}".lstrip(".")
        if f.name not in value:
            if f.default is MISSING and f.default_factory is MISSING:
                _complain(reading, at, f"{f.metadata.get('label', f.name)}: this is needed.")
            continue
        found[f.name] = part = read_part(value[f.name], at, reading)
        if limit is not None and isinstance(part, str) and len(part) > limit:
            _complain(reading, at, f"At most {limit} characters fit here.")
        if f.metadata.get("some") and part == ():
            _complain(reading, at, f"{f.metadata.get('label', f.name)}: name at least one.")
    return found


@cache
def _scalar_decoder(tp: Any) -> _Decode:  # noqa: PLR0911 - one line per kind of type
    if tp is bool:
        return _read_bool
    if tp is int:
        return _read_int
    if tp is datetime:
        return _read_datetime
    if tp is date:
        return _read_date
    if isinstance(tp, type) and issubclass(tp, StrEnum):
        return _enum_decoder(tp)
    if tp is PublicText:
        return _text_decoder(PublicText, TEXT_LIMIT)
    return _text_decoder(str, ID_LIMIT if tp in REFERENCES else TEXT_LIMIT)


def _read_bool(value: Any, path: str, reading: _Reading) -> Any:
    if isinstance(value, bool):
        return value
    return _complain(reading, path, "Say yes or no (true or false).")


def _read_int(value: Any, path: str, reading: _Reading) -> Any:
    if isinstance(value, bool) or not isinstance(value, int):
        return _complain(reading, path, "A whole number is expected here.")
    if abs(value) >= INT_LIMIT:
        far = "This number is too far below zero."
        return _complain(reading, path, "This number is too large." if value > 0 else far)
    return value


def _read_datetime(value: Any, path: str, reading: _Reading) -> Any:
    try:
        return read_instant(value)
    except (ValueError, TypeError, OverflowError):
        return _complain(
            reading, path, "A time with its zone is expected, such as 2026-11-22T14:00+08:00."
        )


def _read_date(value: Any, path: str, reading: _Reading) -> Any:
    try:
        return date.fromisoformat(value)
    except (ValueError, TypeError):
        return _complain(reading, path, "A date is expected, such as 2026-11-22.")


def _enum_decoder(tp: type[StrEnum]) -> _Decode:
    allowed = {member.value: member for member in tp}

    def read(value: Any, path: str, reading: _Reading) -> Any:
        member = allowed.get(value) if isinstance(value, str) else None
        if member is None:
            return _complain(reading, path, f"Choose one of: {', '.join(allowed)}.")
        return member

    return read


def _text_decoder(tp: type[str], limit: int) -> _Decode:
    def read(value: Any, path: str, reading: _Reading) -> Any:
        if not isinstance(value, str):
            return _complain(reading, path, "Text is expected here.")
        sentence = text_fault(value, limit)
        return tp(value) if sentence is None else _complain(reading, path, sentence)

    return read


# ---------------------------------------------------------------- decoding what is right at once
#
# Nearly all that is ever read was written by us: it is read without keeping count of where one is.
# Whatever is not plainly right is read again as above, which says what is wrong.


class _OddError(ValueError):
    """Something is not plainly right."""


_NOT_PLAIN = (_OddError, KeyError, TypeError, ValueError, OverflowError)
_AtOnce = Callable[[Any], Any]


@cache
def _at_once(tp: Any) -> _AtOnce:
    inner = optional_of(tp)
    if inner is not None:
        read_inner = _at_once(inner)
        return lambda value: None if value is None or value == "" else read_inner(value)
    origin = get_origin(tp)
    if origin is tuple:
        return _tuple_at_once(_at_once(get_args(tp)[0]))
    if origin is dict or tp is dict:
        args = get_args(tp)
        return _dict_at_once(_at_once(args[1]) if args else _same)
    if tp is Any:
        return _same
    if isinstance(tp, type) and is_dataclass(tp):
        return _dataclass_at_once(tp)
    return _scalar_at_once(tp)


def _same(value: Any) -> Any:
    return value


def _require(right: bool) -> None:  # noqa: FBT001 - it is the question itself
    if not right:
        raise _OddError


def _tuple_at_once(item: _AtOnce) -> _AtOnce:
    def read(value: Any) -> Any:
        _require(type(value) is list and len(value) <= LIST_LIMIT)
        return tuple(map(item, value))

    return read


def _dict_at_once(item: _AtOnce) -> _AtOnce:
    def read(value: Any) -> Any:
        _require(type(value) is dict)
        return {str(key): item(part) for key, part in value.items()}

    return read


def _dataclass_at_once(tp: type) -> _AtOnce:
    hints = get_type_hints(tp)
    parts = [(f.name, _field_at_once(f, hints[f.name])) for f in travelling(tp)]

    def read(value: Any) -> Any:
        _require(type(value) is dict)
        # A field that is needed and not there is missed by the dataclass itself.
        return tp(**{name: part(value[name]) for name, part in parts if name in value})

    return read


def _field_at_once(f: Field[Any], hint: Any) -> _AtOnce:
    read_part, limit, some = _at_once(hint), _limit(f), f.metadata.get("some")
    if limit is None and not some:
        return read_part

    def read(value: Any) -> Any:
        part = read_part(value)
        _require(not (limit is not None and isinstance(part, str) and len(part) > limit))
        _require(not (some and part == ()))
        return part

    return read


def _scalar_at_once(tp: Any) -> _AtOnce:
    if tp is bool:
        return _bool_at_once
    if tp is int:
        return _int_at_once
    if tp is datetime:
        return read_instant
    if tp is date:
        return date.fromisoformat
    if isinstance(tp, type) and issubclass(tp, StrEnum):
        return {member.value: member for member in tp}.__getitem__
    made = PublicText if tp is PublicText else None
    return _text_at_once(made, ID_LIMIT if tp in REFERENCES else TEXT_LIMIT)


def _bool_at_once(value: Any) -> Any:
    _require(value is True or value is False)
    return value


def _int_at_once(value: Any) -> Any:
    _require(type(value) is int and -INT_LIMIT < value < INT_LIMIT)
    return value


def _text_at_once(made: Callable[[str], str] | None, limit: int) -> _AtOnce:
    def read(value: Any) -> Any:
        # What is printable holds no control character and no half of a pair.
        if type(value) is not str or len(value) > limit:
            raise _OddError
        if not value.isprintable() and _CONTROL.search(value):
            raise _OddError
        return value if made is None else made(value)

    return read


def text_fault(value: str, limit: int = TEXT_LIMIT) -> str | None:
    """Say what keeps a text from being recorded, or None."""
    if len(value) > limit:
        return f"This text has {len(value)} characters; at most {limit} fit. Attach it as a file."
    if _CONTROL.search(value):
        return "This text holds a character that cannot be stored (NUL, control or half a pair)."
    return None


def one_line(said: str, at_most: int) -> str:
    """Give what a stranger said as one line without signs that nobody sees: it can be recorded."""
    shown = "".join(sign for sign in said if sign.isprintable() or sign.isspace())
    return " ".join(shown.split())[:at_most]


def countable(said: int | None) -> int | None:
    """Give a stranger's count; None where no such number can be recorded."""
    return said if isinstance(said, int) and 0 <= said < INT_LIMIT else None


# ---------------------------------------------------------------- walking


def transform(tp: Any, plain: Any, leaf: Leaf, visit: Callable[[Any, str], Any]) -> Any:
    """Rebuild a plain value, passing every leaf whose type `leaf` accepts through `visit`."""
    return _walk(tp, plain, "", leaf, visit)


_hints = cache(get_type_hints)


def _walk(tp: Any, plain: Any, path: str, leaf: Leaf, visit: Callable[[Any, str], Any]) -> Any:
    inner = optional_of(tp)
    if inner is not None:
        return plain if plain is None or plain == "" else _walk(inner, plain, path, leaf, visit)
    if leaf(tp):
        return visit(plain, path)
    if get_origin(tp) is tuple and isinstance(plain, list | tuple):
        item = get_args(tp)[0]
        return [_walk(item, v, f"{path}.{n}".lstrip("."), leaf, visit) for n, v in enumerate(plain)]
    if isinstance(tp, type) and is_dataclass(tp) and isinstance(plain, Mapping):
        hints = _hints(tp)
        return {
            name: _walk(hints[name], v, f"{path}.{name}".lstrip("."), leaf, visit)
            if name in hints
            else v
            for name, v in plain.items()
        }
    return plain
