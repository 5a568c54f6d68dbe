"""Texts and their people, for the stories of stage `statement`.

What belongs here: a good holding statement, and the usual acts in one word each. What never does:
an assertion about the stage.
"""

from typing import Any

from domain.channels import ChannelOutcome, ReportOutcomes
from domain.people import PERFORMER, Actor, Role
from domain.publication import Placed, ReportPublication
from domain.publishing import AllowGaps, PublishStatement
from domain.state.statement import Statement
from domain.statement import DraftStatement, ReviseStatement, TextDraft
from domain.statement_approval import ApproveStatement, AskForReview
from domain.statement_places import Place
from domain.statement_text import Rendition
from domain.values import PublicText
from tests.domain.story import Story, person

AUTHOR = person(Role.PR_OFFICER, name="author")
PR_LEAD = person(Role.PR_LEAD, name="pr.lead")
LEGAL = person(Role.LEGAL, name="legal")
COMMANDER = person(Role.INCIDENT_COMMANDER, name="commander")
EVERYTHING = (
    "phone_answers page_live remedy_ready staff_briefed authority_told trade_told"
    " promotion_stopped no_personal_data listed_parent_told".split()
)
"""What a person confirms at the gate when all is well."""


def text(language: str = "zh-CN", body: str = "", title: str = "") -> Rendition:
    """One language of a holding statement that no rule objects to."""
    chinese = language.startswith("zh")
    usual = (
        "我们已停止销售，正在调查。" if chinese else "We have stopped sale and are looking into it."
    )
    return Rendition(
        language=language,
        title=PublicText(
            title or ("关于面霜的首次回应" if chinese else "First statement on Cream")
        ),
        body=PublicText(body or usual),
    )


def draft(kind: str = "holding", *texts: Rendition, **more: Any) -> DraftStatement:
    """A draft for China, in Chinese, that says it is preliminary."""
    given: dict[str, Any] = {"markets": ("CN",), "preliminary": True, **more}
    return DraftStatement(kind=kind, texts=texts or (text(),), **given)


def like(said: TextDraft, make: type, **more: Any) -> Any:
    """The same words as another act: `like(draft(), CorrectStatement, statement="S1", ...)`."""
    names = ("markets", "texts", "facts", "preliminary", "medical")
    return make(**{name: getattr(said, name) for name in names}, **more)


def now(story: Story, statement: str = "S1") -> Statement:
    """The text as it stands."""
    return story.incident.statement.statements[statement]


def handed_in(
    story: Story, said: DraftStatement | None = None, author: Actor = AUTHOR
) -> Statement:
    """Draft a text and hand it in."""
    story.did(author, said or draft())
    last = list(story.incident.statement.statements)[-1]
    story.did(author, AskForReview(statement=last, sha256=now(story, last).sha256))
    return now(story, last)


def stopped(story: Story, state: str, *channels: str) -> None:
    """Let channels answer their order; all of them where none is named."""
    outcomes = tuple(
        ChannelOutcome(channel=one.channel, order=one.order, state=state, attempts=1)
        for one in story.incident.halt.channels.values()
        if not channels or one.channel in channels
    )
    story.did(PERFORMER, ReportOutcomes(outcomes=outcomes))


def approvers(statement: Statement) -> list[tuple[Actor, ApproveStatement]]:
    """One fitting person for each open slot, with the act they would do."""
    return [
        (
            person(slot.roles[0], name=f"approver.{slot.row}"),
            ApproveStatement(statement=statement.id, sha256=statement.sha256, slot=slot.key),
        )
        for slot in statement.open_slots
    ]


def approved(story: Story, statement: str = "S1") -> Statement:
    """Let everybody approve who must."""
    for who, act in approvers(now(story, statement)):
        story.did(who, act)
    return now(story, statement)


def publish(statement: Statement, *places: str, **more: Any) -> PublishStatement:
    """Publish with everything confirmed."""
    given: dict[str, Any] = {"confirmed": tuple(EVERYTHING), **more}
    return PublishStatement(
        statement=statement.id,
        sha256=statement.sha256,
        places=tuple(Place(place) for place in places),
        **given,
    )


def allow(story: Story, statement: str, *items: str) -> None:
    """Let the commander go on with gaps of the gate."""
    why = PublicText("It cannot wait.")
    sha256 = now(story, statement).sha256
    story.did(COMMANDER, AllowGaps(statement=statement, sha256=sha256, items=items, reason=why))


def placed(statement: Statement, *places: str, read_back: str | None = None) -> ReportPublication:
    """The publisher's report: it stands there as approved, unless told otherwise."""
    back = statement.sha256 if read_back is None else read_back
    return ReportPublication(
        statement=statement.id,
        version=statement.version,
        places=tuple(
            Placed(
                place=each, link="/recalls/x", read_back=back if each == "site" else "", error=""
            )
            for each in places
        ),
    )


def revised(statement: Statement, *texts: Rendition, **more: Any) -> ReviseStatement:
    """A new version with other words."""
    given = draft("holding", *texts)
    made: ReviseStatement = like(
        given, ReviseStatement, statement=statement.id, sha256=statement.sha256, **more
    )
    return made
