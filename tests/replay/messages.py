"""Everything that travels or is kept, as text: messages, their fields, the names of workflows.

What belongs here: writing that text from the registry and the types; saying of a difference whether
it is safe. What never does: files (tests/replay/record.py), an assertion.

    event HaltOrdered | v1 | halt | open
      reason | PublicText | "" | max 2000

A line is a field: name, type, default as JSON (empty: it is needed), marks (`max`, `some`, `added`).
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import MISSING, Field, dataclass, is_dataclass
from enum import StrEnum
from functools import cache
from inspect import isclass
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

from temporalio import activity, workflow

import domain.streams  # noqa: F401 - completes the registry
from activities.registry import World, all_activities
from domain import envelope
from domain.clock import Calendar
from domain.message import CASE_COMMANDS, COMMANDS, EVENTS
from domain.plan import Plan
from domain.regulations import Rule
from domain.state import Incident
from domain.state.service_case import ServiceCase
from domain.wire import encode, optional_of, travelling
from domain.wording import Wording
from workflows.hosting import GRADE, NEXT_DUE, STAGE
from workflows.registry import ALL_WORKFLOWS

PUBLISHED = Path(__file__).parent / "messages.txt"
HEADING = """\
# Everything that travels or is kept: messages and their fields, states, rules, names of workflows.
# Written by `make record ARGS="messages"` (tests/replay/messages.py says how to read it).
"""

Lines = dict[str, tuple[str, ...]]
Text = dict[str, Lines]
"""Fields by name, under the line that names what has them: `("HEAD", …)` are the head's own."""

HEAD = ""
"""Under this name stands what the line of a message itself says."""


# ---------------------------------------------------------------- today's


def todays() -> Text:
    """Describe what travels and is kept today."""
    written: Text = {}
    for name, command in sorted({**COMMANDS, **CASE_COMMANDS}.items()):
        head = (f"v{command.version}", str(command.stage), command.item or "")
        written[f"command {name}"] = {HEAD: head, **_fields(command.type)}
    for name, event in sorted(EVENTS.items()):
        head = (f"v{event.version}", str(event.stage), str(event.access))
        written[f"event {name}"] = {HEAD: head, **_fields(event.type)}
    for kind, types in _kinds().items():
        written |= {_head(kind, tp): _members(tp) for tp in sorted(types, key=_name)}
    return written | dict(_workflows()) | dict(_activities()) | _attributes()


@cache
def _kinds() -> dict[str, tuple[type, ...]]:
    """Give the values of messages, the rules, the states, and what travels through Temporal."""
    messages = [spec.type for spec in (*COMMANDS.values(), *CASE_COMMANDS.values())]
    messages += [spec.type for spec in EVENTS.values()]
    return {
        "value": tuple(_below(messages)),
        "rules": tuple(_all_of([Plan, Calendar, Wording, Rule])),
        "state": tuple(_all_of([Incident, ServiceCase])),
        "travels": tuple(_all_of(_envelopes())),
    }


@cache
def _shared_names() -> frozenset[str]:
    """Give the names that more than one type has."""
    types = {tp for types in _kinds().values() for tp in types}
    names = Counter(tp.__name__ for tp in types)
    return frozenset(name for name, count in names.items() if count > 1)


def _name(tp: Any) -> str:
    name = str(getattr(tp, "__name__", tp))
    return f"{tp.__module__.rpartition('.')[2]}.{name}" if name in _shared_names() else name


def _head(kind: str, tp: type) -> str:
    return f"{'choice' if issubclass(tp, StrEnum) else kind} {_name(tp)}"


def _fields(tp: type) -> Lines:
    hints = get_type_hints(tp)
    return {f.name: (_words(hints[f.name]), _default(tp, f), _marks(f)) for f in travelling(tp)}


def _words(tp: Any) -> str:
    inner = optional_of(tp)
    if inner is not None:
        return f"{_words(inner)} or none"
    if get_origin(tp) in (tuple, list):
        return f"list of {_words(get_args(tp)[0])}"
    if get_origin(tp) is dict:
        return f"object of {_words(get_args(tp)[1])}"
    return _name(tp)


