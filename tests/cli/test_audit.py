"""`andon audit` and `andon search` read what the record holds, and open no private word."""

import csv
import io
import json

import pytest

from services.questions.asking import QUESTIONS
from tests.cli.test_duties import story
from tests.cli.test_verbs import Andon, andon
from tests.services.kept import Recorded

__all__ = ["andon", "story"]


def test_all_ten_are_answered_in_words_and_for_programs(andon: Andon, story: Recorded) -> None:
    number = story.incident.id
    said = andon("audit", number).stdout
    for one in QUESTIONS:
        assert f"{one}. " in said
    told = json.loads(andon("audit", number, "--json").stdout)
    assert [one["question"] for one in told] == list(QUESTIONS)
    duties = next(one for one in told if one["question"] == 6)
    assert duties["answer"]["duties"] == len(story.incident.notice.duties)


def test_one_question_is_a_spreadsheet(andon: Andon, story: Recorded) -> None:
    told = andon("audit", story.incident.id, "--question", "6", "--csv").stdout
    rows = list(csv.reader(io.StringIO(told.removeprefix("\ufeff"))))
    assert rows[0][:2] == [story.incident.id, "6"]
    assert any(row[:1] == ["D1"] for row in rows)


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["--csv"], 2),
        (["--question", "3", "--csv", "--json"], 2),
        (["--question", "11"], 2),
        (["--question", "5", "--at", "soon"], 2),
    ],
    ids=["csv of all", "two forms", "no such question", "no time"],
)
def test_what_cannot_be_asked_is_said(
    andon: Andon, story: Recorded, words: list[str], status: int
) -> None:
    assert andon("audit", story.incident.id, *words).exit_code == status


def test_an_incident_that_is_not_there_is_refused(andon: Andon, story: Recorded) -> None:
    assert andon("audit", "INC-2020-0001").exit_code == 1


def test_a_search_finds_what_was_recorded(andon: Andon, story: Recorded) -> None:
    found = json.loads(andon("search", "legal", "--rebuild", "--json").stdout)
    assert {one["incident"] for one in found} <= {story.incident.id}
    assert andon("search", "nosuchword").stdout.strip() == "Nothing was found."
    told = json.loads(andon("search", "DutyFiled", "--in", "decision", "--json").stdout)
    assert [one["why"] for one in told] == ["decision"]


def test_a_search_says_the_sentence_of_each_entry(andon: Andon, story: Recorded) -> None:
    said = andon("search", "A problem with", "--in", "decision", "--rebuild").stdout
    assert said.startswith(story.incident.id)
    assert " decision  A problem with " in said
