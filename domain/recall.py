"""Stage `recall` 召回: deciding to take goods back, or not to; new facts open that again.

What belongs here: the two decisions and what re-opens the second. What never does: the scope
(domain/recall_scope.py), the plan of the recall (domain/recall_plan.py), its ends
(domain/recall_end.py). A recall needs a health hazard evaluation and a scope; it never waits for
the cause or for an authority's class (reference 2). Not to recall is an act of three people with
a review date: silence decides neither.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from domain.cases import CaseRegistered, is_serious
from domain.dispatch import Act, Due, Effect, causes, decides, evolves, follows, watches
from domain.errors import Refused
from domain.grading import SeverityAssessed
from domain.message import ask, command, event
from domain.people import Role
from domain.recall_scope import TOLD_ROLES, recall_asked, require_scope, step_due
from domain.recall_terms import NO_RECALL, Depth, RecallAction, is_milder
from domain.report import ReportReceived
from domain.severity import Whereabouts
from domain.severity_assessment import assess
from domain.stages import Stage
from domain.state import Incident, Mark, Signature, with_stage
from domain.state.recall import Decision
from domain.steps import started_at
from domain.values import Json, PublicText

DECIDERS = (
    Role.INCIDENT_COMMANDER,
    Role.QUALITY_SAFETY_RESPONSIBLE,
    Role.LEGAL_REPRESENTATIVE,
    Role.LEGAL,
)


@event("RecallDecided", stage=Stage.RECALL)
@dataclass(frozen=True, slots=True, kw_only=True)
class RecallDecided:
    """Recall, withdrawal, correction in place, or `no_recall`: on what basis, against whose view.

    `rules` names the rules that bound the depth (M7). `before` is the decision that stood.
    """

    kind: str
    depth: Depth | None
    scope_version: int
    reason: PublicText
    options: PublicText
    basis: tuple[int, ...]
    dissent: PublicText
    signers: tuple[Signature, ...]
    review_at: datetime | None = None
    rules: tuple[str, ...] = ()
    before: str = ""


@event("RecallReopened", stage=Stage.RECALL)
@dataclass(frozen=True, slots=True, kw_only=True)
class RecallReopened:
    """A new fact opened the decision not to recall again; `why` is what kind of fact it was."""

    why: str
    entry: int


# ---------------------------------------------------------------- commands


@command("decide_recall", stage=Stage.RECALL, roles=DECIDERS, act="decide_recall",
         title="Decide: take it back",
         help="Needs a health hazard evaluation and a scope. It never waits for the cause.",
         meaning="These goods must be taken back, withdrawn or corrected")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class DecideRecall:
    """What is done, how far down the trade, and what was weighed against it."""

    action: RecallAction = ask("What is to be done?")
    depth: Depth = ask("How far does it reach?")
    reason: PublicText = ask("Why?", max=4000)
    options: PublicText = ask("What else was weighed, and why not that?", max=4000)
    basis: tuple[int, ...] = ask("Entries this rests on", default=())
    dissent: PublicText = ask("Who saw it differently, and why?", default=PublicText(""), max=4000)


@command("decide_no_recall", stage=Stage.RECALL, roles=DECIDERS, act="decide_no_recall",
         title="Decide: no recall", help="Three people sign, with a date to look at it again.",
         meaning="On what is known now, these goods need not be taken back")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class DecideNoRecall:
    """Why nothing is taken back, and when that is looked at again."""

    reason: PublicText = ask("Why is no recall needed?", max=4000)
    options: PublicText = ask("What else was weighed, and why not that?", max=4000)
    review_at: datetime = ask("When is this looked at again?")
    basis: tuple[int, ...] = ask("Entries this rests on", default=())
    dissent: PublicText = ask("Who saw it differently, and why?", default=PublicText(""), max=4000)


# ---------------------------------------------------------------- decide


@decides(DecideRecall)
def decide_recall(incident: Incident, act: Act, said: DecideRecall) -> tuple[RecallDecided, ...]:
    """Start or deepen a recall; what was decided is never taken back, only completed."""
    _require_ground(incident, said.basis)
    now = incident.recall
    if said.action is RecallAction.WITHDRAWAL and said.depth is Depth.CONSUMER:
        raise Refused(
            "A withdrawal is from the trade.",
            "From consumers it is a recall: choose recall.",
            code="not_a_withdrawal",
        )
    if now.is_decided and now.depth is not None:
        _require_no_less(said, (RecallAction(now.decision), now.depth))
    hidden = must_reach_consumers(incident)
    if hidden and said.depth is not Depth.CONSUMER:
        raise Refused(
            "Consumers have it and may not notice the fault before use.",
            "Choose the depth consumer.",
            code="depth_too_shallow",
        )
    return (
        RecallDecided(
            kind=str(said.action),
            depth=said.depth,
            scope_version=require_scope(incident).version,
            reason=said.reason,
            options=said.options,
            basis=tuple(said.basis),
            dissent=said.dissent,
            signers=act.signers,
            rules=("M7",) if hidden else (),
            before=now.decision,
        ),
    )


def _require_no_less(said: DecideRecall, stands: tuple[RecallAction, Depth]) -> None:
    if (said.action, said.depth) == stands:
        raise Refused("This is decided already.", "Go on with the recall plan.", code="decided")
    if is_milder(said.action, said.depth, stands):
        raise Refused(
            f"A {stands[0].replace('_', ' ')} down to {stands[1]} is decided.",
            "It is not made milder: complete it market by market, or narrow the scope.",
            code="milder",
        )


@decides(DecideNoRecall)
def decide_no_recall(
    incident: Incident, act: Act, said: DecideNoRecall
) -> tuple[RecallDecided, ...]:
    """Decide not to recall, for now: reviewed within the plan's time, re-opened by new facts."""
    _require_ground(incident, said.basis)
    now = incident.recall
    if now.is_decided:
        raise Refused(
            f"A {now.decision.replace('_', ' ')} is decided.",
            "Complete it market by market, or narrow the scope.",
            code="decided",
        )
    _require_review_date(incident, act, said.review_at)
    news_at = newest_fact_at(incident)
    if act.signers and news_at is not None and news_at > act.signers[0].at:
        raise Refused(
            "New facts came in after this was proposed.",
            "Look at them and decide again.",
            code="new_facts",
        )
    return (
        RecallDecided(
            kind=NO_RECALL,
            depth=None,
            scope_version=require_scope(incident).version,
            reason=said.reason,
            options=said.options,
            basis=tuple(said.basis),
            dissent=said.dissent,
            signers=act.signers,
            review_at=said.review_at,
            before=now.decision,
        ),
    )


