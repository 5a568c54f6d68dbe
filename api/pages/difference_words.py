"""What is different between two states of an incident, thing by thing, in a reader's words.

What belongs here: naming a thing and its fields by their types, and the clocks that came and went.
What never does: reading storage, HTML, or what is different (domain/difference.py).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, get_args, get_origin, get_type_hints

from api.field_words import FIELDS
from api.pages.fact_words import fact_name
from api.pages.lens import Drawn, Lens
from api.pages.readable import Reading, label_of, text_of, worded
from api.word_lists import STAGE
from domain.agenda import dues
from domain.difference import Changed, Path, ThingChanged
from domain.dispatch import Due
from domain.errors import Malformed
from domain.stages import Stage
from domain.state import Incident, PendingAct
from domain.values import PrivateText
from domain.wire import decode, optional_of
from services.moments import Between

TONES: Final = {"added": "information", "changed": "warning", "removed": "neutral"}
NOTHING: Final = "–"

FIRST: Final = (
    "state",
    "status",
    "value",
    "grade",
    "outcome",
    "verdict",
    "decision",
    "action",
    "person",
    "due_at",
    "outcomes",
    "level",
    "title",
    "what",
    "reason",
    "units",
)
"""Fields that say most, in this order; the others follow as the state has them."""  # fmt: skip

KEPT_OUT: Final = frozenset({"seq", "sha256", "version", "id", "channel", "key", "written"})
"""Fields that say nothing to a reader beside the thing's name."""


@dataclass(frozen=True)
class Spot:
    """Where a leaf stands in the types: its owner, its field, and the type of its value."""

    owner: type
    name: str
    kind: Any
    names: tuple[str, ...]


def difference_told(lens: Lens, between: Between, ledger: str = "") -> Drawn:
    """Tell a difference by stage, and the clocks that started, moved or ended."""
    by_stage: dict[str, list[Drawn]] = {}
    for one in between.things:
        rows = _rows(lens, one)
        if rows:
            told = _thing(lens, between, one, rows, ledger)
            by_stage.setdefault(one.path[0], []).append(told)
    return {
        "stages": [
            {"name": stage, "title": _stage_title(lens, stage), "things": found}
            for stage, found in by_stage.items()
        ],
        "clocks": _clocks(lens, between.before.state, between.after.state),
    }


def _stage_title(lens: Lens, stage: str) -> str:
    return lens("Waiting for signatures") if stage == "pending" else lens(STAGE[Stage(stage)])


def _thing(
    lens: Lens, between: Between, one: ThingChanged, rows: list[Drawn], ledger: str
) -> Drawn:
    seqs = between.touched_by.get(one.path, ())
    return {
        "name": thing_name(lens, between, one.path),
        "how": one.how,
        "word": _how(lens, one.how),
        "tone": TONES[one.how],
        "rows": rows,
        "entries": [{"seq": seq, "href": f"{ledger}/{seq}"} for seq in seqs],
    }


def _how(lens: Lens, how: str) -> str:
    return {
        "added": lens("new"),
        "changed": lens("changed"),
        "removed": lens("no longer there"),
    }[how]


def thing_name(lens: Lens, between: Between, path: Path) -> str:
    """Name a thing as its own page does."""
    stage, name, key = path[0], path[1], path[-1]
    if stage == "pending":
        states = (between.after.state, between.before.state)
        found = next((state.pending[name] for state in states if name in state.pending), None)
        return lens(found.title) if found else name
    label = label_of(lens, name, FIELDS.get(name, ""))
    if len(path) == 2:
        return label
    named = {
        "channels": lambda: lens.named("channel", key),
        "listed": lambda: lens.named("channel", key),
        "facts": lambda: fact_name(lens, key, _own_name(between, key)),
        "roles": lambda: lens.role(key),
        "absences": lambda: lens.role(key),
        "consignees": lambda: lens.named("consignee", key),
    }.get(name)
    if key.isdigit():
        return f"{label} {key}"
    return lens.named_line(label, named() if named else key)


def _own_name(between: Between, key: str) -> str:
    states = (between.after.state, between.before.state)
    found = (state.investigation.facts.get(key) for state in states)
    return next((fact.name for fact in found if fact is not None), "")


