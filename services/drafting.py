"""First drafts: the template of a kind of text, filled with what the incident knows.

What belongs here: from state, facts and the company's own lists to values of template variables.
What never does: approving, or guessing: what nobody recorded stands as a gap in the draft, and the
wording rules keep a text with a gap from approval.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from activities.press_templates import PressTemplates
from domain.agreed import agreed_line
from domain.clock import Unit, local
from domain.errors import NotFound
from domain.facts import all_facts
from domain.incident import known_since
from domain.press_contract import Value, ValueKind, Variable
from domain.severity import HaltLevel
from domain.state import Incident
from domain.state.investigation import FactStatus
from domain.statement_lookup import situations
from domain.wording import Situation
from services.company import about_company
from services.house import House
from storage import catalog

TEMPLATES: Final = PressTemplates()
QUOTABLE: Final = frozenset({FactStatus.REPORTED, FactStatus.VERIFIED})

STOPPED: Final = {
    "en": {
        HaltLevel.H1: "We have stopped shipping the product.",
        HaltLevel.H2: "We have stopped selling it in our own shops and stopped all promotion.",
        HaltLevel.H3: "We have asked retailers and marketplaces to stop selling it.",
        HaltLevel.H4: "We have stopped producing it.",
    },
    "zh": {
        HaltLevel.H1: "已停止该产品的发货。",
        HaltLevel.H2: "已停止自营渠道的销售和全部推广。",
        HaltLevel.H3: "已通知零售商和电商平台停止销售。",
        HaltLevel.H4: "已停止该产品的生产。",
    },
}
"""What each level that stands lets us say."""


class Suggestion(NamedTuple):
    """A first draft: headline and text, with gaps where nobody knows."""

    title: str
    body: str


def kinds() -> tuple[str, ...]:
    """List the kinds of texts for which there is a first draft."""
    return TEMPLATES.kinds()


def needed(kind: str) -> tuple[Variable, ...]:
    """Describe what a kind of text needs, in the order of the text. Raises NotFound."""
    return TEMPLATES.variables(kind)


def suggest(
    house: House, incident: Incident, kind: str, language: str, about: str = ""
) -> Suggestion:
    """Draft a text; `about` is the statement that a correction or retraction is about.

    Raises NotFound when there is no template of this kind in this language.
    """
    written = "zh-CN" if language.startswith("zh") else language
    values = known_values(house, incident, written, about)
    filled: dict[str, Value] = {v.name: v.gap(written) for v in needed(kind)}
    names = TEMPLATES.contract(kind).names
    filled.update({name: value for name, value in values.items() if name in names and value})
    rendered = TEMPLATES.render(kind, written, filled)
    return Suggestion(rendered.title, rendered.body)


def known_values(
    house: House, incident: Incident, language: str, about: str = ""
) -> dict[str, Value]:
    """Give the values that the house knows, by the names of variables; unknown ones are left out.

    A recorded fact of the same name goes before what is derived.
    """
    told = _Told(house, incident, "zh" if language.startswith("zh") else "en", about)
    derived = {name: make(told) for name, make in _DERIVED.items()}
    found = {name: value for name, value in derived.items() if value}
    return {**found, **_facts(incident)}


def asked() -> tuple[Variable, ...]:
    """List what templates ask for and nothing derives: what a recorded fact can fill."""
    return tuple(v for v in TEMPLATES.catalogue().variables if v.name not in _DERIVED)


def _facts(incident: Incident) -> dict[str, Value]:
    """Give recorded facts that may be quoted, as texts or, line by line, as lists."""
    kinds_of = {v.name: v.kind for v in TEMPLATES.catalogue().variables}
    return {
        key: tuple(fact.value.splitlines()) if kinds_of[key] is ValueKind.LIST else fact.value
        for key, fact in all_facts(incident).items()
        if key in kinds_of and fact.seq and fact.status in QUOTABLE
    }


# ---------------------------------------------------------------- what is derived


@dataclass(frozen=True)
class _Told:
    """What values are derived from: the house, the incident, `zh` or `en`, the text it is about."""

    house: House
    incident: Incident
    language: str
    about: str

    @property
    def company(self) -> Mapping[str, Any]:
        """Give what no list of the company holds: its names, hotline, website."""
        return about_company(self.house)

    def products(self) -> list[catalog.Item]:
        """Give the products of the incident that stand on the company's list."""
        found = []
        for product in self.incident.report.products:
            with suppress(NotFound):
                found.append(catalog.item(self.house.engine, "product", product))
        return found

    def say(self, chinese: str, english: str) -> str:
        """Choose the language."""
        return chinese if self.language == "zh" else english

    def join(self, parts: list[str]) -> str:
        """Join names."""
        return ("、" if self.language == "zh" else ", ").join(parts)

    def time(self, at: datetime | None) -> str:
        """Write an instant on the clock of the company's calendar."""
        if at is None:
            return ""
        calendar = self.incident.rules.calendar
        shown = local(at, calendar)
        zone = "Beijing time" if calendar.zone == "Asia/Shanghai" else calendar.zone
        minutes = f"{shown:%M}分" if shown.minute else ""
        return self.say(
            f"{shown.year}年{shown.month}月{shown.day}日{shown.hour}时{minutes}",
            f"{shown:%H:%M} {zone}, {shown.day} {shown:%B %Y}",
        )

    def day(self, at: datetime | None) -> str:
        """Write the day of an instant."""
        if at is None:
            return ""
        shown = local(at, self.incident.rules.calendar)
        return self.say(f"{shown.year}年{shown.month}月{shown.day}日", f"{shown.day} {shown:%B %Y}")


