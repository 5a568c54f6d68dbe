"""What cannot be right is refused before anything is written: times to come, counts at odds."""

from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_type_hints

import pytest

from domain.message import CommandSpec
from services.checking import NEEDED, TO_COME
from tests.api.samples import body_of
from tests.api.serving import Served
from tests.api.test_every_command import ACTS, incident, known, path
from tests.api.test_incidents import CRITICAL, problem, reported

__all__ = ["incident", "known"]

pytestmark = pytest.mark.xdist_group("api")


def ahead(**by: int) -> str:
    return (datetime.now(UTC) + timedelta(**by)).isoformat()


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        pytest.param(
            {"first_known_at": ahead(hours=1)}, "first_known_at", "still to come", id="to come"
        ),
        pytest.param(
            {"answers": {**CRITICAL, "people": 2, "serious_people": 5}},
            "answers.serious_people",
            "Seriously hurt: 5, and 2 hurt in all",
            id="more seriously hurt than hurt",
        ),
        pytest.param(
            {"answers": {**CRITICAL, "people": -5}}, "answers.people", "below zero", id="below zero"
        ),
        pytest.param({"first_known_country": "ZZ"}, "first_known_country", "no such", id="nowhere"),
        pytest.param(
            {"first_known_country": ""}, "first_known_country", "is needed", id="no country"
        ),
    ],
)
def test_a_report_that_cannot_be_right_is_given_no_number(
    served: Served, changes: dict[str, Any], field: str, words: str
) -> None:
    agent = served.person("an.qi")
    answer = served.unchanged_by(lambda: agent.post("/api/incidents", problem(**changes)))
    assert answer.status_code == 422
    (fault,) = answer.json()["errors"]
    assert (fault["field"], words in fault["detail"]) == (field, True), fault


@pytest.mark.parametrize(
    ("outcomes", "words"),
    [
        pytest.param(["none", "treated"], "Nothing happened, and something", id="nothing"),
    ],
)
def test_what_cannot_have_happened_to_one_person_together_is_refused(
    served: Served, incident: str, outcomes: list[str], words: str
) -> None:
    body = {
        "outcomes": outcomes, "awareness_at": ahead(hours=-1), "country": "CN",
        "product": "dew-cream",
    }  # fmt: skip
    answer = served.person("gao.yuan").post(f"/api/incidents/{incident}/report/register_case", body)
    assert answer.status_code == 422, answer.text
    (fault,) = answer.json()["errors"]
    assert (fault["field"], words in fault["detail"]) == ("outcomes", True)


def test_a_clock_a_little_ahead_of_ours_is_believed(served: Served) -> None:
    assert reported(served.person("an.qi"), first_known_at=ahead(minutes=2))


PAST = [
    pytest.param(spec, each.name, id=f"{spec.name}-{each.name}")
    for spec in ACTS
    for each in fields(spec.type)
    if each.metadata.get("past")
]


@pytest.mark.parametrize(("spec", "field"), PAST)
def test_no_time_to_come_is_told_as_one_that_was(
    served: Served, incident: str, known: dict[str, str], spec: CommandSpec, field: str
) -> None:
    is_day = get_type_hints(spec.type)[field] in (date, date | None)
    body = {**body_of(spec, known), field: ahead(days=2)[:10] if is_day else ahead(days=2)}
    answer = served.person("gao.yuan").post(path(spec, incident, known), body)
    assert answer.status_code == 422, answer.text
    assert (field, TO_COME) in [(e["field"], e["detail"]) for e in answer.json()["errors"]]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        pytest.param({"proof": "a photograph", "units": -7}, "units", id="fewer than none"),
        pytest.param({"proof": " "}, "proof", id="no proof"),
    ],
)
def test_no_channel_is_confirmed_by_nothing(
    served: Served, known: dict[str, str], incident: str, body: dict[str, Any], field: str
) -> None:
    address = f"/api/incidents/{incident}/halt/{known['channel']}/confirm_channel"
    answer = served.person("gao.yuan").post(address, body)
    assert answer.status_code == 422
    assert [each["field"] for each in answer.json()["errors"]] == [field]


@pytest.mark.parametrize(
    "words", ["", "   ", "\u200b\u2060", "\n"], ids=["none", "spaces", "unseen", "a line"]
)
def test_words_that_say_nothing_are_no_report(served: Served, incident: str, words: str) -> None:
    more = {**problem(words=words), "channel": "hotline"}
    body = {
        name: more[name] for name in ("first_known_at", "first_known_country", "words", "channel")
    }
    answer = served.person("an.qi").post(f"/api/incidents/{incident}/report/add_report", body)
    assert answer.status_code == 422
    assert ("words", NEEDED) in [(e["field"], e["detail"]) for e in answer.json()["errors"]]


@pytest.mark.parametrize(("letters", "status"), [(20_000, 200), (20_001, 422)])
def test_a_text_that_nobody_would_read_is_not_taken(
    served: Served, letters: int, status: int
) -> None:
    """The wording rules look at every word of it, each time that it is approved."""
    number, author = reported(served.person("an.qi")), served.person("ye.fan")
    texts = [{"language": "en", "title": "First word", "body": "a" * letters}]
    draft = {"kind": "holding", "markets": ["CN"], "texts": texts}
    answer = author.post(f"/api/incidents/{number}/statement/draft_statement", draft)
    assert answer.status_code == status, answer.text
    faults = answer.json().get("errors", [])
    assert [fault["field"] for fault in faults] == ["texts.0.body"] * (status == 422)


LONG = "Dew Cream with rose hip, ceramides and forty other things for very tired skin at night"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        pytest.param(LONG, f"“{LONG}”", id="a whole name"),
        pytest.param("长" * 200, f"“{'长' * 200}”", id="the longest"),
    ],
)
@pytest.mark.parametrize("field", ["products", "lots"])
def test_a_refusal_names_the_whole_of_what_is_not_on_the_list(
    served: Served, name: str, said: str, field: str
) -> None:
    answer = served.person("an.qi").post("/api/incidents", problem(**{field: [name]}))
    assert answer.status_code == 422
    assert said in answer.json()["errors"][0]["detail"]


def test_whoever_lacks_the_role_learns_nothing_of_the_companys_lists(
    served: Served, incident: str
) -> None:
    body = {"never_had": True, "proof": "By telephone."}
    told = []
    for consignee in ("hemu", "no-such-shop"):
        address = f"/api/incidents/{incident}/recall/{consignee}/answer_as_consignee"
        answer = served.person("mei.lin").post(address, body)
        told.append((answer.status_code, answer.json()["code"], answer.json()["detail"]))
    assert told[0] == told[1]
    assert told[0][:2] == (403, "not_allowed")
    address = f"/api/incidents/{incident}/recall/no-such-shop/answer_as_consignee"
    assert served.person("cheng.bo").post(address, body).status_code == 422
