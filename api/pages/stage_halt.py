"""Stage `halt` as a reader sees it: the halt board, the orders, what is set apart.

What belongs here: choosing and ordering what the state holds. What never does: a rule.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final
from urllib.parse import urlencode

from api.pages import blocks
from api.pages.channel_rows import (
    IN_TIME,
    NEEDS,
    SELLS_AGAIN,
    STATES,
    how_seen,
    in_order,
    name_of,
    row,
    seen_after,
    sold_meanwhile,
    word_of,
)
from api.pages.drawing import reader_of
from api.pages.found_before import found_before
from api.pages.goods_told import goods_lines
from api.pages.last_look import last_look
from api.pages.lens import Drawn, Lens
from api.pages.looking import View
from api.pages.possible import act_link
from api.pages.readable import Opened
from api.pages.set_apart import retained, set_apart_blocks
from api.pages.sold_again import held_by_others, sold_again_block
from api.pictures import ChannelGroup, ChannelState, halt_board
from domain.apart_so_far import plant_channel
from domain.channels import ALL_HELD, RESUME_FAILED, standing
from domain.lots_by_product import products_concerned
from domain.on_its_way import WayTally, way_tally
from domain.orders_there import left_to
from domain.sold_again import said_that_they_sell
from domain.state.halt import ChannelHalt, HaltOrder, StoppedLine, first_of
from domain.values import PrivateText

ANSWERED_FOR: Final = frozenset({"confirmed", "taken_over"})


def private_texts(_view: View) -> list[PrivateText]:
    """Give none: this stage is kept for many readers, and has no private text."""
    return []


def blocks_of(view: View, _opened: Opened) -> list[Drawn]:
    """Give the stage as blocks: whom somebody must chase first, what is settled folded."""
    halt = view.state.halt
    found = [
        *last_look(view),
        summary(view),
        *sold_again_block(view),
        *channel_blocks(view),
    ]
    if halt.channels:
        found.append(blocks.picture(board(view)))
    found += set_apart_blocks(view)
    if halt.lines:
        found += [*_retained_missing(view), _lines(view)]
    found.append(_orders(view))
    return found


def channel_blocks(view: View) -> Iterator[Drawn]:
    """Give the channels: who needs somebody, who is in time, whom people answer for, the rest."""
    lens, now, ordered = view.lens, view.lens.now, in_order(view)
    stands = {one.channel: _needed(one, standing(one, now)) for one in ordered}
    needs = [one for one in ordered if stands[one.channel] in NEEDS]
    in_part = [one for one in ordered if _is_left_in_part(view, one, stands[one.channel])]
    in_time = [o for o in ordered if stands[o.channel] in IN_TIME and o not in in_part]
    taken = [*in_part, *(one for one in ordered if stands[one.channel] == "taken_over")]
    others = {*NEEDS, *IN_TIME, "taken_over"}
    settled = [one for one in ordered if stands[one.channel] not in others]
    drawn = [row(view, one) for one in needs]
    empty = lens("No channel needs anybody now.") if ordered else ""
    yield blocks.channels(
        lens("Channels that need somebody, the oldest silence first"),
        drawn,
        empty=empty or lens("No channel has been ordered to stop."),
        note=_where_numbers_stand(lens, drawn),
        acts=_for_all(view),
        id="halt-needs",
    )
    if in_time:
        title = lens("In their time to answer")
        yield _folded(view, title, in_time, "halt-in-time")
    if taken:
        title = lens("Taken over: a named person answers for them")
        if in_part:
            title = lens("Taken over, some for a part of the goods: a named person answers")
        rows = [row(view, one) for one in taken]
        yield blocks.channels(title, rows, as_lines=True, id="halt-taken")
    if settled:
        title = lens("Stopped, or selling again by decision")
        yield _folded(view, title, settled, "halt-settled")


def _is_left_in_part(view: View, one: ChannelHalt, stands: str) -> bool:
    """Say whether a named person answers for some of its goods, and it is asked for the rest."""
    return stands in IN_TIME and bool(left_to(view.state, one))


def _needed(one: ChannelHalt, stands: str) -> str:
    """Say where a channel stands on the board: what fails to resume beside it needs somebody."""
    fails = any(each.error for each in one.under_way)
    return RESUME_FAILED if fails and stands not in NEEDS else stands


def _folded(view: View, title: str, channels: Sequence[ChannelHalt], name: str) -> Drawn:
    """Fold channels into a list of one line each, and say beside it how they stand."""
    lens = view.lens
    found = Counter(word_of(view, one) for one in channels)
    told = [lens.named_line(word, str(lens.number(count))) for word, count in found.items()]
    due = [one.answer_due_at for one in channels if one.answer_due_at and one.state in IN_TIME]
    if due:
        told.append(lens("the next answer is due %(when)s", when=lens.when(min(due))))
    block = blocks.channels(title, [row(view, one) for one in channels], as_lines=True, id=name)
    return blocks.folded(block, brief=" · ".join(told))


def _where_numbers_stand(lens: Lens, drawn: Iterable[Drawn]) -> str:
    """Say where a number is added, where the list has none for a channel that needs a call."""
    if all(one["call"] is None or one["call"]["number"] or one["call"]["left"] for one in drawn):
        return ""
    return lens(
        "A number is added in the company's file: contact_name and phone of the channel; then "
        "“andon company adopt” puts the list into use."
    )


def _for_all(view: View) -> list[Drawn]:
    """Give the acts over all channels at once: ask the silent ones again, look at them now."""
    names = ("ask_channels_again", "look_at_channels")
    return [link for name in names for link in act_link(view, name)]


def summary(view: View) -> Drawn:
    """Give the figures of the halt: how many stopped, of how many, who is silent, what is held."""
    lens, halt, found = view.lens, view.state.halt, tally(view)
    at = lens.moment(view.state.last_at)
    silent, selling, way = found["silent"], found["selling"], way_tally(halt)
    items = [
        _stopped(view, found),
        blocks.figure(
            lens("Not confirmed"), open_ones(found), unit=unit(lens, open_ones(found)), at=at,
            tone="critical" if open_ones(found) else "",
        ),
        blocks.figure(
            lens("Of these silent"), silent, unit=unit(lens, silent),
            tone="warning" if silent else "", note=lens("their time to answer is over"),
        ),
        blocks.figure(lens("Levels that stand"), _span(halt.levels) or lens("none"), at=at),
        blocks.figure(
            lens("Held back on the way"), way.units or None, unit=lens("units"),
            note=_intercepted_note(lens, way),
        ),
    ]  # fmt: skip
    items.insert(0, _still_on_sale(view, selling))
    items[3:3] = _taken_over(view, found["taken_over"])
    items += _told_to_resume(view, found)
    if halt.drifts:
        none = lens("no channel goes against an order now")
        now = lens("%(n)s of them on sale now", n=selling) if selling else none
        label = lens("Times found on sale all the same")
        items.append(blocks.figure(label, halt.drifts, tone="critical", note=now))
    return blocks.figures(lens("What has stopped"), items, id="halt-summary")


def unit(lens: Lens, count: int) -> str:
    """Give the word behind a number of channels."""
    return lens.words.ngettext("channel", "channels", count)


def _taken_over(view: View, n: int) -> list[Drawn]:
    """Count the channels that a named person answers for, and those where it is for a part."""
    lens, told = view.lens, view.lens("a named person answers for them")
    part = sum(
        bool(left_to(view.state, one)) and one.state != "taken_over"
        for one in view.state.halt.channels.values()
    )
    if part:
        more = lens.words.ngettext(
            "at %(n)s more for a part of the goods", "at %(n)s more for a part of the goods", part
        )
        told = f"{told} · {more % {'n': lens.number(part)}}"
    if not n and not part:
        return []
    return [blocks.figure(lens("Taken over"), n, unit=unit(lens, n), note=told)]


def _stopped(view: View, found: Counter[str]) -> Drawn:
    """Give how many channels have stopped; where all have resumed there is nothing to count."""
    lens, label = view.lens, view.lens("Channels that have stopped")
    at = lens.moment(view.state.last_at)
    if found and not whole(found):
        note = resumed_note(lens, found)
        return blocks.figure(label, lens("none"), note=note, at=at)
    return blocks.figure(
        label, found["confirmed"], unit=unit(lens, whole(found)), of=whole(found), at=at,
        tone="done" if not open_ones(found) else "",
    )  # fmt: skip


def resumed_note(lens: Lens, found: Counter[str]) -> str:
    """Say, where no channel is to stand still, that all have resumed, or how many said so."""
    if found["resumed"] == found.total():
        return lens("all channels have resumed, by decision")
    asked, held = found.total() - found[ALL_HELD], held_by_others(lens, found[ALL_HELD])
    told = lens(
        "all channels may resume, by decision · have said so: %(said)s of %(all)s",
        said=lens.number(found["resumed"]),
        all=lens.number(asked),
    )
    return " · ".join(filter(None, (told if asked else "", held)))


def _told_to_resume(view: View, found: Counter[str]) -> Iterator[Drawn]:
    """Give how many may sell again, and how many of them said that they do; none: no figure.

    To those where other orders still stop all of it nothing was sent: they stand apart.
    """
    lens, channels = view.lens, view.state.halt.channels
    waited = sum(any(each.is_told for each in one.under_way) for one in channels.values())
    said = len(said_that_they_sell(view.state))
    if told := waited + said:
        yield blocks.figure(
            lens("Told that they may resume"), told, unit=unit(lens, told),
            note=lens("have said so: %(said)s", said=lens.number(said)),
        )  # fmt: skip
    if held := found[ALL_HELD]:
        yield blocks.figure(
            lens("Nothing to say"), held, unit=unit(lens, held),
            note=lens("other orders still stop all that may be sold again there"),
        )  # fmt: skip


def _still_on_sale(view: View, selling: int) -> Drawn:
    """Give what was found on sale after all: its units, or that nobody counted them."""
    lens, label = view.lens, view.lens("Still on sale after all")
    if not selling:
        before = found_before(view)
        none = lens("none now") if before else lens("none found")
        return blocks.figure(label, none, note=before or lens("where sale was to stop"))
    channels = view.state.halt.channels.values()
    there = [one for one in channels if standing(one, lens.now) == "selling"]
    found = [one.drift for one in there]
    counts = [drift.units if drift else None for drift in found]
    sold = sum(drift.units_sold or 0 for drift in found if drift)
    known = [units for units in counts if units is not None]
    offers = sum(drift.offers or 0 for drift in found if drift)
    told = [lens.channels(selling)]
    if offers:
        told.append(lens.words.ngettext("%(n)s offer", "%(n)s offers", offers) % {"n": offers})
    if known and len(known) < len(counts):
        told.append(lens("not counted in all of them"))
    if sold and known:
        told.append(sold_meanwhile(lens, sold))
    if len(there) == 1 and there[0].drift is not None:
        told += [lens.quoted(how_seen(there[0])), seen_after(lens, there[0].drift)]
    return blocks.figure(
        label, sum(known) if known else sold or None, note=" · ".join(told),
        unit=lens("units sold meanwhile") if sold and not known else lens("units"),
        at=lens.moment(view.state.last_at), tone="critical",
    )  # fmt: skip


def _intercepted_note(lens: Lens, found: WayTally) -> str:
    if not found.units and not found.got_through:
        return lens("nobody has recorded any")
    parts = [
        lens.named_line(lens.words.of("OnItsWay", one.kind), str(lens.number(one.units)))
        for one in found.by_kind
    ]
    if found.got_through:
        parts.append(lens("%(n)s got through, not held back", n=lens.number(found.got_through)))
    if found.by_channels:
        parts.append(
            lens("%(n)s of them counted by channels alone", n=lens.number(found.by_channels))
        )
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


def board(view: View) -> object:
    """Draw the halt board: a lamp for each channel, by kind."""
    lens = view.lens
    groups: dict[str, list[tuple[str, ChannelState]]] = {}
    for one in sorted(view.state.halt.channels.values(), key=lambda each: each.order):
        listed = view.state.halt.listed.get(one.channel)
        kind = lens.words.of("HaltLevel", listed.level) if listed else lens("Other")
        groups.setdefault(kind, []).append(
            (name_of(view, one.channel), ChannelState(STATES[standing(one, lens.now)]))
        )
    listed_groups = tuple(
        ChannelGroup(name=kind, channels=tuple(channels))
        for kind, channels in sorted(groups.items())
    )
    return halt_board("halt-board", listed_groups, reader=reader_of(lens))


def _orders(view: View) -> Drawn:
    lens = view.lens
    columns = lens.each("Order", "Products and lots", "Channels", "Ordered", "Second person")
    orders = view.state.halt.orders
    told = [f"{one.number}. {lens.level(one.level)}" for one in orders if not one.lifted_at]
    if lifted := sum(one.lifted_at is not None for one in orders):
        told.append(lens("lifted: %(n)s", n=lens.number(lifted)))
    drawn = blocks.table(
        lens("Halt orders"),
        columns,
        [_order(view, one) for one in reversed(view.state.halt.orders)],
        empty=lens("Nothing has been ordered to stop."),
        id="orders",
    )
    return blocks.folded(drawn, brief=" · ".join(told)) if told else drawn


def _order(view: View, one: HaltOrder) -> list[blocks.Cell]:
    lens = view.lens
    about = products_concerned(view.state)
    first = first_of(view.state.halt.orders, one)
    return [
        {
            "text": f"{one.number}. {lens.level(one.level)}",
            "sub": (lens.sentence if one.by_plan or one.part_of else lens.quoted)(one.reason),
            "acts": _order_acts(view, one),
        },
        {"text": "", "lines": goods_lines(lens, [(one.products, one.lots)], about)},
        str(len(one.channels)),
        {
            "text": lens.when(one.ordered_at),
            "sub": lens("the plan") if first.by_plan else lens.person(first.ordered_by),
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


def _retained_missing(view: View) -> list[Drawn]:
    """Say that nobody has secured the retained samples, while production has stopped."""
    lens, halt = view.lens, view.state.halt
    secured = [one.retained_samples_secured for one in halt.lines]
    if any(secured) or any(one.retained_samples_secured for one in halt.quarantine):
        return []
    told = lens(
        "Production has stopped, and nobody has said that the retained samples are secured. They "
        "are evidence: secure them, then record it with “Stock is set apart”."
    )
    return [blocks.words(lens("Retained samples"), told, tone="warning")]


def _lines(view: View) -> Drawn:
    lens = view.lens
    return blocks.table(
        lens("Production that has stopped"),
        lens.each(
            "Plant", "Line", "Stopped", "Units set apart", "Retained samples",
            "Raw-material lots blocked",
        ),
        [
            [
                {"text": one.site, "acts": _plant_stops(view, one)},
                one.line,
                lens.moment(one.stopped_at),
                _units_at(view, one),
                retained(lens, secured=one.retained_samples_secured),
                lens.listed(one.blocked_materials) or "–",
            ]
            for one in view.state.halt.lines
        ],
        numbers=(3,),
    )  # fmt: skip


def _units_at(view: View, one: StoppedLine) -> int | None:
    """Give what was set apart at a line, in all or added up by lot."""
    if one.units_set_apart is not None:
        return one.units_set_apart
    counted = [q.units for q in view.state.halt.quarantine if q.seq == one.seq]
    return sum(counted) if counted else None


def _plant_stops(view: View, one: StoppedLine) -> list[Drawn]:
    """Offer to confirm the channel of a plant whose production was recorded as stopped."""
    halt, channel = view.state.halt, plant_channel(view.state.halt, one.site)
    if not channel or halt.channels[channel].state in {*ANSWERED_FOR, *SELLS_AGAIN}:
        return []
    lens, units = view.lens, _units_at(view, one)
    proof = lens("Recorded here: production has stopped, line %(line)s.", line=one.line)
    filled = {"proof": proof} | ({} if units is None else {"units": str(units)})
    return [
        {
            "text": lens("Confirm the channel of this plant"),
            "href": f"{link['href']}{'&' if '?' in link['href'] else '?'}{urlencode(filled)}",
        }
        for link in act_link(view, "confirm_channel", channel)
    ]
