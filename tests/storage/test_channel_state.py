"""What is held at channels and what halts changed there, on both databases."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy.engine import Engine

from activities.local_channels import DemoShelf
from activities.shelf_records import StoredHolds, StoredJournal
from domain.desired import Hold
from domain.envelope import ChannelOrder
from integrations.channels import Address
from integrations.shelves import ShelfGateway
from storage import channel_changes, holds
from storage.channel_changes import ChangeRow
from storage.engine import write
from storage.shop import Listing, list_listings, put_listings
from tests.storage.streams import NOON

HOLD = Hold(channel="tmall", order=1, level="H2", products=("P1",), lots=("A1",), since=NOON)
CHANGE = ChangeRow(
    number=0, effect_key="k1", channel="tmall", drill="", item="7", kind="offer", product="P1",
    lot="", units=3, begun_at=NOON, ended_at=None, outcome="", ended_by="",
    was={"status": "ACTIVE"}, became=None,
)  # fmt: skip
TMALL = Address(channel="tmall", adapter="demo_shop", address="tmall", name="Tmall")


def hold(engine: Engine, incident: str, *rows: Hold, drill: str = "") -> None:
    with write(engine) as connection:
        holds.keep(connection, incident, drill, rows)


def test_a_channel_is_held_by_all_incidents_together(engine: Engine) -> None:
    later = replace(HOLD, since=NOON + timedelta(hours=1), order=4, lots=())
    hold(engine, "INC-2026-0002", later, replace(HOLD, channel="kiosk"))
    hold(engine, "INC-2026-0001", HOLD)
    hold(engine, "EXERCISE-2026-0001", HOLD, drill="rumour")
    found = holds.at_channel(engine, "tmall")
    assert [(one.incident, one.hold) for one in found] == [
        ("INC-2026-0001", HOLD),
        ("INC-2026-0002", later),
    ]
    assert [one.incident for one in holds.at_channel(engine, "tmall", "rumour")] == [
        "EXERCISE-2026-0001"
    ]
    assert holds.channels(engine) == [("kiosk", ""), ("tmall", ""), ("tmall", "rumour")]


def test_an_incident_holds_what_it_holds_now(engine: Engine) -> None:
    hold(engine, "INC-2026-0001", HOLD, replace(HOLD, channel="kiosk"))
    hold(engine, "INC-2026-0001", HOLD)
    assert holds.of_incident(engine, "INC-2026-0001") == (HOLD,)
    hold(engine, "INC-2026-0001")
    assert holds.channels(engine) == []


def test_a_change_is_written_down_once_for_each_order_and_item(engine: Engine) -> None:
    first = channel_changes.intend(engine, CHANGE)
    again = channel_changes.intend(engine, replace(CHANGE, was={"status": "DRAFT"}))
    other = channel_changes.intend(engine, replace(CHANGE, effect_key="k2"))
    assert first == again != other
    [kept] = channel_changes.of_order(engine, "k1")
    assert kept == replace(CHANGE, number=first)


def test_what_stands_is_listed_the_latest_first_until_it_is_over(engine: Engine) -> None:
    numbers = [
        channel_changes.intend(engine, replace(CHANGE, item=str(n), effect_key=f"k{n}"))
        for n in range(3)
    ]
    channel_changes.intend(engine, replace(CHANGE, item="x", drill="rumour"))
    channel_changes.note(engine, numbers[1], {"status": "DRAFT"})
    channel_changes.end(engine, numbers[2], "restored", "r1", NOON)
    channel_changes.end(engine, numbers[2], "gone", "r2", NOON)
    standing = channel_changes.standing(engine, "tmall", "")
    assert [(row.number, row.became) for row in standing] == [
        (numbers[1], {"status": "DRAFT"}),
        (numbers[0], None),
    ]
    [over] = channel_changes.ended_by(engine, "r1")
    assert (over.outcome, over.ended_at) == ("restored", NOON)


def test_the_demo_shop_is_put_back_to_the_byte(engine: Engine) -> None:
    put_listings(
        engine,
        [
            Listing(channel="tmall", product="P1", lot="A1", on_sale=True, changed_at=NOON),
            Listing(channel="tmall", product="P1", lot="A2", on_sale=True, changed_at=NOON),
            Listing(channel="tmall", product="P1", on_sale=False, changed_at=NOON, effect_key="x"),
            Listing(channel="tmall", product="P2", on_sale=True, changed_at=NOON),
            Listing(channel="kiosk", product="P1", on_sale=True, changed_at=NOON),
        ],
    )
    before = list_listings(engine)
    shop = ShelfGateway(DemoShelf(engine), StoredJournal(engine), StoredHolds(engine))
    order = ChannelOrder("k1", "INC-2026-0001", "tmall", "halt", 1, ["P1"], ["A1"])
    hold(engine, "INC-2026-0001", HOLD)
    assert shop.bring(order, TMALL).proof == "Taken off sale: 1 offer."
    assert [each.lot for each in list_listings(engine, channel="tmall", product="P1")
            if each.on_sale] == ["A2"]  # fmt: skip
    assert shop.look("tmall", "", TMALL).is_clean
    put_listings(engine, [before[0], *before])
    assert shop.look("tmall", "", TMALL).offers == 1
    hold(engine, "INC-2026-0001")
    again = replace(order, effect_key="k2", action="resume")
    shop.bring(again, TMALL)
    assert list_listings(engine) == before
    assert shop.bring(again, TMALL) == shop.bring(again, TMALL)
