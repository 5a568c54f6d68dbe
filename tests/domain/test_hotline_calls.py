"""Stage `statement`: a number that a text tells is called before the text goes out."""

from datetime import timedelta

import pytest

from domain.hotline_calls import RecordHotlineCall, digits, last_call, numbers_told
from domain.people import Role
from domain.state.statement import Statement
from domain.statement_approval import AskForReview
from domain.statement_gate import GateAnswer, GateCheck, gate
from domain.statement_text import QuotedFact
from domain.values import PublicText
from tests.domain.story import SERIOUS, Story, person
from tests.domain.texts import AUTHOR, EVERYTHING, allow, draft, now, text

AGENT = person(Role.SERVICE_AGENT, name="agent")
NUMBER = "+86 800 800 5577"


@pytest.fixture
def story() -> Story:
    """A serious incident, accepted."""
    told = Story()
    told.accepted(SERIOUS)
    return told


def telling(story: Story, value: str = NUMBER, kind: str = "holding") -> Statement:
    """A text that tells its readers to call."""
    listed = QuotedFact(
        key="hotline", value=PublicText(value), unit="", status="listed", version=1,
        as_of=story.now,
    )  # fmt: skip
    said = draft(kind, text(body="请拨打 {{hotline}}。"))
    story.did(AUTHOR, said, listed=(listed,))
    return now(story)


def called(number: str = NUMBER, *, answered: bool = True, found: str = "") -> RecordHotlineCall:
    return RecordHotlineCall(
        number=number,
        answered=answered,
        languages=("zh-CN",),
        found=PublicText(found or ("" if answered else "Busy for ten minutes.")),
    )


def phone(story: Story, *, confirmed: bool = False) -> GateCheck:
    """What the gate says of the number."""
    keys = frozenset(EVERYTHING) if confirmed else frozenset[str]()
    checks = gate(story.incident, now(story), story.now, keys)
    return next(check for check in checks if check.key == "phone_answers")


def test_nobody_knows_whether_a_number_is_answered_until_somebody_called(story: Story) -> None:
    assert numbers_told(telling(story)) == (NUMBER,)
    assert phone(story).answer is GateAnswer.GAP
    assert phone(story, confirmed=True).answer is GateAnswer.CONFIRMED


def test_a_call_that_was_answered_answers_the_question_for_a_day(story: Story) -> None:
    telling(story)
    story.did(AGENT, called())
    assert phone(story).answer is GateAnswer.PASSED
    story.later(hours=23)
    assert phone(story).answer is GateAnswer.PASSED
    story.later(hours=2)
    assert phone(story).answer is GateAnswer.GAP


def test_a_number_that_nobody_answered_keeps_the_text_in_whoever_confirms_it(story: Story) -> None:
    telling(story)
    story.did(AGENT, called(answered=False))
    check = phone(story, confirmed=True)
    assert (check.answer, NUMBER in check.note) == (GateAnswer.GAP, True)
    story.did(AGENT, called())
    assert phone(story).answer is GateAnswer.PASSED


def test_each_number_of_a_text_is_called(story: Story) -> None:
    telling(story, f"{NUMBER}（中国）、0800 000 1234（德国）")
    story.did(AGENT, called())
    assert phone(story).answer is GateAnswer.GAP
    story.did(AGENT, called("0800-000-1234"))
    assert phone(story).answer is GateAnswer.PASSED


def test_a_paper_for_staff_needs_no_call(story: Story) -> None:
    telling(story, kind="management_brief")
    assert phone(story).answer is GateAnswer.NOT_NEEDED


def test_the_same_number_is_one_however_it_is_written(story: Story) -> None:
    story.did(AGENT, called("+86 800 800 5577", answered=False))
    story.did(AGENT, called("(86) 800-800-5577"))
    assert len(story.incident.statement.hotline_calls) == 1
    found = last_call(story.incident, "868008005577")
    assert found is not None
    assert found.answered


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (called("hotline"), "no_number"),
        (called("112"), "no_number"),
        (RecordHotlineCall(number=NUMBER, answered=False), "reason_needed"),
    ],
    ids=["a word", "too short", "no answer and no word why"],
)
def test_what_is_no_call_is_refused(story: Story, said: RecordHotlineCall, code: str) -> None:
    refusal = story.refused(AGENT, said)
    assert (refusal.reason, bool(refusal.hint)) == (code, True)


