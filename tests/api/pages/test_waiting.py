"""A decision that waits for an earlier step says for which, and for whom."""

import pytest

from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_offered import accepted, done
from tests.api.pages.test_open_places import SCOPE
from tests.api.serving import Served

pytestmark = pytest.mark.xdist_group("pages")


def test_the_decision_on_a_recall_names_what_comes_first(served: Served, at: SignedIn) -> None:
    number = accepted(served)
    told = at("gao.yuan").open(f"/incidents/{number}").text
    assert "There is no health hazard evaluation yet. First “" in told
    assert "There is no scope yet. First “Set the scope”: " in told
    done(served.person("qiu.ning"), number, "recall/set_scope", **SCOPE)
    told = at("gao.yuan").open(f"/incidents/{number}").text
    assert "There is no scope yet." not in told
    assert "There is no health hazard evaluation yet. First “" in told
