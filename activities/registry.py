"""Which activities one worker offers, composed from what it was given.

What belongs here: the list. What never does: opening a database or reading a setting (worker.py).
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy.engine import Engine

from activities.calendars import derive_due
from activities.channels import ChannelActivities
from activities.ledger import LedgerActivities
from activities.local_channels import CatalogBook, DemoShopGateway, OutboxGateway
from activities.messages import MessageActivities
from integrations.channels import Adapters, ChannelGateway


def gateways(engine: Engine, bulk: Engine) -> dict[str, ChannelGateway]:
    """Give the gateways of the embedded default: nothing leaves the machine."""
    return {"demo_shop": DemoShopGateway(engine), "outbox": OutboxGateway(bulk)}


def all_activities(
    engine: Engine, bulk: Engine, channels: dict[str, ChannelGateway]
) -> list[Callable[..., Any]]:
    """List every activity over one installation's database and channels."""
    ledger = LedgerActivities(engine)
    messages = MessageActivities(engine, bulk)
    orders = ChannelActivities(Adapters(CatalogBook(engine), channels))
    return [ledger.record, ledger.read_state, messages.tell, orders.order_channel, derive_due]
