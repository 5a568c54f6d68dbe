"""Orders as EPCIS 2.0 events: captured once, in words of CBV 2.0, by a repository over real HTTP."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.desired import Hold
from domain.envelope import ChannelOrder
from domain.errors import BrokenSetup, NotConfirmed
from integrations.adapter_epcis import EpcisGateway
from integrations.channels import Address
from integrations.connections import Article, Connection, Tools, read_connections
from integrations.outgoing import Bounds
from tests.integrations.capture_server import Repository, repository
from tests.integrations.fake_shelf import FakeHolds, FakeJournal

PLACE = Address(channel="dc", adapter="epcis", address="trace", name="The trace system")
GTIN = "06901234567892"
ORDER = ChannelOrder(
    effect_key="INC-2026-0001/1:2:halt:dc", incident="INC-2026-0001", channel="dc", action="halt",
    order=2, products=["cream"], lots=["L1", "L/2"], level="H1",
)  # fmt: skip
RESUME = replace(ORDER, effect_key="INC-2026-0001/1:9:resume:dc", action="resume", order=0)
NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


@pytest.fixture
def there() -> Iterator[Repository]:
    """Run a repository."""
    with repository() as running:
        yield running


class Trace:
    """The gateway to it, with a clock that goes on."""

    def __init__(self, there: Repository, **values: str) -> None:
        """Connect it."""
        self.holds, self.journal, self.waited = FakeHolds(), FakeJournal(), 0.0
        self.numbers: tuple[str, ...] = ("cream", GTIN)
        self.inside, self.clock = True, NOON
        self.values = {"url": there.url, "token": there.token, **values}

    def bring(self, order: ChannelOrder = ORDER) -> tuple[str, str, str]:
        """Bring an order."""
        reply = self.gateway.bring(order, PLACE)
        return reply.state, reply.proof, reply.error

    @property
    def gateway(self) -> EpcisGateway:
        """Give the gateway as a process that has just started has it."""
        article = Article(product="cream", numbers=self.numbers, name="Cream")
        tools = Tools(
            journal=self.journal, desired=self.holds, bounds=Bounds(inside_allowed=self.inside), now=self._now,
            articles=lambda ids: dict.fromkeys(ids, article),
        )  # fmt: skip
        one = Connection(id="trace", adapter="epcis", values=self.values)
        return EpcisGateway({"trace": one}, tools, pause=self._pause)

    def _now(self) -> datetime:
        self.clock += timedelta(minutes=1)
        return self.clock

    def _pause(self, seconds: float) -> None:
        self.waited += seconds


def told(there: Repository) -> list[tuple[str, str, list[str]]]:
    """Give each event's step, disposition and classes."""
    (document,) = there.documents
    return [
        (one["bizStep"], one["disposition"],
         [each["epcClass"].removeprefix("https://id.gs1.org/01/") for each in one["quantityList"]])
        for one in document["epcisBody"]["eventList"]
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("order", "events"),
    [
        pytest.param(ORDER, [("holding", "non_sellable_other",
                     [f"{GTIN}/10/L1", f"{GTIN}/10/L%2F2"])], id="held by lot"),
        pytest.param(replace(ORDER, lots=[]), [("holding", "non_sellable_other", [GTIN])],
                     id="every lot"),
        pytest.param(replace(ORDER, recalled=["L1"]), [
            ("holding", "recalled", [f"{GTIN}/10/L1"]),
            ("holding", "non_sellable_other", [f"{GTIN}/10/L%2F2"])], id="one recalled"),
        pytest.param(replace(ORDER, lots=[], recalled=["L9"]), [
            ("holding", "non_sellable_other", [GTIN]),
            ("holding", "recalled", [f"{GTIN}/10/L9"])], id="every lot, one recalled"),
        pytest.param(replace(ORDER, lots=[], recalled_whole=True), [("holding", "recalled", [GTIN])],
                     id="all recalled"),
        pytest.param(RESUME, [("stocking", "sellable_accessible",
                     [f"{GTIN}/10/L1", f"{GTIN}/10/L%2F2"])], id="free again"),
        pytest.param(replace(RESUME, kept=["L9"]), [
            ("stocking", "sellable_accessible", [f"{GTIN}/10/L1", f"{GTIN}/10/L%2F2"]),
            ("holding", "recalled", [f"{GTIN}/10/L9"])], id="free but one"),
    ],
)  # fmt: skip
def test_what_goods_are_is_said_in_words_of_the_standard(
    order: ChannelOrder, events: list[tuple[str, str, list[str]]], there: Repository
) -> None:
    state, proof, error = Trace(there).bring(order)
    assert (state, error) == ("accepted", "")
    assert proof.startswith("captured as urn:uuid:")
    assert told(there) == events


def test_what_stays_is_set_and_taken_back(there: Repository) -> None:
    trace = Trace(there, location="https://id.gs1.org/414/6901234000009")
    for order in (ORDER, replace(ORDER, effect_key="k2", recalled=["L1", "L/2"]), RESUME):
        trace.bring(order)
    held, recalled, free = [one["epcisBody"]["eventList"][0] for one in there.documents]
    assert held["persistentDisposition"] == {
        "set": ["non_sellable_other"], "unset": ["recalled"],
    }  # fmt: skip
    assert recalled["persistentDisposition"] == {
        "set": ["recalled"], "unset": ["non_sellable_other"],
    }  # fmt: skip
    assert free["persistentDisposition"] == {"unset": ["non_sellable_other", "recalled"]}
    assert held["bizLocation"] == {"id": "https://id.gs1.org/414/6901234000009"}
    assert not trace.journal.standing("dc", ""), "the resume ends what was noted"


