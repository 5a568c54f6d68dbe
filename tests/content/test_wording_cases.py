"""Sentences that the wording rules must catch, and good ones that they must let pass.

`wording_cases.json`: red rows are rule, language, market, kind, situations, sentence; green rows are
the same without a rule. Every sentence is our own; among the red ones are the turns of phrase of
releases of 2021 ("voluntary", "out of an abundance of caution", "no reports of adverse events").
"""

import json
import tomllib
from pathlib import Path
from typing import Any, Final

import pytest

from domain.seen import as_seen
from domain.wording import (
    Bearing,
    Finding,
    Passage,
    Severity,
    Situation,
    findings,
    read_wording,
)

HERE: Final = Path(__file__).parent
TABLE: Final = read_wording(
    tomllib.loads((HERE.parents[1] / "plan" / "wording" / "first.toml").read_text("utf-8"))
)
CASES: Final[dict[str, list[list[Any]]]] = json.loads(
    (HERE / "wording_cases.json").read_text("utf-8")
)
EIGHT: Final = ("de", "en", "es", "fr", "it", "ja", "ko", "zh")


def found(language: str, market: str, kind: str, situations: list[str], text: str) -> set[str]:
    """Name the rules that find something in a sentence; what a whole text lacks does not count."""
    return {one.rule for one in look(language, market, kind, situations, text) if one.matched}


def look(
    language: str, market: str, kind: str, situations: list[str], text: str
) -> tuple[Finding, ...]:
    """Lint one sentence as the body of a text."""
    bearing = Bearing(
        kind=kind, markets=(market,), situations=frozenset(map(Situation, situations))
    )
    return findings(TABLE, (Passage(language=language, part="body", text=text),), bearing)


@pytest.mark.parametrize("rule", [one.id for one in TABLE.rules])
def test_a_rule_finds_its_sentences(rule: str) -> None:
    rows = [row[1:] for row in CASES["red"] if row[0] == rule]
    assert len(rows) >= 3
    assert [row for row in rows if rule not in found(*row)] == []


@pytest.mark.parametrize("language", EIGHT)
def test_good_sentences_pass(language: str) -> None:
    rows = [row for row in CASES["green"] if row[0].startswith(language)]
    assert len(rows) >= 10
    assert [(row, found(*row)) for row in rows if found(*row)] == []


VOLUNTARY = "We are recalling these lots voluntarily, out of an abundance of caution."
NO_REPORTS = "There have been no reports of adverse events."


@pytest.mark.parametrize(
    ("text", "market", "severities"),
    [
        (VOLUNTARY, "IE", {Severity.BLOCK}),
        (VOLUNTARY, "US", set()),
        (NO_REPORTS, "IE", {Severity.BLOCK}),
        (NO_REPORTS, "US", {Severity.WARN}),
        ("公司决定主动召回。", "CN", set()),
        ("公司决定主动召回。", "DE", {Severity.BLOCK}),
        *((f"这是{word}。", market, {Severity.BLOCK}) for word in ("正常反应", "排毒")
          for market in ("CN", "DE", "US")),
        *(("您可以继续使用。", market, {Severity.BLOCK}) for market in ("CN", "DE", "US")),
    ],
)  # fmt: skip
def test_severity_goes_by_market(text: str, market: str, severities: set[Severity]) -> None:
    language = "en" if text.isascii() else "zh-CN"
    told = [one for one in look(language, market, "recall_notice", [], text) if one.matched]
    assert {one.severity for one in told} == severities


def test_out_of_caution_blocks_in_the_us_once_somebody_is_hurt() -> None:
    hurt = ["hurt_or_pathogen"]
    assert "us-abundance-of-caution" in found("en", "US", "recall_notice", hurt, VOLUNTARY)


@pytest.mark.parametrize(
    "hidden",
    [
        "volun\u200btary",
        "ｖｏｌｕｎｔａｒｙ",
        "vоluntаry",
        "volun\u00adtary",
        "VOLUNTARY",
        "volun-\ntary",
    ],
    ids=["zero width", "full width", "cyrillic", "soft hyphen", "capitals", "line end"],
)
def test_a_banned_word_does_not_hide(hidden: str) -> None:
    text = f"This is a {hidden} recall."
    assert "eu-voluntary" in found("en", "IE", "recall_notice", [], text), as_seen(text).text


MARKS = ["\u0323", "\u0332", "\u20dd", "\u0301", "\u200b", "\ufe0f"]


@pytest.mark.parametrize("mark", MARKS, ids=[f"U+{ord(mark):04X}" for mark in MARKS])
def test_a_mark_on_a_letter_hides_nothing(mark: str) -> None:
    """In every third red sentence, inside the one word that is found there."""
    hidden = []
    for rule, language, market, kind, situations, text in CASES["red"][::3]:
        there = look(language, market, kind, situations, text)
        at = next(one.start for one in there if one.rule == rule) + 1
        marked = f"{text[:at]}{mark}{text[at:]}"
        if rule not in found(language, market, kind, situations, marked):
            hidden.append((rule, marked))
    assert hidden == []


@pytest.mark.parametrize(
    ("phrase", "text", "is_found"),
    [
        ("pumps were leaking", "The pumps  were\nleaking then.", True),
        ("pumps were leaking", "The pumps-were leaking then.", True),
        ("pumps were leaking", "The pumps leaked.", False),
        ("ΚΑΚΟΣ", "ΤΟ ΚΑΚΟΣΗΜΟ", True),
        ("\u200b", "Anything at all.", False),
        ("...", "Anything at all.", False),
    ],
)
def test_what_is_not_to_be_said_is_found_however_it_is_set(
    phrase: str, text: str, *, is_found: bool
) -> None:
    bearing = Bearing(kind="holding", markets=("US",), do_not_say=("\u200b", phrase))
    passage = Passage(language="en", part="body", text=text)
    rules = {one.rule for one in findings(TABLE, (passage,), bearing)}
    assert ("agreed_line" in rules) is is_found


@pytest.mark.parametrize(
    ("kind", "text", "is_found"),
    [
        pytest.param("hotline_script", "What we do not say:\n– harmless\n“an isolated case”.", False,
                     id="the-list-itself-in-a-working-paper"),
        pytest.param("hotline_script", "Say that it is harmless.\n– harmless", True,
                     id="another-line-says-it"),
        pytest.param("holding", "We think:\n– harmless", True, id="a-text-that-is-no-working-paper"),
    ],
)  # fmt: skip
def test_the_list_of_what_is_not_said_may_stand_where_staff_read_it(
    kind: str, text: str, *, is_found: bool
) -> None:
    never = ("harmless", "an isolated case")
    bearing = Bearing(kind=kind, markets=("US",), do_not_say=never)
    passage = Passage(language="en", part="body", text=text)
    found = [one for one in findings(TABLE, (passage,), bearing) if one.matched]
    assert bool(found) is is_found
