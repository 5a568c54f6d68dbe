"""What one record gives to tell goes out in one call: all of it, once, whatever is wrong with one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from activities.messages import MessageActivities
from domain.dispatch import Effect
from domain.envelope import Told, Wire
from storage import outbox, people
from storage.database import Database, open_database
from workflows.effects import TOLD_AT_ONCE, together

READERS = 12
INCIDENT = "INC-2026-0001"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """Give a company where a dozen people hold the same role."""
    database = open_database(f"sqlite:///{tmp_path / 'andon.db'}")
    database.migrate()
    for number in range(READERS):
        one = people.Person(
            id=f"quality.{number}", name_zh="质", name_en="Q", roles=("quality",), language="en"
        )
        people.save_person(database.ledger, one)
    yield database
    database.close()


def told(number: int, body: Wire | None = None) -> Told:
    """Give a message to everybody of quality."""
    body = {"kind": "no_such_kind", "roles": ["quality"]} if body is None else body
    return Told(f"{INCIDENT}/1:{number}:tell:x", INCIDENT, "", body)


def kept(database: Database) -> list[str]:
    """Give the keys of the letters in the outbox, without their readers."""
    letters = outbox.list_messages(database.bulk, incident=INCIDENT, limit=10_000)
    return sorted(letter.effect_key.rpartition(":")[0] for letter in letters)


def test_more_letters_than_one_transaction_takes_are_all_kept_once(database: Database) -> None:
    activities = MessageActivities(database.ledger, database.bulk, "http://console.test")
    messages = [told(number) for number in range(TOLD_AT_ONCE)]
    assert READERS * len(messages) > outbox.LARGEST_BATCH
    assert activities.tell(messages) == READERS * len(messages)
    activities.tell(messages)
    assert kept(database) == sorted(each.effect_key for each in messages for _ in range(READERS))


def test_a_message_that_cannot_be_written_keeps_no_other_back(database: Database) -> None:
    activities = MessageActivities(database.ledger, database.bulk, "http://console.test")
    broken = told(2, {"roles": ["quality"]})
    with pytest.raises(KeyError, match="kind"):
        activities.tell([told(1), broken, told(3)])
    assert set(kept(database)) == {told(1).effect_key, told(3).effect_key}


def effect(name: str, number: int) -> Effect:
    """Give an effect of an entry."""
    return Effect(name=name, target=str(number), seq=1, body={})


@pytest.mark.parametrize(
    ("caused", "sizes"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param(["tell"], [1], id="one message"),
        pytest.param(["tell", "halt", "tell"], [1, 2], id="what is told goes together, last"),
        pytest.param(["halt", "publish"], [1, 1], id="all else by itself"),
        pytest.param(["tell"] * (TOLD_AT_ONCE + 1), [TOLD_AT_ONCE, 1], id="no payload too large"),
    ],
)
def test_what_one_record_tells_goes_in_one_call(caused: list[str], sizes: list[int]) -> None:
    effects = [effect(name, number) for number, name in enumerate(caused)]
    calls = list(together(effects))
    assert [len(call) for call in calls] == sizes
    assert sorted(each.target for call in calls for each in call) == sorted(
        each.target for each in effects
    )
