"""What a row of the plan asks before an act may be done, and who may not sign it.

What belongs here: `needs`, `only_after` and `barred` of the plan over what is on the record. What
never does: which act has which (plan/default.toml), or what an act means (its stage knows).

Independence (reference 4.1): an author never approves; who released the lot signs neither cause
nor scope nor resumption; who verifies an action did not own it; a second person confirms a halt.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.errors import NotAllowed, Refused
from domain.message import COMMANDS
from domain.own_hand import with_hands
from domain.people import SYSTEM_ROLES, Role
from domain.plan_terms import Barred, Need
from domain.regulation_terms import AuthorityActKind
from domain.severity import AuthorityAct, Outcome
from domain.state import Incident, StreamState
from domain.state.halt import first_of
from domain.state.notice import AuthorityAct as ActOfAuthority

# ---------------------------------------------------------------- what must be on the record


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """How a need that is not met is told, and which commands meet it."""

    code: str
    sentence: str
    hint: str
    met_by: tuple[str, ...]


MISSING: dict[Need, Missing] = {
    Need.EVIDENCE: Missing(
        code="evidence_missing",
        sentence="No evidence and no test is on the record.",
        hint="Record first what this rests on.",
        met_by=("collect_evidence", "order_test"),
    ),
    Need.HAZARD_EVALUATION: Missing(
        code="evaluation_missing",
        sentence="There is no health hazard evaluation yet.",
        hint="Record one, a preliminary one is enough; the cause need not be known.",
        met_by=("evaluate_hazard",),
    ),
    Need.SCOPE: Missing(
        code="scope_missing",
        sentence="There is no scope yet.",
        hint="Set the scope first: which lots?",
        met_by=("set_scope",),
    ),
    Need.FINDING: Missing(
        code="finding_missing",
        sentence="No finding on the cause is signed.",
        hint="Sign it first; an interim one is enough.",
        met_by=("sign_finding",),
    ),
    Need.RECALL_DECISION: Missing(
        code="not_decided",
        sentence="No recall is decided.",
        hint="Decide it first.",
        met_by=("decide_recall",),
    ),
    Need.HARM_CONFIRMED: Missing(
        code="harm_not_confirmed",
        sentence="No person who was hurt is registered.",
        hint="Register the person first.",
        met_by=("register_case",),
    ),
    Need.AUTHORITY_CONSENT: Missing(
        code="authority_consent",
        sentence="An authority ordered the stop and has not allowed to go on.",
        hint="Record its consent first: 'An authority has acted', consent.",
        met_by=("record_authority_act",),
    ),
}


def is_on_record(incident: Incident, need: Need) -> bool:
    """Say whether something that an act or a text waits for has happened."""
    return _ON_RECORD[need](incident)


def _has_evidence(incident: Incident) -> bool:
    """Say whether anything can be shown: a thing kept, a test, what the doer of an action left."""
    now = incident.investigation
    shown = any(action.evidence for action in incident.review.actions.values())
    return bool(now.evidence or now.tests) or shown


def harm_confirmed_at(incident: Incident) -> datetime | None:
    """Say when the company learned of the first registered person who was hurt."""
    harmless = {Outcome.NONE, Outcome.UNKNOWN}
    return min(
        (c.awareness_at for c in incident.report.cases.values() if set(c.outcomes) - harmless),
        default=None,
    )


def authority_consents(incident: Incident) -> bool:
    """Say whether every authority that ordered a stop has allowed to go on since.

    A stop that is known from the answers alone waits for the consent of any authority.
    """
    acts = [act for act in incident.notice.acts.values() if act.stands]
    consents = [act for act in acts if act.kind is AuthorityActKind.CONSENT]
    stops = [act for act in acts if act.kind is AuthorityActKind.ORDER_STOP]
    if not stops:
        told = incident.report.answers.authority_act is AuthorityAct.ORDER_STOP
        return bool(consents) or not told
    return all(_allowed_since(stop, consents) for stop in stops)


def _allowed_since(stop: ActOfAuthority, consents: Iterable[ActOfAuthority]) -> bool:
    return any(one.market == stop.market and one.seq > stop.seq for one in consents)


_ON_RECORD: dict[Need, Callable[[Incident], bool]] = {
    Need.EVIDENCE: _has_evidence,
    Need.HAZARD_EVALUATION: lambda incident: incident.investigation.has_evaluation,
    Need.SCOPE: lambda incident: incident.recall.scope is not None,
    Need.FINDING: lambda incident: incident.investigation.finding is not None,
    Need.RECALL_DECISION: lambda incident: incident.recall.is_decided,
    Need.HARM_CONFIRMED: lambda incident: harm_confirmed_at(incident) is not None,
    Need.AUTHORITY_CONSENT: authority_consents,
}


def require_needs(stream: StreamState, needs: Iterable[Need], command: Any) -> None:
    """Refuse an act while something it needs is not on the record; names who can bring it.

    Evidence that the command itself names is on the record with it.
    """
    if not isinstance(stream, Incident):
        return
    for need in needs:
        brought = need is Need.EVIDENCE and bool(getattr(command, "evidence", ()))
        if not brought and not is_on_record(stream, need):
            told = MISSING[need]
            raise Refused(told.sentence, told.hint, code=told.code, who_could=who_brings(need))


def who_brings(need: Need) -> tuple[str, ...]:
    """Name the roles that can put it on the record."""
    roles = {role for name in MISSING[need].met_by for role in COMMANDS[name].roles}
    return tuple(sorted(str(role) for role in roles - SYSTEM_ROLES))


# ---------------------------------------------------------------- who may not sign


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """How it is told that somebody may not sign; `{0}` are the people."""

    code: str
    sentence: str
    hint: str


BARS: dict[Barred, Bar] = {
    Barred.AUTHOR: Bar(
        code="author",
        sentence="{0} wrote a version of this text; authors never approve.",
        hint="Ask a colleague of the same role, or the deputy.",
    ),
    Barred.LOT_RELEASER: Bar(
        code="lot_releaser",
        sentence="{0} released a lot and does not sign this.",
        hint="Let a colleague who did not release it sign.",
    ),
    Barred.ACTION_OWNER: Bar(
        code="independence",
        sentence="{0} owned this action or did it.",
        hint="Somebody independent verifies it.",
    ),
    Barred.HALT_ORDERER: Bar(
        code="four_eyes",
        sentence="{0} gave this order, or reported what the plan stops by it.",
        hint="A second person confirms it.",
    ),
}


def barred_people(incident: Incident, bars: Iterable[Barred], about: str) -> dict[str, Barred]:
    """Give the people who may not sign an act, each with the reason; `about` is its item."""
    found: dict[str, Barred] = {}
    for bar in bars:
        found |= dict.fromkeys(_tied(incident, bar, about), bar)
    return found


def _tied(incident: Incident, bar: Barred, about: str) -> Iterable[str]:
    match bar:
        case Barred.AUTHOR:
            text = incident.statement.statements.get(about)
            return text.authors if text else ()
        case Barred.LOT_RELEASER:
            return incident.people.lot_releasers
        case Barred.ACTION_OWNER:
            action = incident.review.actions.get(about)
            return with_hands(incident, (action.owner, action.done_by)) if action else ()
        case Barred.HALT_ORDERER:
            gave = [
                # What the plan stopped on a report, its reporter stopped.
                reporter if one.by_plan else one.ordered_by
                for order in incident.halt.orders
                if str(order.number) == about
                for one in (first_of(incident.halt.orders, order),)
                for reporter in _reporters(incident)
            ]
            return with_hands(incident, gave)


def _reporters(incident: Incident) -> list[str]:
    """Give who reported what the incident began with; nobody where none is known."""
    return [one.reporter for one in incident.report.reports[:1]] or [""]


def item_of(command: Any) -> str:
    """Say what a command is about, as far as a bar asks: a text, an action, an order."""
    for name in ("statement", "action", "number"):
        if hasattr(command, name):
            return str(getattr(command, name))
    return ""


def require_unbarred(
    stream: StreamState,
    bars: Iterable[Barred],
    command: Any,
    signers: Iterable[str],
    who_could: Iterable[Role],
) -> None:
    """Refuse a signature of somebody whom the plan bars from an act, whatever role they hold."""
    if not isinstance(stream, Incident):
        return
    barred = barred_people(stream, bars, item_of(command))
    tied = sorted(set(signers) & set(barred))
    if tied:
        told = BARS[barred[tied[0]]]
        raise NotAllowed(
            told.sentence.format(", ".join(tied)),
            told.hint,
            code=told.code,
            who_could=tuple(sorted(str(role) for role in who_could)),
        )
