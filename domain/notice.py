"""Stage `notice` 通报监管部门: what must be told to whom by when, and the calendar's answers.

What belongs here: the dues of the stage, and turning a calendar's answer into a command. What never
does: an act on a duty (domain/duties.py, domain/filing.py, domain/determining.py), or the acts of
authorities (domain/authorities.py).

These clocks run from what somebody knew, not from the acceptance of the report, and they do not
stop when a report is closed: each ends by a filing, a determination, or where its own rule says so.
A limit of the law is marked as such; a guideline, a request and our own targets say what they are.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from domain.arising import TOLD_BY_PHONE, own_time
from domain.dispatch import Due, watches
from domain.duties import DUE_KEY, RecordDue, RecordNoDue, judged_of, rule_of
from domain.people import Role
from domain.plan_rows import Share
from domain.regulation_terms import DueBasis, DutyStatus, Force
from domain.stages import Stage
from domain.state import Incident
from domain.state.notice import Duty
from domain.values import PublicText
from domain.wire import read_instant

HALF_A_MINUTE = timedelta(seconds=30)
SHOWN_AS = {
    DueBasis.LAW: "",
    DueBasis.GUIDELINE: " (guideline)",
    DueBasis.REQUEST: " (asked for by the rules; no limit of the law)",
    DueBasis.BY_HAND: " (time set by hand)",
    DueBasis.READ: " (as legal read it here)",
}
AT_ONCE = {
    Force.LAW: "the law says: at once",
    Force.GUIDELINE: "the guideline says: at once",
    Force.REQUEST: "{asked_by} for it immediately; no limit of the law",
}
"""What stands behind our own target where a rule names no number, by how far the rule binds."""


# ---------------------------------------------------------------- the calendar's answers


def due_command(duty: str, derived: Mapping[str, Any]) -> RecordDue:
    """Make the clock's command of a derived due time, as it comes back from the activity.

    `derived` holds the fields of a derivation as plain JSON values, each of its steps with a
    sentence in `en` and `zh`.
    """
    steps = derived["steps"]
    return RecordDue(
        duty=duty,
        start_at=read_instant(derived["start_at"]),
        due_at=read_instant(derived["due_at"]),
        limit=derived["limit"],
        counting=derived["counting"],
        provisional=derived["provisional"],
        calendar=derived["calendar"],
        calendar_source=derived["calendar_source"],
        calendar_version=derived["calendar_version"],
        calendar_hash=derived["calendar_hash"],
        calendar_first_on=derived["calendar_first_on"],
        calendar_last_on=derived["calendar_last_on"],
        steps_en=tuple(PublicText(step["en"]) for step in steps),
        steps_zh=tuple(PublicText(step["zh"]) for step in steps),
    )


def no_due_command(duty: str, start_at: str, why: str) -> RecordNoDue:
    """Make the clock's command of a calendar's refusal; `start_at` is ISO text as it was asked."""
    return RecordNoDue(duty=duty, start_at=read_instant(start_at), why=PublicText(why[:2000]))


# ---------------------------------------------------------------- what is due


@watches(Stage.NOTICE)
def duties_due(incident: Incident) -> Iterator[Due]:
    """Every open duty: its limit, our earlier target, and what people must say about it first."""
    yield from _rules_to_confirm(incident)
    for duty in incident.notice.duties.values():
        if duty.is_open and duty.counts:
            yield from _filing(incident, duty)
            yield from _judging(incident, duty)
            yield from _by_hand(incident, duty)
        elif duty.status is DutyStatus.DETERMINED:
            yield from _review(duty)


def _filing(incident: Incident, duty: Duty) -> Iterator[Due]:
    if duty.due_at is None or duty.due_basis is None:
        return
    act = "file_first" if duty.status is DutyStatus.OPEN else "file_full"
    yield _filing_due(incident, duty, DUE_KEY, duty.due_at, act)
    if duty.phone_at is not None and duty.status is DutyStatus.OPEN:
        yield _filing_due(incident, duty, "duty_phone:", duty.phone_at, act)
    share = incident.rules.plan.grades[incident.report.grade].internal_target
    if share is not None and duty.due_basis is not DueBasis.COMPANY and not duty.is_before:
        early_at = part_of(duty.start_at, duty.due_at, share)
        yield _filing_due(incident, duty, "duty_target:", early_at, act)


def _filing_due(incident: Incident, duty: Duty, key: str, due_at: datetime, act: str) -> Due:
    """Give one clock over a filing; only the deadline itself can be a limit of the law."""
    basis = (duty.due_basis if key == DUE_KEY else None) or DueBasis.COMPANY
    shown = {
        DUE_KEY: _shown_as(incident, duty, basis),
        "duty_phone:": " by phone" + _at_once(incident, duty),
        "duty_target:": " (our own earlier target)",
    }[key]
    possible = "Possibly: " if duty.possible else ""
    return Due(
        key=f"{key}{duty.id}:{duty.dues}{_since(duty)}",
        stage=Stage.NOTICE,
        title=f"{possible}{_named(duty)}, to the {duty.authority_en}{shown}",
        roles=tuple(incident.rules.plan.act(act, incident.report.grade).proposers),
        start_at=min(duty.arisen_at, due_at) if duty.is_before else duty.start_at,
        due_at=due_at,
        act=act,
        item=duty.id,
        law=basis is DueBasis.LAW,
        market=duty.place or duty.market,
    )


def _since(duty: Duty) -> str:
    """Give what tells a clock of a duty that opened again from its clock before that."""
    return "" if duty.afresh is None else f":{duty.afresh}"


def _shown_as(incident: Incident, duty: Duty, basis: DueBasis) -> str:
    """Say what a deadline rests on; a rule that asks and does not bind is named by its article.

    Nobody at the authority asked for this report: its rules ask it of everybody (21 CFR part 7).
    """
    if basis is DueBasis.COMPANY:
        return _at_once(incident, duty)
    citation = _citation(incident, duty)
    if basis is not DueBasis.REQUEST or not citation:
        return SHOWN_AS[basis]
    return f" (asked for by {citation}; no limit of the law)"


def _at_once(incident: Incident, duty: Duty) -> str:
    """Say that a time is our own, and what the rule says: one that asks is never called law."""
    citation = _citation(incident, duty)
    asked_by = f"{citation} asks" if citation else "the rules ask"
    return f" (our own target; {AT_ONCE[duty.force].format(asked_by=asked_by)})"


def _citation(incident: Incident, duty: Duty) -> str:
    """Give where the rule of a duty stands; nothing where the rules that hold lack it."""
    rule = rule_of(incident, duty.rule)
    return rule.citation if rule is not None else ""


def _named(duty: Duty) -> str:
    """Name a duty for people: what is reported, about whom, where."""
    about = "" if duty.subject == "incident" else f", {duty.subject}"
    return f"{duty.title_en}{about} ({duty.place})"


def part_of(start_at: datetime, due_at: datetime, share: Share) -> datetime:
    """Give the instant when a part of the time from start to due is over, to the nearest minute.

    It is our own target: nobody is helped by its seconds.
    """
    at = start_at + (due_at - start_at) * share.part // share.of
    told = (at + HALF_A_MINUTE).replace(second=0, microsecond=0)
    return min(max(start_at, told), due_at)


def _judging(incident: Incident, duty: Duty) -> Iterator[Due]:
    """A possible duty is judged by a named person, within our time for telling by phone."""
    if duty.possible:
        yield _asked(
            incident,
            f"judge_duty:{duty.id}{_since(duty)}",
            f"Is it reportable? {_named(duty)}",
            duty=duty,
            act="confirm_reportable",
            item=duty.id,
        )


def _by_hand(incident: Incident, duty: Duty) -> Iterator[Due]:
    if duty.no_due_why:
        yield _asked(
            incident,
            f"set_due:{duty.id}:{duty.moves}",
            f"Set the due time by hand: {_named(duty)}. {duty.no_due_why}",
            duty=duty,
            act="set_due_by_hand",
            item=duty.id,
        )


def _rules_to_confirm(incident: Incident) -> Iterator[Due]:
    """A rule that nobody verified drives no deadline: legal says whether it applies here.

    Of a rule that the rules of now lack, nobody can say it any more: its duty is asked about.
    """
    asked: dict[str, Duty] = {}
    for duty in incident.notice.duties.values():
        if not duty.is_open or duty.counts:
            continue
        if rule_of(incident, duty.rule) is None:
            yield _without_rule(incident, duty)
        elif judged_of(incident, duty.rule) is None:
            asked.setdefault(duty.rule, duty)
    for rule, first in asked.items():
        yield _asked(
            incident,
            f"confirm_rule:{rule}",
            f"Not verified: does {rule} apply here? {first.title_en}",
            duty=first,
            act="confirm_rule_applies",
            item=rule,
        )


def _without_rule(incident: Incident, duty: Duty) -> Due:
    return _asked(
        incident,
        f"rule_gone:{duty.id}",
        f"Its rule is not among the rules any more. Set its time by hand, file it, or determine "
        f"that nothing is to be filed: {_named(duty)}",
        duty=duty,
        act="set_due_by_hand",
        item=duty.id,
    )


def _asked(incident: Incident, key: str, title: str, *, duty: Duty, act: str, item: str) -> Due:
    """Ask people of the duty's market something about it, in our time for telling by phone."""
    limit = own_time(incident, TOLD_BY_PHONE)
    return Due(
        key=key,
        stage=Stage.NOTICE,
        title=title[:300],
        roles=(Role.LEGAL, Role.REGULATORY_AFFAIRS),
        start_at=duty.arisen_at,
        due_at=incident.rules.due_at(duty.arisen_at, limit),
        act=act,
        item=item,
        market=duty.place or duty.market,
    )


def _review(duty: Duty) -> Iterator[Due]:
    last = duty.determinations[-1]
    if last.review_at is not None:
        yield Due(
            key=f"review_duty:{duty.id}:{last.seq}",
            stage=Stage.NOTICE,
            title=f"Look again: nothing was to be filed. {_named(duty)}",
            roles=(Role.REGULATORY_AFFAIRS, Role.LEGAL),
            start_at=last.at,
            due_at=last.review_at,
            act="review_determination",
            item=duty.id,
            market=duty.place or duty.market,
        )
