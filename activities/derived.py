"""Values of template variables: what state, facts and the company's own lists say.

What belongs here: from what is known to the value of a variable, in a language. What never does: a
template, or guessing: what nobody knows has no value (activities/drafting.py leaves a gap).
"""

import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy.engine import Engine

from activities import brief
from activities.hotlines import hotline
from activities.press import notice_path
from activities.press_templates import PressTemplates
from activities.stopping import is_confirmed
from domain.agreed import agreed_line, do_not_say_in, line_in, speaker_in
from domain.agreed_answers import answers_in
from domain.clock import Unit, local
from domain.errors import NotFound
from domain.fact_languages import is_foreign, said_as
from domain.fact_values import Value, ValueKind, value_of
from domain.facts import all_facts
from domain.in_words import row_in
from domain.incident import known_since
from domain.markets import base_language, nearest_language, regimes_of, with_region
from domain.notice_page import notice_told
from domain.press_contract import Variable
from domain.references import fact_in
from domain.severity import HaltLevel
from domain.state import Incident
from domain.state.halt import HaltState
from domain.state.investigation import Fact, FactStatus
from domain.state.statement import Flag
from domain.statement_facts import LISTED, clock_of, quoted
from domain.statement_lookup import situations
from domain.statement_text import QuotedFact
from domain.wording import Situation
from storage import catalog, company

TEMPLATES: Final = PressTemplates()
TITLE_SHOWN: Final = 120
"""Characters of an original's headline that the headline of its correction repeats."""

ALSO_RECORDED: Final = frozenset(
    {"known", "not_known", "still_open", "doing", "next_update", "since"}
)
"""What the incident tells by itself only sometimes: until then a person may say it as a fact."""

QUOTABLE: Final = frozenset({FactStatus.REPORTED, FactStatus.VERIFIED})


@dataclass(frozen=True)
class Desk:
    """Where texts are drafted: the company's lists, and the address people reach its pages by."""

    engine: Engine
    public_url: str = ""


@dataclass(frozen=True)
class Told:
    """What values are derived from: the desk, the incident, `zh` or `en`, the text it is about.

    With `referring`, sentences hold references in place of the figures that are facts. `markets`
    are those that the text speaks to in this language; none while nobody has said which. `tag` is
    the language with the region that its readers live in.
    """

    desk: Desk
    incident: Incident
    language: str
    about: str
    referring: bool = False
    markets: tuple[str, ...] = ()
    tag: str = ""

    def figure(self, key: str, value: str) -> str:
        """Give a figure of a sentence, or the reference to the fact that it is."""
        return f"{{{{{key}}}}}" if self.referring else value

    @property
    def company(self) -> Mapping[str, Any]:
        """Give what no list of the company holds: its names, hotline, website."""
        return about_company(self.desk.engine)

    def products(self) -> list[catalog.Item]:
        """Give the products of the incident that stand on the company's list."""
        return products_listed(self.desk, self.incident.report.products)

    def say(self, phrase: str, **words: object) -> str:
        """Say one of our own sentences, or nothing where nobody wrote it in this language."""
        return TEMPLATES.phrase(phrase, self.language, **words)

    def moment(self, at: datetime | None) -> Value:
        """Give an instant on the clock of the company's calendar."""
        return "" if at is None else local(at, self.incident.rules.calendar)

    def day(self, at: datetime | None) -> Value:
        """Give the day that people set as an instant, as the company's calendar has it."""
        return "" if at is None else local(at, self.incident.rules.calendar).date()


def known_values(
    desk: Desk, incident: Incident, language: str, about: str = "", markets: Iterable[str] = ()
) -> dict[str, Value]:
    """Give the values that the house knows, by the names of variables; unknown ones are left out.

    A recorded fact of the same name goes before what is derived.
    """
    return values_for(told_in(desk, incident, language, about, markets))


def told_in(
    desk: Desk,
    incident: Incident,
    language: str,
    about: str = "",
    markets: Iterable[str] = (),
    *,
    referring: bool = False,
) -> Told:
    """Give what values of one text are derived from, in a language with or without a region."""
    spoken_to = tuple(markets)
    return Told(
        desk, incident, base_language(language), about, referring=referring, markets=spoken_to,
        tag=with_region(language, spoken_to),
    )  # fmt: skip


def values_for(told: Told) -> dict[str, Value]:
    """Give the values of variables for one language of one text."""
    derived = {name: make(told) for name, make in _DERIVED.items()}
    found = {name: value for name, value in derived.items() if value}
    return {**found, **recorded_values(told)}


def products_listed(desk: Desk, products: Iterable[str]) -> list[catalog.Item]:
    """Give the products that stand on the company's list."""
    found = []
    for product in products:
        with suppress(NotFound):
            found.append(catalog.item(desk.engine, "product", product))
    return found


