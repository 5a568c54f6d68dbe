"""Stage `notice`: what comes after an authority's act: more time, objections, files, corrections.

What belongs here: another time for the answer, the objection or re-test (复检) with its own clock,
further files (minutes, a record of samples), and withdrawing an act that was recorded by mistake.
What never does: the act itself and our answer (domain/authorities.py). Nothing of it is taken out:
an old time and a withdrawn act stay on record.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from domain.authorities import (
    AUTHORITY_ROLES,
    RECEIVERS,
    content_of_sent,
    hash_of_sent,
    require_received,
    require_sent,
    standing_act,
    with_act,
)
from domain.authority_times import asked_by
from domain.dispatch import Act, Due, decides, evolves, watches
from domain.errors import Refused
from domain.message import ask, ask_content, command, event
from domain.people import Access, Role
from domain.regulation_terms import AuthorityActKind
from domain.stages import Stage
from domain.state import Incident, Mark, with_stage
from domain.state.notice import ActFile, ActWithdrawn, AuthorityAct, Objected
from domain.values import BlobId, PublicText
from domain.wire import added

# ---------------------------------------------------------------- another time for the answer


@event("AnswerDueMoved", stage=Stage.NOTICE)
@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerDueMoved:
    """An authority's act is to be answered at another time; the old one stays on record."""

    act: str
    old_due_at: datetime | None
    due_at: datetime
    reason: PublicText
    document: str | None
    by: str


@command("extend_answer", stage=Stage.NOTICE, roles=AUTHORITY_ROLES, item="act",
         title="The authority set another time for the answer",
         help="More time, or less. The old time stays on record.")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendAnswer:
    """By when the authority now wants its answer, and how it said so."""

    act: str = ask("Which act of the authority?", max=20)
    reason: PublicText = ask(
        "Who at the authority said so, how, and why?",
        max=2000,
        help="Also where the time was recorded wrongly: say that.",
    )
    due_at: datetime | None = ask(
        "By when is the answer due now?",
        default=None,
        unless="(one of the two: this, or the day)",
    )
    due_on: date | None = ask(
        "Or the day by whose end it is due",
        default=None,
        unless="(one of the two: this, or the time)",
        help="The day ends by the authority's own clock.",
    )
    document: BlobId | None = ask("The authority's letter, as a file", default=None)


@decides(ExtendAnswer)
def extend_answer(incident: Incident, act: Act, said: ExtendAnswer) -> tuple[AnswerDueMoved, ...]:
    """Record another time for an answer that is still to be given."""
    asked = standing_act(incident, said.act)
    if asked.answered_at is not None:
        raise Refused(
            f"{asked.id} is answered already.",
            "If the authority asks again, record that as a new act.",
            code="answered",
        )
    due_at = asked_by(asked.market, said.due_at, said.due_on, after=asked.received_at)
    if due_at is None:
        raise Refused("No time is given.", "Write the new time, or the day.", code="no_time")
    if due_at == asked.answer_due_at:
        raise Refused("That is the time that stands.", "Write the new one.", code="same_time")
    if not said.reason.strip():
        raise Refused(
            "Nothing says who set that time.", "Say who said so, and how.", code="no_reason"
        )
    return (
        AnswerDueMoved(
            act=asked.id,
            old_due_at=asked.answer_due_at,
            due_at=due_at,
            reason=said.reason,
            document=said.document,
            by=act.who,
        ),
    )


@evolves(AnswerDueMoved)
def _moved(incident: Incident, moved: AnswerDueMoved, mark: Mark) -> Incident:
    kept = incident.notice.acts[moved.act]
    changed = replace(
        kept,
        answer_due_at=moved.due_at,
        old_dues=(*kept.old_dues, moved.old_due_at),
        due_since=min(mark.at, moved.due_at),
    )
    return with_act(incident, changed)


# ---------------------------------------------------------------- objection and re-test


