"""What an authority did, act by act: what it asks, by when on both clocks, what is next."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from api.authority_help import HELP
from api.rendering import environment
from domain.message import COMMANDS
from domain.regulation_terms import AuthorityActKind
from tests.api.markup import faults_of
from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_offered import accepted, done, words_of
from tests.api.pages.test_standing import plain
from tests.api.serving import Served
from tests.api.test_evidence import PDF

pytestmark = pytest.mark.xdist_group("pages")


def invited(served: Served, market: str = "US", **more: object) -> tuple[str, datetime]:
    """An incident in which an authority invited us to an interview."""
    number, emily = accepted(served), served.person("emily.carter")
    told_at = datetime.fromisoformat(
        emily.get(f"/api/incidents/{number}").json()["state"]["last_at"]
    )
    act = {
        "authority": "FDA",
        "market": market,
        "kind": "interview",
        "received_at": told_at.isoformat(),
        "words": "Come and explain lot DC2603A.",
        **more,
    }
    done(emily, number, "notice/record_authority_act", **act)
    return number, told_at


def test_an_act_says_what_to_do_by_when_on_both_clocks(served: Served, at: SignedIn) -> None:
    on = (datetime.now(UTC) + timedelta(days=20)).date().isoformat()
    number, _ = invited(served, answer_due_on=on)
    page = at("emily.carter").open(f"/incidents/{number}/notice")
    assert faults_of(page.html) == []
    told = plain(page)
    for said in ("AU1 · Interview · FDA", "Come and explain lot DC2603A.", "What to bring or attach",
                 "attach the minutes here", "end of", "New York"):  # fmt: skip
        assert said in told, said
    words = words_of(page)
    assert "The authority set another time for the answer" in words
    assert words.index("The authority was answered") < words.index(
        "This act was recorded by mistake"
    )


def test_what_was_answered_and_what_held_before_stand_in_the_block(
    served: Served, at: SignedIn
) -> None:
    number, told_at = invited(served, answer_due_at="2027-03-01T09:00:00Z")
    emily = served.person("emily.carter")
    done(emily, number, "notice/AU1/extend_answer", reason="By phone.",
         due_at="2027-03-09T09:00:00Z")  # fmt: skip
    file = emily.client.post("/api/blobs", content=PDF).json()["id"]
    done(emily, number, "notice/AU1/attach_to_authority_act", what="Minutes", document=file)
    said = {"channel": "in person", "sent_at": told_at.isoformat()}
    done(emily, number, "notice/AU1/answer_authority", text="We looked.", part=True, **said)
    page = plain(at("emily.carter").open(f"/incidents/{number}/notice"))
    for words in ("Due before that", "answered in part, more is due", "We looked.", "Minutes"):
        assert words in page, words
    done(emily, number, "notice/AU1/answer_authority", text="We found it.", **said)
    page = plain(at("emily.carter", "zh").open(f"/incidents/{number}/notice"))
    assert "We found it." in page


def test_a_withdrawn_act_stays_and_says_why(served: Served, at: SignedIn) -> None:
    number, _ = invited(served)
    emily = served.person("emily.carter")
    done(emily, number, "notice/AU1/withdraw_authority_act", reason="For another firm.")
    page = at("emily.carter").open(f"/incidents/{number}/notice")
    assert "For another firm." in plain(page)
    assert "This act was recorded by mistake" not in words_of(page)


def test_every_kind_of_act_has_its_help() -> None:
    assert set(HELP) == set(AuthorityActKind)
    assert all(one.do and one.who and one.bring for one in HELP.values())


@pytest.mark.parametrize("name", ["record_authority_act", "class_product", "plan_recall_start"])
def test_what_is_done_in_a_country_is_offered_for_every_country(
    name: str, served: Served, at: SignedIn
) -> None:
    number, told_at = invited(served)
    case = {"outcomes": ["hospitalised"], "awareness_at": told_at.isoformat(), "country": "JP",
            "product": "dew-cream"}  # fmt: skip
    done(served.person("mei.lin"), number, "report/register_case", **case)
    page = at("emily.carter").open(f"/incidents/{number}/{COMMANDS[name].stage}/{name}")
    assert page.status == 200
    choices = page.html.partition('name="market"')[2].partition("</select>")[0]
    offered = re.findall(r'<option value="([A-Z]{2})"', choices)
    assert {"JP", "AU", "TW", "KR", "SG", "MY", "CA", "XI", "BR"} <= set(offered)
    assert "JP" in offered[:3], "where somebody is hurt stands first"


def test_what_can_be_done_about_an_act_is_never_called_unknown() -> None:
    draw = environment("en").get_template("console/blocks.html").module
    acts = [{"text": "Answer", "href": "/a"}]
    drawn = str(draw.rows([{"label": "What you can do", "acts": acts}]))  # type: ignore[attr-defined]
    assert "Answer" in drawn
    assert "unknown" not in drawn
    assert "unknown" in str(draw.rows([{"label": "Due"}]))  # type: ignore[attr-defined]


def test_a_long_text_as_sent_is_folded_on_a_card() -> None:
    draw = environment("en").get_template("console/blocks.html").module
    rows = [{"label": "Text", "text": "word " * 200}]
    assert "<details" in str(draw.rows(rows, brief=True))  # type: ignore[attr-defined]
    assert "<details" not in str(draw.rows(rows))  # type: ignore[attr-defined]
