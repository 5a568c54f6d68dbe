"""Stage `halt` as a reader sees it: the halt board, the orders, what is set apart.

What belongs here: choosing and ordering what the state holds. What never does: a rule.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Final

from api.pages import blocks
from api.pages.drawing import reader_of
from api.pages.lens import Drawn, Lens
from api.pages.looking import View
from api.pages.possible import act_link
from api.pages.readable import Opened
from api.pictures import ChannelGroup, ChannelState, halt_board
from domain.channels import SETTLED, standing
from domain.clock import Limit, parse_limit
from domain.state.halt import ChannelHalt, HaltOrder
from domain.values import PrivateText

STATES: Final = {
    "ordered": "ordered",
    "accepted": "ordered",
    "confirmed": "stopped",
    "refused": "refused",
    "failed": "failed",
    "selling": "selling",
    "silent": "silent",
    "taken_over": "taken",
    "resuming": "resumed",
    "resumed": "resumed",
}
"""Where a channel stands to the component's state; a shape and a tone stand for each."""

ORDER: Final = (
    "selling", "failed", "refused", "silent", "ordered", "accepted", "taken_over", "resuming",
)  # fmt: skip
"""What needs somebody stands first; the rest is settled."""

ANSWERED_FOR: Final = frozenset({"confirmed", "taken_over"})
SELLS_AGAIN: Final = frozenset({"resuming", "resumed"})


def private_texts(_view: View) -> list[PrivateText]:
    """Give none: this stage has no private text."""
    return []


def blocks_of(view: View, _opened: Opened) -> list[Drawn]:
    """Give the stage as blocks."""
    lens, halt = view.lens, view.state.halt
    found = [summary(view)]
    if halt.channels:
        found.append(blocks.picture(board(view)))
    found.append(
        blocks.channels(
            lens("Channels, the silent ones first"),
            rows(view),
            empty=lens("No channel has been ordered to stop."),
            acts=_for_all(view),
        )
    )
    found.append(_orders(view))
    if halt.lines:
        found.append(_lines(view))
    if halt.quarantine:
        found.append(_quarantine(view))
    return found


def _for_all(view: View) -> list[Drawn]:
    """Give the acts over all channels at once: ask the silent ones again, look at them now."""
    names = ("ask_channels_again", "look_at_channels")
    return [link for name in names for link in act_link(view, name)]


def summary(view: View) -> Drawn:
    """Give the figures of the halt: how many stopped, of how many, who is silent, what is held."""
    lens, halt, found = view.lens, view.state.halt, tally(view)
    at = lens.moment(view.state.last_at)
    silent, selling = found["silent"], found["selling"]
    items = [
        blocks.figure(
            lens("Channels that have stopped"), found["confirmed"], unit=lens("channels"),
            of=whole(found), at=at, tone="done" if not open_ones(found) else "",
        ),
        blocks.figure(
            lens("Not confirmed"), open_ones(found), unit=lens("channels"), at=at,
            tone="critical" if open_ones(found) else "",
        ),
        blocks.figure(
            lens("Of these silent"), silent, unit=lens("channels"),
            tone="warning" if silent else "", note=lens("their time to answer is over"),
        ),
        blocks.figure(lens("Levels that stand"), _span(halt.levels) or lens("none"), at=at),
        blocks.figure(
            lens("Held back on the way"), halt.intercepted_units or None, unit=lens("units"),
            note=_intercepted_note(view),
        ),
    ]  # fmt: skip
    if selling:
        offers, units = _still_on_sale(view)
        items.insert(
            0,
            blocks.figure(
                lens("Still on sale after all"), offers or selling, at=at, tone="critical",
                unit=lens("offers") if offers else lens("channels"),
                note=lens("%(n)s units in them", n=lens.number(units)) if units else "",
            ),
        )  # fmt: skip
    if found["taken_over"]:
        label, told = lens("Taken over"), lens("a named person answers for them")
        items.insert(3, blocks.figure(label, found["taken_over"], unit=lens("channels"), note=told))
    if halt.drifts:
        now = lens("%(n)s of them on sale now", n=selling) if selling else lens("none of them now")
        label = lens("Times found on sale all the same")
        items.append(blocks.figure(label, halt.drifts, tone="critical", note=now))
    return blocks.figures(lens("What has stopped"), items, id="halt-summary")


def _still_on_sale(view: View) -> tuple[int, int]:
    """Count the offers that looks found, and the units in them."""
    found = [one.drift for one in view.state.halt.channels.values() if one.state == "selling"]
    seen = [drift for drift in found if drift is not None]
    return sum(one.offers or 0 for one in seen), sum(one.units or 0 for one in seen)


