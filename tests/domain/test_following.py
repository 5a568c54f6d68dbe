"""Stage `statement`: texts refer to facts, and follow them when they move."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.dispatch import Act, Effect
from domain.errors import Refused
from domain.fact_values import SaidIn, ValueKind, kept_of, kept_value, value_of
from domain.facts import DisputeFact, FactWords, RecordFact, RetractFact, VerifyFact
from domain.incident import effects, mark_for
from domain.ledger import read_entry
from domain.people import PERFORMER, Role
from domain.recall_scope import SetScope, WidenScope
from domain.references import REFERENCE, UNBOUND, Clock, fact_in, filled, references
from domain.state.statement import Status
from domain.statement import ReviseStatement, StatementDrafted
from domain.statement_approval import ApproveStatement, AskForReview
from domain.statement_change import (
    ClearFlag,
    CorrectStatement,
    DraftCorrection,
    FlagStatement,
    RetractStatement,
    StatementFlagged,
    SupersedeStatement,
    awaiting_correction,
)
from domain.statement_gate import FactFault, fact_faults
from domain.statement_text import QuotedFact, Rendition, facts_hash
from domain.values import PublicText
from domain.wording import MOST
from tests.domain.recalls import lot, scope
from tests.domain.story import SERIOUS, Story, person
from tests.domain.test_publishing import out
from tests.domain.texts import (
    AUTHOR,
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
    text,
)

QUALITY = person(Role.QUALITY, name="quality")
QSR = person(Role.QUALITY_SAFETY_RESPONSIBLE, name="qsr")
BEIJING = timezone(timedelta(hours=8))
CLOCK = Clock(here=lambda at: at.astimezone(BEIJING), zone="Asia/Shanghai")
MOMENTS = st.integers(-2_000_000_000, 7_000_000_000).map(
    lambda seconds: datetime.fromtimestamp(seconds, UTC)
)
AS_OF = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


@pytest.fixture
def story() -> Story:
    """A serious incident, accepted."""
    told = Story()
    told.accepted(SERIOUS)
    return told


def records(story: Story, value: str = "1200", *, verified: bool = True, **more: object) -> None:
    """Let quality record how many units were sold, and the QSR verify it."""
    said = {"key": "units_sold", "kind": ValueKind.NUMBER, **more}
    story.did(QUALITY, RecordFact(value=PublicText(value), as_of=story.now, **said))  # type: ignore[arg-type]
    if verified:
        story.did(QSR, VerifyFact(key=str(said["key"])))


def telling(*bodies: str) -> tuple[Rendition, ...]:
    """One text in Chinese, and one in English where there are two bodies."""
    return tuple(
        text(language, body) for language, body in zip(("zh-CN", "en"), bodies, strict=False)
    )


SOLD = telling("已售出 {{units_sold}} 件。", "{{ units_sold }} units were sold.")


def quoted(kind: ValueKind, value: str, *said_in: SaidIn, status: str = "verified") -> QuotedFact:
    """A fact as a text quotes it."""
    return QuotedFact(
        key="it", value=PublicText(value), unit="", status=status, version=1, as_of=AS_OF,
        kind=kind, said_in=said_in,
    )  # fmt: skip


# ---------------------------------------------------------------- what a fact is


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        (ValueKind.NUMBER, "12,480", "12480"),
        (ValueKind.NUMBER, "12 480", "12480"),
        (ValueKind.NUMBER, "007", "7"),
        (ValueKind.DAY, " 2026-03-02 ", "2026-03-02"),
        (ValueKind.MOMENT, "2026-03-02T09:30+08:00", "2026-03-02T01:30:00+00:00"),
        (ValueKind.ROW, "A1、A2, A3\nA4", "A1\nA2\nA3\nA4"),
        (ValueKind.POINTS, "One, two.\n\n Three. ", "One, two.\nThree."),
        (ValueKind.PHONE, "+86 800 820 0000", "+86 800 820 0000"),
        (ValueKind.LINK, "https://example.com/recalls", "https://example.com/recalls"),
        (ValueKind.TEXT, " redness ", "redness"),
    ],
)
def test_what_is_typed_is_kept_in_one_form(kind: ValueKind, typed: str, kept: str) -> None:
    assert kept_value(kind, typed) == kept
    assert kept_value(kind, kept) == kept


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        (ValueKind.MOMENT, "0001-01-01T00:00+08:00"),
        (ValueKind.MOMENT, "9999-12-31T20:00+00:00"),
        (ValueKind.NUMBER, "about 1200"),
        (ValueKind.NUMBER, "-3"),
        (ValueKind.NUMBER, "1.5"),
        (ValueKind.NUMBER, "9" * 16),
        (ValueKind.DAY, "2 March"),
        (ValueKind.DAY, "2026-02-30"),
        (ValueKind.MOMENT, "2026-03-02T09:30"),
        (ValueKind.PHONE, "call us"),
        (ValueKind.LINK, "javascript:alert(1)"),
        (ValueKind.LINK, "https://a.b/\"onload='x'"),
    ],
)
def test_what_is_no_value_of_its_kind_is_refused_with_how_to_write_it(
    kind: ValueKind, typed: str
) -> None:
    with pytest.raises(Refused) as refused:
        kept_value(kind, typed)
    assert "such as" in refused.value.hint


@pytest.mark.parametrize(
    ("kind", "kept", "chinese", "english", "german"),
    [
        (ValueKind.NUMBER, "12480", "12,480", "12,480", "12.480"),
        (ValueKind.DAY, "2026-03-02", "2026年3月2日", "2 March 2026", "2. März 2026"),
        (ValueKind.MOMENT, "2026-03-02T01:30:00+00:00", "2026年3月2日9时30分（北京时间）",
         "09:30 Beijing time, 2 March 2026", "2. März 2026, 09:30 Uhr (Pekinger Zeit)"),
        (ValueKind.ROW, "A1\nA2", "A1、A2", "A1, A2", "A1, A2"),
        (ValueKind.NUMBER, "about 12", "about 12", "about 12", "about 12"),
    ],
)  # fmt: skip
def test_one_kept_value_is_written_as_each_language_writes_it(
    kind: ValueKind, kept: str, chinese: str, english: str, german: str
) -> None:
    fact = quoted(kind, kept)
    said = [fact_in(language, fact, CLOCK) for language in ("zh-CN", "en", "de")]
    assert said == [chinese, english, german]


def test_words_are_said_in_the_language_of_the_text_where_somebody_wrote_them() -> None:
    fact = quoted(ValueKind.TEXT, "红肿", SaidIn(language="en", value=PublicText("redness")))
    assert [fact_in(each, fact, CLOCK) for each in ("zh-CN", "en", "en-US")] == [
        "红肿",
        "redness",
        "redness",
    ]


@given(st.one_of(st.integers(0, 10**12), st.dates(), MOMENTS))
def test_a_value_is_the_same_after_it_was_kept(value: int | date | datetime) -> None:
    kind = {int: ValueKind.NUMBER, date: ValueKind.DAY, datetime: ValueKind.MOMENT}[type(value)]
    assert value_of(kind, kept_of(value), lambda at: at) == value
    assert kept_value(kind, kept_of(value)) == kept_of(value)


# ---------------------------------------------------------------- writing facts in


@given(st.text(max_size=60), st.text(max_size=60))
def test_what_is_no_reference_stays_as_it_was_typed(before: str, after: str) -> None:
    typed = f"{before}{{{{ it }}}}{after}"
    if references([Rendition(language="en", title=PublicText("T"), body=PublicText(typed))]) != (
        "it",
    ):
        return  # the text around it made another reference
    source = Rendition(language="en", title=PublicText("T"), body=PublicText(typed))
    fact = quoted(ValueKind.NAME, "X")
    assert filled(source, {"it": fact}, CLOCK).text.body == f"{before}X{after}"


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("verified", "1,200 units"),
        ("listed", "1,200 units"),
        ("reported", "1,200 (preliminary) units"),
        ("disputed", "[to fill in: it] units"),
        ("retracted", "[to fill in: it] units"),
    ],
)
def test_only_what_is_verified_is_written_without_a_mark(status: str, said: str) -> None:
    source = Rendition(language="en", title=PublicText("T"), body=PublicText("{{it}} units"))
    facts = {"it": quoted(ValueKind.NUMBER, "1200", status=status)}
    assert filled(source, facts, CLOCK).text.body == said


def test_a_value_that_looks_like_a_reference_is_only_words() -> None:
    source = Rendition(language="en", title=PublicText("T"), body=PublicText("{{it}}"))
    facts = {"it": quoted(ValueKind.NAME, "{{it}} {% raw %} {{other}}")}
    assert filled(source, facts, CLOCK).text.body == "{{it}} {% raw %} {{other}}"


@pytest.mark.parametrize(
    ("body", "figures"),
    [
        ("Lot {{it}} only.", []),
        ("Lot A2602 and {{it}}.", ["A2602"]),
        ("1. Stop using it.\n2. Keep it.", []),
        ("Call 400-820-0000 or +86 21 5555.", ["400-820-0000", "+86", "21", "5555"]),
        ("Regulation (EU) 2023/988 asks for it.", []),
        ("已售出 1,200 件，2026年3月2日起。", ["1,200", "2026", "3", "2"]),
        ("No figure at all.", []),
    ],
)
def test_figures_that_no_fact_stands_behind_are_pointed_out(body: str, figures: list[str]) -> None:
    source = Rendition(language="en", title=PublicText("T"), body=PublicText(body))
    found = filled(source, {"it": quoted(ValueKind.ROW, "B9")}, CLOCK)
    assert [one.matched for one in found.unbound] == figures
    assert {one.rule for one in found.unbound} <= {UNBOUND}
    for one in found.unbound:
        assert found.text.body[one.start : one.end] == one.matched


# ---------------------------------------------------------------- drafts follow


def test_a_text_holds_the_value_in_each_language_and_remembers_how_it_was_typed(
    story: Story,
) -> None:
    records(story)
    made: StatementDrafted = story.did(AUTHOR, draft("holding", *SOLD))[0]
    assert [each.body for each in made.texts] == ["已售出 1,200 件。", "1,200 units were sold."]
    assert [each.body for each in made.sources] == [each.body for each in SOLD]
    assert (made.told, [fact.key for fact in made.facts]) == (("units_sold",), ["units_sold"])


def test_a_draft_is_written_again_when_its_fact_moves_and_says_whose_approvals_that_voids(
    story: Story,
) -> None:
    records(story)
    handed_in(story, draft("holding", *SOLD))
    before = approved(story)
    events = story.did(
        QUALITY, RecordFact(key="units_sold", value=PublicText("1450"), as_of=story.now)
    )
    made = next(e for e in events if isinstance(e, StatementDrafted))
    after = now(story)
    assert (made.version, made.because, after.status) == (2, ("units_sold",), "draft")
    assert made.voids == tuple(each.person for each in before.approvals) != ()
    assert after.texts[1].body == "1,450 (preliminary) units were sold."
    assert after.authors == before.authors
    assert "quality" not in after.authors
    assert facts_hash(made.facts) == made.facts_hash != before.facts_hash
    story.did(QSR, VerifyFact(key="units_sold"))
    assert now(story).texts[1].body == "1,450 units were sold."
    assert now(story).version == 3


def test_a_draft_that_does_not_tell_the_fact_stays_as_it_is(story: Story) -> None:
    records(story)
    story.did(AUTHOR, draft("holding", text(body="我们正在调查。")))
    story.did(QUALITY, RecordFact(key="units_sold", value=PublicText("1450"), as_of=story.now))
    assert now(story).version == 1


@pytest.mark.parametrize("act", [DisputeFact, RetractFact])
def test_a_fact_that_does_not_stand_leaves_a_gap_that_nobody_can_approve(
    story: Story, act: type
) -> None:
    records(story)
    handed_in(story, draft("holding", *SOLD))
    story.did(LEGAL, act(key="units_sold", reason=PublicText("Counted twice.")))
    assert now(story).texts[1].body == "[to fill in: units_sold] units were sold."
    assert any(finding.rule != UNBOUND for finding in now(story).findings)


def test_the_same_value_again_makes_no_new_version(story: Story) -> None:
    records(story)
    story.did(AUTHOR, draft("holding", *SOLD))
    records(story)  # reported again, and verified again: a mark that came and went
    assert now(story).texts[0].body == "已售出 1,200 件。"
    assert now(story).version == 3


def test_revising_begins_from_the_words_as_typed(story: Story) -> None:
    records(story)
    story.did(AUTHOR, draft("holding", *SOLD))
    typed = telling("已售出 {{units_sold}} 件，正在收回。", SOLD[1].body)
    said = like(draft("holding", *typed), ReviseStatement, statement="S1", sha256=now(story).sha256)
    story.did(AUTHOR, said)
    assert now(story).texts[0].body == "已售出 1,200 件，正在收回。"
    again = like(
        draft("holding", *typed), ReviseStatement, statement="S1", sha256=now(story).sha256
    )
    assert story.refused(AUTHOR, again).reason == "unchanged"


def test_a_text_that_grows_too_long_with_its_facts_is_refused(story: Story) -> None:
    records(story, "x" * 2000, key="long", kind=ValueKind.NAME)
    refusal = story.refused(AUTHOR, draft("holding", text(body="{{long}} " * 20)))
    assert refusal.reason == "too_long"
    assert not story.incident.statement.statements


def test_a_fact_that_grows_leaves_the_text_for_the_gate(story: Story) -> None:
    records(story, "short", key="long", kind=ValueKind.NAME)
    story.did(AUTHOR, draft("holding", text(body="{{long}} " * 20)))
    records(story, "x" * 2000, key="long", kind=ValueKind.NAME, verified=False)
    assert now(story).version == 1


def test_words_in_other_languages_belong_to_the_fact(story: Story) -> None:
    said = FactWords(language="en", value=PublicText("redness"))
    records(story, "红肿", key="symptoms", kind=ValueKind.TEXT, said_in=(said,))
    story.did(AUTHOR, draft("holding", *telling("症状：{{symptoms}}", "Symptoms: {{symptoms}}")))
    assert [each.body for each in now(story).texts] == ["症状：红肿", "Symptoms: redness"]


@pytest.mark.parametrize("languages", [("EN",), ("en", "en")], ids=["none", "twice"])
def test_words_in_what_is_no_language_are_refused(story: Story, languages: tuple[str, ...]) -> None:
    said = tuple(FactWords(language=each, value=PublicText("redness")) for each in languages)
    told = RecordFact(key="symptoms", value=PublicText("红肿"), as_of=story.now, said_in=said)
    assert story.refused(QUALITY, told).reason == "bad_language"


# ---------------------------------------------------------------- what is out is flagged


@pytest.mark.parametrize(
    "body",
    ["已售出 {{units_sold}} 件。", "已售出 1,200 件。", "已售出 1200 件。"],
    ids=["bound", "typed as it is written", "typed as it is kept"],
)
def test_a_published_text_is_flagged_at_once_when_its_fact_moves(story: Story, body: str) -> None:
    records(story)
    handed_in(story, draft("holding", text(body=body)))
    approved(story)
    out(story)
    events = story.did(
        QUALITY, RecordFact(key="units_sold", value=PublicText("1450"), as_of=story.now)
    )
    flag = next(e for e in events if isinstance(e, StatementFlagged))
    assert (flag.statement, flag.fact, flag.was, flag.now) == ("S1", "units_sold", "1200", "1450")
    assert [each.fact for each in now(story).flags] == ["units_sold"]
    assert now(story).texts[0].body.count("1,200") + now(story).texts[0].body.count("1200") == 1


def test_a_flag_that_somebody_cleared_does_not_come_back_for_the_same_value(story: Story) -> None:
    records(story)
    handed_in(story, draft("holding", *SOLD[:1]))
    approved(story)
    out(story)
    records(story, "1450")
    story.did(PR_LEAD, ClearFlag(statement="S1", reason=PublicText("Both were true in their day.")))
    records(story, "1450")
    assert not now(story).flags
    records(story, "1500")
    assert [flag.now for flag in now(story).flags] == ["1500"]


def test_a_value_that_comes_back_takes_its_flag_with_it_and_flags_anew_when_it_moves(
    story: Story,
) -> None:
    published(story)
    records(story, "1450")
    records(story, "1200")
    assert not now(story).flags
    records(story, "1450")
    assert [flag.now for flag in now(story).flags] == ["1450"]


def test_what_a_person_flagged_stays_when_a_value_comes_back(story: Story) -> None:
    published(story)
    story.did(LEGAL, FlagStatement(statement="S1", what=PublicText("The name is wrong.")))
    records(story, "1450")
    records(story, "1200")
    assert [flag.what for flag in now(story).flags] == ["The name is wrong."]


def test_a_correction_takes_off_only_the_flags_that_its_author_could_know(story: Story) -> None:
    published(story)
    records(story, "1450")
    story.did(PERFORMER, begun(story))
    story.did(LEGAL, FlagStatement(statement="S1", what=PublicText("The name is wrong.")))
    goes_out(story, "S2")
    assert now(story).status is Status.CORRECTED
    assert [flag.what for flag in now(story).flags] == ["The name is wrong."]


def test_once_corrected_the_correction_is_flagged_and_not_the_first_text(story: Story) -> None:
    published(story)
    records(story, "1450")
    story.did(PERFORMER, begun(story))
    goes_out(story, "S2")
    assert not now(story).flags
    records(story, "1500")
    assert not now(story).flags
    assert [flag.now for flag in now(story, "S2").flags] == ["1500"]


def corrects(story: Story, body: str, statement: str = "S1") -> CorrectStatement:
    """A person's correction, in words of their own."""
    made: CorrectStatement = like(
        draft("holding", text(body=body)),
        CorrectStatement,
        statement=statement,
        what_was_wrong=PublicText("A number."),
    )
    return made