def _require_ground(incident: Incident, basis: Iterable[int]) -> None:
    """Require an accepted incident, and entries that exist; the plan's row asks for the rest."""
    if not incident.report.is_accepted:
        raise Refused("The report is not accepted.", "Accept it first.", code="not_accepted")
    absent = [number for number in basis if not 1 <= number <= incident.size]
    if absent:
        raise Refused(
            f"There is no entry {absent[0]}.",
            f"Entries go from 1 to {incident.size}.",
            code="no_entry",
        )


def _require_review_date(incident: Incident, act: Act, review_at: datetime) -> None:
    within = incident.rules.plan.act("decide_no_recall").review_within
    last = None if within is None else incident.rules.due_at(act.at, within)
    if review_at <= act.at or (last is not None and review_at > last):
        limit = f" and within {within.text}" if within else ""
        raise Refused(
            "This review date does not fit.",
            f"Name a time after now{limit}.",
            code="review_date",
        )


def must_reach_consumers(incident: Incident) -> bool:
    """Say whether rule M7 asks for depth consumer: they have it and may not notice the fault.

    Units that the scope counts as sold are with consumers, whatever the first answers said.
    """
    answers, scope = incident.report.answers, incident.recall.scope
    if scope is not None and any(lot.sold for lot in scope.lots):
        answers = replace(answers, whereabouts=Whereabouts.CONSUMERS)
    return assess(answers, incident.rules.plan.severity).recall_depth_consumer


def newest_fact_at(incident: Incident) -> datetime | None:
    """Say when the last report or answer came in: what was proposed before it did not weigh it."""
    now = incident.report
    times = [report.received_at for report in now.reports]
    times += [result.at for result in now.assessments]
    return max(times, default=None)


