"""Stage `statement`: a published text that is wrong, old or to be taken back; it stays visible.

What belongs here: flagging, and the three texts that change another: a correction 更正, a
retraction 撤回, and one that supersedes it. What never does: a silent edit, or deleting. The new
text takes the same way as any other (approval by the roles of the original, gate), reaches at least
as far, and changes the old one in the moment it stands somewhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from domain.acts import require
from domain.dispatch import Act, Effect, causes, decides, evolves, follows
from domain.errors import Refused
from domain.message import ask, command, event
from domain.people import TEAM, Role
from domain.publication import WATCHING, StatementPublished
from domain.stages import Stage
from domain.state import Incident, Mark
from domain.state.statement import NEXT, Flag, Statement, Status
from domain.statement import Frame, StatementDrafted, TextDraft, drafted, next_id
from domain.statement_lookup import (
    find_statement,
    require_status,
    told_effect,
    with_statement,
)
from domain.statement_text import Rendition
from domain.values import Json, PublicText
from domain.wire import added, decode

RELATIONS: dict[str, Status] = {
    "corrects": Status.CORRECTED,
    "supersedes": Status.SUPERSEDED,
    "retracts": Status.RETRACTED,
}
"""What a text about another does to it once it is out."""

STILL_OUT = (Status.PUBLISHED, Status.CORRECTED, Status.SUPERSEDED)

# ---------------------------------------------------------------- events


@event("StatementFlagged", stage=Stage.STATEMENT)
@dataclass(frozen=True, slots=True, kw_only=True)
class StatementFlagged:
    """Somebody says that a published text is wrong; the plan's time for a correction runs.

    Where a fact moved that it tells, `fact` names it, `was` is what the text says and `now` what
    the fact says (empty when it does not stand any more); `point` names this change for ever.
    """

    statement: str
    version: int
    what: PublicText
    by: str
    fact: str = added("")
    was: PublicText = added(PublicText(""))
    now: PublicText = added(PublicText(""))
    point: str = added("")


@event("StatementFlagCleared", stage=Stage.STATEMENT)
@dataclass(frozen=True, slots=True, kw_only=True)
class StatementFlagCleared:
    """Somebody looked and found the text right after all."""

    statement: str
    reason: PublicText
    by: str


@event("StatementRightAgain", stage=Stage.STATEMENT)
@dataclass(frozen=True, slots=True, kw_only=True)
class StatementRightAgain:
    """A fact that had moved says again what a published text tells; moving, it flags anew."""

    statement: str
    fact: str


@event("StatementChanged", stage=Stage.STATEMENT)
@dataclass(frozen=True, slots=True, kw_only=True)
class StatementChanged:
    """A published text was corrected, superseded or retracted by another; both stay visible."""

    statement: str
    change: Status
    by_statement: str
    what: PublicText
    wrong_since: datetime | None
    place: str


# ---------------------------------------------------------------- commands


@command(
    "flag_statement",
    stage=Stage.STATEMENT,
    roles=TEAM,
    title="This text is wrong",
    item="statement",
)
@dataclass(frozen=True, slots=True, kw_only=True)
class FlagStatement:
    """Anyone of the team may say that what is out is wrong."""

    statement: str = ask("Statement", max=20)
    what: PublicText = ask("What is wrong?", max=2000)


@command(
    "clear_flag",
    stage=Stage.STATEMENT,
    roles=[Role.PR_LEAD, Role.LEGAL, Role.QUALITY_SAFETY_RESPONSIBLE],
    title="The text is right",
    item="statement",
    own_hand=True,
)
@dataclass(frozen=True, slots=True, kw_only=True)
class ClearFlag:
    """Take the flags off with a reason; another person than the one who wrote the text."""

    statement: str = ask("Statement", max=20)
    reason: PublicText = ask("Why is it right?", max=2000)


@command(
    "correct_statement",
    stage=Stage.STATEMENT,
    roles=TEAM,
    title="Write a correction",
    help="A new text that says what was wrong; the old one stays visible.",
    item="statement",
)
@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectStatement(TextDraft):
    """Say what was wrong, since when, what is right, what to do."""

    statement: str = ask("Statement", max=20)
    what_was_wrong: PublicText = ask("What was wrong?", max=2000)
    wrong_since: datetime | None = ask("Since when did it stand there?", default=None, past=True)


@command(
    "draft_correction",
    stage=Stage.STATEMENT,
    roles=[Role.PERFORMER],
    title="A correction from the template",
    item="statement",
)
@dataclass(frozen=True, slots=True, kw_only=True)
class DraftCorrection(TextDraft):
    """What the template says of a fact that moved: a beginning, which a person finishes."""

    statement: str
    what_was_wrong: PublicText


@command(
    "retract_statement",
    stage=Stage.STATEMENT,
    roles=TEAM,
    title="Write a retraction",
    help="A new text that takes the old one back; the old one stays visible.",
    item="statement",
)
@dataclass(frozen=True, slots=True, kw_only=True)
class RetractStatement(TextDraft):
    """Say what is taken back, why, and what stands."""

    statement: str = ask("Statement", max=20)
    reason: PublicText = ask("Why is it taken back?", max=2000)


@command(
    "supersede_statement",
    stage=Stage.STATEMENT,
    roles=TEAM,
    title="Write a newer text",
    help="For what was right and is outdated; the old one stays visible.",
    item="statement",
)
@dataclass(frozen=True, slots=True, kw_only=True)
class SupersedeStatement(TextDraft):
    """A newer text of the same kind."""

    statement: str = ask("Statement", max=20)
    reason: PublicText = ask("What is new?", max=2000)


# ---------------------------------------------------------------- decide


@decides(FlagStatement)
def flag_statement(
    incident: Incident, act: Act, said: FlagStatement
) -> tuple[StatementFlagged, ...]:
    """Say that a text that is out is wrong."""
    now = find_statement(incident, said.statement)
    require_status(now, (Status.PUBLISHED, Status.CORRECTED))
    return (StatementFlagged(statement=now.id, version=now.version, what=said.what, by=act.who),)


@decides(ClearFlag)
def clear_flag(incident: Incident, act: Act, said: ClearFlag) -> tuple[StatementFlagCleared, ...]:
    """Take the flags off: who wrote the text is not the one to find it right."""
    now = find_statement(incident, said.statement)
    if not now.flags:
        raise Refused(f"{now.id} is not flagged.", "Look at the list again.", code="not_flagged")
    if {act.who, act.actor.id} & set(now.authors):
        raise Refused(
            f"You wrote {now.id} yourself.", "Let somebody else look at it.", code="author"
        )
    return (StatementFlagCleared(statement=now.id, reason=said.reason, by=act.who),)


@decides(CorrectStatement)
def correct_statement(
    incident: Incident, act: Act, said: CorrectStatement
) -> tuple[StatementDrafted, ...]:
    """Draft a correction of a text that is out."""
    original = require_changeable(incident, act, said.statement, "correction", "corrects")
    frame = Frame(next_id(incident), 1, "correction", original.id, "corrects")
    made = drafted(incident, act, said, frame)
    since = said.wrong_since or original.published_at
    return (replace(made, why=said.what_was_wrong, wrong_since=since),)


@decides(DraftCorrection)
def draft_correction(
    incident: Incident, act: Act, said: DraftCorrection
) -> tuple[StatementDrafted, ...]:
    """Begin a correction where a fact moved; nothing where somebody was faster."""
    original = incident.statement.statements.get(said.statement)
    fits = original is not None and Status.CORRECTED in NEXT[original.status]
    if original is None or not fits or on_its_way(incident, original, "corrects"):
        return ()
    frame = Frame(next_id(incident), 1, "correction", original.id, "corrects")
    made = drafted(incident, act, said, frame)
    return (replace(made, why=said.what_was_wrong, wrong_since=original.published_at),)


@decides(RetractStatement)
def retract_statement(
    incident: Incident, act: Act, said: RetractStatement
) -> tuple[StatementDrafted, ...]:
    """Draft a retraction of a text that is out."""
    original = require_changeable(incident, act, said.statement, "retraction", "retracts")
    frame = Frame(next_id(incident), 1, "retraction", original.id, "retracts")
    made = drafted(incident, act, said, frame)
    return (replace(made, why=said.reason, wrong_since=original.published_at),)


@decides(SupersedeStatement)
def supersede_statement(
    incident: Incident, act: Act, said: SupersedeStatement
) -> tuple[StatementDrafted, ...]:
    """Draft a newer text of the same kind."""
    now = find_statement(incident, said.statement)
    original = require_changeable(incident, act, said.statement, now.kind, "supersedes")
    frame = Frame(next_id(incident), 1, original.kind, original.id, "supersedes")
    return (replace(drafted(incident, act, said, frame), why=said.reason),)


def correction_command(
    statement: str, what: str, markets: Iterable[str], texts: Iterable[Json], *, preliminary: bool
) -> DraftCorrection:
    """Make the performer's command of what the template gave, as it comes from the activity."""
    return DraftCorrection(
        statement=statement,
        what_was_wrong=PublicText(what),
        markets=tuple(markets),
        texts=tuple(decode(Rendition, text) for text in texts),
        preliminary=preliminary,
    )


