"""Status reports of a recall end with the authority's termination, and with nothing else."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from domain.agenda import dues
from domain.authorities import RecordAuthorityAct
from domain.dispatch import Act
from domain.duty_end import DutyEnded
from domain.filing import FileFull
from domain.incident import effects, fold, mark_for, new_incident
from domain.next_steps import next_steps
from domain.openings import openings
from domain.people import Actor, Role
from domain.recall_end import CompleteRecall, RecallEnded
from domain.recall_scope import WidenScope
from domain.recall_terms import EndStep
from domain.regulation_terms import AuthorityActKind, DutyStatus, FilingKind
from domain.scene import Scene
from domain.state import incident_text, read_incident_text
from domain.termination import RecordTermination, TerminationKept, letters_within
from tests.domain.duties import (
    COMMANDER,
    LEGAL,
    REGULATORY,
    Notified,
    clock,
    events_of,
    recalled_in_the_us,
    sent,
    words,
)
from tests.domain.recalls import FILE, lot, scope
from tests.domain.story import person, rules

STATUS = "US-CFR-7-53"
SCRIBE = person(Role.SCRIBE)
RP_US = person(Role.RESPONSIBLE_PERSON_US)
LETTER = date(2026, 3, 2)


def completed() -> Notified:
    """A recall in the US is told to the FDA and completed by us; a status report is due."""
    story = recalled_in_the_us()
    story.did(COMMANDER, CompleteRecall(market="US", reason=words("Nothing more comes back.")))
    story.signed(REGULATORY)
    return story


def granted(**more: Any) -> RecordTermination:
    told = {"market": "US", "authority": "FDA", "letter": FILE, "granted_on": LETTER}
    return RecordTermination(**{**told, **more})


def written(story: Notified, **more: Any) -> RecordAuthorityAct:
    """The authority's act of termination, as it came."""
    told = {
        "authority": words("FDA"),
        "market": "US",
        "kind": AuthorityActKind.TERMINATION,
        "received_at": story.now,
        "words": words("The recall is terminated."),
        "document": FILE,
        "dated_on": LETTER,
    }
    return RecordAuthorityAct(**{**told, **more})


def test_it_has_its_own_name_and_article_and_says_that_the_rules_ask() -> None:
    story = recalled_in_the_us()
    title = clock(story, STATUS, "duty:").title
    assert title.startswith("Periodic status report of the recall (US)")
    assert title.endswith(" (asked for by 21 CFR 7.53(a); no limit of the law)")


def test_it_is_open_until_the_authority_terminates() -> None:
    story = completed()
    assert story.duty(STATUS).is_open
    story.did(REGULATORY, granted())
    duty = story.duty(STATUS)
    assert (duty.status, duty.is_open) == (DutyStatus.ENDED, False)
    assert duty.ended is not None
    assert (duty.ended.authority, duty.ended.letter) == ("FDA", FILE)
    assert duty.ended.granted_on == LETTER
    assert not [due for due in dues(story.incident) if due.item == duty.id]
    story.later(days=1)
    report = FileFull(**sent(story, duty), kind=FilingKind.FOLLOW_UP)
    assert story.refused(REGULATORY, report).reason == "ended"


def test_what_was_sent_before_the_end_is_recorded_after_it() -> None:
    story = completed()
    duty = story.duty(STATUS)
    report = FileFull(**sent(story, duty), kind=FilingKind.FINAL)
    story.did(REGULATORY, granted())
    story.later(days=1)
    story.did(REGULATORY, report)
    story.signed(RP_US)
    duty = story.duty(STATUS)
    assert [filing.kind for filing in duty.filings] == [FilingKind.FINAL]
    assert duty.status is DutyStatus.ENDED


@pytest.mark.parametrize(
    "old",
    [
        pytest.param({"dated_on": date(1999, 1, 1)}, id="dated long ago"),
        pytest.param(
            {"received_at": datetime(2025, 1, 1, tzinfo=UTC)}, id="received before the recall"
        ),
    ],
)
def test_a_letter_from_before_the_recall_ends_nothing(old: dict[str, Any]) -> None:
    story = completed()
    story.did(REGULATORY, written(story, **old))
    assert story.duty(STATUS).is_open
    assert story.incident.recall.ends["US"].step == EndStep.COMPLETED


def test_a_duty_that_the_law_lays_on_us_without_an_end_stays() -> None:
    story = completed()
    case = story.hurt("US")
    story.did(REGULATORY, granted())
    assert story.duty("US-MOCRA-SAER", case).is_open
    assert [one.duty for one in events_of(story, DutyEnded)] == [story.duty(STATUS).id]


def test_the_next_report_is_due_also_after_we_completed_the_recall() -> None:
    story = completed()
    first = story.duty(STATUS)
    story.later(days=1)
    story.filed_full(first, FilingKind.FOLLOW_UP)
    after = [one for one in story.incident.notice.duties.values() if one.after == first.id]
    assert [(one.rule, one.is_open) for one in after] == [(STATUS, True)]