def _default(tp: type, f: Field[Any]) -> str:
    if f.default is MISSING and f.default_factory is MISSING:
        return ""
    value = f.default if f.default_factory is MISSING else f.default_factory()
    return json.dumps(encode(get_type_hints(tp)[f.name], value), ensure_ascii=False, sort_keys=True)


def _marks(f: Field[Any]) -> str:
    limit = [f"max {f.metadata['max']}"] if "max" in f.metadata else []
    return ", ".join([*limit, *(mark for mark in ("some", "added") if f.metadata.get(mark))])


def _members(tp: type) -> Lines:
    if issubclass(tp, StrEnum):
        return {str(member): () for member in tp}
    return _fields(tp)


def _envelopes() -> list[type]:
    """Give what workflows and activities take and give."""
    shapes = [each for each in vars(envelope).values() if isclass(each)]
    signatures = [tp for each in (*_of_workflows(), *_of_activities()) for tp in _types_of(each)]
    return [each for each in (*shapes, *signatures) if is_dataclass(each)]


def _types_of(definition: Any) -> list[type]:
    return [*(definition.arg_types or ()), getattr(definition, "ret_type", None)]


def _all_of(types: Iterable[type]) -> Iterator[type]:
    known = list(types)
    yield from known
    yield from _below(known)


def _below(types: Iterable[type]) -> Iterator[type]:
    """Give every dataclass and choice that stands in fields, at any depth."""
    waiting = [hint for tp in types for hint in _hints_of(tp)]
    seen: set[Any] = set()
    while waiting:
        tp = waiting.pop()
        inner = optional_of(tp)
        parts = [inner] if inner is not None else list(get_args(tp))
        waiting += [part for part in parts if part is not Ellipsis]
        if tp in seen or not isclass(tp) or get_origin(tp) is not None:
            continue
        seen.add(tp)
        if is_dataclass(tp):
            waiting += _hints_of(tp)
            yield tp
        elif issubclass(tp, StrEnum):
            yield tp


def _hints_of(tp: type) -> list[Any]:
    hints = get_type_hints(tp)
    return [hints[f.name] for f in travelling(tp)]


def _of_workflows() -> list[Any]:
    return [workflow._Definition.must_from_class(each) for each in ALL_WORKFLOWS]


def _of_activities() -> list[Any]:
    nothing: Any = None
    nowhere = World(nothing, nothing, nothing, nothing, channels={}, signing=nothing)
    return [activity._Definition.must_from_callable(each) for each in all_activities(nowhere)]


def _workflows() -> Iterator[tuple[str, Lines]]:
    for definition in _of_workflows():
        lines: Lines = {HEAD: (_signature(definition),)}
        for kind, handlers in (
            ("update", definition.updates),
            ("signal", definition.signals),
            ("query", definition.queries),
        ):
            for handler in handlers.values():
                lines[f"{kind} {handler.name}"] = (_signature(handler),)
        yield f"workflow {definition.name}", lines


def _activities() -> Iterator[tuple[str, Lines]]:
    for definition in _of_activities():
        yield f"activity {definition.name}", {HEAD: (_signature(definition),)}


def _signature(definition: Any) -> str:
    takes = ", ".join(_words(tp) for tp in definition.arg_types or ())
    gives = getattr(definition, "ret_type", None)
    return f"({takes})" + (f" -> {_words(gives)}" if gives not in (None, type(None)) else "")


def _attributes() -> Text:
    return {
        f"search attribute {key.name}": {HEAD: (key.indexed_value_type.name.lower(),)}
        for key in (STAGE, GRADE, NEXT_DUE)
    }


# ---------------------------------------------------------------- text


def write_text(written: Text) -> str:
    """Write it, a field a line."""
    lines = []
    for head, fields in written.items():
        lines.append("")
        lines.append(" | ".join((head, *fields.get(HEAD, ()))).rstrip(" |"))
        lines += [
            "  " + " | ".join((name, *told)).rstrip(" |") for name, told in fields.items() if name
        ]
    return "\n".join(lines[1:]) + "\n"


def read_text(text: str) -> Text:
    """Read it back; lines that begin with # are for people."""
    written: Text = {}
    head = ""
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        name, *told = line.strip().split(" | ")
        if not line.startswith(" "):
            head = name
            written[head] = {HEAD: tuple(told)} if told else {}
        else:
            written[head][name] = tuple(told)
    return written


