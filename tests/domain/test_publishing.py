"""Stage `statement`: nothing goes out but approved bytes, through the gate, compared at the end."""

from dataclasses import replace
from typing import Any

import pytest

from domain.cases import RegisterCase
from domain.dispatch import Act
from domain.enquiries import SetAgreedLine
from domain.facts import RecordFact, VerifyFact
from domain.halt import OrderHalt
from domain.incident import effects, mark_for
from domain.ledger import read_entry
from domain.left_at_end import left_at_end
from domain.next_steps import next_steps
from domain.people import PERFORMER, Role
from domain.plan_terms import GATE_KEYS
from domain.publication import ConfirmPublishedByHand, Placed, ReportPublication
from domain.publishing import AllowGaps, PublishStatement
from domain.severity import HaltLevel, Outcome
from domain.statement import DraftStatement
from domain.statement_approval import ApproveStatement, AskForReview, RequestChanges
from domain.statement_change import (
    ClearFlag,
    CorrectStatement,
    FlagStatement,
    RetractStatement,
    SupersedeStatement,
)
from domain.statement_places import Place, places_of, usual_places
from domain.values import PublicText
from tests.domain.story import SERIOUS, Story, person
from tests.domain.texts import (
    AUTHOR,
    COMMANDER,
    EVERYTHING,
    LEGAL,
    PR_LEAD,
    approved,
    draft,
    handed_in,
    like,
    now,
    placed,
    publish,
    revised,
    stopped,
    text,
)

GAPS = (
    "phone_answers staff_briefed trade_told promotion_stopped no_personal_data"
    " listed_parent_told".split()
)
"""What the record of a serious incident does not know: own shops were told, nobody confirmed."""


@pytest.fixture
def story() -> Story:
    """A serious incident with an approved holding statement S1."""
    told = Story()
    told.accepted(SERIOUS)
    handed_in(told)
    approved(told)
    return told


def out(story: Story, statement: str = "S1", *places: str) -> Any:
    """Publish at the site and let the publisher report."""
    wanted = places or ("site",)
    story.did(PR_LEAD, publish(now(story, statement), *wanted))
    story.did(PERFORMER, placed(now(story, statement), *wanted))
    return now(story, statement)


# ---------------------------------------------------------------- going out


def test_a_text_goes_out_at_its_usual_places_and_is_published_when_it_was_read_back(
    story: Story,
) -> None:
    (event,) = story.did(PR_LEAD, publish(now(story)))
    assert event.places == ("site", "press")
    assert event.entry == now(story).entry
    assert [check.key for check in event.gate] == list(GATE_KEYS)
    assert now(story).status == "publishing"
    events = story.did(PERFORMER, placed(now(story), "site", "press"))
    assert [type(e).__name__ for e in events] == ["StatementPublished", "StatementHandedOver"]
    statement = now(story)
    assert (statement.status, statement.published_at) == ("published", story.now)
    assert statement.places["site"].read_back == statement.sha256
    assert statement.places["press"].state == "handed_over"


def test_the_effect_carries_hash_version_entry_and_places(story: Story) -> None:
    statement = now(story)
    (event,) = story.did(PR_LEAD, publish(statement, "site"))
    act = Act(command_id="k", actor=PR_LEAD, at=story.now, happened_at=story.now, command=None)
    (effect,) = effects(story.incident, event, mark_for(story.incident, act))
    assert (effect.name, effect.target) == ("publish", "S1/1")
    assert effect.body == {
        "statement": "S1",
        "version": 1,
        "sha256": statement.sha256,
        "entry": statement.entry,
        "order": 1,
        "places": ["site"],
    }


@pytest.mark.parametrize("who", [AUTHOR, LEGAL, COMMANDER], ids=["author", "legal", "commander"])
def test_only_the_pr_lead_or_the_spokesperson_publishes(story: Story, who: Any) -> None:
    assert story.refused(who, publish(now(story))).reason == "not_allowed"
    story.did(person(Role.SPOKESPERSON), publish(now(story)))


