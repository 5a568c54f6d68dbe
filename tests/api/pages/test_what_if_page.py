"""What-if on its page, on the forms of acts, and as JSON: supposed, told, and never recorded."""

from typing import Any
from urllib.parse import urlencode

import pytest

from api.routes.acts import given_by_people
from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_duty_page import hurt
from tests.api.pages.test_offered import accepted, told_once
from tests.api.pages.test_standing import HURT, plain
from tests.api.samples import body_of, item_of
from tests.api.serving import Served

pytestmark = pytest.mark.xdist_group("pages")

IN_FRANCE = {"hurt_in": "FR", "outcome": "hospitalised", "hurt_by": "dew-cream"}


def asked(served: Served, number: str, who: str = "bai.lu", **told: Any) -> Any:
    return served.person(who).post(f"/api/incidents/{number}/notice/what-if", told)


def test_the_page_shows_now_beside_then_and_records_nothing(served: Served, at: SignedIn) -> None:
    number = told_once(hurt, served)
    address = f"/incidents/{number}/notice/what-if"
    first = at("bai.lu").open(address)
    assert "Only supposed" in first.text
    assert first.form("/notice/what-if").method == "get"
    query = urlencode(IN_FRANCE)
    page = plain(served.unchanged_by(lambda: at("bai.lu").open(f"{address}?{query}")))
    assert "Now, and then" in page
    assert "a new clock starts" in page
    assert "guideline of the authority" in page
    assert "The clock starts on" in page
    assert "What is due next" in page


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"recall": "recall", "recall_at": "2026-12-24T10:00"}, "a new clock starts"),
        ({"authority_in": "CN", "authority_act": "order_recall"}, "Now, and then"),
        ({"worst_outcome": "death"}, "Now, and then"),
        ({"hurt_in": "FR"}, "answered in part only"),
        ({**IN_FRANCE, "hurt_in": "ZZ"}, "There is no country ZZ."),
        ({**IN_FRANCE, "outcome": "hungry"}, "hungry is none of the answers."),
        ({**IN_FRANCE, "hurt_by": "soap"}, "soap is no product of this incident."),
        ({"recall": "recall", "recall_at": "soon"}, "The time soon cannot be read."),
        ({"recall": "recall", "recall_at": "9999-12-31T23:59"}, "too far away"),
        ({"recall": "recall", "recall_at": "0001-01-01T00:00"}, "cannot be read"),
    ],
    ids=["recall", "order", "death", "in part", "country", "outcome", "product", "no time",
         "far", "long ago"],
)  # fmt: skip
def test_each_question_is_answered_or_says_why_not(
    served: Served, at: SignedIn, told: dict[str, str], said: str
) -> None:
    number = told_once(accepted, served)
    page = at("bai.lu").open(f"/incidents/{number}/notice/what-if?{urlencode(told)}")
    assert said in plain(page)


def test_a_form_shows_the_clocks_before_it_is_pressed(served: Served, at: SignedIn) -> None:
    number = accepted(served)
    page = at("mei.lin").open(f"/incidents/{number}/report/register_case")
    form = page.form("/register_case")
    told = {**HURT, "country": "DE", "awareness_at": "2026-11-20T09:00"}
    chief = at("mei.lin")
    shown = plain(
        served.unchanged_by(lambda: chief.send(page, form, "Show what would follow", **told))
    )
    assert "Clocks of the law that start or move" in shown
    assert "Notification of a serious undesirable effect" in shown
    assert "a new clock starts" in shown


def test_json_gives_the_same_and_records_nothing(served: Served) -> None:
    number = accepted(served)
    body = {**HURT, "country": "DE"}
    answer = served.unchanged_by(
        lambda: asked(served, number, type="register_case", v=1, body=body)
    )
    assert answer.status_code == 200
    told = answer.json()
    assert told["recorded"] is False
    found = {one["rule"]: one for one in told["changes"]}
    sue = found["EU-COS-23-SUE"]
    assert sue["moves"] == ["arises"]
    assert sue["now"] is None
    assert sue["then"]["basis"] == "guideline"
    assert sue["derivation"]["calendar"] == "DE"
    assert told["next_due"]["then"] is not None


def test_a_refusal_is_told_and_is_no_entry(served: Served) -> None:
    number = accepted(served)
    recall = {"action": "recall", "depth": "consumer", "reason": "R", "options": "O"}
    told = served.unchanged_by(
        lambda: asked(served, number, type="decide_recall", body=recall)
    ).json()
    assert told["refused"]["sentence"]
    assert told["changes"] == []


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ({"type": "no_such_act"}, 404),
        ({"type": "pass_time", "body": {}}, 404),
        ({"type": "register_case", "body": {}}, 422),
        ({"type": "register_case", "body": [1]}, 422),
        ({"type": 7}, 422),
        ({}, 422),
        ({"type": "register_case", "body": HURT, "more": 1}, 422),
        ({"type": "register_case", "v": 9, "body": HURT}, 422),
        ({"type": "register_case", "body": HURT, "at": "never"}, 422),
        ({"type": "register_case", "body": HURT, "at": "9999-12-31T23:59:59Z"}, 422),
        ({"type": "register_case", "body": HURT, "at": "0001-01-01T00:00:00Z"}, 422),
        ({"type": "assess_severity", "body": {"answers": {"markets": ["CN"] * 120_000}}}, 413),
        ({"type": "assess_severity", "body": {"answers": {"markets": ["??"] * 20_000}}}, 422),
        ({"type": "assess_severity", "body": {"answers": {"markets": ["CN"] * 30_000}}}, 422),
    ],
    ids=["unknown", "the clock's", "empty", "a list", "a number", "nothing", "more", "version",
         "no time", "far", "long ago", "1e5 markets", "no markets", "the same market"],
)  # fmt: skip
def test_hostile_questions_are_refused(served: Served, told: dict[str, Any], status: int) -> None:
    number = accepted(served)
    answer = asked(served, number, **told)
    assert answer.status_code == status, answer.text[:300]
    assert answer.elapsed.total_seconds() < 5


@pytest.mark.parametrize("who", ["gao.yuan", "bai.lu", "ren.jia"])
def test_any_act_may_be_supposed_and_none_makes_an_error_of_ours(served: Served, who: str) -> None:
    number, told = accepted(served), {}
    kept = served.person("an.qi").client.post("/api/blobs", content=b"%PDF-1.7 a report")
    known = {"channel": served.demo_channels()[0], "evidence": kept.json()["id"]}
    for spec in given_by_people():
        body = body_of(spec, known) | ({spec.item: item_of(spec, known)} if spec.item else {})
        answer = asked(served, number, who, type=spec.name, body=body)
        told[spec.name] = answer.status_code
    assert set(told.values()) <= {200, 422}, told
    assert told["register_case"] == 200
    entries = served.person("gao.yuan").get(
        f"/api/incidents/{number}/ledger", headers={"Accept": "application/jsonl"}
    )
    assert '"supposed"' not in entries.text


def test_who_may_not_see_the_incident_may_suppose_nothing_of_it(served: Served) -> None:
    number = accepted(served)
    answer = asked(served, number, "he.miao", type="register_case", body=HURT)
    assert answer.status_code == 404
