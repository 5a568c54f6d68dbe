"""Is mine affected, asked where nobody knows yet which notice it is about."""

from collections.abc import Iterator

import httpx2
import pytest
import sqlalchemy as sa

from storage.engine import write
from storage.schema import publications
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


@pytest.fixture(scope="module")
def alone(served: Served) -> None:
    """Take what other tests published from the list: here it is about whole lists."""
    with write(served.database.ledger) as connection:
        connection.execute(sa.delete(publications))


def told(page: str) -> str:
    """Give what is said of a number, without the list of all notices."""
    return page.split('role="status"')[1].split("</div>", maxsplit=1)[0]


@pytest.mark.usefixtures("alone")
def test_a_number_is_held_against_every_recall(served: Served, anyone: httpx2.Client) -> None:
    def ask(typed: str) -> httpx2.Response:
        return anyone.get("/recalls", params={"lot": typed})

    one = published(served, "check-one", lots=(lot("QX7781"),))
    answer = ask("lot qx-7781")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/recalls/{one}?lot=lot+qx-7781#check"
    for typed in ("ZZ0000Z", "<script>alert(1)</script>"):
        page = ask(typed)
        assert "not on the list" in told(page.text)
        assert "<script" not in page.text
    for typed in ("???", ""):
        assert "type the lot number" in told(ask(typed).text)

    names = [published(served, f"check-two-{n}", lots=(lot("QY9902"),)) for n in range(2)]
    said = told(ask("QY9902").text)
    assert "More than one notice may be about this number" in said
    assert all(f"/recalls/{name}?lot=QY9902#check" in said for name in names)
    assert faults_of(ask("QY9902").text) == []

    every = published(served, "check-every", lots=(), unbounded=True)
    said = told(ask("ZZ0000Z").text)
    assert "These notices are about every pack" in said
    assert f'href="/recalls/{every}"' in said
    assert "not on the list" not in said, "nobody is told to be safe beside that"
    said = told(ask("QX7781").text)
    assert f"/recalls/{one}?lot=QX7781#check" in said
    assert f'href="/recalls/{every}"' in said


@pytest.mark.usefixtures("alone")
def test_a_recall_whose_lots_are_open_is_named_and_nobody_told_to_be_safe(
    served: Served, anyone: httpx2.Client
) -> None:
    name = published(served, "check-open", without_scope=True)
    said = told(anyone.get("/recalls", params={"lot": "ZZ0000Z"}).text)
    assert "the lots are not settled yet" in said
    assert f'href="/recalls/{name}"' in said
    assert "not on the list" not in said