# ---------------------------------------------------------------- what a difference means


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference to what was published, in a sentence; `safe` when old bytes keep their meaning."""

    sentence: str
    safe: bool


NEW_TYPE = "Leave it as it was, and register a new type beside it for the new meaning."
_GONE = {
    "command": "Histories and proposed acts hold it. Keep it; let `decide` refuse it if it must rest.",
    "event": "Ledgers hold it for ever. Keep it and its `evolve`; `decide` need not lead to it again.",
    "choice": "What was recorded with it must be readable for ever. Keep it.",
    "state": "",
    "workflow": "Running workflows and schedules are called so. Keep the name.",
    "activity": "Workflows on their way wait for it under this name. Keep the name.",
}
_READ = "What was recorded must be readable for ever. " + NEW_TYPE


def differences(published: Text, now: Text) -> list[Difference]:
    """Compare what was published with what is there now."""
    published, now = _alike(published), _alike(now)
    found = [Difference(f"{head} is new.", safe=True) for head in now if head not in published]
    for head, before in published.items():
        if head not in now:
            found.append(_gone(head, ""))
        else:
            found += _between(head, before, now[head])
    return found


def _alike(text: Text) -> Text:
    return read_text(write_text(text))


def _gone(head: str, name: str) -> Difference:
    kind = head.partition(" ")[0]
    what = f"{head}: {name} is gone." if name else f"{head} is gone."
    advice = _GONE.get(kind, _READ) if not name or kind == "choice" else _READ
    if kind == "state":
        return Difference(
            f'{what} Then `make record ARGS="states"`, and read what moved.', safe=True
        )
    return Difference(f"{what} {advice}", safe=False)


def _between(head: str, before: Lines, now: Lines) -> Iterator[Difference]:
    for name in before:
        if name not in now:
            yield _gone(head, name)
        elif now[name] != before[name]:
            yield _changed(head, name, before[name], now[name])
    for name in now:
        if name not in before:
            yield _new(head, name, now[name])


def _new(head: str, name: str, told: tuple[str, ...]) -> Difference:
    kind = head.partition(" ")[0]
    what = f"{head}: {name} is new"
    if kind in ("choice", "workflow"):
        return Difference(f"{what}.", safe=True)
    _, default, marks = _padded(told)
    if not default:
        return Difference(
            f"{what} and has no default. What was recorded before lacks it: give it one.",
            safe=False,
        )
    if kind in ("command", "event", "value") and "added" not in marks:
        return Difference(
            f"{what} and is not marked. Declare it with `added(…)` (domain/wire.py; in a command "
            "`ask(…, added=True)`): at its default it must not change a byte of what is decided "
            "again on replay.",
            safe=False,
        )
    return Difference(f"{what}, with a default.", safe=True)


def _changed(head: str, name: str, before: tuple[str, ...], now: tuple[str, ...]) -> Difference:
    if name and head.partition(" ")[0] != "workflow" and _takes_more(before, now):
        return Difference(f"{head}: {name} takes more than it took.", safe=True)
    what = f"{head}: {name}" if name else head
    was, became = " | ".join(before), " | ".join(now)
    return Difference(f"{what} was `{was}` and is `{became}`. {_READ}", safe=False)


def _takes_more(before: tuple[str, ...], now: tuple[str, ...]) -> bool:
    """Say whether longer text fits now, or nothing need be said where something had to be."""
    type_before, default_before, marks_before = _padded(before)
    type_now, default_now, marks_now = _padded(now)
    rest_before, limit_before = _limit(marks_before)
    rest_now, limit_now = _limit(marks_now)
    same = (type_before, rest_before) == (type_now, rest_now)
    return same and default_before in ("", default_now) and limit_now >= limit_before


def _limit(marks: str) -> tuple[list[str], float]:
    told = marks.split(", ") if marks else []
    limits = [int(mark.removeprefix("max ")) for mark in told if mark.startswith("max ")]
    rest = [mark for mark in told if not mark.startswith("max ")]
    return rest, limits[0] if limits else float("inf")


def _padded(told: tuple[str, ...]) -> tuple[str, str, str]:
    kind, default, marks = (*told, "", "", "")[:3]
    return kind, default, marks
