"""What is different between two states of one incident, thing by thing.

What belongs here: telling two states apart, naming the thing that a difference is about, and
putting differences one behind the other. What never does: words for a reader, reading a ledger.

A state is laid out as leaves: each has a path of names, and a plain value that is not nothing.
Nothing (no value, no words, an empty list) has no leaf, so "not known yet" and "not there" are one.
Things in a list are named by what tells them apart (an id, a number, an entry), never by their
place where they have a name: who is struck off a list moves nobody else.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import Any, Final, get_args, get_origin, get_type_hints

from domain.state import Incident, incident_document

Path = tuple[str, ...]
Leaves = Mapping[Path, Any]

STAGES: Final = (
    "report",
    "investigation",
    "halt",
    "recall",
    "statement",
    "notice",
    "review",
    "people",
    "pending",
)
"""The parts of a state that people read; the others count for the workflow alone."""

TOLD_APART_BY: Final = ("id", "number", "seq", "key", "lot", "channel", "person", "role", "place")
"""The fields by which things in a list are told apart, the surest first."""

THING: Final = 3
"""Names in the path of a thing: its stage, what it is one of, its own name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """One leaf that is other than before: None where it was not there, or is not there now."""

    path: Path
    before: Any
    after: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class ThingChanged:
    """One thing that is other than before: added, changed or removed, and each of its leaves.

    `path` is its stage, what it is one of, and its own name where there are several.
    """

    path: Path
    how: str
    changes: tuple[Changed, ...]


def leaves_of(incident: Incident) -> dict[Path, Any]:
    """Lay a state out as leaves."""
    document = incident_document(incident)
    return {
        path: value for stage in STAGES for path, value in _leaves((stage,), document.get(stage))
    }


def difference(before: Leaves, after: Leaves) -> tuple[Changed, ...]:
    """Give every leaf that is other in `after` than in `before`, in order of their paths."""
    moved = (path for path in {**before, **after} if before.get(path) != after.get(path))
    return tuple(
        Changed(path=path, before=before.get(path), after=after.get(path)) for path in sorted(moved)
    )


def composed(first: Iterable[Changed], then: Iterable[Changed]) -> tuple[Changed, ...]:
    """Put two differences one behind the other: what came and went in between is no difference."""
    earlier, later = ({one.path: one for one in part} for part in (first, then))
    ends = {
        path: (
            (earlier.get(path) or later[path]).before,
            (later.get(path) or earlier[path]).after,
        )
        for path in {**earlier, **later}
    }
    return tuple(
        Changed(path=path, before=was, after=now)
        for path, (was, now) in sorted(ends.items())
        if was != now
    )


def things(changes: Iterable[Changed], before: Leaves, after: Leaves) -> tuple[ThingChanged, ...]:
    """Gather a difference by the thing that each leaf belongs to, in the order of the stages."""
    gathered: dict[Path, list[Changed]] = {}
    for one in changes:
        gathered.setdefault(thing_of(one.path), []).append(one)
    was, now = _things_in(before), _things_in(after)
    found = [
        ThingChanged(path=path, how=_how(path in was, path in now), changes=tuple(parts))
        for path, parts in gathered.items()
    ]
    return tuple(sorted(found, key=lambda one: (STAGES.index(one.path[0]), one.path)))


def thing_of(path: Path) -> Path:
    """Name the thing that a leaf belongs to: a channel, a fact, an act that waits, one value."""
    if path[0] == "pending":
        return path[:2]
    return path[: THING if path[:2] in _collections() else THING - 1]


@cache
def _collections() -> frozenset[Path]:
    """Give what holds several things, each with a name of its own."""
    parts = {
        (stage, name): hint
        for stage, kind in get_type_hints(Incident).items()
        if stage in STAGES and is_dataclass(kind)
        for name, hint in get_type_hints(kind).items()
    }
    return frozenset(path for path, hint in parts.items() if _holds_several(hint))


def _holds_several(hint: Any) -> bool:
    if get_origin(hint) is dict:
        return True
    return get_origin(hint) is tuple and is_dataclass(get_args(hint)[0])


def touched(before: Incident, after: Incident) -> Iterator[Path]:
    """Name the things that an entry changed, from the states before and after it.

    What is the same object is not looked into: states are never changed in place.
    """
    for stage in STAGES:
        was, now = getattr(before, stage), getattr(after, stage)
        if was is now:
            continue
        if isinstance(now, dict):
            yield from ((stage, str(key)) for key in _other_keys(was, now))
            continue
        kind: Any = type(now)
        for name in _field_names(kind):
            old, new = getattr(was, name), getattr(now, name)
            if old is not new:
                yield from _touched((stage, name), old, new)


@cache
def _field_names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def _touched(path: Path, was: Any, now: Any) -> Iterator[Path]:
    if isinstance(now, dict):
        yield from ((*path, str(key)) for key in _other_keys(was, now))
    elif was == now:
        return
    elif isinstance(now, tuple) and any(map(is_dataclass, (*was, *now))):
        yield from ((*path, key) for key in _other_keys(_by_name(was), _by_name(now)))
    else:
        yield path


def _other_keys(was: Mapping[Any, Any], now: Mapping[Any, Any]) -> list[Any]:
    other = [key for key, new in now.items() if (old := was.get(key)) is not new and old != new]
    if len(was) + sum(key not in was for key in other) != len(now):
        other += [key for key in was if key not in now]
    return other


def _by_name(items: Sequence[Any]) -> dict[str, Any]:
    names = _names([{f.name: getattr(one, f.name) for f in fields(one)} for one in items])
    return dict(zip(names, items, strict=True))


def _leaves(path: Path, value: Any) -> Iterator[tuple[Path, Any]]:
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _leaves((*path, str(key)), part)
    elif isinstance(value, list) and any(isinstance(one, dict) for one in value):
        for name, part in zip(_names(value), value, strict=True):
            yield from _leaves((*path, name), part)
    elif value not in (None, "", []):
        yield path, value


def _names(items: Sequence[Mapping[str, Any]]) -> list[str]:
    """Name the things of a list by what tells them apart; by their place where nothing does."""
    for name in TOLD_APART_BY:
        found = [str(one.get(name, "")) for one in items]
        if all(found) and len(set(found)) == len(found):
            return found
    return [str(place) for place in range(1, len(items) + 1)]


def _things_in(leaves: Leaves) -> set[Path]:
    return {thing_of(path) for path in leaves}


def _how(was: bool, now: bool) -> str:  # noqa: FBT001 - whether it is there, before and after
    if was and now:
        return "changed"
    return "added" if now else "removed"