def test_before_all_approvals_nothing_goes_out(story: Story) -> None:
    statement = handed_in(story)
    assert story.refused(PR_LEAD, publish(statement)).reason == "wrong_status"
    story.did(LEGAL, ApproveStatement(statement=statement.id, sha256=statement.sha256))
    assert story.refused(PR_LEAD, publish(statement)).reason == "wrong_status"


def test_bytes_that_changed_after_approval_do_not_go_out(story: Story) -> None:
    before = now(story)
    story.did(AUTHOR, revised(before, text(body="改过的文本。")))
    assert story.refused(PR_LEAD, publish(before)).reason == "wrong_status"
    story.did(AUTHOR, AskForReview(statement="S1", sha256=now(story).sha256))
    approved(story)
    assert story.refused(PR_LEAD, publish(before)).reason == "text_changed"


def test_a_rule_that_holds_only_now_keeps_an_approved_text_in(story: Story) -> None:
    story.did(
        PR_LEAD,
        SetAgreedLine(messages=(PublicText("已停止销售"),), do_not_say=(PublicText("正在调查"),)),
    )
    refusal = story.refused(PR_LEAD, publish(now(story)))
    assert refusal.reason == "wording_blocked"
    assert "正在调查" in refusal.sentence


def test_what_is_read_back_decides_and_a_difference_is_on_the_record(story: Story) -> None:
    story.did(PR_LEAD, publish(now(story), "site"))
    (event,) = story.did(PERFORMER, placed(now(story), "site", read_back="0" * 64))
    assert event.differs
    assert now(story).status == "approved"
    assert now(story).places["site"].state == "failed"
    assert out(story).status == "published"


def test_a_place_that_cannot_be_reached_is_told_and_tried_again_by_a_person(story: Story) -> None:
    story.did(PR_LEAD, publish(now(story), "site"))
    failed = Placed(place="site", link="", read_back="", error="disk full")
    (event,) = story.did(PERFORMER, ReportPublication(statement="S1", version=1, places=(failed,)))
    assert (event.error, event.differs) == ("disk full", False)
    (again,) = story.did(PR_LEAD, publish(now(story), "site"))
    assert again.order == 2


def test_a_late_or_foreign_report_changes_nothing(story: Story) -> None:
    assert story.does(PERFORMER, placed(now(story), "site")) == []
    out(story)
    size = story.incident.size
    assert story.does(PERFORMER, placed(now(story), "site")) == []
    unknown = ReportPublication(statement="S9", version=1, places=())
    assert story.does(PERFORMER, unknown) == []
    assert story.incident.size == size


def test_a_published_text_is_never_changed(story: Story) -> None:
    statement = out(story)
    assert (
        story.refused(AUTHOR, revised(statement, text(body="悄悄修改。"))).reason == "wrong_status"
    )
    back = RequestChanges(statement="S1", sha256=statement.sha256, reason=PublicText("x"))
    assert story.refused(LEGAL, back).reason == "wrong_status"
    assert story.refused(PR_LEAD, publish(statement, "site")).reason == "on_its_way"
    story.did(PR_LEAD, publish(statement, "social"))


# ---------------------------------------------------------------- the gate


@pytest.mark.parametrize(
    "missing",
    GAPS,
)
def test_what_nobody_confirmed_is_a_gap_that_is_named(story: Story, missing: str) -> None:
    rest = tuple(key for key in EVERYTHING if key != missing)
    refusal = story.refused(PR_LEAD, publish(now(story), confirmed=rest))
    assert refusal.reason == "gate"
    (item,) = [g.en for g in story.incident.rules.plan.gate if g.key == missing]
    assert item in refusal.sentence


