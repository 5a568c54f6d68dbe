"""Several facts on one form: each as one alone would be, all of them or none."""

from typing import Any

import pytest

from domain.fact_values import ValueKind
from domain.facts import FactRecorded
from domain.facts_together import FactLine, RecordFacts, VerifyFacts, to_verify
from domain.people import Actor, Role
from domain.state.investigation import FactStatus
from domain.values import PublicText
from tests.domain.story import Story, person

QUALITY = person(Role.QUALITY)
SAFETY = person(Role.SAFETY_ASSESSOR)


def line(key: str, value: str, **more: Any) -> FactLine:
    return FactLine(key=key, value=PublicText(value), **more)


@pytest.fixture
def story() -> Story:
    told = Story()
    told.accepted()
    return told


def record(story: Story, *lines: FactLine) -> list[object]:
    return story.did(QUALITY, RecordFacts(facts=lines, as_of=story.now))


def test_each_line_is_a_fact_and_a_line_without_a_value_is_none(story: Story) -> None:
    events = record(story, line("sold", "12"), line("quantity", "  "), line("heard", "A rash."))
    kept = [event for event in events if isinstance(event, FactRecorded)]
    assert [event.key for event in kept] == ["sold", "heard"]
    assert {event.status for event in kept} == {FactStatus.REPORTED}
    assert "quantity" not in story.incident.investigation.facts


def test_lines_of_one_fact_say_it_in_several_languages(story: Story) -> None:
    record(
        story,
        line("hotline_hours", "每日8时至22时", language="zh-CN"),
        line("hotline_hours", "8:00 to 22:00 every day", language="en"),
    )
    fact = story.incident.investigation.facts["hotline_hours"]
    assert fact.value == "每日8时至22时"
    assert {each.language: str(each.value) for each in fact.said_in} == {
        "zh-CN": "每日8时至22时",
        "en": "8:00 to 22:00 every day",
    }


def test_what_has_no_place_is_named_and_two_such_do_not_share_a_name(story: Story) -> None:
    record(
        story,
        FactLine(name=PublicText("批次备注"), value=PublicText("甲")),
        FactLine(name=PublicText("仓库备注"), value=PublicText("乙")),
    )
    facts = story.incident.investigation.facts.values()
    assert sorted(fact.value for fact in facts) == ["乙", "甲"]


def test_what_is_said_in_one_language_later_leaves_the_others(story: Story) -> None:
    record(story, line("hotline_hours", "每日8时至22时", language="zh-CN"))
    record(story, line("hotline_hours", "8:00 to 22:00 every day", language="en"))
    fact = story.incident.investigation.facts["hotline_hours"]
    assert fact.value == "每日8时至22时"
    assert [each.language for each in fact.said_in] == ["en", "zh-CN"]


def test_a_new_fact_in_two_languages_is_one_and_never_takes_anothers_number(story: Story) -> None:
    def said(name: str, value: str, language: str = "") -> FactLine:
        return FactLine(name=PublicText(name), value=PublicText(value), language=language)

    record(
        story,
        line("fact_1", "taken"),
        said("备注", "甲", language="zh-CN"),
        said("备注", "first", language="en"),
        said("其他", "乙"),
    )
    facts = story.incident.investigation.facts
    assert {key: fact.value for key, fact in facts.items()} == {
        "fact_1": "taken", "fact_2": "甲", "fact_3": "乙",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        pytest.param([line("sold", " ")], "No line has a value.", id="nothing"),
        pytest.param(
            [line("sold", "12"), line("sold", "13")], "'sold' stands here twice.", id="twice"
        ),
        pytest.param(
            [line("sold", "12"), FactLine(name=PublicText("Sold"), value=PublicText("13"))],
            "'sold' stands here twice.",
            id="by its key and by its name",
        ),
        pytest.param(
            [
                line("sold", "1", unit="kg", language="en"),
                line("sold", "1", unit="g", language="de"),
            ],
            "'sold' stands here twice.",
            id="in two units",
        ),
        pytest.param(
            [line("sold", "12"), line("remedy_until", "soon", kind=ValueKind.DAY)],
            "'soon' is no day.",
            id="one that cannot be read",
        ),
    ],
)
def test_one_bad_line_records_nothing(story: Story, lines: list[FactLine], sentence: str) -> None:
    refused = story.refused(QUALITY, RecordFacts(facts=tuple(lines), as_of=story.now))
    assert refused.sentence == sentence
    assert refused.hint
    assert not story.incident.investigation.facts


# ---------------------------------------------------------------- verified


def test_several_facts_are_verified_at_once_by_somebody_else(story: Story) -> None:
    record(story, line("sold", "12"), line("heard", "A rash."))
    assert [fact.key for fact in to_verify(story.incident, SAFETY.id)] == ["sold", "heard"]
    assert to_verify(story.incident, QUALITY.id) == ()
    story.did(SAFETY, VerifyFacts(facts=("sold@1", "heard"), how=PublicText("Read the calls.")))
    facts = story.incident.investigation.facts
    assert {fact.status for fact in facts.values()} == {FactStatus.VERIFIED}
    assert {fact.verifier for fact in facts.values()} == {SAFETY.id}


@pytest.mark.parametrize(
    ("who", "facts", "reason"),
    [
        pytest.param(QUALITY, ("sold", "heard"), "four_eyes", id="by who recorded them"),
        pytest.param(
            person(Role.SAFETY_ASSESSOR), ("sold", "nothing"), "no_fact", id="one that is none"
        ),
        pytest.param(
            person(Role.SAFETY_ASSESSOR), ("sold", "heard@2"), "fact_changed", id="one that moved"
        ),
        pytest.param(
            person(Role.SAFETY_ASSESSOR),
            ("sold", "heard@" + "9" * 5000),
            "fact_changed",
            id="far too long",
        ),
    ],
)
def test_one_that_cannot_be_verified_verifies_none(
    story: Story, who: Actor, facts: tuple[str, ...], reason: str
) -> None:
    record(story, line("sold", "12"), line("heard", "A rash."))
    assert story.refused(who, VerifyFacts(facts=facts)).reason == reason
    kept = story.incident.investigation.facts.values()
    assert {fact.status for fact in kept} == {FactStatus.REPORTED}


def test_the_words_that_stand_for_a_fact_change_with_their_language(story: Story) -> None:
    record(
        story,
        line("hotline_hours", "每日8时至22时", language="zh-CN"),
        line("hotline_hours", "8:00 to 22:00", language="en"),
    )
    new = line("hotline_hours", "每日9时至20时", language="zh-CN")
    told = RecordFacts(facts=(new,), as_of=story.now)
    assert story.refused(QUALITY, told).reason == "words_left"
    record(story, new, line("hotline_hours", "9:00 to 20:00", language="en"))
    fact = story.incident.investigation.facts["hotline_hours"]
    assert fact.value == "每日9时至20时"
    assert {one.language: one.value for one in fact.said_in}["en"] == "9:00 to 20:00"
