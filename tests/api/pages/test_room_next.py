"""What an inspector does next stands first in their room: read the answer, or ask."""

from collections.abc import Iterator

import pytest

from services.people import Attempts
from tests.api.browsing import Seen
from tests.api.markup import faults_of
from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_offered import accepted, done
from tests.api.pages.test_rooms import LEGAL, close_all, entered, opened, path, visitor
from tests.api.serving import Served

pytestmark = pytest.mark.xdist_group("pages")


@pytest.fixture(autouse=True)
def _nobody_guessed(served: Served, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    assert served.app is not None
    monkeypatch.setattr(served.app.state, "attempts", Attempts())
    yield
    close_all()


def first(page: Seen) -> str:
    """Give the first part of the page behind its menu."""
    return page.html.partition('id="next"')[2].partition("</section>")[0]


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_the_next_thing_stands_first(language: str, served: Served, at: SignedIn) -> None:
    number = accepted(served)
    opened(served, number)
    there, where = entered(served, number, language=language), path(served, number)
    page = there.open(where)
    assert page.html.index('id="next"') < page.html.index("kept-lines"), "before what it is for"
    assert '"button primary" href="#ask"' in first(page)
    assert 'id="ask"' in page.html
    for words in ("Why these lots?", "Who stopped?", "Who knew?"):
        page = there.send(page, page.form("/ask#questions"), words=words)
    assert "3" in first(page).partition("quiet")[2]
    for question, answer in (("Q2", "All."), ("Q1", "The batch.")):
        what = f"people/{question}/answer_in_room"
        done(served.person(LEGAL), number, what, words=answer)
    page = there.open(where)
    assert '"button primary" href="#Q1"' in first(page), "the newest answer, not the last question"
    assert 'id="Q1"' in page.html
    assert not faults_of(page.html)


@pytest.mark.parametrize("behind", ["", "/timeline", "/ledger", "/ledger/1"])
def test_every_page_of_the_room_leads_to_questions_and_answers(behind: str, served: Served) -> None:
    number = accepted(served)
    opened(served, number)
    where = path(served, number)
    page = entered(served, number).open(where + behind)
    menu = page.html.partition("room-tabs")[2].partition("</nav>")[0]
    assert f'href="{where}#questions"' in menu


@pytest.mark.parametrize("behind", ["/people", "/ledger/0", "/files/x", "/a/b/c"])
@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_what_is_not_in_the_room_leads_back_into_it(
    language: str, behind: str, served: Served
) -> None:
    """Whoever is in meets no closed door; outside every wrong address is answered alike."""
    number = accepted(served)
    opened(served, number, parts=["timeline", "ledger"])
    where = path(served, number)
    page = entered(served, number, language=language).open(where + behind)
    assert page.status == 404
    assert not faults_of(page.html)
    for href in (where, f"{where}#ask", f"{where}/timeline"):
        assert f'href="{href}"' in page.html
    outside = visitor(served).client
    assert "one-time-code" in outside.get(where + behind).text


def test_the_room_names_the_product_and_says_until_when_in_a_sentence(served: Served) -> None:
    number = accepted(served)
    opened(served, number)
    there, where = entered(served, number), path(served, number)
    named = served.person("gao.yuan").get(f"/api/incidents/{number}").json()["state"]["report"]
    product = there.open(where).html.partition("masthead-line")[2].partition("</div>")[0]
    assert named["products"]
    assert "<strong>" in product
    assert "The room is open until" in there.open(where).text
    assert " left" not in there.open(where).text


def test_after_a_room_is_opened_its_link_and_code_are_one_step_away(
    served: Served, at: SignedIn
) -> None:
    number, chief = accepted(served), at("gao.yuan")
    form = chief.open(f"/incidents/{number}/people/open_room")
    told = chief.send(
        form, form.form("/open_room"), inspector="Wang", firm="MPA", purpose="Look",
        parts=["timeline"],
    )  # fmt: skip
    page = chief.open(told.link("Link and code of the room"))
    assert path(served, number) in page.html


def test_the_companys_page_of_a_room_has_its_questions(served: Served, at: SignedIn) -> None:
    number = accepted(served)
    opened(served, number)
    opened(served, number)
    where = path(served, number)
    mine = f"/incidents/{number}/rooms/R1"
    assert "Nothing was asked yet." in at("ren.jia").open(mine).text
    there = entered(served, number)
    page = there.open(where)
    there.send(page, page.form("/ask#questions"), words="Why these lots?")
    shown = at("bai.lu").open(mine)
    assert "Why these lots?" in shown.text
    assert "not answered yet" in shown.text
    assert any("answer_in_room" in href for _, href in shown.links)
    assert "Why these lots?" not in at("bai.lu").open(f"/incidents/{number}/rooms/R2").text
