"""The outbox to whoever sees no incident: it never says that no message would leave."""

import pytest

from storage import company
from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_offered import accepted, told_once
from tests.api.serving import Served

pytestmark = pytest.mark.xdist_group("pages")


@pytest.mark.parametrize("reader", ["jin.shi", "he.miao"], ids=["an administrator", "staff"])
def test_an_outbox_that_one_may_not_read_is_not_called_empty(
    reader: str, served: Served, at: SignedIn
) -> None:
    told_once(accepted, served)
    told = "whether any would leave is not said here"
    assert told not in at("gao.yuan").open("/outbox").text
    page = at(reader).open("/outbox").text
    assert told in page
    assert "No message would leave" not in page


def test_the_outbox_says_whether_anything_is_sent(
    served: Served, at: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    accepted(served)
    nothing, each = "On this installation nothing is sent", "with what became of it"
    page = at("gao.yuan").open("/outbox").text
    assert (nothing in page, each in page) == (True, False)
    monkeypatch.setattr(company, "is_demo", lambda _engine: False)
    page = at("gao.yuan").open("/outbox").text
    assert (nothing in page, each in page) == (False, True)
    assert "shown here, not sent" in page
