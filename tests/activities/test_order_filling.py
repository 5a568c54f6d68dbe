"""What an order by message carries: approved words, goods by name, whom to ask, by when, where."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from activities import moment
from activities.channels import ChannelActivities
from activities.derived import Desk
from activities.ledger import LedgerActivities
from activities.local_channels import CatalogBook, OutboxGateway
from activities.order_filling import OrderFilling
from domain.channel_answers import AnswerOrder, OwnAnswer
from domain.channels import ChannelOutcome, ReportOutcomes, TakeOverChannel, times_asked
from domain.drift import AskChannelsAgain, ReportDrift
from domain.envelope import ChannelOrder, RecordBatch
from domain.halt import OrderHalt
from domain.incident import new_incident
from domain.orders_there import answer_due_of
from domain.people import PERFORMER, Role, channel_actor
from domain.resuming import ResumeSale
from domain.rules import rules_text
from domain.set_apart import RecordProductionStop
from domain.severity import HaltLevel
from domain.values import ChannelId, LotNumber, PrivateText, PublicText
from integrations.channels import Adapters
from storage import catalog, company, incidents, outbox
from storage import rules as rule_store
from storage.database import Database, open_database
from tests.domain.story import SERIOUS, Story, channels, person, rules
from tests.domain.texts import approved, draft, handed_in, text

HOTLINE = "800-988-0000"


@pytest.fixture
def database(tmp_path: Any) -> Iterator[Database]:
    """Give a company with a hotline, one product, and the channels of the stories."""
    database = open_database(f"sqlite:///{tmp_path / 'andon.db'}")
    database.migrate()
    engine = database.ledger
    company.set_fact(
        engine,
        company.COMPANY,
        f'{{"name_en": "Company", "name_zh": "公司", "home_market": "CN", "hotline": "{HOTLINE}"}}',
    )
    cream = catalog.Item(
        id="cream", name_zh="甲霜", name_en="Cream A",
        document={"items": [{"gtin": "06901234567892"}]},
    )  # fmt: skip
    catalog.put_items(engine, "product", [cream])
    listed = [
        catalog.Item(
            id=one.id, kind=one.kind, market=one.market, name_zh=one.name, name_en=one.name,
            document={"adapter": "outbox", "address": one.id},
        )
        for one in channels()
    ]  # fmt: skip
    catalog.put_items(engine, "channel", listed)
    yield database
    database.close()


def told(database: Database, story: Story, channel: str, **changed: Any) -> outbox.Message:
    """Let one order of an incident leave, and give the message that came of it."""
    [message] = sent(database, story, channel, **changed)
    return message


def sent(database: Database, story: Story, channel: str, **changed: Any) -> list[outbox.Message]:
    """Let one order of an incident leave, and give what came of it: a message, or none."""
    gateways = {"outbox": OutboxGateway(database.ledger, database.bulk)}
    filling = OrderFilling(
        Desk(database.ledger), lambda *names: f"https://a.example/answer/{names[1]}-{names[2]}"
    )
    adapters = Adapters(CatalogBook(database.ledger), gateways)
    orders = ChannelActivities(adapters, filling.together)
    now = story.incident.halt.channels[channel]
    order = next(one for one in story.incident.halt.orders if one.number == now.order)
    leaving = ChannelOrder(
        effect_key=f"{channel}:{len(changed)}",
        incident=story.incident.id,
        channel=channel,
        action="halt",
        order=order.number,
        products=["cream"],
        lots=["L1", "L2"],
        level=order.level,
    )
    orders.order_channel(replace(leaving, **changed))
    found = outbox.list_messages(database.bulk, incident=story.incident.id)
    return [one for one in found if one.effect_key == leaving.effect_key]


@pytest.fixture
def story(database: Database) -> Story:
    """Give an accepted incident whose orders stand, recorded now."""
    at = datetime.now(UTC)
    kept = rule_store.keep_rules(database.ledger, "incident", rules_text(rules()).encode(), at)
    reserved = incidents.Reservation(
        command_id="one", digest="d", created_at=at, reported_by="li", title="Cream",
        rules_hash=kept, drill="",
    )  # fmt: skip
    number = incidents.reserve_number(database.ledger, at.year, reserved).id
    story = Story(now=at, incident=new_incident(number, rules()))
    story.accepted(SERIOUS)
    commander = person(Role.INCIDENT_COMMANDER)
    story.did(commander, OrderHalt(level=HaltLevel.H3, reason=PublicText("To be sure.")))
    record(database, story)
    return story


def record(database: Database, story: Story) -> None:
    """Write down what the story tells."""
    leaves = [leaf.decode() for leaf in story.leaves]
    size = incidents.load_state(database.ledger, story.incident.id)
    first = size.size if size else 0
    LedgerActivities(database.ledger).record(
        RecordBatch(stream=story.incident.id, first=first + 1, leaves=leaves[first:], run=1)
    )


def test_trade_reads_the_wording_that_was_approved_beforehand(
    database: Database, story: Story
) -> None:
    letter = told(database, story, "ch-distributor")
    for said in ("紧急｜停售通知：甲霜", "L1、L2", "06901234567892", "暂不退回，也不要销毁",
                 f"联系人：{HOTLINE}", f"如有疑问请联系：{HOTLINE}"):  # fmt: skip
        assert said in letter.body
    order = story.incident.halt.channels["ch-distributor"].order
    assert f"https://a.example/answer/ch-distributor-{order}" in letter.body
    assert "前回复是否已停售" in letter.body
    assert "【" not in letter.body, "no gap goes out"


def test_a_text_of_the_incident_goes_before_it(database: Database, story: Story) -> None:
    handed_in(story, draft("trade_hold", text("zh-CN", title="请停售", body="我们自己的话。")))  # fmt: skip
    approved(story)
    record(database, story)
    letter = told(database, story, "ch-distributor")
    assert "我们自己的话。" in letter.body
    assert "紧急｜停售通知" not in letter.body


def test_an_own_warehouse_reads_no_letter_to_trade(database: Database, story: Story) -> None:
    letter = told(database, story, "ch-warehouse")
    assert "各渠道合作伙伴" not in letter.body
    assert HOTLINE in letter.body
    assert "单独存放，暂不退回，也不要销毁" in letter.body


def test_a_time_that_has_passed_asks_at_once(
    database: Database, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = datetime.now(UTC) + timedelta(days=9)
    monkeypatch.setattr(moment, "now", lambda: later)
    letter = told(database, story, "ch-distributor")
    assert "请立即回复" in letter.body
    assert "各渠道合作伙伴" not in letter.body, "its sentence names a time"


@pytest.mark.parametrize(
    ("kind", "says", "never"),
    [
        pytest.param("plant", ("请立即停止生产和放行", "是否已停产", "留样"), "停售", id="plant"),
        pytest.param("supplier_material", ("暂停供应下列产品所用的原料", "是否已暂停供货"), "停售",
                     id="supplier"),
        pytest.param("carrier", ("拦下所有在途包裹", "是否已拦下在途货物"), "停售", id="carrier"),
        pytest.param("promotion", ("定时发布", "是否已停止推广"), "单独存放", id="promotion"),
        pytest.param("promotion", ("请立即停止展示和推广",), "数量", id="promotion-counts-nothing"),
        pytest.param("warehouse", ("请立即停止发货", "单独存放"), "停售", id="own-warehouse"),
        pytest.param("own_shop", ("请立即停止销售、发货和推广", "是否已停售"), "停产", id="own-shop"),
    ],
)  # fmt: skip
def test_each_kind_is_told_what_it_has_to_stop(
    database: Database, story: Story, kind: str, says: tuple[str, ...], never: str
) -> None:
    plant = person(Role.PLANT_MANAGER)
    story.did(plant, OrderHalt(level=HaltLevel.H4, reason=PublicText("To be sure.")))
    record(database, story)
    letter = told(database, story, f"ch-{kind}")
    assert all(said in letter.body for said in says)
    assert never not in letter.subject + letter.body
    assert "商品条码：06901234567892。" in letter.body
    assert "https://a.example/answer/" in letter.body.splitlines()[1], "near the top"


def test_the_raw_material_that_is_blocked_is_named(database: Database, story: Story) -> None:
    plant = person(Role.PLANT_MANAGER)
    story.did(plant, OrderHalt(level=HaltLevel.H4, reason=PublicText("To be sure.")))
    stop = RecordProductionStop(site="Linhu", line="1", blocked_materials=("R7", "R2"))
    story.did(plant, stop)
    record(database, story)
    assert "目前已冻结的原料批次：R2、R7。" in told(database, story, "ch-supplier_material").body
    assert "原料批次：" not in told(database, story, "ch-warehouse").body


def test_a_second_request_says_so_and_when_the_first_went(database: Database, story: Story) -> None:
    for _ in range(2):
        story.did(
            person(Role.CHANNEL_LEAD), AskChannelsAgain(channels=(ChannelId("ch-warehouse"),))
        )
    record(database, story)
    second, third = (one.seq for one in story.incident.halt.channels["ch-warehouse"].again)
    first = told(database, story, "ch-warehouse", seq=second - 1)
    assert "次通知" not in first.subject + first.body, "brought again, it says the same"
    letter = told(database, story, "ch-warehouse", seq=second, drill="")
    assert letter.subject.startswith("再次通知：立即停发")
    assert letter.body.startswith("本次为第二次通知，首次通知于")
    letter = told(database, story, "ch-warehouse", seq=third, drill="", kept=[])
    assert letter.body.startswith("本次为第 3 次通知")


def test_goods_that_were_seen_on_sale_are_said_before_all_else(
    database: Database, story: Story
) -> None:
    shop, number = "ch-warehouse", story.incident.halt.channels["ch-warehouse"].order
    name = PrivateText(ref="r", commitment="c", subject="s")
    said = AnswerOrder(channel=shop, order=number, answer=OwnAnswer.STOPPED, answered_by=name)
    seen = ReportDrift(channel=ChannelId(shop), how_seen=PublicText("In the window."))
    story.did(person(Role.CHANNEL_LEAD), seen)
    record(database, story)
    again = story.incident.halt.channels[shop].again
    first = told(database, story, shop, seq=again[0].seq, drill="")
    assert first.subject.startswith("仍在售：立即停发")
    assert "发现须停止的货品仍在售" in first.body.splitlines()[0]
    assert "此前答复" not in first.body, "it had said nothing"
    story.did(channel_actor(shop), said)
    story.later(minutes=2)
    story.did(person(Role.CHANNEL_LEAD), seen)
    record(database, story)
    now = story.incident.halt.channels[shop]
    letter = told(database, story, shop, seq=now.again[-1].seq, drill="", kept=[])
    assert letter.body.startswith("贵方此前答复已停止发货，但")
    assert now.drift is not None
    before = told(database, story, shop, seq=1, kept=[], held=[], drill="")
    assert "仍在售" not in before.subject + before.body, "what left before says nothing of it"


def test_a_newer_order_names_its_own_time_however_late_an_older_one_is(
    database: Database, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = "ch-warehouse"
    older = answer_due_of(story.incident.halt.channels[shop], 1)
    assert older is not None
    story.now = older + timedelta(minutes=10)
    more = OrderHalt(level=HaltLevel.H1, lots=(LotNumber("L7"),), reason=PublicText("Too."))
    story.did(person(Role.INCIDENT_COMMANDER), more)
    record(database, story)
    monkeypatch.setattr(moment, "now", lambda: story.now)
    newest = told(database, story, shop, seq=story.incident.size, drill="")
    assert "请立即回复" not in newest.body
    late = told(database, story, shop, seq=1, order=1, drill="", kept=[])
    assert "请立即回复" in late.body


def test_of_goods_that_are_stopped_since_nobody_is_told_that_they_were_seen(
    database: Database, story: Story
) -> None:
    shop = "ch-warehouse"
    seen = ReportDrift(channel=ChannelId(shop), how_seen=PublicText("In the window."))
    story.did(person(Role.CHANNEL_LEAD), seen)
    story.later(minutes=1)
    more = OrderHalt(level=HaltLevel.H1, lots=(LotNumber("L7"),), reason=PublicText("Too."))
    story.did(person(Role.INCIDENT_COMMANDER), more)
    record(database, story)
    now = story.incident.halt.channels[shop]
    assert now.drift is not None
    newest = told(database, story, shop, seq=story.incident.size, drill="")
    assert "在售" not in newest.subject + newest.body
    older = told(database, story, shop, seq=story.incident.size, order=1, drill="", kept=[])
    assert older.subject.startswith("仍在售")


def test_what_is_left_of_an_order_reads_as_that_and_not_as_a_reminder(
    database: Database, story: Story
) -> None:
    shop, commander = "ch-warehouse", person(Role.INCIDENT_COMMANDER)
    story.keeps_evidence()
    lots = (LotNumber("L1"), LotNumber("L2"))
    story.did(commander, OrderHalt(level=HaltLevel.H1, lots=lots, reason=PublicText("Too.")))
    basis = PublicText("L1 is of another bulk.")
    story.later(minutes=1)  # what is ordered in the instant of a proposal is none of it
    story.did(commander, ResumeSale(basis=basis, levels=(HaltLevel.H1,), lots=lots[:1]))
    story.signed(person(Role.QUALITY_SAFETY_RESPONSIBLE))
    order = story.incident.halt.channels[shop].order
    sold = ChannelOutcome(channel=shop, order=order, state="resumed", attempts=1)
    story.did(PERFORMER, ReportOutcomes(outcomes=(sold,)))
    lead = person(Role.CHANNEL_LEAD)
    story.did(lead, AskChannelsAgain(channels=(ChannelId(shop),)))
    record(database, story)
    now = story.incident.halt.channels[shop]
    anew, again = (one.seq for one in now.again if one.order == order)
    assert times_asked(story.incident, now) == 2, "told once, and asked again once"
    letters = [
        told(database, story, shop, seq=seq, **more)
        for seq, more in ((anew, {"drill": ""}), (again, {"drill": "", "kept": []}))
    ]
    assert letters[0].subject.startswith("仍须停止：")
    assert letters[0].body.startswith("先前的指令已部分解除")
    assert "次通知" not in letters[0].body
    assert letters[1].body.startswith("本次为第二次通知")
    assert not sent(database, story, shop, seq=anew - 1), "it would say the same a second time"


@pytest.mark.parametrize("taken", [False, True], ids=["asked by itself", "taken over"])
def test_what_is_left_leaves_once_behind_what_may_be_sold_but_to_whom_nobody_writes_it_anew(
    database: Database, story: Story, taken: bool
) -> None:
    shop, commander = ChannelId("ch-warehouse"), person(Role.INCIDENT_COMMANDER)
    story.keeps_evidence()
    lots = (LotNumber("L1"), LotNumber("L2"))
    story.did(commander, OrderHalt(level=HaltLevel.H1, lots=lots, reason=PublicText("Too.")))
    if taken:
        take = TakeOverChannel(channel=shop, reason=PublicText("I drive there."))
        story.did(person(Role.CHANNEL_LEAD), take)
    story.later(minutes=1)
    basis = PublicText("L1 is of another bulk.")
    story.did(commander, ResumeSale(basis=basis, levels=(HaltLevel.H1,), lots=lots[:1]))
    story.signed(person(Role.QUALITY_SAFETY_RESPONSIBLE))
    record(database, story)
    found = sent(database, story, shop, seq=story.incident.size)
    assert [one.subject.startswith("仍须停止：") for one in found] == ([True] if taken else [])


def test_orders_that_leave_together_read_what_they_share_once(
    database: Database, story: Story
) -> None:
    asked: list[str] = []
    event.listen(
        database.ledger,
        "before_cursor_execute",
        lambda *given: asked.append(str(given[2])) if "SELECT" in given[2] else None,
    )
    now = story.incident.halt.channels["ch-distributor"]
    order = ChannelOrder(
        effect_key="one", incident=story.incident.id, channel="ch-distributor", action="halt",
        order=now.order, products=["cream"], lots=[], level=HaltLevel.H3,
    )  # fmt: skip
    filled = OrderFilling(Desk(database.ledger)).together()
    first = filled(order)
    assert first.text
    read = len(asked)
    assert [filled(order) for _ in range(15)] == [first] * 15
    assert len(asked) == read + 15, "where each channel is, and nothing else"
