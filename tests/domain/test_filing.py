"""Filing what a duty asks for: two people, the exact text, late ones, follow-ups."""

import json
from datetime import timedelta
from typing import Any

import pytest

from domain.acts import SignAct
from domain.canonical import sha256_hex
from domain.filing import AttachReceipt, DutyFiled, FileFirst, FileFull
from domain.people import Role
from domain.regulation_terms import DutyStatus, FilingKind
from domain.severity import Outcome
from domain.values import BlobId
from tests.domain.duties import (
    LEGAL,
    REGULATORY,
    by_hand,
    local,
    recalled_in_the_us,
    sent,
    story_of,
    words,
)
from tests.domain.recalls import FILE
from tests.domain.story import START, person

SUE, SAER = "EU-COS-23-SUE", "US-MOCRA-SAER"
ADR = "CN-ADR-SERIOUS"


# ---------------------------------------------------------------- filing


def test_a_first_report_takes_two_people_and_is_kept_word_for_word() -> None:
    story = story_of("CN", Outcome.HOSPITALISED)
    duty = story.duty(ADR)
    story.did(REGULATORY, FileFirst(**sent(story, duty)))
    assert story.duty(ADR).status is DutyStatus.OPEN
    [filed] = [e for e in story.signed(LEGAL) if isinstance(e, DutyFiled)]
    assert story.duty(ADR).status is DutyStatus.FILED
    assert filed.sha256 == sha256_hex(filed.text.encode())
    assert (filed.kind, filed.late, filed.receipt) == (FilingKind.INITIAL, False, "No. 2026-17")
    assert [s.person for s in filed.signers] == ["regulatory_affairs", "legal"]
    entry = json.loads(story.leaves[-1])
    assert entry["signature"] == {"meaning": filed.signed_meaning, "hash": filed.sha256}


def test_the_hash_of_an_attached_form_is_the_form_s_own() -> None:
    story = story_of("CN", Outcome.HOSPITALISED)
    form = {**sent(story, story.duty(ADR)), "document": FILE, "text": words("")}
    story.did(REGULATORY, FileFirst(**form))
    [filed] = [e for e in story.signed(LEGAL) if isinstance(e, DutyFiled)]
    assert (filed.sha256, filed.signed_hash) == (FILE, FILE)


def test_a_closed_form_is_signed_by_its_clear_bytes() -> None:
    story = story_of("CN", Outcome.HOSPITALISED)
    clear, receipt = "b" * 64, "c" * 64
    files = {"document": FILE, "content_sha256": clear, "receipt_document": FILE,
             "receipt_sha256": receipt, "text": words("")}  # fmt: skip
    story.did(REGULATORY, FileFirst(**{**sent(story, story.duty(ADR)), **files}))
    [filed] = [e for e in story.signed(LEGAL) if isinstance(e, DutyFiled)]
    assert (filed.sha256, filed.content_sha256, filed.signed_hash) == (FILE, clear, clear)
    assert filed.receipt_sha256 == receipt
    assert json.loads(story.leaves[-1])["signature"]["hash"] == clear
    assert story.duty(ADR).filings[-1].content_sha256 == clear


def test_a_report_by_phone_keeps_the_written_one_due() -> None:
    story = story_of("GB", Outcome.HOSPITALISED)
    story.filed(story.duty("UK-23-SUE"), spoken=True)
    duty = story.duty("UK-23-SUE")
    assert (duty.status, duty.is_open) == (DutyStatus.TOLD, True)
    assert [due.key for due in story.clocks(duty)] == [f"duty:{duty.id}:1"]
    again = FileFirst(**sent(story, duty), spoken=True)
    assert story.refused(REGULATORY, again).reason == "told"
    story.filed_full(duty, FilingKind.INITIAL)
    assert story.duty("UK-23-SUE").status is DutyStatus.FILED
    assert [f.spoken for f in story.duty("UK-23-SUE").filings] == [True, False]


