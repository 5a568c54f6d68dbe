"""Stage `notice`: what authorities do to us, and our answers.

What belongs here: inquiry, interview, inspection, sampling, order, class, comment, termination,
each with its own answer clock; the day that an authority names ends in its own zone. What never
does: more time, objections, corrections of the record (domain/authority_record.py), duties that the
law lays on us by itself (domain/duties.py), or the end of a recall in a market
(domain/recall_end.py).

An order or a failed sample is an answer to the severity questions: the rules run again. The class
of a recall is the authority's alone, per product line, beside the one we expected; a recall never
waits for it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from domain.authority_times import asked_by
from domain.canonical import sha256_hex
from domain.dispatch import Act, Due, Effect, causes, decides, evolves, follows, watches
from domain.errors import Refused
from domain.grading import assessed
from domain.message import ask, ask_content, command, event
from domain.people import Access, Role
from domain.regulation_terms import AuthorityActKind, AuthorityClass
from domain.severity import AuthorityAct as Answer
from domain.severity import ExpectedClass
from domain.stages import Stage
from domain.state import Incident, Mark, with_stage
from domain.state.notice import AssignedClass, AuthorityAct, PartAnswer
from domain.values import BlobId, ProductId, PublicText
from domain.wire import added

AUTHORITY_ROLES = (
    Role.REGULATORY_AFFAIRS,
    Role.LEGAL,
    Role.RESPONSIBLE_PERSON_EU,
    Role.RESPONSIBLE_PERSON_US,
    Role.DOMESTIC_RESPONSIBLE_CN,
    Role.QUALITY_SAFETY_RESPONSIBLE,
)
RECEIVERS = (*AUTHORITY_ROLES, Role.DUTY_OFFICER, Role.PLANT_MANAGER, Role.SCRIBE)
"""Inspectors come to the plant and letters to the desk: whoever takes them in records them."""

ANSWER: dict[AuthorityActKind, Answer] = {
    AuthorityActKind.INQUIRY: Answer.INQUIRY,
    AuthorityActKind.INTERVIEW: Answer.INQUIRY,
    AuthorityActKind.SAMPLING_FAILED_OTHER: Answer.SAMPLING_OTHER,
    AuthorityActKind.SAMPLING_FAILED_SAFETY: Answer.SAMPLING_SAFETY,
    AuthorityActKind.ORDER_STOP: Answer.ORDER_STOP,
    AuthorityActKind.ORDER_RECALL: Answer.ORDER_RECALL,
}
"""What an act says to question 9, "Has an authority acted?" (reference table 3.2)."""

_MILDEST_FIRST = (
    Answer.UNKNOWN,
    Answer.NONE,
    Answer.INQUIRY,
    Answer.SAMPLING_OTHER,
    Answer.FOREIGN_RECALL,
    Answer.SAMPLING_SAFETY,
    Answer.ORDER_STOP,
    Answer.ORDER_RECALL,
)

# ---------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignedLine:
    """A product line with the class the authority gave it and the one we expected."""

    product: str
    line: str
    assigned: AuthorityClass
    expected: ExpectedClass


@event("AuthorityActReceived", stage=Stage.NOTICE, access=Access.RESTRICTED)
@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityActReceived:
    """An authority did something to us; `document` is the hash of what it sent, of `dated_on`."""

    act: str
    authority: PublicText
    market: str
    kind: AuthorityActKind
    number: str
    received_at: datetime
    received_by: str
    document: str | None
    words: PublicText
    answer_due_at: datetime | None
    lines: tuple[AssignedLine, ...] = ()
    dated_on: date | None = added(None)
    objection_due_at: datetime | None = added(None)


@event("AuthorityAnswered", stage=Stage.NOTICE, access=Access.RESTRICTED)
@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityAnswered:
    """We answered an authority's act; `content_sha256` is over exactly what was sent.

    A `part` has more to come: the clock of the act goes on. `sha256` names the text or kept file.
    """

    act: str
    text: PublicText
    document: str | None
    sha256: str
    channel: PublicText
    sent_at: datetime
    receipt: PublicText
    late: bool
    late_reason: PublicText
    by: str
    part: bool = added(False)
    content_sha256: str = added("")


# ---------------------------------------------------------------- commands


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassLine:
    """One product line and the class the authority assigned to it."""

    product: ProductId = ask("Product")
    assigned: AuthorityClass = ask("Class")
    line: str = ask("Line, size or lots, as the authority writes it", default="", max=200)


@command("record_authority_act", stage=Stage.NOTICE, roles=RECEIVERS,
         title="An authority has acted")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAuthorityAct:
    """What an authority did, when it reached us, and by when it wants an answer."""

    authority: PublicText = ask("Which authority?", max=200)
    market: str = ask("In which country or region?", max=2)
    kind: AuthorityActKind = ask("What did it do?")
    received_at: datetime = ask("When did it reach us?", past=True)
    words: PublicText = ask("What does it say or ask?", max=4000)
    number: str = ask("Its number or reference", default="", max=120)
    document: BlobId | None = ask("The letter or record, as a file", default=None)
    answer_due_at: datetime | None = ask("By when does it want an answer?", default=None)
    lines: tuple[ClassLine, ...] = ask(
        "The class of each product line", default=(), help="Only for the class of a recall."
    )
    dated_on: date | None = ask(
        "Date of the letter",
        default=None,
        past=True,
        added=True,
        help="A termination with its letter and this date ends the recall there, at once or as "
        "soon as it is completed by us; when others than regulatory affairs or legal record it, "
        "one of these confirms it.",
    )
    answer_due_on: date | None = ask(
        "Or the day by whose end it wants an answer",
        default=None,
        added=True,
        help="Where it names a day and no hour. The day ends by the authority's own clock.",
    )
    objection_due_at: datetime | None = ask(
        "Until when may we object, or ask for a re-test?",
        default=None,
        added=True,
        help="As the letter says it, such as for a sample that failed. It has its own clock.",
    )
    objection_due_on: date | None = ask(
        "Or the last day on which we may object, or ask for a re-test",
        default=None,
        added=True,
        help="The day ends by the authority's own clock.",
    )


@command("answer_authority", stage=Stage.NOTICE, roles=AUTHORITY_ROLES, item="act",
         title="The authority was answered")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerAuthority:
    """What was answered, how and when; the text as it was sent, or the file."""

    act: str = ask("Which act of the authority?", max=20)
    channel: PublicText = ask("How was it sent?", max=200)
    sent_at: datetime = ask("When was it sent?")
    text: PublicText = ask("The text as it was sent (or attach it)", default=PublicText(""))
    document: BlobId | None = ask("What was sent, as a file", default=None)
    receipt: PublicText = ask("Receipt or number", default=PublicText(""), max=500)
    late_reason: PublicText = ask("If it is late: why?", default=PublicText(""), max=2000)
    part: bool = ask(
        "This is only a part, and more is to come",
        default=False,
        added=True,
        help="The time for the whole answer goes on.",
    )
    content_sha256: str = ask_content("document")


# ---------------------------------------------------------------- decide


@decides(RecordAuthorityAct)
def record_authority_act(
    incident: Incident, act: Act, said: RecordAuthorityAct
) -> tuple[AuthorityActReceived, ...]:
    """Record what an authority did; a class names its product lines."""
    _check(act, said)
    answer_due_at = asked_by(
        said.market, said.answer_due_at, said.answer_due_on, after=said.received_at
    )
    objection_due_at = asked_by(
        said.market, said.objection_due_at, said.objection_due_on, after=said.received_at
    )
    expected = incident.report.expected_class
    return (
        AuthorityActReceived(
            act=f"AU{len(incident.notice.acts) + 1}",
            authority=said.authority,
            market=said.market,
            kind=said.kind,
            number=said.number,
            received_at=said.received_at,
            received_by=act.who,
            document=said.document,
            words=said.words,
            answer_due_at=answer_due_at,
            lines=tuple(
                AssignedLine(
                    product=line.product, line=line.line, assigned=line.assigned, expected=expected
                )
                for line in said.lines
            ),
            dated_on=said.dated_on,
            objection_due_at=objection_due_at,
        ),
    )


def _check(act: Act, said: RecordAuthorityAct) -> None:
    if not (len(said.market) == 2 and said.market.isascii() and said.market.isupper()):
        raise Refused(
            f"{said.market!r:.20} is not a country.",
            "Write two capital letters, such as CN or FR.",
            code="bad_market",
        )
    if said.received_at > act.at:
        raise Refused("That time is still to come.", "Say when it reached us.", code="ahead")
    if said.dated_on is not None and said.dated_on > (act.at + timedelta(days=1)).date():
        raise Refused("This letter is from the future.", "Correct the date.", code="bad_date")
    if (said.kind is AuthorityActKind.CLASS) != bool(said.lines):
        raise Refused(
            "A class belongs to product lines, and only a class does.",
            "Name each product line with its class, or choose another kind.",
            code="class_lines",
        )
    named = [(line.product, line.line) for line in said.lines]
    if len(set(named)) != len(named):
        raise Refused("A product line stands here twice.", "Write each line once.", code="twice")


def standing_act(incident: Incident, act_id: str) -> AuthorityAct:
    """Find an act of an authority that was not withdrawn; raises Refused."""
    found = incident.notice.acts.get(act_id)
    if found is None:
        known = ", ".join(incident.notice.acts) or "none yet"
        raise Refused(f"There is no act {act_id:.20}.", f"Known: {known}.", code="no_act")
    if not found.stands:
        raise Refused(
            f"{found.id} was withdrawn: it was recorded by mistake.",
            "Record what the authority did as a new act.",
            code="withdrawn",
        )
    return found


@decides(AnswerAuthority)
def answer_authority(
    incident: Incident, act: Act, said: AnswerAuthority
) -> tuple[AuthorityAnswered, ...]:
    """Record our answer; a late one says why."""
    asked = standing_act(incident, said.act)
    if asked.answered_at is not None:
        raise Refused(
            f"{asked.id} is answered already.",
            "If the authority asks again, record that as a new act.",
            code="answered",
        )
    require_received(asked, said.sent_at)
    late = asked.answer_due_at is not None and said.sent_at > asked.answer_due_at
    require_sent(act, said.sent_at, late_reason=said.late_reason, late=late)
    return (
        AuthorityAnswered(
            act=asked.id,
            text=said.text,
            document=said.document,
            sha256=hash_of_sent(said.text, said.document),
            channel=said.channel,
            sent_at=said.sent_at,
            receipt=said.receipt,
            late=late,
            late_reason=said.late_reason,
            by=act.who,
            part=said.part,
            content_sha256=content_of_sent(said.text, said.document, said.content_sha256),
        ),
    )


def is_sent_before(sent_at: datetime, since: datetime) -> bool:
    """Say whether something was sent before an instant; people write minutes, and no seconds."""
    return sent_at < since.replace(second=0, microsecond=0)


def require_received(asked: AuthorityAct, sent_at: datetime) -> None:
    """Refuse an answer from before the act reached us: it is a slip, mostly of the year."""
    if is_sent_before(sent_at, asked.received_at):
        raise Refused(
            f"This was sent before {asked.id} reached us.",
            "Check the day and the year. If the act reached us earlier, withdraw it and record it "
            "with the right time.",
            code="sent_before",
        )


def require_sent(act: Act, sent_at: datetime, *, late_reason: str, late: bool) -> None:
    """Refuse what is still to be sent, and what is late without a reason."""
    if sent_at > act.at:
        raise Refused(
            "That time is still to come.",
            "Send it first, then record when it was sent.",
            code="ahead",
        )
    if late and not late_reason.strip():
        raise Refused(
            "This was sent after the time was over.", "Say why it is late.", code="late_reason"
        )


def hash_of_sent(text: str, document: str | None) -> str:
    """Name what was sent: by the address of the kept file, else by its words; raises Refused.

    A closed file lies encrypted, and its address is over those bytes: see `content_of_sent`.
    """
    if document is not None:
        return document
    if not text.strip():
        raise Refused(
            "Nothing says what was sent.",
            "Write the text word for word, or attach the file that was sent.",
            code="nothing_sent",
        )
    return sha256_hex(text.encode())


def content_of_sent(text: str, document: str | None, content_sha256: str) -> str:
    """Give the hash over exactly what was sent: the clear bytes of the file, else the text.

    "" for a file whose clear bytes the house did not name (docs/decisions/0019).
    """
    return content_sha256 if document is not None else hash_of_sent(text, document)


# ---------------------------------------------------------------- what follows


@follows(AuthorityActReceived)
def act_is_an_answer(
    incident: Incident, received: AuthorityActReceived, act: Act
) -> tuple[Any, ...]:
    """Orders, failed samples and inquiries answer question 9: the rules run again (M8)."""
    answers, said = incident.report.answers, ANSWER.get(received.kind)
    if said is None or not incident.report.assessments:
        return ()
    if _MILDEST_FIRST.index(said) <= _MILDEST_FIRST.index(answers.authority_act):
        return ()
    return (assessed(incident, act, replace(answers, authority_act=said)),)


# ---------------------------------------------------------------- evolve


@evolves(AuthorityActReceived)
def _received(incident: Incident, received: AuthorityActReceived, mark: Mark) -> Incident:
    kept = AuthorityAct(
        id=received.act,
        seq=mark.seq,
        authority=received.authority,
        market=received.market,
        kind=received.kind,
        number=received.number,
        received_at=received.received_at,
        document=received.document,
        answer_due_at=received.answer_due_at,
        objection_due_at=received.objection_due_at,
    )
    classes = {
        f"{line.product}/{line.line}": AssignedClass(
            product=line.product,
            line=line.line,
            assigned=line.assigned,
            expected=line.expected,
            act=received.act,
            at=mark.at,
        )
        for line in received.lines
    }
    now = incident.notice
    return with_stage(
        incident,
        "notice",
        acts={**now.acts, kept.id: kept},
        classes={**now.classes, **classes},
    )


@evolves(AuthorityAnswered)
def _answered(incident: Incident, answered: AuthorityAnswered, mark: Mark) -> Incident:
    kept = incident.notice.acts[answered.act]
    if answered.part:
        part = PartAnswer(seq=mark.seq, sent_at=answered.sent_at, channel=answered.channel)
        return with_act(incident, replace(kept, parts=(*kept.parts, part)))
    changed = replace(kept, answered_at=answered.sent_at, answered_seq=mark.seq, late=answered.late)
    return with_act(incident, changed)


def with_act(incident: Incident, act: AuthorityAct) -> Incident:
    """Give the incident with one act of an authority changed."""
    return with_stage(incident, "notice", acts={**incident.notice.acts, act.id: act})


# ---------------------------------------------------------------- what is due, what it causes


@watches(Stage.NOTICE)
def answers_due(incident: Incident) -> Iterator[Due]:
    """The authority set a time for our answer: a limit of law, whatever the grade."""
    for act in incident.notice.acts.values():
        moves = len(act.old_dues)
        if act.waits and act.answer_due_at is not None:
            yield Due(
                key=":".join(["authority", act.id, *([str(moves)] if moves else [])]),
                stage=Stage.NOTICE,
                title=f"Answer {act.authority}: {act.kind.replace('_', ' ')} {act.number}".strip(),
                roles=(Role.REGULATORY_AFFAIRS, Role.LEGAL),
                start_at=act.due_since or act.received_at,
                due_at=act.answer_due_at,
                act="answer_authority",
                item=act.id,
                law=True,
                market=act.market,
            )


@causes(AuthorityActReceived)
def _tell(_incident: Incident, received: AuthorityActReceived, mark: Mark) -> Iterable[Effect]:
    roles = (
        Role.INCIDENT_COMMANDER,
        Role.QUALITY_SAFETY_RESPONSIBLE,
        Role.REGULATORY_AFFAIRS,
        Role.LEGAL,
        Role.PR_LEAD,
    )
    yield Effect(
        name="tell",
        target=received.act,
        seq=mark.seq,
        body={
            "kind": "authority_act",
            "roles": [str(role) for role in roles],
            "title": f"{received.authority}: {received.kind.replace('_', ' ')}",
            "act": received.act,
        },
    )