def test_another_markets_termination_ends_nothing_here() -> None:
    story = recalled_in_the_us()
    story.did(COMMANDER, WidenScope(**scope(markets=("US", "CN"))))
    for market in ("CN", "US"):
        story.did(COMMANDER, CompleteRecall(market=market, reason=words("Done.")))
        story.signed(REGULATORY)
    story.did(REGULATORY, granted(market="CN", authority="NMPA"))
    assert story.duty(STATUS).is_open


def test_if_the_recall_goes_on_it_is_due_again() -> None:
    story = completed()
    story.did(REGULATORY, granted())
    story.later(days=60)
    story.did(COMMANDER, WidenScope(**scope(markets=("US",), lots=(lot("L1"), lot("L2")))))
    assert not story.incident.recall.ends
    duty = story.duty(STATUS)
    assert duty.is_open
    # Its clock begins when it opens again: what was due while nothing ran is not overdue at once.
    assert duty.start_at == story.now
    assert duty.due_at is not None
    assert duty.due_at > story.now + timedelta(days=13)


# ---------------------------------------------------------------- one act


@pytest.mark.parametrize("who", [REGULATORY, LEGAL], ids=["regulatory", "legal"])
def test_the_letter_as_an_act_of_the_authority_ends_the_recall_and_the_reports(who: Actor) -> None:
    story = completed()
    events = story.did(who, written(story))
    (ended,) = [one for one in events if isinstance(one, RecallEnded)]
    assert (ended.market, ended.step, ended.granted_on) == ("US", "terminated", LETTER)
    assert (ended.authority, ended.letter_sha256) == ("FDA", FILE)
    assert [one.person for one in ended.signers] == [who.id]
    (over,) = [one for one in events if isinstance(one, DutyEnded)]
    assert over.signers == ended.signers
    assert story.duty(STATUS).status is DutyStatus.ENDED
    assert not [step for step in next_steps(story.incident) if step.act == "record_termination"]
    assert story.refused(REGULATORY, granted()).reason == "terminated"


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"document": None}, id="without its letter"),
        pytest.param({"dated_on": None}, id="without the date of the letter"),
    ],
)
def test_what_is_not_whole_ends_nothing_and_the_next_act_is_named(
    changes: dict[str, Any],
) -> None:
    story = completed()
    story.did(REGULATORY, written(story, **changes))
    assert story.duty(STATUS).is_open
    (step,) = [one for one in next_steps(story.incident) if one.item == "US"]
    assert step.act == "record_termination"
    assert step.title.startswith("The authority's termination in US is here (AU1): record its")


@pytest.mark.parametrize("as_act", [True, False], ids=["act of the authority", "termination"])
def test_a_letter_from_before_we_completed_counts_once_we_have(as_act: bool) -> None:
    story = recalled_in_the_us()
    (kept, *_) = story.did(REGULATORY, written(story) if as_act else granted())[int(as_act) :]
    assert isinstance(kept, TerminationKept)
    assert not story.incident.recall.ends
    assert story.duty(STATUS).is_open
    (step,) = [one for one in next_steps(story.incident) if one.item == "US"]
    assert step.act == "complete_recall"
    assert step.title.endswith("complete the recall there, and it ends with that letter")
    story.later(days=3)
    story.did(COMMANDER, CompleteRecall(market="US", reason=words("Nothing more comes back.")))
    events = story.signed(REGULATORY)
    first, then = [one for one in events if isinstance(one, RecallEnded)]
    assert (first.step, then.step) == (EndStep.COMPLETED, EndStep.TERMINATED)
    assert (then.granted_on, then.letter_sha256, then.signers) == (LETTER, FILE, kept.signers)
    duty = story.duty(STATUS)
    assert (duty.status, duty.ended and duty.ended.granted_on) == (DutyStatus.ENDED, LETTER)


def test_a_kept_letter_ends_no_recall_that_grew_after_it() -> None:
    story = recalled_in_the_us()
    story.did(REGULATORY, written(story))
    story.later(days=3)
    story.did(COMMANDER, WidenScope(**scope(markets=("US",), lots=(lot("L1"), lot("L2")))))
    story.did(COMMANDER, CompleteRecall(market="US", reason=words("Nothing more comes back.")))
    story.signed(REGULATORY)
    assert story.incident.recall.ends["US"].step == EndStep.COMPLETED
    assert story.duty(STATUS).is_open