def _intercepted_note(view: View) -> str:
    lens, halt = view.lens, view.state.halt
    if not halt.intercepted_units:
        return lens("nobody has recorded any")
    parts = [
        f"{lens.words.of('OnItsWay', one.kind)}: {lens.number(one.units)}"
        for one in halt.intercepted_by_kind
    ]
    if halt.not_intercepted_units:
        parts.append(lens("%(n)s got through", n=lens.number(halt.not_intercepted_units)))
    return " · ".join(parts)


def _span(levels: Sequence[str]) -> str:
    """Write halt levels that follow each other as a span: H1–H3."""
    spans: list[list[str]] = []
    for level in sorted(levels):
        if spans and int(level[1:]) == int(spans[-1][-1][1:]) + 1:
            spans[-1].append(level)
        else:
            spans.append([level])
    return " ".join(one[0] if len(one) == 1 else f"{one[0]}–{one[-1]}" for one in spans)


def tally(view: View) -> Counter[str]:
    """Count the channels by where they stand now."""
    return Counter(standing(one, view.lens.now) for one in view.state.halt.channels.values())


def whole(found: Counter[str]) -> int:
    """Count the channels that are to stand still: those that sell again by decision are not."""
    return found.total() - sum(found[state] for state in SELLS_AGAIN)


def open_ones(found: Counter[str]) -> int:
    """Count the channels for whose stop nobody answers yet."""
    return whole(found) - sum(found[state] for state in ANSWERED_FOR)


def rows(view: View, limit: int | None = None) -> list[Drawn]:
    """Give the channels, those that need somebody first, the oldest silence on top."""
    now = view.lens.now
    found = sorted(view.state.halt.channels.values(), key=lambda one: _urgency(one, now))
    return [row(view, one) for one in found[:limit]]


def _urgency(one: ChannelHalt, now: datetime) -> tuple[int, datetime, str]:
    stands = standing(one, now)
    rank = ORDER.index(stands) if stands in ORDER else len(ORDER)
    return (rank, one.answer_due_at or datetime.max.replace(tzinfo=UTC), one.channel)


def row(view: View, one: ChannelHalt) -> Drawn:
    """Give a channel as the macro `channel_row` takes it, with the acts that fit its state."""
    lens, listed = view.lens, view.state.halt.listed.get(one.channel)
    name = lens.words.pick(listed.name, listed.name_zh) if listed else one.channel
    kind = lens.words.of("ChannelKind", listed.kind) if listed else ""
    settled, stands = one.state in SETTLED, standing(one, lens.now)
    units = lens.number(one.units)
    return {
        "name": name,
        "kind": f"{kind} · {listed.level} · {lens.market(listed.market)}" if listed else kind,
        "state": STATES[stands],
        "word": _word(lens, stands, listed.kind if listed else ""),
        "at": lens.moment(one.answered_at or one.ordered_at),
        "due": lens.due(one.answer_due_at) if one.answer_due_at and not settled else None,
        "proof": lens.quoted(one.proof or one.last_error or ""),
        "attempts": one.attempts,
        "stock": lens("%(n)s units set apart", n=units) if units is not None else "",
        "held": _held_back(lens, one),
        "sold": _drift(lens, one),
        "asked": lens.when(one.asked_again_at) if one.asked_again_at and not settled else "",
        "who": lens.person(one.taken_over_by) if one.taken_over_by else "",
        "acts": _acts(view, one),
    }


def _drift(lens: Lens, one: ChannelHalt) -> str:
    """Say what sells after all: how much of it, and how long after the order it was seen."""
    if one.drift is None or one.state != "selling":
        return ""
    found = one.drift
    counted = []
    if found.offers:
        told = lens.words.ngettext("%(n)s offer", "%(n)s offers", found.offers)
        counted.append(told % {"n": found.offers})
    if found.units:
        counted.append(lens("%(n)s units", n=lens.number(found.units)))
    if found.unshipped:
        told = lens.words.ngettext(
            "%(n)s order on its way", "%(n)s orders on their way", found.unshipped
        )
        counted.append(told % {"n": found.unshipped})
    after = lens.limit(_length(found.after_s))
    return " · ".join([*counted, lens("seen %(time)s after the order", time=after)])


