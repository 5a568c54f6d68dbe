"""Stage `notice`: which rules the facts of an incident trigger, for whom, and since when.

What belongs here: the predicates over the facts that rules may look at (domain/rule_facts.py).
What never does: recording a duty (domain/arising.py), a number of a law, or the present time. The
same facts give the same answer in whatever order they came in.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from domain.firm import class_in, roles_in
from domain.limits import Limit
from domain.market_clocks import begin_of_day, law_day
from domain.markets import market_of, place_of
from domain.recall_moments import changed_after, changes, decided_at
from domain.recall_terms import RecallAction
from domain.recurring import came_within
from domain.regulation_terms import (
    CaseIs,
    ClockStart,
    DutyStatus,
    ProductClass,
    SocialImpact,
    Subject,
)
from domain.regulations import Rule, When
from domain.rule_facts import Facts
from domain.state.notice import AuthorityAct, Duty
from domain.state.recall import MarketEnd, RecallState
from domain.state.report import Case


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A rule that the facts trigger, for one recipient and subject; `why` names the conditions.

    `may_move`: the start is a fact that may turn out to be earlier.
    """

    rule: Rule
    place: str
    recipient: str
    subject: str
    case: str
    possible: bool
    start_at: datetime
    may_move: bool
    why: tuple[str, ...]
    after: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """Give what makes a duty one duty: rule, recipient, subject."""
        return (self.rule.id, self.recipient, self.subject)


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What one duty would be about: a place, and a case, an authority's act or an earlier duty."""

    market: str
    place: str
    subject: str
    sure: bool = True
    case: Case | None = None
    act: AuthorityAct | None = None
    before: Duty | None = None


def hits(rules: Iterable[Rule], facts: Facts) -> Iterator[Hit]:
    """Give every duty that the facts ask for, in the order of the rules."""
    every = tuple(rules)
    leading: dict[str, set[str]] = {rule.id: {rule.id} for rule in every if rule.repeats}
    for rule in every:
        for other in rule.follow_ups:
            leading.setdefault(other, set()).add(rule.id)
    for rule in every:
        if not set(rule.obliged) & roles_in(facts.rules.plan.firm, rule.market):
            continue
        for about in _abouts(rule, facts, leading.get(rule.id, set())):
            hit = _hit(rule, facts, about) if _speaks_of(rule, facts, about) else None
            if hit is not None:
                yield hit


def _speaks_of(rule: Rule, facts: Facts, about: About) -> bool:
    """Say whether a rule is about such a product: of the case, else of any in the incident."""
    products = (about.case.product,) if about.case is not None else facts.products
    listed = facts.rules.plan.product_classes
    market = market_of(about.market)
    classes = {class_in(one, market, listed, facts.classed) for one in products}
    return bool(set(rule.products) & (classes or {ProductClass.COSMETIC}))


# ---------------------------------------------------------------- about what


def _abouts(rule: Rule, facts: Facts, leaders: set[str]) -> Iterator[About]:
    """Give everything that a duty of this rule could be about."""
    if leaders:
        yield from _after(rule, facts, leaders)
    elif rule.subject is Subject.CASE:
        for case in facts.cases.values():
            if market_of(case.country) == rule.market:
                yield About(
                    market=rule.market, place=place_of(case.country), subject=case.id, case=case
                )
    elif not facts.is_open:
        return
    elif rule.subject is Subject.AUTHORITY_ACT:
        for act in facts.notice.acts.values():
            if market_of(act.market) == rule.market:
                yield About(market=rule.market, place=place_of(act.market), subject=act.id, act=act)
    else:
        yield from _in_places(rule, facts)


def _in_places(rule: Rule, facts: Facts) -> Iterator[About]:
    there = {place: sure for place, sure in facts.places.items() if market_of(place) == rule.market}
    if rule.each_country:
        for place, sure in there.items():
            yield About(market=rule.market, place=place, subject="incident", sure=sure)
    elif there:
        sure = any(there.values())
        yield About(market=rule.market, place=rule.market, subject="incident", sure=sure)


def _after(rule: Rule, facts: Facts, leaders: set[str]) -> Iterator[About]:
    """Give what may follow filed reports: new information, or the next of a series."""
    for before in facts.notice.duties.values():
        if before.rule not in leaders or not _is_filed(before):
            continue
        case = facts.cases.get(before.case)
        subject, _, number = before.subject.partition("/")
        if any(row.new_information for row in rule.when):
            if case is None or case.follow_ups <= before.filings[-1].case_follow_ups:
                continue
            subject = f"{subject}/{case.follow_ups}"
        elif any(row.changed for row in rule.when):
            subject = f"{subject}/{len(changes(facts.recall, facts.findings))}"
        elif before.rule == rule.id:
            subject = f"{subject}/{int(number or 1) + 1}"
        yield About(
            market=rule.market, place=before.place, subject=subject, case=case, before=before
        )


