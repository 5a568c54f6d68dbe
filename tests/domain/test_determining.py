"""Judging a duty: rules nobody verified, times by hand, nothing to file, looking again."""

from datetime import timedelta
from typing import Any

import pytest

from domain.acts import ActLapsed, ActProposed, DeclineAct, SignAct
from domain.determining import (
    ConfirmRuleApplies,
    DutyDetermined,
    ReviewDetermination,
    RuleJudged,
    SetDueByHand,
)
from domain.duties import (
    DutyDue,
    DutyOverdue,
    DutyReopened,
    DutyWithoutDue,
)
from domain.filing import FileFirst
from domain.people import Role
from domain.recall_scope import SetScope, WidenScope
from domain.regulation_terms import Determination, DueBasis, DutyStatus
from domain.report import AcceptReport
from domain.severity import Outcome
from domain.values import PrivateText
from tests.domain.duties import (
    COMMANDER,
    LEGAL,
    QSR,
    REGULATORY,
    Notified,
    by_hand,
    clock,
    determine,
    determined,
    events_of,
    local,
    sent,
    story_of,
    utc,
    words,
)
from tests.domain.recalls import ASSESSOR, BOSS, QUALITY, evaluation, recall, scope
from tests.domain.story import MILD, SERIOUS, START

SUE, SAER = "EU-COS-23-SUE", "US-MOCRA-SAER"
SELF, ADR = "CN-ADR-SELF-SERIOUS", "CN-ADR-SERIOUS"


# ---------------------------------------------------------------- rules that nobody verified


def test_a_rule_that_nobody_verified_has_no_due_time_and_asks_legal_once() -> None:
    story = story_of("CN", Outcome.HOSPITALISED)
    story.hurt("CN", Outcome.DEATH)
    duties = [story.duty(SELF, subject) for subject in ("P1", "P2")]
    assert [(duty.verified, duty.due_at) for duty in duties] == [(False, None)] * 2
    asked = [due for due in story.clocks(duties[0]) if due.item == SELF]
    assert [due.act for due in asked] == ["confirm_rule_applies"]
    assert asked[0].roles[0] is Role.LEGAL
    assert not asked[0].law
    story.later(days=30)
    assert not [e for e in events_of(story, DutyOverdue) if e.rule == SELF]


def applies(**more: Any) -> ConfirmRuleApplies:
    return ConfirmRuleApplies(**{"rule": SELF, "applies": True, "citation": words("Art. 22 as read"), **more})  # fmt: skip


def test_legal_confirms_a_rule_with_its_limit_and_every_duty_of_it_gets_its_clock() -> None:
    story = story_of("CN", Outcome.HOSPITALISED)
    story.did(LEGAL, applies(limit="20 d"))
    story.hurt("CN", Outcome.DEATH)
    for subject in ("P1", "P2"):
        duty = story.duty(SELF, subject)
        assert (duty.counts, duty.limit, local(duty.due_at, "CN")) == (True, "20 d", "2026-03-22 23:59")  # fmt: skip
    assert story.refused(LEGAL, applies(limit="20 d")).reason == "judged"
    story.did(LEGAL, applies(limit="10 wd"))
    assert local(story.duty(SELF, "P1").due_at, "CN") == "2026-03-16 23:59"


def test_a_rule_confirmed_without_a_number_gets_our_own_target() -> None:
    story = story_of("CN", Outcome.HOSPITALISED)
    story.did(REGULATORY, applies())
    assert story.duty(SELF).due_basis is DueBasis.COMPANY


def test_two_people_say_that_a_rule_does_not_apply_and_all_its_duties_are_settled() -> None:
    story = story_of("CN", Outcome.HOSPITALISED)
    no = applies(applies=False, reason=words("Our contract maker files it."))
    assert story.refused(LEGAL, no).reason == "not_allowed"
    assert isinstance(story.did(REGULATORY, no)[0], ActProposed)
    assert story.duty(SELF).is_open
    events = story.signed(LEGAL)
    judged = next(e for e in events if isinstance(e, RuleJudged))
    assert [s.person for s in judged.signers] == ["regulatory_affairs", "legal"]
    story.hurt("CN", Outcome.DEATH)
    for subject in ("P1", "P2"):
        duty = story.duty(SELF, subject)
        assert duty.status is DutyStatus.DETERMINED
        assert duty.determinations[-1].outcome is Determination.RULE_DOES_NOT_APPLY
    story.did(LEGAL, applies(limit="20 d"))
    assert story.duty(SELF, "P1").is_open
    assert local(story.duty(SELF, "P1").due_at, "CN") == "2026-03-22 23:59"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"rule": "CN-NO-RULE"}, "no_rule"),
        ({"rule": ADR}, "verified"),
        ({"limit": "soon"}, "bad_limit"),
        ({"limit": "-3 d"}, "bad_limit"),
        ({"limit": "0 d"}, "bad_limit"),
        ({"limit": "20 d", "counting": "elapsed"}, "bad_counting"),
    ],
    ids=["unknown", "verified", "no limit", "backwards", "nothing", "counting"],
)
def test_what_cannot_be_said_of_a_rule(changes: dict[str, Any], reason: str) -> None:
    assert story_of("CN").refused(LEGAL, applies(**changes)).reason == reason


