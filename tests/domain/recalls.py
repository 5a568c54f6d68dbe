"""What the stories of a recall are told with: people, goods, and the acts in their usual form."""

from datetime import timedelta
from typing import Any

from domain.agenda import dues
from domain.consignees import AnswerAsConsignee
from domain.dispatch import Due
from domain.effectiveness import CheckEffectiveness
from domain.goods import DisposeGoods, ReceiveGoods
from domain.hazard import EvaluateHazard
from domain.notifications import RecordNotification
from domain.people import Role
from domain.recall import DecideNoRecall, DecideRecall
from domain.recall_plan import SignRecallPlan
from domain.recall_scope import SetScope
from domain.recall_terms import (
    CheckMethod,
    Depth,
    DisposalMethod,
    EffectivenessLevel,
    GoodsCondition,
    GoodsSource,
    LotShown,
    Reader,
    RecallAction,
    RecallMethod,
    Remedy,
    ReturnMethod,
)
from domain.remedies import SettleRemedy
from domain.scope import LotAnswer, LotCount, LotScope
from domain.severity import CredibleHarm, Likelihood, Noticeable
from domain.state.recall import ReturnWay
from domain.values import (
    BlobId,
    ConsigneeId,
    LotNumber,
    PersonId,
    ProductId,
    PublicText,
)
from tests.domain.story import SERIOUS, Story, person

COMMANDER = person(Role.INCIDENT_COMMANDER)
QSR = person(Role.QUALITY_SAFETY_RESPONSIBLE)
QUALITY = person(Role.QUALITY)
ASSESSOR = person(Role.SAFETY_ASSESSOR)
BOSS = person(Role.LEGAL_REPRESENTATIVE)
LEGAL = person(Role.LEGAL)
SUPPLY = person(Role.SUPPLY_CHAIN)
SERVICE = person(Role.SERVICE_AGENT)
SERVICE_LEAD = person(Role.SERVICE_LEAD)
FINANCE = person(Role.FINANCE)
REGULATORY = person(Role.REGULATORY_AFFAIRS)
PR = person(Role.PR_LEAD)

words = PublicText
CREAM = ProductId("cream")
FILE = BlobId("ab" * 32)
SHOPS = tuple(ConsigneeId(f"shop-{number}") for number in range(1, 11))

COUNTERS: dict[str, PersonId] = {
    "counted_by": PersonId(SUPPLY.id),
    "counted_again_by": PersonId(QUALITY.id),
}
"""Who counts again when a count is put right: one corrects it, the other signs."""


def lot(name: str = "L1", **numbers: Any) -> LotScope:
    return LotScope(lot=LotNumber(name), product=CREAM, **numbers)


COUNTED: dict[str, Any] = {
    "made": 1000,
    "on_hand": 200,
    "shipped": 790,
    "sold": 500,
    "returned": 0,
    "scrapped": 5,
}
L1 = lot(**COUNTED)


ELSEWHERE = words("The lot was never sold there.")


def scope(**more: Any) -> dict[str, Any]:
    """What a scope says; where China, from which every report comes, is left out, also why."""
    why = {} if "CN" in more.get("markets", ("CN",)) else {"left_out_why": ELSEWHERE}
    told = {
        "products": (CREAM,),
        "lots": (L1,),
        "markets": ("CN",),
        "reason": words("Same bulk B7."),
    }
    return {**told, **why, **more}


def evaluation() -> EvaluateHazard:
    text = words("As far as known.")
    return EvaluateHazard(
        preliminary=True,
        injuries=text,
        conditions=text,
        groups_at_risk=text,
        seriousness=text,
        occurrence=text,
        consequences=text,
        credible_harm=CredibleHarm.SERIOUS_TREATABLE,
        likelihood=Likelihood.REMOTE,
        noticeable=Noticeable.NO,
        credentials=text,
    )


def recall(**more: Any) -> DecideRecall:
    told = {
        "action": RecallAction.RECALL,
        "depth": Depth.CONSUMER,
        "reason": words("People may be hurt."),
        "options": words("A withdrawal would leave it with consumers."),
    }
    return DecideRecall(**{**told, **more})


