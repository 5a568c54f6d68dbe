"""A fact that ends its own sentence leaves the text one full stop, not two."""

from dataclasses import replace

import pytest

from domain.fact_values import ValueKind
from domain.in_words import with_single_stops, without_brackets
from domain.references import filled
from domain.statement_text import Rendition
from domain.values import PublicText
from tests.domain.test_following import CLOCK, quoted


@pytest.mark.parametrize(
    ("value", "typed", "said"),
    [
        (
            "as written here.",
            "It is taken back {{it}}. Call us.",
            "It is taken back as written here. Call us.",
        ),
        ("酸碱度过高。", "原因：{{it}}。", "原因：酸碱度过高。"),
        (
            "and so on...",
            "Burns, {{it}}.",
            "Burns, and so on....",
        ),
        ("as written here.", "{{it}}", "as written here."),
        ("2.5", "pH {{it}}.", "pH 2.5."),
    ],
    ids=["English", "Chinese", "an ellipsis", "alone", "a figure"],
)
def test_a_sentence_ends_with_one_full_stop(value: str, typed: str, said: str) -> None:
    source = Rendition(language="en", title=PublicText("T"), body=PublicText(typed))
    assert filled(source, {"it": quoted(ValueKind.NAME, value)}, CLOCK).text.body == said


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("It came from Lab Ltd..", "It came from Lab Ltd."),
        ("原因：过敏。。", "原因：过敏。"),
        ("由 Lab Ltd.。", "由 Lab Ltd。"),
        ("First.. Then.", "First. Then."),
        ("And so on...", "And so on..."),
        ("Look at ../notes and v1..2", "Look at ../notes and v1..2"),
    ],
    ids=["English", "Chinese", "both", "amid", "an ellipsis", "no sentence"],
)
def test_sentences_put_together_end_with_one_stop_each(told: str, said: str) -> None:
    assert with_single_stops(told) == said


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("Duty officer (24 h)", "Duty officer, 24 h"),
        ("条例（国务院令第727号）", "条例，国务院令第727号"),
        ("21 CFR 7.41(b)", "21 CFR 7.41(b)"),
    ],
    ids=["a role", "a law", "a number"],
)
def test_words_in_brackets_have_no_brackets_of_their_own(told: str, said: str) -> None:
    assert without_brackets(told) == said


@pytest.mark.parametrize(
    ("language", "typed", "said"),
    [
        ("en", "Units ({{it}}), {{it}}.", "Units (12, preliminary), 12 (preliminary)."),
        ("zh-CN", "（{{it}}）共{{it}}。", "（12，初步）共12（初步）。"),
        ("ko", "({{it}}) {{it}}", "(12, 잠정) 12(잠정)"),
        ("en", "1) {{it}}", "1) 12 (preliminary)"),
    ],
    ids=["English", "Chinese", "Korean", "a numbered line"],
)
def test_a_mark_in_brackets_has_none_of_its_own(language: str, typed: str, said: str) -> None:
    source = Rendition(language=language, title=PublicText("T"), body=PublicText(typed))
    fact = replace(quoted(ValueKind.NUMBER, "12"), status="reported")
    assert filled(source, {"it": fact}, CLOCK).text.body == said


def test_the_zone_of_a_moment_in_brackets_stands_behind_a_comma() -> None:
    source = Rendition(language="zh-CN", title=PublicText("通报（{{it}}）"), body=PublicText("-"))
    fact = quoted(ValueKind.MOMENT, "2026-03-02T01:00:00Z")
    title = filled(source, {"it": fact}, CLOCK).text.title
    assert title.count("（") == 1
    assert "，" in title
