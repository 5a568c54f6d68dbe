"""The form of an act: shown, corrected, sent, and what it leads to."""

import re
from datetime import timedelta

import pytest

from services import sending
from tests.api.browsing import Browser, Seen
from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_offered import accepted, done, told_once
from tests.api.serving import Served
from tests.api.test_incidents import reported

pytestmark = pytest.mark.xdist_group("pages")

FACT = {"value": "4800", "as_of": "2026-11-20T09:00"}


def kept_draft(html: str) -> str:
    """Name the draft that a page says has arrived."""
    found = re.search(r'data-draft-done="([^"]+)"', html)
    return found.group(1) if found else ""


def test_a_corrected_refusal_counts_with_one_press(served: Served, at: SignedIn) -> None:
    number, person = reported(served.person("an.qi")), at("qiu.ning")
    form = person.open(f"/incidents/{number}/investigation/record_fact")
    refused = person.send(
        form, form.form("/record_fact"), key="units_made", value="4800", as_of="2030-01-01T09:00"
    )
    assert refused.status == 409
    assert "Nothing is known as of a time ahead." in refused.text
    done = person.send(refused, refused.form("/record_fact"), as_of="2026-11-20T09:00")
    assert done.status == 200
    assert "Fact “Units made” as told: 4,800" in done.text


