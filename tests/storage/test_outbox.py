"""The outbox keeps a message once per effect, in the bulk tables."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.errors import NotFound, TooLarge
from storage.database import Database
from storage.outbox import (
    Message,
    claim,
    claim_again,
    claim_letter,
    count_for,
    count_messages,
    erase_for,
    incidents_for,
    keep_messages,
    list_messages,
    message,
    messages_under,
    set_state,
)
from tests.storage.streams import NOON


def notice(number: int, *, incident: str = "INC-2026-0001", channel: str = "email") -> Message:
    """Make a notice to consignee `number`."""
    return Message(
        effect_key=f"{incident}/broadcast/1:4:notice:{number}",
        incident=incident,
        audience="consignee",
        channel=channel,
        recipient=f"shop{number}@example.com",
        language="zh",
        created_at=NOON + timedelta(seconds=number),
        subject="产品召回通知",
        body="请立即停止销售。",
    )


def test_a_message_is_kept_once_per_effect(database: Database) -> None:
    keep_messages(database.bulk, [notice(1), notice(2)])
    keep_messages(database.bulk, [notice(2), notice(3), notice(3)])
    assert list_messages(database.bulk) == [notice(3), notice(2), notice(1)]
    assert message(database.bulk, notice(2).id) == notice(2)


def test_messages_are_listed_by_incident_and_counted_by_channel(database: Database) -> None:
    other = notice(9, incident="INC-2026-0002")
    keep_messages(database.bulk, [notice(1), notice(2), notice(3, channel="sms"), other])
    assert list_messages(database.bulk, incident="INC-2026-0002") == [other]
    assert [each.recipient for each in list_messages(database.bulk, limit=1, offset=1)] == [
        "shop3@example.com"
    ]
    assert count_messages(database.bulk, "INC-2026-0001") == {"email": 2, "sms": 1}


def test_what_became_of_a_message_is_noted(database: Database) -> None:
    keep_messages(database.bulk, [notice(1)])
    set_state(database.bulk, notice(1).effect_key, "refused")
    assert message(database.bulk, notice(1).id).state == "refused"


def test_a_batch_that_would_hold_others_up_is_refused(database: Database) -> None:
    keep_messages(database.bulk, [notice(number) for number in range(500)])
    with pytest.raises(TooLarge):
        keep_messages(database.bulk, [notice(number) for number in range(501)])
    assert count_messages(database.bulk, "INC-2026-0001") == {"email": 500}
    keep_messages(database.bulk, [])


def test_a_message_that_is_not_there_is_not_found(database: Database) -> None:
    with pytest.raises(NotFound):
        message(database.bulk, "0" * 24)


def test_a_message_that_was_put_off_is_claimed_again_by_one_alone(database: Database) -> None:
    key = notice(1).effect_key
    assert claim(database.bulk, notice(1)) == ""
    assert not claim_again(database.bulk, key)
    set_state(database.bulk, key, "later", "451 4.7.1 Greylisted")
    assert message(database.bulk, notice(1).id).reason == "451 4.7.1 Greylisted"
    assert [claim_again(database.bulk, key) for _ in range(2)] == [True, False]


def test_messages_are_found_by_the_beginning_of_their_keys(database: Database) -> None:
    keep_messages(database.bulk, [notice(1), notice(2), notice(3, incident="INC-2026-0002")])
    found = messages_under(database.bulk, "INC-2026-0001", "INC-2026-0001/broadcast/1:")
    assert found == [notice(1), notice(2)]
    assert messages_under(database.bulk, "INC-2026-0001", "INC%") == []


def test_a_letter_keeps_its_first_words_and_is_nobodys_once_it_is_sent(database: Database) -> None:
    def claimed(
        began: str, given_up: str = "12:00", body: str = "Other words."
    ) -> tuple[bool, str]:
        one = replace(notice(1), state="sending", reason=began, body=body, message_id="<a@b>")
        is_ours, kept = claim_letter(database.bulk, one, given_up)
        return is_ours, f"{kept.body} {kept.reason}"

    assert claimed("12:01", body="Stop.") == (True, "Stop. 12:01")
    assert claimed("12:02") == (False, "Stop. 12:01"), "somebody has it in hand"
    assert claimed("12:09", given_up="12:08") == (True, "Stop. 12:09"), "who has died has it not"
    set_state(database.bulk, notice(1).effect_key, "later", "451")
    assert claimed("12:10") == (True, "Stop. 12:10")
    for over in ("sent", "bounced"):
        set_state(database.bulk, notice(1).effect_key, over, "as it is")
        assert claimed("12:20", given_up="12:19") == (False, "Stop. as it is")


@pytest.mark.parametrize("asked", ["li@example.com", " LI@EXAMPLE.COM", "Li@Example.com"])
def test_a_reader_is_found_in_every_spelling(database: Database, asked: str) -> None:
    one, two = notice(1), notice(2, incident="INC-2026-0002")
    keep_messages(database.bulk, [replace(one, recipient="Li@Example.com"),
                                  replace(two, recipient="li@example.com"),
                                  notice(3)])  # fmt: skip
    assert count_for(database.bulk, [asked]) == (2, 0)
    assert incidents_for(database.bulk, [asked]) == ["INC-2026-0001", "INC-2026-0002"]
    assert erase_for(database.bulk, [asked], NOON + timedelta(hours=1)) == 2
    assert count_for(database.bulk, [asked, ""]) == (0, 0)


def test_letters_beyond_english_are_folded_too(database: Database) -> None:
    keep_messages(database.bulk, [replace(notice(1), recipient="ÄNNE@Straße.example")])
    assert erase_for(database.bulk, ["änne@strasse.example"], NOON + timedelta(hours=1)) == 1
