"""A channel answers its order by the link in the message: no account, no script, once."""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import httpx2
import pytest

from activities.ledger import LedgerActivities
from api.edge import as_logged
from api.pages.answer_numbers import why_not
from api.words import words_of
from domain.channel_answers import AnswerOrder, LotSetApart, OwnAnswer
from domain.drift import ReportDrift
from domain.envelope import RecordBatch
from domain.halt import OrderHalt
from domain.incident import new_incident
from domain.on_its_way import CountedOnItsWay
from domain.people import Role, channel_actor
from domain.report import AcceptReport
from domain.resuming import LiftHalt, ResumeSale
from domain.review import sealed
from domain.rules import rules_text
from domain.set_apart import OnItsWay
from domain.severity import HaltLevel
from domain.values import ChannelId, LotNumber, PrivateText, ProductId, PublicText
from integrations.key_ring import KeyRing, Purpose
from services.answer_links import ANSWERS, find, path_of
from services.house import House
from storage import incidents
from storage import rules as rule_store
from tests.api.markup import faults_of
from tests.api.serving import Served
from tests.domain.story import SERIOUS, Story, person, rules

pytestmark = pytest.mark.xdist_group("api")

SUPPLY = person(Role.SUPPLY_CHAIN)
SHOP = "ch-warehouse"
STOPPED = 'value="stopped"'
"""The form that asks whether a channel has stopped."""


@dataclass
class Kept:
    """An incident whose own stock is ordered to stop, recorded; `leaves` counts what is written."""

    served: Served
    key: str
    story: Story = field(init=False)
    recorded: int = 0
    age: timedelta = timedelta()

    def __post_init__(self) -> None:
        """Tell it until the order stands."""
        engine, at = self.served.database.ledger, datetime.now(UTC) - self.age
        kept = rule_store.keep_rules(engine, "incident", rules_text(rules()).encode(), at)
        reserved = incidents.Reservation(
            command_id=self.key, digest="d", created_at=at, reported_by="li", title="Cream",
            rules_hash=kept, drill="",
        )  # fmt: skip
        number = incidents.reserve_number(engine, at.year, reserved).id
        self.story = Story(now=at, incident=new_incident(number, rules()))
        self.story.reported(SERIOUS)
        self.record()

    def record(self) -> None:
        """Write down what happened since."""
        leaves = [leaf.decode() for leaf in self.story.leaves[self.recorded :]]
        LedgerActivities(self.served.database.ledger).record(
            RecordBatch(
                stream=self.story.incident.id, first=self.recorded + 1, leaves=leaves, run=1
            )
        )
        self.recorded = len(self.story.leaves)

    @property
    def house(self) -> House:
        """Give the house that answers."""
        assert self.served.app is not None
        house: House = self.served.app.state.house
        return house

    @property
    def order(self) -> int:
        """Give the number of the order that stands there."""
        return self.story.incident.halt.channels[SHOP].order

    def says_that_it_resumed(self, path_order: int = 0) -> None:
        """Let the channel say on the page of an order that ended that it does again what it did."""
        said = AnswerOrder(
            channel=SHOP, order=path_order or self.order, answer=OwnAnswer.RESUMED,
            answered_by=PrivateText(ref="r", commitment="c", subject="s"),
        )  # fmt: skip
        self.story.did(channel_actor(SHOP), said)
        self.record()

    def path(self) -> str:
        """Give the address in the message."""
        return path_of(self.house, self.story.incident.id, SHOP, self.order)


@pytest.fixture(scope="module")
def kept(served: Served) -> Kept:
    """Give an order that stands and stays so."""
    return Kept(served, "order-answer")


@pytest.fixture
def anyone(served: Served) -> Iterator[httpx2.Client]:
    """Give somebody without an account."""
    with served.visitor() as visitor:
        yield visitor


