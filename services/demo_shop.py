"""Putting goods back on sale in the demo shop, to try a drift: somebody there does it unasked.

What belongs here: that, in the demo company alone. What never does: resuming a sale (that is an
order by signature, domain/resuming.py), or finding what is on sale against an order.
"""

from dataclasses import replace
from typing import Final

from domain.errors import NotAllowed, NotFound
from domain.people import TEAM, Actor
from services.house import House
from storage import company, shop

NOT_DEMO: Final = "There is no demo shop here: this is not a demo installation."


def require_demo(house: House) -> None:
    """Refuse whatever is asked of the demo shop elsewhere. Raises NotFound."""
    if not company.is_demo(house.engine):
        raise NotFound(NOT_DEMO, "Go back to the board.")


def sell_again(house: House, actor: Actor, channel: str, product: str, lot: str) -> None:
    """Put one listing back on its shelf, past every order. Raises NotFound, NotAllowed.

    No incident hears of it: the next look at the channel finds it on sale.
    """
    require_demo(house)
    if not actor.holds(TEAM):
        raise NotAllowed(
            "Only people with a duty under the plan try the demo shop.", "Sign in as one of them."
        )
    listed = shop.list_listings(house.engine, channel=channel, product=product)
    one = next((each for each in listed if each.lot == lot), None)
    if one is None:
        raise NotFound("The demo shop has no such product.", "Choose one on its page.")
    if not one.on_sale:
        again = replace(one, on_sale=True, changed_at=house.now(), effect_key="")
        shop.put_listings(house.engine, [again])