@pytest.mark.parametrize(
    ("written", "dialled"),
    [
        ("+86 (800) 800-5577", "868008005577"),
        ("0086 800 800 5577", "868008005577"),
        ("８００８００５５７７", "8008005577"),
        ("٠٨٠٠ ١٢", "080012"),
        ("", ""),
    ],
    ids=["usual", "00 for plus", "full width", "arabic digits", "nothing"],
)
def test_a_number_as_it_is_dialled(written: str, dialled: str) -> None:
    assert digits(written) == dialled


def test_only_the_last_calls_are_held_and_all_stand_in_the_ledger(story: Story) -> None:
    before = len(story.leaves)
    for number in range(70):
        story.did(AGENT, called(f"0800 000 {number:04}"))
    assert len(story.incident.statement.hotline_calls) == 60
    assert len(story.leaves) == before + 70


def test_a_reader_of_the_record_may_not_call(story: Story) -> None:
    auditor = person(Role.AUDITOR, name="auditor")
    assert story.refused(auditor, called()).reason == "not_allowed"


def test_a_number_typed_by_hand_is_not_answered_for_by_a_call_to_another(story: Story) -> None:
    listed = QuotedFact(
        key="hotline", value=PublicText(NUMBER), unit="", status="listed", version=1,
        as_of=story.now,
    )  # fmt: skip
    said = draft("holding", text(body="请拨打 +86 800 999 0000。"))
    story.did(AUTHOR, said, listed=(listed,))
    story.did(AGENT, called())
    assert numbers_told(now(story)) == ()
    assert phone(story).answer is GateAnswer.GAP


def test_a_call_counts_from_when_it_was_made(story: Story) -> None:
    telling(story)
    three_days_ago = story.now - timedelta(days=3)
    story.later(hours=1)
    story.did(AGENT, called(), happened_at=three_days_ago)
    assert phone(story).answer is GateAnswer.GAP


def test_an_older_call_recorded_later_wipes_no_failure_out(story: Story) -> None:
    telling(story)
    before = story.now
    story.later(hours=2)
    story.did(AGENT, called(answered=False))
    story.did(AGENT, called(), happened_at=before)
    check = phone(story, confirmed=True)
    assert (check.answer, NUMBER in check.note) == (GateAnswer.GAP, True)


@pytest.mark.parametrize("typed", ["800 800 5577", "0800 800 5577", "0086 800 800 5577"])
def test_a_failed_call_counts_however_the_number_was_typed(story: Story, typed: str) -> None:
    telling(story)
    story.did(AGENT, called(typed, answered=False))
    assert phone(story, confirmed=True).answer is GateAnswer.GAP


def test_two_numbers_beside_each_other_are_two(story: Story) -> None:
    telling(story, "800 800 5577 / 021 1234 5678")
    assert len(numbers_told(now(story))) == 2
    story.did(AGENT, called("021 1234 5678", answered=False))
    assert phone(story, confirmed=True).answer is GateAnswer.GAP


def test_calls_to_many_numbers_wipe_no_failure_out(story: Story) -> None:
    telling(story)
    story.did(AGENT, called(answered=False))
    for number in range(70):
        story.did(AGENT, called(f"0800 000 {number:04}"))
    assert phone(story, confirmed=True).answer is GateAnswer.GAP


def test_a_call_that_nobody_answered_after_the_commander_let_the_gap_go_by_is_a_gap_again(
    story: Story,
) -> None:
    telling(story)
    handed = AskForReview(statement="S1", sha256=now(story).sha256)
    story.did(AUTHOR, handed)
    allow(story, "S1", "phone_answers")
    assert phone(story).answer is GateAnswer.ALLOWED  # nobody had called yet
    story.did(AGENT, called(answered=False))
    assert phone(story, confirmed=True).answer is GateAnswer.GAP
    allow(story, "S1", "phone_answers")
    assert phone(story).answer is GateAnswer.ALLOWED  # this call was known
    story.later(hours=1)
    story.did(AGENT, called(answered=False))
    assert phone(story).answer is GateAnswer.GAP
    story.did(AGENT, called())
    assert phone(story).answer is GateAnswer.PASSED