def test_the_page_shows_the_order_and_nothing_else_of_the_incident(
    kept: Kept, anyone: httpx2.Client
) -> None:
    page = anyone.get(kept.path(), headers={"accept-language": "en"})
    assert page.status_code == 200
    assert 'lang="zh-CN"' in page.text, "by the channel, not by the reader"
    assert not faults_of(page.text)
    assert "<script" not in page.text
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    report = kept.story.incident.report
    assert report.grade not in page.text.lower()
    assert "/incidents/" not in page.text
    hrefs = set(re.findall(r'href="([^"]+)"', page.text))
    assert hrefs == {"data:,", "/static/recall.css", "tel:+868000000000"}, "whom to ask, by a press"


def wrong_addresses(kept: Kept) -> dict[str, str]:
    """Give addresses that are none, each by what is wrong with it."""
    own = kept.path()
    number = kept.story.incident.id
    return {
        "forged": own[:-1] + ("0" if own[-1] != "0" else "1"),
        "truncated": own[:-3],
        "nothing": ANSWERS,
        "longer": own + "0",
        "line end": own + "%0A",
        "foreign": path_of(kept.house, number, "ch-nobody", 1),
        "another incident": path_of(kept.house, "INC-1999-0001", SHOP, 1),
        "another order": path_of(kept.house, number, SHOP, 77),
        "mark of another": f"{ANSWERS}{number}-ch-carrier-{kept.order}-{own[-32:]}",
        "mark of another order": f"{ANSWERS}{number}-{SHOP}-{kept.order + 1}-{own[-32:]}",
        "mark of another incident": f"{ANSWERS}INC-2026-9999-{SHOP}-{kept.order}-{own[-32:]}",
        "very long": f"{ANSWERS}{number}-{'x' * 9000}-1-{own[-32:]}",
        "no text": f"{ANSWERS}%ff%fe%00",
    }


WRONG = ["mark of another order", "mark of another incident", "very long", "no text",
         "forged", "truncated", "nothing", "longer", "line end", "foreign", "another incident",
         "another order", "mark of another"]  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_wrong_address_shows_nothing_whatever_is_wrong(
    wrong: str, method: str, kept: Kept, anyone: httpx2.Client
) -> None:
    nothing = anyone.get(f"{ANSWERS}x")
    answer = anyone.request(method, wrong_addresses(kept)[wrong])
    assert answer.status_code == 404
    assert answer.content == nothing.content


