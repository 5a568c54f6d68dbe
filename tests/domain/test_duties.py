"""How a duty lives: it arises, falls due, moves with the facts, passes its time, stays open."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from domain.acts import ActProposed
from domain.agenda import RungReached
from domain.arising import OURS_EN, OURS_ZH
from domain.determining import (
    ConfirmReportable,
)
from domain.duties import (
    DutyArisen,
    DutyDue,
    DutyMoved,
    DutyOverdue,
)
from domain.grading import AssessSeverity, RaiseGrade
from domain.ledger import read_entry
from domain.notice import part_of
from domain.people import Role
from domain.plan_rows import Share
from domain.regulation_terms import DueBasis
from domain.report import AddReport, CloseReport
from domain.review import CloseIncident
from domain.severity import Evidence, Fault, Grade, Outcome
from domain.state import incident_text, read_incident_text
from domain.values import PrivateText
from tests.domain.duties import (
    COMMANDER,
    SERVICE,
    Notified,
    clock,
    determined,
    events_of,
    local,
    recalled_in_the_us,
    story_of,
    utc,
    words,
)
from tests.domain.recalls import ASSESSOR, QUALITY
from tests.domain.story import MILD, SERIOUS, START, rules

SUE, SAER = "EU-COS-23-SUE", "US-MOCRA-SAER"
STOP, ADR = "CN-RECALL-STOP", "CN-ADR-SERIOUS"
FOUND = "CN-ORDER46-33-STOP"


# ---------------------------------------------------------------- two entries


def test_a_duty_arises_with_its_terms_and_its_clock_start() -> None:
    story = story_of("CN", Outcome.HOSPITALISED, knew_at=utc("2026-03-01 04:00"))
    arisen = next(e for e in events_of(story, DutyArisen) if e.rule == ADR)
    assert (arisen.rule_version, arisen.verified, arisen.possible) == ("2", True, False)
    assert (arisen.subject, arisen.start_fact, arisen.start_at) == ("P1", "awareness", utc("2026-03-01 04:00"))  # fmt: skip
    assert (arisen.limit, arisen.counting, arisen.calendar) == ("15 d", "day_after", "CN")
    assert arisen.obliged == ("registrant", "contract_manufacturer", "operator")
    assert arisen.why == ("case",)
    assert "15日" in arisen.citation


def test_its_due_time_is_an_entry_of_its_own_that_explains_itself_in_two_languages() -> None:
    story = story_of("CN", Outcome.HOSPITALISED)
    due = next(e for e in events_of(story, DutyDue) if e.duty == story.duty(ADR).id)
    assert (due.basis, due.law, due.by) == ("law", True, "clock")
    assert local(due.due_at, "CN") == "2026-03-17 23:59"
    assert due.steps_en[-1] == "Due when Tue 2026-03-17 ends, with the last second of 23:59."
    assert due.steps_zh[1] == "2026-03-02（周一）：开始的当日不计入。"
    assert len(due.calendar_hash) == 64
    assert not due.provisional
    assert story.duty(ADR).due_seq == next(
        n for n, leaf in enumerate(story.leaves, 1) if read_entry(leaf).event == due
    )


def test_while_the_calendar_is_away_the_duty_stands_without_a_due_time() -> None:
    story = Notified(calendar_is_away=True)
    story.reported(MILD)
    story.hurt("US", Outcome.DEATH)
    assert story.duty(SAER).due_at is None
    story.calendar_answers()
    assert local(story.duty(SAER).due_at, "US") == "2026-03-20 23:59"


def test_each_hurt_person_has_clocks_of_their_own() -> None:
    story = Notified()
    story.reported(MILD)
    for day in range(1, 5):
        story.hurt("US", Outcome.DEATH, knew_at=story.now - timedelta(days=day))
    dues = [story.duty(SAER, f"P{number}").due_at for number in (1, 2, 3, 4)]
    assert dues == sorted(dues, reverse=True)  # type: ignore[type-var]
    assert len(set(dues)) > 1


# ---------------------------------------------------------------- law, guideline, our own target


def test_a_limit_of_the_law_is_marked_as_law_and_our_half_is_not() -> None:
    story = story_of("CN", Outcome.HOSPITALISED)
    deadline, target = clock(story, ADR, "duty:"), clock(story, ADR, "duty_target:")
    assert (deadline.law, target.law) == (True, False)
    half = (deadline.due_at - deadline.start_at) / 2
    assert abs(target.due_at - target.start_at - half) < timedelta(seconds=1)
    assert target.title.endswith("(our own earlier target)")
    assert deadline.roles == (Role.REGULATORY_AFFAIRS,)


def test_our_earlier_target_is_the_share_of_the_plan_at_the_grade() -> None:
    story = story_of("CN", Outcome.MILD)  # general: two thirds
    deadline, target = (clock(story, "CN-ADR-GENERAL", key) for key in ("duty:", "duty_target:"))
    two_thirds = (deadline.due_at - deadline.start_at) * 2 / 3
    assert abs(target.due_at - target.start_at - two_thirds) < timedelta(seconds=1)


def test_a_guideline_is_shown_as_a_guideline() -> None:
    deadline = clock(story_of("DE", Outcome.DEATH), SUE, "duty:")
    assert not deadline.law
    assert deadline.title.endswith("where the effect occurred (guideline)")


def test_where_the_law_names_no_number_our_own_target_stands_and_says_so() -> None:
    story = story_of("GB", Outcome.HOSPITALISED)
    due = next(e for e in events_of(story, DutyDue) if e.duty == story.duty("UK-23-SUE").id)
    assert (due.basis, due.law, due.by) == (DueBasis.COMPANY, False, "plan")
    assert (due.steps_en[0], due.steps_zh[0]) == (OURS_EN, OURS_ZH)
    written, phone = clock(story, "UK-23-SUE", "duty:"), clock(story, "UK-23-SUE", "duty_phone:")
    assert (written.due_at, phone.due_at) == (START + timedelta(hours=48), START + timedelta(hours=24))  # fmt: skip
    assert not written.law
    assert "our own target" in written.title
    assert "our own target" in phone.title


def test_our_target_comes_nearer_when_the_grade_rises_and_the_old_one_is_kept() -> None:
    story = story_of("GB", Outcome.HOSPITALISED)
    events = story.did(QUALITY, RaiseGrade(grade=Grade.CRITICAL, reason=words("Two more calls.")))
    due = next(e for e in events if isinstance(e, DutyDue) and e.old_due_at == START + timedelta(hours=48))  # fmt: skip
    assert due.due_at == START + timedelta(hours=24)
    assert story.duty("UK-23-SUE").dues == 2


def test_our_target_never_moves_away_when_the_grade_falls() -> None:
    story = story_of("GB", Outcome.HOSPITALISED)
    before = story.duty("UK-23-SUE").due_at
    story.hurt("CN", Outcome.MILD)
    assert story.duty("UK-23-SUE").due_at == before


# ---------------------------------------------------------------- moving


def test_an_earlier_knowledge_moves_the_clock_and_keeps_the_old_due() -> None:
    story = Notified()
    story.reported(SERIOUS)
    old = story.duty(STOP)
    events = story.did(
        SERVICE,
        AddReport(
            first_known_at=START - timedelta(hours=20),
            first_known_country="CN",
            words=PrivateText("v1", "c" * 64, "s1"),
        ),
    )
    moved = next(e for e in events if isinstance(e, DutyMoved))
    assert (moved.old_start_at, moved.old_due_at) == (old.start_at, old.due_at)
    assert story.duty(STOP).start_at == START - timedelta(hours=20)
    assert story.duty(STOP).due_at == START + timedelta(hours=28)


def test_a_later_report_moves_nothing() -> None:
    story = Notified()
    story.reported(SERIOUS)
    words_ = PrivateText("v1", "c" * 64, "s1")
    events = story.did(SERVICE, AddReport(first_known_at=START, first_known_country="CN", words=words_))  # fmt: skip
    assert not [e for e in events if isinstance(e, DutyMoved)]


def test_a_person_known_earlier_moves_the_limit_of_the_law_too() -> None:
    story = story_of("CN", Outcome.HOSPITALISED)
    story.more_of("P1", Outcome.HOSPITALISED, awareness_at=utc("2026-02-27 02:00"))
    assert local(story.duty(ADR).due_at, "CN") == "2026-03-14 23:59"
    assert story.duty(ADR).moves == 1
    assert [e.old_due_at for e in events_of(story, DutyDue) if e.duty == story.duty(ADR).id][-1]


def test_an_answer_for_the_start_that_was_comes_too_late_to_count() -> None:
    story = Notified(calendar_is_away=True)
    story.reported(MILD)
    story.hurt("CN", Outcome.HOSPITALISED)
    story.more_of("P1", Outcome.HOSPITALISED, awareness_at=utc("2026-02-27 02:00"))
    story.calendar_answers()
    assert local(story.duty(ADR).due_at, "CN") == "2026-03-14 23:59"
    assert story.duty(ADR).dues == 1


def test_a_worse_outcome_makes_a_possible_duty_certain_while_its_clock_goes_on() -> None:
    story = story_of("US", Outcome.SYSTEMIC)
    possible = story.duty(SAER)
    assert possible.possible
    assert clock(story, SAER, "duty:").title.startswith("Possibly: ")
    assert clock(story, SAER, "judge_duty:").act == "confirm_reportable"
    story.later(hours=2)
    events = story.more_of("P1", Outcome.HOSPITALISED)
    moved = next(e for e in events if isinstance(e, DutyMoved) and e.duty == possible.id)
    assert (moved.was_possible, moved.possible) == (True, False)
    assert story.duty(SAER).due_at == possible.due_at


def test_a_milder_outcome_takes_nothing_back() -> None:
    story = story_of("US", Outcome.HOSPITALISED)
    story.more_of("P1", Outcome.MILD)
    assert story.duty(SAER).is_open
    assert not story.duty(SAER).possible


def test_a_named_person_says_that_a_possible_duty_is_one() -> None:
    story = story_of("US", Outcome.SYSTEMIC)
    confirm = ConfirmReportable(duty=story.duty(SAER).id, reason=words("Shock, from the letter."))
    story.did(ASSESSOR, confirm)
    assert not story.duty(SAER).possible
    assert story.duty(SAER).confirmed_by == "safety_assessor"
    assert story.refused(ASSESSOR, confirm).reason == "certain"


def answers_that_are_a_finding(story: Notified, hours: int, **answers: Any) -> list[Any]:
    now = replace(story.incident.report.answers, **answers)
    known_at = story.now - timedelta(hours=hours)
    return story.did(QUALITY, AssessSeverity(answers=now), happened_at=known_at)


def test_a_finding_counts_from_when_all_of_it_was_known_whatever_made_it_a_duty() -> None:
    """That the goods are in China too was told last, and changes nothing of when it was found."""
    story = Notified()
    story.reported(replace(MILD, markets=("US",)))
    answers_that_are_a_finding(story, 9, evidence=Evidence.OWN_RECORDS)
    answers_that_are_a_finding(story, 6, fault=Fault.PATHOGEN)
    assert FOUND not in {rule for rule, _ in story.duties()}
    story.later(hours=3)
    story.hurt("CN", Outcome.MILD)
    assert story.duty(FOUND).start_at == START - timedelta(hours=6)


# ---------------------------------------------------------------- time passes


def test_a_passed_deadline_is_recorded_once_and_leaves_the_duty_open() -> None:
    story = story_of("CN", Outcome.HOSPITALISED)
    story.later(days=40)
    passed = [e for e in events_of(story, DutyOverdue) if e.rule == ADR]
    assert [(e.law, e.basis, local(e.due_at, "CN")) for e in passed] == [(True, "law", "2026-03-17 23:59")]  # fmt: skip
    assert story.duty(ADR).is_open
    assert story.duty(ADR).overdue_at is not None
    key = f"duty:{story.duty(ADR).id}:1"
    rungs = [e.percent for e in events_of(story, RungReached) if e.due == key]
    assert rungs == [50, 80, 100, 100, 200]


def test_what_is_filed_rings_no_more() -> None:
    story = story_of("CN", Outcome.HOSPITALISED)
    story.filed(story.duty(ADR))
    story.later(days=40)
    assert not [e for e in events_of(story, DutyOverdue) if e.rule == ADR]
    assert not story.clocks(story.duty(ADR))


# ---------------------------------------------------------------- the end, and the whole


def test_an_incident_with_an_open_duty_does_not_close() -> None:
    story = Notified()
    story.accepted(MILD)
    story.hurt("CN", Outcome.MILD)
    close = CloseIncident(summary=words("Over."), reason_for_open_items=words("Nothing is open."))
    refusal = story.refused(COMMANDER, close)
    title = story.incident.notice.duties["D1"].title_en
    assert f"duty D1 ({title}) is neither filed nor determined not reportable" in refusal.sentence
    story.filed(story.duty("CN-ADR-GENERAL"))
    assert isinstance(story.did(COMMANDER, close)[0], ActProposed)


def test_a_closed_report_leaves_the_duties_of_hurt_people_due() -> None:
    story = Notified()
    story.reported(MILD)
    story.hurt("CN", Outcome.MILD)
    close = CloseReport(reason=words("Not ours."))
    story.did(COMMANDER, close)
    story.signed(QUALITY)
    assert clock(story, "CN-ADR-GENERAL", "duty:").law
    story.hurt("US", Outcome.DEATH)
    assert story.duty(SAER).is_open


def test_the_word_of_the_stage() -> None:
    story = Notified()
    story.reported(replace(MILD, markets=("US",)))
    said = [story.incident.notice.word]
    story.hurt("US", Outcome.SYSTEMIC)
    said.append(story.incident.notice.word)
    story.did(ASSESSOR, ConfirmReportable(duty="D1", reason=words("Shock.")))
    said.append(story.incident.notice.word)
    story.filed(story.duty(SAER))
    said.append(story.incident.notice.word)
    assert said == ["none", "waiting", "running", "done"]


def test_the_state_travels() -> None:
    story = recalled_in_the_us()
    story.hurt("IT", Outcome.DEATH)
    determined(story, "US-CFR-7-53", review_at=story.now + timedelta(days=9))
    text = incident_text(story.incident)
    assert read_incident_text(text, rules()) == story.incident


@pytest.mark.parametrize(
    "seconds", [0, 9, 59], ids=["on the minute", "after it", "before the next"]
)
def test_our_own_earlier_target_is_told_to_the_minute(seconds: int) -> None:
    start_at = utc("2026-03-02 08:00") + timedelta(seconds=seconds)
    target = part_of(start_at, start_at + timedelta(hours=11, minutes=34), Share(part=1, of=2))
    assert (target.second, target.microsecond) == (0, 0)
    assert abs(start_at + timedelta(hours=5, minutes=47) - target) <= timedelta(seconds=30)


def test_our_own_target_is_never_before_its_start_nor_after_the_end() -> None:
    start_at = utc("2026-03-02 08:00") + timedelta(seconds=30)
    due_at = start_at + timedelta(seconds=10)
    assert start_at <= part_of(start_at, due_at, Share(part=1, of=2)) <= due_at
