"""Stage `notice`: filing what a duty asks for, with proof.

What belongs here: the first report with minimum data, the full and final ones, receipts. What never
does: sending (a person sends, and says when and how), or writing the text (templates/filings/).

A report may be told by phone first: then the duty is `told`, and the written one stays due. What
was sent is kept word for word by its hash, which the signatures stand under.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from domain.authorities import content_of_sent, hash_of_sent, is_sent_before, require_sent
from domain.dispatch import Act, decides, evolves, in_market
from domain.duties import find_duty, judged_of, open_duty, with_duty
from domain.errors import Refused
from domain.message import ask, ask_content, command, event
from domain.people import Access, Role
from domain.regulation_terms import ClockStart, DutyStatus, FilingKind
from domain.stages import Stage
from domain.state import Incident, Mark, Signature
from domain.state.notice import Duty, Filing
from domain.values import BlobId, PublicText
from domain.wire import added

FILERS = (
    Role.REGULATORY_AFFAIRS,
    Role.RESPONSIBLE_PERSON_EU,
    Role.RESPONSIBLE_PERSON_US,
    Role.DOMESTIC_RESPONSIBLE_CN,
    Role.LEGAL,
)
_KNOWLEDGE = (ClockStart.AWARENESS, ClockStart.RECEIPT)
"""What is told to an authority is known then; that we knew it earlier can be put right."""
_AHEAD = timedelta(days=60)
"""How long before other starts of a clock a report may really be sent: nobody waits for them."""
NO_NAMES = "No names in the text: attach the form as a file if it names a person."

# ---------------------------------------------------------------- events


@event("DutyFiled", stage=Stage.NOTICE, access=Access.RESTRICTED)
@dataclass(frozen=True, slots=True, kw_only=True)
class DutyFiled:
    """A report went to the recipient of a duty: exactly what, how, when, and with which receipt.

    `closes` says whether the duty is met by it. `covered_by` names the duty whose report fulfils
    this one as well. `case_follow_ups` says how much was known of the person at that time.
    `content_sha256` is over the very bytes that were sent, `sha256` names the text or kept file.
    """

    duty: str
    number: int
    kind: FilingKind
    spoken: bool
    closes: bool
    text: PublicText
    document: str | None
    sha256: str
    channel: PublicText
    sent_at: datetime
    receipt: PublicText
    receipt_document: str | None
    due_at: datetime | None
    late: bool
    late_reason: PublicText
    by: str
    signers: tuple[Signature, ...]
    case_follow_ups: int
    covered_by: str
    signed_meaning: str
    signed_hash: str
    content_sha256: str = added("")
    receipt_sha256: str = added("")


@event("ReceiptAttached", stage=Stage.NOTICE, access=Access.RESTRICTED)
@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptAttached:
    """The proof that a report arrived came later than the report was recorded."""

    duty: str
    filing: int
    receipt: PublicText
    document: str | None
    by: str
    content_sha256: str = added("")


# ---------------------------------------------------------------- commands


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What every filing says: the text or file as it was sent, how, when, and the proof."""

    duty: str = ask("Which duty?", max=20)
    channel: PublicText = ask("How was it sent?", max=200)
    sent_at: datetime = ask("When was it sent?")
    text: PublicText = ask(
        "The text as it was sent, word for word (or attach it)",
        default=PublicText(""),
        help=NO_NAMES,
    )
    document: BlobId | None = ask("What was sent, as a file", default=None)
    receipt: PublicText = ask("Receipt or number", default=PublicText(""), max=500)
    receipt_document: BlobId | None = ask("The receipt, as a file", default=None)
    late_reason: PublicText = ask("If it is late: why?", default=PublicText(""), max=2000)
    content_sha256: str = ask_content("document")
    receipt_sha256: str = ask_content("receipt_document")


