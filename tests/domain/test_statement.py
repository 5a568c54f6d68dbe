"""Stage `statement`: texts are written, approved by their bytes, and changed only by other texts."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.acts import SignAct
from domain.enquiries import SetAgreedLine
from domain.facts import RecordFact, VerifyFact
from domain.ledger import read_entry
from domain.people import Role
from domain.state import incident_text, read_incident_text
from domain.state.statement import NEXT, ApprovalSlot, Status
from domain.statement import (
    DecideStatementKind,
    DraftStatement,
    DropStatement,
    ReviseStatement,
    StatementDrafted,
)
from domain.statement_approval import (
    ApproveStatement,
    AskForReview,
    RequestChanges,
    StatementApproved,
)
from domain.statement_override import BlockBasis, OverrideFinding
from domain.statement_slots import holders_wrote
from domain.statement_text import Rendition, tidied
from domain.team import AcceptRole, AssignRole
from domain.values import PersonId, PublicText
from domain.wording import Severity
from tests.domain.story import MILD, SERIOUS, Story, person, rules
from tests.domain.texts import (
    AUTHOR,
    COMMANDER,
    LEGAL,
    PR_LEAD,
    approved,
    approvers,
    draft,
    handed_in,
    like,
    now,
    revised,
    text,
)

QSR = person(Role.QUALITY_SAFETY_RESPONSIBLE, name="qsr")


@pytest.fixture
def story() -> Story:
    """A serious incident, accepted."""
    told = Story()
    told.accepted(SERIOUS)
    return told


# ---------------------------------------------------------------- writing


def test_a_draft_is_version_1_with_its_hash_and_changes_nothing_outside(story: Story) -> None:
    (made,) = story.did(AUTHOR, draft())
    statement = now(story)
    assert (made.statement, made.version, statement.status) == ("S1", 1, "draft")
    assert made.sha256 == made.bundle(story.incident.id).sha256() == statement.sha256
    assert statement.authors == ("author",)
    assert not statement.slots
    assert [mark.seq for mark in statement.versions] == [statement.entry]
    assert read_entry(story.leaves[statement.entry - 1]).event == made


def test_the_hash_covers_every_language_the_facts_the_markets_and_the_version(story: Story) -> None:
    base = story.did(AUTHOR, draft())[0].bundle("INC-2026-0001")
    different = {
        base.sha256(),
        *(story.did(AUTHOR, said)[0].sha256 for said in (
            draft(),
            draft("holding", text(), text("en"), markets=("CN", "US")),
            draft("holding", text(body="换了一个字。")),
            draft(markets=("CN", "US")),
            draft(facts=("products",)),
            draft(preliminary=False),
        )),
    }  # fmt: skip
    assert len(different) == 7


def test_line_ends_and_spaces_at_line_ends_are_no_difference(story: Story) -> None:
    made = story.did(AUTHOR, draft("holding", text(body="第一行  \r\n第二行\r\n")))[0]
    assert made.texts[0].body == "第一行\n第二行"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (draft("poem"), "no_kind"),
        (draft("correction"), "needs_original"),
        (draft("holding", text(), text()), "refused"),
        (draft("holding", text("zh-cn")), "refused"),
        (draft(markets=("China",)), "refused"),
        (draft("holding", text(body="\n\n ")), "empty_text"),
        (draft("holding", text(body="abc \u202e def")), "reading_order"),
        (draft(facts=("unheard_of",)), "no_fact"),
    ],
    ids=["kind", "correction of nothing", "twice", "language", "market", "empty", "turned", "fact"],
)
def test_what_is_no_text_is_refused_with_what_to_do(
    story: Story, said: DraftStatement, code: str
) -> None:
    refusal = story.refused(AUTHOR, said)
    assert refusal.reason == code
    assert refusal.hint
    assert not story.incident.statement.statements


@pytest.mark.parametrize(
    ("kind", "who", "may"),
    [
        ("holding", Role.PR_OFFICER, True),
        ("holding", Role.SERVICE_AGENT, False),
        ("consignee_letter", Role.CHANNEL_LEAD, True),
        ("consignee_letter", Role.PR_OFFICER, False),
    ],
)
def test_the_plan_says_who_writes_which_text(
    story: Story, kind: str, who: Role, *, may: bool
) -> None:
    events = story.does(person(who), draft(kind))
    assert isinstance(events[0], StatementDrafted) is may


def test_nobody_writes_about_a_report_that_is_closed() -> None:
    assert Story().refused(AUTHOR, draft()).sentence == "Nothing has been reported here yet."


def test_facts_are_quoted_as_they_stand(story: Story) -> None:
    story.did(
        QSR, RecordFact(key="units_sold", value=PublicText("1200"), as_of=story.now, unit="units")
    )
    (made,) = story.did(AUTHOR, draft(facts=("units_sold", "products")))
    assert [(f.key, f.value, f.status) for f in made.facts] == [
        ("products", "cream", "reported"),
        ("units_sold", "1200", "reported"),
    ]
    assert {fact.key for fact in story.did(AUTHOR, draft())[0].facts} >= {
        "products",
        "lots",
        "units_sold",
    }


# ---------------------------------------------------------------- revising voids approvals


def test_a_new_version_voids_every_approval_and_says_whose(story: Story) -> None:
    handed_in(story)
    approved(story)
    assert now(story).status == "approved"
    (made,) = story.did(AUTHOR, revised(now(story), text(body="我们已停止销售，并已通知渠道。")))
    assert made.version == 2
    assert made.changed == ("zh-CN",)
    assert made.voids == ("approver.0", "approver.1", "approver.2", "approver.3", "approver.4")
    statement = now(story)
    assert (statement.status, statement.approvals, statement.slots) == ("draft", (), ())
    assert [mark.version for mark in statement.versions] == [1, 2]


def test_who_changes_a_text_must_have_seen_the_newest(story: Story) -> None:
    story.did(AUTHOR, draft())
    first = now(story)
    story.did(AUTHOR, revised(first, text(body="第二版。")))
    refusal = story.refused(AUTHOR, revised(first, text(body="另一个第二版。")))
    assert refusal.reason == "text_changed"


def test_the_same_text_again_is_no_version(story: Story) -> None:
    story.did(AUTHOR, draft())
    assert story.refused(AUTHOR, revised(now(story), text())).reason == "unchanged"


def test_a_text_that_is_not_out_can_be_dropped(story: Story) -> None:
    handed_in(story)
    story.did(AUTHOR, DropStatement(statement="S1", reason=PublicText("不再需要")))
    assert now(story).status == "dropped"
    assert story.refused(AUTHOR, revised(now(story), text(body="x"))).reason == "wrong_status"


# ---------------------------------------------------------------- which approvals


def slots(
    story: Story, said: DraftStatement, author: Any = AUTHOR
) -> list[tuple[str, tuple[str, ...]]]:
    statement = handed_in(story, said, author)
    return [(slot.key, tuple(map(str, slot.roles))) for slot in statement.slots]


def test_a_text_needs_one_approval_of_each_line_market_and_language(story: Story) -> None:
    said = draft("holding", text(), text("en"), text("de"), markets=("CN", "DE", "JP", "US"))
    assert slots(story, said) == [
        ("0", ("pr_lead",)),
        ("1", ("legal",)),
        ("2", ("quality_safety_responsible",)),
        ("3:CN", ("regulatory_affairs", "domestic_responsible_cn")),
        ("3:DE", ("regulatory_affairs", "responsible_person_eu")),
        ("3:JP", ("regulatory_affairs",)),
        ("3:US", ("regulatory_affairs", "responsible_person_us")),
        ("4:zh-CN", ("language_reviewer",)),
        ("4:en", ("language_reviewer",)),
        ("4:de", ("language_reviewer",)),
    ]


@pytest.mark.parametrize(
    ("said", "assessor"),
    [
        (draft("qa", text(body="问：怎么办？答：请停用。")), False),
        (draft("qa", text(body="问：怎么办？答：请停用并就医。")), True),
        (draft("qa", text("en", body="Q: What? A: Ask a doctor.")), True),
        (draft("qa", text(body="问：怎么办？答：请停用。"), medical=True), True),
    ],
    ids=["no medical line", "medical line", "in English", "ticked"],
)
def test_medical_lines_are_read_by_the_safety_assessor_ticked_or_not(
    story: Story, said: DraftStatement, *, assessor: bool
) -> None:
    roles = [roles for _, roles in slots(story, said)]
    assert (("safety_assessor",) in roles) is assessor


# ---------------------------------------------------------------- approving


def test_with_the_last_approval_the_text_is_approved_and_each_entry_is_signed(story: Story) -> None:
    statement = handed_in(story)
    kept = []
    for who, act in approvers(statement):
        assert now(story).status == "in_review"
        (event,) = story.did(who, act)
        kept.append(event.complete)
        document = json.loads(story.leaves[-1])
        assert document["signature"] == {"meaning": event.meaning, "hash": statement.sha256}
    assert kept == [False, False, False, False, True]
    assert now(story).status == "approved"
    assert now(story).is_approved


def test_an_approval_of_other_bytes_is_refused(story: Story) -> None:
    before = handed_in(story)
    story.did(AUTHOR, revised(before, text(body="改过的文本。")))
    story.did(AUTHOR, AskForReview(statement="S1", sha256=now(story).sha256))
    refusal = story.refused(LEGAL, ApproveStatement(statement="S1", sha256=before.sha256))
    assert refusal.reason == "text_changed"
    assert "changed since" in refusal.sentence


def test_an_author_never_approves_not_even_of_an_earlier_version(story: Story) -> None:
    lead_and_author = person(Role.PR_LEAD, name="lead")
    story.did(lead_and_author, draft())
    story.did(AUTHOR, revised(now(story), text(body="由同事改写。")))
    story.did(AUTHOR, AskForReview(statement="S1", sha256=now(story).sha256))
    approve = ApproveStatement(statement="S1", sha256=now(story).sha256)
    assert story.refused(lead_and_author, approve).reason == "author"
    story.did(PR_LEAD, approve)


def test_where_the_holder_wrote_it_the_deputy_approves_at_once(story: Story) -> None:
    story.did(COMMANDER, AssignRole(role=Role.PR_LEAD, person=PersonId("pr.lead")))
    story.did(PR_LEAD, AcceptRole(role=Role.PR_LEAD))
    deputy = person(Role.SERVICE_AGENT, name="deputy", deputy_for=(Role.PR_LEAD,))
    handed_in(story, draft())
    approve = ApproveStatement(statement="S1", sha256=now(story).sha256)
    assert story.refused(deputy, approve).reason == "not_allowed"
    mine = handed_in(story, draft(), author=PR_LEAD)
    signed = story.did(deputy, replace(approve, statement="S2", sha256=mine.sha256))[0]
    assert (signed.approver, signed.role) == ("deputy", "deputy:pr_lead")


def test_before_the_team_is_named_the_deputy_approves_what_a_holder_wrote(story: Story) -> None:
    deputy = person(Role.SERVICE_AGENT, name="deputy", deputy_for=(Role.PR_LEAD,))
    others = handed_in(story, draft())
    approve = ApproveStatement(statement=others.id, sha256=others.sha256)
    assert story.refused(deputy, approve).reason == "not_allowed"
    mine = handed_in(story, draft(), author=PR_LEAD)
    signed = story.did(deputy, replace(approve, statement=mine.id, sha256=mine.sha256))[0]
    assert (signed.approver, signed.role) == ("deputy", "deputy:pr_lead")


@pytest.mark.parametrize("case", ["another role's holder", "named, not accepted"])
def test_a_deputy_waits_while_a_holder_who_did_not_write_it_can_approve(
    story: Story, case: str
) -> None:
    slot_of: tuple[Role, ...]
    if case == "another role's holder":
        slot_of, writes = (Role.REGULATORY_AFFAIRS, Role.DOMESTIC_RESPONSIBLE_CN), "ra"
        story.did(COMMANDER, AssignRole(role=slot_of[0], person=PersonId("ra")))
        story.did(person(slot_of[0], name="ra"), AcceptRole(role=slot_of[0]))
    else:
        slot_of, writes = (Role.LEGAL,), "bob"
        story.did(COMMANDER, AssignRole(role=Role.LEGAL, person=PersonId("alice")))
        story.did(person(Role.LEGAL, name="alice"), AcceptRole(role=Role.LEGAL))
        story.did(COMMANDER, AssignRole(role=Role.LEGAL, person=PersonId("bob")))
    written = handed_in(story, draft(), author=person(Role.PR_OFFICER, slot_of[0], name=writes))
    slot = ApprovalSlot(
        key="x", row=1, roles=slot_of, label_en="", label_zh="", market="", language=""
    )
    assert not holders_wrote(story.incident, written, slot)


def test_no_text_is_left_without_anybody_the_commander_stands_in(story: Story) -> None:
    """The lead told words as a fact, the deputy wrote the text: a third person approves."""
    story.did(COMMANDER, AssignRole(role=Role.PR_LEAD, person=PersonId("pr.lead")))
    story.did(PR_LEAD, AcceptRole(role=Role.PR_LEAD))
    hours = RecordFact(key="hours", value=PublicText("8-22"), as_of=story.now)
    story.did(PR_LEAD, hours)
    story.did(person(Role.QUALITY_SAFETY_RESPONSIBLE), VerifyFact(key="hours"))
    written = handed_in(story, draft("holding", text(body="电话 {{hours}}。")))
    approve = ApproveStatement(statement=written.id, sha256=written.sha256)
    assert story.refused(PR_LEAD, approve).reason in ("author", "not_allowed")
    slot = next(one for one in written.open_slots if one.roles == (Role.PR_LEAD,))
    signed = story.did(COMMANDER, replace(approve, slot=slot.key))[0]
    assert (signed.approver, signed.role) == (COMMANDER.id, "incident_commander")


def test_the_commander_approves_nothing_while_a_holder_can(story: Story) -> None:
    written = handed_in(story, draft())
    slot = next(one for one in written.open_slots if one.roles == (Role.PR_LEAD,))
    approve = ApproveStatement(statement=written.id, sha256=written.sha256, slot=slot.key)
    assert story.refused(COMMANDER, approve).reason == "not_allowed"


def test_a_text_with_a_gap_is_not_handed_in_at_once(story: Story) -> None:
    said = draft("holding", text(body="【待填写：时间】"), hand_in=True)
    story.did(AUTHOR, said)
    assert now(story).status is Status.DRAFT


def test_who_typed_for_the_author_does_not_approve_either(story: Story) -> None:
    scribe = person(Role.SCRIBE, Role.PR_OFFICER, name="scribe")
    typed = type(scribe)(id="scribe", roles=(Role.PR_OFFICER, Role.PR_LEAD), on_behalf_of="boss")
    story.did(typed, draft())
    story.did(AUTHOR, AskForReview(statement="S1", sha256=now(story).sha256))
    approve = ApproveStatement(statement="S1", sha256=now(story).sha256)
    assert story.refused(person(Role.PR_LEAD, name="scribe"), approve).reason == "author"
    assert story.refused(person(Role.PR_LEAD, name="boss"), approve).reason == "author"


def test_nobody_approves_for_another(story: Story) -> None:
    handed_in(story)
    scribe = type(LEGAL)(id="scribe", roles=(Role.LEGAL,), on_behalf_of="legal")
    approve = ApproveStatement(statement="S1", sha256=now(story).sha256)
    assert story.refused(scribe, approve).reason == "own_hand"


def test_one_person_fills_slots_of_one_line_only(story: Story) -> None:
    handed_in(story)
    both = person(Role.PR_LEAD, Role.LEGAL, name="both")
    approve = ApproveStatement(statement="S1", sha256=now(story).sha256)
    story.did(both, approve)
    assert story.refused(both, approve).reason == "four_eyes"


def test_a_reviewer_names_the_language_and_may_attest_several(story: Story) -> None:
    handed_in(story, draft("holding", text(), text("en"), markets=("CN", "US")))
    reviewer = person(Role.LANGUAGE_REVIEWER, name="reviewer")
    sha256 = now(story).sha256
    refusal = story.refused(reviewer, ApproveStatement(statement="S1", sha256=sha256))
    assert refusal.reason == "slot_needed"
    assert refusal.hint == "Open for you: zh-CN, en."
    (event,) = story.did(reviewer, ApproveStatement(statement="S1", sha256=sha256, slot="4:en"))
    assert event.language == "en"
    assert "says the same as zh-CN" in event.meaning
    story.did(reviewer, ApproveStatement(statement="S1", sha256=sha256))
    taken = ApproveStatement(statement="S1", sha256=sha256, slot="4:en")
    assert story.refused(reviewer, taken).reason == "no_slot"


def test_who_fits_no_slot_is_told_who_could(story: Story) -> None:
    handed_in(story)
    refusal = story.refused(
        person(Role.SERVICE_AGENT), ApproveStatement(statement="S1", sha256=now(story).sha256)
    )
    assert refusal.reason == "not_allowed"
    assert "legal" in refusal.who_could


def test_before_review_and_after_approval_nobody_approves(story: Story) -> None:
    story.did(AUTHOR, draft())
    approve = ApproveStatement(statement="S1", sha256=now(story).sha256)
    assert story.refused(LEGAL, approve).reason == "wrong_status"


def test_the_deputy_approves_only_when_the_time_is_over(story: Story) -> None:
    handed_in(story)
    deputy = person(Role.MARKET_MONITORING, name="deputy", deputy_for=(Role.LEGAL,))
    approve = ApproveStatement(statement="S1", sha256=now(story).sha256)
    assert story.refused(deputy, approve).reason == "not_allowed"
    story.later(hours=1)
    (event,) = story.did(deputy, approve)
    assert event.role == "deputy:legal"


def test_silence_approves_nothing_it_escalates(story: Story) -> None:
    handed_in(story)
    due = story.due("approve:S1:1")
    assert due is not None
    assert due.due_at == story.now + timedelta(hours=1)
    rung = story.later(hours=30)
    assert {event.act for event in rung if event.due == "approve:S1:1"} == {
        "remind",
        "remind_loud",
        "deputy_may_act",
        "commander",
        "legal_representative",
    }
    assert now(story).status == "in_review"
    assert not now(story).approvals


# ---------------------------------------------------------------- changes requested


@pytest.mark.parametrize("who", [LEGAL, COMMANDER, QSR], ids=["approver", "commander", "veto"])
def test_a_text_can_be_sent_back_also_when_it_is_approved(story: Story, who: Any) -> None:
    handed_in(story)
    statement = approved(story)
    asked = RequestChanges(statement="S1", sha256=statement.sha256, reason=PublicText("缺少热线"))
    (event,) = story.did(who, asked)
    assert len(event.voids) == 5
    assert (now(story).status, now(story).approvals) == ("changes_requested", ())
    story.did(AUTHOR, revised(now(story), text(body="已补充热线。")))
    assert now(story).status == "draft"


def test_who_cannot_approve_cannot_send_back(story: Story) -> None:
    handed_in(story)
    asked = RequestChanges(statement="S1", sha256=now(story).sha256, reason=PublicText("x"))
    assert story.refused(person(Role.CHANNEL_LEAD), asked).reason == "not_allowed"


# ---------------------------------------------------------------- wording blocks


BLOCKED = draft("holding", text(body="此为个别现象。我们已停止销售。"))
EU_BLOCKED = draft("holding", text("de", body="Wir rufen freiwillig zurück."), markets=("DE",))


def override(story: Story, basis: BlockBasis) -> OverrideFinding:
    statement = now(story)
    blocks = [f for f in statement.findings if f.severity is Severity.BLOCK]
    return OverrideFinding(
        statement="S1",
        sha256=statement.sha256,
        finding=blocks[0].key,
        basis=basis,
        reason=PublicText("经核实的数字在旁边"),
    )


def hand_in(story: Story) -> AskForReview:
    return AskForReview(statement="S1", sha256=now(story).sha256)


def test_a_blocked_text_cannot_be_handed_in_until_legal_overrides_with_a_reason(
    story: Story,
) -> None:
    story.did(AUTHOR, replace(BLOCKED, hand_in=True))
    assert now(story).status is Status.DRAFT
    refusal = story.refused(AUTHOR, hand_in(story))
    assert refusal.reason == "wording_blocked"
    assert "个别现象" in refusal.sentence
    assert story.refused(COMMANDER, override(story, BlockBasis.HOUSE)).reason == "not_allowed"
    (event,) = story.did(LEGAL, override(story, BlockBasis.HOUSE))
    assert (event.rule, event.matched) == ("makes-it-smaller", "个别现象")
    assert [s.person for s in event.signers] == ["legal"]
    story.did(AUTHOR, hand_in(story))
    story.did(*approvers(now(story))[0])


def test_what_is_blocked_since_it_was_handed_in_is_not_approved(story: Story) -> None:
    handed_in(story, draft("holding", text(body="我们已停止销售。")))
    line = SetAgreedLine(
        messages=(PublicText("我们在核实。"),), do_not_say=(PublicText("停止销售"),)
    )
    story.did(PR_LEAD, line)
    assert story.refused(*approvers(now(story))[0]).reason == "wording_blocked"


def test_a_block_of_verified_law_needs_legal_and_the_commander(story: Story) -> None:
    story.did(AUTHOR, EU_BLOCKED)
    assert story.refused(LEGAL, override(story, BlockBasis.HOUSE)).reason == "wrong_basis"
    (proposed,) = story.did(LEGAL, override(story, BlockBasis.LAW))
    assert story.refused(AUTHOR, hand_in(story)).reason == "wording_blocked"
    events = story.signed(COMMANDER)
    assert [s.person for s in events[-1].signers] == ["legal", "commander"]
    assert proposed.silence == "not_published"
    story.did(AUTHOR, hand_in(story))


def test_an_override_does_not_outlive_the_version_it_was_signed_for(story: Story) -> None:
    story.did(AUTHOR, EU_BLOCKED)
    story.did(LEGAL, override(story, BlockBasis.LAW))
    pending = next(iter(story.incident.pending))
    story.did(
        AUTHOR,
        like(
            draft("holding", text("de", body="Wir rufen ganz freiwillig zurück."), markets=("DE",)),
            ReviseStatement,
            statement="S1",
            sha256=now(story).sha256,
        ),
    )
    events = story.did(COMMANDER, SignAct(act=pending))
    assert [type(event).__name__ for event in events] == ["ActSigned", "ActLapsed"]
    assert not now(story).overrides


def test_a_gap_in_the_text_cannot_be_overridden(story: Story) -> None:
    story.did(AUTHOR, draft("holding", text(body="热线：【待填写：热线】")))
    assert story.refused(LEGAL, override(story, BlockBasis.HOUSE)).reason == "not_overridable"


def test_legal_does_not_override_in_a_text_of_their_own(story: Story) -> None:
    author = person(Role.LEGAL, name="legal")
    story.did(author, draft("counterfeit_warning", text(body="此为个别现象。")))
    assert story.refused(LEGAL, override(story, BlockBasis.HOUSE)).reason == "author"


def test_where_a_text_stands_is_said_in_the_words_of_its_page(story: Story) -> None:
    story.did(AUTHOR, draft())
    asked = RequestChanges(statement="S1", sha256=now(story).sha256, reason=PublicText("x"))
    refusal = story.refused(COMMANDER, asked)
    assert refusal.sentence == "The state of S1 is: draft."
    assert refusal.hint.endswith("states: waits for approval, approved, goes out at a time.")


def test_a_warning_is_shown_and_stops_nobody(story: Story) -> None:
    handed_in(story, draft("holding", text(body="我们将确保不再发生。")))
    assert [f.severity for f in now(story).findings] == ["warn"]
    assert approved(story).status == "approved"


# ---------------------------------------------------------------- texts left to a decision


def test_only_texts_left_to_a_decision_can_be_declined(story: Story) -> None:
    decide = DecideStatementKind(kind="press_brief", wanted=False, reason=PublicText("无人询问"))
    story.did(PR_LEAD, decide)
    assert not story.incident.statement.decided["press_brief"].wanted
    declined = DecideStatementKind(kind="holding", wanted=False, reason=PublicText("不想发"))
    assert story.refused(PR_LEAD, declined).reason == "demanded"


# ---------------------------------------------------------------- the whole


def test_the_life_of_a_text_is_a_table_that_reaches_everything_and_never_leaves_the_end() -> None:
    reached, frontier = {Status.DRAFT}, [Status.DRAFT]
    while frontier:
        new = NEXT[frontier.pop()] - reached
        reached |= new
        frontier += new
    assert reached == set(Status) == set(NEXT)
    assert NEXT[Status.RETRACTED] == NEXT[Status.DROPPED] == frozenset()
    assert all(Status.DRAFT not in NEXT[s] for s in (Status.PUBLISHED, Status.CORRECTED))


def test_the_state_travels_and_comes_back_the_same(story: Story) -> None:
    handed_in(story, draft("holding", text(), text("en"), markets=("CN", "US")))
    reviewer = person(Role.LANGUAGE_REVIEWER, name="reviewer")
    story.did(reviewer, ApproveStatement(statement="S1", sha256=now(story).sha256, slot="4:en"))
    assert read_incident_text(incident_text(story.incident), rules()) == story.incident


ACTIONS = st.sampled_from(["approve", "revise", "review", "changes", "author", "stale"])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(ACTIONS, st.integers(0, 6)), max_size=18))
def test_no_sequence_of_acts_approves_bytes_that_the_required_people_did_not_approve(
    steps: list[tuple[str, int]],
) -> None:
    story = Story()
    story.accepted(MILD)
    story.did(AUTHOR, draft())
    stale = now(story).sha256
    for number, (action, choice) in enumerate(steps):
        statement = now(story)
        people = approvers(statement) or [(LEGAL, ApproveStatement(statement="S1", sha256=stale))]
        who, act = people[choice % len(people)]
        story.does(*{
            "approve": (who, act),
            "revise": (AUTHOR, revised(statement, text(body=f"第{number}版。"))),
            "review": (AUTHOR, AskForReview(statement="S1", sha256=statement.sha256)),
            "changes": (LEGAL, RequestChanges(statement="S1", sha256=statement.sha256, reason=PublicText("x"))),
            "author": (AUTHOR, act),
            "stale": (who, ApproveStatement(statement="S1", sha256=stale, slot=act.slot)),
        }[action])  # fmt: skip
        after = now(story)
        assert after.status in {statement.status, *NEXT[statement.status]}
        assert all(approval.sha256 == after.sha256 for approval in after.approvals)
        assert not {approval.person for approval in after.approvals} & set(after.authors)
        if after.status in ("approved", "publishing", "published"):
            assert after.is_approved
            assert {approval.slot for approval in after.approvals} == {s.key for s in after.slots}


@given(st.text(max_size=200))
def test_tidying_twice_is_tidying_once(body: str) -> None:
    once = tidied(Rendition(language="en", title=PublicText("t"), body=PublicText(body)))
    assert tidied(once) == once


def test_events_carry_what_an_auditor_asks_for(story: Story) -> None:
    handed_in(story)
    (event,) = story.did(*approvers(now(story))[1])
    assert isinstance(event, StatementApproved)
    assert (event.approver, event.role, event.sha256) == ("approver.1", "legal", now(story).sha256)
    assert event.signed_hash == event.sha256
    assert event.signed_meaning == "Legal counsel: I approve exactly this text, S1 version 1."


def test_a_first_version_can_be_handed_in_by_the_act_that_writes_it(story: Story) -> None:
    made, asked = story.did(AUTHOR, draft("holding", text(), text("en"), hand_in=True))
    assert (asked.statement, asked.sha256) == (made.statement, made.sha256)
    assert now(story).status == Status.IN_REVIEW
    assert {slot.language for slot in asked.slots if slot.language} <= {"zh-CN", "en"}
    approved(story)
    assert now(story).is_approved
