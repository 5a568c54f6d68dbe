"""What became of one channel of a halt between two moments, in sentences.

What belongs here: reading two states of a channel as a person would tell them. What never does:
which channels are different (domain/difference.py), or a rule.

A channel that took its order again and was found on sale still sells, whatever its order says.
"""

from collections.abc import Iterator

from api.pages.lens import Lens
from domain.channels import SELLING_AGAIN, standing
from domain.state.halt import ChannelHalt
from services.moments import AsOf, Between


def channel_told(lens: Lens, between: Between, name: str) -> list[str]:
    """Tell what became of a channel; nothing where it is no channel of these moments."""
    was, now = (one.state.halt.channels.get(name) for one in (between.before, between.after))
    if now is None:
        return [lens("No order to stop stands there any more.")] if was else []
    told = [*_ordered(lens, was, now), *_stands(lens, between, was, now)]
    told += [*_sale(lens, was, now), *_beside(lens, was, now)]
    return told or [lens("What stands beside it was recorded anew; its entries say what.")]


def _ordered(lens: Lens, was: ChannelHalt | None, now: ChannelHalt) -> Iterator[str]:
    """Say which order reached it, how often, and whether it went out anew."""
    if was is None or was.order != now.order:
        yield lens(
            "Ordered to stop by order no. %(n)s, %(when)s.",
            n=now.order,
            when=lens.when(now.ordered_at),
        )
    before = len(was.again) if was else 0
    if len(now.again) > before:
        yield lens("The order went out to it anew.")
    if now.attempts > (was.attempts if was else 0) and now.attempts > 1:
        yield lens("Times that the order was sent: %(n)s.", n=lens.number(now.attempts))


def _stands(
    lens: Lens, between: Between, was: ChannelHalt | None, now: ChannelHalt
) -> Iterator[str]:
    """Say where it stands now, where it stood before, and when it answered."""
    stood = _word(lens, between.before, was) if was else ""
    stands = _word(lens, between.after, now)
    if was is None:
        yield lens("It stands so: %(now)s.", now=stands)
    elif stood != stands:
        yield lens("It stood so: %(before)s. It stands so now: %(now)s.", before=stood, now=stands)
    if now.answered_at is not None and (was is None or was.answered_at != now.answered_at):
        when = lens.when(now.answered_at)
        if now.is_handed_over:
            yield lens("The message was handed over %(when)s; no answer yet.", when=when)
        else:
            yield lens("It answered %(when)s.", when=when)
    if was is not None and was.state != now.state and now.drift is not None:
        yield lens(
            "The order was handed over; nobody has seen since that it sells nothing any more."
        )
    if now.proof and now.is_handed_over and (was is None or was.proof != now.proof):
        yield lens("How it was handed over: %(how)s.", how=lens.quoted(now.proof).rstrip("."))
    elif now.proof and (was is None or was.proof != now.proof):
        yield lens("How it is known: %(proof)s.", proof=lens.quoted(now.proof).rstrip("."))
    if now.last_error and (was is None or was.last_error != now.last_error):
        yield lens("What went wrong: %(why)s.", why=lens.quoted(now.last_error).rstrip("."))
    if now.taken_over_by and (was is None or was.taken_over_by != now.taken_over_by):
        yield lens("%(name)s answers for it.", name=lens.person(now.taken_over_by))


def _word(lens: Lens, then: AsOf, one: ChannelHalt) -> str:
    """Say where a channel stands at a moment, found on sale before what its order says."""
    stands = standing(one, then.at)
    if stands in SELLING_AGAIN:
        listed = then.state.halt.listed.get(one.channel)
        return lens.words.of(f"channel_{stands}", listed.kind if listed else "")
    return lens.words.of("channel_state", stands)


def _sale(lens: Lens, was: ChannelHalt | None, now: ChannelHalt) -> Iterator[str]:
    """Say what was found on sale there, or that nothing is any more."""
    found = was.drift if was else None
    if now.drift is not None and now.drift != found:
        when = lens.when(now.drift.found_at)
        how = lens.quoted(now.drift.how_seen).rstrip(".")
        seen = lens("It was found on sale %(when)s: %(how)s.", when=when, how=how)
        yield seen if how else lens("It was found on sale %(when)s, by a look at it.", when=when)
    if now.drift is None and found is not None:
        yield lens("That it was found on sale is settled.")
    if now.looked_at is not None and (was is None or was.looked_at != now.looked_at):
        yield lens("It was looked at %(when)s.", when=lens.when(now.looked_at))


def _beside(lens: Lens, was: ChannelHalt | None, now: ChannelHalt) -> Iterator[str]:
    """Say what is apart there, until when it is to answer, and what else moved."""
    if now.units is not None and (was is None or was.units != now.units):
        yield lens("Units set apart or taken off sale there: %(n)s.", n=lens.number(now.units))
    if now.orders is not None and (was is None or was.orders != now.orders):
        yield lens("Paid orders held back there: %(n)s.", n=lens.number(now.orders))
    due = now.answer_due_at
    if due is not None and (was is None or was.answer_due_at != due):
        yield lens("It is to answer by %(when)s.", when=lens.when(due))
    if now.own_answer is not None and (was is None or was.own_answer != now.own_answer):
        yield lens("It answered itself, on the page of its order.")
    if now.by_order and not (was and was.by_order):
        yield lens("Older orders stand there beside the newest.")
