"""A second report of the same lot that halts, and reports that ended: what their pages say."""

import pytest
import sqlalchemy as sa

from api.pages import earlier
from storage.engine import write
from storage.schema import incidents
from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_earlier import SAME_LOT_OPEN, plain
from tests.api.pages.test_offered import accepted, done, words_of
from tests.api.pages.test_standing import LABEL
from tests.api.serving import Served
from tests.api.test_incidents import CRITICAL, reported

pytestmark = pytest.mark.xdist_group("pages")

GOODS = {"products": ["petal-lipstick"], "lots": ["PL2604A"]}
THIRD = {"products": ["shade-spray"], "lots": ["SS2603A"]}
FOURTH = {"products": ["cloud-lotion"], "lots": ["CL2606A"]}
ALSO = "Also stopped by another incident"
OTHER = {"products": ["brook-shampoo"], "lots": ["BS2604A"]}
BOTH = {"products": ["spring-toner"], "lots": ["ST2609A"]}
GOES_ON = "Other open incidents about the same goods"


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


def test_neither_of_two_incidents_waits_for_the_other_and_a_seal_names_the_open_one(
    served: Served, at: SignedIn
) -> None:
    chief = served.person("gao.yuan")
    first, second = (
        reported(served.person("an.qi"), answers=one, **BOTH) for one in (LABEL, CRITICAL)
    )
    done(chief, first, "report/accept_report")
    done(chief, first, "halt/order_halt", level="H2", reason="To be safe.")
    for number, other in ((first, second), (second, first)):
        lifting = plain(at("gao.yuan").open(f"/incidents/{number}/halt/lift_halt?number=1"))
        assert f"{ALSO} {other}:" in lifting
        assert "No incident waits for the halt of another" in lifting
    told = f"{GOES_ON} {second}: "
    form = at("gao.yuan").open(f"/incidents/{first}/review/close_incident")
    assert told in plain(form)
    assert (f"Go to {second}", f"/incidents/{second}") in form.links
    done(chief, first, "review/close_incident", summary="Done.", reason_for_open_items="It stays.")
    assert told in plain(at("lin.wei").open(f"/incidents/{first}/people/A1/sign_act"))
    for name in ("lin.wei", "fang.zheng"):
        done(served.person(name), first, "people/A1/sign_act")
    for page in ("", "/review"):
        seen = plain(at("gao.yuan").open(f"/incidents/{first}{page}"))
        assert told in seen
        assert "The seal closes this incident alone." in seen
    lifting = plain(at("gao.yuan").open(f"/incidents/{second}/halt/lift_halt?number=1"))
    still, _, left = lifting.partition("Left stopped by a closed incident ")
    assert f"{first}: " in left
    # Tests beside this one hold the same goods: what they opened may be told here, this one not.
    assert f"{first}: " not in still


def test_an_exercise_and_a_real_incident_never_warn_of_each_other(
    served: Served, at: SignedIn
) -> None:
    first, second = (reported(served.person("an.qi"), answers=CRITICAL, **THIRD) for _ in range(2))
    pages = [f"/incidents/{one}/halt/lift_halt?number=1" for one in (first, second)]
    assert all(ALSO in plain(at("gao.yuan").open(page)) for page in pages)
    an_exercise = sa.update(incidents).where(incidents.c.id == second).values(drill="simulation")
    with write(served.database.ledger) as connection:
        connection.execute(an_exercise)
    assert not any(ALSO in plain(at("gao.yuan").open(page)) for page in pages)


@pytest.mark.parametrize(
    ("person", "told"), [("gao.yuan", 1), ("an.qi", 0)], ids=["may lift", "may not"]
)
def test_a_hidden_incident_is_told_to_those_alone_who_may_lift_a_halt(
    person: str, told: int, served: Served, at: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, _ = (reported(served.person("an.qi"), answers=CRITICAL, **FOURTH) for _ in range(2))
    monkeypatch.setattr(earlier, "may_see", lambda _actor, _row: False)
    page = plain(at(person).open(f"/incidents/{number}/halt/lift_halt?number=1"))
    assert page.count("in an incident that you may not see") >= told
    assert (ALSO in page) is bool(told)


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


def test_who_signs_to_sell_again_reads_where_and_what_never_stopped(
    served: Served, at: SignedIn
) -> None:
    number = accepted(served)
    taken = {"what": "A jar.", "source": "A shop.", "place": "Hefei", "storage": "Room 2"}
    asker, taken_at = served.person("qiu.ning"), "2026-11-20T02:00:00Z"
    done(asker, number, "investigation/collect_evidence", **taken, taken_at=taken_at)
    done(served.person("gao.yuan"), number, "halt/resume_sale", basis="Clean.", levels=["H2"])
    signing = plain(at("lin.wei").open(f"/incidents/{number}/people/A1/sign_act"))
    assert "Levels H2" in signing
    assert "Have not confirmed the order that stands there" in signing
    assert "Levels H1" not in signing
