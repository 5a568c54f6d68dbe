"""What a form starts with: what is known already, so that nobody types it again.

What belongs here: bodies to begin with, outside texts and the recall. What never does: the fields
themselves (api/forms.py), or a rule.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from api.pages import earlier, facts_filling, late_duties, recall_filling, text_filling
from api.pages.looking import View
from api.pages.people_told import told_besides
from api.pages.possible import item_field, open_items
from api.typed import Raw, raw_of
from domain.cases import is_serious
from domain.grading import known_evidence
from domain.halt import free_levels
from domain.meetings import MeetingKind
from domain.message import CommandSpec
from domain.people import Role
from domain.regulation_terms import DutyStatus, FilingKind
from domain.state.investigation import Verdict
from domain.state.report import Report, ReportState
from domain.wire import encode, instant_text


def filled_before(view: View, spec: CommandSpec, item: str) -> Raw:
    """Fill a form with what is known already, where asking for it again would be a burden."""
    begin = _BEGINNINGS.get(spec.name)
    return {**_only_one(view, spec), **(begin(view, spec, item) if begin else {})}


def _only_one(view: View, spec: CommandSpec) -> Raw:
    """Choose what the act is about, when there is only one thing it can be about."""
    items = open_items(view, spec) or ()
    return {item_field(spec): list(items)} if len(items) == 1 else {}


# ---------------------------------------------------------------- report and halt


def _answers(view: View, spec: CommandSpec, _item: str) -> Raw:
    """Begin with the answers that stand, and with what a measured test says of how we know."""
    answers = replace(view.state.report.answers, evidence=known_evidence(view.state))
    return raw_of(spec.type, {"answers": encode(type(answers), answers)}, view.lens.zone)


def _acceptance(view: View, spec: CommandSpec, _item: str) -> Raw:
    """Begin with who commands by the company's list: the reader first, if it is the reader."""
    role = Role.INCIDENT_COMMANDER
    leads = [one.id for one in view.lens.names.holders(str(role))]
    if view.actor.holds((role,)):
        leads = [view.visit.who.id]
    return raw_of(spec.type, {"commander": leads[0]} if leads else {}, view.lens.zone)


def _case(view: View, spec: CommandSpec, _item: str) -> Raw:
    """Begin the first hurt person with what was reported.

    A second one lives, as a rule, where the last one does. When we learned of whoever a report
    tells of stands in that report; of anybody else it is their own story, and the clocks of the
    law start there.
    """
    report = view.state.report
    body: dict[str, Any] = {}
    if report.cases:
        body = {"country": list(report.cases.values())[-1].country}
        if told := _told_of_next(report):
            body["awareness_at"] = instant_text(told.first_known_at)
    elif report.reports:
        first = report.reports[0]
        body = {
            "awareness_at": instant_text(first.first_known_at),
            "country": first.first_known_country,
        }
    if len(report.products) == 1:
        body["product"] = report.products[0]
    if len(report.lots) == 1:
        body["lot"] = report.lots[0]
    return raw_of(spec.type, body, view.lens.zone)


def _told_of_next(report: ReportState) -> Report | None:
    """Give the report that tells of a person who is not registered yet; None where none does."""
    if (report.answers.people or 0) > len(report.cases):
        return report.reports[0]
    further = [one for one in report.reports[1:] if one.people_hurt]
    return further[-1] if report.told_besides and further else None


def _level(view: View, spec: CommandSpec, _item: str) -> Raw:
    """Begin with the level that the plan asks a decision about at this grade."""
    level = view.state.rules.plan.grades[view.state.report.grade].halt_by_decision
    body = {"level": str(level)} if level in free_levels(view.state) else {}
    return raw_of(spec.type, body, view.lens.zone)


# ---------------------------------------------------------------- investigation and people


def _hazard(view: View, spec: CommandSpec, _item: str) -> Raw:
    """Begin with how many were hurt, in numbers: what happened to them is read in the cases."""
    body: dict[str, Any] = {"injuries": _hurt(view)}
    if not view.state.investigation.has_evaluation:
        body["preliminary"] = True
    return raw_of(spec.type, body, view.lens.zone)