def test_what_is_not_confirmed_stands_in_its_form_and_counts_once_when_pressed_again(
    served: Served, at: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, person = reported(served.person("an.qi")), at("qiu.ning")
    page = person.open(f"/incidents/{number}/investigation/record_fact")
    monkeypatch.setattr(sending, "CONFIRMED_WITHIN", timedelta(seconds=1))
    with served.worker_away():
        waits = person.send(page, page.form("/record_fact"), key="units_made", **FACT)
    monkeypatch.undo()
    form, before = waits.form("/record_fact"), page.form("/record_fact")
    assert waits.status == 503
    assert "Nothing is lost" in waits.text
    assert "it counts once" in waits.text
    assert "Everything you typed is here." in waits.text
    assert form.values["value"] == ["4800"]
    assert form.values["command_id"] == before.values["command_id"]
    assert form.buttons.keys() == before.buttons.keys()
    done = person.send(waits, form)
    while done.status == 503:  # the worker is on its way back: pressed again, it counts once
        done = person.send(done, done.form("/record_fact"))
    assert "Fact “Units made” as told: 4,800" in done.text
    entries = served.person("gao.yuan").get(f"/api/incidents/{number}/ledger?limit=500").json()
    told = [one for one in entries["entries"] if one["type"] == "FactRecorded"]
    assert len(told) == 1


def test_an_act_that_arrived_forgets_its_draft(served: Served, at: SignedIn) -> None:
    number, person = reported(served.person("an.qi")), at("qiu.ning")
    page = person.open(f"/incidents/{number}/investigation/record_fact")
    drawn = re.search(r'data-draft="([^"]+)"', page.html)
    done = person.send(page, page.form("/record_fact"), key="units_made", **FACT)
    assert drawn is not None
    assert kept_draft(done.html) == drawn.group(1)
    again = person.open(done.address.replace("sent=", "sent=%22%3E%3Cscript%3E"))
    assert kept_draft(again.html) == ""
    assert "<script>" not in again.html.partition("<body")[2]


def drawn_draft(person: Browser, address: str) -> str:
    found = re.search(r'data-draft="([^"]+)"', person.open(address).html)
    assert found is not None
    return found.group(1)


def test_a_draft_belongs_to_one_kind_of_text_and_to_one_version(
    served: Served, at: SignedIn
) -> None:
    number, author = accepted(served), at("ye.fan")
    form = f"/incidents/{number}/statement/draft_statement"
    staff, hotline = (drawn_draft(author, f"{form}?kind={kind}") for kind in ("staff", "script"))
    assert staff != hotline
    assert staff.startswith(form)
    texts = [{"language": "en", "title": "First word", "body": "We heard of it."}]
    draft = {"kind": "holding", "markets": ["CN"], "texts": texts}
    done(served.person("ye.fan"), number, "statement/draft_statement", **draft)
    change = f"/incidents/{number}/statement/S1/revise_statement"
    before = drawn_draft(author, change)
    page = author.open(change)
    author.send(page, page.form("/revise_statement"), **{"texts-0-body": "We heard of it today."})
    assert drawn_draft(author, change) != before


def test_showing_what_would_follow_never_acts(served: Served, at: SignedIn) -> None:
    number, person = reported(served.person("an.qi")), at("qiu.ning")
    form = person.open(f"/incidents/{number}/investigation/record_fact")
    size = served.person("qiu.ning").get(f"/api/incidents/{number}").json()["size"]
    wrong = person.send(form, form.form("/record_fact"), "what would follow", key="units_made")
    assert wrong.status == 422
    right = person.send(
        wrong, wrong.form("/record_fact"), "what would follow", key="units_made", **FACT
    )
    assert "nothing is done yet" in right.text
    assert served.person("qiu.ning").get(f"/api/incidents/{number}").json()["size"] == size


def test_a_channel_that_nobody_knows_has_no_form(served: Served, at: SignedIn) -> None:
    number, lead = told_once(accepted, served), at("cheng.bo")
    assert lead.open(f"/incidents/{number}/halt/wh-east/report_drift").status == 200
    assert lead.open(f"/incidents/{number}/halt/nowhere/report_drift").status == 404


def test_an_act_leads_back_to_the_page_it_was_opened_from(served: Served, at: SignedIn) -> None:
    number, person = reported(served.person("an.qi")), at("qiu.ning")
    here = f"/incidents/{number}/investigation"
    page = person.open(f"{here}/record_fact", referer=f"{served.url}{here}")
    done = person.send(page, page.form("/record_fact"), key="units_made", **FACT)
    assert done.address.startswith(f"{here}?done=")
    assert "Recorded: this happened" in done.text


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://elsewhere.example/incidents/{0}/halt",
        "{1}/incidents/INC-2026-9999/halt",
        "{1}/audit",
    ],
)
def test_no_other_page_is_led_back_to(served: Served, at: SignedIn, elsewhere: str) -> None:
    number, person = reported(served.person("an.qi")), at("qiu.ning")
    page = person.open(
        f"/incidents/{number}/investigation/record_fact",
        referer=elsewhere.format(number, served.url),
    )
    form = page.form("/record_fact")
    assert "back" not in form.values
    form.values["back"] = ["//elsewhere.example"]
    done = person.send(page, form, key="units_made", **FACT)
    assert done.address.startswith(f"/incidents/{number}?done=")


def pressable(page: Seen, act: str) -> bool:
    """Say whether a form has the button that does the act; its other buttons have names."""
    return any(not name for name, _ in page.form(f"/{act}").buttons.values())


def test_who_may_not_is_told_who_can_and_has_nothing_to_press(served: Served, at: SignedIn) -> None:
    number, act = accepted(served), "close_incident"
    theirs = at("mei.lin").open(f"/incidents/{number}/review/{act}")
    assert "By the plan this belongs to: Incident commander" in theirs.text
    assert not pressable(theirs, act)
    assert pressable(at("gao.yuan").open(theirs.address), act)
    # What was sent all the same is shown as it was sent.
    assert pressable(at("mei.lin").send(theirs, theirs.form(f"/{act}")), act)


def test_who_records_for_others_may_press_what_is_theirs(served: Served, at: SignedIn) -> None:
    number, act = told_once(accepted, served), "record_interception"
    assert pressable(at("ning.ke").open(f"/incidents/{number}/halt/{act}"), act)
    assert not pressable(at("mei.lin").open(f"/incidents/{number}/halt/{act}"), act)