@pytest.mark.parametrize(
    "body", ["更正：联系电话写错了。", "更正：涉及 8 家店。"], ids=["other words", "another number"]
)
def test_a_correction_of_something_else_leaves_the_first_text_to_be_flagged(
    story: Story, body: str
) -> None:
    published(story)
    story.did(AUTHOR, corrects(story, body))
    goes_out(story, "S2")
    records(story, "1450")
    assert [flag.now for flag in now(story).flags] == ["1450"]


def test_a_flag_comes_back_when_a_correction_told_something_else(story: Story) -> None:
    published(story)
    records(story, "1450")
    story.did(PERFORMER, begun(story))
    told = revised(now(story, "S2"), text(body="更正：联系电话写错了。"))
    story.did(AUTHOR, replace(told, statement="S2"))
    goes_out(story, "S2")
    assert [flag.now for flag in now(story).flags] == ["1450"]


def test_a_retracted_correction_leaves_the_first_text_flagged(story: Story) -> None:
    published(story)
    records(story, "1450")
    story.did(PERFORMER, begun(story))
    goes_out(story, "S2")
    assert not now(story).flags
    said = like(
        draft("holding", text(body="我们撤回前一则更正。")),
        RetractStatement,
        statement="S2",
        reason=PublicText("It named the wrong lot."),
    )
    story.did(AUTHOR, said)
    goes_out(story, "S3")
    assert now(story, "S2").status is Status.RETRACTED
    assert [flag.now for flag in now(story).flags] == ["1450"]


