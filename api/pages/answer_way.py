"""The folded part of a channel's answer: what was already on its way to people.

What belongs here: its fields, reading them, and saying back what the channel counted. What never
does: which kinds a channel may have or what counts (domain/on_its_way.py), or the rest of the page
(order_answer.py). Each kind is counted in all, or by lot in a fold of its own.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from api.pages.answer_numbers import why_not
from api.pages.lens import Drawn
from api.words import Words
from domain.on_its_way import kinds_at
from services.answer_links import Asked

LOTS_ASKED: Final = 12
"""So many lots may be counted by themselves; of more, one number of each kind in all."""

Numbers = Callable[[str], int | None]


@dataclass(frozen=True)
class WayField:
    """The two numbers of one kind, of one lot or in all (`lot` is "" then)."""

    kind: str
    lot: str
    name: str

    @property
    def stopped(self) -> str:
        """Name the field of what was stopped."""
        return f"{self.name}-stopped"

    @property
    def through(self) -> str:
        """Name the field of what got through."""
        return f"{self.name}-through"


def fields_of(asked: Asked, lots: Sequence[str]) -> Iterator[WayField]:
    """Give the fields that fit this kind of channel: in all, then by lot where there are some.

    A field is named by the lot's place in the order, behind the one for all.
    """
    whole = asked.order.lots
    told = lots if len(lots) == 1 else ("", *lots) if len(lots) <= LOTS_ASKED else ("",)
    place = {lot: number for number, lot in enumerate(whole, start=len(whole) > 1)}
    for kind in kinds_at(asked.incident.halt.listed[asked.now.channel].kind):
        for lot in told or ("",):
            yield WayField(kind=str(kind), lot=lot, name=f"way-{kind}-{place.get(lot, 0)}")


def wrongs(
    words: Words, fields: Iterable[WayField], typed: Mapping[str, str], units: Numbers
) -> Iterator[tuple[str, str]]:
    """Say what is wrong with the numbers, by field."""
    in_all = set()
    for one in fields:
        filled = [name for name in (one.stopped, one.through) if typed.get(name, "").strip()]
        for name in filled:
            if units(typed[name]) is None:
                yield name, why_not(words, typed[name])
        if filled and not one.lot:
            in_all.add(one.kind)
        elif filled and one.kind in in_all:
            yield filled[0], words.gettext("Write one number in all, or the numbers by lot.")


def read(
    fields: Iterable[WayField], typed: Mapping[str, str], units: Numbers
) -> list[dict[str, Any]]:
    """Read the numbers as the body of `answer_order` has them; what is empty is not there."""
    found = []
    for one in fields:
        stopped, through = units(typed.get(one.stopped, "")), units(typed.get(one.through, ""))
        if stopped is not None or through is not None:
            found.append(
                {"kind": one.kind, "lot": one.lot, "stopped": stopped, "got_through": through}
            )
    return found


def drawn(
    words: Words, fields: Iterable[WayField], typed: Mapping[str, str], wrong: Mapping[str, str]
) -> list[Drawn]:
    """Give the fields by kind as the page draws them; a fold with something in it is open."""
    kinds: dict[str, Drawn] = {}
    for one in fields:
        kind = kinds.setdefault(
            one.kind,
            {"word": words.of("OnItsWay", one.kind), "first": None, "lots": [], "open": False},
        )
        row = {
            "lot": one.lot,
            "stopped": _number(one.stopped, typed, wrong),
            "through": _number(one.through, typed, wrong),
        }
        if kind["first"] is None:
            kind["first"] = row
        else:
            kind["lots"].append(row)
            kind["open"] = kind["open"] or _has_something(row)
    return list(kinds.values())


def is_open(kinds: list[Drawn]) -> bool:
    """Say whether something was typed in the fold."""
    return any(kind["open"] or _has_something(kind["first"]) for kind in kinds)


def _number(name: str, typed: Mapping[str, str], wrong: Mapping[str, str]) -> Drawn:
    return {"name": name, "value": typed.get(name, ""), "wrong": wrong.get(name, "")}


def _has_something(row: Drawn) -> bool:
    return any(row[part]["value"] or row[part]["wrong"] for part in ("stopped", "through"))


def said(words: Words, asked: Asked, names: Mapping[str, str]) -> list[str]:
    """Say what the channel counted for this order so far, kind by kind.

    `names` are the products of its lots, where the order is for several.
    """
    place = (asked.now.channel, asked.order.number)
    rows = [o for o in asked.incident.halt.on_its_way if (o.channel, o.order) == place]
    told = []
    for one in rows:
        parts = [words.of("OnItsWay", one.kind)]
        if one.lot in names:
            parts.append(names[one.lot])
        if one.lot:
            parts.append(words.gettext("lot %(lot)s") % {"lot": one.lot})
        if one.stopped is not None:
            parts.append(words.gettext("%(n)s stopped") % {"n": f"{one.stopped:,}"})
        if one.got_through is not None:
            parts.append(words.gettext("%(n)s got through") % {"n": f"{one.got_through:,}"})
        told.append(" · ".join(parts))
    return told
