"""Looks at channels: each incident hears of its own goods, and an order that ended goes nowhere."""

from dataclasses import replace
from typing import cast

import sqlalchemy as sa

from activities.channels import ChannelActivities
from activities.derived import Desk
from activities.held_goods import HeldGoods
from activities.local_channels import CatalogBook
from activities.looks import LookActivities
from activities.order_filling import OrderFilling
from domain.drift import ReportDrift, ReportLook, SeenChannel
from domain.envelope import ChannelOrder, ChannelReply
from domain.people import PERFORMER, Role
from domain.resuming import LiftHalt
from domain.severity import HaltLevel
from domain.values import ChannelId, PublicText
from domain.wire import decode
from integrations.channels import LIFTED, Adapters, Address, SeenGoods, Sighting, sighted
from storage import incidents
from storage.database import Database
from storage.schema import channel_holds
from tests.activities.test_order_filling import database, record, story
from tests.domain.story import Story, person

__all__ = ["database", "story"]

SHOP = "ch-own_shop"


def goods(item: str, product: str, lot: str = "", units: int | None = 3) -> SeenGoods:
    return SeenGoods(item=item, product=product, lot=lot, is_offer=True, units=units)


class Seeing:
    """A shop at which two products still sell."""

    def look(self, channel: str, _drill: str) -> Sighting | None:
        both = (goods("1", "cream", "L1"), goods("2", "soap", units=4))
        return sighted(both) if channel == SHOP else None

    def answers(self, *_place: str) -> tuple[()]:
        return ()


def test_an_incident_hears_of_its_own_goods_alone(database: Database, story: Story) -> None:
    other = incidents.Reservation(
        command_id="two", digest="d", created_at=story.now, reported_by="li", title="Soap",
        rules_hash=story.incident.rules.hash,
    )  # fmt: skip
    soap = incidents.reserve_number(database.ledger, story.now.year, other).id
    with database.ledger.begin() as connection:
        connection.execute(
            sa.insert(channel_holds).values(
                incident=soap, channel=SHOP, order=1, level="H2", recalled=False, since=story.now,
                drill="", products=["soap"], lots=[],
            )
        )  # fmt: skip
    held = HeldGoods(database.ledger, database.bulk, "https://a.example")
    looks = LookActivities(database.ledger, cast("Adapters", Seeing()), held)
    told = {drift.incident: drift.seen for drift in looks.find_drift().found}
    assert [(one["offers"], one["units"]) for one in told[story.incident.id]] == [(1, 3)]
    assert [(one["offers"], one["units"]) for one in told[soap]] == [(1, 4)]


def test_a_parcel_with_two_products_counts_once_and_for_both() -> None:
    seen = sighted([goods("p", "cream"), goods("p", "soap", units=4)])
    assert (seen.offers, seen.units) == (1, 7)
    assert seen.of(lambda product, _lot: product == "soap").units == 4
    assert seen.of(lambda _product, _lot: False).is_clean


class Listening:
    """Takes whatever comes."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def bring(self, order: ChannelOrder, _address: Address) -> ChannelReply:
        self.heard.append(order.channel)
        return ChannelReply("accepted")


def test_an_order_that_was_lifted_meanwhile_is_not_sent(database: Database, story: Story) -> None:
    gateway = Listening()
    adapters = Adapters(CatalogBook(database.ledger), {"outbox": gateway})
    orders = ChannelActivities(adapters, OrderFilling(Desk(database.ledger)).together)
    channel = "ch-distributor"
    order = ChannelOrder(
        effect_key="one", incident=story.incident.id, channel=channel, action="halt",
        order=story.incident.halt.channels[channel].order, products=["cream"], lots=[],
        level=HaltLevel.H3,
    )  # fmt: skip
    assert orders.order_channel(order).state == "accepted"
    story.keeps_evidence()
    story.did(person(Role.QUALITY), LiftHalt(number=order.order, reason=PublicText("An error.")))
    story.signed(person(Role.QUALITY_SAFETY_RESPONSIBLE))
    record(database, story)
    assert orders.order_channel(replace(order, effect_key="two")) == LIFTED
    assert gateway.heard == [channel]


class Gone(Seeing):
    """The shop, where nothing of it sells any more."""

    def look(self, channel: str, _drill: str) -> Sighting | None:
        return sighted(()) if channel == SHOP else None


def test_that_goods_are_gone_is_told_once_where_they_were_found(
    database: Database, story: Story
) -> None:
    held = HeldGoods(database.ledger, database.bulk, "https://a.example")
    looks = LookActivities(database.ledger, cast("Adapters", Gone()), held)
    assert not looks.find_drift().found, "nothing was ever found there"
    seen = ReportDrift(channel=ChannelId(SHOP), how_seen=PublicText("In its window."))
    story.did(person(Role.CHANNEL_LEAD), seen)
    record(database, story)
    [drift] = looks.find_drift().found
    told = [decode(SeenChannel, one) for one in drift.seen]
    assert [(one.channel, one.offers) for one in told] == [(SHOP, 0)]
    story.did(PERFORMER, ReportLook(seen=tuple(told)))
    record(database, story)
    assert not looks.find_drift().found