# ---------------------------------------------------------------- evolve


@evolves(RecallDecided)
def _decided(incident: Incident, decided: RecallDecided, mark: Mark) -> Incident:
    kept = Decision(
        seq=mark.seq,
        at=mark.at,
        kind=decided.kind,
        depth=decided.depth,
        scope_version=decided.scope_version,
        reason=decided.reason,
        options=decided.options,
        basis=decided.basis,
        dissent=decided.dissent,
        signers=tuple(signature.person for signature in decided.signers),
        review_at=decided.review_at,
    )
    return with_stage(
        incident,
        "recall",
        decision=decided.kind,
        depth=decided.depth,
        decided_at=mark.at,
        decided_seq=mark.seq,
        review_at=decided.review_at,
        decisions=(*incident.recall.decisions, kept),
        ends={},
    )


@evolves(RecallReopened)
def _reopened(incident: Incident, reopened: RecallReopened, mark: Mark) -> Incident:
    return with_stage(
        incident,
        "recall",
        decision="",
        review_at=None,
        reopened_at=mark.at,
        reopened_why=reopened.why,
    )


# ---------------------------------------------------------------- new facts


def _reopen(incident: Incident, why: str) -> tuple[RecallReopened, ...]:
    if incident.recall.decision != NO_RECALL:
        return ()
    return (RecallReopened(why=why, entry=incident.size),)


@follows(ReportReceived)
def report_reopens(
    incident: Incident, _received: ReportReceived, _act: Act
) -> tuple[RecallReopened, ...]:
    """A further report is a new fact."""
    return _reopen(incident, "report")


@follows(CaseRegistered)
def case_reopens(
    incident: Incident, registered: CaseRegistered, _act: Act
) -> tuple[RecallReopened, ...]:
    """A person hurt seriously is a new fact, whichever market's law calls it so."""
    return _reopen(incident, "serious_case") if is_serious(registered.levels) else ()


@follows(SeverityAssessed)
def grade_reopens(
    incident: Incident, assessed: SeverityAssessed, _act: Act
) -> tuple[RecallReopened, ...]:
    """A higher grade is a new fact, unless the case that raised it has said so already."""
    since = incident.recall.decided_seq
    cases = incident.report.cases.values()
    said = any(case.seq > since and is_serious(case.levels) for case in cases)
    return _reopen(incident, "grade") if assessed.grade > assessed.before and not said else ()


# ---------------------------------------------------------------- what is due, what it causes


@watches(Stage.RECALL)
def decision_due(incident: Incident) -> Iterator[Due]:
    """Yes or no in the plan's time; a "no" is looked at again on its date."""
    recall, report = incident.recall, incident.report
    started = recall.reopened_at or started_at(incident, "recall_decision")
    if not report.is_accepted or started is None:
        return
    if not recall.decision:
        if recall_asked(incident):
            title = "Decide: recall, yes or no"
            yield from step_due(incident, "recall_decision", started, "decide_recall", title)
    elif recall.review_at is not None and recall.decided_at is not None:
        if incident.review.closed_at is not None:
            return
        yield Due(
            key=f"recall_review:{recall.decided_seq}",
            stage=Stage.RECALL,
            title="Look again at the decision not to recall",
            roles=tuple(incident.rules.plan.act("decide_no_recall").proposers),
            start_at=recall.decided_at,
            due_at=recall.review_at,
            act="decide_no_recall",
        )


@causes(RecallDecided)
def _tell_decided(_incident: Incident, decided: RecallDecided, mark: Mark) -> Iterable[Effect]:
    yield _told(
        "recall_decided", mark, {"decision": decided.kind, "depth": str(decided.depth or "")}
    )


@causes(RecallReopened)
def _tell_reopened(_incident: Incident, reopened: RecallReopened, mark: Mark) -> Iterable[Effect]:
    yield _told("recall_reopened", mark, {"why": reopened.why, "entry": reopened.entry})


def _told(kind: str, mark: Mark, facts: Json) -> Effect:
    roles = sorted({str(role) for role in (*TOLD_ROLES, *DECIDERS)})
    return Effect(
        name="tell", target=kind, seq=mark.seq, body={"kind": kind, "roles": roles} | facts
    )
