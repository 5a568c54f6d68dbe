"""References in texts: whose words a fact holds, and which figures are no facts of ours."""

from dataclasses import replace

import pytest

from domain.fact_languages import is_foreign
from domain.fact_values import SaidIn, ValueKind
from domain.references import filled
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
        pytest.param("Qinglan", {"zh": "青岚"}, True, id="words of no known language"),
        pytest.param("redness", {}, True, id="short words of no known language"),
        pytest.param("Rötung der Haut", {}, True, id="words that nobody named German"),
        pytest.param("9300", {}, False, id="a figure"),
        pytest.param("L2024A, L2024B (50 ml)", {}, False, id="lots and a unit"),
        pytest.param("https://example.com/recall", {}, False, id="an address"),
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


@pytest.mark.parametrize(
    ("language", "value", "foreign"),
    [
        pytest.param("zh-CN", "redness", True, id="a short English word in Chinese"),
        pytest.param("zh-CN", "皮肤红肿", False, id="Chinese in Chinese"),
        pytest.param("ja", "皮肤红肿", True, id="Chinese in Japanese"),
        pytest.param("zh-CN", "皮膚の赤み", True, id="Japanese in Chinese"),
        pytest.param("en", "The skin of the hands is red.", False, id="English in English"),
        pytest.param("en", "Rötung", True, id="a German word in English"),
    ],
)
def test_words_without_a_language_go_only_where_they_are_known_to_be_read(
    language: str, value: str, foreign: bool
) -> None:
    assert is_foreign(language, quoted(ValueKind.TEXT, value)) is foreign


def test_a_name_reads_the_same_in_every_language() -> None:
    assert not is_foreign("fr", quoted(ValueKind.NAME, "Qinglan"))
