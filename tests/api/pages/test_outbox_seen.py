"""The outbox to whoever sees no incident: it never says that no message would leave."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from storage import catalog, company, outbox
from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_earlier import plain
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


STATES = {
    "later": "not sent yet: the mail server took nothing: 451 Later",
    "sending": "is being sent",
    "sent": "sent",
    "failed": "not sent: bring it there by hand: 451 Later",
    "unsure": "perhaps sent: look there before you send it by hand: 451 Later",
    "bounced": "sent, but it did not arrive: 451 Later",
    "no_address": "not sent: no e-mail address",
}


def test_the_outbox_says_what_became_of_letters_to_the_team(
    served: Served, at: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = outbox.Message(
        effect_key="", incident="INC-2026-0001", audience="team", channel="email",
        recipient="gao.yuan@example.com", language="en", created_at=datetime.now(UTC),
        subject="Act now", body="What happened.", reason="451 Later",
    )  # fmt: skip
    told = {state: replace(letter, effect_key=f"t:{state}", state=state) for state in STATES}
    outbox.keep_messages(served.database.bulk, list(told.values()))
    monkeypatch.setattr(company, "is_demo", lambda _engine: False)
    page = at("gao.yuan").open("/outbox").text
    for state, said in STATES.items():
        assert f" · {said} " in page, state
        one = at("gao.yuan").open(f"/outbox/{told[state].id}").text
        assert said.removesuffix(": 451 Later") in one
        assert "451 Later" in one


def test_the_outbox_is_narrowed_to_an_incident_and_a_receiver(served: Served, at: SignedIn) -> None:
    incident = "INC-2026-0777"
    letter = outbox.Message(
        effect_key="", incident=incident, audience="channel", channel="email",
        recipient="shop@hemu.example", language="en", created_at=datetime.now(UTC),
        subject="Stop sale of one", body="Stop.",
    )  # fmt: skip
    other = replace(letter, recipient="door@other.example", subject="Stop sale of two")
    third = replace(letter, incident=accepted(served), subject="Stop sale of three")
    found = [replace(one, effect_key=f"n:{n}") for n, one in enumerate((letter, other, third))]
    outbox.keep_messages(served.database.bulk, found)
    there = at("gao.yuan")
    every = there.open("/outbox?to=HEMU.example").text
    assert ("of one" in every, "of two" in every, "of three" in every) == (True, False, True)
    page = there.open(f"/outbox?to=hemu.example&incident={third.incident}")
    assert ("of one" in page.text, "of three" in page.text) == (False, True)
    form = page.form("/outbox")
    assert (form.values["incident"], form.values["to"]) == ([third.incident], ["hemu.example"])
    assert (
        "No message is of this incident and to this receiver."
        in there.open("/outbox?to=nobody.example").text
    )


def test_an_address_stands_once_on_a_message(served: Served, at: SignedIn) -> None:
    accepted(served)
    listed = [one for one in outbox.list_messages(served.database.bulk) if "@" in one.recipient]
    channels = {
        item.document.get("address"): item.id
        for item in catalog.list_items(served.database.ledger, "channel")
    }
    letter = next(one for one in listed if one.recipient in channels)
    assert plain(at("gao.yuan").open(f"/outbox/{letter.id}")).count(letter.recipient) == 1
