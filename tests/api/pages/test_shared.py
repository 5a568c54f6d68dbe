"""A text shared before publication, as the console shows it: who may see what of a preview."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from tests.api.markup import faults_of
from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_kept_files import approved
from tests.api.serving import Served

pytestmark = pytest.mark.xdist_group("pages")

WHOM = "Wang Lei, Evening News, +86 138 1234 5678"
LINK = re.compile(r"/preview/INC-\d{4}-\d{4}-S1-1-[0-9a-f]{64}")


@pytest.fixture(scope="module")
def number(served: Served, at: SignedIn) -> str:
    """Give an incident with a text for consignees that the PR lead shared by the form."""
    number = approved(served)
    lead = at("su.ran")
    page = lead.open(f"/incidents/{number}/statement/S1/share_preview")
    until = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    sent = lead.send(page, page.form("/share_preview"), whom=WHOM, until=until)
    assert sent.status == 200, sent.text
    return number


def test_who_may_share_finds_the_link_and_it_leads_to_the_words(
    number: str, at: SignedIn, served: Served
) -> None:
    page = at("su.ran").open(f"/incidents/{number}/statement/texts/S1")
    assert faults_of(page.html) == []
    assert "Shared before publication" in page.text
    assert WHOM in page.text
    found = LINK.search(page.html)
    assert found is not None
    assert f"{served.settings.console_url}{found.group()}" in page.text
    with served.visitor() as visitor:
        told = visitor.get(found.group())
    assert told.status_code == 200
    assert "Stop selling lot DC2603A." in told.text
    assert "Wang" not in told.text


@pytest.mark.parametrize("who", ["ye.fan", "gao.yuan", "fang.zheng"])
def test_who_may_not_share_sees_no_link(number: str, who: str, at: SignedIn) -> None:
    page = at(who).open(f"/incidents/{number}/statement/texts/S1")
    assert "Shared before publication" in page.text
    assert not LINK.search(page.html)


def test_whom_it_was_shared_with_is_in_the_vault_alone(number: str, served: Served) -> None:
    told = served.person("gao.yuan").get(f"/api/incidents/{number}").text
    assert "previews" in told
    assert "Wang" not in told
    assert "/preview/" not in told


def test_a_preview_is_withdrawn_by_its_form_and_the_page_says_why(
    number: str, at: SignedIn, served: Served
) -> None:
    lead = at("su.ran")
    before = lead.open(f"/incidents/{number}/statement/texts/S1")
    link = LINK.search(before.html)
    assert link is not None
    page = lead.open(before.link("Withdraw a preview"))
    assert WHOM in page.html
    sent = lead.send(page, page.form("/withdraw_preview"), number="1", reason="It was passed on.")
    assert sent.status == 200, sent.text
    after = lead.open(f"/incidents/{number}/statement/texts/S1")
    assert "It was passed on." in after.text
    assert not LINK.search(after.html)
    with served.visitor() as visitor:
        assert visitor.get(link.group()).status_code == 404
