"""The form of a text: references where figures stand, and beside them the text as it will read."""

from datetime import UTC, datetime

import pytest

from tests.api.markup import faults_of
from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_offered import accepted, told_once
from tests.api.serving import Served

pytestmark = pytest.mark.xdist_group("pages")

DRAFT = "/incidents/{}/statement/draft_statement?kind=holding"


@pytest.mark.parametrize(
    ("language", "title"), [("en", "As it will read"), ("zh", "读者将看到的文本")]
)
def test_a_first_draft_refers_to_figures_and_shows_them_written_in(
    served: Served, at: SignedIn, language: str, title: str
) -> None:
    number = told_once(accepted, served)
    page = at("su.ran", language).open(DRAFT.format(number))
    assert page.status == 200
    assert "{{hotline}}" in page.html
    shown = page.html.split(title)[1]
    assert "{{" not in shown
    assert faults_of(page.html) == []


def test_a_fact_that_somebody_recorded_is_written_into_the_preview(
    served: Served, at: SignedIn
) -> None:
    number, quality = accepted(served), served.person("fang.zheng")
    fact = {"key": "units_sold", "kind": "number", "value": "12,480",
            "as_of": datetime.now(UTC).isoformat()}  # fmt: skip
    answer = quality.post(f"/api/incidents/{number}/investigation/record_fact", fact)
    assert answer.is_success, answer.text
    there = at("su.ran")
    page = there.open(DRAFT.format(number))
    typed = {"texts-0-body": "共售出 {{units_sold}} 件。", "texts-1-body": "{{units_sold}} sold."}
    seen = there.send(page, page.form("/draft_statement"), "Show what would follow", **typed)
    assert "12,480 (preliminary) sold." in seen.text
    assert "共售出 12,480（初步） 件。" in seen.text


@pytest.mark.parametrize("person", ["zhou.mo", "ren.jia"], ids=["another role", "an auditor"])
def test_what_would_be_refused_is_shown_as_refused(
    served: Served, at: SignedIn, person: str
) -> None:
    number = accepted(served)
    page = at(person).open(DRAFT.format(number))
    assert page.status == 200
    seen = at(person).send(
        page, page.form("/draft_statement"), "Show what would follow", markets="CN"
    )
    assert seen.status == 200
    assert "What would follow" in seen.text


def test_what_is_typed_is_shown_with_its_findings_and_nothing_is_done(
    served: Served, at: SignedIn
) -> None:
    number, there = accepted(served), at("su.ran")
    page = there.open(DRAFT.format(number))
    form = page.form("/draft_statement")
    words = "We recall it voluntarily. <script>alert(1)</script>"
    typed = form.filled(**{"markets": ["DE"], "texts-1-body": words})
    served.settled()
    before = served.person("su.ran").get(f"/api/incidents/{number}").json()["size"]
    answer = there.client.post(form.action, data=typed, headers={"X-Fragment": "1"})
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert "&lt;script&gt;" in answer.text
    assert "In the EU a recall notice may not say voluntary" in answer.text
    counted = answer.text.split("<template data-found>")[1].split("</template>")[0]
    assert "must not go out" in counted
    assert 'href="#found"' in counted
    assert 'id="found"' in answer.text
    assert 'role="status" data-found-line hidden' in page.html
    assert served.person("su.ran").get(f"/api/incidents/{number}").json()["size"] == before


def test_a_fragment_is_never_an_act(served: Served, at: SignedIn) -> None:
    number, chief = accepted(served), at("gao.yuan")
    page = chief.open(f"/incidents/{number}/halt/order_halt")
    form = page.form("/order_halt")
    typed = form.filled(level="H3", reason="Now.")
    served.settled()
    before = served.person("gao.yuan").get(f"/api/incidents/{number}").json()["size"]
    answer = chief.client.post(form.action, data=typed, headers={"X-Fragment": "1"})
    assert answer.status_code == 200
    assert served.person("gao.yuan").get(f"/api/incidents/{number}").json()["size"] == before
