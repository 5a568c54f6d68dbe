"""The words of a public page: real headings and links, and read back word for word."""

import re
from datetime import UTC, datetime
from html import unescape

import httpx2
import pytest

from domain.fact_values import ValueKind
from domain.facts import RecordFact
from domain.statement_text import Rendition, languages_seen
from domain.values import PublicText
from tests.activities.test_text_parts import NOTICE
from tests.api.markup import faults_of
from tests.api.serving import Served
from tests.api.test_public import anyone, published
from tests.api.test_public_papers import put_up

__all__ = ["anyone"]

pytestmark = pytest.mark.xdist_group("api")

HOSTILE = """<script>alert(1)</script>

Read "on
javascript:alert(1) https://a.example/"onmouseover="alert(1) <a@a.example>

https://a.example/p.png"><img src=x onerror=alert(1)>"""


def words_on(page: str) -> str:
    """Give the words of the text on a page, as somebody copies them."""
    part = page.partition('<div class="words"')[2].partition(">")[2].partition("</div>")[0]
    return unescape(re.sub(r"<[^>]*>", "", part.replace("<br>", "\n")))


@pytest.mark.parametrize("body", [NOTICE, HOSTILE], ids=["a notice", "hostile"])
def test_a_text_is_read_back_word_for_word(
    served: Served, anyone: httpx2.Client, body: str
) -> None:
    name = published(served, f"words-{len(body)}").removesuffix("-S1")
    text = Rendition(language="en", title=PublicText("Recall"), body=PublicText(body))
    page = anyone.get(f"/recalls/{put_up(served, name, 'S2', texts=(text,))}").text
    assert languages_seen(words_on(page), [text]) == ("en",)
    assert faults_of(page) == []
    assert not re.search(r"<script|<img[^>]*onerror|<a href=\"(?!https?:|mailto:|tel:|/)", page)


def test_headings_addresses_and_our_own_pictures_are_real(
    served: Served, anyone: httpx2.Client
) -> None:
    assert served.app is not None
    origin = served.app.state.house.settings.console_url
    body = NOTICE.replace("https://recall.example.com/p/cream.png", f"{origin}/p/cream.png")
    name = published(served, "headed").removesuffix("-S1")
    text = Rendition(language="de", title=PublicText("Rückruf"), body=PublicText(body))
    page = anyone.get(f"/recalls/{put_up(served, name, 'S2', texts=(text,))}").text
    assert "<h2>What is recalled</h2>" in page
    assert '<a href="https://recall.example.com/r" rel="noopener">' in page
    assert "0800 123 4567" in page
    assert "tel:08001234567" not in page, "nobody knows it as a phone number"
    assert '<a href="mailto:help@example.com">help@example.com</a>' in page
    assert f'<img class="shown" src="{origin}/p/cream.png" alt="Bild des Produkts">' in page


def test_a_phone_number_opens_where_the_facts_of_the_text_know_it(
    served: Served, anyone: httpx2.Client
) -> None:
    text = Rendition(language="en", title=PublicText("Recall"), body=PublicText(NOTICE))
    number = RecordFact(
        key="our_phone",
        value=PublicText("0800 123 4567"),
        kind=ValueKind.PHONE,
        as_of=datetime(2026, 3, 2, tzinfo=UTC),
    )
    page = anyone.get(f"/recalls/{published(served, 'phoned', texts=(text,), fact=number)}").text
    assert '<a href="tel:08001234567">0800 123 4567</a>' in page
