"""A channel that refuses, and goods that are still sold, come first for who can do something."""

import pytest

from services.answer_links import path_of
from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_earlier import plain
from tests.api.pages.test_offered import accepted, done, told_once
from tests.api.serving import Served

pytestmark = pytest.mark.xdist_group("pages")

WRITTEN = "influencer-links"
SAYS = "Influencer link pool says that it cannot stop: call them, or answer for it"


def refused(served: Served) -> str:
    """Let a channel say by its link that it cannot stop."""
    number = accepted(served)
    assert served.app is not None
    path = path_of(served.app.state.house, number, WRITTEN, order_at(served, number))
    said = {
        "answer": "cannot",
        "reason": "The links are paid.",
        "name": "Sun Li, +86 139 0000 1234",
    }
    with served.visitor() as channel:
        assert channel.post(path, data=said).status_code == 303
    return number


def order_at(served: Served, number: str) -> int:
    halt = served.person("gao.yuan").get(f"/api/incidents/{number}").json()["state"]["halt"]
    order: int = halt["channels"][WRITTEN]["order"]
    return order


@pytest.mark.parametrize("who", ["gao.yuan", "cheng.bo"])
def test_a_refusal_is_a_card_of_its_own_for_who_owns_it(
    served: Served, at: SignedIn, who: str
) -> None:
    number = told_once(refused, served)
    page = at(who).open(f"/incidents/{number}")
    said = plain(page)
    assert SAYS in said
    assert said.index(SAYS) < said.index("channels have not confirmed that they stopped")
    assert [href for _, href in page.links if f"{WRITTEN}/take_over_channel" in href]


def sold(served: Served) -> str:
    """Find goods on sale where there is the longest time to answer."""
    number = accepted(served)
    done(served.person("cheng.bo"), number, f"halt/{slowest(served, number)}/report_drift",
         how_seen="On show")  # fmt: skip
    return number


def slowest(served: Served, number: str) -> str:
    halt = served.person("gao.yuan").get(f"/api/incidents/{number}").json()["state"]["halt"]
    dues: dict[str, str] = {name: one["answer_due_at"] for name, one in halt["channels"].items()}
    return max(dues, key=lambda name: dues[name])


def test_goods_on_sale_come_before_who_has_not_confirmed(served: Served, at: SignedIn) -> None:
    said = plain(at("cheng.bo").open(f"/incidents/{told_once(sold, served)}"))
    assert said.index("still sells it") < said.index("channels have not confirmed that they")


def test_the_board_leads_to_the_number_that_whoever_refused_left_and_keeps_it_to_itself(
    served: Served, at: SignedIn
) -> None:
    number = told_once(refused, served)
    page = at("cheng.bo").open(f"/incidents/{number}/halt")
    said = plain(page)
    needed = said[said.index("Channels that need somebody") :]
    row = needed[needed.index("Influencer link pool") :][:400]
    assert "names no number" not in row
    assert "Sun Li" not in page.html, "what is kept for many readers holds no private words"
    [entry] = [href for told, href in page.links if told == "Who refused, and their number"]
    told = at("cheng.bo").open(entry)
    assert "Sun Li, +86 139 0000 1234" in told.text
    assert "Why it cannot The links are paid." in plain(told)
    assert "Who may open its private text" in told.text
    auditor = at("ren.jia").open(f"/incidents/{number}/halt")
    assert "Who refused, and" not in auditor.text


def test_of_a_channel_that_refused_no_answer_is_due(served: Served, at: SignedIn) -> None:
    said = plain(at("cheng.bo").open(f"/incidents/{told_once(refused, served)}/halt"))
    needed = said[said.index("Channels that need somebody") :]
    row = needed[needed.index("Influencer link pool") :]
    row = row[: row.index("Who refused, and")]
    assert "answer due" not in row
    assert "The links are paid." in row


def test_who_was_called_and_answered_for_asks_nobody_any_more(served: Served, at: SignedIn) -> None:
    number = refused(served)
    lead = served.person("gao.yuan")
    done(lead, number, f"halt/{WRITTEN}/take_over_channel", reason="I have them taken down.")
    assert SAYS not in plain(at("gao.yuan").open(f"/incidents/{number}"))


def test_goods_that_were_found_are_none_now_and_never_none_at_all(
    served: Served, at: SignedIn
) -> None:
    number = accepted(served)
    lead = served.person("cheng.bo")
    assert "Still on sale after all none found" in plain(
        at("cheng.bo").open(f"/incidents/{number}/halt")
    )
    done(lead, number, f"halt/{WRITTEN}/report_drift", how_seen="On show")
    done(lead, number, f"halt/{WRITTEN}/take_over_channel", reason="I have them taken down.")
    said = plain(at("cheng.bo").open(f"/incidents/{number}/halt"))
    assert "none found" not in said
    assert (
        "Still on sale after all none now found once: Influencer link pool (taken over by Cheng Bo)"
        in said
    )
