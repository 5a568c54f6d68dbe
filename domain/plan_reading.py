"""How files of the plan folder become typed values, and back: one reader for plan and company.

What belongs here: the walk from what TOML gives to a frozen dataclass, the sentences about what is
wrong (all at once, each with its path), the canonical way back, and the JSON Schema that stands
beside a file. What never does: opening a file, or what a plan must say (domain/plan.py).

The way of writing, in a file as in its canonical form: a limit is text ("30 min", "3 wd"), a date
or a time is TOML's or its ISO text, a value that is not there is left out, amounts are whole
numbers.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields, is_dataclass
from datetime import date, datetime
from difflib import get_close_matches
from enum import StrEnum
from functools import cache, partial
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

from domain.clock import Limit, parse_limit
from domain.errors import BrokenSetup, FieldError, Malformed
from domain.values import Json
from domain.wire import decode, encode, optional_of

T = TypeVar("T")
SHOWN = 20
"""How many problems one refusal names; more would not be read."""

LIMIT_PATTERN = "^(at once|[0-9]{1,6} (min|h|d|wd|mo))$"
EITHER_WAY_PATTERN = "^(at once|-?[0-9]{1,6} (min|h|d|wd|mo))$"
_AT_ONCE: Json = encode(Limit, parse_limit("at once"))
"""What is read on with where a written limit cannot be read."""


def keyed(keys: Iterable[str], *, complete: bool = False, later: Iterable[str] = ()) -> Any:
    """Declare a table whose keys come from a closed list; `complete`: each of them must stand.

    The keys of `later` may stand and need not: plans of before do not have them.
    """
    first = tuple(str(key) for key in keys)
    metadata = {"keys": (*first, *later), "complete": first if complete else ()}
    return field(metadata=metadata) if complete else field(default_factory=dict, metadata=metadata)


def either_way() -> Any:
    """Declare a limit that may run before an event: negative (tell Singapore 24 h before)."""
    return field(metadata={"either_way": True})


def grouped(groups: Mapping[str, Iterable[str]]) -> Any:
    """Declare a list in which one word may stand for many, such as `team` for its roles."""
    return field(metadata={"groups": {word: tuple(many) for word, many in groups.items()}})


# ---------------------------------------------------------------- reading


def read_file(
    kind: type[T],
    document: Mapping[str, Any],
    *,
    what: str,
    checks: Callable[[T], Iterable[FieldError]],
) -> T:
    """Read a document of the plan folder; `what` names it in sentences.

    Wrong words and shapes are told first, all at once; then what does not fit together. Raises
    BrokenSetup with a `FieldError` per problem, at most 20 of them.
    """
    reading = _Reading([])
    plain = _reader(cast("Any", kind))(reading, document, "")
    problems = reading.problems
    value = None
    try:
        value = decode(kind, plain, strict=True)
    except Malformed as malformed:
        told = {problem.path for problem in problems}
        found = malformed.fields or (FieldError("", malformed.sentence),)
        problems += [_at_its_place(one) for one in found if one.path not in told]
    if value is not None and not problems:
        problems += checks(value)
    if value is None or problems:
        raise _broken(what, problems)
    return value


def _at_its_place(problem: FieldError) -> FieldError:
    """Give a problem without the name of its field before it: its path says that already."""
    name = problem.path.rpartition(".")[2]
    return FieldError(problem.path, problem.sentence.removeprefix(f"{name}: "))


def require_fit(value: T, *, what: str, checks: Callable[[T], Iterable[FieldError]]) -> T:
    """Give a value back that was put together from what was read, when its parts fit together.

    Raises BrokenSetup as `read_file` does.
    """
    if problems := list(checks(value)):
        raise _broken(what, problems)
    return value


def _broken(what: str, problems: list[FieldError]) -> BrokenSetup:
    count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
    lines = [f"  {problem.path or 'the file'}: {problem.sentence}" for problem in problems[:SHOWN]]
    if len(problems) > SHOWN:
        lines.append(f"  and {len(problems) - SHOWN} more.")
    return BrokenSetup(
        "\n".join([f"{what} has {count}:", *lines, ""]),
        "Correct the lines named above and read it again; nothing was changed.",
        fields=tuple(problems[:SHOWN]),
    )


@dataclass(frozen=True, slots=True)
class _Reading:
    """One walk over a document, by the types that it must have; problems gather on the way."""

    problems: list[FieldError]

    def limit(self, plain: Any, path: str, *, either_way: bool = False) -> Any:
        """Read a limit as text; a time of the plan never runs backwards."""
        try:
            limit = parse_limit(plain) if isinstance(plain, str) else None
        except Malformed as malformed:
            return self.wrong(path, f"{malformed.sentence} {malformed.hint}", _AT_ONCE)
        if limit is None:
            return self.wrong(path, "Write a time as text, such as '30 min'.", _AT_ONCE)
        if limit.amount < 0 and not either_way:
            return self.wrong(path, "A time of the plan runs forward.", _AT_ONCE)
        return encode(Limit, limit)

    def items(
        self, inner: Any, plain: Iterable[Any], path: str, groups: Mapping[str, tuple[str, ...]]
    ) -> list[Any]:
        """Read a list; group words are replaced by what they stand for, doubles are told."""
        spread = [one for item in plain for one in _spread(item, groups)]
        if isinstance(inner, type) and issubclass(inner, str):
            for word in sorted({str(item) for item in spread if spread.count(item) > 1}):
                self.wrong(path, f"{word!r} stands here twice.", None)
        read = _reader(inner)
        return [read(self, item, _at(path, n)) for n, item in enumerate(spread)]

    def keys(self, plain: Mapping[str, Any], path: str, metadata: Mapping[str, Any]) -> None:
        """Tell keys that the closed list does not have, and those that are missing."""
        known = metadata.get("keys")
        if known is None:
            return
        for key in plain:
            if key not in known:
                self.wrong(_at(path, key), f"There is no {key!r} here.{_near(key, known)}", None)
        for key in metadata.get("complete", ()):
            if key not in plain:
                self.wrong(_at(path, key), "This is missing, and every plan needs it.", None)

    def row(self, kind: type, plain: Mapping[str, Any], path: str) -> dict[str, Any]:
        """Read a table of named fields; unknown ones are left for domain/wire.py to refuse."""
        parts = _row_readers(kind)
        return {
            name: parts[name](self, value, _at(path, name)) if name in parts else value
            for name, value in plain.items()
        }

    def leaf(self, kind: Any, plain: Any, path: str) -> Any:
        """Tell blank texts, negative numbers and words beside a closed list."""
        if isinstance(plain, str) and not plain.strip():
            return self.wrong(path, "This is blank: write it, or take the line out.", plain)
        if kind is int and isinstance(plain, int) and not isinstance(plain, bool) and plain < 0:
            return self.wrong(path, "A number below zero has no meaning here.", plain)
        if (known := _words(kind)) is not None and plain not in known:
            words = ", ".join(known)
            sentence = f"{plain!r:.80} is not known here.{_near(plain, known)} Choose: {words}."
            return self.wrong(path, sentence, plain)
        return plain

    def wrong(self, path: str, sentence: str, instead: Any) -> Any:
        """Keep a problem; give what to read on with."""
        self.problems.append(FieldError(path, sentence))
        return instead


_Read = Callable[[_Reading, Any, str], Any]
"""Turns what TOML gave at a path into what domain/wire.py reads."""


@cache
def _reader(kind: Any) -> _Read:
    return _reader_of(kind, {})


@cache
def _row_readers(kind: type) -> dict[str, _Read]:
    hints = _hints(kind)
    return {part.name: _reader_of(hints[part.name], part.metadata) for part in fields(kind)}


def _reader_of(kind: Any, metadata: Mapping[str, Any]) -> _Read:
    """Find once for each kind how it is read; a value of another shape is told as a leaf."""
    kind = optional_of(kind) or kind
    if kind is Limit:
        either_way = bool(metadata.get("either_way"))
        return lambda reading, plain, path: reading.limit(plain, path, either_way=either_way)
    if kind in (date, datetime):
        return partial(_read_day, kind)
    if get_origin(kind) is tuple:
        return partial(_read_items, kind, metadata.get("groups", {}))
    if get_origin(kind) is dict:
        return partial(_read_table, kind, metadata)
    if isinstance(kind, type) and is_dataclass(kind):
        return partial(_read_row, kind)
    return lambda reading, plain, path: reading.leaf(kind, plain, path)


def _read_day(kind: type[date], reading: _Reading, plain: Any, path: str) -> Any:
    return plain.isoformat() if type(plain) is kind else reading.leaf(kind, plain, path)


def _read_items(
    kind: Any, groups: Mapping[str, tuple[str, ...]], reading: _Reading, plain: Any, path: str
) -> Any:
    if not isinstance(plain, list | tuple):
        return reading.leaf(kind, plain, path)
    return reading.items(get_args(kind)[0], plain, path, groups)


def _read_table(
    kind: Any, metadata: Mapping[str, Any], reading: _Reading, plain: Any, path: str
) -> Any:
    if not isinstance(plain, Mapping):
        return reading.leaf(kind, plain, path)
    reading.keys(plain, path, metadata)
    read = _reader(get_args(kind)[1])
    return {key: read(reading, item, _at(path, key)) for key, item in plain.items()}


def _read_row(kind: type, reading: _Reading, plain: Any, path: str) -> Any:
    if not isinstance(plain, Mapping):
        return reading.leaf(kind, plain, path)
    return reading.row(kind, plain, path)


@cache
def _words(kind: Any) -> tuple[StrEnum, ...] | None:
    is_closed = isinstance(kind, type) and issubclass(kind, StrEnum)
    return tuple(kind) if is_closed else None


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _at(path: str, name: object) -> str:
    return f"{path}.{name}".lstrip(".")


def _near(word: object, known: Iterable[str]) -> str:
    close = get_close_matches(str(word), [str(one) for one in known], n=1)
    return f" Is {close[0]!r} meant?" if close else ""


def _spread(item: Any, groups: Mapping[str, tuple[str, ...]]) -> tuple[Any, ...]:
    return groups.get(item, (item,)) if isinstance(item, str) else (item,)


# ---------------------------------------------------------------- and back


def file_document(kind: type[T], value: T) -> Json:
    """Give the canonical plain form: what a file would say, complete, without empty fields.

    `read_file` reads it back to an equal value; it holds no floats and is ready for hashing.
    """
    document: Json = _writer(cast("Any", kind))(encode(kind, value))
    return document


def _as_it_is(plain: Any) -> Any:
    return plain


@cache
def _writer(kind: Any) -> Callable[[Any], Any]:
    """Find once for each kind how what `encode` gives is written in a file."""
    kind = optional_of(kind) or kind
    if kind is Limit:
        return lambda plain: decode(Limit, plain).text
    if get_origin(kind) is tuple:
        item = _writer(get_args(kind)[0])
        return list if item is _as_it_is else lambda plain: [item(one) for one in plain]
    if get_origin(kind) is dict:
        inner = _writer(get_args(kind)[1])
        return lambda plain: {key: inner(one) for key, one in plain.items()}
    return _row_writer(kind) if isinstance(kind, type) and is_dataclass(kind) else _as_it_is


def _row_writer(kind: type) -> Callable[[Any], Any]:
    parts = {name: _writer(hint) for name, hint in _hints(kind).items()}
    return lambda plain: {
        name: parts[name](item) for name, item in plain.items() if item is not None
    }


# ---------------------------------------------------------------- the schema beside the file


def file_schema(kind: type, *, title: str) -> Json:
    """Give the JSON Schema (draft 2020-12) of a file of this kind, for editors and for tests."""
    definitions: Json = {}
    root = _row_schema(kind, definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        **root,
        "$defs": dict(sorted(definitions.items())),
    }


def _schema_of(kind: Any, metadata: Mapping[str, Any], definitions: Json) -> Json:
    kind = optional_of(kind) or kind
    if kind is Limit:
        pattern = EITHER_WAY_PATTERN if metadata.get("either_way") else LIMIT_PATTERN
        return {"type": "string", "pattern": pattern}
    if get_origin(kind) is tuple:
        item = _schema_of(get_args(kind)[0], {}, definitions)
        words = metadata.get("groups")
        return {
            "type": "array",
            "items": {"anyOf": [item, {"enum": list(words)}]} if words else item,
        }
    if get_origin(kind) is dict:
        return _table_schema(_schema_of(get_args(kind)[1], {}, definitions), metadata)
    if kind in _PLAIN:
        return dict(_PLAIN[kind])
    if kind.__name__ not in definitions:
        make = _row_schema if is_dataclass(kind) else _words_schema
        definitions[kind.__name__] = {}
        definitions[kind.__name__] = make(kind, definitions)
    return {"$ref": f"#/$defs/{kind.__name__}"}


_PLAIN: dict[Any, Json] = {
    str: {"type": "string", "pattern": r"\S"},
    bool: {"type": "boolean"},
    int: {"type": "integer", "minimum": 0},
    date: {"type": "string", "format": "date"},
    datetime: {"type": "string", "format": "date-time"},
    Any: {},
}


def _table_schema(item: Json, metadata: Mapping[str, Any]) -> Json:
    keys = metadata.get("keys")
    if keys is None:
        return {"type": "object", "additionalProperties": item}
    table: Json = {"type": "object", "propertyNames": {"enum": list(keys)}}
    table["additionalProperties"] = item
    if metadata.get("complete"):
        table["required"] = list(metadata["complete"])
    return table


def _words_schema(kind: type[StrEnum], _definitions: Json) -> Json:
    return {"description": _first_line(kind), "enum": [member.value for member in kind]}


def _row_schema(kind: type, definitions: Json) -> Json:
    hints = _hints(kind)
    schema_of = partial(_schema_of, definitions=definitions)
    parts: Iterator[Field[Any]] = iter(fields(kind))
    properties = {part.name: schema_of(hints[part.name], part.metadata) for part in parts}
    return {
        "description": _first_line(kind),
        "type": "object",
        "properties": properties,
        "required": [part.name for part in fields(kind) if _is_needed(part)],
        "additionalProperties": False,
    }


def _is_needed(part: Field[Any]) -> bool:
    return part.default is MISSING and part.default_factory is MISSING


def _first_line(kind: type) -> str:
    return (kind.__doc__ or "").strip().partition("\n")[0]
