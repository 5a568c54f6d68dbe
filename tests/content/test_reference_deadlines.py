"""Every row of the reference table of deadlines has its place in the product, or a reason for none.

The table itself (78 rows, regulatory_deadlines.json) is reference material and is never copied
here. Where it is at hand, TEST_REFERENCE_DATA names its folder, and what it says is compared with
the rule files; without it the list of its ids below is still held against them.
"""

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from domain.regulations import Considered, Record
from tests.content.test_regulation_files import FILES, RULES, read

ROOT = Path(__file__).parents[2]
TABLE = "regulatory_deadlines.json"

RECORDS: dict[str, Record] = {row.id: row for name in FILES for row in read(name).records}
CONSIDERED: dict[str, Considered] = {row.id: row for name in FILES for row in read(name).considered}

AS_RULES = (
    "CN-RECALL-STOP CN-RECALL-CMO CN-SAMPLING-FAIL CN-ADR-GENERAL CN-ADR-SERIOUS CN-ADR-SOCIAL "
    "CN-ADR-SELF-SERIOUS CN-ADR-SELF-SOCIAL CN-CONSUMER-LAW-19 CN-ORDER46-33-STOP "
    "CN-ORDER46-34-RESTART EU-COS-5-2 EU-COS-23-SUE EU-GPSR-20 EU-GPSR-20-SUPPLY EU-GPSR-22-12 "
    "EU-GPSR-35 US-MOCRA-SAER US-MOCRA-SAER-FU US-MOCRA-FRAGRANCE US-CFR-7-46 US-CFR-7-53 "
    "US-FDA-PUBLIC-WARNING AU-128 AU-128-OVERSEAS AU-131 UK-23-SUE JP-ADR-15 JP-ADR-30 "
    "JP-RECALL-START JP-RECALL-CHANGE JP-RECALL-END KR-RECALL-PLAN KR-RECALL-1 KR-RECALL-23 TW-SAE "
    "TW-RECALL-CLASS-1 TW-RECALL-CLASS-2 TW-RECALL-CLASS-3 TW-RECALL-NOTIFY TW-RECALL-PLAN "
    "TW-RECALL-RESULT ASEAN-SAE-FATAL ASEAN-SAE-OTHER SG-RECALL-PRENOTIFY"
).split()
UNDER_OTHER_NAMES = {
    "SG-SAE": ("SG-SAE-FATAL", "SG-SAE-OTHER"),  # the row holds two limits, "7 / 15"
}
AS_RECORDS = (
    "CN-REC-ADR CN-REC-SALES CN-REC-SAMPLE CN-REC-SELFINSP US-MOCRA-RECORDS US-CFR-7-59-RECORDS "
    "TW-REC-TRACE SG-SUPPLY-RECORDS"
).split()
DO_NOT_APPLY = (
    "CN-CONSUMER-PRODUCT-REPORT CN-CONSUMER-PRODUCT-PLAN CN-CONSUMER-PRODUCT-PUBLISH "
    "CN-CONSUMER-PRODUCT-STAGE CN-CONSUMER-PRODUCT-FINAL EU-GPSR-9-8 EU-GPSR-9-13-REGISTER "
    "EU-GPSR-2-1-SCOPE US-CPSC-15B US-MOCRA-611-HEARING CA-CCPSA-14-2 CA-CCPSA-14-3"
).split()
FOR_GOODS_BESIDE = {
    "US-CPSC-15B": "US-CPSC-15B-GOODS",
    "CA-CCPSA-14-2": "CA-CCPSA-14-2-GOODS",
    "CA-CCPSA-14-3": "CA-CCPSA-14-3-GOODS",
}
"""What does not apply to cosmetics, and is a rule for packs and devices under another name."""
IN_OTHER_STAGES = {
    "CN-RETURN-7D": ("plan/default.toml", 'refund_within = "48 h"'),  # our promise is shorter
    "CN-RETURN-15D": ("plan/default.toml", 'refund_within = "48 h"'),
    "EU-GPSR-35-4": ("plan/regulations/eu.toml", "a recall notice in other channels"),
    "EU-GPSR-36": ("plan/wording/first.toml", "2023/988 art. 36(2)(a)"),
    "EU-GPSR-36-2-C-WORDS": ("plan/wording/first.toml", "2023/988 art. 36(2)(c)"),
    "EU-GPSR-37-CHOICE": ("domain/recall_plan.py", "A choice by default (GPSR art. 37)"),
    "EU-GPSR-37-COSTS": (
        "templates/press/recall_notice/EU/contract.toml",
        "the remedies of art. 37, free of cost",
    ),
    "EU-2024-1435-CORR": ("plan/wording/first.toml", "2023/988 art. 36(2)(d)"),
    "US-CFR-7-42-EFFECT": ("domain/scope.py", "21 CFR 7.42(b)(3)"),
    "US-CFR-7-41-HHE": ("domain/hazard.py", "21 CFR 7.41(a)"),
}
"""Rules of content, wording, remedies and checks: the file of their stage, and its words."""
NOT_HERE = {
    "CN-AGENT-PENALTY": "it sets a fine, and no time within which anything is to be done",
    "US-MOCRA-LABEL": "what a label says is settled before there is an incident",
}

