"""The list of all public notices: what was corrected, whom to call, and an address of no notice."""

import httpx2
import pytest

from api.pages.public_words import PublicWords
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
    [("en", ("(China)", "(Germany)"), ()), ("de", ("(Germany)",), ()), ("zh-CN", (), ("德国",))],
)
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
        ("/recalls/{}/xx.html", 404), ("/recalls/{}?lang=xxxxxxxxxxxx", 422),
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