def _rows(lens: Lens, one: ThingChanged) -> list[Drawn]:
    """Give each leaf as label, before and after; what was sealed says no more than that."""
    found: dict[str, Drawn] = {}
    spots = [(part, spot) for part in one.changes if (spot := spot_of(part.path)) is not None]
    for part, spot in sorted(spots, key=lambda pair: _weight(*pair)):
        if (len(one.path) > 2 and spot.name in KEPT_OUT) or _in_other_words(lens, spot):
            continue
        label = _label(lens, spot)
        if spot.kind is PrivateText:
            found[label] = {"label": label, "before": "", "after": lens("sealed")}
            continue
        found[f"{label} {part.path}"] = {
            "label": label,
            "before": _value(lens, spot, part, part.before),
            "after": _value(lens, spot, part, part.after),
        }
    return list(found.values())


def _weight(part: Changed, spot: Spot) -> tuple[int, Path, int]:
    """Say how early a field is told."""
    nested, names = part.path[3:-1], list(_hints(spot.owner))
    if spot.name in FIRST and not nested:
        return (FIRST.index(spot.name), (), 0)
    return (len(FIRST), nested, names.index(spot.name))


def _in_other_words(lens: Lens, spot: Spot) -> bool:
    """Say whether a field is the other language's half of a pair."""
    here, there = ("_zh", "_en") if lens.words.is_chinese else ("_en", "_zh")
    return spot.name.endswith(there) and f"{spot.name[:-3]}{here}" in _hints(spot.owner)


def _label(lens: Lens, spot: Spot) -> str:
    own = FIELDS.get(f"{spot.owner.__name__}.{spot.name}", "")
    label = label_of(lens, spot.name.removesuffix("_en").removesuffix("_zh"), own)
    return " · ".join((*spot.names, label)) if spot.names else label


def _value(lens: Lens, spot: Spot, part: Changed, value: Any) -> str:
    if value is None:
        return NOTHING
    try:
        read = decode(spot.kind, value)
    except Malformed:
        return str(value)
    told = worded(Reading(lens, {}), spot.owner, spot.name, spot.kind, read)
    return str(told.get("text") or lens.listed(told.get("lines", ())) or NOTHING)


@cache
def spot_of(path: Path) -> Spot | None:
    """Find where a path leads by the types of the state; None for what they do not know."""
    owner: Any = PendingAct if path[0] == "pending" else _hints(Incident).get(path[0])
    rest, names = path[2:] if path[0] == "pending" else path[1:], []
    while rest:
        name, rest = rest[0], rest[1:]
        kind = _hints(owner).get(name)
        if kind is None:
            return None
        kind = optional_of(kind) or kind
        inner, several = _inner(kind)
        if several and rest and (_is_made_of_fields(inner) or get_origin(kind) is dict):
            key, rest = rest[0], rest[1:]
            names += [key] if len(path) - len(rest) > 3 else []
            kind = inner
        if kind is PrivateText or not rest or not _is_made_of_fields(kind):
            return Spot(owner, name, kind, tuple(names))
        owner = kind
    return None


def _inner(kind: Any) -> tuple[Any, bool]:
    """Give what a collection holds, and whether it is one."""
    origin = get_origin(kind)
    if origin is dict:
        return get_args(kind)[1], True
    if origin is tuple:
        return get_args(kind)[0], True
    return kind, False


def _is_made_of_fields(kind: Any) -> bool:
    return isinstance(kind, type) and hasattr(kind, "__dataclass_fields__")


@cache
def _hints(owner: Any) -> dict[str, Any]:
    return get_type_hints(owner) if _is_made_of_fields(owner) else {}


# ---------------------------------------------------------------- clocks


def _clocks(lens: Lens, before: Incident, after: Incident) -> list[Drawn]:
    """Tell the clocks that started, moved or ended between two states."""
    was, now = ({due.key: due for due in _running(state)} for state in (before, after))
    found = []
    for key, due in {**was, **now}.items():
        old, new = was.get(key), now.get(key)
        if old is not None and new is not None and old.due_at == new.due_at:
            continue
        word, tone = _clock_word(lens, old, new)
        found.append({
            "name": lens.sentence(due.title),
            "word": word,
            "tone": tone,
            "before": text_of(lens, "due_at", Any, old.due_at) if old else "",
            "after": text_of(lens, "due_at", Any, new.due_at) if new else "",
        })  # fmt: skip
    return found


def _clock_word(lens: Lens, old: Due | None, new: Due | None) -> tuple[str, str]:
    if old is None:
        return lens("started"), "information"
    return (lens("ended"), "neutral") if new is None else (lens("moved"), "warning")


def _running(state: Incident) -> Iterable[Due]:
    return () if state.review.closed_at is not None else dues(state)
