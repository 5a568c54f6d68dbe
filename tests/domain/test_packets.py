"""A report to an authority says what is on record, names what is not, and invents nothing."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from activities.filing_forms import form, form_ids
from domain.authority_record import WithdrawAuthorityAct
from domain.canonical import sha256_hex
from domain.facts import DisputeFact, RetractFact
from domain.filing_forms import FormSource
from domain.market_clocks import at_zone, common_zone
from domain.packet_terms import CompanyKnown, Packet, PacketField, Standing, Told
from domain.packets import packet, packet_bytes, packet_document
from domain.regulation_terms import FilingKind, Obliged
from domain.rule_facts import facts_of
from domain.values import PublicText
from services.packets import speech
from tests.domain.packet_story import (
    LISTED,
    OPENED,
    duty_in,
    empty,
    entries_of,
    fields,
    full,
    hurt,
    made,
)
from tests.domain.recalls import QUALITY, REGULATORY, SERVICE
from tests.domain.story import Story

ABROAD = {
    "au-131": {"aware", "outcomes", "account"},
    "tw-recall-plan": {"registration", "dealers"},
    "tw-recall-result": {"registration", "by_dealer"},
}
"""What is not on record in this story: nobody was hurt in Australia, nothing went to Taiwan."""


ABOUT_A_PERSON = [
    name
    for name in form_ids()
    if name not in ABROAD and FormSource.CASE_ACCOUNT in {one.source for one in form(name).fields}
]


def lacking(of: Packet) -> set[str]:
    return {one.key for one in of.missing}


def on_record(name: str) -> set[str]:
    """Name the fields that a form asks for and that no person fills in."""
    asked = (one for one in form(name).fields if one.required)
    return {one.key for one in asked if one.source not in (FormSource.PERSON, FormSource.TEXTS)}


@pytest.mark.parametrize("name", form_ids())
def test_a_full_incident_leaves_to_people_what_only_they_know(name: str) -> None:
    of = made(full(), name)
    unsaid = {one.key for one in of.missing if "another language" not in one.what}
    assert unsaid & on_record(name) == ABROAD.get(name, set())
    assert all(one.what.endswith(".") for one in of.missing)


@pytest.mark.parametrize("name", form_ids())
def test_an_almost_empty_incident_says_nothing_that_is_not_on_record(name: str) -> None:
    of = made(empty(), name, company=CompanyKnown())
    for one in of.fields:
        known = one.standing not in (Standing.MISSING, Standing.EMPTY)
        assert any(one.values) is known, one
        assert not (one.required and one.standing is Standing.EMPTY)
    required = {one.key for one in of.fields if one.standing is Standing.MISSING}
    assert lacking(of) == required
    assert required >= {one.key for one in form(name).to_fill if one.required}


@pytest.mark.parametrize(
    ("name", "key", "said"),
    [
        ("cn-adr-individual", "registration", "演G妆网备字1"),
        ("cn-adr-individual", "outcomes", "住院"),
        ("eu-sue-form-a", "notification", "CPNP-1"),
        ("eu-sue-form-a", "country", "Germany"),
        ("eu-sue-form-a", "number", "INC-2026-0001-P2-DE"),
        ("us-recall-submission", "made", "L1: 1,000"),
        ("us-recall-submission", "accounts", "5"),
        ("us-recall-submission", "circumstances", "A complaint."),
        ("us-status-report-7-53", "told", "5"),
        ("us-status-report-7-53", "hold", "L1: 4"),
        ("us-status-report-7-53", "silent", "Shop shop-8\nShop shop-9"),
        ("us-status-report-7-53", "returned", "L1: 40"),
        ("tw-recall-plan", "made", "L1: 1,000"),
        ("jp-recall-start", "dates", "L1: 2026-01-19 / 2029-01-19"),
    ],
)  # fmt: skip
def test_what_is_on_record_is_said(name: str, key: str, said: str) -> None:
    assert said in fields(made(full(), name))[key].values[0]


def test_every_value_names_its_entries() -> None:
    told = fields(made(full(), "us-recall-submission"))
    assert told["reason"].seqs == (full().incident.recall.decisions[-1].seq,)
    assert told["injuries"].standing is Standing.PRELIMINARY  # the evaluation is preliminary
    assert told["circumstances"].source == "fact:found_how"
    assert told["circumstances"].standing is Standing.PRELIMINARY


def changed(*acts: object) -> Story:
    story = Story(now=full().now, incident=full().incident, leaves=list(full().leaves), acts=900)
    for act in acts:
        story.did(QUALITY, act)
    return story


def test_a_disputed_fact_is_marked_and_a_retracted_one_is_none() -> None:
    why = PublicText("Counted again.")
    disputed = changed(DisputeFact(key="found_how", reason=why))
    told = fields(made(disputed, "us-recall-submission"))["circumstances"]
    assert (told.values, told.standing) == (("A complaint.",), Standing.DISPUTED)
    retracted = changed(RetractFact(key="found_how", reason=why))
    of = made(retracted, "us-recall-submission")
    assert "circumstances" in lacking(of)
    assert fields(of)["circumstances"].values == ("",)


def test_words_of_another_language_are_marked() -> None:
    told = fields(made(full(), "us-recall-submission", ("zh-CN", "en")))["circumstances"]
    assert told.standing is Standing.OTHER_LANGUAGE
    assert told.labels[0] == "发现经过"
    of = made(full(), "cn-recall-report")
    assert fields(of)["reason"].standing is Standing.OTHER_LANGUAGE
    assert "reason" in lacking(of)


@pytest.mark.parametrize("name", ABOUT_A_PERSON)
def test_sealed_words_stay_sealed(name: str) -> None:
    shut, opened = made(full(), name, opened={}), made(full(), name)
    for words in OPENED.values():
        assert words not in packet_bytes(shut).decode()
    assert OPENED["account"] in packet_bytes(opened).decode()
    assert fields(shut)["account"].standing is Standing.SEALED
    assert (shut.is_private, opened.is_private) == (False, True)


def test_what_a_person_fills_in_is_part_of_the_bytes() -> None:
    bare, told = (made(full(), "eu-sue-form-a", answers=a) for a in ({}, {"onset": "1 March"}))
    assert fields(told)["onset"].standing is Standing.TYPED
    assert "onset" in lacking(bare) - lacking(told)
    assert sha256_hex(packet_bytes(bare)) != sha256_hex(packet_bytes(told))
    stray = made(full(), "eu-sue-form-a", answers={"country": "Atlantis", "made_up": "x"})
    assert packet_bytes(stray) == packet_bytes(bare)  # nothing is typed over the record


def test_the_same_record_gives_the_same_bytes() -> None:
    first, second = (packet_bytes(made(full(), "eu-sue-form-a", ("en", "zh-CN"))) for _ in range(2))
    assert first == second
    told = json.loads(first)
    assert told == packet_document(made(full(), "eu-sue-form-a", ("en", "zh-CN")))
    assert set(told["title"]) == {"en", "zh-CN"}
    assert (told["official_form_seen"], told["exercise"]) == (False, False)


@pytest.mark.parametrize("kind", FilingKind)
def test_form_a_is_initial_follow_up_or_final_under_one_number(kind: FilingKind) -> None:
    of = made(full(), "eu-sue-form-a", kind=kind)
    assert of.kind is kind
    assert of.reference == "INC-2026-0001-P2-DE"


def test_an_exercise_says_so() -> None:
    story = replace(full(), incident=replace(full().incident, drill="drill-1"))
    assert made(story, "generic").drill


# ---------------------------------------------------------------- whose time, whose role


def told_of(market: str, name: str, key: str, **duty: Any) -> PacketField:
    """Give a field of a report about the incident, with a duty of a story's own kind."""
    story = full()
    of = replace(duty_in(story, market, of_case=False), **duty)
    told = Told(incident=story.incident, duty=of, kind=FilingKind.INITIAL, language="en",
                speech=speech("en"), company=LISTED, entries=entries_of(story, ""))  # fmt: skip
    return fields(packet(form(name), [told]))[key]


