"""What became of a channel between two moments, told in sentences from a recorded story."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from api.pages.difference_words import difference_told
from api.pages.lens import Drawn, Lens, lens_for
from domain.ledger import read_entry
from domain.state import Incident
from integrations.key_ring import KeyRing
from services.house import House
from services.moments import between
from services.settings import Settings
from storage.database import Database
from tests.database import embedded  # noqa: F401 - the fixture of this file
from tests.services.recorded_ledgers import STORIES, Recording, incidents_of
from tests.services.test_moments import AUDITOR

STORY = "drift"
ANEW = "jj-sunscreen-2021"
"""A story in which a channel that was found on sale takes its order anew."""


@pytest.fixture
def house(embedded: Database, tmp_path: Path) -> House:  # noqa: F811 - the fixture
    ring = KeyRing.create(tmp_path / "ring.json")
    return House(Settings(home=tmp_path, demo=False), embedded.ledger, embedded.bulk, ring)


@pytest.fixture
def made(house: House) -> Recording:
    found = Recording(house, STORIES[STORY], incidents_of(STORIES[STORY])[0])
    found.record()
    return found


def reader(house: House, made: Recording, language: str = "en") -> Lens:
    now = read_entry(made.leaves[-1]).recorded_at
    return lens_for(house, None, language, now=now, rules=made.states()[-1].rules)


def steps(house: House, made: Recording, language: str = "en") -> Iterator[tuple[int, Drawn]]:
    """Tell each entry's difference, with the number of the entry."""
    lens = reader(house, made, language)
    for was, now in pairwise(range(len(made.leaves) + 1)):
        yield now, difference_told(lens, between(house, AUDITOR, made.stream, was, now))


def channels_of(told: Drawn) -> list[Drawn]:
    halt = next((one for one in told["stages"] if one["name"] == "halt"), None)
    return [one for one in halt["things"] if one["in_sentences"]] if halt else []


def test_every_difference_of_a_channel_is_a_sentence(house: House, made: Recording) -> None:
    count = 0
    for seq, told in steps(house, made):
        for thing in channels_of(told):
            for row in thing["rows"]:
                count += 1
                assert (row["label"], row["before"]) == ("", ""), seq
                assert row["after"].rstrip("”").endswith("."), (seq, row)
                assert "Handed in again" not in row["after"], seq
    assert count


def test_an_order_that_is_taken_does_not_end_what_was_found_on_sale(house: House) -> None:
    """A channel that sells takes the order anew: its order is accepted, and it still sells."""
    golden = STORIES[ANEW]
    made = Recording(house, golden, incidents_of(golden)[0])
    made.record()
    states, taken = made.states(), 0
    for seq, (was, now) in enumerate(pairwise(states), 1):
        both = was.halt.channels.keys() & now.halt.channels.keys()
        if not any(_takes_anew(was, now, one) for one in both):
            continue
        taken += 1
        step = between(house, AUDITOR, made.stream, seq - 1, seq)
        told = difference_told(reader(house, made), step)
        said = " ".join(row["after"] for one in channels_of(told) for row in one["rows"])
        assert "The order was handed over; nobody has seen since that it sells nothing" in said
        assert "It stands so now" not in said
    assert taken


def _takes_anew(was: Incident, now: Incident, name: str) -> bool:
    before, after = was.halt.channels[name], now.halt.channels[name]
    return before.state != after.state == "accepted" and after.drift is not None


def test_a_channel_that_a_look_clears_is_told_so(house: House, made: Recording) -> None:
    said = " ".join(
        row["after"]
        for _, told in steps(house, made)
        for one in channels_of(told)
        for row in one["rows"]
    )
    for words in ("Ordered to stop by order no. ", "It was found on sale ", "anew."):
        assert words in said
