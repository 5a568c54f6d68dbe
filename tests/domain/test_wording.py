"""Wording rules: what they catch, where, in which market, and what they let pass."""

import tomllib
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import BrokenSetup, NotFound
from domain.markets import markets_addressed, markets_without_text
from domain.rules import rules_document, rules_from_document, rules_of
from domain.wording import (
    AGREED_LINE,
    NO_WORDING,
    Bearing,
    Finding,
    Passage,
    Severity,
    Situation,
    Wording,
    findings,
    read_wording,
    wording_document,
)
from tests.domain.story import rules

FIRST = Path(__file__).parents[2] / "plan" / "wording" / "first.toml"


@cache
def first() -> Wording:
    return read_wording(tomllib.loads(FIRST.read_text(encoding="utf-8")))


def found(
    text: str,
    *markets: str,
    language: str = "",
    kind: str = "recall_notice",
    situations: frozenset[Situation] = frozenset(),
    do_not_say: tuple[str, ...] = (),
) -> list[Finding]:
    """What the first table finds in a body; what a body lacks is looked at elsewhere."""
    tongue = language or ("zh-CN" if any("一" <= letter <= "龥" for letter in text) else "en")
    bearing = Bearing(
        kind=kind, markets=markets or ("CN",), situations=situations, do_not_say=do_not_say
    )
    rules = replace(first(), elements=())
    return list(findings(rules, [Passage(language=tongue, part="body", text=text)], bearing))


def rule_ids(text: str, *markets: str, **more: Any) -> list[str]:
    return [each.rule for each in found(text, *markets, **more)]


# ---------------------------------------------------------------- by market


@pytest.mark.parametrize(
    ("text", "markets", "wanted"),
    [
        pytest.param("本公司决定主动召回以下批次。", ("CN",), [], id="主动召回 is a term at home"),
        pytest.param("责令召回", ("CN",), [], id="责令召回 is a term at home"),
        pytest.param("本公司决定主动召回以下批次。", ("DE",), ["eu-voluntary-translated"], id="主动召回 for the EU"),
        pytest.param("本公司决定主动召回。", ("CN", "DE"), [], id="the Chinese text speaks to China"),
        pytest.param("A voluntary recall.", ("US",), [], id="voluntary in the US"),
        pytest.param("A voluntary recall.", ("US", "DE"), [], id="the English text speaks to the US"),
        pytest.param("A voluntary recall.", ("IE",), ["eu-voluntary"], id="voluntary in the EU"),
        pytest.param("A voluntary recall.", ("DE",), ["eu-voluntary"], id="English for Germany"),
        pytest.param("In rare situations it may sting.", ("FR",), ["eu-rare"], id="rare in the EU"),
        pytest.param("no reports of adverse events", ("IE",), ["eu-no-accidents"], id="no reports, EU"),
        pytest.param("no reports of adverse events", ("US",), ["us-no-illness-needs-figure"], id="no reports, US"),
        pytest.param("未收到任何不良反应", ("CN",), ["cn-no-reaction"], id="no reaction, China"),
        pytest.param("a market withdrawal", ("US",), ["us-withdrawal"], id="withdrawal, US"),
    ],
)  # fmt: skip
def test_severity_goes_by_market_not_by_language(
    text: str, markets: tuple[str, ...], wanted: list[str]
) -> None:
    assert rule_ids(text, *markets) == wanted


def test_the_releases_of_2021_are_blocked_in_the_eu_and_judged_by_us_rules_in_the_us() -> None:
    text = "This voluntary recall is made out of an abundance of caution. No reports of injury."
    assert rule_ids(text, "IE") == ["eu-voluntary", "eu-precautionary", "eu-no-accidents"]
    hurt = frozenset({Situation.HURT_OR_PATHOGEN})
    assert rule_ids(text, "US", situations=hurt) == [
        "us-abundance-of-caution",
        "us-no-illness-needs-figure",
    ]
    assert rule_ids(text, "US") == ["us-no-illness-needs-figure"]


# ---------------------------------------------------------------- everywhere


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("这是正常反应，可以继续使用。", ["go-on-using", "go-on-using"]),
        ("您的皮肤正在排毒。", ["go-on-using"]),
        ("This is a normal reaction; keep using it.", ["go-on-using", "go-on-using"]),
        ("仅为个别现象，与个人体质有关。", ["makes-it-smaller", "makes-it-smaller"]),
        ("An isolated incident.", ["makes-it-smaller"]),
        ("请放心使用", ["absolutely-safe"]),
        ("There is no cause for concern.", ["absolutely-safe"]),
        ("我们将杜绝此类事件再次发生。", ["never-again"]),
        ("已全部下架", ["all-removed"]),
        ("All affected products have been removed.", ["all-removed"]),
        ("经国家权威机构检测合格", ["tested-by-authority"]),
        ("可口服抗过敏药物。", ["medicine"]),
        ("凭短信领取优惠券。", ["marketing"]),
        ("热线：【待填写：热线电话】", ["gap"]),
        ("Call [to fill in: hotline].", ["gap"]),
    ],
)
@pytest.mark.parametrize("market", ["CN", "US", "DE"])
def test_some_words_are_blocked_everywhere(text: str, wanted: list[str], market: str) -> None:
    assert [
        rule for rule in rule_ids(text, market) if rule[:3] not in ("eu-", "us-", "cn-")
    ] == wanted


