"""The form to sell again says what is ticked, while it is ticked and when it is shown again."""

import re

import pytest

from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_earlier import plain
from tests.api.pages.test_offered import accepted, told_once
from tests.api.serving import Served

pytestmark = pytest.mark.xdist_group("pages")

HEAD = "What goes on sale again"


@pytest.fixture
def number(served: Served) -> str:
    return told_once(accepted, served)


def stopped_at(served: Served, number: str) -> list[str]:
    halt = served.person("gao.yuan").get(f"/api/incidents/{number}").json()["state"]["halt"]
    return sorted({name for one in halt["orders"] for name in one["channels"]})


def test_nothing_ticked_is_said_to_mean_all(served: Served, at: SignedIn, number: str) -> None:
    page = plain(at("gao.yuan").open(f"/incidents/{number}/halt/resume_sale"))
    every = len(stopped_at(served, number))
    assert f"all that are stopped there, because none is chosen: {every} channels" in page


@pytest.mark.parametrize("way", ["without script", "while it is ticked"])
def test_one_that_is_ticked_is_counted_as_one(
    served: Served, at: SignedIn, number: str, way: str
) -> None:
    there, names = at("gao.yuan"), stopped_at(served, number)
    page = there.open(f"/incidents/{number}/halt/resume_sale")
    form = page.form("/resume_sale")
    if way == "without script":
        told = there.send(page, form, "Show what would follow", channels=[names[0]], basis="Clean.")
        text = plain(told)
    else:
        typed = form.filled(channels=[names[0]])
        answer = there.client.post(form.action, data=typed, headers={"X-Fragment": "1"})
        assert "<html" not in answer.text
        text = re.sub(r"<[^>]+>|\s+", " ", answer.text)
    assert HEAD in text
    assert f"1 of {len(names)} channels; the halt goes on at the others" in " ".join(text.split())
    assert f'data-asks-of="{form.action}"' in page.html
