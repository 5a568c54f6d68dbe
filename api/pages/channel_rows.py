"""A channel of the halt as a row of a page: where it stands, what is wrong, whom to call.

What belongs here: choosing, ordering and wording what the state holds of one channel, and whom the
company's list names for a call. What never does: a rule, or the rest of the stage (stage_halt.py).
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

from activities.text_parts import call_address
from api.pages.goods_told import order_goods, parts_told
from api.pages.lens import Drawn, Lens
from api.pages.looking import View
from api.pages.possible import act_link
from domain.apart_so_far import units_held
from domain.channel_answers import OwnAnswer
from domain.channels import (
    ALL_HELD,
    NEEDS_SOMEBODY,
    SELLING_AGAIN,
    SETTLED,
    UNREADABLE,
    standing,
    times_asked,
)
from domain.clock import Limit, parse_limit
from domain.counted_there import orders_held_back
from domain.halt import confirms_by
from domain.on_its_way import said_by_channels
from domain.ordered_anew import reminders
from domain.orders_there import is_all_left, is_confirmed, left_to, orders_at, refused_at, told_at
from domain.people import TEAM
from domain.state.halt import ChannelHalt, Drift, HaltOrder, ResumeThere
from domain.under_way import is_resuming

STATES: Final = {
    "ordered": "ordered",
    "accepted": "ordered",
    "confirmed": "stopped",
    "refused": "refused",
    "failed": "failed",
    "unreadable": "unread",
    "selling": "selling",
    "silent": "silent",
    "taken_over": "taken",
    "resume_failed": "failed",
    "resuming": "told",
    "resumed": "resumed",
    "all_held": "held",
}
"""Where a channel stands to the component's state; a shape and a tone stand for each."""

NEEDS: Final = NEEDS_SOMEBODY

NOT_TAKEN: Final = frozenset({"unreadable", "failed", "refused", "resume_failed"})
"""Where what proved that the order arrived proves nothing any more."""

IN_TIME: Final = ("ordered", "accepted")
"""Where the order is on its way, and the time to answer runs."""

ORDER: Final = (*NEEDS, *IN_TIME, "taken_over", "resuming")
"""What needs somebody stands first; the rest is settled."""

SELLS_AGAIN: Final = frozenset({"resuming", "resumed", "resume_failed", ALL_HELD})
"""Where sale may go on by decision, or other orders alone stop it: no order here does."""

LOTS_SHOWN: Final = 6


def in_order(view: View) -> list[ChannelHalt]:
    """Give the channels, those that need somebody first, the oldest silence on top."""
    now = view.lens.now
    return sorted(view.state.halt.channels.values(), key=lambda one: _urgency(one, now))


def rows(view: View, limit: int | None = None) -> list[Drawn]:
    """Give the channels as rows, in their order."""
    return [row(view, one) for one in in_order(view)[:limit]]


def _urgency(one: ChannelHalt, now: datetime) -> tuple[int, datetime, str]:
    stands = standing(one, now)
    rank = ORDER.index(stands) if stands in ORDER else len(ORDER)
    return (rank, one.answer_due_at or datetime.max.replace(tzinfo=UTC), one.channel)


def name_of(view: View, channel: str) -> str:
    """Give the name of a channel as the incident heard of it."""
    listed = view.state.halt.listed.get(channel)
    return view.lens.words.pick(listed.name, listed.name_zh) if listed else channel


def row(view: View, one: ChannelHalt) -> Drawn:
    """Give a channel as the macro `channel_row` takes it, with the acts that fit its state.

    Of a channel that refused by its link `opened` has who did, and how they are reached.
    """
    lens, listed = view.lens, view.state.halt.listed.get(one.channel)
    kind = lens.words.of("ChannelKind", listed.kind) if listed else ""
    settled, stands = one.state in SETTLED, standing(one, lens.now)
    quiet = settled or stands == "selling"  # its answer is not what is waited for
    # it was asked to stop until then, or has answered that it cannot
    timeless = quiet or one.state == "resuming" or stands == "refused"
    due_at = _to_say_so_by(view, one) if stands == "resuming" else None
    due_at = due_at if timeless else one.answer_due_at
    tried, theirs = _tried(view, one, stands), _theirs(view, one)
    return {
        "name": name_of(view, one.channel),
        "kind": f"{kind} · {listed.level} · {lens.market(listed.market)}" if listed else kind,
        "state": STATES[stands],
        "word": word_of(view, one),
        "at": None if tried else lens.moment(_since(one, stands)),
        "due": lens.due(due_at) if due_at else None,
        "handed": stands == "silent" and one.state == "accepted",
        "proof": "" if stands in NOT_TAKEN else _proof(lens, one),
        "seen": lens.quoted(how_seen(one)) if stands == "selling" else "",
        "error": "" if quiet else lens.quoted(_error(one, stands)),
        "mend": _mend(lens, stands)
        or _still_to_resume(view, one)
        or _not_in_time(lens, due_at, one),
        "attempts": 0 if tried else times_asked(view.state, one),
        "tried": tried,
        "stock": _set_apart(view, one),
        "held": _held_back(lens, one),
        "way": _on_its_way(view, one),
        "sold": drift_told(lens, one),
        "asked": _asked_again(view, one),
        "freed": _freed(view, one),
        "who": _who(lens, one, theirs),
        "theirs": theirs or _in_part(view, one),
        "call": call(view, one) if stands in NEEDS else None,
        "phone": call(view, one) if stands in IN_TIME else None,
        "acts": _acts(view, one),
    }


