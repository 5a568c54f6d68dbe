"""Answers that come as files are found by the look, told to whom they belong, and told once."""

from dataclasses import replace
from pathlib import Path

import pytest

from activities.held_goods import HeldGoods
from activities.local_channels import CatalogBook
from activities.looks import LookActivities
from activities.shelf_records import StoredHolds, StoredJournal
from domain.channels import ChannelOutcome, ReportOutcomes
from domain.drift import ReportLook
from domain.envelope import ChannelOrder, ChannelReply, LookRequest
from domain.people import PERFORMER
from domain.wire import decode
from integrations import adapter_file_drop as file_drop
from integrations.channels import Adapters, Address, LateAnswer, Sighting
from integrations.connections import Connection, Tools
from storage import catalog, holds
from storage.database import Database
from tests.activities.test_order_filling import database, record, story
from tests.domain.story import Story

__all__ = ["database", "story"]

SHOP = "ch-warehouse"


def dropped(database: Database, folder: Path) -> Adapters:
    """Connect the warehouse by files."""
    listed = catalog.item(database.ledger, "channel", SHOP)
    moved = {"adapter": "file_drop", "address": "erp"}
    catalog.put_items(database.ledger, "channel", [
        catalog.Item(id=SHOP, kind=listed.kind, market=listed.market, name_en="The warehouse",
                     document=moved),
    ])  # fmt: skip
    tools = Tools(
        journal=StoredJournal(database.ledger),
        desired=StoredHolds(database.ledger),
        articles=lambda _ids: {},
    )
    one = Connection(id="erp", adapter="file_drop", values={"folder": str(folder)})
    gateway = file_drop.gateway({"erp": one}, tools)
    return Adapters(CatalogBook(database.ledger), {"file_drop": gateway})


def test_a_file_that_answers_is_told_at_the_next_look_and_no_more(
    database: Database, story: Story, tmp_path: Path
) -> None:
    now = story.incident.halt.channels[SHOP]
    adapters = dropped(database, tmp_path)
    number = story.incident.id
    order = ChannelOrder(
        f"{number}/1:9:halt:{SHOP}", number, SHOP, "halt", now.order, ["cream"], []
    )
    reply = adapters.bring(order)
    taken = ChannelOutcome(channel=SHOP, order=now.order, state=reply.state, attempts=1)
    story.did(PERFORMER, ReportOutcomes(outcomes=(taken,)))
    record(database, story)
    held = HeldGoods(database.ledger, database.bulk, "")
    looks = LookActivities(database.ledger, adapters, held)
    asked = LookRequest(number, [SHOP])
    assert not looks.look_at_channels(asked).answers
    name = file_drop.file_name(order).replace(".csv", ".answer.csv")
    (tmp_path / name).write_text("state,units,note\naccepted,12,Bay 3\n")
    (told,) = [one for one in looks.find_drift().found if one.answers]
    assert told.incident == number
    outcomes = tuple(decode(ChannelOutcome, one) for one in told.answers)
    assert looks.look_at_channels(asked).answers == told.answers
    story.did(PERFORMER, ReportLook(seen=(), answers=outcomes))
    record(database, story)
    confirmed = story.incident.halt.channels[SHOP]
    assert (confirmed.state, confirmed.units, confirmed.proof) == ("confirmed", 12, "Bay 3")
    assert not [one for one in looks.find_drift().found if one.answers], "it is known by now"


class Ill:
    """A shop in which something is broken that nobody thought of; every other is clean."""

    def bring(self, _order: ChannelOrder, _address: Address) -> ChannelReply:
        raise OverflowError("cannot convert float infinity to integer")

    def look(self, channel: str, _drill: str, _address: Address) -> Sighting:
        if channel == SHOP:
            raise OverflowError("cannot convert float infinity to integer")
        return Sighting(offers=1)

    def answers(self, channel: str, _drill: str, _address: Address) -> list[LateAnswer]:
        self.look(channel, "", _address)
        return []


def test_one_ill_shop_keeps_what_the_others_show_from_nobody(
    database: Database, story: Story, caplog: pytest.LogCaptureFixture
) -> None:
    for one in catalog.list_items(database.ledger, "channel"):
        moved = {**one.document, "adapter": "ill"}
        catalog.put_items(database.ledger, "channel", [replace(one, document=moved)])
    adapters = Adapters(CatalogBook(database.ledger), {"ill": Ill()})
    held = HeldGoods(database.ledger, database.bulk, "")
    looks = LookActivities(database.ledger, adapters, held)
    channels = sorted({channel for channel, _ in holds.channels(database.ledger)})
    assert SHOP in channels
    assert len(channels) > 1
    seen = looks.look_at_channels(LookRequest(story.incident.id, channels)).seen
    assert [one["channel"] for one in seen if one["is_seen"]] == [c for c in channels if c != SHOP]
    assert looks.find_drift().found
    assert f"channel {SHOP} (real) broke a look: OverflowError" in caplog.text
