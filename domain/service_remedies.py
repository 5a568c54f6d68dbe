"""After-sales case: what the person is offered, given, or refused with a reason.

What belongs here: offer, giving, and the promise that runs meanwhile. What never does: the
arithmetic of limits (domain/remedy_limits.py), or a label on whoever asks. Silence after the
promised time means that the person has it: that is recorded and escalated; money is moved, and a
word is said, by people alone.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from domain.dispatch import (
    Act,
    Due,
    Effect,
    causes,
    decides,
    evolves,
    more_slots,
    on_silence,
    watches,
)
from domain.errors import Refused
from domain.message import ask, command, event
from domain.people import Role
from domain.plan_terms import Silence
from domain.recall_terms import CHOICES, LotShown, Remedy, ReturnMethod
from domain.remedy_limits import (
    ACT_OF,
    check_payment,
    further_slots,
    limit_named,
    measured_minor,
)
from domain.service_opening import SERVICE_ROLES, counts, promised, remedy_due
from domain.service_wording import refuse_words
from domain.stages import Stage
from domain.state import Mark, Signature
from domain.state.service_case import Given, Promise, ServiceCase
from domain.values import BlobId, LotNumber, PublicText

REMEDY_ROLES = (*SERVICE_ROLES, Role.LEGAL)


# ---------------------------------------------------------------- events


@event("RemedyOffered", stage=Stage.CASE)
@dataclass(frozen=True, slots=True, kw_only=True)
class RemedyOffered:
    """What the person may choose among, and by when it is given."""

    offered: tuple[Remedy, ...]
    remedy_due_at: datetime | None


@event("RemedyDue", stage=Stage.CASE)
@dataclass(frozen=True, slots=True, kw_only=True)
class RemedyDue:
    """The promised time passed in silence: the person has it, and it is still to be given."""

    remedies: tuple[Remedy, ...]
    asked_at: datetime
    promised_at: datetime


@event("RemedyGiven", stage=Stage.CASE)
@dataclass(frozen=True, slots=True, kw_only=True)
class RemedyGiven:
    """What the person got; money in minor units, `limit_minor` in the plan's currency.

    `lot_shown` is None where nothing had to be shown: in an incident, or when somebody is hurt.
    """

    taken: Remedy
    offered: tuple[Remedy, ...]
    incident: str | None
    lot: str
    lot_shown: LotShown | None
    units: int
    way_back: ReturnMethod | None
    amount_minor: int
    currency: str
    limit_minor: int
    limit: str
    claimed_at: datetime
    promised_at: datetime | None
    given_at: datetime
    late: bool
    evidence: tuple[str, ...]
    signers: tuple[Signature, ...]


@event("RemedyRefused", stage=Stage.CASE)
@dataclass(frozen=True, slots=True, kw_only=True)
class RemedyRefused:
    """Why nothing more is owed: about the product, never about the person."""

    remedies: tuple[Remedy, ...]
    reason: PublicText


# ---------------------------------------------------------------- commands


@command("offer_remedy", stage=Stage.CASE, roles=REMEDY_ROLES, title="Offer a remedy",
         help="Refund and exchange are the rule; the person chooses.")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class OfferRemedy:
    """Offer what the person may choose among; from then on the promised time runs."""

    offered: tuple[Remedy, ...] = ask("What do we offer?", some=True)


@command(
    "settle_case",
    stage=Stage.CASE,
    roles=REMEDY_ROLES,
    act=lambda said: ACT_OF[said.taken],
    title="Give the remedy",
    help="No receipt is needed in a recall: pack, photo or lot number is enough. Nobody pays in"
    " advance for sending it back.",
    meaning="This person is owed this remedy",
)
@dataclass(frozen=True, slots=True, kw_only=True)
class SettleCase:
    """What the person gets, how much, and when."""

    taken: Remedy = ask("What does the person get?")
    given_at: datetime = ask("When is or was it given?")
    amount_minor: int = ask("Amount", default=0, minor=True)
    currency: str = ask("Currency", default="", max=3)
    limit_minor: int | None = ask(
        "The same in our own currency, if it was paid in another", default=None, minor=True
    )
    units: int = ask("How many units?", default=1)
    lot: LotNumber | None = ask("Which lot, if known?", default=None)
    lot_shown: LotShown | None = ask("How was product or lot shown?", default=None)
    way_back: ReturnMethod | None = ask("How does the product come back, if at all?", default=None)
    evidence: tuple[BlobId, ...] = ask("Photo, bill or agreement", default=())


@command("refuse_remedy", stage=Stage.CASE, roles=[Role.SERVICE_LEAD, Role.LEGAL],
         title="Say why nothing is owed")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseRemedy:
    """Nothing more is owed, for a reason about the product; never in an incident."""

    reason: PublicText = ask("Why is nothing owed? About the product, not the person", max=1000)


# ---------------------------------------------------------------- decide


@more_slots(SettleCase)
def signatures_above_limit(case: ServiceCase, said: SettleCase) -> Iterable[tuple[Role, ...]]:
    """Ask for the further signatures that the plan's row wants above its amount."""
    return further_slots(case.rules.plan, said)


@decides(OfferRemedy)
def offer_remedy(case: ServiceCase, act: Act, said: OfferRemedy) -> tuple[RemedyOffered, ...]:
    """Offer a remedy; a time promised before stands."""
    offered = tuple(dict.fromkeys(said.offered))
    again = bool(CHOICES & set(offered)) and case.promise is None and not case.choice_given
    return (
        RemedyOffered(
            offered=offered,
            remedy_due_at=remedy_due(case.rules, offered, act.at) if again else None,
        ),
    )