PLACED = [
    *AS_RULES,
    *UNDER_OTHER_NAMES,
    *AS_RECORDS,
    *DO_NOT_APPLY,
    *IN_OTHER_STAGES,
    *NOT_HERE,
]


@cache
def table() -> dict[str, Any]:
    """Read the reference table; skips where it is not at hand."""
    file = Path(os.environ.get("TEST_REFERENCE_DATA", "")) / TABLE
    if not file.is_file():
        pytest.skip(f"the reference table is not at hand: TEST_REFERENCE_DATA names no {TABLE}")
    rows = json.loads(file.read_text(encoding="utf-8"))
    return {row["id"]: row for row in rows}


def test_no_row_has_two_places() -> None:
    assert len(PLACED) == len(set(PLACED)) == 78


@pytest.mark.parametrize("rule", AS_RULES)
def test_a_row_is_a_rule(rule: str) -> None:
    assert rule in RULES


@pytest.mark.parametrize("record", AS_RECORDS)
def test_a_row_is_a_record_to_keep(record: str) -> None:
    assert record in RECORDS


@pytest.mark.parametrize("row", DO_NOT_APPLY)
def test_a_row_does_not_apply_and_says_why(row: str) -> None:
    assert CONSIDERED[row].because_en


@pytest.mark.parametrize(("row", "rules"), UNDER_OTHER_NAMES.items())
def test_a_row_is_several_rules(row: str, rules: tuple[str, ...]) -> None:
    assert set(rules) <= set(RULES), row


@pytest.mark.parametrize(("row", "rule"), FOR_GOODS_BESIDE.items())
def test_what_does_not_apply_to_cosmetics_is_a_rule_for_other_goods(row: str, rule: str) -> None:
    assert row in CONSIDERED
    assert RULES[rule].products == ("consumer_product",)


@pytest.mark.parametrize(("row", "place"), IN_OTHER_STAGES.items())
def test_a_row_of_another_stage_stands_there(row: str, place: tuple[str, str]) -> None:
    file, said = place
    assert said in (ROOT / file).read_text(encoding="utf-8"), row


def test_a_row_without_a_place_says_why() -> None:
    assert all(len(why.split()) > 5 for why in NOT_HERE.values())


def test_every_record_that_a_rule_keeps_is_listed() -> None:
    kept = {row for rule in RULES.values() for row in rule.keep}
    assert kept <= set(RECORDS)


# ---------------------------------------------------------------- against the table itself


def test_every_row_of_the_table_has_its_place() -> None:
    assert set(table()) == set(PLACED)


def test_what_the_table_has_not_verified_is_not_verified_here() -> None:
    doubtful = {row for row, told in table().items() if not told["verified"]}
    names = [*AS_RULES, *(one for many in UNDER_OTHER_NAMES.values() for one in many)]
    said = {
        **{one: one in doubtful for one in AS_RULES},
        **{one: row in doubtful for row, many in UNDER_OTHER_NAMES.items() for one in many},
        "CA-CCPSA-14-2-GOODS": True,
        "CA-CCPSA-14-3-GOODS": True,
        "US-CPSC-15B-GOODS": False,
    }
    assert set(names) <= set(said)
    assert {one: not RULES[one].verified for one in said} == said
    assert all(RECORDS[one].verified is (one not in doubtful) for one in AS_RECORDS)


UNITS = {"calendar_days": "d", "days": "d", "working_days": "wd", "business_days": "wd", "hours": "h",
         "hours_before_event": "h", "months": "mo"}  # fmt: skip
NO_NUMBER = {"immediate", "without_undue_delay", "without_delay", "promptly", "before_recall"}
OTHER_NUMBERS = {
    "AU-128": "48 h",  # the page of the ACCC, which is earlier than the two days of the statute
    "US-CFR-7-53": "14 d",  # the shorter end of 2 to 4 weeks; the table holds the longer one
}


def limit_of(row: dict[str, Any]) -> str:
    """Write the limit of a row as a rule file does."""
    if row["unit"] in NO_NUMBER:
        return "at once"
    return f"{row['limit']} {UNITS.get(row['unit'], row['unit'])}"


def test_every_rule_has_the_limit_of_its_row() -> None:
    wanted = {name: OTHER_NUMBERS.get(name, limit_of(table()[name])) for name in AS_RULES}
    assert {name: RULES[name].limit.text for name in AS_RULES} == wanted


MONTHS = {"years_retention": 12, "years_after_expiry": 12, "months_after_expiry": 1}


def test_every_record_is_kept_as_long_as_its_row_says() -> None:
    wanted = {
        name: table()[name]["limit"] * MONTHS.get(table()[name]["unit"], 0) for name in AS_RECORDS
    }
    kept = {name: RECORDS[name].limit for name in AS_RECORDS}
    assert {name: limit.amount if limit else 0 for name, limit in kept.items()} == wanted


def test_every_rule_quotes_the_words_of_its_row() -> None:
    """A quotation is copied, never written: what stands in the row stands in the rule."""
    quotes = {name: RULES[name].quote for name in AS_RULES if RULES[name].quote is not None}
    assert quotes == {name: table()[name]["quote"] for name in quotes}
