"""Reporting over HTTP, and reading an incident now, as it was, and as its ledger."""

import json
import time
from typing import Any

import pytest

from tests.api.serving import Asker, Served

pytestmark = pytest.mark.xdist_group("api")


def problem(**changes: Any) -> dict[str, Any]:
    """What a service agent types."""
    return {
        "first_known_at": "2026-11-20T01:00:00Z",
        "first_known_country": "CN",
        "products": ["dew-cream"],
        "words": "My face swelled up an hour after I used it.",
        "answers": {"worst_outcome": "life_threatening", "people": 1, "whereabouts": "consumers"},
        **changes,
    }


def reported(asker: Asker, **changes: Any) -> str:
    """Report a problem and give its number once the report is recorded."""
    answer = asker.post("/api/incidents", problem(**changes))
    assert answer.status_code == 201, answer.text
    number: str = answer.json()["id"]
    until(asker, number, lambda told: told["recorded"])
    return number


def until(asker: Asker, number: str, there: Any) -> dict[str, Any]:
    """Ask for an incident until it is as wanted."""
    told: dict[str, Any] = {}
    for _ in range(400):
        told = asker.get(f"/api/incidents/{number}").json()
        if there(told):
            return told
        time.sleep(0.03)
    raise AssertionError(f"{number} never came there: {told}")


def test_a_report_is_answered_with_its_number(served: Served) -> None:
    answer = served.person("an.qi").post("/api/incidents", problem())
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/api/incidents/{answer.json()['id']}"
    assert answer.json()["received"] is True
