"""The gate: what the record knows of page, remedy and authorities, nobody ticks."""

from typing import Any

import pytest

from domain.determining import DetermineNotReportable
from domain.fact_values import ValueKind
from domain.facts import RecordFact
from domain.filing import FileFirst
from domain.gate_record import duties_untold
from domain.halt import OrderHalt
from domain.people import PERFORMER, Role
from domain.plot import evolve
from domain.publishing import GapsAllowed
from domain.recall_scope import WidenScope
from domain.recall_terms import Remedy
from domain.severity import HaltLevel
from domain.state import Mark
from domain.state.notice import Duty
from domain.statement_change import FlagStatement
from domain.statement_gate import GateAnswer, GateCheck, gate
from domain.statement_places import Place
from tests.domain.duties import REGULATORY, sent
from tests.domain.recalls import (
    COMMANDER,
    COUNTED,
    L1,
    QSR,
    SHOPS,
    decided,
    lot,
    plan,
    running,
    scope,
    words,
)
from tests.domain.story import SERIOUS, Story, person
from tests.domain.texts import (
    AUTHOR,
    EVERYTHING,
    LEGAL,
    PR_LEAD,
    allow,
    approved,
    draft,
    handed_in,
    now,
    placed,
    publish,
    stopped,
    text,
)

NOTICE = "请立即停止使用该产品。"


def asked(story: Story, key: str, statement: str = "S1", *, ticked: bool = True) -> GateCheck:
    """How a question stands, whatever the person who publishes ticks."""
    keys = frozenset(EVERYTHING) if ticked else frozenset[str]()
    checks = gate(story.incident, now(story, statement), story.now, keys)
    return next(check for check in checks if check.key == key)


def written(story: Story, kind: str, *texts: Any, **more: Any) -> str:
    """A text of a kind, approved."""
    author = person(Role.SUPPLY_CHAIN) if kind == "consignee_letter" else AUTHOR
    said = draft(kind, *(texts or (text(body=NOTICE),)), **more)
    made = handed_in(story, said, author)
    approved(story, made.id)
    return made.id


@pytest.fixture
def story() -> Story:
    """A recall that runs by a signed plan; no authority is told yet."""
    return running()


# ---------------------------------------------------------------- the page


def test_a_message_to_buyers_waits_for_a_page_that_was_read_back(story: Story) -> None:
    notice, message = written(story, "recall_notice"), written(story, "consumer_message")
    assert asked(story, "page_live", notice).answer is GateAnswer.PASSED  # it goes there itself
    found = asked(story, "page_live", message)
    assert (found.answer, "read back" in found.note) == (GateAnswer.GAP, True)
    allow(story, notice, "authority_told")
    story.did(PR_LEAD, publish(now(story, notice), "site"))
    assert asked(story, "page_live", message).answer is GateAnswer.GAP  # nobody has read it yet
    story.did(PERFORMER, placed(now(story, notice), "site", read_back="0" * 64))
    assert asked(story, "page_live", message).answer is GateAnswer.GAP  # other words stand there
    story.did(PR_LEAD, publish(now(story, notice), "site"))
    story.did(PERFORMER, placed(now(story, notice), "site"))
    found = asked(story, "page_live", message, ticked=False)
    assert (found.answer, found.note) == (GateAnswer.PASSED, "Read back on our page: S1.")


@pytest.mark.parametrize(
    ("said", "missing"),
    [
        pytest.param({"texts": ("zh-CN", "fr")}, "French", id="language"),
        pytest.param({"texts": ("zh-CN",), "markets": ("CN", "JP")}, "JP", id="market"),
    ],
)
def test_the_page_stands_in_the_languages_and_markets_of_the_message(
    story: Story, said: dict[str, Any], missing: str
) -> None:
    notice = written(story, "recall_notice")
    allow(story, notice, "authority_told")
    story.did(PR_LEAD, publish(now(story, notice), "site"))
    story.did(PERFORMER, placed(now(story, notice), "site"))
    texts = tuple(text(each, body=f"{NOTICE} {each}") for each in said.pop("texts"))
    story.did(AUTHOR, draft("consumer_message", *texts, **said))
    found = asked(story, "page_live", "S2")
    assert (found.answer, missing in found.note) == (GateAnswer.GAP, True)


def test_a_page_that_is_called_wrong_stands_for_nothing(story: Story) -> None:
    notice, message = written(story, "recall_notice"), written(story, "consumer_message")
    allow(story, notice, "authority_told")
    story.did(PR_LEAD, publish(now(story, notice), "site"))
    story.did(PERFORMER, placed(now(story, notice), "site"))
    assert asked(story, "page_live", message).answer is GateAnswer.PASSED
    story.did(AUTHOR, FlagStatement(statement=notice, what=words("A wrong lot.")))
    assert asked(story, "page_live", message).answer is GateAnswer.GAP


