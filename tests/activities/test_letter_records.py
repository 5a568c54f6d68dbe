"""What the outbox's own adapter says where nobody reads it, and how a letter is claimed once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from activities.letter_records import StoredLetters
from activities.local_channels import REACHES_NOBODY, OutboxGateway
from domain.envelope import ChannelReply
from integrations.channels import Address
from integrations.letters import Became
from storage import outbox
from storage.database import Database, open_database
from tests.integrations.receivers import ORDER


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """Give an empty database."""
    made = open_database(f"sqlite:///{tmp_path / 'andon.db'}")
    made.migrate()
    yield made
    made.close()


SHOP = Address(channel="there", adapter="outbox", address="orders@shop.example", name="Shop")
TAKEN = ChannelReply("accepted", proof="message in the outbox")
NOBODY = ChannelReply("failed", error=REACHES_NOBODY)


@pytest.mark.parametrize(
    ("is_demo", "drill", "reply"),
    [
        pytest.param(True, "", TAKEN, id="demo"),
        pytest.param(False, "May drill", TAKEN, id="drill"),
        pytest.param(False, "", NOBODY, id="in earnest"),
    ],
)
def test_an_order_that_leaves_nothing_does_not_look_taken(
    database: Database, is_demo: bool, drill: str, reply: ChannelReply
) -> None:
    gateway = OutboxGateway(database.ledger, database.bulk, is_demo=is_demo)
    assert gateway.bring(replace(ORDER, drill=drill), SHOP) == reply
    [kept] = outbox.list_messages(database.bulk, incident=ORDER.incident)
    assert kept.state == "shown", "whoever calls can read what to say"


def test_one_alone_of_many_sends_a_letter(database: Database) -> None:
    letters = StoredLetters(database.ledger, database.bulk)

    def claim(number: int) -> tuple[bool, str]:
        kept = letters.claim(ORDER, SHOP, f"<{number}@qinglan.example>")
        return kept.is_ours, kept.message_id

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(claim, range(8)))
    [mine] = [number for is_ours, number in found if is_ours]
    assert {number for _, number in found} == {mine}
    letters.note(ORDER.effect_key, Became.SENT, "Handed over.")
    assert letters.stands(ORDER.effect_key) == ("sent", "Handed over.")
    assert not letters.claim(ORDER, SHOP, mine).is_ours
    assert letters.stands("another") == ("", "")
