"""Stage `notice`: people who are no authority and must hear: insurer, partners, exchange, parent.

What belongs here: the record that they were told, what and when (R13). What never does: when they
must hear (domain/partners_due.py), or a legal deadline: what they must hear comes from contracts
and from the company's plan, never from law data.

What an exchange is told moves prices before everybody knows it: its words lie in a file that legal
and finance alone may open, and nobody else records it.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from domain.authorities import content_of_sent, hash_of_sent, require_sent
from domain.dispatch import Act, decides, evolves
from domain.errors import Refused
from domain.message import ask, ask_content, command, event
from domain.people import SEES_INSIDE, TELLS_OTHERS, Access
from domain.regulation_terms import PartnerKind
from domain.stages import Stage
from domain.state import Incident, Mark, with_stage
from domain.state.notice import Partner
from domain.values import BlobId, PublicText
from domain.wire import added


@event("PartnerInformed", stage=Stage.NOTICE, access=Access.RESTRICTED)
@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerInformed:
    """Somebody who is no authority was told; `content_sha256` is over exactly what was sent.

    `sha256` names the text or the kept file.
    """

    kind: PartnerKind
    name: PublicText
    told_at: datetime
    channel: PublicText
    text: PublicText
    document: str | None
    sha256: str
    receipt: PublicText
    by: str
    plan_row: str = added("")
    content_sha256: str = added("")


@command("inform_partner", stage=Stage.NOTICE, roles=TELLS_OTHERS, title="A partner was informed")
@dataclass(frozen=True, slots=True, kw_only=True)
class InformPartner:
    """Who was told, what, when and how."""

    kind: PartnerKind = ask("Who is it?")
    name: PublicText = ask("Name of the company or body", max=200)
    told_at: datetime = ask("When was it told?", past=True)
    channel: PublicText = ask("How?", max=200)
    text: PublicText = ask("The text as it was sent (or attach it)", default=PublicText(""))
    document: BlobId | None = ask("What was sent, as a file", default=None)
    receipt: PublicText = ask("Receipt or number", default=PublicText(""), max=500)
    plan_row: str = ask(
        "Which line of the plan is this for?",
        default="",
        max=40,
        added=True,
        help="It ends the clock of that line. Leave it empty for somebody whom the plan does not "
        "name.",
    )
    inside: BlobId | None = ask(
        "What the stock exchange was sent, as a file",
        default=None,
        added=True,
        access=Access.INSIDE,
        help="Only legal, finance and the legal representative can open it.",
    )
    content_sha256: str = ask_content("inside", "document")


@decides(InformPartner)
def inform_partner(
    incident: Incident, act: Act, said: InformPartner
) -> tuple[PartnerInformed, ...]:
    """Record that somebody was told; what was said is kept by its hash."""
    require_sent(act, said.told_at, late_reason="", late=False)
    if said.plan_row:
        _require_same_kind(incident, said)
    if said.kind is PartnerKind.EXCHANGE:
        _require_inside(act, said)
    elif said.inside is not None:
        raise Refused(
            "Only what a stock exchange was told is kept as inside information.",
            "Attach the file in the other field.",
            code="not_inside",
        )
    document = said.inside or said.document
    return (
        PartnerInformed(
            kind=said.kind,
            name=said.name,
            told_at=said.told_at,
            channel=said.channel,
            text=said.text,
            document=document,
            sha256=hash_of_sent(said.text, document),
            receipt=said.receipt,
            by=act.who,
            plan_row=said.plan_row,
            content_sha256=content_of_sent(said.text, document, said.content_sha256),
        ),
    )


def _require_same_kind(incident: Incident, said: InformPartner) -> None:
    """Refuse a line of the plan that does not ask for it here, or names somebody else."""
    rows = {one.plan_row: one for one in incident.notice.to_tell}
    if said.plan_row not in rows:
        known = ", ".join(rows) or "none yet"
        raise Refused(
            f"No line {said.plan_row:.40} of the plan asks for it here.",
            f"Lines: {known}. Or leave it empty.",
            code="no_row",
        )
    if rows[said.plan_row].kind is not said.kind:
        raise Refused(
            f"That line of the plan is for: {rows[said.plan_row].name_en}.",
            "Choose who was told to match it, or leave the line empty.",
            code="other_kind",
        )


def _require_inside(act: Act, said: InformPartner) -> None:
    """Keep inside information with those who may see it, and its words out of the open record."""
    if not act.actor.holds(SEES_INSIDE):
        raise Refused(
            "What a stock exchange is told is for legal and finance alone.",
            "Ask legal or finance to record it.",
            code="inside",
        )
    if said.text.strip() or said.document is not None or said.inside is None:
        raise Refused(
            "What a stock exchange was told is kept as a closed file only.",
            "Attach it as the file for the stock exchange, and leave text and other file empty.",
            code="inside_file",
        )


@evolves(PartnerInformed)
def _informed(incident: Incident, told: PartnerInformed, mark: Mark) -> Incident:
    partner = Partner(
        seq=mark.seq,
        kind=told.kind,
        name=told.name,
        told_at=told.told_at,
        channel=told.channel,
        sha256=told.sha256,
        by=told.by,
        plan_row=told.plan_row,
        content_sha256=told.content_sha256,
    )
    now = incident.notice
    return with_stage(
        incident,
        "notice",
        partners=(*now.partners, partner),
        to_tell=tuple(
            replace(one, told_at=told.told_at)
            if one.plan_row == told.plan_row and one.told_at is None
            else one
            for one in now.to_tell
        ),
    )
