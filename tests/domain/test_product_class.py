"""What a product is by the law of a market, what the company is there, and which rules then ask."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from domain.firm import ClassedProduct, FirmInMarket, class_in, roles_in
from domain.incident import new_incident
from domain.limits import Counting, parse_limit
from domain.product_class import ClassProduct
from domain.recall_scope import SetScope, WidenScope
from domain.recall_start import PlanRecallStart
from domain.regulation_terms import USUAL_ROLES, CaseIs, ClockStart, Obliged, ProductClass
from domain.regulations import Rule, When
from domain.report import AcceptReport
from domain.rules import rules_of
from domain.severity import Intent, Outcome
from domain.values import ProductId
from tests.domain.duties import COMMANDER, QSR, REGULATORY, Notified, utc, words
from tests.domain.recalls import ASSESSOR, BOSS, COUNTED, QUALITY, evaluation, lot, recall, scope
from tests.domain.story import SERIOUS, regulations, rules


def with_rules(*regulations: Rule, **changes: Any) -> Notified:
    """Give a story whose plan or rules say something else."""
    own = rules()
    pinned = rules_of(
        replace(own.plan, **changes), own.calendar, own.wording, regulations or own.regulations
    )
    return Notified(incident=new_incident("INC-2026-0001", pinned))


def rule_of(rule_id: str) -> Rule:
    """Find a rule of the files."""
    return next(rule for rule in regulations() if rule.id == rule_id)


def test_a_market_without_a_word_is_that_of_the_owner_of_the_brand() -> None:
    firm = (FirmInMarket(market="CN", roles=(Obliged.CONTRACT_MANUFACTURER,)),)
    assert roles_in(firm, "CN") == {Obliged.CONTRACT_MANUFACTURER}
    assert roles_in(firm, "US") == USUAL_ROLES
    assert Obliged.DISTRIBUTOR not in USUAL_ROLES


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        pytest.param({}, ProductClass.DRUG, id="as the plan lists it"),
        pytest.param(
            {"spray/US": ProductClass.COSMETIC}, ProductClass.COSMETIC, id="as people said"
        ),
        pytest.param({"spray/EU": ProductClass.DRUG}, ProductClass.DRUG, id="of another market"),
    ],
)
def test_what_people_say_goes_before_the_list(
    said: dict[str, ProductClass], expected: ProductClass
) -> None:
    listed = [ClassedProduct(product="spray", market="US", product_class=ProductClass.DRUG)]
    assert class_in("spray", "US", listed, said) is expected
    assert class_in("cream", "US", listed, {}) is ProductClass.COSMETIC


def test_a_drug_is_asked_nothing_by_the_rules_for_cosmetics() -> None:
    story = Notified()
    story.reported(SERIOUS)
    story.did(
        REGULATORY,
        ClassProduct(
            product=ProductId("cream"),
            market="US",
            product_class=ProductClass.DRUG,
            reason=words("monograph for sunscreens"),
        ),
    )
    story.hurt("US", Outcome.HOSPITALISED)
    story.hurt("DE", Outcome.HOSPITALISED)
    asked = {rule for rule, _ in story.duties()}
    assert "US-MOCRA-SAER" not in asked
    assert "EU-COS-23-SUE" in asked


@pytest.mark.parametrize(
    ("product", "code"),
    [pytest.param("cream", "classed", id="said already"), pytest.param("none", "no_product", id="of another incident")],
)  # fmt: skip
def test_what_is_no_news_is_refused(product: str, code: str) -> None:
    story = Notified()
    story.reported(SERIOUS)
    said = ClassProduct(
        product=ProductId(product),
        market="DE",
        product_class=ProductClass.COSMETIC,
        reason=words("as notified"),
    )
    assert story.refused(REGULATORY, said).reason == code


def test_a_rule_asks_only_firms_that_it_obliges() -> None:
    seller = (FirmInMarket(market="CN", roles=(Obliged.MARKETPLACE,)),)
    story = with_rules(firm=seller)
    story.reported(SERIOUS)
    story.hurt("CN", Outcome.HOSPITALISED)
    story.hurt("US", Outcome.HOSPITALISED)
    assert {duty.market for duty in story.incident.notice.duties.values()} >= {"US"}
    assert "CN" not in {duty.market for duty in story.incident.notice.duties.values()}


@pytest.mark.parametrize(
    ("when", "hurt", "asked"),
    [
        pytest.param(When(case=(CaseIs.SERIOUS,), outcome=(Outcome.DEATH,)), [Outcome.HOSPITALISED], False, id="another outcome"),
        pytest.param(When(case=(CaseIs.SERIOUS,), outcome=(Outcome.HOSPITALISED,)), [Outcome.HOSPITALISED], True, id="its outcome"),
        pytest.param(When(case=(CaseIs.SERIOUS,), serious=2), [Outcome.HOSPITALISED], False, id="one of two"),
        pytest.param(When(case=(CaseIs.SERIOUS,), serious=2), [Outcome.HOSPITALISED, Outcome.DEATH], True, id="two of two"),
        pytest.param(When(case=(CaseIs.SERIOUS,), people=2), [Outcome.HOSPITALISED, Outcome.MILD], True, id="two people"),
        pytest.param(When(case=(CaseIs.SERIOUS,), intent=(Intent.THREAT,)), [Outcome.DEATH], False, id="no threat"),
    ],
)  # fmt: skip
def test_a_row_holds_by_outcome_and_count(when: When, hurt: list[Outcome], *, asked: bool) -> None:
    story = with_rules(replace(rule_of("US-MOCRA-SAER"), when=(when,), follow_ups=()))
    story.reported(SERIOUS)
    for outcome in hurt:
        story.hurt("US", outcome)
    assert bool(story.incident.notice.duties) is asked


# ---------------------------------------------------------------- before a recall begins


def before_the_recall() -> Rule:
    """Give a rule that wants to hear of a recall in Singapore 24 hours before (HSA guidance)."""
    return replace(
        rule_of("US-CFR-7-46"),
        id="SG-BEFORE",
        market="SG",
        limit=parse_limit("-24 h"),
        counting=Counting.OPEN_DAYS,
        calendar="SG-HSA",
        clock_start=ClockStart.RECALL_START,
        follow_ups=(),
    )


def recalled_in_singapore() -> Notified:
    story = with_rules(before_the_recall())
    story.reported(SERIOUS)
    story.did(COMMANDER, AcceptReport())
    story.did(QUALITY, SetScope(**scope(markets=("SG",))))
    story.did(ASSESSOR, evaluation())
    story.did(COMMANDER, recall())
    story.signed(QSR, BOSS)
    return story


def begins(at: datetime) -> PlanRecallStart:
    return PlanRecallStart(market="SG", starts_at=at, reason=words("the hauliers are booked"))


def test_a_notice_before_the_recall_moves_with_its_planned_beginning() -> None:
    story = recalled_in_singapore()
    decided_at = story.incident.recall.decided_at
    assert decided_at is not None
    assert story.duty("SG-BEFORE").start_at == decided_at
    assert (story.duty("SG-BEFORE").due_at or decided_at) < decided_at
    story.did(COMMANDER, begins(utc("2026-03-11 01:00")))  # Wednesday, 9:00 in Singapore
    moved = story.duty("SG-BEFORE")
    assert moved.due_at == utc("2026-03-10 01:00")
    assert moved.overdue_at is None
    story.did(COMMANDER, begins(utc("2026-03-09 01:00")))  # Monday: Sunday does not count
    assert story.duty("SG-BEFORE").due_at == utc("2026-03-07 01:00")
    assert story.duty("SG-BEFORE").moves == 2


def test_its_clock_runs_from_when_it_was_known() -> None:
    story = recalled_in_singapore()
    story.did(COMMANDER, begins(utc("2026-03-11 01:00")))
    for due in story.clocks(story.duty("SG-BEFORE")):
        assert due.start_at <= due.due_at


@pytest.mark.parametrize(
    "days", [pytest.param(-3, id="before the decision"), pytest.param(40, id="too late")]
)
def test_a_recall_begins_soon_after_it_is_decided(days: int) -> None:
    story = recalled_in_singapore()
    said = begins(story.now + timedelta(days=days))
    assert story.refused(COMMANDER, said).reason == "bad_start"


def test_without_a_recall_nothing_begins() -> None:
    story = Notified()
    story.reported(SERIOUS)
    assert story.refused(COMMANDER, begins(story.now)).reason == "not_decided"


# ---------------------------------------------------------------- a recall that changed


def told_japan() -> Notified:
    """Give a story in which Japan was told that a recall began."""
    story = Notified()
    story.reported(SERIOUS)
    story.did(COMMANDER, AcceptReport())
    story.did(QUALITY, SetScope(**scope(markets=("JP",))))
    story.did(ASSESSOR, evaluation())
    story.did(COMMANDER, recall())
    story.signed(QSR, BOSS)
    story.filed(story.duty("JP-RECALL-START"))
    return story


def wider(story: Notified, *names: str) -> None:
    """Reach more lots, an hour later."""
    story.later(hours=1)
    lots = (lot(**COUNTED), *(lot(name, **COUNTED) for name in names))
    story.did(COMMANDER, WidenScope(**scope(markets=("JP",), lots=lots)))


def test_each_change_of_a_recall_is_reported_anew() -> None:
    """What the first report said already is no change; what came after it is, each time."""
    story = told_japan()
    assert "JP-RECALL-CHANGE" not in {rule for rule, _ in story.duties()}
    wider(story, "L2")
    first = story.duty("JP-RECALL-CHANGE")
    assert (first.possible, first.start_at) == (True, story.now)
    wider(story, "L2", "L3")
    changes = [duty for (rule, _), duty in story.duties().items() if rule == "JP-RECALL-CHANGE"]
    assert len(changes) == 2
    assert changes[0].start_at < changes[1].start_at == story.now


def test_a_person_in_northern_ireland_is_not_counted_for_great_britain() -> None:
    story = Notified()
    story.reported(SERIOUS)
    story.hurt("XI", Outcome.HOSPITALISED)
    asked = {rule for rule, _ in story.duties()}
    assert "XI-COS-23-SUE" in asked
    assert not {"UK-23-SUE", "EU-COS-23-SUE"} & asked