def require_changeable(
    incident: Incident, act: Act, statement_id: str, kind: str, relation: str
) -> Statement:
    """Give the text that is to be changed, if it is out and nobody else changes it so already."""
    original = find_statement(incident, statement_id)
    require(incident, act, incident.rules.plan.statement(kind).authors)
    wanted = RELATIONS[relation]
    require_status(original, tuple(s for s in STILL_OUT if wanted in NEXT[s]))
    waiting = on_its_way(incident, original, relation)
    if waiting:
        raise Refused(
            f"{waiting[0]} is on its way and does the same.", "Go on with that.", code="on_its_way"
        )
    return original


def on_its_way(incident: Incident, original: Statement, relation: str) -> tuple[str, ...]:
    """Name the texts that will change another in the same way, and are not out yet."""
    return tuple(
        each.id
        for each in incident.statement.statements.values()
        if (each.about, each.relation) == (original.id, relation)
        and each.published_at is None
        and each.status is not Status.DROPPED
    )


@follows(StatementPublished)
def change_the_old(
    incident: Incident, told: StatementPublished, _act: Act
) -> tuple[StatementChanged, ...]:
    """Once a text about another stands somewhere, the other is changed by it."""
    new = incident.statement.statements[told.statement]
    old = incident.statement.statements.get(new.about)
    if old is None or new.id in old.changed_by or RELATIONS[new.relation] not in NEXT[old.status]:
        return ()
    return (
        StatementChanged(
            statement=old.id,
            change=RELATIONS[new.relation],
            by_statement=new.id,
            what=PublicText(new.why),
            wrong_since=new.wrong_since,
            place=told.place,
        ),
    )