def test_the_record_answers_what_it_knows(story: Story) -> None:
    story.did(COMMANDER, OrderHalt(level=HaltLevel.H3))
    stopped(story, "confirmed")
    (event,) = story.did(PR_LEAD, publish(now(story)))
    answers = {check.key: str(check.answer) for check in event.gate}
    assert answers == {
        "approved_bytes": "passed",
        "facts_verified": "passed",
        "phone_answers": "confirmed",
        "page_live": "not_needed",
        "remedy_ready": "not_needed",
        "staff_briefed": "confirmed",
        "authority_told": "not_needed",
        "trade_told": "passed",
        "languages_complete": "passed",
        "promotion_stopped": "passed",
        "no_personal_data": "confirmed",
        "listed_parent_told": "confirmed",
    }


def test_the_commander_lets_a_gap_go_by_with_a_reason_for_these_bytes_only(story: Story) -> None:
    statement = now(story)
    said = publish(statement, confirmed=("no_personal_data",))
    assert story.refused(PR_LEAD, said).reason == "gate"
    items = tuple(key for key in GAPS if key != "no_personal_data")
    allow = AllowGaps(
        statement="S1", sha256=statement.sha256, items=items, reason=PublicText("记者一小时后发稿")
    )
    assert story.refused(PR_LEAD, allow).reason == "not_allowed"
    story.did(COMMANDER, allow)
    (event,) = story.did(PR_LEAD, said)
    allowed = {check.key: check.note for check in event.gate if check.answer == "allowed"}
    assert set(allowed) == set(items)
    assert allowed["trade_told"] == "commander: 记者一小时后发稿"


def test_a_gap_allowed_for_other_bytes_does_not_count(story: Story) -> None:
    statement = now(story)
    story.did(
        COMMANDER,
        AllowGaps(
            statement="S1",
            sha256=statement.sha256,
            items=("trade_told",),
            reason=PublicText("x"),
        ),
    )
    story.did(AUTHOR, revised(statement, text(body="新版本。")))
    story.did(AUTHOR, AskForReview(statement="S1", sha256=now(story).sha256))
    approved(story)
    rest = tuple(key for key in EVERYTHING if key != "trade_told")
    assert story.refused(PR_LEAD, publish(now(story), confirmed=rest)).reason == "gate"


@pytest.mark.parametrize("item", ["approved_bytes", "no_personal_data"])
def test_nobody_lets_approval_or_personal_data_go_by(story: Story, item: str) -> None:
    allow = AllowGaps(
        statement="S1", sha256=now(story).sha256, items=(item,), reason=PublicText("急")
    )
    assert story.refused(COMMANDER, allow).reason == "never_overridden"


@pytest.mark.parametrize(
    ("body", "passes"),
    [
        ("请联系 13812345678。", False),
        ("身份证号 11010519491231002X。", False),
        ("身份证号 １１０１０５１９４９１２３１００２Ｘ。", False),
        ("热线 400-000-0000，批号 138123456789，条码 9521234567899。", True),
        ("编号 110105194912310021。", True),
    ],
    ids=["mobile", "identity", "full-width", "hotline and lot", "no identity"],
)
def test_a_persons_number_is_found_whoever_confirms(
    story: Story, body: str, *, passes: bool
) -> None:
    statement = handed_in(story, draft("holding", text(body=body)))
    approved(story, statement.id)
    events = story.does(PR_LEAD, publish(now(story, statement.id)))
    assert (type(events[0]).__name__ == "StatementPublishing") is passes


def test_facts_must_be_verified_fresh_and_unchanged_unless_the_text_is_preliminary(
    story: Story,
) -> None:
    quality = person(Role.QUALITY, name="quality")
    fact = RecordFact(key="units_sold", value=PublicText("1200"), as_of=story.now)
    story.did(quality, fact)
    statement = handed_in(story, draft(facts=("units_sold",), preliminary=False))
    approved(story, statement.id)

    def note() -> str:
        refusal = story.refused(PR_LEAD, publish(now(story, statement.id)))
        assert "fact" in refusal.sentence
        return refusal.sentence

    assert note()  # reported only
    story.did(LEGAL, VerifyFact(key="units_sold"))
    story.later(hours=5)
    assert note()  # too old
    story.did(quality, RecordFact(key="units_sold", value=PublicText("1300"), as_of=story.now))
    story.did(LEGAL, VerifyFact(key="units_sold"))
    assert note()  # changed since the text was written
    story.did(quality, RecordFact(key="units_sold", value=PublicText("1200"), as_of=story.now))
    story.did(LEGAL, VerifyFact(key="units_sold"))
    story.did(PR_LEAD, publish(now(story, statement.id)))