def test_what_a_person_said_stays_although_the_plan_wrote_the_correction_again(
    story: Story,
) -> None:
    published(story)
    records(story, "1450")
    story.did(PERFORMER, begun(story))
    story.did(LEGAL, FlagStatement(statement="S1", what=PublicText("The name is wrong.")))
    records(story, "1500")
    goes_out(story, "S2")
    assert [flag.what for flag in now(story).flags] == ["The name is wrong."]


def test_a_newer_text_in_place_of_the_correction_answers_for_the_first_one_too(
    story: Story,
) -> None:
    published(story)
    records(story, "1450")
    story.did(PERFORMER, begun(story))
    goes_out(story, "S2")
    newer = like(
        draft("correction", text(body="更正：{{units_sold}} 件，全部已停售。")),
        SupersedeStatement,
        statement="S2",
        reason=PublicText("More is known."),
    )
    story.did(AUTHOR, newer)
    goes_out(story, "S3")
    records(story, "1500")
    assert not now(story).flags
    assert [flag.now for flag in now(story, "S3").flags] == ["1500"]


def test_a_text_that_does_not_tell_the_fact_is_not_flagged(story: Story) -> None:
    records(story, "3")
    handed_in(story, draft("holding", text(body="1. 停止使用。\n2. 保留包装。\n3. 联系我们。")))
    approved(story)
    out(story)
    records(story, "4")
    assert not now(story).flags


