"""The scorecard of a drilled case: how long everything took that plan or law gives a time.

What belongs here: milestones, groups, verdicts, what deserves a look, in English and Chinese beside
each other, and all of it as plain values. What never does: measuring (services/measuring.py), or
printing (cli/drill_text.py). All times are the story's own.
"""

import re
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import median
from typing import Any, Final

from cli.bilingual import NOTHING, Both, length_of
from cli.drill_story import Beat, Reader
from domain.acts import ActRefused
from domain.adopting import first_rules
from domain.incident import new_incident
from domain.ledger import Entry
from domain.message import COMMANDS, event_spec
from domain.plan_terms import Basis
from domain.regulation_terms import DueBasis, Force
from domain.stages import Stage
from domain.wire import instant_text
from services.measuring import Measured, measured

MANY: Final = 4
"""From so many alike on, things are told in one line."""

MILESTONES: Final[tuple[tuple[str, Both], ...]] = (
    ("HaltOrdered", Both("first order to a channel", "首个停售令发出")),
    ("ReportDecided", Both("accepted as an incident", "作为事件受理")),
    ("HazardEvaluated", Both("health hazard evaluated", "健康危害评估")),
    ("ScopeSet", Both("scope set", "确定召回范围")),
    ("RecallDecided", Both("recall decided", "决定是否召回")),
    ("RecallPlanSigned", Both("recall plan signed", "召回计划签署")),
    ("StatementPublished", Both("first text out", "首份文本发布")),
    ("DutyFiled", Both("first filing with an authority", "首次向监管部门报告")),
    ("FindingSigned", Both("finding signed", "调查结论签署")),
    ("RecallEnded", Both("recall ended in a market", "首个市场召回完成")),
    ("IncidentClosed", Both("closed and sealed", "关闭并封存")),
)
"""What is measured from the report on: the event that shows it, and words."""

GROUPS: Final[dict[str, Both]] = {
    "channel": Both("Channels say that they stopped", "渠道确认停售"),
    "sign": Both("Further signatures under an act", "会签"),
    "approve": Both("Texts approved", "文本审批"),
    "meeting": Both("Meetings held", "会议"),
    "consignee": Both("Consignees answer", "收货方答复"),
    "hold": Both("Legal hold confirmed by those who keep things", "保管人确认证据保全"),
    "accept_role": Both("Roles accepted", "角色接任"),
    "confirm_halt": Both("Halts confirmed by a second person", "停售令由第二人确认"),
    "duty_target": Both("Our own earlier targets for filings", "提交报告的内部提前目标"),
    "duty_phone": Both("Authorities told by phone", "电话报告监管部门"),
    "statement": Both("The next text of a series", "系列文本的下一份"),
    "action": Both("Actions done", "整改措施完成"),
    "verify": Both("Actions verified", "整改措施验证"),
    "test": Both("Results of tests", "检验结果"),
    "enquiry": Both("Questions from outside answered", "外部询问答复"),
    "recall_time_limit": Both("Recall completed, by market", "各市场完成召回"),
    "judge_duty": Both("Judged whether it is reportable", "判断是否应报告"),
    "review_duty": Both("Looked again: nothing was to be filed", "复核“无需报告”的判定"),
}
"""What the kinds of dues are called when many are told in one line, by what their keys begin with;
kinds without a name here are told one by one."""

STEPS: Final = {
    "accept_report": "grade_and_accept",
    "verify": "capa_verified",
    "accept_role": "form_team",
    "duty_phone": "authority_phone",
}
"""The plan's row of times behind a due, where its key begins otherwise."""