def test_nothing_is_looked_up_without_the_mark(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(incidents, "load_state", lambda _engine, number: asked.append(number))
    for wrong in ("forged", "truncated", "longer", "mark of another"):
        assert find(kept.house, wrong_addresses(kept)[wrong].removeprefix(ANSWERS)) is None
    assert not asked


def test_an_older_key_opens_its_links_and_another_key_none(kept: Kept, tmp_path: Any) -> None:
    own = kept.path().removeprefix(ANSWERS)
    before = kept.house.ring
    try:
        kept.house.ring = KeyRing.create(tmp_path / "other")
        assert find(kept.house, own) is None
    finally:
        kept.house.ring = before
    assert find(kept.house, own) is not None
    assert before.all(Purpose.LINK)


def test_a_lifted_order_says_so(served: Served, anyone: httpx2.Client) -> None:
    other = Kept(served, "order-lifted")
    path = other.path()
    other.story.keeps_evidence()
    other.story.did(
        person(Role.QUALITY), LiftHalt(number=other.order, reason=PublicText("An error."))
    )
    other.story.signed(person(Role.QUALITY_SAFETY_RESPONSIBLE))
    other.record()
    page = anyone.get(path)
    assert page.status_code == 200
    assert STOPPED not in page.text, "it asks for no stop any more"
    assert 'name="name"' in page.text, "it asks who says that the channel ships again"
    assert page.text.count("<button") == 1
    assert not faults_of(page.text)
    other.says_that_it_resumed()
    assert "<form" not in anyone.get(path).text
    thanked = anyone.get(f"{path}?resumed=1")
    assert 'role="status"' in thanked.text
    assert not faults_of(thanked.text)


def test_a_name_is_asked_of_whoever_says_that_it_has_resumed(
    served: Served, anyone: httpx2.Client
) -> None:
    other = Kept(served, "order-nameless")
    other.story.keeps_evidence()
    error = LiftHalt(number=other.order, reason=PublicText("An error."))
    other.story.did(person(Role.QUALITY), error)
    other.story.signed(person(Role.QUALITY_SAFETY_RESPONSIBLE))
    other.record()
    sent = anyone.post(other.path(), data={"name": " "})
    assert sent.status_code == 422
    assert 'id="e-name"' in sent.text
    assert not faults_of(sent.text)


def test_an_order_of_which_some_goods_are_freed_names_what_stays_and_what_counts(
    served: Served, anyone: httpx2.Client
) -> None:
    other = Kept(served, "order-freed", age=timedelta(minutes=5))
    story, boss = other.story, person(Role.INCIDENT_COMMANDER, Role.DUTY_OFFICER)
    story.did(boss, AcceptReport())
    story.keeps_evidence()
    lots = (LotNumber("F1"), LotNumber("F2"))
    story.did(SUPPLY, OrderHalt(level=HaltLevel.H1, lots=lots, reason=PublicText("Too.")))
    other.record()
    path, first = other.path(), other.order
    story.later(minutes=1)  # what is ordered in the instant of a proposal is none of it
    basis = PublicText("F1 is of another bulk.")
    story.did(boss, ResumeSale(basis=basis, levels=(HaltLevel.H1,), lots=lots[:1]))
    story.signed(person(Role.QUALITY_SAFETY_RESPONSIBLE))
    other.record()
    page = anyone.get(path)
    freed, stays = page.text.split("</strong>")[:2]
    assert ("F1" in freed, "F2" in freed) == (True, False)
    assert ("F1" in stays, "F2" in stays) == (False, True)
    assert f"{story.incident.id} · {other.order}" in page.text
    assert STOPPED not in page.text
    assert not faults_of(page.text)
    assert STOPPED in anyone.get(other.path()).text, "the newer one is answered"
    other.says_that_it_resumed(path_order=first)
    assert "<form" not in anyone.get(path).text


def test_an_older_order_is_answered_by_its_own_link_as_long_as_it_stands(
    served: Served, anyone: httpx2.Client
) -> None:
    other = Kept(served, "order-old")
    path, first = other.path(), other.order
    more = OrderHalt(level=HaltLevel.H1, products=("other",), reason=PublicText("Too."))  # type: ignore[arg-type]
    other.story.did(SUPPLY, more)
    said = AnswerOrder(
        channel=SHOP, order=first, answer=OwnAnswer.STOPPED, set_apart=(LotSetApart(lot="L1", units=7),),
        answered_by=PrivateText(ref="r", commitment="c", subject="s"),
    )  # fmt: skip
    other.story.did(channel_actor(SHOP), said)
    other.record()
    newest, older = anyone.get(other.path()), anyone.get(path)
    assert newest.status_code == older.status_code == 200
    assert 'class="answer plain"' in older.text, "it shows its own answer"
    assert 'class="answer plain"' not in newest.text, "the newest waits for one"
    assert f"· {first}" in older.text
    assert not faults_of(older.text)
    other.story.keeps_evidence()
    other.story.did(person(Role.QUALITY), LiftHalt(number=first, reason=PublicText("An error.")))
    other.story.signed(person(Role.QUALITY_SAFETY_RESPONSIBLE))
    other.record()
    assert STOPPED not in anyone.get(path).text
    assert "<form" in anyone.get(other.path()).text


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        pytest.param({}, {"answer", "name"}, id="nothing"),
        pytest.param({"answer": "cannot", "name": "Li"}, {"reason"}, id="no reason"),
        pytest.param({"answer": "yes", "name": "Li"}, {"answer"}, id="another word"),
        pytest.param({"answer": "none_here", "name": "L" * 121}, {"name"}, id="too long"),
    ],
)
def test_a_form_that_cannot_be_taken_keeps_what_was_typed(
    typed: dict[str, str], fields: set[str], kept: Kept, anyone: httpx2.Client
) -> None:
    page = anyone.post(kept.path(), data={**typed, "where": "Hall <2>"})
    assert page.status_code == 422
    assert set(re.findall(r'id="e-([^"]+)"', page.text)) == fields
    assert "Hall &lt;2&gt;" in page.text
    assert not faults_of(page.text)


