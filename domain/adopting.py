"""A running incident adopts other rules: a recorded act of two people, never a change of a file.

What belongs here: the act, what lapses with it, and what the incident runs by after it. What never
does: reading a plan file (domain/plan.py), or keeping its text (storage/rules.py).

From the entry `RulesAdopted` on, everything is decided by the new rules: signatures, times, duties.
What was decided before stands as it was decided. A halt goes on, a grade stays, a duty keeps the
terms it arose with, what was escalated stays escalated. Times that the plan sets are counted anew
from the same start; what the plan itself orders on a report is ordered by the next such report.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from domain.acts import ActLapsed, slots_of
from domain.dispatch import Act, Effect, causes, decides, evolves
from domain.errors import BrokenSetup, NotFound, Refused
from domain.message import ask, command, command_from_wire, event
from domain.people import Role
from domain.plan_terms import ChannelKind
from domain.rule_changes import RuleChange, changes_between
from domain.rules import Rules
from domain.stages import Stage
from domain.state import Incident, Mark, PendingAct, Signature, StreamState, with_stage
from domain.state.people import Adoption
from domain.state.statement import ApprovalSlot, Statement, Status
from domain.statement_lane import act_key, needed_slots
from domain.statement_lookup import told_effect, with_statement
from domain.values import PublicText

ADOPT = "adopt_plan"
TOLD = 100
"""Changes that the entry tells; all of them follow from the two texts, which are kept for ever."""


# ---------------------------------------------------------------- messages


@event("RulesAdopted", stage=Stage.PEOPLE)
@dataclass(frozen=True, slots=True, kw_only=True)
class RulesAdopted:
    """From the next entry on the incident runs by other rules; `rules` and `old_rules` are hashes.

    `more` counts changes beyond those told.
    """

    rules: str
    old_rules: str
    plan: str
    version: str
    old_version: str
    changes: tuple[RuleChange, ...]
    more: int
    reason: PublicText
    by: str
    seconded: tuple[str, ...]
    signers: tuple[Signature, ...]


@event("StatementReviewLapsed", stage=Stage.STATEMENT)
@dataclass(frozen=True, slots=True, kw_only=True)
class StatementReviewLapsed:
    """The plan asks other approvals for a text than those it waited for: it is handed in again.

    `voids` names whose approvals that undoes.
    """

    statement: str
    version: int
    sha256: str
    rules: str
    voids: tuple[str, ...]


@command(
    ADOPT,
    stage=Stage.PEOPLE,
    roles=(Role.QUALITY_SAFETY_RESPONSIBLE,),
    title="Adopt another version of the plan here",
    help="From then on this incident runs by it. What was decided stands; what waits for other "
    "signatures than the new plan asks lapses and is proposed again.",
    act=ADOPT,
    meaning="This incident goes on by this version of the plan",
)
@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptPlan:
    """Let this incident run by rules that the company has adopted since it was opened."""

    rules: str = ask(
        "Which version?",
        help="A version is its plan, calendar, wording rules and duties of the markets together.",
        choices_from="plan_versions",
        max=64,
    )
    reason: PublicText = ask("Why does this incident change its plan?", max=2000)


# ---------------------------------------------------------------- decide


@decides(AdoptPlan)
def adopt_plan(incident: Incident, act: Act, said: AdoptPlan) -> tuple[Any, ...]:
    """Adopt rules that are at hand and not older than those that hold."""
    now, new = incident.rules, adoptable(incident, said.rules)
    changes = changes_between(now, new)
    return (
        RulesAdopted(
            rules=new.hash,
            old_rules=now.hash,
            plan=new.plan.id,
            version=new.plan.version,
            old_version=now.plan.version,
            changes=changes[:TOLD],
            more=max(0, len(changes) - TOLD),
            reason=said.reason,
            by=act.signers[0].person if act.signers else act.who,
            seconded=tuple(signature.person for signature in act.signers[1:]),
            signers=act.signers,
        ),
        *_lapsing_acts(incident, new, said),
        *_lapsing_reviews(incident, new),
    )


def adoptable(incident: Incident, rules_hash: str) -> Rules:
    """Give the rules that an incident may adopt under this hash. Raises Refused."""
    now = incident.rules
    if rules_hash == now.hash:
        raise Refused(
            f"This incident runs by version {now.plan.version} already.",
            "Nothing has to be adopted.",
            code="same_rules",
        )
    try:
        new = incident.find_rules(rules_hash)
    except (BrokenSetup, NotFound) as missing:
        raise Refused(
            f"No version of the plan with the hash {rules_hash:.12} is known here.",
            "Adopt the plan for the company first (`andon plan adopt FILE`), then choose it here.",
            code="unknown_rules",
        ) from missing
    if is_older(new, now):
        raise Refused(
            f"Version {new.plan.version} ({new.plan.adopted_on}, calendar until "
            f"{new.calendar.last_on}) is older than version {now.plan.version} "
            f"({now.plan.adopted_on}, calendar until {now.calendar.last_on}), which holds here.",
            "To go back to what it said, adopt that as a new version with a date of its own.",
            code="older_rules",
        )
    return new


def is_older(one: Rules, other: Rules) -> bool:
    """Say whether rules were adopted before others; on the same day the longer calendar counts."""
    return _age(one) < _age(other)


def is_newer(company: Rules | None, incident: Incident) -> bool:
    """Say whether the company's rules are others than those of an incident, and not older."""
    now = incident.rules
    return company is not None and company.hash != now.hash and not is_older(company, now)


def _age(rules: Rules) -> tuple[Any, ...]:
    return (rules.plan.adopted_on, rules.calendar.last_on)