def test_it_was_discovered_when_the_first_of_us_knew() -> None:
    story = changed()
    early = story.now - timedelta(days=9)
    story.did(SERVICE, hurt("US", awareness_at=early))
    case = list(story.incident.report.cases.values())[-1]
    told = fields(made(story, "us-recall-submission"))
    assert told["known"].seqs == (case.seq,)
    on = at_zone(early, "America/New_York") if common_zone(("US",)) else early
    assert f"{on:%B} {on.day}" in told["known"].values[0]
    assert told["decided"].values != told["known"].values
    clocks = facts_of(story.incident, at=story.now, told_at=story.now)
    assert clocks.known_at == early


@pytest.mark.parametrize(
    ("market", "obliged", "said", "standing"),
    [
        ("EU", ("responsible_person", "distributor"), "Responsible person", Standing.KNOWN),
        ("EU", ("distributor", "marketplace"), "", Standing.MISSING),
        ("AU", ("supplier", "importer"), "Supplier", Standing.PRELIMINARY),
    ],
    ids=["what the plan says we are", "nothing of ours", "a market the plan leaves out"],
)
def test_our_role_is_ours_and_not_the_rule_s(
    market: str, obliged: tuple[str, ...], said: str, standing: Standing
) -> None:
    roles = tuple(map(Obliged, obliged))
    told = told_of(market, "eu-sue-form-a", "role", obliged=roles, place="")
    assert told.values[0].lower() == said.lower()
    assert told.standing is standing


def test_a_time_is_told_on_the_authority_s_clock_in_either_language() -> None:
    of = made(full(), "gb-sue-form-1", ("en", "zh-CN"))
    english, chinese = fields(of)["received"].values
    at = next(c for c in full().incident.report.cases.values() if c.country == "GB").awareness_at
    there = at_zone(at, common_zone(("GB",)))
    assert chinese == f"{there.year}年{there.month}月{there.day}日{there.hour}时（英国时间）"
    assert f"{there:%H:%M}" in english


def test_a_report_about_one_person_lists_that_person_alone() -> None:
    case = next(iter(full().incident.report.cases))
    assert told_of("CN", "generic", "cases", case=case).values[0].count("\n") == 0
    assert told_of("CN", "generic", "cases", case="").values[0].count("\n") == 3


def test_an_act_recorded_by_mistake_is_no_act() -> None:
    story = changed()
    story.did(REGULATORY, WithdrawAuthorityAct(act="AU1", reason=PublicText("Of another firm.")))
    assert fields(made(full(), "us-termination-request"))["acts"].values[0]
    assert fields(made(story, "us-termination-request"))["acts"].values == ("",)


def test_sealed_words_stand_among_what_is_missing() -> None:
    shut = made(full(), "eu-sue-form-a", opened={})
    [lack] = [one for one in shut.missing if one.key == "account"]
    assert lack.what.startswith("It lies sealed")
    assert "account" not in lacking(made(full(), "eu-sue-form-a"))