@event("ObjectionSettled", stage=Stage.NOTICE, access=Access.RESTRICTED)
@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionSettled:
    """We objected or asked for a re-test, or a named person says why we do not.

    `content_sha256` is over exactly what was sent; `sent_at` is empty where nothing was. `sha256`
    names the text or the kept file.
    """

    act: str
    asked: bool
    sent_at: datetime | None
    channel: PublicText
    text: PublicText
    document: str | None
    sha256: str
    reason: PublicText
    late: bool
    by: str
    content_sha256: str = added("")


@command("settle_objection", stage=Stage.NOTICE, roles=AUTHORITY_ROLES, item="act", own_hand=True,
         title="Objection or re-test: yes or no",
         help="Once the time is over, the result stands.")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class SettleObjection:
    """Whether we objected or asked for a re-test, with what was sent; else why not."""

    act: str = ask("Which act of the authority?", max=20)
    asked: bool = ask("Did we object, or ask for a re-test?")
    reason: PublicText = ask("Why, or why not? If it was late: why?", max=2000)
    sent_at: datetime | None = ask("When was it sent?", default=None)
    channel: PublicText = ask("How was it sent?", default=PublicText(""), max=200)
    text: PublicText = ask("The text as it was sent (or attach it)", default=PublicText(""))
    document: BlobId | None = ask("What was sent, as a file", default=None)
    content_sha256: str = ask_content("document")


@decides(SettleObjection)
def settle_objection(
    incident: Incident, act: Act, said: SettleObjection
) -> tuple[ObjectionSettled, ...]:
    """Record an objection as it was sent, or a named person's reason for none."""
    kept = standing_act(incident, said.act)
    if kept.objection_due_at is None or kept.objected is not None:
        raise Refused(
            f"Nothing is open to object to in {kept.id}.",
            "An act takes one objection, where a time for it was recorded.",
            code="no_objection",
        )
    if not said.reason.strip():
        raise Refused("There is no reason.", "Say why, or why not.", code="no_reason")
    if said.asked and said.sent_at is None:
        raise Refused("Nothing says when it was sent.", "Write the time.", code="no_time")
    late = False
    if said.asked and said.sent_at is not None:
        late = said.sent_at > kept.objection_due_at
        require_received(kept, said.sent_at)
        require_sent(act, said.sent_at, late_reason=said.reason, late=late)
    return (
        ObjectionSettled(
            act=kept.id,
            asked=said.asked,
            sent_at=said.sent_at if said.asked else None,
            channel=said.channel,
            text=said.text,
            document=said.document,
            sha256=hash_of_sent(said.text, said.document) if said.asked else "",
            reason=said.reason,
            late=late,
            by=act.who,
            content_sha256=content_of_sent(said.text, said.document, said.content_sha256)
            if said.asked
            else "",
        ),
    )


@evolves(ObjectionSettled)
def _objected(incident: Incident, settled: ObjectionSettled, mark: Mark) -> Incident:
    objected = Objected(
        seq=mark.seq,
        asked=settled.asked,
        at=settled.sent_at or mark.at,
        by=settled.by,
        reason=settled.reason,
    )
    return with_act(incident, replace(incident.notice.acts[settled.act], objected=objected))


@watches(Stage.NOTICE)
def objections_due(incident: Incident) -> Iterator[Due]:
    """Until when we may object or ask for a re-test: then the result stands."""
    for act in incident.notice.acts.values():
        if act.may_object and act.objection_due_at is not None:
            yield Due(
                key=f"objection:{act.id}",
                stage=Stage.NOTICE,
                title=f"Object, or ask for a re-test, or say why not: {act.id} of {act.authority}",
                roles=(Role.REGULATORY_AFFAIRS, Role.LEGAL),
                start_at=act.received_at,
                due_at=act.objection_due_at,
                act="settle_objection",
                item=act.id,
                law=True,
                market=act.market,
            )


# ---------------------------------------------------------------- further files


@event("AuthorityFileAttached", stage=Stage.NOTICE, access=Access.RESTRICTED)
@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityFileAttached:
    """A further file belongs to an authority's act; `document` is its hash."""

    act: str
    what: PublicText
    document: str
    by: str