def test_a_market_without_its_language_is_a_gap(story: Story) -> None:
    statement = handed_in(story, draft(markets=("CN", "DE")))
    approved(story, statement.id)
    assert story.refused(PR_LEAD, publish(now(story, statement.id))).reason == "gate"


@pytest.mark.parametrize("key", ["confirmed", "items"])
def test_the_gate_knows_its_twelve_questions_only(story: Story, key: str) -> None:
    statement = now(story)
    if key == "confirmed":
        said: Any = publish(statement, confirmed=("all_well",))
        assert story.refused(PR_LEAD, said).reason == "no_gate_item"
    else:
        said = AllowGaps(
            statement="S1", sha256=statement.sha256, items=("all_well",), reason=PublicText("x")
        )
        assert story.refused(COMMANDER, said).reason == "no_gate_item"


# ---------------------------------------------------------------- what must come first


def test_a_recall_notice_waits_for_the_decision_and_an_apology_for_harm_or_a_finding(
    story: Story,
) -> None:
    notice = handed_in(story, draft("recall_notice", text(body="请停止使用该产品。")))
    approved(story, notice.id)
    refusal = story.refused(PR_LEAD, publish(now(story, notice.id)))
    assert (refusal.reason, "No recall is decided." in refusal.sentence) == ("too_early", True)
    letter = handed_in(story, draft("apology", text(body="我们向受伤害的消费者致歉。")))
    approved(story, letter.id)
    assert story.refused(PR_LEAD, publish(now(story, letter.id))).reason == "too_early"
    hurt = RegisterCase(
        outcomes=(Outcome.TREATED,),
        awareness_at=story.now,
        country="CN",
        product="cream",  # type: ignore[arg-type]
    )
    story.did(person(Role.SERVICE_AGENT), hurt)
    story.did(PR_LEAD, publish(now(story, letter.id)))


# ---------------------------------------------------------------- places


@pytest.mark.parametrize(
    ("kind", "author", "place"),
    [
        ("staff", Role.PR_OFFICER, Place.SITE),
        ("consignee_letter", Role.CHANNEL_LEAD, Place.SITE),
        ("management_brief", Role.SCRIBE, Place.PRESS),
        ("holding", Role.PR_OFFICER, Place.TRADE),
    ],
)
def test_a_text_never_goes_where_its_readers_do_not_look(
    story: Story, kind: str, author: Role, place: Place
) -> None:
    statement = handed_in(story, draft(kind, text(body="请停止销售。")), person(author, name="a"))
    approved(story, statement.id)
    events = story.does(PR_LEAD, publish(now(story, statement.id), place))
    assert events[0].reason in ("wrong_place", "too_early")


def test_every_kind_of_the_plan_has_places_and_what_staff_reads_stays_inside(story: Story) -> None:
    for kind, row in story.incident.rules.plan.statements.items():
        if row.as_original:
            continue
        assert usual_places(row.audience), kind
        assert set(usual_places(row.audience)) <= set(places_of(row.audience))
        assert Place.SOCIAL not in usual_places(row.audience)
    assert usual_places(story.incident.rules.plan.statement("qa").audience) == (Place.STAFF,)


# ---------------------------------------------------------------- by hand


def by_hand(text_seen: str, place: Place = Place.PRESS) -> ConfirmPublishedByHand:
    return ConfirmPublishedByHand(
        statement="S1", place=place, link="https://example.com/1", text_seen=PublicText(text_seen)
    )


