"""Which acts make sense now, and about which things: what a page offers to a person.

What belongs here: reading the state for each command: not open, open, or open about some items.
What never does: deciding. `decide` alone says what an act leads to; it takes some acts that no page
suggests, and a test names them all, so that nothing which can be done is hidden by mistake. Which
roles may is asked elsewhere (`domain.acts.may`); here a person counts only where an act is theirs.
"""

from collections.abc import Callable, Iterable
from typing import Final

from domain import room_openings, statement_openings
from domain.adopting import ADOPT, is_newer
from domain.conditions import MISSING, Missing, barred_people, is_on_record
from domain.desired import holds
from domain.duties import judged_of, rule_of
from domain.facts import recorders
from domain.facts_together import to_verify
from domain.goods import held
from domain.halt import OPEN_REPORT
from domain.halt_confirming import second_people
from domain.halt_decisions import levels_asked
from domain.orders_there import refused_at, stops_beside
from domain.people import TEAM
from domain.plan_rows import ActRule
from domain.plan_terms import Barred
from domain.recall_terms import Depth, RecallAction
from domain.record_needs import GROUND, lacking, row_of
from domain.recounts import waiting_corrections
from domain.regulation_terms import DutyStatus
from domain.review import blocking_items
from domain.scene import Scene
from domain.severity import Grade
from domain.state import Incident
from domain.state.investigation import FactStatus
from domain.state.notice import AuthorityAct, Duty
from domain.team import ASSIGNERS, TELL_ABSENCE
from domain.termination import letter_for, to_confirm_within
from domain.under_way import is_resuming

Items = Iterable[str]
Opening = bool | Items


def openings(scene: Scene, command: str) -> tuple[str, ...] | None:
    """Say about which items a command is open now: None when it is not open at all.

    An empty tuple means open, about nothing in particular or about something named freely.
    """
    closed = scene.incident.review.closed_at is not None
    if closed and command != "reopen_incident":
        return None
    rule = row_of(scene, command)
    if rule is not None and lacking(scene, command, rule):
        return None
    return _open_about(scene, command, rule)


def waits_for(scene: Scene, command: str) -> tuple[Missing, ...]:
    """Say what has to be on the record before an act that else makes sense now; mostly nothing."""
    rule = row_of(scene, command)
    if rule is None or scene.incident.review.closed_at is not None:
        return ()
    needs = lacking(scene, command, rule)
    if not needs or _open_about(scene, command, rule) is None:
        return ()
    return tuple(MISSING[need] for need in needs)


def _open_about(scene: Scene, command: str, rule: ActRule | None) -> tuple[str, ...] | None:
    """Say about which items a command is open, whatever its row needs on the record."""
    found = _OPENINGS.get(command, _always)(scene)
    barred = rule.barred if rule is not None else ()
    if isinstance(found, bool):
        return () if found and not _is_barred(scene, barred, "") else None
    return tuple(item for item in found if not _is_barred(scene, barred, item)) or None


def _is_barred(scene: Scene, bars: Iterable[Barred], item: str) -> bool:
    return scene.who.id in barred_people(scene.incident, bars, item)


def _always(_scene: Scene) -> Opening:
    return True


# ---------------------------------------------------------------- report


def _undecided(scene: Scene) -> Opening:
    return scene.incident.report.status == "received"


def _acknowledge(scene: Scene) -> Opening:
    report = scene.incident.report
    return report.status == "received" and report.acknowledged_at is None


def _no_incident(scene: Scene) -> Opening:
    return scene.incident.report.status == "received" and not scene.incident.halt.levels


def _lower(scene: Scene) -> Opening:
    incident = scene.incident
    return incident.report.grade > Grade.MINOR and incident.investigation.evaluation_holds(scene.at)


def _is_open(scene: Scene) -> Opening:
    return scene.incident.report.status in OPEN_REPORT


# ---------------------------------------------------------------- investigation


def _facts(*fitting: FactStatus, others: bool = False) -> Callable[[Scene], Opening]:
    def found(scene: Scene) -> Items:
        for fact in scene.incident.investigation.facts.values():
            mine = others and scene.who.id in recorders(scene.incident, fact)
            if fact.status in fitting and not mine:
                yield fact.key

    return found


def _unread_tests(scene: Scene) -> Items:
    tests = scene.incident.investigation.tests.values()
    return [test.id for test in tests if test.verdict is None]


# ---------------------------------------------------------------- halt