@decides(SettleCase)
def settle_case(case: ServiceCase, act: Act, said: SettleCase) -> tuple[RemedyGiven, ...]:
    """Give what is owed, inside the limits of the role; above them others sign too."""
    _check_choice(case, said)
    promise = case.promise if said.taken in CHOICES else None
    claimed_at = promise.asked_at if promise else case.received_at or act.at
    check_payment(said, claimed_at, act.at)
    plan = case.rules.plan
    return (
        RemedyGiven(
            taken=said.taken,
            offered=_on_offer(case),
            incident=case.incident,
            lot=said.lot or case.lot,
            lot_shown=said.lot_shown,
            units=said.units,
            way_back=said.way_back,
            amount_minor=said.amount_minor,
            currency=said.currency or plan.remedies.currency,
            limit_minor=measured_minor(plan, said),
            limit=limit_named(plan, said),
            claimed_at=claimed_at,
            promised_at=promise.due_at if promise else None,
            given_at=said.given_at,
            late=promise is not None and said.given_at > promise.due_at,
            evidence=tuple(said.evidence),
            signers=act.signers,
        ),
    )


def _on_offer(case: ServiceCase) -> tuple[Remedy, ...]:
    asked = case.promise.remedies if case.promise else ()
    return tuple(dict.fromkeys((*case.offered, *asked)))


def _check_choice(case: ServiceCase, said: SettleCase) -> None:
    """The person chooses among what was offered; once, unless they ask again."""
    if said.taken not in CHOICES:
        return
    if case.promise is None and case.choice_given:
        raise Refused(
            "The person got their refund, exchange or repair already.",
            "If they ask again, add that to the case first.",
            code="settled",
        )
    if said.taken not in _on_offer(case):
        raise Refused("They take what was not offered.", "Offer it first.", code="not_offered")
    needs_nothing = case.incident is not None or case.hurt
    if not needs_nothing and said.lot_shown in (None, LotShown.WORD):
        raise Refused(
            "Nothing shows the product.",
            "Ask for the pack, a photo or the lot number; a receipt is one way among them.",
            code="lot_not_shown",
        )


@decides(RefuseRemedy)
def refuse_remedy(case: ServiceCase, _act: Act, said: RefuseRemedy) -> tuple[RemedyRefused, ...]:
    """Refuse what is asked for; in an incident nobody is refused here."""
    refuse_words(case, said.reason)
    if case.incident is not None:
        raise Refused(
            f"The case belongs to {case.incident}: whoever holds a recalled lot is owed a remedy.",
            "Give it, or let the incident decide the claim.",
            code="owed",
        )
    if case.promise is None:
        raise Refused("Nothing is asked for.", "Close the case.", code="nothing_asked")
    return (RemedyRefused(remedies=case.promise.remedies, reason=said.reason),)


@on_silence("remedy_due")
def remedy_is_due(case: ServiceCase, _due: Due, _act: Act) -> Iterator[RemedyDue]:
    """After the promised time the person has it (reference 4.3); nothing leaves the house by it."""
    promise = case.promise
    if promise is not None and promise.owed_since is None:
        yield RemedyDue(
            remedies=promise.remedies, asked_at=promise.asked_at, promised_at=promise.due_at
        )


# ---------------------------------------------------------------- evolve


@evolves(RemedyOffered)
def _offered(case: ServiceCase, offered: RemedyOffered, mark: Mark) -> ServiceCase:
    return replace(
        case,
        offered=tuple(dict.fromkeys((*case.offered, *offered.offered))),
        promise=promised(case, offered.offered, mark.at, offered.remedy_due_at, mark),
    )


@evolves(RemedyDue)
def _due(case: ServiceCase, _happened: RemedyDue, mark: Mark) -> ServiceCase:
    promise: Promise | None = case.promise
    return replace(case, promise=replace(promise, owed_since=mark.at) if promise else None)


@evolves(RemedyGiven)
def _given(case: ServiceCase, given: RemedyGiven, mark: Mark) -> ServiceCase:
    row = Given(
        seq=mark.seq,
        taken=given.taken,
        amount_minor=given.amount_minor,
        currency=given.currency,
        given_at=given.given_at,
        late=given.late,
    )
    promise = None if given.taken in CHOICES else case.promise
    return replace(case, given=(*case.given, row), promise=promise, lot=given.lot)


@evolves(RemedyRefused)
def _refused(case: ServiceCase, _happened: RemedyRefused, mark: Mark) -> ServiceCase:
    return replace(case, promise=None, refused_seq=mark.seq)


# ---------------------------------------------------------------- what is due, and who hears


@watches(Stage.CASE, of=ServiceCase)
def remedies_due(case: ServiceCase) -> Iterator[Due]:
    """What was promised is given in time."""
    promise, row = case.promise, case.rules.plan.act("refund_within_policy")
    if promise is not None and case.closed_at is None:
        yield Due(
            key=f"remedy:{promise.seq}",
            stage=Stage.CASE,
            title="Give the remedy that was promised",
            roles=SERVICE_ROLES,
            start_at=promise.asked_at,
            due_at=promise.due_at,
            act="settle_case",
            silence="remedy_due" if row.silence is Silence.GIVEN else "",
        )


@causes(RemedyGiven, of=ServiceCase)
@causes(RemedyRefused, of=ServiceCase)
def _counts(case: ServiceCase, happened: object, mark: Mark) -> Iterator[Effect]:
    """Let the incident count its cases anew."""
    return counts(case, happened, mark)
