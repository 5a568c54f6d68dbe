"""What is in order and still lacks something: markets without rules, rules that end, old checks.

What belongs here: warnings over files that can be adopted. What never does: what is wrong in a file
(services/plan_checks.py), or a rule of a law.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Final

from activities.templating import beforehand
from domain.company import Company
from domain.markets import market_of, place_of
from domain.plan import Plan
from domain.regulations import OF_COUNTRY, RegulationFile, Rule
from services.calendar_codes import countries_without
from services.house import House
from services.plan_checks import Checked, File, Kind, Problem
from storage import catalog

ENDS_SOON: Final = timedelta(days=60)
CHECKED_AT_LEAST: Final = timedelta(days=365)

Sold = Mapping[str, tuple[File | None, str]]
"""The countries in which a company sells: in which file that stands, and under which path."""


def sold_by_file(file: File) -> Sold:
    """List where the company of a file sells: its products' markets, and its channels."""
    made, found = file.value, dict[str, tuple[File | None, str]]()
    if isinstance(made, Company):
        for number, product in enumerate(made.products):
            for place, market in enumerate(product.markets):
                found.setdefault(place_of(market), (file, f"products.{number}.markets.{place}"))
        for number, channel in enumerate(made.channels):
            found.setdefault(place_of(channel.market), (file, f"channels.{number}.market"))
    return found


def sold_by_adopted(house: House) -> Sold:
    """List where the company of this installation sells."""
    products = catalog.list_items(house.engine, "product")
    markets = [market for each in products for market in each.document.get("markets", ())]
    markets += [each.market for each in catalog.list_items(house.engine, "channel") if each.market]
    return {place_of(market): (None, "") for market in markets}


def gaps(checked: Checked, sold: Sold | None, today: date) -> list[Problem]:
    """List what people should know of files that are in order; `sold` None: no company is asked.

    Which markets have no rule at all is only said where the rules of all markets were looked at.
    """
    every = checked.of_kind(Kind.REGULATIONS)
    files = [file for file in every if file.value is not None]
    found = [gap for file in files for gap in _of_file(file, sold, today)]
    found += [gap for file in checked.of_kind(Kind.PLAN) for gap in _templates(file)]
    if sold and files and files == every and checked.is_whole:
        found += _without_rules(files, sold)
    return found


def _of_file(file: File, sold: Sold | None, today: date) -> Iterator[Problem]:
    said: RegulationFile = file.value
    if said.checked_on < today - CHECKED_AT_LEAST:
        sentence = f"The rules of {said.market} were last checked on {said.checked_on}."
        yield file.problem("checked_on", sentence, "a day within the last year")
    here = None if sold is None else {place for place in sold if market_of(place) == said.market}
    if here and not any(rule.verified for rule in said.rules):
        sentence = f"We sell in {_listed(here)}, and no rule of {said.market} is verified: none "
        yield file.problem("rules", f"{sentence}drives a deadline.", "a verified rule")
    for number, rule in enumerate(said.rules):
        yield from _in_time(file, f"rules.{number}", rule, today)
    yield from _calendars(file, said, here)


def _in_time(file: File, path: str, rule: Rule, today: date) -> Iterator[Problem]:
    begins, ends = rule.effective_from, rule.effective_to
    if begins is not None and begins > today:
        sentence = f"{rule.id} is not in force yet: it begins on {begins}."
        yield file.problem(f"{path}.effective_from", sentence, "a rule in force today")
    elif ends is not None and ends < today:
        sentence = f"{rule.id} is not in force any more: it ended on {ends}."
        yield file.problem(f"{path}.effective_to", sentence, "a rule in force today")
    elif ends is not None and ends <= today + ENDS_SOON:
        sentence = f"{rule.id} ends on {ends}: what comes after it?"
        yield file.problem(f"{path}.effective_to", sentence, "the rule that follows it")


def _calendars(file: File, said: RegulationFile, here: set[str] | None) -> Iterator[Problem]:
    """Tell countries in which a due time of "of_country" cannot be counted."""
    rows = [number for number, rule in enumerate(said.rules) if rule.calendar == OF_COUNTRY]
    lacking = [
        country for country in (countries_without(said.market) if rows else ())
        if here is None or country in here
    ]  # fmt: skip
    if lacking:
        sentence = (
            f"No calendar can be built for {_listed(lacking)}: a duty there has no due time until "
            "a person sets it."
        )
        yield file.problem(f"rules.{rows[0]}.calendar", sentence, "countries with a calendar")


def _without_rules(files: Iterable[File], sold: Sold) -> Iterator[Problem]:
    known = {file.value.market for file in files if file.value.rules}
    for place, (file, path) in sorted(sold.items()):
        if market_of(place) in known:
            continue
        sentence = f"We sell in {place}, and no rule is written for it: no duty would be told."
        expected = f"a rule file for {market_of(place)}"
        if file is not None:
            yield file.problem(path, sentence, expected)
        else:
            yield Problem(
                file=None, line=0, column=0, field="", found=place, detail=sentence,
                expected=expected,
            )  # fmt: skip


def _templates(file: File) -> Iterator[Problem]:
    """Tell templates that a plan approves in a version that is not installed here."""
    plan = file.value
    if not isinstance(plan, Plan):
        return
    here = {(each.kind, each.language): each.sha256 for each in beforehand(plan)}
    for kind, row in plan.statements.items():
        for number, one in enumerate(row.pre_approved):
            installed = here.get((kind, one.language))
            if installed != one.sha256:
                sentence = (
                    f"The template {kind} in {one.language} that is installed here is not the one "
                    "approved beforehand: its texts take the whole way."
                )
                path = f"statements.{kind}.pre_approved.{number}.sha256"
                yield file.problem(path, sentence, installed or "a template that is installed")


def _listed(countries: Iterable[str]) -> str:
    return ", ".join(sorted(countries))
