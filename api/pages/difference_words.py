"""What is different between two states of an incident, thing by thing, in a reader's words.

What belongs here: naming a thing and its fields by their types, and the clocks that came and went.
What never does: reading storage, HTML, or what is different (domain/difference.py).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, get_args, get_origin, get_type_hints

from api.field_words import FIELDS
from api.pages.channel_differences import channel_told
from api.pages.fact_words import fact_name
from api.pages.lens import Drawn, Lens
from api.pages.readable import Reading, label_of, text_of, worded
from api.word_lists import LISTS, STAGE
from domain.agenda import dues
from domain.difference import Changed, Path, ThingChanged
from domain.dispatch import Due
from domain.errors import Malformed
from domain.people import Role
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

KEPT_OUT: Final = frozenset(
    {"seq", "sha256", "version", "id", "channel", "key", "written", "citation", "quote"}
)
"""Fields that say nothing to a reader beside the thing's name."""


@dataclass(frozen=True)
class Spot:
    """Where a leaf stands in the types: its owner, its field, and the type of its value.

    `within`: it is part of one of several that the field holds, and only the field is told.
    """

    owner: type
    name: str
    kind: Any
    within: bool


def difference_told(lens: Lens, between: Between, ledger: str = "") -> Drawn:
    """Tell a difference by stage, and the clocks that started, moved or ended."""
    by_stage: dict[str, list[Drawn]] = {}
    for one in between.things:
        rows = _told(lens, between, one)
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
    name = thing_name(lens, between, one.path)
    return {
        "name": name,
        "how": one.how,
        "word": _how(lens, one.how),
        "tone": TONES[one.how],
        "rows": _named_once(lens, name, rows),
        "in_sentences": _is_channel(one),
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
    label = label_of(lens, name, own_label(_hints(Incident)[stage], name))
    if len(path) == 2:
        return label
    label = lens.words.of("thing", one) if (one := f"{stage}.{name}") in LISTS["thing"] else label
    named = {
        "channels": lambda: lens.named("channel", key),
        "listed": lambda: lens.named("channel", key),
        "facts": lambda: fact_name(lens, key, _own_name(between, key)),
        "statements": lambda: _title_of(lens, between, key),
        "roles": lambda: lens.role(key),
        "absences": lambda: lens.role(key),
        "consignees": lambda: lens.named("consignee", key),
    }.get(name)
    if key.isdigit():
        return f"{label} {key}"
    return lens.named_line(label, named() if named else key)


def own_label(owner: Any, name: str) -> str:
    """Give what a field of a state is called; nothing where it has no name for readers."""
    return FIELDS.get(f"{owner.__name__}.{name}", "") or FIELDS.get(name, "")


def _title_of(lens: Lens, between: Between, key: str) -> str:
    states = (between.after.state, between.before.state)
    found = (state.statement.statements.get(key) for state in states)
    title = next((lens.title_of(text) for text in found if text is not None), "")
    return f"{key} {title}".strip()


def _own_name(between: Between, key: str) -> str:
    states = (between.after.state, between.before.state)
    found = (state.investigation.facts.get(key) for state in states)
    return next((fact.name for fact in found if fact is not None), "")


CHANNELS: Final = ("halt", "channels")
"""What is told in sentences: where a channel stands follows from several fields at once."""


def _told(lens: Lens, between: Between, one: ThingChanged) -> list[Drawn]:
    """Tell a thing by its leaves; a channel in sentences, which have no label."""
    if not _is_channel(one):
        return _rows(lens, one)
    said = channel_told(lens, between, one.path[2])
    return [{"label": "", "before": "", "after": sentence} for sentence in said]


def _is_channel(one: ThingChanged) -> bool:
    return one.path[:2] == CHANNELS and len(one.path) > len(CHANNELS)


def _named_once(lens: Lens, name: str, rows: list[Drawn]) -> list[Drawn]:
    """Leave out of the rows of a thing what its name says: the same label, or itself."""
    new = [
        row
        for row in rows
        if row["before"] not in ("", NOTHING) or lens.named_line(row["label"], row["after"]) != name
    ]
    return [{**row, "label": "" if row["label"] == name else row["label"]} for row in new or rows]


def _rows(lens: Lens, one: ThingChanged) -> list[Drawn]:
    """Give each leaf as label, before and after; what was sealed says no more than that."""
    found: dict[str, Drawn] = {}
    spots = [(part, spot) for part in one.changes if (spot := spot_of(part.path)) is not None]
    for part, spot in sorted(spots, key=lambda pair: _weight(*pair)):
        if (len(one.path) > 2 and spot.name in KEPT_OUT) or not _is_told(lens, spot):
            continue
        label = _label(lens, spot)
        if spot.within:
            found[label] = {"label": label, "before": "", "after": lens("changed")}
            continue
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


def _is_told(lens: Lens, spot: Spot) -> bool:
    """Say whether a field says something to a reader: it has a name, and no better half.

    The half is the other language's of a pair. What has no name is in the JSON alone.
    """
    bare = spot.name.removesuffix("_en").removesuffix("_zh")
    if not own_label(spot.owner, bare):
        return False
    here, there = ("_zh", "_en") if lens.words.is_chinese else ("_en", "_zh")
    return not (spot.name.endswith(there) and f"{spot.name[:-3]}{here}" in _hints(spot.owner))


def _label(lens: Lens, spot: Spot) -> str:
    bare = spot.name.removesuffix("_en").removesuffix("_zh")
    return label_of(lens, bare, own_label(spot.owner, bare))


def _value(lens: Lens, spot: Spot, part: Changed, value: Any) -> str:
    if value is None:
        return NOTHING
    try:
        read = decode(spot.kind, value)
    except Malformed:
        return str(value)
    if spot.name == "channels":
        return lens.listed(lens.named("channel", one) for one in read)
    told = worded(Reading(lens, {}), spot.owner, spot.name, spot.kind, read)
    return str(told.get("text") or lens.listed(told.get("lines", ())) or NOTHING)


@cache
def spot_of(path: Path) -> Spot | None:
    """Find where a path leads by the types of the state; None for what they do not know."""
    pending = path[0] == "pending"
    owner: Any = PendingAct if pending else _hints(Incident).get(path[0])
    rest, depth = path[2:] if pending else path[1:], 0
    while rest:
        name, rest, depth = rest[0], rest[1:], depth + 1
        kind = _hints(owner).get(name)
        if kind is None:
            return None
        kind = optional_of(kind) or kind
        inner, several = _inner(kind)
        if several and rest and (_is_made_of_fields(inner) or get_origin(kind) is dict):
            if depth > 1 or pending:
                return Spot(owner, name, kind, within=True)
            rest, kind = rest[1:], inner
        if kind is PrivateText or not rest or not _is_made_of_fields(kind):
            return Spot(owner, name, kind, within=False)
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
            "name": clock_name(lens, due),
            "word": word,
            "tone": tone,
            "before": text_of(lens, "due_at", Any, old.due_at) if old else "",
            "after": text_of(lens, "due_at", Any, new.due_at) if new else "",
        })  # fmt: skip
    return found


def clock_name(lens: Lens, due: Due) -> str:
    """Name a clock: what is due, and of a person's own who it is and for which role."""
    told = lens.sentence(due.in_time or due.title)
    if not due.person:
        return told
    role = lens.role(due.item) if due.item in tuple(Role) else ""
    return lens.named_line(told, lens.listed(filter(None, (lens.person(due.person), role))))


def _clock_word(lens: Lens, old: Due | None, new: Due | None) -> tuple[str, str]:
    if old is None:
        return lens("started"), "information"
    return (lens("ended"), "neutral") if new is None else (lens("moved"), "warning")


def _running(state: Incident) -> Iterable[Due]:
    return () if state.review.closed_at is not None else dues(state)
