"""What an inspector does next stands first in their room: read the answer, or ask."""

from collections.abc import Iterator

import pytest

from services.people import Attempts
from tests.api.browsing import Seen
from tests.api.markup import faults_of
from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_offered import accepted, done
from tests.api.pages.test_rooms import LEGAL, close_all, entered, opened, path
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