# ---------------------------------------------------------------- does it hold


def level_of(case: Case, market: str) -> CaseIs | None:
    """Say how a market's law sees a case; None when it is not reportable there.

    Great Britain kept the definition of Regulation 1223/2009 art. 2(1)(p); Northern Ireland has it.
    Where a law names outcomes and no level, its rules name them (`outcome`).
    """
    levels = case.levels
    union = dict.fromkeys(("EU", "GB", "XI"), levels.eu)
    by_market = {"CN": levels.cn, "US": levels.us, **union}
    word = str(by_market.get(market, "no"))
    if word == "no":
        return None
    return CaseIs.SERIOUS if word == "yes" else CaseIs(word)


def _case(wanted: Any, _facts: Facts, about: About) -> bool:
    return about.case is not None and level_of(about.case, about.market) in wanted


def _outcome(wanted: Any, _facts: Facts, about: About) -> bool:
    return about.case is not None and bool(set(wanted) & set(about.case.outcomes))


def _hurt(facts: Facts, about: About) -> list[Case]:
    return [case for case in facts.cases.values() if market_of(case.country) == about.market]


def _people(least: int, facts: Facts, about: About) -> bool:
    return len(_hurt(facts, about)) >= least


def _serious(least: int, facts: Facts, about: About) -> bool:
    """Count those whom the law of the market sees as seriously hurt."""
    levels = [level_of(case, about.market) for case in _hurt(facts, about)]
    return levels.count(CaseIs.SERIOUS) >= least


def _social_impact(wanted: Any, facts: Facts, about: About) -> bool:
    asked = any(
        case.levels.social_impact_asked
        for case in facts.cases.values()
        if market_of(case.country) == about.market
    )
    marked = facts.answers.social_impact_marked or _is_confirmed(facts, about.market)
    return (asked and SocialImpact.ASKED in wanted) or (marked and SocialImpact.MARKED in wanted)


def _is_confirmed(facts: Facts, market: str) -> bool:
    """Say whether a named person said of such a duty there that it is one: that is a mark too."""
    asking = {
        rule.id for rule in facts.rules.regulations if any(r.social_impact for r in rule.when)
    }
    return any(
        duty.market == market
        and duty.rule in asking
        and duty.confirmed_by
        and duty.status is not DutyStatus.DETERMINED
        for duty in facts.notice.duties.values()
    )


def _recall_open(_wanted: Any, facts: Facts, about: About) -> bool:
    """Say whether a recall runs there that the authority has not terminated (21 CFR 7.53(c))."""
    return facts.recall.is_decided and termination(facts.recall, about.market) is None


def termination(recall: RecallState, market: str) -> MarketEnd | None:
    """Give how the authority ended the recall in a market of rules, once it did."""
    ends = (end for place, end in recall.ends.items() if market_of(place) == market)
    return next((end for end in ends if end.granted_on is not None), None)


_HOLDS: dict[str, Callable[[Any, Facts, About], bool]] = {
    "case": _case,
    "social_impact": _social_impact,
    "grade": lambda floor, facts, _about: facts.grade >= floor,
    "fault": lambda wanted, facts, _about: facts.answers.fault in wanted,
    "evidence": lambda wanted, facts, _about: facts.answers.evidence in wanted,
    "recall": lambda wanted, facts, _about: decided_at(facts.recall, wanted) is not None,
    "recall_open": _recall_open,
    "finding": lambda wanted, facts, _about: _found_at(facts, wanted) is not None,
    "halted": lambda wanted, facts, _about: bool(set(wanted) & set(facts.halted)),
    "authority": lambda wanted, facts, about: bool(_acts(facts, about, wanted)),
    "outcome": _outcome,
    "people": _people,
    "serious": _serious,
    "intent": lambda wanted, facts, _about: facts.answers.intent in wanted,
    "completed": lambda _wanted, facts, about: _completed_at(facts, about) is not None,
    "resumed": lambda _wanted, facts, _about: any(order.lifted_at for order in facts.stood),
    "new_information": lambda _wanted, _facts, about: about.before is not None,
    "changed": lambda _wanted, facts, about: _changed_at(facts, about) is not None,
    "filed": lambda _wanted, _facts, about: _is_filed(about.before),
}
"""Every condition a rule may write; the closed list of domain/regulations.py, `When`."""