@command("file_first", stage=Stage.NOTICE, roles=FILERS, act="file_first", item="duty",
         title="File the first report",
         help="With what is known now. It is not an admission of guilt, and it never waits for the "
         "cause.",
         meaning="This report was sent as it stands here")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class FileFirst(Sent):
    """The first report, with the minimum of data; by phone it keeps the written one due."""

    spoken: bool = ask("It was told by phone or in person; the written one follows", default=False)


@command("file_full", stage=Stage.NOTICE, roles=FILERS, act="file_full", item="duty",
         title="File the full report",
         meaning="This report was sent as it stands here")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class FileFull(Sent):
    """The full first report, a follow-up or the final one."""

    kind: FilingKind = ask("Which report is it?")


@command("attach_receipt", stage=Stage.NOTICE, roles=FILERS, item="duty",
         title="Attach the receipt")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class AttachReceipt:
    """A receipt that came after the report was recorded."""

    duty: str = ask("Which duty?", max=20)
    filing: int = ask("Which of its reports?")
    receipt: PublicText = ask("Receipt or number", max=500)
    document: BlobId | None = ask("The receipt, as a file", default=None)
    content_sha256: str = ask_content("document")


# ---------------------------------------------------------------- decide


@in_market(FileFirst, FileFull)
def market_of_duty(incident: Incident, said: Any) -> str:
    """Give the market of the duty that an act is about; nothing where there is no such duty."""
    duty = incident.notice.duties.get(said.duty)
    return (duty.place or duty.market) if duty is not None else ""


@decides(FileFirst)
def file_first(incident: Incident, act: Act, said: FileFirst) -> tuple[DutyFiled, ...]:
    """File the first report; a spoken one only where nothing was told before."""
    duty = _to_file(incident, said)
    if duty.status is DutyStatus.TOLD and said.spoken:
        raise Refused(f"Duty {duty.id} was told already.", "File the written report.", code="told")
    filed = _filed(incident, act, said, duty, FilingKind.INITIAL)
    spoken = replace(filed, spoken=said.spoken, closes=not said.spoken)
    return (spoken, *(() if said.spoken else _covered(incident, duty, spoken)))


@decides(FileFull)
def file_full(incident: Incident, act: Act, said: FileFull) -> tuple[DutyFiled, ...]:
    """File a full report; after the duty is met only a follow-up or the final one."""
    duty = find_duty(incident, said.duty)
    if duty.status is not DutyStatus.FILED or said.kind is FilingKind.INITIAL:
        duty = _to_file(incident, said)
    filed = _filed(incident, act, said, duty, said.kind)
    return (filed, *_covered(incident, duty, filed))


def _to_file(incident: Incident, said: Sent) -> Duty:
    """Find the duty of a report: an open one, or one that ended after the report was sent.

    What was really sent is recorded, however late that is known. Raises Refused.
    """
    duty = find_duty(incident, said.duty)
    was_sent = duty.ended is not None and said.sent_at <= duty.ended.at
    return duty if was_sent else open_duty(incident, said.duty)


def _filed(incident: Incident, act: Act, said: Sent, duty: Duty, kind: FilingKind) -> DutyFiled:
    judged = judged_of(incident, duty.rule)
    if judged is not None and not judged.applies and not duty.verified:
        raise Refused(
            f"Two people said that {duty.rule} does not apply here.",
            "If that was wrong, confirm the rule first.",
            code="rule_does_not_apply",
        )
    _require_known(duty, said.sent_at)
    late = duty.is_open and duty.due_at is not None and said.sent_at > duty.due_at
    require_sent(act, said.sent_at, late_reason=said.late_reason, late=late)
    sha256 = hash_of_sent(said.text, said.document)
    content = content_of_sent(said.text, said.document, said.content_sha256)
    case = incident.report.cases.get(duty.case)
    return DutyFiled(
        duty=duty.id,
        number=len(duty.filings) + 1,
        kind=kind,
        spoken=False,
        closes=True,
        text=said.text,
        document=said.document,
        sha256=sha256,
        channel=said.channel,
        sent_at=said.sent_at,
        receipt=said.receipt,
        receipt_document=said.receipt_document,
        due_at=duty.due_at,
        late=late,
        late_reason=said.late_reason if late else PublicText(""),
        by=act.who,
        signers=act.signers,
        case_follow_ups=case.follow_ups if case else 0,
        covered_by="",
        signed_meaning="This report was sent as it stands here",
        signed_hash=content or sha256,
        content_sha256=content,
        receipt_sha256=said.receipt_sha256 if said.receipt_document else "",
    )


