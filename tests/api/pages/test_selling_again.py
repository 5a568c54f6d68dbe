"""The form to sell again says what is ticked, while it is ticked and when it is shown again."""

import re
from datetime import timedelta
from typing import Any

import pytest

from domain.channels import ChannelOutcome, ReportOutcomes
from domain.people import PERFORMER
from domain.report import AcceptReport
from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_earlier import plain
from tests.api.pages.test_offered import accepted, done, told_once
from tests.api.pages.test_standing import plan_signed
from tests.api.serving import Served
from tests.api.test_order_answer import Kept
from tests.domain.recalls import COMMANDER
from tests.domain.test_resuming_goods import L1, L2, PROMOTION, SHOP, freed
from tests.domain.test_under_way import L3, halts

pytestmark = pytest.mark.xdist_group("pages")

HEAD = "What goes on sale again"


@pytest.fixture
def number(served: Served) -> str:
    return told_once(accepted, served)


def stopped_at(served: Served, number: str) -> list[str]:
    halt = served.person("gao.yuan").get(f"/api/incidents/{number}").json()["state"]["halt"]
    return sorted({name for one in halt["orders"] for name in one["channels"]})


def test_nothing_ticked_means_nothing_until_all_is_chosen(
    served: Served, at: SignedIn, number: str
) -> None:
    there, every = at("gao.yuan"), len(stopped_at(served, number))
    page = there.open(f"/incidents/{number}/halt/resume_sale")
    assert "May be sold again nothing chosen yet Stopped now" in plain(page)
    assert "Channels that may resume" not in plain(page)
    form = page.form("/resume_sale")
    told = plain(there.send(page, form, "Show what would follow", reach="all", basis="Clean."))
    assert f"all that were told to stop there, because none is chosen: {every} channels" in told


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({}, "Choose whether all that is stopped goes on again, or only what you name."),
        ({"lots": ["ST2603A"]}, "Choose whether all that is stopped goes on again"),
        ({"reach": "named"}, "Nothing is named below. Name what goes on again, or choose all."),
        ({"reach": "all", "lots": ["ST2603A"]}, "You named something below."),
        ({"reach": "elsewhere"}, "Choose whether all that is stopped goes on again"),
    ],
    ids=["nothing", "named, and not said", "only, and nothing", "all, and something", "made up"],
)
def test_nobody_frees_everything_by_leaving_fields_empty(
    served: Served, at: SignedIn, typed: dict[str, Any], told: str
) -> None:
    number, there = told_once(three_lots, served), at("gao.yuan")
    page = there.open(f"/incidents/{number}/halt/resume_sale")
    answer = there.send(page, page.form("/resume_sale"), basis="Clean by its test.", **typed)
    assert (answer.status, told in plain(answer)) == (422, True)
    again = answer.form("/resume_sale").values
    assert again["basis"] == ["Clean by its test."]
    assert again.get("lots", []) == typed.get("lots", [])
    state = served.person("gao.yuan").get(f"/api/incidents/{number}").json()["state"]
    assert state["pending"] == {}, "nothing is proposed"


@pytest.mark.parametrize(
    ("typed", "named"),
    [({"reach": "all"}, {}), ({"reach": "named", "lots": ["ST2603A"]}, {"lots": ["ST2603A"]})],
    ids=["all", "a lot"],
)
def test_what_is_chosen_is_proposed(
    served: Served, at: SignedIn, typed: dict[str, Any], named: dict[str, list[str]]
) -> None:
    number, there = three_lots(served), at("gao.yuan")
    page = there.open(f"/incidents/{number}/halt/resume_sale")
    answer = there.send(page, page.form("/resume_sale"), basis="Clean.", **typed)
    assert answer.status == 200
    [waits] = (
        served.person("gao.yuan")
        .get(f"/api/incidents/{number}")
        .json()["state"]["pending"]
        .values()
    )
    body = waits["command"]["body"]
    meant = ("levels", "channels", "products", "lots")
    assert {name: body[name] for name in meant if body.get(name)} == named


def test_where_nothing_can_resume_the_form_says_why(served: Served, at: SignedIn) -> None:
    number, there = three_lots(served), at("gao.yuan")
    done(served.person("gao.yuan"), number, "halt/resume_sale", basis="Clean.")
    [waits] = served.person("lin.wei").get(f"/api/incidents/{number}").json()["state"]["pending"]
    done(served.person("lin.wei"), number, f"people/{waits}/sign_act")
    told = plain(there.open(f"/incidents/{number}/halt/resume_sale"))
    assert "Nothing is stopped any more: it was resumed, or lifted, " in told
    for empty in ("something else comes first", "Levels unknown", "0 channels"):
        assert empty not in told


