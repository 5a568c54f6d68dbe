"""Legal clocks: the list over all incidents, and what the rules cost in one of them.

What belongs here: pages as a browser asks for them, beside the same page without a row in the same
run, and the rules alone. What never does: a limit.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from bench.figures import Figures, milliseconds, percentile, ratio
from bench.installation import Installation, running
from bench.telling import deciding, seed, told
from domain.incident import INCIDENT
from domain.people import Role
from domain.rule_facts import facts_of
from domain.rules import Rules
from domain.triggers import hits
from services.company import read_rules

INCIDENTS: Final = 300
DUTIES: Final = 2_000
PEOPLE: Final = 20
RUNS: Final = 200
WARM_UP: Final = 20
ALONE: Final = 50
WITHOUT_ROWS: Final = "/duties?incident=INC-2000-0001"


async def duties() -> Figures:
    """Measure the list and the month over 2,000 duties, then the rules of one incident."""
    async with running() as place:
        rules, lot = read_rules(), place.company.lots[0]
        goods = (lot.product, lot.id)
        standing = seed(place.house.engine, rules, goods, count=INCIDENTS, duties=DUTIES)
        pages = await _pages(place, standing)
    return {"duties_open": standing, **pages, **_rules_alone(rules)}


async def _pages(place: Installation, standing: int) -> Figures:
    """Ask for pages of the list in turn with the page without rows, then for months and JSON."""
    now = datetime.now(UTC)
    last = standing // 50
    measured: list[tuple[float, ...]] = []
    for run in range(-WARM_UP, RUNS):
        times: tuple[float, ...] = (
            await timed(place, f"/duties?page={run % last}", "duties-open"),
            await timed(place, WITHOUT_ROWS, "</form>"),
            await timed(place, f"/duties?view=month&month={now:%Y-%m}", 'class="month"'),
            await timed(place, f"/api/duties?limit=50&offset={50 * (run % last)}", "next_offset"),
        )
        if run >= 0:
            measured.append(times)
    shown, bare, month, plain = zip(*measured, strict=True)
    return {
        **milliseconds("duties_page", shown),
        **milliseconds("bare_duties_page", bare),
        "duties_page_vs_bare": ratio(percentile(shown, 95), percentile(bare, 95)),
        **milliseconds("duties_month", month),
        **milliseconds("duties_json", plain),
    }


async def timed(place: Installation, address: str, holds: str) -> float:
    """Ask for a page and insist that it holds something; gives the seconds it took."""
    began = time.perf_counter()
    answer = await place.api.get(address, headers=place.as_(Role.REGULATORY_AFFAIRS))
    took = time.perf_counter() - began
    if answer.is_error or holds not in answer.text:
        raise RuntimeError(f"{address}: {answer.status_code} {answer.text[:200]}")
    return took


def _rules_alone(rules: Rules) -> Figures:
    """Look at every rule in an incident with 20 hurt people, and decide one more."""
    now = datetime.now(UTC)
    one = told(rules, "INC-2026-0001", now, ("cream", "L1"), PEOPLE)
    incident, act = deciding(one)

    def look() -> object:
        facts = facts_of(incident, at=now, told_at=now)
        return list(hits(rules.regulations, facts))

    return {
        "rules_per_incident_ms": _median_ms(look),
        "rules_whole_act_ms": _median_ms(lambda: INCIDENT.decide(incident, act)),
    }


def _median_ms(work: Callable[[], object]) -> float:
    times = []
    for _ in range(ALONE):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return round(1000 * percentile(times, 50), 2)
