"""Entries of the halt say how many units, where somebody counted them: alike otherwise."""

from datetime import UTC, datetime

import pytest

from api.pages.lens import Lens, lens_for
from api.pages.telling import sentence_of, variant_of
from domain.channels import ChannelAnswered
from domain.drift import BY_LOOK, DriftFound
from domain.values import PublicText
from services.opening import open_stores
from tests.api.serving import Served

pytestmark = pytest.mark.xdist_group("pages")

STOPPED = {"channel": "shop", "order": 2, "state": "confirmed", "attempts": 1, "proof": "Seen."}


@pytest.fixture(scope="module")
def lens(served: Served) -> Lens:
    return lens_for(open_stores(served.settings), None, "en", now=datetime.now(UTC))


def confirmed(**more: object) -> ChannelAnswered:
    return ChannelAnswered(**{**STOPPED, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({}, "shop has stopped. “Seen.”"),
        ({"units": 1_200}, "shop has stopped; units set apart: 1,200. “Seen.”"),
        ({"units": 0}, "shop has stopped; units set apart: 0. “Seen.”"),
        ({"units": 7, "proof": ""}, "shop has stopped; units set apart: 7."),
        (
            {"unanswered": (1,)},
            "shop has stopped what halt order 2 names; other orders are still open there. “Seen.”",
        ),
        (
            {"unanswered": (1,), "units": 40},
            (
                "shop has stopped what halt order 2 names, units set apart: 40; other orders are still "
                "open there. “Seen.”"
            ),
        ),
        (
            {"left_to_person": (1,), "units": 40},
            (
                "shop has stopped what halt order 2 names, units set apart: 40; a named person still "
                "answers for other orders there. “Seen.”"
            ),
        ),
        (
            {"left_to_person": (1,)},
            (
                "shop has stopped what halt order 2 names; a named person still answers for other "
                "orders there. “Seen.”"
            ),
        ),
    ],
    ids=["uncounted", "counted", "none", "no-proof", "part", "part-counted", "beside-counted",
         "beside"],
)  # fmt: skip
def test_a_stop_says_what_was_counted_there(lens: Lens, more: dict[str, object], says: str) -> None:
    assert sentence_of(lens, confirmed(**more)) == says


@pytest.mark.parametrize("state", ["accepted", "refused", "failed", "taken_over", "silent"])
def test_units_beside_another_answer_are_no_stop(state: str) -> None:
    assert variant_of(confirmed(state=state, units=3)) == f"ChannelAnswered:{state}"


@pytest.mark.parametrize(
    ("units", "says"),
    [
        (None, "found offers still on sale: 2; paid orders on their way: 1."),
        (880, "found offers still on sale: 2; units in them: 880; paid orders on their way: 1."),
        (0, "found offers still on sale: 2; units in them: 0; paid orders on their way: 1."),
    ],
    ids=["uncounted", "counted", "none"],
)
def test_a_look_says_the_units_that_the_shop_counts(
    lens: Lens, units: int | None, says: str
) -> None:
    found = DriftFound(
        channel="shop", how_seen=PublicText(BY_LOOK), units_sold=None,
        offers=2, units=units, unshipped=1,
    )  # fmt: skip
    assert sentence_of(lens, found) == f"A look at shop {says}"
