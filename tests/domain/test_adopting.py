"""A running incident adopts another version of the plan: who may, what lapses, what goes on."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from domain.acts import ActLapsed, ActProposed, ActSigned
from domain.adopting import AdoptPlan, RulesAdopted, StatementReviewLapsed, first_rules, is_newer
from domain.agenda import next_ring
from domain.duties import DutyArisen
from domain.errors import BrokenSetup, Malformed
from domain.halt import OrderHalt
from domain.incident import fold, new_incident
from domain.people import Role
from domain.resuming import ResumeSale
from domain.rule_changes import changes_between
from domain.rules import Rules, Shelf, rules_of
from domain.severity import HaltLevel
from domain.state import incident_text, read_incident_text
from domain.state.statement import Status
from domain.values import LotNumber, PublicText
from tests.domain import texts
from tests.domain.plans import put
from tests.domain.story import Story, person, regulations, rules
from tests.domain.versions import WHY, milder_halts, other_signer, stricter_text, version, within

QSR = person(Role.QUALITY_SAFETY_RESPONSIBLE)
BOSS = person(Role.LEGAL_REPRESENTATIVE)
COMMANDER = person(Role.INCIDENT_COMMANDER)


def story_knowing(*others: Rules) -> Story:
    """An incident whose company has kept other versions beside the one it runs by."""
    shelf = Shelf(rules(), *others)
    return Story(incident=replace(new_incident("INC-2026-0001", rules()), find_rules=shelf))


def adopts(story: Story, new: Rules) -> list[Any]:
    """The quality-safety responsible person proposes, the legal representative signs."""
    story.did(QSR, AdoptPlan(rules=new.hash, reason=WHY))
    return story.signed(BOSS)


# ---------------------------------------------------------------- the act


def test_two_people_adopt_and_the_next_entry_is_decided_by_the_new_rules() -> None:
    new = version(put("times.find_out.within.minor", "2 wd"))
    story = story_knowing(new)
    story.accepted()
    proposed = story.did(QSR, AdoptPlan(rules=new.hash, reason=WHY))
    assert [type(event) for event in proposed] == [ActProposed]
    assert story.incident.rules is not new
    events = story.signed(BOSS)
    assert [type(event) for event in events][:2] == [ActSigned, RulesAdopted]
    told = events[1]
    assert (told.rules, told.old_rules) == (new.hash, rules().hash)
    assert (told.version, told.old_version) == ("2026.2", "2026.1")
    assert (told.by, told.seconded) == (QSR.id, (BOSS.id,))
    assert "plan.times.find_out.within.minor" in {c.path for c in told.changes}
    assert story.incident.rules.hash == new.hash
    kept = story.incident.people.adoptions[-1]
    assert (kept.rules, kept.by, kept.seconded) == (new.hash, QSR.id, (BOSS.id,))
    story.did(
        person(Role.DUTY_OFFICER),
        OrderHalt(level=HaltLevel.H1, reason=WHY, lots=(LotNumber("L2"),)),
    )
    assert f'"plan":"{new.hash}"'.encode() in story.leaves[-1]


def test_the_entry_of_the_adoption_itself_was_decided_by_the_old_rules() -> None:
    new = version()
    story = story_knowing(new)
    story.accepted()
    adopts(story, new)
    entry = next(leaf for leaf in story.leaves if b'"RulesAdopted"' in leaf)
    assert f'"plan":"{rules().hash}"'.encode() in entry


@pytest.mark.parametrize(
    "who", [person(role) for role in Role if role is not Role.QUALITY_SAFETY_RESPONSIBLE and
            role not in (Role.CLOCK, Role.PERFORMER)], ids=lambda who: who.id
)  # fmt: skip
def test_nobody_else_proposes_it(who: Any) -> None:
    new = version()
    story = story_knowing(new)
    story.accepted()
    story.refused(who, AdoptPlan(rules=new.hash, reason=WHY))
    assert story.incident.rules == rules()
    assert not story.incident.people.adoptions


def test_the_same_person_never_signs_twice() -> None:
    new = version()
    story = story_knowing(new)
    story.accepted()
    both = person(Role.QUALITY_SAFETY_RESPONSIBLE, Role.LEGAL_REPRESENTATIVE, name="both")
    story.did(both, AdoptPlan(rules=new.hash, reason=WHY))
    with pytest.raises(AssertionError, match="four_eyes"):
        story.signed(both)
    assert story.incident.rules == rules()


def test_silence_leaves_the_old_plan_in_force() -> None:
    new = version()
    story = story_knowing(new)
    story.accepted()
    story.did(QSR, AdoptPlan(rules=new.hash, reason=WHY))
    story.later(days=30)
    assert story.incident.rules == rules()
    assert [pending.silence for pending in story.incident.pending.values()] == ["old_stands"]


# ---------------------------------------------------------------- refusals


def older() -> Rules:
    return version(put("adopted_on", date(2026, 1, 1)))


def shorter_calendar() -> Rules:
    own = rules()
    return rules_of(
        own.plan,
        replace(own.calendar, last_on=own.calendar.last_on - timedelta(days=300)),
        own.wording,
        own.regulations,
    )


@pytest.mark.parametrize(
    ("make", "code", "words"),
    [
        (rules, "same_rules", "runs by version 2026.1 already"),
        (older, "older_rules", "is older than version 2026.1"),
        (shorter_calendar, "older_rules", "calendar until"),
    ],
)
def test_what_changes_nothing_or_goes_back_is_refused(
    make: Callable[[], Rules], code: str, words: str
) -> None:
    story = story_knowing(make())
    story.accepted()
    refusal = story.refused(QSR, AdoptPlan(rules=make().hash, reason=WHY))
    assert refusal.reason == code
    assert words in refusal.sentence
    assert refusal.hint


def test_a_version_nobody_knows_is_refused() -> None:
    story = story_knowing()
    story.accepted()
    refusal = story.refused(QSR, AdoptPlan(rules="f" * 64, reason=WHY))
    assert refusal.reason == "unknown_rules"
    assert "andon plan adopt" in refusal.hint


def test_a_second_adoption_signed_too_late_lapses() -> None:
    new, newer = version(), version(put("version", "2026.3"))
    story = story_knowing(new, newer)
    story.accepted()
    story.did(QSR, AdoptPlan(rules=new.hash, reason=WHY))
    story.did(QSR, AdoptPlan(rules=new.hash, reason=PublicText("Said twice.")))
    story.signed(BOSS)
    assert story.incident.rules.hash == new.hash
    lapsed = story.signed(BOSS)
    assert [type(event) for event in lapsed] == [ActSigned, ActLapsed]
    assert adopts(story, newer)
    assert [each.version for each in story.incident.people.adoptions] == ["2026.2", "2026.3"]


def test_only_a_plan_that_is_not_older_is_offered() -> None:
    story = story_knowing()
    assert is_newer(version(), story.incident)
    assert not is_newer(rules(), story.incident)
    assert not is_newer(older(), story.incident)
    assert not is_newer(None, story.incident)


# ---------------------------------------------------------------- what waits


RESUME = ResumeSale(basis=PublicText("Tests are clean."))


def proposes_to_resume(story: Story) -> str:
    """The commander proposes that sale goes on, which a second person signs."""
    story.keeps_evidence()
    story.did(COMMANDER, RESUME)
    return list(story.incident.pending)[-1]


def test_an_act_lapses_when_the_new_plan_asks_other_signatures() -> None:
    new = version(other_signer)
    story = story_knowing(new)
    story.accepted()
    waiting = proposes_to_resume(story)
    events = adopts(story, new)
    lapsed = [event for event in events if isinstance(event, ActLapsed)]
    assert [event.act for event in lapsed] == [waiting]
    assert "2026.2" in lapsed[0].sentence
    assert not story.incident.pending
    assert story.incident.halt.resumed_at is None


def test_an_act_whose_signatures_are_the_same_waits_on_with_its_time_counted_anew() -> None:
    new = version(within("acts.resume_sale", "10 min"))
    story = story_knowing(new)
    story.accepted()
    waiting = proposes_to_resume(story)
    before = story.incident.pending[waiting]
    story.later(minutes=1)
    events = adopts(story, new)
    assert not [event for event in events if isinstance(event, ActLapsed)]
    after = story.incident.pending[waiting]
    assert after == replace(before, due_at=before.proposed_at + timedelta(minutes=10))


def test_a_text_handed_in_goes_back_when_the_new_plan_asks_other_approvals() -> None:
    new = version(stricter_text)
    story = story_knowing(new)
    story.accepted()
    before = texts.handed_in(story)
    assert before.status is Status.IN_REVIEW
    events = adopts(story, new)
    lapsed = [event for event in events if isinstance(event, StatementReviewLapsed)]
    assert [event.statement for event in lapsed] == [before.id]
    now = texts.now(story)
    assert (now.status, now.slots, now.approvals) == (Status.DRAFT, (), ())
    assert (now.version, now.sha256) == (before.version, before.sha256)


def test_a_text_whose_approvals_are_the_same_waits_on() -> None:
    new = version(put("approve_statement_within.serious", "15 min"))
    story = story_knowing(new)
    story.accepted()
    before = texts.handed_in(story)
    adopts(story, new)
    now = texts.now(story)
    assert now.status is Status.IN_REVIEW
    assert before.review_asked_at is not None
    assert now.review_due_at == before.review_asked_at + timedelta(minutes=15)


# ---------------------------------------------------------------- what goes on


def test_times_are_counted_anew_from_the_same_start_and_the_clock_rings_by_them() -> None:
    new = version(within("times.legal_hold", "10 min"))
    story = story_knowing(new)
    story.accepted()
    before, rang_at = story.due("legal_hold"), next_ring(story.incident)
    assert before is not None
    adopts(story, new)
    after = story.due("legal_hold")
    assert after is not None
    assert after.start_at == before.start_at
    assert after.due_at == before.start_at + timedelta(minutes=10) < before.due_at
    ring = next_ring(story.incident)
    assert ring is not None
    assert rang_at is not None
    assert ring < rang_at


def test_a_halt_goes_on_whatever_the_new_plan_would_have_ordered() -> None:
    new = version(milder_halts)
    story = story_knowing(new)
    story.accepted()
    halt, grade = story.incident.halt, story.incident.grade
    assert halt.levels
    adopts(story, new)
    assert story.incident.halt == halt
    assert story.incident.grade is grade


def test_a_channel_of_a_kind_that_moved_is_reached_by_the_next_order_of_its_level() -> None:
    def moved(document: dict[str, Any]) -> None:
        kinds = document["halt"]["H3"]["channels"]
        kinds.remove("salon")
        document["halt"]["H2"]["channels"].append("salon")

    new = version(moved)
    story = story_knowing(new)
    story.accepted()
    assert story.incident.halt.listed["ch-salon"].level == "H3"
    orders = story.incident.halt.orders
    adopts(story, new)
    assert story.incident.halt.listed["ch-salon"].level == "H2"
    assert story.incident.halt.orders == orders


def test_duties_of_newly_adopted_regulations_arise_and_those_that_arose_stay() -> None:
    without = tuple(rule for rule in regulations() if rule.market != "CN")
    old = rules_of(rules().plan, rules().calendar, rules().wording, without)
    new = version()
    story = Story(incident=replace(new_incident("INC-2026-0001", old), find_rules=Shelf(old, new)))
    story.accepted()
    before = story.incident.notice.duties
    events = adopts(story, new)
    arisen = [event for event in events if isinstance(event, DutyArisen)]
    assert {event.market for event in arisen} == {"CN"}
    assert all(story.incident.notice.duties[key] == duty for key, duty in before.items())


def test_fewer_regulations_take_no_duty_back() -> None:
    new = version(regulations=())
    story = story_knowing(new)
    story.accepted()
    duties = story.incident.notice.duties
    assert duties
    adopts(story, new)
    assert story.incident.notice.duties == duties


# ---------------------------------------------------------------- the fold


def test_a_state_is_never_read_with_other_rules_than_it_runs_by() -> None:
    new = version()
    story = story_knowing(new)
    story.accepted()
    adopts(story, new)
    text = incident_text(story.incident)
    assert read_incident_text(text, new) == story.incident
    with pytest.raises(Malformed, match="runs by the rules"):
        read_incident_text(text, rules())


def test_a_fold_without_the_text_says_which_text_is_missing() -> None:
    new = version()
    story = story_knowing(new)
    story.accepted()
    adopts(story, new)
    with pytest.raises(BrokenSetup, match=new.hash[:12]):
        fold(new_incident("INC-2026-0001", rules()), story.leaves)


# ---------------------------------------------------------------- what would change


def test_changes_are_told_line_by_line_with_both_values() -> None:
    new = version(put("times.find_out.within.minor", "2 wd"))
    found = {change.path: change for change in changes_between(rules(), new)}
    assert set(found) == {
        "plan.adopted_on",
        "plan.review_on",
        "plan.times.find_out.within.minor",
        "plan.version",
    }
    told = found["plan.times.find_out.within.minor"]
    assert (told.old, told.new) == ("1 wd", "2 wd")


def test_a_rule_put_in_between_is_one_change_and_moves_no_other() -> None:
    fewer = version(regulations=regulations()[1:])
    found = changes_between(fewer, version())
    first = regulations()[0].id
    assert found
    assert {change.path.split(".")[1] for change in found} == {first}
    assert {change.old for change in found} == {""}


def test_what_it_began_with_is_found_again_after_two_adoptions() -> None:
    new, newer = version(), version(put("version", "2026.3"))
    story = story_knowing(new, newer)
    story.accepted()
    assert first_rules(story.incident) == rules()
    adopts(story, new)
    adopts(story, newer)
    assert first_rules(story.incident) == rules()
    assert story.incident.rules.plan.version == "2026.3"
