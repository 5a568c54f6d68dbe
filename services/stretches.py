"""Stretches of walks, written down: so that a process that knows nothing yet need not fold all.

What belongs here: writing a stretch under its mark, and which of those that are kept are believed.
What never does: deciding, proving or verifying by one of them. They serve the views of a replay
alone, and can be thrown away at any time: what is missing is folded from the entries.

A stretch is believed when all of this holds, and else it is as if it were not there:

- its mark is one that only this installation's key makes (HMAC-SHA256 over all its bytes): who has
  the database alone can make none;
- it says itself that it is of this ledger, under this number, begun with the same rules, and made
  by this release: other code may fold otherwise;
- the root of the tree over the bytes that stand in the ledger now is the one that it was folded to.

The last one is why the entries are still read and hashed at a first look: only what follows from
them, which takes ten times as long, is not worked out again.

A row has three parts under its mark: where the stretch stands (JSON), what its entries tell (JSON,
packed), and the state at its end (packed). A first look reads all of the first, and of the others
those that it asks for.
"""

import hashlib
import hmac
import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, partial
from itertools import takewhile
from pathlib import Path as File
from platform import python_version
from typing import Any, Final

from domain.difference import Path
from domain.errors import AndonError
from domain.replacing import replace
from domain.state import Incident, incident_text, read_incident_text
from domain.state.investigation import Fact
from domain.tree import Frontier, leaf_hash, roots_at
from domain.wire import decode, encode, instant_text, read_instant
from services.build import build_id
from services.house import House
from services.link_marks import current_key
from services.walks import KNOWN, UNREAD, Place, Step, Stretch, Told, Walk
from storage import stretches
from storage.stretches import KeptStretch

WEIGHT: Final = 1
"""How much the entries of a stretch weigh at least, by the state they lead to."""

KIND: Final = b"andon/stretch/1"
"""Names the key under which stretches are marked: nothing else is ever marked with it."""

_FAST: Final = 1
_LENGTH: Final = 4
_LASTING: Final = ("services/walks.py", "services/stretches.py")


@cache
def release() -> str:
    """Name what a stretch is made by: the build that decides, the walk itself, and Python."""
    root, digest = File(__file__).resolve().parents[1], hashlib.sha256()
    for name in _LASTING:
        digest.update((root / name).read_bytes())
    return f"{build_id()}+{digest.hexdigest()[:12]}+{python_version()}"


# ---------------------------------------------------------------- going on from them


def resume(house: House, walk: Walk, contents: Sequence[bytes]) -> None:
    """Begin a walk with the stretches that are kept and believed; `contents` are all its entries.

    What cannot be read is as if it were not there: the walk then begins before entry 1.
    """
    try:
        rows = stretches.kept(house.bulk, walk.begins.id)
    except AndonError:
        return
    found = list(_marked(house, walk.begins, rows))
    ends = {one.end.size for one in found}
    leaves = [leaf_hash(content) for content in contents[: max(ends, default=0)]]
    roots = roots_at(leaves, ends)
    for one in takewhile(lambda one: roots.get(one.end.size) == _root(one), found):
        walk.takes(one, leaves[walk.size : one.end.size])


def _root(one: Stretch) -> bytes:
    assert one.end.frontier is not None, "a stretch that was read knows the tree at its end"
    return one.end.frontier.root()


def _marked(house: House, begins: Incident, rows: Iterable[KeptStretch]) -> Iterator[Stretch]:
    """Give the first stretches, as far as each is ours and goes on from the one before."""
    key, before = current_key(house.ring, KIND), 0
    for number, row in enumerate(rows):
        content = row.content
        if row.number != number or not isinstance(content, bytes):
            return
        mark = hmac.digest(key, content, "sha256").hex()
        if not isinstance(row.mark, str) or not hmac.compare_digest(
            mark.encode(), row.mark.encode()
        ):
            return
        try:
            stands, told, state = _parts(content)
            about = stands["about"]
        except (KeyError, TypeError, ValueError):
            return  # another release wrote it, in a form of its own
        if about != [*_about(begins, number), before]:
            return
        one = _read(house, stands, told, state)
        before = one.end.size
        yield one


def _about(begins: Incident, number: int) -> list[Any]:
    """Say what a stretch is of: all that its entries do not say and it depends on."""
    return [begins.id, number, begins.rules.hash, begins.drill, release()]


def _parts(content: bytes) -> tuple[dict[str, Any], bytes, bytes]:
    """Take a stretch apart: where it stands, and what it tells and its state as they are packed."""
    ends = [2 * _LENGTH]
    for at in (0, _LENGTH):
        ends.append(ends[-1] + int.from_bytes(content[at : at + _LENGTH], "big"))
    stands: dict[str, Any] = json.loads(content[ends[0] : ends[1]])
    return stands, content[ends[1] : ends[2]], content[ends[2] :]


def _read(house: House, stands: dict[str, Any], told: bytes, state: bytes) -> Stretch:
    size = stands["size"]
    return Stretch(
        size=size - stands["about"][-1],
        earliest=read_instant(stands["earliest"]),
        latest=read_instant(stands["latest"]),
        read=partial(_told, told),
        end=Place(
            size=size,
            read=partial(_state, house, state, stands["rules"]),
            frontier=Frontier.from_hex(size, stands["frontier"]),
            weight=stands["weight"],
        ),
    )