def test_the_log_never_holds_an_address(kept: Kept) -> None:
    assert as_logged(kept.path()) == f"{ANSWERS}…"


def test_sending_again_counts_once_and_going_back_is_heard(
    kept: Kept, anyone: httpx2.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []

    async def noted(_house: Any, actor: Any, _incident: str, one: Any) -> None:
        await asyncio.sleep(0)
        assert actor.id == f"channel:{SHOP}"
        assert one.command == "answer_order"
        sent.append(one.command_id)

    monkeypatch.setattr("services.acting.answer_by_link", noted)
    typed = {"answer": "stopped", "name": "Li", "seen": "0"}
    for form in (typed, typed, {**typed, "answer": "none_here"}, {**typed, "seen": "9"}):
        answer = anyone.post(kept.path(), data=form, follow_redirects=False)
        assert answer.status_code == 303
    assert len(sent) == 4
    assert len(set(sent)) == 3


def test_what_is_sealed_takes_no_answer_and_says_so(
    served: Served, anyone: httpx2.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Kept(served, "order-sealed")

    async def closed(*_sent: object) -> None:
        await asyncio.sleep(0)
        raise sealed(("quality",))

    monkeypatch.setattr("services.acting.answer_by_link", closed)
    answer = anyone.post(other.path(), data={"answer": "stopped", "name": "Li <li>"})
    assert answer.status_code == 409
    assert "此事件已关闭并封存。" in answer.text
    assert "Li &lt;li&gt;" in answer.text, "what was typed is kept"
    assert "quality" not in answer.text, "who could is nobody's business outside"
    assert not faults_of(answer.text)


def test_a_link_answers_no_more_than_a_few_times_in_minutes(
    served: Served, anyone: httpx2.Client
) -> None:
    other = Kept(served, "order-often")
    told = [anyone.post(other.path(), data={}).status_code for _ in range(12)]
    assert told[0] == 422
    assert told[-1] == 429


def test_who_comes_again_reads_what_was_answered_and_may_correct_it(
    served: Served, anyone: httpx2.Client
) -> None:
    other = Kept(served, "order-again")
    said = AnswerOrder(
        channel=SHOP,
        order=other.order,
        answer=OwnAnswer.CANNOT,
        answered_by=PrivateText(ref="r", commitment="c", subject="s"),
        reason=PublicText("No <key>."),
    )
    other.story.did(channel_actor(SHOP), said)
    other.record()
    page = anyone.get(other.path())
    assert "No &lt;key&gt;." in page.text
    assert "<summary>情况有变？更正答复</summary>" in page.text
    seen = other.story.incident.halt.channels[SHOP].own_answer
    assert seen is not None
    assert f'name="seen" value="{seen.seq}"' in page.text
    assert not faults_of(page.text)


def way_of(page: str) -> list[str]:
    """Give the names of the number fields of what was on its way."""
    return re.findall(r'name="(way-[^"]+)"', page)


def test_what_was_on_its_way_is_asked_in_a_fold_by_kind(kept: Kept, anyone: httpx2.Client) -> None:
    page = anyone.get(kept.path()).text
    kinds = ("unshipped", "parcels", "samples", "testers", "gifts")
    assert way_of(page) == [f"way-{k}-0-{n}" for k in kinds for n in ("stopped", "through")]
    assert "<details><summary>" in page, "folded"
    assert not faults_of(page)


def test_numbers_on_their_way_that_cannot_be_are_kept_and_open_the_fold(
    served: Served, anyone: httpx2.Client
) -> None:
    other = Kept(served, "order-way-wrong")
    wrong = ["-1", "1.5", "9" * 11, "9999999999", "a lot", "\u202e12", "1e3", "<b>"]
    fields = way_of(anyone.get(other.path()).text)
    typed = {"answer": "stopped", "name": "Li", "way-gifts-0-stopped": "12"}
    typed |= dict(zip(fields, wrong, strict=False))
    page = anyone.post(other.path(), data=typed)
    assert page.status_code == 422
    assert re.findall(r'id="e-([^"]+)"', page.text) == fields[: len(wrong)]
    assert 'name="way-gifts-0-stopped" value="12"' in page.text
    assert 'value="&lt;b&gt;"' in page.text
    said = [page.text.count(why_not(words_of("zh_CN"), one)) for one in ("-1", "9" * 11, "1.5")]
    each = [1, 2, len(wrong) - 3]
    assert said == [2 * one for one in each], "above the form, and at the field"
    assert "<details open>" in page.text
    assert not faults_of(page.text)


def test_what_was_on_its_way_is_taken_as_it_was_typed(
    served: Served, anyone: httpx2.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, sent = Kept(served, "order-way"), list[Any]()

    async def noted(_house: Any, _actor: Any, _incident: str, one: Any) -> None:
        await asyncio.sleep(0)
        sent.append(one.body)

    monkeypatch.setattr("services.acting.answer_by_link", noted)
    typed = {
        "answer": "cannot", "name": "Li", "reason": "No key.",
        "way-parcels-0-stopped": " １,200", "way-parcels-0-through": "",
        "way-gifts-0-through": "0", "way-parcels-9-stopped": "7", "way-bombs-0-stopped": "7",
    }  # fmt: skip
    assert anyone.post(kept.path(), data=typed, follow_redirects=False).status_code == 303
    assert sent[-1]["on_its_way"] == [
        {"kind": "parcels", "lot": "L1", "stopped": 1200, "got_through": None},
        {"kind": "gifts", "lot": "L1", "stopped": None, "got_through": 0},
    ], "fields that the page does not have are not read"
    plain = {"answer": "stopped", "name": "Li"}
    assert anyone.post(kept.path(), data=plain, follow_redirects=False).status_code == 303
    assert "on_its_way" not in sent[-1], "a form of before makes the same words"


def test_several_lots_are_counted_in_all_or_by_lot(served: Served, anyone: httpx2.Client) -> None:
    other = Kept(served, "order-lots")
    more = OrderHalt(
        level=HaltLevel.H1,
        products=(ProductId("cream"),),
        lots=(LotNumber("L1"), LotNumber("L2")),
        reason=PublicText("Too."),
    )
    other.story.did(SUPPLY, more)
    said = AnswerOrder(
        channel=SHOP, order=other.order, answer=OwnAnswer.STOPPED,
        answered_by=PrivateText(ref="r", commitment="c", subject="s"),
        on_its_way=(CountedOnItsWay(kind=OnItsWay.PARCELS, lot="L2", stopped=1234, got_through=3),),
    )  # fmt: skip
    other.story.did(channel_actor(SHOP), said)
    other.record()
    page = anyone.get(other.path()).text
    assert [name for name in way_of(page) if "parcels" in name and "stopped" in name] == [
        f"way-parcels-{n}-stopped" for n in (0, 1, 2)
    ]
    assert re.search(r"在途包裹[^<]*L2[^<]*1,234[^<]*3", page), "it reads what it counted"
    assert not faults_of(page)
    both = {
        "answer": "stopped",
        "name": "Li",
        "way-gifts-0-stopped": "5",
        "way-gifts-2-stopped": "5",
    }
    refused = anyone.post(other.path(), data=both)
    assert refused.status_code == 422
    assert set(re.findall(r'id="e-([^"]+)"', refused.text)) == {"way-gifts-2-stopped"}
    assert refused.text.count("<details open>") == 3, "the answer's, the fold, and its lots"


COUNTS = {"L1": 140, "L2": 60, "L3": 35}
PLACE = "Cage <3>"


def counted(served: Served, key: str) -> Kept:
    """Tell of a channel that stopped three lots, counted each and said where they stand."""
    other = Kept(served, key)
    lots = tuple(map(LotNumber, COUNTS))
    cream = (ProductId("cream"),)
    other.story.did(
        SUPPLY,
        OrderHalt(level=HaltLevel.H1, products=cream, lots=lots, reason=PublicText("Too.")),
    )
    said = AnswerOrder(
        channel=SHOP, order=other.order, answer=OwnAnswer.STOPPED, where=PublicText(PLACE),
        set_apart=tuple(LotSetApart(lot=lot, units=units) for lot, units in COUNTS.items()),
        answered_by=PrivateText(ref="r", commitment="c", subject="s"),
    )  # fmt: skip
    other.story.did(channel_actor(SHOP), said)
    other.record()
    return other


@pytest.fixture(scope="module")
def corrected(served: Served) -> Kept:
    """Give an answer that stands and stays so."""
    return counted(served, "order-corrected")


def form_of(page: str) -> dict[str, str]:
    """Give what a form would send as it stands: its texts, numbers and the answer that is chosen."""
    inputs = [
        dict(re.findall(r'([a-z-]+)="([^"]*)"', one)) | {"checked": "checked" * (" checked" in one)}
        for one in re.findall(r"<input ([^>]*)>", page)
    ]
    return {
        one["name"]: unescape(one.get("value", ""))
        for one in inputs
        if one.get("type") != "radio" or one["checked"]
    }


def cleared(**more: str) -> dict[str, str]:
    """Give a form in which no number and no place stands."""
    return {f"units-{n}": "" for n in range(3)} | {"where": ""} | more


AS_IT_WAS = {"units": COUNTS, "where": PLACE, "uncounted": False}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        pytest.param({}, {}, id="as it was"),
        pytest.param({"units-1": "7"}, {"units": COUNTS | {"L2": 7}}, id="one number"),
        pytest.param({"units-1": ""}, {"units": {"L1": 140, "L3": 35}}, id="one is emptied"),
        pytest.param({"where": ""}, {"where": ""}, id="the place is emptied"),
        pytest.param(cleared(), {"units": {}, "where": "", "uncounted": True}, id="all is emptied"),
        pytest.param(cleared(counted=""), {}, id="a form of before the answer"),
    ],
)
def test_a_correction_begins_with_what_was_said_before(
    changes: dict[str, str],
    told: dict[str, Any],
    corrected: Kept,
    anyone: httpx2.Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sent: list[Any] = []

    async def noted(_house: Any, _actor: Any, _incident: str, one: Any) -> None:
        await asyncio.sleep(0)
        sent.append(one.body)

    monkeypatch.setattr("services.acting.answer_by_link", noted)
    page = anyone.get(corrected.path()).text
    assert not faults_of(page)
    form = form_of(page)
    assert form["answer"] == "stopped"
    assert [form[f"units-{n}"] for n in range(3)] == ["140", "60", "35"]
    assert form["name"] == "", "who corrects it says so"
    typed = form | {"name": "Li"} | changes
    answer = anyone.post(corrected.path(), data=typed, follow_redirects=False)
    assert answer.status_code == 303
    assert AS_IT_WAS | told == {
        "units": {one["lot"]: one["units"] for one in sent[-1]["set_apart"]},
        "where": sent[-1]["where"],
        "uncounted": sent[-1].get("uncounted", False),
    }


def test_what_was_emptied_stays_so_where_the_form_is_refused(
    corrected: Kept, anyone: httpx2.Client
) -> None:
    typed = form_of(anyone.get(corrected.path()).text) | {"units-1": "", "where": ""}
    refused = anyone.post(corrected.path(), data=typed)
    assert refused.status_code == 422, "no name"
    again = form_of(refused.text)
    assert [again[f"units-{n}"] for n in range(3)] == ["140", "", "35"]
    assert again["where"] == ""
    assert again["counted"] == "units"


def test_goods_that_were_seen_on_sale_after_the_answer_are_said_on_the_page(
    served: Served, anyone: httpx2.Client
) -> None:
    other = counted(served, "order-seen")
    assert 'role="alert"' not in anyone.get(other.path()).text
    seen = ReportDrift(channel=ChannelId(SHOP), how_seen=PublicText("In the window."))
    other.story.did(person(Role.CHANNEL_LEAD), seen)
    other.record()
    page = anyone.get(other.path()).text
    assert page.index('role="alert"') < page.index("<details open>"), "the form is open"
    assert not faults_of(page)