@pytest.mark.parametrize(
    "address", ["HTTP://shop.example/recall", "shop.example.com/recall", "Www.shop.example"]
)
def test_an_address_is_one_however_it_is_written(story: Story, address: str) -> None:
    message = written(story, "consumer_message", text(body=f"{NOTICE} {address}"))
    found = asked(story, "page_live", message, ticked=False)
    assert found.note == "The text points to a page that is not ours: open it."


def test_a_page_that_is_not_ours_a_person_opens(story: Story) -> None:
    body = f"{NOTICE} https://shop.example.com/recall"
    message = written(story, "consumer_message", text(body=body))
    assert asked(story, "page_live", message, ticked=False).answer is GateAnswer.GAP
    assert asked(story, "page_live", message).answer is GateAnswer.CONFIRMED


# ---------------------------------------------------------------- the remedy


def test_no_notice_names_a_remedy_before_a_recall_plan_is_signed() -> None:
    story = decided()
    notice = written(story, "recall_notice")
    assert asked(story, "remedy_ready", notice).note.startswith("No recall plan is signed")
    story.did(COMMANDER, plan(story))
    story.signed(QSR)
    found = asked(story, "remedy_ready", notice)
    assert found.answer is GateAnswer.CONFIRMED
    assert found.note.splitlines() == [
        "Recall plan 1 is signed.",
        "See that there is stock for the exchange.",
        "See that there is money for the refund: the plan names no budget.",
    ]
    assert asked(story, "remedy_ready", notice, ticked=False).answer is GateAnswer.GAP


def test_what_the_plan_holds_nobody_has_to_confirm() -> None:
    story = decided()
    one = words("The goods are not made any more.")
    said = plan(story, remedies=(Remedy.REFUND,), one_remedy_because=one, budget_minor=100_000_00)
    story.did(COMMANDER, said)
    story.signed(QSR)
    notice = written(story, "recall_notice")
    assert asked(story, "remedy_ready", notice, ticked=False).answer is GateAnswer.PASSED


def test_a_plan_for_a_smaller_scope_promises_nothing_for_the_rest(story: Story) -> None:
    notice = written(story, "recall_notice")
    wider = scope(consignees=SHOPS, lots=(L1, lot("L2", **COUNTED)))
    story.did(COMMANDER, WidenScope(**wider))
    found = asked(story, "remedy_ready", notice)
    assert (found.answer, found.open) == (GateAnswer.GAP, ("scope 2",))


# ---------------------------------------------------------------- the authorities


def certain_first(story: Story) -> list[Duty]:
    """Give the duties about the incident, those that are certain before the possible ones."""
    duties = [one for one in story.incident.notice.duties.values() if one.subject == "incident"]
    return sorted(duties, key=lambda one: one.possible)


def test_telling_consumers_is_no_telling_of_an_authority() -> None:
    """GPSR art. 35: the notice itself meets it, and must not wait for it."""
    story = running(markets=("DE",))
    story.did(AUTHOR, draft("recall_notice", text("de"), markets=("DE",)))
    notice = "S1"
    mine = {one.rule: one for one in story.incident.notice.duties.values()}
    assert mine["EU-GPSR-35"] not in duties_untold(story.incident, now(story, notice))
    assert mine["EU-COS-5-2"] in duties_untold(story.incident, now(story, notice))
    assert mine["EU-GPSR-35"].phone_at is None


def test_the_public_is_not_told_before_the_authority_was(story: Story) -> None:
    notice = written(story, "recall_notice")
    duty, *beside = certain_first(story)
    found = asked(story, "authority_told", notice)
    assert (found.answer, found.open) == (GateAnswer.GAP, (duty.id,))
    assert duty.market in found.note
    assert set(duties_untold(story.incident, now(story, notice))) == {duty, *beside}
    letter = written(story, "consignee_letter")
    assert asked(story, "authority_told", letter).answer is GateAnswer.CONFIRMED  # trade first
    assert asked(story, "authority_told", letter, ticked=False).note == found.note
    story.did(REGULATORY, FileFirst(**sent(story, duty)))
    story.signed(LEGAL)
    found = asked(story, "authority_told", notice, ticked=False)
    assert (found.answer, found.note) == (GateAnswer.PASSED, f"Told: {duty.id}.")


def test_what_is_determined_was_told_to_nobody(story: Story) -> None:
    notice = written(story, "recall_notice")
    for duty in certain_first(story):
        act = DetermineNotReportable(duty=duty.id, reason=words("It was no product of ours."))
        story.did(REGULATORY, act)
        story.signed(LEGAL)
    duties = ", ".join(story.incident.notice.duties)
    found = asked(story, "authority_told", notice, ticked=False)
    assert (found.answer, found.note) == (
        GateAnswer.PASSED,
        f"Determined or ended: {duties}.",
    )


