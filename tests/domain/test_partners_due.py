"""Who is no authority and must hear by the plan: since when, until when, and how it ends."""

import copy
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from domain.agenda import dues
from domain.errors import BrokenSetup
from domain.grading import AssessSeverity
from domain.ledger import read_entry
from domain.notice import duties_due
from domain.partners import InformPartner, PartnerInformed
from domain.partners_due import PartnerToBeTold, TellingNotNeeded, TellNotNeeded
from domain.people import Access, Role, may_open
from domain.plan import Plan, plan_document, read_plan
from domain.regulation_terms import PartnerKind
from domain.report import AcceptReport
from domain.review import open_items
from domain.severity import Grade
from domain.state import incident_text, read_incident_text, with_stage
from tests.domain.duties import words
from tests.domain.plans import as_written, changed, put, the_plan
from tests.domain.recalls import COMMANDER, FILE, FINANCE, LEGAL, QSR, QUALITY, SUPPLY, decided
from tests.domain.story import CRITICAL, MILD, SERIOUS, START, Story, person, ruled_by


def told(story: Story) -> dict[str, PartnerToBeTold]:
    events = [read_entry(leaf).event for leaf in story.leaves]
    return {one.plan_row: one for one in events if isinstance(one, PartnerToBeTold)}


def listed() -> Story:
    """A critical incident of a company whose shares are traded."""
    story = ruled_by(replace(the_plan(), listed=True))
    story.accepted(CRITICAL)
    return story


def telling(story: Story, kind: PartnerKind = PartnerKind.INSURER, **more: Any) -> InformPartner:
    said = {
        "kind": kind,
        "name": words("Harbour Insurance"),
        "told_at": story.now,
        "channel": words("e-mail"),
        "text": words("A recall was decided."),
        "plan_row": "insurer",
    }
    return InformPartner(**{**said, **more})


# ---------------------------------------------------------------- when a row holds


@pytest.mark.parametrize(
    ("answers", "rows"),
    [(MILD, []), (SERIOUS, ["insurer"]), (CRITICAL, ["insurer", "parent_company"])],
    ids=["general", "serious", "critical"],
)
def test_a_row_of_the_plan_holds_by_the_facts_of_the_incident(
    answers: Any, rows: list[str]
) -> None:
    story = Story()
    story.accepted(answers)
    assert list(told(story)) == rows


def test_nobody_is_to_be_told_before_it_is_an_incident() -> None:
    story = Story()
    story.reported(CRITICAL)
    assert told(story) == {}


def test_a_recall_gives_the_certification_body_three_working_days_from_the_decision() -> None:
    story = decided()
    arisen = told(story)["certification_body"]
    assert (arisen.within, arisen.start_at) == ("3 wd", story.now)
    assert arisen.due_at == story.incident.rules.due_at(story.now, the_plan().told[2].within)
    due = story.due("told:certification_body")
    assert due is not None
    assert not due.law
    assert (due.act, due.item) == ("inform_partner", "certification_body")
    assert due.title == "To be told by the plan, no authority: Certification body of the plant"


@pytest.mark.parametrize(
    ("counted_from", "start"),
    [("knowledge", "first_known_at"), ("acceptance", "decided_at"), ("fact", "now")],
)
def test_the_time_counts_from_what_the_row_says(counted_from: str, start: str) -> None:
    story = ruled_by(read_plan(changed(put("told.0.counted_from", counted_from))))
    story.reported(MILD)
    story.later(hours=2)
    story.did(COMMANDER, AcceptReport())
    story.later(hours=3)
    story.did(QUALITY, AssessSeverity(answers=SERIOUS))
    report = story.incident.report
    starts = {
        "first_known_at": report.reports[0].first_known_at,
        "decided_at": report.decided_at,
        "now": story.now,
    }
    assert told(story)["insurer"].start_at == starts[start]


def test_a_row_stays_when_its_condition_holds_no_more_and_comes_once() -> None:
    story = Story()
    story.accepted(CRITICAL)
    story.did(QUALITY, AssessSeverity(answers=replace(CRITICAL, people=2)))
    arisen = [read_entry(leaf).event for leaf in story.leaves]
    assert [type(one) for one in arisen].count(PartnerToBeTold) == 2
    milder = with_stage(story.incident, "report", grade=Grade.MINOR)
    assert "told:parent_company" in [due.key for due in dues(milder)]


def test_no_duty_of_law_comes_of_it_and_an_old_plan_asks_for_nothing() -> None:
    story = decided()
    assert not [due for due in duties_due(story.incident) if due.key.startswith("told:")]
    old = copy.deepcopy(as_written())
    del old["told"], old["listed"]
    plan = read_plan(old)
    assert "told" not in plan_document(plan)
    story = ruled_by(plan)
    story.accepted(CRITICAL)
    assert story.incident.notice.to_tell == ()
    text = incident_text(story.incident)
    assert "to_tell" not in text
    assert read_incident_text(text, story.incident.rules) == story.incident


def test_it_climbs_the_ladder_of_the_plan() -> None:
    story = Story()
    story.accepted(CRITICAL)
    due = story.due("told:parent_company")
    assert due is not None
    story.later(days=3)
    assert story.incident.rungs["told:parent_company"] >= 3
    assert story.due("told:parent_company") is not None