def _is_filed(before: Duty | None) -> bool:
    return before is not None and not before.is_open and bool(before.filings)


def _acts(facts: Facts, about: About, kinds: Iterable[str]) -> list[AuthorityAct]:
    acts = [about.act] if about.act is not None else list(facts.notice.acts.values())
    return [a for a in acts if a.stands and a.kind in kinds and market_of(a.market) == about.market]


def _completed_at(facts: Facts, about: About) -> datetime | None:
    """Give when the recall was first completed by us in a market, of a country in its country."""
    ends = (
        end.completed_at
        for place, end in facts.recall.ends.items()
        if about.place in (place, about.market) and market_of(place) == about.market
    )
    return min(ends, default=None)


def _resumed_at(row: When, facts: Facts) -> datetime | None:
    """Give when production was last resumed that had stood still for as long as a row asks."""
    lifted = [
        order.lifted_at
        for order in facts.stood
        if order.lifted_at is not None
        and (
            row.stood_for is None or _over(facts, order.ordered_at, row.stood_for, order.lifted_at)
        )
    ]
    return max(lifted, default=None)


def _stood_long_enough(row: When, facts: Facts) -> bool:
    return row.stood_for is None or _resumed_at(row, facts) is not None


def _over(facts: Facts, start_at: datetime, limit: Limit, at: datetime) -> bool:
    """Say whether a limit is over at a time, by the company's calendar; plainly beyond it."""
    return facts.rules.due_at(start_at, limit) <= at


def _planned_at(row: When, facts: Facts, about: About) -> datetime | None:
    """Give when the recall begins there: as it is planned, else when it was decided."""
    planned = (one.starts_at for one in facts.recall.starts if one.market == about.place)
    return next(planned, None) or decided_at(facts.recall, row.recall or tuple(RecallAction))


def _changed_at(facts: Facts, about: About) -> datetime | None:
    sent_at = _sent(None, facts, about)
    return changed_after(facts.recall, facts.findings, sent_at) if sent_at else None


def _found_at(facts: Facts, outcomes: Iterable[str]) -> datetime | None:
    wanted = set(outcomes)
    return min((at for outcome, at in facts.findings if outcome in wanted), default=None)


def _hit(rule: Rule, facts: Facts, about: About) -> Hit | None:
    """Give the duty if a row holds: a certain row before a possible one, the earliest start."""
    found = [
        (row.possible or not about.sure, *_start(rule, row, facts, about), row)
        for row in rule.when
        if all(_HOLDS[name](value, facts, about) for name, value in _conditions(row))
        and _stood_long_enough(row, facts)
    ]
    if not found:
        return None
    fact_at = min(start for _, start, _, _ in found)
    if not _is_in_force(rule, fact_at, facts) or _is_too_late(rule, facts, about):
        return None
    start_at = _under_law(rule, fact_at)
    certain = [row for possible, _, _, row in found if not possible]
    return Hit(
        rule=rule,
        place=about.place,
        recipient=f"{rule.recipient}:{about.place}" if rule.each_country else rule.recipient,
        subject=about.subject,
        case=about.case.id if about.case else "",
        possible=not certain,
        start_at=start_at
        if rule.clock_start is ClockStart.RECALL_START
        else min(start_at, facts.at),
        may_move=all(may_move for _, _, may_move, _ in found),
        why=_why(certain or [row for *_, row in found], sure=about.sure),
        after=about.before.id if about.before else "",
    )


@lru_cache(maxsize=1024)
def _conditions(row: When) -> tuple[tuple[str, Any], ...]:
    """Give a row's conditions; they are asked for at every act, and never change."""
    return tuple(row.conditions().items())


def _why(rows: Iterable[When], *, sure: bool) -> tuple[str, ...]:
    names = {name for row in rows for name, _ in _conditions(row)}
    return tuple(sorted(names if sure else names | {"markets_not_known"}))


def _is_in_force(rule: Rule, fact_at: datetime, facts: Facts) -> bool:
    """Say whether the rule is in force on any day, of its market, from the start to now."""
    first_on, last_on = sorted(law_day(at, rule.market) for at in (fact_at, facts.at))
    return rule.is_in_force(first_on, last_on)


def _under_law(rule: Rule, fact_at: datetime) -> datetime:
    """Start no clock before the law itself began: what was known before is due from then on."""
    if rule.effective_from is None:
        return fact_at
    return max(fact_at, begin_of_day(rule.effective_from, rule.market))