def _error(one: ChannelHalt, stands: str) -> str:
    """Give what went wrong; of a refusal beside what resumes, the words of that."""
    refused = (each.error for each in one.by_order if each.state == "refused")
    is_beside = one.state == "resuming" and stands == "refused"
    return next(refused, "") if is_beside else one.last_error


def _asked_again(view: View, one: ChannelHalt) -> str:
    """Say when it was last asked again; that it was told what stays stopped is no reminder."""
    if one.asked_again_at is None or one.state in SETTLED:
        return ""
    orders = {one.order, *(each.order for each in one.by_order)}
    asked = any(reminders(view.state, one, number) for number in orders)
    return view.lens.when(one.asked_again_at) if asked else ""


def _proof(lens: Lens, one: ChannelHalt) -> str:
    """Say what is known of a channel: how it knows, how it was told, or what somebody will do."""
    said = lens.quoted(one.proof)
    if not said or (one.state == "resuming" and not one.is_handed_over):
        return ""
    if one.is_handed_over:
        told = [each.told_at for each in one.under_way if one.state == "resuming" and each.told_at]
        if told:
            return lens("handed over %(when)s: %(what)s", when=lens.when(max(told)), what=said)
        return lens("handed over: %(what)s", what=said)
    if one.state == "taken_over":
        will = lens.quoted(one.left_to.reason) if one.left_to else said
        return lens("what they will do: %(what)s", what=will)
    if standing(one, lens.now) == ALL_HELD:  # nothing was sent: nobody proved anything
        return said
    return lens("proof: %(what)s", what=said)


def _who(lens: Lens, one: ChannelHalt, theirs: str) -> str:
    """Name who answers for all of it there; whoever did before the channel itself does not."""
    is_theirs = one.state == "taken_over" and not theirs
    return lens.person(one.taken_over_by) if is_theirs and one.taken_over_by else ""


def _theirs(view: View, one: ChannelHalt) -> str:
    """Say who answers for which goods where that is not all that the channel hears of.

    So it is where it is asked for others, confirmed others, or may sell others again.
    """
    lens, state = view.lens, view.state
    theirs, left = left_to(state, one), one.left_to
    if not theirs or left is None or (is_all_left(state, one) and not one.under_way):
        return ""
    there = orders_at(state, one.channel)
    goods = order_goods(lens, state, [order for order in there if order.number in theirs])
    told = [lens("%(name)s answers for %(goods)s", name=lens.person(left.by), goods=goods)]
    if others := [order for order in told_at(state, one.channel) if order.number not in theirs]:
        if one.state == "taken_over":
            named = order_goods(lens, state, others)
            told.append(lens("confirmed stopped: %(goods)s", goods=named))
        elif one.state not in SELLING_AGAIN:
            told.append(lens("what they will do: %(what)s", what=lens.quoted(left.reason)))
            told += _stopped_and_asked(view, one, others)
    return " · ".join(told)


def _in_part(view: View, one: ChannelHalt) -> str:
    """Say of a channel that stopped what some orders name which goods these are, and what is asked.

    A newer order leaves it open; without this its row forgets what it has confirmed.
    """
    if one.state in SETTLED or one.state in SELLING_AGAIN:
        return ""
    told = [*_stopped_and_asked(view, one, told_at(view.state, one.channel))]
    return " · ".join(told) if len(told) > 1 else ""


def _stopped_and_asked(view: View, one: ChannelHalt, orders: Sequence[HaltOrder]) -> Iterator[str]:
    """Say what of these orders a channel has confirmed, and what it is asked for still."""
    lens, state = view.lens, view.state
    stopped = [order for order in orders if is_confirmed(state, one, [order])]
    asked = [order for order in orders if order not in stopped]
    named = parts_told(lens, state, [stopped, asked])
    if stopped:
        yield lens("confirmed stopped: %(goods)s", goods=named[0])
    if asked:
        yield lens("asked to stop: %(goods)s", goods=named[1])


