"""The one agreed line is one, whether it was set by itself or agreed in a meeting."""

from dataclasses import replace

import pytest

from domain.agreed import agreed_line, do_not_say_in, line_in, own_language_of, speaker_in
from domain.enquiries import SetAgreedLine
from domain.meetings import HoldMeeting, MeetingKind
from domain.next_steps import next_steps
from domain.people import Role
from domain.state.statement import Status
from domain.statement import StatementDrafted
from domain.statement_approval import AskForReview
from domain.statement_text import LineWords
from domain.values import PersonId, PublicText
from tests.domain.story import Story, person
from tests.domain.test_publishing import out
from tests.domain.texts import AUTHOR, approved, draft, handed_in, now, text

SPEAKER, CHIEF = person(Role.PR_LEAD), person(Role.INCIDENT_COMMANDER)


def met(story: Story, line: str = "") -> None:
    story.did(
        CHIEF,
        HoldMeeting(
            kind=MeetingKind.SITUATION,
            started_at=story.now,
            ended_at=story.now,
            attendees=(PersonId("pr_lead"),),
            agreed_line=PublicText(line),
        ),
    )


def said(story: Story) -> tuple[str, ...]:
    line = agreed_line(story.incident)
    return line.messages if line else ()


def test_the_line_agreed_last_stands() -> None:
    story = Story()
    story.accepted()
    assert agreed_line(story.incident) is None
    met(story, "We look into it.")
    assert said(story) == ("We look into it.",)
    story.later(minutes=5)
    never = (PublicText("harmless"),)
    line = SetAgreedLine(messages=(PublicText("We take it back."),), do_not_say=never)
    story.did(SPEAKER, line)
    assert said(story) == ("We take it back.",)
    story.later(minutes=5)
    met(story)
    assert said(story) == ("We take it back.",), "a meeting without a line leaves it"
    met(story, "We pay, too.")
    found = agreed_line(story.incident)
    assert found is not None
    assert (found.messages, found.do_not_say, found.by) == (("We pay, too.",), never, "")


def in_both(said: str, spokesperson: str = "Xia Zhi", *words: LineWords) -> SetAgreedLine:
    never = (PublicText("harmless"), PublicText("绝对安全"))
    return SetAgreedLine(
        messages=(PublicText(said),),
        do_not_say=never,
        spokesperson=spokesperson,
        said_in=words,
        own_language="en",
    )


CHINESE = LineWords(language="zh-CN", value=PublicText("我们正在核实。"), spokesperson="夏知")


def test_the_line_is_told_in_no_language_but_its_own() -> None:
    story = Story()
    story.accepted()
    story.did(SPEAKER, replace(in_both("We look into it."), own_language=""))
    nobodys = agreed_line(story.incident)
    assert (line_in(nobodys, "en"), line_in(nobodys, "de")) == ("", ""), "nobody said which"
    story.did(SPEAKER, in_both("We look into every single report."))
    line = agreed_line(story.incident)
    assert nobodys is not None
    assert line is not None
    assert (own_language_of(nobodys), own_language_of(line)) == ("", "en")
    assert line_in(line, "en") == "We look into every single report."
    assert (line_in(line, "zh-CN"), speaker_in(line, "zh-CN")) == ("", "Xia Zhi")
    assert do_not_say_in(line, "en") == ("harmless",)
    story.did(SPEAKER, in_both("We look into every single report.", "Xia Zhi", CHINESE))
    line = agreed_line(story.incident)
    assert (line_in(line, "zh"), speaker_in(line, "zh")) == ("我们正在核实。", "夏知")
    twice = story.refused(SPEAKER, in_both("We look into it.", "", CHINESE, CHINESE))
    assert twice.reason == "bad_language"


def asked_for(story: Story) -> list[str]:
    return [one.title for one in next_steps(story.incident) if one.act == "set_agreed_line"]


def test_a_text_that_waits_for_the_line_in_a_language_asks_for_it_and_says_so() -> None:
    story = Story()
    story.accepted()
    assert asked_for(story) == []
    told = "{{line|the agreed line}}"
    story.did(AUTHOR, draft("holding", text(body=f"{told}"), text("en", body=told)))
    assert asked_for(story)[0].endswith(": Chinese, English")
    story.did(SPEAKER, in_both("We look into every single report."))
    assert asked_for(story)[0].endswith(": Chinese")
    refused = story.refused(AUTHOR, AskForReview(statement="S1", sha256=now(story).sha256))
    assert refused.sentence.endswith("nobody has said in these languages: Chinese.")
    story.did(SPEAKER, in_both("We look into every single report.", "", CHINESE))
    assert asked_for(story) == []


def line(*messages: str, language: str = "en", said: tuple[LineWords, ...] = ()) -> SetAgreedLine:
    words = tuple(map(PublicText, messages))
    return SetAgreedLine(messages=words, own_language=language, said_in=said)


REGIONAL = LineWords(language="zh-TW", value=PublicText("我們正在查證中。"))