def _company(told: _Told) -> str:
    return str(told.company.get(f"name_{told.language}", ""))


def _product(told: _Told) -> str:
    names = [item.name_zh if told.language == "zh" else item.name_en for item in told.products()]
    return told.join(names)


def _codes(told: _Told) -> str:
    items = [pack for item in told.products() for pack in item.document.get("items", ())]
    return told.join([pack["gtin"] for pack in items])


def _registration(told: _Told) -> str:
    rows = [r for item in told.products() for r in item.document.get("registrations", ())]
    return told.join([row["number"] for row in rows])


def _lots(told: _Told) -> Value:
    report, scope = told.incident.report, told.incident.recall.scope
    if scope is not None:
        return () if scope.unbounded else scope.coverage.lots
    return () if report.lots_unknown else report.lots


def _link(told: _Told) -> str:
    settings = told.house.settings
    base = settings.public_url or told.company.get("website", "")
    return f"{base}/recalls" if base else ""


def _regret(told: _Told) -> str:
    if Situation.SOMEONE_HURT in situations(told.incident):
        return told.say(
            "对感到不适的消费者和家人，我们十分牵挂，谨致诚挚的慰问。",
            "For those who suffer we are deeply sorry; our thoughts are with them and their"
            " families.",
        )
    return told.say("让大家担心，我们深表歉意。", "We are sorry for the worry this causes.")


def _known(told: _Told) -> Value:
    lots, cases = _lots(told), len(told.incident.report.cases)
    lines = []
    if cases:
        lines.append(
            told.say(
                f"目前登记到{cases}人的反映。",
                "One person's report is registered."
                if cases == 1
                else f"Reports from {cases} people are registered.",
            )
        )
    if lots:
        named = told.join(list(lots))
        lines.append(
            told.say(f"相关反映涉及批号 {named}。", f"The reports concern these lots: {named}.")
        )
    return tuple(lines)


def _not_known(told: _Told) -> Value:
    lines = []
    if not told.incident.investigation.is_concluded:
        lines.append(told.say("具体原因。", "What the cause is."))
    if told.incident.recall.scope is None:
        lines.append(told.say("是否涉及其他批次。", "Whether other lots are concerned."))
    return tuple(lines)


def _doing(told: _Told) -> Value:
    stopped = STOPPED[told.language]
    lines = [stopped[HaltLevel(level)] for level in told.incident.halt.levels]
    if told.incident.investigation.tests:
        lines.append(told.say("正在检验相关样品。", "We are testing samples."))
    return tuple(lines)


def _next_update(told: _Told) -> str:
    """Promise the next word when the plan asks for it."""
    incident = told.incident
    report = incident.report
    timing = incident.rules.plan.timing("update", report.grade, report.attention)
    if timing is None or timing.every is None or incident.last_at is None:
        return ""
    if timing.every.unit is Unit.CALENDAR_DAYS:
        return told.time(incident.last_at + timedelta(days=timing.every.amount))
    return told.time(incident.rules.due_at(incident.last_at, timing.every))


def _agreed(told: _Told) -> str:
    line = agreed_line(told.incident)
    return ("" if told.language == "zh" else " ").join(line.messages) if line else ""


def _do_not_say(told: _Told) -> Value:
    line = agreed_line(told.incident)
    return line.do_not_say if line else ()


def _speaker(told: _Told) -> str:
    line = agreed_line(told.incident)
    return line.spokesperson if line else ""


def _cause(told: _Told) -> str:
    investigation = told.incident.investigation
    finding = investigation.finding if investigation.is_concluded else None
    return finding.cause if finding else ""


def _finish_by(told: _Told) -> str:
    plan = told.incident.recall.plan
    return told.day(plan.finish_at) if plan else ""


def _original_title(told: _Told) -> str:
    original = told.incident.statement.statements.get(told.about)
    titles = {text.language[:2]: text.title for text in original.texts} if original else {}
    return titles.get(told.language, "")


def _original_at(told: _Told) -> str:
    original = told.incident.statement.statements.get(told.about)
    return told.time(original.published_at) if original else ""


def _since(told: _Told) -> str:
    texts = told.incident.statement.statements.values()
    return told.time(max((t.published_at for t in texts if t.published_at), default=None))


_DERIVED: dict[str, Callable[[_Told], Value]] = {
    "company": _company,
    "product": _product,
    "codes": _codes,
    "registration": _registration,
    "lots": _lots,
    "incident": lambda told: told.incident.id,
    "as_of": lambda told: told.time(told.incident.last_at),
    "signed_on": lambda told: told.day(told.incident.last_at),
    "hotline": lambda told: str(told.company.get("hotline", "")),
    "link": _link,
    "heard_since": lambda told: told.day(known_since(told.incident)),
    "regret": _regret,
    "known": _known,
    "not_known": _not_known,
    "still_open": _not_known,
    "doing": _doing,
    "next_update": _next_update,
    "line": _agreed,
    "do_not_say": _do_not_say,
    "speaker": _speaker,
    "cause": _cause,
    "finish_by": _finish_by,
    "original_title": _original_title,
    "original_at": _original_at,
    "since": _since,
}
"""How each variable is derived; what is not here comes from a recorded fact, or is a gap."""