@pytest.mark.parametrize(
    "text",
    [
        "请立即停止使用，请勿继续使用该批次产品。",
        "请携带产品或标签就医，治疗费用由本公司承担。",
        "Stop using it now. Do not continue to use it.",
        "Please don't keep using it. Ask a doctor and take the product with you.",
        "截至3月2日18时，已收回 1,200 件中的 300 件。",
    ],
)
def test_plain_good_sentences_pass(text: str) -> None:
    assert found(text, "CN", "US", situations=frozenset(Situation)) == []


@pytest.mark.parametrize(
    ("text", "situation", "rule", "kind"),
    [
        ("系供应商原因", Situation.CAUSE_OPEN, "supplier-at-fault", "recall_notice"),
        ("消费者使用不当", Situation.CAUSE_OPEN, "user-at-fault", "recall_notice"),
        ("给您带来的不便", Situation.SOMEONE_HURT, "inconvenience", "apology"),
        ("We apologise for the inconvenience.", Situation.SOMEONE_HURT, "inconvenience", "apology"),
        ("本公司将启动召回。", Situation.BEFORE_RECALL, "promises-recall", "holding"),
    ],
)
def test_some_rules_hold_only_while_something_is_true(
    text: str, situation: Situation, rule: str, kind: str
) -> None:
    assert rule in rule_ids(text, "CN", kind=kind, situations=frozenset({situation}))
    assert rule not in rule_ids(text, "CN", kind=kind)


def test_some_rules_hold_for_some_kinds_of_text_only() -> None:
    assert rule_ids("别有用心", kind="rumour_answer") == ["threat"]
    assert rule_ids("别有用心", kind="management_brief") == []


def test_the_do_not_say_list_of_the_agreed_line_blocks() -> None:
    (finding,) = found("我们正在调查供货商A。", do_not_say=("供货商A", "c++"))
    assert (finding.rule, finding.severity, finding.law) == (AGREED_LINE, Severity.BLOCK, False)
    assert rule_ids("We use C++.", "US", do_not_say=("c++",)) == [AGREED_LINE]


# ---------------------------------------------------------------- the exact span


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("volun\u200btary", id="a space of no width"),
        pytest.param("ｖｏｌｕｎｔａｒｙ", id="full-width letters"),
        pytest.param("VOLUNTARY", id="capitals"),
        pytest.param("volun\u00adtary", id="a soft hyphen"),
    ],
)
def test_words_do_not_hide_and_the_span_is_that_of_the_text_as_written(written: str) -> None:
    text = f"A {written} recall"
    (finding,) = found(text, "IE")
    assert text[finding.start : finding.end] == written == finding.matched
    assert finding.key == "eu-voluntary:en:body:2"


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_banned_word_is_found_wherever_it_stands(before: str, after: str) -> None:
    text = f"{before}绝对安全{after}"
    assert any(
        text[f.start : f.end] == "绝对安全"
        for f in found(text, language="zh-CN")
        if f.rule == "absolutely-safe"
    )


# ---------------------------------------------------------------- law and house


def test_only_verified_law_asks_for_two_people() -> None:
    assert found("A voluntary recall.", "IE")[0].law
    assert not found("未收到任何不良反应")[0].law  # the citation is not verified yet
    assert not found("请放心使用")[0].law


def test_a_gap_cannot_be_overridden() -> None:
    assert not found("【待填写：热线】")[0].may_be_overridden


# ---------------------------------------------------------------- the table


def test_the_table_is_pinned_with_the_plan_and_read_back() -> None:
    pinned = rules()
    assert pinned.wording == first()
    assert rules_from_document(rules_document(pinned)) == pinned
    bare = rules_of(pinned.plan, pinned.calendar)
    assert bare.wording == NO_WORDING
    assert bare.hash != pinned.hash


def test_every_rule_says_why_in_both_languages_and_where_it_comes_from() -> None:
    for rule in first().rules:
        assert rule.reason_en, rule.id
        assert rule.citation, rule.id
        assert any("一" <= letter <= "龥" for letter in rule.reason_zh), rule.id
        assert first().rule(rule.id) is not None
    with pytest.raises(NotFound, match="no wording rule"):
        first().rule("unheard-of")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"patterns": ["("]}, "no regular expression"),
        ({"patterns": ["x*"]}, "matches nothing"),
        ({"patterns": []}, "at least one pattern"),
        ({"markets": ["XX"]}, "no market 'XX'"),
        ({"kinds": ["poem"]}, "no kind of text 'poem'"),
        ({"languages": ["xx"]}, "no language 'xx'"),
        ({"severity": "shout"}, "'shout' is not known"),
        ({"id": "eu-rare"}, "is taken"),
        ({"id": "a:b"}, "no colon"),
    ],
    ids=lambda change: str(change)[:30],
)
def test_a_wrong_table_is_refused_with_the_place(change: dict[str, Any], sentence: str) -> None:
    document = wording_document(first())
    document["rules"][0] |= change
    with pytest.raises(BrokenSetup, match=sentence):
        read_wording(document)


# ---------------------------------------------------------------- markets


@pytest.mark.parametrize(
    ("language", "markets", "wanted"),
    [
        ("zh-CN", ("CN", "DE"), ("CN",)),
        ("en", ("CN", "US", "GB"), ("US", "GB")),
        ("en", ("CN", "DE"), ("CN", "DE")),
        ("de", ("DE", "AT", "FR"), ("DE", "AT")),
    ],
)
def test_a_text_speaks_to_the_markets_of_its_language(
    language: str, markets: tuple[str, ...], wanted: tuple[str, ...]
) -> None:
    assert markets_addressed(language, markets) == wanted


def test_a_market_without_a_text_in_its_language_is_named() -> None:
    assert markets_without_text(("zh-CN", "en"), ("CN", "US", "DE", "QQ")) == ("DE", "QQ")