FORCES: Final = {
    "law": Both("Required by law", "法律法规规定的时限"),
    "at_once": Both(
        "Where the law says “at once”: our own targets [PRO]",
        "法律法规要求“立即”：内部目标[PRO]",
    ),
    "asked_at_once": Both(
        "Where an authority’s rules ask for it immediately: our own targets [PRO]",
        "监管部门的规则要求“立即”（非法定时限）：内部目标[PRO]",
    ),
    "asked": Both("Asked by an authority or by its guideline", "监管部门或其指南要求的时限"),
    "own": Both("Our own times, never law", "内部时限（非法律要求）"),
}
"""What stands behind a time: law, law without a number, an authority's wish, or our own word."""

BASES: Final = {
    Basis.TARGET: Both("company target", "公司目标"),
    Basis.PRACTICE: Both("common practice", "惯例"),
    Basis.GUIDANCE: Both("guidance", "指南"),
    Basis.SOURCE_PLANS: Both("asked by source plans", "来自原预案"),
}
BY_PHONE = Both("by phone: {title}", "电话报告：{title}")
IN_TIME, LATE_WORD = Both("in time", "按时"), Both("late", "逾期")
LATE = Both("late by {late}", "逾期{late}")
ASKED_LATE = Both(
    "late by {late}; its time was over when it became known", "逾期{late}；获知时期限已过"
)
OPEN = Both("open", "未完成")
OPEN_LATE = Both("open, late by {late}", "未完成，已逾期{late}")
SILENCE = Both("by silence", "无人答复，预案代行")
SOME_LATE = Both("{late} late", "{late}项逾期")
MEDIAN = Both(
    "median {median}; slowest {took} of {allowed}",
    "中位数{median}；最慢{took}，时限{allowed}",
)
SLOWEST = Both("{median}: {title}", "{median}：{title}")
TITLED = Both("{title}: {verdict}", "{title}：{verdict}")
ENDINGS: Final = {
    "DutyDetermined": Both("nothing to file", "判定无需报告"),
    "DutyEnded": Both("ended with the recall", "随召回终止而结束"),
    "ActDeclined": Both("declined", "未获同意"),
    "ActLapsed": Both("lapsed", "失效"),
}
"""Events that end a due without what was asked being done."""

