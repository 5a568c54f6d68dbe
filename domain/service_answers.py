"""After-sales case: what we told the person, what was found, and how they are now.

What belongs here: answering, advising, the cause, calling back, their opinion of us. What never
does: money (domain/service_remedies.py). The first answer is a person's, in the promised time; no
medicine and no product of ours is recommended; a cause is never said before it is found.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from domain.dispatch import Act, Due, decides, evolves, watches
from domain.errors import Refused
from domain.message import ask, command, event
from domain.people import Access, Role
from domain.service_opening import SERVICE_ROLES
from domain.service_terms import WITH_THE_PERSON, CaseKind, Cause, Condition, Medium, Step
from domain.service_wording import refuse_words
from domain.severity import Grade, Outcome
from domain.stages import Stage
from domain.state import Mark
from domain.state.service_case import AnswerGiven, CallBack, CauseFound, ServiceCase
from domain.values import BlobId, PrivateText, PublicText

ADVISERS = (*SERVICE_ROLES, Role.DUTY_OFFICER, Role.SAFETY_ASSESSOR)
FINDERS = (Role.QUALITY, Role.QUALITY_SAFETY_RESPONSIBLE, Role.SAFETY_ASSESSOR, Role.SERVICE_LEAD)

STEPS_OF = {
    CaseKind.DELIVERY_MISSING: (Step.TRACE_PARCEL, Step.SEND_AGAIN),
    CaseKind.DELIVERY_WRONG: (Step.COLLECT_AT_OUR_COST, Step.SEND_AGAIN),
    CaseKind.DELIVERY_LEAKING: (Step.STOP_USING, Step.KEEP_PRODUCT, Step.SEND_AGAIN),
}
"""What is done about each kind of delivery problem."""


# ---------------------------------------------------------------- events


@event("CaseAnswered", stage=Stage.CASE, access=Access.HEALTH)
@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAnswered:
    """What we said to the person, by whom, and whether it was the first time and in time."""

    first: bool
    medium: Medium
    text: PublicText
    note: PrivateText | None
    due_at: datetime
    late: bool
    call_back_at: datetime | None


@event("AdviceGiven", stage=Stage.CASE)
@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceGiven:
    """What we told the person to do, or do for them."""

    steps: tuple[Step, ...]


@event("CauseRecorded", stage=Stage.CASE, access=Access.HEALTH)
@dataclass(frozen=True, slots=True, kw_only=True)
class CauseRecorded:
    """What the cause was found to be, on what basis; `before` is what was thought until now."""

    cause: Cause
    before: Cause | None
    basis: PublicText
    details: PrivateText | None
    evidence: tuple[str, ...]


@event("CalledBack", stage=Stage.CASE, access=Access.HEALTH)
@dataclass(frozen=True, slots=True, kw_only=True)
class CalledBack:
    """How the person was when we called, and when we call again."""

    condition: Condition
    note: PrivateText | None
    late: bool
    next_at: datetime | None


@event("SatisfactionRated", stage=Stage.CASE, access=Access.RESTRICTED)
@dataclass(frozen=True, slots=True, kw_only=True)
class SatisfactionRated:
    """What the person thinks of how we dealt with it: 1 (worst) to 5 (best)."""

    score: int
    words: PrivateText | None


# ---------------------------------------------------------------- commands


@command("answer_case", stage=Stage.CASE, roles=ADVISERS, title="Answer the person",
         help="No reaction is normal; no medicine; no cause before it is found.")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerCase:
    """Record what a person of ours said to the person; the first one stops the clock."""

    medium: Medium = ask("How were they answered?")
    text: PublicText = ask("What did we say? No name, nothing about health", max=4000)
    note: PrivateText | None = ask("What was said about the person", default=None)
    call_back_at: datetime | None = ask("When did we promise to call?", default=None)


@command(
    "advise",
    stage=Stage.CASE,
    roles=ADVISERS,
    title="Say what to do",
    help="Stop using it at once; keep product and pack; see a doctor or pharmacist.",
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Advise:
    """The steps we told the person, and those we take for them; never a medicine."""

    steps: tuple[Step, ...] = ask("What did we tell them, and what do we do?", some=True)


@command("record_finding", stage=Stage.CASE, roles=FINDERS, title="Record the cause")
@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFinding:
    """The cause as found, or not found; one that lies with the person needs evidence."""

    cause: Cause = ask("What is the cause?")
    basis: PublicText = ask("On what basis? No name, nothing about health", max=2000)
    details: PrivateText | None = ask("What concerns the person alone", default=None)
    evidence: tuple[BlobId, ...] = ask("What shows it?", default=())


@command("call_back", stage=Stage.CASE, roles=ADVISERS, title="Record a call back")
@dataclass(frozen=True, slots=True, kw_only=True)
class RecordCallBack:
    """We called: how are they now?"""

    condition: Condition = ask("How is the person?")
    note: PrivateText | None = ask("What did they say?", default=None)
    next_at: datetime | None = ask("When do we call again?", default=None)


@command("rate_satisfaction", stage=Stage.CASE, roles=SERVICE_ROLES,
         title="Record how satisfied they are")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class RateSatisfaction:
    """What the person thinks of how we dealt with it."""

    score: int = ask("From 1 (worst) to 5 (best)")
    words: PrivateText | None = ask("In their words", default=None)


# ---------------------------------------------------------------- decide


@decides(AnswerCase)
def answer_case(case: ServiceCase, act: Act, said: AnswerCase) -> tuple[CaseAnswered, ...]:
    """Record an answer; words that the rules block are refused."""
    if not said.text.strip():
        raise Refused("Nothing was said.", "Write what we said.", code="empty")
    refuse_words(case, said.text)
    _require_ahead(act, said.call_back_at)
    due_at = case.answer_due_at or act.at
    return (
        CaseAnswered(
            first=not case.answers,
            medium=said.medium,
            text=said.text,
            note=said.note,
            due_at=due_at,
            late=not case.answers and act.happened_at > due_at,
            call_back_at=said.call_back_at,
        ),
    )


def _require_ahead(act: Act, at: datetime | None) -> None:
    if at is not None and at <= act.at:
        raise Refused("That time is over.", "Name a time that lies ahead.", code="bad_times")


@decides(Advise)
def advise(case: ServiceCase, _act: Act, said: Advise) -> tuple[AdviceGiven, ...]:
    """Record advice; the steps that the harm or the kind of case asks for must be there."""
    steps = tuple(dict.fromkeys(said.steps))
    missing = [step for step in steps_needed(case) if step not in (*case.steps, *steps)]
    if missing:
        raise Refused(
            f"Not said yet: {', '.join(word.replace('_', ' ') for word in missing)}.",
            "Say that too; it is what this case asks for.",
            code="step_missing",
        )
    if case.hurt and _is_more_than_mild(case) and Step.SETTLES_BY_ITSELF in steps:
        raise Refused(
            "Only a mild reaction settles by itself, and this one is not known to be mild.",
            "Send the person to a doctor, pharmacist or hospital; they take the product along.",
            code="not_mild",
        )
    return (AdviceGiven(steps=steps),)


def steps_needed(case: ServiceCase) -> tuple[Step, ...]:
    """Give the steps that must be said: stop at once; a doctor, or a hospital, by what happened."""
    needed = STEPS_OF.get(case.kind, ())
    if not case.hurt:
        return needed
    needed = (*needed, Step.STOP_USING, Step.KEEP_PRODUCT)
    if case.level in (Grade.SERIOUS, Grade.CRITICAL):
        needed = (*needed, Step.HOSPITAL)
    elif _is_more_than_mild(case):
        needed = (*needed, Step.DOCTOR_OR_PHARMACIST)
    return tuple(dict.fromkeys(needed))


def _is_more_than_mild(case: ServiceCase) -> bool:
    """Say whether more than a mild reaction was told; what is not known counts as more."""
    return bool(set(case.outcomes) - {Outcome.NONE, Outcome.MILD})


@decides(RecordFinding)
def record_finding(case: ServiceCase, _act: Act, said: RecordFinding) -> tuple[CauseRecorded, ...]:
    """Record the cause; what lies with the person is found on evidence, never assumed."""
    refuse_words(case, said.basis, cause=said.cause)
    if said.cause in WITH_THE_PERSON and not said.evidence:
        raise Refused(
            "This cause lies with the person, and nothing shows it.",
            "Attach what shows it, or record that the cause was not found.",
            code="no_evidence",
        )
    return (
        CauseRecorded(
            cause=said.cause,
            before=case.cause.cause if case.cause else None,
            basis=said.basis,
            details=said.details,
            evidence=tuple(said.evidence),
        ),
    )


@decides(RecordCallBack)
def record_call_back(case: ServiceCase, act: Act, said: RecordCallBack) -> tuple[CalledBack, ...]:
    """Record the call; whoever is worse is called again."""
    _require_ahead(act, said.next_at)
    if said.condition is Condition.WORSE and said.next_at is None:
        raise Refused(
            "The person is worse.",
            "Add what happened to the case, and say when we call again.",
            code="call_again",
        )
    promised = case.call_back
    return (
        CalledBack(
            condition=said.condition,
            note=said.note,
            late=promised is not None and act.happened_at > promised.due_at,
            next_at=said.next_at,
        ),
    )


@decides(RateSatisfaction)
def rate_satisfaction(
    case: ServiceCase, _act: Act, said: RateSatisfaction
) -> tuple[SatisfactionRated, ...]:
    """Record what the person thinks of us, once they were answered."""
    if not 1 <= said.score <= 5:
        raise Refused("The score is from 1 to 5.", "Correct it.", code="bad_count")
    if not case.answers:
        raise Refused("The person was not answered yet.", "Answer first.", code="not_answered")
    return (SatisfactionRated(score=said.score, words=said.words),)


# ---------------------------------------------------------------- evolve


@evolves(CaseAnswered)
def _answered(case: ServiceCase, answered: CaseAnswered, mark: Mark) -> ServiceCase:
    answer = AnswerGiven(
        seq=mark.seq, at=mark.at, by=mark.actor, medium=answered.medium, late=answered.late
    )
    call_back = _call_back(answered.call_back_at, mark) or case.call_back
    return replace(case, answers=(*case.answers, answer), call_back=call_back)


def _call_back(at: datetime | None, mark: Mark) -> CallBack | None:
    return CallBack(seq=mark.seq, promised_at=mark.at, due_at=at) if at else None


@evolves(AdviceGiven)
def _advised(case: ServiceCase, given: AdviceGiven, _mark: Mark) -> ServiceCase:
    return replace(case, steps=tuple(dict.fromkeys((*case.steps, *given.steps))))


@evolves(CauseRecorded)
def _found(case: ServiceCase, found: CauseRecorded, mark: Mark) -> ServiceCase:
    cause = CauseFound(seq=mark.seq, at=mark.at, cause=found.cause, by=mark.actor)
    return replace(case, cause=cause)


@evolves(CalledBack)
def _called(case: ServiceCase, called: CalledBack, mark: Mark) -> ServiceCase:
    return replace(case, condition=called.condition, call_back=_call_back(called.next_at, mark))


@evolves(SatisfactionRated)
def _rated(case: ServiceCase, rated: SatisfactionRated, _mark: Mark) -> ServiceCase:
    return replace(case, satisfaction=rated.score)


# ---------------------------------------------------------------- what is due


@watches(Stage.CASE, of=ServiceCase)
def answers_due(case: ServiceCase) -> Iterable[Due]:
    """A person answers in the promised time; a hurt one is told what to do by then."""
    return () if case.closed_at or not case.opened_at else _answers_due(case)


def _answers_due(case: ServiceCase) -> Iterator[Due]:
    start_at, due_at = case.received_at, case.answer_due_at
    if start_at is not None and due_at is not None:
        if not case.answers:
            yield _due(
                "first_answer", "First answer to the person", start_at, due_at, "answer_case"
            )
        if case.hurt and not case.steps:
            yield _due("advice", "Tell the hurt person what to do", start_at, due_at, "advise")
    if case.call_back is not None:
        call = case.call_back
        key = f"call_back:{call.seq}"
        yield _due(key, "Call back as promised", call.promised_at, call.due_at, "call_back")


def _due(key: str, title: str, start_at: datetime, due_at: datetime, act: str) -> Due:
    return Due(
        key=key,
        stage=Stage.CASE,
        title=title,
        roles=SERVICE_ROLES,
        start_at=start_at,
        due_at=due_at,
        act=act,
    )