def handed_over(story: Story) -> Any:
    story.did(PR_LEAD, publish(now(story), "press"))
    story.did(PERFORMER, placed(now(story), "press"))
    return now(story)


@pytest.mark.parametrize(
    "seen",
    ["我们已停止销售，正在调查。", "关于面霜的首次回应\n\n我们已停止销售，\n正在调查。 "],
    ids=["body", "with headline, other line ends"],
)
def test_what_a_person_pastes_is_compared_with_what_was_approved(story: Story, seen: str) -> None:
    assert handed_over(story).status == "publishing"
    (event,) = story.did(AUTHOR, by_hand(seen))
    assert (event.by_hand, event.languages, len(event.seen_sha256)) == (True, ("zh-CN",), 64)
    assert (now(story).status, now(story).places["press"].state) == ("published", "published")


def test_another_text_at_the_place_is_on_the_record_and_not_published(story: Story) -> None:
    handed_over(story)
    (event,) = story.did(AUTHOR, by_hand("我们已停止销售，绝对安全。"))
    assert event.differs
    assert now(story).places["press"].state == "failed"
    story.did(AUTHOR, by_hand("我们已停止销售，正在调查。"))
    assert now(story).places["press"].state == "published"


def test_what_was_seen_at_a_place_is_gone_once_something_else_stands_there() -> None:
    story = Story()
    story.accepted(SERIOUS)
    handed_in(story, draft("holding", text(), text("en"), markets=("CN", "US")))
    approved(story)
    handed_over(story)
    for seen, shown in [
        (text("en").body, ("en",)),
        ("我们已停止销售，绝对安全。", ()),
        (text().body, ("zh-CN",)),
        (text("en").body, ("en", "zh-CN")),
    ]:
        story.did(AUTHOR, by_hand(seen))
        assert now(story).places["press"].languages == shown


def bilingual() -> Story:
    """A text in two languages, handed over to the press."""
    story = Story()
    story.accepted(SERIOUS)
    handed_in(story, draft("holding", text(), text("en"), markets=("CN", "US")))
    approved(story)
    handed_over(story)
    return story


def asked_to_look(story: Story) -> list[str]:
    """What the next steps say of a text that somebody brought to a place."""
    steps = next_steps(story.incident)
    return [step.title for step in steps if step.act == "confirm_published_by_hand"]


@pytest.mark.parametrize(
    ("pasted", "languages"),
    [
        pytest.param(("{en}", "{zh}"), ("en", "zh-CN"), id="one below the other"),
        pytest.param(("{zh}", "{en}", "{zh}"), ("zh-CN", "en"), id="one of them twice"),
        pytest.param(("{en}", "Buy now."), None, id="with other words"),
        pytest.param(("",), None, id="nothing but spaces"),
    ],
)
def test_several_languages_may_be_pasted_at_once(
    pasted: tuple[str, ...], languages: tuple[str, ...] | None
) -> None:
    story = bilingual()
    seen = "\n\n".join(pasted).format(en=text("en").body, zh=f"{text().title}\n{text().body}")
    (event,) = story.did(AUTHOR, by_hand(seen or " "))
    assert getattr(event, "languages", None) == languages
    assert (now(story).places["press"].state == "published") is bool(languages)
    assert bool(asked_to_look(story)) is not bool(languages)


def test_languages_that_nobody_saw_at_a_place_are_asked_for_until_somebody_says_why_not() -> None:
    story = bilingual()
    story.did(AUTHOR, by_hand(text("en").body))
    assert asked_to_look(story) == [
        "S1 stands at a place where nobody has seen these languages: Chinese"
    ]
    lacking = "text S1 stands where nobody saw these languages of it: Chinese"
    assert lacking in left_at_end(story.incident)
    assert story.refused(AUTHOR, by_hand(text("en").body)).reason == "stands_already"
    story.did(AUTHOR, replace(by_hand(text("en").body), rest_not_meant=True))
    assert asked_to_look(story) == []
    assert lacking not in left_at_end(story.incident)
    assert now(story).places["press"].languages == ("en",)


