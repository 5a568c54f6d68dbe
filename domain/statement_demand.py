"""Stage `statement`: which texts the plan demands now, by when, and the stage's one word.

What belongs here: the table of statements (reference 4.6) over what has happened, as dues. What
never does: writing or publishing. Silence publishes nothing: a due that passes only escalates.

The graver of grade and attention chooses the column. A time runs from what the plan names: the
acceptance, a decision, the moment the matter became public, the last text that went out.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from domain.clock import Limit
from domain.conditions import harm_confirmed_at
from domain.dispatch import Due, watches
from domain.people import Role
from domain.plan_rows import StatementTiming
from domain.plan_terms import StageNeed, StatementWhen
from domain.publishing import PUBLISHERS
from domain.severity import Attention
from domain.stages import Stage
from domain.state import Incident
from domain.state.statement import OUT, STANDS, Statement, Status
from domain.statement_lookup import is_public
from domain.steps import moment

STILL_OUT = OUT - {Status.RETRACTED}
UNDER_WAY = frozenset(
    {
        Status.DRAFT,
        Status.IN_REVIEW,
        Status.CHANGES_REQUESTED,
        Status.APPROVED,
        Status.SCHEDULED,
        Status.PUBLISHING,
    }
)
ON_ASKING = (StatementWhen.IF_PUBLIC_OR_ASKED, StatementWhen.IF_ASKED)
"""Texts that are prepared in any case and go out when it is public, or when somebody asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """One thing the plan asks of one kind of text: `what` is decided, ready, out, again, correct.

    Without `limit` the plan asks for it and sets no time. `about` is the text to be corrected, the
    one after which another is due, or the halt that a text must be ready for.
    """

    kind: str
    what: str
    start_at: datetime
    limit: Limit | None
    met: bool
    about: str = ""

    @property
    def key(self) -> str:
        """Name it for as long as it is open."""
        return ":".join(part for part in ("statement", self.kind, self.what, self.about) if part)


def demands(incident: Incident) -> tuple[Demand, ...]:
    """List what the plan demands of texts now, met or open."""
    found = [demand for kind in _kinds(incident) for demand in _of_kind(incident, kind)]
    return (*found, *_for_halts(incident), *corrections(incident))


def _kinds(incident: Incident) -> tuple[str, ...]:
    """Give the kinds asked for: all of them once accepted, before that what attention asks."""
    report, plan = incident.report, incident.rules.plan
    if report.is_accepted:
        decided = tuple(k for k, said in incident.statement.decided.items() if said.wanted)
        asked = plan.demanded(report.grade, report.attention)
        if _need(incident) is StageNeed.BY_ATTENTION:
            asked = plan.attention[report.attention].statements
        return tuple(dict.fromkeys((*asked, *decided)))
    if report.status == "received" and report.attention > Attention.LOW:
        asked = plan.attention[report.attention].statements
        return tuple(kind for kind in ("holding",) if kind in asked)
    return ()


def _of_kind(incident: Incident, kind: str) -> Iterator[Demand]:
    report = incident.report
    timing = incident.rules.plan.timing(kind, report.grade, report.attention)
    base_at = _base(incident, kind)
    if timing is None or base_at is None:
        return
    if timing.when is StatementWhen.BY_DECISION:
        yield from _by_decision(incident, kind, timing, base_at)
        return
    start_at = _start(incident, timing.when, base_at)
    ready_from = base_at if timing.when in ON_ASKING else start_at
    if timing.ready is not None and ready_from is not None:
        yield _demand(incident, kind, "ready", ready_from, timing.ready)
    if timing.when is StatementWhen.ON_CHANGE:
        yield from _again(incident, kind, timing)  # readers were told when they hear more
    if start_at is None:
        return
    # Where texts are only prepared, what nothing calls for waits in the drawer.
    kept = _need(incident) is StageNeed.PREPARED and timing.when is StatementWhen.ALWAYS
    if not kept and (timing.out is not None or (timing.ready is None and timing.every is None)):
        yield _demand(incident, kind, "out", start_at, timing.out)
    yield from _again(incident, kind, timing)


def _base(incident: Incident, kind: str) -> datetime | None:
    """Say from when the plan counts a text's times: before the acceptance, from its being public.

    What is counted from something that has not happened yet is counted from the acceptance.
    """
    report = incident.report
    if not report.is_accepted:
        return public_at(incident)
    counted_from = incident.rules.plan.statement(kind).counted_from
    return moment(incident, counted_from) or report.decided_at


def _need(incident: Incident) -> StageNeed:
    """Give what the plan's row for the grade asks of this stage."""
    return incident.rules.plan.grades[incident.report.grade].stages[Stage.STATEMENT]


def _for_halts(incident: Incident) -> Iterator[Demand]:
    """Ask for the texts that must lie ready when a level stands (table 4.5: text, staff, phone).

    A halt never waits for them. A text that goes out unchanged without a signature is ready.
    """
    plan = incident.rules.plan
    for name in incident.halt.levels:
        orders = [o for o in incident.halt.orders if o.level == name and o.lifted_at is None]
        for kind in plan.level(name).texts_ready:
            fixed = plan.statement(kind).fast_lane == ()
            met = fixed or any(s.status in STANDS | STILL_OUT for s in _of(incident, kind))
            yield Demand(
                kind=kind,
                what="ready",
                start_at=min(order.ordered_at for order in orders),
                limit=plan.approve_statement_within[incident.report.grade],
                met=met,
                about=name,
            )