def test_what_moved_on_the_way_out_is_flagged_when_it_stands(story: Story) -> None:
    records(story)
    handed_in(story, draft("holding", *SOLD[:1]))
    approved(story)
    story.did(PR_LEAD, publish(now(story), "site"))
    records(story, "1450")
    assert not now(story).flags
    story.did(PERFORMER, placed(now(story), "site"))
    assert [flag.now for flag in now(story).flags] == ["1450"]


# ---------------------------------------------------------------- a correction is begun


def begun(story: Story, statement: str = "S1") -> DraftCorrection:
    """What the performer brings of the template."""
    made: DraftCorrection = like(
        draft("holding", text(body="更正：{{units_sold}} 件。")),
        DraftCorrection,
        statement=statement,
        what_was_wrong=PublicText("The text says 1200; units_sold is now 1450."),
    )
    return made


def asked_for(story: Story, flag: StatementFlagged) -> list[Effect]:
    """What an entry asks of the performer of corrections."""
    act = Act(command_id="k", actor=QUALITY, at=story.now, happened_at=story.now, command=None)
    told = effects(story.incident, flag, mark_for(story.incident, act))
    return [each for each in told if each.name == "draft_corrections"]


def published(story: Story) -> None:
    """Let a text that tells how many were sold stand at the site."""
    records(story)
    handed_in(story, draft("holding", *SOLD[:1]))
    approved(story)
    out(story)


