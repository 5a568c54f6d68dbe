"""Stage `halt`: what becomes of a channel once it was answered for, and who hears of it.

What belongs here: the state after an answer, and who carries an order no more, or anew. What never
does: who may answer, and with what (domain/channels.py), or carrying an order (workflows/halt.py).
"""

from collections.abc import Iterable

from domain.channels import SELLING_AGAIN, SETTLED, ChannelAnswered
from domain.counted_there import recounted
from domain.dispatch import Effect, causes, evolves
from domain.left_to_person import left_after, left_whole
from domain.ordered_anew import anew_of, order_anew, ordered_anew
from domain.orders_there import (
    ANSWERED_FOR,
    answers_of,
    covers,
    left_to,
    open_at,
    orders_at,
    told_at,
    with_answers,
)
from domain.people import PERFORMER, channel_actor
from domain.replacing import replace
from domain.state import Incident, Mark, with_stage
from domain.state.halt import ChannelHalt, CountedThere, LeftToPerson, LotUnits, OrderThere
from domain.under_way import with_resume_answer


@evolves(ChannelAnswered)
def _answered(incident: Incident, answered: ChannelAnswered, mark: Mark) -> Incident:
    now = incident.halt.channels[answered.channel]
    changed = _with_answer(incident, now, answered, mark)
    if answered.under:
        changed = ordered_anew(
            incident, changed, mark, answered.answer_due_at, still=answered.refused
        )
    return with_stage(
        incident, "halt", channels={**incident.halt.channels, answered.channel: changed}
    )


def _with_answer(
    incident: Incident, now: ChannelHalt, answered: ChannelAnswered, mark: Mark
) -> ChannelHalt:
    """Give a channel with one more answer; one for an older order says nothing of the newest."""
    if answered.state in SELLING_AGAIN:
        is_done, names = answered.state == "resumed", answered.resumes
        there = with_resume_answer(now, names, mark, error=answered.error, is_done=is_done)
        if is_done:  # one that sells some of it again has said so, whatever is held of the rest
            held = True if answered.all_held and now.all_held is not False else None
            there = replace(there, all_held=held or (False if there.under_way else None))
        if now.state not in SELLING_AGAIN:  # of what stops there now that says nothing
            return there
        changed = _in_words_of(now, replace(there, answered_at=mark.at), answered)
    else:
        is_older = answered.state in ANSWERED_FOR and not _is_about_newest(incident, now, answered)
        left = _left_to_them(incident, now, answered, mark)
        changed = replace(now, answered_at=mark.at, left_to=left)
        changed = replace(
            changed, counted=_counts(incident, now, answered, mark, is_older=is_older)
        )
        if not is_older:
            changed = _in_words_of(now, changed, answered)
        elif now.state == "taken_over":  # what somebody would do there proves nothing any more
            changed = replace(changed, proof=answered.proof)
        if now.state == "resuming":
            return _beside_resume(incident, changed, answered, mark)
        changed = with_answers(changed, _answers_with(incident, now, answered))
    if changed.state not in SETTLED or answered.under:  # that others sell ends no sight of these
        return changed
    found = None if _ends_sight(answered, mark) else now.found
    return replace(changed, drift=None, found=found)


def _left_to_them(
    incident: Incident, now: ChannelHalt, answered: ChannelAnswered, mark: Mark
) -> LeftToPerson | None:
    """Give what a named person answers for beside the other orders there, after an answer.

    A person's word is about all of them.
    """
    is_yes = answered.state in ANSWERED_FOR
    if not is_yes or _is_own(answered, mark):
        return left_after(incident, now, answered.order, is_yes=is_yes)
    return None


def _counts(
    incident: Incident, now: ChannelHalt, answered: ChannelAnswered, mark: Mark, *, is_older: bool
) -> tuple[CountedThere, ...]:
    """Give what was counted for orders before the newest, after an answer that may count."""
    if answered.units is None:
        return now.counted
    is_ours = not _is_own(answered, mark)
    kept = recounted(incident, now, answered.order, is_ours=is_ours)
    if not is_older or mark.actor != PERFORMER.id:  # its own page is kept with its answers
        return kept
    units, orders = answered.units, answered.orders
    one = CountedThere(order=answered.order, at=mark.at, units=units, orders=orders)
    return (*kept, one)


def _is_own(answered: ChannelAnswered, mark: Mark) -> bool:
    """Say whether it is the channel's own word, whoever brought it."""
    return mark.actor in {PERFORMER.id, channel_actor(answered.channel).id}


def _is_told(answered: ChannelAnswered) -> bool:
    """Say whether an order to resume was handed over."""
    return answered.state == "resuming" and not answered.error


def _ends_sight(answered: ChannelAnswered, mark: Mark) -> bool:
    """Say whether goods found there were seen to: by a person here, not by the channel's own yes.

    Where they are found again after such a yes, they are so since the first sight.
    """
    return answered.state == "resumed" or not _is_own(answered, mark)


def _in_words_of(now: ChannelHalt, changed: ChannelHalt, answered: ChannelAnswered) -> ChannelHalt:
    units, orders, held = answered.units, answered.orders, answered.order_units
    return replace(
        changed,
        attempts=answered.attempts,
        proof=answered.proof or now.proof,
        units=units if units is not None else now.units,
        apart=_by_lot(answered) if units is not None else now.apart,
        taken_over_by=answered.taken_over_by or now.taken_over_by,
        orders=orders if orders is not None else now.orders,
        order_units=held if held is not None else now.order_units,
    )


