"""An order to sell again names nothing that any other order still stops at that channel."""

from typing import Any

import pytest
import sqlalchemy as sa

from activities.derived import Desk
from activities.local_channels import OutboxGateway
from activities.order_filling import OrderFilling
from domain.envelope import ChannelOrder
from integrations.channels import ALL_HELD, Address
from storage import outbox
from storage.database import Database
from storage.engine import write
from storage.schema import channel_holds
from tests.activities.test_order_filling import database, story
from tests.domain.story import START, Story

__all__ = ["database", "story"]

SHOP = "ch-retailer"


def held(
    database: Database, *, products: list[str], lots: list[str], recalled: bool = False
) -> None:
    """Let another incident hold goods at the channel, and it alone hold any."""
    row: dict[str, Any] = {
        "incident": "INC-2026-0099", "drill": "", "channel": SHOP, "order": 1, "level": "H3",
        "products": products, "lots": lots, "since": START, "recalled": recalled,
    }  # fmt: skip
    with write(database.ledger) as connection:
        connection.execute(sa.delete(channel_holds))
        connection.execute(sa.insert(channel_holds), [row])


def resumed(database: Database, story: Story, lots: list[str]) -> tuple[bool, str]:
    """Let sale resume at the channel; gives whether a letter went, and what it says."""
    order = ChannelOrder(
        f"again:{SHOP}", story.incident.id, SHOP, "resume", 0, ["cream", "soap"], lots
    )
    filled = OrderFilling(Desk(database.ledger)).together()(order)
    address = Address(channel=SHOP, kind="retailer", name="Shop", adapter="outbox",
                      address="shop@example.com", language="en")  # fmt: skip
    reply = OutboxGateway(database.ledger, database.bulk).bring(filled, address)
    letters = [
        one for one in outbox.list_messages(database.bulk) if one.effect_key == order.effect_key
    ]
    assert (reply == ALL_HELD) is not bool(letters)
    return bool(letters), letters[0].body if letters else ""


@pytest.mark.parametrize(
    ("other", "lots", "says", "says_not"),
    [
        pytest.param({"products": ["cream"], "lots": ["L1"]}, ["L1", "L2"], "L1. Another order still stops them", "recalled", id="one lot is stopped elsewhere"),
        pytest.param({"products": ["cream"], "lots": ["L1"], "recalled": True}, ["L1", "L2"], "L1. They were recalled", "Another", id="one lot was recalled elsewhere"),
        pytest.param({"products": ["cream", "soap"], "lots": ["L1", "L2"]}, ["L1", "L2"], "", "", id="all its lots"),
        pytest.param({"products": ["cream", "soap"], "lots": []}, ["L1", "L2"], "", "", id="the whole products"),
        pytest.param({"products": ["cream"], "lots": []}, [], "soap", "Cream A", id="one whole product"),
        pytest.param({"products": ["cream"], "lots": ["L1"]}, ["L1"], "soap", "Cream A", id="the one lot of one product"),
        pytest.param({"products": ["cream"], "lots": ["L1"], "recalled": True}, ["L1"], "soap", "Cream A", id="the one lot of one product was recalled"),
        pytest.param({"products": ["cream"], "lots": ["L1", "L2"]}, ["L1", "L2"], "L2", "Another", id="all the lots of one product"),
        pytest.param({"products": ["spray"], "lots": ["L1"]}, ["L1"], "L1", "Another", id="other goods"),
    ],
)  # fmt: skip
def test_what_another_incident_holds_is_not_let_go(
    database: Database,
    story: Story,
    other: dict[str, Any],
    lots: list[str],
    says: str,
    says_not: str,
) -> None:
    held(database, **other)
    went, body = resumed(database, story, lots)
    assert went is bool(says)
    assert says in body
    assert not says_not or says_not not in body
    if "stops them" in says or "recalled" in says:
        assert "L2" in body.splitlines()[0]
        assert "L1" not in body.splitlines()[0]