def name_in(item: catalog.Item, language: str) -> str:
    """Name what stands on the company's list as a text in a language names it."""
    return item.name_zh if base_language(language) == "zh" else item.name_en


def asked() -> tuple[Variable, ...]:
    """List what a recorded fact can fill: what nothing derives, or not always."""
    return tuple(
        v
        for v in TEMPLATES.catalogue().variables
        if v.name not in _DERIVED or v.name in ALSO_RECORDED
    )


def recorded_values(told: Told) -> dict[str, Value]:
    """Give recorded facts that may be quoted, in the words of the language where it has its own."""
    kinds_of = {v.name: v.kind for v in TEMPLATES.catalogue().variables}
    recorded = {
        key: _value(told, fact, kinds_of[key])
        for key, fact in all_facts(told.incident).items()
        if key in kinds_of and fact.seq and fact.status in QUOTABLE and _is_told(told, fact)
    }
    return {key: value for key, value in recorded.items() if value}


def _is_told(told: Told, fact: Fact) -> bool:
    """Say whether a fact has words in the language; a reference waits for them, words do not."""
    return told.referring or not is_foreign(told.language, quoted(fact))


def _value(told: Told, fact: Fact, kind: ValueKind) -> Value:
    clock = clock_of(told.incident, told.markets)
    said = said_as(told.tag, fact.said_in, clock.region_for(told.tag))
    kept = fact.value if said is None else said
    calendar = told.incident.rules.calendar
    own = kind if fact.kind is ValueKind.TEXT else fact.kind
    return value_of(own, kept, lambda at: local(at, calendar))


def about_company(engine: Engine) -> Mapping[str, Any]:
    """Give what no list of the company holds: its names, hotline, website (services/company.py).

    What stands there as null is not there.
    """
    kept = company.fact(engine, company.COMPANY)
    told: dict[str, Any] = json.loads(kept) if kept else {}
    return {name: value for name, value in told.items() if value is not None}


# ---------------------------------------------------------------- what is derived


def _company(told: Told) -> str:
    return str(told.company.get("name_zh" if told.language == "zh" else "name_en", ""))


def _product(told: Told) -> str:
    return row_in(told.language, [name_in(item, told.language) for item in told.products()])


def _codes(told: Told) -> Value:
    items = [pack for item in told.products() for pack in item.document.get("items", ())]
    return tuple(pack["gtin"] for pack in items)


def _registration(told: Told) -> str:
    rows = [r for item in told.products() for r in item.document.get("registrations", ())]
    regimes = {one for market in told.markets for one in regimes_of(market)}
    own = [row["number"] for row in rows if not regimes or row["market"] in regimes]
    return row_in(told.language, own)


def _hotline(told: Told) -> str:
    return hotline(told.company, told.markets, told.language)


def _lots(told: Told) -> Value:
    report, scope = told.incident.report, told.incident.recall.scope
    if scope is not None:
        return () if scope.unbounded else scope.coverage.lots
    return () if report.lots_unknown else report.lots


def _link(told: Told) -> str:
    base = told.desk.public_url or told.company.get("website", "")
    notice = notice_told(told.incident, told.about, told.markets)
    # Another web site may show the list of notices, and pages of its own: we know ours alone.
    page = notice_path(told.incident.id, notice) if notice and told.desk.public_url else "/recalls"
    return f"{base}{page}" if base else ""


def _regret(told: Told) -> str:
    hurt = Situation.SOMEONE_HURT in situations(told.incident)
    return told.say("regret_hurt" if hurt else "regret_worry")


def _lines(*said: str) -> Value:
    return tuple(line for line in said if line)


def _known(told: Told) -> Value:
    lots, cases = _lots(told), len(told.incident.report.cases)
    form = "known_cases_one" if cases == 1 else "known_cases"
    named = row_in(told.language, lots) if isinstance(lots, tuple) else ""
    return _lines(
        told.say(form, n=told.figure("cases_registered", str(cases))) if cases else "",
        told.say("known_lots", names=told.figure("lots", named)) if named else "",
    )


def _not_known(told: Told) -> Value:
    return _lines(
        "" if told.incident.investigation.is_concluded else told.say("open_cause"),
        told.say("open_lots") if told.incident.recall.scope is None else "",
    )


def _how_far(halt: HaltState, level: str) -> str:
    """Say whether a level is stopped or only ordered; to ask trade to stop is done with that."""
    return "stopped" if level == HaltLevel.H3 or is_confirmed(halt, level) else "stopping"


def _doing(told: Told) -> Value:
    halt = told.incident.halt
    stopped = [told.say(f"{_how_far(halt, level)}_{level.lower()}") for level in halt.levels]
    return _lines(*stopped, told.say("testing") if told.incident.investigation.tests else "")