def _to_confirm(scene: Scene) -> Items:
    for order in scene.incident.halt.orders:
        waits = order.confirm_by and not (order.confirmed_at or order.lifted_at)
        if waits and scene.may(second_people(scene.incident, order.level)):
            yield str(order.number)


def _to_lift(scene: Scene) -> Items:
    if scene.incident.recall.is_decided:
        return []
    orders = scene.incident.halt.orders
    return [str(o.number) for o in orders if not (o.confirmed_at or o.lifted_at)]


def _stopping(*settled: str) -> Callable[[Scene], Opening]:
    """Give the channels under an order that are not in one of some states, nor may sell it."""

    def found(scene: Scene) -> Items:
        channels = scene.incident.halt.channels.values()
        return [
            one.channel
            for one in channels
            if (one.state not in {*settled, "resuming"} and (one.state != "resumed" or one.drift))
            or (one.state == "resuming" and refused_at(one))
            or (one.drift is not None and stops_beside(one))
        ]

    return found


def _may_be_found(scene: Scene) -> Items:
    """Give the channels at which anything is held: it is not to be on sale there."""
    held = {hold.channel for hold in holds(scene.incident)}
    return [name for name in scene.incident.halt.channels if name in held]


def _resuming(scene: Scene) -> Items:
    channels = scene.incident.halt.channels.values()
    return [one.channel for one in channels if is_resuming(one)]


def _resume(scene: Scene) -> Opening:
    return bool(scene.incident.halt.levels) and not scene.incident.recall.is_running


# ---------------------------------------------------------------- recall


def _scope_stands(scene: Scene) -> Opening:
    return _is_open(scene) is True and scene.incident.recall.scope is not None


def _has_ground(incident: Incident) -> bool:
    known = all(is_on_record(incident, need) for need in GROUND)
    return incident.report.is_accepted and known


def _decide_recall(scene: Scene) -> Opening:
    now = scene.incident.recall
    utmost = now.decision == RecallAction.RECALL and now.depth is Depth.CONSUMER
    return _has_ground(scene.incident) and not utmost


def _decide_no_recall(scene: Scene) -> Opening:
    return _has_ground(scene.incident) and not scene.incident.recall.is_decided


def _running(scene: Scene) -> Opening:
    return scene.incident.recall.is_running


def _decided(scene: Scene) -> Opening:
    return scene.incident.recall.is_decided


def _consignees(scene: Scene) -> Items:
    """Give those that the recall asks: decided, and told or listed and not let go."""
    recall = scene.incident.recall
    rows = recall.consignees.values() if recall.is_decided else ()
    return [row.id for row in rows if not row.let_go]


def _unanswered(scene: Scene) -> Items:
    rows = scene.incident.recall.consignees
    asked = [rows[name] for name in _consignees(scene)]
    return [row.id for row in asked if not row.answers and row.taken_over_by != scene.who.id]


def _checked(scene: Scene) -> Items:
    return _consignees(scene) if scene.incident.recall.plan is not None else ()


def _goods_held(scene: Scene) -> Opening:
    recall = scene.incident.recall
    lots = {*recall.coverage.lots, *(tally.lot for tally in recall.tallies)}
    return any(held(recall, lot) > 0 for lot in lots)


def _goods_come(scene: Scene) -> Opening:
    return scene.incident.recall.is_decided or bool(scene.incident.halt.orders)


def _accepted(scene: Scene) -> Opening:
    return scene.incident.report.is_accepted


def _to_complete(scene: Scene) -> Items:
    recall = scene.incident.recall
    return recall.open_markets if recall.is_decided else ()


def _to_request(scene: Scene) -> Items:
    ends = scene.incident.recall.ends.items()
    return [market for market, end in ends if not (end.requested_at or end.granted_on)]


def _to_terminate(scene: Scene) -> Items:
    """Give the markets completed by us, and those in which a letter waits to be confirmed."""
    recall = scene.incident.recall
    kept = {market: letter_for(recall, market) for market in recall.open_markets}
    waiting = [market for market, letter in kept.items() if letter and letter.confirm]
    yield from (market for market in waiting if recall.is_decided)
    yield from (m for m, end in recall.ends.items() if end.granted_on is None)
    for market in (*recall.open_markets, *recall.ends) if recall.is_decided else ():
        yield from (letter.market for letter in to_confirm_within(recall, market))


def _to_correct(scene: Scene) -> Items:
    """Give the disposals of which no correction waits for signatures."""
    waiting = waiting_corrections(scene.incident, "correct_disposal")
    return [one.id for one in scene.incident.recall.disposed if one.id not in waiting]


