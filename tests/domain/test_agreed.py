"""The one agreed line is one, whether it was set by itself or agreed in a meeting."""

from domain.agreed import agreed_line
from domain.enquiries import SetAgreedLine
from domain.meetings import HoldMeeting, MeetingKind
from domain.people import Role
from domain.values import PersonId, PublicText
from tests.domain.story import Story, person

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