@pytest.mark.parametrize("way", ["without script", "while it is ticked"])
def test_one_that_is_ticked_is_counted_as_one(
    served: Served, at: SignedIn, number: str, way: str
) -> None:
    there, names = at("gao.yuan"), stopped_at(served, number)
    page = there.open(f"/incidents/{number}/halt/resume_sale")
    form = page.form("/resume_sale")
    if way == "without script":
        told = there.send(page, form, "Show what would follow", channels=[names[0]], basis="Clean.")
        text = plain(told)
    else:
        typed = form.filled(channels=[names[0]])
        answer = there.client.post(form.action, data=typed, headers={"X-Fragment": "1"})
        assert "<html" not in answer.text
        text = re.sub(r"<[^>]+>|\s+", " ", answer.text)
    assert HEAD in text
    assert f"1 of {len(names)} channels; the halt goes on at the others" in " ".join(text.split())
    assert f'data-asks-of="{form.action}"' in page.html


def test_while_a_recall_runs_the_form_says_that_it_does(served: Served, at: SignedIn) -> None:
    number = plan_signed(served)
    told = plain(at("gao.yuan").open(f"/incidents/{number}/halt/resume_sale"))
    why = "A recall of these lots is running. Complete the recall in every market first."
    assert why in told
    assert "something else comes first" not in told


LOTS = ("ST2603A", "ST2606A", "ST2609A")


def three_lots(served: Served) -> str:
    """Report lots of one product, and tell the commander what makes it possible to sell again."""
    number = accepted(served, products=["spring-toner"], lots=list(LOTS))
    taken = {"what": "A jar.", "source": "A shop.", "place": "Hefei", "storage": "Room 2"}
    asker, taken_at = served.person("qiu.ning"), "2026-11-20T02:00:00Z"
    done(asker, number, "investigation/collect_evidence", **taken, taken_at=taken_at)
    return number


def test_the_lots_that_are_stopped_are_offered_and_no_others(served: Served, at: SignedIn) -> None:
    number = told_once(three_lots, served)
    form = at("gao.yuan").open(f"/incidents/{number}/halt/resume_sale").form("/resume_sale")
    assert form.choices["lots"] == list(LOTS)
    assert form.choices["products"] == ["spring-toner"]


def test_what_is_freed_and_what_stays_is_told_before_it_is_done_and_signed(
    served: Served, at: SignedIn
) -> None:
    number, there = three_lots(served), at("gao.yuan")
    page = there.open(f"/incidents/{number}/halt/resume_sale")
    form = page.form("/resume_sale")
    told = plain(there.send(page, form, "Show what would follow", lots=[LOTS[0]], basis="Clean."))
    signed = {"basis": "Clean.", "levels": ["H2"], "lots": [LOTS[0]]}
    done(served.person("gao.yuan"), number, "halt/resume_sale", **signed)
    signing = plain(at("lin.wei").open(f"/incidents/{number}/people/A1/sign_act"))
    for text in (told, signing):
        assert f"May be sold again Spring Toner: {LOTS[0]} Lots: 1 of 3 that are stopped" in text
        assert f"Stays stopped there Spring Toner: {LOTS[1]}, {LOTS[2]}" in text
    assert f"It means Spring Toner ({LOTS[0]}) alone; all else stays stopped." in told
    assert f"It is safe to sell or make this product again: Spring Toner ({LOTS[0]})" in signing
    button = f"may resume with Spring Toner ({LOTS[0]}); what else is stopped stays stopped"
    assert button in signing
    assert "is told to stop" not in signing
    assert "are told to stop" not in signing
    done(served.person("lin.wei"), number, "people/A1/sign_act")
    ledger = at("gao.yuan").open(f"/incidents/{number}/ledger").text
    assert "what is left of" in ledger
    board = plain(at("gao.yuan").open(f"/incidents/{number}/halt"))
    orders = board[board.index("Second person ") :]
    again = board[board.index("May be sold again, by decision") :]
    assert re.match(
        rf".{{30}} Spring Toner: {LOTS[0]} at \d+ channels, freed of order 2 · .* have said so: ",
        again,
    )
    assert "lifted: 1" in board
    size = served.person("gao.yuan").get(f"/api/incidents/{number}").json()["state"]["size"]
    replay = plain(at("gao.yuan").open(f"/incidents/{number}/at?at={size}"))
    assert f"May be sold again by decision: Spring Toner: {LOTS[0]}." in replay
    answer = plain(at("ren.jia").open(f"/incidents/{number}/audit/questions/5"))
    assert f"May be sold again by decision: Spring Toner: {LOTS[0]}." in answer
    assert "An order still stops: " in answer
    assert "the plan" in orders[: orders.index("2. ")], "order 3, which is what is left of 2"
    assert "Some goods resume at" in ledger
    state = served.person("gao.yuan").get(f"/api/incidents/{number}").json()["state"]["halt"]
    assert [one["lots"] for one in state["orders"] if one.get("part_of")] == [list(LOTS[1:])]