def _to_recount(scene: Scene) -> Items:
    """Give the counts of which no correction waits for signatures."""
    waiting = waiting_corrections(scene.incident, "correct_count")
    return [one.id for one in scene.incident.recall.counts if one.id not in waiting]


# ---------------------------------------------------------------- notice


def _duties(fits: Callable[[Duty], bool]) -> Callable[[Scene], Opening]:
    def found(scene: Scene) -> Items:
        return [duty.id for duty in scene.incident.notice.duties.values() if fits(duty)]

    return found


def _files(scene: Scene, duty: Duty) -> bool:
    judged = judged_of(scene.incident, duty.rule)
    return duty.is_open and (judged is None or judged.applies or duty.verified)


def _first_reports(scene: Scene) -> Items:
    for duty in scene.incident.notice.duties.values():
        if _files(scene, duty) and duty.status is not DutyStatus.TOLD:
            yield duty.id


def _full_reports(scene: Scene) -> Items:
    for duty in scene.incident.notice.duties.values():
        if _files(scene, duty) or duty.status is DutyStatus.FILED:
            yield duty.id


def _unverified_rules(scene: Scene) -> Items:
    unverified = {rule.id for rule in scene.incident.rules.regulations if not rule.verified}
    duties = scene.incident.notice.duties.values()
    return sorted({duty.rule for duty in duties if duty.rule in unverified and not duty.counts})


def _without_due(scene: Scene) -> Items:
    """Give the open duties without a time that a calendar is asked for or answers."""
    for duty in scene.incident.notice.duties.values():
        may_set = duty.counts or rule_of(scene.incident, duty.rule) is None
        if duty.is_open and may_set and duty.due_at is None:
            yield duty.id


def _to_answer(scene: Scene) -> Items:
    acts = scene.incident.notice.acts.values()
    return [one.id for one in acts if one.waits and one.answered_at is None]


def _authority_acts(fits: Callable[[AuthorityAct], bool]) -> Callable[[Scene], Opening]:
    def found(scene: Scene) -> Items:
        acts = scene.incident.notice.acts.values()
        return [one.id for one in acts if one.stands and fits(one)]

    return found


def _to_tell(scene: Scene) -> Items:
    return [one.plan_row for one in scene.incident.notice.to_tell if one.waits]


# ---------------------------------------------------------------- people


def _to_accept(scene: Scene) -> Items:
    for role, named in scene.incident.people.roles.items():
        mine = named.person == scene.who.id and scene.who.holds((named.role,))
        if mine and named.accepted_at is None:
            yield role


def _to_hand_over(scene: Scene) -> Items:
    names = scene.who.holds(ASSIGNERS)
    for role, named in scene.incident.people.roles.items():
        if names or scene.who.id in (named.person, named.before):
            yield role


def _may_be_absent(scene: Scene) -> Items:
    absent, tells = scene.incident.people.absences, scene.who.holds(TELL_ABSENCE)
    for role in sorted(TEAM):
        if str(role) not in absent and (tells or scene.who.holds((role,))):
            yield str(role)


def _may_be_back(scene: Scene) -> Items:
    who, tells = scene.who, scene.who.holds(TELL_ABSENCE)
    for role, absence in scene.incident.people.absences.items():
        if tells or who.holds((absence.role,)) or who.stands_in_for((absence.role,)):
            yield role


def _holds_to_keep(scene: Scene) -> Items:
    for hold in scene.incident.people.holds.values():
        asked = set(hold.custodians) - set(hold.acknowledged)
        if hold.released_at is None and scene.who.id in asked:
            yield hold.id


def _holds_standing(scene: Scene) -> Items:
    return [h.id for h in scene.incident.people.holds.values() if h.released_at is None]


def _invited(scene: Scene) -> Items:
    outsiders = scene.incident.people.outsiders.values()
    return [one.person for one in outsiders if one.may_enter(scene.at)]


def _recorded_for_me(scene: Scene) -> Items:
    for kept in scene.incident.people.unconfirmed:
        if kept.principal == scene.who.id:
            yield from map(str, range(kept.first, kept.last + 1))


# ---------------------------------------------------------------- review


def _to_do(scene: Scene) -> Items:
    actions = scene.incident.review.actions.values()
    return [one.id for one in actions if one.state in ("open", "failed")]


