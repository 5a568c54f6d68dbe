"""What a brief for management tells from the record: grade, stages, people, goods, clocks.

What belongs here: sentences in Chinese and English of what the incident knows by itself. What never
does: a guess. Decisions, money and the worst case are people's own words, and stay facts to record.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from activities.duty_words import basis_of
from activities.hotlines import country
from activities.stopping import CONFIRMED, is_confirmed, states_of
from activities.words import Words, words_in
from domain.cases import is_serious
from domain.clock import local
from domain.fact_values import ValueKind, written
from domain.in_words import number_in, row_in
from domain.overview import stage_words
from domain.recall_end import recovery
from domain.severity import Attention, Grade, HaltLevel
from domain.stages import SEVEN_STAGES, Stage
from domain.state import Incident
from domain.state.notice import Duty
from domain.unplaced import all_left_open

LANGUAGES: Final = ("zh", "en")
"""Languages of the brief: those of the people who decide."""

WHOLE: Final = frozenset({"standing", "goods_counted", "clocks"})
"""Points that a draft refers to as one: their figures and times are the record's, not typed."""

CLOCKS_AT_MOST: Final = 20


class _Brief:
    """An incident as it is told in one language."""

    def __init__(self, incident: Incident, language: str) -> None:
        self.incident, self.language = incident, language
        self.words: Words = words_in("zh_CN" if language == "zh" else "en")

    def say(self, en: str, zh: str, **words: object) -> str:
        return self.words.pick(en, zh).format(**words)

    def also(self, *sentences: str) -> str:
        """Put sentences one after the other, as the language does."""
        return ("" if self.language == "zh" else " ").join(filter(None, sentences))

    def row(self, things: Iterable[str]) -> str:
        return row_in(self.language, things)

    def number(self, value: int) -> str:
        return number_in(self.language, value)

    def moment(self, at: datetime) -> str:
        calendar = self.incident.rules.calendar
        return written(ValueKind.MOMENT, self.language, local(at, calendar), calendar.zone)

    def countries(self, markets: Iterable[str]) -> str:
        return self.row(country(market, self.language) for market in markets)


def grade(incident: Incident, language: str) -> str:
    """Tell the grade, since when it stands as far as the record says, and the attention."""
    if language not in LANGUAGES:
        return ""
    told, report = _Brief(incident, language), incident.report
    since = _graded_at(incident)
    words = {
        "grade": told.words.code(Grade, str(report.grade)),
        "attention": told.words.code(Attention, str(report.attention)),
        "at": told.moment(since) if since else "",
    }
    if since is None:
        return told.say(
            "{grade}. Public attention: {attention}.", "{grade}。公众关注度：{attention}。", **words
        )
    return told.say(
        "{grade} since {at}. Public attention: {attention}.",
        "自{at}起为{grade}。公众关注度：{attention}。",
        **words,
    )


def _graded_at(incident: Incident) -> datetime | None:
    """Give since when the answers lead to the grade that stands; None where people set it."""
    since = None
    for one in reversed(incident.report.assessments):
        if one.grade != incident.report.grade:
            break
        since = one.at
    return since


def standing(incident: Incident, language: str) -> tuple[str, ...]:
    """Tell where the stages stand, what is halted, what is recalled, and in which markets."""
    if language not in LANGUAGES:
        return ()
    told = _Brief(incident, language)
    return (*_stages(told), _halted(told), _recalled(told), _markets(told))


def _stages(told: _Brief) -> Iterator[str]:
    stands = stage_words(told.incident)
    for word, en, zh in (
        ("running", "Under way: {names}.", "正在进行：{names}。"),
        ("waiting", "Waiting: {names}.", "等待中：{names}。"),
        ("done", "Done: {names}.", "已完成：{names}。"),
    ):
        names = [told.words.code(Stage, str(s)) for s in SEVEN_STAGES if stands[str(s)] == word]
        if names:
            yield told.say(en, zh, names=told.row(names))


