"""A second report about goods that were in an incident before: what is said, to whom, and where."""

import pytest
import sqlalchemy as sa

from storage.engine import read, write
from storage.schema import incidents
from tests.api.browsing import Seen
from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_offered import done, words_of
from tests.api.pages.test_standing import LABEL
from tests.api.serving import Served
from tests.api.test_incidents import reported

pytestmark = pytest.mark.xdist_group("pages")

GOODS = {"products": ["soft-wipes"], "lots": ["SW2605A"]}
SAME_LOT = "The very same lot was in an incident before"
SAME_LOT_OPEN = "The very same lot is in an incident that is open"
SAME_PRODUCT = "The same product was in an incident before"
TO_LINK = {"products": ["festival-set"], "lots": ["FS2608A"]}
NO_GRADE = "It changes no grade by itself."


def plain(page: Seen) -> str:
    return " ".join(page.text.split())


@pytest.fixture(scope="module")
def sealed(served: Served) -> str:
    """An incident that ended: it was accepted, nothing was recalled, three people sealed it."""
    number = reported(served.person("an.qi"), answers=LABEL, **GOODS)
    done(served.person("gao.yuan"), number, "report/accept_report")
    closing = {"summary": "A label was crooked.", "reason_for_open_items": "Nothing is."}
    done(served.person("gao.yuan"), number, "review/close_incident", **closing)
    for name in ("lin.wei", "fang.zheng"):
        done(served.person(name), number, "people/A1/sign_act")
    return number


def test_who_decides_sees_first_that_the_lot_was_in_a_sealed_incident(
    served: Served, at: SignedIn, sealed: str
) -> None:
    number, chief = reported(served.person("an.qi"), answers=LABEL, **GOODS), at("gao.yuan")
    page = chief.open(f"/incidents/{number}?reported=1")
    text = plain(page)
    assert SAME_LOT in text
    assert text.index(SAME_LOT) < text.index("Accept or close the report")
    assert "the same lot: SW2605A" in text
    assert "no recall was decided · closed on" in text
    assert NO_GRADE in text
    assert (sealed, f"/incidents/{sealed}") in page.links
    assert "Answer the severity questions" in words_of(page)
    for act in ("accept_report", "close_report", "assess_severity"):
        assert SAME_LOT in plain(chief.open(f"/incidents/{number}/report/{act}")), act
    row = plain(chief.open("/")).split(number)[1][:400]
    assert "The very same lot: no recall was decided · closed on" in row


def test_an_old_record_that_cannot_be_read_stands_in_no_new_reports_way(
    served: Served, at: SignedIn
) -> None:
    goods = {"products": ["dew-cream"], "lots": ["DC2603A"]}
    first = reported(served.person("an.qi"), answers=LABEL, **goods)
    served.settled()
    damage = sa.text("UPDATE incidents SET state = :state, version = version + 1 WHERE id = :id")
    with read(served.database.ledger) as connection:
        whole = connection.execute(sa.select(incidents.c.state).where(incidents.c.id == first))
        kept = whole.scalar_one()
    second = reported(served.person("an.qi"), answers=LABEL, **goods)
    assert SAME_LOT_OPEN in plain(at("gao.yuan").open(f"/incidents/{second}"))
    with write(served.database.ledger) as connection:
        connection.execute(damage, {"state": "{}", "id": first})
    try:
        page = plain(at("gao.yuan").open(f"/incidents/{second}"))
        assert first not in page
        assert "Accept or close the report" in page
    finally:
        with write(served.database.ledger) as connection:
            connection.execute(damage, {"state": kept, "id": first})


def test_the_sealed_incident_is_reopened_from_the_new_report(
    served: Served, at: SignedIn, sealed: str
) -> None:
    number, chief = reported(served.person("an.qi"), answers=LABEL, **GOODS), at("gao.yuan")
    page = chief.open(f"/incidents/{number}")
    said = [
        href
        for words, href in page.links
        if words == "Reopen this incident with the new report" and sealed in href
    ]
    form = chief.open(said[0]).form("/reopen_incident")
    assert form.values["new_fact"] == [f"Reported again: {number}."]