# ---------------------------------------------------------------- when the calendar refuses


def test_a_calendar_that_refuses_leaves_the_duty_for_a_person() -> None:
    story = story_of("IT", Outcome.HOSPITALISED, uncharted="IT")
    told = events_of(story, DutyWithoutDue)
    assert [e.why for e in told] == ["There is no calendar 'ZZ'."]
    asked = clock(story, SUE, "set_due:")
    assert (asked.act, asked.roles) == ("set_due_by_hand", (Role.LEGAL, Role.REGULATORY_AFFAIRS))
    story.did(REGULATORY, by_hand(story, SUE))
    duty = story.duty(SUE)
    assert (duty.due_basis, duty.no_due_why) == (DueBasis.BY_HAND, "")
    assert not clock(story, SUE, "duty:").law
    assert clock(story, SUE, "duty:").title.endswith("(time set by hand)")


def test_a_time_set_by_hand_is_asked_again_when_the_start_moves() -> None:
    story = story_of("IT", Outcome.HOSPITALISED, uncharted="IT")
    story.did(REGULATORY, by_hand(story, SUE))
    story.more_of("P1", Outcome.HOSPITALISED, awareness_at=START - timedelta(days=3))
    assert clock(story, SUE, "set_due:").act == "set_due_by_hand"
    assert story.duty(SUE).due_at == START + timedelta(days=20)
    story.did(REGULATORY, by_hand(story, SUE, days=17))
    assert story.duty(SUE).due_at == START + timedelta(days=17)


def test_what_a_calendar_derived_is_not_set_by_hand() -> None:
    story = story_of("CN", Outcome.HOSPITALISED)
    assert story.refused(REGULATORY, by_hand(story, ADR)).reason == "derived"
    assert story.refused(LEGAL, by_hand(story, SELF)).reason == "not_verified"
    early = SetDueByHand(duty=story.duty(ADR).id, due_at=START - timedelta(days=9), reason=words("?"))  # fmt: skip
    assert story.refused(LEGAL, early).reason == "derived"


def test_a_clock_start_before_the_company_calendar_is_counted_as_long_past() -> None:
    story = Notified()
    story.reported(MILD)
    story.hurt("GB", Outcome.DEATH, knew_at=utc("2021-06-01 08:00"))
    duty = story.duty("UK-23-SUE")
    assert duty.due_at == utc("2021-06-02 08:00")
    assert not duty.no_due_why
    (told,) = (e for e in events_of(story, DutyDue) if e.duty == duty.id)
    assert "The clock began before our calendar does: this time is long past." in told.steps_en


# ---------------------------------------------------------------- determined, and looked at again


def test_nothing_to_file_is_determined_by_two_people_with_a_reason() -> None:
    story = story_of("US", Outcome.SYSTEMIC)
    story.did(REGULATORY, determine(story, SAER, legal_view=PrivateText("v1", "c" * 64, "counsel")))
    assert story.duty(SAER).is_open
    assert story.refused(REGULATORY, SignAct(act="A1")).reason == "four_eyes"
    [determined] = [e for e in story.signed(LEGAL) if isinstance(e, DutyDetermined)]
    assert [s.person for s in determined.signers] == ["regulatory_affairs", "legal"]
    assert story.duty(SAER).status is DutyStatus.DETERMINED
    assert not story.clocks(story.duty(SAER))
    assert story.refused(REGULATORY, FileFirst(**sent(story, story.duty(SAER)))).reason == "determined"  # fmt: skip


def test_a_declined_determination_leaves_the_duty_open() -> None:
    story = story_of("US", Outcome.SYSTEMIC)
    story.did(REGULATORY, determine(story, SAER))
    story.did(LEGAL, DeclineAct(act="A1", reason=words("It may well be ours.")))
    assert story.duty(SAER).is_open