def test_nobody_confirms_by_hand_what_was_not_handed_over_or_what_the_publisher_reads(
    story: Story,
) -> None:
    assert story.refused(AUTHOR, by_hand("x")).reason == "not_handed_over"
    out(story)
    assert story.refused(AUTHOR, by_hand("x", Place.SITE)).reason == "not_handed_over"


# ---------------------------------------------------------------- correcting, retracting


def correction(said: DraftStatement, **more: Any) -> CorrectStatement:
    made: CorrectStatement = like(
        said, CorrectStatement, statement="S1", what_was_wrong=PublicText("批号有误"), **more
    )
    return made


RIGHT = draft("holding", text(body="更正：受影响批号为 L2，此前误写为 L1。"))


def test_a_correction_takes_the_roles_and_the_reach_of_the_original_and_both_stay(
    story: Story,
) -> None:
    out(story)
    story.did(AUTHOR, correction(RIGHT))
    new = now(story, "S2")
    assert (new.kind, new.about, new.relation, new.why) == (
        "correction",
        "S1",
        "corrects",
        "批号有误",
    )
    assert new.wrong_since == now(story).published_at
    story.did(AUTHOR, AskForReview(statement="S2", sha256=new.sha256))
    assert [slot.key for slot in now(story, "S2").slots] == [slot.key for slot in now(story).slots]
    approved(story, "S2")
    assert story.refused(PR_LEAD, publish(now(story, "S2"), "press")).reason == "smaller_reach"
    (event,) = story.did(PR_LEAD, publish(now(story, "S2")))
    assert "site" in event.places
    assert now(story).status == "published"
    events = story.did(PERFORMER, placed(now(story, "S2"), *event.places))
    (changed,) = [e for e in events if type(e).__name__ == "StatementChanged"]
    assert (changed.statement, changed.change, changed.by_statement) == ("S1", "corrected", "S2")
    assert (now(story).status, now(story).changed_by) == ("corrected", ("S2",))
    assert now(story).places["site"].state == "published"
    assert now(story).texts == (text(),)


def test_a_retraction_and_a_newer_text_change_the_old_one_too(story: Story) -> None:
    out(story)
    newer = like(draft(), SupersedeStatement, statement="S1", reason=PublicText("有新的情况"))
    story.did(AUTHOR, newer)
    story.did(AUTHOR, AskForReview(statement="S2", sha256=now(story, "S2").sha256))
    approved(story, "S2")
    out(story, "S2", "site")
    assert (now(story).status, now(story, "S2").kind) == ("superseded", "holding")
    back = like(draft(), RetractStatement, statement="S2", reason=PublicText("全文有误"))
    story.did(AUTHOR, back)
    story.did(AUTHOR, AskForReview(statement="S3", sha256=now(story, "S3").sha256))
    approved(story, "S3")
    out(story, "S3", "site")
    assert now(story, "S2").status == "retracted"
    late = like(RIGHT, CorrectStatement, statement="S2", what_was_wrong=PublicText("x"))
    assert story.refused(AUTHOR, late).reason == "wrong_status"


def test_a_correction_of_a_correction_is_approved_like_the_first_text(story: Story) -> None:
    out(story)
    story.did(AUTHOR, correction(RIGHT))
    story.did(AUTHOR, AskForReview(statement="S2", sha256=now(story, "S2").sha256))
    approved(story, "S2")
    out(story, "S2", "site")
    again = like(RIGHT, CorrectStatement, statement="S2", what_was_wrong=PublicText("仍有误"))
    story.did(AUTHOR, again)
    story.did(AUTHOR, AskForReview(statement="S3", sha256=now(story, "S3").sha256))
    assert [s.roles for s in now(story, "S3").slots] == [s.roles for s in now(story).slots]


def test_only_what_is_out_can_be_corrected_and_not_twice_at_once(story: Story) -> None:
    assert story.refused(AUTHOR, correction(RIGHT)).reason == "wrong_status"
    out(story)
    story.did(AUTHOR, correction(RIGHT))
    assert story.refused(AUTHOR, correction(RIGHT)).reason == "on_its_way"


