"""Stage `halt`: orders to resume that are under way at a channel, also beside an order to stop.

What belongs here: which of them a newer order ends or leaves as they are, which of them an answer
is about, and what is left of one. What never does: giving them (domain/resuming.py).

Signed goods come back: an order for other goods ends no order to resume. One for some of the same
goods ends it, and what is left of it is given anew, under a name of its own. One that was merely
handed over stays under way until somebody says that it was followed.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence

from domain.goods_in_pairs import Goods
from domain.replacing import replace
from domain.state import Mark
from domain.state.halt import ChannelHalt, HaltOrder, ResumeThere


def under_way(now: ChannelHalt) -> tuple[ResumeThere, ...]:
    """Give the orders to resume that are under way at a channel.

    One that was given by a release before has no goods here: nobody knows any more what it frees.
    """
    if now.under_way or now.state != "resuming":
        return now.under_way
    return (ResumeThere(resume=now.resume, products=(), lots=(), since=now.ordered_at),)


def is_resuming(now: ChannelHalt) -> bool:
    """Say whether goods are still to come back at a channel, whatever else it must stop."""
    return bool(under_way(now))


def begun(now: ChannelHalt, one: ResumeThere) -> ChannelHalt:
    """Give a channel as it is told to resume; what this covers of those before is ended."""
    before = under_way(now)
    ended = [each for each in before if each.products and not _apart(each, one)[1]]
    return replace(
        now,
        state="resuming",
        resume=one.resume,
        last_error="",
        by_order=(),
        resume_failed_at=None,
        under_way=(*(each for each in before if each not in ended), one),
        ended=tuple(each.resume for each in ended),
        all_held=now.all_held if before else None,
    )


def begun_beside(now: ChannelHalt, one: ResumeThere) -> ChannelHalt:
    """Give a channel as it is told to resume beside what it must still stop, where it stands so."""
    going = begun(now, one)
    return replace(now, under_way=going.under_way, ended=going.ended, all_held=going.all_held)


def beside_halt(now: ChannelHalt, order: HaltOrder, mark: Mark) -> ChannelHalt:
    """Give a channel under a new order, beside what goes on resuming; `now` as it was before.

    What is left of an order stops nothing that it did not: whoever was told beside that is not told
    again.
    """
    if order.part_of:
        return replace(now, under_way=under_way(now), ended=())
    stays: list[ResumeThere] = []
    ended: list[str] = []
    for one in under_way(now):
        both, left = _apart(one, order)
        if one.products and not both:
            stays.append(one)
            continue
        ended.append(one.resume)
        for place, (products, lots) in enumerate(left if one.products else (), start=1):
            name = f"{one.resume}-beside-{order.number}" + (f"-{place}" if place > 1 else "")
            stays.append(
                ResumeThere(
                    resume=name, products=products, lots=lots, since=mark.at, beside=order.number
                )
            )
    return replace(now, under_way=tuple(stays), ended=tuple(ended))


def _apart(one: ResumeThere, other: ResumeThere | HaltOrder) -> tuple[bool, tuple[Goods, ...]]:
    """Say whether goods have any in common with others, and what of them is left beside those.

    Of every lot of a product some lots leave all of it: what is held is left out where it leaves.
    """
    products = tuple(each for each in one.products if each in set(other.products))
    lots = set(one.lots) & set(other.lots) if one.lots and other.lots else {*one.lots, *other.lots}
    is_every = not one.lots and not other.lots
    if not products or not (lots or is_every):
        return False, ((one.products, one.lots),)
    others = tuple(each for each in one.products if each not in products)
    left: list[Goods] = [(others, one.lots)] if others else []
    if other.lots:
        rest = tuple(lot for lot in one.lots if lot not in lots)
        left += [(products, rest)] if rest or not one.lots else []
    return True, tuple(left)


# ---------------------------------------------------------------- answers


def meant(now: ChannelHalt, name: str) -> ResumeThere | None:
    """Find what an answer is about: the named one; unnamed, the last that is under way."""
    there = under_way(now)
    if not name:
        return there[-1] if there else None
    return next((one for one in there if one.resume == name), None)


def is_known_failure(one: ResumeThere, now: ChannelHalt, error: str) -> bool:
    """Say whether it was told before that an order to resume failed in these words."""
    return (one.error or (now.last_error if now.state == "resuming" else "")) == error


def names_of(now: ChannelHalt, one: ResumeThere | None) -> tuple[str, ...]:
    """Name what an answer ends where that is not plain: one of several, or one beside an order.

    None is a person's word, which is about all of them.
    """
    there = under_way(now)
    if now.state == "resuming" and len(there) == 1:
        return ()
    return tuple(each.resume for each in there if one is None or each == one)


def spoken_for(now: ChannelHalt) -> tuple[ResumeThere, ...]:
    """Give the orders to resume that a word is about: those that the channel was told of.

    One that is on its way still is not: its goods would be lost. Where it was told of none, as when
    the order does not get through, only a person can tell it, and speaks for all.
    """
    there = under_way(now)
    return tuple(one for one in there if one.is_told) or there


def is_last_told(now: ChannelHalt, names: Collection[str]) -> bool:
    """Say whether the last of the orders to resume has reached a channel with this answer.

    What still stops there is ordered anew then: once, and behind all letters to sell again.
    """
    fresh = [one for one in under_way(now) if one.told_at is None]
    return bool(fresh) and all(not names or one.resume in names for one in fresh)


def with_resume_answer(
    now: ChannelHalt, names: Collection[str], mark: Mark, *, error: str = "", is_done: bool
) -> ChannelHalt:
    """Give a channel with an answer to orders to resume: done, told (handed over), or failed.

    Beside an order to stop the channel stands where that does. Unnamed, what is done is all of
    them, what was told or failed is the last.
    """
    there = under_way(now)
    if is_done:
        left = tuple(one for one in there if names and one.resume not in names)
    else:
        meant = {*names} or {one.resume for one in there[-1:]}
        said = [_failed(one, error, mark) if error else _told(one, mark) for one in there]
        both = zip(there, said, strict=True)
        left = tuple(new if one.resume in meant else one for one, new in both)
    if now.state not in ("resuming", "resumed"):
        return replace(now, under_way=left)
    late = [one for one in left if one.failed_at is not None]
    return replace(
        now,
        state="resuming" if left else "resumed",
        resume=left[-1].resume if left else now.resume,
        last_error=error or next((one.error for one in late), ""),
        resume_failed_at=min((one.failed_at for one in late if one.failed_at), default=None),
        under_way=left,
    )


def _told(one: ResumeThere, mark: Mark) -> ResumeThere:
    return replace(one, told_at=one.told_at or mark.at, failed_at=None, error="")


def _failed(one: ResumeThere, error: str, mark: Mark) -> ResumeThere:
    return replace(one, failed_at=one.failed_at or mark.at, error=error)


def given_anew(
    channels: Iterable[ChannelHalt], number: int
) -> Iterator[tuple[ResumeThere, list[str]]]:
    """Give what was given anew beside an order, each with the channels that it goes to."""
    found: dict[tuple[str, Goods], tuple[ResumeThere, list[str]]] = {}
    for now in channels:
        for one in now.under_way:
            if one.beside == number:
                goods = (one.products, one.lots)
                found.setdefault((one.resume, goods), (one, []))[1].append(now.channel)
    yield from found.values()


def undone(channels: Sequence[ChannelHalt]) -> list[list[str]]:
    """List the orders to resume that were ended at channels: nobody may carry them there."""
    return [[name, now.channel] for now in channels for name in now.ended]
