"""The words of a derivation: one sentence per step, in English and Chinese.

What belongs here: sentences. What never does: counting (domain/clock.py).
"""

from datetime import UTC, date, datetime, time, timedelta

from domain.clock import Due, Step, StepKind
from domain.errors import Malformed
from domain.in_words import SUMMER, ZONES
from domain.limits import Limit
from domain.recurring import Restart

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
    StepKind.DUE: "Due on {on} at {clock}.",
    StepKind.END_OF_DAY: "Due when {on} ends, with the last second of {clock}.",
    StepKind.START_OF_DAY: "Due when {on} begins, at {clock}.",
    StepKind.NOT_PUBLISHED: "{on} to {through}: days off not published here yet; may change.",
    StepKind.ESTIMATED: "{on} to {through}: some days off are estimates; may change.",
    StepKind.IMPUTED: "The time to reach an officer is over: from {on}, {clock}, the firm knows.",
    StepKind.OFFICER_KNEW: "An officer knew earlier: from {on}, {clock}, the firm knows.",
    StepKind.OF_A_SERIES: "Number {count} of a series; each is counted from the first.",
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
    StepKind.DUE: "于{on} {clock}到期。",
    StepKind.END_OF_DAY: "于{on}结束时到期（{clock}最后一秒）。",
    StepKind.START_OF_DAY: "于{on}开始时（{clock}）到期。",
    StepKind.NOT_PUBLISHED: "{on}至{through}：本日历尚无官方放假安排，暂按规则推算，可能变化。",
    StepKind.ESTIMATED: "{on}至{through}：部分节假日为推定，可能变化。",
    StepKind.IMPUTED: "内部上报至负责人的时间已满：自{on} {clock}起视为企业已知悉。",
    StepKind.OFFICER_KNEW: "负责人更早知悉：自{on} {clock}起即为企业知悉。",
    StepKind.OF_A_SERIES: "系列中的第{count}次；每次均自首次起算。",
}
_RESTART = {
    "en": (
        "New information came in time, on {on} at {clock}: the clock starts anew.",
        "New information came too late, on {on} at {clock}: no new report is due.",
        "The calendar ends before the time after the first report does: taken as within it.",
    ),
    "zh": (
        "于{on} {clock}获知新信息，仍在期限内：重新计时。",
        "于{on} {clock}获知新信息，期限已满：无需再次报告。",
        "日历未覆盖首次报告后期限的届满日：按仍在期限内处理。",
    ),
}
"""Of new information: in time, too late, and what is said where no calendar reaches so far."""

_CITIES_EN = {"Asia/Shanghai": "Beijing"}
"""Cities that people know a clock by, where the zone is called by another."""

