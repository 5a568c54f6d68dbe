"""First drafts: the template of a kind of text, filled with what the incident knows.

What belongs here: from state, facts and the company's own lists to values of template variables.
What never does: approving, or guessing: what nobody recorded stands as a gap in the draft, and the
wording rules keep a text with a gap from approval.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from activities.press_templates import Paragraph, PressTemplates
from domain.agreed import agreed_line
from domain.clock import Unit, local
from domain.errors import NotFound
from domain.facts import all_facts
from domain.in_words import row_in
from domain.incident import known_since
from domain.markets import LANGUAGES, base_language
from domain.fact_values import SEVERAL, Value
from domain.press_contract import Element, Variable
from domain.state import Incident
from domain.state.investigation import FactStatus
from domain.statement_lookup import situations
from domain.wording import Situation
from services.company import about_company
from services.house import House
from storage import catalog

TEMPLATES: Final = PressTemplates()
QUOTABLE: Final = frozenset({FactStatus.REPORTED, FactStatus.VERIFIED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A first draft: headline and text, with gaps where nobody knows, and what it lacks by law."""

    title: str
    body: str
    paragraphs: tuple[Paragraph, ...]
    missing: tuple[Element, ...]


def kinds() -> tuple[str, ...]:
    """List the kinds of texts for which there is a first draft."""
    return TEMPLATES.kinds()


def needed(kind: str, markets: Iterable[str] = ()) -> tuple[Variable, ...]:
    """Describe what a kind of text needs, in the order of the text. Raises NotFound."""
    return TEMPLATES.variables(kind, TEMPLATES.form_for(kind, markets))


def languages_of(kind: str, markets: Iterable[str]) -> tuple[str, ...]:
    """List the languages of some markets in which there is a template of a kind."""
    wanted = tuple(markets)
    there = TEMPLATES.languages(kind, TEMPLATES.form_for(kind, wanted))
    spoken = {language for market in wanted for language in LANGUAGES.get(market, ())}
    return tuple(language for language in there if base_language(language) in spoken)


def own_forms(kind: str, markets: Iterable[str]) -> tuple[str, ...]:
    """Name the markets that each have their own form of a text, where one text cannot have all."""
    return TEMPLATES.own_forms(kind, markets)


class Lacking(NamedTuple):
    """An element of a text that nobody can write yet, and what a recorded fact would fill in."""

    element: Element
    recordable: tuple[Variable, ...]


def lacking(
    house: House, incident: Incident, kind: str, markets: Iterable[str]
) -> tuple[Lacking, ...]:
    """Say what a text of a kind has to tell in some markets, and nobody has recorded yet."""
    if kind not in TEMPLATES.kinds():
        return ()
    contract = TEMPLATES.contract(kind, TEMPLATES.form_for(kind, markets))
    known = known_values(house, incident, "en")
    return tuple(
        Lacking(
            element, tuple(v for v in asked() if v.name in element.needs and v.name not in known)
        )
        for element in contract.missing(known)
    )


def suggest(
    house: House,
    incident: Incident,
    kind: str,
    language: str,
    about: str = "",
    markets: Iterable[str] = (),
) -> Suggestion:
    """Draft a text for some markets; `about` is what a correction or retraction is about.

    Raises NotFound when there is no template of this kind in this language.
    """
    written = "zh-CN" if language.startswith("zh") else language
    form = TEMPLATES.form_for(kind, markets)
    contract = TEMPLATES.contract(kind, form)
    known = known_values(house, incident, written, about)
    values = {name: value for name, value in known.items() if name in contract.names}
    gaps: dict[str, Value] = {
        v.name: v.gap(written) for v in TEMPLATES.variables(kind, form) if v.name not in values
    }
    zone = incident.rules.calendar.zone
    rendered = TEMPLATES.render(kind, written, {**gaps, **values}, form=form, zone=zone)
    return Suggestion(
        title=rendered.title,
        body=rendered.body,
        paragraphs=rendered.paragraphs,
        missing=contract.missing(values),
    )


def known_values(
    house: House, incident: Incident, language: str, about: str = ""
) -> dict[str, Value]:
    """Give the values that the house knows, by the names of variables; unknown ones are left out.

    A recorded fact of the same name goes before what is derived.
    """
    told = _Told(house, incident, language.partition("-")[0], about)
    derived = {name: make(told) for name, make in _DERIVED.items()}
    found = {name: value for name, value in derived.items() if value}
    return {**found, **_facts(incident)}


