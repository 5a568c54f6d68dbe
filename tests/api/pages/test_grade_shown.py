"""The grade that is shown before a report is sent: it refuses what sending refuses, alike."""

from typing import Any

import pytest

from tests.api.pages.conftest import SignedIn
from tests.api.serving import Served

pytestmark = pytest.mark.xdist_group("pages")

MORE_HURT = "Seriously hurt: 5, and 2 hurt in all: one of the two is wrong."
NOBODY = "Nobody was hurt, and 3 people hurt: one of the two is wrong."

MILD = "Seriously hurt: 1, and the worst that happened is not serious"

WRONG = [
    ({"answers__people": "2", "answers__serious_people": "5"}, MORE_HURT),
    ({"answers__worst_outcome": "none", "answers__people": "3"}, NOBODY),
    ({"answers__worst_outcome": "mild", "answers__serious_people": "1"}, MILD),
    ({"answers__first_onset_on": "2031-01-01"}, "That time is still to come"),
    ({"answers__people": "-1"}, "A number below zero cannot be right."),
    ({"answers__first_onset_on": "0203-11-01"}, "years from 1950 to 2149 are taken"),
]

IDS = [
    "more seriously hurt than hurt", "nobody and some", "mild and serious", "begins later",
    "below zero", "date",
]  # fmt: skip


@pytest.mark.parametrize(("typed", "sentence"), WRONG, ids=IDS)
def test_the_grade_shown_refuses_what_sending_refuses(
    typed: dict[str, str], sentence: str, served: Served, at: SignedIn
) -> None:
    chief = at("gao.yuan")
    page = chief.open("/report")
    form = page.form("/report")
    known = {"first_known_at": "2026-11-20T09:00", "first_known_country": "CN"}
    filled: dict[str, Any] = {**known, "products": ["dew-cream"], **typed}
    shown = served.unchanged_by(lambda: chief.send(page, form, "Show the grade", **filled))
    sent = served.unchanged_by(lambda: chief.send(page, form, **filled))
    assert (shown.status, sent.status) == (422, 422)
    for answer in (shown, sent):
        assert sentence in answer.text
        assert "The grade that follows" not in answer.text


@pytest.mark.parametrize(("typed", "sentence"), WRONG, ids=IDS)
def test_the_script_that_asks_while_one_types_is_told_the_same(
    typed: dict[str, str], sentence: str, at: SignedIn
) -> None:
    chief = at("gao.yuan")
    form = chief.open("/report").form("/report")
    answer = chief.client.post("/report/grade", data=form.filled(**typed))
    assert answer.status_code == 200
    assert sentence in answer.text
    assert "The grade that follows" not in answer.text


def test_answers_that_fit_still_give_a_grade(at: SignedIn) -> None:
    chief = at("gao.yuan")
    page = chief.open("/report")
    fitting = {"answers__people": "5", "answers__serious_people": "2"}
    shown = chief.send(page, page.form("/report"), "Show the grade", **fitting)
    assert shown.status == 200
    assert "The grade that follows" in shown.text