# ---------------------------------------------------------------- how it ends


def test_telling_them_ends_the_clock_of_the_row_alone() -> None:
    story = decided()
    [informed] = story.did(LEGAL, telling(story))
    assert isinstance(informed, PartnerInformed)
    assert story.due("told:insurer") is None
    assert story.due("told:contract_partner") is not None
    kept = next(one for one in story.incident.notice.to_tell if one.plan_row == "insurer")
    assert kept.told_at == story.now
    story.later(days=9)
    story.did(LEGAL, telling(story))
    again = next(one for one in story.incident.notice.to_tell if one.plan_row == "insurer")
    assert again.told_at == kept.told_at


def test_a_named_person_says_why_they_need_not_be_told() -> None:
    story = decided()
    unreasoned = TellNotNeeded(plan_row="contract_partner", reason=words(" "))
    assert story.refused(LEGAL, unreasoned).reason == "no_reason"
    said = TellNotNeeded(plan_row="contract_partner", reason=words("No contract asks for it."))
    [event] = story.did(SUPPLY, said)
    assert isinstance(event, TellingNotNeeded)
    assert event.by == SUPPLY.id
    assert story.due("told:contract_partner") is None
    assert story.refused(SUPPLY, said).reason == "settled"
    assert story.refused(SUPPLY, replace(said, plan_row="x" * 40)).reason == "no_row"


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"plan_row": "somebody"}, "no_row"),
        ({"plan_row": "supplier", "kind": PartnerKind.SUPPLIER}, "no_row"),
        ({"kind": PartnerKind.SUPPLIER}, "other_kind"),
        ({"told_at": datetime(9999, 12, 31, tzinfo=START.tzinfo)}, "ahead"),
        ({"inside": FILE}, "not_inside"),
    ],
    ids=["no such line", "not asked for here", "somebody else", "year 9999", "not inside"],
)
def test_what_cannot_be_recorded_for_a_row(more: dict[str, Any], reason: str) -> None:
    story = decided()
    assert story.refused(LEGAL, telling(story, **more)).reason == reason


def test_whoever_closes_says_why_somebody_was_not_told() -> None:
    story = decided()
    asked = "nobody has told them, or said why not: Certification body of the plant"
    assert asked in open_items(story.incident)
    said = TellNotNeeded(plan_row="certification_body", reason=words("Not certified."))
    story.did(QSR, said)
    assert asked not in open_items(story.incident)


# ---------------------------------------------------------------- inside information


def test_what_an_exchange_is_told_is_a_closed_file_of_legal_and_finance() -> None:
    story = listed()
    due = story.due("told:exchange")
    assert due is not None
    assert set(due.roles) == {Role.LEGAL, Role.FINANCE}
    said = telling(story, PartnerKind.EXCHANGE, plan_row="exchange", text=words(""), inside=FILE)
    assert story.refused(COMMANDER, said).reason == "inside"
    not_needed = TellNotNeeded(plan_row="exchange", reason=words("Not material."))
    assert story.refused(QSR, not_needed).reason == "inside"
    for wrong in ({"text": words("We recall.")}, {"document": FILE}, {"inside": None}):
        assert story.refused(FINANCE, replace(said, **wrong)).reason == "inside_file"
    [informed] = story.did(FINANCE, said)
    assert (informed.text, informed.sha256) == ("", FILE)
    assert story.due("told:exchange") is None


@pytest.mark.parametrize(
    ("role", "opens"),
    [(Role.LEGAL, True), (Role.FINANCE, True), (Role.LEGAL_REPRESENTATIVE, True),
     (Role.INCIDENT_COMMANDER, False), (Role.PR_LEAD, False), (Role.AUDITOR, False)],
)  # fmt: skip
def test_who_opens_inside_information(role: Role, opens: bool) -> None:
    assert may_open(person(role), Access.INSIDE) is opens


def test_a_company_that_is_not_listed_has_no_exchange_to_tell() -> None:
    assert "exchange" not in told(decided())


# ---------------------------------------------------------------- what a plan may write


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (put("told.0.basis", "law"), "told.0.basis"),
        (put("told.0.within", "at once"), "told.0.within"),
        (put("told.0.when", []), "told.0.when"),
        (put("told.0.when", [{"recall": False}]), "told.0.when.0"),
        (put("told.0.key", "Insurer!"), "told.0.key"),
        (put("told.1.key", "insurer"), "told.1.key"),
        (put("told.0.roles", []), "told.0.roles"),
        (put("told.0.roles", ["pr_lead"]), "told.0.roles"),
        (put("told.5.roles", ["incident_commander"]), "told.5.roles"),
        (put("told.0.kind", "newspaper"), "told.0.kind"),
    ],
    ids=["law", "no time", "never", "empty condition", "key", "twice", "nobody",
         "who may not", "inside information", "kind"],
)  # fmt: skip
def test_what_a_row_may_not_say(change: Any, path: str) -> None:
    with pytest.raises(BrokenSetup) as broken:
        read_plan(changed(change))
    assert [one.path for one in broken.value.fields] == [path]


def test_the_default_plan_names_nobody_by_law() -> None:
    plan: Plan = the_plan()
    assert {one.basis for one in plan.told} <= {"PRO", "prac"}
    assert all(one.citation for one in plan.told)