def _freed(view: View, one: ChannelHalt) -> str:
    """Say of a channel under an order what it was told to resume, and that it has not said so."""
    told = [each for each in _beside(one) if each.is_told]
    said = view.lens("told what may resume here; it has not said that it does")
    return view.lens.named_line(said, order_goods(view.lens, view.state, told)) if told else ""


def _tried(view: View, one: ChannelHalt, stands: str) -> str:
    """Say of a channel that is not reached how often it was tried, and when last."""
    lens, times = view.lens, times_asked(view.state, one)
    if stands != "failed" or times < 2 or one.answered_at is None:
        return ""
    return lens(
        "tried %(n)s times, the last %(when)s",
        n=lens.number(times),
        when=lens.when(one.answered_at),
    )


def _since(one: ChannelHalt, stands: str) -> datetime:
    """Say since when it stands so; silence is as old as the order, however often it was asked."""
    if stands == "taken_over" and one.left_to and one.left_to.at:
        return one.left_to.at  # whatever the channel answered for other goods since
    if stands == "selling" and one.drift:
        return one.drift.found_at  # whatever was ordered there since
    silent = stands in {"silent", *IN_TIME}
    return one.ordered_at if silent or one.answered_at is None else one.answered_at


def is_team(view: View) -> bool:
    """Say whether the reader is one of those who call."""
    return view.actor.holds(TEAM) or view.actor.stands_in_for(TEAM)


def call(view: View, one: ChannelHalt) -> Drawn | None:
    """Give whom to call at a channel, by the company's list; for the team alone, and only now.

    A number may be somebody's own: who is here by invitation, reported it, or audits sees none.
    Beside it stands where whoever refused there left theirs: this part is kept for many readers, so
    that private words stand on the page of their entry alone.
    """
    if view.as_of is not None or not is_team(view):
        return None
    item = view.lens.names.items("channel").get(one.channel)
    document = item.document if item else {}
    number, name = document.get("phone") or "", document.get("contact_name") or ""
    href = call_address(number) if number else ""
    return {"number": number, "name": name, "href": href, "left": _left(view, one)}


def _left(view: View, one: ChannelHalt) -> Drawn | None:
    """Lead to the entry with the name and number of whoever refused there by the link."""
    answers = (one.own_answer, *one.older_answers) if one.state == "refused" else ()
    own = next((each for each in answers if each and each.answer == OwnAnswer.CANNOT), None)
    if own is None:
        return None
    told = view.lens("Who refused, and their number")
    return {"text": told, "href": f"{view.address}/ledger/{own.seq}"}


def _to_say_so_by(view: View, one: ChannelHalt) -> datetime | None:
    """Give by when a channel that was told that it may resume is to say that it does."""
    listed = view.state.halt.listed.get(one.channel)
    told = [each.told_at for each in one.under_way if each.is_told and each.told_at]
    return confirms_by(view.state, min(told), listed) if listed and told else None


def _not_in_time(lens: Lens, due_at: datetime | None, one: ChannelHalt) -> str:
    """Say that a channel that was told that it may resume has let its time to answer pass."""
    if one.state != "resuming" or due_at is None or due_at > lens.now:
        return ""
    return lens("It has not said in time that it has resumed. Call, and record what they say.")


def _mend(lens: Lens, stands: str) -> str:
    """Say what is to be done about an answer that could not be read."""
    if stands != UNREADABLE:
        return ""
    return lens(
        "Let the other system write the file anew: state, units and note, in one line below the "
        "heading. It is read again by itself within minutes. Or call, and record what they say."
    )


def _still_to_resume(view: View, one: ChannelHalt) -> str:
    """Say what is still to come back there beside an order to stop, and what keeps it away."""
    lens, waits = view.lens, [each for each in _beside(one) if not each.is_told]
    if not waits:
        return ""
    told = lens(
        "May be sold again here by decision, and this channel has not said yet that it does: "
        "%(goods)s.",
        goods=order_goods(lens, view.state, waits),
    )
    why = next((each.error for each in waits if each.error), "")
    failed = lens("What went wrong: %(why)s.", why=lens.quoted(why).rstrip(".")) if why else ""
    return lens.sentences([told, failed] if failed else [told])


def _beside(one: ChannelHalt) -> tuple[ResumeThere, ...]:
    """Give what is to come back at a channel beside an order to stop."""
    return () if one.state in SELLING_AGAIN else one.under_way