ROW_LIMIT, LIST_LIMIT = 200, 100
_TAIL = re.compile(
    r"( by phone)?( \(our own (earlier )?target(?:; (?:the law|the guideline) says: at once)?\)"
    r"| \(our own target; [^;]* for it immediately; no limit of the law\)"
    r"| \(request of the authority\)| \(asked for by [^;]*; no limit of the law\)"
    r"| \(guideline\)| \(time set by hand\)| \(as legal read it here\))$"
)
"""What the title of a filing ends with; the scorecard says it once, above all of them."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line: what, how long it might take and took, in a word how it went, and `more` of it.

    `mark` is the basis of a time of ours. Of several alike (`count`), `more` tells the median and
    the slowest, `late` those that were late.
    """

    title: Both
    stage: Stage
    allowed: timedelta
    took: timedelta
    word: Both
    is_late: bool
    mark: str = ""
    count: int = 1
    more: Both = NOTHING
    late: tuple[Both, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Section:
    """Rows with one kind of authority behind them, and how many of what they stand for are late."""

    key: str
    title: Both
    rows: tuple[Row, ...]
    count: int
    late: int


@dataclass(frozen=True, kw_only=True)
class Note:
    """Something that deserves a look, and when."""

    at: datetime
    text: Both


@dataclass(frozen=True, kw_only=True)
class Card:
    """The scorecard: everything that is printed, and `measured` for what is only in the JSON."""

    reader: Reader
    grade: Both
    milestones: tuple[tuple[Both, timedelta], ...]
    sections: tuple[Section, ...]
    late: tuple[Note, ...]
    refused: tuple[Note, ...]
    silent: tuple[Note, ...]
    reminders: int
    overdue_marks: int
    measured: tuple[Measured, ...]


def card_of(reader: Reader) -> Card:
    """Score a case that was played."""
    simulated = reader.simulated
    state = simulated.state
    empty = new_incident(simulated.played.incident, first_rules(state), drill="simulation")
    empty = replace(empty, find_rules=state.find_rules)
    found = measured(empty, (entry.content for entry in simulated.entries))
    entries = reader.entries
    rungs = [e.event for e in entries if event_spec(e.event).name == "RungReached"]
    return Card(
        reader=reader,
        grade=reader.both(lambda lens: lens.word(simulated.state.report.grade)),
        milestones=tuple(_milestones(entries)),
        sections=tuple(_sections(reader, found)),
        late=tuple(_late(reader, found)),
        refused=tuple(_notes(reader, (e for e in entries if isinstance(e.event, ActRefused)))),
        silent=tuple(_notes(reader, (e for e in entries if getattr(e.event, "by_silence", False)))),
        reminders=sum(not rung.overdue for rung in rungs),
        overdue_marks=sum(rung.overdue for rung in rungs),
        measured=tuple(found),
    )


def _milestones(entries: Sequence[Entry]) -> list[tuple[Both, timedelta]]:
    """Give what was reached, in the order in which it was."""
    first: dict[str, datetime] = {}
    for entry in entries:
        first.setdefault(event_spec(entry.event).name, entry.recorded_at)
    start = entries[0].recorded_at
    found = [(words, first[kind] - start) for kind, words in MILESTONES if kind in first]
    return sorted(found, key=lambda row: row[1])


# ---------------------------------------------------------------- rows


def _sections(reader: Reader, found: Iterable[Measured]) -> Iterator[Section]:
    by_force: dict[str, list[Measured]] = {key: [] for key in FORCES}
    for seen in found:
        by_force[_force(reader, seen)].append(seen)
    for key, those in by_force.items():
        if those:
            yield Section(
                key=key,
                title=FORCES[key],
                rows=tuple(_rows(reader, those)),
                count=len(those),
                late=sum(_counts_late(seen) for seen in those),
            )


def _force(reader: Reader, seen: Measured) -> str:
    """Say what stands behind a time (`FORCES`)."""
    if seen.due.law:
        return "law"
    duty = reader.simulated.state.notice.duties.get(seen.due.item)
    if duty is None or seen.group not in ("duty", "duty_phone"):
        return "own"
    if duty.due_basis is not DueBasis.COMPANY:
        return "asked"
    return "at_once" if duty.force is Force.LAW else "asked_at_once"


def _rows(reader: Reader, those: Iterable[Measured]) -> Iterator[Row]:
    """Give a row each, or one for many alike, in the order of the stages."""
    stages = list(Stage)
    alike: dict[str, list[Measured]] = {}
    for seen in sorted(those, key=lambda seen: stages.index(seen.due.stage)):
        alike.setdefault(_alike(reader, seen), []).append(seen)
    for group in alike.values():
        is_told_once = group[0].group in (*GROUPS, "duty")
        same = len({seen.due.title for seen in group}) == 1
        if is_told_once and (len(group) >= MANY or (same and len(group) > 1)):
            yield _of_many(reader, group, group[0])
        else:
            yield from (_of_one(reader, seen) for seen in group)


def _alike(reader: Reader, seen: Measured) -> str:
    """Say what a due is told together with: its kind; filings with those of the same rule."""
    duty = reader.simulated.state.notice.duties.get(seen.due.item)
    if seen.group == "duty" and duty is not None:
        return f"duty:{duty.rule}"
    if seen.group == "statement" and ":again:" not in seen.due.key:
        return seen.due.key
    return seen.group


def _of_one(reader: Reader, seen: Measured) -> Row:
    word, verdict, title = _word(seen), _verdict(seen), _title(reader, seen)
    return Row(
        title=BY_PHONE.filled(title=title) if seen.group == "duty_phone" else title,
        stage=seen.due.stage,
        allowed=seen.allowed,
        took=seen.took,
        word=word,
        is_late=_counts_late(seen),
        mark=_mark(reader, seen),
        more=NOTHING if word == verdict else verdict,
    )


def _of_many(reader: Reader, group: Sequence[Measured], first: Measured) -> Row:
    late = [seen for seen in group if _counts_late(seen)]
    slowest = max(group, key=lambda seen: seen.share)
    middle = timedelta(seconds=median(seen.took.total_seconds() for seen in group))
    told = MEDIAN.filled(
        median=length_of(middle), took=length_of(slowest.took), allowed=length_of(slowest.allowed)
    )
    return Row(
        title=_title(reader, first) if first.group == "duty" else GROUPS[first.group],
        stage=first.due.stage,
        allowed=slowest.allowed,
        took=slowest.took,
        word=SOME_LATE.filled(late=len(late)) if late else IN_TIME,
        is_late=bool(late),
        mark=_mark(reader, first),
        count=len(group),
        more=SLOWEST.filled(median=told, title=_title(reader, slowest, LIST_LIMIT)),
        late=tuple(_titled(reader, seen) for seen in late),
    )


def _title(reader: Reader, seen: Measured, limit: int = ROW_LIMIT) -> Both:
    """Name a due, without what its section says of it already."""
    english, tail = seen.due.title, _TAIL.search(seen.due.title)
    title = reader.titled(english[: tail.start()] if tail else english)
    return Both(*(textwrap.shorten(each, limit, placeholder=" …") for each in title))


def _titled(reader: Reader, seen: Measured) -> Both:
    return TITLED.filled(title=_title(reader, seen, LIST_LIMIT), verdict=_verdict(seen))


def _mark(reader: Reader, seen: Measured) -> str:
    """Give what the plan says is behind a time of ours, where a row of it says so."""
    if seen.group == "duty_target":
        return str(Basis.TARGET)
    row = reader.simulated.state.rules.plan.times.get(STEPS.get(seen.group, seen.group))
    is_ours = row is not None and row.basis in BASES and _force(reader, seen) == "own"
    return str(row.basis) if row is not None and is_ours else ""


def _counts_late(seen: Measured) -> bool:
    """Say whether it was late; what the plan did at the end of its time was not."""
    return seen.is_late and not _by_silence(seen)


def _by_silence(seen: Measured) -> bool:
    return seen.ending is not None and seen.ending.by_itself and bool(seen.due.silence)


def _word(seen: Measured) -> Both:
    """Say in a word how it went."""
    if _by_silence(seen):
        return SILENCE
    if seen.is_late:
        return LATE_WORD
    return OPEN if seen.ending is None else IN_TIME


def _verdict(seen: Measured) -> Both:
    """Say how it went, with how late it was and what ended it otherwise."""
    if _by_silence(seen):
        return SILENCE
    late = length_of(seen.late_by)
    if seen.ending is None:
        return OPEN_LATE.filled(late=late) if seen.is_late else OPEN
    how = next((ENDINGS[name] for name in seen.ending.events if name in ENDINGS), NOTHING)
    if not seen.is_late:
        return how or IN_TIME
    told = (ASKED_LATE if seen.asked_at > seen.due.due_at else LATE).filled(late=late)
    return Both(f"{told.en}; {how.en}", f"{told.zh}；{how.zh}") if how else told


# ---------------------------------------------------------------- what deserves a look


def _late(reader: Reader, found: Iterable[Measured]) -> Iterator[Note]:
    shift = reader.simulated.played.shift
    for seen in found:
        if _counts_late(seen):
            yield Note(at=seen.due.due_at + shift, text=_titled(reader, seen))


def _notes(reader: Reader, entries: Iterable[Entry]) -> Iterator[Note]:
    for entry in entries:
        yield Note(at=entry.recorded_at, text=reader.told(entry))


# ---------------------------------------------------------------- as plain values


def card_document(card: Card, story: Iterable[Beat]) -> dict[str, Any]:
    """Give scorecard and story as plain values; times are those of the story, in UTC."""
    simulated, case = card.reader.simulated, card.reader.case
    return {
        "case": case.id,
        "title": case.title_en,
        "title_zh": case.title_zh,
        "invented": case.invented,
        "sources": list(case.sources),
        "zone": case.zone,
        "incident": simulated.played.incident,
        "grade": str(simulated.state.report.grade),
        "entries": len(simulated.entries),
        "messages": len(simulated.messages),
        "root": simulated.root,
        "agrees": simulated.agrees,
        "took_s": round(simulated.took.total_seconds(), 1),
        "milestones": [
            {"what": what.en, "what_zh": what.zh, "after_s": round(after.total_seconds())}
            for what, after in card.milestones
        ],
        "times": [_time_document(card.reader, seen) for seen in card.measured],
        "late": _notes_document(card.late),
        "refused": _notes_document(card.refused),
        "by_silence": _notes_document(card.silent),
        "reminders": card.reminders,
        "overdue_marks": card.overdue_marks,
        "reached": dict(Counter(row.type for row in simulated.entries)),
        "story": [_beat_document(beat) for beat in story],
        "steps": list(_steps_document(card.reader)),
        "timeline": list(_timeline_document(card.reader)),
    }


def _time_document(reader: Reader, seen: Measured) -> dict[str, Any]:
    shift, ending, title = reader.simulated.played.shift, seen.ending, reader.titled(seen.due.title)
    verdict = _verdict(seen)
    return {
        "key": seen.due.key,
        "stage": str(seen.due.stage),
        "what": title.en,
        "what_zh": title.zh,
        "force": _force(reader, seen),
        "basis": _mark(reader, seen),
        "start_at": instant_text(seen.due.start_at + shift),
        "due_at": instant_text(seen.due.due_at + shift),
        "known_at": instant_text(seen.asked_at + shift),
        "ended_at": instant_text(ending.at + shift) if ending else None,
        "ended_by": ending.actor if ending else None,
        "ended_with": list(ending.events) if ending else [],
        "entry": ending.seq if ending else None,
        "allowed_s": round(seen.allowed.total_seconds()),
        "took_s": round(seen.took.total_seconds()),
        "late": _counts_late(seen),
        "verdict": verdict.en,
        "verdict_zh": verdict.zh,
    }


def _notes_document(notes: Iterable[Note]) -> list[dict[str, str]]:
    return [
        {"at": instant_text(note.at), "what": note.text.en, "what_zh": note.text.zh}
        for note in notes
    ]


def _beat_document(beat: Beat) -> dict[str, Any]:
    return {
        "at": instant_text(beat.at),
        "kind": str(beat.kind),
        "public": beat.public,
        "refused": beat.refused,
        "entries": list(beat.entries) if beat.entries else [],
        "who": beat.who._asdict(),
        "what": beat.what._asdict(),
        "note": beat.note._asdict(),
        "extras": [extra._asdict() for extra in beat.extras],
        "results": [result._asdict() for result in beat.results],
    }


def _steps_document(reader: Reader) -> Iterator[dict[str, Any]]:
    """Tell every act as it was played, signatures and later turns too."""
    shift = reader.simulated.played.shift
    for line in reader.simulated.played.lines:
        step = reader.case.steps[line.step] if line.step >= 0 else None
        yield {
            "step": line.step if step else None,
            "turn": line.turn,
            "at": instant_text(line.at + shift),
            "did": step.do if step else "report_problem",
            "title": COMMANDS[step.do if step else "report_problem"].title,
            "command_id": line.key,
            "refused": line.refused,
            "answered_s": round(line.answered_s, 3),
        }


def _timeline_document(reader: Reader) -> Iterator[dict[str, Any]]:
    for entry in reader.entries:
        told = reader.told(entry)
        yield {
            "seq": entry.seq,
            "at": instant_text(entry.recorded_at),
            "type": event_spec(entry.event).name,
            "stage": str(event_spec(entry.event).stage),
            "by": entry.actor.id,
            "what": told.en,
            "what_zh": told.zh,
        }