def test_a_market_without_a_rule_a_person_answers_for() -> None:
    story = running(markets=("BR",))
    notice = written(story, "recall_notice", markets=("BR",))
    found = asked(story, "authority_told", notice, ticked=False)
    assert (found.answer, found.note) == (
        GateAnswer.GAP,
        "On the record no authority was told in BR.",
    )
    assert asked(story, "authority_told", notice).answer is GateAnswer.CONFIRMED


# ---------------------------------------------------------------- what was let go by


def test_what_comes_to_light_later_was_not_let_go_by() -> None:
    story = decided()
    notice = written(story, "recall_notice")
    allow(story, notice, "remedy_ready")
    assert asked(story, "remedy_ready", notice).answer is GateAnswer.ALLOWED
    story.did(COMMANDER, plan(story))
    story.signed(QSR)
    assert asked(story, "remedy_ready", notice, ticked=False).answer is GateAnswer.ALLOWED
    story.did(COMMANDER, WidenScope(**scope(lots=(L1, lot("L2", **COUNTED)))))
    assert asked(story, "remedy_ready", notice).answer is GateAnswer.GAP


def test_what_was_let_go_by_before_anything_was_noted_stays_so(story: Story) -> None:
    notice = written(story, "recall_notice")
    told = GapsAllowed(
        statement=notice, version=1, sha256=now(story, notice).sha256,
        items=("authority_told",), reason=words("x"), by="commander",
    )  # fmt: skip
    at = story.now
    mark = Mark(seq=99, at=at, happened_at=at, actor="commander", roles=(), command_id="k")
    story.incident = evolve(story.incident, told, mark)
    assert asked(story, "authority_told", notice).answer is GateAnswer.ALLOWED


def test_what_was_let_go_by_for_one_value_does_not_cover_the_next() -> None:
    story = Story()
    story.accepted()

    def sold(units: str) -> None:
        told = RecordFact(
            key="units_sold", kind=ValueKind.NUMBER, value=words(units), as_of=story.now
        )
        story.did(person(Role.QUALITY), told)

    sold("1200")
    statement = written(
        story, "holding", text(body="共 1200 件。"), facts=("units_sold",), preliminary=False
    )
    sold("1450")
    allow(story, statement, "facts_verified")
    assert asked(story, "facts_verified", statement).answer is GateAnswer.ALLOWED
    sold("99999")
    assert asked(story, "facts_verified", statement).answer is GateAnswer.GAP


# ---------------------------------------------------------------- the channels and the staff


@pytest.mark.parametrize(
    ("state", "key", "answer", "told"),
    [
        pytest.param("", "promotion_stopped", GateAnswer.GAP, "(2/2): own_shop, ", id="ordered"),
        pytest.param("accepted", "promotion_stopped", GateAnswer.GAP, "(2/2)", id="accepted"),
        pytest.param("confirmed", "promotion_stopped", GateAnswer.PASSED, "confirmed", id="done"),
        pytest.param("taken_over", "promotion_stopped", GateAnswer.PASSED, "", id="taken over"),
        pytest.param("", "trade_told", GateAnswer.GAP, "(7/7), first: retailer, ", id="silent"),
        pytest.param("failed", "trade_told", GateAnswer.GAP, "(7/7)", id="not reached"),
        pytest.param("accepted", "trade_told", GateAnswer.PASSED, "reached", id="reached"),
    ],
)
def test_ordered_is_not_done(state: str, key: str, answer: GateAnswer, told: str) -> None:
    story = Story()
    story.accepted(SERIOUS)
    story.did(COMMANDER, OrderHalt(level=HaltLevel.H3))
    holding = written(story, "holding")
    if state:
        stopped(story, state)
    found = asked(story, key, holding, ticked=False)
    assert (found.answer, told in found.note) == (answer, True)
    ticked = asked(story, key, holding).answer
    assert ticked is (GateAnswer.CONFIRMED if answer is GateAnswer.GAP else answer)


def test_who_ticks_that_staff_know_is_told_that_nothing_is_out() -> None:
    story = Story()
    story.accepted(SERIOUS)
    found = asked(story, "staff_briefed", written(story, "holding"))
    assert (found.answer, "No notice to staff" in found.note) == (GateAnswer.CONFIRMED, True)


def test_words_for_staff_need_no_language_of_a_market_while_they_stay_inside() -> None:
    story = Story()
    story.accepted(SERIOUS)
    answers = written(story, "qa", markets=("CN", "DE"))
    assert asked(story, "languages_complete", answers).answer is GateAnswer.NOT_NEEDED
    out = gate(story.incident, now(story, answers), story.now, frozenset(), (Place.SITE,))
    assert next(one for one in out if one.key == "languages_complete").answer is GateAnswer.GAP