def _halted(told: _Brief) -> str:
    """Tell of each level that stands whether it has stopped, or is ordered and by whom not yet."""
    halt = told.incident.halt
    if not halt.levels:
        return told.say("Nothing is halted.", "没有停售停产。")
    names = told.say("; ", "；").join(_level(told, level) for level in halt.levels)
    return told.say("Halts: {names}.", "停售停产：{names}。", names=names)


def _level(told: _Brief, level: str) -> str:
    halt, row = told.incident.halt, told.incident.rules.plan.level(level)
    states = states_of(halt, level)
    words = {
        "name": told.words.pick(row.name_en, row.name_zh),
        "level": level,
        "confirmed": told.number(states.count(CONFIRMED)),
        "all": told.number(len(states)),
        "lines": told.number(len(halt.lines)),
    }
    if level == HaltLevel.H4 and halt.lines:
        en, zh = "production lines stopped: {lines}", "已停产线{lines}条"
    elif not states:
        en, zh = "ordered, nothing confirmed yet", "已下令，尚无确认"
    elif is_confirmed(halt, level):
        en, zh = "stopped, confirmed by all of {all} channels", "已停止，{all}个渠道均已确认"
    else:
        en = "ordered, confirmed by {confirmed} of {all} channels"
        zh = "已下令，{all}个渠道中{confirmed}个已确认"
    return told.say("{name} (level {level}): " + en, "{name}（{level}级）：" + zh, **words)


def _recalled(told: _Brief) -> str:
    recall = told.incident.recall
    if not recall.is_decided or recall.decided_at is None:
        return told.say("No recall is decided.", "尚未决定召回。")
    at = told.moment(recall.decided_at)
    still = told.countries(recall.open_markets)
    if not still:
        return told.say(
            "Recall decided at {at}; we have completed it in every market.",
            "{at}决定召回，各市场均已由我方完成。",
            at=at,
        )
    return told.say(
        "Recall decided at {at}; still running in: {still}.",
        "{at}决定召回，仍在进行的市场：{still}。",
        at=at,
        still=still,
    )


def _markets(told: _Brief) -> str:
    report, scope = told.incident.report, told.incident.recall.scope
    markets = scope.markets if scope else report.markets or report.answers.markets
    if not markets:
        return told.say(
            "Which markets are concerned is not known yet.", "涉及哪些市场，目前尚不清楚。"
        )
    return told.say("Markets: {names}.", "涉及市场：{names}。", names=told.countries(markets))


def people(incident: Incident, language: str) -> str:
    """Tell how many people are hurt, as reported and as registered; unknown is never zero."""
    if language not in LANGUAGES:
        return ""
    told, report = _Brief(incident, language), incident.report
    besides = _besides(told, report.told_besides)
    nobody = report.people_hurt == 0 and besides  # then "0 known" would be read alone
    return besides if nobody else told.also(_counted(told, incident), besides)


def _besides(told: _Brief, people: int) -> str:
    """Tell of whom further reports tell besides: never added, for one may stand in both."""
    if not people:
        return ""
    return told.say(
        "Reports tell of {n} more, not registered; whether some are counted twice is open.",
        "另有报告提到{n}人尚未登记；其中是否有重复计算，尚不清楚。",
        n=told.number(people),
    )


def _counted(told: _Brief, incident: Incident) -> str:
    report = incident.report
    hurt, registered = report.people_hurt, told.number(len(report.cases))
    serious = _serious(incident)
    words = {
        "hurt": "" if hurt is None else told.number(hurt),
        "serious": "" if serious is None else told.number(serious),
        "registered": registered,
    }
    if hurt is None:
        return told.say(
            "how many is not known; {registered} registered.",
            "人数尚不清楚；已登记{registered}人。",
            **words,
        )
    if serious is None:
        return told.say(
            "{hurt} known, how many of them seriously is not known; {registered} registered.",
            "已知{hurt}人，其中严重人数尚不清楚；已登记{registered}人。",
            **words,
        )
    return told.say(
        "{hurt} known, {serious} of them seriously; {registered} registered.",
        "已知{hurt}人，其中严重{serious}人；已登记{registered}人。",
        **words,
    )


