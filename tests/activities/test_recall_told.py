"""A recall that is decided after the order reaches whoever keeps books of the goods, by itself."""

from collections.abc import Iterator

import pytest
from temporalio.exceptions import ApplicationError

from activities.channels import ChannelActivities
from activities.derived import Desk
from activities.local_channels import CatalogBook, OutboxGateway
from activities.order_filling import OrderFilling
from activities.shelf_records import StoredHolds, StoredJournal
from domain.envelope import RecallTold
from domain.incident import effects
from domain.ledger import read_entry
from domain.people import Role
from domain.recall import RecallDecided
from domain.recall_scope import NarrowScope, ScopeSet, SetScope
from integrations.adapter_epcis import EpcisGateway
from integrations.channels import Adapters, ChannelGateway
from integrations.connections import Article, Connection, Tools
from integrations.outgoing import Bounds
from storage import catalog, outbox
from storage.database import Database
from tests.activities.test_order_filling import database, record, story
from tests.domain.recalls import BOSS, COMMANDER, FILE, L1, QSR, evaluation, lot, recall, scope
from tests.domain.story import Story, person
from tests.integrations.capture_server import Repository, repository

__all__ = ["database", "story"]

BOOKS, GTIN = "ch-warehouse", "06901234567892"


@pytest.fixture
def there() -> Iterator[Repository]:
    """Run a repository."""
    with repository() as running:
        running.running = 0
        yield running


def orders(database: Database, there: Repository) -> ChannelActivities:
    """Connect the warehouse's books to it; every other channel is written to."""
    listed = catalog.item(database.ledger, "channel", BOOKS)
    books = catalog.Item(
        id=BOOKS, kind=listed.kind, market=listed.market, name_en="The books",
        document={"adapter": "epcis", "address": "trace"},
    )  # fmt: skip
    catalog.put_items(database.ledger, "channel", [books])
    article = Article(product="cream", numbers=("cream", GTIN), name="Cream")
    tools = Tools(
        journal=StoredJournal(database.ledger), desired=StoredHolds(database.ledger),
        articles=lambda ids: dict.fromkeys(ids, article), bounds=Bounds(inside_allowed=True),
    )  # fmt: skip
    one = Connection(id="trace", adapter="epcis", values={"url": there.url, "token": there.token})
    gateways: dict[str, ChannelGateway] = {
        "epcis": EpcisGateway({"trace": one}, tools),
        "outbox": OutboxGateway(database.ledger, database.bulk),
    }
    adapters = Adapters(CatalogBook(database.ledger), gateways)
    return ChannelActivities(adapters, OrderFilling(Desk(database.ledger)).together)


def told(story: Story, by: type) -> RecallTold:
    """Give what the newest entry of a kind tells."""
    entry = [one for one in map(read_entry, story.leaves) if isinstance(one.event, by)][-1]
    [effect] = [
        one
        for one in effects(story.incident, entry.event, entry.mark())
        if one.name == "tell_recalled"
    ]
    key = f"{story.incident.id}/1:{effect.seq}:tell_recalled:channels"
    return RecallTold(story.incident.id, key, "", effect.body["orders"])


def state(there: Repository, name: str) -> tuple[str, list[str]]:
    """Give a lot's disposition, and which stay of it, as a repository reads its events."""
    now, stay = "", set[str]()
    for event in there.events.values():
        classes = [one["epcClass"] for one in event["quantityList"]]
        if f"https://id.gs1.org/01/{GTIN}/10/{name}" in classes:
            now = event["disposition"]
            persistent = event["persistentDisposition"]
            stay = (stay - set(persistent.get("unset", ()))) | set(persistent.get("set", ()))
    return now, sorted(stay)


def test_what_is_recalled_later_is_told_and_what_left_the_scope_is_held_again(
    database: Database, story: Story, there: Repository
) -> None:
    activities = orders(database, there)
    story.did(person(Role.QUALITY), SetScope(**scope(lots=(L1, lot("L2")))))
    story.did(person(Role.SAFETY_ASSESSOR), evaluation())
    story.did(COMMANDER, recall())
    story.signed(QSR, BOSS)
    record(database, story)
    activities.tell_recalled(told(story, RecallDecided))
    assert state(there, "L1") == state(there, "L2") == ("recalled", ["recalled"])
    documents = len(there.documents)
    activities.tell_recalled(told(story, RecallDecided))
    assert len(there.documents) == documents, "told again, it counts once"

    story.did(COMMANDER, NarrowScope(**scope(evidence=(FILE,))))
    story.signed(QSR)
    record(database, story)
    activities.tell_recalled(told(story, ScopeSet))
    assert state(there, "L1") == ("recalled", ["recalled"])
    assert state(there, "L2") == ("non_sellable_other", ["non_sellable_other"])
    assert not outbox.list_messages(database.bulk, incident=story.incident.id), (
        "nobody who was asked to stop is asked again"
    )


def recalled(database: Database, story: Story) -> RecallTold:
    """Decide a recall, and give what is told of it."""
    story.did(person(Role.QUALITY), SetScope(**scope()))
    story.did(person(Role.SAFETY_ASSESSOR), evaluation())
    story.did(COMMANDER, recall())
    story.signed(QSR, BOSS)
    record(database, story)
    return told(story, RecallDecided)


def test_books_that_are_away_are_tried_again(
    database: Database, story: Story, there: Repository
) -> None:
    activities = orders(database, there)
    recalled(database, story)
    there.trouble = [503] * 9
    with pytest.raises(ApplicationError, match="not_confirmed: The EPCIS system") as error:
        activities.tell_recalled(told(story, RecallDecided))
    assert not error.value.non_retryable
    there.trouble = []
    activities.tell_recalled(told(story, RecallDecided))
    assert state(there, "L1") == ("recalled", ["recalled"])


def test_books_whose_connection_is_missing_are_tried_again(
    database: Database, story: Story, there: Repository
) -> None:
    orders(database, there)
    outbox_alone = {"outbox": OutboxGateway(database.ledger, database.bulk)}
    adapters = Adapters(CatalogBook(database.ledger), outbox_alone)
    without = ChannelActivities(adapters, OrderFilling(Desk(database.ledger)).together)
    with pytest.raises(ApplicationError, match="names adapter 'epcis', which is not") as error:
        without.tell_recalled(recalled(database, story))
    assert not error.value.non_retryable


def test_books_that_refuse_are_tried_again_and_take_it_once_mended(
    database: Database, story: Story, there: Repository
) -> None:
    activities = orders(database, there)
    there.fails = True
    what = recalled(database, story)
    for _ in range(2):
        with pytest.raises(ApplicationError, match=r"It was refused\. .*: No such lot") as error:
            activities.tell_recalled(what)
        assert not error.value.non_retryable
    there.fails = False
    activities.tell_recalled(what)
    assert state(there, "L1") == ("recalled", ["recalled"])
    captured = len(there.documents)
    activities.tell_recalled(what)
    assert len(there.documents) == captured, "and it counts once"


def test_a_channel_that_is_gone_is_told_nothing_any_more(
    database: Database, story: Story, there: Repository, caplog: pytest.LogCaptureFixture
) -> None:
    activities = orders(database, there)
    what = recalled(database, story)
    what.orders = [{**what.orders[0], "channels": ["ch-gone"]}]
    activities.tell_recalled(what)
    assert "channel ch-gone is gone" in caplog.text
    assert not there.documents
