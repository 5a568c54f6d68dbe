"""The plan as a page: every version that is kept, whole."""

import pytest

from tests.api.markup import faults_of
from tests.api.pages.conftest import SignedIn
from tests.api.serving import Served

pytestmark = pytest.mark.xdist_group("pages")


def test_anybody_of_the_company_reads_the_whole_plan(at: SignedIn) -> None:
    page = at("an.qi").open("/plan")
    assert page.status == 200
    assert faults_of(page.html) == []
    for said in ("Version 2026.1", "to be reviewed by", "Duty officer (24 h)", "Adopt a version of the plan",
                 "All promotion stopped", "by decision", "Quiet hours", "Days of a cluster",
                 "where only facts are filled in ("):  # fmt: skip
        assert said in page.text, said


def test_it_is_read_in_chinese_too(at: SignedIn) -> None:
    page = at("an.qi", "zh").open("/plan")
    assert faults_of(page.html) == []
    for said in ("产品安全应急预案", "值班负责人", "全天候值守", "静默时段"):
        assert said in page.text, said


def test_a_version_that_nobody_kept_is_not_there(served: Served, at: SignedIn) -> None:
    assert at("an.qi").open("/plan?rules=" + "f" * 64).status == 404
    with served.visitor() as visitor:
        assert visitor.get("/plan", follow_redirects=False).status_code in (303, 401)
