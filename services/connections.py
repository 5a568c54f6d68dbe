"""The connections of an installation: the file that its settings name, and the gateways behind it.

What belongs here: reading the file, saying by which of them nothing gets out, and giving adapters
what they may use. What never does: what may stand in it (integrations/connections.py), or a
protocol.
"""

from collections.abc import Iterable, Mapping

from activities.channels import say_alive
from activities.letter_records import StoredLetters
from activities.registry import local_gateways
from activities.shelf_records import StoredHolds, StoredJournal
from domain.errors import BrokenSetup, NotFound
from integrations.bounces import Marks
from integrations.channels import ChannelGateway
from integrations.connections import (
    Article,
    Connection,
    Tools,
    gateways,
    read_connections,
    require_way,
)
from integrations.inside import inside_of
from integrations.outgoing import Bounds
from services.house import House
from services.settings import Settings
from services.toml_files import read_toml
from storage import catalog, company


def connections_of(settings: Settings) -> tuple[Connection, ...]:
    """Read the connections that the settings name; none where they name no file.

    Raises BrokenSetup.
    """
    if settings.channels is None:
        return ()
    what, instead = "file of connections", "Set ANDON_CHANNELS to it."
    return read_connections(read_toml(settings.channels, what, instead))


def bounds_of(settings: Settings) -> Bounds:
    """Give where requests of this installation may go."""
    return Bounds(inside_allowed=inside_of(settings.allow_inside))


def wayless(settings: Settings) -> list[str]:
    """Say by which connections no order will ever get out, as far as they say so themselves.

    Raises BrokenSetup.
    """
    return [
        f"No order gets out by connection {one.id}: {why}"
        for one in connections_of(settings)
        if (why := why_wayless(one, settings))
    ]


def why_wayless(connection: Connection, settings: Settings) -> str:
    """Say why no order will ever get out by a connection; "" where one may."""
    try:
        require_way(connection, bounds_of(settings))
    except BrokenSetup as error:
        return f"{error.sentence} {error.hint}"
    return ""


def gateways_of(house: House) -> dict[str, ChannelGateway]:
    """Give every gateway of an installation: those of the embedded default, and the connected."""

    def articles(products: Iterable[str]) -> Mapping[str, Article]:
        return {name: _article(house, name) for name in products}

    tools = Tools(
        journal=StoredJournal(house.engine),
        desired=StoredHolds(house.engine),
        articles=articles,
        letters=StoredLetters(house.engine, house.bulk, Marks(house.ring).mark),
        bounds=bounds_of(house.settings),
        alive=say_alive,
    )
    return {
        **local_gateways(house.engine, house.bulk, is_demo=company.is_demo(house.engine)),
        **gateways(connections_of(house.settings), tools),
    }


def _article(house: House, product: str) -> Article:
    try:
        item = catalog.item(house.engine, "product", product)
    except NotFound:
        return Article(product=product, numbers=(product,))
    packs = item.document.get("items", ())
    numbers = [product, *(pack.get("id", "") for pack in packs), *(p["gtin"] for p in packs)]
    return Article(
        product=product, numbers=tuple(dict.fromkeys(filter(None, numbers))), name=item.name_en
    )