@command("attach_to_authority_act", stage=Stage.NOTICE, roles=RECEIVERS, item="act",
         title="Attach a file to the authority's act",
         help="Minutes of an interview, the record of an inspection or of samples.")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class AttachToAuthorityAct:
    """One more file of an authority's act, and what it is."""

    act: str = ask("Which act of the authority?", max=20)
    what: PublicText = ask("What is it?", max=200, help="Such as: minutes of the interview.")
    document: BlobId = ask("The file")


@decides(AttachToAuthorityAct)
def attach_to_authority_act(
    incident: Incident, act: Act, said: AttachToAuthorityAct
) -> tuple[AuthorityFileAttached, ...]:
    """Keep a file with an act; the same file is kept once."""
    kept = standing_act(incident, said.act)
    if any(one.sha256 == said.document for one in kept.files):
        raise Refused(
            f"This file is with {kept.id} already.", "Nothing more is to be done.", code="twice"
        )
    return (AuthorityFileAttached(act=kept.id, what=said.what, document=said.document, by=act.who),)


@evolves(AuthorityFileAttached)
def _attached(incident: Incident, attached: AuthorityFileAttached, mark: Mark) -> Incident:
    kept = incident.notice.acts[attached.act]
    file = ActFile(seq=mark.seq, what=attached.what, sha256=attached.document)
    return with_act(incident, replace(kept, files=(*kept.files, file)))


# ---------------------------------------------------------------- recorded by mistake


@event("AuthorityActWithdrawn", stage=Stage.NOTICE)
@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityActWithdrawn:
    """An act was recorded by mistake: it stays on record and asks for nothing more."""

    act: str
    reason: PublicText
    by: str


@command("withdraw_authority_act", stage=Stage.NOTICE, roles=AUTHORITY_ROLES, item="act",
         own_hand=True, title="This act was recorded by mistake",
         help="It stays on record. What followed from it (grade, halt, duties) stays too, until "
         "people change it.")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawAuthorityAct:
    """Why what was recorded is no act of this authority."""

    act: str = ask("Which act of the authority?", max=20)
    reason: PublicText = ask("What was wrong?", max=2000)


@decides(WithdrawAuthorityAct)
def withdraw_authority_act(
    incident: Incident, act: Act, said: WithdrawAuthorityAct
) -> tuple[AuthorityActWithdrawn, ...]:
    """Withdraw an act that nobody has answered; a letter that ends a recall has its own way."""
    kept = standing_act(incident, said.act)
    if kept.answered_at is not None or kept.parts or kept.objected is not None:
        raise Refused(
            f"{kept.id} is answered already.",
            "What was sent to an authority stands. Write to it, and record what it does next.",
            code="answered",
        )
    if _ends_a_recall(incident, kept):
        raise Refused(
            f"The letter of {kept.id} ends a recall.",
            "Decide about the recall itself: it goes on by a new decision.",
            code="ends_recall",
        )
    if not said.reason.strip():
        raise Refused("There is no reason.", "Say what was wrong.", code="no_reason")
    return (AuthorityActWithdrawn(act=kept.id, reason=said.reason, by=act.who),)


def _ends_a_recall(incident: Incident, act: AuthorityAct) -> bool:
    if act.kind is not AuthorityActKind.TERMINATION:
        return False
    end = incident.recall.ends.get(act.market)
    kept = any(letter.act == act.id for letter in incident.recall.letters)
    return kept or (end is not None and end.granted_on is not None)


@evolves(AuthorityActWithdrawn)
def _withdrawn(incident: Incident, withdrawn: AuthorityActWithdrawn, mark: Mark) -> Incident:
    kept = incident.notice.acts[withdrawn.act]
    gone = ActWithdrawn(seq=mark.seq, at=mark.at, by=withdrawn.by, reason=withdrawn.reason)
    classes = {
        key: line for key, line in incident.notice.classes.items() if line.act != withdrawn.act
    }
    changed = with_act(incident, replace(kept, withdrawn=gone))
    return with_stage(changed, "notice", classes=classes)
