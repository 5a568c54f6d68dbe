"""Where a report's values come from: incident, duty, company, person hurt, investigation, halt.

What belongs here: one function for each source of a form, giving what is on record or nothing.
What never does: a guess, a sentence of our own, or what is counted in a recall
(domain/packet_recall.py).
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final

from domain.cases import is_serious
from domain.fact_values import ValueKind
from domain.filing_forms import FormSource
from domain.firm import roles_in
from domain.markets import is_within, regimes_of
from domain.packet_terms import Found, ListedPerson, ListedProduct, Standing, Told
from domain.state.report import Case
from domain.values import PrivateText

Finder = Callable[[Told], Found | None]

SEVERAL: Final = ValueKind.POINTS
BETWEEN: Final = " · "
NOT_KNOWN: Final = "—"
"""Stands for a number that nobody knows, where others beside it are known: never a zero."""


def lines(values: Iterable[str], *seqs: int) -> Found | None:
    """Give several things, each on a line; nothing where there are none."""
    told = tuple(one for one in values if one)
    return Found(value=told, kind=SEVERAL, seqs=seqs) if told else None


def row(values: Iterable[str], *seqs: int) -> Found | None:
    """Give several things in one row; nothing where there are none."""
    told = tuple(one for one in values if one)
    return Found(value=told, kind=ValueKind.ROW, seqs=seqs) if told else None


def text(value: str, *seqs: int) -> Found | None:
    """Give words as they stand; nothing where nobody wrote any."""
    return Found(value=value, seqs=seqs) if value.strip() else None


def moment(at: datetime | None, *seqs: int) -> Found | None:
    """Give an instant."""
    return None if at is None else Found(value=at, kind=ValueKind.MOMENT, seqs=seqs)


def number(count: int | None, *seqs: int) -> Found | None:
    """Give a number; an unknown one is nothing, never zero."""
    return None if count is None else Found(value=count, kind=ValueKind.NUMBER, seqs=seqs)


# ---------------------------------------------------------------- the report itself


def reference_of(told: Told) -> str:
    """Give our own number of a report: the same for all reports about one person in a country."""
    duty = told.duty
    about = f"{duty.case}-{told.market}" if duty.case else duty.id
    return f"{told.incident.id}-{about}"


def _kind(told: Told) -> Found | None:
    return text(told.speech.member(told.kind))


def _law(told: Told) -> Found | None:
    return text(told.law, told.duty.seq)


def _authority(told: Told) -> Found | None:
    duty = told.duty
    return text(told.speech.pick(duty.authority_en, duty.authority_zh), duty.seq)


def _title(told: Told) -> Found | None:
    duty = told.duty
    return text(told.speech.pick(duty.title_en, duty.title_zh), duty.seq)


def _place(told: Told) -> Found | None:
    return text(told.speech.country(told.market), told.duty.seq)


def _fault(told: Told) -> Found | None:
    report = told.incident.report
    if report.answers.fault == "unknown":
        return None
    seqs = [one.seq for one in report.assessments[-1:]]
    word = told.speech.member(report.answers.fault)
    return Found(value=word, seqs=tuple(seqs), standing=Standing.PRELIMINARY)


def _first_known(told: Told) -> Found | None:
    """Give the earliest knowledge on record with its entry: reports and people hurt, as clocks do.

    A person registered later may have been known of before the first report (domain/triggers.py).
    """
    report = told.incident.report
    known = [(one.first_known_at, one.seq) for one in report.reports]
    known += [(one.awareness_at, one.seq) for one in report.cases.values()]
    return moment(*min(known)) if known else None


def _known(told: Told) -> Found | None:
    case = _case(told)
    return moment(case.awareness_at, case.seq) if case else _first_known(told)


def _markets(told: Told) -> Found | None:
    scope, report = told.incident.recall.scope, told.incident.report
    markets = scope.markets if scope else report.markets or report.answers.markets
    return row(map(told.speech.country, markets), *([scope.seq] if scope else []))


def _authority_acts(told: Told) -> Found | None:
    acts = [
        one
        for one in told.incident.notice.acts.values()
        if one.stands and (is_within(one.market, [told.market]) or one.id == told.duty.subject)
    ]
    said = (
        BETWEEN.join(filter(None, (one.authority, told.speech.member(one.kind), one.number)))
        for one in acts
    )
    return lines(said, *(one.seq for one in acts))


# ---------------------------------------------------------------- the company and its goods


def _people(told: Told, people: Iterable[ListedPerson]) -> Found | None:
    return lines(BETWEEN.join(filter(None, (told.named(p.name), p.email))) for p in people)


def _role(told: Told) -> Found | None:
    """Give what we are in the market by the plan, of those that the rule obliges; else nothing.

    Whom a rule obliges says nothing about us. Of a market that the plan leaves out it is supposed
    that the brand is ours: nobody has said so, and the report marks it.
    """
    firm, market = told.incident.rules.plan.firm, told.duty.market
    ours = [one for one in told.duty.obliged if one in roles_in(firm, market)]
    stated = any(one.market == market for one in firm)
    found = row(told.words(ours))
    return found if found is None or stated else replace(found, standing=Standing.PRELIMINARY)


def _hotline(told: Told) -> Found | None:
    said = told.company.hotline
    return Found(value=said, kind=ValueKind.PHONE) if said else None


def _case(told: Told) -> Case | None:
    return told.incident.report.cases.get(told.duty.case)


def products_of(told: Told) -> tuple[ListedProduct, ...]:
    """List the products that a report is about, as far as they stand on the company's list."""
    case, scope = _case(told), told.incident.recall.scope
    ids = (scope.products if scope else ()) or told.incident.report.products
    wanted = (case.product,) if case else ids
    return tuple(told.company.products[one] for one in wanted if one in told.company.products)


