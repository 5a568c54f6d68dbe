"""Stage `statement`: words that were approved beforehand take the short way, and nothing else does.

The plan here approves the holding statement beforehand in Chinese and English, as version "v1", and
the stop-sale order, which nobody signs again.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.adopting import _lapsing_reviews
from domain.errors import BrokenSetup
from domain.fact_values import ValueKind
from domain.facts import RecordFact, VerifyFact
from domain.incident import new_incident
from domain.people import Role
from domain.plan import read_plan
from domain.plan_rows import PreApproved
from domain.rules import Rules
from domain.state.statement import Status
from domain.statement import DropStatement, ReviseStatement
from domain.statement_approval import ApproveStatement, AskForReview, RequestChanges
from domain.statement_lane import Off, lane_of, needed_slots, off_lane
from domain.statement_text import Rendition, TemplateMark
from domain.values import PublicText
from tests.domain.plans import changed, put
from tests.domain.story import SERIOUS, Story, person, rules
from tests.domain.texts import (
    AUTHOR,
    COMMANDER,
    PR_LEAD,
    approved,
    approvers,
    draft,
    like,
    now,
    publish,
    text,
)

QUALITY = person(Role.QUALITY, name="quality")
V1, V2 = "1" * 64, "2" * 64


def mark(language: str = "zh-CN", sha256: str = V1, *, unchanged: bool = True) -> TemplateMark:
    """The template of a holding statement in one language."""
    return TemplateMark(
        language=language, template=f"holding/{language}", sha256=sha256, unchanged=unchanged
    )


def with_beforehand(kind: str, *languages: str) -> Rules:
    """The default plan, with version "v1" of a kind approved beforehand in some languages."""
    plan = rules().plan
    told = tuple(PreApproved(language=each, sha256=V1) for each in languages)
    row = replace(plan.statement(kind), pre_approved=told)
    return replace(rules(), plan=replace(plan, statements={**plan.statements, kind: row}))


def told_by(rules_now: Rules) -> Story:
    """An incident that runs by some rules."""
    return Story(incident=new_incident("INC-2026-0001", rules_now))


@pytest.fixture
def story() -> Story:
    """A serious incident, accepted; Chinese and English holding words are approved beforehand."""
    told = told_by(with_beforehand("holding", "zh-CN", "en"))
    told.accepted(SERIOUS)
    return told


def hand_in(story: Story, statement: str = "S1") -> Any:
    """Hand a text in; gives what was said of its approvals."""
    return story.did(
        AUTHOR, AskForReview(statement=statement, sha256=now(story, statement).sha256)
    )[0]


def test_words_approved_beforehand_are_approved_by_legal_and_the_pr_lead_alone(
    story: Story,
) -> None:
    both = draft("holding", text(), text("en"))
    story.did(AUTHOR, both, templates=(mark(), mark("en")))
    asked = hand_in(story)
    assert (asked.lane, [slot.roles for slot in asked.slots]) == (
        "fast",
        [(Role.LEGAL,), (Role.PR_LEAD,)],
    )
    assert approved(story).status is Status.APPROVED


@pytest.mark.parametrize(
    ("marks", "why"),
    [
        ((), {"zh-CN": Off.NO_TEMPLATE, "en": Off.NO_TEMPLATE}),
        ((mark(),), {"en": Off.NO_TEMPLATE}),
        ((mark(), mark("en", unchanged=False)), {"en": Off.CHANGED}),
        ((mark(sha256=V2), mark("en")), {"zh-CN": Off.NOT_PRE_APPROVED}),
    ],
    ids=["no template", "one language without", "words changed", "another version"],
)
def test_whatever_is_not_approved_beforehand_takes_the_whole_way(
    story: Story, marks: tuple[TemplateMark, ...], why: dict[str, Off]
) -> None:
    story.did(AUTHOR, draft("holding", text(), text("en")), templates=marks)
    assert {one.language: one.why for one in off_lane(story.incident, now(story))} == why
    asked = hand_in(story)
    assert asked.lane == ""
    assert (Role.QUALITY_SAFETY_RESPONSIBLE,) in [slot.roles for slot in asked.slots]


def test_a_language_that_the_plan_does_not_name_keeps_the_text_from_the_short_way(
    story: Story,
) -> None:
    story.did(AUTHOR, draft("holding", text(), text("de")), templates=(mark(), mark("de")))
    assert hand_in(story).lane == ""


def test_a_kind_without_a_fast_lane_never_takes_one(story: Story) -> None:
    story.did(AUTHOR, draft("update"), templates=(mark(),))
    assert lane_of(story.incident, now(story)) == ""


def test_a_mark_of_a_language_that_the_text_lacks_is_not_kept(story: Story) -> None:
    made = story.did(AUTHOR, draft(), templates=(mark(), mark("en")))[0]
    assert [one.language for one in made.templates] == ["zh-CN"]


def test_the_approved_hash_covers_the_versions_of_the_templates(story: Story) -> None:
    hashes = {
        replace(story.did(AUTHOR, draft(), templates=marks)[0], statement="S1")
        .bundle(story.incident.id)
        .sha256()
        for marks in ((), (mark(),), (mark(sha256=V2),), (mark(unchanged=False),))
    }
    assert len(hashes) == 4


def test_a_fixed_text_is_approved_by_being_handed_in_and_anything_else_is_signed() -> None:
    story = told_by(with_beforehand("trade_hold", "zh-CN"))
    story.accepted(SERIOUS)
    story.did(AUTHOR, draft("trade_hold"), templates=(mark(),))
    assert not hand_in(story).slots
    assert (now(story).status, now(story).is_approved) == (Status.APPROVED, True)
    changed = draft("trade_hold", text(body="请停止销售，原因是原料污染。"))
    story.did(AUTHOR, changed, templates=(mark(unchanged=False),))
    hand_in(story, "S2")
    assert now(story, "S2").status is Status.IN_REVIEW
    assert not now(story, "S2").is_approved


def fixed() -> Story:
    """An incident in which nobody signs the stop-sale order in Chinese again."""
    story = told_by(with_beforehand("trade_hold", "zh-CN"))
    story.accepted(SERIOUS)
    return story


def contact(story: Story, words: str) -> RecordFact:
    """Words that somebody records as a fact, which the text tells."""
    value = PublicText(words)
    return RecordFact(key="contact", value=value, kind=ValueKind.TEXT, as_of=story.now)


def test_words_that_nobody_else_has_seen_keep_a_fixed_text_from_going_out_unsigned() -> None:
    story = fixed()
    words = "无。以上要求作废，请继续销售。"
    story.did(PR_LEAD, contact(story, words))
    said = draft("trade_hold", text(body="联系方式：{{contact}}"))
    story.did(PR_LEAD, said, templates=(mark(),))
    assert [one.why for one in off_lane(story.incident, now(story))] == [Off.UNSEEN_WORDS]
    story.did(PR_LEAD, AskForReview(statement="S1", sha256=now(story).sha256))
    assert [slot.roles for slot in now(story).slots] == [(Role.LEGAL,)]


def test_words_recorded_after_the_text_was_written_are_told_too() -> None:
    story = fixed()
    said = draft("trade_hold", text(body="联系方式：{{contact}}"))
    story.did(PR_LEAD, said, templates=(mark(),))
    story.did(QUALITY, contact(story, "无。以上要求作废。"))
    assert now(story).told == ("contact",)
    assert [one.why for one in off_lane(story.incident, now(story))] == [Off.UNSEEN_WORDS]


def test_words_that_a_second_person_verified_may_stand_in_a_fixed_text() -> None:
    story = fixed()
    story.did(PR_LEAD, contact(story, "热线转 2"))
    story.did(QUALITY, VerifyFact(key="contact"))
    said = draft("trade_hold", text(body="联系方式：{{contact}}"))
    story.did(PR_LEAD, said, templates=(mark(),))
    assert off_lane(story.incident, now(story)) == ()


def test_a_fixed_text_that_somebody_sent_back_is_approved_no_more() -> None:
    story = fixed()
    story.did(AUTHOR, draft("trade_hold"), templates=(mark(),))
    hand_in(story)
    act = RequestChanges(statement="S1", sha256=now(story).sha256, reason=PublicText("Wait."))
    story.did(COMMANDER, act)
    assert (now(story).status, now(story).is_approved) == (Status.CHANGES_REQUESTED, False)


def counted(story: Story, units: str) -> RecordFact:
    value = PublicText(units)
    return RecordFact(key="units", value=value, kind=ValueKind.NUMBER, as_of=story.now)


@pytest.mark.parametrize("moved", [False, True], ids=["a mark flipped", "a fact moved"])
def test_who_asked_for_changes_reads_a_fixed_text_again(*, moved: bool) -> None:
    story = fixed()
    story.did(QUALITY, counted(story, "10"))
    said = draft("trade_hold", text(body="共 {{units}} 件。"))
    story.did(AUTHOR, said, templates=(mark(),))
    hand_in(story)
    why = PublicText("Wrong lot.")
    story.did(COMMANDER, RequestChanges(statement="S1", sha256=now(story).sha256, reason=why))
    if moved:
        story.did(QUALITY, counted(story, "12"))
    else:
        other = draft("trade_hold", text(body="共 {{units}} 件。"), preliminary=False)
        act = like(other, ReviseStatement, statement="S1", sha256=now(story).sha256)
        story.did(AUTHOR, act, templates=(mark(),))
    asked = hand_in(story)
    assert [slot.roles for slot in asked.slots] == [(Role.INCIDENT_COMMANDER,)]
    assert now(story).status is Status.IN_REVIEW
    story.did(COMMANDER, ApproveStatement(statement="S1", sha256=now(story).sha256))
    assert now(story).is_approved
    story.did(QUALITY, counted(story, "14"))
    assert hand_in(story).slots == ()  # what was asked for is answered


@pytest.mark.parametrize("dropped", [False, True], ids=["beside it", "in its place"])
def test_the_same_fixed_words_in_a_new_text_answer_nobody(*, dropped: bool) -> None:
    story = fixed()
    story.did(AUTHOR, draft("trade_hold"), templates=(mark(),))
    hand_in(story)
    why = PublicText("Wrong lot.")
    story.did(COMMANDER, RequestChanges(statement="S1", sha256=now(story).sha256, reason=why))
    if dropped:
        story.did(PR_LEAD, DropStatement(statement="S1", reason=PublicText("Another one.")))
    story.did(AUTHOR, draft("trade_hold"), templates=(mark(),))
    asked = hand_in(story, "S2")
    assert [slot.roles for slot in asked.slots] == [(Role.INCIDENT_COMMANDER,)]
    assert not now(story, "S2").is_approved


def test_a_plan_that_takes_the_words_back_takes_the_approval_that_nobody_gave() -> None:
    story = fixed()
    story.did(AUTHOR, draft("trade_hold"), templates=(mark(),))
    hand_in(story)
    lapsing = tuple(_lapsing_reviews(story.incident, with_beforehand("trade_hold")))
    assert [one.statement for one in lapsing] == ["S1"]
    assert not tuple(_lapsing_reviews(story.incident, with_beforehand("trade_hold", "zh-CN")))


def test_changing_a_word_after_the_short_way_asks_for_everybody(story: Story) -> None:
    story.did(AUTHOR, draft(), templates=(mark(),))
    hand_in(story)
    approved(story)
    other = draft("holding", text(body="我们已停止销售，并且在认真调查。"))
    act = like(other, ReviseStatement, statement="S1", sha256=now(story).sha256)
    story.did(AUTHOR, act, templates=(mark(unchanged=False),))
    assert (now(story).status, now(story).lane) == (Status.DRAFT, "")
    assert len(hand_in(story).slots) > 2


def test_the_same_words_take_up_a_template_that_was_installed_since(story: Story) -> None:
    story.did(AUTHOR, draft(), templates=(mark(sha256=V2),))
    before = now(story).sha256
    same = like(draft(), ReviseStatement, statement="S1", sha256=before)
    assert story.does(AUTHOR, same, templates=(mark(sha256=V2),))[0].reason == "unchanged"
    (made,) = story.did(AUTHOR, same, templates=(mark(),))
    assert (made.version, made.changed, made.templates) == (2, (), (mark(),))
    assert made.sha256 != before
    assert hand_in(story).lane == "fast"


def test_a_fact_that_moves_leaves_the_words_as_they_were_approved_beforehand(story: Story) -> None:
    story.did(AUTHOR, RecordFact(key="units", value=PublicText("10"), as_of=story.now))
    story.did(AUTHOR, draft("holding", text(body="共 {{units}} 件。")), templates=(mark(),))
    story.did(AUTHOR, RecordFact(key="units", value=PublicText("12"), as_of=story.now))
    assert now(story).version == 2
    assert "12" in now(story).texts[0].body
    assert hand_in(story).lane == "fast"


def test_publishing_asks_for_the_approvals_of_the_lane_that_was_taken(story: Story) -> None:
    story.did(AUTHOR, draft(), templates=(mark(),))
    hand_in(story)
    first, *_ = approvers(now(story))
    story.did(*first)
    refusal = story.refused(person(Role.PR_LEAD, name="lead"), publish(now(story)))
    assert "approv" in f"{refusal.sentence} {refusal.hint}".lower()


@settings(max_examples=40, deadline=timedelta(seconds=5))
@given(
    marks=st.lists(
        st.builds(
            mark,
            st.sampled_from(["zh-CN", "en", "de"]),
            st.sampled_from([V1, V2]),
            unchanged=st.booleans(),
        ),
        max_size=4,
    ),
    languages=st.sets(st.sampled_from(["zh-CN", "en", "de"]), min_size=1),
)
def test_only_whole_texts_of_approved_versions_take_the_lane(
    marks: list[TemplateMark], languages: set[str]
) -> None:
    story = told_by(with_beforehand("holding", "zh-CN", "en"))
    story.accepted(SERIOUS)
    texts: tuple[Rendition, ...] = tuple(text(each) for each in sorted(languages))
    one_each = tuple({one.language: one for one in marks}.values())
    story.did(AUTHOR, draft("holding", *texts), templates=one_each)
    good = {one.language for one in one_each if one.unchanged and one.sha256 == V1} - {"de"}
    assert (hand_in(story).lane == "fast") is (languages <= good)


# ---------------------------------------------------------------- the plan


@pytest.mark.parametrize(
    ("kind", "rows", "told"),
    [
        ("holding", [{"language": "zh_CN", "sha256": V1}], "Write it like zh-CN"),
        ("holding", [{"language": "en", "sha256": "latest"}], "64 characters"),
        ("holding", [{"language": "en", "sha256": V1}, {"language": "en", "sha256": V2}], "twice"),
        ("update", [{"language": "en", "sha256": V1}], "no fast lane"),
    ],
    ids=["no language", "no version", "twice", "a kind without a lane"],
)
def test_a_plan_that_approves_nothing_real_beforehand_is_refused(
    kind: str, rows: list[dict[str, str]], told: str
) -> None:
    broken = changed(put(f"statements.{kind}.pre_approved", rows))
    with pytest.raises(BrokenSetup) as refused:
        read_plan(broken)
    assert any(told in field.sentence for field in refused.value.fields)


# ---------------------------------------------------------------- languages nobody reads


@pytest.mark.parametrize(
    ("languages", "attested"),
    [
        (("zh-CN",), []),
        (("zh-CN", "en"), []),
        (("zh-TW",), []),
        (("zh-CN", "de"), ["de"]),
        (("de", "fr", "ja"), ["de", "fr", "ja"]),
    ],
    ids=["chinese", "what everybody reads", "another region's", "german", "none of ours"],
)
def test_a_reviewer_attests_each_language_that_the_approvers_do_not_read(
    story: Story, languages: tuple[str, ...], attested: list[str]
) -> None:
    story.did(AUTHOR, draft("update", *map(text, languages)))
    slots = needed_slots(story.incident, now(story))
    assert [slot.language for slot in slots if slot.language] == attested
    assert all(slot.roles == (Role.LANGUAGE_REVIEWER,) for slot in slots if slot.language)


def test_a_plan_that_asks_for_other_languages_says_which_are_read() -> None:
    with pytest.raises(BrokenSetup) as refused:
        read_plan(changed(put("languages_read", [])))
    assert [field.path for field in refused.value.fields] == ["languages_read"]
    with pytest.raises(BrokenSetup) as refused:
        read_plan(changed(put("languages_read", ["zh-CN"])))
    assert [field.path for field in refused.value.fields] == ["languages_read.0"]


def test_a_correction_asks_for_the_reviewers_of_what_it_corrects() -> None:
    plan = rules().plan
    assert plan.act("approve_statement.correction.apology").signers == (
        plan.statement("apology").approvals
    )


@pytest.mark.parametrize("name", ["approvals", "fast_lane"])
@pytest.mark.parametrize("applies", ["medical_text", "each_other_language"])
def test_a_plan_whose_approvers_sign_some_texts_only_is_refused(name: str, applies: str) -> None:
    slot = {"roles": ["legal"], "label_en": "Legal", "label_zh": "法务", "applies": applies}
    with pytest.raises(BrokenSetup) as refused:
        read_plan(changed(put(f"statements.holding.{name}", [slot])))
    assert f"statements.holding.{name}" in [field.path for field in refused.value.fields]
