"""Languages with regions: which one fits a reader, and when a name needs its region."""

import pytest

from domain.markets import EU, EU_AND_EEA, is_told_apart, nearest_language, regimes_of, region_of

REGIONAL = ("zh-CN", "en-GB", "de", "en-US", "zh-TW")


@pytest.mark.parametrize(
    ("there", "wanted", "chosen"),
    [
        (REGIONAL, ["en-US", "en"], "en-US"),
        (REGIONAL, ["en", "en-us"], "en-US"),
        (REGIONAL, ["zh-Hant-TW"], "zh-TW"),
        (("en-GB", "en"), ["en-US"], "en"),
        (REGIONAL, ["en-AU"], "en-GB"),
        (REGIONAL, ["fr-CH", "de-CH", "en"], "de"),
        (REGIONAL, ["fr", "ja"], ""),
    ],
    ids=[
        "the very tag", "its region named later", "a script beside it", "the bare language",
        "any region", "the next language", "none",
    ],
)  # fmt: skip
def test_a_reader_gets_the_nearest_language(
    there: tuple[str, ...], wanted: list[str], chosen: str
) -> None:
    assert nearest_language(there, wanted) == chosen


def test_a_name_needs_its_region_beside_another_of_its_language() -> None:
    assert [is_told_apart(one, REGIONAL) for one in REGIONAL] == [True, True, False, True, True]
    assert [region_of(one) for one in ("en_GB", "zh-Hant-TW", "de")] == ["GB", "TW", ""]


def test_northern_ireland_is_under_the_rules_of_the_union_and_no_member() -> None:
    assert EU in regimes_of("XI")
    assert "XI" not in EU_AND_EEA
