"""What the plan asks for: two rows about the same text say what differs."""

import pytest

from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_offered import HOSPITAL, done
from tests.api.pages.test_standing import plain
from tests.api.serving import Served
from tests.api.test_incidents import reported

pytestmark = pytest.mark.xdist_group("pages")


def test_a_text_asked_for_twice_says_for_which_halt(served: Served, at: SignedIn) -> None:
    answers = {**HOSPITAL, "people": 3, "serious_people": 3, "fault": "corrosive"}
    number = reported(served.person("an.qi"), answers=answers)
    done(served.person("gao.yuan"), number, "report/accept_report")
    page = plain(at("ye.fan").open(f"/incidents/{number}/statement"))
    table = page.split("What the plan asks for")[1]
    rows = table.split("Hotline script")[1:3]
    halts = [row for row in rows if "with the halt H3 Stop the trade and marketplaces" in row[:160]]
    assert len(halts) == 1
    ordered = table.split("Stop-sale order")[1][:200]
    assert "the order itself went to the channels with the halt, entry " in ordered
    assert "Hotline script (H3 Stop the trade and marketplaces)" in plain(
        at("ye.fan").open(f"/incidents/{number}")
    )