_CITIES_ZH = {
    "America/Boa_Vista": "博阿维斯塔",
    "America/Campo_Grande": "大坎普",
    "America/Cayenne": "卡宴",
    "America/Cuiaba": "库亚巴",
    "America/Edmonton": "埃德蒙顿",
    "America/Guadeloupe": "瓜德罗普",
    "America/Los_Angeles": "洛杉矶",
    "America/Manaus": "马瑙斯",
    "America/Marigot": "马里戈特",
    "America/Martinique": "马提尼克",
    "America/Mexico_City": "墨西哥城",
    "America/Miquelon": "密克隆",
    "America/New_York": "纽约",
    "America/Porto_Velho": "波多韦柳",
    "America/Rio_Branco": "里奥布朗库",
    "America/Sao_Paulo": "圣保罗",
    "America/St_Barthelemy": "圣巴泰勒米",
    "America/Toronto": "多伦多",
    "America/Vancouver": "温哥华",
    "Asia/Bangkok": "曼谷",
    "Asia/Brunei": "文莱",
    "Asia/Ho_Chi_Minh": "胡志明市",
    "Asia/Hong_Kong": "香港",
    "Asia/Jakarta": "雅加达",
    "Asia/Kuala_Lumpur": "吉隆坡",
    "Asia/Manila": "马尼拉",
    "Asia/Nicosia": "尼科西亚",
    "Asia/Phnom_Penh": "金边",
    "Asia/Seoul": "首尔",
    "Asia/Shanghai": "北京",
    "Asia/Singapore": "新加坡",
    "Asia/Taipei": "台北",
    "Asia/Tokyo": "东京",
    "Asia/Vientiane": "万象",
    "Asia/Yangon": "仰光",
    "Atlantic/Azores": "亚速尔群岛",
    "Atlantic/Canary": "加那利群岛",
    "Atlantic/Madeira": "马德拉",
    "Atlantic/Reykjavik": "雷克雅未克",
    "Australia/Adelaide": "阿德莱德",
    "Australia/Brisbane": "布里斯班",
    "Australia/Darwin": "达尔文",
    "Australia/Hobart": "霍巴特",
    "Australia/Melbourne": "墨尔本",
    "Australia/Perth": "珀斯",
    "Australia/Sydney": "悉尼",
    "Europe/Amsterdam": "阿姆斯特丹",
    "Europe/Athens": "雅典",
    "Europe/Berlin": "柏林",
    "Europe/Bratislava": "布拉迪斯拉发",
    "Europe/Brussels": "布鲁塞尔",
    "Europe/Bucharest": "布加勒斯特",
    "Europe/Budapest": "布达佩斯",
    "Europe/Copenhagen": "哥本哈根",
    "Europe/Dublin": "都柏林",
    "Europe/Helsinki": "赫尔辛基",
    "Europe/Lisbon": "里斯本",
    "Europe/Ljubljana": "卢布尔雅那",
    "Europe/London": "伦敦",
    "Europe/Luxembourg": "卢森堡",
    "Europe/Madrid": "马德里",
    "Europe/Malta": "马耳他",
    "Europe/Oslo": "奥斯陆",
    "Europe/Paris": "巴黎",
    "Europe/Prague": "布拉格",
    "Europe/Riga": "里加",
    "Europe/Rome": "罗马",
    "Europe/Sofia": "索非亚",
    "Europe/Stockholm": "斯德哥尔摩",
    "Europe/Tallinn": "塔林",
    "Europe/Vaduz": "瓦杜兹",
    "Europe/Vienna": "维也纳",
    "Europe/Vilnius": "维尔纽斯",
    "Europe/Warsaw": "华沙",
    "Europe/Zagreb": "萨格勒布",
    "Europe/Zurich": "苏黎世",
    "Indian/Kerguelen": "凯尔盖朗群岛",
    "Indian/Mayotte": "马约特",
    "Indian/Reunion": "留尼汪",
    "Pacific/Auckland": "奥克兰",
    "Pacific/Chatham": "查塔姆群岛",
    "Pacific/Noumea": "努美阿",
    "Pacific/Tahiti": "塔希提",
    "Pacific/Wallis": "瓦利斯",
}


def explain(result: Due, language: str) -> tuple[str, ...]:
    """Tell a derivation in `en` or `zh`, a sentence for each step; Malformed in other languages."""
    _require_words(language)
    return tuple(_sentence(step, result.limit, language) for step in result.steps)


def explain_restart(result: Restart, language: str) -> tuple[str, ...]:
    """Tell in `en` or `zh` whether new information counts, and the time that it starts anew."""
    _require_words(language)
    in_time, too_late, not_known = _RESTART[language]
    until = (not_known,) if result.until is None else explain(result.until, language)
    sentence = (in_time if result.due else too_late).format(
        on=_day(result.on, language), clock=result.clock
    )
    return (*until, sentence, *(explain(result.due, language) if result.due else ()))


def _require_words(language: str) -> None:
    if language not in _WEEKDAYS:
        raise Malformed(f"There are no words in {language!r:.20}.", "Ask for en or zh.")


def _sentence(step: Step, limit: Limit, language: str) -> str:
    english = language == "en"
    name = step.name if english else step.name_zh
    if step.kind is StepKind.STARTED:
        name = clock_name(name, language, summer=_ahead(step) == SUMMER)
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


def clock_name(zone: str, language: str, *, summer: bool = False) -> str:
    """Name the clock of a time zone by the city that people know: New York time, 纽约时间."""
    winter_name, _, summer_name = ZONES.get(zone, {}).get(language, "").partition("|")
    own = summer_name if summer and summer_name else winter_name
    city = city_name(zone, language)
    return own or (f"{city}时间" if language == "zh" else f"{city} time")


def city_name(zone: str, language: str) -> str:
    """Name the city that people know the clock of a time zone by: Beijing, 北京."""
    city = _CITIES_EN.get(zone) or zone.rpartition("/")[2].replace("_", " ")
    return _CITIES_ZH.get(zone, city) if language == "zh" else city


def _ahead(step: Step) -> timedelta:
    """Give how far the local clock of a step is ahead of UTC, to the minute."""
    shown = datetime.combine(step.on, time.fromisoformat(step.clock), UTC)
    return shown - step.at.replace(second=0, microsecond=0)


def _day(on: date, language: str) -> str:
    weekday = _WEEKDAYS[language][on.weekday()]
    return f"{weekday} {on}" if language == "en" else f"{on}（{weekday}）"


def _length(seconds: int, language: str) -> str:
    units = ("h", "min", "s") if language == "en" else ("小时", "分钟", "秒")
    amounts = (seconds // 3600, seconds % 3600 // 60, seconds % 60)
    return " ".join(f"{n} {unit}" for n, unit in zip(amounts, units, strict=True) if n)
