"""Is mine affected, asked where nobody knows yet which notice it is about."""

from collections.abc import Iterator

import httpx2
import pytest

from tests.api.markup import faults_of
from tests.api.serving import Served
from tests.api.test_public import published
from tests.domain.recalls import lot

pytestmark = pytest.mark.xdist_group("api")


@pytest.fixture
def anyone(served: Served) -> Iterator[httpx2.Client]:
    """Give somebody without an account."""
    with served.visitor() as visitor:
        yield visitor


def test_a_number_leads_to_the_notice_that_names_it(served: Served, anyone: httpx2.Client) -> None:
    name = published(served, "check-one", lots=(lot("QX7781"),))
    answer = anyone.get("/recalls", params={"lot": "lot qx-7781"})
    if answer.status_code == 200:  # where other recalls concern every lot, both are named
        assert f"/recalls/{name}?lot=lot+qx-7781#check" in answer.text
        return
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/recalls/{name}?lot=lot+qx-7781#check"


def test_a_number_of_two_recalls_leads_to_both(served: Served, anyone: httpx2.Client) -> None:
    names = [published(served, f"check-{n}", lots=(lot("QY9902"),)) for n in range(2)]
    page = anyone.get("/recalls", params={"lot": "QY9902"})
    assert page.status_code == 200
    assert all(f"/recalls/{name}?lot=QY9902#check" in page.text for name in names)
    assert "More than one notice may be about this number" in page.text
    assert faults_of(page.text) == []


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        pytest.param("ZZ0000Z", "not on the list", id="another"),
        pytest.param("<script>alert(1)</script>", "not on the list", id="a script"),
        pytest.param("???", "type the lot number", id="signs"),
        pytest.param("", "type the lot number", id="nothing"),
    ],
)
def test_what_no_recall_names_is_said(
    served: Served, anyone: httpx2.Client, typed: str, says: str
) -> None:
    published(served, f"check-{typed[:3]}", lots=(lot("QZ1103"),))
    page = anyone.get("/recalls", params={"lot": typed})
    assert page.status_code == 200
    assert says in page.text
    assert "<script" not in page.text
    assert faults_of(page.text) == []


def test_a_recall_of_every_lot_is_named_beside(served: Served, anyone: httpx2.Client) -> None:
    name = published(served, "check-every", lots=(), unbounded=True)
    page = anyone.get("/recalls", params={"lot": "ZZ0000Z"})
    assert "These notices are about every pack" in page.text
    assert f'href="/recalls/{name}"' in page.text