def _demand(
    incident: Incident, kind: str, what: str, start_at: datetime, limit: Limit | None
) -> Demand:
    enough = STILL_OUT if what == "out" else STANDS | STILL_OUT
    met = any(s.status in enough for s in _of(incident, kind))
    return Demand(kind=kind, what=what, start_at=start_at, limit=limit, met=met)


def _of(incident: Incident, kind: str) -> list[Statement]:
    return [s for s in incident.statement.statements.values() if s.kind == kind]


def _by_decision(
    incident: Incident, kind: str, timing: StatementTiming, base_at: datetime
) -> Iterator[Demand]:
    said = incident.statement.decided.get(kind)
    if said is None:
        if timing.decided is not None:
            begun = bool(_of(incident, kind))
            yield Demand(
                kind=kind, what="decided", start_at=base_at, limit=timing.decided, met=begun
            )
    elif said.wanted:
        start_at = base_at if timing.out is not None else said.at
        yield _demand(incident, kind, "out", start_at, timing.out)


def _again(incident: Incident, kind: str, timing: StatementTiming) -> Iterator[Demand]:
    """Ask for the next of a row of texts, counted from the last one."""
    every = timing.later_every if is_stable(incident) and timing.later_every else timing.every
    if every is None or any(s.status in STILL_OUT for s in _of(incident, "closing")):
        return
    if timing.when in (StatementWhen.ONCE_PUBLIC, StatementWhen.ON_CHANGE):
        rows = [(s.published_at, s.id) for s in _public_texts(incident) if s.published_at]
    else:
        rows = [(s.approved_at, s.id) for s in _of(incident, kind) if s.approved_at]
    if rows:
        last_at, last = max(rows)
        yield Demand(kind=kind, what="again", start_at=last_at, limit=every, met=False, about=last)


def corrections(incident: Incident) -> Iterator[Demand]:
    """A published text that somebody flagged asks for a correction, or for the flag to go."""
    report, plan = incident.report, incident.rules.plan
    for text in incident.statement.statements.values():
        if not text.flags or not report.is_accepted:
            continue
        timing = plan.timing("correction", report.grade, report.attention)
        yield Demand(
            kind="correction",
            what="correct",
            start_at=text.flags[0].at,
            limit=timing.out if timing else None,
            met=False,
            about=text.id,
        )


# ---------------------------------------------------------------- since when


def _start(incident: Incident, when: StatementWhen, base_at: datetime) -> datetime | None:
    """Say since when a text must go out, or None while its condition does not hold.

    With the halt of trade the fixed text of the order goes out by itself; what is written on a
    change or for a flag is asked for elsewhere, or by people.
    """
    if when is StatementWhen.ALWAYS:
        return base_at
    since_at = _SINCE[when](incident) if when in _SINCE else None
    return max(base_at, since_at) if since_at is not None and when in ON_ASKING else since_at


def asked_at(incident: Incident) -> datetime | None:
    """Say when somebody outside first asked."""
    return min((e.logged_at for e in incident.statement.enquiries.values()), default=None)


def public_at(incident: Incident) -> datetime | None:
    """Say since when it is public: the first answers that raised the attention."""
    return min(
        (a.at for a in incident.report.assessments if a.attention > Attention.LOW), default=None
    )


def _public_texts(incident: Incident) -> list[Statement]:
    statements = incident.statement.statements.values()
    return [s for s in statements if s.published_at is not None and is_public(incident, s)]


def _public_or_asked_at(incident: Incident) -> datetime | None:
    return _first(asked_at(incident), public_at(incident))


def _first_public_text_at(incident: Incident) -> datetime | None:
    return _first(*(text.published_at for text in _public_texts(incident)))


def _recall_decided_at(incident: Incident) -> datetime | None:
    return incident.recall.decided_at if incident.recall.is_decided else None


def _harm_or_decision_at(incident: Incident) -> datetime | None:
    findings = [finding.at for finding in incident.investigation.findings]
    return _first(harm_confirmed_at(incident), _recall_decided_at(incident), *findings)


def _terminated_at(incident: Incident) -> datetime | None:
    """Say when the recall ended, once authorities have terminated it in every market."""
    recall = incident.recall
    ends = [recall.ends.get(market) for market in recall.coverage.markets]
    ended = [end.completed_at for end in ends if end is not None and end.granted_on is not None]
    if not recall.is_decided or not ended or len(ended) < len(ends):
        return None
    return max(ended)


def _terminated_and_public_at(incident: Incident) -> datetime | None:
    return _terminated_at(incident) if _public_texts(incident) else None


def _first(*times: datetime | None) -> datetime | None:
    return min((at for at in times if at is not None), default=None)


