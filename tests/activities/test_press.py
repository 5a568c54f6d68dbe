"""The publisher brings out approved bytes and nothing else."""

import json
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from temporalio.exceptions import ApplicationError

from activities.press import HANDED_OVER, PressActivities, approved_text, notice_path
from domain.envelope import Publication
from domain.errors import NotFound
from domain.people import PERFORMER
from domain.statement_text import DRILL_LINE
from integrations.outlets import read_outlets
from storage import outbox, publications
from storage.database import Database
from storage.engine import write
from storage.ledger import record
from storage.schema import publications as publications_table
from storage.streams import entry_row
from tests.database import database, postgres
from tests.domain.story import Story
from tests.domain.texts import (
    AUTHOR,
    PR_LEAD,
    approved,
    draft,
    handed_in,
    now,
    placed,
    publish,
    revised,
    text,
)
from tests.integrations.test_outlets import newsroom
from tests.storage.streams import fold, new_incident

__all__ = ["database", "postgres"]

# ---------------------------------------------------------------- the publisher


@pytest.fixture
def story() -> Story:
    """A serious incident with an approved statement S1 in Chinese and English."""
    told = Story()
    told.accepted()
    handed_in(told, draft("holding", text(), text("en"), markets=("CN", "US")))
    approved(told)
    return told


def recorded(database: Database, story: Story) -> PressActivities:
    """Put the story's entries into the ledger."""
    number = new_incident(database.ledger)
    assert number == story.incident.id
    rows = [entry_row(leaf) for leaf in story.leaves]
    record(database.ledger, number, 1, rows, [], fold)
    return PressActivities(database.ledger, database.bulk)


def order(story: Story, place: str = "site", **changes: Any) -> Publication:
    statement = now(story)
    publication = Publication(
        effect_key=f"k:{place}",
        incident=story.incident.id,
        statement="S1",
        version=statement.version,
        sha256=statement.sha256,
        place=place,
        entry=statement.entry,
    )
    return replace(publication, **changes)


def test_the_approved_bytes_stand_at_the_site_and_are_read_back(
    database: Database, story: Story
) -> None:
    press = recorded(database, story)
    press.publish_statement(order(story))
    back = press.read_back_statement(order(story))
    assert back.read_back == now(story).sha256
    assert back.link == notice_path(story.incident.id, "S1") == "/recalls/INC-2026-0001-S1"
    (stands,) = publications.list_texts(database.ledger)
    document = json.loads(stands.content)
    assert [each["language"] for each in document["texts"]] == ["zh-CN", "en"]
    assert "facts" not in document  # their hash only: not every fact is for the public


def test_what_the_publisher_reads_back_makes_it_published(database: Database, story: Story) -> None:
    press = recorded(database, story)
    story.did(PR_LEAD, publish(now(story), "site"))
    press.publish_statement(order(story))
    back = press.read_back_statement(order(story))
    story.did(PERFORMER, placed(now(story), "site", read_back=back.read_back))
    assert now(story).status == "published"


def test_publishing_again_changes_nothing(database: Database, story: Story) -> None:
    press = recorded(database, story)
    first = press.publish_statement(order(story))
    assert press.publish_statement(order(story, effect_key="another")) == first
    assert len(publications.list_texts(database.ledger)) == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"sha256": "0" * 64}, "bytes_differ"),
        ({"version": 2}, "not_found"),
        ({"statement": "S2"}, "not_found"),
        ({"entry": 1}, "not_found"),
        ({"entry": 9999}, "not_found"),
    ],
    ids=["hash", "version", "statement", "entry", "no entry"],
)
@pytest.mark.parametrize("place", ["site", "press"])
def test_anything_but_the_approved_bytes_is_refused_for_good(
    database: Database, story: Story, changes: dict[str, Any], code: str, place: str
) -> None:
    press = recorded(database, story)
    with pytest.raises(ApplicationError) as refusal:
        press.publish_statement(order(story, place, **changes))
    assert (refusal.value.type, refusal.value.non_retryable) == (code, True)
    assert publications.list_texts(database.ledger) == []
    assert outbox.list_messages(database.bulk) == []


def test_another_version_cannot_borrow_the_approval_of_this_one(
    database: Database, story: Story
) -> None:
    before = order(story)
    story.did(AUTHOR, revised(now(story), text(body="改过的文本。")))
    recorded(database, story)
    assert approved_text(database.ledger, before).version == 1
    with pytest.raises(NotFound):
        approved_text(database.ledger, replace(before, entry=now(story).entry))