def _length(seconds: int) -> Limit:
    """Round a length as people say it: minutes, then hours, then days."""
    minutes = max(seconds // 60, 1)
    if minutes < 120:
        return parse_limit(f"{minutes} min")
    return parse_limit(f"{minutes // 60} h" if minutes < 2880 else f"{minutes // 1440} d")


def _held_back(lens: Lens, one: ChannelHalt) -> str:
    if not one.orders:
        return ""
    told = lens.words.ngettext(
        "%(n)s paid order held back", "%(n)s paid orders held back", one.orders
    )
    return told % {"n": one.orders}


def _word(lens: Lens, stands: str, kind: str) -> str:
    """Say where a channel stands; what resumes is said by what its kind does."""
    if stands in SELLS_AGAIN:
        return lens.words.of(f"channel_{stands}", kind)
    return lens.words.of("channel_state", stands)


def _acts(view: View, one: ChannelHalt) -> list[Drawn]:
    if one.state == "confirmed":
        return act_link(view, "report_drift", one.channel)
    if one.state == "resuming":
        return act_link(view, "confirm_resumed", one.channel)
    if one.state == "resumed":
        return []
    found = act_link(view, "confirm_channel", one.channel)
    if one.state != "taken_over":
        found += act_link(view, "take_over_channel", one.channel)
    return found


def board(view: View) -> object:
    """Draw the halt board: a lamp for each channel, by kind."""
    lens = view.lens
    groups: dict[str, list[tuple[str, ChannelState]]] = {}
    for one in sorted(view.state.halt.channels.values(), key=lambda each: each.order):
        drawn = row(view, one)
        listed = view.state.halt.listed.get(one.channel)
        kind = lens.words.of("HaltLevel", listed.level) if listed else lens("Other")
        groups.setdefault(kind, []).append((drawn["name"], ChannelState(drawn["state"])))
    listed_groups = tuple(
        ChannelGroup(name=kind, channels=tuple(channels))
        for kind, channels in sorted(groups.items())
    )
    return halt_board("halt-board", listed_groups, reader=reader_of(lens))


def _orders(view: View) -> Drawn:
    lens = view.lens
    columns = lens.each("Order", "Products and lots", "Channels", "Ordered", "Second person")
    return blocks.table(
        lens("Halt orders"),
        columns,
        [_order(view, one) for one in reversed(view.state.halt.orders)],
        empty=lens("Nothing has been ordered to stop."),
        id="orders",
    )


def _order(view: View, one: HaltOrder) -> list[blocks.Cell]:
    lens = view.lens
    lots = lens.listed(one.lots) or lens("all lots")
    return [
        {
            "text": f"{one.number}. {lens.level(one.level)}",
            "sub": (lens.sentence if one.by_plan else lens.quoted)(one.reason),
            "acts": _order_acts(view, one),
        },
        {"text": lens.products(one.products), "sub": lots},
        str(len(one.channels)),
        {
            "text": lens.when(one.ordered_at),
            "sub": lens("the plan") if one.by_plan else lens.person(one.ordered_by),
        },
        _second(view, one),
    ]


def _order_acts(view: View, one: HaltOrder) -> list[Drawn]:
    if one.lifted_at or one.confirmed_at:
        return []
    names: Iterable[str] = ("confirm_halt", "lift_halt") if one.confirm_by else ("lift_halt",)
    return [link for name in names for link in act_link(view, name, str(one.number))]


def _second(view: View, one: HaltOrder) -> blocks.Cell:
    lens = view.lens
    if one.lifted_at:
        return {"text": lens("lifted"), "sub": lens.when(one.lifted_at), "tone": "neutral"}
    if one.confirmed_at and one.confirmed_by:
        return {
            "text": lens("confirmed by %(name)s", name=lens.person(one.confirmed_by)),
            "sub": lens.when(one.confirmed_at),
            "tone": "done",
        }
    if one.confirm_by is None:
        return lens("not needed")
    late = one.confirm_by < lens.now
    return {
        "text": lens("waits until %(when)s", when=lens.when(one.confirm_by)),
        "tone": "critical" if late else "warning",
    }


def _quarantine(view: View) -> Drawn:
    lens = view.lens
    return blocks.table(
        lens("Stock set apart, the last count of each place"),
        lens.each(
            "Plant or warehouse", "Lot", "Units", "Where it stands", "Counted", "Retained samples"
        ),
        [
            [
                one.site,
                one.lot,
                one.units,
                lens.quoted(one.place),
                lens.moment(one.at),
                _retained(lens, secured=one.retained_samples_secured),
            ]
            for one in view.state.halt.quarantine
        ],
        numbers=(2,),
        id="quarantine",
    )


def _retained(lens: Lens, *, secured: bool) -> str:
    return lens("secured") if secured else lens("not confirmed as secured")


def _lines(view: View) -> Drawn:
    lens = view.lens
    return blocks.table(
        lens("Production that has stopped"),
        lens.each("Plant", "Line", "Stopped", "Units set apart", "Retained samples"),
        [
            [
                one.site,
                one.line,
                lens.moment(one.stopped_at),
                one.units_set_apart,
                _retained(lens, secured=one.retained_samples_secured),
            ]
            for one in view.state.halt.lines
        ],
        numbers=(3,),
    )