def test_goods_that_another_incident_holds_stay_held(there: Repository) -> None:
    trace = Trace(there)
    trace.holds.by["other"] = Hold(
        channel="dc", order=5, level="H1", products=("cream",), lots=("L1",), since=NOON
    )
    trace.bring(RESUME)
    assert told(there) == [
        ("stocking", "sellable_accessible", [f"{GTIN}/10/L%2F2"]),
        ("holding", "non_sellable_other", [f"{GTIN}/10/L1"]),
    ]


def test_a_lot_that_another_incident_recalled_stays_recalled(there: Repository) -> None:
    trace = Trace(there)
    trace.holds.by["other"] = Hold(
        channel="dc", order=0, level="", products=("cream",), lots=("L1",), since=NOON,
        recalled=True,
    )  # fmt: skip
    trace.bring()
    assert told(there) == [
        ("holding", "recalled", [f"{GTIN}/10/L1"]),
        ("holding", "non_sellable_other", [f"{GTIN}/10/L%2F2"]),
    ]


@pytest.mark.parametrize(
    ("kind", "event"),
    [
        ("own_shop", ("stocking", "sellable_accessible")),
        ("salon", ("stocking", "sellable_accessible")),
        ("warehouse", ("storing", "sellable_not_accessible")),
        ("distributor", ("storing", "sellable_not_accessible")),
    ],
)
def test_goods_are_free_where_they_stand(
    kind: str, event: tuple[str, str], there: Repository
) -> None:
    assert Trace(there).gateway.bring(RESUME, replace(PLACE, kind=kind)).state == "accepted"
    [(step, disposition, _classes)] = told(there)
    assert (step, disposition) == event


@pytest.mark.parametrize("trouble", [[], ["lost"], [503], [429, "lost"]], ids=str)
def test_an_event_is_captured_once_whatever_happens(
    trouble: list[int | str], there: Repository
) -> None:
    there.trouble = trouble.copy()
    trace = Trace(there)
    for _ in trouble:
        with pytest.raises(NotConfirmed):
            trace.bring()
    assert trace.bring() == trace.bring()
    assert len(there.documents) == 1
    (event,) = there.events.values()
    assert event["eventTime"].startswith("2026-11-30T12:01"), "the time at which it was first made"


def test_a_job_that_runs_long_is_asked_again_and_nothing_sent_twice(there: Repository) -> None:
    there.running = 12
    trace = Trace(there)
    with pytest.raises(NotConfirmed, match="still at work"):
        trace.bring()
    assert trace.bring()[0] == "accepted"
    assert len(there.documents) == 1


def test_a_job_that_failed_says_why(there: Repository) -> None:
    there.fails = True
    assert Trace(there).bring() == ("refused", "", "It was not captured: No such lot.")


def test_the_headers_are_those_of_the_binding(there: Repository) -> None:
    Trace(there).bring()
    (_, path, headers), *asked = there.requests
    assert path == "/v2/capture"
    assert headers["gs1-epcis-version"] == headers["gs1-cbv-version"] == "2.0"
    assert headers["gs1-capture-error-behaviour"] == "rollback"
    assert headers["content-type"] == "application/json"
    assert {path for _, path, _ in asked} == {"/v2/capture/1"}


def test_the_token_goes_to_no_other_address(there: Repository) -> None:
    with repository() as other:
        there.elsewhere = f"{other.url}/1"
        assert Trace(there).bring()[0] == "accepted"
        assert not other.requests


def test_a_wrong_token_is_told_and_never_shown(there: Repository) -> None:
    with pytest.raises(NotConfirmed, match="answered 401: Who are you") as wrong:
        Trace(there, token="s3cret").bring()
    assert "s3cret" not in f"{wrong.value.sentence} {wrong.value.hint}"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        pytest.param({}, "not https", id="token in the clear"),
        pytest.param({"token": ""}, "inside this network", id="inside"),
        pytest.param({"token": "", "url": "ftp://a/capture"}, "no web address", id="no address"),
    ],
)
def test_it_speaks_outside_only(values: dict[str, str], said: str, there: Repository) -> None:
    trace = Trace(there, **values)
    trace.inside = False
    with pytest.raises(BrokenSetup, match=said):
        trace.bring()
    assert not there.requests


@pytest.mark.parametrize(
    ("numbers", "lots", "said"),
    [
        pytest.param(("cream",), ["L1"], "No GTIN of cream", id="no GTIN"),
        pytest.param(("cream", "123"), ["L1"], "No GTIN of cream", id="no check digit"),
        pytest.param((GTIN,), ["L" * 21], "cannot be told", id="long lot"),
        pytest.param((GTIN,), ["批1"], "cannot be told", id="other signs"),
    ],
)
def test_what_has_no_name_in_the_standard_is_refused(
    numbers: tuple[str, ...], lots: list[str], said: str, there: Repository
) -> None:
    trace = Trace(there)
    trace.numbers = numbers
    state, _, error = trace.bring(replace(ORDER, lots=lots))
    assert state == "refused"
    assert said in error
    assert not there.requests


def test_the_file_of_connections_takes_it() -> None:
    row = {"id": "trace", "adapter": "epcis", "url": "https://a.example/capture", "token": "t"}
    (one,) = read_connections({"connections": [row]})
    assert "token" not in repr(one)
