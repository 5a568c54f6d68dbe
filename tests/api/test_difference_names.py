"""What things and clocks are called between two moments: as people name them, each thing once."""

import dataclasses
from pathlib import Path
from typing import get_origin, get_type_hints

import pytest

from api.pages.difference_words import clock_name, difference_told
from api.pages.lens import lens_for
from api.word_lists import LISTS
from domain.agenda import dues
from domain.ledger import read_entry
from domain.state import Incident
from domain.wire import optional_of
from integrations.key_ring import KeyRing
from services.house import House
from services.moments import between
from services.settings import Settings
from storage.database import Database
from tests.database import embedded  # noqa: F401 - the fixture of this file
from tests.services.recorded_ledgers import STORIES, Recording, incidents_of
from tests.services.test_moments import AUDITOR

CLUSTER = "cluster-invented"


@pytest.fixture
def house(embedded: Database, tmp_path: Path) -> House:  # noqa: F811 - the fixture
    ring = KeyRing.create(tmp_path / "ring.json")
    return House(Settings(home=tmp_path, demo=False), embedded.ledger, embedded.bulk, ring)


@pytest.fixture
def made(house: House) -> Recording:
    found = Recording(house, STORIES[CLUSTER], incidents_of(STORIES[CLUSTER])[0])
    found.record()
    return found


@pytest.mark.parametrize(("language", "order"), [("en", "Halt order 1"), ("zh_CN", " 1")])
def test_a_thing_is_named_as_one_and_no_row_says_it_again(
    language: str, order: str, house: House, made: Recording
) -> None:
    now = read_entry(made.leaves[-1]).recorded_at
    lens = lens_for(house, None, language, now=now, rules=made.states()[-1].rules)
    told = difference_told(lens, between(house, AUDITOR, made.stream, 0, len(made.leaves)))
    things = [(stage["name"], thing) for stage in told["stages"] for thing in stage["things"]]
    assert [name for name, thing in things if name == "halt" and thing["name"].endswith(order)]
    for _, thing in things:
        assert thing["rows"], thing["name"]
        assert thing["name"] not in [row["label"] for row in thing["rows"]]
    if language == "en":
        assert not [thing["name"] for _, thing in things if thing["name"].startswith("Orders")]
        known = next(thing for _, thing in things if thing["name"] == "Acknowledged by")
        assert [row["label"] for row in known["rows"]] == [""]


def test_every_collection_that_is_named_here_is_one_of_the_state() -> None:
    fields = {
        f"{stage}.{field.name}"
        for stage, owner in get_type_hints(Incident).items()
        if dataclasses.is_dataclass(owner)
        for field in dataclasses.fields(owner)
        for kind in (get_type_hints(owner)[field.name],)
        if get_origin(optional_of(kind) or kind) in (dict, tuple)
    }
    assert set(LISTS["thing"]) <= fields


def test_the_clock_of_a_person_says_whose_it_is_and_for_what(house: House, made: Recording) -> None:
    """Nine people who have not accepted their roles are nine lines, and not nine times the same."""
    named = 0
    for state in made.states():
        lens = lens_for(house, None, "en", now=house.now(), rules=state.rules)
        for due in dues(state):
            if due.act == "accept_role":
                name = clock_name(lens, due)
                assert lens.person(due.person) in name
                assert lens.role(due.item) in name
                named += 1
    assert named
