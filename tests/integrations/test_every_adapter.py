"""What every adapter keeps, whoever is behind it; shops keep more (test_adapter_contract.py)."""

import logging
import re
import traceback
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from activities.registry import AT_HOME
from domain.channels import UNREADABLE
from domain.errors import AndonError, NotFound
from integrations.channels import NOTHING_SENT, Adapters, Address, Sighting
from integrations.connections import adapters
from tests.integrations.receivers import KINDS, ORDER, PARTS, RESUME, Receiver, receiver

TROUBLES = [
    pytest.param(name, trouble, id=f"{name}: {trouble}")
    for name, kind in KINDS.items()
    for trouble in kind(Path()).troubles()
]
JARGON = re.compile(r"Traceback|Errno|Exception|\bNone\b|0x[0-9a-f]{6}|<class")


@pytest.fixture
def there(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Receiver]:
    """Open the receiver of one adapter."""
    with receiver(request.param, tmp_path) as made:
        yield made


EVERY = pytest.mark.parametrize("there", KINDS, indirect=True)


def test_no_adapter_is_without_the_contract() -> None:
    assert set(KINDS) == {*adapters(), *AT_HOME}


@EVERY
def test_an_adapter_is_found_by_its_name_and_another_is_not(there: Receiver) -> None:
    assert there.name in there.gateways()
    assert there.bring().state in ("accepted", "confirmed")
    with pytest.raises(NotFound, match="'fax', which is not here") as told:
        Elsewhere(there).adapters.bring(ORDER)
    assert there.name in told.value.hint


@EVERY
def test_the_same_order_counts_once(there: Receiver) -> None:
    first = there.bring()
    arrived = there.arrived()
    assert len(arrived) == 1
    assert there.bring() == first
    assert there.arrived() == arrived


@EVERY
def test_an_order_carries_all_that_is_for_whoever_is_there(there: Receiver) -> None:
    there.bring()
    [told] = there.arrived()
    carried = {part for part, forms in PARTS.items() if any(one in told for one in forms)}
    assert carried == there.carries


@EVERY
def test_what_was_ordered_is_undone(there: Receiver) -> None:
    first = there.bring()
    assert not there.resumed()
    told = there.bring(RESUME)
    assert there.resumed()
    assert told.state == ("resumed" if first.state == "confirmed" else "accepted"), "as it stops"
    there.bring(RESUME)
    assert there.resumed(), "and stays so when it is brought again"


@pytest.mark.parametrize(("there", "trouble"), TROUBLES, indirect=["there"])
def test_trouble_is_told_plainly_never_taken_for_a_stop_and_shows_no_key(
    there: Receiver, trouble: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    there.troubles()[trouble]()
    told, shown = "", ""
    try:
        reply = there.bring()
        # A web shop's 200 takes the order, whatever words stand beside it; it says nothing of a stop.
        taken = {"accepted"} if there.name == "webhook" else set()
        assert reply.state in {"refused", "failed", UNREADABLE, *taken}
        told = f"{reply.proof}{reply.error}"
    except AndonError as error:
        told = f"{error.sentence} {error.hint}"
        shown = "".join(traceback.format_exception(error))
    assert told.strip()
    assert not JARGON.search(told)
    assert len(told) < 500
    for secret in there.secrets:
        assert secret not in told + shown + caplog.text


@EVERY
def test_a_drill_reaches_nobody_real(there: Receiver) -> None:
    order = replace(ORDER, drill="May drill")
    reply = there.bring(order)
    if there.name in AT_HOME:
        assert len(there.arrived()) == 1, "it stays in the house"
        return
    assert (reply.state, reply.proof) == ("accepted", NOTHING_SENT)
    assert there.bring(replace(RESUME, drill="May drill")).state == "accepted"
    assert there.arrived() == []
    assert there.adapters.look("there", "May drill") is None
    assert there.adapters.answers("there", "May drill") == ()


@EVERY
def test_a_look_says_what_still_runs_or_that_nobody_can_look(there: Receiver) -> None:
    there.bring()
    seen = there.adapters.look("there")
    assert (seen == Sighting(offers=0, items=[])) if there.looks else (seen is None)


class Elsewhere:
    """A list of channels on which one names an adapter that is not there."""

    def __init__(self, there: Receiver) -> None:
        self.adapters = Adapters(self, there.gateways())

    def address(self, channel: str) -> Address:
        return Address(channel=channel, adapter="fax", address="ours", name="The receiver")
