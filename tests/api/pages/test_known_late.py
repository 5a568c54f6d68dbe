"""Duties that became known here after their clock had begun: what pages say of them."""

from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_offered import accepted, done
from tests.api.pages.test_standing import plain
from tests.api.serving import Served

pytestmark = pytest.mark.xdist_group("pages")


def test_a_duty_whose_time_was_over_before_it_was_known_explains_itself(
    served: Served, at: SignedIn
) -> None:
    number = accepted(served)
    page = at("bai.lu").open(f"/incidents/{number}/notice")
    said = plain(page)
    assert "we became aware; known here since" in said
    assert "was over before it was known here: decide at once" in said
    assert "The clock began Fri 20 Nov, 09:00: we became aware, by " in said
    assert "A problem with Moon Dew Face Cream was reported." in said
    card = plain(at("bai.lu").open(f"/incidents/{number}"))
    assert "decide at once whether it is reportable" in card
    done(served.person("bai.lu"), number, "notice/D2/confirm_reportable", reason="Serious.")
    page = at("bai.lu").open(f"/incidents/{number}/notice")
    assert "was over before it was known here: report at once" in plain(page)
    form = at("bai.lu").open(f"/incidents/{number}/notice/D2/file_first").form("/file_first")
    assert form.values["late_reason"][0].startswith("The clock began Fri 20 Nov, 09:00")


def test_moved_clocks_are_read_once_for_a_page(served: Served, at: SignedIn) -> None:
    number = accepted(served)
    state = served.person("gao.yuan").get(f"/api/incidents/{number}").json()["state"]
    told = state["report"]["reports"][0]
    earlier = {
        "words": "A shop told us on Wednesday already.",
        "first_known_at": "2026-11-18T01:00:00Z",
        "first_known_country": told["first_known_country"],
    }
    done(served.person("an.qi"), number, "report/add_report", **earlier)
    state = served.person("gao.yuan").get(f"/api/incidents/{number}").json()["state"]
    assert sum(bool(duty["moves"]) for duty in state["notice"]["duties"].values()) > 1
    asked: list[Any] = []

    def heard(_connection: Any, _cursor: Any, _said: str, given: Any, *_more: Any) -> None:
        if "DutyMoved" in str(given):
            asked.append(given)

    event.listen(Engine, "before_cursor_execute", heard)
    try:
        page = plain(at("bai.lu").open(f"/incidents/{number}/notice"))
    finally:
        event.remove(Engine, "before_cursor_execute", heard)
    assert "A problem with Moon Dew Face Cream was reported" in page
    assert len(asked) == 1
