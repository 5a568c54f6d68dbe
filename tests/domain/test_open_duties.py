"""The rows of the list over all incidents: what stands open, by when, and what that rests on."""

from dataclasses import replace
from datetime import timedelta

from domain.authorities import AnswerAuthority, RecordAuthorityAct
from domain.open_duties import OpenDuty, Owed, open_duties
from domain.regulation_terms import AuthorityActKind, DutyStatus, FilingKind
from domain.severity import Outcome
from domain.state import with_stage
from tests.domain.duties import LEGAL, REGULATORY, Notified, story_of, words


def rows(story: Notified) -> dict[str, OpenDuty]:
    return {row.item: row for row in open_duties(story.incident)}


def inquiry(story: Notified) -> None:
    story.did(
        REGULATORY,
        RecordAuthorityAct(
            authority=words("Shanghai MPA"),
            market="CN",
            kind=AuthorityActKind.INQUIRY,
            received_at=story.now,
            words=words("Send the file."),
            number="2026-7",
            answer_due_at=story.now.replace(day=20),
        ),
    )


def test_every_open_duty_has_its_row_and_says_what_the_state_says() -> None:
    story = story_of("CN", Outcome.HOSPITALISED)
    found = rows(story)
    assert set(found) == set(story.incident.notice.open_duties)
    for item, row in found.items():
        duty = story.incident.notice.duties[item]
        assert (row.due_at, row.basis, row.status) == (duty.due_at, duty.due_basis, duty.status)
        assert row.owed is Owed.REPORT
        assert "regulatory_affairs" in row.roles


def test_a_filed_duty_leaves_the_list_and_one_told_by_phone_stays() -> None:
    story = story_of("CN", Outcome.HOSPITALISED)
    duty = next(iter(story.incident.notice.duties.values()))
    story.filed(duty)
    told = story.incident.notice.duties[duty.id].status
    assert (duty.id in rows(story)) is (told is DutyStatus.TOLD)
    if told is DutyStatus.TOLD:
        assert rows(story)[duty.id].phone_at is None
        story.filed_full(duty, FilingKind.FINAL)
    assert duty.id not in rows(story)


def test_a_duty_without_a_due_time_stands_by_when_people_are_asked() -> None:
    story = Notified(calendar_is_away=True)
    story.reported()
    story.hurt("CN", Outcome.HOSPITALISED)
    waiting = [row for row in rows(story).values() if row.due_at is None]
    assert waiting
    for row in waiting:
        assert row.by_at >= row.start_at.replace(minute=0)
        assert not row.is_overdue(story.now.replace(year=2030))


def test_an_act_of_an_authority_stands_there_until_it_is_answered() -> None:
    story = story_of("CN", Outcome.HOSPITALISED)
    inquiry(story)
    (act,) = [row for row in rows(story).values() if row.owed is Owed.ANSWER]
    assert (act.item, act.authority_en, act.subject) == ("AU1", "Shanghai MPA", "2026-7")
    assert act.due_at == act.by_at == story.now.replace(day=20)
    answer = AnswerAuthority(
        act="AU1", channel=words("post"), sent_at=story.now, text=words("Here it is.")
    )
    story.did(LEGAL, answer)
    assert "AU1" not in rows(story)


def test_behind_the_seal_nothing_stands_open() -> None:
    story = story_of("CN", Outcome.HOSPITALISED)
    assert open_duties(story.incident)
    sealed = with_stage(story.incident, "review", closed_at=story.now)
    assert open_duties(sealed) == ()


def test_overdue_is_what_is_past_its_time() -> None:
    found = rows(story_of("CN", Outcome.HOSPITALISED)).values()
    row = next(row for row in found if row.due_at is not None)
    assert row.due_at is not None
    assert not row.is_overdue(row.due_at)
    assert row.is_overdue(row.due_at + timedelta(seconds=1))
    assert not replace(row, due_at=None).is_overdue(row.due_at + timedelta(days=900))
