"""One after-sales case as people live it: heard, answered, looked into, made good, closed."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.acts import ActProposed, ActRefused
from domain.agenda import RungReached, dues
from domain.case_counts import CasesCounted, CountCases
from domain.clock_reach import share
from domain.dispatch import Act
from domain.errors import Malformed
from domain.halt import OrderHalt
from domain.incident import decide
from domain.message import CASE_COMMANDS, COMMANDS, command_schema, find_command
from domain.people import PERFORMER, SYSTEM_ROLES, Role
from domain.plot import effects, fold, mark_for
from domain.recall_terms import LotShown, Remedy, ReturnMethod
from domain.service_answers import (
    Advise,
    AnswerCase,
    RateSatisfaction,
    RecordCallBack,
    RecordFinding,
    steps_needed,
)
from domain.service_case import decide_case, new_case
from domain.service_opening import AddToCase, CloseCase, LinkCase, OpenCase, level_of
from domain.service_remedies import OfferRemedy, RefuseRemedy, RemedyDue, SettleCase
from domain.service_terms import CaseKind, Cause, Condition, Medium, Step
from domain.severity import Grade, Outcome
from domain.stages import SEVEN_STAGES, Stage
from domain.state.service_case import case_text, read_case_text
from domain.streams import plot_of
from domain.values import BlobId, LotNumber, PublicText
from tests.domain.service_story import (
    AGENT,
    FINANCE,
    LEAD,
    LEGAL,
    QUALITY,
    SHOP,
    CaseStory,
    private,
)
from tests.domain.story import Story, person, rules

PHOTO = BlobId("a" * 64)
KIND_WORDS = "We are sorry. Please stop using it, keep the pack, and see a doctor or a pharmacist."


def answer(text: str = KIND_WORDS, **more: Any) -> AnswerCase:
    """What an agent said on the phone."""
    return AnswerCase(medium=Medium.PHONE, text=PublicText(text), **more)


def refund(story: CaseStory, **more: Any) -> SettleCase:
    """A refund of 128.00 yuan, shown by a photo."""
    told = {"amount_minor": 12800, "lot_shown": LotShown.PHOTO, "given_at": story.now}
    return SettleCase(taken=Remedy.REFUND, **{**told, **more})


# ---------------------------------------------------------------- a good day


def test_a_rash_is_answered_advised_made_good_and_closed() -> None:
    story = CaseStory()
    (opened,) = story.opened(outcomes=(Outcome.MILD,), asks_for=(Remedy.REFUND,))
    assert (opened.level, opened.levels.cn) == (Grade.GENERAL, "general")
    assert opened.answer_due_at == story.now + timedelta(hours=4)
    assert opened.remedy_due_at == story.now + timedelta(hours=48)
    story.later(hours=1)
    assert story.did(AGENT, answer())[0].late is False
    story.did(AGENT, Advise(steps=(Step.STOP_USING, Step.KEEP_PRODUCT, Step.SETTLES_BY_ITSELF)))
    story.did(AGENT, refund(story, way_back=ReturnMethod.PREPAID_POST))
    story.did(QUALITY, RecordFinding(cause=Cause.NOT_FOUND, basis=PublicText("Samples are clean.")))
    story.did(AGENT, RecordCallBack(condition=Condition.RECOVERED))
    story.did(AGENT, RateSatisfaction(score=4))
    assert story.case.status == "settled"
    story.did(AGENT, CloseCase())
    assert (story.case.status, dues(story.case)) == ("closed", ())
    assert fold(new_case(story.case.id, rules()), story.leaves) == story.case
    assert read_case_text(case_text(story.case), rules()) == story.case


def test_what_people_told_stands_in_the_ledger_by_reference_alone() -> None:
    story = CaseStory()
    story.opened(purchase=private("shop"), use=private("nightly"))
    for field in ("customer", "purchase", "use", "words"):
        assert f'"{field}":{{"commitment":"c-'.encode() in story.leaves[0]
    assert b'"access":"health"' in story.leaves[0]


# ---------------------------------------------------------------- the level, and who answers when


@pytest.mark.parametrize(
    ("outcomes", "hurt", "level", "answered_in"),
    [
        (
            (),
            False,
            Grade.MINOR,
            timedelta(hours=38, minutes=59, seconds=59),
        ),  # the next working day
        ((), True, Grade.GENERAL, timedelta(hours=4)),
        ((Outcome.MILD,), True, Grade.GENERAL, timedelta(hours=4)),
        ((Outcome.UNKNOWN,), True, Grade.GENERAL, timedelta(hours=4)),
        ((Outcome.HOSPITALISED,), True, Grade.SERIOUS, timedelta(hours=2)),
        ((Outcome.MILD, Outcome.LIFE_THREATENING), True, Grade.CRITICAL, timedelta(minutes=30)),
    ],
    ids=["nobody hurt", "hurt", "mild", "not known", "hospital", "life in danger"],
)
def test_the_first_answer_comes_by_the_level(
    outcomes: tuple[Outcome, ...], hurt: bool, level: Grade, answered_in: timedelta
) -> None:
    story = CaseStory()
    (opened,) = story.opened(CaseKind.QUALITY, outcomes=outcomes, hurt=hurt)
    due = story.due("first_answer")
    assert opened.level == level
    assert due is not None
    assert due.due_at - story.now == answered_in
    assert set(due.roles) == {Role.SERVICE_AGENT, Role.SERVICE_LEAD}


@given(outcomes=st.lists(st.sampled_from(list(Outcome))), worse=st.sampled_from(list(Outcome)))
def test_a_worse_outcome_never_lowers_the_level(outcomes: list[Outcome], worse: Outcome) -> None:
    order = list(Grade)
    before = level_of(outcomes, hurt=bool(outcomes))
    assert order.index(level_of([*outcomes, worse], hurt=True)) >= order.index(before)


def test_nobody_answers_and_it_climbs_the_ladder() -> None:
    story = CaseStory()
    (opened,) = story.opened(outcomes=(Outcome.HOSPITALISED,))
    rung = story.later(hours=3)
    first = [r for r in rung if isinstance(r, RungReached) and r.due == "first_answer"]
    assert [r.percent for r in first] == [50, 80, 100, 150]
    assert Role.INCIDENT_COMMANDER in first[-1].roles
    due = story.due("first_answer")
    assert due is not None
    assert due.due_at == opened.answer_due_at
    assert share(due.start_at, due.due_at, 150) == story.now
    deputy = person(Role.STAFF, name="stand-in", deputy_for=(Role.SERVICE_LEAD,))
    assert story.did(deputy, answer())[0].late is True


def test_a_person_who_grows_worse_is_answered_sooner() -> None:
    story = CaseStory()
    story.opened(outcomes=(Outcome.MILD,))
    story.later(hours=1)
    (told,) = story.did(AGENT, AddToCase(outcomes=(Outcome.HOSPITALISED,), words=private("worse")))
    assert (told.level, told.answer_due_at) == (Grade.SERIOUS, story.now + timedelta(hours=2))
    assert len(story.case.file.words) == 2
    (told,) = story.did(AGENT, AddToCase(outcomes=(Outcome.MILD,)))
    assert told.level == Grade.SERIOUS, "a milder word lowers nothing"


def test_service_hears_at_once_of_a_hurt_person_and_quality_of_a_serious_one() -> None:
    for outcome, heard in ((Outcome.MILD, False), (Outcome.HOSPITALISED, True)):
        story = CaseStory()
        (opened,) = story.opened(outcomes=(outcome,))
        act = Act(
            command_id="k", actor=AGENT, at=story.now, happened_at=story.now, command=CloseCase()
        )
        (effect,) = effects(story.case, opened, mark_for(story.case, act))
        assert ("service_lead" in effect.body["roles"], "quality" in effect.body["roles"]) == (
            True,
            heard,
        )


# ---------------------------------------------------------------- what is never said


@pytest.mark.parametrize(
    "text",
    [
        "This is a normal reaction, keep using it.",
        "这是正常反应，请继续使用。",
        "属于排毒期，过几天就好。",
        "这是您的体质原因。",
        "Please take an antihistamine and wait.",
        "可以口服抗过敏药物。",
        "You used it wrongly, that is user error.",
        "使用方法不当造成的。",
        "Here is a coupon for our new product.",
        "We reserve the right to take legal action.",
        "We are sorry for the inconvenience.",
    ],
)
def test_words_that_hurt_people_are_refused(text: str) -> None:
    story = CaseStory()
    story.opened(outcomes=(Outcome.MILD,))
    assert story.refused(AGENT, answer(text)).reason == "wording"
    assert story.case.answers == ()


@pytest.mark.parametrize(
    "text",
    [KIND_WORDS, "很抱歉。请立即停用，保留产品和包装，并咨询医生或药师。", "请勿继续使用。"],
)
def test_words_that_help_are_taken(text: str) -> None:
    story = CaseStory()
    story.opened()
    story.did(AGENT, answer(text))


@pytest.mark.parametrize("text", ["顾客涉嫌敲诈。", "恶意索赔", "An extortionist.", "职业打假人"])
def test_no_label_is_put_on_a_person(text: str) -> None:
    story = CaseStory()
    story.opened(CaseKind.QUALITY, asks_for=(Remedy.REFUND,))
    refusal = story.refused(LEAD, RefuseRemedy(reason=PublicText(text)))
    assert refusal.reason == "label"
    assert story.refused(AGENT, CloseCase(summary=PublicText(text))).reason == "label"


@pytest.mark.parametrize("cause", [Cause.PERSONAL_CONSTITUTION, Cause.WRONG_USE])
def test_a_cause_that_lies_with_the_person_needs_evidence(cause: Cause) -> None:
    story = CaseStory()
    story.opened()
    found = RecordFinding(cause=cause, basis=PublicText("A dermatologist tested it."))
    assert story.refused(QUALITY, found).reason == "no_evidence"
    story.did(QUALITY, replace(found, evidence=(PHOTO,)))
    assert story.case.cause is not None
    assert story.case.cause.cause == cause


def test_after_the_finding_the_cause_may_be_told() -> None:
    story = CaseStory()
    story.opened(CaseKind.QUALITY)
    told = answer("It was a misuse of the pump, as the picture shows.")
    assert story.refused(AGENT, told).reason == "wording"
    found = RecordFinding(
        cause=Cause.WRONG_USE, basis=PublicText("按说明书比对。"), evidence=(PHOTO,)
    )
    story.did(QUALITY, found)
    story.did(AGENT, told)


# ---------------------------------------------------------------- what people are told to do


def test_advice_fits_what_happened() -> None:
    story = CaseStory()
    story.opened(outcomes=(Outcome.HOSPITALISED,))
    assert story.refused(AGENT, Advise(steps=(Step.STOP_USING,))).reason == "step_missing"
    whole = (Step.STOP_USING, Step.KEEP_PRODUCT, Step.HOSPITAL)
    wrong = Advise(steps=(*whole, Step.SETTLES_BY_ITSELF))
    assert story.refused(AGENT, wrong).reason == "not_mild"
    story.did(AGENT, Advise(steps=whole))
    assert story.due("advice") is None


def test_only_a_mild_reaction_settles_by_itself() -> None:
    steps = (Step.STOP_USING, Step.KEEP_PRODUCT, Step.SETTLES_BY_ITSELF)
    for outcomes, taken in (((), False), ((Outcome.TREATED,), False), ((Outcome.MILD,), True)):
        story = CaseStory()
        story.opened(outcomes=outcomes)
        advice = Advise(steps=(*steps, Step.DOCTOR_OR_PHARMACIST))
        refused = isinstance(story.does(AGENT, advice)[0], ActRefused)
        assert refused is not taken, outcomes


@pytest.mark.parametrize(
    ("kind", "outcomes", "needed"),
    [
        (CaseKind.ADVERSE_REACTION, (Outcome.MILD,), {Step.STOP_USING, Step.KEEP_PRODUCT}),
        (
            CaseKind.ADVERSE_REACTION,
            (),
            {Step.STOP_USING, Step.KEEP_PRODUCT, Step.DOCTOR_OR_PHARMACIST},
        ),
        (CaseKind.DELIVERY_MISSING, (), {Step.TRACE_PARCEL, Step.SEND_AGAIN}),
        (CaseKind.DELIVERY_WRONG, (), {Step.COLLECT_AT_OUR_COST, Step.SEND_AGAIN}),
        (CaseKind.DELIVERY_LEAKING, (), {Step.STOP_USING, Step.KEEP_PRODUCT, Step.SEND_AGAIN}),
        (CaseKind.SERVICE, (), set()),
    ],
    ids=["mild", "not known", "missing", "wrong", "leaking", "service"],
)
def test_each_kind_of_case_has_its_own_steps(
    kind: CaseKind, outcomes: tuple[Outcome, ...], needed: set[Step]
) -> None:
    story = CaseStory()
    story.opened(kind, outcomes=outcomes)
    assert set(steps_needed(story.case)) == needed


def test_no_step_names_a_medicine_or_a_product_of_ours() -> None:
    properties = command_schema(CASE_COMMANDS["advise"])["properties"]
    assert set(properties) == {"steps"}
    assert not [step for step in Step if "medic" in step or "product_of_ours" in step]


# ---------------------------------------------------------------- remedies


def test_in_a_recall_no_receipt_is_asked_for() -> None:
    story = CaseStory()
    story.opened(CaseKind.QUALITY, asks_for=(Remedy.REFUND,))
    unshown = refund(story, lot_shown=None)
    assert story.refused(AGENT, unshown).reason == "lot_not_shown"
    story.did(AGENT, LinkCase(incident="INC-2026-0001"))
    (paid,) = story.did(AGENT, unshown)
    assert (paid.incident, paid.limit) == ("INC-2026-0001", "refund_within_policy")
    shown = {word for word in LotShown if word is not LotShown.RECEIPT}
    assert {LotShown.PACK, LotShown.PHOTO, LotShown.NUMBER} <= shown


def test_in_an_incident_nobody_is_refused_here() -> None:
    story = CaseStory()
    story.opened(CaseKind.QUALITY, asks_for=(Remedy.REFUND,), incident="INC-2026-0001")
    said = RefuseRemedy(reason=PublicText("The pump is whole."))
    assert story.refused(LEAD, said).reason == "owed"
    story = CaseStory()
    story.opened(CaseKind.QUALITY, asks_for=(Remedy.REFUND,))
    story.did(LEAD, said)
    assert story.case.status == "settled"


def test_the_person_chooses_among_what_is_offered_and_once() -> None:
    story = CaseStory()
    story.opened(CaseKind.QUALITY)
    assert story.refused(AGENT, refund(story)).reason == "not_offered"
    (offered,) = story.did(AGENT, OfferRemedy(offered=(Remedy.REFUND, Remedy.EXCHANGE)))
    assert offered.remedy_due_at == story.now + timedelta(hours=48)
    story.did(AGENT, refund(story))
    assert story.refused(AGENT, refund(story)).reason == "settled"
    story.did(AGENT, AddToCase(asks_for=(Remedy.EXCHANGE,)))
    exchange = SettleCase(
        taken=Remedy.EXCHANGE, given_at=story.now, lot_shown=LotShown.PACK, lot=LotNumber("L1")
    )
    story.did(AGENT, exchange)
    assert [one.taken for one in story.case.given] == [Remedy.REFUND, Remedy.EXCHANGE]


def test_silence_past_the_promise_means_the_person_has_it_and_pays_nothing_out() -> None:
    story = CaseStory()
    story.opened(CaseKind.QUALITY, asks_for=(Remedy.EXCHANGE,))
    rung = story.later(hours=49)
    (due,) = [event for event in rung if isinstance(event, RemedyDue)]
    assert due.remedies == (Remedy.EXCHANGE,)
    assert story.case.promise is not None
    assert story.case.promise.owed_since is not None
    assert story.case.given == ()
    outside = [effect.name for effect in effects(story.case, due, _mark(story))]
    assert outside == [], "silence never speaks to the outside"
    assert story.due("remedy") is not None, "it stays open"
    late = SettleCase(taken=Remedy.EXCHANGE, given_at=story.now, lot_shown=LotShown.PACK)
    (given,) = story.did(AGENT, late)
    assert given.late is True


def _mark(story: CaseStory) -> Any:
    act = Act(command_id="k", actor=AGENT, at=story.now, happened_at=story.now, command=CloseCase())
    return mark_for(story.case, act)


def test_medical_cost_is_the_leads_up_to_the_limit_and_legals_above() -> None:
    story = CaseStory()
    story.opened(outcomes=(Outcome.TREATED,))
    bill = SettleCase(taken=Remedy.MEDICAL_COST, amount_minor=500_000, given_at=story.now)
    assert story.refused(AGENT, bill).reason == "not_allowed"
    (paid,) = story.did(LEAD, bill)
    assert len(paid.signers) == 1
    more = replace(bill, amount_minor=500_001)
    (proposed,) = story.did(LEAD, more)
    assert isinstance(proposed, ActProposed)
    assert proposed.due_at is not None
    awaited = [due for due in dues(story.case) if due.due_at == proposed.due_at]
    assert [due.stage for due in awaited], "a signature that is awaited is due like all else"
    signed = story.signed(LEGAL)
    assert signed[-1].limit == "medical_cost, above the limit of medical cost"
    assert [s.role for s in signed[-1].signers] == ["service_lead", "legal"]


def test_damages_need_legal_and_finance_and_no_one_alone() -> None:
    story = CaseStory()
    story.opened(outcomes=(Outcome.HOSPITALISED,))
    agreed = SettleCase(taken=Remedy.DAMAGES, amount_minor=4_000_000, given_at=story.now)
    both = person(Role.LEGAL, Role.FINANCE, name="one person")
    story.did(both, agreed)
    assert story.case.status == "open", "nothing is given by one person alone"
    story.signed(FINANCE)
    assert [one.taken for one in story.case.given] == [Remedy.DAMAGES]


# ---------------------------------------------------------------- the frame


def test_anyone_may_open_a_case_and_say_what_it_is_about() -> None:
    story = CaseStory()
    empty = OpenCase(
        kind=CaseKind.QUALITY,
        hurt=False,
        country="CN",
        received_at=story.now,
        words=private("words"),
    )
    assert story.refused(SHOP, empty).reason == "no_product"
    story.did(SHOP, replace(empty, photos=(PHOTO,)))
    assert story.refused(SHOP, replace(empty, photos=(PHOTO,))).reason == "opened"
    assert story.refused(SHOP, answer()).reason == "not_allowed"


def test_a_case_is_not_closed_while_something_is_owed() -> None:
    story = CaseStory()
    story.opened(asks_for=(Remedy.REFUND,))
    for act in (
        answer(call_back_at=story.now + timedelta(days=1)),
        Advise(steps=(Step.STOP_USING, Step.KEEP_PRODUCT, Step.DOCTOR_OR_PHARMACIST)),
        refund(story),
        RecordCallBack(condition=Condition.BETTER),
    ):
        assert story.refused(AGENT, CloseCase()).reason == "still_open"
        story.did(AGENT, act)
    assert story.refused(AGENT, CloseCase()).reason == "still_open"
    story.did(QUALITY, RecordFinding(cause=Cause.NOT_FOUND, basis=PublicText("Nothing found.")))
    story.did(AGENT, CloseCase())
    assert story.refused(AGENT, answer()).reason == "closed"


def test_whoever_is_worse_is_called_again_in_time() -> None:
    story = CaseStory()
    story.opened()
    story.did(AGENT, answer(call_back_at=story.now + timedelta(hours=24)))
    assert story.refused(AGENT, RecordCallBack(condition=Condition.WORSE)).reason == "call_again"
    story.later(hours=25)
    again = RecordCallBack(condition=Condition.WORSE, next_at=story.now + timedelta(hours=2))
    (called,) = story.did(AGENT, again)
    assert called.late is True
    due = story.due("call_back")
    assert due is not None
    assert due.due_at == again.next_at


def test_in_a_case_everybody_records_for_themselves() -> None:
    story = CaseStory()
    story.opened()
    scribe = replace(LEAD, id="scribe", on_behalf_of="service_lead")
    assert story.refused(scribe, answer()).reason == "own_hand"


# ---------------------------------------------------------------- beside the incidents


def test_the_seven_stages_are_an_incidents_and_case_is_none_of_them() -> None:
    assert Stage.CASE not in SEVEN_STAGES
    assert {spec.stage for spec in COMMANDS.values()} == {*SEVEN_STAGES, Stage.PEOPLE}
    shared = set(COMMANDS) & set(CASE_COMMANDS)
    assert shared == {"sign_act", "decline_act", "pass_time"}


def test_an_incident_takes_no_act_of_a_case_and_a_case_none_of_an_incident() -> None:
    story, case = Story(), CaseStory()
    act = Act(command_id="k", actor=AGENT, at=story.now, happened_at=story.now, command=CloseCase())
    with pytest.raises(Malformed):
        decide(story.incident, act)
    halt = OrderHalt(level="H1", products=("cream",), reason=PublicText(""))  # type: ignore[arg-type]
    with pytest.raises(Malformed):
        decide_case(case.case, replace(act, command=halt))


def test_a_number_tells_the_kind_of_stream() -> None:
    for number, end in (
        ("INC-2026-0001", "sealed"),
        ("EXERCISE-2026-0001", "sealed"),
        ("CASE-2026-000001", "closed"),
        ("EXERCISE-CASE-2026-000001", "closed"),
    ):
        assert plot_of(number).end == end


def test_the_incident_hears_of_linked_and_settled_cases() -> None:
    story = CaseStory()
    story.opened(CaseKind.QUALITY, asks_for=(Remedy.REFUND,))
    (linked,) = story.did(AGENT, LinkCase(incident="INC-2026-0001"))
    (moved,) = story.did(AGENT, LinkCase(incident="INC-2026-0002"))
    (paid,) = story.did(AGENT, refund(story))
    told = [
        [effect.target for effect in effects(story.case, event, _mark(story))]
        for event in (linked, moved, paid)
    ]
    assert told == [["INC-2026-0001"], ["INC-2026-0002", "INC-2026-0001"], ["INC-2026-0002"]]


def test_the_incident_counts_a_batch_once() -> None:
    story = Story()
    story.accepted()
    batch = CountCases(count=3, settled=1, hurt=2, sha256="b" * 64)
    (counted,) = story.did(PERFORMER, batch)
    assert isinstance(counted, CasesCounted)
    assert story.did(PERFORMER, batch) == []
    after_sales = story.incident.report.after_sales
    assert after_sales is not None
    assert (after_sales.count, after_sales.settled, after_sales.hurt) == (3, 1, 2)
    wrong = replace(batch, settled=4)
    assert story.refused(PERFORMER, wrong).reason == "bad_count"


def test_no_command_of_a_case_is_a_machines_but_the_clocks() -> None:
    machines = [spec.name for spec in CASE_COMMANDS.values() if spec.roles <= SYSTEM_ROLES]
    assert machines == ["pass_time"]


def test_a_command_is_found_by_its_name_in_both_registries() -> None:
    every = {**CASE_COMMANDS, **COMMANDS}
    assert all(find_command(name) is spec for name, spec in every.items())
    assert find_command("no_such_act") is None
