"""Held goods that were seen on sale where no order stops them any more: what a page says of it.

What belongs here: the words, and the way on for those who may act. What never does: looking
(activities/looks.py), or goods found on sale while an order stands (domain/drift.py): those are
due in the incident itself.
"""

from api.pages.lens import Drawn
from api.pages.looking import View
from api.pages.possible import act_link
from storage import held_goods, holds


def held_on_sale(view: View) -> Drawn | None:
    """Say at the top what was seen on sale that the incident still holds; None for nothing."""
    if view.as_of is not None:
        return None
    lens, engine = view.lens, view.visit.house.engine
    held = {hold.channel for hold in holds.of_incident(engine, view.row.id)}
    found = [
        line for line in held_goods.on_sale(engine, view.row.id) if line.body["channel"] in held
    ]
    if not found:
        return None
    sealed = view.state.review.closed_at is not None
    lines = [
        lens(
            "%(channel)s: offers %(offers)s, paid and unshipped orders %(unshipped)s, "
            "seen %(when)s.",
            channel=lens.named("channel", line.body["channel"]),
            offers=str(line.body["offers"]),
            unshipped=str(line.body["unshipped"]),
            when=lens.when(line.at),
        )
        for line in found
    ]
    ask = (
        lens("Make them take it off sale. To order it, reopen the incident and halt again there.")
        if sealed
        else lens("Make them take it off sale. To order it, halt again.")
    )
    acts = act_link(view, "reopen_incident" if sealed else "order_halt")
    return {"lines": lines, "ask": ask, "acts": acts}
