"""Adapter `webhook`: systems that take signed HTTP orders, each with a secret of its own.

What belongs here: which connection an order goes to. What never does: the request itself
(integrations/webhook.py).
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from domain.envelope import ChannelOrder, ChannelReply
from integrations.channels import Address
from integrations.connections import Connection, Named, Tools
from integrations.outgoing import Bounds, checked_url
from integrations.shops import connection_of
from integrations.webhook import WebhookGateway, way_out

FIELDS: Final[Mapping[str, Named]] = {
    "url": Named(True, "the address that takes orders, such as https://wms.example.com/orders"),
    "secret": Named(True, "the secret that orders are signed with"),
}


class Webhooks:
    """The systems behind all connections of this adapter."""

    def __init__(self, connections: Mapping[str, Connection], tools: Tools) -> None:
        """Keep the connections."""
        self._connections = connections
        self._outgoing = way_out(tools.bounds)

    def bring(self, order: ChannelOrder, address: Address) -> ChannelReply:
        """Send one order. Raises NotConfirmed when the system is not to be had now."""
        connection = connection_of(self._connections, address)
        gateway = WebhookGateway(connection.value("secret").encode(), outgoing=self._outgoing)
        return gateway.bring(order, replace(address, address=connection.value("url")))


def url_of(connection: Connection, _bounds: Bounds) -> str:
    """Give the address that takes orders; they hold no key. Raises BrokenSetup where it is none."""
    return checked_url(connection.value("url"), plain_allowed=True)


def gateway(connections: Mapping[str, Connection], tools: Tools) -> Webhooks:
    """Give the gateway over all connections."""
    return Webhooks(connections, tools)
