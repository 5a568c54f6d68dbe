"""Stage `recall`: which lots, products and markets are concerned, in numbered versions.

What belongs here: setting, widening and narrowing the scope. What never does: the arithmetic of
units (domain/scope.py), tracing, or the decision to recall (domain/recall.py). Widening takes one
person, narrowing two and evidence: the old scope stands until then. What is halted follows the
scope (domain/halt.py), and a decided recall reaches whatever the scope reaches.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from domain.dispatch import Act, Due, Effect, causes, decides, evolves, follows, watches
from domain.errors import Refused
from domain.halt import HaltOrdered
from domain.halt_growth import inherit_levels
from domain.left_out import left_out_of
from domain.message import ask, command, event
from domain.people import Role
from domain.plan_terms import StageNeed
from domain.recall_terms import NeighbourKind
from domain.scope import (
    EMPTY_IS_UNKNOWN,
    NOTHING,
    Coverage,
    LotBalance,
    LotScope,
    Neighbour,
    ScopeDifference,
    balance,
    contradiction,
    difference,
    not_looked_at,
    recounted,
)
from domain.stages import Stage
from domain.state import Incident, Mark, Signature, with_stage
from domain.state.recall import ConsigneeState, RecallState, Scope, ScopeVersion
from domain.steps import asked, started_at
from domain.values import BlobId, ConsigneeId, ProductId, PublicText
from domain.wire import added

SCOPE_ROLES = (Role.QUALITY, Role.QUALITY_SAFETY_RESPONSIBLE, Role.INCIDENT_COMMANDER)
TOLD_ROLES = (
    Role.INCIDENT_COMMANDER,
    Role.QUALITY_SAFETY_RESPONSIBLE,
    Role.SUPPLY_CHAIN,
    Role.CHANNEL_LEAD,
    Role.PR_LEAD,
    Role.REGULATORY_AFFAIRS,
    Role.SERVICE_LEAD,
)
"""Who must hear at once that a scope changed, or what was decided about it."""


@event("ScopeSet", stage=Stage.RECALL)
@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeSet:
    """A version of the scope, with its numbers, what nobody knows, and how it differs.

    `step` is first, widened or narrowed. `reported_left_out` names reported lots that are not in
    it; they stay halted. `markets_left_out` names reported markets, `consignees_left_out` receivers
    that people left out on purpose. `reopens` names markets whose completed recall must go on.
    """

    version: int
    step: str
    products: tuple[str, ...]
    lots: tuple[LotScope, ...]
    unbounded: bool
    markets: tuple[str, ...]
    balances: tuple[LotBalance, ...]
    gaps: tuple[PublicText, ...]
    neighbours: tuple[Neighbour, ...]
    not_looked_at: tuple[NeighbourKind, ...]
    consignees: tuple[str, ...]
    difference: ScopeDifference
    grows: bool
    shrinks: bool
    reported_left_out: tuple[str, ...]
    reopens: tuple[str, ...]
    reason: PublicText
    evidence: tuple[str, ...]
    snapshot: str | None
    traced_at: datetime | None
    by: str
    signers: tuple[Signature, ...]
    markets_left_out: tuple[str, ...] = added(())
    consignees_left_out: tuple[str, ...] = added(())
    left_out_why: PublicText = added(PublicText(""))


# ---------------------------------------------------------------- commands


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeDraft:
    """A scope as a person, or a trace, proposes it. A number left empty is unknown, not zero."""

    products: tuple[ProductId, ...] = ask("Which products?", some=True)
    lots: tuple[LotScope, ...] = ask(
        "Which lots, with their units as far as known?",
        default=(),
        help=EMPTY_IS_UNKNOWN,
    )
    unbounded: bool = ask("We cannot say which lots: every lot counts", default=False)
    markets: tuple[str, ...] = ask("In which markets?", some=True)
    neighbours: tuple[Neighbour, ...] = ask("What else may share the fault?", default=())
    gaps: tuple[PublicText, ...] = ask("What do we not know yet?", default=())
    consignees: tuple[ConsigneeId, ...] = ask(
        "Who received these lots? (leave empty for those listed before)", default=()
    )
    reason: PublicText = ask("Why these lots and no others?", max=4000)
    evidence: tuple[BlobId, ...] = ask("Records this rests on", default=())
    snapshot: BlobId | None = ask("The trace as a file", default=None)
    traced_at: datetime | None = ask("When was it traced?", default=None, past=True)
    left_out: tuple[ConsigneeId, ...] = ask(
        "Consignees that received these lots and are left out on purpose", default=(), added=True
    )
    left_out_why: PublicText = ask(
        "Why are these markets and consignees left out?",
        default=PublicText(""),
        max=2000,
        added=True,
    )


@command("set_scope", stage=Stage.RECALL, roles=SCOPE_ROLES, act="set_scope",
         title="Set the scope",
         meaning="These are the lots concerned, as far as known")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class SetScope(ScopeDraft):
    """The first version of the scope."""


@command("widen_scope", stage=Stage.RECALL, roles=SCOPE_ROLES, act="widen_scope",
         title="Widen the scope", help="Also to add numbers, neighbours or consignees.",
         meaning="These lots are concerned too")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class WidenScope(ScopeDraft):
    """A version that lets nothing go: the whole scope is written again, larger or better known."""


@command("narrow_scope", stage=Stage.RECALL, roles=SCOPE_ROLES, act="narrow_scope",
         title="Narrow the scope", meaning="What is left out here is shown to be safe")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class NarrowScope(ScopeDraft):
    """A version that lets goods go: two people and evidence."""

    evidence: tuple[BlobId, ...] = ask("What shows that they are safe?", some=True)


# ---------------------------------------------------------------- what moves


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachChange:
    """What one version of a scope moves against the one before it: goods, markets, receivers."""

    difference: ScopeDifference
    consignees_added: tuple[str, ...]
    consignees_removed: tuple[str, ...]


def change_of(incident: Incident, said: ScopeDraft) -> ReachChange:
    """Say what a proposed scope would move against the one that stands, for whoever signs it."""
    recall = incident.recall
    step = "narrowed" if isinstance(said, NarrowScope) else "widened"
    was = {row.id for row in recall.consignees.values() if row.listed}
    after = Coverage(
        products=tuple(sorted(set(said.products))),
        lots=tuple(sorted(lot.lot for lot in said.lots)),
        markets=tuple(sorted(set(said.markets))),
        unbounded=said.unbounded,
    )
    return _change(difference(recall.coverage, after), was, set(_received_by(recall, said, step)))


def change_between(before: ScopeSet | None, after: ScopeSet) -> ReachChange:
    """Say what a version that was signed moved against the one before it, or against nothing."""
    return _change(
        after.difference, set(before.consignees if before else ()), set(after.consignees)
    )


def _change(moved: ScopeDifference, was: set[str], now: set[str]) -> ReachChange:
    return ReachChange(
        difference=moved,
        consignees_added=tuple(sorted(now - was)),
        consignees_removed=tuple(sorted(was - now)),
    )


# ---------------------------------------------------------------- decide


@decides(SetScope)
def set_scope(incident: Incident, act: Act, said: SetScope) -> tuple[ScopeSet, ...]:
    """Set version 1; a product that may be dangerous is never left without a scope."""
    if incident.recall.scope is not None:
        raise Refused(
            f"The scope stands at version {incident.recall.scope.version}.",
            "Widen or narrow it.",
            code="scope_stands",
        )
    return (_scope_set(incident, act, said, "first"),)


@decides(WidenScope)
def widen_scope(incident: Incident, act: Act, said: WidenScope) -> tuple[ScopeSet, ...]:
    """Reach more, or know better what is reached; letting go is narrowing."""
    before = require_scope(incident)
    made = _scope_set(incident, act, said, "widened")
    if made.shrinks:
        raise Refused(
            f"{_let_go(made.difference)} would leave the scope.",
            "Keep it in, or narrow the scope: two people sign and name the evidence.",
            code="would_narrow",
        )
    if not (made.grows or made.difference.recounted or _is_news(incident, before, made)):
        raise Refused("Nothing in this scope is new.", "Change it, or leave it.", code="no_change")
    return (made,)


@decides(NarrowScope)
def narrow_scope(incident: Incident, act: Act, said: NarrowScope) -> tuple[ScopeSet, ...]:
    """Let goods go, by two people and evidence."""
    require_scope(incident)
    made = _scope_set(incident, act, said, "narrowed")
    if not made.shrinks:
        raise Refused("This lets nothing go.", "Use 'Widen the scope'.", code="not_narrower")
    return (made,)


def require_scope(incident: Incident) -> Scope:
    """Give the scope that stands; raises Refused."""
    scope = incident.recall.scope
    if scope is None:
        raise Refused(
            "There is no scope yet.", "Set the scope first: which lots?", code="scope_missing"
        )
    return scope


def _is_news(incident: Incident, before: Scope, made: ScopeSet) -> bool:
    listed = {row.id for row in incident.recall.consignees.values() if row.listed}
    return (
        made.neighbours != before.neighbours
        or made.gaps != before.gaps
        or made.lots != before.lots
        or set(made.consignees) != listed
        or made.consignees_left_out != before.consignees_left_out
        or made.left_out_why != before.left_out_why
    )


def _let_go(change: ScopeDifference) -> str:
    gone = (*change.products_removed, *change.lots_removed, *change.markets_removed)
    return ", ".join(gone) if gone else "Every lot that is not named"


def _scope_set(incident: Incident, act: Act, said: ScopeDraft, step: str) -> ScopeSet:
    _require_open(incident)
    _check(said)
    recall = incident.recall
    lots = tuple(sorted(said.lots, key=lambda lot: lot.lot))
    after = Coverage(
        products=tuple(sorted(set(said.products))),
        lots=tuple(lot.lot for lot in lots),
        markets=tuple(sorted(set(said.markets))),
        unbounded=said.unbounded,
    )
    before = recall.scope.lots if recall.scope else ()
    change = difference(
        recall.coverage if recall.scope else NOTHING, after, recounted(before, lots)
    )
    left_out = () if after.unbounded else set(incident.report.lots) - set(after.lots)
    neighbours, consignees = _looked_at(recall, said, step), _received_by(recall, said, step)
    told = (tuple(said.left_out), said.left_out_why)
    out = left_out_of(
        incident.report, recall.scope, after.markets, consignees, told, wider=step == "widened"
    )
    return ScopeSet(
        version=len(recall.versions) + 1,
        step=step,
        products=after.products,
        lots=lots,
        unbounded=after.unbounded,
        markets=after.markets,
        balances=tuple(balance(lot) for lot in lots),
        gaps=tuple(said.gaps),
        neighbours=neighbours,
        not_looked_at=not_looked_at(neighbours),
        consignees=consignees,
        difference=change,
        grows=change.grows,
        shrinks=change.shrinks,
        reported_left_out=tuple(sorted(left_out)),
        reopens=tuple(sorted(recall.ends)) if change.grows else (),
        reason=said.reason,
        evidence=tuple(said.evidence),
        snapshot=said.snapshot,
        traced_at=said.traced_at,
        by=act.who,
        signers=act.signers,
        markets_left_out=out.markets,
        consignees_left_out=out.consignees,
        left_out_why=out.why,
    )


def _looked_at(recall: RecallState, said: ScopeDraft, step: str) -> tuple[Neighbour, ...]:
    """Give what may share the fault; widening forgets no answer that was given before."""
    told = tuple(said.neighbours)
    if step != "widened" or recall.scope is None:
        return told
    again = {one.kind for one in told}
    return (*(one for one in recall.scope.neighbours if one.kind not in again), *told)


def _received_by(recall: RecallState, said: ScopeDraft, step: str) -> tuple[str, ...]:
    """List the consignees: only a narrowed scope, and only by naming the others, lets any go."""
    listed = {row.id for row in recall.consignees.values() if row.listed}
    if step == "narrowed" and said.consignees:
        listed = set()
    return tuple(sorted(listed | set(said.consignees)))


def _require_open(incident: Incident) -> None:
    if incident.report.status not in ("received", "accepted"):
        raise Refused("This report is closed.", "Report the problem again.", code="not_open")


def _check(said: ScopeDraft) -> None:
    names = [lot.lot for lot in said.lots]
    if len(set(names)) != len(names):
        twice = sorted({name for name in names if names.count(name) > 1})
        raise Refused(f"Lot {twice[0]} stands here twice.", "Write each lot once.", code="twice")
    if not names and not said.unbounded:
        raise Refused(
            "No lot is named.", "Name the lots, or say that every lot counts.", code="no_lots"
        )
    for lot in said.lots:
        wrong = contradiction(lot)
        if wrong is None and lot.product not in said.products:
            wrong = f"Lot {lot.lot} belongs to {lot.product}, which is not among the products."
        if wrong is not None:
            raise Refused(
                wrong,
                "Correct it; a number that is in doubt stays empty and is named as a gap.",
                code="contradiction",
            )
    for market in said.markets:
        if not (len(market) == 2 and market.isascii() and market.isupper()):
            raise Refused(
                f"{market!r:.20} is not a market.",
                "Write two capital letters, such as CN or FR.",
                code="bad_market",
            )


# ---------------------------------------------------------------- evolve


@evolves(ScopeSet)
def _set(incident: Incident, made: ScopeSet, mark: Mark) -> Incident:
    scope = Scope(
        version=made.version,
        seq=mark.seq,
        set_at=mark.at,
        products=made.products,
        lots=made.lots,
        unbounded=made.unbounded,
        markets=made.markets,
        balances=made.balances,
        gaps=made.gaps,
        neighbours=made.neighbours,
        not_looked_at=made.not_looked_at,
        reason=made.reason,
        markets_left_out=made.markets_left_out,
        consignees_left_out=made.consignees_left_out,
        left_out_why=made.left_out_why,
    )
    version = ScopeVersion(
        version=made.version,
        seq=mark.seq,
        at=mark.at,
        by=made.by,
        grew=made.grows,
        shrank=made.shrinks,
        reason=made.reason,
    )
    recall = incident.recall
    return with_stage(
        incident,
        "recall",
        scope=scope,
        versions=(*recall.versions, version),
        grew=made.version if made.grows else recall.grew,
        grew_at=mark.at if made.grows else recall.grew_at,
        consignees=_listed(recall.consignees, made.consignees),
        ends={m: end for m, end in recall.ends.items() if m not in made.reopens},
    )


def _listed(known: dict[str, ConsigneeState], listed: tuple[str, ...]) -> dict[str, ConsigneeState]:
    """Mark who is in the scope's list; who was only listed goes when the list lets them go."""
    kept = {
        name: replace(
            row, listed=name in listed, let_go=name not in listed and (row.let_go or row.listed)
        )
        for name, row in known.items()
        if name in listed or row.told or row.answers or row.taken_over_by
    }
    return {name: ConsigneeState(id=name, listed=True) for name in listed} | kept