def _lapsing_acts(incident: Incident, new: Rules, said: AdoptPlan) -> Iterator[ActLapsed]:
    """End what waits for other signatures than the new plan asks for, or was begun by others."""
    after = replace(incident, rules=new)
    for pending in incident.pending.values():
        proposed = command_from_wire(pending.command)
        if proposed == said:
            continue
        if _asked(incident, pending, proposed) != _asked(after, pending, proposed):
            sentence = (
                f"Version {new.plan.version} of the plan asks other people to sign this; "
                "propose it again."
            )
            yield ActLapsed(act=pending.id, sentence=sentence)


def _asked(incident: Incident, pending: PendingAct, proposed: Any) -> Any:
    rule = incident.rules.plan.act(pending.key, incident.grade)
    return frozenset(rule.proposers), slots_of(incident, rule, proposed)


def _lapsing_reviews(incident: Incident, new: Rules) -> Iterator[StatementReviewLapsed]:
    after = replace(incident, rules=new)
    for text in incident.statement.statements.values():
        # What people approved stands; what nobody signed stands by the plan alone.
        is_fixed = text.status in _BY_THE_PLAN and text.is_approved and not text.slots
        if text.status is not Status.IN_REVIEW and not is_fixed:
            continue
        if _who(needed_slots(after, text)) != _who(text.slots):
            yield StatementReviewLapsed(
                statement=text.id,
                version=text.version,
                sha256=text.sha256,
                rules=new.hash,
                voids=tuple(approval.person for approval in text.approvals),
            )


_BY_THE_PLAN = (Status.APPROVED, Status.SCHEDULED)


def _who(slots: tuple[ApprovalSlot, ...]) -> Any:
    return [(slot.key, slot.roles) for slot in slots]


# ---------------------------------------------------------------- evolve


@evolves(RulesAdopted)
def _adopted(incident: Incident, told: RulesAdopted, mark: Mark) -> Incident:
    rules = incident.find_rules(told.rules)
    kept = Adoption(
        seq=mark.seq,
        rules=told.rules,
        old_rules=told.old_rules,
        version=told.version,
        old_version=told.old_version,
        at=mark.at,
        by=told.by,
        seconded=told.seconded,
    )
    after = replace(incident, rules=rules)
    after = with_stage(after, "people", adoptions=(*incident.people.adoptions, kept))
    return _timed(_levelled(after))


def _levelled(incident: Incident) -> Incident:
    """Put every listed channel under the level that now adds its kind; orders stay as they are."""
    level_of = {str(kind): str(incident.rules.plan.level_of(kind)) for kind in ChannelKind}
    listed = {
        name: replace(channel, level=level_of.get(channel.kind, channel.level))
        for name, channel in incident.halt.listed.items()
    }
    return with_stage(incident, "halt", listed=listed)


def _timed(incident: Incident) -> Incident:
    """Count the time of what waits for people anew, from when it was proposed or handed in."""
    pending = {
        name: replace(
            each,
            due_at=_until(incident, each.proposed_at, each.key),
            silence=str(incident.rules.plan.act(each.key, incident.grade).silence),
        )
        for name, each in incident.pending.items()
    }
    incident = replace(incident, pending=pending)
    for text in incident.statement.statements.values():
        if text.status is Status.IN_REVIEW and text.review_asked_at is not None:
            until = _until(incident, text.review_asked_at, act_key(incident, text))
            incident = with_statement(incident, text.id, review_due_at=until)
    return incident


def _until(incident: Incident, since: datetime, key: str) -> datetime | None:
    within = incident.rules.plan.act(key, incident.grade).within_for(incident.grade)
    return None if within is None else incident.rules.due_at(since, within)


@evolves(StatementReviewLapsed)
def _review_lapsed(incident: Incident, told: StatementReviewLapsed, _mark: Mark) -> Incident:
    return with_statement(
        incident,
        told.statement,
        status=Status.DRAFT,
        approvals=(),
        slots=(),
        review_due_at=None,
        approved_at=None,
        lane="",
    )


# ---------------------------------------------------------------- what it causes


@causes(RulesAdopted)
def _tell_the_team(_incident: Incident, told: RulesAdopted, mark: Mark) -> Iterator[Effect]:
    yield Effect(
        name="tell",
        target="rules_adopted",
        seq=mark.seq,
        body={
            "kind": "rules_adopted",
            "roles": [str(Role.INCIDENT_COMMANDER), str(Role.LEGAL), str(Role.QUALITY)],
            "title": f"From now on version {told.version} of the plan holds here",
            "version": told.version,
        },
    )


@causes(StatementReviewLapsed)
def _tell_authors(incident: Incident, told: StatementReviewLapsed, mark: Mark) -> Iterator[Effect]:
    text: Statement = incident.statement.statements[told.statement]
    roles = {*incident.rules.plan.statement(text.kind).authors, Role.PR_LEAD}
    yield told_effect(text, mark, "review_lapsed", roles, version=told.version)


# ---------------------------------------------------------------- for those who fold and hand on


def first_rules(incident: Incident) -> Rules:
    """Give the rules that an incident began with."""
    adopted = incident.people.adoptions
    return incident.find_rules(adopted[0].old_rules) if adopted else incident.rules


def awaited_rules(stream: StreamState) -> tuple[str, ...]:
    """Name the rules that acts waiting for a second signature would adopt, by hash."""
    waiting = (each for each in stream.pending.values() if each.key == ADOPT)
    return tuple(dict.fromkeys(each.command["body"]["rules"] for each in waiting))
