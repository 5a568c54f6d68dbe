"""What was typed is kept when the session ended meanwhile: shown again, so that it can be copied."""

import re

import pytest

from tests.api.browsing import read_page
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


def test_a_form_with_the_token_of_an_older_session_shows_what_was_typed(
    served: Served, at: SignedIn
) -> None:
    number, person = reported(served.person("an.qi")), at("qiu.ning")
    address = f"/incidents/{number}/investigation/record_fact"
    answer = person.client.post(address, data={"csrf": "old", "key": "a", "value": WORDS})
    assert answer.status_code == 403
    assert re.search(WORDS, answer.text)
