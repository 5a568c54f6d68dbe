"""The words of a derivation: one sentence per step, in English and Chinese.

What belongs here: sentences. What never does: counting (domain/clock.py).
"""

from datetime import date

from domain.clock import Due, Step, StepKind
from domain.errors import Malformed
from domain.in_words import ZONES
from domain.limits import Limit

_WEEKDAYS = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "zh": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
}
_ENGLISH = {
    StepKind.STARTED: "The clock starts on {on} at {clock} ({name}).",
    StepKind.AT_ONCE: "Nothing is added: due at once.",
    StepKind.ELAPSED: "{length} pass{way}, whatever the days: {through}, {clock}.",
    StepKind.TIME_COUNTED: "{on}: {length} counted{way}, to {clock}.",
    StepKind.REPEATED_HOUR: "{on}: this hour happens twice (clocks go back); from {clock} on.",
    StepKind.FIRST_DAY_NOT_COUNTED: "{on}: the day it starts is not counted.",
    StepKind.DAYS_COUNTED: "Calendar days counted{way}: {count}, from {on} to {through}.",
    StepKind.MONTHS_COUNTED: "Months counted{way}: {count}, from {on} to {through}.",
    StepKind.MONTH_END: "That month has no such day; {on}, its last day, stands for it.",
    StepKind.WORKING_DAY: "{on}: working day {count}{way}.",
    StepKind.MAKE_UP_DAY: "{on}: worked to make up for a holiday, working day {count}{way}.",
    StepKind.WEEKEND: "{on}: weekend, not counted.",
    StepKind.HOLIDAY: "{on}: holiday{called}, not counted.",
    StepKind.ROLLED: "The last day, {on}{called}, is a day off; it moves to {through}.",
    StepKind.SAME_TIME: "Due on {on} at the same local time, {clock}.",
    StepKind.GAP: "{on}: that time does not exist (clocks go forward); due at {clock}.",
    StepKind.END_OF_DAY: "Due when {on} ends, with the last second of {clock}.",
    StepKind.START_OF_DAY: "Due when {on} begins, at {clock}.",
    StepKind.NOT_PUBLISHED: "{on} to {through}: days off not published here yet; may change.",
    StepKind.ESTIMATED: "{on} to {through}: some days off are estimates; may change.",
}
_CHINESE = {
    StepKind.STARTED: "{on} {clock}（{name}）开始计时。",
    StepKind.AT_ONCE: "不另加时间：应当立即办理。",
    StepKind.ELAPSED: "{way}经过{length}，不论何日：{through} {clock}。",
    StepKind.TIME_COUNTED: "{on}：{way}计入{length}，至{clock}。",
    StepKind.REPEATED_HOUR: "{on}：时钟回拨，该小时出现两次；自{clock}起算。",
    StepKind.FIRST_DAY_NOT_COUNTED: "{on}：开始的当日不计入。",
    StepKind.DAYS_COUNTED: "{way}计{count}个日历日：{on}至{through}。",
    StepKind.MONTHS_COUNTED: "{way}计{count}个月：{on}至{through}。",
    StepKind.MONTH_END: "到期月没有对应日，以月末日{on}为准。",
    StepKind.WORKING_DAY: "{on}：{way}第{count}个工作日。",
    StepKind.MAKE_UP_DAY: "{on}：调休上班，{way}第{count}个工作日。",
    StepKind.WEEKEND: "{on}：周末，不计。",
    StepKind.HOLIDAY: "{on}：节假日{called}，不计。",
    StepKind.ROLLED: "最后一日{on}{called}为休息日，改至{through}。",
    StepKind.SAME_TIME: "于{on}同一当地时刻{clock}到期。",
    StepKind.GAP: "{on}：时钟拨快，该时刻不存在；于{clock}到期。",
    StepKind.END_OF_DAY: "于{on}结束时到期（{clock}最后一秒）。",
    StepKind.START_OF_DAY: "于{on}开始时（{clock}）到期。",
    StepKind.NOT_PUBLISHED: "{on}至{through}：本日历尚无官方放假安排，暂按规则推算，可能变化。",
    StepKind.ESTIMATED: "{on}至{through}：部分节假日为推定，可能变化。",
}

_CITIES_ZH = {
    "America/Edmonton": "埃德蒙顿",
    "America/Los_Angeles": "洛杉矶",
    "America/New_York": "纽约",
    "America/Toronto": "多伦多",
    "America/Vancouver": "温哥华",
    "Asia/Seoul": "首尔",
    "Asia/Singapore": "新加坡",
    "Asia/Taipei": "台北",
    "Asia/Tokyo": "东京",
    "Australia/Adelaide": "阿德莱德",
    "Australia/Brisbane": "布里斯班",
    "Australia/Darwin": "达尔文",
    "Australia/Hobart": "霍巴特",
    "Australia/Melbourne": "墨尔本",
    "Australia/Perth": "珀斯",
    "Australia/Sydney": "悉尼",
    "Europe/Berlin": "柏林",
    "Europe/London": "伦敦",
    "Europe/Paris": "巴黎",
}


def explain(result: Due, language: str) -> tuple[str, ...]:
    """Tell a derivation in `en` or `zh`, a sentence for each step; Malformed in other languages."""
    if language not in _WEEKDAYS:
        raise Malformed(f"There are no words in {language!r:.20}.", "Ask for en or zh.")
    return tuple(_sentence(step, result.limit, language) for step in result.steps)


def _sentence(step: Step, limit: Limit, language: str) -> str:
    english = language == "en"
    name = step.name if english else step.name_zh
    if step.kind is StepKind.STARTED:
        name = clock_name(name, language)
    way = " backwards" if english else "倒数"
    return (_ENGLISH if english else _CHINESE)[step.kind].format(
        on=_day(step.on, language),
        through=_day(step.through, language),
        clock=step.clock,
        count=step.count,
        length=_length(abs(step.seconds), language),
        way=way if limit.amount < 0 else "",
        name=name,
        called=(f" ({name})" if english else f"（{name}）") if name else "",
    )


def clock_name(zone: str, language: str) -> str:
    """Name the clock of a time zone by the city that people know: New York time, 纽约时间."""
    own = ZONES.get(zone, {}).get(language, "")
    city = zone.rpartition("/")[2].replace("_", " ")
    if language == "zh":
        return own or f"{_CITIES_ZH.get(zone, city)}时间"
    return own or f"{city} time"


def _day(on: date, language: str) -> str:
    weekday = _WEEKDAYS[language][on.weekday()]
    return f"{weekday} {on}" if language == "en" else f"{on}（{weekday}）"


def _length(seconds: int, language: str) -> str:
    units = ("h", "min", "s") if language == "en" else ("小时", "分钟", "秒")
    amounts = (seconds // 3600, seconds % 3600 // 60, seconds % 60)
    return " ".join(f"{n} {unit}" for n, unit in zip(amounts, units, strict=True) if n)