def test_of_named_goods_the_levels_and_channels_that_stop_them_are_told_and_no_others(
    served: Served, at: SignedIn
) -> None:
    number = told_once(three_lots, served)
    free = {"basis": "Clean.", "levels": ["H2"], "lots": [LOTS[0]]}
    done(served.person("gao.yuan"), number, "halt/resume_sale", **free)
    signed = list(
        served.person("lin.wei").get(f"/api/incidents/{number}").json()["state"]["pending"]
    )
    done(served.person("lin.wei"), number, f"people/{signed[-1]}/sign_act")
    orders = (
        served.person("gao.yuan").get(f"/api/incidents/{number}").json()["state"]["halt"]["orders"]
    )
    stop = [o for o in orders if not o["lifted_at"] and LOTS[0] in o["lots"]]
    assert {one["level"] for one in stop} == {"H1"}
    there = at("gao.yuan")
    page = there.open(f"/incidents/{number}/halt/resume_sale")
    form = page.form("/resume_sale")
    told = plain(there.send(page, form, "Show what would follow", lots=[LOTS[0]], basis="Clean."))
    every = len({name for one in stop for name in one["channels"]})
    assert f"all that were told to stop there, because none is chosen: {every} channels" in told
    levels = told[told.index("Levels ") : told.index("Channels that may resume")]
    assert ("H1" in levels, "H2" in levels) == (True, False)


def test_a_lot_that_is_not_stopped_is_refused_with_what_to_do(served: Served, at: SignedIn) -> None:
    number = told_once(three_lots, served)
    answer = served.person("gao.yuan").post(
        f"/api/incidents/{number}/halt/resume_sale", {"basis": "Clean.", "lots": ["DC2601A"]}
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "not_halted")
    assert "DC2601A is not stopped at these levels." in answer.json()["detail"]


def test_before_there_is_evidence_the_form_says_what_is_missing(
    served: Served, at: SignedIn, number: str
) -> None:
    page = at("gao.yuan").open(f"/incidents/{number}/halt/resume_sale")
    told = plain(page)
    assert "No evidence and no test is on the record. Record first what this rests on." in told
    assert "something else comes first" not in told
    assert "the authority's consent, where it ordered the stop" in told.replace("’", "'")


def test_what_is_still_to_come_back_is_said_beside_a_newer_order_with_the_act(
    served: Served, at: SignedIn
) -> None:
    kept = Kept(served, "comes-back", age=timedelta(minutes=5))
    story = kept.story
    story.did(COMMANDER, AcceptReport())
    story.keeps_evidence()
    halts(story, L1, L2)
    freed(story, lots=(L2,))
    halts(story, L3)
    story.did(PERFORMER, ReportOutcomes(outcomes=(fails(PROMOTION),)))
    kept.record()
    page = at("cheng.bo").open(f"/incidents/{story.incident.id}/halt")
    said = plain(page)
    comes = "May be sold again here by decision, and this channel has not said yet that it does"
    assert said.count(comes) == 2
    needs = said[said.index("Channels that need somebody") : said.index("In their time to answer")]
    assert needs.count(comes) == 1
    assert "What went wrong: Away." in needs
    assert "have said so: 0 · asked: 2" in said
    forms = {href for _text, href in page.links if "/confirm_resumed" in href}
    assert all(any(f"/{name}/" in href for href in forms) for name in (SHOP, PROMOTION))


def fails(channel: str) -> ChannelOutcome:
    return ChannelOutcome(channel=channel, order=0, state="failed", attempts=2, error="Away.")