def no_recall(story: Story, **more: Any) -> DecideNoRecall:
    told = {
        "reason": words("Nothing links the harm to the product."),
        "options": words("A withdrawal was weighed."),
        "review_at": story.now + timedelta(days=5),
    }
    return DecideNoRecall(**{**told, **more})


def plan(story: Story, **more: Any) -> SignRecallPlan:
    told = {
        "depth": Depth.CONSUMER,
        "methods": (RecallMethod.LETTER, RecallMethod.OWN_CHANNELS),
        "finish_at": story.now + timedelta(days=30),
        "remedies": (Remedy.REFUND, Remedy.EXCHANGE),
        "returns": (
            ReturnWay(product=CREAM, method=ReturnMethod.COLLECTION, dangerous_goods=False),
        ),
        "level": EffectivenessLevel.B,
        "percent": 20,
        "criteria": words("Every consignee answered."),
    }
    return SignRecallPlan(**{**told, **more})


def letter(*names: ConsigneeId, **more: Any) -> RecordNotification:
    told = {
        "reader": Reader.CONSIGNEE,
        "channel": RecallMethod.LETTER,
        "language": "zh",
        "text": FILE,
        "market": "CN",
        "recipients": names,
    }
    return RecordNotification(**{**told, **more})


def public_notice(**more: Any) -> RecordNotification:
    told = {"reader": Reader.CONSUMER, "count": 500, "readers_list": FILE}
    return letter(**{**told, **more})


def answer(name: ConsigneeId, **more: Any) -> AnswerAsConsignee:
    told = {"lots": (LotAnswer(lot=LotNumber("L1"), received=10),), "proof": words("On the phone.")}
    return AnswerAsConsignee(consignee=name, **{**told, **more})


def refund(story: Story, **more: Any) -> SettleRemedy:
    told = {
        "claim": "CASE-1",
        "taken": Remedy.REFUND,
        "offered": (Remedy.REFUND, Remedy.EXCHANGE),
        "lot": LotNumber("L1"),
        "lot_shown": LotShown.PHOTO,
        "amount_minor": 12_900,
        "claimed_at": story.now,
        "given_at": story.now + timedelta(hours=3),
    }
    return SettleRemedy(**{**told, **more})


def goods(units: int, **more: Any) -> ReceiveGoods:
    told = {
        "place": "Hall 3",
        "lot": LotNumber("L1"),
        "units": units,
        "counted_by": PersonId("wang"),
        "counted_again_by": PersonId("li"),
        "condition": GoodsCondition.OPENED,
        "source": GoodsSource.CONSUMER,
    }
    return ReceiveGoods(**{**told, **more})


def disposal(units: int, **more: Any) -> DisposeGoods:
    told = {
        "lots": (LotCount(lot=LotNumber("L1"), units=units),),
        "method": DisposalMethod.DESTROYED,
        "place": "Suzhou",
        "witnesses": (PersonId("zhao"),),
        "certificate": FILE,
        "samples_kept": True,
    }
    return DisposeGoods(**{**told, **more})


def check(name: str, **more: Any) -> CheckEffectiveness:
    told = {"method": CheckMethod.VISIT, "told": True, "acted": True}
    return CheckEffectiveness(consignee=ConsigneeId(name), **{**told, **more})


def chased(story: Story) -> list[Due]:
    """What is due because a consignee is silent."""
    return [due for due in dues(story.incident) if due.act == "answer_as_consignee"]


def scoped(answers: Any = SERIOUS, **more: Any) -> Story:
    """Accepted, evaluated, and with a first scope."""
    story = Story()
    story.accepted(answers)
    story.did(QUALITY, SetScope(**scope(**more)))
    story.did(ASSESSOR, evaluation())
    return story


def decided(**more: Any) -> Story:
    """The same, and a recall is decided by three people."""
    story = scoped(**more)
    story.did(COMMANDER, recall())
    story.signed(QSR, BOSS)
    return story


def running(**more: Any) -> Story:
    """The same with ten shops in the scope, a signed plan, and an hour of work."""
    story = decided(consignees=SHOPS, **more)
    story.did(COMMANDER, plan(story))
    story.signed(QSR)
    story.later(hours=1)
    return story