def _is_about_newest(incident: Incident, now: ChannelHalt, answered: ChannelAnswered) -> bool:
    """Say whether an answer is about the newest order there: to it, or to one that covers it."""
    if answered.order == now.order:
        return True
    there = {order.number: order for order in incident.halt.orders}
    if answered.order not in there or now.order not in there:
        return False
    return covers(there[answered.order], there[now.order])


def _answers_with(
    incident: Incident, now: ChannelHalt, answered: ChannelAnswered
) -> list[OrderThere]:
    """Give how the orders there were answered, with one more answer."""
    before = answers_of(now)
    known = next((one for one in before if one.order == answered.order), None)
    due_at = known.answer_due_at if known else now.answer_due_at
    one = OrderThere(
        order=answered.order, state=answered.state, answer_due_at=due_at, error=answered.error
    )
    rest = [each for each in before if each.order != answered.order]
    if answered.state in ANSWERED_FOR:
        left = {*answered.unanswered, now.order}
        rest = [each for each in rest if each.order in left]
        if _is_about_newest(incident, now, answered):
            rest = [replace(e, state="confirmed") if e.order == now.order else e for e in rest]
    return [*rest, one]


def _beside_resume(
    incident: Incident, now: ChannelHalt, answered: ChannelAnswered, mark: Mark
) -> ChannelHalt:
    """Give a channel that resumes with an answer about what it must stop beside that.

    What a person takes over is left to them. All else is asked for anew after the order to resume:
    none of it is settled yet; but goods that were found on sale are seen to.
    """
    if answered.state == "taken_over" and now.by_order:
        changed = left_whole(incident, replace(now, state="taken_over"))
    else:
        changed = replace(now, by_order=_orders_beside(incident, now, answered))
    if answered.state not in ANSWERED_FOR or answered.unanswered:
        return changed
    return replace(changed, drift=None, found=None if _ends_sight(answered, mark) else now.found)


def _orders_beside(
    incident: Incident, now: ChannelHalt, answered: ChannelAnswered
) -> tuple[OrderThere, ...]:
    """Give the orders beside what resumes, with an answer: all are asked for anew after it.

    What a person answered for, and somebody else does now, is one of them from now on.
    """
    is_for, said = answered.state in ANSWERED_FOR, answered.state
    theirs, known = left_to(incident, now), {one.order for one in now.by_order}
    new = [
        OrderThere(order=order.number, state="confirmed")
        for order in told_at(incident, now.channel)
        if order.number not in {*known, *theirs}
    ]
    return tuple(
        replace(one, state=said, error=answered.error)
        if one.order == answered.order or (is_for and one.order not in answered.unanswered)
        else one
        for one in (*now.by_order, *new)
    )


def _by_lot(answered: ChannelAnswered) -> tuple[LotUnits, ...]:
    return tuple(LotUnits(lot=one.lot, units=one.units) for one in answered.set_apart)


# ---------------------------------------------------------------- what it causes


@causes(ChannelAnswered)
def _settle(incident: Incident, answered: ChannelAnswered, mark: Mark) -> Iterable[Effect]:
    """Tell who carries an order that it is over there; what they reported as done, they know.

    Who carries an order to resume waits for no answer once it was handed over: people do, and the
    incident knows of it. An order that went out anew is carried by others too, who know nothing of
    each other.
    """
    now, is_resume = incident.halt.channels[answered.channel], answered.state in SELLING_AGAIN
    if answered.state not in SETTLED and not _is_told(answered):
        return
    # Beside an order to stop it ends nothing of that; whoever carried what was told is done.
    is_beside = is_resume and not answered.under and now.state not in SELLING_AGAIN
    if is_beside and not (_is_told(answered) or answered.late or now.state == "taken_over"):
        return
    # Who carries what is open goes on; but all that is ordered anew by this is carried anew.
    still = None if answered.under else {one.order for one in open_at(now)}
    again = [] if is_beside else anew_of(now, but=mark.seq, still=still)
    first, *more = (answered.resumes or (now.resume,)) if is_resume else ("",)
    if _is_told(answered) or answered.late or mark.actor != PERFORMER.id or again:
        yield Effect(
            name="settle",
            target=answered.channel,
            seq=mark.seq,
            body={
                "order": answered.order,
                "resume": first,
                "channel": answered.channel,
                **({"again": again} if again else {}),
            },
        )
    for name in more:
        yield _settles(f"{answered.channel}:{name}", answered, name, mark)
    for number in () if is_resume else _answered_with(incident, now, answered, mark):
        yield _settles(f"{answered.channel}:{number}", answered, "", mark, number)


def _settles(
    target: str, answered: ChannelAnswered, resume: str, mark: Mark, number: int = 0
) -> Effect:
    body = {"order": number, "resume": resume, "channel": answered.channel}
    return Effect(name="settle", target=target, seq=mark.seq, body=body)


def _answered_with(
    incident: Incident, now: ChannelHalt, said: ChannelAnswered, mark: Mark
) -> list[int]:
    """Name the other orders there that this answer is about too: all by a person's word."""
    number, still = said.order, {one.order for one in open_at(now)}
    if said.state != "taken_over":
        still |= {*left_to(incident, now)}
    there = {order.number: order for order in orders_at(incident, now.channel)}
    answered = there.get(number)
    return [
        other
        for other, order in there.items()
        if other != number and other not in still
        if mark.actor != PERFORMER.id or (answered and covers(answered, order))
    ]


@causes(ChannelAnswered)
def _order_what_stands(
    incident: Incident, answered: ChannelAnswered, mark: Mark
) -> Iterable[Effect]:
    """Order anew what another order still stops there."""
    now = incident.halt.channels[answered.channel]
    return order_anew(incident, [now] if answered.under else [], mark.seq)