def test_a_filing_that_came_first_makes_the_determination_lapse() -> None:
    story = story_of("US", Outcome.SYSTEMIC)
    story.did(REGULATORY, determine(story, SAER))
    story.filed(story.duty(SAER))
    events = story.did(LEGAL, SignAct(act="A1"))
    assert [e for e in events if isinstance(e, ActLapsed)]
    assert story.duty(SAER).status is DutyStatus.FILED


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"outcome": Determination.MET_BY_OTHER}, "who_met_it"),
        ({"outcome": Determination.RULE_DOES_NOT_APPLY}, "say_it_of_the_rule"),
        ({"review_at": START}, "review_date"),
    ],
    ids=["nobody named", "of the rule", "review in the past"],
)
def test_what_cannot_be_determined(changes: dict[str, Any], reason: str) -> None:
    story = story_of("US", Outcome.SYSTEMIC)
    assert story.refused(REGULATORY, determine(story, SAER, **changes)).reason == reason


def test_a_determination_is_looked_at_again_on_its_date() -> None:
    story = determined(story_of("US", Outcome.SYSTEMIC), SAER, review_at=START + timedelta(days=7))
    [due] = story.clocks(story.duty(SAER))
    assert (due.act, due.due_at) == ("review_determination", START + timedelta(days=7))
    again = ReviewDetermination(duty=story.duty(SAER).id, stands=True, reason=words("Nothing new."))
    story.did(LEGAL, again)
    assert not story.clocks(story.duty(SAER))


def test_a_review_opens_the_duty_and_its_clock_had_never_stopped() -> None:
    story = story_of("US", Outcome.SYSTEMIC)
    before = story.duty(SAER).due_at
    determined(story, SAER)
    story.did(LEGAL, ReviewDetermination(duty=story.duty(SAER).id, stands=False, reason=words("It was.")))  # fmt: skip
    assert story.duty(SAER).is_open
    assert story.duty(SAER).due_at == before
    again = ReviewDetermination(duty=story.duty(SAER).id, stands=False, reason=words("?"))
    assert story.refused(LEGAL, again).reason == "not_determined"


def test_facts_that_leave_no_doubt_open_what_was_determined_in_doubt() -> None:
    story = determined(story_of("US", Outcome.SYSTEMIC), SAER)
    story.later(days=2)
    events = story.more_of("P1", Outcome.DEATH)
    reopened = [e for e in events if isinstance(e, DutyReopened) and e.duty == story.duty(SAER).id]
    assert [(e.by, e.by_plan) for e in reopened] == [("plan", True)]
    assert story.duty(SAER).is_open
    assert not story.duty(SAER).possible


def test_what_two_people_determined_without_doubt_stands_against_the_same_facts() -> None:
    story = story_of("US", Outcome.DEATH)
    determined(story, SAER, outcome=Determination.MET_BY_OTHER, other=words("The importer, MW-1"))
    story.more_of("P1", Outcome.DEATH)
    assert story.duty(SAER).status is DutyStatus.DETERMINED


def test_a_duty_determined_before_the_calendar_answered_gets_its_time_when_it_opens() -> None:
    story = Notified(calendar_is_away=True)
    story.reported(MILD)
    story.hurt("US", Outcome.SYSTEMIC)
    determined(story, SAER)
    story.calendar_answers()
    assert story.duty(SAER).due_at is None
    story.calendar_is_away = False
    story.did(LEGAL, ReviewDetermination(duty=story.duty(SAER).id, stands=False, reason=words("?")))
    assert local(story.duty(SAER).due_at, "US") == "2026-03-20 23:59"


def test_of_a_rule_that_does_not_apply_later_facts_open_nothing() -> None:
    story = recall_in_germany_is_possible()
    story.did(REGULATORY, applies(rule="EU-COS-5-2", applies=False))
    story.signed(LEGAL)
    story.did(COMMANDER, recall())
    story.signed(QSR, BOSS)
    assert story.duty("EU-COS-5-2").status is DutyStatus.DETERMINED
    assert len(story.duty("EU-COS-5-2").determinations) == 1


def recall_in_germany_is_possible() -> Notified:
    """Accepted at grade serious, evaluated, with a scope in Germany."""
    story = Notified()
    story.reported(SERIOUS)
    story.did(COMMANDER, AcceptReport())
    story.did(QUALITY, SetScope(**scope(markets=("DE",))))
    story.did(ASSESSOR, evaluation())
    return story


def test_what_was_determined_in_doubt_opens_when_the_recall_is_decided() -> None:
    story = recall_in_germany_is_possible()
    determined(story, "CN-RECALL-STOP")
    story.did(QSR, WidenScope(**scope(markets=("CN", "DE"))))
    story.did(COMMANDER, recall())
    story.signed(QSR, BOSS)
    assert story.duty("CN-RECALL-STOP").is_open
    assert not story.duty("CN-RECALL-STOP").possible
