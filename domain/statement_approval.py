"""Stage `statement`: review and approval, bound to the exact bytes.

What belongs here: giving approvals, asking for changes. What never does: which approvals these
bytes need (domain/statement_lane.py), writing (domain/statement.py), letting a block pass
(domain/statement_override.py) or bringing out (domain/publishing.py).

This is not the general mechanism of several signatures (domain/acts.py): an approval is of a hash.
Whoever approves sends the hash they saw; another one is refused. Nobody who had a hand in any
version approves it, nobody fills slots of two lines of the plan, nobody approves for another, and
silence approves nothing: it only escalates (reference 4.3, 4.6).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from domain.acts import own_signature, require
from domain.agreed import lacks_line
from domain.dispatch import Act, Effect, causes, decides, evolves, follows
from domain.errors import NotAllowed, Refused
from domain.fact_values import ValueKind
from domain.facts import recorders
from domain.language_names import languages_named
from domain.message import ask, command, event
from domain.people import TEAM, Role
from domain.plan_terms import FAST
from domain.stages import Stage
from domain.state import Incident, Mark
from domain.state.statement import Approval, ApprovalSlot, Statement, Status
from domain.statement import DraftStatement, StatementDrafted
from domain.statement_lane import act_key, lane_of, needed_slots
from domain.statement_lookup import (
    find_statement,
    named_findings,
    open_blocks,
    require_not_author,
    require_open_report,
    require_reach,
    require_same,
    require_status,
    told_effect,
    with_statement,
)
from domain.statement_slots import may_fill, of_other_rows, slot_needed, standing_in
from domain.values import PublicText
from domain.wire import added
from domain.wording import Finding

# ---------------------------------------------------------------- events


@event("StatementReviewAsked", stage=Stage.STATEMENT)
@dataclass(frozen=True, slots=True, kw_only=True)
class StatementReviewAsked:
    """A version was handed in; `slots` are the approvals that the plan asks for these bytes.

    `lane` is "fast" for pre-approved words; where it asks nobody, the text is approved by that.
    """

    statement: str
    version: int
    sha256: str
    slots: tuple[ApprovalSlot, ...]
    by: str
    due_at: datetime | None
    lane: str = added("")


@event("StatementApproved", stage=Stage.STATEMENT)
@dataclass(frozen=True, slots=True, kw_only=True)
class StatementApproved:
    """One person approved exactly these bytes in one slot; `complete` when it was the last."""

    statement: str
    version: int
    sha256: str
    slot: str
    row: int
    approver: str
    role: str
    meaning: str
    language: str = ""
    market: str = ""
    complete: bool = False

    @property
    def signed_meaning(self) -> str:
        """Say what the signature means; the entry carries it (domain/ledger.py)."""
        return self.meaning

    @property
    def signed_hash(self) -> str:
        """Give the hash that was signed: over all languages and the facts they tell."""
        return self.sha256


@event("StatementChangesRequested", stage=Stage.STATEMENT)
@dataclass(frozen=True, slots=True, kw_only=True)
class StatementChangesRequested:
    """Somebody who could approve asks for changes; `voids` names whose approvals that undoes."""

    statement: str
    version: int
    sha256: str
    by: str
    role: str
    reason: PublicText
    voids: tuple[str, ...]


# ---------------------------------------------------------------- commands


@command(
    "ask_for_review",
    stage=Stage.STATEMENT,
    roles=TEAM,
    title="Hand in for approval",
    item="statement",
)
@dataclass(frozen=True, slots=True, kw_only=True)
class AskForReview:
    """Give the text to those who approve it."""

    statement: str = ask("Statement", max=20)
    sha256: str = ask("Hash of the text you hand in", max=64)


@command(
    "approve_statement",
    stage=Stage.STATEMENT,
    roles=TEAM,
    title="Approve exactly this text",
    help="Any change after this voids it. Whoever wrote any version approves none.",
    item="statement",
    meaning="I approve exactly this text",
)
@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveStatement:
    """Approve the bytes that were read; the hash says which."""

    statement: str = ask("Statement", max=20)
    sha256: str = ask("Hash of the text you read", max=64)
    slot: str = ask(
        "For which market or language? (needed where you could approve for several)",
        default="",
        max=40,
        choices_from="statement_slots",
    )


@command(
    "request_changes",
    stage=Stage.STATEMENT,
    roles=TEAM,
    title="Ask for changes",
    item="statement",
    own_hand=True,
)
@dataclass(frozen=True, slots=True, kw_only=True)
class RequestChanges:
    """Send the text back; also one that was approved already, as long as it is not out."""

    statement: str = ask("Statement", max=20)
    sha256: str = ask("Hash of the text you read", max=64)
    reason: PublicText = ask("What has to change, and why?", max=4000)


# ---------------------------------------------------------------- decide


@decides(AskForReview)
def ask_for_review(
    incident: Incident, act: Act, said: AskForReview
) -> tuple[StatementReviewAsked, ...]:
    """Hand a draft in: the plan says who approves it, in which markets and languages.

    What a rule blocks is mended first, or let pass by legal: nobody could approve it.
    """
    require_open_report(incident)
    now = find_statement(incident, said.statement)
    plan, grade = incident.rules.plan, incident.report.grade
    require(incident, act, (*plan.statement(now.kind).authors, Role.PR_LEAD))
    require_status(now, (Status.DRAFT,))
    require_same(now, said.sha256)
    require_reach(incident, now)
    _require_no_block(incident, now)
    within = plan.act(act_key(incident, now)).within_for(grade)
    slots = needed_slots(incident, now)
    return (
        StatementReviewAsked(
            statement=now.id,
            version=now.version,
            sha256=now.sha256,
            slots=slots,
            by=act.who,
            due_at=incident.rules.due_at(act.at, within) if within and slots else None,
            lane=lane_of(incident, now),
        ),
    )


@follows(StatementDrafted)
def hand_in_at_once(
    incident: Incident, made: StatementDrafted, act: Act
) -> tuple[StatementReviewAsked, ...]:
    """Hand a first version in with the act that wrote it, where its author asks for that."""
    said = act.command
    if made.because or not (isinstance(said, DraftStatement) and said.hand_in):
        return ()
    if open_blocks(incident, find_statement(incident, made.statement)):
        return ()  # what a rule blocks stays a draft: nobody could approve it
    return ask_for_review(incident, act, AskForReview(statement=made.statement, sha256=made.sha256))


@decides(ApproveStatement)
def approve_statement(
    incident: Incident, act: Act, said: ApproveStatement
) -> tuple[StatementApproved, ...]:
    """Fill one slot on exactly the bytes that were read."""
    now = find_statement(incident, said.statement)
    require_status(now, (Status.IN_REVIEW,))
    require_same(now, said.sha256)
    require_not_author(act, now)
    _require_other_words(incident, act, now)
    _require_no_block(incident, now)
    slot = _slot_for(incident, act, now, said.slot)
    meaning = _meaning(now, slot)
    return (
        StatementApproved(
            statement=now.id,
            version=now.version,
            sha256=now.sha256,
            slot=slot.key,
            row=slot.row,
            approver=act.actor.id,
            role=_role_of(incident, act, slot),
            meaning=meaning,
            language=slot.language,
            market=slot.market,
            complete=now.open_slots == (slot,),
        ),
    )


def _role_of(incident: Incident, act: Act, slot: ApprovalSlot) -> str:
    """Name the role in which somebody approves: one of the slot, or that of who stands in."""
    own = any(role in slot.roles for role in (*act.actor.roles, *act.actor.deputy_for))
    roles = slot.roles if own else standing_in(act.actor, slot)
    return own_signature(incident, act, roles, "").role


def _require_other_words(incident: Incident, act: Act, statement: Statement) -> None:
    """Refuse whoever wrote words that the text tells as a fact: they would approve their own."""
    for key in statement.told:
        fact = incident.investigation.facts.get(key)
        worded = fact is not None and fact.kind in (ValueKind.TEXT, ValueKind.POINTS)
        if fact is not None and worded and act.actor.id in recorders(incident, fact):
            raise NotAllowed(
                f"The words of the fact {key} in this text are yours; authors never approve.",
                "Ask a colleague of the same role, or the deputy.",
                code="author",
            )


def _meaning(statement: Statement, slot: ApprovalSlot) -> str:
    named = f"{statement.id} version {statement.version}"
    if slot.language:
        others = " and ".join(each for each in statement.languages if each != slot.language)
        same = f" and says the same as {others}" if others else ""
        return (
            f"{slot.label_en}: I attest that the {slot.language} text of {named} reads well{same}."
        )
    place = f" for {slot.market}" if slot.market else ""
    return f"{slot.label_en}: I approve exactly this text{place}, {named}."


def _require_no_block(incident: Incident, statement: Statement) -> None:
    blocks = open_blocks(incident, statement)
    lacking = lacks_line(incident, statement) if blocks else ()
    if lacking:
        raise Refused(
            f"{statement.id} tells the agreed line, which nobody has said in these languages: "
            f"{languages_named(lacking)}.",
            "Set the agreed line with its words in each of them: the text takes them in by itself.",
            code="wording_blocked",
        )
    if blocks:
        raise Refused(
            f"Wording rules block this text: {named_findings(blocks)}.",
            _what_helps(statement, blocks),
            code="wording_blocked",
        )


def _what_helps(statement: Statement, blocks: Iterable[Finding]) -> str:
    """Say what lets a text pass: nobody overrides a gap, and what it waited for may be known."""
    if all(one.may_be_overridden for one in blocks):
        return "Change the words, or let legal override the finding with a reason."
    if statement.sources:
        return (
            "Press “Change this text” and send it as it stands: it takes in what is known now. "
            "Fill in by hand what is still open then, or take it out."
        )
    return "Press “Change this text”, and fill in what is open or take it out."


def _said(slot: ApprovalSlot) -> str:
    """Name a slot by what it is for, and by its key for programs."""
    return f"{slot.market or slot.language or slot.label_en} ({slot.key})"


def _slot_for(incident: Incident, act: Act, statement: Statement, key: str) -> ApprovalSlot:
    """Choose the slot that this person fills; refuse with who could instead."""
    open_slots = statement.open_slots
    if key:
        open_slots = tuple(slot for slot in open_slots if slot.key == key)
        if not open_slots:
            raise Refused(
                f"No approval {key!r:.40} is open for {statement.id}.",
                f"Open: {', '.join(_said(slot) for slot in statement.open_slots)}.",
                code="no_slot",
            )
    fitting = [slot for slot in open_slots if may_fill(incident, act, statement, slot)]
    if not fitting:
        require(incident, act, {role for slot in open_slots for role in slot.roles})
    free = of_other_rows(act, statement, fitting)
    if not free:
        raise NotAllowed(
            "You have approved this text already.",
            "Another person gives the next approval: four eyes.",
            code="four_eyes",
            who_could=tuple(sorted({str(r) for slot in open_slots for r in slot.roles})),
        )
    same_row = [slot for slot in free if slot.row == free[0].row]
    if len(same_row) > 1:
        raise slot_needed(same_row)
    return free[0]


@decides(RequestChanges)
def request_changes(
    incident: Incident, act: Act, said: RequestChanges
) -> tuple[StatementChangesRequested, ...]:
    """Send a text back: whoever may approve it, the commander, or the QSR with their veto."""
    now = find_statement(incident, said.statement)
    require_status(now, (Status.IN_REVIEW, Status.APPROVED, Status.SCHEDULED))
    require_same(now, said.sha256)
    roles = {role for slot in now.slots for role in slot.roles}
    roles |= {Role.INCIDENT_COMMANDER, Role.QUALITY_SAFETY_RESPONSIBLE}
    require(incident, act, roles)
    return (
        StatementChangesRequested(
            statement=now.id,
            version=now.version,
            sha256=now.sha256,
            by=act.who,
            role=own_signature(incident, act, roles, "").role,
            reason=said.reason,
            voids=tuple(approval.person for approval in now.approvals),
        ),
    )


# ---------------------------------------------------------------- evolve


@evolves(StatementReviewAsked)
def _review_asked(incident: Incident, asked: StatementReviewAsked, mark: Mark) -> Incident:
    is_fixed = asked.lane == FAST and not asked.slots
    return with_statement(
        incident,
        asked.statement,
        status=Status.APPROVED if is_fixed else Status.IN_REVIEW,
        slots=asked.slots,
        approvals=(),
        review_asked_at=mark.at,
        review_due_at=asked.due_at,
        approved_at=mark.at if is_fixed else None,
        lane=asked.lane,
    )


@evolves(StatementApproved)
def _approved(incident: Incident, told: StatementApproved, mark: Mark) -> Incident:
    approval = Approval(
        slot=told.slot,
        row=told.row,
        person=told.approver,
        role=told.role,
        at=mark.at,
        sha256=told.sha256,
        meaning=told.meaning,
    )
    before = incident.statement.statements[told.statement]
    return with_statement(
        incident,
        told.statement,
        approvals=(*before.approvals, approval),
        status=Status.APPROVED if told.complete else before.status,
        approved_at=mark.at if told.complete else None,
    )


@evolves(StatementChangesRequested)
def _changes_requested(
    incident: Incident, told: StatementChangesRequested, _mark: Mark
) -> Incident:
    before = incident.statement.statements[told.statement]
    earlier = () if before.is_approved else before.doubted_by
    return with_statement(
        incident,
        told.statement,
        status=Status.CHANGES_REQUESTED,
        approvals=(),
        approved_at=None,
        lane="",
        review_due_at=None,
        changes_by=told.by,
        changes_reason=told.reason,
        doubted_by=tuple(dict.fromkeys((*earlier, Role(told.role)))),
    )


# ---------------------------------------------------------------- what it causes


@causes(StatementReviewAsked)
def _ask_approvers(incident: Incident, asked: StatementReviewAsked, mark: Mark) -> Iterable[Effect]:
    if not asked.slots:
        return  # a fixed text: nobody is asked
    yield told_effect(
        incident.statement.statements[asked.statement],
        mark,
        "review_asked",
        {role for slot in asked.slots for role in slot.roles},
        version=asked.version,
    )


@causes(StatementChangesRequested)
def _tell_authors(
    incident: Incident, told: StatementChangesRequested, mark: Mark
) -> Iterable[Effect]:
    text = incident.statement.statements[told.statement]
    roles = {*incident.rules.plan.statement(text.kind).authors, Role.PR_LEAD}
    yield told_effect(
        text,
        mark,
        "changes_requested",
        roles,
        by=told.by,
        reason=told.reason[:300],
    )