def _set_apart(view: View, one: ChannelHalt) -> str:
    """Say how many units are set apart there, of which lots, and where they stand.

    What was counted of goods that may be sold again stands in a list of its own.
    """
    lens, held = view.lens, units_held(view.state, one)
    if not held and one.units != 0:
        return ""
    by_lot = [each for each in held if each.lot]
    told = [lens("%(n)s units set apart", n=lens.number(sum(each.units for each in held)))]
    if by_lot:
        shown = [f"{each.lot} {lens.number(each.units)}" for each in by_lot[:LOTS_SHOWN]]
        rest = len(by_lot) - len(shown)
        if rest:
            more = lens.words.ngettext("%(num)s more lot", "%(num)s more lots", rest)
            shown.append(more % {"num": rest})
        told.append(lens.listed(shown))
    if one.own_answer and one.own_answer.where:
        told.append(lens("they stand here: %(where)s", where=one.own_answer.where))
    return " · ".join(told)


def drift_told(lens: Lens, one: ChannelHalt) -> str:
    """Say what sells after all: how much of it, and how long after the order it was seen."""
    if one.drift is None or standing(one, lens.now) != "selling":
        return ""
    found = one.drift
    counted = []
    if found.offers:
        told = lens.words.ngettext("%(n)s offer", "%(n)s offers", found.offers)
        counted.append(told % {"n": found.offers})
    if found.units:
        counted.append(lens("%(n)s units", n=lens.number(found.units)))
    if found.units_sold:
        counted.append(sold_meanwhile(lens, found.units_sold))
    if found.unshipped:
        told = lens.words.ngettext(
            "%(n)s order on its way", "%(n)s orders on their way", found.unshipped
        )
        counted.append(told % {"n": found.unshipped})
    return " · ".join([*counted, seen_after(lens, found)])


def how_seen(one: ChannelHalt) -> str:
    """Say how the goods were seen on sale; what the channel said since does not hide it."""
    return (one.drift.how_seen if one.drift else "") or one.last_error


def sold_meanwhile(lens: Lens, units: int) -> str:
    """Say how many units were sold after the order, as a person counted them."""
    told = lens.words.ngettext("%(n)s unit sold meanwhile", "%(n)s units sold meanwhile", units)
    return told % {"n": lens.number(units)}


def seen_after(lens: Lens, found: Drift) -> str:
    """Say how long after the order the goods were seen on sale."""
    return lens("seen %(time)s after the order", time=lens.limit(_length(found.after_s)))


def _length(seconds: int) -> Limit:
    """Round a length as people say it: minutes, then hours, then days."""
    minutes = max(seconds // 60, 1)
    if minutes < 120:
        return parse_limit(f"{minutes} min")
    return parse_limit(f"{minutes // 60} h" if minutes < 2880 else f"{minutes // 1440} d")


def _held_back(lens: Lens, one: ChannelHalt) -> str:
    held = orders_held_back(one)
    if not held:
        return ""
    told = lens.words.ngettext("%(n)s paid order held back", "%(n)s paid orders held back", held)
    return told % {"n": held}


def _on_its_way(view: View, one: ChannelHalt) -> str:
    """Say what the channel itself counted of goods that had left already."""
    lens, told = view.lens, []
    for (_channel, kind), (stopped, through) in said_by_channels(
        view.state.halt, one.channel
    ).items():
        numbers = []
        if stopped is not None:
            numbers.append(lens("%(n)s stopped", n=lens.number(stopped)))
        if through is not None:
            numbers.append(lens("%(n)s got through", n=lens.number(through)))
        told.append(lens.named_line(lens.words.of("OnItsWay", kind), lens.listed(numbers)))
    return " · ".join(told)


def word_of(view: View, one: ChannelHalt) -> str:
    """Say where a channel stands; what resumes is said by what its kind does."""
    words, stands = view.lens.words, standing(one, view.lens.now)
    if stands in SELLING_AGAIN:
        listed = view.state.halt.listed.get(one.channel)
        return words.of(f"channel_{stands}", listed.kind if listed else "")
    return words.of("channel_state", stands)


def _acts(view: View, one: ChannelHalt) -> list[Drawn]:
    resumes = act_link(view, "confirm_resumed", one.channel) if is_resuming(one) else []
    if one.state == "resuming" and not refused_at(one):
        return resumes
    return _acts_of_stop(view, one) + resumes


def _acts_of_stop(view: View, one: ChannelHalt) -> list[Drawn]:
    if one.state == "confirmed":
        return act_link(view, "report_drift", one.channel)
    if one.state == "resumed":
        return act_link(view, "confirm_channel", one.channel) if one.drift else []
    found = act_link(view, "confirm_channel", one.channel)
    if one.state != "taken_over":
        found += act_link(view, "take_over_channel", one.channel)
    stands = standing(one, view.lens.now)
    if stands in {*NEEDS, *IN_TIME, "taken_over"} and stands != "selling":
        found += act_link(view, "report_drift", one.channel)
    return found
