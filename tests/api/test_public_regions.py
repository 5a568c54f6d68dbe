"""A notice whose texts share a language: its reader's region, and names that tell them apart."""

import httpx2
import pytest

from tests.api.serving import Served
from tests.api.test_public import anyone, published
from tests.api.test_public_papers import kit_of, put_up, rendition

__all__ = ["anyone"]

pytestmark = pytest.mark.xdist_group("api")


@pytest.fixture(scope="module")
def regional(served: Served) -> str:
    """Give the name of a notice in Chinese and English, each for two regions, and in German."""
    texts = tuple(rendition(one, "Words") for one in ("en-GB", "en-US", "zh-CN", "zh-TW", "de"))
    name = published(served, "regions").removesuffix("-S1")
    return put_up(served, name, "S2", texts=texts)


@pytest.mark.parametrize(
    ("accepted", "shown"),
    [("en-US,en;q=0.9", "en-US"), ("en-GB", "en-GB"), ("en", "en-GB"), ("zh-TW", "zh-TW"),
     ("zh-CN,en;q=0.5", "zh-CN"), ("de-CH", "de"), ("fr", "en-GB")],
)  # fmt: skip
def test_a_reader_gets_the_text_of_their_region_with_its_pdf(
    regional: str, anyone: httpx2.Client, accepted: str, shown: str
) -> None:
    page = anyone.get(f"/recalls/{regional}", headers={"Accept-Language": accepted}).text
    assert f'<html lang="{shown}">' in page
    assert f'href="/recalls/{regional}.pdf?lang={shown}"' in page


def test_two_texts_of_one_language_are_named_by_their_regions(
    regional: str, anyone: httpx2.Client
) -> None:
    page = anyone.get(f"/recalls/{regional}").text
    kit = kit_of(anyone, regional)["README.txt"].decode()
    for name in ("English (United Kingdom)", "English (United States)", "Deutsch"):
        assert f">{name}</a>" in page
        assert f".pdf  {name}\n" in kit
    assert "中文（中国台湾）" in page
    assert "中文（中国）" in page
