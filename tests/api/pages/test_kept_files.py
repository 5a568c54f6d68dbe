"""Files that are kept already: offered where a form asks for what was sent, never brought twice."""

import pytest

from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_beginnings import SCOPE
from tests.api.pages.test_offered import accepted, done, told_once
from tests.api.serving import Served
from tests.api.test_evidence import PDF

pytestmark = pytest.mark.xdist_group("pages")

HOLD = {
    "kind": "trade_hold",
    "markets": ["CN"],
    "hand_in": True,
}


def holding(body: str) -> dict[str, object]:
    return {**HOLD, "texts": [{"language": "en", "title": "Stop selling", "body": body}]}


def approved(served: Served, *, body: str = "Stop selling lot DC2603A.") -> str:
    """Have a text for consignees stand, and the scope set."""
    number = accepted(served)
    sold = {"key": "sold_units", "value": "12", "as_of": "2026-11-20T01:00:00Z"}
    done(served.person("qiu.ning"), number, "investigation/record_fact", **sold)
    done(served.person("qiu.ning"), number, "recall/set_scope", **SCOPE)
    done(served.person("cheng.bo"), number, "statement/draft_statement", **holding(body))
    state = served.person("fang.zheng").get(f"/api/incidents/{number}").json()["state"]
    sha256 = state["statement"]["statements"]["S1"]["sha256"]
    done(served.person("fang.zheng"), number, "statement/S1/approve_statement", sha256=sha256)
    return number


def test_a_text_that_stands_is_what_was_sent(served: Served, at: SignedIn) -> None:
    number, trade = approved(served), at("cheng.bo")
    address = f"/incidents/{number}/recall/record_notification"
    page = trade.open(address)
    form = page.form("/record_notification")
    assert "Or take what is kept here already" in page.text
    (chosen,) = form.values["text"]
    assert chosen.startswith("statement:S1:en:")
    assert form.choices["text"] == [chosen, ""]
    assert form.values["language"] == ["en"]
    told = trade.send(page, form, channel="e_mail")
    assert told.status == 200, told.text
    again = trade.open(address).form("/record_notification")
    assert [one for one in again.choices["text"] if len(one) == 64], again.choices["text"]


@pytest.mark.parametrize("chosen", ["as it was shown", "statement:S1:en", "statement:S9:en:0"])
def test_a_text_that_moved_since_is_never_kept_as_what_was_sent(
    served: Served, at: SignedIn, chosen: str
) -> None:
    number, trade = approved(served, body="{{sold_units}} of lot DC2603A."), at("cheng.bo")
    page = trade.open(f"/incidents/{number}/recall/record_notification")
    form = page.form("/record_notification")
    disputed = {"reason": "Counted again."}
    done(served.person("xu.lan"), number, "investigation/sold_units/dispute_fact", **disputed)
    if chosen != "as it was shown":
        form.values["text"] = [chosen]
    told = trade.send(page, form, channel="e_mail")
    assert told.status == 422
    assert "This text does not stand any more as it was shown" in told.text
    ledger = served.person("cheng.bo").get(f"/api/incidents/{number}/ledger").text
    assert "NotificationSent" not in ledger


def test_what_is_brought_counts_before_what_was_chosen(served: Served, at: SignedIn) -> None:
    number, trade = approved(served), at("cheng.bo")
    page = trade.open(f"/incidents/{number}/recall/record_notification")
    brought = {"text": ("letter.pdf", PDF, "application/pdf")}
    told = trade.send(page, page.form("/record_notification"), files=brought, channel="e_mail")
    assert told.status == 200, told.text
    client = served.person("cheng.bo").client
    kept = trade.open(f"/incidents/{number}/recall/record_notification").form(
        "/record_notification"
    )
    found = [one for one in kept.choices["text"] if len(one) == 64]
    assert [client.get(f"/api/blobs/{one}").content for one in found] == [PDF]


def test_a_letter_of_an_authority_is_offered_where_it_is_answered(
    served: Served, at: SignedIn
) -> None:
    number, affairs = accepted(served), at("bai.lu")
    page = affairs.open(f"/incidents/{number}/notice/record_authority_act")
    assert "kept here already" not in page.text
    told = affairs.send(
        page,
        page.form("/record_authority_act"),
        files={"document": ("letter.pdf", PDF, "application/pdf")},
        authority="Guangdong MPA",
        market="CN",
        kind="inquiry",
        words="What happened?",
        received_at="2026-11-21T09:00",
        answer_due_at="2027-11-21T09:00",
    )
    assert told.status == 200, told.text
    form = affairs.open(f"/incidents/{number}/notice/inform_partner").form("/inform_partner")
    assert [len(one) for one in form.choices["document"]] == [64, 0]
    assert form.values["document"] == [""]


def test_a_file_of_a_form_that_comes_back_keeps_its_own_name(served: Served, at: SignedIn) -> None:
    number, affairs = accepted(served), at("bai.lu")
    page = affairs.open(f"/incidents/{number}/notice/record_authority_act")
    for files in ({"document": ("letter <1>.pdf", PDF, "application/pdf")}, None):
        page = affairs.send(page, page.form("/record_authority_act"), files=files, words="Why?")
        assert page.status == 422
        assert "letter <1>.pdf kept already" in page.text
        assert "A file is kept already" not in page.text
        assert len(page.form("/record_authority_act").values["document"]) == 1


@pytest.mark.parametrize(
    "said",
    [
        "(one of the two: these by name, or the number of readers with their list)",
        "(one of the two: this with the list of readers, or consignees by name)",
        "(one of the two: this with the number of readers, or consignees by name)",
    ],
)
def test_who_was_told_is_named_or_counted_and_the_form_says_so(
    served: Served, at: SignedIn, said: str
) -> None:
    number = told_once(approved, served)
    page = at("cheng.bo").open(f"/incidents/{number}/recall/record_notification")
    assert said in page.text
    for label in ("How many readers, if they are not named?", "The list of readers, as a file"):
        assert f"{label} (not required)" not in page.text
