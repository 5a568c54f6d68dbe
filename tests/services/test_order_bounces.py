"""A report that the letter of an order did not arrive, read from our mailbox."""

import asyncio
from pathlib import Path

import pytest

from activities.letter_records import StoredLetters, letter_row
from domain.errors import BrokenSetup
from integrations.bounces import Marks
from integrations.channels import Address
from integrations.letters import OrderLetter
from services.bouncing import Mail, record_bounces, senders_of
from services.house import House
from services.settings import Settings
from storage import outbox
from storage.outbox import Message
from tests.integrations.receivers import NOON, ORDER, ORDERS
from tests.integrations.reports import report

SENDERS = ("press@qinglan.example", "recall@qinglan.example")
LETTER = OrderLetter(subject="Stop sale now", body="Please stop.")


def test_an_order_that_came_back_is_noted_once_and_only_by_its_mark(house: House) -> None:
    address = Address(channel="there", adapter="email", address=ORDERS, name="Shop")
    outbox.keep_messages(house.bulk, [letter_row(ORDER, address, LETTER, NOON)])
    letters = StoredLetters(house.engine, house.bulk)
    mark = Marks(house.ring).mark(ORDER.effect_key)
    failed = Mail("a", report(f"recall+{mark}@qinglan.example"))
    forged = Mail(
        "b", report(f"recall+{mark[:-1]}{'a' if mark[-1] != 'a' else 'b'}@qinglan.example")
    )
    found = asyncio.run(record_bounces(house, SENDERS, [forged]))
    assert (len(found.refused), letters.stands(ORDER.effect_key)[0]) == (1, "shown")
    found = asyncio.run(record_bounces(house, SENDERS, [failed, failed]))
    assert found.recorded == found.known == [f"{ORDER.incident} order: {ORDERS}"]
    assert letters.stands(ORDER.effect_key)[0] == "bounced"


def test_a_letter_to_the_team_that_came_back_is_noted_once(house: House) -> None:
    row = Message(
        effect_key="k", incident=ORDER.incident, audience="team", channel="email",
        recipient="su.ran@qinglan.example", language="en", created_at=NOON, subject="S", body="B",
        state="sent",
    )  # fmt: skip
    outbox.keep_messages(house.bulk, [row])
    failed = Mail("a", report(f"recall+{Marks(house.ring).mark('k')}@qinglan.example"))
    found = asyncio.run(record_bounces(house, SENDERS, [failed, failed]))
    told = [f"{ORDER.incident} letter to the team: {row.recipient}"]
    assert (found.recorded, found.known) == (told, told)
    noted = outbox.message(house.bulk, row.id)
    assert (noted.state, noted.reason[:5]) == ("bounced", "5.1.1")


def test_reports_come_to_every_address_that_we_write_from(tmp_path: Path) -> None:
    file = tmp_path / "channels.toml"
    row = '[[connections]]\nid = "{0}"\nadapter = "email"\nhost = "mail.example"\nname = "Q"\n'
    file.write_text("".join(f'{row.format(one)}from = "recall@{one}.example"\n' for one in "ab"))
    settings = Settings(home=tmp_path, channels=file)
    assert senders_of(settings) == ("recall@a.example", "recall@b.example")
    with pytest.raises(BrokenSetup, match="No mail goes out from here"):
        senders_of(Settings(home=tmp_path))