def goes_out(story: Story, statement: str) -> None:
    """Hand a text in, let everybody approve, and let it stand at the site."""
    asked = AskForReview(statement=statement, sha256=now(story, statement).sha256)
    story.did(AUTHOR, asked)
    approved(story, statement)
    out(story, statement)


def test_a_fact_that_moves_asks_for_one_correction_of_each_text(story: Story) -> None:
    published(story)
    told = RecordFact(key="units_sold", value=PublicText("1450"), as_of=story.now)
    flag = next(e for e in story.did(QUALITY, told) if isinstance(e, StatementFlagged))
    asked = asked_for(story, flag)
    assert [e.target for e in asked] == ["S1"]
    assert awaiting_correction(story.incident) == ("S1",)
    made = story.did(PERFORMER, begun(story))[0]
    assert (made.kind, made.about, made.relation) == ("correction", "S1", "corrects")
    assert made.texts[0].body == "更正：1,450（初步） 件。"
    assert made.wrong_since == now(story).published_at
    assert not asked_for(story, flag)


def test_a_correction_is_not_begun_twice_nor_of_what_is_not_out(story: Story) -> None:
    published(story)
    story.did(QUALITY, RecordFact(key="units_sold", value=PublicText("9"), as_of=story.now))
    story.did(PERFORMER, begun(story))
    assert story.does(PERFORMER, begun(story)) == []
    assert story.does(PERFORMER, begun(story, "S9")) == []
    assert list(story.incident.statement.statements) == ["S1", "S2"]


