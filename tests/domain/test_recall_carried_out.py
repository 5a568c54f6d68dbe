"""Stage recall carried out: telling, answering, remedies, goods, checks, and its ends."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.acts import ActLapsed, ActProposed
from domain.consignees import ConsigneeAnswered, TakeOverConsignee
from domain.effectiveness import drawn_for_checks
from domain.goods import GoodsReceived, held
from domain.incident import fold, new_incident
from domain.notifications import readers_told
from domain.people import PERFORMER, Actor
from domain.recall_end import (
    CompleteRecall,
    RecallEnded,
    RequestTermination,
    answered_percent,
    recovery,
)
from domain.recall_scope import NarrowScope, ScopeSet, WidenScope
from domain.recall_terms import (
    EndStep,
    GoodsSource,
    LotShown,
    Reader,
    RecallMethod,
    Remedy,
)
from domain.remedies import CountClaims, RefuseClaim, RemedySettled
from domain.resuming import LiftHalt, ResumeSale, SaleResumed
from domain.scope import LotAnswer, LotCount
from domain.state import incident_text, read_incident_text
from domain.termination import RecordTermination
from domain.values import (
    ConsigneeId,
    LotNumber,
    PersonId,
)
from tests.domain.recalls import (
    BOSS,
    COMMANDER,
    FILE,
    FINANCE,
    L1,
    LEGAL,
    PR,
    QSR,
    QUALITY,
    REGULATORY,
    SERVICE,
    SERVICE_LEAD,
    SHOPS,
    SUPPLY,
    answer,
    chased,
    check,
    decided,
    disposal,
    goods,
    letter,
    lot,
    public_notice,
    recall,
    refund,
    running,
    scope,
    scoped,
    words,
)
from tests.domain.story import CRITICAL, Story, rules

# ---------------------------------------------------------------- telling and answering


def test_consignees_and_consumers_are_told_in_the_plans_time() -> None:
    story = running()
    trade, public = story.due("consignees_told"), story.due("consumers_told")
    assert trade is not None
    assert public is not None
    assert public.due_at - trade.due_at == timedelta(hours=24)
    story.did(SUPPLY, letter(*SHOPS[:9]))
    assert story.due("consignees_told") is not None
    story.did(SUPPLY, letter(SHOPS[9], channel=RecallMethod.PHONE))
    assert story.due("consignees_told") is None
    story.did(PR, public_notice())
    assert story.due("consumers_told") is None
    told = story.incident.recall.told
    assert (told["consignee"].times, told["consignee"].count, told["consumer"].count) == (
        2,
        10,
        500,
    )


def test_whom_a_letter_did_not_reach_is_told_again_and_has_its_own_time() -> None:
    story = running()
    sent = story.did(SUPPLY, letter(*SHOPS, undelivered=SHOPS[:1]))[0]
    assert (sent.bounced, sent.unknown, sent.asked) == (1, 9, tuple(sorted(SHOPS[1:])))
    assert story.due("consignees_told") is not None
    assert story.due("consignee:shop-1:") is None
    story.later(hours=1)
    story.did(SUPPLY, letter(SHOPS[0], channel=RecallMethod.VISIT))
    first, later = story.due("consignee:shop-2:"), story.due("consignee:shop-1:")
    assert first is not None
    assert later is not None
    assert later.due_at - first.due_at == timedelta(hours=1)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        pytest.param({"recipients": ()}, "nobody", id="nobody"),
        pytest.param({"reader": Reader.CONSUMER}, "not_named_here", id="consumers-by-name"),
        pytest.param(
            {"undelivered": (ConsigneeId("other"),)}, "not_a_recipient", id="bounced-elsewhere"
        ),
        pytest.param({"count": 3}, "bad_count", id="two-counts"),
        pytest.param({"sent": 3}, "bad_count", id="sent-to-more-than-meant"),
        pytest.param({"delivered": 2, "bounced": 1}, "bad_count", id="more-fates-than-letters"),
        pytest.param({"delivered": -1}, "bad_count", id="negative"),
    ],
)
def test_a_notification_whose_counts_cannot_be_is_refused(
    changes: dict[str, Any], code: str
) -> None:
    assert running().refused(SUPPLY, letter(*SHOPS[:2], **changes)).reason == code


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        pytest.param({"count": None}, "and no number of readers", id="a list alone"),
        pytest.param({"count": 0}, "and no number of readers", id="a list of nobody"),
        pytest.param({"readers_list": None}, "and no list of readers", id="a number alone"),
        pytest.param({"count": None, "readers_list": None}, "No consignee is named", id="neither"),
    ],
)
def test_readers_are_counted_and_listed_and_a_refusal_names_both_fields(
    changes: dict[str, Any], sentence: str
) -> None:
    refused = running().refused(PR, public_notice(**changes))
    assert sentence in refused.sentence
    assert "“How many readers” and “The list of readers”" in refused.hint


def test_a_consignee_keeps_its_market_until_somebody_says_why_another_is_right() -> None:
    story = running()
    story.did(SUPPLY, letter(*SHOPS[:2]))
    refused = story.refused(SUPPLY, letter(SHOPS[0], market="DE"))
    assert refused.reason == "another_market"
    assert "shop-1 stands in market CN, and this notice names DE." in refused.sentence
    story.did(SUPPLY, letter(*SHOPS[:2], market=""))
    assert {story.incident.recall.consignees[one].market for one in SHOPS[:2]} == {"CN"}
    why = words("The first letter named the wrong market.")
    sent = story.did(SUPPLY, letter(SHOPS[0], market="DE", moved_because=why))[0]
    assert sent.moved_because == why
    assert story.incident.recall.consignees[SHOPS[0]].market == "DE"
    # Also where no notice put anybody elsewhere: by our own list it may be of another market.
    assert story.did(SUPPLY, letter(SHOPS[2], moved_because=why))[0].moved_because == why


def test_all_who_stand_in_another_market_are_named_or_counted() -> None:
    story = running()
    story.did(SUPPLY, letter(*SHOPS[:7]))
    few = story.refused(SUPPLY, letter(*SHOPS[:2], market="DE")).sentence
    assert few == "These stand in another market than DE: shop-1, shop-2."
    many = story.refused(SUPPLY, letter(*SHOPS[:7], market="DE")).sentence
    assert many.endswith(": shop-1, shop-2, shop-3, shop-4, shop-5 and 2 more.")


@pytest.mark.parametrize(
    ("first", "then"), [("DE", "EU"), ("EU", "DE")], ids=["then all", "first all"]
)
def test_a_consignee_of_one_country_is_told_under_its_group_and_keeps_the_country(
    first: str, then: str
) -> None:
    story = running(markets=("CN", "EU"))
    story.did(SUPPLY, letter(SHOPS[0], market=first))
    story.did(SUPPLY, letter(SHOPS[0], market=then))
    assert story.incident.recall.consignees[SHOPS[0]].market == "DE"
    assert answered_percent(story.incident.recall, "EU") == 0


def test_whoever_is_told_again_is_one_reader() -> None:
    story = running()
    story.did(SUPPLY, letter(*SHOPS[:3]))
    story.did(SUPPLY, letter(*SHOPS[:2], channel=RecallMethod.PHONE))
    story.did(SUPPLY, letter(count=7, readers_list=FILE))
    assert readers_told(story.incident.recall, "consignee") == 3 + 7
    assert story.incident.recall.told["consignee"].sent == 3 + 2 + 7


def test_a_letter_before_the_decision_does_not_count_for_it() -> None:
    story = scoped(consignees=SHOPS[:1])
    story.did(SUPPLY, letter(SHOPS[0]))
    story.later(hours=1)
    story.did(COMMANDER, recall())
    story.signed(QSR, BOSS)
    assert story.due("consignees_told:record_notification") is not None
    story.later(minutes=1)
    story.did(SUPPLY, letter(SHOPS[0]))
    assert story.due("consignees_told:record_notification") is None


def test_a_silent_consignee_is_one_due_until_it_answers() -> None:
    story = running()
    story.did(SUPPLY, letter(*SHOPS))
    story.later(hours=1)
    story.did(SUPPLY, letter(*SHOPS, channel=RecallMethod.PHONE))
    keys = [due.key for due in chased(story)]
    assert len(keys) == len(set(keys)) == 10
    before = story.due("consignee:shop-1:")
    assert before is not None
    assert before.start_at == story.now - timedelta(hours=1)
    story.did(SUPPLY, answer(SHOPS[0]))
    assert story.due("consignee:shop-1:") is None
    assert story.incident.recall.consignees["shop-1"].told == 2


def test_a_crowd_of_silent_consignees_is_chased_as_one_list() -> None:
    story = decided()
    story.later(minutes=1)
    crowd = tuple(ConsigneeId(f"store-{number}") for number in range(600))
    story.did(SUPPLY, letter(*crowd))
    assert [due.title for due in chased(story)] == ["600 consignees have not answered"]
    story.later(days=30)


def test_a_later_answer_replaces_the_one_before() -> None:
    story = running()
    story.did(SUPPLY, letter(*SHOPS))
    story.did(SUPPLY, answer(SHOPS[0]))
    told_at = story.now
    story.later(hours=2)
    rows = (
        LotAnswer(
            lot=LotNumber("L1"), received=10, on_hand=4, quarantined=4, sold_on=5, destroyed=1
        ),
    )
    second: ConsigneeAnswered = story.did(
        SUPPLY, answer(SHOPS[0], lots=rows, sub_accounts=2, sub_accounts_told=1)
    )[0]
    assert (second.number, second.replaces) == (2, 1)
    late = story.does(SUPPLY, answer(SHOPS[0]), happened_at=told_at)[0]
    assert late.reason == "older_answer"
    assert story.incident.recall.consignees["shop-1"].lots == rows


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        pytest.param({"lots": ()}, "no_answer", id="nothing-said"),
        pytest.param({"never_had": True}, "no_answer", id="both-said"),
        pytest.param(
            {"lots": (LotAnswer(lot=LotNumber("L1"), received=3, sold_on=4),)},
            "contradiction",
            id="more-than-received",
        ),
        pytest.param(
            {"lots": (LotAnswer(lot=LotNumber("L1"), on_hand=-1),)}, "contradiction", id="negative"
        ),
        pytest.param(
            {"lots": (LotAnswer(lot=LotNumber("L1")),) * 2}, "contradiction", id="a-lot-twice"
        ),
        pytest.param(
            {"sub_accounts": 1, "sub_accounts_told": 2},
            "contradiction",
            id="told-more-than-there-are",
        ),
    ],
)
def test_an_answer_that_cannot_be_true_is_refused(changes: dict[str, Any], code: str) -> None:
    assert running().refused(SUPPLY, answer(SHOPS[0], **changes)).reason == code


def test_a_wider_scope_asks_everybody_anew() -> None:
    story = running()
    story.did(SUPPLY, letter(*SHOPS))
    for name in SHOPS:
        story.did(SUPPLY, answer(name))
    assert not chased(story)
    story.later(hours=1)
    story.did(QSR, WidenScope(**scope(lots=(L1, lot("L2")))))
    assert story.due("consignees_told:record_notification") is not None
    story.later(minutes=5)
    story.did(SUPPLY, letter(*SHOPS))
    assert len(chased(story)) == 10


def test_whom_a_narrower_scope_lets_go_is_not_asked_any_more() -> None:
    story = running(lots=(L1, lot("L2")))
    story.did(SUPPLY, letter(*SHOPS))
    story.did(COMMANDER, NarrowScope(**scope(evidence=(FILE,), consignees=SHOPS[:3])))
    story.signed(QSR)
    assert [due.item for due in chased(story)] == list(SHOPS[:3])


# ---------------------------------------------------------------- remedies


def test_a_refund_needs_no_receipt_and_no_second_signature() -> None:
    story = running()
    given: RemedySettled = story.did(SERVICE, refund(story, lot_shown=LotShown.WORD, lot=None))[0]
    assert (given.limit, given.late, len(given.signers)) == ("refund_within_policy", False, 1)
    again = story.refused(SERVICE, refund(story, taken=Remedy.EXCHANGE))
    assert again.reason == "settled"
    late: RemedySettled = story.did(
        SERVICE, refund(story, claim="CASE-2", given_at=story.now + timedelta(hours=49))
    )[0]
    assert late.late
    assert story.incident.recall.claims.paid == {"CNY": 25_800}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        pytest.param({"offered": (Remedy.EXCHANGE,)}, "not_offered", id="taken-not-offered"),
        pytest.param({"offered": (Remedy.REFUND,)}, "choice", id="plan-promises-a-choice"),
        pytest.param({"amount_minor": -1}, "bad_count", id="negative"),
        pytest.param({"units": 0}, "bad_count", id="no-unit"),
        pytest.param({"currency": "yua"}, "bad_currency", id="no-currency"),
        pytest.param(
            {"lot": LotNumber("L9"), "lot_shown": LotShown.WORD},
            "lot_not_shown",
            id="another-lot-at-their-word",
        ),
        pytest.param(
            {"given_at": Story().now - timedelta(days=9)}, "bad_times", id="given-before-asked"
        ),
    ],
)
def test_a_remedy_that_is_not_right_is_refused(changes: dict[str, Any], code: str) -> None:
    story = running()
    assert story.refused(SERVICE, refund(story, **changes)).reason == code


@pytest.mark.parametrize("beside", [Remedy.MEDICAL_COST, Remedy.DAMAGES], ids=str)
def test_what_is_owed_beside_a_choice_need_not_be_among_the_offers(beside: Remedy) -> None:
    story = running()
    offers = (Remedy.REFUND, Remedy.EXCHANGE)
    claim = refund(story, taken=beside, offered=offers, amount_minor=10_000)
    who = SERVICE_LEAD if beside is Remedy.MEDICAL_COST else LEGAL
    assert isinstance(story.did(who, claim)[0], RemedySettled | ActProposed)


def test_medical_cost_above_the_limit_asks_legal_too() -> None:
    story = running()
    cost = {"taken": Remedy.MEDICAL_COST, "offered": (Remedy.MEDICAL_COST,)}
    assert story.refused(SERVICE, refund(story, **cost)).reason == "not_allowed"
    small = story.did(SERVICE_LEAD, refund(story, amount_minor=500_000, **cost))[0]
    assert small.limit == "medical_cost"
    large = refund(story, claim="CASE-2", amount_minor=500_001, **cost)
    assert isinstance(story.did(SERVICE_LEAD, large)[0], ActProposed)
    given = story.signed(LEGAL)[1]
    assert (given.limit, len(given.signers)) == ("medical_cost, above the limit of medical cost", 2)


def test_damages_take_finance_and_above_the_limit_management() -> None:
    story = running()
    cost = {"taken": Remedy.DAMAGES, "offered": (Remedy.DAMAGES,)}
    story.did(LEGAL, refund(story, amount_minor=5_000_000, **cost))
    assert isinstance(story.signed(FINANCE)[1], RemedySettled)
    story.did(LEGAL, refund(story, claim="CASE-2", amount_minor=5_000_001, **cost))
    assert len(story.signed(FINANCE)) == 1
    assert isinstance(story.signed(BOSS)[1], RemedySettled)


def test_limits_are_measured_in_our_own_currency() -> None:
    story = running()
    cost = {
        "taken": Remedy.MEDICAL_COST,
        "offered": (Remedy.MEDICAL_COST,),
        "currency": "EUR",
        "amount_minor": 100_000,
    }
    assert story.refused(SERVICE_LEAD, refund(story, **cost)).reason == "limit_currency"
    assert isinstance(
        story.did(SERVICE_LEAD, refund(story, limit_minor=780_000, **cost))[0], ActProposed
    )


def test_a_recalled_lot_is_never_refused_a_remedy() -> None:
    story = running()
    no = RefuseClaim(
        claim="CASE-3",
        claimed_at=story.now,
        lot=LotNumber("L1"),
        lot_shown=LotShown.PACK,
        reason=words("No receipt."),
    )
    assert story.refused(SERVICE_LEAD, no).reason == "owed"
    other = RefuseClaim(
        claim="CASE-3",
        claimed_at=story.now,
        lot=LotNumber("X9"),
        lot_shown=LotShown.PACK,
        reason=words("Another product."),
    )
    story.did(SERVICE_LEAD, other)
    assert (story.incident.recall.claims.settled, story.incident.recall.claims.refused) == (0, 1)


def test_thousands_of_claims_come_in_counted_batches_and_count_once() -> None:
    story = running()
    batch = CountClaims(
        sha256="cd" * 32,
        settled=900,
        refused=3,
        late=20,
        paid_minor=11_610_000,
        kept=(LotCount(lot=LotNumber("L1"), units=300),),
    )
    story.did(PERFORMER, batch)
    assert story.did(PERFORMER, batch) == []
    claims = story.incident.recall.claims
    assert (claims.settled, claims.late, claims.paid["CNY"]) == (900, 20, 11_610_000)
    assert recovery(story.incident.recall)[0].remedied == 300
    assert (
        story.refused(PERFORMER, CountClaims(sha256="ef" * 32, settled=1, late=2)).reason
        == "bad_count"
    )


# ---------------------------------------------------------------- goods


def test_two_people_count_and_what_is_too_many_is_said() -> None:
    story = running()
    assert story.refused(SUPPLY, goods(5, counted_again_by=PersonId("wang"))).reason == "four_eyes"
    assert story.refused(SUPPLY, goods(0)).reason == "bad_count"
    assert story.refused(SUPPLY, goods(5, source=GoodsSource.CONSIGNEE)).reason == "bad_source"
    first: GoodsReceived = story.did(SUPPLY, goods(700))[0]
    second: GoodsReceived = story.did(SUPPLY, goods(100))[0]
    assert (first.too_many, second.too_many) == (0, 10)


def test_nothing_is_disposed_of_that_is_not_held() -> None:
    story = running()
    assert held(story.incident.recall, "L1") == 200
    story.did(SUPPLY, goods(30))
    story.did(SUPPLY, goods(150, source=GoodsSource.OWN_STOCK))
    assert held(story.incident.recall, "L1") == 230
    assert story.refused(QSR, disposal(231)).reason == "more_than_held"
    story.did(QSR, disposal(230))
    gone = story.signed(LEGAL)[1]
    assert len(gone.signers) == 2
    assert held(story.incident.recall, "L1") == 0
    assert story.refused(QSR, disposal(1)).reason == "more_than_held"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        pytest.param({"samples_kept": False}, "samples_missing", id="nothing-left-to-test"),
        pytest.param(
            {"contractor": "Burn Ltd"}, "licence_missing", id="contractor-without-licence"
        ),
        pytest.param({"witnesses": (PersonId(QSR.id),)}, "four_eyes", id="nobody-else-there"),
        pytest.param(
            {"lots": (LotCount(lot=LotNumber("L1"), units=1),) * 2}, "twice", id="a-lot-twice"
        ),
        pytest.param(
            {"lots": (LotCount(lot=LotNumber("L1"), units=-1),)}, "more_than_held", id="negative"
        ),
    ],
)
def test_a_disposal_that_is_not_right_is_refused(changes: dict[str, Any], code: str) -> None:
    assert running().refused(QSR, disposal(1, **changes)).reason == code


def test_two_disposals_at_once_never_take_the_same_units() -> None:
    story = running()
    story.did(QSR, disposal(150))
    story.did(QSR, disposal(150, place="Wuxi"))
    story.signed(LEGAL)
    assert isinstance(story.signed(LEGAL)[1], ActLapsed)
    assert held(story.incident.recall, "L1") == 50


# ---------------------------------------------------------------- checks and ends


def worked_off() -> Story:
    """Everybody told, everybody answered, the drawn ones checked."""
    story = running()
    story.did(SUPPLY, letter(*SHOPS))
    story.did(PR, public_notice())
    for name in SHOPS:
        story.did(SUPPLY, answer(name))
    for drawn in drawn_for_checks(story.incident.recall):
        story.did(SUPPLY, check(drawn))
    return story


def test_checks_are_drawn_by_the_plan_or_made_by_the_authority() -> None:
    story = decided(consignees=SHOPS)
    assert story.refused(SUPPLY, check("shop-1")).reason == "plan_missing"
    own = story.did(REGULATORY, check("shop-1", by_authority=True, authority="NMPA Jiangsu"))[0]
    assert (own.level, own.drawn) == (None, False)
    story = running()
    assert story.refused(SUPPLY, check("shop-1", told=False)).reason == "contradiction"
    assert story.refused(SUPPLY, check("nobody")).reason == "no_consignee"
    drawn = drawn_for_checks(story.incident.recall)[0]
    first = story.did(SUPPLY, check(drawn, acted=False))[0]
    again = story.did(SUPPLY, check(drawn))[0]
    assert (first.number, again.number, again.drawn, again.sample_size) == (1, 2, True, 2)


def test_a_recall_with_open_ends_is_completed_only_with_a_reason_and_names_them() -> None:
    story = running()
    refusal = story.refused(COMMANDER, CompleteRecall(market="CN"))
    assert refusal.reason == "unmet"
    for part in (
        "Not every consignee was told",
        "0 % of consignees answered",
        "effectiveness checks are open",
        "Not told yet: shop-1",
    ):
        assert part in refusal.sentence
    story.did(COMMANDER, CompleteRecall(market="CN", reason=words("The shops closed for good.")))
    ended: RecallEnded = story.signed(REGULATORY)[1]
    assert (len(ended.silent), ended.open_units[0].units, ended.return_rate) == (10, 790, 0)
    assert ended.rate_definition
    assert not story.incident.recall.is_running


def test_a_silent_consignee_is_settled_when_somebody_takes_it_over() -> None:
    story = running()
    story.did(SUPPLY, letter(*SHOPS))
    story.did(SUPPLY, TakeOverConsignee(consignee=SHOPS[0], reason=words("I drive there today.")))
    assert story.due("consignee:shop-1:") is None
    assert (
        story.refused(SUPPLY, TakeOverConsignee(consignee=SHOPS[0], reason=words("Again."))).reason
        == "taken_over"
    )
    assert "Silent: shop-10" in story.refused(COMMANDER, CompleteRecall(market="CN")).sentence


def test_who_is_elsewhere_by_the_list_is_not_missed_here() -> None:
    story = running()
    here = str(SHOPS[0])
    there = tuple(one for one in SHOPS if one != here)
    story.did(COMMANDER, CompleteRecall(market="CN", elsewhere=there, reason=words("It closed.")))
    ended: RecallEnded = story.signed(REGULATORY)[1]
    assert ended.silent == (here,)
    assert ended.elsewhere == tuple(sorted(there))
    assert story.incident.recall.ends["CN"].elsewhere == ended.elsewhere
    assert {row.market for row in story.incident.recall.consignees.values()} == {""}


def test_completed_asked_for_and_granted_are_three_things() -> None:
    story = worked_off()
    assert (
        story.refused(
            COMMANDER, RequestTermination(market="CN", authority="NMPA", letter=FILE)
        ).reason
        == "not_completed"
    )
    story.did(COMMANDER, CompleteRecall(market="CN"))
    story.signed(REGULATORY)
    assert story.incident.recall.word == "done"
    assert story.due("recall_time_limit") is None
    story.did(COMMANDER, RequestTermination(market="CN", authority="NMPA", letter=FILE))
    story.signed(REGULATORY)
    grant = RecordTermination(
        market="CN", authority="NMPA", letter=FILE, granted_on=date(2026, 3, 2)
    )
    ended = story.did(REGULATORY, grant)[0]
    assert (ended.step, ended.letter_sha256) == (EndStep.TERMINATED, FILE)
    assert story.incident.recall.ends["CN"].step == "terminated"
    assert story.refused(REGULATORY, grant).reason == "terminated"


def test_market_by_market() -> None:
    story = decided(markets=("CN", "FR"))
    story.did(COMMANDER, CompleteRecall(market="CN", reason=words("Done here.")))
    story.signed(REGULATORY)
    assert story.incident.recall.is_running
    assert story.incident.recall.open_markets == ("FR",)
    assert story.refused(COMMANDER, CompleteRecall(market="CN")).reason == "no_market"


def test_what_cannot_be_resumed_while_it_is_recalled() -> None:
    story = worked_off()
    story.keeps_evidence()
    resume = ResumeSale(basis=words("All tests passed."))
    assert story.refused(COMMANDER, resume).reason == "recall_running"
    assert (
        story.refused(QUALITY, LiftHalt(number=1, reason=words("Fine."))).reason == "needs_resume"
    )
    story.did(COMMANDER, CompleteRecall(market="CN"))
    story.signed(REGULATORY)
    assert isinstance(story.did(COMMANDER, resume)[0], ActProposed)
    resumed: SaleResumed = story.signed(QSR)[-1]
    assert (resumed.lots, resumed.kept_lots) == ((), ("L1",))


def test_nothing_is_sold_again_while_every_lot_is_recalled() -> None:
    story = decided(lots=(), unbounded=True)
    story.keeps_evidence()
    story.did(COMMANDER, CompleteRecall(market="CN", reason=words("Done here.")))
    story.signed(REGULATORY)
    resume = ResumeSale(basis=words("All tests passed."))
    assert story.refused(COMMANDER, resume).reason == "unbounded"


def test_a_wider_scope_makes_a_completed_recall_go_on() -> None:
    story = worked_off()
    story.did(COMMANDER, CompleteRecall(market="CN"))
    story.signed(REGULATORY)
    made: ScopeSet = story.did(QSR, WidenScope(**scope(lots=(L1, lot("L2")))))[0]
    assert made.reopens == ("CN",)
    assert story.incident.recall.is_running


def test_the_return_rate_counts_what_came_back_was_destroyed_or_was_remedied() -> None:
    story = worked_off()
    story.did(SUPPLY, goods(395))
    rows = (LotAnswer(lot=LotNumber("L1"), received=10, destroyed=10),)
    story.did(SUPPLY, answer(SHOPS[0], lots=rows))
    story.did(SERVICE, refund(story, kept=True, units=2))
    story.did(SERVICE, refund(story, claim="CASE-2", units=2))
    story.did(COMMANDER, CompleteRecall(market="CN"))
    ended: RecallEnded = story.signed(REGULATORY)[1]
    assert ended.return_rate == (395 + 10 + 2) * 10_000 // 790
    assert (ended.open_units[0].lot, ended.open_units[0].units) == ("L1", 383)


def test_no_rate_is_guessed_for_a_scope_without_bounds() -> None:
    story = decided(lots=(), unbounded=True)
    story.did(SUPPLY, goods(5))
    row = recovery(story.incident.recall)[0]
    assert (row.lot, row.out, row.received, row.unaccounted) == ("L1", None, 5, None)


# ---------------------------------------------------------------- the whole


def test_the_fold_of_the_ledger_is_the_live_state_and_travels() -> None:
    story = worked_off()
    story.did(SUPPLY, goods(30))
    story.did(QSR, disposal(30))
    story.signed(LEGAL)
    story.did(SERVICE, refund(story))
    story.did(COMMANDER, CompleteRecall(market="CN"))
    story.signed(REGULATORY)
    again = fold(new_incident("INC-2026-0001", rules()), story.leaves)
    assert again == story.incident
    assert read_incident_text(incident_text(again), rules()) == again


def test_a_critical_incident_has_a_day_to_decide() -> None:
    story = scoped(CRITICAL)
    due = story.due("recall_decision")
    assert due is not None
    assert due.due_at - due.start_at == timedelta(hours=24)


units = st.integers(-3, 400)
maybe = st.none() | units


@st.composite
def deeds(draw: st.DrawFn) -> tuple[Actor, Any]:
    """Anything that people may record while a recall runs, sensible or not."""
    shop = draw(st.sampled_from(SHOPS[:3]))
    story = Story()
    rows = st.builds(
        LotAnswer,
        lot=st.sampled_from([LotNumber("L1"), LotNumber("L2")]),
        received=maybe,
        on_hand=maybe,
        sold_on=maybe,
        destroyed=maybe,
    )
    made: tuple[Actor, Any] = draw(
        st.one_of(
            st.builds(
                goods, units, source=st.sampled_from([GoodsSource.CONSUMER, GoodsSource.OWN_STOCK])
            ).map(lambda act: (SUPPLY, act)),
            st.builds(disposal, units).map(lambda act: (QSR, act)),
            st.builds(answer, st.just(shop), lots=st.lists(rows, max_size=2).map(tuple)).map(
                lambda act: (SUPPLY, act)
            ),
            st.builds(
                refund,
                st.just(story),
                claim=st.sampled_from(["A", "B"]),
                units=units,
                amount_minor=units,
                kept=st.booleans(),
            ).map(lambda act: (SERVICE, act)),
            st.builds(letter, st.just(shop), delivered=maybe, bounced=maybe).map(
                lambda act: (SUPPLY, act)
            ),
            st.builds(check, st.just(shop), told=st.booleans(), acted=st.booleans()).map(
                lambda act: (SUPPLY, act)
            ),
        )
    )
    return made


@settings(max_examples=40, deadline=None)
@given(st.lists(deeds(), max_size=12))
def test_no_count_is_ever_negative_whatever_people_record(told: list[tuple[Actor, Any]]) -> None:
    story = running()
    for who, deed in told:
        story.does(who, deed)
        if story.incident.pending:
            story.signed(LEGAL)
        state = story.incident.recall
        for tally in state.tallies:
            assert min(tally.received, tally.own_stock, tally.remedied, tally.disposed) >= 0
            assert held(state, tally.lot) >= 0
        for row in recovery(state):
            assert min(row.destroyed, row.unaccounted or 0, row.too_many) >= 0
        assert all(amount >= 0 for amount in state.claims.paid.values())
        assert len(chased(story)) <= len(state.consignees)
    assert fold(new_incident("INC-2026-0001", rules()), story.leaves) == story.incident
