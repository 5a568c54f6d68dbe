"""Every page of a stage as it stood: after each entry it opens, whatever was not there yet."""

import pytest

from domain.stages import Stage
from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_listed_units import SCOPE
from tests.api.pages.test_offered import accepted, done
from tests.api.pages.test_standing import LABEL, plan_signed
from tests.api.serving import Served
from tests.api.test_incidents import CRITICAL, reported
from tests.figures import FULL

pytestmark = pytest.mark.xdist_group("pages")

STAGES = [str(stage) for stage in Stage if stage is not Stage.CASE]
EVERY = 1 if FULL else 3
"""At reduced counts a stage is opened at every third of its moments, each stage at others."""
NEARLY_ALL = {"made": 90_000, "on_hand": 10_000, "shipped": 80_000}


def scoped(served: Served) -> str:
    """Shipped to more places than the list has, and one of the consignees has answered."""
    number = accepted(served)
    lots = [{"lot": "DC2603A", "product": "dew-cream", **NEARLY_ALL}]
    done(served.person("qiu.ning"), number, "recall/set_scope", **{**SCOPE, "lots": lots})
    answer = {"lots": [{"lot": "DC2603A", "received": 40}], "proof": "Told by telephone."}
    done(served.person("cheng.bo"), number, "recall/hemu/answer_as_consignee", **answer)
    return number


def sealed(served: Served) -> str:
    """Halted, never confirmed, and closed all the same, beside another halt of the same lot."""
    goods = {"products": ["brook-shampoo"], "lots": ["BS2608A"]}
    number, chief = (
        reported(served.person("an.qi"), answers=LABEL, **goods),
        served.person("gao.yuan"),
    )
    reported(served.person("an.qi"), answers=CRITICAL, **goods)
    done(chief, number, "report/accept_report")
    done(chief, number, "halt/order_halt", level="H2", reason="To be safe.")
    closing = {"summary": "A label was crooked.", "reason_for_open_items": "The halt stays."}
    done(chief, number, "review/close_incident", **closing)
    for name in ("lin.wei", "fang.zheng"):
        done(served.person(name), number, "people/A1/sign_act")
    return number


@pytest.fixture(
    scope="module", params=[scoped, plan_signed, sealed], ids=lambda made: made.__name__
)
def incident(request: pytest.FixtureRequest, served: Served) -> tuple[str, int]:
    number: str = request.param(served)
    served.settled()
    told = served.person("gao.yuan").get(f"/api/incidents/{number}").json()
    return number, told["state"]["size"]


@pytest.mark.parametrize("stage", ["", *STAGES])
def test_a_page_opens_as_it_stood_after_any_entry(
    stage: str, incident: tuple[str, int], at: SignedIn
) -> None:
    number, size = incident
    readers = at("gao.yuan"), at("gao.yuan", "zh-CN")
    moments = sorted({0, 1, 2, size - 1, size, *range(3, size, max(size // 5, 1))})
    moments = moments[["", *STAGES].index(stage) % EVERY :: EVERY]
    pages = [f"/incidents/{number}/at/{one}/{stage}".rstrip("/") for one in moments]
    seen = {page: readers[n % 2].open(page).status for n, page in enumerate(pages)}
    assert seen
    assert {page: status for page, status in seen.items() if status != 200} == {}
