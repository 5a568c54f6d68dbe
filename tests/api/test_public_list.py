"""The list of all public notices: what was corrected, whom to call, and an address of no notice."""

from datetime import UTC, datetime

import httpx2
import pytest

from api.pages.public_days import day_out
from api.pages.public_words import PublicWords
from services.notices import Notice
from tests.api.markup import faults_of
from tests.api.serving import Served
from tests.api.test_public import LANGUAGES, anyone, published
from tests.api.test_public_papers import put_up

__all__ = ["anyone"]

pytestmark = pytest.mark.xdist_group("api")


@pytest.mark.parametrize(
    ("relations", "said"),
    [
        (("corrects",), "Corrected on "),
        (("supersedes",), "Replaced on "),
        (("retracts",), "Retracted on "),
        (("retracts", "corrects"), "Retracted on "),
        ((), ""),
    ],
    ids=["corrected", "replaced", "retracted", "both", "stands"],
)
def test_the_list_marks_what_does_not_stand(
    served: Served, anyone: httpx2.Client, relations: tuple[str, ...], said: str
) -> None:
    name = published(served, f"listed-{'-'.join(relations)}")
    incident = name.removesuffix("-S1")
    for number, relation in enumerate(relations, 2):
        put_up(served, incident, f"S{number}", about="S1", relation=relation)
    page = anyone.get("/recalls", headers={"Accept-Language": "en"}).text
    line = page.partition(f'<a href="/recalls/{name}"')[2].partition("</li>")[0]
    assert ('class="since"' in line) == bool(said)
    assert said in line
    assert faults_of(page) == []


@pytest.mark.parametrize(
    ("language", "there", "not_there"),
    [
        ("en", ("(China)", "(Germany)"), ()), ("de", ("(China)", "(Deutschland)"), ()),
        ("zh-CN", (), ("德国",)),
    ],
    ids=["en", "de", "zh"],
)  # fmt: skip
def test_whoever_reads_the_list_finds_a_number_of_their_market(
    served: Served, anyone: httpx2.Client, monkeypatch: pytest.MonkeyPatch, language: str,
    there: tuple[str, ...], not_there: tuple[str, ...],
) -> None:  # fmt: skip
    about = {
        "hotline": "+86 800 1", "home_market": "CN", "hotlines": [{"market": "DE", "number": "0800 22 33 44"}],
    }  # fmt: skip
    monkeypatch.setattr("api.pages.public.about_company", lambda _house: about)
    put_up(served, published(served, f"numbers-{language}").removesuffix("-S1"), "S2")
    page = anyone.get("/recalls", headers={"Accept-Language": language}).text
    foot = page.partition("<footer>")[2]
    assert all(each in foot for each in there)
    assert not any(each in foot for each in not_there)
    assert ('<a href="tel:0800223344">0800 22 33 44</a>' in foot) == (language != "zh-CN")
    assert "+86 800 1" in foot


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/recalls/nothing", 404), ("/recalls/nothing/more/of/it", 404), ("/recalls/nothing.txt", 404),
        ("/recalls/{}/xx.html", 404), ("/recalls/nothing?lang=xx", 404), ("/recalls/{}?lang=xxxxxxxxxxxx", 422),
    ],
)  # fmt: skip
def test_an_address_of_no_notice_shows_no_console(
    served: Served, anyone: httpx2.Client, path: str, status: int
) -> None:
    name = published(served, f"missed-{path[:14]}")
    for language in LANGUAGES:
        page = anyone.get(path.format(name), headers={"Accept-Language": language})
        assert page.status_code == status
        words = PublicWords(language)
        assert f"<h1>{words('no_notice')}</h1>" in page.text
        assert f'<a href="/recalls">{words("all_notices")}</a>' in page.text
        assert "<footer>" in page.text
        assert "/sign-in" not in page.text
        assert page.headers["cache-control"] == "public, max-age=60"
        assert "set-cookie" not in page.headers
        assert faults_of(page.text) == []


@pytest.mark.parametrize("asked", [{"lang": "de"}, {}], ids=["chosen", "by the browser"])
def test_the_list_speaks_the_language_of_its_reader(
    served: Served, anyone: httpx2.Client, asked: dict[str, str]
) -> None:
    name = published(served, f"spoken-{len(asked)}")
    wanted = {"Accept-Language": "fr" if asked else "de"}
    page = anyone.get("/recalls", params=asked, headers=wanted)
    said = page.text
    assert '<html lang="de">' in said
    assert "<h1>Sicherheitshinweise</h1>" in said
    to = f"/recalls/{name}" + ("?lang=de" if asked else "")
    assert f'<a href="{to}" lang="de">Recall de</a>' in said
    assert ('<input type="hidden" name="lang" value="de">' in said) == bool(asked)
    assert '<a href="/recalls?lang=de" hreflang="de" lang="de" aria-current="true">' in said
    assert '<a href="/recalls?lang=ko" hreflang="ko" lang="ko">한국어</a>' in said
    assert page.headers["content-language"] == "de"
    assert "Accept-Language" in page.headers["vary"]
    assert faults_of(said) == []
    nothing = anyone.get("/recalls", params={**asked, "lot": "?"}, headers=wanted).text
    assert PublicWords("de")("no_number") in nothing or PublicWords("de")("unreadable") in nothing


@pytest.mark.parametrize(
    ("language", "markets", "day"),
    [
        ("de", ("CN", "DE"), "29. November 2026"), ("zh-CN", ("CN", "DE"), "2026年11月30日"),
        ("en", ("US",), "29 November 2026"), ("en", ("CN", "DE"), "30 November 2026"),
    ],
    ids=["Berlin", "Beijing", "one market", "no clock in common"],
)  # fmt: skip
def test_a_notice_went_out_on_the_day_of_its_readers(
    language: str, markets: tuple[str, ...], day: str
) -> None:
    at = datetime(2026, 11, 29, 19, 15, tzinfo=UTC)
    one = Notice("N", "I", "S1", 1, "update", at, "", {"markets": markets})
    assert day_out(one, language) == day
