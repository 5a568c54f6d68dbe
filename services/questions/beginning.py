"""Questions 1 and 2: who knew first and when the firm acted; why this grade and no other.

What belongs here: the four times, every report, every result of the severity rules. What never
does: a rule (domain/severity_rules.py), or who may open the name of who knew first.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from domain.channels import ChannelAnswered
from domain.grading import SeverityAssessed, is_provisional
from domain.halt import HaltOrdered
from domain.ledger import Entry
from domain.report import ReportAcknowledged, ReportDecided, ReportReceived
from domain.severity import Answers, Grade
from domain.severity_assessment import matching_rules
from domain.severity_questions import QUESTIONS
from domain.severity_rules import NOTHING_ELSE, RULES, Rule
from domain.state import Incident
from domain.values import PrivateText
from services.questions.rows import Answer, Record, Value, first, table, who_did

FALSE_FIRST: Final = ("medical_attention_mentioned", "social_impact_marked", "early_warning")
"""Facts beside the questions that are told only where somebody said so."""

Moment = tuple[str, Entry | None, datetime | None, str | PrivateText | None, str]
"""What happened, by which entry, when, who, and how."""


def who_knew(record: Record) -> Answer:
    """Answer question 1: known, recorded, accepted, first order, with the time between them."""
    reports = list(record.of(ReportReceived))
    known = min(reports, key=lambda one: one.event.first_known_at, default=None)
    moments = list(_moments(record, known))
    known_at = known.event.first_known_at if known else None
    country = known.event.first_known_country if known else ""
    rows = [
        (
            (
                what,
                at,
                who,
                country if what == "known" else "",
                how,
                None if what == "known" else _after(known_at, at),
            ),
            (entry.seq if entry else 0,),
        )
        for what, entry, at, who, how in moments
    ]
    by_name = {what: (at, who, how) for what, _, at, who, how in moments}
    facts: dict[str, Value] = {}
    facts["known_country"] = country
    for what in ("known", "recorded", "accepted", "ordered"):
        at, who, how = by_name[what]
        facts |= {f"{what}_at": at, f"{what}_by": who, f"{what}_how": how}
        facts[f"{what}_after_s"] = _after(known_at, at)
    return Answer(
        number=1,
        facts={**facts, "reports": len(reports)},
        tables=(
            table("times", "what:step at who:person country:market how:how after_s:span", rows),
            table(
                "reports",
                "known_at known_by:person country:market recorded_at late reporter:person"
                " through:through",
                [(_report(one), (one.seq,)) for one in reports],
            ),
        ),
    )


def _moments(record: Record, known: Entry | None) -> Iterator[Moment]:
    """Give the four times of the question, and two that show that orders were not all."""
    told = known.event if known else None
    yield (
        "known",
        known,
        told.first_known_at if told else None,
        told.first_known_by if told else None,
        "",
    )
    recorded = first(record.of(ReportReceived))
    yield (
        "recorded",
        recorded,
        recorded.recorded_at if recorded else None,
        recorded.event.reporter if recorded else None,
        recorded.event.channel if recorded else "",
    )
    seen = first(record.of(ReportAcknowledged))
    yield ("acknowledged", seen, seen.at if seen else None, seen.event.by if seen else None, "")
    accepted = first(
        one for one in record.of(ReportDecided) if str(one.event.outcome) == "accepted"
    )
    yield (
        "accepted",
        accepted,
        accepted.at if accepted else None,
        accepted.event.by if accepted else None,
        "silence" if accepted and accepted.event.by_silence else "",
    )
    order = first(record.of(HaltOrdered))
    yield (
        "ordered",
        order,
        order.at if order else None,
        order.event.by if order else None,
        ("plan:" if order.event.by_plan else "level:") + str(order.event.level) if order else "",
    )
    stopped = first(one for one in record.of(ChannelAnswered) if one.event.state == "confirmed")
    yield (
        "stopped",
        stopped,
        stopped.at if stopped else None,
        who_did(stopped) if stopped else None,
        f"channel:{stopped.event.channel}" if stopped else "",
    )


def _after(known_at: datetime | None, at: datetime | None) -> int | None:
    """Give the whole seconds since the first knowledge."""
    return None if known_at is None or at is None else int((at - known_at).total_seconds())


def _report(entry: Entry) -> tuple[Value, ...]:
    told = entry.event
    return (
        told.first_known_at,
        told.first_known_by,
        told.first_known_country,
        entry.recorded_at,
        entry.backfilled,
        told.reporter,
        told.channel,
    )


# ---------------------------------------------------------------- question 2


def why_this_grade(record: Record) -> Answer:
    """Answer question 2: the answers, the rules they hit and did not, every change with signers."""
    results = list(record.of(SeverityAssessed))
    lowered = [one for one in results if _step(one) == "lowered"]
    raised = [one for one in results if _step(one) == "raised"]
    return Answer(
        number=2,
        facts={
            **_grade_now(record.state, results[-1] if results else None),
            "changes": len(results),
            "raised": len(raised),
            "lowered": len(lowered),
            "lowered_by": _signers(lowered[-1]) if lowered else (),
            "lowered_why": lowered[-1].event.reason if lowered else "",
        },
        tables=(
            table(
                "changes",
                "at change:grade_change before grade attention rules:codes provisional"
                " signers:people reason",
                [(_change(one), (one.seq,)) for one in results],
            ),
            table("answers", "question:pair answer counted", _answers(record.state, results)),
            table(
                "rules",
                "rule:severity_rule floor held source:sentence",
                _rules(record.state, results),
            ),
        ),
    )


def _grade_now(state: Incident, last: Entry | None) -> dict[str, Value]:
    """Give the grade, the rules that make it, and those of a higher grade, held and not."""
    if last is None:
        return {"grade": None}
    now = state.report
    held = _held(state)
    above = [rule for rule in RULES if rule.floor > now.grade]
    return {
        "grade": now.grade,
        "provisional": is_provisional(state),
        "attention": now.attention,
        "expected_class": now.expected_class,
        "made_by": tuple(rule.id for rule in held if rule.floor == now.grade),
        "raised_by_m1": "M1" in last.event.rules,
        "held_above": tuple(rule.id for rule in held if rule.floor > now.grade),
        "not_held_above": sum(rule not in held for rule in above),
        "unknown": len(_unknown(now.answers)),
        "counted_unknown": tuple(last.event.find_out),
    }


def _held(state: Incident) -> tuple[Rule, ...]:
    """Give the rules that hold on the answers as they stand, whatever people signed since."""
    return matching_rules(state.report.answers, state.rules.plan.severity)


def _rules(
    state: Incident, results: list[Entry]
) -> Iterator[tuple[tuple[Value, ...], tuple[int, ...]]]:
    """Give every rule that was ever hit, and every one of a higher grade: does it hold now?"""
    if not results:
        return
    held, ever = _held(state), {rule for one in results for rule in one.event.rules}
    for rule in (*RULES, NOTHING_ELSE):
        if rule.id in ever or rule in held or rule.floor > state.report.grade:
            hit = tuple(one.seq for one in results if rule.id in one.event.rules)
            yield (rule.id, rule.floor, rule in held, rule.source), hit


def _step(entry: Entry) -> str:
    """Say what a result did to the grade; Minor is where every incident begins, before any."""
    told = entry.event
    if told.grade == told.before:
        return "same"
    if told.before == Grade.MINOR and not told.reason:
        return "graded"
    return "raised" if told.grade > told.before else "lowered"


def _change(entry: Entry) -> tuple[Value, ...]:
    told = entry.event
    return (
        entry.at,
        _step(entry),
        told.before,
        told.grade,
        told.attention,
        tuple(told.rules),
        told.provisional,
        _signers(entry),
        told.reason,
    )


def _signers(entry: Entry) -> tuple[str, ...]:
    """Name who stands behind a result: its signers, or who answered."""
    return tuple(one.person for one in entry.event.signers) or (who_did(entry),)


def _unknown(answers: Answers) -> list[str]:
    """Name the questions and their parts that nobody has answered."""
    return [code for code, _ in _asked() if not _is_told(getattr(answers, code))]


def _is_told(value: Value) -> bool:
    return value is not None and value != () and str(value) != "unknown"


def _asked() -> Iterator[tuple[str, tuple[str, str]]]:
    """Give every question and part that has a field, with its words in both languages."""
    fields = Answers.__dataclass_fields__
    for question in QUESTIONS:
        if question.code in fields:
            yield question.code, (question.text_en, question.text_zh)
        for part in question.parts:
            if part.code in fields:
                yield part.code, (part.label_en, part.label_zh)


def _answers(
    state: Incident, results: list[Entry]
) -> Iterator[tuple[tuple[Value, ...], tuple[int, ...]]]:
    """Give each question with its answer, None where nobody knows, and whether that counted."""
    if not results:
        return
    last = results[-1]
    answers, counted = state.report.answers, last.event.find_out
    for code, words in _asked():
        value = getattr(answers, code)
        told = value if _is_told(value) else None
        yield ((words, told, code in counted), (last.seq,))
    for code in FALSE_FIRST:
        if getattr(answers, code):
            label = Answers.__dataclass_fields__[code].metadata["label"]
            yield (((label, ""), True, False), (last.seq,))
