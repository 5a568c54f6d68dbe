"""After-sales case: opening it, what became known later, the incident it belongs to, its end.

What belongs here: the frame of a case. What never does: answers (domain/service_answers.py),
remedies (domain/service_remedies.py), the legal register of hurt persons (domain/cases.py), or a
decision of an incident: it hears of its cases in counted batches (domain/case_counts.py).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from domain.case_levels import CaseLevels, case_levels
from domain.dispatch import Act, Effect, causes, decides, evolves
from domain.errors import Refused
from domain.message import ask, command, event
from domain.people import EVERYONE, Access, Role
from domain.recall_terms import CHOICES, Remedy
from domain.remedy_limits import promised_at
from domain.rules import Rules
from domain.service_terms import CaseKind, Onset
from domain.service_wording import refuse_words
from domain.severity import Grade, Outcome
from domain.severity_rules import FATAL, HARM, SERIOUS
from domain.stages import Stage
from domain.state import Mark
from domain.state.service_case import CustomerFile, Promise, ServiceCase
from domain.values import BlobId, LotNumber, PrivateText, ProductId, PublicText

SERVICE_ROLES = (Role.SERVICE_AGENT, Role.SERVICE_LEAD)
LINK_ROLES = (
    *SERVICE_ROLES,
    Role.DUTY_OFFICER,
    Role.QUALITY,
    Role.QUALITY_SAFETY_RESPONSIBLE,
    Role.SAFETY_ASSESSOR,
    Role.REGULATORY_AFFAIRS,
)


# ---------------------------------------------------------------- events


@event("CaseOpened", stage=Stage.CASE, access=Access.HEALTH)
@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOpened:
    """Somebody came to us: what about, what happened to them, and by when they are answered.

    `level` picks the plan's times; `levels` is the seriousness by each market's law, None when
    nobody is hurt. `remedy_due_at` is None while no refund, exchange or repair is asked for.
    """

    kind: CaseKind
    hurt: bool
    outcomes: tuple[Outcome, ...]
    onset: Onset
    level: Grade
    levels: CaseLevels | None
    product: str
    lot: str
    photos: tuple[str, ...]
    country: str
    customer: PrivateText | None
    purchase: PrivateText | None
    use: PrivateText | None
    words: PrivateText | None
    earlier: tuple[str, ...]
    received_at: datetime
    asks_for: tuple[Remedy, ...]
    answer_due_at: datetime
    remedy_due_at: datetime | None


@event("CaseFollowedUp", stage=Stage.CASE, access=Access.HEALTH)
@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFollowedUp:
    """What became known later; empty fields say nothing new, `level` is the one from now on."""

    hurt: bool
    outcomes: tuple[Outcome, ...]
    level: Grade
    levels: CaseLevels | None
    lot: str
    photos: tuple[str, ...]
    words: PrivateText | None
    asks_for: tuple[Remedy, ...]
    answer_due_at: datetime
    remedy_due_at: datetime | None


@event("CaseLinked", stage=Stage.CASE)
@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLinked:
    """The case belongs to an incident; `before` is the one it belonged to until now."""

    incident: str
    before: str | None


@event("CaseClosed", stage=Stage.CASE)
@dataclass(frozen=True, slots=True, kw_only=True)
class CaseClosed:
    """Nothing is open any more."""

    summary: PublicText


# ---------------------------------------------------------------- commands


@command(
    "open_case",
    stage=Stage.CASE,
    roles=EVERYONE,
    title="Open an after-sales case",
    help="Ask first whether the person is safe. Ask them to keep product and pack.",
)
@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCase:
    """Register what somebody came to us with, in their words."""

    kind: CaseKind = ask("What is it about?")
    hurt: bool = ask("Is somebody hurt, or does somebody have a reaction?")
    outcomes: tuple[Outcome, ...] = ask("What happened to the person, as far as known?", default=())
    onset: Onset = ask("When did it begin?", default=Onset.UNKNOWN)
    product: ProductId | None = ask("Which product, if known?", default=None)
    lot: LotNumber | None = ask("Which lot, if known?", default=None)
    photos: tuple[BlobId, ...] = ask("Photos of product, pack, or what is seen", default=())
    country: str = ask("In which country or region does the person live?", max=2, country=True)
    received_at: datetime = ask("When did it reach our company?")
    words: PrivateText = ask("What do they say, in their words?")
    customer: PrivateText | None = ask("Who is it, and how can we reach them?", default=None)
    purchase: PrivateText | None = ask("Where and when was it bought?", default=None)
    use: PrivateText | None = ask(
        "How was it used, how often, since when, with what?", default=None
    )
    earlier: tuple[str, ...] = ask("Earlier cases of this person", default=())
    asks_for: tuple[Remedy, ...] = ask("What does the person ask for?", default=())
    incident: str | None = ask("Which incident does it belong to, if any?", default=None, max=40)


@command("add_to_case", stage=Stage.CASE,
         roles=[*SERVICE_ROLES, Role.DUTY_OFFICER, Role.QUALITY, Role.SAFETY_ASSESSOR],
         title="Add what became known")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class AddToCase:
    """What became known later: a reaction that grew worse, a lot number found, a photo."""

    words: PrivateText | None = ask("What is new, in their words?", default=None)
    outcomes: tuple[Outcome, ...] = ask("What happened to the person?", default=())
    lot: LotNumber | None = ask("Which lot?", default=None)
    photos: tuple[BlobId, ...] = ask("Photos", default=())
    asks_for: tuple[Remedy, ...] = ask("What does the person ask for now?", default=())


@command("link_case", stage=Stage.CASE, roles=LINK_ROLES, title="Link to an incident")
@dataclass(frozen=True, slots=True, kw_only=True)
class LinkCase:
    """Say which incident the case belongs to; the incident counts it."""

    incident: str = ask("Which incident?", max=40)


@command("close_case", stage=Stage.CASE, roles=SERVICE_ROLES, title="Close the case")
@dataclass(frozen=True, slots=True, kw_only=True)
class CloseCase:
    """Nothing is open any more; a new reaction is a new case that names this one."""

    summary: PublicText = ask(
        "What came of it? No name, nothing about health", default=PublicText(""), max=2000
    )


# ---------------------------------------------------------------- levels and promises


def level_of(outcomes: Iterable[Outcome], *, hurt: bool) -> Grade:
    """Give the level that picks the plan's times, by the floors K1, S1 and G1 (table 3.3)."""
    told = set(outcomes)
    if told & FATAL:
        return Grade.CRITICAL
    if told & SERIOUS:
        return Grade.SERIOUS
    return Grade.GENERAL if hurt or told & HARM else Grade.MINOR


