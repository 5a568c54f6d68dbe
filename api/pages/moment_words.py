"""What an incident was at a moment, and what is different between two, in a reader's words.

What belongs here: naming things and saying how they stood, for the page and the terminal alike.
What never does: reading storage, or HTML.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from api.pages.fact_words import fact_name, fact_unit, fact_value, said_to
from api.pages.lens import Drawn, Lens
from api.pages.telling import text_kind
from domain.channels import SELLING_AGAIN
from domain.plan_terms import SELLS
from domain.state.halt import ListedChannel
from domain.state.investigation import Fact
from domain.state.statement import Statement
from services.moments import NO_SALE, NOT_ORDERED, SORT_OF, SORTS, Columns, Then

SOON: Final = timedelta(minutes=1)
"""What is recorded within this after it happened, was recorded with it for a reader."""

TONES: Final = {
    "on_sale": ("critical", "late"),
    "may_sell": ("warning", "warned"),
    "refused": ("critical", "cross"),
    "unsure": ("warning", "warned"),
    "taken_over": ("accent", "person"),
    "stopped": ("done", "done"),
    NO_SALE: ("neutral", "none"),
}


def columns_told(
    lens: Lens, told: Columns, listed: Mapping[str, ListedChannel], ledger: str = ""
) -> Drawn:
    """Tell the three columns; `ledger` is the address under which entries stand."""
    groups = _groups(lens, told, listed, ledger)
    return {
        "on_sale": groups,
        "counts": _counts(lens, groups),
        "texts": [{**_text(lens, one.value), **_since(lens, one, ledger)} for one in told.texts],
        "known": [{**_fact(lens, one.value), **_since(lens, one, ledger)} for one in told.known],
    }


def as_of_told(lens: Lens, seq: int, at: datetime, to_come: datetime | None) -> str:
    """Say which moment is told, to the second; the lens stands at the time of reading."""
    if to_come is not None:
        return to_come_told(lens, to_come, at)
    if not seq:
        return lens("Before the first entry")
    return lens("As of %(when)s", when=with_zone(lens, at))


def to_come_told(lens: Lens, to_come: datetime, ends_at: datetime) -> str:
    """Say of a moment that it has not come yet, and when the record ends."""
    return lens(
        "This moment has not come yet: %(asked)s. The record ends at %(end)s; what was last known "
        "is told.",
        asked=with_zone(lens, to_come),
        end=with_zone(lens, ends_at),
    )


def not_now_told(lens: Lens, seq: int, size: int) -> str:
    """Say that a moment is not now; after the last entry, that nothing was recorded since."""
    return lens("not now") if seq < size else lens("nothing was recorded since")


def with_zone(lens: Lens, at: datetime) -> str:
    """Write an instant to the second, with the clock by which it is."""
    told, zone = lens.exactly(at), lens.zone_name
    return f"{told}（{zone}）" if lens.words.is_chinese else f"{told} ({zone})"


def exactly(lens: Lens, at: datetime) -> Drawn:
    """Give an instant as the components take it, written to the second."""
    return {**(lens.moment(at) or {}), "text": lens.exactly(at)}


def _groups(
    lens: Lens, told: Columns, listed: Mapping[str, ListedChannel], ledger: str
) -> list[Drawn]:
    """Put channels together by how they stood, what sells first."""
    by_stand: dict[str, list[str]] = {}
    for place in told.places:
        stands = told.stands(place)
        kind = listed[place].kind if place in listed else ""
        by_stand.setdefault(_stands(stands, kind), []).append(place)
    order = [stands for stands in SORT_OF if stands in by_stand]
    return [
        {
            "stands": stands,
            "sort": SORT_OF[stands],
            "tone": TONES[SORT_OF[stands]][0],
            "icon": TONES[SORT_OF[stands]][1],
            "word": _stand_word(lens, stands, _kind(by_stand[stands], listed)),
            "channels": [
                {
                    "name": _channel(lens, one, listed),
                    **_since(lens, told.channels.get(one), ledger),
                }
                for one in by_stand[stands]
            ],
        }
        for stands in order
    ]


def _stands(stands: str, kind: str) -> str:
    return NO_SALE if stands == NOT_ORDERED and kind and kind not in SELLS else stands


def _counts(lens: Lens, groups: Iterable[Drawn]) -> str:
    """Count the channels by sort; of what sells nothing itself the group below says how many."""
    counted = dict.fromkeys(SORTS, 0)
    for group in groups:
        counted[group["sort"]] += len(group["channels"])
    if not any(counted.values()):
        return lens("The record lists no channel by then.")
    return lens(
        "Known to be on sale: %(on_sale)s · may sell again, and has not said so: %(may_sell)s · "
        "refused to stop: %(refused)s · ordered, not confirmed: %(unsure)s · "
        "taken over by a person: %(taken_over)s · confirmed stopped: %(stopped)s",
        **{name: str(count) for name, count in counted.items()},
    )


def _kind(channels: Iterable[str], listed: Mapping[str, ListedChannel]) -> str:
    """Give the kind that all of some channels are of; nothing where they are of several."""
    kinds = {listed[one].kind for one in channels if one in listed}
    return kinds.pop() if len(kinds) == 1 else ""


def _stand_word(lens: Lens, stands: str, kind: str) -> str:
    if stands == NO_SALE:
        return lens("sells nothing itself, and had no order")
    if stands == NOT_ORDERED:
        return lens("sold: no order to stop had reached it")
    if stands in SELLING_AGAIN:
        return lens.words.of(f"channel_{stands}", kind)
    return lens.words.of("channel_state", stands)


def _channel(lens: Lens, channel: str, listed: Mapping[str, ListedChannel]) -> str:
    found = listed.get(channel)
    return lens.words.pick(found.name, found.name_zh) if found else lens.named("channel", channel)


def _text(lens: Lens, one: Statement) -> Drawn:
    shown = [place for place in one.places.values() if place.state == "published"]
    return {
        "id": one.id,
        "title": lens.title_of(one) or one.id,
        "kind": text_kind(lens, one.kind),
        "status": lens.word(one.status),
        "stands": str(one.status) == "published",
        "version": one.version,
        "places": lens.listed(lens.words.of("Place", place.place) for place in shown),
        "said": [
            {
                "language": lens.language(said.language),
                "lang": said.language,
                "title": str(said.title),
                "body": str(said.body),
            }
            for said in one.texts
        ],
    }


def _fact(lens: Lens, one: Fact) -> Drawn:
    return {
        "label": fact_name(lens, one.key, one.name),
        "value": fact_value(lens, one.key, said_to(lens, one)),
        "unit": fact_unit(lens, one.value, one.unit),
        "status": str(one.status),
        "word": lens.word(one.status),
    }


def _since(lens: Lens, one: Then | None, ledger: str) -> Drawn:
    """Say since which entry a thing stood so, and whether that was recorded only afterwards."""
    if one is None:
        return {"seq": 0, "href": "", "since": "", "later": ""}
    return {
        "seq": one.seq,
        "href": f"{ledger}/{one.seq}",
        "since": lens.when(one.happened_at),
        "later": lens("recorded only %(when)s", when=lens.when(one.recorded_at))
        if one.later
        else "",
    }


def _later(lens: Lens, one: Then) -> str:
    if one.recorded_at - one.happened_at < SOON:
        return lens("recorded a moment later")
    return lens("recorded only %(when)s", when=lens.when(one.recorded_at))


def told_apart(left: Drawn, right: Drawn) -> Any:
    """Say which of the three columns tell the same by both times."""
    return {name: _bare(left[name]) == _bare(right[name]) for name in ("on_sale", "texts", "known")}


def _bare(rows: Iterable[Drawn]) -> list[Any]:
    """Give what is told without the entries it came by."""
    aside = ("seq", "href", "since", "later")
    return [
        {
            name: _bare(part) if name == "channels" else part
            for name, part in row.items()
            if name not in aside
        }
        for row in rows
    ]