def _to_verify(scene: Scene) -> Items:
    return [one.id for one in scene.incident.review.actions.values() if one.state == "done"]


def _may_close(scene: Scene) -> Opening:
    waiting = scene.incident.pending.values()
    proposed = any(one.command["type"] == "close_incident" for one in waiting)
    return not proposed and not any(blocking_items(scene.incident))


def _may_reopen(scene: Scene) -> Opening:
    report = scene.incident.report
    return scene.incident.review.closed_at is not None or report.status in ("closed", "linked")


_STANDING_FACT: Final = (FactStatus.REPORTED, FactStatus.VERIFIED, FactStatus.DISPUTED)

_OPENINGS: Final[dict[str, Callable[[Scene], Opening]]] = {
    "acknowledge_report": _acknowledge,
    "accept_report": _undecided,
    "close_report": _no_incident,
    "link_report": _no_incident,
    "raise_grade": lambda scene: scene.incident.report.grade < Grade.CRITICAL,
    "lower_grade": _lower,
    "follow_up_case": lambda scene: scene.incident.report.cases,
    "hand_over_evidence": lambda scene: scene.incident.investigation.evidence,
    "record_test": _unread_tests,
    "verify_fact": _facts(FactStatus.REPORTED, FactStatus.DISPUTED, others=True),
    "verify_facts": lambda scene: bool(to_verify(scene.incident, scene.who.id)),
    "dispute_fact": _facts(FactStatus.REPORTED, FactStatus.VERIFIED),
    "retract_fact": _facts(*_STANDING_FACT),
    "order_halt": lambda scene: scene.incident.report.status in OPEN_REPORT,
    "decide_against_halt": lambda scene: map(str, levels_asked(scene.incident)),
    "confirm_halt": _to_confirm,
    "lift_halt": _to_lift,
    "resume_sale": _resume,
    "confirm_channel": _stopping("confirmed"),
    "take_over_channel": _stopping("confirmed", "taken_over"),
    "confirm_resumed": _resuming,
    "report_drift": _may_be_found,
    "set_scope": lambda scene: _is_open(scene) is True and scene.incident.recall.scope is None,
    "widen_scope": _scope_stands,
    "narrow_scope": _scope_stands,
    "decide_recall": _decide_recall,
    "decide_no_recall": _decide_no_recall,
    "sign_recall_plan": _running,
    "record_notification": _decided,
    "answer_as_consignee": _consignees,
    "take_over_consignee": _unanswered,
    "check_effectiveness": _checked,
    "receive_goods": _goods_come,
    "dispose_goods": _goods_held,
    "correct_count": _to_recount,
    "correct_disposal": _to_correct,
    "settle_remedy": _accepted,
    "refuse_claim": _accepted,
    "complete_recall": _to_complete,
    "request_termination": _to_request,
    "record_termination": _to_terminate,
    "file_first": _first_reports,
    "file_full": _full_reports,
    "attach_receipt": _duties(lambda duty: bool(duty.filings)),
    "confirm_reportable": _duties(lambda duty: duty.is_open and duty.possible),
    "determine_not_reportable": _duties(lambda duty: duty.is_open),
    "review_determination": _duties(lambda duty: duty.status is DutyStatus.DETERMINED),
    "set_due_by_hand": _without_due,
    "confirm_rule_applies": _unverified_rules,
    "answer_authority": _to_answer,
    "extend_answer": _authority_acts(lambda one: one.answered_at is None),
    "settle_objection": _authority_acts(lambda one: one.may_object),
    "attach_to_authority_act": _authority_acts(lambda one: True),
    "withdraw_authority_act": _authority_acts(
        lambda one: one.answered_at is None and not one.parts and one.objected is None
    ),
    "tell_not_needed": _to_tell,
    "inform_partner": lambda scene: tuple(_to_tell(scene)) or True,
    "report_situation": _accepted,
    "accept_role": _to_accept,
    "hand_over_role": _to_hand_over,
    "mark_absent": _may_be_absent,
    "mark_present": _may_be_back,
    "acknowledge_legal_hold": _holds_to_keep,
    "release_legal_hold": _holds_standing,
    "end_invitation": _invited,
    "confirm_recorded": _recorded_for_me,
    "complete_action": _to_do,
    "verify_action": _to_verify,
    "close_incident": _may_close,
    "reopen_incident": _may_reopen,
    ADOPT: lambda scene: is_newer(scene.company, scene.incident),
    **statement_openings.OPENINGS,
    **room_openings.OPENINGS,
}