def test_a_late_report_says_why() -> None:
    story = story_of("CN", Outcome.HOSPITALISED)
    duty = story.duty(ADR)
    story.later(days=16)
    assert story.refused(REGULATORY, FileFirst(**sent(story, duty))).reason == "late_reason"
    [filed, *_] = story.filed(duty, late_reason=words("The system was down."))
    assert (filed.late, filed.late_reason) == (True, "The system was down.")
    assert filed.due_at == duty.due_at


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"duty": "D99"}, "no_duty"),
        ({"text": words("  ")}, "nothing_sent"),
        ({"sent_at": START + timedelta(hours=1)}, "ahead"),
        ({"sent_at": START.replace(year=2016)}, "sent_before"),
        ({"sent_at": START - timedelta(minutes=1)}, "sent_before"),
    ],
    ids=["no duty", "nothing", "not sent yet", "another year", "nobody knew"],
)
def test_what_cannot_be_filed(changes: dict[str, Any], reason: str) -> None:
    story = story_of("CN", Outcome.HOSPITALISED)
    report = FileFirst(**{**sent(story, story.duty(ADR)), **changes})
    assert story.refused(REGULATORY, report).reason == reason


def test_what_was_sent_earlier_is_filed_once_it_is_corrected_since_when_we_know() -> None:
    story = story_of("CN", Outcome.HOSPITALISED)
    early = START - timedelta(days=1)
    report = FileFirst(**{**sent(story, story.duty(ADR)), "sent_at": early})
    assert "correct first" in story.refused(REGULATORY, report).hint
    story.more_of("P1", Outcome.HOSPITALISED, awareness_at=early + timedelta(seconds=40))
    story.did(REGULATORY, report)
    story.signed(LEGAL)
    assert story.duty(ADR).status is DutyStatus.FILED


@pytest.mark.parametrize(
    ("days", "fits"), [(50, True), (200, False)], ids=["before the decision", "another year"]
)
def test_a_recall_may_be_told_before_it_is_decided(days: int, fits: bool) -> None:
    story = recalled_in_the_us()
    told = {**sent(story, story.duty("US-CFR-7-53")), "sent_at": START - timedelta(days=days)}
    said = FileFull(**told, kind=FilingKind.FOLLOW_UP)
    if fits:
        story.did(REGULATORY, said)
    else:
        assert story.refused(REGULATORY, said).reason == "sent_before"


@pytest.mark.parametrize(("seconds", "late"), [(0, False), (1, True)], ids=["in time", "late"])
def test_what_is_sent_in_the_last_second_is_in_time(seconds: int, late: bool) -> None:
    story = story_of("CN", Outcome.HOSPITALISED)
    due_at = story.duty(ADR).due_at
    assert due_at is not None
    story.later(days=20)
    at = {"sent_at": due_at + timedelta(seconds=seconds)}
    said = FileFirst(**{**sent(story, story.duty(ADR)), **at, "late_reason": words("The queue.")})
    story.did(REGULATORY, said)
    [filed] = [e for e in story.signed(LEGAL) if isinstance(e, DutyFiled) and not e.covered_by]
    assert filed.late is late


def test_filing_is_for_regulatory_affairs() -> None:
    story = story_of("CN", Outcome.HOSPITALISED)
    refused = story.refused(person(Role.PR_LEAD), FileFirst(**sent(story, story.duty(ADR))))
    assert refused.who_could == ("regulatory_affairs",)


def test_after_the_first_report_come_follow_ups_and_the_final_one() -> None:
    story = story_of("CN", Outcome.HOSPITALISED)
    duty = story.duty(ADR)
    story.filed(duty)
    assert story.refused(REGULATORY, FileFirst(**sent(story, duty))).reason == "filed"
    whole = FileFull(**sent(story, duty), kind=FilingKind.INITIAL)
    assert story.refused(REGULATORY, whole).reason == "filed"
    story.filed_full(duty, FilingKind.FOLLOW_UP)
    story.filed_full(duty, FilingKind.FINAL)
    assert [f.kind for f in story.duty(ADR).filings] == ["initial", "follow_up", "final"]


def test_a_receipt_may_come_later() -> None:
    story = story_of("CN", Outcome.HOSPITALISED)
    duty = story.duty(ADR)
    receipt = AttachReceipt(duty=duty.id, filing=1, receipt=words("No. 9"), document=BlobId("cd" * 32))  # fmt: skip
    assert story.refused(REGULATORY, receipt).reason == "no_filing"
    story.filed(duty)
    story.did(REGULATORY, receipt)
    assert (story.duty(ADR).filings[0].receipt, story.duty(ADR).filings[0].receipt_document) == ("No. 9", "cd" * 32)  # fmt: skip