def _serious(incident: Incident) -> int | None:
    """Give how many are seriously hurt, as reported and never fewer than registered."""
    told = incident.report.answers.serious_people
    counted = sum(is_serious(case.levels) for case in incident.report.cases.values())
    return max(told or 0, counted) if counted else told


def goods(incident: Incident, language: str) -> tuple[str, ...]:
    """Tell how many units are out and how many came back; unknown is never zero."""
    if language not in LANGUAGES:
        return ()
    told, units = _Brief(incident, language), incident.report.answers.units
    lines = []
    if units:
        lines.append(
            told.say(
                "Reported as affected: {units} units.",
                "报告涉及{units}件。",
                units=told.number(units),
            )
        )
    return (*lines, *_by_lot(told))


def _by_lot(told: _Brief) -> Iterator[str]:
    recall = told.incident.recall
    if recall.scope is None:
        yield told.say(
            "No scope is set yet: how many units are out is not known.",
            "召回范围尚未确定，在外数量尚不清楚。",
        )
        return
    yield from _lots_so_far(told)
    rest = all_left_open(recall)
    if rest:
        yield told.say(
            "Received by consignees and not accounted for: {units} units, at {n} of them.",
            "收货方已收到但未说明去向：{units}件，涉及{n}家收货方。",
            units=told.number(sum(one.units for one in rest)),
            n=told.number(len({one.consignee for one in rest})),
        )


def _lots_so_far(told: _Brief) -> Iterator[str]:
    for row in recovery(told.incident.recall):
        back = told.number(row.received + row.destroyed + row.remedied)
        if row.out is None:
            yield told.say(
                "Lot {lot}: how many units went out is not known; {back} came back.",
                "批号{lot}：发出数量尚不清楚，已收回{back}件。",
                lot=row.lot,
                back=back,
            )
        else:
            yield told.say(
                "Lot {lot}: {out} units went out; {back} came back.",
                "批号{lot}：发出{out}件，已收回{back}件。",
                lot=row.lot,
                out=told.number(row.out),
                back=back,
            )


def clocks(incident: Incident, language: str) -> tuple[str, ...]:
    """Tell which duties to authorities are open: what, to whom, by when, the soonest first."""
    if language not in LANGUAGES:
        return ()
    told = _Brief(incident, language)
    duties = [duty for duty in incident.notice.duties.values() if duty.is_open]
    dated = [duty for duty in duties if duty.due_at is not None]
    undated = [duty for duty in duties if duty.due_at is None]
    dated.sort(key=lambda duty: (duty.due_at or duty.start_at, duty.id))
    lines = [_clock(told, duty) for duty in (*dated, *undated)]
    if not lines:
        return (told.say("No duty to an authority is open.", "没有未完成的报告义务。"),)
    if len(lines) > CLOCKS_AT_MOST:
        more = told.number(len(lines) - CLOCKS_AT_MOST)
        lines[CLOCKS_AT_MOST:] = [told.say("And {n} more.", "另有{n}项。", n=more)]
    return tuple(lines)


def _clock(told: _Brief, duty: Duty) -> str:
    possible = told.say(" (possible, not confirmed)", "（可能，尚未确认）") if duty.possible else ""
    words = {
        "title": told.words.pick(duty.title_en, duty.title_zh) + possible,
        "who": told.words.pick(duty.authority_en, duty.authority_zh),
        "where": country(duty.market, told.language),
        "at": told.moment(duty.due_at) if duty.due_at else "",
        "basis": basis_of(told.words, duty),
    }
    if duty.due_at is None:
        return told.say(
            "{title}, to {who} ({where}): no time is set yet.",
            "{title}，报{who}（{where}）：时限尚未确定。",
            **words,
        )
    last = told.incident.last_at
    if last is not None and duty.due_at < last:
        return told.say(
            "{title}, to {who} ({where}): was due at {at} ({basis}), overdue.",
            "{title}，报{who}（{where}）：应于{at}前完成（{basis}），已逾期。",
            **words,
        )
    return told.say(
        "{title}, to {who} ({where}): due at {at} ({basis}).",
        "{title}，报{who}（{where}）：{at}前（{basis}）。",
        **words,
    )