def test_nobody_but_the_performer_begins_a_correction_so(story: Story) -> None:
    published(story)
    assert story.refused(PR_LEAD, begun(story)).reason == "not_allowed"


def test_a_flag_that_a_person_raised_begins_nothing(story: Story) -> None:
    published(story)
    flag = story.did(LEGAL, FlagStatement(statement="S1", what=PublicText("The name is wrong.")))[0]
    assert not asked_for(story, flag)


# ---------------------------------------------------------------- what must never stall an incident


def read_back(story: Story) -> None:
    """Every entry that was written can be read again."""
    for leaf in story.leaves:
        read_entry(leaf)


def test_thousands_of_lots_leave_a_text_readable(story: Story) -> None:
    lots = tuple(lot(f"LOT-{number:08}") for number in range(2500))
    story.did(QUALITY, SetScope(**scope(lots=lots)))
    story.did(AUTHOR, draft("holding", text(body="我们正在调查。")))
    refused = story.refused(AUTHOR, draft("holding", text(body="批号 {{lots}}")))
    assert refused.reason == "too_long"
    read_back(story)


def test_figures_without_end_are_pointed_out_up_to_a_number(story: Story) -> None:
    made = story.did(AUTHOR, draft("holding", text(body="1 " * 6000), text("en", "x 2.5 " * 3000)))[
        0
    ]
    assert len([one for one in made.findings if one.rule == UNBOUND]) == 2 * MOST
    read_back(story)


def test_a_headline_that_grows_too_long_is_refused(story: Story) -> None:
    records(story, "很" * 250, key="long", kind=ValueKind.TEXT)
    said = text(title="关于{{long}}")
    assert story.refused(AUTHOR, draft("holding", said)).reason == "too_long"