def answer_due(rules: Rules, level: Grade, start_at: datetime) -> datetime:
    """Say by when the person has the first answer."""
    limit = rules.plan.step("first_answer", level)
    return start_at if limit is None else rules.due_at(start_at, limit)


def remedy_due(rules: Rules, asked: Iterable[Remedy], asked_at: datetime) -> datetime | None:
    """Say by when a refund, exchange or repair is given; None when none of them is meant."""
    times = [promised_at(rules, remedy, asked_at) for remedy in asked]
    return min((at for at in times if at is not None), default=None)


# ---------------------------------------------------------------- decide


@decides(OpenCase)
def open_case(case: ServiceCase, act: Act, said: OpenCase) -> Iterator[Any]:
    """Register the case; product, lot or a photo must say what it is about."""
    if said.received_at > act.at:
        raise Refused("That lies ahead.", "Say when it reached our company.", code="bad_times")
    if not (said.product or said.lot or said.photos or said.kind is CaseKind.SERVICE):
        raise Refused(
            "Nothing says which product it is about.",
            "Name the product or the lot, or attach a photo; no receipt is needed.",
            code="no_product",
        )
    hurt, outcomes = _harm(said.outcomes, hurt=said.hurt or _is_reaction(said.kind))
    level = level_of(outcomes, hurt=hurt)
    yield CaseOpened(
        kind=said.kind,
        hurt=hurt,
        outcomes=outcomes,
        onset=said.onset,
        level=level,
        levels=case_levels(outcomes) if hurt else None,
        product=said.product or "",
        lot=said.lot or "",
        photos=tuple(said.photos),
        country=said.country,
        customer=said.customer,
        purchase=said.purchase,
        use=said.use,
        words=said.words,
        earlier=tuple(said.earlier),
        received_at=said.received_at,
        asks_for=tuple(said.asks_for),
        answer_due_at=answer_due(case.rules, level, said.received_at),
        remedy_due_at=remedy_due(case.rules, said.asks_for, said.received_at),
    )
    if said.incident:
        yield CaseLinked(incident=said.incident, before=None)