@pytest.mark.parametrize("is_completed", [True, False], ids=["completed", "not completed yet"])
def test_a_letter_recorded_by_others_says_who_confirms_it(is_completed: bool) -> None:
    story = completed() if is_completed else recalled_in_the_us()
    received, kept = story.did(SCRIBE, written(story))[:2]
    assert isinstance(kept, TerminationKept)
    assert kept.confirm == (Role.REGULATORY_AFFAIRS, Role.LEGAL)
    assert story.duty(STATUS).is_open
    (step,) = [one for one in next_steps(story.incident) if one.item == "US"]
    assert (step.act, received.act in step.title) == ("record_termination", True)
    assert openings(Scene(story.incident, LEGAL, story.now), "record_termination") == ("US",)
    story.did(LEGAL, granted())
    if not is_completed:
        story.did(COMMANDER, CompleteRecall(market="US", reason=words("Nothing more comes back.")))
        story.signed(REGULATORY)
    assert story.duty(STATUS).status is DutyStatus.ENDED


def test_a_copy_that_others_take_in_asks_nobody_again() -> None:
    story = recalled_in_the_us()
    story.did(REGULATORY, written(story))
    (kept,) = story.incident.recall.letters
    events = story.did(SCRIBE, written(story))
    assert not [one for one in events if isinstance(one, TerminationKept)]
    assert story.incident.recall.letters == (kept,)


def test_a_letter_older_than_the_recall_is_not_kept() -> None:
    story = recalled_in_the_us()
    assert story.refused(REGULATORY, granted(granted_on=date(1999, 1, 1))).reason == "old_letter"


def test_another_act_of_the_authority_ends_nothing() -> None:
    story = completed()
    story.did(REGULATORY, written(story, kind=AuthorityActKind.COMMENT))
    assert story.incident.recall.ends["US"].step == "completed"


@pytest.mark.parametrize("is_completed", [True, False], ids=["completed", "not completed yet"])
@pytest.mark.parametrize("as_act", [True, False], ids=["act of the authority", "termination"])
def test_a_letter_for_one_country_is_kept_and_the_group_stays_open(
    as_act: bool, is_completed: bool
) -> None:
    story = recalled_in_the_us()
    story.did(COMMANDER, WidenScope(**scope(markets=("US", "EU"))))
    if is_completed:
        story.did(COMMANDER, CompleteRecall(market="EU", reason=words("Done.")))
        story.signed(REGULATORY)
    said = {"market": "DE", "authority": words("BVL")}
    act = written(story, **said) if as_act else granted(**said)
    (kept,) = [one for one in story.did(REGULATORY, act) if isinstance(one, TerminationKept)]
    assert (kept.market, kept.within, kept.confirm) == ("DE", "EU", ())
    recall = story.incident.recall
    assert [one.authority for one in letters_within(recall, "EU")] == ["BVL"]
    assert letters_within(recall, "US") == ()
    assert [end.granted_on for end in recall.ends.values()] == [None] * is_completed
    if is_completed:
        story.did(REGULATORY, granted(market="EU", authority=words("BVL and others")))
        assert story.incident.recall.ends["EU"].step == EndStep.TERMINATED
        assert story.refused(REGULATORY, granted(**said)).reason == "terminated"


def test_a_letter_for_one_country_that_others_take_in_is_to_be_confirmed() -> None:
    story = recalled_in_the_us()
    story.did(COMMANDER, WidenScope(**scope(markets=("US", "EU"))))
    said = {"market": "DE", "authority": words("BVL")}
    story.did(SCRIBE, written(story, **said))
    (kept,) = events_of(story, TerminationKept)
    act = Act(command_id="k", actor=SCRIBE, at=story.now, happened_at=story.now, command=None)
    asked = effects(story.incident, kept, mark_for(story.incident, act))
    assert [one.target for one in asked] == ["termination-DE"]
    assert letters_within(story.incident.recall, "EU") == ()
    (step,) = [one for one in next_steps(story.incident) if one.item == "DE"]
    assert step.act == "record_termination"
    assert openings(Scene(story.incident, LEGAL, story.now), "record_termination") == ("DE",)
    story.did(LEGAL, granted(**said))
    assert [one.authority for one in letters_within(story.incident.recall, "EU")] == ["BVL"]
    assert not [one for one in next_steps(story.incident) if one.item == "DE"]


def test_a_letter_for_a_country_that_is_not_recalled_is_not_kept() -> None:
    story = recalled_in_the_us()
    events = story.did(REGULATORY, written(story, market="DE"))
    assert not [one for one in events if isinstance(one, TerminationKept)]


def test_a_letter_from_the_future_is_refused() -> None:
    story = completed()
    assert story.refused(REGULATORY, written(story, dated_on=date(2030, 1, 1))).reason == "bad_date"


def test_the_fold_of_the_ledger_is_the_live_state() -> None:
    story = completed()
    story.did(REGULATORY, granted())
    again = fold(new_incident("INC-2026-0001", rules()), story.leaves)
    assert again == story.incident
    assert read_incident_text(incident_text(again), rules()) == again
