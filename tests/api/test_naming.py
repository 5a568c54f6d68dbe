"""Naming people: for a role only who has it in the company's list, and can take it up."""

from typing import Any

import pytest

from tests.api.serving import Served
from tests.api.test_incidents import CRITICAL, reported

pytestmark = pytest.mark.xdist_group("api")

LEADS = "incident_commander"


@pytest.mark.parametrize(
    ("command", "body", "field"),
    [
        pytest.param(
            "people/assign_role", {"role": LEADS, "person": "an.qi"}, "person", id="who leads"
        ),
        pytest.param(
            "people/assign_role",
            {"role": LEADS, "person": "gao.yuan", "deputy": "an.qi"},
            "deputy",
            id="who stands in",
        ),
        pytest.param("report/accept_report", {"commander": "an.qi"}, "commander", id="accepting"),
    ],
)
def test_nobody_is_named_for_what_they_could_not_take_up(
    served: Served, command: str, body: dict[str, Any], field: str
) -> None:
    number = reported(served.person("an.qi"), answers=CRITICAL)
    commander = served.person("gao.yuan")
    answer = served.unchanged_by(lambda: commander.post(f"/api/incidents/{number}/{command}", body))
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed")
    (fault,) = answer.json()["errors"]
    assert fault["field"] == field
    assert "company's list of people" in fault["detail"]


def test_who_has_the_role_is_named(served: Served) -> None:
    number = reported(served.person("an.qi"), answers=CRITICAL)
    body = {"role": LEADS, "person": "gao.yuan"}
    answer = served.person("gao.yuan").post(f"/api/incidents/{number}/people/assign_role", body)
    assert answer.status_code == 200, answer.text