# ---------------------------------------------------------------- evolve


@evolves(StatementFlagged)
def _flagged(incident: Incident, told: StatementFlagged, mark: Mark) -> Incident:
    before = incident.statement.statements[told.statement]
    flag = Flag(
        what=told.what,
        by=told.by,
        at=mark.at,
        fact=told.fact,
        was=told.was,
        now=told.now,
        seq=mark.seq,
    )
    points = (*before.pointed_out, *([told.point] if told.point else []))
    return with_statement(incident, told.statement, flags=(*before.flags, flag), pointed_out=points)


@evolves(StatementFlagCleared)
def _flag_cleared(incident: Incident, told: StatementFlagCleared, _mark: Mark) -> Incident:
    return with_statement(incident, told.statement, flags=())


@evolves(StatementRightAgain)
def _right_again(incident: Incident, told: StatementRightAgain, _mark: Mark) -> Incident:
    before = incident.statement.statements[told.statement]
    return with_statement(
        incident,
        told.statement,
        flags=tuple(flag for flag in before.flags if flag.fact != told.fact),
        pointed_out=tuple(p for p in before.pointed_out if not is_about(p, told.fact)),
    )


def is_about(point: str, fact: str) -> bool:
    """Say whether a change that flagged a text was one of this fact."""
    return point.startswith((f"{fact}=", f"{fact}:"))


@evolves(StatementChanged)
def _changed(incident: Incident, told: StatementChanged, _mark: Mark) -> Incident:
    """Take off the flags that the newer text answers.

    What a person said stays if it was said after a person last wrote the newer text: who wrote it
    could not know. Flags of facts go, with what was pointed out: where the newer text does not tell
    such a fact, this one is flagged again at once (domain/statement_follow.py).
    """
    before = incident.statement.statements[told.statement]
    newer = incident.statement.statements[told.by_statement]
    facts = [flag.fact for flag in before.flags if flag.fact]
    kept = tuple(flag for flag in before.flags if not flag.fact and flag.seq > newer.written)
    return with_statement(
        incident,
        told.statement,
        status=told.change,
        flags=kept if told.change is Status.CORRECTED else (),
        pointed_out=tuple(
            point for point in before.pointed_out if not any(is_about(point, f) for f in facts)
        ),
        changed_by=(*before.changed_by, told.by_statement),
    )


@causes(StatementFlagged)
def _tell_flagged(incident: Incident, told: StatementFlagged, mark: Mark) -> tuple[Effect, ...]:
    text, what = incident.statement.statements[told.statement], told.what[:300]
    return (told_effect(text, mark, "statement_flagged", WATCHING, by=told.by, what=what),)


@causes(StatementFlagged)
def _begin_correction(incident: Incident, told: StatementFlagged, mark: Mark) -> tuple[Effect, ...]:
    """Let the performer begin a correction where a fact moved, one for all that moved together.

    The first flag of an act asks for all of them, so that they come in the order of the texts.
    """
    if told.statement not in awaiting_correction(incident):
        return ()
    together = [
        each.id
        for each in incident.statement.statements.values()
        if each.id in awaiting_correction(incident)
        and any(flag.fact and flag.at == mark.at for flag in each.flags)
    ]
    if together != [told.statement]:
        return ()
    asked = {"entry": mark.seq}
    return (Effect(name="draft_corrections", target=told.statement, seq=mark.seq, body=asked),)


def awaiting_correction(incident: Incident) -> tuple[str, ...]:
    """Name the texts that are out and tell a fact that moved, and that nobody corrects yet.

    Only where a text refers to the fact, or its author named it: a value that merely stands in the
    words may stand there for something else, and a person looks first.
    """
    return tuple(
        each.id
        for each in incident.statement.statements.values()
        if any(flag.fact in each.told for flag in each.flags if flag.fact)
        and Status.CORRECTED in NEXT[each.status]
        and not on_its_way(incident, each, "corrects")
    )