def test_what_somebody_did_to_the_page_is_read_back(database: Database, story: Story) -> None:
    press = recorded(database, story)
    press.publish_statement(order(story))
    with write(database.ledger) as connection:
        connection.execute(sa.update(publications_table).values(content=b"{}"))
    assert press.read_back_statement(order(story)).read_back != now(story).sha256


def test_a_page_that_is_not_there_is_said_so(database: Database, story: Story) -> None:
    press = recorded(database, story)
    with pytest.raises(ApplicationError) as refusal:
        press.read_back_statement(order(story))
    assert refusal.value.type == "not_found"


@pytest.mark.parametrize("drill", ["", "exercise"])
def test_other_places_get_the_exact_words_laid_ready_for_people(
    database: Database, story: Story, drill: str
) -> None:
    press = recorded(database, story)
    stands = press.publish_statement(order(story, "press", drill=drill))
    press.publish_statement(order(story, "press", drill=drill))
    assert (stands.link, stands.read_back) == ("", "")
    messages = {each.language: each for each in outbox.list_messages(database.bulk)}
    assert set(messages) == {"zh-CN", "en"}
    for each in now(story).texts:
        message = messages[each.language]
        assert (message.audience, message.channel) == (HANDED_OVER, "press")
        mark = f"{DRILL_LINE}\n" if drill else ""
        assert message.body == f"{mark}{each.body}"
        assert message.subject.endswith(each.title)
        assert message.subject.startswith(DRILL_LINE) is bool(drill)


def test_a_drills_text_is_never_on_the_public_list(database: Database, story: Story) -> None:
    press = recorded(database, story)
    press.publish_statement(order(story, drill="exercise"))
    assert publications.list_texts(database.ledger) == []


# ---------------------------------------------------------------- outlets


def with_newsroom(database: Database, story: Story, port: int) -> PressActivities:
    """The publisher over a story, with a newsroom that takes English press texts."""
    recorded(database, story)
    row = {
        "id": "room", "name": "The newsroom", "place": "press", "languages": ["en"],
        "url": f"json://127.0.0.1:{port}/in",
    }  # fmt: skip
    return PressActivities(database.ledger, database.bulk, read_outlets({"outlets": [row]}))


def test_an_outlet_gets_the_approved_words_of_its_language_once(
    database: Database, story: Story
) -> None:
    with newsroom() as (took, port):
        press = with_newsroom(database, story, port)
        first = press.publish_statement(order(story, "press"))
        again = press.publish_statement(order(story, "press"))
    assert first.sent_to == again.sent_to == ["The newsroom"]
    english = now(story).texts[1]
    assert [(each["title"], each["message"]) for each in took] == [(english.title, english.body)]
    states = {m.recipient: m.state for m in outbox.list_messages(database.bulk)}
    assert states == {"press": "shown", "The newsroom": "sent"}


def test_a_second_order_for_the_same_version_is_no_second_letter(
    database: Database, story: Story
) -> None:
    with newsroom() as (took, port):
        press = with_newsroom(database, story, port)
        press.publish_statement(order(story, "press"))
        again = press.publish_statement(order(story, "press", effect_key="another order"))
    assert (len(took), again.sent_to) == (1, ["The newsroom"])


def test_a_drill_never_leaves_the_house(database: Database, story: Story) -> None:
    with newsroom() as (took, port):
        press = with_newsroom(database, story, port)
        stands = press.publish_statement(order(story, "press", drill="DRILL-2026-0001"))
    assert (took, stands.sent_to, stands.not_sent_to) == ([], [], [])


def test_an_outlet_that_refuses_is_named_and_not_tried_again(
    database: Database, story: Story
) -> None:
    with newsroom(503) as (took, port):
        press = with_newsroom(database, story, port)
        first = press.publish_statement(order(story, "press"))
        again = press.publish_statement(order(story, "press"))
    assert first.not_sent_to == again.not_sent_to == ["The newsroom"]
    assert len(took) == 1
    assert "failed" in {m.state for m in outbox.list_messages(database.bulk)}


def test_a_text_that_was_being_sent_when_the_power_went_is_in_doubt_and_not_sent_again(
    database: Database, story: Story
) -> None:
    with newsroom() as (took, port):
        press = with_newsroom(database, story, port)
        press.publish_statement(order(story, "press"))
        key = next(m.effect_key for m in outbox.list_messages(database.bulk) if m.state == "sent")
        outbox.set_state(database.bulk, key, "sending")  # as the claim stood before the answer
        stands = press.publish_statement(order(story, "press"))
    assert (len(took), stands.not_sent_to) == (1, ["The newsroom"])
    assert "unsure" in {m.state for m in outbox.list_messages(database.bulk)}
