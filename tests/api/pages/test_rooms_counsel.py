"""Counsel's entries in an inspector's room: that they are there is told, and nothing they say."""

import json
from collections.abc import Iterator
from typing import Final

import pytest

from domain.tree import Tree, leaf_hash
from services.people import Attempts
from storage import streams
from tests.api.markup import faults_of
from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_duty_page import duty_of, hurt
from tests.api.pages.test_offered import accepted, done, told_once
from tests.api.pages.test_rooms import (
    EVERYTHING,
    LEGAL,
    SECRET,
    close_all,
    entered,
    opened,
    path,
)
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


RESERVED: Final = "Only because Lotus has filed, says the second lawyer"
DECLINED: Final = "Counsel wants the file of Lotus first"
STANDS: Final = "Counsel looked again at the letter of Lotus"
NOT_HERE: Final = "Counsel reads article 23 for makers alone"
WAITS: Final = "Counsel waits for the second signature"
AROUND: Final = (RESERVED, DECLINED, STANDS, NOT_HERE, WAITS)


def _talked_about(served: Served) -> str:
    """Give an incident in which counsel's acts were declined, signed with a reservation, reviewed."""
    number = hurt(served)
    duty, bai, fang = duty_of(served, number, "EU-COS-23-SUE"), served.person("bai.lu"), LEGAL
    what = f"notice/{duty}/determine_not_reportable"

    def pending() -> list[str]:
        return list(bai.get(f"/api/incidents/{number}").json()["state"]["pending"])

    done(bai, number, what, reason=WHY, legal_view=SECRET)
    done(served.person(fang), number, f"people/{pending()[0]}/decline_act", reason=DECLINED)
    done(bai, number, what, reason=WHY, legal_view=SECRET)
    done(served.person(fang), number, f"people/{pending()[0]}/sign_act", dissent=RESERVED)
    done(bai, number, f"notice/{duty}/review_determination", stands=True, reason=STANDS)
    unverified = sorted(
        str(one["rule"])
        for one in bai.get(f"/api/incidents/{number}").json()["state"]["notice"]["duties"].values()
        if not one["counts"]
    )
    for rule, why in zip(dict.fromkeys(unverified), (NOT_HERE, WAITS), strict=False):
        body = {"applies": False, "citation": "Article 23", "reason": why}
        done(bai, number, f"notice/{rule}/confirm_rule_applies", **body)
        if why is NOT_HERE:
            done(served.person(fang), number, f"people/{pending()[0]}/sign_act")
    opened(served, number, parts=EVERYTHING)
    return number


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_what_was_said_of_counsels_acts_is_not_told(served: Served, language: str) -> None:
    number = told_once(_talked_about, served)
    there, where = entered(served, number, language=language), path(served, number)
    kept = b"".join(streams.read_contents(served.database.ledger, number)).decode()
    said = [words for words in AROUND if words in kept]
    assert set(said) >= {RESERVED, DECLINED, STANDS, NOT_HERE}, "the story told them"
    size = len(streams.read_contents(served.database.ledger, number))
    behind = [f"/{part}" for part in EVERYTHING]
    behind += [f"/ledger/{seq}" for seq in range(1, size + 1)]
    behind += ["/files/timeline.csv", "/files/ledger.jsonl", "/files/evidence.csv"]
    for one in behind:
        answer = there.client.get(where + one)
        assert answer.status_code == 200, one
        for words in (*said, WHY, SECRET):
            assert words not in answer.text, f"{words} in {one}"


def test_whoever_makes_a_dossier_is_told_how_many_entries_are_counsels(
    served: Served, at: SignedIn
) -> None:
    number = told_once(_talked_about, served)
    page = at("gao.yuan").open(f"/incidents/{number}/audit")
    assert "Entries of counsel's: " in page.text
    assert not faults_of(page.html)
    number = told_once(accepted, served)
    assert "Entries of counsel's" not in at("gao.yuan").open(f"/incidents/{number}/audit").text


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
    assert all(one["seq"] == n for n, one in withheld.items())
    assert {one.seq for one in _counsels(served, number)} <= set(withheld)
    assert {one["type"] for one in withheld.values()} == {
        "ActProposed", "ActSigned", "DutyDetermined",
    }  # fmt: skip
    leaves = [
        bytes.fromhex(withheld[n]["leaf"]) if n in withheld else leaf_hash(one)
        for n, one in enumerate(lines, 1)
    ]
    stood = streams.head(served.database.ledger, number)
    assert Tree(leaves[: stood.size]).root().hex() == stood.root
    for one in withheld.values():
        assert set(one) == {"leaf", "recorded_at", "seq", "type", "withheld"}
