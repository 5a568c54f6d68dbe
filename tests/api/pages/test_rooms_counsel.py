"""Counsel's entries in an inspector's room: that they are there is told, and nothing they say."""

import json
from collections.abc import Iterator
from typing import Final

import pytest

from domain.tree import Tree, leaf_hash
from services.people import Attempts
from storage import streams
from tests.api.markup import faults_of
from tests.api.pages.test_duty_page import duty_of, hurt
from tests.api.pages.test_offered import done, told_once
from tests.api.pages.test_rooms import EVERYTHING, SECRET, close_all, entered, opened, path
from tests.api.serving import Served

pytestmark = pytest.mark.xdist_group("pages")

WHY: Final = "Counsel holds that nobody else was hurt"
OTHER: Final = "Notified by Lotus Cosmetics"


@pytest.fixture(autouse=True)
def _nobody_guessed(served: Served, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let every test begin with a house in which nobody has guessed, and leave no browser open."""
    assert served.app is not None
    monkeypatch.setattr(served.app.state, "attempts", Attempts())
    yield
    close_all()


def _determined(served: Served) -> str:
    """Give an incident with a duty that two people determined, all of it opened in a room."""
    number = hurt(served)
    duty, bai = duty_of(served, number, "EU-COS-23-SUE"), served.person("bai.lu")
    what = f"notice/{duty}/determine_not_reportable"
    done(bai, number, what, reason=WHY, other=OTHER, legal_view=SECRET)
    for act in bai.get(f"/api/incidents/{number}").json()["state"]["pending"]:
        done(served.person("fang.zheng"), number, f"people/{act}/sign_act")
    opened(served, number, parts=EVERYTHING)
    return number


def _counsels(served: Served, number: str) -> list[streams.EntryRow]:
    types = ["ActProposed", "DutyDetermined"]
    found = streams.entries_of_types(served.database.ledger, number, types)
    kept = [one for one in found if WHY.encode() in one.content]
    assert len(kept) == len(types), "proposed, then signed by two"
    return kept


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_counsels_entries_are_named_and_not_told(served: Served, language: str) -> None:
    number = told_once(_determined, served)
    there, where = entered(served, number, language=language), path(served, number)
    found = _counsels(served, number)
    parts = [f"/{part}" for part in EVERYTHING]
    entries = [f"/ledger/{one.seq}" for one in found]
    files = ["/files/timeline.csv", "/files/ledger.jsonl", "/files/proofs.json"]
    for behind in parts + entries + files:
        answer = there.client.get(where + behind)
        assert answer.status_code == 200, behind
        for words in (WHY, OTHER, SECRET):
            assert words not in answer.text, behind
    for one in found:
        leaf = leaf_hash(one.content).hex()
        page = there.open(f"{where}/ledger/{one.seq}")
        assert leaf in page.text
        assert f"#{one.seq}" in page.text
        assert not faults_of(page.html)
        assert leaf[:16] in there.open(f"{where}/timeline").text
        assert leaf in there.client.get(f"{where}/files/timeline.csv").text


def test_the_root_is_computed_without_counsels_words(served: Served) -> None:
    number = told_once(_determined, served)
    there, where = entered(served, number), path(served, number)
    lines = there.client.get(f"{where}/files/ledger.jsonl").content.splitlines()[1:]
    withheld = {n: json.loads(one) for n, one in enumerate(lines, 1) if b'"withheld"' in one}
    assert {n: one["seq"] for n, one in withheld.items()} == {
        one.seq: one.seq for one in _counsels(served, number)
    }
    leaves = [
        bytes.fromhex(withheld[n]["leaf"]) if n in withheld else leaf_hash(one)
        for n, one in enumerate(lines, 1)
    ]
    stood = streams.head(served.database.ledger, number)
    assert Tree(leaves[: stood.size]).root().hex() == stood.root
    for one in withheld.values():
        assert set(one) == {"leaf", "recorded_at", "seq", "type", "withheld"}
