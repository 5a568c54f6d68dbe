"""Held goods on sale where no order is left: told once for each finding, on the record, and over."""

from collections.abc import Callable
from typing import Any, cast

import pytest

from activities.held_goods import TOLD, HeldGoods
from activities.looks import LookActivities
from domain.halt import OrderHalt
from domain.people import Role
from domain.recall_end import CompleteRecall
from domain.resumed_channels import ConfirmResumed
from domain.resuming import ResumeSale
from domain.review import CloseIncident
from domain.rules import rules_text
from domain.severity import HaltLevel
from domain.values import ChannelId
from integrations.channels import Adapters, Sighting
from storage import company, held_goods, incidents, outbox, people
from storage import rules as rule_store
from storage.database import Database
from tests.activities.test_order_filling import database, record
from tests.domain.recalls import COMMANDER, LEGAL, QSR, REGULATORY, words
from tests.domain.story import CRITICAL, MILD, Story, rules
from tests.domain.test_recall_carried_out import worked_off

__all__ = ["database"]

SHOP = ChannelId("ch-own_shop")


def sealed() -> Story:
    """Tell an incident that closed while its halt stood."""
    story = Story()
    story.accepted(MILD)
    story.did(COMMANDER, OrderHalt(level=HaltLevel.H2, reason=words("To be sure.")))
    story.did(COMMANDER, CloseIncident(summary=words("Over."), reason_for_open_items=words("So.")))
    story.signed(QSR, LEGAL)
    assert story.incident.review.closed_at
    return story


def resumed() -> Story:
    """Tell one that is open, whose recalled lots alone are held: all others are sold again."""
    story = worked_off()
    story.keeps_evidence()
    story.did(COMMANDER, CompleteRecall(market="CN"))
    story.signed(REGULATORY)
    story.did(COMMANDER, ResumeSale(basis=words("All tests passed.")))
    story.signed(QSR)
    story.did(COMMANDER, ConfirmResumed(channel=SHOP, proof=words("I was there.")))
    return story


def halted() -> Story:
    """Tell one whose orders stand: it hears of what sells after all itself."""
    story = Story()
    story.accepted(CRITICAL)
    return story


class Seeing:
    """The shop as it looks; no other channel can be looked at."""

    def __init__(self) -> None:
        self.now: Sighting | None = Sighting(offers=2, units=9, unshipped=1, items=[])

    def look(self, channel: str, _drill: str) -> Sighting | None:
        return self.now if channel == SHOP else None

    def answers(self, *_place: str) -> tuple[()]:
        return ()


@pytest.fixture
def rounds(database: Database) -> Callable[[Story, Seeing], Callable[[], int]]:
    """Record a story, and give the round over it: each call counts the letters so far."""
    for role in (*TOLD, Role.SERVICE_AGENT):
        named = str(role)
        one = people.Person(id=named, name_zh=named, name_en=named, roles=(role,), language="en")
        people.save_person(database.ledger, one)

    def of(story: Story, seeing: Seeing) -> Callable[[], int]:
        engine = database.ledger
        kept = rule_store.keep_rules(engine, "incident", rules_text(rules()).encode(), story.now)
        reserved = incidents.Reservation(
            command_id="one", digest="d", created_at=story.now, reported_by="li", title="Cream",
            rules_hash=kept,
        )  # fmt: skip
        number = incidents.reserve_number(engine, 2026, reserved).id
        assert number == story.incident.id
        record(database, story)
        held = HeldGoods(engine, database.bulk, "https://a.example")
        looks = LookActivities(engine, cast("Adapters", seeing), held)

        def one_round() -> int:
            looks.find_drift()
            told = outbox.list_messages(database.bulk, incident=number)
            return len([one for one in told if "Held goods" in one.subject])

        return one_round

    return of


Rounds = Callable[[Story, Seeing], Callable[[], int]]


@pytest.mark.parametrize("story", [sealed, resumed])
def test_held_goods_on_sale_ring_once_for_each_finding_and_stand_on_the_record(
    database: Database, rounds: Rounds, story: Callable[[], Story]
) -> None:
    seeing, told = Seeing(), story()
    one_round = rounds(told, seeing)
    assert [one_round(), one_round()] == [len(TOLD)] * 2, "the same sight again is no news"
    [line] = held_goods.on_sale(database.ledger, told.incident.id)
    assert (line.body["channel"], line.body["offers"], line.body["unshipped"]) == (SHOP, 2, 1)
    seeing.now = Sighting(offers=3, units=12, unshipped=1, items=[])
    assert one_round() == 2 * len(TOLD), "another sight is"
    seeing.now = None
    one_round()
    assert held_goods.on_sale(database.ledger, told.incident.id), "who saw nothing knows nothing"
    seeing.now = Sighting(offers=0, units=None, unshipped=0, items=[])
    assert [one_round(), one_round()] == [2 * len(TOLD)] * 2
    assert not held_goods.on_sale(database.ledger, told.incident.id)
    seeing.now = Sighting(offers=3, units=12, unshipped=1, items=[])
    assert one_round() == 3 * len(TOLD), "it is back"
    kinds: list[Any] = [line.type for line in company.read_log(database.ledger)]
    assert kinds == [held_goods.SEEN, held_goods.SEEN, held_goods.GONE, held_goods.SEEN]
    letter = outbox.list_messages(database.bulk, incident=told.incident.id)[0]
    assert f"https://a.example/incidents/{told.incident.id}" in letter.body


def test_what_an_incident_hears_itself_is_not_told_beside_it(
    database: Database, rounds: Rounds
) -> None:
    one_round = rounds(halted(), Seeing())
    assert one_round() == 0
    assert not company.read_log(database.ledger)