def _is_reaction(kind: CaseKind) -> bool:
    return kind is CaseKind.ADVERSE_REACTION


def _harm(told: Iterable[Outcome], *, hurt: bool) -> tuple[bool, tuple[Outcome, ...]]:
    """Put together what was said: an outcome that harms means hurt, hurt without one is unknown."""
    outcomes = tuple(dict.fromkeys(told))
    hurt = hurt or bool(HARM & set(outcomes))
    return hurt, outcomes or ((Outcome.UNKNOWN,) if hurt else ())


@decides(AddToCase)
def add_to_case(case: ServiceCase, act: Act, said: AddToCase) -> tuple[CaseFollowedUp, ...]:
    """Add to the case; a graver level never makes the answer later."""
    hurt, outcomes = _harm(said.outcomes or case.outcomes, hurt=case.hurt)
    level = max(case.level, level_of(outcomes, hurt=hurt), key=list(Grade).index)
    due_at = answer_due(case.rules, level, act.at)
    return (
        CaseFollowedUp(
            hurt=hurt,
            outcomes=outcomes,
            level=level,
            levels=case_levels(outcomes) if hurt else None,
            lot=said.lot or "",
            photos=tuple(said.photos),
            words=said.words,
            asks_for=tuple(said.asks_for),
            answer_due_at=min(case.answer_due_at or due_at, due_at),
            remedy_due_at=remedy_due(case.rules, said.asks_for, act.at),
        ),
    )


@decides(LinkCase)
def link_case(case: ServiceCase, _act: Act, said: LinkCase) -> tuple[CaseLinked, ...]:
    """Link the case; it belongs to one incident at a time."""
    if said.incident == case.incident:
        raise Refused(f"It belongs to {said.incident} already.", "Nothing to do.", code="linked")
    return (CaseLinked(incident=said.incident, before=case.incident),)


@decides(CloseCase)
def close_case(case: ServiceCase, _act: Act, said: CloseCase) -> tuple[CaseClosed, ...]:
    """Close the case when nothing is owed to the person any more."""
    refuse_words(case, said.summary)
    for is_open, sentence, hint in _still_open(case):
        if is_open:
            raise Refused(sentence, hint, code="still_open")
    return (CaseClosed(summary=said.summary),)


def _still_open(case: ServiceCase) -> Iterator[tuple[bool, str, str]]:
    is_looked_into = case.hurt or case.kind is CaseKind.QUALITY
    yield not case.answers, "The person was not answered.", "Answer first."
    yield case.hurt and not case.steps, "The hurt person was not told what to do.", "Advise them."
    yield (
        case.promise is not None,
        "A remedy is promised and not given.",
        "Give it, or say why not.",
    )
    yield bool(case.pending), "An act waits for signatures.", "Sign or decline it."
    yield case.call_back is not None, "A call was promised.", "Call back first."
    yield (
        is_looked_into and case.cause is None,
        "No cause is recorded.",
        "Record it, or that it was not found.",
    )


# ---------------------------------------------------------------- evolve


