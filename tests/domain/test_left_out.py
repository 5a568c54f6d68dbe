"""What a scope leaves out although it was reported: in the entry, with its reason, until it is in."""

from dataclasses import replace
from typing import Any

import pytest

from domain.incident import fold, new_incident
from domain.left_out import reported_markets
from domain.recall_scope import SetScope, WidenScope
from domain.report import AddReport
from domain.state import incident_text, read_incident_text
from domain.values import PrivateText
from tests.domain.recalls import COMMANDER, QUALITY, SHOPS, lot, scope, words
from tests.domain.story import SERIOUS, START, Story, rules

WHY = words("Never sold there: the shop belongs to another firm.")


def reported() -> Story:
    story = Story()
    story.accepted(replace(SERIOUS, markets=("CN", "GB")))
    return story


def test_a_reported_market_that_is_left_out_stands_in_the_entry() -> None:
    story = reported()
    assert {"CN", "GB"} <= set(reported_markets(story.incident.report))
    refusal = story.refused(QUALITY, SetScope(**scope()))
    assert (refusal.reason, "GB" in refusal.sentence) == ("left_out_why", True)
    events = story.did(QUALITY, SetScope(**scope(left_out_why=WHY)))
    (made,) = [e for e in events if hasattr(e, "markets_left_out")]
    assert made.markets_left_out == ("GB",)
    standing = story.incident.recall.scope
    assert standing is not None
    assert (standing.markets_left_out, standing.left_out_why) == (("GB",), WHY)


def test_who_is_left_out_newly_needs_a_reason_of_its_own() -> None:
    story = reported()
    story.did(QUALITY, SetScope(**left_out()))
    same = WidenScope(**scope(consignees=SHOPS[2:], left_out=(SHOPS[1],)))
    refusal = story.refused(COMMANDER, same)
    assert (refusal.reason, SHOPS[1] in refusal.sentence) == ("left_out_why", True)
    assert "GB" not in refusal.sentence
    story.did(COMMANDER, replace(same, left_out_why=words("It went bankrupt.")))
    standing = story.incident.recall.scope
    assert standing is not None
    assert standing.left_out_why == f"{WHY}\nIt went bankrupt."


def test_a_market_reported_meanwhile_never_holds_up_a_wider_scope() -> None:
    story = reported()
    story.did(QUALITY, SetScope(**left_out()))
    story.did(COMMANDER, further("FR"))
    story.did(COMMANDER, WidenScope(**scope(consignees=SHOPS[1:], lots=(lot("L1"), lot("L2")))))
    standing = story.incident.recall.scope
    assert standing is not None
    assert standing.markets_left_out == ("FR", "GB")


def further(country: str) -> AddReport:
    """The same problem, reported from another country."""
    said = PrivateText(ref="t2", commitment="c2", subject="s2")
    return AddReport(first_known_at=START, first_known_country=country, words=said)


@pytest.mark.parametrize(
    "markets", [("CN", "GB"), ("CN", "GB", "FR")], ids=["as reported", "and more"]
)
def test_nothing_is_left_out_where_every_reported_market_is_in(markets: tuple[str, ...]) -> None:
    story = reported()
    story.did(QUALITY, SetScope(**scope(markets=markets)))
    assert story.incident.recall.scope is not None
    assert story.incident.recall.scope.markets_left_out == ()


def test_consignees_are_left_out_with_a_reason_only() -> None:
    story = reported()
    assert story.refused(QUALITY, SetScope(**scope(left_out=SHOPS[:1]))).reason == "left_out_why"
    story.did(QUALITY, SetScope(**left_out()))
    standing = story.incident.recall.scope
    assert standing is not None
    assert (standing.consignees_left_out, standing.left_out_why) == (("shop-1",), WHY)


def left_out(**more: Any) -> dict[str, Any]:
    told = {"consignees": SHOPS[1:], "left_out": SHOPS[:1], "left_out_why": WHY}
    return scope(**{**told, **more})


@pytest.mark.parametrize(
    ("changes", "left", "why"),
    [
        pytest.param({"markets": ("CN", "FR")}, ("shop-1",), WHY, id="stays with its reason"),
        pytest.param({"consignees": SHOPS}, (), WHY, id="is in once it is named"),
        pytest.param(
            {"left_out": (SHOPS[9],), "left_out_why": words("Closed."), "markets": ("CN", "FR")},
            ("shop-1",),
            f"{WHY}\nClosed.",
            id="a new reason stands beside it, and who is listed is not left out",
        ),
        pytest.param(
            {"left_out_why": words("Asked the firm: never sold there.")},
            ("shop-1",),
            f"{WHY}\nAsked the firm: never sold there.",
            id="a reason alone is news",
        ),
    ],
)
def test_a_wider_scope_goes_on_from_there(
    changes: dict[str, Any], left: tuple[str, ...], why: str
) -> None:
    story = reported()
    story.did(QUALITY, SetScope(**left_out()))
    story.did(COMMANDER, WidenScope(**scope(**changes)))
    standing = story.incident.recall.scope
    assert standing is not None
    assert (standing.consignees_left_out, standing.left_out_why) == (left, why)
    again = fold(new_incident("INC-2026-0001", rules()), story.leaves)
    assert read_incident_text(incident_text(again), rules()) == story.incident