def test_a_moment_that_the_calendar_does_not_know_is_told_as_it_is(story: Story) -> None:
    records(story, "2031-01-02T00:00+00:00", key="planned", kind=ValueKind.MOMENT)
    story.did(AUTHOR, draft("holding", text(body="{{planned}}"), markets=("MO",)))
    assert now(story).texts[0].body.startswith("2031-01-02T00:00:00")
    story.did(QSR, RetractFact(key="planned", reason=PublicText("It was a slip.")))
    assert "待填写" in now(story).texts[0].body


def test_a_scope_without_bounds_flags_what_tells_the_lots(story: Story) -> None:
    story.did(QUALITY, SetScope(**scope(lots=(lot("A2602"),))))
    handed_in(story, draft("holding", text(body="涉及 {{lots}}。")))
    approved(story)
    out(story)
    handed_in(story, draft("holding", text(body="批号 {{lots}}。")))
    story.did(QSR, WidenScope(**scope(lots=(), unbounded=True)))
    assert [flag.fact for flag in now(story).flags] == ["lots"]
    assert now(story, "S2").status == "draft"
    assert "待填写" in now(story, "S2").texts[0].body


@pytest.mark.parametrize(
    ("said", "flagged"),
    [
        pytest.param("It was sold in NL, GB and DE.", True, id="and"),
        pytest.param("It was sold in DE, GB, and NL.", True, id="in another order"),
        pytest.param("It was sold in NL/GB/DE.", True, id="slashes"),
        pytest.param("Verkauft in NL, GB und DE.", True, id="German"),
        pytest.param("销往NL、GB和DE。", True, id="Chinese"),
        pytest.param("It was sold in NL and GB.", False, id="not all of them"),
        pytest.param("Groups nl, gb and de were asked.", False, id="other letters"),
        pytest.param("In NL we sell shoes; GB is next. DEPOT.", False, id="no list"),
    ],
)
def test_a_row_is_told_however_its_list_is_written(
    story: Story, said: str, *, flagged: bool
) -> None:
    records(story, "NL\nGB\nDE", key="sold_in", kind=ValueKind.ROW)
    handed_in(story, draft("holding", text(body=said)))
    approved(story)
    out(story)
    records(story, "NL\nGB", key="sold_in", kind=ValueKind.ROW)
    assert [flag.fact for flag in now(story).flags] == ["sold_in"] * flagged


@pytest.mark.parametrize(
    ("language", "said", "flagged"),
    [
        pytest.param("en", "It was sold in Germany and the Netherlands.", True, id="English"),
        pytest.param("zh-CN", "在德国、荷兰销售。", True, id="Chinese"),
        pytest.param("fr", "Vendu en Allemagne et aux Pays-Bas.", True, id="French"),
        pytest.param("en", "It was sold in Germany.", False, id="not all of them"),
    ],
)
def test_markets_are_told_by_their_names(
    story: Story, language: str, said: str, *, flagged: bool
) -> None:
    records(story, "NL\nDE", key="sold_in", kind=ValueKind.ROW)
    told = (
        [text(body=said)] if language == "zh-CN" else [text(body="见公告。"), text(language, said)]
    )
    handed_in(story, draft("holding", *told))
    approved(story)
    out(story)
    records(story, "NL\nDE\nFR", key="sold_in", kind=ValueKind.ROW)
    assert [flag.fact for flag in now(story).flags] == ["sold_in"] * flagged


def test_words_that_changed_in_another_language_flag_too(story: Story) -> None:
    def where(english: str) -> None:
        words = (FactWords(language="en", value=PublicText(english)),)
        records(story, "上海", key="where", kind=ValueKind.TEXT, said_in=words)

    where("Shanghai only")
    handed_in(story, draft("holding", *telling("在{{where}}。", "Sold in {{where}}.")))
    approved(story)
    out(story)
    where("all of China")
    assert [flag.fact for flag in now(story).flags] == ["where"]


def test_disputed_and_then_retracted_are_two_flags(story: Story) -> None:
    published(story)
    story.did(LEGAL, DisputeFact(key="units_sold", reason=PublicText("Counted twice?")))
    story.did(PR_LEAD, ClearFlag(statement="S1", reason=PublicText("It was right.")))
    story.did(LEGAL, RetractFact(key="units_sold", reason=PublicText("Counted twice.")))
    assert len(now(story).flags) == 1