def asked() -> tuple[Variable, ...]:
    """List what templates ask for and nothing derives: what a recorded fact can fill."""
    return tuple(v for v in TEMPLATES.catalogue().variables if v.name not in _DERIVED)


def _facts(incident: Incident) -> dict[str, Value]:
    """Give recorded facts that may be quoted, as texts or, line by line, as several things."""
    kinds_of = {v.name: v.kind for v in TEMPLATES.catalogue().variables}
    told = {
        key: _several(fact.value) if kinds_of[key] in SEVERAL else fact.value.strip()
        for key, fact in all_facts(incident).items()
        if key in kinds_of and fact.seq and fact.status in QUOTABLE
    }
    return {key: value for key, value in told.items() if value}


def _several(value: str) -> Value:
    return tuple(line.strip() for line in value.splitlines() if line.strip())


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

    def say(self, phrase: str, **words: object) -> str:
        """Say one of our own sentences, or nothing where nobody wrote it in this language."""
        return TEMPLATES.phrase(phrase, self.language, **words)

    def moment(self, at: datetime | None) -> Value:
        """Give an instant on the clock of the company's calendar."""
        return "" if at is None else local(at, self.incident.rules.calendar)

    def day(self, at: datetime | None) -> Value:
        """Give the day of an instant, as the company's calendar has it."""
        return "" if at is None else local(at, self.incident.rules.calendar).date()


def _company(told: _Told) -> str:
    return str(told.company.get("name_zh" if told.language == "zh" else "name_en", ""))


def _product(told: _Told) -> str:
    names = [item.name_zh if told.language == "zh" else item.name_en for item in told.products()]
    return row_in(told.language, names)


def _codes(told: _Told) -> Value:
    items = [pack for item in told.products() for pack in item.document.get("items", ())]
    return tuple(pack["gtin"] for pack in items)


def _registration(told: _Told) -> str:
    rows = [r for item in told.products() for r in item.document.get("registrations", ())]
    return row_in(told.language, [row["number"] for row in rows])


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
    hurt = Situation.SOMEONE_HURT in situations(told.incident)
    return told.say("regret_hurt" if hurt else "regret_worry")


def _lines(*said: str) -> Value:
    return tuple(line for line in said if line)


def _known(told: _Told) -> Value:
    lots, cases = _lots(told), len(told.incident.report.cases)
    form = "known_cases_one" if cases == 1 else "known_cases"
    named = row_in(told.language, lots) if isinstance(lots, tuple) else ""
    return _lines(
        told.say(form, n=cases) if cases else "",
        told.say("known_lots", names=named) if named else "",
    )


def _not_known(told: _Told) -> Value:
    return _lines(
        "" if told.incident.investigation.is_concluded else told.say("open_cause"),
        told.say("open_lots") if told.incident.recall.scope is None else "",
    )


def _doing(told: _Told) -> Value:
    stopped = [told.say(f"stopped_{str(level).lower()}") for level in told.incident.halt.levels]
    return _lines(*stopped, told.say("testing") if told.incident.investigation.tests else "")


def _next_update(told: _Told) -> Value:
    """Promise the next word when the plan asks for it."""
    incident = told.incident
    report = incident.report
    timing = incident.rules.plan.timing("update", report.grade, report.attention)
    if timing is None or timing.every is None or incident.last_at is None:
        return ""
    if timing.every.unit is Unit.CALENDAR_DAYS:
        return told.moment(incident.last_at + timedelta(days=timing.every.amount))
    return told.moment(incident.rules.due_at(incident.last_at, timing.every))


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


def _finish_by(told: _Told) -> Value:
    plan = told.incident.recall.plan
    return told.day(plan.finish_at) if plan else ""


def _original_title(told: _Told) -> str:
    original = told.incident.statement.statements.get(told.about)
    titles = {text.language[:2]: text.title for text in original.texts} if original else {}
    return titles.get(told.language, "")


def _original_at(told: _Told) -> Value:
    original = told.incident.statement.statements.get(told.about)
    return told.moment(original.published_at) if original else ""


def _since(told: _Told) -> Value:
    texts = told.incident.statement.statements.values()
    return told.moment(max((t.published_at for t in texts if t.published_at), default=None))


_DERIVED: dict[str, Callable[[_Told], Value]] = {
    "company": _company,
    "product": _product,
    "codes": _codes,
    "registration": _registration,
    "lots": _lots,
    "incident": lambda told: told.incident.id,
    "as_of": lambda told: told.moment(told.incident.last_at),
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
