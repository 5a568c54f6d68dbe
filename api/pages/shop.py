"""The demo shop: what the invented company's own shop has on sale; it changes while one looks.

What belongs here: shelves as the storage has them. What never does: a halt; it arrives by an order.
"""

from typing import Final

from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

from api.pages.frame import Guest, Visit
from api.pages.keeping import Fragments
from api.pages.lens import Drawn
from api.rendering import environment, page_of
from domain.errors import NotFound
from services import boards
from storage import company, shop

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)
_NOT_DEMO: Final = "There is no demo shop here: this is not a demo installation."


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


def shelves(guest: Visit) -> Drawn:
    """Give the products on the shelves of each channel that the demo shop stands for."""
    if not company.is_demo(guest.house.engine):
        raise NotFound(_NOT_DEMO, "Go back to the board.")
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
    return {"shops": listed}
