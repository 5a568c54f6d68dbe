"""Letters name beside each product the lots that are its own, by the company's list."""

import re
from typing import Any

import pytest

from activities.derived import Desk
from activities.order_filling import OrderFilling
from activities.order_letters import AGAIN, OrderLetters
from domain.envelope import ChannelOrder
from domain.halt import OrderHalt
from domain.people import Role
from domain.resuming import ResumeSale
from domain.severity import HaltLevel
from domain.values import LotNumber, ProductId, PublicText
from integrations.channels import Address
from storage import catalog
from storage.database import Database
from tests.activities.test_order_filling import database, record, story
from tests.activities.test_order_filling import told as told_by_mail
from tests.domain.story import Story, person

__all__ = ["database", "story"]

LOTS = ("C1", "C2", "S9")
CREAM, SOAP = ProductId("cream"), ProductId("soap")
BASIS = PublicText("The soap is of another bulk.")


@pytest.fixture
def listed(database: Database) -> Database:
    """Give a company that knows which lot is of which product."""
    catalog.put_items(database.ledger, "product", [catalog.Item(id="soap", name_en="Soap B")])
    of = {"C1": "cream", "C2": "cream", "S9": "soap"}
    catalog.put_lots(
        database.ledger,
        [catalog.Lot(id=one, product=product, number=one) for one, product in of.items()],
    )
    return database


@pytest.fixture
def halted(listed: Database, story: Story) -> Story:
    """Give an incident that stops both products, all their lots."""
    lots = tuple(map(LotNumber, LOTS))
    commander = person(Role.INCIDENT_COMMANDER)
    reason = PublicText("All of it.")
    story.did(
        commander,
        OrderHalt(level=HaltLevel.H2, products=(CREAM, SOAP), lots=lots, reason=reason),
    )
    story.keeps_evidence()
    record(listed, story)
    return story


def freed(database: Database, story: Story, **named: Any) -> None:
    """Let two people free what is named."""
    story.later(minutes=1)
    commander = person(Role.INCIDENT_COMMANDER)
    story.did(commander, ResumeSale(basis=BASIS, levels=(HaltLevel.H2,), **named))
    story.signed(person(Role.QUALITY_SAFETY_RESPONSIBLE))
    record(database, story)


def said(database: Database, story: Story, action: str, number: int, goods: tuple[Any, Any]) -> str:
    """Give the goods as the letter of an order names them."""
    products, lots = map(list, goods)
    shop, of = "ch-own_shop", story.incident.id
    order = ChannelOrder("k", of, shop, action, number, products, lots, level="H2")
    return OrderFilling(Desk(database.ledger), lambda *_: "").together()(order).goods


def test_an_order_to_stop_names_each_lot_beside_its_product(
    listed: Database, halted: Story
) -> None:
    order = halted.incident.halt.orders[-1]
    told = said(listed, halted, "halt", order.number, (order.products, order.lots))
    assert told == "甲霜（批号 C1、C2）；Soap B（批号 S9）"


@pytest.mark.parametrize(
    "named",
    [{"products": (SOAP,)}, {"lots": (LotNumber("S9"),)}],
    ids=["by its product", "by its lot"],
)
def test_what_was_freed_and_what_stays_name_no_lot_of_the_other(
    listed: Database, halted: Story, named: Any
) -> None:
    freed(listed, halted, **named)
    [left] = [one for one in halted.incident.halt.orders if one.part_of and not one.lifted_at]
    told = said(listed, halted, "halt", left.number, (left.products, left.lots))
    assert told == "甲霜（批号 C1、C2）"
    ended = (named.get("products", (CREAM, SOAP)), named.get("lots", LOTS))
    assert said(listed, halted, "resume", 0, ended) == "Soap B（批号 S9）"


def test_a_lot_that_nobody_knows_and_a_product_without_lots_are_never_left_out(
    listed: Database, story: Story
) -> None:
    told = said(listed, story, "halt", 1, ((CREAM, SOAP), ("C1", "X7")))
    assert told == "甲霜（批号 C1、X7）；Soap B（批号 X7）"
    told = said(listed, story, "halt", 1, ((CREAM, SOAP), ("C1",)))
    assert told == "甲霜、Soap B（批号 C1）"


def test_the_wording_for_trade_names_each_lot_beside_its_product(
    listed: Database, story: Story
) -> None:
    shop = "ch-distributor"
    letter = told_by_mail(listed, story, shop, products=[CREAM, SOAP], lots=list(LOTS))
    assert "批号：甲霜（批号 C1、C2）、Soap B（批号 S9）" in letter.body
    assert "C2、S9" not in letter.body


@pytest.mark.parametrize("kind", sorted(set(AGAIN) - {"salon"}))
def test_a_letter_to_resume_speaks_of_sale_to_nobody_who_does_not_sell(
    listed: Database, kind: str
) -> None:
    for language in ("en", "zh"):
        address = Address(
            channel="there", adapter="outbox", address="there", name="There", language=language,
            kind=kind,
        )  # fmt: skip
        order = ChannelOrder("k", "INC-1", "there", "resume", 0, ["cream"], ["C1"], held=["C2"])
        letter = OrderLetters(listed.ledger).write(order, address)
        told = f"{letter.subject} {letter.body}".lower()
        assert not re.search(r"\bs[ae]l[el]\b|售", told), told
