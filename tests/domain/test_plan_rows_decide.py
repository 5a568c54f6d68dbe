"""Rows of the plan that decide by themselves: texts that must lie ready, the review, the rhythm."""

from collections.abc import Callable
from typing import Any

import pytest

from domain.actions import ActionKind, AssignAction, RecordLesson
from domain.finding import SignFinding
from domain.meetings import HoldMeeting, MeetingKind
from domain.people import Role
from domain.plan import read_plan
from domain.review import review_gaps
from domain.severity import Answers
from domain.situation import ReportSituation
from domain.state.investigation import FindingOutcome
from domain.values import PersonId, PublicText
from tests.domain.plans import changed, put
from tests.domain.recalls import COMMANDER, QSR, QUALITY
from tests.domain.story import CRITICAL, MILD, SERIOUS, Story, person, ruled_by

words = PublicText
SCRIBE = person(Role.SCRIBE)


# ---------------------------------------------------------------- texts that must lie ready


def test_with_a_halt_of_trade_the_plan_asks_for_its_texts_at_once() -> None:
    story = Story()
    story.reported(CRITICAL)
    asked = {key: story.due(f"statement:{key}:ready:H3") for key in ("staff", "hotline_script")}
    assert all(asked.values())
    due = asked["staff"]
    assert due is not None
    assert (due.due_at - story.now).total_seconds() == 15 * 60
    assert story.due("statement:trade_hold:ready:H3") is None, "its fixed text needs nobody"


def test_a_halt_never_waits_for_its_texts() -> None:
    story = Story()
    story.reported(CRITICAL)
    assert "H3" in story.incident.halt.levels


# ---------------------------------------------------------------- the review


def found(story: Story) -> None:
    story.keeps_evidence()
    story.did(
        QUALITY,
        SignFinding(
            outcome=FindingOutcome.CONFIRMED,
            basis=("E1",),
            i_released_the_lot=False,
            cause=words("A filter broke."),
        ),
    )
    story.signed(QSR)


def acted(story: Story) -> None:
    story.did(
        COMMANDER,
        AssignAction(
            title=words("New filter"),
            kind=ActionKind.CORRECTIVE,
            owner=PersonId("quality"),
            due_on=story.now.date(),
            test=words("Three clean batches"),
        ),
    )


def learnt(story: Story) -> None:
    story.did(QSR, RecordLesson(text=words("Change filters before they break.")))


def reviewed(story: Story) -> None:
    story.did(
        SCRIBE,
        HoldMeeting(
            kind=MeetingKind.REVIEW,
            started_at=story.now,
            ended_at=story.now,
            attendees=(PersonId("quality"),),
        ),
    )


NO_ACTION = "no corrective or preventive action answers the cause that was found"
NO_LESSON, NO_REVIEW = "no lesson is recorded", "no review meeting was held"
NO_BRIEF = "the board has no approved brief"


@pytest.mark.parametrize(
    ("depth", "done", "gaps"),
    [
        pytest.param("note", [found], [], id="note"),
        pytest.param("capa_by_cause", [], [], id="by-cause:no-cause"),
        pytest.param("capa_by_cause", [found], [NO_ACTION], id="by-cause:cause"),
        pytest.param("capa_by_cause", [found, acted], [], id="by-cause:action"),
        pytest.param("full", [], [NO_LESSON, NO_REVIEW], id="full:nothing"),
        pytest.param("full", [found, learnt], [NO_ACTION, NO_REVIEW], id="full:half"),
        pytest.param("full", [found, acted, learnt, reviewed], [], id="full:whole"),
        pytest.param("full_and_board", [learnt, reviewed], [NO_BRIEF], id="board:no-brief"),
    ],
)
def test_an_incident_closes_with_the_review_that_its_grade_asks_for(
    depth: str, done: list[Callable[[Story], None]], gaps: list[str]
) -> None:
    stage = "by_cause" if depth == "capa_by_cause" else "yes"

    def asking(document: Any) -> None:
        put("grades.serious.review", depth)(document)
        put("grades.serious.stages.review", stage)(document)

    story = ruled_by(read_plan(changed(asking)))
    story.accepted(SERIOUS)
    for step in done:
        step(story)
    assert list(review_gaps(story.incident)) == gaps


# ---------------------------------------------------------------- the situation report


@pytest.mark.parametrize(
    ("answers", "hours"),
    [
        pytest.param(CRITICAL, 12, id="critical"),
        pytest.param(SERIOUS, 24, id="serious"),
        pytest.param(MILD, 7 * 24, id="general"),
    ],
)
def test_situation_reports_come_in_the_rhythm_of_the_grade(answers: Answers, hours: int) -> None:
    story = Story()
    story.accepted(answers)
    first = story.due("situation:1")
    assert first is not None
    assert (first.due_at - story.now).total_seconds() == hours * 3600
    story.later(hours=hours + 1)
    story.did(SCRIBE, ReportSituation(note=words("All shops of the city are visited.")))
    second = story.due("situation:2")
    assert second is not None
    assert (second.due_at - story.now).total_seconds() == hours * 3600


def test_each_figure_stands_beside_the_one_before() -> None:
    story = Story()
    story.accepted(SERIOUS)
    first = story.did(SCRIBE, ReportSituation())[0]
    assert {figure.before for figure in first.figures} == {""}
    story.keeps_evidence()
    acted(story)
    second = story.did(SCRIBE, ReportSituation())[0]
    told = {figure.key: (figure.value, figure.before) for figure in second.figures}
    assert told["lots"] == ("L1", "L1")
    assert told["actions_verified"] == ("0 / 1", "")
    assert "units_affected" not in told, "unknown is never a number"


def test_nobody_reports_the_situation_of_what_is_no_incident() -> None:
    story = Story()
    story.reported(SERIOUS)
    assert story.refused(SCRIBE, ReportSituation()).reason == "not_accepted"
