"""Letters that wait in the outbox: who takes one in hand, and what is noted of it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

from storage.database import Database
from storage.outbox import keep_messages, message
from storage.outbox_due import Due, claim_due, due_letters, give_up_old, note_due
from tests.storage.streams import NOON
from tests.storage.test_outbox import notice

MINUTE = timedelta(minutes=1)
LATER = NOON + 10 * MINUTE
WAITS = replace(notice(1), audience="team", state="later")


def due(database: Database, limit: int = 10) -> list[Due]:
    return due_letters(database.bulk, "team", since=NOON, given_up=LATER - 2 * MINUTE, limit=limit)


def test_letters_that_wait_are_listed_those_never_tried_first(database: Database) -> None:
    waiting = [replace(notice(number), audience="team", state="later") for number in range(4)]
    others = [
        replace(notice(number), audience="team", state=state)
        for number, state in enumerate(("shown", "sent", "failed", "bounced", "no_address"), 10)
    ]
    old = replace(waiting[0], effect_key="old", created_at=NOON - MINUTE)
    channel = replace(notice(20), audience="channel", state="later")
    keep_messages(database.bulk, [*waiting, *others, old, channel])
    first, second = due(database)[:2]
    for one, at in ((second, NOON), (first, NOON + MINUTE)):
        assert claim_due(database.bulk, one, at, NOON)
        note_due(database.bulk, one.message.effect_key, at, "later", "451 Later")
    order = [one.message.effect_key for one in due(database)]
    assert order == [waiting[number].effect_key for number in (2, 3, 1, 0)]
    assert [one.tried_at for one in due(database)] == [None, None, NOON, NOON + MINUTE]
    assert len(due(database, limit=3)) == 3


def test_one_alone_of_many_takes_a_letter_in_hand(database: Database) -> None:
    keep_messages(database.bulk, [WAITS])
    [listed] = due(database)

    def take(number: int) -> bool:
        return claim_due(database.bulk, listed, LATER + number * MINUTE / 60, NOON)

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(take, range(8))) == 1
    assert message(database.bulk, WAITS.id).state == "sending"


def test_whoever_listed_a_letter_before_it_was_tried_does_not_take_it(database: Database) -> None:
    keep_messages(database.bulk, [WAITS])
    [listed] = due(database)
    assert claim_due(database.bulk, listed, LATER, NOON)
    note_due(database.bulk, WAITS.effect_key, LATER, "unsure", "It broke.")
    assert not claim_due(database.bulk, listed, LATER, NOON)
    note_due(database.bulk, WAITS.effect_key, LATER, "later", "It was no longer in hand.")
    found = message(database.bulk, WAITS.id)
    assert (found.state, found.reason) == ("unsure", "It broke.")


def test_what_was_left_behind_is_taken_up_and_its_first_hand_says_no_more(
    database: Database,
) -> None:
    keep_messages(database.bulk, [WAITS])
    [listed] = due(database)
    assert claim_due(database.bulk, listed, LATER - MINUTE, NOON)
    assert due(database) == [], "it is in somebody's hand"
    [left] = due_letters(database.bulk, "team", since=NOON, given_up=LATER, limit=1)
    assert left.message.state == "sending"
    assert claim_due(database.bulk, left, LATER, LATER)
    note_due(database.bulk, WAITS.effect_key, LATER - MINUTE, "later", "Too late.")
    assert message(database.bulk, WAITS.id).state == "sending"
    note_due(database.bulk, WAITS.effect_key, LATER, "sent", "250 OK")
    assert message(database.bulk, WAITS.id).state == "sent"


def test_what_waits_too_long_is_given_up_and_says_what_it_came_to(database: Database) -> None:
    states = ("later", "sending", "unsure", "shown", "sent")
    ends = ("failed", "unsure", "unsure", "shown", "sent")
    old = [
        replace(WAITS, effect_key=state, state=state, created_at=NOON - MINUTE)
        for state in states
        if state != "sending"
    ]
    young = replace(WAITS, effect_key="young")
    ancient = replace(WAITS, effect_key="ancient", created_at=NOON - 90 * MINUTE)
    hand = replace(WAITS, effect_key="sending", created_at=NOON - MINUTE)
    keep_messages(database.bulk, [*old, young, ancient, hand])
    assert claim_due(database.bulk, Due(hand, None), NOON, NOON)
    give_up_old(
        database.bulk, "team", before=NOON, not_before=NOON - 60 * MINUTE, given_up=NOON + MINUTE
    )
    by_key = {one.effect_key: one.id for one in (*old, young, ancient, hand)}
    found = {key: message(database.bulk, id_).state for key, id_ in by_key.items()}
    assert found == {**dict(zip(states, ends, strict=True)), "young": "later", "ancient": "later"}