def _registrations(told: Told) -> Found | None:
    own = regimes_of(told.market)
    rows = [r for one in products_of(told) for r in one.registrations]
    return row(number for market, number in rows if market in own)


def lots_of(told: Told) -> tuple[str, ...]:
    """Name the lots that a report is about: the person's, the scope's, or those reported."""
    case, report, scope = _case(told), told.incident.report, told.incident.recall.scope
    if case is not None:
        return (case.lot,) if case.lot else ()
    if scope is not None:
        return () if scope.unbounded else tuple(lot.lot for lot in scope.lots)
    return () if report.lots_unknown else report.lots


def _lots(told: Told) -> Found | None:
    case, scope = _case(told), told.incident.recall.scope
    seqs = (case.seq,) if case else (scope.seq,) if scope else ()
    found = row(lots_of(told), *seqs)
    if found is None or seqs:
        return found
    return Found(value=found.value, kind=found.kind, standing=Standing.PRELIMINARY)


def _lot_dates(told: Told) -> Found | None:
    known = [told.company.lots[one] for one in lots_of(told) if one in told.company.lots]
    dated = (
        f"{lot.number}: {lot.made_on or NOT_KNOWN} / {lot.expires_on or NOT_KNOWN}" for lot in known
    )
    return lines(dated)


def _sites(told: Told) -> Found | None:
    known = [told.company.lots[one] for one in lots_of(told) if one in told.company.lots]
    return row(dict.fromkeys(told.named(lot.site) for lot in known))


# ---------------------------------------------------------------- the people hurt


def _of_case(told: Told, of: Callable[[Case], Found | None]) -> Found | None:
    case = _case(told)
    return None if case is None else of(case)


def _seriousness(told: Told, case: Case) -> Found | None:
    """Give how the law of the market calls the case; where none of ours is its law, nothing."""
    level = next(
        (
            told.speech.member(getattr(case.levels, regime.lower()))
            for regime in ("CN", "EU", "US")
            if regime in regimes_of(told.market)
        ),
        "",
    )
    return text(level, case.seq)


def _private(told: Told, words: PrivateText, *seqs: int) -> Found:
    """Give private words to who may read them; else say that they are there and stay sealed."""
    opened = told.entries.opened.get(words.ref, "")
    standing = Standing.KNOWN if opened else Standing.SEALED
    return Found(value=opened, seqs=seqs, standing=standing)


def _person(told: Told, case: Case) -> Found | None:
    return None if case.person is None else _private(told, case.person, case.seq)