def _is_too_late(rule: Rule, facts: Facts, about: About) -> bool:
    """Say whether new information came after the time in which it counts (21 USC 364a(b)(2))."""
    if rule.within is None or about.before is None:
        return False
    first_at = about.before.filings[0].sent_at
    return not came_within(first_at, facts.told_at, rule.within, facts.rules.calendar)


# ---------------------------------------------------------------- since when


def _start(rule: Rule, row: When, facts: Facts, about: About) -> tuple[datetime, bool]:
    """Give the fact at which the clock starts, and whether it may turn out to be earlier."""
    start = _STARTS[rule.clock_start](row, facts, about)
    if start is not None:
        return start, rule.clock_start in _MAY_MOVE
    return facts.told_at, False


def standing_start(rule: Rule, duty: Duty, facts: Facts) -> datetime | None:
    """Give the clock start of a duty on record by the facts of now, whether or not they trigger it.

    None where the start never moves, or is not known.
    """
    if rule.clock_start not in _KNOWLEDGE:
        return None
    case = facts.cases.get(duty.case)
    about = About(market=duty.market, place=duty.place, subject=duty.subject, case=case)
    starts = [_STARTS[rule.clock_start](row, facts, about) for row in rule.when]
    return min((_under_law(rule, start) for start in starts if start is not None), default=None)


def _aware(row: When, facts: Facts, about: About) -> datetime | None:
    """Any employee became aware, whatever the role (SUE Form A; 自发现或者获知之日)."""
    if about.case is not None:
        return about.case.awareness_at
    # What people suffered in one market is known there; a fault of the product is one worldwide.
    return _known_there(row, facts, about) if row.social_impact else facts.known_at


def _known_there(row: When, facts: Facts, about: About) -> datetime | None:
    """Give since when we know of what may have greater social impact in the rule's market.

    Asked because of people there: since the first of those was known. Marked: people spoke of all
    that happened there, so since anything of it was. Where nothing is from there, as elsewhere.
    """
    hurt = _hurt(facts, about)
    asked = [case.awareness_at for case in hurt if case.levels.social_impact_asked]
    cases = [case.awareness_at for case in hurt]
    told = [at for country, at in facts.reported if market_of(country) in ("", about.market)]
    if facts.answers.social_impact_marked and SocialImpact.MARKED in row.social_impact:
        return min(cases + told, default=facts.known_at)
    return min(asked or cases or told, default=facts.known_at)


def _received(_row: When, facts: Facts, about: About) -> datetime | None:
    return about.case.awareness_at if about.case is not None else facts.received_at


def _found(row: When, facts: Facts, _about: About) -> datetime | None:
    """What was signed; else what was answered, from when all of it was known.

    Never from when somebody told that the goods are in this market too: it was found before that.
    """
    signed_at = _found_at(facts, row.finding)
    answered = [facts.since.get(name) for name, _ in _conditions(row)]
    return signed_at or max((at for at in answered if at is not None), default=None)


def _acted(row: When, facts: Facts, about: About) -> datetime | None:
    return min((act.received_at for act in _acts(facts, about, row.authority)), default=None)


def _sent(_row: When | None, _facts: Facts, about: About) -> datetime | None:
    return about.before.filings[0].sent_at if about.before else None


_STARTS: dict[ClockStart, Callable[[When, Facts, About], datetime | None]] = {
    ClockStart.AWARENESS: _aware,
    ClockStart.RECEIPT: _received,
    ClockStart.FINDING: _found,
    ClockStart.DECISION: lambda row, facts, _about: decided_at(
        facts.recall, row.recall or tuple(RecallAction)
    ),
    ClockStart.AUTHORITY_ACT: _acted,
    ClockStart.NEW_INFORMATION: lambda row, facts, about: (
        _changed_at(facts, about) if row.changed else None
    ),
    ClockStart.FILING: _sent,
    ClockStart.RECALL_START: _planned_at,
    ClockStart.COMPLETION: lambda _row, facts, about: _completed_at(facts, about),
    ClockStart.RESUMPTION: lambda row, facts, _about: _resumed_at(row, facts),
}

_KNOWLEDGE = frozenset({ClockStart.AWARENESS, ClockStart.RECEIPT})
"""Starts that a report or case told later moves to an earlier time, whatever else holds by then."""

_MAY_MOVE = _KNOWLEDGE | {ClockStart.FINDING, ClockStart.AUTHORITY_ACT}
"""Starts that a fact told later may move to an earlier time while the rule's conditions hold."""
