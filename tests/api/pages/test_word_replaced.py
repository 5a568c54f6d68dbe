"""The form by which a confirmed channel is confirmed anew: it says that it replaces, and does."""

import pytest

from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_offered import accepted, done
from tests.api.serving import Served

pytestmark = pytest.mark.xdist_group("pages")

REPLACES = "This channel is confirmed already: a newer word replaces the one before."
NOTHING = "Nothing waits for this act now"


def test_a_confirmed_channel_is_corrected_by_a_form_that_says_so(
    served: Served, at: SignedIn
) -> None:
    number, lead = accepted(served), at("cheng.bo")
    address = f"/incidents/{number}/halt/wh-east/confirm_channel"
    before = lead.open(address).text
    assert (REPLACES in before, NOTHING in before) == (False, False), "it waits for the first word"
    done(
        served.person("cheng.bo"), number, "halt/wh-east/confirm_channel",
        proof="Line 3 stands.", units=1000,
    )  # fmt: skip
    form = lead.open(address)
    assert (REPLACES in form.text, NOTHING in form.text) == (True, False)
    lead.send(form, form.form("/confirm_channel"), proof="Counted again.", units="880")
    state = served.person("gao.yuan").get(f"/api/incidents/{number}").json()["state"]
    channel = state["halt"]["channels"]["wh-east"]
    assert (channel["state"], channel["units"]) == ("confirmed", 880)


@pytest.mark.parametrize("act", ["take_over_channel", "confirm_resumed"])
def test_no_other_form_of_a_confirmed_channel_speaks_of_a_word_replaced(
    served: Served, at: SignedIn, act: str
) -> None:
    number = accepted(served)
    done(
        served.person("cheng.bo"), number, "halt/wh-east/confirm_channel",
        proof="Line 3 stands.",
    )  # fmt: skip
    page = at("cheng.bo").open(f"/incidents/{number}/halt/wh-east/{act}")
    assert (REPLACES in page.text, NOTHING in page.text) == (False, True)