def _next_update(told: Told) -> Value:
    """Promise the next word when the plan asks for it."""
    incident = told.incident
    report = incident.report
    timing = incident.rules.plan.timing("update", report.grade, report.attention)
    if timing is None or timing.every is None or incident.last_at is None:
        return ""
    if timing.every.unit is Unit.CALENDAR_DAYS:
        return told.moment(incident.last_at + timedelta(days=timing.every.amount))
    return told.moment(incident.rules.due_at(incident.last_at, timing.every))


def _agreed(told: Told) -> str:
    return line_in(agreed_line(told.incident), told.tag)


def _do_not_say(told: Told) -> Value:
    return do_not_say_in(agreed_line(told.incident), told.language)


def _answers(told: Told) -> str:
    return answers_in(agreed_line(told.incident), told.tag)


def _speaker(told: Told) -> str:
    return speaker_in(agreed_line(told.incident), told.tag)


def _cause(told: Told) -> str:
    investigation = told.incident.investigation
    finding = investigation.finding if investigation.is_concluded else None
    return finding.cause if finding else ""


def _finish_by(told: Told) -> Value:
    plan = told.incident.recall.plan
    return told.day(plan.finish_at) if plan else ""


def _original_title(told: Told) -> str:
    original = told.incident.statement.statements.get(told.about)
    titles = {text.language: text.title for text in original.texts} if original else {}
    title = titles.get(nearest_language(titles, [told.tag]), "")
    return title if len(title) <= TITLE_SHOWN else f"{title[:TITLE_SHOWN]}…"


def _moved(told: Told) -> tuple[Flag, ...]:
    """Give what moved that the text tells which is corrected: each fact once, as it stood there."""
    original = told.incident.statement.statements.get(told.about)
    flags = [flag for flag in original.flags if flag.fact] if original else []
    return tuple({flag.fact: flag for flag in reversed(flags)}.values())


def _wrong(told: Told) -> str:
    """Quote what stood there, as readers of the language read it.

    Nothing where no fact moved, or where it was told in another language alone: then a person says
    what was wrong.
    """
    original = told.incident.statement.statements.get(told.about)
    stood = {fact.key: fact for fact in original.facts} if original else {}
    said = [_as_read(told, stood.get(flag.fact), flag.was) for flag in _moved(told)]
    return (
        row_in(told.language, (told.say("quoted", words=one) for one in said)) if all(said) else ""
    )


def _right(told: Told) -> str:
    known = {key: quoted(fact) for key, fact in all_facts(told.incident).items()}
    said = [
        told.figure(flag.fact, _as_read(told, known.get(flag.fact), flag.now))
        for flag in _moved(told)
    ]
    return (
        row_in(told.language, (told.say("quoted", words=one) for one in said)) if all(said) else ""
    )


def _as_read(told: Told, fact: QuotedFact | None, kept: str) -> str:
    """Write a fact in the language of the text, in one line; nothing where it has no words there.

    `kept` is what the flag has of it, where the fact itself is not known any more.
    """
    if fact is None or not kept:
        return kept
    if is_foreign(told.language, fact):
        return ""
    clock = clock_of(told.incident, told.markets)
    # What is quoted is quoted as it stood: it is no figure of ours that may still change.
    said = fact_in(told.tag, replace(fact, status=LISTED), clock)
    return row_in(told.language, said.splitlines())


def _original_at(told: Told) -> Value:
    original = told.incident.statement.statements.get(told.about)
    return told.moment(original.published_at) if original else ""


def _since(told: Told) -> Value:
    texts = told.incident.statement.statements.values()
    return told.moment(max((t.published_at for t in texts if t.published_at), default=None))


_DERIVED: dict[str, Callable[[Told], Value]] = {
    "company": _company,
    "product": _product,
    "codes": _codes,
    "registration": _registration,
    "lots": _lots,
    "incident": lambda told: told.incident.id,
    "as_of": lambda told: told.moment(told.incident.last_at),
    "signed_on": lambda told: told.moment(told.incident.last_at),
    "hotline": _hotline,
    "link": _link,
    "heard_since": lambda told: told.moment(known_since(told.incident)),
    "regret": _regret,
    "known": _known,
    "not_known": _not_known,
    "still_open": _not_known,
    "doing": _doing,
    "next_update": _next_update,
    "line": _agreed,
    "do_not_say": _do_not_say,
    "speaker": _speaker,
    "answers": _answers,
    "cause": _cause,
    "finish_by": _finish_by,
    "original_title": _original_title,
    "original_at": _original_at,
    "wrong": _wrong,
    "right": _right,
    "since": _since,
    "grade": lambda told: brief.grade(told.incident, told.language),
    "standing": lambda told: brief.standing(told.incident, told.language),
    "people_counted": lambda told: brief.people(told.incident, told.language),
    "goods_counted": lambda told: brief.goods(told.incident, told.language),
    "clocks": lambda told: brief.clocks(told.incident, told.language),
}
"""How each variable is derived; what is not here comes from a recorded fact, or is a gap."""