def _hurt(view: View) -> str:
    """Say how many are registered as hurt, or reported and not registered yet; else nothing."""
    lens, report = view.lens, view.state.report
    if report.cases:
        serious = sum(is_serious(case.levels) for case in report.cases.values())
        cases = lens.listed(report.cases)
        told = lens.words.ngettext(
            "%(n)s person registered as hurt, %(serious)s of them seriously (%(cases)s).",
            "%(n)s people registered as hurt, %(serious)s of them seriously (%(cases)s).",
            len(report.cases),
        )
        counted = told % {"n": len(report.cases), "serious": serious, "cases": cases}
        return lens.sentences((counted, _besides(view)))
    if not report.answers.people:
        return _besides(view)
    told = lens.words.ngettext(
        "%(n)s person reported as hurt; nobody is registered yet.",
        "%(n)s people reported as hurt; nobody is registered yet.",
        report.answers.people,
    )
    counted = told % {"n": report.answers.people}
    return lens.sentences((counted, _besides(view)))


def _besides(view: View) -> str:
    besides = told_besides(view.lens, view.state.report)
    return view.lens("Besides, %(told)s.", told=besides) if besides else ""


def _finding(view: View, spec: CommandSpec, _item: str) -> Raw:
    """Begin a finding with what failed in the laboratory, and with the lots of the scope."""
    failed = [
        test.id for test in view.state.investigation.tests.values() if test.verdict is Verdict.FAIL
    ]
    body = {"basis": failed, "lots": list(view.state.recall.coverage.lots)}
    return raw_of(spec.type, body, view.lens.zone)


def _meeting(view: View, spec: CommandSpec, _item: str) -> Raw:
    """Begin with the kind that comes next and with its end, which is now."""
    held = view.state.people.meetings
    body = {
        "kind": str(MeetingKind.SITUATION if held else MeetingKind.KICK_OFF),
        "ended_at": instant_text(view.lens.now),
    }
    return raw_of(spec.type, body, view.lens.zone)


def _first_filing(view: View, spec: CommandSpec, item: str) -> Raw:
    """Begin a first report with why it is late, where its time was over before it was known."""
    return raw_of(spec.type, _late(view, item), view.lens.zone)


def _late(view: View, item: str) -> dict[str, Any]:
    duty = view.state.notice.duties.get(item)
    if duty is None or not late_duties.over_before(view, duty):
        return {}
    return {"late_reason": late_duties.reason(view, duty)}


def _filing(view: View, spec: CommandSpec, item: str) -> Raw:
    """Begin a full report with what it is: the first in writing, or one that follows."""
    duty = view.state.notice.duties.get(item)
    filed = duty is not None and duty.status is DutyStatus.FILED
    kind = FilingKind.FOLLOW_UP if filed else FilingKind.INITIAL
    return raw_of(spec.type, {"kind": str(kind), **_late(view, item)}, view.lens.zone)


def _receipt(view: View, spec: CommandSpec, item: str) -> Raw:
    """Begin with the first report of the duty that has no receipt yet."""
    duty = view.state.notice.duties.get(item)
    without = [one.number for one in duty.filings if not one.receipt] if duty else []
    return raw_of(spec.type, {"filing": without[0]} if without else {}, view.lens.zone)


def _rule(view: View, spec: CommandSpec, item: str) -> Raw:
    """Begin with the limit that the table names: left empty, it would be said to be none."""
    rule = next((each for each in view.state.rules.regulations if each.id == item), None)
    if rule is None:
        return {}
    body = {
        "limit": "" if rule.is_immediate else rule.limit.text,
        "counting": str(rule.counting or ""),
    }
    return raw_of(spec.type, body, view.lens.zone)


def _telling(view: View, spec: CommandSpec, item: str) -> Raw:
    """Begin with the part that the plan's line names, where one line is meant."""
    rows = open_items(view, spec) or ()
    row = item or (rows[0] if len(rows) == 1 else "")
    kinds = [one.kind for one in view.state.notice.to_tell if one.plan_row == row]
    return raw_of(spec.type, {"kind": kinds[0], "plan_row": row} if kinds else {}, view.lens.zone)


_BEGINNINGS: Final[dict[str, Callable[[View, CommandSpec, str], Raw]]] = {
    "assess_severity": _answers,
    "accept_report": _acceptance,
    earlier.LINK: earlier.linking_begins,
    "register_case": _case,
    "attach_receipt": _receipt,
    "inform_partner": _telling,
    "order_halt": _level,
    "evaluate_hazard": _hazard,
    "sign_finding": _finding,
    "hold_meeting": _meeting,
    "file_first": _first_filing,
    "file_full": _filing,
    "confirm_rule_applies": _rule,
    **facts_filling.BEGINNINGS,
    **recall_filling.BEGINNINGS,
    **text_filling.BEGINNINGS,
}
