"""A target of our own that has passed, told apart from a limit of the law that is over."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from api.pages.looking import late_stages
from api.rendering import environment
from domain.agenda import dues
from domain.severity import Outcome
from tests.api.markup import faults_of
from tests.api.pages.conftest import SignedIn
from tests.api.serving import Served
from tests.domain.duties import Notified
from tests.domain.story import MILD
from tests.services.kept import recorded

pytestmark = pytest.mark.xdist_group("pages")

ROW = (
    '{%- import "console/components.html" as ui -%}'
    '{{ ui.incident_row({"id": "I", "href": "/", "title": "t", "grade": "minor", "on_sale": "",'
    ' "drill": false, "stages": [], "next": "Say whether", "late": true, "due": none, "ours": ours}) }}'
)


def tell(story: Notified) -> None:
    """Somebody was hurt in the USA: a limit of the law in weeks, and targets of ours in hours."""
    story.reported(MILD)
    story.hurt("US", Outcome.HOSPITALISED)


@pytest.mark.parametrize(
    ("hours", "word"),
    [(1, None), (60, "passed"), (24 * 40, "late")],
    ids=["nothing is over", "our own target alone", "the law's limit too"],
)
def test_a_stage_is_late_by_more_than_a_target_of_ours(hours: int, word: str | None) -> None:
    story = Notified()
    tell(story)
    found = late_stages(story.incident, dues(story.incident), story.now + timedelta(hours=hours))
    assert found.get("notice") == word


@pytest.mark.parametrize("page", ["board", "stage"])
def test_the_stages_say_so_in_words_with_another_mark(
    page: str, served: Served, at: SignedIn
) -> None:
    began = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=60)
    story = recorded(served.database.ledger, f"own targets {page}", tell, at=began)
    seen = at("bai.lu").open("/" if page == "board" else f"/incidents/{story.incident.id}/notice")
    assert faults_of(seen.html) == []
    # The board links an incident above its rails too, where it waits for this reader.
    label = f"Stages of {story.incident.id}" if page == "board" else "Stages"
    rail = seen.html.partition(f'aria-label="{label}"')[2]
    stop = re.search(
        r'<li class="stop is-(\w+) tone-(\w+)"[^>]*>(?:(?!</li>).)*Notice.*?</li>', rail, re.DOTALL
    )
    assert stop is not None
    assert stop.groups() == ("passed", "warning")
    assert "our own target passed" in stop[0]
    assert "overdue" not in stop[0]


@pytest.mark.parametrize(
    ("ours", "tone"), [(True, "warning"), (False, "critical")], ids=["a target of ours", "late"]
)
def test_the_row_of_the_board_says_whose_time_is_over(ours: bool, tone: str) -> None:
    row = environment("en").from_string(ROW).render(ours=ours)
    assert f"state tone-{tone}" in row
    assert ("our own target passed" in row) is ours
