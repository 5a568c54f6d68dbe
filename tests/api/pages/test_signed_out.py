"""What was typed is kept when the session ended meanwhile: shown again, so that it can be copied."""

import re
from collections.abc import Iterator

import httpx2
import pytest

from api.pages.carrying import is_carried
from tests.api.browsing import Seen, read_page
from tests.api.pages.conftest import SignedIn
from tests.api.serving import Served
from tests.api.test_incidents import reported

pytestmark = pytest.mark.xdist_group("pages")

WORDS = "Four hours of work on the words of the hotline."


def test_a_form_of_an_ended_session_shows_what_was_typed(served: Served, at: SignedIn) -> None:
    number, person = reported(served.person("an.qi")), at("qiu.ning")
    address = f"/incidents/{number}/investigation/record_fact"
    page = person.open(address)
    body = {**page.form("/record_fact").values, "key": ["units_made"], "value": [WORDS]}
    with served.visitor() as signed_out:
        answer = signed_out.post(
            address,
            data={name: values[-1] for name, values in body.items() if values},
            headers={"Referer": f"http://{signed_out.base_url.netloc.decode()}{address}"},
        )
    shown = read_page(answer)
    assert answer.status_code == 401
    assert WORDS in shown.html
    assert f"/sign-in?next={address.replace('/', '%2F')}" in shown.html


@pytest.fixture
def visitor(served: Served) -> Iterator[httpx2.Client]:
    """Give the browser of somebody whose session has ended."""
    with served.visitor() as browser:
        yield browser


def _left(
    served: Served, at: SignedIn, visitor: httpx2.Client, referer: str = ""
) -> tuple[str, Seen]:
    """Send a form without a session; give its address and the answer."""
    number, person = reported(served.person("an.qi")), at("qiu.ning")
    address = f"/incidents/{number}/investigation/record_fact"
    body = {**person.open(address).form("/record_fact").values}
    body |= {"key": ["units_made"], "value": [WORDS]}
    here = f"http://{visitor.base_url.netloc.decode()}{address}"
    sent = {name: values[-1] for name, values in body.items() if values}
    answer = visitor.post(address, data=sent, headers={"Referer": referer or here})
    return address, read_page(answer)


def test_signing_in_again_opens_the_form_with_what_was_typed(
    served: Served, at: SignedIn, visitor: httpx2.Client
) -> None:
    address, page = _left(served, at, visitor)
    size = served.person("an.qi").get(f"/api{address.rpartition('/investigation')[0]}").json()
    form, password = page.form("/sign-in"), served.passwords["qiu.ning"]
    wrong = read_page(visitor.post("/sign-in", data=form.filled(name="qiu.ning", password="no")))
    assert WORDS in wrong.html, "a wrong password loses nothing"
    form = wrong.form("/sign-in")
    signed = read_page(
        visitor.post("/sign-in", data=form.filled(name="qiu.ning", password=password))
    )
    again = read_page(visitor.post(address, data=signed.form("/record_fact").filled(preview="1")))
    assert WORDS in again.form("/record_fact").values["value"]
    now = served.person("an.qi").get(f"/api{address.rpartition('/investigation')[0]}").json()
    assert now["size"] == size["size"], "nothing was done"


def test_a_report_goes_on_after_signing_in_again_with_its_answers(
    served: Served, at: SignedIn, visitor: httpx2.Client
) -> None:
    body = at("an.qi").open("/report").form("/report").filled(words=WORDS)
    body |= {"answers-people": ["3"], "products": ["dew-cream"]}
    here = f"http://{visitor.base_url.netloc.decode()}/report"
    left = read_page(visitor.post("/report", data=body, headers={"Referer": here}))
    password = served.passwords["an.qi"]
    form = left.form("/sign-in").filled(name="an.qi", password=password)
    signed = read_page(visitor.post("/sign-in", data=form))
    again = read_page(visitor.post("/report", data=signed.form("/report").filled(show="1")))
    values = again.form("/report").values
    assert WORDS in values["words"]
    assert values["answers-people"] == ["3"]
    assert values["products"] == ["dew-cream"]
    assert again.status == 200, "nothing was sent: a report leads on to its incident"


def test_what_another_site_sent_is_not_carried(
    served: Served, at: SignedIn, visitor: httpx2.Client
) -> None:
    _address, page = _left(served, at, visitor, referer="https://elsewhere.example/x")
    assert WORDS in page.html, "it can be copied all the same"
    assert not [form for form in page.forms if form.action == "/sign-in"]


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        ("/incidents/INC-2026-0001/investigation/record_fact", True),
        ("/report", True),
        ("/report/grade", False),
        ("/incidents/INC-2026-0001/halt", False),
        ("/privacy/requests/record_fact", False),
        ("/sign-out", False),
    ],
)
def test_only_forms_of_acts_and_of_reports_are_carried(address: str, is_one: bool) -> None:
    assert is_carried(address) is is_one


def test_a_form_with_the_token_of_an_older_session_shows_what_was_typed(
    served: Served, at: SignedIn
) -> None:
    number, person = reported(served.person("an.qi")), at("qiu.ning")
    address = f"/incidents/{number}/investigation/record_fact"
    answer = person.client.post(address, data={"csrf": "old", "key": "a", "value": WORDS})
    assert answer.status_code == 403
    assert re.search(WORDS, answer.text)
