"""What a text has to say: found missing in the languages that are known, by market and kind."""

from dataclasses import replace

import pytest

from domain.errors import BrokenSetup
from domain.plan_terms import Basis
from domain.wording import (
    NO_WORDING,
    Bearing,
    Passage,
    RequiredElement,
    SaidInLanguage,
    Severity,
    Situation,
    findings,
    read_wording,
    wording_document,
)

HEADLINE = RequiredElement(
    id="headline",
    kinds=("recall_notice",),
    markets=("EU",),
    part="title",
    said=(
        SaidInLanguage(language="en", patterns=(r"\bproduct safety recall\b",)),
        SaidInLanguage(language="de", patterns=(r"produktsicherheitsrückruf",)),
    ),
    severity=Severity.BLOCK,
    reason_en="The headline says: Product safety recall.",
    reason_zh="标题须写明“产品安全召回”。",
    basis=Basis.LAW,
    citation="Regulation (EU) 2023/988 art. 36(2)(a)",
    verified=True,
)
WORDING = replace(NO_WORDING, elements=(HEADLINE,))


def missing(
    language: str,
    title: str,
    *,
    kind: str = "recall_notice",
    market: str = "DE",
    situations: tuple[Situation, ...] = (),
    wording: object = WORDING,
) -> list[str]:
    """Name the elements that a text lacks."""
    passages = (
        Passage(language=language, part="title", text=title),
        Passage(language=language, part="body", text="Stop using it."),
    )
    bearing = Bearing(kind=kind, markets=(market,), situations=frozenset(situations))
    assert wording is WORDING or isinstance(wording, type(WORDING))
    return [found.rule for found in findings(wording, passages, bearing)]


@pytest.mark.parametrize(
    ("language", "title", "found"),
    [
        ("en", "Product safety recall: Moon Cream", []),
        ("en", "PRODUCT SAFETY RECALL", []),
        ("en", "Product\u200b safety recall", []),
        ("en", "Important information on Moon Cream", ["headline"]),
        ("de", "Produktsicherheitsrückruf: Mondcreme", []),
        ("de", "Wichtige Information", ["headline"]),
        ("de-AT", "Wichtige Information", ["headline"]),
        ("nl", "Belangrijke informatie", []),
    ],
    ids=[
        "there",
        "capitals",
        "unseen-letter",
        "missing",
        "german",
        "no-german",
        "region",
        "unknown",
    ],
)
def test_a_headline_is_looked_for_in_the_languages_that_are_known(
    language: str, title: str, found: list[str]
) -> None:
    assert missing(language, title) == found


@pytest.mark.parametrize(
    ("kind", "market"), [("holding", "DE"), ("recall_notice", "US")], ids=["kind", "market"]
)
def test_it_is_asked_of_its_kinds_and_markets_alone(kind: str, market: str) -> None:
    assert missing("en", "News", kind=kind, market=market) == []


def test_it_is_asked_in_its_situations_alone() -> None:
    hurt = replace(HEADLINE, situations=(Situation.SOMEONE_HURT,))
    wording = replace(NO_WORDING, elements=(hurt,))
    assert missing("en", "News", wording=wording) == []
    assert missing("en", "News", wording=wording, situations=(Situation.SOMEONE_HURT,)) == [
        "headline"
    ]


def test_what_is_missing_stands_at_the_beginning_and_quotes_nothing() -> None:
    (found,) = findings(
        WORDING,
        (Passage(language="en", part="title", text="News"),),
        Bearing(kind="recall_notice", markets=("IE",)),
    )
    assert (found.start, found.end, found.matched) == (0, 0, "")
    assert (found.severity, found.law) == (Severity.BLOCK, True)
    assert found.key == "headline:en:title:0"


def test_a_table_with_elements_survives_its_canonical_form() -> None:
    assert read_wording(wording_document(WORDING)) == WORDING


@pytest.mark.parametrize(
    ("element", "sentence"),
    [
        (replace(HEADLINE, part="foot"), "title or in the body"),
        (replace(HEADLINE, kinds=("poem",)), "no kind of text 'poem'"),
        (replace(HEADLINE, kinds=()), "in which kinds"),
        (replace(HEADLINE, markets=()), "at least one market"),
        (replace(HEADLINE, said=(SaidInLanguage(language="xx", patterns=("a",)),)), "'xx'"),
        (replace(HEADLINE, said=(SaidInLanguage(language="en", patterns=()),)), "one pattern"),
        (replace(HEADLINE, said=(SaidInLanguage(language="en", patterns=("(",)),)), "no regular"),
        (replace(HEADLINE, id="a:b"), "no colon"),
    ],
    ids=["part", "kind", "no-kind", "no-market", "language", "no-pattern", "pattern", "colon"],
)
def test_a_wrong_element_is_refused_with_a_sentence(
    element: RequiredElement, sentence: str
) -> None:
    with pytest.raises(BrokenSetup, match=sentence):
        read_wording(wording_document(replace(NO_WORDING, elements=(element,))))
