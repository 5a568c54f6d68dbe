"""A second report of the same lot that halts, and reports that ended: what their pages say."""

import pytest

from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_earlier import SAME_LOT_OPEN, plain
from tests.api.pages.test_offered import done, words_of
from tests.api.pages.test_standing import LABEL
from tests.api.serving import Served
from tests.api.test_incidents import CRITICAL, reported

pytestmark = pytest.mark.xdist_group("api")

GOODS = {"products": ["petal-lipstick"], "lots": ["PL2604A"]}
OTHER = {"products": ["brook-shampoo"], "lots": ["BS2604A"]}


def closed(served: Served, number: str) -> None:
    done(served.person("gao.yuan"), number, "report/close_report", reason="No fault was found.")
    done(served.person("lin.wei"), number, "people/A1/sign_act")


def test_a_halted_report_says_why_it_cannot_be_linked_and_what_to_do(
    served: Served, at: SignedIn
) -> None:
    closed(served, first := reported(served.person("an.qi"), answers=LABEL, **GOODS))
    target, number = (reported(served.person("an.qi"), answers=CRITICAL, **GOODS) for _ in range(2))
    page = at("gao.yuan").open(f"/incidents/{number}")
    text = plain(page)
    assert f"It cannot be linked to {target} while a halt stands here" in text
    assert f"add what it tells to {target} as a further report: both halts stay on." in text
    assert f"Link the new report to {target}" not in words_of(page)
    box = text[text.index(SAME_LOT_OPEN) :]
    assert box.index(target) < box.index("Ended before") < box.index(first)
    lifting = plain(at("gao.yuan").open(f"/incidents/{number}/halt/lift_halt?number=1"))
    assert f"Also stopped by another incident {target}:" in lifting


def test_a_closed_report_says_that_it_is_why_and_what_opened_it_again(
    served: Served, at: SignedIn
) -> None:
    closed(served, number := reported(served.person("an.qi"), answers=LABEL, **OTHER))
    page = plain(at("gao.yuan").open(f"/incidents/{number}"))
    assert "This report is closed without an incident" in page
    assert "No fault was found." in page
    more = {
        "first_known_at": "2026-11-20T02:00:00Z", "first_known_country": "CN", "words": "Again.",
    }  # fmt: skip
    done(served.person("an.qi"), number, "report/add_report", **more)
    assert "closed without an incident" not in plain(at("gao.yuan").open(f"/incidents/{number}"))
    stage = plain(at("gao.yuan").open(f"/incidents/{number}/report"))
    told = stage[stage.index("Closed, linked, opened again") :][:600]
    assert "No fault was found." in told
    assert "The report waits again to be accepted, closed or linked." in told
    assert "report" in told.split("closed or linked.")[1][:60]
