"""The state of a stream after each entry, as short lines that are recorded once and compared for ever.

What belongs here: the hash of a state, part by part; the shape a state had when it was recorded;
folding a ledger with both. What never does: files (tests/replay/corpus.py), an assertion.

A later release may give states more fields. What is compared is what was there at the recording: a
state is cut to the shape it had then, and what is left must be the same value.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, is_dataclass, replace
from hashlib import sha256
from typing import Any, get_args, get_origin, get_type_hints

from domain.ledger import read_entry
from domain.message import event_spec
from domain.plot import fold
from domain.rules import FindRules, Rules
from domain.state import StreamState
from domain.streams import plot_of
from domain.wire import encode, optional_of, travelling

Shape = Any
"""The fields of a dataclass by name, `{"*": …}` of a dict, `[…]` of a list, None of a plain value."""

ALWAYS_MOVES = ("size", "last_at")
"""Parts of a state that every entry changes; no line names them."""


def shape_of(tp: Any) -> Shape:
    """Give the shape of a type that travels."""
    inner = optional_of(tp)
    if inner is not None:
        return shape_of(inner)
    if get_origin(tp) is tuple:
        return [shape_of(get_args(tp)[0])]
    if get_origin(tp) is dict:
        return {"*": shape_of(get_args(tp)[1])}
    if isinstance(tp, type) and is_dataclass(tp):
        hints = get_type_hints(tp)
        return {f.name: shape_of(hints[f.name]) for f in travelling(tp)}
    return None


def cut(plain: Any, shape: Shape) -> Any:
    """Leave out of plain JSON what the shape does not know."""
    if isinstance(plain, Mapping) and isinstance(shape, Mapping):
        every = shape.get("*")
        if "*" in shape:
            return {name: cut(part, every) for name, part in plain.items()}
        return {name: cut(part, shape[name]) for name, part in plain.items() if name in shape}
    if isinstance(plain, list) and isinstance(shape, list):
        return [cut(part, shape[0]) for part in plain]
    return plain


Parts = dict[str, str]
"""The hash of each part of a state by its name."""


def whole(parts: Parts) -> str:
    """Hash a state: over the hashes of its parts."""
    return sha256("\n".join(f"{name} {parts[name]}" for name in sorted(parts)).encode()).hexdigest()


def _hash(plain: Any) -> str:
    return sha256(json.dumps(plain, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


@dataclass
class Folding:
    """One fold over a ledger; a part that no entry touched is hashed once."""

    state: StreamState
    shape: Mapping[str, Shape]
    kinds: dict[str, Any] = field(init=False)
    _seen: dict[str, tuple[Any, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Look the types of the parts up once."""
        self.kinds = get_type_hints(type(self.state))

    def take(self, leaf: bytes) -> None:
        """Fold one entry in."""
        self.state = fold(self.state, [leaf])

    def parts(self) -> Parts:
        """Hash each part of the state as it stands."""
        return {name: self._part(name) for name in self.shape if name in self.kinds}

    def document(self) -> dict[str, Any]:
        """Give the whole state as plain JSON, as far as its shape was known."""
        plain: dict[str, Any] = cut(encode(type(self.state), self.state), self.shape)
        return plain

    def _part(self, name: str) -> str:
        value = getattr(self.state, name)
        seen = self._seen.get(name)
        if seen is None or seen[0] is not value:
            plain = cut(encode(self.kinds[name], value), self.shape[name])
            seen = self._seen[name] = (value, _hash(plain))
        return seen[1]


def folding(
    stream: str, rules: Rules, drill: str, shape: Mapping[str, Shape], find: FindRules
) -> Folding:
    """Begin to fold a stream's ledger; `find` gives the rules that it adopts on the way."""
    empty = plot_of(stream).new(stream, rules, drill=drill)
    return Folding(replace(empty, find_rules=find), shape)


def lines_of(fold_: Folding, leaves: Iterable[bytes]) -> Iterator[str]:
    """Write the line of each entry: its number and type, the state after it, which parts moved."""
    before = fold_.parts()
    for leaf in leaves:
        fold_.take(leaf)
        parts = fold_.parts()
        moved = [
            f"{name}:{parts[name][:8]}"
            for name in parts
            if parts[name] != before.get(name) and name not in ALWAYS_MOVES
        ]
        kind = event_spec(read_entry(leaf).event).name
        yield " ".join([str(fold_.state.size), kind, whole(parts), *moved])
        before = parts
