"""References in texts: whose words a fact holds, and which figures are no facts of ours."""

from dataclasses import replace

import pytest

from domain.fact_values import SaidIn, ValueKind
from domain.references import filled, is_foreign
from domain.statement_text import Rendition
from domain.values import PublicText
from tests.domain.test_following import CLOCK, quoted


@pytest.mark.parametrize(
    ("said", "warned"),
    [
        pytest.param("情况紧急请拨打120。", [], id="an emergency call in China"),
        pytest.param("“请您马上拨打120，这是最要紧的。”", [], id="in quotation marks"),
        pytest.param("In an emergency call 112.", [], id="an emergency call in the EU"),
        pytest.param("By phone: 1-800-332-1088", [], id="the FDA's line for forms"),
        pytest.param("已售出120件。", ["120"], id="a figure of ours"),
        pytest.param("We had to call 120 customers.", ["120"], id="a figure after a call"),
        pytest.param("请拨打12000。", ["12000"], id="another number"),
        pytest.param("Call 1-800-555-0100.", ["1-800-555-0100"], id="a number of ours"),
    ],
)
def test_the_number_of_a_public_service_is_no_figure_of_ours(said: str, warned: list[str]) -> None:
    one = Rendition(language="zh-CN", title=PublicText("T"), body=PublicText(said))
    assert [each.matched for each in filled(one, {}, CLOCK).unbound] == warned


@pytest.mark.parametrize(
    ("value", "said_in", "foreign"),
    [
        pytest.param("redness", {"en": "redness", "zh": "红肿"}, True, id="said in two others"),
        pytest.param("redness", {"de": "Rötung", "en": "redness"}, False, id="said in it"),
        pytest.param("Qinglan", {"zh": "青岚"}, False, id="a name in no language of its own"),
    ],
)
def test_words_of_a_language_that_was_named_are_no_other_s(
    value: str, said_in: dict[str, str], foreign: bool
) -> None:
    words = (SaidIn(language=one, value=PublicText(said)) for one, said in said_in.items())
    assert is_foreign("de", quoted(ValueKind.TEXT, value, *words)) is foreign


@pytest.mark.parametrize(
    ("language", "told"),
    [
        pytest.param("en", "Sold in Germany, Hong Kong, ZZ.", id="English"),
        pytest.param("de", "Sold in Deutschland, Hongkong, ZZ.", id="German"),
        pytest.param("zh-CN", "Sold in 德国、中国香港、ZZ.", id="Chinese"),
    ],
)
def test_markets_are_named_in_the_language_of_the_text(language: str, told: str) -> None:
    fact = replace(quoted(ValueKind.ROW, "DE\nHK\nZZ"), key="markets", status="verified")
    one = Rendition(
        language=language, title=PublicText("T"), body=PublicText("Sold in {{markets}}.")
    )
    assert filled(one, {"markets": fact}, CLOCK).text.body == told