def test_a_sealed_page_leads_to_what_opens_it_again(at: SignedIn, sealed: str) -> None:
    again = ("Reopen the incident", f"/incidents/{sealed}/review/reopen_incident")
    assert again in at("gao.yuan").open(f"/incidents/{sealed}").links


def test_a_new_report_on_a_sealed_incident_is_led_to_what_opens_it_again(
    served: Served, at: SignedIn, sealed: str
) -> None:
    address = f"/incidents/{sealed}/report/add_report"
    chief, other = at("gao.yuan").open(address), at("an.qi").open(address)
    assert ("Reopen the incident", f"/incidents/{sealed}/review/reopen_incident") in chief.links
    for page in (chief, other):
        assert "On a new fact it is opened by: “Reopen the incident”." in plain(page)
    assert "Gao Yuan" in plain(other).split("“Reopen the incident”. Who can:")[1][:200]
    assert "Reopen the incident" not in words_of(other)
    news = {"first_known_at": "2026-11-20T02:00:00Z", "first_known_country": "CN", "words": "No."}
    asker = served.person("an.qi")
    told = asker.post(f"/api/incidents/{sealed}/report/add_report", news).json()
    assert told["code"] == "closed"
    assert "reopen_incident" in told["hint"]
    assert "incident_commander" in told["who_could"]


@pytest.mark.parametrize(
    ("goods", "said", "unsaid"),
    [
        ({"products": ["soft-wipes"]}, "here the lot is not known yet", SAME_LOT),
        ({"products": ["soft-wipes"], "lots": ["SW2608A"]}, "other lots there: SW2605A", SAME_LOT),
    ],
    ids=["lot not known", "another lot"],
)
def test_the_same_product_is_told_as_what_it_is(
    goods: dict[str, list[str]],
    said: str,
    unsaid: str,
    served: Served,
    at: SignedIn,
    sealed: str,
) -> None:
    number = reported(served.person("an.qi"), answers=LABEL, **goods)
    text = plain(at("gao.yuan").open(f"/incidents/{number}"))
    assert said in text
    assert unsaid not in text


def test_it_is_told_while_one_reports_and_changes_no_answer(
    served: Served, at: SignedIn, sealed: str
) -> None:
    chief = at("gao.yuan")
    page = chief.open("/report")
    assert "The very same lot" not in plain(page)
    shown = chief.send(page, page.form("/report"), "Show the grade", **GOODS)
    assert "The very same lot" in plain(shown)
    assert sealed in plain(shown)
    before, after = page.form("/report").values, shown.form("/report").values
    answers = {name for name in before | after if name.startswith("answers-")}
    assert all(before.get(name) == after.get(name) for name in answers)


def test_who_may_not_see_the_incident_is_told_that_others_do(
    served: Served, at: SignedIn, sealed: str
) -> None:
    reader = at("he.miao")
    page = reader.open("/report")
    shown = reader.send(page, page.form("/report"), "Show the grade", **GOODS)
    text = plain(shown)
    assert "The same product is or was in another incident" in text
    assert SAME_LOT not in text
    assert "Whoever decides on the report is shown what came of it." in text
    assert sealed not in shown.html


def test_other_goods_are_told_nothing(served: Served, at: SignedIn, sealed: str) -> None:
    chief = at("gao.yuan")
    page = chief.open("/report")
    shown = chief.send(page, page.form("/report"), "Show the grade", products=["festival-set"])
    assert sealed not in shown.html


def test_a_grade_is_the_same_with_and_without_an_earlier_incident(
    served: Served, at: SignedIn, sealed: str
) -> None:
    chief = served.person("gao.yuan")
    number = reported(served.person("an.qi"), answers=LABEL, **GOODS)
    assert chief.get(f"/api/incidents/{number}").json()["state"]["report"]["grade"] == "minor"


