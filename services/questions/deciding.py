"""Question 4: who decided to recall, or not to, on what basis, against whose view.

What belongs here: every decision with its ground, every signature, refusal and dissent about it.
What never does: judging a decision.
"""

from collections.abc import Iterator
from typing import Final

from domain.acts import ActDeclined, ActLapsed, ActProposed, ActSigned
from domain.ledger import Entry
from domain.meetings import MeetingHeld
from domain.recall import RecallDecided, RecallReopened
from services.questions.rows import Answer, Record, Value, table

DECIDES: Final = frozenset({"decide_recall", "decide_no_recall"})

Rows = Iterator[tuple[tuple[Value, ...], tuple[int, ...]]]


def who_decided(record: Record) -> Answer:
    """Answer question 4: what was decided, its options, basis and signers, and every other view."""
    recall, decided = record.state.recall, list(record.of(RecallDecided))
    last = decided[-1] if decided else None
    told = last.event if last else None
    signed, views = list(_signed(record)), list(_views(record))
    return Answer(
        number=4,
        facts={
            "decision": recall.decision or "",
            "was_decided": told.kind if told else "",
            "at": last.at if last else None,
            "depth": told.depth if told else None,
            "signers": tuple(one.person for one in told.signers) if told else (),
            "reason": told.reason if told else "",
            "options": told.options if told else "",
            "basis": tuple(told.basis) if told else (),
            "scope_version": told.scope_version if told else None,
            "dissent": told.dissent if told else "",
            "review_at": told.review_at if told else None,
            "reopened_at": recall.reopened_at if not recall.decision else None,
            "declined": sum(row[0][1] in ("declined", "veto") for row in signed),
            "others": len(views),
            "waiting": sum(one.key in DECIDES for one in record.state.pending.values()),
        },
        tables=(
            table(
                "decisions",
                "at kind:decision depth scope_version signers:people reason options basis:entries"
                " dissent review_at",
                [(_decision(one), (one.seq, *one.event.basis)) for one in decided],
            ),
            table(
                "signatures", "at what:signature who:person role:role about:decision said", signed
            ),
            table("other_views", "at where:view who:people view", views),
            table(
                "opened_again",
                "at why:reopened_why fact:entries",
                [
                    ((one.at, one.event.why, (one.event.entry,)), (one.seq, one.event.entry))
                    for one in record.of(RecallReopened)
                ],
            ),
        ),
    )


def _decision(entry: Entry) -> tuple[Value, ...]:
    told = entry.event
    return (
        entry.at,
        told.kind,
        told.depth,
        told.scope_version,
        tuple(one.person for one in told.signers),
        told.reason,
        told.options,
        tuple(told.basis),
        told.dissent,
        told.review_at,
    )


def _signed(record: Record) -> Rows:
    """Give each step by which a decision was proposed, signed, refused, or fell."""
    about: dict[str, str] = {}
    for one in record.of(ActProposed, ActSigned, ActDeclined, ActLapsed):
        told = one.event
        if isinstance(told, ActProposed) and told.key in DECIDES:
            about[told.act] = _kind(told)
            yield (
                _by(one, "proposed", told.first.person, told.first.role, about[told.act]),
                (one.seq,),
            )
        elif told.act not in about:
            continue
        elif isinstance(told, ActSigned):
            who = told.signature
            yield (
                _by(one, "signed", who.person, who.role, about[told.act], told.dissent),
                (one.seq,),
            )
        elif isinstance(told, ActDeclined):
            what = "veto" if told.veto else "withdrawn" if told.withdrawn else "declined"
            yield (_by(one, what, told.by, told.role, about[told.act], told.reason), (one.seq,))
        elif isinstance(told, ActLapsed):
            yield (_by(one, "lapsed", "", "", about[told.act], told.sentence), (one.seq,))


def _by(
    entry: Entry, what: str, who: str, role: str, about: str, said: str = ""
) -> tuple[Value, ...]:
    return (entry.at, what, who, role, about, said)


def _kind(told: ActProposed) -> str:
    """Say what a proposal would decide."""
    body = told.command.get("body", {})
    return "no_recall" if told.key == "decide_no_recall" else str(body.get("action", ""))


def _views(record: Record) -> Rows:
    """Give every other view that is on record: in decisions, signatures, refusals and meetings."""
    acts = {one.event.act for one in record.of(ActProposed) if one.event.key in DECIDES}
    for one in record.of(RecallDecided, ActSigned, ActDeclined, MeetingHeld):
        told = one.event
        if isinstance(told, RecallDecided) and told.dissent:
            yield (
                (one.at, "decision", tuple(s.person for s in told.signers), told.dissent),
                (one.seq,),
            )
        elif isinstance(told, MeetingHeld) and told.dissent:
            yield (one.at, "meeting", told.attendees, told.dissent), (one.seq,)
        elif isinstance(told, ActSigned) and told.act in acts and told.dissent:
            yield (one.at, "signature", (told.signature.person,), told.dissent), (one.seq,)
        elif isinstance(told, ActDeclined) and told.act in acts and not told.withdrawn:
            yield (one.at, "veto" if told.veto else "refusal", (told.by,), told.reason), (one.seq,)
