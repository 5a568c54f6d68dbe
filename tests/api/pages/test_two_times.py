"""One duty with two times: the nearer stands first, and each says what it is."""

import re
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import cast

import pytest

from api.pages.duty_order import gathered
from api.pages.looking import View
from api.pages.own_targets import times_of
from domain.agenda import dues
from domain.severity import Outcome
from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_offered import accepted, done, told_once
from tests.api.pages.test_standing import HURT
from tests.api.serving import Served
from tests.api.test_lens import lens
from tests.domain.duties import Notified
from tests.domain.story import MILD

pytestmark = pytest.mark.xdist_group("pages")

HOUR = timedelta(hours=1)


def hurt(served: Served) -> str:
    number = accepted(served)
    done(served.person("mei.lin"), number, "report/register_case", **HURT)
    return number


@pytest.mark.parametrize(
    ("hours", "first"),
    [
        pytest.param(1, "Our own", id="our target runs, and is nearer"),
        pytest.param(None, "In writing", id="our target has passed"),
        pytest.param(-1, "In writing", id="the limit itself has passed"),
    ],
)
def test_the_nearer_time_that_runs_stands_first(hours: int | None, first: str) -> None:
    story = Notified()
    story.reported(MILD)
    story.hurt("CN", Outcome.HOSPITALISED)
    groups = [group for group in gathered(story.incident, dues(story.incident)) if len(group) > 1]
    group = next(one for one in groups if {due.due_at for due in one} > {one[0].due_at})
    limit, ours = group[0].due_at, min(due.due_at for due in group[1:])
    assert ours < limit
    now = {1: ours - timedelta(hours=1), None: ours + timedelta(minutes=1), -1: limit + HOUR}[hours]
    view = cast("View", SimpleNamespace(lens=replace(lens("en"), now=now), state=story.incident))
    told = [one["title"] for one in times_of(view, group)]
    assert len(told) == len({due.due_at for due in group})
    assert told[0].startswith(first)
    assert len(set(told)) > 1
    assert any(one.startswith("In writing, ") for one in told)


def test_a_card_with_two_times_does_not_call_both_one_thing(served: Served, at: SignedIn) -> None:
    number = told_once(hurt, served)
    cards = at("bai.lu").open(f"/incidents/{number}").html.split('<article class="decision')
    both = [one for one in cards if "In writing, " in one]
    assert both
    for card in both:
        assert "limit of the law" in card or "our own target" in card
        assert "· company target" not in card.split("</article>")[0]


def test_a_clock_names_the_other_time_of_its_duty(served: Served, at: SignedIn) -> None:
    number = told_once(hurt, served)
    page = at("bai.lu").open(f"/incidents/{number}").html
    clocks = plain_text(page[page.index('id="clocks"') :])
    report = clocks[clocks.index("Report of a serious adverse reaction") :]
    first = report[: report.index("Is it reportable?")]
    assert "limit of the law · Our own " in first


def plain_text(html: str) -> str:
    """Give the words of a part of a page."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())