def test_a_linked_report_and_its_incident_lead_to_each_other(served: Served, at: SignedIn) -> None:
    goods = {"products": ["dew-cream"], "lots": ["DC2603A"]}
    target = reported(served.person("an.qi"), answers=LABEL, **goods)
    done(served.person("gao.yuan"), target, "report/accept_report")
    number = reported(served.person("he.miao"), answers=LABEL, **goods)
    chief = at("gao.yuan")
    assert "Also reported" not in plain(chief.open(f"/incidents/{target}"))
    known = {"first_known_at": "2026-11-20T02:00:00Z", "first_known_country": "CN"}
    more = {**known, "words": "It itches.", "people_hurt": 1}
    done(served.person("he.miao"), number, "report/add_report", **more)
    to_link = f"/incidents/{number}/report/link_report?incident={target}"
    asked = f"Report {number} is about the same goods: link it here?"
    for here, told in ((target, asked), (number, f"Open about the same goods: {target}")):
        page = chief.open(f"/incidents/{here}")
        assert told in plain(page)
        assert (f"Link {number} to {target}", to_link) in page.links
    same = {"incident": target, "reason": "The same jar, told by two people."}
    done(served.person("gao.yuan"), number, "report/link_report", **same)
    waits = f"The link of report {number} to this incident waits for a signature there"
    assert waits in plain(chief.open(f"/incidents/{target}"))
    assert ("Read and sign", f"/incidents/{number}/people/A1/sign_act") in at("lin.wei").open(
        f"/incidents/{target}"
    ).links
    waiting = plain(chief.open(f"/incidents/{number}"))
    assert f"Link to another incident ({target})" in waiting
    done(served.person("lin.wei"), number, "people/A1/sign_act")
    to_count = f"{number} tells of people hurt, whom the link does not count"
    assert to_count in plain(chief.open(f"/incidents/{target}"))
    page = chief.open(f"/incidents/{number}")
    assert f"This report belongs to {target}" in plain(page)
    assert (f"Go to {target}", f"/incidents/{target}") in page.links
    there = chief.open(f"/incidents/{target}")
    assert f"Also reported {number} " in plain(there)
    assert "It tells of 1 person hurt, who is not counted here by the link." in plain(there)
    assert (number, f"/incidents/{number}") in there.links
    done(served.person("an.qi"), target, "report/add_report", **more)
    assert to_count not in plain(chief.open(f"/incidents/{target}"))
    # Who reported the second sees where it went, and nothing that leads into the first.
    own = at("he.miao").open(f"/incidents/{number}")
    assert f"This report belongs to {target}" in plain(own)
    assert f"Go to {target}" not in words_of(own)


def test_a_report_is_linked_to_an_incident_that_there_is(served: Served) -> None:
    number = reported(served.person("an.qi"), answers=LABEL, **GOODS)
    nowhere = {"incident": "INC-2026-9999", "reason": "The same jar."}
    address = f"/api/incidents/{number}/report/link_report"
    answer = served.person("gao.yuan").post(address, nowhere)
    assert answer.status_code == 422
    assert answer.json()["detail"] == "There is no incident “INC-2026-9999”."


@pytest.mark.parametrize(
    ("goods", "is_suggested"),
    [
        ({"products": ["festival-set"], "lots": ["FS2608A"]}, True),
        ({"products": ["festival-set"], "lots": ["FS2609A"]}, False),
        ({"products": ["spring-toner"], "lots": ["ST2603A"]}, False),
    ],
    ids=["the same lot", "another lot", "another product"],
)
def test_only_what_the_goods_suggest_is_chosen_to_link_to(
    goods: dict[str, list[str]], is_suggested: bool, served: Served, at: SignedIn
) -> None:
    target = reported(served.person("an.qi"), answers=LABEL, **TO_LINK)
    number = reported(served.person("an.qi"), answers=LABEL, **goods)
    form = at("gao.yuan").open(f"/incidents/{number}/report/link_report").form("/link_report")
    chosen = [one for one in form.values.get("incident", []) if one]
    for one in (number, target):
        done(served.person("gao.yuan"), one, "report/close_report", reason="No fault was found.")
        done(served.person("lin.wei"), one, "people/A1/sign_act")
    assert chosen == ([target] if is_suggested else [])