def _require_known(duty: Duty, sent_at: datetime) -> None:
    """Refuse a report from before there was anything to report: it is a slip, mostly of the year.

    What was really sent is never kept out: what we knew can be told to have been known earlier.
    """
    if duty.start_fact in _KNOWLEDGE:
        if is_sent_before(sent_at, duty.start_at):
            raise Refused(
                "This was sent before anybody here knew of it.",
                "Check the day and the year. If it was sent then, somebody knew it earlier: "
                "correct first since when we know.",
                code="sent_before",
            )
    elif is_sent_before(sent_at, min(duty.start_at, duty.arisen_at) - _AHEAD):
        raise Refused(
            "This was sent long before there was anything to report.",
            "Check the day and the year.",
            code="sent_before",
        )


def _covered(incident: Incident, duty: Duty, filed: DutyFiled) -> Iterator[DutyFiled]:
    """Give the same report under every open duty that it fulfils as well."""
    for other in incident.notice.duties.values():
        same = (other.recipient, other.subject) == (duty.recipient, duty.subject)
        if other.rule in duty.covers and same and other.is_open:
            late = other.due_at is not None and filed.sent_at > other.due_at
            yield replace(
                filed,
                duty=other.id,
                number=len(other.filings) + 1,
                due_at=other.due_at,
                late=late,
                covered_by=duty.id,
            )


@decides(AttachReceipt)
def attach_receipt(
    incident: Incident, act: Act, said: AttachReceipt
) -> tuple[ReceiptAttached, ...]:
    """Attach a receipt to a report that was filed."""
    duty = find_duty(incident, said.duty)
    if not 1 <= said.filing <= len(duty.filings):
        count = len(duty.filings)
        raise Refused(
            f"Duty {duty.id} has no report {said.filing}.",
            f"Its reports go from 1 to {count}." if count else "File it first.",
            code="no_filing",
        )
    return (
        ReceiptAttached(
            duty=duty.id,
            filing=said.filing,
            receipt=said.receipt,
            document=said.document,
            by=act.who,
            content_sha256=said.content_sha256 if said.document else "",
        ),
    )


# ---------------------------------------------------------------- evolve


@evolves(DutyFiled)
def _evolve_filed(incident: Incident, filed: DutyFiled, mark: Mark) -> Incident:
    duty = incident.notice.duties[filed.duty]
    filing = Filing(
        number=filed.number,
        seq=mark.seq,
        kind=filed.kind,
        spoken=filed.spoken,
        sha256=filed.sha256,
        content_sha256=filed.content_sha256,
        channel=filed.channel,
        sent_at=filed.sent_at,
        late=filed.late,
        by=filed.by,
        case_follow_ups=filed.case_follow_ups,
        receipt=filed.receipt,
        receipt_document=filed.receipt_document,
        covered_by=filed.covered_by,
    )
    status = DutyStatus.FILED if filed.closes else DutyStatus.TOLD
    status = duty.status if duty.status is DutyStatus.ENDED else status
    return with_duty(incident, replace(duty, status=status, filings=(*duty.filings, filing)))


@evolves(ReceiptAttached)
def _evolve_receipt(incident: Incident, attached: ReceiptAttached, _mark: Mark) -> Incident:
    duty = incident.notice.duties[attached.duty]
    filings = tuple(
        replace(
            f,
            receipt=attached.receipt,
            receipt_document=attached.document or f.receipt_document,
        )
        if f.number == attached.filing
        else f
        for f in duty.filings
    )
    return with_duty(incident, replace(duty, filings=filings))