_SINCE: dict[StatementWhen, Callable[[Incident], datetime | None]] = {
    StatementWhen.IF_PUBLIC_OR_ASKED: _public_or_asked_at,
    StatementWhen.IF_ASKED: asked_at,
    StatementWhen.WITH_FIRST_PUBLIC_TEXT: _first_public_text_at,
    StatementWhen.ONCE_PUBLIC: _first_public_text_at,
    StatementWhen.AFTER_RECALL_DECISION: _recall_decided_at,
    StatementWhen.AFTER_HARM_OR_DECISION: _harm_or_decision_at,
    StatementWhen.AT_TERMINATION: _terminated_at,
    StatementWhen.AT_TERMINATION_IF_PUBLIC: _terminated_and_public_at,
}


def is_stable(incident: Incident) -> bool:
    """Say whether nothing is halted and no recall runs: then texts follow more slowly."""
    return not incident.halt.levels and not incident.recall.is_running


# ---------------------------------------------------------------- dues and the word


@watches(Stage.STATEMENT)
def texts_due(incident: Incident) -> Iterator[Due]:
    """Texts that the plan demands and that are not there yet."""
    for demand in demands(incident):
        if demand.met or demand.limit is None:
            continue
        act, item, roles = next_act(incident, demand)
        due_at = incident.rules.due_at(demand.start_at, demand.limit)
        if _goes_out_by(incident, item, due_at):
            continue
        yield Due(
            key=demand.key,
            stage=Stage.STATEMENT,
            title=_title(incident, demand),
            roles=roles,
            start_at=demand.start_at,
            due_at=due_at,
            act=act,
            item=item,
        )


def _goes_out_by(incident: Incident, item: str, due_at: datetime) -> bool:
    """Say whether a text waits for a time before it is due: nobody is asked for more."""
    text = incident.statement.statements.get(item)
    if text is None or text.status is not Status.SCHEDULED or text.release is None:
        return False
    return text.release.at <= due_at


def _title(incident: Incident, demand: Demand) -> str:
    name = incident.rules.plan.statement(demand.kind).title_en
    words = {
        "decided": f"Decide whether there will be this text: {name}",
        "ready": f"Have it approved and ready: {name}",
        "out": f"Publish: {name}",
        "again": f"Next: {name}",
        "correct": f"Correct {demand.about}, or find it right",
    }
    return words[demand.what]


def next_act(incident: Incident, demand: Demand) -> tuple[str, str, tuple[Role, ...]]:
    """Say which act brings a demanded text on, on which text, and who is asked."""
    if demand.what == "decided":
        return "decide_statement_kind", demand.kind, (Role.PR_LEAD, Role.INCIDENT_COMMANDER)
    authors = incident.rules.plan.statement(demand.kind).authors
    under_way = [
        s
        for s in _of(incident, demand.kind)
        if s.status in UNDER_WAY and (demand.what != "correct" or s.about == demand.about)
    ]
    if not under_way:
        if demand.what == "correct":
            return "correct_statement", demand.about, authors
        return "draft_statement", demand.kind, authors
    text = max(under_way, key=lambda s: list(Status).index(s.status))
    return {
        Status.DRAFT: ("ask_for_review", text.id, authors),
        Status.CHANGES_REQUESTED: ("revise_statement", text.id, authors),
        Status.IN_REVIEW: ("approve_statement", text.id, _missing(text)),
        Status.APPROVED: ("publish_statement", text.id, PUBLISHERS),
        Status.SCHEDULED: ("publish_statement", text.id, PUBLISHERS),
        Status.PUBLISHING: ("confirm_published_by_hand", text.id, PUBLISHERS),
    }[text.status]


def _missing(text: Statement) -> tuple[Role, ...]:
    return tuple(sorted({role for slot in text.open_slots for role in slot.roles}))


@watches(Stage.STATEMENT)
def approvals_due(incident: Incident) -> Iterator[Due]:
    """Texts wait for approval; silence approves nothing."""
    if incident.report.status not in ("received", "accepted"):
        return
    for text in incident.statement.statements.values():
        if text.status is not Status.IN_REVIEW or text.review_due_at is None:
            continue
        yield Due(
            key=f"approve:{text.id}:{text.version}",
            stage=Stage.STATEMENT,
            title=f"Approve {text.id}: {text.texts[0].title}",
            roles=_missing(text),
            start_at=text.review_asked_at or text.drafted_at,
            due_at=text.review_due_at,
            act="approve_statement",
            item=text.id,
        )


def statement_word(incident: Incident) -> str:
    """Say in one word where the stage stands: done when nothing demanded is unpublished."""
    texts = incident.statement.statements.values()
    begun = any(text.status in UNDER_WAY for text in texts)
    # A sealed incident names what was still missing in its last entry; nothing is asked for then.
    is_sealed = incident.review.closed_at is not None
    missing = [one for one in demands(incident) if not one.met and one.what != "again"]
    if (missing and not is_sealed) or begun:
        return "running" if any(t.status is not Status.DROPPED for t in texts) else "waiting"
    if any(text.status in OUT for text in texts):
        return "done"
    return "not_needed" if incident.report.is_accepted else "none"