def test_a_serious_report_fulfils_the_general_one_of_the_same_person() -> None:
    story = story_of("CN", Outcome.MILD)
    story.hurt("CN", Outcome.MILD)
    story.more_of("P1", Outcome.HOSPITALISED)
    assert story.duty("CN-ADR-GENERAL", "P1").is_open
    filed = story.filed(story.duty(ADR))
    assert [f.covered_by for f in filed] == ["", story.duty(ADR).id]
    assert story.duty("CN-ADR-GENERAL", "P1").status is DutyStatus.FILED
    assert story.duty("CN-ADR-GENERAL", "P2").is_open


# ---------------------------------------------------------------- follow-ups


def test_new_information_within_a_year_starts_another_fifteen_business_days() -> None:
    story = story_of("US", Outcome.HOSPITALISED)
    story.filed(story.duty(SAER))
    story.later(days=10)
    story.more_of("P1", Outcome.DISABILITY)
    duty = story.duty("US-MOCRA-SAER-FU")
    assert (duty.subject, duty.possible, duty.after) == ("P1/1", True, story.duty(SAER).id)
    assert local(duty.due_at, "US") == "2026-04-01 23:59"
    story.filed_full(duty, FilingKind.FOLLOW_UP)
    story.more_of("P1", Outcome.DEATH)
    assert story.duty("US-MOCRA-SAER-FU", "P1/2").is_open


def test_new_information_before_the_first_report_belongs_into_it() -> None:
    story = story_of("US", Outcome.HOSPITALISED)
    story.more_of("P1", Outcome.DISABILITY)
    story.filed(story.duty(SAER))
    assert {duty.rule for duty in story.duties().values()} >= {SAER}
    assert "US-MOCRA-SAER-FU" not in {duty.rule for duty in story.duties().values()}


@pytest.mark.parametrize(("days", "asked"), [(360, True), (370, False)])
def test_after_a_year_new_information_asks_for_nothing(days: int, asked: bool) -> None:
    story = story_of("US", Outcome.HOSPITALISED)
    story.filed(story.duty(SAER))
    story.now += timedelta(days=days)
    story.more_of("P1", Outcome.DISABILITY)
    assert ("US-MOCRA-SAER-FU" in {d.rule for d in story.duties().values()}) is asked


def test_a_follow_up_whose_time_nobody_has_read_asks_legal() -> None:
    story = story_of("DE", Outcome.HOSPITALISED)
    story.filed(story.duty(SUE))
    story.more_of("P1", Outcome.DISABILITY)
    assert story.duty("EU-COS-23-SUE-FU").counts is False


def test_status_reports_follow_one_another_while_the_recall_runs() -> None:
    story = recalled_in_the_us()
    first = story.duty("US-CFR-7-53")
    assert (first.subject, first.force, local(first.due_at, "US")) == ("incident", "request", "2026-03-15 23:59")  # fmt: skip
    story.later(days=7)
    story.filed_full(first, FilingKind.FOLLOW_UP)
    second = story.duty("US-CFR-7-53", "incident/2")
    assert local(second.due_at, "US") == "2026-03-22 23:59"
    assert second.after == first.id


def test_the_authority_fixes_the_interval_of_status_reports() -> None:
    story = recalled_in_the_us()
    story.did(REGULATORY, by_hand(story, "US-CFR-7-53", days=28))
    assert story.duty("US-CFR-7-53").due_at == START + timedelta(days=28)


@pytest.mark.parametrize(
    ("market", "rule", "role", "others"),
    [
        ("CN", ADR, Role.DOMESTIC_RESPONSIBLE_CN, Role.RESPONSIBLE_PERSON_US),
        ("DE", SUE, Role.RESPONSIBLE_PERSON_EU, Role.DOMESTIC_RESPONSIBLE_CN),
        ("US", SAER, Role.RESPONSIBLE_PERSON_US, Role.RESPONSIBLE_PERSON_EU),
    ],
    ids=["China", "a member of the Union", "the US"],
)
def test_only_the_responsible_person_of_the_dutys_own_market_signs_beside_legal(
    market: str, rule: str, role: Role, others: Role
) -> None:
    story = story_of(market, Outcome.HOSPITALISED)
    story.did(REGULATORY, FileFirst(**sent(story, story.duty(rule))))
    (pending,) = story.incident.pending.values()
    assert set(pending.slots[0]) == {Role.LEGAL, role}
    refusal = story.refused(person(others), SignAct(act=pending.id))
    assert refusal.reason == "not_allowed"
    assert set(refusal.who_could) == {"legal", str(role)}
    story.did(person(role), SignAct(act=pending.id))
    assert story.duty(rule).status is DutyStatus.FILED
