"""What the offline viewer of a dossier is told beside the entries: names, heads, states.

What belongs here: gathering it. What never does: a word of the console (the edges hand those in),
or a script (services/dossier_viewer.py).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import chain
from typing import Any, Final

from activities.zones import HOME_ZONE
from domain.dossier import Manifest
from domain.errors import AndonError, BrokenSetup, NotFound
from domain.rules import Rules
from domain.wire import instant_text
from services import reading
from services.company import about_company
from services.dossier_record import Found, Pinned
from services.house import House
from services.record_summary import told_after_each
from storage import catalog

LISTS: Final = ("product", "channel", "consignee")


def listed(house: House) -> frozenset[str]:
    """Give the ids of the company's things that entries may name."""
    return frozenset(chain.from_iterable(_items(house, kind) for kind in LISTS))


def company_name(house: House) -> dict[str, str]:
    """Give the company's name in both languages; empty where no company is set up."""
    about = about_company(house)
    return {one: str(about.get(f"name_{one}") or "") for one in ("en", "zh")}


def about(
    pinned: Pinned,
    found: Found,
    manifest: Manifest,
    people: Mapping[str, Any],
    keys: Sequence[str],
) -> dict[str, Any]:
    """Give what the viewer's page says of the record, as plain JSON."""
    row = pinned.row
    return {
        "incident": row.id,
        "origin": manifest.origin,
        "company": company_name(pinned.house),
        "made_at": instant_text(manifest.made_at),
        "made_by": manifest.made_by,
        "build": manifest.build,
        "title": _title(pinned),
        "zone": HOME_ZONE,
        "drill": row.drill,
        "redacted": manifest.redacted,
        "private": manifest.private,
        "size": manifest.size,
        "root": manifest.root,
        "signed": manifest.signed,
        "heads": [
            {"note": head.note, "signed_at": instant_text(head.signed_at), "log_seq": seq}
            for head, seq in pinned.heads_told()
        ],
        "keys": list(keys),
        "people": dict(people),
        "names": {
            kind: {
                one.id: {"en": one.name_en, "zh": one.name_zh}
                for one in _items(pinned.house, kind).values()
                if one.id in found.things
            }
            for kind in LISTS
        },
    }


def _title(pinned: Pinned) -> dict[str, str]:
    """Name an incident by its products, as lists do; by its own title where it has none."""
    items = _items(pinned.house, "product")
    named = [items[one] for one in pinned.row.products if one in items]
    if not named:
        return {"en": pinned.row.title, "zh": pinned.row.title}
    return {
        "en": ", ".join(one.name_en for one in named),
        "zh": "、".join(one.name_zh or one.name_en for one in named),
    }


def _items(house: House, kind: str) -> dict[str, catalog.Item]:
    return {item.id: item for item in catalog.list_items(house.engine, kind)}


def rules_of(pinned: Pinned) -> Rules | None:
    """Give the rules that the incident stands under; None where they are not kept any more."""
    with suppress(NotFound, BrokenSetup):
        return pinned.house.rules(pinned.row.rules_hash)
    return None


def states(pinned: Pinned, tell: Callable[[Any], str]) -> Iterator[Any]:
    """Say after each entry what it changed, as far as the entries can be folded."""
    with suppress(AndonError, AttributeError, LookupError, TypeError, ValueError):
        empty = reading.empty_incident(pinned.house, pinned.row)
        yield from told_after_each(empty, pinned.entries, tell)