@evolves(CaseOpened)
def _opened(case: ServiceCase, opened: CaseOpened, mark: Mark) -> ServiceCase:
    return replace(
        case,
        kind=opened.kind,
        hurt=opened.hurt,
        outcomes=opened.outcomes,
        onset=opened.onset,
        level=opened.level,
        product=opened.product,
        lot=opened.lot,
        photos=opened.photos,
        country=opened.country,
        file=CustomerFile(
            customer=opened.customer,
            purchase=opened.purchase,
            use=opened.use,
            words=(opened.words,) if opened.words else (),
        ),
        earlier=opened.earlier,
        received_at=opened.received_at,
        opened_at=mark.at,
        opened_by=mark.actor,
        answer_due_at=opened.answer_due_at,
        promise=promised(case, opened.asks_for, opened.received_at, opened.remedy_due_at, mark),
    )


def promised(
    case: ServiceCase,
    remedies: tuple[Remedy, ...],
    asked_at: datetime,
    due_at: datetime | None,
    mark: Mark,
) -> Promise | None:
    """Give the promise after somebody asked or we offered: the first time promised stands."""
    choices = tuple(remedy for remedy in remedies if remedy in CHOICES)
    before = case.promise
    if before is not None:
        return replace(before, remedies=tuple(dict.fromkeys((*before.remedies, *choices))))
    if due_at is None:
        return None
    return Promise(seq=mark.seq, remedies=choices, asked_at=asked_at, due_at=due_at)


@evolves(CaseFollowedUp)
def _followed_up(case: ServiceCase, told: CaseFollowedUp, mark: Mark) -> ServiceCase:
    words = (*case.file.words, told.words) if told.words else case.file.words
    return replace(
        case,
        hurt=told.hurt,
        outcomes=told.outcomes,
        level=told.level,
        lot=told.lot or case.lot,
        photos=tuple(dict.fromkeys((*case.photos, *told.photos))),
        file=replace(case.file, words=words),
        answer_due_at=told.answer_due_at,
        promise=promised(case, told.asks_for, mark.at, told.remedy_due_at, mark),
    )


@evolves(CaseLinked)
def _linked(case: ServiceCase, linked: CaseLinked, _mark: Mark) -> ServiceCase:
    return replace(case, incident=linked.incident)


@evolves(CaseClosed)
def _closed(case: ServiceCase, _closed: CaseClosed, mark: Mark) -> ServiceCase:
    return replace(case, closed_at=mark.at)


# ---------------------------------------------------------------- effects


@causes(CaseOpened, of=ServiceCase)
def _tell(_case: ServiceCase, opened: CaseOpened, mark: Mark) -> Iterator[Effect]:
    """Tell service at once of a hurt person, and quality of a serious one."""
    if not opened.hurt:
        return
    roles = [Role.SERVICE_LEAD]
    if opened.level in (Grade.SERIOUS, Grade.CRITICAL):
        roles += [Role.DUTY_OFFICER, Role.QUALITY, Role.REGULATORY_AFFAIRS]
    yield Effect(
        name="tell",
        target="case_opened",
        seq=mark.seq,
        body={
            "kind": "case_opened",
            "roles": [str(role) for role in roles],
            "level": str(opened.level),
            "due_at": opened.answer_due_at.isoformat(),
            "title": "A person is hurt: answer them",
        },
    )


@causes(CaseLinked, of=ServiceCase)
def _linked_counts(_case: ServiceCase, linked: CaseLinked, mark: Mark) -> Iterator[Effect]:
    """Let the incident count its cases anew, and the one the case has left."""
    for incident in (linked.incident, linked.before):
        if incident:
            yield counted_anew(incident, mark)


@causes(CaseFollowedUp, of=ServiceCase)
@causes(CaseClosed, of=ServiceCase)
def counts(case: ServiceCase, _happened: Any, mark: Mark) -> Iterator[Effect]:
    """Let the incident count its cases anew."""
    if case.incident:
        yield counted_anew(case.incident, mark)


def counted_anew(incident: str, mark: Mark) -> Effect:
    """Make the effect by which an incident hears of its cases."""
    return Effect(name="count_cases", target=incident, seq=mark.seq, body={"incident": incident})