# ---------------------------------------------------------------- what follows, what is due


@follows(ScopeSet)
def halts_cover_the_scope(incident: Incident, _made: ScopeSet, act: Act) -> tuple[HaltOrdered, ...]:
    """Every level that stands is ordered for what the scope reaches and it does not (4.5)."""
    return inherit_levels(incident, act)


@watches(Stage.RECALL)
def scope_due(incident: Incident) -> Iterator[Due]:
    """A first version of the scope in the plan's time after acceptance."""
    start_at = started_at(incident, "scope_first")
    asks = recall_asked(incident) and incident.report.is_accepted
    if incident.recall.scope is None and asks and start_at is not None:
        title = "Set the first scope: which lots?"
        yield from step_due(incident, "scope_first", start_at, "set_scope", title)


def recall_asked(incident: Incident) -> bool:
    """Say whether the plan's row for the grade asks the question of a recall at all."""
    need = incident.rules.plan.grades[incident.report.grade].stages[Stage.RECALL]
    return need is not StageNeed.NO


def step_due(
    incident: Incident, step: str, start_at: datetime, act: str, title: str
) -> Iterator[Due]:
    """Give what the plan's row of times asks for, if it sets a limit and the incident is open."""
    limit = incident.rules.plan.step(step, incident.report.grade)
    if limit is None or incident.review.closed_at is not None:
        return
    yield Due(
        key=f"{step}:{act}:{start_at:%Y%m%dT%H%M%S}",
        stage=Stage.RECALL,
        title=title,
        roles=asked(incident, step, act),
        start_at=start_at,
        due_at=incident.rules.due_at(start_at, limit),
        act=act,
    )


@causes(ScopeSet)
def _tell(_incident: Incident, made: ScopeSet, mark: Mark) -> Iterable[Effect]:
    yield Effect(
        name="tell",
        target=f"scope-{made.version}",
        seq=mark.seq,
        body={
            "kind": f"scope_{made.step}",
            "roles": [str(role) for role in TOLD_ROLES],
            "version": made.version,
            "lots_added": list(made.difference.lots_added),
            "lots_removed": list(made.difference.lots_removed),
        },
    )
