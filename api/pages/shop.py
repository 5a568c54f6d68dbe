"""The demo shop: what the invented company's own shop has on sale; it changes while one looks.

What belongs here: shelves as the storage has them. What never does: a halt; it arrives by an order.
"""

from typing import Final

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, Response

from api.pages.frame import Guest, Visit, form_of, see_other
from api.pages.keeping import Fragments
from api.pages.lens import Drawn
from api.rendering import environment, page_of
from domain.people import TEAM
from services import boards, demo_shop
from storage import shop

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)
AGAIN: Final = "/demo-shop/sell-again"


@router.get("/demo-shop")
def show(guest: Guest) -> Response:
    """Show the shelves of the demo shop. Raises NotFound elsewhere."""
    version = boards.board_version(guest.house)
    return guest.show("shop.html", version=version, part=shelves(guest))


@router.get("/parts/demo-shop")
def part(guest: Guest) -> Response:
    """Give the inside of the shop; its own changes are not counted, so it is drawn each time."""
    page = page_of(guest.request, guest.who, zone=guest.lens.zone_name)
    template = environment(page.language).get_template("console/parts/shop.html")
    tag = Fragments.tag(guest, boards.board_version(guest.house))
    return HTMLResponse(template.render(page=page, part=shelves(guest)), headers={"ETag": tag})


@router.post(AGAIN)
async def sell_again(guest: Guest) -> Response:
    """Put a product back on sale past every order, to try a drift. Raises NotFound, NotAllowed."""
    form = await form_of(guest.request, guest.who)
    named = [str(form.get(name, ""))[:80] for name in ("channel", "product", "lot")]
    await run_in_threadpool(demo_shop.sell_again, guest.house, guest.who.actor, *named)
    return see_other("/demo-shop")


def shelves(guest: Visit) -> Drawn:
    """Give the products on the shelves of each channel that the demo shop stands for."""
    demo_shop.require_demo(guest.house)
    lens = guest.lens
    shops: dict[str, list[Drawn]] = {}
    for one in shop.list_listings(guest.house.engine):
        item = lens.names.items("product").get(one.product)
        document = item.document if item else {}
        shops.setdefault(one.channel, []).append(
            {
                "name": lens.named("product", one.product),
                "category": lens.words.pick(
                    document.get("category_en", ""), document.get("category_zh", "")
                ),
                "channel": one.channel,
                "product": one.product,
                "lot": one.lot,
                "on_sale": one.on_sale,
                "at": lens.moment(one.changed_at),
                "key": f"{one.channel}-{one.product}-{one.lot}",
            }
        )
    listed = [
        {
            "name": lens.named("channel", channel),
            "products": sorted(found, key=lambda one: one["on_sale"]),
            "stopped": sum(not one["on_sale"] for one in found),
            "whole": len(found),
        }
        for channel, found in shops.items()
    ]
    return {"shops": listed, "may_try": guest.who.actor.holds(TEAM), "again": AGAIN}