def _account(told: Told) -> Found | None:
    told_of = [(one.seq, _private(told, one.words, one.seq)) for one in told.entries.accounts]
    if not told_of:
        return None
    opened = tuple(str(found.value) for _, found in told_of if found.value)
    standing = Standing.KNOWN if len(opened) == len(told_of) else Standing.SEALED
    value = "\n\n".join(opened) if standing is Standing.KNOWN else ""
    return Found(value=value, seqs=tuple(seq for seq, _ in told_of), standing=standing)


def _cases(told: Told) -> tuple[Case, ...]:
    """List the people a report is about: the duty's own person, else all that are registered."""
    case = _case(told)
    return (case,) if case else tuple(told.incident.report.cases.values())


def _cases_serious(told: Told) -> Found | None:
    cases = _cases(told)
    serious = [one for one in cases if is_serious(one.levels)]
    return number(len(serious), *(one.seq for one in serious)) if cases else None


def _cases_count(told: Told) -> Found | None:
    cases = _cases(told)
    return number(len(cases), *(one.seq for one in cases)) if cases else None


def _cases_list(told: Told) -> Found | None:
    """List the people registered, without who they are: country, what happened, lot."""
    cases = _cases(told)
    said = (
        BETWEEN.join(
            filter(
                None,
                (
                    one.id,
                    told.speech.country(one.country),
                    *told.words(one.outcomes),
                    one.lot or "",
                ),
            )
        )
        for one in cases
    )
    return lines(said, *(one.seq for one in cases))


# ---------------------------------------------------------------- what was found out


def _hazard(name: str) -> Finder:
    def found(told: Told) -> Found | None:
        if told.entries.hazard is None:
            return None
        seq, evaluated = told.entries.hazard
        standing = Standing.PRELIMINARY if evaluated.preliminary else Standing.KNOWN
        return Found(value=str(getattr(evaluated, name)), seqs=(seq,), standing=standing)

    return found


def _hazard_result(told: Told) -> Found | None:
    evaluated = told.incident.investigation.evaluations[-1:]
    if not evaluated:
        return None
    one = evaluated[0]
    standing = Standing.PRELIMINARY if one.preliminary else Standing.KNOWN
    value = told.words((one.credible_harm, one.likelihood))
    return Found(value=value, kind=ValueKind.ROW, seqs=(one.seq,), standing=standing)


def _finding(name: str) -> Finder:
    def found(told: Told) -> Found | None:
        one = told.incident.investigation.finding
        value = "" if one is None else str(getattr(one, name))
        if one is None or not value.strip():
            return None
        value = told.speech.member(one.outcome) if name == "outcome" else value
        standing = Standing.PRELIMINARY if one.interim else Standing.KNOWN
        return Found(value=value, seqs=(one.seq,), standing=standing)

    return found


def _tests(told: Told) -> Found | None:
    tests = [one for one in told.incident.investigation.tests.values() if one.verdict is not None]
    said = (
        BETWEEN.join(
            filter(
                None,
                (
                    one.laboratory,
                    one.method,
                    one.lot or "",
                    f"{one.result} {one.unit}".strip(),
                    one.limit,
                    told.speech.member(one.verdict) if one.verdict else "",
                ),
            )
        )
        for one in tests
    )
    return lines(said, *(one.result_seq or one.seq for one in tests))


def _halts(told: Told) -> Found | None:
    halt, plan = told.incident.halt, told.incident.rules.plan
    said = (
        told.speech.pick(plan.halt[level].name_en, plan.halt[level].name_zh)
        for level in halt.levels
        if level in plan.halt
    )
    orders = [one.seq for one in halt.orders if one.level in halt.levels]
    return lines(said, *orders)


def _stopped_lines(told: Told) -> Found | None:
    stopped = told.incident.halt.lines
    return lines((f"{one.site} {one.line}" for one in stopped), *(one.seq for one in stopped))


# ---------------------------------------------------------------- by source