def test_a_flag_starts_the_time_for_a_correction_until_it_is_out_or_the_text_is_right(
    story: Story,
) -> None:
    out(story)
    story.did(
        person(Role.SERVICE_AGENT), FlagStatement(statement="S1", what=PublicText("批号错了"))
    )
    due = story.due("statement:correction:correct:S1")
    assert due is not None
    assert (due.act, due.item) == ("correct_statement", "S1")
    assert (due.due_at - due.start_at).total_seconds() == 4 * 3600
    author_and_lead = person(Role.PR_LEAD, name="author")
    clear = ClearFlag(statement="S1", reason=PublicText("批号无误"))
    assert story.refused(author_and_lead, clear).reason == "author"
    story.did(LEGAL, clear)
    assert story.due("statement:correction") is None
    assert story.refused(LEGAL, clear).reason == "not_flagged"


def test_publishing_commands_name_texts_that_exist(story: Story) -> None:
    said = PublishStatement(statement="S9", sha256="0" * 64)
    assert story.refused(PR_LEAD, said).reason == "no_statement"


def test_who_first_found_other_words_there_confirms_the_right_ones_later(story: Story) -> None:
    words = handed_over(story).texts[0].body
    story.did(PR_LEAD, by_hand("Something else."))
    assert (now(story).status, now(story).places["press"].state) == ("approved", "failed")
    story.did(PR_LEAD, by_hand(words))
    assert (now(story).status, now(story).places["press"].state) == ("published", "published")
    assert story.refused(PR_LEAD, by_hand(words)).reason == "stands_already"


def test_an_outlet_that_did_not_take_a_text_is_named_to_those_who_watch(story: Story) -> None:
    handed_in(story)
    statement = approved(story)
    story.did(PR_LEAD, publish(statement, "press"))
    went = Placed(
        place="press", link="", read_back="", error="",
        sent_to=("The newsroom",), not_sent_to=("Press list",),
    )  # fmt: skip
    report = ReportPublication(statement="S1", version=1, places=(went,))
    (handed,) = story.did(PERFORMER, report)
    place = now(story).places["press"]
    assert (place.state, place.sent_to, place.not_sent_to) == (
        "handed_over", ("The newsroom",), ("Press list",),
    )  # fmt: skip
    mark = read_entry(story.leaves[-1]).mark()
    told = {effect.body["kind"] for effect in effects(story.incident, handed, mark)}
    assert told == {"publish_by_hand", "publication_failed"}


def looked_at(seen: str) -> ConfirmPublishedByHand:
    """What a person pastes of a news site."""
    link = "https://news.example/1"
    return ConfirmPublishedByHand(
        statement="S1", place=Place.PRESS, link=link, text_seen=PublicText(seen)
    )


def test_other_words_that_stand_somewhere_are_kept_until_the_right_ones_do(story: Story) -> None:
    handed_in(story)
    statement = approved(story)
    story.did(PR_LEAD, publish(statement, "press"))
    story.did(PERFORMER, placed(statement, "press"))
    wrong = statement.texts[0].body.replace("正在调查", "没有问题")
    story.did(PR_LEAD, looked_at(wrong))
    assert (now(story).places["press"].state, now(story).places["press"].stood) == ("failed", wrong)
    story.did(PR_LEAD, looked_at(statement.texts[0].body))
    assert (now(story).places["press"].state, now(story).places["press"].stood) == ("published", "")


def test_of_a_flood_of_foreign_words_only_the_beginning_is_kept(story: Story) -> None:
    handed_in(story)
    statement = approved(story)
    story.did(PR_LEAD, publish(statement, "press"))
    story.did(PERFORMER, placed(statement, "press"))
    story.did(PR_LEAD, looked_at("词" * 19_000))
    assert len(now(story).places["press"].stood) == 6_000