def _told(packed: bytes) -> Told:
    plain = json.loads(zlib.decompress(packed))
    paths: list[Path] = [tuple(path) for path in plain["paths"]]
    values: list[Any] = [UNREAD] * len(plain["steps"])
    for place, fact in plain["known"]:
        values[place] = _known(fact)
    return Told(
        recorded=list(map(read_instant, plain["recorded"])),
        happened=list(map(read_instant, plain["happened"])),
        touches=list(zip(plain["touches"], _of(paths, plain["touched"]), strict=True)),
        steps=list(map(Step, plain["steps"], _of(paths, plain["stepped"]), values)),
    )


def _of(paths: Sequence[Path], numbers: Iterable[int]) -> Iterator[Path]:
    return map(paths.__getitem__, numbers)


def _known(plain: Any) -> Fact | None:
    return None if plain is None else decode(Fact, plain)


def _state(house: House, packed: bytes, rules: str) -> Incident:
    text = zlib.decompress(packed).decode()
    return replace(read_incident_text(text, house.rules(rules)), find_rules=house.rules)


# ---------------------------------------------------------------- writing them down


def keep(house: House, walk: Walk, is_over: Callable[[], bool] = lambda: False) -> int:
    """Write down what is not yet of a walk that its ledger bears out; give how many stretches.

    What does not read back as what it was is not written, nor what comes after it. Ends early,
    between two stretches, when `is_over` says so: what is missing comes next time.
    """
    done = 0
    while not is_over() and (one := _next(walk)) is not None:
        row = _row(house, walk, one)
        if row is None:
            break
        stretches.keep(house.bulk, [row])
        with walk.lock:
            walk.is_kept(one.end)
        done += 1
    return done


def _next(walk: Walk) -> Stretch | None:
    """Give the next stretch: it ends where its entries weigh as much as the state they led to.

    So what is written of an incident stays below what its ledger weighs, however long that grows.
    """
    with walk.lock:
        places = [one for one in walk.places if one.size > walk.tried and one.frontier is not None]
    for place in places:
        if place.weight - walk.kept_to.weight >= WEIGHT * len(incident_text(place.state)):
            with walk.lock:
                return walk.stretch(place)
        walk.tried = place.size
    return None


def _row(house: House, walk: Walk, one: Stretch) -> KeptStretch | None:
    """Write a stretch; None where it does not read back as what it is."""
    about = [*_about(walk.begins, walk.kept), walk.kept_to.size]
    told = one.read()
    content = _packed(_stands(about, one), _plain(told), incident_text(one.end.state))
    if not _reads_back(house, content, one, told):
        return None
    mark = hmac.digest(current_key(house.ring, KIND), content, "sha256").hex()
    return KeptStretch(stream=walk.begins.id, number=walk.kept, content=content, mark=mark)


def _packed(stands: dict[str, Any], told: dict[str, Any], text: str) -> bytes:
    first, second = (json.dumps(one, separators=(",", ":")).encode() for one in (stands, told))
    parts = first, zlib.compress(second, _FAST), zlib.compress(text.encode(), _FAST)
    return b"".join((*(len(part).to_bytes(_LENGTH, "big") for part in parts[:2]), *parts))


def _stands(about: list[Any], one: Stretch) -> dict[str, Any]:
    assert one.end.frontier is not None, "a stretch ends where the walk came by"
    return {
        "about": about,
        "size": one.end.size,
        "weight": one.end.weight,
        "rules": one.end.state.rules.hash,
        "frontier": one.end.frontier.to_hex(),
        "earliest": instant_text(one.earliest),
        "latest": instant_text(one.latest),
    }


def _plain(told: Told) -> dict[str, Any]:
    """Give what the entries tell, column by column: of pairs, each would be read as a list."""
    places: dict[Path, int] = {}
    for path in (*(path for _, path in told.touches), *(step.path for step in told.steps)):
        places.setdefault(path, len(places))
    return {
        "recorded": list(map(instant_text, told.recorded)),
        "happened": list(map(instant_text, told.happened)),
        "paths": list(places),
        "touches": [seq for seq, _ in told.touches],
        "touched": [places[path] for _, path in told.touches],
        "steps": [step.seq for step in told.steps],
        "stepped": [places[step.path] for step in told.steps],
        "known": [
            (place, step.value and encode(Fact, step.value))
            for place, step in enumerate(told.steps)
            if step.path[:1] == KNOWN
        ],
    }


def _reads_back(house: House, content: bytes, one: Stretch, told: Told) -> bool:
    """Say whether a stretch is what it was after it is read: what is too large for that is not."""
    try:
        read = _read(house, *_parts(content))
        is_same = read.end.state == one.end.state
    except AndonError:
        return False
    unread = [step if step.path[:1] == KNOWN else Step(step.seq, step.path, UNREAD)
              for step in told.steps]  # fmt: skip
    spans = [(each.size, each.earliest, each.latest) for each in (read, one)]
    return is_same and spans[0] == spans[1] and read.read() == replace(told, steps=unread)
