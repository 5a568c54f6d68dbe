"""The page of a stage with the duties of fifty hurt people: what is due next, then the rest."""

import re
import time
from typing import Any

import pytest

from tests.api.markup import faults_of
from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_offered import accepted, done, words_of
from tests.api.pages.test_standing import HURT, plain
from tests.api.serving import Served
from tests.api.test_incidents import until
from tests.domain.test_fifty_people import COLUMN, PEOPLE, TABLE

pytestmark = pytest.mark.xdist_group("pages")

FAST_S = 0.3
"""Of computing: how long others keep the desk busy says nothing about a page."""


def duties_of(told: dict[str, Any]) -> list[dict[str, Any]]:
    return list(told["state"]["notice"]["duties"].values())


def are_counted(told: dict[str, Any]) -> bool:
    """Say whether each duty that counts has its due time: the calendar answers after the act."""
    return all(one["due_at"] or one["no_due_why"] for one in duties_of(told) if one["counts"])


@pytest.fixture(scope="module")
def fifty(served: Served) -> tuple[str, list[dict[str, Any]]]:
    """Report, accept and register fifty people; gives the incident and its duties."""
    number = accepted(served)
    service = served.person("mei.lin")
    for country, outcome in PEOPLE:
        told = {**HURT, "country": country, "outcomes": [str(outcome)]}
        done(service, number, "report/register_case", **told)
    return number, duties_of(until(served.person("gao.yuan"), number, are_counted))


def test_each_person_has_the_clocks_of_their_market(fifty: tuple[str, list[Any]]) -> None:
    _, duties = fifty
    for n, (country, outcome) in enumerate(PEOPLE, 1):
        mine = [one for one in duties if one["subject"] == f"P{n}"]
        told = {one["rule"]: "possible" if one["possible"] else "certain" for one in mine}
        assert told == TABLE[outcome][COLUMN[country]], (n, country, outcome)


def test_one_page_begins_with_what_is_due_next(fifty: tuple[str, list[Any]], at: SignedIn) -> None:
    number, duties = fifty
    page = at("bai.lu").open(f"/incidents/{number}/notice")
    said = plain(page)
    first = said.split("Due next")[1].split("Duties to tell an authority")[0]
    binding = [
        one
        for one in duties
        if one["due_at"]
        and one["counts"]
        and not (one["possible"] and one["due_basis"] == "company")
    ]
    soonest = min(
        (one["force"] == "request", one["due_at"], int(one["id"][1:]), one["id"]) for one in binding
    )
    assert first.lstrip().startswith(f"{soonest[-1]} · ")
    for label in ("Authority ", "In writing ", "Our own ", "Or instead "):
        assert label in first
    assert {f"duty-{one['id']}" for one in duties} <= set(page.ids)
    assert "File the first report" in words_of(page)


def test_the_rest_is_folded_by_rule_and_market(fifty: tuple[str, list[Any]], at: SignedIn) -> None:
    number, duties = fifty
    page = at("bai.lu").open(f"/incidents/{number}/notice")
    groups = {(one["rule"], one["place"]) for one in duties}
    for rule, place in groups:
        anchor = f"duties-{rule}-{place}"
        assert anchor in page.ids
        assert f"#{anchor}" in [href for _, href in page.links]
    german = [one for one in duties if (one["rule"], one["place"]) == ("EU-COS-23-SUE", "DE")]
    row = plain(page).split("Notification of a serious undesirable effect · Germany")[1]
    assert f" {len(german)} 0 " in " ".join(row.split()[:80])
    assert page.html.count("<details") < 40


def test_the_page_shows_the_next_cards_and_a_line_for_each_group(
    fifty: tuple[str, list[Any]], at: SignedIn
) -> None:
    number, duties = fifty
    page = at("bai.lu").open(f"/incidents/{number}/notice")
    assert faults_of(page.html) == []
    stands = _without_folds(page.html)
    assert stands.count('<article class="decision') == 3
    assert 'id="duties' not in stands
    assert 'id="due-next"' in stands
    assert page.html.count('<article class="decision') > 3
    folds = re.findall(r"<summary>(.*?)</summary>", page.html, re.DOTALL)
    titles = [fold for fold in folds if "Notification of a serious undesirable effect" in fold]
    assert titles
    german = next(one for one in titles if "Germany" in one)
    assert re.search(r"\d+ open · due .*Berlin", german)
    assert len(folds) >= len({(one["rule"], one["place"]) for one in duties})


def _without_folds(html: str) -> str:
    """Take away what is folded, from the inside out."""
    inner = re.compile(r"<details(?:(?!<details|</details>).)*</details>", re.DOTALL)
    while inner.search(html):
        html = inner.sub("", html)
    return html


def test_it_is_read_as_fast_as_any_page(fifty: tuple[str, list[Any]], at: SignedIn) -> None:
    number, duties = fifty
    assert len(duties) > 70
    reader, took = at("bai.lu"), []
    for _ in range(5):
        began = time.process_time()
        reader.open(f"/incidents/{number}/notice")
        took.append(time.process_time() - began)
    assert min(took) < FAST_S, took