FINDERS: Final[dict[FormSource, Finder]] = {
    FormSource.REPORT_NUMBER: lambda told: text(reference_of(told)),
    FormSource.REPORT_KIND: _kind,
    FormSource.REPORT_COUNT: lambda told: number(len(told.duty.filings) + 1),
    FormSource.REPORT_AS_OF: lambda told: moment(told.incident.last_at, told.incident.size),
    FormSource.INCIDENT_NUMBER: lambda told: text(told.incident.id),
    FormSource.INCIDENT_FIRST_KNOWN: _first_known,
    FormSource.INCIDENT_FAULT: _fault,
    FormSource.INCIDENT_MARKETS: _markets,
    FormSource.DUTY_AUTHORITY: _authority,
    FormSource.DUTY_TITLE: _title,
    FormSource.DUTY_LAW: _law,
    FormSource.DUTY_PLACE: _place,
    FormSource.DUTY_KNOWN: _known,
    FormSource.AUTHORITY_ACTS: _authority_acts,
    FormSource.COMPANY_NAME: lambda told: text(told.named(told.company.name)),
    FormSource.COMPANY_ROLE: _role,
    FormSource.COMPANY_WEBSITE: lambda told: text(told.company.website),
    FormSource.COMPANY_HOTLINE: _hotline,
    FormSource.COMPANY_CONTACT: lambda told: _people(told, told.company.contacts),
    FormSource.COMPANY_RESPONSIBLE: lambda told: _people(told, told.company.responsible),
    FormSource.COMPANY_SITES: _sites,
    FormSource.PRODUCT_NAME: lambda told: row(told.named(p.name) for p in products_of(told)),
    FormSource.PRODUCT_BRAND: lambda told: row(dict.fromkeys(p.brand for p in products_of(told))),
    FormSource.PRODUCT_CATEGORY: lambda told: row(
        dict.fromkeys(told.named(p.category) for p in products_of(told))
    ),
    FormSource.PRODUCT_CODES: lambda told: row(code for p in products_of(told) for code in p.codes),
    FormSource.PRODUCT_REGISTRATION: _registrations,
    FormSource.LOTS_NUMBERS: _lots,
    FormSource.LOTS_DATES: _lot_dates,
    FormSource.CASE_NUMBER: lambda told: _of_case(told, lambda case: text(case.id, case.seq)),
    FormSource.CASE_COUNTRY: lambda told: _of_case(
        told, lambda case: text(told.speech.country(case.country), case.seq)
    ),
    FormSource.CASE_LOT: lambda told: _of_case(told, lambda case: text(case.lot or "", case.seq)),
    FormSource.CASE_OUTCOMES: lambda told: _of_case(
        told, lambda case: row(told.words(case.outcomes), case.seq)
    ),
    FormSource.CASE_SERIOUSNESS: lambda told: _of_case(told, lambda case: _seriousness(told, case)),
    FormSource.CASE_AWARENESS: lambda told: _of_case(
        told, lambda case: moment(case.awareness_at, case.seq)
    ),
    FormSource.CASE_PERSON: lambda told: _of_case(told, lambda case: _person(told, case)),
    FormSource.CASE_ACCOUNT: _account,
    FormSource.CASES_COUNT: _cases_count,
    FormSource.CASES_SERIOUS: _cases_serious,
    FormSource.CASES_LIST: _cases_list,
    FormSource.HAZARD_INJURIES: _hazard("injuries"),
    FormSource.HAZARD_CONDITIONS: _hazard("conditions"),
    FormSource.HAZARD_GROUPS: _hazard("groups_at_risk"),
    FormSource.HAZARD_SERIOUSNESS: _hazard("seriousness"),
    FormSource.HAZARD_OCCURRENCE: _hazard("occurrence"),
    FormSource.HAZARD_CONSEQUENCES: _hazard("consequences"),
    FormSource.HAZARD_RESULT: _hazard_result,
    FormSource.FINDING_OUTCOME: _finding("outcome"),
    FormSource.FINDING_CAUSE: _finding("cause"),
    FormSource.FINDING_MECHANISM: _finding("mechanism"),
    FormSource.TESTS_RESULTS: _tests,
    FormSource.HALT_LEVELS: _halts,
    FormSource.HALT_LINES: _stopped_lines,
}
"""How each source is read; those of a recall stand in domain/packet_recall.py."""