def test_a_disputed_fact_that_is_verified_after_all_leaves_no_flag(story: Story) -> None:
    published(story)
    story.did(LEGAL, DisputeFact(key="units_sold", reason=PublicText("Counted twice?")))
    assert len(now(story).flags) == 1
    story.did(QSR, VerifyFact(key="units_sold"))
    assert not now(story).flags


def test_nobody_approves_their_own_words_by_way_of_a_fact(story: Story) -> None:
    told = RecordFact(key="we_say", value=PublicText("一切正常。"), as_of=story.now)
    story.did(LEGAL, told)
    story.did(QSR, VerifyFact(key="we_say"))
    statement = handed_in(story, draft("holding", text(body="{{we_say}}")))
    said = ApproveStatement(statement="S1", sha256=statement.sha256)
    assert story.refused(LEGAL, said).reason == "author"


@pytest.mark.parametrize(("value", "code"), [("{{hotline}}", "refers"), ("abc \u202e def", None)])
def test_what_a_fact_brings_in_is_looked_at(story: Story, value: str, code: str | None) -> None:
    told = RecordFact(key="it", value=PublicText(value), as_of=story.now, own_language="zh-CN")
    if code:
        assert story.refused(QUALITY, told).reason == code
        return
    story.did(QUALITY, told)
    assert story.refused(AUTHOR, draft("holding", text(body="{{it}}"))).reason == "reading_order"


# ---------------------------------------------------------------- what a reference says of itself


def test_a_gap_says_in_words_what_belongs_there(story: Story) -> None:
    body = "We heard: {{heard|what we heard, in one clause}}."
    story.did(AUTHOR, draft("holding", text("en", body)))
    assert now(story).texts[0].body == "We heard: [to fill in: what we heard, in one clause]."
    said = RecordFact(key="heard", value=PublicText("a rash"), as_of=story.now, own_language="en")
    story.did(QUALITY, said)
    assert now(story).texts[0].body == "We heard: a rash (preliminary)."


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("{{units_sold|" + "x" * 121 + "}}", id="words too long"),
        pytest.param("{{units_sold|}}", id="no words"),
        pytest.param("{{units_sold|a|b}}", id="two bars"),
        pytest.param("{{units_sold|one\ntwo}}", id="over two lines"),
        pytest.param("{{Units}}", id="a capital letter"),
        pytest.param("{{units_sold", id="not closed"),
        pytest.param("units_sold}}", id="not opened"),
    ],
)
def test_braces_that_refer_to_nothing_never_go_out(story: Story, body: str) -> None:
    refusal = story.refused(AUTHOR, draft("holding", text("en", f"Sold: {body}")))
    assert refusal.reason == "broken_reference"
    assert "{{units_sold|units sold}}" in refusal.hint


UNBOUNDED = re.compile(r"(?<!\\)[*+]|\{\d*,\}")
"""A repetition that goes on for as long as the text does."""

OF_ONE_LETTER = re.compile(r"\[[^\]]*\]")
"""A class of letters: what stands in it repeats nothing."""


def test_no_text_makes_looking_for_references_slow() -> None:
    """At each place so many letters are looked at and no more.

    Else one draft of 20,000 blanks would be looked at for minutes, and hold an incident for ever.
    """
    assert all(UNBOUNDED.search(slow) for slow in (r"\s*", "(a|b)+", "a{2,}"))
    assert not UNBOUNDED.search(OF_ONE_LETTER.sub("x", REFERENCE.pattern))


def test_a_reported_fact_that_the_text_marks_as_preliminary_keeps_it_in_no_longer(
    story: Story,
) -> None:
    """Else verifying after the approvals would void all of them, and nothing said so before."""
    records(story, verified=False)
    story.did(AUTHOR, draft("holding", text("en", "We sold {{units_sold}} units.")))
    one = now(story)
    assert "1,200 (preliminary)" in one.texts[0].body
    assert fact_faults(story.incident, one, story.now, None) == ()
    story.did(AUTHOR, draft("holding", text("en", "We sold some."), facts=("units_sold",)))
    named = story.incident.statement.statements["S2"]
    (fault,) = fact_faults(story.incident, named, story.now, None)
    assert fault[1] is FactFault.NOT_VERIFIED, "named beside the text, it bears no mark"
