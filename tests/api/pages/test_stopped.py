"""Several channels confirmed in one press: each a recorded act, and nothing typed is lost."""

import pytest

from tests.api.browsing import Browser, Form, Seen
from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_offered import accepted, told_once
from tests.api.serving import Served

pytestmark = pytest.mark.xdist_group("pages")

PROOF = "Asked both by phone; shelves are empty"


@pytest.fixture
def lead(at: SignedIn) -> Browser:
    return at("cheng.bo")


def halt_page(lead: Browser, number: str) -> tuple[Seen, Form]:
    page = lead.open(f"/incidents/{number}/halt")
    return page, page.form("/halt/stopped")


def state_of(served: Served, number: str) -> dict[str, tuple[str, str]]:
    found = served.person("cheng.bo").get(f"/api/incidents/{number}").json()
    channels = found["state"]["halt"]["channels"]
    return {name: (row["state"], row["proof"]) for name, row in channels.items()}


def confirmed(served: Served, number: str) -> set[str]:
    return {name for name, (_, proof) in state_of(served, number).items() if proof == PROOF}


def test_ticked_channels_are_confirmed_each_with_the_same_answer(
    served: Served, lead: Browser
) -> None:
    number = accepted(served)
    page, form = halt_page(lead, number)
    one, two, *_ = form.choices["channels"]
    after = lead.send(page, form, channels=[one, two], proof=PROOF)
    assert after.status == 200
    assert PROOF in after.text
    assert confirmed(served, number) == {one, two}
    assert state_of(served, number)[one] == ("confirmed", PROOF)
    assert one not in halt_page(lead, number)[1].choices["channels"]


def test_nothing_is_ticked_beforehand_and_pressing_twice_counts_once(
    served: Served, lead: Browser
) -> None:
    number = accepted(served)
    page, form = halt_page(lead, number)
    assert not form.filled().get("channels")
    one = form.choices["channels"][0]
    first = lead.send(page, form, channels=[one], proof=PROOF)
    again = lead.send(page, form, channels=[one], proof=PROOF)
    assert first.address == again.address


@pytest.mark.parametrize(
    ("channels", "proof", "told"),
    [
        pytest.param(0, PROOF, "Tick the channels that have stopped.", id="nothing ticked"),
        pytest.param(2, "   ", "Say how you know, in a few words.", id="no answer"),
        pytest.param(2, "x" * 501, "Say it in 500 characters at most.", id="too long"),
    ],
)
def test_what_is_missing_is_asked_for_and_what_was_typed_is_kept(
    served: Served, lead: Browser, channels: int, proof: str, told: str
) -> None:
    number = accepted(served)
    page, form = halt_page(lead, number)
    ticked = form.choices["channels"][:channels]
    again = lead.send(page, form, channels=ticked, proof=proof)
    assert again.status == 422
    assert told in again.text
    kept = again.form("/halt/stopped").filled()
    assert kept.get("channels", []) == ticked
    assert kept["proof"] == [proof]
    assert kept["command_id"] == form.filled()["command_id"]
    assert not confirmed(served, number)


def test_an_unknown_channel_confirms_nothing(served: Served, lead: Browser) -> None:
    number = accepted(served)
    page, form = halt_page(lead, number)
    one = form.choices["channels"][0]
    again = lead.send(page, form, channels=[one, "no-such-channel"], proof=PROOF)
    assert again.status == 422
    assert not confirmed(served, number)


def test_whoever_may_not_confirm_sees_no_such_form(served: Served, at: SignedIn) -> None:
    number = told_once(accepted, served)
    page = at("an.qi").open(f"/incidents/{number}/halt")
    assert not [form for form in page.forms if form.action.endswith("/halt/stopped")]


def test_who_answers_soonest_stands_first_then_by_name(served: Served, lead: Browser) -> None:
    number = told_once(accepted, served)
    told = halt_page(lead, number)[1].choices["channels"]
    halt = served.person("cheng.bo").get(f"/api/incidents/{number}").json()["state"]["halt"]
    order = sorted(
        told, key=lambda one: (halt["channels"][one]["answer_due_at"], halt["listed"][one]["name"])
    )
    assert told == order
    assert told != sorted(told), "nobody knows the ids"


def test_who_is_asked_again_is_named_before(served: Served, lead: Browser) -> None:
    number = told_once(accepted, served)
    page = lead.open(f"/incidents/{number}/halt/ask_channels_again")
    form = page.form("/ask_channels_again")
    told = lead.send(page, form, "Show what would follow", channels=["wh-south"])
    said = " ".join(told.text.split())
    assert "1 channel: South warehouse" in said
    assert "once more, as a further request: the order to ship none of it" in said
