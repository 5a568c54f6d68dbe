"""Stage `statement`: approved words that somebody outside may read before they are published.

What belongs here: handing a text over under embargo, withdrawing that, and saying what a preview
shows now. What never does: its address, which is made anew for whoever may share it and stands in
no ledger (services/previews.py), or the page (api/pages/preview.py).

A preview is for exactly the bytes that were approved: a new version, changes asked for, a text laid
aside close it by themselves, and no later version opens it again.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from domain.dispatch import Act, Effect, causes, decides, evolves, settles
from domain.errors import Refused
from domain.hotline_calls import last_call, numbers_told
from domain.message import ask, command, event
from domain.people import Access, Role
from domain.publishing import PUBLISHERS
from domain.stages import Stage
from domain.state import Incident, Mark
from domain.state.statement import OUT, SENDABLE, Preview, Statement, Status
from domain.statement import StatementDrafted, StatementDropped
from domain.statement_approval import StatementChangesRequested
from domain.statement_lookup import (
    find_statement,
    is_for_staff,
    open_blocks,
    require_same,
    require_status,
    told_effect,
    with_statement,
)
from domain.statement_text import personal_data
from domain.values import PrivateText, PublicText

SHAREABLE: Final = (Status.APPROVED, Status.SCHEDULED)
AHEAD_AT_MOST: Final = timedelta(days=14)
AT_MOST: Final = 100
"""Previews of one text; nobody keeps an embargo with more."""


class Shows(StrEnum):
    """What a preview shows now: the words, or why not."""

    OPEN = "open"
    WITHDRAWN = "withdrawn"
    CHANGED = "changed"
    BLOCKED = "blocked"
    OUT = "out"
    ENDED = "ended"


# ---------------------------------------------------------------- events


@event("PreviewShared", stage=Stage.STATEMENT, access=Access.RESTRICTED)
@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewShared:
    """Somebody outside may read approved bytes before they are published; who is private."""

    statement: str
    number: int
    version: int
    sha256: str
    whom: PrivateText
    until: datetime
    by: str


@event("PreviewWithdrawn", stage=Stage.STATEMENT)
@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewWithdrawn:
    """A person took a preview back; what was read by then stays read."""

    statement: str
    number: int
    reason: PublicText
    by: str


@event("PreviewsClosed", stage=Stage.STATEMENT)
@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewsClosed:
    """The text is no longer the one that was shared: these previews show nothing any more."""

    statement: str
    numbers: tuple[int, ...]


# ---------------------------------------------------------------- commands


@command(
    "share_preview",
    stage=Stage.STATEMENT,
    roles=PUBLISHERS,
    title="Share it before publication",
    help="Under embargo, with one person or newsroom. The link stands on the page of the text; "
    "once the text changes it shows nothing.",
    item="statement",
    own_hand=True,
)
@dataclass(frozen=True, slots=True, kw_only=True)
class SharePreview:
    """Let somebody outside read approved words before everybody does."""

    statement: str = ask("Statement", max=20)
    sha256: str = ask("Hash of the text you read", max=64)
    whom: PrivateText = ask("To whom, and how do we reach them?", access=Access.ENQUIRY)
    until: datetime = ask(
        "Embargo until",
        help="The link shows the words until then: within 14 days, and not after the text goes "
        "out by itself.",
    )


@command(
    "withdraw_preview",
    stage=Stage.STATEMENT,
    roles=[*PUBLISHERS, Role.LEGAL, Role.QUALITY_SAFETY_RESPONSIBLE, Role.INCIDENT_COMMANDER],
    title="Withdraw a preview",
    help="The link shows nothing from then on. Tell the person too: they may have read it.",
    item="statement",
)
@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawPreview:
    """Close a preview before its time."""

    statement: str = ask("Statement", max=20)
    number: int = ask("Which preview?", choices_from="open_previews")
    reason: PublicText = ask("Why?", max=2000)


# ---------------------------------------------------------------- what a preview shows


def shows(incident: Incident, text: Statement, preview: Preview, at: datetime) -> Shows:
    """Say what a preview shows at a moment; the words only where nothing speaks against it."""
    if preview.withdrawn_by:
        return Shows.WITHDRAWN
    if not _is_as_shared(text, preview):
        return Shows.CHANGED
    if text.status in OUT:
        return Shows.OUT  # wherever it was published: it is under embargo no more
    in_time = at < preview.until and incident.review.closed_at is None
    if in_time and text.status in SENDABLE:
        return Shows.BLOCKED if open_blocks(incident, text) else Shows.OPEN
    return Shows.ENDED


def open_previews(incident: Incident, text: Statement, at: datetime) -> tuple[Preview, ...]:
    """List the previews of a text that show its words at a moment."""
    return tuple(one for one in text.previews if shows(incident, text, one, at) is Shows.OPEN)


def embargo_of(text: Statement, preview: Preview) -> datetime:
    """Give the moment before which nobody publishes: never before the text goes out by itself."""
    return max(preview.until, text.release.at) if text.release else preview.until


def withdrawable(text: Statement, at: datetime) -> tuple[Preview, ...]:
    """List the previews that nobody closed and whose time has not passed."""
    return tuple(one for one in text.previews if one.closed_at is None and at < one.until)


def _is_as_shared(text: Statement, preview: Preview) -> bool:
    stands = text.is_approved and text.status in (*SENDABLE, *OUT)
    return stands and preview.sha256 == text.sha256 and preview.closed_at is None


# ---------------------------------------------------------------- decide


@decides(SharePreview)
def share_preview(incident: Incident, act: Act, said: SharePreview) -> tuple[PreviewShared, ...]:
    """Share approved words with somebody outside, until the embargo ends."""
    now = find_statement(incident, said.statement)
    require_shareable(incident, now)
    require_same(now, said.sha256)
    _require_time(act, now, said.until)
    return (
        PreviewShared(
            statement=now.id,
            number=len(now.previews) + 1,
            version=now.version,
            sha256=now.sha256,
            whom=said.whom,
            until=said.until,
            by=act.who,
        ),
    )


def require_shareable(incident: Incident, now: Statement) -> None:
    """Refuse a text that nobody outside may read before it is published."""
    require_status(now, SHAREABLE)
    if is_for_staff(incident, now.kind, now.about):
        raise Refused(
            f"{now.id} is for people of the company: it may say what nobody should say.",
            "Share a text that is written for readers outside.",
            code="not_for_outside",
        )
    _require_answered(incident, now)
    if not now.is_approved or open_blocks(incident, now) or personal_data(now.texts):
        raise Refused(
            f"{now.id} cannot go out as it stands now.",
            "Look at its findings and at personal data; have it changed.",
            code="not_clean",
        )
    if len(now.previews) >= AT_MOST:
        raise Refused(
            f"{now.id} was shared {AT_MOST} times already.",
            "Publish it: with so many readers it is no secret.",
            code="too_many",
        )


def _require_answered(incident: Incident, now: Statement) -> None:
    """Refuse words that tell a number which nobody answered when it was last called."""
    calls = (last_call(incident, number) for number in numbers_told(now))
    failed = [call.number for call in calls if call is not None and not call.answered]
    if failed:
        raise Refused(
            f"{now.id} tells a number that nobody answered: {', '.join(failed)}.",
            "Have it put right and called again, then share the text.",
            code="nobody_answers",
        )


def _require_time(act: Act, now: Statement, until: datetime) -> None:
    if not act.at < until <= act.at + AHEAD_AT_MOST:
        raise Refused(
            "An embargo ends at a time ahead, within 14 days.",
            "Give such a time; share the text again if it takes longer.",
            code="not_ahead",
        )
    if now.release is not None and until > now.release.at:
        raise Refused(
            f"{now.id} goes out by itself before that.",
            "Give the time at which it goes out, or an earlier one.",
            code="after_release",
        )


@decides(WithdrawPreview)
def withdraw_preview(
    incident: Incident, act: Act, said: WithdrawPreview
) -> tuple[PreviewWithdrawn, ...]:
    """Close one preview; the others stay open."""
    now = find_statement(incident, said.statement)
    if said.number not in {one.number for one in withdrawable(now, act.at)}:
        raise Refused(
            f"{now.id} has no open preview {said.number}.",
            "Look at the text again: it lists its previews.",
            code="no_preview",
        )
    return (PreviewWithdrawn(statement=now.id, number=said.number, reason=said.reason, by=act.who),)


@settles(StatementDrafted, StatementDropped, StatementChangesRequested)
def changed_meanwhile(incident: Incident, act: Act) -> Iterator[PreviewsClosed]:
    """Close the previews of a text that is no longer what was shared."""
    for text in incident.statement.statements.values():
        gone = [one for one in withdrawable(text, act.at) if not _is_as_shared(text, one)]
        if gone:
            yield PreviewsClosed(statement=text.id, numbers=tuple(one.number for one in gone))


# ---------------------------------------------------------------- evolve


@evolves(PreviewShared)
def _shared(incident: Incident, told: PreviewShared, mark: Mark) -> Incident:
    before = incident.statement.statements[told.statement].previews
    made = Preview(
        number=told.number,
        seq=mark.seq,
        version=told.version,
        sha256=told.sha256,
        whom=told.whom,
        until=told.until,
        by=told.by,
        at=mark.at,
    )
    return with_statement(incident, told.statement, previews=(*before, made))


@evolves(PreviewWithdrawn)
def _withdrawn(incident: Incident, told: PreviewWithdrawn, mark: Mark) -> Incident:
    closed = {"closed_at": mark.at, "withdrawn_by": told.by, "reason": told.reason}
    return _closed(incident, told.statement, (told.number,), closed)


@evolves(PreviewsClosed)
def _previews_closed(incident: Incident, told: PreviewsClosed, mark: Mark) -> Incident:
    return _closed(incident, told.statement, told.numbers, {"closed_at": mark.at})


def _closed(
    incident: Incident, statement: str, numbers: tuple[int, ...], how: dict[str, Any]
) -> Incident:
    before = incident.statement.statements[statement].previews
    previews = tuple(replace(one, **how) if one.number in numbers else one for one in before)
    return with_statement(incident, statement, previews=previews)


@causes(PreviewsClosed)
def _tell_closed(incident: Incident, told: PreviewsClosed, mark: Mark) -> tuple[Effect, ...]:
    """Tell who shares: somebody outside holds words that will not go out like that."""
    text = incident.statement.statements[told.statement]
    which = ", ".join(map(str, told.numbers))
    return (told_effect(text, mark, "previews_closed", PUBLISHERS, previews=which),)