@pytest.mark.parametrize(
    ("set_", "language", "told"),
    [
        pytest.param(
            line("We recall Dew Cream (晨露霜).", "Please stop using it."),
            "zh-CN",
            "",
            id="an-english-line-that-names-a-chinese-brand-in-two-sentences",
        ),
        pytest.param(
            line("我们正在核实。", language="zh-CN", said=(REGIONAL,)),
            "zh-CN",
            "我们正在核实。",
            id="the-words-of-the-very-region",
        ),
        pytest.param(
            line("我们正在核实。", language="zh-CN", said=(REGIONAL,)),
            "zh-TW",
            "我們正在查證中。",
            id="the-words-of-the-other-region",
        ),
        pytest.param(
            line("我们正在核实。", language="zh-CN", said=(REGIONAL,)),
            "zh",
            "我们正在核实。",
            id="no-region-asked-for",
        ),
    ],
)
def test_a_line_is_told_in_the_words_of_the_language(
    set_: SetAgreedLine, language: str, told: str
) -> None:
    story = Story()
    story.accepted()
    story.did(SPEAKER, set_)
    assert line_in(agreed_line(story.incident), language) == told


@pytest.mark.parametrize(
    ("set_", "reason"),
    [
        pytest.param(line("We look into it. " * 120), "too_long", id="longer-than-can-be-said"),
        pytest.param(line(*["We look into it."] * 120), "too_long", id="too-many-sentences"),
        pytest.param(line("我们正在核实。"), "other_language", id="chinese-words-called-english"),
        pytest.param(
            line("We look into it.", language="zh-CN"),
            "other_language",
            id="english-called-chinese",
        ),
        pytest.param(line("We sold {{units_sold}} jars."), "refers", id="it-refers-to-a-fact"),
        pytest.param(line("  "), "refused", id="blank"),
    ],
)
def test_a_line_that_nobody_could_say_is_refused(set_: SetAgreedLine, reason: str) -> None:
    story = Story()
    story.accepted()
    assert story.refused(SPEAKER, set_).reason == reason
    assert agreed_line(story.incident) is None


FIRST = in_both("We look into every single report.", "Xia Zhi", CHINESE)
NEW = in_both("We take it back.", "Xia Zhi", replace(CHINESE, value=PublicText("我们召回。")))
TELLING = draft("holding", text(body="口径：{{line}}"), text("en", body="We say: {{line}}"))


def bodies(story: Story) -> dict[str, str]:
    return {one.language: one.body for one in now(story).texts}


def telling(stands: Status) -> Story:
    """Have a text that tells the line in two languages, and stands so."""
    story = Story()
    story.accepted()
    story.did(SPEAKER, FIRST)
    story.did(AUTHOR, TELLING) if stands is Status.DRAFT else handed_in(story, TELLING)
    if stands is Status.APPROVED:
        approved(story)
    assert now(story).status is stands
    assert bodies(story) == {
        "zh-CN": "口径：我们正在核实。",
        "en": "We say: We look into every single report.",
    }
    return story


@pytest.mark.parametrize("stands", [Status.DRAFT, Status.IN_REVIEW, Status.APPROVED])
def test_a_text_on_its_way_follows_the_line(stands: Status) -> None:
    story = telling(stands)
    events = story.did(SPEAKER, NEW)
    (made,) = [one for one in events if isinstance(one, StatementDrafted)]
    assert (made.because, bool(made.again)) == (("line",), stands is not Status.DRAFT)
    assert bodies(story) == {"zh-CN": "口径：我们召回。", "en": "We say: We take it back."}
    assert (now(story).status, now(story).approvals) == (Status.DRAFT, ())
    same = story.did(SPEAKER, replace(NEW, do_not_say=()))
    assert not [one for one in same if isinstance(one, StatementDrafted)]


def test_a_line_that_a_meeting_agrees_leaves_a_gap_where_it_is_not_said() -> None:
    story = telling(Status.IN_REVIEW)
    story.later(minutes=5)
    met(story)
    assert now(story).status is Status.IN_REVIEW, "a meeting without a line leaves it"
    met(story, "We take back every single one of the lots.")
    assert bodies(story)["en"] == "We say: We take back every single one of the lots."
    assert "核实" not in bodies(story)["zh-CN"]
    assert now(story).status is Status.DRAFT
    assert asked_for(story)[0].endswith(": Chinese")


def test_a_text_that_is_out_told_the_line_of_its_day() -> None:
    story = telling(Status.APPROVED)
    out(story)
    story.did(SPEAKER, NEW)
    assert (now(story).status, now(story).flags) == (Status.PUBLISHED, ())


@pytest.mark.parametrize(
    ("body", "helps"),
    [
        ("电话：{{hotline}}", "send it as it stands: it takes in what is known now."),
        ("电话：【待填：热线】", "fill in what is open or take it out."),
        ("个别现象。", "let legal override the finding"),
    ],
    ids=["a place that waits", "a gap that was typed", "words"],
)
def test_who_hands_in_what_a_rule_blocks_is_told_what_helps(body: str, helps: str) -> None:
    story = Story()
    story.accepted()
    story.did(AUTHOR, draft("holding", text(body=body)))
    refused = story.refused(AUTHOR, AskForReview(statement="S1", sha256=now(story).sha256))
    assert refused.reason == "wording_blocked"
    assert helps in refused.hint
    (mend,) = (one for one in next_steps(story.incident) if one.act == "revise_statement")
    assert len(mend.roles) == len(set(mend.roles))
