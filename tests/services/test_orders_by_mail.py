"""An installation writes to its channels by mail, and says which of them nothing reaches."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from activities.local_channels import REACHES_NOBODY, CatalogBook
from activities.registry import AT_HOME
from domain.envelope import ChannelReply
from integrations.bounces import Marks
from integrations.channels import NOTHING_SENT, Adapters
from services.connections import gateways_of
from services.house import House
from storage import catalog, company, outbox
from tests.integrations.newsrooms import Server, mail_server
from tests.integrations.receivers import ORDER, ORDERS

LISTED = {"by-mail": ("email", f"mail:{ORDERS}"), "silent": ("outbox", ORDERS)}


@pytest.fixture
def server(house: House) -> Iterator[Server]:
    """Give the mail server that the installation's file of connections names."""
    items = [
        catalog.Item(id=name, kind="retailer", name_en=name, market="CN", document={
            "adapter": adapter, "address": address})
        for name, (adapter, address) in LISTED.items()
    ]  # fmt: skip
    catalog.put_items(house.engine, "channel", items)
    with mail_server() as (made, port):
        (house.settings.home / "channels.toml").write_text(
            f'[[connections]]\nid = "mail"\nadapter = "email"\nhost = "127.0.0.1"\ntls = "none"\n'
            f'port = "{port}"\nfrom = "recall@qinglan.example"\nname = "青岚"\n'
        )
        yield made


def bring(house: House, channel: str, drill: str = "") -> ChannelReply:
    file = house.settings.home / "channels.toml"
    there = replace(house, settings=house.settings.model_copy(update={"channels": file}))
    adapters = Adapters(CatalogBook(house.engine), gateways_of(there), at_home=AT_HOME)
    key = f"{ORDER.effect_key}:{channel}{drill}"
    return adapters.bring(replace(ORDER, channel=channel, effect_key=key, drill=drill))


def test_a_channel_is_written_to_in_its_language_under_a_mark_of_ours(
    house: House, server: Server
) -> None:
    assert bring(house, "by-mail").state == "accepted"
    [(sender, _, told)] = server.took
    [row] = outbox.list_messages(house.bulk, incident=ORDER.incident)
    assert told["Subject"].startswith("立即停售")
    assert sender == f"recall+{Marks(house.ring).mark(row.effect_key)}@qinglan.example"


def test_a_drill_writes_to_nobody(house: House, server: Server) -> None:
    assert bring(house, "by-mail", drill="May").proof == NOTHING_SENT
    assert server.took == []


def test_the_outbox_of_the_demo_alone_takes_orders(house: House, server: Server) -> None:
    assert bring(house, "silent") == ChannelReply("failed", error=REACHES_NOBODY)
    company.mark_demo(house.engine)
    assert bring(house, "silent").state == "accepted"
    assert server.took == []
