"""The page of an order for several products: each lot stands beside its own product."""

import re
from collections.abc import Iterator
from datetime import timedelta

import httpx2
import pytest

from domain.halt import OrderHalt
from domain.people import Role
from domain.report import AcceptReport
from domain.resuming import LiftHalt, ResumeSale
from domain.severity import HaltLevel
from domain.values import LotNumber, ProductId, PublicText
from tests.api.markup import faults_of
from tests.api.serving import Served
from tests.api.test_order_answer import Kept, way_of
from tests.domain.story import person

pytestmark = pytest.mark.xdist_group("api")

BOSS = person(Role.INCIDENT_COMMANDER, Role.DUTY_OFFICER)
PRODUCTS = (ProductId("cloud-lotion"), ProductId("spring-toner"))
LOTS = tuple(map(LotNumber, ("CL2602A", "CL2604A", "ST2603A")))
LOTION, TONER = "云朵婴儿润肤乳", "泉感爽肤水"


@pytest.fixture
def anyone(served: Served) -> Iterator[httpx2.Client]:
    """Give somebody without an account."""
    with served.visitor() as visitor:
        yield visitor


def told(served: Served, key: str, lots: tuple[LotNumber, ...] = LOTS) -> Kept:
    """Tell of a channel that is ordered to stop lots of two products."""
    other = Kept(served, key, age=timedelta(minutes=9))
    other.story.did(BOSS, AcceptReport())
    other.story.keeps_evidence()
    order = OrderHalt(
        level=HaltLevel.H1, products=PRODUCTS, lots=lots, reason=PublicText("Both of them.")
    )
    other.story.did(BOSS, order)
    other.record()
    return other


def freed(kept: Kept, *products: ProductId) -> None:
    """Let two people free products at the channel."""
    kept.story.later(minutes=1)
    basis = PublicText("Of another bulk.")
    kept.story.did(BOSS, ResumeSale(basis=basis, levels=(HaltLevel.H1,), products=products))
    kept.story.signed(person(Role.QUALITY_SAFETY_RESPONSIBLE))
    kept.record()


def text_of(page: str) -> str:
    return " ".join(re.sub("<[^>]*>", " ", page).split())


def test_each_product_stands_with_its_own_lots(served: Served, anyone: httpx2.Client) -> None:
    page = anyone.get(told(served, "goods-two").path()).text
    assert not faults_of(page)
    said = text_of(page)
    assert re.search(f"{LOTION}[^A-Z]* CL2602A、CL2604A {TONER}[^A-Z]* ST2603A", said)
    assert "CL2604A、ST2603A" not in said
    labels = re.findall(r'<label for="f-units-[0-9]">([^<]*)<', page)
    assert [TONER in one for one in labels] == [False, False, True]
    assert [LOTION in one for one in labels] == [True, True, False]


def test_what_is_left_is_asked_for_its_own_lots_alone(
    served: Served, anyone: httpx2.Client
) -> None:
    kept = told(served, "goods-left")
    freed(kept, PRODUCTS[1])
    page = anyone.get(kept.path()).text
    assert "CL2604A" in page
    assert LOTS[2] not in page, "it is a lot of what was freed"
    assert not [name for name in way_of(page) if name.endswith("3-stopped")]
    typed = {"answer": "stopped", "name": "Li", "units-0": "5", "units-2": "none"}
    typed |= {"way-gifts-3-stopped": "none", "where": "x" * 201}
    refused = anyone.post(kept.path(), data=typed)
    assert set(re.findall(r'id="e-([^"]+)"', refused.text)) == {"where"}, "others are not read"


def test_the_page_of_the_order_before_names_what_is_freed_and_what_stays(
    served: Served, anyone: httpx2.Client
) -> None:
    kept = told(served, "goods-before", (*LOTS[:2], LotNumber("ST2606A")))
    path = kept.path()
    freed(kept, PRODUCTS[1])
    page = anyone.get(path).text
    assert re.findall("<strong>([^<]*)</strong>", page) == [
        f"{TONER}（批号 ST2606A）",
        f"{LOTION}（批号 CL2602A、CL2604A）",
    ]
    assert not faults_of(page)


def test_the_page_of_a_lifted_order_names_its_lots(served: Served, anyone: httpx2.Client) -> None:
    kept = told(served, "goods-lifted")
    path, number = kept.path(), kept.order
    kept.story.later(minutes=1)
    kept.story.did(BOSS, LiftHalt(number=number, reason=PublicText("An error.")))
    kept.story.signed(person(Role.QUALITY_SAFETY_RESPONSIBLE))
    kept.record()
    page = text_of(anyone.get(path).text)
    assert f"{LOTION}（批号 CL2602A、CL2604A）；{TONER}（批号 ST2603A）" in page


def test_what_other_incidents_hold_is_not_said_to_be_free(
    served: Served, anyone: httpx2.Client
) -> None:
    told(served, "goods-held-too")
    kept = told(served, "goods-held")
    path = kept.path()
    freed(kept, PRODUCTS[1])
    page = anyone.get(path).text
    assert re.findall("<strong>([^<]*)</strong>", page) == [f"{LOTION}（批号 CL2602A、CL2604A）"]
